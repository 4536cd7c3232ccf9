"""Writes the sample files of the demo: `python samples/make_samples.py [folder]` (default: beside this file).

Everything is drawn from one seed, so the files are the same on every run. The quarter's records are made for the
visits that the toolkit's own plan lists: after a change of the planning rules run this again.
"""

import datetime as dt
import sys
from pathlib import Path
from random import Random
from typing import Any

FOLDER = Path(__file__).resolve().parent
if str(FOLDER.parent) not in sys.path:
    sys.path.insert(0, str(FOLDER.parent))

from samples import branch as b  # noqa: E402
from samples.book import Loan, loan_book  # noqa: E402
from samples.faults import duplicates, make_errors, make_oddities, raise_issues  # noqa: E402
from samples.handling import handling  # noqa: E402
from samples.ledger_state import is_there, loan_row, oldest_unpaid, schedule_rows  # noqa: E402
from samples.people import People  # noqa: E402
from samples.records import Quarter, Visit, rows_of  # noqa: E402
from samples.workbook_in_memory import QUARTER, STARTED_ON, Workbook  # noqa: E402
from samples.writing import Page, write  # noqa: E402
from toolkit.model import sheets  # noqa: E402
from toolkit.model import values as v  # noqa: E402
from toolkit.model.fields import Sheet  # noqa: E402
from toolkit.model.tables import Source  # noqa: E402

SEED = 20260701
BEGIN, END = QUARTER.start, QUARTER.end
EXPORT_NAME = "核心系统导出_{day}.xlsx"
BASE_NAME, RECORDS_NAME, HANDLING_NAME = "示例支行_基础资料.xlsx", "回访记录_2026Q3.xlsx", "问题处理_2026Q3.xlsx"

# The core system's own order and spelling of our headers.
LOAN_COLUMNS = {
    "branch": "网点", "contract_no": "贷款合同编号 ", "drawdown_no": "借据编号", "customer_no": "客户编号",
    "customer_name": "客户 姓名", "customer_type": "客户类型", "id_number": "证件号码", "phone": "联系电话",
    "product": "贷款产品", "amount": "贷款金额", "balance": "贷款余额", "annual_rate": "年利率（％）",
    "term_months": "期限（月）", "repayment_method": "还款方式", "purpose": "贷款用途", "applied_on": "申请日期",
    "approved_on": "审批日期", "approval_result": "审批结果", "rejection_reason": "未通过原因",
    "disbursed_on": "发放日期", "matures_on": "到期日", "settled_on": "结清日期", "status": "贷款状态",
    "grade": "五级分类", "days_past_due": "逾期天数", "loan_officer": "客户经理", "key_customer": "重要客户",
}  # fmt: skip
PLAN_COLUMNS = {
    "contract_no": "贷款合同编号", "drawdown_no": "借据编号", "instalment_no": "期 次", "due_on": "应还日期",
    "due_amount": "应还金额", "paid_on": "实还日期", "paid_amount": "实还金额",
}  # fmt: skip
HANDLING_FIELDS = (
    "visit_no", "category", "manual_grading", "manual_reason", "reported_on", "department", "owner", "remedy",
    "state", "completed_on", "verifier", "verified_on", "escalated_on", "outcome",
)  # fmt: skip
NO_LONGER_EXPORTED = 3  # old settled loans that the later export leaves out


def export_pages(loans: list[Loan], day: dt.date) -> list[Page]:
    there = [loan for loan in loans if is_there(loan, day)]
    if day == END:
        old = [loan for loan in there if loan.settled_on and loan.settled_on < dt.date(2025, 6, 30)]
        there = [loan for loan in there if loan not in old[:NO_LONGER_EXPORTED]]
    rows = [loan_row(loan, day) for loan in there]
    body = [[row[name] for name in LOAN_COLUMNS] for row in rows]
    total: list[Any] = [None] * len(LOAN_COLUMNS)
    names = list(LOAN_COLUMNS)
    total[0], total[names.index("balance")] = "合计", round(sum(row["balance"] or 0 for row in rows), 2)
    plans = [row for loan in there for row in schedule_rows(loan, day)]
    return [
        Page(
            sheets.LOANS.title,
            list(LOAN_COLUMNS.values()),
            body,
            titles=[[f"{b.INSTITUTION}贷款台账"], [f"导出日期：{day}    单位：元"]],
            totals=[total],
        ),
        Page(
            sheets.SCHEDULE.title, list(PLAN_COLUMNS.values()), [[row[name] for name in PLAN_COLUMNS] for row in plans]
        ),
    ]


