"""The list as a whole: what it holds, its states, planning again, completion, contacts, what could not be planned.

Requirements (contract, section 3 and its fine print 3–10; section 1, row `plan`; section 2, keys with 借据编号):
- listed: 截止日期 in [S, E], unfulfilled ones of the 90 days before, every outstanding 逾期回访, 启用日期;
- states, 已取消 with its reason, what staff entered, kept windows, --rearrange;
- a record completes by 回访编号, else by contract and date; one record one visit; ties in the order of 回访类型;
- 合并组, 每日上限, avoidance; rows that cannot be planned are listed with cell and reason, the rest is planned.
"""

import datetime as dt

import pandas as pd
import pytest
from planning_tables import VISITORS, Workbook, day, instalment, loan, record, request, shown, visitor

from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.tables import Table, typed
from toolkit.steps.plan import plan

NOVEMBER = "2025-11-10"


def planned(asked, rows):
    workbook = Workbook(rows)
    workbook.plan(asked)
    return workbook


def special(due_on: str, contract_no: str = "HT001", **changes):
    return {"contract_no": contract_no, "reason": "风险排查", "due_on": day(due_on)} | changes


# ---- what is listed


@pytest.mark.parametrize(
    ("due", "listed"),
    [
        ("2025-10-01", True),  # S
        ("2025-12-31", True),  # E
        ("2026-01-01", False),
        ("2025-07-03", True),  # S − 90 days, not done
        ("2025-07-02", False),  # S − 91 days
    ],
)
def test_visits_of_the_period_and_of_the_ninety_days_before(due, listed):
    workbook = planned(request(NOVEMBER), {s.LOANS: [loan()], s.SPECIAL_VISITS: [special(due)]})
    assert (v.SPECIAL in set(workbook.visits["visit_type"])) == listed


@pytest.mark.parametrize(("start", "listed"), [("2025-09-01", [v.DONE]), ("2025-10-15", [])])
def test_completed_visits_are_listed_if_due_in_the_period_and_not_carried_over(start, listed):
    rows = {s.LOANS: [loan(disbursed_on=day("2025-09-30"))], s.RECORDS: [record("2025-10-09")]}
    workbook = planned(request(NOVEMBER, start, "2025-11-30"), rows)
    visits = workbook.visits
    assert visits.loc[visits["visit_type"] == v.FIRST, "state"].tolist() == listed


@pytest.mark.parametrize(("start", "end"), [("2025-11-01", "2025-11-30"), ("2025-01-01", "2025-01-31")])
def test_every_outstanding_overdue_visit_is_listed(start, end):
    rows = {s.LOANS: [loan(disbursed_on=day("2024-01-05"))], s.SCHEDULE: [instalment("2024-12-03")]}
    workbook = planned(request(NOVEMBER, start, end), rows)
    assert workbook.visit(v.OVERDUE)["due_on"].date() == day("2024-12-05")


@pytest.mark.parametrize(
    ("enabled", "listed"), [("2025-10-14", True), ("2025-10-15", False)], ids=["due that day", "due the day before"]
)
def test_nothing_due_before_the_starting_day_is_listed(enabled, listed):
    workbook = planned(request(NOVEMBER, 启用日期=day(enabled)), {s.LOANS: [loan(disbursed_on=day("2025-09-30"))]})
    assert (v.FIRST in set(workbook.visits["visit_type"])) == listed


def test_the_starting_day_does_not_remove_an_outstanding_overdue_visit():
    rows = {s.LOANS: [loan()], s.SCHEDULE: [instalment("2025-10-20")], s.RECORDS: [record("2025-10-21")]}
    workbook = planned(request(NOVEMBER, 启用日期=day("2025-11-01")), rows)
    assert shown(workbook.visits[workbook.visits["visit_type"] == v.OVERDUE], "due_on", "state") == [
        ("2025-10-22", v.MISSED)  # visits before it take no record
    ]


def test_visits_before_the_starting_day_take_no_record_from_later_ones():
    rows = {
        s.LOANS: [loan(disbursed_on=day("2025-11-03"))],  # first visit due on 10 November
        s.SPECIAL_VISITS: [special("2025-11-12")],
        s.RECORDS: [record("2025-11-10")],
    }
    assert planned(request(NOVEMBER), rows).visit(v.SPECIAL)["state"] == v.TO_VISIT
    same_day = planned(request(NOVEMBER, 启用日期=day(NOVEMBER)), rows)
    assert same_day.visit(v.SPECIAL)["state"] == v.TO_VISIT
    later = planned(request(NOVEMBER, 启用日期=day("2025-11-11")), rows)
    assert later.visit(v.SPECIAL)["state"] == v.DONE


def test_the_numbers_are_a_function_of_contract_type_and_anchor():
    rows = {s.LOANS: [loan(), loan("HT002")], s.SCHEDULE: [instalment("2025-11-20"), instalment("2025-12-20", 2)]}
    first = planned(request(NOVEMBER), rows)
    later = planned(request("2025-11-12", 还款提醒提前天数=9), {**rows, s.LOANS: rows[s.LOANS][:1]})
    own = first.visits[first.visits["contract_no"] == "HT001"]
    assert set(own["visit_no"]) == set(later.visits["visit_no"])
    assert first.visits["visit_no"].is_unique


