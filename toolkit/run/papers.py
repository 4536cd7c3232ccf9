"""The files an action gives beside the workbook: Word papers, new workbooks and forms, rendered and written."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.actions import Option
from toolkit.hosts.replacing import place_file, replace_file
from toolkit.model.errors import ToolkitError
from toolkit.model.paper_kinds import BY_NAME as PAPER_KINDS
from toolkit.model.tables import Book, Forms, Paper
from toolkit.run.order import Order

if TYPE_CHECKING:
    from toolkit.reports.compiled import CompiledTemplate

# Fewer files than this are written before anyone has read a bar.
_WORTH_A_BAR = 20
_MOST_NAMED = 5
PDF = "pdf"


# What a run tells while it works: (stage), or of a long one (stage, done, total).
Progress = Callable[..., None]


def no_progress(stage: str, done: int = 0, total: int = 0) -> None:
    """Tells nobody."""


Content = tuple[Paper | Book | Forms, bytes]


def rendered_all(
    papers: Sequence[Paper | Book | Forms], order: Order, progress: Progress = no_progress
) -> list[Content]:
    """Every file's content; raises before anything is written."""
    _refuse_impossible(order)
    out: list[Content] = []
    templates: dict[str, CompiledTemplate] = {}
    for done, paper in enumerate(papers):
        _tell(progress, "生成文件", done, len(papers))
        out.append((paper, rendered(paper, order, templates)))
    return _as_pdf(out, progress) if order.file_format == PDF else out


def _refuse_impossible(order: Order) -> None:
    """Options that do not go together."""
    if order.template and Option.KIND in order.action.options and len(order.kinds) != 1:
        raise ToolkitError(
            "一个模板只能用于一种文书",
            where="参数 --template",
            mend="请同时用一个 --kind 指明种类，如 --kind 整改通知书",
        )
    if order.password and order.file_format == PDF:
        raise ToolkitError("PDF 文件不能由本工具加密码", where="参数 --password", mend="请改用 --format docx")
    if order.password:
        from toolkit.hosts.protecting import refuse_unusable

        refuse_unusable(order.password)


def _as_pdf(contents: Sequence[Content], progress: Progress) -> list[Content]:
    """Word papers as PDF, by one program for all; other files stay."""
    from toolkit.hosts.office.to_pdf import as_pdf

    papers = [(paper, content) for paper, content in contents if isinstance(paper, Paper)]
    if not papers:
        return list(contents)
    progress(f"转换为 PDF（{len(papers)} 份）")
    made = iter(as_pdf([content for _, content in papers]))
    return [
        (replace(paper, file_name=str(Path(paper.file_name).with_suffix(".pdf"))), next(made))
        if isinstance(paper, Paper)
        else (paper, content)
        for paper, content in contents
    ]


def rendered(
    paper: Paper | Book | Forms, order: Order, templates: "dict[str, CompiledTemplate] | None" = None
) -> bytes:
    """The file's content; raises `ToolkitError` naming the place of a template that cannot be used.

    `templates`: those compiled already, by name; a paper of many is rendered from there.
    """
    if isinstance(paper, Book):
        from toolkit.hosts.fresh.new_file import book_bytes

        return book_bytes(paper)
    if isinstance(paper, Forms):
        return _form(paper)
    if paper.template in PAPER_KINDS:
        return _paper(paper, order, templates if templates is not None else {})
    from toolkit.reports.render import render

    return render(paper, order.template or _own_template(paper, order))


def _paper(paper: Paper, order: Order, templates: "dict[str, CompiledTemplate]") -> bytes:
    if paper.template not in templates:
        from toolkit.reports.compiled import compiled

        templates[paper.template] = compiled(paper.template, order.template or _own_template(paper, order))
    return templates[paper.template].render(paper)


def _form(forms: Forms) -> bytes:
    if forms.file_name.endswith(".docx"):
        from toolkit.reports.form_document import form_document

        return form_document(forms)
    from toolkit.hosts.fresh.form_book import form_book

    return form_book(forms)


def _own_template(paper: Paper, order: Order) -> Path | None:
    """A branch's own copy of the shipped template, beside the workbook."""
    own = order.workbook.parent / f"{paper.template}.docx"
    return own if own.is_file() else None


def written_all(
    contents: Sequence[Content], order: Order, progress: Progress = no_progress
) -> tuple[list[Path], list[str]]:
    """Write the files; gives their paths, and a sentence about forms that were left as somebody had filled them in."""
    outputs, kept = [], []
    for done, (paper, content) in enumerate(contents):
        _tell(progress, "写入文件", done, len(contents))
        path = _form_written(paper, content, order) if isinstance(paper, Forms) else written(paper, content, order)
        if path is None:
            kept.append(paper.file_name)
        else:
            outputs.append(path)
    if not kept:
        return outputs, []
    names = "、".join(kept[:_MOST_NAMED]) + ("等" if len(kept) > _MOST_NAMED else "")
    return outputs, [
        f"有 {len(kept)} 个文件已被填写或改动过，保留原样，没有重新生成：{names}；确需重新生成的，请先移走原文件再运行"
    ]


def _tell(progress: Progress, stage: str, done: int, total: int) -> None:
    if total >= _WORTH_A_BAR:
        progress(stage, done, total)


def written(paper: Paper | Book, content: bytes, order: Order) -> Path:
    """Write a file; one of the same name that says something else may have been edited by hand and is kept."""
    own = paper.folder if isinstance(paper, Paper) else ""
    put = place_file if own else partial(replace_file, backup=False)
    folder = order.out or order.workbook.parent / own
    try:
        folder.mkdir(parents=True, exist_ok=True)
        name = Path(paper.file_name)
        path, copy = folder / name, 2
        while path.exists() and not _holds(path, content, order.password):
            path, copy = folder / f"{name.stem}（{copy}）{name.suffix}", copy + 1
        if not path.exists():
            put(path, _locked(content, order.password))
    except OSError as error:
        raise _unwritable(folder, error) from error
    return path


def _holds(path: Path, content: bytes, password: str) -> bool:
    """Does the file say the same already?"""
    earlier = path.read_bytes()
    if path.suffix == f".{PDF}":
        from toolkit.hosts.office.to_pdf import same_source

        return same_source(earlier, content)
    if not password:
        return earlier == content
    from toolkit.hosts.protecting import unprotected

    return unprotected(earlier, password) == content


def _locked(content: bytes, password: str) -> bytes:
    if not password:
        return content
    from toolkit.hosts.protecting import protected

    return protected(content, password)


def _form_written(paper: Forms, content: bytes, order: Order) -> Path | None:
    """Write a form over an earlier one that nobody has touched; None if somebody has: a visit has one form, so neither
    is it replaced nor a second laid beside it."""
    from toolkit.model.form_package import untouched

    folder = order.out or order.workbook.parent / paper.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / paper.file_name
        if path.exists():
            earlier = path.read_bytes()
            if earlier == content:
                return path
            if not untouched(earlier):
                return None
        place_file(path, content)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return path


def _unwritable(folder: Path, error: OSError) -> ToolkitError:
    return ToolkitError(
        "无法写入输出文件夹", where=str(folder), mend=f"请检查该文件夹是否存在、可写（{error.strerror}）"
    )
