"""The input cells of 首页: period, folder and files of a pressed button, or of a launcher on the closed workbook."""

import datetime as dt
import re
from pathlib import Path

from toolkit.actions import Action, Option, files_label
from toolkit.hosts.host import Host, Readable
from toolkit.model.errors import ToolkitError
from toolkit.model.period import Period, parse_period
from toolkit.model.reading import as_text
from toolkit.model.sheets import HOME_TITLE
from toolkit.run.order import Order

PERIOD, FOLDER = "期间", "文件夹"


def order_of_press(action: Action, host: Host, now: dt.datetime, operator: str) -> Order:
    """The order that a press stands for; T is today.

    Raises `ToolkitError` naming the input cell that cannot be used, or if no file was chosen.
    """
    files = _files(action, host) if action.takes_files else ()
    return Order(
        action=action,
        workbook=host.path,
        as_of=now.date(),
        now=now,
        operator=operator,
        period=period_of(action, host, host.path),
        files=files,
        out=folder_of(host, host.path) if Option.OUT in action.options else None,
    )


def _input(book: Readable, label: str) -> str:
    """Text of an input cell: its name, else the cell right of its label; "" if blank or missing."""
    return as_text(book.named(f"首页_{label}")) or as_text(book.find_right_of(HOME_TITLE, label))


def _where(path: Path, label: str) -> str:
    return f"{path.name} 的“{HOME_TITLE}”表 {label}"


def period_of(action: Action, book: Readable, path: Path) -> Period | None:
    """期间 of the workbook at `path`, None if the action takes none or may do without.

    Raises `ToolkitError` naming the cell if it is needed and blank, or no period.
    """
    if not {Option.PERIOD, Option.RANGE} & set(action.options):
        return None
    text = _input(book, PERIOD)
    if not text:
        if Option.PERIOD in action.options:
            raise ToolkitError(
                "没有填写期间", where=_where(path, PERIOD), mend="请填写期间，如 2026Q3、2026-09 或 2026"
            )
        return None
    try:
        return parse_period(text)
    except ToolkitError as error:
        raise ToolkitError(error.what, where=_where(path, PERIOD), mend=error.mend) from None


def folder_of(book: Readable, path: Path) -> Path | None:
    """文件夹 of the workbook at `path`; relative ones start at its folder; None if the cell is blank.

    Raises `ToolkitError` if it names a file, or cannot be a folder.
    """
    text = _input(book, FOLDER)
    if not text:
        return None
    folder = path.parent / text.strip('"“”')
    where = _where(path, FOLDER)
    try:
        nearest = next(place for place in (folder, *folder.parents) if place.exists())
        if not nearest.is_dir():
            raise ToolkitError(f"“{nearest.name}”是文件而不是文件夹", where=where, mend="请填写文件夹，或留空")
    except (OSError, ValueError, StopIteration):  # too long, or what no name can hold
        raise ToolkitError("文件夹的名称过长或不能使用", where=where, mend="请改用较短的文件夹，或留空") from None
    return folder


def _files(action: Action, host: Host) -> tuple[Path, ...]:
    """Those named on 首页 (several separated by ; or line breaks), else those the user picks."""
    typed = [part.strip(' "“”') for part in re.split(r"[;；\n]", _input(host, files_label(action)))]
    files = tuple(host.path.parent / name for name in typed if name) or host.choose_files(action.caption)
    if not files:
        raise ToolkitError("没有选择文件，工作簿未改动", where=action.caption, mend="请重新按按钮并选择要导入的文件")
    return files
