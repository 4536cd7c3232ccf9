"""`loanvisit doctor`: what stops a button on this computer, and the mend.

Requirements: issue 5, item 6. What Windows would answer is given as plain tables; nothing here runs on Windows.
"""

import json
import os

import pytest
from workbooks import small_branch

from toolkit import __version__
from toolkit.cli import main
from toolkit.hosts.machine import fonts, interpreter, office, writing
from toolkit.hosts.machine.finding import State
from toolkit.model.calendar import WorkCalendar
from toolkit.run.doctor import _calendar

POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
OWN = r"Software\Microsoft\Office\16.0\Excel\Security"


def registry(values):
    return lambda hive, key, name: values.get((hive, key, name))


@pytest.fixture
def call(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["doctor", *[str(argument) for argument in arguments]])
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


@pytest.mark.parametrize(
    ("version", "wide", "state"),
    [
        ((3, 10, 14), True, State.STOPS),
        ((3, 11, 0), True, State.FINE),
        ((3, 14, 1), True, State.FINE),
        ((3, 12, 4), False, State.NOTE),
    ],
)
def test_python(version, wide, state):
    assert interpreter.version_of_python(version, wide=wide).state is state


WANTED = [
    "pandas>=3.0", "lxml>=5.0", 'xlwings>=0.33; sys_platform == "win32"', 'duckdb>=1.2; extra == "head-office"',
    "pytest>=8.0; extra == 'dev'",
]  # fmt: skip


@pytest.mark.parametrize(
    ("has", "platform", "states", "named"),
    [
        ({"pandas": "3.0.0", "lxml": "5.0", "duckdb": "1.2"}, "linux", [State.FINE], ""),
        ({"pandas": "2.3.9", "lxml": "5.0", "duckdb": "1.2"}, "linux", [State.STOPS], "pandas（2.3.9，须 3.0 以上）"),
        ({"pandas": "3.10", "duckdb": "1.2"}, "linux", [State.STOPS], "lxml（没有安装）"),
        ({"pandas": "3.0", "lxml": "6.1", "duckdb": "1.2"}, "win32", [State.STOPS], "xlwings（没有安装）"),
        ({"pandas": "3.0", "lxml": "6.1"}, "linux", [State.FINE, State.NOTE], "duckdb"),
    ],
)
def test_packages(has, platform, states, named):
    found = interpreter.packages(WANTED, has.get, platform)
    assert [one.state for one in found] == states
    assert named in found[-1].says
    assert "pytest" not in "".join(one.says for one in found)


def test_packages_of_a_folder_that_was_not_installed():
    (found,) = interpreter.packages([], lambda name: None, "linux")
    assert found.state is State.UNKNOWN


@pytest.mark.parametrize(
    ("values", "state", "word"),
    [
        ({}, State.FINE, "默认"),
        ({("HKCU", OWN, "VBAWarnings"): 1}, State.FINE, "允许"),
        ({("HKCU", OWN, "VBAWarnings"): 2}, State.FINE, "启用内容"),
        ({("HKCU", OWN, "VBAWarnings"): 3}, State.STOPS, "签名"),
        ({("HKCU", OWN, "VBAWarnings"): 4}, State.STOPS, "禁止"),
        ({("HKCU", POLICY, "VBAWarnings"): 4, ("HKCU", OWN, "VBAWarnings"): 1}, State.STOPS, "单位统一"),
        ({("HKCU", POLICY, "VBAWarnings"): 2, ("HKCU", OWN, "VBAWarnings"): 4}, State.FINE, "启用内容"),
    ],
)
def test_macro_trust(values, state, word):
    found = office.macro_trust(registry(values), "win32")
    assert found.state is state
    assert word in found.says
    assert bool(found.mend) == (state is State.STOPS)


def test_macro_trust_is_not_guessed_elsewhere():
    assert office.macro_trust(registry({}), "linux").state is State.UNKNOWN


APP = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\App Paths\\"


@pytest.mark.parametrize(
    ("keys", "commands", "state", "said"),
    [
        (["excel.exe"], [], State.FINE, "Excel"),
        (["et.exe"], [], State.NOTE, "WPS 表格"),
        (["et.exe", "soffice.exe"], [], State.FINE, "WPS 表格、LibreOffice"),
        ([], ["soffice"], State.FINE, "LibreOffice"),
        ([], [], State.NOTE, "没有找到"),
    ],
)
def test_spreadsheet_programs(keys, commands, state, said):
    read = registry({("HKLM", APP + key, ""): "C:\\x.exe" for key in keys})
    (found,) = office.programs(read, lambda name: name if name in commands else None)
    assert found.state is state
    assert said in found.says


