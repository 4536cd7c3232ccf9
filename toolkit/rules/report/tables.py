"""The rows of the report's tables, as text, in the order of the document; an empty table is left out of it."""

from collections.abc import Callable

import pandas as pd

from toolkit.model import values as v
from toolkit.model.masking import mask_name
from toolkit.rules.report import visit_tables
from toolkit.rules.report.figures import ReportFigures
from toolkit.rules.report.issues import GRADES
from toolkit.rules.report.risks import UNRATED, overall
from toolkit.rules.report.visit_tables import BODY_ROWS, TOTAL, Rows
from toolkit.rules.report.wording import date_iso, money, percent

# An appendix that would be longer ends with a note where the rest is.
APPENDIX_ROWS = 200
OVERDUE_ROWS = 10
UNMET_MARK = "＊"

_GRADE_KEYS = dict(zip(GRADES, ("critical", "major", "general", "ungraded"), strict=True))
_INDICATOR_KEYS = dict(zip(v.KPI_NAMES, ("completion", "accuracy", "timeliness", "resolution"), strict=True))


def body_tables(f: ReportFigures) -> dict[str, Rows]:
    """Table name → rows, in document order."""
    return {name: build(f) for name, build in BODY_TABLES}


def appendix_tables(f: ReportFigures) -> dict[str, Rows]:
    return {"missed": _missed(f), "issue_list": _issue_list(f)}


def _grades(f: ReportFigures) -> Rows:
    whole = len(f.issues.found)
    if not whole:
        return []
    rows = [
        {
            "name": str(grade),
            "count": str(row["total"]),
            "share": percent(row["total"], whole),
            "settled": str(row["settled"]),
            "open": str(row["open"]),
        }
        for grade, row in f.issues.grades.iterrows()
        if row["total"] or grade != v.UNGRADED
    ]
    total = f.issues.grades.sum()
    last = {"name": TOTAL, "count": str(whole), "share": percent(whole, whole)}
    return [*rows, last | {"settled": str(total["settled"]), "open": str(total["open"])}]


def _issue_counts(dimension: str) -> Callable[[ReportFigures], Rows]:
    def build(f: ReportFigures) -> Rows:
        counts = f.issues.by[dimension]
        if counts.empty:
            return []
        shown = counts.head(BODY_ROWS)
        rows = [*shown.iterrows(), (TOTAL, counts.sum())]
        return [
            {"name": str(name), "total": str(row["total"])} | {key: str(row[g]) for g, key in _GRADE_KEYS.items()}
            for name, row in rows
        ]

    return build


def _ratings(f: ReportFigures) -> Rows:
    if overall(f.ratings) == UNRATED:
        return []
    return [{"name": r.item, "evidence": r.evidence, "rule": r.rule, "level": r.level} for r in f.ratings]


def _buckets(f: ReportFigures) -> Rows:
    if not f.exposure.overdue_loans:
        return []
    buckets = f.exposure.buckets
    rows = [*buckets.iterrows(), (TOTAL, buckets.sum())]
    return [
        {
            "name": str(name),
            "loans": str(int(row["loans"])),
            "owed": money(row["owed"]),
            "balance": money(row["balance"]),
            "share": percent(row["balance"], f.exposure.balance),
        }
        for name, row in rows
    ]


def _products(f: ReportFigures) -> Rows:
    products = f.exposure.products
    if products.empty:
        return []
    rows = [*products.head(BODY_ROWS).iterrows(), (TOTAL, products.sum())]
    return [
        {
            "name": str(name),
            "loans": str(int(row["loans"])),
            "balance": money(row["balance"]),
            "share": percent(row["balance"], f.exposure.balance),
            "overdue_loans": str(int(row["overdue_loans"])),
            "overdue_balance": money(row["overdue_balance"]),
            "issues": str(int(row["issues"])),
        }
        for name, row in rows
    ]


def _warnings(f: ReportFigures) -> Rows:
    shown = f.warning.loans.head(BODY_ROWS)
    return [
        {
            "no": str(number),
            "contract_no": row["contract_no"],
            "customer": mask_name(row["customer_name"]),
            "branch": row["branch"] or "—",
            "balance": "—" if pd.isna(row["balance"]) else money(row["balance"]),
            "reason": row["reasons"],
        }
        for number, row in enumerate(shown.to_dict("records"), start=1)
    ]


def _remedies(f: ReportFigures) -> Rows:
    rows = []
    for number, r in enumerate(f.remedies, start=1):
        dates = [date_iso(day) for day in dict.fromkeys((r.first_due, r.last_due)) if not pd.isna(day)]
        rows.append(
            {
                "no": str(number),
                "name": f"{r.category}{r.count}项（最重：{r.worst}）",
                "branches": r.branches,
                "department": r.department,
                "action": r.action,
                "due": "至\n".join(dates) or "定级后确定",
            }
        )
    return rows


