"""Fonts that the workbook and the Word papers ask for."""

import shutil
import subprocess
import sys
from collections.abc import Iterable

from toolkit.hosts.machine.finding import Found, State
from toolkit.hosts.machine.registry import Names

_FONTS_KEY = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"
# Use → names under which a font that serves is registered.
_WANTED = {
    "工作簿的微软雅黑": ("微软雅黑", "Microsoft YaHei"),
    "公文正文的仿宋": ("仿宋", "FangSong", "仿宋_GB2312"),
    "公文标题的黑体": ("黑体", "SimHei"),
    "公文标题的楷体": ("楷体", "KaiTi", "楷体_GB2312"),
    "公文大标题的小标宋": ("方正小标宋", "FZXiaoBiaoSong", "小标宋"),
}


def installed(names: Names, platform: str = sys.platform) -> list[str] | None:
    """Names of the fonts that can write Chinese; None if the system does not say."""
    if platform == "win32":
        return [name for hive in ("HKLM", "HKCU") for name in names(hive, _FONTS_KEY)] or None
    listing = shutil.which("fc-list")
    if listing is None:
        return None
    done = subprocess.run(
        [listing, ":lang=zh", "family"], capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    return done.stdout.splitlines()


def chinese_fonts(have: Iterable[str] | None) -> Found:
    """Are the fonts of workbook and papers there? `have`: names of installed fonts, None if they cannot be told."""
    subject = "中文字体"
    if have is None:
        return Found(subject, State.UNKNOWN, "无法列出本机字体", "如中文显示为方框，请安装中文字体")
    listed = [name.casefold() for name in have]
    if not listed:
        return Found(subject, State.NOTE, "没有中文字体，表格和报告会显示为方框", "请安装中文字体，如 Noto CJK")
    missing = [
        use for use, known in _WANTED.items() if not any(name.casefold() in font for name in known for font in listed)
    ]
    if not missing:
        return Found(subject, State.FINE, "齐全")
    return Found(
        subject, State.NOTE, f"没有：{'、'.join(missing)}", "会用相近的字体代替；正式报告请在装有这些字体的电脑上打印"
    )
