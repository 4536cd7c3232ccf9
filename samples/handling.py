"""What the departments enter into 问题台账 about the quarter's issues: mostly in time, some late, some still open."""

import datetime as dt
from random import Random
from typing import Any

import pandas as pd

from samples import branch as b
from samples.book import workday
from samples.records import LAST_DAY
from toolkit.model import values as v

REPORTED_IN_TIME, CLOSED_IN_TIME = 0.91, 0.82
DEPARTMENT = {"资金未及时到账": b.OPERATIONS, "金额不符": b.OPERATIONS, "审批时间过长": b.RISK, "虚假资料/欺诈": b.RISK}
REMEDY = {
    "资金未及时到账": ("核查放款流程，与客户说明并优化受托支付时限", "款已到账，向客户致歉并登记延误原因"),
    "金额不符": ("核对借据与入账流水，向客户出具对账单", "差额为首期利息预留，已书面说明"),
    "挪用资金": ("要求客户限期归还挪用部分并补充用途凭证", "约谈客户，调整支付方式为受托支付"),
    "还款困难": ("上门了解经营情况，拟调整还款计划", "协商分期归还，增加担保", "纳入重点关注，每月走访"),
    "虚假资料/欺诈": ("成立专项调查组，核查申请资料，暂停放款",),
    "失联": ("通过联系人和上门核实新联系方式", "走访经营场所，更新预留电话"),
    "政策流程不理解": ("当场讲解还款计划和手续",),
    "服务态度": ("致歉并调整提醒方式",),
    "审批时间过长": ("说明审批进度，向审批岗反馈",),
}
OUTCOME = {
    "资金未及时到账": "款项已到账，客户认可",
    "金额不符": "对账一致，客户确认无误",
    "挪用资金": "挪用部分已归还，凭证补齐",
    "还款困难": "已签订还款安排，按新计划执行",
    "失联": "已取得新联系方式并恢复联系",
}


def handling(issues: pd.DataFrame, firms: set[str], staff: b.Staff, rng: Random) -> list[dict[str, Any]]:
    """One row per issue by field name of 问题台账. `issues`: its typed rows; `firms`: contracts of firms."""
    serious = issues["severity"].isin((v.MAJOR, v.CRITICAL))
    due = issues[serious & (issues["remedy_due_on"] <= pd.Timestamp(LAST_DAY))].index
    closed = set(rng.sample(list(due), round(len(due) * CLOSED_IN_TIME)))
    punctual = set(rng.sample(list(issues.index[serious]), round(int(serious.sum()) * REPORTED_IN_TIME)))
    rows = []
    for i in issues.index.tolist():
        issue = issues.loc[i]
        category = issue["category"]
        own = b.CORPORATE if issue["contract_no"] in firms else b.RETAIL
        department = DEPARTMENT.get(category, own)
        row: dict[str, Any] = {
            "visit_no": issue["visit_no"],
            "category": category,
            "department": department,
            "owner": rng.choice(staff.owners[department]),
            "remedy": rng.choice(REMEDY.get(category, ("已登记，正在核实",))),
        }
        if issue["severity"] == v.UNGRADED:
            row |= {"manual_grading": v.GENERAL, "manual_reason": "已与客户核实，属一般问题"}
        if serious[i]:
            _serious(row, issue, i in punctual, i in closed, staff, rng)
        else:
            _general(row, issue, rng)
        rows.append(row)
    return rows


def _serious(row: dict[str, Any], issue: pd.Series, punctual: bool, closed: bool, staff: b.Staff, rng: Random) -> None:
    found, report_due = issue["found_on"].date(), issue["report_due_on"].date()
    reported = found if punctual and rng.random() < 0.5 else report_due
    if not punctual:
        reported = workday(report_due, rng.randint(1, 4))
    if reported > LAST_DAY:
        row["state"] = v.TO_REPORT
        return
    row["reported_on"] = reported
    due = issue["remedy_due_on"].date()
    if issue["severity"] == v.CRITICAL:
        row["escalated_on"] = min(workday(found, 1), LAST_DAY)
    if closed:
        span = max((due - reported).days, 1)
        verified = _back_to_workday(reported + dt.timedelta(days=max(1, round(span * rng.uniform(0.4, 1)))), reported)
        verified = min(verified, due)
        row |= {
            "state": v.CLOSED,
            "completed_on": max(_back_to_workday(verified - dt.timedelta(days=rng.randint(0, 3)), reported), reported),
            "verifier": rng.choice(staff.verifiers),
            "verified_on": verified,
            "outcome": OUTCOME.get(row["category"], "已处理完毕"),
        }
    elif due <= LAST_DAY:
        _overran(row, due, staff, rng)
    else:
        row["state"] = rng.choice((v.REMEDYING, v.REMEDYING, v.REPORTED, v.TO_VERIFY))
        if row["state"] == v.TO_VERIFY:
            row["completed_on"] = min(workday(reported, 3), LAST_DAY)


def _overran(row: dict[str, Any], due: dt.date, staff: b.Staff, rng: Random) -> None:
    """Past the limit: closed late, still going on, or opened again."""
    late = workday(due, rng.randint(1, 6))
    state = rng.choice((v.CLOSED, v.REMEDYING, v.REMEDYING, v.TO_VERIFY, v.REOPENED))
    row["state"] = state if late <= LAST_DAY else v.REMEDYING
    if row["state"] in (v.CLOSED, v.REOPENED):
        row |= {"completed_on": late, "verifier": rng.choice(staff.verifiers), "verified_on": late}
        row["outcome"] = "处理完毕" if row["state"] == v.CLOSED else "客户再次反映，重新处理"
    elif row["state"] == v.TO_VERIFY:
        row["completed_on"] = late


def _general(row: dict[str, Any], issue: pd.Series, rng: Random) -> None:
    found = issue["found_on"].date()
    if rng.random() < 0.85:
        row |= {"state": v.SOLVED_ON_THE_SPOT, "completed_on": found, "outcome": "已当场解释，客户表示理解"}
    else:
        row |= {"state": v.REMEDYING, "reported_on": min(workday(found, 2), LAST_DAY)}


def _back_to_workday(day: dt.date, not_before: dt.date) -> dt.date:
    while day > not_before and workday(day) != day:
        day -= dt.timedelta(days=1)
    return day
