"""Papers beside the report (issue 9, item 2): which rows become which paper, what stands on it, and for whose eyes.

- every kind: one paper per row or unit, none and a sentence where there are no rows
- the customer's own name in full only where the paper is for work on him; other names, phones and ID numbers never
- file names valid on Windows, with the number of what the paper is about
- every template uses documented names only, and every context holds all documented names
"""

import io
import re
from dataclasses import replace

import pandas as pd
import pytest
import reporting as r
from docx import Document
from openxml_audit import OpenXmlValidator, ValidationSeverity

from toolkit.generate import paper_templates
from toolkit.model import paper_kinds as k
from toolkit.model import sheets as s
from toolkit.model.errors import ToolkitError
from toolkit.model.paper_kinds import KINDS
from toolkit.model.template_names import NAMES, is_known
from toolkit.reports.compiled import CompiledTemplate
from toolkit.reports.lint import faults
from toolkit.rules.papers.contents import CONTENTS
from toolkit.rules.papers.gathered import Customers, urgings
from toolkit.steps.papers import papers

LIN, FIRM, OU = r.NAMES


def rows() -> r.Rows:
    """The quarter of `reporting`, with what the papers need besides."""
    out = r.quarter()
    issues = {issue["issue_no"]: issue for issue in out[s.ISSUES]}
    issues["W1"] |= {"supervision": "通报：整改 2026-09-15 到期，逾期 10 个工作日；催办：上报 2026-10-08 到期"}
    issues["W2"] |= {"supervision": "催办：整改 2026-10-14 到期", "escalation_due_on": r.day("2026-08-26")}
    out[s.VISITS] += [
        r.visit(
            "V7", "HT001", "定期回访", "使用", "2026-09-29", "待回访", method="面谈", scheduled_on=r.day("2026-09-28")
        ),
        r.visit("V8", "HT001", "还款提醒", "还款", "2026-10-15", "待回访"),
    ]
    out[s.SPOT_CHECKS] = [
        {"sample_no": "CC1", "visit_no": "V1", "visitor": "何青", "sample_reason": "随机", "use_1": "否",
         "verdict": "错记", "note": f"{OU}说电话{r.PHONE}是{LIN}的"},
        {"sample_no": "CC2", "visit_no": "V5", "visitor": "何青"},  # the record was made before the period
        {"sample_no": "CC3", "visit_no": "不存在", "visitor": "陆平"},
    ]  # fmt: skip
    out[s.INDICATORS] = [
        {"object_kind": kind, "object_name": name, "period": "2026Q3", "indicator": "回访计划完成率", "numerator": 1,
         "denominator": 4, "rate": 0.25, "target": 95, "verdict": "未达标"}
        for kind, name in (("回访人员", "何青"), ("回访人员", "无名氏"), ("机构", "江州农商行"))
    ]  # fmt: skip
    return out


def made(given: r.Rows | None = None, *kinds: k.PaperKind, **changes):
    request = replace(r.request(), kinds=tuple(kind.name for kind in kinds), **changes)
    return papers(r.tables(rows() if given is None else given), request)


def keys(*kinds: k.PaperKind, given: r.Rows | None = None, **changes) -> list[str]:
    return [p.file_name.removesuffix(".docx").partition("_")[2] for p in made(given, *kinds, **changes).papers]


@pytest.fixture(scope="module")
def rendered() -> dict[str, tuple[str, bytes, dict]]:
    """The first paper of every kind: text, file and context, by kind."""
    templates, out = {}, {}
    for paper in made().papers:
        if paper.template not in out:
            templates[paper.template] = CompiledTemplate(r_template(paper.template))
            content = templates[paper.template].render(paper)
            out[paper.template] = (text_of(content), content, paper.context)
    return out


def r_template(name):
    from toolkit.model.shipped import shipped

    return shipped("workbook_templates", f"{name}.docx")


def text_of(content: bytes) -> str:
    body = Document(io.BytesIO(content)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in body.iter("{*}p"))


# Which rows ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (k.NOTICE, ["W1", "W2"]),  # W4 was found before the period, W6 judged 无问题, W7 has no grade yet
        (k.URGING, ["W1"]),
        (k.ESCALATION, ["W2"]),
        (k.INVESTIGATION, ["W2"]),
        (k.PLAN, ["城东支行", "城西支行"]),
        (k.INTERVIEW, ["V7", "V2"]),
        (k.SPOT_CHECK, ["CC1_V1", "CC3_不存在"]),
        (k.INDICATORS, ["何青"]),
        (k.LETTER, ["V3", "V2", "V7"]),
    ],
    ids=lambda value: value.name if isinstance(value, k.PaperKind) else "",
)
def test_which_rows_become_papers(kind, expected):
    assert sorted(keys(kind)) == sorted(expected)


def test_a_closed_issue_gets_no_notice_but_is_still_reported():
    given = rows()
    for issue in given[s.ISSUES]:
        issue["state"] = "已销号"
    assert keys(k.NOTICE, given=given) == []
    assert keys(k.ESCALATION, given=given) == ["W2"]


