"""The report's charts, of the same figures as its tables and sentences; None where there is nothing to draw."""

from collections.abc import Callable

import pandas as pd

from toolkit.model import values as v
from toolkit.model.tables import Chart, ChartKind
from toolkit.rules.report.figures import ReportFigures
from toolkit.rules.report.issues import GRADES
from toolkit.rules.report.visit_tables import branch_completion
from toolkit.rules.report.wording import listing, rate_of

# 重大 red, 重要 orange, 一般 blue, 待定级 grey.
_GRADE_COLOURS = ("A61C1C", "D97B1F", "3E6FA3", "8C8C8C")
_ONE_COLOUR = ("2F5F8F",)
_PERCENT = '0.00"%"'


def completion(f: ReportFigures) -> Chart | None:
    """Completion rate of each branch that has one, as in the table by 网点."""
    rates = [
        (str(name), rate)
        for name, row in branch_completion(f).iterrows()
        if (rate := rate_of(row["on_time"], row["counted"])) is not None
    ]
    if not rates:
        return None
    names, values = zip(*sorted(rates, key=lambda pair: pair[1]), strict=True)
    said = listing(f"{name}{rate}%" for name, rate in zip(names, values, strict=True))
    return Chart(
        ChartKind.BARS,
        "各网点回访计划完成率",
        names,
        ((v.PLAN_COMPLETION, tuple(float(rate) for rate in values)),),
        f"条形图：各网点回访计划完成率，由低到高为{said}。",
        _PERCENT,
        # Room for the number at a full bar.
        115,
        _ONE_COLOUR,
    )


def months(f: ReportFigures) -> Chart | None:
    """Issues found by month and grade; by year for a period of more than two years."""
    counts = f.issues.months
    if not counts.to_numpy().sum():
        return None
    grades = [grade for grade in GRADES if counts[grade].any()]
    said = "；".join(
        f"{month}" + listing(f"{grade}{row[grade]}项" for grade in grades if row[grade])
        if row.sum()
        else f"{month}未发现"
        for month, row in counts.iterrows()
    )
    return Chart(
        ChartKind.STACKED,
        "各月发现问题的严重程度",
        tuple(str(name) for name in counts.index),
        tuple((grade, tuple(float(n) for n in counts[grade])) for grade in grades),
        f"堆积柱形图：按发现日期和严重程度统计的问题项数，{said}。",
        colours=tuple(_GRADE_COLOURS[GRADES.index(grade)] for grade in grades),
    )


def funnel(f: ReportFigures) -> Chart | None:
    """How far the issues found have come."""
    steps = f.issues.funnel
    if not len(f.issues.found):
        return None
    return Chart(
        ChartKind.BARS,
        "本期发现问题的处理进度",
        tuple(steps),
        (("问题（项）", tuple(float(n) for n in steps.values())),),
        f"条形图：本期发现问题的处理进度，{listing(f'{name}{n}项' for name, n in steps.items())}。",
        colours=_ONE_COLOUR,
    )


def trend(f: ReportFigures) -> Chart | None:
    """The institution's indicators, period by period; nothing where only this period is known."""
    rates = f.trend.map(lambda parts: rate_of(*parts[:2]), na_action="ignore")
    rates = rates[rates.notna().any(axis=1)]
    if len(rates) < 2:
        return None
    series = []
    for name in v.KPI_NAMES:
        values = tuple(None if pd.isna(rate) else float(rate) for rate in rates[name])
        if any(value is not None for value in values):
            series.append((name, values))
    said = "；".join(
        f"{title}" + listing(f"{name}{rate}%" for name, rate in row.items() if not pd.isna(rate))
        for title, row in rates.iterrows()
    )
    return Chart(
        ChartKind.LINES,
        "考核指标变化",
        tuple(str(title) for title in rates.index),
        tuple(series),
        f"折线图：各期考核指标，{said}。",
        _PERCENT,
        100,
    )


CHARTS: tuple[tuple[str, Callable[[ReportFigures], Chart | None]], ...] = (
    ("completion", completion),
    ("months", months),
    ("funnel", funnel),
    ("trend", trend),
)


def report_charts(f: ReportFigures) -> dict[str, Chart | None]:
    """Chart name → chart, in document order."""
    return {name: build(f) for name, build in CHARTS}
