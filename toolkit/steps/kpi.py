"""统计考核: the four indicators of a period → 考核指标 (七、(二); contract, section 5)."""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import quarter_of
from toolkit.model.reading import as_number, as_text
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table
from toolkit.rules.indicators.cautions import warnings_of
from toolkit.rules.indicators.indicators import INSTITUTION, figures, rows_of
from toolkit.rules.indicators.rows import open_books

NUMBERS = ("numerator", "denominator", "rate", "target")


def kpi(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 考核指标: the period's rows are replaced, those of other periods stay as they are.

    `request.period` defaults to the calendar quarter that holds T.
    """
    period = request.period or quarter_of(request.as_of)
    books = open_books(tables, request, period)
    new = figures(tables, rows_of(books), request, period)
    edits = _replaced(tables[sheets.INDICATORS.title], new, period.label)
    whole = new[new["object_kind"] == INSTITUTION]
    counts = {"写入行数": len(new)}
    told = []
    for figure in whole.to_dict("records"):
        name, top, bottom = figure["indicator"], figure["numerator"], figure["denominator"]
        counts |= {f"{name}分子": top, f"{name}分母": bottom}
        rate = v.NO_VALUE if bottom == 0 else f"{100 * figure['rate']:.1f}%（{top}/{bottom}，{figure['verdict']}）"
        told.append(f"{name} {rate}")
    cut = min(period.end, request.as_of)
    scope = period.label if cut == period.end else f"{period.label}（截至 {cut}）"
    return Outcome([edits], counts, warnings_of(books), f"{scope}：" + "，".join(told))


def _replaced(table: Table, new: pd.DataFrame, label: str) -> SheetEdits:
    """The sheet's whole body: other periods' rows in their order, then the period's; nothing if it says so already."""
    extras = list(table.extras)
    body = table.raw[[name for name in table.sheet.names if name in table.raw] + [h for h in extras if h in table.raw]]
    ours = table.data["period"] == label
    identity = list(table.sheet.key)
    before = table.data.loc[ours, identity].join(body[extras])
    new = new.merge(before.drop_duplicates(identity), on=identity, how="left")
    was, will = body[ours].reindex(columns=new.columns), new
    if len(was) == len(will) and _plain(was).equals(_plain(will)):
        return SheetEdits(table.sheet)
    kept = body[~ours]
    whole = pd.concat([part for part in (kept, new) if not part.empty], ignore_index=True)
    return SheetEdits(table.sheet, replace=whole)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells compared as read: numbers as float, all else as text."""
    out = pd.DataFrame(index=range(len(frame)))
    for name in frame:
        cells = frame[name].to_list()
        numeric = name in NUMBERS
        out[name] = [as_number(cell) if numeric and as_number(cell) is not None else as_text(cell) for cell in cells]
    return out.astype("object")
