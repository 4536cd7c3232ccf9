"""Cell values as people type them, read as meant (contract, section 4).

Scalar readers return None for "not readable"; the column readers apply them to the distinct odd values only, so that
ordinary columns cost one vectorised pass. Nothing here knows workbooks.
"""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from toolkit.model import clean

T = TypeVar("T")

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DAY_PART = "凌晨|早上|早晨|上午|中午|下午|傍晚|晚上"
_CLOCK_BEHIND = rf"(?:[T ]*(?:{_DAY_PART})?\d{{1,2}}[:：时点][\d:：.时点分秒半整]*(?:Z|\s*[AP]M)?)?"
# 26年3月5日 is 2026; 号, a weekday and a clock time may follow.
_DATE_PARTS = re.compile(
    r"^(\d{4}|\d{2}(?=年))[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
    rf"{_CLOCK_BEHIND}$",
    re.IGNORECASE,
)
_EIGHT_DIGITS = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_CLOCK = re.compile(
    rf"^({_DAY_PART}|AM|PM)?(\d{{1,2}})[:：时点](\d{{1,2}}|半|整)?分?(?:(?:[:：]|(?<=分))(\d{{1,2}})秒?)?(AM|PM)?$",
    re.IGNORECASE,
)
_AFTERNOON = ("中午", "下午", "傍晚", "晚上", "PM")
_HANZI = "〇一二三四五六七八九"
_HANZI_NUMBER = re.compile(r"[〇○零一二三四五六七八九十]+(?=[年月日号时点分])")
_EPOCH = dt.date(1899, 12, 30)
# A bare number counts as a day only where a loan could: 12 in a date column is a slip, not 12 January 1900.
_FIRST_SERIAL, _LAST_SERIAL = 18264, 73050  # 1950-01-01, 2099-12-31
_FIRST_DAY, _LAST_DAY = dt.date(1950, 1, 1), dt.date(2100, 12, 31)
_DIGITAL_CLOCK = re.compile(r"^([01]?\d|2[0-3])([0-5]\d)$")
# What a cell shows instead of a value: Excel's errors, and ours for a formula that no program has computed yet.
UNCOMPUTED = "#未计算"
ERROR_VALUES = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
) | {UNCOMPUTED}
_LENGTH = re.compile(
    r"(?:(\d+(?:\.\d+)?)(?:小时|个小时|时))?(?:(\d+(?:\.\d+)?)(?:分钟|分))?(?:(\d+(?:\.\d+)?)秒钟?)?", re.ASCII
)
# 15 significant digits is what a spreadsheet number keeps; beyond it the tail has become zeros.
EXACT_LIMIT = 10**15


def fold_width(text: str) -> str:
    """Half-width form without invisible marks and outer spaces; a leading apostrophe is Excel's, not the clerk's."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip().removeprefix("'").strip()


def as_text(value: object) -> str:
    """The cell's text letter for letter; whole numbers without `.0`, blanks as an empty string."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NaT:
        return ""
    if isinstance(value, str):
        return _INVISIBLE.sub("", value).strip().removeprefix("'")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{value:.0f}" if float(value).is_integer() else repr(float(value))
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") if value.time() != dt.time() else value.strftime("%Y-%m-%d")
    return str(value)


def as_date(value: object) -> dt.date | None:
    """A date from a date cell, a serial number, 20260305, 2026-3-5, 2026/3/5, 2026.3.5, 2026年3月5日（周四）, 2026年3月
    5号 or 二〇二六年三月五日, with or without a clock time; None outside 1950 to 2100, which is a slip."""
    if isinstance(value, dt.datetime):
        return None if value is pd.NaT else _likely(value.date())
    if isinstance(value, dt.date):
        return _likely(value)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        if math.isnan(value):
            return None
        if 19000101 <= value <= 21001231 and float(value).is_integer():
            return as_date(f"{int(value)}")
        return _EPOCH + dt.timedelta(days=int(value)) if _FIRST_SERIAL <= value <= _LAST_SERIAL else None
    text = fold_width(str(value)).replace(" 00:00:00", "")
    text = _arabic(re.sub(r"\s*([-/.年月])\s*", r"\1", text))
    match = _EIGHT_DIGITS.match(text) or _DATE_PARTS.match(text)
    if not match:
        return None
    try:
        year, month, day = (int(part) for part in match.groups())
        return _likely(dt.date(year + 2000 if year < 100 else year, month, day))
    except ValueError:
        return None


