"""统计考核: the four indicators, counted by hand.

Requirements (contract, section 5; section 3, fine print 10)
- period [S, E], E′ = min(E, T); numerator ÷ denominator, both shown; roll-ups add the parts; empty denominator "—".
- 回访计划完成率: by 截止日期, or 改期至 approved in time; out: cancelled by the tool, by staff with ground, settled.
- 回访记录准确率: first submission without 错误, no failed spot check. 反馈及时率, 处理解决率: 重要 and 重大 issues.
- an issue counts for its record's visitor; 问题处理解决率 for 机构, 网点 and 部门 only; the period's rows are replaced.
"""

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from toolkit.model import sheets
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.model.period import parse_period
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, Table, table_from
from toolkit.rules.indicators.indicators import INDICATORS, indicator_rows
from toolkit.steps.kpi import kpi

PLAN, ACCURACY, FEEDBACK, RESOLUTION = (indicator.name for indicator in INDICATORS)
S, E = "2026-07-01", "2026-09-30"
T = dt.date(2026, 10, 20)
CALENDAR = WorkCalendar()
STAFF = [
    {"staff_no": "V01", "name": "何青", "branch": "城东支行", "department": "个贷部"},
    {"staff_no": "V02", "name": "陆平", "branch": "城西支行", "department": "公司部"},
    {"staff_no": "V03", "name": "罗宁", "branch": "城西支行", "department": "个贷部", "status": "离岗"},
]
EMPTY = {sheet.title: table_from(sheet, []) for sheet in sheets.SHEETS} | {
    sheets.VISITORS.title: table_from(sheets.VISITORS, STAFF)
}


def loan(contract: str, **cells: Any) -> dict[str, Any]:
    return {
        "contract_no": contract,
        "customer_no": "K" + contract,
        "customer_name": "林晓舟",
        "phone": "19900000001",
        "disbursed_on": "2026-01-05",
        "status": "使用中",
        "branch": "城东支行",
        "loan_officer": "郑远",
    } | cells


def visit(number: str, due: str = E, **cells: Any) -> dict[str, Any]:
    """A visit of the contract named like the visit."""
    return {
        "visit_no": number,
        "contract_no": number,
        "visit_type": "定期回访",
        "stage": "使用",
        "method": "电话",
        "earliest_on": "2026-06-01",
        "due_on": due,
        "visitor": "何青",
        "branch": "城东支行",
        "state": "待回访",
    } | cells


def record(number: str, day: str = "2026-09-01", **cells: Any) -> dict[str, Any]:
    """A faultless record of the visit and contract `number`."""
    return {
        "visit_no": number,
        "contract_no": number,
        "customer_name": "林晓舟",
        "phone": "19900000001",
        "visited_on": day,
        "started_at": "10:00",
        "minutes": 10,
        "method": "电话",
        "result": "成功",
        "use_1": "是",
        "use_2": "是",
        "use_3": "是",
        "content": "询问资金使用情况",
        "feedback": f"用于进货，一切正常{number}",
        "visitor": "何青",
        "signature": "何青",
    } | cells


def issue(number: str, **cells: Any) -> dict[str, Any]:
    return {
        "issue_no": number,
        "contract_no": number,
        "category": "挪用资金",
        "severity": "重要",
        "found_on": "2026-09-01",
        "state": "待反馈",
    } | cells


SHEET_OF = {
    "visits": sheets.VISITS,
    "records": sheets.RECORDS,
    "loans": sheets.LOANS,
    "issues": sheets.ISSUES,
    "spot_checks": sheets.SPOT_CHECKS,
    "first": sheets.FIRST_SUBMISSIONS,
    "indicators": sheets.INDICATORS,
    "visitors": sheets.VISITORS,
}


def tables(**rows: Any) -> dict[str, Table]:
    return EMPTY | {SHEET_OF[name].title: table_from(SHEET_OF[name], given) for name, given in rows.items()}


