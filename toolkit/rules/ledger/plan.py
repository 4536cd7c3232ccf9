"""A loan's instalments against the export's: a restructured plan replaces the old one as far as it is unpaid.

The core system says what is due. An unpaid instalment that its plan no longer has would be reminded of for ever, so
nothing is due on it any more: 应还金额 becomes what was paid, 0 if nothing was. The row stays, and comes back to life
if a later export has it again. Only where the export shows a loan's plan to the end: a list of this month's instalments
says nothing about the others.
"""

import pandas as pd

from toolkit.rules.ledger.merge import instalment_keys
from toolkit.rules.planning.standing import is_paid

# A plan whose last instalment falls within a week of 到期日 is complete: weekends move either.
NEAR_MATURITY = pd.Timedelta(days=7)


def stale_instalments(there: pd.DataFrame, gone: pd.Index, owners: pd.Series, clashed: set[str]) -> pd.DataFrame:
    """Rows of the sheet whose loan is in the export without them. `there` has `key`, the loan's."""
    stale = there.loc[gone]
    stale = stale[stale["key"].isin(owners) & stale["instalment_no"].notna()]
    return stale[~instalment_keys(stale["key"], stale["instalment_no"]).isin(clashed)]


def superseded(stale: pd.DataFrame, exported: pd.DataFrame, owners: pd.Series, matures_on: pd.Series) -> pd.Series:
    """bool per row of `stale`: unpaid, and the exported plan of its loan stands in its place.

    `exported`: instalment_no, due_on; `owners`: its loans; `matures_on`: 到期日 by loan key.
    """
    if stale.empty:
        return pd.Series(False, index=stale.index)
    spans = exported.groupby(owners.to_numpy()).agg(
        first_due=("due_on", "min"), last_due=("due_on", "max"), first_no=("instalment_no", "min")
    )
    span = spans.reindex(stale["key"]).set_index(stale.index)
    maturity = pd.Series(matures_on.reindex(stale["key"]).to_numpy(), index=stale.index)
    reaches = (span["last_due"] >= stale["due_on"]) | (span["last_due"] >= maturity - NEAR_MATURITY)
    begun = (stale["instalment_no"] >= span["first_no"]) | (stale["due_on"] >= span["first_due"])
    return ~is_paid(stale) & reaches & begun


def nothing_due(rows: pd.DataFrame) -> pd.DataFrame:
    """Cells (row, key, field, old, new, value) that leave nothing due on `rows` (with key = the instalment's)."""
    paid = rows["paid_amount"].fillna(0.0)
    parts = [pd.DataFrame({"row": rows["row"], "key": rows["key"], "old": rows["due_amount"], "new": paid})]
    parts[0]["field"] = "due_amount"
    unfilled = rows[rows["paid_amount"].isna()]
    if len(unfilled):
        zero = pd.DataFrame({"row": unfilled["row"], "key": unfilled["key"], "old": unfilled["paid_amount"]})
        parts.append(zero.assign(new=0.0, field="paid_amount"))
    cells = pd.concat(parts, ignore_index=True)
    cells["value"] = cells["new"]
    return cells.astype({"old": "object", "new": "object", "value": "object"})
