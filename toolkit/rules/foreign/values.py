"""Foreign words and units of single values, as tables: 结清 → 已结清, 次级类 → 次级, 12.5万 → 125000, 0.0435 → 4.35.

Whatever is not sure stays as it was written, so that it is named by cell and never imported as something else.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from toolkit.model import reading
from toolkit.model import values as v
from toolkit.model.fields import DATE_KINDS, Field, Sheet
from toolkit.model.parameters import fold
from toolkit.rules.foreign.record_synonyms import RECORD_WORDS

# 本表取值 → what core systems write for it. A loan in arrears, extended or 呆账 is still on the books: 使用中.
STATUS_WORDS: dict[str, tuple[str, ...]] = {
    v.APPLYING: ("申请", "受理", "受理中", "已受理", "进件", "待受理", "已申请"),
    v.APPROVING: ("待审批", "审批", "审查中", "在审", "复审中", "调查中", "审核中", "待审核"),
    v.REJECTED: (
        "拒绝", "已拒绝", "否决", "已否决", "审批拒绝", "审批不通过", "审批未通过", "不通过", "拒贷", "已拒贷",
    ),
    v.AWAITING_DISBURSEMENT: (
        "未放款", "待放款", "未发放", "未提款", "待提款", "放款中", "审批通过", "已签约", "待出账", "未出账",
    ),
    v.IN_USE: (
        "正常", "正常还款", "还款中", "未结清", "已放款", "已发放", "放款成功", "已出账", "存续", "存续中", "有效",
        "履约中", "逾期", "已逾期", "部分逾期", "正常逾期", "展期", "已展期", "呆滞", "呆账", "重组", "已重组",
        "非应计", "在贷",
    ),
    v.SETTLED: (
        "结清", "已还清", "还清", "提前结清", "正常结清", "逾期结清", "已提前结清", "全部结清", "结清销户", "已清偿",
        "提前还清", "销户", "已销户",
    ),
    v.WRITTEN_OFF: ("核销", "呆账核销", "已呆账核销", "账销案存"),
}  # fmt: skip
GRADE_WORDS: dict[str, tuple[str, ...]] = {
    grade: (f"{grade}类", f"{grade}贷款", str(i), f"0{i}", f"{'一二三四五'[i - 1]}级", f"{grade}类贷款")
    for i, grade in enumerate(v.LOAN_GRADES, 1)
}
TYPE_WORDS: dict[str, tuple[str, ...]] = {
    v.PERSON: ("个人客户", "自然人", "对私", "对私客户", "零售", "个体工商户", "农户", "个体户", "私"),
    v.FIRM: (
        "企业客户", "公司", "公司客户", "对公", "对公客户", "法人", "企业法人", "单位", "机构", "小微企业", "小企业",
        "公司企业", "公",
    ),
}  # fmt: skip
APPROVAL_WORDS: dict[str, tuple[str, ...]] = {
    v.APPROVAL_RESULTS[0]: ("同意", "批准", "已通过", "审批通过", "已批准"),
    v.APPROVAL_RESULTS[1]: ("否决", "不同意", "未通过", "不通过", "已拒绝", "审批拒绝", "已否决", "拒贷"),
}
YES_WORDS: dict[str, tuple[str, ...]] = {
    v.YES: ("Y", "y", "YES", "Yes", "√", "1", "TRUE"),
    v.NO: ("N", "n", "NO", "No", "×", "0", "FALSE"),
}
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "status": STATUS_WORDS,
    "grade": GRADE_WORDS,
    "customer_type": TYPE_WORDS,
    "approval_result": APPROVAL_WORDS,
    "key_customer": YES_WORDS,
}
_ALL_WORDS = WORDS | RECORD_WORDS
EXTENDED, SETTLED_EARLY, RESTRUCTURED = "展期", "提前结清", "重组"
EVENT_WORDS = {EXTENDED: EXTENDED, SETTLED_EARLY: SETTLED_EARLY, "提前还清": SETTLED_EARLY, RESTRUCTURED: RESTRUCTURED}

ERROR_WORDS = reading.ERROR_VALUES
# A number that went through a spreadsheet: its last digits are zeros now.
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")
_DAYS_TO_1904 = 1462
HIGHEST_FRACTION = 0.25  # an annual rate below is a fraction (0.0435), above it is per cent (4.35)
HIGHEST_MONTHLY_FRACTION = 0.03

_CODED = re.compile(r"^(?:\d+|[A-Ha-h])[-_.:|、)]+(?=\D)|^[A-H](?=[一-龥])")  # 1-正常, A.是, A满意
_AMOUNT = re.compile(r"^[¥￥]?([+-]?[\d,]+(?:\.\d+)?)(亿元|亿|百万元|万元|万|千元)$")
_SCALE = {"亿元": 1e8, "亿": 1e8, "百万元": 1e6, "万元": 1e4, "万": 1e4, "千元": 1e3}
_TERM = re.compile(r"^(?:(\d+)年)?(?:零?(\d+)(?:个月|月|期))?$")


@cache
def _reverse(name: str) -> Mapping[str, str]:
    return {word: ours for ours, words in _ALL_WORDS.get(name, {}).items() for word in words}


def translated(column: Field, text: str) -> str:
    """The value of the field's list that a word means; "" if it is none."""
    choices = column.choices or (v.REPAYMENT_METHODS if column.name == "repayment_method" else ())
    word = fold(text)
    words = _reverse(column.name)
    # 12-级分类 splits a grade: 正常1, 关注2.
    graded = word.rstrip("123+-") if column.name == "grade" else ""
    for candidate in (word, _CODED.sub("", word), graded):
        if candidate in choices:
            return candidate
        if candidate in words:
            return words[candidate]
    return ""


