"""What a single record does not show: overlapping visits, copied words, one phone, one answer all day.

Requirements: contract, section 4 (last 警告, fine print: "alike", three 客户编号, every record concerned); 一、(三)1.
"""

import datetime as dt

import pytest
from checking import DAY, found, loan, record, visit

OVERLAPS = [
    ({"started_at": dt.time(9, 38)}, False),
    ({"started_at": dt.time(9, 37)}, True),
    ({"started_at": dt.time(9, 22)}, False),
    ({"started_at": dt.time(9, 23)}, True),
    ({"started_at": dt.time(9, 30)}, True),
    ({"started_at": dt.time(9, 30), "visited_on": DAY(2026, 4, 22)}, False),
    ({"started_at": dt.time(9, 30), "visitor": "陆平", "signature": "陆平"}, False),
]


@pytest.mark.parametrize(("changes", "wrong"), OVERLAPS)
def test_two_visits_of_one_visitor_at_one_time(changes, wrong):
    second = record("HT002", **changes)
    wanted = {("W10", 2, "started_at"), ("W10", 3, "started_at")} if wrong else set()
    assert found([record(), second]) == wanted


def test_one_customer_in_one_contact_is_no_overlap():
    loans = [loan(), loan("HT002", customer_no="K001", customer_name="林晓舟", phone="19900000001")]
    second = record("HT002", customer_name="林晓舟", phone="19900000001")
    assert found([record(), second], loans=loans) == set()


def test_a_long_visit_around_two_short_ones_marks_all_three():
    loans = [loan("HT001"), loan("HT002"), loan("HT003")]
    listed = [visit("HT001", method="面谈"), visit("HT002"), visit("HT003")]
    records = [
        record("HT001", method="面谈", minutes=100),
        record("HT002", started_at=dt.time(9, 40), minutes=5, use_1="不适用"),
        record("HT003", started_at=dt.time(10, 40), minutes=5, use_2="不适用"),
    ]
    assert found(records, loans=loans, visits=listed) == {("W10", row, "started_at") for row in (2, 3, 4)}


def many(n, **changes):
    """n records of n customers on n days, with their loans and visits."""
    numbers = [f"HT{i:03d}" for i in range(1, n + 1)]
    sheets = {"loans": [loan(number) for number in numbers], "visits": [visit(number) for number in numbers]}
    dates = [DAY(2026, 4, 7 + i) for i in range(n)]
    return [
        record(number, visited_on=day, submitted_on=day, **changes) for number, day in zip(numbers, dates, strict=True)
    ], sheets


@pytest.mark.parametrize(
    ("customers", "text", "wrong"),
    [
        (2, "一切都按合同办理很好", False),
        (3, "一切都按合同办理很好", True),
        (3, "一切都按合同办理", True),  # 8 characters
        (3, "一切都按合同办", False),  # 7
        (3, "一切，都按合同办。", True),  # 9 as typed
        (3, "。。。。。。。。", False),  # says nothing
    ],
)
def test_the_same_feedback_of_three_customers(customers, text, wrong):
    records, sheets = many(customers, feedback=text)
    records[0]["feedback"] = text[:2] + "， " + text[2:] + "！"
    wanted = {("Q01", row, "feedback") for row in range(2, customers + 2)} if wrong else set()
    assert found(records, **sheets) == wanted


def test_the_same_feedback_of_one_customer_is_fine():
    records, sheets = many(3, feedback="一切都按合同办理很好")
    sheets["loans"] = [one | {"customer_no": "K001"} for one in sheets["loans"]]
    assert found(records, **sheets) == set()


@pytest.mark.parametrize(("customers", "wrong"), [(2, False), (3, True)])
def test_one_phone_of_three_customers(customers, wrong):
    records, sheets = many(customers, phone="19900000099")
    sheets["loans"] = [one | {"phone": "19900000099"} for one in sheets["loans"]]
    records[0]["phone"] = "0571-88886666 / 199 0000 0099"
    assert found(records, **sheets) == ({("Q02", row, "phone") for row in range(2, customers + 2)} if wrong else set())


@pytest.mark.parametrize(("visits", "last", "wrong"), [(2, "是", False), (3, "是", True), (3, "不适用", False)])
def test_every_check_answered_alike_all_day(visits, last, wrong):
    records, sheets = many(visits, use_1="是", use_2="是", use_3="是")
    for i, one in enumerate(records):
        one |= {"visited_on": DAY(2026, 4, 21), "submitted_on": DAY(2026, 4, 22), "started_at": dt.time(9 + i, 0)}
    records[-1]["use_3"] = last
    assert found(records, **sheets) == ({("Q03", row, "use_1") for row in range(2, visits + 2)} if wrong else set())
