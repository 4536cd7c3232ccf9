"""What macros start: a button by its action's name.

Users of the xlwings add-in write ``RunPython "import toolkit.buttons; toolkit.buttons.run('plan')"``; the buttons of
the shipped workbook start ``python -m toolkit press plan --workbook … --host excel``.
"""

import datetime as dt
import os
import time
from pathlib import Path

from toolkit.hosts.host import Host
from toolkit.run.live import connect, press
from toolkit.run.order import account

MACRO_SECONDS = 10.0


def run(
    name: str,
    workbook: str | None = None,
    host: str = "excel",
    window: int | None = None,
    answer: Path | None = None,
) -> int:
    """Press the button `name`; returns the exit code of the command of the same name.

    `workbook`: full path or URL as the program gives it, None = the workbook whose RunPython started this. `answer`:
    file that the macro waits for, which gets what it should say: nothing, for the message comes from here, unless
    LibreOffice cannot be reached.
    """
    waiting = [answer] if answer else []

    def attach() -> Host:
        # Excel serves nobody while its macro waits; LibreOffice does, and has no other way to show a message.
        if host == "excel":
            _say(waiting, "")
        found = connect(host, workbook, window)
        _say(waiting, "")
        return found

    def macro_ended() -> bool:
        # RunPython of the add-in waits for us; the shipped macro ends when it has taken the answer away.
        return workbook is not None and _was_read(answer)

    result = press(name, attach, dt.datetime.now(), account(), macro_ended)
    _say(waiting, result.error)
    return result.exit_code


def _was_read(answer: Path | None) -> bool:
    """Has the macro taken away its answer? Waits for it a little."""
    until = time.monotonic() + MACRO_SECONDS
    while answer is not None and answer.exists():
        if time.monotonic() >= until:
            return False
        time.sleep(0.05)
    return True


def _say(waiting: list[Path], text: str) -> None:
    """Answer the macro, once; the file is complete when it has its name."""
    while waiting:
        file = waiting.pop()
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".tmp")
        draft.write_text(text, encoding="utf-8")
        os.replace(draft, file)