def request(as_of: dt.date = T, period: str = "2026Q3", institution: str = "", **parameters: Any) -> Request:
    return Request(as_of, Parameters.defaults(**parameters), CALENDAR, parse_period(period), institution=institution)


def run(asked: Request | None = None, **rows: Any) -> Outcome:
    return kpi(tables(**rows), asked or request())


def written(outcome: Outcome) -> dict[tuple[str, str], tuple[str, Any]]:
    """(对象, 指标) → (分子/分母, 指标值)."""
    frame = outcome.edits[0].replace
    assert frame is not None
    return {
        (row["object_name"], row["indicator"]): (f"{row['numerator']}/{row['denominator']}", row["rate"])
        for row in frame.to_dict("records")
    }


def state_of(rows: pd.DataFrame, key: str) -> str:
    """good, bad, or out of the denominator."""
    mine = rows[rows["key"] == key]
    return "out" if mine.empty else ("good" if mine["good"].all() else "bad")


# --- 回访计划完成率 --------------------------------------------------------------------------------------------------

MOVED = {"state": "已改期", "reschedule_approved_on": E}
# name, visit, its records, its loan, expected
VISIT_CASES: list[tuple[str, dict[str, Any], list[dict[str, Any]], dict[str, Any], str]] = [
    ("due on S, done", {"due_on": S}, [{"visited_on": S}], {}, "good"),
    ("due the day before S", {"due_on": "2026-06-30"}, [{"visited_on": "2026-06-30"}], {}, "out"),
    ("due on E, done that day", {}, [{"visited_on": E}], {}, "good"),
    ("due the day after E", {"due_on": "2026-10-01"}, [{"visited_on": E}], {}, "out"),
    ("done the day after it was due", {"due_on": "2026-09-29"}, [{"visited_on": E}], {}, "bad"),
    ("nothing done", {}, [], {}, "bad"),
    ("only an unsuccessful attempt", {}, [{"result": "未接通"}], {}, "bad"),
    ("the second attempt succeeds", {}, [{"result": "未接通"}, {"visited_on": "2026-09-10"}], {}, "good"),
    ("matched by contract and window", {}, [{"visit_no": ""}], {}, "good"),
    ("another contract's record names it", {}, [{"contract_no": "X"}], {}, "bad"),
    ("done by hand without a record", {"state": "已完成"}, [], {}, "bad"),
    ("cancelled by the tool", {"state": "已取消", "system_note": "系统取消：贷款已结清"}, [], {}, "out"),
    ("cancelled by staff with ground", {"state": "已取消", "approver": "钟琳", "remark": "客户出国"}, [], {}, "out"),
    ("cancelled by staff, no approver", {"state": "已取消", "remark": "客户出国"}, [], {}, "bad"),
    ("cancelled by staff, no reason", {"state": "已取消", "approver": "钟琳"}, [], {}, "bad"),
    ("moved past E, approved on the due day", MOVED | {"rescheduled_to": "2026-10-01"}, [], {}, "out"),
    ("moved past E, approved too late",
     MOVED | {"due_on": "2026-09-29", "rescheduled_to": "2026-10-01"}, [{"visited_on": E}], {}, "bad"),
    ("moved past E, not approved", {"state": "已改期", "rescheduled_to": "2026-10-01"}, [], {}, "bad"),
    ("moved into the period, approved in time, done by then",
     {"due_on": "2026-06-30", "rescheduled_to": "2026-07-10", "reschedule_approved_on": "2026-06-30"},
     [{"visited_on": "2026-07-10", "visit_no": ""}], {}, "good"),
    ("moved within the period, done after the new day",
     {"due_on": "2026-07-31", "rescheduled_to": "2026-08-10", "reschedule_approved_on": "2026-07-31"},
     [{"visited_on": "2026-08-11"}], {}, "bad"),
    ("moved to an earlier day and done after it",
     {"rescheduled_to": "2026-08-10", "reschedule_approved_on": "2026-08-01"}, [], {}, "bad"),
    ("settled on the due day", {}, [], {"status": "已结清", "settled_on": E}, "out"),
    ("settled the day after", {}, [], {"status": "已结清", "settled_on": "2026-10-01"}, "bad"),
    ("settled without a date", {}, [], {"status": "已结清"}, "out"),
    ("written off without a date", {}, [], {"status": "已核销"}, "out"),
    ("settled after the old day, by the new one",
     {"due_on": "2026-08-31", "rescheduled_to": "2026-09-15", "reschedule_approved_on": "2026-08-31"},
     [], {"status": "已结清", "settled_on": "2026-09-10"}, "out"),
]  # fmt: skip


