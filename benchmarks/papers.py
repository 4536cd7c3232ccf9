"""`python -m benchmarks.papers [--papers 200] [--repeat 3]`: what `papers` costs, as a Markdown table.

The floor renders one compiled Jinja template per paper and zips the same parts with the standard library: what a plain
script around Jinja would take, nothing read, nothing decided, nothing checked. Ours is parsing the templates, rendering
and writing; the step that decides what stands on the papers is shown beside it.
"""

import argparse
import datetime as dt
import io
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import jinja2
from docxtpl import DocxTemplate

from benchmarks.forms import _fresh, timed
from toolkit.actions import BY_NAME
from toolkit.model import paper_kinds as kinds
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.model.period import parse_period
from toolkit.model.request import Request
from toolkit.model.shipped import shipped
from toolkit.model.tables import Paper, Table, table_from
from toolkit.run.order import Order
from toolkit.run.papers import rendered_all, written_all
from toolkit.steps.papers import papers

AS_OF = dt.date(2026, 9, 30)
_FOUND, _EARLIEST = dt.date(2026, 8, 20), dt.date(2026, 9, 1)


def tables(count: int) -> dict[str, Table]:
    """`count` papers: notices of issues, interviews and letters to customers, a third each."""
    loans, visits, issues, records = [], [], [], []
    for number in range(-(-count // 3)):
        key = {"contract_no": f"HT2026{number:06d}", "customer_name": f"客户甲{number}"}
        about = {"customer_no": f"K{number}", "phone": f"199{number:08d}", "product": "个人经营贷", "amount": 1000.0}
        loans.append({**key, **about, "purpose": "进货", "branch": "城东支行", "loan_officer": "郑远"})
        common = {"branch": "城东支行", "visitor": f"人员{number % 12}", "state": v.TO_VISIT}
        window = {"earliest_on": _EARLIEST, "due_on": AS_OF, "scheduled_on": AS_OF}
        visits.append({**key, **common, **window, "visit_no": f"DQ20260930-{number:08d}", "method": v.FACE_TO_FACE,
                       "visit_type": v.PERIODIC, "stage": "使用"})  # fmt: skip
        said = f"客户甲{number}说近期回款慢，下月起可能不能按时还款，希望延期。"
        records.append({**key, "visit_no": f"SQ{number:08d}", "visited_on": _FOUND, "result": v.SUCCESS,
                        "visitor": "人员1", "feedback": said})  # fmt: skip
        issues.append({**key, "issue_no": f"WT20260901-{number:08d}", "visit_no": f"SQ{number:08d}",
                       "category": "还款困难", "severity": v.MAJOR,
                       "found_on": _FOUND, "state": v.TO_REPORT, "department": "公司业务部",
                       "evidence": "还款2_能力稳定=否", "remedy_due_on": AS_OF})  # fmt: skip
    staff = [
        {"staff_no": str(n), "name": f"人员{n}", "branch": "城东支行", "department": "风险管理部"} for n in range(12)
    ]
    rows = {s.VISITORS: staff, s.VISITS: visits, s.LOANS: loans, s.ISSUES: issues, s.RECORDS: records}
    return {sheet.title: table_from(sheet, rows.get(sheet, [])) for sheet in BY_NAME["papers"].reads}


def decided(given: dict[str, Table], count: int) -> list[Paper]:
    """The step alone."""
    wanted = tuple(kind.name for kind in (kinds.NOTICE, kinds.INTERVIEW, kinds.LETTER))
    request = Request(AS_OF, Parameters.defaults(), WorkCalendar(), parse_period("2026Q3"), kinds=wanted,
                      institution="示例银行江州分行")  # fmt: skip
    return [paper for paper in papers(given, request).papers if isinstance(paper, Paper)][:count]


def ours(made: list[Paper], folder: Path) -> None:
    """Templates parsed, papers rendered and written."""
    order = Order(BY_NAME["papers"], folder / "x.xlsx", AS_OF, dt.datetime(2026, 9, 30), "", out=folder)
    written_all(rendered_all(made, order), order)


def floor(made: list[Paper]) -> Callable[[Path], None]:
    """Everything is compiled before the clock starts; the call renders and zips each paper."""
    environment = jinja2.Environment(autoescape=True)
    templates = {}
    for name in {paper.template for paper in made}:
        path = shipped("workbook_templates", f"{name}.docx")
        word = DocxTemplate(path)
        word.render_init()
        source = word.patch_xml(word.xml_to_string(word.docx.part._element))
        with zipfile.ZipFile(path) as package:
            others = {part: package.read(part) for part in package.namelist() if part != "word/document.xml"}
        templates[name] = (environment.from_string(source), others)

    def run(folder: Path) -> None:
        for paper in made:
            template, others = templates[paper.template]
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
                for part, content in others.items():
                    package.writestr(part, content)
                package.writestr("word/document.xml", template.render(paper.context))
            (folder / paper.file_name).write_bytes(out.getvalue())

    return run


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.papers", description="What making papers costs.")
    parser.add_argument("--papers", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    given = tables(options.papers)
    began = time.process_time()
    made = decided(given, options.papers)
    step = time.process_time() - began
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        ours(made, _fresh(folder / "warm"))
        plain = floor(made)
        mine = least = (float("inf"), float("inf"))
        for turn in range(options.repeat):
            print(f"{turn + 1}/{options.repeat}", file=sys.stderr, flush=True)
            mine = timed(partial(ours, made, _fresh(folder / "ours")), mine)
            least = timed(partial(plain, _fresh(folder / "floor")), least)
    costs = " | ".join(f"{seconds:.2f} ({cpu:.2f})" for seconds, cpu in (mine, least))
    print("| papers | step s | ours s (CPU) | floor s (CPU) | ours ÷ floor |\n| ---: | ---: | ---: | ---: | ---: |")
    print(f"| {len(made)} | {step:.2f} | {costs} | {mine[0] / least[0]:.2f} ({mine[1] / least[1]:.2f}) |")


if __name__ == "__main__":
    main()
