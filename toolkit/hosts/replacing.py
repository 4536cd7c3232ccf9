"""Put a new state of a file in the old one's place: one run at a time, a copy first, never a half-written file."""

import datetime as dt
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from toolkit.hosts.locking import locked, refuse_if_open
from toolkit.model.errors import ToolkitError

BACKUP_FOLDER = "备份"
BACKUPS_KEPT = 20
_AT_ONCE = 1 << 20
_STAMP, _STAMP_PATTERN = "%Y%m%d-%H%M%S-%f", r"\d{8}-\d{6}-\d{6}"


@contextmanager
def exclusive(path: Path, wait_seconds: float = 30) -> Iterator[None]:
    """The workbook is ours alone for the body of the `with`.

    Raises `ToolkitError` if a program has it open, if another run holds it for longer than `wait_seconds`, or if its
    folder cannot be written. Hidden leftovers of killed runs on this workbook are removed.
    """
    path = _real(path)
    refuse_if_open(path)

    def busy() -> ToolkitError:
        return ToolkitError(
            f"另一项操作正在处理这个工作簿，已等待 {wait_seconds:g} 秒", where=path.name, mend="请等它结束后再试"
        )

    with ExitStack() as held:
        with _writable(path):
            held.enter_context(locked(path.parent / f".{path.name}.lock", wait_seconds, busy))
            refuse_if_open(path)
            _sweep(path)
        yield


@contextmanager
def one_press(path: Path) -> Iterator[None]:
    """One button at a time on a workbook that a program has open, and no command beside it.

    Raises `ToolkitError` at once if another press or command holds the workbook, or if its folder cannot be written.
    """
    path = _real(path)

    def busy() -> ToolkitError:
        return ToolkitError(
            "上一次按下的按钮还没有运行完，这一次没有执行", where=path.name, mend="请等它结束并关掉提示后再按"
        )

    with ExitStack() as held:
        with _writable(path):
            held.enter_context(locked(path.parent / f".{path.name}.lock", 0, busy))
            _sweep(path)
        yield


def back_up_by(path: Path, write: Callable[[Path], None]) -> Path:
    """A new backup of `path` that `write` fills (it gets a path to write to); only a complete one gets its name.

    For a program that holds the workbook open and saves a copy of it. Raises `ToolkitError` if that is not possible.
    """
    path = _real(path)
    with _writable(path):
        return _keep_copy(path, write)


def back_up(path: Path, content: bytes) -> Path:
    """A new backup of `path` that holds `content`. Raises `ToolkitError` if that is not possible."""
    path = _real(path)
    with _writable(path):
        return _keep_copy(path, lambda temporary: _write_new(temporary, content, like=path))


@contextmanager
def hidden_beside(path: Path, suffix: str = "") -> Iterator[Path]:
    """A name in the folder of `path` that nobody sees; the file is gone afterwards. What a killed run leaves there
    the next one removes. Raises `ToolkitError` if the folder cannot be written."""
    file = path.parent / f".{path.name}.{secrets.token_hex(4)}.tmp{suffix}"
    try:
        with _writable(path):
            yield file
    finally:
        file.unlink(missing_ok=True)


def replace_file(path: Path, content: bytes | Path, *, backup: bool) -> Path | None:
    """Write `content` (a path: that file's) to `path` in one step; with `backup` first copy what is there into 备份/
    and return the copy.

    The file keeps its permissions. Raises `ToolkitError` if file or folder cannot be written; the old file is then
    untouched.
    """
    path = _real(path)
    there = path.exists()
    if there and not _may_write(path):
        raise _refused(path)
    with _writable(path):
        copied = _back_up(path) if backup and there else None
        _write(path, content, like=path if there else None)
    return copied


def place_file(path: Path, content: bytes) -> None:
    """Write `content` to `path` in one step, without waiting until the disk has it: for one of many files that can be
    made again. Raises as `replace_file`."""
    there = path.exists()
    if there and not _may_write(path):
        raise _refused(path)
    with _writable(path):
        _write(path, content, like=path if there else None, wait=False)


