"""A small clean branch for the tests of `check`: two loans, their visits, and a record that raises nothing."""

import datetime as dt
from typing import Any

import pandas as pd

from toolkit.model import sheets as s
from toolkit.model.calendar import WorkCalendar
from toolkit.model.fields import Sheet
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table, table_from
from toolkit.rules.checks.rule_table import findings_of
from toolkit.steps.check import check

DAY = dt.date
AS_OF = DAY(2026, 4, 30)
LATER = AS_OF + dt.timedelta(days=1)
CALENDAR = WorkCalendar()
OPERATOR = "经办"


def loan(contract_no: str = "HT001", /, **changes: Any) -> dict[str, Any]:
    """A loan in use; customer and phone follow from the contract's last digits."""
    digits = contract_no[-3:]
    return {
        "contract_no": contract_no,
        "customer_no": "K" + digits,
        "customer_name": {"001": "林晓舟", "002": "江明远"}.get(digits, "客户" + digits),
        "customer_type": "个人",
        "phone": "19900000" + digits,
        "product": "个人经营贷",
        "amount": 200000,
        "purpose": "进货",
        "disbursed_on": DAY(2025, 12, 1),
        "matures_on": DAY(2026, 12, 1),
        "status": "使用中",
        "branch": "城东支行",
        "loan_officer": "郑远",
    } | changes


def visit(contract_no: str = "HT001", /, **changes: Any) -> dict[str, Any]:
    """A periodic visit of the second quarter, stage 使用."""
    return {
        "visit_no": "DQ20260630-AAAAA" + contract_no[-3:],
        "contract_no": contract_no,
        "visit_type": "定期回访",
        "stage": "使用",
        "method": "电话",
        "earliest_on": DAY(2026, 4, 1),
        "due_on": DAY(2026, 6, 30),
        "state": "待回访",
        "visitor": "何青",
    } | changes


def record(contract_no: str = "HT001", /, **changes: Any) -> dict[str, Any]:
    """A successful telephone visit on Tuesday 21 April 2026, complete and in order."""
    digits = contract_no[-3:]
    return {
        "visit_no": "DQ20260630-AAAAA" + digits,
        "visited_on": DAY(2026, 4, 21),
        "started_at": dt.time(9, 30),
        "minutes": 8,
        "customer_name": {"001": "林晓舟", "002": "江明远"}.get(digits, "客户" + digits),
        "contract_no": contract_no,
        "phone": "19900000" + digits,
        "method": "电话",
        "result": "成功",
        "use_1": "是",
        "use_2": "是",
        "use_3": "不适用",
        "content": "询问资金用途和经营情况",
        "feedback": f"第{digits}家店生意平稳，进货按合同办",
        "satisfaction": 5,
        "visitor": "何青",
        "signature": "何青",
        "submitted_on": DAY(2026, 4, 22),
    } | changes


STAFF = [
    {"staff_no": "V01", "name": "何青", "branch": "城东支行", "department": "风险管理部"},
    {"staff_no": "V02", "name": "陆平", "branch": "城东支行", "department": "风险管理部"},
]


def branch(records: list[dict[str, Any]], **sheets: list[dict[str, Any]]) -> dict[str, Table]:
    """Tables by title. `sheets`: rows of loans, visits, staff, schedule, special, holidays, findings, first."""
    rows: list[tuple[Sheet, list[dict[str, Any]]]] = [
        (s.LOANS, sheets.get("loans", [loan("HT001"), loan("HT002")])),
        (s.VISITS, sheets.get("visits", [visit("HT001"), visit("HT002")])),
        (s.VISITORS, sheets.get("staff", STAFF)),
        (s.SCHEDULE, sheets.get("schedule", [])),
        (s.SPECIAL_VISITS, sheets.get("special", [])),
        (s.HOLIDAYS, sheets.get("holidays", [])),
        (s.FINDINGS, sheets.get("findings", [])),
        (s.FIRST_SUBMISSIONS, sheets.get("first", [])),
        (s.ISSUES, []),
        (s.CHECK_SUMMARY, []),
        (s.RECORDS, records),
    ]
    return {sheet.title: table_from(sheet, data) for sheet, data in rows}


def request(as_of: dt.date = AS_OF, **parameters: Any) -> Request:
    return Request(as_of, Parameters.defaults(**parameters), CALENDAR, operator=OPERATOR)


def cells(found: pd.DataFrame, sheet: Sheet = s.RECORDS) -> set[tuple[str, int, str]]:
    """(rule, row, field) of the findings on a sheet."""
    here = found[found["sheet"] == sheet.title]
    return set(zip(here["rule"], here["row"].astype(int), here["field"], strict=True))


def after(tables: dict[str, Table], edits: list[Any]) -> dict[str, Table]:
    """The tables as the next run reads them: edits of cells, appended and replaced rows applied."""
    out = dict(tables)
    for one in edits:
        table = out[one.sheet.title]
        raw = table.raw.astype("object").copy()
        if one.replace is not None:
            raw = one.replace.reindex(columns=list(one.sheet.names))
        else:
            if one.cells is not None:
                for row, field, value in one.cells.itertuples(index=False):
                    raw.loc[table.data.index[table.data["row"] == row][0], field] = value
            if one.append is not None and not one.append.empty:
                raw = pd.concat([raw, one.append.astype("object")], ignore_index=True)
        out[one.sheet.title] = table_from(one.sheet, raw.reindex(columns=list(one.sheet.names)))
    return out


def found(records: list[dict[str, Any]], as_of: dt.date = AS_OF, **sheets: list[dict[str, Any]]):
    """(rule, row, field) of what `check` finds in 回访记录."""
    return cells(findings_of(branch(records, **sheets), request(as_of)))


def edit(outcome: Outcome, sheet: Sheet) -> SheetEdits:
    """What a run wants of one sheet."""
    return next(one for one in outcome.edits if one.sheet is sheet)


def rows(tables: dict[str, Table]) -> pd.DataFrame:
    """校验结果 as it stands."""
    return tables[s.FINDINGS.title].data


def marked(outcome: Outcome) -> set[tuple[int, str, str]]:
    """(row, field, level) of the marks on 回访记录."""
    marks = edit(outcome, s.RECORDS).marks
    return set(zip(marks["row"].astype(int), marks["field"], marks["level"], strict=True))


def run(tables: dict[str, Table], as_of: dt.date = AS_OF) -> tuple[Outcome, dict[str, Table]]:
    """One press of the button, and the tables after it."""
    outcome = check(tables, request(as_of))
    return outcome, after(tables, outcome.edits)


def typed(tables: dict[str, Table], sheet: Sheet, row: int, **values: Any) -> dict[str, Table]:
    """The tables after somebody has typed into cells of a sheet row."""
    changed = pd.DataFrame([{"row": row, "field": name, "value": value} for name, value in values.items()])
    return after(tables, [SheetEdits(sheet, cells=changed)])


def handled(tables: dict[str, Table], rule: str, **values: Any) -> dict[str, Table]:
    """The tables after the clerk has filled 处理… beside the only finding of a rule."""
    (row,) = rows(tables).loc[rows(tables)["rule"] == rule, "row"]
    return typed(tables, s.FINDINGS, row, **values)
