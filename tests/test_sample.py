"""抽查取样: who is asked again, why, and what that says of all records.

Requirements (七、(一)2.; issue 8, item 3; contract, sections 1, 2 and 5)
- by visitor and method, 抽查比例 and 每人最少抽查 per person, every 重大 issue, more where there is a risk; 抽查原因.
- seed, population and method recorded: an auditor on another machine, with rows sorted otherwise, draws the same.
- again with the same seed adds nothing; another seed adds, what reviewers filled in stays.
- re-asked answers compared with the record's; nothing is concluded for the reviewer; rectification followed.
- the share of untrue records with a 95 % interval, by visitor and in all.
"""

import datetime as dt
import hashlib
import math
import random
import shutil
from functools import cache
from typing import Any

import pandas as pd
import pytest
from checking import CALENDAR, after, edit, typed
from hypothesis import given
from hypothesis import strategies as st
from workbooks import column, loan, small_branch
from workbooks import record as plain_record

from toolkit.cli import main
from toolkit.model import sheets as s
from toolkit.model.parameters import Parameters
from toolkit.model.period import parse_period
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, Table, table_from
from toolkit.rules.spotcheck.draw import allotted, person_quota
from toolkit.rules.spotcheck.estimate import share_estimate, wilson
from toolkit.rules.spotcheck.review import compared, differences, proposals
from toolkit.steps.sample import sample

T = dt.date(2026, 10, 9)
PERIOD = parse_period("2026Q3")
STAFF = [
    {"staff_no": "V01", "name": "何青", "branch": "城东支行", "department": "个贷部"},
    {"staff_no": "V02", "name": "陆平", "branch": "城西支行", "department": "公司部"},
]


def record(number: int, **cells: Any) -> dict[str, Any]:
    """A record of contract HT<number>, submitted the day after; every third 面谈, one 满意度 of 4 in five."""
    day = dt.date(2026, 7, 1) + dt.timedelta(days=number % 60)
    return {
        "visit_no": f"V{number:04d}",
        "visited_on": day,
        "started_at": dt.time(9, number % 60),
        "minutes": 7 + number % 11,
        "customer_name": "林晓舟",
        "contract_no": f"HT{number:04d}",
        "phone": "19900000001",
        "method": "面谈" if number % 3 == 0 else "电话",
        "result": "成功",
        "use_1": "是",
        "use_2": "是",
        "use_3": "不适用",
        "content": f"询问第{number}家的资金用途",
        "feedback": f"第{number}家生意平稳，进货按合同办",
        "satisfaction": 4 if number % 5 == 0 else 5,
        "visitor": "何青",
        "signature": "何青",
        "submitted_on": day + dt.timedelta(days=1),
    } | cells


def issue(number: int, **cells: Any) -> dict[str, Any]:
    row = record(number)
    return {
        "issue_no": f"W{number}",
        "visit_no": row["visit_no"],
        "contract_no": row["contract_no"],
        "category": "虚假资料/欺诈",
        "severity": "重大",
        "found_on": row["visited_on"],
        "state": "待反馈",
    } | cells


EMPTY = {sheet.title: table_from(sheet, []) for sheet in s.SHEETS} | {s.VISITORS.title: table_from(s.VISITORS, STAFF)}


def tables(records: list[dict[str, Any]], **more: list[dict[str, Any]]) -> dict[str, Table]:
    given = {s.RECORDS: records, s.ISSUES: more.get("issues", []), s.SPOT_CHECKS: more.get("spot_checks", [])}
    return EMPTY | {sheet.title: table_from(sheet, rows) for sheet, rows in given.items() if rows}


def request(seed: int | None = None, as_of: dt.date = T, period=PERIOD, **parameters: Any) -> Request:
    return Request(as_of, Parameters.defaults(**parameters), CALENDAR, period, seed=seed)


def press(given: dict[str, Table], **asked: Any) -> tuple[Outcome, dict[str, Table]]:
    outcome = sample(given, request(**asked))
    return outcome, after(given, outcome.edits)


