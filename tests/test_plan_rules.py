"""Each kind of visit as a table of cases with its boundary days.

Requirements (contract, section 3, and 四、(一)–(二) of the regulation):
- the seven rows of the table: for whom, 最早日期, 截止日期; fine print 1–5, 7, 11;
- 回访方式, 回访阶段, 优先级, 制度条款, 事由; 暂定 for years without a published arrangement; 节假日 on top.

A case is (what differs from an ordinary loan, T, expected windows); windows are (最早日期, 截止日期, 状态).
"""

import pytest
from planning_tables import Workbook, day, instalment, loan, record, request, together, windows

from toolkit.model import sheets as s
from toolkit.model import values as v

TODO, LATE, DONE = v.TO_VISIT, v.MISSED, v.DONE


def plan_of(asked, *, special=(), issues=(), schedule=(), records=(), **changes):
    workbook = Workbook(
        {
            s.LOANS: [loan(**changes)],
            s.SCHEDULE: list(schedule),
            s.SPECIAL_VISITS: list(special),
            s.ISSUES: list(issues),
            s.RECORDS: list(records),
        }
    )
    workbook.plan(asked)
    return workbook


def of_type(visit_type, asked, *, special=(), issues=(), schedule=(), records=(), **changes):
    rows = {s.LOANS: [loan(**changes)], s.SCHEDULE: list(schedule), s.SPECIAL_VISITS: list(special)}
    return windows({**rows, s.ISSUES: list(issues), s.RECORDS: list(records)}, asked, visit_type)


APPLYING = {"status": "申请中", "disbursed_on": None, "matures_on": None}


@together(
    v.APPLICATION,
    [
        ("2025-09-29", 3, "2025-09-29", [("2025-09-29", "2025-10-10", TODO)]),  # 1–8 October off
        ("2025-09-30", 3, "2025-10-11", [("2025-09-30", "2025-10-11", TODO)]),  # due today, a make-up Saturday
        ("2025-09-30", 3, "2025-10-12", [("2025-09-30", "2025-10-11", LATE)]),
        ("2025-11-08", 0, "2025-11-08", [("2025-11-08", "2025-11-08", TODO)]),  # n = 0: the date itself, a Saturday
    ],
)
def test_application_visit(applied, n, as_of):
    asked = request(as_of, "2025-09-01", "2025-12-31", 申请回访工作日数=n)
    return asked, {"applied_on": day(applied), **APPLYING}


@pytest.mark.parametrize("status", ["审批中", "未通过", "待发放", "使用中"])
def test_no_application_visit_after_the_application(status):
    changes = APPLYING | {"status": status, "applied_on": day("2025-11-03")}
    assert of_type(v.APPLICATION, request("2025-11-04"), **changes) == []


@together(
    v.APPROVAL,
    [
        ({"status": "待发放", "approval_result": "通过"}, [("2025-11-03", "2025-11-06", TODO)]),
        ({"status": "未通过", "approval_result": "拒绝"}, [("2025-11-03", "2025-11-06", TODO)]),
        ({"status": "审批中", "approval_result": ""}, []),
        ({"status": "使用中", "approval_result": "通过", "disbursed_on": day("2025-11-04")}, []),  # disbursed today
        (
            {"status": "待发放", "approval_result": "通过", "disbursed_on": day("2025-11-05")},  # not yet
            [("2025-11-03", "2025-11-06", TODO)],
        ),
    ],
)
def test_approval_visit(changes):
    filled = {"disbursed_on": None, "approved_on": day("2025-11-03")} | changes
    return request("2025-11-04"), filled


@together(
    v.FIRST,
    [
        ({"disbursed_on": "2025-09-30"}, "2025-10-14", [("2025-10-01", "2025-10-14", TODO)]),  # the national holiday
        ({"disbursed_on": "2025-09-30"}, "2025-10-15", [("2025-10-01", "2025-10-14", LATE)]),
        ({"disbursed_on": "2025-10-15"}, "2025-10-14", []),  # not disbursed yet
        ({"disbursed_on": "2025-10-14"}, "2025-10-14", [("2025-10-15", "2025-10-21", TODO)]),
        ({"settled_on": "2025-10-14", "status": "已结清"}, "2025-10-20", []),  # settled on the due date
        (
            {"settled_on": "2025-10-15", "status": "已结清"},  # a day later: it was due
            "2025-10-20",
            [("2025-10-01", "2025-10-14", LATE)],
        ),
        ({"status": "已结清"}, "2025-10-20", []),  # settled without a date = throughout
        ({"status": "已核销"}, "2025-10-20", []),
    ],
)
def test_first_visit(changes, as_of):
    dates = {name: day(value) if name.endswith("_on") else value for name, value in changes.items()}
    asked = request(as_of, "2025-10-01", "2025-12-31")
    return asked, {"disbursed_on": day("2025-09-30")} | dates


