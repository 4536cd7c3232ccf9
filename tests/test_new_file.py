"""New workbooks: what goes in comes out again, letter for letter, as the kind of cell it should be.

Requirements: contract, section 2 (dates are real dates; 编号/证件/电话 are text) and section 1 (text from data is kept
letter for letter); own columns stay; nothing becomes a formula; what a workbook cannot hold is refused in Chinese.
"""

import datetime as dt
import io
import re
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from toolkit.generate.branch_workbook import build_workbook
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.fresh.new_file import write_workbook
from toolkit.hosts.fresh.sheet_rows import LONGEST_TEXT
from toolkit.hosts.parts.row_heights import lines_needed
from toolkit.model import sheets as s
from toolkit.model.errors import ToolkitError
from toolkit.model.tables import Rows, table_from


def written(sheet, rows) -> bytes:
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, dtype="object")
    buffer = io.BytesIO()
    write_workbook(buffer, {sheet.title: frame}, sheets=[sheet])
    return buffer.getvalue()


def cell_of(content: bytes, sheet, name: str, row: int = 2):
    worksheet = openpyxl.load_workbook(io.BytesIO(content))[sheet.title]
    return worksheet.cell(row, sheet.names.index(name) + 1)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+8613900000000", "-", "@提醒", "\t缩进", " 前后空格 ", "第一行\n第二行", "A<B & C>D \"引号\"'",
        "_x0041_", "回车\r\n换行", "控制\x0b符", "𠮷野家", "1e5", "00123", "<r>x</r>",
    ],
)  # fmt: skip
def test_texts_survive_letter_for_letter(text):
    content = written(s.RECORDS, [{"content": text}])
    cell = cell_of(content, s.RECORDS, "content")
    assert cell.data_type in ("s", "inlineStr")
    # openpyxl leaves the format's own escape for control characters to the caller.
    spelled = re.sub(r"_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), cell.value)
    assert spelled == text
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml.partition("</sheetData>")[0]


def test_plain_texts_survive_in_the_fast_reader():
    texts = ["=1+1", " 前后空格 ", "第一行\n第二行", "A<B & C>D", "𠮷野家", "-12"]
    content = written(s.RECORDS, [{"content": text} for text in texts])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("回访记录").to_python()
    column = s.RECORDS.names.index("content")
    assert [row[column] for row in rows[1:]] == texts


@pytest.mark.parametrize("value", [19900000001, 19900000001.0, "19900000001"])
def test_identifiers_are_text_whatever_the_frame_holds(value):
    for sheet, name in ((s.LOANS, "phone"), (s.LOANS, "contract_no"), (s.LOANS, "id_number")):
        cell = cell_of(written(sheet, [{name: value}]), sheet, name)
        assert cell.value == "19900000001"
        assert cell.number_format == "@"


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"disbursed_on": np.array(["2026-03-05", "NaT"], dtype="datetime64[s]")}),
        pd.DataFrame({"disbursed_on": [dt.date(2026, 3, 5), None]}, dtype="object"),
        pd.DataFrame({"disbursed_on": [dt.datetime(2026, 3, 5), pd.NaT]}, dtype="object"),
    ],
    ids=["datetime64", "date", "datetime"],
)
def test_dates_are_real_dates(frame):
    content = written(s.LOANS, frame)
    cell = cell_of(content, s.LOANS, "disbursed_on")
    assert (cell.value, cell.number_format) == (dt.datetime(2026, 3, 5), "yyyy-mm-dd")
    assert cell_of(content, s.LOANS, "disbursed_on", 3).value is None


def test_dates_as_people_type_them_stay_text():
    assert (
        cell_of(written(s.LOANS, [{"disbursed_on": "2026年3月5日"}]), s.LOANS, "disbursed_on").value == "2026年3月5日"
    )


def test_dates_before_excels_calendar_stay_readable():
    cell = cell_of(written(s.LOANS, [{"disbursed_on": dt.date(1899, 5, 1)}]), s.LOANS, "disbursed_on")
    assert cell.value == "1899-05-01"


