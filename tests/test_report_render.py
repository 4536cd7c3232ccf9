"""Templates and rendering: strict about the template, literal about the data (contract, section 6; issue 3).

- an unknown name, a misspelt or full-width tag is refused with the tag and its paragraph; so is what is no Word file.
- values appear letter for letter whatever they hold; the same paper gives the same bytes.
- the shipped template: GB/T 9704-2012 page, styles and numbers; valid Open XML; as built by the code.
"""

import io
import zipfile

import pytest
import reporting as r
from docx import Document
from docx.oxml.ns import qn
from lxml import etree
from openxml_audit import OpenXmlValidator, ValidationSeverity

from toolkit.generate import report_template
from toolkit.model.errors import ToolkitError
from toolkit.model.tables import Paper
from toolkit.reports.render import render


def _template(tmp_path, *paragraphs):
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    path = tmp_path / "模板.docx"
    document.save(path)
    return path


def _text(content):
    return "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("A<B & C>D", "A<B & C>D"),
        ("{{ title }} {% if %} {# x #}", "{{ title }} {% if %} {# x #}"),
        ("{_{ x }_} {_% y %_}", "{_{ x }_} {_% y %_}"),
        ("｛｛甲｝｝", "｛｛甲｝｝"),
        ("&amp; &lt; \"引\" '号'", "&amp; &lt; \"引\" '号'"),
        ("前\x00\x07\x0b\x1f后", "前后"),
        ("\ud83d坏代理", "坏代理"),
        ("𠮷野家😀", "𠮷野家😀"),
        ("一行\r\n二行\t栏", "一行\n二行\t栏"),
        ("  两端空格  ", "  两端空格  "),
        ("长" * 2000, "长" * 2000),
        (None, ""),
        (0, "0"),
    ],
    ids=range(13),
)
def test_values_survive_literally(tmp_path, value, shown):
    content = render(Paper("模板", "x.docx", {"value": value}), _template(tmp_path, "［{{ value }}］"))
    assert _text(content) == f"［{shown}］"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("姓名：{{ nobody }}", "模板标签“{{ nobody }}”无法识别"),
        ("{% if nobody %}{{ title }}{% endif %}", "模板标签“{% if nobody %}”无法识别"),
        ("{{ title.nothing }}", "模板标签“{{ title.nothing }}”无法识别"),
        ("{{ title }", "写法有误"),
        ("{% fro x in title %}", "写法有误"),
        ("｛｛title｝｝", "模板标签“｛｛”用了全角括号"),
        ("{{ title.__class__.__mro__ }}", "无法识别"),
        ("{{ title + 1 }}", "无法识别"),
    ],
)
def test_a_wrong_tag_is_refused_with_its_place(tmp_path, bad, said):
    path = _template(tmp_path, "{{ title }}", "第二段", bad)
    with pytest.raises(ToolkitError) as refused:
        render(Paper("模板", "x.docx", {"title": "题"}), path)
    assert said in str(refused.value)
    assert "模板.docx" in str(refused.value)
    if "全角" in said or "nobody" in bad:
        assert f"第 3 段“{bad}" in str(refused.value)