# ---- states and planning again


def test_a_visit_due_today_is_not_late():
    rows = {s.LOANS: [loan()], s.SPECIAL_VISITS: [special("2025-11-09"), special(NOVEMBER)]}
    workbook = planned(request(NOVEMBER), rows)
    assert workbook.visit(v.SPECIAL, "2025-11-09")["state"] == v.MISSED
    assert workbook.visit(v.SPECIAL, NOVEMBER)["state"] == v.TO_VISIT


@pytest.fixture
def branch():
    rows = {
        s.LOANS: [loan(), loan("HT002", customer_no="KHT001"), loan("HT003", disbursed_on=day("2025-11-06"))],
        s.SCHEDULE: [instalment("2025-11-20"), instalment("2025-11-03", 1, "HT002"), instalment("2025-12-20", 2)],
        s.SPECIAL_VISITS: [special("2025-11-14", "HT002")],
        s.RECORDS: [record("2025-11-07", "HT003")],
    }
    return planned(request(NOVEMBER), rows)


def test_planning_twice_changes_nothing(branch):
    assert len(branch.visits)
    outcome = branch.plans_again_without_change(request(NOVEMBER))
    assert outcome.counts["新增"] == 0


def test_a_later_day_or_another_period_keeps_what_is_listed(branch):
    before = branch.visits.set_index("visit_no")
    branch.plan(request("2025-11-12"))
    branch.plan(request("2025-11-12", "2026-01-01", "2026-03-31"))
    branch.plan(request("2025-11-13", "2025-11-01", "2025-11-30"))
    after = branch.visits.set_index("visit_no").loc[before.index]
    kept = ["earliest_on", "due_on", "scheduled_on", "visitor", "reason"]
    pd.testing.assert_frame_equal(after[kept], before[kept])
    assert v.CANCELLED not in set(branch.visits["state"])


def test_what_staff_entered_survives(branch):
    number = branch.visit(v.REMINDER, "2025-11-19")["visit_no"]
    branch.type_in(number, scheduled_on=day("2025-11-22"), visitor="陆平", remark="客户要求周六", approver="季宁")
    branch.plan(request("2025-11-11"))
    visit = branch.visit(v.REMINDER, "2025-11-19")
    assert visit[["visitor", "remark", "approver"]].tolist() == ["陆平", "客户要求周六", "季宁"]
    assert visit["scheduled_on"].date() == day("2025-11-22")  # a Saturday: staff's word


def test_own_columns_and_rows_of_staff_are_left_alone(branch):
    table = branch.tables[s.VISITS.title]
    own = {column: None for column in table.raw} | {"contract_no": "HT003", "remark": "自行安排"}
    raw = pd.concat([table.raw, pd.DataFrame([own], dtype="object")], ignore_index=True)
    raw["联系备忘"] = "留意"
    data = typed(s.VISITS, raw)
    data.insert(0, "row", range(2, len(raw) + 2))
    branch.tables[s.VISITS.title] = Table(s.VISITS, data, raw, table.columns, {"联系备忘": 30})
    outcome = plan(branch.tables, request("2025-11-21"))
    assert set(outcome.edits[0].cells["field"]) <= {"state", "priority", "system_note", "merge_group", "method"}
    assert len(raw) + 1 not in set(outcome.edits[0].cells["row"])


def test_what_staff_typed_unreadably_stays_and_is_pointed_at(branch):
    number = branch.visit(v.REMINDER, "2025-11-19")["visit_no"]
    branch.type_in(number, scheduled_on="下周三", state="已打过电话")
    branch.plan(request("2025-11-11"))
    raw = branch.tables[s.VISITS.title].raw
    row = branch.visits.index[branch.visits["visit_no"] == number][0]
    assert raw.loc[row, ["scheduled_on", "state"]].tolist() == ["下周三", "已打过电话"]
    cells = branch.tables[s.FINDINGS.title].data
    assert {f"J{row + 2}", f"O{row + 2}"} <= set(cells["cell"])


@pytest.mark.parametrize(("state", "stays"), [(v.CANCELLED, True), (v.DONE, True), (v.MISSED, False)])
def test_states_that_staff_decide(branch, state, stays):
    number = branch.visit(v.REMINDER, "2025-11-19")["visit_no"]
    branch.type_in(number, state=state)
    for as_of in ("2025-11-11", "2025-11-12"):
        branch.plan(request(as_of))
        visit = branch.visit(v.REMINDER, "2025-11-19")
        assert visit["state"] == (state if stays else v.TO_VISIT)
        assert visit["system_note"] == ""  # filled, it would make a 已取消 the tool's


def test_a_visit_that_staff_cancelled_under_a_note_of_the_tool_stays_theirs():
    rows = {s.LOANS: [loan(phone="")], s.SPECIAL_VISITS: [special("2025-11-14")]}
    workbook = planned(request(NOVEMBER), rows)
    visit = workbook.visit(v.SPECIAL)
    assert visit["system_note"] == "缺联系电话"
    workbook.type_in(visit["visit_no"], state=v.CANCELLED)
    workbook.plan(request(NOVEMBER))
    assert workbook.visit(v.SPECIAL)["state"] == v.CANCELLED
    assert workbook.visit(v.SPECIAL)["system_note"] == ""


