"""The demo's cycle on tables in memory, so that the sample records name visits which the demo's own plan lists."""

import datetime as dt
from typing import Any

import pandas as pd

from toolkit.model import sheets
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.model.period import parse_period
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, Source, Table, table_from
from toolkit.steps.classify import classify
from toolkit.steps.ledger import ledger
from toolkit.steps.plan import plan

QUARTER = parse_period("2026Q3")
STARTED_ON = QUARTER.start  # 启用日期
_CALENDAR = WorkCalendar()


class Workbook:
    """The branch workbook as tables; a step's edits are applied as the host would write them."""

    def __init__(self, base: dict[str, list[dict[str, Any]]]) -> None:
        self.tables: dict[str, Table] = {sheet.title: table_from(sheet, []) for sheet in sheets.SHEETS}
        for title, rows in base.items():
            self.tables[title] = table_from(sheets.BY_TITLE[title], rows)
        self.parameters = Parameters.defaults(启用日期=STARTED_ON)

    def request(self, as_of: dt.date, sources: tuple[Source, ...] = ()) -> Request:
        return Request(as_of, self.parameters, _CALENDAR, QUARTER, sources)

    def import_ledger(self, as_of: dt.date, *sources: Source) -> None:
        self._apply(ledger(self.tables, self.request(as_of, sources)))

    def plan(self, as_of: dt.date) -> None:
        self._apply(plan(self.tables, self.request(as_of)))

    def classify(self, as_of: dt.date) -> None:
        self._apply(classify(self.tables, self.request(as_of)))

    def only(self, contracts: set[str]) -> "Workbook":
        """The same workbook with the rows of these contracts: the plan of a loan does not depend on the others."""
        part = Workbook({})
        for title, table in self.tables.items():
            raw = table.raw
            if "contract_no" in table.sheet:
                raw = raw[table.data["contract_no"].isin(contracts)]
            part.tables[title] = table_from(table.sheet, raw)
        return part

    def set_records(self, rows: list[dict[str, Any]]) -> None:
        self.tables[sheets.RECORDS.title] = table_from(sheets.RECORDS, rows)

    def data(self, title: str) -> pd.DataFrame:
        return self.tables[title].data

    def _apply(self, outcome: Outcome) -> None:
        for edit in outcome.edits:
            table = self.tables[edit.sheet.title]
            raw = table.raw.astype("object")
            if edit.replace is not None:
                raw = edit.replace.reindex(columns=raw.columns)
            else:
                if edit.cells is not None:
                    for name, cells in edit.cells.groupby("field"):
                        raw.loc[cells["row"].astype(int) - 2, name] = cells["value"].to_numpy()
                if edit.append is not None:
                    raw = pd.concat([raw, edit.append.reindex(columns=raw.columns).astype("object")], ignore_index=True)
            self.tables[edit.sheet.title] = table_from(table.sheet, raw)
