"""The rows of sheet 参数 in a new workbook: here each row, not each column, has its own kind, format and limits."""

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from toolkit.hosts.fresh.sheet_look import DATE_FORMAT, Look
from toolkit.hosts.fresh.sheet_validation import parameter_validation
from toolkit.model import sheets as s
from toolkit.model.parameters import BY_FOLDED, Parameter, fold

_NUMBER_FORMATS = {"int": "0", "number": "General", "date": DATE_FORMAT, "list": "@"}
_MONEY = "#,##0"


def write_parameters(worksheet: Worksheet, rows: pd.DataFrame, look: Look) -> None:
    """Write `rows` (fields of sheet 参数) with the format, limits and prompt of each parameter at its value.

    A blank value keeps an empty cell that has the parameter's format. Rows of unknown parameters are written plainly.
    """
    names = s.PARAMETERS.names
    column = names.index("value")
    formats = [look.body(field) for field in s.PARAMETERS]
    for row, cells in enumerate(rows.reindex(columns=list(names)).itertuples(index=False), start=1):
        parameter = BY_FOLDED.get(fold(cells[0]))
        for position, value in enumerate(cells):
            if position != column:
                worksheet.write_string(row, position, "" if pd.isna(value) else str(value), formats[position])
        _write_value(worksheet, row, column, cells[column], _format(parameter, look))
        if parameter:
            worksheet.data_validation(row, column, row, column, parameter_validation(parameter))


def _format(parameter: Parameter | None, look: Look) -> Format:
    number_format = _NUMBER_FORMATS.get(parameter.kind, "General") if parameter else "General"
    if parameter and parameter.unit == "元":
        number_format = _MONEY
    return look.format(num_format=number_format, align="center")


def _write_value(worksheet: Worksheet, row: int, column: int, value: object, form: Format) -> None:
    if isinstance(value, tuple):
        value = "、".join(value)
    if value is None or value == "" or pd.isna(value):  # type: ignore[call-overload]
        worksheet.write_blank(row, column, None, form)
    elif isinstance(value, int | float):
        worksheet.write_number(row, column, value, form)
    elif hasattr(value, "year"):
        worksheet.write_datetime(row, column, value, form)
    else:
        worksheet.write_string(row, column, str(value), form)
