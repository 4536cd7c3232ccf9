"""跟踪督办: which changes of 状态 are allowed, asked for and refused.

Requirements (issue 8, item 1 and bad input; 六、(二)–(三))
- the states and moves are one table; every pair of states and grade is either allowed or refused
- a change is accepted if a way of moves leads there and what they ask for stands in the row; its events are logged
- closing by the handler, skipping verification, an unknown state, dates out of order, a removed row, an edited issue
  number: named by cell, the rest goes on; what staff entered is never changed
- pause with reason and approver, reopen, upgrade by anyone, downgrade with reason and a second person
"""

import datetime as dt
from itertools import product

import pytest
from tracking import COMPLETE, FOUND, NO, Branch, cell, event, issue, number, pause, resume

from toolkit.generate.moves_page import moves_page
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.tables import table_from
from toolkit.rules.issues.moves import MOVES, direct

T = dt.date(2026, 7, 24)
DAY = dt.date

# One step, by the regulation: every grade; then what 一般 may do besides.
ONE_STEP = {
    "待定级": "待反馈",
    "待反馈": "已反馈",
    "已反馈": "整改中 已暂停",
    "整改中": "待验证 已暂停",
    "待验证": "已销号 整改中 已暂停",
    "已销号": "已重开",
    "已暂停": "已反馈 整改中 待验证 已重开",
    "已重开": "整改中 已暂停",
    "当场解决": "待反馈 已重开",
}
GENERAL_TOO = {("待定级", "当场解决"), ("待反馈", "当场解决"), ("待反馈", "整改中")}
WITHDRAWN = {(state, "已销号") for state in ("待定级", "待反馈", "已反馈", "整改中", "待验证", "已重开")}
GRADES = (*v.GRADINGS, v.NO_ISSUE)
CASES = [*product(v.ISSUE_STATES, v.ISSUE_STATES, GRADES)]

# What one run may see where staff took several steps since the last, everything filled in. 已暂停 came from 整改中.
SEEN = {
    "待定级": "待反馈 已反馈 整改中 待验证 已销号 已重开",
    "待反馈": "已反馈 整改中 待验证 已销号 已重开",
    "已反馈": "整改中 待验证 已销号 已重开",
    "整改中": "待验证 已销号 已重开",
    "待验证": "整改中 已销号 已重开",
    "已销号": "已重开 整改中 待验证",
    "已暂停": "整改中 待验证 已销号 已重开",
    "已重开": "整改中 待验证 已销号",
    "当场解决": "待反馈 已反馈 整改中 待验证 已销号 已重开",
}


def one_step(source: str, target: str, grade: str) -> bool:
    if grade == v.NO_ISSUE:
        return (source, target) in WITHDRAWN
    if grade == v.UNGRADED:
        return False
    return target in ONE_STEP[source].split() or (grade == v.GENERAL and (source, target) in GENERAL_TOO)


def seen(source: str, target: str, grade: str) -> bool:
    if source == target:
        # Solved on the spot is for 一般 only, whenever the grade came.
        return not (source == v.SOLVED_ON_THE_SPOT and grade in (v.MAJOR, v.CRITICAL))
    if grade == v.NO_ISSUE:
        # Out of a pause first back to 整改中, and from there withdrawn.
        return (source, target) in WITHDRAWN or (source, target) in {("已暂停", "整改中"), ("已暂停", "已销号")}
    if grade == v.UNGRADED:
        return (source, target) == ("已暂停", "整改中")
    on_the_spot = grade == v.GENERAL and target == v.SOLVED_ON_THE_SPOT and source in ("待定级", "待反馈")
    return target in SEEN[source].split() or on_the_spot


@pytest.mark.parametrize(("source", "target", "grade"), CASES)
def test_one_step(source, target, grade):
    assert (direct(source, target, grade) is not None) == one_step(source, target, grade)


