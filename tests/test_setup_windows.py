"""setup_windows.cmd: one file, read by cmd.exe up to a line of quotes and by Python from there on.

Requirements: issue 5, item 6. Windows cannot run here: the part for cmd.exe is held to rules, the part in Python runs
for real in an empty home folder, from an offline wheel folder.
"""

import ast
import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "setup_windows.cmd"
TOOL = """
import pathlib, sys
command, path = sys.argv[1:3]
if command == "new":
    pathlib.Path(path).write_text("new")
elif command == "launchers":
    pathlib.Path(path).mkdir(exist_ok=True)
"""


@pytest.fixture
def delivered(tmp_path):
    """The folder that head office hands out, with a tool that does what the real one is asked for."""
    folder = tmp_path / "安装 & 包"
    (folder / "wheels").mkdir(parents=True)
    shutil.copy(SCRIPT, folder)
    files = {
        "toolkit/__init__.py": b"",
        "toolkit/__main__.py": TOOL.encode(),
        "loanvisit-9.dist-info/METADATA": b"Metadata-Version: 2.1\nName: loanvisit\nVersion: 9\n",
        "loanvisit-9.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}")
    files["loanvisit-9.dist-info/RECORD"] = "\n".join([*lines, "loanvisit-9.dist-info/RECORD,,"]).encode()
    with zipfile.ZipFile(folder / "wheels" / "loanvisit-9-py3-none-any.whl", "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)
    return folder


def run(folder, home, *arguments):
    environment = {
        "PATH": os.environ["PATH"], "USERPROFILE": str(home), "LOCALAPPDATA": str(home / "Local"),
        "APPDATA": str(home / "Roaming"), "PYTHONUTF8": "1", "PIP_CONFIG_FILE": os.devnull,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-x", str(folder / SCRIPT.name), *arguments],
        env=environment, capture_output=True, encoding="utf-8", check=False, cwd=home,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_set_up_and_removal_in_an_empty_home(delivered, tmp_path):
    home = tmp_path / "张 三's"
    home.mkdir()
    code, said = run(delivered, home)
    assert code == 0, said
    assert "安装完成" in said
    python = home / "Local" / "loanvisit" / "venv" / "bin" / "python"
    assert (home / "Roaming" / "loanvisit" / "python.txt").read_text(encoding="utf-8").strip() == str(python)
    book = home / "贷款回访" / "贷款回访工作簿.xlsm"
    assert book.read_text() == "new"
    assert (home / "贷款回访" / "快捷操作").is_dir()
    assert subprocess.run([python, "-c", "import toolkit"], check=False, env={}, cwd=home).returncode == 0

    book.write_text("filled in")
    code, said = run(delivered, home, "remove")
    assert code == 0, said
    assert not (home / "Local" / "loanvisit").exists()
    assert not (home / "Roaming" / "loanvisit" / "python.txt").exists()
    assert book.read_text() == "filled in"
    assert run(delivered, home, "remove")[0] == 0


def test_what_is_missing_or_mistyped_is_said(delivered, tmp_path):
    code, said = run(delivered, tmp_path, "uninstal")
    assert code == 2
    assert "用法" in said
    shutil.rmtree(delivered / "wheels")
    code, said = run(delivered, tmp_path)
    assert code == 2
    assert "wheels" in said
    assert not (tmp_path / "Local").exists()


@pytest.fixture(scope="module")
def halves():
    """(lines for cmd.exe, text for Python)."""
    text = SCRIPT.read_bytes().decode("utf-8")
    assert text.count("\n") == text.count("\r\n")
    batch, quotes, rest = text.replace("\r\n", "\n").partition('\n"""\n')
    assert quotes
    return batch.split("\n"), "\n" + batch.split("\n", 1)[1] + quotes + rest


def test_the_part_for_cmd(halves):
    lines, _ = halves
    assert all(line.isascii() for line in lines)
    assert not SCRIPT.read_bytes().startswith(b"\xef\xbb\xbf")
    assert lines[0].startswith("@echo off")
    assert lines[1] == 'rem = r"""'
    # cmd.exe never comes to the Python part.
    assert lines[-1].startswith("exit /b")
    labels = {line[1:] for line in lines if line.startswith(":")}
    assert {line.split()[-1] for line in lines if "goto " in line} <= labels
    for line in lines[2:]:
        assert line.count('"') % 2 == 0
        bare = re.sub(r'"[^"]*"', "", line)
        assert "%~" not in bare
    (told,) = re.findall(r"Unescape\('(.*)'\)", "\n".join(lines))
    assert "安装 Python" in re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), told)


def test_the_part_for_python_parses_on_an_old_one(halves):
    _, text = halves
    ast.parse(text, feature_version=(3, 6))
    assert "administrator" in text
    assert not re.search(r"RunAs|HKLM|HKEY_LOCAL_MACHINE|Program Files", text)
