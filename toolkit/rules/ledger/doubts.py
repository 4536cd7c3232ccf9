"""Rows that cannot be true, named by cell: imported as they are, because only people can tell which cell is wrong."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.fields import NUMBER_KINDS
from toolkit.model.tables import Table
from toolkit.rules.ledger.rows import Export

CENT = 0.005


@dataclass(frozen=True)
class Doubt:
    """`test(rows, as_of)` is True where `what` holds; `fields`: the cell to look at is the first that was exported."""

    fields: tuple[str, ...]
    what: str
    test: Callable[[pd.DataFrame, pd.Timestamp], pd.Series]


LOAN_DOUBTS = (
    Doubt(("matures_on", "disbursed_on"), "到期日早于发放日期", lambda d, t: d["matures_on"] < d["disbursed_on"]),
    Doubt(("settled_on", "disbursed_on"), "结清日期早于发放日期", lambda d, t: d["settled_on"] < d["disbursed_on"]),
    Doubt(("settled_on",), "结清日期晚于基准日", lambda d, t: d["settled_on"] > t),
    Doubt(("balance", "amount"), "贷款余额大于贷款金额", lambda d, t: d["balance"] > d["amount"] + CENT),
    Doubt(
        ("balance", "settled_on"),
        "已有结清日期而贷款余额不为 0",
        lambda d, t: d["settled_on"].notna() & (d["balance"] > CENT),
    ),
    Doubt(
        ("balance", "status"),
        "贷款状态为已结清而贷款余额不为 0",
        lambda d, t: (d["status"] == v.SETTLED) & d["settled_on"].isna() & (d["balance"] > CENT),
    ),
    Doubt(
        ("disbursed_on", "status"),
        "发放日期晚于基准日而贷款状态为使用中",
        lambda d, t: (d["disbursed_on"] > t) & (d["status"] == v.IN_USE),
    ),
)
SCHEDULE_DOUBTS = (Doubt(("paid_on",), "实还日期晚于基准日", lambda d, t: d["paid_on"] > t),)
DOUBTS = {sheets.LOANS.title: LOAN_DOUBTS, sheets.SCHEDULE.title: SCHEDULE_DOUBTS}


def doubts(export: Export, keys: pd.Series, table: Table, table_keys: pd.Series, as_of: pd.Timestamp) -> list[str]:
    """One sentence a rule. What the export leaves blank is taken from the sheet's row of the same key."""
    names = [name for name in export.sheet.names if export.has[name].any()]
    rows = export.data.copy()
    if len(table.data):
        known = table.data.set_index(table_keys.to_numpy())
        known = known[~known.index.duplicated()].reindex(keys)
        for column in export.sheet:
            own, there = rows[column.name], known[column.name].to_numpy()
            blank = (own == "") if own.dtype == object else own.isna()
            rows[column.name] = own.where(~blank | export.has[column.name], pd.Series(there, index=own.index))
    found = [
        (name, doubt.what, doubt.test(rows, as_of))
        for doubt in DOUBTS[export.sheet.title]
        if (name := next((name for name in doubt.fields if name in names), ""))
    ]
    for name in names:
        column = export.sheet[name]
        if column.kind in NUMBER_KINDS and column.lowest is not None:
            what = f"{column.header}小于 {column.lowest:g}" if column.lowest else f"{column.header}是负数"
            found.append((name, what, rows[name] < column.lowest))
        if column.kind in NUMBER_KINDS and column.highest is not None:
            found.append((name, f"{column.header}大于 {column.highest:g}", rows[name] > column.highest))
    return [
        f"{export.cells(export.data.index[bad], name)}：{what}，已按原样导入，请核对"
        for name, what, bad in found
        if bad.any()
    ]
