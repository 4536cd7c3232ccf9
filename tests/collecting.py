"""A workbook, what comes in, and the button 收集记录 pressed; filled forms as files."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd
import xlsxwriter
from workbooks import loan, record

from toolkit.model import forms, sheets
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import FilledForm, Outcome, SheetEdits, Source, Table, table_from
from toolkit.steps.collect import collect

DAY = dt.date
AS_OF = DAY(2026, 9, 30)
VISIT = {
    "visit_no": "SC-1", "contract_no": "HT001", "customer_name": "林晓舟", "phone": "19900000001", "visitor": "何青",
    "visit_type": "首次回访",
}  # fmt: skip
READ = (
    sheets.RECORDS, sheets.VISITS, sheets.LOANS, sheets.CONFLICTS, sheets.FIELD_MAPPING, sheets.FIRST_SUBMISSIONS,
    sheets.FIRST_RECORDS, sheets.COLLECTED,
)  # fmt: skip


def world(**rows: list[dict[str, Any]]) -> dict[str, Table]:
    """Tables by title; `rows` by the name of the sheet's constant in lower case."""
    given = {
        sheets.LOANS.title: [loan("HT001"), loan("HT002", customer_name="江望", phone="19900000002")],
        sheets.VISITS.title: [VISIT],
    } | {getattr(sheets, name.upper()).title: body for name, body in rows.items()}
    return {sheet.title: table_from(sheet, given.get(sheet.title, [])) for sheet in READ}


def register(*rows: dict[str, Any], file: str = "登记簿.xlsx", names: tuple[str, ...] = ()) -> Source:
    names = names or tuple(dict.fromkeys(name for row in rows for name in row))
    body = [[row.get(name) for name in names] for row in rows]
    return Source(file, "九月", [[sheets.RECORDS.header(name) for name in names], *body])


def filled(file: str = "表.xlsx", **values: Any) -> FilledForm:
    whole = dict.fromkeys(forms.FORM_FIELDS) | values
    return FilledForm(file, forms.FORM, whole, {name: "B7" for name in whole})


def press(tables: dict[str, Table], *arrived: Source | FilledForm, **options: Any) -> Outcome:
    request = Request(
        AS_OF,
        Parameters.defaults(),
        WorkCalendar(),
        sources=tuple(a for a in arrived if isinstance(a, Source)),
        forms=tuple(a for a in arrived if isinstance(a, FilledForm)),
        **options,
    )
    return collect(tables, request)


def edit_of(outcome: Outcome, sheet: sheets.Sheet = sheets.RECORDS) -> SheetEdits:
    return next((edit for edit in outcome.edits if edit.sheet is sheet), SheetEdits(sheet))


def cells_of(outcome: Outcome, sheet: sheets.Sheet = sheets.RECORDS) -> dict[tuple[int, str], Any]:
    cells = edit_of(outcome, sheet).cells
    return {} if cells is None else {(row, name): value for row, name, value in cells.itertuples(index=False)}


def appended(outcome: Outcome, sheet: sheets.Sheet = sheets.RECORDS) -> list[dict[str, Any]]:
    rows = edit_of(outcome, sheet).append
    return [] if rows is None else rows.astype("object").where(rows.notna(), None).to_dict("records")


def after(tables: dict[str, Table], outcome: Outcome) -> dict[str, Table]:
    """The workbook once the edits are written, as the host would read it again."""
    out = {}
    for title, table in tables.items():
        edit, raw = edit_of(outcome, table.sheet), table.raw.astype("object")
        if edit.replace is not None:
            raw = edit.replace
        for row, name, value in [] if edit.cells is None else edit.cells.itertuples(index=False):
            raw[name] = raw[name].where(raw.index != row - 2, value)
        if edit.append is not None:
            raw = pd.concat([raw, edit.append.reindex(columns=list(table.sheet.names))], ignore_index=True)
        out[title] = table_from(table.sheet, raw.reindex(columns=list(table.sheet.names)))
    return out


def form_book(path: Path, *visits: dict[str, Any], version: str = forms.FORM) -> Path:
    """An .xlsx form a sheet, fields named as `model.forms` says, in column B."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for number, values in enumerate(visits, 1):
        page = book.add_worksheet(f"表{number}")
        page.write(0, 1, version)
        book.define_name(f"表{number}!{forms.VERSION_KEY}", f"=表{number}!$B$1")
        for row, name in enumerate(forms.FORM_FIELDS, 1):
            page.write(row, 0, sheets.RECORDS.header(name))
            book.define_name(f"表{number}!{forms.key(name)}", f"=表{number}!$B${row + 1}")
            if values.get(name) is not None:
                page.write(row, 1, values[name])
    book.close()
    return path


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/></Types>'
)


def control(tag: str, text: str, properties: str = "") -> str:
    runs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.split("\n"))
    return f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/>{properties}</w:sdtPr><w:sdtContent>{runs}</w:sdtContent></w:sdt>'


def tick(tag: str, *, on: bool) -> str:
    box = '<w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
    return control(tag, "☒" if on else "☐", f'{box}<w14:checked w14:val="{int(on)}"/></w14:checkbox>')


def document(path: Path, body: str, head: str = "", **parts: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", _TYPES)
        file.writestr("_rels/.rels", parts.get("relations", _RELATIONS))
        file.writestr("word/document.xml", f'{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    return path


__all__ = ["record"]
