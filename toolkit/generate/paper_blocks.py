"""The pieces a paper's template is declared with: each is a function that adds itself to a document.

Label grids carry their values in the cells; what is to be written by hand gets rows of a given height.
"""

from collections.abc import Callable, Sequence

from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from toolkit.generate import official_document as official
from toolkit.generate.document_styles import (
    ADDRESSEE,
    BODY,
    CELL_HEAD,
    CELL_LEFT,
    HEADINGS,
    SIGNATURE,
    SUBTITLE,
    TABLE_NOTE,
    TITLE,
)
from toolkit.generate.official_document import Column, document_bytes, new_document

Block = Callable[[DocumentObject], None]
_TEXT_WIDTH = 156.0  # mm
_LABEL_WIDTH = 28.0


def built(blocks: Sequence[Block]) -> bytes:
    """The .docx of a template; the same bytes on every run."""
    document = new_document()
    for block in blocks:
        block(document)
    return document_bytes(document)


def _line(text: str, style: str) -> Block:
    def add(document: DocumentObject) -> None:
        official.paragraph(document, text, style)

    return add


def title(text: str) -> Block:
    return _line(text, TITLE)


def subtitle(text: str) -> Block:
    return _line(text, SUBTITLE)


def to(text: str) -> Block:
    """主送."""
    return _line(f"{text}：", ADDRESSEE)


def text(*lines: str) -> Block:
    """Running text, a paragraph each."""

    def add(document: DocumentObject) -> None:
        for line in lines:
            official.paragraph(document, line, BODY)

    return add


def heading(line: str) -> Block:
    return _line(line, HEADINGS[0])


def note(line: str) -> Block:
    return _line(line, TABLE_NOTE)


def gap() -> Block:
    return _line("", BODY)


def on_new_page(line: str) -> Block:
    """A heading that starts a page."""

    def add(document: DocumentObject) -> None:
        official.paragraph(document, line, HEADINGS[0]).paragraph_format.page_break_before = True

    return add


def each(name: str) -> Block:
    """A paragraph per text of the list `name`."""

    def add(document: DocumentObject) -> None:
        official.each_paragraph(document, name)

    return add


def when(condition: str, *blocks: Block) -> Block:
    """`blocks` only where the value is not blank."""

    def add(document: DocumentObject) -> None:
        official.paragraph(document, "{%p if " + condition + " %}")
        for block in blocks:
            block(document)
        official.paragraph(document, "{%p endif %}")

    return add


def signed(by: str = "{{ signature }}", on: str = "{{ as_of }}") -> Block:
    """落款 and date, set in to the right."""

    def add(document: DocumentObject) -> None:
        official.paragraph(document, "", BODY)
        official.paragraph(document, by, SIGNATURE)
        official.paragraph(document, on, SIGNATURE).paragraph_format.keep_with_next = False

    return add


def table(rows: str, *columns: tuple[str, str, float] | tuple[str, str, float, bool]) -> Block:
    """A row per item of the list `rows`: (header, name of the item's value or "" for a blank cell, mm, left)."""
    made = [Column(c[0], "{{ row." + c[1] + " }}" if c[1] else "", c[2], len(c) > 3 and bool(c[3])) for c in columns]

    def add(document: DocumentObject) -> None:
        official.table(document, made, rows, long=True)

    return add


def grid(*rows: tuple[str, str] | tuple[str, str, str, str] | tuple[str, str, float]) -> Block:
    """Labels and values: (label, value) over the whole width, (label, value, label, value) side by side, or (label,
    value, mm) with a least height for writing by hand."""

    def add(document: DocumentObject) -> None:
        _grid(document, rows)

    return add


def _grid(document: DocumentObject, rows: Sequence[tuple[object, ...]]) -> None:
    widths = official.twips([_LABEL_WIDTH, _TEXT_WIDTH / 2 - _LABEL_WIDTH] * 2)
    frame = document.add_table(rows=0, cols=len(widths))
    official.lay_out(frame, widths)
    for row in rows:
        height = row[2] if len(row) == 3 else None
        texts = [str(part) for part in row[: 4 if len(row) == 4 else 2]]
        line = frame.add_row()
        properties = line._tr.get_or_add_trPr()
        if len(row) != 2:  # running text may be longer than a page
            properties.append(OxmlElement("w:cantSplit"))
        if isinstance(height, int | float):
            twips = round(height / 25.4 * 1440)
            properties.append(parse_xml(f'<w:trHeight {nsdecls("w")} w:val="{twips}" w:hRule="atLeast"/>'))
        cells = line._tr.findall(qn("w:tc"))
        if len(texts) == 2:
            for spare in cells[2:]:
                line._tr.remove(spare)
        for number, (cell, words) in enumerate(zip(line._tr.findall(qn("w:tc")), texts, strict=True)):
            spans = len(texts) == 2 and number == 1
            _fill(cell, words, sum(widths[1:]) if spans else widths[number], label=number % 2 == 0, span=spans)


def _fill(cell, words: str, width: int, *, label: bool, span: bool) -> None:
    properties = cell.get_or_add_tcPr()
    for child in list(properties):
        properties.remove(child)
    properties.append(parse_xml(f'<w:tcW {nsdecls("w")} w:w="{width}" w:type="dxa"/>'))
    if span:
        properties.append(parse_xml(f'<w:gridSpan {nsdecls("w")} w:val="3"/>'))
    properties.append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>'))
    line = cell.p_lst[0]
    line.get_or_add_pPr().style = CELL_HEAD if label else CELL_LEFT
    if label:  # a header stays with the row below it, a label need not
        line.get_or_add_pPr().append(parse_xml(f'<w:keepNext {nsdecls("w")} w:val="0"/>'))
    if words:
        line.add_r().text = words