@pytest.mark.parametrize(
    ("have", "state"),
    [
        (["微软雅黑 & Microsoft YaHei UI (TrueType)", "仿宋 (TrueType)", "黑体", "楷体", "方正小标宋简体"], State.FINE),
        (["Microsoft YaHei", "FangSong", "SimHei", "KaiTi"], State.NOTE),
        ([], State.NOTE),
        (None, State.UNKNOWN),
    ],
)
def test_fonts(have, state):
    assert fonts.chinese_fonts(have).state is state


def test_fonts_of_windows_come_from_the_registry():
    listed = fonts.installed(lambda hive, key: ["黑体 (TrueType)"] if hive == "HKLM" else [], "win32")
    assert listed == ["黑体 (TrueType)"]
    assert fonts.installed(lambda hive, key: [], "win32") is None


def test_a_mark_of_the_internet_stops_macros(tmp_path):
    path = tmp_path / "支行.xlsm"
    for zone, stops in (("3", True), ("4", True), ("1", False)):
        tmp_path.joinpath("支行.xlsm:Zone.Identifier").write_text(f"[ZoneTransfer]\nZoneId={zone}\n", encoding="utf-8")
        assert (office.came_from_the_internet(path, "win32") is not None) is stops
    assert office.came_from_the_internet(tmp_path / "别的.xlsm", "win32") is None
    assert office.came_from_the_internet(path, "linux") is None


def test_the_setting_of_the_buttons(tmp_path):
    path = tmp_path / "loanvisit" / "python.txt"
    assert interpreter.setting_path({"APPDATA": str(tmp_path)}) == path
    assert interpreter.setting(path).state is State.NOTE
    path.parent.mkdir()
    program = tmp_path / "张三" / "python.exe"
    program.parent.mkdir()
    program.write_bytes(b"")
    for encoding in ("gbk", "utf-8", "utf-8-sig"):
        path.write_bytes(f"{program}\r\n".encode(encoding))
        assert interpreter.setting(path).state is State.FINE
    program.unlink()
    found = interpreter.setting(path)
    assert found.state is State.STOPS
    assert str(program) in found.says
    path.write_bytes(b"")
    assert interpreter.setting(path).state is State.STOPS


def test_folders(tmp_path, monkeypatch):
    (tmp_path / "备份").mkdir()
    assert [one.state for one in writing.folder(tmp_path)] == [State.FINE, State.FINE]
    assert list((tmp_path / "备份").iterdir()) == []
    assert writing.folder(tmp_path / "没有")[0].state is State.STOPS

    def denied(self, *_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", denied)
    for found in writing.folder(tmp_path):
        assert found.state is State.STOPS
        assert "权限" in found.mend


@pytest.mark.parametrize(("later", "state"), [(-1, State.FINE), (0, State.FINE), (1, State.NOTE)])
def test_calendar_coverage(later, state):
    found = _calendar(WorkCalendar().last_published + later)
    assert found.state is state
    assert "暂定" in found.says


def test_no_workbook_is_needed(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = call()
    assert (code, err) == (0, "")
    for subject in ("Python", "程序包", "表格软件", "宏设置", "中文字体", "文件夹", "工作日历"):
        assert subject in out
    assert list(tmp_path.iterdir()) == []


def test_json_and_a_workbook_without_version(call, tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")
    before = path.read_bytes()
    code, out, _ = call(path, "--as-of", "2026-07-01", "--json")
    answer = json.loads(out)
    assert (code, answer["ok"], answer["as_of"]) == (0, True, "2026-07-01")
    assert any("没有版本标记" in line and "升级工作簿" in line for line in answer["warnings"])
    assert sum(answer["counts"].values()) > len(answer["warnings"]) >= answer["counts"]["留意"] > 0
    assert path.read_bytes() == before


def test_an_upgraded_workbook_shows_its_version(call, tmp_path, monkeypatch):
    path = small_branch(tmp_path / "支行.xlsx")
    with pytest.raises(SystemExit):
        main(["upgrade", str(path), "--quiet"])
    _, out, _ = call(path)
    assert f"正常  工作簿：版本 {__version__}" in out


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda path: path.unlink(), "找不到"),
        (lambda path: path.write_bytes(b"x"), "不是 Excel"),
        (lambda path: path.with_name(f".~lock.{path.name}#").write_text(",何青,pc,x,y;", encoding="utf-8"), "何青"),
        (lambda path: os.chmod(path, 0o444), "只读"),
    ],
)
def test_what_stops_a_workbook(call, tmp_path, spoil, word):
    path = small_branch(tmp_path / "支行.xlsx")
    spoil(path)
    code, out, _ = call(path)
    assert code == 0
    assert "妨碍" in out
    assert word in out


def test_output_is_no_option_of_a_look(call, tmp_path):
    assert call("--output", tmp_path / "x.xlsx")[0] == 2
