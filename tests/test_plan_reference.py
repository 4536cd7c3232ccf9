"""Planning against a second opinion and against its own promises, on seeded random branches.

Requirements (contract, section 3):
- which visits a first run lists, with 最早日期, 截止日期, 状态 and 回访方式, equals `reference_planning`;
- planning twice changes nothing;
- the order of the ledger's rows is of no account; more loans never change the visits of the others;
- 截止日期 and 安排日期 are working days where they must be; 安排日期 is not before T and inside an open window;
- 合并组: one day and one visitor inside all windows, and no two contacts remain that could still be merged;
- 每日上限 is kept while a later day of the window is free; nobody visits a client of their own;
- no loan in use goes a quarter without a listed visit.
"""

import random
from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from planning_tables import VISITORS, Workbook, day, loan, request, visitor
from random_ledgers import random_case
from reference_planning import TYPES, World, quarter, reference_list

from toolkit.model import sheets as s

SEEDS = range(5)
STRICTNESS = ["问卷", "电话", "面谈"]
OPEN = ("待回访", "逾期未访")
CREW = [
    visitor("何青", daily_limit=2),
    visitor("陆平", daily_limit=3),
    visitor("韦琳", branch="城西支行", daily_limit=2),
    visitor("方木", branch="城西支行", status="离岗"),
]


@pytest.fixture(scope="module", params=SEEDS)
def planned(request):
    case = random_case(request.param, 130)
    case.rows[s.VISITORS] = CREW
    workbook = Workbook(case.rows)
    workbook.plan(case.request)
    return case, workbook


@pytest.mark.parametrize("seed", range(100, 120))
def test_the_reference_agrees_on_thousands_of_loans(seed):
    case = random_case(seed, 130)
    case.rows[s.VISITORS] = CREW
    workbook = Workbook(case.rows)
    workbook.plan(case.request)
    _lists_what_the_reference_lists(case, workbook)


def test_a_first_run_lists_what_the_reference_lists(planned):
    _lists_what_the_reference_lists(*planned)


def _lists_what_the_reference_lists(case, workbook):
    expected = reference_list(case.rows[s.LOANS], case.world)
    visits = workbook.visits
    identity = list(
        zip(
            visits["contract_no"], visits["drawdown_no"], visits["visit_type"],
            visits["earliest_on"].dt.date, visits["due_on"].dt.date,
            strict=True,
        )
    )  # fmt: skip
    listed = Counter((*visit, state) for visit, state in zip(identity, visits["state"], strict=True))
    assert listed == Counter((c, d, x.visit_type, x.earliest, x.due, x.state) for c, d, x in expected)
    alone = {(c, d, x.visit_type, x.earliest, x.due): x.method for c, d, x in expected}
    groups = defaultdict(list)
    for visit, group in zip(identity, visits["merge_group"], strict=True):
        groups[group or visit].append(alone[visit])
    for visit, group, method in zip(identity, visits["merge_group"], visits["method"], strict=True):
        assert method == max(groups[group or visit], key=STRICTNESS.index), visit


def test_the_random_branches_reach_every_kind_and_state():
    seen = Counter()
    for seed in SEEDS:
        case = random_case(seed, 130)
        seen.update((x.visit_type, x.state) for *_, x in reference_list(case.rows[s.LOANS], case.world))
    assert {(kind, state) for kind in TYPES for state in ("待回访", "逾期未访", "已完成")} <= set(seen)


def test_planning_twice_changes_nothing(planned):
    case, workbook = planned
    workbook.plans_again_without_change(case.request)


def test_the_order_of_the_rows_is_of_no_account(planned):
    case, workbook = planned
    rng = random.Random(7)
    # Two rows of 专项回访 with one date are one visit with the first row's reason: their order is meant to count.
    shuffled = {sheet: rng.sample(rows, len(rows)) for sheet, rows in case.rows.items() if sheet != s.SPECIAL_VISITS}
    other = Workbook({**case.rows, **shuffled})
    other.plan(case.request)
    columns = [name for name in workbook.visits if name != "row"]
    expected = workbook.visits[columns].sort_values("visit_no", ignore_index=True)
    found = other.visits[columns].sort_values("visit_no", ignore_index=True)
    # Records of one day and hour count in the order of their rows, so only the visitor of a completed visit may differ.
    pd.testing.assert_frame_equal(found, expected)


def test_more_loans_never_change_the_visits_of_the_others(planned):
    case, workbook = planned
    half = case.rows[s.LOANS][::2]
    other = Workbook({**case.rows, s.LOANS: half})
    other.plan(case.request)
    own = ["visit_no", "visit_type", "earliest_on", "due_on", "state", "priority", "stage", "reason", "clause"]
    both = workbook.visits[workbook.visits["visit_no"].isin(other.visits["visit_no"])]
    keys = {(row["contract_no"], row["drawdown_no"] or "") for row in half}
    of_half = [key in keys for key in zip(workbook.visits["contract_no"], workbook.visits["drawdown_no"], strict=True)]
    assert set(workbook.visits["visit_no"][of_half]) == set(other.visits["visit_no"])
    pd.testing.assert_frame_equal(
        both[own].sort_values("visit_no", ignore_index=True),
        other.visits[own].sort_values("visit_no", ignore_index=True),
    )


