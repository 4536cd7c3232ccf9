"""Sheet 考核分析: 尽职 beside 回访计划完成率, and how each figure moved over the periods that 考核指标 lists."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.errors import ToolkitError
from toolkit.model.period import Period, parse_period, previous_period
from toolkit.rules.indicators.indicators import INSTITUTION, UNIT_COLUMN

_OBJECT = ["object_kind", "object_name", "indicator"]
MOST_PERIODS = 8


def indicator_analysis(
    figures: pd.DataFrame,
    rows: Mapping[str, pd.DataFrame],
    diligent: pd.DataFrame,
    listed: pd.DataFrame,
    period: Period,
    first_rows: Mapping[tuple[str, str, str], str],
) -> pd.DataFrame:
    """Rows of 考核分析 for `figures` (rows of 考核指标 of `period`).

    `listed`: what 考核指标 holds, other periods too. `first_rows`: see `details.first_rows`.
    """
    out = figures.copy()
    out["missed"] = out["denominator"] - out["numerator"]
    tried = _diligent_counts(out, rows[v.PLAN_COMPLETION], diligent)
    out["diligent"] = tried
    bottom = out["denominator"].where(out["denominator"] > 0)
    rate = ((out["numerator"] + tried) / bottom).astype("object")
    plan = out["indicator"] == v.PLAN_COMPLETION
    out["diligent_rate"] = rate.where(bottom.notna(), v.NO_VALUE).where(plan, None)
    before = _before(listed, period)
    label = previous_period(period).label
    past = before[before["period"] == label].drop_duplicates(_OBJECT).set_index(_OBJECT)["share"]
    keys = pd.MultiIndex.from_frame(out[_OBJECT])
    earlier = pd.Series(past.reindex(keys).to_numpy(dtype=float), index=out.index)
    now = out["numerator"] / bottom
    out["earlier_period"] = np.where(earlier.notna(), label, "")
    out["earlier_rate"] = earlier
    out["change"] = [_change(one, other) for one, other in zip(now, earlier, strict=True)]
    out["trend"] = _trend(before, keys, now, period)
    whole = out["object_name"].where(out["object_kind"] != INSTITUTION, "")
    wanted = zip(out["indicator"], out["object_kind"], whole, strict=True)
    out["cell"] = [first_rows.get(one, "") for one in wanted]
    out["sheet"] = np.where(out["cell"] != "", sheets.INDICATOR_ROWS.title, "")
    return out[list(sheets.INDICATOR_ANALYSIS.names)]


def _diligent_counts(figures: pd.DataFrame, visits: pd.DataFrame, diligent: pd.DataFrame) -> pd.Series:
    """Visits tried diligently by unit, for 回访计划完成率 alone; float, NaN elsewhere."""
    tried = visits[~visits["good"] & visits["key"].isin(diligent.index)]
    out = pd.Series(np.nan, index=figures.index)
    plan = figures["indicator"] == v.PLAN_COMPLETION
    for kind, column in {INSTITUTION: None, **UNIT_COLUMN}.items():
        mine = figures[plan & (figures["object_kind"] == kind)]
        if column is None:
            out[mine.index] = float(len(tried))
        else:
            tally = tried[column].value_counts().reindex(mine["object_name"]).fillna(0)
            out[mine.index] = tally.to_numpy(dtype=float)
    return out


def _before(listed: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Rows of 考核指标 of earlier periods of the same kind, with `start` and `share`, in their order of time."""
    known = {}
    for label in listed["period"].unique():
        try:
            known[label] = parse_period(label)
        except ToolkitError:
            continue  # no period: a row of the user's own
    alike = {
        label: one for label, one in known.items() if one.end < period.start and _kind(label) == _kind(period.label)
    }
    rows = listed[listed["period"].isin(list(alike)) & (listed["denominator"] > 0)]
    start = rows["period"].map({label: pd.Timestamp(one.start) for label, one in alike.items()})
    rows = rows.assign(start=start, share=rows["numerator"] / rows["denominator"])
    return rows.sort_values("start", kind="stable")


def _kind(label: str) -> str:
    """Quarter, month, year or span, by how the label looks."""
    return "".join("0" if char.isdigit() else char for char in label)


def _change(now: float, before: float) -> str:
    """The tenths that the sheet shows are compared, so that nobody finds another difference there."""
    if np.isnan(now) or np.isnan(before):
        return ""
    points = round(round(100 * now, 1) - round(100 * before, 1), 1)
    return "持平" if points == 0 else f"{points:+.1f} 个百分点"


def _trend(before: pd.DataFrame, keys: pd.MultiIndex, now: pd.Series, period: Period) -> list[str]:
    """2026Q1 91.0% → 2026Q2 92.5% → 2026Q3 93.1% per object and indicator; "" where there is no earlier period."""
    text = before["period"] + " " + before["share"].map(lambda share: f"{share:.1%}").astype("object")
    past = text.groupby([before[name] for name in _OBJECT]).agg(lambda own: list(own)[-MOST_PERIODS:]).to_dict()
    out = []
    for key, share in zip(keys, now, strict=True):
        steps = past.get(key, [])
        last = v.NO_VALUE if np.isnan(share) else f"{share:.1%}"
        out.append(" → ".join([*steps, f"{period.label} {last}"]) if steps else "")
    return out
