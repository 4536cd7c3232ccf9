"""统计考核, beside the four figures: their rows, 尽职, trend, and what 考核办法 proposes.

Requirements (issue 8, item 4; 七、(三))
- each figure opens its rows; the figures of the contract are not changed by anything here.
- 尽职: three attempts or more on two days or more that reached nobody.
- trend over periods of the same kind; proposals of reward and penalty from 考核办法, a person decides.
"""

from typing import Any

import pandas as pd
import pytest
from checking import after, typed
from test_kpi import E, issue, loan, record, request, tables, visit

from toolkit.model import sheets as s
from toolkit.model.tables import Table, table_from
from toolkit.rules.indicators.proposals import appraisal_of, reward_proposals
from toolkit.steps.kpi import kpi

PLAN, ACCURACY, FEEDBACK, RESOLUTION = "回访计划完成率", "回访记录准确率", "问题反馈及时率", "问题处理解决率"


def press(given: dict[str, Table], asked=None) -> dict[str, Table]:
    return after(given, kpi(given, asked or request()).edits)


def page(given: dict[str, Table], sheet) -> pd.DataFrame:
    return given[sheet.title].data


def figure(given: dict[str, Table], sheet=s.INDICATOR_ANALYSIS, kind: str = "机构", indicator: str = PLAN):
    rows = page(given, sheet)
    return rows[(rows["object_kind"] == kind) & (rows["indicator"] == indicator)].iloc[0]


MISS = {"result": "未接通"}


@pytest.mark.parametrize(
    ("attempts", "diligent"),
    [
        ([("2026-09-01", "09:00", {}), ("2026-09-01", "15:00", {}), ("2026-09-02", "09:00", {})], 1),
        ([("2026-09-01", "09:00", {}), ("2026-09-01", "12:00", {}), ("2026-09-01", "15:00", {})], 0),
        ([("2026-09-01", "09:00", {}), ("2026-09-02", "09:00", {})], 0),
        ([("2026-09-01", "09:00", {}), ("2026-09-02", "09:00", {}), (E, "09:00", {})], 1),
        ([("2026-09-01", "09:00", {}), ("2026-09-02", "09:00", {}), ("2026-10-01", "09:00", {})], 0),  # too late
        ([("2026-05-31", "09:00", {}), ("2026-09-02", "09:00", {}), (E, "09:00", {})], 0),  # before the window
        ([("2026-09-01", "09:00", {}), ("2026-09-02", "09:00", {}), (E, "09:00", {"result": "号码有误"})], 1),
        ([("2026-09-01", "09:00", {}), ("2026-09-02", "09:00", {}), (E, "09:00", {"result": "拒访"})], 0),  # reached
        ([("2026-09-01", "09:00", {}), ("2026-09-02", "09:00", {}), ("2026-09-02", "09:00", {})], 0),  # entered twice
        ([("2026-09-01", "09:00", {"visit_no": ""}), ("2026-09-02", "09:00", {}), (E, "09:00", {"visit_no": ""})], 1),
        ([("2026-09-01", "09:00", {"visit_no": "X"}), ("2026-09-02", "09:00", {}), (E, "09:00", {})], 0),
    ],
)
def test_who_tried_three_times_on_two_days_was_diligent(attempts, diligent):
    made = [record("A", day, **(MISS | {"started_at": clock} | cells)) for day, clock, cells in attempts]
    then = press(tables(visits=[visit("A"), visit("B")], records=made, loans=[loan("A"), loan("B")]))
    told = figure(then)
    assert (told["missed"], told["diligent"]) == (2, diligent)
    assert told["diligent_rate"] == diligent / 2
    # 完成率 itself stays what the contract says.
    assert figure(then, s.INDICATORS)["numerator"] == 0
    grounds = page(then, s.INDICATOR_ROWS).set_index("key")["ground"]
    assert ("尽职" in grounds["A"]) is bool(diligent)


def test_reached_in_the_end_is_no_longer_diligent_but_done():
    made = [record("A", f"2026-09-0{n}", **MISS) for n in (1, 2, 3)] + [record("A", "2026-09-10")]
    told = figure(press(tables(visits=[visit("A")], records=made, loans=[loan("A")])))
    assert (told["missed"], told["diligent"], told["diligent_rate"]) == (0, 0, 1)


def test_an_empty_denominator_has_no_rate_of_any_kind():
    outcome = kpi(tables(), request())
    analysis = next(one for one in outcome.edits if one.sheet is s.INDICATOR_ANALYSIS).replace
    assert set(analysis["rate"]) == {"—"}
    assert analysis.loc[analysis["indicator"] == PLAN, "diligent_rate"].unique().tolist() == ["—"]
    assert outcome.counts["奖惩建议"] == 0


