"""LibreOffice as a real host (issue 5, item 4): the shipped buttons are clicked, Python runs, cells are filled.

- 生成回访清单 and 校验记录 clicked on a screen; one message in Chinese each; cells filled; a copy before
- no Python: the button says what to do
"""

import datetime as dt

import openpyxl
import pandas as pd
import pytest
from office_screen import Screen, need_office
from workbooks import VISITORS, loan, record

from toolkit.generate.branch_workbook import build_workbook
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.libreoffice import _raw
from toolkit.model import sheets as s

TODAY = dt.date.today()


@pytest.mark.parametrize(
    ("cell", "raw"),
    [
        (["d", 46086.0], dt.date(2026, 3, 5)),
        (["d", 46086.5], dt.datetime(2026, 3, 5, 12)),
        (["d", 0.25], dt.time(6)),
        (["d", 2958465.0], dt.date(9999, 12, 31)),
        (["d", 2958466.0], 2958466.0),
        (["d", 20260305.0], 20260305.0),
        (["d", -1.0], -1.0),
        (46086.0, 46086.0),
        ("", ""),
    ],
)
def test_cells_that_show_dates(cell, raw):
    assert _raw(cell, 0) == raw


@pytest.fixture
def screen(tmp_path):
    need_office()
    rows = {
        s.VISITORS: VISITORS,
        s.LOANS: [
            loan("HT001", disbursed_on=TODAY, matures_on=TODAY + dt.timedelta(365)),
            loan("HT002", customer_name="江望", phone="19900000002", disbursed_on=TODAY),
        ],
        s.RECORDS: [record(visited_on=TODAY, submitted_on=TODAY, signature="", content="=1+1")],
    }
    contents = {sheet.title: pd.DataFrame(body, dtype="object") for sheet, body in rows.items()}
    workbook = tmp_path / "江州 支行's 50% & 甲=乙" / "江州 支行.xlsm"
    workbook.parent.mkdir()
    workbook.write_bytes(build_workbook(contents, "示例银行", with_buttons=True))
    screen = Screen(tmp_path, workbook)
    screen.workbook = workbook
    yield screen
    screen.close()


def rules_on_records(path):
    """Formulas of the conditional formats, the one that counts first at the start."""
    blocks = openpyxl.load_workbook(path)[s.RECORDS.title].conditional_formatting
    found = [(rule.priority, "".join(rule.formula)) for block in blocks for rule in block.rules]
    return [formula for _, formula in sorted(found)]


def test_buttons_are_clicked_and_do_their_work(screen):
    folder, before = screen.workbook.parent, screen.workbook.read_bytes()
    screen.name_python()
    screen.click("生成回访清单")
    said = screen.message()
    assert "清单 " in said
    assert "请检查后保存" in said
    (copy,) = (folder / "备份").iterdir()
    screen.turn_to("回访记录")
    screen.click("校验记录")
    assert "错误" in screen.message()
    assert screen.workbook.read_bytes() == before, "saving is left to the user"
    assert len(list((folder / "备份").iterdir())) == 2
    screen.see("save")
    (screen.settings / "loanvisit" / "python.txt").unlink()
    screen.turn_to("首页")
    screen.click("问题分类")
    assert "没有找到运行本工具的 Python" in screen.message()
    assert list((screen.settings / "loanvisit").iterdir()) == [], "answers are taken away"
    book = open_closed(screen.workbook)
    visits, findings = book.read(s.VISITS).data, book.read(s.FINDINGS).data
    assert {*visits["contract_no"]} == {"HT001", "HT002"}
    assert (visits["due_on"] > pd.Timestamp(TODAY)).any()
    assert "A04" in {*findings["rule"]}
    assert book.read(s.RECORDS).data["content"].tolist() == ["=1+1"]
    assert book.read(s.LOG).data["action"].tolist() == ["生成回访清单", "校验记录"]
    assert str(book.named("状态_check")).startswith("校验 1 条记录")
    rules, shipped = rules_on_records(screen.workbook), rules_on_records(copy)
    assert "回访校验" in rules[0], "where two rules apply the first is shown"
    assert {rule for rule in rules if "回访校验" not in rule} == {*shipped}
    assert open_closed(copy).read(s.LOANS).data["contract_no"].tolist() == ["HT001", "HT002"]
