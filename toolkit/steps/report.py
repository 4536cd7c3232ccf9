"""生成报告: the period's figures → the Word report for management (五、(二))."""

from collections.abc import Mapping

from toolkit.model.period import quarter_of
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, Paper, Table
from toolkit.rules.report.context import file_name, report_context
from toolkit.rules.report.data_book import FIGURES, data_book
from toolkit.rules.report.figures import ReportFigures, report_figures
from toolkit.rules.report.visits import DUE

TEMPLATE = "管理报告"


def report(tables: Mapping[str, Table], request: Request) -> Outcome:
    """The report, a workbook of its figures with the rows behind each, and no edits.

    `request.period` defaults to the calendar quarter that holds T; with `request.department` both are its extract.
    """
    period = request.period or quarter_of(request.as_of)
    figures = report_figures(tables, request, period)
    context = report_context(figures, tables)
    paper = Paper(TEMPLATE, file_name(request, period.label), context)
    book = data_book(figures, context, file_name(request, period.label, FIGURES.title, ".xlsx"))
    counts = {
        "到期回访": int(figures.visits.total[DUE]),
        "回访记录": len(figures.records.made),
        "发现问题": len(figures.issues.found),
        "结转的以往问题": len(figures.earlier.carried),
    }
    summary = f"{period.label}：" + "，".join(f"{name} {count}" for name, count in counts.items())
    return Outcome(counts=counts, warnings=_warnings(figures), summary=summary, papers=[paper, book])


def _warnings(f: ReportFigures) -> list[str]:
    out = []
    if not f.request.institution:
        out.append("首页没有填写机构，报告中的机构名称为空")
    if f.visits.stale:
        out.append(
            f"回访清单中有 {f.visits.stale} 笔回访的状态落后于回访记录，报告已按记录统计，请再运行“生成回访清单”"
        )
    if f.stale_indicators and not f.request.department:
        out.append("考核指标表中本期的数据与现有记录不一致，报告照表中数据列示，请先运行“统计考核”再生成报告")
    return out
