"""Figures and sentences as the context of the template 管理报告 (contract, section 6)."""

from collections.abc import Mapping
from typing import Any, Protocol

from toolkit.model.request import Request
from toolkit.model.tables import Chart, Table
from toolkit.rules.report import basics, findings
from toolkit.rules.report import follow_up as follow
from toolkit.rules.report.charts import report_charts
from toolkit.rules.report.figures import ReportFigures, customer_names
from toolkit.rules.report.summary import summary
from toolkit.rules.report.tables import OVERDUE_ROWS, UNMET_MARK, appendix_tables, body_tables
from toolkit.rules.report.visit_tables import BODY_ROWS, Rows
from toolkit.rules.report.wording import Quotes, date_cn

ADDRESSEE = "管理层及相关业务部门"
RISK_DEPARTMENT = "风险管理部门"
_INDICATOR_NOTE = f"指标值下为分子/分母；标{UNMET_MARK}的未达目标；—为无应统计数据。"

_INDICATOR_TABLES = ("branch_indicators", "visitor_indicators", "department_indicators")


def report_context(f: ReportFigures, tables: Mapping[str, Table]) -> dict[str, Any]:
    """Every name the template may use. Tables without rows are left out of the document and of the numbering."""
    rows, charts = body_tables(f), report_charts(f)
    appendix_rows = appendix_tables(f)
    refer = _referrer(_numbers(rows), _numbers(charts))
    quotes = Quotes(customer_names(f, tables), findings.quoted_texts(f))
    institution, department = f.request.institution, f.request.department
    title = f"关于{f.scope.period.title}贷款回访情况的报告" + (f"（{department}摘录）" if department else "")
    return {
        "properties": {"title": title, "author": institution, "date": f.request.as_of},
        "title": title,
        "institution": institution or "（未填写机构）",
        "as_of": date_cn(f.request.as_of),
        "period": f.scope.period.title,
        "addressee": department or ADDRESSEE,
        "opening": _opening(f),
        "summary": summary(f),
        "texts": {
            "plan": basics.plan(f, refer),
            "coverage": basics.coverage(f, refer),
            "satisfaction": basics.satisfaction(f, refer),
            "comparison": basics.comparison(f, refer),
            "found": findings.found(f, refer),
            "critical": findings.critical(f, quotes),
            "major": findings.major(f, quotes),
            "voice": findings.voice(f, quotes),
            "rating": follow.rating(f, refer),
            "exposure": follow.exposure(f, refer),
            "warning": follow.warning(f, refer),
            "remedy": follow.remedy(f, refer),
            "management": follow.management(f),
            "strategy": follow.strategy(f, refer),
            "earlier": follow.earlier(f, refer),
            "indicators": follow.indicators(f, refer),
            "appendix": follow.appendix(f),
        },
        "tables": _numbered(rows, _notes(f)),
        "charts": _drawn(charts, follow.chart_notes(f)),
        "appendices": _numbered(appendix_rows, follow.appendix_notes(f)),
        "receivers": follow.receivers(f),
        "signature": f"{institution}{RISK_DEPARTMENT}",
    }


def _opening(f: ReportFigures) -> list[str]:
    period = f.scope.period
    span = f"{date_cn(period.start)}至{date_cn(period.end)}"
    text = f"根据《贷款回访管理办法》五、(二)的规定，现将{period.title}（{span}）贷款回访情况报告如下。"
    if f.request.as_of < period.start:
        text += f"截至基准日{date_cn(f.request.as_of)}，本期尚未开始。"
    elif f.scope.running:
        text += f"本期尚未结束，数据截至基准日{date_cn(f.request.as_of)}。"
    else:
        text += f"基准日为{date_cn(f.request.as_of)}。"
    if name := f.request.department:
        return [
            text,
            f"本报告是{name}的摘录，只列{name}回访人员的回访，以及由{name}负责整改的问题；"
            "所称贷款和客户仅指其中涉及的贷款和客户。",
        ]
    return [text]