def meant_choices(
    column: Field, cells: pd.Series, own_words: Mapping[tuple[str, str], str]
) -> tuple[pd.Series, list[tuple[str, str, int]]]:
    """Cells with foreign words replaced, and (word, ours, count) of each replacement; `own_words`: 字段映射's."""
    counts = cells[cells.notna()].map(reading.as_text).value_counts(sort=False)
    table: dict[str, str] = {}
    for text in counts.index:
        ours = own_words.get((column.name, fold(text))) or translated(column, text)
        if ours and ours != fold(text):
            table[text] = ours
    if not table:
        return cells, []
    texts = cells.map(reading.as_text, na_action="ignore")
    out = texts.map(table).where(texts.isin(list(table)), cells)
    return out.astype("object"), [(text, ours, int(counts[text])) for text, ours in table.items()]


def events(cells: pd.Series) -> pd.Series:
    """展期, 提前结清 or 重组 where a status word says so, else ""."""
    distinct = {cell: _event(reading.as_text(cell)) for cell in dict.fromkeys(cells.dropna().tolist())}
    return pd.Series([distinct.get(cell, "") for cell in cells.tolist()], index=cells.index, dtype="object")


def _event(text: str) -> str:
    return next((event for word, event in EVENT_WORDS.items() if word in text), "")


def meant_money(cells: pd.Series, factor: float) -> pd.Series:
    """Yuan: a unit in the cell (12.5万) wins over `factor`, the header's."""
    numbers = reading.numbers(cells)
    out = cells if factor == 1 else _numbers_or(cells, (numbers * factor).round(2), numbers.notna())
    odd = cells[numbers.isna() & cells.notna()]
    yuan = {text: _yuan(text) for text in dict.fromkeys(odd.tolist()) if isinstance(text, str)}
    if not any(amount is not None for amount in yuan.values()):
        return out
    meant = [yuan.get(cell) for cell in odd.tolist()]
    out = out.copy()
    out[odd.index] = [cell if amount is None else amount for cell, amount in zip(odd.tolist(), meant, strict=True)]
    return out


def _yuan(text: str) -> float | None:
    match = _AMOUNT.match(fold(text))
    return round(float(match[1].replace(",", "")) * _SCALE[match[2]], 2) if match else None


def summed(parts: Sequence[tuple[pd.Series, float]]) -> pd.Series:
    """Yuan of several columns together: blank if all are blank; a part that cannot be read stands for the whole."""
    first = parts[0][0]
    total, filled = np.zeros(len(first)), np.zeros(len(first), dtype=bool)
    bad: pd.Series | None = None
    for cells, factor in parts:
        numbers = reading.numbers(cells)
        there = cells.notna().to_numpy()
        if (there & np.isnan(numbers.to_numpy())).any():
            meant = meant_money(cells, factor)
            numbers, factor = reading.numbers(meant), 1
            lost = meant.where(there & numbers.isna())
            bad = lost if bad is None else bad.where(bad.notna(), lost)
        filled |= there
        total += np.nan_to_num(numbers.to_numpy()) * factor
    out = pd.Series(total.round(2), index=first.index, dtype="object").where(filled, None)
    return out if bad is None else bad.where(bad.notna(), out)


