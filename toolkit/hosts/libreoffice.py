"""A workbook open in LibreOffice, as a host: read in blocks, written in one step that the user can undo."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from toolkit.hosts.closed_file import SUFFIXES
from toolkit.hosts.office.connection import Office, connected
from toolkit.hosts.office.saved_buttons import mended
from toolkit.hosts.office.writing import carry_out, refuse_obstacles
from toolkit.hosts.opened.exchange import Replacement
from toolkit.hosts.opened.sheet_plan import SheetPlan, own_title, sheet_plans
from toolkit.hosts.parts.cell_values import SHIFT_1904, Stored, stored
from toolkit.hosts.reading import Grid, absent, table_of
from toolkit.model.errors import ToolkitError
from toolkit.model.fields import Sheet
from toolkit.model.tables import SheetEdits, Table

_DAY_ZERO = dt.datetime(1899, 12, 30)
_AFTER_LAST_DAY = 2958466  # serial of 10000-01-01


def attach(workbook: str | None, window: int | None = None) -> "LibreOffice":
    """The workbook of this URL (as a macro knows it). Whether it is there shows when it is used, so that even then
    there is a window to say it in. Raises `ToolkitError` if LibreOffice itself cannot be reached."""
    if workbook is None:
        raise ToolkitError("没有说明是哪个工作簿", mend="请按工作簿中的按钮")
    return LibreOffice(connected(), workbook)


class LibreOffice:
    """See `toolkit.hosts.host.Host`."""

    def __init__(self, office: Office, url: str) -> None:
        self._office, self._url = office, url
        self._about: dict[str, Any] | None = None
        self._grids: dict[str, Grid] = {}

    def _document(self) -> dict[str, Any]:
        if self._about is None:
            self._about = self._office.ask("take", url=self._url)
        if self._about is None:
            raise ToolkitError("LibreOffice 中没有打开这个工作簿", mend="请重新打开工作簿后再按按钮")
        return self._about

    @property
    def path(self) -> Path:
        path = Path(self._document()["path"] or "")
        if path == Path():
            raise ToolkitError("工作簿不在本机的文件夹中", mend="请另存到本机的文件夹后再按按钮")
        if path.suffix.lower() not in SUFFIXES:
            raise ToolkitError(
                f"工作簿的类型是“{path.suffix}”",
                where=path.name,
                mend="请另存为“Excel 2007-365（启用宏）(.xlsm)”后重试",
            )
        if not path.is_file():
            raise ToolkitError("文件已被移动、改名或删除", where=path.name, mend="请另存一次后再按按钮")
        return path

    def _titles(self) -> list[str]:
        titles: list[str] = self._document()["titles"]
        return titles

    def _grid(self, title: str) -> Grid:
        if title not in self._grids:
            cells = self._office.ask("read", title=title)
            shift = SHIFT_1904 if self._document()["from_1904"] else 0
            rows = [[_raw(cell, shift) for cell in row] for row in cells["rows"]]
            self._grids[title] = Grid(rows, cells["top"] + 1, cells["left"] + 1)
        return self._grids[title]

    def read(self, sheet: Sheet) -> Table:
        title = own_title(self._titles(), sheet.title)
        if title is None:
            return absent(sheet, self.path.name)
        return table_of(sheet, self._grid(title), self.path.name)

    def _place(self, name: str) -> list[Any] | None:
        """[title, row, column], 0-based, of the cell that a name points at."""
        self._document()
        place: list[Any] | None = self._office.ask("named", name=name)
        return place

    def named(self, name: str) -> object:
        place = self._place(name)
        return None if place is None else self._grid(place[0]).value(place[1] + 1, place[2] + 1)

    def find_right_of(self, title: str, label: str) -> object:
        real = own_title(self._titles(), title)
        if real is None:
            return None
        grid = self._grid(real)
        place = grid.find(label)
        if place is None:
            return None
        i, j = place
        return grid.value(i, 1 + self._office.ask("right_edge", title=real, row=i - 1, column=j - 1) + 1)

    @contextmanager
    def working(self) -> Iterator[None]:
        if self._document()["readonly"]:
            raise ToolkitError(
                "工作簿以只读方式打开",
                where=self.path.name,
                mend="请关闭其他打开它的程序或去掉只读属性，重新打开后再按",
            )
        try:
            yield
        finally:
            self._office.ask("quiet")

    def progress(self, stage: str) -> None:
        self._office.ask("progress", text=stage)

    def save_copy(self, target: Path) -> None:
        self._office.ask("save_copy", path=str(target.absolute()), kind=self.path.suffix.lower()[1:])
        target.write_bytes(mended(target.read_bytes(), self.path))

    def prepare(
        self, edits: Sequence[SheetEdits], tables: Mapping[str, Table], named: Mapping[str, object] | None = None
    ) -> Callable[[], None]:
        plans = sheet_plans(edits, tables, self._titles(), self._grid)
        places = {name: self._place(name) for name in named or {}}
        singles = [(place, stored(value)) for name, value in (named or {}).items() if (place := places[name])]
        refuse_obstacles(self._office, plans, [place[0] for place, _ in singles], self._document(), self.path.name)
        return lambda: self._carry_out(plans, singles)

    def _carry_out(self, plans: Sequence[SheetPlan], singles: Sequence[tuple[list[Any], Stored | None]]) -> None:
        self._office.ask("begin", caption="贷款回访管理工具")
        done = False
        try:
            carry_out(self._office, plans, singles, from_1904=self._document()["from_1904"])
            done = True
        finally:
            self._office.ask("finish", undo=not done)
        self._grids.clear()
        self._about = None

    def unsaved(self) -> bool:
        self._document()
        return bool(self._office.ask("unsaved"))

    def refuse_exchange(self) -> None:
        """Nothing stands in the way: where LibreOffice has buttons an open file may be exchanged."""

    def try_open(self, file: Path) -> None:
        if not self._office.ask("try_open", path=str(file.absolute())):
            raise ToolkitError(
                "LibreOffice 打不开换上的文件，工作簿没有改动", where=self.path.name, mend="请关闭工作簿后用命令办理"
            )

    def exchange(self, files: Replacement) -> None:
        done = standing = whole = False
        try:
            with suppress(ToolkitError):
                files.make()
                done = self._reloaded()
        finally:
            if not done:
                # Either the old state is still in its window, unsaved changes and all, or the program let go of it.
                standing = self._stands()
                whole = files.take_back(lost=not standing)
        if not done:
            raise files.failure(whole=whole, is_open=standing or self._reloaded())

    def _stands(self) -> bool:
        try:
            return bool(self._office.ask("stands"))
        except ToolkitError:
            return False

    def _reloaded(self) -> bool:
        self._grids.clear()
        self._about = None
        try:
            return bool(self._office.ask("reload", url=self._url))
        except ToolkitError:
            return False

    def choose_files(self, title: str) -> tuple[Path, ...]:
        return tuple(Path(path) for path in self._office.ask("choose", title=title))

    def notify(self, title: str, text: str, *, refused: bool) -> None:
        self._office.ask("quiet")
        self._office.ask("say", title=title, text=text, warning=refused)


def _raw(cell: Any, shift: int) -> Any:
    """The cell as a closed file gives it: a day as date, with a time of day as datetime, a part of a day as time."""
    if not isinstance(cell, list):
        return cell
    serial = float(cell[1]) + (shift if cell[1] >= 1 else 0)
    if not 0 <= serial < _AFTER_LAST_DAY:
        return cell[1]  # 20260305, say, typed as a number
    moment = _DAY_ZERO + dt.timedelta(seconds=round(serial * 86400))
    if serial < 1:
        return moment.time()
    return moment.date() if moment.time() == dt.time() else moment
