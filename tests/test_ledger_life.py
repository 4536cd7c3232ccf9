"""A loan's life as later exports show it: drawn in parts, extended, settled early, restructured; rows that cannot be.

Requirements (contract, section 1 `ledger`: new, changed, gone; section 2: contract + 借据编号)
 1. Rows with and without 借据编号 of one contract are one loan where that is the only reading, else named.
 2. 展期 and 提前结清 are named when they happen, by the cells or by the status word, and not again.
 3. The exported plan stands in place of a restructured loan's unpaid instalments: nothing is due on those that
    vanished, each is listed, none is deleted; a plan exported in part leaves the others alone.
 4. Impossible rows are named by cell and imported as they are.
 5. The same data in another order and format changes nothing.
"""

import datetime as dt
import random

import pandas as pd
import pytest
from importing import LOAN, OTHER, after, appended, cells_of, press, source, world

from toolkit.model import sheets

# 1 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "loans", "rejected"),
    [
        ([["H1", "J1", 5], ["H1", None, 5]], 1, 0),
        ([["H1", None, 5], ["H1", "J1", 5]], 1, 0),
        ([["H1", "J1", 5], ["H1", None, 6]], 0, 2),
        ([["H1", "J1", 5], ["H1", "J2", 6]], 2, 0),
        ([["H1", "J1", 5], ["H1", "J2", 6], ["H1", None, 11]], 2, 1),
        ([["H1", "J1", 5], ["H1", "J1", 5]], 1, 0),
    ],
)
def test_drawdowns_of_a_new_contract(rows, loans, rejected):
    outcome = press(world(), source(["合同号", "借据号", "余额"], *rows, ["HT001", None, 1]))
    assert len(appended(outcome)) == loans
    assert outcome.counts.get("未导入行", 0) == rejected
    assert all(row["drawdown_no"] for row in appended(outcome))


# 2 ---------------------------------------------------------------------------------------------------------------

OLD = {**LOAN, "matures_on": dt.date(2026, 12, 31)}


@pytest.mark.parametrize(
    ("headers", "cells", "said"),
    [
        (["到期日"], ["2027-12-31"], "展期 1 笔：HT001（到期日 2026-12-31 → 2027-12-31）"),
        (["到期日"], ["2026-06-30"], None),
        (["状态", "余额"], ["展期", 5], "展期 1 笔：HT001（按贷款状态）"),
        (["结清日", "余额", "状态"], ["2026-09-01", 0, "结清"],
         "提前结清 1 笔：HT001（结清日期 2026-09-01，到期日 2026-12-31）"),
        (["结清日", "到期日"], ["2026-09-01", "2026-08-31"], None),
        (["状态"], ["提前结清"], "提前结清 1 笔：HT001（按贷款状态）"),
        (["状态", "余额"], ["重组", 5], "重组 1 笔：HT001（按贷款状态）"),
    ],
)  # fmt: skip
def test_events_are_told_once(headers, cells, said):
    tables, export = world([OLD]), source(["合同号", *headers], ["HT001", *cells])
    outcome = press(tables, export)
    told = [line for line in outcome.details if line.split(" ")[0] in ("展期", "提前结清", "重组")]
    assert told == ([said] if said else [])
    again = press(after(tables, outcome), export)
    assert again.edits == []
    assert not any(line.startswith(("展期", "提前结清", "重组")) for line in again.details)


# 3 ---------------------------------------------------------------------------------------------------------------

PLAN_HEADERS = ["合同号", "期次", "应还日期", "应还金额", "实还日期", "实还金额"]


def instalment(number, month, due=100.0, paid=None, year=2026):
    day = dt.date(year, month, 5)
    return {
        "contract_no": "HT001", "instalment_no": number, "due_on": day, "due_amount": due,
        "paid_on": day if paid else None, "paid_amount": paid,
    }  # fmt: skip


def exported(*rows):
    return source(PLAN_HEADERS, *([row[name] for name in sheets.SCHEDULE.names[:6]] for row in rows))


FIRST = instalment(1, 7, paid=100.0)
HALF = instalment(2, 8, paid=40.0)
THIRD, FOURTH = instalment(3, 9), instalment(4, 12)


