"""Fillable forms as .docx: each kind of form becomes Word XML once, each form then is that with its texts.

Entries are content controls, so that the form can be filled in on the screen and read back; on paper they are blank
boxes, tick boxes and 年 月 日.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from toolkit.model import forms as form
from toolkit.model import sheets
from toolkit.model.fields import Kind
from toolkit.model.form_layout import LAYOUTS, WIDTHS, Cell, Line, Look
from toolkit.model.form_package import Part, Slots, mark, marked, part, sealed
from toolkit.model.office_package import core_properties
from toolkit.model.tables import FormPage, Forms
from toolkit.reports.form_parts import NAMESPACES, constant_parts

# XML 1.0 has no way to carry these; half a surrogate pair is no character at all.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SLOT = re.compile(r"\{(\w+)\}")
_CREATED = dt.date(2026, 1, 1)
_WIDTH = 10318  # twentieths of a point: 182 mm
_LINE = 256  # height of a line of text
_NEW_PAGE, _FORM_NUMBER = "new_page", "form_number"
# What an empty entry shows: room to write, and on paper the signs one writes between.
_ROOM = {Kind.DATE: "　　年　月　日", Kind.TIME: "　　时　分", Kind.NUMBER: "　　分钟"}
_BLANK = "　　　　"
_UNTICKED, _TICKED = "\u2610", "\u2611"
_TICK_FONT = "Segoe UI Symbol"


class _Template(NamedTuple):
    """`prefilled`: slots that fill an entry, with what the entry shows while the slot is blank."""

    body: Slots
    prefilled: Mapping[str, str]


def form_document(forms: Forms) -> bytes:
    """The .docx of `forms`, each on a new page; the same forms give the same bytes."""
    body = "".join(_form_xml(page, number) for number, page in enumerate(forms.pages, start=1))
    return sealed([*_constant(), _properties(forms), part("word/document.xml", _document(body))])


@cache
def _constant() -> tuple[Part, ...]:
    return tuple(part(name, content) for name, content in constant_parts().items())


def _properties(forms: Forms) -> Part:
    title, author = (_NOT_IN_XML.sub("", text) for text in (forms.title, forms.author))
    return part("docProps/core.xml", core_properties(title, author, _CREATED))


def _document(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f"<w:document {NAMESPACES}><w:body>{body}"
        '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
        '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="624" w:right="794" w:bottom="624" w:left="794" w:header="340" w:footer="340" w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    )


def _form_xml(page: FormPage, number: int) -> str:
    template = _template(page.version, page.stage)
    values = {name: _spelled(text) for name, text in page.values.items()}
    for name, room in template.prefilled.items():
        values[f"room_{name}"] = values[name] or room
        values[f"empty_{name}"] = "" if values[name] else "<w:showingPlcHdr/>"
    values[_NEW_PAGE] = "<w:pageBreakBefore/>" if number > 1 else ""
    values[_FORM_NUMBER] = str(number)
    return template.body.fill(values)


def _spelled(text: str) -> str:
    """`text` for a `w:t`, letter for letter; a line end becomes a break."""
    lines = _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(line) for line in lines)


@cache
def _template(version: str, stage: str) -> _Template:
    lines = LAYOUTS[version](stage)
    numbers = iter(range(1, 1000))
    title, *rest = lines
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in _columns())
    table = "".join(_row(line, numbers) for line in rest)
    xml = (
        f'<w:p><w:pPr><w:pStyle w:val="FormTitle"/>{mark(_NEW_PAGE)}</w:pPr>{_run(title.cells[0].text)}</w:p>'
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{_WIDTH}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0000"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{table}</w:tbl>"
    )
    entries = [cell for line in lines for cell in line.cells if cell.field and _SLOT.search(cell.text)]
    prefilled = {_SLOT.findall(cell.text)[0]: _room(cell) for cell in entries}
    return _Template(Slots(xml), prefilled)


def _columns() -> list[int]:
    ends = [round(_WIDTH * sum(WIDTHS[: column + 1]) / sum(WIDTHS)) for column in range(len(WIDTHS))]
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]


def _row(line: Line, numbers: Iterator[int]) -> str:
    height = round(line.height * _LINE) + 16
    head = f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr>'
    out, column = [], 0
    for cell in line.cells:
        width = sum(_columns()[column : column + cell.span])
        out.append(_cell(cell, width, numbers))
        column += cell.span
    return f"{head}{''.join(out)}</w:tr>"


def _cell(cell: Cell, width: int, numbers: Iterator[int]) -> str:
    shade = {Look.SECTION: "D9D9D9", Look.LABEL: "F2F2F2"}.get(cell.look)
    style = {Look.SECTION: "FormSection", Look.LABEL: "FormLabel", Look.PLAIN: "FormSmall"}.get(cell.look, "FormText")
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    borders = ""
    if cell.look is Look.PLAIN:
        borders = (
            "<w:tcBorders>"
            + "".join(f'<w:{side} w:val="nil"/>' for side in ("top", "left", "right"))
            + "</w:tcBorders>"
        )
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    # A box to write several lines in is written from the top.
    top = cell.look is Look.ENTRY and cell.span > 3 and not cell.choices
    align = "top" if top else "center"
    properties = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{borders}{fill}<w:vAlign w:val="{align}"/></w:tcPr>'
    first, *others = cell.text.split("\n")
    if cell.field:
        paragraphs = [_entry(cell, numbers)]
    else:
        paragraphs = [
            _run(first) + (_run(f"　{cell.note}", "FormNote") if cell.look is Look.SECTION and cell.note else "")
        ]
        paragraphs += [_run(text) for text in others]
    if cell.note and cell.look is not Look.SECTION:
        paragraphs.append(_run(cell.note, "FormNote"))
    body = "".join(f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{text}</w:p>' for text in paragraphs)
    return f"<w:tc>{properties}{body}</w:tc>"


def _run(text: str, style: str = "") -> str:
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{marked(escape(text))}</w:t></w:r>'


def _entry(cell: Cell, numbers: Iterator[int]) -> str:
    """The content controls of a field."""
    if cell.field == form.VERSION_KEY:
        return _control(cell.field, "表式", cell.text, numbers, "<w:text/>", lock="sdtContentLocked")
    field = sheets.RECORDS[cell.field]
    if form.ticks(cell.field):
        return "".join(_tick(cell.field, choice, numbers) + _run(f" {choice}　") for choice in cell.choices)
    if cell.choices:
        items = "".join(f"<w:listItem w:displayText={quoteattr(c)} w:value={quoteattr(c)}/>" for c in cell.choices)
        kind = f"<w:dropDownList>{items}</w:dropDownList>"
    elif field.kind is Kind.DATE:
        kind = (
            '<w:date><w:dateFormat w:val="yyyy-MM-dd"/><w:lid w:val="zh-CN"/>'
            '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
        )
    else:
        kind = '<w:text w:multiLine="1"/>'
    lock = "sdtContentLocked" if cell.fixed else "sdtLocked"
    if slots := _SLOT.findall(cell.text):
        text, empty = mark(f"room_{slots[0]}"), mark(f"empty_{slots[0]}")
    else:
        text, empty = _room(cell), "<w:showingPlcHdr/>"
    return _control(form.key(cell.field), field.header, text, numbers, kind, lock=lock, empty=empty)


def _room(cell: Cell) -> str:
    return _ROOM.get(sheets.RECORDS[cell.field].kind, _BLANK)


def _control(
    tag: str, title: str, text: str, numbers: Iterator[int], kind: str, *, lock: str, empty: str = "", font: str = ""
) -> str:
    number = f"{mark(_FORM_NUMBER)}{next(numbers):03d}"
    look = (
        f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/></w:rPr>'
        if font
        else ""
    )
    return (
        f"<w:sdt><w:sdtPr>{look}<w:alias w:val={quoteattr(title)}/><w:tag w:val={quoteattr(tag)}/>"
        f'<w:id w:val="{number}"/><w:lock w:val="{lock}"/>{empty}{kind}</w:sdtPr>'
        f'<w:sdtContent><w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r></w:sdtContent></w:sdt>'
    )


def _tick(field: str, choice: str, numbers: Iterator[int]) -> str:
    states = "".join(
        f'<w14:{state} w14:val="{ord(sign):04X}" w14:font="{_TICK_FONT}"/>'
        for state, sign in (("checkedState", _TICKED), ("uncheckedState", _UNTICKED))
    )
    kind = f'<w14:checkbox><w14:checked w14:val="0"/>{states}</w14:checkbox>'
    title = f"{sheets.RECORDS.header(field)}：{choice}"
    return _control(form.key(field, choice), title, _UNTICKED, numbers, kind, lock="sdtLocked", font=_TICK_FONT)
