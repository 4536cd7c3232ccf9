"""保管到期: how long records must be kept (五、(一)3.; issue 8, item 5).

Requirements
- keep until settlement (or 审批日期 if never disbursed) + 记录保存年限 years, 29 February included.
- open issues hold; a loan without settlement is not listed; the reason for a hold is told.
- a list with approval lines; what staff decided stays; nothing is deleted.
"""

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from checking import CALENDAR, after, typed
from workbooks import column, loan, record, small_branch

from toolkit.cli import main
from toolkit.model import sheets as s
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import Table, table_from
from toolkit.steps.retention import retention

DAY = dt.date
EMPTY = {sheet.title: table_from(sheet, []) for sheet in (s.LOANS, s.RECORDS, s.VISITS, s.ISSUES, s.RETENTION)}
SETTLED = {"settled_on": DAY(2026, 3, 31), "status": "已结清"}
T = DAY(2036, 4, 1)


def tables(**rows: list[dict[str, Any]]) -> dict[str, Table]:
    of = {"loans": s.LOANS, "records": s.RECORDS, "issues": s.ISSUES}
    return EMPTY | {of[name].title: table_from(of[name], given) for name, given in rows.items()}


def press(given: dict[str, Table], as_of: DAY = T, years: int = 10):
    request = Request(as_of, Parameters.defaults(**{"记录保存年限": years}), CALENDAR, institution="江州支行")
    outcome = retention(given, request)
    return outcome, after(given, outcome.edits)


def listed(given: dict[str, Table]) -> pd.DataFrame:
    data = given[s.RETENTION.title].data
    return data[data["no"].notna()]


@pytest.mark.parametrize(
    ("cells", "years", "as_of", "is_listed"),
    [
        (SETTLED, 10, DAY(2036, 3, 31), False),  # that day is still kept
        (SETTLED, 10, DAY(2036, 4, 1), True),
        (SETTLED, 1, DAY(2027, 4, 1), True),
        ({"settled_on": DAY(2028, 2, 29), "status": "已结清"}, 10, DAY(2038, 2, 28), False),
        ({"settled_on": DAY(2028, 2, 29), "status": "已结清"}, 10, DAY(2038, 3, 1), True),
        ({"settled_on": DAY(2028, 2, 29), "status": "已结清"}, 4, DAY(2032, 2, 29), False),
        ({"settled_on": DAY(2028, 2, 29), "status": "已结清"}, 4, DAY(2032, 3, 1), True),
        ({}, 10, DAY(2099, 1, 1), False),  # in use
        ({"status": "已结清"}, 10, DAY(2099, 1, 1), False),  # no date
        ({"settled_on": DAY(2040, 1, 1), "status": "使用中"}, 1, DAY(2039, 1, 1), False),
        ({"disbursed_on": None, "status": "未通过", "approved_on": DAY(2026, 3, 31)}, 10, DAY(2036, 4, 1), True),
        ({"disbursed_on": None, "status": "未通过", "approved_on": DAY(2026, 3, 31)}, 10, DAY(2036, 3, 31), False),
        ({"disbursed_on": None, "status": "未通过", "approved_on": None}, 10, DAY(2099, 1, 1), False),
        ({"approved_on": DAY(2020, 1, 1)}, 10, DAY(2099, 1, 1), False),  # disbursed: approval does not count
    ],
)
def test_keep_until(cells, years, as_of, is_listed):
    _, then = press(tables(loans=[loan("HT001", **cells)]), as_of, years)
    assert len(listed(then)) == int(is_listed)


def test_what_the_list_says():
    made = [record(), record(visited_on=DAY(2026, 1, 5))]
    rejected = loan("HT002", disbursed_on=None, status="未通过", approved_on=DAY(2026, 1, 31))
    outcome, then = press(tables(loans=[loan("HT001", **SETTLED), rejected], records=made))
    rows = listed(then).to_dict("records")
    assert [(row["contract_no"], row["basis"], row["records"]) for row in rows] == [
        ("HT002", "审批日期", 0),
        ("HT001", "结清日期", 2),
    ]
    assert rows[1]["keep_until"] == pd.Timestamp(2036, 3, 31)
    assert rows[1]["last_visit_on"] == pd.Timestamp(2026, 7, 6)
    assert outcome.counts == {"到期待审批": 2, "暂缓": 0, "涉及记录": 2}
    top = then[s.RETENTION.title].raw["contract_no"].tolist()
    assert top[0].startswith("江州支行")
    assert any("审批：＿" in text for text in top)


