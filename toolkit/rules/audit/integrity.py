"""Do the sheets agree with each other? Each check names the exceptions by sheet and row; finding them is no verdict."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.fields import Sheet
from toolkit.model.reading import name_key
from toolkit.rules.audit.truth import known_first
from toolkit.rules.indicators.rows import Books, due_visits
from toolkit.rules.spotcheck.listed import record_of_rows

MOST_PLACES = 20


@dataclass(frozen=True)
class Check:
    """`find` gives the rows of `sheet` that are exceptions: (books, population) → frame with ``row``."""

    title: str
    clause: str
    sheet: Sheet
    find: Callable[[Books, pd.DataFrame], pd.DataFrame]


def _done_without_record(books: Books, _: pd.DataFrame) -> pd.DataFrame:
    due = due_visits(books)
    return due[(due["state"] == v.DONE) & due["completed_on"].isna()]


def _record_without_visit(books: Books, records: pd.DataFrame) -> pd.DataFrame:
    return records[(records["result"] == v.SUCCESS) & ~records["met_no"].isin(books.visits["visit_no"])]


def _record_removed(books: Books, _: pd.DataFrame) -> pd.DataFrame:
    earlier = books.tables[sheets.FIRST_SUBMISSIONS.title].data
    return earlier[~earlier.index.isin(known_first(books)["known"])]


def _never_submitted(books: Books, records: pd.DataFrame) -> pd.DataFrame:
    request = books.request
    limit = request.calendar.add_workdays(records["visited_on"].to_numpy(), request.parameters["记录提交工作日数"])
    over = pd.Series(limit.astype("datetime64[s]"), index=records.index) < pd.Timestamp(request.as_of)
    return records[records["submitted_on"].isna() & over]


def _never_checked(books: Books, records: pd.DataFrame) -> pd.DataFrame:
    first = known_first(books)
    return records[records.index.isin(first.index[first["known"] < 0])]


def _submitted_with_errors(books: Books, records: pd.DataFrame) -> pd.DataFrame:
    first = known_first(books)
    wrong = first.index[(first["known"] >= 0) & (first["verdict"] == v.FIRST_VERDICTS[1])]
    return records[records.index.isin(wrong)]


def _event_without_issue(books: Books, _: pd.DataFrame) -> pd.DataFrame:
    log = books.tables[sheets.ISSUE_EVENTS.title].data
    return log[(log["issue_no"] != "") & ~log["issue_no"].isin(books.issues["issue_no"])]


def _serious(books: Books) -> pd.DataFrame:
    return books.issues[books.issues["grade"].isin((v.MAJOR, v.CRITICAL))]


def _nobody_responsible(books: Books, _: pd.DataFrame) -> pd.DataFrame:
    serious = _serious(books)
    return serious[(serious["department"] == "") | (serious["owner"] == "")]


def _verified_by_owner(books: Books, _: pd.DataFrame) -> pd.DataFrame:
    closed = _serious(books)
    closed = closed[closed["state"] == v.CLOSED]
    same = closed["verifier"].map(name_key) == closed["owner"].map(name_key)
    return closed[(closed["verifier"] == "") | closed["verified_on"].isna() | same]


def _spot_check_without_record(books: Books, _: pd.DataFrame) -> pd.DataFrame:
    spot = books.tables[sheets.SPOT_CHECKS.title].data
    return spot[record_of_rows(spot, books.records) < 0]


def _spot_check_of_own_work(books: Books, _: pd.DataFrame) -> pd.DataFrame:
    spot = books.tables[sheets.SPOT_CHECKS.title].data
    return spot[(spot["reviewer"] != "") & (spot["reviewer"].map(name_key) == spot["visitor"].map(name_key))]


def _explained_errors(books: Books, _: pd.DataFrame) -> pd.DataFrame:
    found = books.tables[sheets.FINDINGS.title].data
    return found[(found["level"] == v.ERROR) & (found["handling"] == v.EXPLAIN)]


CHECKS: tuple[Check, ...] = (
    Check("清单状态已完成，没有对应的成功记录", "一、(三)1.", sheets.VISITS, _done_without_record),
    Check("成功记录在清单上没有对应的回访", "二、(三)1.", sheets.RECORDS, _record_without_visit),
    Check("首次提交有留痕，回访记录现已找不到（可能被删除）", "五、(一)3.", sheets.FIRST_SUBMISSIONS, _record_removed),
    Check("回访后逾期仍未提交", "五、(一)1.", sheets.RECORDS, _never_submitted),
    Check("已提交，从未校验", "三、(七)4.", sheets.RECORDS, _never_checked),
    Check("首次提交时有错误", "七、(二)2.", sheets.RECORDS, _submitted_with_errors),
    Check("校验错误以说明代替改正", "三、(七)4.", sheets.FINDINGS, _explained_errors),
    Check("问题事件有、问题台账没有（可能被删除或改号）", "六、(三)", sheets.ISSUE_EVENTS, _event_without_issue),
    Check("重要、重大问题没有责任部门或责任人", "二、(二)2.", sheets.ISSUES, _nobody_responsible),
    Check("已销号，没有他人验证", "六、(三)1.", sheets.ISSUES, _verified_by_owner),
    Check("抽查行找不到回访记录", "七、(一)2.", sheets.SPOT_CHECKS, _spot_check_without_record),
    Check("回访人员复核自己的记录", "七、(一)2.", sheets.SPOT_CHECKS, _spot_check_of_own_work),
)


def integrity(books: Books, records: pd.DataFrame) -> pd.DataFrame:
    """Rows of 完整性核对, one per check, also where nothing was found. `records`: the population of the period."""
    out = []
    for no, check in enumerate(CHECKS, start=1):
        rows = sorted(check.find(books, records)["row"].astype(int))
        more = f"等 {len(rows)} 行" if len(rows) > MOST_PLACES else "行"
        places = f"“{check.sheet.title}”第 {'、'.join(map(str, rows[:MOST_PLACES]))} {more}" if rows else ""
        out.append({"no": no, "check": check.title, "clause": check.clause, "count": len(rows), "places": places})
    return pd.DataFrame(out)
