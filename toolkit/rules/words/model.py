"""The small model beside the rules: a linear score per severity and category, explainable by its words.

A note's score is a weighted sum of its runs of characters (`features.runs`). What the word rules say of a note is
none of it: trained on the notes the rules were written from, the model would trust them as if they knew every turn of
phrase that people will ever use (measured: worse on notes left out).
The weights are data (`weights.npz`): one signed byte per weight, spread by squares so that small ones keep detail.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from toolkit.rules.words.features import BUCKETS, runs
from toolkit.rules.words.matching import Reading
from toolkit.rules.words.tables import CATEGORIES, LEVELS

WEIGHTS = Path(__file__).with_name("weights.npz")
OUTPUTS = len(LEVELS) + len(CATEGORIES)
_BLOCK = 1 << 16
# This many runs are quoted where no rule explains a decision.
_QUOTED = 3


@dataclass(frozen=True)
class Model:
    """`place` bucket → row of `rarity` and `run_weights` (-1: unknown).

    Columns: LEVELS, then CATEGORIES. `source` is the fingerprint of the data it was trained from.
    """

    place: NDArray[np.int32]
    rarity: NDArray[np.float32]
    run_weights: NDArray[np.float32]
    source: str

    def chances(self, reading: Reading) -> NDArray[np.float32]:
        """Per note: chances of the four LEVELS (sum 1), then of each category (independent)."""
        count = len(reading.notes)
        score = np.zeros((count, OUTPUTS), dtype=np.float32)
        norm = np.full(count, 1e-9, dtype=np.float32)
        for some in runs(reading):
            row = self.place[some.bucket]
            known = np.flatnonzero(row >= 0)
            if not len(known):
                continue
            row, note = row[known], reading.notes.note[some.start[known]]
            norm += np.bincount(note, self.rarity[row] ** 2, count).astype(np.float32)
            for begin in range(0, len(row), _BLOCK):
                part = slice(begin, begin + _BLOCK)
                first = np.flatnonzero(np.diff(note[part], prepend=-1))
                score[note[part][first]] += np.add.reduceat(self.run_weights[row[part]], first, axis=0)
        score /= np.sqrt(norm)[:, None]
        return chances(score)

    def telling(self, reading: Reading, levels: NDArray[np.int64]) -> dict[int, list[tuple[int, int]]]:
        """Note → start and end of the runs that speak most for its level, strongest first, not overlapping.

        `levels` per note: place in LEVELS, or -1 where nothing is asked.
        """
        parts = []
        for some in runs(reading):
            if some.length == 1:
                continue
            note = reading.notes.note[some.start]
            row = self.place[some.bucket]
            # The break behind a note belongs to it as a character; it is no word to quote.
            end = some.start + some.length
            asked = np.flatnonzero(
                (row >= 0)
                & (levels[note] >= 0)
                & (reading.notes.codes[np.minimum(end, len(reading.notes.codes)) - 1] != 10)
            )
            weights = self.run_weights[row[asked], : len(LEVELS)]
            gain = weights[np.arange(len(asked)), levels[note[asked]]] - weights.mean(axis=1)
            good = gain > 0
            parts.append((note[asked][good], gain[good], some.start[asked][good], end[asked][good]))
        if not parts:
            return {}
        note, gain, start, end = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((end, start, -gain, note))
        note, start, end = note[order], start[order], end[order]
        rank = np.arange(len(note)) - np.searchsorted(note, note)
        leading = rank < 3 * _QUOTED
        chosen: dict[int, list[tuple[int, int]]] = {}
        for number, begin, stop in zip(
            note[leading].tolist(), start[leading].tolist(), end[leading].tolist(), strict=True
        ):
            spans = chosen.setdefault(number, [])
            if len(spans) < _QUOTED and all(stop <= left or begin >= right for left, right in spans):
                spans.append((begin, stop))
        return chosen


def chances(score: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scores to chances: softmax over the levels, logistic per category."""
    out = np.empty_like(score)
    levels = score[:, : len(LEVELS)]
    grown = np.exp(levels - levels.max(axis=1, keepdims=True))
    out[:, : len(LEVELS)] = grown / grown.sum(axis=1, keepdims=True)
    out[:, len(LEVELS) :] = 1 / (1 + np.exp(-np.clip(score[:, len(LEVELS) :], -30, 30)))
    return out


def save(
    file: Path,
    bucket: NDArray[np.int64],
    rarity: NDArray[np.float32],
    run_weights: NDArray[np.float32],
    source: str,
) -> None:
    """Write the weights; `bucket` ascending, `rarity` and `run_weights` in its order."""
    packed, scale = _pack(run_weights * rarity[:, None])
    np.savez_compressed(
        file,
        step=np.diff(bucket, prepend=0).astype(np.uint32),
        rarity=rarity.astype(np.float16),
        runs=packed,
        scale=scale,
        source=np.frombuffer(source.encode("ascii"), dtype=np.uint8),
    )


def load(file: Path) -> Model:
    """Read weights written by `save`."""
    with np.load(file, allow_pickle=False) as stored:
        place = np.full(BUCKETS, -1, dtype=np.int32)
        bucket = np.cumsum(stored["step"].astype(np.int64))
        place[bucket] = np.arange(len(bucket), dtype=np.int32)
        squares = stored["runs"].astype(np.float32) / 127
        weights = np.sign(squares) * squares**2 * stored["scale"]
        source = stored["source"].tobytes().decode("ascii")
        return Model(place, stored["rarity"].astype(np.float32), weights, source)


def _pack(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    scale = np.abs(weights).max(axis=0, keepdims=True) + np.float32(1e-12)
    packed = np.rint(np.sign(weights) * np.sqrt(np.abs(weights) / scale) * 127)
    return packed.astype(np.int8), scale.astype(np.float32)


@cache
def shipped_model() -> Model:
    """The weights shipped beside this module."""
    return load(WEIGHTS)
