"""A branch's quarter small enough to count by hand, and the report read back as a reader sees it.

T = 2026-09-30, period 2026Q3. Due in it: 5 visits; counted for the completion rate: 4 (one was cancelled by the tool),
1 completed in time, 1 late, 1 missed, 1 still to do. 3 records, 2 of them 成功. 4 issues; 2 carried over from before.
"""

import datetime as dt
import io
import zipfile
from typing import Any

from docx import Document

from toolkit.generate import report_template
from toolkit.model import sheets as s
from toolkit.model.calendar import WorkCalendar
from toolkit.model.fields import Sheet
from toolkit.model.parameters import Parameters
from toolkit.model.period import parse_period
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, Paper, Table, table_from
from toolkit.reports.render import render
from toolkit.steps.report import report

READ = (
    s.VISITS, s.RECORDS, s.LOANS, s.SCHEDULE, s.VISITORS, s.ISSUES, s.SPOT_CHECKS, s.FIRST_SUBMISSIONS, s.INDICATORS,
    s.SPECIAL_VISITS, s.FINDINGS, s.HOLIDAYS, s.WISHES,
)  # fmt: skip
CALENDAR = WorkCalendar()
PHONE, ID_NUMBER = "19900001234", "330102199003071234"
NAMES = ("林晓舟", "江州宏达机械有限公司", "欧阳明月")
Rows = dict[Sheet, list[dict[str, Any]]]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def loan(contract_no: str, name: str, branch: str, product: str, balance: float, **changes: Any) -> dict[str, Any]:
    return {
        "contract_no": contract_no,
        "customer_no": "K" + contract_no,
        "customer_name": name,
        "customer_type": "个人",
        "id_number": ID_NUMBER,
        "phone": PHONE,
        "product": product,
        "amount": 500000,
        "balance": balance,
        "purpose": "进货",
        "disbursed_on": day("2026-05-06"),
        "matures_on": day("2029-05-06"),
        "status": "使用中",
        "grade": "正常",
        "branch": branch,
        "loan_officer": "郑远",
    } | changes


def visit(visit_no: str, contract_no: str, visit_type: str, stage: str, due_on: str, state: str, **changes: Any):
    return {
        "visit_no": visit_no,
        "contract_no": contract_no,
        "visit_type": visit_type,
        "stage": stage,
        "method": "电话",
        "earliest_on": day(due_on) - dt.timedelta(days=30),
        "due_on": day(due_on),
        "visitor": "何青",
        "state": state,
    } | changes


def record(visit_no: str, contract_no: str, name: str, visited_on: str, result: str, **changes: Any) -> dict[str, Any]:
    return {
        "visit_no": visit_no,
        "visited_on": day(visited_on),
        "customer_name": name,
        "contract_no": contract_no,
        "phone": PHONE,
        "method": "电话",
        "result": result,
        "visitor": "何青",
        "signature": "何青",
    } | changes


def issue(issue_no: str, visit_no: str, contract_no: str, name: str, category: str, severity: str, found_on: str, **c):
    return {
        "issue_no": issue_no,
        "visit_no": visit_no,
        "contract_no": contract_no,
        "customer_name": name,
        "category": category,
        "severity": severity,
        "found_on": day(found_on),
        "state": "待反馈",
    } | c


HOSTILE = (
    f"A<B & C>D {{{{ secret }}}} {{% raw %}} {{_{{ x }}_}} ｛｛y｝｝ 林晓舟说打{PHONE}，证件{ID_NUMBER}\x07\x0b\x00尾"
    + "长" * 2000
)


