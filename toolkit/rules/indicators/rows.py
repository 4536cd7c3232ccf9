"""Which rows stand behind each indicator, and which of them count as good (七、(二); contract, section 5).

Every indicator's function gives a frame with `COLUMNS`: key (回访编号 or 问题编号), branch, visitor, department ("" =
counts for 机构 but for no such unit), good (bool), row (sheet row). One row of it is one in the denominator.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period
from toolkit.model.reading import name_key
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.checks.first_records import errors_at_first
from toolkit.rules.checks.first_submission import judge_first_submissions
from toolkit.rules.issues.register import record_of
from toolkit.rules.planning.matching import loan_key, match_records, split_keys
from toolkit.rules.planning.numbers import read_numbers
from toolkit.rules.planning.standing import effective_severity, resolve_keys, settled_by
from toolkit.rules.planning.states import cancelled_by_tool

COLUMNS = ("key", "branch", "visitor", "department", "good", "row")


@dataclass(frozen=True)
class Books:
    """The sheets joined once; `start` and `cut` are S and E′.

    `visits`: rows of 回访清单, each 回访编号 once, plus key, counts_on (改期至 if approved in time, else 截止日期),
    settled (by counts_on), completed_on. `records`: plus key and met_no (回访编号 of the visit named or completed).
    `issues`: each 问题编号 once, plus grade (effective) and visitor (its record's). All have branch, visitor and
    visitor_department; visitors are spelled as in 回访人员. `errors`: number of 错误 per record for those (by label of
    回访记录) that `check` never saw; of the others it may say anything.
    """

    tables: Mapping[str, Table]
    request: Request
    visits: pd.DataFrame
    records: pd.DataFrame
    issues: pd.DataFrame
    start: pd.Timestamp
    cut: pd.Timestamp
    errors: Callable[[pd.Index], pd.Series]

    def inside(self, days: pd.Series) -> pd.Series:
        """bool: in [S, E′]."""
        return (days >= self.start) & (days <= self.cut)


def open_books(
    tables: Mapping[str, Table],
    request: Request,
    period: Period,
    errors: Callable[[pd.Index], pd.Series] | None = None,
) -> Books:
    """Join the sheets for `period` at T; rows of unknown loans stay. `errors`: see `Books`, by default `errors_now`."""
    loans = tables[sheets.LOANS.title].data
    loans = loans.assign(key=loan_key(loans)).drop_duplicates("key")
    staff = tables[sheets.VISITORS.title].data
    visits = _visits(tables[sheets.VISITS.title].data, loans, request)
    records = tables[sheets.RECORDS.title].data
    records = records.assign(key=resolve_keys(records, loans, visits))
    matched = match_records(_split(records), _split(visits), request.as_of)
    hit = matched[matched >= 0]
    done = pd.Series(records.loc[hit.index, "visited_on"].to_numpy(), index=visits.index[hit])
    visits["completed_on"] = done.reindex(visits.index).astype("datetime64[s]")
    met = pd.Series(visits.loc[visits.index[hit], "visit_no"].to_numpy(), index=hit.index, dtype="object")
    records["met_no"] = records["visit_no"].where(records["visit_no"] != "", met.reindex(records.index).fillna(""))

    issues = tables[sheets.ISSUES.title].data
    issues = issues[(issues["issue_no"] == "") | ~issues["issue_no"].duplicated()]
    issues = issues.assign(key=resolve_keys(issues, loans, visits), grade=effective_severity(issues))
    visitor = records["visitor"].reindex(record_of(issues, records))
    issues["visitor"] = visitor.fillna("").to_numpy()

    for frame, listed in ((visits, None), (records, records["met_no"]), (issues, issues["visit_no"])):
        _add_people(frame, staff)
        _add_branch(frame, loans, visits, listed, staff)
    cut = min(period.end, request.as_of)
    return Books(
        tables, request, visits, records, issues, pd.Timestamp(period.start), pd.Timestamp(cut),
        errors or (lambda never: errors_now(tables, request)),
    )  # fmt: skip


def errors_now(tables: Mapping[str, Table], request: Request) -> pd.Series:
    """Number of 错误 of every record as it was first submitted, by all the checks; index of 回访记录."""
    from toolkit.rules.checks.rule_table import record_errors  # all the checks: only if they are needed

    return errors_at_first(tables, request, record_errors(tables, request))


def _visits(listed: pd.DataFrame, loans: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Visits with the day they count by, and what matching needs: the window, after_on and closed (as in planning)."""
    visits = listed[(listed["visit_no"] == "") | ~listed["visit_no"].duplicated()].reset_index(drop=True)
    visits["key"] = resolve_keys(visits, loans)
    in_time = visits["rescheduled_to"].notna() & (visits["reschedule_approved_on"] <= visits["due_on"])
    visits["counts_on"] = visits["due_on"].mask(in_time, visits["rescheduled_to"])
    loan = loans.set_index("key")[["settled_on", "status"]].reindex(visits["key"]).set_axis(visits.index)
    visits["settled"] = settled_by(loan, visits["counts_on"])
    anchor = visits["anchor_on"] if "anchor_on" in visits else read_numbers(visits["visit_no"])["anchor_on"]
    # Rolling and graded visits start from their anchor, the base (contract, section 3, fine print 4).
    based = visits["visit_type"].isin([v.PERIODIC, v.SPECIAL]) & (anchor < visits["due_on"])
    visits["after_on"] = anchor.where(based)
    visits["too_early"] = False
    enabled = request.parameters["启用日期"]
    if enabled is not None:
        visits["too_early"] = visits["due_on"] < pd.Timestamp(enabled)
    visits["closed"] = (visits["state"] == v.CANCELLED) | visits["too_early"]
    return visits


def _split(frame: pd.DataFrame) -> pd.DataFrame:
    """For matching: contract and 借据编号 of the loan meant; a visit's window ends with the day it counts by."""
    due = {"due_on": frame["counts_on"]} if "counts_on" in frame else {}
    return frame.assign(**due).drop(columns=["contract_no", "drawdown_no"]).join(split_keys(frame["key"]))


def _add_people(frame: pd.DataFrame, staff: pd.DataFrame) -> None:
    """Names as 回访人员 writes them (brackets, dots and spaces aside). 问题台账 has its own 部门 and keeps it."""
    known = staff[staff["name"] != ""].drop_duplicates("name")
    spelled = {name_key(name): name for name in known["name"]}
    names = {name: spelled.get(name_key(name), name) for name in frame["visitor"].unique()}
    frame["visitor"] = frame["visitor"].map(names).astype("object")
    department = frame["visitor"].map(known.set_index("name")["department"])
    frame["visitor_department"] = department.fillna("").astype("object")


def _add_branch(
    frame: pd.DataFrame, loans: pd.DataFrame, visits: pd.DataFrame, listed: pd.Series | None, staff: pd.DataFrame
) -> None:
    """The list's own 网点 for a visit; else the loan's, the contract's, the listed visit's, the visitor's."""
    contract = loans[loans["contract_no"] != ""].drop_duplicates("contract_no").set_index("contract_no")["branch"]
    sources = [
        loans.set_index("key")["branch"].reindex(frame["key"]),
        contract.reindex(frame["contract_no"]),
    ]
    if listed is not None:
        of_visit = visits[visits["visit_no"] != ""].set_index("visit_no")["branch"]
        of_visitor = staff.drop_duplicates("name").set_index("name")["branch"]
        sources += [of_visit.reindex(listed), of_visitor.reindex(frame["visitor"])]
    branch = frame["branch"] if "branch" in frame else pd.Series("", index=frame.index, dtype="object")
    for source in sources:
        branch = branch.where(branch != "", source.fillna("").to_numpy())
    frame["branch"] = branch.astype("object")


def _rows(frame: pd.DataFrame, key: str, department: str, good: pd.Series) -> pd.DataFrame:
    out = pd.DataFrame(
        {
            "key": frame[key],
            "branch": frame["branch"],
            "visitor": frame["visitor"],
            "department": frame[department],
            "good": good.astype(bool),
            "row": frame["row"],
        },
        columns=list(COLUMNS),
    )
    return out.reset_index(drop=True)


def due_visits(books: Books) -> pd.DataFrame:
    """Visits that count by a day in [S, E′].

    Out: 已取消 by the tool; by staff with 批准人 and 备注; loans settled by that day; 截止日期 before 启用日期.
    """
    visits = books.visits
    excused = (visits["state"] == v.CANCELLED) & (visits["approver"] != "") & (visits["remark"] != "")
    out = cancelled_by_tool(visits["state"], visits["system_note"]) | excused | visits["settled"] | visits["too_early"]
    return visits[books.inside(visits["counts_on"]) & ~out]


def plan_completion(books: Books) -> pd.DataFrame:
    """Visits due in [S, E′], completed by the day they count by (七、(二)1.).

    已完成 typed by hand counts as completed only if a record proves it.
    """
    due = due_visits(books)
    return _rows(due, "visit_no", "visitor_department", due["completed_on"] <= due["counts_on"])


def record_accuracy(books: Books) -> pd.DataFrame:
    """Records submitted in [S, E′]: no 错误 when first submitted and no failed spot check (七、(二)2.)."""
    records = books.records[books.inside(books.records["submitted_on"])]
    spot = books.tables[sheets.SPOT_CHECKS.title].data
    failed = spot.loc[spot["verdict"].isin(v.FAILED_SPOT_CHECKS) & (spot["visit_no"] != ""), "visit_no"]
    good = _accurate_at_first(books, records.index) & ~records["met_no"].isin(failed)
    return _rows(records, "met_no", "visitor_department", good)


def _accurate_at_first(books: Books, wanted: pd.Index) -> pd.Series:
    """bool for the `wanted` records: the verdict of 首次提交; one that `check` never saw is judged now."""
    table = books.tables[sheets.RECORDS.title]
    earlier = books.tables[sheets.FIRST_SUBMISSIONS.title].data
    no_errors = pd.Series(0, index=table.data.index)
    judged = judge_first_submissions(table, no_errors, earlier, books.request.as_of)
    never = wanted[judged["known"].reindex(wanted) < 0]
    if len(never):
        judged = judge_first_submissions(table, books.errors(never), earlier, books.request.as_of)
    return judged["verdict"].reindex(wanted) == v.FIRST_VERDICTS[0]


def _serious(books: Books) -> pd.DataFrame:
    return books.issues[books.issues["grade"].isin((v.MAJOR, v.CRITICAL))]


def feedback_timeliness(books: Books) -> pd.DataFrame:
    """重要 and 重大 issues with 反馈时限 in [S, E′], reported by it (七、(二)3.)."""
    issues = _serious(books)
    issues = issues[books.inside(issues["report_due_on"])]
    return _rows(issues, "issue_no", "visitor_department", issues["reported_on"] <= issues["report_due_on"])


def resolution(books: Books) -> pd.DataFrame:
    """重要 and 重大 issues with 整改时限 in [S, E′], 已销号 by it, verified by someone other than 责任人 (七、(二)4.).

    已重开 is another 状态 and so not 已销号. The department is the issue's own 责任部门.
    """
    issues = _serious(books)
    issues = issues[books.inside(issues["remedy_due_on"])]
    verifier, owner = issues["verifier"].map(name_key), issues["owner"].map(name_key)
    good = (issues["state"] == v.CLOSED) & (issues["verified_on"] <= issues["remedy_due_on"])
    return _rows(issues, "issue_no", "department", good & (verifier != "") & (verifier != owner))