def test_dates_are_working_days_where_they_must_be(planned):
    case, workbook = planned
    visits, calendar = workbook.visits, case.request.calendar
    today = pd.Timestamp(case.request.as_of)
    computed = visits["reason"].str.startswith("专项回访：").eq(False)
    n_zero = {
        "申请回访": case.world.parameters["申请回访工作日数"] == 0,
        "审批回访": case.world.parameters["审批回访工作日数"] == 0,
        "逾期回访": case.world.parameters["逾期首访工作日数"] == 0,
    }
    exact = computed & ~visits["visit_type"].map(n_zero).eq(True)
    assert calendar.is_workday(visits.loc[exact, "due_on"].to_numpy()).all()
    arranged = visits[visits["state"].isin(OPEN)]
    assert arranged["scheduled_on"].notna().all()
    assert calendar.is_workday(arranged["scheduled_on"].to_numpy()).all()
    assert (arranged["scheduled_on"] >= today).all()
    first_day = pd.Timestamp(calendar.roll_forward(np.datetime64(case.request.as_of)).item())
    low = arranged["earliest_on"].where(arranged["earliest_on"] > first_day, first_day)
    in_time = pd.Series(calendar.roll_forward(low.to_numpy()) <= arranged["due_on"].to_numpy(), index=arranged.index)
    inside = (arranged["scheduled_on"] >= arranged["earliest_on"]) & (arranged["scheduled_on"] <= arranged["due_on"])
    assert inside[in_time].all()


def _contacts(case, workbook):
    """Open visits by contact: list of (rows, branch, officers, first and last day, days open)."""
    loans = {(row["contract_no"], row["drawdown_no"] or ""): row for row in case.rows[s.LOANS]}
    visits = workbook.visits[workbook.visits["state"].isin(OPEN)]
    contacts = defaultdict(list)
    for row in visits.to_dict("records"):
        row["loan"] = loans[row["contract_no"], row["drawdown_no"]]
        contacts[row["merge_group"] or row["visit_no"]].append(row)
    return list(contacts.values())


def _working_days(case, contact) -> set:
    low = max(*(row["earliest_on"].date() for row in contact), case.request.as_of)
    high = min(row["due_on"].date() for row in contact)
    days = (low + pd.Timedelta(days=i).to_pytimedelta() for i in range((high - low).days + 1))
    return {each for each in days if case.world.works(each)}


def _eligible(contact) -> set:
    officers = {row["loan"]["loan_officer"] for row in contact}
    branch = contact[0]["branch"]
    return {p["name"] for p in CREW if p["branch"] == branch and p.get("status") != "离岗"} - officers


def test_merged_visits_are_one_contact_and_nothing_is_left_to_merge(planned):
    case, workbook = planned
    contacts = _contacts(case, workbook)
    by_customer = defaultdict(list)
    for contact in contacts:
        assert len({(row["scheduled_on"], row["visitor"], row["loan"]["customer_no"]) for row in contact}) == 1
        if len(contact) > 1:
            assert contact[0]["scheduled_on"].date() in _working_days(case, contact)
        by_customer[contact[0]["loan"]["customer_no"], contact[0]["branch"]].append(contact)
    for group in by_customer.values():
        for i, one in enumerate(group):
            for other in group[:i]:
                assert not (_working_days(case, one + other) and _eligible(one + other))


def test_visitors_are_eligible_and_keep_their_daily_limit(planned):
    case, workbook = planned
    limit = {p["name"]: p["daily_limit"] for p in CREW if "daily_limit" in p}
    load, of_day = Counter(), defaultdict(list)
    for contact in _contacts(case, workbook):
        name = contact[0]["visitor"]
        assert name in _eligible(contact) if _eligible(contact) else name == ""
        if name:
            load[name, contact[0]["scheduled_on"].date()] += 1
            of_day[name, contact[0]["scheduled_on"].date()].append(contact)
    for (name, date), contacts in of_day.items():
        if load[name, date] > limit[name]:
            for contact in contacts:
                # Past the window any later day would do, so those never make a day too full.
                window = _working_days(case, contact)
                assert window
                assert all(load[name, other] >= limit[name] for other in window if other > date)


@pytest.mark.parametrize("counted", ["是", "否"])
@pytest.mark.parametrize("as_of", ["2026-01-01", "2026-05-20", "2026-09-30"])
def test_no_loan_in_use_goes_a_quarter_without_a_listed_visit(as_of, counted):
    lent = [day(as_of) - pd.Timedelta(days=i).to_pytimedelta() for i in range(0, 200, 3)]
    loans = [loan(f"HT{i:03d}", disbursed_on=date) for i, date in enumerate(lent)]
    workbook = Workbook({s.LOANS: loans, s.VISITORS: VISITORS})
    workbook.plan(request(as_of, 首次回访计入当季=counted))
    _, end = quarter(day(as_of))
    listed = set(workbook.visits["contract_no"])
    for row in loans:
        if (end - row["disbursed_on"]).days >= 30:
            assert row["contract_no"] in listed


@pytest.mark.parametrize(("start", "n", "expected"), [("2025-09-30", 5, "2025-10-14"), ("2027-04-30", 1, "2027-05-03")])
def test_the_reference_counts_working_days_as_the_contract_does(start, n, expected):
    world = World(day(start), day(start), day(start), {})
    assert world.plus(day(start), n) == day(expected)
