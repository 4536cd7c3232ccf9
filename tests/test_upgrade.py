"""`loanvisit upgrade`: an older workbook gets what it lacks, as shipped; what is there stays; twice is once.

Requirements: contract section 1 (upgrade keeps all data and own sheets), issue 5 (another version's workbook).
Older workbooks are the shipped one with things taken away.
"""

import io
import random
import shutil
from contextlib import redirect_stderr, redirect_stdout

import openpyxl
import pytest
from closed_workbooks import changed_parts, parts, rich
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter, range_boundaries
from openxml_audit import OpenXmlValidator, ValidationSeverity
from workbooks import VISITORS, loan, small_branch, stranger

from toolkit import __version__
from toolkit.actions import ACTIONS
from toolkit.cli import main
from toolkit.generate.branch_workbook import build_workbook
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.replacing import backups
from toolkit.model import sheets as s
from toolkit.model.parameters import PARAMETERS
from toolkit.run.settings import parameters_of
from toolkit.run.version import CELL as VERSION_CELL

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
SHIPPED = build_workbook()
BY_TITLE = {parameter.title: parameter for parameter in PARAMETERS}


def call(*arguments):
    """Run the command line in process: (exit code, stdout, stderr)."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code, out.getvalue(), err.getvalue()


def older(path, *, sheets=(), columns=(), parameters=(), names=(), version=None):
    """The shipped workbook without sheets (titles), columns (title, header), parameters and named cells; with two
    loans, own columns, an own sheet and own values."""
    book = openpyxl.load_workbook(io.BytesIO(SHIPPED))
    for title, header in columns:
        headers = [cell.value for cell in book[title][1]]
        book[title].delete_cols(headers.index(header) + 1)
    rows = book["参数"]
    for row in range(rows.max_row, 1, -1):
        if rows.cell(row, 1).value in parameters:
            rows.delete_rows(row)
        elif rows.cell(row, 1).value == "失联判定次数":
            rows.cell(row, 2).value = 7
    loans = book["贷款台账"]
    headers = [cell.value for cell in loans[1]]
    own = len(headers) + 1
    loans.cell(1, own, "本行备查")
    for row, number in ((2, "HT001"), (3, "HT002")):
        values = {s.LOANS[name].header: value for name, value in loan(number).items()}
        for column, header in enumerate(headers, start=1):
            loans.cell(row, column).value = values.get(header)
        loans.cell(row, own, f"备查{row}")
    for title in sheets:
        del book[title]
    book.create_sheet("我的台账")["B3"] = "=1+1"
    for name in names:
        del book.defined_names[name]
    if VERSION_CELL in book.defined_names and "首页" not in sheets:
        (_, address), *_ = book.defined_names[VERSION_CELL].destinations
        book["首页"][address] = version
    book.save(path)
    return path


def values(path):
    """Every cell that holds something: (sheet, row, column) → value or formula."""
    book = openpyxl.load_workbook(path)
    return {
        (sheet.title, cell.row, cell.column): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def assert_kept(before, after, *, but=()):
    """Nothing that stood there changed, except the cells of the log and the named cells of a run."""
    changed = {place: (value, after.get(place)) for place, value in before.items() if after.get(place) != value}
    assert not {place for place in changed if place[0] not in but}


def faults(path):
    """What Excel would have to repair."""
    found = OpenXmlValidator().validate(str(path)).errors
    return {error.description for error in found if error.severity is ValidationSeverity.ERROR}


def column_of(book, title, header):
    return [cell.value for cell in book[title][1]].index(header) + 1


def looks(book, title, header):
    """Validations and colours of a column, as (kind, formulas, prompt …), and the look of its header and cells."""
    sheet, column = book[title], column_of(book, title, header)
    letter = get_column_letter(column)
    found = []
    for validation in sheet.data_validations.dataValidation:
        for reference in str(validation.sqref).split():
            left, top, right, bottom = range_boundaries(reference)
            if (left, right) == (column, column):
                found.append(
                    (top, bottom, validation.type, validation.formula1, validation.formula2, validation.prompt)
                )
    for block in sheet.conditional_formatting:
        left, top, right, bottom = range_boundaries(str(block.sqref).split()[0])
        if (left, right) == (column, column):
            for rule in block.rules:
                formula = [text.replace(f"${letter}2", "$?2") for text in rule.formula]
                found.append((top, bottom, rule.type, formula, rule.dxf.fill.bgColor.rgb, rule.dxf.font.color.rgb))
    head = sheet.cell(1, column)
    width = next(
        (d.width for d in sheet.column_dimensions.values() if d.min is not None and d.min <= column <= d.max), None
    )
    return found, (head.fill.fgColor.rgb, head.font.b, head.font.name, head.border.bottom.style), width


LOST_COLUMNS = [
    ("回访清单", "状态"), ("回访清单", "安排日期"), ("回访记录", "回访人员签名"), ("贷款台账", "重要客户"),
    ("贷款台账", "五级分类"), ("问题台账", "严重程度"), ("回访记录", "使用1_用途合规"),
]  # fmt: skip


@pytest.fixture(scope="module")
def shipped():
    return openpyxl.load_workbook(io.BytesIO(SHIPPED))


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """Not to be changed."""
    return older(
        tmp_path_factory.mktemp("old") / "旧版.xlsx",
        sheets=["问题事件", "首次提交", "分类规则"],
        columns=LOST_COLUMNS,
        parameters=["复发判定天数", "还款提醒范围", "问卷产品"],
        names=["状态_upgrade", "时间_upgrade", VERSION_CELL],
    )


@pytest.fixture(scope="module")
def upgraded(old, tmp_path_factory):
    """(path, exit code, what was said, the workbook as openpyxl reads it)."""
    path = tmp_path_factory.mktemp("new") / "旧版.xlsx"
    shutil.copy(old, path)
    code, out, _ = call("upgrade", path, "--as-of", "2026-09-30")
    return path, code, out, openpyxl.load_workbook(path)


def test_what_is_missing_is_added_and_named(old, upgraded):
    path, code, out, book = upgraded
    assert code == 0
    for word in ("问题事件", "首次提交", "分类规则", "回访人员签名", "复发判定天数", "还款提醒范围", VERSION_CELL):
        assert word in out
    for sheet in s.SHEETS:
        assert {field.header for field in sheet} <= {cell.value for cell in book[sheet.title][1]}
    assert book["首次提交"].sheet_state == "hidden"
    parameters = parameters_of(open_closed(path).read(s.PARAMETERS))
    assert parameters["复发判定天数"] == BY_TITLE["复发判定天数"].default
    assert parameters["失联判定次数"] == 7
    assert faults(path) <= faults(old)


def test_all_that_was_there_stays(old, upgraded):
    # On 首页 too: its cells for this command are new, and the date of the last run was blank.
    assert_kept(values(old), values(upgraded[0]))
    assert [copy.read_bytes() for copy in backups(upgraded[0])] == [old.read_bytes()]


@pytest.mark.parametrize(("title", "header"), LOST_COLUMNS)
def test_a_new_column_looks_and_guides_as_shipped(shipped, upgraded, title, header):
    wanted = looks(shipped, title, header)
    assert wanted[0]
    book = upgraded[-1]
    assert looks(book, title, header) == wanted
    assert book[title].auto_filter.ref == f"A1:{get_column_letter(len(book[title][1]))}5000"


def test_new_sheets_stand_in_order_with_their_print_set_up(shipped, upgraded):
    book = upgraded[-1]
    titles = [title for title in book.sheetnames if title != "我的台账"]
    assert titles == shipped.sheetnames
    for title in titles:
        assert book[title].print_title_rows == shipped[title].print_title_rows
        assert book[title].oddHeader.center.text == shipped[title].oddHeader.center.text
    rules = [[cell.value for cell in row] for row in shipped["分类规则"].iter_rows()]
    assert [[cell.value for cell in row] for row in book["分类规则"].iter_rows()] == rules


def test_new_parameters_have_their_limits(upgraded):
    sheet = upgraded[-1]["参数"]
    row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == "还款提醒范围")
    assert row > len(PARAMETERS) - 2
    (validation,) = [v for v in sheet.data_validations.dataValidation if str(v.sqref) == f"B{row}"]
    assert validation.formula1 == '"全部,曾逾期,末期"'
    assert sheet.cell(row, 5).value == "四、(二)3."


def test_home_gets_the_cells_it_lacks_below_everything(old, upgraded):
    path, _, _, home = upgraded
    book = open_closed(path)
    assert book.named(VERSION_CELL) == __version__
    assert "升级到" in str(book.named("状态_upgrade"))
    (_, address), *_ = home.defined_names["状态_upgrade"].destinations
    line = home["首页"][address].row
    assert line > openpyxl.load_workbook(old)["首页"].max_row
    assert home["首页"].cell(line, 3).value == "升级工作簿"
    assert home["首页"].cell(line, 3).border.left.style == "thin"
    assert f"$H${home['首页'].max_row}" in home["首页"].print_area


def test_twice_is_once(upgraded):
    path, *_ = upgraded
    once = path.read_bytes()
    code, out, _ = call("upgrade", path)
    assert code == 0
    assert "没有改动" in out
    assert path.read_bytes() == once
    assert len(backups(path)) == 1


ALL_COLUMNS = [(sheet.title, field.header) for sheet in s.SHEETS for field in sheet if sheet is not s.PARAMETERS]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_whatever_is_missing_comes_back_once(tmp_path, seed):
    chance = random.Random(seed)
    lost = [sheet.title for sheet in s.SHEETS if sheet is not s.VISITORS and chance.random() < 0.2 and sheet not in
            (s.PARAMETERS, s.LOANS)]  # fmt: skip
    old = older(
        tmp_path / "旧.xlsx",
        sheets=lost + (["首页"] if chance.random() < 0.3 else []),
        columns=[place for place in chance.sample(ALL_COLUMNS, 12) if place[0] not in lost],
        parameters=chance.sample(list(BY_TITLE), 5),
    )
    before = values(old)
    assert call("upgrade", old, "--quiet")[0] == 0
    assert_kept(before, values(old), but=("首页",))
    once = old.read_bytes()
    assert call("upgrade", old, "--quiet")[0] == 0
    assert old.read_bytes() == once
    book = open_closed(old)
    assert all(len(book.columns(sheet)) == len(sheet.fields) for sheet in s.SHEETS)
    assert {name for action in ACTIONS for name in (f"状态_{action.name}",)} <= set(
        openpyxl.load_workbook(old).defined_names
    )
    parameters_of(book.read(s.PARAMETERS))


def test_buttons_charts_and_own_parts_stay_byte_for_byte(tmp_path):
    path = rich(tmp_path / "自有.xlsm")
    before = parts(path)
    code, _, err = call("upgrade", path, "--quiet")
    assert (code, err) == (0, "")
    after = parts(path)
    touched = [name for name in changed_parts(backups(path)[0], path) if name in before]
    # 首页, 节假日 and 回访清单 lack cells and columns; all other sheets, drawings, macros and charts are untouched.
    assert set(touched) <= {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml", "xl/tables/table1.xml",
    }  # fmt: skip
    assert set(before) <= set(after)
    assert after["xl/vbaProject.bin"] == before["xl/vbaProject.bin"]
    book = openpyxl.load_workbook(path)
    table = book["回访清单"].tables["清单"]
    assert [column.name for column in table.tableColumns] == [cell.value for cell in book["回访清单"][1]]
    assert range_boundaries(table.ref)[2] == len(s.VISITS.fields)
    home = book["首页"]
    assert home["A3"].value == "机构："
    assert home.merged_cells.ranges
    # A second name for the same status would show it twice: the workbook's own cell is used.
    (_, address), *_ = book.defined_names["状态_plan"].destinations
    assert address == "$C$6"


def test_a_stranger_becomes_a_workbook_for_every_command(tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")
    before = values(path)
    assert call("upgrade", path, "--as-of", "2026-07-01", "--quiet")[0] == 0
    assert_kept(before, values(path))
    assert openpyxl.load_workbook(path).sheetnames[0] == "首页"
    assert faults(path) <= faults(backups(path)[0])
    assert call("plan", path, "--as-of", "2026-07-01", "--quiet")[0] == 0
    assert call("check", path, "--as-of", "2026-07-01", "--quiet")[0] == 0
    assert "清单" in str(open_closed(path).named("状态_plan"))


def test_a_missing_required_column_is_added_and_asked_for(tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")
    book = openpyxl.load_workbook(path)
    book["贷款台账"].delete_cols(column_of(book, "贷款台账", "客户编号"))
    book.save(path)
    code, out, _ = call("upgrade", path)
    assert code == 0
    assert "必填列“客户编号”是新增的，请补填" in out


def test_visitor_dropdowns_follow_the_column_of_the_names(tmp_path):
    path = stranger(tmp_path / "支行.xlsx", {s.LOANS: [loan("HT001")], s.VISITORS: VISITORS})
    book = openpyxl.load_workbook(path)
    book["回访人员"].insert_cols(1, 2)
    book.save(path)
    call("upgrade", path, "--quiet")
    formula = openpyxl.load_workbook(path).defined_names["回访人员姓名"].attr_text
    assert formula == "OFFSET('回访人员'!$D$2,0,0,MAX(1,COUNTA('回访人员'!$D$2:$D$5000)),1)"


@pytest.mark.parametrize(
    ("version", "newer"),
    [("99.0.0", True), ("0.2.0", True), ("0.1.9", False), (__version__, False), ("", False), ("看不懂", False)],
)
def test_a_newer_workbook_is_refused_by_every_command(tmp_path, version, newer):
    path = older(tmp_path / "新.xlsx", version=version)
    before = path.read_bytes()
    for command in ("upgrade", "plan"):
        code, _, err = call(command, path, "--as-of", "2026-07-01", "--quiet")
        assert code == (2 if newer else 0)
        assert ("请先更新本机的工具" in err) == newer
    assert (path.read_bytes() == before) == newer


def test_headers_that_cannot_be_told_are_refused_by_name(tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")
    book = openpyxl.load_workbook(path)
    book["贷款台账"].insert_rows(1)
    book["贷款台账"]["A1"] = "二〇二六年贷款台账"
    book.save(path)
    before = path.read_bytes()
    code, out, err = call("upgrade", path)
    assert (code, out) == (2, "")
    assert "贷款台账" in err
    assert "第 1 行" in err
    assert path.read_bytes() == before


def test_output_leaves_the_workbook_alone(old, tmp_path):
    before, other = old.read_bytes(), tmp_path / "新版.xlsx"
    assert call("upgrade", old, "--output", other, "--quiet")[0] == 0
    assert old.read_bytes() == before
    again = other.with_name("又.xlsx")
    assert call("upgrade", other, "--output", again, "--quiet")[0] == 0
    assert again.read_bytes() == other.read_bytes()
