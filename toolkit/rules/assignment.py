"""Who goes when: 合并组, capacity, even spreading, avoidance (contract, section 3, fine print 8 and 9).

A contact is one meeting or call: one or more visits of a customer made together. The loops here run over contacts of
customers and visitors' days, which the contract excepts from the rule against loops over loans.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.model.calendar import WorkCalendar

FULL = np.iinfo(np.int32).max
HORIZON = 800  # working days ahead that capacity is kept for


@dataclass
class Contact:
    """`members`: positions in the visits frame; `low`/`high`: first and last usable working day (index from T);
    `day`/`visitor`: fixed when a member was scheduled before; `officers`: loan officers who must not go."""

    members: list[int]
    low: int
    high: int
    officers: set[str]
    branch: str
    day: int | None = None
    visitor: str | None = None
    placed: bool = False

    @property
    def past(self) -> bool:
        return self.low > self.high


class Roster:
    """On-duty visitors by branch in order of 工号, and how many contacts each has on each working day from T."""

    def __init__(self, visitors: pd.DataFrame) -> None:
        on_duty = visitors[(visitors["status"] != v.OFF_DUTY) & (visitors["name"] != "")]
        on_duty = on_duty.drop_duplicates("name").sort_values("staff_no", kind="stable")
        self.of_branch: dict[str, list[str]] = {
            str(branch): group["name"].tolist() for branch, group in on_duty.groupby("branch", sort=False)
        }
        limits = on_duty["daily_limit"].fillna(np.inf)
        self.limit: dict[str, float] = dict(zip(on_duty["name"], limits, strict=True))
        self.load: dict[str, np.ndarray] = {name: np.zeros(HORIZON, dtype=np.int32) for name in self.limit}
        self.total: dict[str, int] = dict.fromkeys(self.limit, 0)

    def eligible(self, contact: Contact) -> list[str]:
        return [name for name in self.of_branch.get(contact.branch, []) if name not in contact.officers]

    def book(self, contact: Contact) -> None:
        if contact.visitor in self.load and contact.day is not None and contact.day >= 0:
            self.load[contact.visitor][contact.day] += 1
            self.total[contact.visitor] += 1

    def is_crowded(self, contact: Contact) -> bool:
        if contact.visitor not in self.load or contact.day is None or contact.day < 0:
            return False
        return bool(self.load[contact.visitor][contact.day] > self.limit[contact.visitor])

    def release(self, contact: Contact) -> None:
        assert contact.visitor is not None
        self.load[contact.visitor][contact.day] -= 1
        self.total[contact.visitor] -= 1


def assign(visits: pd.DataFrame, visitors: pd.DataFrame, calendar: WorkCalendar, today: np.datetime64) -> pd.DataFrame:
    """Schedule open visits: columns scheduled_on, visitor, merge_group, method and reason, aligned with `visits`.

    `visits` needs visit_no, customer_no, branch, loan_officer, earliest_on, due_on, method, scheduled_on (NaT = free),
    visitor ("" = free) and merge_group. The result's `shortfall` says why no visitor was found ("" otherwise) and
    `crowded` is True where 每日上限 could not be kept.
    """
    first = calendar.roll_forward(today)
    days = _working_days(calendar, first)
    contacts = _contacts(visits, days, calendar)
    roster = Roster(visitors)
    contacts = _merge(contacts, visits["customer_no"].to_numpy(), roster)
    for contact in contacts:
        roster.book(contact)
    crowded: set[int] = set()
    numbers = visits["visit_no"].to_numpy()
    for contact in sorted(contacts, key=lambda c: (c.past, c.high, c.low, numbers[c.members[0]])):
        if contact.visitor is None or contact.day is None:
            _place(contact, roster)
    _relieve(contacts, roster)
    for contact in contacts:
        if roster.is_crowded(contact):
            crowded.update(contact.members)
    return _result(visits, contacts, roster, days, crowded)


def _working_days(calendar: WorkCalendar, first) -> np.ndarray:
    steps = calendar.add_workdays(np.full(HORIZON - 1, first), np.arange(1, HORIZON))
    return np.concatenate([np.array([first]), steps])


def _contacts(visits: pd.DataFrame, days: np.ndarray, calendar: WorkCalendar) -> list[Contact]:
    low = np.searchsorted(days, visits["earliest_on"].to_numpy().astype("datetime64[D]"), side="left")
    high = np.searchsorted(days, visits["due_on"].to_numpy().astype("datetime64[D]"), side="right") - 1
    fixed = visits["scheduled_on"].to_numpy().astype("datetime64[D]")
    place = np.searchsorted(days, np.where(np.isnat(fixed), days[0], fixed), side="left")
    known = ~np.isnat(fixed)
    held = known & (place < HORIZON) & (days[np.clip(place, 0, HORIZON - 1)] == fixed)
    contacts = []
    rows = zip(visits["loan_officer"], visits["branch"], visits["visitor"], strict=True)
    for i, (officer, branch, visitor) in enumerate(rows):
        contact = Contact([i], min(int(low[i]), HORIZON - 1), int(high[i]), {officer}, branch)
        contact.visitor = visitor or None
        # A kept day that has passed or is no working day stays as it is and takes no capacity.
        contact.day = int(place[i]) if held[i] else (-1 if known[i] else None)
        contacts.append(contact)
    return contacts


def _join(a: Contact, b: Contact, roster: Roster) -> Contact | None:
    """The two as one contact, or None where windows, kept days, kept visitors or avoidance forbid it."""
    if a.branch != b.branch or a.past or b.past or -1 in (a.day, b.day):
        return None
    if a.day is not None and b.day is not None and a.day != b.day:
        return None
    if a.visitor and b.visitor and a.visitor != b.visitor:
        return None
    low, high = max(a.low, b.low), min(a.high, b.high)
    day = a.day if a.day is not None else b.day
    if low > high or (day is not None and not low <= day <= high):
        return None
    together = Contact(a.members + b.members, low, high, a.officers | b.officers, a.branch, day, a.visitor or b.visitor)
    eligible = roster.eligible(together)
    if not eligible or (together.visitor and together.visitor not in eligible):
        return None
    return together


def _merge(contacts: list[Contact], customers: np.ndarray, roster: Roster) -> list[Contact]:
    by_customer: dict[str, list[Contact]] = defaultdict(list)
    for contact in contacts:
        by_customer[customers[contact.members[0]]].append(contact)
    out: list[Contact] = []
    for customer, group in by_customer.items():
        if len(group) == 1 or not customer:
            out.extend(group)
            continue
        group = sorted(group, key=lambda c: (c.day is None, c.high, c.low, c.members))
        merged: list[Contact] = []
        for contact in group:
            for place, earlier in enumerate(merged):
                joined = _join(earlier, contact, roster)
                if joined:
                    merged[place] = joined
                    break
            else:
                merged.append(contact)
        out.extend(merged)
    return out


def _place(contact: Contact, roster: Roster) -> None:
    """Choose the visitor with the least work who has room in the window, then that visitor's lightest day."""
    names = [contact.visitor] if contact.visitor else roster.eligible(contact)
    low, high = (0, HORIZON - 1) if contact.past else (contact.low, contact.high)
    if contact.day is not None and contact.day >= 0:
        low = high = contact.day
    names = sorted((name for name in names if name), key=lambda name: roster.total.get(name, 0))
    for name in names:
        if name not in roster.load:  # kept although no longer on duty
            continue
        load = roster.load[name][low : high + 1]
        room = load < roster.limit[name]
        if room.any():
            # Past the window the first day with room; inside it the lightest, the earliest among equals.
            step = (
                int(np.argmax(room)) if contact.past else int(np.argmin(np.where(room, load, np.iinfo(np.int32).max)))
            )
            _book(contact, name, low + step, roster)
            return
    if names and names[0] in roster.load:
        load = roster.load[names[0]][low : high + 1]
        _book(contact, names[0], low + int(np.argmin(load)), roster)
    elif contact.day is None:
        contact.day = low


