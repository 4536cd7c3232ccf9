"""跟踪督办: clocks, pauses, recurrence, open questions, promises, and what the step leaves alone.

Requirements (issue 8, items 1 and 2; 六、(三), 三、(七)3., 四、(二)4.)
- 催办 before, 督办 after, 通报 later, by working days, for 反馈, 整改 and 上报; nothing once done
- a pause extends the limits by its working days; classify and track do not undo each other
- recurrence within 复发判定天数 names the earlier handler; 系统性问题笔数 in 系统性问题天数 are systemic
- 待答复事项 with department, limit and answer; promises against the ledger imported after them
- tracking twice changes nothing; what staff entered stays
"""

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tracking import COMPLETE, NO, Branch, cell, event, issue, number, pause, resume
from workbooks import VISITORS, column, loan, record, stranger

from toolkit.cli import main
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.calendar import WorkCalendar
from toolkit.model.fields import Owner
from toolkit.model.tables import table_from

DAY = dt.date
LATE = "督办：整改 2026-07-29 到期，逾期 2 个工作日"
REPORTED = {"reported_on": DAY(2026, 7, 9)}


def told(as_of: dt.date, calendar: WorkCalendar | None = None, **cells: Any) -> str:
    branch = Branch(issues=[issue(**cells)])
    branch.track(as_of, calendar or WorkCalendar())
    return branch.issues["supervision"][0]


# 督办 ----------------------------------------------------------------------------------------------------------------
STAGES = [
    # 整改 by Thursday 10-08, the first working day after 1–7 October: two working days before it is Tuesday 09-29.
    ("remedy_due_on", DAY(2026, 10, 8), DAY(2026, 9, 28), ""),
    ("remedy_due_on", DAY(2026, 10, 8), DAY(2026, 9, 29), "催办：整改 2026-10-08 到期"),
    ("remedy_due_on", DAY(2026, 10, 8), DAY(2026, 10, 5), "催办：整改 2026-10-08 到期"),
    ("remedy_due_on", DAY(2026, 10, 8), DAY(2026, 10, 8), "催办：整改 2026-10-08 到期"),
    ("remedy_due_on", DAY(2026, 10, 8), DAY(2026, 10, 9), "督办：整改 2026-10-08 到期，逾期 1 个工作日"),
    # Five working days after Thursday: 9, 10 (make-up Saturday), 12, 13, 14.
    ("remedy_due_on", DAY(2026, 10, 8), DAY(2026, 10, 13), "督办：整改 2026-10-08 到期，逾期 4 个工作日"),
    ("remedy_due_on", DAY(2026, 10, 8), DAY(2026, 10, 14), "通报：整改 2026-10-08 到期，逾期 5 个工作日"),
    # A limit on the eve of the holiday: five working days later is 10-13.
    ("remedy_due_on", DAY(2026, 9, 30), DAY(2026, 10, 7), "督办：整改 2026-09-30 到期，逾期 0 个工作日"),
    ("remedy_due_on", DAY(2026, 9, 30), DAY(2026, 10, 12), "督办：整改 2026-09-30 到期，逾期 4 个工作日"),
    ("remedy_due_on", DAY(2026, 9, 30), DAY(2026, 10, 13), "通报：整改 2026-09-30 到期，逾期 5 个工作日"),
    ("report_due_on", DAY(2026, 7, 9), DAY(2026, 7, 6), ""),
    ("report_due_on", DAY(2026, 7, 9), DAY(2026, 7, 7), "催办：反馈 2026-07-09 到期"),
    ("report_due_on", DAY(2026, 7, 9), DAY(2026, 7, 10), "督办：反馈 2026-07-09 到期，逾期 1 个工作日"),
    ("report_due_on", DAY(2026, 7, 9), DAY(2026, 7, 15), "督办：反馈 2026-07-09 到期，逾期 4 个工作日"),
    ("report_due_on", DAY(2026, 7, 9), DAY(2026, 7, 16), "通报：反馈 2026-07-09 到期，逾期 5 个工作日"),
    ("escalation_due_on", DAY(2026, 7, 9), DAY(2026, 7, 9), "催办：上报 2026-07-09 到期"),
    ("escalation_due_on", DAY(2026, 7, 9), DAY(2026, 7, 10), "督办：上报 2026-07-09 到期，逾期 1 个工作日"),
    ("escalation_due_on", DAY(2026, 7, 9), DAY(2026, 7, 16), "通报：上报 2026-07-09 到期，逾期 5 个工作日"),
]
BARE = {"report_due_on": None, "remedy_due_on": None, "escalation_due_on": None, "severity": "重大"}


@pytest.mark.parametrize(("limit", "due", "as_of", "expected"), STAGES)
def test_the_stages_of_a_limit(limit, due, as_of, expected):
    assert told(as_of, **BARE | {limit: due, "found_on": DAY(2026, 7, 1)}) == expected


