"""The four indicators by unit: numerator, denominator, rate, target, verdict (七、(二); contract, section 5).

Roll-ups add the parts: every figure is a count over the same rows, grouped by 网点, 回访人员 or 部门.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.fields import Sheet
from toolkit.model.period import Period, quarter_of
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.indicators.rows import (
    Books,
    feedback_timeliness,
    open_books,
    plan_completion,
    record_accuracy,
    resolution,
)

INSTITUTION, BRANCH, VISITOR, DEPARTMENT = v.KPI_OBJECT_KINDS
WHOLE_INSTITUTION = "全机构"  # 机构 on 首页 is blank
UNIT_COLUMN = {BRANCH: "branch", VISITOR: "visitor", DEPARTMENT: "department"}


@dataclass(frozen=True)
class Indicator:
    """`rows`: the rows behind it, of `sheet`. `kinds`: the 对象类型 it is given for. `target`: parameter, in %."""

    name: str
    clause: str
    sheet: Sheet
    rows: Callable[[Books], pd.DataFrame]
    kinds: tuple[str, ...] = v.KPI_OBJECT_KINDS

    @property
    def target(self) -> str:
        return f"{self.name}目标"


INDICATORS: tuple[Indicator, ...] = (
    Indicator(v.PLAN_COMPLETION, "七、(二)1.", sheets.VISITS, plan_completion),
    Indicator(v.RECORD_ACCURACY, "七、(二)2.", sheets.RECORDS, record_accuracy),
    Indicator(v.FEEDBACK_TIMELINESS, "七、(二)3.", sheets.ISSUES, feedback_timeliness),
    # It judges the departments that put things right, not the visitors.
    Indicator(v.RESOLUTION_RATE, "七、(二)4.", sheets.ISSUES, resolution, (INSTITUTION, BRANCH, DEPARTMENT)),
)


def indicator_rows(
    tables: Mapping[str, Table], request: Request, period: Period | None = None
) -> dict[str, pd.DataFrame]:
    """指标 → the rows in its denominator (columns of `rows.COLUMNS`), `good` those in its numerator.

    `period` defaults to the request's, else to the quarter that holds T.
    """
    return rows_of(open_books(tables, request, period or request.period or quarter_of(request.as_of)))


def rows_of(books: Books) -> dict[str, pd.DataFrame]:
    """`rows.indicator_rows` of books that are open already."""
    return {indicator.name: indicator.rows(books) for indicator in INDICATORS}


def units(tables: Mapping[str, Table], rows: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """网点, 回访人员 and 部门 to report on: those of 回访人员 in sheet order, then others in ledger and rows."""
    staff = tables[sheets.VISITORS.title].data
    out = {}
    for kind, column in UNIT_COLUMN.items():
        named = [staff["name" if kind == VISITOR else column]]
        if kind == BRANCH:
            named.append(tables[sheets.LOANS.title].data["branch"].drop_duplicates())
        others = [rows[indicator.name][column] for indicator in INDICATORS if kind in indicator.kinds]
        named.append(pd.concat(others).drop_duplicates().sort_values())
        out[kind] = [name for name in pd.concat(named).drop_duplicates() if name]
    return out


def figures(
    tables: Mapping[str, Table], rows: Mapping[str, pd.DataFrame], request: Request, period: Period
) -> pd.DataFrame:
    """Rows of 考核指标 for `period`: every field but none of the user's own; an empty denominator is "—"."""
    institution = request.institution or WHOLE_INSTITUTION
    parts = [_count(rows, INSTITUTION, None, [institution])]
    for kind, names in units(tables, rows).items():
        parts.append(_count(rows, kind, UNIT_COLUMN[kind], names))
    out = pd.concat(parts, ignore_index=True)
    out.insert(2, "period", period.label)
    return judged(out, request.parameters)[list(sheets.INDICATORS.names)]


def _count(rows: Mapping[str, pd.DataFrame], kind: str, column: str | None, names: list[str]) -> pd.DataFrame:
    """object_kind, object_name, indicator, numerator, denominator; per object the indicators in their order."""
    parts = []
    for order, indicator in enumerate(INDICATORS):
        if kind not in indicator.kinds:
            continue
        of_unit = rows[indicator.name]
        label = of_unit[column] if column else pd.Series(names[0], index=of_unit.index, dtype="object")
        counts = of_unit["good"].groupby(label).agg(["sum", "size"]).reindex(names).fillna(0).astype("int64")
        parts.append(
            pd.DataFrame(
                {
                    "object_kind": kind,
                    "object_name": names,
                    "indicator": indicator.name,
                    "numerator": counts["sum"].to_numpy(),
                    "denominator": counts["size"].to_numpy(),
                    "place": np.arange(len(names)),
                    "order": order,
                }
            )
        )
    together = pd.concat(parts, ignore_index=True).sort_values(["place", "order"], kind="stable")
    return together.drop(columns=["place", "order"])


def judged(counts: pd.DataFrame, parameters: Mapping[str, Any]) -> pd.DataFrame:
    """`counts` (indicator, numerator, denominator) with rate, target and verdict; an empty denominator is "—"."""
    targets = {indicator.name: float(parameters[indicator.target]) for indicator in INDICATORS}
    target = counts["indicator"].map(targets)
    top, bottom = counts["numerator"], counts["denominator"]
    rate = (top / bottom.where(bottom > 0)).astype("object").where(bottom > 0, v.NO_VALUE)
    # Whole numbers are compared, so that 19 of 20 meets 95 %; the slack is for targets like 98.7.
    met = top * 100 >= target * bottom - 1e-9 * bottom
    reached, missed, _ = v.KPI_VERDICTS
    verdict = np.select([bottom == 0, met], [v.NO_VALUE, reached], missed)
    return counts.assign(rate=rate, target=target, verdict=verdict)
