"""Books read in a process of their own (.xls, .ods): a damaged one can make calamine take all memory and abort.

Run as ``python -m toolkit.hosts.foreign.separate_reader``: the file on stdin, the sheets pickled on stdout.
"""

import io
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from toolkit.model.errors import ToolkitError

_UNREADABLE, _ENCRYPTED = 3, 4
_MOST_SECONDS = 120
_MOST_MEMORY = 4 << 30

_Corner = tuple[int, int]
# title, first row, first column (1-based), rows, merged regions (0-based corners; none for .ods)
Sheets = list[tuple[str, int, int, list[list[Any]], list[tuple[_Corner, _Corner]]]]


# Set for a process that is apart already: it may die, so it needs no other.
APART = "LOANVISIT_APART"
# Windows only: no console window flashes up.
QUIET = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def child_environment() -> dict[str, str]:
    """The toolkit may be run from its folder without being installed."""
    home = str(Path(__file__).resolve().parents[3])
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH")))),
        "OPENBLAS_NUM_THREADS": "1",  # each thread reserves memory
        APART: "1",
    }


def read_apart(content: bytes, file: str) -> Sheets:
    """Sheets of a book; raises `ToolkitError` if it is encrypted or cannot be read."""
    if os.environ.get(APART):
        try:
            return _sheets(content)
        except PasswordError:
            raise _encrypted(file) from None
        except CalamineError:
            raise _refused(file) from None
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(
            command,
            input=content,
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
            env=child_environment(),
            creationflags=QUIET,
        )
    except subprocess.TimeoutExpired:
        raise _refused(file) from None
    if done.returncode == _ENCRYPTED:
        raise _encrypted(file)
    if done.returncode != 0:
        raise _refused(file)
    return pickle.loads(done.stdout)


def _encrypted(file: str) -> ToolkitError:
    return ToolkitError("文件已加密", where=file, mend="请先取消打开密码并保存后重试")


def _refused(file: str) -> ToolkitError:
    return ToolkitError("内容无法读取", where=file, mend="请用 Excel 或 WPS 打开并另存为 .xlsx 后重试")


def limit_memory(most: int) -> None:
    """What this process may take at most; where the system has no such limit, nothing."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _sheets(content: bytes) -> Sheets:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    read: Sheets = []
    for title in book.sheet_names:
        sheet = book.get_sheet_by_name(title)
        row, column = sheet.start or (0, 0)
        rows = sheet.to_python(skip_empty_area=True)
        read.append((title, row + 1, column + 1, rows, sheet.merged_cell_ranges or []))
    return read


def main() -> int:
    """The child: exit code 0, or why the book could not be read."""
    limit_memory(_MOST_MEMORY)
    try:
        read = _sheets(sys.stdin.buffer.read())
    except PasswordError:
        return _ENCRYPTED
    except CalamineError:
        return _UNREADABLE
    sys.stdout.buffer.write(pickle.dumps(read))
    return 0


if __name__ == "__main__":
    sys.exit(main())
