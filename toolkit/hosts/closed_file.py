"""A workbook file that no program has open: read its sheets, render its next state as bytes."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from toolkit.hosts.parts.changes import merged
from toolkit.hosts.parts.package import Package, named_cell, sheet_entries
from toolkit.hosts.parts.rendering import Rendering
from toolkit.hosts.parts.zip_parts import ZIP_MAGIC, ZipParts, refuse_locked_or_old
from toolkit.hosts.reading import Grid, absent_cells, cells_of, columns_of, read_grid, read_sheet, unreadable
from toolkit.model.cells import Cells
from toolkit.model.errors import ToolkitError
from toolkit.model.fields import Sheet
from toolkit.model.parameters import fold
from toolkit.model.reading import as_text
from toolkit.model.tables import SheetEdits, Table

SUFFIXES = (".xlsm", ".xlsx")
MOST_FILE_BYTES = 500 << 20
_DECLARED_STRINGS = re.compile(rb"""<(?:\w+:)?sst\b[^>]*?uniqueCount\s*=\s*["']\s*\+?(\d+)""")


class ClosedFile:
    """The bytes of `path` as they were when it was opened; nothing here writes to the disk."""

    def __init__(self, path: Path, package: Package, book: CalamineWorkbook) -> None:
        self.path = path
        self._package, self._book = package, book
        self._entries = sheet_entries(package)
        self._grids: dict[str, Grid] = {}

    def draft(self) -> Package:
        """A copy of the parts to change."""
        return self._package.draft()

    def columns(self, sheet: Sheet) -> dict[str, int] | None:
        """Field → column of a sheet, also of one that lacks required columns; None if there is no such sheet.

        Raises `ToolkitError` for a doubled header, and where something stands in the sheet but no header is known.
        """
        title = self._real_title(sheet.title)
        if title is None:
            return None
        grid = self._grid(title)
        found, _ = columns_of(sheet, grid, self._where(title))
        if not found and any(value != "" for row in grid.rows for value in row):
            raise ToolkitError(
                "第 1 行没有认得的列标题", where=self._where(title), mend="请把列标题放在第 1 行，或把这张表改名"
            )
        return found

    def texts(self, sheet: Sheet, name: str) -> list[str]:
        """A field's cells below the header as texts, blank ones as ""; [] where sheet or column are missing."""
        column = (self.columns(sheet) or {}).get(name)
        title = self._real_title(sheet.title)
        if column is None or title is None:
            return []
        grid = self._grid(title)
        return [as_text(grid.value(row, column)) for row in range(2, grid.top + len(grid.rows))]

    def real_title(self, title: str) -> str:
        """The tab's own spelling of a title that exists."""
        return self._real_title(title) or title

    def verify(self) -> None:
        """Raise `ToolkitError` if any part is damaged, also one that no command reads."""
        for name in self._package.names:
            self._package.read(name)

    def titles(self) -> list[str]:
        """Titles of the worksheets in tab order."""
        return [entry.title for entry in self._entries]

    def _real_title(self, title: str) -> str | None:
        """The tab's own spelling of a title: exact, else the same when folded."""
        titles = self.titles()
        return title if title in titles else next((t for t in titles if fold(t) == fold(title)), None)

    def _where(self, title: str) -> str:
        return f"{self.path.name} 的“{title}”表"

    def _xml(self, title: str) -> bytes:
        return self._package.read(next(entry.part for entry in self._entries if entry.title == title))

    def _grid(self, title: str) -> Grid:
        if title not in self._grids:
            xml = self._xml(title)
            self._grids[title] = read_grid(read_sheet(self._book, title, xml, self._where(title)), xml)
        return self._grids[title]

    def read(self, sheet: Sheet) -> Table:
        """The sheet as a table; a missing optional or result sheet is empty with ``present=False``.

        Raises `ToolkitError` for a missing sheet or required column, a doubled header and cells beyond all reason.
        """
        return self.cells(sheet).table()

    def cells(self, sheet: Sheet) -> Cells:
        """The sheet before typing; raises as `read`."""
        title = self._real_title(sheet.title)
        if title is None:
            return absent_cells(sheet, self.path.name)
        return cells_of(sheet, self._grid(title), self.path.name)

    def named(self, name: str) -> object:
        """Value of the single cell that a workbook-level name points at; None if there is no such name."""
        target = named_cell(self._package, name)
        if target is None or target[0] not in self.titles():
            return None
        return self._grid(target[0]).value(*target[1:])

    def find_right_of(self, title: str, label: str) -> object:
        """Value right of the first cell (row by row) whose folded text is `label`, with or without a colon; None if
        sheet or label is absent.

        Where the label is merged over several columns, the cell right of the merged range.
        """
        real = self._real_title(title)
        if real is None:
            return None
        grid = self._grid(real)
        place = grid.find(label)
        return None if place is None else grid.value(place[0], self._right_edge(real, *place) + 1)

    def _right_edge(self, title: str, row: int, column: int) -> int:
        merged = self._book.get_sheet_by_name(title).merged_cell_ranges or []
        return next((last[1] + 1 for first, last in merged if first == (row - 1, column - 1)), column)

    def render(
        self, edits: Sequence[SheetEdits], tables: Mapping[str, Table], named: Mapping[str, object] | None = None
    ) -> bytes | None:
        """The workbook with the edits done; None if they change nothing.

        `tables` holds the sheets as read (by title), `named` values for the cells that workbook-level names point at;
        names that do not exist are passed over. Raises `ToolkitError` naming sheet and cell where a formula, a merged
        range or a text too long for a cell is in the way.
        """
        rendering = Rendering(self._package.draft(), self.path.name)
        for edit in merged(edits):
            title = self._real_title(edit.sheet.title)
            table = tables.get(edit.sheet.title)
            rendering.edit(title, edit, table if table is not None else self.read(edit.sheet))
        for name, value in (named or {}).items():
            target = named_cell(self._package, name)
            if target is not None and target[0] in self.titles():
                title, row, column = target
                rendering.set_cell(title, row, column, value, self._grid(title).value(row, column))
        return rendering.finished()


