"""Carry out plans in an open Excel workbook: all of it, or what was done so far is taken back."""

from collections.abc import Callable, Sequence

import xlwings as xw

from toolkit.hosts import excel_marks as look
from toolkit.hosts import excel_sheet as cells
from toolkit.hosts.excel_calls import call_errors
from toolkit.hosts.opened.sheet_plan import SheetPlan, refuse_shut
from toolkit.model.errors import ToolkitError


class Writing:
    """One run. `where` names a sheet in messages."""

    def __init__(self, book: xw.Book, where: Callable[[str], str]) -> None:
        self._book, self._where = book, where
        self._date_1904 = bool(book.api.Date1904)
        self._undo: list[Callable[[], None]] = []

    def refuse(self, plans: Sequence[SheetPlan]) -> None:
        """Raise `ToolkitError` for all that could stop the writing: it is looked for before anything is written."""
        for plan in plans:
            if not plan.is_new:
                self._refuse_sheet(plan)
            elif self._book.api.ProtectStructure:
                raise ToolkitError(
                    f"工作簿的结构受保护，不能添加“{plan.title}”表",
                    where=self._book.name,
                    mend="请在“审阅”中取消“保护工作簿”后再按按钮",
                )

    def _refuse_sheet(self, plan: SheetPlan) -> None:
        sheet, where = self._book.sheets[plan.title], self._where(plan.title)
        if sheet.api.ProtectContents:
            raise ToolkitError("工作表受保护，不能写入", where=where, mend="请在“审阅”中撤销工作表保护后再按按钮")
        hidden = cells.hidden_rows(sheet, plan.rows)
        if sum(len(plan.rows[row]) for row in hidden) > cells.MOST_HIDDEN_CELLS:
            raise ToolkitError(
                "工作表正在筛选，要写入的行大多被隐藏",
                where=where,
                mend="请在“数据”中清除筛选、取消隐藏行后再按按钮",
            )
        refuse_shut(plan, cells.shut_cells(sheet, plan.rows), where)

    def carry_out(self, plans: Sequence[SheetPlan], progress: Callable[[str], None]) -> None:
        """Write the plans; raises `ToolkitError` if something failed and could not be taken back."""
        done = False
        try:
            for plan in plans:
                progress(f"写入“{plan.title}”")
                self._write(plan)
            for plan in plans:
                self._decorate(plan)
            done = True
        finally:
            if not done:
                self._take_back()

    def _write(self, plan: SheetPlan) -> None:
        if plan.is_new:
            front = self._book.sheets.active
            sheet = self._book.sheets.add(plan.title, after=self._book.sheets[len(self._book.sheets) - 1])
            self._undo.append(lambda: self._delete(sheet))
            cells.set_up(sheet, plan)
            front.activate()  # the user's own tab stays in front
        else:
            sheet = self._book.sheets[plan.title]
            self._undo.append(lambda: cells.write_rows(sheet, plan.before, date_1904=self._date_1904))
        cells.write_rows(sheet, plan.rows, date_1904=self._date_1904)
        cells.draw_headers(sheet, plan.headers)
        if plan.new_last > plan.old_last or plan.headers:
            self._undo.append(cells.grow_tables(sheet, plan))

    def _delete(self, sheet: xw.Sheet) -> None:
        app = self._book.app
        before = app.display_alerts
        app.display_alerts = False
        try:
            sheet.delete()
        finally:
            app.display_alerts = before

    def _decorate(self, plan: SheetPlan) -> None:
        """Links, marks and notes: when all sheets are there and hold their values."""
        sheet = self._book.sheets[plan.title]
        for column, targets in plan.links:
            present, places = look.links(sheet, column), look.link_places(targets)
            self._undo.append(lambda c=column, p=present, w=places: look.set_links(sheet, c, w, p))  # type: ignore[misc]
            look.set_links(sheet, column, present, places)
        if plan.marks is not None:
            painted = look.marked(sheet)
            if painted != plan.marks:
                self._undo.append(lambda: look.paint(sheet, painted))
                look.paint(sheet, plan.marks)
            notes = look.notes(sheet)
            self._undo.append(lambda: look.put_back_notes(sheet, notes))
            look.write_notes(sheet, notes, plan.notes or {})

    def _take_back(self) -> None:
        try:
            for step in reversed(self._undo):
                step()
        except call_errors():
            raise ToolkitError(
                "写入中途被打断，没有能够全部撤回",
                where=self._book.name,
                mend="请不保存就关闭工作簿再打开，或用“备份”文件夹中最新的一份",
            ) from None
