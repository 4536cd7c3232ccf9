"""Many branch workbooks as one set of tables, so that the rules run once for all of them.

A rule costs pandas calls, and these cost the same for three hundred rows as for fifteen thousand. What identifies a row
inside its workbook (contract, 回访编号, 问题编号, a visitor's name, the sheet row) is told apart from that of the other
workbooks by a mark, so that no rule sees a row of another branch; what comes out is unmarked again. A workbook whose
rows would meet others' all the same, for want of an identity, is counted alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.model import sheets as s
from toolkit.model.cells import Cells
from toolkit.model.fields import Sheet
from toolkit.model.tables import Table, typed
from toolkit.rules.planning.numbers import read_numbers

# What the indicators and the whole are made of; a workbook's other sheets are read only for records never checked.
SHEETS: tuple[Sheet, ...] = (
    s.LOANS, s.VISITORS, s.VISITS, s.RECORDS, s.ISSUES, s.SPOT_CHECKS, s.FIRST_SUBMISSIONS, s.INDICATORS,
)  # fmt: skip
# A control character that is no space: names are compared with spaces folded away.
_MARK = "\x01"
_NUMBERS = ("contract_no", "visit_no", "issue_no")  # marked in front: numbers are sorted
_NAMES = ("name", "visitor")  # marked behind: an apostrophe or space in front is folded away
_MARKED = {
    s.LOANS.title: ("contract_no",),
    s.VISITORS.title: ("name",),
    s.VISITS.title: ("contract_no", "visit_no", "visitor"),
    s.RECORDS.title: ("contract_no", "visit_no", "visitor"),
    s.ISSUES.title: ("contract_no", "visit_no", "issue_no"),
    s.SPOT_CHECKS.title: ("visit_no",),
    s.FIRST_SUBMISSIONS.title: ("contract_no", "visit_no", "visitor"),
}
# More than a sheet can have rows.
_ROWS = 1 << 21


def together(books: Sequence[Mapping[str, Cells]]) -> dict[str, Table]:
    """Sheet title → all books' rows typed, in the order of the books; column ``place`` says whose a row is."""
    out = {}
    for sheet in SHEETS:
        parts = [book[sheet.title] for book in books]
        raw = pd.DataFrame(
            {
                name: pd.Series([cell for part in parts for cell in part.raw[name]], dtype="object")
                for name in sheet.names
            }
        )
        data = typed(sheet, raw)
        data.insert(0, "row", np.array([row for part in parts for row in part.rows], dtype="int64"))
        data["place"] = np.repeat(np.arange(len(parts)), [len(part.rows) for part in parts])
        out[sheet.title] = Table(sheet, data, raw, {}, {})
    return out


def only(tables: Mapping[str, Table], places: Sequence[int]) -> dict[str, Table]:
    """The rows of some of the books."""
    out = {}
    for title, table in tables.items():
        mine = table.data["place"].isin(places)
        out[title] = replace(
            table, data=table.data[mine].reset_index(drop=True), raw=table.raw[mine].reset_index(drop=True)
        )
    return out


def alone(tables: Mapping[str, Table]) -> set[int]:
    """Places of the books with rows that no mark keeps from others' rows."""
    data = {title: table.data for title, table in tables.items()}
    first = data[s.FIRST_SUBMISSIONS.title]
    odd_row = ~(first["record_row"].isna() | first["record_row"].between(0, _ROWS // 2))
    nobody = (first["contract_no"] == "") & (first["visit_no"] == "") & (first["visitor"] == "")
    found = [
        data[s.LOANS.title].loc[data[s.LOANS.title]["contract_no"] == "", "place"],
        data[s.VISITS.title].loc[data[s.VISITS.title]["contract_no"] == "", "place"],
        data[s.VISITORS.title].loc[data[s.VISITORS.title]["name"] == "", "place"],
        first.loc[odd_row | nobody, "place"],
    ]
    for title, names in _MARKED.items():
        for name in names:
            texts = data[title][name]
            if _MARK in "".join(texts):
                found.append(data[title].loc[texts.str.contains(_MARK, regex=False).astype(bool), "place"])
    return set(pd.concat(found))


def told_apart(tables: Mapping[str, Table], marked: bool) -> dict[str, Table]:
    """The tables as the rules get them: ``row`` (and record_row) of every book beyond those of the books before it,
    identities with the mark of their book if `marked`; blank stays blank. 回访清单 has anchor_on of its numbers as they
    were."""
    out = {}
    for title, table in tables.items():
        place = table.data["place"]
        changed: dict[str, pd.Series] = {"row": table.data["row"] + place * _ROWS}
        if title == s.FIRST_SUBMISSIONS.title:
            changed["record_row"] = table.data["record_row"] + place * _ROWS
        if marked:
            if title == s.VISITS.title:
                changed["anchor_on"] = read_numbers(table.data["visit_no"])["anchor_on"]
            tags = place.tolist()
            for name in _MARKED.get(title, ()):
                texts = table.data[name].tolist()
                if name in _NAMES:
                    said = [f"{text}{_MARK}{tag}" if text else "" for text, tag in zip(texts, tags, strict=True)]
                else:
                    said = [f"{tag}{_MARK}{text}" if text else "" for text, tag in zip(texts, tags, strict=True)]
                changed[name] = pd.Series(said, index=table.data.index, dtype="object")
        out[title] = replace(table, data=table.data.assign(**changed))
    return out


def place_of(rows: pd.Series) -> pd.Series:
    """Whose the rows are (``row`` of `told_apart`)."""
    return rows // _ROWS


def row_of(rows: pd.Series) -> pd.Series:
    """The sheet rows."""
    return rows % _ROWS


def number_of(texts: pd.Series) -> pd.Series:
    """Numbers without their mark."""
    return pd.Series([text.rpartition(_MARK)[2] for text in texts], index=texts.index, dtype="object")


def name_of(texts: pd.Series) -> pd.Series:
    """Names without their mark."""
    return pd.Series([text.partition(_MARK)[0] for text in texts], index=texts.index, dtype="object")
