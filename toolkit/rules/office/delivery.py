"""What one branch workbook contributes to the whole: its rows, and the rows behind the four indicators.

Every frame has ``row`` (the sheet's row). Columns beginning with ``at_`` say what a row is about, the same in all
frames: at_contract, at_drawdown (the loan), at_customer (客户编号), at_person (证件号码, else 客户编号), at_branch.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from toolkit.model import sheets as s
from toolkit.model.fields import DATE_KINDS, NUMBER_KINDS, Kind, Sheet
from toolkit.model.period import Period
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.checks.answers import folded_text
from toolkit.rules.indicators.indicators import INDICATORS, INSTITUTION, rows_of
from toolkit.rules.indicators.rows import Books, open_books
from toolkit.rules.ledger.merge import KEY_MARK
from toolkit.rules.planning.matching import loan_key
from toolkit.rules.planning.standing import resolve_keys

DETAILS: tuple[Sheet, ...] = (s.LOANS, s.VISITS, s.RECORDS, s.ISSUES)
PARTS, PEOPLE = "parts", "people"
# Name of the stored frame of each detail sheet.
STORED = {s.LOANS.title: "loans", s.VISITS.title: "visits", s.RECORDS.title: "records", s.ISSUES.title: "issues"}
TELLING_CHARACTERS = 8  # a shorter text says the same by chance (contract, section 4)


@dataclass(frozen=True)
class Contribution:
    """`frames`: loans, visits, records, issues (the sheets' fields and ``at_`` columns), parts (a row per row in the
    denominator of an indicator: indicator, key, good, visitor, department and ``at_``), people (name, branch,
    department). `notes`: what a reader of the whole should know of this workbook."""

    frames: dict[str, pd.DataFrame]
    notes: list[str]


def contribution(tables: Mapping[str, Table], request: Request, period: Period) -> Contribution:
    """The frames of a workbook at T for `period`."""
    books = open_books(tables, request, period)
    ledger = tables[s.LOANS.title].data
    keys = loan_key(ledger)
    known = ledger.assign(key=keys).drop_duplicates("key").set_index("key")
    person = known["id_number"].where(known["id_number"] != "", known["customer_no"])
    about = pd.DataFrame({"at_customer": known["customer_no"], "at_person": person, "at_branch": known["branch"]})
    parts = _parts(books, about)
    records = books.records.set_index("row")
    frames = {
        "loans": _about(_plain(tables[s.LOANS.title]), keys, about),
        "visits": _of_branch(_with_loans(tables[s.VISITS.title], books, about)),
        "records": _records(_about(_plain(tables[s.RECORDS.title]), books.records["key"], about), records),
        "issues": _issues(_with_loans(tables[s.ISSUES.title], books, about), books),
        PARTS: parts,
        PEOPLE: tables[s.VISITORS.title].data[["row", "name", "branch", "department"]],
    }
    return Contribution(frames, [*_stale(tables[s.INDICATORS.title], parts, period), *_unreadable(tables)])


def _plain(table: Table) -> pd.DataFrame:
    """The typed rows, times of day as text."""
    data = table.data
    clocks = {
        field.name: data[field.name].map(lambda time: "" if time is None else f"{time:%H:%M}").astype("object")
        for field in table.sheet
        if field.kind is Kind.TIME
    }
    return data.assign(**clocks)


def _about(frame: pd.DataFrame, keys: pd.Series, about: pd.DataFrame) -> pd.DataFrame:
    loans = [key.partition(KEY_MARK) for key in keys]
    found = about.reindex(keys).set_axis(frame.index).fillna("").astype("object")
    return frame.assign(
        at_contract=pd.Series([contract for contract, _, _ in loans], index=frame.index, dtype="object"),
        at_drawdown=pd.Series([drawdown for _, _, drawdown in loans], index=frame.index, dtype="object"),
        **{str(name): found[name] for name in found},
    )


def _with_loans(table: Table, books: Books, about: pd.DataFrame) -> pd.DataFrame:
    loans = books.tables[s.LOANS.title].data
    loans = loans.assign(key=loan_key(loans)).drop_duplicates("key")
    visits = books.visits if table.sheet is s.ISSUES else None
    return _about(_plain(table), resolve_keys(table.data, loans, visits), about)


def _of_branch(visits: pd.DataFrame) -> pd.DataFrame:
    """The list's own 网点 comes before the ledger's, as in the indicators."""
    return visits.assign(at_branch=visits["branch"].where(visits["branch"] != "", visits["at_branch"]))


def _records(records: pd.DataFrame, joined: pd.DataFrame) -> pd.DataFrame:
    """Adds at_visitor (spelled as in 回访人员) and at_text: the feedback folded, "" if too short to tell."""
    of_row = joined.reindex(records["row"])
    said = records["feedback"]
    distinct = {text: folded_text(text) if len(text) >= TELLING_CHARACTERS else "" for text in said.unique()}
    return records.assign(
        at_visitor=of_row["visitor"].to_numpy(dtype=object),
        at_branch=of_row["branch"].to_numpy(dtype=object),
        at_text=said.map(distinct).astype("object"),
    )


def _issues(issues: pd.DataFrame, books: Books) -> pd.DataFrame:
    """Adds at_grade (人工认定 before 严重程度)."""
    joined = books.issues.set_index("row")
    of_row = joined.reindex(issues["row"])
    branch = of_row["branch"].fillna("").to_numpy(dtype=object)
    return issues.assign(
        at_grade=of_row["grade"].fillna("").to_numpy(dtype=object),
        at_branch=pd.Series(branch, index=issues.index).where(branch != "", issues["at_branch"]),
    )


def _parts(books: Books, about: pd.DataFrame) -> pd.DataFrame:
    joined = {s.VISITS.title: books.visits, s.RECORDS.title: books.records, s.ISSUES.title: books.issues}
    out = []
    for name, part in rows_of(books).items():
        sheet = next(indicator.sheet for indicator in INDICATORS if indicator.name == name)
        keys = joined[sheet.title].set_index("row")["key"].reindex(part["row"]).reset_index(drop=True)
        rows = part.reset_index(drop=True)
        rows = _about(rows, keys.astype("object"), about).assign(indicator=name, at_branch=rows["branch"])
        out.append(rows.drop(columns="branch"))
    return pd.concat(out, ignore_index=True).astype({"good": bool, "row": "int64"})


def _stale(own: Table, parts: pd.DataFrame, period: Period) -> list[str]:
    """The branch's own figures where they are not what its rows say; the whole is made of the rows."""
    listed = own.data[(own.data["period"] == period.label) & (own.data["object_kind"] == INSTITUTION)]
    if listed.empty:
        return ["没有本期的考核指标，已按明细计算"]
    counted = parts.groupby("indicator")["good"].agg(["sum", "size"])
    differing = []
    for name, top, bottom in zip(listed["indicator"], listed["numerator"], listed["denominator"], strict=True):
        good, all_rows = (int(counted.loc[name, column]) if name in counted.index else 0 for column in ("sum", "size"))
        if (top, bottom) != (good, all_rows):
            differing.append(f"{name} 表中 {top:g}/{bottom:g}，明细 {good}/{all_rows}")
    return [f"考核指标表与明细不符，已按明细计算（{'；'.join(differing)}）"] if differing else []


def _unreadable(tables: Mapping[str, Table]) -> list[str]:
    lost = {
        sheet.title: int(sum(tables[sheet.title].unreadable(name).sum() for name in _typed(sheet))) for sheet in DETAILS
    }
    return [f"“{title}”表有 {count} 格的内容无法识别，汇总中为空白" for title, count in lost.items() if count]


def _typed(sheet: Sheet) -> list[str]:
    """Fields whose cells may not be what their kind wants; text is kept as it is."""
    return [field.name for field in sheet if field.kind in DATE_KINDS or field.kind in NUMBER_KINDS]
