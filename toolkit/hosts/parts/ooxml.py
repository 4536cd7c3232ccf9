"""Office XML as such: safe parsing, serialising, the order of elements, A1 addresses."""

import re
from collections.abc import Sequence
from functools import lru_cache

from lxml import etree

from toolkit.model.errors import ToolkitError
from toolkit.model.tables import column_letter

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

# Children in the order their schema wants (ECMA-376 part 1, 18.2.27, 18.3.1.99, 18.8.39).
WORKBOOK_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
    "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
WORKSHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
STYLES_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip

_ENCODING = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)""")
_PLAIN_ENCODING = re.compile(
    rb"utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|iso-8859-\d+|windows-\d+|gbk|gb2312|gb18030", re.I
)
_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


def parse(content: bytes, where: str) -> etree._Element:
    """The root of a part. DTDs are refused, so no entity is ever expanded or fetched."""
    broken = ToolkitError("文件内容已损坏，无法读取", where=where, mend="请用 Excel 或 WPS 打开并另存一份后重试")
    if _hides_a_dtd(content):
        raise broken
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise broken from None


def _hides_a_dtd(content: bytes) -> bool:
    """A DTD, or an encoding in which one could not be seen."""
    start = content[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    declared = _ENCODING.match(start)
    if not start.startswith(b"<") or (declared and not _PLAIN_ENCODING.fullmatch(declared[1])):
        return True
    return b"<!DOCTYPE" in (content.replace(b"\0", b"") if b"\0" in content[:200] else content)


def serialise(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def local(element: etree._Element) -> str:
    """Tag without namespace; "" for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def namespace(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""


def child(parent: etree._Element, name: str) -> etree._Element | None:
    return parent.find(f"{{{namespace(parent)}}}{name}")


def children(parent: etree._Element, name: str) -> list[etree._Element]:
    return parent.findall(f"{{{namespace(parent)}}}{name}")


def new(parent: etree._Element, name: str, attributes: dict[str, str] | None = None) -> etree._Element:
    """An element in the parent's namespace, not yet placed."""
    return parent.makeelement(f"{{{namespace(parent)}}}{name}", attributes or {})


def place(parent: etree._Element, element: etree._Element, order: Sequence[str]) -> None:
    """Insert after everything that the schema puts before it (and after its own kind)."""
    later = set(order[order.index(local(element)) + 1 :])
    for position, sibling in enumerate(parent):
        name = local(sibling)
        if name == "AlternateContent":  # a newer wording of one of the known children
            name = next((local(inner) for inner in sibling.iter() if local(inner) in order), name)
        if name in later:
            parent.insert(position, element)
            return
    parent.append(element)


def number(element: etree._Element, name: str, default: int = 0) -> int:
    """A whole-number attribute; the default where it is missing or damaged."""
    text = element.get(name, "")
    return int(text) if text.isdecimal() else default


def relation_id(element: etree._Element) -> str:
    """The r:id attribute, in the transitional or strict namespace."""
    return next((str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), "")


@lru_cache(maxsize=4096)
def letters(column: int) -> str:
    return column_letter(column)


@lru_cache(maxsize=4096)
def column_number(name: str) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    return f"{letters(column)}{row}"


def cell_of(reference: str) -> tuple[int, int]:
    """(row, column) of an A1 address; (0, 0) for anything else."""
    match = _ADDRESS.fullmatch(reference)
    return (int(match[2]), column_number(match[1])) if match else (0, 0)


Box = tuple[int, int, int, int]  # top, left, bottom, right


def box_of(reference: str) -> Box | None:
    """The rectangle of `A1:B9` or `A1`; None for whole rows, whole columns and broken references."""
    first, _, last = reference.partition(":")
    top, left = cell_of(first)
    bottom, right = cell_of(last) if last else (top, left)
    return (top, left, bottom, right) if top and bottom else None


def reference_of(box: Box) -> str:
    top, left, bottom, right = box
    first, last = address(top, left), address(bottom, right)
    return first if first == last else f"{first}:{last}"
