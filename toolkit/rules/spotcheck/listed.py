"""Sheet 抽查 as listed: which record each row asks about again, and the rows that a draw adds to it."""

import pandas as pd

from toolkit.model import values as v
from toolkit.model.period import Period
from toolkit.rules.issues.register import record_identity
from toolkit.rules.planning.numbers import short_hash
from toolkit.rules.spotcheck.draw import BETWEEN_REASONS, Drawn
from toolkit.rules.spotcheck.population import prefix

OWN_NUMBER = r"CC\d{8}-\d{8}-[A-Z2-7]{8}"


def record_of_rows(listed: pd.DataFrame, records: pd.DataFrame) -> pd.Series:
    """Index in `records` (with met_no) of the record of each row of 抽查, -1 where none.

    By 抽查编号, which holds the record's identity; where a cell of the record was mended since, or staff added the row,
    by 回访编号: the visitor's own record first, a 成功 one before others.
    """
    met = pd.Series(-1, index=listed.index, dtype="int64")
    if listed.empty or records.empty:
        return met
    marks = pd.Series(records.index, index=[short_hash(one) for one in record_identity(records)])
    ours = listed.loc[listed["sample_no"].str.fullmatch(OWN_NUMBER), "sample_no"].str[-8:]
    hit = marks[~marks.index.duplicated()].reindex(ours)
    met[ours.index] = hit.fillna(-1).astype("int64").to_numpy()
    source = records.assign(record=records.index, missed=records["result"] != v.SUCCESS)
    source = source[source["met_no"] != ""].sort_values("missed", kind="stable")
    for names in (["met_no", "visitor"], ["met_no"]):
        rest = listed[(met < 0) & (listed["visit_no"] != "")]
        rest = rest.rename(columns={"visit_no": "met_no"})[names].assign(at=rest.index)
        pairs = rest.merge(source.drop_duplicates(names)[[*names, "record"]], on=names)
        met[pairs["at"]] = pairs["record"].to_numpy()
    return met


def with_stage(records: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """`records` (with met_no) plus stage: 回访阶段 of the visit each was made for, "" where unknown."""
    named = visits[visits["visit_no"] != ""].drop_duplicates("visit_no").set_index("visit_no")
    stage = named["stage"].reindex(records["met_no"]).fillna("").to_numpy(dtype=object)
    return records.assign(stage=pd.Series(stage, index=records.index, dtype="object"))


def row_of_records(listed: pd.DataFrame, met: pd.Series, records: pd.DataFrame, period: Period) -> pd.Series:
    """Index in `listed` of the row that asks about each record of the population in this period, -1 where none: a row
    that this period's draws made, else one that staff added."""
    ours = listed["sample_no"].str.startswith(prefix(period)).astype(bool)
    added = ~listed["sample_no"].str.fullmatch(OWN_NUMBER).astype(bool)
    rows = met[(met >= 0) & (ours | added)]
    rows = rows[ours[rows.index].sort_values(ascending=False, kind="stable").index].drop_duplicates()
    return pd.Series(rows.index, index=rows.to_numpy()).reindex(records.index).fillna(-1).astype("int64")


def additions(records: pd.DataFrame, numbers: pd.Series, drawn: Drawn, at: pd.Series) -> pd.DataFrame:
    """Rows of 抽查 for drawn records that no row asks about yet, by visitor, day and number."""
    new = records.loc[drawn.reasons.index][at[drawn.reasons.index] < 0]
    new = new.sort_values(["visitor", "visited_on", "identity"], kind="stable")
    day = new["visited_on"].dt.strftime("%Y-%m-%d").fillna("无日期").astype("object")
    which = ("（合同 " + new["contract_no"] + "，" + day + "）").where(~new["named"], "")
    return pd.DataFrame(
        {
            "sample_no": numbers[new.index],
            "visit_no": new["met_no"],
            "visitor": new["visitor"],
            "sample_reason": drawn.reasons[new.index] + which.astype("object"),
        }
    ).reset_index(drop=True)


def refreshed(listed: pd.DataFrame, numbers: pd.Series, drawn: Drawn, at: pd.Series) -> pd.DataFrame:
    """Cells (row, field, value) of rows that are there: reasons that came since, and blanks of rows that staff added.

    A reason staff wrote is left alone.
    """
    again = at[drawn.reasons.index]
    again = again[again >= 0]
    rows = listed.loc[again.to_numpy()].set_index(again.index)
    ours = rows["sample_no"].str.fullmatch(OWN_NUMBER).astype(bool)
    wanted = drawn.reasons[again.index]
    reasons = pd.Series(
        [
            before + "".join(BETWEEN_REASONS + one for one in new.split(BETWEEN_REASONS) if one not in before)
            if before
            else new
            for before, new in zip(rows["sample_reason"], wanted, strict=True)
        ],
        index=rows.index,
        dtype="object",
    )
    parts = []
    for name, value, may in (
        ("sample_no", numbers[again.index], rows["sample_no"] == ""),
        ("sample_reason", reasons, ours | (rows["sample_reason"] == "")),
    ):
        change = may & (value != rows[name])
        parts.append(pd.DataFrame({"row": rows["row"], "field": name, "value": value})[change])
    return pd.concat(parts, ignore_index=True).sort_values(["row", "field"], kind="stable", ignore_index=True)