def test_sheet_节假日_moves_the_stages():
    closed = WorkCalendar({DAY(2026, 7, 13): False, DAY(2026, 7, 14): False})
    limit = BARE | {"report_due_on": DAY(2026, 7, 9)}
    assert told(DAY(2026, 7, 16), closed, **limit).startswith("督办")
    assert told(DAY(2026, 7, 20), closed, **limit).startswith("通报")


@pytest.mark.parametrize(
    ("changes", "as_of", "stage"),
    [
        ({"催办提前工作日数": 0}, DAY(2026, 7, 8), ""),
        ({"催办提前工作日数": 0}, DAY(2026, 7, 9), "催办"),
        ({"催办提前工作日数": 3}, DAY(2026, 7, 6), "催办"),
        ({"通报延后工作日数": 0}, DAY(2026, 7, 9), "催办"),
        ({"通报延后工作日数": 0}, DAY(2026, 7, 10), "通报"),
        ({"通报延后工作日数": 1}, DAY(2026, 7, 10), "通报"),
    ],
)
def test_the_stages_follow_the_parameters(changes, as_of, stage):
    branch = Branch(issues=[issue(**BARE | {"report_due_on": DAY(2026, 7, 9)})])
    branch.track(as_of, **changes)
    assert branch.issues["supervision"][0][:2] == stage


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (REPORTED, LATE),
        ({}, f"通报：反馈 2026-07-09 到期，逾期 16 个工作日；{LATE}"),
        ({"reported_on": DAY(2026, 8, 1)}, f"通报：反馈 2026-07-09 到期，逾期 16 个工作日；{LATE}"),  # not yet
        (COMPLETE | {"state": "待验证", "verified_on": None}, "督办：整改验证 2026-07-29 到期，逾期 2 个工作日"),
        (COMPLETE | {"state": "已销号"}, ""),
        # Closed by the handler is not closed.
        (COMPLETE | {"state": "已销号", "verifier": "高远"}, "督办：整改验证 2026-07-29 到期，逾期 2 个工作日"),
        (COMPLETE | {"state": "已重开"}, LATE),
        # Closed, but the superior authority has not been told (六、(二)3.).
        (
            COMPLETE | {"state": "已销号", "severity": "重大", "escalation_due_on": DAY(2026, 7, 9)},
            "通报：上报 2026-07-09 到期，逾期 16 个工作日",
        ),
        ({"severity": "一般", "report_due_on": None, "state": "当场解决"}, ""),
    ],
)  # fmt: skip
def test_what_is_done_is_left_in_peace(cells, expected):
    assert told(DAY(2026, 7, 31), **cells) == expected


def test_it_clears_when_the_matter_is_done():
    branch = Branch(issues=[issue()])
    outcome = branch.track(DAY(2026, 7, 31))
    assert (outcome.counts["督办"], outcome.counts["通报"], outcome.counts["未了结"]) == (1, 1, 1)
    branch.type(0, **COMPLETE | {"state": "已销号"})
    outcome = branch.track(DAY(2026, 7, 31))
    assert branch.issues["supervision"].tolist() == [""]
    assert (outcome.counts["督办"], outcome.counts["通报"], outcome.counts["未了结"]) == (0, 0, 0)


# 暂停 ----------------------------------------------------------------------------------------------------------------
# 整改 by Wednesday 2026-07-29. (pauses (start, end), T, limit then)
PAUSES = {
    "none": ([], DAY(2026, 7, 24), DAY(2026, 7, 29)),
    "three working days": ([(DAY(2026, 7, 13), DAY(2026, 7, 16))], DAY(2026, 7, 24), DAY(2026, 8, 3)),
    "over a weekend only": ([(DAY(2026, 7, 17), DAY(2026, 7, 19))], DAY(2026, 7, 24), DAY(2026, 7, 29)),
    "no time at all": ([(DAY(2026, 7, 13), DAY(2026, 7, 13))], DAY(2026, 7, 24), DAY(2026, 7, 29)),
    "two pauses add up": (
        [(DAY(2026, 7, 13), DAY(2026, 7, 14)), (DAY(2026, 7, 20), DAY(2026, 7, 22))],
        DAY(2026, 7, 24),
        DAY(2026, 8, 3),
    ),
    "still going on, to T": ([(DAY(2026, 7, 13), None)], DAY(2026, 7, 15), DAY(2026, 7, 31)),
    "begun on the limit": ([(DAY(2026, 7, 29), DAY(2026, 7, 31))], DAY(2026, 8, 5), DAY(2026, 7, 31)),
    "begun after the limit": ([(DAY(2026, 7, 30), DAY(2026, 8, 4))], DAY(2026, 8, 5), DAY(2026, 7, 29)),
    "begun within a limit that a pause extended": (
        [(DAY(2026, 7, 27), DAY(2026, 7, 29)), (DAY(2026, 7, 30), DAY(2026, 7, 31))],
        DAY(2026, 8, 5),
        DAY(2026, 8, 3),
    ),
    "over the holiday": ([(DAY(2026, 7, 29), DAY(2026, 10, 8))], DAY(2026, 10, 9), DAY(2026, 10, 8)),
    "begun after T": ([(DAY(2026, 7, 27), DAY(2026, 7, 29))], DAY(2026, 7, 24), DAY(2026, 7, 29)),
}


