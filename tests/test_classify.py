"""问题分类: check answers and contact results become issues in 问题台账.

Requirements
- contract, section 4: a 否 alone by the fine print's table; one record × one 问题类别; which rule on which words.
- section 4: 失联判定次数 unsuccessful attempts in a row; the issue stands on the attempt that reaches the count.
- section 4: 发现日期 and the limits in working days; they follow 人工认定, 无问题 clears them.
- section 4: classifying again keeps 问题编号 and adds nothing twice; what staff entered stays.
- section 2: 分类规则 is the risk department's; a broken row is refused by cell. Records after T are ignored.
"""

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from toolkit.model import rule_tables, sheets
from toolkit.model.calendar import WorkCalendar
from toolkit.model.errors import ToolkitError
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, Table, table_from
from toolkit.steps.classify import classify

T = dt.date(2026, 9, 30)
CALENDAR = WorkCalendar()


def record(contract: str = "HT001", day: str = "2026-07-08", result: str = "成功", **cells: Any) -> dict[str, Any]:
    return {"contract_no": contract, "visited_on": day, "result": result, "visitor": "何青", **cells}


SHEETS = {
    "records": sheets.RECORDS,
    "issues": sheets.ISSUES,
    "rules": sheets.CLASSIFICATION_RULES,
    "groups": sheets.WORD_GROUPS,
    "trials": sheets.RULE_TRIALS,
    "wishes": sheets.WISHES,
    "schedule": sheets.SCHEDULE,
    "loans": sheets.LOANS,
    "visits": sheets.VISITS,
}
EMPTY = {sheet.title: table_from(sheet, []) for sheet in SHEETS.values()}


def tables(**rows: Any) -> dict[str, Table]:
    filled = {SHEETS[name].title: table_from(SHEETS[name], list(given)) for name, given in rows.items()}
    return EMPTY | filled


def run(as_of: dt.date = T, parameters: dict[str, Any] | None = None, **rows) -> Outcome:
    return classify(tables(**rows), Request(as_of, Parameters.defaults(**(parameters or {})), CALENDAR))


def added(outcome: Outcome) -> pd.DataFrame:
    frame = outcome.edits[0].append
    assert frame is not None
    return frame


def cells(outcome: Outcome) -> dict[tuple[int, str], Any]:
    frame = outcome.edits[0].cells
    assert frame is not None
    values = [value.date() if isinstance(value, pd.Timestamp) else value for value in frame["value"]]
    return dict(zip(zip(frame["row"], frame["field"], strict=True), values, strict=True))


def register(outcome: Outcome, before: pd.DataFrame | None = None) -> list[dict[str, Any]]:
    """Rows of 问题台账 after the edits, ready to be edited by staff and classified again."""
    rows = [] if before is None else before.to_dict("records")
    for (row, field), value in cells(outcome).items():
        rows[row - 2][field] = value
    return [*rows, *added(outcome).to_dict("records")]


def day(value) -> str:
    return "" if pd.isna(value) else f"{value:%m-%d}"


# 否 alone (contract, section 4, fine print), and the limits from Wednesday 2026-07-08.
MEANING_OF_NO = [
    ("apply_1", "政策流程不理解", "一般"),
    ("apply_2", "虚假资料/欺诈", "重大"),
    ("apply_3", "政策流程不理解", "一般"),
    ("approve_1", "政策流程不理解", "一般"),
    ("approve_2", "服务态度", "一般"),
    ("approve_3", "审批时间过长", "一般"),
    ("disburse_1", "金额不符", "重要"),
    ("disburse_2", "政策流程不理解", "一般"),
    ("disburse_3", "资金未及时到账", "重要"),
    ("use_1", "挪用资金", "重要"),
    ("use_2", "还款困难", "重要"),
    ("use_3", "还款困难", "一般"),
    ("repay_1", "政策流程不理解", "一般"),
    ("repay_2", "还款困难", "重要"),
    ("repay_3", "服务态度", "一般"),
]
LIMITS = {"一般": ("", "07-15", ""), "重要": ("07-09", "07-29", ""), "重大": ("07-08", "08-19", "07-09")}
STATE = {"一般": "当场解决", "重要": "待反馈", "重大": "待反馈"}
CLAUSE = {"一般": "六、(一)1.", "重要": "六、(一)2.", "重大": "六、(一)3."}


