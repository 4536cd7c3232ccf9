"""事由 of a visit: the sentence that lets staff recompute 截止日期 by hand (contract, section 3).

`REASONS` lists one plain function `(visits, standing, situation) -> text` per 回访类型. `visits` needs loan, anchor_on,
earliest_on, due_on; only visits that a rule asks for are explained.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.rules.planning.standing import Standing
from toolkit.rules.planning.visit_rules import Situation, as_days, repeat_interval

Reason = Callable[[pd.DataFrame, Standing, Situation], pd.Series]


def _written(dates: pd.Series) -> pd.Series:
    """YYYY-MM-DD, formatted once per distinct day."""
    codes, distinct = pd.factorize(dates)
    text = np.append(pd.DatetimeIndex(distinct).strftime("%Y-%m-%d").to_numpy(dtype=object), "")
    return pd.Series(text[codes], index=dates.index, dtype="object")


def _of_loan(visits: pd.DataFrame, standing: Standing, name: str) -> pd.Series:
    return pd.Series(standing.loans[name].to_numpy()[visits["loan"]], index=visits.index)


def _plus_workdays(label: str | pd.Series, visits: pd.DataFrame, n: int) -> pd.Series:
    """放款 2025-09-30 + 5 个工作日，节假日及调休后为 2025-10-14."""
    start = as_days(visits["anchor_on"])
    plain = np.busday_offset(start, n, roll="backward") if n else start
    as_expected = plain == as_days(visits["due_on"])
    moved = pd.Series(np.where(as_expected, "，为 ", "，节假日及调休后为 "), index=visits.index, dtype="object")
    return label + " " + _written(visits["anchor_on"]) + f" + {n} 个工作日" + moved + _written(visits["due_on"])


def _application(visits: pd.DataFrame, standing: Standing, situation: Situation) -> pd.Series:
    return _plus_workdays("申请", visits, situation.parameters["申请回访工作日数"])


def _approval(visits: pd.DataFrame, standing: Standing, situation: Situation) -> pd.Series:
    label = "审批（" + _of_loan(visits, standing, "approval_result") + "）"
    return _plus_workdays(label, visits, situation.parameters["审批回访工作日数"])


def _first(visits: pd.DataFrame, standing: Standing, situation: Situation) -> pd.Series:
    return _plus_workdays("放款", visits, situation.parameters["首次回访工作日数"])


def _periodic(visits: pd.DataFrame, standing: Standing, situation: Situation) -> pd.Series:
    anchor, due = _written(visits["anchor_on"]), _written(visits["due_on"])
    if situation.parameters["定期回访口径"] == v.ROLLING:
        interval = situation.parameters["滚动回访间隔天数"]
        return "上次成功回访或放款 " + anchor + f" + {interval} 天，工作日为 " + due
    quarter = (visits["anchor_on"].dt.year.astype(str) + "年第").astype("object")
    quarter += visits["anchor_on"].dt.quarter.astype(str).astype("object") + "季度"
    return quarter + "，季末 " + anchor + "，最后工作日为 " + due


def _reminder(visits: pd.DataFrame, standing: Standing, situation: Situation) -> pd.Series:
    lead = situation.parameters["还款提醒提前天数"]
    return "应还 " + _written(visits["anchor_on"]) + f" 前 {lead} 天，最迟工作日 " + _written(visits["due_on"])


def _overdue(visits: pd.DataFrame, standing: Standing, situation: Situation) -> pd.Series:
    n = situation.parameters["逾期首访工作日数"]
    opening = _plus_workdays("逾期自", visits, n)
    since = _of_loan(visits, standing, "overdue_since")
    days = (visits["anchor_on"] - since).dt.days
    interval = pd.Series(repeat_interval(days.to_numpy(), situation.parameters), index=visits.index)
    again = "上次逾期回访 " + _written(visits["anchor_on"]) + "（已逾期 " + days.astype(str) + " 天）+ "
    again = again + interval.astype(str) + " 天，工作日为 " + _written(visits["due_on"])
    return opening.where(visits["anchor_on"] == since, again)


def _special(visits: pd.DataFrame, standing: Standing, situation: Situation) -> pd.Series:
    asked = situation.special.drop_duplicates(["loan", "due_on"]).set_index(["loan", "due_on"])["reason"]
    row = asked.reindex(pd.MultiIndex.from_frame(visits[["loan", "anchor_on"]]))
    row = pd.Series(row.to_numpy(), index=visits.index, dtype="object")
    grade = _of_loan(visits, standing, "grade")
    why = ("五级分类为" + grade).where(grade.isin(v.WATCHED_GRADES), "有未结重要或重大问题")
    interval = situation.parameters["重点关注回访间隔天数"]
    computed = why + "，上次成功回访或放款 " + _written(visits["anchor_on"]) + f" + {interval} 天，工作日为 "
    return ("专项回访：" + row).where(row.notna(), computed + _written(visits["due_on"]))


REASONS: tuple[tuple[str, Reason], ...] = (
    (v.APPLICATION, _application),
    (v.APPROVAL, _approval),
    (v.FIRST, _first),
    (v.PERIODIC, _periodic),
    (v.REMINDER, _reminder),
    (v.OVERDUE, _overdue),
    (v.SPECIAL, _special),
)


def reasons(visits: pd.DataFrame, standing: Standing, situation: Situation) -> pd.Series:
    """事由 of each of `visits`, which rules ask for."""
    out = pd.Series("", index=visits.index, dtype="object")
    for visit_type, reason in REASONS:
        of_type = visits[visits["visit_type"] == visit_type]
        if not of_type.empty:
            out[of_type.index] = reason(of_type, standing, situation)
    return out
