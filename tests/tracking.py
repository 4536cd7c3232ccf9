"""问题台账, 问题事件 and the rest as small tables, tracked and written back, for the tests of `track`."""

import datetime as dt
from typing import Any

import pandas as pd

from toolkit.actions import BY_NAME
from toolkit.model import sheets as s
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table, table_from
from toolkit.steps.classify import classify
from toolkit.steps.track import track

CALENDAR = WorkCalendar()
# A Wednesday; the days around it are ordinary working weeks, and 1 to 7 October 2026 is the National Day holiday.
FOUND = dt.date(2026, 7, 8)
READ = (
    s.ISSUES, s.ISSUE_EVENTS, s.ISSUE_MEMORY, s.RECORDS, s.VISITS, s.LOANS, s.SCHEDULE, s.VISITORS, s.FINDINGS,
    s.OPEN_QUESTIONS, s.PROMISES, s.LOG,
)  # fmt: skip
NO = "WT20260708-AAAAAAAA"


def number(i: int) -> str:
    """A proper 问题编号 for each i < 32 ** 2."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return f"WT20260708-AAAAAA{letters[i // 32]}{letters[i % 32]}"


def issue(issue_no: str = NO, **cells: Any) -> dict[str, Any]:
    """A 重要 issue just classified: reported by the 9th, remedied by the 29th of July 2026."""
    return {
        "issue_no": issue_no, "contract_no": "HT" + issue_no[-4:], "customer_name": "林晓舟", "category": "还款困难",
        "severity": "重要", "found_on": FOUND, "report_due_on": dt.date(2026, 7, 9),
        "remedy_due_on": dt.date(2026, 7, 29), "state": "待反馈",
    } | cells  # fmt: skip


# Everything that any move asks for, in order.
COMPLETE = {
    "reported_on": dt.date(2026, 7, 9), "department": "个人金融部", "owner": "高远", "remedy": "上门了解，调查组核实",
    "completed_on": dt.date(2026, 7, 20), "verifier": "秦川", "verified_on": dt.date(2026, 7, 21),
    "outcome": "调查结论：已解决", "manual_reason": "核实后认定",
}  # fmt: skip


def event(issue_no: str = NO, **cells: Any) -> dict[str, Any]:
    return {"issue_no": issue_no, "at": FOUND} | cells


def pause(start: dt.date, issue_no: str = NO, source: str = "整改中", **cells: Any) -> dict[str, Any]:
    return {
        "issue_no": issue_no, "at": start, "event": "暂停", "old_state": source, "new_state": "已暂停",
        "handler": "高远", "approver": "周行", "reason": "客户住院",
    } | cells  # fmt: skip


def resume(end: dt.date, issue_no: str = NO, target: str = "整改中") -> dict[str, Any]:
    return {"issue_no": issue_no, "at": end, "event": "恢复", "old_state": "已暂停", "new_state": target}


class Branch:
    """Sheets by title; `track` applies its edits as a host would, so that the next run reads them."""

    def __init__(self, **rows: list[dict[str, Any]]) -> None:
        titles = {
            "issues": s.ISSUES, "events": s.ISSUE_EVENTS, "records": s.RECORDS, "loans": s.LOANS, "visits": s.VISITS,
            "schedule": s.SCHEDULE, "visitors": s.VISITORS, "log": s.LOG, "memory": s.ISSUE_MEMORY,
            "listed_findings": s.FINDINGS,
        }  # fmt: skip
        self.tables: dict[str, Table] = {sheet.title: table_from(sheet, []) for sheet in READ}
        for name, given in rows.items():
            self.tables[titles[name].title] = table_from(titles[name], given)

    def track(self, as_of: dt.date, calendar: WorkCalendar = CALENDAR, **parameters: Any) -> Outcome:
        outcome = track(self.tables, Request(as_of, Parameters.defaults(**parameters), calendar))
        for edits in outcome.edits:
            self._apply(edits)
        self.outcome = outcome
        return outcome

    def classify(self, as_of: dt.date) -> None:
        """问题分类 pressed on the same workbook; of what it writes, 问题台账."""
        action = BY_NAME["classify"]
        missing = {sheet.title: table_from(sheet, []) for sheet in (*action.reads, *action.writes)}
        outcome = classify(missing | self.tables, Request(as_of, Parameters.defaults(), CALENDAR))
        for edits in outcome.edits:
            if edits.sheet is s.ISSUES:
                self._apply(edits)

    def _apply(self, edits: SheetEdits) -> None:
        raw = self.tables[edits.sheet.title].raw
        if edits.replace is not None:
            raw = edits.replace
        else:
            raw = raw.astype("object")
            if edits.cells is not None:
                for row, name, value in zip(
                    edits.cells["row"], edits.cells["field"], edits.cells["value"], strict=True
                ):
                    raw.loc[row - 2, name] = None if pd.isna(value) or value == "" else value
            if edits.append is not None and len(edits.append):
                raw = pd.concat([raw, edits.append.astype("object")], ignore_index=True)
        self.tables[edits.sheet.title] = table_from(edits.sheet, raw)

    def type(self, row: int, **cells: Any) -> None:
        """Staff type into the `row`-th issue."""
        raw = self.tables[s.ISSUES.title].raw.astype("object")
        for name, value in cells.items():
            raw.loc[row, name] = value
        self.tables[s.ISSUES.title] = table_from(s.ISSUES, raw)

    def log(self, *rows: dict[str, Any]) -> None:
        """Staff add rows to 问题事件."""
        raw = pd.concat([self.tables[s.ISSUE_EVENTS.title].raw, pd.DataFrame(list(rows), dtype="object")])
        self.tables[s.ISSUE_EVENTS.title] = table_from(s.ISSUE_EVENTS, raw.reset_index(drop=True))

    def data(self, sheet) -> pd.DataFrame:
        return self.tables[sheet.title].data

    @property
    def issues(self) -> pd.DataFrame:
        return self.data(s.ISSUES)

    def events(self, issue_no: str = NO) -> list[tuple[str, str, str]]:
        log = self.data(s.ISSUE_EVENTS)
        log = log[log["issue_no"] == issue_no]
        return list(zip(log["event"], log["old_state"], log["new_state"], strict=True))

    def findings(self) -> list[tuple[str, str, str]]:
        """(rule, sheet, cell) of the rows that `track` owns."""
        found = self.data(s.FINDINGS)
        found = found[found["rule"].str.startswith("G")]
        return list(zip(found["rule"], found["sheet"], found["cell"], strict=True))


def cell(sheet, name: str, row: int = 2) -> str:
    """A1 address in a sheet whose columns stand as in the model."""
    return table_from(sheet, [{}]).cell(row, name)
