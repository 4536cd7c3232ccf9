"""`loanvisit new`: a copy of the shipped template, the same bytes everywhere."""

import datetime as dt
from pathlib import Path

from toolkit.hosts.replacing import replace_file
from toolkit.model.errors import ToolkitError
from toolkit.model.shipped import shipped
from toolkit.run.order import Result

# With buttons, and without macros for those who may not use them.
TEMPLATES = {".xlsm": "贷款回访工作簿.xlsm", ".xlsx": "贷款回访工作簿.xlsx"}


def new_workbook(path: Path, today: dt.date) -> Result:
    """Write the template to `path` (.xlsm with buttons, .xlsx without); an existing file is never replaced."""
    suffix = path.suffix.lower()
    if suffix not in TEMPLATES:
        raise ToolkitError(
            f"新工作簿的类型“{path.suffix}”不对", where=path.name, mend="请用以 .xlsm 结尾的文件名，例如 江州支行.xlsm"
        )
    if path.exists():
        raise ToolkitError("文件已存在，没有覆盖", where=str(path), mend="请换一个文件名，或先把原文件移走")
    if not path.parent.is_dir():
        raise ToolkitError("文件夹不存在", where=str(path.parent), mend="请先建立该文件夹")
    replace_file(path, shipped("workbook_templates", TEMPLATES[suffix]).read_bytes(), backup=False)
    summary = "已生成空白工作簿，请先填写首页的“机构”和“回访人员”表，再导入台账"
    return Result("new", today, summary=summary, outputs=[path])
