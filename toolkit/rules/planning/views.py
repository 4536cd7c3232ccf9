"""The plan as people use it: a week per visitor, progress per visitor, the paper the risk department signs.

二、(一)1. (the plan is drawn up and supervised), 二、(三)1. (visitors follow it). All three say what 回访清单 says
after the run. `visits` is one row per visit: visit_no, contract_no, customer_name, visit_type, method, due_on,
scheduled_on, visitor ("" = none), branch, priority, state, merge_group; crowded and provisional (bool).
"""

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period
from toolkit.model.request import Request
from toolkit.model.tables import SheetEdits, Table
from toolkit.rules.renewal import renewed

TOTAL, ALL_BRANCHES = "合计", "全部"
_UNTYPED = "其他"
_SHORT = {kind: kind.replace("回访", "").removeprefix("还款") for kind in v.VISIT_TYPES}
_COUNTED = {
    "done": v.DONE,
    "to_visit": v.TO_VISIT,
    "missed": v.MISSED,
    "rescheduled": v.RESCHEDULED,
    "cancelled": v.CANCELLED,
}


def edits(visits: pd.DataFrame, tables: Mapping[str, Table], period: Period, request: Request) -> list[SheetEdits]:
    """The three sheets renewed as a whole, since nothing there is anybody's entry; none where nothing differs."""
    views = {
        sheets.WEEK_PLAN: week_plan(visits, request.as_of),
        sheets.PLAN_PROGRESS: plan_progress(visits, period),
        sheets.PLAN_APPROVAL: plan_approval(visits, period, request.as_of, request.institution),
    }
    return [renewed(sheet, rows, tables[sheet.title]) for sheet, rows in views.items()]


