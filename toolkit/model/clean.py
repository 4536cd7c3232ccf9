"""Columns that hold one clean kind of cell throughout, as most do: read at once, with what `reading` makes of each.

Each reader returns None where a column is not of its kind; then every odd value has to be looked at by itself.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np

_BLANK = type(None)
_DAY_KINDS = frozenset({dt.date, dt.datetime, _BLANK})
_EPOCH = dt.date(1970, 1, 1).toordinal()
_NAT = np.iinfo("int64").min
# Longer ones may begin with the number of the country.
_LONGEST_PHONE = 11


def days(cells: list[object], kinds: set[type], first: dt.date, last: dt.date) -> np.ndarray | None:
    """datetime64[s] of date cells with or without a time of day, which is left out; NaT where blank or not within."""
    if not kinds <= _DAY_KINDS:
        return None
    if kinds <= {_BLANK}:
        return np.full(len(cells), _NAT).view("datetime64[s]")
    ordinals = [0 if cell is None else cell.toordinal() for cell in cells]  # type: ignore[attr-defined]
    day = np.array(ordinals, dtype="int64")
    seconds = (day - _EPOCH) * 86400
    seconds[(day < first.toordinal()) | (day > last.toordinal())] = _NAT
    return seconds.view("datetime64[s]")


def numbers(cells: list[object], kinds: set[type]) -> np.ndarray | None:
    """float64 of number cells; NaN where blank or not finite."""
    if not kinds <= {float, _BLANK}:
        return None
    array = np.array(cells, dtype="float64")
    return np.where(np.isfinite(array), array, np.nan)


def texts(cells: list[object], kinds: set[type], is_clean: Callable[[list[str]], bool]) -> list[str] | None:
    """Text cells that a reader would leave as they are; "" where blank."""
    if not kinds <= {str, _BLANK}:
        return None
    if kinds <= {_BLANK}:
        return [""] * len(cells)
    filled: list[Any] = ["" if cell is None else cell for cell in cells] if _BLANK in kinds else cells
    return filled if is_clean(filled) else None


def is_text(cells: list[str]) -> bool:
    """No space, invisible mark or leading apostrophe."""
    every = "".join(cells)
    return every.isprintable() and " " not in every and "'" not in every


def is_code(cells: list[str]) -> bool:
    """Text as above, half-width."""
    return "".join(cells).isascii() and is_text(cells)


def is_phone(cells: list[str]) -> bool:
    """Digits without the country's number."""
    every = "".join(cells)
    return not every or (every.isascii() and every.isdigit() and max(map(len, cells)) <= _LONGEST_PHONE)
