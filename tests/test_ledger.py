"""导入台账 (contract, section 1 `ledger`, section 2 for keys).

Requirements
 1. Rows are found by contract number, and 借据编号 where the export has it; else the contract's sole loan is meant.
 2. New loans are appended, changed cells set, gone loans listed and never deleted.
 3. Only columns that the export has are written; never 重要客户, 备注 or own columns of a loan already there.
 4. A blank never empties a cell that the clerk may have filled in, but undoes 结清日期, 逾期天数 and payments.
 5. Importing twice changes nothing.
 6. A value that cannot be read is named by file, sheet and cell; the ledger's stays, a new row takes it as typed.
 7. Duplicates that contradict each other and rows without a contract number are named by cell and not imported.
 8. Values are kept as meant: dates as dates, codes, phones and IDs as text, amounts as numbers.
 9. 还款计划 is merged by contract, 借据编号 and 期次, from the same file or from --schedule.
10. If no source could be used the refusal names each file and why.
11. Names, phones and IDs are not shown in full.
12. A preview reports the same.
"""

import datetime as dt

import pandas as pd
import pytest
from importing import HEADERS, LOAN, OTHER, after, appended, cells_of, press, source, world

from toolkit.model.errors import ToolkitError

# 1, 2 ------------------------------------------------------------------------------------------------------------


def test_new_changed_and_gone_loans_are_told_apart():
    outcome = press(
        world(),
        source(["贷款合同编号", "客户编号", "贷款余额"], ["HT001", "C1", 80000], ["HT003", "C3", 50000]),
    )
    assert cells_of(outcome) == {(2, "balance"): 80000}
    assert appended(outcome) == [{"contract_no": "HT003", "customer_no": "C3", "balance": 50000}]
    assert outcome.counts["新增贷款"] == outcome.counts["变更贷款"] == outcome.counts["本次导出没有"] == 1
    told = "\n".join(outcome.details)
    assert "新增 1 笔：HT003" in told
    assert "HT001 贷款余额 100000 → 80000" in told
    assert "本次导出没有的 1 笔（仍保留）：HT002" in told
    assert "新增 1 笔" in outcome.summary


PARTS = [{**LOAN, "drawdown_no": "J1"}, {**LOAN, "drawdown_no": "J2"}]
WITH_PART = ["贷款合同编号", "借据编号", "贷款余额"]


@pytest.mark.parametrize(
    ("loans", "rows", "row", "new"),
    [
        pytest.param(PARTS, [WITH_PART, ["HT001", "J2", 1]], 3, 0, id="both parts of the key"),
        pytest.param(PARTS[:1], [["贷款合同编号", "贷款余额"], ["HT001", 1]], 2, 0, id="sole drawdown, no column"),
        pytest.param(PARTS[:1], [WITH_PART, ["HT001", None, 1]], 2, 0, id="sole drawdown, blank cell"),
        pytest.param(PARTS[:1], [WITH_PART, ["HT001", "J2", 1]], None, 1, id="a second drawdown is new"),
        pytest.param(PARTS, [["贷款合同编号", "贷款余额"], ["HT001", 1]], None, 0, id="which drawdown?"),
        pytest.param([LOAN], [WITH_PART, ["HT001", "J1", 1]], 2, 0, id="the ledger has no drawdown number"),
        pytest.param(
            [LOAN], [WITH_PART, ["HT001", "J1", 1], ["HT001", "J2", 1]], None, 0, id="two for one without a number"
        ),
        pytest.param(
            [LOAN],
            [[*WITH_PART, "发放日期"], ["HT001", "J2", 1, dt.date(2026, 5, 6)]],
            None,
            0,
            id="another disbursement than the ledger's",
        ),
        pytest.param([LOAN], [["贷款合同编号", "贷款余额"], ["ＨＴ 001", 1]], 2, 0, id="number folded"),
    ],
)
def test_which_loan_a_row_means(loans, rows, row, new):
    filler = ["HT009", *[None] * (len(rows[0]) - 1)]
    filler[rows[0].index("贷款余额")] = 7
    outcome = press(world([*loans, {**OTHER, "contract_no": "HT009"}]), source(*rows, filler))
    changed = {place: value for place, value in cells_of(outcome).items() if value == 1}
    assert changed == ({(row, "balance"): 1} if row else {})
    assert len(appended(outcome)) == new
    vague = row is None and not new
    assert vague == any("无法确定是哪一笔" in line for line in outcome.warnings)
    assert not any(name == "drawdown_no" for _, name in cells_of(outcome))
    if vague:
        assert outcome.counts["本次导出没有"] == 0


