"""抽查取样: the period's spot check → 抽查, and what the reviewers found so far (七、(一)2.)."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import gather
from toolkit.model.period import Period, quarter_of
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table
from toolkit.rules import finding_rows
from toolkit.rules.indicators.rows import open_books
from toolkit.rules.issues.register import record_of
from toolkit.rules.renewal import of_other_periods, renewed
from toolkit.rules.spotcheck import review
from toolkit.rules.spotcheck.draw import WAY, Drawn, draw
from toolkit.rules.spotcheck.listed import additions, record_of_rows, refreshed, row_of_records, with_stage
from toolkit.rules.spotcheck.population import digest, population, sample_numbers, seed_of
from toolkit.rules.spotcheck.rectify import rectifications
from toolkit.rules.spotcheck.risk import risks
from toolkit.rules.spotcheck.summary import sample_summary

SHARE, MINIMUM = "抽查比例", "每人最少抽查"
_MOST_NAMED = 10


@dataclass(frozen=True)
class _Chance:
    """Seed of a draw and the digest of what it is drawn from."""

    seed: int
    fingerprint: str


def sample(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 抽查 (rows added, reasons that came since), 抽样记录, 抽查汇总, 抽查整改 and 校验结果.

    `request.period` defaults to the calendar quarter that holds T; `request.seed` to the seed of the period's first
    draw, else to one that follows from the population. What reviewers filled in is never changed and no row is taken
    away; another seed adds its picks.
    """
    period = request.period or quarter_of(request.as_of)
    books = open_books(tables, request, period)
    records = population(books)
    chance = _chance(records, tables, request, period)
    issues = books.issues[books.issues["grade"] == v.CRITICAL]
    critical = pd.Series(records.index.isin(record_of(issues, books.records)), index=records.index)
    drawn = draw(
        records,
        chance.seed,
        request.parameters[SHARE],
        request.parameters[MINIMUM],
        critical,
        risks(records, tables, request),
    )

    table = tables[sheets.SPOT_CHECKS.title]
    listed = table.data
    met = record_of_rows(listed, books.records)
    at = row_of_records(listed, met, records, period)
    numbers = sample_numbers(records, period)
    added = additions(records, numbers, drawn, at)
    cells = refreshed(listed, numbers, drawn, at)

    answers = review.compared(listed, with_stage(books.records, books.visits), met)
    difference = review.differences(listed, answers)
    compared = pd.Series(listed.index.isin(answers["at"]), index=listed.index)
    open_rows, misverified = rectifications(listed, difference, compared, tables[sheets.RECTIFICATIONS.title], request)
    found = gather([review.review_findings(table, books.records, met, answers, request), misverified])
    summary = sample_summary(*_reviewed(records, listed, at, added, numbers, open_rows), period)
    log = _log_row(records, drawn, chance, request, period)
    edits = [
        SheetEdits(sheets.SPOT_CHECKS, cells=cells, append=added),
        _logged(log, tables[sheets.SAMPLE_LOG.title]),
        _of_period(sheets.SAMPLE_SUMMARY, summary, tables, period),
        renewed(sheets.RECTIFICATIONS, open_rows, tables[sheets.RECTIFICATIONS.title], sheets.RECTIFICATIONS.key),
        finding_rows.edits(found, tables, finding_rows.SAMPLE),
    ]
    counts = _counts(records, drawn, added, summary, found)
    return Outcome(edits, counts, _warnings(found, records, period, tables), _summary(counts, chance, summary, period))


def _chance(records: pd.DataFrame, tables: Mapping[str, Table], request: Request, period: Period) -> _Chance:
    fingerprint = digest(records)
    if request.seed is not None:
        return _Chance(request.seed, fingerprint)
    log = tables[sheets.SAMPLE_LOG.title].data
    earlier = log.loc[(log["period"] == period.label) & log["seed"].str.fullmatch(r"\d+"), "seed"]
    return _Chance(seed_of(fingerprint) if earlier.empty else int(earlier.iloc[0]), fingerprint)


