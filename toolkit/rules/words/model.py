"""The small model beside the rules: a linear score per severity and category, explainable by its words.

A note's score is a weighted sum of its runs of characters (`features.runs`) and its facts (`features.facts`).
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
# Facts are scaled by this against runs, both in training and in judging.
FACT_SCALE = 0.3
_BLOCK = 1 << 16


@dataclass(frozen=True)
class Model:
    """`place` bucket → row of `rarity` and `run_weights` (-1: unknown); `fact_weights` per fact.

    Columns: LEVELS, then CATEGORIES. `source` is the fingerprint of the data it was trained from.
    """

    place: NDArray[np.int32]
    rarity: NDArray[np.float32]
    run_weights: NDArray[np.float32]
    fact_weights: NDArray[np.float32]
    source: str

    def chances(self, reading: Reading, facts: NDArray[np.float32]) -> NDArray[np.float32]:
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
        return chances(score / np.sqrt(norm)[:, None] + (FACT_SCALE * facts) @ self.fact_weights)

    def telling(self, reading: Reading, note: int, level: int, most: int = 3) -> list[tuple[int, int]]:
        """Start and end in codes of the runs that speak most for `level` in `note`, strongest first, not overlapping."""
        begin = reading.notes.starts[note]
        end = begin + len(reading.notes.texts[note])
        found: list[tuple[float, int, int]] = []
        for some in runs(reading):
            left, right = np.searchsorted(some.start, [begin, end])
            row = self.place[some.bucket[left:right]]
            for place, start in zip(row.tolist(), some.start[left:right].tolist(), strict=True):
                if place >= 0 and some.length > 1 and start + some.length <= end:
                    weight = self.run_weights[place, : len(LEVELS)]
                    found.append((float(weight[level] - weight.mean()), start, start + some.length))
        chosen: list[tuple[int, int]] = []
        for weight, start, stop in sorted(found, key=lambda item: (-item[0], item[1], item[2])):
            if weight <= 0 or len(chosen) == most:
                break
            if all(stop <= other or start >= other_stop for other, other_stop in chosen):
                chosen.append((start, stop))
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
    fact_weights: NDArray[np.float32],
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
        facts=fact_weights.astype(np.float32),
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
        return Model(place, stored["rarity"].astype(np.float32), weights, stored["facts"], source)


def _pack(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    scale = np.abs(weights).max(axis=0, keepdims=True) + np.float32(1e-12)
    packed = np.rint(np.sign(weights) * np.sqrt(np.abs(weights) / scale) * 127)
    return packed.astype(np.int8), scale.astype(np.float32)


@cache
def shipped_model() -> Model:
    """The weights shipped beside this module."""
    return load(WEIGHTS)
