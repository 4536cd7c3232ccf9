"""Files of strangers (exports, filled forms, questionnaires) as raw rows: .xlsx .xlsm .xls .ods by calamine, .csv."""

import csv
import io
import re
from pathlib import Path
from typing import Any

from lxml import etree

from toolkit.hosts import ooxml
from toolkit.hosts.closed_file import open_book, read_bytes, refuse_foreign
from toolkit.hosts.extent import MOST_CELLS
from toolkit.hosts.old_book import read_old_book
from toolkit.hosts.package import Package, sheet_entries
from toolkit.hosts.reading import read_grid, read_sheet
from toolkit.hosts.zip_parts import OLE_MAGIC, ZIP_MAGIC, ZipParts
from toolkit.model.errors import ToolkitError
from toolkit.model.tables import Source

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
_DELIMITERS = (",", ";", "\t")
_SNIFFED_LINES = 20
_LONGEST_CELL = 1_000_000
# Exports write ="0123" so that Excel keeps the text.
_FORCED_TEXT = re.compile(r'="([^"]*)"')
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"


def read_sources(path: Path) -> list[Source]:
    """The sheets of a file that hold anything, raw cells as read, `rows[0][0]` being A1.

    Raises `ToolkitError` for a folder, a missing, unreadable, encrypted or empty file, and one of another type.
    """
    path = Path(path)
    content = read_bytes(path, SUFFIXES, " .xlsx、.xls、.ods 或 .csv ")
    if not content.strip():
        raise _empty(path)
    if path.suffix.lower() == ".csv":
        sources = [Source(path.name, path.stem, _csv_rows(content, path.name))]
    elif content.startswith(OLE_MAGIC) and path.suffix.lower() == ".xls":
        sources = _old_book(content, path.name)
    elif content.startswith(ZIP_MAGIC) and _OPEN_DOCUMENT in content[:200]:
        sources = _open_document(content, path.name)
    else:
        sources = _new_book(content, path.name)
    sources = [source for source in sources if any(cell is not None for row in source.rows for cell in row)]
    if not sources:
        raise _empty(path)
    return sources


def _empty(path: Path) -> ToolkitError:
    return ToolkitError("文件里没有数据", where=path.name, mend="请检查导出是否成功，重新导出后再试")


def _new_book(content: bytes, file: str) -> list[Source]:
    refuse_foreign(content, file)
    package = Package(ZipParts(content, file), file)
    book = open_book(content, package, file)
    sources = []
    for entry in sheet_entries(package):
        xml = package.read(entry.part)
        grid = read_grid(read_sheet(book, entry.title, xml, f"{file} 的“{entry.title}”表"), xml)
        sources.append(Source(file, entry.title, _padded(grid.rows, grid.top, grid.left)))
    return sources


def _old_book(content: bytes, file: str) -> list[Source]:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _encrypted(file)
    return [Source(file, title, _padded(rows, top, left)) for title, top, left, rows in read_old_book(content, file)]


def _open_document(content: bytes, file: str) -> list[Source]:
    parts = ZipParts(content, file)
    if "META-INF/manifest.xml" in parts and b"encryption-data" in parts.read("META-INF/manifest.xml"):
        raise _encrypted(file)
    _refuse_repetition(parts.read("content.xml") if "content.xml" in parts else b"", file)
    book = open_book(content, None, file)
    sources = []
    for title in book.sheet_names:
        grid = read_grid(read_sheet(book, title, b"", f"{file} 的“{title}”表"), b"")
        sources.append(Source(file, title, _padded(grid.rows, grid.top, grid.left)))
    return sources


def _encrypted(file: str) -> ToolkitError:
    return ToolkitError("文件已加密", where=file, mend="请先取消打开密码并保存后重试")


def _padded(rows: list[list[Any]], top: int, left: int) -> list[list[Any]]:
    """Rows from A1 on, blanks as None."""
    margin = [None] * (left - 1)
    body = [margin + [None if cell == "" else cell for cell in row] for row in rows]
    return [[] for _ in range(top - 1)] + body


def _refuse_repetition(xml: bytes, file: str) -> None:
    """An .ods says "this cell, a million times" in one word; refuse filled repetitions beyond all reason."""
    title, row, widest, rows = "", 0, 0, 0
    ooxml.parse(xml, file)
    for event, element in etree.iterparse(io.BytesIO(xml), events=("start", "end"), resolve_entities=False):
        name = ooxml.local(element)
        if event == "start" and name == "table":
            title, row, widest, rows = element.get(_attribute(element, "name"), ""), 0, 0, 0
        elif event == "end" and name == "table-row":
            filled = column = 0
            for cell in element:
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


def _attribute(element: etree._Element, name: str) -> str:
    return f"{{{ooxml.namespace(element)}}}{name}"


def _csv_rows(content: bytes, file: str) -> list[list[Any]]:
    text = _decoded(content, file)
    csv.field_size_limit(_LONGEST_CELL)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error:
        raise ToolkitError(
            "内容不是规整的 .csv（引号不成对）", where=file, mend="请重新导出，或在 Excel 中另存为 .xlsx 后重试"
        ) from None
    return [
        [_FORCED_TEXT.sub(r"\1", cell) if cell.startswith('="') else cell or None for cell in line] for line in lines
    ]


def _decoded(content: bytes, file: str) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, else GB18030 (which holds GBK)."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ToolkitError(
        "内容不是文本，或编码无法识别", where=file, mend="请另存为 UTF-8 或 GBK 编码的 .csv，或 .xlsx 后重试"
    )


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the most columns alike; the comma if none does."""
    sample = "\n".join(text.splitlines()[:_SNIFFED_LINES])

    def columns(delimiter: str) -> tuple[int, int]:
        try:
            lines = [line for line in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if line]
        except csv.Error:
            return (0, 0)
        width = len(lines[0]) if lines else 0
        return (width if width > 1 else 0, sum(len(line) == width for line in lines))

    return max(_DELIMITERS, key=columns)