@pytest.fixture(scope="module")
def plan_rows() -> pd.DataFrame:
    visits, records, loans = [], [], []
    for i, (_, listed, made, lent, _) in enumerate(VISIT_CASES):
        visits.append(visit(f"N{i}", **listed))
        records += [record(f"N{i}", **cells) for cells in made]
        loans.append(loan(f"N{i}", **lent))
    return indicator_rows(tables(visits=visits, records=records, loans=loans), request())[PLAN]


@pytest.mark.parametrize(("i", "case"), list(enumerate(VISIT_CASES)), ids=[case[0] for case in VISIT_CASES])
def test_plan_completion(plan_rows, i, case):
    assert state_of(plan_rows, f"N{i}") == case[-1]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (dt.date(2026, 8, 30), "0/0"),
        (dt.date(2026, 8, 31), "0/1"),  # due on T, not done
        (dt.date(2026, 9, 30), "1/2"),
        (dt.date(2026, 6, 30), "0/0"),  # T before S
    ],
)
def test_the_period_is_cut_at_t(as_of, expected):
    visits = [visit("N1", "2026-08-31"), visit("N2", E)]
    outcome = run(request(as_of), visits=visits, records=[record("N2")])
    assert written(outcome)["全机构", PLAN][0] == expected


def test_a_record_after_t_completes_nothing():
    outcome = run(
        request(dt.date(2026, 9, 20)), visits=[visit("N1", "2026-09-10")], records=[record("N1", "2026-09-21")]
    )
    assert written(outcome)["全机构", PLAN][0] == "0/1"


@pytest.mark.parametrize(
    ("enabled", "expected"), [(None, "2/2"), (dt.date(2026, 8, 1), "2/2"), (dt.date(2026, 8, 2), "1/1")]
)
def test_visits_due_before_enabling_are_out(enabled, expected):
    rows = {"visits": [visit("N1", "2026-08-01"), visit("N2")], "records": [record("N1", "2026-07-20"), record("N2")]}
    assert written(run(request(启用日期=enabled), **rows))["全机构", PLAN][0] == expected


def test_one_record_completes_one_visit_the_earliest_due():
    visits = [visit("N1", "2026-09-30"), visit("N2", "2026-09-15", contract_no="N1")]
    rows = indicator_rows(tables(visits=visits, records=[record("N1", visit_no="")]), request())[PLAN]
    assert (state_of(rows, "N1"), state_of(rows, "N2")) == ("bad", "good")


def test_a_record_up_to_the_base_does_not_complete_a_graded_visit():
    number = "ZX20260801-ABCDEFGH"
    visits = [visit(number, "2026-08-31", visit_type="专项回访")]
    for day, expected in (("2026-08-01", "bad"), ("2026-08-02", "good")):
        rows = indicator_rows(tables(visits=visits, records=[record(number, day)]), request())[PLAN]
        assert state_of(rows, number) == expected


def test_unassigned_visits_count_for_institution_and_branch_only():
    figures = written(run(visits=[visit("N1", visitor=""), visit("N2")], records=[record("N2")], loans=[loan("N1")]))
    assert figures["全机构", PLAN][0] == "1/2"
    assert figures["城东支行", PLAN][0] == "1/2"
    assert figures["何青", PLAN][0] == figures["个贷部", PLAN][0] == "1/1"


