"""The files that a folder given to `collect` holds: every one is either read or named with the reason why not."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.hosts.foreign.source_file import SUFFIXES as BOOK_SUFFIXES

SUFFIXES = (*BOOK_SUFFIXES, ".docx")
BACKUPS = "备份"
# What file managers leave behind; no person put it there.
_DROPPINGS = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_MEND = {
    ".doc": "请在 Word 或 WPS 中另存为 .docx 后重试",
    ".wps": "请在 WPS 中另存为 .docx 后重试",
    ".et": "请在 WPS 中另存为 .xlsx 后重试",
    ".zip": "请解压后再收集",
    ".rar": "请解压后再收集",
    ".7z": "请解压后再收集",
}


@dataclass
class FileList:
    """`found`: (file, name to show it by); `rejected`: (name, reason); `passed`: names of what is no record by nature
    (the workbook itself, its 备份 folder)."""

    found: list[tuple[Path, str]] = field(default_factory=list)
    rejected: list[tuple[str, str]] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)


def listed(paths: Sequence[Path], workbook: Path) -> FileList:
    """Files in the order given, those of a folder by name; each file once."""
    out = FileList()
    seen: set[str] = set()
    for path in paths:
        if path.is_dir():
            for file in _below(path, workbook, out):
                _add(file, str(file.relative_to(path)), workbook, seen, out)
        else:
            _add(path, path.name or str(path), workbook, seen, out)
    return out


def _below(folder: Path, workbook: Path, out: FileList) -> list[Path]:
    files = []

    def unreadable(error: OSError) -> None:
        out.rejected.append((str(error.filename), "文件夹打不开，请确认有读取权限"))

    for where, folders, names in os.walk(folder, onerror=unreadable):
        here = Path(where)
        if BACKUPS in folders and here.resolve() == workbook.resolve().parent:
            folders.remove(BACKUPS)
            out.passed.append(f"{BACKUPS} 文件夹")
        folders.sort()
        files += [here / name for name in sorted(names) if name.lower() not in _DROPPINGS]
    return files


def _add(file: Path, name: str, workbook: Path, seen: set[str], out: FileList) -> None:
    suffix = file.suffix.lower()
    real = os.path.normcase(os.path.realpath(file))
    if real in seen:
        return
    seen.add(real)
    if real == os.path.normcase(os.path.realpath(workbook)):
        out.passed.append(f"{name}（工作簿自己）")
    elif file.name in (f".{workbook.name}.lock",) or file.name.startswith(f".{workbook.name}.tmp"):
        out.passed.append(f"{name}（本工具的临时文件）")
    elif file.name.startswith(("~$", ".~lock.")):
        out.rejected.append((name, "是程序打开文件时的临时标记，不是记录，请关闭打开它的程序"))
    elif not file.exists():
        out.rejected.append((name, "找不到这个文件，请检查文件名和所在文件夹"))
    elif suffix not in SUFFIXES:
        mend = _MEND.get(suffix, "请选择 .xlsx、.docx、.csv、.xls 或 .ods 文件")
        out.rejected.append((name, f"不支持的文件类型“{file.suffix}”，{mend}"))
    else:
        out.found.append((file, name))
