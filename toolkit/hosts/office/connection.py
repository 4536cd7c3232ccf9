"""A running LibreOffice reached from the Python process that one of its macros started.

The program does not listen by itself. Its own launcher, started again with the same profile, only hands `--accept` to
the instance that runs; the pipe that then opens is the user's alone. What speaks UNO is `agent.py` under a Python that
has the `uno` module: the distribution's, or the one LibreOffice brings.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from toolkit.model.errors import ToolkitError

AGENT = Path(__file__).with_name("agent.py")
# Where the program is known to listen already, e.g. "pipe,name=x" or "socket,host=localhost,port=2002".
LISTENS_AT = "LOANVISIT_OFFICE"
_PROFILE = "-env:UserInstallation="
_SECONDS = 15.0


class Office:
    """The agent in a child process; it ends with us."""

    def __init__(self, python: str) -> None:
        self._agent = subprocess.Popen(
            [python, "-E", "-s", str(AGENT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip

    def ask(self, op: str, **arguments: Any) -> Any:
        """The agent's answer; raises `ToolkitError` if the program is gone or refuses."""
        assert self._agent.stdin is not None
        assert self._agent.stdout is not None
        try:
            self._agent.stdin.write(json.dumps({"op": op, **arguments}) + "\n")
            self._agent.stdin.flush()
            line = self._agent.stdout.readline()
        except OSError:
            line = ""
        if not line:
            raise ToolkitError("与 LibreOffice 的联系中断", mend="请重新打开工作簿后再按按钮")
        answer = json.loads(line)
        if answer.get("gone"):
            raise ToolkitError("工作簿或 LibreOffice 已被关闭", mend="请重新打开工作簿后再按按钮")
        if "error" in answer:
            raise ToolkitError(f"LibreOffice 拒绝了操作（{answer['error']}）", where=op, mend="请保存后重新打开再试")
        return answer["ok"]


def connected() -> Office:
    """An agent that is connected to the LibreOffice whose macro started us.

    Raises `ToolkitError` if there is none, if it does not open, or if no Python here has `uno`.
    """
    given = os.environ.get(LISTENS_AT)
    program, profile = (None, None) if given else _parent()
    if not given and program is None:
        raise ToolkitError(
            "这个操作不是由 LibreOffice 的按钮启动的", mend="请在 LibreOffice 中打开工作簿后按按钮，或改用命令"
        )
    office = _agent(program)
    accept = given or f"pipe,name=loanvisit-{os.getppid()}"
    if given or not office.ask("connect", accept=accept, seconds=0):
        if program is not None:
            launcher = [str(program.with_name("soffice")), *([profile] if profile else []), f"--accept={accept};urp;"]
            subprocess.Popen(launcher, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not office.ask("connect", accept=accept, seconds=_SECONDS):
            raise ToolkitError("LibreOffice 没有回应", mend="请关闭 LibreOffice 的其他对话框后重试")
    return office


def _parent() -> tuple[Path | None, str | None]:
    """(program file, profile option) of the LibreOffice that is our parent; None if it is none."""
    if sys.platform == "win32":
        raise ToolkitError("Windows 上的 LibreOffice 还不能用按钮", mend="请用 Excel 打开工作簿，或改用命令")
    process = Path("/proc", str(os.getppid()))
    try:
        program = (process / "exe").resolve(strict=True)
        arguments = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return None, None
    if program.name != "soffice.bin":
        return None, None
    return program, next((argument for argument in arguments if argument.startswith(_PROFILE)), None)


def _agent(program: Path | None) -> Office:
    """An agent under the first Python that has `uno`."""
    own = [str(program.with_name("python"))] if program is not None else []
    for python in (*own, "/usr/bin/python3", shutil.which("python3") or ""):
        if python and Path(python).is_file():
            known = subprocess.run([python, "-I", "-c", "import uno"], capture_output=True, check=False)
            if known.returncode == 0:
                return Office(python)
    raise ToolkitError("本机缺少 LibreOffice 的 Python 接口（uno）", mend="请安装 python3-uno 软件包后重试")
