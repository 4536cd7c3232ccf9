"""All deliveries together, asked of the store through DuckDB: what counts, what is double, the indicators.

A row counts once. Rows of one loan (contract, 借据编号 and customer alike) that are the same visit, record or issue in
several deliveries count from the one with the lowest rank; rows of a contract number that two customers share are of
two loans and all count.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from toolkit.model import office_sheets as o
from toolkit.model import values as v
from toolkit.office.store import quoted
from toolkit.rules.indicators.indicators import BRANCH, DEPARTMENT, INDICATORS, INSTITUTION, VISITOR, judged

_LOAN = "at_contract, at_drawdown, at_customer"
# What makes a row itself beside its loan; rows where one of `filled` is blank are never taken for another's.
_IDENTITY: dict[str, tuple[str, str]] = {
    "loans": (_LOAN, "at_contract"),
    "visits": (f"{_LOAN}, visit_no", "visit_no"),
    "records": (f"{_LOAN}, visited_on, started_at, visitor, result", "at_contract"),
    "issues": (f"{_LOAN}, issue_no", "issue_no"),
    "parts": (f"{_LOAN}, indicator, key", "key"),
}
KINDS = tuple(_IDENTITY)
# Of DuckDB, however many the branches: what does not fit goes to the disk. Not all can: then once more with what the
# computer has ("" = four fifths of its memory).
MEMORY = ("400MB", "")


@dataclass(frozen=True)
class Delivery:
    """One counted workbook. `rank`: 0 is the newest. `folder`: its place in the store."""

    delivery: str
    folder: str
    file: str
    rank: int
    institution: str
    region: str


Done = TypeVar("Done")


def with_enough_memory(work: Callable[[str], Done]) -> Done:
    """`work` with the first of `MEMORY` that it can be done with; raises `MemoryError` if there is none."""
    import duckdb

    for memory in MEMORY:
        with suppress(duckdb.OutOfMemoryException):
            return work(memory)
    raise MemoryError


@contextmanager
def opened(
    store: Path, deliveries: Sequence[Delivery], regions: Mapping[str, str], scratch: Path, memory: str = ""
) -> Iterator[Any]:
    """A DuckDB connection with a view per kind (all rows, ``kept`` says whether a row counts) and ``people``.

    `regions`: 网点 → 地区, for rows of branches other than their delivery's. `scratch` takes what memory cannot hold:
    the rows of all deliveries lie there while the connection is open, each file of the store read once, in the order in
    which the details are asked for (``turn``, so that a part of them is found in one place). `memory`: one of `MEMORY`.
    """
    import duckdb

    place = scratch / f"{secrets.token_hex(4)}.duckdb"
    in_turn = sorted(deliveries, key=lambda one: (one.region, Path(one.folder).parent.name, one.file))
    try:
        config: dict[str, Any] = {"temp_directory": str(scratch)} | ({"memory_limit": memory} if memory else {})
        with duckdb.connect(str(place), config=config) as connection:
            given = pd.DataFrame([vars(one) for one in in_turn]).assign(turn=range(len(in_turn)))
            connection.register("given_rows", given)
            connection.execute("CREATE TABLE given AS SELECT * FROM given_rows")
            names = pd.DataFrame({"branch": list(regions), "region": list(regions.values())}, dtype="object")
            connection.register("region_rows", names)
            connection.execute(
                "CREATE TABLE regions AS SELECT CAST(branch AS VARCHAR) AS branch, CAST(region AS VARCHAR) AS region "
                "FROM region_rows"
            )
            for kind in (*KINDS, "people"):
                files = ", ".join(quoted(store / one.folder / f"{kind}.parquet") for one in in_turn)
                connection.execute(
                    f"CREATE TABLE raw_{kind} AS SELECT r.*, g.turn "
                    f"FROM read_parquet([{files}], hive_partitioning=false) r JOIN given g USING (delivery)"
                )
            connection.execute("SET preserve_insertion_order = false")
            for kind in KINDS:
                _add_view(connection, kind)
            yield connection
    finally:
        place.unlink(missing_ok=True)


def _add_view(connection: Any, kind: str) -> None:
    """View `kind`. What is double is looked for among the rows whose identity several deliveries have, by its hash:
    they are few, and sorting all rows by their identity would take more than reading them."""
    identity, filled = _IDENTITY[kind]
    connection.execute(
        f"""CREATE TABLE double_{kind} AS
        WITH keyed AS (SELECT r.rowid AS id, g.rank, {_of("r", identity)}, hash({_of("r", identity)}) AS mark
                       FROM raw_{kind} r JOIN given g USING (delivery) WHERE r.{filled} <> ''),
        several AS (SELECT mark FROM keyed GROUP BY mark HAVING min(rank) < max(rank))
        SELECT id FROM (SELECT id, rank, min(rank) OVER (PARTITION BY {identity}) AS newest
                        FROM keyed SEMI JOIN several USING (mark))
        WHERE rank > newest"""
    )
    connection.execute(
        f"""CREATE VIEW {kind} AS
        SELECT r.*, g.file AS source_file, r.row AS source_row, g.rank, g.institution,
               coalesce(n.region, g.region) AS region, d.id IS NULL AS kept
        FROM raw_{kind} r JOIN given g USING (delivery) LEFT JOIN regions n ON n.branch = r.at_branch
        LEFT JOIN double_{kind} d ON d.id = r.rowid"""
    )


def _of(table: str, columns: str) -> str:
    return ", ".join(f"{table}.{column}" for column in columns.split(", "))


def indicators(connection: Any, period: str, targets: Mapping[str, float]) -> pd.DataFrame:
    """Rows of 考核指标 of 汇总: the parts added per 总行, 地区, 机构, 网点, 部门 and 回访人员."""
    people = "(SELECT delivery, name, any_value(branch) AS branch FROM raw_people WHERE name <> '' GROUP BY ALL)"
    counted = (
        f"(SELECT p.*, coalesce(nullif(w.branch, ''), p.at_branch) AS home FROM parts p "
        f"LEFT JOIN {people} w ON w.delivery = p.delivery AND w.name = p.visitor WHERE kept)"
    )
    visits_of = "SELECT DISTINCT at_branch AS name, '' AS branch FROM loans WHERE at_branch <> ''"
    kinds = (
        (o.HEAD_OFFICE, f"'{o.HEAD_OFFICE}'", "''", f"SELECT '{o.HEAD_OFFICE}' AS name, '' AS branch"),
        (o.REGION, "region", "''", "SELECT DISTINCT region AS name, '' AS branch FROM loans"),
        (INSTITUTION, "institution", "''", "SELECT DISTINCT institution AS name, '' AS branch FROM given"),
        (BRANCH, "at_branch", "''", visits_of),
        (DEPARTMENT, "department", "''", "SELECT DISTINCT department AS name, '' AS branch FROM raw_people"),
        (VISITOR, "visitor", "home", f"SELECT DISTINCT name, branch FROM {people}"),
    )
    parts = []
    for kind, name, branch, units in kinds:
        given_for = [one.name for one in INDICATORS if kind not in v.KPI_OBJECT_KINDS or kind in one.kinds]
        parts.append(
            connection.execute(
                f"""WITH counts AS (SELECT {name} AS name, {branch} AS branch, indicator,
                           sum(good::INT) AS top, count(*) AS bottom
                    FROM {counted} WHERE list_contains($names, indicator) GROUP BY ALL),
                -- As in a branch: a unit that appears in one indicator is listed with all of its kind.
                units AS (SELECT * FROM ({units}) UNION SELECT name, branch FROM counts)
                SELECT '{kind}' AS object_kind, u.name AS object_name, u.branch, i.indicator,
                       coalesce(top, 0)::BIGINT AS numerator, coalesce(bottom, 0)::BIGINT AS denominator
                FROM units u CROSS JOIN (SELECT unnest($names) AS indicator) i
                LEFT JOIN counts c ON u.name = c.name AND u.branch = c.branch AND c.indicator = i.indicator
                WHERE u.name <> ''""",
                {"names": given_for},
            ).df()
        )
    whole = pd.concat(parts, ignore_index=True).assign(period=period)
    place = {kind: number for number, (kind, *_) in enumerate(kinds)}
    whole = judged(whole, {f"{name}目标": target for name, target in targets.items()})
    whole["place"] = whole["object_kind"].map(place)
    whole["order"] = whole["indicator"].map(v.KPI_NAMES.index)
    whole = whole.sort_values(["place", "object_name", "branch", "order"], kind="stable", ignore_index=True)
    return whole[list(o.OFFICE_INDICATORS.names)]


def nowhere(connection: Any) -> pd.DataFrame:
    """indicator, rows: rows behind the indicators that name no 网点; they count for the whole only."""
    return connection.execute(
        "SELECT indicator, count(*) AS rows FROM parts WHERE kept AND at_branch = '' GROUP BY ALL ORDER BY ALL"
    ).df()


def conflicts(connection: Any) -> pd.DataFrame:
    """Rows of 重复与冲突 about single loans. Only loans that several deliveries have are looked at closely."""
    dropped = " UNION ALL ".join(
        f"SELECT {_LOAN}, count(*) AS rows FROM {kind} WHERE NOT kept GROUP BY ALL" for kind in KINDS if kind != "parts"
    )
    same = connection.execute(
        f"""WITH dropped AS (SELECT {_LOAN}, sum(rows)::BIGINT AS rows FROM ({dropped}) GROUP BY ALL),
        several AS (SELECT hash({_LOAN}) AS mark FROM raw_loans GROUP BY mark HAVING min(turn) < max(turn))
        SELECT '同一笔贷款在几份工作簿' AS kind, at_contract AS contract_no,
               '网点 ' || string_agg(at_branch, '、' ORDER BY rank) || '；相同的回访、记录、问题只计一次' AS what,
               min_by(source_file, rank) AS kept,
               string_agg(source_file, '、' ORDER BY rank) FILTER (NOT kept) AS dropped,
               any_value(d.rows) AS rows
        FROM (SELECT * FROM loans WHERE hash({_LOAN}) IN (SELECT mark FROM several)) LEFT JOIN dropped d USING ({_LOAN})
        WHERE at_contract <> '' GROUP BY {_LOAN} HAVING count(DISTINCT delivery) > 1"""
    ).df()
    clash = connection.execute(
        """WITH several AS (SELECT hash(at_contract, at_drawdown) AS mark FROM raw_loans
                         GROUP BY mark HAVING min(turn) < max(turn))
        SELECT '合同编号相同而客户不同' AS kind, at_contract AS contract_no,
               '网点 ' || string_agg(DISTINCT at_branch, '、' ORDER BY at_branch)
               || '；按不同的贷款分别计入，请核对合同编号' AS what,
               string_agg(DISTINCT source_file, '、' ORDER BY source_file) AS kept, '' AS dropped, 0::BIGINT AS rows
        FROM loans WHERE at_contract <> '' AND hash(at_contract, at_drawdown) IN (SELECT mark FROM several)
        GROUP BY at_contract, at_drawdown
        HAVING count(DISTINCT at_customer) > 1 AND count(DISTINCT delivery) > 1"""
    ).df()
    both = pd.concat([same, clash], ignore_index=True)
    return both.sort_values(["kind", "contract_no", "what"], kind="stable", ignore_index=True)


def overlap(connection: Any, one: str, other: str) -> tuple[int, int]:
    """How many contracts two deliveries share, and how many the smaller one has."""
    shared, fewer = connection.execute(
        """WITH a AS (SELECT DISTINCT at_contract AS c FROM raw_loans WHERE delivery = ? AND at_contract <> ''),
                b AS (SELECT DISTINCT at_contract AS c FROM raw_loans WHERE delivery = ? AND at_contract <> '')
        SELECT (SELECT count(*) FROM a JOIN b USING (c)), least((SELECT count(*) FROM a), (SELECT count(*) FROM b))""",
        [one, other],
    ).fetchone()
    return int(shared), int(fewer)


def only_there(connection: Any, older: str, newer: str) -> int:
    """How many records only the older of two deliveries holds."""
    identity = f"{_LOAN}, visited_on, started_at, visitor, result"
    row = connection.execute(
        f"SELECT count(*) FROM (SELECT {identity} FROM raw_records WHERE delivery = ? "
        f"EXCEPT SELECT {identity} FROM raw_records WHERE delivery = ?)",
        [older, newer],
    ).fetchone()
    return int(row[0])


def detail_count(connection: Any, kind: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {kind} WHERE kept").fetchone()[0])


def details(connection: Any, kind: str, most: int) -> Iterator[str]:
    """Queries that give the rows of a detail sheet that count, one after the other in the order of 地区, 网点, file and
    row; each some `most` of them, or what one workbook has of one 网点.

    Sorting all of them at once would take memory for all.
    """
    connection.execute(
        f"""CREATE OR REPLACE TABLE turns_{kind} AS
        SELECT region, at_branch, source_file, min(turn) AS turn,
               (sum(count(*)) OVER (ORDER BY region, at_branch, source_file) - count(*)) // {most} AS part
        FROM {kind} WHERE kept GROUP BY region, at_branch, source_file"""
    )
    parts = connection.execute(f"SELECT part, min(turn), max(turn) FROM turns_{kind} GROUP BY part ORDER BY part")
    for part, first, last in parts.fetchall():
        yield (
            f"SELECT k.* FROM {kind} k JOIN turns_{kind} t USING (region, at_branch, source_file) "
            f"WHERE kept AND t.part = {part} AND k.turn BETWEEN {first} AND {last} "
            "ORDER BY region, at_branch, source_file, source_row"
        )
