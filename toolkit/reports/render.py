"""A paper's context into its Word template: strict about the template, literal about the data.

Whatever a cell held appears letter for letter: values are escaped, and never read as tags or as Word markup. A tag that
the context does not know, or that cannot be read, is refused with its paragraph.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from toolkit.model.errors import ToolkitError
from toolkit.model.office_package import core_properties, extended_properties, pinned
from toolkit.model.shipped import shipped
from toolkit.model.tables import Chart, Paper
from toolkit.reports.charts import Drawing

# XML 1.0 has no way to carry these; half a surrogate pair is no character at all.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_FULL_WIDTH_TAG = re.compile(r"｛｛|｝｝|｛%|%｝|｛％|％｝")
_NO_DATE = dt.date(2026, 1, 1)
_EXTENDED_PROPERTIES = "/docProps/app.xml"
MEND = "请改正或删去这个标签，或移走此模板改用随工具提供的模板"


def render(paper: Paper, template_path: Path | None = None) -> bytes:
    """The .docx of `paper`; without `template_path` the shipped template of that name.

    `paper.context["properties"]` (title, author, date) becomes the document's properties, the rest the tags' values.
    The same paper and template give the same bytes. Raises `ToolkitError` naming the tag and the paragraph.
    """
    path = template_path or shipped("workbook_templates", f"{paper.template}.docx")
    template = open_template(path)
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_literal)
    given = paper.context.get("properties", {})
    context = clean({name: value for name, value in paper.context.items() if name != "properties"})
    context = _drawn(context, template, given)
    refuse_unknown(template, environment, context, path)
    try:
        template.render(context, environment, autoescape=True)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise refusal(template, path, str(error)) from error
    except etree.XMLSyntaxError as error:
        raise ToolkitError(
            "模板中有标签与别的文字同在一段，或循环的开头和结尾不在同一层", where=path.name, mend=MEND
        ) from error
    _set_properties(template, given)
    out = io.BytesIO()
    template.save(out)
    return pinned(out.getvalue())


def open_template(path: Path) -> DocxTemplate:
    """The template, ready to be rendered; raises `ToolkitError` if it cannot be read or is no unprotected .docx."""
    try:
        template = DocxTemplate(io.BytesIO(path.read_bytes()))
        template.render_init()
    except OSError as error:
        raise ToolkitError("无法读取模板", where=str(path), mend="请检查文件是否存在、是否有权读取") from error
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError) as error:
        raise ToolkitError(
            "不是可用的 Word 模板（.docx），或已加密、损坏", where=path.name, mend="请在 Word 中另存为未加密的 .docx"
        ) from error
    return template


def _literal(value: object) -> Markup:
    """Escaped text. docxtpl reads `{_{` as an escaped tag, so the underscore leaves as a character reference."""
    if isinstance(value, Drawing):
        return value.__html__()
    return Markup(str(escape("" if value is None else value)).replace("_", "&#95;"))


def _drawn(value: Any, template: DocxTemplate, given: Mapping[str, Any]) -> Any:
    """Charts become what their tags print."""
    if isinstance(value, Chart):
        date = given.get("date") or _NO_DATE
        return Drawing(template.docx.part, value, clean(str(given.get("author", ""))), date)
    if isinstance(value, dict):
        return {name: _drawn(item, template, given) for name, item in value.items()}
    return value


def clean(value: Any) -> Any:
    """Texts without characters that XML cannot hold; line ends as one kind."""
    if isinstance(value, Chart):
        return Chart(*(clean(getattr(value, part.name)) for part in fields(value)))
    if isinstance(value, tuple):
        return tuple(clean(item) for item in value)
    if isinstance(value, str):
        return _NOT_IN_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {name: clean(item) for name, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value


def _parts(template: DocxTemplate) -> Iterator[Any]:
    """Roots of the body and of every header and footer."""
    yield template.docx.element.body
    for relation in template.docx.part.rels.values():
        if relation.reltype in (template.HEADER_URI, template.FOOTER_URI):
            yield relation.target_part._element


def _paragraphs(template: DocxTemplate) -> list[str]:
    return [
        "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
        for part in _parts(template)
        for paragraph in part.iter(qn("w:p"))
    ]


def refuse_unknown(
    template: DocxTemplate, environment: SandboxedEnvironment, context: Mapping[str, Any], path: Path
) -> None:
    """Names the context lacks are found before rendering, also in branches that this paper does not reach."""
    for text in _paragraphs(template):
        if found := _FULL_WIDTH_TAG.search(text):
            raise refusal(template, path, "", tag=found[0], what="用了全角括号，不会被替换")
    for part in _parts(template):
        source = re.sub(r"<w:p([ >])", r"\n<w:p\1", template.patch_xml(template.xml_to_string(part)))
        try:
            unknown = meta.find_undeclared_variables(environment.parse(source)) - set(context)
        except TemplateSyntaxError as error:
            line = re.sub(r"<[^>]+>", "", source.splitlines()[error.lineno - 1])
            tag = _TAG.search(line)
            raise refusal(template, path, "", tag=tag[0] if tag else line[:40], what="写法有误") from error
        for name in sorted(unknown):
            raise refusal(template, path, f"'{name}'")


def refusal(template: DocxTemplate, path: Path, message: str, *, tag: str = "", what: str = "") -> ToolkitError:
    """Find the tag that the engine's `message` quotes a name of, and say in which paragraph it stands."""
    names = re.findall(r"'([^'\s]+)'", message)
    for number, text in enumerate(_paragraphs(template), start=1):
        tags = [found for found in _TAG.findall(text) if any(_mentions(found, name) for name in names)]
        if tags or (tag and tag in text):
            place = f"{path.name} 第 {number} 段“{text[:40]}”"
            return ToolkitError(f"模板标签“{tags[0] if tags else tag}”{what or '无法识别'}", where=place, mend=MEND)
    return ToolkitError(f"模板标签“{tag or '、'.join(names)}”{what or '无法识别'}", where=path.name, mend=MEND)


def _mentions(tag: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", tag) is not None


def _set_properties(template: DocxTemplate, given: Mapping[str, Any]) -> None:
    """Title and author from the paper, its date as the only time; nothing of the computer or the template's editor."""
    title, author = clean(str(given.get("title", ""))), clean(str(given.get("author", "")))
    package = template.docx.part.package
    xml = core_properties(title, author, given.get("date") or _NO_DATE)
    package._core_properties_part._element = parse_xml(xml)
    for part in package.iter_parts():
        if str(part.partname) == _EXTENDED_PROPERTIES:
            part._blob = extended_properties(author)
