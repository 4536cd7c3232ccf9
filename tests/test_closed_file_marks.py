"""Marks on cells: a colour by conditional format, a note by comment, both gone once mended.

Requirements: contract section 4 (the clerk's cell gets a mark and a note that go away once mended; the clerk's own
notes stay; a mended cell regains its former look); brief of the host: existing VML and other rules survive.
"""

import io
import re
import zipfile

import openpyxl
import pytest
from closed_workbooks import changed_parts, converted, marks, parts, plain, render, rich, save, with_parts

from toolkit.model import sheets
from toolkit.model.tables import SheetEdits

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

HOLIDAY_PART, VML, COMMENTS = "xl/worksheets/sheet2.xml", "xl/drawings/vmlDrawing2.vml", "xl/comments1.xml"
NONE = marks()


@pytest.fixture
def book(tmp_path):
    return rich(tmp_path / "支行.xlsm")


def mark(path, *rows):
    return render(path, SheetEdits(sheets.HOLIDAYS, marks=marks(*rows)))


def page_of(content):
    return openpyxl.load_workbook(io.BytesIO(content))["节假日"]


def rules(content):
    """(cells, priority, formula, fill) of every rule, in order of priority."""
    found = []
    for block in page_of(content).conditional_formatting:
        for rule in block.rules:
            fill = rule.dxf.fill.bgColor.rgb if rule.dxf and rule.dxf.fill else None
            found.append((str(block.sqref), rule.priority, rule.formula, fill))
    return sorted(found, key=lambda rule: rule[1])


def test_a_mark_is_a_rule_per_level_before_all_others(book):
    missing = ((row, "date", "错误", "缺日期") for row in (3, 4))
    content = mark(book, (2, "date", "警告", "日期可疑"), *missing, (5, "note", "提示", ""))
    assert rules(content)[:3] == [
        ("A3:A4", 1, ['LEN("回访校验-错误")>0'], "FFFFC7CE"),
        ("A2", 2, ['LEN("回访校验-警告")>0'], "FFFFE0B2"),
        ("C5", 3, ['LEN("回访校验-提示")>0'], "FFFFF9C4"),
    ]
    assert [priority for _, priority, *_ in rules(content)[3:]] == [4, 5]
    assert changed_parts(book, content) == [COMMENTS, VML, "xl/styles.xml", HOLIDAY_PART]
    page, before = page_of(content), page_of(book.read_bytes())
    assert page["A3"].fill.fgColor.rgb == before["A3"].fill.fgColor.rgb
    assert page["A3"].comment.text == "【校验】缺日期"
    assert page["A3"].comment.author == "回访校验"
    assert page["C5"].comment is None


def test_marking_again_changes_nothing_and_mended_cells_lose_mark_and_note(book):
    rows = ((2, "date", "警告", "日期可疑"), (3, "date", "错误", "缺日期\n晚于基准日"))
    before = parts(book)
    save(book, mark(book, *rows))
    assert mark(book, *rows) is None
    assert mark(book, *reversed(rows)) is None
    save(book, mark(book, rows[0]))
    page = page_of(book.read_bytes())
    assert page["A3"].comment is None
    assert rules(book.read_bytes())[0][0] == "A2"
    save(book, mark(book))
    after = parts(book)
    assert after[VML].count(b"<v:shape ") == before[VML].count(b"<v:shape ")
    assert "回访校验-" not in after[HOLIDAY_PART].decode()
    assert set(after) == set(before)
    assert mark(book) is None


def test_the_clerks_own_note_stays_above_ours_and_as_it_was(book):
    theirs = page_of(book.read_bytes())["B2"].comment.text
    original = parts(book)[COMMENTS]
    save(book, mark(book, (2, "kind", "错误", "不在列表内\n请选择")))
    assert page_of(book.read_bytes())["B2"].comment.text == f"{theirs}\n【校验】不在列表内\n【校验】请选择"
    assert page_of(book.read_bytes())["B2"].comment.author == "张敏"
    assert parts(book)[VML].count(b"<v:shape ") == 2  # the button and the clerk's note
    save(book, mark(book, (2, "kind", "错误", "另一句")))
    assert page_of(book.read_bytes())["B2"].comment.text == f"{theirs}\n【校验】另一句"
    save(book, mark(book))
    assert page_of(book.read_bytes())["B2"].comment.text == theirs
    assert re.sub(rb"<\?xml.*?\?>\s*", b"", parts(book)[COMMENTS]) == re.sub(rb"<\?xml.*?\?>\s*", b"", original)


def test_what_a_clerk_writes_into_our_note_is_kept(book):
    save(book, mark(book, (3, "date", "错误", "缺日期")))
    edited = parts(book)[COMMENTS].decode().replace("【校验】缺日期", "【校验】缺日期\n已去电核实")
    with_parts(book, {COMMENTS: edited.encode()})
    save(book, mark(book))
    assert page_of(book.read_bytes())["A3"].comment.text == "已去电核实"


def test_buttons_and_their_drawing_survive(book):
    before = parts(book)
    content = mark(book, (3, "date", "错误", "缺日期"))
    vml = parts(content)[VML]
    button = re.search(rb'<v:shape [^>]*type="#_x0000_t201".*?</v:shape>', before[VML], re.DOTALL)[0]
    assert button in vml
    assert b"RunCheck" in vml
    assert parts(content)["xl/drawings/vmlDrawing1.vml"] == before["xl/drawings/vmlDrawing1.vml"]
    assert parts(content)["xl/vbaProject.bin"] == before["xl/vbaProject.bin"]
    ids = re.findall(rb'id="_x0000_s(\d+)"', vml + before["xl/drawings/vmlDrawing1.vml"])
    assert len(ids) == len(set(ids))


