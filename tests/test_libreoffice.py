"""LibreOffice as a real host (issue 5, item 4): the shipped buttons are clicked, Python runs, cells are filled.

- 生成回访清单 and 校验记录 clicked on a screen; one message in Chinese each; cells, marks and notes there; a copy before
- no Python: the button says what to do
"""

import datetime as dt

import pandas as pd
import pytest
from office_screen import Screen, need_office
from workbooks import VISITORS, loan, record

from toolkit.generate.branch_workbook import build_workbook
from toolkit.hosts.closed_file import open_closed
from toolkit.model import sheets as s

TODAY = dt.date.today()


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
    assert open_closed(copy).read(s.LOANS).data["contract_no"].tolist() == ["HT001", "HT002"]