def test_the_same_number_as_a_number_cell():
    outcome = press(world([{**LOAN, "contract_no": "2026001"}]), source(HEADERS, [2026001.0, 90000, None]))
    assert cells_of(outcome) == {(2, "balance"): 90000}


# 3 ---------------------------------------------------------------------------------------------------------------


def test_staff_columns_of_a_loan_already_there_stay_but_a_new_loan_takes_them():
    outcome = press(
        world(),
        source(
            ["贷款合同编号", "重要客户", "备注", "五级分类"],
            ["HT001", "否", "核心备注", "关注"],
            ["HT002", None, None, "正常"],
            ["HT003", "否", "新户", "正常"],
        ),
    )
    assert cells_of(outcome) == {(2, "grade"): "关注"}
    assert appended(outcome) == [{"contract_no": "HT003", "grade": "正常", "key_customer": "否", "remark": "新户"}]


# 4 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "name", "old", "cleared"),
    [
        ("逾期天数", "days_past_due", 12, True),
        ("结清日期", "settled_on", dt.date(2026, 6, 1), True),
        ("贷款余额", "balance", 10, True),
        ("联系电话", "phone", "19900000001", False),
        ("发放日期", "disbursed_on", dt.date(2026, 1, 5), False),
        ("五级分类", "grade", "正常", False),
        ("证件号码", "id_number", "000000200001010019", False),
    ],
)
@pytest.mark.parametrize("blank", [None, "", "  "])
def test_what_a_blank_cell_does(header, name, old, cleared, blank):
    loans = [{**LOAN, name: old}]
    outcome = press(world(loans), source(["贷款合同编号", header, "客户编号"], ["HT001", blank, "C1"]))
    assert cells_of(outcome) == ({(2, name): None} if cleared else {})
    assert cleared != any("保留台账原值的 1 格" in line and header in line for line in outcome.details)


@pytest.mark.parametrize("absent", ["-", "—", "0000-00-00", "9999-12-31", 0, "无", "NULL"])
def test_a_core_systems_no_date_is_blank(absent):
    loans = [{**LOAN, "settled_on": dt.date(2026, 6, 1)}]
    outcome = press(world(loans), source(["贷款合同编号", "结清日期"], ["HT001", absent]))
    assert cells_of(outcome) == {(2, "settled_on"): None}
    assert outcome.warnings == []


# 5 ---------------------------------------------------------------------------------------------------------------

MESSY = [
    ["贷款合同编号", "客户姓名", "联系电话", "贷款金额", "发放日期", "结清日期", "贷款状态", "年利率(%)", "证件号码",
     "期限(月)"],
    ["HT001", "周明德", 19900000009, "￥120,000.00", "2026年1月5日", None, "使用中", "4.35%", "000000200001010019", 12],
    ["HT002", "吴 秀兰", "+86 199-0000-0002", 1e5, 20260105, "待定", "冻结", 5.2, 3.2e17, "十二"],
    ["HT003", "示例（江州）商贸有限公司", "0511-8123 4567", 50, 46000, None, "使 用 中", "abc", 9.1e17, 6.0],
]  # fmt: skip


def test_importing_twice_changes_nothing():
    tables = world(
        schedule=[{"contract_no": "HT001", "instalment_no": 1, "due_on": dt.date(2026, 2, 5), "due_amount": 9}]
    )
    plan = source(
        ["贷款合同编号", "期次", "应还日期", "应还金额", "实还日期"],
        ["HT001", 1, dt.date(2026, 2, 5), 9, dt.date(2026, 2, 5)],
        ["HT003", "第2期", "2026/3/5", 10, None],
        file="计划.xlsx",
    )
    once = press(tables, source(*MESSY), plan)
    assert once.edits
    tables = after(tables, once)
    twice = press(tables, source(*MESSY), plan)
    assert twice.edits == []
    assert "贷款台账读入 3 笔，与台账一致" in twice.summary
    assert "还款计划读入 2 期，与工作簿一致" in twice.summary


