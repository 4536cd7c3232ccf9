"""The Python that runs, its packages, and the one that the buttons will start."""

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import metadata
from pathlib import Path

from toolkit.hosts.machine.finding import Found, State

OLDEST = (3, 11)
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)\s*(?:>=\s*([\d.]+))?[^;]*(?:;(.*))?")
_REINSTALL = "请重新运行安装程序（setup_windows.cmd），或执行 pip install 重新安装本工具"


def version_of_python(version: tuple[int, int, int], *, wide: bool) -> Found:
    """`wide`: a 64-bit Python."""
    said = ".".join(map(str, version)) + ("" if wide else "（32 位）")
    if version[:2] < OLDEST:
        return Found("Python", State.STOPS, said, f"请安装 Python {OLDEST[0]}.{OLDEST[1]} 或更新的版本（64 位）")
    if not wide:
        return Found("Python", State.NOTE, said, "大的工作簿可能内存不足，请改装 64 位的 Python")
    return Found("Python", State.FINE, said)


def requirements() -> list[str]:
    """What the installed toolkit asks for; [] if it runs from a folder without being installed."""
    try:
        return metadata.requires("loanvisit") or []
    except metadata.PackageNotFoundError:
        return []


def version_of(package: str) -> str | None:
    """The installed version of a package; None if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def packages(wanted: Iterable[str], version_of: Callable[[str], str | None], platform: str) -> list[Found]:
    """Needed packages in one finding, those for extras in another.

    `wanted`: requirements such as ``pandas>=3.0`` or ``xlwings>=0.33; sys_platform == 'win32'``.
    """
    needed: list[str] = []
    extra: list[str] = []
    for text in wanted:
        match = _REQUIREMENT.match(text)
        name, lowest, marker = (match[1], match[2] or "", match[3] or "") if match else ("", "", "")
        if "sys_platform" in marker and platform not in marker:
            continue
        if re.search(r"extra\s*==\s*[\"']dev", marker):
            continue
        has = version_of(name)
        if has is None or _numbers(has) < _numbers(lowest):
            trouble = f"{name}（{'没有安装' if has is None else f'{has}，须 {lowest} 以上'}）"
            (extra if "extra" in marker else needed).append(trouble)
    if not wanted:
        return [Found("程序包", State.UNKNOWN, "本工具未经安装而直接运行，无从核对", "如有命令出错，请安装后使用")]
    found = [Found("程序包", State.FINE, "齐全")]
    if needed:
        found = [Found("程序包", State.STOPS, f"缺少或过旧：{'、'.join(needed)}", _REINSTALL)]
    if extra:
        found.append(
            Found("可选程序包", State.NOTE, f"没有：{'、'.join(extra)}", "只在加密文件、总行汇总时需要，可不装")
        )
    return found


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version.partition("+")[0])[:3])


def setting_path(environment: Mapping[str, str]) -> Path:
    """Where set-up writes which Python the buttons start: %APPDATA%, elsewhere ~/.config."""
    base = environment.get("APPDATA") or environment.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "loanvisit" / "python.txt"


def setting(path: Path) -> Found:
    """The per-user setting that the buttons of a workbook look at."""
    subject = "按钮所用的 Python"
    if not path.is_file():
        return Found(
            subject, State.NOTE, "没有登记，按钮将在 PATH 中寻找", f"请运行安装程序，或把 python 的完整路径写入 {path}"
        )
    content = path.read_bytes()
    text = _decoded(content).strip()
    if not text or not Path(text).is_file():
        return Found(
            subject, State.STOPS, f"登记的程序不存在：{text or '（空白）'}", f"请重新运行安装程序，或改正 {path}"
        )
    same = Path(text).parent.resolve() == Path(sys.executable).parent.resolve()
    return Found(subject, State.FINE, text if same else f"{text}（与现在运行的不是同一个）")


def _decoded(content: bytes) -> str:
    """Written in the system's own code page, which Excel's macros read; UTF-8 by hand."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""
