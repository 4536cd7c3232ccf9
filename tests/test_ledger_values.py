"""Values as core systems write them, imported as meant (contract, section 1 `ledger`; section 4, values that look odd).

Requirements
 1. Foreign status and grade words become 贷款状态 and 五级分类 by a table that is shown; a row of 字段映射 adds words;
    what the table does not know stays as it is and is named.
 2. Rates as 0.0435, 4.35, 4.35%, monthly in ‰ or % are 年利率(%); what could be either is named and not imported.
 3. Money in 万元, 千元, 亿 by header, title row or in the cell is yuan; another currency is named and not imported.
 4. 应还本金 + 应还利息 (+ 罚息, 复利) are 应还金额, the same parts of 实还 are 实还金额; principal alone is not.
 5. Terms in years, months or instalments are 期限(月).
 6. Error values, scientific notation and numbers beyond 15 digits are named, never repaired; text dates are read.
 7. 展期到期日, where filled, is 到期日.
"""

import datetime as dt

import pandas as pd
import pytest
from importing import LOAN, appended, cells_of, press, source, world

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.rules.foreign.values import WORDS, translated


def new_loan(header, value, *more, mapping=None, titles=()):
    """The row that an export of one new loan appends, and the outcome."""
    headers = ["合同号", "客户编号", header, *(pair[0] for pair in more)]
    row = ["HT009", "C9", value, *(pair[1] for pair in more)]
    outcome = press(world(mapping=mapping), source(*titles, headers, row))
    return appended(outcome)[0], outcome


# 1 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WORDS)
def test_every_foreign_word_means_one_value_of_its_list(name):
    choices = sheets.LOANS[name].choices
    words = [word for texts in WORDS[name].values() for word in texts]
    assert set(WORDS[name]) <= set(choices)
    assert len(words) == len(set(words))
    assert not set(words) & set(choices)


@pytest.mark.parametrize(
    ("header", "word", "name", "ours"),
    [
        ("状态", "正常", "status", v.IN_USE),
        ("状态", "逾期", "status", v.IN_USE),
        ("状态", "呆账", "status", v.IN_USE),
        ("状态", "结清", "status", v.SETTLED),
        ("状态", "提前结清", "status", v.SETTLED),
        ("状态", "核销", "status", v.WRITTEN_OFF),
        ("状态", "未放款", "status", v.AWAITING_DISBURSEMENT),
        ("状态", " 已 结 清", "status", v.SETTLED),
        ("状态", "01-正常", "status", v.IN_USE),
        ("状态", "冻结", "status", "冻结"),
        ("风险分类", "次级类", "grade", "次级"),
        ("风险分类", "关注2", "grade", "关注"),
        ("风险分类", 3, "grade", "次级"),
        ("风险分类", "04", "grade", "可疑"),
        ("风险分类", "6", "grade", "6"),
        ("客户类别", "对公", "customer_type", v.FIRM),
        ("客户类别", "个体工商户", "customer_type", v.PERSON),
        ("批复结果", "同意", "approval_result", "通过"),
        ("重点客户", "Y", "key_customer", v.YES),
    ],
)
def test_foreign_words(header, word, name, ours):
    row, outcome = new_loan(header, word)
    assert row[name] == ours
    known = ours in sheets.LOANS[name].choices
    told = outcome.details if known and str(word).replace(" ", "") != ours else outcome.warnings if not known else None
    if told is not None:
        assert any("按对照换算" in line or "不在" in line for line in told)


def test_a_word_that_the_clerk_explains_in_the_mapping_sheet():
    mapping = [{"source_header": "贷款状态＝冻结", "target_field": "使用中"}]
    row, outcome = new_loan("状态", "冻结", mapping=mapping)
    assert row["status"] == v.IN_USE
    assert any("贷款状态按对照换算：冻结 → 使用中（1）" in line for line in outcome.details)
    assert not any("字段映射" in line and "冻结" in line for line in outcome.warnings)


def test_no_word_of_a_list_is_translated():
    for name in WORDS:
        for choice in sheets.LOANS[name].choices:
            assert translated(sheets.LOANS[name], choice) == choice


# 2 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells", "rates"),
    [
        ("年利率", [4.35, 5], [4.35, 5]),
        ("年利率(%)", [4.35, "5.2%"], [4.35, 5.2]),
        ("执行利率", [0.0435, 0.05], [4.35, 5]),
        ("执行利率", [0.0435, "4.65%"], [4.35, 4.65]),
        ("执行利率", [0, 0.05], [0, 5]),
        ("执行利率", [0.2499, 0.05], [24.99, 5]),
        ("执行利率", [0.25, 4.35], [0.25, 4.35]),
        ("执行利率", [0.0435, 4.35], [None, 4.35]),
        ("月利率(‰)", [3.625, 4], [4.35, 4.8]),
        ("月利率‰", ["3.625", 4], [4.35, 4.8]),
        ("执行月利率(%)", [0.3625, "0.4%"], [4.35, 4.8]),
        ("月利率", [0.003625, "0.4%"], [4.35, 4.8]),
        ("月利率", [3.625, 0.3625], [None, None]),
    ],
)
def test_rates(header, cells, rates):
    rows = [[f"HT10{i}", f"C{i}", cell] for i, cell in enumerate(cells)]
    outcome = press(world(), source(["合同号", "客户编号", header], *rows))
    found = [row["annual_rate"] for row in appended(outcome)]
    assert [rate if isinstance(rate, int | float) else None for rate in found] == pytest.approx(rates, nan_ok=True)
    assert any("无法识别" in line for line in outcome.warnings) == (None in rates)
    if None not in rates and found != cells and header not in ("年利率(%)",):
        assert any("已换算为年利率(%)" in line for line in outcome.details)


