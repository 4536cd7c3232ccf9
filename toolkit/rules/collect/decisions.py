"""Sheet 记录冲突: what differs between a record and what came in, and what a person decided about it.

采用新值 is carried out by the next `collect` or `check`, but only while the record still holds 原值.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.fields import Field
from toolkit.model.tables import SheetEdits, Table, typed_column
from toolkit.rules.collect.alike import canonical_text, shown, written

if TYPE_CHECKING:  # the reading of strangers' files stands behind them, which `check` does without
    from toolkit.rules.collect.incoming import Incoming
    from toolkit.rules.collect.merge import Merged

SHEET = sheets.CONFLICTS
RECORDS = sheets.RECORDS
IDENTITY = ("visit_no", "contract_no", "drawdown_no", "visited_on", "started_at", "visitor")
_BY_HEADER = {column.header: column for column in RECORDS}
ADOPTED, KEPT, EQUAL = "已采用新值", "已保留原值", "记录已是新值，无须处理"
MOVED = "记录已改为别的内容，未采用，请核对"
LOST = "找不到这条记录，未采用，请核对"
# From the surest to the weakest way of finding the record again.
_WAYS = (
    (*IDENTITY, "record_row"),
    IDENTITY,
    ("record_row", "visit_no", "contract_no"),
    ("visit_no", "visited_on"),
    ("contract_no", "visited_on", "visitor"),
    ("visit_no",),
)


@dataclass(frozen=True)
class Decided:
    """`records`: 回访记录 after the decisions, `before` them; `cells`: what to write there (row, field, value);
    `edits`: of 记录冲突; `adopted`, `kept`: how many; `open`: conflicts nobody has decided; `warnings`:
    decisions that could not be carried out."""

    records: Table
    before: Table
    cells: pd.DataFrame
    edits: SheetEdits
    adopted: int = 0
    kept: int = 0
    open: int = 0
    warnings: tuple[str, ...] = ()


def decided(tables: Mapping[str, Table], today: pd.Timestamp) -> Decided:
    """Carry out what was decided and not yet done."""
    records, table = tables[RECORDS.title], tables.get(SHEET.title)
    no_cells = pd.DataFrame(columns=["row", "field", "value"])
    if table is None or table.data.empty:
        return Decided(records, records, no_cells, SheetEdits(SHEET))
    rows = table.data
    waiting = rows[rows["handling"].isin(v.CONFLICT_HANDLING) & (rows["result"] == "") & rows["field"].isin(_BY_HEADER)]
    odd = rows[(rows["handling"] != "") & ~rows["handling"].isin(v.CONFLICT_HANDLING)]
    still_open = int(((rows["handling"] == "") & rows["field"].isin(_BY_HEADER)).sum())
    warnings = [
        f"“{SHEET.title}”表 {table.cell(row, 'handling')}：处理“{text[:10]}”无法识别，"
        f"请选“{v.TAKE_NEW}”或“{v.KEEP_OLD}”"
        for row, text in zip(odd["row"], odd["handling"], strict=True)
    ]
    if waiting.empty:
        return Decided(records, records, no_cells, SheetEdits(SHEET), open=still_open, warnings=tuple(warnings))
    at = _found(waiting, records)
    cells: list[tuple[int, str, object]] = []
    written_back: list[tuple[int, str, object]] = []
    raw = records.raw.copy()
    adopted = kept = 0
    unsigned = []
    undated = waiting["handled_on"].isna() & ~table.unreadable("handled_on")[waiting.index]
    numbers = records.data["row"].tolist()
    # A person has decided each of them, so they are few.
    for conflict, place, dateless in zip(waiting.to_dict("records"), at.tolist(), undated.tolist(), strict=True):
        column = _BY_HEADER[conflict["field"]]
        result = KEPT
        if conflict["handling"] == v.TAKE_NEW:
            result = LOST if place < 0 else _outcome(column, raw[column.name][place], conflict)
        if result == ADOPTED:
            value = written(column, conflict["new_value"])
            raw[column.name] = raw[column.name].where(raw.index != place, value)
            cells.append((numbers[place], column.name, value))
            adopted += 1
        elif result == KEPT:
            kept += 1
        elif result in (LOST, MOVED):
            where = f"“{SHEET.title}”表 {table.cell(conflict['row'], 'handling')}"
            warnings.append(f"{where}：{column.header}的{result}")
        if conflict["handled_by"] == "":
            unsigned.append(table.cell(conflict["row"], "handled_by"))
        written_back.append((int(conflict["row"]), "result", result))
        if dateless:
            written_back.append((int(conflict["row"]), "handled_on", today))
    if unsigned:
        warnings.append(f"“{SHEET.title}”表 {'、'.join(unsigned[:10])}：已处理但没有填处理人，请补填")
    data = records.data.copy()
    for name in {name for _, name, _ in cells}:
        data[name] = typed_column(RECORDS[name].kind, raw[name])
    after = replace(records, raw=raw, data=data)
    written_back += _renamed(table, records, after, waiting)
    columns = ["row", "field", "value"]
    return Decided(
        after,
        records,
        pd.DataFrame(cells, columns=columns).astype({"value": "object"}),
        SheetEdits(SHEET, cells=pd.DataFrame(written_back, columns=columns).astype({"value": "object"})),
        adopted,
        kept,
        still_open,
        tuple(warnings),
    )


def _outcome(column: Field, current: object, conflict: Mapping[Hashable, Any]) -> str:
    now = canonical_text(column, current)
    if now == canonical_text(column, written(column, conflict["new_value"])):
        return EQUAL
    return ADOPTED if now == canonical_text(column, written(column, conflict["old_value"])) else MOVED


def _identity(frame: pd.DataFrame, row: str) -> pd.DataFrame:
    out = frame[list(IDENTITY)].copy()
    out["visited_on"] = out["visited_on"].dt.strftime("%Y-%m-%d").fillna("").astype("object")
    out["started_at"] = out["started_at"].astype(str).replace({"None": "", "nan": ""}).astype("object")
    return out.assign(record_row=frame[row].astype("float64"))


def _found(conflicts: pd.DataFrame, records: Table) -> pd.Series:
    """Label in the records of each conflict's record, -1 where it is not there or cannot be told."""
    there = _identity(records.data, "row")
    here = _identity(conflicts, "record_row")
    at = pd.Series(-1, index=conflicts.index, dtype="int64")
    for way in map(list, _WAYS):
        left = here[at < 0]
        named = [name for name in way if name in ("visit_no", "contract_no")]
        left = left[(left[named] != "").any(axis=1)]
        if left.empty:
            continue
        only = there.drop_duplicates(way, keep=False)
        met = left[way].assign(left=left.index).merge(only[way].assign(free=only.index), on=way)
        at[met["left"]] = met["free"].to_numpy()
    return at


