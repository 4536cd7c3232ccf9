"""Buttons in a new workbook: form controls, which other programs keep, unlike shapes with a macro."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from toolkit.hosts.fresh.sheet_look import FONT

# Height of a header row with a button above the header's text, in points; the button's in pixels.
HEADER_HEIGHT = 66
_HIGH, _WIDE, _MARGIN = 36, 140, 6
_PLAIN_FONT = re.compile(rb'<font face="Calibri" size="220" color="#000000">')


@dataclass(frozen=True)
class Press:
    """A button: the text on it and the macro it calls (module.sub)."""

    caption: str
    macro: str


@dataclass(frozen=True)
class Macros:
    """`project`: vbaProject.bin, with a document module for each sheet; `on_sheets`: buttons above the first headers
    of a data sheet, by its title."""

    project: bytes
    on_sheets: Mapping[str, tuple[Press, ...]]


def carry(workbook: Workbook, macros: Macros) -> None:
    """Make the workbook an .xlsm with this project."""
    workbook.add_vba_project(io.BytesIO(macros.project), is_stream=True)


def put_button(
    worksheet: Worksheet, row: int, column: int, press: Press, *, x: int, y: int, width: int, height: int
) -> None:
    """Draw a button at pixels (x, y) of a cell."""
    options = {
        "macro": press.macro, "caption": press.caption, "width": width, "height": height, "x_offset": x, "y_offset": y
    }  # fmt: skip
    worksheet.insert_button(row, column, options)


def put_above_headers(worksheet: Worksheet, presses: tuple[Press, ...]) -> None:
    """Draw buttons in a row over the top of the header row, from its first cell on."""
    for number, press in enumerate(presses):
        x = _MARGIN + number * (_WIDE + _MARGIN)
        put_button(worksheet, 0, 0, press, x=x, y=_MARGIN, width=_WIDE, height=_HIGH)


def in_house_font(drawing: bytes) -> bytes:
    """A VML drawing with the captions of its buttons in the workbook's font, which XlsxWriter has no option for."""
    font = f'<font face="{FONT["font_name"]}" size="200" color="#1F3864">'
    return _PLAIN_FONT.sub(font.encode(), drawing)
