"""The decision table for words: groups of words that mean the same, rules over them, known misspellings.

All three are CSV files a risk officer can read; a broken row is refused by naming its file, row and column.
Phrases: a word as it stands; `{组名}` any word of a group; `…` up to 8 characters in the same clause;
`……` up to 40 characters anywhere later in the note; phrases are separated by `、`.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from toolkit.model.errors import ToolkitError
from toolkit.model.rule_tables import CLAUSE_OF_SEVERITY
from toolkit.model.values import ISSUE_CATEGORIES, NO_ISSUE, SEVERITIES
from toolkit.rules.words.text import folded

_FOLDER = Path(__file__).parent
SATISFIED, SUGGESTION, OTHER_NEED = "满意", "建议", "其他金融需求"
CATEGORIES = (*ISSUE_CATEGORIES, SATISFIED, SUGGESTION, OTHER_NEED)
LEVELS = (NO_ISSUE, *SEVERITIES)

# Surroundings that silence a rule unless the row says it still holds there.
NEGATED, ASKED, SUPPOSED, OF_OTHERS, SOLVED = SURROUNDINGS = ("否定", "询问", "假设", "传闻", "已解决")

NEAR, FAR = 8, 40
_PIECE = re.compile(r"\{([^{}]+)\}|(……)|(…)|([^{}…]+)")


@dataclass(frozen=True)
class Piece:
    """One element of a phrase: any of `words`, at most `gap` characters after the piece before.

    `across` = the gap may cross clauses.
    """

    words: tuple[str, ...]
    gap: int = 0
    across: bool = False


@dataclass(frozen=True)
class Phrase:
    """Pieces in order. `negative` = it carries a 没/不 before its last piece, so that negation is part of it."""

    pieces: tuple[Piece, ...]
    negative: bool

    @property
    def literal(self) -> bool:
        return len(self.pieces) == 1


@dataclass(frozen=True)
class WordRule:
    """A row of the table: these phrases mean this category at this severity.

    `holds_when` names the surroundings that do not silence it; `unless` phrases anywhere in the note do.
    """

    code: str
    category: str
    severity: str
    phrases: tuple[Phrase, ...]
    holds_when: frozenset[str]
    unless: tuple[Phrase, ...]
    clause: str
    note: str


@dataclass(frozen=True)
class WordTables:
    """Everything the words are judged by. `typos` maps a misspelling to the word meant, of equal length."""

    groups: Mapping[str, tuple[str, ...]]
    rules: tuple[WordRule, ...]
    typos: Mapping[str, str]


@cache
def shipped_tables() -> WordTables:
    """The tables as shipped beside this module."""
    return read_tables(_FOLDER / "word_groups.csv", _FOLDER / "word_rules.csv", _FOLDER / "typos.csv")


def read_tables(groups_file: Path, rules_file: Path, typos_file: Path) -> WordTables:
    """Read the three files; ToolkitError names the file, row and column of the first row that is wrong."""
    groups: dict[str, tuple[str, ...]] = {}
    for where, row in _rows(groups_file):
        words = tuple(dict.fromkeys(folded(word) for word in _split(row["词语"])))
        if not row["组名"] or not words or row["组名"] in groups:
            raise ToolkitError("词组须有不重复的组名和至少一个词", where=where, mend="补上组名和词语，或删去这一行")
        groups[row["组名"]] = words
    typos = {}
    for where, row in _rows(typos_file):
        wrong, right = folded(row["错写"]), folded(row["正写"])
        if not wrong or len(wrong) != len(right):
            raise ToolkitError("错写与正写字数须相同", where=where, mend="改成字数相同的一对，或删去这一行")
        typos[wrong] = right
    rules: dict[str, WordRule] = {}
    for where, row in _rows(rules_file):
        rule = _rule(row, groups, where)
        if rule.code in rules:
            raise ToolkitError(f"规则编号“{rule.code}”重复", where=f"{where}“规则编号”", mend="换一个编号")
        rules[rule.code] = rule
    return WordTables(groups, tuple(rules.values()), typos)


def _rows(file: Path) -> Iterable[tuple[str, dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            yield f"{file.name} 第{number}行", {key: (value or "").strip() for key, value in row.items() if key}


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("、") if part.strip()]


def _rule(row: Mapping[str, str], groups: Mapping[str, tuple[str, ...]], where: str) -> WordRule:
    def must(good: bool, column: str, mend: str) -> None:
        if not good:
            raise ToolkitError(f"“{row[column]}”不能用作{column}", where=f"{where}“{column}”", mend=mend)

    must(bool(row["规则编号"]), "规则编号", "填写编号")
    must(row["问题类别"] in CATEGORIES, "问题类别", "从问题类别中选一个")
    must(row["严重程度"] in LEVELS, "严重程度", f"填 {'、'.join(LEVELS)} 之一")
    holds = frozenset(row["仍适用"].split())
    must(holds <= set(SURROUNDINGS), "仍适用", f"只能填 {'、'.join(SURROUNDINGS)}，用空格隔开")
    must(bool(_split(row["词句"])), "词句", "至少写一个词句")
    phrases = tuple(parse_phrase(text, groups, f"{where}“词句”") for text in _split(row["词句"]))
    unless = tuple(parse_phrase(text, groups, f"{where}“例外词”") for text in _split(row["例外词"]))
    clause = row["制度条款"] or CLAUSE_OF_SEVERITY.get(row["严重程度"], "三、(六)")
    return WordRule(row["规则编号"], row["问题类别"], row["严重程度"], phrases, holds, unless, clause, row["说明"])


def parse_phrase(text: str, groups: Mapping[str, tuple[str, ...]], where: str) -> Phrase:
    """`text` in the notation of this module; `where` names its cell in the refusal."""
    pieces: list[Piece] = []
    gap, across = 0, False
    position = 0
    for match in _PIECE.finditer(text):
        if match.start() != position:
            break
        position = match.end()
        group, far, near, word = match.groups()
        if far or near:
            gap, across = (FAR, True) if far else (NEAR, False)
            continue
        if group and group not in groups:
            raise ToolkitError(f"没有名为“{group}”的词组", where=where, mend="改成已有的组名，或先在词组表中添加")
        pieces.append(Piece(groups[group] if group else (folded(word),), gap if pieces else 0, across))
        gap, across = 0, False
    if position != len(text) or not pieces or gap:
        raise ToolkitError(f"词句“{text}”写法不对", where=where, mend="用 词、{组名}、…、…… 组成，两端须是词或组名")
    negative = any(mark in word for piece in pieces[:-1] for word in piece.words for mark in "没未无不冇莫呒弗")
    return Phrase(tuple(pieces), negative)
