"""How a sheet looks: palette, cell formats by field, header, frozen panes, print set-up.

Everything is derived from the model's `Field` and `Sheet`; only what the model has no word for (which columns stay in
sight, which words are coloured) is listed here and in `sheet_colours`.
"""

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from toolkit.hosts.parts.row_heights import column_width, display_width, wraps
from toolkit.model import sheets as s
from toolkit.model.fields import Field, Kind, Owner, Sheet

# 微软雅黑 comes with every Windows since Vista; family (swiss) and charset (GB 2312) let other systems find a kin.
FONT = {"font_name": "微软雅黑", "font_size": 10, "font_family": 2, "font_charset": 134, "font_scheme": False}
ROW_PIXELS = 22
HEADER_HEIGHT = 36

NAVY = "#1F3864"
INK = "#262626"
TOOL_INK = "#595959"
REQUIRED_INK = "#9C0006"
STAFF_FILL = "#FFF2CC"
TOOL_FILL = "#E7E6E6"
RULE = "#BFBFBF"
LINK_INK = "#0563C1"

# Rows that validations, colours and filters reach from the start; more where more is written.
LAST_READY_ROW = 5000

_NUMBER_FORMATS = {
    Kind.CODE: "@",
    Kind.PHONE: "@",
    Kind.ID_NUMBER: "@",
    Kind.DATE: "yyyy-mm-dd",
    Kind.TIMESTAMP: "yyyy-mm-dd hh:mm",
    Kind.TIME: "hh:mm",
    Kind.INTEGER: "0",
    Kind.MONEY: "#,##0.00",
    Kind.FRACTION: "0.0%",
}
DATE_FORMAT = _NUMBER_FORMATS[Kind.DATE]
_CENTRED = frozenset({Kind.DATE, Kind.TIMESTAMP, Kind.TIME, Kind.CHOICE, Kind.INTEGER, Kind.LINK, Kind.PHONE})
_RIGHT = frozenset({Kind.MONEY, Kind.NUMBER, Kind.FRACTION})

# Columns that stay in sight when scrolling sideways; the others keep the first one.
_COLUMNS_IN_SIGHT = {
    s.LOANS: 3,
    s.SCHEDULE: 2,
    s.VISITS: 3,
    s.RECORDS: 5,
    s.FINDINGS: 5,
    s.ISSUES: 4,
    s.SPOT_CHECKS: 3,
}
# A4 across holds about this many characters at 7 points; wider sheets print several pages across, since on a single
# one nobody could read them.
_CHARACTERS_ACROSS = 210


def new_workbook_options() -> dict[str, object]:
    """Options for `xlsxwriter.Workbook` under which cells without a format look like the others."""
    return {"in_memory": True, "default_format_properties": dict(FONT), "default_row_height": ROW_PIXELS}


class Look:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def format(self, **properties: object) -> Format:
        """A format in the house font; `properties` are XlsxWriter's."""
        key = tuple(sorted({**FONT, "font_color": INK, "valign": "vcenter", **properties}.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(dict(key))
        return self._made[key]

    def header(self, field: Field, **stand: object) -> Format:
        """Pale yellow: staff fill it; grey: the tool does. Bold dark red: must not stay empty."""
        return self.format(
            bold=field.required,
            font_color=REQUIRED_INK if field.required else NAVY,
            bg_color=STAFF_FILL if field.owner is Owner.STAFF else TOOL_FILL,
            align="center",
            text_wrap=True,
            border=1,
            border_color=RULE,
            bottom=2,
            bottom_color=NAVY,
            **stand,
        )

    def body(self, field: Field) -> Format:
        """Format of a column's cells, empty ones included."""
        properties: dict[str, object] = {}
        if field.kind in _NUMBER_FORMATS:
            properties["num_format"] = _NUMBER_FORMATS[field.kind]
        if field.kind in _CENTRED:
            properties["align"] = "center"
        elif field.kind in _RIGHT:
            properties |= {"align": "right", "indent": 1}
        else:
            properties |= {"align": "left", "indent": 1, "text_wrap": wraps(field)}
        if field.kind is Kind.LINK:
            properties |= {"font_color": LINK_INK, "underline": 1}
        elif field.owner is Owner.TOOL:
            properties["font_color"] = TOOL_INK
        return self.format(**properties)

    def date(self) -> Format:
        """For dates in a column that is not a date column."""
        return self.format(num_format=DATE_FORMAT, align="center")

    def extra_header(self, **stand: object) -> Format:
        """Header of a column that is the user's own."""
        return self.format(
            font_color=NAVY, align="center", text_wrap=True, border=1, border_color=RULE, bottom=2, **stand
        )


def set_up_columns(
    worksheet: Worksheet, sheet: Sheet, extras: list[str], look: Look, *, height: int = HEADER_HEIGHT
) -> None:
    """Header row of so many points, widths and column formats; `extras` are the headers of columns beyond the
    model's. In a row higher than usual the text stands at the bottom, to leave room for buttons."""
    stand = {} if height == HEADER_HEIGHT else {"valign": "bottom"}
    worksheet.set_row(0, height)
    for column, field in enumerate(sheet):
        worksheet.set_column(column, column, column_width(field), look.body(field))
        worksheet.write_string(0, column, field.header, look.header(field, **stand))
    for column, header in enumerate(extras, start=len(sheet.fields)):
        worksheet.set_column(column, column, max(12, display_width(header) + 4), look.format())
        worksheet.write_string(0, column, header, look.extra_header(**stand))


def set_up_view_and_print(worksheet: Worksheet, sheet: Sheet, columns: int, last_row: int) -> None:
    """Frozen panes, filter, tab colour; A4 landscape, header row repeated, page numbers."""
    in_sight = _COLUMNS_IN_SIGHT.get(sheet, 1)
    worksheet.freeze_panes(1, in_sight)
    worksheet.autofilter(0, 0, last_row - 1, columns - 1)
    worksheet.set_tab_color(TOOL_FILL if sheet.result else STAFF_FILL)
    set_up_page(worksheet, sheet.title)
    widths = [column_width(field) for field in sheet]
    repeated = sum(widths[:in_sight])
    pages_across = max(1, round((sum(widths) - repeated) / (_CHARACTERS_ACROSS - repeated)))
    worksheet.fit_to_pages(pages_across, 0)
    worksheet.repeat_rows(0)
    if pages_across > 1:
        worksheet.repeat_columns(0, in_sight - 1)


def set_up_page(worksheet: Worksheet, title: str) -> None:
    """A4 landscape with `title` above (if there is one) and 第…页/共…页 below."""
    worksheet.set_paper(9)
    worksheet.set_landscape()
    worksheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.7)
    worksheet.center_horizontally()
    face = f'&"{FONT["font_name"]},Regular"'
    if title:
        worksheet.set_header(f"&C{face}&12{title}")
    worksheet.set_footer(f"&C{face}&9第&P页/共&N页")
