"""From due visits and the earlier list to the new list: completion, states, cancellation (contract, section 3)."""

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.rules.matching import loan_key, match_records
from toolkit.rules.standing import Standing
from toolkit.rules.visit_numbers import read_numbers, visit_numbers
from toolkit.rules.visit_rules import Situation, due_visits

# What the tool writes in 系统提示 begins with one of these, so that a staff member's own 已取消 stays recognisable.
PROVISIONAL_NOTE = "暂定：该年度放假安排未公布，按周一至周五及固定节日推算"
CANCELLED_NOTE = "系统取消："
PASSED_NOTE = "安排日期已过"
# Settled without a date = settled throughout (fine print 1).
THROUGHOUT = pd.Timestamp("1950-01-01")
LEFT_NOTE = "回访人员已离岗或不在本网点"
OWN_NOTES = ("暂定", CANCELLED_NOTE, PASSED_NOTE, LEFT_NOTE, "无可用回访人员", "超过每日上限", "缺联系电话", "已错过")


def listed_visits(visits: pd.DataFrame, standing: Standing) -> pd.DataFrame:
    """Rows of 回访清单 with key, number_type and anchor_on; rows without 回访编号 are not the tool's and left out."""
    listed = visits[visits["visit_no"] != ""].drop_duplicates("visit_no").reset_index(drop=True)
    numbers = read_numbers(listed["visit_no"])
    return listed.assign(key=loan_key(listed), anchor_on=numbers["anchor_on"])


def complete(standing: Standing, listed: pd.DataFrame, records: pd.DataFrame, situation: Situation) -> pd.DataFrame:
    """Every candidate visit, computed or listed, with `record` (index in `records`, -1 = none) and completed_on.

    Repeat overdue visits grow out of completed ones, so planning and matching take turns until nothing is added.
    """
    keys_of = standing.loans.set_index("key")[["contract_no", "drawdown_no"]]
    after = pd.DataFrame({"key": pd.Series(dtype="object"), "visited_on": pd.Series(dtype="datetime64[s]")})
    enabled = situation.parameters["启用日期"]
    while True:
        situation = Situation(**{**situation.__dict__, "overdue_after": after})
        computed = due_visits(standing, situation)
        computed["visit_no"] = (
            visit_numbers(computed["key"], computed["visit_type"], computed["anchor_on"]) if len(computed) else []
        )
        candidates = _with_listed(computed, listed, keys_of)
        state = candidates["listed_state"]
        candidates["closed"] = state == v.CANCELLED
        if enabled is not None:
            candidates["closed"] |= candidates["due_on"] < pd.Timestamp(enabled)
        matched = match_records(records, candidates, situation.as_of)
        hit = matched[matched >= 0]
        record = np.full(len(candidates), -1)
        record[hit.to_numpy()] = hit.index.to_numpy()
        candidates["record"] = record
        when = records["visited_on"].reindex(candidates["record"].where(candidates["record"] >= 0)).to_numpy()
        candidates["completed_on"] = when.astype("datetime64[s]")
        candidates["done"] = (candidates["record"] >= 0) & ~(state == v.CANCELLED)
        typed = (state == v.DONE) & (candidates["record"] < 0)  # staff's word, no record: its planned day stands in
        planned = candidates["scheduled_on"].fillna(candidates["due_on"])
        planned = planned.where(planned < situation.today, situation.today)
        candidates.loc[typed, "completed_on"] = planned[typed]
        candidates["done"] |= typed
        visited = candidates[candidates["done"] & (candidates["visit_type"] == v.OVERDUE)]
        visited = visited[["key", "completed_on"]].rename(columns={"completed_on": "visited_on"}).drop_duplicates()
        fresh = pd.concat([after, visited.astype(after.dtypes.to_dict())]).drop_duplicates(ignore_index=True)
        if len(fresh) == len(after):
            return candidates
        after = fresh


