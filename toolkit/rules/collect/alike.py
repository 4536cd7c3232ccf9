"""Values as compared: two spellings of the same answer have one canonical text, "" is blank."""

import re

import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model.fields import DATE_KINDS, NUMBER_KINDS, Field, Kind
from toolkit.model.tables import is_blank, typed_column

SHEET = sheets.RECORDS
PEOPLE = frozenset({"customer_name", "visitor", "signature"})
_BETWEEN_PHONES = re.compile(r"[/、,;|]+")
_UNREAD = "\x00"  # before what cannot be read as its kind, so that it equals nothing that can


def canonical(data: pd.DataFrame, raw: pd.DataFrame) -> pd.DataFrame:
    """Every field of 回访记录 as canonical text (object columns of str); `data` and `raw` as in `Table`."""
    return pd.DataFrame({column.name: _column(column, data[column.name], raw[column.name]) for column in SHEET})


def canonical_text(column: Field, value: object) -> str:
    """The canonical text of one cell as it stands in a sheet (also of 原值 and 新值 in 记录冲突)."""
    raw = pd.Series([None if value == "" else value], dtype="object")
    return str(_column(column, typed_column(column.kind, raw), raw).iloc[0])


def _column(column: Field, values: pd.Series, raw: pd.Series) -> pd.Series:
    if column.kind in DATE_KINDS:
        out = values.dt.strftime("%Y-%m-%d")
    elif column.kind in NUMBER_KINDS:
        out = values.map(lambda number: f"{number:.10g}", na_action="ignore")
    elif column.kind is Kind.TIME:
        out = values.map(lambda time: time.strftime("%H:%M:%S"), na_action="ignore")
    elif column.kind is Kind.PHONE:
        out = _distinct(raw, _phones)
    elif column.name in PEOPLE:
        out = _distinct(values, reading.name_key)
    elif column.kind is Kind.TEXT:
        out = _distinct(values, lambda text: "".join(reading.fold_width(text).split()))
    else:
        out = values
    out = out.astype("object").where(~is_blank(values) & values.notna(), "")
    lost = (out == "") & raw.notna()
    if lost.any():
        texts = raw[lost].map(reading.as_text)
        out.loc[lost] = texts.where(texts == "", _UNREAD + texts)
    return out.fillna("")


def _distinct(values: pd.Series, meant) -> pd.Series:
    texts = {value: meant(value) for value in dict.fromkeys(values.tolist()) if value is not None}
    return values.map(texts, na_action="ignore")


def _phones(value: object) -> str:
    """Several phones in any order, however spaced."""
    text = reading.fold_width(reading.as_text(value))
    parts = (reading.as_phone(part) or part for part in _BETWEEN_PHONES.split(text))
    return "/".join(sorted(part for part in parts if part))


def shown(column: Field, value: object, canon: str) -> str:
    """A value as 记录冲突 shows it: dates and times plain, text letter for letter."""
    if column.kind in DATE_KINDS or column.kind is Kind.TIME or column.kind in NUMBER_KINDS:
        plain = canon.removeprefix(_UNREAD)
        return plain.removesuffix(":00") if column.kind is Kind.TIME and plain.count(":") == 2 else plain
    return reading.as_text(value)


def written(column: Field, text: str) -> object:
    """The cell value that a shown text stands for: dates and numbers typed, else the text."""
    if column.kind in DATE_KINDS and (day := reading.as_date(text)):
        return pd.Timestamp(day)
    if column.kind in NUMBER_KINDS and (number := reading.as_number(text)) is not None:
        return number
    if column.kind is Kind.TIME and (time := reading.as_time(text)):
        return time
    return text
