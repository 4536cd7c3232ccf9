"""What branch workbooks contribute to the whole: their rows, and the rows behind the four indicators.

Every frame has ``row`` (the sheet's row). Columns beginning with ``at_`` say what a row is about, the same in all
frames: at_contract, at_drawdown (the loan), at_customer (客户编号), at_person (证件号码, else 客户编号), at_branch.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import sheets as s
from toolkit.model.cells import Cells
from toolkit.model.fields import DATE_KINDS, NUMBER_KINDS, Kind, Sheet
from toolkit.model.period import Period
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.checks.answers import folded_text
from toolkit.rules.indicators.indicators import INDICATORS, INSTITUTION, rows_of
from toolkit.rules.indicators.rows import Books, errors_now, open_books
from toolkit.rules.ledger.merge import KEY_MARK
from toolkit.rules.office import joint
from toolkit.rules.planning.matching import loan_key
from toolkit.rules.planning.standing import resolve_keys

DETAILS: tuple[Sheet, ...] = (s.LOANS, s.VISITS, s.RECORDS, s.ISSUES)
PARTS, PEOPLE = "parts", "people"
# Name of the stored frame of each detail sheet.
STORED = {s.LOANS.title: "loans", s.VISITS.title: "visits", s.RECORDS.title: "records", s.ISSUES.title: "issues"}
TELLING_CHARACTERS = 8  # a shorter text says the same by chance (contract, section 4)


@dataclass(frozen=True)
class BranchBook:
    """A workbook as read. `cells`: those of `joint.SHEETS` by title. `tables`: all its sheets typed, asked for only if
    records were never checked."""

    cells: Mapping[str, Cells]
    request: Request
    tables: Callable[[], Mapping[str, Table]]


@dataclass(frozen=True)
class Contributions:
    """`frames`: loans, visits, records, issues (the sheets' fields and ``at_`` columns), parts (a row per row in the
    denominator of an indicator: indicator, key, good, visitor, department and ``at_``), people (name, branch,
    department); all with ``place``, the place of the row's workbook among those given, and in their order. `notes`: per
    workbook what a reader of the whole should know of it."""

    frames: dict[str, pd.DataFrame]
    notes: list[list[str]]


def contributions(books: Sequence[BranchBook], period: Period) -> Contributions:
    """The frames of the workbooks at T for `period`; all requests have the same T. Each gives what it would give
    alone."""
    tables = joint.together([book.cells for book in books])
    parts = []
    for places, marked in _groups(tables, books):
        whole = len(places) == len(books)
        parts.append(_frames(tables if whole else joint.only(tables, places), books, places[0], marked, period))
    frames = {
        kind: parts[0][kind]
        if len(parts) == 1
        else pd.concat([part[kind] for part in parts if len(part[kind])] or [parts[0][kind]]).sort_values(
            "place", kind="stable", ignore_index=True
        )
        for kind in parts[0]
    }
    stale = _stale(tables[s.INDICATORS.title].data, frames[PARTS], period, len(books))
    lost = _unreadable(tables, len(books))
    return Contributions(frames, [[*one, *other] for one, other in zip(stale, lost, strict=True)])


def _groups(tables: Mapping[str, Table], books: Sequence[BranchBook]) -> list[tuple[list[int], bool]]:
    """Places of books that are counted together, and whether marks tell them apart. Of the parameters only 启用日期
    enters into the rows; the checks have every workbook's own."""
    if len(books) == 1:
        return [([0], False)]
    odd = joint.alone(tables)
    alike: dict[dt.date | None, list[int]] = {}
    for place, book in enumerate(books):
        if place not in odd:
            alike.setdefault(book.request.parameters["启用日期"], []).append(place)
    return [*((places, True) for places in alike.values()), *(([place], False) for place in sorted(odd))]


