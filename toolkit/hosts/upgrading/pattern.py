"""The shipped workbook as a pattern: its sheets, cells, validations and colours in the words of another workbook."""

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.package import STRICT, TRANSITIONAL, Package, sheet_entries
from toolkit.hosts.parts.styles import Styles

_SPACES = (
    (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    (TRANSITIONAL.encode(), STRICT.encode()),
)
# What hangs on other parts (buttons, drawings, printers): the other workbook has none of them.
_HANGING = frozenset({"drawing", "legacyDrawing", "legacyDrawingHF", "controls", "AlternateContent", "oleObjects",
                      "picture", "tableParts", "extLst"})  # fmt: skip


class Pattern:
    """`styles` are those of the workbook that takes over; sheets and cells come out with its style numbers."""

    def __init__(self, package: Package, styles: Styles, *, strict: bool) -> None:
        self._package, self._styles, self._strict = package, styles, strict
        self._own_styles = Styles(package)
        self._parts = {entry.title: entry.part for entry in sheet_entries(package)}
        self._sheets: dict[str, etree._Element] = {}
        self._strings = self._shared_strings()

    def _shared_strings(self) -> list[etree._Element]:
        parts = [r.target for r in self._package.relations(self._package.main) if r.kind == "sharedStrings"]
        return [item for part in parts for item in ooxml.children(self._parsed(part), "si")]

    def _parsed(self, part: str) -> etree._Element:
        content = self._package.read(part)
        for plain, strict in _SPACES if self._strict else ():
            content = content.replace(plain, strict)
        return ooxml.parse(content, self._package.where)

    def sheet(self, title: str) -> etree._Element:
        """The sheet with the taker's style numbers and its texts in the cells; not to be changed."""
        if title not in self._sheets:
            root = self._parsed(self._parts[title])
            for element in [part for part in root if ooxml.local(part) in _HANGING]:
                root.remove(element)
            for element in list(root.iter()):
                self._translate(element)
            self._sheets[title] = root
        return self._sheets[title]

    def _translate(self, element: etree._Element) -> None:
        name = ooxml.local(element)
        if name in ("c", "row") and element.get("s"):
            element.set("s", str(self._styles.adopt(self._own_styles, ooxml.number(element, "s"))))
        elif name == "col" and element.get("style"):
            element.set("style", str(self._styles.adopt(self._own_styles, ooxml.number(element, "style"))))
        elif name == "cfRule" and element.get("dxfId"):
            element.set("dxfId", str(self._styles.adopt_rule(self._own_styles, ooxml.number(element, "dxfId"))))
        elif name == "sheetView":
            element.attrib.pop("tabSelected", "")
        elif name == "pageSetup":
            for key in [key for key in element.attrib if str(key).endswith("}id")]:
                del element.attrib[key]
        if name == "c" and element.get("t") == "s":
            self._inline(element)

    def _inline(self, cell: etree._Element) -> None:
        shown = ooxml.child(cell, "v")
        string = self._strings[int(shown.text or 0)] if shown is not None else None
        for part in list(cell):
            cell.remove(part)
        cell.set("t", "inlineStr")
        text = ooxml.new(cell, "is")
        text.extend(deepcopy(part) for part in (string if string is not None else ()))
        cell.append(text)

    def whole(self, title: str) -> bytes:
        """The sheet's part, ready to be added."""
        return ooxml.serialise(deepcopy(self.sheet(title)))

    def rows(self, title: str) -> Iterator[tuple[int, etree._Element]]:
        data = ooxml.child(self.sheet(title), "sheetData")
        for row in [] if data is None else data:
            yield ooxml.number(row, "r"), row

    def cells(self, title: str, row: int) -> dict[int, etree._Element]:
        """Copies of a row's cells by column."""
        found = next((element for number, element in self.rows(title) if number == row), ())
        return {ooxml.cell_of(cell.get("r", ""))[1]: deepcopy(cell) for cell in found}

    def height(self, title: str, row: int) -> str:
        """Height of a row in points; "" if it is the usual one."""
        return next((element.get("ht", "") for number, element in self.rows(title) if number == row), "")

    def column(self, title: str, column: int) -> tuple[str, int]:
        """(width, style) of a column; ("", 0) if the sheet says nothing."""
        listed = ooxml.child(self.sheet(title), "cols")
        for element in [] if listed is None else listed:
            if ooxml.number(element, "min") <= column <= ooxml.number(element, "max"):
                return element.get("width", ""), ooxml.number(element, "style")
        return "", 0

    def validations(self, title: str, box: ooxml.Box) -> list[etree._Element]:
        """Copies of the validations that lie wholly in a rectangle."""
        container = ooxml.child(self.sheet(title), "dataValidations")
        return [deepcopy(e) for e in ([] if container is None else container) if _inside(e, box)]

    def colours(self, title: str, box: ooxml.Box) -> list[etree._Element]:
        """Copies of the conditional formats that lie wholly in a rectangle."""
        return [deepcopy(e) for e in ooxml.children(self.sheet(title), "conditionalFormatting") if _inside(e, box)]


def _inside(element: etree._Element, box: ooxml.Box) -> bool:
    boxes = [ooxml.box_of(reference) for reference in element.get("sqref", "").split()]
    top, left, bottom, right = box
    return bool(boxes) and all(
        b is not None and top <= b[0] and left <= b[1] and b[2] <= bottom and b[3] <= right for b in boxes
    )