def test_a_visit_listed_twice_counts_once():
    assert written(run(visits=[visit("N1"), visit("N1")]))["全机构", PLAN][0] == "0/1"


def test_parts_of_one_contract_are_told_apart():
    visits = [visit("N1", contract_no="N", drawdown_no="J1"), visit("N2", contract_no="N", drawdown_no="J2")]
    loans = [loan("N", drawdown_no="J1", status="已结清", settled_on="2026-08-01"), loan("N", drawdown_no="J2")]
    made = [record("N2", contract_no="N", drawdown_no="J2", visit_no="")]
    rows = indicator_rows(tables(visits=visits, loans=loans, records=made), request())[PLAN]
    assert (state_of(rows, "N1"), state_of(rows, "N2")) == ("out", "good")


# --- 回访记录准确率 --------------------------------------------------------------------------------------------------


def verdict(number: str, text: str, day: str = "2026-09-02") -> dict[str, Any]:
    errors = 0 if text == "准确" else 1
    return {"visit_no": number, "contract_no": number, "visited_on": "2026-09-01", "started_at": "10:00",
            "visitor": "何青", "submitted_on": day,
            "first_checked_on": day, "error_count": errors, "verdict": text}  # fmt: skip


RECORD_CASES = [
    ("submitted on S", {"visited_on": S, "submitted_on": S}, None, "", "good"),
    ("submitted the day before S", {"visited_on": "2026-06-30", "submitted_on": "2026-06-30"}, None, "", "out"),
    ("submitted on E", {"submitted_on": E}, None, "", "good"),
    ("submitted the day after E", {"submitted_on": "2026-10-01"}, None, "", "out"),
    ("not submitted", {}, None, "", "out"),
    ("faulty, never checked", {"submitted_on": "2026-09-02", "signature": ""}, None, "", "bad"),
    ("mended after a faulty first submission", {"submitted_on": "2026-09-02"}, "有错", "", "bad"),
    ("spoilt after a faultless first submission", {"submitted_on": "2026-09-02", "content": ""}, "准确", "", "good"),
    ("spot check agrees", {"submitted_on": "2026-09-02"}, "准确", "一致", "good"),
    ("spot check cannot tell", {"submitted_on": "2026-09-02"}, "准确", "无法核实", "good"),
    ("spot check: left out", {"submitted_on": "2026-09-02"}, "准确", "漏记", "bad"),
    ("spot check: wrong", {"submitted_on": "2026-09-02"}, "准确", "错记", "bad"),
    ("spot check: untrue", {"submitted_on": "2026-09-02"}, "准确", "失实", "bad"),
    ("a record without number", {"submitted_on": "2026-09-02", "visit_no": ""}, None, "", "good"),
    ("spot check of a record without number", {"submitted_on": "2026-09-02", "visit_no": ""}, None, "失实", "bad"),
]


@pytest.fixture(scope="module")
def record_rows() -> pd.DataFrame:
    visits, records, loans, first, spot = [], [], [], [], []
    for i, (_, cells, judged, checked, _) in enumerate(RECORD_CASES):
        number = f"N{i}"
        visits.append(visit(number))
        loans.append(loan(number, customer_no="K", customer_type="个人"))
        records.append(record(number, started_at=f"{8 + i // 4:02d}:{i % 4 * 15:02d}", **cells))
        if judged:
            first.append(verdict(number, judged) | {"started_at": records[-1]["started_at"]})
        if checked:
            spot.append({"sample_no": f"P{i}", "visit_no": number, "verdict": checked})
    full = tables(visits=visits, loans=loans, records=records, first=first, spot_checks=spot)
    return indicator_rows(full, request())[ACCURACY]


@pytest.mark.parametrize(("i", "case"), list(enumerate(RECORD_CASES)), ids=[case[0] for case in RECORD_CASES])
def test_record_accuracy(record_rows, i, case):
    assert state_of(record_rows, f"N{i}") == case[-1]


