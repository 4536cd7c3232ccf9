"""One large clean branch, and every rule broken in it once: each is found at its very cell, clean rows raise nothing.

Requirements: issue 6, "Show" (every rule is hit at the exact cell, clean rows raise nothing); contract, section 4 (a
finding points at the very cell). Each seed spoils customers of its own, so what one rule finds cannot hide another's.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from checking import DAY, LATER, STAFF, branch, loan, record, request, visit

from toolkit.model import sheets as s
from toolkit.rules.checks.rule_table import BY_CODE, findings_of

CUSTOMERS = 32  # of a seed: enough to show a habit
LONG_CONTENT = "按提纲逐项询问了资金用途、经营状况、还款安排和对服务的意见，客户都作了回答并表示理解配合"
SHEETS = {"records": s.RECORDS, "loans": s.LOANS, "staff": s.VISITORS, "visits": s.VISITS}
Rows = dict[str, list[dict[str, Any]]]
Cell = tuple[str, str, int, str]  # rule, sheet, row, field


class Part:
    """The customers that one seed may spoil, with loan, visit and record each, and their own visitor."""

    def __init__(self, code: str, place: int, rows: Rows) -> None:
        self.code, self.rows, self.visitor = code, rows, f"员{code}"
        self.first = {name: len(rows[name]) for name in rows}
        rows["staff"].append(STAFF[0] | {"staff_no": f"V{code}", "name": self.visitor})
        for i in range(CUSTOMERS):
            number = f"HT{1000 + place * CUSTOMERS + i}"
            owner = {"customer_name": f"客户{number}", "phone": f"1990000{number[2:]}"}
            rows["loans"].append(loan(number, customer_no=f"K{number}", **owner))
            rows["visits"].append(visit(number, visit_no=f"DQ20260630-{number}"))
            # Two a day, so that no day is crowded or all alike; something is wrong with one in ten.
            day = DAY(2026, 4, 1) + dt.timedelta(days=i // 2)
            rows["records"].append(
                record(number, visit_no=f"DQ20260630-{number}", visited_on=day, submitted_on=day,
                       started_at=dt.time(9 + i % 2 * 4, 7 + i), minutes=6 + i % 7, satisfaction=4 + i % 2,
                       use_1="否" if i == 9 else "是", feedback=f"{number}说生意平稳，账目清楚，第{i}次进货",
                       visitor=self.visitor, signature=self.visitor, **owner)
            )  # fmt: skip

    def __getitem__(self, name: str) -> list[dict[str, Any]]:
        return self.rows[name][self.first[name] : self.first[name] + CUSTOMERS]

    def change(self, name: str, place: int, /, **values: Any) -> None:
        self.rows[name][self.first[name] + place].update(values)

    def change_all(self, **values: Any) -> None:
        for place in range(CUSTOMERS):
            self.change("records", place, **values)

    def at(self, field: str, *places: int, name: str = "records", rule: str = "") -> set[Cell]:
        """The cells of own rows."""
        return {(rule or self.code, SHEETS[name].title, self.first[name] + place + 2, field) for place in places}

    def add(self, name: str, field: str, /, **values: Any) -> set[Cell]:
        """A row below all others; its cell."""
        self.rows[name].append(values)
        return {(self.code, SHEETS[name].title, len(self.rows[name]) + 1, field)}

    def person(self) -> set[Cell]:
        return self.at("name", 0, name="staff")


Seed = Callable[[Part], set[Cell]]


def cell(field: str, value: Any, name: str = "records", at: str = "", **others: Any) -> Seed:
    """One value in the first row of a sheet, found there or (`at`) in the first record."""

    def seed(part: Part) -> set[Cell]:
        part.change(name, 0, **{field: value}, **others)
        return part.at(at, 0) if at else part.at(field, 0, name=name)

    return seed


def other_contracts_visit(part: Part) -> set[Cell]:
    part.change("records", 0, visit_no=part["visits"][1]["visit_no"])
    return part.at("visit_no", 0)


def second_success(part: Part) -> set[Cell]:
    again = {"visited_on": DAY(2026, 4, 24), "submitted_on": DAY(2026, 4, 24), "use_1": "不适用"}
    return part.add("records", "visit_no", **part["records"][0] | again)


def entered_twice(part: Part) -> set[Cell]:
    attempt = part["records"][0] | {"visited_on": DAY(2026, 4, 24), "submitted_on": DAY(2026, 4, 24), "minutes": 1}
    attempt |= {"result": "未接通", "use_1": "", "use_2": "", "use_3": ""}
    part.add("records", "visited_on", **attempt)
    return part.add("records", "visited_on", **attempt)


def own_officer(part: Part) -> set[Cell]:
    part.change("loans", 0, loan_officer=part.visitor)
    return part.at("visitor", 0)


def overlapping(part: Part) -> set[Cell]:
    part.change("records", 1, started_at=part["records"][0]["started_at"])
    return part.at("started_at", 0, 1)


def failed_but_answered(part: Part) -> set[Cell]:
    part.change("records", 0, result="拒访")
    return part.at("use_1", 0) | part.at("use_2", 0)


def drawdown_left_out(part: Part) -> set[Cell]:
    part.change("loans", 0, drawdown_no="JJ1")
    part.add("loans", "", **part["loans"][0] | {"drawdown_no": "JJ2"})
    part.change("visits", 0, contract_no="HT-")
    part.change("records", 0, visit_no="")
    return part.at("drawdown_no", 0)


def same_feedback(part: Part) -> set[Cell]:
    for place in range(3):
        part.change("records", place, feedback="一切都按合同办理，很好")
    return part.at("feedback", 0, 1, 2)


def same_phone(part: Part) -> set[Cell]:
    for place in range(3):
        for name in ("records", "loans"):
            part.change(name, place, phone="19911110000")
    return part.at("phone", 0, 1, 2)


def all_alike(part: Part) -> set[Cell]:
    for place in range(3):
        day = DAY(2026, 4, 24)
        part.change("records", place, visited_on=day, submitted_on=day, use_1="是", use_2="是", use_3="是")
        part.change("records", place, started_at=dt.time(9 + place, 7))
    return part.at("use_1", 0, 1, 2)


def copied_content(part: Part) -> set[Cell]:
    for place in range(10):
        part.change("records", place, content=LONG_CONTENT)
    return part.person()


def never_a_flaw(part: Part) -> set[Cell]:
    part.change_all(satisfaction=5, use_1="是")
    return part.person()


def crowded_day(part: Part) -> set[Cell]:
    day, first = DAY(2026, 4, 24), dt.datetime(2026, 4, 24, 8, 3)
    for place in range(11):
        clock = (first + dt.timedelta(minutes=62 * place)).time()
        part.change("records", place, visited_on=day, submitted_on=day, started_at=clock, minutes=56, method="面谈")
    return part.person()


def round_minutes(part: Part) -> set[Cell]:
    part.change_all(minutes=10)
    return part.person()


def round_start(part: Part) -> set[Cell]:
    for place in range(CUSTOMERS):
        part.change("records", place, started_at=dt.time(9 + place % 2 * 4, 0))
    return part.person()


def entered_in_bulk(part: Part) -> set[Cell]:
    part.change_all(submitted_on=DAY(2026, 4, 20))
    late = [place for place in range(CUSTOMERS) if part["records"][place]["visited_on"] < DAY(2026, 4, 16)]
    return part.person() | part.at("submitted_on", *late, rule="W04")


def two_visitors_at_once(part: Part) -> set[Cell]:
    own, other = part["records"][0], {"visitor": "何青", "signature": "何青"}
    part.add("loans", "", **part["loans"][0] | {"contract_no": "HTF07"})
    part.add("visits", "", **part["visits"][0] | {"contract_no": "HTF07", "visit_no": "DQ20260630-HTF07"})
    return part.add("records", "started_at", **own | other | {"contract_no": "HTF07", "visit_no": "DQ20260630-HTF07"})


SEEDS: dict[str, Seed] = {
    "R01": cell("phone", None),
    "R02": cell("submitted_on", "四月"),
    "R03": cell("phone", 1.990000000112345e17),
    "R04": cell("method", "微信"),
    "R05": cell("phone", "1990000001"),
    "R06": cell("satisfaction", 9),
    "R07": cell("answered_on", LATER),
    "R08": cell("content", ""),
    "R09": cell("submitted_on", DAY(2026, 3, 31)),
    "A01": cell("contract_no", "HT-9"),
    "A02": cell("customer_name", "林小舟"),
    "A03": cell("visitor", "司马相如", signature="司马相如"),
    "A04": cell("signature", "何青"),
    "A05": cell("visit_no", "X1"),
    "A06": other_contracts_visit,
    "A07": second_success,
    "A08": entered_twice,
    "A09": cell("use_2", ""),
    "A10": cell("use_1", "否", feedback="无"),
    "W01": cell("phone", "19911112222"),
    "W02": cell("minutes", 41),
    "W03": cell("started_at", "22:30"),
    "W04": cell("submitted_on", DAY(2026, 4, 10)),
    "W05": cell("disbursed_on", DAY(2026, 4, 2), "loans", "visited_on"),
    "W06": cell("settled_on", DAY(2026, 3, 31), "loans", "visited_on", status="已结清"),
    "W07": cell("earliest_on", DAY(2026, 4, 2), "visits", "visited_on"),
    "W08": cell("method", "面谈", "visits", "method"),
    "W09": own_officer,
    "W10": overlapping,
    "W11": failed_but_answered,
    "W12": cell("use_2", "未问"),
    "W13": drawdown_left_out,
    "Q01": same_feedback,
    "Q02": same_phone,
    "Q03": all_alike,
    "F01": copied_content,
    "F02": never_a_flaw,
    "F03": crowded_day,
    "F04": round_minutes,
    "F05": round_start,
    "F06": entered_in_bulk,
    "F07": two_visitors_at_once,
    "T01": cell("product", "", "loans"),
    "T02": cell("matures_on", "明年", "loans"),
    "T03": cell("id_number", 3.30102199001011e17, "loans"),
    "T04": cell("grade", "优良", "loans"),
    "T05": cell("phone", "12", "loans"),
    "T06": cell("term_months", 0, "loans"),
    "T07": cell("applied_on", LATER, "loans"),
    "T08": lambda part: part.add("staff", "staff_no", **part.rows["staff"][-1] | {"name": "另一人"}),
    "T09": lambda part: part.add("loans", "contract_no", **part["loans"][0]),
    "T10": cell("id_number", "990101199001010001", "loans"),
}


@pytest.fixture(scope="module")
def parts() -> tuple[Rows, list[Part]]:
    rows: Rows = {"loans": [], "visits": [], "staff": [dict(one) for one in STAFF], "records": []}
    return rows, [Part(code, place, rows) for place, code in enumerate(SEEDS)]


def found(rows: Rows) -> set[Cell]:
    sheets = {name: rows[name] for name in ("loans", "visits", "staff")}
    wrong = findings_of(branch(rows["records"], **sheets), request())
    return set(zip(wrong["rule"], wrong["sheet"], wrong["row"].astype(int), wrong["field"], strict=True))


def test_the_seeds_are_the_rules():
    assert list(SEEDS) == list(BY_CODE)


def test_clean_rows_raise_nothing_and_each_seed_is_found_at_its_cell_and_nowhere_else(parts):
    rows, of_seeds = parts
    assert found(rows) == set()
    wanted: set[Cell] = set()
    for part, seed in zip(of_seeds, SEEDS.values(), strict=True):
        cells = seed(part)
        assert part.code in {rule for rule, *_ in cells}
        wanted |= cells
    assert found(rows) == wanted
