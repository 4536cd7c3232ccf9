"""Which column of a stranger's sheet is which of ours (contract, section 1 `ledger`; section 2, header folding).

Requirements
 1. Our own headers are found in any order, folded by width and spaces, in the first 20 rows, below title rows.
 2. Synonyms (合同号, 借据号, 放款日 …) are mapped and remembered in 字段映射; a row the user wrote there wins.
 3. Unknown headers, and a second column for one field, are named by cell and left out.
 4. Money is yuan: 万元 in the header or in a title row multiplies.
 5. Totals, footers, repeated headers and blank rows below are not loans.
"""

import datetime as dt

import pytest

from toolkit.model import sheets
from toolkit.model.tables import Source, table_from
from toolkit.rules.foreign.header_words import Remembered, header_key, remembered
from toolkit.rules.foreign.headers import Left, find_heading
from toolkit.rules.foreign.synonyms import SYNONYMS
from toolkit.rules.ledger.rows import read_rows

BOTH = (sheets.LOANS, sheets.SCHEDULE)


def heading_of(*rows, mapping=(), choices=BOTH):
    memory = remembered(table_from(sheets.FIELD_MAPPING, [dict(row) for row in mapping]))
    return find_heading(Source("导出.xlsx", "Sheet1", [list(row) for row in rows]), memory, choices)


def rows_of(*rows):
    source = Source("导出.xlsx", "Sheet1", [list(row) for row in rows])
    export, notes = read_rows(source, find_heading(source, Remembered(), BOTH), Remembered())
    return export, [*notes.details, *notes.warnings]


def maps(source_header, target_field):
    return {"source_header": source_header, "target_field": target_field}


@pytest.mark.parametrize("sheet", BOTH, ids=lambda sheet: sheet.title)
def test_every_own_header_is_found_in_reverse_order_and_any_width(sheet):
    wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
    headers = [f" {column.header[:1]} {column.header[1:]}\n".translate(wide) for column in reversed(sheet.fields)]
    heading = heading_of(headers)
    assert heading.sheet is sheet
    assert set(heading.columns) == set(sheet.names)
    assert heading.unknown == heading.learned == heading.rivals == ()


@pytest.mark.parametrize(("above", "found"), [(0, True), (19, True), (20, False)])
def test_title_rows_above_the_header(above, found):
    titles = [["江州分行贷款台账", None]] + [[None]] * (above - 1) if above else []
    heading = heading_of(*titles, ["贷款合同编号", "贷款余额"], ["HT001", 1])
    assert (heading is not None and heading.row == above) == found


@pytest.mark.parametrize("row", [["贷款合同编号", None], ["贷款余额", "逾期天数"], ["客户姓名", "HT001"], []])
def test_a_row_without_contract_number_and_another_field_is_no_header(row):
    assert heading_of(row) is None


def test_the_fullest_row_is_the_header():
    heading = heading_of(["按贷款合同编号、余额排序", "余额"], ["贷款合同编号", "余额"], ["合同号", "余额", "状态"])
    assert heading.row == 2


@pytest.mark.parametrize("sheet", BOTH, ids=lambda sheet: sheet.title)
def test_synonyms_name_real_fields_once_and_are_written_folded(sheet):
    texts = [text for _, synonyms in SYNONYMS[sheet.title] for text in synonyms]
    assert len(texts) == len(set(texts))
    assert all(header_key(text) == text for text in texts)
    assert not set(texts) & {header_key(column.header) for column in sheet}
    assert {name for name, _ in SYNONYMS[sheet.title]} <= set(sheet.names)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("合同号", "contract_no"),
        ("借据号", "drawdown_no"),
        ("放款日", "disbursed_on"),
        ("放款日期", "disbursed_on"),
        ("手机号码*", "phone"),
        ("客户名称：", "customer_name"),
        ("期限", "term_months"),
        ("贷款期限（个月）", "term_months"),
        ("年利率", "annual_rate"),
        ("贷款利率（％）", "annual_rate"),
        ("逾期天数(天)", "days_past_due"),
        ("本金余额(元)", "balance"),
        ("期限(年)", "term_months"),
        ("起息日", "disbursed_on"),
        ("贷款金额(美元)", None),
        ("执行利率(‰)", None),
        ("柜员号", None),
    ],
)
def test_synonyms(header, name):
    heading = heading_of(["贷款合同编号", "贷款状态", header])
    if name is None:
        assert [(column.header, column.cell) for column in heading.unknown] == [(header, "C1")]
    elif name == "contract_no":
        assert heading.rivals == (Left(header, "C1", name),)
    else:
        assert heading.columns[name] == 2
        assert heading.unknown == ()


