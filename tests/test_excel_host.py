"""The Excel host: which workbook is meant, what is refused, what is put back. Over the imitated Excel of the tests.

Requirements: issue 5, item 2 (attach by full path, hwnd or RunPython; one dialog; bounded waiting; screen updating
restored whatever happens; cloud paths and odd folder names) and its list of bad input: each one Chinese sentence with
the mend, nothing half-written.
"""

import datetime as dt
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import xlwings as xw
from closed_workbooks import DAY, cells, frame, marks, plain, rich
from excel_engine import GONE, REFUSED, REJECTED, App, ComError, excel  # noqa: F401  (a fixture)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_hosts import InExcel, branch, content, everything, page
from workbooks import small_branch

import toolkit.buttons
from toolkit.cli import main
from toolkit.hosts import excel_sheet
from toolkit.hosts.excel import attach
from toolkit.hosts.excel_calls import Patience, call_errors
from toolkit.hosts.opened import exchange, raw_cells
from toolkit.hosts.opened.cloud_path import Mount, local_file, same_place
from toolkit.hosts.opened.patches import patches
from toolkit.hosts.parts.cell_values import clean, stored
from toolkit.hosts.parts.cell_write import Write
from toolkit.hosts.replacing import back_up, backups
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.model.tables import SheetEdits
from toolkit.run.live import connect, press

NOW = dt.datetime(2026, 7, 6, 9, 30)
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


@pytest.fixture
def path(tmp_path):
    return branch(tmp_path)


@pytest.fixture
def host(request, path, excel):  # noqa: F811
    return InExcel(path, request)


def push(host, name="plan"):
    return press(name, lambda: connect("excel", str(host.path)), NOW, "何青")


def refused(host, app, *words, name="plan"):
    """The press is refused in one dialog with these words, and the workbook is what it was."""
    before = everything(host)
    result = push(host, name)
    assert result.exit_code == 2
    [(_, text, mode)] = app.told
    assert mode == "critical"
    for word in words:
        assert word in text
    assert "\n" not in text
    app.busy = False
    assert everything(host) == before
    assert app.status_bar is False
    assert app.screen_updating
    assert app.interactive


# Which workbook


def test_a_press_works_in_a_folder_with_any_name(host, excel):  # noqa: F811
    assert "'1%&=" in host.path.name
    result = push(host)
    assert result.exit_code == 0
    [(title, text, mode)] = excel.told
    assert (title, mode) == ("生成回访清单", "info")
    assert result.summary in text
    assert excel.shown[0] == "贷款回访：读取工作簿……"
    assert "贷款回访：写入“回访清单”……" in excel.shown
    assert excel.status_bar is False
    [copy] = backups(host.path)
    assert openpyxl.load_workbook(copy).sheetnames == openpyxl.load_workbook(host.path).sheetnames
    assert "回访清单" in openpyxl.load_workbook(host.saved()).sheetnames
    assert excel.books.open_[0].wb.active.title == "参数"  # the user's tab stays in front


def test_the_copy_holds_what_was_not_saved_yet(host):
    host.native.wb["回访人员"]["B2"] = "江 未存"
    assert push(host).exit_code == 0
    [copy] = backups(host.path)
    assert openpyxl.load_workbook(copy)["回访人员"]["B2"].value == "江 未存"


def test_two_workbooks_of_one_name_are_told_apart_by_folder(tmp_path, excel):  # noqa: F811
    other = App(excel.engine)
    (tmp_path / "甲").mkdir()
    (tmp_path / "乙").mkdir()
    first, second = small_branch(tmp_path / "甲" / "支行.xlsx"), small_branch(tmp_path / "乙" / "支行.xlsx")
    excel.books.open(str(first))
    other.books.open(str(second))
    assert attach(str(second)).path == second
    assert attach(str(first)).path == first


