"""汇总.xlsx and the group report, made of a written-down run and the store alone: the same run gives the same bytes."""

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.hosts.fresh.new_file import write_book
from toolkit.model import office_sheets as o
from toolkit.model import sheets as s
from toolkit.model.errors import ToolkitError
from toolkit.model.fields import Kind, Sheet
from toolkit.model.period import Period, parse_period
from toolkit.model.reading import as_time
from toolkit.model.tables import Book, Paper, Rows
from toolkit.office.clues import clues
from toolkit.office.store import quoted
from toolkit.office.whole import (
    Delivery,
    conflicts,
    detail_count,
    details,
    indicators,
    nowhere,
    opened,
    with_enough_memory,
)
from toolkit.reports.render import render
from toolkit.rules.indicators.indicators import INDICATORS
from toolkit.rules.office.delivery import STORED
from toolkit.rules.office.group_report import TEMPLATE, GroupFigures, group_context

LAST_ROW = 1_048_576
# Rows of details held at a time.
_AT_ONCE = 10_000
# In the order of the tabs, behind the sheets that say what the whole is.
_DETAILS: tuple[Sheet, ...] = (s.ISSUES, s.VISITS, s.RECORDS, s.LOANS)


@dataclass
class Made:
    """`workbook`: a file in the scratch folder."""

    workbook: Path
    report: bytes
    summary: str
    counts: dict[str, int]
    parquet: list[Path] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def written(run: Mapping[str, Any], store: Path, out: Path, most_rows: int, scratch: Path) -> Made:
    """`_written` with as little memory as it takes; raises as it does, and `MemoryError`."""
    return with_enough_memory(lambda memory: _written(run, store, out, most_rows, scratch, memory))


def _written(run: Mapping[str, Any], store: Path, out: Path, most_rows: int, scratch: Path, memory: str) -> Made:
    """Everything but the putting in place of the two files; Parquet files of details are written beside `out`.

    What is held does not grow with the rows: they go from the store through DuckDB into the workbook in parts.

    Raises `ToolkitError` if the store lacks a delivery of the run.
    """
    period, as_of = parse_period(run["period"]), dt.date.fromisoformat(run["as_of"])
    deliveries = [Delivery(**one) for one in run["deliveries"]]
    lost = [one.file for one in deliveries if not (store / one.folder).is_dir()]
    if lost:
        raise ToolkitError(
            f"数据文件夹中缺少 {len(lost)} 份交来的内容（{lost[0]} 等）",
            where=str(store),
            mend="请恢复数据文件夹，它的内容不可删改",
        )
    targets = {one.name: float(run["parameters"][one.target]) for one in INDICATORS}
    with opened(store, deliveries, run["regions"], scratch, memory) as connection:
        figures = GroupFigures(
            period=period,
            as_of=as_of,
            collection=pd.DataFrame(run["collection"], columns=list(o.COLLECTION.names)),
            indicators=indicators(connection, period.label, targets),
            clues=clues(connection, int(run["parameters"]["复发判定天数"])),
            conflicts=_conflicts(run, connection),
            results=_asked(connection, _RESULTS, period, as_of),
            issues=_asked(connection, _ISSUES, period, as_of),
            pending=_asked(connection, _PENDING, period, as_of),
            totals={kind: detail_count(connection, kind) for kind in STORED.values()},
            regions=dict(run["regions"]),
        )
        unplaced = nowhere(connection)
        detail_sheets, parquet, said = _detail_sheets(connection, out, most_rows)
        sheets: tuple[tuple[Sheet, pd.DataFrame | Rows], ...] = (
            (o.ABOUT, _about(run, figures, said)),
            (o.COLLECTION, _parted(figures.collection)),
            (o.OFFICE_INDICATORS, _parted(figures.indicators)),
            (o.CLUES, _parted(figures.clues)),
            (o.CONFLICTS, _parted(figures.conflicts)),
            *detail_sheets,
        )
        workbook = scratch / f"{secrets.token_hex(4)}.xlsx"
        with workbook.open("wb") as file:
            write_book(file, Book(out.name, sheets, f"{period.title}贷款回访汇总"))
    report = render(Paper(TEMPLATE, f"{out.stem}_报告.docx", group_context(figures)))
    warnings = [
        f"{name} 有 {count} 行没有网点，只计入总行和机构"
        for name, count in zip(unplaced["indicator"], unplaced["rows"], strict=True)
    ]
    return Made(workbook, report, _summary(figures), _counts(figures), parquet, [*said, *warnings])


# Issues and records of the period, up to T; what is pending is so at T whenever it was found.
_RESULTS = (
    "SELECT result, count(*) AS count FROM records WHERE kept AND visited_on BETWEEN $start AND $cut AND result <> '' "
    "GROUP BY ALL ORDER BY count DESC, result"
)
_ISSUES = (
    "SELECT region, at_branch AS branch, category, at_grade AS grade, count(*) AS count FROM issues "
    "WHERE kept AND at_grade <> '无问题' AND found_on BETWEEN $start AND $cut GROUP BY ALL ORDER BY ALL"
)
_PENDING = (
    "SELECT region, at_branch AS branch, at_grade AS grade, count(*) AS count, "
    "count(*) FILTER (remedy_due_on < $today) AS overdue FROM issues "
    "WHERE kept AND at_grade IN ('重要', '重大') AND state NOT IN ('已销号', '当场解决') "
    "AND $start IS NOT NULL AND $cut IS NOT NULL GROUP BY ALL ORDER BY ALL"
)


