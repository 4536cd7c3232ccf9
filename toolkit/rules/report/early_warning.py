"""The early-warning list of part 三: loans in use that call for attention, each with the reasons (二、(一)2.)."""

from dataclasses import dataclass

import pandas as pd

from toolkit.model import values as v
from toolkit.rules.report.issues import IssueFigures
from toolkit.rules.report.risks import DIVERSION, HARDSHIP, MISCONDUCT, OUT_OF_REACH, Exposure
from toolkit.rules.report.visits import RecordFigures

OVERDUE_DAYS = 30
# What the list goes by, as the report prints it.
RULE = (
    f"逾期{OVERDUE_DAYS}天以上、有未结的重大问题，或本期未结的重要问题涉及还款困难、挪用资金、欺诈违规、失联的在用贷款"
)


@dataclass(frozen=True)
class EarlyWarning:
    """`loans`: rows of `Exposure.live` on the list with reasons (text) and weight (how many), the heaviest first."""

    loans: pd.DataFrame

    @property
    def balance(self) -> float:
        return float(self.loans["balance"].sum())


def early_warning(exposure: Exposure, issues: IssueFigures, records: RecordFigures) -> EarlyWarning:
    """The loans in use with a reason to look at them, the heaviest first, and why (二、(一)2.)."""
    live = exposure.live
    waiting = issues.open
    graver = waiting["grade"].isin([v.CRITICAL, v.MAJOR])
    unstable = records.successful.loc[records.successful["repay_2"] == v.NO, "key"]

    def of(categories: tuple[str, ...]) -> set[str]:
        return set(waiting.loc[graver & waiting["category"].isin(categories), "key"])

    late = live["days_overdue"] > OVERDUE_DAYS
    signs: list[tuple[pd.Series, str]] = [
        (live["key"].isin(set(waiting.loc[waiting["grade"] == v.CRITICAL, "key"])), "重大问题未结"),
        (live["key"].isin(of(MISCONDUCT)), "涉嫌欺诈违规"),
        (live["key"].isin(of(DIVERSION)), v.DIVERSION),
        (live["key"].isin(of(OUT_OF_REACH)), v.OUT_OF_REACH),
        (live["key"].isin(of(HARDSHIP)), v.HARDSHIP),
    ]
    weight = sum((hit.astype("int64") for hit, _ in signs), late.astype("int64"))
    listed = live[weight > 0]
    reasons = pd.Series("", index=listed.index, dtype="object")
    days = listed["days_overdue"].fillna(0).astype("int64").astype(str)
    reasons = reasons.mask(late[listed.index], "逾期" + days + "天")
    # Told beside the others, but too common to put a loan on the list by itself.
    for hit, said in [*signs, (live["key"].isin(set(unstable)), "客户称还款能力不稳定")]:
        hit = hit[listed.index]
        reasons = reasons.mask(hit & (reasons == ""), said).mask(hit & (reasons != ""), reasons + "；" + said)
    listed = listed.assign(reasons=reasons, weight=weight[listed.index])
    return EarlyWarning(listed.sort_values(["weight", "balance"], ascending=False, kind="stable", ignore_index=True))
