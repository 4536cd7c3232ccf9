"""What a random sample says of all records: share of untrue ones with a 95 % interval.

Each stratum (visitor × method) stands for all its records, however many of them were reviewed: p = Σ W·p_h with
W = N_h ÷ ΣN. The interval is Wilson's (1927), which never leaves [0, 1] and says something at 0 of n too, with the
sample size that a simple sample of equal precision would have: n* = 1 ÷ Σ W²·(1 − m_h/N_h)/m_h. Unequal shares make n*
smaller (Kish's design effect), drawing a good part of few records makes it larger (finite population correction); where
all records were reviewed nothing is left to chance and the interval is the share itself.
"""

import math

import numpy as np
import pandas as pd

Z = 1.959963984540054  # two-sided 95 %


def share_estimate(strata: pd.DataFrame) -> tuple[float, float, float]:
    """(share, low, high) from columns size (N_h), counted (m_h), failed (x_h); NaN where nothing was counted.

    A stratum without a counted record is not spoken of: it has no weight.
    """
    known = strata[strata["counted"] > 0]
    if known.empty:
        return math.nan, math.nan, math.nan
    size, counted, failed = (known[name].to_numpy(dtype=float) for name in ("size", "counted", "failed"))
    weight = size / size.sum()
    share = float(np.sum(weight * failed / counted))
    spread = float(np.sum(weight**2 * np.clip(1 - counted / size, 0, None) / counted))
    low, high = wilson(share, spread)
    return share, low, high


def wilson(share: float, spread: float) -> tuple[float, float]:
    """Wilson's interval for a share; `spread` = 1 ÷ n, 0 if every record is known."""
    square = Z * Z * spread
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) * spread + square * spread / 4) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)