def listed(given: dict[str, Table], sheet=s.SPOT_CHECKS) -> pd.DataFrame:
    return given[sheet.title].data


def reasons(given: dict[str, Table]) -> dict[str, str]:
    """回访编号 → 抽查原因."""
    rows = listed(given)
    return dict(zip(rows["visit_no"], rows["sample_reason"], strict=True))


def drawn_at_random(given: dict[str, Table]) -> set[str]:
    return {number for number, why in reasons(given).items() if "随机抽取" in why}


FORTY = [record(n) for n in range(1, 41)]


@cache
def forty_drawn() -> tuple[Outcome, dict[str, Table]]:
    """The usual draw from forty records; look, don't touch."""
    return press(tables(FORTY))


@cache
def ten_drawn() -> dict[str, Table]:
    _, then = press(tables([record(n) for n in range(1, 11)]), **{"抽查比例": 100})
    return then


# How many


@pytest.mark.parametrize(
    ("records", "share", "minimum", "quota"),
    [(100, 5, 3, 5), (101, 5, 3, 6), (60, 5, 3, 3), (61, 5, 3, 4), (59, 5, 3, 3), (2, 5, 3, 2), (0, 5, 3, 0),
     (40, 0, 0, 0), (40, 100, 3, 40), (300, 7, 0, 21)],
)  # fmt: skip
def test_quota_of_a_person(records, share, minimum, quota):
    assert person_quota(records, share, minimum) == quota


@pytest.mark.parametrize(
    ("sizes", "quota", "shares"),
    [
        ({"电话": 90, "面谈": 10}, 5, {"电话": 4, "面谈": 1}),
        ({"电话": 50, "面谈": 50}, 4, {"电话": 2, "面谈": 2}),
        ({"电话": 98, "面谈": 1, "问卷": 1}, 3, {"电话": 1, "面谈": 1, "问卷": 1}),
        ({"电话": 90, "面谈": 10}, 1, {"电话": 1, "面谈": 0}),
        ({"电话": 1, "面谈": 5}, 6, {"电话": 1, "面谈": 5}),
    ],
)
def test_quota_over_methods(sizes, quota, shares):
    assert allotted(sizes, quota) == shares


@given(st.dictionaries(st.sampled_from(["电话", "面谈", "问卷"]), st.integers(1, 300), min_size=1), st.data())
def test_quota_over_methods_adds_up(sizes, data):
    quota = data.draw(st.integers(0, sum(sizes.values())))
    shares = allotted(sizes, quota)
    assert sum(shares.values()) == quota
    assert all(0 <= shares[method] <= size for method, size in sizes.items())
    assert quota < len(sizes) or min(shares.values()) >= 1


def test_share_and_least_number_hold_for_every_visitor():
    others = [record(n, visitor="陆平", signature="陆平") for n in range(100, 102)]
    _, then = press(tables([*FORTY, *others]), **{"抽查比例": 20})
    rows = listed(then)
    by_person = rows[rows["sample_reason"].str.contains("随机")].groupby("visitor").size()
    assert by_person.to_dict() == {"何青": 8, "陆平": 2}
    methods = {row["visit_no"]: row["method"] for row in FORTY}
    assert {methods.get(number) for number in drawn_at_random(then)} >= {"电话", "面谈"}


def test_records_of_the_period_only():
    outside = [
        record(201, visited_on=dt.date(2026, 9, 30), submitted_on=dt.date(2026, 10, 1)),
        record(202, visited_on=dt.date(2026, 6, 30), submitted_on=dt.date(2026, 6, 30)),
        record(203, visited_on=dt.date(2026, 10, 12), submitted_on=None),
    ]
    inside = [
        record(204, visited_on=dt.date(2026, 6, 30), submitted_on=dt.date(2026, 7, 1)),
        record(205, visited_on=dt.date(2026, 9, 30), submitted_on=None),
    ]
    outcome, then = press(tables([*outside, *inside]))
    assert set(reasons(then)) == {"V0204", "V0205"}
    assert outcome.counts["总体"] == 2


