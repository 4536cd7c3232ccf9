"""docs/制度对照.md: every clause of the regulation has a row, every test it names exists.

The ids are read from the regulation's own text, so a clause cannot be forgotten.
"""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATES = {"已实现", "部分", "未实现", "人工", "总则"}


def regulation_clauses() -> list[str]:
    """Ids like 四、(二)1.; a section without numbered items is itself a clause."""
    clauses: list[str] = []
    chapter = section = ""
    for line in (ROOT / "docs" / "贷款回访管理办法.md").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"## ([一二三四五六七八]、)", line):
            chapter = match[1]
        elif match := re.match(r"### (\([一二三四五六七八]\))", line):
            section = chapter + match[1]
            clauses.append(section)
        elif match := re.match(r"(\d\.)", line):
            if clauses[-1] == section:
                clauses.pop()
            clauses.append(section + match[1])
    return clauses


def rows() -> list[list[str]]:
    lines = (ROOT / "docs" / "制度对照.md").read_text(encoding="utf-8").splitlines()
    body = [line for line in lines if line.startswith("| ") and not line.startswith("| 条款")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body]


def test_every_clause_has_exactly_one_row_in_order():
    assert [row[0] for row in rows()] == regulation_clauses()
    assert len(regulation_clauses()) > 60


def test_every_named_test_exists_and_nothing_is_claimed_without_one():
    for clause, _, behaviour, tests, state in rows():
        assert state in STATES
        assert behaviour
        files = [] if tests == "—" else tests.split("、")
        for name in files:
            assert (ROOT / name).is_file(), f"{clause}: {name}"
        if state in ("已实现", "部分"):
            assert files, clause
        if state in ("部分", "未实现"):
            assert re.search(r"未做（[\d、]+）", behaviour), f"{clause}: says not what is missing"
