"""A pressed button, whatever the program: one dialog, a copy first, all written or nothing.

Requirements: contract section 1 (a button takes its period and folders from 首页; a refusal leaves the workbook as it
was; backups are complete before they carry their name); issue 5, item 2 and its list of bad input.
"""

import datetime as dt
import re
from contextlib import contextmanager

import openpyxl
import pytest
from workbooks import column, small_branch

from toolkit.actions import BY_NAME
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.replacing import backups, one_press
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.run import papers
from toolkit.run.live import HOSTS, message, press
from toolkit.run.order import Order, Result
from toolkit.run.perform import perform

NOW = dt.datetime(2026, 7, 6, 9, 30)


class Program:
    """The least a host can be: an open workbook that is kept as bytes; `trouble` by method name is raised there."""

    def __init__(self, path, files=()):
        self.path, self.files = path, tuple(files)
        self.content = path.read_bytes()
        self.told, self.stages, self.log = [], [], []
        self.trouble = {}

    def _step(self, name):
        self.log.append(name)
        if name in self.trouble:
            raise self.trouble[name]

    def _book(self):
        return open_closed(self.path)

    def read(self, sheet):
        self._step("read")
        return self._book().read(sheet)

    def named(self, name):
        return self._book().named(name)

    def find_right_of(self, title, label):
        return self._book().find_right_of(title, label)

    @contextmanager
    def working(self):
        self._step("working")
        yield
        self.log.append("restored")

    def progress(self, stage):
        self.stages.append(stage)

    def save_copy(self, target):
        self._step("save_copy")
        target.write_bytes(self.content)

    def prepare(self, edits, tables, named=None):
        content = self._book().render(edits, tables, named)
        self._step("prepare")

        def write():
            self._step("write")
            self.content = content

        return write

    def unsaved(self):
        return self.content != self.path.read_bytes()

    def refuse_exchange(self):
        self._step("refuse_exchange")

    def try_open(self, file):
        self._step("try_open")
        open_closed(file).verify()

    def exchange(self, files):
        self._step("exchange")
        files.make()
        self.content = self.path.read_bytes()

    def choose_files(self, title):
        self._step("choose_files")
        return self.files

    def notify(self, title, text, *, refused):
        self._step("notify")
        self.told.append((title, text, refused))


def home(path, **inputs):
    """Give the workbook a 首页 with labelled input cells."""
    book = openpyxl.load_workbook(path)
    if "首页" in book:
        del book["首页"]
    page = book.create_sheet("首页")
    for label, value in inputs.items():
        page.append([label, value])
    book.save(path)
    return path


@pytest.fixture
def program(tmp_path):
    return Program(small_branch(tmp_path / "支行 1.xlsx"))


def test_a_press_reads_copies_writes_and_tells_once(program):
    before = program.content
    result = press("plan", lambda: program, NOW, "何青")
    assert result.exit_code == 0
    order = [step for step in dict.fromkeys(program.log)]
    assert order == ["working", "read", "prepare", "save_copy", "write", "restored", "notify"]
    [(title, text, refused)] = program.told
    assert (title, refused) == ("生成回访清单", False)
    assert result.summary in text
    assert "请检查后保存" in text
    assert [copy.read_bytes() for copy in backups(program.path)] == [before]
    assert program.path.read_bytes() == before  # saving is the user's
    assert program.content != before
    assert program.stages == ["读取工作簿", "生成回访清单", "保存备份", "写入结果"]


@pytest.mark.parametrize("where", ["working", "read", "prepare", "save_copy", "write"])
def test_trouble_is_one_sentence_and_nothing_is_written(program, where):
    before = program.content
    program.trouble[where] = ToolkitError("坏了", where="某表 A1", mend="请修好")
    result = press("plan", lambda: program, NOW, "何青")
    assert result.exit_code == 2
    assert program.told == [("生成回访清单", "某表 A1：坏了，请修好。", True)]
    assert program.content == before
    assert not list(program.path.parent.glob("备份/.*"))


def test_a_bug_names_the_log_and_is_told_once(program, monkeypatch, tmp_path):
    monkeypatch.setenv("LOANVISIT_LOG_DIR", str(tmp_path / "日志"))
    program.trouble["write"] = ZeroDivisionError()
    assert press("plan", lambda: program, NOW, "何青").exit_code == 2
    [(_, text, refused)] = program.told
    assert refused
    assert "loanvisit-" in text
    assert not list(program.path.parent.glob(".*.lock"))


def test_a_half_saved_copy_gets_no_name(program):
    def half(target):
        target.write_bytes(program.content[:100])
        raise ToolkitError("磁盘已满", mend="请清理")

    program.save_copy = half
    assert press("plan", lambda: program, NOW, "何青").exit_code == 2
    assert list((program.path.parent / "备份").iterdir()) == []


