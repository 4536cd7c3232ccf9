"""Which file is which 网点's: as on the last list, else a new name that no other branch has."""

from dataclasses import dataclass
from pathlib import Path

from toolkit.hosts.closed_file import open_closed
from toolkit.model import office_sheets as o
from toolkit.model import sheets as s
from toolkit.model.errors import ToolkitError
from toolkit.office.branch_books import SUFFIX
from toolkit.rules.forms.names import file_part
from toolkit.rules.planning.numbers import short_hash


@dataclass(frozen=True)
class Places:
    """`file_of`: 网点 → file name in `folder`; `earlier`: those on the last list that are not asked for now."""

    folder: Path
    file_of: dict[str, str]
    earlier: dict[str, str]


def known_places(folder: Path, branches: list[str]) -> Places:
    """File names for `branches`. Raises `ToolkitError` if the last list cannot be read: guessing would make doubles."""
    listed = listed_files(folder / o.DISPATCH_LIST)
    there = {branch: file for branch, file in listed.items() if (folder / file).is_file()}
    taken = {file.casefold() for file in there.values()}
    file_of = {}
    for branch in branches:
        name = there.get(branch) or _new_name(folder, branch, taken)
        taken.add(name.casefold())
        file_of[branch] = name
    return Places(folder, file_of, {branch: file for branch, file in there.items() if branch not in file_of})


def listed_files(listing: Path) -> dict[str, str]:
    """网点 → 文件 of a 分发清单.xlsx; {} if there is none."""
    if not listing.is_file():
        return {}
    rows = open_closed(listing).read(o.DISPATCH).data
    return {branch: file for branch, file in zip(rows["branch"], rows["file"], strict=True) if branch and file}


def _new_name(folder: Path, branch: str, taken: set[str]) -> str:
    """The branch's name as a file name; with a checksum where another branch has it, on this list or in the folder."""
    plain = file_part(branch) or "网点"
    if plain.split(".")[0].upper() in _DEVICES:
        plain = f"_{plain}"
    for name in (f"{plain}{SUFFIX}", f"{plain}~{short_hash(branch)}{SUFFIX}"):
        if name.casefold() not in taken and not _belongs_to_another(folder / name, branch):
            return name
    raise ToolkitError("文件名已被别的网点占用", where=f"{plain}{SUFFIX}", mend="请移走该文件后重新分发")


# Windows opens a device instead of a file of these names.
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


def _belongs_to_another(path: Path, branch: str) -> bool:
    """Does a workbook lie there whose loans are all of other branches?"""
    if not path.is_file():
        return False
    try:
        branches = set(open_closed(path).read(s.LOANS).data["branch"]) - {""}
    except ToolkitError:
        return False  # whatever is wrong with it, the run on it will say
    return bool(branches) and branch not in branches
