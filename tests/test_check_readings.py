"""What stands in the cells of real workbooks, read as meant or reported; marks that come and go in a real file.

Requirements: contract, section 4 (read as meant; the raw cell is never changed; marks and notes go away once mended);
issue 6, item 4 (1904, strict OOXML, totals rows, #N/A, formulas without results) and "Show" (property test: any value a
clerk can type in any column is read as meant or reported, never dropped).
"""

import datetime as dt
import re
import unicodedata

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from checking import AS_OF, STAFF, branch, cells, edit, found, loan, record, request, rows, run, visit
from closed_workbooks import parts, with_parts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit.actions import BY_NAME
from toolkit.generate.branch_workbook import parameter_rows
from toolkit.hosts.closed_file import open_closed
from toolkit.model import sheets as s
from toolkit.model.fields import DATE_KINDS, NUMBER_KINDS, Kind
from toolkit.model.tables import Table
from toolkit.rules.checks.rule_table import findings_of
from toolkit.rules.checks.single_texts import identity_card_fault
from toolkit.rules.checks.totals import without_totals
from toolkit.run.closed import run as press
from toolkit.run.order import Order

CONTENTS = {
    s.LOANS: [loan("HT001"), loan("HT002")],
    s.VISITS: [visit("HT001"), visit("HT002")],
    s.VISITORS: STAFF,
    s.RECORDS: [record("HT001"), record("HT002", started_at=dt.time(10, 5))],
}


def workbook(path, *, date_1904=False, changes=None, formulas=None, hidden=()):
    """The clean branch as a file. `changes`, `formulas`: (row, field) → cell of 回访记录; `hidden`: rows of it."""
    book = xlsxwriter.Workbook(str(path), {"date_1904": date_1904})
    day, clock = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
    for sheet in s.SHEETS:
        page = book.add_worksheet(sheet.title)
        page.write_row(0, 0, [field.header for field in sheet])
        rows = CONTENTS.get(sheet, [])
        for number in hidden if sheet is s.RECORDS else ():
            page.set_row(number - 1, None, None, {"hidden": True})
        if sheet is s.PARAMETERS:
            rows = parameter_rows().to_dict("records")
        for number, row in enumerate(rows, start=2):
            for column, field in enumerate(sheet):
                value = row.get(field.name)
                if sheet is s.RECORDS:
                    value = (changes or {}).get((number, field.name), value)
                if sheet is s.RECORDS and (number, field.name) in (formulas or {}):
                    page.write_formula(number - 1, column, formulas[number, field.name], None, "RESULT")
                elif isinstance(value, dt.time):
                    page.write_datetime(number - 1, column, value, clock)
                elif isinstance(value, dt.date):
                    page.write_datetime(number - 1, column, value, day)
                elif isinstance(value, str):
                    page.write_string(number - 1, column, value)
                elif value is not None:
                    page.write_number(number - 1, column, value)
    book.close()
    return path


def read(path) -> dict[str, Table]:
    book, action = open_closed(path), BY_NAME["check"]
    return {sheet.title: book.read(sheet) for sheet in dict.fromkeys((*action.reads, *action.writes))}


def wrong(path) -> set[tuple[str, int, str]]:
    return cells(findings_of(read(path), request()))


@pytest.mark.parametrize("date_1904", [False, True])
def test_real_dates_of_either_calendar(tmp_path, date_1904):
    path = workbook(tmp_path / "a.xlsx", date_1904=date_1904)
    assert read(path)[s.RECORDS.title].data["visited_on"].dt.date.tolist() == [dt.date(2026, 4, 21)] * 2
    assert wrong(path) == set()


def test_strict_ooxml(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    strict = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
    }
    changed = {}
    for name, content in parts(path).items():
        for loose, tight in strict.items():
            content = content.replace(loose, tight)
        changed[name] = content.replace(b"<workbook ", b'<workbook conformance="strict" ')
    assert wrong(with_parts(path, changed)) == set()


