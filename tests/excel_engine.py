"""An xlwings engine for tests: Excel imitated over openpyxl, so that the real xlwings code of the host runs anywhere.

It behaves as Excel does where the host could go wrong: entered text is interpreted (``=…`` becomes a formula, ``007`` a
number, ``2026-3-5`` a date, a leading apostrophe keeps a text), dates come back with a time zone, currency as Decimal,
error values as numbers, a protected sheet and a busy program refuse with a COM error. What it does not prove is that
Excel really behaves so.
"""

import datetime as dt
import re
import sys
import types
import zipfile
from collections.abc import Iterator
from copy import copy
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import from_excel, to_excel
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import TableColumn
from xlwings import base_classes

REJECTED, GONE, REFUSED, UNKNOWN_NAME = -2147418111, -2147023174, -2147352567, -2147352570
ERRORS = {"#DIV/0!": -2146826281, "#N/A": -2146826246, "#NAME?": -2146826259, "#REF!": -2146826265,
          "#VALUE!": -2146826273}  # fmt: skip
_NUMBER = re.compile(r"[+-]?[\d,]*\.?\d+(?:[eE][+-]?\d+)?%?")
_DATE = re.compile(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?")


class ComError(Exception):
    """As pywintypes.com_error."""

    def __init__(self, hresult: int, scode: int | None = None) -> None:
        super().__init__(hresult)
        self.hresult, self.excepinfo = hresult, (0, None, None, None, 0, scode)


class Engine:
    name, type = "imitated", "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(x: Any, options: Any) -> Any:
        return "" if x is None else x

    @staticmethod
    def clean_value_data(data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool) -> Any:
        texts = {number: text for text, number in ERRORS.items()}

        def clean(value: Any) -> Any:
            if value in ("", None):
                return empty_as
            if isinstance(value, dt.datetime):
                parts = {name: getattr(value, name) for name in ("month", "day", "hour", "minute", "second")}
                return datetime_builder(year=value.year, **parts, microsecond=value.microsecond, tzinfo=None)
            if isinstance(value, int) and value in texts:
                return texts[value] if err_to_str else None
            return value

        return [[clean(cell) for cell in row] for row in data]


class Apps(base_classes.Apps):
    def __init__(self) -> None:
        self.running: list[App] = []

    def keys(self) -> list[int]:
        return [app.pid for app in self.running]

    def __iter__(self) -> Iterator["App"]:
        return iter(self.running)

    def __len__(self) -> int:
        return len(self.running)

    def __getitem__(self, pid: int) -> "App":
        return next(app for app in self.running if app.pid == pid)


class App(base_classes.App):
    """`told`: the dialogs; `shown`: what the status bar said; `trouble`: raised by the next writes, counted down."""

    # Plain attributes in place of the abstract properties.
    pid = hwnd = books = interactive = display_alerts = api = None

    def __init__(self, engine: Engine) -> None:
        engine.apps.running.append(self)
        self.engine = engine
        self.pid = self.hwnd = 1000 + len(engine.apps.running)
        self.books = Books(self)
        self._screen, self.interactive, self.display_alerts = True, True, True
        self._bar: Any = False
        self.shown: list[str] = []
        self.opened: list[tuple[str, int]] = []  # by Workbooks.Open: name, what its macros may do
        self.told: list[tuple[str, str, str]] = []
        self.chosen: Any = False
        self.trouble: tuple[int, ComError] | None = None
        self.busy = False
        self.reads = self.writes = 0
        self.api = SimpleNamespace(
            GetOpenFilename=lambda **arguments: self.chosen,
            AutomationSecurity=1,
            Workbooks=SimpleNamespace(Open=self.books.open_file),
        )

    @property
    def screen_updating(self) -> bool:
        return self._screen

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        self.answer()
        self._screen = value

    @property
    def status_bar(self) -> Any:
        return self._bar

    @status_bar.setter
    def status_bar(self, value: Any) -> None:
        self.answer()
        self._bar = value
        if isinstance(value, str):
            self.shown.append(value)

    def activate(self, steal_focus: bool = False) -> None:
        pass

    def alert(self, prompt: str, title: str, buttons: str, mode: str, callback: Any) -> str:
        if not self.busy:
            assert self.screen_updating
            assert self.status_bar is False
        self.told.append((title, prompt, mode))
        return "ok"

    def answer(self) -> None:
        """Every call passes here."""
        self.reads += 1
        if self.busy:
            raise ComError(REJECTED)

    def change(self) -> None:
        """Every writing call passes here."""
        self.writes += 1
        self.answer()
        if self.trouble is not None:
            left, error = self.trouble
            self.trouble = (left - 1, error) if left else None
            if not left:
                raise error


class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app, self.open_ = app, []

    def __iter__(self) -> Iterator["Book"]:
        return iter(self.open_)

    def __len__(self) -> int:
        return len(self.open_)

    def __call__(self, key: Any) -> "Book":
        return self.open_[key - 1] if isinstance(key, int) else next(b for b in self.open_ if b.name == key)

    def open_file(self, full: str, **options: Any) -> Any:
        """As Workbooks.Open: what is no workbook is refused."""
        self.app.answer()
        assert not self.app.display_alerts
        name = Path(full).name
        assert name not in [book.name for book in self.open_], "two of one name cannot be open"
        self.app.opened.append((name, self.app.api.AutomationSecurity))
        try:
            self.open(full).read_only = options["ReadOnly"]
        except (OSError, zipfile.BadZipFile, KeyError):
            raise ComError(REFUSED, -2146827284) from None
        return SimpleNamespace(Name=name)

    def open(self, fullname: str, *_: Any, **__: Any) -> "Book":
        self.open_.append(Book(self.app, Path(fullname)))
        return self.open_[-1]


class Book(base_classes.Book):
    """`full`: what FullName says; `read_only`, `fixed` (structure protected), `saved` as a test sets them."""

    app = sheets = names = None

    def __init__(self, app: App, path: Path) -> None:
        self.app, self.full = app, str(path)
        self.wb = openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm")
        cached = openpyxl.load_workbook(path, data_only=True)
        self.cached = {
            (ws.title, cell.row, cell.column): cached[ws.title].cell(cell.row, cell.column).value
            for ws in self.wb
            for row in ws.iter_rows()
            for cell in row
            if cell.data_type == "f"
        }
        self.read_only, self.fixed, self.saved = False, False, True
        self.sheets = Sheets(self)
        self.names = Names(self)

    @property
    def name(self) -> str:
        return re.split(r"[/\\]", self.full)[-1]

    @property
    def fullname(self) -> str:
        return self.full

    @property
    def api(self) -> Any:
        self.app.answer()
        return SimpleNamespace(
            FullName=self.full,
            Path=self.full[: -len(self.name)].rstrip("/\\"),
            ReadOnly=self.read_only,
            Saved=self.saved,
            Date1904=self.wb.epoch.year == 1904,
            ProtectStructure=self.fixed,
            SaveCopyAs=self._save_copy,
        )

    def close(self) -> None:
        """Without saving."""
        self.app.answer()
        self.app.books.open_.remove(self)

    def _save_copy(self, name: str) -> None:
        assert Path(name).suffix == Path(self.full).suffix
        try:
            self.wb.save(name)
        except OSError:
            raise ComError(REFUSED, -2146827284) from None

    def activate(self) -> None:
        pass


class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book
        self.all = {ws.title: Sheet(book, ws) for ws in book.wb.worksheets}

    def __iter__(self) -> Iterator["Sheet"]:
        self.book.app.answer()
        return iter(self.all[ws.title] for ws in self.book.wb.worksheets)

    def __len__(self) -> int:
        return len(self.book.wb.worksheets)

    def __call__(self, key: Any) -> "Sheet":
        return list(self)[key - 1] if isinstance(key, int) else self.all[key]

    def __contains__(self, key: Any) -> bool:
        return key in self.all

    @property
    def active(self) -> "Sheet":
        return self.all[self.book.wb.active.title]

    def add(self, before: Any, after: Any, name: str) -> "Sheet":
        self.book.app.change()
        assert not self.book.fixed
        ws = self.book.wb.create_sheet(name, self.book.wb.index(after.ws) + 1)
        self.book.wb.active = ws
        self.all[name] = Sheet(self.book, ws)
        return self.all[name]


class Sheet(base_classes.Sheet):
    book = None

    def __init__(self, book: Book, ws: Any) -> None:
        self.book, self.ws = book, ws
        found = [(block.sqref, rule) for block in ws.conditional_formatting for rule in block.rules]
        self.rules = sorted(found, key=lambda pair: pair[1].priority)
        self.threads: list[Any] | None = []  # None: an Excel that knows no threaded comments

    @property
    def name(self) -> str:
        return self.ws.title

    @property
    def index(self) -> int:
        return self.book.wb.index(self.ws) + 1

    @property
    def visible(self) -> bool:
        return self.ws.sheet_state == "visible"

    @visible.setter
    def visible(self, value: bool) -> None:
        self.ws.sheet_state = "visible" if value else "hidden"

    def activate(self) -> None:
        self.book.wb.active = self.ws

    def delete(self) -> None:
        assert not self.book.app.display_alerts
        del self.book.sheets.all[self.name]
        self.book.wb.remove(self.ws)

    def range(self, arg1: Any, arg2: Any = None) -> "Range":
        if isinstance(arg1, str):
            boxes = []
            for reference in arg1.split(","):
                left, top, right, bottom = range_boundaries(reference)
                boxes.append((top, left, bottom, right))
            assert len(arg1) <= 255
            return Range(self, boxes)
        first = (arg1.row, arg1.column) if isinstance(arg1, Range) else arg1
        last = (arg2.row, arg2.column) if isinstance(arg2, Range) else arg2 or first
        return Range(self, [(*first, *last)])

    @property
    def cells(self) -> "Range":
        return Range(self, [(1, 1, 1048576, 16384)])

    @property
    def used_range(self) -> "Range":
        self.book.app.answer()
        ws = self.ws
        return Range(self, [(ws.min_row, ws.min_column, max(ws.max_row, 1), max(ws.max_column, 1))])

    @property
    def notes(self) -> list["Note"]:
        return [Note(self, cell) for row in self.ws.iter_rows() for cell in row if cell.comment]

    @property
    def comments(self) -> list[Any]:
        if self.threads is None:
            raise ComError(UNKNOWN_NAME)
        return self.threads

    @property
    def tables(self) -> "Tables":
        return Tables(self)

    @property
    def api(self) -> Any:
        def add(Anchor: Any, Address: str, SubAddress: str) -> None:
            self.book.app.change()
            Anchor.cell.hyperlink = Hyperlink(ref=Anchor.cell.coordinate, location=SubAddress)

        found = [cell for row in self.ws.iter_rows() for cell in row if cell.hyperlink]
        links = [
            SimpleNamespace(
                Range=SimpleNamespace(Row=cell.row, Column=cell.column), SubAddress=cell.hyperlink.location or ""
            )
            for cell in found
        ]
        return SimpleNamespace(ProtectContents=self.ws.protection.sheet, Hyperlinks=_Links(links, add))

    def renumber(self) -> None:
        self.ws.conditional_formatting = ConditionalFormattingList()
        for priority, (sqref, rule) in enumerate(self.rules, start=1):
            rule = copy(rule)
            rule.priority = priority
            self.ws.conditional_formatting.add(str(sqref), rule)


class _Links(list):
    def __init__(self, links: Any, add: Any) -> None:
        super().__init__(links)
        self.Add = add


class Range(base_classes.Range):
    row = column = None

    def __init__(self, sheet: Sheet, boxes: list[tuple[int, int, int, int]]) -> None:
        self.sheet, self.boxes = sheet, boxes
        self.row, self.column, self.bottom, self.right = boxes[0]
        self.options: Any = {}

    @property
    def coords(self) -> tuple[str, int, int, int, int]:
        return self.sheet.name, self.row, self.column, self.bottom, self.right

    @property
    def shape(self) -> tuple[int, int]:
        return self.bottom - self.row + 1, self.right - self.column + 1

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, arg1: int, arg2: int | None = None) -> "Range":
        if arg2 is None:
            row, column = divmod(arg1 - 1, self.shape[1])
            return self(row + 1, column + 1)
        return self.sheet.range((self.row + arg1 - 1, self.column + arg2 - 1))

    @property
    def address(self) -> str:
        return ",".join(_absolute(box) for box in self.boxes)

    @property
    def cell(self) -> Any:
        return self.sheet.ws.cell(self.row, self.column)

    def _cells(self) -> list[list[Any]]:
        return [
            [self.sheet.ws.cell(row, column) for column in range(self.column, self.right + 1)]
            for row in range(self.row, self.bottom + 1)
        ]

    def _hidden(self) -> list[bool]:
        return [bool(self.sheet.ws.row_dimensions[row].hidden) for row in range(self.row, self.bottom + 1)]

    def _visible(self) -> list[list[Any]]:
        return [row for row, hidden in zip(self._cells(), self._hidden(), strict=True) if not hidden]

    @property
    def raw_value(self) -> Any:
        self.sheet.book.app.answer()
        values = tuple(tuple(self._out(cell) for cell in row) for row in self._cells())
        return values[0][0] if self.shape == (1, 1) else values

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self.sheet.book.app.change()
        if self.sheet.ws.protection.sheet:
            raise ComError(REFUSED, -2146827284)
        rows = data if isinstance(data, list | tuple) else [[data]]
        if len(self) > 1 and any(self._hidden()):  # what Excel does: the first value into every visible cell
            rows = [[rows[0][0]] * self.shape[1]] * self.shape[0]
        lines = self._visible() if len(self) > 1 else self._cells()
        for line, values in zip(lines, rows, strict=len(lines) == len(rows)):
            for cell, value in zip(line, values, strict=True):
                assert not (len(rows) * len(values) > 1 and isinstance(value, str) and len(value) > 8203)
                _enter(cell, value)
                self.sheet.book.cached.pop((self.sheet.name, cell.row, cell.column), None)

    def _out(self, cell: Any) -> Any:
        value = self.sheet.book.cached.get((self.sheet.name, cell.row, cell.column), cell.value)
        if isinstance(value, ArrayFormula):
            return None
        if isinstance(value, str):
            return ERRORS.get(value, value)
        if isinstance(value, dt.timedelta):
            value = dt.datetime(1899, 12, 30) + value
        if isinstance(value, dt.time):
            value = dt.datetime.combine(dt.date(1899, 12, 30), value)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            value = dt.datetime.combine(value, dt.time())
        if isinstance(value, int | float) and not isinstance(value, bool):
            if is_date_format(cell.number_format):
                value = from_excel(value, self.sheet.book.wb.epoch)
                if isinstance(value, dt.time):
                    value = dt.datetime.combine(dt.date(1899, 12, 30), value)
            else:
                return Decimal(str(value)) if "¥" in cell.number_format else float(value)
        return value.replace(tzinfo=dt.UTC) if isinstance(value, dt.datetime) else value

    @property
    def formula(self) -> Any:
        def spelled(cell: Any) -> str:
            value = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
            return "" if value is None else str(value)

        values = tuple(tuple(spelled(cell) for cell in row) for row in self._cells())
        return values[0][0] if self.shape == (1, 1) else values

    @property
    def number_format(self) -> str | None:
        if self.shape[0] > 100_000:  # a whole column
            return self.sheet.ws.column_dimensions[get_column_letter(self.column)].number_format
        found = {cell.number_format for row in self._cells() for cell in row}
        return found.pop() if len(found) == 1 else None

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.sheet.book.app.change()
        if self.shape[0] > 100_000:
            return
        for row in self._visible() if len(self) > 1 else self._cells():
            for cell in row:
                # Excel keeps the serial number and shows it by the new format.
                if isinstance(cell.value, dt.date | dt.time) and not is_date_format(value):
                    cell.value = to_excel(cell.value)
                cell.number_format = value

    @property
    def merge_area(self) -> "Range":
        for merged in self.sheet.ws.merged_cells.ranges:
            if merged.min_row <= self.row <= merged.max_row and merged.min_col <= self.column <= merged.max_col:
                return Range(self.sheet, [(merged.min_row, merged.min_col, merged.max_row, merged.max_col)])
        return self

    @property
    def font(self) -> Any:
        cell = self.cell

        class Look:
            bold = property(lambda _: cell.font.b, lambda _, value: setattr(cell, "font", Font(b=value)))

        return Look()

    @property
    def color(self) -> Any:
        return self.cell.fill.fgColor.rgb

    @color.setter
    def color(self, value: tuple[int, int, int]) -> None:
        self.cell.fill = PatternFill("solid", fgColor="{:02X}{:02X}{:02X}".format(*value))

    @property
    def column_width(self) -> float:
        return self.sheet.ws.column_dimensions[get_column_letter(self.column)].width

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.sheet.ws.column_dimensions[get_column_letter(self.column)].width = value

    @property
    def conditional_formats(self) -> "ConditionalFormats":
        return ConditionalFormats(self)

    @property
    def note(self) -> "Note | None":
        return Note(self.sheet, self.cell) if self.cell.comment else None

    def add_note(self, text: str) -> "Note":
        self.sheet.book.app.change()
        if any(
            (note.location.row, note.location.column) == (self.row, self.column) for note in self.sheet.threads or ()
        ):
            raise ComError(REFUSED, -2146827284)
        self.cell.comment = Comment(text, "Excel")
        return Note(self.sheet, self.cell)

    @property
    def api(self) -> Any:
        cells = [cell for row in self._cells() for cell in row] if len(self) < 100_000 else []
        inside = [bool(Range(self.sheet, [(c.row, c.column) * 2]).merge_area.shape != (1, 1)) for c in cells]

        hidden = self._hidden() if cells else [False]
        shown = [cell for row in self._visible() for cell in row] if cells else []
        areas = [SimpleNamespace(Row=cell.row, Rows=SimpleNamespace(Count=1)) for cell in shown]

        def clear_links() -> None:
            for cell in cells:
                cell.hyperlink = None

        return SimpleNamespace(
            cell=self.cell if cells else None,
            HasFormula=bool(cells) and cells[0].data_type == "f",
            HasArray=bool(cells) and isinstance(cells[0].value, ArrayFormula),
            MergeCells=all(inside) or (None if any(inside) else False),
            EntireRow=SimpleNamespace(Hidden=all(hidden) or (None if any(hidden) else False)),
            SpecialCells=lambda kind: SimpleNamespace(Areas=areas),
            ClearHyperlinks=clear_links,
        )


