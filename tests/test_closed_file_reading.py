"""Reading closed workbooks.

Requirements: contract section 2 (columns by header text in any order, unknown columns kept, dates are dates, codes are
text), section 1 (a missing required column is refused by name; optional sheets count as empty); brief of the host:
true sheet rows, error values, 1904, strict files, first used cell anywhere.
"""

import datetime as dt
import time

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from closed_workbooks import parts, plain, rich, with_parts

from toolkit.hosts.closed_file import open_closed
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError


def write(path, rows, title="节假日", **options):
    """A sheet cell by cell: {"A1": value}."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd", **options})
    page = book.add_worksheet(title)
    for cell, value in rows.items():
        page.write(cell, value)
    book.close()
    return path


def test_columns_are_found_by_folded_header_in_any_order(tmp_path):
    headers = ["备 注", "年利率（％）", "我的列", "贷款合同编号 "] + [
        f.header for f in sheets.LOANS if f.required and f.name != "contract_no"
    ]
    path = plain(tmp_path / "a.xlsx", sheets.LOANS, [["甲", 4.35, "own", "HT001"]], headers)
    table = open_closed(path).read(sheets.LOANS)
    assert table.columns["remark"] == 1
    assert table.columns["annual_rate"] == 2
    assert table.extras == {"我的列": 3}
    assert table.data.loc[0, ["row", "contract_no", "annual_rate", "remark"]].tolist() == [2, "HT001", 4.35, "甲"]
    assert table.raw["我的列"].tolist() == ["own"]
    assert list(table.data.columns) == ["row", *sheets.LOANS.names]
    assert "grade" not in table.columns
    assert table.data["grade"].tolist() == [""]
    assert table.cell(2, "remark") == "A2"


def test_values_keep_their_kind(tmp_path):
    path = write(
        tmp_path / "a.xlsx",
        {
            "A1": "贷款合同编号", "B1": "期次", "C1": "应还日期", "D1": "应还金额", "E1": "实还日期",
            "A2": "0012", "B2": 1, "C2": dt.date(2026, 3, 5), "D2": 100.25, "E2": "2026年3月6日",
            "A3": 20260001, "B3": "２", "C3": "20260405", "D3": "1,000元", "E3": "下周",
        },
        title="还款计划",
    )  # fmt: skip
    table = open_closed(path).read(sheets.SCHEDULE)
    assert table.data["contract_no"].tolist() == ["0012", "20260001"]
    assert table.data["instalment_no"].tolist() == [1.0, 2.0]
    assert table.data["due_on"].tolist() == [pd.Timestamp(2026, 3, 5), pd.Timestamp(2026, 4, 5)]
    assert table.data["due_amount"].tolist() == [100.25, 1000.0]
    assert table.raw["contract_no"].tolist() == ["0012", 20260001.0]
    assert table.unreadable("paid_on").tolist() == [False, True]
    assert table.data["due_on"].dtype == np.dtype("datetime64[s]")


def test_blank_rows_are_skipped_and_true_rows_kept(tmp_path):
    path = write(
        tmp_path / "a.xlsx",
        {"A1": "日期", "B1": "类型", "A4": dt.date(2026, 10, 1), "B4": "休", "A6": "  ", "D7": "旁注", "B9": "班"},
    )
    table = open_closed(path).read(sheets.HOLIDAYS)
    assert table.data["row"].tolist() == [4, 9]
    assert table.data.index.tolist() == [0, 1]


def test_first_used_column_need_not_be_a(tmp_path):
    path = write(tmp_path / "a.xlsx", {"C1": "类型", "D1": "日期", "C2": "班", "D2": dt.date(2026, 10, 10)})
    table = open_closed(path).read(sheets.HOLIDAYS)
    assert table.columns == {"date": 4, "kind": 3}
    assert table.data.loc[0, "date"] == pd.Timestamp(2026, 10, 10)


def test_a_header_that_is_not_in_row_1_is_no_header(tmp_path):
    path = write(tmp_path / "a.xlsx", {"A2": "日期", "B2": "类型", "A3": dt.date(2026, 10, 1), "B3": "休"})
    with pytest.raises(ToolkitError, match=r"a\.xlsx 的“节假日”表：缺少必需的列“日期”、“类型”"):
        open_closed(path).read(sheets.HOLIDAYS)


def test_error_values_are_unreadable_text(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = book.add_worksheet("节假日")
    page.write_row(0, 0, ["日期", "类型", "说明"])
    page.write_row(1, 0, ["", "休", "x"])
    page.write_formula("A2", "=NA()", None, "#N/A")
    page.write_formula("C2", "=1/0", None, "#DIV/0!")
    book.close()
    table = open_closed(tmp_path / "a.xlsx").read(sheets.HOLIDAYS)
    assert table.unreadable("date").tolist() == [True]
    assert table.raw["date"].tolist() == ["#N/A"]
    assert table.data["note"].tolist() == ["#DIV/0!"]


def test_1904_and_strict_workbooks(tmp_path):
    cells = {"A1": "日期", "B1": "类型", "A2": dt.date(2026, 3, 5), "B2": "休"}
    old_mac = write(tmp_path / "mac.xlsx", cells, date_1904=True)
    assert open_closed(old_mac).read(sheets.HOLIDAYS).data.loc[0, "date"] == pd.Timestamp(2026, 3, 5)
    strict = write(tmp_path / "strict.xlsx", cells)
    for transitional, other in (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ):
        with_parts(strict, {name: part.replace(transitional, other) for name, part in parts(strict).items()})
    assert open_closed(strict).read(sheets.HOLIDAYS).data.loc[0, "date"] == pd.Timestamp(2026, 3, 5)


def test_clock_times_and_time_stamps(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    page.title = "问题事件"
    page.append(["时间", "问题编号"])
    page.append([dt.datetime(2026, 3, 5, 10, 11, 12), "W-1"])
    page.append(["2026-03-06 08:09", "W-2"])
    book.save(tmp_path / "a.xlsx")
    table = open_closed(tmp_path / "a.xlsx").read(sheets.ISSUE_EVENTS)
    assert table.data["at"].tolist() == [pd.Timestamp(2026, 3, 5, 10, 11, 12), pd.Timestamp(2026, 3, 6, 8, 9)]


def test_missing_sheets(tmp_path):
    book = open_closed(write(tmp_path / "a.xlsx", {"A1": "x"}, title="别的"))
    for sheet in (sheets.SCHEDULE, sheets.VISITS, sheets.RECORDS):
        table = book.read(sheet)
        assert not table.present
        assert table.data.empty
        assert list(table.data.columns) == ["row", *sheet.names]
        assert table.data["row"].dtype == np.int64
    with pytest.raises(ToolkitError, match=r"a\.xlsx：缺少“贷款台账”表，请"):
        book.read(sheets.LOANS)


def test_an_empty_optional_sheet_counts_as_empty(tmp_path):
    table = open_closed(write(tmp_path / "a.xlsx", {}, title="还款计划")).read(sheets.SCHEDULE)
    assert table.present
    assert table.data.empty


def test_a_doubled_header_is_refused_with_both_cells(tmp_path):
    path = write(tmp_path / "a.xlsx", {"A1": "日期", "B1": "类型", "D1": "日 期"})
    with pytest.raises(ToolkitError, match="“节假日”表：列标题“日 期”出现了两次（A1 和 D1）"):
        open_closed(path).read(sheets.HOLIDAYS)


def test_own_columns_that_clash_are_told_apart(tmp_path):
    cells = {
        "A1": "日期",
        "B1": "类型",
        "C1": "旁注",
        "D1": "旁注",
        "E1": "kind",
        "A2": 46000,
        "C2": "c",
        "D2": "d",
        "E2": "e",
    }
    table = open_closed(write(tmp_path / "a.xlsx", cells)).read(sheets.HOLIDAYS)
    assert table.extras == {"旁注": 3, "旁注（D列）": 4, "kind（E列）": 5}
    assert table.raw["旁注（D列）"].tolist() == ["d"]
    assert table.raw["kind"].tolist() == [None]


def test_tabs_names_and_labels(tmp_path):
    book = open_closed(rich(tmp_path / "a.xlsm"))
    assert book.titles() == ["首页", "节假日", "回访清单", "我的图表"]
    assert book.find_right_of("首页", "机构:") is None  # B3 is blank
    assert book.find_right_of("首页", "基准日") is None
    assert book.find_right_of("首页", "没有") is None
    assert book.find_right_of("没有", "机构") is None
    assert book.named("公式格") == 4
    assert book.named("没有") is None
    assert book.named("区域") is None
    assert book.named("首页_基准日") is None


def test_right_of_a_merged_label(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = book.add_worksheet("首页")
    page.merge_range("B3:C3", "机　构：")
    page.write("D3", "城东支行")
    book.close()
    assert open_closed(tmp_path / "a.xlsx").find_right_of("首页", "机构") == "城东支行"


def test_cells_without_addresses_and_a_false_dimension(tmp_path):
    path = write(tmp_path / "a.xlsx", {"A1": "日期", "B1": "类型", "A2": dt.date(2026, 3, 5), "B2": "休"})
    xml = parts(path)["xl/worksheets/sheet1.xml"]
    for address in (b"A1", b"B1", b"A2", b"B2"):
        xml = xml.replace(b' r="' + address + b'"', b"")
    xml = xml.replace(b'<dimension ref="A1:B2"/>', b'<dimension ref="A1:A1"/>')
    table = open_closed(with_parts(path, {"xl/worksheets/sheet1.xml": xml})).read(sheets.HOLIDAYS)
    assert table.data[["row", "kind"]].to_numpy().tolist() == [[2, "休"]]


def test_a_large_schedule_is_read_fast(tmp_path):
    rows = [[f"HT{i // 12:05d}", i % 12 + 1, 46000 + i % 900, 1234.5, None, None, None] for i in range(36_000)]
    path = plain(tmp_path / "a.xlsx", sheets.SCHEDULE, rows)
    started = time.process_time()
    table = open_closed(path).read(sheets.SCHEDULE)
    assert len(table.data) == 36_000
    assert time.process_time() - started < 3  # half a second on an idle machine