def _with_listed(computed: pd.DataFrame, listed: pd.DataFrame, keys_of: pd.DataFrame) -> pd.DataFrame:
    """Computed visits, listed ones keeping their listed window, then listed visits no rule asks for any more."""
    computed = computed.assign(asked=True).merge(keys_of, left_on="key", right_index=True, how="left")
    old = listed.set_index("visit_no")
    kept = old[["earliest_on", "due_on", "state", "scheduled_on", "system_note"]].add_prefix("listed_")
    computed = computed.merge(kept, left_on="visit_no", right_index=True, how="left")
    computed["listed_state"] = computed["listed_state"].fillna("").astype("object")
    provisional = computed["listed_system_note"].fillna("").astype("object").str.contains("暂定")
    for name in ("earliest_on", "due_on"):
        old_day = computed[f"listed_{name}"].astype("datetime64[s]")
        computed[name] = computed[name].astype("datetime64[s]").where(old_day.isna() | provisional, old_day)
    computed = computed.rename(columns={"listed_scheduled_on": "scheduled_on"}).drop(
        columns=["listed_earliest_on", "listed_due_on", "listed_system_note"]
    )
    rest = listed[~listed["visit_no"].isin(computed["visit_no"])]
    rest = rest[
        ["visit_no", "key", "contract_no", "drawdown_no", "visit_type", "anchor_on", "earliest_on", "due_on",
         "scheduled_on", "state", "reason", "clause"]
    ].rename(columns={"state": "listed_state"})  # fmt: skip
    rest = rest.assign(asked=False, provisional=False)
    parts = [part for part in (computed, rest) if not part.empty]
    if not parts:
        return computed.assign(closed=False)
    both = pd.concat(parts, ignore_index=True)
    for name in ("anchor_on", "earliest_on", "due_on", "scheduled_on"):
        both[name] = both[name].astype("datetime64[s]")
    both["provisional"] = both["provisional"].astype(bool)
    both["asked"] = both["asked"].astype(bool)
    return both


def choose(candidates: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, situation: Situation) -> pd.DataFrame:
    """The candidates this run lists: due in the period, unfulfilled of the 90 days before, outstanding overdue ones."""
    c = candidates
    overdue = c["asked"] & (c["visit_type"] == v.OVERDUE) & ~c["done"]
    latest = c[overdue].groupby("key")["anchor_on"].transform("max")
    outstanding = overdue & (c["anchor_on"] == latest.reindex(c.index))
    superseded = overdue & ~outstanding
    wanted = (c["due_on"] >= start) & (c["due_on"] <= end)
    wanted |= (c["due_on"] < start) & (c["due_on"] >= start - pd.Timedelta(days=90)) & ~c["done"]
    enabled = situation.parameters["启用日期"]
    if enabled is not None:
        wanted &= c["due_on"] >= pd.Timestamp(enabled)
    listed = c["listed_state"] != ""
    return (
        c[((wanted & c["asked"] & ~superseded) | outstanding | listed)]
        .assign(asked=c["asked"] & ~superseded)
        .reset_index(drop=True)
    )