# 3 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("titles", "header", "cell", "yuan"),
    [
        ((), "贷款金额", "12.5万", 125000),
        ((), "贷款金额", "￥12.5万元", 125000),
        ((), "贷款金额", "1.2亿", 120000000),
        ((), "贷款余额(亿)", 1.2, 120000000),
        ((), "贷款金额（千元）", "1,200", 1200000),
        ((["单位：千元"],), "余额", 12, 12000),
        ((["单位：万元"],), "放款金额", "12.5万元", 125000),
        ((), "贷款金额", "１２，０００．５０", 12000.5),
        ((), "贷款金额", "约12万", "约12万"),
    ],
)
def test_money(titles, header, cell, yuan):
    row, outcome = new_loan(header, cell, titles=titles)
    assert row.get("amount", row.get("balance")) == yuan
    assert any("无法识别" in line for line in outcome.warnings) == isinstance(yuan, str)


@pytest.mark.parametrize(
    ("currency", "kept"), [("人民币", True), ("CNY", True), ("01", True), (None, True), ("美元", 0)]
)
def test_another_currency_is_never_taken_for_yuan(currency, kept):
    row, outcome = new_loan("贷款金额", 1000, ("币种", currency))
    assert (row["amount"] == 1000) == kept
    assert any("贷款金额“1000（币种不是人民币）”无法识别" in line for line in outcome.warnings) != kept


# 4 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "cells", "due", "paid"),
    [
        (["应还本金", "应还利息"], [1000, 50.5], 1050.5, None),
        (["应还本金(万元)", "应还利息(元)"], [0.1, 50], 1050, None),
        (["应还本金", "应还利息", "应还罚息", "应还复利"], [1000, 50, 2, 1], 1053, None),
        (["应还本金", "应还利息"], [None, 50], 50, None),
        (["应还本金", "应还利息"], [1000, "待定"], "待定", None),
        (["应还本金", "应还利息", "应还金额"], [1000, 50, 1060], 1060, None),
        (["应还本金", "应还利息", "实还本金", "实还利息"], [1000, 50, 0, 0], 1050, 0),
        (["应还本金", "应还利息", "实还本金", "实还利息"], [1000, 50, None, None], 1050, None),
        # 罚息 paid is no principal: it must not make an instalment look paid.
        (["应还本金", "应还利息", "实还本金", "实还利息", "实还罚息"], [1000, 50, 950, 50, 50], 1050, 1000),
        (["应还本金"], [1000], "absent", None),
    ],
)
def test_sums(headers, cells, due, paid):
    outcome = press(world(), source(["合同号", "期次", "应还日期", *headers], ["HT001", 1, "2026-10-05", *cells]))
    (row,) = appended(outcome, "还款计划")
    assert row.get("due_amount", "absent") == due
    assert row.get("paid_amount") == paid
    told = "\n".join(outcome.warnings)
    assert ("应还本金（D1）：本金、利息不齐，不能相加为应还金额，未导入" in told) == (headers == ["应还本金"])
    assert ("实还罚息（H1）：未计入实还金额，未导入" in told) == ("实还罚息" in headers)


# 5, 6, 7 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cell", "months"),
    [("期限", 12, 12), ("期限", "36个月", 36), ("期限", "3年", 36), ("期限", "1年6个月", 18), ("期限", "36期", 36),
     ("期限(年)", 3, 36), ("期限", "180天", "180天（不是月数）")],
)  # fmt: skip
def test_terms(header, cell, months):
    assert new_loan(header, cell)[0]["term_months"] == months


@pytest.mark.parametrize(
    ("header", "cell", "said"),
    [
        ("客户名称", "#N/A", "客户姓名是公式错误值"),
        ("贷款金额", "#REF!", "贷款金额“#REF!”是公式错误值"),
        ("证件号", "1.10101E+17", "证件号码是科学计数法"),
        ("证件号", 1.10101199001010e17, "证件号码是超过 15 位的数值"),
        ("手机号", "1.99E+10", "联系电话是科学计数法"),
        ("放款日", "2026年2月30日", "发放日期“2026年2月30日”无法识别"),
        ("放款日", "03/05/2026", "发放日期“03/05/2026”无法识别"),
    ],
)
def test_what_is_lost_is_named_and_harms_no_loan(header, cell, said):
    row = ["HT001", cell]
    outcome = press(world([{**LOAN, "id_number": "000000199001010018"}]), source(["合同号", header], row))
    assert cells_of(outcome) == {}
    assert any("B2：" + said in line for line in outcome.warnings)


@pytest.mark.parametrize(
    "cell", ["2026年3月5日", 20260305, "20260305", "2026-3-5", "2026/03/05 00:00:00", "２０２６．３．５"]
)
def test_dates(cell):
    assert new_loan("放款日", cell)[0]["disbursed_on"] == pd.Timestamp("2026-03-05")


def test_an_extended_maturity_counts_where_it_is_filled():
    outcome = press(
        world([]),
        source(["合同号", "客户号", "到期日", "展期到期日"], ["H1", "C1", "2026-05-01", "2027-05-01"],
               ["H2", "C2", "2026-05-01", "-"]),
    )  # fmt: skip
    assert [row["matures_on"].date() for row in appended(outcome)] == [dt.date(2027, 5, 1), dt.date(2026, 5, 1)]