def test_holiday_sheet_is_on_top_of_the_calendar():
    asked = request("2025-10-10", off_days={"2025-10-11": False, "2025-10-12": True})
    assert of_type(v.FIRST, asked, disbursed_on=day("2025-09-30")) == [("2025-10-01", "2025-10-14", TODO)]
    asked = request("2025-10-10", off_days={"2025-10-11": False})
    assert of_type(v.FIRST, asked, disbursed_on=day("2025-09-30")) == [("2025-10-01", "2025-10-15", TODO)]


@pytest.mark.parametrize(
    ("lent", "as_of", "parameters", "expected"),
    [
        ("2025-06-20", "2025-08-01", {}, [("2025-07-01", "2025-09-30", TODO)]),
        ("2024-01-02", "2024-03-01", {}, []),  # the first visit falls due on 9 January: it counts
        (
            "2024-01-02",
            "2024-03-01",
            {"首次回访计入当季": "否"},
            [("2024-01-03", "2024-03-29", TODO)],
        ),  # ends on a Sunday
        (
            "2024-05-31",
            "2024-06-30",
            {"首次回访计入当季": "否"},
            [("2024-06-01", "2024-06-28", LATE)],
        ),  # exactly 30 days
        ("2024-06-01", "2024-06-30", {"首次回访计入当季": "否"}, []),  # 29 days
        ("2025-12-24", "2026-03-02", {}, [("2026-01-01", "2026-03-31", TODO)]),  # first visit on 2025-12-31
        ("2025-12-25", "2026-03-02", {}, []),  # first visit on 2026-01-04, a make-up Sunday of this quarter
        ("2025-12-25", "2026-03-02", {"首次回访计入当季": "否"}, [("2026-01-01", "2026-03-31", TODO)]),
        ("2025-03-31", "2025-06-30", {"定期回访起算天数": 91}, [("2025-04-01", "2025-06-30", TODO)]),
        ("2025-03-31", "2025-06-30", {"定期回访起算天数": 92}, []),
    ],
)
def test_quarterly_visit(lent, as_of, parameters, expected):
    changes = {} if lent != "2025-03-31" else {"首次回访计入当季": "否"}
    assert of_type(v.PERIODIC, request(as_of, **parameters, **changes), disbursed_on=day(lent))[-1:] == expected


@pytest.mark.parametrize(
    ("settled", "expected"),
    [("2024-03-31", []), ("2024-04-01", [("2024-01-01", "2024-03-29", LATE)])],  # by Q's last day, a Sunday
)
def test_quarterly_visit_of_a_settled_loan(settled, expected):
    asked = request("2024-04-10", "2024-01-01", "2024-03-31")
    changes = {"disbursed_on": day("2023-05-01"), "status": "已结清", "settled_on": day(settled)}
    assert [window for window in of_type(v.PERIODIC, asked, **changes) if window[1] > "2024"] == expected


def test_quarterly_visits_of_a_long_period_are_one_a_quarter():
    asked = request("2026-01-05", "2026-01-01", "2026-12-31")
    assert [due for _, due, _ in of_type(v.PERIODIC, asked)] == [
        "2025-12-31",  # carried over
        "2026-03-31",
        "2026-06-30",
        "2026-09-30",
        "2026-12-31",
    ]


