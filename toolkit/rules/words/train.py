"""`python -m toolkit.rules.words.train`: rebuild `weights.npz` from the labelled notes in the repository.

A multinomial logistic regression over the severities and one logistic regression per category, ridge-regularised,
fitted by L-BFGS (scipy, of the extra `dev`): a convex problem, so there is no chance in its answer. Runs that turn out
to say little are dropped and the rest is fitted once more.
"""

import hashlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import coo_array, csr_array, diags_array

from toolkit.rules.words.corpus import LabelledNote, parted, read_labelled
from toolkit.rules.words.features import BUCKETS, runs
from toolkit.rules.words.matching import shipped_matcher
from toolkit.rules.words.model import OUTPUTS, WEIGHTS, Model, chances, save
from toolkit.rules.words.scope import CUE_GROUPS
from toolkit.rules.words.tables import CATEGORIES, LEVELS, shipped_tables
from toolkit.rules.words.text import read_notes

FEEDBACK = Path(__file__).parents[3] / "tests" / "feedback"
GIVEN = ("corpus.jsonl", "public.jsonl")
# Written for this purpose by the labelling guide; a variation names the given note that it varies (`seed`).
WRITTEN = ("authored.jsonl", "variations.jsonl")
RIDGE = 3e-6
STEPS = 80
# A run must occur in this many notes to be learnt, and of those learnt the most telling are kept.
RAREST = 3
KEPT = 50_000
# A severity that a reviewer would also accept keeps this share beside the chosen one.
ACCEPTED_SHARE = 0.15


@dataclass(frozen=True)
class Design:
    """Training notes as numbers: `matrix` float32 (notes × runs), `bucket` and `rarity` per run."""

    matrix: csr_array
    bucket: NDArray[np.int64]
    rarity: NDArray[np.float32]


def given_notes(folder: Path = FEEDBACK) -> list[LabelledNote]:
    """The given notes that are not held out."""
    return parted(note for name in GIVEN for note in read_labelled(folder / name))[0]


def training_notes(folder: Path = FEEDBACK) -> list[LabelledNote]:
    """Notes to learn from."""
    written = (note for name in WRITTEN for note in read_labelled(folder / name))
    return [*given_notes(folder), *written]


def fingerprint(folder: Path = FEEDBACK) -> str:
    """SHA-256 over the notes learnt from and the word tables; `weights.npz` carries the one it was built from."""
    digest = hashlib.sha256()
    for note in training_notes(folder):
        digest.update(repr(note).encode())
    # Of the tables the model sees only what marks the surroundings, and the misspellings.
    tables = shipped_tables()
    digest.update(repr([tables.groups[name] for name in CUE_GROUPS]).encode())
    digest.update(repr(sorted(tables.typos.items())).encode())
    return digest.hexdigest()


def counted(texts: Iterable[str]) -> csr_array:
    """How often each text shows each run: float32, texts × BUCKETS."""
    texts = list(texts)
    reading = shipped_matcher().read(read_notes(texts))
    every = [(reading.notes.note[some.start].astype(np.int64), some.bucket) for some in runs(reading)]
    note, bucket = (np.concatenate(part) for part in zip(*every, strict=True))
    ones = np.ones(len(note), dtype=np.float32)
    matrix = coo_array((ones, (note, bucket)), shape=(len(texts), BUCKETS)).tocsr()
    matrix.sum_duplicates()
    return matrix


def design(counts: csr_array, bucket: NDArray[np.int64] | None = None) -> Design:
    """`counts` of the runs in `bucket` (default: all that RAREST allows), weighted by rarity, rows of unit length."""
    seen = np.bincount(counts.indices, minlength=BUCKETS)
    if bucket is None:
        bucket = np.flatnonzero(seen >= RAREST)
    # As stored: half precision, so that training and judging see the same.
    rarity = np.log((1 + counts.shape[0]) / (1 + seen[bucket])).astype(np.float16).astype(np.float32)
    weighted = csr_array(counts[:, bucket] @ diags_array(rarity))
    norm = np.sqrt(weighted.multiply(weighted).sum(axis=1) + 1e-9).astype(np.float32)
    return Design(csr_array(diags_array(1 / norm) @ weighted), bucket, rarity)


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


def fit(matrix: csr_array, wanted: NDArray[np.float32], steps: int = STEPS) -> NDArray[np.float32]:
    """Weights per run and output that make the likeliest of `wanted`, RIDGE holding them small."""
    count, width = matrix.shape
    turned = csr_array(matrix.T)
    severities = slice(0, len(LEVELS))
    categories = slice(len(LEVELS), OUTPUTS)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(width, OUTPUTS).astype(np.float32)
        score = matrix @ weights
        level, category = score[:, severities], score[:, categories]
        top = level.max(axis=1, keepdims=True)
        unlikely = np.log(np.exp(level - top).sum(axis=1)) + top[:, 0] - (wanted[:, severities] * level).sum(axis=1)
        unlikely += (np.logaddexp(0, category) - wanted[:, categories] * category).sum(axis=1)
        value = float(unlikely.mean()) + RIDGE / 2 * float((weights * weights).sum())
        slope = turned @ ((chances(score) - wanted) / np.float32(count)) + np.float32(RIDGE) * weights
        return value, slope.astype(np.float64).ravel()

    options = {"maxiter": steps, "maxcor": 6, "gtol": 1e-9, "ftol": 1e-10}
    found = minimize(loss, np.zeros(width * OUTPUTS), jac=True, method="L-BFGS-B", options=options)
    return found.x.reshape(width, OUTPUTS).astype(np.float32)


def learnt(counts: csr_array, wanted: NDArray[np.float32]) -> tuple[Design, NDArray[np.float32]]:
    """Fit, keep the KEPT runs that tell most over all notes, fit again: the runs and their weights."""
    every = design(counts)
    weights = fit(every.matrix, wanted, STEPS // 2)
    telling = np.abs(weights[:, : len(LEVELS)]).max(axis=1) * every.rarity
    kept = np.sort(np.argsort(-telling, kind="stable")[:KEPT])
    chosen = design(counts, every.bucket[kept])
    return chosen, fit(chosen.matrix, wanted)


def model_of(counts: csr_array, wanted: NDArray[np.float32]) -> Model:
    """The model that learns from notes with these `counted` runs and `targets`."""
    chosen, weights = learnt(counts, wanted)
    place = np.full(BUCKETS, -1, dtype=np.int32)
    place[chosen.bucket] = np.arange(len(chosen.bucket), dtype=np.int32)
    return Model(place, chosen.rarity, weights * chosen.rarity[:, None], source="")


def train(file: Path = WEIGHTS, folder: Path = FEEDBACK) -> None:
    """Learn from the notes in `folder` and write the weights to `file`."""
    notes = training_notes(folder)
    chosen, weights = learnt(counted(note.text for note in notes), targets(notes))
    save(file, chosen.bucket, chosen.rarity, weights, fingerprint(folder))


if __name__ == "__main__":
    train(Path(sys.argv[1]) if len(sys.argv) > 1 else WEIGHTS)
