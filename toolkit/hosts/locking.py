"""Who has a workbook open: owner files of Excel, WPS and LibreOffice, and our own lock between two runs."""

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from toolkit.model.errors import ToolkitError

_POLL_SECONDS = 0.1
# An Excel owner file: a length byte and 54 bytes of the name in the system's code page, then the length again and the
# name in UTF-16.
_WIDE_LENGTH, _WIDE_NAME = 55, 57

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def refuse_if_open(path: Path) -> None:
    """Raise `ToolkitError` if another program's owner file lies beside the workbook, saying whose it is."""
    for name, owner_of in ((f"~${path.name}", excel_owner), (f".~lock.{path.name}#", libreoffice_owner)):
        owner_file = path.parent / name
        if not owner_file.exists():
            continue
        try:
            owner = owner_of(owner_file.read_bytes())
        except OSError:  # held open by its program
            owner = ""
        who = f"“{owner}”" if owner else "另一个程序或另一位同事"
        raise ToolkitError(
            f"工作簿正被{who}打开",
            where=path.name,
            mend=f"请先关闭它再重试；如确认无人打开，请删除同一文件夹中的锁文件 {name}（可能是隐藏文件）",
        )


def excel_owner(content: bytes) -> str:
    """The user's name in a `~$` file; "" if there is none.

    A length that the file cannot hold, or a UTF-16 name without its high length byte, belongs to some other layout:
    then the narrow name, or the bytes as plain text, are the better guess.
    """
    wide = content[_WIDE_LENGTH:_WIDE_NAME]
    if len(wide) == 2 and wide[0] and not wide[1]:
        name = content[_WIDE_NAME : _WIDE_NAME + 2 * wide[0]].decode("utf-16-le", errors="ignore")
    elif content and content[0] < _WIDE_LENGTH:
        name = content[1 : 1 + content[0]].decode("gb18030", errors="ignore")
    else:
        name = content.decode("utf-8", errors="ignore")
    return _printable(name)


def libreoffice_owner(content: bytes) -> str:
    """Name, account or machine in a `.~lock.…#` file (`name,account,machine,time,profile;`); "" if there is none."""
    fields = re.split(r"(?<!\\),", content.decode("utf-8", errors="ignore").removesuffix(";"))
    named = [_printable(field.replace("\\,", ",")) for field in fields[:3]]
    person = next((field for field in named[:2] if field), "")
    machine = named[2] if len(named) > 2 else ""
    return f"{person}（{machine}）" if person and machine else person or machine


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()


@contextmanager
def locked(lock: Path, wait_seconds: float, refused: Callable[[], ToolkitError]) -> Iterator[None]:
    """Hold an advisory lock on the file `lock`, which is there only while somebody holds it or died holding it."""
    deadline = time.monotonic() + wait_seconds
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        # The one who held it before may have deleted the file that was just locked: then it guards nothing.
        if _try_lock(descriptor) and _is_same_file(descriptor, lock):
            break
        os.close(descriptor)
        if time.monotonic() >= deadline:
            raise refused()
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        if sys.platform == "win32":  # an open file cannot be deleted there
            os.close(descriptor)
            _delete(lock)
        else:
            _delete(lock)
            os.close(descriptor)


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        there = path.stat()
    except OSError:
        return False
    here = os.fstat(descriptor)
    return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return  # another run has it open by now and will delete it
