"""Filled .docx forms: content controls read by `w:tag` (see `model.forms`); the rest of the document is not looked at.

Only the relations and the main part are inflated, each capped; no DTD, no entity, no outside file is ever resolved.
"""

from collections.abc import Iterator

from lxml import etree

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.package import Package
from toolkit.hosts.parts.zip_parts import ZIP_MAGIC, ZipParts, refuse_locked_or_old
from toolkit.model import forms
from toolkit.model.errors import ToolkitError
from toolkit.model.reading import as_date
from toolkit.model.tables import FilledForm

MOST_XML = 24 << 20  # some hundred forms; the tree takes several times as much
MOST_BYTES = 300 << 20  # with pictures, which are not inflated

_MOVED_AWAY = frozenset({"del", "moveFrom", "Fallback", "sdtPr", "sdtEndPr", "rPr", "pPr", "tblPr", "trPr", "tcPr"})
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ON = frozenset({"1", "true", "on"})
_SEVERAL = "、"


def filled_document(content: bytes, file: str) -> list[FilledForm]:
    """The forms of a document, at least one.

    Raises `ToolkitError` if it is encrypted, damaged, monstrous, no Word document, or holds no form.
    """
    root = _document(content, file)
    out: list[FilledForm] = []
    ticked: dict[str, list[str]] = {}
    for tag, control in _controls(root):
        if tag == forms.VERSION_KEY:
            _settle(out, ticked)
            out.append(FilledForm(file, _text(control) or "", {}, {}, f"第 {len(out) + 1} 份"))
            continue
        meant = forms.field_of(tag)
        if meant is None or not out:
            continue
        column, choice = meant
        form = out[-1]
        form.places[column.name] = f"“{column.header}”栏"
        if choice:
            form.values.setdefault(column.name, None)
            if _is_ticked(control):
                ticked.setdefault(column.name, []).append(choice)
        else:
            form.values[column.name] = _text(control)
    _settle(out, ticked)
    if not out:
        raise ToolkitError(
            "不是本工具生成的记录表（没有可读取的填写栏）",
            where=file,
            mend="请用“生成记录表”做的表填写，或把内容录入回访记录表",
        )
    if len(out) == 1:
        return [FilledForm(file, out[0].version, out[0].values, out[0].places, "", out[0].doubts)]
    return out


def _document(content: bytes, file: str) -> etree._Element:
    refuse_locked_or_old(content, file, program="Word", old=".doc", new=".docx")
    foreign = ToolkitError(
        "内容不是 Word 文档", where=file, mend="请检查扩展名，或在 Word 或 WPS 中另存为 .docx 后重试"
    )
    if not content.startswith(ZIP_MAGIC):
        raise foreign
    zipped = ZipParts(content, file, MOST_BYTES, MOST_XML)
    if not any(name.lower().startswith("word/") for name in zipped.names):
        raise foreign
    try:
        root = Package(zipped, file).workbook_xml
    except ToolkitError as error:
        if "Excel 工作簿" not in error.what:
            raise
        raise ToolkitError(
            "文件已损坏（找不到正文）", where=file, mend="请用 Word 或 WPS 打开并另存一份后重试"
        ) from None
    if ooxml.local(root) != "document":
        raise foreign
    return root


def _settle(out: list[FilledForm], ticked: dict[str, list[str]]) -> None:
    """The ticks of the form just read: one is the answer, several are for the clerk to settle."""
    for name, choices in ticked.items():
        out[-1].values[name] = _SEVERAL.join(choices)
        if len(choices) > 1 and name not in forms.SEVERAL:
            out[-1].doubts[name] = "勾选了不止一项：" + _SEVERAL.join(choices)
    ticked.clear()


def _controls(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """(tag, control) in document order, those of a second wording (mc:Fallback) left out."""
    for control in root.iter(f"{{{ooxml.namespace(root)}}}sdt"):
        properties = ooxml.child(control, "sdtPr")
        tag = None if properties is None else ooxml.child(properties, "tag")
        if tag is not None and not any(ooxml.local(above) == "Fallback" for above in control.iterancestors()):
            yield _attribute(tag, "val"), control


def _attribute(element: etree._Element, name: str) -> str:
    return next((str(v) for k, v in element.attrib.items() if etree.QName(k).localname == name), "")


def _is_ticked(control: etree._Element) -> bool:
    properties = ooxml.child(control, "sdtPr")
    boxes = [] if properties is None else [e for e in properties.iter() if ooxml.local(e) == "checkbox"]
    return any(
        _attribute(state, "val").lower() in _ON for box in boxes for state in box if ooxml.local(state) == "checked"
    )


def _text(control: etree._Element) -> str | None:
    """What stands in the control; None for its placeholder. A date whose text alone is none (7月3日) is completed by
    the day the control keeps, where both agree."""
    properties = ooxml.child(control, "sdtPr")
    content = ooxml.child(control, "sdtContent")
    placeholder = None if properties is None else ooxml.child(properties, "showingPlcHdr")
    if content is None or (placeholder is not None and _attribute(placeholder, "val").lower() not in ("0", "false")):
        return None
    text = "".join(_pieces(content)).strip("\n")
    date = None if properties is None else ooxml.child(properties, "date")
    if date is not None and text and as_date(text) is None:
        kept = as_date(_attribute(date, "fullDate")[:10])
        if kept and f"{kept.month}月" in text and f"{kept.day}日" in text:
            return kept.isoformat()
    return text or None


def _pieces(content: etree._Element) -> Iterator[str]:
    """Text of runs, paragraphs on lines of their own; nothing that was deleted or moved away."""
    stack = [content]
    first = True
    while stack:
        element = stack.pop()
        name = ooxml.local(element)
        if name in _MOVED_AWAY:
            continue
        if name == "t":
            yield element.text or ""
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name == "p" and not first:
            yield "\n"
        first = first and name != "p"
        stack.extend(reversed(element))
