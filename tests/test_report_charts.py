"""The report's charts are Word's own: what they show is the figures, and they can be edited.

- 五、(二)2.: severity by month, completion by 网点, progress of the issues, indicators over time.
- 一、(三)4.: nothing personal in the embedded workbooks or the alternative text.
- The same paper gives the same bytes; a text that looks like a formula stays text.
"""

import datetime as dt
import io
import zipfile

import pytest
import reporting as r
from docx.oxml.ns import qn
from lxml import etree
from openxml_audit import ValidationSeverity
from openxml_audit.validator import OpenXmlValidator
from python_calamine import CalamineWorkbook

from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.tables import Chart, ChartKind
from toolkit.reports.charts import chart_workbook, chart_xml

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


class Drawn:
    """A chart read back from the package: categories, series, alternative text, workbook rows, caption below it."""

    def __init__(self, read, drawing, package):
        relations = etree.fromstring(package["word/_rels/document.xml.rels"])
        targets = {relation.get("Id"): relation.get("Target") for relation in relations}
        inner = next(drawing.iter(f"{C}chart"))
        self.name = targets[inner.get(qn("r:id"))].rsplit("/", 1)[-1]
        self.root = etree.fromstring(package[f"word/charts/{self.name}"])
        self.alternative = next(drawing.iter(qn("wp:docPr"))).get("descr")
        links = etree.fromstring(package[f"word/charts/_rels/{self.name}.rels"])
        (link,) = [x for x in links if x.get("Id") == self.root.find(f"{C}externalData").get(qn("r:id"))]
        self.workbook = package["word/embeddings/" + link.get("Target").rsplit("/", 1)[-1]]
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(self.workbook)).get_sheet_by_index(0)
        self.rows = sheet.to_python()
        paragraph = drawing.getparent().getparent().getnext()
        self.caption = "".join(t.text for t in paragraph.iter(qn("w:t")))

    @property
    def series(self):
        out = {}
        for ser in self.root.iter(f"{C}ser"):
            name = ser.findtext(f"{C}tx//{C}v")
            points = {int(p.get("idx")): float(p.findtext(f"{C}v")) for p in ser.find(f"{C}val").iter(f"{C}pt")}
            names = [p.findtext(f"{C}v") for p in ser.find(f"{C}cat").iter(f"{C}pt")]
            out[name] = {category: points.get(i) for i, category in enumerate(names)}
        return out


def drawn(read):
    with zipfile.ZipFile(io.BytesIO(read.content)) as archive:
        package = {name: archive.read(name) for name in archive.namelist()}
    charts = [Drawn(read, drawing, package) for drawing in read.document.element.iter(qn("w:drawing"))]
    return {chart.caption.partition("  ")[2]: chart for chart in charts}


@pytest.fixture(scope="module")
def read():
    return r.Read(r.made(r.quarter()).papers[0])


@pytest.fixture(scope="module")
def charts(read):
    return drawn(read)


def test_what_they_show(charts):
    assert {name: chart.series for name, chart in charts.items()} == {
        "各网点回访计划完成率": {v.PLAN_COMPLETION: {"城西支行": 0.0, "城东支行": 33.33}},
        "各月发现问题的严重程度": {
            "重大": {"7月": 0, "8月": 1, "9月": 0},
            "重要": {"7月": 0, "8月": 1, "9月": 0},
            "一般": {"7月": 0, "8月": 0, "9月": 1},
            "待定级": {"7月": 0, "8月": 0, "9月": 1},
        },
        "本期发现问题的处理进度": {"问题（项）": {"发现": 4, "已反馈": 2, "已完成整改": 1, "已销号": 1}},
        "考核指标变化": {
            v.PLAN_COMPLETION: {"2026年第2季度": 100.0, "2026年第3季度": 25.0},
            v.RECORD_ACCURACY: {"2026年第2季度": None, "2026年第3季度": 100.0},
            v.FEEDBACK_TIMELINESS: {"2026年第2季度": None, "2026年第3季度": 50.0},
            v.RESOLUTION_RATE: {"2026年第2季度": 0.0, "2026年第3季度": 0.0},
        },
    }


def test_captions_are_numbered_and_the_text_refers_to_them(read, charts):
    assert [chart.caption for chart in charts.values()] == [f"图{i}  {name}" for i, name in enumerate(charts, start=1)]
    for number in range(1, 5):
        assert any(f"图{number}" in line and not line.startswith("图") for line in read.paragraphs)


