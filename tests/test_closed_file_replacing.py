"""Locks, backups and the replacing of a file.

Requirements: contract section 1 (temporary file, then replace; 备份/ with the newest 20 of each workbook, complete
before they carry their name; open elsewhere is refused saying who and how to mend; a second run waits, then exits 2; a
killed run leaves the old or the new workbook and at most a hidden file, which the next run removes).
"""

import multiprocessing
import os
import re
import signal
import stat
import threading
import time
from pathlib import Path

import pytest

from toolkit.hosts import replacing
from toolkit.hosts.locking import excel_owner, libreoffice_owner
from toolkit.hosts.replacing import backups, exclusive, replace_file
from toolkit.model.errors import ToolkitError


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "支行 A(1).xlsx"
    path.write_bytes(b"old")
    return path


def excel_owner_file(name: str) -> bytes:
    narrow = name.encode("gb18030")
    wide = name.encode("utf-16-le")
    return bytes([len(narrow)]) + narrow.ljust(54) + bytes([len(name), 0]) + wide.ljust(108, b"\0")


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


# Owner files of other programs


@pytest.mark.parametrize(
    ("content", "owner"),
    [
        (excel_owner_file("郑远"), "郑远"),
        (excel_owner_file("Zheng Yuan"), "Zheng Yuan"),
        (bytes([4]) + "郑远".encode("gb18030").ljust(54), "郑远"),
        (b"", ""),
        (b"\0" * 165, ""),
        (bytes([255] * 40), ""),
        (bytes([5]) + b"Zheng".ljust(200), "Zheng"),
        ("郑远".encode(), "郑远"),
    ],
)
def test_the_owner_in_an_excel_lock(content, owner):
    assert excel_owner(content) == owner


@pytest.mark.parametrize(
    ("content", "owner"),
    [
        ("郑远,zhengy,PC-07,30.09.2026 10:00,file:///C:/u;", "郑远（PC-07）"),
        (",zhengy,PC-07,30.09.2026 10:00,file:///C:/u;", "zhengy（PC-07）"),
        ("Zheng\\, Yuan,zhengy,,30.09.2026 10:00,x;", "Zheng, Yuan"),
        ("", ""),
        (",,PC-07,,;", "PC-07"),
    ],
)
def test_the_owner_in_a_libreoffice_lock(content, owner):
    assert libreoffice_owner(content.encode()) == owner


@pytest.mark.parametrize(
    ("lock", "content"),
    [("~${}", excel_owner_file("郑远")), (".~lock.{}#", "郑远,zhengy,PC-07,30.09.2026 10:00,file:///C:/u;".encode())],
    ids=["excel", "libreoffice"],
)
def test_an_open_workbook_is_refused_with_its_owner_and_the_mend(book, lock, content):
    lock = book.with_name(lock.format(book.name))
    lock.write_bytes(content)
    with pytest.raises(ToolkitError) as caught, exclusive(book):
        pytest.fail("the body must not run")
    assert re.search(r"支行 A\(1\)\.xlsx：工作簿正被“郑远.*”打开", str(caught.value))
    assert f"请删除同一文件夹中的锁文件 {lock.name}" in str(caught.value)
    lock.unlink()
    with exclusive(book):
        pass
    assert names(book.parent) == [book.name]


# Two runs


def test_a_second_run_waits_for_the_first(book):
    events = []

    def first():
        with exclusive(book):
            events.append("first in")
            time.sleep(0.4)
            events.append("first out")

    thread = threading.Thread(target=first)
    thread.start()
    while not events:
        time.sleep(0.01)
    with exclusive(book, wait_seconds=10):
        events.append("second in")
    thread.join()
    assert events == ["first in", "first out", "second in"]


def test_a_second_run_gives_up_after_its_wait(book):
    with exclusive(book):
        started = time.monotonic()
        with pytest.raises(ToolkitError, match=r"另一项操作正在处理这个工作簿，已等待 0\.3 秒"), exclusive(book, 0.3):
            pytest.fail("the body must not run")
        assert 0.3 <= time.monotonic() - started < 5
        other = book.with_name("别的.xlsx")
        with exclusive(other, 0.3):
            pass


