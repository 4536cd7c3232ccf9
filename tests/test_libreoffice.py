"""LibreOffice as a real host (issue 5, item 4): the shipped buttons are clicked, Python runs, cells are filled.

- 生成回访清单 and 校验记录 clicked on a screen; one message in Chinese each; cells filled; a copy before
- no Python: the button says what to do
- 恢复上次备份 and 升级工作簿: the file is exchanged and the workbook open again; if that fails it is open as it was
"""

import datetime as dt

import openpyxl
import pandas as pd
import pytest
from office_screen import Screen, need_office, office  # noqa: F401  (a fixture)
from openpyxl.workbook.defined_name import DefinedName
from workbooks import VISITORS, loan, record, small_branch

from toolkit.generate.branch_workbook import build_workbook
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.libreoffice import LibreOffice, _raw, attach
from toolkit.hosts.opened import exchange
from toolkit.hosts.replacing import back_up, backups, one_press
from toolkit.model import sheets as s
from toolkit.model.errors import ToolkitError
from toolkit.run.live import press

TODAY = dt.date.today()


@pytest.mark.parametrize(
    ("cell", "raw"),
    [
        (["d", 46086.0], dt.date(2026, 3, 5)),
        (["d", 46086.5], dt.datetime(2026, 3, 5, 12)),
        (["d", 0.25], dt.time(6)),
        (["d", 2958465.0], dt.date(9999, 12, 31)),
        (["d", 2958466.0], 2958466.0),
        (["d", 20260305.0], 20260305.0),
        (["d", -1.0], -1.0),
        (46086.0, 46086.0),
        ("", ""),
    ],
)
def test_cells_that_show_dates(cell, raw):
    assert _raw(cell, 0) == raw


@pytest.fixture
def screen(tmp_path):
    need_office()
    rows = {
        s.VISITORS: VISITORS,
        s.LOANS: [
            loan("HT001", disbursed_on=TODAY, matures_on=TODAY + dt.timedelta(365)),
            loan("HT002", customer_name="江望", phone="19900000002", disbursed_on=TODAY),
        ],
        s.RECORDS: [record(visited_on=TODAY, submitted_on=TODAY, signature="", content="=1+1")],
    }
    contents = {sheet.title: pd.DataFrame(body, dtype="object") for sheet, body in rows.items()}
    workbook = tmp_path / "江州 支行's 50% & 甲=乙" / "江州 支行.xlsm"
    workbook.parent.mkdir()
    workbook.write_bytes(build_workbook(contents, "示例银行", with_buttons=True))
    screen = Screen(tmp_path, workbook)
    screen.workbook = workbook
    yield screen
    screen.close()


def rules_on_records(path):
    """Formulas of the conditional formats, the one that counts first at the start."""
    blocks = openpyxl.load_workbook(path)[s.RECORDS.title].conditional_formatting
    found = [(rule.priority, "".join(rule.formula)) for block in blocks for rule in block.rules]
    return [formula for _, formula in sorted(found)]


def test_buttons_are_clicked_and_do_their_work(screen):
    folder, before = screen.workbook.parent, screen.workbook.read_bytes()
    screen.name_python()
    screen.click("生成回访清单")
    said = screen.message()
    assert "清单连同以前各期共 2 笔，新增 2 笔" in said
    assert "请检查后保存" in said
    (copy,) = (folder / "备份").iterdir()
    screen.turn_to("回访记录")
    screen.click("校验记录")
    assert "错误" in screen.message()
    assert screen.workbook.read_bytes() == before, "saving is left to the user"
    assert len(list((folder / "备份").iterdir())) == 2
    screen.see("save")
    (screen.settings / "loanvisit" / "python.txt").unlink()
    screen.turn_to("首页")
    screen.click("问题分类")
    assert "没有找到运行本工具的 Python" in screen.message()
    assert list((screen.settings / "loanvisit").iterdir()) == [], "answers are taken away"
    book = open_closed(screen.workbook)
    visits, findings = book.read(s.VISITS).data, book.read(s.FINDINGS).data
    assert {*visits["contract_no"]} == {"HT001", "HT002"}
    assert (visits["due_on"] > pd.Timestamp(TODAY)).any()
    assert "A04" in {*findings["rule"]}
    assert book.read(s.RECORDS).data["content"].tolist() == ["=1+1"]
    assert book.read(s.LOG).data["action"].tolist() == ["生成回访清单", "校验记录"]
    assert str(book.named("状态_check")).startswith("校验 1 条记录")
    rules, shipped = rules_on_records(screen.workbook), rules_on_records(copy)
    assert "回访校验" in rules[0], "where two rules apply the first is shown"
    assert {rule for rule in rules if "回访校验" not in rule} == {*shipped}
    assert open_closed(copy).read(s.LOANS).data["contract_no"].tolist() == ["HT001", "HT002"]