@pytest.mark.parametrize(
    ("as_of", "state"), [("2025-11-24", v.RESCHEDULED), ("2025-11-25", v.MISSED)], ids=["its day", "a day later"]
)
@pytest.mark.parametrize("arranged", [True, False])
def test_a_rescheduled_visit_stands_until_its_day(branch, as_of, state, arranged):
    number = branch.visit(v.REMINDER, "2025-11-19")["visit_no"]
    when = day("2025-11-24")
    branch.type_in(number, state=v.RESCHEDULED, rescheduled_to=when, scheduled_on=when if arranged else None)
    branch.plan(request(as_of))
    visit = branch.visit(v.REMINDER, "2025-11-19")
    assert visit["state"] == state
    assert visit["scheduled_on"].date() == when
    assert visit["priority"] == v.HIGH  # past due all the same


GROUND = {
    "settled on the due day": ({"status": "已结清", "settled_on": day("2025-11-14")}, True),
    "settled a day later": ({"status": "已结清", "settled_on": day("2025-11-15")}, False),
    "settled without a date": ({"status": "已结清"}, True),
}


@pytest.mark.parametrize("ground", GROUND)
def test_cancelled_only_if_the_loan_was_settled_by_the_due_day(branch, ground):
    changes, gone = GROUND[ground]
    branch.put(s.LOANS, [loan(), loan("HT002", **changes)])
    branch.plan(request("2025-11-17"))
    visit = branch.visit(v.SPECIAL)
    assert visit["state"] == (v.CANCELLED if gone else v.MISSED)
    assert visit["system_note"].startswith("系统取消：贷款已结清或核销") == gone
    assert visit["remark"] == ""


@pytest.mark.parametrize(
    ("paid_on", "state"), [("2025-11-19", v.CANCELLED), ("2025-11-20", v.MISSED)], ids=["by the due day", "after it"]
)
def test_a_paid_instalment_needs_no_reminder_any_more(branch, paid_on, state):
    paid = instalment("2025-11-20", paid_on=day(paid_on), paid_amount=1000)
    branch.put(s.SCHEDULE, [paid, instalment("2025-12-20", 2)])
    branch.plan(request("2025-11-24"))
    visit = branch.visit(v.REMINDER, "2025-11-19")
    assert visit["state"] == state
    assert ("该期已还款（2025-11-19）" in visit["system_note"]) == (state == v.CANCELLED)
    assert branch.visit(v.REMINDER, "2025-12-19")["state"] == v.TO_VISIT


@pytest.mark.parametrize(
    ("paid_on", "state"), [("2025-11-05", v.CANCELLED), ("2025-11-06", v.MISSED)], ids=["by the due day", "after it"]
)
def test_an_overdue_visit_ends_with_the_payment(branch, paid_on, state):
    branch.put(s.SCHEDULE, [instalment("2025-11-03", 1, "HT002", paid_on=day(paid_on))])
    branch.plan(request("2025-11-11"))
    assert branch.visit(v.OVERDUE)["state"] == state


def test_a_missed_reminder_stays_missed_when_its_day_has_passed(branch):
    branch.plan(request("2025-11-24"))
    assert branch.visit(v.REMINDER, "2025-11-19")["state"] == v.MISSED


@pytest.mark.parametrize(
    ("decided", "state"), [("2025-11-12", v.CANCELLED), ("2025-11-13", v.MISSED)], ids=["by the due day", "after it"]
)
def test_an_application_visit_ends_with_the_decision(decided, state):
    applying = {"status": "申请中", "disbursed_on": None, "matures_on": None, "applied_on": day("2025-11-07")}
    workbook = planned(request(NOVEMBER), {s.LOANS: [loan(**applying)]})
    rejected = {"status": "未通过", "approval_result": "拒绝", "approved_on": day(decided)}
    workbook.put(s.LOANS, [loan(**(applying | rejected))])
    workbook.plan(request("2025-11-17"))
    assert workbook.visit(v.APPLICATION)["state"] == state
    assert workbook.visit(v.APPROVAL)["earliest_on"].date() == day(decided)


def test_what_the_tool_cancelled_stays_so_and_comes_back_with_its_ground(branch):
    upgraded = planned(request(NOVEMBER), {s.LOANS: [loan(grade="关注", disbursed_on=day("2025-11-01"))]})
    upgraded.put(s.LOANS, [loan(disbursed_on=day("2025-11-01"))])
    for as_of in ("2025-11-12", "2025-12-08"):  # the due day, 1 December, passes
        upgraded.plan(request(as_of))
        assert upgraded.visit(v.SPECIAL)["state"] == v.CANCELLED
        assert upgraded.visit(v.SPECIAL)["system_note"] == "系统取消：专项回访已撤销或不再属重点关注"
    upgraded.put(s.LOANS, [loan(grade="关注", disbursed_on=day("2025-11-01"))])
    upgraded.plan(request("2025-12-08"))
    assert upgraded.visit(v.SPECIAL)["state"] == v.MISSED


