"""Raw cells of an export column by column as they are meant: absent dates and numbers, units, foreign words, sums."""

import datetime as dt
import re

import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model.fields import DATE_KINDS, NUMBER_KINDS, Kind
from toolkit.model.parameters import fold
from toolkit.rules.foreign import record_answers as ans
from toolkit.rules.foreign import synonyms as syn
from toolkit.rules.foreign import values as val
from toolkit.rules.foreign.header_words import Remembered, header_key
from toolkit.rules.foreign.headers import Heading

# What core systems print where a date or number is absent.
BLANK_WORDS = frozenset({"-", "--", "—", "——", "/", "无", "NULL", "null", "None", "nan", "NaT", "N/A", "暂无"})
NO_DATES = (0, 99991231, dt.datetime(9999, 12, 31), dt.date(9999, 12, 31))
BLANK_DATES = frozenset({"0", "00000000", "0000-00-00", "9999-12-31", "99991231"})
_INSTALMENT = re.compile(r"^第?(\d+)期?(?:/\d+期?)?$")
SHOWN_WORDS = 12


def as_meant(raw: pd.DataFrame, heading: Heading, memory: Remembered) -> tuple[pd.DataFrame, list[str]]:
    """Our fields only, each cell as meant, None where absent; and lines on what was converted.

    `raw` has the fields by name and, as "+N", the sheet's column N (0-based) that only serves another.
    """
    out: dict[str, pd.Series] = {}
    told: list[str] = []
    names = [str(name) for name in raw if not str(name).startswith("+")]
    foreign = _foreign(raw, heading)
    for name in names:
        column = heading.sheet[name]
        factor = heading.factors.get(name, 1.0)
        cells = raw[name]
        if name in heading.sums:
            parts = heading.sums[name]
            cells = val.summed([(_present(raw[f"+{at}"], Kind.MONEY), scale) for at, scale in parts])
        elif name == "matures_on" and heading.extended is not None:
            later = _present(raw[f"+{heading.extended}"], Kind.DATE)
            cells = later.where(reading.dates(later).notna(), _present(cells, Kind.DATE))
        elif column.kind in DATE_KINDS or column.kind in NUMBER_KINDS:
            cells = _present(cells, column.kind)
        if heading.sheet is sheets.RECORDS:
            cells = ans.meant_answers(name, cells)
        if name == "instalment_no":
            cells = _numbered(cells)
        elif name == "annual_rate":
            cells, converted = val.meant_rates(cells, factor)
            if converted and cells.notna().any():
                told.append(f"{heading.headers[name]}已换算为年利率(%)，如 {_example(raw[name], cells)}")
        elif name == "term_months":
            cells = val.meant_terms(cells, factor)
        elif column.kind is Kind.MONEY and name not in heading.sums:
            cells = val.meant_money(cells, factor)
        elif column.kind is Kind.CHOICE:
            cells, replaced = val.meant_choices(column, cells, memory.words)
            if replaced:
                pairs = [f"{text} → {ours}（{count}）" for text, ours, count in replaced[:SHOWN_WORDS]]
                more = f"，其余 {len(replaced) - SHOWN_WORDS} 种略" if len(replaced) > SHOWN_WORDS else ""
                told.append(f"{column.header}按对照换算：{'、'.join(pairs)}{more}")
        if column.kind is Kind.MONEY and len(foreign):
            cells = val.doubted(cells, foreign, "币种不是人民币")
        out[name] = cells.astype("object").where(cells.notna(), None)
    return pd.DataFrame(out, index=raw.index), told


def _foreign(raw: pd.DataFrame, heading: Heading) -> pd.Index:
    """Rows in another currency than yuan."""
    if heading.currency is None:
        return raw.index[:0]
    words = raw[f"+{heading.currency}"].map(lambda cell: fold(reading.as_text(cell)).upper())
    return raw.index[~words.isin(syn.YUAN_WORDS)]


def _present(cells: pd.Series, kind: Kind) -> pd.Series:
    """None where a core system prints that there is no date or number."""
    marks = BLANK_WORDS | BLANK_DATES if kind in DATE_KINDS else BLANK_WORDS
    absent = {
        cell
        for cell in set(cells.tolist())
        if (cell.__class__ is str and cell.strip().removesuffix(" 00:00:00") in marks)
        or (kind in DATE_KINDS and cell in NO_DATES)
    }
    # FALSE equals 0 and yet is something that was typed.
    typed = pd.Series([cell.__class__ is bool for cell in cells.tolist()], index=cells.index, dtype=bool)
    return cells.where(~cells.isin(list(absent)) | typed, None) if absent else cells


def _numbered(cells: pd.Series) -> pd.Series:
    """第3期, 3/36 as 3."""
    table = {cell: _instalment(cell) for cell in dict.fromkeys(cells.tolist()) if isinstance(cell, str)}
    if not table:
        return cells
    return pd.Series([table.get(cell, cell) for cell in cells.tolist()], index=cells.index, dtype="object")


def _instalment(cell: str) -> object:
    match = _INSTALMENT.match(header_key(cell))
    return int(match[1]) if match else cell


def _example(before: pd.Series, after: pd.Series) -> str:
    changed = before.index[before.notna() & (before.astype(str) != after.astype(str))]
    row = changed[0] if len(changed) else before.index[before.notna()][0]
    return f"{reading.as_text(before[row])} → {reading.as_text(after[row])}"