@together(
    v.PERIODIC,
    [
        ("2025-08-01", [], "2025-10-10", [("2025-10-15", "2025-10-30", TODO)]),  # + 90 = 30 October
        ("2025-08-03", [], "2025-10-10", [("2025-10-16", "2025-10-31", TODO)]),  # + 90 = Saturday, moved back
        ("2025-08-01", ["2025-09-01"], "2025-10-10", [("2025-11-13", "2025-11-28", TODO)]),  # the last contact counts
        ("2025-08-01", ["2025-07-01"], "2025-10-10", [("2025-10-15", "2025-10-30", TODO)]),  # before disbursement
        ("2025-05-01", [], "2025-10-10", [("2025-09-25", "2025-10-10", TODO)]),  # long due: T
        ("2025-05-01", [], "2025-10-04", [("2025-09-24", "2025-10-09", TODO)]),  # T in the holiday, moved forward
        ("2025-08-01", ["2025-10-11"], "2025-10-10", [("2025-10-15", "2025-10-30", TODO)]),  # a record after T
    ],
)
def test_rolling_visit(lent, contacts, as_of):
    asked = request(as_of, 定期回访口径="滚动")
    records = [record(date) for date in contacts]
    return asked, {"disbursed_on": day(lent), "records": records}


@pytest.mark.parametrize("changes", [{"status": "已结清"}, {"settled_on": day("2025-10-10")}, {"status": "待发放"}])
def test_rolling_visit_is_for_loans_in_use(changes):
    asked = request("2025-10-10", 定期回访口径="滚动")
    assert of_type(v.PERIODIC, asked, disbursed_on=day("2025-08-01"), **changes) == []


@together(
    v.REMINDER,
    [
        ("2025-11-20", "2025-11-20", {}, [("2025-11-14", "2025-11-19", LATE)]),  # due today is still reminded
        ("2025-11-20", "2025-11-21", {}, []),  # past: overdue, no reminder
        ("2025-11-20", "2025-11-19", {}, [("2025-11-14", "2025-11-19", TODO)]),  # D − 5 is a Saturday
        ("2025-10-09", "2025-09-20", {"还款提醒提前天数": 1}, [("2025-09-30", "2025-09-30", TODO)]),
        ("2025-10-09", "2025-09-20", {"还款提醒提前天数": 9}, [("2025-09-30", "2025-09-30", TODO)]),
        ("2025-11-17", "2025-11-03", {"还款提醒提前天数": 2}, [("2025-11-14", "2025-11-14", TODO)]),  # Monday: Friday
    ],
)
def test_reminder(due, as_of, parameters):
    asked = request(as_of, "2025-09-01", "2025-12-31", **parameters)
    return asked, {"schedule": [instalment(due)]}


def test_a_reminder_is_never_due_before_its_earliest_date():
    # D is a Monday and X one day: both ends roll back over the weekend to the same Friday.
    asked = request("2025-10-20", off_days={"2025-11-02": False}, 还款提醒提前天数=1)
    assert of_type(v.REMINDER, asked, schedule=[instalment("2025-11-03")]) == [("2025-10-31", "2025-10-31", TODO)]


PAID = {
    "in full": {"paid_on": day("2025-11-01"), "paid_amount": 1000},
    "more than due": {"paid_on": day("2025-11-01"), "paid_amount": 1001},
    "amount without a date": {"paid_amount": 1000},
    "date with a blank amount": {"paid_on": day("2025-11-01")},
}
UNPAID = {
    "nothing": {},
    "in part": {"paid_on": day("2025-11-01"), "paid_amount": 999.99},
    "zero": {"paid_on": day("2025-11-01"), "paid_amount": 0},
}


@pytest.mark.parametrize("how", PAID)
def test_a_paid_instalment_is_neither_reminded_nor_overdue(how):
    rows = [instalment("2025-11-20", **PAID[how]), instalment("2025-11-03", 2, **PAID[how])]
    workbook = plan_of(request("2025-11-10"), schedule=rows)
    assert not {v.REMINDER, v.OVERDUE} & set(workbook.visits["visit_type"])


@pytest.mark.parametrize("how", UNPAID)
def test_an_instalment_not_fully_paid_is_reminded_and_overdue(how):
    rows = [instalment("2025-11-20", **UNPAID[how]), instalment("2025-11-03", 2, **UNPAID[how])]
    workbook = plan_of(request("2025-11-05"), schedule=rows)
    assert workbook.visit(v.REMINDER)["due_on"].date() == day("2025-11-19")
    assert workbook.visit(v.OVERDUE)["due_on"].date() == day("2025-11-05")


