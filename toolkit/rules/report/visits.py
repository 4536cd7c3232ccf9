"""Figures of part 一: the plan of the period, what the records cover, how satisfied customers are.

Each figure is one field or one column of a frame here; text and tables take it from nowhere else (五、(二)2.).
"""

from dataclasses import dataclass

import pandas as pd

from toolkit.model import values as v
from toolkit.model.sheets import CHECKS_OF_STAGE
from toolkit.rules.report.scope import Scope

# Columns of a plan count beside one per 清单状态.
DUE, COUNTED, ON_TIME = "due", "counted", "on_time"
SINGLE_STAGES = tuple(stage for stage in v.STAGES if "、" not in stage)
OTHER_RESULT = "其他或空白"


@dataclass(frozen=True)
class VisitFigures:
    """`rows`: visits of 回访清单 that are listed (截止日期 in the period) or counted for the completion rate.
    `due`: the listed ones; `outcome` is their 状态 at T.

    `by`: dimension → counts (index = value; columns due, counted, on_time and each 清单状态); `total`: their sums.
    `missed`: those 逾期未访. `stale`: visits whose 状态 in the sheet the records have overtaken.
    """

    rows: pd.DataFrame
    due: pd.DataFrame
    by: dict[str, pd.DataFrame]
    total: pd.Series
    missed: pd.DataFrame
    stale: int

    @property
    def loans(self) -> int:
        return self.due["key"].nunique()

    @property
    def customers(self) -> int:
        named = self.due["customer_no"]
        return int(named.where(named != "", self.due["customer_name"]).nunique())


@dataclass(frozen=True)
class RecordFigures:
    """`made`: records with 回访日期 in [S, E′]; `successful` those 成功. `results`: 回访结果 → count.

    `coverage`: index = stage, columns due, done, recorded (成功 records that answer a check of the stage 是 or 否),
    then the number of answers of each kind. `satisfaction`: mean of 1–5, NaN without any; `rated`: how many there are.
    """

    made: pd.DataFrame
    successful: pd.DataFrame
    results: pd.Series
    coverage: pd.DataFrame
    satisfaction: float
    rated: int


DIMENSIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("visit_type", v.VISIT_TYPES),
    ("method", v.METHOD_CHOICES),
    ("branch", ()),
    ("visitor", ()),
)


def visit_figures(visits: pd.DataFrame, scope: Scope) -> VisitFigures:
    """`visits`: rows of 回访清单 with key, customer_no, outcome, and whether the completion rate has them in its
    denominator (counted) and numerator (on_time): by 改期至 those may be others than the ones due."""
    visits = visits.assign(listed=(visits["due_on"] >= scope.start) & (visits["due_on"] <= scope.end))
    visits = visits[visits["listed"] | visits[COUNTED]]
    due = visits[visits["listed"]].reset_index(drop=True)
    by = {name: _count(visits, name, order) for name, order in DIMENSIONS}
    missed = due[due["outcome"] == v.MISSED].sort_values(["due_on", "branch", "contract_no"], kind="stable")
    stale = int((due["outcome"] != due["state"]).sum())
    total = by["visit_type"].sum()
    return VisitFigures(visits, due, by, total, missed.reset_index(drop=True), stale)


def _count(visits: pd.DataFrame, name: str, order: tuple[str, ...]) -> pd.DataFrame:
    """Counts per value of `name`, in `order` where given, else by name; values outside the list come last."""
    grouped = visits.groupby(name, sort=True)
    out = grouped[["listed", COUNTED, ON_TIME]].sum().rename(columns={"listed": DUE})
    due = visits[visits["listed"]]
    states = pd.crosstab(due[name], due["outcome"]).reindex(index=out.index, columns=list(v.VISIT_STATES), fill_value=0)
    out = out.join(states).fillna(0).astype("int64")
    ranked = [value for value in order if value in out.index]
    return out.reindex(ranked + [value for value in out.index if value not in ranked])


def record_figures(records: pd.DataFrame, visits: VisitFigures, scope: Scope) -> RecordFigures:
    """Records with 回访日期 in [S, E′]; `successful` are those with 成功. The mean of 满意度 counts 1 to 5 only."""
    made = records[scope.holds(records["visited_on"])].reset_index(drop=True)
    result = made["result"].where(made["result"].isin(v.RESULTS), OTHER_RESULT)
    results = result.value_counts().reindex([*v.RESULTS, OTHER_RESULT], fill_value=0).astype("int64")
    if results[OTHER_RESULT] == 0:
        results = results.drop(OTHER_RESULT)
    successful = made[made["result"] == v.SUCCESS].reset_index(drop=True)
    score = successful["satisfaction"]
    score = score[score.between(1, 5)]
    coverage = _coverage(successful, visits.due)
    mean = float(score.mean()) if len(score) else float("nan")
    return RecordFigures(made, successful, results, coverage, mean, len(score))


def _coverage(successful: pd.DataFrame, due: pd.DataFrame) -> pd.DataFrame:
    rows = {}
    for stage in SINGLE_STAGES:
        answers = successful[list(CHECKS_OF_STAGE[stage])]
        of_stage = due["stage"].str.split("、").map(lambda stages, stage=stage: stage in stages).astype(bool)
        rows[stage] = {
            DUE: int(of_stage.sum()),
            "done": int((of_stage & (due["outcome"] == v.DONE)).sum()),
            "recorded": int(answers.isin([v.YES, v.NO]).any(axis=1).sum()),
        } | {answer: int((answers == answer).to_numpy().sum()) for answer in v.CHECK_ANSWERS}
    return pd.DataFrame.from_dict(rows, orient="index").astype("int64")
