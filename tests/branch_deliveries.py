"""Branch workbooks as they come back to head office, small enough to count by hand. T = 2026-09-30, period 2026Q3."""

import datetime as dt
from pathlib import Path
from typing import Any

from tests.workbooks import DAY, loan, record, stranger
from toolkit.model import sheets as s

AS_OF, PERIOD = "2026-09-30", "2026Q3"


def visit(number: str, contract_no: str, branch: str, **changes: Any) -> dict[str, Any]:
    return {
        "visit_no": number,
        "contract_no": contract_no,
        "visit_type": "定期回访",
        "stage": "使用",
        "method": "电话",
        "earliest_on": DAY(2026, 7, 1),
        "due_on": DAY(2026, 9, 29),
        "state": "待回访",
        "visitor": f"{branch[:2]}何青",
        "branch": branch,
    } | changes


def issue(number: str, contract_no: str, **changes: Any) -> dict[str, Any]:
    return {
        "issue_no": number,
        "contract_no": contract_no,
        "category": "挪用资金",
        "severity": "重要",
        "found_on": DAY(2026, 7, 6),
        "report_due_on": DAY(2026, 7, 7),
        "reported_on": DAY(2026, 7, 7),
        "remedy_due_on": DAY(2026, 7, 27),
        "state": "整改中",
        "department": "个贷部",
    } | changes


def branch_rows(branch: str, mark: str) -> dict[Any, list[dict[str, Any]]]:
    """Two loans, two visits of which one is done, two records, an issue; contracts begin with `mark`."""
    name = f"{branch[:2]}何青"
    numbers = [f"{mark}{i}" for i in (1, 2)]
    return {
        s.VISITORS: [{"staff_no": f"V{mark}", "name": name, "branch": branch, "department": "风险管理部"}],
        s.LOANS: [
            loan(
                number,
                branch=branch,
                phone=f"1990000{mark * 3}{i}"[:11].ljust(11, "0"),
                id_number=f"33010219900307{mark * 3}{i}"[:18],
            )
            for i, number in enumerate(numbers)
        ],
        s.VISITS: [visit(f"DQ{number}", number, branch) for number in numbers],
        s.RECORDS: [
            record(visit_no=f"DQ{numbers[0]}", contract_no=numbers[0], visitor=name, signature=name),
            record(contract_no=numbers[1], result="未接通", content="", feedback="", visitor=name, signature=name),
        ],
        s.ISSUES: [issue(f"WT-{mark}", numbers[0])],
        # As `check` leaves it: both records were right when first submitted.
        s.FIRST_SUBMISSIONS: [
            {
                "visit_no": visit_no,
                "contract_no": number,
                "visited_on": DAY(2026, 7, 6),
                "visitor": name,
                "submitted_on": DAY(2026, 7, 6),
                "record_row": row,
                "first_checked_on": DAY(2026, 7, 7),
                "error_count": 0,
                "verdict": "准确",
            }
            for row, number, visit_no in ((2, numbers[0], f"DQ{numbers[0]}"), (3, numbers[1], ""))
        ],
        s.LOG: [{"at": dt.datetime(2026, 9, 30, 12), "action": "统计考核"}],
    }


def delivered(path: Path, branch: str, mark: str, parameters: dict[str, Any] | None = None, **changes: Any) -> Path:
    """The workbook of `branch_rows`; `changes` replaces the rows of loans, visits, records, issues or log."""
    rows = branch_rows(branch, mark)
    by_name = {"loans": s.LOANS, "visits": s.VISITS, "records": s.RECORDS, "issues": s.ISSUES, "log": s.LOG}
    rows |= {by_name[name]: body for name, body in changes.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    return stranger(path, rows, parameters)
