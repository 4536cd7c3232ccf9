"""Every button with every kind of bad input, over the imitated Excel.

Requirements: issue 5 (workbook moved, renamed, read-only, protected sheet, unsaved new workbook, a second press while
one runs, another version's workbook, input cells that cannot be used): each one Chinese sentence with the mend, in one
dialog, nothing half-written.
"""

import datetime as dt
import re

import openpyxl
import pytest
from excel_engine import REJECTED, ComError, excel  # noqa: F401  (a fixture)
from openpyxl.workbook.defined_name import DefinedName
from test_hosts import InExcel, content
from workbooks import record, small_branch

from toolkit.actions import ACTIONS, Option
from toolkit.hosts.excel import attach
from toolkit.hosts.replacing import back_up, one_press
from toolkit.run.live import press

NOW = dt.datetime(2026, 7, 6, 9, 30)
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

WRITING = [action for action in ACTIONS if not action.only_looks]
PERIOD = [action for action in ACTIONS if {Option.PERIOD, Option.RANGE} & set(action.options)]
FILES = [action for action in ACTIONS if action.takes_files]
FOLDER = [action for action in ACTIONS if Option.OUT in action.options]


def named(actions):
    return pytest.mark.parametrize("action", actions, ids=lambda action: action.name)


class Desk:
    """A branch's workbook open in Excel, with a backup, an unsaved change and input cells; an export beside it."""

    def __init__(self, tmp_path, excel, request):  # noqa: F811
        self.excel = excel
        path = small_branch(tmp_path / "支 行'1%&=.xlsx", records=[record()])
        back_up(path, small_branch(tmp_path / "旧.xlsx").read_bytes())
        (tmp_path / "旧.xlsx").unlink()
        book = openpyxl.load_workbook(path)
        home = book.create_sheet("首页")
        for row in (["期间", "2026Q3"], ["文件夹", None], ["版本", None]):
            home.append(row)
        book.defined_names["首页_版本"] = DefinedName("首页_版本", attr_text="首页!$B$3")
        book.save(path)
        self.export = small_branch(tmp_path / "导出.xlsx")
        self.host = InExcel(path, request)
        self.native = self.host.native
        self.native.wb["回访人员"]["B2"] = "江 未存"
        self.native.saved = False
        excel.chosen = (str(self.export),)
        self.records = small_branch(tmp_path / "登记簿.xlsx", records=[record(visited_on="2026-07-03")])

    def type(self, row, value):
        self.native.wb["首页"].cell(row, 2).value = value

    def press(self, action):
        return press(action.name, lambda: attach(self.native.full), NOW, "何青")

    def refused(self, action, *words):
        """One dialog, one sentence with these words and a mend; the workbook and its folder are what they were."""
        before, files = content(self.native.wb), self._files()
        assert self.press(action).exit_code == 2
        [(title, text, mode)] = self.excel.told
        assert (title, mode) == (action.caption, "critical")
        for word in words:
            assert word in text, text
        assert re.fullmatch(r"[^\n]*[，：（][^\n]*请[^\n]*。", text), text
        assert "内部出错" not in text
        assert not re.search(r"[A-Za-z]+Error|Traceback|None", text), text
        [book] = self.excel.books.open_
        assert book is self.native
        assert content(book.wb) == before
        assert self._files() == files
        assert (self.excel.screen_updating, self.excel.status_bar, self.excel.interactive) == (True, False, True)

    def _files(self):
        folder = self.export.parent
        return {file.relative_to(folder): file.is_file() and file.read_bytes() for file in folder.rglob("*")}


@pytest.fixture
def desk(tmp_path, excel, request):  # noqa: F811
    return Desk(tmp_path, excel, request)


@named(ACTIONS)
def test_the_desk_is_in_order(desk, action):
    """What the tests below spoil works."""
    if action.name == "collect":
        desk.excel.chosen = (str(desk.records),)
    result = desk.press(action)
    assert result.exit_code in (0, 1), result.error
    assert len(desk.excel.told) == 1


@named(ACTIONS)
def test_moved_or_renamed(desk, action):
    desk.host.path.rename(desk.host.path.with_name("改了名.xlsx"))
    desk.refused(action, "移动或改名", "F12")


@named(ACTIONS)
def test_never_saved(desk, action):
    desk.native.full = "工作簿1"
    desk.refused(action, "还没有保存过", "F12")


@named(WRITING)
def test_read_only(desk, action):
    desk.native.read_only = True
    desk.refused(action, "只读", "重新打开")