def test_one_workbook_open_twice(path, excel):  # noqa: F811
    other = App(excel.engine)
    excel.books.open(str(path))
    other.books.open(str(path)).read_only = True
    with pytest.raises(ToolkitError, match="在两个 Excel 窗口中打开，请关闭其中一个"):
        attach(str(path))
    assert attach(str(path), excel.hwnd).working  # the button's own window decides
    with pytest.raises(ToolkitError, match="只读"), attach(str(path), other.hwnd).working():
        pass


def test_a_workbook_that_is_not_open(tmp_path, excel, capsys):  # noqa: F811
    excel.books.open(str(small_branch(tmp_path / "支行.xlsx")))
    result = press("plan", lambda: connect("excel", str(tmp_path / "别处" / "支行.xlsx")), NOW, "何青")
    assert result.exit_code == 2
    assert "可能刚被移动、改名或关闭，请保存后关闭工作簿，重新打开" in capsys.readouterr().err
    assert excel.told == []


@pytest.mark.parametrize("name", ["支行.xlsx", "支=行 'a'%&.xlsx"])
def test_run_python_of_the_xlwings_add_in(tmp_path, excel, monkeypatch, name):  # noqa: F811
    path = small_branch(tmp_path / name)
    excel.books.open(str(path))
    monkeypatch.setattr(sys, "argv", ["-c", f"--wb={name}", "--from_xl=1", f"--hwnd={excel.hwnd}"])
    assert toolkit.buttons.run("check") == 0
    assert [title for title, *_ in excel.told] == ["校验记录"]


def test_run_python_with_a_caller_that_xlwings_knows(tmp_path, excel, monkeypatch):  # noqa: F811
    book = xw.Book(impl=excel.books.open(str(small_branch(tmp_path / "支行.xlsx"))))
    monkeypatch.setattr(xw.Book, "_mock_caller", book, raising=False)
    assert toolkit.buttons.run("check") == 0


def test_the_hidden_command_of_the_macros(host, excel, capsys):  # noqa: F811
    with pytest.raises(SystemExit) as ended:
        main(["press", "plan", "--workbook", str(host.path), "--host", "excel", "--hwnd", str(excel.hwnd)])
    assert ended.value.code == 0
    assert len(excel.told) == 1
    assert capsys.readouterr().out == ""


# What is refused


def test_a_workbook_never_saved(host, excel):  # noqa: F811
    host.native.full = "工作簿1"
    press("plan", lambda: attach("工作簿1"), NOW, "何青")
    assert "工作簿1：工作簿还没有保存过，请先按 F12" in excel.told[0][1]


def test_a_file_moved_while_it_was_open(host, excel):  # noqa: F811
    host.path.rename(host.path.with_name("改了名.xlsx"))
    refused(host, excel, "可能被移动或改名", "请按 F12 另存一份")


def test_a_type_without_buttons(host, excel):  # noqa: F811
    old = host.path.with_suffix(".xlsb")
    old.write_bytes(b"")
    host.native.full = str(old)
    press("plan", lambda: attach(str(old)), NOW, "何青")
    assert "不支持的文件类型“.xlsb”，请另存为启用宏的工作簿" in excel.told[0][1]


def test_a_workbook_opened_read_only(host, excel):  # noqa: F811
    host.native.read_only = True
    refused(host, excel, "只读方式", "重新打开")


def test_a_protected_sheet(host, excel):  # noqa: F811
    host.native.wb["回访记录"].protection.sheet = True
    refused(host, excel, "的“回访记录”表：工作表受保护", "撤销工作表保护", name="check")


def test_a_protected_structure_where_a_sheet_must_be_added(host, excel):  # noqa: F811
    host.native.fixed = True
    refused(host, excel, "结构受保护，不能添加“回访清单”表", "取消“保护工作簿”")


def test_a_button_of_another_version(host, excel):  # noqa: F811
    refused(host, excel, "没有“rollback”这个操作", "升级工作簿", name="rollback")


def test_a_missing_sheet(host, excel):  # noqa: F811
    del host.native.sheets.all["贷款台账"]
    del host.native.wb["贷款台账"]
    refused(host, excel, "缺少“贷款台账”表", "从模板复制一张")


