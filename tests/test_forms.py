"""生成记录表: which visits get a form, what it says, what its file is called.

五、(一)1. a form per visit; 三、(一)–(六) every question in the regulation's words; 三、(七) words, do and don't;
四、(一)3. questionnaires. Contract, section 1: names hold 回访编号 or 贷款合同编号, are valid on Windows, at most 200
characters.
"""

import re
from pathlib import Path

import pytest
from form_reading import day, request, tables, visit
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.model import conversation as say
from toolkit.model import form_layout as layout
from toolkit.model import forms as f
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.rules.forms.names import distinct, file_part, tab_titles
from toolkit.rules.forms.pages import form_texts, open_visits
from toolkit.steps.forms import MOST_IN_A_FILE, forms

REGULATION = Path(__file__).resolve().parent.parent / "docs" / "贷款回访管理办法.md"


def made(*visits, loans=(), schedule=(), **options):
    return forms(tables(*visits, loans=loans, schedule=schedule), request(**options))


def page(*visits, **options):
    return made(*visits, **options).papers[0].pages[0].values


def folded(text: str) -> str:
    return text.replace(",", "，").replace(":", "：")


# --- the words -------------------------------------------------------------------------------------------------------


def test_every_question_is_the_regulations_to_the_letter():
    text = folded(REGULATION.read_text(encoding="utf-8"))
    chapter = text.partition("## 三、")[2].partition("## 四、")[0]
    sections = dict(re.findall(r"### (\([一二三四五六七]\))[^\n]*\n(.*?)(?=\n###|\Z)", chapter, re.DOTALL))
    for question in (*say.QUESTIONS, *say.OTHER_QUESTIONS):
        section, number = re.fullmatch(r"三、(\(.\))(\d)\.", question.clause).groups()
        assert f"{number}.{question.regulation}" in sections[section].split("\n"), question.clause


def test_every_check_is_asked_once_and_in_its_stage():
    assert tuple(question.field for question in say.QUESTIONS) == s.CHECK_FIELDS
    for stage in v.STAGES:
        assert tuple(question.field for question in say.questions_of(stage)) == s.CHECKS_OF_STAGE[stage]
        assert say.OPENING[stage].startswith("您好")
        assert "感谢" in say.CLOSING[stage]
    assert len({*say.OPENING.values()}) == len({*say.CLOSING.values()}) == len(v.STAGES)


@pytest.mark.parametrize("stage", v.STAGES)
@pytest.mark.parametrize("version", f.VERSIONS)
def test_layout_holds_every_field_once_and_only_known_slots(version, stage):
    lines = layout.LAYOUTS[version](stage)
    cells = [cell for line in lines for cell in line.cells]
    assert all(sum(cell.span for cell in line.cells) == layout.COLUMNS for line in lines)
    fields = [cell.field for cell in cells if cell.field]
    common = f.FORM_FIELDS if version == f.FORM else f.QUESTIONNAIRE_FIELDS
    assert sorted(fields) == sorted((f.VERSION_KEY, *common, *s.CHECKS_OF_STAGE[stage]))
    used = {name for cell in cells for name in re.findall(r"\{(\w+)\}", cell.text)}
    assert used <= {*layout.SLOTS}
    if version == f.FORM:
        assert used == {*layout.SLOTS}
    else:
        assert used == {"institution", "visit_no"}, "a questionnaire says of nobody who he is"
    prefilled = {cell.field for cell in cells if cell.field in s.RECORDS and cell.text}
    assert prefilled == {*(f.PREFILLED if version == f.FORM else f.PREFILLED_QUESTIONNAIRE)}


def test_a_form_has_every_column_of_the_record_but_the_later_one():
    on_a_form = {*f.FORM_FIELDS, *s.CHECK_FIELDS}
    assert {*s.RECORDS.names} - on_a_form == {"answered_on"}


# --- which visits ----------------------------------------------------------------------------------------------------


def test_open_visits_get_a_form_each_and_others_none():
    rows = [visit(f"V{number}", state=state) for number, state in enumerate((*v.VISIT_STATES, ""))]
    outcome = made(*rows)
    assert [paper.pages[0].values["visit_no"] for paper in outcome.papers] == ["V0", "V2", "V3"]
    assert outcome.counts == {"待做回访": 3, "问卷": 0, "文件": 3}
    assert not outcome.edits


def test_nothing_to_do_is_said():
    outcome = made(visit("V1", state=v.DONE))
    assert not outcome.papers
    assert "没有待做的回访" in outcome.summary
    assert not made().papers