def test_a_visit_is_never_deleted_when_its_loan_leaves_the_ledger(branch):
    numbers = set(branch.visits["visit_no"])
    branch.put(s.LOANS, [loan()])
    branch.plan(request(NOVEMBER))
    assert numbers <= set(branch.visits["visit_no"])
    gone = branch.visits[branch.visits["contract_no"] == "HT002"]
    assert set(gone.loc[gone["due_on"] >= NOVEMBER, "system_note"]) == {"系统取消：合同已不在贷款台账"}


def test_a_record_taken_back_opens_the_visit_again(branch):
    assert branch.visit(v.FIRST)["state"] == v.DONE
    assert branch.visit(v.FIRST)["system_note"] == "已回访：2025-11-07"
    branch.put(s.RECORDS, [record("2025-11-07", "HT003", result="未接通")])
    branch.plan(request(NOVEMBER))
    assert branch.visit(v.FIRST)["state"] == v.TO_VISIT


def test_a_completed_visit_keeps_the_method_it_was_planned_with():
    rows = {s.LOANS: [loan()], s.SPECIAL_VISITS: [special("2025-11-14")]}
    workbook = planned(request(NOVEMBER), rows)
    workbook.put(s.RECORDS, [record(NOVEMBER)])
    workbook.put(s.LOANS, [loan(key_customer="是")])
    workbook.plan(request(NOVEMBER))
    assert workbook.visit(v.SPECIAL)[["state", "method"]].tolist() == [v.DONE, "电话"]
    assert workbook.visit(v.PERIODIC, "2025-12-31")["method"] == "面谈"


def test_a_借据编号_filled_in_later_does_not_lose_the_listed_visits():
    workbook = planned(request(NOVEMBER), {s.LOANS: [loan()], s.SPECIAL_VISITS: [special("2025-11-14")]})
    before = workbook.visit(v.SPECIAL)["visit_no"]
    workbook.put(s.LOANS, [loan(drawdown_no="J1")])
    workbook.plan(request(NOVEMBER))
    visits = workbook.visits.set_index("visit_no")
    assert visits.loc[before, ["drawdown_no", "state"]].tolist() == ["J1", v.CANCELLED]
    current = visits[visits["state"] == v.TO_VISIT]
    assert not current.duplicated(["visit_type", "due_on"]).any()


def test_listed_windows_stand_when_parameters_change_unless_provisional():
    rows = {s.LOANS: [loan(disbursed_on=day("2025-11-06"))]}
    workbook = planned(request(NOVEMBER), rows)
    workbook.plan(request(NOVEMBER, 首次回访工作日数=9))
    visit = workbook.visit(v.FIRST)
    assert (visit["due_on"].date(), visit["reason"]) == (
        day("2025-11-13"),
        "放款 2025-11-06 + 5 个工作日，为 2025-11-13",
    )
    rows = {s.LOANS: [loan(disbursed_on=day("2026-12-28"))]}
    workbook = planned(request("2026-12-28", "2026-12-01", "2027-01-31"), rows)
    assert workbook.visit(v.FIRST)["due_on"].date() == day("2027-01-05")
    arranged = request("2026-12-28", "2026-12-01", "2027-01-31", off_days={"2027-01-04": False})
    workbook.plan(arranged)
    visit = workbook.visit(v.FIRST)
    assert visit["due_on"].date() == day("2027-01-06")
    assert visit["reason"].endswith("2027-01-06")


def test_a_graded_visit_keeps_its_window_and_takes_the_next_record():
    rows = {s.LOANS: [loan(grade="关注")], s.RECORDS: [record("2025-11-03")]}
    workbook = planned(request(NOVEMBER), rows)
    assert workbook.visit(v.SPECIAL)["due_on"].date() == day("2025-12-03")
    workbook.plan(request("2025-11-20"))
    assert workbook.visit(v.SPECIAL)["earliest_on"].date() == day(NOVEMBER)
    workbook.put(s.RECORDS, [record("2025-11-03"), record("2025-11-19")])
    workbook.plan(request("2025-11-20"))
    assert shown(workbook.visits[workbook.visits["visit_type"] == v.SPECIAL], "due_on", "state") == [
        ("2025-12-03", v.DONE),
        ("2025-12-19", v.TO_VISIT),
    ]


# ---- --rearrange


def test_a_passed_day_and_a_visitor_who_left_are_said_and_moved_on_request(branch):
    number = branch.visit(v.REMINDER, "2025-11-19")["visit_no"]
    branch.type_in(number, scheduled_on=day("2025-11-14"), visitor="何青")
    branch.put(s.VISITORS, [visitor("何青", status="离岗"), visitor("陆平")])
    asked = request("2025-11-17")
    branch.plan(asked)
    visit = branch.visit(v.REMINDER, "2025-11-19")
    assert (visit["scheduled_on"].date(), visit["visitor"]) == (day("2025-11-14"), "何青")
    assert "安排日期已过" in visit["system_note"]
    assert "回访人员已离岗" in visit["system_note"]
    others = branch.visits[branch.visits["scheduled_on"] >= "2025-11-17"].set_index("visit_no")
    branch.plan(request("2025-11-17", rearrange=True))
    visit = branch.visit(v.REMINDER, "2025-11-19")
    assert day("2025-11-17") <= visit["scheduled_on"].date() <= day("2025-11-19")
    assert (visit["visitor"], visit["system_note"]) == ("陆平", "")
    after = branch.visits.set_index("visit_no").loc[others.index]
    assert (after["scheduled_on"] == others["scheduled_on"]).all()
    assert set(branch.visits.loc[branch.visits["state"].isin([v.TO_VISIT, v.MISSED]), "visitor"]) == {"陆平"}


