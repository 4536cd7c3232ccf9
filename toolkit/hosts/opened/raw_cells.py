"""Cells as an open program hands them out, made the same as those of a closed file; and the other way round."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from toolkit.hosts.parts.cell_values import SHIFT_1904, Stored
from toolkit.hosts.parts.extent import MOST_CELLS
from toolkit.hosts.parts.styles import TEXT_FORMAT
from toolkit.hosts.reading import Grid
from toolkit.model.errors import ToolkitError

_DAY_ZERO = (dt.date(1899, 12, 30), dt.date(1899, 12, 31))
# What spreadsheets take for the beginning of a formula, in both widths, and for their own marks.
_SPECIAL_BEGINNINGS = tuple("=+-@'#(（＝＋－＠\t\r")
_TRUTHS = ("true", "false")


def grid_of(values: Sequence[Sequence[Any]], top: int, left: int) -> Grid:
    """The grid that reading a closed file would give, without the blank rows below."""
    rows = [[_raw(cell) for cell in row] for row in values]
    while rows and all(cell == "" for cell in rows[-1]):
        rows.pop()
    return Grid(rows, top, left)


def _raw(cell: Any) -> Any:
    kind = cell.__class__
    if kind is str or kind is float:
        return cell
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        # A time of day is a fraction, and 14:30 may come as 14:29:59.999997.
        cell = (cell + dt.timedelta(microseconds=500_000)).replace(microsecond=0, tzinfo=None)
        if cell.date() in _DAY_ZERO:
            return cell.time()
        return cell.date() if cell.time() == dt.time() else cell
    if isinstance(cell, Decimal) or (isinstance(cell, int) and not isinstance(cell, bool)):
        return float(cell)  # Decimal: a cell in a currency format
    return cell


def refuse_huge(rows: int, columns: int, where: str) -> None:
    """Raise `ToolkitError` before a sheet is read whose used cells are beyond all reason."""
    if rows * columns > MOST_CELLS:
        raise ToolkitError(
            f"已用区域有 {rows} 行 {columns} 列，表格异常庞大",
            where=where,
            mend="请选中数据区以外的行列，删除并保存后重试",
        )


def entered(value: Stored | None, number_format: str, *, date_1904: bool = False) -> Any:
    """What to hand to the program so that the cell holds just `value`; None empties it.

    Programs interpret text as if it were typed. An apostrophe, which does not become part of the text, keeps what
    could be taken for a formula, number or date a text; in a cell of the text format none is needed.
    """
    if value is None:
        return None
    if value.type == "s":
        return f"'{value.value}" if number_format != TEXT_FORMAT and _might_change(value.value) else value.value
    if value.type == "d" and date_1904:
        return value.value - SHIFT_1904
    return value.value


def _might_change(text: str) -> bool:
    if text.startswith(_SPECIAL_BEGINNINGS) or text.casefold() in _TRUTHS:
        return True
    return any(letter.isdigit() for letter in text)
