"""Who goes when: 合并组, capacity, even spreading, avoidance (contract, section 3, fine print 8 and 9).

A contact is one meeting or call: one or more visits of a customer made together. The loops here run over contacts of
customers and visitors' days, which the contract excepts from the rule against loops over loans.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.model.calendar import LAST_DAY, WorkCalendar
from toolkit.rules.planning.roster import Roster, Seat

KEPT_ELSEWHERE = -1  # a kept 安排日期 that has passed or is no working day: it stays and takes no capacity


@dataclass(slots=True)
class Contact:
    """`members`: positions in the visits frame; `low`/`high`: first and last usable working day (index from T);
    `rank`: place of its first visit in the order of 回访编号; `officers`: loan officers who must not go.
    `day`/`visitor` are set when a member was arranged before; `placed`: this run chose the day."""

    members: list[int]
    low: int
    high: int
    rank: int
    officers: frozenset[str]
    branch: str
    day: int | None
    visitor: str
    seat: Seat | None = None
    placed: bool = False

    @property
    def past(self) -> bool:
        return self.low > self.high


def assign(visits: pd.DataFrame, visitors: pd.DataFrame, calendar: WorkCalendar, today: np.datetime64) -> pd.DataFrame:
    """Schedule open visits: columns scheduled_on, visitor, merge_group, method, shortfall, crowded; index of `visits`.

    `visits` needs visit_no, customer_no, branch, loan_officer, earliest_on, due_on, method, scheduled_on (NaT = free),
    visitor ("" = free) and merge_group. `shortfall` says why no visitor was found ("" otherwise) and `crowded` is True
    where 每日上限 could not be kept.
    """
    first = calendar.roll_forward(today)
    roster = Roster(visitors)
    contacts = _merge(_contacts(visits, calendar, first), visits["customer_no"].to_numpy(), roster)
    for contact in contacts:
        contact.seat = roster.seat(contact.visitor, contact.branch) if contact.visitor else None
        if contact.seat and contact.day is not None and contact.day >= 0:
            contact.seat.book(contact.day)
    unplaced = [contact for contact in contacts if not contact.visitor or contact.day is None]
    unplaced.sort(key=lambda c: (c.high, c.low, c.rank))
    for contact in unplaced:
        if not contact.past:
            _place(contact, roster)
    _relieve(contacts)
    # What is past its window can go on any later day, so it takes what the others leave.
    for contact in unplaced:
        if contact.past:
            _place(contact, roster)
    return _result(visits, contacts, roster, calendar, first)


def _contacts(visits: pd.DataFrame, calendar: WorkCalendar, first) -> list[Contact]:
    """One contact a visit. Days are counted in working days from `first`, the first working day from T on."""
    window = visits[["earliest_on", "due_on", "scheduled_on"]].to_numpy().astype("datetime64[D]")
    last = np.nanmax(window) if (~np.isnat(window)).any() else first
    ahead = int((min(last, LAST_DAY) - first).astype(int)) + 2
    days = calendar.add_workdays(np.full(max(ahead, 1), first), np.arange(max(ahead, 1)))
    days = days[~np.isnat(days)]
    # A listed visit whose window was blanked counts as past its window.
    low = np.where(np.isnat(window[:, 0]), 0, np.searchsorted(days, window[:, 0], side="left"))
    high = np.where(np.isnat(window[:, 1]), -1, np.searchsorted(days, window[:, 1], side="right") - 1)
    fixed = window[:, 2]
    known = ~np.isnat(fixed)
    place = np.clip(np.searchsorted(days, np.where(known, fixed, first), side="left"), 0, len(days) - 1)
    held = np.where(days[place] == fixed, place, KEPT_ELSEWHERE)
    rank = np.argsort(np.argsort(visits["visit_no"].to_numpy().astype(str), kind="stable"))
    alone = {officer: frozenset((officer,)) for officer in visits["loan_officer"].unique()}
    return [
        Contact([i], low_i, high_i, rank_i, alone[officer], branch, day if is_known else None, visitor)
        for i, (low_i, high_i, rank_i, officer, branch, is_known, day, visitor) in enumerate(
            zip(
                low.tolist(), high.tolist(), rank.tolist(), visits["loan_officer"], visits["branch"],
                known.tolist(), held.tolist(), visits["visitor"],
                strict=True,
            )
        )
    ]  # fmt: skip


def _join(a: Contact, b: Contact, roster: Roster) -> bool:
    """Make `b` part of `a` unless windows, kept days, kept visitors, branch or avoidance forbid it."""
    if a.branch != b.branch or a.low > a.high or b.low > b.high:
        return False
    low, high = max(a.low, b.low), min(a.high, b.high)
    if low > high or (a.day is not None and b.day is not None and a.day != b.day):
        return False
    day = b.day if a.day is None else a.day
    if day is not None and not low <= day <= high:
        return False
    if a.visitor and b.visitor and a.visitor != b.visitor:
        return False
    visitor = a.visitor or b.visitor
    officers = a.officers if a.officers == b.officers else a.officers | b.officers
    eligible = roster.eligible(a.branch, officers)
    if not eligible or (visitor and not roster.is_eligible(visitor, a.branch, officers)):
        return False
    a.members = a.members + b.members
    a.low, a.high, a.rank, a.officers, a.day, a.visitor = low, high, min(a.rank, b.rank), officers, day, visitor
    return True


def _merge(contacts: list[Contact], customers: np.ndarray, roster: Roster) -> list[Contact]:
    """Join each customer's contacts greedily. A contact only narrows by joining, so what could not join a contact
    once never can later: no two of the result could still be merged."""
    by_customer: dict[str, list[Contact]] = defaultdict(list)
    for contact in contacts:
        by_customer[customers[contact.members[0]]].append(contact)
    out: list[Contact] = []
    for customer, group in by_customer.items():
        if len(group) == 1 or not customer:
            out.extend(group)
            continue
        group.sort(key=lambda c: (c.day is None, c.high, c.low, c.rank))
        merged: list[Contact] = []
        for contact in group:
            if not any(_join(earlier, contact, roster) for earlier in merged):
                merged.append(contact)
        out.extend(merged)
    return out


def _place(contact: Contact, roster: Roster) -> None:
    """The visitor with the least work who has room in the window, on that visitor's lightest day."""
    low, high = contact.low, contact.high
    if contact.visitor:
        seats = [contact.seat] if contact.seat else []  # none: a kept visitor who is no longer on duty
    else:
        seats = roster.eligible(contact.branch, contact.officers)
    kept_day = contact.day
    if kept_day == KEPT_ELSEWHERE:
        contact.seat = min(seats, key=lambda seat: seat.total, default=None)
        return
    if not seats:
        contact.day = low if kept_day is None else kept_day
        return
    if kept_day is not None:
        low = high = kept_day
    elif contact.past:
        # Past the window: the first working day from T with room, with whoever has it soonest.
        day, _, seat = min(((s.first_free(low), s.total, s) for s in seats), key=lambda choice: choice[:2])
        _book(contact, seat, day)
        return
    choices = [(not room, seat.total, place, day, seat) for place, seat in enumerate(seats)
               for day, room in (seat.lightest(low, high),)]  # fmt: skip
    *_, day, seat = min(choices, key=lambda choice: choice[:3])
    _book(contact, seat, day)
    contact.placed = kept_day is None


