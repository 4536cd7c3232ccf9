"""生成回访清单: ledger → 回访清单 (二、(一)1.; 四、(二))."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period, quarter_of
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table
from toolkit.rules.planning import states as say
from toolkit.rules.planning import unplanned as plan_findings
from toolkit.rules.planning import views as plan_views
from toolkit.rules.planning.assignment import assign
from toolkit.rules.planning.matching import split_keys
from toolkit.rules.planning.reasons import reasons
from toolkit.rules.planning.standing import Standing, loan_positions, resolve_keys, stand
from toolkit.rules.planning.visit_list import choose, complete, further_quarters, listed_visits
from toolkit.rules.planning.visit_rules import CLAUSE_OF_TYPE, Situation

TOOL_FIELDS = (
    "contract_no", "drawdown_no", "customer_name", "phone", "visit_type", "stage", "method", "earliest_on", "due_on",
    "scheduled_on", "priority", "visitor", "branch", "merge_group", "state", "reason", "clause", "system_note",
)  # fmt: skip


def plan(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 回访清单, 校验结果, 周安排, 计划进度 and 计划审批表.

    `request.period` defaults to the calendar quarter that holds T.
    """
    period = request.period or quarter_of(request.as_of)
    loans, refused = plan_findings.plannable(tables, request)
    visit_table = tables[sheets.VISITS.title]
    standing = stand(
        loans,
        tables[sheets.SCHEDULE.title].data,
        tables[sheets.RECORDS.title].data,
        tables[sheets.ISSUES.title].data,
        request.as_of,
        visit_table.data,
    )
    listed = listed_visits(visit_table.data, standing)
    records = _of_loans(tables[sheets.RECORDS.title].data, standing, visit_table.data)
    special = _of_loans(tables[sheets.SPECIAL_VISITS.title].data, standing)
    situation = Situation(
        request.as_of,
        pd.Timestamp(period.start),
        pd.Timestamp(period.end),
        request.parameters,
        request.calendar,
        special[(special["loan"] >= 0) & special["due_on"].notna()],
        further_quarters(listed, records),
    )
    chosen = choose(complete(standing, listed, records, situation), situation)
    chosen["in_ledger"] = chosen["contract_no"].isin(tables[sheets.LOANS.title].data["contract_no"])
    planned = _describe(chosen, standing, listed, records, situation)
    planned = _arrange(planned, tables[sheets.VISITORS.title].data, request)
    findings = [refused, plan_findings.unassigned(planned, tables), plan_findings.special_rows(tables, standing)]
    findings.append(plan_findings.staff_entries(tables))
    outcome = _outcome(planned, tables, findings, period)
    outcome.edits += plan_views.edits(planned, tables, period, request)
    return outcome


def _of_loans(rows: pd.DataFrame, standing: Standing, visits: pd.DataFrame | None = None) -> pd.DataFrame:
    """`rows` with the ledger's contract_no and drawdown_no and the position of their loan (-1 unknown)."""
    keys = resolve_keys(rows, standing.loans, visits)
    return rows.assign(**split_keys(keys), loan=loan_positions(keys, standing.loans))