# The whole file in the place of the open one

WHOLE = ["restore", "upgrade"]
NOW = dt.datetime(2026, 7, 6, 9, 30)


class Opened:
    """A workbook with a backup open in LibreOffice, with a change that was not saved."""

    def __init__(self, path, running, monkeypatch):
        monkeypatch.setenv("LOANVISIT_OFFICE", running.listens_at)
        self.path, self.told = path, []
        running.open(path)
        host = attach(path.as_uri())
        host.named("没有")
        host._office.ask("put", title="回访人员", row=1, column=1, values=[["江 未存"]])
        assert host.unsaved()
        # A headless program shows no dialog.
        monkeypatch.setattr(LibreOffice, "notify", lambda _, *said, refused: self.told.append((*said, refused)))

    def press(self, name):
        return press(name, lambda: attach(self.path.as_uri()), NOW, "何青")

    def shown(self):
        """What stands in the window now: (the visitor's name, unsaved)."""
        host = attach(self.path.as_uri())
        return host.read(s.VISITORS).data["name"][0], host.unsaved()


@pytest.fixture
def opened(tmp_path, office, monkeypatch):  # noqa: F811
    path = small_branch(tmp_path / "支 行'1%&=.xlsx")
    book = openpyxl.load_workbook(path)
    home = book.create_sheet("首页")
    for row in (["期间", "2026Q3"], ["文件夹", None], ["版本", None]):
        home.append(row)
    book.defined_names["首页_版本"] = DefinedName("首页_版本", attr_text="首页!$B$3")
    book.save(path)
    back_up(path, small_branch(tmp_path / "旧.xlsx", visitors=[{**VISITORS[0], "name": "旧 名"}]).read_bytes())
    return Opened(path, office, monkeypatch)


def visitor(path):
    return open_closed(path).read(s.VISITORS).data["name"][0]


@pytest.mark.parametrize("name", WHOLE)
def test_the_file_is_exchanged_and_shown(opened, name):
    saved, old = opened.path.read_bytes(), backups(opened.path)[0].read_bytes()
    result = opened.press(name)
    assert result.exit_code == 0, result.error
    [(_, text, _)] = opened.told
    kept, last_saved = backups(opened.path)[:2]
    assert (visitor(kept), last_saved.read_bytes()) == ("江 未存", saved)
    assert "未保存的修改" in text
    assert kept.name in text
    if name == "restore":
        assert opened.path.read_bytes() == old
        assert opened.shown() == ("旧 名", False)
        assert opened.press(name).exit_code == 0
        assert opened.shown() == ("江 未存", False)
        assert opened.path.read_bytes() == kept.read_bytes()
    else:
        assert opened.shown() == ("江 未存", False)
        assert attach(opened.path.as_uri()).read(s.ISSUES).present
        opened.told.clear()
        assert opened.press(name).exit_code == 0
        assert "没有改动" in opened.told[0][1]
    assert not [file for file in opened.path.parent.glob(".*") if not file.name.startswith(".~lock")]


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("where", ["try_open", "make", "reload"])
def test_where_it_fails_the_workbook_stays_open_as_it_was(opened, monkeypatch, name, where):
    saved = opened.path.read_bytes()

    def no(*_):
        raise ToolkitError("坏了", where="某处", mend="请修好")

    if where == "make":
        monkeypatch.setattr(exchange.Replacement, "make", no)
    elif where == "try_open":  # what is to come is no workbook
        monkeypatch.setattr(
            "toolkit.run.restore._newest" if name == "restore" else "toolkit.run.upgrade._upgraded",
            lambda *_: (damaged(opened.path), "…") if name == "restore" else (b"PK\3\4" + b"x" * 3000, None),
        )
    else:
        monkeypatch.setattr(LibreOffice, "_reloaded", lambda _: False)
    assert opened.press(name).exit_code == 2
    [(_, text, refused)] = opened.told
    assert refused
    assert "\n" not in text
    assert {"try_open": "LibreOffice 打不开换上的文件，工作簿没有改动"}.get(where, "工作簿已照原样重新打开") in text
    assert opened.shown() == ("江 未存", True)
    assert opened.path.read_bytes() == saved


def damaged(path):
    file = path.with_name("损坏.xlsx")
    file.write_bytes(b"PK\3\4" + b"x" * 3000)
    return file


@pytest.mark.parametrize("name", WHOLE)
def test_a_window_that_is_gone_is_opened_again(opened, monkeypatch, office, name):  # noqa: F811
    """The program let go of the old state without showing the new one: what was unsaved is in the file then."""
    real, failures = LibreOffice._reloaded, [1]

    def reloaded(host):
        if failures.pop() if failures else 0:
            office.shut(opened.path)
            return False
        return real(host)

    monkeypatch.setattr(LibreOffice, "_reloaded", reloaded)
    assert opened.press(name).exit_code == 2
    assert "工作簿已照原样重新打开" in opened.told[0][1]
    assert opened.shown() == ("江 未存", False)
    assert visitor(opened.path) == "江 未存"


