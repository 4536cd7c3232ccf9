"""`python -m toolkit.rules.words.train`: rebuild `weights.npz` from the labelled notes in the repository.

A multinomial logistic regression over the severities and one logistic regression per category, ridge-regularised,
solved in the span of the notes (one coefficient per note, by accelerated gradient steps): numpy alone, no chance in it.
"""

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from toolkit.rules.words.corpus import LabelledNote, parted, read_labelled
from toolkit.rules.words.features import BUCKETS, runs
from toolkit.rules.words.matching import shipped_matcher
from toolkit.rules.words.model import OUTPUTS, WEIGHTS, chances, save
from toolkit.rules.words.scope import CUE_GROUPS
from toolkit.rules.words.tables import CATEGORIES, LEVELS, shipped_tables
from toolkit.rules.words.text import read_notes

FEEDBACK = Path(__file__).parents[3] / "tests" / "feedback"
GIVEN = ("corpus.jsonl", "public.jsonl")
AUTHORED = "authored.jsonl"
RIDGE = 1e-5
STEPS = 200
# A run must occur in this many notes to be learnt.
RAREST = 2
# Given notes count more than authored ones: they are what the product will meet.
GIVEN_WEIGHT = 1.5
# A severity that a reviewer would also accept keeps this share beside the chosen one.
ACCEPTED_SHARE = 0.15
_COMMON = 24


@dataclass(frozen=True)
class Design:
    """`count` training notes as numbers: `note`, `column`, `value` per run; `bucket` and `rarity` per column."""

    count: int
    note: NDArray[np.int64]
    column: NDArray[np.int64]
    value: NDArray[np.float32]
    bucket: NDArray[np.int64]
    rarity: NDArray[np.float32]


def training_notes(folder: Path = FEEDBACK) -> tuple[list[LabelledNote], NDArray[np.float32]]:
    """Notes to learn from, and how much each counts."""
    given, _ = parted(note for name in GIVEN for note in read_labelled(folder / name))
    authored = read_labelled(folder / AUTHORED)
    weight = np.r_[np.full(len(given), GIVEN_WEIGHT), np.ones(len(authored))].astype(np.float32)
    return [*given, *authored], weight


def fingerprint(folder: Path = FEEDBACK) -> str:
    """SHA-256 over the notes learnt from and the word tables; `weights.npz` carries the one it was built from."""
    digest = hashlib.sha256()
    for note in training_notes(folder)[0]:
        digest.update(repr(note).encode())
    # Of the tables the model sees only what marks the surroundings, and the misspellings.
    tables = shipped_tables()
    digest.update(repr([tables.groups[name] for name in CUE_GROUPS]).encode())
    digest.update(repr(sorted(tables.typos.items())).encode())
    return digest.hexdigest()


def design(notes: Sequence[LabelledNote]) -> Design:
    """Runs of `notes`, those rarer than RAREST dropped; rows scaled to unit length per occurrence."""
    reading = shipped_matcher().read(read_notes([note.text for note in notes]))
    count = len(notes)
    every = [(reading.notes.note[some.start].astype(np.int64), some.bucket) for some in runs(reading)]
    note, bucket = (np.concatenate(part) for part in zip(*every, strict=True))
    seen = np.bincount(np.unique(bucket * count + note) // count, minlength=BUCKETS)
    kept = np.flatnonzero(seen >= RAREST)
    column = np.full(BUCKETS, -1, dtype=np.int64)
    column[kept] = np.arange(len(kept))
    good = column[bucket] >= 0
    note, column_of = note[good], column[bucket[good]]
    # As stored: half precision, so that training and judging see the same.
    rarity = np.log((1 + count) / (1 + seen[kept])).astype(np.float16).astype(np.float32)
    norm = np.sqrt(np.bincount(note, rarity[column_of] ** 2, count) + 1e-9)
    pair, times = np.unique(note * len(kept) + column_of, return_counts=True)
    note, column_of = pair // len(kept), pair % len(kept)
    value = (times * rarity[column_of] / norm[note]).astype(np.float32)
    return Design(count, note, column_of, value, kept, rarity)


def likeness(design: Design) -> NDArray[np.float32]:
    """Inner products of all pairs of notes: common runs by matrix product, rare ones pair by pair."""
    count, width = design.count, len(design.bucket)
    seen = np.bincount(design.column, minlength=width)
    common = np.flatnonzero(seen > _COMMON)
    slot = np.full(width, -1)
    slot[common] = np.arange(len(common))
    dense = np.zeros((count, len(common)), dtype=np.float32)
    is_common = slot[design.column] >= 0
    dense[design.note[is_common], slot[design.column[is_common]]] = design.value[is_common]
    result = dense @ dense.T
    order = np.argsort(design.column[~is_common], kind="stable")
    column = design.column[~is_common][order]
    note, value = design.note[~is_common][order], design.value[~is_common][order]
    for shift in range(_COMMON):
        same = np.flatnonzero(column[shift:] == column[: len(column) - shift])
        product = value[same] * value[same + shift]
        np.add.at(result, (note[same], note[same + shift]), product)
        if shift:
            np.add.at(result, (note[same + shift], note[same]), product)
    return result


def targets(notes: Sequence[LabelledNote]) -> NDArray[np.float32]:
    """What the model should say of each note: shares of the severities, 0/1 per category."""
    wanted = np.zeros((len(notes), OUTPUTS), dtype=np.float32)
    for row, note in enumerate(notes):
        for level in note.accept:
            wanted[row, LEVELS.index(level)] = ACCEPTED_SHARE
        wanted[row, LEVELS.index(note.severity)] += 1
        for category in note.categories:
            wanted[row, len(LEVELS) + CATEGORIES.index(category)] = 1
    wanted[:, : len(LEVELS)] /= wanted[:, : len(LEVELS)].sum(axis=1, keepdims=True)
    return wanted


def fit(
    like: NDArray[np.float32], wanted: NDArray[np.float32], weight: NDArray[np.float32], steps: int = STEPS
) -> NDArray[np.float32]:
    """One coefficient per note and output, by Nesterov's accelerated gradient descent."""
    count = len(like)
    direction = np.ones(count, dtype=np.float32) / np.float32(np.sqrt(count))
    steepest = float(np.linalg.norm(like @ direction)) * float(weight.max()) / count
    rate = np.float32(1 / (0.5 * steepest + RIDGE))
    now = np.zeros_like(wanted)
    ahead, pace = now.copy(), 1.0
    for _ in range(steps):
        slope = (chances(like @ ahead) - wanted) * weight[:, None] / count
        after = (ahead - rate * (slope + RIDGE * ahead)).astype(np.float32)
        quicker = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        ahead = (after + np.float32((pace - 1) / quicker) * (after - now)).astype(np.float32)
        now, pace = after, quicker
    return now


def train(file: Path = WEIGHTS, folder: Path = FEEDBACK) -> None:
    """Learn from the notes in `folder` and write the weights to `file`."""
    notes, weight = training_notes(folder)
    numbers = design(notes)
    coefficients = fit(likeness(numbers), targets(notes), weight)
    run_weights = np.zeros((len(numbers.bucket), OUTPUTS), dtype=np.float32)
    np.add.at(run_weights, numbers.column, numbers.value[:, None] * coefficients[numbers.note])
    save(file, numbers.bucket, numbers.rarity, run_weights, fingerprint(folder))


if __name__ == "__main__":
    train(Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS)
