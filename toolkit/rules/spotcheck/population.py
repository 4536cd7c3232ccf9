"""What a spot check is drawn from: the records of a period, each once, in an order that no sorting changes."""

from hashlib import sha256

import pandas as pd

from toolkit.model.period import Period
from toolkit.rules.indicators.rows import Books
from toolkit.rules.issues.register import record_identity
from toolkit.rules.planning.numbers import short_hash

NOBODY, NO_METHOD = "（未填）", "（未填方式）"


def population(books: Books) -> pd.DataFrame:
    """Rows of 回访记录 that belong to the period: by 提交日期, where it is blank by 回访日期; up to T.

    Sorted by identity, index of the records' data; adds identity (equal = entered twice, then the first in this order
    stands), stratum (visitor, method) and named (bool: its 回访编号 names no other record of the period). Visitors are
    spelled as in 回访人员; a blank one or a blank method is a stratum of its own.
    """
    records = books.records
    today = pd.Timestamp(books.request.as_of)
    day = records["submitted_on"].fillna(records["visited_on"])
    inside = records[books.inside(day) & ~(records["visited_on"] > today)]
    out = inside.assign(
        identity=record_identity(inside),
        visitor=inside["visitor"].where(inside["visitor"] != "", NOBODY),
        method=inside["method"].where(inside["method"] != "", NO_METHOD),
    )
    out = out.sort_values(["identity", "visitor", "method", "result"], kind="stable").drop_duplicates("identity")
    number = out["met_no"]
    return out.assign(named=(number != "") & ~number.duplicated(keep=False))


def digest(records: pd.DataFrame) -> str:
    """SHA-256 over identity, visitor and method of each record, one a line: who knows it can tell whether the
    population is still the same."""
    lines = records["identity"] + "\x1e" + records["visitor"] + "\x1e" + records["method"]
    return sha256("\n".join(lines).encode()).hexdigest()


def seed_of(fingerprint: str) -> int:
    """The usual seed: the first eight hexadecimal digits of the population's digest, so that nobody chooses it."""
    return int(fingerprint[:8], 16)


def prefix(period: Period) -> str:
    """What the numbers of a period's spot checks begin with."""
    return f"CC{period.start:%Y%m%d}-{period.end:%Y%m%d}-"


def sample_numbers(records: pd.DataFrame, period: Period) -> pd.Series:
    """抽查编号: a pure function of period and record."""
    begins = prefix(period)
    return pd.Series([begins + short_hash(one) for one in records["identity"]], index=records.index, dtype="object")
