"""What an import did, in the clerk's words: new, changed, gone, set aside. Personal numbers never in full."""

from collections.abc import Callable, Sequence, Set

import pandas as pd

from toolkit.model import masking, reading
from toolkit.model.fields import DATE_KINDS, NUMBER_KINDS, Field, Kind, Privacy, Sheet
from toolkit.rules.foreign.content import Proposal
from toolkit.rules.foreign.header_words import header_key
from toolkit.rules.foreign.headers import Heading
from toolkit.rules.foreign.values import is_lost, is_rounded
from toolkit.rules.ledger.merge import KEY_MARK, Merge
from toolkit.rules.ledger.rows import Export

LISTED = 50  # names in a list, lines of changes
UNLISTED_VALUES = 5

MASKS: dict[Privacy, Callable[[str], str]] = {
    Privacy.NAME: masking.mask_name,
    Privacy.PHONE: masking.mask_phone,
    Privacy.ID_NUMBER: masking.mask_id,
    Privacy.FREE_TEXT: masking.mask_text,
}


def loan_label(key: str) -> str:
    """HT001, or HT001/J1 where the loan has a 借据编号."""
    return "/".join(part for part in key.split(KEY_MARK)[:2] if part)


def instalment_label(key: str) -> str:
    return f"{loan_label(key)} 第 {key.rsplit(KEY_MARK, 1)[1]} 期"


def listing(names: Sequence[str], unit: str) -> str:
    more = f"，其余 {len(names) - LISTED} {unit}略" if len(names) > LISTED else ""
    return "、".join(names[:LISTED]) + more


def value_text(column: Field, value: object) -> str:
    """A value as a clerk would write it; names, phones and IDs masked."""
    if value is None or value is pd.NaT or value == "" or value != value:
        return "空白"
    if column.kind in DATE_KINDS:
        return f"{value:%Y-%m-%d}"
    if column.kind in NUMBER_KINDS:
        return f"{value:.4f}".rstrip("0").rstrip(".")
    mask = MASKS.get(column.privacy)
    return mask(str(value)) if mask else str(value)


def change_lines(sheet: Sheet, changes: pd.DataFrame, label: Callable[[str], str], unit: str) -> list[str]:
    """变更 5 格（3 笔）：贷款余额 3 格、逾期天数 2 格, then a line a cell. `changes` as in `Merge.changes`."""
    if changes.empty:
        return []
    tally = changes["field"].value_counts()
    fields = "、".join(f"{sheet.header(name)} {tally[name]} 格" for name in sheet.names if name in tally)
    lines = [f"{sheet.title} 变更 {len(changes)} 格（{changes['key'].nunique()} {unit}）：{fields}"]
    top = changes.iloc[:LISTED]
    for key, name, old, new in zip(top["key"], top["field"], top["old"], top["new"], strict=True):
        column = sheet[name]
        lines.append(f"  {label(key)} {column.header} {value_text(column, old)} → {value_text(column, new)}")
    if len(changes) > LISTED:
        lines.append(f"  其余 {len(changes) - LISTED} 格略")
    return lines


def kept_line(sheet: Sheet, merge: Merge) -> list[str]:
    """Blanks of the export that did not overwrite."""
    if merge.kept.empty:
        return []
    tally = merge.kept["field"].value_counts()
    fields = "、".join(f"{sheet.header(name)} {tally[name]} 格" for name in sheet.names if name in tally)
    return [f"{sheet.title} 导出为空而台账已有、保留台账原值的 {len(merge.kept)} 格：{fields}"]


def either(sheet: Sheet, names: Sequence[str]) -> str:
    headers = [f"“{sheet.header(name)}”" for name in names]
    return headers[0] if len(headers) == 1 else f"{'、'.join(headers)}之一"


