"""A workbook open in Excel, through xlwings. Windows only; the tests run the same code over an engine of their own.

What xlwings has no word for goes to Excel's object model through ``.api``: FullName, Path, ReadOnly, Date1904,
ProtectContents, ProtectStructure, Saved, SaveCopyAs, HasFormula, HasArray, MergeCells, AppliesTo, Hyperlinks,
GetOpenFilename, AutomationSecurity, Workbooks.Open.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import xlwings as xw

from toolkit.hosts import excel_sheet as cells
from toolkit.hosts.closed_file import SUFFIXES
from toolkit.hosts.excel_calls import call_errors, spoken, wait_at_most
from toolkit.hosts.excel_writing import Writing
from toolkit.hosts.opened.cloud_path import local_file, mounts, same_place
from toolkit.hosts.opened.exchange import Replacement
from toolkit.hosts.opened.sheet_plan import SheetPlan, named_plans, own_title, sheet_plans
from toolkit.hosts.parts import ooxml
from toolkit.hosts.reading import Grid, absent, table_of
from toolkit.model.errors import ToolkitError
from toolkit.model.fields import Sheet
from toolkit.model.tables import SheetEdits, Table

_FILE_FILTER = "导出文件 (*.xlsx;*.xlsm;*.xls;*.ods;*.csv),*.xlsx;*.xlsm;*.xls;*.ods;*.csv,所有文件 (*.*),*.*"

_BY_USER, _FORCE_DISABLE = 2, 3  # MsoAutomationSecurity: as the user has set it; no macros


class ExcelBook:
    """An open workbook as a `Host`."""

    def __init__(self, book: xw.Book) -> None:
        self._book, self._app, self._name = book, book.app, book.name
        self._grids: dict[str, Grid] = {}
        self._stage = ""
        self._before: tuple[bool, bool, str | bool] | None = None

    @property
    def path(self) -> Path:
        """Raises `ToolkitError` if there is no file that belongs to the workbook, or of a type without buttons."""
        with spoken(self._book.name):
            name, full = self._book.name, str(self._book.api.FullName)
            if not self._book.api.Path:
                raise ToolkitError(
                    "工作簿还没有保存过", where=name, mend="请先按 F12 另存为启用宏的工作簿（.xlsm），再按按钮"
                )
        path = local_file(full, mounts()) if "://" in full else Path(full)
        if path.suffix.lower() not in SUFFIXES:
            raise ToolkitError(
                f"不支持的文件类型“{path.suffix}”", where=name, mend="请另存为启用宏的工作簿（.xlsm）后再按按钮"
            )
        if not path.is_file():
            raise ToolkitError(
                "原来的文件已不在打开时的位置，可能被移动或改名", where=full, mend="请按 F12 另存一份，再按按钮"
            )
        return path

    # Reading

    def _titles(self) -> list[str]:
        return [sheet.name for sheet in self._book.sheets]

    def _where(self, title: str) -> str:
        return f"{self._book.name} 的“{title}”表"

    def _grid(self, title: str) -> Grid:
        if title not in self._grids:
            self._grids[title] = cells.read_grid(self._book.sheets[title], self._where(title))
        return self._grids[title]

    def read(self, sheet: Sheet) -> Table:
        with spoken(self._book.name):
            title = own_title(self._titles(), sheet.title)
            if title is None:
                return absent(sheet, self._book.name)
            return table_of(sheet, self._grid(title), self._book.name)

    def _named_cell(self, name: str) -> tuple[str, int, int] | None:
        if not self._book.names.contains(name):
            return None
        title, _, reference = str(self._book.names[name].refers_to).removeprefix("=").rpartition("!")
        if title.startswith("'") and title.endswith("'"):
            title = title[1:-1].replace("''", "'")
        row, column = ooxml.cell_of(reference)
        return (title, row, column) if row and title in self._titles() else None

    def named(self, name: str) -> object:
        with spoken(self._book.name):
            target = self._named_cell(name)
            return None if target is None else self._grid(target[0]).value(*target[1:])

    def find_right_of(self, title: str, label: str) -> object:
        with spoken(self._book.name):
            real = own_title(self._titles(), title)
            if real is None:
                return None
            grid = self._grid(real)
            place = grid.find(label)
            return None if place is None else grid.value(place[0], cells.right_of(self._book.sheets[real], *place))

    # Working

    @contextmanager
    def working(self) -> Iterator[None]:
        with spoken(self._book.name):
            if self._book.api.ReadOnly:
                raise ToolkitError(
                    "工作簿是以只读方式打开的",
                    where=self._book.name,
                    mend="请关闭其他人或其他窗口打开的同一文件后重新打开，或另存一份",
                )
            self._remember()
            self._app.screen_updating = False
        try:
            yield
        finally:
            self._restore()

    def _remember(self) -> None:
        if self._before is None:
            self._before = self._app.screen_updating, self._app.interactive, self._app.status_bar

    def _restore(self) -> None:
        """Screen and status bar as before; if Excel is busy even now, `notify` tries again."""
        if self._before is not None:
            with suppress(ToolkitError), spoken(self._name):
                self._app.screen_updating, self._app.interactive, self._app.status_bar = self._before
                self._before = None

    def progress(self, stage: str) -> None:
        if stage != self._stage:  # a stage is told once: the status bar costs a call into Excel
            self._stage = stage
            with spoken(self._book.name):
                self._remember()
                self._app.status_bar = f"贷款回访：{stage}……"

    def save_copy(self, target: Path) -> None:
        # Excel saves under the name it is told, but only to a name of its own kind.
        copy = target.with_name(f"{target.name}{self.path.suffix}")
        try:
            with spoken(self._book.name):
                self._book.api.SaveCopyAs(str(copy))
            os.replace(copy, target)
        except call_errors():
            raise ToolkitError(
                "运行前的副本不能存入“备份”文件夹，没有开始写入",
                where=str(target.parent),
                mend="请确认该文件夹可写、磁盘未满，且完整路径不超过 200 个字",
            ) from None
        finally:
            copy.unlink(missing_ok=True)

    def unsaved(self) -> bool:
        with spoken(self._name):
            return not self._book.api.Saved

    def refuse_exchange(self) -> None:
        with spoken(self._name):
            full = str(self._book.api.FullName)
        if "://" in full:  # Excel would open the state that the cloud still has, or merge the two
            raise ToolkitError(
                "工作簿是从 OneDrive 或 SharePoint 打开的，不能在打开时换掉文件",
                where=self._name,
                mend="请保存并关闭工作簿，等同步完成后用首页同一行的命令或拖放程序办理",
            )

    def try_open(self, file: Path) -> None:
        try:
            self._open(str(file), security=_FORCE_DISABLE, read_only=True).close()
        except call_errors():
            raise ToolkitError(
                "Excel 打不开换上的文件，工作簿没有改动", where=self._name, mend="请保存并关闭工作簿，再用命令办理"
            ) from None

    def exchange(self, files: Replacement) -> None:
        with spoken(self._name):
            full = str(self._book.api.FullName)
            self._app.interactive = False
            self._book.close()
        self._grids.clear()
        done = whole = is_open = False
        try:
            with suppress(ToolkitError):
                files.make()
                done = self._reopened(full)
        finally:
            if not done:
                whole = files.take_back(lost=True)
                is_open = self._reopened(full)
        if not done:
            raise files.failure(whole=whole, is_open=is_open)

    def _reopened(self, full: str) -> bool:
        try:
            self._book = self._open(full, security=_BY_USER, read_only=False)
        except call_errors():
            return False
        return True

    def _open(self, full: str, *, security: int, read_only: bool) -> xw.Book:
        """Open a file, asking nobody; `security`: what becomes of its macros.

        Not by xlwings, which would turn the letter of a network drive into another full name.
        """
        app, excel = self._app, self._app.api
        before = app.display_alerts, excel.AutomationSecurity
        app.display_alerts, excel.AutomationSecurity = False, security
        try:
            name = excel.Workbooks.Open(full, UpdateLinks=0, ReadOnly=read_only, Notify=False, AddToMru=False).Name
        finally:
            app.display_alerts, excel.AutomationSecurity = before
        return app.books[str(name)]

    def choose_files(self, title: str) -> tuple[Path, ...]:
        with spoken(self._book.name):
            chosen = self._app.api.GetOpenFilename(FileFilter=_FILE_FILTER, Title=title, MultiSelect=True)
        return tuple(Path(name) for name in chosen) if isinstance(chosen, tuple | list) else ()

    def notify(self, title: str, text: str, *, refused: bool) -> None:
        self._restore()
        self._app.alert(text, title=title, buttons="ok", mode="critical" if refused else "info")
        self._restore()

    # Writing

    def prepare(
        self, edits: Sequence[SheetEdits], tables: Mapping[str, Table], named: Mapping[str, object] | None = None
    ) -> Callable[[], None]:
        with spoken(self._book.name):
            plans = sheet_plans(edits, tables, self._titles(), self._grid)
            plans += named_plans({self._named_cell(name): value for name, value in (named or {}).items()}, self._grid)
            writing = Writing(self._book, self._where)
            writing.refuse(plans)
        return lambda: self._carry_out(writing, plans)

    def _carry_out(self, writing: Writing, plans: Sequence[SheetPlan]) -> None:
        with spoken(self._book.name):
            self._app.interactive = False  # a cell that is being edited would stop us halfway
            try:
                writing.carry_out(plans, self.progress)
            finally:
                self._grids.clear()


def attach(workbook: str | None, window: int | None = None) -> ExcelBook:
    """The workbook of that full name (path or address) in any running Excel; None = the one whose RunPython called.

    `window`: handle of the Excel that the button is in, where the same workbook is open twice. Raises `ToolkitError`
    if it is open nowhere, or twice and no window says in which.
    """
    wait_at_most()
    wanted, window = (workbook, window) if workbook is not None else _caller(sys.argv, window)
    if wanted is None:
        return ExcelBook(xw.Book.caller())
    with spoken(wanted):
        found = [(app, book) for app in xw.apps for book in app.books if _is(book, wanted)]
        if window is not None and len(found) > 1:
            found = [(app, book) for app, book in found if app.hwnd == window] or found
    if not found:
        raise ToolkitError(
            "没有在 Excel 中找到这个打开着的工作簿，它可能刚被移动、改名或关闭",
            where=wanted,
            mend="请保存后关闭工作簿，重新打开再按按钮",
        )
    if len(found) > 1:
        raise ToolkitError("同一个工作簿在两个 Excel 窗口中打开", where=wanted, mend="请关闭其中一个再按按钮")
    return ExcelBook(found[0][1])


def _is(book: xw.Book, wanted: str) -> bool:
    """By full name; by name alone only where the caller knows no more (RunPython)."""
    full = str(book.api.FullName)
    if "/" not in wanted and "\\" not in wanted:
        return book.name.casefold() == wanted.casefold()
    return same_place(full, wanted)


def _caller(arguments: Sequence[str], window: int | None) -> tuple[str | None, int | None]:
    """(name, window) as RunPython passes them; xlwings itself cuts the name at an equals sign."""
    given = dict(part.removeprefix("--").split("=", 1) for part in arguments if part.startswith("--") and "=" in part)
    if given.get("from_xl") != "1" or "wb" not in given:
        return None, window
    hwnd = given.get("hwnd", "").strip()
    return given["wb"].strip(), int(hwnd) if hwnd.isdigit() else window