def _describe(
    chosen: pd.DataFrame, standing: Standing, listed: pd.DataFrame, records: pd.DataFrame, situation: Situation
) -> pd.DataFrame:
    """Everything about a visit but who and when: names, stage, method, state, priority, reason."""
    loan = standing.loans.reindex(chosen["loan"].where(chosen["loan"] >= 0))
    old = listed.set_index("visit_no").reindex(chosen["visit_no"])
    loan.index = old.index = chosen.index
    known = chosen["loan"] >= 0
    out = pd.concat([chosen, say.states(chosen, standing, situation)], axis=1)
    for name in ("customer_name", "phone", "branch"):
        out[name] = loan[name].where(known, old[name]).fillna("").astype("object")
    for name in ("customer_no", "loan_officer"):
        out[name] = loan[name].fillna("").astype("object")
    for name, of_type in (("stage", v.STAGE_OF_TYPE), ("clause", CLAUSE_OF_TYPE)):
        out[name] = out["visit_type"].map(of_type).fillna(old[name]).fillna("").astype("object")
    # A visit that is over was made in the way then planned, whatever has become of the loan since.
    over = ~out["state"].isin(v.OPEN_VISIT_STATES) & old["method"].isin(v.METHOD_CHOICES)
    out["method"] = _method(out["visit_type"], loan, situation).where(known & ~over, old["method"]).fillna(v.PHONE_CALL)
    # What is still to be done and late outranks all (contract, section 3, 优先级).
    late = out["state"].isin(v.OPEN_VISIT_STATES) & (out["due_on"] < situation.today)
    urgent = out["visit_type"].isin([v.OVERDUE, v.SPECIAL]) | late
    medium = out["visit_type"].isin([v.FIRST, v.REMINDER])
    out["priority"] = np.select([urgent, medium], [v.HIGH, v.MEDIUM], v.LOW)
    found = out["record"].where(out["record"] >= 0)
    by_record = records["visitor"].reindex(found).fillna("").to_numpy()
    out["visitor"] = old["visitor"].fillna("").astype("object")
    out["visitor"] = out["visitor"].where((out["visitor"] != "") | found.isna(), by_record)
    out["merge_group"] = old["merge_group"].fillna("").astype("object")
    # The listed 事由 explains the listed 截止日期, so both stay together.
    out["reason"] = old["reason"].fillna("").astype("object")
    explain = out["asked"] & (~out["kept"] | (out["reason"] == ""))
    if explain.any():
        out.loc[explain, "reason"] = reasons(out[explain], standing, situation)
    return out


def _method(visit_type: pd.Series, loan: pd.DataFrame, situation: Situation) -> pd.Series:
    """面谈, 问卷 or 电话 of each visit before merging (四、(一)); `loan` is aligned with `visit_type`."""
    p = situation.parameters
    floor = loan["customer_type"].map({v.PERSON: p["个人面谈金额起点"], v.FIRM: p["企业面谈金额起点"]})
    in_person = (loan["key_customer"] == v.YES) | (loan["amount"] >= floor)
    in_person |= (loan["days_overdue"] >= p["逾期面谈起始天数"]) | loan["open_critical"].eq(True)
    survey = (visit_type == v.PERIODIC) & loan["product"].isin(p["问卷产品"])
    choice = np.select([in_person, survey], [v.FACE_TO_FACE, v.QUESTIONNAIRE], v.PHONE_CALL)
    return pd.Series(choice, index=visit_type.index, dtype="object")