def test_vml_that_is_no_xml_survives(book):
    loose = parts(book)[VML].replace("校验".encode(), "校验<br>第二行".encode())
    with_parts(book, {VML: loose})
    save(book, mark(book, (3, "date", "错误", "缺日期")))
    assert "校验<br>第二行".encode() in parts(book)[VML]
    save(book, mark(book))
    assert parts(book)[VML].count(b"<v:shape ") == 2


def test_parts_are_made_where_there_are_none_and_go_again(tmp_path):
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [[46000, "休", "x"]])
    before = parts(path)
    save(path, mark(path, (2, "kind", "错误", "甲 <&> 乙"), (2, "note", "提示", "丙")))
    made = set(parts(path)) - set(before)
    assert made == {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/worksheets/_rels/sheet1.xml.rels"}
    page = page_of(path.read_bytes())
    assert page["B2"].comment.text == "【校验】甲 <&> 乙"
    types = parts(path)["[Content_Types].xml"].decode()
    assert '<Default Extension="vml"' in types
    assert 'PartName="/xl/comments1.xml"' in types
    save(path, mark(path))
    assert set(parts(path)) == set(before)
    assert "comments1" not in parts(path)["[Content_Types].xml"].decode()
    assert b"legacyDrawing" not in parts(path)["xl/worksheets/sheet1.xml"]


def test_thousands_of_notes_have_their_own_shapes(tmp_path):
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [[46000, "休", "x"]] * 2500)
    other = rich(tmp_path / "b.xlsx")
    for target in (path, other):
        save(target, mark(target, *((row, "kind", "错误", f"第{row}行") for row in range(2, 2400, 2))))
    content = path.read_bytes()
    vml = parts(content)["xl/drawings/vmlDrawing1.vml"]
    ids = re.findall(rb'id="_x0000_s(\d+)"', vml)
    assert len(ids) == len(set(ids)) == 1199
    assert re.search(rb'data="([\d,]+)"', vml)[1] == b"1,2"
    assert all(len(sqref.split()) <= 200 for sqref, *_ in rules(content))
    assert sum(len(sqref.split()) for sqref, *_ in rules(content)) == 1199
    drawings = [part for name, part in parts(other).items() if name.endswith(".vml")]
    ids = [number for part in drawings for number in re.findall(rb'id="_x0000_s(\d+)"', part)]
    assert len(ids) == len(set(ids))


def test_the_worst_level_of_a_cell_counts_and_notes_are_joined(book):
    content = mark(book, (3, "date", "提示", "甲"), (3, "date", "错误", "乙"), (3, "date", "警告", "乙"))
    assert rules(content)[0][:3] == ("A3", 1, ['LEN("回访校验-错误")>0'])
    assert page_of(content)["A3"].comment.text == "【校验】甲\n【校验】乙"


def test_other_rules_keep_their_order_and_the_x14_ones_too(book):
    before = rules(book.read_bytes())
    content = mark(book, (3, "date", "错误", ""))
    assert [rule[0] for rule in rules(content)[1:]] == [rule[0] for rule in before]
    assert b"x14:dataBar" in parts(content)[HOLIDAY_PART]


def test_threaded_comments_are_left_alone(book):
    threaded = parts(book)[COMMENTS].replace("张敏".encode(), b"tc={11111111-2222-3333-4444-555555555555}")
    with_parts(book, {COMMENTS: threaded})
    content = mark(book, (2, "kind", "错误", "不在列表内"))
    assert COMMENTS not in changed_parts(book, content)
    assert rules(content)[0][0] == "B2"


def test_a_mark_on_a_column_that_is_missing_is_passed_over(tmp_path):
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [[46000, "休"]], ["日期", "类型"])
    assert mark(path, (2, "note", "错误", "x")) is None


def test_marks_survive_libreoffice(book):
    """LibreOffice keeps marks and notes, and a workbook it saved is mended all the same."""
    save(book, mark(book, (2, "kind", "错误", "不在列表内"), (3, "date", "警告", "日期可疑")))
    path = converted(book, "xlsx")
    page = page_of(path.read_bytes())
    assert page["A3"].comment.text == "【校验】日期可疑"
    assert "【校验】不在列表内" in page["B2"].comment.text
    assert sorted(str(block.sqref) for block in page.conditional_formatting)[:2] == ["A3", "B2"]
    save(path, mark(path))
    page = page_of(path.read_bytes())
    assert page["A3"].comment is None
    assert "【校验】" not in page["B2"].comment.text
    assert "请核对通知原文" in page["B2"].comment.text
    assert "A3" not in {str(block.sqref) for block in page.conditional_formatting}


def test_marks_are_valid_where_excel_would_look(book):
    """No duplicate shape, priority or comment; every relation and content type is there."""
    content = mark(book, *((row, name, "错误", "x") for row in (2, 3, 4) for name in ("date", "kind", "note")))
    found = parts(content)
    priorities = re.findall(rb'<cfRule [^>]*priority="(\d+)"', found[HOLIDAY_PART])
    assert len(priorities) == len(set(priorities))
    refs = re.findall(rb'<comment [^>]*?ref="([A-Z]+\d+)"', found[COMMENTS])
    assert len(refs) == len(set(refs)) == 9
    order = re.findall(rb"<(\w+)[ >/]", re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", found[HOLIDAY_PART]))
    wanted = [b"sheetData", b"autoFilter", b"mergeCells", b"conditionalFormatting", b"dataValidations"]
    wanted.append(b"legacyDrawing")
    assert [tag for tag in dict.fromkeys(order) if tag in wanted] == wanted
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert len(file.namelist()) == len(set(file.namelist()))
