"""What the model implies of every sheet the staff fill: required, readable, in the list, in range, not in the future.

Each function is `(situation, rule, sheets) -> findings`. `KINDS` pairs it with a rule for 回访记录 (错误, in
`RECORD_RULES`) and one for the sheets it is compared with (警告, so that exit code 1 means an error in a record; 错误
where the contract says so; in `OTHER_RULES`).
"""

from collections.abc import Callable

import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model import values as v
from toolkit.model.fields import DATE_KINDS, NUMBER_KINDS, Field, Kind, Sheet
from toolkit.model.findings import Rule, findings, gather
from toolkit.model.masking import mask_text
from toolkit.model.tables import Table
from toolkit.rules.checks.single_texts import identity_card_fault, likely_date, nearest_choice
from toolkit.rules.checks.situation import Situation, each_distinct, first_reserved, phones_in, well_formed

Finder = Callable[[Situation, Rule, tuple[Sheet, ...]], pd.DataFrame]

RECORDS_ONLY = (sheets.RECORDS,)
OTHERS = (sheets.LOANS, sheets.SCHEDULE, sheets.SPECIAL_VISITS, sheets.VISITORS, sheets.HOLIDAYS)
IDENTIFIERS = frozenset({Kind.CODE, Kind.PHONE, Kind.ID_NUMBER})
# An empty signature is told by the rule on signatures, which also knows whose is wanted.
TOLD_ELSEWHERE = frozenset({(sheets.RECORDS.title, "signature")})


def _columns(tables: tuple[Table, ...], wanted: Callable[[Field], bool]) -> list[tuple[Table, Field]]:
    return [
        (table, field) for table in tables for field in table.sheet if field.name in table.columns and wanted(field)
    ]


def _point(rule: Rule, table: Table, field: Field, where: pd.Series, message, suggestion=None) -> pd.DataFrame:
    """Findings on one column, citing the field's own clause where it has one."""
    found = findings(rule, table.sheet.title, table.data[where], field.name, message, suggestion)
    return found.assign(clause=field.clause or table.sheet.clause or rule.clause)


def _tables(situation: Situation, of: tuple[Sheet, ...]) -> tuple[Table, ...]:
    return tuple(situation.table(sheet) for sheet in of)


def _typed(table: Table, field: Field, where: pd.Series) -> pd.Series:
    """What stands in the cells, fit to be quoted: phone and ID numbers masked."""
    return each_distinct(table.raw.loc[where, field.name].map(reading.as_text), mask_text)


def required(situation: Situation, rule: Rule, of: tuple[Sheet, ...]) -> pd.DataFrame:
    parts = []
    for table, field in _columns(_tables(situation, of), lambda field: field.required):
        if (table.sheet.title, field.name) in TOLD_ELSEWHERE:
            continue
        value = table.data[field.name]
        blank = value.isna() if field.kind in DATE_KINDS | NUMBER_KINDS else value == ""
        blank &= ~table.unreadable(field.name)
        if blank.any():
            suggestion = _known_value(situation, rule, field, blank) if table.sheet is sheets.RECORDS else None
            parts.append(_point(rule, table, field, blank, f"缺{field.header}", suggestion))
    return gather(parts)


def _known_value(situation: Situation, rule: Rule, field: Field, blank: pd.Series) -> pd.Series:
    """What ledger, list or signature say of an empty cell of a record."""
    known: dict[str, pd.Series] = {
        "customer_name": situation.loan["customer_name"],
        "phone": first_reserved(situation),
        "contract_no": situation.visit["contract_no"],
        "visitor": situation.records["signature"].where(
            situation.records["signature"].isin(situation.table(sheets.VISITORS).data["name"])
        ),
    }
    value = known.get(field.name, pd.Series("", index=blank.index))[blank].fillna("")
    return value.where(value != "", rule.remedy)


def unreadable(situation: Situation, rule: Rule, of: tuple[Sheet, ...]) -> pd.DataFrame:
    """No date, time or number; in other columns only what a formula leaves instead of a value."""
    parts = []
    for table, field in _columns(_tables(situation, of), lambda field: field.kind in (Kind.TEXT, Kind.CODE)):
        bad = table.data[field.name].isin(reading.ERROR_VALUES)
        if bad.any():
            message = f"{field.header}是“" + table.data.loc[bad, field.name] + "”，公式出错或没有结果"
            parts.append(_point(rule, table, field, bad, message))
    for table, field in _columns(
        _tables(situation, of), lambda field: field.kind in DATE_KINDS | NUMBER_KINDS or field.kind is Kind.TIME
    ):
        bad = table.unreadable(field.name)
        if bad.any():
            typed = _typed(table, field, bad)
            suggestion = None
            if field.kind in DATE_KINDS:
                likely = each_distinct(typed, lambda text: likely_date(text, situation.as_of))
                suggestion = likely.where(likely.notna(), rule.remedy)
            message = f"{field.header}“" + typed + f"”不是可识别的{field.kind}"
            parts.append(_point(rule, table, field, bad, message, suggestion))
    return gather(parts)


