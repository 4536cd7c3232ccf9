"""loanvisit lint (issue 9, item 4): every kind of mistake is named with its paragraph; a good template passes.

The mistakes people make in Word: a misspelt name, full-width braces, a tag half bold, text beside {%p %}, a loop that
is never closed or closed elsewhere, a {%tr %} outside a table.
"""

import io
import json

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit.cli.main import main
from toolkit.model.errors import ToolkitError
from toolkit.model.shipped import shipped
from toolkit.model.tables import Paper
from toolkit.model.template_names import NAMES, template_of
from toolkit.reports.compiled import CompiledTemplate
from toolkit.reports.lint import faults

KNOWN = {"title": "", "flag": "", "lines[]": "", "rows[].name": "", "rows[].parts[].size": ""}
Cells = tuple[tuple[str, ...], ...]


def written(tmp_path, *paragraphs: str | Cells, name: str = "整改通知书.docx"):
    document = Document()
    for content in paragraphs:
        if isinstance(content, str):
            document.add_paragraph(content)
            continue
        table = document.add_table(len(content), len(content[0]))
        for row, texts in zip(table.rows, content, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    path = tmp_path / name
    document.save(path)
    return path


GOOD: dict[str, tuple[str | Cells, ...]] = {
    "plain": ("{{ title }} 与 {{title}}",),
    "loop of paragraphs": ("{%p for line in lines %}", "{{ line }}", "{%p endfor %}"),
    "loop of rows": (
        (("{%tr for row in rows %}", ""), ("{{ row.name }}", "{{ loop.index }}"), ("{%tr endfor %}", "")),
    ),
    "within a paragraph": ("{% if flag %}{{ title }}{% elif title %}甲{% else %}乙{% endif %}",),
    "nested": (
        "{%p for row in rows %}", "{%p for part in row.parts %}", "{{ part.size }}", "{%p endfor %}", "{%p endfor %}",
    ),
    "own name": ("{% set x = title %}{{ x }}{% for a in lines %}{{ a|upper }}{% endfor %}",),
    "curled quotes": ("{{ title or “无” }}",),
    "comment": ("{# 说明 #}{{ title }}",),
    "set phrases": ("100% 的 {甲} 和 ｛乙｝",),
    "cells that come and go": ((("{%tc for row in rows %}", "{{ row.name }}", "{%tc endfor %}"),),),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_good_templates_pass(tmp_path, name):
    assert [str(fault) for fault in faults(written(tmp_path, *GOOD[name]), KNOWN)] == []


BAD: dict[str, tuple[tuple[str | Cells, ...], int, str]] = {
    "unknown name": (("好", "{{ titel }}"), 2, "名称“titel”不在可用之列，是否应为 title"),
    "unknown name in a test": (("{% if nobody %}甲{% endif %}",), 1, "名称“nobody”"),
    "name of another loop": (("{%p for row in rows %}", "{{ row.size }}", "{%p endfor %}"), 2, "名称“rows.size”"),
    "item taken as text's part": (("{% for line in lines %}{{ line.name }}{% endfor %}",), 1, "名称“lines.name”"),
    "after the loop": (("{%p for row in rows %}", "甲", "{%p endfor %}", "{{ row.name }}"), 4, "名称“row.name”"),
    "full width": (("甲", "｛｛ title ｝｝"), 2, "用了全角括号"),
    "half full width": (("{｛title}}",), 1, "全角"),
    "full width block": (("｛% if flag %｝",), 1, "全角"),
    "not closed": (("{{ title }",), 1, "没有配成一对"),
    "across paragraphs": (("{{ ti", "tle }}"), 1, "没有配成一对"),
    "text beside": (("{%p if flag %}甲", "乙", "{%p endif %}"), 1, "与别的文字同在一段"),
    "loop never closed": (("{%p for line in lines %}", "{{ line }}"), 1, "没有结尾"),
    "closed without beginning": (("甲", "{%p endfor %}"), 2, "前面没有配对的 for"),
    "crossed": (("{%p for line in lines %}", "{%p if flag %}", "{%p endfor %}", "{%p endif %}"), 3, "没有配对"),
    "different places": (("{%p if flag %}", "甲", "{% endif %}"), 3, "写法不一致"),
    "plain loop over paragraphs": (("{% for line in lines %}", "{{ line }}", "{% endfor %}"), 3, "不在同一段"),
    "from a cell to the body": (((("{%p if flag %}",),), "{%p endif %}"), 2, "不在同一层"),
    "row tag outside tables": (("{%tr for row in rows %}", "{%tr endfor %}"), 1, "不在表格中"),
    "two row tags in a row": (((("{%tr for row in rows %}", "{%tr endfor %}"),),), 1, "几个 {%tr 标签"),
    "text beside a row's tag": (
        ((("{%tr for row in rows %}", "甲"), ("{{ row.name }}", ""), ("{%tr endfor %}", "")),),
        1,
        "同在一个表格行",
    ),
    "text beside a cell's tag": (((("{%tc for row in rows %}甲", "乙", "{%tc endfor %}"),),), 1, "同在一个单元格"),
    "rows of two tables": (((("{%tr for row in rows %}",),), "", (("{%tr endfor %}",),)), 3, "不在同一张表"),
    "unknown word": (("{% fro x in lines %}",), 1, "写法有误"),
    "unknown filter": (("甲", "{{ title|nothing }}"), 2, "写法有误"),
    "not readable": (("{{ title + }}",), 1, "写法有误"),
    "else of nothing": (("{% else %}",), 1, "前面没有开头"),
}


@pytest.mark.parametrize("name", BAD)
def test_mistakes_are_named_with_their_paragraph(tmp_path, name):
    content, number, said = BAD[name]
    found = faults(written(tmp_path, *content), KNOWN)
    assert any(fault.paragraph == number and said in str(fault) for fault in found), [str(fault) for fault in found]


def test_a_tag_half_bold_is_found_and_one_cut_by_word_is_not(tmp_path):
    document = Document()
    good, bad = document.add_paragraph("甲"), document.add_paragraph()
    for text in ("{{ ti", "tle }}"):  # as Word keeps what was typed in two sittings
        good.add_run(text)
    bad.add_run("{{ ti").bold = True
    bad.add_run("tle }}")
    broken = document.add_paragraph("{{ ti")
    broken.runs[0].add_break()
    broken.add_run("tle }}")
    path = tmp_path / "模板.docx"
    document.save(path)
    assert [(fault.paragraph, fault.what.rpartition("”")[2]) for fault in faults(path, KNOWN)] == [
        (2, "中间格式不一致"),
        (3, "被换行、制表符或域隔断"),
    ]


def test_headers_and_footers_are_looked_at(tmp_path):
    document = Document()
    document.add_paragraph("{{ title }}")
    document.sections[0].footer.paragraphs[0].text = "{{ nobody }}"
    path = tmp_path / "模板.docx"
    document.save(path)
    assert [fault.paragraph for fault in faults(path, KNOWN)] == [2]


@pytest.mark.parametrize(
    ("stem", "kind"),
    [
        ("整改通知书", "整改通知书"),
        ("整改通知书（修改）", "整改通知书"),
        ("某支行管理报告2026", "管理报告"),
        ("信", None),
    ],
)
def test_the_kind_is_told_by_the_file_name(stem, kind):
    assert template_of(stem) == kind


PIECES = st.sampled_from(
    ["{{ title }}", "{{ line }}", "{{ row.name }}", "{{ titel }}", "{%p for line in lines %}", "{%p endfor %}",
     "{%p if flag %}", "{%p endif %}", "{%tr for row in rows %}", "{%tr endfor %}", "{% if flag %}", "{% else %}",
     "{% endif %}", "{{", "}}", "{% for line in lines %}", "{% endfor %}", "甲", "｛｛", "{{ title|nothing }}",
     "{# x #}", "{%tc for row in rows %}"]
)  # fmt: skip
PARAGRAPH = st.lists(PIECES, min_size=1, max_size=3).map("".join)
CONTENT = PARAGRAPH | st.lists(st.tuples(PARAGRAPH), min_size=1, max_size=3).map(tuple)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*GOOD.values()]) | CONTENT.map(lambda one: (one,)), min_size=1, max_size=3))
def test_what_passes_can_be_rendered(tmp_path, blocks):
    """No mistake slips through: where nothing is found the template renders, and no tag is left."""
    path = written(tmp_path, *(content for block in blocks for content in block))
    if faults(path, KNOWN):
        return
    context = {"title": "题", "flag": "是", "lines": ["一", "二"], "rows": [{"name": "名", "parts": []}]}
    made = Document(io.BytesIO(CompiledTemplate(path).render(Paper("整改通知书", "x.docx", context))))
    text = "".join(t.text or "" for t in made.element.body.iter("{*}t"))
    assert "{{" not in text
    assert "{%" not in text


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["lint", *arguments])
    return ended.value.code


