"""What has happened to each issue since `track` last ran: states, grades, and what stands in the way (六、(二)–(三)).

A change of 状态 is accepted if a way of moves leads there and its columns are filled and in order; only then its
events are logged. What is not accepted is named by cell and asked for again until it is mended.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings, gather
from toolkit.model.tables import Table
from toolkit.rules.issues import moves
from toolkit.rules.issues.faults import faults
from toolkit.rules.issues.moves import Move

TITLE = sheets.ISSUES.title
UNKNOWN_STATE = Rule("G01", "状态无法识别", v.ERROR, "六、(三)1.", "请从下拉列表选择状态")
NOT_ALLOWED = Rule("G02", "状态变更不允许", v.ERROR, "六、(三)1.", "请改回原状态，再按步骤办理")
NOT_SHOWN = Rule("G03", "状态变更缺依据", v.ERROR, "六、(三)1.", "请补填；尚未办到的请改回原状态")
STALE = Rule("G13", "状态未随事件更新", v.WARNING, "六、(三)1.", "请在问题台账更新状态，或更正问题事件")
NOT_TOLD = Rule("G14", "处理情况未填", v.WARNING, "六、(二)2.", "请补填")
NO_MILESTONE = Rule("G15", "重大问题缺调查记录", v.WARNING, "六、(二)3.", "请在“问题事件”登记，或在本格写明")


@dataclass(frozen=True)
class Changes:
    """`state`: where each issue stands for all further work; `seen`: the state to remember. Both aligned with the
    issues. `steps`: accepted moves (row label `issue`, `step`, event, old_state, new_state, handler, reason)."""

    state: pd.Series
    seen: pd.Series
    steps: pd.DataFrame
    findings: pd.DataFrame


def changes(
    table: Table, issues: pd.DataFrame, used: pd.DataFrame, today: pd.Timestamp, events: pd.DataFrame
) -> Changes:
    """`issues`: rows of 问题台账 plus grade, visitor, tracked (bool), logged, came_from, pending (last states in
    问题事件, "" = none) and seen (state remembered, "" = none). `used`: see `faults`. `events`: rows of
    问题事件."""
    wrong, parts = faults(table, issues, used, today)
    new = issues["logged"] == moves.UNLOGGED
    pairs = zip(issues["severity"], issues["state"], strict=True)
    first = [moves.first_state(severity, state) for severity, state in pairs]
    start = issues["logged"].mask(new, pd.Series(first, index=issues.index, dtype="object"))
    remembered = issues["seen"].where(issues["seen"] != "", issues["came_from"])
    stale = ~new & (issues["state"] != issues["logged"]) & (issues["state"] == remembered)
    known = issues["state"].isin(v.ISSUE_STATES)
    parts.append(_unknown_states(issues[~known & issues["tracked"]]))
    live = issues.assign(start=start, new=new, stale=stale)[known & issues["tracked"]]

    accepted = pd.Series(False, index=issues.index)
    steps = [_registrations(live[live["new"]])]
    for kind, group in live.groupby(["start", "state", "grade", "came_from", "stale"], sort=False):
        source, state, grade, came_from = (str(part) for part in kind[:4])
        if kind[4]:
            message = f"“问题事件”已登记为“{source}”，问题台账的状态仍为“{state}”"
            parts.append(findings(STALE, TITLE, group, "state", message))
            continue
        resumed = source == v.PAUSED and state != v.PAUSED
        path = _path(source, state, grade, came_from if resumed else "")
        if path is None:
            parts.append(_refused(group, source, state, grade))
            continue
        found, blocked = _missing(group, path, state, grade, wrong)
        parts += found
        good = group[~blocked]
        accepted[good.index] = True
        before = (source, *(move.target for move in path))
        steps += [_step(good, i, old, move) for i, (old, move) in enumerate(zip(before, path, strict=False), start=1)]
    parts.append(_milestones(live, events))

    agreed = accepted & known
    seen = issues["state"].where(agreed | (stale & known), issues["seen"].where(issues["seen"] != "", start))
    stands = issues["state"].where(agreed | stale | ~issues["tracked"], start)
    stands = stands.mask(stale & (issues["logged"] == v.PAUSED), v.PAUSED)
    filled = [part for part in steps if not part.empty]
    together = pd.concat(filled, ignore_index=True) if filled else steps[0]
    return Changes(stands.astype("object"), seen.astype("object"), together, gather(parts))


def _path(source: str, state: str, grade: str, came_from: str) -> tuple[Move, ...] | None:
    """Moves from `source` to `state`; out of a pause first back to `came_from`, the state before it."""
    if source == state:
        return ()
    if source != v.PAUSED:
        return moves.way(source, state, grade)
    back = next((move for move in moves.MOVES if v.PAUSED in move.sources and move.target == came_from), None)
    rest = moves.way(came_from, state, grade)
    return None if back is None or rest is None else (back, *rest)


def _unknown_states(rows: pd.DataFrame) -> pd.DataFrame:
    message = "状态“" + rows["state"] + "”不在列表内，未登记事件"
    message = message.mask(rows["state"] == "", "状态是空白的，未登记事件")
    return findings(UNKNOWN_STATE, TITLE, rows, "state", message)


def _refused(group: pd.DataFrame, source: str, state: str, grade: str) -> pd.DataFrame:
    if state == v.PAUSED and moves.direct(source, state, grade):
        # A row of 问题事件 that lacks something is named there.
        waiting = group[group["pending"] != v.PAUSED]
        remedy = "请在“问题事件”加一行：时间、问题编号、事件“暂停”、原状态、新状态、经办人、批准人、理由"
        return findings(NOT_SHOWN, TITLE, waiting, "state", "暂停须先在“问题事件”登记批准人和理由", remedy)
    graded = "" if grade in moves.GRADES else f"（{grade}）"
    message = f"状态由“{source}”改为“{state}”不是允许的办理步骤{graded}"
    if source == v.TO_GRADE and grade not in moves.GRADES:
        return findings(NOT_ALLOWED, TITLE, group, "state", message, "请先在“人工认定”定级")
    onward = "、".join(f"“{target}”" for target in moves.next_states(source, grade))
    remedy = f"请改回“{source}”" + (f"；下一步可为{onward}" if onward else "")
    return findings(NOT_ALLOWED, TITLE, group, "state", message, remedy)


def _missing(
    group: pd.DataFrame, path: tuple[Move, ...], state: str, grade: str, wrong: pd.DataFrame
) -> tuple[list[pd.DataFrame], pd.Series]:
    """Findings about columns that `state` and the moves to it ask for; bool per row: something needed is not there."""
    standing_needs, standing_wants = moves.standing_needs(state, grade)
    needs = dict.fromkeys([*standing_needs, *(name for move in path for name in move.needs)])
    blocked = pd.Series(False, index=group.index)
    parts = []
    if state == v.SOLVED_ON_THE_SPOT and grade in moves.SERIOUS:
        parts.append(
            findings(NOT_ALLOWED, TITLE, group, "state", f"{grade}问题不得当场解决了结", f"请把状态改为“{v.TO_REPORT}”")
        )
        blocked |= True
    for name in needs:
        blank = _blank(group[name])
        fault = wrong.loc[group.index, name] if name in wrong else pd.Series(False, index=group.index)
        header = sheets.ISSUES.header(name)
        parts.append(findings(NOT_SHOWN, TITLE, group[blank & ~fault], name, f"状态为“{state}”，但缺{header}"))
        blocked |= blank | fault
    for name in standing_wants:
        header = sheets.ISSUES.header(name)
        if name not in needs:
            parts.append(findings(NOT_TOLD, TITLE, group[_blank(group[name])], name, f"状态为“{state}”，{header}未填"))
    return parts, blocked


def _blank(column: pd.Series) -> pd.Series:
    return column.isna() if column.dtype.kind == "M" else column == ""


def _milestones(live: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """重大 issues under remedy without an investigation team, or closed without its conclusion."""
    order = [v.REMEDYING, v.TO_VERIFY, v.CLOSED]
    critical = live[live["grade"] == v.CRITICAL]
    parts = []
    for event, state, field, word in moves.MILESTONES:
        told = critical["issue_no"].isin(events.loc[events["event"].str.contains(event, regex=False), "issue_no"])
        told |= critical[field].str.contains(word, regex=False)
        due = critical["state"].isin(order[order.index(state) :])
        parts.append(findings(NO_MILESTONE, TITLE, critical[due & ~told], field, f"重大问题未见“{event}”的记录"))
    return gather(parts)


def _registrations(new: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "issue": new.index,
            "step": 0,
            "event": moves.REGISTERED,
            "old_state": "",
            "new_state": new["start"].to_numpy(),
            "handler": new["visitor"].to_numpy(),
            "reason": "",
        }
    )


def _step(rows: pd.DataFrame, step: int, old: str, move: Move) -> pd.DataFrame:
    """The events of one move; 时间 is when it is logged, so the date on which it was done goes into 理由."""
    reason: object = ""
    if move.on:
        reason = (sheets.ISSUES.header(move.on) + " " + rows[move.on].dt.strftime("%Y-%m-%d")).to_numpy()
    return pd.DataFrame(
        {
            "issue": rows.index,
            "step": step,
            "event": move.event,
            "old_state": old,
            "new_state": move.target,
            "handler": rows[move.by].to_numpy() if move.by else np.array([""] * len(rows), dtype=object),
            "reason": reason,
        }
    )