@pytest.mark.parametrize(
    ("scope", "schedule", "changes", "due"),
    [
        ("全部", ["2025-11-20", "2025-12-20"], {}, ["2025-11-19", "2025-12-19"]),
        ("末期", ["2025-11-20", "2025-12-20"], {}, ["2025-12-19"]),
        ("末期", [], {"matures_on": "2025-12-20"}, ["2025-12-19"]),
        ("曾逾期", ["2025-11-20"], {}, []),
        ("曾逾期", ["2025-11-20", "2025-11-07"], {}, ["2025-11-19"]),  # past due unpaid
        ("曾逾期", [], {"matures_on": "2025-12-20"}, []),
        ("曾逾期", [], {"matures_on": "2025-12-20", "days_past_due": 3}, ["2025-12-19"]),
        ("全部", [], {"matures_on": "2025-12-20"}, ["2025-12-19"]),  # 到期日 without a plan
        ("全部", ["2025-11-20"], {"matures_on": "2025-12-20"}, ["2025-11-19"]),  # with one it is not asked
    ],
)
def test_reminder_scope(scope, schedule, changes, due):
    dated = {name: day(value) if name.endswith("_on") else value for name, value in changes.items()}
    rows = [instalment(date, number) for number, date in enumerate(schedule)]
    found = of_type(v.REMINDER, request("2025-11-10", 还款提醒范围=scope), schedule=rows, **dated)
    assert [window[1] for window in found] == due


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ({"due_amount": 0, "paid_amount": 0}, ["2025-12-19"]),  # what 重组 leaves of an instalment that is gone
        ({"due_amount": 0}, ["2026-01-19"]),  # not said to be paid
        ({"due_amount": 1, "paid_amount": 1}, []),
    ],
)
def test_the_last_instalment_is_one_on_which_something_is_due(last, due):
    rows = [instalment("2025-12-20", 1), instalment("2026-01-20", 2, **last)]
    found = of_type(v.REMINDER, request("2025-11-10", "2025-10-01", "2026-03-31", 还款提醒范围="末期"), schedule=rows)
    assert [window[1] for window in found] == due


@pytest.mark.parametrize(
    ("paid_on", "due"), [("2025-10-09", []), ("2025-10-10", ["2025-11-19"])], ids=["on time", "a day late"]
)
def test_reminder_scope_once_overdue_counts_late_payment(paid_on, due):
    rows = [
        instalment("2025-10-09", paid_on=day(paid_on), paid_amount=1000),
        instalment("2025-11-20", 2),
    ]
    found = of_type(v.REMINDER, request("2025-11-10", 还款提醒范围="曾逾期"), schedule=rows)
    assert [window[1] for window in found] == due


@together(
    v.OVERDUE,
    [
        (["2025-11-03"], {}, "2025-11-03", []),  # due today is not overdue
        (["2025-11-03"], {}, "2025-11-04", [("2025-11-04", "2025-11-05", TODO)]),
        (["2025-11-03"], {}, "2025-11-06", [("2025-11-04", "2025-11-05", LATE)]),
        (["2025-11-03", "2025-10-09"], {}, "2025-11-06", [("2025-10-10", "2025-10-11", LATE)]),  # the oldest
        (["2025-11-20"], {"days_past_due": 9}, "2025-11-06", []),  # with a plan 逾期天数 is ignored
        ([], {"days_past_due": 1}, "2025-11-04", [("2025-11-04", "2025-11-05", TODO)]),
        ([], {"days_past_due": 0}, "2025-11-04", []),
        ([], {"matures_on": day("2025-11-03")}, "2025-11-04", [("2025-11-04", "2025-11-05", TODO)]),
        ([], {"matures_on": day("2025-11-04")}, "2025-11-04", []),
        ([], {"matures_on": day("2025-11-03"), "days_past_due": 2}, "2025-11-12", [("2025-11-11", "2025-11-12", TODO)]),
        (["2025-11-03"], {"settled_on": day("2025-11-04")}, "2025-11-04", []),
        (["2025-11-03"], {"status": "已核销"}, "2025-11-04", []),
        (["2025-11-03"], {"disbursed_on": None}, "2025-11-04", []),
        (["2025-11-03"], {"disbursed_on": day("2025-11-05")}, "2025-11-04", []),
    ],
)
def test_first_overdue_visit(schedule, changes, as_of):
    rows = [instalment(date, number) for number, date in enumerate(schedule)]
    return request(as_of), {"schedule": rows, **changes}


