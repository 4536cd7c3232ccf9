"""How far the cells of a sheet really reach, before calamine lays them out as one dense block.

Declared dimensions are not looked at (WPS writes A1:A1; a hostile file writes what it likes). Calamine allocates the
whole rectangle down to the farthest filled cell, so one filled XFD1048576 would end the process.
"""

import re

from toolkit.hosts.parts import ooxml
from toolkit.model.errors import ToolkitError

MOST_CELLS = 20_000_000
_THREE_LETTERS = re.compile(rb"""r=["'][A-Za-z]{3,}\d""")
_FIVE_DIGITS = re.compile(rb"""r=["'][A-Za-z]{0,2}\d{5}""")
_SIX_DIGITS = re.compile(rb"""r=["'][A-Za-z]{0,2}(\d{6,})""")
_ONE_LETTER, _TWO_LETTERS = re.compile(rb"""r=["']([A-Za-z])\d"""), re.compile(rb"""r=["']([A-Za-z]{2})\d""")
_CELL_TAGS = (b"<c>", b"<c ", b"<c/", b"<c\t", b"<c\n", b"<c\r")
_ODD_SPELLING = re.compile(rb"r(?:[ \t\n\r]=|=[ \t\n\r])")
_TAG = re.compile(
    rb"""<(?:\w+:)?(?P<tag>row|c)\b(?:[^>]*?\sr\s*=\s*["']\s*(?P<ref>[A-Za-z]*\d+))?[^>]*?(?P<closed>/?)>(?=(?P<after><?/?))"""
)


def refuse_far_cells(xml: bytes, where: str, most: int = MOST_CELLS) -> None:
    """Raise `ToolkitError` naming the farthest filled cell if the sheet's block of cells is beyond all reason."""
    if not _ODD_SPELLING.search(xml) and _reach(xml) <= most:
        return
    row, column, farthest = filled_extent(xml)
    if row * column > most or row > ooxml.LAST_ROW or column > ooxml.LAST_COLUMN:
        raise ToolkitError(
            f"单元格 {farthest} 离数据区太远，表格异常庞大",
            where=where,
            mend="请清除数据区以外的单元格内容（选中多余的行列后删除）并保存后重试",
        )


def _reach(xml: bytes) -> float:
    """No fewer cells than the block can have, judged by the addresses alone; unbounded where that takes a closer look.

    Also counts cells that only carry a style, so a large number says nothing yet.
    """
    if _THREE_LETTERS.search(xml):
        return float("inf")
    if not _FIVE_DIGITS.search(xml):
        return 10_000 * ooxml.column_number("ZZ")
    rows = {int(number) for number in set(_SIX_DIGITS.findall(xml))}
    letters = _TWO_LETTERS.findall(xml)
    if rows:
        letters += _ONE_LETTER.findall(xml)
        if b":c" in xml or sum(xml.count(tag) for tag in _CELL_TAGS) > len(letters):
            return float("inf")  # some cells leave out their address
    columns = [ooxml.column_number(name.decode()) for name in set(letters or [b"Z"])]
    return max(rows, default=100_000) * max(columns)


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