@pytest.fixture(scope="module")
def of_each_no() -> pd.DataFrame:
    """One record per check, answered 否; its contract is named after the check."""
    rows = [record(check, **{check: "否"}, visit_no="V" + check, customer_name="林晓舟") for check, *_ in MEANING_OF_NO]
    return added(run(records=rows)).set_index("contract_no")


@pytest.mark.parametrize(("check", "category", "severity"), MEANING_OF_NO)
def test_a_no_alone(of_each_no, check, category, severity):
    issue = of_each_no.loc[check]
    code = f"C{list(sheets.CHECK_FIELDS).index(check) + 1:02d}"
    assert (issue["category"], issue["severity"], issue["state"]) == (category, severity, STATE[severity])
    assert issue["evidence"] == f"{sheets.RECORDS.header(check)}=否"
    assert issue["rule"] == f"{code}（{CLAUSE[severity]}）"
    assert (issue["visit_no"], issue["customer_name"]) == ("V" + check, "林晓舟")
    limits = ("report_due_on", "remedy_due_on", "escalation_due_on")
    assert (day(issue["found_on"]), *(day(issue[name]) for name in limits)) == ("07-08", *LIMITS[severity])


def test_other_answers_and_unsuccessful_visits_are_no_issue():
    answers = [record(f"A{i}", use_1=answer) for i, answer in enumerate(("是", "不适用", "未问", ""))]
    unsuccessful = ("未接通", "拒访", "号码有误", "改期", "")
    failed = [record(f"B{i}", result=result, use_1="否") for i, result in enumerate(unsuccessful)]
    assert added(run(records=answers + failed)).empty


@pytest.mark.parametrize(("as_of", "found"), [(dt.date(2026, 7, 7), 0), (dt.date(2026, 7, 8), 1)])
def test_records_after_t_are_ignored(as_of, found):
    assert len(added(run(as_of, records=[record(use_1="否")]))) == found


def test_an_issue_is_one_record_times_one_category():
    rows = [record(use_2="否", use_3="否", use_1="否", feedback="按实填写", remark="已约下周面谈")]
    issues = added(run(records=rows))
    said = "；客户反馈“按实填写”；备注“已约下周面谈”"
    assert issues["category"].tolist() == ["挪用资金", "还款困难"]
    assert issues["severity"].tolist() == ["重要", "重要"]
    assert issues["evidence"].tolist() == [f"使用1_用途合规=否{said}", f"使用2_使用顺利=否；使用3_效果达标=否{said}"]
    assert issues["rule"].tolist() == ["C10（六、(一)2.）", "C11（六、(一)2.）；C12（六、(一)1.）"]
    assert issues["issue_no"].is_unique


def test_the_same_no_on_two_records_is_two_issues():
    issues = added(run(records=[record(use_1="否", visit_no="V1"), record(use_1="否", visit_no="V2")]))
    assert len(issues) == 2
    assert issues["issue_no"].is_unique


def test_a_record_entered_twice_is_one_issue():
    assert len(added(run(records=[record(use_1="否"), record(use_1="否")]))) == 1


def test_empty_words_are_not_quoted():
    rows = [record(f"A{i}", use_1="否", feedback=words) for i, words in enumerate(("", "无", "没有", "无。"))]
    assert added(run(records=rows))["evidence"].tolist() == ["使用1_用途合规=否"] * 4


def test_words_alone_make_an_issue():
    issue = added(run(records=[record(use_1="是", feedback="钱拿去炒股了")])).iloc[0]
    assert (issue["category"], issue["severity"], issue["rule"]) == ("挪用资金", "重大", "W101（六、(一)3.）")
    assert issue["evidence"] == "客户说“钱拿去炒股”；客户反馈“钱拿去炒股了”"


def test_general_issues_are_explained_on_the_spot_unless_something_is_left_to_answer():
    questions = ("", "无", "何时能提前还款")
    rows = [record(f"A{i}", repay_1="否", open_question=question) for i, question in enumerate(questions)]
    assert added(run(records=rows))["state"].tolist() == ["当场解决", "当场解决", "待反馈"]


