"""One worksheet of an open Excel workbook: read in one block, written rectangle by rectangle."""

from collections.abc import Callable
from typing import Any

import xlwings as xw

from toolkit.hosts.opened.patches import Patch, patches
from toolkit.hosts.opened.raw_cells import entered, grid_of, refuse_huge
from toolkit.hosts.opened.sheet_plan import IN_ARRAY, IN_MERGED, IS_FORMULA, Cell, SheetPlan
from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.cell_write import Write
from toolkit.hosts.parts.changes import Rows
from toolkit.hosts.parts.styles import GENERAL, column_format, number_format_for
from toolkit.hosts.reading import Grid
from toolkit.model.fields import Field, Owner

MOST_HIDDEN_CELLS = 2_000  # each takes a call of its own
_VISIBLE = 12  # xlCellTypeVisible
_FILL = {Owner.STAFF: (255, 242, 204), Owner.TOOL: (231, 230, 230)}


def box(sheet: xw.Sheet, top: int, left: int, bottom: int, right: int) -> xw.Range:
    return sheet.range((top, left), (bottom, right))


def read_grid(sheet: xw.Sheet, where: str) -> Grid:
    """Values of the used cells; error values as their text."""
    used = sheet.used_range
    refuse_huge(*used.shape, where)
    return grid_of(used.options(ndim=2, err_to_str=True).value, used.row, used.column)


def right_of(sheet: xw.Sheet, row: int, column: int) -> int:
    """The column right of a cell or of the merged range it begins."""
    area = sheet.range((row, column)).merge_area
    return int(area.column + area.shape[1])


def shut_cells(sheet: xw.Sheet, rows: Rows) -> dict[Cell, str]:
    """Cells among those to be written that must not be, with the reason."""
    if not rows:
        return {}
    columns = [column for writes in rows.values() for column in writes]
    top, left = min(rows), min(columns)
    area = box(sheet, top, left, max(rows), max(columns))
    shut: dict[Cell, str] = {}
    formulas = _two_dimensional(area.formula)
    for row, writes in rows.items():
        for column in writes:
            text = formulas[row - top][column - left]
            if isinstance(text, str) and text.startswith("="):
                cell = sheet.range((row, column))
                if cell.api.HasFormula:  # else a text that begins so
                    shut[row, column] = IN_ARRAY if cell.api.HasArray else IS_FORMULA
    if area.api.MergeCells is not False:  # None: some are
        for row, writes in rows.items():
            for column in writes:
                merged = sheet.range((row, column)).merge_area
                if merged.shape != (1, 1) and (merged.row, merged.column) != (row, column):
                    shut[row, column] = IN_MERGED
    return shut


def _two_dimensional(values: Any) -> Any:
    if not isinstance(values, tuple | list):
        return [[values]]
    return values if values and isinstance(values[0], tuple | list) else [values]


def hidden_rows(sheet: xw.Sheet, rows: Rows) -> set[int]:
    """The rows to be written that a filter or a person has hidden.

    Excel writes a block over hidden rows wrongly (the first value into every visible cell), a single cell rightly.
    """
    if not rows:
        return set()
    top, bottom = min(rows), max(rows)
    hidden = box(sheet, top, 1, bottom, 1).api.EntireRow.Hidden
    if hidden is False:
        return set()
    found = set(rows)
    if hidden is None:  # some are
        for area in box(sheet, top, 1, bottom, 1).api.SpecialCells(_VISIBLE).Areas:
            found -= set(range(area.Row, area.Row + area.Rows.Count))
    return found


def write_rows(sheet: xw.Sheet, rows: Rows, *, date_1904: bool) -> None:
    """Set the cells; a number format is changed only where the value could not be read without."""
    for patch in patches(rows, alone=hidden_rows(sheet, rows)):
        formats = [_formatted(sheet, patch, offset) for offset in range(len(patch.cells[0]))]
        box(sheet, *patch.box).value = [
            [entered(write.value, formats[offset][i], date_1904=date_1904) for offset, write in enumerate(writes)]
            for i, writes in enumerate(patch.cells)
        ]


def _formatted(sheet: xw.Sheet, patch: Patch, offset: int) -> list[str]:
    """Number formats down a column of the patch, after they were set where the values need another."""
    top, left, bottom, _ = patch.box
    column = left + offset
    area = box(sheet, top, column, bottom, column)
    has = area.number_format
    writes = [row[offset] for row in patch.cells]
    if has is not None:
        wanted = {_format_for(write, has) for write in writes if write.value is not None} or {""}
        if len(wanted) == 1:
            (code,) = wanted
            if code:
                area.number_format = code
            return [code or has] * len(writes)
    found = []
    for row, write in enumerate(writes, start=top):
        cell = sheet.range((row, column))
        has = cell.number_format or GENERAL
        code = _format_for(write, has) if write.value is not None else ""
        if code:
            cell.number_format = code
        found.append(code or has)
    return found


def _format_for(write: Write, has: str) -> str:
    value = write.value
    timed = value is not None and value.type == "d" and not float(value.value).is_integer()
    return number_format_for(has, write.kind, value.type if value else "", timed)


def set_up(sheet: xw.Sheet, plan: SheetPlan) -> None:
    """A new tab takes the number formats of its columns, and is hidden if it is for bookkeeping only."""
    for column, field in plan.headers.items():
        code = column_format(field.kind)
        if code != GENERAL:
            box(sheet, 2, column, ooxml.LAST_ROW, column).number_format = code
    if plan.sheet.hidden:
        sheet.visible = False


def draw_headers(sheet: xw.Sheet, headers: dict[int, Field]) -> None:
    """New columns look like headers and are wide enough."""
    for column, field in headers.items():
        cell = sheet.range((1, column))
        cell.font.bold = True
        cell.color = _FILL[field.owner]
        cell.column_width = field.width + 0.7


def grow_tables(sheet: xw.Sheet, plan: SheetPlan) -> Callable[[], None]:
    """Stretch a table that held all the data over the new rows and columns; returns how to undo it."""
    undo: list[tuple[xw.main.Table, xw.Range]] = []
    for table in sheet.tables:
        area = table.range
        top, left, (height, width) = area.row, area.column, area.shape
        bottom, right = top + height - 1, left + width - 1
        outside = left > plan.right or right < plan.left
        if top != 1 or outside or bottom < plan.old_last or table.show_totals or not table.show_headers:
            continue
        while right + 1 in plan.headers:
            right += 1
        wanted = (top, left, max(bottom, plan.new_last), right)
        if wanted != (top, left, bottom, left + width - 1):
            undo.append((table, area))
            table.resize(box(sheet, *wanted))

    def back() -> None:
        for table, area in undo:
            table.resize(area)

    return back
