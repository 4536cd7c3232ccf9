"""Rows below the last one of a sheet, spelled as text: building them as elements is slow."""

from collections.abc import Mapping

import numpy as np

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.cell_values import inner_xml
from toolkit.hosts.parts.cell_write import Write, is_too_long, look_of, refuse_long_text
from toolkit.hosts.parts.new_block import NewBlock
from toolkit.hosts.parts.row_fit import RowFit, height_attribute
from toolkit.hosts.parts.styles import Styles

# Rows of a block held as single cells at a time.
_AT_ONCE = 20_000
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

    def add_block(self, block: NewBlock, styles: Styles, looks: Mapping[int, int], fit: RowFit) -> bool:
        """Add the rows of a block, column by column. False if all its cells are blank."""
        lines = np.ones(block.count, dtype=np.int64)
        spelled: list[tuple[str, np.ndarray, np.ndarray]] = []
        for column, cells in sorted(block.columns.items()):
            fragments = [self._spell_of(block, column, write, styles, looks[column], fit) for write in cells.distinct]
            if not any(fragments):
                continue
            before = next(fragment[0] for fragment in fragments if fragment)
            after = np.array([fragment[1] if fragment else "" for fragment in fragments], dtype=object)
            spelled.append((before, after, cells.codes))
            high = np.array([fragment[2] if fragment else 1 for fragment in fragments])
            lines = np.maximum(lines, high[cells.codes])
            box = self.box or (block.first, column, block.first, column)
            self.box = (box[0], min(box[1], column), max(box[2], block.last_filled_row()), max(box[3], column))
        for low in range(0, block.count, _AT_ONCE):
            part = slice(low, low + _AT_ONCE)
            self._add_part(block.numbers[part], lines[part], [(b, a[codes[part]]) for b, a, codes in spelled])
        return bool(spelled)

    def _add_part(self, rows: range, lines: np.ndarray, columns: list[tuple[str, np.ndarray]]) -> None:
        numbers = [str(row) for row in rows]
        cells = [
            [f"{before}{number}{end}" if end else "" for number, end in zip(numbers, after.tolist(), strict=True)]
            for before, after in columns
        ]
        start, end = f'<{self._prefix}row r="', f"</{self._prefix}row>"
        joined = (
            f'{start}{number}"{height_attribute(high)}>{body}{end}'
            for number, high, *parts in zip(numbers, lines.tolist(), *cells, strict=True)
            if (body := "".join(parts))
        )
        self._rows.append("".join(joined))

    def _spell_of(
        self, block: NewBlock, column: int, write: Write, styles: Styles, style: int, fit: RowFit
    ) -> Fragment | None:
        """The row of a text that is too long is sought only when it is to be named."""
        if write.value is not None and is_too_long(write.value):
            row = next(number for number in block.numbers if block.write_at(number, column) is write)
            refuse_long_text(row, column, write.value, self._where)
        return self._spell(block.first, column, write, styles, style, fit)

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
