"""Ranges that belong to the data grow with it: tables, the filter, validations, conditional formats. None shrinks."""

from dataclasses import dataclass

from lxml import etree

from toolkit.hosts.parts import marks, ooxml
from toolkit.hosts.parts.package import Package
from toolkit.hosts.parts.sheet_xml import SheetPart


@dataclass(frozen=True)
class Growth:
    """The data lay in rows 2 to `old_last` (1 if there were none) and now reach `new_last`, in columns `left` to
    `right`; `added` are new headers by column."""

    old_last: int
    new_last: int
    left: int
    right: int
    added: dict[int, str]


def grow(sheet: SheetPart, part: str, title: str, package: Package, growth: Growth) -> None:
    """Extend everything that covered all the data, and only that."""
    _grow_lists(sheet, growth)
    if _grow_filter(ooxml.child(sheet.root, "autoFilter"), growth):
        sheet.changed = True
        _follow_filter(package, sheet, title)
    for relation in package.relations(part):
        if relation.kind == "table" and relation.target in package:
            _grow_table(package, relation.target, growth)


def _grown(box: ooxml.Box, growth: Growth) -> ooxml.Box | None:
    """The box down to the new last row, if it held all data rows of some data column; else None."""
    top, left, bottom, right = box
    covers = top <= 2 and bottom >= max(growth.old_last, 2) and left <= growth.right and right >= growth.left
    return (top, left, growth.new_last, right) if covers and bottom < growth.new_last else None


def _grow_lists(sheet: SheetPart, growth: Growth) -> None:
    outside_data = (part for part in sheet.root if ooxml.local(part) != "sheetData")
    for element in (inner for part in outside_data for inner in part.iter()):
        name = ooxml.local(element)
        if name in ("conditionalFormatting", "dataValidation") and element.get("sqref") and not marks.is_ours(element):
            spelled = _grown_list(element.get("sqref", ""), growth)
            if spelled != element.get("sqref"):
                element.set("sqref", spelled)
                sheet.changed = True
        elif name == "sqref" and element.text:  # of an x14 rule or validation
            spelled = _grown_list(element.text, growth)
            if spelled != element.text:
                element.text = spelled
                sheet.changed = True


def _grown_list(spelled: str, growth: Growth) -> str:
    references = spelled.split()
    boxes = [ooxml.box_of(reference) for reference in references]
    grown = [_grown(box, growth) if box else None for box in boxes]
    if not any(grown):
        return spelled
    return " ".join(ooxml.reference_of(box) if box else ref for box, ref in zip(grown, references, strict=True))


def _grow_filter(element: etree._Element | None, growth: Growth) -> bool:
    box = None if element is None else ooxml.box_of(element.get("ref", ""))
    if element is None or box is None or box[0] != 1:
        return False
    top, left, bottom, right = box
    while right + 1 in growth.added:
        right += 1
    wanted = (top, left, max(bottom, growth.new_last), right)
    element.set("ref", ooxml.reference_of(wanted))
    return wanted != box


def _follow_filter(package: Package, sheet: SheetPart, title: str) -> None:
    """_xlnm._FilterDatabase names the range of the filter a second time."""
    names = ooxml.child(package.workbook_xml, "definedNames")
    element = ooxml.child(sheet.root, "autoFilter")
    box = None if element is None else ooxml.box_of(element.get("ref", ""))
    if names is None or box is None:
        return
    top, left, bottom, right = box
    span = f"${ooxml.letters(left)}${top}:${ooxml.letters(right)}${bottom}"
    index = str(_index_of(package, title))
    for name in ooxml.children(names, "definedName"):
        if name.get("name") == "_xlnm._FilterDatabase" and name.get("localSheetId") == index and name.text:
            owner, mark, _ = name.text.rpartition("!")
            name.text = f"{owner}{mark}{span}"


def _index_of(package: Package, title: str) -> int:
    listed = ooxml.child(package.workbook_xml, "sheets")
    titles = [] if listed is None else [element.get("name") for element in ooxml.children(listed, "sheet")]
    return titles.index(title) if title in titles else -1


def _grow_table(package: Package, part: str, growth: Growth) -> None:
    """A table whose header is row 1; one with a total row, or filled by a query, stays as it is."""
    root = package.xml(part)
    box = ooxml.box_of(root.get("ref", ""))
    plain = root.get("headerRowCount", "1") == "1" and root.get("totalsRowCount", "0") == "0"
    if box is None or box[0] != 1 or not plain or root.get("tableType") == "queryTable":
        return
    top, left, bottom, right = box
    if left > growth.right or right < growth.left or bottom < growth.old_last:
        return
    columns = ooxml.child(root, "tableColumns")
    while right + 1 in growth.added:
        right += 1
        _add_table_column(columns, growth.added[right])
    wanted = (top, left, max(bottom, growth.new_last), right)
    if wanted == box:
        return
    root.set("ref", ooxml.reference_of(wanted))
    autofilter = ooxml.child(root, "autoFilter")
    if autofilter is not None:
        autofilter.set("ref", ooxml.reference_of(wanted))
    package.put(part, ooxml.serialise(root))


def _add_table_column(columns: etree._Element | None, header: str) -> None:
    if columns is not None:
        free = max((ooxml.number(column, "id") for column in columns), default=0) + 1
        columns.append(ooxml.new(columns, "tableColumn", {"id": str(free), "name": header}))
        columns.set("count", str(len(columns)))
