"""Which file a run writes, held by this run alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from toolkit.hosts.replacing import exclusive
from toolkit.model.errors import ToolkitError
from toolkit.run.order import Order


@contextmanager
def held(order: Order) -> Iterator[Path]:
    """The file to write: the workbook, or --output; neither is open elsewhere, or `ToolkitError` says who has it."""
    target = _target(order)
    with exclusive(order.workbook):
        if target == order.workbook:
            yield target
        else:
            with exclusive(target):
                yield target


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