def test_a_record_entered_twice_is_drawn_once():
    outcome, then = press(tables([record(1), record(1), record(2)]))
    assert outcome.counts["总体"] == 2
    assert sorted(listed(then)["visit_no"]) == ["V0001", "V0002"]


def test_no_records_no_sample():
    outcome, then = press(tables([]))
    assert listed(then).empty
    assert listed(then, s.SAMPLE_LOG).empty
    assert "没有回访记录" in outcome.summary
    assert outcome.warnings


# Why


def test_every_critical_issue_is_in():
    many = [issue(n) for n in (5, 6, 7, 8)] + [
        issue(9, severity="重要"),
        issue(10, severity="一般", manual_grading="重大"),
        issue(11, manual_grading="无问题"),
    ]
    _, then = press(tables(FORTY, issues=many))
    critical = {number for number, why in reasons(then).items() if "重大问题" in why}
    assert critical == {"V0005", "V0006", "V0007", "V0008", "V0010"}


def test_late_records_are_picked_more_and_say_so():
    late = [record(n, submitted_on=dt.date(2026, 9, 28)) for n in range(1, 11)]
    _, then = press(tables([*late, *FORTY[10:]]))
    picked = {number for number, why in reasons(then).items() if why == "提交超时"}
    assert len(picked) == 3
    assert picked <= {row["visit_no"] for row in late}
    # Who was drawn at random and was late too says both.
    both = drawn_at_random(then) & {row["visit_no"] for row in late}
    assert all(reasons(then)[number] == "随机抽取；提交超时" for number in both)


@pytest.mark.parametrize(
    ("visits", "flaw", "suspected"), [(10, {}, True), (9, {}, False), (10, {"use_2": "否"}, False)]
)
def test_always_perfect_visitors(visits, flaw, suspected):
    spotless = [record(n, satisfaction=5) for n in range(1, visits + 1)]
    spotless[0] |= flaw
    _, then = press(tables(spotless))
    assert any("从无不良" in why for why in reasons(then).values()) is suspected


def test_hints_at_invented_records():
    """F06: twenty records of many days submitted on one; F07: one customer with two visitors at one time."""
    bulk = [record(n, submitted_on=dt.date(2026, 9, 29)) for n in range(1, 31)]
    twin = [
        record(
            301,
            visitor=who,
            signature=who,
            visit_no=f"V030{i}",
            submitted_on=dt.date(2026, 7, 3),
            started_at=dt.time(9),
        )
        for i, who in enumerate(("何青", "陆平"))
    ]
    given = tables([*bulk, *twin])
    ledger = [loan("HT0301")] + [loan(row["contract_no"]) for row in bulk]
    given[s.LOANS.title] = table_from(s.LOANS, ledger)
    _, then = press(given)
    assert any("疑似编造（F06）" in why for why in reasons(then).values())
    assert "疑似编造（F07）" in reasons(then)["V0301"]


# The same sample anywhere


def test_an_auditor_draws_the_same_with_a_few_lines():
    _, then = press(tables(FORTY), seed=7, **{"抽查比例": 20})
    by_hand: set[str] = set()
    for method, quota in (("电话", 5), ("面谈", 3)):
        of_stratum = []
        for row in FORTY:
            if row["method"] == method:
                parts = (row["visit_no"], f"{row['contract_no']}\x1f", f"{row['visited_on']:%Y%m%d}",
                         row["started_at"].isoformat(), row["visitor"])  # fmt: skip
                identity = "\x1e".join(parts)
                number = hashlib.sha256(f"7|0|{identity}".encode()).hexdigest()
                of_stratum.append((number, row["visit_no"]))
        by_hand |= {visit for _, visit in sorted(of_stratum)[:quota]}
    assert drawn_at_random(then) == by_hand
    (log,) = listed(then, s.SAMPLE_LOG).to_dict("records")
    assert (log["seed"], log["population"], log["random"]) == ("7", 40, 8)
    assert log["strata"] == "何青·电话 27/5；何青·面谈 13/3"
    assert len(log["digest"]) == 64


