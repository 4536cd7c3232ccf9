"""One batch of branch workbooks: read, counted, stored. The unit of work of every executor, also on another machine.

Takes and returns plain values only. Doing a batch twice is the same as doing it once.
"""

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from toolkit import __version__
from toolkit.hosts.closed_file import ClosedFile, closed_of, read_bytes
from toolkit.hosts.protecting import is_encrypted
from toolkit.model import sheets as s
from toolkit.model.errors import ToolkitError
from toolkit.model.period import parse_period
from toolkit.model.reading import as_text
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.office.branch_books import unlocked
from toolkit.office.store import Receipt, Shelf, delivery_id, shelf, stored
from toolkit.rules.office.delivery import DETAILS, STORED, contribution
from toolkit.run import version
from toolkit.run.order import Result
from toolkit.run.settings import calendar_of, institution_of, parameters_of
from toolkit.run.trouble import guarded

_TRIES = 2


@dataclass(frozen=True)
class Batch:
    """`files`: (path, name for people, password). `period` as `parse_period` takes it, `as_of` ISO."""

    files: tuple[tuple[str, str, str], ...]
    store: str
    period: str
    as_of: str


class _Tables(Mapping[str, Table]):
    """The sheets of a workbook by title, read when asked for: 还款计划, by far the longest, is needed only where
    records were never checked."""

    def __init__(self, book: ClosedFile) -> None:
        self._book = book
        self._read: dict[str, Table] = {}

    def __getitem__(self, title: str) -> Table:
        if title not in self._read:
            self._read[title] = self._book.read(s.BY_TITLE[title])
        return self._read[title]

    def __iter__(self) -> Iterator[str]:
        return iter(s.BY_TITLE)

    def __len__(self) -> int:
        return len(s.BY_TITLE)


def read_batch(batch: Batch) -> list[Receipt]:
    """A receipt per file, in their order; a file that cannot be used says why in `error`."""
    with shelf(Path(batch.store), batch.period) as held:
        return [_read(Path(path), name, password, batch, held) for path, name, password in batch.files]


def _read(path: Path, name: str, password: str, batch: Batch, held: Shelf) -> Receipt:
    """A fault of the tool on one workbook is listed like any other trouble (and logged), and stops no other file."""
    done: list[Receipt] = []

    def work() -> Result:
        done.append(_taken(path, name, password, batch, held))
        return Result("consolidate", dt.date.fromisoformat(batch.as_of))

    result = guarded("consolidate", dt.date.fromisoformat(batch.as_of), work)
    return done[0] if done else Receipt(name, error=result.error)


def _taken(path: Path, name: str, password: str, batch: Batch, held: Shelf) -> Receipt:
    content = _steady(path)
    if is_encrypted(content):
        if not password:
            raise ToolkitError(
                "文件有打开密码", where=name, mend="请用 --passwords 给出含有“网点”“密码”两列的表，或取消密码后重交"
            )
        plain = unlocked(content, password, name)
    else:
        plain = content
    store, delivery = Path(batch.store), delivery_id(content, batch.period, batch.as_of)
    receipt = stored(store, delivery)
    if receipt is None:
        receipt = _counted(closed_of(plain, Path(name)), delivery, batch, held)
    receipt.file = name
    return receipt


def _steady(path: Path) -> bytes:
    """The file's content; raises `ToolkitError` if it is out of reach or somebody is writing it."""
    for _ in range(_TRIES):
        try:
            before = os.stat(path)
            content = read_bytes(path, (path.suffix.lower(),), " .xlsx 或 .xlsm ")
            after = os.stat(path)
        except OSError as error:
            raise ToolkitError(
                f"读不到（{error.strerror}）", where=path.name, mend="请确认文件和共享文件夹仍可访问后重新汇总"
            ) from None
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and after.st_size == len(content):
            return content
    raise ToolkitError("读取时文件正在变化", where=path.name, mend="请等对方保存完毕后重新汇总")


def _counted(book: ClosedFile, delivery: str, batch: Batch, held: Shelf) -> Receipt:
    """Read the workbook, compute its part, and store it."""
    written_by = as_text(book.named(version.CELL))
    version.refuse_newer(written_by, book.path.name)
    if book.real_title(s.LOANS.title) not in book.titles():
        raise ToolkitError("没有“贷款台账”表，不是网点工作簿", where=book.path.name, mend="如不必汇总请移到别处")
    parameters = book.read(s.PARAMETERS)
    tables = _Tables(book)
    period = parse_period(batch.period)
    request = Request(
        as_of=dt.date.fromisoformat(batch.as_of),
        parameters=parameters_of(parameters),
        calendar=calendar_of(tables[s.HOLIDAYS.title]),
        period=period,
        institution=institution_of(book.named("首页_机构"), book.find_right_of(s.HOME_TITLE, "机构")),
    )
    given = contribution(tables, request, period)
    branches = tables[s.LOANS.title].data["branch"]
    branches = branches[branches != ""].value_counts()
    receipt = Receipt(
        book.path.name,
        delivery,
        notes=[*_version_note(written_by), *given.notes],
        version=written_by,
        institution=request.institution,
        home=str(branches.index[0]) if len(branches) else request.institution,
        branches={str(name): int(count) for name, count in sorted(branches.items())},
        counts={STORED[sheet.title]: len(tables[sheet.title].data) for sheet in DETAILS},
        parameters={title: _as_text(value) for title, value in request.parameters.items()},
        last_run=_last_run(tables[s.LOG.title].data["at"]),
    )
    held.put(receipt, given.frames)
    return receipt


def _version_note(written_by: str) -> list[str]:
    if written_by == __version__:
        return []
    return [f"版本 {written_by or '未知'}，本机的工具是 {__version__}，请网点运行“升级工作簿”"]


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return (
        "、".join(map(str, value))
        if isinstance(value, tuple)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def _last_run(at: pd.Series) -> str:
    latest = at.max()
    return "" if pd.isna(latest) else latest.isoformat()
