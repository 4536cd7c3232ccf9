"""Does a record agree with ledger, list and staff, and what is suggested where it does not?

Requirements: contract, section 4 (name, contract, visitor, 回访编号, two 成功 records, entered twice, reserved phone,
weaker method, 客户经理; 建议 holds the bare value); regulation 四、(一)1. and 2., 五、(一)2.
"""

import datetime as dt

import pytest
from checking import DAY, branch, cells, found, loan, record, request, visit

from toolkit.rules.checks.rule_table import findings_of


def test_brackets_and_middle_dots_of_names_are_alike():
    loans = [loan(customer_name="阿依·努尔（个体）"), loan("HT002")]
    assert found([record(customer_name="阿依•努尔(个体)")], loans=loans) == set()


def test_an_unknown_visitor():
    assert found([record(visitor="何倩", signature="何倩")]) == {("A03", 2, "visitor")}


def test_a_staff_number_signed_with_the_name_is_one_fault():
    assert found([record(visitor="V01", signature="何青")]) == {("A03", 2, "visitor")}
    assert found([record(visitor="V01", signature="陆平")]) == {("A03", 2, "visitor"), ("A04", 2, "signature")}


def test_the_message_tells_a_staff_number_from_a_strange_name():
    wrong = findings_of(branch([record(visitor="V01", signature="何青"), record("HT002", visitor="何倩")]), request())
    told = wrong[wrong["rule"] == "A03"].set_index("row")
    assert told.loc[2, "message"] == "“V01”是工号，不是姓名；改正前“考核指标”把它单列为一人"
    assert (told.loc[2, "suggestion"], told.loc[3, "message"]) == ("何青", "“何倩”不在“回访人员”表")


TWO_SUCCESSES = [
    ({}, {}, 3),
    ({"visited_on": DAY(2026, 4, 24), "submitted_on": DAY(2026, 4, 24)}, {}, 2),  # the later by date is the error
    ({"visit_no": ""}, {}, 3),
    ({"visit_no": ""}, {"visit_no": ""}, 3),
]


@pytest.mark.parametrize(("first", "second", "row"), TWO_SUCCESSES)
def test_two_successes_for_one_visit(first, second, row):
    second = {"started_at": dt.time(15, 0), "feedback": "下午又问，仍说生意不错"} | second
    tables = branch([record(**first), record(**second)])
    wrong = findings_of(tables, request())
    assert cells(wrong) == {("A07", row, "visit_no")}
    assert f"第 {5 - row} 行" in wrong["message"].iloc[0]


def test_a_success_after_failed_attempts_is_fine():
    failed = record(result="未接通", visited_on=DAY(2026, 4, 20), use_1="", use_2="", use_3="", minutes=1)
    assert found([failed, record()]) == set()


def test_the_same_visit_entered_twice():
    failed = record(result="未接通", use_1="", use_2="", use_3="")
    assert found([failed, dict(failed)]) == {("A08", 3, "visited_on")}
    assert found([failed, failed | {"started_at": dt.time(9, 31), "minutes": 2}]) == set()
    assert found([failed, failed | {"visitor": "陆平", "signature": "陆平"}]) == set()
    untimed = failed | {"started_at": None, "content": "无人接听"}
    assert found([untimed, dict(untimed)]) == {("A08", 3, "visited_on")}
    assert found([untimed, untimed | {"content": "关机"}]) == set()


def test_the_loan_officer_keeps_away():
    assert found([record()], loans=[loan(loan_officer="何 青")]) == {("W09", 2, "visitor")}


@pytest.mark.parametrize(
    ("planned", "made", "wrong"),
    [("面谈", "电话", True), ("面谈", "问卷", True), ("电话", "问卷", True), ("电话", "面谈", False),
     ("问卷", "电话", False), ("面谈", "面谈", False)],
)  # fmt: skip
def test_method_weaker_than_planned(planned, made, wrong):
    one = record(method=made, minutes=10)
    assert found([one], visits=[visit(method=planned)]) == ({("W08", 2, "method")} if wrong else set())
    assert found([one | {"visit_no": ""}], visits=[visit(method=planned)]) == (
        {("W08", 2, "method")} if wrong else set()
    )


def test_a_contract_in_parts():
    loans = [loan(drawdown_no="JJ1"), loan(drawdown_no="JJ2")]
    listed = [visit(drawdown_no="JJ2")]
    assert found([record()], loans=loans, visits=listed) == set()  # the visit says which
    assert found([record(drawdown_no="JJ2")], loans=loans, visits=listed) == set()
    assert found([record(drawdown_no="JJ1")], loans=loans, visits=listed) == {("A06", 2, "visit_no")}
    assert found([record(drawdown_no="JJ3")], loans=loans, visits=listed) == {("A01", 2, "drawdown_no")}
    assert found([record(visit_no="")], loans=loans, visits=[]) == {("W13", 2, "drawdown_no")}
    # A list without the column 借据编号 contradicts nobody.
    assert found([record(drawdown_no="JJ1")], loans=loans, visits=[visit()]) == set()
    # The customer is known all the same.
    assert found([record(visit_no="", customer_name="林")], loans=loans, visits=[]) == {
        ("W13", 2, "drawdown_no"),
        ("A02", 2, "customer_name"),
    }


def test_a_listed_contract_that_is_not_in_the_ledger_is_not_suggested():
    wrong = findings_of(branch([record(contract_no="HT9")], loans=[loan("HT002")]), request())
    assert cells(wrong) == {("A01", 2, "contract_no")}
    assert wrong["suggestion"].tolist() == ["请核对合同编号，或先导入台账"]


SUGGESTIONS = [
    ({"customer_name": "林小舟"}, "customer_name", "林晓舟"),
    ({"customer_name": ""}, "customer_name", "林晓舟"),
    ({"phone": ""}, "phone", "19900000001"),
    ({"phone": "1990000001"}, "phone", "19900000001"),
    ({"phone": "19900000009"}, "phone", "19900000001"),
    ({"phone": 1.990000000112345e17}, "phone", "19900000001"),
    ({"contract_no": "HT01"}, "contract_no", "HT001"),
    ({"contract_no": "HT01", "visit_no": ""}, "contract_no", "HT001"),
    ({"visitor": "V01", "signature": "V01"}, "visitor", "何青"),
    ({"visitor": ""}, "visitor", "何青"),
    ({"signature": ""}, "signature", "何青"),
    ({"visitor": "V01", "signature": ""}, "signature", "何青"),
    ({"visit_no": "dq20260630-aaaaa001"}, "visit_no", "DQ20260630-AAAAA001"),
    ({"visit_no": "X1"}, "visit_no", "DQ20260630-AAAAA001"),
    ({"visited_on": "4月21日"}, "visited_on", "2026-04-21"),
    ({"visited_on": "26.4.21"}, "visited_on", "2026-04-21"),
    ({"method": "电话回访"}, "method", "电话"),
    ({"result": "未接听", "use_1": "", "use_2": "", "use_3": ""}, "result", "未接通"),
]


@pytest.mark.parametrize(("changes", "field", "value"), SUGGESTIONS)
def test_the_suggestion_is_the_bare_value(changes, field, value):
    wrong = findings_of(branch([record(**changes)]), request())
    assert wrong.loc[wrong["field"] == field, "suggestion"].tolist() == [value]
