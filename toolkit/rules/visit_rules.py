"""The seven kinds of visit: for whom, from when, until when (四、(二); contract, section 3).

Each rule is a plain function `(standing, situation) -> frame` with the columns of `COLUMNS`, one row per visit; `RULES`
lists them in the order of the regulation. Dates are datetime64[s].
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.rules.standing import Standing, settled_by

COLUMNS = ("key", "visit_type", "anchor_on", "earliest_on", "due_on", "reason", "clause", "provisional")


@dataclass(frozen=True)
class Situation:
    """T, the days whose visits are wanted (`since` … `until` by 截止日期), the parameters and the calendar.

    `special`: rows of 专项回访 with key. `overdue_after`: key → last completed overdue visit v, for repeat visits.
    """

    as_of: dt.date
    since: pd.Timestamp
    until: pd.Timestamp
    parameters: Parameters
    calendar: WorkCalendar
    special: pd.DataFrame
    overdue_after: pd.DataFrame

    @property
    def today(self) -> pd.Timestamp:
        return pd.Timestamp(self.as_of)


def _days(series) -> np.ndarray:
    return pd.Series(series).to_numpy().astype("datetime64[D]")


def _stamps(days, index) -> pd.Series:
    return pd.Series(np.asarray(days).astype("datetime64[s]"), index=index)


def _written(dates: pd.Series) -> pd.Series:
    return dates.dt.strftime("%Y-%m-%d").astype("object")


def _visits(frame: pd.DataFrame, visit_type: str, clause: str, calendar: WorkCalendar, **columns) -> pd.DataFrame:
    """Assemble a rule's rows; 暂定 where the computed span touches a year without a published arrangement."""
    out = pd.DataFrame({"key": frame["key"], "visit_type": visit_type, **columns, "clause": clause})
    counted = bool(np.all(out.pop("counted")))
    # n workdays are counted from the day after the anchor; rolling only looks between the two dates.
    start = np.fmin(_days(out["anchor_on"]) + 1, _days(out["due_on"])) if counted else _days(out["earliest_on"])
    out["provisional"] = calendar.is_provisional(start, _days(out["due_on"]))
    return out.reset_index(drop=True)


def _after(frame: pd.DataFrame, start: str, n: int, situation: Situation) -> pd.Series:
    return _stamps(situation.calendar.add_workdays(_days(frame[start]), n), frame.index)


def _plus_workdays(label: str | pd.Series, start: pd.Series, n: int, due: pd.Series) -> pd.Series:
    """放款 2025-09-30 + 5 个工作日，节假日及调休后为 2025-10-14."""
    plain = np.busday_offset(_days(start), n, roll="backward") if n else _days(start)
    moved = pd.Series(np.where(plain == _days(due), "，为 ", "，节假日及调休后为 "), index=start.index, dtype="object")
    return label + " " + _written(start) + f" + {n} 个工作日" + moved + _written(due)


def application(standing: Standing, situation: Situation) -> pd.DataFrame:
    n = situation.parameters["申请回访工作日数"]
    loans = standing.loans[(standing.loans["status"] == v.APPLYING) & standing.loans["applied_on"].notna()]
    due = _after(loans, "applied_on", n, situation)
    return _visits(
        loans, v.APPLICATION, "一、(三)3.", situation.calendar,
        anchor_on=loans["applied_on"], earliest_on=loans["applied_on"], due_on=due, counted=True,
        reason=_plus_workdays("申请", loans["applied_on"], n, due),
    )  # fmt: skip


def approval(standing: Standing, situation: Situation) -> pd.DataFrame:
    n = situation.parameters["审批回访工作日数"]
    loans = standing.loans
    loans = loans[(loans["approval_result"] != "") & ~loans["disbursed"] & loans["approved_on"].notna()]
    due = _after(loans, "approved_on", n, situation)
    label = "审批（" + loans["approval_result"] + "）"
    return _visits(
        loans, v.APPROVAL, "一、(三)3.", situation.calendar,
        anchor_on=loans["approved_on"], earliest_on=loans["approved_on"], due_on=due, counted=True,
        reason=_plus_workdays(label, loans["approved_on"], n, due),
    )  # fmt: skip