def _frames(
    plain: dict[str, Table], books: Sequence[BranchBook], first: int, marked: bool, period: Period
) -> dict[str, pd.DataFrame]:
    """`plain`: the rows of books that are counted together; `first` is one of them."""
    tables = joint.told_apart(plain, marked)
    opened = open_books(
        tables, books[first].request, period, lambda never: _errors(never, tables[s.RECORDS.title].data, books)
    )
    ledger = tables[s.LOANS.title].data
    keys = loan_key(ledger)
    known = ledger.assign(key=keys).drop_duplicates("key").set_index("key")
    person = known["id_number"].where(known["id_number"] != "", known["customer_no"])
    about = pd.DataFrame({"at_customer": known["customer_no"], "at_person": person, "at_branch": known["branch"]})
    loans = ledger.assign(key=keys).drop_duplicates("key")
    row = {title: table.data["row"] for title, table in tables.items()}

    def of(sheet: Sheet, keys: pd.Series) -> pd.DataFrame:
        return _about(_plain(plain[sheet.title]), keys, about, marked)

    visits = of(s.VISITS, resolve_keys(tables[s.VISITS.title].data, loans))
    records = _records(of(s.RECORDS, opened.records["key"]), row[s.RECORDS.title], opened, marked)
    issues = of(s.ISSUES, resolve_keys(tables[s.ISSUES.title].data, loans, opened.visits))
    people = plain[s.VISITORS.title].data[["row", "name", "branch", "department", "place"]]
    frames = {
        "loans": of(s.LOANS, keys),
        "visits": _of_branch(visits),
        "records": records,
        "issues": _issues(issues, row[s.ISSUES.title], opened),
        PARTS: _parts(opened, about, marked),
        PEOPLE: people,
    }
    return {kind: frame[[*(name for name in frame if name != "place"), "place"]] for kind, frame in frames.items()}


def _errors(never: pd.Index, records: pd.DataFrame, books: Sequence[BranchBook]) -> pd.Series:
    """The checks see one workbook at a time: much of what they compare must not be compared between branches."""
    out = pd.Series(0, index=records.index)
    for place in records.loc[never, "place"].unique():
        book = books[place]
        out[records["place"] == place] = errors_now(book.tables(), book.request).to_numpy()
    return out


def _plain(table: Table) -> pd.DataFrame:
    """The typed rows, times of day as text."""
    data = table.data
    clocks = {
        field.name: data[field.name].map(lambda time: "" if time is None else f"{time:%H:%M}").astype("object")
        for field in table.sheet
        if field.kind is Kind.TIME
    }
    return data.assign(**clocks)


def _about(frame: pd.DataFrame, keys: pd.Series, about: pd.DataFrame, marked: bool) -> pd.DataFrame:
    loans = [key.partition(KEY_MARK) for key in keys]
    found = about.reindex(keys).set_axis(frame.index).fillna("").astype("object")
    contract = pd.Series([contract for contract, _, _ in loans], index=frame.index, dtype="object")
    return frame.assign(
        at_contract=joint.number_of(contract) if marked else contract,
        at_drawdown=pd.Series([drawdown for _, _, drawdown in loans], index=frame.index, dtype="object"),
        **{str(name): found[name] for name in found},
    )


def _of_branch(visits: pd.DataFrame) -> pd.DataFrame:
    """The list's own 网点 comes before the ledger's, as in the indicators."""
    return visits.assign(at_branch=visits["branch"].where(visits["branch"] != "", visits["at_branch"]))


def _records(records: pd.DataFrame, rows: pd.Series, books: Books, marked: bool) -> pd.DataFrame:
    """Adds at_visitor (spelled as in 回访人员) and at_text: the feedback folded, "" if too short to tell."""
    of_row = books.records.set_index("row").reindex(rows)
    visitor = pd.Series(of_row["visitor"].to_numpy(dtype=object), index=records.index, dtype="object")
    said = records["feedback"]
    distinct = {text: folded_text(text) if len(text) >= TELLING_CHARACTERS else "" for text in said.unique()}
    return records.assign(
        at_visitor=joint.name_of(visitor) if marked else visitor,
        at_branch=of_row["branch"].to_numpy(dtype=object),
        at_text=said.map(distinct).astype("object"),
    )