def test_the_same_header_means_another_field_in_a_plan():
    assert heading_of(["合同号", "期数", "余额"]).columns == {"contract_no": 0, "term_months": 1, "balance": 2}
    assert heading_of(["合同号", "期数", "应还日"]).columns == {"contract_no": 0, "instalment_no": 1, "due_on": 2}


@pytest.mark.parametrize(
    ("mapping", "columns"),
    [
        ([], {"contract_no": 0, "amount": 1}),
        ([maps("放款 金额", "贷款余额")], {"contract_no": 0, "balance": 1}),
        ([maps("放款金额", "贷款余额"), maps("放款金额", "贷款金额")], {"contract_no": 0, "amount": 1}),
        ([maps("柜面号", "客户编号")], {"contract_no": 0, "amount": 1, "customer_no": 2}),
        ([maps("柜面号", "贷款金额")], {"contract_no": 0, "amount": 2}),
        ([maps("放款金额", "不导入"), maps("柜面号", "贷款余额")], {"contract_no": 0, "balance": 2}),
        ([maps("柜面号", "")], {"contract_no": 0, "amount": 1}),
    ],
)
def test_remembered_rows_win_the_lowest_first(mapping, columns):
    assert heading_of(["合同号", "放款金额", "柜面号"], mapping=mapping).columns == columns


def test_a_remembered_row_that_names_no_column_is_reported():
    memory = remembered(table_from(sheets.FIELD_MAPPING, [maps("柜面号", "客户号码牌")]))
    assert memory.unknown == (("B2", "客户号码牌"),)


def test_two_columns_for_one_field():
    heading = heading_of(["贷款合同编号", "合同金额", "借据金额", "贷款状态"])
    assert heading.columns["amount"] == 2
    assert heading.rivals == (Left("合同金额", "B1", "amount"),)


@pytest.mark.parametrize(
    ("titles", "header", "value", "yuan"),
    [
        ([], "贷款金额", 12.5, 12.5),
        ([], "贷款金额(万元)", 12.5, 125000),
        ([], "贷款金额（ 万元 ）", "1,012.5", 10125000),
        ([], "放款金额-万元", 0.00015, 1.5),
        ([], "贷款金额(单位:万元)", 1, 10000),
        ([], "贷款金额（人民币元）", 1, 1),
        ([], "贷款金额(千元)", 1, 1000),
        ([["单位：万元"]], "贷款金额", 12.5, 125000),
        ([["江州分行", "（单位:人民币万元）"]], "贷款金额", 12.5, 125000),
        ([["单位：万元"]], "贷款金额(元)", 12.5, 12.5),
        ([["往来单位：万元户超市"]], "贷款金额", 12.5, 12.5),
    ],
)
def test_money_is_yuan(titles, header, value, yuan):
    export, _ = rows_of(*titles, ["贷款合同编号", header], ["HT001", value])
    assert export.data["amount"].tolist() == pytest.approx([yuan])


def test_other_numbers_are_not_multiplied():
    export, _ = rows_of(["单位：万元"], ["贷款合同编号", "贷款金额", "期限(月)"], ["HT001", 1, 12])
    assert export.data["term_months"].tolist() == [12]


@pytest.mark.parametrize(
    "row",
    [
        ["合计", None, 300],
        ["合 计：", None, 300],
        [None, "总计", 300],
        ["小计（1笔）", None, 300],
        ["本页小计", None, 300],
        ["贷款合同编号", "客户姓名", "贷款金额"],
        ["制表人：周立  复核：吴江", None, None],
        [None, "审核：周立", None],
    ],
)
def test_what_is_no_loan_is_skipped_with_mention(row):
    export, notes = rows_of(["贷款合同编号", "客户姓名", "贷款金额"], ["HT001", "周明", 300], row, [None], ["HT002"])
    assert export.data["contract_no"].tolist() == ["HT001", "HT002"]
    assert export.place["row"].tolist() == [2, 5]
    assert notes == ["导出.xlsx 的“Sheet1”表 第 3 行是合计、表尾或重复的表头，未导入"]


def test_dates_and_ragged_rows():
    export, notes = rows_of(["贷款合同编号", "发放日期", "结清日期"], ["HT001"], ["HT002", dt.datetime(2026, 1, 5)])
    assert export.data["disbursed_on"].dt.strftime("%Y-%m-%d").fillna("").tolist() == ["", "2026-01-05"]
    assert notes == []