def _asked(connection: Any, query: str, period: Period, as_of: dt.date) -> pd.DataFrame:
    given = {"start": period.start, "cut": min(period.end, as_of), "today": as_of}
    used = {name: value for name, value in given.items() if f"${name}" in query}
    found: pd.DataFrame = connection.execute(query, used).df()
    return found


def _conflicts(run: Mapping[str, Any], connection: Any) -> pd.DataFrame:
    whole_books = pd.DataFrame(run["conflicts"], columns=list(o.CONFLICTS.names))
    loans = conflicts(connection)
    parts = [part for part in (whole_books, loans) if len(part)]
    if not parts:
        return whole_books
    return pd.concat(parts, ignore_index=True)[list(o.CONFLICTS.names)]


def _detail_sheets(
    connection: Any, out: Path, most_rows: int
) -> tuple[list[tuple[Sheet, Rows]], list[Path], list[str]]:
    """Sheets with their rows (to be asked for while the connection is open), the files of those that do not fit, and a
    sentence about each such."""
    sheets, files, said = [], [], []
    for sheet in _DETAILS:
        kind, whole = STORED[sheet.title], o.with_source(sheet)
        count = detail_count(connection, kind)
        if count <= most_rows:
            sheets.append((whole, Rows(count, partial(_in_parts, connection, kind, whole))))
            continue
        folder = out.with_name(f"{out.stem}_明细")
        folder.mkdir(exist_ok=True)
        path = folder / f"{sheet.title}.parquet"
        _write_parquet(connection, kind, whole, path)
        files.append(path)
        said.append(f"“{sheet.title}”共 {count} 行，超过一张工作表的 {most_rows} 行，明细在 {folder.name}/{path.name}")
    return sheets, files, said


def _parted(frame: pd.DataFrame) -> pd.DataFrame | Rows:
    """What says something of every branch and visitor is held, but need not be spelled in one go."""
    if len(frame) <= _AT_ONCE:
        return frame
    starts = range(0, len(frame), _AT_ONCE)
    return Rows(len(frame), lambda: (frame.iloc[start : start + _AT_ONCE] for start in starts))


def _in_parts(connection: Any, kind: str, sheet: Sheet) -> Iterator[pd.DataFrame]:
    """The rows of a detail sheet as its cells."""
    names = ", ".join(f'"{name}"' for name in sheet.names)
    for query in details(connection, kind, _AT_ONCE):
        yield _as_cells(connection.execute(f"SELECT {names} FROM ({query})").df(), sheet)


def _write_parquet(connection: Any, kind: str, sheet: Sheet, path: Path) -> None:
    """The rows of a detail sheet under its headers, in the same order."""
    headed = ", ".join(f'"{name}" AS "{sheet.header(name)}"' for name in sheet.names)
    for number, query in enumerate(details(connection, kind, _AT_ONCE)):
        begin = "CREATE OR REPLACE TABLE sorted AS" if number == 0 else "INSERT INTO sorted"
        connection.execute(f"{begin} SELECT {headed} FROM ({query})")
    connection.execute("SET preserve_insertion_order = true")
    connection.execute(f"COPY sorted TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd)")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("DROP TABLE sorted")


def _as_cells(rows: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    out = {}
    for column in sheet:
        values = rows[column.name]
        if column.kind is Kind.TIME:
            values = pd.Series([as_time(text) if text else None for text in values], dtype="object")
        elif values.dtype.kind not in "iufbM":
            values = values.astype("object").where(values.notna(), None)
        out[column.name] = values
    return pd.DataFrame(out)


def _about(run: Mapping[str, Any], figures: GroupFigures, said: Sequence[str]) -> pd.DataFrame:
    rows = [
        ("期间", f"{figures.period.title}（{figures.period.start} 至 {figures.period.end}）"),
        ("基准日", figures.as_of.isoformat()),
        ("工具版本", str(run["version"])),
        ("工作簿", _summary(figures)),
        ("怎样相加", "指标由各网点明细的分子、分母相加；同一笔贷款的同一回访、记录、问题出现在几份工作簿中只计一次"),
        ("目标值", "取多数网点“参数”表的取值，不同的列在“收集情况”"),
        *(("明细", line) for line in said),
    ]
    if run["passed_over"]:
        rows.append(("不读的文件", "、".join(f"{kind} {count} 个" for kind, count in run["passed_over"].items())))
    return pd.DataFrame(rows, columns=list(o.ABOUT.names))


def _summary(figures: GroupFigures) -> str:
    states = figures.states
    told = "，".join(f"{state} {count}" for state, count in states.items() if count)
    return f"{figures.period.label}：工作簿 {told}；" + "，".join(
        f"{name} {figures.totals[kind]}"
        for name, kind in (("贷款", "loans"), ("回访", "visits"), ("记录", "records"), ("问题", "issues"))
    )


def _counts(figures: GroupFigures) -> dict[str, int]:
    whole = figures.indicators[figures.indicators["object_kind"] == o.HEAD_OFFICE]
    parts: dict[str, int] = {}
    for name, top, bottom in zip(whole["indicator"], whole["numerator"], whole["denominator"], strict=True):
        parts |= {f"{name}分子": int(top), f"{name}分母": int(bottom)}
    names = {"贷款": "loans", "回访": "visits", "记录": "records", "问题": "issues"}
    return {
        **figures.states,
        **{name: figures.totals[kind] for name, kind in names.items()},
        "跨网点线索": len(figures.clues),
        "重复与冲突": len(figures.conflicts),
        **parts,
    }
