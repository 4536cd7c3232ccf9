"""尽职: visits that were not made though the visitor did what can be asked for (beside 七、(二)1.).

A customer who cannot be reached leaves a visit undone; so many attempts on so many days show that it was tried. The
indicator itself stays as the contract defines it.
"""

import pandas as pd

from toolkit.model import values as v
from toolkit.rules.indicators.rows import Books, due_visits


def diligent_visits(books: Books) -> pd.DataFrame:
    """attempts and days of the visits due in the period that were tried diligently and not made in time, by 回访编号.

    Attempts are records up to T that reached nobody (未接通, 号码有误) from 最早日期 to the day the visit counts by,
    with its 回访编号 or, where that is blank, of its loan.
    """
    due = due_visits(books)
    missed = due[~(due["completed_on"] <= due["counts_on"]) & (due["visit_no"] != "")]
    tried = books.records[books.records["result"].isin(v.UNREACHED)]
    tried = tried[tried["visited_on"] <= pd.Timestamp(books.request.as_of)]
    columns = ["visit_no", "key", "earliest_on", "counts_on"]
    named = tried.loc[tried["visit_no"] != "", ["visit_no", "visited_on", "started_at", "row"]]
    loose = tried.loc[tried["visit_no"] == "", ["key", "visited_on", "started_at", "row"]]
    pairs = pd.concat(
        [
            named.merge(missed[columns], on="visit_no").drop(columns="key"),
            loose.merge(missed[columns], on="key").drop(columns="key"),
        ],
        ignore_index=True,
    )
    inside = (pairs["visited_on"] >= pairs["earliest_on"]) & (pairs["visited_on"] <= pairs["counts_on"])
    # The same attempt entered twice is one.
    pairs = pairs[inside].assign(clock=lambda rows: rows["started_at"].map(str))
    pairs = pairs[(pairs["started_at"].isna()) | ~pairs.duplicated(["visit_no", "visited_on", "clock"])]
    tally = pairs.groupby("visit_no")["visited_on"].agg(attempts="size", days="nunique")
    return tally[(tally["attempts"] >= v.DILIGENT_ATTEMPTS) & (tally["days"] >= v.DILIGENT_DAYS)]