def meant_terms(cells: pd.Series, factor: float) -> pd.Series:
    """Months: 3年, 36个月, 36期, 1年6个月; numbers times `factor`. Days are no months."""
    days = [cell for cell in set(cells.tolist()) if isinstance(cell, str) and fold(cell).endswith(("天", "日"))]
    if days:
        cells = _doubtful(cells, cells, cells.index[cells.isin(days)], "不是月数")
    numbers = reading.numbers(cells)
    out = cells if factor == 1 else _numbers_or(cells, numbers * factor, numbers.notna())
    texts = cells[numbers.isna() & cells.notna()]
    for text in texts.drop_duplicates():
        match = _TERM.match(fold(text))
        if match and (match[1] or match[2]):
            out = out if out is not cells else cells.copy()
            out[texts.index[texts == text]] = int(match[1] or 0) * 12 + int(match[2] or 0)
    return out


def meant_rates(cells: pd.Series, factor: float) -> tuple[pd.Series, bool]:
    """年利率(%) and whether anything was converted: fractions (0.0435), 月利率(‰) by `factor`, NaN = monthly without a
    unit. A value that could be either stays text with the doubt in it, so that it is named and not imported."""
    numbers = reading.numbers(cells)
    typed = pd.Series([isinstance(c, str) and fold(c).endswith("%") for c in cells.tolist()], index=cells.index)
    plain = numbers[~typed & numbers.notna() & (numbers != 0)]
    if np.isnan(factor):
        small = plain < HIGHEST_MONTHLY_FRACTION
        out = _numbers_or(cells, (numbers * 1200).round(6), numbers.notna() & ~typed)
        out = _numbers_or(out, (numbers * 12).round(6), typed)
        return _doubtful(out, cells, plain.index[~small], "月利率未写明‰或%"), True
    if factor != 1:
        # 0.3625% is a monthly rate of 4.35% a year whatever the header says.
        out = _numbers_or(cells, (numbers * factor).round(6), numbers.notna() & ~typed)
        return _numbers_or(out, (numbers * 12).round(6), typed & numbers.notna()), True
    fractions = plain < HIGHEST_FRACTION
    if not len(plain) or not fractions.any():
        return cells, False
    if fractions.all():
        rows = pd.Series(cells.index.isin(plain.index), index=cells.index)
        return _numbers_or(cells, (numbers * 100).round(6), rows), True
    return _doubtful(cells, cells, plain.index[fractions], "小数还是百分数不明"), False


def _numbers_or(cells: pd.Series, numbers: pd.Series, rows: pd.Series) -> pd.Series:
    return numbers.astype("object").where(rows, cells)


def _doubtful(out: pd.Series, cells: pd.Series, rows: pd.Index, doubt: str) -> pd.Series:
    out = out.copy()
    out[rows] = [f"{reading.as_text(cell)}（{doubt}）" for cell in cells[rows].tolist()]
    return out


def doubted(cells: pd.Series, rows: pd.Index, doubt: str) -> pd.Series:
    """Cells of `rows` as text with the doubt in it: named and not imported."""
    return _doubtful(cells, cells, rows[cells[rows].notna()], doubt)


def since_1904(raw: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    """Bare day numbers of a workbook that counts from 1904, as ones that count from 1900."""
    days = [name for name in map(str, raw) if name in sheet and sheet[name].kind in DATE_KINDS]
    counted = {name: [_counted(cell) for cell in raw[name].tolist()] for name in days}
    return raw.assign(**{name: pd.Series(cells, index=raw.index, dtype="object") for name, cells in counted.items()})


def _counted(cell: object) -> object:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 10_000 < cell < 100_000:
        return cell + _DAYS_TO_1904
    return cell


def is_spoilt(cell: object) -> bool:
    """An error value, or a number that a spreadsheet has rounded."""
    return isinstance(cell, str) and (cell in ERROR_WORDS or bool(_SCIENTIFIC.fullmatch(cell.strip())))


def is_lost(cells: pd.Series) -> pd.Series:
    """bool per cell: a spreadsheet's error value."""
    return _among(cells, ERROR_WORDS.__contains__)


def is_rounded(cells: pd.Series) -> pd.Series:
    """bool per cell: text such as 1.10101E+17 where a number or code should be."""
    return _among(cells, lambda cell: "+" in cell and bool(_SCIENTIFIC.fullmatch(cell.strip())))


def _among(cells: pd.Series, test: Callable[[str], bool]) -> pd.Series:
    """bool per cell: a text that passes `test`, which is asked once per distinct text."""
    found = [cell for cell in set(cells.tolist()) if cell.__class__ is str and test(cell)]
    return cells.isin(found) if found else pd.Series(False, index=cells.index)
