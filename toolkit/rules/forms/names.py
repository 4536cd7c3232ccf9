"""Names of files and worksheets from data: valid on Windows and in Excel, short enough, never the same twice."""

import re
from collections.abc import Iterable

from toolkit.rules.planning.numbers import short_hash

# Two parts, the prefix and what tells equal names apart stay below 200 characters, and below the 255 bytes that a Linux
# disk takes.
_MOST_BYTES = 85
_LONGEST_TAB = 31
_NOT_IN_A_NAME = re.compile(
    '[<>:"/\\\\|?*\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff\ufffe\uffff]'
)
_NOT_IN_A_TAB = re.compile("[\\[\\]:*?/\\\\'\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def file_part(text: str) -> str:
    """`text` as part of a file name; cut to a stub with a checksum where it is too long."""
    kept = _NOT_IN_A_NAME.sub("_", text).strip(" .")
    if len(kept.encode()) <= _MOST_BYTES:
        return kept
    stub = kept.encode()[: _MOST_BYTES - 10].decode(errors="ignore").strip(" .")
    return f"{stub}~{short_hash(text)}"


def distinct(names: Iterable[str]) -> list[str]:
    """`names` with a checksum of the place added to those that occurred before; upper and lower case are alike, as they
    are on Windows and in Excel."""
    seen: set[str] = set()
    out = []
    for place, name in enumerate(names):
        unique, turn = name, 0
        while unique.casefold() in seen:
            unique = f"{name[: _LONGEST_TAB * 4]}~{short_hash(f'{name}{place}{turn}')[:4]}"
            turn += 1
        seen.add(unique.casefold())
        out.append(unique)
    return out


def tab_titles(texts: Iterable[str]) -> list[str]:
    """Worksheet names from 回访编号, in order and distinct."""
    short = [_NOT_IN_A_TAB.sub("_", text).strip()[: _LONGEST_TAB - 5] or "回访记录" for text in texts]
    return distinct(short)
