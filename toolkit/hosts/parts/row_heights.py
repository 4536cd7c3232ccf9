"""How wide a column is and how high a row has to be: not every program fits rows to wrapped texts on opening."""

import math

from toolkit.model.fields import Field, Kind


def display_width(text: str) -> int:
    """Columns a text takes: Chinese characters and punctuation take two, as they take two bytes in GBK."""
    return len(text.encode("gb18030", "replace"))


def column_width(field: Field) -> float:
    """Wide enough for the values with their indent, and for the header on two lines beside the filter arrow."""
    return max(field.width + 1, -(-display_width(field.header) // 2) + 4)


def wraps(field: Field) -> bool:
    """Texts go on to further lines rather than being cut off; identifiers stay on one."""
    return field.kind is Kind.TEXT


def text_width(field: Field) -> float:
    """Characters of one line of a cell, without the indent; Chinese is a little narrower than two digits."""
    return column_width(field) - 1


def lines_needed(text: str, width: float) -> int:
    """Lines a text takes where `width` characters fit on one."""
    if "\n" not in text and len(text) * 2 <= width:
        return 1
    return sum(max(1, math.ceil(display_width(line) / width)) for line in text.split("\n"))


def row_height(lines: int) -> float:
    """Height in points of a row whose longest text takes `lines` lines; a row cannot be higher than 409 points."""
    return min(409.0, 3 + 14.5 * lines)
