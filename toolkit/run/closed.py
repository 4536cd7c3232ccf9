"""Run one action on a closed workbook: lock, read, step, render, back up, replace, log."""

from collections.abc import Callable
from pathlib import Path

from toolkit.hosts.closed_file import ClosedFile, open_closed
from toolkit.hosts.replacing import replace_file
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.model.request import Request
from toolkit.model.tables import Source
from toolkit.run import version
from toolkit.run.order import Order, Result
from toolkit.run.papers import rendered, written
from toolkit.run.settings import calendar_of, institution_of, parameters_of
from toolkit.run.target import held
from toolkit.run.traces import log_row, status

Progress = Callable[[str], None]


def run(order: Order, progress: Progress = lambda stage: None) -> Result:
    """Carry out `order`; raises `ToolkitError` before anything is written if it must be refused."""
    with held(order) as target:
        return _run(order, target, progress)


def _run(order: Order, target: Path, progress: Progress) -> Result:
    action = order.action
    progress("读取工作簿")
    book = open_closed(order.workbook)
    request = _request(order, book)
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
        [*(f"{file}：{reason}" for file, reason in request.rejected), *outcome.warnings],
    )
    if outcome.preview:
        return result
    progress("写入结果")
    papers = [(paper, rendered(paper, order)) for paper in outcome.papers]
    edits = [*outcome.edits, log_row(order, outcome.summary)]
    content = book.render(edits, tables, status(order, outcome.summary)) or order.workbook.read_bytes()
    # Papers first: if one is open in Word the workbook must not claim that the report was made.
    result.outputs += [written(paper, content_, order) for paper, content_ in papers]
    replace_file(target, content, backup=True)
    result.outputs.insert(0, target)
    return result


def _request(order: Order, book: ClosedFile) -> Request:
    version.refuse_newer(book.named(version.CELL), order.workbook.name)
    sources, rejected = _sources(order.files)
    schedule, more = _sources((order.schedule,) if order.schedule else ())
    return Request(
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
