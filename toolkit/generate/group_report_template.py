"""workbook_templates/总行汇总报告.docx: head office's report (五、(二)); the tags' values are the context of
`toolkit.rules.office.group_report`."""

from docx.document import Document as DocumentObject
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from toolkit.generate.document_styles import ADDRESSEE, BODY, CAPTION, HEADINGS, SIGNATURE, SUBTITLE, TABLE_NOTE, TITLE
from toolkit.generate.official_document import (
    Column,
    document_bytes,
    each_paragraph,
    new_document,
    paragraph,
    table,
)
from toolkit.generate.report_tables import grade_columns, indicator_columns
from toolkit.rules.report.tables import UNMET_MARK

_NOTE = f"指标值下为分子/分母；标{UNMET_MARK}的未达目标；—为无应统计数据。"


def build() -> bytes:
    """The template's .docx; the same bytes on every run."""
    document = new_document()
    paragraph(document, "{{ title }}", TITLE)
    paragraph(document, "（{{ as_of }}）", SUBTITLE)
    paragraph(document, "", BODY)
    paragraph(document, "管理层及相关业务部门：", ADDRESSEE)
    each_paragraph(document, "opening")
    paragraph(document, "一、回访基本情况", HEADINGS[0])
    paragraph(document, "（一）收集情况", HEADINGS[1])
    each_paragraph(document, "texts.collected")
    paragraph(document, "（二）计划执行与回访结果", HEADINGS[1])
    each_paragraph(document, "texts.made")
    _table(document, "回访结果", "results", (
        Column("回访结果", "{{ row.name }}", 50),
        Column("笔数", "{{ row.count }}", 40),
        Column("占比", "{{ row.share }}", 40),
    ))  # fmt: skip
    _table(document, "按地区统计的考核指标", "region_rows", indicator_columns("地区"), _NOTE)
    paragraph(document, "二、发现的问题", HEADINGS[0])
    each_paragraph(document, "texts.found")
    _table(document, "问题按类别统计（项）", "categories", grade_columns("问题类别"))
    paragraph(document, "三、风险评估", HEADINGS[0])
    each_paragraph(document, "texts.pending")
    each_paragraph(document, "texts.clues")
    _table(document, "跨网点线索", "clues", (
        Column("线索", "{{ row.kind }}", 44, left=True),
        Column("共同之处", "{{ row.what }}", 56, left=True),
        Column("涉及网点", "{{ row.branches }}", 42, left=True),
        Column("数量", "{{ row.count }}", 14),
    ))  # fmt: skip
    paragraph(document, "四、整改建议", HEADINGS[0])
    each_paragraph(document, "texts.advice")
    paragraph(document, "五、考核指标", HEADINGS[0])
    _table(document, "全行考核指标", "indicators", (
        Column("指标", "{{ row.name }}", 46),
        Column("分子", "{{ row.numerator }}", 20),
        Column("分母", "{{ row.denominator }}", 20),
        Column("指标值", "{{ row.rate }}", 25),
        Column("目标值", "{{ row.target }}", 22),
        Column("结论", "{{ row.verdict }}", 23),
    ))  # fmt: skip
    paragraph(document, "", BODY)
    paragraph(document, "总行风险管理部门", SIGNATURE)
    paragraph(document, "{{ as_of }}", SIGNATURE)
    _region_pages(document)
    return document_bytes(document)


def _table(document: DocumentObject, title: str, rows: str, columns: tuple[Column, ...], note: str = "") -> None:
    paragraph(document, "{%p if " + rows + " %}")
    paragraph(document, title, CAPTION)
    table(document, columns, rows)
    paragraph(document, note, TABLE_NOTE)
    paragraph(document, "{%p endif %}")


def _region_pages(document: DocumentObject) -> None:
    paragraph(document, "{%p for region in regions %}")
    heading = paragraph(document, "附：{{ region.name }}", HEADINGS[0])
    heading._p.get_or_add_pPr().insert(1, parse_xml(f"<w:pageBreakBefore {nsdecls('w')}/>"))
    each_paragraph(document, "region.texts")
    _table(document, "各网点考核指标", "region.branches", indicator_columns("网点"), _NOTE)
    _table(document, "本地区问题按类别统计（项）", "region.categories", grade_columns("问题类别"))
    paragraph(document, "{%p endfor %}")
