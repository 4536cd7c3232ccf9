"""What could not be planned, by cell and reason: rule codes P…, listed in 校验结果 (contract, section 1)."""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings, gather
from toolkit.model.request import Request
from toolkit.model.tables import SheetEdits, Table
from toolkit.rules import finding_rows
from toolkit.rules.planning.matching import loan_key
from toolkit.rules.planning.standing import Standing, resolve_keys

NO_CONTRACT = Rule("P01", "缺合同编号", v.ERROR, "五、(一)2.", "请补填贷款合同编号后重新生成清单")
DUPLICATE_LOAN = Rule("P02", "合同重复", v.ERROR, "五、(一)2.", "请删去多余的一行，或填写不同的借据编号")
UNKNOWN_STATUS = Rule("P03", "贷款状态无法识别", v.ERROR, "四、(二)", "请按下拉列表填写贷款状态后重新生成清单")
NO_DISBURSEMENT = Rule("P04", "缺发放日期", v.ERROR, "四、(二)1.", "请补填发放日期后重新生成清单")
BAD_DATE = Rule("P05", "日期无法识别", v.ERROR, "四、(二)", "请改为日期，如 2026-03-05")
NO_PHONE = Rule("P06", "缺联系电话", v.WARNING, "四、(一)1.", "请补填客户预留的联系电话")
NO_VISITOR = Rule("P07", "无可用回访人员", v.WARNING, "二、(三)1.", "请在“回访人员”表补充本网点在岗人员，或手工指定")
UNKNOWN_CONTRACT = Rule("P08", "合同不在台账", v.WARNING, "四、(二)5.", "请核对贷款合同编号，或先导入台账")
NO_DATE = Rule("P09", "缺申请或审批日期", v.WARNING, "一、(三)3.", "请补填日期后重新生成清单")
CROWDED = Rule("P10", "超过每日上限", v.WARNING, "二、(三)1.", "请调整安排日期或增加回访人员")
UNKNOWN_VALUE = Rule("P11", "取值无法识别", v.WARNING, "四、(一)2.", "请按下拉列表或数字填写后重新生成清单")
OWN_OFFICER = Rule("P12", "回访人员为客户经理", v.WARNING, "一、(三)1.", "请改由本网点其他在岗人员回访")
UNKNOWN_STATE = Rule("P13", "清单状态无法识别", v.WARNING, "二、(一)1.", "请按下拉列表填写状态，或清空后重新生成清单")

LOAN_DATES = ("applied_on", "approved_on", "disbursed_on", "matures_on", "settled_on")
SCHEDULE_CELLS = ("due_on", "due_amount", "paid_on", "paid_amount")


