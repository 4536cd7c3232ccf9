"""What a cell stores for a value (text, number, truth, day serial, day fraction), and how that is spelled in XML."""

import datetime as dt
import math
import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from toolkit.model import reading
from toolkit.model.fields import Kind

MOST_TEXT = 32_767  # characters a cell can hold
SHIFT_1904 = 1462
TEXT_KINDS = frozenset({Kind.CODE, Kind.PHONE, Kind.ID_NUMBER})

_EPOCH = dt.date(1899, 12, 30).toordinal()
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Office reads _x000D_ in a string as the character; a literal one has its underscore written that way.
_ESCAPE_ALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class Stored(NamedTuple):
    """`type`: s text, n number, b truth, d serial of a day (1900 system), t part of a day."""

    type: str
    value: Any


def stored(value: object, kind: Kind | None = None) -> Stored | None:
    """What the cell should hold; None for an empty cell (None, NaT, NaN, "")."""
    if value.__class__ is str:
        text = clean(str(value))
        return Stored("s", text) if text else None
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, np.generic):
        value = pd.Timestamp(value) if isinstance(value, np.datetime64) else value.item()
        return stored(value, kind)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, bool):
        return Stored("b", value)
    if isinstance(value, int | float):
        # A number of more digits than a cell keeps, or an identifier, stays readable only as text.
        if kind in TEXT_KINDS or (isinstance(value, int) and abs(value) >= reading.EXACT_LIMIT):
            return Stored("s", reading.as_text(value) if isinstance(value, float) else str(value))
        return Stored("n", float(value))
    if isinstance(value, dt.date):
        return _day(value)
    if isinstance(value, dt.time):
        return Stored("t", (value.hour * 3600 + value.minute * 60 + value.second) / 86400)
    if isinstance(value, dt.timedelta):
        return Stored("t", round(value.total_seconds()) / 86400)
    return stored(str(value), kind)


def _day(value: dt.date) -> Stored:
    serial: float = value.toordinal() - _EPOCH
    if isinstance(value, dt.datetime):
        serial = round(serial * 86400 + value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6)
        serial /= 86400
    if serial < 61:  # before March 1900 the serials of spreadsheets disagree
        return Stored("s", reading.as_text(value))
    return Stored("d", float(serial))


def clean(text: str) -> str:
    """The text as a cell can keep it: no control characters, line breaks as LF."""
    if text.isprintable():
        return text
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def same(a: Stored | None, b: Stored | None) -> bool:
    """Equal in the file: a date and its serial number are."""
    if a is None or b is None:
        return a is b
    return a == b or (a.type in "ndt" and b.type in "ndt" and a.value == b.value)


def number_xml(value: Stored, shift: int) -> str:
    """Content of <v>; `shift` is SHIFT_1904 in a 1904 workbook, else 0."""
    number = float(value.value) - (shift if value.type == "d" else 0)
    return f"{number:.0f}" if number.is_integer() and abs(number) < reading.EXACT_LIMIT else repr(number)


def escaped(text: str) -> str:
    """The text so that Office does not take a literal _x000D_ in it for a character."""
    return _ESCAPE_ALIKE.sub("_x005F_", text) if "_x" in text else text


def outer_space(text: str) -> bool:
    """Does the text need xml:space="preserve"?"""
    return text[:1].isspace() or text[-1:].isspace()


def inner_xml(value: Stored, prefix: str, shift: int) -> tuple[str, str]:
    """(type attribute, content) of a <c> element. A text never becomes a formula, whatever it begins with."""
    if value.type == "s":
        text = value.value
        if "&" in text:
            text = text.replace("&", "&amp;")
        if "<" in text or ">" in text:
            text = text.replace("<", "&lt;").replace(">", "&gt;")
        text = escaped(text)
        space = ' xml:space="preserve"' if outer_space(text) else ""
        return ' t="inlineStr"', f"<{prefix}is><{prefix}t{space}>{text}</{prefix}t></{prefix}is>"
    return ' t="b"' if value.type == "b" else "", f"<{prefix}v>{number_xml(value, shift)}</{prefix}v>"


def length(text: str) -> int:
    """Characters as a spreadsheet counts them (UTF-16 units)."""
    return len(text.encode("utf-16-le")) // 2
