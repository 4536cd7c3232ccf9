"""Everything that the shipped workbook has and another one lacks, added to it; what is there stays as it is."""

from dataclasses import dataclass, field

from toolkit.hosts.closed_file import ClosedFile
from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.cell_values import SHIFT_1904
from toolkit.hosts.parts.new_sheet import list_sheet
from toolkit.hosts.parts.package import named_cell, sheet_entries, uses_1904
from toolkit.hosts.parts.ranges import Growth, grow
from toolkit.hosts.parts.sheet_xml import SheetPart
from toolkit.hosts.parts.styles import Styles
from toolkit.hosts.upgrading import names
from toolkit.hosts.upgrading.columns import add_columns, add_validations
from toolkit.hosts.upgrading.pattern import Pattern
from toolkit.model import sheets as s
from toolkit.model.fields import Sheet
from toolkit.model.parameters import fold


@dataclass
class Additions:
    """What was added: titles of sheets, (sheet, headers of its new columns), parameters, named cells of 首页."""

    sheets: list[str] = field(default_factory=list)
    columns: list[tuple[str, list[str]]] = field(default_factory=list)
    parameters: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        parts = (self.sheets, self.parameters, self.cells, [h for _, headers in self.columns for h in headers])
        return sum(map(len, parts))


def brought_up(book: ClosedFile, shipped: ClosedFile, heading: str) -> tuple[bytes, Additions]:
    """The workbook with all that it lacks, and what that was; `heading` stands above what 首页 gets.

    Raises `ToolkitError` naming the sheet whose headers cannot be told.
    """
    work = _Work(book, shipped)
    work.home(heading)
    for sheet in s.SHEETS:
        work.sheet(sheet)
    work.parameters()
    work.visitor_names()
    return work.finished()