def test_unknown_contracts_are_classed_and_names_come_from_the_ledger():
    loans = [{"contract_no": "HT001", "customer_name": "林晓舟", "status": "使用中"}]
    issues = added(run(records=[record(use_1="否"), record("HT999", use_1="否")], loans=loans))
    assert issues["customer_name"].tolist() == ["林晓舟", ""]


# --- 失联 -------------------------------------------------------------------------------------------------------------


def attempts(results: str, contract: str = "HT001") -> list[dict[str, Any]]:
    """One letter a day from 2026-07-01 on: N 未接通, R 拒访, W 号码有误, S 成功, P 改期."""
    words = {"N": "未接通", "R": "拒访", "W": "号码有误", "S": "成功", "P": "改期"}
    return [record(contract, f"2026-07-{i:02d}", words[letter]) for i, letter in enumerate(results, start=1)]


RUNS = [
    ("N", []),
    ("NN", []),
    ("NNN", ["07-03"]),
    ("NRW", ["07-03"]),
    ("NNNNN", ["07-03"]),  # later ones of the run add none
    ("NNSN", []),
    ("NNSNNN", ["07-06"]),
    ("NNNSNNN", ["07-03", "07-07"]),
    ("NNPN", []),  # 改期: the customer was reached
]


@pytest.fixture(scope="module")
def of_each_run() -> pd.DataFrame:
    """Attempts of as many contracts as there are runs; the contract is named after its run."""
    return added(run(records=[row for results, _ in RUNS for row in attempts(results, results)]))


@pytest.mark.parametrize(("results", "found"), RUNS)
def test_lost_contact_needs_a_run_of_unsuccessful_attempts(of_each_run, results, found):
    issues = of_each_run[of_each_run["contract_no"] == results]
    assert [day(value) for value in issues["found_on"]] == found
    assert set(issues["category"]) <= {"失联"}
    assert set(issues["severity"]) <= {"重要"}


def test_lost_contact_quotes_the_attempts_in_time_order():
    rows = attempts("NRW")
    issues = added(run(records=[rows[2], rows[0], rows[1]]))
    assert issues["evidence"].tolist() == ["连续3次未成功联系：2026-07-01 未接通、2026-07-02 拒访、2026-07-03 号码有误"]
    assert issues["rule"].tolist() == ["L01（六、(一)2.）"]


@pytest.mark.parametrize(("count", "found"), [(1, 1), (2, 1), (3, 0)])
def test_the_count_is_a_parameter(count, found):
    assert len(added(run(records=attempts("NN"), parameters={"失联判定次数": count}))) == found


def test_attempts_of_two_contracts_or_drawdowns_do_not_add_up():
    other = [{**row, "drawdown_no": "J2"} for row in attempts("NN")]
    assert added(run(records=attempts("NN", "HT001") + attempts("NN", "HT002") + other)).empty


def test_an_attempt_entered_twice_is_one_attempt():
    rows = attempts("NN")
    assert added(run(records=[*rows, rows[1]])).empty
    later = {**rows[1], "started_at": dt.time(15, 0)}
    assert len(added(run(records=[*rows, later]))) == 1


# --- classifying again ------------------------------------------------------------------------------------------------

MIXED = [
    record(use_1="否", visit_no="V1"),
    record(repay_1="否", repay_2="否"),
    *attempts("NNN", "HT003"),
    record("HT004", "2026-12-01", apply_2="否"),
]


def test_a_second_run_changes_nothing():
    first = run(records=MIXED)
    again = run(records=MIXED, issues=register(first))
    assert len(added(first)) == 4
    assert added(again).empty
    assert cells(again) == {}
    assert again.counts["合计"] == 4


def test_numbers_do_not_depend_on_the_order_of_records():
    forward, backward = added(run(records=MIXED)), added(run(records=MIXED[::-1]))
    assert set(forward["issue_no"]) == set(backward["issue_no"])
    assert forward["issue_no"].str.fullmatch(r"WT2026\d{4}-[A-Z2-7]{8}").all()


