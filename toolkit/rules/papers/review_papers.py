"""Papers about visitors' work: 抽查核实单 (七、(一)2.) and 考核指标告知书 (七、(三)1.)."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from toolkit.model import paper_kinds as kinds
from toolkit.model import values as v
from toolkit.rules.papers.gathered import Gathered, common, customer_of, day, number, phone_of, questions_of
from toolkit.rules.report.wording import percent

Context = dict[str, Any]
_VISITOR = "回访人员"


def spot_checks(g: Gathered) -> Iterator[tuple[str, Context]]:
    """Rows of 抽查 whose record was made in the period, or whose record cannot be found."""
    records = g.records[g.records["met_no"] != ""]
    # A visit may have failed attempts before its success.
    ordered = records.assign(missed=records["result"] != v.SUCCESS).sort_values("missed", kind="stable")
    known = ordered.drop_duplicates("met_no").set_index("met_no")
    stages = g.visits[g.visits["visit_no"] != ""].set_index("visit_no")["stage"]
    rows = g.spot_checks[(g.spot_checks["sample_no"] != "") | (g.spot_checks["visit_no"] != "")]
    visited = pd.Series(known["visited_on"].reindex(rows["visit_no"]).to_numpy(), index=rows.index)
    made = {str(visit_no): row for visit_no, row in known.to_dict("index").items()}
    for row in rows[g.inside(visited) | visited.isna()].to_dict("records"):
        record = made.get(row["visit_no"], {})
        key = "_".join(part for part in (row["sample_no"], row["visit_no"]) if part)
        yield key, _spot_check(row, record, stages.get(row["visit_no"], ""), g)


def _spot_check(row: dict[Any, Any], record: dict[Any, Any], stage: str, g: Gathered) -> Context:
    own = customer_of(record) if record else ""
    questions = [
        question | {"recorded": record.get(name) or "", "again": row[name] or ""}
        for name, question in questions_of(stage)
    ]
    return {
        **common(g, row["reviewer"] or kinds.SPOT_CHECK.recipient, kinds.SPOT_CHECK.clause),
        **{name: row[name] for name in ("sample_no", "sample_reason", "reviewer", "verdict", "visit_no")},
        "reviewed_on": day(row["reviewed_on"]),
        "note": g.customers(row["note"], own),
        "contract_no": record.get("contract_no", ""),
        "customer": own,
        "phone": phone_of(record) if record else "",
        "visitor": record.get("visitor") or row["visitor"],
        "visited_on": day(record.get("visited_on")),
        "method": record.get("method", ""),
        "result": record.get("result", ""),
        "content": g.customers(record.get("content", ""), own),
        "feedback": g.customers(record.get("feedback", ""), own),
        "questions": questions,
    }


def strangers(g: Gathered) -> list[str]:
    """Those of the period's 考核指标 that 回访人员 does not list: they get no paper."""
    return sorted(set(_of_visitors(g)["object_name"]) - set(g.visitors["name"]))


def _of_visitors(g: Gathered) -> pd.DataFrame:
    rows = g.indicators
    return rows[(rows["object_kind"] == _VISITOR) & (rows["period"] == g.period.label) & (rows["object_name"] != "")]


def indicator_notices(g: Gathered) -> Iterator[tuple[str, Context]]:
    """The period's rows of 考核指标 for each 回访人员, as they stand in the sheet."""
    staff = g.visitors[g.visitors["name"] != ""].drop_duplicates("name").set_index("name")
    listed = _of_visitors(g)
    for name, own in listed[listed["object_name"].isin(staff.index)].groupby("object_name", sort=True):
        person = staff.loc[name]
        yield (
            str(name),
            common(g, f"{name}同志", kinds.INDICATORS.clause)
            | {
                "visitor": name,
                "branch": person["branch"],
                "department": person["department"],
                "summary": _summary(own),
                "rows": [_indicator(row) for row in own.to_dict("records")],
            },
        )


def _indicator(row: dict[Any, Any]) -> Context:
    numerator, denominator = row["numerator"], row["denominator"]
    counted = not (pd.isna(numerator) or pd.isna(denominator))
    return {
        "name": row["indicator"],
        "numerator": number(numerator),
        "denominator": number(denominator),
        "rate": percent(numerator, denominator) if counted else v.NO_VALUE,
        "target": f"{number(row['target'])}%" if not pd.isna(row["target"]) else v.NO_VALUE,
        "verdict": row["verdict"],
    }


def _summary(rows: pd.DataFrame) -> str:
    """Which indicators were met, missed, or without data."""
    met, missed, none = (rows.loc[rows["verdict"] == verdict, "indicator"].tolist() for verdict in v.KPI_VERDICTS)
    if not met and not missed:
        return "本期没有应统计的数据。"
    parts = []
    if met:
        parts.append(f"{'、'.join(met)}达标")
    if missed:
        parts.append(f"{'、'.join(missed)}未达标")
    text = "你本期的" + "，".join(parts) + "。"
    if none:
        text += f"{'、'.join(none)}本期没有应统计的数据。"
    if missed:
        text += "请对照校验结果、问题台账查明原因，提出改进措施。"
    return text
