"""Cell styles of a workbook: the look of a cell is kept, and only a missing number format is added to a clone of it."""

import re
from copy import deepcopy

from lxml import etree

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.cell_values import TEXT_KINDS, Stored
from toolkit.hosts.parts.package import Package
from toolkit.model.fields import Kind, Owner

DATE_FORMAT, TIMESTAMP_FORMAT, TIME_FORMAT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm"
PERCENT_FORMAT, MONEY_FORMAT, TEXT_FORMAT = "0.0%", "#,##0.00", "@"
GENERAL = "General"

# ECMA-376 part 1, 18.8.30: formats that a file names by number only.
_BUILT_IN = {0: GENERAL, 4: MONEY_FORMAT, 9: "0%", 10: "0.00%", 49: TEXT_FORMAT}
_BUILT_IN |= dict.fromkeys((*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)), DATE_FORMAT)
_BUILT_IN |= dict.fromkeys((*range(18, 22), *range(32, 36), 45, 46, 47), TIME_FORMAT)
_FIRST_CUSTOM = 164
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_FILL = {Owner.STAFF: "FFFFF2CC", Owner.TOOL: "FFE7E6E6"}
_LINK_COLOUR = "FF0563C1"
_SPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_EMPTY = (
    b'<styleSheet xmlns="' + _SPACE + b'"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    b'</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" '
    b'borderId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    b"</cellXfs></styleSheet>"
)


