"""The visitors on duty and how many contacts each has on each working day from T (contract, section 3)."""

from collections.abc import Iterable

import pandas as pd

from toolkit.model import values as v


class Seat:
    """One visitor: `load[d]` contacts on the d-th working day from T, `limit` of them a day (inf = no limit)."""

    __slots__ = ("_full_before", "limit", "load", "name", "total")

    def __init__(self, name: str, limit: float) -> None:
        self.name, self.limit = name, limit
        self.load: list[int] = []
        self.total = 0
        self._full_before = 0  # every earlier day has no room left

    def _reach(self, day: int) -> None:
        if day >= len(self.load):
            self.load.extend([0] * (day + 1 - len(self.load)))

    def book(self, day: int, contacts: int = 1) -> None:
        """Add contacts to a day; a negative number takes them off."""
        self._reach(day)
        self.load[day] += contacts
        self.total += contacts
        if contacts < 0:
            self._full_before = min(self._full_before, day)

    def is_over(self, day: int) -> bool:
        return self.load[day] > self.limit

    def lightest(self, low: int, high: int) -> tuple[int, bool]:
        """The day of low … high with the fewest contacts, the earliest of equals, and whether it has room."""
        self._reach(high)
        window = self.load[low : high + 1]
        least = min(window)
        return low + window.index(least), least < self.limit

    def first_free(self, low: int) -> int:
        """The first day from `low` on with room; `low` itself where the limit leaves none on any day."""
        if self.limit < 1:
            return low
        day = max(low, self._full_before)
        while day < len(self.load) and self.load[day] >= self.limit:
            day += 1
        if low <= self._full_before:
            self._full_before = day
        return day


class Roster:
    """On-duty visitors by branch in order of 工号. One 工号 in two rows is one person serving two branches."""

    def __init__(self, visitors: pd.DataFrame) -> None:
        on_duty = visitors[(visitors["status"] != v.OFF_DUTY) & (visitors["name"] != "")]
        on_duty = on_duty.sort_values(["staff_no", "name"], kind="stable")
        people: dict[tuple[str, str], Seat] = {}
        self.of_branch: dict[str, list[Seat]] = {}
        self._of_name: dict[str, list[Seat]] = {}
        rows = zip(on_duty["staff_no"], on_duty["name"], on_duty["branch"], on_duty["daily_limit"], strict=True)
        for staff_no, name, branch, limit in rows:
            person = (staff_no, name) if staff_no else (branch, name)
            seat = people.get(person)
            if seat is None:
                seat = people[person] = Seat(name, float("inf") if pd.isna(limit) else float(limit))
                self._of_name.setdefault(name, []).append(seat)
            of_branch = self.of_branch.setdefault(branch, [])
            if seat not in of_branch:
                of_branch.append(seat)
        self._eligible: dict[tuple[str, frozenset[str]], list[Seat]] = {}

    def seat(self, name: str, branch: str) -> Seat | None:
        """The on-duty visitor of that name: of the branch, or of any if the name is nobody else's."""
        for seat in self.of_branch.get(branch, []):
            if seat.name == name:
                return seat
        others = self._of_name.get(name, [])
        return others[0] if len(others) == 1 else None

    def eligible(self, branch: str, officers: frozenset[str]) -> list[Seat]:
        """Visitors of the branch who are not the 客户经理 of a loan visited."""
        key = (branch, officers)
        if key not in self._eligible:
            self._eligible[key] = [seat for seat in self.of_branch.get(branch, []) if seat.name not in officers]
        return self._eligible[key]

    def is_eligible(self, name: str, branch: str, officers: Iterable[str]) -> bool:
        return any(seat.name == name for seat in self.eligible(branch, frozenset(officers)))
