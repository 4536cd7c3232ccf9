"""Reporting and planning periods: 2026Q3, 2026-09, 2026 or 2026-07-01..2026-09-30 (contract, section 1)."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from toolkit.model.errors import ToolkitError


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both included; `label` is how the user wrote it, canonically."""

    label: str
    start: dt.date
    end: dt.date

    @property
    def title(self) -> str:
        """For headings: 2026年第3季度, 2026年9月, 2026年度, or the two dates."""
        if match := re.fullmatch(r"(\d{4})Q(\d)", self.label):
            return f"{match[1]}年第{match[2]}季度"
        if match := re.fullmatch(r"(\d{4})-(\d{2})", self.label):
            return f"{match[1]}年{int(match[2])}月"
        if re.fullmatch(r"\d{4}", self.label):
            return f"{self.label}年度"
        return "至".join(f"{day.year}年{day.month}月{day.day}日" for day in (self.start, self.end))


def quarter_of(day: dt.date) -> Period:
    """The calendar quarter that holds `day`."""
    quarter = (day.month + 2) // 3
    return _months(f"{day.year}Q{quarter}", day.year, 3 * quarter - 2, 3 * quarter)


def _months(label: str, year: int, first: int, last: int) -> Period:
    return Period(label, dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1]))


def parse_period(text: str) -> Period:
    """Read a period; raises `ToolkitError` naming the forms that are understood."""
    wanted = "请写成 2026Q3、2026-09、2026 或 2026-07-01..2026-09-30"
    compact = text.strip().upper().replace("．", ".").replace("－", "-")
    if match := re.fullmatch(r"(\d{4})Q([1-4])", compact):
        year, quarter = int(match[1]), int(match[2])
        return _months(compact, year, 3 * quarter - 2, 3 * quarter)
    if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", compact):
        return _months(compact, int(match[1]), int(match[2]), int(match[2]))
    if re.fullmatch(r"(19|20|21)\d{2}", compact):
        return _months(compact, int(compact), 1, 12)
    try:
        first, last = (dt.date.fromisoformat(part) for part in compact.split(".."))
    except ValueError:
        raise ToolkitError(f"看不懂期间“{text}”", where="参数 --period", mend=wanted) from None
    if first > last:
        raise ToolkitError(f"期间“{text}”的起日晚于止日", where="参数 --period", mend=wanted)
    return Period(f"{first}..{last}", first, last)


def year_before(period: Period) -> Period:
    """The same quarter, month, year or days of the year before; 29 February becomes the 28th."""
    if match := re.fullmatch(r"(\d{4})(Q\d|-\d{2}|)", period.label):
        return parse_period(f"{int(match[1]) - 1:04d}{match[2]}")
    first, last = (_year_earlier(day) for day in (period.start, period.end))
    return Period(f"{first}..{last}", first, last)


def _year_earlier(day: dt.date) -> dt.date:
    if day.year == dt.MINYEAR:
        return day
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def previous_period(period: Period) -> Period:
    """The period of equal length right before: last quarter, month or year, or as many days."""
    day_before = period.start - dt.timedelta(days=1)
    if re.fullmatch(r"\d{4}Q\d", period.label):
        return quarter_of(day_before)
    if re.fullmatch(r"\d{4}-\d{2}", period.label):
        return _months(f"{day_before:%Y-%m}", day_before.year, day_before.month, day_before.month)
    if re.fullmatch(r"\d{4}", period.label):
        return _months(f"{day_before:%Y}", day_before.year, 1, 12)
    first = day_before - min(period.end - period.start, day_before - dt.date.min)
    return Period(f"{first}..{day_before}", first, day_before)
