"""An empty Word document in the format of GB/T 9704-2012 (党政机关公文格式), and the pieces a template is built from.

Every style names its own fonts for Chinese and Latin text and none asks the theme, so that Word and WPS show the same
fonts. Page, margins, 22 lines × 28 characters, title, levels and page numbers follow the standard; tables leave the
line grid, or their rows would be as high as two lines of text.
"""

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from toolkit.generate.document_styles import (
    ALTERNATIVES,
    BODY,
    CAPTION,
    CELL,
    CELL_HEAD,
    CELL_LEFT,
    SETTINGS_XML,
    styles_xml,
)
from toolkit.model.office_package import core_properties, extended_properties, pinned

_LINE_PITCH = 580  # twips: 225 mm of text in 22 lines
_TEMPLATE_DATE = dt.date(2026, 1, 1)


@dataclass(frozen=True)
class Column:
    """One column of a table: the header, the tag in the body cell, width in mm; `left` for running text."""

    header: str
    tag: str
    width: float
    left: bool = False


def new_document() -> DocumentObject:
    """A4, margins 37/28/35/26 mm, the styles below, page numbers — 1 — right on odd and left on even pages."""
    document = Document()
    _drop_unused_parts(document)
    _replace_root(document.styles.element, styles_xml())
    _replace_root(document.settings.element, SETTINGS_XML)
    _set_fonts(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.bottom_margin, section.right_margin = Mm(35), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(28)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    for name, value in (("type", "lines"), ("linePitch", _LINE_PITCH)):
        grid.set(qn(f"w:{name}"), str(value))
    _number_pages(section.footer, "right")
    _number_pages(section.even_page_footer, "left")
    document.part.package._core_properties_part._element = parse_xml(core_properties("", "", _TEMPLATE_DATE))
    return document


def document_bytes(document: DocumentObject) -> bytes:
    """The .docx; the same bytes on every run."""
    out = io.BytesIO()
    document.save(out)
    return pinned(out.getvalue())


def paragraph(document: DocumentObject, text: str, style: str = BODY) -> Paragraph:
    out = document.add_paragraph()
    out._p.get_or_add_pPr().style = style
    out.add_run(text)
    return out


def each_paragraph(document: DocumentObject, names: str, style: str = BODY) -> None:
    """One paragraph per string of the list `names`."""
    paragraph(document, "{%p for line in " + names + " %}")
    paragraph(document, "{{ line }}", style)
    paragraph(document, "{%p endfor %}")


def caption(document: DocumentObject, label: str, number: str, text: str, *, below: bool = False) -> None:
    """表1 …: a SEQ field whose cached number is the tag `number`, so that it is right before fields are updated.

    `below`: under a figure, so that the line after it may start a new page.
    """
    out = paragraph(document, label, CAPTION)
    if below:
        out.paragraph_format.keep_with_next = False
    for kind in ("begin", None, "separate", number, "end"):
        run = out.add_run()
        if kind is None:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" SEQ {label} \\* ARABIC "
            run._r.append(instruction)
        elif kind == number:
            run.text = "{{ " + number + " }}"
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
    out.add_run("  " + text)


def table(document: DocumentObject, columns: Iterable[Column], rows: str, *, long: bool = False) -> None:
    """A bordered table: header repeated on each page, one body row `row` per item of the list `rows`, no row split.

    Unless it is `long`, its rows stay together and with the paragraph after it where a page has room.
    """
    columns = tuple(columns)
    widths = twips([column.width for column in columns])
    grid = document.add_table(rows=0, cols=len(columns))
    lay_out(grid, widths)
    header = _row(grid, [column.header for column in columns], [CELL_HEAD] * len(columns), widths)
    mark = OxmlElement("w:tblHeader")
    header._tr.get_or_add_trPr().append(mark)
    _row(grid, ["{%tr for row in " + rows + " %}"] + [""] * (len(columns) - 1), None, widths)
    body = _row(grid, [column.tag for column in columns], [CELL_LEFT if c.left else CELL for c in columns], widths)
    if not long:
        for cell in body.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    _row(grid, ["{%tr endfor %}"] + [""] * (len(columns) - 1), None, widths)


def twips(widths: Iterable[float]) -> list[int]:
    """Widths in mm as Word's twentieths of a point."""
    return [round(width / 25.4 * 1440) for width in widths]


def lay_out(grid, widths: list[int]) -> None:
    """Borders, fixed columns of these widths, centred on the page."""
    properties = grid._tbl.tblPr
    for child in list(properties):
        properties.remove(child)
    for piece in (
        '<w:tblStyle {} w:val="TableGrid"/>',
        f'<w:tblW {{}} w:w="{sum(widths)}" w:type="dxa"/>',
        '<w:jc {} w:val="center"/>',
        '<w:tblLayout {} w:type="fixed"/>',
        '<w:tblLook {} w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
        'w:noVBand="1"/>',
    ):
        properties.append(parse_xml(piece.format(nsdecls("w"))))
    for column, width in zip(grid._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width))


def _row(grid, texts: list[str], styles: list[str] | None, widths: list[int]):
    row = grid.add_row()
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, text, width, style in zip(row.cells, texts, widths, styles or [CELL] * len(texts), strict=True):
        properties = cell._tc.get_or_add_tcPr()
        for child in list(properties):
            properties.remove(child)
        properties.append(parse_xml(f'<w:tcW {nsdecls("w")} w:w="{width}" w:type="dxa"/>'))
        properties.append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>'))
        cell.paragraphs[0]._p.get_or_add_pPr().style = style
        if text:
            cell.paragraphs[0].add_run(text)
    return row


def _drop_unused_parts(document: DocumentObject) -> None:
    """python-docx's default carries a second style sheet, a thumbnail and the like that would only contradict ours.

    The theme stays because a validator asks for it; no style refers to it.
    """
    kept = {RT.STYLES, RT.SETTINGS, RT.FONT_TABLE, RT.THEME}
    for relations, keep in (
        (document.part.rels, kept),
        (document.part.package.rels, {RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES}),
    ):
        for key in [key for key, relation in relations.items() if relation.reltype not in keep]:
            del relations[key]
    package = document.part.package
    application = Part(
        PackURI("/docProps/app.xml"),
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        extended_properties(""),
        package,
    )
    package.relate_to(application, RT.EXTENDED_PROPERTIES)


def _replace_root(old, xml: str) -> None:
    new = parse_xml(xml)
    for child in list(old):
        old.remove(child)
    for child in list(new):
        old.append(child)


def _set_fonts(document: DocumentObject) -> None:
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/>'
        '<w:pitch w:val="variable"/></w:font>'
        for name, other in ALTERNATIVES.items()
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>{entries}</w:fonts>'
    for relation in document.part.rels.values():
        if relation.reltype == RT.FONT_TABLE:
            relation.target_part._blob = xml.encode()


def _number_pages(footer, side: str) -> None:
    """— 1 — one character from the outer edge (GB/T 9704-2012, 7.5)."""
    footer.is_linked_to_previous = False
    line = footer.paragraphs[0]
    properties = line._p.get_or_add_pPr()
    properties.style = "Footer"
    indent = {"right": 'w:rightChars="100" w:right="280"', "left": 'w:leftChars="100" w:left="280"'}[side]
    properties.append(parse_xml(f"<w:ind {nsdecls('w')} {indent}/>"))
    properties.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{side}"/>'))
    line.add_run("— ")
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    line._p.append(field)
    line.add_run(" —")