class _Work:
    def __init__(self, book: ClosedFile, shipped: ClosedFile) -> None:
        self._book, self._draft = book, book.draft()
        self._source = shipped.draft()
        self._styles = Styles(self._draft)
        self._pattern = Pattern(self._source, self._styles, strict=self._draft.strict)
        self._shift = SHIFT_1904 if uses_1904(self._draft) else 0
        self._open: dict[str, SheetPart] = {}
        self._columns: dict[str, dict[str, int]] = {}
        self.added = Additions()

    def _parts(self) -> dict[str, str]:
        return {entry.title: entry.part for entry in sheet_entries(self._draft)}

    def _sheet(self, title: str) -> SheetPart:
        if title not in self._open:
            xml = self._draft.read(self._parts()[title])
            self._open[title] = SheetPart(xml, f"{self._book.path.name} 的“{title}”表", self._shift)
        return self._open[title]

    def _add_whole(self, title: str, *, hidden: bool) -> None:
        """The sheet as shipped, behind the tab that stands before it there."""
        order = [s.HOME_TITLE, *(sheet.title for sheet in s.SHEETS)]
        before = {fold(known) for known in order[: order.index(title)]}
        listed = ooxml.child(self._draft.workbook_xml, "sheets")
        tabs = [] if listed is None else [fold(element.get("name")) for element in listed]
        position = max((i + 1 for i, tab in enumerate(tabs) if tab in before), default=0)
        list_sheet(self._draft, title, self._pattern.whole(title), hidden=hidden, position=position)
        theirs = next(entry.index for entry in sheet_entries(self._source) if entry.title == title)
        for element in names.of_sheet(self._source, theirs):
            attributes = {str(key): str(value) for key, value in element.attrib.items() if key != "name"}
            attributes["localSheetId"] = str(position)
            names.define(self._draft, element.get("name", ""), element.text or "", attributes)
        self.added.sheets.append(title)

    def sheet(self, sheet: Sheet) -> None:
        columns = self._book.columns(sheet)
        if columns is None:
            self._add_whole(sheet.title, hidden=sheet.hidden)
            self._columns[sheet.title] = {name: i for i, name in enumerate(sheet.names, start=1)}
            return
        self._columns[sheet.title] = columns
        if len(columns) == len(sheet.fields):
            return
        title = self._book.real_title(sheet.title)
        part = self._parts()[title]
        new = add_columns(self._sheet(title), part, title, self._draft, self._pattern, sheet, columns)
        self.added.columns.append((title, [field.header for field in new]))

    def parameters(self) -> None:
        """Rows of 参数 that are missing, with the value as shipped."""
        if s.PARAMETERS.title in self.added.sheets:
            return
        title, columns = self._book.real_title(s.PARAMETERS.title), self._columns[s.PARAMETERS.title]
        sheet = self._sheet(title)
        known = {fold(text) for text in self._book.texts(s.PARAMETERS, "parameter")}
        first = last = max(sheet.last_filled_row(max(columns.values())), 1)
        theirs = {name: i for i, name in enumerate(s.PARAMETERS.names, start=1)}
        for row, _ in self._pattern.rows(s.PARAMETERS.title):
            cells = self._pattern.cells(s.PARAMETERS.title, row)
            parameter = "".join(map(str, cells[theirs["parameter"]].itertext())) if theirs["parameter"] in cells else ""
            if row == 1 or not parameter or fold(parameter) in known:
                continue
            last += 1
            for name, column in theirs.items():
                if column in cells:
                    sheet.put(last, columns[name], cells[column])
            at = theirs["value"]
            limits = self._pattern.validations(s.PARAMETERS.title, (row, at, row, at))
            add_validations(sheet, limits, at, columns["value"], last, row=last)
            self.added.parameters.append(parameter)
        if last > first:
            growth = Growth(first, last, min(columns.values()), max(columns.values()), {})
            grow(sheet, self._parts()[title], title, self._draft, growth)

    def home(self, heading: str) -> None:
        """首页, or the named cells it lacks: the shipped lines that hold them go below everything that stands there."""
        wanted = {name: place for name in names.of_workbook(self._source) if (place := self._home_cell(name))}
        if s.HOME_TITLE not in map(fold, self._book.titles()):
            self._add_whole(s.HOME_TITLE, hidden=False)
            for name, (row, column) in wanted.items():
                self._define_home(s.HOME_TITLE, name, row, column)
            return
        title = self._book.real_title(s.HOME_TITLE)
        missing = {name: place for name, place in wanted.items() if named_cell(self._draft, name) is None}
        if not missing:
            return
        sheet = self._sheet(title)
        below = sheet.last_filled_row(ooxml.LAST_COLUMN) + 2
        labels = self._pattern.cells(s.HOME_TITLE, wanted["首页_机构"][0])
        label = labels[min(labels)]
        _set_text(label, heading)
        sheet.put(below, min(labels), label)
        for line in sorted({row for row, _ in missing.values()}):
            below += 1
            for column, cell in self._pattern.cells(s.HOME_TITLE, line).items():
                sheet.put(below, column, cell)
            sheet.set_row_height(below, self._pattern.height(s.HOME_TITLE, line))
            for name, (row, column) in missing.items():
                if row == line:
                    self._define_home(title, name, below, column)
                    self.added.cells.append(name)
        position = next(entry.index for entry in sheet_entries(self._draft) if entry.title == title)
        names.print_down_to(self._draft, position, below)

    def _home_cell(self, name: str) -> tuple[int, int] | None:
        target = named_cell(self._source, name)
        return target[1:] if target and target[0] == s.HOME_TITLE else None

    def _define_home(self, title: str, name: str, row: int, column: int) -> None:
        quoted = title.replace("'", "''")
        names.define(self._draft, name, f"'{quoted}'!${ooxml.letters(column)}${row}")

    def visitor_names(self) -> None:
        """The name behind the dropdowns of visitors, at the column where this workbook has 姓名."""
        if s.VISITOR_NAMES in names.of_workbook(self._draft):
            return
        theirs = ooxml.letters(s.VISITORS.names.index("name") + 1)
        here = ooxml.letters(self._columns[s.VISITORS.title]["name"])
        formula = names.of_workbook(self._source)[s.VISITOR_NAMES]
        title = self._book.real_title(s.VISITORS.title).replace("'", "''")
        formula = formula.replace(f"{s.VISITORS.title}!", f"'{title}'!").replace(f"${theirs}$", f"${here}$")
        names.define(self._draft, s.VISITOR_NAMES, formula)

    def finished(self) -> tuple[bytes, Additions]:
        parts = self._parts()
        for title, sheet in self._open.items():
            if sheet.changed:
                self._draft.put(parts[title], sheet.to_bytes())
        self._styles.save()
        self._draft.save_workbook()
        return self._draft.to_bytes(), self.added


def _set_text(cell, text: str) -> None:
    for part in list(cell):
        cell.remove(part)
    cell.set("t", "inlineStr")
    holder = ooxml.new(cell, "is")
    spelled = ooxml.new(holder, "t")
    spelled.text = text
    holder.append(spelled)
    cell.append(holder)
