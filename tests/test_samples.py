"""samples/ (issue 3, item 6).

Requirements
 1. The generator writes the committed files again (by content), and equal pages are equal bytes.
 2. Nobody is real: phones 199xxxxxxxx, a region code that no place has, right check digits but for the named faults.
 3. Small files; 600 loans of persons and firms, 12 visitors in 3 网点 and 2 departments, one 离岗.
 4. The later export differs as three months would make it, and the import takes all of both.
 5. Records name visits that the plan lists, and complete nine in ten; the faults are those `check` looks for.
 6. What staff enter about issues meets the issues that `classify` finds, one to one.
"""

import re
from collections import Counter
from datetime import date

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from samples import make_samples as made
from samples.people import is_valid_number
from samples.workbook_in_memory import Workbook
from samples.writing import write
from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.shipped import shipped
from toolkit.model.tables import Source, Table, table_from
from toolkit.rules.checks.rule_table import findings_of
from toolkit.steps.kpi import kpi

FILES = tuple(
    [made.EXPORT_NAME.format(day=day) for day in (made.BEGIN, made.END)]
    + [made.BASE_NAME, made.RECORDS_NAME, made.HANDLING_NAME]
)
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def committed(name: str) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(str(shipped("samples", name)))
    return {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in book.sheet_names}


def table(name: str, title: str) -> Table:
    """A committed sheet whose header is in row 1."""
    sheet = sheets.BY_TITLE[title]
    header, *rows = committed(name)[title]
    names = {column.header: column.name for column in sheet}
    return table_from(sheet, [dict(zip([names[str(text)] for text in header], row, strict=True)) for row in rows])


@pytest.fixture(scope="module")
def everything() -> dict[str, dict[str, list[list[object]]]]:
    return {name: committed(name) for name in FILES}


@pytest.fixture(scope="module")
def played(everything) -> Workbook:
    """The demo's cycle over the committed files, up to the issues."""
    base = [sheets.VISITORS.title, sheets.SPECIAL_VISITS.title]
    workbook = Workbook({title: table(made.BASE_NAME, title).raw.to_dict("records") for title in base})
    for day in (made.BEGIN, made.END):
        name = made.EXPORT_NAME.format(day=day)
        workbook.import_ledger(day, *(Source(name, title, rows) for title, rows in everything[name].items()))
        workbook.plan(day)
    workbook.set_records(table(made.RECORDS_NAME, sheets.RECORDS.title).raw.to_dict("records"))
    workbook.plan(made.END)
    workbook.classify(made.END)
    return workbook


def test_the_generator_writes_the_committed_files(everything, tmp_path):
    for name, pages in made.sample_pages().items():
        write(tmp_path / name, pages)
        again = CalamineWorkbook.from_path(str(tmp_path / name))
        assert again.sheet_names == list(everything[name]), name
        for title in again.sheet_names:
            assert again.get_sheet_by_name(title).to_python(skip_empty_area=False) == everything[name][title], name


def test_the_same_pages_are_the_same_bytes(tmp_path):
    pages = [made.Page("甲", ["编号", "日期"], [["1", date(2026, 7, 1)]])]
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "一.xlsx", pages)
    assert (tmp_path / "a" / "一.xlsx").read_bytes() == (tmp_path / "b" / "一.xlsx").read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_size_and_phones(everything, name):
    assert shipped("samples", name).stat().st_size < 1_500_000
    texts = [str(cell) for rows in everything[name].values() for row in rows for cell in row if isinstance(cell, str)]
    assert [found for text in texts for found in PHONE.findall(text) if not found.startswith("199")] == []


def test_id_numbers(played):
    raw = played.tables[sheets.LOANS.title].raw["id_number"]
    wrong = [number for number in raw if number and not (isinstance(number, str) and is_valid_number(number))]
    assert len(wrong) == 2
    assert sorted(len(number) for number in wrong) == [12, 20]  # 9.901012E+17 and two digits too many
    assert all(number.startswith(("9901", "919901")) for number in raw if number and number not in wrong)


def test_people_of_the_branch():
    staff = table(made.BASE_NAME, sheets.VISITORS.title).data
    assert len(staff) == 12
    assert staff["branch"].nunique() == 3
    assert staff["department"].nunique() == 2
    assert (staff["status"] == v.OFF_DUTY).sum() == 1
    assert len(table(made.BASE_NAME, sheets.SPECIAL_VISITS.title).data) >= 3
    assert table(made.BASE_NAME, sheets.PARAMETERS.title).data["parameter"].tolist() == ["启用日期"]