def test_the_command(tmp_path, capsys):
    shipped_ones = [str(shipped("workbook_templates", f"{name}.docx")) for name in NAMES]
    assert run(*shipped_ones) == 0
    assert f"{len(NAMES)} 个模板没有错误" in capsys.readouterr().out
    bad = str(written(tmp_path, "甲", "{{ issue_nr }}"))
    assert run(bad, *shipped_ones) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "整改通知书.docx 第 2 段“{{ issue_nr }}”：名称“issue_nr”不在可用之列，是否应为 issue_no。" in told.err
    assert run(bad, "--json") == 2
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["counts"]) == (False, {"模板": 1, "错误": 1})


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("某信.docx", (), "看不出是哪一种模板"),
        ("某信.docx", ("--kind", "奖状"), "没有“奖状”这种模板"),
        ("没有这个.docx", ("--kind", "整改通知书"), "无法读取模板"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(tmp_path, capsys, name, more, said):
    path = tmp_path / name if name.startswith("没有") else written(tmp_path, "甲", name=name)
    assert run(str(path), *more) == 2
    assert said in capsys.readouterr().err


def test_no_word_file(tmp_path):
    path = tmp_path / "坏.docx"
    path.write_bytes(b"PK no")
    with pytest.raises(ToolkitError, match="不是可用的 Word 模板"):
        faults(path, KNOWN)