def _case(i: int, source: str, target: str, grade: str) -> tuple[dict, list[dict], dict]:
    no = number(i)
    graded = {"severity": v.GENERAL, "manual_grading": grade} if grade == v.NO_ISSUE else {"severity": grade}
    row = issue(no, **COMPLETE, **graded) | {"state": target, "category": "挪用资金"}
    log = [event(no, event="登记", new_state="整改中" if source == "已暂停" else source)]
    if source == "已暂停":
        log.append(pause(DAY(2026, 7, 10), no))
    if grade == v.NO_ISSUE:
        log.append(event(no, event="降级为无问题", handler="高远", approver="周行", reason="核实无此事"))
    return row, log, {"issue_no": no, "state": source}


@pytest.fixture(scope="module")
def crossed() -> Branch:
    """Every change of state in one register, all columns filled."""
    made = [_case(i, *case) for i, case in enumerate(CASES)]
    branch = Branch(
        issues=[row for row, _, _ in made],
        events=[line for _, log, _ in made for line in log],
        memory=[memory for _, _, memory in made],
    )
    branch.track(T)
    return branch


@pytest.fixture(scope="module")
def crossed_twice(crossed) -> tuple[set[str], list[str]]:
    """Cells of 状态 that are refused, and the last logged state of each issue."""
    refused = {place for rule, _, place in crossed.findings() if rule in ("G02", "G03")}
    last = crossed.data(s.ISSUE_EVENTS)
    last = last[last["new_state"] != ""].drop_duplicates("issue_no", keep="last").set_index("issue_no")["new_state"]
    return refused, last.reindex([number(i) for i in range(len(CASES))]).tolist()


@pytest.mark.parametrize("i", range(len(CASES)), ids=["-".join(case) for case in CASES])
def test_a_change_is_accepted_or_refused(crossed_twice, i):
    refused, logged = crossed_twice
    source, target, _ = CASES[i]
    if seen(*CASES[i]):
        assert cell(s.ISSUES, "state", i + 2) not in refused
        assert logged[i] == target
    else:
        assert cell(s.ISSUES, "state", i + 2) in refused
        assert logged[i] == source


def test_the_states_are_those_that_staff_typed(crossed):
    assert crossed.issues["state"].tolist() == [target for _, target, _ in CASES]


def test_the_log_is_a_walk_through_the_table(crossed):
    """Every logged event is one step of the table, beginning where the last one ended."""
    log = crossed.data(s.ISSUE_EVENTS)
    log = log[(log["new_state"] != "") & (log["event"] != "登记")]
    at = {number(i): ("整改中" if source == "已暂停" else source) for i, (source, _, _) in enumerate(CASES)}
    steps = 0
    for no, name, old, new in zip(log["issue_no"], log["event"], log["old_state"], log["new_state"], strict=True):
        assert at[no] == old
        assert any(move.event == name and old in move.sources and move.target == new for move in MOVES)
        at[no] = new
        steps += 1
    assert steps > 200


# What is missing, and the cell that is named: (state, complete but for, rule, column).
ASKED = [
    ("已反馈", {"reported_on": None}, "G03", "reported_on"),
    ("整改中", {"reported_on": None}, "G03", "reported_on"),
    ("待验证", {"completed_on": None}, "G03", "completed_on"),
    ("待验证", {"owner": None}, "G03", "owner"),
    ("已销号", {"verifier": None}, "G03", "verifier"),
    ("已销号", {"verified_on": None}, "G03", "verified_on"),
    ("已销号", {"completed_on": None}, "G03", "completed_on"),
    ("已销号", {"verifier": "高远"}, "G04", "verifier"),
    ("已销号", {"verifier": "高 远"}, "G04", "verifier"),
    ("已反馈", {"reported_on": DAY(2026, 7, 7)}, "G05", "reported_on"),
    ("待验证", {"completed_on": DAY(2026, 7, 8)}, "G05", "completed_on"),
    ("已销号", {"verified_on": DAY(2026, 7, 19)}, "G05", "verified_on"),
    ("已销号", {"verified_on": DAY(2026, 7, 25)}, "G06", "verified_on"),
    ("已销号", {"verified_on": "下周"}, "G06", "verified_on"),
    ("待反馈", {"escalated_on": DAY(2026, 7, 7)}, "G05", "escalated_on"),
    ("已结案", {}, "G01", "state"),
    ("", {}, "G01", "state"),
    ("已暂停", {}, "G02", "state"),  # 待反馈 cannot be paused
    ("当场解决", {}, "G02", "state"),
]


