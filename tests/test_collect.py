"""收集记录 as a step (issue 6, item 2; contract, sections 1 and 4).

1. A record is new, the same, fills blanks, or differs; nothing that stands in a cell is overwritten unasked.
2. A visit may take several contacts; each stays a record of its own.
3. What a person decided in 记录冲突 is carried out once; the first submission is kept for 准确率.
4. Registers and questionnaires with headers of their own; every value arrives as meant or is named by its cell.
5. Nothing could be taken: a refusal that names each file.
"""

import datetime as dt

import pandas as pd
import pytest
from collecting import AS_OF, DAY, after, appended, cells_of, edit_of, filled, press, record, register, world
from hypothesis import example, given, settings
from hypothesis import strategies as st

from toolkit.model import reading, sheets
from toolkit.model.calendar import WorkCalendar
from toolkit.model.errors import ToolkitError
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import Source, table_from, typed_column
from toolkit.rules.checks.first_records import errors_at_first
from toolkit.rules.foreign.record_answers import meant_answers

TIMED = {"started_at": dt.time(9, 30)}
CONFLICT_KEY = ["visit_no", "field", "old_value", "new_value", "source_cell"]

# 1 ----------------------------------------------------------------------------------------------------------------


def test_a_new_record_is_added_with_what_was_typed():
    row = record(visit_no="SC-1", phone="１９９ 0000 0001", visited_on="2026年7月6日")
    outcome = press(world(), register(row))
    (new,) = appended(outcome)
    assert new["phone"] == "１９９ 0000 0001"
    assert new["visited_on"] == dt.datetime(2026, 7, 6)
    assert outcome.counts["新增记录"] == 1


def test_blank_cells_are_filled_and_differing_ones_wait_for_a_person():
    tables = world(records=[record(visit_no="SC-1", satisfaction=None)])
    outcome = press(tables, register(record(visit_no="SC-1", satisfaction=4, feedback="周转困难")))
    assert cells_of(outcome) == {(2, "satisfaction"): 4}
    assert not appended(outcome)
    (conflict,) = appended(outcome, sheets.CONFLICTS)
    assert [conflict[name] for name in CONFLICT_KEY] == [
        "SC-1", "客户反馈", "资金按计划使用", "周转困难", "“九月”表 I2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("visited_on", DAY(2026, 7, 6), "2026.7.6"),
        ("phone", "19900000001/19900000009", "199-0000-0009、+86 199 0000 0001"),
        ("customer_name", "李（明）", " 李(明) "),
        ("minutes", 8, "８分钟"),
        ("feedback", "资金 按计划\n使用", "资金按计划使用"),
        ("started_at", dt.time(14, 30), "下午2点半"),
        ("contract_no", "HT001", "ＨＴ 001"),
    ],
)
def test_another_spelling_is_no_difference(name, one, other):
    tables = world(records=[record(visit_no="SC-1") | {name: one}])
    outcome = press(tables, register(record(visit_no="SC-1") | {name: other}))
    assert outcome.counts["重复记录"] == 1
    assert not cells_of(outcome)
    assert not appended(outcome)
    assert not appended(outcome, sheets.CONFLICTS)


def test_the_same_rows_in_several_files_are_counted_once():
    copies = [register(record(visit_no="SC-1"), record(contract_no="HT002"), file=f"{n}.xlsx") for n in range(5)]
    outcome = press(world(), *copies, filled(**record(visit_no="SC-1")))
    assert outcome.counts["新增记录"] == 2
    assert outcome.counts["重复记录"] == 9


def test_two_files_that_differ_about_a_new_record():
    outcome = press(world(), register(record(visit_no="SC-1")), filled(**record(visit_no="SC-1", feedback="不满意")))
    assert [row["feedback"] for row in appended(outcome)] == ["资金按计划使用"]
    assert [row["new_value"] for row in appended(outcome, sheets.CONFLICTS)] == ["不满意"]


def test_a_record_without_number_is_met_by_contract_date_start_and_visitor():
    tables = world(records=[record(**TIMED)])
    outcome = press(tables, register(record(visit_no="SC-1", **TIMED)))
    assert cells_of(outcome) == {(2, "visit_no"): "SC-1"}


