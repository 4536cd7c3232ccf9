"""Files that must be refused in one sentence, by name, without harm: wrong, damaged, encrypted, hostile.

Requirements: contract section 1 (exit 2 with one sentence naming the file, sheet or cell); brief of the host (zip
bombs, far-away cells, lying sizes, DTDs).
"""

import random
import re
import struct
import zipfile

import openpyxl
import pytest
from closed_workbooks import cells, marks, parts, plain, rich, with_parts

from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.parts import extent, zip_parts
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.model.tables import SheetEdits

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def path(tmp_path):
    return plain(tmp_path / "支行.xlsx", sheets.HOLIDAYS, [[46000, "休", "x"]])


def refused(path):
    with pytest.raises(ToolkitError) as caught:
        open_closed(path).read(sheets.HOLIDAYS)
    assert path.name in str(caught.value)
    return str(caught.value)


def test_no_file(tmp_path):
    assert "找不到这个文件" in refused(tmp_path / "没有.xlsx")


def test_a_folder(tmp_path):
    (tmp_path / "夹.xlsx").mkdir()
    assert "文件夹" in refused(tmp_path / "夹.xlsx")


@pytest.mark.parametrize("suffix", [".xls", ".csv", ".docx", ""])
def test_another_extension(tmp_path, suffix):
    file = tmp_path / f"台账{suffix}"
    file.write_bytes(b"x")
    assert "请选择 .xlsx 或 .xlsm" in refused(file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "0 字节"),
        (b"\xef\xbb\xbfa,b\n1,2\n", "内容不是 Excel 工作簿"),
        (zip_parts.OLE_MAGIC + b"\0" * 600, "旧版 .xls 格式"),
        (zip_parts.OLE_MAGIC + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "已加密"),
        (zip_parts.ZIP_MAGIC + b"\0" * 600, "不完整或已损坏"),
    ],
    ids=["empty", "csv", "xls", "encrypted", "zip in name only"],
)
def test_other_content_under_the_right_name(path, content, message):
    path.write_bytes(content)
    assert message in refused(path)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file(path, kept):
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    assert "不完整或已损坏" in refused(path)


