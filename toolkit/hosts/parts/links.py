"""Cells that jump: the hyperlinks of one column are rebuilt, all others stay."""

from collections.abc import Iterable

from lxml import etree

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.sheet_xml import SheetPart

MOST_LINKS = 60_000  # Excel keeps at most 65,530 in a sheet


def rebuild(sheet: SheetPart, column: int, targets: Iterable[tuple[int, str, str]]) -> None:
    """Make the links of `column` exactly those of `targets` (row, sheet title, address in it); the first
    `MOST_LINKS` of them."""
    wanted: dict[str, str] = {}
    for row, title, target in targets:
        if len(wanted) < MOST_LINKS:
            quoted = title.replace("'", "''")
            wanted[ooxml.address(row, column)] = f"'{quoted}'!{target}"
    listed = ooxml.child(sheet.root, "hyperlinks")
    present = [] if listed is None else ooxml.children(listed, "hyperlink")
    ours = [element for element in present if _in_column(element, column)]
    if {element.get("ref"): element.get("location") for element in ours} == wanted and len(ours) == len(wanted):
        return
    sheet.changed = True
    if listed is None:
        listed = ooxml.new(sheet.root, "hyperlinks")
        ooxml.place(sheet.root, listed, ooxml.WORKSHEET_ORDER)
    for element in ours:
        listed.remove(element)
    tag = f"{{{ooxml.namespace(listed)}}}hyperlink"
    for reference, location in wanted.items():
        etree.SubElement(listed, tag, {"ref": reference, "location": location, "display": reference_text(location)})
    if not len(listed):
        sheet.root.remove(listed)


def reference_text(location: str) -> str:
    return location.rpartition("!")[2]


def _in_column(element: etree._Element, column: int) -> bool:
    box = ooxml.box_of(element.get("ref", ""))
    return box is not None and box[1] == box[3] == column and box[0] >= 2
