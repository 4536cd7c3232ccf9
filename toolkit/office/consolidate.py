"""`loanvisit consolidate`: all branches' workbooks → 汇总.xlsx, the group report, and the store behind both.

First everything is read into the store and the run is written down; then the workbook and the report are made of what
is written down and stored alone, so that `--again` makes them once more, whatever became of the branches' files.
"""

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit import __version__
from toolkit.hosts.replacing import exclusive, replace_file
from toolkit.model import office_sheets as o
from toolkit.model.errors import ToolkitError
from toolkit.model.masking import mask_text
from toolkit.model.period import Period, quarter_of
from toolkit.office.branch_books import read_pairs
from toolkit.office.choosing import Regions, chosen, not_taken
from toolkit.office.collecting import Found, find, missing, other_parameters, usual_parameters
from toolkit.office.group_workbook import LAST_ROW, written
from toolkit.office.store import Receipt, held, keep_run, kept_run, need_duckdb
from toolkit.office.workers import batches, processors, read_all
from toolkit.rules.planning.numbers import short_hash
from toolkit.run.home_options import is_branch_workbook
from toolkit.run.order import Result

Progress = Callable[..., None]


@dataclass(frozen=True)
class ConsolidateOrder:
    """`store`: folder of the deliveries, None = beside `out`. `regions`: 网点 and 地区. `again`: record of an earlier
    run, then no folder is read. `workers`: processes, 0 = as many as processors. `most_rows`: a detail sheet with
    more goes to Parquet."""

    folders: tuple[Path, ...]
    out: Path
    as_of: dt.date
    period: Period | None = None
    scheduler: str = ""
    store: Path | None = None
    regions: Path | None = None
    passwords: Path | None = None
    again: Path | None = None
    workers: int = 0
    most_rows: int = LAST_ROW - 1


def consolidate(order: ConsolidateOrder, progress: Progress) -> Result:
    """Write `order.out`, the report beside it and, if need be, Parquet files of the details.

    Raises `ToolkitError` before `order.out` is touched if not one workbook could be read.
    """
    need_duckdb()
    if order.out.suffix.lower() != ".xlsx":
        raise ToolkitError("汇总文件须以 .xlsx 结尾", where=order.out.name, mend="请写成 --out 汇总.xlsx 的样子")
    if not order.out.parent.is_dir():
        raise ToolkitError("文件夹不存在", where=str(order.out.parent), mend="请先建立该文件夹")
    # A slip of the fingers must not put the whole, which has no 参数, in the place of a branch's work. What is damaged
    # is kept as a backup.
    if is_branch_workbook(order.out):
        raise ToolkitError("是网点工作簿，不能用作汇总文件", where=order.out.name, mend="请在 --out 后另起文件名")
    report = order.out.with_name(f"{order.out.stem}_报告.docx")
    with exclusive(order.out), _scratch(order.out) as scratch:
        if order.again:
            store, run = order.again.resolve().parent.parent, kept_run(order.again)
            record = order.again
        else:
            store = order.store or order.out.with_name(f"{order.out.stem}_数据")
            run, record = _collected(order, store, report, scratch, progress)
        progress("汇总")
        made = written(run, store, order.out, order.most_rows, scratch)
        if report.exists():
            with exclusive(report):
                replace_file(report, made.report, backup=True)
        else:
            replace_file(report, made.report, backup=False)
        replace_file(order.out, made.workbook, backup=True)
    outputs = [order.out, report, *made.parquet, record]
    return Result(
        "consolidate",
        dt.date.fromisoformat(str(run["as_of"])),
        summary=made.summary,
        counts=made.counts,
        warnings=_warnings(run) + made.warnings,
        outputs=outputs,
    )


@contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """A folder that only this user can open. It holds customers' rows, so what a killed run for the same result has
    left goes first; `out` is held by this run alone."""
    prefix = f"loanvisit-{short_hash(str(out.resolve()))}-"
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        yield Path(folder)


