"""Seeded random ledgers whose dates crowd around T, holidays and quarter ends, so that boundaries are hit often."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from planning_tables import request
from reference_planning import World

from toolkit.model import sheets as s
from toolkit.model.parameters import Parameters

DAY = dt.timedelta(days=1)
Row = dict[str, Any]
DAYS_OF_INTEREST = [
    dt.date(2025, 9, 30), dt.date(2025, 10, 8), dt.date(2026, 2, 14), dt.date(2026, 3, 31), dt.date(2026, 5, 9),
    dt.date(2026, 6, 30), dt.date(2026, 7, 1), dt.date(2026, 9, 27), dt.date(2026, 12, 31), dt.date(2024, 3, 31),
]  # fmt: skip


@dataclass
class Case:
    rows: dict[Any, list[Row]]
    request: Any
    world: World


def random_case(seed: int, loans: int = 40) -> Case:
    """A small branch, a T, a period, parameters and overrides; the same for the step and for the reference."""
    rng = random.Random(seed)
    today = rng.choice(DAYS_OF_INTEREST) + rng.randint(-12, 12) * DAY
    changes = _parameters(rng, today)
    overrides = {}
    for _ in range(rng.choice((0, 0, 3))):
        overrides[today + rng.randint(-60, 60) * DAY] = rng.random() < 0.5
    first = dt.date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    start, end = first, (first + 95 * DAY).replace(day=1) - DAY
    if chosen := rng.random() < 0.3:
        start = today + rng.randint(-150, 60) * DAY
        end = start + rng.randint(0, 150) * DAY
    ledger = [_loan(rng, number, today, loans // 2) for number in range(loans)]
    schedules = [_schedule(rng, loan, today) if rng.random() < 0.7 else [] for loan in ledger]
    rows: dict[Any, list[Row]] = {
        s.LOANS: ledger,
        s.SCHEDULE: [row for schedule in schedules for row in schedule],
        s.RECORDS: [
            row
            for loan, schedule in zip(ledger, schedules, strict=True)
            for row in _records(rng, loan, today, _owed(loan, schedule, today))
        ],
        s.ISSUES: [row for loan in ledger for row in _issues(rng, loan)],
        s.SPECIAL_VISITS: [row for loan in ledger for row in _special(rng, loan, today)],
    }
    overridden = {day.isoformat(): works for day, works in overrides.items()} or None
    asked = request(
        today.isoformat(),
        start.isoformat() if chosen else "",
        end.isoformat(),
        off_days=overridden,
        **changes,
    )
    world = World(
        today, start, end, dict(Parameters.defaults(**changes)), overrides,
        rows[s.SCHEDULE], rows[s.RECORDS], rows[s.ISSUES], rows[s.SPECIAL_VISITS],
    )  # fmt: skip
    return Case(rows, asked, world)


def _parameters(rng: random.Random, today: dt.date) -> dict[str, Any]:
    choices: dict[str, list[Any]] = {
        "启用日期": [today - 40 * DAY, today + 5 * DAY, today - 200 * DAY],
        "首次回访工作日数": [1, 7, 30],
        "定期回访口径": ["滚动"],
        "滚动回访间隔天数": [30, 60],
        "定期回访起算天数": [0, 1, 45, 90],
        "首次回访计入当季": ["否"],
        "还款提醒提前天数": [1, 2, 10, 40],
        "还款提醒范围": ["曾逾期", "末期"],
        "逾期首访工作日数": [0, 1, 5],
        "逾期复访间隔(30天内)": [1, 10],
        "逾期面谈起始天数": [1, 10, 60],
        "申请回访工作日数": [0, 10],
        "审批回访工作日数": [0, 1],
        "重点关注回访间隔天数": [1, 15, 90],
        "个人面谈金额起点": [200000.0],
        "问卷产品": [("消费贷",), ("消费贷", "经营贷")],
    }
    return {title: rng.choice(values) for title, values in choices.items() if rng.random() < 0.25}


def _near(rng: random.Random, today: dt.date, low: int, high: int) -> dt.date:
    """A day around T; every third one beside a quarter's end or a long holiday."""
    day = today + rng.randint(low, high) * DAY
    if rng.random() < 0.33:
        beside = rng.choice([(3, 31), (6, 30), (9, 30), (12, 31), (9, 28), (10, 8), (2, 15), (5, 1)])
        moved = dt.date(day.year, *beside) + rng.randint(-3, 3) * DAY
        if today + low * DAY <= moved <= today + high * DAY:
            return moved
    return day


