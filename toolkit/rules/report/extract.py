"""A department's extract: its own visits, customers and issues, and nothing of another's (五、(二)3., 一、(三)4.)."""

from dataclasses import replace

import pandas as pd

from toolkit.model import values as v
from toolkit.model.errors import ToolkitError
from toolkit.rules.report.scope import Sources


def of_department(sources: Sources, department: str) -> Sources:
    """`sources` cut down to a department: visits and records of its 回访人员; issues whose 责任部门 it is, or, where
    that is blank, that its 回访人员 found; the loans these speak of.

    `books` stays whole: the indicators of 部门 are counted from it. Raises `ToolkitError` for a department that neither
    回访人员 nor 问题台账 knows.
    """
    known = [*sources.visitors["department"], *sources.issues["department"]]
    names = [name for name in dict.fromkeys(known) if isinstance(name, str) and name]
    if department not in names:
        there = f"工作簿中的部门有：{'、'.join(names)}" if names else "请先在回访人员表填写部门"
        raise ToolkitError(
            f"没有部门“{department}”", where="参数 --department", mend=f"请改用已有的部门名称（{there}）"
        )
    visits = sources.visits[sources.visits["visitor_department"] == department]
    records = sources.records[sources.records["visitor_department"] == department]
    answers = sources.issues["department"].where(
        sources.issues["department"] != "", sources.issues["visitor_department"]
    )
    issues = sources.issues[answers == department]
    keys = set(visits["key"]) | set(records["key"]) | set(issues["key"])
    loans = sources.loans[sources.loans["key"].isin(keys)]
    return replace(
        sources,
        loans=loans,
        schedule=sources.schedule[sources.schedule["loan"].isin(loans.index)],
        visits=visits.reset_index(drop=True),
        records=records.reset_index(drop=True),
        issues=issues.reset_index(drop=True),
        wishes=sources.wishes[
            (sources.wishes["receiver"] == department) | sources.wishes["visit_no"].isin(set(records["met_no"]) - {""})
        ],
        visitors=sources.visitors[sources.visitors["department"] == department],
    )


def indicators_of(rows: pd.DataFrame, department: str, visitors: pd.DataFrame) -> pd.DataFrame:
    """Rows of 考核指标 for an extract: the department's stand where the institution's would, then its 回访人员."""
    institution, _, visitor, unit = v.KPI_OBJECT_KINDS
    own = rows[(rows["object_kind"] == unit) & (rows["object_name"] == department)]
    people = rows[(rows["object_kind"] == visitor) & rows["object_name"].isin(visitors["name"])]
    return pd.concat([own.assign(object_kind=institution), people], ignore_index=True)