def test_many_runs_at_once_lose_nothing(book):
    """Each run reads the file, adds one letter and writes it: none may be lost."""
    book.write_bytes(b"")

    def run():
        with exclusive(book, wait_seconds=60):
            replace_file(book, book.read_bytes() + b"x", backup=False)

    threads = [threading.Thread(target=run) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert book.read_bytes() == b"x" * 12
    assert names(book.parent) == [book.name]


def _hold_for_ever(path: Path, entered) -> None:
    with exclusive(path):
        (path.parent / f".{path.name}.0123abcd.tmp").write_bytes(b"half")
        entered.set()
        time.sleep(600)


@pytest.mark.skipif(os.name != "posix", reason="kills a process")
def test_a_killed_run_leaves_a_hidden_file_that_the_next_removes(book):
    context = multiprocessing.get_context("spawn")
    entered = context.Event()
    process = context.Process(target=_hold_for_ever, args=(book, entered))
    process.start()
    assert entered.wait(60)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert book.read_bytes() == b"old"
    assert all(name.startswith(".") for name in names(book.parent) if name != book.name)
    with exclusive(book, wait_seconds=2):
        assert names(book.parent) == [f".{book.name}.lock", book.name]
    assert names(book.parent) == [book.name]


def test_only_leftovers_of_this_workbook_are_removed(book):
    (book.parent / "备份").mkdir()
    mine = [
        book.parent / f".{book.name}.00000000.tmp",
        book.parent / "备份" / ".支行 A(1)_20260930-101112-000000.xlsx.00000000.tmp",
    ]
    others = [
        book.parent / ".支行 A(1).xlsx.xlsx.00000000.tmp",
        book.parent / ".支行 A(1).xlsx.tmp",
        book.parent / "支行 A(1).xlsx.00000000.tmp",
        book.parent / "备份" / ".支行_20260930-101112-000000.xlsx.00000000.tmp",
    ]
    for file in (*mine, *others):
        file.write_bytes(b"")
    with exclusive(book):
        pass
    assert [file.exists() for file in mine] == [False, False]
    assert all(file.exists() for file in others)


# Replacing


def test_a_file_is_replaced_and_the_old_one_copied(book):
    copy = replace_file(book, b"new", backup=True)
    assert book.read_bytes() == b"new"
    assert copy.read_bytes() == b"old"
    assert copy.parent == book.parent / "备份"
    assert re.fullmatch(r"支行 A\(1\)_\d{8}-\d{6}-\d{6}\.xlsx", copy.name)
    assert names(book.parent) == sorted([book.name, "备份"])
    assert names(copy.parent) == [copy.name]


def test_without_backup_and_for_a_new_file_there_is_no_copy(book):
    assert replace_file(book, b"new", backup=False) is None
    fresh = book.with_name("新.xlsx")
    assert replace_file(fresh, b"first", backup=True) is None
    assert fresh.read_bytes() == b"first"
    assert not (book.parent / "备份").exists()


def test_the_newest_twenty_of_each_workbook_are_kept(book):
    other = book.with_name("支行 A(1)_2.xlsx")
    same_stem = book.with_suffix(".xlsm")
    for path in (other, same_stem):
        path.write_bytes(b"other")
        replace_file(path, b"other 2", backup=True)
    foreign = book.parent / "备份" / "支行 A(1) 手工副本.xlsx"
    foreign.write_bytes(b"by hand")
    for i in range(25):
        replace_file(book, b"%d" % i, backup=True)
    kept = backups(book)
    assert [copy.read_bytes() for copy in kept] == [b"%d" % i for i in range(23, 3, -1)]
    assert (len(backups(other)), len(backups(same_stem))) == (1, 1)
    assert foreign.exists()


def test_the_order_of_copies_survives_a_clock_set_back(book):
    replace_file(book, b"1", backup=True)
    future = backups(book)[0]
    future.rename(future.with_name("支行 A(1)_20991231-235959-999999.xlsx"))
    replace_file(book, b"2", backup=True)
    assert [copy.read_bytes() for copy in backups(book)] == [b"1", b"old"]
    assert backups(book)[0].name == "支行 A(1)_21000101-000000-000000.xlsx"


def test_no_copies_yet(book):
    assert backups(book) == []


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_permissions_are_kept(book):
    book.chmod(0o640)
    copy = replace_file(book, b"new", backup=True)
    assert stat.S_IMODE(book.stat().st_mode) == 0o640
    assert stat.S_IMODE(copy.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name != "posix", reason="symbolic links")
def test_a_link_stays_a_link(book, tmp_path):
    link = tmp_path / "近路.xlsx"
    link.symlink_to(book)
    replace_file(link, b"new", backup=False)
    assert link.is_symlink()
    assert book.read_bytes() == b"new"


def test_a_read_only_file_is_refused_and_untouched(book):
    book.chmod(0o444)
    with pytest.raises(ToolkitError, match=r"支行 A\(1\)\.xlsx：文件或所在文件夹不能写入，请.*“只读”"):
        replace_file(book, b"new", backup=True)
    assert book.read_bytes() == b"old"
    assert names(book.parent) == [book.name]
    book.chmod(0o644)


def test_places_that_cannot_be_written(book, tmp_path):
    with pytest.raises(ToolkitError, match="所在文件夹不存在"):
        replace_file(tmp_path / "没有" / "a.xlsx", b"x", backup=False)
    with pytest.raises(ToolkitError, match="所在文件夹不存在"), exclusive(tmp_path / "没有" / "a.xlsx"):
        pytest.fail("the body must not run")
    folder = tmp_path / "夹.xlsx"
    folder.mkdir()
    with pytest.raises(ToolkitError, match="这是文件夹"):
        replace_file(folder, b"x", backup=False)
    (tmp_path / "备份").write_bytes(b"a file where the folder should be")
    with pytest.raises(ToolkitError, match="不能写入"):
        replace_file(book, b"new", backup=True)
    assert book.read_bytes() == b"old"


def test_a_failed_replacement_leaves_the_old_file_and_no_other(book, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(replacing.os, "fsync", full)
    with pytest.raises(ToolkitError, match="不能写入（No space left on device）"):
        replace_file(book, b"new", backup=False)
    assert book.read_bytes() == b"old"
    assert names(book.parent) == [book.name]


def test_trouble_in_the_body_is_not_taken_for_a_locked_file(book):
    with pytest.raises(FileNotFoundError), exclusive(book):
        (book.parent / "没有").read_bytes()
    assert names(book.parent) == [book.name]
