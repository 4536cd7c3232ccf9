"""Decide what an action does to a workbook: read → request → step → papers. Nothing is written here, by no host."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.actions import Option, Step
from toolkit.hosts.host import Readable
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.model.request import Request
from toolkit.model.tables import SheetEdits, Source, Table
from toolkit.run import version
from toolkit.run.order import Order, Result
from toolkit.run.papers import Content, Progress, no_progress, rendered_all, written_all
from toolkit.run.settings import calendar_of, institution_of, parameters_of
from toolkit.run.traces import log_row, status


@dataclass(frozen=True)
class Decision:
    """All that a host has to write.

    `result` has no outputs yet. `edits` end with the row of 操作日志; `tables` are the sheets as read, by title;
    `named` are the cells of 首页. `papers` are rendered already: what cannot be rendered is refused before anything is
    written. With `preview` nothing is to be written.
    """

    result: Result
    edits: list[SheetEdits]
    tables: Mapping[str, Table]
    named: Mapping[str, object]
    papers: list[Content]
    preview: bool = False

    def write_papers(self, order: Order, progress: Progress = no_progress) -> None:
        """Write the papers and add them to the outputs.

        Before the workbook is written: if one is open in Word the workbook must not claim that the report was made.
        """
        outputs, kept = written_all(self.papers, order, progress)
        self.result.outputs += outputs
        self.result.warnings += kept


def decide(order: Order, book: Readable, progress: Progress, step: Step | None = None) -> Decision:
    """Read the workbook, run the step (the action's unless another is given), render its papers; raises `ToolkitError`
    if the order must be refused."""
    action = order.action
    progress("读取工作簿")
    request = _request(order, book, progress)
    titles = dict.fromkeys((*action.reads, *action.writes, sheets.LOG))
    tables = {sheet.title: book.read(sheet) for sheet in titles}
    progress(action.caption)
    outcome = (step or action.load())(tables, request)
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
        return Decision(result, [], tables, {}, [], preview=True)
    papers = rendered_all(outcome.papers, order, progress)
    edits = [*outcome.edits, log_row(order, outcome.summary)]
    return Decision(result, edits, tables, status(order, outcome.summary), papers)


def _request(order: Order, book: Readable, progress: Progress) -> Request:
    version.refuse_newer(book.named(version.CELL), order.workbook.name)
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
        by=order.by,
        kinds=order.kinds,
        institution=institution_of(book.named("首页_机构"), book.find_right_of(sheets.HOME_TITLE, "机构")),
        operator=order.operator,
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
