"""Workbooks with the same bytes every time: pinned creation date, no clock, no random ids."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

CREATED = dt.datetime(2026, 10, 9, 9, 0, 0)


@dataclass
class Page:
    """One sheet. `titles`: rows above the header; `totals`: rows below the data."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    titles: Sequence[Sequence[Any]] = field(default=())
    totals: Sequence[Sequence[Any]] = field(default=())

    def grid(self) -> list[list[Any]]:
        return [list(row) for row in (*self.titles, self.headers, *self.rows, *self.totals)]


def write(path: Path, pages: Sequence[Page]) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        book.set_properties({"title": path.stem, "author": "示例银行江州分行", "created": CREATED})
        plain = book.add_format({"font_name": "宋体", "font_size": 10})
        head = book.add_format({"font_name": "宋体", "font_size": 10, "bold": True, "bg_color": "#D9E2F3", "border": 1})
        day = book.add_format({"font_name": "宋体", "font_size": 10, "num_format": "yyyy-mm-dd"})
        clock = book.add_format({"font_name": "宋体", "font_size": 10, "num_format": "hh:mm"})
        for page in pages:
            sheet = book.add_worksheet(page.title)
            top = len(page.titles)
            for i, row in enumerate(page.grid()):
                for j, cell in enumerate(row):
                    if i == top:
                        sheet.write_string(i, j, str(cell), head)
                    elif isinstance(cell, str):
                        sheet.write_string(i, j, cell, plain)
                    elif isinstance(cell, dt.date | dt.time):
                        sheet.write_datetime(i, j, cell, clock if isinstance(cell, dt.time) else day)
                    elif cell is not None:
                        sheet.write_number(i, j, cell, plain)
            sheet.freeze_panes(top + 1, 1)
            for j, header in enumerate(page.headers):
                sheet.set_column(j, j, max(10, min(24, 2 * len(str(header)) + 2)))
