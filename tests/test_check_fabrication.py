"""Hints at invented records: the last habit that is none beside the first that is one, with its evidence.

Requirements: issue 6, item 3 (疑似编造 with their evidence, stated thresholds); regulation 一、(三)1., 七、(一)2.
"""

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from checking import DAY, STAFF, branch, handled, loan, record, request, run, visit

from toolkit.model import sheets as s
from toolkit.rules.checks.rule_table import CHECKS, findings_of

CONTENT = "按提纲逐项询问了资金用途、经营状况、还款安排和对服务的意见，客户都作了回答"


def two_people(own: int, other: int, **changes: Any) -> dict[str, Any]:
    """`own` ordinary records of 何青 with `changes`, then `other` ordinary ones of 陆平; keyword arguments of `branch`.

    Two visits a day, every tenth with a 否, odd minutes and starts, so that nothing but `changes` stands out.
    """
    out: dict[str, Any] = {"records": [], "loans": [], "visits": []}
    for i in range(own + other):
        number, who, turn = f"HT{1000 + i}", "何青" if i < own else "陆平", i if i < own else i - own
        owner = {"customer_name": f"客户{number}", "phone": f"1990000{number[2:]}"}
        day = DAY(2026, 4, 1) + dt.timedelta(days=turn // 2 % 28)
        ordinary = owner | {
            "visit_no": f"DQ20260630-{number}",
            "visited_on": day,
            "submitted_on": day,
            "started_at": dt.time(9 + turn % 2 * 4 + turn // 56, 1 + turn % 13),
            "minutes": 6 + turn % 4,
            "satisfaction": 4 + turn % 2,
            "use_1": "否" if turn % 10 == 0 else "是",
            "feedback": f"{number}说账目清楚，第{i}次进货",
            "visitor": who,
            "signature": who,
        }
        out["records"].append(record(number, **ordinary | (changes if i < own else {})))
        out["loans"].append(loan(number, customer_no=f"K{number}", **owner))
        out["visits"].append(visit(number, visit_no=f"DQ20260630-{number}"))
    return out


def hints(**sheets: Any) -> dict[str, str]:
    """Rule → message of the hints; each must point at 何青 in 回访人员."""
    wrong = findings_of(branch(**sheets), request())
    told = wrong[wrong["rule"].str.startswith("F")]
    assert set(zip(told["sheet"], told["row"].astype(int), told["field"], strict=True)) <= {("回访人员", 2, "name")}
    assert set(told["level"]) <= {"提示"}
    return dict(zip(told["rule"], told["message"], strict=True))


def test_hints_are_no_more_than_hints_and_their_thresholds_are_printed():
    from toolkit.generate.docs_tables import check_rules

    page = check_rules()
    codes = [check for check in CHECKS if check.rule.code.startswith("F")]
    assert {check.rule.level for check in codes} == {"提示"}
    for number in ("600 分钟", "20 次", "100 次", "30 次", "90%", "50%", "0.1%", "10 名", "30 字", "20 条", "10 天"):
        assert number in page, number


def test_ordinary_work_raises_nothing():
    assert hints(**two_people(40, 40)) == {}


@pytest.mark.parametrize(("own", "other", "hint"), [(30, 30, True), (29, 30, False), (30, 29, False)])
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"minutes": 10}, "F04"),
        ({"started_at": "9:30", "minutes": None}, "F05"),
        ({"satisfaction": 5, "use_1": "是"}, "F02"),
    ],
)
def test_a_habit_takes_thirty_visits_and_thirty_of_others(own, other, hint, changes, rule):
    assert set(hints(**two_people(own, other, **changes))) == ({rule} if hint else set())


def test_evidence_of_a_habit():
    assert hints(**two_people(30, 30, minutes=10))["F04"] == (
        "何青：30 次回访中 100% 的时长是 5 分钟的整倍数，其他人员为 0%"
    )


