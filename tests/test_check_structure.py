"""Is a record complete and readable? Every fault at its very cell, what merely looks odd read as meant.

Requirements: contract, section 4 (错误 on required cells, dates, lists, 满意度, checks of the stage, 否 without reason;
read as meant; 答复时限 and 承诺还款日期 may lie ahead); regulation 三、(一)–(五), 三、(七)3. and 4., 五、(一)2.
"""

import datetime as dt
from functools import cache

import pytest
from checking import DAY, STAFF, branch, cells, found, loan, record, request, visit

from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.rules.checks.rule_table import findings_of


def test_a_clean_branch_raises_nothing():
    tables = branch([record(), record("HT002", started_at=dt.time(10, 0), feedback="一切都好，没有困难")])
    assert findings_of(tables, request()).empty
    assert findings_of(branch([]), request()).empty


@cache
def found_together(table_name: str) -> dict[int, set[tuple[str, str]]]:
    """(rule, field) by the place of each row of a table of cases, one record each, checked in one run.

    What is wrong with one record must not spill over to its neighbours, so each sees the whole branch.
    """
    cases = [case[0] if isinstance(case, tuple) else case for case in globals()[table_name]]
    own = (
        {} if table_name == "ONE_FAULT" else {"customer_no": "K001", "customer_name": "林晓舟", "phone": "19900000001"}
    )
    shown = {name: value for name, value in own.items() if name != "customer_no"}
    numbers = [f"HT{100 + i}" for i in range(len(cases))]
    records = [
        record(number, **({"started_at": dt.time(8 + i // 6, i % 6 * 10)} | shown | changes))
        for i, (number, changes) in enumerate(zip(numbers, cases, strict=True))
    ]
    loans = [loan("HT002"), *(loan(number, **own) for number in numbers)]
    tables = branch(records, loans=loans, visits=[visit(number) for number in ("HT002", *numbers)])
    out: dict[int, set[tuple[str, str]]] = {i: set() for i in range(len(cases))}
    for rule, row, field in cells(findings_of(tables, request())):
        out[row - 2].add((rule, field))
    return out


READ_AS_MEANT = [
    {"visited_on": "2026年4月21日"},
    {"visited_on": 20260421.0, "submitted_on": "２０２６／４／２２"},
    {"phone": "+86 199-0000-0001"},
    {"phone": 19900000001.0},
    {"phone": "１９９００００\u200b０００１"},
    {"phone": "199 0000 0001 / 0571-88886666"},
    {"phone": "19900000001、19900000009"},
    {"phone": "19911112222；19900000001"},
    {"phone": "19900000001 19900000009"},
    {"customer_name": "'林 晓舟"},
    {"started_at": "9点30分", "minutes": "8分钟"},
    {"satisfaction": "5分"},
    {"result": "成 功"},
    {"signature": "何青、陆平"},
    {"minutes": None, "started_at": None, "satisfaction": None, "remark": "无"},
    {"promised_on": DAY(2026, 6, 1), "answer_due_on": DAY(2026, 6, 1)},
    {"visit_no": ""},
    {"drawdown_no": "JJ9"},  # the only loan of its contract
]


@pytest.mark.parametrize("place", range(len(READ_AS_MEANT)), ids=[str(case) for case in READ_AS_MEANT])
def test_values_that_merely_look_odd_are_read_as_meant(place):
    assert found_together("READ_AS_MEANT")[place] == set()


def test_a_contract_number_is_read_as_meant():
    assert found([record(contract_no=" ＨＴ００１ ")]) == set()


# (what is wrong with the record, rule, field)
ONE_FAULT = [
    *(
        ({name: None}, "R01", name)
        for name in ("visited_on", "customer_name", "contract_no", "phone", "method", "visitor")
    ),
    ({"visited_on": "2026-02-30"}, "R02", "visited_on"),
    ({"visited_on": "上周二"}, "R02", "visited_on"),
    ({"submitted_on": "四月"}, "R02", "submitted_on"),
    ({"started_at": "上午"}, "R02", "started_at"),
    ({"minutes": "不久"}, "R02", "minutes"),
    ({"satisfaction": "满意"}, "R02", "satisfaction"),
    ({"phone": 1.990000000112345e17}, "R03", "phone"),
    ({"method": "微信"}, "R04", "method"),
    ({"use_3": "好"}, "R04", "use_3"),
    ({"phone": "1990000001"}, "R05", "phone"),
    ({"phone": "19900000001/12345"}, "R05", "phone"),
    ({"satisfaction": 0}, "R06", "satisfaction"),
    ({"satisfaction": 6}, "R06", "satisfaction"),
    ({"satisfaction": 4.5}, "R06", "satisfaction"),
    ({"answered_on": DAY(2026, 5, 1)}, "R07", "answered_on"),
    ({"content": ""}, "R08", "content"),
    ({"feedback": " "}, "R08", "feedback"),
    ({"submitted_on": DAY(2026, 4, 20)}, "R09", "submitted_on"),
    ({"contract_no": "HT009"}, "A01", "contract_no"),
    ({"customer_name": "林小舟"}, "A02", "customer_name"),
    ({"signature": ""}, "A04", "signature"),
    ({"signature": "陆平"}, "A04", "signature"),
    ({"visit_no": "DQ20260630-ZZZZZ999"}, "A05", "visit_no"),
    ({"visit_no": "DQ20260630-AAAAA002"}, "A06", "visit_no"),
    ({"use_2": ""}, "A09", "use_2"),
    ({"visit_no": "", "use_2": ""}, "A09", "use_2"),
    ({"use_1": "否", "feedback": "无。", "remark": "没有"}, "A10", "use_1"),
    ({"apply_1": "否", "feedback": "没有"}, "A10", "apply_1"),
    ({"phone": "19900000009"}, "W01", "phone"),
    ({"use_2": "未问"}, "W12", "use_2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "rule", "field"),
    [(i, rule, field) for i, (_, rule, field) in enumerate(ONE_FAULT)],
    ids=[f"{rule} {changes}" for changes, rule, _ in ONE_FAULT],
)
def test_one_fault_is_found_at_its_cell_and_nowhere_else(place, rule, field):
    assert found_together("ONE_FAULT")[place] == {(rule, field)}


def test_an_empty_result_is_required():
    assert found([record(result=None)]) == {("R01", 2, "result")}


def test_an_unlisted_loan_without_visit_wants_no_stage():
    records = [record(visit_no="", use_1="", use_2="", use_3="")]
    assert found(records, visits=[]) == set()


def test_a_successful_no_with_a_reason_is_fine():
    assert found([record(use_1="否", feedback="拿去给儿子买车了")]) == set()
    assert found([record(use_1="否", feedback="无", remark="客户称暂借给亲戚")]) == set()


def test_both_stages_of_a_special_visit_are_wanted():
    listed = [visit(visit_type="专项回访", stage="使用、还款", visit_no="ZX20260630-AAAAA001")]
    records = [record(visit_no="ZX20260630-AAAAA001", use_1="未问", repay_1="是", repay_2="")]
    wanted = {("A09", 2, "repay_2"), ("A09", 2, "repay_3"), ("W12", 2, "use_1")}
    assert found(records, visits=listed) == wanted


def test_an_unsuccessful_attempt_needs_neither_words_nor_checks():
    failed = record(result="未接通", use_1="不适用", use_2="未问", use_3="", content="", feedback="", minutes=0)
    assert found([failed]) == set()
    failed |= {"use_1": "是", "use_2": "否", "remark": "接电话的是邻居"}
    assert found([failed]) == {("W11", 2, "use_1"), ("W11", 2, "use_2")}


OTHER_SHEETS = [
    ({"loans": [loan(product="")]}, s.LOANS, "T01", "product"),
    ({"loans": [loan(matures_on="明年")]}, s.LOANS, "T02", "matures_on"),
    ({"loans": [loan(id_number=3.30102199001011e17)]}, s.LOANS, "T03", "id_number"),
    ({"loans": [loan(grade="优良")]}, s.LOANS, "T04", "grade"),
    ({"loans": [loan(phone="12")]}, s.LOANS, "T05", "phone"),
    ({"loans": [loan(term_months=0)]}, s.LOANS, "T06", "term_months"),
    ({"loans": [loan(applied_on=DAY(2026, 5, 1))]}, s.LOANS, "T07", "applied_on"),
    ({"staff": [*STAFF, STAFF[0] | {"name": "王平"}]}, s.VISITORS, "T08", "staff_no"),
    ({"loans": [loan(), loan()]}, s.LOANS, "T09", "contract_no"),
    ({"special": [{"contract_no": "HT001", "due_on": DAY(2026, 5, 8)}]}, s.SPECIAL_VISITS, "T01", "reason"),
    ({"holidays": [{"date": DAY(2027, 1, 1), "kind": "放假"}]}, s.HOLIDAYS, "T04", "kind"),
    ({"schedule": [{"contract_no": "HT001", "instalment_no": 1.5, "due_on": DAY(2026, 5, 1), "due_amount": 1}]},
     s.SCHEDULE, "T06", "instalment_no"),
]  # fmt: skip


@pytest.mark.parametrize(("sheets", "sheet", "rule", "field"), OTHER_SHEETS)
def test_other_sheets_are_warned_about(sheets, sheet, rule, field):
    tables = branch([record()], **sheets)
    wrong = findings_of(tables, request())
    assert [(one, at) for one, _, at in cells(wrong, sheet)] == [(rule, field)]
    assert cells(wrong) == set()
    assert (wrong["level"] == (v.ERROR if rule in ("T03", "T09") else v.WARNING)).all()


@pytest.mark.parametrize("typed", ["没有成功", "不成功", "不是", "线上"])
def test_a_negation_is_not_taken_for_its_opposite(typed):
    wrong = findings_of(branch([record(result=typed)]), request())
    assert wrong.loc[wrong["field"] == "result", "suggestion"].tolist() == ["请从下拉列表中选择"]
