"""The files of 生成记录表: every field is found again by its name or tag, texts stand letter for letter, A4, printable;
what somebody filled in is never overwritten.
"""

import datetime as dt
import io
import shutil
import subprocess
import zipfile

import openpyxl
import pytest
from closed_workbooks import converted
from form_reading import (
    W14,
    W,
    controls,
    day,
    document,
    document_text,
    named_cells,
    one_page,
    request,
    said,
    sheet_text,
    tables,
    validations,
    visit,
)
from openxml_audit import OpenXmlValidator, ValidationSeverity
from workbooks import VISITORS, loan, stranger

from toolkit.actions import BY_NAME
from toolkit.hosts.fresh.form_book import form_book
from toolkit.model import conversation as say
from toolkit.model import forms as f
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.form_package import untouched
from toolkit.reports.form_document import form_document
from toolkit.run.closed import run
from toolkit.run.order import Order
from toolkit.steps.forms import forms

HOSTILE = (
    "=1+1",
    "+SUM(A1)",
    "-2",
    "@x",
    "a < b & c > d \"q\" 'r'",
    "{{ x }} {% if %} {visitor} {_{",
    "_x000D_ _x0041_",
    " 前后有空格 ",
    "第一行\n第二行",
    "长" * 2000,
    "]]>&amp;&#38;",
    "\ue000visitor\ue001",
)
WRITERS = {"xlsx": form_book, "docx": form_document}


def fields_of(version: str, stage: str) -> set[str]:
    return {*(f.FORM_FIELDS if version == f.FORM else f.QUESTIONNAIRE_FIELDS), *s.CHECKS_OF_STAGE[stage]}


@pytest.mark.parametrize("stage", v.STAGES)
@pytest.mark.parametrize("version", f.VERSIONS)
def test_every_field_has_its_named_cell(version, stage):
    content = form_book(one_page(version, stage))
    (cells,) = named_cells(content)
    assert cells.pop(f.VERSION_KEY).value == version
    found = {f.field_of(name)[0].name for name in cells}
    assert found == fields_of(version, stage)
    rules = validations(content)
    fixed = {"visit_no", "contract_no", "drawdown_no"}
    for name, cell in cells.items():
        field, choice = f.field_of(name)
        assert not choice
        assert cell.protection.locked == (field.name in fixed)
        if field.name in s.CHECK_FIELDS:
            answers = v.CHECK_ANSWERS if version == f.FORM else v.CHECK_ANSWERS[:3]
            assert rules[cell.coordinate].formula1 == f'"{",".join(answers)}"'
            assert rules[cell.coordinate].errorStyle in (None, "stop")
    assert cells[f.key("visited_on")].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("stage", v.STAGES)
@pytest.mark.parametrize("version", f.VERSIONS)
def test_every_field_has_its_content_control(version, stage):
    (found,) = controls(form_document(one_page(version, stage)))
    assert said(found.pop(f.VERSION_KEY)) == version
    pairs = [f.field_of(tag) for tag in found]
    assert {field.name for field, _ in pairs} == fields_of(version, stage)
    for field in {field for field, _ in pairs}:
        choices = tuple(choice for other, choice in pairs if other is field and choice)
        if version == f.QUESTIONNAIRE and field.name in s.CHECK_FIELDS:
            assert choices == v.CHECK_ANSWERS[:3]
        else:
            assert choices == f.ticks(field.name)
    for tag, control in found.items():
        box = control.find(f"{W}sdtPr/{W14}checkbox")
        assert (box is not None) == (f.TICK in tag)
        assert box is None or box.find(f"{W14}checked").get(f"{W14}val") == "0"
        assert box is not None or said(control) == "", "nothing was filled in"
    assert found[f.key("visited_on")].find(f"{W}sdtPr/{W}date") is not None


def test_controls_have_numbers_of_their_own():
    pages = forms(tables(visit("V1"), visit("V2")), request(by="visitor", file_format="docx")).papers[0]
    numbers = [e.get(f"{W}val") for e in document(form_document(pages)).iter(f"{W}id")]
    assert len(numbers) > 80
    assert len({*numbers}) == len(numbers)


