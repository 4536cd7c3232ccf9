"""Papers about visits: 回访计划报批 (二、(一)1.), 面谈记录 (四、(一)2.), 致客户的信 (八、(二)1.)."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from toolkit.model import paper_kinds as kinds
from toolkit.model import values as v
from toolkit.model.masking import mask_name
from toolkit.rules.papers.gathered import (
    Gathered,
    common,
    customer_of,
    day,
    loan_of,
    number,
    phone_of,
    questions_of,
    successes,
)
from toolkit.rules.report.wording import date_iso

UNKNOWN_BRANCH = "（未列网点）"
Context = dict[str, Any]
_METHODS = {"phone": v.PHONE_CALL, "meeting": v.FACE_TO_FACE, "questionnaire": v.QUESTIONNAIRE}


def plans(g: Gathered) -> Iterator[tuple[str, Context]]:
    """Per 网点: visits due up to the period's last day that are still to be made."""
    visits = _still_to_make(g)
    visits = visits[visits["due_on"] <= pd.Timestamp(g.period.end)]
    visits = visits.assign(branch=visits["branch"].replace("", UNKNOWN_BRANCH))
    ordered = visits.sort_values(["branch", "visitor", "planned_on", "visit_no"], kind="stable")
    for branch, rows in ordered.groupby("branch", sort=False):
        context = common(g, kinds.PLAN.recipient, kinds.PLAN.clause)
        yield (
            str(branch),
            context
            | {
                "branch": branch,
                "count": len(rows),
                "summary": _summary(rows, g),
                "totals": _totals(rows, g),
                "visits": [
                    {
                        "no": no,
                        "visit_no": row["visit_no"],
                        "contract_no": row["contract_no"],
                        "customer": mask_name(customer_of(row)),
                        "visit_type": row["visit_type"],
                        "method": row["method"],
                        "scheduled": date_iso(row["planned_on"]),
                        "due": date_iso(row["due_on"]),
                        "visitor": row["visitor"] or v.UNASSIGNED,
                        "priority": row["priority"],
                    }
                    for no, row in enumerate(_rows(rows), start=1)
                ],
            },
        )


def interviews(g: Gathered) -> Iterator[tuple[str, Context]]:
    """Visits by 面谈 due in the period: blank to write on, or with the answers of the record that was made."""
    visits = g.visits[(g.visits["method"] == v.FACE_TO_FACE) & (g.visits["state"] != v.CANCELLED)]
    visits = _planned(visits[g.inside(visits["due_on"]) & (visits["visit_no"] != "")])
    made = successes(g.records)
    made = made[made["method"] == v.FACE_TO_FACE]
    known: dict[str, dict[Any, Any]] = {str(visit_no): row for visit_no, row in made.to_dict("index").items()}
    for row in _rows(visits.sort_values(["branch", "visitor", "planned_on", "visit_no"], kind="stable")):
        yield row["visit_no"], _interview(row, known.get(row["visit_no"]), g)


def letters(g: Gathered) -> Iterator[tuple[str, Context]]:
    """Per customer: those with visits due in the period still to be made. The key is the 回访编号 of the first."""
    visits = _still_to_make(g)
    visits = visits[g.inside(visits["due_on"]) & (visits["visit_no"] != "")]
    # Contracts the ledger does not know stand for a customer of their own.
    person = visits["loan_customer_no"].where(visits["loan_customer_no"] != "", visits["key"])
    ordered = visits.assign(person=person).sort_values(["branch", "person", "due_on", "visit_no"], kind="stable")
    for _, rows in ordered.groupby("person", sort=False):
        first = next(_rows(rows))
        methods = [method for method in v.METHOD_CHOICES if (rows["method"] == method).any()]
        yield (
            first["visit_no"],
            common(g, kinds.LETTER.recipient, kinds.LETTER.clause)
            | {
                "customer": customer_of(first) or "客户",
                "branch": first["branch"],
                "visitor": "、".join(dict.fromkeys(name for name in rows["visitor"] if name)) or "我们的回访人员",
                "methods": "或".join(methods) or v.PHONE_CALL,
                "first_day": day(max(rows["earliest_on"].min(), g.today)),
                "last_day": day(max(rows["due_on"].max(), g.today)),
            },
        )


