"""A quarter of visits as staff made them: most in time, some late, some in vain."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pandas as pd

from samples import branch as b
from samples.book import Loan, is_workday, workday
from samples.conversations import NEEDS, QUESTIONS, SUGGESTIONS, Conversations, answers
from samples.workbook_in_memory import QUARTER, Workbook
from toolkit.model import sheets
from toolkit.model import values as v

IN_TIME, LATE, IN_VAIN = 0.925, 0.022, 0.028  # the rest is nobody's visit
LAST_DAY = QUARTER.end
WORKDAYS = [day.date() for day in pd.date_range(QUARTER.start, QUARTER.end) if is_workday(day.date())]


@dataclass
class Visit:
    """One record to write. `attempt`: not 成功; `minutes` and `clock` are set when the visitor's day is laid out."""

    row: dict[str, Any]
    loan: Loan
    visit_type: str
    stage: str
    success: bool
    place: tuple[str, dt.date] = field(default=("", dt.date.min))


class Quarter:
    """Plays the quarter: asks the plan what is due, decides how it went, and asks again."""

    def __init__(self, workbook: Workbook, loans: list[Loan], staff: b.Staff, rng: Random) -> None:
        self.workbook, self.staff, self.rng = workbook, staff, rng
        self.loans = {(loan.contract_no, loan.drawdown_no): loan for loan in loans}
        self.words = Conversations(rng)
        self.asks_all = {visitor.name: rng.random() < 0.85 for visitor in staff.visitors}
        self.visits: list[Visit] = []
        self.load: dict[tuple[str, dt.date], int] = defaultdict(int)
        self._decided: set[str] = set()

    def play(self) -> list[Visit]:
        """Records in the order of the day. Overdue visits grow out of completed ones, until none is due."""
        self._next_round(v.VISIT_TYPES)
        listed = self.workbook.data(sheets.VISITS.title)
        growing = listed.loc[listed["visit_type"] == v.OVERDUE, "contract_no"]
        self.workbook = self.workbook.only(set(growing))
        while True:
            self.workbook.set_records([row for row in rows_of(self.visits) if row["contract_no"] in set(growing)])
            self.workbook.plan(LAST_DAY)
            if not self._next_round((v.OVERDUE,)):
                break
        _lay_out_days(self.visits, self.rng)
        self.visits.sort(key=lambda visit: (visit.row["visited_on"], visit.row["visitor"], visit.row["started_at"]))
        return self.visits

    def _next_round(self, types: tuple[str, ...]) -> int:
        listed = self.workbook.data(sheets.VISITS.title)
        due = listed[(listed["due_on"] >= pd.Timestamp(QUARTER.start)) & (listed["due_on"] <= pd.Timestamp(LAST_DAY))]
        stale = (listed["visit_type"] == v.OVERDUE) & (listed["due_on"] < pd.Timestamp(QUARTER.start))
        due = pd.concat([listed[stale], due])
        due = due[due["state"].isin([v.TO_VISIT, v.MISSED]) & due["visit_type"].isin(types)]
        due = due[~due["visit_no"].isin(self._decided)]
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        visits: list[dict[str, Any]] = due.to_dict("records")  # type: ignore[assignment]
        for visit in visits:
            self._decided.add(visit["visit_no"])
            groups[visit["merge_group"] or visit["visit_no"]].append(visit)
        for group in groups.values():
            self._contact(group)
        return len(due)

    def _contact(self, group: list[dict[str, Any]]) -> None:
        """Visits to one customer made in one contact, on a day inside all windows; else each by itself."""
        low = max(visit["earliest_on"] for visit in group).date()
        high = min(visit["due_on"] for visit in group).date()
        if low > high and len(group) > 1:
            for visit in group:
                self._contact([visit])
            return
        fate = self.rng.choices(
            ("in time", "late", "in vain", "none"), (IN_TIME, LATE, IN_VAIN, 1 - IN_TIME - LATE - IN_VAIN)
        )[0]
        days = [day for day in WORKDAYS if low <= day <= min(high, LAST_DAY)]
        after = [day for day in WORKDAYS if day > high][:4]
        if high < QUARTER.start:
            days, fate = WORKDAYS[:4], "in time" if fate == "late" else fate
        visitor = self._visitor(group)
        if fate == "none" or not visitor or not (days or after):
            return
        if fate == "late" or not days:
            if after:
                self._succeed(group, self.rng.choice(after), visitor)
            return
        scheduled = group[0]["scheduled_on"]
        planned = scheduled.date() if pd.notna(scheduled) else None
        day = planned if planned in days and self.rng.random() < 0.7 else self._quiet_day(days, visitor)
        if fate == "in vain":
            for attempt in self.rng.sample(days, min(len(days), self.rng.choice((1, 2, 2, 3)))):
                self._fail(group[0], attempt, visitor)
            return
        earlier = [other for other in days if other < day]
        if earlier and self.rng.random() < 0.07:
            self._fail(group[0], earlier[-1], visitor)
        self._succeed(group, day, visitor)

    def _quiet_day(self, days: list[dt.date], visitor: str) -> dt.date:
        return min(self.rng.sample(days, min(len(days), 4)), key=lambda day: self.load[visitor, day])

    def _visitor(self, group: list[dict[str, Any]]) -> str:
        loan = self.loans[group[0]["contract_no"], group[0]["drawdown_no"]]
        free = [visitor.name for visitor in self.staff.on_duty(loan.branch) if visitor.name != loan.officer]
        planned = group[0]["visitor"]
        return planned if planned in free and self.rng.random() < 0.93 else self.rng.choice(free)

    def _base(self, visit: dict[str, Any], day: dt.date, visitor: str) -> tuple[dict[str, Any], Loan]:
        loan = self.loans[visit["contract_no"], visit["drawdown_no"]]
        self.load[visitor, day] += 1
        submitted = workday(day, self.rng.choices((0, 1, 2, 4, 6), (30, 45, 21, 3, 1))[0])
        row = {
            "visit_no": visit["visit_no"],
            "visited_on": day,
            "customer_name": loan.customer_name,
            "contract_no": loan.contract_no,
            "phone": str(loan.phone),
            "method": visit["method"],
            "visitor": visitor,
            "signature": visitor,
            "submitted_on": submitted if submitted <= LAST_DAY else None,
            "drawdown_no": loan.drawdown_no or None,
        }
        return row, loan

    def _fail(self, visit: dict[str, Any], day: dt.date, visitor: str) -> None:
        row, loan = self._base(visit, day, visitor)
        row["result"] = self.rng.choices((v.NO_ANSWER, v.REFUSED, v.POSTPONED, v.WRONG_NUMBER), (74, 7, 14, 5))[0]
        row["remark"] = {
            v.NO_ANSWER: "响铃无人接听",
            v.REFUSED: "客户称正忙，不便多谈",
            v.POSTPONED: "客户在外地，约改日再访",
            v.WRONG_NUMBER: "接听人称非本人",
        }[row["result"]]
        self.visits.append(Visit(row, loan, visit["visit_type"], visit["stage"], False))

    def _succeed(self, group: list[dict[str, Any]], day: dt.date, visitor: str) -> None:
        for visit in group:
            row, loan = self._base(visit, day, visitor)
            row["result"] = v.SUCCESS
            row |= answers(visit["stage"], self.asks_all[visitor])
            row["content"] = self.words.content(visit["visit_type"], loan, day.month)
            row["feedback"] = self.words.feedback(visit["visit_type"], loan, day.month)
            row["satisfaction"] = self.rng.choices((5, 4, 3, None), (52, 34, 8, 6))[0]
            self._extras(row, visit["visit_type"], day)
            self.visits.append(Visit(row, loan, visit["visit_type"], visit["stage"], True))

    def _extras(self, row: dict[str, Any], visit_type: str, day: dt.date) -> None:
        rng = self.rng
        if rng.random() < 0.04:
            row["suggestion"] = rng.choice(SUGGESTIONS)
        if rng.random() < 0.03:
            row["other_needs"] = rng.choice(NEEDS)
        if rng.random() < 0.02:
            row["open_question"], row["answer_department"] = rng.choice(QUESTIONS)
            row["answer_due_on"] = workday(day, 5)
            answered = workday(day, rng.choice((1, 2, 3, 5, 7)))
            row["answered_on"] = answered if answered <= LAST_DAY else None
        if visit_type == v.REMINDER and rng.random() < 0.3:
            row["reminder_preference"] = rng.choice(v.REMINDER_PREFERENCES)
        if visit_type == v.OVERDUE:
            row["promised_on"] = day + dt.timedelta(days=rng.randint(3, 20))


def rows_of(visits: list[Visit]) -> list[dict[str, Any]]:
    return [visit.row for visit in visits]


def _lay_out_days(visits: list[Visit], rng: Random) -> None:
    """Start times and lengths: a visitor sees one customer after the other, with lunch between."""
    days: dict[tuple[str, dt.date], list[Visit]] = defaultdict(list)
    for visit in visits:
        days[visit.row["visitor"], visit.row["visited_on"]].append(visit)
    for day in days.values():
        clock = 9 * 60 + rng.randrange(0, 25)
        day.sort(key=lambda visit: visit.loan.customer_no)
        for visit in day:
            if visit.row["method"] == v.FACE_TO_FACE:
                minutes = rng.randint(18, 45) if visit.success else rng.randint(5, 12)
            else:
                minutes = min(max(round(rng.gauss(7, 2.5)), 3), 18) if visit.success else rng.choice((1, 1, 2))
            if 12 * 60 - 10 < clock < 13 * 60 + 30:
                clock = 13 * 60 + 30 + rng.randrange(0, 15)
            visit.row["started_at"], visit.row["minutes"] = dt.time(min(clock // 60, 20), clock % 60), minutes
            clock += minutes + rng.randint(2, 18 if len(day) < 12 else 6)
