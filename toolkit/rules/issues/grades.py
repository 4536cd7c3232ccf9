"""人工认定 against the grade logged last: upgrades by anyone, downgrades with a reason and a second person (六、(一)).

人工认定 stands in any case (contract, section 4); a downgrade that lacks either is named until it is mended.
"""

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings
from toolkit.model.reading import name_key

DOWNGRADE = Rule(
    "G12", "降级未经复核", v.ERROR, "六、(一)", "请在“问题事件”加一行：事件“降级”、经办人、批准人（另一人）、理由"
)
RANK = {v.NO_ISSUE: -1, v.UNGRADED: 0, v.GENERAL: 1, v.MAJOR: 2, v.CRITICAL: 3}
GRADED, RAISED, LOWERED = "定级", "升级", "降级"
_EVENT = rf"^({GRADED}|{RAISED}|{LOWERED})(?:为({'|'.join(v.MANUAL_GRADINGS)}))?$"


def grade_steps(issues: pd.DataFrame, events: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(events to log, findings). `issues`: rows of 问题台账 plus tracked (bool); `events`: rows of 问题事件.

    A row 升级为X, 降级为X or 定级为X says which grade was logged; 降级 alone means the 人工认定 of today.
    """
    rows = issues[issues["tracked"] & issues["manual_grading"].isin(v.MANUAL_GRADINGS)]
    told = events["event"].str.extract(_EVENT)
    log = events.assign(kind=told[0], grade=told[1])
    # Plain 定级 is the move of that name and says nothing of the grade.
    log = log[log["kind"].notna() & ((log["kind"] != GRADED) | log["grade"].notna())]
    reason = log["issue_no"].map(issues.drop_duplicates("issue_no").set_index("issue_no")["manual_reason"]).fillna("")
    handler, approver = log["handler"].map(name_key), log["approver"].map(name_key)
    second = (handler != "") & (approver != "") & (handler != approver) & ((log["reason"] != "") | (reason != ""))
    log = log[(log["kind"] != LOWERED) | second].drop_duplicates("issue_no", keep="last").set_index("issue_no")
    here = log[["kind", "grade"]].reindex(rows["issue_no"]).set_axis(rows.index)
    logged = (
        here["grade"].where(here["grade"].notna(), rows["manual_grading"]).where(here["kind"].notna(), rows["severity"])
    )
    was = logged.map(RANK).fillna(0)
    now = rows["manual_grading"].map(RANK)
    first = (was == 0) & (now != 0)
    lower = (now < was) & ~first
    kind = pd.Series(RAISED, index=rows.index, dtype="object").mask(first, GRADED)
    changed = first | (now > was)
    steps = pd.DataFrame(
        {
            "issue": rows.index,
            "step": 0.5,
            "event": kind + "为" + rows["manual_grading"],
            "old_state": "",
            "new_state": "",
            "handler": "",
            "reason": rows["manual_reason"],
        }
    )[changed.to_numpy()]
    down = rows[lower]
    message = "由“" + logged[lower] + "”降为“" + down["manual_grading"] + "”，未见批准人和理由"
    return steps, findings(DOWNGRADE, sheets.ISSUES.title, down, "manual_grading", message)