def test_staff_entries_stay():
    rows = register(run(records=MIXED))
    entered = {
        "state": "整改中",
        "department": "业务部",
        "owner": "罗宁",
        "remedy": "补充凭证",
        "reported_on": "2026-07-08",
        "manual_reason": "已核实",
        "outcome": "继续跟踪",
        "verifier": "陆平",
    }
    outcome = run(records=MIXED, issues=[row | entered for row in rows])
    assert cells(outcome) == {}
    assert added(outcome).empty


def test_corrected_records_keep_their_issue():
    rows = register(run(records=[record(use_1="否", visit_no="V1"), record("HT002", use_1="否")]))
    mended = [
        record(use_1="否", visit_no="V1", day="2026-07-10", started_at=dt.time(9, 0)),
        record("HT002", use_1="否", visit_no="V2"),  # 回访编号 filled in later
    ]
    outcome = run(records=mended, issues=rows)
    assert added(outcome).empty
    assert cells(outcome) == {
        (2, "found_on"): dt.date(2026, 7, 10),
        (2, "report_due_on"): dt.date(2026, 7, 13),
        (2, "remedy_due_on"): dt.date(2026, 7, 31),
    }


def test_an_attempt_collected_late_does_not_lose_the_customer_twice():
    late = record("HT001", "2026-07-02", "拒访", started_at=dt.time(18, 0))
    rows = register(run(records=attempts("NNN")))
    outcome = run(records=[*attempts("NNN"), late], issues=rows)
    assert added(outcome).empty
    assert cells(outcome)[2, "found_on"] == dt.date(2026, 7, 2)
    assert outcome.warnings == []
    closed = [row | {"state": "已销号"} for row in rows]
    assert len(added(run(records=[*attempts("SSSSSSNNN")], issues=closed))) == 1


def test_more_evidence_raises_an_issue_and_less_never_lightens_it():
    rows = register(run(records=[record(use_3="否", visit_no="V1")]))
    raised = run(records=[record(use_3="否", use_2="否", visit_no="V1")], issues=rows)
    assert cells(raised)[2, "severity"] == "重要"
    assert cells(raised)[2, "rule"] == "C11（六、(一)2.）；C12（六、(一)1.）"
    assert cells(raised)[2, "report_due_on"] == dt.date(2026, 7, 9)
    assert "当场解决" not in cells(raised).values()
    assert any("问题台账" in warning and "待反馈" in warning for warning in raised.warnings)
    rows = register(raised, pd.DataFrame(rows))
    assert cells(run(records=[record(use_3="否", visit_no="V1")], issues=rows)) == {}


def test_a_closed_issue_is_not_touched_by_new_evidence():
    rows = register(run(records=[record(use_3="否", visit_no="V1")]))
    closed = [row | {"state": "已销号"} for row in rows]
    assert cells(run(records=[record(use_3="否", use_2="否", visit_no="V1")], issues=closed)) == {}


def test_an_issue_whose_evidence_is_gone_stays_and_is_told():
    rows = register(run(records=[record(use_1="否", visit_no="V1")]))
    outcome = run(records=[record(use_1="是", visit_no="V1")], issues=rows)
    assert cells(outcome) == {}
    assert outcome.counts["合计"] == 1
    assert [warning for warning in outcome.warnings if "问题台账 G2" in warning and "未删除" in warning]
    earlier = run(dt.date(2026, 7, 1), records=[record(use_1="否", visit_no="V1")], issues=rows)
    assert not earlier.warnings  # a run as of an earlier day does not miss later records


# --- 人工认定 ---------------------------------------------------------------------------------------------------------

FIELDS = ("report_due_on", "remedy_due_on", "escalation_due_on")


GRADED = [
    ("use_1", "无问题", ("", "", "")),
    ("use_1", "一般", LIMITS["一般"]),
    ("use_1", "重大", LIMITS["重大"]),
    ("repay_1", "重要", LIMITS["重要"]),
    ("apply_2", "一般", LIMITS["一般"]),
    ("apply_2", "无问题", ("", "", "")),
]


