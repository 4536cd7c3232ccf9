"""`loanvisit dispatch`: a core-system ledger → a ready workbook per 网点, and the list of what went where.

Each branch's share goes into its workbook by the run path of 导入台账 (lock, backup, log); what stands in the files is
read back and held against the ledger.
"""

import datetime as dt
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from toolkit.actions import BY_NAME
from toolkit.hosts.closed_file import closed_of, open_closed, read_bytes
from toolkit.hosts.foreign.source_file import read_sources
from toolkit.hosts.fresh.new_file import book_bytes
from toolkit.hosts.protecting import is_encrypted, protected, refuse_unusable
from toolkit.hosts.replacing import exclusive, replace_file
from toolkit.model import office_sheets as o
from toolkit.model import sheets as s
from toolkit.model.calendar import WorkCalendar
from toolkit.model.errors import ToolkitError
from toolkit.model.masking import mask_text
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import Book, Outcome, Table, table_from
from toolkit.office.branch_books import Base, read_base, read_pairs, unlocked
from toolkit.office.names import Places, known_places
from toolkit.rules.ledger.sources import Reading, read_all, unused
from toolkit.rules.office.split import Share, Split, Sums, split
from toolkit.run.closed import run
from toolkit.run.order import Order, Result, account
from toolkit.steps.ledger import taken_in

Progress = Callable[..., None]
_LEDGER = BY_NAME["ledger"]
_HALF_A_FEN = 0.005


@dataclass(frozen=True)
class DispatchOrder:
    """`base`: a workbook with parameters, holidays and people for new branch workbooks; `passwords`: 网点 and 密码."""

    ledger: Path
    out: Path
    as_of: dt.date
    now: dt.datetime
    schedule: Path | None = None
    base: Path | None = None
    passwords: Path | None = None


@dataclass
class _Done:
    """One line of the list; `sent` is what was read back from the file."""

    branch: str
    file: str
    result: str
    sent: Sums = field(default_factory=Sums)
    notes: list[str] = field(default_factory=list)


def dispatch(order: DispatchOrder, progress: Progress) -> Result:
    """Write the workbooks and 分发清单.xlsx into `order.out`, made if need be.

    Raises `ToolkitError` before anything is written if the ledger cannot be read or has no 网点; a branch whose
    workbook cannot be written is listed with the reason, and refused only if that is so of all.
    """
    progress("读取台账")
    found, told = _read(order)
    shares = split(found)
    if not shares.shares:
        raise ToolkitError(
            f"没有一笔贷款可以分发（{shares.left['place'].iloc[0]}：{shares.left['reason'].iloc[0]}）",
            where=order.ledger.name,
            mend="请核对导出的“网点”列和合同编号；表头不同的，在 --base 工作簿的“字段映射”表写明是哪一列",
        )
    base = read_base(order.base)
    passwords = read_pairs(order.passwords, "网点", "密码") if order.passwords else {}
    try:
        order.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolkitError(
            f"无法建立文件夹（{error.strerror}）", where=str(order.out), mend="请换一个有写入权限的文件夹"
        ) from None
    listing = order.out / o.DISPATCH_LIST
    with exclusive(listing):
        places = known_places(order.out, [share.branch for share in shares.shares])
        done = []
        for number, share in enumerate(shares.shares):
            progress("分发", number, len(shares.shares))
            done.append(_given(share, places, base, passwords.get(share.branch, ""), order))
        failed = [one for one in done if one.result == o.NOT_DONE]
        if len(failed) == len(done):
            raise ToolkitError(
                f"没有一个网点的工作簿能写入（{failed[0].branch}：{failed[0].notes[0]}）",
                where=str(order.out),
                mend="请按说明解决后重新分发",
            )
        gone = _gone(places, shares, passwords)
        summed = _reconciled(shares, done)
        replace_file(listing, _list_book([*done, *gone], shares, summed), backup=True)
    return _result(order, shares, done, gone, summed, [*told, *_people_nowhere(base, shares)])


def _read(order: DispatchOrder) -> tuple[Reading, list[str]]:
    """The ledger by the rules of 导入台账, and what to tell about its headers and rows."""
    sources = tuple(read_sources(order.ledger))
    schedule = tuple(read_sources(order.schedule)) if order.schedule else ()
    request = Request(order.as_of, Parameters.defaults(), WorkCalendar(), sources=sources, schedule_sources=schedule)
    mapping = table_from(s.FIELD_MAPPING, [], present=False)
    if order.base:
        book = open_closed(order.base)
        mapping = book.read(s.FIELD_MAPPING)
    found = read_all(request, mapping, table_from(s.LOANS, [], present=False))
    found.taken |= {source.file for source in (*sources, *schedule)}
    idle = unused(request, found)
    if s.LOANS.title not in found.parts:
        raise ToolkitError(
            "没有可以分发的贷款" + (f"（{'；'.join(idle)}）" if idle else ""),
            where=order.ledger.name,
            mend="请核对后重新选择核心系统导出的台账",
        )
    return found, [*found.warnings, *idle]


