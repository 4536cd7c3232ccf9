"""Rows below the last one of a sheet, spelled as text: building them as elements is slow."""

from collections.abc import Mapping

from toolkit.hosts import ooxml
from toolkit.hosts.cell_values import inner_xml
from toolkit.hosts.cell_write import Write, look_of, refuse_long_text
from toolkit.hosts.row_fit import RowFit, height_attribute
from toolkit.hosts.styles import Styles

# A new cell's XML before and after its row number, and the lines its text takes.
Fragment = tuple[str, str, int]


class NewRows:
    """`prefix` is that of the sheet's elements; `box` is the rectangle written so far."""

    def __init__(self, prefix: str, where: str, shift: int) -> None:
        self._prefix, self._where, self._shift = prefix, where, shift
        self._rows: list[str] = []
        # By column and value; the values are kept so that no other can come to stand at the address of a freed one.
        self._fragments: dict[tuple[int, int], tuple[Write, Fragment | None]] = {}
        self.box: ooxml.Box | None = None

    def add(
        self, number: int, writes: Mapping[int, Write], styles: Styles, looks: Mapping[int, int], fit: RowFit
    ) -> bool:
        """Add a row; `looks` holds the style that a cell of each column takes. False if all its cells are blank."""
        spelled = []
        lines = 1
        for column, write in sorted(writes.items()):
            # Columns repeat their values, and `Changes` shares one Write among equal ones.
            key = (column, id(write))
            known = self._fragments.get(key)
            if known is None:
                known = self._fragments[key] = write, self._spell(number, column, write, styles, looks[column], fit)
            fragment = known[1]
            if fragment:
                spelled.append(f"{fragment[0]}{number}{fragment[1]}")
                lines = max(lines, fragment[2])
        if not spelled:
            return False
        columns = [column for column, write in writes.items() if write.value is not None]
        box = self.box or (number, min(columns), number, max(columns))
        self.box = (box[0], min(box[1], *columns), number, max(box[3], *columns))
        height = height_attribute(lines)
        self._rows.append(f'<{self._prefix}row r="{number}"{height}>{"".join(spelled)}</{self._prefix}row>')
        return True

    def _spell(self, row: int, column: int, write: Write, styles: Styles, style: int, fit: RowFit) -> Fragment | None:
        if write.value is None:
            return None
        refuse_long_text(row, column, write.value, self._where)
        style = look_of(style, write, styles)
        attributes, content = inner_xml(write.value, self._prefix, self._shift)
        look = f'" s="{style}"' if style else '"'
        return (
            f'<{self._prefix}c r="{ooxml.letters(column)}',
            f"{look}{attributes}>{content}</{self._prefix}c>",
            fit.lines(column, write.value) if styles.wraps(style) else 1,
        )

    def spelled(self) -> bytes:
        return "".join(self._rows).encode("utf-8")
