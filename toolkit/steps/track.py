"""跟踪督办: every issue has a clock until it is verified closed (六、(二)–(三); 三、(七)3.; 四、(二)4.)."""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.fields import Sheet
from toolkit.model.findings import gather
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table
from toolkit.rules import finding_rows
from toolkit.rules.issues.changes import Changes, changes
from toolkit.rules.issues.deadlines import FIELDS
from toolkit.rules.issues.grades import grade_steps
from toolkit.rules.issues.history import History, read_history
from toolkit.rules.issues.numbering import numbering
from toolkit.rules.issues.pauses import extended
from toolkit.rules.issues.promises import promises
from toolkit.rules.issues.questions import open_questions
from toolkit.rules.issues.recurrence import proposals, recurrence, systemic
from toolkit.rules.issues.register import OWN_NUMBER, changed_cells
from toolkit.rules.issues.register_view import issues_known, keyed_loans, keyed_records
from toolkit.rules.issues.supervision import Clock, supervision
from toolkit.rules.planning.standing import resolve_keys
from toolkit.rules.renewal import renewed

IMPORT_CAPTION = "导入台账"  # 操作 of the rows of 操作日志 that tell how fresh the ledger is
# So many findings are named on the screen; the rest are in 校验结果.
NAMED_FINDINGS = 20


