"""审计底稿: the evidence pack of 七、(一)1.

Requirements (issue 8, item 5; contract, sections 1 and 6)
- plan execution, truth and completeness of records, timeliness and effect of handling, sampling paper, log, parameters.
- a contents sheet says what each sheet proves; personal data masked; the same workbook gives the same file.
"""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from typing import Any

import openpyxl
import pandas as pd
import pytest
from test_kpi import issue, loan, record, request, tables, visit
from workbooks import loan as full_loan
from workbooks import record as full_record
from workbooks import small_branch

from toolkit.cli import main
from toolkit.hosts.fresh.new_file import book_bytes
from toolkit.model import audit_sheets as a
from toolkit.model import sheets as s
from toolkit.model.tables import Book, table_from
from toolkit.rules.audit.integrity import CHECKS
from toolkit.steps.audit import audit

BEFORE = dt.date(2026, 9, 20)


def pack(asked=None, more: dict | None = None, **rows: Any) -> dict[str, pd.DataFrame]:
    """The pages of the pack by title."""
    (book,) = audit(tables(**rows) | (more or {}), asked or request()).papers
    assert isinstance(book, Book)
    return {sheet.title: frame for sheet, frame in book.sheets}


@pytest.mark.parametrize(
    ("cells", "day", "as_of", "outcome", "late"),
    [
        ({"due": "2026-09-15"}, "2026-09-15", None, a.DONE_IN_TIME, None),
        ({"due": "2026-09-15"}, "2026-09-16", None, a.DONE_LATE, 1),
        ({"due": "2026-09-15"}, None, None, a.NOT_DONE, 35),
        ({"due": "2026-09-15"}, None, BEFORE, a.NOT_DONE, 5),
        ({"due": "2026-09-20"}, None, BEFORE, a.STILL_OPEN, None),
        ({"due": "2026-09-19"}, None, BEFORE, a.NOT_DONE, 1),
        ({"due": "2026-09-15", "rescheduled_to": "2026-09-18", "reschedule_approved_on": "2026-09-15"}, "2026-09-18",
         None, a.DONE_IN_TIME, None),
        ({"due": "2026-09-15", "rescheduled_to": "2026-09-18", "reschedule_approved_on": "2026-09-16"}, "2026-09-18",
         None, a.DONE_LATE, 3),
        ({"due": "2026-09-15", "state": "已取消", "system_note": "系统取消：已结清"}, None, None, a.LEFT_OUT, None),
        ({"due": "2026-09-15", "state": "已取消", "approver": "章宁", "remark": "出国"}, None, None, a.LEFT_OUT, None),
        ({"due": "2026-09-15", "state": "已取消"}, None, None, a.NOT_DONE, 35),
    ],
)  # fmt: skip
def test_how_a_visit_was_carried_out(cells, day, as_of, outcome, late):
    made = [] if day is None else [record("A", day)]
    asked = request() if as_of is None else request(as_of)
    row = pack(asked, visits=[visit("A", **cells)], records=made, loans=[loan("A")])["计划执行"].iloc[0]
    assert row["outcome"] == outcome
    assert row["days_late"] == late or (late is None and pd.isna(row["days_late"]))
    assert (row["ground"] != "") is (outcome == a.LEFT_OUT)


@pytest.mark.parametrize(
    ("cells", "reporting", "remedying"),
    [
        ({"report_due_on": "2026-09-02", "reported_on": "2026-09-02"}, a.IN_TIME, a.NOT_ASKED_FOR),
        ({"report_due_on": "2026-09-02", "reported_on": "2026-09-03"}, a.LATE, a.NOT_ASKED_FOR),
        ({"report_due_on": "2026-09-02"}, a.OVERDUE, a.NOT_ASKED_FOR),
        ({"report_due_on": "2026-10-20"}, a.NOT_DUE, a.NOT_ASKED_FOR),
        ({"remedy_due_on": "2026-09-22", "state": "已销号", "verified_on": "2026-09-22"}, a.NOT_ASKED_FOR, a.IN_TIME),
        ({"remedy_due_on": "2026-09-22", "state": "已重开", "verified_on": "2026-09-22"}, a.NOT_ASKED_FOR, a.OVERDUE),
    ],
)
def test_timeliness_of_handling(cells, reporting, remedying):
    row = pack(issues=[issue("A", **cells)], loans=[loan("A")])["问题处理"].iloc[0]
    assert (row["reporting"], row["remedying"]) == (reporting, remedying)


@pytest.mark.parametrize(
    ("cells", "listed"),
    [
        ({"found_on": "2026-07-01"}, True),
        ({"found_on": "2026-06-30"}, True),  # still open
        ({"found_on": "2026-06-30", "state": "已销号", "verified_on": "2026-06-30"}, False),
        ({"found_on": "2026-06-30", "state": "已销号", "verified_on": "2026-07-01"}, True),
        ({"found_on": "2026-10-01"}, False),
    ],
)
def test_issues_of_the_period_and_those_carried_over(cells, listed):
    assert len(pack(issues=[issue("A", **cells)])["问题处理"]) == int(listed)


def test_self_verified_closing_is_told():
    closed = issue("A", state="已销号", owner="郑远", verifier="郑 远", verified_on="2026-09-20")
    pages = pack(issues=[closed])
    assert pages["问题处理"]["effect"].tolist() == ["责任人自行验证"]
    assert exceptions(pages)["已销号，没有他人验证"] == 1


def exceptions(pages: dict[str, pd.DataFrame]) -> dict[str, int]:
    return dict(zip(pages["完整性核对"]["check"], pages["完整性核对"]["count"], strict=True))