def test_sorted_otherwise_the_same_rows():
    shuffled = FORTY[:]
    random.Random(5).shuffle(shuffled)
    (_, one), (_, other) = forty_drawn(), press(tables(shuffled))
    names = ["sample_no", "visit_no", "sample_reason"]
    assert listed(one)[names].equals(listed(other)[names])
    assert listed(one, s.SAMPLE_LOG)["seed"].equals(listed(other, s.SAMPLE_LOG)["seed"])


def test_the_population_gives_the_seed_and_another_population_another():
    (_, one), (_, other) = forty_drawn(), press(tables(FORTY[1:]))
    seeds = {listed(then, s.SAMPLE_LOG)["seed"].iloc[0] for then in (one, other)}
    assert len(seeds) == 2
    assert int(listed(one, s.SAMPLE_LOG)["digest"].iloc[0][:8], 16) == int(listed(one, s.SAMPLE_LOG)["seed"].iloc[0])


# Again


def test_again_adds_nothing_and_changes_nothing():
    _, then = press(tables(FORTY, issues=[issue(5)]))
    outcome, _ = press(then)
    assert all(one.empty for one in outcome.edits)
    assert outcome.counts["新增"] == 0


def test_reviews_stay_and_a_removed_row_comes_back():
    then = dict(forty_drawn()[1])
    before = listed(then)
    then = typed(then, s.SPOT_CHECKS, 2, reviewer="章宁", reviewed_on=dt.date(2026, 10, 8), verdict="一致", note="已核")
    raw = then[s.SPOT_CHECKS.title].raw.drop(index=2)
    then[s.SPOT_CHECKS.title] = table_from(s.SPOT_CHECKS, raw)
    _, again = press(then)
    rows = listed(again)
    assert rows.loc[0, ["reviewer", "verdict", "note"]].tolist() == ["章宁", "一致", "已核"]
    assert set(rows["sample_no"]) == set(before["sample_no"])


def test_another_seed_adds_its_picks_and_takes_none_away():
    _, then = press(tables(FORTY), seed=1)
    outcome, again = press(then, seed=2)
    first, both = listed(then)["sample_no"].tolist(), listed(again)["sample_no"].tolist()
    assert both[: len(first)] == first
    assert len(both) == len(set(both)) == len(first) + outcome.counts["新增"]
    assert outcome.counts["新增"] > 0
    assert listed(again, s.SAMPLE_LOG)["seed"].tolist() == ["1", "2"]


def test_a_later_record_joins_the_draw_of_the_first_seed():
    then = dict(forty_drawn()[1])
    seed = listed(then, s.SAMPLE_LOG)["seed"].iloc[0]
    more = pd.concat([then[s.RECORDS.title].raw, pd.DataFrame([record(401, visitor="陆平", signature="陆平")])])
    then[s.RECORDS.title] = table_from(s.RECORDS, more)
    outcome, again = press(then)
    assert outcome.counts["新增"] == 1
    assert listed(again, s.SAMPLE_LOG)["seed"].tolist() == [seed, seed]


def test_a_critical_issue_found_later_is_added_to_the_reasons():
    then = dict(forty_drawn()[1])
    number = next(iter(drawn_at_random(then)))
    then[s.ISSUES.title] = table_from(s.ISSUES, [issue(int(number[1:]))])
    outcome, again = press(then)
    assert reasons(again)[number] == "随机抽取；重大问题"
    assert outcome.counts["新增"] == 0


def test_a_row_that_staff_added_keeps_its_words_and_gets_a_number():
    own = [{"visit_no": row["visit_no"], "visitor": "何青", "sample_reason": "客户来电反映"} for row in FORTY]
    _, then = press(tables(FORTY, spot_checks=own))
    rows = listed(then)
    assert len(rows) == len(FORTY)
    assert set(rows["sample_reason"]) == {"客户来电反映"}
    assert (rows["sample_no"] != "").sum() >= 3


