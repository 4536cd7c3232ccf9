"""问题台账 with what the other sheets know of each issue: loan, customer, 客户经理, 网点, visitor."""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.issues.deadlines import GRADES
from toolkit.rules.issues.register import record_identity, record_of
from toolkit.rules.planning.matching import loan_key
from toolkit.rules.planning.standing import by_key, effective_severity, resolve_keys


def keyed_loans(tables: Mapping[str, Table]) -> pd.DataFrame:
    """Rows of 贷款台账 plus `key`, one per key."""
    loans = tables[sheets.LOANS.title].data
    return loans.assign(key=loan_key(loans)).drop_duplicates("key")


def keyed_records(tables: Mapping[str, Table], loans: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Rows of 回访记录 up to T plus key and identity; without a readable 回访日期 they stay."""
    records = tables[sheets.RECORDS.title].data
    records = records[~(records["visited_on"] > pd.Timestamp(request.as_of))]
    key = resolve_keys(records, loans, tables[sheets.VISITS.title].data)
    return records.assign(key=key, identity=record_identity(records))


def issues_known(tables: Mapping[str, Table], loans: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Rows of 问题台账 plus key, record (index in `records`, -1 none), grade (人工认定 before 严重程度; 待定级 where
    neither says one), visitor, branch, customer_no and loan_officer ("" = not known)."""
    visits, staff = tables[sheets.VISITS.title].data, tables[sheets.VISITORS.title].data
    issues = tables[sheets.ISSUES.title].data
    issues = issues.assign(key=resolve_keys(issues, loans, visits))
    issues["record"] = record_of(issues, records)
    grade = effective_severity(issues)
    grade = grade.where(grade.isin(GRADES), issues["severity"])
    issues["grade"] = grade.where(grade.isin(GRADES), v.UNGRADED)
    issues["visitor"] = records["visitor"].reindex(issues["record"]).fillna("").to_numpy(dtype=object)
    loan = loans.set_index("key")
    contract = loans.drop_duplicates("contract_no").set_index("contract_no")
    for name in ("customer_no", "loan_officer", "branch"):
        value = by_key(issues["key"], loan[name]).fillna(by_key(issues["contract_no"], contract[name]))
        issues[name] = value.fillna("").astype("object")
    listed = visits[visits["visit_no"] != ""].drop_duplicates("visit_no").set_index("visit_no")["branch"]
    of_visitor = staff.drop_duplicates("name").set_index("name")["branch"]
    for source, by in ((listed, "visit_no"), (of_visitor, "visitor")):
        value = by_key(issues[by], source).fillna("").astype("object")
        issues["branch"] = issues["branch"].where(issues["branch"] != "", value)
    return issues
