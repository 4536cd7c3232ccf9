"""How the period's visits were carried out, each with its window, its completion and how late it was."""

import numpy as np
import pandas as pd

from toolkit.model import audit_sheets as a
from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period
from toolkit.rules.indicators.indicators import figures, rows_of
from toolkit.rules.indicators.rows import Books
from toolkit.rules.planning.states import cancelled_by_tool


def execution(books: Books, period: Period) -> pd.DataFrame:
    """Rows of 计划执行: every visit that counts by a day of the period, also those left out of the indicator."""
    visits, today = books.visits, pd.Timestamp(books.request.as_of)
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    due = visits[(visits["counts_on"] >= start) & (visits["counts_on"] <= end)]
    by_tool = cancelled_by_tool(due["state"], due["system_note"])
    excused = (due["state"] == v.CANCELLED) & (due["approver"] != "") & (due["remark"] != "")
    grounds = [
        (by_tool, due["system_note"]),
        (excused, "经 " + due["approver"] + " 批准取消：" + due["remark"]),
        (due["settled"], pd.Series("截止日前已结清", index=due.index, dtype="object")),
        (due["too_early"], pd.Series("早于启用日期", index=due.index, dtype="object")),
    ]
    ground = pd.Series("", index=due.index, dtype="object")
    for holds, text in grounds:
        ground = ground.mask((ground == "") & holds, text)
    done, limit = due["completed_on"], due["counts_on"]
    outcome = np.select(
        [ground != "", done <= limit, done > limit, limit >= today],
        [a.LEFT_OUT, a.DONE_IN_TIME, a.DONE_LATE, a.STILL_OPEN],
        a.NOT_DONE,
    )
    days = (done.fillna(today) - limit).dt.days
    late = np.isin(outcome, (a.DONE_LATE, a.NOT_DONE))
    out = due.assign(ground=ground, outcome=outcome, days_late=days.where(late))
    return out.sort_values(["branch", "visitor", "counts_on", "visit_no"], kind="stable")


def recount(books: Books, period: Period) -> pd.DataFrame:
    """Rows of 指标复算: the four indicators counted now beside what 考核指标 lists for the period."""
    now = figures(books.tables, rows_of(books), books.request, period)
    table = books.tables[sheets.INDICATORS.title].data
    listed = table[table["period"] == period.label].drop_duplicates(["object_kind", "object_name", "indicator"])
    keys = ["object_kind", "object_name", "indicator"]
    both = now.merge(listed[[*keys, "numerator", "denominator"]], on=keys, how="left", suffixes=("", "_listed"))
    same = (both["numerator"] == both["numerator_listed"]) & (both["denominator"] == both["denominator_listed"])
    agrees = np.select([both["denominator_listed"].isna(), same], ["未统计", "一致"], "不一致")
    return both.assign(
        listed_numerator=both["numerator_listed"], listed_denominator=both["denominator_listed"], agrees=agrees
    )
