"""Notes on marked cells: legacy comments of ours, told from the clerk's by the beginning of each line.

A line of ours starts with 【校验】. A clerk's own note on the cell keeps its text; our lines stand below it and go
away again without touching it. Threaded comments are left alone.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy

from lxml import etree

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.cell_values import clean, outer_space
from toolkit.hosts.parts.note_shapes import NoteShapes
from toolkit.hosts.parts.package import Package
from toolkit.hosts.parts.sheet_xml import SheetPart

AUTHOR = "回访校验"
LINE = "【校验】"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

Cell = tuple[int, int]


def write_notes(package: Package, sheet: SheetPart, part: str, wanted: Mapping[Cell, str]) -> None:
    """Make our notes exactly `wanted` ((row, column) → text); everything else of comments and shapes stays."""
    texts = {cell: marked_lines(text) for cell, text in wanted.items() if text.strip()}
    holder = next((r for r in package.relations(part) if r.kind == "comments" and r.target in package), None)
    if holder is None and not texts:
        return
    if holder is None:
        name = package.free_name("xl/comments{}.xml")
        space = ooxml.namespace(sheet.root)
        root = ooxml.parse(f'<comments xmlns="{space}"><authors/><commentList/></comments>'.encode(), sheet.where)
    else:
        name, root = holder.target, package.xml(holder.target)
    added, removed, changed = _merge(root, texts)
    if not changed:
        return
    shapes = NoteShapes(package, sheet, part)
    shapes.remove(removed)
    shapes.add({cell: texts[cell] for cell in added})
    shapes.save()
    if not len(_list(root, "commentList")):
        if holder is not None:
            package.unrelate(part, holder.id)
            package.remove(name)
        return
    package.put(name, ooxml.serialise(root))
    if holder is None:
        package.relate(part, "comments", name)
        package.declare(name, _CONTENT_TYPE)


def marked_lines(text: str) -> str:
    """Our text with every line marked as ours."""
    lines = [line.strip() for line in clean(text).split("\n")]
    return "\n".join(line if line.startswith(LINE) else LINE + line for line in lines if line)


def _list(root: etree._Element, name: str) -> etree._Element:
    found = ooxml.child(root, name)
    if found is None:
        found = ooxml.new(root, name)
        root.insert(0 if name == "authors" else len(root), found)
    return found


def _merge(root: etree._Element, texts: Mapping[Cell, str]) -> tuple[list[Cell], list[Cell], bool]:
    """(cells whose comment is new, cells whose comment went, whether anything changed)."""
    listed = _list(root, "commentList")
    authors = [author.text or "" for author in _list(root, "authors")]
    removed: list[Cell] = []
    seen: set[Cell] = set()
    changed = False
    for comment in ooxml.children(listed, "comment"):
        cell = ooxml.cell_of(comment.get("ref", ""))
        seen.add(cell)
        number = comment.get("authorId", "")
        author = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
        if author.startswith("tc="):
            continue
        text = _list(comment, "text")
        has_ours = any(LINE in (part.text or "") for part in _texts(text))
        if not has_ours and cell not in texts:
            continue
        bare = deepcopy(text)
        if has_ours:
            _strip(bare)
        theirs = any((part.text or "").strip() for part in _texts(bare))
        if cell not in texts and not theirs:
            listed.remove(comment)
            removed.append(cell)
            changed = True
            continue
        if cell in texts:
            _add(bare, texts[cell], below=theirs)
        if _spelled(bare) != _spelled(text):
            comment.replace(text, bare)
            changed = True
    added = [cell for cell in texts if cell not in seen]
    if added:
        _append(root, listed, added, texts)
    return added, removed, changed or bool(added)


def _append(root: etree._Element, listed: etree._Element, cells: Iterable[Cell], texts: Mapping[Cell, str]) -> None:
    holder = _list(root, "authors")
    authors = [author.text or "" for author in holder]
    if AUTHOR not in authors:
        author = ooxml.new(holder, "author")
        author.text = AUTHOR
        holder.append(author)
        authors.append(AUTHOR)
    for cell in cells:
        attributes = {"ref": ooxml.address(*cell), "authorId": str(authors.index(AUTHOR)), "shapeId": "0"}
        comment = ooxml.new(listed, "comment", attributes)
        comment.append(ooxml.new(comment, "text"))
        _add(comment[0], texts[cell], below=False)
        listed.append(comment)
    listed[:] = sorted(listed, key=lambda comment: ooxml.cell_of(comment.get("ref", "")))


def _texts(text: etree._Element) -> list[etree._Element]:
    """The <t> elements a reader shows: of the text itself and of its runs, not of phonetic hints."""
    runs = [ooxml.child(run, "t") for run in ooxml.children(text, "r")]
    return [*ooxml.children(text, "t"), *(run for run in runs if run is not None)]


def _strip(text: etree._Element) -> None:
    """Take our lines out; a run that held nothing else goes with them."""
    for part in _texts(text):
        if LINE not in (part.text or ""):
            continue
        kept = [line for line in (part.text or "").split("\n") if not line.startswith(LINE)]
        _set(part, "\n".join(kept))
        run = part.getparent()
        if not part.text and run is not None and ooxml.local(run) == "r":
            text.remove(run)


def _add(text: etree._Element, ours: str, *, below: bool) -> None:
    runs = ooxml.children(text, "r")
    if below:
        ours = "\n" + ours
    if runs:
        run = ooxml.new(text, "r")
        run.append(ooxml.new(run, "t"))
        _set(run[0], ours)
        runs[-1].addnext(run)
        return
    part = ooxml.child(text, "t")
    if part is None:
        part = ooxml.new(text, "t")
        text.insert(0, part)
    _set(part, (part.text or "") + ours)


def _set(part: etree._Element, content: str) -> None:
    part.text = content
    if outer_space(content):
        part.set(_SPACE, "preserve")


def _spelled(text: etree._Element) -> str:
    return "".join(part.text or "" for part in _texts(text))