def test_a_parameter_that_cannot_be_used_names_its_cell(host, excel):  # noqa: F811
    page = host.native.wb["参数"]
    row = next(row[0].row for row in page.iter_rows() if row[0].value == "抽查比例")
    page.cell(row, 2).value = "很多"
    refused(host, excel, f"B{row}", "抽查比例")


def test_a_folder_for_copies_that_cannot_be_written(host, excel):  # noqa: F811
    (host.path.parent / "备份").write_text("不是文件夹")
    refused(host, excel, "不能写入")


def test_excel_cannot_save_the_copy(host, excel, monkeypatch):  # noqa: F811
    def no(name):
        raise ComError(REFUSED, -2146827284)

    monkeypatch.setattr(host.native, "_save_copy", no)
    refused(host, excel, "不能存入“备份”文件夹", "磁盘未满")
    assert list((host.path.parent / "备份").iterdir()) == []


def test_a_huge_used_range(host, excel):  # noqa: F811
    host.native.wb["贷款台账"].cell(1_000_000, 300).number_format = "@"
    with pytest.raises(ToolkitError, match="已用区域有 1000000 行 300 列"):
        attach(str(host.path)).read(sheets.LOANS)


# The whole file in the place of the open one


WHOLE = ["restore", "upgrade"]


@pytest.fixture
def opened(host, excel):  # noqa: F811
    """A workbook with a backup, and with a change that was not saved."""
    back_up(host.path, small_branch(host.path.with_name("旧.xlsx")).read_bytes())
    host.path.with_name("旧.xlsx").unlink()
    host.native.wb["回访人员"]["B2"] = "江 未存"
    host.native.saved = False
    return host


def visitor(path):
    return openpyxl.load_workbook(path)["回访人员"]["B2"].value


@pytest.mark.parametrize("name", WHOLE)
def test_the_workbook_is_closed_exchanged_and_opened_again(opened, excel, name):  # noqa: F811
    (old,) = backups(opened.path)
    saved = opened.path.read_bytes()
    result = push(opened, name)
    assert result.exit_code == 0
    [(_, text, mode)] = excel.told
    assert mode == "info"
    kept, last_saved = backups(opened.path)[:2]
    assert visitor(kept) == "江 未存"
    assert last_saved.read_bytes() == saved
    assert kept.name in text
    assert "未保存的修改" in text
    [book] = excel.books.open_
    assert book is not opened.native
    assert book.full == str(opened.path)
    assert not book.read_only
    assert visitor(opened.path) == book.wb["回访人员"]["B2"].value
    if name == "restore":
        assert opened.path.read_bytes() == old.read_bytes()
        assert push(opened, name).exit_code == 0  # and back again
        assert visitor(opened.path) == "江 未存"
    else:
        assert book.wb["回访人员"]["B2"].value == "江 未存"
        assert {sheet.title for sheet in sheets.SHEETS} <= {*book.wb.sheetnames}
    tried, reopened = excel.opened[:2]
    assert tried[0] != opened.path.name
    assert (tried[1], reopened) == (3, (opened.path.name, 2)), "no macros, then those that the user allows"
    assert (excel.api.AutomationSecurity, excel.display_alerts, excel.interactive) == (1, True, True)
    assert not list(opened.path.parent.glob(".*"))


@pytest.mark.parametrize("name", WHOLE)
def test_a_press_that_lacks_nothing_closes_nothing(opened, excel, name):  # noqa: F811
    assert push(opened, name).exit_code == 0
    excel.told.clear()
    [book] = excel.books.open_
    if name == "restore":
        opened.path.write_bytes(backups(opened.path)[0].read_bytes())
    assert push(opened, name).exit_code == 0
    assert "没有改动" in excel.told[0][1]
    assert excel.books.open_ == [book]


