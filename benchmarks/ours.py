"""One measured run of our planning: `python -m benchmarks.ours command|library IN… OUT`, each in its own process.

`command` is the command a user runs, on a closed workbook. `library` calls the step on tables, for ledgers whose
还款计划 overflows a sheet and comes as .csv; its results go into a new workbook.
"""

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

AS_OF = "2026-07-01"


def command(workbook: Path, output: Path) -> None:
    from toolkit.cli.main import main

    main(["plan", str(workbook), "--as-of", AS_OF, "--output", str(output), "--quiet"])


def library(workbook: Path, schedule: Path, output: Path) -> None:
    from toolkit.actions import BY_NAME
    from toolkit.hosts.closed_file import open_closed
    from toolkit.hosts.fresh.new_file import write_workbook
    from toolkit.model import sheets as s
    from toolkit.model.request import Request
    from toolkit.run.settings import calendar_of, parameters_of

    book = open_closed(workbook)
    action = BY_NAME["plan"]
    titles = dict.fromkeys((*action.reads, *action.writes))
    tables = {sheet.title: book.read(sheet) for sheet in titles if sheet is not s.SCHEDULE}
    tables[s.SCHEDULE.title] = table_of_csv(schedule)
    request = Request(
        dt.date.fromisoformat(AS_OF),
        parameters_of(book.read(s.PARAMETERS)),
        calendar_of(book.read(s.HOLIDAYS)),
    )
    outcome = action.load()(tables, request)
    del tables, book
    bodies = {edit.sheet.title: edit.append if edit.replace is None else edit.replace for edit in outcome.edits}
    filled = {title: body for title, body in bodies.items() if body is not None}
    write_workbook(output, filled, sheets=[sheet for sheet in s.SHEETS if sheet.title in filled])


def table_of_csv(path: Path):
    """还款计划 from a .csv with the model's headers."""
    import pandas as pd

    from toolkit.model import sheets as s
    from toolkit.model.tables import table_from

    names = {field.header: field.name for field in s.SCHEDULE}
    frame = pd.read_csv(path, dtype={s.SCHEDULE.header("contract_no"): str})
    return table_from(s.SCHEDULE, frame.rename(columns=names))


if __name__ == "__main__":
    mode, *paths = sys.argv[1:]
    ways: dict[str, Callable[..., None]] = {"command": command, "library": library}
    ways[mode](*map(Path, paths))
