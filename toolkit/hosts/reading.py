"""A sheet of a closed workbook as a `Table`: columns found by header text, values read by calamine."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any

import numpy as np
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.extent import MOST_CELLS, refuse_far_cells
from toolkit.hosts.parts.glance import has_formulas, may_hold_errors
from toolkit.model import reading
from toolkit.model.cells import Cells
from toolkit.model.errors import ToolkitError
from toolkit.model.fields import Sheet
from toolkit.model.parameters import fold
from toolkit.model.tables import Table

_ERROR_CELL = re.compile(
    rb"""<(?:\w+:)?c\b(?=[^>]*\st\s*=\s*["']e["'])[^>]*?\sr\s*=\s*["']([A-Za-z]+\d+)["'][^>]*>.*?"""
    rb"""<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>""",
    re.DOTALL,
)
# A formula whose result is neither a text nor there: no program has computed it since it was written.
_UNCOMPUTED = re.compile(
    rb"""<(?:\w+:)?c\b(?![^>]*\st\s*=\s*["']str["'])[^>]*?\sr\s*=\s*["']([A-Za-z]+\d+)["'][^>]*>\s*"""
    rb"""<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*\shidden=["'](?:1|true)["'][^>]*[^/]>""")


@dataclass(frozen=True)
class Grid:
    """Raw cells from (`top`, `left`) on, 1-based; "" = blank. Rows are of one length.

    `uncomputed`: (row, column) of formulas without a result, which read as blank.
    """

    rows: list[list[Any]]
    top: int = 1
    left: int = 1
    uncomputed: tuple[tuple[int, int], ...] = ()

    def find(self, label: str) -> tuple[int, int] | None:
        """Row and column of the first cell (row by row) whose folded text is `label`, with or without a colon."""
        wanted = header_key(label)
        for i, row in enumerate(self.rows, start=self.top):
            for j, cell in enumerate(row, start=self.left):
                if cell != "" and header_key(cell).rstrip(":") == wanted:
                    return i, j
        return None

    def value(self, row: int, column: int) -> Any:
        """The raw cell; None if blank or outside."""
        i, j = row - self.top, column - self.left
        if 0 <= i < len(self.rows) and 0 <= j < len(self.rows[i]):
            value = self.rows[i][j]
            return None if value == "" else value
        return None


def read_sheet(
    book: CalamineWorkbook, title: str, xml: bytes, where: str, most_cells: int = MOST_CELLS
) -> CalamineSheet:
    """Calamine's sheet, after the XML's real extent was found sane."""
    refuse_far_cells(xml, where, most_cells)
    try:
        return book.get_sheet_by_name(title)
    except CalamineError:
        raise unreadable(where) from None


def unreadable(where: str) -> ToolkitError:
    return ToolkitError("内容无法读取", where=where, mend="请用 Excel 或 WPS 打开并另存一份后重试")


def read_grid(sheet: CalamineSheet, xml: bytes) -> Grid:
    """Values of a sheet; Excel error values become their text (#N/A), which calamine itself leaves blank."""
    start = sheet.start
    if start is None:
        return Grid([])
    uncomputed = _UNCOMPUTED.findall(xml) if has_formulas(xml) else ()
    cells = tuple(ooxml.cell_of(address.decode()) for address in uncomputed)
    grid = Grid(sheet.to_python(skip_empty_area=True), start[0] + 1, start[1] + 1, cells)
    if may_hold_errors(xml):
        for match in _ERROR_CELL.finditer(xml):
            row, column = ooxml.cell_of(match[1].decode())
            if 0 <= row - grid.top < len(grid.rows) and 0 <= column - grid.left < len(grid.rows[0]):
                grid.rows[row - grid.top][column - grid.left] = match[2].decode()
    return grid


def mark_uncomputed(grid: Grid) -> None:
    """Formulas whose result the file does not hold become `reading.UNCOMPUTED` in all columns."""
    for row, column in grid.uncomputed:
        if 0 <= row - grid.top < len(grid.rows) and 0 <= column - grid.left < len(grid.rows[0]):
            grid.rows[row - grid.top][column - grid.left] = reading.UNCOMPUTED


def hidden_rows(xml: bytes) -> int:
    """Rows with cells that are hidden or filtered away."""
    return len(_HIDDEN_ROW.findall(xml)) if b"hidden" in xml else 0


def header_key(text: object) -> str:
    return _folded(reading.as_text(text))


@lru_cache(maxsize=4096)
def _folded(header: str) -> str:
    return fold(header).casefold()


def cells_of(sheet: Sheet, grid: Grid, file: str) -> Cells:
    """Find the columns, and the rows that are not blank. A formula without a result stands as `reading.UNCOMPUTED`,
    except in the user's own columns: it is no blank.

    Raises `ToolkitError` for a missing required column and for a header of the model that stands twice.
    """
    place = f"{file} 的“{sheet.title}”表"
    columns, extras = columns_of(sheet, grid, place)
    empty = not any(value != "" for row in grid.rows for value in row)
    missing = [field.header for field in sheet if field.required and field.name not in columns]
    if missing and not (empty and (sheet.optional or sheet.result)):
        named = "、".join(f"“{header}”" for header in missing)
        raise ToolkitError(f"缺少必需的列{named}", where=place, mend="请在第 1 行补上该列标题（列的先后不限）")
    body_top = max(grid.top, 2)
    body = grid.rows[body_top - grid.top :]
    cells = list(zip(*body, strict=True)) if body else [()] * (len(grid.rows[0]) if grid.rows else 0)
    wanted = [*((name, columns.get(name)) for name in sheet.names), *extras.items()]
    blank = [None] * len(body)
    raw: dict[str, list[Any]] = {
        key: _blanks_out(cells[column - grid.left]) if column else blank for key, column in wanted
    }
    names = {column: name for name, column in columns.items()}
    for row, column in grid.uncomputed:
        if column in names and 0 <= row - body_top < len(body):
            raw[names[column]][row - body_top] = reading.UNCOMPUTED
    filled = np.zeros(len(body), dtype=bool)
    for values in raw.values():
        if filled.all():  # mostly after the first column, which holds the key
            break
        if values is not blank:
            filled |= _filled(values)
    rows = list(range(body_top, body_top + len(body)))
    if not filled.all():
        kept = filled.tolist()
        rows = list(compress(rows, kept))
        blank_kept = [None] * len(rows)
        raw = {key: blank_kept if cells is blank else list(compress(cells, kept)) for key, cells in raw.items()}
    return Cells(sheet, rows, raw, columns, extras, file)


def table_of(sheet: Sheet, grid: Grid, file: str) -> Table:
    """`cells_of` typed; raises as it does."""
    return cells_of(sheet, grid, file).table()


def absent_cells(sheet: Sheet, file: str) -> Cells:
    """The empty cells of an optional or result sheet that the workbook lacks; of any other raises `ToolkitError`."""
    if not (sheet.optional or sheet.result):
        raise ToolkitError(f"缺少“{sheet.title}”表", where=file, mend="请补上该表，或从模板复制一张（表名须一致）")
    return Cells(sheet, [], {name: [] for name in sheet.names}, {}, {}, file, present=False)


def absent(sheet: Sheet, file: str) -> Table:
    """`absent_cells` typed; raises as it does."""
    return absent_cells(sheet, file).table()


def columns_of(sheet: Sheet, grid: Grid, place: str) -> tuple[dict[str, int], dict[str, int]]:
    """(field → column, own header → column). Row 1 is the header row, whatever stands below."""
    by_key = {header_key(field.header): field.name for field in sheet}
    found: dict[str, int] = {}
    extras: dict[str, int] = {}
    headers: Sequence[Any] = grid.rows[0] if grid.rows and grid.top == 1 else ()
    for column, cell in enumerate(headers, start=grid.left):
        header = reading.as_text(cell)
        name = by_key.get(header_key(header), "")
        if not header:
            continue
        if name in found:
            cells = f"{ooxml.address(1, found[name])} 和 {ooxml.address(1, column)}"
            raise ToolkitError(f"列标题“{header}”出现了两次（{cells}）", where=place, mend="请删去或改名其中一列")
        if name:
            found[name] = column
        elif header in extras or header in sheet or header == "row":
            extras[f"{header}（{ooxml.letters(column)}列）"] = column
        else:
            extras[header] = column
    return {name: found[name] for name in sheet.names if name in found}, extras


def _blanks_out(column: tuple[Any, ...]) -> list[Any]:
    """The cells with None for "". Many columns are blank throughout, which counting tells at once."""
    blanks = column.count("")
    if blanks in (0, len(column)):
        return [None] * blanks or list(column)
    return [None if value == "" else value for value in column]


def _filled(values: list[Any]) -> np.ndarray:
    """bool per cell: something stands there that is not just spaces."""
    if any(value.__class__ is str and value.isspace() for value in set(values)):
        values = [None if value.__class__ is str and value.isspace() else value for value in values]
    return np.fromiter((value is not None for value in values), dtype=bool, count=len(values))