def test_a_zip_that_is_no_workbook(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("word/document.xml", "<a/>")
    assert "不是 Excel 工作簿" in refused(path)


def test_an_encrypted_zip_entry(path):
    content = bytearray(path.read_bytes())
    flags = content.index(b"PK\x01\x02") + 8
    content[flags] |= 1
    path.write_bytes(bytes(content))
    assert "已加密" in refused(path)


def test_broken_xml_and_document_types(path):
    xml = parts(path)["xl/workbook.xml"]
    with_parts(path, {"xl/workbook.xml": xml[:-20]})
    assert "已损坏" in refused(path)
    bomb = xml.replace(b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook', 1)
    with_parts(path, {"xl/workbook.xml": bomb})
    assert "已损坏" in refused(path)


def test_a_damaged_sheet(path):
    with_parts(path, {SHEET: parts(path)[SHEET].replace(b'<row r="2"', b'<row r="x"')})
    assert "“节假日”表：内容无法读取" in refused(path)


def test_a_sheet_that_is_no_xml_is_never_written(path):
    with_parts(path, {SHEET: parts(path)[SHEET].replace(b"</row>", b"", 1)})
    book = open_closed(path)
    edit = SheetEdits(sheets.HOLIDAYS, cells=cells((2, "note", "y")))
    with pytest.raises(ToolkitError, match="“节假日”表：文件内容已损坏"):
        book.render([edit], {"节假日": book.read(sheets.HOLIDAYS)})


# Sizes


def test_a_zip_bomb(path, monkeypatch):
    with_parts(path, {"xl/media/image1.png": b"\0" * (zip_parts.RATIO_COUNTS_FROM + 1)})
    assert "异常庞大" in refused(path)


def test_more_than_all_reason_together(path, monkeypatch):
    monkeypatch.setattr(zip_parts, "MOST_BYTES", 1000)
    assert "异常庞大" in refused(path)


def test_an_entry_larger_than_it_declares(path):
    content = bytearray(path.read_bytes())
    name = SHEET.encode()
    entry = content.index(name, content.index(b"PK\x01\x02")) - 46
    size = struct.unpack_from("<I", content, entry + 24)[0]
    struct.pack_into("<I", content, entry + 24, size // 2)
    path.write_bytes(bytes(content))
    assert "损坏" in refused(path)


@pytest.mark.parametrize("address", ["XFD1048576", "A99999999999", "AAAAAAAA1", "XFD99999", "B9000000"])
def test_a_far_away_cell_is_named(path, address):
    row = re.search(r"\d+", address)[0]
    far = f'<row r="{row}"><c r="{address}"><v>1</v></c></row></sheetData>'.encode()
    with_parts(path, {SHEET: parts(path)[SHEET].replace(b"</sheetData>", far)})
    assert f"“节假日”表：单元格 {address} 离数据区太远" in refused(path)


@pytest.mark.parametrize("spelled", ['r = "XFD1048576"', "r='XFD1048576'", 's="0" r="XFD1048576"'])
def test_the_spelling_of_the_address_does_not_hide_it(path, spelled):
    far = f'<row r="1048576"><c {spelled} t="str"><v>x</v></c></row></sheetData>'.encode()
    with_parts(path, {SHEET: parts(path)[SHEET].replace(b"</sheetData>", far)})
    assert "XFD1048576" in refused(path)


def test_a_far_away_row_with_cells_that_leave_out_their_address(path):
    far = b'<row r="1048576">' + b"<c><v>1</v></c>" * 30 + b"</row></sheetData>"
    with_parts(path, {SHEET: parts(path)[SHEET].replace(b"</sheetData>", far)})
    assert "AD1048576" in refused(path)


def test_cells_that_only_carry_a_style_are_not_far_away(path):
    blank = b'<row r="1048576"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"></c></row></sheetData>'
    with_parts(path, {SHEET: parts(path)[SHEET].replace(b"</sheetData>", blank)})
    assert len(open_closed(path).read(sheets.HOLIDAYS).data) == 1


def test_an_address_in_a_text_is_only_a_text(path):
    text = b'<row r="3"><c r="C3" t="inlineStr"><is><t>r="XFD1048576" r = "A9999999"</t></is></c></row></sheetData>'
    with_parts(path, {SHEET: parts(path)[SHEET].replace(b"</sheetData>", text)})
    assert open_closed(path).read(sheets.HOLIDAYS).data["note"].iloc[-1].startswith('r="XFD')


def test_the_extent_counts_the_first_cell_of_a_row():
    xml = b'<row r="1"><c r="A9"><v>1</v></c><c r="B1" s="1"/></row>'
    assert extent.filled_extent(xml) == (9, 1, "A9")


def test_a_shared_string_table_that_claims_to_be_huge(tmp_path):
    path = rich(tmp_path / "a.xlsx")
    strings = re.sub(rb'uniqueCount="\d+"', b'uniqueCount="99999999999"', parts(path)["xl/sharedStrings.xml"])
    with_parts(path, {"xl/sharedStrings.xml": strings})
    assert "内容无法读取" in refused(path)


def test_a_far_cell_in_a_sheet_that_is_not_read_is_no_matter(tmp_path):
    path = rich(tmp_path / "a.xlsx")
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    own = "xl/worksheets/sheet4.xml"
    with_parts(path, {own: parts(path)[own].replace(b"</sheetData>", far)})
    assert len(open_closed(path).read(sheets.HOLIDAYS).data) == 4


def test_random_damage_is_refused_or_read_but_never_a_crash(tmp_path):
    """Bytes of the parts changed at random: a sentence or a table, nothing else."""
    path = rich(tmp_path / "a.xlsx")
    whole = parts(path)
    chance = random.Random(20260930)
    names = [name for name in whole if not name.startswith("docProps")]
    edit = SheetEdits(sheets.HOLIDAYS, cells=cells((3, "note", "y")), marks=marks((2, "kind", "错误", "n")))
    outcomes = set()
    for _ in range(150):
        name = chance.choice(names)
        damaged = bytearray(whole[name])
        for _ in range(chance.choice((1, 3))):
            at = chance.randrange(len(damaged))
            if chance.random() < 0.5:
                damaged[at] = chance.randrange(32, 127)
            else:
                del damaged[at : at + chance.randrange(1, 25)]
        try:
            book = open_closed(with_parts(path, {**whole, name: bytes(damaged)}, tmp_path / "b.xlsx"))
            book.render([edit], {"节假日": book.read(sheets.HOLIDAYS)}, {"状态_plan": "x"})
            outcomes.add("read")
        except ToolkitError:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_a_workbook_of_openpyxl_is_taken(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "节假日"
    book.active.append(["日期", "类型"])
    book.active.append(["2026-10-01", "休"])
    book.save(tmp_path / "a.xlsx")
    assert open_closed(tmp_path / "a.xlsx").read(sheets.HOLIDAYS).data["kind"].tolist() == ["休"]