def as_sources(file: str, pages: list[Page]) -> tuple[Source, ...]:
    return tuple(Source(file, page.title, page.grid()) for page in pages)


def base_rows(staff: b.Staff, loans: list[Loan]) -> dict[str, list[dict[str, Any]]]:
    """Rows of the sheets that staff fill before the first run, by title and field name."""
    visitors = [
        {
            "staff_no": visitor.staff_no,
            "name": visitor.name,
            "branch": visitor.branch,
            "department": visitor.department,
            "daily_limit": visitor.daily_limit,
            "status": visitor.status or None,
        }
        for visitor in staff.visitors
    ]
    live = [loan for loan in loans if loan.disbursed_on and loan.disbursed_on < dt.date(2026, 4, 1)]
    live = [loan for loan in live if not (loan.settled_on and loan.settled_on <= END)]
    live = [loan for loan in live if not loan.written_off_on and not loan.faults]
    late = [loan for loan in live if oldest_unpaid(loan, BEGIN)]
    firms = [loan for loan in live if loan.product.customer_type == "企业" and loan not in late]
    wanted = [
        (firms[0], "下游客户经营异常，核实回款", dt.date(2026, 7, 24)),
        (firms[5], "行业风险排查", dt.date(2026, 8, 14)),
        (firms[9], "行业风险排查", dt.date(2026, 8, 14)),
        (live[20], "客户申请变更用款计划", dt.date(2026, 8, 28)),
        (late[0] if late else live[30], "风险例会要求现场走访", dt.date(2026, 9, 18)),
    ]
    special = [
        {
            "contract_no": loan.contract_no,
            "reason": reason,
            "due_on": due,
            "approver": staff.verifiers[0],
            "drawdown_no": loan.drawdown_no or None,
        }
        for loan, reason, due in wanted
    ]
    return {sheets.VISITORS.title: visitors, sheets.SPECIAL_VISITS.title: special, sheets.HOLIDAYS.title: []}


def page_of(sheet: Sheet, rows: list[dict[str, Any]], names: tuple[str, ...] = ()) -> Page:
    names = names or sheet.names
    return Page(
        sheet.title, [sheet.header(name) for name in names], [[row.get(name) for name in names] for row in rows]
    )


def base_pages(rows: dict[str, list[dict[str, Any]]]) -> list[Page]:
    started = {"parameter": "启用日期", "value": STARTED_ON}
    return [
        *(page_of(sheets.BY_TITLE[title], body) for title, body in rows.items()),
        Page("机构名称", ["机构"], [[b.INSTITUTION]]),
        page_of(sheets.PARAMETERS, [started], ("parameter", "value")),
    ]


def records_of(
    workbook: Workbook, loans: list[Loan], staff: b.Staff, people: People, rng: Random
) -> list[dict[str, Any]]:
    quarter = Quarter(workbook, loans, staff, rng)
    visits: list[Visit] = quarter.play()
    used = raise_issues(visits, quarter.words, rng)
    make_errors(visits, used, staff, rng)
    make_oddities(visits, used, people, staff, rng)
    return rows_of(visits) + duplicates(visits, used, rng)


def sample_pages() -> dict[str, list[Page]]:
    """The pages of every sample file by file name."""
    rng = Random(SEED)
    people = People(rng)
    staff = b.staff(people, rng)
    loans = loan_book(people, staff, rng)
    base = base_rows(staff, loans)
    exports = {day: export_pages(loans, day) for day in (BEGIN, END)}
    workbook = Workbook(base)
    for day, pages in exports.items():
        workbook.import_ledger(day, *as_sources(EXPORT_NAME.format(day=day), pages))
        workbook.plan(day)
    records = records_of(workbook, loans, staff, people, rng)
    workbook.set_records(records)
    workbook.plan(END)
    workbook.classify(END)
    firms = {loan.contract_no for loan in loans if loan.product.customer_type == v.FIRM}
    handled = handling(workbook.data(sheets.ISSUES.title), firms, staff, rng)
    return {
        **{EXPORT_NAME.format(day=day): pages for day, pages in exports.items()},
        BASE_NAME: base_pages(base),
        RECORDS_NAME: [page_of(sheets.RECORDS, records)],
        HANDLING_NAME: [page_of(sheets.ISSUES, handled, HANDLING_FIELDS)],
    }


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, pages in sample_pages().items():
        write(folder / name, pages)
        print(f"{name}: " + ", ".join(f"{page.title} {len(page.rows)}" for page in pages))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
