"""Run one action on a closed workbook: lock, read, step, render, back up, replace, log."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from toolkit import __version__
from toolkit.actions import Option
from toolkit.hosts.closed_file import ClosedFile, open_closed
from toolkit.hosts.replacing import exclusive, replace_file
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.model.masking import mask_text
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Source
from toolkit.run.order import Order, Result
from toolkit.run.papers import rendered, written
from toolkit.run.settings import calendar_of, institution_of, parameters_of

STATUS_WIDTH = 120

Progress = Callable[[str], None]


def run(order: Order, progress: Progress = lambda stage: None) -> Result:
    """Carry out `order`; raises `ToolkitError` before anything is written if it must be refused."""
    target = _target(order)
    with exclusive(order.workbook):
        if target == order.workbook:
            return _run(order, target, progress)
        with exclusive(target):
            return _run(order, target, progress)


def _target(order: Order) -> Path:
    if order.output is None:
        return order.workbook
    if order.output.is_dir():
        raise ToolkitError("是文件夹而不是文件", where=str(order.output), mend="请在 --output 中写明文件名")
    if order.output.suffix.lower() != order.workbook.suffix.lower():
        raise ToolkitError(
            f"输出文件与工作簿的类型不同（{order.workbook.suffix}）",
            where=order.output.name,
            mend=f"请把 --output 的文件名改为以 {order.workbook.suffix} 结尾",
        )
    if order.output.exists() and order.workbook.exists() and order.output.samefile(order.workbook):
        raise ToolkitError(
            "--output 就是工作簿自己", where=order.output.name, mend="请另起文件名；要写回工作簿就去掉 --output"
        )
    if not order.output.parent.is_dir():
        raise ToolkitError("文件夹不存在", where=str(order.output.parent), mend="请先建立该文件夹")
    return order.output


def _run(order: Order, target: Path, progress: Progress) -> Result:
    action = order.action
    progress("读取工作簿")
    book = open_closed(order.workbook)
    request = _request(order, book, progress)
    titles = dict.fromkeys((*action.reads, *action.writes, sheets.LOG))
    tables = {sheet.title: book.read(sheet) for sheet in titles}
    progress(action.caption)
    outcome = action.load()(tables, request)
    result = Result(
        action.name,
        order.as_of,
        outcome.exit_code,
        outcome.summary,
        outcome.counts,
        outcome.details,
        outcome.warnings,
        rejected=[*(f"{file}：{reason}" for file, reason in request.rejected), *outcome.rejected],
    )
    if outcome.preview:
        return result
    progress("写入结果")
    papers = [(paper, rendered(paper, order)) for paper in outcome.papers]
    edits = [*outcome.edits, _log_row(order, outcome)]
    content = book.render(edits, tables, _status(order, outcome)) or order.workbook.read_bytes()
    # Papers first: if one is open in Word the workbook must not claim that the report was made.
    result.outputs += [written(paper, content_, order) for paper, content_ in papers]
    replace_file(target, content, backup=True)
    result.outputs.insert(0, target)
    return result


def _request(order: Order, book: ClosedFile, progress: Progress) -> Request:
    sources, rejected = _sources(() if Option.PATHS in order.action.options else order.files)
    schedule, more = _sources((order.schedule,) if order.schedule else ())
    request = Request(
        as_of=order.as_of,
        parameters=parameters_of(book.read(sheets.PARAMETERS)),
        calendar=calendar_of(book.read(sheets.HOLIDAYS)),
        period=order.period,
        sources=sources,
        schedule_sources=schedule,
        rejected=rejected + more,
        preview=order.preview,
        rearrange=order.rearrange,
        department=order.department,
        seed=order.seed,
        file_format=order.file_format,
        institution=institution_of(book.named("首页_机构"), book.find_right_of(sheets.HOME_TITLE, "机构")),
    )
    if Option.PATHS not in order.action.options:
        return request
    from toolkit.run.gathering import gathered

    found = gathered(order, progress)
    return replace(request, sources=found.sources, forms=found.forms, rejected=found.rejected, passed=found.passed)


def _sources(paths: tuple[Path, ...]) -> tuple[tuple[Source, ...], tuple[tuple[str, str], ...]]:
    """Sheets of the files that can be read, and (file, reason) of the others; refused if none can."""
    if not paths:
        return (), ()
    from toolkit.hosts.foreign.source_file import read_sources

    sources: list[Source] = []
    trouble: list[tuple[Path, ToolkitError]] = []
    for path in paths:
        try:
            sources += read_sources(path)
        except ToolkitError as error:
            trouble.append((path, error))
    if not sources and trouble:
        raise trouble[0][1]
    return tuple(sources), tuple((path.name, f"{error.what}，{error.mend}") for path, error in trouble)


def _log_row(order: Order, outcome: Outcome) -> SheetEdits:
    row = {
        "at": pd.Timestamp(order.now).floor("s"),
        "action": order.action.caption,
        "operator": order.operator,
        "as_of": pd.Timestamp(order.as_of),
        "summary": mask_text(outcome.summary),
        "version": __version__,
    }
    return SheetEdits(sheets.LOG, append=pd.DataFrame([row]))


def _status(order: Order, outcome: Outcome) -> dict[str, object]:
    """Values of the named cells of 首页; workbooks without them simply show no status."""
    name = order.action.name
    return {
        "首页_基准日": order.as_of,
        f"状态_{name}": mask_text(outcome.summary)[:STATUS_WIDTH],
        f"时间_{name}": order.now.replace(microsecond=0),
    }
