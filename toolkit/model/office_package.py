"""What Office packages that we write have in common: the same bytes for the same content, no traces of the computer."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from xml.sax.saxutils import escape

# The earliest date a zip entry can hold.
_DATE = (1980, 1, 1, 0, 0, 0)
# What Word keeps of a property.
_LONGEST = 255


# Of parts that come in pieces, which are large: a tenth larger than by the usual effort, in less than half the time.
_QUICK = 3


@dataclass(frozen=True)
class Pieces:
    """A part that is never held as a whole. `large`: it may exceed the 2 GiB of an ordinary zip entry; Excel offers to
    repair files with such entries, so it is said only where it is so."""

    parts: Iterator[bytes]
    large: bool = False


def pinned(package: bytes, revised: Callable[[str, bytes], bytes] = lambda name, part: part) -> bytes:
    """`package` with every entry's date and attributes fixed, in the same order; `revised` may give a part (by its
    name) other content."""
    out = io.BytesIO()
    pin(package, out, revised)
    return out.getvalue()


def pin(package: bytes, out: BinaryIO, revised: Callable[[str, bytes], bytes | Pieces]) -> None:
    """`pinned` written into `out`."""
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o600 << 16
            content = revised(entry.filename, source.read(entry))
            if isinstance(content, bytes):
                target.writestr(info, content)
                continue
            info._compresslevel = _QUICK  # type: ignore[attr-defined]  # no public name before Python 3.13
            with target.open(info, "w", force_zip64=content.large) as part:
                for piece in content.parts:
                    part.write(piece)


def extended_properties(company: str) -> bytes:
    """docProps/app.xml that names the company and no program or computer."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        f"<Company>{escape(company)}</Company></Properties>"
    ).encode()


def core_properties(title: str, author: str, date: dt.date) -> bytes:
    """docProps/core.xml: title, author and the one date; whoever edited before is not named.

    Written out because docxtpl's companion docxcompose, once imported, makes python-docx write half of them into a
    foreign namespace, where Word does not read them.
    """
    namespaces = (
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    time = f"{date:%Y-%m-%d}T00:00:00Z"
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties {namespaces}>'
        f"<dc:title>{escape(title[:_LONGEST])}</dc:title><dc:creator>{escape(author[:_LONGEST])}</dc:creator>"
        f"<cp:lastModifiedBy>{escape(author[:_LONGEST])}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{time}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{time}</dcterms:modified>'
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    ).encode()
