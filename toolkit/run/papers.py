"""The files an action gives beside the workbook: Word papers and new workbooks, rendered and written."""

from pathlib import Path

from toolkit.hosts.replacing import replace_file
from toolkit.model.errors import ToolkitError
from toolkit.model.tables import Book, Paper
from toolkit.run.order import Order


def rendered(paper: Paper | Book, order: Order) -> bytes:
    """The file's content; raises `ToolkitError` naming the place of a template that cannot be used."""
    if isinstance(paper, Book):
        from toolkit.hosts.fresh.new_file import book_bytes

        return book_bytes(paper)
    from toolkit.reports.render import render

    return render(paper, order.template or _own_template(paper, order))


def _own_template(paper: Paper, order: Order) -> Path | None:
    """A branch's own copy of the shipped template, beside the workbook."""
    own = order.workbook.parent / f"{paper.template}.docx"
    return own if own.is_file() else None


def written(paper: Paper | Book, content: bytes, order: Order) -> Path:
    """Write a file; one of the same name that says something else may have been edited by hand and is kept."""
    folder = order.out or order.workbook.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        name = Path(paper.file_name)
        path, copy = folder / name, 2
        while path.exists() and path.read_bytes() != content:
            path, copy = folder / f"{name.stem}（{copy}）{name.suffix}", copy + 1
        replace_file(path, content, backup=False)
    except OSError as error:
        raise ToolkitError(
            "无法写入输出文件夹", where=str(folder), mend=f"请检查该文件夹是否存在、可写（{error.strerror}）"
        ) from error
    return path