def _interview(row: Mapping[str, Any], made: Mapping[Any, Any] | None, g: Gathered) -> Context:
    own = customer_of(row)
    record: Mapping[Any, Any] = made or {}
    questions = [question | {"answer": record.get(name) or ""} for name, question in questions_of(row["stage"])]
    started = record.get("started_at")
    return {
        **common(g, kinds.INTERVIEW.recipient, kinds.INTERVIEW.clause),
        "visit_no": row["visit_no"],
        **loan_of(row, g, full=True),
        "phone": phone_of(row),
        "visit_type": row["visit_type"],
        "stage": row["stage"],
        "window": " 至 ".join(text for text in map(_iso, (row["earliest_on"], row["due_on"])) if text),
        "scheduled": day(row["planned_on"]),
        "reason": g.customers(row["reason"], own),
        "visitor": record.get("visitor") or row["visitor"],
        "questions": questions,
        "visited_on": day(record.get("visited_on")),
        "started_at": f"{started:%H:%M}" if started is not None and not pd.isna(started) else "",
        "minutes": number(record.get("minutes")),
        "content": g.customers(record.get("content", ""), own),
        "feedback": g.customers(record.get("feedback", ""), own),
        "promised_on": day(record.get("promised_on")),
    }


def _iso(date: Any) -> str:
    return "" if pd.isna(date) else date_iso(date)


def _still_to_make(g: Gathered) -> pd.DataFrame:
    """Visits that no record has completed, with planned_on."""
    visits = g.visits
    open_yet = visits["state"].isin((*v.OPEN_VISIT_STATES, "")) & visits["completed_on"].isna() & ~visits["too_early"]
    return _planned(visits[open_yet])


def _planned(visits: pd.DataFrame) -> pd.DataFrame:
    moved = (visits["state"] == v.RESCHEDULED) & visits["rescheduled_to"].notna()
    return visits.assign(planned_on=visits["scheduled_on"].mask(moved, visits["rescheduled_to"]))


def _rows(visits: pd.DataFrame) -> Iterator[dict[str, Any]]:
    yield from ({str(name): cell for name, cell in row.items()} for row in visits.to_dict("records"))


def _totals(rows: pd.DataFrame, g: Gathered) -> list[dict[str, Any]]:
    """Per 回访类型 in the regulation's order, and 合计."""
    late = rows["due_on"] < g.today
    out = []
    for visit_type in [t for t in v.VISIT_TYPES if (rows["visit_type"] == t).any()]:
        out.append(_total(visit_type, rows[rows["visit_type"] == visit_type], late))
    return [*out, _total("合计", rows, late)]


def _total(name: str, rows: pd.DataFrame, late: pd.Series) -> dict[str, Any]:
    by_method = {key: int((rows["method"] == method).sum()) for key, method in _METHODS.items()}
    return {"visit_type": name, **by_method, "total": len(rows), "late": int(late[rows.index].sum())}


def _summary(rows: pd.DataFrame, g: Gathered) -> str:
    """How many, how, and when."""
    kinds_of = "、".join(
        f"{visit_type}{count}笔"
        for visit_type in v.VISIT_TYPES
        if (count := int((rows["visit_type"] == visit_type).sum()))
    )
    customers = rows["loan_customer_no"].where(rows["loan_customer_no"] != "", rows["key"]).nunique()
    text = f"共有待执行回访{len(rows)}笔，涉及客户{customers}户：{kinds_of}。"
    first, last = rows["planned_on"].min(), rows["planned_on"].max()
    if not pd.isna(first):
        text += f"安排在{day(first)}至{day(last)}进行。" if first != last else f"安排在{day(first)}进行。"
    if late := int((rows["due_on"] < g.today).sum()):
        text += f"其中{late}笔已过截止日期，应当尽快完成。"
    if unassigned := int((rows["visitor"] == "").sum()):
        text += f"另有{unassigned}笔尚未分配回访人员。"
    return text
