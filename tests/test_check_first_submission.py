"""The first `check` of a submitted record fixes its verdict, whatever is mended later.

Requirements: contract, section 4 (fine print) and section 5 (回访记录准确率); regulation 七、(二)2.
"""

import datetime as dt

import pandas as pd
import pytest
from checking import AS_OF, DAY, LATER, branch, record, run, typed

from toolkit.model import sheets as s
from toolkit.rules.checks.first_submission import judge_first_submissions


def firsts(tables) -> list[list[object]]:
    data = tables[s.FIRST_SUBMISSIONS.title].data
    return data[["contract_no", "error_count", "verdict"]].to_numpy().tolist()


def test_the_first_check_of_a_submitted_record_fixes_its_verdict():
    wrong = record(customer_name="林小舟", satisfaction=9)
    _, tables = run(
        branch(
            [
                wrong,
                record("HT002", started_at="15:00"),
                record("HT002", visited_on=DAY(2026, 4, 28), submitted_on=None),
            ]
        )
    )
    assert firsts(tables) == [["HT001", 2, "有错"], ["HT002", 0, "准确"]]
    mended = typed(tables, s.RECORDS, 2, customer_name="林晓舟", satisfaction=5)
    mended = typed(mended, s.RECORDS, 3, customer_name="")
    _, mended = run(mended, LATER)
    assert firsts(mended) == firsts(tables)


@pytest.mark.parametrize(
    "mend",
    [
        {"contract_no": "HT001"},
        {"visited_on": DAY(2026, 4, 22)},
        {"started_at": dt.time(11, 0)},
        {"visitor": "陆平", "signature": "陆平"},
        {"visit_no": "", "visitor": "陆平"},
        {"submitted_on": DAY(2026, 4, 23)},
    ],
)
def test_a_record_is_recognised_after_what_identifies_it_was_corrected(mend):
    _, tables = run(branch([record(contract_no="HT9", started_at=None, visit_no="")]))
    assert firsts(tables) == [["HT9", 1, "有错"]]
    _, tables = run(typed(tables, s.RECORDS, 2, **mend))
    assert [row[1:] for row in firsts(tables)] == [[1, "有错"]]
    # What was corrected is noted, so that the next correction is recognised too.
    _, tables = run(typed(tables, s.RECORDS, 2, contract_no="HT001", visitor="何青"))
    assert firsts(tables) == [["HT001", 1, "有错"]]


def test_a_record_is_recognised_in_another_row():
    wrong = record(customer_name="林小舟")
    _, tables = run(branch([wrong, record("HT002", started_at="15:00")]))
    tables[s.RECORDS.title] = branch([record("HT002", started_at="15:00"), record()])[s.RECORDS.title]
    _, tables = run(tables)
    assert firsts(tables) == [["HT001", 1, "有错"], ["HT002", 0, "准确"]]


def test_an_unreadable_submission_date_counts_as_submitted():
    _, tables = run(branch([record(submitted_on="昨天")]))
    assert firsts(tables) == [["HT001", 1, "有错"]]
    _, tables = run(typed(tables, s.RECORDS, 2, submitted_on=DAY(2026, 4, 22)))
    assert firsts(tables) == [["HT001", 1, "有错"]]


def test_an_explained_warning_is_no_error_of_the_first_submission():
    _, tables = run(branch([record(minutes=50)]))
    assert firsts(tables) == [["HT001", 0, "准确"]]


def test_records_never_checked_can_be_judged_by_kpi():
    tables = branch([record(), record("HT002", submitted_on=None), record("HT002")])
    counts = pd.Series([2, 0, 0])
    judged = judge_first_submissions(tables[s.RECORDS.title], counts, tables[s.FIRST_SUBMISSIONS.title].data, AS_OF)
    assert judged.index.tolist() == [0, 2]
    assert judged["verdict"].tolist() == ["有错", "准确"]
    assert judged["known"].tolist() == [-1, -1]
