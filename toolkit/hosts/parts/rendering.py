"""The next state of a workbook: a step's edits become changed parts of a draft, all other parts stay byte for byte."""

import pandas as pd

from toolkit.hosts.parts import links, marks, notes, ooxml
from toolkit.hosts.parts.cell_values import SHIFT_1904, Stored, same, stored
from toolkit.hosts.parts.cell_write import Write
from toolkit.hosts.parts.changes import Changes, touched_columns
from toolkit.hosts.parts.glance import has_formulas
from toolkit.hosts.parts.new_sheet import add_sheet
from toolkit.hosts.parts.package import Package, sheet_entries, uses_1904
from toolkit.hosts.parts.ranges import Growth, grow
from toolkit.hosts.parts.sheet_xml import SheetPart
from toolkit.hosts.parts.styles import Styles
from toolkit.hosts.parts.wishes import Target, link_targets, marks_and_notes, missing_fields
from toolkit.model.fields import Sheet
from toolkit.model.tables import SheetEdits, Table


class Rendering:
    """Collects edits on a draft; `finished` gives the bytes. `file` names the workbook in messages."""

    def __init__(self, draft: Package, file: str) -> None:
        self._draft, self._file = draft, file
        self._parts = {entry.title: entry.part for entry in sheet_entries(draft)}
        self._shift = SHIFT_1904 if uses_1904(draft) else 0
        self._styles = Styles(draft)
        self._sheets: dict[str, SheetPart] = {}
        self._columns: dict[str, dict[str, int]] = {}
        self._links: list[tuple[str, int, list[Target]]] = []
        self._values_changed = False

    def _sheet(self, title: str) -> SheetPart:
        if title not in self._sheets:
            xml = self._draft.read(self._parts[title])
            self._sheets[title] = SheetPart(xml, f"{self._file} 的“{title}”表", self._shift)
        return self._sheets[title]

    def set_cell(self, title: str, row: int, column: int, value: object, present: object) -> None:
        """One cell outside the tables; `present` is its raw value now."""
        wanted = stored(value)
        if not same(wanted, stored(present)):
            self._write(title, {row: {column: Write(wanted)}}, 0)

    def _write(self, title: str, rows: dict[int, dict[int, Write]], last_data_row: int) -> None:
        self._sheet(title).write(rows, self._styles, last_data_row)
        self._values_changed = True

    def edit(self, title: str | None, edit: SheetEdits, table: Table) -> None:
        """Do one sheet's edits. `title` is the tab's own, None if the workbook has no such sheet."""
        sheet = edit.sheet
        wanted = touched_columns(edit)
        title = title or (sheet.title if sheet.title in self._parts else None)
        if title is None:
            if not sheet.result and not wanted:
                return
            title = sheet.title
            self._parts[title] = add_sheet(self._draft, sheet, self._styles)
            self._columns[title] = {name: column for column, name in enumerate(sheet.names, start=1)}
        columns = self._columns.setdefault(title, {**table.columns, **table.extras})
        headers = self._add_columns(title, sheet, columns, wanted)
        changes = Changes(table, columns)
        last = self._sheet(title).last_filled_row(max(columns.values(), default=0)) if headers or wanted else 1
        changes.take(edit, last)
        if changes.rows:
            self._write(title, changes.rows, last)
        if changes.block:
            self._sheet(title).append(changes.block, self._styles, last)
            self._values_changed = True
        if changes.rows or changes.block or headers:
            self._grow(title, changes, columns, last, headers)
        if not edit.empty:
            # What links point at is settled at the end: by then all sheets are known.
            self._links += [(title, *found) for found in link_targets(edit.sheet, changes, table, columns)]
        if edit.marks is not None:
            self._mark(title, edit.marks, columns)

    def _add_columns(self, title: str, sheet: Sheet, columns: dict[str, int], wanted: set[str]) -> dict[int, str]:
        """Headers right of the last one for the fields that the sheet lacks and needs; column → header."""
        added: dict[int, str] = {}
        for field in missing_fields(sheet, columns, wanted):
            part = self._sheet(title)
            neighbour = max(columns.values(), default=0)
            column = part.free_column(neighbour)
            look = part.style(1, neighbour) if neighbour else None
            style = self._styles.header(field.owner) if look is None else look
            self._write(title, {1: {column: Write(Stored("s", field.header), style=style)}}, 0)
            part.widen(column, field.width + 0.7)
            columns[field.name] = column
            added[column] = field.header
        return added

    def _grow(self, title: str, changes: Changes, columns: dict[str, int], last: int, headers: dict[int, str]) -> None:
        new_last = changes.last_filled_row() or last
        growth = Growth(max(last, 1), new_last, min(columns.values()), max(columns.values()), headers)
        grow(self._sheet(title), self._parts[title], title, self._draft, growth)

    def _mark(self, title: str, frame: pd.DataFrame, columns: dict[str, int]) -> None:
        levels, texts = marks_and_notes(frame, columns)
        part = self._sheet(title)
        marks.paint(part, levels, self._styles)
        notes.write_notes(self._draft, part, self._parts[title], texts)

    def finished(self) -> bytes | None:
        """The workbook's bytes; None if nothing changed."""
        for title, column, targets in self._links:
            known = [target for target in targets if target[1] in self._parts]
            links.rebuild(self._sheet(title), column, known)
        for title, sheet in self._sheets.items():
            if sheet.changed:
                self._draft.put(self._parts[title], sheet.to_bytes())
        self._styles.save()
        if self._values_changed:
            self._recalculate()
        self._draft.save_workbook()
        return self._draft.to_bytes() if self._draft.changed else None

    def _recalculate(self) -> None:
        """Ask for a recalculation on opening if any sheet has formulas: their cached results may be stale now."""
        workbook = self._draft.workbook_xml
        settings = ooxml.child(workbook, "calcPr")
        if settings is not None and settings.get("fullCalcOnLoad") == "1":
            return
        if not any(has_formulas(self._draft.read(part)) for part in self._parts.values()):
            return
        if settings is None:
            settings = ooxml.new(workbook, "calcPr")
            ooxml.place(workbook, settings, ooxml.WORKBOOK_ORDER)
        settings.set("fullCalcOnLoad", "1")
