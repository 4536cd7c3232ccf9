"""Papers rendered from a compiled template: literal values, strict names, the same bytes, no traces of the computer."""

import io
import zipfile

import pytest
from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st

from toolkit.model import paper_kinds as k
from toolkit.model.errors import ToolkitError
from toolkit.model.shipped import shipped
from toolkit.model.tables import Paper
from toolkit.reports.compiled import CompiledTemplate, compiled
from toolkit.reports.render import _NOT_IN_XML


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> CompiledTemplate:
    document = Document()
    document.add_paragraph("［{{ value }}］")
    for text in ("{%p for line in lines %}", "〈{{ line }}〉", "{%p endfor %}"):
        document.add_paragraph(text)
    table = document.add_table(3, 1)
    for row, text in zip(table.rows, ("{%tr for row in rows %}", "｛{{ row.cell }}｝", "{%tr endfor %}"), strict=True):
        row.cells[0].text = text
    path = tmp_path_factory.mktemp("t") / "模板.docx"
    document.save(path)
    return CompiledTemplate(path)


def read(template: CompiledTemplate, value: object) -> tuple[str, str, str]:
    context = {"value": value, "lines": [value], "rows": [{"cell": value}]}
    document = Document(io.BytesIO(template.render(Paper("模板", "x.docx", context))))
    return document.paragraphs[0].text, document.paragraphs[1].text, document.tables[0].cell(0, 0).text


HOSTILE = st.text(st.sampled_from("{}%#_ &<>\"'｛｝%甲\n\t\r\x00\x0b\x0c\ud83d𠮷&;amp"), max_size=40) | st.text(
    max_size=60
)


@settings(max_examples=120, deadline=None)
@given(HOSTILE)
@example("{{ value }} {% if x %} {# y #} ｛｛甲｝｝ & < > &amp; ]]> {_{ }_}")
@example("长" * 2000)
@example("{% endfor %}{{ 7*7 }}{{ value.__class__ }}")
@example(" 两端空格\t\n")
def test_any_text_stands_there_letter_for_letter(template, text):
    shown = _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    assert read(template, text) == (f"［{shown}］", f"〈{shown}〉", f"｛{shown}｝")


@pytest.mark.parametrize(("value", "shown"), [(None, ""), (0, "0"), (1.5, "1.5"), ("", "")])
def test_other_values(template, value, shown):
    assert read(template, value)[0] == f"［{shown}］"


def test_same_paper_same_bytes_in_any_order(template):
    papers = [Paper("模板", "x.docx", {"value": n, "lines": [], "rows": []}) for n in "甲乙"]
    first = [template.render(paper) for paper in papers]
    assert [template.render(paper) for paper in reversed(papers)] == first[::-1]
    assert first[0] != first[1]


def test_properties_name_the_institution_only(template):
    context = {"value": "", "lines": [], "rows": [], "properties": {"title": "题<1>", "author": "行&"}}
    with zipfile.ZipFile(io.BytesIO(template.render(Paper("模板", "x.docx", context)))) as package:
        assert package.testzip() is None
        core, app = (package.read(f"docProps/{name}.xml").decode() for name in ("core", "app"))
    assert "<dc:creator>行&amp;</dc:creator>" in core
    assert "<dc:title>题&lt;1&gt;</dc:title>" in core
    assert "python-docx" not in core
    assert "<Company>行&amp;</Company>" in app


def own(tmp_path, *paragraphs: str):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    path = tmp_path / f"{k.NOTICE.name}.docx"
    document.save(path)
    return path


def test_a_wrong_name_in_an_own_template_is_refused_with_its_paragraph(tmp_path):
    path = own(tmp_path, "好", "编号 {{ issue_nr }}")
    with pytest.raises(ToolkitError, match=r"整改通知书\.docx 第 2 段.*名称“issue_nr”不在可用之列，是否应为 issue_no"):
        compiled(k.NOTICE.name, path)


def test_what_only_shows_with_the_data_is_refused_too(tmp_path):
    template = CompiledTemplate(own(tmp_path, "{{ issue_no + 1 }}"))
    with pytest.raises(ToolkitError, match=r"整改通知书\.docx"):
        template.render(Paper(k.NOTICE.name, "x.docx", {"issue_no": "W1"}))


def test_the_shipped_template_is_taken_where_there_is_no_own():
    text = Document(shipped("workbook_templates", f"{k.LETTER.name}.docx")).paragraphs[0].text
    context = dict.fromkeys(k.LETTER.documented, "甲")
    made = compiled(k.LETTER.name, None).render(Paper(k.LETTER.name, "x.docx", context))
    assert Document(io.BytesIO(made)).paragraphs[0].text == text == "致客户的一封信"
