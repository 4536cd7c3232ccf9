"""From a step's edits to cells: which cells of the sheet really change, in sheet rows and columns."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.hosts.parts.cell_values import Stored, same, stored
from toolkit.hosts.parts.cell_write import Write
from toolkit.hosts.parts.new_block import NewBlock, new_column
from toolkit.model.fields import Kind
from toolkit.model.tables import SheetEdits, Table, typed_column

Rows = dict[int, dict[int, Write]]


class Changes:
    """What to write in one sheet, compared with what stands there. `columns` maps field or own header to column.

    `rows`: single cells, sheet row → column → what. `block`: rows below all data.
    """

    def __init__(self, table: Table, columns: Mapping[str, int]) -> None:
        self._table, self._columns = table, columns
        self.rows: Rows = {}
        self.block: NewBlock | None = None
        self._index = {int(row): i for i, row in enumerate(table.data["row"])}
        self._raw: dict[str, list[Any]] = {}

    def _kind(self, name: str) -> Kind | None:
        return self._table.sheet[name].kind if name in self._table.sheet else None

    def present(self, row: int, name: str) -> Any:
        """The raw cell that stands in a sheet row now."""
        i = self._index.get(row)
        if i is None or name not in self._table.raw:
            return None
        if name not in self._raw:
            self._raw[name] = self._table.raw[name].tolist()
        return self._raw[name][i]

    def _set(self, row: int, name: str, value: Stored | None, *, yields: bool = False) -> None:
        kind = self._kind(name)
        if not same(value, stored(self.present(row, name), kind)):
            link = kind is Kind.LINK and value is not None
            self.rows.setdefault(row, {})[self._columns[name]] = Write(value, kind, link, yields)

    def take(self, edit: SheetEdits, last_row: int) -> None:
        """Everything that `edit` asks for but marks; `last_row`: the last that holds something, rows go below it."""
        if edit.replace is not None:
            self.replace(edit.replace)
            return
        if edit.cells is not None:
            self.set_cells(edit.cells)
        if edit.append is not None:
            self.append(edit.append, max(last_row, *self.rows, 1) + 1)

    def set_cells(self, cells: pd.DataFrame) -> None:
        """`cells`: columns row, field, value."""
        columns = (cells["row"].tolist(), cells["field"].tolist(), cells["value"].tolist())
        for row, name, value in zip(*columns, strict=True):
            if name in self._columns:
                self._set(int(row), name, stored(value, self._kind(name)))

    def append(self, frame: pd.DataFrame, first_row: int) -> None:
        """Rows below the data, from `first_row` on; blank values leave no cell."""
        self._append(frame, first_row, yields=())

    def _append(self, frame: pd.DataFrame, first_row: int, yields: Collection[str]) -> None:
        """`yields`: columns in which a formula stays where one stands."""
        block = NewBlock(first_row, len(frame))
        for name in frame.columns:
            if name in self._columns:
                block.columns[self._columns[name]] = new_column(frame[name], self._kind(name), yields=name in yields)
        if block.last_filled_row() >= first_row:
            self.block = block

    def replace(self, frame: pd.DataFrame) -> None:
        """The whole body: `frame` from row 2 on, what lies below emptied.

        A row whose every value is read as the same is left as typed. Own columns that the frame does not carry are
        left alone, and so are formulas in own columns.
        """
        last = max(self._index, default=1)
        head, below = frame.iloc[: last - 1], frame.iloc[last - 1 :]
        numbers = range(2, last + 1)
        same_rows = self._rows_read_alike(head, numbers)
        names = [name for name in self._columns if name in self._table.sheet or name in frame]
        for name in names:
            kind, yields = self._kind(name), name not in self._table.sheet
            values = head[name].tolist() if name in head else []
            for i, row in enumerate(numbers):
                if not same_rows[i]:
                    self._set(row, name, stored(values[i], kind) if i < len(values) else None, yields=yields)
        if len(below):
            self._append(below, last + 1, [name for name in names if name not in self._table.sheet])

    def touched_rows(self) -> set[int]:
        return {*self.rows, *(self.block.numbers if self.block else ())}

    def written(self, row: int, column: int) -> Write | None:
        """What goes into a cell; None if it stays as it is."""
        single = self.rows.get(row, {}).get(column)
        return single if single is not None or self.block is None else self.block.write_at(row, column)

    def last_filled_row(self) -> int:
        """The last row that gets a value; 0 if none does."""
        rows = [row for row, cells in self.rows.items() if any(write.value for write in cells.values())]
        if self.block:
            rows.append(self.block.last_filled_row())
        return max(rows, default=0)

    def _rows_read_alike(self, frame: pd.DataFrame, numbers: range) -> list[bool]:
        """Per sheet row: are all values of the new row read just as those that stand there?"""
        old = [self._index.get(row, -1) for row in numbers]
        alike = np.ones(len(numbers), dtype=bool)
        for name in [*self._table.sheet.names, *(name for name in frame if name in self._table.extras)]:
            before = self._taken(name, old)
            after = frame[name].tolist() if name in frame else []
            after = [*after, *[None] * (len(numbers) - len(after))]
            kind = self._kind(name)
            if kind is None:
                pairs = zip(after, before, strict=True)
                alike &= np.array([same(stored(a), stored(b)) for a, b in pairs], dtype=bool)
            else:
                a, b = (typed_column(kind, pd.Series(cells, dtype="object")) for cells in (after, before))
                alike &= ((a == b) | (a.isna() & b.isna())).to_numpy(dtype=bool)
        return alike.tolist()

    def _taken(self, name: str, positions: Iterable[int]) -> list[Any]:
        cells = self._table.raw[name].tolist() if name in self._table.raw else []
        return [cells[i] if i >= 0 and cells else None for i in positions]


def merged(edits: Sequence[SheetEdits]) -> list[SheetEdits]:
    """One `SheetEdits` a sheet, in the order the sheets come first; the later of two whole bodies counts."""
    by_title: dict[str, list[SheetEdits]] = {}
    for edit in edits:
        by_title.setdefault(edit.sheet.title, []).append(edit)

    def together(frames: list[pd.DataFrame | None]) -> pd.DataFrame | None:
        given = [frame for frame in frames if frame is not None]
        filled = [frame.astype("object") for frame in given if not frame.empty]
        return pd.concat(filled, ignore_index=True) if filled else next(iter(given), None)

    return [
        SheetEdits(
            group[0].sheet,
            cells=together([edit.cells for edit in group]),
            append=together([edit.append for edit in group]),
            replace=next((edit.replace for edit in reversed(group) if edit.replace is not None), None),
            marks=together([edit.marks for edit in group]),
        )
        if len(group) > 1
        else group[0]
        for group in by_title.values()
    ]


def touched_columns(edit: SheetEdits) -> set[str]:
    """Fields and own headers that the edit writes something other than a blank into."""
    found: set[str] = set()
    if edit.replace is None and edit.cells is not None and not edit.cells.empty:
        written = edit.cells[[stored(value) is not None for value in edit.cells["value"]]]
        found |= set(written["field"])
    for frame in (edit.replace,) if edit.replace is not None else (edit.append,):
        if frame is not None:
            found |= {name for name in frame.columns if any(stored(value) is not None for value in frame[name])}
    return found
