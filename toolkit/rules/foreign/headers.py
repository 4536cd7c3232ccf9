"""Where the header of a stranger's sheet is, and which of its columns is which of ours.

What a single header means is looked up in `header_words`. What the values say is the business of `content`; an unknown
header is named and its column left out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from toolkit.model import sheets
from toolkit.model.fields import Kind, Sheet
from toolkit.model.reading import as_text
from toolkit.model.tables import Source, column_letter
from toolkit.rules.foreign import synonyms as syn
from toolkit.rules.foreign.header_words import FIRST_SYNONYM, Remembered, header_key, look_up, part_of

HEADER_ROWS = 20  # titles, dates and units may stand above the header, but not more than this
# What a folded header may be looked up as, the fullest first.
Spellings = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True)
class Unknown:
    """A column whose header nobody knows. `header` is "" where there is none; `column` is 0-based."""

    header: str
    cell: str
    column: int


@dataclass(frozen=True)
class Left:
    """A column that is known but not imported: it would be (part of) the field `name`."""

    header: str
    cell: str
    name: str


@dataclass(frozen=True)
class Heading:
    """The header of one source and what it says.

    `row`: 0-based position of its (last) row; `columns`: field → 0-based column; `factors`: field → multiplier to our
    unit (NaN: a monthly rate without a unit); `headers`: field → header as written; `sums`: money field → (column,
    multiplier) of its parts; `learned`: (header, field) found by synonym; `unknown`: columns that nobody knows;
    `rivals`: columns left out because another already fills the field; `lonely`: parts whose sum cannot be made.
    `extended`, `currency`: columns of 展期到期日 and 币种. `depth`: rows of the header, 1 or 2.
    """

    sheet: Sheet
    row: int
    columns: Mapping[str, int]
    factors: Mapping[str, float]
    headers: Mapping[str, str]
    learned: tuple[tuple[str, str], ...]
    unknown: tuple[Unknown, ...]
    rivals: tuple["Left", ...]
    title_unit: str = ""
    sums: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    sum_headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extended: int | None = None
    currency: int | None = None
    depth: int = 1
    lonely: tuple[Left, ...] = ()


def find_headings(
    source: Source, memory: Remembered, choices: Sequence[Sheet], spellings: Spellings = lambda key: (key,)
) -> list[Heading]:
    """What every row (or pair of rows, as a two-row header) of the first rows would be as a header, in order; those
    that name anything of one of `choices`, without asking for a contract number. `spellings`: of a header of one row.
    """
    out = []
    for position, cells in enumerate(source.rows[:HEADER_ROWS]):
        texts = [as_text(cell) for cell in cells]
        if not any(texts):
            continue
        title_unit = _title_unit(source.rows[:position])
        single = [(text, *spellings(header_key(text))) if text else () for text in texts]
        out += [_read(position, single, sheet, memory, title_unit) for sheet in choices]
        below = source.rows[position + 1] if position + 1 < len(source.rows) else []
        if len(texts) > 1 and any(below) and all(cell is None or isinstance(cell, str) for cell in below):
            double = _double(texts, [as_text(cell) for cell in below])
            unit = _title_unit(source.rows[: position + 1])
            out += [replace(_read(position + 1, double, sheet, memory, unit), depth=2) for sheet in choices]
    return [heading for heading in out if heading.columns]


def best_heading(headings: Sequence[Heading]) -> Heading | None:
    """The likeliest of those that name a contract number and something else of the same sheet; None if none does."""
    best: Heading | None = None
    for row in dict.fromkeys(heading.row for heading in headings):
        fitting = [h for h in headings if h.row == row and "contract_no" in h.columns and size(h) > 1]
        if not fitting:
            continue
        # A plan repeats a loan's columns; 期次 with 应还日期 is what no ledger has.
        plans = [h for h in fitting if h.sheet is sheets.SCHEDULE and {"instalment_no", "due_on"} <= set(h.columns)]
        heading = max(plans or fitting, key=size)
        if best is None or size(heading) > size(best):
            best = heading
    return best


def size(heading: Heading) -> float:
    """Fields named; of two readings of a row the plainer counts for more."""
    return len(heading.columns) - (heading.depth - 1) / 2


def find_heading(source: Source, memory: Remembered, choices: Sequence[Sheet]) -> Heading | None:
    """The likeliest header among the first rows, for 贷款台账 or 还款计划."""
    return best_heading(find_headings(source, memory, choices))


def _double(upper: list[str], lower: list[str]) -> list[tuple[str, ...]]:
    """A two-row header: per column the texts to try, the fullest first. A group heading stands over its columns, as
    merged cells leave it: in the first of them."""
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    out: list[tuple[str, ...]] = []
    group = ""
    for over, under in zip(upper, lower, strict=True):
        group = over or (group if under else "")
        if not under or under == group:
            out.append((over or under,) if over or under else ())
        elif not group:
            out.append((under,))
        elif syn.OTHER_GROUPS.search(group):
            out.append((group + under,))
        else:
            # 贷款信息 over 金额 is 贷款金额.
            short = syn.GROUP_TAIL.sub("", header_key(group))
            out.append(tuple(dict.fromkeys((group + under, short + under, under))))
    return out


def _title_unit(rows: Sequence[Sequence[Any]]) -> str:
    """万元 of a title row such as 单位：万元, the lowest row first."""
    for cells in reversed(rows):
        for cell in cells:
            match = syn.TITLE_UNIT.search(header_key(cell)) if isinstance(cell, str) else None
            if match:
                return match[1]
    return ""


def _read(
    position: int, texts: Sequence[tuple[str, ...]], sheet: Sheet, memory: Remembered, title_unit: str
) -> Heading:
    claims: dict[str, list[tuple[int, int, str, float]]] = {}  # field → (rank, column, header, factor)
    parts: dict[str, dict[str, tuple[int, str, float]]] = {}  # field → part → (column, header, factor)
    unknown: list[Unknown] = []
    special: dict[str, int] = {}
    default = syn.MONEY_UNITS[title_unit or "元"]
    for column, candidates in enumerate(texts):
        found = None
        for text in candidates:
            key = header_key(text)
            part = part_of(key) if sheet is sheets.SCHEDULE and key not in memory.targets else None
            if part:
                name, kind, unit = part
                parts.setdefault(name, {}).setdefault(kind, (column, text, syn.MONEY_UNITS.get(unit, default)))
                break
            if key not in memory.targets and key in (syn.EXTENDED_MATURITY | syn.CURRENCY):
                special.setdefault("extended" if key in syn.EXTENDED_MATURITY else "currency", column)
                break
            found = look_up(key, sheet, memory)
            if found is not None:
                name, rank, factor = found
                if name:
                    money = sheet[name].kind is Kind.MONEY
                    scale = (default if factor is None else factor) if money else factor or 1.0
                    claims.setdefault(name, []).append((rank, column, text, scale))
                break
        else:
            unknown.append(
                Unknown(candidates[0] if candidates else "", f"{column_letter(column + 1)}{position + 1}", column)
            )
    columns, factors, headers, learned, rivals, lonely = {}, {}, {}, [], [], []
    for name, found_columns in claims.items():
        (rank, column, text, factor), *others = sorted(found_columns, key=lambda claim: claim[:2])
        columns[name], headers[name] = column, text
        if factor != 1 or sheet[name].kind is Kind.MONEY:
            factors[name] = factor
        if rank >= FIRST_SYNONYM:
            learned.append((text, name))
        rivals += [Left(other[2], f"{column_letter(other[1] + 1)}{position + 1}", name) for other in others]
    sums, sum_headers = _sums(parts, set(columns))
    for name, found_parts in parts.items():
        used = {column for column, _ in sums.get(name, ())}
        if name not in columns:  # beside a total its parts are no loss
            lonely += [
                Left(text, f"{column_letter(column + 1)}{position + 1}", name)
                for column, text, _ in found_parts.values()
                if column not in used
            ]
        if name in sums:
            columns[name], headers[name] = sums[name][0][0], "+".join(sum_headers[name])
    scaled = any(factor != 1 for name, factor in factors.items() if sheet[name].kind is Kind.MONEY)
    scaled = scaled or any(factor != 1 for found_sum in sums.values() for _, factor in found_sum)
    return Heading(
        sheet, position, columns, factors, headers, tuple(learned), tuple(unknown), tuple(rivals),
        title_unit if scaled else "", sums, sum_headers, special.get("extended"), special.get("currency"),
        lonely=tuple(lonely),
    )  # fmt: skip


def _sums(
    parts: Mapping[str, Mapping[str, tuple[int, str, float]]], taken: set[str]
) -> tuple[dict[str, tuple[tuple[int, float], ...]], dict[str, tuple[str, ...]]]:
    """Parts that add up to a field. 实还 takes the parts that 应还 has, so that both mean the same."""
    sums: dict[str, tuple[tuple[int, float], ...]] = {}
    headers: dict[str, tuple[str, ...]] = {}
    wanted: set[str] | None = None
    for name, _ in syn.SUMS:
        found = parts.get(name, {})
        if name in taken or not set(syn.NEEDED_PARTS) <= set(found):
            continue
        kinds = [kind for kind in found if wanted is None or kind in wanted]
        if name == syn.SUMS[0][0]:
            wanted = set(kinds)
        sums[name] = tuple((found[kind][0], found[kind][2]) for kind in kinds)
        headers[name] = tuple(found[kind][1] for kind in kinds)
    return sums, headers
