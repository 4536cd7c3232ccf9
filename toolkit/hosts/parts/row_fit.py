"""How high a written row has to be: what LibreOffice and some viewers do not work out when they open a file."""

from lxml import etree

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.cell_values import Stored
from toolkit.hosts.parts.row_heights import lines_needed, row_height

_DEFAULT_WIDTH = 8.43


class RowFit:
    """Lines that texts take in the columns of one worksheet, by the widths its XML gives."""

    def __init__(self, worksheet: etree._Element) -> None:
        properties = ooxml.child(worksheet, "sheetFormatPr")
        default = "" if properties is None else properties.get("defaultColWidth", "")
        self._default = float(default or _DEFAULT_WIDTH)
        listed = ooxml.child(worksheet, "cols")
        self._spans = [
            (ooxml.number(column, "min"), ooxml.number(column, "max"), float(column.get("width") or self._default))
            for column in ([] if listed is None else ooxml.children(listed, "col"))
        ]
        self._widths: dict[int, float] = {}

    def lines(self, column: int, value: Stored) -> int:
        """Lines of a wrapped text; anything that is not text stays on one."""
        if value.type != "s":
            return 1
        if column not in self._widths:
            width = next((width for first, last, width in self._spans if first <= column <= last), self._default)
            self._widths[column] = max(width - 1, 1)
        return lines_needed(value.value, self._widths[column])


def set_height(row: etree._Element, lines: int, *, may_lower: bool) -> None:
    """Make room for `lines`; a height that a person chose stays."""
    if row.get("customHeight") in ("1", "true"):
        return
    high = row_height(lines) if lines > 1 else 0.0
    if not may_lower:
        high = max(high, float(row.get("ht") or 0))
    if high:
        row.set("ht", f"{high:g}")
    elif "ht" in row.attrib:
        del row.attrib["ht"]


def height_attribute(lines: int) -> str:
    """For a row that is spelled as text; nothing where one line is enough."""
    return f' ht="{row_height(lines):g}"' if lines > 1 else ""