def read_bytes(path: Path, suffixes: Sequence[str], wanted: str) -> bytes:
    """Content of a file the user named; raises `ToolkitError` if it is no file, of a wrong kind or out of reach."""
    where = path.name or str(path)
    if path.is_dir():
        raise ToolkitError("这是文件夹，不是文件", where=where, mend=f"请选择{wanted}文件")
    if path.suffix.lower() not in suffixes:
        raise ToolkitError(f"不支持的文件类型“{path.suffix}”", where=where, mend=f"请选择{wanted}文件")
    try:
        if path.stat().st_size > MOST_FILE_BYTES:
            raise ToolkitError("文件过大", where=where, mend="请删去多余的工作表或图片后重试")
        return path.read_bytes()
    except FileNotFoundError:
        raise ToolkitError("找不到这个文件", where=where, mend="请检查文件名和所在文件夹") from None
    except OSError:
        raise ToolkitError("文件打不开", where=where, mend="请关闭占用它的程序，并确认有读取权限") from None


def open_closed(path: Path) -> ClosedFile:
    """Open a workbook for reading and rendering.

    Raises `ToolkitError` if it is missing, a folder, of another type, encrypted, truncated, unreadable or a zip bomb.
    """
    path = Path(path)
    return closed_of(read_bytes(path, SUFFIXES, " .xlsx 或 .xlsm "), path)


def closed_of(content: bytes, path: Path) -> ClosedFile:
    """The workbook of these bytes; `path` only names it. Raises as `open_closed`."""
    refuse_foreign(content, path.name)
    package = Package(ZipParts(content, path.name), path.name)
    return ClosedFile(path, package, open_book(content, package, path.name))


def refuse_foreign(content: bytes, where: str) -> None:
    """Raise unless the bytes begin like an Office zip."""
    refuse_locked_or_old(content, where, program="Excel", old=".xls", new=".xlsx")
    if not content.startswith(ZIP_MAGIC):
        raise ToolkitError("内容不是 Excel 工作簿", where=where, mend="请在 Excel 或 WPS 中另存为 .xlsx 后重试")


def open_book(content: bytes, package: Package, where: str) -> CalamineWorkbook:
    """Calamine's reader, after the parts it takes whole were inflated and held against their size."""
    for relation in package.relations(package.main):
        if relation.kind in ("sharedStrings", "styles") and relation.target in package:
            part = package.read(relation.target)
            declared = _DECLARED_STRINGS.search(part)
            # Calamine makes room for as many strings as the part claims to hold.
            if declared and int(declared[1]) > len(part):
                raise unreadable(where)
    try:
        return CalamineWorkbook.from_filelike(BytesIO(content))
    except CalamineError:
        raise unreadable(where) from None
