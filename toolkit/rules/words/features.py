"""What the small model sees of a note: runs of characters, alone and with their surroundings.

Each run falls into one of 2**20 buckets. Digits count as one digit, 二…九 and 两 as one numeral, so that
“晚了三天” teaches “晚了五天”. Denied, supposed, solved … runs are seen a second time with their mark.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from toolkit.rules.words import scope
from toolkit.rules.words.matching import Reading

BUCKETS = 1 << 20
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_LONGEST = 4
_MARKED_LONGEST = 3
# The strongest mark wins where several meet.
_STRENGTH = (
    scope.DOUBLY_DENIED,
    scope.DENIED,
    scope.PAST_SOLVED,
    scope.IMAGINED,
    scope.IN_QUESTION,
    scope.ABOUT_OTHERS,
)


@dataclass(frozen=True)
class Runs:
    """Runs of one kind and length, in text order: `bucket` int64, `start` int64, all of `length` characters."""

    bucket: NDArray[np.int64]
    start: NDArray[np.int64]
    length: int


@cache
def _numerals() -> NDArray[np.uint16]:
    table = np.arange(0x10000, dtype=np.uint16)
    table[ord("0") : ord("9") + 1] = ord("0")
    for numeral in "二三四五六七八九两":
        table[ord(numeral)] = ord("三")
    return table


@cache
def _strongest() -> NDArray[np.uint8]:
    table = np.zeros(256, dtype=np.uint8)
    for marks in range(256):
        for rank, bit in enumerate(_STRENGTH, start=1):
            if marks & bit:
                table[marks] = rank
                break
    return table


def runs(reading: Reading) -> Iterator[Runs]:
    """All runs of all notes, kind by kind; within a kind in text order."""
    notes = reading.notes
    letters = _numerals()[notes.codes]
    kind = _strongest()[reading.marks]
    turned = (reading.marks & scope.AFTER_TURN) > 0
    size = len(letters)
    key = letters.astype(np.uint64)
    for length in range(1, min(_LONGEST, size) + 1):
        count = size - length + 1
        if length > 1:
            key = key[:count] * _PRIME + letters[length - 1 :]
        within = notes.note[:count] == notes.note[length - 1 :]
        every = np.flatnonzero(within)
        yield Runs(_bucket(key[every], length), every, length)
        if length > _MARKED_LONGEST:
            continue
        marked = np.flatnonzero(within & (kind[:count] > 0) & (kind[:count] == kind[length - 1 :]))
        yield Runs(
            _bucket(key[marked], (kind[marked].astype(np.uint64) << np.uint64(4)) + np.uint64(length)), marked, length
        )
        after = np.flatnonzero(within & turned[:count] & turned[length - 1 :])
        yield Runs(_bucket(key[after], 0x200 + length), after, length)


def _bucket(key: NDArray[np.uint64], salt: int | NDArray[np.uint64]) -> NDArray[np.int64]:
    mixed = (key ^ (np.asarray(salt, dtype=np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F))) * _PRIME
    mixed ^= mixed >> np.uint64(32)
    return ((mixed * _PRIME) >> np.uint64(44)).astype(np.int64)
