"""Which sheet rows stand behind a cell of the report's tables or a point of its charts (五、(二)2., 七、(一)1.)."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.sheets import CHECKS_OF_STAGE
from toolkit.rules.indicators.indicators import INDICATORS, UNIT_COLUMN
from toolkit.rules.report import risks
from toolkit.rules.report.figures import ReportFigures
from toolkit.rules.report.issues import FUNNEL, GRADES
from toolkit.rules.report.visit_tables import STAGE_KEYS, STATE_KEYS, TOTAL
from toolkit.rules.report.visits import COUNTED, OTHER_RESULT

VISITS, RECORDS, ISSUES = sheets.VISITS.title, sheets.RECORDS.title, sheets.ISSUES.title
LOANS, INDICATOR_SHEET = sheets.LOANS.title, sheets.INDICATORS.title


class Traced(NamedTuple):
    """Rows of one sheet."""

    sheet: str
    rows: pd.Series


# (row of the table, column) → what stands behind that cell.
Find = Callable[[dict[str, str], str], list[Traced]]
_GRADE_OF = dict(zip(("critical", "major", "general", "ungraded"), GRADES, strict=True))
_INDICATOR_OF = dict(zip(("completion", "accuracy", "timeliness", "resolution"), v.KPI_NAMES, strict=True))
_SHEET_OF = {indicator.name: indicator.sheet.title for indicator in INDICATORS}


def _rows(sheet: str, frame: pd.DataFrame, mask: Any = None) -> list[Traced]:
    return [Traced(sheet, (frame if mask is None else frame[mask])["row"])]


def _groups(frame: pd.DataFrame, column: str) -> dict[str, pd.DataFrame]:
    return {str(name): part for name, part in frame.groupby(column, sort=False)} | {TOTAL: frame}


def indicator_source(f: ReportFigures, kind: str, name: str, indicator: str, *, good: bool = False) -> list[Traced]:
    """The row of 考核指标, or what was counted for it; `good`: the numerator only."""
    rows = f.indicators[(f.indicators["object_kind"] == kind) & (f.indicators["indicator"] == indicator)]
    if kind != v.KPI_OBJECT_KINDS[0]:
        rows = rows[rows["object_name"] == name]
    if "row" in rows and len(rows):
        return [Traced(INDICATOR_SHEET, rows["row"])]
    if indicator not in f.indicator_rows:
        return []
    counted = f.indicator_rows[indicator]
    if f.request.department:
        counted = counted[counted["department"] == f.request.department]
    if kind in UNIT_COLUMN:
        counted = counted[counted[UNIT_COLUMN[kind]] == name]
    return _rows(_SHEET_OF[indicator], counted, counted["good"] if good else None)


def _plan(dimension: str, kind: str = "") -> Callable[[ReportFigures], Find]:
    def make(f: ReportFigures) -> Find:
        groups = _groups(f.visits.rows, dimension)
        state_of = {key: state for state, key in STATE_KEYS.items()}

        def find(row: dict[str, str], key: str) -> list[Traced]:
            frame = groups[row["name"]]
            if key in state_of:
                return _rows(VISITS, frame, frame["listed"] & (frame["outcome"] == state_of[key]))
            if key == "due":
                return _rows(VISITS, frame, frame["listed"])
            of = v.KPI_OBJECT_KINDS[0] if row["name"] == TOTAL else kind
            return indicator_source(f, of, row["name"], v.PLAN_COMPLETION) or _rows(VISITS, frame, frame[COUNTED])

        return find

    return make


def _results(f: ReportFigures) -> Find:
    made = f.records.made
    groups = _groups(made.assign(told=made["result"].where(made["result"].isin(v.RESULTS), OTHER_RESULT)), "told")
    return lambda row, key: _rows(RECORDS, groups.get(row["name"], made.head(0)))


def _coverage(f: ReportFigures) -> Find:
    due, successful = f.visits.due, f.records.successful
    answer_of = {key: answer for answer, key in STAGE_KEYS.items()}

    def find(row: dict[str, str], key: str) -> list[Traced]:
        stage = row["name"]
        of_stage = due["stage"].str.split("、").map(lambda stages: stage in stages).astype(bool)
        if key == "due":
            return _rows(VISITS, due, of_stage)
        if key == "done":
            return _rows(VISITS, due, of_stage & (due["outcome"] == v.DONE))
        wanted = [answer_of[key]] if key in answer_of else [v.YES, v.NO]
        answers = successful[list(CHECKS_OF_STAGE[stage])]
        return _rows(RECORDS, successful, answers.isin(wanted).any(axis=1))

    return find


def _comparison(f: ReportFigures) -> Find:
    now = (f.visits, f.records, f.issues)
    pasts = {
        "before": (f.last_period.counts.visits, f.last_period.counts.records, f.last_period.counts.issues),
        "last_year": (f.last_year.counts.visits, f.last_year.counts.records, f.last_year.counts.issues),
    }

    def of(counts: Any, name: str) -> list[Traced]:
        visits, records, issues = counts
        if name == v.PLAN_COMPLETION:
            stored = indicator_source(f, v.KPI_OBJECT_KINDS[0], "", name) if counts is now else []
            return stored or _rows(VISITS, visits.rows, visits.rows[COUNTED])
        found = issues.found
        return {
            "到期回访（笔）": lambda: _rows(VISITS, visits.due),
            "已完成（笔）": lambda: _rows(VISITS, visits.due, visits.due["outcome"] == v.DONE),
            "回访记录（笔）": lambda: _rows(RECORDS, records.made),
            "其中成功（笔）": lambda: _rows(RECORDS, records.successful),
            "成功率": lambda: _rows(RECORDS, records.made),
            "平均满意度（分）": lambda: _rows(
                RECORDS, records.successful, records.successful["satisfaction"].between(1, 5)
            ),
            "发现问题（项）": lambda: _rows(ISSUES, found),
            "其中重大（项）": lambda: _rows(ISSUES, found, found["grade"] == v.CRITICAL),
            "其中重要（项）": lambda: _rows(ISSUES, found, found["grade"] == v.MAJOR),
        }[name]()

    def find(row: dict[str, str], key: str) -> list[Traced]:
        past = pasts.get(key.removesuffix("_change"))
        if past is None:
            return of(now, row["name"])
        return (of(now, row["name"]) if key.endswith("_change") else []) + of(past, row["name"])

    return find


def _grades(f: ReportFigures) -> Find:
    groups = _groups(f.issues.found, "grade")

    def find(row: dict[str, str], key: str) -> list[Traced]:
        part = groups.get(row["name"], f.issues.found.head(0))
        if key in ("settled", "open"):
            return _rows(ISSUES, part, part["settled"] == (key == "settled"))
        return _rows(ISSUES, part)

    return find


def _issue_counts(dimension: str) -> Callable[[ReportFigures], Find]:
    def make(f: ReportFigures) -> Find:
        groups = _groups(f.issues.found, dimension)

        def find(row: dict[str, str], key: str) -> list[Traced]:
            part = groups[row["name"]]
            return _rows(ISSUES, part, part["grade"] == _GRADE_OF[key]) if key in _GRADE_OF else _rows(ISSUES, part)

        return find

    return make


def _ratings(f: ReportFigures) -> Find:
    live, found = f.exposure.live, f.issues.found
    categories = {
        "还款能力": risks.HARDSHIP,
        "资金挪用": risks.DIVERSION,
        "欺诈与违规": risks.MISCONDUCT,
        "客户失联": risks.OUT_OF_REACH,
    }

    def find(row: dict[str, str], key: str) -> list[Traced]:
        if key == "rule":
            return []  # what the rating goes by, no figure
        item = row["name"]
        if item == "贷款逾期":
            return _rows(LOANS, live, live["days_overdue"] > 0)
        if item in categories:
            out = _rows(ISSUES, found, found["category"].isin(categories[item]))
            return out + (_rows(RECORDS, f.records.successful) if item == "还款能力" else [])
        return _rows(ISSUES, found, found["grade"].isin([v.CRITICAL, v.MAJOR]))

    return find


def _buckets(f: ReportFigures) -> Find:
    live = f.exposure.live
    spans = {label: (low, high) for label, low, high in risks.BUCKETS} | {TOTAL: (1, float("inf"))}
    return lambda row, key: _rows(LOANS, live, live["days_overdue"].between(*spans[row["name"]]))


def _products(f: ReportFigures) -> Find:
    live, found = f.exposure.live, f.issues.found
    serious = found[found["grade"].isin([v.CRITICAL, v.MAJOR])]

    def find(row: dict[str, str], key: str) -> list[Traced]:
        frame, sheet = (serious, ISSUES) if key == "issues" else (live, LOANS)
        part = frame if row["name"] == TOTAL else frame[frame["product"] == row["name"]]
        return _rows(sheet, part, part["days_overdue"] > 0 if key.startswith("overdue") else None)

    return find


def _warnings(f: ReportFigures) -> Find:
    loans = f.warning.loans["row"].tolist()
    return lambda row, key: [Traced(LOANS, pd.Series([loans[int(row["no"]) - 1]]))]


def _remedies(f: ReportFigures) -> Find:
    waiting = f.issues.open
    return lambda row, key: _rows(ISSUES, waiting, waiting["category"] == f.remedies[int(row["no"]) - 1].category)


def _earlier(f: ReportFigures) -> Find:
    groups = _groups(f.earlier.carried, "grade")

    def find(row: dict[str, str], key: str) -> list[Traced]:
        part = groups[row["name"]]
        return _rows(ISSUES, part, part.get(key))

    return find


def _institution(f: ReportFigures) -> Find:
    def find(row: dict[str, str], key: str) -> list[Traced]:
        return indicator_source(f, v.KPI_OBJECT_KINDS[0], "", row["name"], good=key == "numerator")

    return find


def _units(kind: str) -> Callable[[ReportFigures], Find]:
    return lambda f: lambda row, key: indicator_source(f, kind, row["name"], _INDICATOR_OF[key])


def listed(frame: pd.DataFrame, sheet: str, of: str) -> Find:
    """Tables that list rows: row by row, by a column that names them."""
    rows = dict(zip(frame[of], frame["row"], strict=True))
    return lambda row, key: [Traced(sheet, pd.Series([rows[row[of]]]))]


TRACERS: dict[str, Callable[[ReportFigures], Find]] = {
    "by_type": _plan("visit_type"),
    "by_method": _plan("method"),
    "by_branch": _plan("branch", "网点"),
    "by_visitor": _plan("visitor", "回访人员"),
    "results": _results,
    "coverage": _coverage,
    "comparison": _comparison,
    "grades": _grades,
    "categories": _issue_counts("category"),
    "stages": _issue_counts("stage"),
    "issue_branches": _issue_counts("branch"),
    "ratings": _ratings,
    "buckets": _buckets,
    "products": _products,
    "warnings": _warnings,
    "remedies": _remedies,
    "earlier": _earlier,
    "earlier_overdue": lambda f: listed(f.earlier.carried, ISSUES, "issue_no"),
    "indicators": _institution,
    "branch_indicators": _units("网点"),
    "visitor_indicators": _units("回访人员"),
    "department_indicators": _units("部门"),
}


def _month_of(f: ReportFigures, title: str) -> pd.Series:
    found = f.issues.found["found_on"]
    year, _, month = title.rpartition("年") if title.endswith("月") else (title.rstrip("年"), "", "")
    out = pd.Series(True, index=found.index)
    if year:
        out &= found.dt.year == int(year)
    return out & (found.dt.month == int(month.rstrip("月"))) if month else out


def chart_point(f: ReportFigures, chart: str, category: str, series: str) -> Iterable[Traced]:
    """What stands behind a point."""
    found = f.issues.found
    if chart == "completion":
        return TRACERS["by_branch"](f)({"name": category}, "rate")
    if chart == "months":
        return _rows(ISSUES, found, _month_of(f, category) & (found["grade"] == series))
    if chart == "funnel":
        return _rows(ISSUES, found, f.issues.reached[FUNNEL.index(category)])
    parts: Any = f.trend.loc[category, series]
    if parts is None:
        return []
    if parts.rows:
        return [Traced(parts.sheet, pd.Series(parts.rows))]
    return indicator_source(f, v.KPI_OBJECT_KINDS[0], "", series)
