"""Columns known by their values, headers of two rows, merged cells (contract, section 1 `ledger`).

Requirements
 1. A column with an unknown header whose values can mean one field only is used, said on screen and in 字段映射.
 2. Dates, amounts, a column of other people, several candidates: only proposed, with 本表字段 left for the clerk.
 3. A clerk's answer in 字段映射 stands; importing again neither asks nor changes anything.
 4. A two-row header is read with its groups; a group of other people or days is not the loan's own.
 5. Cells merged downwards count in each of their rows, amounts never.
 6. Filled columns without a header are named.
"""

import datetime as dt

import pytest
from importing import LOAN, OTHER, after, appended, cells_of, press, source, world

from toolkit.model.errors import ToolkitError
from toolkit.model.tables import Source

PHONES = ["19912340001", 19912340002.0, "+86 199-1234-0003"]
IDS = ["110101199001010018", "110101199001010026", "91320100MA00000000"]


def columns(header, values, *others):
    """An export of three loans with one odd column."""
    rows = [["合同号", "客户号", header, *(name for name, _ in others)]]
    for i, value in enumerate(values):
        rows.append([f"HT10{i}", f"C{i}", value, *(cells[i] for _, cells in others)])
    return source(*rows)


def proposed(outcome):
    rows = appended(outcome, "字段映射")
    return {row["source_header"]: row["target_field"] for row in rows if "提议" in row["source"]}


# 1 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (PHONES, "phone"),
        (IDS, "id_number"),
        (["110101900101001", "110101900101002", IDS[0]], "id_number"),
        (["关注", "正常类", "次级"], "grade"),
        (["使用中", "结清", "逾期"], "status"),
        (["个人", "对公", "个人"], "customer_type"),
        (["等额本息", "等额本金", "等额本息"], "repayment_method"),
        (["城东支行", "城东支行", "城东支行"], "branch"),
        (["何立", "何立", "何立"], "loan_officer"),
        (["经营贷", "经营贷", "经营贷"], "product"),
        ([PHONES[0], "1.99E+10", None], "phone"),
    ],
)
def test_values_that_speak_for_themselves(values, name):
    outcome = press(world(), columns("柜面栏", values))
    rows = appended(outcome)
    assert all(row[name] is not None for row, value in zip(rows, values, strict=True) if value is not None)
    (target,) = proposed(outcome).values()
    assert target
    assert any(f"提议并已采用：柜面栏（C1）→ {target}" in line for line in outcome.warnings)


@pytest.mark.parametrize("contract", ["HT001", "ＨＴ001"])
def test_a_contract_column_by_the_ledgers_numbers(contract):
    outcome = press(world(), source(["业务代号", "余额", "状态"], [contract, 5, "正常"], ["HT002", 6, "正常"]))
    assert cells_of(outcome) == {(2, "balance"): 5, (3, "balance"): 6}
    assert proposed(outcome) == {"业务代号": "贷款合同编号"}


# 2 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "values", "said"),
    [
        ("日期", ["2026-01-05", "20260106", dt.date(2026, 1, 7)], "“申请日期”、“审批日期”、“发放日期”"),
        ("紧急联系人电话", PHONES, "“联系电话”"),
        ("担保人证件", IDS, "“证件号码”"),
        ("录入人", ["何立", "何立", "何立"], "“客户经理”"),
        ("柜面栏", ["正常", "正常", "正常"], "“贷款状态”、“五级分类”之一"),
        ("柜面栏", ["拒绝", "拒绝", "通过"], "“审批结果”"),
    ],
)
def test_what_is_only_proposed(header, values, said):
    outcome = press(world(), columns(header, values))
    if header != "柜面栏" or "之一" in said:
        assert all(set(row) == {"contract_no", "customer_no"} for row in appended(outcome))
        assert proposed(outcome) == {header: ""}
        assert any(f"提议，未导入：{header}（C1）可能是{said}" in line for line in outcome.warnings)


def test_two_columns_for_one_field_are_both_named_and_neither_is_used():
    outcome = press(world(), columns("栏甲", PHONES, ("栏乙", PHONES)))
    assert all("phone" not in row for row in appended(outcome))
    assert proposed(outcome) == {"栏甲": "", "栏乙": ""}


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("柜面栏", [1000.0, 2000.0, 3000.0]),
        ("柜面栏", [1, 2, 3]),
        ("柜面栏", ["是", "否", "是"]),
        ("柜面栏", [PHONES[0], "无", PHONES[1]]),
        ("柜面栏", ["202601010000000123", "202601010000000124", "202601010000000125"]),
    ],
)
def test_values_that_say_nothing(header, values):
    outcome = press(world(), columns(header, values))
    assert proposed(outcome) == {}
    assert any(f"未识别的列，未导入：{header}（C1）" in line for line in outcome.warnings)


def test_a_field_that_a_header_fills_is_not_proposed_again():
    outcome = press(world(), columns("备用栏", PHONES, ("手机号", ["19900000001"] * 3)))
    assert {row["phone"] for row in appended(outcome)} == {"19900000001"}
    assert proposed(outcome) == {}


# 3 ---------------------------------------------------------------------------------------------------------------


def test_importing_again_asks_nothing_new_and_changes_nothing():
    export = columns("柜面栏", PHONES, ("录入人", ["何立"] * 3), ("日期", ["2026-01-05"] * 3))
    tables = world()
    tables = after(tables, press(tables, export))
    assert press(tables, export).edits == []