# 6 ---------------------------------------------------------------------------------------------------------------


def test_values_that_cannot_be_read_are_named_and_do_no_harm():
    loans = [LOAN, {**OTHER, "settled_on": dt.date(2026, 6, 1), "term_months": 24}]
    outcome = press(world(loans), source(*MESSY))
    changed = cells_of(outcome)
    assert (3, "settled_on") not in changed
    assert (3, "term_months") not in changed
    assert (3, "id_number") not in changed
    assert appended(outcome)[0]["annual_rate"] == "abc"
    assert appended(outcome)[0]["id_number"] == "9.100000E+17"
    told = "\n".join(outcome.warnings)
    assert "导出.xlsx 的“Sheet1”表 F3：结清日期“待定”无法识别" in told
    assert "导出.xlsx 的“Sheet1”表 J3：期限(月)“十二”无法识别" in told
    assert "导出.xlsx 的“Sheet1”表 I3、I4：证件号码是超过 15 位的数值" in told
    assert "导出.xlsx 的“Sheet1”表 H4：年利率(%)“abc”无法识别" in told


def test_a_value_outside_its_list_is_imported_and_named():
    outcome = press(world(), source(*MESSY))
    assert cells_of(outcome)[3, "status"] == "冻结"
    assert any("G3：贷款状态“冻结”不在" in line for line in outcome.warnings)


# 7 ---------------------------------------------------------------------------------------------------------------


def test_contradictory_duplicates_are_named_and_neither_is_imported():
    outcome = press(world(), source(HEADERS, ["HT001", 1, None], ["HT001", 2, None], ["HT002", 3, None]))
    assert cells_of(outcome) == {(3, "balance"): 3}
    assert any("A2、A3：HT001 出现了 2 行且内容不同" in line for line in outcome.warnings)
    assert outcome.counts["本次导出没有"] == 0


def test_equal_duplicates_count_once_and_are_mentioned():
    outcome = press(world(), source(HEADERS, ["HT001", 1, None], ["HT001", 1, None]))
    assert cells_of(outcome) == {(2, "balance"): 1}
    assert any("1 行与前面的行重复且内容一致" in line for line in outcome.warnings)


def test_two_files_that_complete_each_other_are_one_row():
    outcome = press(
        world([]),
        source(["贷款合同编号", "客户姓名"], ["HT001", "周明德"], file="甲.xlsx"),
        source(["贷款合同编号", "贷款余额"], ["HT001", 5], ["HT002", 6], file="乙.xlsx"),
    )
    assert appended(outcome) == [
        {"contract_no": "HT001", "customer_name": "周明德", "balance": 5},
        {"contract_no": "HT002", "customer_name": None, "balance": 6},
    ]
    assert not any("重复" in line for line in outcome.warnings)


def test_rows_without_a_usable_contract_number_are_named():
    outcome = press(
        world(),
        source(HEADERS, [None, 5, None], ["HT001", 1, None], [1.2345678901234568e17, 6, None], ["  ", "", None]),
    )
    assert cells_of(outcome) == {(2, "balance"): 1}
    told = "\n".join(outcome.warnings)
    assert "A2：缺贷款合同编号" in told
    assert "A4：合同编号是超过 15 位的数值" in told
    assert "A5" not in told


def test_a_ledger_row_twice_is_updated_once_and_named():
    outcome = press(world([LOAN, LOAN]), source(HEADERS, ["HT001", 1, None]))
    assert cells_of(outcome) == {(2, "balance"): 1}
    assert any("贷款台账 A3：与前面的行是同一合同" in line for line in outcome.warnings)


# 8 ---------------------------------------------------------------------------------------------------------------


def test_values_are_kept_as_meant():
    outcome = press(world(), source(*MESSY))
    changed, new = cells_of(outcome), appended(outcome)[0]
    assert changed[2, "amount"] == 120000.0
    assert changed[2, "phone"] == "19900000009"
    assert changed[2, "annual_rate"] == 4.35
    assert (2, "disbursed_on") not in changed
    assert (3, "phone") not in changed
    assert changed[3, "customer_name"] == "吴 秀兰"
    assert new["disbursed_on"] == pd.Timestamp("2025-12-09")
    assert new["customer_name"] == "示例（江州）商贸有限公司"
    assert new["status"] == "使用中"
    assert new["phone"] == "0511-8123 4567"
    assert new["term_months"] == 6