def paused(pauses: list) -> Branch:
    branch = Branch(issues=[issue(**COMPLETE) | {"state": "整改中", "completed_on": None, "verified_on": None}])
    branch.track(DAY(2026, 7, 10))
    for start, end in pauses:
        branch.log(pause(start))
        branch.type(0, state="已暂停")
        if end:
            branch.log(resume(end))
            branch.type(0, state="整改中")
    return branch


@pytest.mark.parametrize("case", PAUSES)
def test_a_pause_extends_the_limit_by_its_working_days(case):
    pauses, as_of, limit = PAUSES[case]
    branch = paused(pauses)
    for _ in range(3):  # however often it is counted
        branch.track(as_of)
        assert branch.findings() == []
        assert branch.issues["remedy_due_on"][0].date() == limit
    assert branch.issues["report_due_on"][0].date() == DAY(2026, 7, 9)  # met before the pause
    memory = branch.data(s.ISSUE_MEMORY).iloc[0]
    if pauses:
        assert memory["remedy_due_on_original"].date() == DAY(2026, 7, 29)
        assert memory["remedy_due_on_extended"].date() == limit


def test_the_clock_of_a_paused_issue_stands_still():
    branch = paused([(DAY(2026, 7, 28), None)])
    branch.track(DAY(2026, 8, 20))
    assert branch.issues["supervision"][0] == ""
    assert branch.outcome.counts["暂停"] == 1
    branch.type(0, state="整改中")
    branch.track(DAY(2026, 8, 21))  # resumed today: Wednesday was a day away
    assert branch.issues["remedy_due_on"][0].date() == DAY(2026, 8, 24)
    assert branch.events()[-1] == ("恢复", "已暂停", "整改中")
    branch.track(DAY(2026, 8, 25))
    assert branch.issues["remedy_due_on"][0].date() == DAY(2026, 8, 24)
    assert branch.issues["supervision"][0] == "督办：整改 2026-08-24 到期，逾期 1 个工作日"


def test_a_registered_pause_counts_before_the_register_follows():
    branch = paused([])
    branch.log(pause(DAY(2026, 7, 13)))
    branch.track(DAY(2026, 7, 15))
    branch.track(DAY(2026, 7, 15))
    assert branch.findings() == [("G13", "问题台账", cell(s.ISSUES, "state"))]
    assert branch.issues["remedy_due_on"][0].date() == DAY(2026, 7, 31)
    branch.log(resume(DAY(2026, 7, 14)))
    branch.track(DAY(2026, 7, 15))
    assert branch.findings() == []
    assert branch.issues["remedy_due_on"][0].date() == DAY(2026, 7, 30)


def test_a_pause_taken_back_takes_the_days_back():
    branch = paused([(DAY(2026, 7, 13), DAY(2026, 7, 16))])
    branch.track(DAY(2026, 7, 24))
    log = branch.tables[s.ISSUE_EVENTS.title].raw
    branch.tables[s.ISSUE_EVENTS.title] = table_from(s.ISSUE_EVENTS, log[~log["event"].isin(("暂停", "恢复"))])
    branch.track(DAY(2026, 7, 24))
    assert branch.issues["remedy_due_on"][0].date() == DAY(2026, 7, 29)


def test_classify_and_track_do_not_undo_each_other():
    row = {"contract_no": "HT1", "visited_on": DAY(2026, 7, 8), "result": "成功", "visitor": "何青", "use_2": "否"}
    branch = Branch(records=[row])
    branch.classify(DAY(2026, 7, 8))
    no = branch.issues["issue_no"][0]
    branch.type(0, **COMPLETE | {"state": "整改中", "completed_on": None, "verified_on": None, "verifier": None})
    branch.track(DAY(2026, 7, 10))
    branch.log(pause(DAY(2026, 7, 13), no), resume(DAY(2026, 7, 16), no))
    branch.track(DAY(2026, 7, 24))
    for _ in range(2):
        assert branch.issues["remedy_due_on"][0].date() == DAY(2026, 8, 3)
        branch.classify(DAY(2026, 7, 24))
        branch.track(DAY(2026, 7, 24))
    # A new grade counts its limits anew, and the paused days still come on top: 30 working days, and three.
    branch.type(0, manual_grading="重大")
    branch.classify(DAY(2026, 7, 24))
    assert branch.issues["remedy_due_on"][0].date() == DAY(2026, 8, 19)
    for _ in range(2):
        branch.track(DAY(2026, 7, 24))
        assert branch.issues["remedy_due_on"][0].date() == DAY(2026, 8, 24)
        branch.classify(DAY(2026, 7, 24))