# ---- completion


def test_a_record_completes_by_number_also_outside_the_window(branch):
    number = branch.visit(v.OVERDUE)["visit_no"]
    branch.put(s.RECORDS, [record("2025-11-10", "HT002", visit_no=number)])
    branch.plan(request("2025-11-12"))
    assert branch.visit(v.OVERDUE, "2025-11-05")["state"] == v.DONE
    assert branch.visit(v.OVERDUE, "2025-11-17")["earliest_on"].date() == day("2025-11-11")


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, v.DONE),
        ({"result": "未接通"}, v.TO_VISIT),
        ({"result": "拒访"}, v.TO_VISIT),
        ({"visited_on": day("2025-11-11")}, v.TO_VISIT),  # after T
        ({"contract_no": "HT001"}, v.TO_VISIT),
        ({"contract_no": "HT001", "visit_no": "number"}, v.TO_VISIT),  # of another contract: an error of the record
        ({"visit_no": "ZX20990101-AAAAAAAA"}, v.DONE),  # an unknown number: by contract and date
        ({"visit_no": "number"}, v.DONE),
    ],
)
def test_which_records_complete(changes, state):
    rows = {s.LOANS: [loan(), loan("HT002")], s.SPECIAL_VISITS: [special("2025-11-14", "HT002")]}
    workbook = planned(request(NOVEMBER), rows)
    number = workbook.visit(v.SPECIAL)["visit_no"]
    filled = {key: number if value == "number" else value for key, value in changes.items()}
    workbook.put(s.RECORDS, [record(NOVEMBER, "HT002") | filled])
    workbook.plan(request(NOVEMBER))
    assert workbook.visit(v.SPECIAL)["state"] == state


@pytest.mark.parametrize(
    ("visited", "state"),
    [("2025-11-06", v.MISSED), ("2025-11-07", v.DONE), ("2025-11-13", v.DONE), ("2025-11-14", v.MISSED)],
)
def test_the_window_holds_both_its_ends(visited, state):
    rows = {s.LOANS: [loan(disbursed_on=day("2025-11-06"))], s.RECORDS: [record(visited)]}
    assert planned(request("2025-11-17"), rows).visit(v.FIRST)["state"] == state


def test_one_record_completes_one_visit_earliest_due_first():
    rows = {
        s.LOANS: [loan(disbursed_on=day("2025-11-06"))],
        s.SPECIAL_VISITS: [special("2025-11-12"), special("2025-11-20")],
        s.RECORDS: [record(NOVEMBER)],
    }
    workbook = planned(request(NOVEMBER), rows)
    assert shown(workbook.visits.sort_values("due_on"), "due_on", "state") == [
        ("2025-11-12", v.DONE),
        ("2025-11-13", v.TO_VISIT),
        ("2025-11-20", v.TO_VISIT),
    ]
    again = planned(request(NOVEMBER), {**rows, s.RECORDS: [record(NOVEMBER)] * 2})
    assert again.visits.set_index("due_on")["state"].sort_index().tolist() == [v.DONE, v.DONE, v.TO_VISIT]


def test_ties_go_in_the_order_of_the_kinds():
    # Due on one day: first visit, reminder, special visit.
    rows = {
        s.LOANS: [loan(disbursed_on=day("2025-11-06"))],
        s.SCHEDULE: [instalment("2025-11-14")],
        s.SPECIAL_VISITS: [special("2025-11-13")],
    }
    states = []
    for count in range(4):
        workbook = planned(request(NOVEMBER), {**rows, s.RECORDS: [record(NOVEMBER)] * count})
        states.append([workbook.visit(kind)["state"] for kind in (v.FIRST, v.REMINDER, v.SPECIAL)])
    assert states == [
        [v.TO_VISIT] * 3,
        [v.DONE, v.TO_VISIT, v.TO_VISIT],
        [v.DONE, v.DONE, v.TO_VISIT],
        [v.DONE] * 3,
    ]


def test_a_tie_of_the_first_and_the_quarterly_visit_goes_to_the_first():
    rows = {s.LOANS: [loan(disbursed_on=day("2025-12-24"))], s.RECORDS: [record("2025-12-31")]}
    workbook = planned(request("2025-12-31", 首次回访计入当季="否", 定期回访起算天数=7), rows)
    assert shown(workbook.visits.sort_values("visit_type"), "visit_type", "due_on", "state") == [
        (v.PERIODIC, "2025-12-31", v.TO_VISIT),
        (v.FIRST, "2025-12-31", v.DONE),
    ]