def listed(period: str, top: int, bottom: int, **cells: Any) -> dict[str, Any]:
    return {
        "object_kind": "机构", "object_name": "全机构", "period": period, "indicator": PLAN, "numerator": top,
        "denominator": bottom,
    } | cells  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "change", "trend"),
    [
        ([], "", ""),
        ([listed("2026Q2", 9, 10)], "+10.0 个百分点", "2026Q2 90.0% → 2026Q3 100.0%"),
        ([listed("2026Q2", 10, 10)], "持平", "2026Q2 100.0% → 2026Q3 100.0%"),
        ([listed("2026Q2", 9, 10), listed("2026Q1", 8, 10)], "+10.0 个百分点",
         "2026Q1 80.0% → 2026Q2 90.0% → 2026Q3 100.0%"),
        ([listed("2026Q1", 8, 10)], "", "2026Q1 80.0% → 2026Q3 100.0%"),  # none of the quarter before
        ([listed("2026-06", 9, 10), listed("2025", 9, 10)], "", ""),  # other kinds of period
        ([listed("2026Q4", 9, 10)], "", ""),  # later
        ([listed("2026Q2", 0, 0)], "", ""),
        ([listed("二季度", 9, 10)], "", ""),
        ([listed("2026Q2", 9, 10, object_name="城东支行")], "", ""),
    ],
)  # fmt: skip
def test_trend_over_periods_of_the_same_kind(earlier, change, trend):
    given = tables(visits=[visit("A")], records=[record("A")], loans=[loan("A")], indicators=earlier)
    told = figure(press(given))
    assert (told["change"], told["trend"]) == (change, trend)


ISSUES = [
    issue("I1", report_due_on="2026-09-02", reported_on="2026-09-02", remedy_due_on="2026-09-20", state="已销号",
          owner="郑远", verifier="章宁", verified_on="2026-09-20"),
    issue("I2", report_due_on="2026-09-02", reported_on="2026-09-03", remedy_due_on="2026-09-20", state="已销号",
          owner="郑远", verifier="章宁", verified_on="2026-09-21"),
    issue("I3", report_due_on="2026-09-02", remedy_due_on="2026-09-20", state="已重开", verified_on="2026-09-10"),
    issue("I4", remedy_due_on="2026-09-20", state="已销号", owner="郑远", verifier="郑远", verified_on="2026-09-10"),
    issue("I5", remedy_due_on="2026-09-20", state="整改中"),
    issue("I6", remedy_due_on="2026-09-20", state="已销号", owner="郑远", verified_on="2026-09-10"),
]  # fmt: skip


def everything() -> dict[str, Table]:
    late = {"due": "2026-09-10"}
    return tables(
        visits=[visit("A"), visit("B", **late), visit("C"), visit("D", state="已取消", system_note="系统取消：已结清")],
        records=[
            record("A", submitted_on="2026-09-02"),
            record("B", "2026-09-11", submitted_on="2026-09-12"),
            record("E", submitted_on="2026-09-02", visitor="陆平", signature="陆平"),
        ],
        loans=[loan(name) for name in "ABCDE"],
        issues=ISSUES,
        spot_checks=[{"visit_no": "B", "verdict": "错记"}],
        first=[{"visit_no": "A", "contract_no": "A", "visited_on": "2026-09-01", "started_at": "10:00",
                "visitor": "何青", "submitted_on": "2026-09-02", "record_row": 2, "verdict": "准确"}],
    )  # fmt: skip


def test_rows_give_each_figure():
    """Filtered by unit the rows are the denominator, those with 是 the numerator."""
    then = press(everything())
    rows = page(then, s.INDICATOR_ROWS)
    column = {"网点": "branch", "回访人员": "visitor", "部门": "department"}
    for told in page(then, s.INDICATORS).to_dict("records"):
        mine = rows[rows["indicator"] == told["indicator"]]
        if told["object_kind"] != "机构":
            mine = mine[mine[column[told["object_kind"]]] == told["object_name"]]
        assert len(mine) == told["denominator"], told
        assert (mine["counted"] == "是").sum() == told["numerator"], told


def test_rows_say_why_they_do_not_count_and_where_they_stand():
    rows = page(press(everything()), s.INDICATOR_ROWS)
    told = {
        (row["indicator"], row["key"]): (row["ground"], row["sheet"], row["cell"]) for row in rows.to_dict("records")
    }
    assert told[PLAN, "A"] == ("", "回访清单", "O2")
    assert told[PLAN, "B"][0] == "逾期完成 2026-09-11"
    assert told[PLAN, "C"] == ("未完成", "回访清单", "O4")
    assert (PLAN, "D") not in told
    assert told[ACCURACY, "B"] == ("抽查错记", "回访记录", "B3")
    assert told[FEEDBACK, "I2"][0] == "反馈超时 2026-09-03"
    assert told[FEEDBACK, "I3"][0] == "未反馈"
    grounds = {key: ground for (indicator, key), (ground, *_) in told.items() if indicator == RESOLUTION}
    assert grounds == {
        "I1": "", "I2": "逾期销号 2026-09-21", "I3": "已重开", "I4": "责任人自行验证", "I5": "未销号：整改中",
        "I6": "没有验证人",
    }  # fmt: skip


