"""Seeded registers of invented visits: `python -m benchmarks.registers FOLDER RECORDS` writes `RECORDS`_register.xlsx.

Like a quarter of many branches: one loan, one listed visit and one record each, 25 visits a visitor and day at most;
one record in twenty has something wrong.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit.generate.branch_workbook import build_workbook
from toolkit.model import sheets as s
from toolkit.model import values as v

SEED = 20260930
RECORDS_OF_A_VISITOR = 400
_SURNAMES = np.array(list("林江郑何陆季沈顾叶秦许方石白孟"))
_GIVEN = np.array(list("望舟远青平宁川岚越禾清牧溪岩霁"))
_TOPICS = np.array(["进货", "发工资", "装修门店", "更换设备", "缴纳租金", "备年货", "买种苗"])


def write_register(folder: Path, records: int) -> Path:
    rng = np.random.default_rng(SEED + records)
    number = np.arange(records)
    contract = pd.Series([f"HT{n:08d}" for n in number])
    name = pd.Series(np.char.add(_SURNAMES[number % 15], _GIVEN[number // 15 % 15]))
    phone = pd.Series([f"199{n:08d}" for n in number])
    visitor = pd.Series([f"员{n // RECORDS_OF_A_VISITOR:04d}" for n in number])
    day = np.datetime64("2026-07-01") + (number % RECORDS_OF_A_VISITOR // 8 * 1.8).astype("int64").astype("m8[D]")
    loans = pd.DataFrame(
        {"contract_no": contract, "customer_no": "K" + contract, "customer_name": name, "customer_type": v.PERSON,
         "phone": phone, "product": "个人经营贷", "amount": 200_000.0, "purpose": "经营周转", "status": v.IN_USE,
         "disbursed_on": pd.Timestamp("2026-01-05"), "matures_on": pd.Timestamp("2027-01-05"),
         "branch": "第一支行", "loan_officer": "经理"}
    )  # fmt: skip
    visits = pd.DataFrame(
        {"visit_no": "DQ20260930-" + contract, "contract_no": contract, "customer_name": name, "phone": phone,
         "visit_type": v.PERIODIC, "stage": "使用", "method": v.PHONE_CALL, "visitor": visitor,
         "earliest_on": pd.Timestamp("2026-07-01"), "due_on": pd.Timestamp("2026-09-30"), "state": v.DONE}
    )  # fmt: skip
    answers = {
        check: rng.choice([v.YES, v.NO, v.NOT_APPLICABLE], records, p=[0.9, 0.04, 0.06])
        for check in s.CHECKS_OF_STAGE["使用"]
    }
    visited = pd.Series(day.astype("datetime64[s]"))
    minutes_of_day = 9 * 60 + number % 8 * 60 + rng.integers(0, 30, records)
    filled = pd.DataFrame(
        {"visit_no": visits["visit_no"], "visited_on": visited,
         "started_at": [f"{m // 60:02d}:{m % 60:02d}" for m in minutes_of_day],
         "minutes": rng.integers(3, 28, records).astype("float64"), "customer_name": name, "contract_no": contract,
         "phone": phone, "method": v.PHONE_CALL, "result": v.SUCCESS, **answers,
         "content": "询问资金用途、经营和还款安排",
         "feedback": [f"钱用来{_TOPICS[n % 7]}，这{n % 31 + 1}个月流水{n}元，还款没问题" for n in number],
         "satisfaction": rng.integers(3, 6, records).astype("float64"), "visitor": visitor, "signature": visitor,
         "submitted_on": visited, "remark": ""}
    )  # fmt: skip
    for field, wrong in (
        ("signature", ""),
        ("phone", "1990000"),
        ("minutes", 55.0),
        ("use_2", v.NOT_ASKED),
        ("content", ""),
    ):
        filled.loc[rng.choice(records, records // 100, replace=False), field] = wrong
    staff = pd.DataFrame({"name": visitor.unique()}).assign(branch="第一支行", department="风险管理部")
    staff["staff_no"] = [f"V{i:04d}" for i in range(len(staff))]
    path = folder / f"{records}_register.xlsx"
    contents = {s.LOANS: loans, s.VISITS: visits, s.RECORDS: filled, s.VISITORS: staff}
    path.write_bytes(build_workbook({sheet.title: rows for sheet, rows in contents.items()}, as_of=None))
    return path


if __name__ == "__main__":
    write_register(Path(sys.argv[1]), int(sys.argv[2]))
