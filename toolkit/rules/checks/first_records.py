"""Records as they were first submitted, where `collect` changed them before any `check` had judged them (七、(二)2.).

Hidden sheet 首次记录 keeps what stood in the row; the first `check` (or `kpi`) judges that and not the mended row.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from toolkit.model import sheets
from toolkit.model.request import Request
from toolkit.model.tables import Table, typed
from toolkit.rules.checks.first_submission import judge_first_submissions, recognise_records

RECORDS = sheets.RECORDS


def is_judged(records: Table, judged: pd.DataFrame) -> pd.Series:
    """bool per record: 首次提交 holds its verdict already; `judged`: data of that sheet."""
    out = pd.Series(False, index=records.data.index)
    known = judge_first_submissions(records, pd.Series(0, index=records.data.index), judged, pd.Timestamp(0).date())[
        "known"
    ]
    out[known.index] = known >= 0
    return out


def kept_rows(records: Table, kept: Table) -> pd.Series:
    """Position in the data of 首次记录 of each record's first submission, -1 where none was kept."""
    now = records.data.rename(columns={"row": "record_row"})
    return recognise_records(now, kept.data.drop(columns="row"))


def errors_at_first(
    tables: Mapping[str, Table], request: Request, errors: pd.Series, stood: Table | None = None
) -> pd.Series:
    """`errors` (number of 错误 per record) with those of the first submissions in place of the mended rows.

    `stood`: 回访记录 as it was before this very run changed it.
    """
    kept = tables.get(sheets.FIRST_RECORDS.title)
    records = stood or tables[RECORDS.title]
    if kept is not None and kept.data.empty:
        kept = None
    if records.data.empty or (kept is None and stood is None):
        return errors
    at = pd.Series(-1, index=records.data.index) if kept is None else kept_rows(records, kept)
    unjudged = ~is_judged(records, tables[sheets.FIRST_SUBMISSIONS.title].data)
    unjudged &= (at >= 0) | (stood is not None)
    if not unjudged.any():
        return errors
    from toolkit.rules.checks.rule_table import record_errors  # all the checks: only if they are needed

    raw = records.raw.copy()
    names = [name for name in RECORDS.names if name in records.columns]
    mended = unjudged & (at >= 0)
    if kept is not None and mended.any():
        raw.loc[mended, names] = kept.raw[names].to_numpy()[at[mended].to_numpy()]
    data = typed(RECORDS, raw[list(RECORDS.names)])
    data.insert(0, "row", records.data["row"])
    before = {**tables, RECORDS.title: replace(records, raw=raw, data=data)}
    out = errors.copy()
    out[unjudged] = record_errors(before, request)[unjudged]
    return out


def to_keep(
    first: pd.DataFrame, sheet_row: pd.Series, changed: set[int], judged: pd.Series, kept: Table, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Rows to append to 首次记录: `first` (rows of 回访记录 as they stood) of the labels in `changed` that were
    submitted, not judged yet and not kept before. `judged`: bool by label, missing = False."""
    rows = first[first.index.isin(changed) & first["submitted_on"].notna()]
    rows = rows[~judged.reindex(rows.index).fillna(False).astype(bool)]
    if rows.empty:
        return pd.DataFrame()
    data = typed(RECORDS, rows)
    known = recognise_records(data.assign(record_row=sheet_row[rows.index]), kept.data.drop(columns="row"))
    rows = rows[known < 0]
    return rows.assign(record_row=sheet_row[rows.index], saved_on=as_of).reset_index(drop=True)
