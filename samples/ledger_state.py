"""贷款台账 and 还款计划 of the book as the core system exports them on a day."""

import datetime as dt
from typing import Any

from samples.book import Loan, workday
from toolkit.model import values as v

GRADE_FROM_DAYS = ((180, "可疑"), (90, "次级"), (30, "关注"))


def is_there(loan: Loan, day: dt.date) -> bool:
    return loan.applied_on <= day


def oldest_unpaid(loan: Loan, day: dt.date) -> dt.date | None:
    for instalment in loan.instalments:
        if instalment.due_on >= day:
            return None
        if instalment.paid_on is None or instalment.paid_on > day:
            return instalment.due_on
    return None


def loan_row(loan: Loan, day: dt.date) -> dict[str, Any]:
    """One row of 贷款台账 by field name, as it stood on the evening of `day`."""
    decided = loan.approved_on <= day
    paid_out = loan.disbursed_on is not None and loan.disbursed_on <= day
    settled = paid_out and loan.settled_on is not None and loan.settled_on <= day
    since = oldest_unpaid(loan, day) if paid_out and not settled else None
    late = (day - since).days if since else 0
    written_off = loan.written_off_on is not None and loan.written_off_on <= day
    balance = loan.amount - sum(i.principal for i in loan.instalments if i.paid_on and i.paid_on <= day)
    row = {
        "contract_no": loan.contract_no,
        "drawdown_no": loan.drawdown_no or None,
        "customer_no": loan.customer_no,
        "customer_name": loan.customer_name,
        "customer_type": loan.product.customer_type,
        "id_number": loan.id_number,
        "phone": loan.phone,
        "product": loan.product.name,
        "amount": loan.amount,
        "term_months": loan.term,
        "annual_rate": loan.rate,
        "repayment_method": loan.method,
        "purpose": loan.purpose,
        "applied_on": loan.applied_on,
        "approved_on": loan.approved_on if decided else None,
        "approval_result": ("通过" if loan.approved else "拒绝") if decided else None,
        "rejection_reason": loan.rejection_reason or None if decided else None,
        "disbursed_on": loan.disbursed_on if paid_out else None,
        "matures_on": loan.matures_on if paid_out else None,
        "settled_on": loan.settled_on if settled else None,
        "balance": round(balance, 2) if paid_out else None,
        "status": _status(loan, day, decided, paid_out, settled, written_off),
        "grade": _grade(loan, late, settled, written_off) if paid_out else None,
        "days_past_due": late or None,
        "branch": loan.branch,
        "loan_officer": loan.officer,
        "key_customer": loan.key_customer,
    }
    return row | {name: cell for name, cell in loan.faults.items() if row[name] is not None}


def _status(loan: Loan, day: dt.date, decided: bool, paid_out: bool, settled: bool, written_off: bool) -> str:
    if written_off:
        return v.WRITTEN_OFF
    if settled:
        return v.SETTLED
    if paid_out:
        return v.IN_USE
    if decided:
        return v.AWAITING_DISBURSEMENT if loan.approved else v.REJECTED
    return v.APPLYING if day <= workday(loan.applied_on, 3) else v.APPROVING


def _grade(loan: Loan, late: int, settled: bool, written_off: bool) -> str:
    if written_off:
        return "损失"
    for days, grade in GRADE_FROM_DAYS:
        if late > days and not settled:
            return grade
    return "关注" if loan.watched and not settled else v.NORMAL_GRADE


def schedule_rows(loan: Loan, day: dt.date) -> list[dict[str, Any]]:
    """Rows of 还款计划 by field name; none before disbursement."""
    if loan.disbursed_on is None or loan.disbursed_on > day:
        return []
    rows = []
    for i in loan.instalments:
        paid = i.paid_on is not None and i.paid_on <= day
        part = not paid and i.part_on is not None and i.part_on <= day
        amount = None if i.written_without_amount else i.amount
        rows.append(
            {
                "contract_no": loan.contract_no,
                "drawdown_no": loan.drawdown_no or None,
                "instalment_no": i.no,
                "due_on": i.due_on,
                "due_amount": i.amount,
                "paid_on": i.paid_on if paid else (i.part_on if part else None),
                "paid_amount": amount if paid else (i.part if part else None),
            }
        )
    return rows