@pytest.mark.parametrize(("round_ones", "hint"), [(27, True), (26, False)])
def test_nine_in_ten(round_ones, hint):
    people = two_people(30, 30)
    for one in people["records"][:round_ones]:
        one["minutes"] = 15
    assert ("F04" in hints(**people)) == hint


def test_what_the_whole_branch_does_is_no_hint():
    people = two_people(40, 40)
    for one in people["records"]:
        one |= {"minutes": 10, "started_at": "9:30", "satisfaction": 5, "use_1": "是", "use_2": "不适用"}
    assert not {"F02", "F04", "F05"} & set(hints(**people))


@pytest.mark.parametrize(("minutes", "hint"), [(60, False), (61, True)])
def test_ten_hours_of_talk_on_one_day(minutes, hint):
    people = two_people(
        10, 0, method="面谈", minutes=minutes, visited_on=DAY(2026, 4, 27), submitted_on=DAY(2026, 4, 27)
    )
    for i, one in enumerate(people["records"]):
        one["started_at"] = (dt.datetime(2026, 4, 27, 8, 1) + dt.timedelta(minutes=80 * i)).time()
    assert hints(**people) == (
        {"F03": "何青：2026-04-27 成功回访 10 次（其中面谈 10 次）合计 610 分钟"} if hint else {}
    )