def test_other_periods_keep_their_rows():
    _, then = press(tables([*FORTY, record(501, visited_on=dt.date(2026, 10, 2), submitted_on=dt.date(2026, 10, 8))]))
    outcome, again = press(then, period=parse_period("2026Q4"))
    assert outcome.counts["新增"] == 1
    summary = listed(again, s.SAMPLE_SUMMARY)
    assert summary["period"].unique().tolist() == ["2026Q3", "2026Q4"]
    assert summary.loc[summary["visitor"] == "合计", "records"].tolist() == [40, 1]


# What the reviewers found


@pytest.mark.parametrize(
    ("said", "again", "proposed"),
    [
        ("是", "是", "一致"), ("否", "否", "一致"), ("不适用", "不适用", "一致"),
        ("是", "否", "错记"), ("否", "是", "错记"), ("是", "不适用", "错记"), ("不适用", "否", "错记"),
        ("", "否", "漏记"), ("未问", "是", "漏记"), ("未问", "不适用", ""), ("", "不适用", ""),
        ("是", "未问", ""), ("是", "", ""),
    ],
)  # fmt: skip
def test_answers_compared(said, again, proposed):
    rows = table_from(s.SPOT_CHECKS, [{"visit_no": "V0001", "use_1": again}]).data
    records = table_from(s.RECORDS, [record(1, use_1=said)]).data.assign(stage="使用")
    answers = compared(rows, records, pd.Series([0]))
    assert proposals(rows, answers)[0] == proposed
    assert (differences(rows, answers)[0] != "") is (proposed in ("错记", "漏记"))


@pytest.mark.parametrize(
    ("stage", "said", "proposed"),
    [("发放", "", ""), ("发放", "是", "错记"), ("使用、还款", "", "漏记"), ("", "", "漏记"), ("使用", "", "漏记")],
)
def test_what_was_not_to_be_asked_was_not_left_out(stage, said, proposed):
    rows = table_from(s.SPOT_CHECKS, [{"visit_no": "V0001", "use_1": "否"}]).data
    records = table_from(s.RECORDS, [record(1, use_1=said)]).data.assign(stage=stage)
    assert proposals(rows, compared(rows, records, pd.Series([0])))[0] == proposed


def reviewed(**cells: Any) -> tuple[Outcome, dict[str, Table]]:
    """Ten records all drawn, the first row reviewed with these cells; pressed again."""
    return press(typed(ten_drawn(), s.SPOT_CHECKS, 2, **cells), **{"抽查比例": 100})


DONE = {"reviewer": "章宁", "reviewed_on": dt.date(2026, 10, 8)}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (DONE | {"verdict": "一致"}, set()),
        (DONE | {"use_1": "否", "verdict": "错记"}, {("S01", "use_1")}),
        (DONE | {"use_1": "否"}, {("S01", "use_1"), ("S02", "verdict")}),
        (DONE, {("S02", "verdict")}),
        (DONE | {"use_1": "否", "verdict": "一致"}, {("S01", "use_1"), ("S03", "verdict")}),
        (DONE | {"verdict": "一至"}, {("S05", "verdict")}),
        (DONE | {"verdict": "一致", "reviewed_on": "昨天"}, {("S06", "reviewed_on")}),
        (DONE | {"verdict": "一致", "reviewed_on": T + dt.timedelta(days=1)}, {("S06", "reviewed_on")}),
        (DONE | {"verdict": "一致", "reviewed_on": dt.date(2026, 7, 1)}, {("S06", "reviewed_on")}),
        (DONE | {"verdict": "一致", "reviewer": "何青"}, {("S07", "reviewer")}),
        ({"verdict": "一致"}, {("S08", "reviewer")}),
        ({"visit_no": "V9999", "sample_no": "CC1"}, {("S04", "visit_no")}),
    ],
)
def test_what_is_wrong_in_a_review_is_named_by_cell(cells, expected):
    _, then = reviewed(**cells)
    found = listed(then, s.FINDINGS)
    assert set(zip(found["rule"], found["cell"], strict=True)) == {
        (rule, then[s.SPOT_CHECKS.title].cell(2, name)) for rule, name in expected
    }


