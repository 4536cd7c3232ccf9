"""What a single header means: a row of sheet 字段映射, our own header, a synonym, in this order; and its unit."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.model import sheets
from toolkit.model.fields import Kind, Sheet
from toolkit.model.parameters import fold
from toolkit.model.reading import as_text
from toolkit.model.tables import Table
from toolkit.rules.foreign import synonyms as syn

IGNORED = "不导入"  # in 本表字段: the user wants this column left out

# How sure a header is: a user's word, our own header, a synonym (the likelier the lower).
MAPPED, OWN, FIRST_SYNONYM = 0, 1, 2


def header_key(text: object) -> str:
    """A header as compared: folded width, no spaces, no marks of "required"."""
    return fold(as_text(text)).strip("*:")


def _ranks(sheet: Sheet) -> dict[str, tuple[str, int]]:
    """Folded header → (field, rank)."""
    synonyms = syn.SYNONYMS[sheet.title]
    found = {text: (name, FIRST_SYNONYM + i) for name, texts in synonyms for i, text in enumerate(texts)}
    return found | {header_key(column.header): (column.name, OWN) for column in sheet}


MAPPED_SHEETS = (sheets.RECORDS, sheets.SCHEDULE, sheets.LOANS)
_RANKS = {sheet.title: _ranks(sheet) for sheet in MAPPED_SHEETS}
_OWN = {header_key(column.header): column for sheet in MAPPED_SHEETS for column in sheet}


@dataclass(frozen=True)
class Remembered:
    """Sheet 字段映射: folded source header → folded own headers, the lowest row first (it is the newest).

    `words`: (field, foreign value) → our value, from rows such as 贷款状态=冻结 → 使用中. `asked`: folded headers that
    were proposed and wait for the clerk's answer. `unknown`: (cell, text) of 本表字段 that names no column of 贷款台账,
    还款计划 or 回访记录.
    """

    targets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    unknown: tuple[tuple[str, str], ...] = ()


def remembered(table: Table) -> Remembered:
    """What the rows of 字段映射 say; a lower row of the same header goes first."""
    targets: dict[str, tuple[str, ...]] = {}
    words: dict[tuple[str, str], str] = {}
    asked, unknown = set(), []
    rows = table.data[["row", "source_header", "target_field"]].itertuples(index=False)
    for row, source_header, target_field in rows:
        source, target = header_key(source_header), header_key(target_field)
        owner, _, word = source.partition("=")
        if source and not target:
            asked.add(source)
        elif not source:
            continue
        elif word and owner in _OWN and target in _OWN[owner].choices:
            words[_OWN[owner].name, word] = target
        elif target in _OWN or target == IGNORED:
            targets[source] = (target, *targets.get(source, ()))
        else:
            unknown.append((table.cell(row, "target_field"), target_field))
    return Remembered(targets, words, frozenset(asked), tuple(unknown))


def part_of(key: str) -> tuple[str, str, str] | None:
    """(field, part, unit) of a header such as 应还本金(元)."""
    match = syn.UNIT.match(key)
    for text, unit in ((key, ""), (match[1], match[2]) if match else ("", "")):
        if text in syn.PART_OF and (not unit or unit in syn.MONEY_UNITS):
            return *syn.PART_OF[text], unit
    return None


def look_up(key: str, sheet: Sheet, memory: Remembered) -> tuple[str, int, float | None] | None:
    """(field, rank, multiplier if the header names a unit); field "" if the user wants it ignored; None if unknown."""
    match = syn.UNIT.match(key)
    base, unit = (match[1], match[2]) if match else (key, "")
    ranks = _RANKS[sheet.title]
    monthly = sheet is sheets.LOANS and (base in syn.MONTHLY_RATE or key in syn.MONTHLY_RATE)
    rate = (syn.MONTHLY_UNITS.get(unit, math.nan)) if monthly else None
    for target in memory.targets.get(key, ()):
        if target == IGNORED:
            return "", MAPPED, None
        name, rank = ranks.get(target, ("", 0))
        if rank == OWN:
            return name, MAPPED, rate if monthly and name == "annual_rate" else _factor(unit, sheet, name)
    if monthly:
        return "annual_rate", FIRST_SYNONYM + len(ranks), rate
    if key in ranks:
        return *ranks[key], None
    name, rank = ranks.get(base, ("", 0))
    factor = _factor(unit, sheet, name) if name else None
    return (name, rank, factor) if factor is not None else None


def _factor(unit: str, sheet: Sheet, name: str) -> float | None:
    """The multiplier that a unit in the header means for this field; None if it means nothing there."""
    if sheet[name].kind is Kind.MONEY:
        return syn.MONEY_UNITS.get(unit)
    return syn.PLAIN_UNITS.get(name, {}).get(unit)