def test_a_visit_outside_the_run_takes_its_own_record():
    # The record of 30 September belongs to the quarter before; the run of the last quarter must not use it.
    rows = {
        s.LOANS: [loan()],
        s.SCHEDULE: [instalment("2025-10-10")],  # reminder from 30 September on
        s.RECORDS: [record("2025-09-30")],
    }
    asked = request("2025-10-01", "2025-10-01", "2025-12-31", 还款提醒提前天数=10)
    assert planned(asked, rows).visit(v.REMINDER)["state"] == v.TO_VISIT
    assert planned(asked, {**rows, s.RECORDS: [record("2025-09-30")] * 2}).visit(v.REMINDER)["state"] == v.DONE


def test_parts_of_a_contract_are_loans_of_their_own():
    rows = {
        s.LOANS: [loan(drawdown_no="J1"), loan(drawdown_no="J2")],
        s.SCHEDULE: [instalment("2025-11-20", drawdown_no="J1"), instalment("2025-11-27", drawdown_no="J2")],
        s.SPECIAL_VISITS: [special("2025-11-14", drawdown_no="J2"), special("2025-11-13")],
    }
    workbook = planned(request(NOVEMBER), rows)
    visits = workbook.visits
    assert shown(visits[visits["visit_type"] == v.REMINDER], "drawdown_no", "due_on") == [
        ("J1", "2025-11-19"),
        ("J2", "2025-11-26"),
    ]
    assert workbook.visit(v.SPECIAL)["drawdown_no"] == "J2"  # without 借据编号 nobody knows which part is meant
    assert "合同“HT001”不在贷款台账" in set(workbook.tables[s.FINDINGS.title].data["message"])
    # A record may leave 借据编号 blank if it names the visit.
    number = workbook.visit(v.SPECIAL)["visit_no"]
    workbook.put(s.RECORDS, [record(NOVEMBER, visit_no=number)])
    workbook.plan(request(NOVEMBER))
    assert workbook.visit(v.SPECIAL)["state"] == v.DONE


@pytest.mark.parametrize(("ledger", "other"), [("J1", None), (None, "J1"), (None, None), ("J1", "J1")])
def test_a_contract_of_one_part_needs_no_借据编号_on_both_sides(ledger, other):
    rows = {s.LOANS: [loan(drawdown_no=ledger)], s.SCHEDULE: [instalment("2025-11-20", drawdown_no=other)]}
    assert planned(request(NOVEMBER), rows).visit(v.REMINDER)["due_on"].date() == day("2025-11-19")


# ---- contacts


def test_visits_to_one_customer_are_made_in_one_contact():
    rows = {
        s.LOANS: [
            loan("A", customer_no="K1", product="信用贷"),
            loan("B", customer_no="K1", key_customer="是"),
            loan("C", customer_no="K2", product="信用贷"),
        ],
        s.SCHEDULE: [instalment("2025-11-20", 1, "A"), instalment("2025-11-18", 1, "B")],
    }
    workbook = planned(request(NOVEMBER, 问卷产品=("信用贷",)), rows)
    current = workbook.visits[workbook.visits["due_on"] >= NOVEMBER]
    together = current[current["merge_group"] != ""]
    assert sorted(together["contract_no"]) == ["A", "A", "B", "B"]
    assert together[["merge_group", "scheduled_on", "visitor", "method"]].drop_duplicates().shape == (1, 4)
    assert set(together["method"]) == {"面谈"}
    assert day("2025-11-14") <= together["scheduled_on"].iloc[0].date() <= day("2025-11-17")
    assert current.loc[current["contract_no"] == "C", "method"].tolist() == ["问卷"]


@pytest.mark.parametrize(
    ("changes", "merged"),
    [
        ({}, True),
        ({"branch": "城西支行"}, False),
        ({"customer_no": "K9"}, False),
        ({"loan_officer": "何青"}, True),  # 陆平 can see both
        ({"loan_officer": "陆平"}, False),  # nobody is left for both
    ],
)
def test_what_forbids_a_common_contact(changes, merged):
    one = loan("A", customer_no="K1", loan_officer="何青")
    other = loan("B", **({"customer_no": "K1"} | changes))
    rows = {s.LOANS: [one, other], s.VISITORS: [*VISITORS, visitor("韦琳", branch="城西支行")]}
    workbook = planned(request(NOVEMBER), rows)
    current = workbook.visits[workbook.visits["due_on"] >= NOVEMBER]
    assert (current["merge_group"] != "").all() == merged
    assert (current["merge_group"] != "").any() == merged


def test_a_new_visit_joins_the_contact_already_arranged():
    workbook = planned(request(NOVEMBER), {s.LOANS: [loan()], s.SPECIAL_VISITS: [special("2025-11-14")]})
    arranged = workbook.visit(v.SPECIAL)
    workbook.put(s.SCHEDULE, [instalment("2025-11-17")])
    workbook.put(s.LOANS, [loan(), loan("HT002", customer_no="KHT001")])
    workbook.plan(request(NOVEMBER))
    joined = workbook.visits[workbook.visits["merge_group"] == arranged["merge_group"]]
    assert set(joined["contract_no"]) == {"HT001", "HT002"}
    assert set(joined["scheduled_on"]) == {arranged["scheduled_on"]}


