"""`loanvisit launchers`: a file per action on which a workbook is dropped.

Requirements: issue 5, item 5; paths with blanks, Chinese, ' % & = ^ , work; no shell reads them as commands.
The Linux ones are run. The .cmd ones cannot run here: their text is held to the rules that keep cmd.exe from harm, and
what Explorer makes of a drop is read from recorded command lines.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from workbooks import column, small_branch

from toolkit.actions import ACTIONS, BY_NAME
from toolkit.cli import main
from toolkit.cli.dropped import command_lines, paths_of
from toolkit.model import sheets as s
from toolkit.model.errors import ToolkitError
from toolkit.run.launchers import COMMAND_LINE, READ_ME, _in_ascii, cmd_text, write_launchers

ROOT = Path(__file__).resolve().parents[1]
CAPTIONED = [action for action in ACTIONS if action.caption]
NASTY = "支 行's 50% & $HOME `a` =^,;(1)!"


@pytest.fixture
def nasty(tmp_path):
    folder = tmp_path / NASTY
    folder.mkdir()
    return folder


def launched(launcher, *paths):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [str(launcher), *map(str, paths)], capture_output=True, encoding="utf-8", env=environment, check=False, cwd="/"
    )
    return done.returncode, done.stdout, done.stderr


def call(*arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code


def test_every_button_has_its_launcher(nasty):
    folder = nasty / "快捷操作"
    assert call("launchers", folder, "--quiet") == 0
    names = sorted(path.name for path in folder.iterdir())
    wanted = [f"{i:02}_{action.caption}" for i, action in enumerate(CAPTIONED, start=1)]
    assert names == sorted([f"{name}{end}" for name in wanted for end in (".sh", ".desktop")] + [READ_ME])
    told = (folder / READ_ME).read_text(encoding="utf-8-sig")
    assert all(action.purpose in told for action in CAPTIONED)
    assert call("launchers", folder, "--quiet") == 0


def test_a_workbook_dropped_on_a_launcher_is_planned(nasty):
    folder = nasty / "快捷 & 操作"
    write_launchers(folder, None)
    one, two = small_branch(nasty / f"{NASTY}.xlsx"), small_branch(nasty / "二.xlsx")
    number = next(i for i, action in enumerate(CAPTIONED, start=1) if action.name == "plan")
    code, out, err = launched(folder / f"{number:02}_生成回访清单.sh", one, two)
    assert (code, err) == (0, "")
    assert out.count("生成回访清单") == 2
    assert column(one, s.VISITS, "visit_no")
    assert column(two, s.VISITS, "visit_no")
    # One sentence, no traceback, and the wanted exit code where the drop is wrong.
    code, out, err = launched(folder / f"{number:02}_生成回访清单.sh")
    assert (code, out) == (2, "")
    assert "拖到这个图标上" in err


def command_of(entry: Path) -> list[str]:
    """The Exec line as a desktop reads it: value, then quoting, then field codes (Desktop Entry Specification)."""
    (value,) = re.findall(r"^Exec=(.*)$", entry.read_text(encoding="utf-8"), re.MULTILINE)
    value = re.sub(r"\\(.)", lambda m: {"s": " ", "n": "\n", "t": "\t", "r": "\r"}.get(m[1], m[1]), value)
    words = [
        re.sub(r"\\([\"`$\\])", r"\1", quoted) if quoted else bare
        for quoted, bare in re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', value)
    ]
    assert words[-1] == "%F"
    return [word.replace("%%", "%") for word in words[:-1]]


def test_a_desktop_entry_starts_the_script_beside_it(nasty):
    folder = nasty / 'a"b\\c'
    write_launchers(folder, None)
    for entry in folder.glob("*.desktop"):
        assert command_of(entry) == ["/bin/sh", str(entry.with_suffix(".sh"))]


def test_a_desktop_entry_is_started_by_a_desktop(nasty):
    gio = shutil.which("gio")
    if gio is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("gio is not on PATH")
    folder = nasty / "快捷操作"
    write_launchers(folder, None)
    (entry,) = folder.glob("*_生成回访清单.desktop")
    # There is no terminal here to open.
    entry.write_text(entry.read_text(encoding="utf-8").replace("Terminal=true", "Terminal=false"), encoding="utf-8")
    path = small_branch(nasty / "支行.xlsx")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    subprocess.run([gio, "launch", str(entry), str(path)], env=environment, check=True, stdin=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while not (path.parent / "备份").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(0.5)
    assert column(path, s.VISITS, "visit_no")


def test_options_come_from_the_home_sheet(tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")
    assert call("upgrade", path, "--quiet") == 0
    with pytest.raises(ToolkitError, match="期间"):
        command_lines(BY_NAME["kpi"], [path])
    from openpyxl import load_workbook

    book = load_workbook(path)
    for name, value in (("首页_期间", "2026Q3"), ("首页_文件夹", "报告 & 底稿")):
        (title, address), *_ = book.defined_names[name].destinations
        book[title][address] = value
    book.save(path)
    period = ["--period", "2026Q3"]
    assert command_lines(BY_NAME["kpi"], [path]) == [["kpi", str(path), *period]]
    (line,) = command_lines(BY_NAME["report"], [path])
    assert line == ["report", str(path), *period, "--out", str(tmp_path / "报告 & 底稿")]
    (line,) = command_lines(BY_NAME["plan"], [path])
    assert line == ["plan", str(path), "--from", "2026-07-01", "--to", "2026-09-30"]
    assert command_lines(BY_NAME["check"], [path]) == [["check", str(path)]]
    assert command_lines(BY_NAME["doctor"], []) == [["doctor"]]


def test_files_to_import_are_dropped_with_the_workbook(tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")
    export = tmp_path / "导出.csv"
    export.write_text("合同号\n", encoding="utf-8")
    for dropped in ([path, export], [export, path]):
        assert command_lines(BY_NAME["ledger"], dropped) == [["ledger", str(path), str(export)]]
    for dropped in ([path], [export], [], [path, path.with_name("二.xlsx")]):
        if len(dropped) == 2:
            shutil.copy(path, dropped[1])
        with pytest.raises(ToolkitError, match="一起选中"):
            command_lines(BY_NAME["ledger"], dropped)


CMD = r"D:\快捷操作\02_生成回访清单.cmd"


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        (rf'C:\WINDOWS\system32\cmd.exe /c ""{CMD}" D:\a.xlsm"', [r"D:\a.xlsm"]),
        (rf'C:\WINDOWS\system32\cmd.exe /C ""{CMD}" "D:\a b.xlsm""', [r"D:\a b.xlsm"]),
        (rf'cmd /c ""{CMD}" D:\a&b.xlsm"', [r"D:\a&b.xlsm"]),
        (rf'cmd /c ""{CMD}" D:\a^b=c,d;e.xlsm D:\100%PATH%.xlsm"', [r"D:\a^b=c,d;e.xlsm", r"D:\100%PATH%.xlsm"]),
        (rf'cmd /c ""{CMD}" "D:\支 行\张\'s (1)!.xlsm" D:\b.xlsx "\\srv\共享 盘\c.xlsm""'.replace("\\'", "'"),
         [r"D:\支 行\张's (1)!.xlsm", r"D:\b.xlsx", r"\\srv\共享 盘\c.xlsm"]),
        (rf'cmd /c ""{CMD}" "', []),
        (rf'cmd /c ""{CMD}""', []),
        (r'"C:\Windows\System32\cmd.exe" /c "D:\x.cmd" D:\a.xlsm', [r"D:\a.xlsm"]),
        (r'"C:\Windows\System32\cmd.exe" ', []),
        ("", []),
    ],
)  # fmt: skip
def test_what_explorer_makes_of_a_drop(line, paths):
    assert paths_of(line) == paths


def test_the_command_line_goes_before_the_cut_up_arguments(tmp_path):
    path = small_branch(tmp_path / "a&b.xlsx")
    line = f'cmd /c ""D:\\03.cmd" {path}"'
    done = subprocess.run(
        [sys.executable, "-P", "-m", "toolkit.cli.dropped", "plan", str(path).partition("&")[0]],
        env={**os.environ, "PYTHONPATH": str(ROOT), COMMAND_LINE: line},
        capture_output=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("action", CAPTIONED, ids=lambda action: action.name)
@pytest.mark.parametrize("python", ["", r"%LOCALAPPDATA%\loanvisit\venv\Scripts\python.exe", r"D:\a & b\python.exe"])
def test_rules_of_a_cmd(action, python):
    text = cmd_text(action, python)
    # No code page can spoil ASCII; cmd.exe loses its place in files with bare line feeds.
    assert text.isascii()
    assert text.count("\n") == text.count("\r\n")
    lines = text.split("\r\n")
    assert lines[0] == "@echo off"
    assert "chcp" not in text
    # The drop is only ever read by delayed expansion, which does not parse what it puts in.
    assert "%CMDCMDLINE%" not in text.upper()
    assert f'set "{COMMAND_LINE}=!CMDCMDLINE!"' in lines
    for line in lines:
        assert line.count('"') % 2 == 0
        # Every variable that holds a path stands in quotes.
        bare = re.sub(r'"[^"]*"', "", line)
        assert not re.search(r"%(LOANVISIT_|APPDATA|LOCALAPPDATA)", bare), line
        if line.startswith("set "):
            assert re.match(r'set "[A-Z_]+=', line)
    # What follows a cut-up path must never be started.
    assert [line for line in lines if line.startswith("exit")] == ["exit %ERRORLEVEL%", "exit 2"]
    assert lines[-2:] == ["exit 2", ""]
    assert "/b" not in text
    # Exclamation marks in the arguments survive, because expansion is off again by then.
    order = [lines.index(one) for one in lines if "DelayedExpansion" in one]
    assert len(order) == 2
    assert "Disable" in lines[order[1]]
    assert next(i for i, line in enumerate(lines) if line.endswith("%*")) > order[1]
    (told,) = re.findall(r"Unescape\('(.*)'\)", text)
    assert "安装程序" in re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), told)


@pytest.mark.parametrize(
    ("program", "spelled"),
    [
        (r"C:\Users\张三\AppData\Local\loanvisit\venv\Scripts\python.exe",
         r"%LOCALAPPDATA%\loanvisit\venv\Scripts\python.exe"),
        (r"C:\Users\张三\py\python.exe", r"%USERPROFILE%\py\python.exe"),
        (r"C:\Users\张三\程序\python.exe", ""),
        (r"D:\100%\python.exe", r"D:\100%%\python.exe"),
        (r"D:\程序\python.exe", ""),
        (r"C:\Python311\python.exe", r"C:\Python311\python.exe"),
    ],
)  # fmt: skip
def test_a_chinese_user_name_is_spelled_by_its_variable(program, spelled):
    home = "C:\\Users\\张三"
    environment = {"LOCALAPPDATA": home + r"\AppData\Local", "APPDATA": home + r"\AppData\Roaming", "USERPROFILE": home}
    assert _in_ascii(program, environment) == spelled


def test_windows_files(tmp_path):
    write_launchers(tmp_path / "快捷操作", None, platform="win32")
    names = {path.name for path in (tmp_path / "快捷操作").iterdir()}
    assert names == {f"{i:02}_{action.caption}.cmd" for i, action in enumerate(CAPTIONED, start=1)} | {READ_ME}
    for path in (tmp_path / "快捷操作").glob("*.cmd"):
        assert path.read_bytes().isascii()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path, capsys):
    (tmp_path / "文件").write_text("x", encoding="utf-8")
    assert call("launchers", tmp_path / "文件" / "里面") == 2
    assert "无法建立文件夹" in capsys.readouterr().err


def test_shell_scripts_say_what_is_missing(tmp_path):
    write_launchers(tmp_path, None)
    (script,) = tmp_path.glob("*_环境检查.sh")
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace(shlex.quote(sys.executable), "/no/such/python"), encoding="utf-8")
    code, out, err = launched(script)
    assert (code, out) == (2, "")
    assert err.strip().endswith("请先运行安装程序。")


def test_options_of_files_actions_are_told_in_the_read_me(tmp_path):
    write_launchers(tmp_path, None)
    told = (tmp_path / READ_ME).read_text(encoding="utf-8-sig").splitlines()
    for action in CAPTIONED:
        (line,) = [line for line in told if f"_{action.caption}：" in line]
        assert ("一起拖" in line) == action.takes_files
