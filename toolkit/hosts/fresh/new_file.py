"""New workbooks, fast: XlsxWriter lays out the sheets, the rows are spliced in as XML.

XlsxWriter gives one library call per cell; written column by column the rows of a whole bank take seconds.
"""

import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from toolkit.hosts.fresh import macro_buttons
from toolkit.hosts.fresh.macro_buttons import Macros
from toolkit.hosts.fresh.parameter_sheet import write_parameters
from toolkit.hosts.fresh.sheet_colours import Tones, set_up_colours
from toolkit.hosts.fresh.sheet_look import (
    HEADER_HEIGHT,
    LAST_READY_ROW,
    Look,
    new_workbook_options,
    set_up_columns,
    set_up_view_and_print,
)
from toolkit.hosts.fresh.sheet_rows import Column, rows_xml
from toolkit.hosts.fresh.sheet_validation import define_visitor_names, set_up_validations
from toolkit.hosts.parts.row_heights import text_width, wraps
from toolkit.model import sheets as s
from toolkit.model.fields import Field, Kind, Sheet
from toolkit.model.office_package import pinned
from toolkit.model.tables import Book, column_letter

Front = Callable[[Workbook, Worksheet], None]

# The same content must give the same bytes: a file knows no other moment than this one.
CREATED = dt.datetime(2026, 1, 1)
# A worksheet holds no more hyperlinks than this.
_MOST_LINKS = 65530


def write_workbook(
    path_or_buffer: str | Path | BinaryIO,
    contents: Mapping[str, pd.DataFrame],
    *,
    front: Front | None = None,
    sheets: Sequence[Sheet] = s.SHEETS,
    title: str = "贷款回访工作簿",
    macros: Macros | None = None,
) -> None:
    """Lay out `sheets` (those of the branch workbook unless given) in the order of the tabs, and write `contents`.

    `contents`: sheet title → frame with the model's field names in any order (fields it lacks are blank), further
    columns are the user's own and follow under their own name. Dates may be datetime64, `date` or text; identifiers
    and phones become text; nothing becomes a formula. `front` draws 首页, which then comes first. With `macros` the
    workbook is an .xlsm, whose buttons on the data sheets are drawn here.
    Raises `ToolkitError` where a text or a sheet exceeds what a workbook can hold, and OSError from writing.
    """
    unknown = {*contents} - {sheet.title for sheet in sheets}
    if unknown:
        raise ValueError(f"no such sheets to write: {sorted(unknown)}")
    buffer = io.BytesIO()
    workbook = Workbook(buffer, new_workbook_options())
    workbook.set_properties({"title": title, "created": CREATED})
    workbook.set_size(2400, 1400)
    if macros:
        macro_buttons.carry(workbook, macros)
    if front:
        front(workbook, workbook.add_worksheet(s.HOME_TITLE))
    look, tones = Look(workbook), Tones(workbook)
    visitors = s.VISITORS in sheets
    if visitors:
        define_visitor_names(workbook)
    bulk: dict[str, _Body] = {}
    for sheet in sheets:
        worksheet = workbook.add_worksheet(sheet.title)
        frame = contents.get(sheet.title)
        presses = macros.on_sheets.get(sheet.title, ()) if macros else ()
        height = macro_buttons.HEADER_HEIGHT if presses else HEADER_HEIGHT
        body = _lay_out(worksheet, sheet, frame, look, tones, visitors, height)
        macro_buttons.put_above_headers(worksheet, presses)
        if body:
            bulk[f"xl/worksheets/sheet{worksheet.index + 1}.xml"] = body
    workbook.close()

    def revised(name: str, part: bytes) -> bytes:
        if "vmlDrawing" in name:
            return macro_buttons.in_house_font(part)
        return _with_body(part, bulk[name]) if name in bulk else part

    package = pinned(buffer.getvalue(), revised)
    if isinstance(path_or_buffer, str | Path):
        Path(path_or_buffer).write_bytes(package)
    else:
        path_or_buffer.write(package)


