"""Carry out any order: steps on the tables of a closed workbook, tasks on the file or the computer as a whole."""

from collections.abc import Callable

from toolkit.run.order import Order, Result


def perform(order: Order, progress: Callable[[str], None]) -> Result:
    """Raises `ToolkitError` before anything is written if the order must be refused."""
    if order.action.task:
        result: Result = order.action.load_task()(order, progress)
        return result
    from toolkit.run.closed import run

    return run(order, progress)
