"""Visits that take place at one time."""

import numpy as np
import pandas as pd

# More visits than this at one moment cannot be told apart by looking at the next one, two, … of the day.
DEEPEST_OVERLAP = 200


def partners(records: pd.DataFrame, same: str, differing: str) -> pd.Series:
    """Sheet row (int64) of a record of another `differing` that overlaps in time, 0 where there is none.

    `records` needs visited_on, seconds (start of day to 开始时间), minutes, row and the two columns named: compared are
    records with one `same` on one day. Index: the records with a start and a duration.
    """
    r = records[records["visited_on"].notna() & records["seconds"].notna() & (records["minutes"] > 0)]
    r = r.sort_values([same, "visited_on", "seconds", "row"], kind="stable")
    day = r.groupby([same, "visited_on"], sort=False).ngroup().to_numpy()
    who = pd.factorize(r[differing])[0]
    start, row = r["seconds"].to_numpy(), r["row"].to_numpy()
    end = start + r["minutes"].to_numpy() * 60
    partner = np.zeros(len(r), dtype="int64")
    for step in range(1, min(DEEPEST_OVERLAP, len(r))):
        touching = (day[step:] == day[:-step]) & (start[step:] < end[:-step])
        if not touching.any():
            break
        here = np.flatnonzero(touching & (who[step:] != who[:-step]))
        there = here + step
        for one, other in ((here, there), (there, here)):
            fresh = partner[one] == 0
            partner[one[fresh]] = row[other[fresh]]
    return pd.Series(partner, index=r.index)
