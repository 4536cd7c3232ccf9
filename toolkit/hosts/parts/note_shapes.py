"""The boxes of notes in a sheet's VML drawing. Everything else in it (buttons, other notes) stays byte for byte:
Excel writes VML that no XML parser takes, so it is edited as text."""

import re
from collections.abc import Iterable, Mapping
from itertools import chain

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.package import STRICT, TRANSITIONAL, Package
from toolkit.hosts.parts.sheet_xml import SheetPart

_NAMESPACES = (
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_SHAPE_TYPE = (
    '<v:shapetype{ns} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape{ns} id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;'
    'width:180pt;height:{height}pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_WHOLE_SHAPE = re.compile(rb"<(?:\w+:)?shape\b(?:[^<]+|<(?!/?(?:\w+:)?shape\b))*</(?:\w+:)?shape>\s*")
_ROW = re.compile(rb"<(?:\w+:)?Row>\s*(\d+)\s*<")
_COLUMN = re.compile(rb"<(?:\w+:)?Column>\s*(\d+)\s*<")
_NOTE = re.compile(rb"""ObjectType\s*=\s*["']Note["']""")
_ANY_SHAPE = re.compile(rb"<(?:\w+:)?(?:shape|rect|oval|line|group|roundrect|image)\b")
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
_ID_MAP = re.compile(rb"""(<(?:\w+:)?idmap\b[^>]*?\bdata\s*=\s*["'])([\d,\s]*)(["'])""")
_END = re.compile(rb"</(?:\w+:)?xml>\s*$")
_IDS_PER_BLOCK = 1024
_CHARACTERS_PER_LINE, _LINE_POINTS = 18, 15

Cell = tuple[int, int]


class NoteShapes:
    """The legacy drawing of one sheet, made if there is none."""

    def __init__(self, package: Package, sheet: SheetPart, part: str) -> None:
        self._package, self._sheet, self._part = package, sheet, part
        self._element = ooxml.child(sheet.root, "legacyDrawing")
        wanted = "" if self._element is None else ooxml.relation_id(self._element)
        relation = next((r for r in package.relations(part) if r.id == wanted and r.target in package), None)
        self._relation = relation
        self._name = relation.target if relation else package.free_name("xl/drawings/vmlDrawing{}.vml")
        self._vml = package.read(self._name) if relation else b""

    def remove(self, cells: Iterable[Cell]) -> None:
        gone = set(cells)
        if not gone or not self._vml:
            return

        def kept(match: re.Match[bytes]) -> bytes:
            row, column = _ROW.search(match[0]), _COLUMN.search(match[0])
            if not (_NOTE.search(match[0]) and row and column):
                return match[0]
            return b"" if (int(row[1]) + 1, int(column[1]) + 1) in gone else match[0]

        self._vml = _WHOLE_SHAPE.sub(kept, self._vml)

    def add(self, notes: Mapping[Cell, str]) -> None:
        """A hidden yellow box beside each cell, high enough for its text."""
        if not notes:
            return
        if not self._vml:
            self._vml = (
                f'<xml{_NAMESPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data=""/></o:shapelayout></xml>'
            ).encode()
        root = self._vml[: self._vml.find(b">", self._vml.find(b"<xml")) + 1]
        declared = all(f'xmlns:{p}="'.encode() in root for p in "vox")
        ns = "" if declared else _NAMESPACES
        spelled = [] if b'id="_x0000_t202"' in self._vml else [_SHAPE_TYPE.format(ns=ns)]
        for number, ((row, column), text) in zip(self._free_ids(len(notes)), sorted(notes.items()), strict=True):
            lines = sum(1 + len(line) // _CHARACTERS_PER_LINE for line in text.split("\n")) + 1
            anchor = f"{column}, 15, {max(row - 2, 0)}, 4, {column + 3}, 15, {max(row - 2, 0) + lines}, 4"
            spelled.append(
                _SHAPE.format(
                    ns=ns, id=number, height=lines * _LINE_POINTS, anchor=anchor, row=row - 1, column=column - 1
                )
            )
        end = _END.search(self._vml)
        at = end.start() if end else len(self._vml)
        self._vml = self._vml[:at] + "".join(spelled).encode() + self._vml[at:]

    def _free_ids(self, count: int) -> list[int]:
        """Shape ids that no drawing of the workbook uses, from blocks that this one has or takes."""
        taken: set[int] = set()
        for name in self._package.names:
            if name.lower().endswith(".vml") and name != self._name:
                taken |= _blocks(self._package.read(name))
        own = sorted(_blocks(self._vml) - taken)
        used = {int(number) for number in _SHAPE_ID.findall(self._vml)}
        free: list[int] = []
        blocks = chain(own, (n for n in range(1, 1 << 20) if n not in taken and n not in own))
        touched = []
        while len(free) < count:
            block = next(blocks)
            touched.append(block)
            first = block * _IDS_PER_BLOCK + 1
            free += [number for number in range(first, first + _IDS_PER_BLOCK - 1) if number not in used]
        data = ",".join(str(block) for block in sorted(_mapped(self._vml) | set(touched))).encode()
        self._vml = _ID_MAP.sub(lambda match: match[1] + data + match[3], self._vml, count=1)
        return free[:count]

    def save(self) -> None:
        """Put the drawing into the draft with its relation and content type; take it out if nothing is left in it."""
        if not self._vml or (self._relation and self._vml == self._package.read(self._name)):
            return
        if self._relation and self._element is not None and not _ANY_SHAPE.search(self._vml):
            self._package.unrelate(self._part, self._relation.id)
            self._package.remove(self._name)
            self._sheet.root.remove(self._element)
            self._sheet.changed = True
            return
        self._package.put(self._name, self._vml)
        if self._relation is None:
            self._package.declare_default("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
            relation = self._package.relate(self._part, "vmlDrawing", self._name)
            space = STRICT if self._package.strict else TRANSITIONAL
            if self._element is not None:  # pointed at nothing
                self._sheet.root.remove(self._element)
            element = self._sheet.root.makeelement(
                f"{{{ooxml.namespace(self._sheet.root)}}}legacyDrawing", {f"{{{space}}}id": relation}, {"r": space}
            )
            ooxml.place(self._sheet.root, element, ooxml.WORKSHEET_ORDER)
            self._sheet.changed = True


def _mapped(vml: bytes) -> set[int]:
    """Blocks of 1024 shape ids that a drawing lays claim to."""
    found = _ID_MAP.search(vml)
    return {int(number) for number in re.findall(rb"\d+", found[2])} if found else set()


def _blocks(vml: bytes) -> set[int]:
    return _mapped(vml) | {(int(number) - 1) // _IDS_PER_BLOCK for number in _SHAPE_ID.findall(vml)}
