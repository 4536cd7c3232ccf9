"""The seven kinds of visit: for whom, from when, until when (四、(二); contract, section 3).

Each rule's `windows` is a plain function `(standing, situation) -> frame` with the columns of `COLUMNS`, one row per
visit; `RULES` lists them in the order of 回访类型. Dates are datetime64[s].
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.rules.planning.standing import Standing, settled_by

# loan: position in `Standing.loans`; after_on: records up to it do not complete the visit (fine print 4).
COLUMNS = ("loan", "visit_type", "anchor_on", "earliest_on", "due_on", "after_on", "provisional")


@dataclass(frozen=True)
class Situation:
    """T, the planning period, the parameters, the calendar and what the rules must look at besides the ledger.

    `special`: dated rows of 专项回访 of known loans, with `loan`. `quarters`: further (loan, end of quarter) for which
    the quarterly visit matters: a record lies in them or the visit is listed already.
    """

    as_of: dt.date
    start: pd.Timestamp
    end: pd.Timestamp
    parameters: Parameters
    calendar: WorkCalendar
    special: pd.DataFrame
    quarters: pd.DataFrame

    @property
    def today(self) -> pd.Timestamp:
        return pd.Timestamp(self.as_of)


@dataclass(frozen=True)
class VisitRule:
    """`windows` finds the visits of one 回访类型; `clause` is the ground in the regulation."""

    visit_type: str
    clause: str
    windows: Callable[[Standing, Situation], pd.DataFrame]


def as_days(dates) -> np.ndarray:
    """datetime64[D] array of a Series or array of dates."""
    return np.asarray(dates).astype("datetime64[D]")


def _visits(loan, visit_type: str, calendar: WorkCalendar, *, anchor, earliest, due, looked=None, after=None):
    """Assemble a rule's rows. `looked`: (first, last) day that the calendar was asked about; 暂定 where one of them is
    in a year without a published arrangement."""
    size = len(loan)
    out = {
        "loan": np.asarray(loan, dtype=np.int64),
        "visit_type": np.full(size, visit_type, dtype=object),
        "anchor_on": np.asarray(anchor).astype("datetime64[s]"),
        "earliest_on": np.asarray(earliest).astype("datetime64[s]"),
        "due_on": np.asarray(due).astype("datetime64[s]"),
        "after_on": np.full(size, "NaT", "datetime64[s]") if after is None else np.asarray(after, "datetime64[s]"),
        "provisional": np.zeros(size, dtype=bool) if looked is None else calendar.is_provisional(*looked),
    }
    return pd.DataFrame(out)


def _after_workdays(loans: pd.DataFrame, visit_type: str, start: str, n: int, lead: int, situation: Situation):
    """Due `n` workdays after a date of the ledger, from `lead` days after it on."""
    anchor = as_days(loans[start])
    due = situation.calendar.add_workdays(anchor, n)
    return _visits(
        loans.index, visit_type, situation.calendar,
        anchor=anchor, earliest=anchor + lead, due=due, looked=(np.fmin(anchor + 1, due), due),
    )  # fmt: skip


def application(standing: Standing, situation: Situation) -> pd.DataFrame:
    """申请回访: loans that are 申请中, within n workdays of 申请日期 (一、(三)3.)."""
    loans = standing.loans
    loans = loans[(loans["status"] == v.APPLYING) & loans["applied_on"].notna()]
    return _after_workdays(loans, v.APPLICATION, "applied_on", situation.parameters["申请回访工作日数"], 0, situation)


def approval(standing: Standing, situation: Situation) -> pd.DataFrame:
    """审批回访: 审批结果 filled, rejections too, and not disbursed; within n workdays of 审批日期 (一、(三)3.)."""
    loans = standing.loans
    loans = loans[(loans["approval_result"] != "") & ~loans["disbursed"] & loans["approved_on"].notna()]
    return _after_workdays(loans, v.APPROVAL, "approved_on", situation.parameters["审批回访工作日数"], 0, situation)


def first(standing: Standing, situation: Situation) -> pd.DataFrame:
    """首次回访: disbursed and not settled by the due date, n workdays after 发放日期 (四、(二)1.)."""
    loans = standing.loans[standing.loans["disbursed"]]
    visits = _after_workdays(loans, v.FIRST, "disbursed_on", situation.parameters["首次回访工作日数"], 1, situation)
    due = pd.Series(visits["due_on"].to_numpy(), index=loans.index)
    return visits[~settled_by(loans, due).to_numpy()]


def periodic(standing: Standing, situation: Situation) -> pd.DataFrame:
    """定期回访, by calendar quarter or rolling as 定期回访口径 says (四、(二)2.)."""
    if situation.parameters["定期回访口径"] == v.ROLLING:
        return _rolling(standing, situation)
    return _quarterly(standing, situation)


def quarter_ends(dates) -> np.ndarray:
    """Last day (datetime64[D]) of the calendar quarter of each date."""
    months = np.asarray(dates).astype("datetime64[M]").astype(np.int64)
    return ((months // 3 + 1) * 3).astype("datetime64[M]").astype("datetime64[D]") - 1


def _quarterly(standing: Standing, situation: Situation) -> pd.DataFrame:
    p, calendar = situation.parameters, situation.calendar
    disbursed = standing.loans.index[standing.loans["disbursed"]]
    first_end, last_end = quarter_ends([situation.start.to_datetime64() - CARRY_OVER, situation.end.to_datetime64()])
    months = np.arange(first_end.astype("datetime64[M]"), last_end.astype("datetime64[M]") + 1, 3)
    ends = np.unique(quarter_ends(months))
    run = pd.DataFrame(
        {"loan": np.tile(disbursed, len(ends)), "end": np.repeat(ends.astype("datetime64[s]"), len(disbursed))}
    )
    further = situation.quarters[situation.quarters["loan"].isin(disbursed)]
    pairs = pd.concat([run, further]).drop_duplicates() if len(further) else run
    loans = standing.loans.iloc[pairs["loan"].to_numpy()]
    end = as_days(pairs["end"])
    lent = as_days(loans["disbursed_on"])
    wanted = (lent <= end - p["定期回访起算天数"]) & ~settled_by(loans, end.astype("datetime64[s]")).to_numpy()
    if p["首次回访计入当季"] == v.YES:
        wanted &= quarter_ends(calendar.add_workdays(lent, p["首次回访工作日数"])) != end
    loans, end, lent = loans[wanted], end[wanted], lent[wanted]
    start = (end.astype("datetime64[M]") - 2).astype("datetime64[D]")
    due = calendar.roll_back(end)
    return _visits(
        loans.index, v.PERIODIC, calendar,
        anchor=end, earliest=np.maximum(lent + 1, start), due=due, looked=(due, end),
    )  # fmt: skip


def _after_base(loans: pd.DataFrame, interval: int, situation: Situation) -> tuple[np.ndarray, tuple]:
    """Base + interval, moved back to a working day, but not before T (then T moved forward to a working day)."""
    calendar = situation.calendar
    day = as_days(loans["base_on"]) + interval
    back = calendar.roll_back(day)
    today = np.datetime64(situation.as_of, "D")
    due = np.where(back < today, calendar.roll_forward(today), back)
    looked = np.where(back < today, today, day)
    return due, (np.minimum(due, looked), np.maximum(due, looked))


def _rolling(standing: Standing, situation: Situation) -> pd.DataFrame:
    loans = standing.loans
    loans = loans[(loans["status"] == v.IN_USE) & loans["disbursed"] & ~loans["closed"]]
    due, looked = _after_base(loans, situation.parameters["滚动回访间隔天数"], situation)
    return _visits(
        loans.index, v.PERIODIC, situation.calendar,
        anchor=loans["base_on"], earliest=due - 15, due=due, looked=looked, after=loans["base_on"],
    )  # fmt: skip


def reminder(standing: Standing, situation: Situation) -> pd.DataFrame:
    """还款提醒: each unpaid instalment due from T on (到期日 without a 还款计划), by 还款提醒范围 (四、(二)3.)."""
    p, calendar = situation.parameters, situation.calendar
    loans, schedule = standing.loans, standing.schedule
    remindable = loans["disbursed"] & ~loans["closed"]
    if p["还款提醒范围"] == v.ONCE_OVERDUE:
        remindable &= loans["once_overdue"]
    if p["还款提醒范围"] == v.LAST_INSTALMENT:
        schedule = schedule[~schedule["void"]]
        schedule = schedule[schedule["due_on"] == schedule.groupby("loan")["due_on"].transform("max")]
    unpaid = schedule[~schedule["paid"] & (schedule["due_on"] >= situation.today)]
    unpaid = unpaid.loc[remindable.to_numpy()[unpaid["loan"]], ["loan", "due_on"]]
    bullet = loans.loc[remindable & ~loans["has_schedule"] & (loans["matures_on"] >= situation.today), "matures_on"]
    both = pd.concat([unpaid, pd.DataFrame({"loan": bullet.index, "due_on": bullet.array})]).drop_duplicates()
    day = as_days(both["due_on"])
    earliest = calendar.roll_back(day - p["还款提醒提前天数"])
    due = np.maximum(calendar.roll_back(day - 1), earliest)
    return _visits(
        both["loan"], v.REMINDER, calendar,
        anchor=day, earliest=earliest, due=due, looked=(earliest, np.maximum(day - 1, due)),
    )  # fmt: skip


def overdue(standing: Standing, situation: Situation) -> pd.DataFrame:
    """The first visit of the overdue spell; what follows a completed one is `repeat_overdue`."""
    loans = standing.loans[standing.loans["overdue_since"].notna()]
    return _after_workdays(loans, v.OVERDUE, "overdue_since", situation.parameters["逾期首访工作日数"], 1, situation)


def repeat_overdue(standing: Standing, situation: Situation, visited: pd.DataFrame) -> pd.DataFrame:
    """The visit after each completed overdue visit v; `visited`: columns loan, visited_on. v counts only if v > D."""
    p, calendar = situation.parameters, situation.calendar
    since = as_days(standing.loans["overdue_since"].iloc[visited["loan"].to_numpy()])
    day = as_days(visited["visited_on"])
    counts = day > since
    loan, since, day = visited["loan"].to_numpy()[counts], since[counts], day[counts]
    again = day + repeat_interval((day - since).astype(np.int64), p)
    due = calendar.roll_forward(again)
    return _visits(loan, v.OVERDUE, calendar, anchor=day, earliest=day + 1, due=due, looked=(again, due))


def repeat_interval(days_overdue: np.ndarray, parameters: Parameters) -> np.ndarray:
    """Days until the next overdue visit, by days overdue at v: ≤ 30, 31–60, > 60."""
    return np.select(
        [days_overdue <= 30, days_overdue <= 60],
        [parameters["逾期复访间隔(30天内)"], parameters["逾期复访间隔(31至60天)"]],
        parameters["逾期复访间隔(60天以上)"],
    ).astype(np.int64)


def special(standing: Standing, situation: Situation) -> pd.DataFrame:
    """Rows of 专项回访, and watched loans; a row wins where both would be one visit."""
    loans = standing.loans
    today = np.datetime64(situation.as_of, "D")
    rows = situation.special[~loans["closed"].to_numpy()[situation.special["loan"]]]
    day = as_days(rows["due_on"])
    asked = _visits(rows["loan"], v.SPECIAL, situation.calendar, anchor=day, earliest=np.minimum(day, today), due=day)
    watched = loans[is_watched(loans) & ~loans["closed"] & loans["disbursed"]]
    due, looked = _after_base(watched, situation.parameters["重点关注回访间隔天数"], situation)
    computed = _visits(
        watched.index, v.SPECIAL, situation.calendar,
        anchor=watched["base_on"], earliest=np.full(len(watched), today), due=due, looked=looked,
        after=watched["base_on"],
    )  # fmt: skip
    return pd.concat([asked, computed], ignore_index=True)


def is_watched(loans: pd.DataFrame) -> pd.Series:
    """Graded 关注 or worse, or with an open 重要 or 重大 issue."""
    return loans["grade"].isin(v.WATCHED_GRADES) | loans["open_major"]


RULES = (
    VisitRule(v.APPLICATION, "一、(三)3.", application),
    VisitRule(v.APPROVAL, "一、(三)3.", approval),
    VisitRule(v.FIRST, "四、(二)1.", first),
    VisitRule(v.PERIODIC, "四、(二)2.", periodic),
    VisitRule(v.REMINDER, "四、(二)3.", reminder),
    VisitRule(v.OVERDUE, "四、(二)4.", overdue),
    VisitRule(v.SPECIAL, "四、(二)5.", special),
)
CLAUSE_OF_TYPE = {rule.visit_type: rule.clause for rule in RULES}
CARRY_OVER = np.timedelta64(90, "D")


def due_visits(standing: Standing, situation: Situation) -> pd.DataFrame:
    """Every visit the rules know of but repeats; one row per contract, type and anchor."""
    visits = pd.concat([rule.windows(standing, situation) for rule in RULES], ignore_index=True)
    return visits.drop_duplicates(["loan", "visit_type", "anchor_on"]).reset_index(drop=True)
