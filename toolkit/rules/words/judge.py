"""`judge_notes`: severity, categories, the rules that fired and the words they fired on, for many notes at once."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.model.rule_tables import CLAUSE_OF_SEVERITY
from toolkit.model.values import CRITICAL, MAJOR, NO_ISSUE, STAGES, UNGRADED
from toolkit.rules.words import scope
from toolkit.rules.words.features import OTHER_STAGE, STAGE_NAMES, facts
from toolkit.rules.words.matching import HOLDS, Matcher, Reading, shipped_matcher
from toolkit.rules.words.model import shipped_model
from toolkit.rules.words.tables import CATEGORIES, LEVELS, NEGATED, SATISFIED, SURROUNDINGS
from toolkit.rules.words.text import read_notes

COLUMNS = ("severity", "categories", "rule", "words", "clause", "candidates")

# A note that may be 重大 at this chance is never filed lower without a person looking at it (六、(二)3.).
CRITICAL_IN_SIGHT = 0.18
# A problem less sure than this, with harmlessness at that chance, would send a team for nothing: a person decides.
SURE_PROBLEM, MAYBE_HARMLESS = 0.60, 0.20
# A chance below this is a guess: a person decides.
GUESS = 0.36
# A severity is a candidate from this chance on.
CANDIDATE = 0.15
CATEGORY_SURE = 0.42
# Rule code of a decision that the model took where no rule of that severity fired.
BY_MODEL = "W000"
_FIRST_HARMLESS = CATEGORIES.index(SATISFIED)
_BATCH = 20_000
_STOPS = [ord(stop) for stop in "。!;,.~"]
_TOP, _SERIOUS = LEVELS.index(CRITICAL), LEVELS.index(MAJOR)


def judge_notes(texts: Sequence[str], stages: Sequence[str] | None = None) -> pd.DataFrame:
    """Class the words of visit records by 六、(一).

    `stages` as in 回访阶段 (申请, 审批, 发放, 使用, 还款, 使用、还款); anything else, or None, says nothing.
    Returns one row per text, index 0…n-1, object columns: `severity` (无问题, 一般, 重要, 重大 or 待定级; "" for a
    blank text), `categories` (tuple, main one first; may hold 满意, 建议, 其他金融需求), `rule` (codes joined by 、;
    W000 = the model alone), `words` (quoted evidence joined by ；), `clause`, `candidates` (tuple, worst first, when
    待定级). The same text in the same stage is judged once; no chance, no state.
    """
    stage_names = _stage_numbers(stages, len(texts))
    frame = pd.DataFrame({"text": pd.Series(list(texts), dtype=object), "stage": stage_names})
    codes = frame.groupby(["text", "stage"], sort=False).ngroup().to_numpy()
    distinct = frame.drop_duplicates(ignore_index=True)
    rows: list[tuple[object, ...]] = []
    for begin in range(0, len(distinct), _BATCH):
        part = distinct.iloc[begin : begin + _BATCH]
        rows.extend(_judge(part["text"].tolist(), part["stage"].to_numpy(dtype=np.int64)))
    judged = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return judged.take(codes).reset_index(drop=True)


def _stage_numbers(stages: Sequence[str] | None, count: int) -> NDArray[np.int64]:
    other = STAGE_NAMES.index(OTHER_STAGE)
    if stages is None:
        return np.full(count, other, dtype=np.int64)
    if len(stages) != count:
        raise ValueError(f"{count} texts but {len(stages)} stages")
    number = {name: place for place, name in enumerate(STAGE_NAMES)} | {STAGES[-1]: other}
    return np.array([number.get(stage, other) for stage in stages], dtype=np.int64)


def _judge(texts: Sequence[str], stages: NDArray[np.int64]) -> list[tuple[object, ...]]:
    matcher, model = shipped_matcher(), shipped_model()
    reading = matcher.read(read_notes(texts))
    chances = model.chances(reading, facts(matcher, reading, stages))
    levels, likely = chances[:, : len(LEVELS)], chances[:, len(LEVELS) :]
    best = levels.argmax(axis=1)
    surest = levels.max(axis=1)
    open_ = (best != _TOP) & (levels[:, _TOP] >= CRITICAL_IN_SIGHT)
    open_ |= (best == 0) & _critical_rule_holds(matcher, reading) & (levels[:, _TOP] >= CRITICAL_IN_SIGHT / 2)
    open_ |= (best >= _SERIOUS) & (surest < SURE_PROBLEM) & (levels[:, 0] >= MAYBE_HARMLESS)
    open_ |= surest < GUESS
    open_ &= ~((best == 0) & _plainly_denied(matcher, reading))
    evidence = _evidence(matcher, reading)
    candidates = [_candidates(levels[note]) if open_[note] else () for note in range(len(texts))]
    shown = np.array(
        [LEVELS.index(given[0]) if given else level for given, level in zip(candidates, best, strict=True)]
    )
    reasons = _Reasons(matcher, reading, evidence, shown)
    quotes = model.telling(reading, np.where(reasons.unexplained, shown, -1))
    sure = likely >= CATEGORY_SURE
    order = np.argsort(-likely, axis=1, kind="stable")
    rows: list[tuple[object, ...]] = []
    for note, text in enumerate(texts):
        if not text.strip():
            rows.append(("", (), "", "", "", ()))
            continue
        severity = UNGRADED if open_[note] else LEVELS[best[note]]
        categories = _categories(order[note].tolist(), sure[note], severity)
        rows.append((severity, categories, *reasons.of(note, quotes.get(note, [])), candidates[note]))
    return rows


def _critical_rule_holds(matcher: Matcher, reading: Reading) -> NDArray[np.bool_]:
    critical = np.array([rule.severity == CRITICAL for rule in matcher.tables.rules])
    firings = reading.firings
    holds = np.zeros(len(reading.notes), dtype=bool)
    holds[firings.note[(firings.status == HOLDS) & critical[firings.rule]]] = True
    return holds


def _plainly_denied(matcher: Matcher, reading: Reading) -> NDArray[np.bool_]:
    """Every problem that a rule sees is denied, and the note ends within the denial: nothing comes after it."""
    problem = np.array([rule.severity != NO_ISSUE for rule in matcher.tables.rules])
    firings, notes = reading.firings, reading.notes
    about = problem[firings.rule]
    denied = firings.status == 1 + SURROUNDINGS.index(NEGATED)
    some, other = np.zeros((2, len(notes)), dtype=bool)
    some[firings.note[about & denied]] = True
    other[firings.note[about & ~denied]] = True
    last = np.append(notes.starts[1:], len(notes.codes)) - 2
    last = np.maximum(last - np.isin(notes.codes[last], _STOPS), notes.starts)
    return some & ~other & ((reading.marks[last] & scope.DENIED) > 0)


def _candidates(chances: NDArray[np.float32]) -> tuple[str, ...]:
    likely = set(np.flatnonzero(chances >= CANDIDATE).tolist()) | set(np.argsort(-chances)[:2].tolist())
    return tuple(LEVELS[place] for place in sorted(likely, reverse=True))


def _categories(order: Sequence[int], sure: NDArray[np.bool_], severity: str) -> tuple[str, ...]:
    """Sure categories by falling chance; a problem has at least one problem category, a harmless note none."""
    wanted = [place for place in order if sure[place]]
    harmless = tuple(CATEGORIES[place] for place in wanted if place >= _FIRST_HARMLESS)
    if severity == NO_ISSUE:
        return harmless or (CATEGORIES[next(place for place in order if place >= _FIRST_HARMLESS)],)
    problems = tuple(CATEGORIES[place] for place in wanted if place < _FIRST_HARMLESS)
    return (*(problems or (CATEGORIES[next(place for place in order if place < _FIRST_HARMLESS)],)), *harmless)


def _evidence(matcher: Matcher, reading: Reading) -> dict[int, list[tuple[int, int, int]]]:
    """Note → (rule, start, end) of the rules that hold, in the order of the table, one entry per rule."""
    firings = reading.firings
    holding = np.flatnonzero(firings.status == HOLDS)
    # The longest words of each rule and note stand for it.
    length = firings.end[holding] - firings.start[holding]
    order = np.lexsort((firings.start[holding], -length, firings.rule[holding], firings.note[holding]))
    holding = holding[order]
    pair = firings.note[holding].astype(np.int64) * len(matcher.tables.rules) + firings.rule[holding]
    first = holding[np.flatnonzero(np.diff(pair, prepend=-1))] if len(holding) else holding
    found: dict[int, list[tuple[int, int, int]]] = {}
    columns = (firings.note[first], firings.rule[first], firings.start[first], firings.end[first])
    for note, rule, start, end in zip(*(column.tolist() for column in columns), strict=True):
        found.setdefault(note, []).append((rule, start, end))
    return found


class _Reasons:
    """Rule codes, quoted words and clause per note. Rules of the severity shown come first."""

    def __init__(
        self,
        matcher: Matcher,
        reading: Reading,
        evidence: dict[int, list[tuple[int, int, int]]],
        shown: NDArray[np.int64],
    ) -> None:
        self._rules = matcher.tables.rules
        self._reading = reading
        self._evidence = evidence
        self._shown = shown.tolist()
        self._level = [LEVELS.index(rule.severity) for rule in self._rules]
        self.unexplained = np.array(
            [
                all(self._level[rule] != level for rule, _, _ in evidence.get(note, ()))
                for note, level in enumerate(self._shown)
            ],
            dtype=bool,
        )

    def of(self, note: int, quotes: list[tuple[int, int]]) -> tuple[str, str, str]:
        """Reasons of `note`; `quotes` = the model's words where no rule of that severity fired."""
        level = self._shown[note]
        found = self._evidence.get(note, [])
        fitting = [item for item in found if self._level[item[0]] == level]
        named = fitting + [item for item in found if self._level[item[0]] < level]
        codes = [self._rules[rule].code for rule, _, _ in named]
        if not fitting:
            codes.insert(0, BY_MODEL)
        clause = self._rules[fitting[0][0]].clause if fitting else CLAUSE_OF_SEVERITY.get(LEVELS[level], "三、(六)")
        spans = quotes + [(start, end) for _, start, end in named]
        notes = self._reading.notes
        quoted = dict.fromkeys(notes.words(note, start, end) for start, end in spans)
        words = "；".join([f"“{word}”" for word in quoted if word]) or f"“{notes.texts[note].strip()[:20]}”"
        return "、".join(codes), words, clause
