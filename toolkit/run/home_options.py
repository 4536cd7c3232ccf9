"""Options of a command that a launcher takes from the input cells of 首页 of a closed workbook."""

from pathlib import Path

from toolkit.actions import Action, Option
from toolkit.hosts.closed_file import open_closed
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.run.home_inputs import folder_of, period_of


def options_of_home(action: Action, workbook: Path) -> list[str]:
    """Such as ``["--period", "2026Q3"]``.

    Raises `ToolkitError` if the workbook cannot be read or an input cell cannot be used.
    """
    if not {Option.PERIOD, Option.RANGE, Option.OUT} & set(action.options):
        return []
    book = open_closed(workbook)
    found: list[str] = []
    period = period_of(action, book, workbook)
    if period and Option.PERIOD in action.options:
        found += ["--period", period.label]
    elif period:
        found += ["--from", period.start.isoformat(), "--to", period.end.isoformat()]
    folder = folder_of(book, workbook) if Option.OUT in action.options else None
    return [*found, "--out", str(folder)] if folder else found


def is_branch_workbook(path: Path) -> bool:
    """Has the file the sheet 参数, without which no command runs?"""
    try:
        return sheets.PARAMETERS.title in open_closed(path).titles()
    except ToolkitError:
        return False
