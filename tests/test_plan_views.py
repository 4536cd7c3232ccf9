"""A plan people can act on: 周安排, 计划进度 and 计划审批表 (二、(一)1., 二、(三)1.).

Requirements:
1. 周安排 has a row per week × visitor × branch from T's week on; a merged contact counts once; days above 每日上限 say
   so; what was arranged before T and not made is counted in 待重排; no customer is named.
2. 计划进度 counts per visitor and branch what 回访清单 says, 未分配 last of its branch, 合计 last of all.
3. 计划审批表 begins with period, totals and sign-off lines, then lists the open visits by branch, visitor and day,
   without phone numbers.
4. All three are renewed as a whole, and planning twice changes nothing; they are added where the workbook lacks them.
"""

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from planning_tables import Workbook, day, instalment, loan, request, shown, visitor
from workbooks import small_branch

from toolkit.cli.main import main
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.period import parse_period
from toolkit.rules.planning.views import approval_lines, plan_approval, plan_progress, week_plan

T = dt.date(2026, 7, 1)  # a Wednesday
Q3 = parse_period("2026Q3")


def visit(number: int, **changes) -> dict:
    return {
        "visit_no": f"N{number:02d}", "contract_no": f"HT{number:02d}", "customer_name": f"客户{number}",
        "visit_type": v.PERIODIC, "method": v.PHONE_CALL, "due_on": day("2026-09-30"),
        "scheduled_on": day("2026-07-03"), "visitor": "何青", "branch": "城东支行", "priority": v.LOW,
        "state": v.TO_VISIT, "merge_group": "", "crowded": False, "provisional": False,
    } | changes  # fmt: skip


