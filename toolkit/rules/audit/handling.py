"""Were the period's issues handled in time, and did it help: found, due or still open in the period."""

import numpy as np
import pandas as pd

from toolkit.model import audit_sheets as a
from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period
from toolkit.model.reading import name_key
from toolkit.rules.indicators.rows import Books

LIMITS = ("report_due_on", "remedy_due_on", "escalation_due_on")


def timeliness(due: pd.Series, done: pd.Series, today: pd.Timestamp) -> np.ndarray:
    """按时 … — for a limit and the day it was met; — where there is no limit."""
    return np.select(
        [due.isna(), done <= due, done > due, due < today],
        [a.NOT_ASKED_FOR, a.IN_TIME, a.LATE, a.OVERDUE],
        a.NOT_DUE,
    )


def handling(books: Books, period: Period) -> pd.DataFrame:
    """Rows of 问题处理."""
    issues, today = books.issues, pd.Timestamp(books.request.as_of)
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    inside = [(issues[name] >= start) & (issues[name] <= end) for name in ("found_on", *LIMITS)]
    still_open = (issues["found_on"] < start) & ~issues["state"].isin(v.SETTLED_ISSUE_STATES)
    closed_inside = (issues["verified_on"] >= start) & (issues["verified_on"] <= end)
    out = issues[np.logical_or.reduce([*inside, still_open, closed_inside])]
    closed = out["verified_on"].where(out["state"] == v.CLOSED)
    on_the_spot = out["state"] == v.SOLVED_ON_THE_SPOT
    return out.assign(
        reporting=timeliness(out["report_due_on"], out["reported_on"], today),
        remedying=timeliness(out["remedy_due_on"], closed.mask(on_the_spot, out["found_on"]), today),
        escalating=timeliness(out["escalation_due_on"], out["escalated_on"], today),
        effect=_effect(out),
    )


def _effect(issues: pd.DataFrame) -> pd.Series:
    """What speaks against the handling, in words; "" = nothing."""
    verifier, owner = issues["verifier"].map(name_key), issues["owner"].map(name_key)
    closed = issues["state"] == v.CLOSED
    told = {
        "责任人自行验证": closed & (verifier != "") & (verifier == owner),
        "无验证人": closed & (verifier == ""),
        "已重开": issues["state"] == v.REOPENED,
        "复发": issues["related_issue"] != "",
        "有问责建议": issues["accountability"] != "",
        "待定级": issues["grade"] == v.UNGRADED,
    }
    flags = pd.DataFrame(told, index=issues.index)
    return pd.Series(
        ["；".join(name for name, holds in zip(told, row, strict=True) if holds) for row in flags.to_numpy()],
        index=issues.index,
        dtype="object",
    )


def events(books: Books, issues: pd.DataFrame) -> pd.DataFrame:
    """Rows of 问题事件 of these issues, in the order of the sheet."""
    log = books.tables[sheets.ISSUE_EVENTS.title].data
    return log[log["issue_no"].isin(issues["issue_no"]) & (log["issue_no"] != "")]