def _arrange(planned: pd.DataFrame, visitors: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Dates and visitors for the open visits; what is already arranged stays unless `rearrange`."""
    out = planned.assign(shortfall="", crowded=False, own_officer=False)
    open_visits = out["state"].isin(v.OPEN_VISIT_STATES)
    on_duty = visitors[visitors["status"] != v.OFF_DUTY]
    serves = pd.MultiIndex.from_frame(on_duty[["name", "branch"]])
    left = open_visits & (out["visitor"] != "") & ~pd.MultiIndex.from_frame(out[["visitor", "branch"]]).isin(serves)
    passed = open_visits & (out["scheduled_on"] < pd.Timestamp(request.as_of))
    if request.rearrange:
        out.loc[passed, "scheduled_on"] = pd.NaT
        out.loc[left, "visitor"] = ""
        left = passed = pd.Series(False, index=out.index)
    if open_visits.any():
        booked = assign(out[open_visits], visitors, request.calendar, np.datetime64(request.as_of, "D"))
        for name in booked:
            out.loc[open_visits, name] = booked[name]
    out["own_officer"] = open_visits & (out["visitor"] != "") & (out["visitor"] == out["loan_officer"])
    out["system_note"] = _notes(out, open_visits, passed, left, request)
    return out


def _notes(
    out: pd.DataFrame, open_visits: pd.Series, passed: pd.Series, left: pd.Series, request: Request
) -> pd.Series:
    """系统提示. A staff member's 已取消 keeps it empty, or it would read as the tool's (fine print 10)."""
    counts = out["state"] != v.CANCELLED
    scheduled = out["scheduled_on"].to_numpy().astype("datetime64[D]")
    day_provisional = request.calendar.is_provisional(scheduled) & open_visits & ~out["provisional"]
    completed = say.DONE_NOTE + out["completed_on"].dt.strftime("%Y-%m-%d").fillna("").astype("object")
    notes = [
        (out["provisional"] & counts, say.PROVISIONAL_NOTE),
        (day_provisional, say.PROVISIONAL_DAY_NOTE + "：该年度放假安排未公布"),
        ((out["state"] == v.DONE) & (out["record"] >= 0), completed),
        (out["cancel_reason"] != "", out["cancel_reason"]),
        (passed, say.PASSED_NOTE + "，可用“重新安排”移到以后"),
        (left, say.LEFT_NOTE + "，可用“重新安排”换人"),
        (out["own_officer"], say.OFFICER_NOTE + "，应由他人回访"),
        (open_visits & (out["shortfall"] != ""), say.NO_VISITOR_NOTE + "：" + out["shortfall"]),
        (open_visits & out["crowded"], say.CROWDED_NOTE),
        (open_visits & (out["phone"] == ""), say.NO_PHONE_NOTE),
    ]
    note = pd.Series("", index=out.index, dtype="object")
    for where, text in notes:
        if where.any():
            part = (text if isinstance(text, pd.Series) else pd.Series(text, index=out.index)).where(where, "")
            note = note.where((note == "") | (part == ""), note + "；") + part
    return note


def _outcome(
    planned: pd.DataFrame, tables: Mapping[str, Table], findings: list[pd.DataFrame], period: Period
) -> Outcome:
    new = planned[~planned["listed"]].sort_values(["due_on", "earliest_on", "visit_no"], kind="stable")
    old = planned[planned["listed"]]
    edits = [
        SheetEdits(
            sheets.VISITS,
            cells=_changed(old, tables[sheets.VISITS.title]),
            append=new[["visit_no", *TOOL_FIELDS]].reset_index(drop=True),
        ),
        plan_findings.edits(findings, tables),
    ]
    tally = planned["state"].value_counts()
    counts = {"新增": len(new), "清单合计": len(planned)}
    counts |= {state: int(tally.get(state, 0)) for state in v.VISIT_STATES}
    counts["未能列入或需处理"] = sum(len(part) for part in findings)
    summary = f"{period.label}：清单连同以前各期共 {len(planned)} 笔，新增 {len(new)} 笔，" + "，".join(
        f"{state} {counts[state]} 笔" for state in v.VISIT_STATES
    )
    return Outcome(edits, counts, plan_findings.sentences(findings, tables), summary)


def _changed(old: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Cells of listed visits whose value differs from the sheet; what staff typed and cannot be read stays."""
    nothing = pd.DataFrame(columns=["row", "field", "value"])
    if old.empty:
        return nothing
    listed = table.data[table.data["visit_no"] != ""].drop_duplicates("visit_no")
    place = pd.Series(listed.index, index=listed["visit_no"]).reindex(old["visit_no"]).to_numpy()
    current = listed.loc[place]
    strange = plan_findings.strange_entries(table)
    parts = []
    for name in TOOL_FIELDS:
        was, now = current[name].to_numpy(), old[name].to_numpy()
        same = (was == now) | (pd.isna(was) & pd.isna(now))
        if name in strange:
            same = same | strange[name].loc[place].to_numpy()
        if not same.all():
            value = old[name].astype("object").to_numpy()
            changed = pd.DataFrame({"row": current["row"].to_numpy(), "field": name, "value": value}, dtype="object")
            parts.append(changed[~same])
    return pd.concat(parts).sort_values(["row", "field"], kind="stable").reset_index(drop=True) if parts else nothing
