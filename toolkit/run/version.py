"""Which version of the toolkit made or last upgraded a workbook."""

import re

from toolkit import __version__
from toolkit.model.errors import ToolkitError

CELL = "首页_版本"  # workbook-level name of the cell that says it


def refuse_newer(version: object, file: str) -> None:
    """Raise `ToolkitError` if the workbook says it is of a newer version than this toolkit.

    The last number of a version stands for mends only and is not compared; a workbook that says nothing is older.
    """
    text = str(version or "")
    if _main_numbers(text) > _main_numbers(__version__):
        raise ToolkitError(
            f"工作簿是较新的版本（{text}），本机的工具是 {__version__}", where=file, mend="请先更新本机的工具再处理它"
        )


def _main_numbers(version: str) -> tuple[int, int]:
    found = re.match(r"(\d{1,9})\.(\d{1,9})", version.strip())
    return (int(found[1]), int(found[2])) if found else (0, 0)
