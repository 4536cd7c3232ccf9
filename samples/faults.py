"""What goes wrong when people fill in forms: errors, oddities that are read as meant, and issues customers raise."""

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Any

from samples import branch as b
from samples.book import workday
from samples.conversations import Conversations
from samples.people import People
from samples.records import LAST_DAY, Visit
from toolkit.model import sheets
from toolkit.model import values as v

WIDE = {48 + i: 0xFF10 + i for i in range(10)}
# Check answered 否 → how many records of that stage.
ISSUES = {
    "apply_2": 1, "apply_3": 1, "approve_3": 2, "disburse_1": 2, "disburse_2": 2, "disburse_3": 4, "use_1": 5,
    "use_2": 9, "use_3": 7, "repay_1": 8, "repay_2": 14, "repay_3": 5,
}  # fmt: skip
COPIED = "客户表示一切正常，对服务满意，没有意见"

PLAIN_TYPES = (v.FIRST, v.PERIODIC, v.REMINDER)

Fault = Callable[[dict[str, Any], Random, b.Staff], None]


def raise_issues(visits: list[Visit], words: Conversations, rng: Random) -> set[int]:
    """Answer 否 on some records, with the customer's words; positions of the records used."""
    used: set[int] = set()
    for check, count in ISSUES.items():
        fitting = [
            i for i, visit in enumerate(visits) if visit.success and i not in used and visit.row.get(check) == v.YES
        ]
        if check == "repay_2":  # the troubled ones first
            fitting = [i for i in fitting if visits[i].visit_type in (v.OVERDUE, v.SPECIAL)][:8] + fitting
        picked = fitting[:5] if check == "repay_2" else []
        rest = [i for i in fitting if i not in picked]
        picked += rng.sample(rest, min(count - len(picked), len(rest)))
        for i in dict.fromkeys(picked):
            row = visits[i].row
            row[check], row["feedback"] = v.NO, words.words_of_no(check, visits[i].loan)
            row["satisfaction"] = rng.choice((2, 3, 3, 4))
            used.add(i)
    return used


def _drop(name: str) -> Fault:
    def fault(row: dict[str, Any], rng: Random, staff: b.Staff) -> None:
        row[name] = None

    return fault


def _drop_check(row: dict[str, Any], rng: Random, staff: b.Staff) -> None:
    row[rng.choice([name for name in sheets.CHECK_FIELDS if row.get(name) == v.YES])] = None


def _short_phone(row: dict[str, Any], rng: Random, staff: b.Staff) -> None:
    place = rng.randrange(4, 10)
    row["phone"] = row["phone"][:place] + row["phone"][place + 1 :]


def _misspelt_name(row: dict[str, Any], rng: Random, staff: b.Staff) -> None:
    name = row["customer_name"]
    row["customer_name"] = name[:-1] + rng.choice("鸣绣健励致") if len(name) < 5 else name.removesuffix("有限公司")


def _signed_by_another(row: dict[str, Any], rng: Random, staff: b.Staff) -> None:
    row["signature"] = rng.choice([visitor.name for visitor in staff.visitors if visitor.name != row["visitor"]])


def _staff_number(row: dict[str, Any], rng: Random, staff: b.Staff) -> None:
    row["visitor"] = next(visitor.staff_no for visitor in staff.visitors if visitor.name == row["visitor"])


def _other_visit_number(row: dict[str, Any], rng: Random, staff: b.Staff) -> None:
    row["visit_no"] = row["visit_no"][:-1] + ("2" if row["visit_no"][-1] != "2" else "3")


def _wrong_scale(row: dict[str, Any], rng: Random, staff: b.Staff) -> None:
    row["satisfaction"] = rng.choice((10, 9, "95分", 8))


def _submitted_before(row: dict[str, Any], rng: Random, staff: b.Staff) -> None:
    row["submitted_on"] = row["visited_on"] - dt.timedelta(days=rng.choice((1, 7, 30)))


def _own_words(row: dict[str, Any], rng: Random, staff: b.Staff) -> None:
    row["result"] = "已接通"


ERRORS: tuple[tuple[int, Fault], ...] = (
    (15, _drop("signature")), (12, _drop_check), (7, _short_phone), (4, _misspelt_name), (4, _signed_by_another),
    (4, _drop("content")), (5, _drop("feedback")), (3, _staff_number), (3, _other_visit_number), (3, _wrong_scale),
    (2, _submitted_before), (2, _own_words),
)  # fmt: skip


