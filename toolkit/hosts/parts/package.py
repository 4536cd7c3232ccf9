"""The parts of a workbook file, their relations and content types; a draft of it takes changes in memory."""

import posixpath
from dataclasses import dataclass

from lxml import etree

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.zip_parts import ZipParts
from toolkit.model.errors import ToolkitError

CONTENT_TYPES = "[Content_Types].xml"
_RELATIONS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"


@dataclass(frozen=True)
class Relation:
    """`kind` is the last word of the relation's type, `target` the part it points at ("" if outside the file)."""

    id: str
    kind: str
    target: str


class Package:
    """Parts by name. Reading never changes anything; `put` and `remove` collect the changes for `to_bytes`."""

    def __init__(self, zipped: ZipParts, where: str) -> None:
        self._zip, self.where = zipped, where
        self._changed: dict[str, bytes] = {}
        self._removed: set[str] = set()
        self._by_lower = {name.lower(): name for name in zipped.names}
        main = next((r.target for r in self.relations("") if r.kind == "officeDocument"), "")
        if main not in self or CONTENT_TYPES not in self or not main.endswith(".xml"):
            raise ToolkitError("不是 Excel 工作簿", where=where, mend="请选择 .xlsx 或 .xlsm 工作簿")
        self.main = main
        self.workbook_xml = ooxml.parse(self.read(main), where)
        self._workbook_before = ooxml.serialise(self.workbook_xml)
        self.strict = "purl.oclc.org" in ooxml.namespace(self.workbook_xml)

    def draft(self) -> "Package":
        """A copy that can be changed; it shares what was inflated."""
        return Package(self._zip, self.where)

    def __contains__(self, name: str) -> bool:
        return self._real(name) is not None

    def _real(self, name: str) -> str | None:
        """The entry's name as stored: part names are compared without case."""
        name = name if name in self._zip or name in self._changed else self._by_lower.get(name.lower(), "")
        return name if name and name not in self._removed else None

    @property
    def names(self) -> list[str]:
        kept = [name for name in self._zip.names if name not in self._removed]
        return kept + [name for name in self._changed if name not in self._zip]

    def read(self, name: str) -> bytes:
        real = self._real(name)
        if real is None:
            raise ToolkitError(
                "文件已损坏（缺少内部部件）", where=self.where, mend="请用 Excel 或 WPS 打开并另存一份后重试"
            )
        return self._changed[real] if real in self._changed else self._zip.read(real)

    def xml(self, name: str) -> etree._Element:
        return ooxml.parse(self.read(name), self.where)

    def put(self, name: str, content: bytes) -> None:
        real = self._real(name) or name
        self._removed.discard(real)
        self._changed[real] = content

    def remove(self, name: str) -> None:
        """Take the part out, with its content type; relations to it are the caller's."""
        real = self._real(name)
        if real is None:
            return
        self._removed.add(real)
        self._changed.pop(real, None)
        types = self.xml(CONTENT_TYPES)
        for override in ooxml.children(types, "Override"):
            if override.get("PartName", "").lower() == f"/{name}".lower():
                types.remove(override)
        self.put(CONTENT_TYPES, ooxml.serialise(types))

    def save_workbook(self) -> None:
        """Put `workbook_xml` back if it was edited."""
        spelled = ooxml.serialise(self.workbook_xml)
        if spelled != self._workbook_before:
            self.put(self.main, spelled)

    @property
    def changed(self) -> bool:
        return bool(self._changed or self._removed)

    def to_bytes(self) -> bytes:
        return self._zip.written(self._changed, self._removed)

    def free_name(self, pattern: str) -> str:
        """`pattern` with the first number that no part carries: ``xl/comments{}.xml``."""
        taken = {name.lower() for name in self.names}
        return next(name for n in range(1, 1_000_000) if (name := pattern.format(n)).lower() not in taken)

    # Relations

    @staticmethod
    def _relations_part(part: str) -> str:
        folder, name = posixpath.split(part)
        return posixpath.join(folder, "_rels", f"{name}.rels")

    def relations(self, part: str) -> list[Relation]:
        """Relations of a part; of the package for ""."""
        name = self._relations_part(part)
        if name not in self:
            return []
        out = []
        for element in ooxml.children(self.xml(name), "Relationship"):
            target = element.get("Target", "").replace("\\", "/")
            if element.get("TargetMode") == "External":
                target = ""
            elif target.startswith("/"):
                target = target[1:]
            else:
                target = posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
            out.append(Relation(element.get("Id", ""), element.get("Type", "").rsplit("/", 1)[-1], target))
        return out

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation to another part and return its id."""
        name = self._relations_part(part)
        empty = f'<Relationships xmlns="{_RELATIONS_NS}"/>'.encode()
        root = self.xml(name) if name in self else ooxml.parse(empty, self.where)
        taken = {element.get("Id") for element in root}
        relation = next(f"rId{n}" for n in range(1, 1_000_000) if f"rId{n}" not in taken)
        path = posixpath.relpath(target, posixpath.dirname(part) or ".")
        kind = f"{STRICT if self.strict else TRANSITIONAL}/{kind}"
        root.append(ooxml.new(root, "Relationship", {"Id": relation, "Type": kind, "Target": path}))
        self.put(name, ooxml.serialise(root))
        return relation

    def unrelate(self, part: str, relation: str) -> None:
        name = self._relations_part(part)
        root = self.xml(name)
        for element in list(root):
            if element.get("Id") == relation:
                root.remove(element)
        if len(root):
            self.put(name, ooxml.serialise(root))
        else:
            self.remove(name)

    # Content types

    def declare(self, part: str, content_type: str) -> None:
        root = self.xml(CONTENT_TYPES)
        root.append(ooxml.new(root, "Override", {"PartName": f"/{part}", "ContentType": content_type}))
        self.put(CONTENT_TYPES, ooxml.serialise(root))

    def declare_default(self, extension: str, content_type: str) -> None:
        root = self.xml(CONTENT_TYPES)
        defaults = ooxml.children(root, "Default")
        if all(element.get("Extension", "").lower() != extension for element in defaults):
            root.insert(
                len(defaults), ooxml.new(root, "Default", {"Extension": extension, "ContentType": content_type})
            )
            self.put(CONTENT_TYPES, ooxml.serialise(root))


@dataclass(frozen=True)
class SheetEntry:
    title: str
    part: str
    index: int


def sheet_entries(package: Package) -> list[SheetEntry]:
    """Worksheets in tab order; chart and macro sheets are counted in `index` but left out."""
    targets = {relation.id: relation for relation in package.relations(package.main)}
    listed = ooxml.child(package.workbook_xml, "sheets")
    out = []
    for index, element in enumerate([] if listed is None else ooxml.children(listed, "sheet")):
        relation = targets.get(ooxml.relation_id(element))
        if relation and relation.kind == "worksheet" and relation.target in package:
            out.append(SheetEntry(element.get("name", ""), relation.target, index))
    return out


def uses_1904(package: Package) -> bool:
    """Do the workbook's dates count from 1904, as Excel for Mac once had it?"""
    properties = ooxml.child(package.workbook_xml, "workbookPr")
    return properties is not None and properties.get("date1904", "0").lower() in ("1", "true")


def named_cell(package: Package, name: str) -> tuple[str, int, int] | None:
    """(sheet title, row, column) of the single cell a workbook-level name points at; None if there is none."""
    names = ooxml.child(package.workbook_xml, "definedNames")
    for element in [] if names is None else ooxml.children(names, "definedName"):
        if element.get("localSheetId") is None and element.get("name", "").casefold() == name.casefold():
            title, _, reference = (element.text or "").strip().removeprefix("=").rpartition("!")
            if title.startswith("'") and title.endswith("'"):
                title = title[1:-1].replace("''", "'")
            row, column = ooxml.cell_of(reference)
            return (title, row, column) if row and title else None
    return None
