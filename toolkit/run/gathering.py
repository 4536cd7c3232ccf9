"""The files and folders given to an action as it can use them: sheets, filled forms, and what had to be left out."""

from dataclasses import dataclass

from toolkit.model.tables import FilledForm, Source
from toolkit.run.order import Order
from toolkit.run.papers import Progress


@dataclass(frozen=True)
class Gathered:
    """As in `Request`."""

    sources: tuple[Source, ...]
    forms: tuple[FilledForm, ...]
    rejected: tuple[tuple[str, str], ...]
    passed: tuple[str, ...]


def gathered(order: Order, progress: Progress) -> Gathered:
    """What the files hold; none is passed over in silence."""
    from toolkit.hosts.foreign.batch_reader import read_batch
    from toolkit.hosts.foreign.file_list import listed

    files = listed(order.files, order.workbook)
    sources: list[Source] = []
    forms: list[FilledForm] = []
    rejected = list(files.rejected)
    for name, answer in read_batch(files.found, lambda done, of: progress("读取文件", done, of)):
        if isinstance(answer, str):
            rejected.append((name, answer))
            continue
        sources += [held for held in answer if isinstance(held, Source)]
        forms += [held for held in answer if isinstance(held, FilledForm)]
    return Gathered(tuple(sources), tuple(forms), tuple(rejected), tuple(files.passed))
