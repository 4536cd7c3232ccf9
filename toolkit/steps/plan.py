"""生成回访清单: ledger → 回访清单 (二、(一)1.; 四、(二))."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period, quarter_of
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table
from toolkit.rules import plan_findings
from toolkit.rules.assignment import assign
from toolkit.rules.standing import resolve_keys, stand
from toolkit.rules.visit_list import (
    LEFT_NOTE,
    OWN_NOTES,
    PASSED_NOTE,
    PROVISIONAL_NOTE,
    choose,
    complete,
    listed_visits,
    states,
)
from toolkit.rules.visit_rules import Situation

# A visit outside the period can still claim a record; one quarter is the longest window.
CANDIDATE_MARGIN = pd.Timedelta(days=183)
TOOL_FIELDS = (
    "contract_no", "drawdown_no", "customer_name", "phone", "visit_type", "stage", "method", "earliest_on", "due_on",
    "scheduled_on", "priority", "visitor", "branch", "merge_group", "state", "reason", "clause", "system_note",
)  # fmt: skip


def plan(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 回访清单 and 校验结果. `request.period` defaults to the calendar quarter that holds T."""
    period = request.period or quarter_of(request.as_of)
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    loans, refused = plan_findings.plannable(tables, request)
    records = tables[sheets.RECORDS.title].data
    standing = stand(
        loans, tables[sheets.SCHEDULE.title].data, records, tables[sheets.ISSUES.title].data, request.as_of
    )
    special = tables[sheets.SPECIAL_VISITS.title].data
    today = pd.Timestamp(request.as_of)
    situation = Situation(
        request.as_of,
        min(start - pd.Timedelta(days=90), today) - CANDIDATE_MARGIN,
        max(end, today) + CANDIDATE_MARGIN,
        request.parameters,
        request.calendar,
        special.assign(key=resolve_keys(special, standing.loans)),
        pd.DataFrame(),
    )
    visit_table = tables[sheets.VISITS.title]
    listed = listed_visits(visit_table.data, standing)
    keyed_records = records.assign(**_split(resolve_keys(records, standing.loans)))
    candidates = complete(standing, listed, keyed_records, situation)
    chosen = choose(candidates, start, end, situation)
    planned = _describe(chosen, standing, listed, records, situation)
    planned = _arrange(planned, tables[sheets.VISITORS.title].data, request)
    findings = [refused, plan_findings.unassigned(planned, tables), plan_findings.special_rows(tables, standing)]
    return _outcome(planned, tables, findings, period)


def _split(keys: pd.Series) -> dict[str, pd.Series]:
    parts = keys.str.split("\x1f", n=1, expand=True).reindex(columns=[0, 1])
    return {"contract_no": parts[0], "drawdown_no": parts[1].fillna("")}


def _describe(
    chosen: pd.DataFrame, standing, listed: pd.DataFrame, records: pd.DataFrame, situation: Situation
) -> pd.DataFrame:
    """Everything about a visit but who and when: names, stage, method, state, priority."""
    p = situation.parameters
    loans = standing.loans.set_index("key")
    loan = loans.reindex(chosen["key"])
    loan.index = chosen.index
    old = listed.set_index("visit_no").reindex(chosen["visit_no"])
    old.index = chosen.index
    out = chosen.copy()
    out["listed"] = old["row"].notna()
    out["listed_note"] = old["system_note"].fillna("").astype("object")
    for name in ("customer_name", "phone", "branch"):
        out[name] = loan[name].where(loan[name].notna(), old[name]).fillna("").astype("object")
    for name in ("customer_no", "loan_officer"):
        out[name] = loan[name].fillna("").astype("object")
    out["stage"] = out["visit_type"].map(v.STAGE_OF_TYPE).fillna("")
    floor = loan["customer_type"].map({v.PERSON: p["个人面谈金额起点"], v.FIRM: p["企业面谈金额起点"]})
    in_person = (loan["key_customer"] == v.YES) | (loan["amount"] >= floor)
    in_person |= (loan["days_overdue"] >= p["逾期面谈起始天数"]) | loan["open_critical"].fillna(False).astype(bool)
    survey = (out["visit_type"] == v.PERIODIC) & loan["product"].isin(p["问卷产品"])
    choice = np.select([in_person, survey], [v.FACE_TO_FACE, v.QUESTIONNAIRE], v.PHONE_CALL)
    method = pd.Series(choice, index=out.index, dtype="object")
    known = loan["contract_no"].notna()
    out["method"] = method.where(known, old["method"]).fillna(v.PHONE_CALL)
    out = pd.concat([out, states(out, standing, situation)], axis=1)
    urgent = out["visit_type"].isin([v.OVERDUE, v.SPECIAL]) | (out["state"] == v.MISSED)
    medium = out["visit_type"].isin([v.FIRST, v.REMINDER])
    out["priority"] = np.select([urgent, medium], [v.HIGH, v.MEDIUM], v.LOW)
    out["scheduled_on"] = old["scheduled_on"].astype("datetime64[s]")
    by_record = records["visitor"].reindex(out["record"].where(out["record"] >= 0))
    by_record.index = out.index
    out["visitor"] = old["visitor"].fillna("").astype("object")
    out["visitor"] = out["visitor"].where((out["visitor"] != "") | (out["record"] < 0), by_record.fillna(""))
    out["merge_group"] = old["merge_group"].fillna("").astype("object")
    for name in ("reason", "clause"):
        out[name] = out[name].where(out["asked"], old[name]).fillna("").astype("object")
    return out


