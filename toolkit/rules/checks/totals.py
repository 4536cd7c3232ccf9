"""Rows that are no entries: totals below the data, headers that came along when lists were pasted together."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from toolkit.model import reading
from toolkit.model.fields import NUMBER_KINDS
from toolkit.model.tables import Table

_TOTAL = re.compile(
    r"(?:本页|本月|本季度?|全部)?(?:合计|总计|小计|共计|累计)[:：]?(?:[\d,.]+[条笔户人次元]*)?|共[\d,.]+[条笔户人次].*"
)
# One of these stands in every totals row.
_TELLING = ("计", "共")
# So many cells a totals row fills beside its sums: the word, and a count in words.
_MOST_WORDS = 2


def entries(tables: Mapping[str, Table]) -> dict[str, Table]:
    """The tables without rows that are no entries."""
    return {title: without_totals(table) for title, table in tables.items()}


def without_totals(table: Table) -> Table:
    """`table` without totals (合计, 共 35 笔: nothing else but sums in the required columns) and repeated headers.

    Result sheets are the tool's own and stay as they are.
    """
    wanted = [field for field in table.sheet if field.required and field.kind not in NUMBER_KINDS]
    if table.sheet.result or not wanted or table.data.empty:
        return table
    cells = table.raw[[field.name for field in wanted]]
    if _all_plain(cells.iloc[:, 0].tolist(), wanted[0].header):
        return table
    filled = cells.notna().sum(axis=1)
    # Of a totals row every required cell that is filled is a word or a count, so the first one tells enough to look.
    first = cells.iloc[:, 0]
    for name in cells.columns[1:]:
        first = first.where(first.notna(), cells[name])
    likely = first.isna() | first.astype(str).str.contains("|".join(_TELLING), regex=True)
    sparse = table.raw[(filled <= _MOST_WORDS) & likely]
    total = pd.Series(False, index=table.raw.index)
    for label, row in zip(sparse.index, sparse.itertuples(index=False), strict=True):
        words = ["".join(reading.fold_width(reading.as_text(cell)).split()) for cell in row if cell is not None]
        entry = [cell for cell in cells.loc[label] if cell is not None]
        total[label] = any(map(_is_total, words)) and all(_is_total(reading.as_text(cell)) for cell in entry)
    header = (filled > _MOST_WORDS) & (cells.iloc[:, 0] == wanted[0].header)
    if header.any():
        names = pd.Series({field.name: field.header for field in wanted})
        header &= (cells == names).sum(axis=1) > _MOST_WORDS
    keep = ~total & ~header
    if keep.all():
        return table
    return replace(table, data=table.data[keep].reset_index(drop=True), raw=table.raw[keep].reset_index(drop=True))


def _all_plain(cells: list[object], header: str) -> bool:
    """Surely no totals and no headers: all filled, and nothing that either would have there."""
    if not {cell.__class__ for cell in cells} <= {str, dt.date, dt.datetime}:
        return False
    every = "\n".join(cell for cell in cells if isinstance(cell, str))
    return not any(word in every for word in (*_TELLING, header))


def _is_total(text: str) -> bool:
    return bool(_TOTAL.fullmatch("".join(reading.fold_width(text).split())))