def spoil(monkeypatch, times):
    """The first tries to replace the file fail as under a virus scanner."""
    real, left = exchange.replace_file, [times]

    def replace(path, content, *, backup):
        if left[0]:
            left[0] -= 1
            raise ToolkitError("文件或所在文件夹不能写入", where=path.name, mend="请稍后再试")
        return real(path, content, backup=backup)

    monkeypatch.setattr(exchange, "replace_file", replace)


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_held_for_a_moment(opened, monkeypatch, name):
    spoil(monkeypatch, 2)
    assert push(opened, name).exit_code == 0


@pytest.mark.parametrize("name", WHOLE)
def test_the_file_cannot_be_replaced(opened, excel, monkeypatch, name):  # noqa: F811
    monkeypatch.setattr(exchange, "PATIENCE_SECONDS", 0.2)
    saved = opened.path.read_bytes()
    spoil(monkeypatch, 1_000)
    assert push(opened, name).exit_code == 2
    [(_, text, mode)] = excel.told
    assert mode == "critical"
    assert "没有能够换上新的文件（文件或所在文件夹不能写入），工作簿已照原样重新打开" in text
    assert backups(opened.path)[0].name in text, "what was unsaved is there"
    assert visitor(backups(opened.path)[0]) == "江 未存"
    assert opened.path.read_bytes() == saved
    assert [book.full for book in excel.books.open_] == [str(opened.path)]


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("times", [1, 2])
def test_the_new_file_does_not_open(opened, excel, monkeypatch, name, times):  # noqa: F811
    """`times`: also the old one does not."""
    real = excel.api.Workbooks.Open

    def no(full, **options):
        if Path(full) == opened.path and excel.failures:
            excel.failures -= 1
            raise ComError(REFUSED, -2146827284)
        return real(full, **options)

    excel.failures = times
    monkeypatch.setattr(excel.api.Workbooks, "Open", no)
    assert push(opened, name).exit_code == 2
    [(_, text, _)] = excel.told
    assert visitor(opened.path) == "江 未存", "the state before the press, unsaved changes and all"
    assert "\n" not in text
    if times == 1:
        assert "照原样重新打开，请稍后再按一次按钮" in text
        assert excel.books.open_[0].wb["回访人员"]["B2"].value == "江 未存"
    else:
        assert "也没有能够重新打开，请从文件夹中重新打开工作簿" in text
        assert excel.books.open_ == []
    assert (excel.screen_updating, excel.status_bar, excel.interactive) == (True, False, True)


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_excel_does_not_open_is_found_out_before(opened, excel, monkeypatch, name):  # noqa: F811
    def no(full, **options):
        raise ComError(REFUSED, -2146827284)

    monkeypatch.setattr(excel.api.Workbooks, "Open", no)
    refused(opened, excel, "Excel 打不开换上的文件，工作簿没有改动", name=name)
    assert excel.books.open_ == [opened.native]


@pytest.mark.parametrize("name", WHOLE)
def test_a_cell_is_edited_when_the_workbook_is_to_be_closed(opened, excel, monkeypatch, name):  # noqa: F811
    def no():
        raise ComError(REJECTED)

    monkeypatch.setattr(opened.native, "close", no)
    refused(opened, excel, "请先按 Enter 或 Esc 结束单元格编辑", name=name)
    assert excel.books.open_ == [opened.native]


@pytest.mark.parametrize("name", WHOLE)
def test_a_workbook_opened_from_the_cloud_is_not_exchanged(opened, excel, monkeypatch, name):  # noqa: F811
    monkeypatch.setattr("toolkit.hosts.excel.mounts", lambda: [Mount(URL, str(opened.path.parent))])
    opened.native.full = URL + opened.path.name
    assert press(name, lambda: attach(opened.native.full), NOW, "何青").exit_code == 2
    assert "从 OneDrive 或 SharePoint 打开的，不能在打开时换掉文件，请保存并关闭工作簿" in excel.told[0][1]
    assert excel.books.open_ == [opened.native]


