"""检查模板: what is wrong with a Word template, each with its paragraph, before anybody renders it.

A paragraph is numbered through body, headers and footers in the order of the file, table cells included. Tags are
looked at as Word keeps them; their names are resolved through loops and held against the documented ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from toolkit.model.template_names import is_known, nearest
from toolkit.reports.render import open_template
from toolkit.reports.tag_names import paths
from toolkit.reports.tags import Line, Tag, lines_of, stray_braces

_PLACES = {"p": "段落", "tr": "表格行", "tc": "单元格", "r": "文字"}
_ENDS = {"endfor": "for", "endif": "if"}
_BETWEEN = {"else": ("if", "for"), "elif": ("if",)}
_KNOWN_WORDS = {"for", "if", "set", *_ENDS, *_BETWEEN, "raw", "endraw", "colspan", "cellbg", "vm", "hm"}


@dataclass(frozen=True)
class Fault:
    """`paragraph`: number from 1; `beginning`: how it starts; `what` is wrong; `mend`."""

    paragraph: int
    beginning: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"第 {self.paragraph} 段“{self.beginning}”：{self.what}，{self.mend}"


def faults(path: Path, names: Mapping[str, str]) -> list[Fault]:
    """Everything wrong with the template at `path`, whose tags may use `names` (`model.template_names`).

    Raises `ToolkitError` if it is no Word file that can be read.
    """
    word = open_template(path)
    lines: list[Line] = []
    for root in _roots(word):
        lines += lines_of(root, len(lines) + 1)
    found = [fault for line in lines for fault in (*_spelling(line), *_company(line))]
    spoilt = {fault.paragraph for fault in found}
    found += _pairs(lines)
    if not found:  # a name is only looked at where all tags can be read
        found += _syntax(lines)
    if not found or {fault.paragraph for fault in found} == spoilt:
        found += _unknown([line for line in lines if line.number not in spoilt], names)
    return sorted(dict.fromkeys(found), key=lambda fault: fault.paragraph)


def _roots(word: Any) -> Iterator[Any]:
    yield word.docx.element.body
    for relation in word.docx.part.rels.values():
        if relation.reltype in (word.HEADER_URI, word.FOOTER_URI):
            yield relation.target_part._element


def _fault(line: Line, what: str, mend: str) -> Fault:
    return Fault(line.number, line.text.strip()[:30], what, mend)


def _spelling(line: Line) -> Iterator[Fault]:
    """Braces that make no tag, and tags that Word holds in pieces."""
    for brace in stray_braces(line.text):
        if brace.full_width:
            yield _fault(line, f"“{brace.text}”用了全角括号，不会被替换", "请改为半角的 {{ }} 或 {% %}")
        else:
            yield _fault(line, f"“{brace.text}”没有配成一对", "请补全为 {{ … }} 或 {% … %}，一个标签须在同一段内")
    for tag in line.tags:
        if tag.mixed_format:
            yield _fault(line, f"标签“{tag.text}”中间格式不一致", "请选中整个标签，设为同一种格式，或删去后一次键入")
        if tag.broken:
            yield _fault(line, f"标签“{tag.text.replace(chr(10), ' ')}”被换行、制表符或域隔断", "请删去后一次键入")


def _company(line: Line) -> Iterator[Fault]:
    """A tag that takes a whole paragraph or row with it must stand there alone."""
    for tag in line.tags:
        if tag.place == "p" and line.text.strip() != tag.text:
            yield _fault(line, f"“{tag.text}”与别的文字同在一段，这些文字会丢失", "请让它单独成段")
        if tag.place in ("tr", "tc") and line.cell is None:
            yield _fault(line, f"“{tag.text}”不在表格中", f"请放进表格，或改为 {{%p {tag.body} %}} 并单独成段")
        if tag.place == "tr" and sum(other.place == "tr" for other in line.row_tags) > 1:
            yield _fault(line, f"“{tag.text}”所在的表格行有几个 {{%tr 标签", "请让每个 {%tr 标签单独占一行")
        elif tag.place == "tr" and line.cell is not None and line.row_text.strip() != tag.text:
            yield _fault(line, f"“{tag.text}”与别的文字同在一个表格行，这些文字会丢失", "请让它单独占一行")
        if tag.place == "tc" and line.cell is not None and line.cell_text.strip() != tag.text:
            yield _fault(line, f"“{tag.text}”与别的文字同在一个单元格，这些文字会丢失", "请让它单独占一格")


def _pairs(lines: list[Line]) -> Iterator[Fault]:
    """for…endfor and if…endif: each closed, in order, at the same level of the document."""
    open_tags: list[tuple[Line, Tag]] = []
    for line in lines:
        for tag in line.tags:
            if not tag.is_block:
                continue
            if tag.word in ("for", "if"):
                open_tags.append((line, tag))
            elif tag.word in _BETWEEN:
                if not open_tags or open_tags[-1][1].word not in _BETWEEN[tag.word]:
                    yield _fault(line, f"“{tag.text}”前面没有开头", "请补上 if 或 for，或删去它")
            elif tag.word in _ENDS:
                wanted = _ENDS[tag.word]
                if not open_tags or open_tags[-1][1].word != wanted:
                    yield _fault(line, f"“{tag.text}”前面没有配对的 {wanted}", f"请补上 {wanted}，或删去它")
                    continue
                first, opener = open_tags.pop()
                yield from _level(first, opener, line, tag)
            elif tag.word not in _KNOWN_WORDS:
                yield _fault(line, f"标签“{tag.text}”写法有误", "可用的有 for、endfor、if、elif、else、endif")
    for line, tag in open_tags:
        yield _fault(line, f"“{tag.text}”没有结尾", f"请在后面补上 end{tag.word}")


def _level(first: Line, opener: Tag, line: Line, tag: Tag) -> Iterator[Fault]:
    """Both ends must take the same kind of place, within the same body, cell, table or paragraph."""
    if opener.place != tag.place:
        yield _fault(line, f"“{opener.text}”与“{tag.text}”的写法不一致", "请让开头和结尾同为 {%p、{%tr 或 {%")
        return
    same = {
        "p": first.container is line.container,
        "tr": first.table is line.table,
        "tc": first.row is line.row,
    }.get(opener.place, first.number == line.number)
    if not same:
        where = {"p": "同一层（正文或同一单元格）", "tr": "同一张表", "tc": "同一行"}.get(opener.place, "同一段")
        yield _fault(line, f"“{tag.text}”与第 {first.number} 段的“{opener.text}”不在{where}", f"请把两者放在{where}内")


def _source(lines: list[Line]) -> str:
    """The tags alone, a line per paragraph, so that Jinja's line numbers are paragraph numbers."""
    last = max((line.number for line in lines), default=0)
    rows = {line.number: "".join(tag.as_jinja for tag in line.tags) for line in lines}
    return "\n".join(rows.get(number, "") for number in range(1, last + 1))


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _syntax(lines: list[Line]) -> Iterator[Fault]:
    """What Jinja cannot read, or does not know: a filter, a word."""
    try:
        _environment().compile(_source(lines))
    except TemplateError as error:
        number = getattr(error, "lineno", None) or 1
        line = next((one for one in lines if one.number == number), lines[0])
        tag = _culprit(line)
        yield _fault(line, f"标签“{tag}”写法有误", "请对照“模板标签”改正")


def _culprit(line: Line) -> str:
    """The first tag of the paragraph that cannot be read by itself."""
    for tag in line.tags:
        alone = tag.as_jinja
        if tag.word in ("for", "if"):
            alone += f"{{% end{tag.word} %}}"
        elif tag.is_block:
            continue
        try:
            _environment().compile(alone)
        except TemplateError:
            return tag.text
    return line.tags[0].text if line.tags else ""


def _unknown(lines: list[Line], names: Mapping[str, str]) -> Iterator[Fault]:
    try:
        tree = _environment().parse(_source(lines))
    except TemplateError:
        return  # told by the pairs already
    by_number = {line.number: line for line in lines}
    for number, path in paths(tree):
        if is_known(path, names) or number not in by_number:
            continue
        line = by_number[number]
        like = nearest(path, names)
        hint = f"是否应为 {like.rpartition('.')[2]}" if like else "可用的名称见“模板标签”"
        yield _fault(line, f"名称“{path.replace('[]', '')}”不在可用之列", hint)
