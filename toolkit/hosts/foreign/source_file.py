"""Files of strangers (exports, filled forms, questionnaires) as raw rows: .xlsx .xlsm .xls .ods by calamine, .csv.

What the content is counts, not the extension: core systems save web pages, text and new workbooks as .xls.
"""

import io
from pathlib import Path
from typing import Any

from lxml import etree

from toolkit.hosts.closed_file import open_book, read_bytes, refuse_foreign
from toolkit.hosts.foreign.delimited_text import decoded, read_delimited
from toolkit.hosts.foreign.html_table import looks_like_html, read_html_tables
from toolkit.hosts.foreign.separate_reader import read_apart
from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.extent import MOST_CELLS
from toolkit.hosts.parts.package import Package, SheetEntry, sheet_entries, uses_1904
from toolkit.hosts.parts.zip_parts import OLE_MAGIC, ZIP_MAGIC, ZipParts
from toolkit.hosts.reading import hidden_rows, mark_uncomputed, read_grid, read_sheet
from toolkit.model.errors import ToolkitError
from toolkit.model.tables import Source

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
_TEXT_SUFFIXES = (".csv", ".xls")
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_XML_SPREADSHEET = b"urn:schemas-microsoft-com:office:spreadsheet"

# 0-based first row, first column, last row, last column
Regions = tuple[tuple[int, int, int, int], ...]


def read_sources(path: Path) -> list[Source]:
    """The sheets of a file that hold anything, raw cells as read, `rows[0][0]` being A1.

    Raises `ToolkitError` for a folder, a missing, unreadable, encrypted or empty file, and one of another type.
    """
    path = Path(path)
    return sources_in(read_bytes(path, SUFFIXES, " .xlsx、.xls、.ods 或 .csv "), path)


def sources_in(content: bytes, path: Path, book: "NewBook | None" = None) -> list[Source]:
    """As `read_sources`, of bytes at hand; `book` if they have been opened as a new workbook."""
    if not content.strip():
        raise empty(path)
    found = book.sources() if book else _sources(content, path)
    sources = [source for source in found if any(c is not None for row in source.rows for c in row)]
    if not sources:
        raise empty(path)
    return sources


def _sources(content: bytes, path: Path) -> list[Source]:
    if content.startswith(OLE_MAGIC):
        return _old_book(content, path.name)
    if content.startswith(ZIP_MAGIC):
        if _OPEN_DOCUMENT in content[:200]:
            return _open_document(content, path.name)
        return NewBook(content, path.name).sources()
    if _XML_SPREADSHEET in content[:4000]:
        raise ToolkitError(
            "内容是 XML 表格，不是 Excel 工作簿", where=path.name, mend="请在 Excel 或 WPS 中打开并另存为 .xlsx 后重试"
        )
    if looks_like_html(content):
        tables = read_html_tables(decoded(content, path.name), path.name)
        return [Source(path.name, title or path.stem, rows, tuple(merged)) for title, rows, merged in tables]
    if path.suffix.lower() in _TEXT_SUFFIXES:
        return [Source(path.name, path.stem, read_delimited(content, path.name))]
    refuse_foreign(content, path.name)
    return []


def empty(path: Path) -> ToolkitError:
    return ToolkitError("文件里没有数据", where=path.name, mend="请检查导出是否成功，重新导出后再试")


