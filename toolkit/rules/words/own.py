"""The risk department's own tables beside the shipped ones, which the model was trained with.

Where their rules say the same of a note as the shipped ones, rules and model decide together. Where theirs say more,
the note is at least as grave as they say; where theirs take something back, they decide alone. So a changed table is
obeyed at once, without training.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from toolkit.model.values import NO_ISSUE, UNGRADED
from toolkit.rules.words.matching import Matcher, Reading, shipped_matcher
from toolkit.rules.words.ruling import Held, Verdict, by_table, denials, holding, is_problem
from toolkit.rules.words.tables import LEVELS, WordTables
from toolkit.rules.words.text import read_notes


@dataclass(frozen=True)
class _Spoken:
    """What the rules of one matcher say of some notes."""

    matcher: Matcher
    reading: Reading
    held: dict[int, list[Held]]
    denied: dict[int, tuple[str, ...]]

    def said(self, note: int) -> set[tuple[str, str, str]]:
        rules = self.matcher.tables.rules
        return {(rules[i].code, rules[i].category, rules[i].severity) for i, _, _ in self.held.get(note, ())}

    def verdict(self, note: int) -> Verdict:
        return by_table(self.matcher, self.reading, note, self.held.get(note, []), self.denied.get(note, ()))


def matcher_of(tables: WordTables) -> Matcher:
    """A matcher of `tables`; the shipped one where they are as shipped. Build once, judge many."""
    shipped = shipped_matcher()
    return shipped if tables == shipped.tables else Matcher(tables)


def _speak(matcher: Matcher, texts: Sequence[str]) -> _Spoken:
    reading = matcher.read(read_notes(texts))
    rules = matcher.tables.rules
    return _Spoken(matcher, reading, holding(reading, len(rules)), denials(reading, rules))


def corrected(texts: Sequence[str], verdicts: list[Verdict], matcher: Matcher) -> list[Verdict]:
    """`verdicts` (by the shipped tables) with those notes decided anew of which `matcher` says something else."""
    if matcher is shipped_matcher():
        return verdicts
    theirs, shipped = _speak(matcher, texts), _speak(shipped_matcher(), texts)
    out = []
    for note, verdict in enumerate(verdicts):
        now, before = theirs.said(note), shipped.said(note)
        if not verdict.severity or now == before:
            out.append(verdict)
            continue
        decided = theirs.verdict(note)
        more = now >= before and _rank(decided) < _rank(verdict)
        out.append(verdict if more else decided)
    return out


def _rank(verdict: Verdict) -> int:
    severity = verdict.candidates[0] if verdict.severity == UNGRADED else verdict.severity
    return LEVELS.index(severity)


def ruled(texts: Sequence[str], verdicts: list[Verdict], matcher: Matcher) -> list[Verdict]:
    """What the rules of `matcher` say, for notes in which rules and model together find a problem; else 无问题."""
    spoken = _speak(matcher, texts)
    changed = matcher is not shipped_matcher()
    before = _speak(shipped_matcher(), texts) if changed else spoken
    out = []
    for note, verdict in enumerate(verdicts):
        decided = spoken.verdict(note) if verdict.severity else verdict
        ours = changed and spoken.said(note) != before.said(note)
        if is_problem(decided.severity) and not is_problem(verdict.severity) and not ours:
            decided = replace(decided, severity=NO_ISSUE, categories=(), grades=(), rules_of=(), words_of=())
        out.append(decided)
    return out
