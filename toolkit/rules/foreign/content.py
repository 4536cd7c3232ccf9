"""What the values of a column say where its header says nothing: used if they can mean one thing only, else proposed.

A mobile number, an identity number, a word of a list, a number or name that the workbook knows speak for themselves.
Dates and amounts do not: they are only ever proposed, and a column whose header names other people or other days
(`synonyms.OTHERS`) is never used unasked.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from toolkit.model import reading, sheets
from toolkit.model.fields import DATE_KINDS, Kind, Sheet
from toolkit.model.tables import Source, Table, column_letter
from toolkit.rules.foreign import synonyms as syn
from toolkit.rules.foreign.header_words import Remembered, header_key
from toolkit.rules.foreign.headers import Heading, Unknown
from toolkit.rules.foreign.values import is_spoilt, translated

LOOKED_AT = 2000  # rows; distinct values are few
MOST_KNOWN = 0.8  # of the distinct values the workbook must know so many

_MOBILE = re.compile(r"1[3-9]\d{9}")
_ID_18 = re.compile(r"\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_ID_15 = re.compile(r"\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_CREDIT_CODE = re.compile(r"[159Y][1239]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_TEXT_DATE = re.compile(r"(?:19|20)\d{2}(?:[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{4})(?:[T ].*)?")
# Names of the workbook that identify a column; a customer's name could as well be a guarantor's.
KNOWN_FIELDS = ("contract_no", "customer_no", "product", "branch", "loan_officer")
# 是/否 can answer anything.
_WORDY = (*(f.name for f in sheets.LOANS if f.kind is Kind.CHOICE and f.name != "key_customer"), "repayment_method")


@dataclass(frozen=True)
class Known:
    """What 贷款台账 holds already: field → values as `reading.name_key` folds them."""

    values: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A column that its values explain. `names`: the fields it may be, the likelier first; `used`: it was imported."""

    header: str
    cell: str
    names: tuple[str, ...]
    used: bool
    why: str


def known_values(table: Table) -> Known:
    """Names and numbers that stand in `table` already, folded, by field."""
    values = {}
    for name in KNOWN_FIELDS:
        texts = table.data[name].drop_duplicates()
        values[name] = frozenset(reading.name_key(text) for text in texts[texts != ""])
    return Known(values)


def with_contract_by_content(
    source: Source, headings: Sequence[Heading], memory: Remembered, known: Known
) -> tuple[Heading, Proposal] | None:
    """Where no row names a contract number: the fullest header with one column that holds the ledger's contracts."""
    for heading in sorted(headings, key=lambda h: -len(h.columns)):
        if len(heading.columns) < 2 or "contract_no" in heading.columns:
            continue
        fitting = [
            column
            for column in heading.unknown
            if header_key(column.header) not in memory.asked
            and _is_known(_texts(_values(source, heading, column.column)), known.values.get("contract_no", frozenset()))
        ]
        if len(fitting) == 1:
            return use(heading, fitting[0], "contract_no"), proposal(fitting[0], ("contract_no",), True)
    return None


def by_content(source: Source, heading: Heading, memory: Remembered, known: Known) -> tuple[Heading, list[Proposal]]:
    """The heading with the columns that explain themselves, and every proposal."""
    candidates: list[tuple[Unknown, tuple[str, ...]]] = []
    for column in heading.unknown:
        names = _meanings(_values(source, heading, column.column), heading.sheet, known, set(heading.columns))
        if names:
            candidates.append((column, names))
    claimed = [names[0] for _, names in candidates if len(names) == 1]
    proposals = []
    for column, names in candidates:
        sure = len(names) == 1 and claimed.count(names[0]) == 1 and bool(column.header)
        sure = sure and heading.sheet[names[0]].kind not in DATE_KINDS and not syn.OTHERS.search(column.header)
        # The clerk was asked about it and has not answered: still not a yes.
        sure = sure and header_key(column.header) not in memory.asked
        if sure:
            heading = use(heading, column, names[0])
        proposals.append(proposal(column, names, sure))
    return heading, proposals