def test_a_second_press_is_refused_while_one_runs(program):
    with one_press(program.path):
        result = press("plan", lambda: program, NOW, "何青")
    assert result.exit_code == 2
    [(_, text, _)] = program.told
    assert "上一次按下的按钮还没有运行完" in text
    assert press("plan", lambda: program, NOW, "何青").exit_code == 0


def test_a_workbook_of_another_version(program):
    assert press("verify", lambda: program, NOW, "何青").exit_code == 2
    [(_, text, _)] = program.told
    assert "没有“verify”这个操作" in text
    assert "升级工作簿" in text


def test_no_workbook_to_show_a_dialog_in(capsys):
    def attach():
        raise ToolkitError("没有找到打开着的工作簿", where="支行.xlsm", mend="请先打开它")

    result = press("plan", attach, NOW, "何青")
    assert result.exit_code == 2
    assert capsys.readouterr().err == "生成回访清单：支行.xlsm：没有找到打开着的工作簿，请先打开它。\n"


def test_a_program_that_closed_meanwhile(program, capsys, monkeypatch, tmp_path):
    program.trouble["notify"] = ToolkitError("程序已关闭", mend="请重新打开")
    result = press("plan", lambda: program, NOW, "何青")
    assert result.exit_code == 0
    assert result.summary in capsys.readouterr().err


# What 首页 says


def test_the_period_comes_from_the_home_sheet(program):
    home(program.path, 期间="2026Q2")
    assert press("kpi", lambda: program, NOW, "何青").exit_code == 0
    program.path.write_bytes(program.content)
    assert set(column(program.path, sheets.INDICATORS, "period")) == {"2026Q2"}


@pytest.mark.parametrize(
    ("typed", "what"), [("", "没有填写期间"), ("三季度", "看不懂期间“三季度”"), ("2026Q5", "看不懂期间“2026Q5”")]
)
def test_a_period_that_cannot_be_used_names_its_cell(program, typed, what):
    home(program.path, 期间=typed)
    assert press("kpi", lambda: program, NOW, "何青").exit_code == 2
    [(_, text, _)] = program.told
    assert text.startswith(f"支行 1.xlsx 的“首页”表 期间：{what}")


def test_papers_go_where_the_home_sheet_says(program):
    home(program.path, 期间="2026Q3", 文件夹="报告 & 附件")
    result = press("report", lambda: program, NOW, "何青")
    assert result.exit_code == 0
    assert sorted(path.suffix for path in result.outputs) == [".docx", ".xlsx"]
    for path in result.outputs:
        assert path.parent == program.path.parent / "报告 & 附件"
        assert str(path) in program.told[0][1]


def test_no_file_chosen(program):
    assert press("ledger", lambda: program, NOW, "何青").exit_code == 2
    assert program.told == [
        ("导入台账", "导入台账：没有选择文件，工作簿未改动，请重新按按钮并选择要导入的文件。", True)
    ]


def test_files_are_those_named_on_the_home_sheet_or_those_chosen(program, tmp_path):
    small_branch(tmp_path / "导出.xlsx")
    home(program.path, 导入台账的文件="导出.xlsx；没有.xlsx")
    result = press("ledger", lambda: program, NOW, "何青")
    assert "choose_files" not in program.log
    assert any("没有.xlsx" in line for line in result.rejected)
    assert "没有.xlsx" in program.told[0][1]
    home(program.path)
    program.files = (tmp_path / "导出.xlsx",)
    press("ledger", lambda: program, NOW, "何青")
    assert "choose_files" in program.log


# The whole file: 恢复上次备份, 升级工作簿


WHOLE = ["restore", "upgrade"]


@pytest.fixture
def planned(program):
    """A workbook in which 生成回访清单 was pressed and saved: one backup, nothing unsaved, of an older version."""
    assert press("plan", lambda: program, NOW, "何青").exit_code == 0
    program.path.write_bytes(program.content)
    program.told.clear()
    program.log.clear()
    return program


def test_restore_closes_the_workbook_and_opens_the_backup(planned):
    after, (before,) = planned.content, [copy.read_bytes() for copy in backups(planned.path)]
    assert press("restore", lambda: planned, NOW, "何青").exit_code == 0
    assert (planned.content, planned.path.read_bytes()) == (before, before)
    [(title, text, refused)] = planned.told
    newest = backups(planned.path)[0]
    assert (title, refused, newest.read_bytes()) == ("恢复上次备份", False, after)
    assert f"恢复前的内容另存为 备份/{newest.name}，再恢复一次即可换回" in text
    assert "请检查后保存" not in text
    assert planned.log.index("try_open") < planned.log.index("exchange")
    assert press("restore", lambda: planned, NOW, "何青").exit_code == 0
    assert (planned.content, planned.path.read_bytes()) == (after, after)
    assert f"恢复自 {newest.name}" in (planned.path.parent / "备份" / "恢复记录.txt").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("name", WHOLE)
