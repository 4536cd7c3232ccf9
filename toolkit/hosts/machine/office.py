"""Excel, WPS and LibreOffice: which are there, and whether Excel will let macros run."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from toolkit.hosts.machine.finding import Found, State
from toolkit.hosts.machine.registry import Registry

_APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths"
# Program → executables by which Windows knows it, and command names elsewhere.
_PROGRAMS = {
    "Excel": (("excel.exe",), ()),
    "WPS 表格": (("et.exe", "wps.exe"), ("et",)),
    "LibreOffice": (("soffice.exe", "scalc.exe"), ("soffice", "libreoffice")),
}
_BY_COMMAND = "没有按钮时请用命令行或“loanvisit launchers”生成的拖放程序"


def programs(read: Registry, which: Callable[[str], str | None] = shutil.which) -> list[Found]:
    """One finding: which spreadsheet programs there are."""
    here = [name for name, (keys, commands) in _PROGRAMS.items() if _is_here(keys, commands, read, which)]
    if not here:
        return [
            Found("表格软件", State.NOTE, "没有找到 Excel、WPS 或 LibreOffice", "工作簿须在装有表格软件的电脑上查看")
        ]
    if "Excel" in here or "LibreOffice" in here:
        return [Found("表格软件", State.FINE, "、".join(here))]
    return [Found("表格软件", State.NOTE, "、".join(here), f"WPS 不一定能运行按钮；{_BY_COMMAND}")]


def _is_here(
    keys: tuple[str, ...], commands: tuple[str, ...], read: Registry, which: Callable[[str], str | None]
) -> bool:
    known = any(read(hive, f"{_APP_PATHS}\\{key}", "") for key in keys for hive in ("HKCU", "HKLM"))
    return known or any(which(command) for command in commands)


_SECURITY = r"Software\{policies}Microsoft\Office\{version}\Excel\Security"
_VERSIONS = ("16.0", "15.0")
_ENABLE = "请在 Excel 的“文件—选项—信任中心—宏设置”中选“通过通知禁用 VBA 宏”，打开工作簿后点“启用内容”"


def macro_trust(read: Registry, platform: str = sys.platform) -> Found:
    """VBAWarnings: 1 all macros run, 2 after a click (also where nothing is set), 3 signed ones only, 4 none.

    A policy of the bank stands above the user's own choice.
    """
    subject = "Excel 的宏设置"
    if platform != "win32":
        return Found(subject, State.UNKNOWN, "只有 Windows 上可以查看", "在 LibreOffice 中请把宏安全级别设为“中”")
    for policies in ("Policies\\", ""):
        for version in _VERSIONS:
            value = read("HKCU", _SECURITY.format(policies=policies, version=version), "VBAWarnings")
            if value is None:
                continue
            by_policy = bool(policies)
            if value in (1, 2):
                return Found(subject, State.FINE, "允许宏" if value == 1 else "打开工作簿时点“启用内容”即可运行")
            said = "只允许有签名的宏" if value == 3 else "禁止宏"
            if by_policy:
                return Found(subject, State.STOPS, f"{said}（由单位统一设置）", f"请联系科技部门；{_BY_COMMAND}")
            return Found(subject, State.STOPS, said, _ENABLE)
    return Found(subject, State.FINE, "打开工作簿时点“启用内容”即可运行（默认设置）")


def came_from_the_internet(workbook: Path, platform: str = sys.platform) -> Found | None:
    """Windows marks downloaded and mailed files, and Excel blocks their macros for good; None if it is not marked."""
    if platform != "win32" or workbook.suffix.lower() != ".xlsm":
        return None
    try:
        mark = Path(f"{workbook}:Zone.Identifier").read_text(encoding="utf-8", errors="ignore")
    except OSError:
        return None
    if "ZoneId=3" not in mark and "ZoneId=4" not in mark:
        return None
    return Found(
        "工作簿的来源",
        State.STOPS,
        "Windows 把它标记为来自网络，Excel 会阻止其中的宏",
        "请关闭工作簿，在资源管理器中右键它—属性—勾选“解除锁定”",
    )