def plannable(tables: Mapping[str, Table], request: Request) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ledger rows that can be planned (unique keys, known status), and the findings about the rest."""
    table = tables[sheets.LOANS.title]
    data = table.data
    title = sheets.LOANS.title
    status = data["status"]
    no_contract = data["contract_no"] == ""
    key = loan_key(data)
    doubled = key.duplicated(keep="first") & ~no_contract
    unknown = ~status.isin(v.LOAN_STATUSES)
    lent = status.isin((v.IN_USE, v.SETTLED, v.WRITTEN_OFF)) & data["disbursed_on"].isna()
    lent &= ~table.unreadable("disbursed_on")
    undated = (status == v.APPLYING) & data["applied_on"].isna()
    decided = (data["approval_result"] != "") & data["approved_on"].isna() & data["disbursed_on"].isna()
    silent = (data["phone"] == "") & ~status.isin(v.CLOSED_LOAN_STATUSES)
    parts = [
        findings(NO_CONTRACT, title, data[no_contract], "contract_no", "缺贷款合同编号，该行未列入计划"),
        findings(DUPLICATE_LOAN, title, data[doubled], "contract_no", "同一合同（及借据）出现两行，只按第一行计划"),
        findings(
            UNKNOWN_STATUS,
            title,
            data[unknown],
            "status",
            "贷款状态“" + status[unknown] + "”不在列表内，未列入计划",
        ),
        findings(NO_DISBURSEMENT, title, data[lent & ~unknown], "disbursed_on", "缺发放日期，无法计划贷后回访"),
        findings(NO_DATE, title, data[undated], "applied_on", "缺申请日期，未列申请回访"),
        findings(NO_DATE, title, data[decided], "approved_on", "缺审批日期，未列审批回访"),
        findings(NO_PHONE, title, data[silent], "phone", "缺联系电话"),
    ]
    parts += _unreadable(table, LOAN_DATES) + _unreadable(tables[sheets.SCHEDULE.title], SCHEDULE_CELLS)
    parts += _strange_values(table)
    usable = data[~no_contract & ~doubled & ~unknown]
    return usable, gather(parts)


def _unreadable(table: Table, names: tuple[str, ...]) -> list[pd.DataFrame]:
    title = table.sheet.title
    out = []
    for name in names:
        bad = table.data[table.unreadable(name)]
        if not bad.empty:
            header = table.sheet.header(name)
            typed = table.raw.loc[bad.index, name].astype(str)
            out.append(findings(BAD_DATE, title, bad, name, header + "“" + typed + "”无法识别，按空白处理"))
    return out


def _strange_values(table: Table) -> list[pd.DataFrame]:
    """Values that decide 回访方式 or the watch list and cannot be used; the loan is planned without them."""
    data = table.data[~table.data["status"].isin(v.CLOSED_LOAN_STATUSES)]
    title = table.sheet.title
    parts = [
        findings(UNKNOWN_VALUE, title, data[data["amount"].isna()], "amount", "贷款金额缺失或无法识别，未按金额定方式")
    ]
    for name, choices, blank_ok, effect in (
        ("customer_type", v.CUSTOMER_TYPES, False, "未按金额定方式"),
        ("key_customer", v.YES_NO, True, "按“否”处理"),
        ("grade", v.LOAN_GRADES, True, "按“正常”处理"),
    ):
        strange = data[~data[name].isin(choices) & ~((data[name] == "") & blank_ok)]
        header = table.sheet.header(name)
        parts.append(
            findings(UNKNOWN_VALUE, title, strange, name, header + "“" + strange[name] + "”不在列表内，" + effect)
        )
    lost = data[table.unreadable("days_past_due")[data.index]]
    parts.append(findings(UNKNOWN_VALUE, title, lost, "days_past_due", "逾期天数无法识别，按空白处理"))
    return parts


def strange_entries(visits: Table) -> dict[str, pd.Series]:
    """By field of 回访清单, the rows where staff typed something that cannot be read; planning leaves it alone."""
    state = visits.data["state"]
    return {
        "scheduled_on": visits.unreadable("scheduled_on"),
        "state": (state != "") & ~state.isin(v.VISIT_STATES),
    }


def staff_entries(tables: Mapping[str, Table]) -> pd.DataFrame:
    """What staff typed into 回访清单 and planning cannot read."""
    table = tables[sheets.VISITS.title]
    strange = table.data[strange_entries(table)["state"]]
    message = "状态“" + strange["state"] + "”不在列表内，保持原样"
    parts = [findings(UNKNOWN_STATE, table.sheet.title, strange, "state", message)]
    lost = table.data[strange_entries(table)["scheduled_on"]]
    typed = table.raw.loc[lost.index, "scheduled_on"].astype(str)
    message = "安排日期“" + typed + "”无法识别，保持原样"
    return gather([*parts, findings(BAD_DATE, table.sheet.title, lost, "scheduled_on", message)])


def unassigned(planned: pd.DataFrame, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Visits without a visitor, with the loan's own officer or above the daily limit, pointing at the loan's row."""
    loans = tables[sheets.LOANS.title].data
    rows = pd.Series(loans["row"].to_numpy(), index=loan_key(loans)).groupby(level=0).first()
    open_visits = planned["state"].isin([v.TO_VISIT, v.MISSED, v.RESCHEDULED])
    placed = planned.assign(row=planned["key"].map(rows))
    placed = placed[placed["row"].notna() & open_visits]
    placed["row"] = placed["row"].astype(int)
    lone = placed[placed["shortfall"] != ""]
    full = placed[placed["crowded"].astype(bool)]
    own = placed[placed["own_officer"].astype(bool)]
    title = sheets.LOANS.title
    return gather(
        [
            findings(
                NO_VISITOR, title, lone, "loan_officer", lone["visit_type"] + "未分配回访人员：" + lone["shortfall"]
            ),
            findings(OWN_OFFICER, title, own, "loan_officer", own["visit_type"] + "的回访人员就是该户客户经理"),
            findings(CROWDED, title, full, "branch", full["visitor"] + "在安排日期超过每日上限"),
        ]
    )


def special_rows(tables: Mapping[str, Table], standing: Standing) -> pd.DataFrame:
    """Rows of 专项回访 whose contract is not in the ledger."""
    table = tables[sheets.SPECIAL_VISITS.title]
    known = resolve_keys(table.data, standing.loans).isin(standing.loans["key"])
    rows = table.data[~known]
    title = sheets.SPECIAL_VISITS.title
    undated = table.data[known & table.data["due_on"].isna()]
    return gather(
        [
            findings(UNKNOWN_CONTRACT, title, rows, "contract_no", "合同“" + rows["contract_no"] + "”不在贷款台账"),
            findings(BAD_DATE, title, undated, "due_on", "缺少可识别的截止日期，未列专项回访"),
        ]
    )


def edits(parts: list[pd.DataFrame], tables: Mapping[str, Table]) -> SheetEdits:
    """The rows of 校验结果: earlier ones of other steps stay, the plan's own are renewed with their handling."""
    return finding_rows.edits(gather(parts), tables, finding_rows.PLAN)


def sentences(parts: list[pd.DataFrame], tables: Mapping[str, Table]) -> list[str]:
    """One warning a finding for the screen."""
    return finding_rows.sentences(gather(parts), tables)
