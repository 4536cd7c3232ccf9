"""The decision table for words: groups of words that mean the same, rules over them, known misspellings.

All three are CSV files a risk officer can read; a broken row is refused by naming its file, row and column.
Phrases: a word as it stands; `{组名}` any word of a group; `…` up to 8 characters in the same clause;
`……` up to 40 characters anywhere later in the note; phrases are separated by `、`.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from toolkit.model.errors import ToolkitError
from toolkit.model.rule_tables import CLAUSE_OF_SEVERITY
from toolkit.model.values import HARMLESS_CATEGORIES, ISSUE_CATEGORIES, NO_ISSUE, SEVERITIES
from toolkit.rules.words.text import folded

_FOLDER = Path(__file__).parent
CATEGORIES = (*ISSUE_CATEGORIES, *HARMLESS_CATEGORIES)
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


# Names the cell of a column of the row at hand, for the refusal.
Where = Callable[[str], str]
# The row of the word groups that holds misspellings (错写=正写) instead of words that mean the same.
TYPOS = "错别字"


@cache
def shipped_tables() -> WordTables:
    """The tables as shipped beside this module."""
    return read_tables(_FOLDER / "word_groups.csv", _FOLDER / "word_rules.csv", _FOLDER / "typos.csv")


def read_tables(groups_file: Path, rules_file: Path, typos_file: Path) -> WordTables:
    """Read the three files; ToolkitError names the file, row and column of the first row that is wrong."""
    pairs = [(where("错写"), row["错写"], row["正写"]) for where, row in rows_of(typos_file)]
    return build_tables(rows_of(groups_file), rows_of(rules_file), pairs)


def build_tables(
    group_rows: Iterable[tuple[Where, Mapping[str, str]]],
    rule_rows: Iterable[tuple[Where, Mapping[str, str]]],
    typo_pairs: Iterable[tuple[str, str, str]],
) -> WordTables:
    """Tables from rows keyed by their Chinese headers; `typo_pairs`: place, misspelling, word meant.

    Raises ToolkitError naming the cell of the first row that is wrong.
    """
    groups: dict[str, tuple[str, ...]] = {}
    for where, row in group_rows:
        words = tuple(dict.fromkeys(folded(word) for word in split_words(row["词语"])))
        if not row["组名"] or not words or row["组名"] in groups:
            column = "词语" if row["组名"] and row["组名"] not in groups else "组名"
            raise ToolkitError(
                "词组须有不重复的组名和至少一个词", where=where(column), mend="补上组名和词语，或删去这一行"
            )
        groups[row["组名"]] = words
    typos = {}
    for place, wrong, right in typo_pairs:
        wrong, right = folded(wrong), folded(right)
        if not wrong or len(wrong) != len(right):
            raise ToolkitError("错写与正写字数须相同", where=place, mend="改成字数相同的一对，或删去这一对")
        typos[wrong] = right
    rules: dict[str, WordRule] = {}
    for where, row in rule_rows:
        rule = _rule(row, groups, where)
        if rule.code in rules:
            raise ToolkitError(f"规则编号“{rule.code}”重复", where=where("规则编号"), mend="换一个编号")
        rules[rule.code] = rule
    return WordTables(groups, tuple(rules.values()), typos)


def rows_of(file: Path) -> Iterable[tuple[Where, dict[str, str]]]:
    """Rows of a shipped file by header, each with what names its cells."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            yield partial(_place, f"{file.name} 第{number}行"), _stripped(row)


def _place(row: str, column: str) -> str:
    return f"{row}“{column}”"


def _stripped(row: Mapping[str | None, str | None]) -> dict[str, str]:
    return {key: (value or "").strip() for key, value in row.items() if key}


def split_words(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("、") if part.strip()]


def rows_as_shipped(name: str) -> list[dict[str, str]]:
    """Rows of word_groups, word_rules or typos as shipped, by header."""
    return [row for _, row in rows_of(_FOLDER / f"{name}.csv")]


def _rule(row: Mapping[str, str], groups: Mapping[str, tuple[str, ...]], where: Where) -> WordRule:
    def must(good: bool, column: str, mend: str) -> None:
        if not good:
            raise ToolkitError(f"“{row[column]}”不能用作{column}", where=where(column), mend=mend)

    must(bool(row["规则编号"]), "规则编号", "填写编号")
    must(row["问题类别"] in CATEGORIES, "问题类别", "从问题类别中选一个")
    must(row["严重程度"] in LEVELS, "严重程度", f"填 {'、'.join(LEVELS)} 之一")
    holds = frozenset(row["仍适用"].replace("、", " ").split())
    must(holds <= set(SURROUNDINGS), "仍适用", f"只能填 {'、'.join(SURROUNDINGS)}，用空格隔开")
    must(bool(split_words(row["词句"])), "词句", "至少写一个词句")
    phrases = tuple(parse_phrase(text, groups, where("词句")) for text in split_words(row["词句"]))
    unless = tuple(parse_phrase(text, groups, where("例外词")) for text in split_words(row["例外词"]))
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