def header_notes(
    heading: Heading, place: str, other_headers: Set[str], proposals: Sequence[Proposal], nameless: Sequence[str]
) -> tuple[list[str], list[str]]:
    """(details, warnings) about a source's header. `other_headers`: folded ones of our other sheet; `nameless`: letters
    of filled columns without a header."""
    sheet = heading.sheet
    details, warnings = [], []
    if heading.learned:
        pairs = "、".join(f"{text} → {sheet.header(name)}" for text, name in heading.learned)
        details.append(f"{place} 表头对应：{pairs}")
    for name, texts in heading.sum_headers.items():
        details.append(f"{place} {sheet.header(name)}由 {'＋'.join(texts)} 相加")
    scaled = [
        sheet.header(name)
        for name in sheet.names
        if sheet[name].kind is Kind.MONEY
        and (heading.factors.get(name, 1) != 1 or any(factor != 1 for _, factor in heading.sums.get(name, ())))
    ]
    if scaled:
        where = f"（标题行写明单位：{heading.title_unit}）" if heading.title_unit else ""
        details.append(f"{place} {'、'.join(scaled)}{where}已换算为元")
    for proposal in proposals:
        if proposal.used:
            warnings.append(
                f"{place} 提议并已采用：{proposal.header}（{proposal.cell}）→ {sheet.header(proposal.names[0])}，"
                f"因为该列{proposal.why}；如不对，请在“字段映射”表改正后重新导入"
            )
        else:
            warnings.append(
                f"{place} 提议，未导入：{proposal.header or '没有表头的一列'}（{proposal.cell}）可能是"
                f"{either(sheet, proposal.names)}；如需导入，请在“字段映射”表填写本表字段"
            )
    proposed = {proposal.cell for proposal in proposals}
    left = [column for column in heading.unknown if column.header and column.cell not in proposed]
    unknown = [f"{column.header}（{column.cell}）" for column in left if header_key(column.header) not in other_headers]
    if unknown:
        warnings.append(
            f"{place} 有未识别的列，未导入：{'、'.join(unknown)}；如需导入，请在“字段映射”表写明对应的本表字段"
        )
    others = [column.header for column in left if header_key(column.header) in other_headers]
    if others:
        details.append(f"{place} 按{sheet.title}导入，其中的 {'、'.join(others)} 不属于{sheet.title}，未导入")
    if nameless:
        warnings.append(f"{place} {'、'.join(nameless)} 列有内容而没有表头，未导入；如需导入，请补上表头")
    for name in dict.fromkeys(rival.name for rival in heading.rivals):
        columns = "、".join(f"{rival.header}（{rival.cell}）" for rival in heading.rivals if rival.name == name)
        warnings.append(
            f"{place} 有几列都是{sheet.header(name)}，已采用“{heading.headers[name]}”，未导入：{columns}；"
            f"如应采用别的一列，请在“字段映射”表把它对应到{sheet.header(name)}"
        )
    for name in dict.fromkeys(part.name for part in heading.lonely):
        columns = "、".join(f"{part.header}（{part.cell}）" for part in heading.lonely if part.name == name)
        reason = (
            f"未计入{sheet.header(name)}" if name in heading.sums else f"本金、利息不齐，不能相加为{sheet.header(name)}"
        )
        warnings.append(f"{place} {columns}：{reason}，未导入")
    return details, warnings


def unlisted(export: Export) -> list[str]:
    """Values outside a field's list: imported as they are, and named here because planning will not know them."""
    notes = []
    for column in export.sheet:
        if column.kind is not Kind.CHOICE:
            continue
        value = export.data[column.name]
        odd = value[(value != "") & ~value.isin(column.choices)]
        groups = list(odd.groupby(odd, sort=False).groups.items())
        for text, rows in groups[:UNLISTED_VALUES]:
            notes.append(
                f"{export.cells(pd.Index(rows), column.name)}：{column.header}“{str(text)[:20]}”"
                f"不在“{'、'.join(column.choices)}”之内，已按原样导入；"
                f"可在“字段映射”表写一行“{column.header}={str(text)[:20]}”对应其中一个"
            )
        if len(groups) > UNLISTED_VALUES:
            notes.append(f"{column.header}另有 {len(groups) - UNLISTED_VALUES} 种取值不在列表之内，已按原样导入")
    return notes


def unread(export: Export) -> list[str]:
    """A sentence a field and reason: values that the field cannot be read from."""
    notes = []
    for column in export.sheet:
        bad = export.unreadable(column.name)
        if not bad.any():
            continue
        cells = export.raw.loc[bad, column.name]
        errors = is_lost(cells)
        scientific = is_rounded(cells)
        numeric = pd.Series([isinstance(cell, int | float) for cell in cells.tolist()], index=cells.index)
        numeric &= column.kind not in DATE_KINDS
        for rows, reason in (
            (cells.index[errors], "是公式错误值"),
            (cells.index[numeric], "是超过 15 位的数值，末尾几位已丢失"),
            (cells.index[scientific], "是科学计数法，末尾几位已丢失"),
            (cells.index[~errors & ~numeric & ~scientific], "无法识别"),
        ):
            if rows.empty:
                continue
            example = f"“{reading.as_text(cells[rows[0]])[:24]}”" if column.privacy is Privacy.OPEN else ""
            notes.append(
                f"{export.cells(rows, column.name)}：{column.header}{example}{reason}，"
                "工作簿已有的行保留原值，新增的行按原样写入"
            )
    return notes
