"""What every check looks at: the records beside the loan, the listed visit and the phones they speak of.

All frames of a `Situation` share the index of 回访记录's data; the checks are plain functions of it.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model import values as v
from toolkit.model.calendar import WorkCalendar
from toolkit.model.fields import Sheet
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.checks.totals import entries
from toolkit.rules.planning.matching import loan_key, match_records, split_keys
from toolkit.rules.planning.standing import resolve_keys

_BETWEEN_PHONES = re.compile(r"[/、,;|]+")


@dataclass(frozen=True)
class Situation:
    """`records`: 回访记录 plus key, seconds (start of day to 开始时间, NaN blank), visitor_key, named, matched (bool).

    `loan`: ledger columns of each record's loan, missing where the contract is unknown; key is missing too where
    only the contract is known, not which 借据. `visit`: columns of the listed visit that the record names or else
    completes, plus position in `listed`; missing where none. `listed`: 回访清单 by 回访编号, with key.
    `phones`: one row per phone of a record: column phone, index of the record; `reserved` likewise the well-formed
    ones of its loan.
    """

    tables: Mapping[str, Table]
    parameters: Parameters
    calendar: WorkCalendar
    as_of: dt.date
    records: pd.DataFrame
    loan: pd.DataFrame
    visit: pd.DataFrame
    listed: pd.DataFrame
    phones: pd.DataFrame
    reserved: pd.DataFrame

    @property
    def today(self) -> pd.Timestamp:
        return pd.Timestamp(self.as_of)

    def table(self, sheet: Sheet) -> Table:
        return self.tables[sheet.title]

    @property
    def successful(self) -> pd.Series:
        return self.records["result"] == v.SUCCESS

    @cached_property
    def made(self) -> pd.DataFrame:
        """成功 records with a visitor and a day, and customer: 客户编号, or the name where the contract is unknown."""
        r = self.records
        number = self.loan["customer_no"].fillna("").astype("object")
        customer = number.where(number != "", "\x1f" + each_distinct(r["customer_name"], reading.name_key))
        return r.assign(customer=customer)[self.successful & (r["visitor_key"] != "") & r["visited_on"].notna()]

    @cached_property
    def asked(self) -> pd.DataFrame:
        """bool per record × check: the check belongs to the stage of the record's visit."""
        stage = self.visit["stage"].fillna("").astype("object")
        stage = stage.where(stage != "", self.visit["visit_type"].map(v.STAGE_OF_TYPE).fillna(""))
        asked = {of: each_distinct(stage, lambda text, of=of: of in text).astype(bool) for of in v.STAGES}
        return pd.DataFrame({name: asked[of] for name, _, of, *_ in sheets.CHECKS})

    @property
    def contract_known(self) -> pd.Series:
        """bool: the contract number is in the ledger, whatever the 借据编号."""
        return self.loan["contract_no"].notna()


def situation(tables: Mapping[str, Table], request: Request) -> Situation:
    """Join records to ledger and list, totals rows left out. A doubled ledger row counts once, by its first row."""
    tables = entries(tables)
    ledger = tables[sheets.LOANS.title]
    loans = ledger.data[ledger.data["contract_no"] != ""]
    loans = loans.assign(key=loan_key(loans)).drop_duplicates("key")
    listed = tables[sheets.VISITS.title].data
    listed = listed[listed["visit_no"] != ""].drop_duplicates("visit_no").reset_index(drop=True)
    listed = listed.assign(key=resolve_keys(listed, loans))
    listed = listed.assign(**split_keys(listed["key"]))

    table = tables[sheets.RECORDS.title]
    records = table.data
    by_number = _aligned(listed.assign(position=range(len(listed))).set_index("visit_no"), records["visit_no"])
    key = resolve_keys(records, loans, listed)
    records = records.assign(
        key=key,
        seconds=each_distinct(records["started_at"], _seconds).astype("float64"),
        visitor_key=each_distinct(records["visitor"], reading.name_key),
    )
    loan = _loans_of(records, loans)
    known = loan["contract_no"].notna()
    # Where either side leaves open which 借据 it means, the contract number decides.
    unclear = ~key.isin(loans["key"]) | ~by_number["key"].isin(loans["key"])
    agreeing = (by_number["key"] == key) | (unclear & (by_number["contract_no"] == records["contract_no"]))
    records["named"] = by_number["position"].notna() & (agreeing | ~known)
    matched = _matches(records, listed, request.as_of)
    records["matched"] = ~records["named"] & (matched >= 0)
    position = by_number["position"].where(records["named"], matched.where(matched >= 0))
    visit = _aligned(listed.assign(position=range(len(listed))), position)
    reserved = phones_in(loan["phone"].fillna(""), _aligned(ledger.raw[["phone"]], loan["at"])["phone"])
    return Situation(
        tables,
        request.parameters,
        request.calendar,
        request.as_of,
        records,
        loan,
        visit,
        listed,
        phones_in(records["phone"], table.raw["phone"]),
        reserved[well_formed(reserved)],
    )


