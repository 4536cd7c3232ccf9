"""Planning a ledger too large for a sheet, or for memory: Parquet in and out, some branches at a time.

`python -m benchmarks.shares make FOLDER LOANS` writes the seeded ledger of `ledgers.py` as Parquet;
`python -m benchmarks.shares plan FOLDER` plans it into FOLDER/visits/*.parquet and prints the number of visits. What is
planned for one 网点 depends on no other (people, merge groups and daily limits are a branch's), so shares of whole
branches give the list that one run would give.
"""

import datetime as dt
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import ledgers
from toolkit.model import sheets as s
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import Table, table_from
from toolkit.steps.plan import plan

MOST_LOANS = 20_000
AS_OF = dt.date(2026, 7, 1)


def make(folder: Path, count: int) -> None:
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(ledgers.SEED + count)
    loans = ledgers._loans(rng, count)
    schedule = ledgers._schedule(rng, loans).assign(branch=np.repeat(loans["branch"].to_numpy(), ledgers.INSTALMENTS))
    frames = {"loans": loans, "schedule": schedule, "visitors": ledgers._visitors(count)}
    with duckdb.connect() as connection:
        for name, frame in frames.items():
            connection.register("frame", frame)
            connection.execute(
                f"COPY (SELECT * FROM frame ORDER BY branch) TO '{folder / name}.parquet' (FORMAT parquet)"
            )


def plan_shares(folder: Path, most: int = MOST_LOANS) -> int:
    """Plan the ledger in `folder`; returns the number of visits written."""
    import duckdb

    out = folder / "visits"
    out.mkdir(exist_ok=True)
    total = 0
    with duckdb.connect(config={"threads": 1}) as connection:
        sizes = connection.execute(
            f"SELECT branch, count(*) FROM '{folder}/loans.parquet' GROUP BY branch ORDER BY branch"
        ).fetchall()
        for number, branches in enumerate(_shares(sizes, most)):
            visits = _planned(connection, folder, branches)
            connection.register("visits", visits)
            connection.execute(f"COPY visits TO '{out}/{number:05d}.parquet' (FORMAT parquet)")
            connection.unregister("visits")
            total += len(visits)
    return total


def _shares(sizes: list[tuple[str, int]], most: int) -> list[list[str]]:
    """Whole branches together up to `most` loans; a larger branch alone."""
    out: list[list[str]] = []
    held = most
    for branch, count in sizes:
        if held + count > most:
            out.append([])
            held = 0
        out[-1].append(branch)
        held += count
    return out


def _planned(connection, folder: Path, branches: list[str]) -> pd.DataFrame:
    def rows(name: str) -> pd.DataFrame:
        query = f"SELECT * FROM '{folder}/{name}.parquet' WHERE branch BETWEEN ? AND ?"
        return connection.execute(query, [branches[0], branches[-1]]).df()

    tables: dict[str, Table] = {sheet.title: table_from(sheet, [], present=False) for sheet in s.SHEETS}
    for sheet, name in ((s.LOANS, "loans"), (s.SCHEDULE, "schedule"), (s.VISITORS, "visitors")):
        tables[sheet.title] = table_from(sheet, rows(name))
    request = Request(AS_OF, Parameters.defaults(启用日期=AS_OF), WorkCalendar())
    edits = plan(tables, request).edits
    listed = next(edit for edit in edits if edit.sheet is s.VISITS)
    body = listed.append if listed.replace is None else listed.replace
    return pd.DataFrame(columns=list(s.VISITS.names)) if body is None else body


if __name__ == "__main__":
    mode, place, *rest = sys.argv[1:]
    if mode == "make":
        make(Path(place), int(rest[0]))
    else:
        print(plan_shares(Path(place)))
