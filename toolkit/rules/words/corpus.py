"""Labelled notes (tests/feedback/*.jsonl) and their fixed parting into training and held-out."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LabelledNote:
    """A note as labelled by docs/客户反馈标注说明.md. `accept` holds `severity`; `categories` main one first.

    `seed`: the id of the given note that it varies, "" for others.
    """

    id: str
    text: str
    stage: str
    severity: str
    accept: tuple[str, ...]
    categories: tuple[str, ...]
    note: str
    seed: str = ""


def read_labelled(file: Path) -> list[LabelledNote]:
    """One JSON object a line with the fields of LabelledNote."""
    rows = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return [
        LabelledNote(
            row["id"],
            row["text"],
            row["stage"],
            row["severity"],
            tuple(row["accept"]),
            tuple(row["categories"]),
            row.get("note", ""),
            row.get("seed", ""),
        )
        for row in rows
    ]


def held_out(note: LabelledNote) -> bool:
    """A quarter of the given notes, by a hash of the id: never trained or tuned on."""
    return int(hashlib.sha256(note.id.encode()).hexdigest(), 16) % 4 == 0


def parted(notes: Iterable[LabelledNote]) -> tuple[list[LabelledNote], list[LabelledNote]]:
    """Notes to train on and notes held out."""
    training: list[LabelledNote] = []
    kept: list[LabelledNote] = []
    for note in notes:
        (kept if held_out(note) else training).append(note)
    return training, kept
