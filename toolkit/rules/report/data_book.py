"""报告数据.xlsx: every figure of the report with the sheet rows it was counted from, to be retraced (七、(一)1.).

Rows stand for themselves and no customer is named; 编号 of each row says which it was should the sheet be sorted later.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Sheet
from toolkit.model.tables import Book, Chart
from toolkit.rules.report.figures import ReportFigures
from toolkit.rules.report.issues import GRADES
from toolkit.rules.report.traced_tables import (
    ISSUES,
    LOANS,
    RECORDS,
    TRACERS,
    VISITS,
    Find,
    Traced,
    chart_point,
)
from toolkit.rules.report.traced_text import named_figures
from toolkit.rules.report.visit_tables import STAGE_KEYS, STATE_KEYS

FIGURES = Sheet(
    "报告数据",
    (
        Field("figure_no", "数据编号", Kind.CODE, width=10),
        Field("place", "位置", width=20),
        Field("name", "名称", width=52),
        Field("value", "值", width=24),
        Field("unit", "单位", width=10),
        Field("sheet", "来源表", width=12),
        Field("count", "行数", Kind.INTEGER, width=8),
        Field("rows", "行", Kind.CODE, width=60),
    ),
    key=("figure_no", "sheet", "rows"),
)
SOURCE_ROWS = Sheet(
    "来源行",
    (
        Field("sheet", "来源表", width=12),
        Field("row", "行", Kind.INTEGER, width=8),
        Field("number", "编号", Kind.CODE, width=28),
    ),
    key=("sheet", "row"),
)
# A cell holds 32,767 characters; more rows go on in the next line.
_LONGEST = 32_000
# Columns of the tables, as their keys say them.
COLUMN_TITLES = {
    "action": "整改措施",
    "balance": "余额",
    "before": "上期",
    "before_change": "较上期",
    "branch": "网点",
    "branches": "涉及网点",
    "carried": "期初结转",
    "category": "问题类别",
    "closed": "本期销号",
    "contract_no": "贷款合同编号",
    "count": "数量",
    "customer": "客户",
    "days": "超期天数",
    "denominator": "分母",
    "department": "责任部门",
    "due": "到期或时限",
    "evidence": "依据",
    "grade": "等级",
    "issue_no": "问题编号",
    "issues": "问题",
    "last_year": "去年同期",
    "last_year_change": "较去年同期",
    "level": "评级",
    "loans": "贷款",
    "numerator": "分子",
    "now": "本期",
    "on_time": "按期/应完成",
    "open": "未结",
    "overdue": "超期",
    "overdue_balance": "逾期贷款余额",
    "overdue_loans": "逾期贷款",
    "owed": "逾期未还",
    "paused": "暂停",
    "rate": "比率",
    "reason": "理由",
    "recorded": "有核对结果的成功回访",
    "remaining": "期末未结",
    "reopened": "重开",
    "rule": "规则",
    "settled": "已销号或当场解决",
    "share": "占比",
    "state": "状态",
    "target": "目标值",
    "total": "合计",
    "verdict": "结论",
    "visit_type": "回访类型",
    "visitor": "回访人员",
    **dict(zip(("completion", "accuracy", "timeliness", "resolution"), v.KPI_NAMES, strict=True)),
    **dict(zip(("critical", "major", "general", "ungraded"), GRADES, strict=True)),
    **{key: state for state, key in STATE_KEYS.items()},
    **{key: answer for answer, key in STAGE_KEYS.items()},
}


def data_book(f: ReportFigures, context: Mapping[str, Any], file_name: str) -> Book:
    """`context`: of the paper, whose tables and charts are listed as printed."""
    lines: list[dict[str, Any]] = []
    used: dict[str, list[pd.Series]] = {}
    numbers = count(1)

    def add(place: str, name: str, value: str, unit: str, behind: Iterable[Traced]) -> None:
        sources = [source for source in behind if len(source.rows)] or [Traced("", pd.Series([], dtype="int64"))]
        number = f"D{next(numbers):04d}"
        for sheet, rows in sources:
            if sheet:
                used.setdefault(sheet, []).append(rows)
            spans = _pieces(row_spans(rows))
            for spelled in spans:
                lines.append(
                    {"figure_no": number, "place": place, "name": name, "value": value, "unit": unit}
                    | {"sheet": sheet, "count": len(rows), "rows": spelled}
                )

    for figure in named_figures(f):
        add(figure.place, figure.name, figure.value, figure.unit, figure.behind)
    for label, group in (("表", context["tables"]), ("附表", context["appendices"])):
        for name, table in group.items():
            if table["rows"]:
                find = _finder(f, name)
                for at, row in enumerate(table["rows"], start=1):
                    for key, text in row.items():
                        if key not in ("no", "name") and re.search(r"\d", text):
                            title = f"{row.get('name', f'第{at}行')}·{COLUMN_TITLES[key]}"
                            add(f"{label}{table['number']}", title, text, "", find(row, key))
    for name, part in context["charts"].items():
        if isinstance(chart := part["drawing"], Chart):
            for series, values in chart.series:
                for category, value in zip(chart.categories, values, strict=True):
                    if value is not None:
                        title = f"{chart.title}·{category}·{series}"
                        add(f"图{part['number']}", title, f"{value:g}", "", chart_point(f, name, category, series))
    frame = pd.DataFrame(lines, columns=list(FIGURES.names))
    return Book(file_name, ((FIGURES, frame), (SOURCE_ROWS, _source_rows(f, used))), title=context["title"])


def _finder(f: ReportFigures, name: str) -> Find:
    if name in TRACERS:
        return TRACERS[name](f)
    sheet, frame = (VISITS, f.visits.missed) if name == "missed" else (ISSUES, f.issues.found)
    rows = frame["row"].tolist()
    return lambda row, key: [Traced(sheet, pd.Series([rows[int(row["no"]) - 1]]))]


def row_spans(rows: pd.Series) -> list[str]:
    """2-15, 18: sheet rows in order, neighbours together."""
    numbers = np.unique(rows.to_numpy(dtype="int64"))
    if not len(numbers):
        return []
    breaks = np.flatnonzero(np.diff(numbers) != 1)
    starts = numbers[np.concatenate(([0], breaks + 1))]
    ends = numbers[np.concatenate((breaks, [len(numbers) - 1]))]
    return [f"{a}" if a == b else f"{a}-{b}" for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]


def _pieces(spans: list[str]) -> list[str]:
    """Joined by 、 as long as a cell can hold."""
    text = "、".join(spans)
    if len(text) <= _LONGEST:
        return [text]
    out = [""]
    for span in spans:
        if len(out[-1]) + len(span) >= _LONGEST:
            out.append("")
        out[-1] += ("、" if out[-1] else "") + span
    return out


def _source_rows(f: ReportFigures, used: Mapping[str, list[pd.Series]]) -> pd.DataFrame:
    """Each row that a figure names, once, with the number that identifies it."""
    numbered = {
        VISITS: (f.sources.visits, "visit_no"),
        RECORDS: (f.sources.records, "visit_no"),
        ISSUES: (f.sources.issues, "issue_no"),
        LOANS: (f.sources.loans, "contract_no"),
    }
    parts = []
    for sheet, lists in used.items():
        rows = np.unique(np.concatenate([rows.to_numpy(dtype="int64") for rows in lists]))
        number = pd.Series("", index=rows, dtype="object")
        if sheet in numbered:
            frame, column = numbered[sheet]
            number = frame.drop_duplicates("row").set_index("row")[column].reindex(rows).fillna("")
        parts.append(pd.DataFrame({"sheet": sheet, "row": rows, "number": number.to_numpy()}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(SOURCE_ROWS.names))
