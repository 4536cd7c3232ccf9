"""统计考核: the four indicators of a period → 考核指标 (七、(二); contract, section 5)."""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.fields import Owner, Sheet
from toolkit.model.period import Period, quarter_of
from toolkit.model.reading import as_number, as_text
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table
from toolkit.rules.indicators.analysis import indicator_analysis
from toolkit.rules.indicators.cautions import warnings_of
from toolkit.rules.indicators.details import first_rows, indicator_details
from toolkit.rules.indicators.diligence import diligent_visits
from toolkit.rules.indicators.indicators import INSTITUTION, figures, rows_of
from toolkit.rules.indicators.proposals import appraisal_of, reward_proposals
from toolkit.rules.indicators.rows import open_books
from toolkit.rules.renewal import of_other_periods, renewed, with_staff_cells

NUMBERS = ("numerator", "denominator", "rate", "target")


def kpi(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 考核指标, 考核分析 and 考核建议, where the period's rows are replaced and those of other periods stay as
    they are, and of 考核明细.

    `request.period` defaults to the calendar quarter that holds T.
    """
    period = request.period or quarter_of(request.as_of)
    books = open_books(tables, request, period)
    rows = rows_of(books)
    new = figures(tables, rows, request, period)
    diligent = diligent_visits(books)
    bands, doubts = appraisal_of(tables[sheets.APPRAISAL.title])
    listed = tables[sheets.INDICATORS.title]
    details = indicator_details(books, rows, diligent, period)
    behind = first_rows(details, tables[sheets.INDICATOR_ROWS.title])
    analysis = indicator_analysis(new, rows, diligent, listed.data, period, behind)
    proposed = _proposals(reward_proposals(new, bands), tables[sheets.PROPOSALS.title], period)
    edits = [
        _replaced(listed, new, period.label),
        _of_period(sheets.INDICATOR_ANALYSIS, analysis, tables, period),
        renewed(sheets.INDICATOR_ROWS, details, tables[sheets.INDICATOR_ROWS.title]),
        _of_period(sheets.PROPOSALS, proposed, tables, period),
    ]
    whole = new[new["object_kind"] == INSTITUTION]
    counts = {"写入行数": len(new), "尽职未完成": len(diligent), "奖惩建议": len(proposed)}
    told = []
    for figure in whole.to_dict("records"):
        name, top, bottom = figure["indicator"], figure["numerator"], figure["denominator"]
        counts |= {f"{name}分子": top, f"{name}分母": bottom}
        rate = v.NO_VALUE if bottom == 0 else f"{100 * figure['rate']:.1f}%（{top}/{bottom}，{figure['verdict']}）"
        told.append(f"{name} {rate}")
    cut = min(period.end, request.as_of)
    scope = period.label if cut == period.end else f"{period.label}（截至 {cut}）"
    return Outcome(edits, counts, [*warnings_of(books), *doubts], f"{scope}：" + "，".join(told))


def _of_period(sheet: Sheet, rows: pd.DataFrame, tables: Mapping[str, Table], period: Period) -> SheetEdits:
    table = tables[sheet.title]
    body = of_other_periods(sheet, rows, table, period.label)
    if "cell" in sheet:  # 考核明细 holds the rows of this period alone: links of others would lead astray
        body.loc[body["period"] != period.label, ["sheet", "cell"]] = ""
    return renewed(sheet, body, table, sheet.key)


def _proposals(rows: pd.DataFrame, table: Table, period: Period) -> pd.DataFrame:
    """What is proposed now, with what staff decided; a decision stays though its proposal fell away."""
    theirs = [field.name for field in sheets.PROPOSALS if field.owner is Owner.STAFF]
    identity = list(sheets.PROPOSALS.key)
    mine = table.data[table.data["period"] == period.label]
    decided = mine[(mine[theirs].notna() & (mine[theirs] != "")).any(axis=1)]
    known = pd.MultiIndex.from_frame(rows[identity])
    gone = decided[~pd.MultiIndex.from_frame(decided[identity]).isin(known)]
    kept = gone[[name for name in sheets.PROPOSALS.names if name not in theirs]].assign(action="", measure="", basis="")
    both = [part for part in (rows, kept) if not part.empty] or [rows]
    return with_staff_cells(sheets.PROPOSALS, pd.concat(both, ignore_index=True), table)


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
