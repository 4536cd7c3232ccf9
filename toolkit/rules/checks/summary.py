"""Sheet 校验汇总: what each visitor's records look like as a whole (七、(一)2. of the regulation)."""

import numpy as np
import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model import values as v
from toolkit.model.tables import SheetEdits, Table
from toolkit.rules.checks.situation import each_distinct

NOBODY, TOTAL = "（未填）", "合计"
LATE_RULE = "W04"
INVENTED_RULES = "F"


def visitor_summary(records: Table, staff: Table, found: pd.DataFrame, explained: pd.Series) -> pd.DataFrame:
    """One row per visitor in the order of 回访人员, then names that are not there, and 合计; fields of 校验汇总.

    `found`: level, rule, sheet, row of the findings; an explained one is no longer counted, but a late record stays
    late. Rates are fractions, missing where nothing is to be counted.
    """
    is_open = found[~explained]
    r = records.data
    if r.empty:
        return pd.DataFrame(columns=list(sheets.CHECK_SUMMARY.names))
    people = staff.data.assign(key=each_distinct(staff.data["name"], reading.name_key))
    people = people[people["key"] != ""].drop_duplicates("key")
    key = each_distinct(r["visitor"], reading.name_key)
    name = key.map(people.set_index("key")["name"]).astype("object")
    late = found.loc[(found["rule"] == LATE_RULE) & (found["sheet"] == sheets.RECORDS.title), "row"]
    counted = _counted(r, is_open, late).assign(visitor=name.where(name.notna(), r["visitor"].replace("", NOBODY)))
    here = is_open[(is_open["sheet"] == sheets.VISITORS.title) & is_open["rule"].str.startswith(INVENTED_RULES)]
    invented = people.set_index("row")["name"].reindex(here["row"]).value_counts()

    # The whole branch is one more name, so that every column is made once.
    whole = counted.assign(visitor=TOTAL)
    both = pd.concat([counted, whole], ignore_index=True)
    out = both.groupby("visitor", sort=False).sum()
    for column, method in (("phone_minutes", v.PHONE_CALL), ("meeting_minutes", v.FACE_TO_FACE)):
        minutes = r["minutes"].where((r["result"] == v.SUCCESS) & (r["method"] == method))
        out[column] = pd.concat([minutes, minutes], ignore_index=True).groupby(both["visitor"]).median()
    invented[TOTAL] = invented.sum()
    out["hints"] = out["hints"].add(invented, fill_value=0).reindex(out.index)
    out["branch"] = people.set_index("name")["branch"].reindex(out.index).fillna("")
    for rate, part, base in (
        ("refusal_rate", "refused", "records"),
        ("not_asked_rate", "not_asked", "asked"),
        ("late_rate", "late", "records"),
    ):
        out[rate] = out[part] / out[base].where(out[base] > 0)
    order = pd.Index([name for name in people["name"] if name in out.index])
    rest = out.index.difference([*order, TOTAL], sort=False)
    out = out.reindex([*order, *rest, TOTAL]).rename_axis("visitor").reset_index()
    return out[list(sheets.CHECK_SUMMARY.names)]


def _counted(r: pd.DataFrame, is_open: pd.DataFrame, late: pd.Series) -> pd.DataFrame:
    """What of each record is added up, float64."""
    here = is_open[is_open["sheet"] == sheets.RECORDS.title]
    checks = r[list(sheets.CHECK_FIELDS)]
    successful = r["result"] == v.SUCCESS
    tally = {level: r["row"].map(here.loc[here["level"] == level, "row"].value_counts()) for level in v.FINDING_LEVELS}
    columns = {
        "records": np.ones(len(r)),
        "successes": successful,
        "errors": tally[v.ERROR],
        "faulty": tally[v.ERROR] > 0,
        "warnings": tally[v.WARNING],
        "hints": tally[v.HINT],
        "refused": r["result"] == v.REFUSED,
        "not_asked": (checks == v.NOT_ASKED).sum(axis=1).where(successful),
        "asked": checks.isin(v.CHECK_ANSWERS).sum(axis=1).where(successful),
        "late": r["row"].isin(late),
    }
    return pd.DataFrame(columns, index=r.index).astype("float64").fillna(0.0)


def edits(summary: pd.DataFrame, table: Table) -> SheetEdits:
    """The sheet renewed; empty edits where it says the same already."""
    listed = table.data[list(sheets.CHECK_SUMMARY.names)]
    if len(listed) == len(summary):
        pairs = [(listed[name], summary[name]) for name in sheets.CHECK_SUMMARY.names]
        if all(_alike(before.to_numpy(), now.to_numpy()) for before, now in pairs):
            return SheetEdits(sheets.CHECK_SUMMARY)
    return SheetEdits(sheets.CHECK_SUMMARY, replace=summary)


def _alike(before: np.ndarray, now: np.ndarray) -> bool:
    if before.dtype == object or now.dtype == object:
        return [str(value) for value in before] == [str(value) for value in now]
    return bool(np.allclose(before, now, rtol=0, atol=1e-9, equal_nan=True))
