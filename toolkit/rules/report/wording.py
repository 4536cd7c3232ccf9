"""How figures are said: percentages, 万元, dates, comparisons; and how quoted words are masked."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from toolkit.model import values as v
from toolkit.model.masking import mask_names, mask_text
from toolkit.model.reading import name_key

LAST_PERIOD, LAST_YEAR = "上期", "去年同期"


def percent(part: float, whole: float) -> str:
    """95.24%, half up; — with nothing to divide by. What is not the whole never reads 100%."""
    rate = rate_of(part, whole)
    if rate is None:
        return v.NO_VALUE
    return "99.99%" if rate == 100 and part < whole else f"{rate}%"


def rate_of(part: float, whole: float) -> Decimal | None:
    """Percentage with two decimals as printed, None with nothing to divide by."""
    if not whole:
        return None
    return _round(Decimal(str(part)) * 100 / Decimal(str(whole)), "0.01")


def money(yuan: float) -> str:
    """万元 with two decimals and thousands separators."""
    return f"{_round(Decimal(str(yuan)) / 10000, '0.01'):,}"


def rounded(value: float) -> Decimal:
    """Two decimals, half up."""
    return _round(Decimal(str(value)), "0.01")


def decimal(value: float) -> str:
    """Two decimals, half up; — for NaN."""
    return v.NO_VALUE if pd.isna(value) else str(rounded(value))


def plain(value: float) -> str:
    """A target or a count without needless decimals: 95, 97.5."""
    return f"{value:g}"


def _round(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)


def date_cn(day) -> str:
    """2026年9月30日; — for NaT."""
    return v.NO_VALUE if pd.isna(day) else f"{day.year}年{day.month}月{day.day}日"


def date_iso(day) -> str:
    return v.NO_VALUE if pd.isna(day) else f"{day:%Y-%m-%d}"


def compare(
    now: Decimal | int | None,
    before: Decimal | int | None,
    unit: str,
    up: str = "增加",
    down: str = "减少",
    base: str = LAST_PERIOD,
) -> str:
    """较上期增加3笔, 较上期下降1.20个百分点, 与上期持平 or 上期无数据; of the figures as printed."""
    if before is None or now is None:
        return f"{base}无数据" if before is None else "本期无数据"
    if now == before:
        return f"与{base}持平"
    return f"较{base}{up if now > before else down}{abs(now - before)}{unit}"


def change(now: Decimal | int | None, before: Decimal | int | None, unit: str = "") -> str:
    """The same for a table cell: +3, -1.20个百分点, 持平, —."""
    if before is None or now is None:
        return v.NO_VALUE
    return "持平" if now == before else f"{now - before:+}{unit}"


def listing(parts: Iterable[str]) -> str:
    return "、".join(parts)


class Quotes:
    """Free text as it may leave the workbook: phones, ID numbers and the names of all customers masked (一、(三)4.)."""

    def __init__(self, names: Iterable[str], texts: Iterable[str]) -> None:
        """`texts`: everything that will be quoted; only names that occur there cost time later."""
        given = {name for name in names if len(name) > 1}
        given |= {key for name in given if len(key := name_key(name)) > 1}
        all_text = "\n".join(texts)
        lengths = {len(name) for name in given}
        present = {all_text[i : i + size] for size in lengths for i in range(len(all_text) - size + 1)}
        self._names = sorted(given & present)

    def __call__(self, text: str, own: str = "") -> str:
        """`text` masked; the name `own` stays where the paper is for work on that customer."""
        masked = mask_text(text)
        others = [name for name in self._names if name != own]
        if len(own) < 2:
            return mask_names(masked, others)
        # A name that holds another one must not be broken up by it.
        return own.join(mask_names(piece, others) for piece in masked.split(own))
