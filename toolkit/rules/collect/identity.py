"""Which record an incoming row is: the visit it names, else contract, date, start and visitor (contract, section 4).

A visit may take several contacts (未接通 on one day, 成功 on another): each is a record of its own. Rows of one sheet
are told apart by their order; rows of different files meet by what identifies them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.rules.planning.matching import loan_key
from toolkit.rules.planning.standing import resolve_keys


@dataclass(frozen=True)
class Pass:
    """One way of recognising a record, surer ones first. `same`: canonical columns that must be alike; `open`: may be
    blank on one side; `success`: must also be 成功 on both sides (one visit has one success); `half`: must be blank on
    one side."""

    same: tuple[str, ...]
    open: tuple[str, ...] = ()
    success: bool = False
    half: str = ""


_DAY = ("visited_on", "started_at")
PASSES = (
    Pass(("visit_no", *_DAY, "result", "contract_no")),
    Pass(("visit_no", *_DAY, "result")),
    Pass(("visit_no", *_DAY)),
    Pass(("visit_no", "visited_on"), ("started_at",)),
    Pass(("owner", *_DAY, "visitor", "result"), ("visit_no",)),
    Pass(("owner", "visited_on", "visitor", "result"), ("visit_no", "started_at")),
    Pass(("owner", *_DAY, "result"), ("visit_no", "visitor")),
    Pass(("visit_no",), ("visited_on",), half="visited_on"),
    Pass(("visit_no",), success=True),
)
_NEEDED = ("visit_no", "owner")  # a blank here recognises nobody
# Timed contacts of one contract, day and visitor are one whatever their result says.
_TIMED = Pass(("owner", *_DAY, "visitor"), ("visit_no",))


def owners(records: pd.DataFrame, loans: pd.DataFrame, visits: pd.DataFrame) -> pd.Series:
    """Whose record each row is: the loan's key; without a contract number that of the visit it names; else the visit
    itself; "" where it names neither. `loans`: 贷款台账 with column key; `visits`: 回访清单."""
    keys = resolve_keys(records, loans, visits)
    listed = visits[visits["visit_no"] != ""].drop_duplicates("visit_no").set_index("visit_no")
    of_visit = pd.Series(resolve_keys(listed.reset_index(), loans).to_numpy(), index=listed.index, dtype="object")
    named = of_visit.reindex(records["visit_no"]).to_numpy()
    nameless = (records["contract_no"] == "").to_numpy()
    itself = np.where(records["visit_no"] != "", "\x00" + records["visit_no"], "")
    out = np.where(nameless, np.where(pd.isna(named), itself, named), keys.to_numpy())
    return pd.Series(out, index=records.index, dtype="object")


def contracts_of_people(records: pd.DataFrame, ledger: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Contract number and 借据编号 of rows that name neither visit nor contract: the only loan under that name and
    phone; missing where there is none or several. Both frames need name_key and phone."""
    people = ledger[(ledger["name_key"] != "") & (ledger["phone"] != "")]
    only = people.drop_duplicates(["name_key", "phone"], keep=False).set_index(["name_key", "phone"])
    at = only.reindex(pd.MultiIndex.from_frame(records[["name_key", "phone"]]))
    return (
        pd.Series(at["contract_no"].to_numpy(), index=records.index, dtype="object"),
        pd.Series(at["drawdown_no"].to_numpy(), index=records.index, dtype="object"),
    )


def groups(owner: pd.Series, visit_no: pd.Series, visited_on: pd.Series) -> pd.Series:
    """Rows that might be one record share a group, so that rows of different groups need no order among themselves.

    Numbered rows meet by their visit; one without a number meets whatever its owner has on that day.
    """
    day = owner + "\x1f" + visited_on
    blank = visit_no == ""
    mixed = day.isin(set(day[blank])) & day.isin(set(day[~blank]))
    by_owner = mixed | visit_no.isin(set(visit_no[mixed]) - {""})
    first = pd.Series(owner.to_numpy(), index=visit_no.to_numpy())
    first = first[(first.index != "") & (first != "")]
    first = first[~first.index.duplicated()]
    of_visit = pd.Series(first.reindex(visit_no).to_numpy(), index=owner.index, dtype="object")
    apart = day.where(blank, "\x00" + visit_no)
    return of_visit.where(of_visit.notna(), owner).where(by_owner, apart)


def recognise(incoming: pd.DataFrame, base: pd.DataFrame) -> pd.Series:
    """Label in `base` of each incoming row, -1 where it is new; one row of either side serves once.

    Both are canonical frames (see `alike.canonical`) with column owner.
    """
    met = pd.Series(-1, index=incoming.index, dtype="int64")
    for way in (*PASSES[:4], _TIMED, *PASSES[4:]):
        left, free = incoming[met < 0], base[~base.index.isin(met)]
        if left.empty or free.empty:
            break
        pairs = _pairs(left, free, way)
        met[pairs["left"]] = pairs["free"].to_numpy()
    return met


def _pairs(left: pd.DataFrame, free: pd.DataFrame, way: Pass) -> pd.DataFrame:
    same, loose = list(way.same), list(way.open)
    for name in (name for name in same if name in _NEEDED):
        left, free = left[left[name] != ""], free[free[name] != ""]
    if way is _TIMED:
        left, free = left[left["started_at"] != ""], free[free["started_at"] != ""]
    if way.success:
        left, free = left[left["result"] == v.SUCCESS], free[free["result"] == v.SUCCESS]
    here = left[[*same, *loose]].assign(left=left.index)
    there = free[[*same, *loose]].assign(free=free.index)
    if not loose:  # the n-th of several alike is the n-th there
        turn = [part.groupby(same).cumcount() for part in (here, there)]
        return here.assign(turn=turn[0]).merge(there.assign(turn=turn[1]), on=[*same, "turn"])[["left", "free"]]
    pairs = here.merge(there, on=same, suffixes=("", "_there"))
    for name in loose:
        one, other = pairs[name], pairs[f"{name}_there"]
        pairs = pairs[(one == "") | (other == "") | ((one == other) & (name != way.half))]
    return pairs.drop_duplicates("left").drop_duplicates("free")[["left", "free"]]


def with_key(ledger: pd.DataFrame) -> pd.DataFrame:
    """贷款台账 with column key, a doubled loan once."""
    loans = ledger[ledger["contract_no"] != ""]
    return loans.assign(key=loan_key(loans)).drop_duplicates("key")