def test_every_check_of_integrity_finds_its_exception_and_nothing_in_an_empty_workbook():
    assert set(exceptions(pack()).values()) == {0}
    first = [{"visit_no": "G", "contract_no": "G", "visited_on": "2026-08-01", "verdict": "准确", "record_row": 99},
             {"visit_no": "B", "contract_no": "B", "visited_on": "2026-09-01", "started_at": "10:00", "visitor": "何青",
              "submitted_on": "2026-09-02", "verdict": "有错", "record_row": 2}]  # fmt: skip
    findings = [{"no": 1, "level": "错误", "rule": "A01", "sheet": "回访记录", "cell": "B2", "handling": "说明"}]
    events = [{"at": "2026-08-01", "issue_no": "没有", "new_state": "待反馈"}]
    pages = pack(
        more={
            s.FINDINGS.title: table_from(s.FINDINGS, findings),
            s.ISSUE_EVENTS.title: table_from(s.ISSUE_EVENTS, events),
        },
        visits=[visit("A", state="已完成")],
        records=[record("B", submitted_on="2026-09-02"), record("C", submitted_on="2026-09-02"), record("D")],
        first=first,
        issues=[issue("A", state="已销号")],
        spot_checks=[{"visit_no": "Z", "visitor": "何青", "reviewer": "何青"}],
    )
    found = exceptions(pages)
    assert set(found) == {check.title for check in CHECKS}
    assert {check: count for check, count in found.items() if count == 0} == {}
    assert pages["完整性核对"].loc[0, "places"] == "“回访清单”第 2 行"


def test_indicators_are_counted_again():
    done = {"visits": [visit("A", "2026-09-15")], "records": [record("A", "2026-09-10")], "loans": [loan("A")]}
    bare = pack(**done)["指标复算"]
    assert set(bare["agrees"]) == {"未统计"}
    listed = [
        {"object_kind": row["object_kind"], "object_name": row["object_name"], "period": "2026Q3",
         "indicator": row["indicator"], "numerator": row["numerator"], "denominator": row["denominator"]}
        for row in bare.to_dict("records")
    ]  # fmt: skip
    assert set(pack(**done, indicators=listed)["指标复算"]["agrees"]) == {"一致"}
    listed[0]["numerator"] = 5
    assert pack(**done, indicators=listed)["指标复算"]["agrees"].tolist().count("不一致") == 1


def test_parameters_say_what_was_changed():
    page = pack(request(**{"抽查比例": 8.0}))["参数取值"].set_index("parameter")
    assert page.loc["抽查比例", ["value", "default", "changed"]].tolist() == ["8", "5", "已改动"]
    assert (page["changed"] != "").sum() == 1


def test_contents_name_every_sheet_with_its_rows():
    pages = pack(visits=[visit("A")])
    contents = pages["目录"]
    assert contents["title"].tolist() == [title for title in pages if title not in ("目录", "说明")]
    assert contents["rows"].tolist() == [len(pages[title]) for title in contents["title"]]
    assert contents["proves"].ne("").all()
    assert contents["clause"].ne("").all()


def test_before_sampling_and_counting_it_says_so():
    outcome = audit(tables(records=[record("A", submitted_on="2026-09-02")]), request())
    assert any("抽查取样" in warning for warning in outcome.warnings)
    assert any("统计考核" in warning for warning in outcome.warnings)
    assert not outcome.edits


def test_the_same_workbook_gives_the_same_file():
    given = tables(visits=[visit("A")], records=[record("A")], issues=[issue("A")], loans=[loan("A")])
    one, other = (book_bytes(audit(given, request()).papers[0]) for _ in range(2))
    assert one == other


def test_the_pack_tells_nobody_a_customer(tmp_path):
    """A name, phone or ID number stands nowhere in the file, quoted words included."""
    told = full_record(
        contract_no="HT001",
        customer_name="欧阳晓舟",
        feedback="我叫欧阳晓舟，电话19912345678，身份证110101199003070000",
    )
    book = small_branch(
        tmp_path / "江州.xlsx",
        loans=[full_loan("HT001", customer_name="欧阳晓舟", phone="19912345678", id_number="110101199003070000")],
        records=[told | {"phone": "19912345678"}],
    )
    for command in (["check"], ["classify"], ["sample", "--period", "2026Q3"]):
        with pytest.raises(SystemExit):
            main([command[0], str(book), *command[1:], "--as-of", "2026-09-30", "--quiet"])
    with pytest.raises(SystemExit) as ended:
        main(["audit", str(book), "--period", "2026Q3", "--as-of", "2026-09-30", "--out", str(tmp_path / "底稿")])
    assert ended.value.code == 0
    (paper,) = (tmp_path / "底稿").iterdir()
    assert paper.name == "审计底稿_2026Q3.xlsx"
    with zipfile.ZipFile(io.BytesIO(paper.read_bytes())) as parts:
        whole = b"".join(parts.read(name) for name in parts.namelist()).decode("utf-8", "replace")
    for secret in ("欧阳晓舟", "19912345678", "110101199003070000"):
        assert secret not in whole
    read = openpyxl.load_workbook(paper)
    assert read.sheetnames[:2] == ["目录", "说明"]
    assert read["目录"]["C2"].hyperlink.location == "'计划执行'!A1"
    assert read["记录核查"].max_row >= 2


def test_the_file_name_is_valid_on_windows():
    asked = replace(request(), institution='江州/支行:"一"')
    (book,) = audit(tables(), asked).papers
    assert not set(book.file_name) & set('<>:"/\\|?*')