def _loans_of(records: pd.DataFrame, loans: pd.DataFrame) -> pd.DataFrame:
    """Ledger columns per record: by key, else the customer of the contract's first row without a key."""
    loans = loans.assign(at=loans.index)
    exact = _aligned(loans.set_index("key", drop=False), records["key"])
    same_contract = _aligned(loans.drop_duplicates("contract_no").set_index("contract_no", drop=False),
                             records["contract_no"])  # fmt: skip
    customer = ["contract_no", "customer_no", "customer_name", "phone", "at"]
    missing = exact["key"].isna()
    for name in customer:
        exact[name] = exact[name].where(~missing, same_contract[name])
    return exact


def _matches(records: pd.DataFrame, listed: pd.DataFrame, as_of: dt.date) -> pd.Series:
    open_visits = listed.assign(closed=listed["state"] == v.CANCELLED).drop(columns="key")
    return match_records(records.assign(**split_keys(records["key"])), open_visits, as_of)


def _aligned(frame: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """Rows of `frame` by `labels`, missing where unknown, on the index of `labels`."""
    out = frame.reindex(labels)
    out.index = labels.index
    return out


def each_distinct(values: pd.Series, function: Callable) -> pd.Series:
    """`function` of every distinct value, laid out on the index of `values`; None stays missing."""
    codes, distinct = pd.factorize(values, use_na_sentinel=True)
    results = np.array([*(function(value) for value in distinct), None], dtype=object)
    return pd.Series(results[codes], index=values.index, dtype="object")


def _seconds(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


def phones_in(folded: pd.Series, raw: pd.Series) -> pd.DataFrame:
    """Column phone, one row per phone in a cell; blank cells have none.

    A cell that is no phone as a whole is cut at / 、 , ; and then, where a part is none either, at spaces.
    """
    whole = folded[folded != ""]
    odd = whole[~whole.str.fullmatch(reading.PHONE_PATTERN)]
    plain = whole[whole.index.difference(odd.index)]
    parts = pd.Series([_split(value) for value in raw[odd.index]], index=odd.index, dtype="object").explode()
    together = pd.concat([plain, parts.dropna()]) if len(parts) else plain
    return pd.DataFrame({"phone": together.astype("object")})


def _split(value: object) -> list[str]:
    out: list[str] = []
    for part in _BETWEEN_PHONES.split(reading.fold_width(reading.as_text(value))):
        whole = reading.as_phone(part) or ""
        if re.fullmatch(reading.PHONE_PATTERN, whole) or not part.strip():
            out.append(whole)
        else:
            pieces = [reading.as_phone(piece) or "" for piece in part.split()]
            fine = all(re.fullmatch(reading.PHONE_PATTERN, piece) for piece in pieces)
            out.extend(pieces if fine else [whole])
    return [phone for phone in out if phone] or [""]


def well_formed(phones: pd.DataFrame) -> pd.Series:
    """bool per row of `phones_in`."""
    return phones["phone"].str.fullmatch(reading.PHONE_PATTERN).astype(bool)


def first_reserved(situation: Situation) -> pd.Series:
    """The first well-formed reserved phone of each record's loan, missing where there is none."""
    phones = situation.reserved["phone"]
    return phones[~phones.index.duplicated()].reindex(situation.records.index)