def _absolute(box: tuple[int, int, int, int]) -> str:
    top, left, bottom, right = box
    first, last = f"${get_column_letter(left)}${top}", f"${get_column_letter(right)}${bottom}"
    return first if first == last else f"{first}:{last}"


def _enter(cell: Any, value: Any) -> None:
    """As if typed: what Excel makes of a value that is assigned to a cell."""
    if not isinstance(value, str):
        cell.value = value
        return
    if value == "":
        cell.value = None
    elif cell.number_format == "@":
        cell.value = value
        cell.data_type = "s"
    elif value.startswith("'"):
        cell.value = value[1:]
        cell.data_type = "s"
        cell.quotePrefix = True
    elif value[0] in "=+-@" and not _NUMBER.fullmatch(value):
        cell.value = f"={value.lstrip('=')}"
    elif match := _DATE.fullmatch(value):
        cell.value = dt.datetime(*(int(part) for part in match.groups()))
        cell.number_format = "yyyy/m/d"
    elif _NUMBER.fullmatch(value):
        cell.value = float(value.replace(",", "").rstrip("%"))
    elif value.casefold() in ("true", "false"):
        cell.value = value.casefold() == "true"
    else:
        cell.value = value
        cell.data_type = "s"


class Note(base_classes.Note):
    def __init__(self, sheet: Sheet, cell: Any) -> None:
        self.sheet, self.cell = sheet, cell

    @property
    def location(self) -> Range:
        return self.sheet.range((self.cell.row, self.cell.column))

    @property
    def text(self) -> str:
        return self.cell.comment.text

    @text.setter
    def text(self, value: str) -> None:
        self.sheet.book.app.change()
        self.cell.comment = Comment(value, self.cell.comment.author)

    def delete(self) -> None:
        self.sheet.book.app.change()
        self.cell.comment = None


