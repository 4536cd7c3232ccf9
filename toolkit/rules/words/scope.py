"""What surrounds each character: denied, doubly denied, asked, supposed, said of others, past and solved.

Boundaries 4–9 of docs/客户反馈标注说明.md. A negator rules its clause over a list up to a turn (没有A、B、C，就是D),
a negator after the list rules what stands before it (A、B均未发生), two negators cancel.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toolkit.rules.words.finder import Hits
from toolkit.rules.words.text import Notes

DENIED, DOUBLY_DENIED, IN_QUESTION, IMAGINED, ABOUT_OTHERS, PAST_SOLVED, AFTER_TURN = (1 << bit for bit in range(7))

CUE_GROUPS = (
    "否定词",
    "非否定",
    "双重否定",
    "后置否定",
    "转折词",
    "假设词",
    "反事实词",
    "询问词",
    "他人词",
    "过去词",
    "已解决词",
    "未解决词",
    "现状正常词",
)

Spans = tuple[NDArray[np.int64], NDArray[np.int64]]


@dataclass(frozen=True)
class Layout:
    """Clause and sentence of every character. Ends are the place of the stop that closes it (exclusive)."""

    clause: NDArray[np.int32]
    clause_ends: NDArray[np.int64]
    sentence: NDArray[np.int32]
    sentence_ends: NDArray[np.int64]

    def clause_end(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.clause_ends[self.clause[at]]

    def clause_start(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        return _starts(self.clause_ends)[self.clause[at]]

    def sentence_end(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        return self.sentence_ends[self.sentence[at]]

    def sentence_start(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        return _starts(self.sentence_ends)[self.sentence[at]]


def _starts(ends: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1] + 1])


_SENTENCE_STOPS = np.zeros(0x10000, dtype=bool)
_SENTENCE_STOPS[[ord(stop) for stop in "。!?;\n"]] = True
_CLAUSE_STOPS = _SENTENCE_STOPS.copy()
_CLAUSE_STOPS[[ord(stop) for stop in ",:—…"]] = True


def lay_out(notes: Notes) -> Layout:
    """Cut the notes into clauses and sentences; 、 does not end a clause, it only parts a list."""

    def cut(stops: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        stop = stops[notes.codes]
        ends = np.flatnonzero(stop)
        number = np.cumsum(stop, dtype=np.int32) - stop
        return number.astype(np.int32), ends

    return Layout(*cut(_CLAUSE_STOPS), *cut(_SENTENCE_STOPS))


def surroundings(notes: Notes, layout: Layout, cues: Mapping[str, Hits]) -> NDArray[np.uint8]:
    """Bits per character of `notes`; `cues` holds the occurrences of each of `CUE_GROUPS`."""
    size = len(notes.codes)
    marks = np.zeros(size, dtype=np.uint8)
    turns = np.sort(cues["转折词"].start)

    def paint(bit: int, spans: Spans) -> None:
        marks[_covered(spans, size)] |= bit

    def until_turn(begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
        if not len(turns):
            return end
        place = np.searchsorted(turns, begin)
        turn = turns[np.minimum(place, len(turns) - 1)]
        return np.where((turn >= begin) & (turn < end), turn, end)

    double = cues["双重否定"]
    shield = _covered((double.start, double.end), size) | _covered((cues["非否定"].start, cues["非否定"].end), size)
    negators = cues["否定词"]
    free = ~(shield[negators.start] & shield[negators.end - 1])
    begin = negators.end[free]
    paint(DENIED, (begin, until_turn(begin, layout.clause_end(negators.start[free]))))
    paint(DENIED, _before(layout, cues["后置否定"], notes))
    double_spans = (double.end, until_turn(double.end, layout.clause_end(double.start)))
    paint(DOUBLY_DENIED, double_spans)
    marks[_covered(double_spans, size)] &= ~np.uint8(DENIED)

    supposed = cues["假设词"]
    real = ~_covered((cues["反事实词"].start, cues["反事实词"].end), size)[supposed.start]
    at = supposed.start[real]
    paint(IMAGINED, (at, layout.clause_end(at)))
    asked = cues["询问词"]
    paint(IN_QUESTION, (layout.clause_start(asked.start), layout.clause_end(asked.start)))
    others = cues["他人词"].start
    paint(ABOUT_OTHERS, (others, layout.clause_end(others)))
    paint(PAST_SOLVED, _solved(notes, cues))
    if len(turns):
        ends = cues["转折词"].end
        paint(AFTER_TURN, (ends, layout.sentence_end(ends - 1)))
    return marks


def _before(layout: Layout, trailing: Hits, notes: Notes) -> Spans:
    """What a trailing negator denies: its clause up to itself, and the list or short question before it."""
    if not len(trailing):
        return trailing.start, trailing.end
    begin = layout.clause_start(trailing.start)
    lead = trailing.start - begin
    earlier = np.maximum(begin - 2, 0)
    same_note = notes.note[earlier] == notes.note[trailing.start]
    reach_back = (lead <= 6) & same_note & (begin > 0)
    begin = np.where(reach_back, layout.sentence_start(earlier), begin)
    return begin, trailing.start


def _solved(notes: Notes, cues: Mapping[str, Hits]) -> Spans:
    """From a note's beginning to its last word of solution, if it speaks of then and now and nothing is open after."""
    count = len(notes)
    last = np.full(count, -1, dtype=np.int64)
    for name in ("已解决词", "现状正常词"):
        np.maximum.at(last, notes.note[cues[name].start], cues[name].start)
    open_ = np.full(count, -1, dtype=np.int64)
    np.maximum.at(open_, notes.note[cues["未解决词"].start], cues["未解决词"].start)
    past = np.zeros(count, dtype=bool)
    for name in ("过去词", "现状正常词"):
        past[notes.note[cues[name].start]] = True
    chosen = np.flatnonzero((last >= 0) & past & (open_ < last))
    return notes.starts[chosen], last[chosen]


def _covered(spans: Spans, size: int) -> NDArray[np.bool_]:
    start, end = spans
    keep = end > start
    edges = np.zeros(size + 1, dtype=np.int32)
    np.add.at(edges, start[keep], 1)
    np.add.at(edges, end[keep], -1)
    return np.cumsum(edges[:-1]) > 0
