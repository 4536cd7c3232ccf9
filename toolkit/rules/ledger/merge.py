"""Exported rows against the sheet at hand: what is new, changed, gone; nothing is ever deleted.

A loan is contract + 借据编号. An export (or ledger) without 借据编号 means the only loan of that contract; the ledger's
own key stays, because 回访编号 is made of it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import reading
from toolkit.model.fields import DATE_KINDS, NUMBER_KINDS, Field, Kind
from toolkit.model.tables import Table, is_blank
from toolkit.rules.ledger.rows import Export
from toolkit.rules.planning.matching import loan_key

# Staff's own columns of a loan already there (contract, section 1), and what names it.
STAFF_FIELDS = ("key_customer", "remark")
KEY_MARK = "\x1f"  # as in `matching.loan_key`
KEY_FIELDS = ("contract_no", "drawdown_no", "instalment_no")
# A blank in these is news: the arrears were cured, a settlement or payment taken back. Elsewhere a blank says that the
# core system does not know, and the clerk may have filled it in by hand.
BLANK_CLEARS = ("settled_on", "balance", "days_past_due", "paid_on", "paid_amount")
HALF_A_FEN = 0.005


@dataclass(frozen=True)
class Merge:
    """`changes`: columns row (of the sheet), key, field, old, new (typed values), value (to write).

    `new`: rows to append by field name, with `new_keys` aligned. `kept`: (row, field) where a blank of the export left
    the sheet's value standing. `gone`: index of the sheet's rows whose key the export lacks. `there`: how many
    exported rows the sheet has.
    """

    changes: pd.DataFrame
    new: pd.DataFrame
    new_keys: pd.Series
    kept: pd.DataFrame
    gone: pd.Index
    there: int


def instalment_keys(loans: pd.Series, instalments: pd.Series) -> pd.Series:
    """Loan key + 期次."""
    numbers = instalments.tolist()
    texts = {number: f"{number:g}" for number in set(numbers)}
    keys = [f"{loan}{KEY_MARK}{texts[number]}" for loan, number in zip(loans.tolist(), numbers, strict=True)]
    return pd.Series(keys, index=loans.index, dtype="object")


def loan_keys(export: Export, loans: pd.DataFrame) -> pd.Series:
    """Key of each exported row's loan; "" where it cannot be said which loan of the contract is meant.

    `loans`: contract_no, drawdown_no and, to tell drawdowns apart, disbursed_on of the ledger. A key that is not in
    `loans` is a new loan.
    """
    data = export.data
    keys = loan_key(data)
    known = loans.assign(key=loan_key(loans)).drop_duplicates("key")
    per_contract = known.groupby("contract_no")["key"].agg(["size", "first"])
    here = per_contract.reindex(data["contract_no"])
    in_ledger, only = here["size"].fillna(0).to_numpy(), here["first"].to_numpy()
    exact = keys.isin(known["key"]).to_numpy()
    unnumbered = (data["drawdown_no"] == "").to_numpy()
    drawn = data.loc[~unnumbered].groupby("contract_no")["drawdown_no"].nunique()
    drawdowns = drawn.reindex(data["contract_no"]).fillna(0).to_numpy()
    only_is_unnumbered = np.array([isinstance(key, str) and key.endswith(KEY_MARK) for key in only], dtype=bool)
    out = keys.to_numpy(dtype=object).copy()

    sole = ~exact & (in_ledger == 1)
    out[sole & unnumbered] = only[sole & unnumbered]
    out[~exact & unnumbered & (in_ledger > 1)] = ""
    # A new contract whose rows name one 借据编号 or none is one loan; with several, a row without is nobody's.
    new = ~exact & unnumbered & (in_ledger == 0)
    if (new & (drawdowns > 0)).any():
        first = data.loc[~unnumbered].drop_duplicates("contract_no").set_index("contract_no")["drawdown_no"]
        number = first.reindex(data["contract_no"]).fillna("").to_numpy(dtype=object)
        one = new & (drawdowns == 1)
        out[one] = data["contract_no"].to_numpy(dtype=object)[one] + KEY_MARK + number[one]
        out[new & (drawdowns > 1)] = ""
    # The ledger's loan has no 借据编号 and the export now gives one: the same loan, unless it says otherwise.
    named = sole & ~unnumbered & only_is_unnumbered
    other_day = np.zeros(len(data), dtype=bool)
    if "disbursed_on" in data and "disbursed_on" in known:
        disbursed = known.set_index("key")["disbursed_on"].reindex(only).to_numpy()
        day = data["disbursed_on"].to_numpy()
        other_day = ~np.isnat(day) & ~np.isnat(disbursed) & (day != disbursed)
    same = named & (drawdowns == 1) & ~other_day
    out[same] = only[same]
    out[named & ~same] = ""
    return pd.Series(out, index=data.index, dtype="object")


def one_row_per_key(export: Export, keys: pd.Series) -> tuple[Export, pd.Series, list[pd.Index], int]:
    """Rows of one key that do not contradict each other as one row; the others out.

    Returns the export, its keys, the rows (of the export given) of each contradictory key, and the number of rows that
    were folded into an earlier one of the same source.
    """
    doubled = keys.duplicated(keep=False)
    if not doubled.any():
        return export, keys, [], 0
    rows = keys.index[doubled]
    group = keys[rows]
    first = group.drop_duplicates()
    first_row = pd.Series(first.index, index=first.to_numpy())
    contradicted = pd.Series(False, index=rows)
    data, raw, has = export.data.copy(), export.raw.copy(), export.has.copy()
    for name in export.sheet.names:
        some = has.loc[rows, name].groupby(group).any()
        has.loc[first.index, name] = some.reindex(first).to_numpy()
        filled = rows[raw.loc[rows, name].notna()]
        if filled.empty:
            continue
        if name not in KEY_FIELDS:
            value = comparable(data.loc[filled, name], raw.loc[filled, name])
            distinct = value.groupby(group[filled]).nunique()
            contradicted |= group.isin(distinct.index[distinct > 1])
        giver = group[filled].drop_duplicates()
        taker = first_row[giver.to_numpy()].to_numpy()
        for frame in (data, raw):
            frame.loc[taker, name] = frame.loc[giver.index, name].to_numpy()
    bad = group[contradicted]
    clashes = [pd.Index(index) for index in bad.groupby(bad, sort=False).groups.values()]
    again = pd.DataFrame({"key": group, "source": export.place.loc[rows, "source"]}).duplicated()
    keep = ~keys.duplicated()
    keep[bad.index] = False
    merged = Export(export.sheet, export.sources, data, raw, has, export.place, export.columns)
    return merged.select(keep), keys[keep].reset_index(drop=True), clashes, int((again & ~contradicted).sum())


def comparable(values: pd.Series, raw: pd.Series) -> pd.Series:
    """Values as one object column in which what cannot be read differs from everything else."""
    out = values.astype("object")
    return out.where(~is_blank(values), "\x00" + reading.texts(raw))


def merge(table: Table, export: Export, keys: pd.Series, table_keys: pd.Series) -> Merge:
    """`keys`, `table_keys`: what identifies a row of the export and of the sheet, whose first row of a key counts."""
    data = table.data
    at = pd.Series(data.index, index=table_keys.to_numpy())
    at = at[~at.index.duplicated()]
    position = at.reindex(keys).to_numpy()
    there = pd.Series(~pd.isna(position), index=keys.index)
    changes, kept = [], []
    for column in export.sheet:
        name = column.name
        if name in KEY_FIELDS or name in STAFF_FIELDS:
            continue
        rows = keys.index[there & export.has[name] & ~export.unreadable(name)]
        if rows.empty:
            continue
        places = position[rows].astype(int)
        new = export.data.loc[rows, name]
        old = pd.Series(data[name].to_numpy()[places], index=rows)
        differs = ~_same(column, old, new)
        silent = is_blank(new)
        standing = differs & silent & (name not in BLANK_CLEARS)
        changed = rows[differs & ~standing]
        numbers = data["row"].to_numpy()[places]
        number_of = pd.Series(numbers, index=rows)
        kept.append(pd.DataFrame({"row": number_of[standing], "field": name}))
        changes.append(
            pd.DataFrame(
                {
                    "row": number_of[changed],
                    "key": keys[changed],
                    "field": name,
                    "old": old[changed].astype("object"),
                    "new": new[changed].astype("object"),
                    "value": written(column, new[changed], export.raw.loc[changed, name]),
                }
            )
        )
    new_rows = keys.index[~there]
    gone = data.index[~table_keys.isin(keys) & (data["contract_no"] != "")]
    return Merge(
        _stack(changes, ["row", "key", "field", "old", "new", "value"]),
        new_values(export, new_rows),
        keys[new_rows].reset_index(drop=True),
        _stack(kept, ["row", "field"]),
        gone,
        int(there.sum()),
    )


def _stack(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [part for part in parts if not part.empty]
    if not filled:
        return pd.DataFrame(columns=columns)
    whole = pd.concat(filled, ignore_index=True)
    return whole.sort_values("row", kind="stable").reset_index(drop=True)


def _same(column: Field, old: pd.Series, new: pd.Series) -> pd.Series:
    both_blank = is_blank(old) & is_blank(new)
    if column.kind is Kind.MONEY:
        return both_blank | ((old - new).abs() < HALF_A_FEN)
    if column.kind in NUMBER_KINDS:
        return both_blank | pd.Series(np.isclose(old, new, rtol=1e-12, atol=1e-9), index=old.index)
    return both_blank | (old == new)


def written(column: Field, values: pd.Series, raw: pd.Series) -> pd.Series:
    """What goes into the cells: dates and numbers typed, text letter for letter, what cannot be read as it was."""
    typed_kind = column.kind in DATE_KINDS or column.kind in NUMBER_KINDS
    if typed_kind or column.kind is Kind.CHOICE:
        text = _days(values) if column.kind in DATE_KINDS else values.astype("object")
        lost = is_blank(values) & raw.notna()
        if column.kind is Kind.CHOICE:
            lost |= ~values.isin(column.choices) & raw.notna()
    else:
        text, lost = reading.texts(raw), raw.isna()
        # Its last digits are gone: written as digits it would pass for a whole number.
        rounded = is_blank(values) & raw.notna()
        text[rounded] = raw[rounded].map(lambda cell: f"{cell:E}" if isinstance(cell, float | int) else cell)
    out = text.where(raw.notna(), None)
    out[lost] = reading.texts(raw[lost]).where(raw[lost].notna(), None)
    return out


def _days(values: pd.Series) -> pd.Series:
    """Timestamps as objects, each distinct day made once."""
    codes, days = pd.factorize(values)
    objects = np.array([*pd.Series(days).tolist(), pd.NaT], dtype=object)
    return pd.Series(objects[codes], index=values.index, dtype="object")


def new_values(export: Export, rows: pd.Index) -> pd.DataFrame:
    """Rows to append: every field that some source has."""
    names = [name for name in export.sheet.names if export.has[name].any()]
    columns = {
        name: written(export.sheet[name], export.data.loc[rows, name], export.raw.loc[rows, name]) for name in names
    }
    return pd.DataFrame(columns, index=rows).reset_index(drop=True)
