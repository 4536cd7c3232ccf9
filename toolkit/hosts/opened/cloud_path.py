"""The local file behind a workbook that Excel knows by its OneDrive or SharePoint address."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath
from typing import NamedTuple
from urllib.parse import unquote

from toolkit.model.errors import ToolkitError

_KEY = r"Software\SyncEngines\Providers\OneDrive"


class Mount(NamedTuple):
    """A library that OneDrive keeps in step: its address and the folder on this computer."""

    url: str
    folder: str


def local_file(url: str, mounts: Sequence[Mount]) -> Path:
    """The synchronised copy of the workbook at `url`; raises `ToolkitError` if this computer has none."""
    name = unquote(url.rstrip("/").rpartition("/")[2])
    plain = _plain(url)
    for mount in sorted(mounts, key=lambda mount: len(mount.url), reverse=True):
        base = _plain(mount.url)
        if not base or not plain.casefold().startswith(f"{base}/".casefold()):
            continue
        parts = plain[len(base) + 1 :].split("/")
        # OneDrive may sync a subfolder of the address: then the first folders of the path are not there.
        for skipped in range(len(parts)):
            path = Path(mount.folder, *parts[skipped:])
            if path.is_file():
                return path
    raise ToolkitError(
        "工作簿在 OneDrive 或 SharePoint 上，本机没有同步的副本",
        where=name,
        mend="请在 OneDrive 中同步该文件夹，或另存到本机文件夹后再按按钮",
    )


def _plain(url: str) -> str:
    return unquote(url).rstrip("/")


def mounts() -> list[Mount]:
    """What OneDrive has registered for this user; [] on other systems or without OneDrive."""
    if sys.platform != "win32":
        return []
    import winreg

    found = []
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _KEY) as providers:
            for number in range(winreg.QueryInfoKey(providers)[0]):
                with winreg.OpenKey(providers, winreg.EnumKey(providers, number)) as provider:
                    found.append(_mount(provider))
    except OSError:  # no such key: OneDrive was never set up
        return []
    return [mount for mount in found if mount.url and mount.folder]


def _mount(provider: object) -> Mount:
    if sys.platform != "win32":
        raise NotImplementedError
    import winreg

    def text(name: str) -> str:
        try:
            return str(winreg.QueryValueEx(provider, name)[0])
        except OSError:
            return ""

    return Mount(text("UrlNamespace"), text("MountPoint"))


def same_place(a: str, b: str) -> bool:
    """Do two full names, paths or addresses, mean one workbook?"""
    if "://" in a or "://" in b:
        return _plain(a).casefold() == _plain(b).casefold()
    if sys.platform == "win32":
        return PureWindowsPath(a) == PureWindowsPath(b)
    return os.path.normpath(a) == os.path.normpath(b)