class ConditionalFormat(base_classes.ConditionalFormat):
    def __init__(self, sheet: Sheet, pair: Any) -> None:
        self.sheet, self.pair = sheet, pair

    @property
    def type(self) -> str:
        return "custom" if self.pair[1].type == "expression" else "unknown"

    @property
    def formula(self) -> str:
        return f"={self.pair[1].formula[0]}"

    @property
    def api(self) -> Any:
        areas = [SimpleNamespace(Address=_absolute((r.min_row, r.min_col, r.max_row, r.max_col)))
                 for r in self.pair[0].ranges]  # fmt: skip
        return SimpleNamespace(AppliesTo=SimpleNamespace(Areas=areas))

    def delete(self) -> None:
        self.sheet.book.app.change()
        self.sheet.rules.remove(self.pair)
        self.sheet.renumber()


class ConditionalFormats(base_classes.ConditionalFormats):
    def __init__(self, area: Range) -> None:
        self.area, self.sheet = area, area.sheet

    def __len__(self) -> int:
        return len(self.sheet.rules)

    def __call__(self, number: int) -> ConditionalFormat:
        return ConditionalFormat(self.sheet, self.sheet.rules[number - 1])

    def __iter__(self) -> Iterator[ConditionalFormat]:
        return iter([ConditionalFormat(self.sheet, pair) for pair in self.sheet.rules])

    def add_custom(self, spec: dict[str, Any]) -> ConditionalFormat:
        self.sheet.book.app.change()
        fill = PatternFill(bgColor="{:02X}{:02X}{:02X}".format(*_rgb(spec["fill_color"])), fill_type="solid")
        rule = FormulaRule(formula=[spec["formula"].removeprefix("=")], fill=fill)
        address = self.area.address.replace("$", "").replace(",", " ")
        holder = ConditionalFormattingList()
        holder.add(address, rule)
        (block,) = holder
        self.sheet.rules.insert(0, (block.sqref, rule))
        self.sheet.renumber()
        return ConditionalFormat(self.sheet, self.sheet.rules[0])


