"""The least any run could cost: bare calamine reads the same sheets, bare XlsxWriter writes the same cells.

`python -m benchmarks.floor RESULT TITLES OUT INPUT…`: RESULT is what our run wrote, TITLES (with commas) its result
sheets. Their cells are loaded before the clocks start; the seconds that reading and writing then take are printed
as JSON.
"""

import datetime as dt
import json
import sys
import time
from typing import Any

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

Cells = dict[str, list[tuple[int, int, Any]]]


def cells_of(result: str, titles: list[str]) -> Cells:
    """Filled cells of the result sheets: title → (row, column, text, number or day)."""
    book = CalamineWorkbook.from_path(result)
    return {
        title: [
            (i, j, cell)
            for i, row in enumerate(book.get_sheet_by_name(title).to_python(skip_empty_area=False))
            for j, cell in enumerate(row)
            if cell != ""
        ]
        for title in titles
        if title in book.sheet_names
    }


def run(inputs: list[str], output: str, sheets: Cells) -> None:
    for path in inputs:
        if path.endswith(".csv"):
            import pandas as pd

            pd.read_csv(path)
            continue
        book = CalamineWorkbook.from_path(path)
        for title in book.sheet_names:
            book.get_sheet_by_name(title).to_python()
    workbook = Workbook(output)
    day_format = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for title, cells in sheets.items():
        worksheet = workbook.add_worksheet(title)
        text, number, day = worksheet.write_string, worksheet.write_number, worksheet.write_datetime
        for row, column, cell in cells:
            if isinstance(cell, str):
                text(row, column, cell)
            elif isinstance(cell, dt.date):
                day(row, column, cell, day_format)
            else:
                number(row, column, cell)
    workbook.close()


if __name__ == "__main__":
    result, titles, output, *inputs = sys.argv[1:]
    loaded = cells_of(result, titles.split(","))
    began, worked = time.perf_counter(), time.process_time()
    run(inputs, output, loaded)
    taken = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - worked}
    print(json.dumps({**taken, "cells": sum(map(len, loaded.values()))}))