def test_limits_follow_manual_grading():
    records = [record(f"A{i}", **{check: "否"}) for i, (check, *_) in enumerate(GRADED)]
    rows = register(run(records=records))
    graded = [row | {"manual_grading": manual} for row, (_, manual, _) in zip(rows, GRADED, strict=True)]
    outcome = run(records=records, issues=graded)
    after = register(outcome, pd.DataFrame(graded))
    assert [tuple(day(row[name]) for name in FIELDS) for row in after] == [expected for *_, expected in GRADED]
    assert {field for _, field in cells(outcome)} == set(FIELDS)
    assert cells(run(records=records, issues=after)) == {}
    withdrawn = [row | {"manual_grading": ""} for row in after]
    back = register(run(records=records, issues=withdrawn), pd.DataFrame(withdrawn))
    assert [[day(row[name]) for name in FIELDS] for row in back] == [
        [day(row[name]) for name in FIELDS] for row in rows
    ]


def test_limits_that_fit_the_grade_are_left():
    rows = register(run(records=[record(use_1="否")]))
    extended = [rows[0] | {"remedy_due_on": dt.date(2026, 9, 1)}]
    assert cells(run(records=[record(use_1="否")], issues=extended)) == {}


def test_limits_count_working_days():
    rows = [
        record("A1", "2026-09-30", use_1="否"),
        record("A2", "2026-07-11", use_1="否"),
        record("A3", "2026-07-11", apply_2="否"),
    ]
    issues = added(run(records=rows))
    assert [tuple(day(row[name]) for name in FIELDS) for row in issues.to_dict("records")] == [
        ("10-08", "10-27", ""),  # 国庆 1–7 off, 10 October works
        ("07-13", "07-31", ""),  # found on a Saturday
        ("07-11", "08-21", "07-13"),
    ]


# --- rows of staff's own ----------------------------------------------------------------------------------------------


def test_a_row_added_by_staff_gets_number_and_limits():
    own = {"visit_no": "V1", "category": "投诉/维权/媒体", "severity": "重大", "evidence": "客户来电投诉"}
    rows = [record(visit_no="V1", customer_name="林晓舟")]
    outcome = run(records=rows, issues=[own])
    written = cells(outcome)
    assert added(outcome).empty
    assert written.pop((2, "issue_no")).startswith("RG20260708-")
    assert written == {
        (2, "contract_no"): "HT001",
        (2, "customer_name"): "林晓舟",
        (2, "rule"): "人工登记",
        (2, "found_on"): dt.date(2026, 7, 8),
        (2, "report_due_on"): dt.date(2026, 7, 8),
        (2, "remedy_due_on"): dt.date(2026, 8, 19),
        (2, "escalation_due_on"): dt.date(2026, 7, 9),
        (2, "state"): "待反馈",
    }
    again = run(records=rows, issues=register(outcome, pd.DataFrame([own])))
    assert (cells(again), added(again).empty, again.warnings) == ({}, True, [])


def test_a_row_added_by_staff_is_the_issue_the_rules_find():
    own = {"visit_no": "V1", "category": "挪用资金", "evidence": "客户承认"}
    rows = [record(visit_no="V1", use_1="否")]
    outcome = run(records=rows, issues=[own])
    assert added(outcome).empty
    assert cells(outcome)[2, "severity"] == "重要"
    assert (2, "evidence") not in cells(outcome)
    assert cells(run(records=rows, issues=register(outcome, pd.DataFrame([own])))) == {}


def test_ungraded_rows_of_staff_wait_for_a_person():
    outcome = run(records=[record(visit_no="V1")], issues=[{"visit_no": "V1", "category": "信息泄露"}])
    assert cells(outcome)[2, "severity"] == "待定级"
    assert cells(outcome)[2, "state"] == "待定级"
    assert not {field for _, field in cells(outcome)} & set(FIELDS)


def test_foreign_numbers_and_limits_stay():
    own = {
        "issue_no": "2026-001",
        "visit_no": "V1",
        "contract_no": "HT001",
        "category": "挪用资金",
        "severity": "重要",
        "found_on": "2026-07-08",
        "report_due_on": "2026-07-20",
        "remedy_due_on": "2026-08-31",
        "state": "整改中",
    }
    outcome = run(records=[record(visit_no="V1", use_1="否", use_2="否")], issues=[own])
    assert cells(outcome) == {}
    assert added(outcome)["category"].tolist() == ["还款困难"]