@pytest.mark.parametrize("name", WHOLE)
def test_run_python_waits_for_us_so_the_workbook_stays_open(opened, excel, monkeypatch, name):  # noqa: F811
    monkeypatch.setattr(sys, "argv", ["-c", f"--wb={opened.path.name}", "--from_xl=1"])
    assert toolkit.buttons.run(name) == 2
    assert "宏还在运行" in excel.told[0][1]
    assert excel.books.open_ == [opened.native]


def test_a_macro_that_does_not_take_its_answer(opened, excel, monkeypatch, tmp_path):  # noqa: F811
    monkeypatch.setattr(toolkit.buttons, "MACRO_SECONDS", 0.2)
    answer = tmp_path / "answer.txt"
    assert toolkit.buttons.run("restore", str(opened.path), answer=answer) == 2
    assert "宏还在运行" in excel.told[0][1]
    assert answer.read_text() == ""
    assert excel.books.open_ == [opened.native]


# While Excel is busy


def test_a_cell_that_is_being_edited(host, excel, capsys):  # noqa: F811
    excel.busy = True
    assert push(host).exit_code == 2
    assert "请先按 Enter 或 Esc 结束单元格编辑" in capsys.readouterr().err
    assert excel.told == []


def test_editing_begins_during_the_run(host, excel, monkeypatch):  # noqa: F811
    monkeypatch.setattr(host.native, "_save_copy", lambda name: setattr(excel, "busy", True) or excel.answer())
    before = everything(host)
    monkeypatch.setattr(excel, "told", Told(excel))
    assert push(host).exit_code == 2
    [(_, text, _)] = excel.told
    assert "请先按 Enter 或 Esc 结束单元格编辑" in text
    assert everything(host) == before
    assert (excel.screen_updating, excel.status_bar) == (True, False)


class Told(list):
    """The user ends the editing while the dialog is shown."""

    def __init__(self, app):
        super().__init__()
        self.app = app

    def append(self, dialog):
        super().append(dialog)
        self.app.busy = False


def waited(patience, calls=1):
    """As xlwings repeats a rejected call: returns the attempts."""
    attempts = []
    for _ in range(calls):
        attempt = 1
        while not patience or attempt < patience:
            attempt += 1
        attempts.append(attempt)
    return attempts


def test_waiting_ends():
    began = time.monotonic()
    attempts = waited(Patience(0.3))
    assert 0.25 < time.monotonic() - began < 3
    assert 2 <= attempts[0] < 10
    assert range(Patience(1) + 1)[0] == 0  # how xlwings counts when it calls an object


def test_every_call_has_its_own_patience():
    assert all(attempts > 2 for attempts in waited(Patience(0.2), calls=2))


# All or nothing


def edits():
    rows = [{"date": DAY("2026-10-01") + pd_days(i), "kind": "休", "note": f"=第{i}天", "自有列": i} for i in range(3)]
    return [
        SheetEdits(sheets.VISITS, cells=cells((2, "state", "已完成"), (3, "note", "007"))),
        SheetEdits(sheets.HOLIDAYS, append=frame(*rows), cells=cells((2, "kind", "班")),
                   marks=marks((2, "kind", "错误", "甲"), (3, "date", "警告", "乙"))),
        SheetEdits(sheets.FINDINGS, replace=frame({"rule": "A01", "sheet": "节假日", "cell": "B2"})),
        SheetEdits(sheets.LOG, append=frame({"action": "x"})),
    ]  # fmt: skip


def pd_days(count):
    return dt.timedelta(days=count)


def test_whatever_call_fails_nothing_is_left_half_written(tmp_path, excel, request):  # noqa: F811
    """Every writing call in turn is the one that fails."""
    failed = 0
    path = rich(tmp_path / "支行.xlsm")
    while True:
        host = InExcel(path, request)
        marked = SheetEdits(sheets.HOLIDAYS, marks=marks((3, "date", "错误", "旧"), (4, "kind", "提示", "旧二")))
        host.write([marked], {"节假日": host.book.read(sheets.HOLIDAYS)})
        before = content(host.native.wb)
        tables = {edit.sheet.title: host.book.read(edit.sheet) for edit in edits()}
        excel.trouble = (failed, ComError(GONE))
        try:
            host.write(edits(), tables, {"状态_plan": "完成"})
        except ToolkitError as error:
            message = str(error)
        else:
            break
        assert "Excel 已关闭" in message
        assert content(host.native.wb) == before, failed
        excel.books.open_.clear()
        failed += 1
    assert failed > 15
    assert content(host.native.wb) != before


