"""Buttons of the shipped workbook (issue 5, items 1 and 3).

- one `Sub` per button, which calls the bridge with its action's name; every button pressed reaches the right action
- self-check: code page, macro of every button, action of every macro, caption of every action; a fault is named
- a button per action with a caption, by stage of the work; 校验记录 also on 回访记录
- `new X.xlsm` copies the shipped file byte for byte; without the bridge's answer the user reads one sentence
"""

import io
import re
import zipfile

import pytest
from pyopenvba import ExcelFile
from pyopenvba.apps.excel import ExcelApplication

from toolkit.actions import ACTIONS, Stage, buttons
from toolkit.generate import buttons as made
from toolkit.generate.__main__ import ROOT
from toolkit.generate.branch_workbook import build_workbook
from toolkit.generate.home_sheet import PYTHON_CELL
from toolkit.run.new import new_workbook

SHIPPED = ROOT / "workbook_templates" / "贷款回访工作簿.xlsm"
STUB = """
Public Pressed As String
Public Sub CallTool(ByVal Action As String)
    Pressed = Pressed & Action & ";"
End Sub
Public Function AllPressed() As String
    AllPressed = Pressed
End Function
"""
# Where the commands of the contract stand in the flow of work, as far as they are built.
STAGES = {
    Stage.PLANNING: {"ledger", "plan"},
    Stage.RECORDS: {"forms", "collect", "check"},
    Stage.PROBLEMS: {"classify", "track"},
    Stage.REPORTING: {"sample", "kpi", "report", "papers", "audit", "practice"},
    Stage.UPKEEP: {"retention", "restore", "upgrade", "doctor"},
}


@pytest.fixture(scope="module")
def package():
    return SHIPPED.read_bytes()


@pytest.fixture(scope="module")
def project():
    with ExcelFile(SHIPPED) as file:
        yield file


def drawn(package: bytes) -> list[tuple[str, str, str]]:
    """(sheet title, caption, macro) of every button."""
    import openpyxl

    titles = openpyxl.load_workbook(io.BytesIO(package), read_only=True).sheetnames
    found = []
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        for number, title in enumerate(titles, start=1):
            name = f"xl/worksheets/_rels/sheet{number}.xml.rels"
            relations = parts.read(name).decode() if name in parts.namelist() else ""
            for drawing in re.findall(r"vmlDrawing\d+\.vml", relations):
                xml = parts.read(f"xl/drawings/{drawing}").decode()
                captions = re.findall(r"<font [^>]*>([^<]+)</font>", xml)
                called = re.findall(r"<x:FmlaMacro>\[0\]!([^<]+)<", xml)
                found += [(title, caption, sub) for caption, sub in zip(captions, called, strict=True)]
    return found


def interpreter(**modules: str) -> ExcelApplication:
    """The shipped workbook's macros ready to run, some modules swapped."""
    app = ExcelApplication.open(SHIPPED, with_vba=False)
    with ExcelFile(SHIPPED) as file:
        sources = file.vba_modules()
    for name in made.MODULES:
        app.add_module(modules.get(name, sources[name]), name=name)
    return app


def test_every_button_pressed_reaches_its_action(package):
    pressed = drawn(package)
    captions = {action.caption: action.name for action in ACTIONS}
    app = interpreter(LoanVisitBridge=STUB)
    for _, _, sub in pressed:
        app.run(sub)
    assert app.run("AllPressed") == "".join(f"{captions[caption]};" for _, caption, _ in pressed)


def test_every_action_has_its_button_by_stage(package):
    home = [caption for title, caption, _ in drawn(package) if title == "首页"]
    assert home == [action.caption for actions in buttons().values() for action in actions]
    assert {*home} == {action.caption for action in ACTIONS if action.caption}
    assert ("回访记录", "校验记录", "Press_check") in drawn(package)
    assert {title for title, _, _ in drawn(package)} == {"首页", *(s.title for a in ACTIONS for s in a.beside)}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_stages_are_those_of_the_work(action):
    assert action.name in STAGES[action.stage], "give the action its stage in toolkit/actions.py"


def test_shipped_project_is_the_source(project):
    sources = project.vba_modules()
    assert {name: sources[name].replace("\r\n", "\n") for name in made.MODULES} == {
        name: (ROOT / "macros" / f"{name}.bas").read_text(encoding="ascii") for name in made.MODULES
    }
    assert all(text.isascii() for text in sources.values())
    assert project.validate() == []


def test_every_sheet_has_its_document_module(project, package):
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        code_names = [
            re.search(r'codeName="(\w+)"', parts.read(name).decode())[1]
            for name in parts.namelist()
            if re.fullmatch(r"xl/(workbook|worksheets/sheet\d+)\.xml", name)
        ]
    assert {*code_names} | {*made.MODULES} == {*project.vba_modules()}
    assert len(code_names) == len({*code_names})


def test_libreoffice_could_read_the_source():
    for name, text in made.modules().items():
        code = re.sub(r'"[^"]*"', '""', text)
        assert not re.search(r"^\s*#", code, re.MULTILINE), name
        assert "Declare " not in code
        assert max(map(len, text.splitlines())) < 1000
    assert "Option Explicit" not in re.sub(r"'.*", "", made.modules()[made.BRIDGE])


def test_the_self_check_names_each_fault(package):
    def spoiled(part: str, old: str, new: str) -> list[str]:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w") as target:
            for name in source.namelist():
                content = source.read(name)
                if part in name:
                    assert old.encode() in content
                    content = content.replace(old.encode(), new.encode())
                target.writestr(name, content)
        return made.faults(out.getvalue())

    assert made.faults(package) == []
    assert "no macro" in spoiled("vmlDrawing1.vml", "Press_plan<", "Press_plam<")[0]
    assert "plan: no button" in spoiled("vmlDrawing1.vml", "Press_plan<", "Press_plam<")
    assert "生成清单" in spoiled("vmlDrawing1.vml", "生成回访清单", "生成清单")[0]


def test_the_self_check_names_an_action_that_is_gone(package, monkeypatch):
    monkeypatch.setattr(made, "ACTIONS", tuple(action for action in ACTIONS if action.name != "plan"))
    assert "Press_plan: no action plan" in made.faults(package)


def test_builds_are_byte_identical(package):
    assert build_workbook(with_buttons=True) == build_workbook(with_buttons=True)


def test_new_copies_the_shipped_bytes(tmp_path, package):
    import datetime as dt

    new_workbook(tmp_path / "江州 支行.xlsm", dt.date(2026, 7, 1))
    assert (tmp_path / "江州 支行.xlsm").read_bytes() == package


@pytest.mark.parametrize("name", ["SayTitle", "SaySecondPress", "SayUnsaved", "SayNoPython", "SayNoAnswer"])
def test_sentences_come_out_in_chinese(name):
    said = interpreter().run(name)
    assert said == made._SENTENCES[name]
    assert said.isascii() is False


def test_home_names_the_cells_that_the_bridge_and_the_press_read(package):
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(package))
    assert PYTHON_CELL in book.defined_names
    assert f'"{PYTHON_CELL}"' in made.modules()[made.BRIDGE]
    for action in ACTIONS:
        if "files" in action.options:
            assert f"首页_{action.caption}的文件" in book.defined_names
