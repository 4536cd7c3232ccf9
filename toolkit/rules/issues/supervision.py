"""督办: 催办 before a limit, 督办 after it, 通报 later; nothing once the matter is done (六、(三)1.)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters

NOTHING = ""


@dataclass(frozen=True)
class Clock:
    """`today` is T; working days by `calendar`, stages by 催办提前工作日数 and 通报延后工作日数."""

    today: pd.Timestamp
    calendar: WorkCalendar
    parameters: Parameters

    def stage(self, due: pd.Series, done: pd.Series) -> pd.Series:
        """催办, 督办, 通报 or "" for each limit (datetime64[s], NaT = none); `done`: bool.

        催办 from 催办提前工作日数 working days before the limit up to the limit itself, 督办 from the day after it,
        通报 from the 通报延后工作日数-th working day after it.
        """
        day = due.to_numpy().astype("datetime64[D]")
        today = np.datetime64(self.today, "D")
        running = ~np.isnat(day) & ~done.to_numpy(dtype=bool)
        near = self.calendar.add_workdays(today, self.parameters["催办提前工作日数"]) >= day
        past = today > day
        grave = past & (today >= self.calendar.add_workdays(day, self.parameters["通报延后工作日数"]))
        stage = np.select([grave, past, near], [v.NAME_PUBLICLY, v.URGE, v.REMIND], NOTHING)
        return pd.Series(np.where(running, stage, NOTHING), index=due.index, dtype="object")

    def words(self, stage: pd.Series, what: pd.Series | str, due: pd.Series) -> pd.Series:
        """``督办：整改 2026-07-29 到期，逾期 3 个工作日`` for each stage, "" where there is none."""
        day = due.to_numpy().astype("datetime64[D]")
        late = self.calendar.count_workdays(day, np.datetime64(self.today, "D")).astype(str).astype(object)
        text = stage + "：" + what + " " + due.dt.strftime("%Y-%m-%d").fillna("").astype("object") + " 到期"
        overrun = pd.Series("，逾期 " + late + " 个工作日", index=due.index)
        text = text + overrun.where(stage.isin((v.URGE, v.NAME_PUBLICLY)), "")
        return text.where(stage != NOTHING, NOTHING).astype("object")


def supervision(issues: pd.DataFrame, state: pd.Series, clock: Clock) -> tuple[pd.Series, pd.DataFrame]:
    """(督办 of each issue, the gravest first; stage per limit).

    `issues` with the limits in force; `state`: where each stands. 反馈 and 上报 are done by their dates, 整改 only by
    销号: until then verification is what is missing. The clock of a paused issue stands still.
    """
    today = clock.today
    settled = state.isin(v.SETTLED_ISSUE_STATES)
    verifying = (state == v.TO_VERIFY) | (issues["completed_on"] <= today)
    remedy = pd.Series("整改", index=issues.index, dtype="object").mask(verifying & (state != v.REOPENED), "整改验证")
    kinds: tuple[tuple[str, pd.Series | str, pd.Series], ...] = (
        ("report_due_on", "反馈", issues["reported_on"] <= today),
        ("remedy_due_on", remedy, settled),
        ("escalation_due_on", "上报", issues["escalated_on"] <= today),
    )
    stages = pd.DataFrame(index=issues.index)
    texts = []
    for field, what, done in kinds:
        stage = clock.stage(issues[field], done | (state == v.PAUSED))
        stages[field] = stage
        texts.append((stage, clock.words(stage, what, issues[field])))
    out = pd.Series(NOTHING, index=issues.index, dtype="object")
    for level in reversed(v.SUPERVISION):
        for stage, text in texts:
            here = text.where(stage == level, NOTHING)
            out = out.where((out == NOTHING) | (here == NOTHING), out + "；") + here
    return out, stages