def test_nobody_exceeds_the_daily_limit_while_a_day_is_free():
    loans = [loan(f"H{i:02d}", disbursed_on=day("2025-11-07")) for i in range(10)]  # due on 14 November: five days
    rows = {s.LOANS: loans, s.VISITORS: [visitor("何青", daily_limit=2)]}
    workbook = planned(request(NOVEMBER), rows)
    first = workbook.visits[workbook.visits["visit_type"] == v.FIRST]
    assert first["scheduled_on"].value_counts().tolist() == [2] * 5
    assert first["system_note"].eq("").all()
    crowded = planned(request(NOVEMBER), {**rows, s.LOANS: [*loans, loan("H99", disbursed_on=day("2025-11-07"))]})
    assert crowded.visits["scheduled_on"].value_counts().tolist() == [3, 2, 2, 2, 2]
    assert crowded.visits["system_note"].eq("超过每日上限").sum() == 3
    assert any("超过每日上限" in message for message in crowded.tables[s.FINDINGS.title].data["message"])


def test_a_short_window_makes_room_among_longer_ones():
    long = [special("2025-11-14", f"L{i}") for i in range(3)]
    short = [special(NOVEMBER, f"S{i}") for i in range(2)]
    loans = [loan(row["contract_no"], disbursed_on=day("2025-11-10")) for row in long + short]
    rows = {s.LOANS: loans, s.SPECIAL_VISITS: long + short, s.VISITORS: [visitor("何青", daily_limit=2)]}
    visits = planned(request(NOVEMBER), rows).visits
    visits = visits[visits["visit_type"] == v.SPECIAL]
    assert visits["scheduled_on"].value_counts().max() == 2


def test_a_contact_with_a_choice_moves_off_a_day_that_others_cannot_leave():
    # Two may go on the 10th or the 11th and are spread over both; two reminders can go on the 11th only.
    loans = [loan(f"H{i}") for i in range(4)]
    rows = {
        s.LOANS: loans,
        s.SPECIAL_VISITS: [special("2025-11-11", "H0"), special("2025-11-11", "H1")],
        s.SCHEDULE: [instalment("2025-11-12", 1, "H2"), instalment("2025-11-12", 1, "H3")],
        s.VISITORS: [visitor("何青", daily_limit=2)],
    }
    asked = request(NOVEMBER, "2025-11-01", "2025-11-30", 还款提醒提前天数=1)
    visits = planned(asked, rows).visits
    current = visits[visits["due_on"] == "2025-11-11"]
    assert sorted(shown(current, "visit_type", "scheduled_on")) == [
        (v.SPECIAL, "2025-11-10"),
        (v.SPECIAL, "2025-11-10"),
        (v.REMINDER, "2025-11-11"),
        (v.REMINDER, "2025-11-11"),
    ]
    assert not current["system_note"].str.contains("每日上限").any()


def test_missed_visits_take_the_first_working_day_with_room():
    loans = [loan(f"H{i}", disbursed_on=day("2025-09-22"), customer_no="K1") for i in range(3)]  # due on 29 September
    rows = {s.LOANS: loans, s.VISITORS: [visitor("何青", daily_limit=1)]}
    visits = planned(request("2025-10-04", "2025-09-01", "2025-09-30"), rows).visits  # T is a holiday
    assert shown(visits.sort_values("scheduled_on"), "state", "scheduled_on") == [
        (v.MISSED, "2025-10-09"),
        (v.MISSED, "2025-10-10"),
        (v.MISSED, "2025-10-11"),
    ]


def test_work_is_shared_among_the_visitors_of_the_branch():
    crew = [*VISITORS, visitor("韦琳", branch="城西支行"), visitor("方木", status="离岗")]
    rows = {s.LOANS: [loan(f"H{i}") for i in range(10)], s.VISITORS: crew}
    current = planned(request(NOVEMBER, "2025-12-01", "2025-12-31"), rows).visits
    current = current[current["due_on"] >= NOVEMBER]
    assert current["visitor"].value_counts().to_dict() == {"何青": 5, "陆平": 5}
    assert current["scheduled_on"].nunique() >= 5


def test_namesakes_of_two_branches_are_two_people():
    crew = [visitor("何青", staff_no="V1"), visitor("何青", staff_no="V2", branch="城西支行")]
    rows = {s.LOANS: [loan("A"), loan("B", branch="城西支行")], s.VISITORS: crew}
    assert set(planned(request(NOVEMBER), rows).visits["visitor"]) == {"何青"}


@pytest.mark.parametrize(
    ("crew", "why"),
    [
        ([visitor("何青", status="离岗")], "本网点没有在岗回访人员"),
        ([visitor("何青", branch="城西支行")], "本网点没有在岗回访人员"),
        ([visitor("郑远")], "本网点在岗人员均为该户客户经理"),
    ],
)
def test_no_eligible_visitor_leaves_a_blank_and_says_why(crew, why):
    workbook = Workbook({s.LOANS: [loan(), loan("HT002", loan_officer="何青")], s.VISITORS: crew})
    outcome = workbook.plan(request(NOVEMBER))
    visits = workbook.visits[workbook.visits["contract_no"] == "HT001"]
    assert set(visits["visitor"]) == {""}
    assert visits["scheduled_on"].notna().all()
    assert visits["system_note"].str.contains(why).all()
    assert any(why in warning for warning in outcome.warnings)


