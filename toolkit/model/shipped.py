"""Where the files that come with the product lie: workbook_templates/ and samples/."""

from pathlib import Path

from toolkit.model.errors import ToolkitError

_PACKAGE = Path(__file__).resolve().parent.parent
# An installed wheel carries the folders inside the package, a checkout beside it.
_ROOTS = (_PACKAGE / "shipped", _PACKAGE.parent)


def shipped(folder: str, *parts: str) -> Path:
    """Path of a shipped file or folder, e.g. ``shipped("workbook_templates", "管理报告.docx")``.

    Raises `ToolkitError` if the installation lacks it.
    """
    for root in _ROOTS:
        path = root.joinpath(folder, *parts)
        if path.exists():
            return path
    raise ToolkitError(f"安装不完整，缺少文件“{'/'.join((folder, *parts))}”", mend="请重新安装本工具")