def _renamed(table: Table, before: Table, after: Table, done: pd.DataFrame) -> list[tuple[int, str, object]]:
    """Where an adopted value is what identifies the record, its other conflicts must name it by the new one."""
    others = table.data[(table.data["result"] == "") & ~table.data.index.isin(done.index)]
    at = _found(others, before)
    out: list[tuple[int, str, object]] = []
    at = at[at >= 0]
    rows = others.loc[at.index, "row"].tolist()
    for name in IDENTITY:
        was, now = before.data.loc[at, name], after.data.loc[at, name]
        changed = ~((was == now) | (was.isna() & now.isna()))
        out += [(row, name, value) for row, value, yes in zip(rows, now, changed, strict=True) if yes]
    return out


def new_conflicts(merged: "Merged", incoming: "Incoming", table: Table, today: pd.Timestamp) -> pd.DataFrame:
    """Rows of 记录冲突 for what differs and stands there neither undecided nor kept: one per cell and new value."""
    listed = {
        (*key, field, old, new)
        for *key, field, old, new in table.data[
            ["visit_no", "contract_no", "field", "old_value", "new_value"]
        ].itertuples(index=False)
    }
    out: list[dict[str, object]] = []
    data = {name: typed_column(RECORDS[name].kind, merged.values[name]) for name in IDENTITY}
    for base, i, name, old in merged.conflicts[["base", "incoming", "field", "old"]].itertuples(index=False):
        column = RECORDS[name]
        old_text = shown(column, old, canonical_text(column, old))
        value = incoming.raw.at[i, name]
        new_text = shown(column, value, canonical_text(column, value))
        key = (data["visit_no"][base], data["contract_no"][base], column.header, old_text, new_text)
        if key in listed:
            continue
        listed.add(key)
        row = merged.sheet_row[base]
        out.append(
            {name_: data[name_][base] for name_ in IDENTITY}
            | {
                "record_row": None if pd.isna(row) else int(row),
                "field": column.header,
                "old_value": old_text,
                "new_value": new_text,
                "source_file": incoming.file(i),
                "source_cell": _source_cell(incoming, i, name),
                "found_on": today,
            }
        )
    return pd.DataFrame(out, dtype="object")


def _source_cell(incoming: "Incoming", i: int, name: str) -> str:
    return incoming.cell(i, name).removeprefix(incoming.file(i)).strip().removeprefix("的").strip()