def test_staff_may_choose_the_own_officer_but_are_warned(branch):
    number = branch.visit(v.REMINDER, "2025-11-19")["visit_no"]
    branch.put(s.VISITORS, [*VISITORS, visitor("郑远")])
    branch.type_in(number, visitor="郑远")
    outcome = branch.plan(request(NOVEMBER))
    assert branch.visit(v.REMINDER, "2025-11-19")["visitor"] == "郑远"
    assert "客户经理" in branch.visit(v.REMINDER, "2025-11-19")["system_note"]
    assert any("该户客户经理" in warning for warning in outcome.warnings)


# ---- what could not be planned


BROKEN = {
    "no contract number": ({"contract_no": ""}, "A3", "缺贷款合同编号"),
    "twice": ({"contract_no": "HT001"}, "A3", "出现两行"),
    "unknown status": ({"status": "正常"}, "U3", "“正常”不在列表内"),
    "no disbursement date": ({"disbursed_on": None}, "Q3", "缺发放日期"),
    "unreadable date": ({"disbursed_on": "去年十月"}, "Q3", "“去年十月”无法识别"),
    "no phone": ({"phone": ""}, "F3", "缺联系电话"),
    "no application date": ({"status": "申请中", "disbursed_on": None}, "M3", "缺申请日期"),
    "no approval date": ({"status": "待发放", "approval_result": "通过", "disbursed_on": None}, "N3", "缺审批日期"),
    "no amount": ({"amount": "壹拾万"}, "H3", "贷款金额缺失或无法识别"),
    "unknown grade": ({"grade": "关住"}, "V3", "“关住”不在列表内"),
    "no visitor in the branch": ({"branch": "城北支行"}, "Y3", "未分配回访人员"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_planned_is_listed_and_the_rest_is_planned(case):
    changes, cell, reason = BROKEN[case]
    workbook = Workbook({s.LOANS: [loan(), loan(**({"contract_no": "HT002"} | changes)), loan("HT003")]})
    outcome = workbook.plan(request(NOVEMBER))
    found = workbook.tables[s.FINDINGS.title].data
    here = found[found["cell"] == cell]
    assert here["message"].str.contains(reason).any()
    assert set(here["sheet"]) == {"贷款台账"}
    assert (here["suggestion"] != "").all()
    assert (here["clause"] != "").all()
    assert any(cell in warning and reason in warning for warning in outcome.warnings)
    assert {"HT001", "HT003"} <= set(workbook.visits["contract_no"])


def test_a_loan_without_a_phone_is_planned_all_the_same():
    workbook = planned(request(NOVEMBER), {s.LOANS: [loan(phone="")]})
    assert set(workbook.visits["system_note"]) == {"缺联系电话"}


def test_special_rows_of_unknown_contracts_are_a_warning_and_no_visit():
    workbook = Workbook({s.LOANS: [loan()], s.SPECIAL_VISITS: [special("2025-11-14", "HT999")]})
    outcome = workbook.plan(request(NOVEMBER))
    assert v.SPECIAL not in set(workbook.visits["visit_type"])
    assert outcome.warnings == ["专项回访 A2：合同“HT999”不在贷款台账"]


def test_other_rows_of_the_findings_stay_and_the_plan_renews_its_own():
    workbook = Workbook({s.LOANS: [loan(phone="")]})
    checked = {"no": 1, "level": "错误", "rule": "R01", "sheet": "回访记录", "cell": "B2", "handling": "说明"}
    workbook.put(s.FINDINGS, [checked])
    workbook.plan(request(NOVEMBER))
    assert workbook.tables[s.FINDINGS.title].data["rule"].tolist() == ["R01", "P06"]
    workbook.put(s.LOANS, [loan()])
    workbook.plan(request(NOVEMBER))
    assert workbook.tables[s.FINDINGS.title].data["rule"].tolist() == ["R01"]


def test_no_full_phone_number_on_screen():
    workbook = Workbook({s.LOANS: [loan(status="？"), loan("HT002", branch="城北支行")]})
    outcome = workbook.plan(request(NOVEMBER))
    assert outcome.warnings
    assert not any("19900000001" in line for line in [*outcome.warnings, outcome.summary])


def test_an_empty_ledger_makes_an_empty_list():
    outcome = Workbook({s.LOANS: []}).plan(request(NOVEMBER))
    assert outcome.counts["清单合计"] == 0
    assert outcome.edits[0].empty


def test_the_period_defaults_to_the_quarter_that_holds_t():
    outcome = Workbook({s.LOANS: [loan()]}).plan(request(NOVEMBER))
    assert outcome.summary.startswith("2025Q4：")
    assert isinstance(request(NOVEMBER).as_of, dt.date)
