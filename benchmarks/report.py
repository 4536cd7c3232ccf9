"""`python -m benchmarks.report [--visits 1000] [--repeat 3]`: what `report` costs from tables to files, as a table.

An invented branch with 4 offices and 12 visitors: a loan, a visit and a record each, an issue for every seventh.
"""

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable
from typing import Any

from toolkit.actions import BY_NAME
from toolkit.hosts.fresh.new_file import book_bytes
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.calendar import WorkCalendar
from toolkit.model.fields import Sheet
from toolkit.model.parameters import Parameters
from toolkit.model.period import parse_period
from toolkit.model.request import Request
from toolkit.model.tables import Book, Outcome, Paper, Table, table_from
from toolkit.reports.render import render
from toolkit.steps.report import report

AS_OF, PERIOD = dt.date(2026, 9, 30), "2026Q3"
_OFFICES = ("城东支行", "城西支行", "临江支行", "滨湖支行")
_PRODUCTS = ("个人经营贷", "小微企业贷", "农户贷", "个人消费贷")


def tables(count: int) -> dict[str, Table]:
    """Everything `report` reads, for `count` visits of a quarter."""
    rows: dict[Sheet, list[dict[str, Any]]] = {sheet: [] for sheet in BY_NAME["report"].reads}
    for number in range(12):
        staff = {"staff_no": f"G{number}", "name": f"人员{number}", "branch": _OFFICES[number % 4]}
        rows[s.VISITORS].append(staff | {"department": "风险管理部"})
    for number in range(count):
        day = dt.date(2026, 7, 1) + dt.timedelta(days=number % 90)
        key = {"contract_no": f"HT2026{number:06d}", "customer_name": f"客户{number}", "branch": _OFFICES[number % 4]}
        visit_no = f"DQ{day:%Y%m%d}-{number:08d}"
        rows[s.LOANS].append(
            key
            | {"product": _PRODUCTS[number % 4], "amount": 5e5, "balance": 4e5, "loan_officer": f"经理{number % 9}"}
            | {"disbursed_on": dt.date(2026, 1, 5), "matures_on": dt.date(2028, 1, 5), "status": "使用中"}
        )
        due = {"due_on": dt.date(2026, 8, 1 + number % 20), "due_amount": 5000.0, "instalment_no": 1}
        paid = {} if number % 30 == 0 else {"paid_on": due["due_on"], "paid_amount": 5000.0}
        rows[s.SCHEDULE].append({"contract_no": key["contract_no"]} | due | paid)
        visit_type = v.VISIT_TYPES[number % len(v.VISIT_TYPES)]
        rows[s.VISITS].append(
            key
            | {"visit_no": visit_no, "visit_type": visit_type, "stage": v.STAGE_OF_TYPE[visit_type], "due_on": day}
            | {"method": v.PHONE_CALL, "visitor": f"人员{number % 12}", "state": v.TO_VISIT}
            | {"earliest_on": day - dt.timedelta(days=20)}
        )
        if number % 20 == 0:
            continue
        visited = {"visit_no": visit_no, "visited_on": day, "method": v.PHONE_CALL, "visitor": f"人员{number % 12}"}
        said = {"result": v.SUCCESS, "satisfaction": 3 + number % 3, "feedback": f"第{number}位客户说还可以"}
        wish = {"suggestion": f"希望增加第{number % 6}种提醒"} if number % 25 == 1 else {}
        rows[s.RECORDS].append(key | visited | said | wish | {"submitted_on": day})
        if number % 7 == 0:
            issue = {"issue_no": f"WT{number:06d}", "category": v.ISSUE_CATEGORIES[number % 14], "found_on": day}
            grade = {"severity": v.GRADINGS[number % 3], "evidence": "客户反馈", "state": "待反馈"}
            rows[s.ISSUES].append(key | {"visit_no": visit_no} | issue | grade)
    return {sheet.title: table_from(sheet, part) for sheet, part in rows.items()}


def _request() -> Request:
    return Request(AS_OF, Parameters.defaults(), WorkCalendar(), parse_period(PERIOD), institution="示例银行江州分行")


def _least(work: Callable[[], Any], repeat: int) -> tuple[float, float, Any]:
    """Clock, processor and result of the quickest turn."""
    best = (float("inf"), 0.0, None)
    for _ in range(repeat):
        clock, processor = time.perf_counter(), time.process_time()
        out = work()
        taken = (time.perf_counter() - clock, time.process_time() - processor, out)
        best = min(best, taken, key=lambda turn: turn[0])
    return best


def _files(outcome: Outcome) -> tuple[bytes, bytes]:
    paper, book = outcome.papers
    assert isinstance(paper, Paper)
    assert isinstance(book, Book)
    return render(paper), book_bytes(book)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    print("| visits | step s (CPU) | Word report and its figures s (CPU) | together s (CPU) | report KB | figures KB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for count in asked.visits:
        read, request = tables(count), _request()
        step = _least(lambda read=read, request=request: report(read, request), asked.repeat)
        files = _least(lambda outcome=step[2]: _files(outcome), asked.repeat)
        cells = [f"{count:,}", *(f"{part[0]:.2f} ({part[1]:.2f})" for part in (step, files))]
        cells.append(f"{step[0] + files[0]:.2f} ({step[1] + files[1]:.2f})")
        cells += [f"{len(content) / 1024:.0f}" for content in files[2]]
        print("| " + " | ".join(cells) + " |")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
