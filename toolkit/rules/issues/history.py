"""问题事件 read as a history: the last state of each issue, its pauses, and rows that cannot be right.

Rows count in sheet order. A row that breaks the table of moves is named by cell and left out of account.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings, gather
from toolkit.model.reading import name_key
from toolkit.model.tables import Table
from toolkit.rules.issues.moves import SERIOUS, direct, way

INCOMPLETE = Rule("G10", "问题事件缺内容", v.ERROR, "六、(三)1.", "请补填后重新“跟踪督办”")
OUT_OF_TURN = Rule("G11", "问题事件前后不符", v.ERROR, "六、(三)1.", "请核对原状态和新状态，办理步骤见“问题流转”说明")
TITLE = sheets.ISSUE_EVENTS.title
_ANY_GRADE = (v.GENERAL, *SERIOUS, v.NO_ISSUE)


@dataclass(frozen=True)
class History:
    """`last`: one row per issue_no (index) with state, came_from (the state before) and pending (the state that the
    issue's last row names, in account or not). `pauses`: issue_no, start, end (NaT while it lasts; datetime64[s]), in
    order. `used`: issue_no, field, day: 完成日期 and 验证日期 logged before an issue was last reopened."""

    last: pd.DataFrame
    pauses: pd.DataFrame
    used: pd.DataFrame
    findings: pd.DataFrame


def read_history(table: Table) -> History:
    """The history that the rows of 问题事件 make in sheet order; findings are on 问题事件 (六、(二)–(三))."""
    log = table.data[table.data["issue_no"] != ""]
    parts = _strange_states(log)
    steps = log[log["new_state"].isin(v.ISSUE_STATES) & log["old_state"].isin(("", *v.ISSUE_STATES))]
    pending = steps.drop_duplicates("issue_no", keep="last").set_index("issue_no")["new_state"]
    valid, faulty = _followed(steps)
    found = gather(parts + faulty)
    last = valid.drop_duplicates("issue_no", keep="last").set_index("issue_no")
    last = last[["new_state", "source"]].rename(columns={"new_state": "state", "source": "came_from"})
    last = last.reindex(pending.index).assign(pending=pending)
    last[["state", "came_from"]] = last[["state", "came_from"]].fillna("").astype("object")
    return History(last, _pauses(valid), _used_dates(valid), found)


def _followed(steps: pd.DataFrame) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The rows that follow one from another, with before (the state they found) and source (原状态, else before); and
    the findings on the others.

    What comes after a row that is left out is held against what came before it: each turn takes out the first such row
    of every issue.
    """
    parts: list[pd.DataFrame] = []
    while True:
        before = steps.groupby("issue_no")["new_state"].shift().fillna("").astype("object")
        source = steps["old_state"].where(steps["old_state"] != "", before)
        steps = steps.assign(before=before, source=source)
        pausing = (steps["new_state"] == v.PAUSED) & (source != v.PAUSED)
        resuming = (source == v.PAUSED) & (steps["new_state"] != v.PAUSED)
        found = gather([*_out_of_turn(steps), *_incomplete(steps, pausing, resuming)])
        first = steps[steps["row"].isin(found["row"])].drop_duplicates("issue_no")
        if first.empty:
            return steps, parts
        parts.append(found[found["row"].isin(first["row"])])
        steps = steps.drop(index=first.index)


def _pauses(valid: pd.DataFrame) -> pd.DataFrame:
    at = valid["at"].dt.floor("D").astype("datetime64[s]")
    steps = valid.assign(at=at, moved=valid["new_state"] != valid["source"])
    steps = steps[steps["moved"]]
    following = steps.groupby("issue_no")["at"].shift(-1)
    starts = steps["new_state"] == v.PAUSED
    pauses = pd.DataFrame({"issue_no": steps["issue_no"], "start": steps["at"], "end": following})
    return pauses[starts].reset_index(drop=True)


def _used_dates(valid: pd.DataFrame) -> pd.DataFrame:
    reopened = valid[(valid["new_state"] == v.REOPENED) & (valid["source"] != v.REOPENED)]
    last = reopened.groupby("issue_no")["row"].max()
    before = valid[valid["row"] < valid["issue_no"].map(last)]
    field = before["new_state"].map({v.TO_VERIFY: "completed_on", v.CLOSED: "verified_on"})
    day = pd.to_datetime(before["reason"].str.extract(r"(\d{4}-\d{2}-\d{2})")[0], errors="coerce")
    used = pd.DataFrame({"issue_no": before["issue_no"], "field": field, "day": day.astype("datetime64[s]")})
    return used.dropna().reset_index(drop=True)


def _strange_states(log: pd.DataFrame) -> list[pd.DataFrame]:
    parts = []
    for name in ("old_state", "new_state"):
        odd = log[(log[name] != "") & ~log[name].isin(v.ISSUE_STATES)]
        message = sheets.ISSUE_EVENTS.header(name) + "“" + odd[name] + "”不在列表内，该行未计入"
        parts.append(findings(INCOMPLETE, TITLE, odd, name, message))
    return parts


def _out_of_turn(steps: pd.DataFrame) -> list[pd.DataFrame]:
    gap = _pairs(steps["before"], steps["old_state"], _may_lie_between) & (steps["before"] != "")
    gap &= steps["old_state"] != ""
    step = _pairs(steps["source"], steps["new_state"], _may_follow) & (steps["source"] != "")
    jump, torn = steps[step], steps[gap & ~step]
    return [
        findings(
            OUT_OF_TURN, TITLE, torn, "old_state",
            "原状态“" + torn["old_state"] + "”与上一条事件的新状态“" + torn["before"] + "”不符，该行未计入",
        ),
        findings(
            OUT_OF_TURN, TITLE, jump, "new_state",
            "由“" + jump["source"] + "”改为“" + jump["new_state"] + "”不是允许的办理步骤，该行未计入",
        ),
    ]  # fmt: skip


def _pairs(one: pd.Series, other: pd.Series, allowed: Callable[[str, str], bool]) -> pd.Series:
    """bool per row: the pair is not allowed. There are few distinct pairs."""
    pairs = pd.Series(list(zip(one, other, strict=True)), index=one.index, dtype="object")
    known = {pair: not allowed(*pair) for pair in set(pairs)}
    return pairs.map(known).astype(bool)


def _may_lie_between(before: str, old: str) -> bool:
    return any(way(before, old, grade) is not None for grade in _ANY_GRADE)


def _may_follow(source: str, new: str) -> bool:
    if new == v.PAUSED and source != v.PAUSED:
        return any(direct(source, new, grade) for grade in _ANY_GRADE)
    return _may_lie_between(source, new)


def _incomplete(steps: pd.DataFrame, pausing: pd.Series, resuming: pd.Series) -> list[pd.DataFrame]:
    """A pause needs 时间, 批准人 (another person) and 理由; its end needs 时间."""
    approver, handler = steps["approver"].map(name_key), steps["handler"].map(name_key)
    alone = pausing & (approver != "") & (approver == handler)
    parts = [findings(INCOMPLETE, TITLE, steps[alone], "approver", "暂停的批准人就是经办人，暂停未计入")]
    for name in ("approver", "reason"):
        message = f"暂停缺{sheets.ISSUE_EVENTS.header(name)}，未计入"
        parts.append(findings(INCOMPLETE, TITLE, steps[pausing & (steps[name] == "")], name, message))
    undated = steps[(pausing | resuming) & steps["at"].isna()]
    parts.append(findings(INCOMPLETE, TITLE, undated, "at", "暂停或恢复缺可识别的时间，未计入"))
    return parts