# 复发 ----------------------------------------------------------------------------------------------------------------
T = DAY(2027, 6, 30)
CLOSED = COMPLETE | {"state": "已销号"}  # verified on 2026-07-21


def again(found: dt.date, first: dict[str, Any] | None = None, **second: Any) -> tuple[str, str]:
    """(关联问题, 问责建议) of a second issue of the same loan."""
    loans = [
        {"contract_no": c, "customer_no": k, "loan_officer": o, "branch": "城东支行"}
        for c, k, o in (("HT1", "K1", "郑远"), ("HT2", "K1", "沈立"), ("HT3", "K3", "郑远"), ("HT4", "K4", "沈立"))
    ]
    rows = [
        issue(number(0), **{"contract_no": "HT1", "category": "服务态度"} | CLOSED | (first or {})),
        issue(number(1), **{"contract_no": "HT1", "category": "服务态度", "found_on": found} | second),
    ]
    branch = Branch(issues=rows, loans=loans)
    branch.track(T)
    assert branch.issues["related_issue"][0] == ""
    return branch.issues["related_issue"][1], branch.issues["accountability"][1]


@pytest.mark.parametrize(
    ("found", "first", "second", "alike"),
    [
        (DAY(2026, 7, 22), {}, {}, "同一合同"),
        (DAY(2027, 1, 17), {}, {}, "同一合同"),  # 180 days after 2026-07-21
        (DAY(2027, 1, 18), {}, {}, ""),
        (DAY(2026, 7, 15), {}, {}, "同一合同"),  # found while the first was open
        (DAY(2026, 7, 8), {}, {}, ""),  # one visit, or one day, is no recurrence
        # Still open: counted from the day it was found.
        (DAY(2027, 1, 4), {"state": "整改中", "verified_on": None, "completed_on": None}, {}, "同一合同"),
        (DAY(2027, 1, 5), {"state": "整改中", "verified_on": None, "completed_on": None}, {}, ""),
        # Explained on the spot, and here it is again.
        (DAY(2027, 1, 4), {"state": "当场解决", "severity": "一般", "verified_on": None}, {}, "同一合同"),
        (DAY(2026, 8, 3), {}, {"category": "还款困难"}, ""),
        (DAY(2026, 8, 3), {}, {"contract_no": "HT2"}, "同一客户"),
        (DAY(2026, 8, 3), {}, {"contract_no": "HT3"}, "同一客户经理"),
        (DAY(2026, 8, 3), {}, {"contract_no": "HT4"}, ""),
        (DAY(2026, 8, 3), {}, {"contract_no": "HT4", "owner": "高远"}, "同一责任人"),
        # Hardship is not the doing of staff: another customer's is no recurrence.
        (DAY(2026, 8, 3), {"category": "还款困难"}, {"category": "还款困难", "contract_no": "HT3"}, ""),
        (DAY(2026, 8, 3), {"category": "还款困难"}, {"category": "还款困难", "contract_no": "HT2"}, "同一客户"),
        (DAY(2026, 8, 3), {"manual_grading": "无问题"}, {}, ""),
        (DAY(2026, 8, 3), {}, {"manual_grading": "无问题"}, ""),
    ],
)
def test_recurrence(found, first, second, alike):
    link, proposal = again(found, first, **second)
    assert link == (number(0) if alike else "")
    assert proposal.startswith(f"复发：{alike}前次问题 {number(0)}（2026-07-08发现" if alike else "")
    assert bool(proposal) == bool(alike)


def test_the_proposal_names_who_handled_it_before():
    _, proposal = again(DAY(2026, 8, 3))
    assert "2026-07-21销号），前次责任人高远（个人金融部）、验证人秦川；" in proposal
    _, proposal = again(DAY(2026, 8, 3), {"state": "待反馈", "owner": "", "verifier": "", "department": "运营部"})
    assert "尚未销号），前次责任部门运营部；" in proposal


def test_of_several_the_one_that_ended_last_is_meant():
    """The first was closed late, the second was settled at once long before."""
    late = DAY(2026, 12, 1)
    rows = [
        issue(number(0), contract_no="HT1", **CLOSED | {"completed_on": late, "verified_on": late}),
        issue(number(1), contract_no="HT1", severity="一般", state="当场解决", found_on=DAY(2026, 7, 9)),
        issue(number(2), contract_no="HT1", found_on=DAY(2027, 3, 1)),
    ]  # fmt: skip
    branch = Branch(issues=rows)
    branch.track(T)
    assert branch.issues["related_issue"].tolist() == ["", number(0), number(0)]
    assert branch.outcome.counts["复发"] == 2