class Styles:
    """styles.xml of a draft. Every method returns an index; what is there already is used again."""

    def __init__(self, package: Package) -> None:
        self._package = package
        parts = [r.target for r in package.relations(package.main) if r.kind == "styles" and r.target in package]
        self._part = parts[0] if parts else ""
        self._root = package.xml(self._part) if parts else ooxml.parse(_EMPTY, package.where)
        self._known: dict[tuple, int] = {}
        self._changed = False
        empty = ooxml.parse(_EMPTY.replace(_SPACE, ooxml.namespace(self._root).encode()), package.where)
        for name in ("fonts", "fills", "cellXfs"):  # a workbook of a bare-bones program may lack them
            if not len(self._list(name)):
                self._list(name).extend(ooxml.child(empty, name) or ())

    def save(self) -> None:
        """Put the part into the draft if anything was added."""
        if not self._changed:
            return
        if not self._part:
            self._part = f"{self._package.main.rpartition('/')[0]}/styles.xml".lstrip("/")
            self._package.relate(self._package.main, "styles", self._part)
            self._package.declare(self._part, "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml")
        self._package.put(self._part, ooxml.serialise(self._root))

    def for_value(self, style: int, kind: Kind | None, value: Stored) -> int:
        """`style`, or its clone with the number format that the value of this kind cannot do without."""
        timed = value.type == "d" and not float(value.value).is_integer()
        key = ("value", style, kind, value.type, timed)
        if key not in self._known:
            self._known[key] = self._for_value(style, kind, value.type, timed)
        return self._known[key]

    def _for_value(self, style: int, kind: Kind | None, type_: str, timed: bool) -> int:
        code = number_format_for(self._format(style), kind, type_, timed)
        return self.with_format(style, code) if code else style

    def for_column(self, kind: Kind) -> int:
        """A plain style for the cells of a new column, so that staff's typing is taken as meant."""
        code = column_format(kind)
        return 0 if code == GENERAL else self.with_format(0, code)

    def with_format(self, style: int, code: str) -> int:
        """Clone of `style` with a number format."""
        clone = self._clone(style)
        clone.set("numFmtId", str(self._format_id(code)))
        clone.set("applyNumberFormat", "1")
        return self._index("cellXfs", clone)

    def link(self, style: int) -> int:
        """Clone of `style` in blue and underlined; the style itself if its font is underlined already."""
        if ("link", style) not in self._known:
            clone = self._clone(style)
            fonts, number = self._list("fonts"), ooxml.number(clone, "fontId")
            font = deepcopy(fonts[number if number < len(fonts) else 0])
            if ooxml.child(font, "u") is not None:
                self._known["link", style] = style
            else:
                for colour in ooxml.children(font, "color"):
                    font.remove(colour)
                place = next(
                    (i for i, part in enumerate(font) if ooxml.local(part) in ("vertAlign", "sz", "name")), len(font)
                )
                font.insert(place, ooxml.new(font, "u"))
                after = [i for i, part in enumerate(font) if ooxml.local(part) in ("u", "vertAlign", "sz")]
                font.insert(after[-1] + 1, ooxml.new(font, "color", {"rgb": _LINK_COLOUR}))
                clone.set("fontId", str(self._index("fonts", font)))
                clone.set("applyFont", "1")
                self._known["link", style] = self._index("cellXfs", clone)
        return self._known["link", style]

    def wraps(self, style: int) -> bool:
        """Texts in this style go on to further lines."""
        key = ("wraps", style)
        if key not in self._known:
            alignment = ooxml.child(self._clone(style), "alignment")
            wrapped = alignment is not None and alignment.get("wrapText") in ("1", "true")
            self._known[key] = int(wrapped)
        return bool(self._known[key])

    def wrapped(self, style: int) -> int:
        """Clone of `style` in which texts go on to further lines."""
        clone = self._clone(style)
        alignment = ooxml.child(clone, "alignment")
        if alignment is None:
            alignment = ooxml.new(clone, "alignment")
            clone.insert(0, alignment)
        alignment.set("wrapText", "1")
        clone.set("applyAlignment", "1")
        return self._index("cellXfs", clone)

    def header(self, owner: Owner) -> int:
        """Bold, centred, on pale yellow (staff) or grey (tool)."""
        xfs = self._list("cellXfs")
        font = deepcopy(self._list("fonts")[0])
        if ooxml.child(font, "b") is None:
            font.insert(0, ooxml.new(font, "b"))
        fills = self._list("fills")
        fill = ooxml.new(fills, "fill")
        pattern = etree.SubElement(fill, f"{{{ooxml.namespace(fill)}}}patternFill", {"patternType": "solid"})
        pattern.append(ooxml.new(pattern, "fgColor", {"rgb": _FILL[owner]}))
        pattern.append(ooxml.new(pattern, "bgColor", {"indexed": "64"}))
        attributes = {
            "numFmtId": "0",
            "fontId": str(self._index("fonts", font)),
            "fillId": str(self._index("fills", fill)),
            "borderId": "0",
            "xfId": "0",
            "applyFont": "1",
            "applyFill": "1",
            "applyAlignment": "1",
        }
        xf = ooxml.new(xfs, "xf", attributes)
        xf.append(ooxml.new(xf, "alignment", {"horizontal": "center", "vertical": "center", "wrapText": "1"}))
        return self._index("cellXfs", xf)

    def fill_rule(self, rgb: str) -> int:
        """The dxf of a conditional format that only paints the cell."""
        dxfs = self._list("dxfs")
        dxf = ooxml.new(dxfs, "dxf")
        space = ooxml.namespace(dxf)
        pattern = etree.SubElement(etree.SubElement(dxf, f"{{{space}}}fill"), f"{{{space}}}patternFill")
        pattern.append(ooxml.new(pattern, "bgColor", {"rgb": rgb}))
        return self._index("dxfs", dxf)

    def adopt(self, other: "Styles", style: int) -> int:
        """The style of another workbook here."""
        key = ("adopted", id(other), style)
        if key not in self._known:
            xf = other._clone(style)
            for name, attribute in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
                theirs, number = other._list(name), ooxml.number(xf, attribute)
                xf.set(attribute, str(self._index(name, deepcopy(theirs[number])) if number < len(theirs) else 0))
            xf.set("numFmtId", str(self._format_id_of(other, ooxml.number(xf, "numFmtId"))))
            xf.set("xfId", "0")
            self._known[key] = self._index("cellXfs", xf)
        return self._known[key]

    def adopt_rule(self, other: "Styles", dxf: int) -> int:
        """The look of a conditional format of another workbook here."""
        return self._index("dxfs", deepcopy(other._list("dxfs")[dxf]))

    def _format_id_of(self, other: "Styles", number: int) -> int:
        if number < _FIRST_CUSTOM:
            return number
        codes = {ooxml.number(element, "numFmtId"): element.get("formatCode", "") for element in other._list("numFmts")}
        return self._format_id(codes.get(number, GENERAL))

    def _clone(self, style: int) -> etree._Element:
        xfs = ooxml.children(self._list("cellXfs"), "xf")
        return deepcopy(xfs[style if style < len(xfs) else 0])

    def _format(self, style: int) -> str:
        number = ooxml.number(self._clone(style), "numFmtId")
        formats = ooxml.child(self._root, "numFmts")
        for element in [] if formats is None else formats:
            if element.get("numFmtId") == str(number):
                return element.get("formatCode", GENERAL)
        return _BUILT_IN.get(number, "0" if number else GENERAL)

    def _format_id(self, code: str) -> int:
        for number, built_in in _BUILT_IN.items():
            # The built-in dates follow the computer's language; ours are spelled out.
            if built_in == code and code in (GENERAL, TEXT_FORMAT, MONEY_FORMAT):
                return number
        formats = self._list("numFmts")
        taken = {ooxml.number(element, "numFmtId"): element.get("formatCode", "") for element in formats}
        for number, known in taken.items():
            if known == code and number >= _FIRST_CUSTOM:
                return number
        number = max(_FIRST_CUSTOM - 1, *taken, 0) + 1
        element = ooxml.new(formats, "numFmt", {"numFmtId": str(number), "formatCode": code})
        self._index("numFmts", element)
        return number

    def _list(self, name: str) -> etree._Element:
        found = ooxml.child(self._root, name)
        if found is None:
            found = ooxml.new(self._root, name)
            ooxml.place(self._root, found, ooxml.STYLES_ORDER)
        return found

    def _index(self, name: str, element: etree._Element) -> int:
        """Position of an equal element of the list, else of this one, appended."""
        container = self._list(name)
        spelled = etree.tostring(element, method="c14n", exclusive=True)
        for index, known in enumerate(container):
            if etree.tostring(known, method="c14n", exclusive=True, with_tail=False) == spelled:
                return index
        element.tail = None
        container.append(element)
        container.set("count", str(len(container)))
        self._changed = True
        return len(container) - 1


