"""Seeded ledgers of invented loans, of any size: `python -m benchmarks.ledgers FOLDER LOANS`.

A workbook, and its 还款计划 as .csv since a sheet could not hold that of a large ledger.

Like a branch at the first planning run of a quarter: most loans in use with twelve instalments around T, a few applied
for, newly disbursed, overdue, graded or settled; a tenth of the customers have two loans.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit.generate.branch_workbook import build_workbook, parameter_rows
from toolkit.model import sheets as s
from toolkit.model import values as v

AS_OF = np.datetime64("2026-07-01")
LAST_ROW = 1_048_576
INSTALMENTS = 12
LOANS_OF_A_BRANCH = 2000
VISITORS_OF_A_BRANCH = 12
DAILY_LIMIT = 15
SEED = 20260701

_SURNAMES = tuple("林江郑何陆季沈顾叶秦许方石白孟")
_GIVEN = tuple("望舟远青平宁川岚越禾清牧溪岩霁")
_PRODUCTS = ("个人经营贷", "个人消费贷", "小企业流动资金贷", "住房按揭贷")


def write_ledger(folder: Path, loans: int) -> None:
    """Write `loans`_bare.xlsx without 还款计划, `loans`.csv with it, and `loans`.xlsx with all if it fits."""
    rng = np.random.default_rng(SEED + loans)
    ledger = _loans(rng, loans)
    schedule = _schedule(rng, ledger)
    visitors = _visitors(loans)
    parameters = parameter_rows()
    parameters.loc[parameters["parameter"] == "启用日期", "value"] = "2026-07-01"
    contents = {s.PARAMETERS.title: parameters, s.VISITORS.title: visitors, s.LOANS.title: ledger}
    (folder / f"{loans}_bare.xlsx").write_bytes(build_workbook(contents))
    headed = schedule.rename(columns=s.SCHEDULE.header)
    headed.to_csv(folder / f"{loans}.csv", index=False, date_format="%Y-%m-%d")
    if len(schedule) < LAST_ROW:
        (folder / f"{loans}.xlsx").write_bytes(build_workbook({**contents, s.SCHEDULE.title: schedule}))


def _visitors(loans: int) -> pd.DataFrame:
    branches = -(-loans // LOANS_OF_A_BRANCH)
    count = branches * VISITORS_OF_A_BRANCH
    return pd.DataFrame(
        {
            "staff_no": [f"V{n:05d}" for n in range(count)],
            "name": [f"回访员{n:05d}" for n in range(count)],
            "branch": [f"第{n // VISITORS_OF_A_BRANCH + 1:03d}支行" for n in range(count)],
            "department": "风险管理部",
            "daily_limit": DAILY_LIMIT,
            "status": v.ON_DUTY,
        }
    )


def _loans(rng: np.random.Generator, count: int) -> pd.DataFrame:
    number = np.arange(count)
    # A loan in ten is the second of its customer.
    customer = np.where(number % 10 == 9, number - 1, number)
    branch = customer // LOANS_OF_A_BRANCH + 1
    kind = rng.choice(["use", "new", "applying", "approving", "settled"], size=count, p=[0.88, 0.05, 0.02, 0.01, 0.04])
    age = np.where(kind == "new", rng.integers(0, 25, count), rng.integers(40, 330, count))
    disbursed = AS_OF - age.astype("timedelta64[D]")
    lent = np.isin(kind, ["use", "new", "settled"])
    applied = np.where(lent, disbursed - np.timedelta64(12, "D"), AS_OF - rng.integers(0, 5, count).astype("m8[D]"))
    status = pd.Series(kind).map(
        {"use": v.IN_USE, "new": v.IN_USE, "applying": v.APPLYING, "approving": v.APPROVING, "settled": v.SETTLED}
    )
    firm = rng.random(count) < 0.15
    amount = np.where(firm, rng.integers(50, 2000, count), rng.integers(5, 150, count)) * 10_000.0
    names = np.char.add(np.array(_SURNAMES)[customer % 15], np.array(_GIVEN)[customer // 15 % 15])
    names = np.where(firm, np.char.add(names, "商贸有限公司"), names)
    graded = rng.choice(v.LOAN_GRADES, size=count, p=[0.95, 0.03, 0.01, 0.005, 0.005])
    day = pd.Series(disbursed.astype("datetime64[s]")).where(lent)
    return pd.DataFrame(
        {
            "contract_no": [f"HT{n:08d}" for n in number],
            "customer_no": [f"K{n:08d}" for n in customer],
            "customer_name": names,
            "customer_type": np.where(firm, v.FIRM, v.PERSON),
            "phone": [f"199{n:08d}" for n in customer],
            "product": np.array(_PRODUCTS)[rng.integers(0, 4, count)],
            "amount": amount,
            "term_months": 12,
            "annual_rate": 4.35,
            "repayment_method": "等额本息",
            "purpose": "经营周转",
            "applied_on": pd.Series(applied.astype("datetime64[s]")),
            "approved_on": day - pd.Timedelta(days=3),
            "approval_result": np.where(lent, v.APPROVAL_RESULTS[0], ""),
            "disbursed_on": day,
            "matures_on": day + pd.Timedelta(days=365),
            "settled_on": (day + pd.Timedelta(days=35)).where(kind == "settled"),
            "balance": amount * rng.random(count).round(2),
            "status": status,
            "grade": np.where(lent, graded, ""),
            "branch": [f"第{n:03d}支行" for n in branch],
            "loan_officer": [f"经理{n % 97:03d}" for n in number],
            "key_customer": np.where(rng.random(count) < 0.03, v.YES, ""),
        }
    )


def _schedule(rng: np.random.Generator, loans: pd.DataFrame) -> pd.DataFrame:
    """Twelve monthly instalments per loan; those before T are paid but for every fiftieth loan's last one."""
    count = len(loans)
    start = loans["disbursed_on"].fillna(pd.Timestamp(AS_OF)).to_numpy().astype("datetime64[D]")
    month = np.tile(np.arange(1, INSTALMENTS + 1), count)
    due = np.repeat(start, INSTALMENTS) + (month * 30).astype("timedelta64[D]")
    amount = np.repeat((loans["amount"].to_numpy() / INSTALMENTS).round(2), INSTALMENTS)
    behind = np.repeat(rng.random(count) < 0.02, INSTALMENTS)
    past = due < AS_OF
    last = past & (due + np.timedelta64(30, "D") >= AS_OF)
    paid = past & ~(behind & last)
    return pd.DataFrame(
        {
            "contract_no": np.repeat(loans["contract_no"].to_numpy(), INSTALMENTS),
            "instalment_no": month,
            "due_on": due.astype("datetime64[s]"),
            "due_amount": amount,
            "paid_on": pd.Series(due.astype("datetime64[s]")).where(paid),
            "paid_amount": np.where(paid, amount, np.nan),
        }
    )


if __name__ == "__main__":
    write_ledger(Path(sys.argv[1]), int(sys.argv[2]))
