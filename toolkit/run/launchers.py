"""`loanvisit launchers`: a file per action on which a workbook is dropped, where no button runs (WPS, blocked macros).

Windows: .cmd files of ASCII only, since cmd.exe reads them in a code page that nobody knows, and stumbles where one is
switched on the way. It also cuts a dropped path at & ^ = , ; unless it holds a space. So they hand on the whole command
line, untouched, for `toolkit.cli.dropped` to read, and end with `exit`, or the rest of such a path would be started.
Elsewhere: a shell script and a .desktop entry.
"""

import datetime as dt
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

from toolkit.actions import ACTIONS, Action
from toolkit.hosts.replacing import replace_file
from toolkit.model.errors import ToolkitError
from toolkit.run.order import Result

FOLDER = "快捷操作"
READ_ME = "使用说明.txt"
# How `toolkit.cli.dropped` gets what Explorer made of the drop.
COMMAND_LINE = "LOANVISIT_COMMAND_LINE"
_MISSING = "没有找到装有本工具的 Python（3.11 或更新），请先运行安装程序。"


def write_launchers(folder: Path, today: dt.date, platform: str = sys.platform) -> Result:
    """Write the launchers of every action with a caption into `folder`, made if need be, in place of older ones.

    Raises `ToolkitError` if the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolkitError(
            f"无法建立文件夹（{error.strerror}）", where=str(folder), mend="请换一个有写入权限的文件夹"
        ) from None
    folder = folder.resolve()
    files = _for_windows(os.environ) if platform == "win32" else _for_desktops(folder)
    for name, (content, runs) in files.items():
        replace_file(folder / name, content, backup=False)
        if runs:
            (folder / name).chmod(0o755)
    summary = f"已生成 {sum(runs for _, runs in files.values())} 个文件；使用时把工作簿拖到图标上"
    return Result("launchers", today, summary=summary, outputs=[folder])


def _named() -> list[tuple[str, Action]]:
    actions = [action for action in ACTIONS if action.caption]
    return [(f"{number:02}_{action.caption}", action) for number, action in enumerate(actions, start=1)]


def _read_me() -> bytes:
    lines = ["把工作簿拖到图标上松开，就等于在工作簿中按同名的按钮。运行前请先保存并关闭工作簿。", ""]
    for name, action in _named():
        more = "（连同要导入的文件一起拖）" if action.takes_files else ""
        lines.append(f"{name}：{action.purpose}{more}")
    lines += ["", "期间和文件夹取自工作簿首页的“期间”和“文件夹”。"]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _for_windows(environment: Mapping[str, str]) -> dict[str, tuple[bytes, bool]]:
    """File name → (content, does it run)."""
    own = _in_ascii(sys.executable, environment)
    files = {f"{name}.cmd": (cmd_text(action, own).encode("ascii"), True) for name, action in _named()}
    return {**files, READ_ME: (_read_me(), False)}


def _in_ascii(program: str, environment: Mapping[str, str]) -> str:
    """A path as a batch file can spell it: the folders of the user, whose name may be Chinese, by their variable; ""
    if it stays beyond ASCII."""
    path = PureWindowsPath(program)
    for variable in ("LOCALAPPDATA", "APPDATA", "USERPROFILE"):
        folder = environment.get(variable)
        if folder and path.is_relative_to(PureWindowsPath(folder)):
            rest = str(path.relative_to(PureWindowsPath(folder))).replace("%", "%%")
            return f"%{variable}%\\{rest}" if rest.isascii() else ""
    spelled = program.replace("%", "%%")
    return spelled if spelled.isascii() else ""


def cmd_text(action: Action, python: str) -> str:
    """The .cmd of an action; `python` as it is spelled in a batch file, "" = look for it only where set-up put it."""
    told = "".join(f"\\u{ord(letter):04x}" if ord(letter) > 127 else letter for letter in _MISSING)
    lines = [
        "@echo off",
        f"rem loanvisit {action.name}: drop a workbook on this file. Generated; ASCII only, on purpose.",
        "setlocal EnableExtensions EnableDelayedExpansion",
        f'set "{COMMAND_LINE}=!CMDCMDLINE!"',
        "setlocal DisableDelayedExpansion",
        'set "LOANVISIT_PYTHON="',
    ]
    if python:
        lines.append(f'if exist "{python}" set "LOANVISIT_PYTHON={python}"')
    lines += [
        'set "LOANVISIT_SETTING=%APPDATA%\\loanvisit\\python.txt"',
        'if not defined LOANVISIT_PYTHON if exist "%LOANVISIT_SETTING%" set /p LOANVISIT_PYTHON=<"%LOANVISIT_SETTING%"',
        'if not defined LOANVISIT_PYTHON for %%P in (python.exe) do set "LOANVISIT_PYTHON=%%~$PATH:P"',
        "if not defined LOANVISIT_PYTHON goto missing",
        # Fails for what is too old to know -P, for the stub that leads to the shop, and where nothing was installed.
        '"%LOANVISIT_PYTHON%" -P -c "import toolkit" 2>nul || goto missing',
        f'"%LOANVISIT_PYTHON%" -P -m toolkit.cli.dropped {action.name} %*',
        "exit %ERRORLEVEL%",
        ":missing",
        "echo No Python with loanvisit was found. Please run setup_windows.cmd first.",
        f"powershell -NoProfile -Command \"[regex]::Unescape('{told}')\"",
        "pause",
        "exit 2",
    ]
    return "\r\n".join(lines) + "\r\n"


def _for_desktops(folder: Path) -> dict[str, tuple[bytes, bool]]:
    files: dict[str, tuple[bytes, bool]] = {}
    for name, action in _named():
        files[f"{name}.sh"] = (_shell_text(action).encode(), True)
        files[f"{name}.desktop"] = (_desktop_text(action, folder / f"{name}.sh").encode(), True)
    return {**files, READ_ME: (_read_me(), False)}


def _shell_text(action: Action) -> str:
    python = shlex.quote(sys.executable)
    return (
        f"#!/bin/sh\n# loanvisit {action.name}\n"
        f"{python} -P -c 'import toolkit' 2>/dev/null || {{ echo {shlex.quote(_MISSING)} >&2; exit 2; }}\n"
        f'exec {python} -P -m toolkit.cli.dropped {action.name} "$@"\n'
    )


def _desktop_text(action: Action, script: Path) -> str:
    quoted = "".join(f"\\{letter}" if letter in '"`$\\' else letter for letter in str(script))
    # In a value of the file a backslash is doubled once more, and % begins a field code.
    spelled = quoted.replace("\\", "\\\\").replace("%", "%%")
    return (
        "[Desktop Entry]\nType=Application\nTerminal=true\n"
        f'Name={action.caption}\nComment={action.purpose}\nExec=/bin/sh "{spelled}" %F\n'
    )
