"""`loanvisit restore`: the newest copy in 备份/ takes the workbook's place, byte for byte."""

from collections.abc import Callable
from pathlib import Path

from toolkit import __version__
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.host import Host
from toolkit.hosts.opened.exchange import exchange, present_state
from toolkit.hosts.replacing import BACKUP_FOLDER, backups, moment_of, replace_file
from toolkit.model.errors import ToolkitError
from toolkit.run.order import Order, Result
from toolkit.run.target import held

# What comes back is exactly what was there, so 操作日志 of the workbook cannot tell of it; this file beside the copies
# does, also after a second restoring.
RECORD = "恢复记录.txt"


def restore(order: Order, progress: Callable[[str], None]) -> Result:
    """Put the newest backup back and keep today's state as a backup, so that restoring again undoes it.

    A workbook that is damaged or gone is restored too. With --output the backup is written there and the workbook is
    left alone. Raises `ToolkitError` if there is no backup, or if the newest one is damaged, naming an older good one.
    """
    with held(order) as target:
        progress("查看备份")
        newest, moment = _newest(order.workbook)
        content = newest.read_bytes()
        if target.exists() and target.read_bytes() == content:
            return _result(order, target, _same(moment))
        progress("恢复")
        kept = replace_file(target, content, backup=True)
        _record(order, target, newest, kept)
    said = f"已恢复到 {moment} 的备份"
    if kept:
        said += f"；恢复前的内容另存为 {BACKUP_FOLDER}/{kept.name}"
    if kept and order.output is None:
        said += "，再恢复一次即可换回"
    return _result(order, target, said, kept)


def restore_open(order: Order, host: Host, progress: Callable[[str], None]) -> Result:
    """The same to a workbook that a program has open: it is closed, exchanged and opened again.

    What is kept is the workbook as it stands in its window, unsaved changes included. Raises `ToolkitError` as
    `restore`, and if the program cannot let go of the file; the workbook is then open as it was.
    """
    progress("查看备份")
    newest, moment = _newest(order.workbook)
    content = newest.read_bytes()
    unsaved = host.unsaved()
    present = present_state(host)
    if present == content:
        return Result(order.action.name, order.as_of, summary=_same(moment))
    progress("恢复")
    kept = exchange(host, content, present)
    _record(order, order.workbook, newest, kept)
    said = f"已恢复到 {moment} 的备份，工作簿已重新打开；恢复前的内容{'（含未保存的修改）' if unsaved else ''}"
    said += f"另存为 {BACKUP_FOLDER}/{kept.name}，再恢复一次即可换回"
    return Result(order.action.name, order.as_of, summary=said)


def _newest(workbook: Path) -> tuple[Path, str]:
    """The newest backup and when it was made; raises `ToolkitError` if there is none or it is damaged."""
    copies = backups(workbook)
    if not copies:
        raise _no_backup(workbook)
    _refuse_damaged(copies[0], copies[1:])
    return copies[0], f"{moment_of(workbook, copies[0]):%Y-%m-%d %H:%M:%S}"


def _same(moment: str) -> str:
    return f"工作簿与最新的备份（{moment}）相同，没有改动"


def _result(order: Order, target: Path, summary: str, kept: Path | None = None) -> Result:
    outputs = [target, kept] if kept else [target]
    return Result(order.action.name, order.as_of, summary=summary, outputs=outputs)


def _no_backup(workbook: Path) -> ToolkitError:
    if not workbook.exists():
        return ToolkitError("找不到这个文件，也没有它的备份", where=workbook.name, mend="请检查文件名和所在文件夹")
    return ToolkitError(
        f"“{BACKUP_FOLDER}”文件夹中没有这个工作簿的备份",
        where=workbook.name,
        mend="请确认工作簿没有改名或移动；备份在每次运行写入前自动产生",
    )


def _refuse_damaged(newest: Path, older: list[Path]) -> None:
    try:
        open_closed(newest).verify()
    except ToolkitError as error:
        good = next((copy for copy in older if _is_good(copy)), None)
        if good:
            mend = f"较早的 {good.name} 完好，请把损坏的那份移到别处后再恢复，或直接复制完好的那份使用"
        else:
            mend = "其余备份也不可用，请从单位的备份系统取回"
        raise ToolkitError(
            f"最新的备份不可用（{error.what}）", where=f"{BACKUP_FOLDER}/{newest.name}", mend=mend
        ) from None


def _is_good(copy: Path) -> bool:
    try:
        open_closed(copy).verify()
    except ToolkitError:
        return False
    return True


def _record(order: Order, target: Path, newest: Path, kept: Path | None) -> None:
    """Add a line for the auditors. A record that is open elsewhere stops nothing: the copies themselves tell."""
    path = newest.parent / RECORD
    start = "" if path.exists() else "\ufeff"  # so that every Windows editor takes it for UTF-8
    before = f"恢复前的内容另存为 {kept.name}" if kept else "恢复前没有这个文件"
    line = (
        f"{order.now:%Y-%m-%d %H:%M:%S}\t{order.operator}\t{target.name} 恢复自 {newest.name}，{before}\t{__version__}"
    )
    try:
        with path.open("a", encoding="utf-8", newline="\r\n") as file:
            file.write(f"{start}{line}\n")
    except OSError:
        return
