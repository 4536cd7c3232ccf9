"""校验记录 as a run: what is written, marked, adopted, explained, and fixed for the accuracy rate.

Requirements: contract, section 4 (marks and notes that go away, 采纳 is the only change to what the clerk typed, 建议
holds the bare value, the first `check` fixes the first-submission verdict), section 1 (exit 1; `plan`'s rows stay);
issue 3 (running twice changes nothing).
"""

import datetime as dt
import time

import pandas as pd
import pytest
from checking import (
    LATER,
    branch,
    edit,
    handled,
    loan,
    marked,
    record,
    request,
    rows,
    run,
    typed,
    visit,
)

from toolkit.model import sheets as s
from toolkit.model.masking import mask_text
from toolkit.model.tables import SheetEdits
from toolkit.steps.check import check


def test_findings_are_listed_with_address_suggestion_and_clause():
    outcome, tables = run(branch([record(customer_name="林小舟"), record("HT002", started_at="22:30")]))
    assert outcome.exit_code == 1
    assert outcome.counts == {"错误": 1, "警告": 1, "提示": 0, "记录": 2}
    assert outcome.summary == "校验 2 条记录：错误 1 处，警告 1 处，提示 0 处"
    assert outcome.details == ["A02 客户姓名与台账不一致（错误）1 处", "W03 开始时间不合适（警告）1 处"]
    listed = rows(tables)[["no", "level", "rule", "sheet", "cell", "visit_no", "suggestion", "clause"]]
    assert listed.to_numpy().tolist()[0] == [
        1, "错误", "A02", "回访记录", "E2", "DQ20260630-AAAAA001", "林晓舟", "五、(一)2.",
    ]  # fmt: skip
    assert marked(outcome) == {(2, "customer_name", "错误"), (3, "started_at", "警告")}


def test_warnings_alone_exit_with_0():
    outcome, _ = run(branch([record(minutes=50)]))
    assert (outcome.exit_code, outcome.counts["警告"]) == (0, 1)


def test_a_second_run_changes_nothing():
    faulty = [record(customer_name="", use_1="", phone="1"), record("HT002", started_at="9:32", minutes=99)]
    first, tables = run(branch(faulty))
    again, _ = run(tables, LATER)
    for one in again.edits:
        assert SheetEdits(one.sheet, one.cells, one.append, one.replace).empty, one.sheet.title
    pd.testing.assert_frame_equal(edit(again, s.RECORDS).marks, edit(first, s.RECORDS).marks)


def test_a_mended_cell_loses_finding_and_mark():
    _, tables = run(branch([record(customer_name="林小舟")]))
    outcome, tables = run(typed(tables, s.RECORDS, 2, customer_name="林晓舟"))
    assert outcome.exit_code == 0
    assert marked(outcome) == set()
    assert rows(tables).empty


def test_a_cell_has_one_mark_of_the_gravest_level_and_all_its_messages():
    tables = branch([record(minutes=1441)])
    outcome, _ = run(tables)
    assert marked(outcome) == {(2, "minutes", "错误")}
    note = edit(outcome, s.RECORDS).marks["note"].iloc[0]
    assert "应为 0 至 1440" in note
    assert "长于电话时长上限" in note


def test_marks_name_no_phone():
    outcome, _ = run(branch([record(phone="19911112222"), record("HT002", phone="1990", started_at="15:00")]))
    notes = edit(outcome, s.RECORDS).marks["note"]
    assert len(notes) == 2
    assert all(note == mask_text(note) for note in notes)


def test_rows_of_plan_stay_below():
    own = {"no": 1, "level": "警告", "rule": "P06", "sheet": "贷款台账", "cell": "F9", "message": "缺联系电话",
           "handling": "说明", "handling_reason": "已联系"}  # fmt: skip
    outcome, tables = run(branch([record(minutes=99)], findings=[own]))
    assert rows(tables)["rule"].tolist() == ["W02", "P06"]
    assert rows(tables)["no"].tolist() == [1, 2]
    assert rows(tables)["handling_reason"].tolist() == ["", "已联系"]
    assert outcome.counts["警告"] == 1


def test_adopting_sets_the_cell_and_keeps_who_and_when():
    _, tables = run(branch([record(customer_name="林小舟")]))
    outcome, tables = run(handled(tables, "A02", handling="采纳", handled_by="马宁"), LATER)
    assert edit(outcome, s.RECORDS).cells.to_numpy().tolist() == [[2, "customer_name", "林晓舟"]]
    assert outcome.exit_code == 0
    assert marked(outcome) == set()
    kept = rows(tables).iloc[0]
    assert kept[["rule", "cell", "handling", "handled_by", "level"]].tolist() == ["A02", "E2", "采纳", "马宁", "提示"]
    assert kept["handled_on"].date() == LATER
    assert outcome.counts["提示"] == 0  # the trace of an adoption is no open finding
    again, tables = run(tables, LATER + dt.timedelta(days=1))
    assert rows(tables).iloc[0]["handled_on"].date() == LATER
    assert edit(again, s.FINDINGS).empty


def test_an_adopted_cell_that_is_spoilt_again_is_a_new_finding():
    _, tables = run(branch([record(customer_name="林小舟")]))
    _, tables = run(handled(tables, "A02", handling="采纳"))
    outcome, tables = run(typed(tables, s.RECORDS, 2, customer_name="林大舟"))
    assert edit(outcome, s.RECORDS).cells.empty
    assert outcome.exit_code == 1
    assert rows(tables)["handling"].tolist() == ["", "采纳"]