def _rgb(colour: Any) -> tuple[int, int, int]:
    if isinstance(colour, str):
        return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
    return colour


class Tables(base_classes.Tables):
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def __iter__(self) -> Iterator["Table"]:
        return iter([Table(self.sheet, table) for table in self.sheet.ws.tables.values()])

    def __len__(self) -> int:
        return len(self.sheet.ws.tables)

    def __call__(self, number: int) -> "Table":
        return list(self)[number - 1]


class Table(base_classes.Table):
    def __init__(self, sheet: Sheet, table: Any) -> None:
        self.sheet, self.table = sheet, table

    @property
    def range(self) -> Range:
        return self.sheet.range(self.table.ref)

    show_headers = property(lambda self: self.table.headerRowCount != 0)
    show_totals = property(lambda self: bool(self.table.totalsRowCount))

    def resize(self, area: Any) -> None:
        self.sheet.book.app.change()
        self.table.ref = area.address.replace("$", "")
        if self.table.autoFilter:
            self.table.autoFilter.ref = self.table.ref
        for column in range(len(self.table.tableColumns) + 1, area.shape[1] + 1):
            header = self.sheet.ws.cell(1, area.column + column - 1).value
            self.table.tableColumns.append(TableColumn(id=column, name=header))
        del self.table.tableColumns[area.shape[1] :]


class Names(base_classes.Names):
    def __init__(self, book: Book) -> None:
        self.book = book

    def contains(self, name: str) -> bool:
        self.book.app.answer()
        return name in self.book.wb.defined_names

    def __call__(self, name: str) -> Any:
        return SimpleNamespace(name=name, refers_to=f"={self.book.wb.defined_names[name].attr_text}")


@pytest.fixture
def excel(monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """A running Excel with no workbook; `xw.apps` finds it."""
    engine = Engine()
    pywintypes = types.ModuleType("pywintypes")
    pywintypes.com_error = ComError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pywintypes", pywintypes)
    before = xw.engines.active
    xw.engines.add(xw.main.Engine(impl=engine))
    xw.engines[engine.name].activate()
    yield App(engine)
    xw.engines.engines.remove(xw.engines[engine.name])
    del xw.engines.engines_by_name[engine.name]
    xw.engines.active = before