def test_what_could_not_be_taken_back_is_said(tmp_path, excel, request):  # noqa: F811
    host = InExcel(rich(tmp_path / "支行.xlsm"), request)
    tables = {edit.sheet.title: host.book.read(edit.sheet) for edit in edits()}
    real = excel.change

    already = excel.writes

    def gone():
        excel.trouble = (0, ComError(GONE)) if excel.writes > already + 4 else None
        real()

    excel.change = gone
    with pytest.raises(ToolkitError, match="没有能够全部撤回，请不保存就关闭工作簿再打开，或用“备份”"):
        host.write(edits(), tables)


def test_screen_and_status_bar_are_put_back_whatever_happens(host, excel):  # noqa: F811
    excel.status_bar = "别人的话"
    before = excel.screen_updating
    book = attach(str(host.path))

    def work():
        with book.working():
            book.progress("一")
            assert (excel.screen_updating, excel.status_bar) == (False, "贷款回访：一……")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert (excel.screen_updating, excel.status_bar, excel.interactive) == (before, "别人的话", True)


# Where Excel has ways of its own


def test_filtered_rows_are_written_rightly(tmp_path, excel, request):  # noqa: F811
    host = InExcel(rich(tmp_path / "支行.xlsm"), request)
    for row in (3, 4):
        host.native.wb["节假日"].row_dimensions[row].hidden = True
    body = frame(*({"date": DAY(f"2026-11-0{n}"), "kind": "班", "note": f"00{n}"} for n in range(1, 7)))
    host.write([SheetEdits(sheets.HOLIDAYS, replace=body)], {"节假日": host.book.read(sheets.HOLIDAYS)})
    assert [page(host).cell(row, 3).value for row in range(2, 8)] == ["001", "002", "003", "004", "005", "006"]
    assert [page(host).cell(row, 1).value.day for row in range(2, 8)] == [1, 2, 3, 4, 5, 6]


def test_too_many_hidden_cells_are_refused(tmp_path, excel, request, monkeypatch):  # noqa: F811
    monkeypatch.setattr(excel_sheet, "MOST_HIDDEN_CELLS", 2)
    host = InExcel(rich(tmp_path / "支行.xlsm"), request)
    for row in (2, 3, 4):
        host.native.wb["节假日"].row_dimensions[row].hidden = True
    changes = cells(*((row, "kind", "班") for row in (2, 3, 4)))
    with pytest.raises(ToolkitError, match=r"“节假日”表：工作表正在筛选.*清除筛选"):
        host.write([SheetEdits(sheets.HOLIDAYS, cells=changes)], {"节假日": host.book.read(sheets.HOLIDAYS)})


def test_a_threaded_comment_keeps_its_cell_to_itself(tmp_path, excel, request):  # noqa: F811
    host = InExcel(rich(tmp_path / "支行.xlsm"), request)
    sheet = host.native.sheets("节假日")
    sheet.threads = [SimpleNamespace(location=sheet.range((3, 1)))]
    change = SheetEdits(sheets.HOLIDAYS, marks=marks((3, "date", "错误", "甲"), (4, "date", "错误", "乙")))
    host.write([change], {"节假日": host.book.read(sheets.HOLIDAYS)})
    assert page(host)["A3"].comment is None
    assert page(host)["A4"].comment.text == "【校验】乙"


def test_an_excel_without_threaded_comments(tmp_path, excel, request):  # noqa: F811
    host = InExcel(rich(tmp_path / "支行.xlsm"), request)
    host.native.sheets("节假日").threads = None
    change = SheetEdits(sheets.HOLIDAYS, marks=marks((3, "date", "错误", "甲")))
    host.write([change], {"节假日": host.book.read(sheets.HOLIDAYS)})
    assert page(host)["A3"].comment.text == "【校验】甲"


