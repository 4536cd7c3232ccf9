"""A `Chart` as a native Word chart: chart part, embedded workbook to edit it with, and the drawing in the text.

python-pptx writes the chart XML and lays out the workbook; what Word needs beyond that (Chinese font, colours, labels,
the link to the workbook) is added here. The workbook holds what the chart shows and nothing else.
"""

import datetime as dt
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from lxml import etree
from markupsafe import Markup
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.enum.chart import XL_CHART_TYPE

from toolkit.model.office_package import core_properties, extended_properties, pinned
from toolkit.model.tables import Chart, ChartKind

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = {
    ChartKind.COLUMNS: XL_CHART_TYPE.COLUMN_CLUSTERED,
    ChartKind.STACKED: XL_CHART_TYPE.COLUMN_STACKED,
    ChartKind.BARS: XL_CHART_TYPE.BAR_CLUSTERED,
    ChartKind.LINES: XL_CHART_TYPE.LINE_MARKERS,
}
_FONT = "宋体"
_COLOURS = ("1F4E79", "C55A11", "7F7F7F", "538135", "7030A0", "BF9000")
_MARKERS = ("circle", "square", "triangle", "diamond", "x", "star")
# EMU; as wide as the text (156 mm).
_WIDTH, _MM = 5_616_000, 36_000
_HEIGHT, _BAR, _BARS_LEAST = 70 * _MM, 7 * _MM, 34 * _MM


class Drawing:
    """What a tag prints for a chart. Its parts join the document when it is printed, so an unused chart leaves none."""

    def __init__(self, document_part: Any, chart: Chart, author: str, date: dt.date) -> None:
        self._document_part, self._chart, self._author, self._date = document_part, chart, author, date

    def __html__(self) -> Markup:
        package = self._document_part.package
        taken = {str(part.partname) for part in package.iter_parts()}
        number = next(n for n in range(1, 1000) if f"/word/charts/chart{n}.xml" not in taken)
        workbook = Part(
            PackURI(f"/word/embeddings/chart{number}.xlsx"),
            CT.SML_SHEET,
            chart_workbook(self._chart, self._author, self._date),
            package,
        )
        part = Part(PackURI(f"/word/charts/chart{number}.xml"), CT.DML_CHART, b"", package)
        part._blob = chart_xml(self._chart, part.relate_to(workbook, RT.PACKAGE))
        return Markup(_inline(self._chart, self._document_part.relate_to(part, RT.CHART)))


def _inline(chart: Chart, relation: str) -> str:
    height = max(_BARS_LEAST, _BAR * (len(chart.categories) + 1)) if chart.kind is ChartKind.BARS else _HEIGHT
    # docxtpl numbers every docPr anew.
    return (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        f'distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{_WIDTH}" cy="{height}"/>'
        f'<wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr id="1" name={quoteattr(chart.title)} '
        f"descr={quoteattr(chart.alternative)}/><wp:cNvGraphicFramePr/>"
        f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_C}"><c:chart xmlns:c="{_C}" xmlns:r="{_R}" '
        f'r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def chart_workbook(chart: Chart, author: str, date: dt.date) -> bytes:
    """The .xlsx behind the chart; the same bytes for the same chart."""
    properties = {
        "docProps/core.xml": core_properties(chart.title, author, date),
        "docProps/app.xml": extended_properties(author),
    }
    return pinned(_Workbook(_data(chart)).xlsx_blob, lambda name, part: properties.get(name, part))


class _Workbook(CategoryWorkbookWriter):
    """Texts stay texts, whatever they begin with."""

    def _write_cat_column(self, worksheet: Any, col: int, level: Any, num_format: Any) -> None:
        worksheet.set_column(col, col, 18)
        for offset, name in level:
            worksheet.write_string(offset + 1, col, name)

    def _write_series(self, workbook: Any, worksheet: Any) -> None:
        for column, series in enumerate(self._chart_data, start=1):
            worksheet.write_string(0, column, series.name)
            number_format = workbook.add_format({"num_format": series.number_format})
            worksheet.write_column(1, column, series.values, number_format)


def _data(chart: Chart) -> CategoryChartData:
    data = CategoryChartData(chart.number_format)
    data.categories = list(chart.categories)
    for name, values in chart.series:
        data.add_series(name, values)
    return data


