"""One batch of branch workbooks: read, counted, stored. The unit of work of every executor, also on another machine.

Takes and returns plain values only. Doing a batch twice is the same as doing it once.
"""

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from toolkit import __version__
from toolkit.hosts.closed_file import ClosedFile, closed_of, read_bytes
from toolkit.hosts.protecting import is_encrypted
from toolkit.model import sheets as s
from toolkit.model.calendar import WorkCalendar
from toolkit.model.cells import Cells
from toolkit.model.errors import ToolkitError
from toolkit.model.parameters import Parameters
from toolkit.model.period import parse_period
from toolkit.model.reading import as_text, as_timestamp
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.office.branch_books import unlocked
from toolkit.office.store import Receipt, Shelf, delivery_id, shelf, stored
from toolkit.rules.office.delivery import DETAILS, STORED, BranchBook, contributions
from toolkit.rules.office.joint import SHEETS
from toolkit.run import version
from toolkit.run.order import Result
from toolkit.run.settings import calendar_of, institution_of, parameters_of
from toolkit.run.trouble import guarded

_TRIES = 2
# Rows that are counted and written together: enough that a pandas call costs little a workbook, few enough for memory.
_MOST_ROWS = 50_000
_Done = TypeVar("_Done")


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


@dataclass
class _Waiting:
    """A workbook read, to be counted with others: what will be its receipt, and its rows."""

    receipt: Receipt
    book: BranchBook

    @property
    def rows(self) -> int:
        return sum(len(cells.rows) for cells in self.book.cells.values())


class _Settings:
    """Parameters and holidays of workbooks; most of a lender's are the same, and are understood once."""

    def __init__(self) -> None:
        self._parameters: dict[str, Parameters] = {}
        self._calendars: dict[str, WorkCalendar] = {}

    def parameters(self, cells: Cells) -> Parameters:
        said = repr((cells.rows, cells.columns, cells.raw["parameter"], cells.raw["value"]))
        if said not in self._parameters:
            self._parameters[said] = parameters_of(cells.table())
        return self._parameters[said]

    def calendar(self, cells: Cells) -> WorkCalendar:
        said = repr((cells.rows, cells.columns, cells.raw))
        if said not in self._calendars:
            self._calendars[said] = calendar_of(cells.table())
        return self._calendars[said]


def read_batch(batch: Batch) -> list[Receipt]:
    """A receipt per file, in their order; a file that cannot be used says why in `error`."""
    out: list[Receipt] = []
    waiting: dict[int, _Waiting] = {}
    settings = _Settings()
    with shelf(Path(batch.store), batch.period) as held:

        def count() -> None:
            for at, receipt in _counted(waiting, batch, held).items():
                out[at] = receipt
            waiting.clear()

        for path, name, password in batch.files:
            found = _guarded(batch, partial(_taken, Path(path), name, password, batch, settings))
            if isinstance(found, _Waiting):
                waiting[len(out)] = found
                found = found.receipt
            out.append(found if isinstance(found, Receipt) else Receipt(name, error=found))
            if sum(one.rows for one in waiting.values()) >= _MOST_ROWS:
                count()
        count()
    return out


def _guarded(batch: Batch, work: Callable[[], _Done]) -> _Done | str:
    """What `work` gives, or the sentence that says why not: a fault of the tool on one workbook is listed like any
    other trouble (and logged), and stops no other file."""
    as_of, done = dt.date.fromisoformat(batch.as_of), []

    def noted() -> Result:
        done.append(work())
        return Result("consolidate", as_of)

    result = guarded("consolidate", as_of, noted)
    return done[0] if done else result.error


def _taken(path: Path, name: str, password: str, batch: Batch, settings: _Settings) -> Receipt | _Waiting:
    """The receipt of what the store has already, else the workbook's rows."""
    content = _steady(path)
    if is_encrypted(content):
        if not password:
            raise ToolkitError(
                "文件有打开密码", where=name, mend="请用 --passwords 给出含有“网点”“密码”两列的表，或取消密码后重交"
            )
        plain = unlocked(content, password, name)
    else:
        plain = content
    delivery = delivery_id(content, batch.period, batch.as_of)
    receipt = stored(Path(batch.store), delivery)
    if receipt is not None:
        receipt.file = name
        return receipt
    return _read(plain, name, delivery, batch, settings)


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


def _read(content: bytes, name: str, delivery: str, batch: Batch, settings: _Settings) -> _Waiting:
    """Everything of the workbook that the whole is made of; the workbook itself is not kept."""
    book = closed_of(content, Path(name))
    written_by = as_text(book.named(version.CELL))
    version.refuse_newer(written_by, book.path.name)
    if book.real_title(s.LOANS.title) not in book.titles():
        raise ToolkitError("没有“贷款台账”表，不是网点工作簿", where=book.path.name, mend="如不必汇总请移到别处")
    parameters = settings.parameters(book.cells(s.PARAMETERS))
    request = Request(
        as_of=dt.date.fromisoformat(batch.as_of),
        parameters=parameters,
        calendar=settings.calendar(book.cells(s.HOLIDAYS)),
        period=parse_period(batch.period),
        institution=institution_of(book.named("首页_机构"), book.find_right_of(s.HOME_TITLE, "机构")),
    )
    cells = {sheet.title: book.cells(sheet) for sheet in SHEETS}
    receipt = Receipt(
        name,
        delivery,
        notes=_version_note(written_by),
        version=written_by,
        institution=request.institution,
        counts={STORED[sheet.title]: len(cells[sheet.title].rows) for sheet in DETAILS},
        parameters={title: _as_text(value) for title, value in parameters.items()},
        last_run=_last_run(book.cells(s.LOG).raw["at"]),
    )
    return _Waiting(receipt, BranchBook(cells, request, lambda: _Tables(closed_of(content, Path(name)))))


def _counted(waiting: Mapping[int, _Waiting], batch: Batch, held: Shelf) -> dict[int, Receipt]:
    """Count the workbooks together and store them; if that fails, each alone, so that only the odd one is listed."""
    if not waiting:
        return {}
    done = _guarded(batch, lambda: _stored(list(waiting.values()), batch, held))
    if isinstance(done, str) and len(waiting) > 1:
        return {at: receipt for at, one in waiting.items() for receipt in _counted({at: one}, batch, held).values()}
    if isinstance(done, str):
        return {at: Receipt(one.receipt.file, error=done) for at, one in waiting.items()}
    return dict(zip(waiting, done, strict=True))


def _stored(waiting: Sequence[_Waiting], batch: Batch, held: Shelf) -> list[Receipt]:
    given = contributions([one.book for one in waiting], parse_period(batch.period))
    receipts = []
    loans = given.frames["loans"]
    branches = loans["branch"].tolist()
    ends = np.cumsum(np.bincount(loans["place"], minlength=len(waiting))).tolist()
    for one, notes, start, end in zip(waiting, given.notes, [0, *ends], ends, strict=False):
        named = Counter(branch for branch in branches[start:end] if branch)
        home = named.most_common(1)[0][0] if named else one.receipt.institution
        receipts.append(
            replace(one.receipt, notes=[*one.receipt.notes, *notes], home=home, branches=dict(sorted(named.items())))
        )
    held.put(receipts, given.frames)
    return receipts


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


def _last_run(at: Sequence[object]) -> str:
    """The latest 时间 of 操作日志 (ISO), "" if there is none."""
    moments = [moment for moment in map(as_timestamp, at) if moment is not None]
    return max(moments).replace(microsecond=0).isoformat() if moments else ""
