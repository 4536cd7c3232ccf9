"""How each loan stands at T: disbursed, closed, oldest unpaid instalment, open issues, last contact.

Contract, section 3, fine print 1–4. The frames are aligned with the ledger's rows.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.rules.matching import loan_key

NOTHING = np.datetime64("NaT", "s")


@dataclass(frozen=True)
class Standing:
    """`loans`: plannable ledger rows plus key, disbursed, closed, overdue_since, days_overdue, has_schedule,
    once_overdue, base_on, open_major, open_critical. `schedule`: its rows of known loans plus key and paid."""

    loans: pd.DataFrame
    schedule: pd.DataFrame


def resolve_keys(frame: pd.DataFrame, loans: pd.DataFrame) -> pd.Series:
    """Loan keys of another sheet's rows; a blank 借据编号 means the only loan of that contract."""
    keys = loan_key(frame)
    only = loans.drop_duplicates("contract_no", keep=False).set_index("contract_no")["key"]
    guessed = by_key(frame["contract_no"], only)
    return keys.where(keys.isin(loans["key"]) | (frame["drawdown_no"] != "") | guessed.isna(), guessed)


def by_key(keys: pd.Series, values: pd.Series) -> pd.Series:
    """`values` (indexed by key) for each key, missing where unknown; keeps the dtype of empty `values`."""
    return pd.Series(values.reindex(keys).to_numpy(), index=keys.index)


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
    loans: pd.DataFrame, schedule: pd.DataFrame, records: pd.DataFrame, issues: pd.DataFrame, as_of: dt.date
) -> Standing:
    """Bring the sheets together at `as_of`. `loans` has unique keys; rows of other sheets of unknown loans are left."""
    today = pd.Timestamp(as_of)
    loans = loans.assign(key=loan_key(loans)).reset_index(drop=True)
    loans["disbursed"] = loans["disbursed_on"] <= today
    loans["closed"] = loans["status"].isin(v.CLOSED_LOAN_STATUSES) | (loans["settled_on"] <= today)
    keyed = loans.set_index("key")

    schedule = schedule.assign(key=resolve_keys(schedule, loans))
    schedule = schedule[schedule["key"].isin(keyed.index) & schedule["due_on"].notna()].reset_index(drop=True)
    schedule["paid"] = is_paid(schedule)
    past_due = ~schedule["paid"] & (schedule["due_on"] < today)
    oldest = schedule[past_due].groupby("key")["due_on"].min()
    late = past_due | (schedule["paid"] & (schedule["paid_on"] > schedule["due_on"]))

    loans["has_schedule"] = loans["key"].isin(schedule["key"])
    without = today - pd.to_timedelta(loans["days_past_due"].where(loans["days_past_due"] > 0), unit="D")
    matured = loans["matures_on"].where(loans["matures_on"] < today)
    since = by_key(loans["key"], oldest).where(loans["has_schedule"], without.fillna(matured))
    liable = loans["disbursed"] & ~loans["closed"]
    loans["overdue_since"] = since.where(liable).astype("datetime64[s]")
    loans["days_overdue"] = (today - loans["overdue_since"]).dt.days.fillna(0)
    loans["once_overdue"] = loans["key"].isin(schedule.loc[late, "key"]) | (
        ~loans["has_schedule"] & loans["overdue_since"].notna()
    )

    good = records[(records["result"] == v.SUCCESS) & (records["visited_on"] <= today)]
    last = good.assign(key=resolve_keys(good, loans)).groupby("key")["visited_on"].max()
    last_contact = by_key(loans["key"], last).astype("datetime64[s]")
    loans["last_contact_on"] = last_contact
    loans["base_on"] = last_contact.where(last_contact > loans["disbursed_on"], loans["disbursed_on"])

    severity = effective_severity(issues)
    still_open = ~issues["state"].isin(v.SETTLED_ISSUE_STATES)
    issue_key = resolve_keys(issues, loans)
    loans["open_critical"] = loans["key"].isin(issue_key[still_open & (severity == v.CRITICAL)])
    loans["open_major"] = loans["open_critical"] | loans["key"].isin(issue_key[still_open & (severity == v.MAJOR)])
    return Standing(loans, schedule)
