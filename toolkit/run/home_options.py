"""Options of a command that a button, or a launcher, takes from the input cells of 首页."""

from pathlib import Path

from toolkit.actions import Action, Option
from toolkit.hosts.closed_file import ClosedFile, open_closed
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.model.period import parse_period
from toolkit.model.reading import as_text


def options_of_home(action: Action, workbook: Path) -> list[str]:
    """Such as ``["--period", "2026Q3"]``.

    Raises `ToolkitError` if the workbook cannot be read, or if 期间 is needed and blank or no period.
    """
    if not {Option.PERIOD, Option.RANGE, Option.OUT} & set(action.options):
        return []
    book = open_closed(workbook)
    found: list[str] = []
    period = _input(book, "期间")
    where = f"{workbook.name} 的“{sheets.HOME_TITLE}”表 期间"
    if Option.PERIOD in action.options:
        if not period:
            raise ToolkitError("没有填写期间", where=where, mend="请填写期间，如 2026Q3、2026-09 或 2026")
        found += ["--period", period]
    elif Option.RANGE in action.options and period:
        span = parse_period(period)
        found += ["--from", span.start.isoformat(), "--to", span.end.isoformat()]
    folder = _input(book, "文件夹").strip('"“”')
    if Option.OUT in action.options and folder:
        found += ["--out", str(workbook.parent / folder)]
    return found


def is_branch_workbook(path: Path) -> bool:
    """Has the file the sheet 参数, without which no command runs?"""
    try:
        return sheets.PARAMETERS.title in open_closed(path).titles()
    except ToolkitError:
        return False


def _input(book: ClosedFile, label: str) -> str:
    return as_text(book.named(f"首页_{label}")) or as_text(book.find_right_of(sheets.HOME_TITLE, label))
