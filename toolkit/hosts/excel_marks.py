"""Marks, notes and links on the cells of an open Excel workbook; each can be read, so that it can be put back."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import xlwings as xw

from toolkit.hosts.excel_calls import call_errors, is_unknown_name
from toolkit.hosts.opened.notes_text import with_lines
from toolkit.hosts.opened.sheet_plan import Cell
from toolkit.hosts.parts import marks, ooxml
from toolkit.hosts.parts.links import MOST_LINKS
from toolkit.hosts.parts.wishes import Target
from toolkit.model import values as v

_LONGEST_ADDRESS = 240  # characters that Range takes at once


def marked(sheet: xw.Sheet) -> dict[Cell, str]:
    """Cells that our rules mark now, with their level."""
    found: dict[Cell, str] = {}
    for rule in sheet.cells.conditional_formats:
        level = _level(rule)
        # Area by area: the address of many areas is cut off at 255 characters.
        for area in rule.impl.api.AppliesTo.Areas if level else ():
            top, left, bottom, right = ooxml.box_of(area.Address.replace("$", "")) or (1, 1, 0, 0)
            found |= {(row, column): level for row in range(top, bottom + 1) for column in range(left, right + 1)}
    return found


def _level(rule: xw.main.ConditionalFormat) -> str:
    return marks.level_of_formula(rule.formula or "") if rule.type == "custom" else ""


def paint(sheet: xw.Sheet, wanted: Mapping[Cell, str]) -> None:
    """Make our rules mark exactly `wanted`; they stand before all others, the gravest first."""
    rules = sheet.cells.conditional_formats
    for number in range(len(rules) - 1, -1, -1):
        if _level(rules[number]):
            rules[number].delete()
    for level in reversed(v.FINDING_LEVELS):
        references = marks.references(cell for cell, of in wanted.items() if of == level)
        for address in _chunks(references):
            formula = f"={marks.formula(level)}"
            sheet.range(address).conditional_formats.add_custom(formula, fill_color=f"#{marks.FILLS[level][2:]}")


def _chunks(references: Sequence[str]) -> list[str]:
    chunks: list[str] = []
    for reference in references:
        if chunks and len(chunks[-1]) + len(reference) < _LONGEST_ADDRESS:
            chunks[-1] += f",{reference}"
        else:
            chunks.append(reference)
    return chunks


def notes(sheet: xw.Sheet) -> dict[Cell, str]:
    """The text of every note of the sheet."""
    return {(note.location.row, note.location.column): note.text for note in sheet.notes}


def write_notes(sheet: xw.Sheet, present: Mapping[Cell, str], ours: Mapping[Cell, str]) -> None:
    """Make our lines exactly `ours`; what else a note says stays, and one that said nothing else goes.

    A cell with a threaded comment can carry no note and is left alone.
    """
    for cell in sorted({*present, *ours} - _threaded(sheet)):
        put_note(sheet, cell, present.get(cell), with_lines(present.get(cell, ""), ours.get(cell, "")))


def _threaded(sheet: xw.Sheet) -> set[Cell]:
    """Cells with threaded comments; none in an Excel that does not know them (before Microsoft 365)."""
    try:
        return {(comment.location.row, comment.location.column) for comment in sheet.comments}
    except call_errors() as error:
        if is_unknown_name(error):
            return set()
        raise


def put_back_notes(sheet: xw.Sheet, earlier: Mapping[Cell, str]) -> None:
    """Make all notes say again what they said."""
    present = notes(sheet)
    for cell in sorted({*present, *earlier}):
        put_note(sheet, cell, present.get(cell), earlier.get(cell, ""))


def put_note(sheet: xw.Sheet, cell: Cell, present: str | None, text: str) -> None:
    """Make the note of a cell say `text`; "" takes it away."""
    if text == (present or ""):
        return
    target = sheet.range(cell)
    note = target.note if present is not None else None
    if note is None:
        target.add_note(text)
    elif text:
        note.text = text
    else:
        note.delete()


def links(sheet: xw.Sheet, column: int) -> dict[int, str]:
    """Row → place in the workbook that a cell of the column jumps to."""
    return {
        link.Range.Row: link.SubAddress
        for link in sheet.api.Hyperlinks
        if link.Range.Column == column and link.Range.Row > 1
    }


def link_places(targets: Sequence[Target]) -> dict[int, str]:
    """Row → place, as Excel spells it."""
    places = {}
    for row, title, address in targets[:MOST_LINKS]:
        quoted = title.replace("'", "''")
        places[row] = f"'{quoted}'!{address}"
    return places


def set_links(sheet: xw.Sheet, column: int, present: Mapping[int, str], wanted: Mapping[int, str]) -> None:
    """Make the links of the column exactly `wanted`; the cells keep their values."""
    gone = sorted(row for row in present if row not in wanted)
    for _, run in groupby(enumerate(gone), key=lambda pair: pair[1] - pair[0]):
        rows = [row for _, row in run]
        sheet.range((rows[0], column), (rows[-1], column)).api.ClearHyperlinks()
    for row, place in wanted.items():
        if present.get(row) != place:
            cell = sheet.range((row, column)).api
            sheet.api.Hyperlinks.Add(Anchor=cell, Address="", SubAddress=place)
