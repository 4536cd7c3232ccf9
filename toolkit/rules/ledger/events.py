"""What happened to a loan since the last export, by name: 展期, 提前结清, 重组."""

from collections.abc import Mapping

import pandas as pd

from toolkit.rules.foreign import values as val
from toolkit.rules.ledger.merge import Merge
from toolkit.rules.ledger.rows import Export
from toolkit.rules.ledger.sentences import listing, loan_label


def loan_events(
    result: Merge, export: Export, keys: pd.Series, matures_on: Mapping[str, pd.Timestamp]
) -> dict[str, dict[str, str]]:
    """Event → loan key → what shows it. `matures_on`: 到期日 by key as the import leaves it.

    A status word counts only for loans that are new or changed: an export repeats it for ever.
    """
    changes = result.changes
    found: dict[str, dict[str, str]] = {val.EXTENDED: {}, val.SETTLED_EARLY: {}, val.RESTRUCTURED: {}}
    moved = changes[changes["field"] == "matures_on"]
    for key, old, new in moved[["key", "old", "new"]].itertuples(index=False):
        if old < new:  # False for NaT
            found[val.EXTENDED][key] = f"到期日 {old:%Y-%m-%d} → {new:%Y-%m-%d}"
    settled = changes[changes["field"] == "settled_on"]
    for key, old, new in settled[["key", "old", "new"]].itertuples(index=False):
        maturity = matures_on.get(key, pd.NaT)
        if pd.isna(old) and new < maturity:
            found[val.SETTLED_EARLY][key] = f"结清日期 {new:%Y-%m-%d}，到期日 {maturity:%Y-%m-%d}"
    touched = set(changes["key"]) | set(result.new_keys)
    said = export.place["event"]
    for key, event in zip(keys[said != ""], said[said != ""], strict=True):
        if key in touched:
            found[event].setdefault(key, "按贷款状态")
    return found


def event_lines(found: Mapping[str, Mapping[str, str]]) -> list[str]:
    """A line for the screen per event (展期, 提前结清, 重组): how many loans, the first of them and why."""
    return [
        f"{event} {len(loans)} 笔：{listing([f'{loan_label(key)}（{why}）' for key, why in loans.items()], '笔')}"
        for event, loans in found.items()
        if loans
    ]