# 2 ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "is_new"),
    [
        ({"visited_on": DAY(2026, 7, 8)}, True),  # another attempt
        ({"visited_on": DAY(2026, 7, 8), "result": "成功"}, True),
        ({"result": "成功", "started_at": dt.time(15, 0)}, True),
        ({"result": "拒访"}, False),
    ],
)
def test_attempts_of_one_visit(changes, is_new):
    tried = record(visit_no="SC-1", result="未接通", started_at=dt.time(9, 30))
    outcome = press(world(records=[tried]), register(tried | changes))
    assert len(appended(outcome)) == is_new
    assert len(appended(outcome, sheets.CONFLICTS)) == (not is_new)


def test_one_visit_has_one_success():
    done = record(visit_no="SC-1")
    outcome = press(world(records=[done]), register(done | {"visited_on": DAY(2026, 7, 8)}))
    assert [row["field"] for row in appended(outcome, sheets.CONFLICTS)] == ["回访日期"]


def test_rows_of_one_sheet_stay_apart():
    tries = [record(visit_no="SC-1", result=result) for result in ("未接通", "拒访", "成功")]
    tables = world()
    outcome = press(tables, register(*tries))
    assert len(appended(outcome)) == 3
    again = press(after(tables, outcome), register(*tries))
    assert again.counts["重复记录"] == 3


# 3 ----------------------------------------------------------------------------------------------------------------


def differing():
    tables = world(records=[record(visit_no="SC-1")])
    arrived = register(record(visit_no="SC-1", feedback="周转困难"))
    return after(tables, press(tables, arrived)), arrived


def decide(tables, **cells):
    conflicts = tables[sheets.CONFLICTS.title]
    raw = conflicts.raw.assign(**cells)
    return {**tables, sheets.CONFLICTS.title: table_from(sheets.CONFLICTS, raw)}


def test_an_undecided_conflict_is_listed_once():
    tables, arrived = differing()
    again = press(tables, arrived)
    assert not appended(again, sheets.CONFLICTS)
    assert again.counts["待处理冲突"] == 1
    assert not cells_of(again)


def test_the_new_value_is_taken_once_decided_and_the_first_submission_kept():
    tables, arrived = differing()
    tables = decide(tables, handling="采用新值", handled_by="何青")
    outcome = press(tables, arrived)
    assert cells_of(outcome) == {(2, "feedback"): "周转困难"}
    assert cells_of(outcome, sheets.CONFLICTS)[2, "result"] == "已采用新值"
    assert [row["feedback"] for row in appended(outcome, sheets.FIRST_RECORDS)] == ["资金按计划使用"]
    tables = after(tables, outcome)
    again = press(tables, arrived)
    assert not cells_of(again)
    assert again.counts["重复记录"] == 1
    assert not appended(again, sheets.FIRST_RECORDS)


def test_the_old_value_stays_once_decided():
    tables, arrived = differing()
    outcome = press(decide(tables, handling="保留原值", handled_by="何青"), arrived)
    assert not cells_of(outcome)
    again = press(after(decide(tables, handling="保留原值", handled_by="何青"), outcome), arrived)
    assert again.counts["待处理冲突"] == 0
    assert not appended(again, sheets.CONFLICTS)


def test_a_record_edited_since_is_not_overwritten():
    tables, arrived = differing()
    raw = tables[sheets.RECORDS.title].raw.assign(feedback="客户改口")
    tables = decide(tables, handling="采用新值", handled_by="何青") | {
        sheets.RECORDS.title: table_from(sheets.RECORDS, raw)
    }
    outcome = press(tables, arrived)
    assert not cells_of(outcome)
    assert any("未采用" in line for line in outcome.warnings)


def test_a_judged_or_unsubmitted_record_needs_no_keeping():
    tables = world(records=[record(visit_no="SC-1", submitted_on=None, satisfaction=None)])
    outcome = press(tables, register(record(visit_no="SC-1", satisfaction=5)))
    assert not appended(outcome, sheets.FIRST_RECORDS)


