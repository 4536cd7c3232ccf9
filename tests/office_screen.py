"""A LibreOffice on a screen that nobody sees, whose buttons are really clicked: Xvfb, xdotool, accessibility."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON_WITH_UNO = "/usr/bin/python3"
# Macros of the test's own workbook may run; no greeting stands before it.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop>
<prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
</oor:items>"""


def need_office() -> None:
    """Skip the test where its programs are missing; fail where CI is set."""
    lacking = [name for name in ("soffice", "Xvfb", "xdotool") if shutil.which(name) is None]
    if subprocess.run([PYTHON_WITH_UNO, "-c", "import uno"], capture_output=True, check=False).returncode:
        lacking.append("python3-uno")
    if lacking:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"missing: {', '.join(lacking)}")


def profile(folder: Path) -> str:
    """A user profile of LibreOffice in `folder`, as its option."""
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    return f"-env:UserInstallation={folder.as_uri()}"


def until(seconds: float, happened: Callable[[], Any]) -> Any:
    """The first answer of `happened` that is not empty; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := happened()):
        assert time.monotonic() < deadline, f"nothing after {seconds} s"
        time.sleep(0.2)
    return answer


class Headless:
    """A LibreOffice without a screen, for all tests of a module; `workbook` opens one in it."""

    def __init__(self, folder: Path) -> None:
        self._pipe = f"loanvisit-hosts-{os.getpid()}"
        self.listens_at = f"pipe,name={self._pipe}"
        command = ["soffice", profile(folder / "profile"), "--headless", "--nologo", "--norestore"]
        self._office = subprocess.Popen(
            [*command, f"--accept={self.listens_at};urp;"], stderr=subprocess.DEVNULL, start_new_session=True
        )

    def open(self, workbook: Path) -> None:
        until(60, lambda: eyes(self._pipe, "open", workbook.as_uri()))

    def open_read_only(self, workbook: Path) -> None:
        until(60, lambda: eyes(self._pipe, "open-read-only", workbook.as_uri()))

    def see(self, *words: str) -> Any:
        return eyes(self._pipe, *words)

    def shut(self, workbook: Path) -> None:
        """Close the workbook without saving."""
        until(60, lambda: eyes(self._pipe, "close", workbook.as_uri()))

    def close(self) -> None:
        end(self._office)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Headless]:
    need_office()
    running = Headless(tmp_path_factory.mktemp("office"))
    yield running
    running.close()


def eyes(pipe: str, *words: str) -> Any:
    """What `office_eyes.py` answers; None if it cannot look."""
    script = str(Path(__file__).with_name("office_eyes.py"))
    seen = subprocess.run(
        [PYTHON_WITH_UNO, "-I", script, pipe, *words], capture_output=True, encoding="utf-8", check=False
    )
    return json.loads(seen.stdout) if seen.returncode == 0 else None


def end(office: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(office.pid, signal.SIGTERM)  # soffice is a launcher with a child
    office.wait(20)


class Screen:
    """One screen with one workbook open in LibreOffice."""

    def __init__(self, folder: Path, workbook: Path) -> None:
        self._pipe = f"loanvisit-test-{os.getpid()}"
        inlet, outlet = os.pipe()
        self._x = subprocess.Popen(
            ["Xvfb", "-displayfd", str(outlet), "-screen", "0", "1700x2000x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[outlet], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(outlet)
        with open(inlet) as told:  # to the end of the line: it dies if nobody listens any more
            self._display = f":{told.readline().strip()}"
        self.settings = folder / "config"
        environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(folder), "XDG_CONFIG_HOME": str(self.settings), "LANG": "C.UTF-8",
            "DISPLAY": self._display, "SAL_USE_VCLPLUGIN": "gen", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        command = ["soffice", profile(folder / "profile"), "--nologo", "--norestore"]
        self._office = subprocess.Popen(
            [*command, f"--accept=pipe,name={self._pipe};urp;", str(workbook)],
            env=environment, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def name_python(self, program: str = sys.executable) -> None:
        """What set-up writes: the Python that buttons start."""
        file = self.settings / "loanvisit" / "python.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{program}\n", encoding="utf-8")

    def see(self, *words: str) -> Any:
        return eyes(self._pipe, *words)

    def _do(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env={**os.environ, "DISPLAY": self._display}, check=True)

    def _press(self, x: int, y: int) -> None:
        self._do("mousemove", x, y, "sleep", 0.3, "mousedown", 1, "sleep", 0.1, "mouseup", 1)

    def turn_to(self, title: str) -> None:
        """Click a sheet's tab, and a cell of it."""
        self._press(*until(10, lambda: self.see("tab", title)))
        self._press(800, 700)

    def click(self, caption: str) -> None:
        """Click the button with this caption on the sheet in front, once it is in sight."""
        x, y = until(40, lambda: self.see("button", caption))
        self._press(x, y)

    def message(self, seconds: float = 40) -> str:
        """The text of the one dialog, which is then closed."""
        ((text, (button,)),) = until(seconds, lambda: self.see("messages"))
        self._press(*button)
        until(10, lambda: self.see("messages") == [])
        return text

    def close(self) -> None:
        end(self._office)
        self._x.terminate()
        self._x.wait(20)