class NewBook:
    """An .xlsx or .xlsm of a stranger. `most_bytes`, `most_cells`: what it may hold at most (None: the usual)."""

    def __init__(self, content: bytes, file: str, most_bytes: int | None = None, most_cells: int = MOST_CELLS) -> None:
        refuse_foreign(content, file)
        self.file, self._most_cells = file, most_cells
        self.package = Package(ZipParts(content, file, most_bytes), file)
        if ooxml.local(self.package.workbook_xml) != "workbook":
            raise ToolkitError("内容不是 Excel 工作簿", where=file, mend="请检查扩展名，Word 记录表须以 .docx 结尾")
        self.entries = sheet_entries(self.package)
        self._book = open_book(content, self.package, file)
        self._days_1904 = uses_1904(self.package)

    def sources(self, *titles: str) -> list[Source]:
        """The sheets as they lie, all of them if none is named."""
        return [self.source(entry) for entry in self.entries if not titles or entry.title in titles]

    def source(self, entry: SheetEntry) -> Source:
        xml = self.package.read(entry.part)
        where = f"{self.file} 的“{entry.title}”表"
        sheet = read_sheet(self._book, entry.title, xml, where, self._most_cells)
        grid = read_grid(sheet, xml)
        mark_uncomputed(grid)
        merged = _regions(sheet.merged_cell_ranges)
        rows = _padded(grid.rows, grid.top, grid.left)
        return Source(self.file, entry.title, rows, merged, hidden_rows(xml), self._days_1904)


def _regions(ranges: list[tuple[tuple[int, int], tuple[int, int]]] | None) -> Regions:
    return tuple((*first, *last) for first, last in ranges or ())


def _old_book(content: bytes, file: str) -> list[Source]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _encrypted(file)
    return [
        Source(file, title, _padded(rows, top, left), _regions(merged))
        for title, top, left, rows, merged in read_apart(content, file)
    ]


def _open_document(content: bytes, file: str) -> list[Source]:
    parts = ZipParts(content, file)
    if "META-INF/manifest.xml" in parts and b"encryption-data" in parts.read("META-INF/manifest.xml"):
        raise _encrypted(file)
    merged = _extents(parts.read("content.xml") if "content.xml" in parts else b"", file)
    return [
        Source(file, title, _padded(rows, top, left), tuple(merged.get(title, ())))
        for title, top, left, rows, _ in read_apart(content, file)
    ]


def _encrypted(file: str) -> ToolkitError:
    return ToolkitError("文件已加密", where=file, mend="请先取消打开密码并保存后重试")


def _padded(rows: list[list[Any]], top: int, left: int) -> list[list[Any]]:
    """Rows from A1 on, blanks as None."""
    margin = [None] * (left - 1)
    body = [margin + [None if cell == "" else cell for cell in row] for row in rows]
    return [[] for _ in range(top - 1)] + body


def _extents(xml: bytes, file: str) -> dict[str, list[tuple[int, int, int, int]]]:
    """Merged regions by sheet. An .ods says "this cell, a million times" in one word; filled repetitions beyond all
    reason are refused."""
    title, row, widest, rows = "", 0, 0, 0
    merged: dict[str, list[tuple[int, int, int, int]]] = {}
    ooxml.parse(xml, file)
    for event, element in etree.iterparse(io.BytesIO(xml), events=("start", "end"), resolve_entities=False):
        name = ooxml.local(element)
        if event == "start" and name == "table":
            title, row, widest, rows = element.get(_attribute(element, "name"), ""), 0, 0, 0
        elif event == "end" and name == "table-row":
            filled = column = 0
            for cell in element:
                down = ooxml.number(cell, _attribute(cell, "number-rows-spanned"), 1)
                across = ooxml.number(cell, _attribute(cell, "number-columns-spanned"), 1)
                if down > 1 or across > 1:
                    merged.setdefault(title, []).append((row, column, row + down - 1, column + across - 1))
                column += ooxml.number(cell, _attribute(cell, "number-columns-repeated"), 1)
                filled = column if len(cell) or any("value" in str(key) for key in cell.attrib) else filled
            row += ooxml.number(element, _attribute(element, "number-rows-repeated"), 1)
            if filled:
                rows, widest = row, max(widest, filled)
            if rows * widest > MOST_CELLS:
                raise ToolkitError(
                    f"单元格 {ooxml.address(rows, min(widest, ooxml.LAST_COLUMN))} 离数据区太远，表格异常庞大",
                    where=f"{file} 的“{title}”表",
                    mend="请清除数据区以外的单元格内容并保存后重试",
                )
            element.clear()
    return merged


def _attribute(element: etree._Element, name: str) -> str:
    return f"{{{ooxml.namespace(element)}}}{name}"