@pytest.mark.parametrize(("state", "but", "rule", "column"), ASKED)
def test_what_stands_in_the_way_is_named_by_cell(state, but, rule, column):
    branch = Branch(issues=[issue(**COMPLETE) | {"state": "待反馈", "verified_on": None}])
    branch.track(T)
    assert branch.events() == [("登记", "", "待反馈")]
    typed = COMPLETE | {"state": state} | but
    branch.type(0, **typed)
    before = branch.tables[s.ISSUES.title].raw[list(typed)].copy()
    for _ in range(2):  # and again until it is mended
        branch.track(T)
        assert (rule, "问题台账", cell(s.ISSUES, column)) in branch.findings()
        assert branch.events() == [("登记", "", "待反馈")]
    assert branch.tables[s.ISSUES.title].raw[list(typed)].equals(before)
    assert branch.outcome.counts["需改正"] >= 1
    assert any(f"问题台账 {cell(s.ISSUES, column)}" in line for line in branch.outcome.warnings)
    branch.type(0, **COMPLETE | {"state": "已销号", "escalated_on": None})
    branch.track(T)
    assert [rule for rule, *_ in branch.findings()] == []
    assert branch.events()[-1] == ("验证销号", "待验证", "已销号")


def test_several_steps_between_two_runs_are_logged_one_by_one():
    branch = Branch(
        issues=[issue(visit_no="V1")],
        records=[{"visit_no": "V1", "contract_no": "HTAAAA", "visited_on": FOUND, "visitor": "何青", "result": "成功"}],
    )
    branch.track(FOUND)
    branch.type(0, **COMPLETE | {"state": "已销号"})
    branch.track(T)
    log = branch.data(s.ISSUE_EVENTS)
    told = list(zip(log["event"], log["old_state"], log["new_state"], log["handler"], log["reason"], strict=True))
    assert told == [
        ("登记", "", "待反馈", "何青", ""),
        ("反馈", "待反馈", "已反馈", "何青", "反馈日期 2026-07-09"),
        ("落实整改", "已反馈", "整改中", "高远", ""),
        ("完成整改", "整改中", "待验证", "高远", "完成日期 2026-07-20"),
        ("验证销号", "待验证", "已销号", "秦川", "验证日期 2026-07-21"),
    ]
    assert [f"{at:%Y-%m-%d}" for at in log["at"]] == ["2026-07-08"] + ["2026-07-24"] * 4


@pytest.mark.parametrize(
    ("cells", "events"),
    [
        ({"severity": "一般", "state": "当场解决"}, [("登记", "", "当场解决")]),
        ({"severity": "一般", "state": "待反馈"}, [("登记", "", "待反馈")]),
        ({"severity": "待定级", "state": "待定级"}, [("登记", "", "待定级")]),
        (
            {"severity": "待定级", "state": "待反馈", "manual_grading": "重要"},
            [("登记", "", "待定级"), ("定级为重要", "", ""), ("定级", "待定级", "待反馈")],
        ),
    ],
)
def test_where_an_issue_starts(cells, events):
    branch = Branch(issues=[issue(**cells)])
    branch.track(T)
    assert branch.events() == events
    assert branch.findings() == []


def test_an_ungraded_issue_goes_nowhere():
    branch = Branch(issues=[issue(severity="待定级", state="待反馈")])
    branch.track(T)
    assert branch.findings() == [("G02", "问题台账", cell(s.ISSUES, "state"))]
    assert branch.events() == [("登记", "", "待定级")]


def test_a_serious_issue_is_never_settled_on_the_spot_even_if_the_grade_came_later():
    branch = Branch(issues=[issue(severity="一般", state="当场解决")])
    branch.track(T)
    branch.type(0, manual_grading="重大")
    branch.track(T)
    assert ("G02", "问题台账", cell(s.ISSUES, "state")) in branch.findings()
    branch.type(0, state="待反馈")
    branch.track(T)
    assert branch.events()[-1] == ("转办", "当场解决", "待反馈")