def test_rows_without_a_number_and_repeated_numbers_are_named():
    outcome = made(visit("V1"), visit("V1"), visit("", contract_no=""), visit("", contract_no="HT9"))
    assert [paper.file_name for paper in outcome.papers] == ["回访记录_V1_HT001.xlsx", "回访记录_HT9.xlsx"]
    assert [re.search(r"第 (\d+) 行", warning)[1] for warning in outcome.warnings] == ["4", "3"]


def test_questionnaires_come_beside_the_forms_of_visits_by_paper():
    outcome = made(visit("V1", method=v.QUESTIONNAIRE), visit("V2"))
    assert [paper.file_name for paper in outcome.papers] == [
        "回访记录_V1_HT001.xlsx",
        "回访记录_V2_HT001.xlsx",
        "调查问卷_V1_HT001.xlsx",
    ]
    assert [paper.pages[0].version for paper in outcome.papers] == [f.FORM, f.FORM, f.QUESTIONNAIRE]


def test_a_file_per_visitor_holds_his_visits_by_day_and_groups_together():
    rows = [
        visit("V1", scheduled_on=day("2026-08-05")),
        visit("V2", merge_group="G"),
        visit("V3"),
        visit("V4", merge_group="G"),
        visit("V5", visitor="陆平"),
        visit("V6", visitor=""),
        visit("V7", branch="城西支行"),
    ]
    outcome = made(*rows, by="visitor")
    found = {paper.file_name: [page.values["visit_no"] for page in paper.pages] for paper in outcome.papers}
    assert found == {
        "回访记录_未分配_城东支行.xlsx": ["V6"],
        "回访记录_何青_城东支行.xlsx": ["V3", "V2", "V4", "V1"],
        "回访记录_陆平_城东支行.xlsx": ["V5"],
        "回访记录_何青_城西支行.xlsx": ["V7"],
    }


def test_a_visitor_with_many_visits_gets_volumes():
    outcome = made(*(visit(f"V{number:03d}") for number in range(MOST_IN_A_FILE + 1)), by="visitor")
    assert [(paper.file_name, len(paper.pages)) for paper in outcome.papers] == [
        ("回访记录_何青_城东支行_第1册.xlsx", MOST_IN_A_FILE),
        ("回访记录_何青_城东支行_第2册.xlsx", 1),
    ]


# --- what it says ----------------------------------------------------------------------------------------------------


def test_the_page_tells_customer_loan_and_plan():
    loan = {
        "contract_no": "HT001", "product": "个人经营贷", "amount": 200000, "term_months": 12, "annual_rate": 4.35,
        "repayment_method": "等额本息", "purpose": "进货",
    }  # fmt: skip
    values = page(visit("V1"), loans=[loan])
    assert {name: values[name] for name in ("customer_name", "phone", "contract_no", "method", "visitor", "stage")} == {
        "customer_name": "林晓舟",
        "phone": "19900000001",
        "contract_no": "HT001",
        "method": "电话",
        "visitor": "何青",
        "stage": "使用",
    }
    assert values["amount"] == "200,000.00 元"
    assert values["terms"] == "12 个月，4.35%，等额本息"
    assert values["purpose"] == "进货"
    assert values["window"] == "2026-07-01 至 2026-09-30"
    assert values["scheduled"] == "2026-08-03"
    assert values["institution"] == "示例银行江州分行"
    assert (values["phone_minutes"], values["meeting_minutes"]) == ("2–40", "10–120")
    assert all(isinstance(text, str) for text in values.values())


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"state": v.MISSED}, "2026-08-03（逾期未访）"),
        ({"state": v.RESCHEDULED, "rescheduled_to": day("2026-08-20")}, "2026-08-20（已改期）"),
        ({"state": v.RESCHEDULED}, "2026-08-03（已改期）"),
        ({"rescheduled_to": day("2026-08-20")}, "2026-08-03"),
        ({"scheduled_on": None}, ""),
    ],
)
def test_the_planned_day_follows_the_state(changes, shown):
    assert page(visit("V1", **changes))["scheduled"] == shown


def test_an_overdue_visit_asks_for_reason_and_promise():
    values = page(visit("V1", visit_type=v.OVERDUE))
    assert "逾期原因" in values["focus"]
    assert "四、(二)4." in values["focus"]
    assert page(visit("V1"))["focus"] == ""