def number_format_for(has: str, kind: Kind | None, type_: str, timed: bool) -> str:
    """The number format that a value cannot do without in a cell of format `has`; "" if that one will do.

    `type_` is that of `Stored`; `timed`: a day with a time of day.
    """
    if type_ in "dt":
        if shows_time(has):
            return ""
        if type_ == "t" or kind is Kind.TIME:
            return TIME_FORMAT
        return TIMESTAMP_FORMAT if kind is Kind.TIMESTAMP or (kind is None and timed) else DATE_FORMAT
    if has != GENERAL:
        return ""
    if type_ == "s" and kind in TEXT_KINDS:
        return TEXT_FORMAT
    if type_ == "n" and kind is Kind.FRACTION:
        return PERCENT_FORMAT
    return MONEY_FORMAT if type_ == "n" and kind is Kind.MONEY else ""


def column_format(kind: Kind) -> str:
    """Number format of a new column of a kind."""
    formats = {
        Kind.DATE: DATE_FORMAT,
        Kind.TIMESTAMP: TIMESTAMP_FORMAT,
        Kind.TIME: TIME_FORMAT,
        Kind.FRACTION: PERCENT_FORMAT,
        Kind.MONEY: MONEY_FORMAT,
    }
    return formats.get(kind, TEXT_FORMAT if kind in TEXT_KINDS else GENERAL)


def shows_time(code: str) -> bool:
    """Does a number format show a date or a time?"""
    bare = _NOT_CODE.sub(lambda m: m[0] if re.fullmatch(r"\[[hHmMsS]+\]", m[0]) else "", code)
    return bare != GENERAL and not bare.startswith("G/") and bool(re.search("[ymdhsYMDHS]", bare))