# --- 问题反馈及时率, 问题处理解决率 -----------------------------------------------------------------------------------

FEEDBACK_CASES = [
    ("reported in time", {"report_due_on": "2026-09-02", "reported_on": "2026-09-02"}, "good"),
    ("reported a day late", {"report_due_on": "2026-09-02", "reported_on": "2026-09-03"}, "bad"),
    ("not reported", {"report_due_on": "2026-09-02"}, "bad"),
    ("due on S", {"report_due_on": S, "reported_on": S}, "good"),
    ("due before S", {"report_due_on": "2026-06-30", "reported_on": S}, "out"),
    ("due on E", {"report_due_on": E, "reported_on": E}, "good"),
    ("due after E", {"report_due_on": "2026-10-01", "reported_on": E}, "out"),
    ("critical", {"severity": "重大", "report_due_on": "2026-09-01", "reported_on": "2026-09-01"}, "good"),
    ("general", {"severity": "一般", "report_due_on": "2026-09-01"}, "out"),
    ("ungraded", {"severity": "待定级", "report_due_on": "2026-09-01"}, "out"),
    ("general, graded up", {"severity": "一般", "manual_grading": "重要", "report_due_on": "2026-09-01"}, "bad"),
    ("major, graded down", {"manual_grading": "一般", "report_due_on": "2026-09-01"}, "out"),
    ("no issue after all", {"manual_grading": "无问题", "report_due_on": "2026-09-01"}, "out"),
]
CLOSED = {
    "state": "已销号",
    "owner": "罗宁",
    "verifier": "钟琳",
    "verified_on": "2026-09-22",
    "remedy_due_on": "2026-09-22",
}
RESOLUTION_CASES = [
    ("closed on the last day", CLOSED, "good"),
    ("verified a day late", CLOSED | {"verified_on": "2026-09-23"}, "bad"),
    ("verified by the owner", CLOSED | {"verifier": "罗宁"}, "bad"),
    ("verified by the owner, spelled with a space", CLOSED | {"verifier": "罗 宁"}, "bad"),
    ("verified by nobody", CLOSED | {"verifier": ""}, "bad"),
    ("no owner named", CLOSED | {"owner": ""}, "good"),
    ("no date of verification", CLOSED | {"verified_on": None}, "bad"),
    ("waiting for verification", CLOSED | {"state": "待验证"}, "bad"),
    ("reopened", CLOSED | {"state": "已重开"}, "bad"),
    ("paused", CLOSED | {"state": "已暂停"}, "bad"),
    (
        "carried over from the quarter before",
        CLOSED | {"found_on": "2026-05-20", "remedy_due_on": S, "verified_on": S},
        "good",
    ),
    ("closed early, due after E", CLOSED | {"remedy_due_on": "2026-10-01"}, "out"),
    ("due before S, closed in the period", CLOSED | {"remedy_due_on": "2026-06-30"}, "out"),
    ("due on E", CLOSED | {"remedy_due_on": E}, "good"),
    ("general", CLOSED | {"severity": "一般"}, "out"),
    ("no issue after all", CLOSED | {"manual_grading": "无问题"}, "out"),
]


@pytest.fixture(scope="module")
def issue_rows() -> dict[str, pd.DataFrame]:
    rows = [issue(f"F{i}", **cells) for i, (_, cells, _) in enumerate(FEEDBACK_CASES)]
    rows += [issue(f"R{i}", **cells) for i, (_, cells, _) in enumerate(RESOLUTION_CASES)]
    return indicator_rows(tables(issues=rows), request())


@pytest.mark.parametrize(("i", "case"), list(enumerate(FEEDBACK_CASES)), ids=[case[0] for case in FEEDBACK_CASES])
def test_feedback_timeliness(issue_rows, i, case):
    assert state_of(issue_rows[FEEDBACK], f"F{i}") == case[-1]


