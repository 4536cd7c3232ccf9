"""What a workbook says of itself before any step: parameters, work calendar, 机构."""

import datetime as dt

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.calendar import FIRST_DAY, LAST_DAY, WorkCalendar
from toolkit.model.errors import ToolkitError
from toolkit.model.parameters import Parameters, read_parameters
from toolkit.model.reading import as_text
from toolkit.model.tables import Table


def parameters_of(table: Table) -> Parameters:
    """Sheet 参数 as typed values; raises `ToolkitError` naming the parameter and its clause."""
    rows = zip(table.data["parameter"], table.raw["value"], table.data["row"], strict=True)
    return read_parameters(((title, value, table.cell(row, "value")) for title, value, row in rows), file=table.file)


def calendar_of(table: Table) -> WorkCalendar:
    """The built-in arrangement with sheet 节假日 on top.

    Raises `ToolkitError` naming the cell of a date or 类型 that cannot be read: a holiday silently ignored would move
    every deadline after it.
    """
    overrides: dict[dt.date, bool] = {}
    for row, date, kind in zip(table.data["row"], table.data["date"], table.data["kind"], strict=True):
        place = f"{table.file} 的“{sheets.HOLIDAYS.title}”表 "
        if not FIRST_DAY <= date <= LAST_DAY:  # also NaT
            raise ToolkitError("日期无法识别", where=place + table.cell(row, "date"), mend="请改为日期，如 2027-01-01")
        if kind not in v.DAY_KINDS:
            raise ToolkitError(
                f"类型“{kind}”不是“休”或“班”", where=place + table.cell(row, "kind"), mend="请从下拉列表中选择"
            )
        day, works = date.date(), kind == v.MAKEUP_WORKDAY
        if overrides.setdefault(day, works) != works:
            raise ToolkitError(
                f"{day} 既列为“休”又列为“班”", where=place + table.cell(row, "kind"), mend="请删去错误的一行"
            )
    return WorkCalendar(overrides)


def institution_of(named: object, labelled: object) -> str:
    """机构 of 首页: its named cell, else the cell right of the label."""
    return as_text(named) or as_text(labelled)
