"""What the decision table alone says of a note: the rules that hold there, worst first, and the words they fired on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.model import values as v
from toolkit.model.rule_tables import CLAUSE_OF_SEVERITY
from toolkit.rules.words.matching import HOLDS, Matcher, Reading
from toolkit.rules.words.tables import LEVELS, NEGATED, SURROUNDINGS, WordRule

# Rule code of a decision that the model took where no rule of that severity fired.
BY_MODEL = "W000"
# A rule that holds in a note: its number and where it stands.
Held = tuple[int, int, int]
# How grave a category is of itself (六、(一); 标注说明 一), where it stands beside a graver one and no rule says more.
OF_ITSELF = dict.fromkeys(v.ISSUE_CATEGORIES, v.MAJOR)
OF_ITSELF |= dict.fromkeys((v.POLICY_UNCLEAR, v.ATTITUDE, v.SLOW_APPROVAL), v.GENERAL)
OF_ITSELF |= dict.fromkeys((v.FRAUD, v.COLLUSION, v.ILLICIT_FEES, v.DATA_LEAK), v.CRITICAL)
# Where the model alone sees 重大 in a note of several problems, one of these is meant.
_MAY_BE_CRITICAL = frozenset((v.DIVERSION, v.FRAUD, v.COLLUSION, v.ILLICIT_FEES, v.COMPLAINT, v.DATA_LEAK))


@dataclass(frozen=True)
class Verdict:
    """A judgement of one note; the fields are the columns of `judge_notes`."""

    severity: str
    categories: tuple[str, ...]
    grades: tuple[str, ...]
    rules_of: tuple[str, ...]
    words_of: tuple[str, ...]
    rule: str
    words: str
    clause: str
    candidates: tuple[str, ...]
    denied: tuple[str, ...]


def holding(reading: Reading, rules: int) -> dict[int, list[Held]]:
    """Note → the rules that hold there in the order of the table, one entry per rule: its longest words."""
    firings = reading.firings
    held = np.flatnonzero(firings.status == HOLDS)
    length = firings.end[held] - firings.start[held]
    order = np.lexsort((firings.start[held], -length, firings.rule[held], firings.note[held]))
    held = held[order]
    pair = firings.note[held].astype(np.int64) * rules + firings.rule[held]
    first = held[np.flatnonzero(np.diff(pair, prepend=-1))] if len(held) else held
    found: dict[int, list[Held]] = {}
    columns = (firings.note[first], firings.rule[first], firings.start[first], firings.end[first])
    for note, rule, start, end in zip(*(column.tolist() for column in columns), strict=True):
        found.setdefault(note, []).append((rule, start, end))
    return found


def denials(reading: Reading, rules: Sequence[WordRule]) -> dict[int, tuple[str, ...]]:
    """Note → categories whose rules fire there only under a negation."""
    firings = reading.firings
    denied = firings.status == 1 + SURROUNDINGS.index(NEGATED)
    said = {(note, rules[rule].category) for note, rule in _pairs(reading, firings.status == HOLDS)}
    out: dict[int, tuple[str, ...]] = {}
    for note, rule in _pairs(reading, denied):
        category = rules[rule].category
        if (note, category) not in said and category in v.ISSUE_CATEGORIES:
            out[note] = tuple(dict.fromkeys((*out.get(note, ()), category)))
    return out


def _pairs(reading: Reading, where: np.ndarray) -> list[tuple[int, int]]:
    firings = reading.firings
    pairs = np.unique(np.stack([firings.note[where], firings.rule[where]], axis=1), axis=0)
    return [(int(note), int(rule)) for note, rule in pairs]


def grades(
    severity: str, categories: Sequence[str], held: Sequence[Held], rules: Sequence[WordRule]
) -> tuple[str, ...]:
    """The grade of each of `categories` in a note graded `severity`: its own rules', else what it is of itself.

    The gravest problem of a note is graded `severity`; "" for 满意, 建议, 其他金融需求. Of a note that is 待定级 the
    problems that may be 重大 wait for a person, or all where none may.
    """
    problems = [category for category in categories if category in v.ISSUE_CATEGORIES]
    worst = [category for category in problems if category in _MAY_BE_CRITICAL]
    if severity not in LEVELS:
        open_ = set(worst or problems)
        top = LEVELS.index(v.CRITICAL)
    else:
        open_ = set()
        top = LEVELS.index(severity)
    ranks: dict[str, int] = {}
    for category in problems:
        said = [LEVELS.index(rules[rule].severity) for rule, _, _ in held if rules[rule].category == category]
        ranks[category] = min(top, max(said) if said else LEVELS.index(OF_ITSELF[category]))
    if problems and not open_ and top not in ranks.values():
        ranks[(worst if severity == v.CRITICAL and worst else problems)[0]] = top
    return tuple(
        severity if category in open_ else LEVELS[ranks[category]] if category in ranks else ""
        for category in categories
    )


def reasons(
    reading: Reading, note: int, held: Sequence[Held], rules: Sequence[WordRule], level: int, quotes: Sequence = ()
) -> tuple[str, str, str]:
    """Rule codes, quoted words and clause of `note` graded `level` (place in LEVELS); rules of that grade first.

    `quotes`: start and end of what speaks for the grade beside the rules, shown first with the words around it.
    The code is "" where no rule has that grade.
    """
    fitting = [item for item in held if LEVELS.index(rules[item[0]].severity) == level]
    named = fitting + [item for item in held if LEVELS.index(rules[item[0]].severity) < level]
    codes = [rules[rule].code for rule, _, _ in named]
    if not fitting:
        codes.insert(0, "")
    clause = rules[fitting[0][0]].clause if fitting else CLAUSE_OF_SEVERITY.get(LEVELS[level], "三、(六)")
    quoted = dict.fromkeys(reading.notes.around(note, start, end) for start, end in quotes)
    quoted |= dict.fromkeys(reading.notes.words(note, start, end) for _, start, end in named)
    whole = [word for word in quoted if word and not any(word != other and word in other for other in quoted)]
    words = "；".join([f"“{word}”" for word in whole]) or f"“{reading.notes.texts[note].strip()[:20]}”"
    return "、".join(codes), words, clause


def by_category(
    reading: Reading, note: int, categories: Sequence[str], held: Sequence[Held], rules: Sequence[WordRule], words: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rule codes and quoted words per category; `BY_MODEL` and `words` (those of the note) where no rule names it."""
    codes, quotes = [], []
    for category in categories:
        own = [item for item in held if rules[item[0]].category == category]
        quoted = dict.fromkeys(f"“{reading.notes.words(note, start, end)}”" for _, start, end in own)
        codes.append("、".join(rules[rule].code for rule, _, _ in own) or BY_MODEL)
        quotes.append("；".join(quoted) or words)
    return tuple(codes), tuple(quotes)


def by_table(
    matcher: Matcher, reading: Reading, note: int, held: Sequence[Held], denied: tuple[str, ...] = ()
) -> Verdict:
    """The gravest rule that holds decides; 无问题 and 满意 where none does."""
    rules = matcher.tables.rules
    levels = [LEVELS.index(rules[rule].severity) for rule, _, _ in held]
    level = max(levels, default=0)
    order = sorted(range(len(held)), key=lambda place: -levels[place])
    categories = tuple(dict.fromkeys(rules[held[place][0]].category for place in order))
    if level == 0:
        categories = categories or (v.SATISFIED,)
    severity = LEVELS[level]
    codes, words, clause = reasons(reading, note, held, rules, level)
    graded = grades(severity, categories, held, rules)
    each = by_category(reading, note, categories, held, rules, words)
    return Verdict(severity, categories, graded, *each, codes.strip("、"), words, clause, (), denied)


def is_problem(severity: str) -> bool:
    return severity not in ("", v.NO_ISSUE)