# 人工认定 ------------------------------------------------------------------------------------------------------------


def test_an_upgrade_is_anybody_s_and_logged_once():
    branch = Branch(issues=[issue(severity="重要", manual_grading="重大", manual_reason="涉嫌欺诈")])
    branch.track(T)
    branch.track(T)
    assert branch.events() == [("登记", "", "待反馈"), ("升级为重大", "", "")]
    assert "涉嫌欺诈" in branch.data(s.ISSUE_EVENTS)["reason"].tolist()
    assert branch.findings() == []


@pytest.mark.parametrize(
    ("row", "accepted"),
    [
        (None, False),
        ({"event": "降级", "handler": "高远", "approver": "周行", "reason": "金额很小"}, True),
        ({"event": "降级为一般", "handler": "高远", "approver": "周行", "reason": "金额很小"}, True),
        ({"event": "降级", "handler": "高远", "approver": "高远", "reason": "金额很小"}, False),
        ({"event": "降级", "handler": "", "approver": "周行", "reason": "金额很小"}, False),
        ({"event": "降级", "handler": "高远", "approver": "周行", "reason": ""}, False),
        ({"event": "降级为重要", "handler": "高远", "approver": "周行", "reason": "金额很小"}, False),
    ],
)
def test_a_downgrade_takes_a_reason_and_a_second_person(row, accepted):
    branch = Branch(issues=[issue(severity="重大", manual_grading="一般")])
    branch.track(T)
    if row:
        branch.log(event(**row))
    branch.track(T)
    expected = [] if accepted else [("G12", "问题台账", cell(s.ISSUES, "manual_grading"))]
    assert branch.findings() == expected
    assert branch.issues["manual_grading"].tolist() == ["一般"]


def test_the_reason_of_a_downgrade_may_stand_in_the_register():
    branch = Branch(
        issues=[issue(severity="重大", manual_grading="一般", manual_reason="金额很小")],
        events=[event(event="登记", new_state="待反馈"), event(event="降级", handler="高远", approver="周行")],
    )
    branch.track(T)
    assert branch.findings() == []


def test_an_upgrade_after_a_downgrade_is_logged_again():
    branch = Branch(
        issues=[issue(severity="重要", manual_grading="重大")],
        events=[
            event(event="登记", new_state="待反馈"),
            event(event="降级为一般", handler="高远", approver="周行", reason="小"),
        ],
    )
    branch.track(T)
    assert branch.events()[-1] == ("升级为重大", "", "")


# 重开 ----------------------------------------------------------------------------------------------------------------


def test_a_reopened_issue_is_remedied_and_verified_anew():
    branch = Branch(issues=[issue(**COMPLETE) | {"state": "已销号"}])
    branch.track(T)
    branch.type(0, state="已重开")
    branch.track(DAY(2026, 8, 3))
    assert branch.events()[-1] == ("重开", "已销号", "已重开")
    assert branch.findings() == []
    branch.type(0, state="已销号")
    branch.track(DAY(2026, 8, 10))
    places = [cell(s.ISSUES, name) for name in ("completed_on", "verified_on")]
    assert branch.findings() == [("G19", "问题台账", place) for place in places]
    branch.type(0, completed_on=DAY(2026, 8, 7), verified_on=DAY(2026, 8, 10))
    branch.track(DAY(2026, 8, 10))
    assert branch.findings() == []
    assert [name for name, *_ in branch.events()[-3:]] == ["重新整改", "完成整改", "验证销号"]


def test_verification_may_send_it_back():
    branch = Branch(issues=[issue(**COMPLETE) | {"state": "待验证", "verified_on": None}])
    branch.track(T)
    branch.type(0, state="整改中")
    branch.track(T)
    assert branch.events()[-1] == ("退回整改", "待验证", "整改中")


# 重大 ----------------------------------------------------------------------------------------------------------------