def quarter() -> Rows:
    """The sheets of the example, fresh each time."""
    lin, firm, ou = NAMES
    return {
        s.VISITORS: [
            {"staff_no": "1", "name": "何青", "branch": "城东支行", "department": "风险管理部"},
            {"staff_no": "2", "name": "陆平", "branch": "城西支行", "department": "公司业务部"},
        ],
        s.LOANS: [
            loan("HT001", lin, "城东支行", "个人经营贷", 100000),
            loan("HT002", firm, "城西支行", "小微企业贷", 300000, customer_type="企业"),
            loan("HT003", ou, "城东支行", "个人经营贷", 50000),
        ],
        s.SCHEDULE: [
            {"contract_no": "HT003", "instalment_no": 1, "due_on": day("2026-08-01"), "due_amount": 2500},
            {"contract_no": "HT003", "instalment_no": 2, "due_on": day("2026-11-01"), "due_amount": 2500},
        ],
        s.VISITS: [
            visit("V1", "HT001", "定期回访", "使用", "2026-09-30", "已完成"),
            visit("V2", "HT002", "定期回访", "使用", "2026-09-30", "待回访", method="面谈", visitor="陆平"),
            visit("V3", "HT003", "逾期回访", "还款", "2026-08-05", "逾期未访"),
            visit("V4", "HT003", "逾期回访", "还款", "2026-08-20", "已完成"),
            visit("V5", "HT001", "首次回访", "发放", "2026-05-13", "已完成"),
            visit("V6", "HT002", "专项回访", "使用、还款", "2026-07-10", "已取消", visitor="陆平")
            | {"system_note": "系统取消：已撤销"},
        ],
        s.RECORDS: [
            record("V1", "HT001", lin, "2026-09-10", "成功", satisfaction=5, use_1="是", use_2="是", use_3="是",
                   feedback="满意", content="核对用途", suggestion="希望增加短信提醒", submitted_on=day("2026-09-11")),
            record("V4", "HT003", ou, "2026-08-25", "成功", satisfaction=4, repay_1="是", repay_2="否", repay_3="是",
                   feedback=HOSTILE, content="了解还款", open_question="违约金怎么算", submitted_on=day("2026-08-26")),
            record("V2", "HT002", firm, "2026-09-12", "未接通", method="面谈", visitor="陆平", signature="陆平"),
            record("V5", "HT001", lin, "2026-05-08", "成功", satisfaction=4, disburse_1="否", disburse_2="是",
                   disburse_3="是", feedback="少了两千", content="核对到账", submitted_on=day("2026-05-08")),
        ],
        s.ISSUES: [
            issue("W1", "V4", "HT003", ou, "还款困难", "重要", "2026-08-25", state="整改中", department="公司业务部",
                  report_due_on=day("2026-08-26"), reported_on=day("2026-08-26"), remedy_due_on=day("2026-09-15"),
                  evidence="还款2_能力稳定=否"),
            issue("W2", "V4", "HT003", ou, "虚假资料/欺诈", "重大", "2026-08-25", report_due_on=day("2026-08-25"),
                  remedy_due_on=day("2026-10-14"), evidence=f"欧阳明月用他人证件{ID_NUMBER}"),
            issue("W3", "V1", "HT001", lin, "政策流程不理解", "一般", "2026-09-10", state="当场解决"),
            issue("W4", "V5", "HT001", lin, "金额不符", "重要", "2026-05-08", remedy_due_on=day("2026-06-01"),
                  department="零售业务部"),
            issue("W5", "", "HT002", firm, "服务态度", "一般", "2026-05-20", state="已销号", verifier="何青",
                  verified_on=day("2026-07-15")),
            issue("W6", "V1", "HT001", lin, "逾期", "重要", "2026-09-10", manual_grading="无问题"),
            issue("W7", "V2", "HT002", firm, "失联", "待定级", "2026-09-20", state="待定级"),
        ],
    }  # fmt: skip


def tables(rows: Rows) -> dict[str, Table]:
    return {sheet.title: table_from(sheet, rows.get(sheet, []), present=sheet in rows) for sheet in READ}


def request(as_of: str = "2026-09-30", period: str = "2026Q3", institution: str = "江州农商行", **parameters: Any):
    return Request(
        day(as_of), Parameters.defaults(**parameters), CALENDAR, parse_period(period), institution=institution
    )


def made(rows: Rows, asked: Request | None = None) -> Outcome:
    return report(tables(rows), asked or request())


class Read:
    """A rendered report as its reader sees it: `text` by paragraph, `tables` by caption without the number."""

    def __init__(self, paper: Paper, template: bytes | None = None) -> None:
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{paper.template}.docx"
            path.write_bytes(template or report_template.build())
            self.content = render(paper, path)
        self.document = Document(io.BytesIO(self.content))
        self.paragraphs = [p.text for p in self.document.paragraphs]
        self.text = "\n".join(self.paragraphs)
        self.captions: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        for element in self.document.element.body:
            if element.tag.endswith("}p"):
                last = "".join(t.text or "" for t in element.iter(f"{{{element.nsmap['w']}}}t"))
            elif element.tag.endswith("}tbl"):
                table = next(t for t in self.document.tables if t._tbl is element)
                self.captions.append(last)
                self.tables[last.split("  ")[-1]] = [[cell.text for cell in row.cells] for row in table.rows]

    def parts(self) -> dict[str, str]:
        with zipfile.ZipFile(io.BytesIO(self.content)) as package:
            return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}
