"""The report's side of the four indicators (七、(二)): the workbook's own rows where it has them, else counted anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period, previous_period
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.indicators.indicators import DEPARTMENT, INDICATORS, INSTITUTION, figures
from toolkit.rules.indicators.rows import Books, feedback_timeliness, plan_completion, resolution

# Cheap enough to count again, to see whether 考核指标 is still true; the checks behind the accuracy rate are not.
_RECOUNTED: dict[str, Callable[[Books], pd.DataFrame]] = {
    v.PLAN_COMPLETION: plan_completion,
    v.FEEDBACK_TIMELINESS: feedback_timeliness,
    v.RESOLUTION_RATE: resolution,
}
_SHEETS = {indicator.name: indicator.sheet.title for indicator in INDICATORS}
# Periods before this one in the trend, by the length of the label (year, quarter, month): quarters reach a year back.
_TREND_PERIODS = {4: 3, 6: 4, 7: 6}


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
) -> tuple[pd.DataFrame, bool, dict[str, pd.DataFrame]]:
    """Rows of 考核指标 for the period, the workbook's if it has any; whether its data has moved on since; and, counted
    anew, the rows behind each 指标 (`rows.COLUMNS`)."""
    stored = stored_rows(tables, period)
    whole = stored[stored["object_kind"] == INSTITUTION].set_index("indicator")
    if whole.empty:
        rows = {indicator.name: indicator.rows(books) for indicator in INDICATORS}
        return figures(tables, rows, request, period), False, rows
    stale = False
    for name, count in _RECOUNTED.items():
        rows_now = count(books)
        now = (int(rows_now["good"].sum()), len(rows_now))
        stale |= name in whole.index and now != (whole.loc[name, "numerator"], whole.loc[name, "denominator"])
    return stored, stale, {}


class Parts(NamedTuple):
    """`rows`: sheet rows of the denominator, or the one of 考核指标 that holds both."""

    numerator: int
    denominator: int
    sheet: str = sheets.INDICATORS.title
    rows: Sequence[int] = ()


def _as_stored(row: Mapping[Any, Any]) -> Parts:
    return Parts(int(row["numerator"]), int(row["denominator"]), rows=[row["row"]])


def parts_of(tables: Mapping[str, Table], books: Books, period: Period) -> dict[str, Parts]:
    """指标 → parts of the institution, or of `request.department`, in a past period: the workbook's
    own, else counted anew. One with nothing to count is left out.

    The accuracy rate is only known where the workbook holds it.
    """
    department = books.request.department
    stored = stored_rows(tables, period)
    stored = stored[stored["object_kind"] == (DEPARTMENT if department else INSTITUTION)]
    if department:
        stored = stored[stored["object_name"] == department]
    stored = stored.drop_duplicates("indicator")
    out = {row["indicator"]: _as_stored(row) for row in stored.to_dict("records")}
    for name in v.KPI_NAMES:
        if name not in out and name in _RECOUNTED:
            rows = _RECOUNTED[name](books_of(books, period))
            rows = rows[rows["department"] == department] if department else rows
            out[name] = Parts(int(rows["good"].sum()), len(rows), _SHEETS[name], rows["row"].tolist())
    return {name: parts for name, parts in out.items() if parts.denominator}


def trend(tables: Mapping[str, Table], books: Books, period: Period, now: pd.DataFrame) -> pd.DataFrame:
    """The institution's indicators over the periods up to this one: index = period title, a column per indicator, cells
    `Parts` or None. `now`: the rows of 考核指标 that the report shows."""
    earlier = [period]
    for _ in range(_TREND_PERIODS.get(len(period.label), 3)):
        earlier.append(previous_period(earlier[-1]))
    rows = {past.title: parts_of(tables, books, past) for past in reversed(earlier[1:])}
    whole = now[(now["object_kind"] == INSTITUTION) & (now["denominator"] > 0)]
    rows[period.title] = {
        row["indicator"]: Parts(int(row["numerator"]), int(row["denominator"])) for row in whole.to_dict("records")
    }
    cells = [[parts.get(name) for name in v.KPI_NAMES] for parts in rows.values()]
    return pd.DataFrame(cells, index=list(rows), columns=list(v.KPI_NAMES), dtype="object")