def _reviewed(
    records: pd.DataFrame,
    listed: pd.DataFrame,
    at: pd.Series,
    added: pd.DataFrame,
    numbers: pd.Series,
    open_rows: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """The population, what 抽查 will say of its records, and which of them are not yet put right."""
    known = at[at >= 0]
    rows = listed.loc[known.to_numpy(), ["sample_no", "sample_reason", "verdict"]].set_index(known.index)
    record = pd.Series(numbers.index, index=numbers.to_numpy())
    fresh = added.assign(verdict="").set_index(record.reindex(added["sample_no"]).to_numpy())[list(rows.columns)]
    rows = pd.concat([part for part in (rows, fresh) if not part.empty] or [rows])
    unsettled = open_rows.loc[~open_rows["state"].isin((v.RECTIFIED, v.RECTIFY_VOID)), "sample_no"]
    return records, rows, rows["sample_no"].isin(unsettled)


def _log_row(records: pd.DataFrame, drawn: Drawn, chance: _Chance, request: Request, period: Period) -> dict:
    strata = records.groupby(["visitor", "method"]).size().to_frame("size").assign(drawn=drawn.quota).reset_index()
    return {
        "period": period.label,
        "drawn_on": pd.Timestamp(request.as_of),
        "seed": str(chance.seed),
        "population": len(records),
        "digest": chance.fingerprint,
        "share": float(request.parameters[SHARE]),
        "minimum": request.parameters[MINIMUM],
        "random": int(drawn.random.sum()),
        "critical": int(drawn.critical.sum()),
        "risky": int(drawn.risky.sum()),
        "drawn": len(drawn.reasons),
        "strata": "；".join(f"{one.visitor}·{one.method} {one.size}/{one.drawn}" for one in strata.itertuples()),
        "way": WAY,
    }


def _logged(row: dict, table: Table) -> SheetEdits:
    """The draw appended, unless it is the last one of its period over again."""
    same = table.data
    for name in ("period", "seed", "digest", "share", "minimum", "random", "critical", "risky"):
        same = same[same[name] == row[name]]
    fresh = pd.DataFrame([row])
    return SheetEdits(sheets.SAMPLE_LOG, append=fresh if same.empty and row["population"] else None)


def _of_period(sheet, rows: pd.DataFrame, tables: Mapping[str, Table], period: Period) -> SheetEdits:
    table = tables[sheet.title]
    return renewed(sheet, of_other_periods(sheet, rows, table, period.label), table, sheet.key)


def _counts(
    records: pd.DataFrame, drawn: Drawn, added: pd.DataFrame, summary: pd.DataFrame, found: pd.DataFrame
) -> dict[str, int]:
    total = summary.iloc[-1]
    return {
        "总体": len(records),
        "样本": len(drawn.reasons),
        "随机抽取": int(drawn.random.sum()),
        "重大问题": int(drawn.critical.sum()),
        "风险加抽": int(drawn.risky.sum()),
        "新增": len(added),
        "已复核": int(total["reviewed"]),
        "不实": int(total[["omitted", "misstated", "untrue"]].sum()),
        "未整改": int(total["open"]),
        "需核对": len(found),
    }


def _summary(counts: dict[str, int], chance: _Chance, summary: pd.DataFrame, period: Period) -> str:
    if not counts["总体"]:
        return f"{period.label}：没有回访记录可抽查"
    text = (
        f"{period.label}：总体 {counts['总体']} 条，样本 {counts['样本']} 条（随机 {counts['随机抽取']}、"
        f"重大 {counts['重大问题']}、风险 {counts['风险加抽']}），新增 {counts['新增']} 条；"
        f"种子 {chance.seed}，总体摘要 {chance.fingerprint[:16]}"
    )
    total = summary.iloc[-1]
    if pd.notna(total["rate"]):
        text += f"；差错率估计 {total['rate']:.1%}（95% 区间 {total['low']:.1%}–{total['high']:.1%}）"
    return text + (f"；未整改 {counts['未整改']} 条" if counts["未整改"] else "")


def _warnings(found: pd.DataFrame, records: pd.DataFrame, period: Period, tables: Mapping[str, Table]) -> list[str]:
    out = [] if len(records) else [f"{period.title}没有回访记录，没有抽取"]
    errors = found[found["level"] == v.ERROR]
    named = errors.head(_MOST_NAMED)
    out += finding_rows.sentences(named, tables)
    if rest := len(found) - len(named):
        out.append(f"{rest} 处复核结果须核对，见“{sheets.FINDINGS.title}”")
    return out