def test_the_ledger(played):
    loans = played.data(sheets.LOANS.title)
    assert len(loans) == 600
    assert set(loans["customer_type"]) == set(v.CUSTOMER_TYPES)
    assert set(loans["repayment_method"]) >= set(v.REPAYMENT_METHODS[:5])
    assert set(loans["status"]) == {*v.LOAN_STATUSES, "冻结"}
    assert loans["applied_on"].min() < pd.Timestamp("2024-01-01")
    assert loans["disbursed_on"].max() > pd.Timestamp("2026-09-15")
    assert (loans["drawdown_no"] != "").any()
    assert (loans["phone"] == "").sum() == 3
    lent = loans["status"] == v.IN_USE
    assert (lent & loans["disbursed_on"].isna()).sum() == 1
    partly = played.data(sheets.SCHEDULE.title)
    assert (partly["paid_amount"] < partly["due_amount"]).any()
    assert (partly["paid_on"].notna() & partly["paid_amount"].isna()).any()


def test_the_later_export(everything):
    first, later = (everything[made.EXPORT_NAME.format(day=day)][sheets.LOANS.title] for day in (made.BEGIN, made.END))
    column = first[2].index("贷款合同编号 ")
    before, after = ({row[column] for row in rows[3:] if row[column]} for rows in (first, later))
    assert len(after - before) > 40
    assert 1 <= len(before - after) <= 5


def test_records_name_listed_visits_and_complete_nine_in_ten(played):
    visits, records = played.data(sheets.VISITS.title), played.data(sheets.RECORDS.title)
    known = records["visit_no"].isin(visits["visit_no"])
    assert (~known).sum() == 3
    in_quarter = visits[(visits["due_on"] >= pd.Timestamp(made.BEGIN)) & (visits["state"] != v.CANCELLED)]
    assert 0.85 < (in_quarter["state"] == v.DONE).mean() < 0.96
    assert set(in_quarter["visit_type"]) == set(v.VISIT_TYPES)


def test_the_faults_are_those_that_are_looked_for(played):
    found = Counter(findings_of(played.tables, played.request(made.END))["rule"])
    errors = {"R05", "R06", "R08", "R09", "A02", "A03", "A04", "A05", "A07", "A08", "A09"}
    warnings = {"W01", "W02", "W03", "W04", "W07", "W08", "W09", "W12", "Q01"}
    assert errors | warnings <= set(found)


def test_odd_spellings_are_there_and_read_as_meant(played):
    table_ = played.tables[sheets.RECORDS.title]
    assert sum(isinstance(cell, str) for cell in table_.raw["visited_on"]) > 10
    assert table_.data["visited_on"].notna().all()
    assert table_.data["minutes"].notna().all()
    assert table_.raw["phone"].str.contains("１").any()


def test_handling_meets_every_issue(played):
    issues, handled = played.data(sheets.ISSUES.title), table(made.HANDLING_NAME, sheets.ISSUES.title).data
    identity = ["visit_no", "category"]
    assert handled[identity].to_numpy().tolist() == issues[identity].to_numpy().tolist()
    assert not handled.duplicated(identity).any()
    assert (issues["severity"] == v.CRITICAL).sum() == 1
    closed = handled[handled["state"] == v.CLOSED]
    assert (closed["owner"] != closed["verifier"]).all()
    assert {v.CLOSED, v.SOLVED_ON_THE_SPOT, v.REMEDYING} <= set(handled["state"])


def test_the_figures_look_like_a_branch(played):
    raw = played.tables[sheets.ISSUES.title].raw.astype("object")
    handled = table(made.HANDLING_NAME, sheets.ISSUES.title)
    for name in made.HANDLING_FIELDS:
        raw[name] = handled.raw[name]
    tables = {**played.tables, sheets.ISSUES.title: table_from(sheets.ISSUES, raw)}
    counts = kpi(tables, played.request(made.END)).counts
    for indicator, low, high in (
        (v.PLAN_COMPLETION, 0.88, 0.95),
        (v.RECORD_ACCURACY, 0.91, 0.96),
        (v.FEEDBACK_TIMELINESS, 0.88, 0.96),
        (v.RESOLUTION_RATE, 0.74, 0.86),
    ):
        assert low < counts[f"{indicator}分子"] / counts[f"{indicator}分母"] < high, indicator
