"""The rows below a recognised header as typed values, each with its place: totals, footers and nameless rows set aside.

Values are kept as meant: money in yuan whatever the header's unit, codes and phones as text, dates as dates. What
cannot be read stays in `raw` and is named by cell.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model.fields import Kind, Sheet
from toolkit.model.tables import Source, column_letter, is_blank, typed
from toolkit.rules.foreign import values as val
from toolkit.rules.foreign.header_words import Remembered, header_key
from toolkit.rules.foreign.headers import Heading
from toolkit.rules.foreign.meaning import as_meant

SHOWN_CELLS = 8
LABEL_COLUMNS = 3  # a total's label stands in one of the first columns, if not where a text does

_TOTAL = re.compile(
    r"^(?:本页|本表|本行|全行|总行|机构)?(?:合计|总计|小计|共计)|(?:合计|总计|小计):?$|^共\d+[笔条户行]"
)
_TOTAL_LABEL = re.compile(r"^(?:本页|本表|本行|全行|总行|机构|分行|支行)?(?:合计|总计|小计|共计)(?:\(.*\))?:?$")
_FOOTER = re.compile(r"^(?:制表|复核|审核|打印|填报|填表|导出|备注|说明|注)[^:]{0,4}:|^注[.、]|^第\d+页")
# What makes a row a loan, an instalment, a visit: any of these.
NAMED_BY: dict[str, tuple[str, ...]] = {sheets.RECORDS.title: ("visit_no", "contract_no", "customer_name", "phone")}
_BY_CONTRACT = ("contract_no",)
_CODES = (Kind.CODE, Kind.PHONE, Kind.ID_NUMBER)


@dataclass(frozen=True)
class Export:
    """Rows of one of our sheets as exported, from one or several sources.

    `data`, `raw`, `has` share a RangeIndex. `data`: every field of `sheet`, typed as in `Table.data`; `raw`: the cells;
    `has`: bool per field, whether the row's source has the column. `place`: columns source (position in `sources`),
    row (1-based) and event (展期, 提前结清, 重组 if the row's status word says so, else ""). `columns`: per source,
    field → 1-based column.
    """

    sheet: Sheet
    sources: tuple[Source, ...]
    data: pd.DataFrame
    raw: pd.DataFrame
    has: pd.DataFrame
    place: pd.DataFrame
    columns: tuple[dict[str, int], ...]

    def select(self, keep: pd.Series) -> "Export":
        if keep.all():
            return self
        data, raw, has, place = (
            frame[keep].reset_index(drop=True) for frame in (self.data, self.raw, self.has, self.place)
        )
        return Export(self.sheet, self.sources, data, raw, has, place, self.columns)

    def unreadable(self, name: str) -> pd.Series:
        """bool per row: a value is there that the field's kind cannot be read from."""
        return is_blank(self.data[name]) & self.raw[name].notna()

    def cells(self, rows: pd.Index, name: str) -> str:
        """Where rows came from, for people: 导出.xlsx 的“台账”表 B5、B9; the first few of many."""
        parts = []
        places = self.place.loc[rows]
        for number in sorted(set(places["source"].tolist())):
            group = places[places["source"] == number]
            column = self.columns[number].get(name)
            where = [
                f"{column_letter(column)}{row}" if column else f"第 {row} 行"
                for row in group["row"].iloc[:SHOWN_CELLS].tolist()
            ]
            parts.append(f"{label(self.sources[number])} {'、'.join(where)}{rest(len(group), '处')}")
        return "；".join(parts)


@dataclass
class RowNotes:
    """What became of the rows of one source: `rows` below the header that hold anything, of them `aside` (totals,
    footers, repeated headers) and `rejected`; lines for the screen."""

    rows: int = 0
    aside: int = 0
    rejected: int = 0
    details: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def label(source: Source) -> str:
    """导出.xlsx 的“台账”表; a text file has no sheets and is named alone."""
    named = source.sheet and not source.file.startswith(f"{source.sheet}.")
    return f"{source.file} 的“{source.sheet}”表" if named else source.file


def rest(count: int, unit: str) -> str:
    """等 20 处 where not all could be shown."""
    return f" 等 {count} {unit}" if count > SHOWN_CELLS else ""


def read_rows(source: Source, heading: Heading, memory: Remembered) -> tuple[Export, RowNotes]:
    """The loans or instalments of one source, and what was set aside, by cell."""
    body = source.rows[heading.row + 1 :]
    first_row = heading.row + 2
    positions = dict(heading.columns)
    if heading.extended is not None:
        positions.setdefault("matures_on", heading.extended)
    wanted = positions | {f"+{position}": position for position in _extra_positions(heading)}
    shortest = min(map(len, body), default=0)
    cells = {
        name: [row[at] for row in body] if at < shortest else [row[at] if at < len(row) else None for row in body]
        for name, at in wanted.items()
    }
    rows = pd.RangeIndex(first_row, first_row + len(body))
    raw = pd.DataFrame({name: _without_blanks(column) for name, column in cells.items()}, index=rows, dtype="object")
    notes = RowNotes()
    empty = pd.Series(False, index=raw.index)
    if source.merged:
        raw, spread, empty = _spread(raw, source, heading, positions)
        if spread:
            filled = "、".join(heading.headers.get(name, heading.sheet.header(name)) for name in spread)
            notes.details.append(f"{label(source)}的合并单元格已按合并范围逐行填入：{filled}")
    keep = _keep(raw, body, source, heading, empty, notes)
    raw = raw[keep]
    rows_kept = raw.index
    event = val.events(raw["status"]) if "status" in raw else pd.Series("", index=raw.index, dtype="object")
    raw = raw.reset_index(drop=True)
    if source.days_1904:
        raw = val.since_1904(raw, heading.sheet)
    raw, told = as_meant(raw, heading, memory)
    notes.details += [f"{label(source)} {line}" for line in told]
    data = typed(heading.sheet, raw)
    whole = raw.reindex(columns=list(heading.sheet.names)).astype("object")
    whole = whole.where(whole.notna(), None)
    for name in raw:
        column = heading.sheet[str(name)]
        if data[name].dtype == object:
            lost = val.is_lost(raw[name])
            if column.kind in _CODES:
                lost |= val.is_rounded(raw[name])
            if lost.any():
                data.loc[lost, name] = ""
    there = np.array([name in positions for name in heading.sheet.names])
    has = pd.DataFrame(np.tile(there, (len(raw), 1)), columns=list(heading.sheet.names), index=raw.index)
    places = pd.DataFrame({"source": 0, "row": rows_kept.to_numpy(), "event": event.to_numpy()}, index=raw.index)
    at = {name: position + 1 for name, position in positions.items()}
    return Export(heading.sheet, (source,), data, whole, has, places, (at,)), notes


def _extra_positions(heading: Heading) -> list[int]:
    """Columns that are no field by themselves: parts of sums, 展期到期日, 币种."""
    special = [position for position in (heading.extended, heading.currency) if position is not None]
    return list(dict.fromkeys([*special, *(column for parts in heading.sums.values() for column, _ in parts)]))


def _keep(
    raw: pd.DataFrame,
    body: Sequence[Sequence[Any]],
    source: Source,
    heading: Heading,
    empty: pd.Series,
    notes: RowNotes,
) -> pd.Series:
    """bool per row: a loan or instalment; `notes` learns of all others."""
    first_row = heading.row + 2
    filled = raw.notna()
    naming = [name for name in NAMED_BY.get(heading.sheet.title, _BY_CONTRACT) if name in raw]
    codes = pd.DataFrame({name: reading.texts(raw[name], reading.as_code) for name in naming}, index=raw.index)
    nameless = ~filled[naming].any(axis=1)
    totals = pd.Series(False, index=raw.index)
    footers, blank, repeated = totals.copy(), empty.copy(), totals.copy()
    header_words = {
        header_key(cell) for cells in source.rows[max(heading.row - 1, 0) : heading.row + 1] for cell in cells
    }
    unfilled = [row for row in raw.index[nameless & ~empty] if not any(map(reading.as_text, body[row - first_row]))]
    blank[unfilled] = True
    for row in raw.index[nameless & ~blank]:  # few rows lack a contract number
        words = [reading.as_text(cell) for cell in body[row - first_row]]
        words = [header_key(word) for word in words if word]
        totals[row] = any(_TOTAL.search(word) for word in words)
        footers[row] = bool(words) and bool(_FOOTER.match(words[0]))
        repeated[row] = bool(words) and set(words) <= header_words
    for row in _labelled_totals(body, heading):
        totals[first_row + row] = True
    lone = filled.sum(axis=1) <= 1
    for name in naming:
        distinct = codes[name].drop_duplicates()
        totals |= codes[name].isin(distinct[distinct.str.contains(_TOTAL)])
        footers |= lone & codes[name].isin(distinct[distinct.str.match(_FOOTER)])
        repeated |= codes[name].isin(header_words - {""})
    error = lost = pd.Series(False, index=raw.index)
    if naming == list(_BY_CONTRACT):
        error = val.is_lost(raw["contract_no"])
        lost = filled["contract_no"] & ((codes["contract_no"] == "") | val.is_rounded(raw["contract_no"]))
    aside = (totals | footers | repeated) & ~blank
    missing = nameless & ~blank & ~aside
    place = f"{label(source)} "
    letter = column_letter(heading.columns[naming[0]] + 1)
    lacking = "、".join(heading.sheet.header(name) for name in naming)

    def named(rows: pd.Series) -> str:
        found = raw.index[rows]
        return place + "、".join(f"{letter}{row}" for row in found[:SHOWN_CELLS]) + rest(len(found), "处")

    if aside.any():
        rows = raw.index[aside]
        shown = "、".join(str(row) for row in rows[:SHOWN_CELLS])
        more = rest(len(rows), "行") or " 行"
        notes.warnings.append(f"{place}第 {shown}{more}是合计、表尾或重复的表头，未导入")
    rejected = (
        (missing, f"缺{lacking}，该行未导入"),
        (error, "贷款合同编号是公式错误值，该行未导入，请在导出中改正"),
        (
            lost & ~error,
            "合同编号是超过 15 位的数值，末尾几位已丢失，该行未导入，请把该列改为文本后重新导出",
        ),
    )
    for rows_out, reason in rejected:
        if rows_out.any():
            notes.warnings.append(f"{named(rows_out)}：{reason}")
    out = missing | error | lost
    notes.rows, notes.aside, notes.rejected = int((~blank).sum()), int(aside.sum()), int((out & ~aside).sum())
    return ~(blank | aside | out)


def _labelled_totals(body: Sequence[Sequence[Any]], heading: Heading) -> list[int]:
    """Rows with a cell that is the word 合计 itself: the count of loans may stand where the contract number would."""
    kinds = (Kind.TEXT, Kind.CODE)
    texts = {position for name, position in heading.columns.items() if heading.sheet[name].kind in kinds}
    return [
        row
        for position in sorted(texts | set(range(LABEL_COLUMNS)))
        for row, cells in enumerate(body)
        if len(cells) > position
        and (cell := cells[position]).__class__ is str
        and "计" in cell
        and _TOTAL_LABEL.match(header_key(cell))
    ]


def _without_blanks(cells: list[Any]) -> list[Any]:
    """Spaces, empty strings and NaN as None."""
    kinds = set(map(type, cells))
    blank = {cell for cell in set(cells) if isinstance(cell, str) and not cell.strip()} if str in kinds else set()
    if float in kinds:
        return [None if cell != cell or cell in blank else cell for cell in cells]
    return [None if cell in blank else cell for cell in cells] if blank else cells


def _spread(
    raw: pd.DataFrame, source: Source, heading: Heading, positions: dict[str, int]
) -> tuple[pd.DataFrame, list[str], pd.Series]:
    """Values of cells merged downwards in each of their rows; also the fields concerned and the rows that hold nothing
    else. An amount merged over several rows is nobody's in particular: it is doubted in all of them."""
    fields_at: dict[int, list[str]] = {}
    for name, position in positions.items():
        fields_at.setdefault(position, []).append(name)
    for parts in heading.sums.values():
        for column, _ in parts:
            fields_at[column] = [f"+{column}"]
    top = heading.row + 1
    columns = {name: raw[name].tolist() for names in fields_at.values() for name in names}
    spread: dict[str, None] = {}
    touched: set[int] = set()
    for first, column, last, _ in source.merged:
        if last <= first or first < top or column not in fields_at:
            continue
        span = range(first - top, min(last - top, len(raw) - 1) + 1)
        for name in fields_at[column]:
            cells = columns[name]
            value = cells[span.start] if len(span) else None
            if value is None:
                continue
            money = name.startswith("+") or heading.sheet[name].kind is Kind.MONEY
            if money:
                value = f"{reading.as_text(value)}（几行合并）"
            else:
                spread[name] = None
                touched.update(span[1:])
            for at in span:
                cells[at] = value
    body = source.rows[top:]
    empty = pd.Series(False, index=raw.index)
    for at in touched:
        empty.iloc[at] = not any(reading.as_text(cell) for cell in body[at])
    out = pd.DataFrame({str(name): columns.get(str(name), raw[name].tolist()) for name in raw}, index=raw.index)
    return out.astype("object"), list(spread), empty


def gather(parts: Sequence[Export]) -> Export:
    """Exports of single sources of one sheet as one, in that order."""
    if len(parts) == 1:
        return parts[0]
    data, raw, has = (
        pd.concat([getattr(part, name) for part in parts], ignore_index=True) for name in ("data", "raw", "has")
    )
    place = pd.concat([part.place.assign(source=i) for i, part in enumerate(parts)], ignore_index=True)
    return Export(
        parts[0].sheet,
        tuple(source for part in parts for source in part.sources),
        data,
        raw,
        has,
        place,
        tuple(columns for part in parts for columns in part.columns),
    )
