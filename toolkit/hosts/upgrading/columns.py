"""Columns that a sheet lacks: header, width, look, validation and colours as shipped, right of all others."""

from copy import deepcopy

from lxml import etree

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.package import Package
from toolkit.hosts.parts.ranges import Growth, grow
from toolkit.hosts.parts.sheet_xml import SheetPart
from toolkit.hosts.upgrading.pattern import Pattern
from toolkit.model.fields import Field, Sheet


def add_columns(
    sheet: SheetPart, part: str, title: str, draft: Package, pattern: Pattern, model: Sheet, columns: dict[str, int]
) -> list[Field]:
    """Add the fields of `model` that `columns` (field → column) lacks, and put them there; returns the fields."""
    missing = [field for field in model if field.name not in columns]
    last = sheet.last_filled_row(max(columns.values(), default=0))
    added: dict[int, str] = {}
    for field in missing:
        column = sheet.free_column(max(columns.values(), default=0))
        theirs = model.names.index(field.name) + 1
        sheet.put(1, column, pattern.cells(model.title, 1)[theirs])
        set_column(sheet, column, *pattern.column(model.title, theirs))
        body = (2, theirs, ooxml.LAST_ROW, theirs)
        add_validations(sheet, pattern.validations(model.title, body), theirs, column, last)
        _add_colours(sheet, pattern.colours(model.title, body), theirs, column, last)
        columns[field.name] = column
        added[column] = field.header
    if added:
        _widen_colours(sheet, sorted(added))
        grow(sheet, part, title, draft, Growth(max(last, 1), max(last, 1), *_span(columns), added))
    return missing


def _span(columns: dict[str, int]) -> tuple[int, int]:
    return min(columns.values()), max(columns.values())


def set_column(sheet: SheetPart, column: int, width: str, style: int) -> None:
    """Width and look of one column; a span that holds it is split."""
    listed = ooxml.child(sheet.root, "cols")
    if listed is None:
        listed = ooxml.new(sheet.root, "cols")
        ooxml.place(sheet.root, listed, ooxml.WORKSHEET_ORDER)
    for span in list(listed):
        first, last = ooxml.number(span, "min"), ooxml.number(span, "max")
        if first <= column <= last:
            for low, high in ((first, column - 1), (column + 1, last)):
                if low <= high:
                    piece = deepcopy(span)
                    piece.set("min", str(low))
                    piece.set("max", str(high))
                    span.addprevious(piece)
            listed.remove(span)
    attributes = {"min": str(column), "max": str(column), "width": width or "12", "customWidth": "1"}
    if style:
        attributes["style"] = str(style)
    place = sum(ooxml.number(span, "min") < column for span in listed)
    listed.insert(place, ooxml.new(listed, "col", attributes))
    sheet.changed = True


def add_validations(
    sheet: SheetPart, validations: list[etree._Element], theirs: int, column: int, last: int, row: int = 0
) -> None:
    """Add validations of the pattern's column `theirs` at `column`: down to the data's last row at least, or in one
    `row` only."""
    if not validations:
        return
    container = ooxml.child(sheet.root, "dataValidations")
    if container is None:
        container = ooxml.new(sheet.root, "dataValidations")
        ooxml.place(sheet.root, container, ooxml.WORKSHEET_ORDER)
    place = (row, column, row, column) if row else (2, column, ooxml.LAST_ROW, column)
    if _taken(container, place):
        return
    for element in validations:
        _move(element, theirs, column, last, row)
        container.append(element)
    container.set("count", str(len(container)))
    sheet.changed = True


def _taken(container: etree._Element, place: ooxml.Box) -> bool:
    """Does a validation reach from elsewhere into a place that was empty so far?

    One that lies wholly in it guards nothing any more and goes; two in one cell would damage the file.
    """
    reaches = False
    for element in list(container):
        kept = []
        for reference in element.get("sqref", "").split():
            box = ooxml.box_of(reference)
            if box and place[0] <= box[0] and place[1] <= box[1] and box[2] <= place[2] and box[3] <= place[3]:
                continue
            kept.append(reference)
            meets = box and box[0] <= place[2] and box[2] >= place[0] and box[1] <= place[3] and box[3] >= place[1]
            reaches |= bool(meets)
        if kept:
            element.set("sqref", " ".join(kept))
        else:
            container.remove(element)
    return reaches


def _add_colours(sheet: SheetPart, colours: list[etree._Element], theirs: int, column: int, last: int) -> None:
    rules = [rule for block in ooxml.children(sheet.root, "conditionalFormatting") for rule in block]
    priority = max((ooxml.number(rule, "priority") for rule in rules), default=0)
    for element in colours:
        _move(element, theirs, column, last)
        for rule in ooxml.children(element, "cfRule"):
            priority += 1
            rule.set("priority", str(priority))
        ooxml.place(sheet.root, element, ooxml.WORKSHEET_ORDER)
        sheet.changed = True


def _move(element: etree._Element, theirs: int, column: int, last: int, row: int = 0) -> None:
    boxes = [box for reference in element.get("sqref", "").split() if (box := ooxml.box_of(reference))]
    bottom = max(*(box[2] for box in boxes), last)
    box = (row, column, row, column) if row else (boxes[0][0], column, bottom, column)
    element.set("sqref", ooxml.reference_of(box))
    for formula in element.iter():
        if formula.text and ooxml.local(formula).startswith("formula"):
            formula.text = formula.text.replace(f"${ooxml.letters(theirs)}2", f"${ooxml.letters(column)}2")


def _widen_colours(sheet: SheetPart, added: list[int]) -> None:
    """What runs over the whole row, such as the rules around filled rows, takes the new columns in."""
    for element in ooxml.children(sheet.root, "conditionalFormatting"):
        references = []
        for reference in element.get("sqref", "").split():
            box = ooxml.box_of(reference)
            if box and box[1] < box[3]:
                top, left, bottom, right = box
                while right + 1 in added:
                    right += 1
                reference = ooxml.reference_of((top, left, bottom, right))
            references.append(reference)
        element.set("sqref", " ".join(references))
