"""One form drawn on a worksheet from its layout: A4 upright, frames, dropdowns, only the entries unlocked."""

from dataclasses import dataclass, field, replace

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from toolkit.hosts.fresh.sheet_look import Look
from toolkit.hosts.fresh.sheet_validation import entry_validation
from toolkit.model import forms, sheets
from toolkit.model.fields import Kind
from toolkit.model.form_layout import WIDTHS, Cell, Line
from toolkit.model.form_layout import Look as Part
from toolkit.model.form_package import marked
from toolkit.model.tables import column_letter

# Pale enough to print as white paper.
_ENTRY_FILL, _SECTION_FILL, _LABEL_FILL = "#FFFBEA", "#D9D9D9", "#F2F2F2"
_FRAME = "#7F7F7F"
_NUMBER_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.TIME: "hh:mm", Kind.INTEGER: "0", Kind.NUMBER: "General"}


@dataclass
class Placed:
    """Where things came to stand. `names`: defined name → absolute cell. `growing`: sheet row → lines at least, and its
    texts with slots and the characters a line of each holds."""

    names: dict[str, str] = field(default_factory=dict)
    growing: dict[int, tuple[float, tuple[tuple[str, float], ...]]] = field(default_factory=dict)
    rows: int = 0
    fixed_points: float = 0.0  # height of the rows that do not grow


def row_points(lines: float) -> float:
    """Height of a row that holds so many lines of text."""
    return round(14.2 * lines + 3, 1)


class FormLook(Look):
    """The formats of forms."""

    def __init__(self, workbook: Workbook) -> None:
        super().__init__(workbook)
        self.small = self.format(font_size=8, font_color="#595959")
        self.strong = self.format(font_size=10)

    def cell(self, cell: Cell) -> Format:
        """The format of a cell by its look and, where it is filled in, by its field's kind."""
        frame: dict[str, object] = {"border": 1, "border_color": _FRAME, "text_wrap": True}
        left = {**frame, "align": "left", "indent": 1}
        if cell.look is Part.TITLE:
            return self.format(font_size=18, bold=True, align="center")
        if cell.look is Part.PLAIN:
            align = "right" if cell.text == "表式" else "left"
            return self.format(font_size=9, align=align)
        if cell.look is Part.SECTION:
            return self.format(bold=True, bg_color=_SECTION_FILL, **left)
        if cell.look is Part.LABEL:
            return self.format(bg_color=_LABEL_FILL, align="center", font_size=9.5, **frame)
        if cell.look is Part.HINT:
            return self.format(**{**left, "font_size": 8, "font_color": "#595959"})
        if cell.look is Part.SHOWN:
            return self.format(**left)
        kind = sheets.RECORDS[cell.field].kind
        entry = {**left, "locked": cell.fixed}
        if not cell.fixed:
            entry["bg_color"] = _ENTRY_FILL
        if kind is Kind.TEXT:
            entry |= {"num_format": "@", "valign": "vcenter" if cell.span <= 3 else "top"}
        else:
            entry |= {"num_format": _NUMBER_FORMATS.get(kind, "@")}
        if cell.choices or kind in _NUMBER_FORMATS:
            entry |= {"align": "center", "indent": 0}
        return self.format(**entry)


def draw_form(worksheet: Worksheet, lines: tuple[Line, ...], look: FormLook) -> Placed:
    """Draw `lines` and say where the fields stand."""
    placed = Placed()
    for column, width in enumerate(WIDTHS):
        worksheet.set_column(column, column, width, look.format())
    for row, line in enumerate(lines):
        worksheet.set_row(row, row_points(line.height))
        column, texts = 0, []
        for cell in _with_hints(line.cells):
            _draw(worksheet, row, column, cell, look)
            if cell.field:
                name = cell.field if cell.field == forms.VERSION_KEY else forms.key(cell.field)
                placed.names[name] = f"${column_letter(column + 1)}${row + 1}"
            if "{" in cell.text:
                texts.append((marked(cell.text), sum(WIDTHS[column : column + cell.span]) * 1.03 - 1.5))
            column += cell.span
        if line.grows:
            placed.growing[row + 1] = (line.height, tuple(texts))
        else:
            placed.fixed_points += row_points(line.height)
    placed.rows = len(lines)
    _set_up(worksheet, len(lines))
    return placed


def _with_hints(cells: tuple[Cell, ...]) -> list[Cell]:
    """A dropdown is empty on paper, so its choices stand beside it where there is room."""
    out: list[Cell] = []
    for cell in cells:
        if cell.choices and cell.span > 1:
            hint = Cell(cell.span - 1, Part.HINT, "／".join(cell.choices))
            out += [replace(cell, span=1), hint]
        else:
            out.append(cell)
    return out


def _draw(worksheet: Worksheet, row: int, column: int, cell: Cell, look: FormLook) -> None:
    form, last = look.cell(cell), column + cell.span - 1
    if cell.span > 1:
        worksheet.merge_range(row, column, row, last, "", form)
    if cell.note and cell.look is Part.SECTION:
        worksheet.write_rich_string(row, column, cell.text, look.small, f"　{cell.note}", form)
    elif cell.note:
        worksheet.write_rich_string(row, column, look.strong, f"{cell.text}\n", look.small, cell.note, form)
    elif cell.text:
        worksheet.write_string(row, column, marked(cell.text), form)
    else:
        worksheet.write_blank(row, column, None, form)
    if cell.look is Part.ENTRY and not cell.fixed:
        worksheet.data_validation(row, column, row, column, entry_validation(sheets.RECORDS[cell.field], cell.choices))


def _set_up(worksheet: Worksheet, rows: int) -> None:
    worksheet.hide_gridlines(2)
    worksheet.set_paper(9)
    worksheet.set_portrait()
    worksheet.set_margins(left=0.55, right=0.55, top=0.5, bottom=0.6)
    worksheet.center_horizontally()
    worksheet.fit_to_pages(1, 1)
    worksheet.set_footer("&C&9第&P页/共&N页")
    worksheet.set_selection(0, 0, 0, 0)
    # Without a password: it keeps the frame, it does not lock anyone out.
    worksheet.protect("", {"format_rows": True, "format_cells": False, "select_locked_cells": True})
