"""How far the cells of a sheet really reach, before calamine lays them out as one dense block.

Declared dimensions are not looked at (WPS writes A1:A1; a hostile file writes what it likes). Calamine allocates the
whole rectangle down to the farthest filled cell, so one filled XFD1048576 would end the process.
"""

import re

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.glance import reach
from toolkit.model.errors import ToolkitError

MOST_CELLS = 20_000_000
_TAG = re.compile(
    rb"""<(?:\w+:)?(?P<tag>row|c)\b(?:[^>]*?\sr\s*=\s*["']\s*(?P<ref>[A-Za-z]*\d+))?[^>]*?(?P<closed>/?)>(?=(?P<after><?/?))"""
)


def refuse_far_cells(xml: bytes, where: str, most: int = MOST_CELLS) -> None:
    """Raise `ToolkitError` naming the farthest filled cell if the sheet's block of cells is beyond all reason."""
    if reach(xml) <= most:
        return
    row, column, farthest = filled_extent(xml)
    if row * column > most or row > ooxml.LAST_ROW or column > ooxml.LAST_COLUMN:
        raise ToolkitError(
            f"单元格 {farthest} 离数据区太远，表格异常庞大",
            where=where,
            mend="请清除数据区以外的单元格内容（选中多余的行列后删除）并保存后重试",
        )


def filled_extent(xml: bytes) -> tuple[int, int, str]:
    """(last row, last column, address of the filled cell farthest out); cells that only carry a style do not count."""
    row = column = last_row = last_column = 0
    farthest, reach = "", -1
    for match in _TAG.finditer(xml):
        reference = (match["ref"] or b"").decode()
        if match["tag"] == b"row":
            row, column = int(reference) if reference.isdigit() else row + 1, 0
            continue
        name = reference.rstrip("0123456789")
        if name:
            column, row = ooxml.column_number(name), int(reference[len(name) :])
        else:
            column += 1
        if match["closed"] or match["after"] == b"</":
            continue
        last_row, last_column = max(last_row, row), max(last_column, column)
        if row * column > reach:
            farthest, reach = f"{name or ooxml.letters(column)}{row}", row * column
    return last_row, last_column, farthest
