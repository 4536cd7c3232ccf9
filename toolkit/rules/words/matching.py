"""Which rules fire where, and what silences them: word occurrences → phrases → rules with their surroundings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from toolkit.model.values import NO_ISSUE
from toolkit.rules.words import scope
from toolkit.rules.words.finder import Hits, WordFinder
from toolkit.rules.words.tables import (
    ASKED,
    NEGATED,
    OF_OTHERS,
    SOLVED,
    SUPPOSED,
    SURROUNDINGS,
    Phrase,
    WordTables,
    shipped_tables,
)
from toolkit.rules.words.text import Notes, syllables

# From three syllables on, a word is also recognised by its sound: homophones are the commonest misspelling.
SOUND_LENGTH = 3
_BIT = {
    NEGATED: scope.DENIED,
    ASKED: scope.IN_QUESTION,
    SUPPOSED: scope.IMAGINED,
    OF_OTHERS: scope.ABOUT_OTHERS,
    SOLVED: scope.PAST_SOLVED,
}
# The status of an occurrence: 0 = the rule holds, else 1 + place in SURROUNDINGS of what silences it.
HOLDS = 0
STATUSES = 1 + len(SURROUNDINGS)


@dataclass(frozen=True)
class Firings:
    """Occurrences of rules: `rule` and its `phrase` by number, `note`, `start`, `end` in codes,
    `status` (HOLDS or what silences it)."""

    rule: NDArray[np.int32]
    phrase: NDArray[np.int32]
    note: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    status: NDArray[np.int8]


@dataclass(frozen=True)
class Reading:
    """One reading of many notes: repaired characters, marks per character, words by group, rules fired."""

    notes: Notes
    marks: NDArray[np.uint8]
    groups: Mapping[str, Hits]
    firings: Firings


class Matcher:
    """The word tables made ready for search; build once, `read` many."""

    def __init__(self, tables: WordTables) -> None:
        self.tables = tables
        self._typos = WordFinder([[ord(c) for c in wrong] for wrong in tables.typos])
        self._right = [np.array([ord(c) for c in right], dtype=np.uint16) for right in tables.typos.values()]
        self._number: dict[str, int] = {}
        self._by_sound: dict[tuple[int, ...], int] = {}
        self._written: list[tuple[int, list[int]]] = []
        self._spoken: list[tuple[int, list[int]]] = []
        self._sets: dict[tuple[str, ...], NDArray[np.int32]] = {}
        phrases = [phrase for rule in tables.rules for phrase in (*rule.phrases, *rule.unless)]
        for words in [*tables.groups.values(), *(piece.words for phrase in phrases for piece in phrase.pieces)]:
            if words not in self._sets:
                self._sets[words] = np.unique([self._word(word) for word in words]).astype(np.int32)
        self._exact = WordFinder([letters for _, letters in self._written])
        self._exact_number = np.array([number for number, _ in self._written], dtype=np.int32)
        self._sound = WordFinder([letters for _, letters in self._spoken])
        self._sound_number = np.array([number for number, _ in self._spoken], dtype=np.int32)
        self.group_names = tuple(tables.groups)
        levels = [rule.severity == NO_ISSUE for rule in tables.rules]
        self._holds = np.zeros((len(tables.rules), len(SURROUNDINGS)), dtype=bool)
        for number, rule in enumerate(tables.rules):
            for place, name in enumerate(SURROUNDINGS):
                # Praise stays praise whoever says it and whenever; only a denial takes it back.
                self._holds[number, place] = name in rule.holds_when or (levels[number] and name != NEGATED)

    def _word(self, word: str) -> int:
        if word in self._number:
            return self._number[word]
        letters = [ord(character) for character in word]
        sounds = tuple(int(syllable) for syllable in syllables()[letters])
        spoken = len(word) >= SOUND_LENGTH and all(sounds)
        if spoken and sounds in self._by_sound:
            self._number[word] = self._by_sound[sounds]
            return self._number[word]
        number = len(self._written) + len(self._spoken)
        self._number[word] = number
        if spoken:
            self._by_sound[sounds] = number
            self._spoken.append((number, list(sounds)))
        else:
            self._written.append((number, letters))
        return number

    def read(self, notes: Notes) -> Reading:
        """Repair known misspellings, find all words, mark the surroundings, fire the rules."""
        notes = self._repaired(notes)
        by_word = self._words(notes)
        sets = {words: _union(by_word, numbers) for words, numbers in self._sets.items()}
        groups = {name: sets[words] for name, words in self.tables.groups.items()}
        layout = scope.lay_out(notes)
        marks = scope.surroundings(notes, layout, groups)
        return Reading(notes, marks, groups, self._fire(notes, layout, marks, sets))

    def _repaired(self, notes: Notes) -> Notes:
        hits = self._typos.find(notes.codes)
        if not len(hits):
            return notes
        codes = notes.codes.copy()
        for number in np.unique(hits.word):
            places = hits.start[hits.word == number]
            for offset, code in enumerate(self._right[number]):
                codes[places + offset] = code
        return Notes(notes.texts, codes, notes.note, notes.starts)

    def _words(self, notes: Notes) -> tuple[Hits, NDArray[np.int64]]:
        written = self._exact.find(notes.codes)
        spoken = self._sound.find(syllables()[notes.codes])
        word = np.concatenate([self._exact_number[written.word], self._sound_number[spoken.word]])
        order = np.argsort(word, kind="stable")
        hits = Hits(
            word[order],
            np.concatenate([written.start, spoken.start])[order],
            np.concatenate([written.end, spoken.end])[order],
        )
        total = len(self._written) + len(self._spoken)
        return hits, np.searchsorted(hits.word, np.arange(total + 1))

    def _fire(
        self,
        notes: Notes,
        layout: scope.Layout,
        marks: NDArray[np.uint8],
        sets: Mapping[tuple[str, ...], Hits],
    ) -> Firings:
        rules, numbers, starts, ends, statuses = [], [], [], [], []
        for number, rule in enumerate(self.tables.rules):
            barred = np.zeros(len(notes), dtype=bool)
            for _, start, _, _ in self._found(rule.unless, notes, layout, sets):
                barred[notes.note[start]] = True
            for phrase, start, end, last in self._found(rule.phrases, notes, layout, sets):
                keep = ~barred[notes.note[start]]
                start, end, last = start[keep], end[keep], last[keep]
                rules.append(np.full(len(start), number, dtype=np.int32))
                numbers.append(np.full(len(start), phrase, dtype=np.int32))
                starts.append(start)
                ends.append(end)
                statuses.append(self._status(number, marks[start], marks[last]))
        if not rules:
            nothing = np.zeros(0, dtype=np.int64)
            few = nothing.astype(np.int32)
            return Firings(few, few, few, nothing, nothing, nothing.astype(np.int8))
        start = np.concatenate(starts)
        phrases, end, status = np.concatenate(numbers), np.concatenate(ends), np.concatenate(statuses)
        return Firings(np.concatenate(rules), phrases, notes.note[start], start, end, status)

    def _status(self, rule: int, first: NDArray[np.uint8], last: NDArray[np.uint8]) -> NDArray[np.int8]:
        status = np.zeros(len(first), dtype=np.int8)
        for place in reversed(range(len(SURROUNDINGS))):
            if self._holds[rule, place]:
                continue
            bit = _BIT[SURROUNDINGS[place]]
            around = (first | last) & bit if bit == scope.DENIED else first & bit
            status[around > 0] = place + 1
        return status

    def _found(
        self,
        phrases: Iterable[Phrase],
        notes: Notes,
        layout: scope.Layout,
        sets: Mapping[tuple[str, ...], Hits],
    ) -> Iterable[tuple[int, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
        """Per phrase that occurs: its number; start, end and the place where an inner negation shows."""
        for number, phrase in enumerate(phrases):
            hits = sets[phrase.pieces[0].words]
            start, end, last = hits.start, hits.end, hits.start
            for piece in phrase.pieces[1:]:
                if not len(start):
                    break
                start, end, last = _followed(start, end, sets[piece.words], piece.gap, piece.across, notes, layout)
            if len(start):
                yield number, start, end, start if phrase.negative else last


def _union(by_word: tuple[Hits, NDArray[np.int64]], numbers: NDArray[np.int32]) -> Hits:
    hits, bounds = by_word
    filled = numbers[bounds[numbers + 1] > bounds[numbers]]
    if not len(filled):
        nothing = hits.start[:0]
        return Hits(hits.word[:0], nothing, nothing)
    places = np.concatenate([np.arange(bounds[number], bounds[number + 1]) for number in filled])
    return Hits(hits.word[places], hits.start[places], hits.end[places])


def _followed(
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    follower: Hits,
    gap: int,
    across: bool,
    notes: Notes,
    layout: scope.Layout,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Occurrences that `follower` continues: per follower the nearest occurrence that ends before it."""
    if not len(follower):
        return start[:0], end[:0], start[:0]
    order = np.argsort(end, kind="stable")
    start, end = start[order], end[order]
    place = np.searchsorted(end, follower.start, side="right") - 1
    good = place >= 0
    place = np.maximum(place, 0)
    if across:
        good &= notes.note[start[place]] == notes.note[follower.start]
    else:
        good &= layout.clause[start[place]] == layout.clause[follower.start]
    good &= follower.start - end[place] <= gap
    return start[place[good]], follower.end[good], follower.start[good]


@cache
def shipped_matcher() -> Matcher:
    """The matcher of the shipped tables."""
    return Matcher(shipped_tables())
