"""How each loan stands at T: disbursed, closed, oldest unpaid instalment, open issues, last contact.

Contract, section 3, fine print 1–4.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.rules.planning.matching import loan_key


@dataclass(frozen=True)
class Standing:
    """`loans`: plannable ledger rows (RangeIndex = the loan's position) plus key, disbursed, closed, overdue_since,
    days_overdue, has_schedule, once_overdue, last_contact_on, base_on, open_major, open_critical.
    `schedule`: its dated rows of known loans plus loan (position in `loans`), paid, and void (a restructured plan no
    longer has the instalment: nothing due, nothing paid)."""

    loans: pd.DataFrame
    schedule: pd.DataFrame


def resolve_keys(frame: pd.DataFrame, loans: pd.DataFrame, visits: pd.DataFrame | None = None) -> pd.Series:
    """Loan keys of another sheet's rows (columns contract_no, drawdown_no); `loans` has key besides.

    借据编号 distinguishes the parts of a contract drawn in several, so where the contract has one loan only and either
    side leaves it blank, that loan is meant. With `visits` (visit_no, contract_no, drawdown_no) a blank 借据编号 is
    read from the visit that the row's visit_no names.
    """
    keys = loan_key(frame)
    unknown = ~keys.isin(loans["key"])
    if not unknown.any():
        return keys
    rest = frame[unknown]
    only = loans.drop_duplicates("contract_no", keep=False).set_index("contract_no")
    guess = by_key(rest["contract_no"], only["key"])
    loose = (rest["drawdown_no"] == "") | (by_key(rest["contract_no"], only["drawdown_no"]) == "")
    guess = guess.where(loose)
    if visits is not None and not visits.empty:
        named = visits[visits["visit_no"] != ""].drop_duplicates("visit_no").set_index("visit_no")
        same = (by_key(rest["visit_no"], named["contract_no"]) == rest["contract_no"]) & (rest["drawdown_no"] == "")
        guess = guess.fillna(by_key(rest["visit_no"], pd.Series(loan_key(named), dtype="object")).where(same))
    guess = guess.dropna()
    keys = keys.copy()
    keys[guess.index] = guess
    return keys


def by_key(keys: pd.Series, values: pd.Series) -> pd.Series:
    """`values` (indexed by key) for each key, missing where unknown; keeps the dtype of empty `values`."""
    return pd.Series(values.reindex(keys).to_numpy(), index=keys.index)


def loan_positions(keys: pd.Series, loans: pd.DataFrame) -> np.ndarray:
    """Position in `loans` of each key, -1 where unknown."""
    return pd.Index(loans["key"], dtype="object").get_indexer(pd.Index(keys, dtype="object"))


def is_paid(schedule: pd.DataFrame) -> pd.Series:
    """Fine print 2: 实还金额 ≥ 应还金额, or 实还日期 filled and 实还金额 blank."""
    return (schedule["paid_amount"] >= schedule["due_amount"]) | (
        schedule["paid_amount"].isna() & schedule["paid_on"].notna()
    )


def settled_by(loans: pd.DataFrame, day) -> pd.Series:
    """Fine print 1: 结清日期 ≤ day; without a date a closed 状态 means settled throughout."""
    dated = loans["settled_on"].notna()
    return (dated & (loans["settled_on"] <= day)) | (~dated & loans["status"].isin(v.CLOSED_LOAN_STATUSES))


def effective_severity(issues: pd.DataFrame) -> pd.Series:
    """人工认定 stands against the tool's 严重程度."""
    return issues["severity"].where(issues["manual_grading"] == "", issues["manual_grading"])


def stand(
    loans: pd.DataFrame,
    schedule: pd.DataFrame,
    records: pd.DataFrame,
    issues: pd.DataFrame,
    as_of: dt.date,
    visits: pd.DataFrame | None = None,
) -> Standing:
    """Bring the sheets together at `as_of`. `loans` has unique keys; rows of other sheets of unknown loans are left.

    `visits` (回访清单) lends its 借据编号 to records and issues that name a visit and leave their own blank.
    """
    today = pd.Timestamp(as_of)
    loans = loans.assign(key=loan_key(loans)).reset_index(drop=True)
    loans["disbursed"] = loans["disbursed_on"] <= today
    loans["closed"] = loans["status"].isin(v.CLOSED_LOAN_STATUSES) | (loans["settled_on"] <= today)

    schedule = schedule.assign(loan=loan_positions(resolve_keys(schedule, loans), loans))
    schedule = schedule[(schedule["loan"] >= 0) & schedule["due_on"].notna()].reset_index(drop=True)
    schedule["paid"] = is_paid(schedule)
    schedule["void"] = (schedule["due_amount"] == 0) & (schedule["paid_amount"] == 0)
    past_due = ~schedule["paid"] & (schedule["due_on"] < today)
    oldest = schedule[past_due].groupby("loan")["due_on"].min().reindex(loans.index)
    late = past_due | (schedule["paid"] & (schedule["paid_on"] > schedule["due_on"]))

    loans["has_schedule"] = loans.index.isin(schedule["loan"])
    reported = today - pd.to_timedelta(loans["days_past_due"].where(loans["days_past_due"] > 0), unit="D")
    matured = loans["matures_on"].where(loans["matures_on"] < today)
    since = oldest.where(loans["has_schedule"], reported.fillna(matured))
    # A closed loan owes nothing more, and before disbursement nothing can be due.
    loans["overdue_since"] = since.where(loans["disbursed"] & ~loans["closed"]).astype("datetime64[s]")
    loans["days_overdue"] = (today - loans["overdue_since"]).dt.days.fillna(0)
    loans["once_overdue"] = loans.index.isin(schedule.loc[late, "loan"]) | (
        ~loans["has_schedule"] & loans["overdue_since"].notna()
    )

    good = records[(records["result"] == v.SUCCESS) & (records["visited_on"] <= today)]
    where = loan_positions(resolve_keys(good, loans, visits), loans)
    last = good["visited_on"].groupby(where).max().reindex(loans.index).astype("datetime64[s]")
    loans["last_contact_on"] = last
    loans["base_on"] = last.where(last > loans["disbursed_on"], loans["disbursed_on"])

    severity = effective_severity(issues)
    still_open = ~issues["state"].isin(v.SETTLED_ISSUE_STATES)
    troubled = loan_positions(resolve_keys(issues, loans, visits), loans)
    loans["open_critical"] = loans.index.isin(troubled[(still_open & (severity == v.CRITICAL)).to_numpy()])
    loans["open_major"] = loans["open_critical"] | loans.index.isin(
        troubled[(still_open & (severity == v.MAJOR)).to_numpy()]
    )
    return Standing(loans, schedule)
