"""校验结果 as a form to correct in: whose 采纳 and 说明 count, who and when, and what is said where they do not.

Requirements: contract, section 4 (采纳, 说明 on warnings only, bare values) and section 2 (处理人, 处理日期); issue 6,
item 3 (the next run honours it, with who and when).
"""

import pytest
from checking import (
    AS_OF,
    DAY,
    LATER,
    OPERATOR,
    branch,
    edit,
    handled,
    marked,
    record,
    rows,
    run,
    typed,
    visit,
)

from toolkit.model import sheets as s

LONG = {"minutes": 50}
MISNAMED = {"customer_name": "林小舟"}


@pytest.mark.parametrize(
    ("changes", "rule", "given"),
    [(MISNAMED, "A02", {"handling": "采纳"}), (LONG, "W02", {"handling": "说明", "handling_reason": "客户健谈"})],
)
def test_who_and_when_are_filled_where_left_blank_and_stay(changes, rule, given):
    _, tables = run(branch([record(**changes)]))
    outcome, tables = run(handled(tables, rule, **given))
    assert outcome.warnings == []
    kept = rows(tables).iloc[0]
    assert (kept["handled_by"], kept["handled_on"].date()) == (OPERATOR, AS_OF)
    again, tables = run(tables, LATER)
    assert edit(again, s.FINDINGS).empty
    assert rows(tables).iloc[0]["handled_on"].date() == AS_OF


def test_who_and_when_as_typed_stand_even_where_no_date_can_be_read():
    _, tables = run(branch([record(**LONG)]))
    given = {"handling": "说明", "handling_reason": "客户健谈", "handled_by": "马宁", "handled_on": "昨天"}
    outcome, tables = run(handled(tables, "W02", **given))
    assert outcome.counts["警告"] == 0
    assert rows(tables).iloc[0]["handled_by"] == "马宁"
    assert tables[s.FINDINGS.title].raw["handled_on"].tolist() == ["昨天"]


NOT_HONOURED = [
    ({"use_2": ""}, {"handling": "说明", "handling_reason": "客户不愿谈"}, "J2", "错误不能以“说明”代替改正"),
    (LONG, {"handling": "说明"}, "K2", "选了“说明”但没有处理理由"),
    (LONG, {"handling": "说明", "handling_reason": " "}, "K2", "选了“说明”但没有处理理由"),
    (LONG, {"handling": "同意", "handling_reason": "客户健谈"}, "J2", "处理只能是“采纳”或“说明”"),
    (LONG, {"handling_reason": "客户健谈"}, "J2", "没有选处理"),
    (LONG, {"handling": "采纳"}, "J2", "没有可采纳的值"),
]


@pytest.mark.parametrize(("changes", "given", "cell", "told"), NOT_HONOURED)
def test_handling_without_effect_is_told_by_cell_and_stays(changes, given, cell, told):
    first, tables = run(branch([record(**changes)]))
    (rule,) = rows(tables)["rule"]
    outcome, tables = run(handled(tables, rule, **given))
    assert edit(outcome, s.RECORDS).cells.empty
    assert marked(outcome) == marked(first)
    assert outcome.counts == first.counts
    assert len(outcome.warnings) == 1
    assert outcome.warnings[0].startswith(f"校验结果 {cell}（回访记录 ")
    assert told in outcome.warnings[0]
    kept = rows(tables).iloc[0]
    assert kept["handling"] == given.get("handling", "")
    assert kept["handling_reason"] == given.get("handling_reason", "").strip()
    assert kept["handled_by"] == ""


def test_another_value_than_the_one_accepted_is_told():
    _, tables = run(branch([record(**MISNAMED)]))
    tables = typed(handled(tables, "A02", handling="采纳"), s.LOANS, 2, customer_name="林晓洲")
    outcome, tables = run(tables)
    assert edit(outcome, s.RECORDS).cells.empty
    assert outcome.warnings == ["校验结果 J2（回访记录 E2）：情况已变，原来选的处理不再适用，请核对后重新选择"]


UNNUMBERED = {"visit_no": "", "visited_on": DAY(2026, 3, 10), "submitted_on": DAY(2026, 3, 11)}


def test_an_explanation_without_a_number_of_a_visit_follows_its_words_not_the_row():
    first, second = record(**UNNUMBERED | LONG), record("HT002", **UNNUMBERED | {"minutes": 60, "started_at": "15:00"})
    _, tables = run(branch([first, second]))
    reasons = {"D2": "客户健谈", "D3": "顺带核对账单"}
    for row, cell in enumerate(rows(tables)["cell"], start=2):
        tables = typed(tables, s.FINDINGS, row, handling="说明", handling_reason=reasons[cell])
    tables[s.RECORDS.title] = branch([second, first])[s.RECORDS.title]
    outcome, tables = run(tables)
    assert outcome.counts["警告"] == 0
    assert rows(tables)[["cell", "handling_reason"]].to_numpy().tolist() == [["D2", "顺带核对账单"], ["D3", "客户健谈"]]


def test_an_explanation_does_not_pass_to_the_record_that_now_stands_there():
    first, second = record(**UNNUMBERED | LONG), record("HT002", **UNNUMBERED | {"minutes": 60, "started_at": "15:00"})
    _, tables = run(branch([first]))
    tables = handled(tables, "W02", handling="说明", handling_reason="客户健谈")
    tables[s.RECORDS.title] = branch([second])[s.RECORDS.title]
    outcome, _ = run(tables)
    assert outcome.counts["警告"] == 1
    assert "不再适用" in outcome.warnings[0]


def test_an_explanation_survives_the_number_that_is_filled_in_later():
    _, tables = run(branch([record(visit_no="", **LONG)]))
    tables = handled(tables, "W02", handling="说明", handling_reason="客户健谈")
    outcome, _ = run(typed(tables, s.RECORDS, 2, visit_no="DQ20260630-AAAAA001"))
    assert outcome.counts["警告"] == 0


def test_a_row_of_the_clerks_own_in_the_result_sheet_stays():
    own = {"message": "周五前问清", "handling_reason": "自己记的"}
    _, tables = run(branch([record(**LONG)], findings=[own]))
    assert rows(tables)[["rule", "message"]].to_numpy().tolist()[1] == ["", "周五前问清"]
    assert edit(run(tables)[0], s.FINDINGS).empty


def test_a_visit_already_made_is_not_suggested():
    lower = record(visit_no="dq20260630-aaaaa001", started_at="15:00", feedback="下午又问，仍说生意不错")
    _, tables = run(branch([record(), lower]))
    assert rows(tables).set_index("rule").loc["A05", "suggestion"] == "请照回访清单填写，清单没有的留空"
    failed = lower | {"result": "未接通", "use_1": "", "use_2": "", "use_3": ""}
    _, tables = run(branch([record(), failed]))  # an attempt before or after the success belongs to the visit too
    assert rows(tables).set_index("rule").loc["A05", "suggestion"] == "DQ20260630-AAAAA001"


def test_another_contracts_number_in_small_letters_is_not_suggested():
    visits = [visit(due_on=DAY(2026, 3, 31), earliest_on=DAY(2026, 1, 1)), visit("HT002")]
    _, tables = run(branch([record(visit_no="dq20260630-aaaaa002")], visits=visits))
    assert rows(tables)["suggestion"].tolist() == ["请照回访清单填写，清单没有的留空"]
