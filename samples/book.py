"""The loan book over three years: applications, approvals, instalments and how they were paid; its state on any day."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

import numpy as np

from samples import branch as b
from samples.people import People
from toolkit.model.calendar import WorkCalendar

FIRST_DAY, LAST_DAY = dt.date(2023, 9, 11), dt.date(2026, 9, 30)
LOANS = 600
_CALENDAR = WorkCalendar()


def workday(day: dt.date, plus: int = 0) -> dt.date:
    """`day` moved forward to a working day, then `plus` working days on."""
    out: dt.date = _CALENDAR.add_workdays(_CALENDAR.roll_forward(np.datetime64(day)), plus).item()
    return out


def is_workday(day: dt.date) -> bool:
    return bool(_CALENDAR.is_workday(np.datetime64(day)))


def months_later(day: dt.date, months: int, on_day: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(on_day, last))


@dataclass
class Instalment:
    """`principal` is part of `amount`. `part` was paid on `part_on`, the whole on `paid_on`; None = not yet."""

    no: int
    due_on: dt.date
    amount: float
    principal: float
    paid_on: dt.date | None = None
    part: float = 0.0
    part_on: dt.date | None = None
    written_without_amount: bool = False


@dataclass
class Loan:
    contract_no: str
    drawdown_no: str
    customer_no: str
    customer_name: str
    id_number: object
    phone: object
    product: b.Product
    amount: float
    term: int
    rate: float
    method: str
    purpose: str
    applied_on: dt.date
    approved_on: dt.date
    approved: bool
    disbursed_on: dt.date | None
    branch: str
    officer: str
    key_customer: str
    rejection_reason: str = ""
    written_off_on: dt.date | None = None
    settled_on: dt.date | None = None
    watched: bool = False
    instalments: list[Instalment] = field(default_factory=list)
    faults: dict[str, object] = field(default_factory=dict)

    @property
    def matures_on(self) -> dt.date | None:
        return self.instalments[-1].due_on if self.instalments else None


def loan_book(people: People, staff: b.Staff, rng: Random) -> list[Loan]:
    """Loans in order of application."""
    days = (LAST_DAY - FIRST_DAY).days
    applied = sorted(workday(FIRST_DAY + dt.timedelta(days=int(days * rng.random() ** 0.8))) for _ in range(LOANS - 9))
    # The days before each planning day bring the applications that are still open then.
    for day in (dt.date(2026, 6, 26), dt.date(2026, 6, 29), dt.date(2026, 6, 30), dt.date(2026, 9, 28)):
        applied += [day] * 2
    applied = sorted(applied)
    customers: list[tuple[str, str, str, str, str]] = []
    loans: list[Loan] = []
    for i, day in enumerate(day for day in applied if day <= LAST_DAY):
        loans += _loan(i, day, people, staff, customers, rng)
    loans = loans[len(loans) - LOANS :]  # contracts drawn in parts brought some too many
    _write_off(loans)
    _faults(loans, rng)
    return loans


def _customer(product: b.Product, people: People, customers: list, rng: Random) -> tuple[str, str, str, str, str]:
    """(customer_no, name, id, phone, type); some borrow again."""
    again = [customer for customer in customers if customer[4] == product.customer_type]
    if again and rng.random() < 0.12:
        return rng.choice(again)
    firm = product.customer_type == "企业"
    customer = (
        f"K{len(customers) + 100001}",
        people.firm() if firm else people.name(),
        people.credit_code() if firm else people.id_number(),
        people.phone(),
        product.customer_type,
    )
    customers.append(customer)
    return customer


def _loan(i: int, day: dt.date, people: People, staff: b.Staff, customers: list, rng: Random) -> list[Loan]:
    product = rng.choices(b.PRODUCTS, weights=[product.share for product in b.PRODUCTS])[0]
    number, name, id_number, phone, _ = _customer(product, people, customers, rng)
    low, high = product.amounts
    amount = round(low * (high / low) ** rng.random()) * 10000.0
    branch = b.BRANCHES[int(number[1:]) % 3]
    approved = rng.random() > 0.05
    approved_on = workday(day, rng.randint(4, 11))
    common = {
        "customer_no": number,
        "customer_name": name,
        "id_number": id_number,
        "phone": phone,
        "product": product,
        "term": rng.choice(product.terms),
        "rate": round(rng.uniform(*product.rates) * 20) / 20,
        "method": rng.choices(product.methods, weights=range(len(product.methods), 0, -1))[0],
        "purpose": rng.choice(product.purposes),
        "applied_on": day,
        "approved_on": approved_on,
        "approved": approved,
        "branch": branch,
        "officer": rng.choice(staff.officers[branch]),
        "key_customer": "是" if rng.random() < 0.03 else "否",
        "rejection_reason": "" if approved else rng.choice(("负债率偏高", "资料不完整", "经营年限不足")),
    }
    contract = f"JZ{day.year}{product.code}{i + 1:04}"
    parts = rng.choice((2, 3)) if product.customer_type == "企业" and approved and rng.random() < 0.06 else 1
    out = []
    for part in range(parts):
        disbursed = workday(approved_on, rng.randint(1, 6) + 12 * part) if approved else None
        size = round(amount / parts / 10000) * 10000.0
        drawdown = f"{contract}-{part + 1}" if parts > 1 else ""
        loan = Loan(contract, drawdown, amount=max(size, 10000.0), disbursed_on=disbursed, **common)  # type: ignore[arg-type]
        if disbursed:
            loan.instalments = _schedule(loan, disbursed)
            _pay(loan, rng)
        out.append(loan)
    return out


def _schedule(loan: Loan, start: dt.date) -> list[Instalment]:
    n, monthly, amount = loan.term, loan.rate / 1200, loan.amount
    if loan.method == b.BULLET:
        interest = round(amount * loan.rate / 1200 * n, 2)
        return [Instalment(1, months_later(start, n, start.day), amount + interest, amount)]
    out: list[Instalment] = []
    rest = amount
    level = amount * monthly * (1 + monthly) ** n / ((1 + monthly) ** n - 1)
    step = 3 if loan.method == b.QUARTERLY_INTEREST else 1
    on_day = start.day if loan.method in (b.ANNUITY, b.LINEAR) else 21
    for k in range(step, n + 1, step):
        interest = round(rest * monthly * step, 2)
        if loan.method == b.ANNUITY:
            principal = round(level - interest, 2)
        elif loan.method == b.LINEAR:
            principal = round(amount / n, 2)
        else:
            principal = 0.0
        if k == n:
            principal = round(rest, 2)
        rest = round(rest - principal, 2)
        due = months_later(start, k, on_day if k < n else start.day)
        out.append(Instalment(len(out) + 1, due, round(principal + interest, 2), principal))
    return out


def _pay(loan: Loan, rng: Random) -> None:
    """How this customer pays: on the day as a rule, some late, a few not any more."""
    mood = rng.choices(("good", "slow", "stopped", "cured", "early"), weights=(83, 9, 4, 1.5, 2.5))[0]
    start = loan.instalments[0].due_on
    stop = dt.date(2026, 4, 1) + dt.timedelta(days=rng.randrange(165))
    early = start + dt.timedelta(days=rng.randrange(60, 400))
    arrears = 0
    for instalment in loan.instalments:
        due = instalment.due_on
        delay = rng.choices((0, -1, -2, -4, 1, 2), weights=(70, 8, 8, 6, 5, 3))[0]
        if mood == "slow" and rng.random() < 0.35:
            delay = rng.randint(2, 20)
        if mood == "cured" and stop <= due < stop + dt.timedelta(days=70):
            delay = rng.randint(25, 50)
        if mood == "stopped" and due >= stop:
            arrears += 1
            if arrears == 1 and rng.random() < 0.5:
                instalment.part = round(instalment.amount * rng.choice((0.3, 0.5, 0.6)), 2)
                instalment.part_on = due + dt.timedelta(days=rng.randint(0, 9))
            if due > LAST_DAY - dt.timedelta(days=300):
                continue
        if mood == "early" and due > early > (loan.disbursed_on or early):
            instalment.paid_on, instalment.written_without_amount = workday(early), True
            loan.settled_on = workday(early)
            continue
        instalment.paid_on = due + dt.timedelta(days=delay)
    if loan.settled_on is None and all(instalment.paid_on for instalment in loan.instalments):
        loan.settled_on = max(instalment.paid_on for instalment in loan.instalments if instalment.paid_on)
    loan.watched = mood == "slow" and rng.random() < 0.25


def _write_off(loans: list[Loan]) -> None:
    """Two old loans that were never repaid."""
    old = [loan for loan in loans if loan.disbursed_on and loan.disbursed_on.year == 2024 and loan.method != b.BULLET]
    for loan, day in zip(old[7:60:40], (dt.date(2026, 3, 20), dt.date(2026, 8, 14)), strict=True):
        loan.settled_on, loan.written_off_on = None, day
        for instalment in loan.instalments[4:]:
            instalment.paid_on = instalment.part_on = None
            instalment.written_without_amount = False


def _faults(loans: list[Loan], rng: Random) -> None:
    """What every real ledger has: cells that somebody has to mend. Field name → cell as exported."""
    live = [loan for loan in loans if loan.disbursed_on and loan.disbursed_on < dt.date(2026, 5, 1)]
    live = [loan for loan in live if loan.settled_on is None or loan.settled_on > LAST_DAY]
    picked = rng.sample(live, 14)
    for loan in picked[:3]:
        loan.faults["phone"] = None
    picked[3].faults["disbursed_on"] = None
    picked[4].faults["status"] = "冻结"
    picked[5].faults["id_number"] = f"{picked[5].id_number}00"
    picked[6].faults["id_number"] = float(990101198001011234)  # the tail is already lost
    picked[7].faults["applied_on"] = (
        f"{picked[7].applied_on:%Y}年{picked[7].applied_on.month}月{picked[7].applied_on.day}日"
    )
    picked[8].faults["amount"] = f"￥{picked[8].amount:,.2f}"
    picked[9].faults["phone"] = str(picked[9].phone).translate({48 + i: 0xFF10 + i for i in range(10)})
    picked[10].faults["phone"] = f"+86 {picked[10].phone}"
    picked[11].faults["disbursed_on"] = int(f"{picked[11].disbursed_on:%Y%m%d}")
    picked[12].faults["purpose"] = None
    picked[13].faults["phone"] = float(str(picked[13].phone))
