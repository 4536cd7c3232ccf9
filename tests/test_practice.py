"""培训练习: what errors suggest to train on, and exercises whose key is what the toolkit itself says (八、(一)).

Requirements (issue 8, item 5)
- 培训宣传 counted; topics from findings, issues and spot checks of the period; rows that cannot be counted by cell.
- invented cases with an answer key; the key agrees with 问题分类 and 校验记录; the same seed gives the same pack.
"""

import datetime as dt
import re
from random import Random
from typing import Any

import openpyxl
import pandas as pd
import pytest
from checking import CALENDAR, after
from test_kpi import issue, record, request, tables
from workbooks import column, small_branch
from workbooks import record as full_record

from toolkit.cli import main
from toolkit.hosts.fresh.new_file import book_bytes
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.parameters import Parameters
from toolkit.model.period import parse_period
from toolkit.model.request import Request
from toolkit.model.tables import Table, table_from
from toolkit.rules.checks.rule_table import CHECKS, findings_of
from toolkit.rules.training.cases import CASES
from toolkit.rules.training.faults import FAULTS
from toolkit.rules.training.pack import CASES_OF_A_PACK, chosen_cases, exercise
from toolkit.rules.training.topics import OF_ISSUES, OF_RULES
from toolkit.steps.classify import classify
from toolkit.steps.practice import practice

PERIOD = parse_period("2026Q3")
FILLING = {"purpose": "进货", "amount": 20}


def classified(case) -> set[tuple[str, str]]:
    """(问题类别, 严重程度) that 问题分类 finds in the rightly recorded case."""
    visit = {"visit_no": "V1", "contract_no": "HT1", "visit_type": case.visit_type, "stage": case.stage}
    answers = {name: case.answer(name) for name in case.checks}
    made = record("HT1", visit_no="V1", result=case.result, feedback=case.feedback.format(**FILLING))
    made |= {name: "" for name in s.CHECK_FIELDS} | answers | {"content": "按记录表逐项询问"}
    loan = {"contract_no": "HT1", "customer_no": "K1", "customer_name": "林晓舟", "branch": "城东支行"}
    given = tables(records=[made], visits=[visit], loans=[loan | {"disbursed_on": "2026-01-05", "status": "使用中"}])
    found = after(given, classify(given, request()).edits)[s.ISSUES.title].data
    return set(zip(found["category"], found["severity"], strict=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.stage}-{case.category or case.result}")
def test_a_case_teaches_what_the_classification_does(case):
    assert classified(case) == ({(case.category, case.severity)} if case.category else set())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.stage}-{case.category or case.result}")
def test_a_case_is_whole(case):
    assert len(case.checks) == 3
    assert set(case.answers) <= set(case.checks)
    assert bool(case.category) == bool(case.severity) == (v.NO in case.answers.values())
    assert bool(case.feedback) is (case.result == v.SUCCESS)
    assert not re.search(r"[{}]", case.said.format(**FILLING) + case.feedback.format(**FILLING))


def exercises(faults) -> dict[str, Table]:
    return exercise(list(faults), Random(3), request(), PERIOD)


def test_every_faulty_record_has_its_fault_and_no_other():
    given = exercises(FAULTS)
    found = findings_of(given, Request(dt.date(2026, 12, 31), Parameters.defaults(), CALENDAR))
    rows = given[s.RECORDS.title].data["row"]
    expected = {(fault.rule, row, fault.field) for fault, row in zip(FAULTS, rows, strict=True)}
    assert set(zip(found["rule"], found["row"], found["field"], strict=True)) == expected


def pack(**options: Any) -> dict[str, pd.DataFrame]:
    asked = Request(dt.date(2026, 9, 30), Parameters.defaults(), CALENDAR, PERIOD, **options)
    outcome = practice(tables(), asked)
    return {sheet.title: frame for book in outcome.papers for sheet, frame in book.sheets}


def test_the_key_matches_the_exercises():
    pages = pack()
    assert pages["案例题"]["no"].tolist() == pages["案例答案"]["no"].tolist() == list(range(1, CASES_OF_A_PACK + 1))
    assert pages["找错题"]["no"].tolist() == pages["找错答案"]["no"].tolist()
    assert pages["找错答案"][["wrong", "message", "mend", "clause"]].ne("").all(axis=None)
    # What the learner fills in is blank, and the exercises tell no answer.
    for title, names in (("案例题", ("result", "answer_1", "category", "severity")), ("找错题", ("wrong", "mend"))):
        assert pages[title][list(names)].isna().all(axis=None)


def test_one_seed_one_pack():
    asked = Request(dt.date(2026, 9, 30), Parameters.defaults(), CALENDAR, PERIOD, seed=5)
    one, other = ([book_bytes(book) for book in practice(tables(), asked).papers] for _ in range(2))
    assert one == other
    assert not pack(seed=5)["案例题"].equals(pack(seed=6)["案例题"])
    assert pack()["案例题"].equals(pack()["案例题"])


@pytest.mark.parametrize("seed", range(8))
def test_a_pack_holds_harmless_unreached_and_wanted_cases(seed):
    wanted = {"金额不符", "服务态度"}
    cases = chosen_cases(Random(seed), wanted)
    assert len(cases) == len(set(map(id, cases))) == CASES_OF_A_PACK
    assert sum(not case.category and case.result == v.SUCCESS for case in cases) == 2
    assert sum(case.result != v.SUCCESS for case in cases) == 1
    assert all(case in cases for case in CASES if case.category in wanted)


