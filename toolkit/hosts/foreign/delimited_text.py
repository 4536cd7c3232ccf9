"""Text exports (.csv, and text saved as .xls): encoding and delimiter found out, quotes taken only where they pair."""

import csv
import io
import re
from typing import Any

from toolkit.model.errors import ToolkitError

_DELIMITERS = (",", ";", "\t", "|")
_SNIFFED_LINES = 20
_LONGEST_CELL = 1_000_000
# Exports write ="0123" so that Excel keeps the text.
_FORCED_TEXT = re.compile(r'="([^"]*)"')
_SEPARATOR_LINE = re.compile(r"sep=(.)$", re.IGNORECASE)
_NO_TEXT = re.compile("[\x00-\x08]")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_delimited(content: bytes, file: str) -> list[list[Any]]:
    """Rows of text cells, blanks as None; raises `ToolkitError` if it is no text or its quotes do not pair."""
    return delimited_rows(decoded(content, file), file)


def decoded(content: bytes, file: str) -> str:
    """UTF-8 with or without mark, UTF-16 with or without, else GB18030 (which holds GBK)."""
    encodings: tuple[str, ...] = ("utf-8-sig", "gb18030")
    if content[:2] in _UTF_16_MARKS:
        encodings = ("utf-16",)
    elif b"\0" in content[:4000]:
        # Half the bytes of ASCII digits and commas are zero: behind them in little, before them in big endian.
        head = content[:4000]
        encodings = ("utf-16-le",) if head[1::2].count(0) > head[::2].count(0) else ("utf-16-be",)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.search(text):
            return text
    raise ToolkitError(
        "内容不是文本，或编码无法识别", where=file, mend="请另存为 UTF-8 或 GBK 编码的 .csv，或 .xlsx 后重试"
    )


def delimited_rows(text: str, file: str) -> list[list[Any]]:
    """Rows of a text file by the separator it states (sep=;) or uses most; an empty field is None, ="001" is 001."""
    first = text[: text.find("\n")].rstrip("\r") if "\n" in text else text
    stated = _SEPARATOR_LINE.match(first)
    delimiter = stated[1] if stated else _delimiter(text)
    lines = _split(text, delimiter, file)
    if stated:
        lines[0] = []
    return [
        [_FORCED_TEXT.sub(r"\1", cell) if cell.startswith('="') else cell or None for cell in line] for line in lines
    ]


def _split(text: str, delimiter: str, file: str) -> list[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        if not _swallowed(lines, delimiter):
            return lines
    except csv.Error:
        pass
    # A stray quote, as in a firm's name: take every quote as text if the lines then are all of one width.
    try:
        plain = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE))
    except csv.Error:
        plain = []
    widths = [len(line) for line in plain if line]
    if widths and widths.count(max(widths)) >= 0.9 * len(widths) and max(widths) > 1:
        return [[_unquoted(cell) for cell in line] for line in plain]
    raise ToolkitError(
        "内容不是规整的 .csv（引号不成对）", where=file, mend="请重新导出，或在 Excel 中另存为 .xlsx 后重试"
    )


def _swallowed(lines: list[list[str]], delimiter: str) -> bool:
    """A quote that was closed lines later has swallowed whole rows: a cell holds line breaks and many delimiters."""
    width = max((len(line) for line in lines), default=0)
    return any(
        "\n" in cell and cell.count(delimiter) >= max(width - 2, 1) for line in lines for cell in line if len(cell) > 20
    )


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first lines into the most columns alike; the comma if none does."""
    sample = "\n".join(text.splitlines()[:_SNIFFED_LINES])

    def columns(delimiter: str) -> tuple[int, int]:
        try:
            lines = [line for line in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if line]
        except csv.Error:
            return (0, 0)
        widths = [len(line) for line in lines if len(line) > 1]
        # Title lines above the header have no delimiter, or all of them.
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
        return (widths.count(usual), usual)

    return max(_DELIMITERS, key=columns)