def visits(*rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows) or [visit(1)])
    for name in ("due_on", "scheduled_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    for name in frame.select_dtypes("str"):
        frame[name] = frame[name].astype("object")
    return frame if rows else frame.iloc[:0]


# Hand-computed: (visits, what 周安排 says: week, visitor, filled days, 合计, 待重排).
WEEKS = {
    "one call": (
        [visit(1)],
        [("2026-06-29", "何青", {"friday": "1 次：定期 1"}, 1, None)],
    ),
    "kinds in the order of 回访类型, strict methods named": (
        [
            visit(1, visit_type=v.REMINDER),
            visit(2, visit_type=v.FIRST, method=v.FACE_TO_FACE),
            visit(3, visit_type=v.REMINDER),
            visit(4, method=v.QUESTIONNAIRE),
        ],
        [("2026-06-29", "何青", {"friday": "4 次：首次 1、定期 1、提醒 2；面谈 1；问卷 1"}, 4, None)],
    ),
    "a merged contact counts once": (
        [
            visit(1, merge_group="HB1"),
            visit(2, merge_group="HB1", visit_type=v.REMINDER),
            visit(3, merge_group="HB1", visit_type=v.REMINDER),
            visit(4, visit_type=v.OVERDUE),
        ],
        [("2026-06-29", "何青", {"friday": "2 次：定期＋提醒 1、逾期 1"}, 2, None)],
    ),
    "a group torn apart by staff is two contacts": (
        [visit(1, merge_group="HB1"), visit(2, merge_group="HB1", scheduled_on=day("2026-07-02"))],
        [("2026-06-29", "何青", {"thursday": "1 次：定期 1", "friday": "1 次：定期 1"}, 2, None)],
    ),
    "above the limit": (
        [visit(1, crowded=True), visit(2, crowded=True)],
        [("2026-06-29", "何青", {"friday": "2 次：定期 2；超上限"}, 2, None)],
    ),
    "T itself is ahead, the day before is behind": (
        [visit(1, scheduled_on=T), visit(2, scheduled_on=day("2026-06-30"), state=v.MISSED)],
        [("2026-06-29", "何青", {"wednesday": "1 次：定期 1"}, 1, 1)],
    ),
    "no day at all is to be arranged": (
        [visit(1, scheduled_on=None)],
        [("2026-06-29", "何青", {}, 0, 1)],
    ),
    "Sunday is the last day of its week": (
        [visit(1, scheduled_on=day("2026-07-05")), visit(2, scheduled_on=day("2026-07-06"))],
        [
            ("2026-06-29", "何青", {"sunday": "1 次：定期 1"}, 1, None),
            ("2026-07-06", "何青", {"monday": "1 次：定期 1"}, 1, None),
        ],
    ),
    "nobody's contacts come last": (
        [visit(1, visitor=""), visit(2, visitor="陆平"), visit(3)],
        [
            ("2026-06-29", "何青", {"friday": "1 次：定期 1"}, 1, None),
            ("2026-06-29", "陆平", {"friday": "1 次：定期 1"}, 1, None),
            ("2026-06-29", "未分配", {"friday": "1 次：定期 1"}, 1, None),
        ],
    ),
    "what is over is no plan": ([visit(1, state=v.DONE), visit(2, state=v.CANCELLED)], []),
    "moved visits are open": (
        [visit(1, state=v.RESCHEDULED)],
        [("2026-06-29", "何青", {"friday": "1 次：定期 1"}, 1, None)],
    ),
    "nothing": ([], []),
}


@pytest.mark.parametrize("case", WEEKS)
def test_week_plan(case):
    rows, expected = WEEKS[case]
    found = week_plan(visits(*rows), T)
    assert list(found.columns) == list(s.WEEK_PLAN.names)
    assert [
        (
            f"{row['week_on']:%Y-%m-%d}",
            row["visitor"],
            {name: row[name] for name, _ in s.WEEKDAYS if row[name]},
            row["contacts"],
            None if pd.isna(row["to_rearrange"]) else row["to_rearrange"],
        )
        for row in found.to_dict("records")
    ] == expected


def test_a_visitor_of_two_branches_has_a_row_for_each():
    found = week_plan(visits(visit(1), visit(2, branch="城西支行")), T)
    assert found[["visitor", "branch", "contacts"]].to_numpy().tolist() == [
        ["何青", "城东支行", 1],
        ["何青", "城西支行", 1],
    ]


def test_progress_by_hand():
    found = plan_progress(
        visits(
            visit(1, state=v.DONE),
            visit(2, state=v.DONE),
            visit(3),
            visit(4, state=v.MISSED, due_on=day("2026-06-30")),  # earlier, still to be made: counts
            visit(5, state=v.DONE, due_on=day("2026-06-30")),  # earlier and made: another period's
            visit(6, state=v.CANCELLED),
            visit(7, state=v.CANCELLED, due_on=day("2026-10-01")),
            visit(8, state=v.RESCHEDULED, visitor="陆平", due_on=day("2026-07-01")),
            visit(9, visitor=""),
            visit(10, visitor="", state=v.DONE, branch="城西支行"),
        ),
        Q3,
    )
    assert found.astype("object").where(found.notna(), None).to_numpy().tolist() == [
        # 期间, 回访人员, 网点, 应访, 已完成, 待回访, 逾期未访, 已改期, 已取消, 完成率
        ["2026Q3", "何青", "城东支行", 4, 2, 1, 1, 0, 1, 0.5],
        ["2026Q3", "陆平", "城东支行", 1, 0, 0, 0, 1, 0, 0.0],
        ["2026Q3", "未分配", "城东支行", 1, 0, 1, 0, 0, 0, 0.0],
        ["2026Q3", "未分配", "城西支行", 1, 1, 0, 0, 0, 0, 1.0],
        ["2026Q3", "合计", "全部", 7, 3, 2, 1, 1, 1, 3 / 7],
    ]


def test_progress_of_nothing_is_a_total_without_a_rate():
    (row,) = plan_progress(visits(), Q3).to_dict("records")
    assert (row["visitor"], row["expected"]) == ("合计", 0)
    assert pd.isna(row["rate"])


def test_progress_of_cancelled_visits_alone_has_no_rate():
    row, total = plan_progress(visits(visit(1, state=v.CANCELLED)), Q3).to_dict("records")
    assert (row["expected"], row["cancelled"], total["cancelled"]) == (0, 1, 1)
    assert pd.isna(row["rate"])
    assert pd.isna(total["rate"])


def test_approval_lines_by_hand():
    listed = visits(
        visit(1, merge_group="HB1", method=v.FACE_TO_FACE),
        visit(2, merge_group="HB1", method=v.FACE_TO_FACE, visit_type=v.REMINDER),
        visit(3, state=v.MISSED, scheduled_on=day("2026-06-30"), due_on=day("2026-06-30")),
        visit(4, visitor="未分配"),
        visit(5, crowded=True),
    )
    assert approval_lines(listed, Q3, T, "示例银行城东支行")[:4] == [
        "示例银行城东支行　贷款回访计划　2026年第3季度（2026-07-01 至 2026-09-30）　基准日 2026-07-01",
        "待执行回访 5 笔，同一客户合并后联系 4 次：电话 3 次、面谈 1 次",
        "其中：定期回访 4 笔、还款提醒 1 笔",
        "请留意：逾期未访 1 笔、未分配回访人员 1 笔、超过每日上限 1 笔、安排日期已过须重排 1 笔",
    ]


@pytest.mark.parametrize("word", ["编制：", "复核：", "风险管理部门审批：", "日期：", "审批意见："])
def test_sign_off_lines(word):
    assert word in "".join(approval_lines(visits(), Q3, T, ""))


def test_approval_of_an_empty_plan_says_so():
    lines = approval_lines(visits(), Q3, T, "")
    assert lines[:4] == [
        "贷款回访计划　2026年第3季度（2026-07-01 至 2026-09-30）　基准日 2026-07-01",
        "待执行回访 0 笔，同一客户合并后联系 0 次",
        "本期没有待执行的回访",
        "没有逾期未访、未分配、超过每日上限或须重排的回访",
    ]


def test_approval_lists_open_visits_by_branch_visitor_and_day():
    rows = plan_approval(
        visits(
            visit(1, visitor=""),
            visit(2, scheduled_on=day("2026-07-06")),
            visit(3),
            visit(4, branch="万寿支行"),
            visit(5, visitor="陆平"),
            visit(6, state=v.DONE),
        ),
        Q3,
        T,
        "",
    )
    listed = rows[rows["no"].notna()]
    assert listed[["no", "visit_no", "visitor"]].to_numpy().tolist() == [
        [1, "N04", "何青"],
        [2, "N03", "何青"],
        [3, "N02", "何青"],
        [4, "N05", "陆平"],
        [5, "N01", "未分配"],
    ]
    assert s.VISITS["phone"].header not in [field.header for field in s.PLAN_APPROVAL]


# In the whole step


@pytest.fixture
def branch() -> Workbook:
    workbook = Workbook(
        {
            s.VISITORS: [visitor("何青", daily_limit=1), visitor("陆平", daily_limit=1)],
            s.LOANS: [loan(f"HT{n:03d}", customer_no=f"K{n // 2}") for n in range(1, 30)],
            s.SCHEDULE: [instalment("2026-07-20", contract_no=f"HT{n:03d}") for n in range(1, 20)],
        }
    )
    workbook.plan(request("2026-07-01"))
    return workbook


def test_the_sheets_agree_with_the_list(branch):
    listed = branch.visits
    progress = branch.tables[s.PLAN_PROGRESS.title].data
    total = progress[progress["visitor"] == "合计"].iloc[0]
    assert total["to_visit"] == (listed["state"] == v.TO_VISIT).sum()
    assert total["expected"] == progress.loc[progress["visitor"] != "合计", "expected"].sum() == len(listed)
    weeks = branch.tables[s.WEEK_PLAN.title].data
    contacts = listed["merge_group"].where(listed["merge_group"] != "", listed["visit_no"])
    assert weeks["contacts"].sum() == contacts.nunique()
    approval = branch.tables[s.PLAN_APPROVAL.title].data
    assert set(approval.loc[approval["visit_no"] != "", "visit_no"]) == set(listed["visit_no"])


def test_planning_twice_changes_nothing(branch):
    assert all(edits.empty for edits in branch.plan(request("2026-07-01")).edits)


def test_what_was_typed_into_the_views_goes_away(branch):
    raw = branch.tables[s.WEEK_PLAN.title].raw.copy()
    before = shown(branch.tables[s.WEEK_PLAN.title].data, "week_on", "visitor", "monday")
    raw.loc[0, "monday"] = "改到下午"
    branch.put(s.WEEK_PLAN, raw)
    branch.plan(request("2026-07-01"))
    assert shown(branch.tables[s.WEEK_PLAN.title].data, "week_on", "visitor", "monday") == before


def test_views_of_a_day_later_have_new_rows_only(branch):
    branch.plan(request("2026-07-27"))
    weeks = branch.tables[s.WEEK_PLAN.title].data
    assert weeks["week_on"].min() == pd.Timestamp("2026-07-27")
    assert weeks["to_rearrange"].sum() > 0


def test_visits_without_a_visitor_are_nobodys():
    workbook = Workbook({s.VISITORS: [visitor("何青", branch="城西支行")], s.LOANS: [loan()]})
    workbook.plan(request("2026-07-01"))
    for sheet in (s.WEEK_PLAN, s.PLAN_PROGRESS):
        assert "未分配" in set(workbook.tables[sheet.title].data["visitor"])


# In a closed workbook that never had the sheets


def plan_file(path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["plan", str(path), "--as-of", "2026-07-01", "--quiet"])
    assert not ended.value.code


def test_a_strangers_workbook_gains_the_sheets_ready_to_print(tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")
    plan_file(path)
    book = openpyxl.load_workbook(path)
    for sheet in (s.WEEK_PLAN, s.PLAN_PROGRESS, s.PLAN_APPROVAL):
        page = book[sheet.title]
        assert [cell.value for cell in page[1]] == [field.header for field in sheet]
        assert page.max_row > 1
        assert page.page_setup.orientation == "landscape"
        assert int(page.page_setup.paperSize) == 9
        assert page.page_setup.fitToHeight == 0
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.print_title_rows == "$1:$1"
        assert page.oddFooter.center.text == "第&P页/共&N页"
    assert book[s.WEEK_PLAN.title]["B2"].alignment.wrap_text
    texts = "".join(str(value) for row in book[s.PLAN_APPROVAL.title].values for value in row)
    assert "编制：" in texts
    assert "19900000001" not in texts


def test_the_second_run_leaves_the_sheets_as_they_are(tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")

    def cells(title: str) -> list:
        return list(openpyxl.load_workbook(path)[title].values)

    views = (s.WEEK_PLAN, s.PLAN_PROGRESS, s.PLAN_APPROVAL)
    plan_file(path)
    before = [cells(sheet.title) for sheet in views]
    plan_file(path)
    assert [cells(sheet.title) for sheet in views] == before