def _given(share: Share, places: Places, base: Base, password: str, order: DispatchOrder) -> _Done:
    """Bring one share into its workbook; a refusal becomes a line of the list."""
    target = order.out / places.file_of[share.branch]
    done = _Done(share.branch, target.name, o.UPDATED if target.exists() else o.CREATED)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            result = _written(share, target, base, password, order, Path(scratch) / target.name)
        done.notes += [*result.warnings, *(line for line in result.details if "本次导出没有" in line)]
        done.sent = _read_back(share, _content(target, password))
    except ToolkitError as error:
        done.result, done.notes = o.NOT_DONE, [str(error)]
    if done.sent != share.sums and done.result != o.NOT_DONE and not _same(done.sent, share.sums):
        done.notes.append("文件中的笔数、期数或金额与导出不同，请核对上述未导入的行")
    if (
        done.result == o.CREATED
        and base.visitors is not None
        and not (base.visitors.data["branch"] == share.branch).any()
    ):
        done.notes.append("底稿的“回访人员”中没有这个网点的人员，请补填")
    return done


def _written(share: Share, target: Path, base: Base, password: str, order: DispatchOrder, scratch: Path) -> Result:
    """By the run path of 导入台账, in place where the workbook is there and open to all, else on a copy of it."""
    if password:
        refuse_unusable(password, "--passwords")
    there = target.exists()
    secret = there and is_encrypted(read_bytes(target, (target.suffix,), " .xlsm "))
    step = partial(_taken, share.reading())
    if there and not secret and not password:
        return run(_ledger_order(order, target), step=step)
    with exclusive(target):
        if there:
            scratch.write_bytes(_content(target, password))
        else:
            scratch.write_bytes(base.book_of(share.branch, target.name))
        result = run(_ledger_order(order, scratch), step=step)
        content = scratch.read_bytes()
        replace_file(target, protected(content, password, "--passwords") if password else content, backup=True)
    return result


def _ledger_order(order: DispatchOrder, workbook: Path) -> Order:
    return Order(_LEDGER, workbook, order.as_of, order.now, account())


def _taken(found: Reading, tables: dict[str, Table], request: Request) -> Outcome:
    """The step of 导入台账 on rows that are read already."""
    return taken_in(tables, request, found)


def _content(path: Path, password: str) -> bytes:
    content = read_bytes(path, (".xlsm", ".xlsx"), " .xlsm ")
    if not is_encrypted(content):
        return content
    if not password:
        raise ToolkitError("文件有打开密码", where=path.name, mend="请用 --passwords 给出含有“网点”“密码”两列的表")
    return unlocked(content, password, path.name)


def _read_back(share: Share, content: bytes) -> Sums:
    """What of the share stands in the written file."""
    book = closed_of(content, Path(share.branch))
    loans, schedule = book.read(s.LOANS).data, book.read(s.SCHEDULE).data
    loans = loans[_meant(loans, share.parts[s.LOANS.title][0].export.data, ("contract_no",))]
    sums = Sums(loans=len(loans), amount=float(loans["amount"].sum()))
    if s.SCHEDULE.title in share.parts:
        given = share.parts[s.SCHEDULE.title][0].export.data
        mine = schedule[_meant(schedule, given, ("contract_no", "instalment_no"))]
        sums += Sums(instalments=len(mine), due_amount=float(mine["due_amount"].sum()))
    return sums


