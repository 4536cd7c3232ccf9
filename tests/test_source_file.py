"""Files of strangers as raw rows.

Requirements: contract section 1 (ledgers may also be .xls, .ods, .csv in UTF-8 with or without BOM or in GBK; each
rejected file is named), section 4 (text is kept letter for letter); brief of the host (hostile files).
"""

import contextlib
import datetime as dt
import random
import zipfile

import pytest
import xlsxwriter
from closed_workbooks import converted, parts, plain, rich, with_parts

from toolkit.hosts.foreign.source_file import read_sources
from toolkit.hosts.parts import zip_parts
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError

ROWS = [["合同号", "姓名", "金额"], ["0012", "林晓舟", "1,000"], ["0013", "周“远”, 甲", None]]
LINES = '合同号,姓名,金额\r\n0012,林晓舟,"1,000"\r\n0013,"周“远”, 甲",\r\n'


def read(path):
    (source,) = read_sources(path)
    return source


def csv_file(tmp_path, content: bytes):
    path = tmp_path / "台账.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_csv_in_every_encoding_that_is_met(tmp_path, encoding):
    source = read(csv_file(tmp_path, LINES.encode(encoding)))
    assert source.rows == ROWS
    assert (source.file, source.sheet) == ("台账.csv", "台账")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_delimiters(tmp_path, delimiter):
    text = f"合同号{delimiter}说明\n0012{delimiter}甲、乙\n0013{delimiter}丙\n"
    assert read(csv_file(tmp_path, text.encode())).rows == [["合同号", "说明"], ["0012", "甲、乙"], ["0013", "丙"]]


def test_csv_commas_within_the_fields_of_another_delimiter(tmp_path):
    text = "合同号;说明\n0012;a,b,c,d\n0013;a,b\n"
    assert read(csv_file(tmp_path, text.encode())).rows[1] == ["0012", "a,b,c,d"]


def test_csv_rows_keep_their_number_and_text_its_letters(tmp_path):
    text = '甲,乙\n\n 0012 ,"第一行\n第二行"\n="0123",=1+1\n'
    assert read(csv_file(tmp_path, text.encode())).rows == [
        ["甲", "乙"],
        [],
        [" 0012 ", "第一行\n第二行"],
        ["0123", "=1+1"],
    ]


def test_csv_of_one_column(tmp_path):
    assert read(csv_file(tmp_path, "合同号\n0012\n".encode())).rows == [["合同号"], ["0012"]]


def test_xlsx_rows_start_at_a1_and_blanks_are_none(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"default_date_format": "yyyy-mm-dd"})
    book.add_worksheet("空")
    page = book.add_worksheet("导出")
    page.write_row("B3", ["合同号", "日期"])
    page.write_row("B4", ["0012", dt.date(2026, 3, 5)])
    page.write_formula("C5", "=NA()", None, "#N/A")
    book.close()
    source = read(tmp_path / "a.xlsx")
    assert source.sheet == "导出"
    assert source.rows == [
        [],
        [],
        [None, "合同号", "日期"],
        [None, "0012", dt.date(2026, 3, 5)],
        [None, None, "#N/A"],
    ]


def test_every_sheet_that_holds_anything(tmp_path):
    sources = read_sources(rich(tmp_path / "a.xlsm"))
    assert [source.sheet for source in sources] == ["首页", "节假日", "回访清单", "我的图表"]


@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_old_and_open_document_books(tmp_path, suffix):
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [[dt.date(2026, 10, 1), "休", "国庆"], [None, "班", "0012"]])
    source = read(converted(path, suffix))
    assert source.sheet == "节假日"
    assert source.rows == [
        ["日期", "类型", "说明"],
        [dt.date(2026, 10, 1), "休", "国庆"],
        [None, "班", "0012"],
    ]


def open_document(path, table: str, manifest: str = ""):
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" '
        f'xmlns:text="{space}text:1.0"><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content)
        file.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
    return path


CELL = '<table:table-cell office:value-type="string"{}><text:p>x</text:p></table:table-cell>'


