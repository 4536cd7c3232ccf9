"""A slow second opinion on planning: one loan at a time, plain Python, written from the contract's section 3 alone.

It knows nothing of the toolkit: rows are dicts by field name, parameters a dict by Chinese title, working days come
from the `chinese_calendar` library itself. It covers a first planning run (an empty 回访清单).
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import chinese_calendar
from chinese_calendar import constants

Row = dict[str, Any]
DAY = dt.timedelta(days=1)
TYPES = ["申请回访", "审批回访", "首次回访", "定期回访", "还款提醒", "逾期回访", "专项回访"]
FIRST_YEAR, LAST_YEAR = min(constants.holidays).year, max(constants.holidays).year
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


@dataclass
class Visit:
    visit_type: str
    anchor: dt.date
    earliest: dt.date
    due: dt.date
    after: dt.date | None = None  # records up to this day do not complete it
    completed: dt.date | None = None
    method: str = ""
    state: str = ""


@dataclass
class World:
    """T, [S, E], the parameters, 节假日 (date → works) and the other sheets."""

    today: dt.date
    start: dt.date
    end: dt.date
    parameters: Row
    overrides: dict[dt.date, bool] = field(default_factory=dict)
    schedule: list[Row] = field(default_factory=list)
    records: list[Row] = field(default_factory=list)
    issues: list[Row] = field(default_factory=list)
    special: list[Row] = field(default_factory=list)
    known: dict[dt.date, bool] = field(default_factory=dict)

    def works(self, day: dt.date) -> bool:
        if day not in self.known:
            self.known[day] = self.overrides[day] if day in self.overrides else self.arranged(day)
        return self.known[day]

    def arranged(self, day: dt.date) -> bool:
        if FIRST_YEAR <= day.year <= LAST_YEAR:
            return chinese_calendar.is_workday(day)
        return day.weekday() < 5 and (day.month, day.day) not in FIXED

    def plus(self, day: dt.date, n: int) -> dt.date:
        while n:
            day += DAY
            n -= self.works(day)
        return day

    def back(self, day: dt.date) -> dt.date:
        while not self.works(day):
            day -= DAY
        return day

    def forward(self, day: dt.date) -> dt.date:
        while not self.works(day):
            day += DAY
        return day


def same_loan(row: Row, loan: Row) -> bool:
    return row["contract_no"] == loan["contract_no"] and (row.get("drawdown_no") or "") == (
        loan.get("drawdown_no") or ""
    )


def paid(row: Row) -> bool:
    if row.get("paid_amount") is not None:
        return row["paid_amount"] >= row["due_amount"]
    return row.get("paid_on") is not None


def settled_by(loan: Row, day: dt.date) -> bool:
    if loan.get("settled_on"):
        return loan["settled_on"] <= day
    return loan["status"] in ("已结清", "已核销")


def quarter(day: dt.date) -> tuple[dt.date, dt.date]:
    first = dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first, (first + 100 * DAY).replace(day=1) - DAY if first.month != 10 else dt.date(day.year, 12, 31)


class Loan:
    """One loan's visits."""

    def __init__(self, row: Row, world: World) -> None:
        self.row, self.w, self.p = row, world, world.parameters
        today = world.today
        self.plan = [r for r in world.schedule if same_loan(r, row)]
        self.good = sorted(
            (r["visited_on"], r.get("started_at") or dt.time.max, i)
            for i, r in enumerate(world.records)
            if same_loan(r, row) and r["result"] == "成功" and r["visited_on"] <= today
        )
        issues = [
            i.get("manual_grading") or i.get("severity") or ""
            for i in world.issues
            if same_loan(i, row) and i.get("state") not in ("已销号", "当场解决")
        ]
        self.critical, self.major = "重大" in issues, "重大" in issues or "重要" in issues
        lent = row.get("disbursed_on")
        self.disbursed = lent is not None and lent <= today
        self.closed = row["status"] in ("已结清", "已核销") or bool(
            row.get("settled_on") and row["settled_on"] <= today
        )
        self.overdue_since = self._overdue_since() if self.disbursed and not self.closed else None
        contacts = [when for when, *_ in self.good]
        self.base = max([lent, *contacts]) if self.disbursed else None

    def _overdue_since(self) -> dt.date | None:
        today = self.w.today
        if self.plan:
            late = [r["due_on"] for r in self.plan if not paid(r) and r["due_on"] < today]
            return min(late) if late else None
        if (self.row.get("days_past_due") or 0) > 0:
            return today - self.row["days_past_due"] * DAY
        matures = self.row.get("matures_on")
        return matures if matures and matures < today else None

    def method(self, visit_type: str) -> str:
        row, p = self.row, self.p
        floor = p["个人面谈金额起点"] if row["customer_type"] == "个人" else p["企业面谈金额起点"]
        overdue = (self.w.today - self.overdue_since).days if self.overdue_since else 0
        if row.get("key_customer") == "是" or row["amount"] >= floor or overdue >= p["逾期面谈起始天数"]:
            return "面谈"
        if self.critical:
            return "面谈"
        return "问卷" if visit_type == "定期回访" and row["product"] in p["问卷产品"] else "电话"

    def visits(self) -> list[Visit]:
        out = [
            *self.application(), *self.approval(), *self.first(), *self.periodic(), *self.reminder(), *self.special()
        ]  # fmt: skip
        once = {(v.visit_type, v.anchor): v for v in reversed(out)}  # the first of equals stays
        fixed = list(once.values())
        overdue: dict[dt.date, Visit] = {v.anchor: v for v in self.first_overdue()}
        while True:
            everything = fixed + list(overdue.values())
            self.complete(everything)
            done = {v.completed for v in overdue.values() if v.completed}
            more = [v for v in sorted(done) if self.overdue_since and v > self.overdue_since and v not in overdue]
            if not more:
                return everything
            for v in more:
                overdue[v] = self.repeat(v)

    def application(self) -> list[Visit]:
        day = self.row.get("applied_on")
        if self.row["status"] != "申请中" or not day:
            return []
        return [Visit("申请回访", day, day, self.w.plus(day, self.p["申请回访工作日数"]))]

    def approval(self) -> list[Visit]:
        day = self.row.get("approved_on")
        if not self.row.get("approval_result") or self.disbursed or not day:
            return []
        return [Visit("审批回访", day, day, self.w.plus(day, self.p["审批回访工作日数"]))]

    def first(self) -> list[Visit]:
        if not self.disbursed:
            return []
        day = self.row["disbursed_on"]
        due = self.w.plus(day, self.p["首次回访工作日数"])
        return [] if settled_by(self.row, due) else [Visit("首次回访", day, day + DAY, due)]

    def periodic(self) -> list[Visit]:
        if not self.disbursed:
            return []
        lent = self.row["disbursed_on"]
        if self.p["定期回访口径"] == "滚动":
            if self.row["status"] != "使用中" or self.closed:
                return []
            due = self.from_base(self.p["滚动回访间隔天数"])
            return [Visit("定期回访", self.base, due - 15 * DAY, due, after=self.base)]
        out = []
        first, end = quarter(lent)
        while first <= self.w.end:
            enough = (end - lent).days >= self.p["定期回访起算天数"]
            first_due = self.w.plus(lent, self.p["首次回访工作日数"])
            covered = self.p["首次回访计入当季"] == "是" and quarter(first_due) == (first, end)
            if enough and not covered and not settled_by(self.row, end):
                out.append(Visit("定期回访", end, max(first, lent + DAY), self.w.back(end)))
            first, end = quarter(end + DAY)
        return out

    def from_base(self, interval: int) -> dt.date:
        due = self.w.back(self.base + interval * DAY)
        return due if due >= self.w.today else self.w.forward(self.w.today)

    def reminder(self) -> list[Visit]:
        if not self.disbursed or self.closed:
            return []
        today, scope = self.w.today, self.p["还款提醒范围"]
        if scope == "曾逾期":
            late = [
                r for r in self.plan
                if (paid(r) and r.get("paid_on") and r["paid_on"] > r["due_on"])
                or (not paid(r) and r["due_on"] < today)
            ]  # fmt: skip
            if not (late if self.plan else self.overdue_since):
                return []
        if self.plan:
            rows = self.plan
            if scope == "末期":
                rows = [r for r in rows if r["due_on"] == max(x["due_on"] for x in self.plan)]
            days = {r["due_on"] for r in rows if not paid(r)}
        else:
            days = {self.row["matures_on"]} if self.row.get("matures_on") else set()
        out = []
        for day in sorted(day for day in days if day >= today):
            earliest = self.w.back(day - self.p["还款提醒提前天数"] * DAY)
            out.append(Visit("还款提醒", day, earliest, max(self.w.back(day - DAY), earliest)))
        return out

    def first_overdue(self) -> list[Visit]:
        day = self.overdue_since
        return [Visit("逾期回访", day, day + DAY, self.w.plus(day, self.p["逾期首访工作日数"]))] if day else []

    def repeat(self, v: dt.date) -> Visit:
        days = (v - self.overdue_since).days
        name = "30天内" if days <= 30 else "31至60天" if days <= 60 else "60天以上"
        return Visit("逾期回访", v, v + DAY, self.w.forward(v + self.p[f"逾期复访间隔({name})"] * DAY))

    def special(self) -> list[Visit]:
        if self.closed:
            return []
        today = self.w.today
        out = [
            Visit("专项回访", r["due_on"], min(today, r["due_on"]), r["due_on"])
            for r in self.w.special
            if same_loan(r, self.row)
        ]
        if self.disbursed and (self.row.get("grade") in ("关注", "次级", "可疑", "损失") or self.major):
            due = self.from_base(self.p["重点关注回访间隔天数"])
            out.append(Visit("专项回访", self.base, today, due, after=self.base))
        return out

    def complete(self, visits: list[Visit]) -> None:
        for visit in visits:
            visit.completed = None
        enabled = self.p["启用日期"]
        for when, *_ in self.good:
            fit = [
                v for v in visits
                if v.completed is None and v.earliest <= when <= v.due
                and (v.after is None or when > v.after) and (enabled is None or v.due >= enabled)
            ]  # fmt: skip
            if fit:
                min(fit, key=lambda v: (v.due, TYPES.index(v.visit_type))).completed = when

    def listed(self) -> list[Visit]:
        w, enabled = self.w, self.p["启用日期"]
        visits = self.visits()
        undone = [v for v in visits if v.visit_type == "逾期回访" and not v.completed]
        outstanding = max(undone, key=lambda v: v.anchor, default=None)  # at most one a loan
        out = []
        for visit in visits:
            inside = w.start <= visit.due <= w.end
            carried = w.start - 90 * DAY <= visit.due < w.start and not visit.completed
            counts = (inside or carried) and (enabled is None or visit.due >= enabled)
            if visit in undone:
                counts = visit is outstanding
            if counts:
                visit.state = "已完成" if visit.completed else "逾期未访" if visit.due < w.today else "待回访"
                visit.method = self.method(visit.visit_type)
                out.append(visit)
        return out


def reference_list(loans: list[Row], world: World) -> list[tuple[str, str, Visit]]:
    """(contract_no, drawdown_no, visit) of every visit the first planning run lists; methods before merging."""
    return [
        (row["contract_no"], row.get("drawdown_no") or "", visit)
        for row in loans
        for visit in Loan(row, world).listed()
    ]
