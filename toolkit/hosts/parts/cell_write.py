"""What is to be written into one cell, and the look it then has."""

from typing import NamedTuple

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.cell_values import MOST_TEXT, Stored, length
from toolkit.hosts.parts.styles import Styles
from toolkit.model.errors import ToolkitError
from toolkit.model.fields import Kind


class Write(NamedTuple):
    """`link`: the cell is a link and looks like one. `yields`: where a formula stands, it stays. `style`: the look,
    where it is not to be that of the cell or its neighbours."""

    value: Stored | None
    kind: Kind | None = None
    link: bool = False
    yields: bool = False
    style: int | None = None


def look_of(style: int, write: Write, styles: Styles) -> int:
    """The style of a cell after the write, `style` being its own or its neighbour's."""
    if write.value is None:
        return style
    style = styles.for_value(style if write.style is None else write.style, write.kind, write.value)
    return styles.link(style) if write.link else style


def is_too_long(value: Stored) -> bool:
    return value.type == "s" and len(value.value) > MOST_TEXT // 2 and length(value.value) > MOST_TEXT


def refuse_long_text(row: int, column: int, value: Stored, where: str) -> None:
    """Raise `ToolkitError` naming the cell if the text is longer than a cell can hold."""
    if is_too_long(value):
        raise ToolkitError(
            f"单元格 {ooxml.address(row, column)} 的文字超过 {MOST_TEXT} 个字", where=where, mend="请缩短来源中的文字"
        )