@pytest.mark.parametrize(
    ("export", "voided"),
    [
        pytest.param([FIRST, HALF, THIRD, FOURTH], [], id="the same"),
        pytest.param([FIRST, HALF, instalment(3, 12)], [4], id="fewer instalments up to maturity"),
        pytest.param([FIRST, instalment(5, 12, 200.0)], [2, 3, 4], id="the rest in one, numbered anew"),
        pytest.param([FIRST, HALF, THIRD], [], id="an export that stops before maturity"),
        pytest.param([THIRD], [], id="this month's instalments only"),
        pytest.param([THIRD, FOURTH], [], id="only what is to come: earlier ones may have been paid"),
        pytest.param([instalment(1, 7, paid=100.0), instalment(2, 12, 300.0)], [3, 4], id="numbers used again"),
    ],
)
def test_a_restructured_plan(export, voided):
    tables = world([OLD], [FIRST, HALF, THIRD, FOURTH])
    outcome = press(tables, exported(*export))
    after_import = after(tables, outcome)
    plan = after_import["还款计划"].data
    assert plan["instalment_no"].tolist()[:4] == [1, 2, 3, 4]
    void = plan["due_amount"] == plan["paid_amount"]
    assert plan.loc[void & (plan["instalment_no"] != 1), "instalment_no"].tolist() == voided
    assert outcome.counts.get("不再应还期次", 0) == len(voided)
    told = "\n".join(outcome.warnings)
    assert ("消失的期次" in told) == bool(voided)
    for number in voided:
        assert f"HT001 第 {number} 期" in told
    if voided:
        assert any(line.startswith("重组 1 笔：HT001（还款计划重新约定，原") for line in outcome.details)
    assert press(after_import, exported(*export)).edits == []
    # The old plan again: everything is due as before.
    back = press(after_import, exported(FIRST, HALF, THIRD, FOURTH))
    restored = after(after_import, back)["还款计划"].data.head(4)
    assert restored["due_amount"].tolist() == [100] * 4


def test_what_was_paid_in_part_stays_as_paid():
    tables = world([OLD], [FIRST, HALF, THIRD, FOURTH])
    outcome = press(tables, exported(FIRST, instalment(5, 12, 260.0)))
    assert cells_of(outcome, "还款计划") == {
        (3, "due_amount"): 40,
        (4, "due_amount"): 0,
        (4, "paid_amount"): 0,
        (5, "due_amount"): 0,
        (5, "paid_amount"): 0,
    }
    assert any("HT001 第 2 期 应还金额 100 → 40" in line for line in outcome.details)


def test_a_loan_whose_plan_is_not_exported_is_left_alone():
    tables = world([OLD, OTHER], [THIRD, {**FOURTH, "contract_no": "HT002"}])
    outcome = press(tables, exported(THIRD))
    assert {edit.sheet.title for edit in outcome.edits} == {"字段映射"}
    assert outcome.warnings == []


# 4 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cell", "said"),
    [
        ("到期日", "2026-01-04", "到期日早于发放日期"),
        ("到期日", "2026-01-05", None),
        ("结清日", "2026-01-04", "结清日期早于发放日期"),
        ("结清日", "2026-10-01", "结清日期晚于基准日"),
        ("结清日", "2026-09-30", "已有结清日期而贷款余额不为 0"),
        ("余额", 100000.01, "贷款余额大于贷款金额"),
        ("余额", 100000, None),
        ("余额", -1, "贷款余额是负数"),
        ("贷款金额", -5, "贷款金额是负数"),
        ("逾期天数", -3, "逾期天数是负数"),
        ("期限", 601, "期限(月)大于 600"),
        ("期限", 0, "期限(月)小于 1"),
        ("年利率", 120, "年利率(%)大于 100"),
    ],
)
def test_rows_that_cannot_be(header, cell, said):
    outcome = press(world(), source(["合同号", header], ["HT001", cell]))
    doubts = [line for line in outcome.warnings if line.endswith("请核对")]
    assert any(f"B2：{said}，" in line for line in doubts) if said else not doubts


def test_a_payment_of_tomorrow():
    day = dt.date(2026, 10, 1)
    outcome = press(world([OLD], [THIRD]), exported({**THIRD, "paid_on": day, "paid_amount": 100}))
    assert any("E2：实还日期晚于基准日" in line for line in outcome.warnings)


# 5 ---------------------------------------------------------------------------------------------------------------


def test_the_same_data_in_another_order_and_format_changes_nothing():
    headers = ["合同号", "客户号", "手机号", "贷款金额", "年利率", "放款日", "状态", "五级分类"]
    rows = [[f"H{i}", f"C{i}", f"1990000{i:04}", 10000.0 * i, 4.35, dt.date(2026, 1, i), "使用中", "关注"]
            for i in range(1, 9)]  # fmt: skip
    tables = world([])
    tables = after(tables, press(tables, source(headers, *rows)))
    other = ["五级分类结果", "合同编号", "客户编号", "联系电话", "放款金额(万元)", "执行利率", "发放日期", "贷款状态"]
    mixed = [
        ["关注类", f"H{i}", f" C{i}", f"+86 199-0000-{i:04}", str(float(i)), "4.35%", f"202601{i:02}", "正常"]
        for i in range(1, 9)
    ]
    random.Random(2).shuffle(mixed)
    outcome = press(tables, source(["台账"], other, *mixed, ["合计", None, None, None, 36.0]))
    assert [edit.sheet.title for edit in outcome.edits] == ["字段映射"]
    assert "与台账一致" in outcome.summary
    assert tables["贷款台账"].data["disbursed_on"].max() == pd.Timestamp("2026-01-08")
