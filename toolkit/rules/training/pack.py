"""The practice pack: cases and faulty records of invented people, and their key; one seed gives one pack."""

import datetime as dt
from hashlib import sha256
from random import Random
from typing import Any

import pandas as pd

from toolkit.model import practice_sheets as p
from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.fields import Sheet
from toolkit.model.parameters import Parameters
from toolkit.model.period import Period
from toolkit.model.request import Request
from toolkit.model.rule_tables import CLAUSE_OF_SEVERITY
from toolkit.model.tables import Table, table_from
from toolkit.rules.checks.rule_table import BY_CODE, findings_of
from toolkit.rules.training.cases import CASES, Case
from toolkit.rules.training.faults import FAULTS, Fault

CASES_OF_A_PACK, FAULTS_OF_A_PACK = 10, 8
_SURNAMES, _GIVEN = "王李张刘陈杨黄吴周徐孙马朱胡郭何", "明秀建丽志伟芳敏静磊洋勇艳娟涛超霞刚桂英文华玉兰军燕萍晓辉"
_PRODUCTS, _PURPOSES = ("个人经营贷", "小微企业贷", "装修贷"), ("进货", "采购设备", "装修店面", "补充流动资金")
_VISITOR, _OFFICER, _BRANCH = "学员", "郑远", "练习网点"


def seed_of(period: Period) -> int:
    """The usual seed of a period's pack."""
    return int(sha256(period.label.encode()).hexdigest()[:8], 16)


def chosen_cases(dice: Random, wanted: set[str]) -> list[Case]:
    """`CASES_OF_A_PACK` cases in a drawn order: those on the 问题类别 `wanted` first, at least two without an issue and
    one that did not reach the customer."""
    order = dice.sample(CASES, len(CASES))
    harmless = [case for case in order if not case.category and case.result == v.SUCCESS][:2]
    unreached = [case for case in order if case.result != v.SUCCESS][:1]
    first = [case for case in order if case.category in wanted]
    rest = [case for case in order if case.category and case not in first]
    picked = (harmless + unreached + first + rest)[:CASES_OF_A_PACK]
    return [case for case in order if case in picked]


def case_pages(cases: list[Case], dice: Random, parameters: Parameters) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of 案例题 and of 案例答案."""
    tasks, keys = [], []
    for no, case in enumerate(cases, start=1):
        filling = {"purpose": dice.choice(_PURPOSES), "amount": dice.choice((10, 20, 30, 50))}
        names = [sheets.RECORDS[name].header for name in case.checks]
        answers = {f"answer_{n}": case.answer(name) for n, name in enumerate(case.checks, start=1)}
        loan = f"{_person(dice)}，{dice.choice(_PRODUCTS)} {filling['amount']} 万元，用于{filling['purpose']}"
        tasks.append(
            {
                "no": no,
                "visit_type": case.visit_type,
                "loan": loan,
                "said": case.said.format(**filling),
                "checks": "\n".join(f"{n}. {name}" for n, name in enumerate(names, start=1)),
            }
        )
        keys.append(
            {
                "no": no,
                "result": case.result,
                **answers,
                "category": case.category or p.NO_PROBLEM,
                "severity": case.severity or p.NO_PROBLEM,
                "feedback": case.feedback.format(**filling),
                "limits": _limits(case.severity, parameters),
                "clause": CLAUSE_OF_SEVERITY.get(case.severity, "三、(七)4."),
                "point": case.point,
            }
        )
    return _page(p.CASES, tasks), _page(p.CASE_KEY, keys)


def _page(sheet: Sheet, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows).reindex(columns=list(sheet.names))


def _limits(severity: str, parameters: Parameters) -> str:
    def days(name: str) -> str:
        count = parameters[name]
        return f"发现后第 {count} 个工作日" if count else "发现当日"

    if severity == v.GENERAL:
        return f"当场解释；不能当场解决的，{days('一般问题整改工作日数')}前整改"
    if severity == v.MAJOR:
        return f"反馈：{days('重要问题反馈工作日数')}；整改：{days('重要问题整改工作日数')}"
    if severity == v.CRITICAL:
        return (
            f"反馈：{days('重大问题反馈工作日数')}；上报：{days('重大问题上报工作日数')}；"
            f"整改：{days('重大问题整改工作日数')}"
        )
    return ""


def fault_pages(dice: Random, request: Request, period: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of 找错题 and of 找错答案; the key is what the checks say of the very records."""
    faults = dice.sample(FAULTS, FAULTS_OF_A_PACK)
    tables = exercise(faults, dice, request, period)
    when = tables[sheets.RECORDS.title].data["visited_on"].max() + pd.Timedelta(days=60)
    asked = Request(when.date(), Parameters.defaults(), request.calendar)
    found = findings_of(tables, asked)
    records, loans = tables[sheets.RECORDS.title].data, tables[sheets.LOANS.title].data
    tasks = records.assign(no=records.index + 1, ledger_name=loans["customer_name"], ledger_phone=loans["phone"])
    keys = []
    for no, (fault, row) in enumerate(zip(faults, records["row"], strict=True), start=1):
        told = found[(found["row"] == row) & (found["rule"] == fault.rule) & (found["sheet"] == sheets.RECORDS.title)]
        rule = BY_CODE[fault.rule].rule
        keys.append(
            {
                "no": no,
                "wrong": sheets.RECORDS.header(fault.field),
                "rule": rule.code,
                "message": "；".join(told["message"]) or rule.title,
                "mend": rule.remedy,
                "clause": rule.clause,
            }
        )
    return tasks[list(p.FAULTS.names[:-2])].reindex(columns=list(p.FAULTS.names)), _page(p.FAULT_KEY, keys)