def _likely(date: dt.date) -> dt.date | None:
    return date if _FIRST_DAY <= date <= _LAST_DAY else None


def as_timestamp(value: object) -> dt.datetime | None:
    """A day with its time of day: from a date or time-stamped cell, a serial number, or a date as typed, with or
    without a clock time behind it."""
    if isinstance(value, dt.datetime):
        return None if value is pd.NaT else value
    day = as_date(value)
    if day is None:
        return None
    clock: dt.time | None = None
    if isinstance(value, float) and value < _LAST_SERIAL:
        clock = _from_seconds((value % 1) * 86400)
    elif isinstance(value, str):
        clock = as_time(re.split(r"[T\s日号)]", fold_width(value), maxsplit=1)[-1])
    return dt.datetime.combine(day, clock or dt.time())


def as_number(value: object) -> float | None:
    """A number from a number cell or text with thousands separators, ￥, 元, full-width digits or %."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return None if math.isnan(value) or math.isinf(value) else float(value)
    if not isinstance(value, str):
        return None
    text = fold_width(value).replace(",", "").replace(" ", "").lstrip("¥￥")
    text = text.removesuffix("元").removesuffix("%").removesuffix("分钟").removesuffix("天").removesuffix("分")
    if "_" in text:  # Python's own spelling, nobody else's
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def as_time(value: object) -> dt.time | None:
    """A clock time from a time cell, a day fraction, 14:30, 1430, 14点30分, 2点半 or 下午2:30."""
    if isinstance(value, dt.datetime):
        return None if value is pd.NaT else value.time()
    if isinstance(value, dt.time):
        return value
    if isinstance(value, dt.timedelta):
        return _from_seconds(value.total_seconds())
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        if 0 <= value < 1 or _FIRST_SERIAL <= value <= _LAST_SERIAL:
            return _from_seconds((value % 1) * 86400)
        if math.isnan(value) or not float(value).is_integer() or value < 100:
            return None
        value = f"{value:.0f}"
    text = _arabic(fold_width(str(value)).replace(" ", ""))
    digital = _DIGITAL_CLOCK.match(text) if len(text) >= 3 else None
    if digital:
        return dt.time(int(digital[1]), int(digital[2]))
    match = _CLOCK.match(text)
    if not match:
        return None
    half = (match[1] or match[5] or "").upper()
    minutes = {"半": "30", "整": "0"}.get(match[3], match[3])
    hour, minute, second = int(match[2]), int(minutes or 0), int(match[4] or 0)
    if half in _AFTERNOON and hour < (11 if half == "中午" else 12):
        hour += 12
    elif half in ("AM", "凌晨") and hour == 12:
        hour = 0
    return dt.time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _from_seconds(seconds: float) -> dt.time:
    whole = round(seconds) % 86400
    return dt.time(whole // 3600, whole % 3600 // 60, whole % 60)


def _arabic(text: str) -> str:
    """二〇二六年三月二十五日 as 2026年3月25日; 三十 is a number only before a unit of time."""
    return _HANZI_NUMBER.sub(lambda match: _hanzi_number(match[0]), text)


def _hanzi_number(text: str) -> str:
    digits = text.replace("○", "〇").replace("零", "〇")
    if "十" not in digits:
        return "".join(str(_HANZI.index(digit)) for digit in digits)
    tens, _, ones = digits.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return text
    return str((_HANZI.index(tens) if tens else 1) * 10 + (_HANZI.index(ones) if ones else 0))


def as_minutes(value: object) -> float | None:
    """A length of time in minutes: a number, 15分钟, 5分30秒, 132秒, 1小时20分."""
    text = fold_width(as_text(value)).replace(" ", "") if isinstance(value, str) else ""
    match = _LENGTH.fullmatch(text) if text else None
    if match and any(match.groups()):
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        return round(hours * 60 + minutes + seconds / 60, 2)
    return as_number(value)


def as_code(value: object) -> str | None:
    """An identifier: half-width text without spaces; a number beyond 15 digits cannot be trusted and is None."""
    if isinstance(value, str) and clean.is_code([value]):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if isinstance(value, float) and math.isnan(value):
            return ""
        if abs(value) >= EXACT_LIMIT:
            return None
    return "".join(fold_width(as_text(value)).split())


def as_phone(value: object) -> str | None:
    """A phone as digits (landlines keep one hyphen): spaces, dashes, dots, +86 and 0086 folded away."""
    code = as_code(value)
    if code is None:
        return None
    text = re.sub(r"[\s.·()（）_—–-]", "", code)
    text = re.sub(r"^(\+?0{0,2}86)(?=1\d{10}$|0\d{9,11}$)", "", text)
    return text


PHONE_PATTERN = r"^(?:1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|[48]00\d{7}|95\d{3,6})$"


def name_key(text: str) -> str:
    """Names compared as meant: brackets of both widths, middle dots and spaces alike."""
    return re.sub(r"[\s]", "", fold_width(text)).translate(str.maketrans("·•・‧∙", "·····"))


def dates(raw: pd.Series) -> pd.Series:
    """datetime64[s] column from a raw object column; NaT where blank or unreadable."""
    cells = raw.tolist()
    found = clean.days(cells, set(map(type, cells)), _FIRST_DAY, _LAST_DAY)
    return pd.Series(_days(cells, as_date) if found is None else found, index=raw.index)


def timestamps(raw: pd.Series) -> pd.Series:
    """datetime64[s] column that keeps the time of day; NaT where blank or unreadable."""
    return pd.Series(_days(raw.tolist(), as_timestamp), index=raw.index)


def numbers(raw: pd.Series) -> pd.Series:
    """float64 column from a raw object column; NaN where blank or unreadable."""
    cells = raw.tolist()
    found = clean.numbers(cells, set(map(type, cells)))
    if found is None:
        found = np.array([math.nan if x is None else x for x in _each(cells, as_number)], dtype="float64")
    return pd.Series(found, index=raw.index)


def texts(raw: pd.Series, reader: Callable[[object], str | None] = as_text) -> pd.Series:
    """object column of str; "" where blank or unreadable."""
    cells = raw.tolist()
    found = clean.texts(cells, set(map(type, cells)), _CLEAN[reader]) if reader in _CLEAN else None
    if found is None:
        found = ["" if text is None else text for text in _each(cells, reader)]
    return pd.Series(found, index=raw.index, dtype="object")


_CLEAN = {as_text: clean.is_text, as_code: clean.is_code, as_phone: clean.is_phone}


def _days(cells: list[Any], reader: Callable[[object], dt.date | None]) -> np.ndarray:
    """numpy reads a date object slowly, so each distinct one is read once."""
    if _many_numbers(cells):
        return np.array(_each(cells, reader), dtype="datetime64[s]")
    distinct = list(dict.fromkeys(cells))
    seconds = np.array([reader(cell) for cell in distinct], dtype="datetime64[s]").astype("int64").tolist()
    at = dict(zip(distinct, seconds, strict=True))
    return np.fromiter(map(at.__getitem__, cells), dtype="int64", count=len(cells)).view("datetime64[s]")


def _each(cells: list[Any], reader: Callable[[object], T]) -> list[T]:
    """A scalar reader applied once per distinct value: ledgers repeat products and branches endlessly."""
    if not _many_numbers(cells):
        read = {cell: reader(cell) for cell in dict.fromkeys(cells)}
        return list(map(read.__getitem__, cells))
    by_kind = {key: reader(key[1]) for key in dict.fromkeys((cell.__class__, cell) for cell in cells)}
    return [by_kind[cell.__class__, cell] for cell in cells]


def _many_numbers(cells: list[Any]) -> bool:
    """Does the column mix kinds of number? True, 1 and 1.0 are one key but not one value."""
    return len(set(map(type, cells)) & {bool, int, float}) > 1