def first(standing: Standing, situation: Situation) -> pd.DataFrame:
    n = situation.parameters["首次回访工作日数"]
    loans = standing.loans[standing.loans["disbursed"]]
    due = _after(loans, "disbursed_on", n, situation)
    keep = ~settled_by(loans, due)
    loans, due = loans[keep], due[keep]
    return _visits(
        loans, v.FIRST, "四、(二)1.", situation.calendar,
        anchor_on=loans["disbursed_on"], earliest_on=loans["disbursed_on"] + pd.Timedelta(days=1), due_on=due,
        counted=True, reason=_plus_workdays("放款", loans["disbursed_on"], n, due),
    )  # fmt: skip


def periodic(standing: Standing, situation: Situation) -> pd.DataFrame:
    if situation.parameters["定期回访口径"] == v.ROLLING:
        return _rolling(standing, situation)
    return _quarterly(standing, situation)


def _quarterly(standing: Standing, situation: Situation) -> pd.DataFrame:
    p, calendar = situation.parameters, situation.calendar
    loans = standing.loans[standing.loans["disbursed"]]
    first_due = _after(loans, "disbursed_on", p["首次回访工作日数"], situation)
    parts = []
    for quarter in pd.period_range(situation.since, situation.until, freq="Q"):
        start, end = quarter.start_time.normalize(), quarter.end_time.normalize()
        wanted = (loans["disbursed_on"] <= end - pd.Timedelta(days=p["定期回访起算天数"])) & ~settled_by(loans, end)
        if p["首次回访计入当季"] == v.YES:
            wanted &= ~((first_due >= start) & (first_due <= end))
        due = pd.Timestamp(calendar.roll_back(np.datetime64(end, "D")).item())
        chosen = loans[wanted]
        next_day = chosen["disbursed_on"] + pd.Timedelta(days=1)
        parts.append(
            _visits(
                chosen,
                v.PERIODIC,
                "四、(二)2.",
                calendar,
                anchor_on=pd.Series(end, index=chosen.index, dtype="datetime64[s]"),
                earliest_on=next_day.where(next_day > start, start),
                due_on=pd.Series(due, index=chosen.index, dtype="datetime64[s]"),
                counted=False,
                reason=f"{quarter.year}年第{quarter.quarter}季度，季末 {end:%Y-%m-%d}，最后工作日为 {due:%Y-%m-%d}",
            )
        )
    return _together(parts)


def _not_before_today(days: np.ndarray, situation: Situation) -> np.ndarray:
    """Moved back to a working day, but not before T (T moved forward to a working day)."""
    calendar = situation.calendar
    back = calendar.roll_back(days)
    today = np.datetime64(situation.as_of, "D")
    return np.where(back < today, calendar.roll_forward(today), back)


def _rolling(standing: Standing, situation: Situation) -> pd.DataFrame:
    interval = situation.parameters["滚动回访间隔天数"]
    loans = standing.loans
    loans = loans[(loans["status"] == v.IN_USE) & loans["disbursed"] & ~loans["closed"]]
    due = _stamps(_not_before_today(_days(loans["base_on"]) + interval, situation), loans.index)
    return _visits(
        loans, v.PERIODIC, "四、(二)2.", situation.calendar,
        anchor_on=loans["base_on"], earliest_on=due - pd.Timedelta(days=15), due_on=due, counted=False,
        reason="上次回访（或放款）" + _written(loans["base_on"]) + f" + {interval} 天，工作日为 " + _written(due),
    )  # fmt: skip


def reminder(standing: Standing, situation: Situation) -> pd.DataFrame:
    p, calendar = situation.parameters, situation.calendar
    loans = standing.loans[standing.loans["disbursed"] & ~standing.loans["closed"]]
    if p["还款提醒范围"] == v.ONCE_OVERDUE:
        loans = loans[loans["once_overdue"]]
    schedule = standing.schedule
    if p["还款提醒范围"] == v.LAST_INSTALMENT:
        schedule = schedule[schedule["due_on"] == schedule.groupby("key")["due_on"].transform("max")]
    unpaid = schedule[~schedule["paid"] & schedule["key"].isin(loans["key"])][["key", "due_on"]]
    bullet = loans[~loans["has_schedule"] & loans["matures_on"].notna()]
    bullet = bullet[["key", "matures_on"]].rename(columns={"matures_on": "due_on"})
    both = pd.concat([unpaid, bullet], ignore_index=True)
    both = both[both["due_on"] >= situation.today].drop_duplicates().reset_index(drop=True)
    days = _days(both["due_on"])
    earliest = calendar.roll_back(days - p["还款提醒提前天数"])
    due = np.maximum(calendar.roll_back(days - 1), earliest)
    due_on = _stamps(due, both.index)
    return _visits(
        both, v.REMINDER, "四、(二)3.", calendar,
        anchor_on=both["due_on"], earliest_on=_stamps(earliest, both.index), due_on=due_on, counted=False,
        reason="应还 " + _written(both["due_on"]) + f" 前 {p['还款提醒提前天数']} 天，最迟工作日 " + _written(due_on),
    )  # fmt: skip


