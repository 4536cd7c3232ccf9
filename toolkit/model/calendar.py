"""The work calendar: State Council arrangement, sheet 节假日 on top, other years 暂定 (contract, section 3).

Published years come from the `chinesecalendar` library, which cites the State Council's notices. Dates are numpy
``datetime64[D]`` arrays (or scalars); NaT passes through. Arithmetic is table look-up, so a million additions cost
milliseconds.
"""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

FIRST_DAY = np.datetime64("1950-01-01")
LAST_DAY = np.datetime64("2150-12-31")
# Public holidays on a fixed date: 全国年节及纪念日放假办法 (contract, fine print 11).
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))

_DAYS = np.arange(FIRST_DAY, LAST_DAY + 1)


@lru_cache(maxsize=1)
def _arrangement() -> tuple[np.ndarray, int, int]:
    """(is workday by day, first published year, last published year) before any 节假日 sheet."""
    from chinese_calendar import constants

    weekday = (_DAYS.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    working = weekday < 5
    first, last = min(constants.holidays).year, max(constants.holidays).year
    years = _DAYS.astype("datetime64[Y]").astype(int) + 1970
    month = _DAYS.astype("datetime64[M]").astype(int) % 12 + 1
    day = (_DAYS - _DAYS.astype("datetime64[M]")).astype(int) + 1
    published = (years >= first) & (years <= last)
    fixed = np.zeros(len(_DAYS), dtype=bool)
    for fixed_month, fixed_day in FIXED_HOLIDAYS:
        fixed |= (month == fixed_month) & (day == fixed_day)
    working &= published | ~fixed
    for date in constants.holidays:
        working[_position(date)] = False
    for date in constants.workdays:
        working[_position(date)] = True
    return working, first, last


def _position(date: dt.date) -> int:
    return int((np.datetime64(date, "D") - FIRST_DAY).astype(int))


class WorkCalendar:
    """Working-day arithmetic on arrays of days.

    `overrides` maps a date to True (works, 班) or False (off, 休) and wins over the built-in arrangement.
    """

    def __init__(self, overrides: Mapping[dt.date, bool] | None = None) -> None:
        working, self.first_published, self.last_published = _arrangement()
        if overrides:
            working = working.copy()
            for date, works in overrides.items():
                working[_position(date)] = works
        self._working = working
        self._workdays = np.flatnonzero(working)
        self._count = np.cumsum(working)  # working days up to and including the day

    def _index(self, days) -> tuple[np.ndarray, np.ndarray]:
        days = np.asarray(days, dtype="datetime64[D]")
        missing = np.isnat(days)
        index = (np.where(missing, FIRST_DAY, days) - FIRST_DAY).astype(np.int64)
        outside = (index < 0) | (index >= len(_DAYS))
        return np.where(outside, 0, index), missing | outside

    @staticmethod
    def _days(position: np.ndarray, missing: np.ndarray) -> np.ndarray:
        return np.where(missing, np.datetime64("NaT"), FIRST_DAY + position)

    def is_workday(self, days) -> np.ndarray:
        """bool array; False for NaT."""
        index, missing = self._index(days)
        return self._working[index] & ~missing

    def add_workdays(self, days, n) -> np.ndarray:
        """The n-th working day strictly after each day; n = 0 is the day itself. `n` is a scalar or an array."""
        index, missing = self._index(days)
        n = np.asarray(n, dtype=np.int64)
        order = self._count[index] + n - 1
        missing = missing | (order >= len(self._workdays))
        position = self._workdays[np.clip(order, 0, len(self._workdays) - 1)]
        return self._days(np.where(n == 0, index, position), missing)

    def count_workdays(self, start, end) -> np.ndarray:
        """int array: working days after `start` up to and including `end`; 0 where `end` is not after `start` or
        either is NaT."""
        first, first_missing = self._index(start)
        last, last_missing = self._index(end)
        counted = np.maximum(self._count[last].astype(np.int64) - self._count[first].astype(np.int64), 0)
        return np.where(first_missing | last_missing, 0, counted)

    def roll_back(self, days) -> np.ndarray:
        """Each day itself if it is a working day, else the last working day before it."""
        index, missing = self._index(days)
        return self._days(self._workdays[np.clip(self._count[index] - 1, 0, None)], missing)

    def roll_forward(self, days) -> np.ndarray:
        """Each day itself if it is a working day, else the next working day."""
        index, missing = self._index(days)
        order = self._count[index] - self._working[index]
        missing = missing | (order >= len(self._workdays))
        return self._days(self._workdays[np.clip(order, 0, len(self._workdays) - 1)], missing)

    def is_provisional(self, start, end=None) -> np.ndarray:
        """True where any day between `start` and `end` (both included) lies in a year that is not published."""
        end = start if end is None else end
        first = np.minimum(np.asarray(start, "datetime64[D]"), np.asarray(end, "datetime64[D]"))
        last = np.maximum(np.asarray(start, "datetime64[D]"), np.asarray(end, "datetime64[D]"))
        low = np.datetime64(dt.date(self.first_published, 1, 1))
        high = np.datetime64(dt.date(self.last_published, 12, 31))
        return ((first < low) | (last > high)) & ~np.isnat(first) & ~np.isnat(last)