def test_errors_and_formulas_without_a_result_are_reported(tmp_path):
    formulas = {
        (2, "feedback"): "=VLOOKUP(1,A1:B2,2)",
        (2, "submitted_on"): "=B2+1",
        (3, "remark"): '=""',
        (3, "minutes"): "=4+4",
    }
    path = workbook(tmp_path / "a.xlsx", formulas=formulas)
    sheet = next(name for name, part in parts(path).items() if b"RESULT" in part)
    xml = parts(path)[sheet]
    results = [
        b' t="e"><f>VLOOKUP(1,A1:B2,2)</f><v>#N/A</v>',
        b"><f>B2+1</f><v></v>",
        b' t="str"><f>""</f><v></v>',
        b"><f>4+4</f>",
    ]
    for result in results:
        formula = re.escape(result[result.index(b"<f>") : result.index(b"</f>") + 4])
        xml = re.sub(rb' t="str">' + formula + rb"<v>RESULT</v>", lambda _, r=result: r, xml)
    assert b"RESULT" not in xml
    path = with_parts(path, {sheet: xml})
    assert wrong(path) == {("R02", 2, "feedback"), ("R02", 2, "submitted_on"), ("R02", 3, "minutes")}


def test_hidden_rows_are_records_too(tmp_path):
    path = workbook(tmp_path / "a.xlsx", changes={(3, "signature"): "陆平"}, hidden=[3])
    assert wrong(path) == {("A04", 3, "signature")}


def test_a_formula_without_a_result_in_an_own_column_is_nobodys_business(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = s.VISITORS.title
    book.active.append([*(field.header for field in s.VISITORS), "自有列"])
    book.active.append(["V01", '="何"&"青"', "城东支行", "风险管理部", None, None, "=1+1"])
    book.save(tmp_path / "a.xlsx")
    table = open_closed(tmp_path / "a.xlsx").read(s.VISITORS)
    assert table.raw[["name", "自有列"]].to_numpy().tolist() == [["#未计算", None]]


def test_contract_numbers_stored_as_numbers():
    loans, listed = [loan("HT001", contract_no="2026001"), loan("HT002")], [visit(contract_no="2026001")]
    assert found([record(contract_no=2026001.0)], loans=loans, visits=listed) == set()


TOTALS = [
    {"visit_no": "合计", "minutes": 16},
    {"visited_on": "合 计：", "minutes": 16},
    {"visit_no": "本页小计", "visited_on": "共2笔", "minutes": 16, "satisfaction": 4.5},
    {"customer_name": "共 2 条", "minutes": 16},
]


@pytest.mark.parametrize("below", TOTALS)
def test_totals_rows_and_repeated_headers_are_no_records(below):
    clean = [record("HT001"), record("HT002", started_at=dt.time(10, 5))]
    header = {field.name: field.header for field in s.RECORDS}
    tables = branch([clean[0], header, clean[1], below])
    assert findings_of(tables, request()).empty
    assert run(tables)[0].counts["记录"] == 2
    assert without_totals(tables[s.RECORDS.title]).data["row"].tolist() == [2, 4]


@pytest.mark.parametrize(
    "kept",
    [
        {"visit_no": "合计", "customer_name": "林晓舟"},
        {"contract_no": "HT001"},
        {"remark": "合计另列"},
        {"content": "共3笔贷款"},
    ],
)
def test_what_may_be_a_record_stays_one(kept):
    assert ("R01", 2, "visited_on") in found([kept])


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("990101199001010012", "校验位"),
        ("990101199013010012", "出生日期"),
        ("99010119900101001", "15 位或 18 位"),
        ("990101900101001", None),
        ("990101901301001", "出生日期"),
        ("E12345678", None),
        ("H1234567890", None),
        ("", None),
    ],
)
def test_identity_cards(number, fault):
    told = identity_card_fault(number)
    assert (told is None) if fault is None else (fault in told)


def test_one_check_digit_of_eleven_is_right():
    right = [x for x in "0123456789X" if identity_card_fault("99010119900101001" + x) is None]
    assert len(right) == 1
    assert identity_card_fault("99010119900101001" + right[0].lower()) is None


def test_firms_have_other_numbers():
    firm = loan(customer_type="企业", id_number="990101199001010012")
    assert findings_of(branch([], loans=[firm]), request()).empty


