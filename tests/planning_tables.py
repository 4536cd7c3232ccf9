"""Small ledgers for the tests of planning, and a workbook in memory that takes the edits of a step."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd
import pytest

from toolkit.actions import BY_NAME
from toolkit.model import sheets as s
from toolkit.model.calendar import WorkCalendar
from toolkit.model.fields import Sheet
from toolkit.model.parameters import Parameters
from toolkit.model.period import Period
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table, table_from
from toolkit.steps.plan import plan

CALENDAR = WorkCalendar()
OF_LOAN = {"schedule": s.SCHEDULE, "special": s.SPECIAL_VISITS, "issues": s.ISSUES, "records": s.RECORDS}
READ = tuple(dict.fromkeys((*BY_NAME["plan"].reads, *BY_NAME["plan"].writes)))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def loan(contract_no: str = "HT001", **changes: Any) -> dict[str, Any]:
    """A personal loan in use without 还款计划, disbursed 2025-06-20 and due far away."""
    return {
        "contract_no": contract_no,
        "customer_no": "K" + contract_no,
        "customer_name": "林晓舟",
        "customer_type": "个人",
        "phone": "19900000001",
        "product": "个人经营贷",
        "amount": 200000,
        "purpose": "进货",
        "disbursed_on": day("2025-06-20"),
        "matures_on": day("2029-06-20"),
        "status": "使用中",
        "grade": "正常",
        "branch": "城东支行",
        "loan_officer": "郑远",
    } | changes


def instalment(due_on: str, number: int = 1, contract_no: str = "HT001", **changes: Any) -> dict[str, Any]:
    row = {"contract_no": contract_no, "instalment_no": number, "due_on": day(due_on), "due_amount": 1000}
    return row | changes


def record(visited_on: str, contract_no: str = "HT001", **changes: Any) -> dict[str, Any]:
    return {
        "contract_no": contract_no,
        "visited_on": day(visited_on),
        "customer_name": "林晓舟",
        "phone": "19900000001",
        "method": "电话",
        "result": "成功",
        "visitor": "何青",
    } | changes


def visitor(name: str, **changes: Any) -> dict[str, Any]:
    return {"staff_no": "V" + name, "name": name, "branch": "城东支行", "department": "风险管理部"} | changes


VISITORS = [visitor("何青"), visitor("陆平")]


def tables(rows: Mapping[Sheet, list[dict[str, Any]]]) -> dict[str, Table]:
    """Every sheet that `plan` reads; two visitors unless `rows` says otherwise."""
    filled = {s.VISITORS: VISITORS, **rows}
    return {sheet.title: table_from(sheet, filled[sheet]) if filled.get(sheet) else _missing(sheet) for sheet in READ}


@cache
def _missing(sheet: Sheet) -> Table:
    return table_from(sheet, [], present=False)


def request(as_of: str, start: str = "", end: str = "", *, rearrange: bool = False, off_days=None, **parameters: Any):
    """`off_days`: 节假日, date text → works (True) or off (False). Parameters by Chinese title."""
    period = Period(f"{start}..{end}", day(start), day(end)) if start else None
    calendar = WorkCalendar({day(k): works for k, works in off_days.items()}) if off_days else CALENDAR
    return Request(day(as_of), Parameters.defaults(**parameters), calendar, period, rearrange=rearrange)


class Workbook:
    """Sheets in memory: `plan` runs on them and its edits are applied, as a host would do."""

    def __init__(self, rows: Mapping[Sheet, list[dict[str, Any]]]) -> None:
        self.tables = tables(rows)

    def plan(self, asked: Request) -> Outcome:
        outcome = plan(self.tables, asked)
        for edits in outcome.edits:
            self.apply(edits)
        return outcome

    def apply(self, edits: SheetEdits) -> None:
        raw = self.tables[edits.sheet.title].raw.copy()
        if edits.replace is not None:
            raw = edits.replace.astype("object")
        else:
            if edits.cells is not None:
                for row, field, value in edits.cells[["row", "field", "value"]].itertuples(index=False):
                    raw.loc[row - 2, field] = value
            if edits.append is not None and len(edits.append):
                parts = [part for part in (raw, edits.append.astype("object")) if len(part)]
                raw = pd.concat(parts, ignore_index=True)
        self.tables[edits.sheet.title] = table_from(edits.sheet, raw)

    def put(self, sheet: Sheet, rows: list[dict[str, Any]]) -> None:
        """Replace a sheet, as when the ledger was imported anew."""
        self.tables[sheet.title] = table_from(sheet, rows)

    def type_in(self, visit_no: str, **values: Any) -> None:
        """Staff fill cells of a listed visit."""
        table = self.tables[s.VISITS.title]
        raw = table.raw.astype("object")
        where = table.data.index[table.data["visit_no"] == visit_no]
        assert len(where) == 1
        for name, value in values.items():
            raw.loc[where[0], name] = value
        self.tables[s.VISITS.title] = table_from(s.VISITS, raw)

    def plans_again_without_change(self, asked: Request) -> Outcome:
        """Plan once more: no edit of the list or the findings, and every sheet as it was."""
        before = {title: table.data for title, table in self.tables.items()}
        outcome = self.plan(asked)
        assert all(edits.empty for edits in outcome.edits if edits.sheet in (s.VISITS, s.FINDINGS))
        for title, table in self.tables.items():
            pd.testing.assert_frame_equal(table.data, before[title], check_dtype=False, obj=title)
        return outcome

    @property
    def visits(self) -> pd.DataFrame:
        return self.tables[s.VISITS.title].data

    def visit(self, visit_type: str, due_on: str = "") -> pd.Series:
        """The one listed visit of a type (and 截止日期)."""
        found = self.visits[self.visits["visit_type"] == visit_type]
        if due_on:
            found = found[found["due_on"] == due_on]
        assert len(found) == 1, found[["visit_type", "due_on", "state"]]
        return found.iloc[0]


def shown(visits: pd.DataFrame, *names: str) -> list[tuple[str, ...]]:
    """Rows as tuples of text, dates as YYYY-MM-DD, in the order of `visits`."""
    columns = [
        visits[name].dt.strftime("%Y-%m-%d").fillna("") if visits[name].dtype.kind == "M" else visits[name]
        for name in names
    ]
    return list(zip(*columns, strict=True))


def together(visit_type: str, cases: list[tuple]):
    """Parametrise a test over `cases` = (*arguments, expected), all planned in a few runs as loans of one ledger.

    The decorated function turns the arguments into a request and what differs from `loan()`; in the latter schedule,
    special, issues and records are rows of those sheets. The test compares (最早日期, 截止日期, 状态) by 截止日期.
    """

    def decorate(build):
        @cache
        def found() -> list[list[tuple[str, ...]]]:
            asked_for = [build(*case[:-1]) for case in cases]
            out: list[list[tuple[str, ...]]] = [[] for _ in cases]
            while waiting := [n for n, built in enumerate(asked_for) if built is not None]:
                asked = asked_for[waiting[0]][0]
                group = [n for n in waiting if asked_for[n][0] == asked]
                visits = _plan_group(asked, {f"C{n:02d}": asked_for[n][1] for n in group})
                visits = visits[visits["visit_type"] == visit_type].sort_values("due_on", kind="stable")
                for n in group:
                    out[n] = shown(visits[visits["contract_no"] == f"C{n:02d}"], "earliest_on", "due_on", "state")
                    asked_for[n] = None
            return out

        def test(number: int) -> None:
            assert found()[number] == cases[number][-1]

        test.__name__, test.__doc__ = build.__name__, build.__doc__
        return pytest.mark.parametrize("number", range(len(cases)), ids=[str(case[:-1]) for case in cases])(test)

    return decorate


def _plan_group(asked: Request, differing: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """The list of one run over loans by contract_no, none of which shares its customer."""
    rows: dict[Sheet, list[dict[str, Any]]] = {sheet: [] for sheet in OF_LOAN.values()}
    loans = []
    for contract_no, changes in differing.items():
        loans.append(loan(contract_no, **{name: value for name, value in changes.items() if name not in OF_LOAN}))
        for name, sheet in OF_LOAN.items():
            rows[sheet] += [row | {"contract_no": contract_no} for row in changes.get(name, ())]
    workbook = Workbook({s.LOANS: loans, **rows})
    workbook.plan(asked)
    return workbook.visits


def windows(rows: Mapping[Sheet, list[dict[str, Any]]], asked: Request, visit_type: str) -> list[tuple[str, ...]]:
    """(最早日期, 截止日期, 状态) of the visits of one type that a first planning run lists."""
    workbook = Workbook(rows)
    workbook.plan(asked)
    visits = workbook.visits[workbook.visits["visit_type"] == visit_type].sort_values("due_on")
    return shown(visits, "earliest_on", "due_on", "state")
