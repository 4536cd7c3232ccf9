"""`judge_notes`: severity, categories, the rules that fired and the words they fired on, for many notes at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.model.values import CRITICAL, MAJOR, NO_ISSUE, SATISFIED, UNGRADED
from toolkit.rules.words import own, scope
from toolkit.rules.words.matching import HOLDS, Matcher, Reading, shipped_matcher
from toolkit.rules.words.model import Model, shipped_model
from toolkit.rules.words.ruling import BY_MODEL, Held, Verdict, by_category, denials, grades, holding, reasons
from toolkit.rules.words.tables import CATEGORIES, LEVELS, NEGATED, SURROUNDINGS, WordRule
from toolkit.rules.words.text import folded, read_notes

COLUMNS = tuple(field.name for field in fields(Verdict))
NOTHING_SAID = Verdict("", (), (), (), (), "", "", "", (), ())

# A note that may be 重大 at this chance is never filed lower without a person looking at it (六、(二)3.).
CRITICAL_IN_SIGHT = 0.18
# 重要 or 重大 while the note may as well be harmless at this chance would send a team for nothing: a person decides.
MAYBE_HARMLESS = 0.30
# Where no rule names a problem, ordinary talk is likelier than the model, which learnt from troubled notes, believes:
# 无问题 at PLAIN_TALK is believed unless 重大 is as likely as STILL_CRITICAL, and 重要 or 重大 only from SURE_ALONE on;
# between them a person decides.
PLAIN_TALK, STILL_CRITICAL, SURE_ALONE = 0.30, 0.20, 0.50
# A severity is a candidate from this chance on.
CANDIDATE = 0.15
CATEGORY_SURE = 0.42
_FIRST_HARMLESS = CATEGORIES.index(SATISFIED)
ANSWERS = "应答词"
_PUNCTUATION = re.compile(r"[\W_]+")
_BATCH = 20_000
_STOPS = [ord(stop) for stop in "。!;,.~"]
_TOP, _SERIOUS = LEVELS.index(CRITICAL), LEVELS.index(MAJOR)


def judge_notes(texts: Sequence[str], matcher: Matcher | None = None, model: Model | None = None) -> pd.DataFrame:
    """Class the words of visit records by 六、(一).

    `matcher`: the risk department's tables (`own.matcher_of`); where they differ from the shipped ones, they decide.
    `model`: weights other than the shipped ones, to measure with.
    Returns one row per text, index 0…n-1, object columns: `severity` (无问题, 一般, 重要, 重大 or 待定级; "" for a
    blank text), `categories` (tuple, main one first; may hold 满意, 建议, 其他金融需求), `grades`, `rules_of`,
    `words_of` (per category; grade "" for the last three), `rule` (codes joined by 、; W000 = the model alone),
    `words` (quoted evidence joined by ；), `clause`, `candidates` (tuple, worst first, when 待定级), `denied`
    (categories named only to be denied).
    The same text is judged once; no chance, no state.
    """
    own_matcher = matcher or shipped_matcher()
    return _each_distinct(texts, lambda some: own.corrected(some, _judge(some, model), own_matcher))


def judge_reported(texts: Sequence[str], matcher: Matcher | None = None) -> pd.DataFrame:
    """As `judge_notes` for what visitors report in their own words: a rule must speak, the model alone does not.

    The model may only clear a note: where it finds nothing, nothing is found.
    """
    own_matcher = matcher or shipped_matcher()
    return _each_distinct(texts, lambda some: own.ruled(some, _judge(some), own_matcher))


def _each_distinct(texts: Sequence[str], judge: Callable[[Sequence[str]], list[Verdict]]) -> pd.DataFrame:
    codes, distinct = pd.factorize(pd.Series(list(texts), dtype=object))
    rows: list[tuple[object, ...]] = []
    for begin in range(0, len(distinct), _BATCH):
        verdicts = judge(distinct[begin : begin + _BATCH].tolist())
        rows.extend(tuple(getattr(verdict, name) for name in COLUMNS) for verdict in verdicts)
    judged = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return judged.take(codes).reset_index(drop=True)


def _judge(texts: Sequence[str], model: Model | None = None) -> list[Verdict]:
    """Rules and model together, by the shipped tables."""
    matcher, model = shipped_matcher(), model or shipped_model()
    rules = matcher.tables.rules
    reading = matcher.read(read_notes(texts))
    chances = model.chances(reading)
    levels, likely = chances[:, : len(LEVELS)], chances[:, len(LEVELS) :]
    held = holding(reading, len(rules))
    silent = _no_rule_speaks(len(texts), held, rules)
    plain = _only_answers(texts, matcher) | silent & (levels[:, 0] >= PLAIN_TALK) & (levels[:, _TOP] < STILL_CRITICAL)
    denied_all = _plainly_denied(matcher, reading)
    plain |= denied_all & (levels[:, 0] >= PLAIN_TALK / 2)
    best = np.where(plain, 0, levels.argmax(axis=1))
    open_ = (best != _TOP) & (levels[:, _TOP] >= CRITICAL_IN_SIGHT) & ~plain
    open_ |= (best == 0) & _critical_rule_holds(matcher, reading) & (levels[:, _TOP] >= CRITICAL_IN_SIGHT / 2)
    open_ |= (best >= _SERIOUS) & (levels[:, 0] >= MAYBE_HARMLESS)
    open_ |= (best >= _SERIOUS) & silent & (levels.max(axis=1) < SURE_ALONE)
    open_ &= ~((best == 0) & denied_all)
    denied = denials(reading, rules)
    candidates = [_candidates(levels[note]) if open_[note] else () for note in range(len(texts))]
    shown = np.array(
        [LEVELS.index(given[0]) if given else level for given, level in zip(candidates, best, strict=True)]
    )
    unexplained = np.array(
        [
            all(LEVELS.index(rules[rule].severity) != level for rule, _, _ in held.get(note, ()))
            for note, level in enumerate(shown.tolist())
        ],
        dtype=bool,
    )
    quotes = model.telling(reading, np.where(unexplained, shown, -1))
    sure = likely >= CATEGORY_SURE
    order = np.argsort(-likely, axis=1, kind="stable")
    verdicts = []
    for note, text in enumerate(texts):
        if not text.strip():
            verdicts.append(NOTHING_SAID)
            continue
        severity = UNGRADED if open_[note] else LEVELS[best[note]]
        categories = _categories(order[note].tolist(), sure[note], severity)
        here = held.get(note, [])
        codes, words, clause = reasons(reading, note, here, rules, int(shown[note]), quotes.get(note, []))
        graded = grades(severity, categories, here, rules)
        codes = BY_MODEL + codes if unexplained[note] else codes
        codes_of, words_of = by_category(reading, note, categories, here, rules, words)
        named = (severity, categories, graded, codes_of, words_of)
        verdicts.append(Verdict(*named, codes, words, clause, candidates[note], denied.get(note, ())))
    return verdicts


def _only_answers(texts: Sequence[str], matcher: Matcher) -> NDArray[np.bool_]:
    """bool per note: nothing but 是的, 知道了 … or figures is said; a model of runs makes too much of two letters."""
    answers = set(matcher.tables.groups[ANSWERS])

    def only(text: str) -> bool:
        parts = [part for part in _PUNCTUATION.split(text) if part]
        return "".join(parts) in answers or all(part in answers or part.isdecimal() for part in parts)

    return np.array([only(folded(text)) for text in texts], dtype=bool)


def _no_rule_speaks(count: int, held: Mapping[int, Sequence[Held]], rules: Sequence[WordRule]) -> NDArray[np.bool_]:
    """bool per note: no rule that names a problem holds there."""
    speaks = [any(rules[rule].severity != NO_ISSUE for rule, _, _ in held.get(note, ())) for note in range(count)]
    return ~np.array(speaks, dtype=bool)


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