def marks(path) -> tuple[set[str], set[str]]:
    """(cells with a conditional format of ours, cells with a note) of 回访记录."""
    page = openpyxl.load_workbook(path)[s.RECORDS.title]
    marked = {
        str(box)
        for area in page.conditional_formatting
        if any("回访校验-" in (rule.formula or [""])[0] for rule in area.rules)
        for box in area.sqref.ranges
    }
    return marked, {cell.coordinate for row in page for cell in row if cell.comment}


def test_marks_and_notes_in_the_file_go_once_mended_and_findings_are_links(tmp_path):
    path = workbook(tmp_path / "a.xlsx", changes={(2, "customer_name"): "林小舟", (3, "minutes"): 50})
    clean = openpyxl.load_workbook(workbook(tmp_path / "clean.xlsx"))[s.RECORDS.title]

    def check() -> int:
        return press(Order(BY_NAME["check"], path, AS_OF, dt.datetime(2026, 4, 30, 9), "经办")).exit_code

    assert check() == 1
    assert marks(path) == ({"E2", "D3"}, {"E2", "D3"})
    page = openpyxl.load_workbook(path)[s.FINDINGS.title]
    assert [(row[4].value, row[4].hyperlink.location) for row in page.iter_rows(min_row=2)] == [
        ("E2", "'回访记录'!E2"),
        ("D3", "'回访记录'!D3"),
    ]
    book = openpyxl.load_workbook(path)
    book[s.FINDINGS.title]["J2"] = "采纳"
    book[s.FINDINGS.title]["J3"], book[s.FINDINGS.title]["K3"] = "说明", "客户健谈"
    book.save(path)
    assert check() == 0
    assert marks(path) == (set(), set())
    after = openpyxl.load_workbook(path)
    assert [[cell.value for cell in row] for row in after[s.RECORDS.title]] == [
        [50 if cell.coordinate == "D3" else cell.value for cell in row] for row in clean
    ]
    listed = [[cell.value for cell in row[9:]] for row in after[s.FINDINGS.title].iter_rows(min_row=2)]
    assert [(row[0], row[2], row[3].date()) for row in listed] == [("说明", "经办", AS_OF), ("采纳", "经办", AS_OF)]
    summary = [[cell.value for cell in row[:7]] for row in after[s.CHECK_SUMMARY.title].iter_rows(min_row=2)]
    assert summary == [["何青", "城东支行", 2, 2, 0, 0, 0], ["合计", None, 2, 2, 0, 0, 0]]


# The property: whatever is typed.
WORDS = [
    *("2026年4月21日", "20260421", "2026/4/21", "4月21日", "二〇二六年四月二十一日", "2026-04-21 09:30", "２０２６"),
    *("９：３０", "下午2点半", "1430", "成 功", "是", "否 ", "真", "无", "-", "合计", "何青、陆平", "HT001", "'HT101"),
    *("5分", "12.5", "1,000", "1e3", "1_0", "+86 199-0000-0001", "１９９００００００01/010-88886666"),
    *("#N/A", "#REF!", "\u200b", "'", " "),
]
TYPED = st.one_of(
    st.sampled_from(WORDS),
    st.text(alphabet="0123456789０１２.-/:：年月日点分 +()%,eE'\u200b", max_size=12),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    st.integers(-5, 10**18),
    st.floats(-1e6, 1e18, allow_nan=False),
    st.booleans(),
    st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2099, 12, 31)).map(lambda one: one.replace(microsecond=0)),
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
    st.times().map(lambda one: one.replace(microsecond=0)),
)
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def visible(value: object) -> str:
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", str(value)))


def is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and INVISIBLE.sub("", value).strip().strip("'").strip() == "")


def numbers(text: str) -> list[int]:
    return [int(part) for part in re.findall(r"[0-9]+", text)]


def same_day(typed: object, day: dt.date) -> bool:
    if isinstance(typed, dt.datetime | dt.date):
        return (typed.year, typed.month, typed.day) == (day.year, day.month, day.day)
    if isinstance(typed, int | float):
        return f"{day:%Y%m%d}" == f"{typed:.0f}" or (day - dt.date(1899, 12, 30)).days == int(typed)
    parts_ = numbers(visible(typed))
    if not parts_:  # in Chinese numerals
        return typed == "二〇二六年四月二十一日" and day == dt.date(2026, 4, 21)
    return parts_[:3] == [day.year, day.month, day.day] or parts_[0] == int(f"{day:%Y%m%d}")