def test_a_verdict_is_proposed_and_never_written():
    _, then = reviewed(**DONE, use_1="否")
    found = listed(then, s.FINDINGS).set_index("rule")
    assert "建议填“错记”" in found.loc["S02", "suggestion"]
    assert listed(then)["verdict"].eq("").all()


def test_findings_of_other_steps_stay():
    given = tables(FORTY)
    other = {
        "no": 1,
        "level": "警告",
        "rule": "W01",
        "sheet": "回访记录",
        "cell": "G2",
        "message": "x",
        "handling": "说明",
    }
    given[s.FINDINGS.title] = table_from(s.FINDINGS, [other])
    _, then = press(given)
    assert listed(then, s.FINDINGS)["rule"].tolist() == ["W01"]


def test_rectification_from_found_to_verified():
    _, then = reviewed(**DONE, use_1="否", verdict="错记")
    (row,) = listed(then, s.RECTIFICATIONS).to_dict("records")
    assert (row["state"], row["correction"]) == ("待整改", "未更正")
    assert row["difference"] == "使用1_用途合规：记录“是”，复核“否”"
    # Saturday 10 October 2026 is a make-up workday.
    assert row["due_on"] == pd.Timestamp(2026, 10, 14)

    _, late = press(then, as_of=dt.date(2026, 10, 30))
    assert listed(late, s.RECTIFICATIONS)["state"].tolist() == ["逾期未整改"]
    visit = row["visit_no"]
    at = listed(then, s.RECORDS).set_index("visit_no").loc[visit, "row"]
    mended = typed(then, s.RECORDS, at, use_1="否")
    mended = typed(mended, s.RECTIFICATIONS, 2, remedy="已更正", completed_on=dt.date(2026, 10, 9))
    _, mended = press(mended)
    (row,) = listed(mended, s.RECTIFICATIONS).to_dict("records")
    assert (row["state"], row["correction"], row["remedy"]) == ("待验证", "已更正", "已更正")
    # What was wrong stays told after the record was mended.
    assert row["difference"] == "使用1_用途合规：记录“是”，复核“否”"

    own = typed(mended, s.RECTIFICATIONS, 2, verifier="何青", verified_on=dt.date(2026, 10, 9))
    _, own = press(own)
    assert listed(own, s.RECTIFICATIONS)["state"].tolist() == ["待验证"]
    assert "S10" in set(listed(own, s.FINDINGS)["rule"])
    done = typed(mended, s.RECTIFICATIONS, 2, verifier="章宁", verified_on=dt.date(2026, 10, 9))
    outcome, done = press(done)
    assert listed(done, s.RECTIFICATIONS)["state"].tolist() == ["已整改"]
    assert outcome.counts["未整改"] == 0
    withdrawn = typed(done, s.SPOT_CHECKS, 2, verdict="一致", use_1="否")
    _, withdrawn = press(withdrawn)
    assert listed(withdrawn, s.RECTIFICATIONS)["state"].tolist() == ["已撤销"]


# What it says of all


@pytest.mark.parametrize(
    ("failed", "counted", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 20, 0.0089, 0.2361)],
)
def test_wilson_as_in_the_books(failed, counted, low, high):
    assert wilson(failed / counted, 1 / counted) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("strata", "share"),
    [
        ([(90, 9, 0), (10, 1, 1)], 0.1),  # the one wrong stands for ten
        ([(90, 9, 9), (10, 1, 0)], 0.9),
        ([(50, 5, 1), (50, 10, 2)], 0.2),
        ([(50, 5, 1), (50, 0, 0)], 0.2),  # nothing is known of the second
    ],
)
def test_strata_weigh_by_their_records(strata, share):
    frame = pd.DataFrame(strata, columns=["size", "counted", "failed"])
    told, low, high = share_estimate(frame)
    assert told == pytest.approx(share)
    assert low < told < high