def test_the_method_is_chosen_from_a_list():
    (found,) = controls(form_document(one_page(method="面谈")))
    control = found[f.key("method")]
    items = [e.get(f"{W}value") for e in control.iter(f"{W}listItem")]
    assert items == list(v.METHOD_CHOICES)
    assert said(control) == "面谈"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_texts_stand_letter_for_letter(text):
    page = one_page(customer_name=text, reason=text, greeted=text)
    (cells,) = named_cells(form_book(page))
    # openpyxl gives the escape of an escape as it stands.
    value = cells[f.key("customer_name")]
    assert value.value.replace("_x005F_", "_") == text
    assert value.data_type == "s"
    assert text in sheet_text(form_book(page)).replace("_x005F_", "_").replace("请问是", "\n")
    (found,) = controls(form_document(page))
    assert said(found[f.key("customer_name")]) == text
    assert document_text(form_document(page)).count(text.replace("\n", "")) >= 3


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_characters_that_no_file_can_hold_are_left_out(write):
    content = write(one_page(customer_name="林\x00\x07\ud800\ufffe晓舟"))
    if write is form_book:
        assert named_cells(content)[0][f.key("customer_name")].value == "林晓舟"
    else:
        assert said(controls(content)[0][f.key("customer_name")]) == "林晓舟"


@pytest.mark.parametrize("kind", WRITERS)
def test_the_form_says_all_it_should(kind):
    paper = forms(tables(visit("V1", visit_type=v.SPECIAL)), request(file_format=kind)).papers[0]
    content = WRITERS[kind](paper)
    text = sheet_text(content) if kind == "xlsx" else document_text(content)
    for question in say.questions_of("使用、还款"):
        assert question.regulation in text
        assert question.asked in text
        assert question.clause in text
    for question in say.OTHER_QUESTIONS:
        assert s.RECORDS.header(question.field).rpartition("_")[2] in text
    assert "您好，请问是林晓舟吗？我是示例银行江州分行的回访人员何青。" in text
    assert "感谢您的配合" in text
    assert "威胁、诱导" in text
    assert "电话 2–40 分钟" in text
    assert "{" not in text
    assert "\ue000" not in text


@pytest.mark.parametrize("kind", WRITERS)
def test_a_questionnaire_says_of_nobody_who_he_is(kind):
    paper = forms(tables(visit("V1", method=v.QUESTIONNAIRE)), request(file_format=kind)).papers[1]
    content = WRITERS[kind](paper)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        whole = b"".join(package.read(name) for name in package.namelist()).decode()
    assert "V1" in whole
    for text in ("林晓舟", "19900000001", "HT001", "何青"):
        assert text not in whole


@pytest.mark.parametrize("kind", WRITERS)
def test_files_are_sound_the_same_each_time_and_say_nothing_of_the_computer(kind, tmp_path):
    rows = [visit(f"V{i}", visit_type=kind_) for i, kind_ in enumerate(v.VISIT_TYPES)]
    paper = forms(tables(*rows), request(by="visitor", file_format=kind)).papers[0]
    content = WRITERS[kind](paper)
    assert content == WRITERS[kind](paper)
    path = tmp_path / f"x.{kind}"
    path.write_bytes(content)
    assert zipfile.ZipFile(path).testzip() is None
    found = OpenXmlValidator().validate(path)
    assert not [e.description for e in found.errors if e.severity is ValidationSeverity.ERROR]
    with zipfile.ZipFile(path) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-01-01T00:00:00Z" in package.read("docProps/core.xml")


def test_a_visitors_workbook_has_a_sheet_per_visit():
    rows = [visit("V1"), visit("V2", visit_type=v.SPECIAL)]
    content = form_book(forms(tables(*rows), request(by="visitor")).papers[0])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["V1", "V2"]
    for sheet, cells in zip(book, named_cells(content), strict=True):
        assert cells[f.key("visit_no")].value == sheet.title
        assert sheet.page_setup.paperSize == 9
        assert sheet.protection.sheet
        assert sheet.print_area
    assert [sheet.sheet_view.tabSelected for sheet in book] == [True, False]
    assert f.key("repay_1") in named_cells(content)[1]


def test_forms_of_a_document_begin_on_a_page_of_their_own():
    rows = [visit("V1"), visit("V2"), visit("V3")]
    content = form_document(forms(tables(*rows), request(by="visitor", file_format="docx")).papers[0])
    assert [said(found[f.key("visit_no")]) for found in controls(content)] == ["V1", "V2", "V3"]
    assert len(list(document(content).iter(f"{W}pageBreakBefore"))) == 2


def _pages(path):
    pdf = converted(path, "pdf")
    tool = shutil.which("pdfinfo")
    if tool is None:
        pytest.skip("pdfinfo is not on PATH")
    told = subprocess.run([tool, pdf], capture_output=True, encoding="utf-8", check=True).stdout
    return int(told.partition("Pages:")[2].split()[0])


