"""The rows below a recognised header as typed values, each with its place: totals, footers and nameless rows set aside.

Values are kept as meant: money in yuan whatever the header's unit, codes and phones as text, dates as dates. What
cannot be read stays in `raw` and is named by cell.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from toolkit.model import reading
from toolkit.model.fields import DATE_KINDS, NUMBER_KINDS, Sheet
from toolkit.model.tables import Source, column_letter, typed
from toolkit.rules.ledger_headers import Heading, header_key

SHOWN_CELLS = 8

# What core systems print where a date or number is absent.
BLANK_WORDS = frozenset({"-", "--", "—", "——", "/", "无", "NULL", "null", "None", "nan", "NaT"})
NO_DATES = (0, 99991231, dt.datetime(9999, 12, 31), dt.date(9999, 12, 31))
BLANK_DATES = frozenset({"0", "00000000", "0000-00-00", "9999-12-31", "99991231"})
_TOTAL = re.compile(r"^(?:本页|本表|本行|全行|总行|机构)?(?:合计|总计|小计|共计)")
_FOOTER = re.compile(r"^(?:制表|复核|审核|打印|填报|填表|导出|备注|说明|注)[^:]{0,4}:|^注[.、]|^第\d+页")
_INSTALMENT = re.compile(r"^第?(\d+)期?(?:/\d+期?)?$")


@dataclass(frozen=True)
class Export:
    """Rows of one of our sheets as exported, from one or several sources.

    `data`, `raw`, `has` share a RangeIndex. `data`: every field of `sheet`, typed as in `Table.data`; `raw`: the cells;
    `has`: bool per field, whether the row's source has the column. `place`: columns source (position in `sources`) and
    row (1-based). `columns`: per source, field → 1-based column.
    """

    sheet: Sheet
    sources: tuple[Source, ...]
    data: pd.DataFrame
    raw: pd.DataFrame
    has: pd.DataFrame
    place: pd.DataFrame
    columns: tuple[dict[str, int], ...]

    def select(self, keep: pd.Series) -> "Export":
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
            more = f" 等 {len(group)} 处" if len(group) > SHOWN_CELLS else ""
            parts.append(f"{label(self.sources[number])} {'、'.join(where)}{more}")
        return "；".join(parts)


def label(source: Source) -> str:
    return f"{source.file} 的“{source.sheet}”表" if source.sheet else source.file


def is_blank(values: pd.Series) -> pd.Series:
    return values == "" if values.dtype == object else values.isna()


def read_rows(source: Source, heading: Heading) -> tuple[Export, list[str]]:
    """The loans or instalments of one source, and sentences on what was set aside, by cell."""
    body = source.rows[heading.row + 1 :]
    columns = {name: _column(body, position) for name, position in heading.columns.items()}
    raw = pd.DataFrame(columns, dtype="object")
    first_row = heading.row + 2
    raw.index = pd.RangeIndex(first_row, first_row + len(raw))
    raw = _without_blanks(raw)
    filled = raw.notna()
    codes = reading.texts(raw["contract_no"], reading.as_code)
    nameless = ~filled["contract_no"]
    totals = pd.Series(False, index=raw.index)
    footers = totals.copy()
    blank = totals.copy()
    for row in raw.index[nameless]:  # few rows lack a contract number
        words = [reading.as_text(cell) for cell in body[row - first_row]]
        words = [header_key(word) for word in words if word]
        blank[row] = not words
        totals[row] = any(_TOTAL.match(word) for word in words)
        footers[row] = bool(words) and bool(_FOOTER.match(words[0]))
    distinct = codes.drop_duplicates()
    totals |= codes.isin(distinct[distinct.str.match(_TOTAL)])
    lone = filled.sum(axis=1) <= 1
    footers |= lone & codes.isin(distinct[distinct.str.match(_FOOTER)])
    repeated = codes == header_key(heading.headers["contract_no"])
    lost = filled["contract_no"] & (codes == "")
    place = f"{label(source)} "
    letter = column_letter(heading.columns["contract_no"] + 1)

    def named(rows: pd.Series) -> str:
        found = raw.index[rows]
        more = f" 等 {len(found)} 处" if len(found) > SHOWN_CELLS else ""
        return place + "、".join(f"{letter}{row}" for row in found[:SHOWN_CELLS]) + more

    aside = totals | footers | repeated
    notes = []
    if aside.any():
        rows = raw.index[aside]
        more = f" 等 {len(rows)} 行" if len(rows) > SHOWN_CELLS else " 行"
        shown = "、".join(str(row) for row in rows[:SHOWN_CELLS])
        notes.append(f"{place}第 {shown}{more}是合计、表尾或重复的表头，未导入")
    missing = nameless & ~blank & ~aside
    if missing.any():
        notes.append(f"{named(missing)}：缺贷款合同编号，该行未导入")
    if lost.any():
        notes.append(
            f"{named(lost)}：合同编号是超过 15 位的数值，末尾几位已丢失，该行未导入，请把该列改为文本后重新导出"
        )
    keep = ~(blank | aside | missing | lost)
    raw = raw[keep]
    rows_kept = raw.index
    raw = _as_meant(raw.reset_index(drop=True), heading)
    data = typed(heading.sheet, raw)
    whole = raw.reindex(columns=list(heading.sheet.names)).astype("object")
    whole = whole.where(whole.notna(), None)
    names = np.array([name in heading.columns for name in heading.sheet.names])
    has = pd.DataFrame(np.tile(names, (len(raw), 1)), columns=list(heading.sheet.names), index=raw.index)
    places = pd.DataFrame({"source": 0, "row": rows_kept.to_numpy()}, index=raw.index)
    positions = {name: position + 1 for name, position in heading.columns.items()}
    return Export(heading.sheet, (source,), data, whole, has, places, (positions,)), notes


def _column(body: Sequence[Sequence[Any]], position: int) -> list[Any]:
    return [cells[position] if position < len(cells) else None for cells in body]


def _without_blanks(raw: pd.DataFrame) -> pd.DataFrame:
    """Spaces, empty strings and NaN as None."""
    out = {
        name: [
            None if cell is None or cell != cell or (cell.__class__ is str and not cell.strip()) else cell
            for cell in raw[name].tolist()
        ]
        for name in raw
    }
    return pd.DataFrame(out, index=raw.index, dtype="object")


def _as_meant(raw: pd.DataFrame, heading: Heading) -> pd.DataFrame:
    """Absent dates and numbers as None, money in yuan, 第3期 as 3."""
    out = {}
    for name in raw:
        column = heading.sheet[str(name)]
        cells = raw[name]
        if column.kind in DATE_KINDS or column.kind in NUMBER_KINDS:
            marks = BLANK_WORDS | BLANK_DATES if column.kind in DATE_KINDS else BLANK_WORDS
            text = np.array([cell.__class__ is str for cell in cells.tolist()], dtype=bool)
            absent = (
                cells[text].str.strip().str.removesuffix(" 00:00:00").isin(marks).reindex(cells.index, fill_value=False)
            )
            if column.kind in DATE_KINDS:
                absent |= cells.isin(NO_DATES)
            cells = cells.where(~absent, None)
        if name == "instalment_no":
            cells = pd.Series([_instalment(cell) for cell in cells.tolist()], index=cells.index, dtype="object")
        factor = heading.factors.get(str(name), 1)
        if factor != 1:
            numbers = reading.numbers(cells)
            cells = (numbers * factor).round(2).astype("object").where(numbers.notna(), cells)
        out[name] = cells.astype("object").where(cells.notna(), None)
    return pd.DataFrame(out, index=raw.index)


def _instalment(cell: object) -> object:
    match = _INSTALMENT.match(header_key(cell)) if isinstance(cell, str) else None
    return int(match[1]) if match else cell


def gather(parts: Sequence[Export]) -> Export:
    """Exports of single sources of one sheet as one, in that order."""
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