def test_a_link_that_a_person_typed_stays():
    branch = Branch(issues=[issue(related_issue="见纸质档案 12 号")])
    branch.track(T)
    assert branch.tables[s.ISSUES.title].raw["related_issue"].tolist() == ["见纸质档案 12 号"]


def systemic(*days: dt.date, **parameters: Any) -> list[bool]:
    loans = [{"contract_no": f"HT{i}", "customer_no": f"K{i}", "branch": "城东支行"} for i in range(len(days))]
    rows = [issue(number(i), contract_no=f"HT{i}", found_on=day) for i, day in enumerate(days)]
    branch = Branch(issues=rows, loans=loans)
    branch.track(T, **parameters)
    marked = branch.issues["accountability"].str.contains("系统性：城东支行90天内同类问题达到3笔").tolist()
    lines = branch.outcome.details
    assert lines == ([f"系统性问题：城东支行“还款困难”{sum(marked)} 笔"] if any(marked) else [])
    return marked


@pytest.mark.parametrize(
    ("days", "marked"),
    [
        ((DAY(2026, 7, 1), DAY(2026, 8, 1)), [False, False]),
        ((DAY(2026, 7, 1), DAY(2026, 8, 1), DAY(2026, 9, 29)), [True, True, True]),  # 90 days
        ((DAY(2026, 7, 1), DAY(2026, 8, 1), DAY(2026, 9, 30)), [False, False, False]),
        ((DAY(2026, 7, 1), DAY(2026, 7, 1), DAY(2026, 7, 1)), [True, True, True]),
        # The first and the last lie apart from the three between them.
        (
            (DAY(2026, 1, 1), DAY(2026, 7, 1), DAY(2026, 7, 2), DAY(2026, 7, 3), DAY(2026, 12, 31)),
            [False, True, True, True, False],
        ),
        # Windows overlap: each of the four is in a full one.
        ((DAY(2026, 7, 1), DAY(2026, 8, 1), DAY(2026, 9, 1), DAY(2026, 10, 20)), [True, True, True, True]),
    ],
)
def test_systemic(days, marked):
    assert systemic(*days) == marked


def test_another_branch_or_category_does_not_count():
    loans = [{"contract_no": f"HT{i}", "customer_no": f"K{i}", "branch": b} for i, b in enumerate("甲甲乙甲")]
    rows = [issue(number(i), contract_no=f"HT{i}") for i in range(4)]
    rows[3]["category"] = "服务态度"
    branch = Branch(issues=rows, loans=loans)
    branch.track(T)
    assert branch.issues["accountability"].tolist() == [""] * 4


# 待答复事项 ----------------------------------------------------------------------------------------------------------
def question(**cells: Any) -> dict[str, Any]:
    return {
        "visit_no": "V1", "contract_no": "HT1", "customer_name": "林晓舟", "visited_on": DAY(2026, 9, 28),
        "result": "成功", "visitor": "何青", "open_question": "能否提前还款", "answer_department": "个人金融部",
    } | cells  # fmt: skip


QUESTIONS = [
    # Five working days after Monday 09-28: 29, 30, then 8, 9 and the make-up Saturday 10 October.
    ({}, DAY(2026, 9, 29), "待答复", "", DAY(2026, 10, 10)),
    ({}, DAY(2026, 10, 8), "待答复", "催办：答复 2026-10-10 到期", DAY(2026, 10, 10)),
    ({}, DAY(2026, 10, 10), "待答复", "催办：答复 2026-10-10 到期", DAY(2026, 10, 10)),
    ({}, DAY(2026, 10, 11), "逾期未答复", "督办：答复 2026-10-10 到期，逾期 0 个工作日", DAY(2026, 10, 10)),
    ({}, DAY(2026, 10, 16), "逾期未答复", "通报：答复 2026-10-10 到期，逾期 5 个工作日", DAY(2026, 10, 10)),
    (
        {"answer_due_on": DAY(2026, 9, 30)}, DAY(2026, 10, 1), "逾期未答复",
        "督办：答复 2026-09-30 到期，逾期 0 个工作日", DAY(2026, 9, 30),
    ),
    ({"answered_on": DAY(2026, 10, 10)}, DAY(2026, 10, 16), "已答复", "", DAY(2026, 10, 10)),
    ({"answered_on": DAY(2026, 10, 11)}, DAY(2026, 10, 16), "逾期答复", "", DAY(2026, 10, 10)),
    (
        {"answered_on": DAY(2026, 10, 17)}, DAY(2026, 10, 16), "逾期未答复",
        "通报：答复 2026-10-10 到期，逾期 5 个工作日", DAY(2026, 10, 10),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "as_of", "state", "supervision", "due"), QUESTIONS)
