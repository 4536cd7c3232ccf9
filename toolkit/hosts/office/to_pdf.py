"""Word papers as PDF, by a LibreOffice that is started for it with a profile of its own and ends with it."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from toolkit.hosts.machine.registry import read as read_registry
from toolkit.model.errors import ToolkitError

_APP_PATH = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\soffice.exe"
_START_SECONDS, _FILE_SECONDS = 120.0, 10.0
# A command line takes so many names, on Windows 32,000 characters.
_AT_ONCE = 500
_MEND = "请安装 LibreOffice（免费）后再用 --format pdf，或去掉这个选项生成 .docx，在 Word、WPS 中另存为 PDF"
# A comment behind the end of the file, which readers pass over: LibreOffice never gives the same bytes twice.
_MARK = b"%loanvisit-"


def office_program(which: Callable[[str], str | None] = shutil.which, platform: str = sys.platform) -> Path | None:
    """The program that converts; None if there is no LibreOffice."""
    if platform == "win32":
        listed = [read_registry(hive, _APP_PATH, "") for hive in ("HKCU", "HKLM")]
        for found in (Path(str(value).strip('"')) for value in listed if value):
            # The .com waits for the end, the .exe need not.
            for program in (found.with_suffix(".com"), found):
                if program.is_file():
                    return program
    for name in ("soffice", "libreoffice"):
        if found_at := which(name):
            return Path(found_at)
    bundled = Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
    return bundled if platform == "darwin" and bundled.is_file() else None


def as_pdf(documents: Sequence[bytes], program: Path | None = None) -> list[bytes]:
    """The PDF of each .docx, in order, marked with what it was made from.

    Raises `ToolkitError` if there is no LibreOffice, or if it does not give every file.
    """
    program = program or office_program()
    if program is None:
        raise ToolkitError("没有找到 LibreOffice，无法生成 PDF", where="参数 --format", mend=_MEND)
    with tempfile.TemporaryDirectory(prefix="loanvisit-pdf-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        names = [f"{number:05d}.docx" for number in range(len(documents))]
        for name, document in zip(names, documents, strict=True):
            (folder / name).write_bytes(document)
        for start in range(0, len(names), _AT_ONCE):
            _convert(program, folder, names[start : start + _AT_ONCE])
        return [_taken(folder / name, document) for name, document in zip(names, documents, strict=True)]


def _convert(program: Path, folder: Path, names: Sequence[str]) -> None:
    profile = (folder / "profile").as_uri()
    command = [
        str(program), f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck",
        "--convert-to", "pdf:writer_pdf_Export", "--outdir", ".", *names,
    ]  # fmt: skip
    # A display or session of the caller's has no part in it.
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    try:
        subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=_START_SECONDS + _FILE_SECONDS * len(names), check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise ToolkitError("LibreOffice 太久没有完成转换", where="参数 --format", mend=_MEND) from error
    except OSError as error:
        raise ToolkitError("LibreOffice 无法启动", where=str(program), mend=_MEND) from error


def _taken(document: Path, source: bytes) -> bytes:
    try:
        content = document.with_suffix(".pdf").read_bytes()
    except OSError as error:
        raise ToolkitError("LibreOffice 没有转换成功", where="参数 --format", mend=_MEND) from error
    return content.rstrip() + b"\n" + _MARK + _digest(source) + b"\n"


def same_source(one: bytes, other: bytes) -> bool:
    """Were both made from the same document, and not touched since?"""
    marks = [content[content.rfind(_MARK) :] if _MARK in content else b"" for content in (one, other)]
    return marks[0] != b"" and marks[0] == marks[1]


def _digest(document: bytes) -> bytes:
    return hashlib.sha256(document).hexdigest().encode()