def chart_xml(chart: Chart, relation: str) -> bytes:
    """The chart part; `relation` is the id of its link to the workbook."""
    # Axis ids are unsigned for Word.
    xml = ChartXmlWriter(_TYPES[chart.kind], _data(chart)).xml.replace('val="-2', 'val="2')
    root: Any = etree.fromstring(xml.encode(), etree.XMLParser(remove_blank_text=True, resolve_entities=False))
    root.find(_c("date1904")).addnext(_element("<c:roundedCorners val='0'/>"))
    body = root.find(_c("chart"))
    body.find(_c("autoTitleDeleted")).set("val", "1")
    plot = next(element for element in body.find(_c("plotArea")) if element.find(_c("ser")) is not None)
    for index, series in enumerate(plot.iter(_c("ser"))):
        _dress(series, index, chart)
    if chart.kind is not ChartKind.LINES:
        anchor = plot.find(_c("overlap")) if plot.find(_c("overlap")) is not None else plot.find(_c("axId"))
        anchor.addprevious(_element("<c:gapWidth val='60'/>"))
    _dress_axes(body.find(_c("plotArea")), chart)
    _dress_legend(body, chart)
    root.remove(root.find(_c("txPr")))
    root.append(_element("<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"))
    root.append(_element(_run_properties("000000")))
    root.append(_element(f"<c:externalData r:id='{relation}'><c:autoUpdate val='0'/></c:externalData>"))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _dress(series: Any, index: int, chart: Chart) -> None:
    colour = (chart.colours or _COLOURS)[index % len(chart.colours or _COLOURS)]
    fill = f"<a:solidFill><a:srgbClr val='{colour}'/></a:solidFill>"
    anchor = series.find(_c("tx"))
    if chart.kind is ChartKind.LINES:
        pieces = [
            f"<c:spPr><a:ln w='25400'>{fill}</a:ln></c:spPr>",
            f"<c:marker><c:symbol val='{_MARKERS[index % len(_MARKERS)]}'/><c:size val='7'/><c:spPr>{fill}"
            f"<a:ln w='9525'>{fill}</a:ln></c:spPr></c:marker>",
        ]
    else:
        pieces = [f"<c:spPr>{fill}</c:spPr>", "<c:invertIfNegative val='0'/>", _labels(chart)]
    for piece in pieces:
        made = _element(piece)
        anchor.addnext(made)
        anchor = made


def _labels(chart: Chart) -> str:
    """Values at the bars; a 0 within a stack would only sit on its neighbour."""
    stacked = chart.kind is ChartKind.STACKED
    code = f"{chart.number_format};;;" if stacked else chart.number_format
    written = _run_properties("FFFFFF" if stacked else "000000", '<a:bodyPr wrap="none"/>')
    return (
        f"<c:dLbls><c:numFmt formatCode={quoteattr(code)} sourceLinked='0'/><c:spPr><a:noFill/></c:spPr>{written}"
        f"<c:dLblPos val='{'ctr' if stacked else 'outEnd'}'/><c:showLegendKey val='0'/><c:showVal val='1'/>"
        "<c:showCatName val='0'/><c:showSerName val='0'/><c:showPercent val='0'/><c:showBubbleSize val='0'/></c:dLbls>"
    )


def _dress_axes(area: Any, chart: Chart) -> None:
    grey = "<c:spPr><a:ln w='6350'><a:solidFill><a:srgbClr val='BFBFBF'/></a:solidFill></a:ln></c:spPr>"
    categories, values = area.find(_c("catAx")), area.find(_c("valAx"))
    for axis in (categories, values):
        axis.find(_c("majorTickMark")).set("val", "none")
        axis.find(_c("tickLblPos")).addnext(_element(grey))
    if chart.kind is ChartKind.BARS:
        # First category on top; the numbers stand at the bars.
        categories.find(f"{_c('scaling')}/{_c('orientation')}").set("val", "maxMin")
        values.remove(values.find(_c("majorGridlines")))
        values.find(_c("delete")).set("val", "1")
    else:
        values.find(_c("majorGridlines")).append(_element(grey))
    scaling = values.find(_c("scaling"))
    scaling.append(_element("<c:orientation val='minMax'/>"))
    if chart.highest is not None:
        scaling.append(_element(f"<c:max val='{chart.highest:g}'/>"))
    scaling.append(_element("<c:min val='0'/>"))
    code = chart.number_format.replace("0.00", "0")
    values.find(_c("majorTickMark")).addprevious(_element(f"<c:numFmt formatCode={quoteattr(code)} sourceLinked='0'/>"))
    if chart.kind is not ChartKind.BARS and chart.number_format == "0" and _largest(chart) <= 5:
        values.append(_element("<c:majorUnit val='1'/>"))  # whole things have no halves


def _largest(chart: Chart) -> float:
    columns = [[value or 0 for value in values] for _, values in chart.series]
    whole = [sum(column) if chart.kind is ChartKind.STACKED else max(column) for column in zip(*columns, strict=True)]
    return max(whole, default=0)


def _dress_legend(body: Any, chart: Chart) -> None:
    for name in ("legend", "plotVisOnly"):
        if (old := body.find(_c(name))) is not None:
            body.remove(old)
    anchor = body.find(_c("plotArea"))
    if len(chart.series) > 1:
        legend = _element("<c:legend><c:legendPos val='b'/><c:overlay val='0'/></c:legend>")
        anchor.addnext(legend)
        anchor = legend
    anchor.addnext(_element("<c:plotVisOnly val='1'/>"))


def _run_properties(colour: str, frame: str = "<a:bodyPr/>") -> str:
    return (
        f"<c:txPr>{frame}<a:lstStyle/><a:p><a:pPr><a:defRPr sz='900'><a:solidFill><a:srgbClr val='{colour}'/>"
        f"</a:solidFill><a:latin typeface='{_FONT}'/><a:ea typeface='{_FONT}'/></a:defRPr></a:pPr>"
        "<a:endParaRPr lang='zh-CN'/></a:p></c:txPr>"
    )


def _c(name: str) -> str:
    return f"{{{_C}}}{name}"


def _element(xml: str) -> Any:
    root = etree.fromstring(f"<x xmlns:c='{_C}' xmlns:a='{_A}' xmlns:r='{_R}'>{xml}</x>".encode())
    return root[0]