def test_open_questions(cells, as_of, state, supervision, due):
    branch = Branch(records=[question(**cells)])
    branch.track(as_of)
    row = branch.data(s.OPEN_QUESTIONS).iloc[0]
    assert (row["state"], row["supervision"], row["due_on"].date()) == (state, supervision, due)
    assert (row["visit_no"], row["department"], row["open_question"]) == ("V1", "个人金融部", "能否提前还款")


def test_which_questions_are_listed_and_what_is_asked():
    rows = [
        question(visit_no="A", answered_on=DAY(2026, 9, 29)),
        question(visit_no="B", open_question="无。"),
        question(visit_no="C", open_question=""),
        question(visit_no="D", visited_on=DAY(2026, 10, 12)),
        question(visit_no="E", answer_department=""),
        question(visit_no="F", answered_on=DAY(2026, 9, 27)),
    ]
    branch = Branch(records=rows)
    outcome = branch.track(DAY(2026, 9, 30))
    assert branch.data(s.OPEN_QUESTIONS)["visit_no"].tolist() == ["E", "F", "A"]
    assert branch.findings() == [
        ("G16", "回访记录", cell(s.RECORDS, "answer_department", 6)),
        ("G17", "回访记录", cell(s.RECORDS, "answered_on", 7)),
    ]
    assert (outcome.counts["待答复"], outcome.counts["逾期未答复"]) == (2, 0)


def test_notes_of_staff_beside_the_questions_stay_with_their_rows():
    from dataclasses import replace

    branch = Branch(records=[question(visit_no="A"), question(visit_no="B")])
    branch.track(DAY(2026, 9, 30))
    table = branch.tables[s.OPEN_QUESTIONS.title]
    raw = table.raw.assign(备忘=["甲", "乙"])
    branch.tables[s.OPEN_QUESTIONS.title] = replace(table, raw=raw, extras={"备忘": 13})
    branch.tables[s.RECORDS.title] = table_from(
        s.RECORDS, [question(visit_no="A", answered_on=DAY(2026, 9, 30)), question(visit_no="B")]
    )
    outcome = branch.track(DAY(2026, 9, 30))
    whole = next(edits.replace for edits in outcome.edits if edits.sheet == s.OPEN_QUESTIONS)
    assert list(zip(whole["visit_no"], whole["备忘"], strict=True)) == [("B", "乙"), ("A", "甲")]


# 承诺还款 -----------------------------------------------------------------------------------------------------------
VISITED, PROMISED, IMPORTED = DAY(2026, 7, 6), DAY(2026, 7, 20), DAY(2026, 7, 31)


def instalment(number: int, due: dt.date, paid_on: dt.date | None = None, paid: float | None = None) -> dict[str, Any]:
    return {
        "contract_no": "HT1", "instalment_no": number, "due_on": due, "due_amount": 1000.0, "paid_on": paid_on,
        "paid_amount": 1000.0 if paid_on and paid is None else paid,
    }  # fmt: skip


JUNE, JULY = DAY(2026, 6, 15), DAY(2026, 7, 15)
# (schedule, last import, verdict, instalments, due, paid)
PROMISES = {
    "paid in time": ([instalment(1, JUNE, DAY(2026, 7, 20))], IMPORTED, "已履行", "1", 1000, 1000),
    "paid a day late": ([instalment(1, JUNE, DAY(2026, 7, 21))], IMPORTED, "未履行", "1", 1000, 0),
    "not paid": ([instalment(1, JUNE)], IMPORTED, "未履行", "1", 1000, 0),
    "paid in part": ([instalment(1, JUNE, DAY(2026, 7, 18), 400)], IMPORTED, "未履行", "1", 1000, 400),
    "paid on a day unknown": ([instalment(1, JUNE, None, 1000)], IMPORTED, "已履行", "1", 1000, 1000),
    "the ledger is older than the promise": ([instalment(1, JUNE)], DAY(2026, 7, 19), "待核对", "1", 1000, 0),
    "the ledger is of that very day": ([instalment(1, JUNE)], PROMISED, "待核对", "1", 1000, 0),
    "the ledger is a day newer": ([instalment(1, JUNE)], DAY(2026, 7, 21), "未履行", "1", 1000, 0),
    "paid, though the ledger is old": (
        [instalment(1, JUNE, DAY(2026, 7, 8))], DAY(2026, 7, 10), "已履行", "1", 1000, 1000,
    ),
    "overdue ones, not what falls due later": (
        [instalment(1, JUNE, DAY(2026, 7, 10)), instalment(2, JULY)], IMPORTED, "已履行", "1", 1000, 1000,
    ),
    "none overdue: what falls due by then": (
        [instalment(1, JUNE, JUNE), instalment(2, JULY)], IMPORTED, "未履行", "2", 1000, 0,
    ),
    "paid before the visit is no part of it": (
        [instalment(1, JUNE, DAY(2026, 7, 5))], IMPORTED, "无法核对", "", None, None,
    ),
    "due after the promise": ([instalment(1, DAY(2026, 8, 15))], IMPORTED, "无法核对", "", None, None),
    "two overdue, one paid": (
        [instalment(1, DAY(2026, 5, 15), DAY(2026, 7, 10)), instalment(2, JUNE)], IMPORTED,
        "未履行", "1、2", 2000, 1000,
    ),
}  # fmt: skip