def test_unsaved_changes_are_kept_and_the_message_says_so(planned, name):
    saved = planned.path.read_bytes()
    home(planned.path, 机构="未保存的机构")
    unsaved = planned.path.read_bytes()
    planned.path.write_bytes(saved)
    planned.content = unsaved
    result = press(name, lambda: planned, NOW, "何青")
    assert result.exit_code == 0
    kept, last_saved = backups(planned.path)[:2]
    assert (kept.read_bytes(), last_saved.read_bytes()) == (unsaved, saved)
    assert kept.name in planned.told[0][1]
    assert "未保存的修改" in planned.told[0][1]
    assert planned.path.read_bytes() == planned.content
    if name == "upgrade":  # what was unsaved is in the upgraded workbook
        assert open_closed(planned.path).find_right_of("首页", "机构") == "未保存的机构"


def test_upgrade_of_an_open_workbook_is_that_of_the_closed_one(planned, tmp_path):
    other = tmp_path / "另外" / planned.path.name
    other.parent.mkdir()
    other.write_bytes(planned.path.read_bytes())
    perform(Order(BY_NAME["upgrade"], other, NOW.date(), NOW, "何青"), lambda stage: None)
    result = press("upgrade", lambda: planned, NOW, "何青")
    assert planned.content == other.read_bytes()
    assert result.counts["新增表"] > 0
    assert "工作簿已保存并重新打开" in planned.told[0][1]
    planned.told.clear()
    planned.log.clear()
    assert press("upgrade", lambda: planned, NOW, "何青").exit_code == 0
    assert "没有改动" in planned.told[0][1]
    assert "exchange" not in planned.log


def test_restoring_what_is_open_changes_nothing(planned):
    planned.path.write_bytes(backups(planned.path)[0].read_bytes())
    planned.content = planned.path.read_bytes()
    assert press("restore", lambda: planned, NOW, "何青").exit_code == 0
    assert "没有改动" in planned.told[0][1]
    assert "exchange" not in planned.log
    assert len(backups(planned.path)) == 1


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("where", ["working", "refuse_exchange", "save_copy", "try_open", "exchange"])
def test_trouble_with_the_whole_file_leaves_it_as_it_was(planned, name, where):
    saved, planned.content = planned.path.read_bytes(), planned.content + b"unsaved" * (where == "save_copy")
    before = planned.content
    planned.trouble[where] = ToolkitError("坏了", where="某表 A1", mend="请修好")
    assert press(name, lambda: planned, NOW, "何青").exit_code == 2
    assert planned.told == [(BY_NAME[name].caption, "某表 A1：坏了，请修好。", True)]
    assert (planned.content, planned.path.read_bytes()) == (before, saved)
    assert not [file for file in planned.path.parent.rglob(".*")]
    assert len(backups(planned.path)) == 1 + (where == "exchange")


def test_restore_without_a_backup_or_with_a_damaged_one(planned):
    newest = backups(planned.path)[0]
    newest.write_bytes(b"PK")
    before = planned.path.read_bytes()
    for word in (newest.name, "没有这个工作簿的备份"):
        planned.told.clear()
        assert press("restore", lambda: planned, NOW, "何青").exit_code == 2
        assert word in planned.told[0][1]
        newest.unlink(missing_ok=True)
    assert planned.path.read_bytes() == before
    assert "exchange" not in planned.log


@pytest.mark.parametrize("name", WHOLE)
def test_the_workbook_is_not_closed_under_a_running_macro(planned, name):
    before = planned.path.read_bytes()
    assert press(name, lambda: planned, NOW, "何青", lambda: False).exit_code == 2
    [(_, text, refused)] = planned.told
    assert refused
    assert "宏还在运行" in text
    assert f"loanvisit {name}" in text
    assert planned.path.read_bytes() == before
    assert press("check", lambda: planned, NOW, "何青", lambda: False).exit_code in (0, 1)


def test_what_only_looks_tells_what_it_saw_and_writes_nothing(program):
    result = press("doctor", lambda: program, NOW, "何青")
    assert result.exit_code == 0
    assert program.log == ["notify"]
    [(title, text, refused)] = program.told
    assert (title, refused) == ("环境检查", False)
    assert result.summary in text
    assert "保存" not in text.splitlines()[-1]


def test_many_papers_are_counted_in_the_status_bar(program, monkeypatch):
    monkeypatch.setattr(papers, "_WORTH_A_BAR", 1)
    assert press("plan", lambda: program, NOW, "何青").exit_code == 0
    program.path.write_bytes(program.content)
    program.stages.clear()
    assert press("forms", lambda: program, NOW, "何青").exit_code == 0
    assert any(re.fullmatch(r"写入文件 \d+/\d+", stage) for stage in program.stages), program.stages


def test_long_news_are_cut_and_say_where_the_rest_is():
    text = message(Result("plan", NOW.date(), summary="完成", details=[f"第{i}行" for i in range(40)]))
    assert len(text.splitlines()) < 20
    assert "其余见工作簿" in text


def test_every_host_is_named_by_module_and_function():
    assert all(target.startswith("toolkit.hosts.") and target.endswith(":attach") for target in HOSTS.values())
