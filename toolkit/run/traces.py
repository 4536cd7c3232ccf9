"""What a run leaves in the workbook beside its results: a row of 操作日志 and the status on 首页."""

import pandas as pd

from toolkit import __version__
from toolkit.model import sheets
from toolkit.model.masking import mask_text
from toolkit.model.tables import SheetEdits
from toolkit.run.order import Order

STATUS_WIDTH = 120


def log_row(order: Order, summary: str) -> SheetEdits:
    """The row that 操作日志 gets."""
    row = {
        "at": pd.Timestamp(order.now).floor("s"),
        "action": order.action.caption,
        "operator": order.operator,
        "as_of": pd.Timestamp(order.as_of),
        "summary": mask_text(summary),
        "version": __version__,
    }
    return SheetEdits(sheets.LOG, append=pd.DataFrame([row]))


def status(order: Order, summary: str) -> dict[str, object]:
    """Values of the named cells of 首页; workbooks without them simply show no status."""
    name = order.action.name
    return {
        "首页_基准日": order.as_of,
        f"状态_{name}": mask_text(summary)[:STATUS_WIDTH],
        f"时间_{name}": order.now.replace(microsecond=0),
    }
