"""Find thousands of words in all notes at once: a first look at letter pairs, then at whole words.

It answers what an Aho-Corasick automaton answers, by numpy passes over the whole array of characters.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_PRIME = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Hits:
    """Occurrences of words: `word` number, `start`, `end` (exclusive) per occurrence, in no order to rely on."""

    word: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.word)


class WordFinder:
    """Words are rows of character (or syllable) codes; their number is the place in the list given."""

    def __init__(self, words: Sequence[Sequence[int]]) -> None:
        self._letters = np.zeros(0x10000, dtype=np.uint16)
        used = sorted({code for word in words for code in word})
        self._letters[used] = np.arange(1, len(used) + 1)
        size = len(used) + 1
        self._size = size
        self._pairs = np.zeros(size * size, dtype=bool)
        self._single = np.full(size, -1, dtype=np.int32)
        by_length: dict[int, list[int]] = defaultdict(list)
        for number, word in enumerate(words):
            by_length[len(word)].append(number)
        self._lengths = []
        for length, numbers in sorted(by_length.items()):
            letters = self._letters[[list(words[number]) for number in numbers]]
            number_of = np.array(numbers, dtype=np.int32)
            if length == 1:
                self._single[letters[:, 0]] = number_of
                continue
            self._pairs[letters[:, 0].astype(np.int64) * size + letters[:, 1]] = True
            keys = _fingerprints(letters.ravel(), length, np.arange(0, letters.size, length))
            order = np.lexsort((number_of, keys))
            self._lengths.append((length, keys[order], number_of[order]))

    def find(self, codes: NDArray[np.uint16]) -> Hits:
        """Every occurrence of every word in `codes`, overlapping ones too."""
        letters = self._letters[codes]
        word, start, end = [], [], []
        if (self._single >= 0).any():
            number = self._single[letters]
            place = np.flatnonzero(number >= 0)
            word.append(number[place])
            start.append(place)
            end.append(place + 1)
        if len(letters) > 1:
            pair = letters[:-1].astype(np.int32) * self._size + letters[1:]
            place = np.flatnonzero(self._pairs[pair])
            for length, keys, numbers in self._lengths:
                at = place[place <= len(letters) - length]
                prints = _fingerprints(letters, length, at)
                nearest = np.minimum(np.searchsorted(keys, prints), len(keys) - 1)
                same = keys[nearest] == prints
                word.append(numbers[nearest[same]])
                start.append(at[same])
                end.append(at[same] + length)
        if not word:
            nothing = np.zeros(0, dtype=np.int64)
            return Hits(nothing.astype(np.int32), nothing, nothing)
        return Hits(np.concatenate(word), np.concatenate(start), np.concatenate(end))


def _fingerprints(letters: NDArray[np.uint16], length: int, at: NDArray[np.int64]) -> NDArray[np.uint64]:
    """One number per word of `length` letters that begins at each of the places `at`."""
    key = np.zeros(len(at), dtype=np.uint64)
    for offset in range(length):
        key = key * _PRIME + letters[at + offset]
        key ^= key >> np.uint64(29)
    return key
