"""Was the visit made as the regulation wants it: when, how long, how, by whom? (警告 of the contract, section 4)

Each function is `(situation, rule) -> findings` on 回访记录.
"""

import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings, gather
from toolkit.rules.checks.answers import ANSWERED
from toolkit.rules.checks.overlaps import partners
from toolkit.rules.checks.situation import Situation, each_distinct

TITLE = sheets.RECORDS.title
EARLIEST_HOUR, LATEST_HOUR = 8, 22  # 三、(七)1.: nobody is called at night
LIMITS = {v.PHONE_CALL: ("电话时长下限", "电话时长上限"), v.FACE_TO_FACE: ("面谈时长下限", "面谈时长上限")}
NOT_DISBURSED = (v.APPLYING, v.APPROVING, v.REJECTED, v.AWAITING_DISBURSEMENT)
AFTER_DISBURSEMENT = ("发放", "使用", "还款")  # stages
STRICTNESS = {method: i for i, method in enumerate(v.VISIT_METHODS)}


def _day(dates: pd.Series) -> pd.Series:
    return dates.dt.strftime("%Y-%m-%d").astype("object")


def _minutes(number: pd.Series) -> pd.Series:
    return number.map("{:g}".format).astype("object")


def submitted_before_visit(situation: Situation, rule: Rule) -> pd.DataFrame:
    r = situation.records
    bad = r[r["submitted_on"] < r["visited_on"]]
    message = "提交日期 " + _day(bad["submitted_on"]) + " 早于回访日期 " + _day(bad["visited_on"])
    return findings(rule, TITLE, bad, "submitted_on", message)


def duration(situation: Situation, rule: Rule) -> pd.DataFrame:
    """Outside the limits of the method; an attempt that failed may be short. 问卷 has no limits."""
    r, p = situation.records, situation.parameters
    parts = []
    for method, (low, high) in LIMITS.items():
        of_method = r["method"] == method
        short = r[of_method & situation.successful & (r["minutes"] < p[low])]
        long = r[of_method & (r["minutes"] > p[high])]
        for bad, limit, word in ((short, low, "短于"), (long, high, "长于")):
            message = f"{method} " + _minutes(bad["minutes"]) + f" 分钟，{word}{limit} {p[limit]:g} 分钟"
            parts.append(findings(rule, TITLE, bad, "minutes", message))
    return gather(parts)


def at_night(situation: Situation, rule: Rule) -> pd.DataFrame:
    seconds = situation.records["seconds"]
    bad = situation.records[(seconds >= LATEST_HOUR * 3600) | (seconds < EARLIEST_HOUR * 3600)]
    return findings(rule, TITLE, bad, "started_at", "开始时间在 22:00 至 8:00 之间，打扰客户休息")


def submitted_late(situation: Situation, rule: Rule) -> pd.DataFrame:
    """After 回访日期 + 记录提交工作日数, or not yet though that day is past T."""
    r, n = situation.records, situation.parameters["记录提交工作日数"]
    last_day = situation.calendar.add_workdays(r["visited_on"].to_numpy().astype("datetime64[D]"), n)
    until = pd.Series(last_day.astype("datetime64[s]"), index=r.index)
    blank = r["submitted_on"].isna() & ~situation.table(sheets.RECORDS).unreadable("submitted_on")
    late, missing = r["submitted_on"] > until, blank & (until < situation.today)
    should = "，最迟应在 " + _day(until) + f" 提交（{n} 个工作日内）"
    return gather(
        [
            findings(rule, TITLE, r[late], "submitted_on", "提交迟于规定" + should[late]),
            findings(rule, TITLE, r[missing], "submitted_on", "尚未提交" + should[missing]),
        ]
    )


def before_disbursement(situation: Situation, rule: Rule) -> pd.DataFrame:
    """A visit or a check of a later stage, on a day before the money was paid out."""
    r, loan = situation.records, situation.loan
    unpaid = loan["disbursed_on"].isna() & loan["status"].isin(NOT_DISBURSED)
    early = r["visited_on"].notna() & ((r["visited_on"] < loan["disbursed_on"]) | unpaid)
    later = ~situation.visit["visit_type"].isin((v.APPLICATION, v.APPROVAL)) & situation.visit["visit_type"].notna()
    checks = [name for name, _, of, *_ in sheets.CHECKS if of in AFTER_DISBURSEMENT]
    later |= r[checks].isin(ANSWERED).any(axis=1)
    bad = early & later
    paid_on = ("发放日期 " + _day(loan["disbursed_on"])).fillna("该笔贷款尚未发放")
    return findings(rule, TITLE, r[bad], "visited_on", "回访早于贷款发放，" + paid_on[bad])


def after_settlement(situation: Situation, rule: Rule) -> pd.DataFrame:
    settled = situation.loan["settled_on"]
    bad = situation.records["visited_on"] > settled
    message = "回访晚于贷款结清日期 " + _day(settled[bad])
    return findings(rule, TITLE, situation.records[bad], "visited_on", message)


def outside_window(situation: Situation, rule: Rule) -> pd.DataFrame:
    """Outside the window of the visit named; an approved 改期至 moves its end (approved by the old 截止日期)."""
    r, visit = situation.records, situation.visit
    moved = visit["rescheduled_to"].notna() & (visit["reschedule_approved_on"] <= visit["due_on"])
    end = visit["due_on"].where(~moved, visit["rescheduled_to"])
    bad = r["named"] & ((r["visited_on"] < visit["earliest_on"]) | (r["visited_on"] > end))
    span = _day(visit["earliest_on"]).fillna("") + " 至 " + _day(end).fillna("")
    return findings(rule, TITLE, r[bad], "visited_on", "回访日期不在应访期间 " + span[bad] + " 内")


def weaker_method(situation: Situation, rule: Rule) -> pd.DataFrame:
    r, planned = situation.records, situation.visit["method"]
    bad = r["method"].map(STRICTNESS) < planned.map(STRICTNESS)
    message = "清单要求" + planned[bad] + "，实际为" + r["method"][bad]
    return findings(rule, TITLE, r[bad], "method", message)


def own_customer(situation: Situation, rule: Rule) -> pd.DataFrame:
    officer = each_distinct(situation.loan["loan_officer"], reading.name_key)
    bad = (situation.records["visitor_key"] != "") & (situation.records["visitor_key"] == officer)
    return findings(rule, TITLE, situation.records[bad], "visitor", "回访人员是该笔贷款的客户经理，应回避")


def overlapping(situation: Situation, rule: Rule) -> pd.DataFrame:
    """Two visits of one visitor at the same time with different customers; one contact with one customer is none."""
    r = situation.records
    customer = situation.loan["customer_no"].fillna("").astype("object")
    name = each_distinct(r["customer_name"], reading.name_key)
    r = r.assign(customer=customer.where(customer != "", "\x1f" + name))
    partner = partners(r[r["visitor_key"] != ""], "visitor_key", "customer")
    partner = partner[partner > 0].sort_index()
    message = "与第 " + partner.astype(str).astype("object") + " 行的回访时间重叠"
    return findings(rule, TITLE, r.loc[partner.index], "started_at", message)
