"""审计底稿: internal audit's evidence pack of a period as a new workbook (七、(一)1.)."""

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from toolkit import __version__
from toolkit.model import audit_sheets as a
from toolkit.model import sheets
from toolkit.model.fields import Sheet
from toolkit.model.parameters import PARAMETERS
from toolkit.model.period import Period, quarter_of
from toolkit.model.request import Request
from toolkit.model.tables import Book, Outcome, Table
from toolkit.rules.audit.execution import execution, recount
from toolkit.rules.audit.handling import events, handling
from toolkit.rules.audit.integrity import integrity
from toolkit.rules.audit.masked import masked
from toolkit.rules.audit.truth import reviews, truth
from toolkit.rules.forms.names import file_part
from toolkit.rules.indicators.rows import Books, open_books
from toolkit.rules.spotcheck.population import digest, population, prefix


def audit(tables: Mapping[str, Table], request: Request) -> Outcome:
    """One workbook of papers and no edits. `request.period` defaults to the calendar quarter that holds T."""
    period = request.period or quarter_of(request.as_of)
    books = open_books(tables, request, period)
    records = population(books)
    issues = handling(books, period)
    found = tables[sheets.FINDINGS.title].data
    summary = tables[sheets.SAMPLE_SUMMARY.title].data
    draws = tables[sheets.SAMPLE_LOG.title].data
    checks = integrity(books, records)
    made = {
        a.EXECUTION: execution(books, period),
        a.RECOUNT: recount(books, period),
        a.TRUTH: truth(books, records),
        a.FOUND: found,
        a.INTEGRITY: checks,
        a.SAMPLING: draws[draws["period"] == period.label],
        a.REVIEWS: reviews(books, records, prefix(period)),
        a.SUMMARY: summary[summary["period"] == period.label],
        a.HANDLING: issues,
        a.EVENTS: events(books, issues),
        a.LOG: tables[sheets.LOG.title].data,
        a.PARAMETERS: _parameters(request),
    }
    pages = masked([(evidence.sheet, made[evidence.sheet]) for evidence in a.PACK], tables)
    contents = _contents(pages)
    about = _about(books, records, draws, period)
    parts = [a.PACK[0].sheet.title, file_part(request.institution), period.label.replace("..", "至")]
    name = "_".join(part for part in ("审计底稿", *parts[1:]) if part) + ".xlsx"
    book = Book(name, ((a.CONTENTS, contents), (a.ABOUT, about), *pages), title=f"审计底稿 {period.title}")
    counts = {"回访": len(made[a.EXECUTION]), "记录": len(records), "问题": len(issues)}
    counts["例外"] = int(checks["count"].sum())
    counts["指标不一致"] = int((made[a.RECOUNT]["agrees"] == "不一致").sum())
    summary_line = f"{period.label}：" + "，".join(f"{name} {count}" for name, count in counts.items())
    return Outcome(counts=counts, warnings=_warnings(made, draws, period), summary=summary_line, papers=[book])


def _contents(pages: list[tuple[Sheet, pd.DataFrame]]) -> pd.DataFrame:
    rows = [
        {
            "no": no,
            "title": evidence.sheet.title,
            "cell": "A1",
            "proves": evidence.proves,
            "clause": evidence.clause,
            "rows": len(frame),
        }
        for no, (evidence, (_, frame)) in enumerate(zip(a.PACK, pages, strict=True), start=1)
    ]
    return pd.DataFrame(rows)


def _about(books: Books, records: pd.DataFrame, draws: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Rows of 说明: of what, by whom, to which day, and how to check it."""
    request, fingerprint = books.request, digest(records)
    ours = draws[draws["period"] == period.label]
    if ours.empty:
        drawn = "本期还没有运行“抽查取样”"
    elif (ours["digest"] == fingerprint).any():
        drawn = "抽样以来总体没有变化"
    else:
        drawn = "抽样以后本期记录有增减或改动，现在的总体与抽样时不同"
    span = f"{period.start:%Y-%m-%d} 至 {period.end:%Y-%m-%d}"
    rows = [
        ("机构", request.institution or "（首页没有填写）"),
        ("期间", f"{period.title}（{span}）"),
        ("基准日", f"{request.as_of:%Y-%m-%d}"),
        ("工作簿", books.tables[sheets.RECORDS.title].file),
        ("编制人", request.operator),
        ("工具版本", __version__),
        ("记录总体", f"{len(records)} 条，摘要 {fingerprint}"),
        ("抽样核对", drawn),
        ("隐私", "客户姓名、电话、证件号码已遮盖；需要核实时按回访编号、合同编号到网点工作簿查原件"),
        ("原表行", "各底稿“原表行”是网点工作簿相应工作表的行号"),
        ("审计结论", "＿" * 30),
        ("审计人员", "＿" * 10 + "　　日期：＿＿＿＿年＿＿月＿＿日"),
    ]
    return pd.DataFrame(rows, columns=["item", "content"])


def _parameters(request: Request) -> pd.DataFrame:
    rows = []
    for parameter in PARAMETERS:
        value, default = _spelled(request.parameters[parameter.title]), _spelled(parameter.default)
        rows.append(
            {
                "parameter": parameter.title,
                "value": value,
                "default": default,
                "unit": parameter.unit,
                "changed": "已改动" if value != default else "",
                "clause": parameter.clause,
                "note": parameter.note,
            }
        )
    return pd.DataFrame(rows)


def _spelled(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _warnings(made: dict[Sheet, pd.DataFrame], draws: pd.DataFrame, period: Period) -> list[str]:
    out = []
    if not (draws["period"] == period.label).any():
        out.append("本期还没有运行“抽查取样”，抽样底稿是空的")
    agrees = made[a.RECOUNT]["agrees"]
    if (agrees == "未统计").all():
        out.append("“考核指标”没有本期的数据，请先运行“统计考核”")
    elif (agrees != "一致").any():
        out.append(f"“考核指标”有 {int((agrees != '一致').sum())} 行与复算不同，见“{a.RECOUNT.title}”")
    return out