@pytest.mark.parametrize("kind", WRITERS)
def test_a_stage_takes_a_page_and_even_a_long_case_two(kind, tmp_path):
    rows = [visit(f"V{number}", visit_type=visit_type) for number, visit_type in enumerate(v.VISIT_TYPES)]
    long = {"reason": "风险分类下调，须核实经营和还款情况；" * 20, "merge_group": "G", "visit_type": v.SPECIAL}
    rows += [visit("L0", **long)]
    # The others of the group belong to another visitor, so that they are in another file.
    rows += [visit(f"L{number}", visitor="陆平", merge_group="G") for number in range(1, 5)]
    papers = forms(tables(*rows), request(by="visitor", file_format=kind)).papers
    path = tmp_path / f"long.{kind}"
    path.write_bytes(WRITERS[kind](next(paper for paper in papers if "何青" in paper.file_name)))
    assert _pages(path) == 6 + 2 + 2


# --- writing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def branch(tmp_path):
    rows = {s.VISITORS: VISITORS, s.LOANS: [loan("HT001")], s.VISITS: [visit("V1"), visit("V2", contract_no="HT/2")]}
    return stranger(tmp_path / "网点.xlsx", rows)


def press(workbook, **options):
    return run(Order(BY_NAME["forms"], workbook, day("2026-07-01"), dt.datetime(2026, 7, 1, 9), "测试", **options))


def kept(result):
    return [warning for warning in result.warnings if "保留原样" in warning]


@pytest.mark.parametrize("kind", WRITERS)
def test_running_again_changes_nothing_and_lays_nothing_beside(branch, tmp_path, kind):
    out = tmp_path / "出"
    first = press(branch, out=out, file_format=kind)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert sorted(before) == [f"回访记录_V1_HT001.{kind}", f"回访记录_V2_HT_2.{kind}"]
    second = press(branch, out=out, file_format=kind)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert first.outputs == second.outputs
    assert not kept(second)


def test_a_form_nobody_touched_follows_the_plan(branch, tmp_path):
    out = tmp_path / "出"
    press(branch, out=out)
    book = openpyxl.load_workbook(branch)
    sheet = book[s.VISITS.title]
    sheet.cell(2, s.VISITS.names.index("visitor") + 1).value = "陆平"
    book.save(branch)
    result = press(branch, out=out)
    assert len(list(out.iterdir())) == 2
    assert not kept(result)
    (cells,) = named_cells((out / "回访记录_V1_HT001.xlsx").read_bytes())
    assert cells[f.key("visitor")].value == "陆平"


def test_a_form_somebody_filled_in_is_kept_and_named(branch, tmp_path):
    out = tmp_path / "出"
    press(branch, out=out)
    path = out / "回访记录_V1_HT001.xlsx"
    (cells,) = named_cells(path.read_bytes())
    book = openpyxl.load_workbook(path)
    book.active[cells[f.key("visited_on")].coordinate] = day("2026-08-03")
    book.save(path)
    filled = path.read_bytes()
    result = press(branch, out=out)
    assert path.read_bytes() == filled
    assert len(list(out.iterdir())) == 2
    assert path not in result.outputs
    (warning,) = kept(result)
    assert path.name in warning
    assert "1 个文件" in warning


def test_a_strangers_file_of_that_name_is_kept(branch, tmp_path):
    out = tmp_path / "出"
    out.mkdir()
    path = out / "回访记录_V1_HT001.xlsx"
    for content in (b"", b"PK\x03\x04", b"note"):
        path.write_bytes(content)
        assert kept(press(branch, out=out))
        assert path.read_bytes() == content


def test_without_out_they_go_into_a_folder_of_their_own(branch):
    result = press(branch)
    assert {path.parent for path in result.outputs[1:]} == {branch.parent / "回访记录表"}


def test_the_seal_knows_who_wrote(tmp_path):
    content = form_book(one_page())
    assert untouched(content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for changed in ({}, {"xl/worksheets/sheet1.xml": parts["xl/worksheets/sheet1.xml"] + b" "}, {"more.xml": b"x"}):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as package:
            for name, part in (parts | changed).items():
                package.writestr(name, part)
        assert untouched(buffer.getvalue()) == (not changed)


def test_a_long_batch_tells_how_far_it_is(tmp_path):
    rows = {s.VISITORS: VISITORS, s.LOANS: [loan("HT001")], s.VISITS: [visit(f"V{number}") for number in range(25)]}
    workbook = stranger(tmp_path / "网点.xlsx", rows)
    told = []
    order = Order(BY_NAME["forms"], workbook, day("2026-07-01"), dt.datetime(2026, 7, 1), "")
    run(order, lambda stage, done=0, total=0: told.append((stage, done, total)))
    assert [(done, total) for stage, done, total in told if stage == "写入文件"] == [(n, 25) for n in range(25)]
