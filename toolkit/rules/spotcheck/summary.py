"""Sheet 抽查汇总: what was drawn, what was found, and what it says of all records of the period."""

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period
from toolkit.rules.spotcheck.draw import RANDOM
from toolkit.rules.spotcheck.estimate import share_estimate

TOTAL = "合计"
_UNVERIFIABLE = v.SPOT_CHECK_VERDICTS[-1]
_VERDICT_FIELDS = dict(
    zip(v.SPOT_CHECK_VERDICTS, ("agreed", "omitted", "misstated", "untrue", "unverifiable"), strict=True)
)


def sample_summary(records: pd.DataFrame, rows: pd.DataFrame, still_open: pd.Series, period: Period) -> pd.DataFrame:
    """Rows of 抽查汇总 for one period, 合计 last.

    `records`: the population. `rows`: what 抽查 says of its records, index of the population's: sample_reason, verdict.
    `still_open`: bool per such row, not yet put right. A record drawn at random counts for the estimate whatever else
    it was drawn for; one that could not be verified does not.
    """
    seen = records[["visitor", "method", "branch"]].join(rows[["sample_reason", "verdict"]])
    listed = seen["verdict"].notna()
    seen["random"] = listed & seen["sample_reason"].fillna("").str.contains(RANDOM, regex=False)
    seen["directed"] = listed & ~seen["random"]
    judged = seen["verdict"].isin(v.SPOT_CHECK_VERDICTS)
    seen["reviewed"] = judged
    for verdict, name in _VERDICT_FIELDS.items():
        seen[name] = seen["verdict"] == verdict
    seen["counted"] = seen["random"] & judged & (seen["verdict"] != _UNVERIFIABLE)
    seen["failed"] = seen["counted"] & seen["verdict"].isin(v.FAILED_SPOT_CHECKS)
    seen["open"] = still_open.reindex(seen.index).fillna(False).astype(bool)
    seen["records"] = True
    counts = [*_VERDICT_FIELDS.values(), "records", "random", "directed", "reviewed", "counted", "failed", "open"]
    strata = seen.groupby(["visitor", "method"])[["records", "counted", "failed"]].sum()
    strata = strata.rename(columns={"records": "size"})
    out = seen.groupby("visitor")[counts].sum()
    branch = seen.groupby("visitor")["branch"].agg(lambda own: own.iloc[0] if own.nunique() == 1 else "")
    out["branch"] = branch
    out = out.sort_values(["branch"], kind="stable")
    estimates = [share_estimate(strata.loc[[visitor]]) for visitor in out.index]
    out.loc[TOTAL, counts] = out[counts].sum()
    estimates.append(share_estimate(strata))
    out[["rate", "low", "high"]] = np.array(estimates, dtype=float)
    out = out.rename_axis("visitor").reset_index().assign(period=period.label)
    out["branch"] = out["branch"].fillna("").astype("object")
    return out[list(sheets.SAMPLE_SUMMARY.names)]