def nameless_columns(source: Source, heading: Heading) -> list[str]:
    """Letters of columns that hold something below a blank header."""
    body = source.rows[heading.row + 1 : heading.row + 1 + LOOKED_AT]
    width = max((len(cells) for cells in body), default=0)
    headed = set(heading.columns.values()) | {column for parts in heading.sums.values() for column, _ in parts}
    header = source.rows[heading.row]
    blank = [c.column for c in heading.unknown if not c.header] + list(range(len(header), width))
    return [
        column_letter(column + 1)
        for column in blank
        if column not in headed and any(len(cells) > column and not _empty(cells[column]) for cells in body)
    ]


def _empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def use(heading: Heading, column: Unknown, name: str) -> Heading:
    """`heading` with `column` as the field `name`."""
    return replace(
        heading,
        columns={**heading.columns, name: column.column},
        headers={**heading.headers, name: column.header},
        unknown=tuple(other for other in heading.unknown if other is not column),
    )


def proposal(column: Unknown, names: tuple[str, ...], used: bool) -> Proposal:
    return Proposal(column.header, column.cell, names, used, _WHY.get(names[0], "都是日期"))


_WHY = {
    "contract_no": "是台账里的合同编号",
    "customer_no": "是台账里的客户编号",
    "product": "是台账里的贷款产品",
    "branch": "是台账里的网点",
    "loan_officer": "是台账里的客户经理",
    "phone": "都是手机号码",
    "id_number": "都是证件号码",
    **{name: f"都是{sheets.LOANS.header(name)}的用语" for name in _WORDY},
}


def _values(source: Source, heading: Heading, column: int) -> list[object]:
    """Distinct cells of the rows that look like a loan's: with a contract number if its column is known."""
    key = heading.columns.get("contract_no")
    body = source.rows[heading.row + 1 : heading.row + 1 + LOOKED_AT]
    cells = [
        cells[column]
        for cells in body
        if len(cells) > column and (key is None or (len(cells) > key and not _empty(cells[key])))
    ]
    # What a spreadsheet has spoilt says nothing about its column.
    return [cell for cell in dict.fromkeys(cells) if not _empty(cell) and not is_spoilt(cell)]


def _texts(values: list[object]) -> list[str]:
    return [reading.fold_width(reading.as_text(value)) for value in values]


def _meanings(values: list[object], sheet: Sheet, known: Known, taken: set[str]) -> tuple[str, ...]:
    if not values:
        return ()
    if all(_is_date(value) for value in values):
        return tuple(f.name for f in sheet if f.kind in DATE_KINDS and f.name not in taken)
    if sheet is not sheets.LOANS:
        return ()
    texts = _texts(values)
    free = [name for name in sheet.names if name not in taken]
    out = []
    for name in free:
        if name == "phone":
            fits = all(_MOBILE.fullmatch(reading.as_phone(value) or "") for value in values)
        elif name == "id_number":
            fits = all(_is_id(text) for text in texts)
        elif name in _WORDY:
            fits = all(translated(sheet[name], text) for text in texts) and not all(text.isdigit() for text in texts)
        elif name in KNOWN_FIELDS:
            fits = _is_known(texts, known.values.get(name, frozenset()))
        else:
            fits = False
        if fits:
            out.append(name)
    return tuple(out)


def _is_date(value: object) -> bool:
    if isinstance(value, dt.date):
        return True
    if isinstance(value, str):
        text = reading.fold_width(value)
        return bool(_TEXT_DATE.fullmatch(text)) and reading.as_date(text) is not None
    whole = isinstance(value, int | float) and not isinstance(value, bool) and 19000101 <= value <= 21001231
    return whole and reading.as_date(value) is not None


def _is_id(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in (_ID_18, _ID_15, _CREDIT_CODE))


def _is_known(texts: list[str], known: frozenset[str]) -> bool:
    if not texts or not known:
        return False
    return sum(reading.name_key(text) in known for text in texts) >= MOST_KNOWN * len(texts)
