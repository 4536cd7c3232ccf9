"""Looks at a sheet's bytes (`hosts.parts.glance`) hold against the exact searches that they spare.

1. The reach of cells is that of their addresses, wherever a piece of the XML ends; any other spelling is unbounded.
2. Formulas are found in cells only; error values are never overlooked.
"""

import random
import re

import pytest

from toolkit.hosts.parts import glance, ooxml
from toolkit.hosts.parts.extent import filled_extent


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(glance, "_PIECE", 97)


def sheet(chance: random.Random) -> tuple[bytes, int, int]:
    """XML with some cells in random places, and their last row and column."""
    prefix = chance.choice(("", "", "x:"))
    last = chance.choice(((50, 9), (20_000, 27), (1_048_576, 702)))
    rows = sorted(chance.sample(range(1, last[0] + 1), 20))
    columns = [sorted(chance.sample(range(1, last[1] + 1), 5)) for _ in rows]
    out = []
    for row, here in zip(rows, columns, strict=True):
        out.append(f'<{prefix}row r="{row}">')
        for column in here:
            address = f"{ooxml.letters(column)}{row}"
            inside = chance.choice(["", "", f"<{prefix}f>A1</{prefix}f>", "<t>:f c=1</t>"]) * (chance.random() < 0.02)
            kind = chance.choice(("", "", ' t="inlineStr"', ' t="e"' * (chance.random() < 0.02)))
            out.append(f'<{prefix}c r="{address}" s="1"{kind}>{inside}<{prefix}v>1</{prefix}v></{prefix}c>')
        out.append(f"</{prefix}row>")
    xml = f"<x:a><x:sheetData>{''.join(out)}</x:sheetData><x:f>A1</x:f></x:a>".encode()
    return xml, rows[-1], max(map(max, columns))


@pytest.mark.parametrize("seed", range(60))
def test_a_glance_sees_what_a_search_finds(seed):
    xml, row, column = sheet(random.Random(seed))
    assert filled_extent(xml)[:2] == (row, column)
    assert glance.reach(xml) == row * column
    cells = xml[: xml.rfind(b"</x:sheetData>")]
    assert glance.has_formulas(xml) == bool(re.search(rb"<(\w+:)?f[\s/>]", cells))
    assert glance.may_hold_errors(xml) == (b't="e"' in xml)


@pytest.mark.parametrize(
    "cell",
    [
        b"<c><v>1</v></c>",
        b'<c s="1" r="B2"><v>1</v></c>',
        b'<c r ="XFD9">',
        b'<c  r="A1">',
        b'<c r  =  "A1">',
        b"<c r='A1'>",
        b'<c\nr="A1">',
        b'<c r=" A1">',
        b'<c r="$A$1">',
        b'<c r="[1">',
        b'<c r="A">',
        b'<c r="1">',
        b'<c r="A0">',
        b'<c r="AAA1">',
        b'<c r="A12345678">',
    ],
)
def test_an_unusual_address_is_left_to_a_closer_look(cell):
    usual = b'<sheetData><row r="1"><c r="A1"><v>1</v></c>'
    assert glance.reach(usual) == 1
    assert glance.reach(usual + cell + b"</row></sheetData>") == float("inf")


def test_a_prefixed_cell_without_address_is_not_taken_for_the_end_of_one():
    usual = b'<x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c><x:c r="B1" s="1"/></x:row>'
    assert glance.reach(usual + b"</x:sheetData>") == 2
    assert glance.reach(usual + b"<x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData>") == float("inf")
    assert glance.reach(usual + b"<y:c>1</y:c></x:sheetData>") == float("inf")


def test_a_sheet_without_cells():
    assert glance.reach(b"") == 0
    assert not glance.has_formulas(b"<sheetData/><f>A1</f>")
    assert not glance.may_hold_errors(b"<sheetData/>")


@pytest.mark.parametrize("spelling", [b't="e"', b"t='e'", b't = "e"'])
def test_an_error_value_however_it_is_spelled(spelling):
    assert glance.may_hold_errors(
        b'<sheetData><row r="1"><c r="A1" ' + spelling + b"><v>#N/A</v></c></row></sheetData>"
    )