def promise(schedule: list, imported: dt.date | None, as_of: dt.date = IMPORTED, **loan_cells: Any) -> Branch:
    made = question(visited_on=VISITED, promised_on=PROMISED, open_question="")
    log = [] if imported is None else [{"action": "导入台账", "as_of": imported}]
    log.append({"action": "生成回访清单", "as_of": DAY(2026, 7, 31)})
    branch = Branch(
        records=[made], schedule=schedule, log=log, loans=[{"contract_no": "HT1", "status": "使用中"} | loan_cells]
    )
    branch.track(as_of)
    return branch


@pytest.mark.parametrize("case", PROMISES)
def test_promises(case):
    schedule, imported, verdict, numbers, due, paid = PROMISES[case]
    row = promise(schedule, imported).data(s.PROMISES).iloc[0]
    assert (row["verdict"], row["instalments"]) == (verdict, numbers)
    amounts = [None if pd.isna(row[name]) else row[name] for name in ("due_amount", "paid_amount")]
    assert amounts == [due, paid]
    assert f"台账截至 {imported}" in row["evidence"]
    assert bool(row["proposal"]) == (verdict in ("未履行", "待核对"))


@pytest.mark.parametrize(
    ("as_of", "verdict"),
    [(DAY(2026, 7, 19), "未到期"), (PROMISED, "未到期"), (DAY(2026, 7, 21), "未履行")],
)
def test_a_promise_is_open_until_its_day_is_over(as_of, verdict):
    # No import is logged: the ledger is taken as of T.
    assert promise([instalment(1, JUNE)], None, as_of).data(s.PROMISES)["verdict"].tolist() == [verdict]


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({"days_past_due": 20}, "未履行"),  # since 07-11
        ({"days_past_due": 11}, "未履行"),  # since the promised day
        ({"days_past_due": 10}, "已履行"),  # a later instalment
        ({"days_past_due": 0}, "已履行"),
        ({}, "无法核对"),
        ({"settled_on": PROMISED}, "已履行"),
    ],
)
def test_without_a_schedule_the_ledger_tells(cells, verdict):
    branch = promise([], DAY(2026, 7, 31), **cells)
    row = branch.data(s.PROMISES).iloc[0]
    assert row["verdict"] == verdict
    assert row["evidence"]
    assert branch.outcome.counts["承诺未履行"] == (verdict == "未履行")


# 整张表 --------------------------------------------------------------------------------------------------------------
STAFF_FIELDS = [f.name for f in s.ISSUES if f.owner is Owner.STAFF]
_days = st.one_of(st.none(), st.dates(DAY(2026, 7, 1), DAY(2026, 9, 1)), st.sampled_from(["下周", "2026.7.20", ""]))
_names = st.sampled_from([None, "高远", "秦川", "高 远", " 周行"])
_rows = st.fixed_dictionaries(
    {
        "state": st.sampled_from([*v.ISSUE_STATES, "已结案", "", None, " 已销号 "]),
        "severity": st.sampled_from([*v.GRADINGS, "", None]),
        "manual_grading": st.sampled_from([None, *v.MANUAL_GRADINGS, "严重"]),
        "manual_reason": st.sampled_from([None, "核实"]),
        "owner": _names,
        "verifier": _names,
        "remedy": st.sampled_from([None, "=1+1", "调查组核查"]),
        **{name: _days for name in ("reported_on", "completed_on", "verified_on", "escalated_on", "found_on")},
        "issue_no": st.sampled_from([*map(number, range(12)), "", None, "自编号1"]),
        "contract_no": st.sampled_from(["HT1", "HT2", ""]),
        "category": st.sampled_from(["服务态度", "还款困难", "其他类", ""]),
        "related_issue": st.sampled_from([None, "档案 3"]),
    }
)
_log = st.fixed_dictionaries(
    {
        "issue_no": st.sampled_from([*map(number, range(8)), "没有的", None]),
        "at": _days,
        "event": st.sampled_from(["暂停", "恢复", "降级", "升级为重大", "说明", None]),
        "old_state": st.sampled_from([*v.ISSUE_STATES, None, "休息"]),
        "new_state": st.sampled_from([*v.ISSUE_STATES, None, "休息"]),
        "approver": _names,
        "handler": _names,
        "reason": st.sampled_from([None, "客户住院"]),
    }
)


