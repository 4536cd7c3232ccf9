"""What the small model sees of a note: runs of characters and syllables, alone and with their surroundings.

Each run falls into one of 2**20 buckets. Digits count as one digit, 二…九 and 两 as one numeral, so that
“晚了三天” teaches “晚了五天”. Denied, supposed, solved … runs are seen a second time with their mark.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from toolkit.model.values import STAGES
from toolkit.rules.words import scope
from toolkit.rules.words.matching import STATUSES, Matcher, Reading
from toolkit.rules.words.tables import CATEGORIES, LEVELS
from toolkit.rules.words.text import syllables

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
OTHER_STAGE = "其他"
STAGE_NAMES = (*STAGES[:-1], OTHER_STAGE)


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
    sounds = syllables()[notes.codes]
    kind = _strongest()[reading.marks]
    turned = (reading.marks & scope.AFTER_TURN) > 0
    size = len(letters)
    key = letters.astype(np.uint64)
    sound_key = sounds.astype(np.uint64)
    sounding = sounds > 0
    for length in range(1, min(_LONGEST, size) + 1):
        count = size - length + 1
        if length > 1:
            key = key[:count] * _PRIME + letters[length - 1 :]
            sound_key = sound_key[:count] * _PRIME + sounds[length - 1 :]
            sounding = sounding[:count] & (sounds[length - 1 :] > 0)
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
        if length > 1:
            spoken = np.flatnonzero(within & sounding)
            yield Runs(_bucket(sound_key[spoken], 0x300 + length), spoken, length)


def _bucket(key: NDArray[np.uint64], salt: int | NDArray[np.uint64]) -> NDArray[np.int64]:
    mixed = (key ^ (np.asarray(salt, dtype=np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F))) * _PRIME
    mixed ^= mixed >> np.uint64(32)
    return ((mixed * _PRIME) >> np.uint64(44)).astype(np.int64)


def facts(matcher: Matcher, reading: Reading, stages: NDArray[np.int64]) -> NDArray[np.float32]:
    """Per note the facts beside its runs: rules by status, their severities and categories, cue words, stage, length.

    `stages` per note: place in STAGE_NAMES.
    """
    count, rules = len(reading.notes), matcher.tables.rules
    fired = np.zeros((count, len(rules), STATUSES), dtype=np.float32)
    firings = reading.firings
    fired[firings.note, firings.rule, firings.status] = 1
    level_of = np.array([LEVELS.index(rule.severity) for rule in rules])
    category_of = np.array([CATEGORIES.index(rule.category) for rule in rules])
    live, silent = fired[:, :, 0], fired[:, :, 1:].max(axis=2)
    levels = np.zeros((count, 2 * len(LEVELS)), dtype=np.float32)
    categories = np.zeros((count, 2 * len(CATEGORIES)), dtype=np.float32)
    for part, source in enumerate((live, silent)):
        for level in range(len(LEVELS)):
            levels[:, part * len(LEVELS) + level] = source[:, level_of == level].max(axis=1, initial=0)
        for category in range(len(CATEGORIES)):
            categories[:, part * len(CATEGORIES) + category] = source[:, category_of == category].max(axis=1, initial=0)
    worst = np.zeros((count, len(LEVELS)), dtype=np.float32)
    present = levels[:, : len(LEVELS)] > 0
    highest = np.where(present.any(axis=1), len(LEVELS) - 1 - present[:, ::-1].argmax(axis=1), -1)
    known = np.flatnonzero(highest >= 0)
    worst[known, highest[known]] = 1
    stage = np.zeros((count, len(STAGE_NAMES)), dtype=np.float32)
    stage[np.arange(count), stages] = 1
    length = np.diff(np.append(reading.notes.starts, len(reading.notes.codes)))[:, None]
    long = (length > np.array([6, 12, 30, 60])).astype(np.float32)
    spoken = np.zeros((count, len(matcher.group_names)), dtype=np.float32)
    for place, name in enumerate(matcher.group_names):
        spoken[reading.notes.note[reading.groups[name].start], place] = 1
    turned = np.zeros((count, 1), dtype=np.float32)
    turned[reading.notes.note[(reading.marks & scope.AFTER_TURN) > 0]] = 1
    return np.hstack([fired.reshape(count, -1), levels, categories, worst, spoken, stage, long, turned, turned * 0 + 1])