@pytest.mark.parametrize(("i", "case"), list(enumerate(RESOLUTION_CASES)), ids=[case[0] for case in RESOLUTION_CASES])
def test_resolution(issue_rows, i, case):
    assert state_of(issue_rows[RESOLUTION], f"R{i}") == case[-1]


def test_an_issue_counts_for_its_records_visitor_its_loans_branch_and_its_own_department():
    due = {
        "report_due_on": "2026-09-02",
        "reported_on": "2026-09-02",
        "remedy_due_on": "2026-09-22",
        "department": "业务部",
    }
    rows = tables(
        visits=[visit("N1", visitor="罗宁")],
        loans=[loan("N1", branch="城西支行"), loan("N2", branch="城东支行"), loan("N3")],
        records=[record("N1", visitor="陆 平"), record("N2", visit_no="", visitor="罗宁")],
        issues=[issue("W1", visit_no="N1", contract_no="N1", **due), issue("W2", contract_no="N2", **due),
                issue("W3", contract_no="N3", **due)],
    )  # fmt: skip
    found = indicator_rows(rows, request())
    columns = ["key", "branch", "visitor", "department"]
    assert found[FEEDBACK][columns].values.tolist() == [
        ["W1", "城西支行", "陆平", "公司部"],
        ["W2", "城东支行", "罗宁", "个贷部"],
        ["W3", "城东支行", "", ""],
    ]
    assert found[RESOLUTION]["department"].tolist() == ["业务部"] * 3
    figures = written(kpi(rows, request()))
    assert figures["陆平", FEEDBACK][0] == "1/1"
    assert figures["业务部", RESOLUTION][0] == "0/3"
    assert figures["业务部", FEEDBACK] == ("0/0", "—")
    assert ("陆平", RESOLUTION) not in figures


# --- units, roll-up, verdict -----------------------------------------------------------------------------------------


def quarter(size: int = 24) -> dict[str, list[dict[str, Any]]]:
    """Visits, records and issues spread over branches and visitors; every third visit undone."""
    people = [("何青", "城东支行"), ("陆平", "城西支行"), ("罗宁", "城西支行")]
    rows: dict[str, list[dict[str, Any]]] = {"visits": [], "records": [], "loans": [], "issues": [], "first": []}
    for i in range(size):
        name, branch = people[i % 3]
        number = f"N{i}"
        rows["visits"].append(visit(number, visitor=name, branch=branch))
        rows["loans"].append(loan(number, branch=branch))
        if i % 4:
            made = {"visitor": name, "submitted_on": "2026-09-02"}
            rows["records"].append(record(number, **made))
            rows["first"].append(verdict(number, "准确" if i % 5 else "有错") | {"visitor": name})
            limits = {
                "report_due_on": "2026-09-02",
                "remedy_due_on": "2026-09-22",
                "reported_on": f"2026-09-0{i % 3 + 1}",
            }
            rows["issues"].append(issue(f"W{i}", visit_no=number, contract_no=number, department="业务部", **limits))
    return rows


def test_parts_add_up():
    frame = run(**quarter()).edits[0].replace
    assert frame is not None
    for kind in ("网点", "回访人员", "部门"):
        parts = frame[frame["object_kind"] == kind].groupby("indicator")[["numerator", "denominator"]].sum()
        whole = frame[frame["object_kind"] == "机构"].set_index("indicator")[["numerator", "denominator"]]
        whole = whole.reindex(parts.index)
        assert parts.to_dict() == whole.to_dict()
        assert len(parts) == (3 if kind == "回访人员" else 4)
    whole = frame[frame["object_kind"] == "机构"].set_index("indicator")
    assert whole["denominator"].to_dict() == {PLAN: 24, ACCURACY: 18, FEEDBACK: 18, RESOLUTION: 18}
    # by hand: 6 of 24 undone; faulty i = 5, 10, 15; reported late i % 3 = 2: 2, 5, 11, 14, 17, 23
    assert whole["numerator"].to_dict() == {PLAN: 18, ACCURACY: 15, FEEDBACK: 12, RESOLUTION: 0}