@pytest.mark.parametrize(
    ("n", "due", "visited", "repeat"),
    [
        # v − D = 1: + 7 days.
        (2, "2025-11-03", "2025-11-04", ("2025-11-05", "2025-11-11")),
        (40, "2025-11-03", "2025-12-03", ("2025-12-04", "2025-12-10")),  # 30 days overdue at v
        (40, "2025-11-03", "2025-12-04", ("2025-12-05", "2025-12-19")),  # 31
        (50, "2025-10-09", "2025-12-08", ("2025-12-09", "2025-12-23")),  # 60
        (50, "2025-10-09", "2025-12-09", ("2025-12-10", "2026-01-08")),  # 61
        (2, "2025-09-22", "2025-09-24", ("2025-09-25", "2025-10-09")),  # 1 October is off: moved forward
    ],
)
def test_repeat_overdue_visit(n, due, visited, repeat):
    asked = request(visited, 逾期首访工作日数=n)
    found = of_type(v.OVERDUE, asked, schedule=[instalment(due)], records=[record(visited)])
    assert (*repeat, TODO) in found
    assert [state for *_, state in found].count(DONE) == 1


def test_repeat_visits_follow_one_another_and_one_is_outstanding():
    records = [record(date) for date in ("2025-11-04", "2025-11-11", "2025-11-18")]
    found = of_type(v.OVERDUE, request("2025-11-20"), schedule=[instalment("2025-11-03")], records=records)
    assert found == [
        ("2025-11-04", "2025-11-05", DONE),
        ("2025-11-05", "2025-11-11", DONE),
        ("2025-11-12", "2025-11-18", DONE),
        ("2025-11-19", "2025-11-25", TODO),
    ]


def test_a_visit_up_to_the_oldest_unpaid_day_is_of_an_earlier_spell():
    # Visited on 11-04 for the instalment of 11-03, which has been paid since; now the one of 11-10 is unpaid.
    workbook = Workbook({s.LOANS: [loan()], s.SCHEDULE: [instalment("2025-11-03")], s.RECORDS: [record("2025-11-04")]})
    workbook.plan(request("2025-11-04"))
    paid = instalment("2025-11-03", paid_on=day("2025-11-10"), paid_amount=1000)
    workbook.put(s.SCHEDULE, [paid, instalment("2025-11-10", 2)])
    workbook.plan(request("2025-11-11"))
    assert workbook.visit(v.OVERDUE, "2025-11-12")["earliest_on"].date() == day("2025-11-11")


@together(
    v.SPECIAL,
    [
        ("2025-11-15", "2025-11-10", {}, [("2025-11-10", "2025-11-15", TODO)]),  # a Saturday stays as decided
        ("2025-11-10", "2025-11-10", {}, [("2025-11-10", "2025-11-10", TODO)]),
        ("2025-11-07", "2025-11-10", {}, [("2025-11-07", "2025-11-07", LATE)]),  # the earlier of T and 截止日期
        ("2025-11-15", "2025-11-10", {"status": "已结清"}, []),
        ("2025-11-15", "2025-11-10", {"settled_on": day("2025-11-10")}, []),
        ("2025-11-15", "2025-11-10", {"settled_on": day("2025-11-11")}, [("2025-11-10", "2025-11-15", TODO)]),
        ("2025-11-15", "2025-11-10", APPLYING, [("2025-11-10", "2025-11-15", TODO)]),  # also before disbursement
    ],
)
def test_special_visit_by_row(due, as_of, changes):
    rows = [{"contract_no": "HT001", "reason": "风险排查", "due_on": day(due)}]
    return request(as_of), {"special": rows, **changes}


def test_two_rows_of_one_contract_and_day_are_one_visit():
    rows = [{"contract_no": "HT001", "reason": reason, "due_on": day("2025-11-14")} for reason in ("排查", "复查")]
    workbook = plan_of(request("2025-11-10"), special=rows)
    assert workbook.visit(v.SPECIAL)["reason"] == "专项回访：排查"