def _arrange(planned: pd.DataFrame, visitors: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Dates and visitors for the open visits; what is already arranged stays unless `rearrange`."""
    today = pd.Timestamp(request.as_of)
    out = planned.assign(shortfall="", crowded=False)
    open_visits = out["state"].isin([v.TO_VISIT, v.MISSED, v.RESCHEDULED])
    on_duty = visitors[visitors["status"] != v.OFF_DUTY]
    serves = pd.MultiIndex.from_frame(on_duty[["name", "branch"]])
    left = (out["visitor"] != "") & ~pd.MultiIndex.from_frame(out[["visitor", "branch"]]).isin(serves)
    passed = out["scheduled_on"] < today
    if request.rearrange:
        movable = open_visits & (left | passed)
        out.loc[movable & passed, "scheduled_on"] = pd.NaT
        out.loc[movable & left, "visitor"] = ""
        left, passed = left & ~movable, passed & ~movable
    if open_visits.any():
        booked = assign(out[open_visits], visitors, request.calendar, np.datetime64(request.as_of, "D"))
        for name in booked:
            out.loc[open_visits, name] = booked[name]
    scheduled = out["scheduled_on"].to_numpy().astype("datetime64[D]")
    provisional = out["provisional"] | (request.calendar.is_provisional(scheduled) & open_visits)
    notes = [
        (provisional & (out["state"] != v.CANCELLED), PROVISIONAL_NOTE),
        (out["cancel_reason"] != "", out["cancel_reason"]),
        (open_visits & passed, PASSED_NOTE + "，可用“重新安排”移到以后"),
        (open_visits & left, LEFT_NOTE + "，可用“重新安排”换人"),
        (open_visits & (out["shortfall"] != ""), "无可用回访人员：" + out["shortfall"]),
        (open_visits & out["crowded"].astype(bool), "超过每日上限"),
        (open_visits & (out["phone"] == ""), "缺联系电话"),
    ]
    note = pd.Series("", index=out.index, dtype="object")
    for where, text in notes:
        part = pd.Series(text, index=out.index).where(where, "")
        note = note.where((note == "") | (part == ""), note + "；") + part
    own = (out["listed_note"] == "") | out["listed_note"].str.startswith(OWN_NOTES)
    # A staff member's 已取消 must keep 系统提示 empty, or it would read as the tool's.
    by_staff = (out["state"] == v.CANCELLED) & (out["cancel_reason"] == "")
    out["system_note"] = note.where(~by_staff, out["listed_note"].where(~own, ""))
    return out


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
    summary = f"{period.label}：清单 {len(planned)} 笔，新增 {len(new)} 笔，" + "，".join(
        f"{state} {counts[state]} 笔" for state in v.VISIT_STATES
    )
    return Outcome(edits, counts, plan_findings.sentences(findings, tables), summary)


def _changed(old: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Cells of listed visits whose value differs from the sheet; nothing else is touched."""
    if old.empty:
        return pd.DataFrame(columns=["row", "field", "value"])
    current = table.data[table.data["visit_no"] != ""].drop_duplicates("visit_no").set_index("visit_no")
    current = current.reindex(old["visit_no"])
    parts = []
    for name in TOOL_FIELDS:
        was = pd.Series(current[name].to_numpy(), index=old.index)
        now = old[name]
        same = (was == now) | (was.isna() & now.isna())
        changed = now[~same]
        parts.append(
            pd.DataFrame(
                {"row": current["row"].to_numpy()[~same.to_numpy()], "field": name, "value": changed.astype(object)}
            )
        )
    filled = [part for part in parts if not part.empty]
    if not filled:
        return pd.DataFrame(columns=["row", "field", "value"])
    return pd.concat(filled, ignore_index=True).sort_values(["row", "field"], kind="stable").reset_index(drop=True)
