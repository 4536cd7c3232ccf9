"""Small workbooks as a stranger would make them: openpyxl, only the sheets a test needs, no styles."""

import datetime as dt
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from toolkit.model import sheets as s
from toolkit.model.fields import Sheet
from toolkit.model.parameters import PARAMETERS

DAY = dt.date


def loan(contract_no: str, **changes: Any) -> dict[str, Any]:
    """A loan of a person, disbursed 2026-06-15, in use; every required column filled."""
    return {
        "contract_no": contract_no,
        "customer_no": "K" + contract_no,
        "customer_name": "林晓舟",
        "customer_type": "个人",
        "phone": "19900000001",
        "product": "个人经营贷",
        "amount": 200000,
        "purpose": "进货",
        "disbursed_on": DAY(2026, 6, 15),
        "matures_on": DAY(2027, 6, 15),
        "status": "使用中",
        "grade": "正常",
        "branch": "城东支行",
        "loan_officer": "郑远",
    } | changes


VISITORS = [
    {"staff_no": "V01", "name": "何青", "branch": "城东支行", "department": "风险管理部", "daily_limit": 6},
    {"staff_no": "V02", "name": "陆平", "branch": "城东支行", "department": "风险管理部", "daily_limit": 6},
]


def record(**changes: Any) -> dict[str, Any]:
    return {
        "visited_on": DAY(2026, 7, 6),
        "minutes": 8,
        "customer_name": "林晓舟",
        "contract_no": "HT001",
        "phone": "19900000001",
        "method": "电话",
        "result": "成功",
        "content": "询问资金使用情况",
        "feedback": "资金按计划使用",
        "visitor": "何青",
        "signature": "何青",
        "submitted_on": DAY(2026, 7, 6),
    } | changes


def stranger(path: Path, rows: dict[Sheet, list[dict[str, Any]]], parameters: dict[str, Any] | None = None) -> Path:
    """Write a workbook with sheet 参数 (defaults, changed by `parameters`; None drops the row) and the given sheets."""
    book = Workbook()
    sheet = book.active
    sheet.title = s.PARAMETERS.title
    sheet.append([field.header for field in s.PARAMETERS])
    values = {p.title: p.default for p in PARAMETERS} | (parameters or {})
    for parameter in PARAMETERS:
        if parameters is None or parameters.get(parameter.title, "") is not None:
            sheet.append([parameter.title, values[parameter.title], parameter.unit, "", parameter.clause])
    for model, body in rows.items():
        sheet = book.create_sheet(model.title)
        sheet.append([field.header for field in model])
        for row in body:
            sheet.append([row.get(field.name) for field in model])
    book.save(path)
    return path


def small_branch(path: Path, **changes: list[dict[str, Any]]) -> Path:
    """Two loans, two visitors; `changes` replaces rows of loans, visitors or records."""
    rows = {
        s.VISITORS: changes.get("visitors", VISITORS),
        s.LOANS: changes.get("loans", [loan("HT001"), loan("HT002", customer_name="江望", phone="19900000002")]),
    }
    if "records" in changes:
        rows[s.RECORDS] = changes["records"]
    return stranger(path, rows)


def column(path: Path, sheet: Sheet, name: str) -> list[Any]:
    """Values of a column below its header, as openpyxl reads them."""
    body = load_workbook(path)[sheet.title]
    headers = [cell.value for cell in body[1]]
    at = headers.index(sheet.header(name))
    return [row[at] for row in body.iter_rows(min_row=2, values_only=True)]
