"""`python -m toolkit.rules.words.crossed`: how well notes are judged by weights that have not seen them.

Five times the given notes of one part, and every variation of them, are left out of the training and then judged.
The word rules and the authored notes were written with the given notes in view, so the figures of the given notes
flatter; the variations are harder than what visitors write (a third of them are traps on purpose) but nobody looked at
them when rules were written. Thresholds in `judge.py` are set by these figures, never by the held-out notes.
"""

import hashlib
from collections.abc import Iterator

import numpy as np
import pandas as pd

from toolkit.rules.words import train
from toolkit.rules.words.corpus import LabelledNote
from toolkit.rules.words.evaluate import score
from toolkit.rules.words.judge import judge_notes
from toolkit.rules.words.model import Model

PARTS = 5


def part_of(note: LabelledNote) -> int:
    """The part of a given note or of a variation of it; -1: always trained on."""
    given = note.seed or (note.id if note.id[0] in "CP" else "")
    return int(hashlib.sha256(f"{given}/part".encode()).hexdigest(), 16) % PARTS if given else -1


def left_out() -> Iterator[tuple[Model, list[LabelledNote]]]:
    """Per part: a model trained without it, and the notes of it."""
    notes = train.training_notes()
    counts, wanted = train.counted(note.text for note in notes), train.targets(notes)
    part = np.array([part_of(note) for note in notes])
    for number in range(PARTS):
        kept = np.flatnonzero(part != number)
        left = np.flatnonzero(part == number)
        yield train.model_of(counts[kept], wanted[kept]), [notes[place] for place in left]


def main() -> None:
    notes: list[LabelledNote] = []
    judged: list[pd.DataFrame] = []
    for model, left in left_out():
        notes += left
        judged.append(judge_notes([note.text for note in left], model=model))
    every = pd.concat(judged, ignore_index=True)
    for name, chosen in (
        ("给定样本", [not note.seed for note in notes]),
        ("其变体", [bool(note.seed) for note in notes]),
    ):
        figures = score([note for note, one in zip(notes, chosen, strict=True) if one], every[chosen])
        print(
            f"{name} {figures.notes} 条：可接受 {figures.accepted:.1%}，重大漏判 {figures.missed_critical:.1%}，"
            f"待定级 {figures.ungraded:.1%}，误报 {figures.false_alarms:.1%}，主要类别 {figures.main_category:.1%}"
        )


if __name__ == "__main__":
    main()
