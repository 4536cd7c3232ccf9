"""Which record completes which visit (contract, section 3: completion, fine print 4 and 6)."""

import datetime as dt

import numpy as np
import pandas as pd

from toolkit.model import values as v

TYPE_ORDER = {visit_type: i for i, visit_type in enumerate(v.VISIT_TYPES)}
_KEY_MARK = "\x1f"


def loan_key(frame: pd.DataFrame) -> pd.Series:
    """Contract + 借据编号 as one str: the identity of a loan wherever the contract says "contract"."""
    return frame["contract_no"].astype("object") + _KEY_MARK + frame["drawdown_no"].astype("object")


def split_keys(keys: pd.Series) -> pd.DataFrame:
    """Columns contract_no and drawdown_no of loan keys."""
    parts = [key.partition(_KEY_MARK) if isinstance(key, str) else (key, "", "") for key in keys.tolist()]
    columns = {"contract_no": [part[0] for part in parts], "drawdown_no": [part[2] for part in parts]}
    return pd.DataFrame(columns, index=keys.index, dtype="object")


def match_records(records: pd.DataFrame, visits: pd.DataFrame, as_of: dt.date) -> pd.Series:
    """Position (iloc) in `visits` of the visit that each record completes, -1 where none; index of `records`.

    `records` needs visit_no, contract_no, drawdown_no, visited_on, started_at, result. `visits` needs visit_no,
    contract_no, drawdown_no, visit_type, earliest_on, due_on; optional `after_on` (NaT = no such day): records up to
    it complete nothing, and `closed` (bool): takes a record by 回访编号 only.

    A record names its visit by 回访编号 (of the same contract; a blank 借据编号 is no contradiction), else it takes the
    earliest due visit of its contract whose window holds its date, equal ones in the order of 回访类型. Only 成功 up to
    `as_of` counts; one record completes one visit and the first record (by date, clock, row) wins.
    """
    matched = pd.Series(-1, index=records.index, dtype="int64")
    usable = (records["result"] == v.SUCCESS) & (records["visited_on"] <= pd.Timestamp(as_of))
    if visits.empty or not usable.any():
        return matched
    target = pd.DataFrame(
        {
            "visit_no": visits["visit_no"].to_numpy(),
            "key": loan_key(visits).to_numpy(),
            "contract_no": visits["contract_no"].to_numpy(),
            "earliest_on": visits["earliest_on"].to_numpy(),
            "due_on": visits["due_on"].to_numpy(),
            "type_order": visits["visit_type"].map(TYPE_ORDER).fillna(len(TYPE_ORDER)).to_numpy(),
            "after_on": visits["after_on"].to_numpy() if "after_on" in visits else np.datetime64("NaT", "s"),
            "closed": visits["closed"].to_numpy().astype(bool) if "closed" in visits else False,
            "position": np.arange(len(visits)),
        }
    )
    source = records.loc[usable, ["visit_no", "contract_no", "drawdown_no", "visited_on"]].assign(
        key=loan_key(records.loc[usable]),
        clock=records.loc[usable, "started_at"].astype(str).replace("None", "99"),
        label=records.index[usable],
    )
    source = source.sort_values(["visited_on", "clock"], kind="stable")
    source["turn"] = np.arange(len(source))
    taken = np.zeros(len(visits), dtype=bool)

    named = source[source["visit_no"] != ""].merge(
        target.drop_duplicates("visit_no"), on=["visit_no", "contract_no"], how="inner", sort=False
    )
    named = named[(named["key_x"] == named["key_y"]) | (named["drawdown_no"] == "")].sort_values("turn", kind="stable")
    free = source[~source["label"].isin(named["label"])]
    named = named[~(named["visited_on"] <= named["after_on"])].drop_duplicates("position")
    matched.loc[named["label"]] = named["position"].to_numpy()
    taken[named["position"].to_numpy()] = True

    pairs = free.merge(target[~target["closed"] & ~taken], on="key", how="inner", sort=False)
    inside = (pairs["visited_on"] >= pairs["earliest_on"]) & (pairs["visited_on"] <= pairs["due_on"])
    pairs = pairs[inside & ~(pairs["visited_on"] <= pairs["after_on"])]
    if pairs.empty:
        return matched
    pairs = pairs.sort_values(["turn", "due_on", "type_order", "visit_no_y"], kind="stable")
    # The n-th record of every contract chooses in the same pass, so the passes are few however many the loans.
    first = pairs.drop_duplicates("label")
    of_contract = pd.Series(first.groupby("key").cumcount().to_numpy(), index=first["label"])
    for _, choice in pairs.groupby(pairs["label"].map(of_contract).to_numpy(), sort=True):
        chosen = choice[~taken[choice["position"].to_numpy()]].drop_duplicates("label")
        matched.loc[chosen["label"]] = chosen["position"].to_numpy()
        taken[chosen["position"].to_numpy()] = True
    return matched