@pytest.mark.parametrize(("state", "next_step"), [("整改中", "成立专项调查组"), ("已销号", "本问题已了结")])
def test_a_report_on_a_closed_issue_announces_no_investigation(state, next_step):
    given = rows()
    for issue in given[s.ISSUES]:
        issue["state"] = state
    (paper,) = made(given, k.ESCALATION).papers
    assert next_step in paper.context["next_step"]
    assert ("成立专项调查组" in paper.context["next_step"]) == (state == "整改中")


@pytest.mark.parametrize(
    ("found_on", "expected"), [("2026-06-30", 0), ("2026-07-01", 1), ("2026-09-30", 1), ("2026-10-01", 0)]
)
def test_the_period_ends_with_its_last_day(found_on, expected):
    given = rows()
    given[s.ISSUES] = [r.issue("W1", "V1", "HT001", LIN, "逾期", "重大", found_on)]
    assert len(keys(k.NOTICE, given=given)) == expected
    assert len(keys(k.ESCALATION, given=given)) == expected


def test_what_a_person_graded_counts():
    given = rows()
    given[s.ISSUES][0]["manual_grading"] = "重大"
    assert keys(k.ESCALATION, given=given) == ["W1", "W2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("催办：整改 2026-10-14 到期", []),
        ("督办：整改 2026-09-15 到期，逾期 3 个工作日", ["督办：整改 2026-09-15 到期，逾期 3 个工作日"]),
        ("通报：甲；催办：乙；督办：丙", ["通报：甲", "督办：丙"]),
        ("请督办：此事", []),
    ],
)
def test_urgings(text, expected):
    assert urgings(text) == expected


def test_no_rows_no_papers_but_a_sentence_each():
    outcome = made({})
    assert outcome.papers == []
    assert outcome.summary == "2026Q3：没有可以生成的文书"
    assert outcome.details == [f"{kind.name}：{kind.nothing}" for kind in KINDS]
    assert set(outcome.counts.values()) == {0}


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(ToolkitError, match=r"没有“奖状”这种文书.*整改通知书"):
        papers(r.tables(rows()), replace(r.request(), kinds=("整改通知书", "奖状")))


def test_missing_department_and_strange_visitors_are_told():
    warnings = "；".join(made().warnings)
    assert "1 份整改通知书的问题没有填写责任部门" in warnings
    assert "考核指标中的 无名氏 不在“回访人员”表中" in warnings
    assert "首页没有填写机构" in "；".join(made(institution="").warnings)


# For whose eyes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", made().papers, ids=lambda paper: paper.file_name)
def test_personal_data(paper):
    """No phone and no ID number anywhere; other customers' names never; his own only where the kind says so."""
    said = repr(paper.context)
    assert r.PHONE not in said
    assert r.ID_NUMBER not in said
    kind = k.BY_NAME[paper.template]
    own = paper.context.get("customer", "")
    for name in (LIN, FIRM, OU):
        assert name not in said or (kind.full_names and name == own), name


def test_own_name_stays_in_quoted_words_and_other_names_go():
    customers = Customers([LIN, OU, "欧阳明"], [f"{OU}替{LIN}还款，找欧阳明"])
    assert customers.text(f"{OU}替{LIN}还款，找欧阳明", OU) == f"{OU}替林*还款，找欧*"
    assert customers.text(f"{OU}替{LIN}还款") == "欧*替林*还款"


def test_a_spot_check_masks_the_phone_and_shows_both_answers(rendered):
    text, _, context = rendered["抽查核实单"]
    assert "199****1234" in text
    assert [(q["recorded"], q["again"]) for q in context["questions"]] == [("是", "否"), ("是", ""), ("是", "")]
    assert LIN in text  # his own
    assert "欧阳*" in text or "欧*" in text


# What stands on it ----------------------------------------------------------------------------------------------------


def test_every_kind_has_a_rule_and_a_template():
    assert [kind for kind, _ in CONTENTS] == list(KINDS)
    assert list(paper_templates.TEMPLATES) == [kind.name for kind in KINDS]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_contexts_hold_what_is_documented(rendered, kind):
    context = {name: value for name, value in rendered[kind.name][2].items() if name != "properties"}
    assert {path.split("[")[0] for path in kind.documented} == set(context)
    for name, value in context.items():
        if isinstance(value, list):
            assert value, f"{kind.name}: {name} is empty in the example"
            for item in value:
                inner = [f"{name}[].{key}" for key in item] if isinstance(item, dict) else [f"{name}[]"]
                assert set(inner) == {path for path in kind.documented if path.startswith(f"{name}[]")}


