"""What part 四 asks for, derived from the issues found: who does what by when (二、(二)2., 六、(二), 六、(三)1.)."""

from dataclasses import dataclass

import pandas as pd

from toolkit.model import values as v
from toolkit.model.request import Request
from toolkit.rules.report.issues import GRADES
from toolkit.rules.report.wording import listing

RISK, BUSINESS = "风险管理部门", "业务部门"

# Issue category → the department that acts unless 问题台账 names one, and what it does.
REMEDIES: dict[str, tuple[str, str]] = {
    v.POLICY_UNCLEAR: (BUSINESS, "向相关客户逐户解释产品与流程，在申请、签约环节补充书面告知"),
    v.ATTITUDE: (BUSINESS, "核实服务经过，向客户说明致歉，对当事人员开展沟通技巧培训"),
    v.SLOW_APPROVAL: (BUSINESS, "查明超时的环节和原因，向客户说明进度，调整资料清单和办理时限"),
    v.LATE_FUNDS: (BUSINESS, "核对放款流水与到账时间，联系客户确认到账，查明延误原因"),
    v.WRONG_AMOUNT: (BUSINESS, "核对合同、借据与到账流水，差额逐笔更正并书面答复客户"),
    v.DIVERSION: (RISK, "调取资金流向凭证核实用途，限期纠正；查实的按合同约定提前收回或压降额度"),
    v.HARDSHIP: (BUSINESS, "上门核实收入与经营变化，逐户制定还款方案，确需展期的按程序报批"),
    v.PAST_DUE: (BUSINESS, "核实逾期原因和还款承诺，按复访间隔跟进，承诺落空的转入催收"),
    v.FRAUD: (RISK, "成立专项调查组核实；查实的终止贷款合同、追究责任"),
    v.COLLUSION: (RISK, "成立专项调查组核实，调查期间暂停当事人员经办贷款业务"),
    v.ILLICIT_FEES: (RISK, "核实收费依据和去向，违规收取的退还客户并追究责任"),
    v.COMPLAINT: (RISK, "指定专人核实诉求并书面答复客户，防止事态扩大"),
    v.DATA_LEAK: (RISK, "查明泄露渠道，收回涉事人员的信息查询权限，告知客户并追究责任"),
    v.OUT_OF_REACH: (BUSINESS, "通过其他联系方式和上门核实客户下落及担保状况"),
}
OTHER = (RISK, "核实情况，确定类别和责任部门")
TO_GRADE = "尽快人工定级"
INVESTIGATION = "；重大问题按六、(二)3.成立专项调查组并向上级主管部门报告"
_REMEDY_DAYS = {v.GENERAL: "一般问题整改工作日数", v.MAJOR: "重要问题整改工作日数", v.CRITICAL: "重大问题整改工作日数"}


@dataclass(frozen=True)
class Remedy:
    """One row of the plan: open issues of one category. `first_due` and `last_due` are 整改时限, NaT if none is set."""

    category: str
    count: int
    worst: str
    branches: str
    department: str
    action: str
    first_due: pd.Timestamp
    last_due: pd.Timestamp
    ungraded: int


def remedies(open_issues: pd.DataFrame, request: Request) -> list[Remedy]:
    """One `Remedy` per category of the open issues, worst first. A blank 整改时限 is counted from 发现日期."""
    if open_issues.empty:
        return []
    due = open_issues["remedy_due_on"].astype("datetime64[s]")
    days = open_issues["grade"].map({grade: request.parameters[name] for grade, name in _REMEDY_DAYS.items()})
    computed = request.calendar.add_workdays(
        open_issues["found_on"].to_numpy().astype("datetime64[D]"), days.fillna(0).astype("int64").to_numpy()
    )
    computed_due = pd.Series(computed.astype("datetime64[s]"), index=open_issues.index).where(days.notna())
    issues = open_issues.assign(due=due.fillna(computed_due), rank=open_issues["grade"].map(GRADES.index))
    out = [_remedy(str(category), part) for category, part in issues.groupby("category", sort=False)]
    return sorted(out, key=lambda remedy: (GRADES.index(remedy.worst), -remedy.count))


def _remedy(category: str, part: pd.DataFrame) -> Remedy:
    department, action = REMEDIES.get(category, OTHER)
    named = [name for name in dict.fromkeys(part["department"]) if name]
    worst = GRADES[int(part["rank"].min())]
    if worst == v.CRITICAL and "专项调查组" not in action:
        action += INVESTIGATION
    ungraded = int((part["grade"] == v.UNGRADED).sum())
    if ungraded:
        action = f"{TO_GRADE}；{action}" if worst == v.UNGRADED else f"{action}；其中待定级{ungraded}项{TO_GRADE}"
    branches = list(dict.fromkeys(part["branch"]))
    return Remedy(
        category,
        len(part),
        worst,
        listing(branches[:3]) + (f"等{len(branches)}个网点" if len(branches) > 3 else ""),
        listing(named) or department,
        action,
        part["due"].min(),
        part["due"].max(),
        ungraded,
    )
