"""Keep-until of each loan's records and what holds them (五、(一)3.: from settlement, so many years)."""

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.rules.issues.deadlines import GRADES
from toolkit.rules.planning.matching import loan_key
from toolkit.rules.planning.standing import by_key, effective_severity, resolve_keys

SETTLEMENT, APPROVAL = "结清日期", "审批日期"
_DRAWN = (v.IN_USE, v.SETTLED, v.WRITTEN_OFF)


def kept_until(loans: pd.DataFrame, years: int, today: pd.Timestamp) -> pd.DataFrame:
    """basis, base_on, keep_until of every loan (index of `loans`); NaT where the period has not begun.

    It begins with 结清日期, for a loan that was never disbursed with 审批日期, and ends on the same day so many years
    later (28 February for 29 February); that day is still kept.
    """
    never = loans["disbursed_on"].isna() & ~loans["status"].isin(_DRAWN)
    settled = loans["settled_on"].where(loans["settled_on"] <= today)
    approved = loans["approved_on"].where(never & (loans["approved_on"] <= today))
    base = settled.fillna(approved)
    basis = np.select([settled.notna(), approved.notna()], [SETTLEMENT, APPROVAL], "")
    return pd.DataFrame(
        {"basis": basis, "base_on": base, "keep_until": (base + pd.DateOffset(years=years)).astype("datetime64[s]")},
        index=loans.index,
    )


def expired(
    loans: pd.DataFrame,
    records: pd.DataFrame,
    issues: pd.DataFrame,
    visits: pd.DataFrame,
    years: int,
    today: pd.Timestamp,
) -> pd.DataFrame:
    """Columns of 保管到期 that the tool writes, by keep_until; loans whose keeping period was over before `today`.

    Held are loans with an open issue, and parts of a contract of which another part must still be kept: their papers
    carry the same contract number.
    """
    loans = loans[loans["contract_no"] != ""]
    loans = loans.assign(key=loan_key(loans)).drop_duplicates("key").reset_index(drop=True)
    loans = loans.join(kept_until(loans, years, today))
    over = loans["keep_until"] < today
    made = records.assign(key=resolve_keys(records, loans, visits)).groupby("key")["visited_on"]
    open_issues = _open(issues).assign(key=lambda rows: resolve_keys(rows, loans, visits))
    by_loan, by_contract = open_issues["key"].value_counts(), open_issues.groupby("contract_no").size()
    several = loans["contract_no"].duplicated(keep=False)
    open_here = loans["key"].map(by_loan).fillna(0)
    # An issue that names the contract alone holds each of its parts.
    open_here = open_here.where(~several, loans["contract_no"].map(by_contract).fillna(0)).astype("int64")
    waiting = loans["contract_no"].isin(loans.loc[~over, "contract_no"])
    hold = pd.Series("", index=loans.index, dtype="object")
    hold = hold.mask(open_here > 0, "有未结问题 " + open_here.astype(str).astype("object") + " 项")
    both = pd.Series("；", index=loans.index, dtype="object").where(hold != "", "")
    hold = hold.mask(waiting, hold + both + "同一合同另有借据未满保管期限")
    out = loans.assign(
        records=by_key(loans["key"], made.size()).fillna(0).astype("int64"),
        last_visit_on=by_key(loans["key"], made.max()).astype("datetime64[s]"),
        hold=hold,
        state=np.where(hold != "", v.HELD, v.EXPIRED),
    )[over]
    return out.sort_values(["keep_until", "contract_no", "drawdown_no"], kind="stable").reset_index(drop=True)


def _open(issues: pd.DataFrame) -> pd.DataFrame:
    """Issues that nobody has closed or found to be none."""
    grade = effective_severity(issues)
    real = (issues["issue_no"] != "") | (issues["category"] != "") | grade.isin(GRADES)
    return issues[real & ~issues["state"].isin(v.SETTLED_ISSUE_STATES) & (grade != v.NO_ISSUE)]
