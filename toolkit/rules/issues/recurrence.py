"""The same trouble again: recurrence and systemic issues, with what to propose about accountability (六、(三)3.)."""

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.model.parameters import Parameters

# What a member of staff does, so that it may recur with the same person over different customers.
CONDUCT = (v.ATTITUDE, v.SLOW_APPROVAL, v.FRAUD, v.COLLUSION, v.ILLICIT_FEES, v.DATA_LEAK)
# (column of `issues`, what it is called, categories to which it applies); the first that holds is named.
ALIKE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("key", "同一合同", v.ISSUE_CATEGORIES),
    ("customer_no", "同一客户", v.ISSUE_CATEGORIES),
    ("owner", "同一责任人", CONDUCT),
    ("loan_officer", "同一客户经理", CONDUCT),
)


def ended_on(issues: pd.DataFrame, state: pd.Series) -> pd.Series:
    """The day an issue was closed, for one still open the day it was found; datetime64[s]."""
    return issues["found_on"].mask(state == v.CLOSED, issues["verified_on"].fillna(issues["found_on"]))


def recurrence(issues: pd.DataFrame, state: pd.Series, parameters: Parameters) -> pd.DataFrame:
    """Columns earlier (row label in `issues`, -1 none) and alike (what the two have in common); index of `issues`.

    An issue recurs if one of the same 问题类别 with the same contract, customer or (for conduct) staff was found before
    it and ended no more than 复发判定天数 before it. Of several, the one that ended last is meant. `issues` has key,
    customer_no, loan_officer and grade besides.
    """
    ended = ended_on(issues, state)
    out = pd.DataFrame({"earlier": -1, "alike": ""}, index=issues.index)
    out["alike"] = out["alike"].astype("object")
    counted = issues["category"].isin(v.ISSUE_CATEGORIES) & issues["found_on"].notna() & (issues["grade"] != v.NO_ISSUE)
    for column, words, categories in ALIKE:
        rows = issues[counted & (issues[column].str.strip("\x1f") != "") & issues["category"].isin(categories)]
        earlier = _latest_ended(rows, column, ended)
        gap = (rows["found_on"] - ended.reindex(earlier).set_axis(rows.index)).dt.days
        hit = earlier.index[(earlier >= 0) & (gap <= parameters["复发判定天数"]) & (out.loc[rows.index, "earlier"] < 0)]
        out.loc[hit, "earlier"] = earlier[hit]
        out.loc[hit, "alike"] = words
    return out


def _latest_ended(rows: pd.DataFrame, column: str, ended: pd.Series) -> pd.Series:
    """For each row the label of the row of its group, found on an earlier day, that ended last; -1 where none."""
    if rows.empty:
        return pd.Series(-1, index=rows.index, dtype="int64")
    ordered = rows[[column, "category", "found_on"]].assign(ended=ended.reindex(rows.index).astype("int64"))
    ordered = ordered.sort_values([column, "category", "found_on"], kind="stable")
    group = ordered.groupby([column, "category"], sort=False).ngroup()
    best = ordered["ended"].groupby(group).cummax()
    label = pd.Series(np.where(ordered["ended"] == best, ordered.index, np.nan), index=ordered.index)
    label = label.groupby(group).ffill()
    # The best up to the last row of an earlier day: rows of one day look at what stood before the day's first row.
    before = label.groupby(group).shift()
    first_of_day = ~ordered.assign(group=group).duplicated(["group", "found_on"])
    before = before.where(first_of_day).groupby([group, ordered["found_on"]]).transform("first")
    return before.fillna(-1).astype("int64").reindex(rows.index)


def systemic(issues: pd.DataFrame, parameters: Parameters) -> pd.Series:
    """bool: one of 系统性问题笔数 or more issues of a category in a 网点 within 系统性问题天数 days.

    `issues` has branch and grade besides.
    """
    days, least = parameters["系统性问题天数"], parameters["系统性问题笔数"]
    counted = issues["category"].isin(v.ISSUE_CATEGORIES) & issues["found_on"].notna() & (issues["grade"] != v.NO_ISSUE)
    rows = issues[counted & (issues["branch"] != "")].sort_values(["branch", "category", "found_on"], kind="stable")
    out = pd.Series(False, index=issues.index)
    if rows.empty:
        return out
    group = rows.groupby(["branch", "category"], sort=False).ngroup().to_numpy()
    day = rows["found_on"].to_numpy().astype("datetime64[D]").astype(np.int64)
    # One axis for all groups, far enough apart that no window reaches into the next.
    place = day + group.astype(np.int64) * 1_000_000
    first = np.searchsorted(place, place - days, side="left")
    enough = np.arange(len(rows)) - first + 1 >= least
    # Every row inside a full window: +1 where a window begins, -1 behind its end.
    edge = np.zeros(len(rows) + 1, dtype=np.int64)
    np.add.at(edge, first[enough], 1)
    np.add.at(edge, np.flatnonzero(enough) + 1, -1)
    out[rows.index] = np.cumsum(edge)[:-1] > 0
    return out


def proposals(
    issues: pd.DataFrame, state: pd.Series, again: pd.DataFrame, many: pd.Series, parameters: Parameters
) -> pd.Series:
    """问责建议 of each issue; a person decides. `issues` has visitor and branch besides."""
    hit = again[again["earlier"] >= 0]
    old = issues.loc[hit["earlier"]].set_axis(hit.index)
    was = state.loc[hit["earlier"]].set_axis(hit.index)
    text = (
        "复发："
        + hit["alike"]
        + "前次问题 "
        + old["issue_no"]
        + "（"
        + _day(old["found_on"])
        + "发现，"
        + _end(old, was)
    )
    text = text + "），前次" + _by_whom(old) + "；建议核查处理是否到位，视情追究责任"
    out = text.reindex(issues.index).fillna("").astype("object")
    days, least = parameters["系统性问题天数"], parameters["系统性问题笔数"]
    note = issues["branch"] + f"{days}天内同类问题达到{least}笔，建议由风险管理部门专题整改"
    said = ("系统性：" + note).where(many, "")
    return out.where((out == "") | (said == ""), out + "。") + said


def _day(days: pd.Series) -> pd.Series:
    return days.dt.strftime("%Y-%m-%d").fillna("").astype("object")


def _end(old: pd.DataFrame, was: pd.Series) -> pd.Series:
    closed = _day(ended_on(old, was)) + "销号"
    return closed.where(was == v.CLOSED, "尚未销号").mask(was == v.SOLVED_ON_THE_SPOT, v.SOLVED_ON_THE_SPOT)


def _by_whom(old: pd.DataFrame) -> pd.Series:
    """责任人 with 责任部门, else the department, else the visitor; and who verified it."""
    department = ("（" + old["department"] + "）").where(old["department"] != "", "")
    by = ("回访人员" + old["visitor"]).mask(old["department"] != "", "责任部门" + old["department"])
    by = by.mask(old["owner"] != "", "责任人" + old["owner"] + department)
    return by + ("、验证人" + old["verifier"]).where(old["verifier"] != "", "")
