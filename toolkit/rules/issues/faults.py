"""What is wrong in a row of 问题台账: dates out of order, a handler verifying his own work (六、(三)1.)."""

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings
from toolkit.model.reading import name_key
from toolkit.model.tables import Table

TITLE = sheets.ISSUES.title
SELF_VERIFIED = Rule("G04", "责任人自行验证", v.ERROR, "六、(三)1.", "请由责任人以外的人验证")
DATE_ORDER = Rule("G05", "日期先后矛盾", v.ERROR, "六、(三)1.", "请核对两个日期")
BAD_DATE = Rule("G06", "日期无法识别或晚于基准日", v.ERROR, "六、(三)1.", "请改为已经发生的日期，如 2026-03-05")
NOT_ANEW = Rule(
    "G19", "重开后未重新办理", v.ERROR, "六、(三)3.", "请填写重新整改、重新验证的日期；尚未办到的请改回原状态"
)

# (column, columns that it must not come before).
ORDER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("reported_on", ("found_on",)),
    ("completed_on", ("found_on", "reported_on")),
    ("verified_on", ("found_on", "reported_on", "completed_on")),
    ("escalated_on", ("found_on",)),
)
# States in which a column's date must be of the round that began with the last 重开.
OF_THIS_ROUND = {"completed_on": (v.TO_VERIFY, v.CLOSED), "verified_on": (v.CLOSED,)}


def faults(
    table: Table, issues: pd.DataFrame, used: pd.DataFrame, today: pd.Timestamp
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """bool per issue × column (the dates of `ORDER`, verifier), and the findings.

    `used`: issue_no, field, day: dates that already served for an earlier round of an issue since reopened.
    """
    wrong = {}
    parts = []
    for name, earlier in ORDER:
        header, day = sheets.ISSUES.header(name), issues[name]
        unread, late = table.unreadable(name), day > today
        parts.append(findings(BAD_DATE, TITLE, issues[unread], name, f"{header}无法识别"))
        parts.append(findings(BAD_DATE, TITLE, issues[late], name, f"{header}晚于基准日"))
        fault = unread | late
        for before in earlier:
            out = (day < issues[before]) & ~fault
            parts.append(findings(DATE_ORDER, TITLE, issues[out], name, f"{header}早于{sheets.ISSUES.header(before)}"))
            fault |= out
        if name in OF_THIS_ROUND:
            old = _served(issues, name, used) & issues["state"].isin(OF_THIS_ROUND[name])
            parts.append(findings(NOT_ANEW, TITLE, issues[old], name, f"{header}仍是重开以前的日期"))
            fault |= old
        wrong[name] = fault
    own = (issues["verifier"] != "") & (issues["verifier"].map(name_key) == issues["owner"].map(name_key))
    parts.append(findings(SELF_VERIFIED, TITLE, issues[own], "verifier", "验证人就是责任人，整改须由他人验证"))
    return pd.DataFrame(wrong | {"verifier": own}, index=issues.index), parts


def _served(issues: pd.DataFrame, name: str, used: pd.DataFrame) -> pd.Series:
    mine = used[used["field"] == name]
    known = pd.MultiIndex.from_arrays([mine["issue_no"], mine["day"]])
    here = pd.MultiIndex.from_arrays([issues["issue_no"], issues[name]])
    return pd.Series(here.isin(known), index=issues.index) & issues[name].notna()