def test_a_critical_issue_wants_an_investigation_and_its_conclusion():
    row = issue(severity="重大", **COMPLETE) | {"state": "已销号", "remedy": "暂停放款", "outcome": "已处理"}
    branch = Branch(issues=[row | {"escalated_on": FOUND}])
    branch.track(T)
    assert branch.findings() == [
        ("G15", "问题台账", cell(s.ISSUES, "remedy")),
        ("G15", "问题台账", cell(s.ISSUES, "outcome")),
    ]
    assert branch.events()[-1][2] == "已销号"  # asked for, but nothing is held up
    branch.log(event(event="成立专项调查组", reason="组长周行"), event(event="调查结论", reason="属实，终止合同"))
    branch.track(T)
    assert branch.findings() == []


# 问题事件 -----------------------------------------------------------------------------------------------------------


def remedying() -> Branch:
    branch = Branch(issues=[issue(**COMPLETE) | {"state": "整改中", "completed_on": None, "verified_on": None}])
    branch.track(DAY(2026, 7, 10))
    return branch


def test_a_pause_without_a_registered_reason_is_refused():
    branch = remedying()
    branch.type(0, state="已暂停")
    branch.track(T)
    assert branch.findings() == [("G03", "问题台账", cell(s.ISSUES, "state"))]


@pytest.mark.parametrize(
    ("lacks", "column"),
    [
        ({"approver": ""}, "approver"),
        ({"reason": ""}, "reason"),
        ({"at": None}, "at"),
        ({"approver": "高远"}, "approver"),
        ({"old_state": "休息"}, "old_state"),
    ],
)
def test_a_pause_that_lacks_something_is_named_in_the_log(lacks, column):
    branch = remedying()
    row = len(branch.data(s.ISSUE_EVENTS)) + 2
    branch.log(pause(DAY(2026, 7, 13)) | lacks)
    branch.type(0, state="已暂停")
    branch.track(T)
    found = [place for place in branch.findings() if place[1] == "问题事件"]
    assert found == [("G10", "问题事件", cell(s.ISSUE_EVENTS, column, row))]
    assert f"{branch.issues['remedy_due_on'][0]:%m-%d}" == "07-29"


def test_events_alone_are_enough_but_the_register_should_follow():
    branch = remedying()
    branch.log(event(event="完成整改", old_state="整改中", new_state="待验证"))
    branch.track(T)
    branch.track(T)
    assert branch.findings() == [("G13", "问题台账", cell(s.ISSUES, "state"))]
    branch.type(0, state="待验证", completed_on=DAY(2026, 7, 20))
    branch.track(T)
    assert branch.findings() == []
    assert branch.events()[-1] == ("完成整改", "整改中", "待验证")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"old_state": "整改中", "new_state": "已销号"}, None),  # three steps in one row
        ({"old_state": "整改中", "new_state": "待反馈"}, "new_state"),
        ({"old_state": "待反馈", "new_state": "已暂停"}, "new_state"),
        ({"old_state": "待定级", "new_state": "待反馈"}, "old_state"),
        ({"new_state": "当场解决"}, "new_state"),
    ],
)
def test_a_row_that_does_not_follow_is_named_and_left_out(row, column):
    branch = remedying()
    at = len(branch.data(s.ISSUE_EVENTS)) + 2
    branch.log(event(event="手工", approver="周行", handler="高远", reason="补", **row))
    branch.track(T)
    expected = [] if column is None else [("G11", "问题事件", cell(s.ISSUE_EVENTS, column, at))]
    assert [place for place in branch.findings() if place[1] == "问题事件"] == expected


# 行和编号 -----------------------------------------------------------------------------------------------------------


def two() -> Branch:
    branch = Branch(issues=[issue(number(0)), issue(number(1), found_on=DAY(2026, 7, 9))])
    branch.track(T)
    return branch


def keep(branch: Branch, rows: list[dict]) -> None:
    branch.tables[s.ISSUES.title] = Branch(issues=rows).tables[s.ISSUES.title]