def book_bytes(book: Book) -> bytes:
    """The .xlsx of `book`; the same book gives the same bytes. Raises as `write_workbook`."""
    buffer = io.BytesIO()
    contents = {sheet.title: frame for sheet, frame in book.sheets}
    write_workbook(buffer, contents, sheets=[sheet for sheet, _ in book.sheets], title=book.title)
    return buffer.getvalue()


class _Body:
    """What is spliced into one worksheet: its rows, how far they reach, and hyperlinks.

    The rows are spelled when they are asked for, so that those of one sheet at a time are held.
    """

    def __init__(self, sheet: Sheet, columns: list[Column], frame: pd.DataFrame) -> None:
        self._columns, self._title = columns, sheet.title
        self.reach = f"A1:{column_letter(len(columns))}{len(frame) + 1}"
        self.links = "".join(_links(sheet, field, frame) for field in sheet if field.kind is Kind.LINK)

    def rows(self) -> bytes:
        return rows_xml(self._columns, self._title)


def _lay_out(
    worksheet: Worksheet,
    sheet: Sheet,
    frame: pd.DataFrame | None,
    look: Look,
    tones: Tones,
    visitors: bool,
    height: int,
) -> _Body | None:
    """Draw a sheet without its rows; returns the rows to splice in, None if there are none."""
    frame = pd.DataFrame(columns=list(sheet.names)) if frame is None else frame
    extras = [str(name) for name in frame.columns if name not in sheet]
    last_row = max(LAST_READY_ROW, len(frame) + 1)
    set_up_columns(worksheet, sheet, extras, look, height=height)
    columns = len(sheet.fields) + len(extras)
    set_up_view_and_print(worksheet, sheet, columns, last_row)
    set_up_colours(worksheet, sheet, columns, last_row, tones)
    if sheet.hidden:
        worksheet.hide()
    if sheet is s.PARAMETERS:
        write_parameters(worksheet, frame, look)
        return None
    set_up_validations(worksheet, sheet, last_row, visitors=visitors)
    return _Body(sheet, _columns(sheet, frame, extras, look), frame) if len(frame) else None


def _columns(sheet: Sheet, frame: pd.DataFrame, extras: list[str], look: Look) -> list[Column]:
    date_style = _style(look.date())
    blank = pd.Series([None] * len(frame), dtype="object")
    columns = [
        Column(
            field.header,
            frame.get(field.name, blank),
            field.kind,
            _style(look.body(field)),
            date_style,
            wraps_at=text_width(field) if wraps(field) else None,
        )
        for field in sheet
    ]
    return columns + [Column(name, frame[name], None, _style(look.format()), date_style) for name in extras]


def _style(form: Format) -> int:
    """Index of a cell format in the workbook, which XlsxWriter gives out on first asking."""
    index: int = form._get_xf_index()
    return index


def _links(sheet: Sheet, field: Field, frame: pd.DataFrame) -> str:
    """`<hyperlink>` elements for cell addresses that jump to the sheet named in the same row."""
    if field.name not in frame or field.link_sheet not in frame:
        return ""
    letter = column_letter(sheet.names.index(field.name) + 1)
    out = []
    places = zip(frame[field.name].tolist(), frame[field.link_sheet].tolist(), strict=True)
    for row, (cell, title) in enumerate(places, start=2):
        if isinstance(cell, str) and title and re.fullmatch(r"[A-Z]{1,3}\d{1,7}", cell):
            location = quoteattr(f"'{title}'!{cell}")
            out.append(f'<hyperlink ref="{letter}{row}" location={location} display="{cell}"/>')
    return "".join(out[:_MOST_LINKS])


def _with_body(part: bytes, body: _Body) -> bytes:
    part = re.sub(rb'(?<=<dimension ref=")[^"]*', body.reach.encode(), part, count=1)
    head, end_of_rows, tail = part.partition(b"</sheetData>")
    if body.links:
        # The schema's order: hyperlinks stand right before the print options.
        tail = tail.replace(b"<printOptions", f"<hyperlinks>{body.links}</hyperlinks><printOptions".encode(), 1)
    return b"".join((head, body.rows(), end_of_rows, tail))
