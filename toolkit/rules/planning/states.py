"""清单状态 and why a visit is cancelled; what 系统提示 says and how it is read back (contract, section 3).

已取消 only where the ground fell away by 截止日期; a visit that was simply missed stays 逾期未访 (fine print 7).
"""

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.rules.planning.standing import Standing
from toolkit.rules.planning.visit_rules import Situation

# 系统提示 begins with one of these; `windows_are_provisional` and the like read them back.
PROVISIONAL_NOTE = "暂定：该年度放假安排未公布，按周一至周五及固定节日推算"
CANCELLED_NOTE = "系统取消："
DONE_NOTE = "已回访："
PROVISIONAL_DAY_NOTE = "安排日期暂定"
PASSED_NOTE = "安排日期已过"
LEFT_NOTE = "回访人员已离岗或不在本网点"
OFFICER_NOTE = "回访人员为该户客户经理"
NO_VISITOR_NOTE = "无可用回访人员"
CROWDED_NOTE = "超过每日上限"
NO_PHONE_NOTE = "缺联系电话"
# Notes on visits that are not cancelled: a 已取消 under one of them was set by staff afterwards.
_OTHER_NOTES = (
    "暂定", DONE_NOTE, PROVISIONAL_DAY_NOTE, PASSED_NOTE, LEFT_NOTE, OFFICER_NOTE, NO_VISITOR_NOTE, CROWDED_NOTE,
    NO_PHONE_NOTE,
)  # fmt: skip
# Settled without a date = settled throughout (fine print 1).
_THROUGHOUT = pd.Timestamp("1900-01-01")


def cancelled_by_tool(state: pd.Series, system_note: pd.Series) -> pd.Series:
    """Fine print 10: 已取消 with 系统提示 filled is the tool's, unless the note is one left from before."""
    return (state == v.CANCELLED) & (system_note != "") & ~system_note.str.startswith(_OTHER_NOTES).astype(bool)


def was_completed_by_record(system_note: pd.Series) -> pd.Series:
    """The tool set 已完成 because of a record, not staff by hand."""
    return system_note.str.contains(DONE_NOTE, regex=False).astype(bool)


def windows_are_provisional(system_note: pd.Series) -> pd.Series:
    """最早日期 and 截止日期 were computed for a year without a published arrangement and are computed again."""
    return system_note.str.startswith("暂定").astype(bool)


def ground_gone(visits: pd.DataFrame, standing: Standing) -> pd.DataFrame:
    """For listed visits no rule asks for: `gone_on`, the day their ground fell away (NaT = some day up to T), and
    `why` ("" = it did not). `visits`: key, loan, visit_type, anchor_on, due_on, in_ledger (bool)."""
    loan = standing.loans.reindex(visits["loan"].where(visits["loan"] >= 0))
    loan.index = visits.index
    known = visits["loan"] >= 0
    kind, anchor = visits["visit_type"], visits["anchor_on"]
    gone = pd.Series(pd.NaT, index=visits.index, dtype="datetime64[s]")
    why = pd.Series("", index=visits.index, dtype="object")

    def fell(mask: pd.Series, day, text: str) -> None:
        mask = mask & (why == "")
        gone[mask] = day[mask] if isinstance(day, pd.Series) else day
        why[mask] = text

    fell(~visits["in_ledger"], pd.NaT, "合同已不在贷款台账")
    lent = known & ~kind.isin([v.APPLICATION, v.APPROVAL])
    closed = lent & loan["closed"].eq(True)
    fell(closed, loan["settled_on"].where(loan["settled_on"].notna(), _THROUGHOUT), "贷款已结清或核销")
    applying, approving = known & (kind == v.APPLICATION), known & (kind == v.APPROVAL)
    dated = anchor.notna()
    for mask, name, text in (
        (applying, "applied_on", "申请日期已更正"),
        (approving, "approved_on", "审批日期已更正"),
        (known & (kind == v.FIRST), "disbursed_on", "发放日期已更正"),
    ):
        fell(mask & dated & loan[name].notna() & (loan[name] != anchor), _THROUGHOUT, text)
    fell(applying & (loan["status"] != v.APPLYING), loan["approved_on"], "申请已有结果")
    fell(approving & loan["disbursed"].eq(True), loan["disbursed_on"], "贷款已发放")
    paid, owed = _instalments(visits, standing)
    has_schedule = loan["has_schedule"].eq(True)
    reminded, late = known & (kind == v.REMINDER) & dated, known & (kind == v.OVERDUE) & dated
    at = paid[paid["due_on"] == paid["anchor_on"]].groupby("visit")["paid_on"].max().reindex(visits.index)
    still = visits.index.isin(owed.loc[owed["due_on"] == owed["anchor_on"], "visit"])
    here = visits.index.isin(paid.loc[paid["due_on"] == paid["anchor_on"], "visit"])
    fell(reminded & here & ~still, at.astype("datetime64[s]"), "该期已还款")
    fell(reminded & has_schedule & ~here & ~still, pd.NaT, "还款计划已变更")
    fell(reminded & ~has_schedule & (loan["matures_on"] != anchor), pd.NaT, "到期日已变更")
    owing = visits.index.isin(owed.loc[owed["due_on"] <= owed["anchor_on"], "visit"])
    cleared = paid[paid["due_on"] <= paid["anchor_on"]].groupby("visit")["paid_on"].max().reindex(visits.index)
    fell(late & has_schedule & ~owing, cleared.astype("datetime64[s]"), "逾期已归还")
    fell(late & loan["overdue_since"].isna(), pd.NaT, "已不逾期")
    fell(late, pd.NaT, "已另列逾期回访")
    moved = known & kind.isin([v.PERIODIC, v.SPECIAL]) & (loan["last_contact_on"] > anchor)
    fell(moved, loan["last_contact_on"], "已另有成功回访")
    fell(known & dated & (kind == v.SPECIAL), pd.NaT, "专项回访已撤销或不再属重点关注")
    fell(known & dated & (kind != v.REMINDER), pd.NaT, "台账或参数变更后不再需要")
    return pd.DataFrame({"gone_on": gone, "why": why}, index=visits.index)


