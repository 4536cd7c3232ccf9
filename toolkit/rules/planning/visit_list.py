"""From due visits and the earlier list to the visits of this run, each with the record that completed it.

Contract, section 3, completion and fine print 5–7 and 10.
"""

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.rules.planning.matching import TYPE_ORDER, match_records, split_keys
from toolkit.rules.planning.numbers import base_of_listed, read_numbers, visit_numbers
from toolkit.rules.planning.standing import Standing, loan_positions, resolve_keys
from toolkit.rules.planning.states import cancelled_by_tool, was_completed_by_record, windows_are_provisional
from toolkit.rules.planning.visit_rules import (
    CARRY_OVER,
    COLUMNS,
    Situation,
    as_days,
    due_visits,
    quarter_ends,
    repeat_overdue,
)

_EPOCH = np.datetime64("1900-01-01", "D")
MOST_TURNS = 200  # more overdue visits in a row than a loan ever sees
_SPAN = 200_000  # more days than any date lies from `_EPOCH`


def listed_visits(visits: pd.DataFrame, standing: Standing) -> pd.DataFrame:
    """Rows of 回访清单 with key, loan (-1 unknown) and the anchor_on of their number (NaT: the number is not the
    tool's). Rows without 回访编号 are the staff's own and left out."""
    listed = visits[visits["visit_no"] != ""].drop_duplicates("visit_no").reset_index(drop=True)
    numbers = read_numbers(listed["visit_no"])
    key = resolve_keys(listed, standing.loans)
    # 已改期 with nothing but 改期至: that is the day arranged.
    moved = (listed["state"] == v.RESCHEDULED) & listed["scheduled_on"].isna()
    return listed.assign(
        **split_keys(key),
        key=key,
        loan=loan_positions(key, standing.loans),
        anchor_on=numbers["anchor_on"],
        scheduled_on=listed["scheduled_on"].where(~moved, listed["rescheduled_to"]),
    )