def week_plan(visits: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Rows of 周安排: week × visitor × branch from T's week on; a day's cell is e.g. ``3 次：首次 1、提醒 2；面谈 1``.

    A day arranged before T, or none, is no plan any more: such contacts are counted in 待重排 of T's week.
    """
    today = pd.Timestamp(as_of)
    contacts = _contacts(visits[visits["state"].isin(v.OPEN_VISIT_STATES)])
    behind = ~(contacts["scheduled_on"] >= today)
    day = contacts["scheduled_on"].mask(behind, today)
    contacts["week_on"] = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    contacts["weekday"] = day.dt.day_of_week
    who = ["week_on", "visitor", "branch"]
    tally = contacts.assign(behind=behind, ahead=~behind).groupby(who)[["ahead", "behind"]].sum()
    out = tally.rename(columns={"ahead": "contacts", "behind": "to_rearrange"})
    out["to_rearrange"] = out["to_rearrange"].where(out["to_rearrange"] > 0)
    cells = _day_cells(contacts[~behind], [*who, "weekday"])
    for weekday, (name, _) in enumerate(sheets.WEEKDAYS):
        texts = cells[cells.index.get_level_values("weekday") == weekday].droplevel("weekday")
        out[name] = texts.reindex(out.index).fillna("").astype("object")
    return _in_order(out.reset_index(), ["week_on"])[list(sheets.WEEK_PLAN.names)]


def _contacts(visits: pd.DataFrame) -> pd.DataFrame:
    """One row per contact: visits of a 合并组 on one day with one visitor are made together.

    Columns visitor, branch, scheduled_on, method, crowded and kinds: bit i is set for the i-th of 回访类型.
    """
    out = visits[["branch", "scheduled_on", "method", "crowded"]].copy()
    out["visitor"] = visits["visitor"].where(visits["visitor"] != "", v.UNASSIGNED)
    alone = visits["merge_group"] == ""
    out["contact"] = visits["visit_no"].where(alone, visits["merge_group"])
    out["alone"] = alone
    order = pd.Series(range(len(v.VISIT_TYPES)), index=v.VISIT_TYPES)
    bit = visits["visit_type"].map(order).fillna(len(order)).to_numpy(dtype=np.int64)
    out["kinds"] = np.int64(1) << bit
    # Equal kinds of one contact count once, so the sum of bits is their union.
    same = ["contact", "alone", "visitor", "branch", "scheduled_on"]
    out = out.drop_duplicates([*same, "kinds"])
    grouped = out.groupby(same, dropna=False, sort=False)
    found = grouped.agg(kinds=("kinds", "sum"), method=("method", "first"), crowded=("crowded", "any"))
    return found.reset_index()


def _day_cells(contacts: pd.DataFrame, by: list[str]) -> pd.Series:
    """The words for each group of contacts; index `by`."""
    by_kind = contacts.groupby([*by, "kinds"]).size().reset_index(name="count")
    names = {kinds: _kinds_in_words(kinds) for kinds in by_kind["kinds"].unique()}
    texts = by_kind["kinds"].map(names).astype("object") + " " + by_kind["count"].astype(str)
    listed = texts.groupby([by_kind[name] for name in by]).agg("、".join)
    grouped = contacts.groupby(by)
    out = grouped.size().astype(str).astype("object") + " 次：" + listed.astype("object")
    for method in (v.FACE_TO_FACE, v.QUESTIONNAIRE):
        count = (contacts["method"] == method).groupby([contacts[name] for name in by]).sum()
        out = out + ("；" + method + " " + count.astype(str)).where(count > 0, "").astype("object")
    return out + np.where(grouped["crowded"].any(), "；" + v.OVER_LIMIT, "")


def _kinds_in_words(kinds: int) -> str:
    """Bit mask → 首次, or 首次＋提醒 of a merged contact."""
    named = [_SHORT[kind] for i, kind in enumerate(v.VISIT_TYPES) if kinds >> i & 1]
    return "＋".join(named) or _UNTYPED


def _in_order(rows: pd.DataFrame, before: list[str]) -> pd.DataFrame:
    """Sorted by `before`, branch and visitor, 未分配 last."""
    nobody = rows["visitor"] == v.UNASSIGNED
    return (
        rows.assign(nobody=nobody)
        .sort_values([*before, "branch", "nobody", "visitor"], kind="stable")
        .drop(columns="nobody")
        .reset_index(drop=True)
    )


def plan_progress(visits: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Rows of 计划进度: per visitor and branch, 合计 last.

    Counted are visits with 截止日期 in the period, and those due at any time that are still to be made.
    """
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    still_open = visits["state"].isin(v.OPEN_VISIT_STATES)
    counted = visits[still_open | ((visits["due_on"] >= start) & (visits["due_on"] <= end))]
    flags = pd.DataFrame({name: counted["state"] == state for name, state in _COUNTED.items()}, index=counted.index)
    flags["visitor"] = counted["visitor"].where(counted["visitor"] != "", v.UNASSIGNED)
    flags["branch"] = counted["branch"]
    rows = _in_order(flags.groupby(["branch", "visitor"], sort=False)[list(_COUNTED)].sum().reset_index(), [])
    total = rows[list(_COUNTED)].sum().to_frame().T.assign(visitor=TOTAL, branch=ALL_BRANCHES)
    rows = pd.concat([rows, total], ignore_index=True)
    rows[list(_COUNTED)] = rows[list(_COUNTED)].astype("int64")
    rows["period"] = period.label
    rows["expected"] = rows[["done", "to_visit", "missed", "rescheduled"]].sum(axis=1)
    rows["rate"] = rows["done"] / rows["expected"].where(rows["expected"] > 0)
    return rows[list(sheets.PLAN_PROGRESS.names)]


def plan_approval(visits: pd.DataFrame, period: Period, as_of: dt.date, institution: str) -> pd.DataFrame:
    """Rows of 计划审批表: what is signed on top (texts in contract_no, see `approval_lines`), then the open visits."""
    listed = visits[visits["state"].isin(v.OPEN_VISIT_STATES)]
    listed = listed.assign(visitor=listed["visitor"].where(listed["visitor"] != "", v.UNASSIGNED))
    listed = _in_order(listed.sort_values(["scheduled_on", "merge_group", "visit_no"], kind="stable"), [])
    listed["no"] = np.arange(1, len(listed) + 1)
    names = list(sheets.PLAN_APPROVAL.names)
    top = pd.DataFrame({"contract_no": approval_lines(listed, period, as_of, institution)}).reindex(columns=names)
    return pd.concat([top.astype("object"), listed[names].astype("object")], ignore_index=True)


def approval_lines(listed: pd.DataFrame, period: Period, as_of: dt.date, institution: str) -> list[str]:
    """Period, totals and sign-off lines, one a row; "" leaves room for handwriting. `listed`: the open visits."""
    contacts = _contacts(listed.assign(visitor=listed["visitor"].replace(v.UNASSIGNED, "")))
    methods = contacts["method"].value_counts()
    kinds = listed["visit_type"].value_counts()
    ways = "、".join(f"{method} {methods[method]} 次" for method in v.METHOD_CHOICES if method in methods)
    types = "、".join(f"{kind} {kinds[kind]} 笔" for kind in v.VISIT_TYPES if kind in kinds)
    attention = {
        v.MISSED: listed["state"] == v.MISSED,
        "未分配回访人员": listed["visitor"] == v.UNASSIGNED,
        "超过每日上限": listed["crowded"].astype(bool),
        "安排日期已过须重排": listed["scheduled_on"] < pd.Timestamp(as_of),
        "日期暂定（当年放假安排未公布）": listed["provisional"].astype(bool),
    }
    noted = "、".join(f"{text} {flag.sum()} 笔" for text, flag in attention.items() if flag.any())
    span = f"{period.start:%Y-%m-%d} 至 {period.end:%Y-%m-%d}"
    return [
        f"{institution}　贷款回访计划　{period.title}（{span}）　基准日 {as_of:%Y-%m-%d}".strip("　"),
        f"待执行回访 {len(listed)} 笔，同一客户合并后联系 {len(contacts)} 次" + (f"：{ways}" if ways else ""),
        f"其中：{types}" if types else "本期没有待执行的回访",
        f"请留意：{noted}" if noted else "没有逾期未访、未分配、超过每日上限或须重排的回访",
        "",
        "风险管理部门审批意见：□ 同意执行　　□ 调整后执行：" + "＿" * 20,
        "",
        "编制：＿＿＿＿＿＿　　复核：＿＿＿＿＿＿　　风险管理部门审批：＿＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日",
        "",
    ]
