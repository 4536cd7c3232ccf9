"""The rows of the tables of part 一, as text: the plan by type, method, branch and visitor, results, coverage, 上期."""

from collections.abc import Callable
from decimal import Decimal

import pandas as pd

from toolkit.model import values as v
from toolkit.rules.report.figures import Headline, ReportFigures
from toolkit.rules.report.visits import COUNTED, DUE, ON_TIME
from toolkit.rules.report.wording import change, percent, rate_of, rounded

Rows = list[dict[str, str]]

TOTAL = "合计"
# A body table that would be longer shows its worst rows.
BODY_ROWS = 20
STATE_KEYS = dict(zip(v.VISIT_STATES, ("waiting", "done", "missed", "rescheduled", "cancelled"), strict=True))
STAGE_KEYS = dict(zip(v.CHECK_ANSWERS, ("yes", "no", "not_applicable", "not_asked"), strict=True))


def plan(dimension: str, kind: str = "") -> Callable[[ReportFigures], Rows]:
    """Visits of the period by `dimension`; `kind`: the 对象类型 whose completion rate 考核指标 holds."""

    def build(f: ReportFigures) -> Rows:
        counts = _shown(f, dimension, kind)
        if counts.empty:
            return []
        total = _with_indicator(f.visits.total.to_frame().T, f.indicators, v.KPI_OBJECT_KINDS[0], named=False)
        return [_plan_row(str(name), row) for name, row in counts.iterrows()] + [_plan_row(TOTAL, total.iloc[0])]

    return build


def _shown(f: ReportFigures, dimension: str, kind: str) -> pd.DataFrame:
    counts = f.visits.by[dimension]
    if counts.empty:
        return counts
    counts = _with_indicator(counts, f.indicators, kind)
    if len(counts) > BODY_ROWS:
        rate = counts[ON_TIME] / counts[COUNTED].where(counts[COUNTED] > 0)
        counts = counts.loc[rate.sort_values(kind="stable").index].head(BODY_ROWS)
    return counts


def branch_completion(f: ReportFigures) -> pd.DataFrame:
    """The branches of the table by 网点: index = 网点, columns as in `VisitFigures.by`."""
    return _shown(f, "branch", "网点")


def _with_indicator(counts: pd.DataFrame, indicators: pd.DataFrame, kind: str, *, named: bool = True) -> pd.DataFrame:
    """`counts` whose completion is that of 考核指标 where it has the object."""
    rows = indicators[(indicators["object_kind"] == kind) & (indicators["indicator"] == v.PLAN_COMPLETION)]
    rows = rows.drop_duplicates("object_name").set_index("object_name")
    if not named:
        rows = rows.set_axis(counts.index[: len(rows)])
    known = rows.index.intersection(counts.index)
    out = counts.copy()
    out.loc[known, COUNTED] = rows.loc[known, "denominator"].astype("int64")
    out.loc[known, ON_TIME] = rows.loc[known, "numerator"].astype("int64")
    return out


def _plan_row(name: str, row: pd.Series) -> dict[str, str]:
    out = {"name": name, "due": str(row[DUE]), "rate": percent(row[ON_TIME], row[COUNTED])}
    out["on_time"] = f"{row[ON_TIME]}/{row[COUNTED]}"
    return out | {key: str(row[state]) for state, key in STATE_KEYS.items()}


def results(f: ReportFigures) -> Rows:
    """Rows of the table of 回访结果: name, count, share; 合计 last."""
    whole = len(f.records.made)
    if not whole:
        return []
    results = f.records.results
    rows = [{"name": str(n), "count": str(count), "share": percent(count, whole)} for n, count in results.items()]
    return [*rows, {"name": TOTAL, "count": str(whole), "share": percent(whole, whole)}]


def coverage(f: ReportFigures) -> Rows:
    """Rows of the table of 回访阶段: due, done, recorded and how often each answer was given."""
    if not (f.now.due or f.now.records):
        return []
    return [
        {"name": str(stage), "due": str(row[DUE]), "done": str(row["done"]), "recorded": str(row["recorded"])}
        | {key: str(row[answer]) for answer, key in STAGE_KEYS.items()}
        for stage, row in f.records.coverage.iterrows()
    ]


def comparison(f: ReportFigures) -> Rows:
    """This period beside the one before and the same a year before."""
    pasts = (f.last_period.headline, f.last_year.headline)
    if all(past.empty for past in pasts):
        return []

    def row(title: str, figure: Callable[[Headline], Decimal | int | None], unit: str = "") -> dict[str, str]:
        """`unit`: % for a share, whose change is told in 个百分点."""
        current = figure(f.now)
        out = {"name": title, "now": _or_dash(current, unit)}
        for key, past in zip(("before", "last_year"), pasts, strict=True):
            earlier = figure(past)
            out |= {key: _or_dash(earlier, unit), f"{key}_change": change(current, earlier, "个百分点" if unit else "")}
        return out

    def count(title: str, name: str) -> dict[str, str]:
        return row(title, lambda headline: getattr(headline, name) if headline is f.now else headline.known(name))

    return [
        count("到期回访（笔）", "due"),
        count("已完成（笔）", "done"),
        row(v.PLAN_COMPLETION, lambda headline: headline.completion, "%"),
        count("回访记录（笔）", "records"),
        count("其中成功（笔）", "successful"),
        row("成功率", lambda headline: rate_of(headline.successful, headline.records), "%"),
        row("平均满意度（分）", lambda headline: rounded(headline.satisfaction) if headline.rated else None),
        count("发现问题（项）", "issues"),
        count("其中重大（项）", "critical"),
        count("其中重要（项）", "major"),
    ]


def _or_dash(figure: Decimal | int | None, unit: str) -> str:
    return v.NO_VALUE if figure is None else f"{figure}{unit}"
