"""The zip under an Office file: checked before anything is inflated; untouched entries are written back as they lie."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Set

from toolkit.model.errors import ToolkitError

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
MOST_ENTRIES = 20_000
MOST_BYTES = 1 << 30  # of all entries together, inflated
RATIO_COUNTS_FROM = 20 << 20  # small entries may compress as well as they like
MOST_RATIO = 300

_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
# Bit 3 says that sizes follow the data; entries are written with the sizes in front, so it goes.
_KEPT_FLAGS = _UTF8_NAME | 0x6
_EPOCH = (1980, 1, 1, 0, 0, 0)


def refuse_locked_or_old(content: bytes, where: str, *, program: str, old: str, new: str) -> None:
    """Raise if the bytes are an Office file that is encrypted or in the format before OOXML (`old`), or none at all.

    `program` saves such files, as `new`; `where` names the file.
    """
    if content.startswith(OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise ToolkitError("文件已加密", where=where, mend="请先取消打开密码并保存后重试")
        mend = f"请在 {program} 或 WPS 中另存为 {new} 后重试"
        raise ToolkitError(f"内容是旧版 {old} 格式", where=where, mend=mend)
    if not content:
        raise ToolkitError("文件是空的（0 字节）", where=where, mend="请重新取得完整的文件")


class ZipParts:
    """Entries of a zip held in memory. `where` names the file in messages; `most_bytes`: of all entries together,
    `most_xml`: of the largest .xml entry, inflated."""

    def __init__(self, content: bytes, where: str, most_bytes: int | None = None, most_xml: int | None = None) -> None:
        self._content, self._where = content, where
        self._most_bytes, self._most_xml = most_bytes or MOST_BYTES, most_xml or MOST_BYTES
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError):
            raise self._broken("文件不完整或已损坏") from None
        entries = [info for info in self._zip.infolist() if not info.is_dir()]
        self._infos = {info.filename: info for info in entries}
        self._cache: dict[str, bytes] = {}
        if len(self._infos) != len(entries):
            raise self._broken("文件已损坏（内部部件重复）")
        if any(info.flag_bits & _ENCRYPTED for info in entries):
            raise ToolkitError("文件已加密", where=where, mend="请先取消密码并保存后重试")
        self._refuse_bomb(entries)

    def _broken(self, what: str) -> ToolkitError:
        return ToolkitError(what, where=self._where, mend="请重新取得完整的文件，或用 备份 文件夹中的副本")

    def _refuse_bomb(self, entries: list[zipfile.ZipInfo]) -> None:
        inflated = sum(info.file_size for info in entries)
        squeezed = any(
            info.file_size > RATIO_COUNTS_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1)
            for info in entries
        )
        largest = max((info.file_size for info in entries if info.filename.lower().endswith(".xml")), default=0)
        if len(entries) > MOST_ENTRIES or inflated > self._most_bytes or largest > self._most_xml or squeezed:
            raise ToolkitError(
                "文件解压后异常庞大，为安全起见不予读取",
                where=self._where,
                mend="请在 Excel 中删去多余的空白行列和格式，另存后重试",
            )

    @property
    def names(self) -> list[str]:
        return list(self._infos)

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def read(self, name: str) -> bytes:
        """Inflated entry; its declared size and checksum are held against what is really there."""
        if name not in self._cache:
            try:
                self._cache[name] = self._zip.read(name)
            except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
                raise self._broken("文件不完整或已损坏") from None
        return self._cache[name]

    def written(self, changed: Mapping[str, bytes], removed: Set[str]) -> bytes:
        """A new zip in the same order: changed entries deflated anew, all others copied as they lie; new ones last."""
        out = io.BytesIO()
        directory = []
        for name in [*self._infos, *(name for name in changed if name not in self._infos)]:
            if name in removed:
                continue
            info = self._infos.get(name) or zipfile.ZipInfo(name, _EPOCH)
            if name in changed:
                packer = zlib.compressobj(6, zlib.DEFLATED, -15)
                data = packer.compress(changed[name]) + packer.flush()
                method, crc, size = zipfile.ZIP_DEFLATED, zlib.crc32(changed[name]), len(changed[name])
            else:
                data, method, crc, size = self._raw(info), info.compress_type, info.CRC, info.file_size
            encoded = name.encode("utf-8")
            flags = info.flag_bits & _KEPT_FLAGS | (0 if encoded.isascii() else _UTF8_NAME)
            year, month, day, hour, minute, second = info.date_time
            clock = hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
            common = (flags, method, *clock, crc, len(data), size, len(encoded), 0)
            directory.append(
                struct.pack(
                    "<I6H3I5H2I", 0x02014B50, info.create_system << 8 | 20, 20, *common, 0, 0, info.internal_attr,
                    info.external_attr, out.tell(),
                ) + encoded
            )  # fmt: skip
            out.write(struct.pack("<I5H3I2H", 0x04034B50, 20, *common))
            out.write(encoded)
            out.write(data)
        start = out.tell()
        for record in directory:
            out.write(record)
        size = out.tell() - start
        out.write(struct.pack("<I4H2IH", 0x06054B50, 0, 0, len(directory), len(directory), size, start, 0))
        return out.getvalue()

    def _raw(self, info: zipfile.ZipInfo) -> bytes:
        name_length, extra_length = struct.unpack_from("<2H", self._content, info.header_offset + 26)
        start = info.header_offset + 30 + name_length + extra_length
        return self._content[start : start + info.compress_size]
