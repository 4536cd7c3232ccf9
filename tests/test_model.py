"""The model: folded readings, the work calendar against its library, parameters that are refused by name.

Requirements: contract sections 2 (headers, parameters), 3 (working days, fine print 11), 4 (read as meant).
"""

import datetime as dt

import chinese_calendar
import numpy as np
import pytest

from toolkit.model import reading, sheets
from toolkit.model.calendar import WorkCalendar
from toolkit.model.errors import ToolkitError
from toolkit.model.parameters import PARAMETERS, Parameters, read_parameters
from toolkit.model.period import parse_period, quarter_of
from toolkit.model.tables import column_letter, table_from

CALENDAR = WorkCalendar()
DAY = dt.timedelta(days=1)


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


def test_calendar_equals_its_library_on_every_published_day():
    span = (dt.date(CALENDAR.last_published, 12, 31) - dt.date(CALENDAR.first_published, 1, 1)).days + 1
    days = [dt.date(CALENDAR.first_published, 1, 1) + DAY * i for i in range(span)]
    ours = CALENDAR.is_workday(np.array(days, dtype="datetime64[D]"))
    assert ours.tolist() == [chinese_calendar.is_workday(date) for date in days]


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2025-09-30", 5, "2025-10-14"),  # 国庆 1–8 off, 11 October is a make-up workday
        ("2025-09-26", 1, "2025-09-28"),  # a Sunday that works
        ("2025-10-01", 0, "2025-10-01"),  # n = 0 is the date itself, off or not
        ("2027-04-30", 1, "2027-05-03"),  # unpublished: only 1 and 2 May are off
        ("2003-09-30", 1, "2003-10-06"),  # before the library's first year: 1–3 October, then a weekend
    ],
)
def test_add_workdays(start, n, expected):
    assert CALENDAR.add_workdays(day(start), n) == day(expected)


@pytest.mark.parametrize(
    ("date", "back", "forward"),
    [("2025-10-05", "2025-09-30", "2025-10-09"), ("2025-10-11", "2025-10-11", "2025-10-11")],
)
def test_rolling(date, back, forward):
    assert CALENDAR.roll_back(day(date)) == day(back)
    assert CALENDAR.roll_forward(day(date)) == day(forward)


def test_missing_days_stay_missing_and_overrides_win():
    assert np.isnat(CALENDAR.add_workdays(np.array(["NaT"], dtype="datetime64[D]"), 3))[0]
    own = WorkCalendar({dt.date(2025, 10, 11): False})
    assert own.add_workdays(day("2025-09-30"), 5) == day("2025-10-15")
    assert CALENDAR.add_workdays(day("2025-09-30"), 5) == day("2025-10-14")


def test_provisional_years():
    assert CALENDAR.is_provisional(day("2027-01-04"))
    assert CALENDAR.is_provisional(day("2026-12-30"), day("2027-01-04"))
    assert not CALENDAR.is_provisional(day("2026-12-31"))
    assert CALENDAR.is_provisional(day("2003-12-31"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026年3月5日", dt.date(2026, 3, 5)),
        ("20260305", dt.date(2026, 3, 5)),
        (20260305.0, dt.date(2026, 3, 5)),
        ("２０２６／３／５", dt.date(2026, 3, 5)),
        (46086, dt.date(2026, 3, 5)),
        (18264, dt.date(1950, 1, 1)),
        (18263, None),
        (12, None),
        ("2026-3-5", dt.date(2026, 3, 5)),
        ("2026.03.05", dt.date(2026, 3, 5)),
        ("2026年3月5号", dt.date(2026, 3, 5)),
        ("2026年3月5日（周四）", dt.date(2026, 3, 5)),
        ("2026年3月5日 星期四", dt.date(2026, 3, 5)),
        ("二〇二六年三月五日", dt.date(2026, 3, 5)),
        ("二零二六年十二月二十五日", dt.date(2026, 12, 25)),
        ("二〇二六年三十月五日", None),
        ("2026-03-05 14:30", dt.date(2026, 3, 5)),
        ("2026年3月5日下午2点半", dt.date(2026, 3, 5)),
        ("2026-03-05 或 03-06", None),
        ("2026-03-05/06", None),
        (dt.datetime(1900, 1, 11), None),
        ("2026-02-30", None),
        ("明天", None),
    ],
)
def test_dates_are_read_as_meant(typed, meant):
    assert reading.as_date(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:30", dt.time(14, 30)),
        ("１４：３０", dt.time(14, 30)),
        ("下午2点半", dt.time(14, 30)),
        ("14点30分20秒", dt.time(14, 30, 20)),
        ("1430", dt.time(14, 30)),
        (930.0, dt.time(9, 30)),
        (0.5, dt.time(12, 0)),
        (46086.5, dt.time(12, 0)),
        (0, dt.time(0, 0)),
        (9, None),
        (1475, None),
        (2400, None),
        ("9:305", None),
        ("25:00", None),
    ],
)
def test_clock_times_are_read_as_meant_or_not_at_all(typed, meant):
    assert reading.as_time(typed) == meant


@pytest.mark.parametrize(("typed", "meant"), [("1,000.5元", 1000.5), ("１２", 12), ("1_000", None), ("8分30秒", None)])
def test_numbers_are_read_as_meant_or_not_at_all(typed, meant):
    assert reading.as_number(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("+86 199 0000 1234", "19900001234"),
        ("199-0000-1234", "19900001234"),
        (19900001234.0, "19900001234"),
        ("１９９００００１２３４", "19900001234"),
        (1.23456789012345e17, None),
    ],
)
def test_phones_are_read_as_meant(typed, meant):
    assert reading.as_phone(typed) == meant


def test_periods():
    assert parse_period("2026Q3").end == dt.date(2026, 9, 30)
    assert parse_period("2026-02").end == dt.date(2026, 2, 28)
    assert quarter_of(dt.date(2026, 12, 31)).label == "2026Q4"
    with pytest.raises(ToolkitError, match="看不懂期间"):
        parse_period("三季度")


def _rows(**changes):
    values = {p.title: p.default for p in PARAMETERS} | changes
    return [(title, value, f"B{i + 2}") for i, (title, value) in enumerate(values.items())]


def test_shipped_parameters_are_valid():
    assert dict(read_parameters(_rows(), file="a.xlsx")) == dict(Parameters.defaults())


@pytest.mark.parametrize("bad", ["", "五", -1, 2.5, None])
def test_a_parameter_that_cannot_be_used_is_refused_with_its_clause(bad):
    with pytest.raises(ToolkitError, match=r"首次回访工作日数.*四、\(二\)1\."):
        read_parameters(_rows(首次回访工作日数=bad), file="a.xlsx")


def test_a_missing_parameter_is_refused():
    rows = [row for row in _rows() if row[0] != "抽查比例"]
    with pytest.raises(ToolkitError, match="抽查比例"):
        read_parameters(rows, file="a.xlsx")


def test_headers_and_names_are_unique_within_each_sheet():
    for sheet in sheets.SHEETS:
        assert len({field.header for field in sheet}) == len(sheet.fields)
        assert len(set(sheet.names)) == len(sheet.fields)


def test_table_from_reads_typed_columns():
    table = table_from(sheets.LOANS, [{"contract_no": 12345.0, "amount": "1,000元", "disbursed_on": "2026年3月5日"}])
    assert table.data.loc[0, "contract_no"] == "12345"
    assert table.data.loc[0, "amount"] == 1000
    assert table.data.loc[0, "disbursed_on"].date() == dt.date(2026, 3, 5)
    assert table.cell(2, "contract_no") == "A2"
    assert column_letter(28) == "AB"
