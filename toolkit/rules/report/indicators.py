"""The report's side of the four indicators (七、(二)): the workbook's own rows where it has them, else counted anew."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.indicators.indicators import INDICATORS, INSTITUTION, figures
from toolkit.rules.indicators.rows import Books, feedback_timeliness, plan_completion, resolution

# Cheap enough to count again, to see whether 考核指标 is still true; the checks behind the accuracy rate are not.
_RECOUNTED: dict[str, Callable[[Books], pd.DataFrame]] = {
    v.PLAN_COMPLETION: plan_completion,
    v.FEEDBACK_TIMELINESS: feedback_timeliness,
    v.RESOLUTION_RATE: resolution,
}


def books_of(books: Books, period: Period) -> Books:
    """The same sheets for another period."""
    cut = min(period.end, books.request.as_of)
    return replace(books, start=pd.Timestamp(period.start), cut=pd.Timestamp(cut))


def plan_rows(visits: pd.DataFrame, books: Books) -> pd.DataFrame:
    """`visits` with counted and on_time: in the denominator and in the numerator of 回访计划完成率."""
    counted = plan_completion(books)
    rows = visits["row"]
    return visits.assign(counted=rows.isin(counted["row"]), on_time=rows.isin(counted.loc[counted["good"], "row"]))


def stored_rows(tables: Mapping[str, Table], period: Period) -> pd.DataFrame:
    """Rows of 考核指标 for the period; blank parts count as 0."""
    stored = tables[sheets.INDICATORS.title].data
    stored = stored[(stored["period"] == period.label) & stored["indicator"].isin(v.KPI_NAMES)]
    return stored.fillna({"numerator": 0, "denominator": 0}).reset_index(drop=True)


def period_rows(
    tables: Mapping[str, Table], request: Request, books: Books, period: Period
) -> tuple[pd.DataFrame, bool]:
    """Rows of 考核指标 for the period, the workbook's if it has any; and whether its data has moved on since."""
    stored = stored_rows(tables, period)
    whole = stored[stored["object_kind"] == INSTITUTION].set_index("indicator")
    if whole.empty:
        rows = {indicator.name: indicator.rows(books) for indicator in INDICATORS}
        return figures(tables, rows, request, period), False
    stale = False
    for name, count in _RECOUNTED.items():
        rows_now = count(books)
        now = (int(rows_now["good"].sum()), len(rows_now))
        stale |= name in whole.index and now != (whole.loc[name, "numerator"], whole.loc[name, "denominator"])
    return stored, stale


def completion_before(tables: Mapping[str, Table], books: Books, period: Period) -> tuple[int, int]:
    """(numerator, denominator) of 回访计划完成率 in another period."""
    stored = stored_rows(tables, period)
    row = stored[(stored["object_kind"] == INSTITUTION) & (stored["indicator"] == v.PLAN_COMPLETION)]
    if len(row):
        return int(row["numerator"].iloc[0]), int(row["denominator"].iloc[0])
    counted = plan_completion(books)
    return int(counted["good"].sum()), len(counted)
