"""Can the workbook's folder be written, and its 备份/ too?"""

import secrets
from pathlib import Path

from toolkit.hosts.locking import refuse_if_open
from toolkit.hosts.machine.finding import Found, State
from toolkit.hosts.replacing import BACKUP_FOLDER
from toolkit.model.errors import ToolkitError


def folder(path: Path) -> list[Found]:
    """Findings on a folder that holds, or is to hold, a workbook."""
    found = [_writable("文件夹", path)]
    kept = path / BACKUP_FOLDER
    if kept.exists():
        found.append(_writable(f"“{BACKUP_FOLDER}”文件夹", kept))
    return found


def _writable(subject: str, path: Path) -> Found:
    mend = "请换一个有写入权限的文件夹，或请科技部门开通权限"
    if not path.is_dir():
        return Found(subject, State.STOPS, f"{path} 不是文件夹", mend)
    probe = path / f".loanvisit-{secrets.token_hex(4)}.tmp"
    try:
        with probe.open("xb") as file:
            file.write(b"x")
    except OSError as error:
        return Found(subject, State.STOPS, f"{path} 不能写入（{error.strerror}）", mend)
    finally:
        probe.unlink(missing_ok=True)
    return Found(subject, State.FINE, f"{path} 可以写入")


def held(workbook: Path) -> Found | None:
    """Who has the workbook open, or that it is marked read-only; None if nothing stands in the way."""
    try:
        refuse_if_open(workbook)
    except ToolkitError as error:
        return Found("工作簿", State.STOPS, error.what, error.mend)
    if not workbook.stat().st_mode & 0o222:
        return Found("工作簿", State.STOPS, "标记为只读", "请在文件属性中去掉“只读”")
    return None
