"""Sheet 校验结果: findings become rows, staff's handling stays with them, each step renews only its own rows.

Rows whose 规则 begins with `PLAN` belong to `plan`, with `TRACK` to `track`, with `SAMPLE` to `sample`, all others to
`check`. The sheet lists the rows of `check` first, then those of `plan`, `track` and `sample`, whichever ran last.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model.tables import SheetEdits, Table

# The column of `with_handling` that says which listed row a finding took its handling from.
FROM = "_from"
CHECK, PLAN, TRACK, SAMPLE = OWNERS = ("", "P", "G", "S")  # first letter of the rule, "" = any other
IDENTITY = ["rule", "sheet", "cell", "visit_no"]
_WRITTEN = ["level", "rule", "sheet", "visit_no", "message", "suggestion", "clause"]


def body(tables: Mapping[str, Table]) -> pd.DataFrame:
    """The sheet's rows as listed, with the user's own columns by header; index of the table, without ``row``.

    A 处理日期 that cannot be read stays as typed.
    """
    table = tables[sheets.FINDINGS.title]
    out = table.data.drop(columns="row").assign(**{header: table.raw[header] for header in table.extras})
    lost = table.unreadable("handled_on")
    if lost.any():
        out["handled_on"] = out["handled_on"].astype("object").where(~lost, table.raw["handled_on"])
    return out


def of_owner(rows: pd.DataFrame, owner: str) -> pd.Series:
    """bool per row of `body`: written by the step that owns the rules beginning with `owner`."""
    mine = pd.Series(True, index=rows.index)
    for other in OWNERS[1:] if owner == CHECK else (owner,):
        begins = rows["rule"].str.startswith(other).astype(bool)
        mine &= begins if other == owner else ~begins
    return mine


def addresses(found: pd.DataFrame, tables: Mapping[str, Table]) -> pd.Series:
    """A1 address of each finding in the workbook at hand."""
    out = pd.Series("", index=found.index, dtype="object")
    for (sheet, field), group in found.groupby(["sheet", "field"], sort=False):
        # One look at the sheet per column: an address differs from its neighbours in the row number only.
        before, after = tables[str(sheet)].cell(0, str(field)).split("0")
        out[group.index] = before + group["row"].astype("int64").astype(str).astype("object") + after
    return out


def as_rows(found: pd.DataFrame, tables: Mapping[str, Table]) -> pd.DataFrame:
    """Findings by the field names of 校验结果; index of `found`. 序号 and the handling are still to come."""
    rows = found[_WRITTEN].astype("object")
    rows["cell"] = addresses(found, tables)
    return rows


def with_handling(rows: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """`rows` with 处理… and own columns of the same finding in `listed`, and `FROM`: its index there; index of `rows`.

    The same finding = rule, sheet, cell, 回访编号; without a number of a visit the words too, or rows sorted anew would
    lend one record's explanation to another (the rows of other steps speak of the cell alone). Else it is found again
    by what is left when the record has moved or got its number, where that names one finding on both sides.
    """
    staff = [name for name in listed if name not in rows and name != "no"]
    here, there = _names(rows), _names(listed)
    place = pd.Series(np.nan, index=rows.index, dtype="float64")
    position = pd.Series(range(len(listed)), index=listed.index)
    numbered = ("visit_no",)
    for names, filled in (
        ((*IDENTITY, "message"), ()),
        (tuple(IDENTITY), numbered),
        (("rule", "sheet", "cell", "owner"), ("owner",)),
        (("rule", "sheet", "column", "visit_no"), numbered),
        (("rule", "sheet", "cell", "message"), ()),
        (("rule", "sheet", "column", "message"), ()),
    ):
        left, free = here[place.isna()], there[~position.isin(place)]
        for name in filled:
            left, free = left[left[name] != ""], free[free[name] != ""]
        if left.empty or free.empty:
            continue
        left, free = left[list(names)], free[list(names)]
        once = free[~free.duplicated(keep="first" if "cell" in names else False)]
        left = left[~left.duplicated(keep=False)] if "cell" not in names else left
        at = pd.Series(position[once.index].to_numpy(), index=pd.MultiIndex.from_frame(once), dtype="float64")
        met = at.reindex(pd.MultiIndex.from_frame(left))
        place[left.index] = met.to_numpy()
    known = place.dropna().astype("int64")
    out = rows.copy()
    out[FROM] = place
    for header in staff:
        values = pd.Series(None, index=rows.index, dtype="object")
        values[known.index] = listed[header].astype("object").iloc[known.to_numpy()].to_numpy()
        out[header] = values
    return out


def _names(rows: pd.DataFrame) -> pd.DataFrame:
    """What names a finding; `column`: the address without its row number, `owner`: whose row it is, "" = of `check`."""
    letter = rows["rule"].str[:1]
    return rows[[*IDENTITY, "message"]].assign(
        column=rows["cell"].str.replace(r"\d+$", "", regex=True),
        owner=letter.where(letter.isin(OWNERS[1:]), CHECK),
    )


def renewed(fresh: pd.DataFrame, tables: Mapping[str, Table], owner: str) -> SheetEdits:
    """The sheet with one step's rows renewed and the others' kept; empty edits where nothing differs."""
    listed = body(tables)
    parts = [fresh if each == owner else listed[of_owner(listed, each)] for each in OWNERS]
    filled = [part for part in parts if not part.empty]
    whole = pd.concat(filled, ignore_index=True) if filled else listed.iloc[:0]
    whole = whole.assign(no=range(1, len(whole) + 1)).reindex(columns=listed.columns)
    if len(listed) == len(whole) and _plain(listed).equals(_plain(whole)):
        return SheetEdits(sheets.FINDINGS)
    return SheetEdits(sheets.FINDINGS, replace=whole)


def edits(found: pd.DataFrame, tables: Mapping[str, Table], owner: str) -> SheetEdits:
    """`found` (columns of `model.findings`) in place of the owner's rows, with the handling of those that were listed.

    For the steps that only name what they found; `check` also carries out what staff accepted.
    """
    listed = body(tables)
    fresh = with_handling(as_rows(found, tables), listed[of_owner(listed, owner)])
    return renewed(fresh, tables, owner)


def sentences(found: pd.DataFrame, tables: Mapping[str, Table]) -> list[str]:
    """One line a finding for the screen: sheet, cell, message; names and numbers stay in the workbook."""
    return (found["sheet"] + " " + addresses(found, tables) + "：" + found["message"]).tolist()


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.astype("object").reset_index(drop=True)
    return frame.where(frame.notna(), "")