def test_the_workbook_behind_a_chart_holds_what_it_shows(charts):
    for chart in charts.values():
        header, *rows = chart.rows
        assert header[1:] == list(chart.series)
        for name, points in chart.series.items():
            column = header.index(name)
            assert {row[0]: None if row[column] == "" else row[column] for row in rows} == points


def test_alternative_text_says_the_numbers(charts):
    assert charts["本期发现问题的处理进度"].alternative.endswith("发现4项、已反馈2项、已完成整改1项、已销号1项。")
    assert "7月未发现；8月重大1项、重要1项；9月一般1项、待定级1项" in charts["各月发现问题的严重程度"].alternative
    assert charts["各网点回访计划完成率"].alternative.endswith("由低到高为城西支行0.00%、城东支行33.33%。")


def test_nothing_personal_and_no_trace_of_a_computer(charts):
    for chart in charts.values():
        with zipfile.ZipFile(io.BytesIO(chart.workbook)) as package:
            text = "".join(package.read(name).decode() for name in package.namelist())
        assert "江州农商行</dc:creator>" in text
        assert ">2026-09-30T00:00:00Z<" in text
        for secret in (*r.NAMES, r.PHONE, r.ID_NUMBER):
            assert secret not in text + chart.alternative


def test_nothing_to_draw_leaves_no_chart_and_no_part():
    read = r.Read(r.made({}).papers[0])
    assert not drawn(read)
    assert not [name for name in read.parts() if "chart" in name or "embeddings" in name]
    rows = r.quarter()
    rows[s.ISSUES] = []
    assert list(drawn(r.Read(r.made(rows).papers[0]))) == ["各网点回访计划完成率", "考核指标变化"]


def test_a_first_period_says_that_there_is_no_trend_yet():
    rows = r.quarter()
    rows[s.VISITS] = [row for row in rows[s.VISITS] if row["visit_no"] != "V5"]
    rows[s.ISSUES] = rows[s.ISSUES][:3]
    read = r.Read(r.made(rows).papers[0])
    assert "考核指标变化" not in drawn(read)
    assert "以往各期没有考核数据，暂不列变化趋势图。" in read.paragraphs


@pytest.mark.parametrize(
    ("period", "as_of", "months"),
    [
        ("2026-08", "2026-09-30", ["8月"]),
        ("2026Q3", "2026-08-31", ["7月", "8月"]),
        ("2025-12-01..2026-08-31", "2026-09-30", ["2025年12月", *(f"2026年{i}月" for i in range(1, 9))]),
        ("2020-01-01..2026-09-30", "2026-09-30", [f"{year}年" for year in range(2020, 2027)]),
    ],
)
def test_months_of_the_period(period, as_of, months):
    chart = r.made(r.quarter(), r.request(as_of, period)).papers[0].context["charts"]["months"]["drawing"]
    assert list(chart.categories) == months


NASTY = Chart(
    ChartKind.COLUMNS,
    '=1+1 & <"题">',
    ("=HYPERLINK(1)", "a&b<c>", "http://x.cn"),
    (("=SUM(A1)", (1.0, None, 3.0)), ("二", (0.0, 2.0, 1.0))),
    "说明",
)


def test_text_stays_text_in_the_workbook():
    content = chart_workbook(NASTY, "行", dt.date(2026, 9, 30))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows == [["", "=SUM(A1)", "二"], ["=HYPERLINK(1)", 1, 0], ["a&b<c>", "", 2], ["http://x.cn", 3, 1]]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
    assert content == chart_workbook(NASTY, "行", dt.date(2026, 9, 30))


@pytest.mark.parametrize("kind", ChartKind)
def test_every_kind_is_valid_open_xml(tmp_path, kind):
    from dataclasses import replace

    from toolkit.model.tables import Paper

    chart = replace(NASTY, kind=kind)
    tag = {"number": 1, "title": chart.title, "drawing": chart, "note": ""}
    paper = r.made({}).papers[0]
    context = paper.context | {"charts": dict.fromkeys(("completion", "months", "funnel", "trend"), tag)}
    read = r.Read(Paper(paper.template, paper.file_name, context))
    path = tmp_path / "图.docx"
    path.write_bytes(read.content)
    errors = [e for e in OpenXmlValidator().validate(path).errors if e.severity is ValidationSeverity.ERROR]
    assert errors == []
    assert len(list(read.document.element.iter(qn("w:drawing")))) == 4
    xml = chart_xml(chart, "rId1").decode()
    assert "宋体" in xml
    assert 'axId val="-' not in xml