@pytest.mark.parametrize(("meetings", "hint"), [(20, False), (21, True)])
def test_meetings_of_a_day_and_one_contact_counts_once(meetings, hint):
    people = two_people(22, 0, method="面谈", minutes=10, visited_on=DAY(2026, 4, 27), submitted_on=DAY(2026, 4, 27))
    for i, one in enumerate(people["records"]):
        # The last ones are further loans of the first customer, spoken of in the same contact.
        same = i if i < meetings else 0
        one["started_at"] = dt.time(8 + same // 2, same % 2 * 30 + 1)
        people["loans"][i] |= {"customer_no": people["loans"][same]["customer_no"]}
    assert set(hints(**people)) == ({"F03"} if hint else set())


@pytest.mark.parametrize(("records", "days", "hint"), [(20, 10, True), (19, 10, False), (20, 9, False)])
def test_records_of_many_days_submitted_on_one(records, days, hint):
    people = two_people(records, 0, submitted_on=DAY(2026, 4, 28))
    for i, one in enumerate(people["records"]):
        one["visited_on"] = DAY(2026, 4, 28) - dt.timedelta(days=i % (days + 1))
    told = hints(**people)
    assert ("F06" in told) == hint
    if hint:
        assert told["F06"] == "何青：2026-04-28 提交 20 条，回访日期为 2026-04-18 至 2026-04-28"


@pytest.mark.parametrize(
    ("customers", "text", "hint"),
    [(10, CONTENT, True), (9, CONTENT, False), (10, CONTENT[:34], True), (10, CONTENT[:28], False)],
)
def test_one_account_of_many_talks(customers, text, hint):
    people = two_people(12, 0)
    for one in people["records"][:customers]:
        one["content"] = text
    told = hints(**people)
    assert set(told) == ({"F01"} if hint else set())
    if hint:
        assert told["F01"] == "何青：10 名客户的回访内容一字不差（回访记录第 2、3、4、5、6 行 等）"


def test_one_customer_with_two_visitors_at_once():
    loans = [loan(), loan("HT002", customer_no="K001", customer_name="林晓舟", phone="19900000001")]
    other = record("HT002", customer_name="林晓舟", phone="19900000001", visitor="陆平", signature="陆平")
    wrong = findings_of(branch([record(), other], loans=loans), request())
    assert wrong[["rule", "row", "field", "message"]].to_numpy().tolist() == [
        ["F07", 3, "started_at", "同一客户同时由两人回访，另见第 2 行"]
    ]
    by_number = branch([record(), other | {"visitor": "V01", "signature": "何青"}], loans=loans)
    assert "F07" not in set(findings_of(by_number, request())["rule"])
    later = branch([record(), other | {"started_at": dt.time(9, 38)}], loans=loans)
    assert findings_of(later, request()).empty


def test_an_explanation_holds_for_the_evidence_it_was_given_for():
    _, tables = run(branch(**two_people(30, 30, minutes=10)))
    tables = handled(tables, "F04", handling="说明", handling_reason="已听录音，属实")
    outcome, tables = run(tables)
    assert outcome.counts["提示"] == 0
    more = two_people(31, 30, minutes=10)
    grown = branch(**more)
    tables = {
        **grown,
        s.FINDINGS.title: tables[s.FINDINGS.title],
        s.FIRST_SUBMISSIONS.title: tables[s.FIRST_SUBMISSIONS.title],
    }
    outcome, tables = run(tables)
    assert outcome.counts["提示"] == 1
    assert outcome.warnings == ["校验结果 J2（回访人员 B2）：情况已变，原来选的处理不再适用，请核对后重新选择"]


def summary_of(records, **sheets) -> pd.DataFrame:
    """校验汇总 after a run, by visitor."""
    _, tables = run(branch(records, **sheets))
    return tables[s.CHECK_SUMMARY.title].data.set_index("visitor")


def test_summary_of_each_visitor_and_of_all():
    numbers = [f"HT00{i}" for i in range(1, 7)]
    sheets = {"loans": [loan(number) for number in numbers], "visits": [visit(number) for number in numbers]}
    refused = {"result": "拒访", "use_1": "", "use_2": "", "use_3": "", "minutes": 1}
    clocks = [{"started_at": dt.time(9 + i)} for i in range(6)]
    other = {"visitor": "陆平", "signature": "陆平"}
    records = [
        record("HT001", use_2="未问", **clocks[0]),  # W12
        record("HT002", minutes=41, submitted_on=DAY(2026, 4, 24), **clocks[1]),  # W02, W04
        record("HT003", **refused | clocks[2]),
        record("HT004", satisfaction=9, content="", minutes=9, **clocks[3]),  # R06, R08
        record("HT005", method="面谈", minutes=35, **other | clocks[4]),
        record("HT006", visitor="", **clocks[5]),  # R01
    ]
    seen = summary_of(records, **sheets)
    assert seen.index.tolist() == ["何青", "陆平", "（未填）", "合计"]
    counts = ["records", "successes", "errors", "faulty", "warnings", "hints", "refused", "late"]
    assert seen[counts].astype(int).to_numpy().tolist() == [
        [4, 3, 2, 1, 3, 0, 1, 1],
        [1, 1, 0, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 0, 0, 0, 0],
        [6, 5, 3, 2, 3, 0, 1, 1],
    ]
    assert seen["refusal_rate"].tolist() == [1 / 4, 0, 0, 1 / 6]
    assert seen["not_asked_rate"].tolist() == [1 / 9, 0, 0, 1 / 15]
    assert seen["late_rate"].tolist() == [1 / 4, 0, 0, 1 / 6]
    assert seen["phone_minutes"].fillna(-1).tolist() == [9, -1, 8, 8.5]
    assert seen["meeting_minutes"].fillna(-1).tolist() == [-1, 35, -1, 35]
    assert seen["branch"].tolist() == ["城东支行", "城东支行", "", ""]


def test_summary_counts_what_is_open_and_hints_at_a_person_but_late_stays_late():
    _, tables = run(branch([record(minutes=50, submitted_on=DAY(2026, 4, 29))]))
    tables = handled(tables, "W04", handling="说明", handling_reason="出差")
    _, tables = run(handled(tables, "W02", handling="说明", handling_reason="客户健谈"))
    seen = tables[s.CHECK_SUMMARY.title].data.set_index("visitor")
    assert seen[["warnings", "late"]].to_numpy().tolist() == [[0, 1], [0, 1]]
    people = two_people(30, 30, minutes=10)
    seen = summary_of(people.pop("records"), **people)
    assert seen["hints"].tolist() == [1, 0, 1]


def test_no_records_no_summary_rows():
    assert summary_of([], staff=STAFF).empty
