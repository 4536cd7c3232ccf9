"""The days a report speaks of, and the sheets it reads, brought together once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.indicators.rows import Books, open_books
from toolkit.rules.issues.register import record_of
from toolkit.rules.planning.matching import loan_key
from toolkit.rules.planning.standing import stand

UNKNOWN_BRANCH = "（未列网点）"
UNKNOWN_VISITOR = "（未安排）"
UNKNOWN_STAGE = "（未关联清单）"
UNKNOWN_CATEGORY = "（未列类别）"
UNKNOWN_OFFICER = "（未列客户经理）"
UNKNOWN_PRODUCT = "（未列产品）"


@dataclass(frozen=True)
class Scope:
    """[start, end] is the period, `cut` = E′, the earlier of its last day and T (contract, section 5)."""

    period: Period
    as_of: dt.date

    @property
    def start(self) -> pd.Timestamp:
        return pd.Timestamp(self.period.start)

    @property
    def end(self) -> pd.Timestamp:
        return pd.Timestamp(self.period.end)

    @property
    def today(self) -> pd.Timestamp:
        return pd.Timestamp(self.as_of)

    @property
    def cut(self) -> pd.Timestamp:
        return min(self.end, self.today)

    @property
    def running(self) -> bool:
        """The period has not ended at T."""
        return self.today < self.end

    def holds(self, days: pd.Series) -> pd.Series:
        """bool per day: in [S, E′]."""
        return (days >= self.start) & (days <= self.cut)


@dataclass(frozen=True)
class Sources:
    """The sheets, and what the others say of each row; `key` is the loan.

    `books`: as the four indicators read them. `loans`: one row per key, with disbursed, closed, overdue_since,
    days_overdue at T. `schedule`: with loan (index of `loans`) and paid. `visits`: rows of 回访清单 with customer_no
    and outcome, 状态 as the records make it at T, without those due before 启用日期. `records`: rows of 回访记录.
    `issues`: without those a person judged 无问题, with grade (人工认定 before 严重程度), stage, branch, product,
    officer (客户经理), customer_no, balance, settled (状态 已销号 or 当场解决) and feedback (客户反馈 of its record).
    网点 and 回访人员 are never blank. `wishes`: rows of 建议与需求.
    """

    books: Books
    loans: pd.DataFrame
    schedule: pd.DataFrame
    visits: pd.DataFrame
    records: pd.DataFrame
    issues: pd.DataFrame
    visitors: pd.DataFrame
    wishes: pd.DataFrame


def gather_sources(tables: Mapping[str, Table], request: Request, period: Period) -> Sources:
    """Join the sheets; rows of unknown loans stay, with blanks for what the ledger would say."""
    books = open_books(tables, request, period)
    ledger = tables[sheets.LOANS.title].data
    ledger = ledger[ledger["contract_no"] != ""]
    ledger = ledger[~loan_key(ledger).duplicated()].reset_index(drop=True)
    schedule = tables[sheets.SCHEDULE.title].data
    standing = stand(ledger, schedule, books.records, books.issues, request.as_of, books.visits)
    known = standing.loans.set_index("key")
    return Sources(
        books,
        standing.loans,
        standing.schedule,
        _visits(books.visits, known, request),
        books.records.assign(branch=books.records["branch"].replace("", UNKNOWN_BRANCH)),
        _issues(books, known),
        tables[sheets.VISITORS.title].data,
        tables[sheets.WISHES.title].data,
    )


def _visits(visits: pd.DataFrame, known: pd.DataFrame, request: Request) -> pd.DataFrame:
    state = visits["state"]
    done = visits["completed_on"].notna() & (state != v.CANCELLED)
    name = visits["customer_name"]
    open_yet = state.isin([v.TO_VISIT, ""]) & ~done
    outcome = state.mask(done, v.DONE).mask(open_yet, v.TO_VISIT)
    return visits[~visits["too_early"]].assign(
        outcome=outcome.mask(open_yet & (visits["due_on"] < pd.Timestamp(request.as_of)), v.MISSED),
        branch=visits["branch"].replace("", UNKNOWN_BRANCH),
        visitor=visits["visitor"].replace("", UNKNOWN_VISITOR),
        customer_no=_look_up(visits["key"], known["customer_no"]),
        customer_name=name.mask(name == "", _look_up(visits["key"], known["customer_name"])),
    )


def _issues(books: Books, known: pd.DataFrame) -> pd.DataFrame:
    issues = books.issues[books.issues["grade"] != v.NO_ISSUE].reset_index(drop=True)
    source = books.records.reindex(record_of(issues, books.records)).set_axis(issues.index)
    stage_of = books.visits.drop_duplicates("visit_no").set_index("visit_no")["stage"]
    visit_no = issues["visit_no"].where(issues["visit_no"] != "", source["met_no"].fillna(""))
    return issues.assign(
        grade=issues["grade"].where(issues["grade"].isin(v.SEVERITIES), v.UNGRADED),
        stage=_look_up(visit_no, stage_of[stage_of.index != ""]).replace("", UNKNOWN_STAGE),
        category=issues["category"].replace("", UNKNOWN_CATEGORY),
        branch=issues["branch"].replace("", UNKNOWN_BRANCH),
        product=_look_up(issues["key"], known["product"]).replace("", UNKNOWN_PRODUCT),
        officer=_look_up(issues["key"], known["loan_officer"]).replace("", UNKNOWN_OFFICER),
        customer_no=_look_up(issues["key"], known["customer_no"]),
        balance=known["balance"].reindex(issues["key"]).to_numpy(),
        settled=issues["state"].isin(v.SETTLED_ISSUE_STATES),
        feedback=source["feedback"].fillna("").astype("object"),
    )


def _look_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """`values` (indexed by key) for each key, "" where unknown."""
    found = pd.Series(values.reindex(keys).to_numpy(), index=keys.index, dtype="object")
    return found.fillna("").astype("object")
