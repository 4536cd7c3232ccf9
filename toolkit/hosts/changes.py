"""From a step's edits to cells: which cells of the sheet really change, in sheet rows and columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.hosts.cell_values import Stored, same, stored
from toolkit.hosts.cell_write import Write
from toolkit.model.fields import Kind
from toolkit.model.tables import SheetEdits, Table, typed_column

Rows = dict[int, dict[int, Write]]


class Changes:
    """Cells to write in one sheet, compared with what stands there. `columns` maps field or own header to column."""

    def __init__(self, table: Table, columns: Mapping[str, int]) -> None:
        self._table, self._columns = table, columns
        self.rows: Rows = {}
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

    def set_cells(self, cells: pd.DataFrame) -> None:
        """`cells`: columns row, field, value."""
        columns = (cells["row"].tolist(), cells["field"].tolist(), cells["value"].tolist())
        for row, name, value in zip(*columns, strict=True):
            if name in self._columns:
                self._set(int(row), name, stored(value, self._kind(name)))

    def append(self, frame: pd.DataFrame, first_row: int) -> None:
        """Rows below the data, from `first_row` on; blank values leave no cell."""
        numbers = range(first_row, first_row + len(frame))
        rows: list[dict[int, Write]] = [self.rows.get(row, {}) for row in numbers]
        for name in frame.columns:
            if name in self._columns:
                kind, column = self._kind(name), self._columns[name]
                link = kind is Kind.LINK
                writes: dict[tuple[type, Any], Write] = {}
                for cells, value in zip(rows, frame[name].tolist(), strict=True):
                    key = (value.__class__, value)
                    write = writes.get(key)
                    if write is None:
                        write = writes[key] = Write(stored(value, kind), kind, link)
                    if write.value is not None:
                        cells[column] = write
        self.rows |= {row: cells for row, cells in zip(numbers, rows, strict=True) if cells}

    def replace(self, frame: pd.DataFrame) -> None:
        """The whole body: `frame` from row 2 on, what lies below emptied.

        A row whose every value is read as the same is left as typed. Own columns that the frame does not carry are
        left alone, and so are formulas in own columns.
        """
        last = max([len(frame) + 1, *self._index])
        numbers = range(2, last + 1)
        same_rows = self._rows_read_alike(frame, numbers)
        names = [name for name in self._columns if name in self._table.sheet or name in frame]
        for name in names:
            kind, yields = self._kind(name), name not in self._table.sheet
            values = frame[name].tolist() if name in frame else []
            for i, row in enumerate(numbers):
                if not same_rows[i]:
                    self._set(row, name, stored(values[i], kind) if i < len(values) else None, yields=yields)

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
