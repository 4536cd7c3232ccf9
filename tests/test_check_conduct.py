"""Was the visit made when and as long as it should be? The last value that is fine beside the first that is not.

Requirements: contract, section 4 (时长, 22:00–08:00, submitted late, 发放, 结清, window); regulation 三、(七)1. and 2.,
四、(二), 五、(一)1.
"""

import datetime as dt

import pytest
from checking import DAY, found, loan, record, visit

MINUTES = [
    ("电话", 1.9, True), ("电话", 2, False), ("电话", 40, False), ("电话", 41, True),
    ("面谈", 9, True), ("面谈", 10, False), ("面谈", 120, False), ("面谈", 121, True),
]  # fmt: skip


@pytest.mark.parametrize(("method", "minutes", "wrong"), MINUTES)
def test_minutes_by_method(method, minutes, wrong):
    assert found([record(method=method, minutes=minutes)]) == ({("W02", 2, "minutes")} if wrong else set())


def test_a_questionnaire_has_no_limits_of_time():
    assert found([record(method="问卷", minutes=1)], visits=[visit(method="问卷")]) == set()


@pytest.mark.parametrize(("clock", "wrong"), [("21:59", False), ("22:00", True), ("07:59", True), ("08:00", False)])
def test_no_visits_at_night(clock, wrong):
    assert found([record(started_at=clock)]) == ({("W03", 2, "started_at")} if wrong else set())


# 2026-04-28 + 2 workdays is Thursday the 30th; 1–5 May are off and the next workday is the 6th.
@pytest.mark.parametrize(
    ("visited", "submitted", "as_of", "wrong"),
    [
        ("2026-04-28", "2026-04-30", "2026-05-07", False),
        ("2026-04-28", "2026-05-01", "2026-05-07", True),
        ("2026-04-30", "2026-05-07", "2026-05-07", False),  # holidays do not count
        ("2026-04-28", None, "2026-04-30", False),
        ("2026-04-28", None, "2026-05-01", True),
    ],
)
def test_submission_within_the_workdays_allowed(visited, submitted, as_of, wrong):
    day = dt.date.fromisoformat
    one = record(visited_on=day(visited), submitted_on=day(submitted) if submitted else None)
    assert found([one], day(as_of)) == ({("W04", 2, "submitted_on")} if wrong else set())


@pytest.mark.parametrize(("disbursed", "wrong"), [(DAY(2026, 4, 21), False), (DAY(2026, 4, 22), True)])
def test_before_disbursement(disbursed, wrong):
    loans = [loan(disbursed_on=disbursed), loan("HT002")]
    assert found([record()], loans=loans) == ({("W05", 2, "visited_on")} if wrong else set())


def test_not_disbursed_at_all():
    applied = [loan(status="申请中", disbursed_on=None, applied_on=DAY(2026, 4, 20))]
    listed = [visit(visit_type="申请回访", stage="申请", visit_no="SQ20260420-AAAAA001")]
    answers = dict.fromkeys(("apply_1", "apply_2", "apply_3"), "是") | dict.fromkeys(("use_1", "use_2", "use_3"), "")
    early = record(visit_no="SQ20260420-AAAAA001", **answers)
    assert found([early], loans=applied, visits=listed) == set()
    assert found([early | {"repay_1": "是"}], loans=applied, visits=listed) == {("W05", 2, "visited_on")}


@pytest.mark.parametrize(("settled", "wrong"), [(DAY(2026, 4, 21), False), (DAY(2026, 4, 20), True)])
def test_after_settlement(settled, wrong):
    loans = [loan(status="已结清", settled_on=settled)]
    assert found([record()], loans=loans) == ({("W06", 2, "visited_on")} if wrong else set())


WINDOWS = [
    ({"earliest_on": DAY(2026, 4, 21)}, False),
    ({"earliest_on": DAY(2026, 4, 22)}, True),
    ({"due_on": DAY(2026, 4, 21)}, False),
    ({"due_on": DAY(2026, 4, 20)}, True),
    ({"due_on": DAY(2026, 4, 10), "rescheduled_to": DAY(2026, 4, 21), "reschedule_approved_on": DAY(2026, 4, 10)},
     False),
    ({"due_on": DAY(2026, 4, 10), "rescheduled_to": DAY(2026, 4, 20), "reschedule_approved_on": DAY(2026, 4, 10)},
     True),
    ({"due_on": DAY(2026, 4, 10), "rescheduled_to": DAY(2026, 4, 21), "reschedule_approved_on": DAY(2026, 4, 11)},
     True),
    ({"due_on": DAY(2026, 4, 10), "rescheduled_to": DAY(2026, 4, 21)}, True),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "wrong"), WINDOWS)
def test_the_window_of_the_visit_named(changes, wrong):
    assert found([record()], visits=[visit(**changes)]) == ({("W07", 2, "visited_on")} if wrong else set())