def test_open_document_repetitions(tmp_path):
    """LibreOffice fills up the sheet with one blank cell repeated a million times: that is no matter."""
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    table = (
        f'<table:table table:name="甲"><table:table-row>{CELL.format("")}{blank}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="1048575">{blank}</table:table-row></table:table>'
    )
    assert read(open_document(tmp_path / "a.ods", table)).rows == [["x"]]
    for repeated in (
        f'<table:table-row table:number-rows-repeated="1048576">{CELL.format("") * 30}</table:table-row>',
        "<table:table-row>" + CELL.format(' table:number-columns-repeated="900000000"') + "</table:table-row>",
    ):
        bomb = open_document(tmp_path / "b.ods", f'<table:table table:name="甲">{repeated}</table:table>')
        with pytest.raises(ToolkitError, match=r"b\.ods 的“甲”表：单元格 \w+ 离数据区太远"):
            read_sources(bomb)


def test_an_encrypted_open_document(tmp_path):
    path = open_document(tmp_path / "a.ods", "", "<manifest><encryption-data/></manifest>")
    with pytest.raises(ToolkitError, match=r"a\.ods：文件已加密"):
        read_sources(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "没有数据"),
        ("a.csv", b" \r\n \n", "没有数据"),
        ("a.csv", b"\xef\xbb\xbf\r\n,,\r\n", "没有数据"),
        ("a.csv", b"\x00\x01\x02\x03" * 9, "不是文本"),
        ("a.csv", b"\xff" * 20, "编码无法识别"),
        ("a.csv", b'a,"' + b"x" * 2_000_000, "不是规整的"),
        ("a.xlsx", b"a,b\n", "内容不是 Excel 工作簿"),
        ("a.xls", b"<html><p>x</p></html>", "内容却是没有表格的网页"),
        ("a.xls", b"<html><table></table></html>", "没有数据"),
        ("a.xls", zip_parts.OLE_MAGIC + bytes(2000), "内容无法读取"),
        ("a.xls", zip_parts.OLE_MAGIC + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "已加密"),
        ("a.xlsx", zip_parts.OLE_MAGIC + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "已加密"),
        ("a.xlsx", b"PK\x03\x04" + bytes(600), "不完整或已损坏"),
        ("a.ods", b"PK\x03\x04" + bytes(600), "不完整或已损坏"),
        ("a.docx", b"PK\x03\x04", "不支持的文件类型“.docx”"),
        ("a", b"x", "不支持的文件类型"),
    ],
)  # fmt: skip
def test_files_that_are_refused(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ToolkitError) as caught:
        read_sources(path)
    assert str(caught.value).startswith(f"{name}：")
    assert message in str(caught.value)


def test_folders_and_missing_files(tmp_path):
    (tmp_path / "夹.csv").mkdir()
    for name, message in (("夹.csv", "文件夹"), ("没有.csv", "找不到")):
        with pytest.raises(ToolkitError, match=f"{name}：.*{message}"):
            read_sources(tmp_path / name)


def test_an_empty_workbook(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet()
    book.close()
    with pytest.raises(ToolkitError, match="文件里没有数据"):
        read_sources(tmp_path / "a.xlsx")


def test_a_far_away_cell_is_named(tmp_path):
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [[46000, "休", "x"]])
    part = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with_parts(path, {part: parts(path)[part].replace(b"</sheetData>", far)})
    with pytest.raises(ToolkitError, match=r"a\.xlsx 的“节假日”表：单元格 XFD1048576"):
        read_sources(path)


def test_a_damaged_old_book_never_takes_the_process_down(tmp_path):
    """Some damage makes calamine panic or ask for all memory: a child process takes the blow."""
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [[46000 + i, "休", f"第{i}天"] for i in range(50)])
    whole = converted(path, "xls").read_bytes()
    chance = random.Random(3)
    for _ in range(12):
        damaged = bytearray(whole)
        for _ in range(40):
            damaged[chance.randrange(512, len(damaged))] = chance.randrange(256)
        path = tmp_path / "b.xls"
        path.write_bytes(bytes(damaged))
        with contextlib.suppress(ToolkitError):
            assert read_sources(path)