@together(
    v.SPECIAL,
    [
        ({"grade": "正常"}, [], [], []),
        ({"grade": ""}, [], [], []),
        ({"grade": "关注"}, [], [], [("2025-11-10", "2025-12-01", TODO)]),  # 1 November + 30
        ({"grade": "损失"}, [], ["2025-11-09"], [("2025-11-10", "2025-12-09", TODO)]),
        (
            {"grade": "关注", "disbursed_on": day("2025-10-01")},
            [],
            [],
            [("2025-11-10", "2025-11-10", TODO)],
        ),  # not before T
        (
            {"grade": "关注", "disbursed_on": day("2025-10-30")},
            [],
            [],
            [("2025-11-10", "2025-11-28", TODO)],
        ),  # Saturday
        ({"grade": "关注", "disbursed_on": day("2025-11-11")}, [], [], []),
        ({"grade": "关注", "status": "已核销"}, [], [], []),
        ({}, [("重要", "", "整改中")], [], [("2025-11-10", "2025-12-01", TODO)]),
        ({}, [("重大", "", "已重开")], [], [("2025-11-10", "2025-12-01", TODO)]),
        ({}, [("重要", "", "已销号")], [], []),
        ({}, [("重要", "", "当场解决")], [], []),
        ({}, [("一般", "", "待反馈")], [], []),
        ({}, [("重要", "一般", "待反馈")], [], []),  # 人工认定 stands
        ({}, [("待定级", "重大", "待反馈")], [], [("2025-11-10", "2025-12-01", TODO)]),
    ],
)
def test_watched_loans(changes, issues, records):
    rows = [
        {"contract_no": "HT001", "severity": severity, "manual_grading": manual, "state": state}
        for severity, manual, state in issues
    ]
    filled = {"disbursed_on": day("2025-11-01")} | changes
    contacts = [record(date) for date in records]
    return request("2025-11-10"), {"issues": rows, "records": contacts, **filled}


METHODS = [
    ({"amount": 999999.99}, "电话"),
    ({"amount": 1000000}, "面谈"),
    ({"amount": 1000000, "customer_type": "企业"}, "电话"),
    ({"amount": 10000000, "customer_type": "企业"}, "面谈"),
    ({"key_customer": "是"}, "面谈"),
    ({"key_customer": "否"}, "电话"),
    ({"days_past_due": 30}, "电话"),
    ({"days_past_due": 31}, "面谈"),
    ({"product": "信用贷"}, "问卷"),
    ({"product": "信用贷", "key_customer": "是"}, "面谈"),
]


@pytest.fixture(scope="module")
def methods():
    loans = [loan(f"C{n:02d}", **({"customer_no": ""} | changes)) for n, (changes, _) in enumerate(METHODS)]
    workbook = Workbook({s.LOANS: loans})  # without a customer nothing is merged
    workbook.plan(request("2025-11-10", 问卷产品=("信用贷", "助学贷")))
    current = workbook.visits[workbook.visits["due_on"] == "2025-12-31"]
    periodic = current[current["visit_type"] == v.PERIODIC]
    return periodic.set_index("contract_no")["method"]


@pytest.mark.parametrize("number", range(len(METHODS)), ids=[str(changes) for changes, _ in METHODS])
def test_method_of_a_periodic_visit(methods, number):
    assert methods[f"C{number:02d}"] == METHODS[number][1]


@pytest.mark.parametrize(
    ("severity", "state", "expected"),
    [("重大", "整改中", "面谈"), ("重大", "已销号", "电话"), ("重要", "整改中", "电话")],
)
def test_an_open_critical_issue_asks_for_a_meeting(severity, state, expected):
    issues = [{"contract_no": "HT001", "severity": severity, "state": state}]
    workbook = plan_of(request("2025-11-10"), issues=issues, customer_no="")
    assert workbook.visit(v.PERIODIC, "2025-12-31")["method"] == expected


def test_questionnaires_are_for_periodic_visits_only():
    workbook = plan_of(request("2025-11-03", 问卷产品=("信用贷",)), product="信用贷", disbursed_on=day("2025-10-31"))
    assert workbook.visit(v.FIRST)["method"] == "电话"