def test_times_timestamps_numbers_and_fractions():
    cell = cell_of(written(s.RECORDS, [{"started_at": dt.time(14, 30)}]), s.RECORDS, "started_at")
    assert (cell.value, cell.number_format) == (dt.time(14, 30), "hh:mm")
    moment = pd.Timestamp("2026-07-06 09:15:30")
    assert cell_of(written(s.LOG, [{"at": moment}]), s.LOG, "at").value == moment.to_pydatetime()
    kpi = written(s.INDICATORS, pd.DataFrame({"rate": [0.985, np.nan, np.inf], "numerator": [197, 0, 1]}))
    assert cell_of(kpi, s.INDICATORS, "rate").value == 0.985
    assert cell_of(kpi, s.INDICATORS, "rate").number_format == "0.0%"
    assert cell_of(kpi, s.INDICATORS, "rate", 3).value is None
    assert cell_of(kpi, s.INDICATORS, "rate", 4).value is None
    assert cell_of(kpi, s.INDICATORS, "numerator").value == 197
    loan = written(s.LOANS, pd.DataFrame({"amount": [0.1 + 0.2, 1e16]}))
    assert cell_of(loan, s.LOANS, "amount").value == 0.1 + 0.2
    assert cell_of(loan, s.LOANS, "amount", 3).value == 1e16


def test_own_columns_follow_under_their_own_name():
    frame = pd.DataFrame({"自定义": ["甲", "乙"], "contract_no": ["HT1", "HT2"], "约访日": [dt.date(2026, 7, 1), None]})
    worksheet = openpyxl.load_workbook(io.BytesIO(written(s.LOANS, frame)))["贷款台账"]
    width = len(s.LOANS.fields)
    assert [worksheet.cell(1, width + i).value for i in (1, 2)] == ["自定义", "约访日"]
    assert [worksheet.cell(row, width + 1).value for row in (2, 3)] == ["甲", "乙"]
    assert worksheet.cell(2, width + 2).value == dt.datetime(2026, 7, 1)
    assert worksheet.cell(2, width + 2).number_format == "yyyy-mm-dd"
    assert worksheet.auto_filter.ref.startswith("A1:AD")


def test_findings_link_to_their_cell():
    rows = [{"sheet": "回访记录", "cell": "E7"}, {"sheet": "回访记录", "cell": "第8行"}, {"sheet": "", "cell": ""}]
    content = written(s.FINDINGS, rows)
    links = [cell_of(content, s.FINDINGS, "cell", row).hyperlink for row in (2, 3, 4)]
    assert [link and (link.ref, link.location) for link in links] == [("E2", "'回访记录'!E7"), None, None]
    xml = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    order = re.findall(r"<(dataValidations|hyperlinks|printOptions|pageMargins|pageSetup)\b", xml)
    assert order == ["dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup"]


def test_long_texts_get_room():
    rows = [{"content": "短"}, {"content": "长" * 100}, {"content": "一\n二\n三"}]
    xml = zipfile.ZipFile(io.BytesIO(written(s.RECORDS, rows))).read("xl/worksheets/sheet1.xml").decode()
    assert '<row r="2">' in xml
    heights = [float(height) for height in re.findall(r'<row r="[34]" ht="([\d.]+)">', xml)]
    assert len(heights) == 2
    assert all(height > 40 for height in heights)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("", 10, 1), ("五个汉字呀", 10, 1), ("六个汉字了呀", 10, 2), ("abcdefghij", 10, 1), ("abcdefghijk", 10, 2)],
)
def test_chinese_takes_two_columns(text, width, lines):
    assert lines_needed(text, width) == lines


def test_validations_and_colours_reach_all_rows():
    frame = pd.DataFrame({"contract_no": [f"HT{i}" for i in range(6000)]})
    worksheet = openpyxl.load_workbook(io.BytesIO(written(s.LOANS, frame)))["贷款台账"]
    last = [str(validation.sqref) for validation in worksheet.data_validations.dataValidation]
    assert all(reference.endswith("6001") for reference in last)
    assert worksheet.auto_filter.ref.endswith("6001")
    assert worksheet.dimensions == "A1:AB6001"
    assert all(str(rules.sqref).endswith("6001") for rules in worksheet.conditional_formatting)