def test_each_figure_leads_to_its_first_row():
    then = press(everything())
    rows, kind_of = (
        page(then, s.INDICATOR_ROWS).set_index("row"),
        {"网点": "branch", "回访人员": "visitor", "部门": "department"},
    )
    told = page(then, s.INDICATOR_ANALYSIS)
    for one in told[told["rate"].notna()].to_dict("records"):
        assert one["sheet"] == "考核明细"
        row = rows.loc[int(one["cell"].removeprefix("C"))]
        assert row["indicator"] == one["indicator"]
        if one["object_kind"] != "机构":
            assert row[kind_of[one["object_kind"]]] == one["object_name"]
        # Those that do not count come first.
        assert (row["counted"] == "是") is (one["missed"] == 0)
    assert set(told.loc[told["rate"].isna(), "cell"]) <= {""}
    later = page(press(then, request(period="2026Q2")), s.INDICATOR_ANALYSIS)
    assert set(later.loc[later["period"] == "2026Q3", "cell"]) == {""}


def test_first_submission_with_errors_is_the_ground():
    rows = page(press(tables(records=[record("A", submitted_on="2026-09-02", phone="")])), s.INDICATOR_ROWS)
    assert rows["ground"].tolist() == ["首次提交有错"]


# Proposals


def figures(top: int, bottom: int, kind: str = "回访人员") -> pd.DataFrame:
    return pd.DataFrame(
        [{"period": "2026Q3", "object_kind": kind, "object_name": "何青", "indicator": PLAN, "numerator": top,
          "denominator": bottom, "rate": top / bottom if bottom else "—"}]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("top", "bottom", "action"),
    [(98, 100, "奖励"), (979, 1000, "不奖不罚"), (90, 100, "不奖不罚"), (899, 1000, "提醒"), (8, 10, "提醒"),
     (799, 1000, "处罚"), (0, 10, "处罚"), (10, 10, "奖励")],
)  # fmt: skip
def test_bands_as_shipped(top, bottom, action):
    bands, doubts = appraisal_of(table_from(s.APPRAISAL, [], present=False))
    assert reward_proposals(figures(top, bottom), bands)["action"].tolist() == [action]
    assert doubts == []


@pytest.mark.parametrize(("top", "bottom", "kind"), [(0, 0, "回访人员"), (9, 10, "机构")])
def test_no_figure_no_proposal_and_none_for_the_whole(top, bottom, kind):
    bands, _ = appraisal_of(table_from(s.APPRAISAL, []))
    assert reward_proposals(figures(top, bottom, kind), bands).empty


@pytest.mark.parametrize(("bottom", "reference"), [(4, True), (5, False)])
def test_few_cases_are_for_reference_only(bottom, reference):
    bands, _ = appraisal_of(table_from(s.APPRAISAL, []))
    basis = reward_proposals(figures(bottom, bottom), bands)["basis"].iloc[0]
    assert basis.startswith(f"100.0%（{bottom}/{bottom}），98% 及以上")
    assert ("仅供参考" in basis) is reference


def test_own_table_and_its_faults_by_cell():
    own = table_from(
        s.APPRAISAL,
        [
            {"indicator": PLAN, "lowest": 50, "action": "表扬", "measure": "口头"},
            {"indicator": "完成率", "lowest": 0, "action": "奖励"},
            {"indicator": PLAN, "lowest": "五十", "action": "奖励"},
            {"indicator": PLAN, "lowest": 50, "highest": 40, "action": "奖励"},
        ],
    )
    bands, doubts = appraisal_of(own)
    assert bands["action"].tolist() == ["表扬"]
    assert [doubt.split("：")[0] for doubt in doubts] == ["考核办法 A3", "考核办法 B4", "考核办法 C5"]
    assert reward_proposals(figures(49, 100), bands).empty


def test_decisions_stay_and_again_changes_nothing():
    then = press(everything())
    row = int(page(then, s.PROPOSALS)["row"].iloc[0])
    then = typed(then, s.PROPOSALS, row, decision="按建议", decided_by="章宁", decided_on="下周")
    again = kpi(then, request())
    assert all(one.empty for one in again.edits)
    # The object leaves the table: the decision on it stays, without a proposal.
    then[s.APPRAISAL.title] = table_from(s.APPRAISAL, [{"indicator": RESOLUTION, "lowest": 0, "action": "提醒"}])
    kept = page(press(then), s.PROPOSALS)
    mine = kept[kept["decided_by"] == "章宁"]
    assert len(mine) == 1
    assert mine["action"].tolist() == [""]
    assert page(press(then, request(period="2026Q2")), s.PROPOSALS)["decided_by"].tolist().count("章宁") == 1
