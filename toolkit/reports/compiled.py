"""A Word template compiled once to render many papers: tags → Jinja once, what holds no tags compressed once.

The same rules as `render`: strict about names, literal about values. Line breaks and tabs in a value become Word's.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup, escape

from toolkit.model.errors import ToolkitError
from toolkit.model.form_package import Part, part, zipped
from toolkit.model.office_package import core_properties, extended_properties
from toolkit.model.shipped import shipped
from toolkit.model.tables import Paper
from toolkit.model.template_names import NAMES
from toolkit.reports.lint import faults
from toolkit.reports.render import MEND, clean, open_template, refusal, refuse_unknown

_CORE, _EXTENDED = "docProps/core.xml", "docProps/app.xml"
_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_BREAK, _TAB = '</w:t><w:br/><w:t xml:space="preserve">', '</w:t><w:tab/><w:t xml:space="preserve">'


class CompiledTemplate:
    """A template file, ready to render any number of papers."""

    def __init__(self, path: Path) -> None:
        """Raises `ToolkitError` if the file is no usable template."""
        self._path = path
        self._word = open_template(path)
        self._environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_literal)
        sources = {
            str(piece.partname).lstrip("/"): self._word.patch_xml(self._word.xml_to_string(piece._element))
            for piece in _parts_with_tags(self._word)
        }
        # Cells that come and go, and pictures, need the tables and numbers of every paper put right.
        self._needs_mending = {name for name, source in sources.items() if "{%tc" in source or "<wp:docPr" in source}
        self._sources: dict[str, Template] | None = None
        self._texts = sources
        self._fixed = self._compressed(set(sources))
        self._known: frozenset[str] = frozenset()

    def _compressed(self, varying: set[str]) -> list[Part | str]:
        """The package's parts in order: compressed, or only the name of one that each paper has its own of."""
        saved = io.BytesIO()
        self._word.docx.save(saved)
        with zipfile.ZipFile(saved) as package:
            return [
                name if name in varying or name in (_CORE, _EXTENDED) else part(name, package.read(name))
                for name in package.namelist()
            ]

    def render(self, paper: Paper) -> bytes:
        """The .docx of `paper`; the same paper gives the same bytes. Raises `ToolkitError` naming tag and paragraph."""
        context = clean({name: value for name, value in paper.context.items() if name != "properties"})
        made = {name: part(name, _DECLARATION + xml) for name, xml in self._rendered(context).items()}
        given = paper.context.get("properties", {})
        title, author = clean(str(given.get("title", ""))), clean(str(given.get("author", "")))
        made[_CORE] = part(_CORE, core_properties(title, author, given.get("date") or dt.date(2026, 1, 1)))
        made[_EXTENDED] = part(_EXTENDED, extended_properties(author))
        return zipped([made[entry] if isinstance(entry, str) else entry for entry in self._fixed])

    def _rendered(self, context: Mapping[str, Any]) -> dict[str, str]:
        compiled = self._compiled(context)
        try:
            texts = {name: template.render(context) for name, template in compiled.items()}
            return {name: self._mended(name, xml) for name, xml in texts.items()}
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise refusal(self._word, self._path, str(error)) from error
        except etree.XMLSyntaxError as error:
            raise ToolkitError(
                "模板中有标签与别的文字同在一段，或循环的开头和结尾不在同一层", where=self._path.name, mend=MEND
            ) from error

    def _compiled(self, context: Mapping[str, Any]) -> dict[str, Template]:
        """Names are looked at once for each set of names: papers of one kind have the same."""
        names = frozenset(context)
        if self._sources is None or names != self._known:
            refuse_unknown(self._word, self._environment, context, self._path)
            self._known = names
        if self._sources is None:
            try:
                self._sources = {name: self._environment.from_string(text) for name, text in self._texts.items()}
            except TemplateError as error:  # a filter or test that does not exist
                raise refusal(self._word, self._path, str(error)) from error
        return self._sources

    def _mended(self, name: str, xml: str) -> str:
        tree = etree.fromstring(xml)
        if name not in self._needs_mending:
            return xml
        tree = self._word.fix_tables(xml)
        self._word.fix_docpr_ids(tree)
        return etree.tostring(tree, encoding="unicode")


def _parts_with_tags(template: DocxTemplate) -> Iterator[Any]:
    """The document's part, and those of every header and footer."""
    yield template.docx.part
    for relation in template.docx.part.rels.values():
        if relation.reltype in (template.HEADER_URI, template.FOOTER_URI):
            yield relation.target_part


def _literal(value: object) -> Markup:
    """Escaped text; its line breaks and tabs as Word has them."""
    text = str(escape("" if value is None else value))
    if "\n" in text or "\t" in text:
        text = text.replace("\n", _BREAK).replace("\t", _TAB)
    return Markup(text)


def compiled(template: str, own: Path | None) -> CompiledTemplate:
    """The user's `own` template, else the shipped one of that name.

    Raises `ToolkitError` naming the first thing wrong with the user's own.
    """
    if own is None:
        return CompiledTemplate(shipped("workbook_templates", f"{template}.docx"))
    for fault in faults(own, NAMES[template]):
        raise ToolkitError(fault.what, where=f"{own.name} 第 {fault.paragraph} 段“{fault.beginning}”", mend=fault.mend)
    return CompiledTemplate(own)