def _collected(
    order: ConsolidateOrder, store: Path, report: Path, scratch: Path, progress: Progress
) -> tuple[dict[str, Any], Path]:
    """Read all that lies in the folders, store it, and write down of what the whole is made."""
    period = order.period or quarter_of(order.as_of)
    listed = read_pairs(order.regions, "网点", "地区") if order.regions else None
    regions = Regions(listed, len(order.folders) > 1)
    progress("查找工作簿")
    found = find(order.folders, [order.out, report, store, order.out.with_name(f"{order.out.stem}_明细")])
    if not found.books:
        raise ToolkitError("没有找到工作簿（.xlsx、.xlsm）", where=str(order.folders[0]), mend="请核对文件夹")
    try:
        store.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolkitError(
            f"无法建立数据文件夹（{error.strerror}）", where=str(store), mend="请用 --store 另选一个可写的文件夹"
        ) from None
    with held(store):
        receipts = _read(order, found, store, period, progress)
    good = [receipt for receipt in receipts if not receipt.error]
    bad = [receipt for receipt in receipts if receipt.error]
    if not good:
        raise ToolkitError(
            f"{len(bad)} 个工作簿没有一个能汇总（{bad[0].error.rstrip('。')}）",
            where=str(order.folders[0]),
            mend="请按说明解决后重新汇总",
        )
    usual = usual_parameters(good)
    for receipt in good:
        receipt.notes += other_parameters(receipt, usual, "多数网点")
    choice = chosen(good, store, regions, scratch)
    rows = choice.collection
    rows += [not_taken(one, o.NOT_TAKEN, one.error, regions) for one in [*bad, *found.listed]]
    rows += [
        not_taken(one, o.MISSING, "分发清单上有，没有找到工作簿", regions) for one in missing(found.expected, receipts)
    ]
    order_of = {state: place for place, state in enumerate((o.MISSING, o.NOT_TAKEN, o.DUPLICATE, o.WARNED, o.TAKEN))}
    rows.sort(key=lambda row: (order_of[str(row["state"])], str(row["file"]), str(row["branches"])))
    run: dict[str, Any] = {
        "version": __version__,
        "period": period.label,
        "as_of": order.as_of.isoformat(),
        "deliveries": [vars(one) for one in choice.deliveries],
        "collection": rows,
        "conflicts": choice.conflicts,
        "regions": choice.regions,
        "parameters": usual,
        "passed_over": dict(sorted(found.passed_over.items())),
    }
    return run, keep_run(store, f"{period.label}_{order.as_of}", run)


def _read(order: ConsolidateOrder, found: Found, store: Path, period: Period, progress: Progress) -> Sequence[Receipt]:
    passwords = read_pairs(order.passwords, "网点", "密码") if order.passwords else {}
    branch_of = {file: branch for branch, file in found.expected.items()}
    files = [
        (str(path.absolute()), name, passwords.get(branch_of.get(path.name, path.stem), ""))
        for path, name in found.books.items()
    ]
    workers = order.workers or processors()
    work = batches(files, str(store.resolve()), period.label, order.as_of.isoformat(), workers)
    receipts = read_all(
        work, lambda done: progress("读取网点工作簿", done, len(files)), scheduler=order.scheduler, workers=workers
    )
    for receipt, path in zip(receipts, found.books, strict=True):
        if path in found.open_now and not receipt.error:
            receipt.notes.append("正被打开，汇总的是上次保存的内容")
    return receipts


def _warnings(run: dict[str, Any]) -> list[str]:
    """What was not counted or needs a look, by file."""
    rows = run["collection"]
    said = [
        f"{row['state']}：{row['file']}（{row['branches']}）{row['note']}" if row["branches"] else
        f"{row['state']}：{row['file']} {row['note']}"
        for row in rows
        if row["state"] != o.TAKEN
    ]  # fmt: skip
    if run["passed_over"]:
        kinds = "、".join(f"{kind} {count} 个" for kind, count in run["passed_over"].items())
        said.append(f"不读：{kinds}")
    return [mask_text(line) for line in said]
