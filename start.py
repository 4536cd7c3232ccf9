"""Set up and go, with nothing but Python 3.11 or newer: `python3 start.py demo` or `python3 start.py test`.

`demo` makes a virtual environment in .venv, installs the locked dependencies and runs `loanvisit demo`; `test` also
installs what the tests need (on Debian LibreOffice, fonts and PDF tools through apt) and runs every check.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
# Command → Debian package that brings it; fonts are asked for by fc-list.
DEBIAN_PROGRAMS = {
    "soffice": ["libreoffice-calc", "libreoffice-writer"],
    "pdftoppm": ["poppler-utils"],
    "Xvfb": ["xvfb"],  # with xdotool: buttons are really clicked, on a screen that nobody sees
    "xdotool": ["xdotool"],
}
DEBIAN_FONTS = ["fontconfig", "fonts-noto-cjk"]
# The module through which LibreOffice is spoken to; it belongs to the system's Python, not to ours.
DEBIAN_UNO = ["python3-uno"]


def run(*command: object) -> None:
    """Run a command in the checkout; end with its exit code if it fails."""
    code = subprocess.call([str(part) for part in command], cwd=ROOT)
    if code:
        sys.exit(code)


def install_debian(packages: list[str]) -> None:
    if not packages:
        return
    if not shutil.which("apt-get"):
        sys.exit(f"请先安装：{' '.join(packages)}")
    prefix = [] if os.geteuid() == 0 else ["sudo"]
    run(*prefix, "apt-get", "update", "-qq")
    run(
        *prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
        *packages,
    )


def has_venv() -> bool:
    """Debian splits ensurepip off into python3-venv."""
    return subprocess.call([sys.executable, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) == 0


def has_chinese_font() -> bool:
    fonts = shutil.which("fc-list")
    return bool(fonts) and bool(subprocess.run([str(fonts), ":lang=zh"], capture_output=True).stdout.strip())


def has_uno() -> bool:
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    return bool(python) and subprocess.call([str(python), "-c", "import uno"], stderr=subprocess.DEVNULL) == 0


def set_up(*, for_tests: bool) -> None:
    if os.name != "nt":
        wanted = [] if has_venv() else ["python3-venv"]
        if for_tests:
            wanted += [
                name for program, names in DEBIAN_PROGRAMS.items() if not shutil.which(program) for name in names
            ]
            wanted += [] if has_chinese_font() else DEBIAN_FONTS
            wanted += [] if has_uno() else DEBIAN_UNO
        install_debian(wanted)
    if not PYTHON.exists():
        run(sys.executable, "-m", "venv", VENV)
    lock = "requirements-dev.lock" if for_tests else "requirements.lock"
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, "--require-hashes", "-r", lock)
    run(*pip, "--no-deps", "--force-reinstall", ".")


def test() -> None:
    run(PYTHON, "-m", "ruff", "check", ".")
    run(PYTHON, "-m", "ruff", "format", "--check", ".")
    run(PYTHON, "-m", "mypy")
    run(PYTHON, "-m", "pytest", "-n", "auto")


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  whoever starts this may have an older one
        sys.exit(f"需要 Python 3.11 或更新的版本，本机是 {sys.version.split()[0]}，请升级后再试。")
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    if wanted not in ("demo", "test"):
        sys.exit("用法：python3 start.py demo（演示）或 python3 start.py test（测试）")
    set_up(for_tests=wanted == "test")
    if wanted == "test":
        test()
    else:
        run(BIN / "loanvisit", "demo", *sys.argv[2:])


if __name__ == "__main__":
    main()