# Bad input


def moved(opened, office):  # noqa: F811
    opened.path.rename(opened.path.with_name("改了名.xlsx"))


def read_only(opened, office):  # noqa: F811
    office.shut(opened.path)
    office.open_read_only(opened.path)


def newer(opened, office):  # noqa: F811
    put(opened, "首页", 2, 1, "9.9.0")


def bad_period(opened, office):  # noqa: F811
    put(opened, "首页", 0, 1, "三季度")


def folder_is_a_file(opened, office):  # noqa: F811
    put(opened, "首页", 1, 1, opened.path.name)


def protected(opened, office):  # noqa: F811
    office.shut(opened.path)
    book = openpyxl.load_workbook(opened.path)
    book.create_sheet("操作日志").append([field.header for field in s.LOG])
    for sheet in book:
        sheet.protection.sheet = True
    book.save(opened.path)
    office.open(opened.path)


def fixed(opened, office):  # noqa: F811
    assert office.see("protect", opened.path.as_uri())


def closed(opened, office):  # noqa: F811
    office.shut(opened.path)


def put(opened, title, row, column, text):
    host = attach(opened.path.as_uri())
    host.named("没有")
    host._office.ask("put", title=title, row=row, column=column, values=[[text]])


@pytest.mark.parametrize(
    ("spoil", "names", "words"),
    [
        (moved, ["plan", "report", "restore", "upgrade", "doctor"], "文件已被移动、改名或删除，请另存一次"),
        (read_only, ["plan", "check", "restore", "upgrade"], "只读方式打开，请关闭其他打开它的程序"),
        (newer, ["plan", "report", "upgrade"], "较新的版本（9.9.0），本机的工具是"),
        (bad_period, ["plan", "kpi", "report", "audit"], "“首页”表 期间：看不懂期间“三季度”"),
        (folder_is_a_file, ["forms", "report", "audit"], "是文件而不是文件夹，请填写文件夹，或留空"),
        (protected, ["check", "report", "audit"], "工作表受保护，不能写入，请在“工具—保护工作表”中取消"),
        (fixed, ["check", "plan", "audit"], "工作簿的结构受保护，不能添加"),
        (closed, ["plan", "restore", "upgrade"], "LibreOffice 中没有打开这个工作簿，请重新打开"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_bad_input_is_refused_in_one_sentence(opened, office, spoil, names, words):  # noqa: F811
    spoil(opened, office)
    folder = opened.path.parent
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file() and ".~lock" not in file.name}
    for name in names:
        opened.told.clear()
        assert opened.press(name).exit_code == 2, name
        [(_, text, refused)] = opened.told
        assert refused
        assert words in text, (name, text)
        assert "\n" not in text
    after = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file() and ".~lock" not in file.name}
    assert after == before


def test_a_second_press_while_one_runs(opened):
    with one_press(opened.path):
        for name in ("plan", "restore", "upgrade"):
            opened.told.clear()
            assert opened.press(name).exit_code == 2
            assert "上一次按下的按钮还没有运行完" in opened.told[0][1]
    assert opened.shown() == ("江 未存", True)


def test_two_of_one_name_are_told_apart_by_folder(opened, office, tmp_path):  # noqa: F811
    other = tmp_path / "别处" / opened.path.name
    other.parent.mkdir()
    other.write_bytes(opened.path.read_bytes())
    office.open(other)
    assert opened.press("restore").exit_code == 0
    assert opened.shown() == ("旧 名", False)
    assert attach(other.as_uri()).read(s.VISITORS).data["name"][0] != "旧 名"
    assert backups(other) == []


def test_restore_and_upgrade_are_clicked(screen):
    def click(caption):
        screen.turn_to("首页")  # without a window manager the window has to be entered again after a dialog
        screen.click(caption)
        return screen.message()

    saved = screen.workbook.read_bytes()
    screen.name_python()
    screen.click("校验记录")
    assert "请检查后保存" in screen.message()
    (copy,) = backups(screen.workbook)
    said = click("恢复上次备份")
    assert "已恢复到" in said
    assert "恢复前的内容（含未保存的修改）另存为" in said
    assert screen.workbook.read_bytes() == copy.read_bytes()
    kept, last_saved = backups(screen.workbook)[:2]
    assert open_closed(kept).read(s.LOG).data["action"].tolist() == ["校验记录"]
    assert last_saved.read_bytes() == saved
    said = click("升级工作簿")  # the buttons of the workbook that was opened again work
    assert "没有改动" in said or "工作簿已保存并重新打开" in said
    assert "已恢复到" in click("恢复上次备份")
    assert open_closed(screen.workbook).read(s.LOG).data["action"].tolist() == ["校验记录"]
