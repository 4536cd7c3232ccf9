"""The least that reading branch workbooks could cost: bare calamine, every sheet, with so many processes.

`python -m benchmarks.bare_folder PROCESSES FOLDER`: prints the number of files.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from python_calamine import CalamineWorkbook


def read(path: Path) -> int:
    book = CalamineWorkbook.from_path(path)
    return sum(len(book.get_sheet_by_name(title).to_python()) for title in book.sheet_names)


if __name__ == "__main__":
    processes, folder = int(sys.argv[1]), Path(sys.argv[2])
    files = sorted(folder.glob("*.xlsx"))
    if processes == 1:
        rows = list(map(read, files))
    else:
        with ProcessPoolExecutor(processes) as pool:
            rows = list(pool.map(read, files, chunksize=max(1, len(files) // (4 * processes))))
    print(len(rows), sum(rows))