def same_clock(typed: object, clock: dt.time) -> bool:
    if isinstance(typed, dt.datetime | dt.time):
        return (typed.hour, typed.minute) == (clock.hour, clock.minute)
    if isinstance(typed, int | float) and (typed < 1 or typed >= 18264):
        seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
        return abs(typed % 1 * 86400 - seconds) % 86400 <= 1 or abs(typed % 1 * 86400 - seconds) >= 86399
    text = visible(typed if isinstance(typed, str) else f"{typed:.0f}")
    joined = "".join(map(str, re.findall(r"[0-9]+", text))).lstrip("0")
    return any(joined in (f"{hour}{clock.minute:02}".lstrip("0"), f"{hour}{clock.minute}".lstrip("0"),
                          f"{hour}".lstrip("0"), f"{hour}{clock.minute:02}{clock.second:02}".lstrip("0"),
                          f"{hour}{clock.minute}{clock.second}".lstrip("0"))
               for hour in (clock.hour, clock.hour - 12))  # fmt: skip


def same_number(typed: object, number: float) -> bool:
    if isinstance(typed, int | float):
        return float(typed) == number
    return float(re.sub(r"[^0-9.+\-eE]", "", visible(typed))) == number


def kept(typed: object, text: str, kind: Kind) -> bool:
    """Nothing but spaces, marks that nobody sees, and what writes a phone is gone."""
    if isinstance(typed, bool | int | float | dt.date | dt.time):
        return text != ""
    if kind is Kind.TEXT:
        return text.lstrip("'") == INVISIBLE.sub("", typed).strip().lstrip("'").strip()
    plain = "".join(visible(typed).split()).lstrip("'")
    if kind is Kind.PHONE:
        plain = re.sub(r"[.·()_—–-]", "", plain)
        return plain.lstrip("+0").removeprefix("86").lstrip("0") == text.lstrip("+0").removeprefix("86").lstrip("0")
    return plain == text.lstrip("'")


CUSTOMERS = [f"HT{100 + i}" for i in range(40)]
CELLS = st.tuples(st.sampled_from(s.RECORDS.fields), TYPED)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(typed=st.lists(CELLS, min_size=len(CUSTOMERS), max_size=len(CUSTOMERS)))
def test_whatever_is_typed_is_read_as_meant_or_reported(typed):
    records = [
        record(number, started_at=dt.time(8 + i // 4, 7 + i % 4 * 12)) | {field.name: value}
        for i, (number, (field, value)) in enumerate(zip(CUSTOMERS, typed, strict=True))
    ]
    sheets = {"loans": [loan(number) for number in CUSTOMERS], "visits": [visit(number) for number in CUSTOMERS]}
    tables = branch(records, **sheets)
    table = tables[s.RECORDS.title]
    before = table.raw.copy(deep=True)
    outcome, after_ = run(tables)
    pd.testing.assert_frame_equal(table.raw, before)
    assert edit(outcome, s.RECORDS).cells.empty
    listed = rows(after_)
    reported = set(listed.loc[listed["sheet"] == s.RECORDS.title, "cell"])
    entries = set(without_totals(table).data["row"])
    for at, (field, value) in enumerate(typed):
        meant, row = table.data.at[at, field.name], at + 2
        if is_blank(value):
            continue
        assert row in entries
        if table.cell(row, field.name) in reported:
            continue
        assert str(meant) not in ("", "NaT", "nan", "None"), (field.header, value)
        if field.kind in DATE_KINDS:
            assert same_day(value, meant.date()), (value, meant)
        elif field.kind is Kind.TIME:
            assert same_clock(value, meant), (value, meant)
        elif field.kind in NUMBER_KINDS:
            assert same_number(value, meant), (value, meant)
        elif field.kind is Kind.CHOICE:
            assert meant in field.choices
        else:
            assert kept(value, meant, field.kind), (field.header, value, meant)
