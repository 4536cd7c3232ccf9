"""Every figure of the management report, computed once (五、(二)): sentences and tables only read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period, previous_period, year_before
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.indicators.rows import Books
from toolkit.rules.report import indicators as report_indicators
from toolkit.rules.report.actions import Remedy, remedies
from toolkit.rules.report.early_warning import EarlyWarning, early_warning
from toolkit.rules.report.extract import indicators_of, of_department
from toolkit.rules.report.issues import (
    EarlierFigures,
    IssueFigures,
    VoiceFigures,
    earlier_figures,
    issue_figures,
    voice_figures,
)
from toolkit.rules.report.risks import Exposure, Rating, Situation, exposure, ratings
from toolkit.rules.report.scope import Scope, Sources, gather_sources
from toolkit.rules.report.visits import DUE, RecordFigures, VisitFigures, record_figures, visit_figures
from toolkit.rules.report.wording import rate_of


@dataclass(frozen=True)
class Headline:
    """The figures that are compared with the period before."""

    due: int
    done: int
    completion: Decimal | None
    records: int
    successful: int
    satisfaction: float
    rated: int
    issues: int
    critical: int
    major: int

    @property
    def empty(self) -> bool:
        return not (self.due or self.records or self.issues)

    def known(self, name: str) -> int | None:
        """A count as something to compare with: 0 says nothing where nothing was planned or recorded at all."""
        based_on = {"due": self.due, "done": self.due}.get(name, self.records or self.issues)
        return int(getattr(self, name)) if based_on else None


@dataclass(frozen=True)
class Counts:
    """What was planned, recorded and found in a period."""

    visits: VisitFigures
    records: RecordFigures
    issues: IssueFigures


@dataclass(frozen=True)
class Past:
    """An earlier period to compare with."""

    period: Period
    counts: Counts
    headline: Headline


@dataclass(frozen=True)
class ReportFigures:
    """What the report says, before it is said. `indicators`: rows of 考核指标 of the period, counted anew if the
    workbook has none (then `indicator_rows` holds what was counted); `stale_indicators`: the workbook's differ from
    what its data would give now."""

    request: Request
    scope: Scope
    sources: Sources
    visits: VisitFigures
    records: RecordFigures
    issues: IssueFigures
    earlier: EarlierFigures
    voice: VoiceFigures
    exposure: Exposure
    warning: EarlyWarning
    ratings: list[Rating]
    remedies: list[Remedy]
    indicators: pd.DataFrame
    indicator_rows: dict[str, pd.DataFrame]
    stale_indicators: bool
    now: Headline
    last_period: Past
    last_year: Past
    trend: pd.DataFrame

    @property
    def before(self) -> Headline:
        return self.last_period.headline


def report_figures(tables: Mapping[str, Table], request: Request, period: Period) -> ReportFigures:
    """Bring the sheets together for `period` at T. Never fails for lack of data: empty sheets give zeros."""
    sources = gather_sources(tables, request, period)
    if request.department:
        sources = of_department(sources, request.department)
    scope = Scope(period, request.as_of)
    counts = _counts(sources, sources.books, scope)
    visits, records, issues = counts.visits, counts.records, counts.issues
    indicators, stale, indicator_rows = report_indicators.period_rows(tables, request, sources.books, period)
    if request.department:
        indicators = indicators_of(indicators, request.department, sources.visitors)
    whole = institution_row(indicators, v.PLAN_COMPLETION)
    completed = (0, 0) if whole is None else (int(whole["numerator"]), int(whole["denominator"]))

    def past(earlier: Period) -> Past:
        books = report_indicators.books_of(sources.books, earlier)
        counts = _counts(sources, books, Scope(earlier, request.as_of))
        parts = report_indicators.parts_of(tables, sources.books, earlier).get(v.PLAN_COMPLETION)
        return Past(earlier, counts, _headline(counts, parts[:2] if parts else (0, 0)))

    situation = Situation(issues, records, exposure(sources, issues, scope))
    return ReportFigures(
        request,
        scope,
        sources,
        visits,
        records,
        issues,
        earlier_figures(sources.issues, scope),
        voice_figures(records.made, scope, request, sources.wishes),
        situation.exposure,
        early_warning(situation.exposure, issues, records),
        ratings(situation, extract=bool(request.department)),
        remedies(issues.open, request),
        indicators,
        indicator_rows,
        stale,
        _headline(counts, completed),
        past(previous_period(period)),
        past(year_before(period)),
        report_indicators.trend(tables, sources.books, period, indicators),
    )


def _counts(sources: Sources, books: Books, scope: Scope) -> Counts:
    visits = visit_figures(report_indicators.plan_rows(sources.visits, books), scope)
    return Counts(visits, record_figures(sources.records, visits, scope), issue_figures(sources.issues, scope))


def _headline(counts: Counts, completed: tuple[int, int]) -> Headline:
    visits, records, issues = counts.visits, counts.records, counts.issues
    return Headline(
        int(visits.total[DUE]),
        int(visits.total[v.DONE]),
        rate_of(*completed),
        len(records.made),
        len(records.successful),
        records.satisfaction,
        records.rated,
        len(issues.found),
        issues.count(v.CRITICAL),
        issues.count(v.MAJOR),
    )


def institution_row(indicators: pd.DataFrame, indicator: str) -> pd.Series | None:
    """The 机构 row of an indicator, None if there is none."""
    rows = indicators[(indicators["object_kind"] == v.KPI_OBJECT_KINDS[0]) & (indicators["indicator"] == indicator)]
    return None if rows.empty else rows.iloc[0]


def customer_names(figures: ReportFigures, tables: Mapping[str, Table]) -> set[str]:
    """Every customer's name anywhere in the workbook: what quoted text must not show."""
    titles = (sheets.LOANS.title, sheets.VISITS.title, sheets.RECORDS.title, sheets.ISSUES.title)
    return set(pd.concat([tables[title].data["customer_name"] for title in titles]).unique())