def test_only_the_sheets_asked_for_and_dropdowns_that_need_no_other():
    book = openpyxl.load_workbook(io.BytesIO(written(s.RECORDS, [{"visitor": "何青"}])))
    assert book.sheetnames == ["回访记录"]
    assert all(validation.formula1 != "回访人员姓名" for validation in book["回访记录"].data_validations.dataValidation)


def test_unknown_sheets_are_a_programming_error():
    with pytest.raises(ValueError, match="别的表"):
        write_workbook(io.BytesIO(), {"别的表": pd.DataFrame()})


def test_a_text_too_long_for_a_cell_is_refused_by_place():
    frame = pd.DataFrame({"content": ["好", "长" * (LONGEST_TEXT + 1)]}, dtype="object")
    with pytest.raises(ToolkitError, match=r"“回访记录”表 AA3：“回访内容”的文字超过 32767 个字符"):
        written(s.RECORDS, frame)
    assert cell_of(written(s.RECORDS, [{"content": "长" * LONGEST_TEXT}]), s.RECORDS, "content").value


def test_parameters_keep_the_kind_of_their_row():
    rows = [
        {"parameter": "启用日期", "value": dt.date(2026, 1, 1)},
        {"parameter": "问卷产品", "value": ("小微贷", "消费贷")},
        {"parameter": "个人面谈金额起点", "value": 500000},
        {"parameter": "本行自定", "value": "保留"},
    ]
    worksheet = openpyxl.load_workbook(io.BytesIO(written(s.PARAMETERS, rows)))["参数"]
    assert [worksheet.cell(row, 2).value for row in range(2, 6)] == [
        dt.datetime(2026, 1, 1), "小微贷、消费贷", 500000, "保留",
    ]  # fmt: skip
    assert worksheet["B2"].number_format == "yyyy-mm-dd"


def test_what_is_written_is_what_the_closed_file_reads(tmp_path):
    loans = table_from(
        s.LOANS,
        [
            {"contract_no": "HT001", "customer_name": "林晓舟", "phone": "19900000001", "amount": 200000.5,
             "disbursed_on": dt.date(2026, 6, 15), "status": "使用中"},
            {"contract_no": "0002", "customer_name": "=甲公司", "phone": "019900000002", "amount": 1,
             "settled_on": dt.date(2026, 7, 1), "status": "已结清", "remark": "第一行\n第二行"},
        ],
    )  # fmt: skip
    records = table_from(s.RECORDS, [{"contract_no": "HT001", "started_at": dt.time(9, 5), "minutes": 8.5}])
    path = tmp_path / "江州支行.xlsx"
    contents = {table.sheet.title: table.data.drop(columns="row") for table in (loans, records)}
    path.write_bytes(build_workbook(contents, "示例银行"))
    book = open_closed(path)
    for table in (loans, records):
        read = book.read(table.sheet)
        assert not read.extras
        pd.testing.assert_frame_equal(read.data, table.data)
    assert book.named("首页_机构") == "示例银行"
    assert book.find_right_of("首页", "机构") == "示例银行"


def test_rows_that_come_in_parts_are_the_same_rows():
    texts = ["短", "很长的回访内容，" * 30, "", "A<B", " 空格", "末行"]
    frame = pd.DataFrame({"content": texts, "visitor": ["", "", "何青", "", "", "陆平"]}, dtype="object")
    buffer = io.BytesIO()
    parts = Rows(len(frame), lambda: (frame.iloc[i : i + 2] for i in range(0, len(frame), 2)))
    write_workbook(buffer, {s.RECORDS.title: parts}, sheets=[s.RECORDS])

    def entries(content: bytes) -> dict[str, bytes]:
        package = zipfile.ZipFile(io.BytesIO(content))
        return {name: package.read(name) for name in package.namelist()}

    assert entries(buffer.getvalue()) == entries(written(s.RECORDS, frame))


def test_a_text_too_long_is_named_by_its_row_in_the_whole_sheet():
    frame = pd.DataFrame({"content": ["短", "短", "长" * (LONGEST_TEXT + 1)]}, dtype="object")
    parts = Rows(3, lambda: (frame.iloc[i : i + 2] for i in (0, 2)))
    with pytest.raises(ToolkitError, match="“回访记录”表 AA4"):
        write_workbook(io.BytesIO(), {s.RECORDS.title: parts}, sheets=[s.RECORDS])
