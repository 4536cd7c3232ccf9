"""`loanvisit doctor`: what on this computer would stop a button, and the mend."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from toolkit import __version__
from toolkit.hosts.machine import fonts, interpreter, office, registry, writing
from toolkit.hosts.machine.finding import Found, State
from toolkit.model.errors import ToolkitError
from toolkit.run.order import Order, Result
from toolkit.run.version import CELL, refuse_newer


def doctor(order: Order, progress: Callable[[str], None]) -> Result:
    """Look at the interpreter, its packages, the spreadsheet programs, macros, fonts, folder, calendar and workbook.

    The order's workbook may be a folder: then the workbook itself is left out. Nothing is changed.
    """
    progress("检查")
    place = order.workbook
    found = [
        interpreter.version_of_python(sys.version_info[:3], wide=sys.maxsize > 1 << 32),
        *interpreter.packages(interpreter.requirements(), interpreter.version_of, sys.platform),
        interpreter.setting(interpreter.setting_path(os.environ)),
        *office.programs(registry.read),
        office.macro_trust(registry.read),
        fonts.chinese_fonts(fonts.installed(registry.names)),
        *writing.folder((place if place.is_dir() else place.parent).resolve()),
        _calendar(order.as_of.year),
    ]
    if not place.is_dir():
        found += _workbook(place)
    counts = {state.value: sum(one.state is state for one in found) for state in State}
    return Result(
        order.action.name,
        order.as_of,
        summary=_summary(counts),
        counts=counts,
        details=[f"{one.state.value}  {one.subject}：{one.says}" for one in found],
        warnings=[f"{one.subject}：{one.says}，{one.mend}" for one in found if one.mend],
    )


def _summary(counts: dict[str, int]) -> str:
    if counts[State.STOPS.value]:
        return f"有 {counts[State.STOPS.value]} 处会妨碍使用，请按下列办法解决"
    rest = counts[State.NOTE.value] + counts[State.UNKNOWN.value]
    return f"可以使用，另有 {rest} 处请留意" if rest else "一切正常"


def _calendar(year: int) -> Found:
    """Are the days off of `year` known?"""
    from toolkit.model.calendar import WorkCalendar

    calendar = WorkCalendar()
    first, last = calendar.first_published, calendar.last_published
    said = f"国务院放假安排收录到 {last} 年（自 {first} 年起）"
    if year > last:
        return Found(
            "工作日历", State.NOTE, f"{said}，{year} 年的日期均为“暂定”",
            "请更新本工具，或在“节假日”表中补录当年的放假和调休",
        )  # fmt: skip
    return Found("工作日历", State.FINE, f"{said}，{last + 1} 年起的日期为“暂定”")


def _workbook(path: Path) -> list[Found]:
    from toolkit.hosts.closed_file import open_closed

    subject = "工作簿"
    try:
        book = open_closed(path)
        book.verify()
        version = str(book.named(CELL) or "")
        refuse_newer(version, path.name)
    except ToolkitError as error:
        return [Found(subject, State.STOPS, error.what, error.mend)]
    upgrade = "请运行“升级工作簿”（loanvisit upgrade）"
    if version == __version__:
        found = [Found(subject, State.FINE, f"版本 {version}")]
    elif version:
        found = [Found(subject, State.NOTE, f"版本 {version}，本机的工具是 {__version__}", upgrade)]
    else:
        found = [Found(subject, State.NOTE, "没有版本标记，是旧版本或不是由本工具建立", upgrade)]
    return [*found, *(one for one in (writing.held(path), office.came_from_the_internet(path)) if one)]
