"""New workbooks, fast: XlsxWriter lays out the sheets, the rows are spliced in as XML.

XlsxWriter gives one library call per cell; written column by column the rows of a whole bank take seconds.
"""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
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
from toolkit.model.office_package import Pieces, pin
from toolkit.model.tables import Book, Rows, column_letter

Front = Callable[[Workbook, Worksheet], None]

# The same content must give the same bytes: a file knows no other moment than this one.
CREATED = dt.datetime(2026, 1, 1)
# A worksheet holds no more hyperlinks than this.
_MOST_LINKS = 65530
# Bytes of one sheet's XML, by its first rows, from which it may be too much for an ordinary zip entry.
_LARGE = 1.5 * 2**30


def write_workbook(
    path_or_buffer: str | Path | BinaryIO,
    contents: Mapping[str, pd.DataFrame | Rows],
    *,
    front: Front | None = None,
    sheets: Sequence[Sheet] = s.SHEETS,
    title: str = "贷款回访工作簿",
    macros: Macros | None = None,
) -> None:
    """Lay out `sheets` (those of the branch workbook unless given) in the order of the tabs, and write `contents`.

    `contents`: sheet title → frame with the model's field names in any order (fields it lacks are blank), further
    columns are the user's own and follow under their own name. Dates may be datetime64, `date` or text; identifiers
    and phones become text; nothing becomes a formula. `Rows` (without columns of the user's own and links) are written
    as they come: neither they nor, if it goes into an open file, the workbook are held. `front` draws 首页, which then
    comes first. With `macros` the workbook is an .xlsm, whose buttons on the data sheets are drawn here.
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

    def revised(name: str, part: bytes) -> bytes | Pieces:
        if "vmlDrawing" in name:
            return macro_buttons.in_house_font(part)
        return _with_body(part, bulk[name]) if name in bulk else part

    if isinstance(path_or_buffer, str | Path):
        made = io.BytesIO()
        pin(buffer.getvalue(), made, revised)
        Path(path_or_buffer).write_bytes(made.getvalue())
    else:
        pin(buffer.getvalue(), path_or_buffer, revised)


def write_book(file: BinaryIO, book: Book) -> None:
    """The .xlsx of `book`; the same book gives the same bytes. Raises as `write_workbook`."""
    contents = {sheet.title: rows for sheet, rows in book.sheets}
    write_workbook(file, contents, sheets=[sheet for sheet, _ in book.sheets], title=book.title)


def book_bytes(book: Book) -> bytes:
    """`write_book` into memory."""
    buffer = io.BytesIO()
    write_book(buffer, book)
    return buffer.getvalue()


class _Body:
    """What is spliced into one worksheet: its rows, how far they reach, and hyperlinks.

    The rows are spelled when they are asked for, so that those of one sheet (or one part of it) at a time are held.
    """

    def __init__(
        self,
        sheet: Sheet,
        columns: Callable[[pd.DataFrame], list[Column]],
        width: int,
        given: pd.DataFrame | Rows,
    ) -> None:
        self._sheet, self._columns, self._given = sheet, columns, given
        self._count = given.count if isinstance(given, Rows) else len(given)
        self.reach = f"A1:{column_letter(width)}{self._count + 1}"
        frame = pd.DataFrame() if isinstance(given, Rows) else given
        self.links = "".join(_links(sheet, field, frame) for field in sheet if field.kind is Kind.LINK)

    def around(self, head: bytes, tail: bytes) -> bytes | Pieces:
        """The rows between what stands before and behind them."""
        if not isinstance(self._given, Rows):
            return b"".join((head, rows_xml(self._columns(self._given), self._sheet.title), tail))
        pieces = self._pieces(self._given)
        first, rows = next(pieces)
        large = len(first) / rows * self._count > _LARGE
        return Pieces(chain((head, first), (piece for piece, _ in pieces), (tail,)), large)

    def _pieces(self, rows: Rows) -> Iterator[tuple[bytes, int]]:
        """XML, and of how many rows it is."""
        first = 2
        for frame in rows.parts():
            yield rows_xml(self._columns(frame), self._sheet.title, first), len(frame)
            first += len(frame)


def _lay_out(
    worksheet: Worksheet,
    sheet: Sheet,
    given: pd.DataFrame | Rows | None,
    look: Look,
    tones: Tones,
    visitors: bool,
    height: int,
) -> _Body | None:
    """Draw a sheet without its rows; returns the rows to splice in, None if there are none."""
    frame = given if isinstance(given, pd.DataFrame) else pd.DataFrame(columns=list(sheet.names))
    count = given.count if isinstance(given, Rows) else len(frame)
    extras = [str(name) for name in frame.columns if name not in sheet]
    last_row = max(LAST_READY_ROW, count + 1)
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
    if not count:
        return None
    _columns(sheet, frame, extras, look)  # every style must have been asked for before the workbook is closed
    given = given if isinstance(given, Rows) else frame
    return _Body(sheet, lambda frame: _columns(sheet, frame, extras, look), columns, given)


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


def _with_body(part: bytes, body: _Body) -> bytes | Pieces:
    part = re.sub(rb'(?<=<dimension ref=")[^"]*', body.reach.encode(), part, count=1)
    head, end_of_rows, tail = part.partition(b"</sheetData>")
    if body.links:
        # The schema's order: hyperlinks stand right before the print options.
        tail = tail.replace(b"<printOptions", f"<hyperlinks>{body.links}</hyperlinks><printOptions".encode(), 1)
    return body.around(head, end_of_rows + tail)