def backups(path: Path) -> list[Path]:
    """Copies of the workbook in 备份/, newest first."""
    path = _real(path)
    folder = path.parent / BACKUP_FOLDER
    stamp = re.compile(_backup_pattern(path))
    if not folder.is_dir():
        return []
    return sorted(
        (copy for copy in folder.iterdir() if stamp.fullmatch(copy.name)), key=lambda copy: copy.name, reverse=True
    )


def moment_of(path: Path, copy: Path) -> dt.datetime:
    """When one of the `backups` of the workbook was made."""
    stem, suffix = _real(path).stem, _real(path).suffix
    return dt.datetime.strptime(copy.name[len(stem) + 1 : len(copy.name) - len(suffix)], _STAMP)


def _backup_pattern(path: Path) -> str:
    return f"{re.escape(path.stem)}_{_STAMP_PATTERN}{re.escape(path.suffix)}"


def _real(path: Path) -> Path:
    """The file itself, not a link to it: replacing a link would leave the file behind."""
    return Path(path).resolve()


def _back_up(path: Path) -> Path:
    return _keep_copy(path, lambda temporary: _write_new(temporary, path, like=path))


def _keep_copy(path: Path, write: Callable[[Path], None]) -> Path:
    folder = path.parent / BACKUP_FOLDER
    folder.mkdir(exist_ok=True)
    moment = dt.datetime.now()
    for newest in backups(path)[:1]:
        # Never before the newest, whatever the computer's clock says: order by name is order in time.
        moment = max(moment, moment_of(path, newest) + dt.timedelta(microseconds=1))
    copy = folder / f"{path.stem}_{moment.strftime(_STAMP)}{path.suffix}"
    _put(copy, write)
    for old in backups(path)[BACKUPS_KEPT:]:
        old.unlink(missing_ok=True)
    return copy


def _write(path: Path, content: bytes | Path, like: Path | None, *, wait: bool = True) -> None:
    _put(path, lambda temporary: _write_new(temporary, content, like, wait=wait), wait=wait)


def _put(path: Path, write: Callable[[Path], None], *, wait: bool = True) -> None:
    """Write under a hidden name, get it to the disk (with `wait`), then give it its name."""
    temporary = path.parent / f".{path.name}.{secrets.token_hex(4)}.tmp"
    try:
        write(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    if wait and os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _write_new(path: Path, content: bytes | Path, like: Path | None, *, wait: bool = True) -> None:
    with path.open("xb") as file:
        if isinstance(content, Path):
            with content.open("rb") as source:
                shutil.copyfileobj(source, file, _AT_ONCE)
        else:
            file.write(content)
        if wait:
            file.flush()
            os.fsync(file.fileno())
    if like is not None:
        shutil.copymode(like, path)


def _sweep(path: Path) -> None:
    """Remove what killed runs on this workbook left: nobody else is writing it now."""
    places = ((path.parent, re.escape(path.name)), (path.parent / BACKUP_FOLDER, _backup_pattern(path)))
    for folder, name in places:
        leftover = re.compile(rf"\.{name}\.[0-9a-f]{{8}}\.tmp(\.xls[xm])?")
        for file in folder.iterdir() if folder.is_dir() else ():
            if leftover.fullmatch(file.name):
                file.unlink(missing_ok=True)


def _may_write(path: Path) -> bool:
    """Not marked read-only, also where the user could write it all the same."""
    return path.is_file() and bool(path.stat().st_mode & 0o222) and os.access(path, os.W_OK)


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    """Turn what the disk says into a sentence."""
    try:
        yield
    except OSError as error:
        raise _refused(path, error) from None


def _refused(path: Path, error: OSError | None = None) -> ToolkitError:
    if path.is_dir():
        return ToolkitError("这是文件夹，不是文件", where=path.name, mend="请选择工作簿文件")
    if not path.parent.is_dir():
        return ToolkitError("所在文件夹不存在", where=str(path.parent), mend="请先建立该文件夹")
    reason = f"（{error.strerror}）" if error is not None and error.strerror else ""
    return ToolkitError(
        f"文件或所在文件夹不能写入{reason}",
        where=path.name,
        mend="请关闭占用它的程序、去掉“只读”属性、确认磁盘未满后重试",
    )