@pytest.mark.parametrize(
    ("changes", "rule", "field", "value"),
    [
        ({"phone": "19900000009"}, "W01", "phone", "19900000001"),
        ({"visited_on": "4月21日"}, "R02", "visited_on", pd.Timestamp("2026-04-21")),
        ({"signature": ""}, "A04", "signature", "何青"),
        ({"method": "电话回访"}, "R04", "method", "电话"),
        ({"visit_no": "X1"}, "A05", "visit_no", "DQ20260630-AAAAA001"),
    ],
)
def test_what_is_adopted_is_typed_like_its_column(changes, rule, field, value):
    _, tables = run(branch([record(**changes)]))
    outcome, tables = run(handled(tables, rule, handling="采纳"))
    assert edit(outcome, s.RECORDS).cells.to_numpy().tolist() == [[2, field, value]]
    assert (outcome.counts["错误"], outcome.counts["警告"]) == (0, 0)
    assert edit(run(tables)[0], s.FINDINGS).empty


def test_adopting_the_number_of_the_visit_keeps_other_handling():
    _, tables = run(branch([record(visit_no="X1", minutes=50)]))
    tables = handled(tables, "W02", handling="说明", handling_reason="客户健谈")
    outcome, tables = run(handled(tables, "A05", handling="采纳"))
    assert outcome.counts["警告"] == 0
    assert rows(tables).set_index("rule").loc["W02", "handling_reason"] == "客户健谈"


def test_an_adopted_contract_brings_the_next_finding_to_light():
    _, tables = run(branch([record(contract_no="HT01", customer_name="林小舟")]))
    outcome, tables = run(handled(tables, "A01", handling="采纳"))
    assert outcome.details == ["A02 客户姓名与台账不一致（错误）1 处"]
    assert edit(run(tables)[0], s.FINDINGS).empty


def test_adopting_without_a_value_is_told_and_changes_nothing():
    _, tables = run(branch([record(use_2="")]))
    outcome, tables = run(handled(tables, "A09", handling="采纳"))
    assert edit(outcome, s.RECORDS).cells.empty
    assert outcome.exit_code == 1
    assert outcome.warnings == ["校验结果 J2（回访记录 T2）：选了“采纳”但没有可采纳的值，请直接改正单元格"]
    assert rows(tables)["handling"].tolist() == ["采纳"]


def test_a_value_that_was_not_the_one_shown_is_not_adopted():
    """The records were sorted after 采纳 was chosen: another record now stands in that row."""
    _, tables = run(branch([record(visit_no="", customer_name="林小舟")], visits=[]))
    tables = handled(tables, "A02", handling="采纳")
    sorted_rows = [record("HT002", visit_no="", customer_name="江小明"), record(visit_no="", customer_name="林晓舟")]
    tables[s.RECORDS.title] = branch(sorted_rows)[s.RECORDS.title]
    outcome, tables = run(tables)
    assert edit(outcome, s.RECORDS).cells.empty
    assert set(rows(tables)["handling"]) == {""}


def test_an_explained_warning_stays_listed_without_mark_and_is_not_open():
    _, tables = run(branch([record(minutes=50)]))
    tables = handled(tables, "W02", handling="说明", handling_reason="客户健谈", handled_by="马宁")
    outcome, tables = run(tables)
    assert outcome.counts["警告"] == 0
    assert marked(outcome) == set()
    assert outcome.summary.endswith("已说明 1 处")
    assert rows(tables)["handling_reason"].tolist() == ["客户健谈"]
    assert edit(run(tables)[0], s.FINDINGS).empty


def test_an_explanation_travels_with_a_record_that_moved():
    _, tables = run(branch([record(minutes=50), record("HT002", started_at="15:00")]))
    tables = handled(tables, "W02", handling="说明", handling_reason="客户健谈")
    tables[s.RECORDS.title] = branch([record("HT002", started_at="15:00"), record(minutes=50)])[s.RECORDS.title]
    outcome, tables = run(tables)
    assert outcome.counts["警告"] == 0
    assert rows(tables)[["cell", "handling_reason"]].to_numpy().tolist() == [["D3", "客户健谈"]]


@pytest.mark.parametrize(
    ("changes", "reason", "told"),
    [({"use_2": ""}, "客户不愿谈", "错误不能以“说明”代替改正"), ({"minutes": 50}, "", "没有处理理由")],
)
def test_an_explanation_that_does_not_count(changes, reason, told):
    _, tables = run(branch([record(**changes)]))
    (rule,) = rows(tables)["rule"]
    outcome, tables = run(handled(tables, rule, handling="说明", handling_reason=reason))
    assert len(marked(outcome)) == 1
    assert told in outcome.warnings[0]
    assert rows(tables)["handling"].tolist() == ["说明"]


def test_a_workbook_without_records_is_fine():
    tables = branch([])
    outcome = check(tables, request())
    assert (outcome.exit_code, outcome.counts["记录"]) == (0, 0)


def test_ten_thousand_records_take_no_loop():
    numbers = [f"HT{i:06d}" for i in range(10_000)]
    loans = [loan(number) for number in numbers]
    visits = [visit(number, visit_no="DQ20260630-" + number) for number in numbers]
    records = [
        record(number, visit_no="DQ20260630-" + number, visitor=f"员{i % 500}", minutes=1, feedback=f"客户{i}一切正常")
        for i, number in enumerate(numbers)
    ]
    tables = branch(records, loans=loans, visits=visits)
    started = time.process_time()
    outcome = check(tables, request())
    assert time.process_time() - started < 5
    assert outcome.counts["记录"] == 10_000