def overdue(standing: Standing, situation: Situation) -> pd.DataFrame:
    """The first visit of the overdue spell and, after each completed one, the repeat visit."""
    p, calendar = situation.parameters, situation.calendar
    loans = standing.loans[standing.loans["overdue_since"].notna()]
    n = p["逾期首访工作日数"]
    due = _after(loans, "overdue_since", n, situation)
    firsts = _visits(
        loans, v.OVERDUE, "四、(二)4.", calendar,
        anchor_on=loans["overdue_since"], earliest_on=loans["overdue_since"] + pd.Timedelta(days=1), due_on=due,
        counted=True, reason=_plus_workdays("逾期自", loans["overdue_since"], n, due),
    )  # fmt: skip
    repeats = situation.overdue_after.merge(loans[["key", "overdue_since"]], on="key")
    repeats = repeats[repeats["visited_on"] > repeats["overdue_since"]].reset_index(drop=True)
    late_by = (repeats["visited_on"] - repeats["overdue_since"]).dt.days
    interval = np.select(
        [late_by <= 30, late_by <= 60],
        [p["逾期复访间隔(30天内)"], p["逾期复访间隔(31至60天)"]],
        p["逾期复访间隔(60天以上)"],
    )
    again = _stamps(calendar.roll_forward(_days(repeats["visited_on"]) + interval), repeats.index)
    text = "上次逾期回访 " + _written(repeats["visited_on"]) + "（已逾期 " + late_by.astype(str) + " 天）+ "
    text = text + pd.Series(interval, index=repeats.index).astype(str) + " 天，工作日为 " + _written(again)
    seconds = _visits(
        repeats, v.OVERDUE, "四、(二)4.", calendar,
        anchor_on=repeats["visited_on"], earliest_on=repeats["visited_on"] + pd.Timedelta(days=1), due_on=again,
        counted=False, reason=text,
    )  # fmt: skip
    return _together([firsts, seconds])


def special(standing: Standing, situation: Situation) -> pd.DataFrame:
    """Rows of 专项回访, and watched loans; a row wins where both would be one visit."""
    open_loans = standing.loans[~standing.loans["closed"]]
    rows = situation.special[situation.special["key"].isin(open_loans["key"]) & situation.special["due_on"].notna()]
    asked = _visits(
        rows, v.SPECIAL, "四、(二)5.", situation.calendar,
        anchor_on=rows["due_on"], earliest_on=rows["due_on"].where(rows["due_on"] < situation.today, situation.today),
        due_on=rows["due_on"], counted=False, reason="专项回访：" + rows["reason"],
    ).assign(provisional=False)  # fmt: skip
    interval = situation.parameters["重点关注回访间隔天数"]
    graded = open_loans["grade"].isin(v.WATCHED_GRADES)
    loans = open_loans[(graded | open_loans["open_major"]) & open_loans["disbursed"]]
    due = _stamps(_not_before_today(_days(loans["base_on"]) + interval, situation), loans.index)
    why = ("五级分类为" + loans["grade"]).where(loans["grade"].isin(v.WATCHED_GRADES), "有未结重要或重大问题")
    watched = _visits(
        loans, v.SPECIAL, "四、(二)5.", situation.calendar,
        anchor_on=loans["base_on"],
        earliest_on=pd.Series(situation.today, index=loans.index, dtype="datetime64[s]"),
        due_on=due, counted=False,
        reason=why + "，上次回访或放款 " + _written(loans["base_on"]) + f" + {interval} 天，工作日为 " + _written(due),
    )  # fmt: skip
    return _together([asked, watched])


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if not part.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))


RULES = (application, approval, first, periodic, reminder, overdue, special)


def due_visits(standing: Standing, situation: Situation) -> pd.DataFrame:
    """All visits with 截止日期 in [since, until], overdue ones whatever it is; one row per contract, type, anchor."""
    visits = _together([rule(standing, situation) for rule in RULES])
    if visits.empty:
        return visits
    inside = (visits["due_on"] >= situation.since) & (visits["due_on"] <= situation.until)
    visits = visits[inside | (visits["visit_type"] == v.OVERDUE)]
    return visits.drop_duplicates(["key", "visit_type", "anchor_on"]).reset_index(drop=True)
