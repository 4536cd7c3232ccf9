"""The web page that many core systems save as .xls: its tables as raw rows, all cells text."""

from lxml import etree, html

from toolkit.model.errors import ToolkitError

# row, column, last row, last column: 0-based
Region = tuple[int, int, int, int]
# title, rows, merged regions
HtmlTables = list[tuple[str, list[list[str | None]], list[Region]]]

_STARTS = (b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<body", b"<style", b"<div")
MOST_CELLS = 20_000_000
MOST_SPAN = 100_000


def looks_like_html(content: bytes) -> bool:
    """Is it a web page, under whatever name? Core systems save such as .xls."""
    start = content[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    return start.startswith(_STARTS) or (start.startswith(b"<?xml") and b"<html" in start)


def read_html_tables(text: str, file: str) -> HtmlTables:
    """The page's tables that hold no other table; raises `ToolkitError` if there is none or one is monstrous."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        page = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        raise _no_table(file) from None
    tables = [table for table in page.iter("table") if next(table.iterdescendants("table"), None) is None]
    if not tables:
        raise _no_table(file)
    return [(f"表{i}" if len(tables) > 1 else "", *_grid(table, file)) for i, table in enumerate(tables, 1)]


def _grid(table: html.HtmlElement, file: str) -> tuple[list[list[str | None]], list[Region]]:
    rows: list[list[str | None]] = []
    merged: list[Region] = []
    held: dict[tuple[int, int], bool] = {}
    count = 0
    for at, line in enumerate(table.iter("tr")):
        row: list[str | None] = []
        for cell in line.iterchildren("td", "th"):
            while held.pop((at, len(row)), False):
                row.append(None)
            down, across = _span(cell, "rowspan"), _span(cell, "colspan")
            column = len(row)
            text = " ".join("".join(cell.itertext()).split())
            row += [text or None] + [None] * (across - 1)
            if down > 1 or across > 1:
                merged.append((at, column, at + down - 1, column + across - 1))
            for below in range(at + 1, at + down):
                held.update({(below, column + i): True for i in range(across)})
            count += down * across
            if count > MOST_CELLS:
                raise ToolkitError("表格异常庞大", where=file, mend="请在 Excel 中另存为 .xlsx 后重试")
        rows.append(row)
    return rows, merged


def _span(cell: html.HtmlElement, name: str) -> int:
    text = str(cell.get(name, "1")).strip()
    return min(max(int(text), 1), MOST_SPAN) if text.isdecimal() else 1


def _no_table(file: str) -> ToolkitError:
    return ToolkitError(
        "扩展名是 .xls，内容却是没有表格的网页", where=file, mend="请在 Excel 或 WPS 中打开并另存为 .xlsx 后重试"
    )
