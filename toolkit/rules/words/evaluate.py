"""`python -m toolkit.rules.words.evaluate FILE.jsonl…`: how well labelled notes are judged, and each wrong one.

`--held-out` keeps only the quarter never trained on, `--training` only the rest. Everything printed is Chinese.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from toolkit.model.values import CRITICAL, MAJOR, NO_ISSUE, UNGRADED
from toolkit.rules.words.corpus import LabelledNote, held_out, read_labelled
from toolkit.rules.words.judge import judge_notes
from toolkit.rules.words.tables import LEVELS


@dataclass(frozen=True)
class Scores:
    """The four figures of the goal, as fractions, and the share of notes whose main category was named."""

    notes: int
    accepted: float
    missed_critical: float
    ungraded: float
    false_alarms: float
    main_category: float


def score(notes: Sequence[LabelledNote], judged: pd.DataFrame) -> Scores:
    """Compare `judged` (of judge_notes) with the labels; 待定级 counts as not accepted."""
    said = judged["severity"].tolist()
    critical = [level for note, level in zip(notes, said, strict=True) if note.severity == CRITICAL]
    harmless = [level for note, level in zip(notes, said, strict=True) if note.severity == NO_ISSUE]
    return Scores(
        len(notes),
        _share([level in note.accept for note, level in zip(notes, said, strict=True)]),
        _share([level not in (CRITICAL, UNGRADED) for level in critical]),
        _share([level == UNGRADED for level in said]),
        _share([level in (MAJOR, CRITICAL) for level in harmless]),
        _share([note.categories[0] in found for note, found in zip(notes, judged["categories"], strict=True)]),
    )


def judge_labelled(notes: Sequence[LabelledNote]) -> pd.DataFrame:
    """judge_notes on the texts of `notes`."""
    return judge_notes([note.text for note in notes])


def report(notes: Sequence[LabelledNote]) -> str:
    """Figures, confusion matrix and every wrong note with rule and words, as text."""
    judged = judge_labelled(notes)
    scores = score(notes, judged)
    lines = [
        f"共 {scores.notes} 条",
        f"等级可接受        {scores.accepted:.1%}（目标 ≥ 85%）",
        f"重大漏判          {scores.missed_critical:.1%}（目标 ≤ 3%）",
        f"待定级            {scores.ungraded:.1%}（目标 ≤ 20%）",
        f"无问题误报重要重大 {scores.false_alarms:.1%}（目标 ≤ 5%）",
        f"主要类别命中      {scores.main_category:.1%}",
        "",
        "混淆矩阵（行：标注，列：判定）",
    ]
    columns = (*LEVELS, UNGRADED)
    table = pd.crosstab(
        pd.Series([note.severity for note in notes], name="标注"), judged["severity"].rename("判定")
    ).reindex(index=list(LEVELS), columns=list(columns), fill_value=0)
    lines.append("\t" + "\t".join(columns))
    lines += [f"{level}\t" + "\t".join(str(number) for number in table.loc[level]) for level in LEVELS]
    lines += ["", "判定与标注不符："]
    for note, row in zip(notes, judged.to_dict("records"), strict=True):
        if row["severity"] not in note.accept:
            candidates = f"（候选 {'、'.join(row['candidates'])}）" if row["candidates"] else ""
            verdict = f"{note.severity}→{row['severity']}{candidates} [{row['rule']}] {row['words']}"
            lines.append(f"{note.id} {verdict} 〔{note.note}〕{note.text}")
    return "\n".join(lines)


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers) if answers else 0.0


def main(arguments: Sequence[str]) -> None:
    files = [Path(argument) for argument in arguments if not argument.startswith("--")]
    notes = [note for file in files for note in read_labelled(file)]
    if "--held-out" in arguments:
        notes = [note for note in notes if held_out(note)]
    if "--training" in arguments:
        notes = [note for note in notes if not held_out(note)]
    print(report(notes))


if __name__ == "__main__":
    main(sys.argv[1:])
