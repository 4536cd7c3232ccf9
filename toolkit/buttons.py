"""What macros start: a button by its action's name.

Users of the xlwings add-in write ``RunPython "import toolkit.buttons; toolkit.buttons.run('plan')"``; the buttons of
the shipped workbook start ``python -m toolkit press plan --workbook … --host excel``.
"""

import datetime as dt

from toolkit.run.live import connect, press
from toolkit.run.order import account


def run(name: str, workbook: str | None = None, host: str = "excel", window: int | None = None) -> int:
    """Press the button `name`; returns the exit code of the command of the same name.

    `workbook`: full path or URL as the program gives it, None = the workbook whose RunPython started this.
    """
    return press(name, lambda: connect(host, workbook, window), dt.datetime.now(), account()).exit_code
