"""Which column of a stranger's sheet is which of ours: own headers, remembered mappings, synonyms, units.

A header is looked up in this order: a row of sheet 字段映射, our own header, a synonym. Nothing is guessed beyond that:
an unknown header is named and its column left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.model import sheets
from toolkit.model.fields import Kind, Sheet
from toolkit.model.parameters import fold
from toolkit.model.reading import as_text
from toolkit.model.tables import Source, Table, column_letter

HEADER_ROWS = 20  # titles, dates and units may stand above the header, but not more than this
IGNORED = "不导入"  # in 本表字段: the user wants this column left out

# Headers that core systems use for a field of ours, the likelier first; written as folded by `header_key`.
_KEYS = (
    ("contract_no", ("合同号", "合同编号", "贷款合同号", "借款合同编号", "借款合同号", "合同号码")),
    ("drawdown_no", ("借据号", "借据号码", "贷款借据编号", "贷款借据号", "借据编码")),
)
LOAN_SYNONYMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *_KEYS,
    ("customer_no", ("客户号", "客户代码", "客户编码", "核心客户号")),
    ("customer_name", ("客户名称", "姓名", "借款人", "借款人姓名", "借款人名称", "户名")),
    ("customer_type", ("客户类别", "借款人类型", "借款人类别")),
    ("id_number", ("证件号", "身份证号", "身份证号码", "证件编号", "统一社会信用代码", "借款人证件号码")),
    ("phone", ("手机号码", "手机号", "手机", "电话", "电话号码", "联系方式", "移动电话", "预留手机号", "客户电话")),
    ("product", ("产品名称", "产品", "贷款品种", "业务品种", "贷款种类", "贷款产品名称")),
    ("amount", ("放款金额", "发放金额", "借据金额", "贷款本金", "借款金额", "贷款发放金额", "合同金额")),
    ("term_months", ("期限", "贷款期限", "借款期限", "合同期限", "期数")),
    ("annual_rate", ("年利率", "执行年利率", "执行利率", "贷款利率", "利率")),
    ("repayment_method", ("还款方法", "还本付息方式", "偿还方式")),
    ("purpose", ("用途", "资金用途", "借款用途", "贷款资金用途")),
    ("applied_on", ("申请日", "申请时间", "进件日期")),
    ("approved_on", ("审批日", "审批时间", "批复日期", "审批完成日期")),
    ("approval_result", ("审批结论", "批复结果")),
    ("rejection_reason", ("拒绝原因", "拒贷原因", "否决原因")),
    (
        "disbursed_on",
        ("放款日", "放款日期", "放款时间", "发放日", "贷款发放日", "贷款发放日期", "发放时间", "出账日期"),
    ),
    ("matures_on", ("到期日期", "贷款到期日", "贷款到期日期", "借据到期日", "合同到期日")),
    ("settled_on", ("结清日", "结清时间", "还清日期")),
    ("balance", ("余额", "本金余额", "贷款本金余额", "剩余本金", "当前余额")),
    ("status", ("状态", "合同状态", "借据状态")),
    ("grade", ("五级分类结果", "贷款五级分类", "风险分类", "资产分类", "五级形态")),
    ("days_past_due", ("逾期日数", "当前逾期天数", "拖欠天数")),
    ("branch", ("网点名称", "经办网点", "所属网点", "支行", "支行名称", "经办机构", "机构名称", "机构", "所属机构")),
    ("loan_officer", ("客户经理姓名", "管户客户经理", "管户经理", "信贷员", "主办客户经理")),
    ("key_customer", ("是否重要客户", "重点客户")),
)
SCHEDULE_SYNONYMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *_KEYS,
    ("instalment_no", ("期数", "期号", "还款期次", "还款期数")),
    ("due_on", ("应还日", "应还款日", "应还款日期", "计划还款日期", "计划还款日", "约定还款日", "还款日")),
    ("due_amount", ("应还款额", "应还款金额", "应还本息", "应还总额", "计划还款金额", "本期应还")),
    ("paid_on", ("实还日", "实还款日", "实还款日期", "实际还款日期", "实际还款日")),
    ("paid_amount", ("实还款额", "实还款金额", "实还本息", "实还总额", "实际还款金额", "已还金额", "本期实还")),
)
SYNONYMS = {sheets.LOANS.title: LOAN_SYNONYMS, sheets.SCHEDULE.title: SCHEDULE_SYNONYMS}

MONEY_UNITS: dict[str, float] = {"元": 1, "千元": 1e3, "万元": 1e4, "万": 1e4, "百万元": 1e6, "亿元": 1e8}
# Units other than money that a header may carry without changing the value.
PLAIN_UNITS = {"term_months": ("月", "个月"), "annual_rate": ("%",), "days_past_due": ("天", "日")}
_UNIT = re.compile(r"^(.+?)[(\[:_/-]*(?:单位:?)?(?:人民币)?(百万元|万元|千元|亿元|元|万|个月|月|%|天|日)[)\]]*$")
_TITLE_UNIT = re.compile(r"单位[:)]?(?:人民币)?(百万元|万元|千元|亿元|元)(?![一-龥])")


# How sure a header is: a user's word, our own header, a synonym (the likelier the lower).
MAPPED, OWN, FIRST_SYNONYM = 0, 1, 2


def header_key(text: object) -> str:
    """A header as compared: folded width, no spaces, no marks of "required"."""
    return fold(as_text(text)).strip("*:")


def _ranks(sheet: Sheet) -> dict[str, tuple[str, int]]:
    """Folded header → (field, rank)."""
    synonyms = SYNONYMS[sheet.title]
    found = {text: (name, FIRST_SYNONYM + i) for name, texts in synonyms for i, text in enumerate(texts)}
    return found | {header_key(column.header): (column.name, OWN) for column in sheet}


_RANKS = {sheet.title: _ranks(sheet) for sheet in (sheets.LOANS, sheets.SCHEDULE)}


@dataclass(frozen=True)
class Remembered:
    """Sheet 字段映射: folded source header → folded own headers, the lowest row first (it is the newest).

    `unknown`: (cell, text) of 本表字段 that names no column of 贷款台账 or 还款计划.
    """

    targets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Heading:
    """The header row of one source and what it says.

    `row`: its 0-based position; `columns`: field → 0-based column; `factors`: money field → multiplier to yuan;
    `headers`: field → header as written; `learned`: (header, field) found by synonym; `unknown`, `rivals`: (header,
    cell) of columns left out, because nobody knows them or because another column already fills the field.
    """

    sheet: Sheet
    row: int
    columns: Mapping[str, int]
    factors: Mapping[str, float]
    headers: Mapping[str, str]
    learned: tuple[tuple[str, str], ...]
    unknown: tuple[tuple[str, str], ...]
    rivals: tuple[tuple[str, str], ...]
    title_unit: str = ""


def remembered(table: Table) -> Remembered:
    known = {header_key(column.header) for sheet in (sheets.LOANS, sheets.SCHEDULE) for column in sheet}
    targets: dict[str, tuple[str, ...]] = {}
    unknown = []
    rows = table.data[["row", "source_header", "target_field"]].itertuples(index=False)
    for row, source_header, target_field in rows:
        source, target = header_key(source_header), header_key(target_field)
        if not source or not target:
            continue
        if target in known or target == IGNORED:
            targets[source] = (target, *targets.get(source, ()))
        else:
            unknown.append((table.cell(row, "target_field"), target_field))
    return Remembered(targets, tuple(unknown))


def find_heading(source: Source, memory: Remembered, choices: Sequence[Sheet]) -> Heading | None:
    """The likeliest header row among the first rows, for 贷款台账 or 还款计划; None if no row names a contract number
    and something else of the same sheet."""
    best: Heading | None = None
    for position, cells in enumerate(source.rows[:HEADER_ROWS]):
        texts = [as_text(cell) for cell in cells]
        if sum(bool(text) for text in texts) < 2:
            continue
        title_unit = _title_unit(source.rows[:position])
        headings = [_read(position, texts, sheet, memory, title_unit) for sheet in choices]
        fitting = [heading for heading in headings if "contract_no" in heading.columns and len(heading.columns) > 1]
        if not fitting:
            continue
        # A plan repeats a loan's columns; 期次 with 应还日期 is what no ledger has.
        plans = [h for h in fitting if h.sheet is sheets.SCHEDULE and {"instalment_no", "due_on"} <= set(h.columns)]
        heading = plans[0] if plans else max(fitting, key=lambda h: len(h.columns))
        if best is None or len(heading.columns) > len(best.columns):
            best = heading
    return best


def _title_unit(rows: Sequence[Sequence[Any]]) -> str:
    """万元 of a title row such as 单位：万元, the lowest row first."""
    for cells in reversed(rows):
        for cell in cells:
            match = _TITLE_UNIT.search(header_key(cell)) if isinstance(cell, str) else None
            if match:
                return match[1]
    return ""


def _read(position: int, texts: list[str], sheet: Sheet, memory: Remembered, title_unit: str) -> Heading:
    claims: dict[str, list[tuple[int, int, str]]] = {}  # field → (rank, column, unit)
    unknown = []
    for column, text in enumerate(texts):
        if not text:
            continue
        found = _look_up(header_key(text), sheet, memory)
        if found is None:
            unknown.append((text, f"{column_letter(column + 1)}{position + 1}"))
        elif found[0]:
            name, rank, unit = found
            claims.setdefault(name, []).append((rank, column, unit))
    columns, factors, headers, learned, rivals = {}, {}, {}, [], []
    for name, found_columns in claims.items():
        (rank, column, unit), *others = sorted(found_columns)
        columns[name], headers[name] = column, texts[column]
        if sheet[name].kind is Kind.MONEY:
            factors[name] = MONEY_UNITS[unit or title_unit or "元"]
        if rank >= FIRST_SYNONYM:
            learned.append((texts[column], name))
        rivals += [(texts[other], f"{column_letter(other + 1)}{position + 1}") for _, other, _ in others]
    money_unit = title_unit if any(factor != 1 for factor in factors.values()) else ""
    return Heading(
        sheet, position, columns, factors, headers, tuple(learned), tuple(unknown), tuple(rivals), money_unit
    )


def _look_up(key: str, sheet: Sheet, memory: Remembered) -> tuple[str, int, str] | None:
    """(field, rank, money unit) of a header; field "" if the user wants it ignored; None if unknown."""
    match = _UNIT.match(key)
    base, unit = (match[1], match[2]) if match else (key, "")
    ranks = _RANKS[sheet.title]
    for target in memory.targets.get(key, ()):
        if target == IGNORED:
            return "", MAPPED, ""
        name, rank = ranks.get(target, ("", 0))
        if rank == OWN:
            return name, MAPPED, unit if _fits(unit, sheet, name) and unit in MONEY_UNITS else ""
    if key in ranks:
        return *ranks[key], ""
    name, rank = ranks.get(base, ("", 0))
    if name and _fits(unit, sheet, name):
        return name, rank, unit if unit in MONEY_UNITS else ""
    return None


def _fits(unit: str, sheet: Sheet, name: str) -> bool:
    """Whether a unit in the header says how to read this field: 期限(年) is not 期限(月)."""
    if sheet[name].kind is Kind.MONEY:
        return unit in MONEY_UNITS
    return unit in PLAIN_UNITS.get(name, ())