def test_an_unknown_tag_in_a_footer_or_table_is_found(tmp_path):
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = "{{ in_table }}"
    path = tmp_path / "模板.docx"
    document.save(path)
    with pytest.raises(ToolkitError, match="in_table"):
        render(Paper("模板", "x.docx", {}), path)
    document = Document()
    document.sections[0].footer.paragraphs[0].text = "{{ in_footer }}"
    document.save(path)
    with pytest.raises(ToolkitError, match="in_footer"):
        render(Paper("模板", "x.docx", {}), path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0 old or encrypted"])
def test_what_is_no_template_is_refused_by_name(tmp_path, content):
    path = tmp_path / "坏模板.docx"
    path.write_bytes(content)
    with pytest.raises(ToolkitError, match=r"坏模板\.docx.*不是可用的 Word 模板"):
        render(Paper("模板", "x.docx", {}), path)


def test_a_workbook_or_a_folder_given_as_template(tmp_path):
    path = tmp_path / "表.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("hello.txt", "x")
    with pytest.raises(ToolkitError, match="不是可用的 Word 模板"):
        render(Paper("模板", "x.docx", {}), path)
    with pytest.raises(ToolkitError, match="无法读取模板"):
        render(Paper("模板", "x.docx", {}), tmp_path)


def test_properties_hide_the_templates_editor(tmp_path):
    document = Document()
    document.core_properties.author = document.core_properties.last_modified_by = "某台电脑"
    document.core_properties.comments = document.core_properties.keywords = "内部"
    path = tmp_path / "模板.docx"
    document.save(path)
    content = render(Paper("模板", "x.docx", {"properties": {"title": "题<1>", "author": "行\x07&"}}), path)
    core = etree.fromstring(_contents(content)["docProps/core.xml"])
    texts = {etree.QName(element).localname: element.text for element in core}
    assert (texts["title"], texts["creator"], texts["lastModifiedBy"]) == ("题<1>", "行&", "行&")
    assert {etree.QName(element).namespace for element in core if etree.QName(element).localname == "revision"} == {
        "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
    }
    everything = b"".join(_contents(content).values()).decode("utf-8", "replace")
    assert "电脑" not in everything
    assert "内部" not in everything


@pytest.fixture(scope="module")
def papers():
    return [r.made(rows).papers[0] for rows in (r.quarter(), {})]


def test_same_paper_same_bytes(papers):
    assert r.Read(papers[0]).content == r.Read(papers[0]).content


def test_no_tag_is_left(papers):
    paper = r.made({}).papers[0]
    for name, part in r.Read(paper).parts().items():
        assert "{{" not in part, name
        assert "{%" not in part, name


@pytest.mark.parametrize("which", [0, 1], ids=["quarter", "empty"])
def test_the_report_is_valid_open_xml(papers, tmp_path, which):
    path = tmp_path / "报告.docx"
    path.write_bytes(r.Read(papers[which]).content)
    found = OpenXmlValidator().validate(path).errors
    assert [error for error in found if error.severity is ValidationSeverity.ERROR] == []


def test_the_shipped_template_is_what_the_code_builds():
    from toolkit.model.shipped import shipped

    built = report_template.build()
    assert built == report_template.build()
    kept = shipped("workbook_templates", f"{report_template.NAME}.docx").read_bytes()
    assert _contents(kept) == _contents(built)


def _contents(package):
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


@pytest.fixture(scope="module")
def template():
    return Document(io.BytesIO(report_template.build()))


def test_page(template):
    section = template.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 28, 35, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "580")
    assert template.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        line = footer.paragraphs[0]
        assert "".join(t.text for t in line._p.iter(qn("w:t"))) == "— 1 —"
        assert line._p.pPr.find(qn("w:jc")).get(qn("w:val")) == side


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体", 16),
        ("Heading 3", "仿宋", 16),
        ("报告正文", "仿宋", 16),
        ("表格文字", "宋体", 10.5),
        ("footer", "宋体", 14),
    ],
)
def test_styles(template, style, font, size):
    style = next(s for s in template.styles if s.name.lower() == style.lower())
    fonts = style.element.rPr.find(qn("w:rFonts"))
    assert {fonts.get(qn(f"w:{part}")) for part in ("ascii", "hAnsi", "cs", "eastAsia")} == {font}
    assert not any("Theme" in name for name in fonts.attrib)
    assert style.font.size.pt == size


def test_body_is_indented_two_characters(template):
    style = next(s for s in template.styles if s.name == "报告正文")
    assert style.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_tables_repeat_their_header_and_keep_rows_whole(template):
    assert template.tables
    for table in template.tables:
        header, *rows = table._tbl.tr_lst
        assert header.trPr.find(qn("w:tblHeader")) is not None
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in (header, *rows))
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        assert sum(widths) <= round(156 / 25.4 * 1440) + len(widths)


def test_fonts_have_substitutes():
    fonts = _contents(report_template.build())["word/fontTable.xml"].decode()
    for name in ("方正小标宋简体", "仿宋", "楷体", "黑体", "宋体"):
        assert f'<w:font w:name="{name}"><w:altName ' in fonts


def test_captions_hold_a_field(papers):
    document = r.Read(papers[0]).document
    captions = [p for p in document.paragraphs if p.style.name.lower() == "caption"]
    assert {caption.text[0] for caption in captions} == set("表图附")
    for caption in captions:
        code = "".join(element.text for element in caption._p.iter(qn("w:instrText")))
        label = caption.text.partition("  ")[0].rstrip("0123456789")
        assert code == f" SEQ {label} \\* ARABIC "
        kinds = [mark.get(qn("w:fldCharType")) for mark in caption._p.iter(qn("w:fldChar"))]
        assert kinds == ["begin", "separate", "end"]