def too_long(situation: Situation, rule: Rule, of: tuple[Sheet, ...]) -> pd.DataFrame:
    parts = []
    for table, field in _columns(_tables(situation, of), lambda field: field.kind in IDENTIFIERS):
        bad = table.unreadable(field.name)
        if bad.any():
            message = f"{field.header}按数字录入且超过 15 位，末几位已丢失"
            suggestion = _known_value(situation, rule, field, bad) if table.sheet is sheets.RECORDS else None
            parts.append(_point(rule, table, field, bad, message, suggestion))
    return gather(parts)


def choice(situation: Situation, rule: Rule, of: tuple[Sheet, ...]) -> pd.DataFrame:
    parts = []
    for table, field in _columns(_tables(situation, of), lambda field: bool(field.choices)):
        value = table.data[field.name]
        bad = (value != "") & ~value.isin(field.choices)
        if bad.any():
            nearest = each_distinct(value[bad], lambda text, f=field: nearest_choice(text, f.choices))
            message = f"{field.header}“" + _typed(table, field, bad) + f"”不在列表内（{'、'.join(field.choices)}）"
            parts.append(_point(rule, table, field, bad, message, nearest.where(nearest.notna(), rule.remedy)))
    return gather(parts)


def phone_format(situation: Situation, rule: Rule, of: tuple[Sheet, ...]) -> pd.DataFrame:
    parts = []
    for table, field in _columns(_tables(situation, of), lambda field: field.kind is Kind.PHONE):
        phones = phones_in(table.data[field.name], table.raw[field.name])
        bad = table.data.index.isin(phones.index[~well_formed(phones)])
        if bad.any():
            suggestion = None
            if table.sheet is sheets.RECORDS:
                known = first_reserved(situation)[bad]
                suggestion = known.where(known.notna(), rule.remedy)
            message = f"{field.header}位数或格式不对"
            parts.append(_point(rule, table, field, pd.Series(bad, table.data.index), message, suggestion))
    return gather(parts)


def out_of_range(situation: Situation, rule: Rule, of: tuple[Sheet, ...]) -> pd.DataFrame:
    parts = []
    for table, field in _columns(_tables(situation, of), lambda field: field.kind in NUMBER_KINDS):
        value = table.data[field.name]
        bad = pd.Series(False, index=value.index)
        if field.lowest is not None:
            bad |= value < field.lowest
        if field.highest is not None:
            bad |= value > field.highest
        if field.kind is Kind.INTEGER:
            bad |= value.notna() & (value % 1 != 0)
        if bad.any():
            message = f"{field.header}“" + _typed(table, field, bad) + f"”应为{_span(field)}"
            parts.append(_point(rule, table, field, bad, message))
    return gather(parts)


def _span(field: Field) -> str:
    noun = "整数" if field.kind is Kind.INTEGER else "数"
    if field.lowest is not None and field.highest is not None:
        return f" {field.lowest:g} 至 {field.highest:g} 的{noun}"
    return f"不小于 {field.lowest:g} 的{noun}" if field.lowest is not None else noun


def in_future(situation: Situation, rule: Rule, of: tuple[Sheet, ...]) -> pd.DataFrame:
    parts = []
    for table, field in _columns(_tables(situation, of), lambda f: f.kind in DATE_KINDS and not f.may_be_future):
        value = table.data[field.name]
        bad = value > situation.today
        if bad.any():
            message = f"{field.header} " + value[bad].dt.strftime("%Y-%m-%d").astype("object")
            parts.append(_point(rule, table, field, bad, message + f" 晚于基准日 {situation.as_of}"))
    return gather(parts)