def further_quarters(listed: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """(loan, end) of the quarters outside the run that matter: a record lies in them, or names or lists their visit."""
    named = read_numbers(records["visit_no"])
    periodic = listed["anchor_on"].where(listed["visit_type"] == v.PERIODIC)
    loans = np.concatenate([records["loan"], records["loan"], listed["loan"]])
    dates = np.concatenate([as_days(records["visited_on"]), as_days(named["anchor_on"]), as_days(periodic)])
    known = (loans >= 0) & ~np.isnat(dates)
    ends = quarter_ends(dates[known]).astype("datetime64[s]")
    return pd.DataFrame({"loan": loans[known].astype(np.int64), "end": ends}).drop_duplicates()


def _identities(loan, visit_type: pd.Series, anchor) -> np.ndarray:
    """One int per contract, type and anchor, for look-up before any number is written out."""
    order = visit_type.map(TYPE_ORDER).fillna(len(TYPE_ORDER)).to_numpy(dtype=np.int64)
    return (np.asarray(loan, dtype=np.int64) * (len(TYPE_ORDER) + 1) + order) * _SPAN + _offsets(anchor)


def _offsets(dates) -> np.ndarray:
    days = as_days(dates)
    return np.where(np.isnat(days), 0, days - _EPOCH).astype(np.int64)


def _needed(visits: pd.DataFrame, listed: pd.DataFrame, records: pd.DataFrame, situation: Situation) -> np.ndarray:
    """bool per visit: due in this run, overdue, listed or named before, or open to a record of its contract."""
    due = as_days(visits["due_on"])
    low, high = as_days([situation.start.to_datetime64(), situation.end.to_datetime64()])
    needed = (due >= low - CARRY_OVER) & (due <= high)
    needed |= (visits["visit_type"] == v.OVERDUE).to_numpy()
    named = read_numbers(records["visit_no"])
    known = np.concatenate(
        [
            _identities(listed["loan"], listed["visit_type"], listed["anchor_on"]),
            _identities(records["loan"], named["visit_type"], named["anchor_on"]),
        ]
    )
    needed |= np.isin(_identities(visits["loan"], visits["visit_type"], visits["anchor_on"]), known)
    contacts = np.sort(records["loan"].to_numpy(dtype=np.int64) * _SPAN + _offsets(records["visited_on"]))
    place = visits["loan"].to_numpy() * _SPAN
    from_here = np.searchsorted(contacts, place + _offsets(visits["earliest_on"]), side="left")
    to_here = np.searchsorted(contacts, place + _offsets(visits["due_on"]), side="right")
    return needed | (to_here > from_here)


def _numbered(visits: pd.DataFrame, standing: Standing) -> pd.DataFrame:
    """Due visits with the key, contract_no, drawdown_no and 回访编号."""
    loans = standing.loans.iloc[visits["loan"].to_numpy()]
    out = visits.reset_index(drop=True)
    for name in ("key", "contract_no", "drawdown_no"):
        out[name] = loans[name].to_numpy()
    out["visit_no"] = visit_numbers(out["key"], out["visit_type"], out["anchor_on"])
    return out


def complete(standing: Standing, listed: pd.DataFrame, records: pd.DataFrame, situation: Situation) -> pd.DataFrame:
    """Every visit that matters, computed or listed, with `record` (label in `records`, -1 = none), completed_on, done.

    `records` has contract_no and drawdown_no of the ledger and `loan` (-1 unknown). Repeat overdue visits grow out of
    completed ones, so planning and matching take turns for the loans concerned until both agree. They do: a repeat
    takes records after its v only, so each turn settles the matching up to a later day.
    """
    base = due_visits(standing, situation)
    good = records[(records["result"] == v.SUCCESS) & (records["visited_on"] <= situation.today)]
    base = _numbered(base[_needed(base, listed, good, situation)], standing)
    computed, old, own = base, listed, good
    visited = pd.DataFrame({"loan": pd.Series(dtype="int64"), "visited_on": pd.Series(dtype="datetime64[s]")})
    finished = []
    for _ in range(MOST_TURNS):
        candidates = _matched(_with_listed(computed, old), own, situation)
        seen = _overdue_visits_made(candidates, standing)
        differs = pd.concat([seen, visited]).drop_duplicates(keep=False)["loan"].unique()
        open_loans = candidates["loan"].isin(differs)
        finished.append(candidates[~open_loans])
        if not open_loans.any():
            break
        visited = seen[seen["loan"].isin(differs)]
        again = repeat_overdue(standing, situation, visited)
        rest = base[base["loan"].isin(differs)]
        computed = pd.concat([rest, _numbered(again, standing)], ignore_index=True).drop_duplicates("visit_no")
        old, own = listed[listed["loan"].isin(differs)], good[good["loan"].isin(differs)]
    else:  # records that name each other's visits can chase their own tail; the last turn stands
        finished.append(candidates[open_loans])
    return pd.concat([part for part in finished if not part.empty] or finished[:1], ignore_index=True)


def _overdue_visits_made(candidates: pd.DataFrame, standing: Standing) -> pd.DataFrame:
    """Distinct (loan, visited_on) of the completed overdue visits of loans that are overdue."""
    made = candidates[candidates["done"] & (candidates["visit_type"] == v.OVERDUE) & (candidates["loan"] >= 0)]
    owing = standing.loans["overdue_since"].notna().to_numpy()[made["loan"].to_numpy(dtype=np.int64)]
    made = made[owing].rename(columns={"completed_on": "visited_on"})
    return made[["loan", "visited_on"]].drop_duplicates(ignore_index=True)


def _with_listed(computed: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Computed visits, listed ones keeping their listed window, then listed visits no rule asks for any more.

    `asked`: a rule asks for it; `listed`: it is on the list; `kept`: its window is that of the list.
    """
    lent = listed[["visit_no", "earliest_on", "due_on", "scheduled_on", "state", "system_note"]]
    lent = lent.rename(columns={"earliest_on": "listed_from", "due_on": "listed_to"}).assign(listed=True)
    out = computed.assign(asked=True).merge(lent, on="visit_no", how="left", sort=False)
    rest = listed[~listed["visit_no"].isin(computed["visit_no"])]
    if not rest.empty:
        names = ["visit_no", "key", "loan", "contract_no", "drawdown_no", "visit_type", "anchor_on"]
        windows = ["earliest_on", "due_on", "scheduled_on", "state", "system_note"]
        after = base_of_listed(rest)
        rest = rest[names + windows].assign(after_on=after, asked=False, listed=True, provisional=False)
        out = pd.concat([out, rest], ignore_index=True) if len(out) else rest.reindex(columns=out.columns)
        out = out.reset_index(drop=True)
    for name in ("state", "system_note"):
        out[name] = out[name].fillna("").astype("object")
    for name in (*(column for column in COLUMNS if column.endswith("_on")), "scheduled_on", "listed_from", "listed_to"):
        out[name] = out[name].astype("datetime64[s]")
    out["listed"] = out["listed"].eq(True)
    for name in ("provisional", "asked"):
        out[name] = out[name].astype(bool)
    out["kept"] = out["listed_from"].notna() & out["listed_to"].notna() & ~windows_are_provisional(out["system_note"])
    for name, old in (("earliest_on", "listed_from"), ("due_on", "listed_to")):
        out[name] = out[name].where(~out["kept"], out[old])
    return out.rename(columns={"state": "listed_state", "system_note": "listed_note"})


def _matched(candidates: pd.DataFrame, records: pd.DataFrame, situation: Situation) -> pd.DataFrame:
    """Add record, completed_on and done. What staff decided stands: 已取消 as it is, 已完成 even without a record."""
    enabled = situation.parameters["启用日期"]
    by_tool = cancelled_by_tool(candidates["listed_state"], candidates["listed_note"])
    by_staff = (candidates["listed_state"] == v.CANCELLED) & ~by_tool
    closed = by_staff | (by_tool & ~candidates["asked"])
    if enabled is not None:
        closed |= candidates["due_on"] < pd.Timestamp(enabled)
    out = candidates.assign(closed=closed)
    hit = match_records(records, out, situation.as_of)
    hit = hit[hit >= 0]
    record = np.full(len(out), -1)
    record[hit.to_numpy()] = hit.index.to_numpy()
    out["record"] = record
    found = out["record"] >= 0
    when = records["visited_on"].reindex(out["record"].where(found))
    out["completed_on"] = when.to_numpy().astype("datetime64[s]")
    typed = (out["listed_state"] == v.DONE) & ~was_completed_by_record(out["listed_note"]) & ~found
    # Staff's word without a record: the day it was arranged for stands in.
    stand_in = out["scheduled_on"].fillna(out["due_on"])
    stand_in = stand_in.where(stand_in < situation.today, situation.today)
    out["completed_on"] = out["completed_on"].where(~typed, stand_in)
    out["done"] = typed | (found & ~by_staff)
    return out


def choose(candidates: pd.DataFrame, situation: Situation) -> pd.DataFrame:
    """The visits this run lists: due in the period, unfulfilled ones of the 90 days before, outstanding overdue ones,
    and whatever is on the list. An overdue visit with a later one after it is not asked for any more."""
    c = candidates
    overdue = c["asked"] & (c["visit_type"] == v.OVERDUE) & ~c["done"]
    latest = c["anchor_on"].where(overdue).groupby(c["loan"]).transform("max")
    outstanding = overdue & (c["anchor_on"] == latest)
    asked = c["asked"] & (~overdue | outstanding)
    start, end = situation.start, situation.end
    wanted = (c["due_on"] >= start) & (c["due_on"] <= end)
    wanted |= (c["due_on"] < start) & (c["due_on"] >= start - pd.Timedelta(CARRY_OVER)) & ~c["done"]
    enabled = situation.parameters["启用日期"]
    if enabled is not None:
        wanted &= c["due_on"] >= pd.Timestamp(enabled)
    return c.assign(asked=asked)[(wanted & asked) | outstanding | c["listed"]].reset_index(drop=True)