def test_a_second_row_for_the_same_gets_no_number_and_is_told():
    own = {"visit_no": "V1", "contract_no": "HT001", "category": "信息泄露", "found_on": "2026-07-08"}
    outcome = run(records=[record(visit_no="V1")], issues=[own, own])
    assert (2, "issue_no") in cells(outcome)
    assert (3, "issue_no") not in cells(outcome)
    assert any("未编号" in warning for warning in outcome.warnings)


# --- 分类规则 ---------------------------------------------------------------------------------------------------------

SHIPPED = [dict(rule) for rule in rule_tables.CLASSIFICATION_RULES]


def test_the_shipped_table_is_the_contracts():
    assert [(rule["category"], rule["severity"]) for rule in SHIPPED] == [row[1:] for row in MEANING_OF_NO]
    from_sheet, built_in = added(run(records=MIXED, rules=SHIPPED)), added(run(records=MIXED))
    pd.testing.assert_frame_equal(from_sheet, built_in)


def test_the_departments_table_decides():
    own = [
        {
            "code": "Z1",
            "enabled": "是",
            "check": "使用1_用途合规",
            "answer": "未问",
            "category": "挪用资金",
            "severity": "一般",
            "clause": "三、(四)1.",
        },
        SHIPPED[9] | {"enabled": "否"},
    ]
    issues = added(run(records=[record(use_1="未问"), record("HT002", use_1="否")], rules=own))
    assert issues[["contract_no", "severity", "rule", "evidence"]].values.tolist() == [
        ["HT001", "一般", "Z1（三、(四)1.）", "使用1_用途合规=未问"]
    ]


def test_a_full_width_header_is_read_as_meant():
    rule = SHIPPED[9] | {"check": " 使用１＿用途合规 "}
    assert len(added(run(records=[record(use_1="否")], rules=[rule]))) == 1


@pytest.mark.parametrize(
    ("change", "cell", "word"),
    [
        ({"code": ""}, "A3", "缺规则编号"),
        ({"code": "C01"}, "A3", "重复"),
        ({"enabled": "可"}, "B3", "启用“可”"),
        ({"check": "使用9_不存在"}, "C3", "使用9_不存在"),
        ({"check": ""}, "C3", "缺核对项"),
        ({"answer": "可能"}, "D3", "答案“可能”"),
        ({"category": "其他"}, "E3", "问题类别“其他”"),
        ({"severity": "严重"}, "F3", "严重程度“严重”"),
        ({"severity": "严重", "enabled": "否"}, "F3", "严重程度“严重”"),
    ],
)
def test_a_broken_rule_is_refused_by_cell(change, cell, word):
    with pytest.raises(ToolkitError) as refusal:
        run(records=[record(use_1="否")], rules=[SHIPPED[0], SHIPPED[1] | change])
    assert f"“分类规则”表 {cell}" in str(refusal.value)
    assert word in str(refusal.value)


# --- what cannot be read ----------------------------------------------------------------------------------------------


def test_unreadable_cells_are_told_and_nothing_crashes():
    rows = [
        record(day="七月八日", use_1="否"),
        record("HT002", use_1="不清楚"),
        record("HT003", result="通了"),
        {"contract_no": "", "visited_on": None, "result": "成功", "repay_1": "否"},
    ]
    outcome = run(records=rows, issues=[{"issue_no": "甲1", "category": "挪用资金", "severity": "很重"}])
    assert added(outcome)["category"].tolist() == ["挪用资金", "政策流程不理解"]
    assert added(outcome)[list(FIELDS)].isna().all(axis=None)
    assert any("B2、B5" in warning and "回访日期" in warning for warning in outcome.warnings)
    assert any("答案不在列表内" in warning for warning in outcome.warnings)
    assert any("I4" in warning and "回访结果" in warning for warning in outcome.warnings)
    assert any("定级不在列表内" in warning for warning in outcome.warnings)


def test_empty_workbook_and_summary():
    nothing = run()
    assert added(nothing).empty
    assert nothing.counts["合计"] == 0
    some = run(records=MIXED)
    assert some.counts == {
        "新增": 4,
        "合计": 4,
        "一般": 1,
        "重要": 3,
        "重大": 0,
        "待定级": 0,
        "无问题": 0,
        "时限更新": 0,
    }
    assert some.summary.startswith("问题台账共 4 项，新增 4 项")
