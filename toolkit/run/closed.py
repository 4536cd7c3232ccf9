"""Run one action on a closed workbook: lock, decide, render, back up, replace."""

from pathlib import Path

from toolkit.actions import Step
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.replacing import replace_file
from toolkit.run.deciding import decide
from toolkit.run.order import Order, Result
from toolkit.run.papers import Progress, no_progress
from toolkit.run.target import held


def run(order: Order, progress: Progress = no_progress, step: Step | None = None) -> Result:
    """Carry out `order`; raises `ToolkitError` before anything is written if it must be refused.

    `step` stands in for the action's own where its input is at hand already (a share of a ledger read once).
    """
    with held(order) as target:
        return _run(order, target, progress, step)


def _run(order: Order, target: Path, progress: Progress, step: Step | None) -> Result:
    book = open_closed(order.workbook)
    decision = decide(order, book, progress, step)
    if decision.preview:
        return decision.result
    progress("写入结果")
    content = book.render(decision.edits, decision.tables, decision.named) or order.workbook.read_bytes()
    decision.write_papers(order, progress)
    replace_file(target, content, backup=True)
    decision.result.outputs.insert(0, target)
    return decision.result