def _loan(rng: random.Random, number: int, today: dt.date, customers: int) -> Row:
    status = rng.choice(["使用中"] * 8 + ["申请中", "审批中", "未通过", "待发放", "已结清", "已结清", "已核销"])
    lent = _near(rng, today, -420, 10) if status in ("使用中", "已结清", "已核销") else None
    if status == "使用中" and rng.random() < 0.3:
        lent = _near(rng, today, -40, 3)
    applied = _near(rng, today, -30, 2) if lent is None else lent - rng.randint(3, 30) * DAY
    decided = rng.random() < 0.8
    row = {
        # Every fourth contract is drawn in parts.
        "contract_no": f"HT{number - number % 4 // 3:03d}",
        "drawdown_no": f"J{number}" if number % 4 > 1 else None,
        "customer_no": f"K{rng.randint(0, customers)}",
        "customer_name": "林晓舟",
        "customer_type": rng.choice(["个人", "企业"]),
        "phone": "19900000001",
        "product": rng.choice(["消费贷", "经营贷"]),
        "amount": rng.choice([100000, 200000, 999999, 1000000, 10000000]),
        "purpose": "进货",
        "status": status,
        "grade": rng.choice([None, "正常", "正常", "正常", "关注", "损失"]),
        "branch": rng.choice(["城东支行", "城西支行"]),
        "loan_officer": rng.choice(["郑远", "何青"]),
        "key_customer": rng.choice([None, "否", "否", "是"]),
        "applied_on": applied,
        "approved_on": None if status == "申请中" else _near(rng, today, -15, 1) if lent is None else lent - DAY,
        "approval_result": ("拒绝" if status == "未通过" else "通过") if decided and status != "申请中" else None,
        "disbursed_on": lent,
        "matures_on": lent and _near(rng, today, -40, 400),
        "days_past_due": rng.choice([None, None, 0, 1, 30, 31, 61, 100]),
        "settled_on": None,
    }
    if status in ("已结清", "已核销") and rng.random() < 0.7 and lent:
        row["settled_on"] = max(lent, _near(rng, today, -120, 0))
    elif status == "使用中" and rng.random() < 0.1:
        row["settled_on"] = _near(rng, today, -5, 20)
    return row


def _of(loan: Row) -> Row:
    return {"contract_no": loan["contract_no"], "drawdown_no": loan["drawdown_no"]}


def _schedule(rng: random.Random, loan: Row, today: dt.date) -> list[Row]:
    if not loan["disbursed_on"]:
        return []
    first = _near(rng, today, -110, 20)
    out = []
    for number in range(rng.randint(1, 7)):
        due = first + (30 * number + rng.choice((0, 0, 1))) * DAY
        row = {**_of(loan), "instalment_no": number + 1, "due_on": due, "due_amount": 1000}
        kind = rng.random()
        if due < today and kind < 0.7:
            row["paid_on"] = due + rng.choice((-2, 0, 0, 1, 9)) * DAY
            row["paid_amount"] = rng.choice((1000, 1000, 1000, None, 1200))
        elif kind < 0.1:
            row |= {"paid_on": min(due, today), "paid_amount": rng.choice((999, 1000, 0))}
        elif kind > 0.95:
            row["paid_amount"] = 1000
        out.append(row)
    return out


def _owed(loan: Row, schedule: list[Row], today: dt.date) -> list[dt.date]:
    """Days after which an overdue visit may be due."""
    if schedule:
        unpaid = [row["due_on"] for row in schedule if not row.get("paid_on")]
        return [min(unpaid)] if unpaid else []
    return [today - loan["days_past_due"] * DAY] if loan["days_past_due"] else []


def _records(rng: random.Random, loan: Row, today: dt.date, due: list[dt.date]) -> list[Row]:
    """Contacts here and there, and some in a row from the day after an instalment, as overdue loans have them."""
    days = [_near(rng, today, -130, 4) if rng.random() < 0.7 else _near(rng, today, -20, 2) for _ in range(3)]
    days = days[: rng.choice((0, 0, 1, 2, 3))]
    if due and rng.random() < 0.6:
        start = due[0] + rng.choice((-3, 1, 1, 1, 2)) * DAY
        days += [start + step * DAY for step in (0, 5, 11, 17, 29, 45)[: rng.randint(1, 6)]]
    return [
        {
            **_of(loan),
            "visited_on": day,
            "started_at": rng.choice([None, dt.time(9, 30), dt.time(14, 0)]),
            "result": rng.choice(["成功"] * 5 + ["未接通"]),
            "visitor": "陆平",
        }
        for day in days
    ]


def _issues(rng: random.Random, loan: Row) -> list[Row]:
    if rng.random() < 0.75:
        return []
    severity = rng.choice(["一般", "重要", "重大", "待定级"])
    graded = rng.choice([None, None, "无问题", "重大", "一般"])
    state = rng.choice(["待反馈", "整改中", "已销号", "当场解决", "已重开", "已暂停"])
    return [{**_of(loan), "severity": severity, "manual_grading": graded, "state": state}]


def _special(rng: random.Random, loan: Row, today: dt.date) -> list[Row]:
    if rng.random() < 0.8:
        return []
    due = [today + rng.choice((-95, -10, -1, 0, 1, 5, 30)) * DAY for _ in range(2)]
    return [{**_of(loan), "reason": "风险排查", "due_on": day} for day in due]