def _meant(there: pd.DataFrame, given: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    """bool per row of the file: the ledger gave it. Where either side leaves 借据编号 blank the contract decides, as in
    导入台账."""
    whole = [*names, "drawdown_no"]
    vague = given[given["drawdown_no"] == ""]
    exact = _isin(there, given, whole)
    return exact | _isin(there, vague, list(names)) | ((there["drawdown_no"] == "") & _isin(there, given, list(names)))


def _isin(there: pd.DataFrame, given: pd.DataFrame, names: list[str]) -> pd.Series:
    known = pd.MultiIndex.from_frame(given[names].drop_duplicates())
    return pd.Series(pd.MultiIndex.from_frame(there[names]).isin(known), index=there.index)


def _same(one: Sums, other: Sums) -> bool:
    return (
        (one.loans, one.instalments) == (other.loans, other.instalments)
        and abs(one.amount - other.amount) < _HALF_A_FEN
        and abs(one.due_amount - other.due_amount) < _HALF_A_FEN
    )


def _gone(places: Places, shares: Split, passwords: dict[str, str]) -> list[_Done]:
    """Workbooks of earlier lists whose 网点 the ledger no longer has, and who might hold their loans now."""
    out = []
    for branch, file in places.earlier.items():
        note = "本次台账没有这个网点，工作簿未改动"
        try:
            book = closed_of(_content(places.folder / file, passwords.get(branch, "")), Path(file))
            contracts = set(book.read(s.LOANS).data["contract_no"])
            heirs = sorted(((len(contracts & share.contracts), share.branch) for share in shares.shares), reverse=True)
            number, name = heirs[0]
            if number and 2 * number >= len(contracts):
                note += f"；其中 {number} 笔合同现在属“{name}”，网点可能已改名或合并，请核对后决定用哪一份工作簿"
        except ToolkitError as error:
            note += f"；{error.what}"
        out.append(_Done(branch, file, o.NOT_IN_LEDGER, notes=[note]))
    return out


def _reconciled(shares: Split, done: list[_Done]) -> pd.DataFrame:
    """Rows of 合计核对; what a branch did not get for a locked workbook is not sent."""
    failed = {one.branch for one in done if one.result == o.NOT_DONE}
    sent = sum((one.sent for one in done), Sums())
    left = sum((share.sums for share in shares.shares if share.branch in failed), shares.left_sums)
    rows = []
    for name, item in (
        ("loans", "贷款笔数"), ("amount", "贷款金额（元）"),
        ("instalments", "还款计划期数"), ("due_amount", "应还金额（元）"),
    ):  # fmt: skip
        whole, out, rest = (round(getattr(sums, name), 2) for sums in (shares.total, sent, left))
        difference = round(whole - out - rest, 2)
        verdict = "相符" if abs(difference) < _HALF_A_FEN else "不符"
        rows.append((item, whole, out, rest, difference, verdict))
    return pd.DataFrame(rows, columns=list(o.RECONCILIATION.names))


def _list_book(done: list[_Done], shares: Split, summed: pd.DataFrame) -> bytes:
    rows = pd.DataFrame(
        [
            {
                "branch": one.branch,
                "file": one.file,
                "result": one.result,
                "loans": one.sent.loans,
                "instalments": one.sent.instalments,
                "amount": round(one.sent.amount, 2),
                "note": mask_text("；".join(one.notes)),
            }
            for one in done
        ]
    )
    parts = ((o.DISPATCH, rows), (o.RECONCILIATION, summed), (o.NOT_DISPATCHED, shares.left))
    return book_bytes(Book(o.DISPATCH_LIST, parts, "分发清单"))


def _people_nowhere(base: Base, shares: Split) -> list[str]:
    if base.visitors is None:
        return []
    branches = base.visitors.data["branch"]
    lost = sorted(set(branches) - {share.branch for share in shares.shares} - {""})
    return [f"底稿的“回访人员”中，网点{'、'.join(lost)}不在本次台账中，这些人员没有分发"] if lost else []


def _result(
    order: DispatchOrder, shares: Split, done: list[_Done], gone: list[_Done], summed: pd.DataFrame, told: list[str]
) -> Result:
    counts = {kind: sum(one.result == kind for one in done) for kind in (o.CREATED, o.UPDATED, o.NOT_DONE)}
    sent = sum((one.sent for one in done), Sums())
    left = len(shares.left)
    matches = bool((summed["verdict"] == "相符").all())
    warnings = [*told]
    warnings += [f"{one.branch}（{one.file}）：{note}" for one in (*done, *gone) for note in one.notes]
    if left:
        reasons = shares.left["reason"].value_counts(sort=False)
        warnings.append(
            f"未分发 {left} 行，逐行列在 {o.DISPATCH_LIST} 的“未分发”表："
            + "；".join(f"{reason} {count} 行" for reason, count in reasons.items())
        )
    if not matches:
        warnings.append(f"合计不符，见 {o.DISPATCH_LIST} 的“合计核对”表")
    summary = (
        f"{len(done)} 个网点：新建 {counts[o.CREATED]}，更新 {counts[o.UPDATED]}，未成 {counts[o.NOT_DONE]}；"
        f"分发 {sent.loans} 笔、{sent.instalments} 期，未分发 {left} 行，合计{'相符' if matches else '不符'}"
    )
    return Result(
        "dispatch",
        order.as_of,
        summary=summary,
        counts={
            "网点": len(done), **counts, "笔数": sent.loans, "期数": sent.instalments, "未分发行": left,
            "本次没有的网点": len(gone),
        },
        warnings=warnings,
        outputs=[order.out / o.DISPATCH_LIST, *(order.out / one.file for one in done if one.result != o.NOT_DONE)],
    )  # fmt: skip
