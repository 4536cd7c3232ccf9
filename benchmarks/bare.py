"""`python -m benchmarks.bare WORKBOOK CELLS OUT TITLE…`: a process that only imports, reads and writes; see `response`.

It reads the sheets TITLE of WORKBOOK by bare calamine and writes the CELLS by bare XlsxWriter. The cells come
pickled, which costs next to nothing beside reading them.
"""

import datetime as dt
import pickle
import sys
from pathlib import Path

# What any of our commands stands on.
import click  # noqa: F401
import lxml.etree  # noqa: F401
import numpy  # noqa: F401
import pandas  # noqa: F401
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook


def main(source: str, cells: str, output: str, *titles: str) -> None:
    book = CalamineWorkbook.from_path(source)
    for title in titles:
        book.get_sheet_by_name(title).to_python()
    workbook = Workbook(output)
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheets = {}
    for title, row, column, value in pickle.loads(Path(cells).read_bytes()):
        if title not in sheets:
            sheets[title] = workbook.add_worksheet(title)
        if isinstance(value, str):
            sheets[title].write_string(row, column, value)
        elif isinstance(value, dt.date):
            sheets[title].write_datetime(row, column, value, day)
        elif isinstance(value, int | float):
            sheets[title].write_number(row, column, value)
    workbook.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
