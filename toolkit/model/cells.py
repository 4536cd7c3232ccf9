"""A sheet's cells before they are typed: what a reader of very many workbooks gathers from each.

Typing costs about as much for fifty sheets in one frame as for a single one, so whoever has many of a kind puts their
cells together first; `Cells.table` is the one sheet typed alone.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.model.fields import Sheet
from toolkit.model.tables import Table, typed


@dataclass(frozen=True)
class Cells:
    """`rows`: the sheet rows that are not blank. `raw`: their cells (None = blank) by field name for every field of
    `sheet`, then by the headers of the user's own columns. The other fields are those of `Table`."""

    sheet: Sheet
    rows: list[int]
    raw: dict[str, list[Any]]
    columns: dict[str, int]
    extras: dict[str, int]
    file: str = ""
    present: bool = True

    def table(self) -> Table:
        """The sheet typed."""
        frame = pd.DataFrame({key: pd.Series(values, dtype="object") for key, values in self.raw.items()})
        data = typed(self.sheet, frame)
        data.insert(0, "row", np.array(self.rows, dtype="int64"))
        return Table(self.sheet, data, frame, self.columns, self.extras, self.file, self.present)