def _book(contact: Contact, seat: Seat, day: int) -> None:
    contact.seat, contact.day = seat, day
    seat.book(day)


def _relieve(contacts: list[Contact]) -> None:
    """Move contacts off days above 每日上限 while another day of their window is free."""
    moved = True
    while moved:
        moved = False
        for contact in contacts:
            seat, day = contact.seat, contact.day
            if not contact.placed or seat is None or day is None or not seat.is_over(day):
                continue
            lighter, room = seat.lightest(contact.low, contact.high)
            if room:
                seat.book(day, -1)
                _book(contact, seat, lighter)
                moved = True


def _result(
    visits: pd.DataFrame, contacts: list[Contact], roster: Roster, calendar: WorkCalendar, first
) -> pd.DataFrame:
    day = np.full(len(visits), KEPT_ELSEWHERE)
    visitor = visits["visitor"].to_numpy(dtype=object).copy()
    group = np.full(len(visits), "", dtype=object)
    method = visits["method"].to_numpy(dtype=object).copy()
    shortfall = np.full(len(visits), "", dtype=object)
    crowded = np.zeros(len(visits), dtype=bool)
    numbers, kept = visits["visit_no"].to_numpy(), visits["merge_group"].to_numpy()
    for contact in contacts:
        name = contact.seat.name if contact.seat else contact.visitor
        over = False
        if contact.seat is not None and contact.day is not None and contact.day >= 0:
            over = contact.seat.is_over(contact.day)
        for i in contact.members:
            visitor[i], crowded[i] = name, over
            if contact.day is not None:
                day[i] = contact.day
            if not name:
                present = roster.of_branch.get(contact.branch)
                shortfall[i] = "本网点在岗人员均为该户客户经理" if present else "本网点没有在岗回访人员"
        if len(contact.members) > 1:
            earlier = sorted(kept[i] for i in contact.members if kept[i])
            label = earlier[0] if earlier else "HB" + min(numbers[i] for i in contact.members)[2:]
            strictest = max((method[i] for i in contact.members), key=v.VISIT_METHODS.index)
            for i in contact.members:
                group[i], method[i] = label, strictest
    chosen = calendar.add_workdays(np.full(len(visits), first), np.maximum(day, 0)).astype("datetime64[s]")
    own = visits["scheduled_on"].to_numpy().astype("datetime64[s]")
    return pd.DataFrame(
        {
            "scheduled_on": np.where(day >= 0, chosen, own), "visitor": visitor, "merge_group": group,
            "method": method, "shortfall": shortfall, "crowded": crowded,
        },
        index=visits.index,
    )  # fmt: skip
