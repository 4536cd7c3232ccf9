"""Was a record right when first submitted? Sheet 首次提交 (七、(二)2.; contract, sections 4 and 5).

The first `check` that sees a record with 提交日期 filled fixes the verdict; mending later does not change it. A record
is recognised again by what identifies it, or by where it stood when the clerk has corrected one of those cells.
"""

import datetime as dt

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.tables import SheetEdits, Table

_VISIT = ["visit_no", "contract_no", "drawdown_no", "visited_on", "started_at", "visitor"]
_TRACKED = [*_VISIT, "submitted_on", "record_row"]
# From the surest to the weakest way of recognising a record; each takes only what the ones before have left.
RECOGNITION: tuple[tuple[str, ...], ...] = (
    (*_VISIT, "record_row"),
    tuple(_VISIT),
    ("record_row", "contract_no", "drawdown_no", "submitted_on"),
    ("record_row", "visited_on", "started_at", "visitor", "submitted_on"),
    ("record_row", "visit_no"),
    ("visit_no", "contract_no", "drawdown_no", "submitted_on"),
    ("contract_no", "drawdown_no", "visited_on", "submitted_on"),
    ("record_row", "visited_on", "submitted_on"),
)
_WHOLE = 2  # so many of them compare the whole identity, blanks included; below, a blank cell recognises nobody
_MAY_BE_BLANK = {"drawdown_no", "started_at"}


def judge_first_submissions(
    records: Table, error_counts: pd.Series, earlier: pd.DataFrame, as_of: dt.date
) -> pd.DataFrame:
    """One row per submitted record (提交日期 filled, even unreadably), index of `records.data`.

    `error_counts`: number of 错误 per record, same index. `earlier`: data of 首次提交. Columns: the fields of 首次提交
    as they are to stand there; `known`: position in `earlier` (-1 = not judged before). A known record keeps
    first_checked_on, error_count and verdict; another is judged by `error_counts` now.
    """
    filled = records.data["submitted_on"].notna() | records.unreadable("submitted_on")
    now = records.data[filled].rename(columns={"row": "record_row"})[_TRACKED]
    known = recognise_records(now, earlier)
    out = now.assign(
        first_checked_on=pd.Timestamp(as_of),
        error_count=error_counts[filled].astype("float64"),
        known=known,
    )
    out["first_checked_on"] = out["first_checked_on"].astype("datetime64[s]")
    out["verdict"] = v.FIRST_VERDICTS[0]
    out.loc[out["error_count"] > 0, "verdict"] = v.FIRST_VERDICTS[1]
    met = known >= 0
    before = earlier.iloc[known[met].to_numpy()]
    for name in ("first_checked_on", "error_count", "verdict"):
        out.loc[met, name] = before[name].to_numpy()
    return out


def recognise_records(now: pd.DataFrame, earlier: pd.DataFrame) -> pd.Series:
    """Position in `earlier` of each record, -1 where it was not judged before; one row serves one record.

    Both have the columns that identify a record, 提交日期 and record_row.
    """
    known = pd.Series(-1, index=now.index, dtype="int64")
    here = _comparable(now)
    there = _comparable(earlier).reset_index(drop=True)
    for place, columns in enumerate(map(list, RECOGNITION)):
        left, free = here[known < 0], there[~there.index.isin(known)]
        if left.empty or free.empty:
            break
        # The n-th of several alike is the n-th of those judged before.
        left = left[columns].assign(turn=left.groupby(columns, dropna=False).cumcount()).reset_index(names="label")
        free = free[columns].assign(turn=free.groupby(columns, dropna=False).cumcount(), position=free.index)
        met = left.merge(free, on=[*columns, "turn"])
        if place >= _WHOLE:
            met = met[(met[[name for name in columns if name not in _MAY_BE_BLANK]] != "").all(axis=1)]
        known[met["label"]] = met["position"].to_numpy()
    return known


def _comparable(frame: pd.DataFrame) -> pd.DataFrame:
    out = frame[_TRACKED].copy()
    for name in ("visited_on", "submitted_on"):
        out[name] = out[name].dt.strftime("%Y-%m-%d").fillna("").astype("object")
    out["started_at"] = out["started_at"].astype(str).replace({"None": "", "nan": ""}).astype("object")
    out["record_row"] = out["record_row"].astype("float64")
    return out


def edits(judged: pd.DataFrame, table: Table) -> SheetEdits:
    """Rows for records judged for the first time, and the identifying cells of known ones that have since changed."""
    fresh = judged[judged["known"] < 0]
    names = [name for name in sheets.FIRST_SUBMISSIONS.names if name in judged]
    met = judged[judged["known"] >= 0]
    before = table.data.iloc[met["known"].to_numpy()]
    was, now = _comparable(before), _comparable(met)
    parts = []
    for name in _TRACKED:
        changed = was[name].to_numpy() != now[name].to_numpy()
        parts.append(
            pd.DataFrame({"row": before["row"].to_numpy()[changed], "field": name,
                          "value": met[name].astype("object").to_numpy()[changed]})
        )  # fmt: skip
    cells = pd.concat([part for part in parts if not part.empty] or [parts[0]], ignore_index=True)
    return SheetEdits(sheets.FIRST_SUBMISSIONS, cells=cells, append=fresh[names].reset_index(drop=True))
