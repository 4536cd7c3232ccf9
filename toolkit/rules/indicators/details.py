"""Sheet 考核明细: each figure opens its rows: what is in the denominator, what in the numerator, and why not."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period
from toolkit.model.reading import name_key
from toolkit.model.tables import Table, column_letter
from toolkit.rules.indicators.indicators import INDICATORS, INSTITUTION, UNIT_COLUMN
from toolkit.rules.indicators.rows import Books

_LINKED = {sheets.VISITS: "state", sheets.RECORDS: "visited_on", sheets.ISSUES: "state"}


def _on(text: str, days: pd.Series) -> pd.Series:
    return (text + " " + days.dt.strftime("%Y-%m-%d").fillna("")).astype("object")


def _visits(books: Books, rows: pd.DataFrame, diligent: pd.DataFrame) -> pd.Series:
    visit = books.visits.drop_duplicates("row").set_index("row").reindex(rows["row"])
    late = _on("逾期完成", visit["completed_on"])
    out = late.where(visit["completed_on"].notna(), "未完成").set_axis(rows.index)
    tried = diligent.reindex(rows["key"]).set_axis(rows.index)
    told = "；尽职：" + _number(tried["days"]) + " 天联系 " + _number(tried["attempts"]) + " 次未联系上"
    return out + told.where(tried["attempts"].notna(), "").astype("object")


def _number(values: pd.Series) -> pd.Series:
    return values.map(lambda value: "" if pd.isna(value) else str(int(value))).astype("object")


def _records(books: Books, rows: pd.DataFrame, _: pd.DataFrame) -> pd.Series:
    spot = books.tables[sheets.SPOT_CHECKS.title].data
    failed = spot[spot["verdict"].isin(v.FAILED_SPOT_CHECKS) & (spot["visit_no"] != "")].drop_duplicates("visit_no")
    verdict = failed.set_index("visit_no")["verdict"].reindex(rows["key"]).set_axis(rows.index)
    return ("抽查" + verdict.astype("object")).where(verdict.notna(), "首次提交有错").astype("object")


def _reporting(books: Books, rows: pd.DataFrame, _: pd.DataFrame) -> pd.Series:
    issue = books.issues.drop_duplicates("row").set_index("row").reindex(rows["row"]).set_index(rows.index)
    late = _on("反馈超时", issue["reported_on"])
    return late.where(issue["reported_on"].notna(), "未反馈").astype("object")


def _resolving(books: Books, rows: pd.DataFrame, _: pd.DataFrame) -> pd.Series:
    issue = books.issues.drop_duplicates("row").set_index("row").reindex(rows["row"]).set_index(rows.index)
    verifier, owner = issue["verifier"].map(name_key), issue["owner"].map(name_key)
    text = np.select(
        [
            issue["state"] == v.REOPENED,
            issue["state"] != v.CLOSED,
            verifier == "",
            verifier == owner,
            issue["verified_on"].isna(),
        ],
        ["已重开", "未销号：" + issue["state"], "没有验证人", "责任人自行验证", "没有验证日期"],
        _on("逾期销号", issue["verified_on"]),
    )
    return pd.Series(text, index=rows.index, dtype="object")


def first_rows(details: pd.DataFrame, table: Table) -> dict[tuple[str, str, str], str]:
    """(指标, 对象类型, 对象 or "" for 机构) → address in 考核明细 (`table`) of the first row behind the figure."""
    column = table.columns.get("key") or sheets.INDICATOR_ROWS.names.index("key") + 1
    rows = details.assign(address=[f"{column_letter(column)}{row}" for row in range(2, len(details) + 2)])
    out: dict[tuple[str, str, str], str] = {}
    for kind, name in {INSTITUTION: "", **UNIT_COLUMN}.items():
        named = rows.assign(unit=rows[name] if name else "").drop_duplicates(["indicator", "unit"])
        parts = zip(named["indicator"], named["unit"], named["address"], strict=True)
        out |= {(indicator, kind, unit): address for indicator, unit, address in parts}
    return out


_GROUNDS: Mapping[str, Callable[[Books, pd.DataFrame, pd.DataFrame], pd.Series]] = {
    v.PLAN_COMPLETION: _visits,
    v.RECORD_ACCURACY: _records,
    v.FEEDBACK_TIMELINESS: _reporting,
    v.RESOLUTION_RATE: _resolving,
}


def indicator_details(
    books: Books, rows: Mapping[str, pd.DataFrame], diligent: pd.DataFrame, period: Period
) -> pd.DataFrame:
    """Rows of 考核明细: by indicator, those that do not count first, then by branch and visitor."""
    parts = []
    for indicator in INDICATORS:
        mine = rows[indicator.name]
        ground = _GROUNDS[indicator.name](books, mine, diligent) if len(mine) else pd.Series(dtype="object")
        table = books.tables[indicator.sheet.title]
        before = table.cell(0, _LINKED[indicator.sheet]).split("0")[0]
        parts.append(
            mine.assign(
                period=period.label,
                indicator=indicator.name,
                counted=np.where(mine["good"], v.YES, v.NO),
                ground=ground.where(~mine["good"], "") if len(mine) else "",
                sheet=indicator.sheet.title,
                cell=before + mine["row"].astype("int64").astype(str).astype("object"),
            ).sort_values(["good", "branch", "visitor", "key"], kind="stable")
        )
    filled = [part for part in parts if not part.empty] or parts[:1]
    return pd.concat(filled, ignore_index=True)[list(sheets.INDICATOR_ROWS.names)]
