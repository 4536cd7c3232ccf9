"""Sheet 认定对照: how often a person overruled each rule, so that rules improve (六、(一))."""

import re

import pandas as pd

from toolkit.model import values as v

_CODE = re.compile(r"[A-Z]+\d+")
_IN_BRACKETS = re.compile(r"（[^）]*）")
# So many overruled issues are named per rule.
NAMED = 5
_RANK = {grade: rank for rank, grade in enumerate((v.NO_ISSUE, *v.SEVERITIES))}
COLUMNS = (
    "rule", "note", "found", "reviewed", "agreed", "raised", "lightened", "cleared", "graded", "share", "examples",
)  # fmt: skip


def overruled(issues: pd.DataFrame, notes: dict[str, str]) -> pd.DataFrame:
    """One row per rule that ever fired in `issues` (issue_no, severity, rule, manual_grading, manual_reason), the most
    overruled first; `COLUMNS`. `notes`: what each rule is about."""
    told = issues[["issue_no", "severity", "manual_grading", "manual_reason"]].copy()
    told["code"] = issues["rule"].map(lambda text: list(dict.fromkeys(_CODE.findall(_IN_BRACKETS.sub("", text)))))
    told = told.explode("code").dropna(subset="code")
    if told.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    by_tool, by_hand = told["severity"].map(_RANK), told["manual_grading"].map(_RANK)
    told["reviewed"] = by_hand.notna()
    told["graded"] = told["reviewed"] & (told["severity"] == v.UNGRADED)
    told["agreed"] = by_tool == by_hand
    told["raised"] = by_hand > by_tool
    told["cleared"] = (by_hand == 0) & by_tool.notna()
    told["lightened"] = (by_hand < by_tool) & ~told["cleared"]
    changed = told["raised"] | told["lightened"] | told["cleared"]
    reason = ("：" + told["manual_reason"]).where(told["manual_reason"] != "", "")
    told["example"] = told["issue_no"] + " " + told["severity"] + "→" + told["manual_grading"] + reason
    counts = ["reviewed", "agreed", "raised", "lightened", "cleared", "graded"]
    groups = told.groupby("code", sort=True)
    out = groups[counts].sum().astype("int64")
    out.insert(0, "found", groups.size())
    out["share"] = (out["raised"] + out["lightened"] + out["cleared"]) / out["reviewed"].where(out["reviewed"] > 0)
    some = told[changed].groupby("code").head(NAMED).groupby("code")["example"].agg("；".join)
    out["examples"] = some.reindex(out.index).fillna("")
    out["note"] = pd.Series(notes, dtype="object").reindex(out.index).fillna("")
    out = out.rename_axis("rule").reset_index()
    out["_changed"] = out["raised"] + out["lightened"] + out["cleared"]
    out = out.sort_values(["_changed", "reviewed", "rule"], ascending=[False, False, True], kind="stable")
    return out[list(COLUMNS)].reset_index(drop=True)
