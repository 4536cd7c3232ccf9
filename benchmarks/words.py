"""Notes judged per second and core, beside a bare search for the same words.

`python -m benchmarks.words`: 20,000 distinct notes made from the labelled ones; processor time, one thread.
The bare search is pyahocorasick's.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import time
from collections.abc import Callable
from pathlib import Path

import ahocorasick

from toolkit.rules.words import train
from toolkit.rules.words.judge import judge_notes
from toolkit.rules.words.model import WEIGHTS, load, shipped_model
from toolkit.rules.words.tables import shipped_tables

NOTES = 20_000
FEEDBACK = Path(__file__).parents[1] / "tests" / "feedback"


def distinct_notes() -> list[str]:
    texts = [
        json.loads(line)["text"]
        for name in (*train.GIVEN, *train.WRITTEN)
        for line in (FEEDBACK / name).read_text(encoding="utf-8").splitlines()
    ]
    return [f"{texts[number % len(texts)]}（{number}）" for number in range(NOTES)]


def words() -> list[str]:
    tables = shipped_tables()
    phrases = (phrase for rule in tables.rules for phrase in (*rule.phrases, *rule.unless))
    found = {word for phrase in phrases for piece in phrase.pieces for word in piece.words}
    return sorted(found.union(*tables.groups.values()), key=len, reverse=True)


def bare_search() -> Callable[[list[str]], int]:
    automaton = ahocorasick.Automaton()
    for word in words():
        automaton.add_word(word, word)
    automaton.make_automaton()
    return lambda texts: sum(1 for text in texts for _ in automaton.iter(text))


def seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main() -> None:
    texts = distinct_notes()
    print(f"load weights: {seconds(lambda: load(WEIGHTS)) * 1000:.0f} ms, {WEIGHTS.stat().st_size / 1000:.0f} kB")
    shipped_model()
    print(f"first note (tables compiled): {seconds(lambda: judge_notes(['好'])) * 1000:.0f} ms")
    search = bare_search()
    bare = min(seconds(lambda: search(texts)) for _ in range(3))
    judged = min(seconds(lambda: judge_notes(texts)) for _ in range(3))
    print(f"Aho-Corasick over {len(words())} words: {NOTES / bare:,.0f} notes/s")
    print(f"judge_notes: {NOTES / judged:,.0f} notes/s")


if __name__ == "__main__":
    main()