def test_a_fen_is_a_change_and_a_rounding_error_is_not():
    rows = [["HT001", 100000.000001, None], ["HT002", 100000.01, None]]
    assert cells_of(press(world(), source(HEADERS, *rows))) == {(3, "balance"): 100000.01}


# 9 ---------------------------------------------------------------------------------------------------------------

PLAN_HEADERS = ["贷款合同编号", "期次", "应还日期", "应还金额", "实还日期", "实还金额"]
DUE = {"contract_no": "HT001", "due_on": dt.date(2026, 2, 5), "due_amount": 100}
PLAN = [{**DUE, "instalment_no": 1, "paid_on": dt.date(2026, 2, 5), "paid_amount": 100}, {**DUE, "instalment_no": 2}]


def test_instalments_merge_by_contract_and_number():
    outcome = press(
        world(schedule=PLAN),
        source(
            PLAN_HEADERS,
            ["HT001", 2, "2026-02-05", 100, "2026-03-05", 100],
            ["HT001", 1, "2026-02-05", 100, None, None],
            ["HT001", 3, "2026-04-05", 100, None, None],
            ["HT777", 1, "2026-04-05", 100, None, None],
        ),
    )
    assert cells_of(outcome, "还款计划") == {
        (2, "paid_on"): None,
        (2, "paid_amount"): None,
        (3, "paid_on"): pd.Timestamp("2026-03-05"),
        (3, "paid_amount"): 100,
    }
    assert [row["instalment_no"] for row in appended(outcome, "还款计划")] == [3]
    assert any("1 期未导入" in line and "HT777" in line for line in outcome.warnings)
    assert outcome.counts["变更期次"] == 2
    assert any("HT001 第 2 期 实还日期 空白 → 2026-03-05" in line for line in outcome.details)


def test_one_file_holds_both_sheets_and_the_plan_of_a_new_loan_is_taken():
    outcome = press(
        world([]),
        source(["贷款合同编号", "客户姓名"], ["HT001", "周明德"], sheet="台账"),
        source(PLAN_HEADERS, ["HT001", 1, "2026-02-05", 100, None, None], sheet="计划"),
        source(["导出说明"], ["本文件由系统生成"], sheet="说明"),
    )
    assert len(appended(outcome)) == len(appended(outcome, "还款计划")) == 1
    assert any("“说明”表：前 20 行没有找到" in line for line in outcome.warnings)


def test_a_plan_with_a_loans_columns_is_still_a_plan():
    headers = ["客户编号", "客户姓名", "贷款产品", "网点", "客户经理", *PLAN_HEADERS]
    row = ["C1", "周明德", "经营贷", "城东支行", "何立", "HT001", 1, "2026-02-05", 100, None, None]
    outcome = press(world(), source(headers, row))
    assert len(appended(outcome, "还款计划")) == 1
    assert outcome.counts.get("读入贷款") is None


def test_the_schedule_option_reads_plans_only():
    plan = source(PLAN_HEADERS, ["HT001", 1, "2026-02-05", 100, None, None], file="计划.xlsx")
    outcome = press(world(), source(HEADERS, ["HT001", 1, None]), schedule_sources=(plan,))
    assert len(appended(outcome, "还款计划")) == 1
    with pytest.raises(ToolkitError, match=r"台账\.xlsx.*没有找到还款计划的表头"):
        press(world(), schedule_sources=(source(HEADERS, ["HT001", 1, None], file="台账.xlsx"),))


def test_the_plan_takes_the_ledgers_own_key():
    rows = [["贷款合同编号", "借据编号", "期次", "应还日期", "应还金额"], ["HT001", "J1", 1, "2026-02-05", 100]]
    assert "drawdown_no" not in appended(press(world(), source(*rows)), "还款计划")[0]
    drawn = press(world([{**LOAN, "drawdown_no": "J1"}]), source(PLAN_HEADERS, ["HT001", 1, "2026-02-05", 100, 0, 0]))
    assert appended(drawn, "还款计划")[0]["drawdown_no"] == "J1"