@pytest.mark.parametrize(
    ("cells", "held"),
    [
        ({"state": "整改中", "severity": "重要"}, True),
        ({"state": "已重开", "severity": "一般"}, True),
        ({"state": "待定级", "severity": "待定级"}, True),
        ({"state": "已销号", "severity": "重要"}, False),
        ({"state": "当场解决", "severity": "一般"}, False),
        ({"state": "待反馈", "severity": "重要", "manual_grading": "无问题"}, False),
    ],
)
def test_open_issues_hold(cells, held):
    issue = {"issue_no": "W1", "contract_no": "HT001", "category": "逾期"} | cells
    _, then = press(tables(loans=[loan("HT001", **SETTLED)], issues=[issue]))
    (row,) = listed(then).to_dict("records")
    assert row["state"] == ("暂缓" if held else "到期待审批")
    assert row["hold"] == ("有未结问题 1 项" if held else "")


def test_an_issue_of_another_contract_holds_nothing():
    issue = {"issue_no": "W1", "contract_no": "HT009", "category": "逾期", "severity": "重要", "state": "整改中"}
    _, then = press(tables(loans=[loan("HT001", **SETTLED)], issues=[issue]))
    assert listed(then)["state"].tolist() == ["到期待审批"]


def test_a_contract_drawn_in_parts_is_held_until_its_last_part():
    parts = [loan("HT001", drawdown_no="J1", **SETTLED), loan("HT001", drawdown_no="J2")]
    _, then = press(tables(loans=parts))
    (row,) = listed(then).to_dict("records")
    assert (row["drawdown_no"], row["state"]) == ("J1", "暂缓")
    assert "另有借据" in row["hold"]


def test_decisions_stay_and_again_changes_nothing():
    _, then = press(tables(loans=[loan("HT001", **SETTLED), loan("HT002", **SETTLED)], records=[record()]))
    row = int(listed(then).set_index("contract_no").loc["HT001", "row"])
    then = typed(then, s.RETENTION, row, decision="继续保管", approver="章宁", approved_on="四月一日")
    outcome, again = press(then)
    assert all(one.empty for one in outcome.edits)
    # One more loan before it, and it leaves the ledger itself: what was decided is still there.
    then[s.LOANS.title] = table_from(s.LOANS, [loan("HT002", **SETTLED), loan("HT000", **SETTLED)])
    _, again = press(then)
    kept = listed(again).set_index("contract_no")
    assert kept.index.tolist() == ["HT000", "HT002", "HT001"]
    assert kept.loc["HT001", ["decision", "approver", "state"]].tolist() == ["继续保管", "章宁", "已不在台账"]
    assert again[s.RETENTION.title].raw["approved_on"].dropna().tolist() == ["四月一日"]


def test_a_corrected_settlement_is_told_apart():
    _, then = press(tables(loans=[loan("HT001", **SETTLED)]))
    then = typed(then, s.RETENTION, int(listed(then)["row"].iloc[0]), decision="同意销毁")
    then[s.LOANS.title] = table_from(s.LOANS, [loan("HT001", settled_on=DAY(2030, 1, 1), status="已结清")])
    _, again = press(then)
    assert listed(again)["state"].tolist() == ["未到期"]


def test_what_cannot_be_computed_is_named():
    outcome, _ = press(
        tables(loans=[loan("HT001", status="已结清"), loan("HT002")], records=[record(contract_no="HT777")])
    )
    assert any("第 2 行" in warning and "结清日期" in warning for warning in outcome.warnings)
    assert any("1 条回访记录的合同不在" in warning for warning in outcome.warnings)


def test_on_a_file_only_the_list_is_written(tmp_path):
    path = small_branch(tmp_path / "江州.xlsx", loans=[loan("HT001", **SETTLED)], records=[record()])
    with pytest.raises(SystemExit) as ended:
        main(["retention", str(path), "--as-of", "2036-04-01", "--quiet"])
    assert ended.value.code == 0
    assert column(path, s.RETENTION, "records")[-1] == 1
    assert column(path, s.RECORDS, "contract_no") == ["HT001"]
    assert column(path, s.LOANS, "contract_no") == ["HT001"]