def test_kpi_judges_what_was_first_submitted():
    tables = world(records=[record(visit_no="SC-1", feedback=None)])  # 客户反馈 is required
    tables = after(tables, press(tables, register(record(visit_no="SC-1"))))
    assert tables[sheets.RECORDS.title].data["feedback"].tolist() == ["资金按计划使用"]
    others = (sheets.VISITORS, sheets.SCHEDULE, sheets.SPECIAL_VISITS, sheets.ISSUES, sheets.FINDINGS, sheets.HOLIDAYS)
    tables |= {sheet.title: table_from(sheet, []) for sheet in others}
    request = Request(AS_OF, Parameters.defaults(), WorkCalendar())
    assert errors_at_first(tables, request, pd.Series([0])).tolist() > [0]
    del tables[sheets.FIRST_RECORDS.title]
    assert errors_at_first(tables, request, pd.Series([0])).tolist() == [0]


# 4 ----------------------------------------------------------------------------------------------------------------

SURVEY = [
    ["序号", "提交答卷时间", "所用时间", "1、您的姓名：", "2、您的联系电话：", "3、您是否知晓审批结果？",
     "4、您对审批时间是否满意？", "5、您的资金是否挪作他用？",
     "6、您对我们的总体满意度如何？", "7、您有什么意见或建议？"],
    [1, "2026/7/6 14:22:35", "132秒", "林晓舟", "+86 199-0000-0001", "A.是", "不满意", "否", "A.非常满意", "（空）"],
]  # fmt: skip


def test_a_questionnaire_finds_its_loan_by_name_and_phone():
    tables = world()
    outcome = press(tables, Source("问卷.csv", "问卷", SURVEY))
    (new,) = appended(outcome)
    expected = {
        "contract_no": "HT001", "visited_on": dt.datetime(2026, 7, 6), "minutes": 2.2, "approve_1": "是",
        "approve_3": "否", "satisfaction": 5, "method": "问卷", "result": "成功", "suggestion": None,
    }  # fmt: skip
    assert {name: new.get(name) for name in expected} == expected
    learnt = {row["source_header"]: row["target_field"] for row in appended(outcome, sheets.FIELD_MAPPING)}
    assert learnt["4、您对审批时间是否满意？"] == "审批3_时间合理"
    assert learnt["5、您的资金是否挪作他用？"] == ""  # 是 would be the bad answer: asked, not used
    again = press(after(tables, outcome), Source("问卷.csv", "问卷", SURVEY))
    assert not appended(again, sheets.FIELD_MAPPING)
    assert again.counts["重复记录"] == 1


def test_a_confirmed_mapping_is_remembered():
    mapping = [{"source_header": "4、您对审批时间是否满意？", "target_field": "不导入"}]
    outcome = press(world(field_mapping=mapping), Source("问卷.csv", "问卷", SURVEY))
    assert not any(row.get("approve_3") for row in appended(outcome))


def test_titles_totals_and_foreign_headers():
    rows = [
        ["城东支行回访登记簿"],
        ["合同号", "客户", "电话", "日期", "方式", "结果", "客户意见", "回访人"],
        ["HT001", "林晓舟", 19900000001, 20260706, "上门走访", "无人接听", "无", "何青"],
        ["合计", None, None, None, None, None, None, 1],
    ]
    outcome = press(world(), Source("a.xls", "Sheet1", rows))
    (new,) = appended(outcome)
    assert (new["method"], new["result"], new["phone"]) == ("面谈", "未接通", "19900000001")
    assert any("第 4 行是合计" in line for line in outcome.warnings)


def test_what_a_spreadsheet_has_lost_is_named_by_cell():
    rows = register(record(visit_no="SC-1", feedback=reading.UNCOMPUTED, satisfaction="#N/A"))
    outcome = press(world(), rows)
    (new,) = appended(outcome)
    assert new["feedback"] is None
    assert any("I2：客户反馈是没有计算结果的公式" in line for line in outcome.warnings)
    assert any("满意度是公式错误值 #N/A" in line for line in outcome.warnings)


def test_a_row_without_identity_is_named_and_the_rest_taken():
    nameless = record(contract_no=None, customer_name="张三", phone="19911111111")
    outcome = press(world(), register(record(), nameless))
    assert outcome.counts["新增记录"] == 1
    assert outcome.rejected
    assert "第 3 行" in outcome.rejected[0]


