"""Are the period's records true and complete: first submission, delay, findings, spot checks."""

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.rules.checks.first_submission import judge_first_submissions
from toolkit.rules.indicators.rows import Books
from toolkit.rules.spotcheck.listed import record_of_rows, with_stage
from toolkit.rules.spotcheck.review import compared, differences


def known_first(books: Books) -> pd.DataFrame:
    """What 首次提交 says of the submitted records: columns of `judge_first_submissions`, known -1 = not judged yet."""
    table = books.tables[sheets.RECORDS.title]
    none = pd.Series(0, index=table.data.index)
    earlier = books.tables[sheets.FIRST_SUBMISSIONS.title].data
    return judge_first_submissions(table, none, earlier, books.request.as_of)


def truth(books: Books, records: pd.DataFrame) -> pd.DataFrame:
    """Rows of 记录核查 for the population (`records`), in sheet order."""
    first = known_first(books)
    verdict = first.loc[first["known"] >= 0, "verdict"].reindex(records.index).fillna(v.NO_VALUE)
    request = books.request
    limit = request.calendar.add_workdays(records["visited_on"].to_numpy(), request.parameters["记录提交工作日数"])
    handed_in = records["submitted_on"].fillna(pd.Timestamp(request.as_of)).to_numpy()
    late = pd.Series(request.calendar.count_workdays(limit, handed_in), index=records.index)
    found = books.tables[sheets.FINDINGS.title].data
    found = found[found["sheet"] == sheets.RECORDS.title]
    row = pd.to_numeric(found["cell"].str.extract(r"(\d+)$")[0], errors="coerce")
    is_error = found["level"] == v.ERROR
    spot = books.tables[sheets.SPOT_CHECKS.title].data
    met = record_of_rows(spot, books.records)
    judged = spot.assign(record=met)[(met >= 0) & (spot["verdict"] != "")].drop_duplicates("record", keep="last")
    out = records.assign(
        first_verdict=verdict.astype("object"),
        days_late=late.where(late > 0),
        errors=_tally(row[is_error & (found["handling"] != v.EXPLAIN)], records),
        warnings=_tally(row[~is_error], records),
        spot_check=judged.set_index("record")["verdict"].reindex(records.index).fillna("").astype("object"),
    )
    return out.sort_values("row", kind="stable")


def _tally(rows: pd.Series, records: pd.DataFrame) -> pd.Series:
    return records["row"].map(rows.value_counts()).fillna(0).astype("int64")


def reviews(books: Books, records: pd.DataFrame, begins: str) -> pd.DataFrame:
    """Rows of 抽查明细: spot checks of the period (numbers that begin so), and others on its records."""
    spot = books.tables[sheets.SPOT_CHECKS.title].data
    met = record_of_rows(spot, books.records)
    ours = spot["sample_no"].str.startswith(begins).astype(bool) | met.isin(records.index)
    answers = compared(spot, with_stage(books.records, books.visits), met)
    state = books.tables[sheets.RECTIFICATIONS.title].data.drop_duplicates("sample_no").set_index("sample_no")["state"]
    source = books.records.reindex(met).set_index(spot.index)
    out = spot.assign(
        contract_no=source["contract_no"],
        customer_name=source["customer_name"],
        visited_on=source["visited_on"],
        difference=differences(spot, answers),
        rectification=state.reindex(spot["sample_no"]).set_axis(spot.index).fillna(""),
    )
    return out[ours]