def test_very_long_texts_go_alone(tmp_path, excel, request):  # noqa: F811
    host = InExcel(plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, []), request)
    rows = [{"date": DAY("2026-10-01"), "kind": "休", "note": text} for text in ("短", "长" * 20_000, "短")]
    host.write([SheetEdits(sheets.HOLIDAYS, append=frame(*rows))], {"节假日": host.book.read(sheets.HOLIDAYS)})
    assert [len(page(host).cell(row, 3).value) for row in (2, 3, 4)] == [1, 20_000, 1]


def test_excel_is_asked_by_blocks_not_by_cells(tmp_path, excel, request):  # noqa: F811
    host = InExcel(plain(tmp_path / "a.xlsx", sheets.VISITS, []), request)
    rows = [
        {
            "visit_no": f"V{n:04}",
            "contract_no": f"HT{n}",
            "due_on": DAY("2026-07-06"),
            "priority": "高",
            "state": "待回访",
        }
        for n in range(2000)
    ]
    calls = excel.reads, excel.writes
    host.write([SheetEdits(sheets.VISITS, append=frame(*rows))], {"回访清单": host.book.read(sheets.VISITS)})
    assert excel.reads - calls[0] < 60
    assert excel.writes - calls[1] < 20
    found = host.book.read(sheets.VISITS)
    assert found.data["visit_no"].tolist() == [row["visit_no"] for row in rows]
    calls = excel.writes
    changes = cells(
        *((row, "state", "已取消") for row in range(2, 1502)), *((row, "note", "甲") for row in range(2, 900))
    )
    host.write([SheetEdits(sheets.VISITS, cells=changes)], {"回访清单": found})
    assert excel.writes - calls < 10


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=30))
def test_any_text_is_kept_letter_for_letter(tmp_path_factory, excel, request, texts):  # noqa: F811
    host = InExcel(
        plain(tmp_path_factory.mktemp("t") / "a.xlsx", sheets.HOLIDAYS, [], ["日期", "类型", "说明", "自有"]), request
    )
    kept = [clean(text) for text in texts]
    rows = frame(*({"date": DAY("2026-10-01"), "kind": "休", "note": text, "自有": text} for text in texts))
    host.write([SheetEdits(sheets.HOLIDAYS, append=rows)], {"节假日": host.book.read(sheets.HOLIDAYS)})
    excel.books.open_.clear()
    sheet = host.native.wb["节假日"]
    for column in (3, 4):
        assert [sheet.cell(row, column).value or "" for row in range(2, 2 + len(kept))] == kept
        assert all(sheet.cell(row, column).data_type != "f" for row in range(2, 2 + len(kept)))


def test_chosen_files(host, excel):  # noqa: F811
    book = attach(str(host.path))
    assert book.choose_files("导入台账") == ()
    excel.chosen = ("C:/台账/甲.xlsx", "C:/台账/乙.csv")
    assert book.choose_files("导入台账") == (Path("C:/台账/甲.xlsx"), Path("C:/台账/乙.csv"))


def written(*lengths):
    """Rows of writes: (row, first column, count)."""
    rows = {}
    for row, first, count in lengths:
        rows.setdefault(row, {}).update(
            {column: Write(stored(f"{row}/{column}")) for column in range(first, first + count)}
        )
    return rows


