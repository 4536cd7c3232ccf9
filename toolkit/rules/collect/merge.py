"""Incoming records against 回访记录: new, the same, blanks to fill, and what differs and is left for a person.

Nothing that stands in a cell is overwritten here; 记录冲突 decides (see `decisions`).
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model.fields import Field, Kind
from toolkit.model.tables import Table
from toolkit.rules.collect.alike import canonical
from toolkit.rules.collect.identity import groups, owners, recognise
from toolkit.rules.collect.incoming import Incoming
from toolkit.rules.ledger.merge import written

SHEET = sheets.RECORDS
_NAMES = list(SHEET.names)
# Answers of one row that stand in no order of time: what came first stays.
_CONFLICT = ["base", "incoming", "field", "old"]


@dataclass
class Merged:
    """`values`: rows of 回访记录 as they will be, all fields; `sheet_row`: where they stand (NaN = new);
    `first`: as they stood before this run (new ones: as first collected). Index: `base` label.

    `cells`: columns row, field, value, base: blanks of existing rows that are filled. `conflicts`: columns base,
    incoming, field, old (value as it stood). Per incoming row: `base` (its record, -1 if repeated), `is_new`, `filled`,
    `differs` (number of cells); `repeated`: it says the same as an earlier row of this run.
    """

    values: pd.DataFrame
    sheet_row: pd.Series
    first: pd.DataFrame
    cells: pd.DataFrame
    conflicts: pd.DataFrame
    rows: pd.DataFrame
    filled_new: set[int] = field(default_factory=set)


def merge(incoming: Incoming, records: Table, loans: pd.DataFrame, visits: pd.DataFrame) -> Merged:
    """`incoming`: rows that name a visit or a contract; `records`: 回访记录 as it stands; `loans` with key."""
    canon = canonical(incoming.data, incoming.raw)
    owner = owners(incoming.data, loans, visits)
    base_owner = owners(records.data, loans, visits)
    both = groups(
        pd.concat([base_owner, owner], ignore_index=True),
        pd.concat([records.data["visit_no"], canon["visit_no"]], ignore_index=True),
        pd.concat([_days(records.data["visited_on"]), _days(incoming.data["visited_on"])], ignore_index=True),
    )
    group = pd.Series(both.iloc[len(records.data) :].to_numpy(), index=canon.index)
    concerned = (both.iloc[: len(records.data)].isin(set(group)) | base_owner.isin(set(owner)).to_numpy()).to_numpy()
    there = records.data.index[concerned]
    state = _State(
        canonical(records.data.loc[there], records.raw.loc[there]).assign(owner=base_owner[there].to_numpy()),
        records.raw.loc[there, _NAMES].copy(),
        records.data.loc[there, "row"].astype("float64"),
        int(records.data.index.max() + 1) if len(records.data) else 0,
    )
    value = pd.DataFrame({c.name: _value(c, incoming) for c in SHEET}, dtype="object")
    has = incoming.has.to_numpy() & (canon[_NAMES] != "").to_numpy()
    rows = pd.DataFrame({"base": -1, "is_new": False, "filled": 0, "differs": 0, "repeated": False}, index=canon.index)
    origin = incoming.place["origin"]
    # What says nothing more than an earlier row of another sheet (or the same) need not be looked at again.
    said = canon.assign(**{f"+{name}": has[:, i] for i, name in enumerate(_NAMES)})
    rows["repeated"] = said.duplicated()
    canon = canon.assign(owner=owner)
    # In each round the rows of a group come from one sheet or form, so that its own rows never meet each other.
    live = rows.index[~rows["repeated"]]
    turn = origin[live].groupby(group[live]).rank("dense").astype("int64")
    for number in range(1, int(turn.max() if len(turn) else 0) + 1):
        now = turn.index[turn == number]
        state.take(now, canon.loc[now], value.loc[now], has[now], group, rows)
    return state.merged(rows)


def _days(dates: pd.Series) -> pd.Series:
    return dates.dt.strftime("%Y-%m-%d").astype("object").fillna("")


def _value(column: Field, incoming: Incoming) -> pd.Series:
    """What goes into the cells: as `written`; a time that was no text is one in the workbook too."""
    data, raw = incoming.data[column.name], incoming.raw[column.name]
    out = written(column, data, raw)
    if column.kind is not Kind.TIME:
        return out
    typed = data.notna() & ~raw.map(lambda cell: isinstance(cell, str)).astype(bool)
    return data.where(typed, out)


class _State:
    """The records concerned while rounds of incoming rows come in."""

    def __init__(self, canon: pd.DataFrame, values: pd.DataFrame, sheet_row: pd.Series, next_label: int) -> None:
        self.canon, self.values, self.sheet_row, self.next_label = canon, values, sheet_row, next_label
        self.values = values.astype("object")
        self.first = self.values.copy()
        self.cells: list[pd.DataFrame] = []
        self.conflicts: list[pd.DataFrame] = []
        self.filled_new: set[int] = set()

    def take(
        self,
        now: pd.Index,
        canon: pd.DataFrame,
        value: pd.DataFrame,
        has: np.ndarray,
        group: pd.Series,
        rows: pd.DataFrame,
    ) -> None:
        base = recognise(canon, self.canon)
        new = base.index[base < 0]
        if len(new):
            labels = pd.RangeIndex(self.next_label, self.next_label + len(new))
            self.next_label += len(new)
            base[new] = labels.to_numpy()
            self.canon = pd.concat([self.canon, canon.loc[new].set_axis(labels)])
            fresh = value.loc[new].set_axis(labels)
            self.values = pd.concat([self.values, fresh])
            self.first = pd.concat([self.first, fresh])
            self.sheet_row = pd.concat([self.sheet_row, pd.Series(np.nan, index=labels)])
        rows.loc[now, "base"] = base
        rows.loc[new, "is_new"] = True
        known = base.index[~base.index.isin(new)]
        if len(known):
            self._compare(known, base[known], canon.loc[known], value.loc[known], has[now.get_indexer(known)], rows)

    def _compare(
        self, known: pd.Index, base: pd.Series, canon: pd.DataFrame, value: pd.DataFrame, has: np.ndarray,
        rows: pd.DataFrame,
    ) -> None:  # fmt: skip
        was, now = self.canon.loc[base, _NAMES].to_numpy(), canon[_NAMES].to_numpy()
        blank = was == ""
        fill, differs = has & blank, has & ~blank & (was != now)
        rows.loc[known, "filled"] = fill.sum(axis=1)
        rows.loc[known, "differs"] = differs.sum(axis=1)
        at, column = np.nonzero(differs)
        labels = base.to_numpy()
        names = np.array(_NAMES, dtype=object)
        if len(at):
            old = self.values.loc[labels, _NAMES].to_numpy()[at, column]
            self.conflicts.append(
                pd.DataFrame({"base": labels[at], "incoming": known[at], "field": names[column], "old": old})
            )
        at, column = np.nonzero(fill)
        if not len(at):
            return
        new = value[_NAMES].to_numpy()[at, column]
        row = self.sheet_row.loc[labels[at]].to_numpy()
        self.cells.append(pd.DataFrame({"row": row, "field": names[column], "value": new, "base": labels[at]}))
        self.filled_new |= set(labels[at][np.isnan(row)].tolist())
        for number in np.unique(column):  # at most once per field
            name, which = _NAMES[number], at[column == number]
            self.values.loc[labels[which], name] = value[name].to_numpy()[which]
            self.canon.loc[labels[which], name] = canon[name].to_numpy()[which]

    def merged(self, rows: pd.DataFrame) -> Merged:
        cells = _stack(self.cells, ["row", "field", "value", "base"])
        cells = cells[cells["row"].notna()].astype({"row": "int64"}).reset_index(drop=True)
        conflicts = _stack(self.conflicts, _CONFLICT)
        return Merged(self.values, self.sheet_row, self.first, cells, conflicts, rows, self.filled_new)


def _stack(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns, dtype="object")