def track(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 问题台账 (时限, 督办, 关联问题, 问责建议), 问题事件 (appended), 问题底稿, 待答复事项, 承诺还款核对 and
    校验结果. 时间 of a logged event is T. What staff entered stays as it is.
    """
    today = pd.Timestamp(request.as_of)
    clock = Clock(today, request.calendar, request.parameters)
    loans = keyed_loans(tables)
    records = keyed_records(tables, loans, request)
    table, events = tables[sheets.ISSUES.title], tables[sheets.ISSUE_EVENTS.title]
    issues = issues_known(tables, loans, records)
    misnumbered, issues["tracked"] = numbering(issues, events, records)
    history = read_history(events)
    memory = tables[sheets.ISSUE_MEMORY.title].data.drop_duplicates("issue_no").set_index("issue_no")
    issues = _with_history(issues, history, memory)
    moved = changes(table, issues, history.used, today, events.data)
    graded, downgraded = grade_steps(issues, events.data)
    logged = _events([moved.steps, graded], issues, today)

    limits, kept = extended(issues, _pauses(history, logged, today), memory, today, request.calendar)
    issues[list(FIELDS)] = limits
    told, stages = supervision(issues, moved.state, clock)
    again, many = recurrence(issues, moved.state, request.parameters), systemic(issues, request.parameters)
    now = limits.assign(
        related_issue=_related(issues, again),
        supervision=told,
        accountability=proposals(issues, moved.state, again, many, request.parameters),
    )
    questions, unanswered, question_stages = open_questions(records, clock, request)
    schedule = tables[sheets.SCHEDULE.title].data
    kept_promises = promises(
        records, loans, schedule.assign(key=resolve_keys(schedule, loans)), today, _imported(tables, today)
    )
    found = gather([misnumbered, history.findings, moved.findings, downgraded, unanswered])
    edits = [
        SheetEdits(sheets.ISSUES, cells=changed_cells(now, table.data)),
        SheetEdits(sheets.ISSUE_EVENTS, append=logged),
        renewed(sheets.ISSUE_MEMORY, _remembered(issues, moved, kept), tables[sheets.ISSUE_MEMORY.title]),
        _result(sheets.OPEN_QUESTIONS, questions, tables),
        _result(sheets.PROMISES, kept_promises, tables),
        finding_rows.edits(found, tables, finding_rows.TRACK),
    ]
    counts = _counts(issues, moved, logged, stages, again, many)
    counts |= _more_counts(questions, question_stages, kept_promises, found)
    return Outcome(edits, counts, _warnings(found, tables), _summary(counts), details=_systemic_lines(issues, many))


def _with_history(issues: pd.DataFrame, history: History, memory: pd.DataFrame) -> pd.DataFrame:
    number = issues["issue_no"].where(issues["tracked"], "")
    last = history.last.reindex(number).fillna("")
    seen = memory["state"].reindex(number).fillna("")
    return issues.assign(
        logged=last["state"].to_numpy(dtype=object),
        came_from=last["came_from"].to_numpy(dtype=object),
        pending=last["pending"].to_numpy(dtype=object),
        seen=seen.to_numpy(dtype=object),
    )


def _events(parts: list[pd.DataFrame], issues: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Rows to append to 问题事件, by issue in sheet order and in the order the moves were made."""
    filled = [part for part in parts if not part.empty]
    steps = pd.concat(filled, ignore_index=True) if filled else parts[0]
    steps = steps.sort_values(["issue", "step"], kind="stable").reset_index(drop=True)
    steps["at"] = pd.Series(today, index=steps.index, dtype="datetime64[s]")
    steps["issue_no"] = issues["issue_no"].reindex(steps["issue"]).to_numpy()
    return steps.reindex(columns=["at", "issue_no", "event", "old_state", "new_state", "handler", "reason"])


def _pauses(history: History, logged: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """The pauses of the history; one that this run sees ended, ends at T."""
    ending = logged.loc[logged["old_state"] == v.PAUSED, "issue_no"]
    end = history.pauses["end"].mask(history.pauses["end"].isna() & history.pauses["issue_no"].isin(ending), today)
    return history.pauses.assign(end=end)


def _related(issues: pd.DataFrame, again: pd.DataFrame) -> pd.Series:
    """关联问题: the earlier issue's number; what is no number of ours was typed by a person and stays."""
    found = again["earlier"] >= 0
    number = pd.Series("", index=issues.index, dtype="object")
    number[found] = issues["issue_no"].loc[again.loc[found, "earlier"]].to_numpy()
    typed = (issues["related_issue"] != "") & ~issues["related_issue"].str.fullmatch(OWN_NUMBER)
    return number.where(~typed, issues["related_issue"])


def _imported(tables: Mapping[str, Table], today: pd.Timestamp) -> pd.Timestamp:
    """基准日 of the last import up to T, T if the log tells of none."""
    log = tables[sheets.LOG.title].data
    days = log.loc[(log["action"] == IMPORT_CAPTION) & (log["as_of"] <= today), "as_of"]
    return today if days.empty else days.max()


def _remembered(issues: pd.DataFrame, moved: Changes, kept: pd.DataFrame) -> pd.DataFrame:
    rows = kept.assign(issue_no=issues["issue_no"], state=moved.seen)
    rows = rows[issues["tracked"] & moved.seen.isin(v.ISSUE_STATES)]
    return rows[list(sheets.ISSUE_MEMORY.names)].reset_index(drop=True)


def _result(sheet: Sheet, rows: pd.DataFrame, tables: Mapping[str, Table]) -> SheetEdits:
    return renewed(sheet, rows, tables[sheet.title], key=sheet.key)


def _counts(
    issues: pd.DataFrame,
    moved: Changes,
    logged: pd.DataFrame,
    stages: pd.DataFrame,
    again: pd.DataFrame,
    many: pd.Series,
) -> dict[str, int]:
    settled = moved.state.isin(v.SETTLED_ISSUE_STATES) | (issues["grade"] == v.NO_ISSUE)
    counts = {"问题": len(issues), "未了结": int((~settled).sum()), "新登记事件": len(logged)}
    for level in v.SUPERVISION:
        counts[level] = int((stages == level).any(axis=1).sum())
    return counts | {
        "暂停": int((moved.state == v.PAUSED).sum()),
        "复发": int((again["earlier"] >= 0).sum()),
        "系统性": int(many.sum()),
    }


def _more_counts(questions: pd.DataFrame, stages: pd.Series, made: pd.DataFrame, found: pd.DataFrame) -> dict[str, int]:
    waiting = questions["state"].isin((v.TO_ANSWER, v.ANSWER_OVERDUE))
    return {
        "待答复": int(waiting.sum()),
        "逾期未答复": int((questions["state"] == v.ANSWER_OVERDUE).sum()),
        "答复催办督办": int((stages != "").sum()),
        "承诺未履行": int((made["verdict"] == v.BROKEN).sum()),
        "承诺已履行": int((made["verdict"] == v.KEPT).sum()),
        "需改正": int((found["level"] == v.ERROR).sum()),
        "需补充": int((found["level"] == v.WARNING).sum()),
    }


def _summary(counts: dict[str, int]) -> str:
    levels = "，".join(f"{level} {counts[level]} 项" for level in v.SUPERVISION)
    text = f"问题 {counts['问题']} 项，未了结 {counts['未了结']} 项；{levels}；登记事件 {counts['新登记事件']} 条"
    text += f"；复发 {counts['复发']} 项，待答复 {counts['待答复']} 项（逾期 {counts['逾期未答复']} 项）"
    text += f"，承诺还款未履行 {counts['承诺未履行']} 笔"
    return text + (f"；{counts['需改正']} 处须改正，见“{sheets.FINDINGS.title}”" if counts["需改正"] else "")


def _warnings(found: pd.DataFrame, tables: Mapping[str, Table]) -> list[str]:
    """What must be mended, by cell; warnings and a long tail only by number. Names stay in the workbook."""
    errors = found[found["level"] == v.ERROR]
    named = errors.head(NAMED_FINDINGS)
    out = finding_rows.sentences(named, tables)
    if len(errors) > len(named):
        out.append(f"另有 {len(errors) - len(named)} 处须改正，见“{sheets.FINDINGS.title}”")
    if rest := len(found) - len(errors):
        out.append(f"{rest} 处处理情况待补充，见“{sheets.FINDINGS.title}”")
    return out


def _systemic_lines(issues: pd.DataFrame, many: pd.Series) -> list[str]:
    """Each 网点 and category with systemic issues, and how many."""
    tally = issues[many].groupby(["branch", "category"]).size().sort_values(ascending=False, kind="stable")
    rows = tally.reset_index(name="count").to_dict("records")
    return [f"系统性问题：{row['branch']}“{row['category']}”{row['count']} 笔" for row in rows]