def test_serials_of_a_1904_book():
    source = Source("a.xlsx", "九月", register(record(visited_on=44747)).rows, days_1904=True)
    assert appended(press(world(), source))[0]["visited_on"] == dt.datetime(2026, 7, 6)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("非常满意", 5),
        ("A.满意", 4),
        ("1.非常满意", 5),
        ("4分", 4),
        ("★★★", 3),
        ("5", 5),
        ("还行吧", "还行吧"),
        ("6", "6"),
    ],
)
def test_satisfaction_as_meant(typed, meant):
    assert meant_answers("satisfaction", pd.Series([typed], dtype="object")).tolist() == [meant]


TYPED = st.one_of(
    st.none(),
    st.text(alphabet="是否无 0123456789年月日.-/:（）ABC满意不\n=+'，#", max_size=12),
    st.dates(DAY(2020, 1, 1), DAY(2027, 1, 1)),
    st.integers(-5, 10**16),
    st.floats(-10, 60000, allow_nan=False),
    st.times().map(lambda t: t.replace(microsecond=0)),
    st.booleans(),
)
FIELDS = [n for n in sheets.RECORDS.names if n not in ("visit_no", "contract_no", "drawdown_no", "customer_name")]


@settings(max_examples=8, deadline=None)
@example([("visited_on", False)])
@given(st.lists(st.tuples(st.sampled_from(FIELDS), TYPED), min_size=1, max_size=40))
def test_any_value_arrives_as_meant_or_as_typed_or_is_named(typed):
    """Property: what a clerk typed is in the record (typed or letter for letter), or its cell is in the warnings; and
    collecting again changes nothing."""
    tables = world()
    arrived = register(*(record(visit_no=f"SC-{i}") | {name: value} for i, (name, value) in enumerate(typed)))
    outcome = press(tables, arrived)
    new = appended(outcome)
    assert len(new) == len(typed)
    for (name, value), row in zip(typed, new, strict=True):
        column, got, text = sheets.RECORDS[name], row.get(name), reading.as_text(value)
        told = f"{column.header}按对照换算" in "".join(outcome.details) or column.header in "".join(outcome.warnings)
        read = [str(typed_column(column.kind, pd.Series([cell], dtype="object")).iloc[0]) for cell in (got, value)]
        blank = reading.as_text(got).strip() == ""
        if blank:
            assert reading.fold_width(text) in {"", "-", "/", "无", "0", "00000000"} or told, (name, value)
        else:
            exact = reading.as_text(got) == text
            assert exact or read[0] == read[1] or told or name in ("satisfaction", "minutes"), (name, value, got)
    again = press(after(tables, outcome), arrived)
    assert not appended(again)
    assert not cells_of(again)
    assert not appended(again, sheets.CONFLICTS)


# 5 ----------------------------------------------------------------------------------------------------------------


def test_nothing_taken_names_every_file():
    ledger = Source("台账.xlsx", "Sheet1", [["合同号", "姓名", "放款日期"], ["HT001", "林晓舟", "2026-01-05"]])
    with pytest.raises(
        ToolkitError, match=r"坏\.xlsx：文件已加密.*台账\.xlsx：.*没有找到回访记录的表头.*空表\.docx：没有填写"
    ):
        press(world(), ledger, filled("空表.docx", visit_no="SC-1"), rejected=(("坏.xlsx", "文件已加密"),))


def test_preview_says_what_would_be():
    outcome = press(world(), register(record()), preview=True)
    assert outcome.preview
    assert outcome.counts["新增记录"] == 1


def test_the_list_of_visits_is_no_register():
    rows = [
        ["回访编号", "贷款合同编号", "客户姓名", "联系电话", "回访方式", "回访人员"],
        ["SC-1", "HT001", "林", "1", "电话", "何青"],
    ]
    with pytest.raises(ToolkitError, match="不是回访记录"):
        press(world(), Source("清单.xlsx", "Sheet1", rows))


def test_every_file_stands_in_the_list():
    outcome = press(world(), register(record()), rejected=(("坏.xlsx", "文件已加密"),))
    listed = edit_of(outcome, sheets.COLLECTED).replace
    assert listed[["file", "fate"]].values.tolist() == [["坏.xlsx", "未收"], ["登记簿.xlsx", "已收"]]