def ground_gone_on(visits: pd.DataFrame, standing: Standing) -> pd.DataFrame:
    """For listed visits no rule asks for: the day their ground fell away (NaT unknown) and why ("" = it did not)."""
    loans = standing.loans.set_index("key")
    loan = loans.reindex(visits["key"])
    loan.index = visits.index
    schedule = standing.schedule
    kind = visits["visit_type"]
    gone = pd.Series(pd.NaT, index=visits.index, dtype="datetime64[s]")
    why = pd.Series("", index=visits.index, dtype="object")

    def settle(mask: pd.Series, day, text: str) -> None:
        mask = mask & (why == "") & loan["contract_no"].notna()
        gone[mask] = day[mask] if isinstance(day, pd.Series) else day
        why[mask] = text

    closed = loan["closed"].fillna(False).astype(bool)
    settled_day = (
        loan["settled_on"].where(loan["settled_on"].notna(), pd.Timestamp("1950-01-01")).astype("datetime64[s]")
    )
    settle(closed & ~kind.isin([v.APPLICATION, v.APPROVAL]), settled_day, "贷款已结清或核销")
    settle((kind == v.APPLICATION), loan["approved_on"], "申请状态已变更")
    settle((kind == v.APPROVAL) & loan["disbursed"].fillna(False).astype(bool), loan["disbursed_on"], "贷款已发放")
    paid = schedule[schedule["paid"]]
    paid_on = paid.groupby(["key", "due_on"])["paid_on"].max()
    pairs = pd.MultiIndex.from_arrays([visits["key"], visits["anchor_on"]])
    instalment = pd.Series(paid_on.reindex(pairs).to_numpy(), index=visits.index).astype("datetime64[s]")
    is_paid = pd.Series(pairs.isin(paid_on.index), index=visits.index)
    settle((kind == v.REMINDER) & is_paid, instalment, "该期已还款")
    overdue = kind == v.OVERDUE
    if overdue.any():
        owed = visits.loc[overdue, ["key", "anchor_on"]].reset_index().merge(paid, on="key")
        cleared = owed[owed["due_on"] <= owed["anchor_on"]].groupby("index")["paid_on"].max()
        settle(overdue, cleared.reindex(visits.index).astype("datetime64[s]"), "逾期已归还或已另列回访")
    moved = kind.isin([v.PERIODIC, v.SPECIAL]) & (loan["last_contact_on"] > visits["anchor_on"])
    settle(moved, loan["last_contact_on"], "已另有成功回访")
    settle(kind != v.REMINDER, pd.NaT, "台账、分类或参数变更后不再需要")
    unpaid = schedule[~schedule["paid"]].groupby(["key", "due_on"]).size().index
    still_owed = pd.Series(pairs.isin(unpaid), index=visits.index) & loan["has_schedule"].fillna(False).astype(bool)
    settle((kind == v.REMINDER) & ~still_owed, pd.NaT, "还款计划已变更")
    return pd.DataFrame({"gone_on": gone, "why": why}, index=visits.index)


def states(visits: pd.DataFrame, standing: Standing, situation: Situation) -> pd.DataFrame:
    """Columns state and cancel_reason for the chosen visits; what staff decided stands."""
    today = situation.today
    old = visits["listed_state"]
    past = visits["due_on"] < today
    state = pd.Series(np.where(past, v.MISSED, v.TO_VISIT), index=visits.index, dtype="object")
    reason = pd.Series("", index=visits.index, dtype="object")
    unasked = visits[~visits["asked"]]
    if not unasked.empty:
        ground = ground_gone_on(unasked, standing)
        fell = (ground["why"] != "") & (
            (ground["gone_on"] <= unasked["due_on"]) | (ground["gone_on"].isna() & (today <= unasked["due_on"]))
        )
        dropped = fell[fell].index
        state[dropped] = v.CANCELLED
        day = ground["gone_on"].where(ground["gone_on"] > THROUGHOUT).dt.strftime("（%Y-%m-%d）")
        reason[dropped] = CANCELLED_NOTE + ground["why"][dropped] + day[dropped].fillna("").astype("object")
    waiting = (old == v.RESCHEDULED) & (visits["scheduled_on"] >= today) & (state != v.CANCELLED)
    state[waiting] = v.RESCHEDULED
    state[visits["done"]] = v.DONE
    by_tool = visits["listed_note"].fillna("").astype("object").str.startswith(CANCELLED_NOTE)
    stands = (old == v.CANCELLED) & ~by_tool
    state[stands] = v.CANCELLED
    reason[visits["done"] | stands] = ""
    return pd.DataFrame({"state": state, "cancel_reason": reason}, index=visits.index)