def _drawn(charts: Mapping[str, Chart | None], notes: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    numbers = _numbers(charts)
    return {
        name: {
            "number": numbers.get(name, ""),
            "title": chart.title if chart else "",
            "drawing": chart or "",
            "note": notes.get(name, ""),
        }
        for name, chart in charts.items()
    }


def _numbers(rows: Mapping[str, Any]) -> dict[str, int]:
    return {name: number for number, name in enumerate((name for name in rows if rows[name]), start=1)}


def _numbered(rows: Mapping[str, Rows], notes: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    numbers = _numbers(rows)
    return {
        name: {"number": numbers.get(name, ""), "rows": part, "note": notes.get(name, "")}
        for name, part in rows.items()
    }


class Refer(Protocol):
    """表3, 表1至表4, 表1、表3 or 表3和图1: the tables and charts of these names that are in the document."""

    def __call__(self, names: tuple[str, ...], charts: tuple[str, ...] = ()) -> str: ...


def _referrer(tables: Mapping[str, int], charts: Mapping[str, int]) -> Refer:
    def said(label: str, numbers: Mapping[str, int], names: tuple[str, ...]) -> str:
        present = sorted(numbers[name] for name in names if name in numbers)
        if len(present) > 2 and present[-1] - present[0] == len(present) - 1:
            return f"{label}{present[0]}至{label}{present[-1]}"
        return "、".join(f"{label}{number}" for number in present)

    tables_there, charts_there = tables, charts

    def refer(names: tuple[str, ...], charts: tuple[str, ...] = ()) -> str:
        return "和".join(filter(None, (said("表", tables_there, names), said("图", charts_there, charts))))

    return refer


def _notes(f: ReportFigures) -> dict[str, str]:
    notes = {
        "coverage": "后四列为成功回访中该环节各核对项的答案数；专项回访同时计入使用、还款两个环节。",
        "products": "问题为本期发现的重要、重大问题。",
        "buckets": "逾期未还按还款计划计算，没有还款计划的贷款不计入。",
    }
    notes |= dict.fromkeys(_INDICATOR_TABLES, _INDICATOR_NOTE)
    for name, dimension, kind, sheet in (
        ("by_branch", "branch", "个网点", "回访清单"),
        ("by_visitor", "visitor", "名回访人员", "回访清单"),
    ):
        rest = len(f.visits.by[dimension]) - BODY_ROWS
        if rest > 0:
            notes[name] = f"按完成率由低到高列前{BODY_ROWS}{kind}，其余{rest}{kind}见{sheet}；合计为全部。"
    for name, kind in zip(_INDICATOR_TABLES, ("网点", "回访人员", "部门"), strict=True):
        rest = f.indicators.loc[f.indicators["object_kind"] == kind, "object_name"].nunique() - BODY_ROWS
        if rest > 0:
            notes[name] += f"本表先列有未达标项的，共列{BODY_ROWS}个，其余{rest}个见考核指标。"
    if (rest := int(f.earlier.counts["overdue"].sum()) - OVERDUE_ROWS) > 0:
        notes["earlier_overdue"] = f"本表列{OVERDUE_ROWS}项，其余{rest}项见问题台账。"
    if (rest := len(f.warning.loans) - BODY_ROWS) > 0:
        notes["warnings"] = f"按预警理由由多到少、余额由大到小列前{BODY_ROWS}笔，其余{rest}笔见报告数据。"
    if len(f.issues.by["branch"]) > BODY_ROWS:
        notes["issue_branches"] = f"列问题最多的{BODY_ROWS}个网点；合计为全部。"
    return notes


def _kept(text: str, longest: int) -> str:
    kept = "".join("_" if char in '<>:"/\\|?*' or ord(char) < 32 else char for char in text)
    return kept.strip(" .")[:longest]


def file_name(request: Request, label: str, paper: str = "贷款回访报告", suffix: str = ".docx") -> str:
    """贷款回访报告_江州支行_2026Q3.docx: valid on Windows, at most 200 characters."""
    parts = [paper, _kept(request.institution, 120), _kept(request.department, 40), label.replace("..", "至")]
    return "_".join(part for part in parts if part) + suffix
