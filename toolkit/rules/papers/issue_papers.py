"""Papers about one issue: 整改通知书, 督办单, 重大问题专报, 专项调查封面 (六、(二)–(三))."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from toolkit.model import paper_kinds as kinds
from toolkit.model import values as v
from toolkit.rules.papers.gathered import Gathered, common, customer_of, day, first_filled, loan_of, urgings

# What an investigation's file must hold, and where each piece comes from.
_FILE = (
    ("重大问题专报", "本工具“生成文书”"),
    ("《贷款回访记录》及回访录音、影像", "回访人员"),
    ("贷款合同、借据、放款凭证", "业务部门"),
    ("贷款资金流向凭证", "业务部门"),
    ("调查谈话笔录", "专项调查组"),
    ("有关书证、物证", "专项调查组"),
    ("调查报告及处理意见", "专项调查组"),
    ("处理决定及执行情况", "业务部门"),
    ("向上级主管部门报告的回执", "风险管理部门"),
)
DEPARTMENT_BLANK = "责任部门（待定）"
Context = dict[str, Any]


def notices(g: Gathered) -> Iterator[tuple[str, Context]]:
    """重要 and 重大 issues found in the period that are not closed yet, to 责任部门."""
    issues = g.issues
    open_yet = ~issues["state"].isin(v.SETTLED_ISSUE_STATES)
    for row in _rows(issues[_found(g, v.MAJOR, v.CRITICAL) & open_yet]):
        yield _key(row), _context(row, g, kinds.NOTICE)


def urging_papers(g: Gathered) -> Iterator[tuple[str, Context]]:
    """Issues that `track` has written 督办 or 通报 to, whenever they were found."""
    wanted = g.issues["supervision"].map(lambda text: bool(urgings(text))) & (g.issues["grade"] != v.NO_ISSUE)
    for row in _rows(g.issues[wanted]):
        lines = urgings(row["supervision"])
        level = v.NAME_PUBLICLY if any(line.startswith(v.NAME_PUBLICLY) for line in lines) else v.URGE
        yield _key(row), _context(row, g, kinds.URGING) | {"lines": lines, "level": level}


def escalations(g: Gathered) -> Iterator[tuple[str, Context]]:
    """重大 issues found in the period, masked: they leave the house."""
    for row in _rows(g.issues[_found(g, v.CRITICAL)]):
        context = _context(row, g, kinds.ESCALATION)
        said = {"handled": _handled(context), "deadline": _deadline(context), "next_step": _next_step(context["state"])}
        yield _key(row), context | said


def investigations(g: Gathered) -> Iterator[tuple[str, Context]]:
    """重大 issues found in the period: the cover and contents of the investigation's file."""
    contents = [{"no": no, "title": title, "origin": origin} for no, (title, origin) in enumerate(_FILE, start=1)]
    for row in _rows(g.issues[_found(g, v.CRITICAL)]):
        yield _key(row), _context(row, g, kinds.INVESTIGATION) | {"contents": contents}


def _found(g: Gathered, *grades: str) -> pd.Series:
    """bool per issue: of these grades, found in the period up to T."""
    issues = g.issues
    return issues["grade"].isin(grades) & g.inside(issues["found_on"]) & ~(issues["found_on"] > g.today)


def _rows(issues: pd.DataFrame) -> Iterator[dict[str, Any]]:
    ordered = issues.sort_values(["found_on", "issue_no"], kind="stable")
    yield from ({str(name): cell for name, cell in row.items()} for row in ordered.to_dict("records"))


def _key(row: dict[str, Any]) -> str:
    """What the paper is filed under; a row that staff added may have no 问题编号 yet."""
    return first_filled(row["issue_no"], row["visit_no"], row["contract_no"])


def _context(row: dict[str, Any], g: Gathered, kind: kinds.PaperKind) -> Context:
    """The names of an issue's paper."""
    own = customer_of(row) if kind.full_names else ""

    def said(field: str) -> str:
        return g.customers.text(row[field], own)

    to_department = kind.recipient == kinds.NOTICE.recipient
    recipient = (row["department"] or DEPARTMENT_BLANK) if to_department else kind.recipient
    return {
        **common(g, recipient, kind.clause),
        "issue_no": row["issue_no"],
        "visit_no": row["visit_no"],
        **loan_of(row, g, full=kind.full_names),
        "category": row["category"],
        "grade": row["grade"],
        "grade_reason": said("manual_reason"),
        "evidence": said("evidence"),
        "feedback": said("feedback"),
        "found_on": day(row["found_on"]),
        "visitor": row["visitor"],
        "report_due": day(row["report_due_on"]),
        "reported_on": day(row["reported_on"]),
        "department": row["department"],
        "owner": row["owner"],
        "remedy": said("remedy"),
        "remedy_due": day(row["remedy_due_on"]),
        "state": row["state"],
        "escalation_due": day(row["escalation_due_on"]),
        "escalated_on": day(row["escalated_on"]),
        "outcome": said("outcome"),
        "related": row["related_issue"],
    }


def _next_step(state: str) -> str:
    """What 六、(二)3. asks for while the issue is open; of a closed one only the report on it is still to come."""
    if state in v.SETTLED_ISSUE_STATES:
        return "本问题已了结，调查和处理的书面结果另行报告。"
    return (
        "按《贷款回访管理办法》六、(二)3.成立专项调查组深入调查核实，根据调查结果采取终止贷款合同、"
        "追究相关人员责任等措施，调查和处理结果另行报告。"
    )


def _handled(context: Context) -> str:
    """What has been done so far, in one sentence or two."""
    parts = [f"目前状态为“{context['state']}”" if context["state"] else "目前尚未登记处理状态"]
    if context["department"]:
        parts.append(f"责任部门为{context['department']}")
    text = "，".join(parts) + "。"
    if context["remedy"]:
        text += f"已采取或拟采取的措施：{context['remedy'].rstrip('。')}。"
    if context["outcome"]:
        text += f"处理结果：{context['outcome'].rstrip('。')}。"
    return text


def _deadline(context: Context) -> str:
    due, done = context["escalation_due"], context["escalated_on"]
    if done:
        return f"本问题已于{done}首次上报" + (f"（时限{due}）。" if due else "。")
    return f"按规定应于{due}前上报。" if due else "上报时限未登记。"
