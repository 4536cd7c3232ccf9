"""Many Office packages that differ in a part or two: what they share is compressed once, what differs is filled in.

Each package is sealed: a property holds a checksum of all other parts, so that a form nobody has touched since it was
written is told from one that somebody has saved.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.sax.saxutils import escape

XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SEAL_PART = "docProps/custom.xml"
_SEAL = "loanvisit_seal"
SEAL_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
SEAL_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_VALUE = re.compile(rb'name="%s"><vt:lpwstr>([0-9a-f]+)<' % _SEAL.encode())
# The earliest date a zip entry can hold.
_DATE = (1980 - 1980) << 9 | 1 << 5 | 1
_UTF_8 = 0x800


def relationships(targets: Iterable[tuple[str, str]]) -> str:
    """A .rels part of (type, target), numbered rId1 on."""
    return (
        f'{XML_HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
            for number, (kind, target) in enumerate(targets, start=1)
        )
        + "</Relationships>"
    )


class Slots:
    """A text split once at its marks, to be filled many times. A mark is `mark(name)`."""

    def __init__(self, text: str) -> None:
        self._pieces = re.split("\ue000([^\ue001]*)\ue001", text)
        self.names = tuple(self._pieces[1::2])

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with the values as they are: they must be spelled for XML already."""
        pieces = self._pieces.copy()
        pieces[1::2] = [values[name] for name in self.names]
        return "".join(pieces)


def mark(name: str) -> str:
    """Private-use characters that no template text holds; data is filled in afterwards and may hold anything."""
    return f"\ue000{name}\ue001"


def marked(text: str) -> str:
    """`text` with `{name}` as marks."""
    return re.sub(r"\{(\w+)\}", lambda found: mark(found[1]), text)


class Part(NamedTuple):
    """One entry of a package, compressed."""

    name: str
    checksum: int
    size: int
    deflated: bytes


def part(name: str, content: str | bytes) -> Part:
    """`content` packed once, to stand in any number of packages."""
    data = content.encode() if isinstance(content, str) else content
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return Part(name, zlib.crc32(data), len(data), packer.compress(data) + packer.flush())


def sealed(parts: Iterable[Part]) -> bytes:
    """The package of `parts` and their seal; the same parts give the same bytes."""
    known = list(parts)
    seal = _checksum((entry.name, entry.checksum, entry.size) for entry in known)
    return zipped([*known, part(_SEAL_PART, _properties(seal))])


def untouched(package: bytes) -> bool:
    """Is this a form as `sealed` gave it? False for what somebody saved, and for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as entries:
            found = _VALUE.search(entries.read(_SEAL_PART))
            listed = [(e.filename, e.CRC, e.file_size) for e in entries.infolist() if e.filename != _SEAL_PART]
    except (zipfile.BadZipFile, KeyError, RuntimeError, zlib.error, NotImplementedError):
        return False
    return found is not None and found[1].decode() == _checksum(listed)


def _checksum(entries: Iterable[tuple[str, int, int]]) -> str:
    return f"{zlib.crc32(repr(sorted(entries)).encode()):08x}"


def _properties(seal: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{_SEAL}">'
        f"<vt:lpwstr>{escape(seal)}</vt:lpwstr></property></Properties>"
    )


def zipped(parts: list[Part]) -> bytes:
    """The zip archive of compressed parts: no clock, no computer in it."""
    body, index, offset = [], [], 0
    for entry in parts:
        name = entry.name.encode()
        about = struct.pack(
            "<HHHHLLLHH",
            0 if name.isascii() else _UTF_8,
            zipfile.ZIP_DEFLATED,
            0,
            _DATE,
            entry.checksum,
            len(entry.deflated),
            entry.size,
            len(name),
            0,
        )
        index.append(b"PK\1\2" + struct.pack("<HH", 20, 20) + about + struct.pack("<HHHLL", 0, 0, 0, 0, offset) + name)
        body += [b"PK\3\4" + struct.pack("<H", 20) + about + name, entry.deflated]
        offset += len(body[-2]) + len(entry.deflated)
    directory = b"".join(index)
    end = b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, len(parts), len(parts), len(directory), offset, 0)
    return b"".join([*body, directory, end])
