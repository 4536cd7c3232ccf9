"""Many new rows at once, column by column: a list of visits has a million cells, and few distinct values a column."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from toolkit.hosts.parts.cell_values import stored
from toolkit.hosts.parts.cell_write import Write
from toolkit.hosts.parts.distinct import coded
from toolkit.model.fields import Kind


@dataclass(frozen=True)
class NewColumn:
    """`codes`: per row the place of its value in `distinct`; blank cells are `Write(None, …)` there, as is the last."""

    codes: np.ndarray
    distinct: list[Write]

    def last_filled(self) -> int:
        """Place of the last row that is not blank; -1 if all are."""
        blank = np.array([write.value is None for write in self.distinct])
        filled = np.flatnonzero(~blank[self.codes])
        return int(filled[-1]) if len(filled) else -1


@dataclass
class NewBlock:
    """Rows `first`, `first` + 1, … below all data; `columns` by sheet column."""

    first: int
    count: int
    columns: dict[int, NewColumn] = field(default_factory=dict)

    @property
    def numbers(self) -> range:
        return range(self.first, self.first + self.count)

    def write_at(self, row: int, column: int) -> Write | None:
        """What is written into a cell; None where nothing is."""
        if row not in self.numbers or column not in self.columns:
            return None
        found = self.columns[column]
        write = found.distinct[found.codes[row - self.first]]
        return write if write.value is not None else None

    def last_filled_row(self) -> int:
        """The last row that holds anything; the row before the first if none does."""
        return self.first + max((column.last_filled() for column in self.columns.values()), default=-1)

    def by_row(self) -> dict[int, dict[int, Write]]:
        """Row → column → what, as for single cells; blank cells and rows are left out."""
        rows: dict[int, dict[int, Write]] = {}
        for column, values in sorted(self.columns.items()):
            for row, code in zip(self.numbers, values.codes.tolist(), strict=True):
                write = values.distinct[code]
                if write.value is not None:
                    rows.setdefault(row, {})[column] = write
        return rows


def new_column(values: pd.Series, kind: Kind | None, *, yields: bool = False) -> NewColumn:
    """The cells of a column of a frame; each distinct value is converted once."""
    codes, distinct = coded(values)
    link = kind is Kind.LINK
    return NewColumn(codes, [Write(stored(value, kind), kind, link, yields) for value in distinct])
