"""Many strangers' files read in one process of their own, which may run away, run out of memory or abort.

The parent names a file, the child answers with what it holds or why it cannot be read. A file that takes the child
down is named, and a new child goes on with the next. Run as ``python -m toolkit.hosts.foreign.batch_reader``.
"""

import json
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

from toolkit.hosts.foreign.separate_reader import QUIET, child_environment, limit_memory
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.model.parameters import fold
from toolkit.model.tables import FilledForm, Source

MOST_SECONDS = 4.0  # of processor time for a file, and
SECONDS_PER_MB = 1.0  # of its size on the disk
MOST_MEMORY = 3 << 30  # address space of the child; what a file may hold is capped far lower below
MOST_BYTES = 250 << 20
MOST_CELLS = 6_000_000
_SLOWNESS = 8  # a busy machine's seconds per second of processor time
_LENGTH = struct.Struct("<Q")

# What a file holds, or (reason) why it was refused.
Answer = list[Source | FilledForm] | str
Progress = Callable[[int, int], None]


def read_batch(
    files: Sequence[tuple[Path, str]], progress: Progress = lambda done, of: None
) -> Iterator[tuple[str, Answer]]:
    """(name, what it holds or why it cannot be read) for each (file, name to show), in that order."""
    child: _Child | None = None
    try:
        for number, (path, name) in enumerate(files):
            progress(number, len(files))
            child = child if child and child.lives else _Child()
            answer = child.ask(path)
            if isinstance(answer, str):
                yield name, answer
            else:
                yield name, [replace(held, file=name) for held in answer]
        progress(len(files), len(files))
    finally:
        if child:
            child.end()


class _Child:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            creationflags=QUIET,
        )
        self._answers: Queue[bytes | None] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.lives = True

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while True:
            answer = _received(self._process.stdout)
            self._answers.put(answer)
            if answer is None:
                return

    def ask(self, path: Path) -> Answer:
        assert self._process.stdin is not None
        seconds = _allowed(path)
        question = json.dumps([str(path), seconds]).encode() + b"\n"
        try:
            self._process.stdin.write(question)
            self._process.stdin.flush()
            answer = self._answers.get(timeout=seconds * _SLOWNESS + 20)
        except (Empty, OSError):
            answer = None
        if answer is None:
            self.end()
            return "文件异常庞大或已损坏，读取被中止，请用 Excel、Word 或 WPS 打开并另存一份后重试"
        held: Answer = pickle.loads(answer)
        return held

    def end(self) -> None:
        self.lives = False
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except OSError:  # what was still to be written has no reader any more
                    continue


def _allowed(path: Path) -> float:
    try:
        return MOST_SECONDS + SECONDS_PER_MB * path.stat().st_size / 2**20
    except OSError:
        return MOST_SECONDS


def _received(pipe: IO[bytes]) -> bytes | None:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = pipe.read(length)
    return body if len(body) == length else None


def read_file(path: Path) -> list[Source | FilledForm]:
    """The filled forms of a file, or else its sheets (of a branch workbook only 回访记录).

    Raises `ToolkitError` if it cannot be read, holds nothing, or is beyond what a person could have filled in.
    """
    from toolkit.hosts.closed_file import read_bytes
    from toolkit.hosts.foreign.file_list import SUFFIXES
    from toolkit.hosts.foreign.filled_document import filled_document
    from toolkit.hosts.foreign.filled_sheets import filled_sheets
    from toolkit.hosts.foreign.source_file import NewBook, empty, sources_in
    from toolkit.hosts.parts.zip_parts import ZIP_MAGIC

    suffix = path.suffix.lower()
    content = read_bytes(path, SUFFIXES, " .xlsx、.docx、.csv、.xls 或 .ods ")
    if suffix == ".docx":
        return [*filled_document(content, path.name)]
    if suffix not in (".xlsx", ".xlsm") or not content.startswith(ZIP_MAGIC):
        return [*sources_in(content, path)]
    book = NewBook(content, path.name, MOST_BYTES, MOST_CELLS)
    forms = filled_sheets(book)
    if forms:
        return [*forms]
    title = fold(sheets.RECORDS.title)
    ours = [entry.title for entry in book.entries if fold(entry.title) == title]
    found = [_trimmed(source) for source in book.sources(*ours)]
    filled: list[Source | FilledForm] = [source for source in found if source.rows]
    if not filled:
        raise empty(path)
    return filled


def _trimmed(source: Source) -> Source:
    """Without blank rows at the end."""
    last = len(source.rows)
    while last and all(cell is None for cell in source.rows[last - 1]):
        last -= 1
    return source if last == len(source.rows) else replace(source, rows=source.rows[:last])


def _answer(path: Path) -> Answer:
    try:
        return read_file(path)
    except ToolkitError as error:
        place = error.where.removeprefix(path.name).strip()
        return f"{place + '：' if place else ''}{error.what}，{error.mend.rstrip('。')}"
    except MemoryError:
        return "文件异常庞大，内存不足，请拆小后重试"


def main() -> int:
    """The child: one JSON line (path, seconds) in, one pickled answer out, until the parent hangs up."""
    limit_memory(MOST_MEMORY)
    for line in sys.stdin.buffer:
        name, seconds = json.loads(line)
        _set_clock(seconds)
        answer: Any = pickle.dumps(_answer(Path(name)))
        _set_clock(0)
        sys.stdout.buffer.write(_LENGTH.pack(len(answer)) + answer)
        sys.stdout.buffer.flush()
    return 0


def _set_clock(seconds: float) -> None:
    """The system ends this process after so much processor time, wherever it is stuck; 0 = no more."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


if __name__ == "__main__":
    sys.exit(main())
