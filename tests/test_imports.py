"""What a command must not import: a button press starts a process, and every heavy library makes the user wait.

Requirements: issue 5, item 7; design: nothing imported that the button does not need. Each command runs in a process of
its own, as a button starts it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from workbooks import record, small_branch

from toolkit.actions import ACTIONS

ROOT = Path(__file__).resolve().parents[1]
WORD = {"docx", "docxtpl", "jinja2", "pptx"}
HEAVY = WORD | {
    "xlsxwriter", "openpyxl", "rich", "chinese_calendar", "xlwings", "duckdb", "distributed", "dask", "msoffcrypto",
    "pyarrow", "matplotlib", "pyopenvba", "unittest", "ssl", "email",
}  # fmt: skip
PANDAS = {"pandas", "numpy", "lxml", "python_calamine"}
CALENDAR = {"chinese_calendar"}

# Command → what it may import of HEAVY and PANDAS, and its options.
COMMANDS = {
    "--help": (set(), []),
    "ledger": (PANDAS | CALENDAR, ["导出.csv", "--as-of", "2026-07-01"]),
    "plan": (PANDAS | CALENDAR, ["--as-of", "2026-07-01"]),
    "check": (PANDAS | CALENDAR, ["--as-of", "2026-07-10"]),
    "classify": (PANDAS | CALENDAR, ["--as-of", "2026-07-10"]),
    "kpi": (PANDAS | CALENDAR, ["--as-of", "2026-07-10", "--period", "2026Q3"]),
    # Word brings mail and network modules of the standard library; charts and the appendix are workbooks.
    "report": (
        PANDAS | CALENDAR | WORD | {"xlsxwriter", "ssl", "email"},
        ["--as-of", "2026-07-10", "--period", "2026Q3"],
    ),
    "restore": (PANDAS, []),
    "upgrade": (PANDAS, []),
    # Versions of packages are told by importlib.metadata, which reads them as mail headers.
    "doctor": (PANDAS | CALENDAR | {"email"}, []),
}  # fmt: skip
TELL = """
import json, sys
from toolkit.cli import main
try:
    main(sys.argv[2:])
except SystemExit as ended:
    open(sys.argv[1], "w").write(json.dumps([ended.code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def python(*arguments):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, *map(str, arguments)], check=True, env=environment, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_heavy_that_the_command_does_not_need(tmp_path, command):
    path = small_branch(tmp_path / "支行.xlsx", records=[record()])
    allowed, options = COMMANDS[command]
    if command == "restore":
        python("-m", "toolkit", "plan", path, "--quiet")
    export = tmp_path / "导出.csv"
    export.write_text("贷款合同编号,贷款余额\nHT001,100000\n", encoding="utf-8")
    options = [str(export) if option == export.name else option for option in options]
    told = tmp_path / "模块.json"
    python("-c", TELL, told, command, *([] if command == "--help" else [path]), *options)
    code, modules = json.loads(told.read_text(encoding="utf-8"))
    assert code in (0, 1)
    assert set(modules) & (HEAVY | PANDAS) <= allowed


def test_loading_any_action_imports_nothing_heavy(tmp_path):
    told = tmp_path / "模块.json"
    script = (
        "import json, sys\nfrom toolkit.actions import ACTIONS\n"
        "for action in ACTIONS:\n    action.load_task() if action.task else action.load()\n"
        "open(sys.argv[1], 'w').write(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    python("-c", script, told)
    modules = set(json.loads(told.read_text(encoding="utf-8")))
    assert modules & HEAVY <= COMMANDS["doctor"][0]
    assert len(ACTIONS) >= len(COMMANDS) - 1
