"""The parts that all Word forms share: styles, settings, footer, relations."""

from toolkit.model.form_package import PACKAGE, SEAL_CONTENT_TYPE, SEAL_RELATION, XML_HEAD, relationships
from toolkit.model.office_package import extended_properties

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NAMESPACES = (
    f'xmlns:w="{_WORD}" xmlns:r="{_RELATIONS}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14"'
)
_TEXT_FONT, XML_HEAD_FONT = "宋体", "黑体"


def constant_parts() -> dict[str, str | bytes]:
    """Name → content, the content types first."""
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": relationships(
            (
                (f"{_RELATIONS}/officeDocument", "word/document.xml"),
                (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
                (f"{_RELATIONS}/extended-properties", "docProps/app.xml"),
                (SEAL_RELATION, "docProps/custom.xml"),
            )
        ),
        "docProps/app.xml": extended_properties(""),
        "word/_rels/document.xml.rels": relationships(
            (
                (f"{_RELATIONS}/styles", "styles.xml"),
                (f"{_RELATIONS}/settings", "settings.xml"),
                (f"{_RELATIONS}/footer", "footer1.xml"),
                (f"{_RELATIONS}/fontTable", "fontTable.xml"),
                (f"{_RELATIONS}/theme", "theme/theme1.xml"),
            )
        ),
        "word/styles.xml": _styles(),
        "word/settings.xml": (
            f'{XML_HEAD}<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>'
            '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting '
            'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
            '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
        ),
        "word/footer1.xml": (
            f'{XML_HEAD}<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val="FormSmall"/><w:jc w:val="center"/></w:pPr>'
            f"{_text('第')}{_field('PAGE')}{_text('页/共')}{_field('NUMPAGES')}{_text('页')}</w:p></w:ftr>"
        ),
        "word/fontTable.xml": _font_table(),
        "word/theme/theme1.xml": _theme(),
    }


def _font_table() -> str:
    """Fonts to look for where the first is not installed."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>'
        for name, others in ((_TEXT_FONT, "SimSun,华文宋体"), (XML_HEAD_FONT, "SimHei,华文黑体"))
    )
    return f"{XML_HEAD}<w:fonts {NAMESPACES}>{fonts}</w:fonts>"


def _theme() -> str:
    """The least that the schema allows: nothing here refers to it."""
    colours = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
    scheme = "".join(
        f'<a:{name}><a:srgbClr val="{"FFFFFF" if name.startswith("lt") else "000000"}"/></a:{name}>' for name in colours
    )
    face = f'<a:latin typeface="{_TEXT_FONT}"/><a:ea typeface="{_TEXT_FONT}"/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    return (
        f'{XML_HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="forms">'
        f'<a:themeElements><a:clrScheme name="forms">{scheme}</a:clrScheme>'
        f'<a:fontScheme name="forms"><a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont></a:fontScheme>'
        f'<a:fmtScheme name="forms"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{f'<a:ln>{fill}</a:ln>' * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def _text(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def _field(code: str) -> str:
    return f'<w:fldSimple w:instr=" {code} ">{_text("1")}</w:fldSimple>'


def _content_types() -> str:
    overrides = {
        "word/document.xml": f"{_TYPE}.document.main+xml",
        "word/styles.xml": f"{_TYPE}.styles+xml",
        "word/settings.xml": f"{_TYPE}.settings+xml",
        "word/footer1.xml": f"{_TYPE}.footer+xml",
        "word/fontTable.xml": f"{_TYPE}.fontTable+xml",
        "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "docProps/custom.xml": SEAL_CONTENT_TYPE,
    }
    return (
        f'{XML_HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
        + "</Types>"
    )


def _fonts(name: str) -> str:
    return "<w:rFonts " + " ".join(f'w:{part}="{name}"' for part in ("ascii", "hAnsi", "eastAsia", "cs")) + "/>"


def _paragraph(style: str, name: str, layout: str, half_points: int, font: str = "", run: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{style}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{layout}</w:pPr><w:rPr>{_fonts(font) if font else ""}{run}'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:style>'
    )


def _styles() -> str:
    bold = "<w:b/><w:bCs/>"
    return (
        f"{XML_HEAD}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(_TEXT_FONT)}"
        '<w:sz w:val="19"/><w:szCs w:val="19"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        '<w:pPr><w:snapToGrid w:val="0"/><w:spacing w:line="250" w:lineRule="exact"/></w:pPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="80" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        "<w:tblPr><w:tblBorders>"
        + "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        + "</w:tblBorders></w:tblPr></w:style>"
        '<w:style w:type="character" w:customStyle="1" w:styleId="FormNote"><w:name w:val="表单说明"/><w:rPr>'
        f'{_fonts(_TEXT_FONT)}<w:b w:val="0"/><w:bCs w:val="0"/><w:sz w:val="16"/><w:szCs w:val="16"/></w:rPr>'
        "</w:style>"
        + _paragraph(
            "FormTitle",
            "表单标题",
            '<w:keepNext/><w:spacing w:before="0" w:after="40" w:line="440" w:lineRule="exact"/><w:jc w:val="center"/>',
            36,
            XML_HEAD_FONT,
        )
        + _paragraph("FormSection", "表单分节", "<w:keepNext/>", 19, XML_HEAD_FONT, bold)
        + _paragraph("FormLabel", "表单栏目", '<w:jc w:val="center"/>', 18)
        + _paragraph("FormText", "表单文字", '<w:jc w:val="left"/>', 19)
        + _paragraph("FormSmall", "表单小字", '<w:jc w:val="left"/>', 17)
        + "</w:styles>"
    )