def test_only_invented_phones():
    phones = pack()["找错题"][["ledger_phone", "phone"]].to_numpy().ravel()
    assert all(re.fullmatch(r"199\d{8}", phone) for phone in phones)


# Topics


def analysis(**rows: Any) -> pd.DataFrame:
    more = {title: rows.pop(title) for title in (s.TRAINING.title, s.FINDINGS.title) if title in rows}
    given = tables(**rows) | {title: table_from(s.BY_TITLE[title], listed) for title, listed in more.items()}
    return after(given, practice(given, request()).edits)[s.TRAINING_ANALYSIS.title].data.set_index("kind")


def test_every_rule_and_category_has_a_topic():
    for check in CHECKS:
        if not check.rule.code.startswith("T"):  # about ledger and lists, not about visits
            assert any(check.rule.code.startswith(begins) for begins, *_ in OF_RULES), check.rule.code
    assert set(OF_ISSUES) == set(v.ISSUE_CATEGORIES)
    assert {kind for _, kind, _ in OF_RULES} | {kind for kind, _ in OF_ISSUES.values()} <= set(v.TRAINING_KINDS)


def test_sessions_and_people_of_the_period_are_counted():
    held = [
        {"date": "2026-07-01", "kind": "沟通技巧", "topic": "a", "headcount": 12},
        {"date": "2026-09-30", "kind": "沟通技巧", "topic": "b", "headcount": 8},
        {"date": "2026-06-30", "kind": "沟通技巧", "topic": "c", "headcount": 99},
        {"date": "2026-10-01", "kind": "客户宣传", "topic": "d", "headcount": 99},
    ]
    told = analysis(**{s.TRAINING.title: held})
    assert told.loc["沟通技巧", ["sessions", "headcount"]].tolist() == [2, 20]
    assert told.loc["合计", ["sessions", "headcount"]].tolist() == [2, 20]
    assert told.index.tolist() == [*v.TRAINING_KINDS, "合计"]


def test_errors_suggest_topics():
    found = [
        {"no": 1, "level": "错误", "rule": "A10", "sheet": "回访记录", "cell": "V2", "message": "x"},
        {"no": 2, "level": "警告", "rule": "W04", "sheet": "回访记录", "cell": "AP3", "message": "x"},
        {"no": 3, "level": "提示", "rule": "F02", "sheet": "回访人员", "cell": "B2", "message": "何青：从无一个否"},
        {"no": 4, "level": "警告", "rule": "W04", "sheet": "回访记录", "cell": "AP4", "message": "其他期间"},
    ]
    told = analysis(
        records=[
            record("A", submitted_on="2026-09-02"),
            record("B", submitted_on="2026-09-02"),
            record("C", "2026-03-02", submitted_on="2026-03-02"),
        ],
        issues=[
            issue("I1", category="政策流程不理解", severity="一般"),
            issue("I2", manual_grading="无问题"),
            issue("I3", found_on="2026-06-30"),
        ],
        spot_checks=[{"visit_no": "A", "visitor": "何青", "verdict": "错记"}],
        **{s.FINDINGS.title: found},
    )
    assert told.loc["沟通技巧", "topics"] == "答“否”追问并写明原因（1 处）"
    assert told.loc["沟通技巧", "sources"] == "校验 A10 1 处"
    assert told.loc["沟通技巧", "visitors"] == "何青 1"
    assert told.loc["流程技巧", "topics"] == "按时提交记录（1 处）"
    assert told.loc["法律法规", "visitors"] == "何青 1"
    assert told.loc["贷款知识", "errors"] == told.loc["客户宣传", "errors"] == 1
    assert told.loc["案例演练", "sources"] == "抽查错记 1 处"
    assert told.loc["合计", "errors"] == 6
    assert told.loc["沟通技巧", "advice"] == "本期没有安排，建议安排"


def test_rows_of_the_log_that_cannot_be_counted_are_named():
    held = [{"date": "七月", "kind": "沟通技巧"}, {"date": "2026-07-01", "kind": "开会", "headcount": "全体"}]
    given = tables() | {s.TRAINING.title: table_from(s.TRAINING, held)}
    told = practice(given, request()).warnings
    assert [warning.split("：")[0] for warning in told] == ["培训宣传 B3", "培训宣传 A2", "培训宣传 E3"]


def test_again_changes_nothing_and_other_periods_stay():
    given = tables(issues=[issue("I1")])
    then = after(given, practice(given, request()).edits)
    assert practice(then, request()).edits[0].empty
    both = after(then, practice(then, request(period="2026Q2")).edits)[s.TRAINING_ANALYSIS.title].data
    assert both["period"].unique().tolist() == ["2026Q3", "2026Q2"]


def test_on_a_file(tmp_path):
    path = small_branch(tmp_path / "江州.xlsx", records=[full_record()])
    with pytest.raises(SystemExit) as ended:
        main(["practice", str(path), "--period", "2026Q3", "--as-of", "2026-09-30", "--out", str(tmp_path / "练习")])
    assert ended.value.code == 0
    assert column(path, s.TRAINING_ANALYSIS, "kind")[-1] == "合计"
    names = sorted(file.name for file in (tmp_path / "练习").iterdir())
    assert names == ["练习答案_2026Q3.xlsx", "练习题_2026Q3.xlsx"]
    book = openpyxl.load_workbook(tmp_path / "练习" / "练习题_2026Q3.xlsx")
    assert book.sheetnames == ["说明", "案例题", "找错题"]
