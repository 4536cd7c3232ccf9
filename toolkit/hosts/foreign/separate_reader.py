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


def read_apart(content: bytes, file: str) -> Sheets:
    """Sheets of a book; raises `ToolkitError` if it is encrypted or cannot be read."""
    command = [sys.executable, "-m", __name__]
    # The toolkit may be run from its folder without being installed.
    home = str(Path(__file__).resolve().parents[2])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))}
    quiet = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows only
    try:
        done = subprocess.run(
            command,
            input=content,
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
            env=environment,
            creationflags=quiet,
        )
    except subprocess.TimeoutExpired:
        raise _refused(file) from None
    if done.returncode == _ENCRYPTED:
        raise ToolkitError("文件已加密", where=file, mend="请先取消打开密码并保存后重试")
    if done.returncode != 0:
        raise _refused(file)
    return pickle.loads(done.stdout)


def _refused(file: str) -> ToolkitError:
    return ToolkitError("内容无法读取", where=file, mend="请用 Excel 或 WPS 打开并另存为 .xlsx 后重试")


def main() -> int:
    """The child: exit code 0, or why the book could not be read."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        read: Sheets = []
        for title in book.sheet_names:
            sheet = book.get_sheet_by_name(title)
            row, column = sheet.start or (0, 0)
            rows = sheet.to_python(skip_empty_area=True)
            read.append((title, row + 1, column + 1, rows, sheet.merged_cell_ranges or []))
    except PasswordError:
        return _ENCRYPTED
    except CalamineError:
        return _UNREADABLE
    sys.stdout.buffer.write(pickle.dumps(read))
    return 0


if __name__ == "__main__":
    sys.exit(main())
