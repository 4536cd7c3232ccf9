"""Seeded branch workbooks as they come back: `python -m benchmarks.branches FOLDER COUNT [ROWS]`.

Each holds ROWS loans, visits, records (checked: 首次提交) and a few issues, laid out as the shipped template with
all its sheets; contracts, phones and numbers differ from branch to branch.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from toolkit.generate.branch_workbook import build_workbook, parameter_rows
from toolkit.model import sheets as s

ROWS = 300
AS_OF, PERIOD = "2026-09-30", "2026Q3"
_VISITORS = 6


def write_branches(folder: Path, count: int, rows: int = ROWS) -> list[Path]:
    """`count` workbooks 支行00000.xlsx …, those that are there already left as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    out = []
    for number in range(count):
        path = folder / f"支行{number:05d}.xlsx"
        if not path.is_file():
            path.write_bytes(build_workbook(_contents(number, rows)))
        out.append(path)
    return out


def _contents(number: int, rows: int) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(number)
    branch, at = f"支行{number:05d}", np.arange(rows)
    contract = np.array([f"HT{number:05d}{i:05d}" for i in at], dtype=object)
    phone = np.array([f"199{(number * rows + i) % 100_000_000:08d}" for i in at], dtype=object)
    visitor = np.array([f"访{number:05d}{i % _VISITORS}" for i in at], dtype=object)
    name = np.array([f"林{i % 100:02d}" for i in at], dtype=object)
    visited = pd.Timestamp("2026-07-01") + pd.to_timedelta(rng.integers(0, 85, rows), unit="D")
    done = rng.random(rows) < 0.95
    visit_no = np.array([f"DQ{number:05d}{i:05d}" for i in at], dtype=object)
    loans = pd.DataFrame(
        {
            "contract_no": contract, "customer_no": contract, "customer_name": name, "customer_type": "个人",
            "id_number": [f"3301021990{(number * rows + i) % 100_000_000:08d}" for i in at], "phone": phone,
            "product": "个人经营贷", "amount": rng.integers(5, 100, rows) * 10_000.0, "purpose": "进货",
            "disbursed_on": pd.Timestamp("2026-01-15"), "matures_on": pd.Timestamp("2027-01-15"), "status": "使用中",
            "grade": "正常", "branch": branch, "loan_officer": "郑远",
        }
    )  # fmt: skip
    visits = pd.DataFrame(
        {
            "visit_no": visit_no, "contract_no": contract, "customer_name": name, "phone": phone,
            "visit_type": "定期回访", "stage": "使用", "method": "电话", "earliest_on": pd.Timestamp("2026-07-01"),
            "due_on": pd.Timestamp("2026-09-30"), "visitor": visitor, "branch": branch,
            "state": np.where(done, "已完成", "待回访"),
        }
    )  # fmt: skip
    records = pd.DataFrame(
        {
            "visit_no": visit_no, "visited_on": visited, "minutes": rng.integers(3, 30, rows), "customer_name": name,
            "contract_no": contract, "phone": phone, "method": "电话", "result": np.where(done, "成功", "未接通"),
            "use_1": "是", "use_2": "是", "use_3": "是", "content": "询问资金使用情况",
            "feedback": [f"资金用于第{i}批进货，已到货" for i in at], "satisfaction": 5, "visitor": visitor,
            "signature": visitor, "submitted_on": visited,
        }
    )  # fmt: skip
    first = records[["visit_no", "contract_no", "visited_on", "visitor", "submitted_on"]].assign(
        record_row=at + 2, first_checked_on=visited, error_count=0, verdict="准确"
    )
    few = max(rows // 50, 1)
    issues = pd.DataFrame(
        {
            "issue_no": [f"WT{number:05d}{i:05d}" for i in range(few)], "visit_no": visit_no[:few],
            "contract_no": contract[:few], "customer_name": name[:few], "category": "挪用资金", "severity": "重要",
            "found_on": visited[:few], "report_due_on": visited[:few] + pd.Timedelta(days=1),
            "reported_on": visited[:few], "remedy_due_on": visited[:few] + pd.Timedelta(days=21), "state": "整改中",
            "department": "个贷部",
        }
    )  # fmt: skip
    people = pd.DataFrame(
        {
            "staff_no": [f"V{number:05d}{i}" for i in range(_VISITORS)],
            "name": [f"访{number:05d}{i}" for i in range(_VISITORS)], "branch": branch, "department": "风险管理部",
        }
    )  # fmt: skip
    log = pd.DataFrame({"at": [pd.Timestamp("2026-09-30 18:00")], "action": "统计考核"})
    return {
        s.PARAMETERS.title: parameter_rows(), s.VISITORS.title: people, s.LOANS.title: loans, s.VISITS.title: visits,
        s.RECORDS.title: records, s.FIRST_SUBMISSIONS.title: first, s.ISSUES.title: issues, s.LOG.title: log,
    }  # fmt: skip


if __name__ == "__main__":
    folder, count, *rest = sys.argv[1:]
    write_branches(Path(folder), int(count), *map(int, rest))
