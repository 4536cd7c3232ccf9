"""A result sheet that the workbook lacks: header, widths, frozen first row, A4 landscape; added as the last tab."""

from html import escape

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.cell_values import Stored, inner_xml
from toolkit.hosts.parts.package import Package
from toolkit.hosts.parts.row_heights import wraps
from toolkit.hosts.parts.styles import Styles
from toolkit.model.fields import Sheet

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_LONGEST_LIST = 255  # characters a dropdown's list may have
_CHARACTERS_ACROSS = 210  # on one A4 page across; wider sheets take several, or nobody could read them


def add_sheet(package: Package, sheet: Sheet, styles: Styles) -> str:
    """Add the sheet to the draft and return its part name."""
    xml = _xml(sheet, styles, ooxml.namespace(package.workbook_xml))
    part = list_sheet(package, sheet.title, xml, hidden=sheet.hidden)
    listed = ooxml.child(package.workbook_xml, "sheets")
    _repeat_header(package, sheet, 0 if listed is None else len(listed) - 1)
    return part


def list_sheet(package: Package, title: str, xml: bytes, *, hidden: bool, position: int | None = None) -> str:
    """Add a worksheet part to the draft and return its name; `position` among the tabs, None = last."""
    part = package.free_name("xl/worksheets/sheet{}.xml")
    package.put(part, xml)
    package.declare(part, _CONTENT_TYPE)
    relation = package.relate(package.main, "worksheet", part)
    listed = ooxml.child(package.workbook_xml, "sheets")
    if listed is None:
        listed = ooxml.new(package.workbook_xml, "sheets")
        ooxml.place(package.workbook_xml, listed, ooxml.WORKBOOK_ORDER)
    taken = {ooxml.number(element, "sheetId") for element in listed}
    free = next(number for number in range(1, len(taken) + 2) if number not in taken)
    element = ooxml.new(listed, "sheet", {"name": title, "sheetId": str(free)})
    if hidden:
        element.set("state", "hidden")
    sample = next((key for other in listed for key in other.attrib if str(key).endswith("}id")), None)
    space = str(sample)[1:].partition("}")[0] if sample else ""
    element.set(f"{{{space}}}id" if space else "id", relation)
    if position is None or position >= len(listed):
        listed.append(element)
    else:
        listed.insert(position, element)
        _shift(package, position)
    return part


def _shift(package: Package, position: int) -> None:
    """Whatever counts tabs counts one more from `position` on."""
    workbook = package.workbook_xml
    counting = {"definedNames": ("localSheetId",), "bookViews": ("activeTab", "firstSheet")}
    for container, attributes in counting.items():
        found = ooxml.child(workbook, container)
        for element in [] if found is None else found:
            for name in attributes:
                # A view that says nothing shows the first tab.
                here = element.get(name) if name == "localSheetId" else element.get(name, "0")
                if here is not None and here.isdecimal() and int(here) >= position:
                    element.set(name, str(int(here) + 1))


def _repeat_header(package: Package, sheet: Sheet, index: int) -> None:
    """Row 1 on every printed page; `index`: place of the sheet among all sheets."""
    workbook = package.workbook_xml
    names = ooxml.child(workbook, "definedNames")
    if names is None:
        names = ooxml.new(workbook, "definedNames")
        ooxml.place(workbook, names, ooxml.WORKBOOK_ORDER)
    name = ooxml.new(names, "definedName", {"name": "_xlnm.Print_Titles", "localSheetId": str(index)})
    name.text = f"'{sheet.title}'!$1:$1"
    names.append(name)


def _xml(sheet: Sheet, styles: Styles, space: str) -> bytes:
    columns, headers, validations = [], [], []
    for column, field in enumerate(sheet, start=1):
        look = styles.for_column(field.kind)
        if wraps(field):
            look = styles.wrapped(look)
        styled = f' style="{look}"' if look else ""
        columns.append(f'<col min="{column}" max="{column}" width="{field.width + 0.7}"{styled} customWidth="1"/>')
        attributes, content = inner_xml(Stored("s", field.header), "", 0)
        headers.append(f'<c r="{ooxml.letters(column)}1" s="{styles.header(field.owner)}"{attributes}>{content}</c>')
        choices = ",".join(field.choices)
        if choices and len(choices) <= _LONGEST_LIST:
            cells = f"{ooxml.letters(column)}2:{ooxml.letters(column)}{ooxml.LAST_ROW}"
            validations.append(
                f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" errorTitle="{escape(field.header)}" '
                f'error="请从下拉列表中选择" sqref="{cells}"><formula1>"{choices}"</formula1></dataValidation>'
            )
    pages_across = max(1, round(sum(field.width + 0.7 for field in sheet) / _CHARACTERS_ACROSS))
    last = f"{ooxml.letters(len(sheet.fields))}1"
    listed = f'<dataValidations count="{len(validations)}">{"".join(validations)}</dataValidations>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{space}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:{last}"/><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{"".join(columns)}</cols>'
        f'<sheetData><row r="1">{"".join(headers)}</row></sheetData>{listed if validations else ""}'
        '<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.7" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="9" fitToWidth="{pages_across}" fitToHeight="0" orientation="landscape"/>'
        f"<headerFooter><oddHeader>&amp;C{sheet.title}</oddHeader><oddFooter>&amp;C第&amp;P页/共&amp;N页</oddFooter>"
        "</headerFooter></worksheet>"
    ).encode()