def _instalments(visits: pd.DataFrame, standing: Standing) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Paid and unpaid instalments of the visits' loans: columns visit (label), anchor_on, due_on, paid_on."""
    wanted = visits.loc[
        visits["visit_type"].isin([v.REMINDER, v.OVERDUE]) & (visits["loan"] >= 0), ["loan", "anchor_on"]
    ]
    wanted = wanted.rename_axis("visit").reset_index()
    both = wanted.merge(standing.schedule[["loan", "due_on", "paid_on", "paid"]], on="loan")
    return both[both["paid"]], both[~both["paid"]]


def states(visits: pd.DataFrame, standing: Standing, situation: Situation) -> pd.DataFrame:
    """Columns state and cancel_reason for the chosen visits; what staff decided stands."""
    today = situation.today
    old = visits["listed_state"]
    by_tool = cancelled_by_tool(old, visits["listed_note"])
    past = visits["due_on"] < today
    state = pd.Series(np.where(past, v.MISSED, v.TO_VISIT), index=visits.index, dtype="object")
    reason = pd.Series("", index=visits.index, dtype="object")
    unasked = visits[~visits["asked"]]
    if not unasked.empty:
        ground = ground_gone(unasked, standing)
        unknown_day = ground["gone_on"].isna()
        in_time = (ground["gone_on"] <= unasked["due_on"]) | (unknown_day & (today <= unasked["due_on"]))
        dropped = unasked.index[(ground["why"] != "") & in_time]
        state[dropped] = v.CANCELLED
        day = ground["gone_on"].where(ground["gone_on"] > _THROUGHOUT).dt.strftime("（%Y-%m-%d）")
        reason[dropped] = CANCELLED_NOTE + ground["why"][dropped] + day[dropped].fillna("").astype("object")
        # Cancelled in time by an earlier run; that the due day has passed since does not make it a missed visit.
        remains = by_tool & ~visits["asked"] & (state != v.CANCELLED)
        state[remains] = v.CANCELLED
        reason[remains] = visits["listed_note"][remains]
    standing_by = (old == v.RESCHEDULED) & (visits["scheduled_on"] >= today) & (state != v.CANCELLED)
    state[standing_by] = v.RESCHEDULED
    state[visits["done"]] = v.DONE
    stands = (old == v.CANCELLED) & ~by_tool
    state[stands] = v.CANCELLED
    reason[visits["done"] | stands] = ""
    return pd.DataFrame({"state": state, "cancel_reason": reason}, index=visits.index)