def _earlier(f: ReportFigures) -> Rows:
    counts = f.earlier.counts
    if f.earlier.carried.empty:
        return []
    rows = [(grade, row) for grade, row in counts.iterrows() if row["carried"]]
    return [{"name": str(n)} | {str(k): str(x) for k, x in row.items()} for n, row in [*rows, (TOTAL, counts.sum())]]


def _earlier_overdue(f: ReportFigures) -> Rows:
    late = f.earlier.carried[f.earlier.carried["overdue"]]
    late = late.assign(rank=late["grade"].map(GRADES.index)).sort_values(["rank", "remedy_due_on"], kind="stable")
    shown = late.head(OVERDUE_ROWS).assign(
        customer=lambda d: d["customer_name"].map(mask_name),
        due=lambda d: d["remedy_due_on"].map(date_iso),
        days=lambda d: (f.scope.cut - d["remedy_due_on"]).dt.days,
    )
    return _listed(shown, ["issue_no", "customer", "category", "grade", "department", "due", "days", "state"])


def _institution(f: ReportFigures) -> Rows:
    rows = f.indicators[f.indicators["object_kind"] == v.KPI_OBJECT_KINDS[0]]
    if not rows["denominator"].any():
        return []
    return [
        {
            "name": row["indicator"],
            "numerator": f"{row['numerator']:.0f}",
            "denominator": f"{row['denominator']:.0f}",
            "rate": percent(row["numerator"], row["denominator"]),
            "target": f"{row['target']:g}%",
            "verdict": row["verdict"],
        }
        for _, row in rows.iterrows()
    ]


def _of_kind(kind: str) -> Callable[[ReportFigures], Rows]:
    def build(f: ReportFigures) -> Rows:
        rows = f.indicators[f.indicators["object_kind"] == kind]
        if not rows["denominator"].any():
            return []
        out: Rows = []
        for name, part in rows.groupby("object_name", sort=False):
            cells = {key: v.NO_VALUE for key in _INDICATOR_KEYS.values()}
            for row in part.to_dict("records"):
                cells[_INDICATOR_KEYS[row["indicator"]]] = indicator_cell(row)
            out.append({"name": str(name)} | cells)
        # Those with an unmet target first, where not all can be shown.
        if len(out) > BODY_ROWS:
            out.sort(key=lambda cells: not any(UNMET_MARK in text for text in cells.values()))
        return out[:BODY_ROWS]

    return build


def indicator_cell(row) -> str:
    """95.00% over 19/20, marked where the target is not met."""
    if not row["denominator"]:
        return v.NO_VALUE
    mark = UNMET_MARK if row["verdict"] == v.KPI_VERDICTS[1] else ""
    parts = f"{row['numerator']:.0f}/{row['denominator']:.0f}"
    return f"{percent(row['numerator'], row['denominator'])}{mark}\n{parts}"


def _missed(f: ReportFigures) -> Rows:
    shown = f.visits.missed.head(APPENDIX_ROWS).assign(
        customer=lambda d: d["customer_name"].map(mask_name), due=lambda d: d["due_on"].map(date_iso)
    )
    return _listed(shown, ["contract_no", "customer", "visit_type", "due", "branch", "visitor"])


def _issue_list(f: ReportFigures) -> Rows:
    shown = f.issues.found.head(APPENDIX_ROWS).assign(
        customer=lambda d: d["customer_name"].map(mask_name),
        due=lambda d: d["remedy_due_on"].map(date_iso),
    )
    return _listed(shown, ["issue_no", "contract_no", "customer", "category", "grade", "state", "due"])


def _listed(shown: pd.DataFrame, names: list[str]) -> Rows:
    rows = shown[names].to_dict("records")
    return [
        {"no": str(i)} | {str(name): str(text) for name, text in row.items()} for i, row in enumerate(rows, start=1)
    ]


BODY_TABLES: tuple[tuple[str, Callable[[ReportFigures], Rows]], ...] = (
    ("by_type", visit_tables.plan("visit_type")),
    ("by_method", visit_tables.plan("method")),
    ("by_branch", visit_tables.plan("branch", "网点")),
    ("by_visitor", visit_tables.plan("visitor", "回访人员")),
    ("results", visit_tables.results),
    ("coverage", visit_tables.coverage),
    ("comparison", visit_tables.comparison),
    ("grades", _grades),
    ("categories", _issue_counts("category")),
    ("stages", _issue_counts("stage")),
    ("issue_branches", _issue_counts("branch")),
    ("ratings", _ratings),
    ("buckets", _buckets),
    ("products", _products),
    ("warnings", _warnings),
    ("remedies", _remedies),
    ("earlier", _earlier),
    ("earlier_overdue", _earlier_overdue),
    ("indicators", _institution),
    ("branch_indicators", _of_kind("网点")),
    ("visitor_indicators", _of_kind("回访人员")),
    ("department_indicators", _of_kind("部门")),
)