# A run costs the same for one row as for many, so few examples hold many rows each; shrinking would take minutes.
@settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(rows=st.lists(_rows, min_size=6, max_size=20), log=st.lists(_log, max_size=12), later=st.integers(0, 30))
def test_twice_is_once_and_staff_s_cells_stay(rows, log, later):
    branch = Branch(issues=rows, events=log)
    issues_before = branch.tables[s.ISSUES.title].raw[[*STAFF_FIELDS, "issue_no", "related_issue"]]
    log_before = branch.tables[s.ISSUE_EVENTS.title].raw
    first = DAY(2026, 8, 3)
    for as_of in (first, first + dt.timedelta(days=later)):
        branch.track(as_of)
        once = {title: table.data for title, table in branch.tables.items()}
        outcome = branch.track(as_of)
        assert [(e.sheet.title, e.cells, e.append, e.replace) for e in outcome.edits if not e.empty] == []
        for title, data in once.items():
            pd.testing.assert_frame_equal(branch.tables[title].data, data)
    after = branch.tables[s.ISSUES.title].raw
    kept = after[[*STAFF_FIELDS, "issue_no"]].astype("object")
    before = issues_before[[*STAFF_FIELDS, "issue_no"]].astype("object")
    pd.testing.assert_frame_equal(kept.where(kept.notna(), None), before.where(before.notna(), None))
    typed = issues_before["related_issue"].notna()
    assert (after["related_issue"][typed] == issues_before["related_issue"][typed]).all()
    head = branch.tables[s.ISSUE_EVENTS.title].raw.iloc[: len(log_before)].astype("object")
    assert head.where(head.notna(), "").equals(log_before.astype("object").where(log_before.notna(), ""))


def test_other_steps_keep_their_findings_and_handling_stays():
    listed = [
        {"rule": "R01", "sheet": "回访记录", "cell": "B2", "level": "错误", "message": "缺回访日期"},
        {"rule": "P04", "sheet": "贷款台账", "cell": "Q2", "level": "错误", "message": "缺发放日期"},
        {"rule": "G14", "sheet": "问题台账", "cell": cell(s.ISSUES, "owner"), "level": "警告", "handling": "说明",
         "handling_reason": "待任命", "handled_by": "周行"},
        {"rule": "G05", "sheet": "问题台账", "cell": "M9", "level": "错误", "message": "已改正"},
    ]  # fmt: skip
    row = issue(severity="一般", state="整改中", department="个人金融部", remedy="说明")
    branch = Branch(issues=[row], listed_findings=listed)
    branch.track(T)
    found = branch.data(s.FINDINGS)
    assert found["rule"].tolist() == ["R01", "P04", "G14"]
    assert found["handling_reason"].tolist() == ["", "", "待任命"]
    assert found["no"].tolist() == [1, 2, 3]


def test_on_a_stranger_s_workbook(tmp_path, capsys):
    """Without 问题事件, 问题底稿 and the result sheets; twice; then a change by hand."""
    from openpyxl import load_workbook

    rows = [issue(number(0)), issue(number(1), state="已结案", owner="张三丰")]
    path = stranger(
        tmp_path / "支行.xlsx",
        {s.LOANS: [loan("HT001")], s.VISITORS: VISITORS, s.ISSUES: rows,
         s.RECORDS: [record(open_question="能否展期", promised_on=DAY(2026, 7, 20))]},
    )  # fmt: skip

    def track(*more: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["track", str(path), "--as-of", "2026-08-03", *more])
        return int(ended.value.code or 0), "".join(capsys.readouterr())

    code, said = track()
    assert code == 0
    assert "状态“已结案”不在列表内" in said
    assert "张三丰" not in said
    assert "19900000001" not in said
    assert column(path, s.ISSUE_EVENTS, "event") == ["登记"]
    assert column(path, s.OPEN_QUESTIONS, "state") == ["逾期未答复"]
    assert column(path, s.PROMISES, "verdict") == ["无法核对"]
    assert load_workbook(path)[s.ISSUE_MEMORY.title].sheet_state == "hidden"
    first = load_workbook(path)
    track()
    second = load_workbook(path)
    for sheet in first:
        if sheet.title not in (s.LOG.title, "首页"):
            values = [[c.value for c in row] for row in sheet.iter_rows()]
            assert values == [[c.value for c in row] for row in second[sheet.title].iter_rows()]


def test_an_empty_register_is_no_trouble():
    branch = Branch()
    outcome = branch.track(T)
    assert all(edits.empty for edits in outcome.edits)
    assert outcome.counts["问题"] == 0
    assert outcome.summary.startswith("问题 0 项")


def test_an_event_of_now_is_dated_t():
    branch = Branch(issues=[issue()], events=[event(NO, event="登记", new_state="待反馈")])
    branch.type(0, state="已反馈", **REPORTED)
    branch.track(DAY(2026, 7, 24))
    assert branch.data(s.ISSUE_EVENTS)["at"].dt.date.tolist() == [DAY(2026, 7, 8), DAY(2026, 7, 24)]
