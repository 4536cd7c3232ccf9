"""Findings: trouble in the data, shown to staff in 校验结果 and never raised.

A findings frame has the columns of `COLUMNS`; `row` is the sheet row (1-based), `field` the model's column name.
"""

from dataclasses import dataclass

import pandas as pd

from toolkit.model import values as v

COLUMNS = ("level", "rule", "sheet", "row", "field", "visit_no", "message", "suggestion", "clause")


@dataclass(frozen=True)
class Rule:
    """What a finding means: shown in docs, cited in 校验结果. `remedy` tells the clerk what to do."""

    code: str
    title: str
    level: str
    clause: str
    remedy: str


_NONE = pd.DataFrame(columns=list(COLUMNS))


def no_findings() -> pd.DataFrame:
    """An empty findings frame."""
    return _NONE.copy()


def findings(rule: Rule, sheet: str, frame: pd.DataFrame, field: str, message, suggestion=None) -> pd.DataFrame:
    """One finding per row of `frame` (which carries `row`, and `visit_no` if the sheet has it).

    `message` and `suggestion` are a string or a Series aligned with `frame`; without `suggestion` the rule's remedy.
    """
    if frame.empty:
        return no_findings()
    return pd.DataFrame(
        {
            "level": rule.level,
            "rule": rule.code,
            "sheet": sheet,
            "row": frame["row"],
            "field": field,
            "visit_no": frame.get("visit_no", ""),
            "message": message,
            "suggestion": rule.remedy if suggestion is None else suggestion,
            "clause": rule.clause,
        },
        columns=list(COLUMNS),
        index=frame.index,
    )


def gather(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Concatenate in sheet and row order, errors before warnings within a cell; duplicates dropped."""
    filled = [part for part in parts if not part.empty]
    if not filled:
        return no_findings()
    together = pd.concat(filled, ignore_index=True)
    rank = together["level"].map({level: i for i, level in enumerate(v.FINDING_LEVELS)})
    together = together.assign(_rank=rank).sort_values(["sheet", "row", "_rank", "rule"], kind="stable")
    return together.drop(columns="_rank").drop_duplicates(["rule", "sheet", "row", "field"]).reset_index(drop=True)
