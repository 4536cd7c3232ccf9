"""Which files lie in the folders, and what became of each: none is passed over without a line."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.hosts.replacing import BACKUP_FOLDER
from toolkit.model import office_sheets as o
from toolkit.model.errors import ToolkitError
from toolkit.model.parameters import PARAMETERS
from toolkit.office.names import listed_files
from toolkit.office.store import Receipt

_BOOKS = (".xlsx", ".xlsm")
_OTHER_TABLES = (".xls", ".xlsb", ".ods", ".et", ".csv")
# What this toolkit itself lays beside branch workbooks.
_NOT_DELIVERED = (o.DISPATCH_LIST,)


@dataclass
class Found:
    """`books`: path → name for people (relative to the folder given). `listed`: files that are no branch workbook, with
    the reason. `passed_over`: backups, lock and temporary files, by kind. `expected`: 网点 → file of 分发清单."""

    books: dict[Path, str] = field(default_factory=dict)
    listed: list[Receipt] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    open_now: set[Path] = field(default_factory=set)
    expected: dict[str, str] = field(default_factory=dict)


def find(folders: Sequence[Path], ours: Sequence[Path]) -> Found:
    """Look through the folders; `ours` are files and folders of this very run. Raises `ToolkitError` if none of the
    folders is there."""
    found = Found()
    there = [folder for folder in folders if folder.is_dir()]
    for folder in folders:
        if folder not in there:
            found.listed.append(Receipt(str(folder), error="文件夹不存在或读不到，请确认共享文件夹已连接后重新汇总"))
    if not there:
        raise ToolkitError("文件夹不存在或读不到", where=str(folders[0]), mend="请核对路径，并确认共享文件夹已连接")
    own = {path.resolve() for path in ours}
    for folder in there:
        _look_through(folder, found, own)
    return found


def _look_through(folder: Path, found: Found, ours: set[Path]) -> None:
    def unreadable(error: OSError) -> None:
        found.listed.append(Receipt(str(error.filename), error=f"文件夹读不到（{error.strerror}），请重新汇总"))

    for root, folders, files in os.walk(folder, onerror=unreadable):
        here = Path(root)
        backups = [name for name in folders if name == BACKUP_FOLDER]
        found.passed_over["备份文件夹"] += len(backups)
        folders[:] = sorted(
            name
            for name in folders
            if name not in backups and not name.startswith(".") and (here / name).resolve() not in ours
        )
        for name in sorted(files):
            _note(here / name, (Path(folder.name) / (here / name).relative_to(folder)).as_posix(), found, ours)


def _note(path: Path, shown: str, found: Found, ours: set[Path]) -> None:
    name, suffix = path.name, path.suffix.lower()
    if name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#")):
        found.passed_over["锁文件"] += 1
        found.open_now.add(path.parent / name.removeprefix("~$").removeprefix(".~lock.").removesuffix("#"))
    elif name.startswith((".", "~")) or suffix == ".tmp":
        found.passed_over["临时文件"] += 1
    elif path.resolve() in ours:
        return
    elif name in _NOT_DELIVERED:
        found.passed_over["分发清单"] += 1
        try:
            found.expected |= listed_files(path)
        except ToolkitError as error:
            found.listed.append(Receipt(shown, error=str(error)))
    elif suffix in _BOOKS:
        found.books.setdefault(path, shown)
    elif suffix in _OTHER_TABLES:
        found.listed.append(Receipt(shown, error=f"不是 .xlsx 或 .xlsm（{suffix}），请网点另存为 .xlsx 后重交"))


def missing(expected: Mapping[str, str], receipts: Sequence[Receipt]) -> list[Receipt]:
    """A receipt without error or content for each 网点 on 分发清单 (`expected`: 网点 → file) of which nothing came."""
    came = {branch for receipt in receipts if not receipt.error for branch in (*receipt.branches, receipt.home)}
    names = {Path(receipt.file).name for receipt in receipts}
    return [Receipt(file, home=branch) for branch, file in expected.items() if branch not in came and file not in names]


def usual_parameters(receipts: Sequence[Receipt]) -> dict[str, str]:
    """The most common value of each parameter (of equally common ones the first by spelling)."""
    usual = {}
    for parameter in PARAMETERS:
        values = Counter(
            receipt.parameters[parameter.title] for receipt in receipts if parameter.title in receipt.parameters
        )
        if values:
            usual[parameter.title] = min(values, key=lambda value: (-values[value], value))
    return usual


def other_parameters(receipt: Receipt, usual: Mapping[str, str], than: str) -> list[str]:
    """One sentence if the workbook's parameters differ from the usual ones."""
    differing = [
        f"{title} {value or '空白'}（{than} {usual[title] or '空白'}）"
        for title, value in receipt.parameters.items()
        if title in usual and value != usual[title]
    ]
    return [f"参数不同：{'、'.join(differing)}"] if differing else []
