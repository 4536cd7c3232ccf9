"""The decision table for words: consistent in itself, and refused by name where it is broken.

Requirements
T1  Shipped rows are whole: unique codes, known categories and severities, every category has a rule.
T2  A broken row is refused naming file, row and column, with the mend.
T3  Every phrase can fire, and its words are found wherever they stand.
"""

import shutil
from pathlib import Path

import pytest

from toolkit.model.errors import ToolkitError
from toolkit.rules.words import finder, tables
from toolkit.rules.words.matching import shipped_matcher
from toolkit.rules.words.scope import CUE_GROUPS
from toolkit.rules.words.text import folded, read_notes

FOLDER = Path(tables.__file__).parent
FILES = ("word_groups.csv", "word_rules.csv", "typos.csv")


def test_shipped_tables_are_whole():
    """T1"""
    shipped = tables.shipped_tables()
    assert {rule.category for rule in shipped.rules} == set(tables.CATEGORIES)
    assert set(CUE_GROUPS) <= set(shipped.groups)
    assert all(rule.clause and rule.note for rule in shipped.rules)


@pytest.mark.parametrize(
    ("file", "line", "where"),
    [
        ("word_rules.csv", "W999,逾期,严重,逾期,,,,错的等级", "“严重程度”"),
        ("word_rules.csv", "W999,晚还,重要,逾期,,,,错的类别", "“问题类别”"),
        ("word_rules.csv", "W999,逾期,重要,{没有这组},,,,没有的词组", "“词句”"),
        ("word_rules.csv", "W999,逾期,重要,逾期…,,,,半句", "“词句”"),
        ("word_rules.csv", "W999,逾期,重要,,,,,空词句", "“词句”"),
        ("word_rules.csv", "W999,逾期,重要,逾期,平时,,,错的场合", "“仍适用”"),
        ("word_rules.csv", "W101,逾期,重要,逾期,,,,重复编号", "“规则编号”"),
        ("word_groups.csv", "钱,现金,重复组名", "word_groups.csv"),
        ("typos.csv", "欲期了,逾期", "typos.csv"),
    ],
)
def test_broken_rows_are_named(tmp_path, file, line, where):
    """T2"""
    for name in FILES:
        shutil.copy(FOLDER / name, tmp_path / name)
    text = (tmp_path / file).read_text(encoding="utf-8").rstrip("\n") + "\n" + line + "\n"
    (tmp_path / file).write_text(text, encoding="utf-8")
    row = f"第{len(text.splitlines())}行"
    with pytest.raises(ToolkitError) as caught:
        tables.read_tables(*(tmp_path / name for name in FILES))
    assert row in str(caught.value)
    assert where in str(caught.value)


def test_every_word_is_found():
    """T3"""
    words = sorted({word for group in tables.shipped_tables().groups.values() for word in group})
    search = finder.WordFinder([[ord(letter) for letter in word] for word in words])
    notes = read_notes([f"啊{word}啊" for word in words])
    hits = search.find(notes.codes)
    found = set(zip(hits.word.tolist(), notes.note[hits.start].tolist(), strict=True))
    assert {(number, number) for number in range(len(words))} <= found


@pytest.mark.parametrize(
    ("text", "code", "fires"),
    [
        ("贷款拿去炒股了", "W101", True),
        ("贷款，前几天他自己又说起拿去炒股", "W103", False),
        ("没有把贷款拿去炒股", "W101", False),
        ("催收的上门骂人", "W191", True),
        ("没有发生催收上门骂人", "W191", False),
        ("搞不清受拖支付", "W240", True),
        ("收了我两千好处废", "W170", True),
    ],
)
def test_rules_fire_where_they_hold(text, code, fires):
    """T3"""
    matcher = shipped_matcher()
    firings = matcher.read(read_notes([text])).firings
    holding = {matcher.tables.rules[rule].code for rule in firings.rule[firings.status == 0].tolist()}
    assert (code in holding) == fires


def test_folding_keeps_every_place():
    """T3"""
    text = "ＤＫ，贷款“１２”！\u3000帳戶😀"
    assert len(folded(text)) == len(text)
    assert folded("ＡＢ，１") == "ab,1"