def test_all_reviewed_leaves_nothing_to_chance_and_nothing_reviewed_says_nothing():
    frame = pd.DataFrame([(4, 4, 1), (6, 6, 0)], columns=["size", "counted", "failed"])
    assert share_estimate(frame) == pytest.approx((0.1, 0.1, 0.1))
    assert all(math.isnan(part) for part in share_estimate(frame.assign(counted=0, failed=0)))


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """Two strata of unequal shares, 600 draws with a fixed seed: 95 % means at least 93 % here."""
    dice = random.Random(11)
    truth = (300 * 0.05 + 60 * 0.3) / 360
    frame = pd.DataFrame({"size": [300, 60], "counted": [25, 15], "failed": [0, 0]})
    held = 0
    for _ in range(600):
        a = sum(dice.sample([1] * 15 + [0] * 285, 25))
        b = sum(dice.sample([1] * 18 + [0] * 42, 15))
        _, low, high = share_estimate(frame.assign(failed=[a, b]))
        held += low <= truth <= high
    assert held >= 558


def test_summary_counts_the_random_part_only_for_the_estimate():
    rows = [record(n) for n in range(1, 11)]
    _, then = press(tables(rows, issues=[issue(3)]), seed=1)
    chosen = drawn_at_random(then)
    for row in listed(then).to_dict("records"):
        verdict = "失实" if row["visit_no"] == "V0003" else "一致"
        then = typed(then, s.SPOT_CHECKS, row["row"], **DONE, verdict=verdict)
    _, then = press(then, seed=1)
    person, total = listed(then, s.SAMPLE_SUMMARY).to_dict("records")
    assert (person["visitor"], total["visitor"]) == ("何青", "合计")
    assert total["records"] == 10
    assert total["random"] == len(chosen) == total["counted"]
    assert total["untrue"] == 1
    assert total["failed"] == int("V0003" in chosen)
    assert total["open"] == 1


# On files


def test_regenerated_from_a_copy_with_the_rows_in_another_order(tmp_path, capsys):
    contracts = [loan(f"HT{n:03d}") for n in range(1, 31)]
    rows = [
        plain_record(contract_no=f"HT{n:03d}", visit_no=f"V{n}", visited_on=dt.date(2026, 7, 1 + n % 28),
                     submitted_on=dt.date(2026, 7, 2 + n % 28), feedback=f"第{n}家资金按计划使用", satisfaction=4)
        for n in range(1, 31)
    ]  # fmt: skip
    one = small_branch(tmp_path / "甲.xlsx", loans=contracts, records=rows)
    other = small_branch(tmp_path / "乙.xlsx", loans=contracts, records=rows[::-1])
    for path in (one, other):
        with pytest.raises(SystemExit) as ended:
            main(["sample", str(path), "--period", "2026Q3", "--as-of", "2026-09-30"])
        assert ended.value.code == 0
    assert column(one, s.SPOT_CHECKS, "sample_no") == column(other, s.SPOT_CHECKS, "sample_no")
    assert len(column(one, s.SPOT_CHECKS, "sample_no")) >= 3
    seed = column(one, s.SAMPLE_LOG, "seed")[0]
    assert f"种子 {seed}" in column(one, s.LOG, "summary")[0]
    shutil.copy(one, tmp_path / "丙.xlsx")
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["sample", str(tmp_path / "丙.xlsx"), "--period", "2026Q3", "--as-of", "2026-09-30", "--seed", seed])
    assert column(tmp_path / "丙.xlsx", s.SPOT_CHECKS, "sample_no") == column(one, s.SPOT_CHECKS, "sample_no")


def test_the_sample_is_what_accuracy_counts():
    """A failed spot check makes its record untrue in 回访记录准确率 (contract, section 5)."""
    from toolkit.rules.indicators.indicators import indicator_rows

    _, then = reviewed(**DONE, verdict="失实")
    visit = listed(then)["visit_no"].iloc[0]
    rows = indicator_rows(then, request(), PERIOD)["回访记录准确率"]
    assert not rows.loc[rows["key"] == visit, "good"].any()


def test_edits_are_of_the_declared_sheets():
    from toolkit.actions import BY_NAME

    outcome, _ = forty_drawn()
    assert {one.sheet for one in outcome.edits} <= set(BY_NAME["sample"].writes)
    assert edit(outcome, s.SPOT_CHECKS).append is not None