@pytest.mark.parametrize(
    ("cells_", "alone", "boxes"),
    [
        (written((2, 1, 3), (3, 1, 3)), (), [(2, 1, 3, 3)]),
        (written((2, 1, 3), (4, 1, 3)), (), [(2, 1, 2, 3), (4, 1, 4, 3)]),
        (written((2, 1, 2), (2, 4, 1), (3, 1, 2)), (), [(2, 1, 3, 2), (2, 4, 2, 4)]),
        (written((2, 1, 2), (3, 1, 3)), (), [(2, 1, 2, 2), (3, 1, 3, 3)]),
        (written((1, 1, 2), (2, 1, 2)), (), [(1, 1, 1, 2), (2, 1, 2, 2)]),
        (written((2, 1, 2), (3, 1, 2), (4, 1, 2)), (3,), [(2, 1, 2, 2), (3, 1, 3, 1), (3, 2, 3, 2), (4, 1, 4, 2)]),
        ({}, (), []),
    ],
    ids=["block", "gap between rows", "gap in a row", "other width", "header apart", "hidden row", "nothing"],
)
def test_cells_become_rectangles(cells_, alone, boxes):
    found = patches(cells_, alone)
    assert [patch.box for patch in found] == boxes
    back = {}
    for patch in found:
        for i, row in enumerate(patch.cells):
            back.setdefault(patch.row + i, {}).update(dict(enumerate(row, start=patch.column)))
    assert back == cells_


@pytest.mark.parametrize(
    ("text", "look", "handed"),
    [
        ("=1+1", "General", "'=1+1"),
        ("=1+1", "@", "=1+1"),
        ("'甲", "General", "''甲"),
        ("０２月", "General", "'０２月"),
        ("＝甲", "General", "'＝甲"),
        ("true", "General", "'true"),
        ("林晓舟", "General", "林晓舟"),
    ],
)
def test_text_is_handed_over_so_that_it_stays(text, look, handed):
    assert raw_cells.entered(stored(text), look) == handed


# OneDrive and SharePoint


@pytest.fixture
def cloud(tmp_path):
    folder = tmp_path / "OneDrive - 银行" / "贷款 回访"
    folder.mkdir(parents=True)
    return small_branch(folder / "支行 1%&.xlsx")


URL = "https://bank.sharepoint.com/sites/risk/Shared%20Documents/"


@pytest.mark.parametrize(
    "address", [URL, "https://BANK.sharepoint.com/sites/risk/shared documents/", f"{URL}贷款 回访/"]
)
def test_a_cloud_address_is_the_local_copy(cloud, address):
    folder = cloud.parent if address.endswith("回访/") else cloud.parent.parent
    url = f"{URL}%E8%B4%B7%E6%AC%BE%20%E5%9B%9E%E8%AE%BF/%E6%94%AF%E8%A1%8C%201%25%26.xlsx"
    others = [Mount("https://bank.sharepoint.com/sites/other/", str(cloud.parent)), Mount("", "C:/")]
    assert local_file(url, [*others, Mount(address, str(folder))]) == cloud
    with pytest.raises(
        ToolkitError, match=r"支行 1%&\.xlsx：工作簿在 OneDrive 或 SharePoint 上，本机没有同步的副本，请"
    ):
        local_file(url, others)


def test_a_synchronised_subfolder(cloud):
    assert local_file(f"{URL}科室/贷款 回访/支行 1%&.xlsx", [Mount(URL, str(cloud.parent))]) == cloud


def test_a_press_on_a_cloud_workbook(cloud, excel, monkeypatch, request):  # noqa: F811
    host = InExcel(cloud, request)
    url = f"{URL}贷款 回访/支行 1%&.xlsx"
    host.native.full = url
    assert press("check", lambda: attach(url.replace(" ", "%20")), NOW, "何青").exit_code == 2
    assert "本机没有同步的副本" in excel.told[0][1]
    monkeypatch.setattr("toolkit.hosts.excel.mounts", lambda: [Mount(URL, str(cloud.parent.parent))])
    assert press("check", lambda: attach(url), NOW, "何青").exit_code == 0
    assert len(backups(cloud)) == 1


def test_same_place():
    assert same_place("https://x/a%20b.xlsx", "https://X/a b.xlsx")
    assert not same_place("https://x/a.xlsx", "/x/a.xlsx")
    assert same_place("/tmp/./a.xlsx", "/tmp/a.xlsx")


def test_errors_of_calls_are_known_only_where_excel_can_run(excel):  # noqa: F811
    assert call_errors() == (ComError,)
    assert REJECTED != GONE