def _book(contact: Contact, name: str, day: int, roster: Roster) -> None:
    if contact.day == -1:  # the kept day has passed: only the visitor was missing
        contact.visitor = name
        return
    contact.visitor, contact.day = name, day
    contact.placed = True
    roster.book(contact)


def _relieve(contacts: list[Contact], roster: Roster) -> None:
    """Move contacts off days above 每日上限 while another day of their window is free."""
    over = {name for name, load in roster.load.items() if (load > roster.limit[name]).any()}
    if not over:
        return
    movable = [c for c in contacts if c.placed and not c.past and c.visitor in over]
    changed = True
    while changed:
        changed = False
        for contact in movable:
            assert contact.visitor is not None
            load, limit = roster.load[contact.visitor], roster.limit[contact.visitor]
            if load[contact.day] <= limit:
                continue
            room = load[contact.low : contact.high + 1] < limit
            if room.any():
                roster.release(contact)
                contact.day = contact.low + int(np.argmax(room))
                roster.book(contact)
                changed = True


def _result(
    visits: pd.DataFrame, contacts: list[Contact], roster: Roster, days: np.ndarray, crowded: set[int]
) -> pd.DataFrame:
    scheduled = visits["scheduled_on"].to_numpy().astype("datetime64[s]").copy()
    visitor = visits["visitor"].to_numpy(dtype=object).copy()
    group = np.full(len(visits), "", dtype=object)
    method = visits["method"].to_numpy(dtype=object).copy()
    shortfall = np.full(len(visits), "", dtype=object)
    numbers, kept = visits["visit_no"].to_numpy(), visits["merge_group"].to_numpy()
    for contact in contacts:
        name = "" if contact.visitor is None else contact.visitor
        for i in contact.members:
            visitor[i] = name
            if contact.day is not None and contact.day >= 0:
                scheduled[i] = days[contact.day]
            if not name:
                present = roster.of_branch.get(contact.branch, [])
                shortfall[i] = "本网点在岗人员均为该户客户经理" if present else "本网点没有在岗回访人员"
        if len(contact.members) > 1:
            earlier = sorted(kept[i] for i in contact.members if kept[i])
            label = earlier[0] if earlier else "HB" + min(numbers[i] for i in contact.members)[2:]
            strictest = max((method[i] for i in contact.members), key=v.VISIT_METHODS.index)
            for i in contact.members:
                group[i], method[i] = label, strictest
    out = pd.DataFrame(
        {"scheduled_on": scheduled, "visitor": visitor, "merge_group": group, "method": method, "shortfall": shortfall},
        index=visits.index,
    )
    out["crowded"] = [i in crowded for i in range(len(visits))]
    return out