def test_every_unit_of_the_roster_is_shown_and_an_empty_denominator_is_a_dash():
    frame = run(request(institution="示例分行")).edits[0].replace
    assert frame is not None
    names = frame.groupby("object_kind", sort=False)["object_name"].unique().map(list).to_dict()
    assert names == {
        "机构": ["示例分行"],
        "网点": ["城东支行", "城西支行"],
        "回访人员": ["何青", "陆平", "罗宁"],
        "部门": ["个贷部", "公司部"],
    }
    assert set(frame["rate"]) == set(frame["verdict"]) == {"—"}
    assert frame[["numerator", "denominator"]].eq(0).all(axis=None)
    assert frame["target"].unique().tolist() == [95.0, 98.0, 100.0, 90.0]
    assert frame["indicator"].tolist()[:4] == [PLAN, ACCURACY, FEEDBACK, RESOLUTION]


@pytest.mark.parametrize(
    ("good", "all_", "target", "expected"),
    [
        (19, 20, 95, "达标"),
        (18, 20, 95, "未达标"),
        (1, 3, 33.3, "达标"),
        (1, 3, 33.4, "未达标"),
        (7, 10, 70, "达标"),
        (0, 1, 0, "达标"),
    ],
)
def test_the_target_is_met_exactly(good, all_, target, expected):
    visits = [visit(f"N{i}") for i in range(all_)]
    records = [record(f"N{i}") for i in range(good)]
    frame = run(request(回访计划完成率目标=float(target)), visits=visits, records=records).edits[0].replace
    assert frame is not None
    row = frame.iloc[0]
    assert (row["rate"], row["target"], row["verdict"]) == (good / all_, target, expected)


# --- the sheet -------------------------------------------------------------------------------------------------------


def test_other_periods_stay_and_a_second_run_changes_nothing():
    rows = quarter(6)
    second = run(request(period="2026Q2"), **rows).edits[0].replace
    third = run(indicators=second, **rows).edits[0].replace
    assert second is not None
    assert third is not None
    assert third["period"].unique().tolist() == ["2026Q2", "2026Q3"]
    assert third.iloc[: len(second)].reset_index(drop=True).astype(object).equals(second.astype(object))  # "—" too
    assert run(indicators=third, **rows).edits[0].empty
    assert run(request(period="2026Q2"), indicators=third, **rows).edits[0].empty
    more = rows | {"visits": [*rows["visits"], visit("M1")]}
    fourth = run(indicators=third, **more).edits[0].replace
    assert fourth is not None
    assert len(fourth) == len(third)
    assert fourth["period"].tolist() == third["period"].tolist()


def test_the_period_defaults_to_the_quarter_of_t():
    asked = Request(dt.date(2026, 8, 15), Parameters.defaults(), CALENDAR)
    outcome = kpi(tables(visits=[visit("N1", "2026-08-10")], records=[record("N1", "2026-08-10")]), asked)
    assert outcome.summary.startswith("2026Q3（截至 2026-08-15）：回访计划完成率 100.0%（1/1，达标），回访记录准确率 —")
    assert outcome.counts[f"{PLAN}分母"] == 1


def test_what_counts_against_someone_for_lack_of_a_cell_is_told():
    outcome = run(
        visits=[visit("N1", state="已取消"), visit("N2", state="已完成"), visit("N3", due="九月底"),
                visit("N4", state="已改期", rescheduled_to="2026-10-08")],
        issues=[issue("W1")],
    )  # fmt: skip
    told = "\n".join(outcome.warnings)
    assert "回访清单 O2：人工取消但缺批准人" in told
    assert "回访清单 O3：状态为已完成但没有对应的成功记录" in told
    assert "回访清单 I4：日期无法识别" in told
    assert "回访清单 Q5：改期未在原截止日期前批准" in told
    assert "问题台账 L2：重要或重大问题缺反馈时限" in told
