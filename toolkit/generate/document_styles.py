"""The styles of GB/T 9704-2012 as Word XML: levels 一、黑体 （一）楷体 1. 仿宋, title 小标宋, body 仿宋 16 pt."""

from docx.oxml.ns import nsdecls

BODY_FONT, TITLE_FONT, LEVEL_1_FONT, LEVEL_2_FONT, TABLE_FONT = "仿宋", "方正小标宋简体", "黑体", "楷体", "宋体"
# Fonts to look for where the first is not installed.
ALTERNATIVES = {
    BODY_FONT: "仿宋_GB2312,FangSong,华文仿宋",
    TITLE_FONT: "方正小标宋_GBK,小标宋体,华文中宋,宋体",
    LEVEL_1_FONT: "SimHei,华文黑体",
    LEVEL_2_FONT: "楷体_GB2312,KaiTi,华文楷体",
    TABLE_FONT: "SimSun,华文宋体",
}
BODY, TITLE, SUBTITLE, ADDRESSEE, CAPTION = "ReportBody", "Title", "ReportSubtitle", "Addressee", "Caption"
CELL, CELL_LEFT, CELL_HEAD, TABLE_NOTE, SIGNATURE = "TableText", "TableTextLeft", "TableHead", "TableNote", "Signature"
FIGURE = "Figure"
HEADINGS = ("Heading1", "Heading2", "Heading3")

# 1/20 pt: 156 mm of text in 28 characters of 16 pt. A grid of characters would say so too, but LibreOffice sets text in
# it with gaps as wide as half a character.
_CHAR_SPACE = -5


def _fonts(name: str) -> str:
    return "<w:rFonts " + " ".join(f'w:{part}="{name}"' for part in ("ascii", "hAnsi", "cs", "eastAsia")) + "/>"


def _style(
    style: str,
    name: str,
    font: str,
    half_points: int,
    layout: str,
    *,
    run: str = "",
    based_on: str = "Normal",
    following: str = "",
) -> str:
    builtin = name in ("Title", "caption", "footer") or name.startswith("heading")
    custom = "" if builtin else ' w:customStyle="1"'
    following = f'<w:next w:val="{following}"/>' if following else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based_on}"/>{following}<w:qFormat/><w:pPr>{layout}</w:pPr>'
        f'<w:rPr>{_fonts(font)}{run}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:style>'
    )


_CHARS = f'<w:spacing w:val="{_CHAR_SPACE}"/>'
# A long contract number may break anywhere, or the line before it would be stretched to the margin.
_BREAK_CODES = '<w:wordWrap w:val="0"/>'
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_FREE = '<w:snapToGrid w:val="0"/>'
_BOLD = "<w:b/><w:bCs/>"


def styles_xml() -> str:
    headings = "".join(
        _style(
            HEADINGS[level],
            f"heading {level + 1}",
            font,
            32,
            f'<w:keepNext/><w:keepLines/>{_INDENT}<w:outlineLvl w:val="{level}"/>',
            run=run + _CHARS,
            following=BODY,
        )
        for level, (font, run) in enumerate(((LEVEL_1_FONT, ""), (LEVEL_2_FONT, ""), (BODY_FONT, _BOLD)))
    )
    cell_layout = _FREE + '<w:spacing w:before="20" w:after="20" w:line="280" w:lineRule="atLeast"/><w:jc w:val="{}"/>'
    return (
        f"<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(BODY_FONT)}"
        '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:widowControl w:val="0"/><w:jc w:val="both"/></w:pPr><w:rPr>{_fonts(BODY_FONT)}<w:kern w:val="2"/>'
        '<w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="57" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
        '<w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        "<w:tblPr><w:tblBorders>"
        + "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        + "</w:tblBorders></w:tblPr></w:style>"
        + headings
        + _style(
            TITLE,
            "Title",
            TITLE_FONT,
            44,
            f'{_FREE}<w:spacing w:before="0" w:after="0" w:line="700" w:lineRule="exact"/><w:jc w:val="center"/>',
            following=BODY,
        )
        + _style(SUBTITLE, "报告副题", LEVEL_2_FONT, 32, '<w:jc w:val="center"/>')
        + _style(ADDRESSEE, "主送", BODY_FONT, 32, '<w:jc w:val="left"/>', run=_CHARS, following=BODY)
        + _style(BODY, "报告正文", BODY_FONT, 32, _BREAK_CODES + _INDENT, run=_CHARS)
        + _style(
            CAPTION,
            "caption",
            LEVEL_1_FONT,
            24,
            f'<w:keepNext/>{_FREE}<w:spacing w:before="160" w:after="60"/><w:jc w:val="center"/>',
            following=BODY,
        )
        + _style(FIGURE, "图", TABLE_FONT, 21, f'<w:keepNext/>{_FREE}<w:spacing w:before="160"/><w:jc w:val="center"/>')
        + _style(CELL, "表格文字", TABLE_FONT, 21, cell_layout.format("center"))
        + _style(CELL_LEFT, "表格文字左", TABLE_FONT, 21, cell_layout.format("left"), based_on=CELL)
        + _style(CELL_HEAD, "表头", TABLE_FONT, 21, "<w:keepNext/>" + cell_layout.format("center"), run=_BOLD)
        + _style(TABLE_NOTE, "表注", TABLE_FONT, 18, f'{_FREE}<w:spacing w:before="40" w:after="160"/>')
        + _style(SIGNATURE, "落款", BODY_FONT, 32, '<w:keepNext/><w:ind w:rightChars="400" w:right="1280"/>'
                 '<w:jc w:val="right"/>')
        + _style("Footer", "footer", TABLE_FONT, 28, _FREE)
        + "</w:styles>"
    )  # fmt: skip


SETTINGS_XML = (
    f'<w:settings {nsdecls("w")}><w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/>'
    '<w:bordersDoNotSurroundFooter/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
    '<w:drawingGridVerticalSpacing w:val="290"/><w:characterSpacingControl w:val="compressPunctuation"/>'
    "<w:compat><w:balanceSingleByteDoubleByteWidth/><w:ulTrailSpace/><w:adjustLineHeightInTable/><w:useFELayout/>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat>"
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>'
    "</w:settings>"
)
