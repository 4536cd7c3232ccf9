"""What a collection did, in the clerk's words; names, phones and numbers never in full."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.rules.collect.incoming import Incoming
from toolkit.rules.collect.merge import Merged

LISTED = 50
SHOWN_PLACES = 8


@dataclass
class _Fate:
    reasons: list[str] = field(default_factory=list)
    read: int = 0
    new: int = 0
    filled: int = 0
    same: int = 0
    conflicts: int = 0


class Fates:
    """What became of each file, for sheet 收集情况: refused as a whole, in part, or taken."""

    def __init__(self, rejected: Sequence[tuple[str, str]]) -> None:
        self.files: dict[str, _Fate] = {}
        self.rows_refused = 0
        for file, reason in rejected:
            self.refuse(file, reason)
        self.known = set(self.reasons())  # the caller names these itself

    def refuse(self, file: str, reason: str) -> None:
        self.files.setdefault(file, _Fate()).reasons.append(reason)

    def count(self, arrived: Incoming, rows: pd.DataFrame) -> None:
        same = ~rows["is_new"] & (rows["filled"] == 0) & (rows["differs"] == 0)
        tally = rows.assign(file=arrived.files(), same=same).groupby("file", sort=False)
        sums = tally[["is_new", "filled", "same", "differs"]].sum().astype("int64")
        for file, read, numbers in zip(sums.index, tally.size(), sums.to_numpy().tolist(), strict=True):
            fate = self.files.setdefault(str(file), _Fate())
            fate.read = int(read)
            fate.new, fate.filled, fate.same, fate.conflicts = numbers

    def reasons(self) -> list[str]:
        """One line a file that was refused or taken in part."""
        return [f"{file}：{'；'.join(fate.reasons)}" for file, fate in self.files.items() if fate.reasons]

    def number(self, kind: str) -> int:
        return sum(_kind(fate) == kind for fate in self.files.values())

    def table(self) -> pd.DataFrame:
        """The body of 收集情况: refused files first."""
        order = {v.NOT_TAKEN: 0, v.PARTLY_TAKEN: 1, v.TAKEN: 2}
        rows = [
            {
                "file": file,
                "fate": _kind(fate),
                "reason": "；".join(fate.reasons),
                "read": fate.read,
                "new": fate.new,
                "filled": fate.filled,
                "same": fate.same,
                "conflicts": fate.conflicts,
            }
            for file, fate in self.files.items()
        ]
        rows.sort(key=lambda row: order[str(row["fate"])])
        return pd.DataFrame(rows, columns=list(sheets.COLLECTED.names), dtype="object")


def _kind(fate: _Fate) -> str:
    if not fate.read:
        return v.NOT_TAKEN
    return v.PARTLY_TAKEN if fate.reasons else v.TAKEN


def places(arrived: Incoming, rows: pd.Index) -> str:
    shown = "、".join(arrived.cell(i) for i in rows[:SHOWN_PLACES])
    return shown + (f" 等 {len(rows)} 处" if len(rows) > SHOWN_PLACES else "")


def record_label(visit_no: object, contract_no: object) -> str:
    return str(visit_no or contract_no or "未写编号")


def new_lines(merged: Merged, arrived: Incoming) -> list[str]:
    rows = merged.rows[merged.rows["is_new"]]
    if rows.empty:
        return []
    data = arrived.data.loc[rows.index[:LISTED]]
    names = [record_label(*pair) for pair in zip(data["visit_no"], data["contract_no"], strict=True)]
    more = f"，其余 {len(rows) - LISTED} 条略" if len(rows) > LISTED else ""
    return [f"新增 {len(rows)} 条：{'、'.join(names)}{more}"]


def conflict_lines(conflicts: pd.DataFrame) -> list[str]:
    """Which cells differ, without the values: those are in 记录冲突."""
    if conflicts.empty:
        return []
    lines = [
        f"  {record_label(row.visit_no, row.contract_no)} {row.field}（{row.source_file} {row.source_cell}）"
        for row in conflicts.head(LISTED).itertuples()
    ]
    more = [f"  其余 {len(conflicts) - LISTED} 处略"] if len(conflicts) > LISTED else []
    return [f"与已有记录不同 {len(conflicts)} 处，已有内容未改：", *lines, *more]