@pytest.mark.parametrize(("answer", "taken"), [("联系电话", True), ("不导入", False), ("", False)])
def test_the_clerks_answer(answer, taken):
    mapping = [{"source_header": "紧急联系人电话", "target_field": answer, "source": "提议：可能是“联系电话”"}]
    outcome = press(world(mapping=mapping), columns("紧急联系人电话", PHONES))
    assert ("phone" in appended(outcome)[0]) == taken


# 4 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("upper", "lower", "cells", "row"),
    [
        (["合同号", "客户信息", None], [None, "客户号", "手机号"], ["H1", "C1", "19900000001"],
         {"contract_no": "H1", "customer_no": "C1", "phone": "19900000001"}),
        (["合同号", "贷款信息", None], [None, "金额", "到期日"], ["H1", 5, "2026-05-01"],
         {"contract_no": "H1", "amount": 5}),
        (["合同号", "借款人", None, "担保人", None], [None, "姓名", "手机号", "姓名", "手机号"],
         ["H1", "周明", "19900000001", "吴江", "19900000002"],
         {"contract_no": "H1", "customer_name": "周明", "phone": "19900000001"}),
        (["合同号", "余额", "上年末", None], [None, None, "余额", "五级分类"], ["H1", 5, 9, "关注"],
         {"contract_no": "H1", "balance": 5}),
    ],
)  # fmt: skip
def test_two_row_headers(upper, lower, cells, row):
    outcome = press(world([]), source(["台账"], upper, lower, cells, ["H2", *cells[1:]]))
    first = {name: value for name, value in appended(outcome)[0].items() if name != "matures_on"}
    assert first == row
    assert len(appended(outcome)) == 2


def test_a_two_row_header_of_a_plan():
    outcome = press(
        world(),
        source(
            ["合同号", "期次", "应还", None, None, "实还", None, None],
            [None, None, "日期", "本金", "利息", "日期", "本金", "利息"],
            ["HT001", 1, "2026-02-05", 100, 5, "2026-02-05", 100, 5],
            [None, None, "日期", "本金", "利息", "日期", "本金", "利息"],
            ["HT001", 2, "2026-03-05", 100, 4, None, None, None],
        ),
    )
    rows = appended(outcome, "还款计划")
    assert [(row["due_amount"], row["paid_amount"]) for row in rows] == [(105, 105), (104, None)]
    assert outcome.counts.get("未导入行") is None


def test_a_data_row_of_words_is_no_header():
    outcome = press(world([]), source(["合同号", "客户名称", "状态"], ["H1", "周明", "正常"], ["H2", "吴江", "正常"]))
    assert len(appended(outcome)) == 2


# 5 ---------------------------------------------------------------------------------------------------------------


def test_merged_cells():
    rows = [
        ["合同号", "借据号", "客户名称", "贷款金额", "余额"],
        ["H1", "J1", "周明", 500, 100],
        [None, "J2", None, None, 200],
        [None, None, None, None, None],
        ["H2", "J3", "吴江", 50, 50],
        [None, "J4", None, None, 50],
    ]
    merged = ((1, 0, 3, 0), (1, 2, 3, 2), (1, 3, 2, 3))
    outcome = press(world([]), Source("a.xlsx", "S", rows, merged))
    names = ("contract_no", "drawdown_no", "customer_name", "balance")
    assert [tuple(row[name] for name in names) for row in appended(outcome)] == [
        ("H1", "J1", "周明", 100), ("H1", "J2", "周明", 200), ("H2", "J3", "吴江", 50),
    ]  # fmt: skip
    assert [row["amount"] for row in appended(outcome)] == ["500（几行合并）", "500（几行合并）", 50]
    assert any("D2、D3：贷款金额“500（几行合并）”无法识别" in line for line in outcome.warnings)
    # Not merged in the file: nobody knows whose row 6 is.
    assert any("A6：缺贷款合同编号" in line for line in outcome.warnings)


# 6 ---------------------------------------------------------------------------------------------------------------


def test_a_column_without_a_header():
    outcome = press(world([LOAN, OTHER]), source(["合同号", "余额", None], ["HT001", 5, "x"], ["HT002", 6, None, "y"]))
    assert any("C、D 列有内容而没有表头" in line for line in outcome.warnings)


def test_a_file_with_rows_but_no_contract_column_says_so():
    with pytest.raises(ToolkitError, match=r"第 1 行像是贷款台账的表头，但没有合同编号列"):
        press(world(), source(["客户名称", "余额", "状态"], ["周明", 5, "正常"]))


def test_a_branch_workbook_gives_its_ledger_and_not_its_other_sheets():
    loans = source(["贷款合同编号", "贷款余额"], ["HT001", 5], ["HT003", 6], sheet="贷款台账")
    listed = source(["贷款合同编号", "客户姓名"], ["HT001", "周明德"], ["HT009", "吴江"], sheet="回访清单")
    staff = source(["工号", "姓名", "网点"], ["V1", "何青", "城东支行"], sheet="回访人员")
    outcome = press(world([LOAN]), loans, listed, staff)
    assert [row["contract_no"] for row in appended(outcome)] == ["HT003"]
    assert not any("回访" in line for line in outcome.warnings)
    # Without a ledger beside it, any sheet may be one.
    alone = press(world([LOAN]), listed)
    assert [row["contract_no"] for row in appended(alone)] == ["HT009"]