@named(WRITING)
def test_a_second_press(desk, action):
    with one_press(desk.host.path):
        desk.refused(action, "上一次按下的按钮还没有运行完")


@named(WRITING)
def test_no_room_for_backups(desk, action):
    desk.excel.chosen = (str(desk.records),) if action.name == "collect" else desk.excel.chosen
    folder = desk.host.path.parent / "备份"
    if action.name == "restore":  # which looks there first
        for file in folder.iterdir():
            file.unlink()
        desk.refused(action, "没有这个工作簿的备份")
        return
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.write_text("不是文件夹")
    desk.refused(action, "不能写入")


@named([action for action in WRITING if not action.task])
def test_protected_sheets(desk, action):
    desk.excel.chosen = (str(desk.records),) if action.name == "collect" else desk.excel.chosen
    for sheet in desk.native.wb.worksheets:
        sheet.protection.sheet = True
    desk.native.fixed = True
    desk.refused(action, "受保护", "请在“审阅”中")


@named(WRITING)
def test_a_workbook_of_a_newer_version(desk, action):
    desk.type(3, "9.9.0")
    if action.name == "restore":  # the present state is only kept, whatever it is
        assert desk.press(action).exit_code == 0
        return
    desk.refused(action, "较新的版本（9.9.0）", "请先更新本机的工具")


@named(ACTIONS)
def test_a_cell_is_being_edited(desk, action, capsys):
    before = content(desk.native.wb)
    desk.excel.busy = True
    assert desk.press(action).exit_code == 2
    told = [text for _, text, _ in desk.excel.told] or [capsys.readouterr().err]
    assert len(told) == 1
    assert "请先按 Enter 或 Esc 结束单元格编辑" in told[0]
    desk.excel.busy = False
    assert content(desk.native.wb) == before


@named([action for action in WRITING if not action.task])
@pytest.mark.parametrize("call", [0, 1])
def test_excel_is_busy_in_the_middle(desk, action, call):
    desk.excel.chosen = (str(desk.records),) if action.name == "collect" else desk.excel.chosen
    desk.excel.trouble = (call, ComError(REJECTED))
    desk_before = content(desk.native.wb)
    result = desk.press(action)
    assert len(desk.excel.told) == 1
    if result.exit_code == 2:
        assert "请先按 Enter 或 Esc" in desk.excel.told[0][1]
        assert content(desk.native.wb) == desk_before
    else:
        assert desk.excel.trouble is not None, "the failing call was never made"


@named(PERIOD)
@pytest.mark.parametrize(
    "typed", ["三季度", "2026Q5", "2026-13", "0000", -1, "2026-09-30..2026-07-01", "=1+1", "甲" * 300]
)
def test_a_period_that_cannot_be_used(desk, action, typed):
    desk.type(1, typed)
    if isinstance(typed, str) and typed.startswith("="):
        desk.native.wb["首页"].cell(1, 2).data_type = "s"
    desk.refused(action, "“首页”表 期间")


@named([action for action in PERIOD if Option.PERIOD in action.options])
def test_no_period(desk, action):
    desk.type(1, None)
    desk.refused(action, "没有填写期间", "2026Q3")


@named(FOLDER)
def test_a_folder_that_is_a_file(desk, action):
    desk.type(2, desk.export.name)
    desk.refused(action, "“首页”表 文件夹", "是文件而不是文件夹")


@named(FOLDER)
@pytest.mark.parametrize("typed", ["长" * 300, "导出.xlsx/里面"])
def test_a_folder_that_cannot_be_made(desk, action, typed):
    desk.type(2, typed)
    desk.refused(action, "“首页”表 文件夹", "请")


@named(FILES)
def test_no_file_was_chosen(desk, action):
    desk.excel.chosen = False
    desk.refused(action, "没有选择文件")


@named(FILES)
@pytest.mark.parametrize("name", ["没有.xlsx", "空.xlsx", "坏.xlsx", "照片.jpg", "旧版.xls", "文字.csv", "文件夹"])
def test_files_that_cannot_be_used(desk, action, name):
    file = desk.export.with_name(name)
    if name == "文件夹":
        file.mkdir()
    elif name != "没有.xlsx":
        file.write_bytes(b"" if name == "空.xlsx" else b"PK\3\4" + b"x" * 300 if name == "坏.xlsx" else b"\xff\xfe\0x")
    desk.excel.chosen = (str(file),)
    desk.refused(action, name if name != "文件夹" else "请")
