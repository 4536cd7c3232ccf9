"""`loanvisit new`: a copy of the shipped template, the same bytes everywhere."""

import datetime as dt
import io
import zipfile
from pathlib import Path

from toolkit.hosts.replacing import replace_file
from toolkit.model.errors import ToolkitError
from toolkit.model.shipped import shipped
from toolkit.run.order import Result

TEMPLATE = "贷款回访工作簿.xlsx"
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACRO_ENABLED = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def new_workbook(path: Path, today: dt.date) -> Result:
    """Write the template to `path` (.xlsx or .xlsm); an existing file is never replaced."""
    suffix = path.suffix.lower()
    if suffix not in (".xlsx", ".xlsm"):
        raise ToolkitError(
            f"新工作簿的类型“{path.suffix}”不对", where=path.name, mend="请用以 .xlsx 结尾的文件名，例如 江州支行.xlsx"
        )
    if path.exists():
        raise ToolkitError("文件已存在，没有覆盖", where=str(path), mend="请换一个文件名，或先把原文件移走")
    if not path.parent.is_dir():
        raise ToolkitError("文件夹不存在", where=str(path.parent), mend="请先建立该文件夹")
    content = shipped("workbook_templates", TEMPLATE).read_bytes()
    replace_file(path, _as_macro_enabled(content) if suffix == ".xlsm" else content, backup=False)
    summary = "已生成空白工作簿，请先填写首页的“机构”和“回访人员”表，再导入台账"
    return Result("new", today, summary=summary, outputs=[path])


def _as_macro_enabled(content: bytes) -> bytes:
    """The same workbook with the content type that the name .xlsm stands for; it holds no macros yet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            target.writestr(part, source.read(part).replace(_PLAIN, _MACRO_ENABLED))
    return out.getvalue()