def test_a_removed_row_is_named_in_the_log():
    branch = two()
    keep(branch, [issue(number(0))])
    branch.track(T)
    assert branch.findings() == [("G07", "问题事件", cell(s.ISSUE_EVENTS, "issue_no", 3))]
    assert number(1) in branch.data(s.FINDINGS)["message"][0]


def test_an_unknown_number_in_the_log_is_named():
    branch = two()
    branch.log(event("WT20260101-ZZZZZZZZ", event="说明"))
    branch.track(T)
    assert branch.findings() == [("G07", "问题事件", cell(s.ISSUE_EVENTS, "issue_no", 4))]
    assert "没有这个编号" in branch.data(s.FINDINGS)["message"][0]


@pytest.mark.parametrize("typed", ["改成别的", "WT20260708-AAAAAAZZ", ""])
def test_an_edited_number_is_named_and_nothing_logged_under_it(typed):
    branch = two()
    branch.type(0, issue_no=typed, state="已反馈", reported_on=DAY(2026, 7, 9))
    branch.type(1, state="已反馈", reported_on=DAY(2026, 7, 9))
    for _ in range(2):
        branch.track(T)
        assert branch.findings() == [("G08", "问题台账", cell(s.ISSUES, "issue_no"))]
        assert branch.data(s.FINDINGS)["suggestion"].tolist() == [f"请改回 {number(0)}"]
        assert len(branch.events(number(0))) == 1
        assert typed == "" or branch.events(typed) == []
    assert branch.events(number(1))[-1] == ("反馈", "待反馈", "已反馈")  # the rest goes on


def test_a_new_issue_is_not_taken_for_a_renumbered_one():
    """The number tells: it is a function of record and category."""
    rows = [
        {"contract_no": c, "visited_on": FOUND, "result": "成功", "visitor": "何青", "use_1": "否"}
        for c in ("A1", "A2")
    ]
    branch = Branch(records=rows[:1])

    branch.classify(T)
    branch.track(T)
    branch.tables[s.RECORDS.title] = table_from(s.RECORDS, rows)
    branch.classify(T)
    first = branch.issues["issue_no"][0]
    keep(branch, branch.issues.drop(columns="row").to_dict("records")[1:])
    branch.track(T)
    assert [rule for rule, *_ in branch.findings()] == ["G07"]
    branch.classify(T)  # the row comes back under its number
    assert set(branch.issues["issue_no"]) > {first}
    branch.track(T)
    assert branch.findings() == []
    branch.type(1, issue_no="WT20260708-AAAAAAZZ")  # and edited it is recognised by its record
    branch.track(T)
    assert branch.findings() == [("G08", "问题台账", cell(s.ISSUES, "issue_no", 3))]


def test_a_number_twice_is_named_and_the_first_row_counts():
    branch = Branch(issues=[issue(), issue(state="整改中")])
    branch.track(T)
    assert branch.findings() == [("G09", "问题台账", cell(s.ISSUES, "issue_no", 3))]
    assert branch.events() == [("登记", "", "待反馈")]


# docs ----------------------------------------------------------------------------------------------------------------


def test_the_page_draws_and_lists_every_move():
    page = moves_page()
    table = page[page.index("## 每一步") : page.index("## 重大问题")]
    for move in MOVES:
        assert f"| {move.event} | {'、'.join(move.sources)} | {move.target} |" in table
    states = {state: f"s{i}" for i, state in enumerate(v.ISSUE_STATES)}
    arrows = {line.strip() for line in page.splitlines() if line.startswith("    ") and "-->" in line}
    drawn = {f"{states[a]} --> {states[m.target]}: {m.event}" for m in MOVES for a in m.sources}
    assert drawn <= arrows
    assert len(arrows - drawn) == 5  # three ways in, two ends


def test_resuming_goes_back_to_where_it_was():
    branch = remedying()
    branch.log(pause(DAY(2026, 7, 13)), resume(DAY(2026, 7, 15)))
    branch.track(T)
    assert branch.findings() == []
    assert branch.events()[-1] == ("恢复", "已暂停", "整改中")
    assert NO in branch.issues["issue_no"].tolist()