def test_a_visit_about_repayment_names_the_oldest_unpaid_instalment():
    rows = (
        ("HT001", 1, "2026-06-05", 900),
        ("HT001", 3, "2026-08-05", None),
        ("HT001", 2, "2026-07-05", 400),
        ("HT002", 1, "2026-05-05", None),
    )
    schedule = [
        {"contract_no": no, "instalment_no": nth, "due_on": day(due), "due_amount": 900, "paid_amount": paid}
        for no, nth, due, paid in rows
    ]
    assert page(visit("V1", visit_type=v.REMINDER), schedule=schedule)["instalment"] == (
        "最近一期未还：2026-07-05，500.00 元。"
    )
    assert page(visit("V1"), schedule=schedule)["instalment"] == ""
    assert page(visit("V1", visit_type=v.REMINDER))["instalment"] == ""


def test_visits_of_one_contact_name_each_other():
    rows = [
        visit("V1", merge_group="G"),
        visit("V2", merge_group="G", visit_type=v.REMINDER, contract_no="HT2"),
        visit("V3", merge_group="H"),
        visit("V4", merge_group="G", state=v.DONE),
        visit("V5", merge_group="G", visit_type=v.REMINDER),
        visit("V6", merge_group="G", visit_type=v.FIRST),
    ]
    papers = made(*rows).papers
    together = [paper.pages[0].values["together"] for paper in papers]
    assert together[0] == "合并联系，共 4 份记录，逐份填写，另有：还款提醒 V2、V5，首次回访 V6。"
    assert "V1" in together[1]
    assert together[2] == ""


def test_a_foreign_stage_falls_back_to_the_type():
    texts = form_texts(
        open_visits(
            tables(visit("V1", stage="?", visit_type=v.FIRST), visit("V2", stage="", visit_type="?"))["回访清单"].data
        ),
        tables()["贷款台账"].data,
        tables()["还款计划"].data,
        request(),
    )
    assert texts["stage"].tolist() == ["发放", "使用"]


def test_a_missing_institution_is_said():
    outcome = made(visit("V1"), institution="")
    assert "机构" in outcome.warnings[0]
    assert outcome.papers[0].pages[0].values["institution"] == "本机构"
    assert not made(visit("V1")).warnings


# --- names -----------------------------------------------------------------------------------------------------------

ANYTHING = st.text(max_size=300)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(ANYTHING, ANYTHING), min_size=1, max_size=4))
def test_names_are_valid_on_windows_short_and_distinct(numbers):
    rows = [visit(visit_no, contract_no=contract_no) for visit_no, contract_no in numbers]
    for kind in ("visit", "visitor"):
        papers = made(*rows, by=kind).papers
        names = [paper.file_name for paper in papers]
        assert len({name.casefold() for name in names}) == len(names)
        for paper in papers:
            assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', paper.file_name)
            assert len(paper.file_name) <= 200
            assert len(paper.file_name.encode()) <= 250
            assert not paper.file_name.removesuffix(".xlsx").endswith((".", " "))
            titles = [page.title for page in paper.pages]
            assert len({title.casefold() for title in titles}) == len(titles)
            assert all(0 < len(title) <= 31 and not re.search(r"[\[\]:*?/\\']", title) for title in titles)


@pytest.mark.parametrize(
    ("text", "part"),
    [("HT/2026:1", "HT_2026_1"), (" HT1. ", "HT1"), ("a" * 85, "a" * 85), ("", "")],
)
def test_parts_of_names(text, part):
    assert file_part(text) == part


def test_long_parts_keep_apart():
    one, other = file_part("a" * 86), file_part("a" * 87)
    assert one != other
    assert len(one) <= 85


@pytest.mark.parametrize("letter", ["a", "长"])
@pytest.mark.parametrize("by", ["visit", "visitor"])
def test_the_longest_names_are_short_enough(letter, by):
    long = letter * 2000
    rows = [visit(long + str(n), contract_no=long, visitor=long, branch=long) for n in range(MOST_IN_A_FILE + 1)]
    for paper in made(*rows, by=by, file_format="docx").papers:
        assert len(paper.file_name) <= 200
        assert len(paper.file_name.encode()) <= 250


def test_equal_names_are_told_apart_whatever_their_case():
    assert len({name.casefold() for name in distinct(["HT1", "ht1", "HT1"])}) == 3
    assert len({*tab_titles(["V" * 40, "V" * 41])}) == 2


def test_no_phone_or_name_in_the_file_name():
    (paper,) = made(visit("V1")).papers
    assert "199" not in paper.file_name
    assert "林晓舟" not in paper.file_name
