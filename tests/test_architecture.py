"""The arrows of the house: who may import whom; nothing else, and nothing heavy at the door.

- model ← rules ← steps ← actions ← run ← buttons, cli; model ← hosts, reports ← run; generate looks at model, actions,
  hosts and the rule tables it prints; the demo drives run like a person would.
- office, head office's commands, stands where run's callers stand and looks at rules and steps for what a branch's are.
- only hosts know workbook libraries, only reports (and the template builder) know Word and its charts.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "toolkit"

MAY_IMPORT: dict[str, set[str]] = {
    "model": set(),
    "rules": {"model"},
    "steps": {"model", "rules"},
    "actions": {"model"},  # steps are named there, and imported when a button is pressed
    "hosts": {"model"},
    "reports": {"model"},
    "generate": {"model", "actions", "hosts", "rules"},
    "run": {"model", "actions", "hosts", "reports"},
    "buttons": {"run", "hosts"},
    "demo": {"model", "actions", "hosts", "run"},
    # Head office drives run over many workbooks and decides with the rules what they say together.
    "office": {"model", "rules", "steps", "actions", "hosts", "reports", "run"},
    "cli": {"model", "actions", "run", "demo", "buttons", "office"},
    "__main__": {"cli"},
}
FOREIGN: dict[str, set[str]] = {
    "openpyxl": set(),
    "python_calamine": {"hosts"},
    "xlsxwriter": {"hosts", "generate"},
    "lxml": {"hosts", "reports", "generate"},
    "docx": {"reports", "generate"},
    "docxtpl": {"reports"},
    "pptx": {"reports"},
    "click": {"cli"},
    "rich": {"cli"},
    "platformdirs": {"run"},
    "xlwings": {"hosts"},
    "duckdb": {"office"},
    "distributed": {"office"},
    "msoffcrypto": {"hosts", "office"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Dotted names of every import in the file, at whatever depth."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_every_room_is_known():
    assert {room(path) for path in MODULES} - {"__init__"} <= set(MAY_IMPORT)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows(path):
    here = room(path)
    if here == "__init__":
        assert not imported(path)
        return
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "toolkit" and len(parts) > 1 and parts[1] != "__version__":
            assert parts[1] == here or parts[1] in MAY_IMPORT[here], f"{here} must not import {name}"
        if parts[0] in FOREIGN:
            assert here in FOREIGN[parts[0]], f"{here} must not import {parts[0]}"
        assert not name.startswith("xlwings.pro")


def test_no_two_rooms_of_the_rules_lean_on_each_other():
    leans = {
        (path.relative_to(PACKAGE / "rules").parts[0].removesuffix(".py"), name.split(".")[2])
        for path in (PACKAGE / "rules").rglob("*.py")
        for name in imported(path)
        if name.startswith("toolkit.rules.")
    }
    assert len(leans) > 30
    assert not {(one, other) for one, other in leans if one < other and (other, one) in leans}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_one_catch_all_and_no_catch_all_words(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    caught = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]
    assert not caught or path == PACKAGE / "run" / "trouble.py"
    assert path.stem not in ("utils", "helpers", "common", "misc")


def test_modules_can_be_held_in_the_head():
    long = {
        str(path.relative_to(PACKAGE)): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 330
    }
    assert not long


def test_categories_of_issues_are_spelled_in_the_model_alone():
    """A slip in one would match no issue, and nothing would say so. 逾期 and 失联 are words of sentences too."""
    from toolkit.model.values import ISSUE_CATEGORIES

    apart = set(ISSUE_CATEGORIES) - {"逾期", "失联"}
    spelled = {
        str(path.relative_to(PACKAGE))
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in apart
    }
    assert spelled == {"model/values.py"}


def test_every_step_or_task_named_by_an_action_exists():
    from toolkit.actions import ACTIONS

    for action in ACTIONS:
        assert bool(action.step) != bool(action.task), action.name
        assert callable(action.load_task() if action.task else action.load())
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
