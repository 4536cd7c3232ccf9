"""A result sheet written as a whole: nothing where it says so already, own columns staying with their rows."""

import numpy as np
import pandas as pd

from toolkit.model.fields import Owner, Sheet
from toolkit.model.tables import SheetEdits, Table, typed


def renewed(sheet: Sheet, rows: pd.DataFrame, table: Table, key: tuple[str, ...] = ()) -> SheetEdits:
    """`rows` (every column of `sheet`) as the body of the sheet read as `table`.

    `key`: fields by which own columns of the sheet find their row again; without it they are left where they are.
    """
    wanted = typed(sheet, rows[list(sheet.names)].astype("object"))
    wanted.insert(0, "row", np.arange(2, len(rows) + 2))
    if _filled(wanted).equals(_filled(table.data[list(wanted)])):
        return SheetEdits(sheet)
    if key and table.extras:
        names = list(key)
        own = table.data[names].join(table.raw[list(table.extras)]).drop_duplicates(names)
        keyed = wanted[names].merge(own, on=names, how="left")
        rows = rows.reset_index(drop=True).assign(**{name: keyed[name] for name in table.extras})
    return SheetEdits(sheet, replace=rows)


def with_staff_cells(sheet: Sheet, rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """`rows` (the tool's columns) plus what staff typed in the other columns of the same row by the sheet's key.

    Cells are taken as typed, so that a date nobody can read stays as it is.
    """
    names = list(sheet.key)
    theirs = [field.name for field in sheet if field.owner is Owner.STAFF and field.name not in names]
    listed = table.data[names].join(table.raw[theirs]).drop_duplicates(names)
    kept = rows[names].merge(listed, on=names, how="left")
    return rows.reset_index(drop=True).assign(
        **{name: kept[name].astype("object").where(kept[name].notna(), None) for name in theirs}
    )


def of_other_periods(sheet: Sheet, rows: pd.DataFrame, table: Table, period: str) -> pd.DataFrame:
    """`rows` of one period after those that the sheet lists for others, which stay as typed."""
    kept = table.raw[list(sheet.names)][table.data["period"] != period]
    parts = [part for part in (kept, rows[list(sheet.names)].astype("object")) if not part.empty]
    return pd.concat(parts, ignore_index=True) if parts else rows[list(sheet.names)]


def _filled(rows: pd.DataFrame) -> pd.DataFrame:
    """Without blank rows, which 计划审批表 has on top and readers skip."""
    cells = rows.drop(columns="row")
    return rows[(cells.notna() & (cells != "")).any(axis=1)].reset_index(drop=True)