@pytest.mark.parametrize("name", NAMES)
def test_shipped_templates_use_documented_names(name):
    assert faults(r_template(name), NAMES[name]) == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_papers_are_whole_and_valid(rendered, kind, tmp_path):
    text, content, context = rendered[kind.name]
    left = [tag for tag in re.findall(r"\{[{%].*?[%}]\}", text_of(r_template(kind.name).read_bytes())) if tag in text]
    assert left == []
    assert not re.search(r"\b(None|nan|NaT)\b", text)
    assert context["signature"] == "江州农商行风险管理部门"
    path = tmp_path / "x.docx"
    path.write_bytes(content)
    found = OpenXmlValidator().validate(path).errors
    assert [error for error in found if error.severity is ValidationSeverity.ERROR] == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (k.NOTICE, ["整改通知书", "公司业务部：", "六、(二)2.", "整改时限：2026年9月15日", OU, "还款困难"]),
        (k.URGING, ["通报单", "现予通报", "通报：整改 2026-09-15 到期，逾期 10 个工作日"]),
        (k.ESCALATION, ["关于虚假资料/欺诈问题的专报", "上级主管部门：", "客户欧*", "按规定应于2026年8月26日前上报"]),
        (k.INVESTIGATION, ["重大问题专项调查卷宗", "卷内目录", "贷款资金流向凭证"]),
        (k.PLAN, ["（城东支行，2026年第3季度）", "共有待执行回访2笔，涉及客户2户：定期回访1笔、逾期回访1笔", "林*"]),
        (k.INTERVIEW, ["面谈记录", "是否按合同约定用途使用，未挪作他用", "2026年9月28日", LIN]),
        (k.INDICATORS, ["何青同志：", "25.00%", "95%", "你本期的回访计划完成率未达标"]),
        (k.LETTER, [f"尊敬的{LIN}：", "不收取任何费用"]),
    ],
    ids=lambda value: value.name if isinstance(value, k.PaperKind) else "",
)
def test_words(rendered, kind, words):
    text = rendered[kind.name][0]
    assert [word for word in words if word not in text] == []


def test_an_interview_that_was_made_shows_its_answers():
    given = rows()
    given[s.RECORDS].append(
        r.record("V7", "HT001", LIN, "2026-09-28", "成功", method="面谈", use_1="是", use_2="否", use_3="是",
                 minutes=25, content="看了现场", feedback=f"{OU}介绍来的")
    )  # fmt: skip
    paper = next(p for p in made(given, k.INTERVIEW).papers if "V7" in p.file_name)
    assert [q["answer"] for q in paper.context["questions"]] == ["是", "否", "是"]
    assert (paper.context["visited_on"], paper.context["minutes"]) == ("2026年9月28日", "25")
    assert paper.context["feedback"] == "欧*介绍来的"


def test_plan_totals_add_up():
    for paper in made(None, k.PLAN).papers:
        *parts, whole = paper.context["totals"]
        for name in ("phone", "meeting", "questionnaire", "total", "late"):
            assert sum(part[name] for part in parts) == whole[name]
        assert whole["total"] == len(paper.context["visits"]) == paper.context["count"]


# Names of files -------------------------------------------------------------------------------------------------------


def test_file_names_are_valid_on_windows_and_distinct():
    given = rows()
    given[s.ISSUES] = [
        r.issue(number, "V1", "HT001", LIN, "逾期", "重大", "2026-09-10")
        for number in ('a/b:c*?"<>|', "a/b:c*?\"<>'", "长" * 300, "长" * 299, "CON", "尾. ")
    ]
    names = [p.file_name for p in made(given, k.NOTICE).papers]
    assert len({name.casefold() for name in names}) == len(names) == 6
    for name in names:
        assert len(name) <= 200
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        assert not name.removesuffix(".docx").endswith((" ", "."))
    assert {p.folder for p in made(given, k.NOTICE).papers} == {"文书_2026Q3"}


def test_an_issue_without_a_number_is_filed_under_its_visit_or_contract():
    given = rows()
    given[s.ISSUES] = [r.issue("", visit_no, "HT001", LIN, "逾期", "重大", "2026-09-10") for visit_no in ("V1", "")]
    assert sorted(keys(k.NOTICE, given=given)) == ["HT001", "V1"]


def test_same_rows_same_papers():
    """Also when a sheet's rows were sorted otherwise."""
    given = rows()
    for sheet in (s.ISSUES, s.VISITS, s.RECORDS):
        given[sheet] = given[sheet][::-1]
    one = sorted((p.file_name, repr(p.context)) for p in made().papers)
    other = sorted((p.file_name, repr(p.context)) for p in made(given).papers)
    assert one == other


def test_the_workbook_is_left_alone():
    assert made().edits == []


def test_is_known():
    names = {"a": "", "rows[].name": "", "texts.*[]": ""}
    assert all(
        is_known(path, names) for path in ("a", "rows", "rows[]", "rows[].name", "texts", "texts.x", "texts.x[]")
    )
    assert not any(is_known(path, names) for path in ("b", "a.b", "rows.name", "rows[].other", "texts.x.y", "a[]"))


def test_dates_of_blank_cells_stay_blank():
    given = rows()
    given[s.VISITS] = [{"visit_no": "V9", "contract_no": "HT001", "method": "面谈", "due_on": r.day("2026-09-30")}]
    paper = made(given, k.INTERVIEW).papers[0]
    assert (paper.context["window"], paper.context["scheduled"]) == ("2026-09-30", "")
    assert pd.isna(r.tables(given)[s.VISITS.title].data["scheduled_on"].iloc[0])
