"""The tags of a Word document as it keeps them: in which paragraph, cell, row and table, and in how many pieces."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from docx.oxml.ns import qn

# Also with a break in it, so that the tag is found and told.
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_PARTS = re.compile(r"\{(?P<kind>[{%#])(?P<place>p|tr|tc|r)?(?P<trim>-?)\s+(?P<body>.*?)\s*-?[}%#]\}", re.DOTALL)
_FULL_WIDTH = re.compile(r"｛\s*[｛{%％#＃]|[｛{]\s*[｛％＃]|[｝}%％#＃]\s*｝|[｝％＃]\s*[｝}]")
_HALF = re.compile(r"\{[{%#]|[}%#]\}")
_CURLED = str.maketrans("“”‘’", "\"\"''")
# What Word sets by itself while somebody types: no format that anybody sees.
_UNSEEN = {"lang", "noProof", "rStyle", "webHidden"}


@dataclass(frozen=True)
class Tag:
    """`text` as it stands; `place`: p, tr, tc, r or "" for the prefix that takes the whole paragraph, row … along.

    `mixed_format`: its letters look different; `broken`: a line break, tab or field stands in it.
    """

    text: str
    mixed_format: bool = False
    broken: bool = False

    @cached_property
    def _parts(self) -> re.Match[str] | None:
        return _PARTS.match(self.text)

    @property
    def is_block(self) -> bool:
        return self.text.startswith("{%")

    @property
    def place(self) -> str:
        return (self._parts["place"] or "") if self._parts else ""

    @property
    def body(self) -> str:
        return self._parts["body"].strip() if self._parts else self.text[2:-2].strip(" -")

    @property
    def word(self) -> str:
        """The first word of a {% %}."""
        found = re.match(r"\w+", self.body) if self.is_block else None
        return found[0] if found else ""

    @property
    def as_jinja(self) -> str:
        """Without what only Word's side of it means."""
        if self.text.startswith("{#") or (self.is_block and self.word in ("vm", "hm", "colspan", "cellbg")):
            return ""
        body = self.body.replace("\n", " ").translate(_CURLED)
        return f"{{% {body} %}}" if self.is_block else f"{{{{ {body} }}}}"


@dataclass(frozen=True)
class Brace:
    """Braces that belong to no tag."""

    text: str
    full_width: bool


@dataclass
class Line:
    """A paragraph: its number, text and tags, and what it stands in (None outside tables)."""

    number: int
    text: str
    tags: list[Tag]
    container: Any
    cell: Any = None
    row: Any = None
    table: Any = None
    row_tags: list[Tag] = field(default_factory=list)

    @property
    def row_text(self) -> str:
        """All that stands in its table row."""
        return "".join(text.text or "" for text in self.row.iter(qn("w:t"))) if self.row is not None else ""

    @property
    def cell_text(self) -> str:
        return "".join(text.text or "" for text in self.cell.iter(qn("w:t"))) if self.cell is not None else ""


def lines_of(root: Any, first: int) -> list[Line]:
    """The paragraphs under `root`, numbered from `first` in the order of the file."""
    out: list[Line] = []
    for paragraph in root.iter(qn("w:p")):
        text, looks = _letters(paragraph)
        line = Line(first + len(out), text, list(_tags(text, looks)), paragraph.getparent())
        line.cell = next(paragraph.iterancestors(qn("w:tc")), None)
        line.row = next(paragraph.iterancestors(qn("w:tr")), None)
        line.table = next(paragraph.iterancestors(qn("w:tbl")), None)
        out.append(line)
    by_row: dict[int, list[Tag]] = {}
    for line in out:
        if line.row is not None:
            line.row_tags = by_row.setdefault(id(line.row), [])
            line.row_tags += line.tags
    return out


def stray_braces(text: str) -> Iterator[Brace]:
    """Full-width braces that look like a tag's, and halves of a tag without the other half."""
    rest = _TAG.sub(lambda found: "\ue000" * len(found[0]), text)
    for found in _FULL_WIDTH.finditer(rest):
        yield Brace(rest[found.start() : found.end() + 12].split("\ue000")[0], True)
    if not _FULL_WIDTH.search(rest):
        for found in _HALF.finditer(rest):
            yield Brace(rest[found.start() : found.end() + 12].split("\ue000")[0], False)


def _letters(paragraph: Any) -> tuple[str, list[str]]:
    """The paragraph's text, and for each letter how it looks; a break or field is a letter "\n" of the look "break"."""
    text: list[str] = []
    looks: list[str] = []
    for run in paragraph.iter(qn("w:r")):
        if next(run.iterancestors(qn("w:p"))) is not paragraph:
            continue  # of a text box anchored here: a paragraph of its own
        look = _look(run)
        for piece in run:
            if piece.tag == qn("w:t"):
                letters = piece.text or ""
                text += letters
                looks += [look] * len(letters)
            elif piece.tag in (qn("w:br"), qn("w:tab"), qn("w:cr"), qn("w:fldChar"), qn("w:drawing")):
                text.append("\n")
                looks.append("break")
    return "".join(text), looks


def _look(run: Any) -> str:
    properties = run.find(qn("w:rPr"))
    if properties is None:
        return ""
    seen = []
    for one in properties:
        name = one.tag.rpartition("}")[2]
        if name in _UNSEEN:
            continue
        values = sorted((key, value) for key, value in one.attrib.items() if not key.endswith("}hint"))
        if name != "rFonts" or values:
            seen.append(f"{name}{values}")
    return ";".join(sorted(seen))


def _tags(text: str, looks: list[str]) -> Iterator[Tag]:
    for found in _TAG.finditer(text):
        within = looks[found.start() : found.end()]
        broken = "break" in within
        yield Tag(found[0], len({look for look in within if look != "break"}) > 1, broken)