def test_instalments_that_a_partial_export_lacks_are_named_and_kept():
    plan = [PLAN[0], {**PLAN[1], "due_on": dt.date(2026, 3, 5)}]
    outcome = press(world(schedule=plan), source(PLAN_HEADERS, ["HT001", 1, "2026-02-05", 100, "2026-02-05", 100]))
    assert not outcome.edits
    assert any("HT001 第 2 期" in line and "仍保留" in line for line in outcome.warnings)


def test_instalments_without_a_number_are_named():
    outcome = press(
        world(),
        source(PLAN_HEADERS, ["HT001", None, "2026-02-05", 1, None, None], ["HT001", 1, "2026-03-05", 1, None, None]),
    )
    assert len(appended(outcome, "还款计划")) == 1
    assert any("B2：期次为空或无法识别" in line for line in outcome.warnings)


# 10 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sources", "rejected", "said"),
    [
        ((), (("坏.xls", "文件已加密"),), ["坏.xls：文件已加密"]),
        ((source(["a", "b"], [1, 2]),), (("坏.xls", "打不开"),), ["坏.xls：打不开", "导出.xlsx", "没有找到"]),
        ((source(HEADERS),), (), ["导出.xlsx", "没有可以导入的行"]),
        ((source(HEADERS, [None, 5, 1]),), (), ["导出.xlsx", "A2：缺贷款合同编号"]),
        ((source(HEADERS, ["HT001", 5, 1], ["HT001", 6, 1]),), (), ["没有一行可以导入", "HT001 出现了 2 行"]),
        ((source(["贷款合同编号", "应还日期", "应还金额"], ["HT001", 1, 1]),), (), ["缺少“期次”列"]),
        ((source([None, ""]),), (), ["导出.xlsx：没有一行可以导入"]),
        ((source(PLAN_HEADERS, ["HT777", 1, "2026-02-05", 1, None, None]),), (), ["HT777"]),
        ((), (), ["没有给出文件"]),
    ],
)
def test_if_nothing_could_be_used_the_refusal_says_why(sources, rejected, said):
    with pytest.raises(ToolkitError) as refusal:
        press(world(), *sources, rejected=rejected)
    for words in said:
        assert words in str(refusal.value)


def test_if_some_could_be_used_the_others_are_named():
    outcome = press(world(), source(HEADERS, ["HT001", 5, 1]), source(["甲", "乙"], [1, 2], file="别的.xlsx"))
    assert cells_of(outcome)[2, "balance"] == 5
    assert any(line.startswith("别的.xlsx") for line in outcome.warnings)


def test_a_wrong_file_is_suspected_when_nothing_agrees():
    outcome = press(world(), source(HEADERS, ["1", 5, 1], ["2", 5, 1]))
    assert any("没有一笔合同相同" in line for line in outcome.warnings)


# 11 --------------------------------------------------------------------------------------------------------------


def test_no_name_phone_or_id_in_full():
    number = "000000199001010018"
    rows = [["贷款合同编号", "客户姓名", "联系电话", "证件号码"], ["HT001", "郑光耀", "19912345678", number]]
    outcome = press(world(), source(*rows))
    told = "\n".join([*outcome.details, *outcome.warnings, outcome.summary])
    assert "郑光耀" not in told
    assert "19912345678" not in told
    assert number not in told
    assert "周* → 郑*" in told


# 12 --------------------------------------------------------------------------------------------------------------


def test_a_preview_reports_what_a_run_would_do():
    rows = source(HEADERS, ["HT001", 5, 1], ["HT003", 6, 2])
    run, preview = press(world(), rows), press(world(), rows, preview=True)
    assert preview.preview
    assert not run.preview
    assert preview.details == run.details
    assert preview.summary == "预览，未写入。" + run.summary


def test_long_lists_are_cut():
    rows = [[f"N{i:04}", i, None] for i in range(200)]
    outcome = press(world(), source(HEADERS, *rows))
    assert any("其余 150 笔略" in line for line in outcome.details)
    changes = press(
        world([{**LOAN, "contract_no": f"N{i:04}"} for i in range(200)]),
        source(HEADERS, *rows),
    )
    assert any("其余 150 格略" in line for line in changes.details)
    assert len(changes.details) < 60