def exercise(faults: list[Fault], dice: Random, request: Request, period: Period) -> dict[str, Table]:
    """A small branch whose n-th record has the n-th fault and no other: all the sheets that the checks look at."""
    days = [period.start + dt.timedelta(days=7 * n) for n in range(len(faults))]
    days = [day.astype(object) for day in request.calendar.roll_forward(days)]
    loans, visits, records = [], [], []
    for n, (fault, day) in enumerate(zip(faults, days, strict=True), start=1):
        name, phone = _person(dice), f"199{dice.randrange(10**8):08d}"
        purpose = dice.choice(_PURPOSES)
        contract, number = f"LX{n:04d}", f"LX-{n:04d}"
        loans.append(
            {"contract_no": contract, "customer_no": f"K{n:04d}", "customer_name": name, "customer_type": v.PERSON,
             "phone": phone, "product": _PRODUCTS[0], "amount": 200000, "purpose": purpose, "status": v.IN_USE,
             "disbursed_on": period.start - dt.timedelta(days=200), "branch": _BRANCH, "loan_officer": _OFFICER}
        )  # fmt: skip
        visits.append(
            {"visit_no": number, "contract_no": contract, "visit_type": v.PERIODIC, "stage": "使用",
             "method": v.PHONE_CALL, "earliest_on": day, "due_on": day, "visitor": _VISITOR, "branch": _BRANCH,
             "state": v.TO_VISIT}
        )  # fmt: skip
        faultless = {
            "visit_no": number, "contract_no": contract, "customer_name": name, "phone": phone, "visited_on": day,
            "started_at": dt.time(dice.randrange(9, 17), dice.randrange(60)), "minutes": dice.randrange(6, 20),
            "method": v.PHONE_CALL, "result": v.SUCCESS, "use_1": v.YES, "use_2": v.YES, "use_3": v.NOT_APPLICABLE,
            "content": f"询问{purpose}进展和资金去向", "feedback": f"{purpose}按合同办理，第{n}家店生意平稳",
            "visitor": _VISITOR, "signature": _VISITOR, "submitted_on": day,
        }  # fmt: skip
        changes = {
            key: day + value if isinstance(value, dt.timedelta) else value for key, value in fault.changes.items()
        }
        records.append(faultless | changes)
    staff = [{"staff_no": "X01", "name": _VISITOR, "branch": _BRANCH, "department": "练习部门"}]
    rows: dict[Sheet, list[dict[str, Any]]] = {
        sheets.LOANS: loans, sheets.VISITS: visits, sheets.RECORDS: records, sheets.VISITORS: staff,
    }  # fmt: skip
    return {sheet.title: table_from(sheet, rows.get(sheet, [])) for sheet in sheets.SHEETS}


def _person(dice: Random) -> str:
    return dice.choice(_SURNAMES) + "".join(dice.sample(_GIVEN, 2))
