"""workbook_templates/管理报告.docx: the management report's headings, tables and tags (五、(二); GB/T 9704-2012).

The tags' values are the context of `toolkit.steps.report`; headings and column titles live here only.
"""

from typing import Any

from docx.document import Document as DocumentObject
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from toolkit.generate.document_styles import ADDRESSEE, BODY, FIGURE, HEADINGS, SIGNATURE, SUBTITLE, TABLE_NOTE, TITLE
from toolkit.generate.official_document import (
    Column,
    caption,
    document_bytes,
    each_paragraph,
    new_document,
    paragraph,
    table,
)
from toolkit.generate.report_tables import APPENDICES, TABLES

NAME = "管理报告"


# Tables of running text, too tall to be kept on one page.
_FLOWING = ("ratings", "warnings", "remedies")


def build() -> bytes:
    """The template's .docx; the same bytes on every run."""
    document = new_document()
    _head(document)
    _part(document, "一、回访基本情况", (
        ("（一）计划执行情况", "plan", ("by_type", "by_method", "by_branch", "by_visitor"), "completion"),
        ("（二）回访记录与环节覆盖情况", "coverage", ("results", "coverage")),
        ("（三）客户满意度", "satisfaction", ()),
        ("（四）与上期、去年同期比较", "comparison", ("comparison",)),
    ))  # fmt: skip
    _part(document, "二、发现的问题", (
        ("（一）总体情况", "found", ("grades", "categories", "stages", "issue_branches"), "months"),
        ("（二）重大问题", "critical", ()),
        ("（三）典型重要问题", "major", ()),
        ("（四）意见建议与其他金融需求", "voice", ()),
    ))  # fmt: skip
    _part(document, "三、风险评估", (
        ("（一）评级", "rating", ("ratings",)),
        ("（二）逾期与集中度", "exposure", ("buckets", "products")),
        ("（三）预警名单", "warning", ("warnings",)),
    ))  # fmt: skip
    _part(document, "四、整改建议", (
        ("（一）问题整改", "remedy", ("remedies",), "funnel"),
        ("（二）回访管理", "management", ()),
        ("（三）业务策略", "strategy", ()),
    ))  # fmt: skip
    _part(document, "五、以往问题处理情况", (("", "earlier", ("earlier", "earlier_overdue")),))
    _part(document, "六、考核指标", (
        ("", "indicators", ("indicators", "branch_indicators", "visitor_indicators", "department_indicators"), "trend"),
    ))  # fmt: skip
    _signature(document)
    _appendices(document)
    return document_bytes(document)


def _head(document: DocumentObject) -> None:
    paragraph(document, "{{ title }}", TITLE)
    paragraph(document, "{{ institution }}", SUBTITLE)
    paragraph(document, "（{{ as_of }}）", SUBTITLE)
    paragraph(document, "", BODY)
    paragraph(document, "{{ addressee }}：", ADDRESSEE)
    each_paragraph(document, "opening")
    paragraph(document, "摘  要", HEADINGS[0])
    each_paragraph(document, "summary")


def _part(document: DocumentObject, heading: str, sections: tuple[tuple[Any, ...], ...]) -> None:
    """`sections`: sub-heading ("" for none), name of the paragraphs in `texts`, the tables that follow, and a chart."""
    paragraph(document, heading, HEADINGS[0])
    for title, texts, tables, *charts in sections:
        if title:
            paragraph(document, title, HEADINGS[1])
        each_paragraph(document, f"texts.{texts}")
        for name in tables:
            _table(document, "表", f"tables.{name}", *TABLES[name], long=name in _FLOWING)
        for name in charts:
            _chart(document, f"charts.{name}")


def _table(
    document: DocumentObject, label: str, tag: str, title: str, columns: tuple[Column, ...], *, long: bool = False
) -> None:
    paragraph(document, "{%p if " + tag + ".rows %}")
    caption(document, label, f"{tag}.number", title)
    table(document, columns, f"{tag}.rows", long=long)
    paragraph(document, "{{ " + tag + ".note }}", TABLE_NOTE)
    paragraph(document, "{%p endif %}")


def _chart(document: DocumentObject, tag: str) -> None:
    """The chart, its caption below it, and a note."""
    paragraph(document, "{%p if " + tag + ".number %}")
    paragraph(document, "{{r " + tag + ".drawing }}", FIGURE)
    caption(document, "图", f"{tag}.number", "{{ " + tag + ".title }}", below=True)
    paragraph(document, "{{ " + tag + ".note }}", TABLE_NOTE)
    paragraph(document, "{%p endif %}")


def _signature(document: DocumentObject) -> None:
    paragraph(document, "", BODY)
    paragraph(document, "{{ signature }}", SIGNATURE)
    paragraph(document, "{{ as_of }}", SIGNATURE)
    paragraph(document, "报送签收", HEADINGS[0])
    columns = (
        Column("报送对象", "{{ row.receiver }}", 56),
        Column("签收人", "", 34),
        Column("签收日期", "", 34),
        Column("备注", "", 32),
    )
    table(document, columns, "receivers")


def _appendices(document: DocumentObject) -> None:
    start = paragraph(document, "附表", HEADINGS[0])
    start._p.get_or_add_pPr().insert(1, parse_xml(f"<w:pageBreakBefore {nsdecls('w')}/>"))
    each_paragraph(document, "texts.appendix")
    for name, (title, columns) in APPENDICES.items():
        _table(document, "附表", f"appendices.{name}", title, columns, long=True)
