"""待答复事项: what a visitor could not answer, who must answer it by when, and whether they did (三、(七)3.)."""

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings, gather
from toolkit.model.request import Request
from toolkit.rules.checks.answers import told_nothing
from toolkit.rules.issues.supervision import Clock

NOBODY = Rule("G16", "待答复事项缺答复部门", v.WARNING, "三、(七)3.", "请填写应答复客户的部门")
TOO_EARLY = Rule("G17", "答复日期早于回访日期", v.ERROR, "三、(七)3.", "请核对两个日期")
UNDATED = Rule("G18", "待答复事项无法计时", v.WARNING, "三、(七)3.", "请改为日期，如 2026-03-05")
TITLE = sheets.RECORDS.title


def answer_due(records: pd.DataFrame, request: Request) -> pd.Series:
    """答复时限, else 回访日期 + 待答复工作日数 working days; datetime64[s]."""
    day = records["visited_on"].to_numpy().astype("datetime64[D]")
    usual = request.calendar.add_workdays(day, request.parameters["待答复工作日数"]).astype("datetime64[s]")
    return records["answer_due_on"].fillna(pd.Series(usual, index=records.index))


def open_questions(
    records: pd.DataFrame, clock: Clock, request: Request
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """(rows of 待答复事项, the unanswered ones first; findings on 回访记录; stage 催办… per row).

    `records`: rows of 回访记录 up to T. An answer dated before the visit or after T is none.
    """
    asked = records[~told_nothing(records["open_question"])]
    due = answer_due(asked, request)
    answered = (asked["answered_on"] <= clock.today) & ~(asked["answered_on"] < asked["visited_on"])
    late = asked["answered_on"].where(answered, clock.today) > due
    state = np.select([answered & late, answered, late], [v.ANSWERED_LATE, v.ANSWERED, v.ANSWER_OVERDUE], v.TO_ANSWER)
    rows = asked[["visit_no", "contract_no", "drawdown_no", "customer_name", "visited_on", "visitor", "open_question"]]
    rows = rows.assign(department=asked["answer_department"], due_on=due, answered_on=asked["answered_on"], state=state)
    stage = clock.stage(due, answered)
    rows["supervision"] = clock.words(stage, "答复", due)
    order = rows.assign(answered=answered).sort_values(["answered", "due_on", "visited_on"], kind="stable").index
    nobody = asked[~answered & (asked["answer_department"] == "")]
    early = asked[asked["answered_on"] < asked["visited_on"]]
    found = [
        findings(NOBODY, TITLE, nobody, "answer_department", "待答复事项未写答复部门"),
        findings(TOO_EARLY, TITLE, early, "answered_on", "答复日期早于回访日期"),
        findings(UNDATED, TITLE, asked[due.isna()], "visited_on", "缺可识别的回访日期，待答复事项无法计时"),
    ]
    names = list(sheets.OPEN_QUESTIONS.names)
    return rows.loc[order, names].reset_index(drop=True), gather(found), stage.loc[order].reset_index(drop=True)