def _issues(issues: pd.DataFrame, rows: pd.Series, books: Books) -> pd.DataFrame:
    """Adds at_grade (人工认定 before 严重程度)."""
    of_row = books.issues.set_index("row").reindex(rows)
    branch = of_row["branch"].fillna("").to_numpy(dtype=object)
    return issues.assign(
        at_grade=of_row["grade"].fillna("").to_numpy(dtype=object),
        at_branch=pd.Series(branch, index=issues.index).where(branch != "", issues["at_branch"]),
    )


def _parts(books: Books, about: pd.DataFrame, marked: bool) -> pd.DataFrame:
    joined = {s.VISITS.title: books.visits, s.RECORDS.title: books.records, s.ISSUES.title: books.issues}
    out = []
    for name, part in rows_of(books).items():
        sheet = next(indicator.sheet for indicator in INDICATORS if indicator.name == name)
        keys = joined[sheet.title].set_index("row")["key"].reindex(part["row"]).reset_index(drop=True)
        rows = part.reset_index(drop=True)
        rows = _about(rows, keys.astype("object"), about, marked).assign(indicator=name, at_branch=rows["branch"])
        out.append(rows.drop(columns="branch"))
    whole = pd.concat(out, ignore_index=True).astype({"good": bool, "row": "int64"})
    if marked:
        whole = whole.assign(key=joint.number_of(whole["key"]), visitor=joint.name_of(whole["visitor"]))
    # By workbook, and in each by indicator.
    whole = whole.assign(place=joint.place_of(whole["row"]), row=joint.row_of(whole["row"]))
    return whole.sort_values("place", kind="stable", ignore_index=True)


def _stale(own: pd.DataFrame, parts: pd.DataFrame, period: Period, count: int) -> list[list[str]]:
    """The branches' own figures where they are not what their rows say; the whole is made of the rows."""
    listed = own[(own["period"] == period.label) & (own["object_kind"] == INSTITUTION)]
    counted = parts["good"].groupby([parts["place"], parts["indicator"]]).agg(["sum", "size"])
    tops, sizes = (counted[column].to_dict() for column in ("sum", "size"))
    differing: list[list[str]] = [[] for _ in range(count)]
    figures = (listed[name].tolist() for name in ("place", "indicator", "numerator", "denominator"))
    for place, name, top, bottom in zip(*figures, strict=True):
        good, all_rows = (int(found.get((place, name), 0)) for found in (tops, sizes))
        if (top, bottom) != (good, all_rows):
            differing[place].append(f"{name} 表中 {top:g}/{bottom:g}，明细 {good}/{all_rows}")
    there = set(listed["place"])
    return [
        ["没有本期的考核指标，已按明细计算"]
        if place not in there
        else [f"考核指标表与明细不符，已按明细计算（{'；'.join(told)}）"]
        if told
        else []
        for place, told in enumerate(differing)
    ]


def _unreadable(tables: Mapping[str, Table], count: int) -> list[list[str]]:
    out: list[list[str]] = [[] for _ in range(count)]
    for sheet in DETAILS:
        table = tables[sheet.title]
        lost = np.zeros(count, dtype=int)
        for name in _typed(sheet):
            cells = table.unreadable(name)
            if cells.any():
                lost += np.bincount(table.data.loc[cells, "place"], minlength=count)
        for place in np.flatnonzero(lost):
            out[place].append(f"“{sheet.title}”表有 {lost[place]} 格的内容无法识别，汇总中为空白")
    return out


def _typed(sheet: Sheet) -> list[str]:
    """Fields whose cells may not be what their kind wants; text is kept as it is."""
    return [field.name for field in sheet if field.kind in DATE_KINDS or field.kind in NUMBER_KINDS]
