"""Sheet 校验结果: findings become rows, staff's handling stays with them, each step renews only its own rows.

Rows whose 规则 begins with `PLAN` belong to `plan`, with `TRACK` to `track`, all others to `check`. The sheet lists the
rows of `check` first, then those of `plan`, then those of `track`, whichever ran last.
"""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model.tables import SheetEdits, Table

CHECK, PLAN, TRACK = OWNERS = ("", "P", "G")  # first letter of the rule, "" = any other
IDENTITY = ["rule", "sheet", "cell", "visit_no"]
_WRITTEN = ["level", "rule", "sheet", "visit_no", "message", "suggestion", "clause"]


def body(tables: Mapping[str, Table]) -> pd.DataFrame:
    """The sheet's rows as listed, with the user's own columns by header; index of the table, without ``row``."""
    table = tables[sheets.FINDINGS.title]
    return table.data.drop(columns="row").assign(**{header: table.raw[header] for header in table.extras})


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
    """`rows` with 处理… and own columns of the same finding in `listed`; index of `rows`.

    The same finding = rule, sheet, cell and 回访编号; a record that has moved to another row is found by rule, sheet,
    column and 回访编号 where these name one finding on both sides.
    """
    staff = [name for name in listed if name not in rows and name != "no"]
    earlier = listed.drop_duplicates(IDENTITY)
    merged = rows.merge(earlier[[*IDENTITY, *staff]].assign(_met=True), on=IDENTITY, how="left")
    merged.index = rows.index
    missing = merged["_met"].isna() & (merged["visit_no"] != "")
    if missing.any() and len(earlier):
        here, there = _moving(rows[missing]), _moving(earlier[earlier["visit_no"] != ""])
        here, there = here[~here.duplicated(keep=False)], there[~there.duplicated(keep=False)]
        still = pd.MultiIndex.from_frame(_moving(merged[merged["_met"].notna()]))
        place = pd.Series(there.index, index=pd.MultiIndex.from_frame(there), dtype="object")
        place = place[~place.index.isin(still)].reindex(pd.MultiIndex.from_frame(here))
        place.index = here.index
        place = place.dropna()
        found_again = earlier[staff].reindex(place)
        found_again.index = place.index
        for name in staff:
            merged[name] = merged[name].astype("object").where(~merged.index.isin(place.index), found_again[name])
    return merged.drop(columns="_met")


def _moving(rows: pd.DataFrame) -> pd.DataFrame:
    """What names a finding of a record that may have moved: the address without its row number."""
    return rows[["rule", "sheet", "visit_no"]].assign(column=rows["cell"].str.replace(r"\d+$", "", regex=True))


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


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.astype("object").reset_index(drop=True)
    return frame.where(frame.notna(), "")
