"""Run one action on a closed workbook: lock, decide, render, back up, replace."""

from pathlib import Path

from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.replacing import exclusive, replace_file
from toolkit.model.errors import ToolkitError
from toolkit.run.deciding import decide
from toolkit.run.order import Order, Result
from toolkit.run.papers import Progress, no_progress


def run(order: Order, progress: Progress = no_progress) -> Result:
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
    book = open_closed(order.workbook)
    decision = decide(order, book, progress)
    if decision.preview:
        return decision.result
    progress("写入结果")
    content = book.render(decision.edits, decision.tables, decision.named) or order.workbook.read_bytes()
    decision.write_papers(order, progress)
    replace_file(target, content, backup=True)
    decision.result.outputs.insert(0, target)
    return decision.result
