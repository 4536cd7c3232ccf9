"""A workbook, an export and the button 导入台账 pressed, for the tests of the ledger."""

import datetime as dt
from typing import Any

import pandas as pd

from toolkit.model import sheets
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Source, Table, table_from
from toolkit.steps.ledger import ledger

LOAN = {
    "contract_no": "HT001",
    "customer_no": "C1",
    "customer_name": "周明德",
    "customer_type": "个人",
    "phone": "19900000001",
    "product": "经营贷",
    "amount": 100000,
    "purpose": "进货",
    "disbursed_on": dt.date(2026, 1, 5),
    "balance": 100000,
    "status": "使用中",
    "grade": "正常",
    "branch": "城东支行",
    "loan_officer": "何立",
    "key_customer": "是",
    "remark": "每周三不便",
}
OTHER = {**LOAN, "contract_no": "HT002", "customer_no": "C2", "customer_name": "吴秀兰", "phone": "19900000002"}
HEADERS = ["贷款合同编号", "贷款余额", "逾期天数"]


def world(
    loans: list[dict[str, Any]] | None = None,
    schedule: list[dict[str, Any]] | None = None,
    mapping: list[dict[str, Any]] | None = None,
) -> dict[str, Table]:
    return {
        sheets.LOANS.title: table_from(sheets.LOANS, [LOAN, OTHER] if loans is None else loans),
        sheets.SCHEDULE.title: table_from(sheets.SCHEDULE, schedule or []),
        sheets.FIELD_MAPPING.title: table_from(sheets.FIELD_MAPPING, mapping or []),
    }


def source(*rows: list[Any], file: str = "导出.xlsx", sheet: str = "Sheet1") -> Source:
    return Source(file, sheet, list(rows))


def press(tables: dict[str, Table], *sources: Source, **options: Any) -> Outcome:
    request = Request(dt.date(2026, 9, 30), Parameters.defaults(), WorkCalendar(), sources=sources, **options)
    return ledger(tables, request)


def edit_of(outcome: Outcome, title: str = "贷款台账") -> SheetEdits:
    found = [edit for edit in outcome.edits if edit.sheet.title == title]
    return found[0] if found else SheetEdits(sheets.BY_TITLE[title])


def cells_of(outcome: Outcome, title: str = "贷款台账") -> dict[tuple[int, str], Any]:
    cells = edit_of(outcome, title).cells
    if cells is None:
        return {}
    return {(row, name): value for row, name, value in cells[["row", "field", "value"]].itertuples(index=False)}


def appended(outcome: Outcome, title: str = "贷款台账") -> list[dict[str, Any]]:
    rows = edit_of(outcome, title).append
    return [] if rows is None else rows.astype("object").where(rows.notna(), None).to_dict("records")


def after(tables: dict[str, Table], outcome: Outcome) -> dict[str, Table]:
    """The workbook once the edits are written, as the host would read it again."""
    out = {}
    for title, table in tables.items():
        edit, raw = edit_of(outcome, title), table.raw.astype("object")
        if edit.cells is not None:
            for row, name, value in edit.cells[["row", "field", "value"]].itertuples(index=False):
                raw.loc[row - 2, name] = value
        if edit.append is not None:
            raw = pd.concat([raw, edit.append.reindex(columns=raw.columns)], ignore_index=True)
        out[title] = table_from(table.sheet, raw)
    return out