def make_errors(visits: list[Visit], used: set[int], staff: b.Staff, rng: Random) -> None:
    """Errors in records that raise no issue, one a record; none where the next overdue visit hangs on the record."""
    whole = [
        i
        for i, visit in enumerate(visits)
        if visit.success and i not in used and visit.row["submitted_on"] and visit.visit_type in PLAIN_TYPES
    ]
    for count, fault in ERRORS:
        for i in rng.sample(whole, count):
            whole.remove(i)
            used.add(i)
            fault(visits[i].row, rng, staff)


def _odd_dates(visits: list[Visit], rng: Random) -> None:
    for visit in rng.sample(visits, len(visits) // 25):
        day = visit.row["visited_on"]
        visit.row["visited_on"] = rng.choice(
            (f"{day.year}年{day.month}月{day.day}日", f"{day:%Y}.{day.month}.{day.day}", int(f"{day:%Y%m%d}"))
        )


def make_oddities(visits: list[Visit], used: set[int], people: People, staff: b.Staff, rng: Random) -> None:
    """What looks odd and is read as meant, and what draws a warning only."""
    plain = [visit for i, visit in enumerate(visits) if visit.success and i not in used]
    rng.shuffle(plain)

    def take(count: int, fits: Callable[[Visit], bool] = lambda visit: True) -> list[Visit]:
        taken = [visit for visit in plain if fits(visit)][:count]
        for visit in taken:
            plain.remove(visit)
        return taken

    for visit in take(12):
        visit.row["phone"] = visit.row["phone"].translate(WIDE)
    for visit in take(14):
        phone = visit.row["phone"]
        visit.row["phone"] = rng.choice(
            (f"+86{phone}", f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"{phone[:3]}-{phone[3:7]}-{phone[7:]}")
        )
    for visit in take(8):
        visit.row["minutes"] = f"{visit.row['minutes']}分钟"
    for visit in take(6):
        clock = visit.row["started_at"]
        visit.row["started_at"] = f"{clock.hour}点{clock.minute:02}分"
    for visit in take(5, lambda visit: "（" in visit.row["customer_name"]):
        visit.row["customer_name"] = visit.row["customer_name"].replace("（", "(").replace("）", ")")
    for visit in take(18):
        visit.row["phone"] = people.phone()
    for visit in take(7, lambda visit: visit.row["method"] == v.PHONE_CALL):
        visit.row["minutes"] = 1
    for visit in take(4, lambda visit: visit.row["method"] == v.PHONE_CALL):
        visit.row["minutes"] = rng.choice((55, 70, 120))
    for visit in take(3):
        visit.row["started_at"] = dt.time(22, rng.randrange(5, 50))
    for visit in take(8, lambda visit: visit.row["method"] == v.FACE_TO_FACE):
        visit.row["method"], visit.row["minutes"] = v.PHONE_CALL, rng.randint(5, 15)
    for visit in take(5):
        check = rng.choice([name for name in sheets.CHECK_FIELDS if visit.row.get(name) == v.YES])
        visit.row[check] = v.NOT_ASKED
    for visit in take(4, lambda visit: bool(visit.loan.drawdown_no)):
        visit.row["drawdown_no"] = None
    own = [visitor.name for visitor in staff.visitors]
    for visit in take(3, lambda visit: visit.loan.officer in own):
        visit.row["visitor"] = visit.row["signature"] = visit.loan.officer
    lazy = rng.choice([visit.row["visitor"] for visit in plain])
    for visit in take(5, lambda visit: visit.row["visitor"] == lazy):
        visit.row["feedback"] = COPIED
    _odd_dates([visit for visit in plain if isinstance(visit.row["visited_on"], dt.date)], rng)


def duplicates(visits: list[Visit], used: set[int], rng: Random) -> list[dict[str, Any]]:
    """Rows that should not be there: two typed twice, one visit reported again two days later."""
    plain = [visit for i, visit in enumerate(visits) if visit.success and i not in used]
    plain = [
        visit for visit in plain if isinstance(visit.row["visited_on"], dt.date) and visit.row["visited_on"].day < 20
    ]
    twice = [dict(visit.row) for visit in rng.sample(plain, 2)]
    again = dict(rng.choice(plain).row)
    again["visited_on"] = workday(again["visited_on"], 2)
    again["submitted_on"] = min(workday(again["visited_on"], 1), LAST_DAY)
    return [*twice, again]
