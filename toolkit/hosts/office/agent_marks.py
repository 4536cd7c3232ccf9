"""Marks and notes on the cells of an open document; part of the agent, see `agent.py`."""

import uno  # noqa: F401  (finds com.sun.star)
from com.sun.star.table import CellAddress

CONDITION, BY_FORMULA = 0, 24
MOST_ROWS_COPIED = 50_000


def _area(sheet, box):
    top, left, bottom, right = box
    return sheet.getCellRangeByPosition(left, top, right, bottom)


def marks(document, sheet, ours, wanted):
    """Conditional formats of a formula that is one of `ours` become `wanted`: [formula, colour, boxes] each.

    Where several formats apply to a cell the oldest is shown, so the others are made anew behind ours. Those with
    anything but plain conditions (colour scales, icons) do not hide ours and stay.
    """
    formats = sheet.ConditionalFormats
    before = sorted(formats.getConditionalFormats(), key=lambda one: one.ID)
    if not wanted and not any(_is_one_of(ours, one) for one in before):
        return
    for formula, colour, boxes in wanted:
        cells = [_area(sheet, box).RangeAddress for box in boxes]
        _condition(
            document, formats, cells, [(BY_FORMULA, formula, "", _style(document, colour, _area(sheet, boxes[0])))]
        )
    for one in before:
        entries = [one.getByIndex(i) for i in range(one.Count)]
        if not entries or any(entry.Type != CONDITION for entry in entries):
            continue
        if not _is_one_of(ours, one):
            rules = [(e.Operator, e.Formula1, e.Formula2, e.StyleName) for e in entries]
            _condition(document, formats, one.Range.RangeAddresses, rules)
        formats.removeByID(one.ID)
    # The list of formats is right now, but the cells do not know it yet: copied onto themselves they learn. All of
    # each format, or it would come behind those that reach further.
    boxes = [box for one in formats.getConditionalFormats() for box in one.Range.RangeAddresses]
    if boxes:
        right = max(box.EndColumn for box in boxes)
        bottom = min(max(box.EndRow for box in boxes), MOST_ROWS_COPIED)
        area = sheet.getCellRangeByPosition(0, 1, right, max(bottom, 1))
        sheet.copyRange(sheet.getCellByPosition(0, 1).CellAddress, area.RangeAddress)


def _is_one_of(ours, one):
    return any(getattr(one.getByIndex(i), "Formula1", "") in ours for i in range(one.Count))


def _condition(document, formats, boxes, rules):
    """A new conditional format; each rule: operator, formulas, style."""
    ranges = document.createInstance("com.sun.star.sheet.SheetCellRanges")
    ranges.addRangeAddresses(tuple(boxes), False)
    made = formats.createByRange(ranges)
    one = next(one for one in formats.getConditionalFormats() if made == one.ID)
    for number, (operator, first, second, style) in enumerate(rules):
        one.createEntry(CONDITION, number)
        entry = one.getByIndex(number)
        entry.Operator, entry.Formula1, entry.Formula2, entry.StyleName = operator, first, second, style


def _style(document, colour, like):
    """Name of the cell style of a mark; the cell `like` gives the alignment."""
    styles, name = document.StyleFamilies.getByName("CellStyles"), f"回访校验_{colour:06X}"
    if not styles.hasByName(name):
        styles.insertByName(name, document.createInstance("com.sun.star.style.CellStyle"))
        made = styles.getByName(name)
        # The default style's alignment counts as well where ours says nothing.
        made.CellBackColor, made.VertJustify = colour, like.VertJustify
    return name


def notes(sheet):
    """[row, column, text] of every note."""
    found = sheet.Annotations
    notes = [found.getByIndex(i) for i in range(found.Count)]
    return [[note.Position.Row, note.Position.Column, note.String] for note in notes]


def set_notes(sheet, wanted):
    """`wanted`: [row, column, text] each; "" removes the note."""
    annotations, number = sheet.Annotations, sheet.RangeAddress.Sheet
    places = [(annotations.getByIndex(i).Position, i) for i in range(annotations.Count)]
    standing = {(place.Row, place.Column): i for place, i in places}
    gone = sorted((standing[row, column] for row, column, _ in wanted if (row, column) in standing), reverse=True)
    for index in gone:
        annotations.removeByIndex(index)
    for row, column, text in wanted:
        if text:
            place = CellAddress(number, column, row)
            annotations.insertNew(place, text)