def doubled_key(situation: Situation, rule: Rule, of: tuple[Sheet, ...]) -> pd.DataFrame:
    """Two rows of one key; the later row is named."""
    parts = []
    for table in _tables(situation, of):
        key = list(table.sheet.key)
        if not key or table.data.empty:
            continue
        data = table.data
        if not data.duplicated(key).any():
            continue
        blank = data[key[0]].isna() | (data[key[0]] == "")
        first = data.groupby(key, dropna=False)["row"].transform("first")
        bad = (first != data["row"]) & ~blank
        if bad.any():
            headers = "、".join(table.sheet.header(name) for name in key)
            message = f"{headers}与第 " + first[bad].astype(str).astype("object") + " 行相同"
            parts.append(_point(rule, table, table.sheet[key[0]], bad, message))
    return gather(parts)


def id_number(situation: Situation, rule: Rule, of: tuple[Sheet, ...]) -> pd.DataFrame:
    """证件号码 of persons that looks like an identity card's and cannot be one; other documents have other forms."""
    parts = []
    for table, field in _columns(_tables(situation, of), lambda field: field.kind is Kind.ID_NUMBER):
        persons = table.data["customer_type"] != v.FIRM
        wrong = each_distinct(table.data[field.name].where(persons, ""), identity_card_fault)
        bad = wrong.notna()
        if bad.any():
            parts.append(_point(rule, table, field, bad, f"{field.header}" + wrong[bad]))
    return gather(parts)


_MODEL = "三、(七)4."
# (function, title, remedy, when, may 采纳 fill the cell of a record)
KINDS: tuple[tuple[Finder, str, str, str, bool], ...] = (
    (required, "必填项为空", "请补填", "必填列的单元格空白", True),
    (
        unreadable,
        "内容无法识别",
        "请按列的格式改正，日期如 2026-03-05，时间如 14:30",
        "日期、时间、数值列的内容读不出，或单元格是 #N/A 等公式错误、没有结果的公式",
        True,
    ),
    (
        too_long,
        "编号数字过长",
        "请把单元格设为文本，对照原件重新录入",
        "编号、电话、证件号码按数字存放且超过 15 位",
        True,
    ),
    (choice, "不在列表内", "请从下拉列表中选择", "有下拉列表的列填了别的内容", True),
    (
        phone_format,
        "电话格式不对",
        "请核对后改正，手机 11 位，座机带区号",
        "电话（一格可写几个）不是手机、带区号的座机、400 或 95 号码",
        True,
    ),
    (out_of_range, "数值超出范围", "请核对后改正", "数值小于下限、大于上限，或整数列填了小数", False),
    (
        in_future,
        "日期晚于基准日",
        "请核对日期，未发生的事项请勿填写日期",
        "已发生事项的日期晚于基准日（答复时限、承诺还款日期等除外）",
        False,
    ),
)
RECORD_RULES: tuple[tuple[Rule, Finder, str, bool], ...] = tuple(
    (Rule(f"R{i:02d}", title, v.ERROR, _MODEL, remedy), find, when, adoptable)
    for i, (find, title, remedy, when, adoptable) in enumerate(KINDS, start=1)
)


def _level(find: Finder) -> str:
    """On the sheets a record is compared with only a number that lost its tail is an error (contract, section 4)."""
    return v.ERROR if find is too_long else v.WARNING


_OF_OTHERS = "贷款台账、还款计划、专项回访、回访人员、节假日："
# (rule, function, sheets, when). Two rows of one loan are an error (contract, section 2), of other sheets a warning.
OTHER_RULES: tuple[tuple[Rule, Finder, tuple[Sheet, ...], str], ...] = (
    *(
        (Rule(f"T{i:02d}", f"其他表：{title}", _level(find), _MODEL, remedy), find, OTHERS, _OF_OTHERS + when)
        for i, (find, title, remedy, when, _) in enumerate(KINDS, start=1)
    ),
    (
        Rule("T08", "其他表：同一编号出现两行", v.WARNING, _MODEL, "请删去多余的一行"),
        doubled_key,
        OTHERS[1:],
        "还款计划、回访人员、节假日中确定一行的编号出现两次，指后一行",
    ),
    (
        Rule("T09", "台账同一合同（借据）出现两行", v.ERROR, "五、(一)2.", "请删去多余的一行，或填写不同的借据编号"),
        doubled_key,
        (sheets.LOANS,),
        "贷款台账中合同编号与借据编号都相同的两行，指后一行",
    ),
    (
        Rule("T10", "台账证件号码可疑", v.HINT, "二、(二)1.", "请对照证件原件核对，改正台账"),
        id_number,
        (sheets.LOANS,),
        "个人客户的证件号码全是数字（末位可为 X），却不是 15 或 18 位，或出生日期不存在，或 18 位的校验位不对",
    ),
)
