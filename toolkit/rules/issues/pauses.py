"""Paused working days push a limit out: what was left when the clock stopped is left when it goes on (六、(三)1.).

`classify` writes the limits from 发现日期 and leaves alone what fits the grade. 问题底稿 keeps each limit as it was and
as extended: a limit that still reads as extended is counted again from the original, any other was written anew and is
itself the original. So neither step undoes the other.
"""

import numpy as np
import pandas as pd

from toolkit.model.calendar import WorkCalendar
from toolkit.rules.issues.deadlines import ESCALATION, FIELDS, REPORT

DONE = {REPORT: "reported_on", ESCALATION: "escalated_on"}


def extended(
    issues: pd.DataFrame, pauses: pd.DataFrame, memory: pd.DataFrame, today: pd.Timestamp, calendar: WorkCalendar
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(limits, to remember), index of `issues`.

    `issues`: rows of 问题台账 plus tracked. `pauses`: issue_no, start, end (NaT: until `today`), in order. `memory`:
    columns ``<limit>_original`` and ``<limit>_extended`` by issue_no (index). Limits: `FIELDS`, datetime64[s]; to
    remember: the columns of `memory` and paused_workdays (NaN = never paused). A limit that was past, or met, when a
    pause began is not extended by it.
    """
    number = issues["issue_no"].where(issues["tracked"], "")
    mine = pauses.assign(order=pauses.groupby("issue_no").cumcount(), end=pauses["end"].fillna(today))
    mine["end"] = mine["end"].mask(mine["end"] > today, today).astype("datetime64[s]")
    paused = number.isin(mine["issue_no"])
    known = memory.reindex(number).set_axis(issues.index)
    limits, kept = pd.DataFrame(index=issues.index), pd.DataFrame(index=issues.index)
    for field in FIELDS:
        now, was = issues[field], known[f"{field}_extended"]
        original = now.mask(was.notna() & (now == was), known[f"{field}_original"])
        limit = original.to_numpy().astype("datetime64[D]")
        done = issues[DONE[field]].to_numpy().astype("datetime64[D]") if field in DONE else None
        for _, turn in mine.groupby("order"):
            pause = turn.set_index("issue_no")[["start", "end"]].reindex(number)
            start, end = (pause[name].to_numpy().astype("datetime64[D]") for name in ("start", "end"))
            runs = (limit >= start) if done is None else (limit >= start) & ~(done <= start)
            limit = np.where(runs, calendar.add_workdays(limit, calendar.count_workdays(start, end)), limit)
        limits[field] = pd.Series(limit.astype("datetime64[s]"), index=issues.index)
        kept[f"{field}_original"] = original.where(paused).astype("datetime64[s]")
        kept[f"{field}_extended"] = limits[field].where(paused)
    begin, stop = (mine[name].to_numpy().astype("datetime64[D]") for name in ("start", "end"))
    lasted = pd.Series(calendar.count_workdays(begin, stop), index=mine.index)
    total = lasted.groupby(mine["issue_no"]).sum()
    kept["paused_workdays"] = number.map(total).astype("float64")
    return limits, kept