def test_stage_priority_clause_and_reason_of_every_kind():
    rows = {
        s.LOANS: [
            loan("A", applied_on=day("2025-11-07"), **APPLYING),
            loan("B", **(APPLYING | {"status": "待发放", "approval_result": "通过", "approved_on": day("2025-11-07")})),
            loan("C", disbursed_on=day("2025-11-06")),
            loan("D"),
        ],
        s.SCHEDULE: [instalment("2025-11-07", 1, "D"), instalment("2025-11-20", 2, "D")],
        s.SPECIAL_VISITS: [{"contract_no": "D", "reason": "风险排查", "due_on": day("2025-11-14")}],
    }
    workbook = Workbook(rows)
    workbook.plan(request("2025-11-10"))
    names = ["visit_type", "stage", "priority", "clause", "reason"]
    current = workbook.visits[workbook.visits["due_on"] >= "2025-11-10"]
    assert sorted(current[names].itertuples(index=False, name=None)) == sorted(
        [
            ("申请回访", "申请", "低", "一、(三)3.", "申请 2025-11-07 + 3 个工作日，为 2025-11-12"),
            ("审批回访", "审批", "低", "一、(三)3.", "审批（通过） 2025-11-07 + 3 个工作日，为 2025-11-12"),
            ("首次回访", "发放", "中", "四、(二)1.", "放款 2025-11-06 + 5 个工作日，为 2025-11-13"),
            (
                "定期回访", "使用", "低", "四、(二)2.",
                "2025年第4季度，季末 2025-12-31，最后工作日为 2025-12-31",
            ),
            ("还款提醒", "还款", "中", "四、(二)3.", "应还 2025-11-20 前 5 天，最迟工作日 2025-11-19"),
            ("逾期回访", "还款", "高", "四、(二)4.", "逾期自 2025-11-07 + 2 个工作日，为 2025-11-11"),
            ("专项回访", "使用、还款", "高", "四、(二)5.", "专项回访：风险排查"),
        ]
    )  # fmt: skip


def test_what_is_past_due_comes_first():
    workbook = plan_of(request("2025-10-15"), disbursed_on=day("2025-09-30"))
    assert workbook.visit(v.FIRST)["priority"] == "高"


@pytest.mark.parametrize(
    ("lent", "reason"),
    [
        ("2025-09-30", "放款 2025-09-30 + 5 个工作日，节假日及调休后为 2025-10-14"),
        ("2025-11-03", "放款 2025-11-03 + 5 个工作日，为 2025-11-10"),
        ("2025-11-08", "放款 2025-11-08 + 5 个工作日，为 2025-11-14"),  # a Saturday; weekends alone are no surprise
    ],
)
def test_reason_shows_the_arithmetic(lent, reason):
    workbook = plan_of(request("2025-12-01"), disbursed_on=day(lent))
    assert workbook.visit(v.FIRST)["reason"] == reason


@pytest.mark.parametrize(
    ("lent", "as_of", "due", "provisional"),
    [
        ("2026-12-23", "2026-12-28", "2026-12-30", False),
        ("2026-12-28", "2026-12-28", "2027-01-05", True),  # 1 January and a weekend off, the rest by Monday–Friday
        ("2003-09-26", "2003-09-26", "2003-10-08", True),  # before the calendar's first year: 1–3 October off
    ],
)
def test_years_without_an_arrangement_are_provisional(lent, as_of, due, provisional):
    asked = request(as_of, as_of, due)
    visit = plan_of(asked, disbursed_on=day(lent)).visit(v.FIRST)
    assert visit["due_on"].date() == day(due)
    assert visit["system_note"].startswith("暂定") == provisional


def test_a_reminder_counted_back_over_an_unpublished_new_year_is_provisional():
    asked = request("2026-12-28", "2026-12-01", "2026-12-31")
    visit = plan_of(asked, schedule=[instalment("2027-01-04")]).visit(v.REMINDER)
    assert visit["due_on"].date() == day("2026-12-31")
    assert visit["system_note"].startswith("暂定")


def test_a_given_special_date_is_never_provisional():
    rows = [{"contract_no": "HT001", "reason": "排查", "due_on": day("2027-01-06")}]
    visit = plan_of(request("2026-12-28", "2027-01-01", "2027-03-31"), special=rows).visit(v.SPECIAL)
    assert not visit["system_note"].startswith("暂定")
