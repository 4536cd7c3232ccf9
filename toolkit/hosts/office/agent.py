"""Runs under the Python that knows `uno` (not ours): takes requests as JSON lines on stdin, answers on stdout.

A request is {"op": name, ...arguments}, an answer {"ok": value} or {"error": text}. Rows and columns are 0-based as in
UNO. Values travel as "" (blank), text, number, or ["d", serial] for a cell that shows a date or time.
Standard library and old syntax only: this Python may be another one than that of the toolkit.
"""

import json
import sys
import time

import agent_exchange
import agent_marks
import uno
from com.sun.star.awt.MessageBoxType import INFOBOX, WARNINGBOX
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException
from com.sun.star.uno import Exception as UnoException

VALUE, DATETIME, STRING, FORMULA = 1, 2, 4, 16
FORMULA_ERROR = 4
DATE_OR_TIME, LOGICAL = 6, 1024
FILTERS = {"xlsm": "Calc MS Excel 2007 VBA XML", "xlsx": "Calc MS Excel 2007 XML"}


class Agent:
    def __init__(self):
        self.context = self.document = self.indicator = None

    # Reaching the document

    def connect(self, accept, seconds):
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        until = time.monotonic() + seconds
        while True:
            try:
                self.context = resolver.resolve("uno:" + accept + ";urp;StarOffice.ComponentContext")
                return True
            except NoConnectException:
                if time.monotonic() > until:
                    return False
                time.sleep(0.05)

    def service(self, name):
        return self.context.ServiceManager.createInstanceWithContext(name, self.context)

    def open_documents(self):
        components = self.service("com.sun.star.frame.Desktop").Components.createEnumeration()
        found = []
        while components.hasMoreElements():
            component = components.nextElement()
            if component.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
                found.append(component)
        return found

    def take(self, url):
        """Work on the document of this URL from now on; null if it is not open."""
        self.document = next((one for one in self.open_documents() if url == one.URL), None)
        if self.document is None:
            return None
        titles = list(self.document.Sheets.ElementNames)
        protected = [title for title in titles if self.sheet(title).isProtected()]
        path = uno.fileUrlToSystemPath(url) if url.startswith("file:") else ""
        return {
            "path": path,
            "titles": titles,
            "readonly": self.document.isReadonly(),
            "protected": protected,
            "fixed": self.document.isProtected(),
            "from_1904": self.document.NullDate.Year == 1904,
        }

    # Reading

    def sheet(self, title):
        return self.document.Sheets.getByName(title)

    def read(self, title):
        """{"top", "left", "rows"} of the filled area."""
        sheet = self.sheet(title)
        filled = sheet.queryContentCells(VALUE | DATETIME | STRING | FORMULA).RangeAddresses
        if not filled:
            return {"top": 0, "left": 0, "rows": []}
        top, left = min(box.StartRow for box in filled), min(box.StartColumn for box in filled)
        bottom, right = max(box.EndRow for box in filled), max(box.EndColumn for box in filled)
        area = sheet.getCellRangeByPosition(left, top, right, bottom)
        rows = [["" if value is None else value for value in row] for row in area.getDataArray()]
        for box in area.queryContentCells(DATETIME).RangeAddresses:
            for row in range(box.StartRow - top, box.EndRow - top + 1):
                for column in range(box.StartColumn - left, box.EndColumn - left + 1):
                    if not isinstance(rows[row][column], str):
                        rows[row][column] = ["d", rows[row][column]]
        for box in self._truths(area):
            for row in range(box.StartRow - top, box.EndRow - top + 1):
                for column in range(box.StartColumn - left, box.EndColumn - left + 1):
                    if isinstance(rows[row][column], float):
                        rows[row][column] = bool(rows[row][column])
        for box in area.queryFormulaCells(VALUE).RangeAddresses:
            self._formula_dates(sheet, box, rows, top, left)
        for box in area.queryFormulaCells(FORMULA_ERROR).RangeAddresses:
            for row in range(box.StartRow, box.EndRow + 1):
                for column in range(box.StartColumn, box.EndColumn + 1):
                    rows[row - top][column - left] = sheet.getCellByPosition(column, row).String
        return {"top": top, "left": left, "rows": rows}

    def _truths(self, area):
        """Where cells show TRUE and FALSE, which are numbers here."""
        groups, formats = area.getUniqueCellFormatRanges(), self.document.NumberFormats
        found = [groups.getByIndex(i) for i in range(groups.Count)]
        alike = [group for group in found if formats.getByKey(group.getByIndex(0).NumberFormat).Type & LOGICAL]
        return [box for group in alike for box in group.RangeAddresses]

    def _formula_dates(self, sheet, box, rows, top, left):
        for column in range(box.StartColumn, box.EndColumn + 1):
            for row in range(box.StartRow, box.EndRow + 1):
                value = rows[row - top][column - left]
                if isinstance(value, float) and self._shows_date(sheet.getCellByPosition(column, row)):
                    rows[row - top][column - left] = ["d", value]

    def _shows_date(self, cells):
        """None if the cells differ in their number format."""
        key = cells.NumberFormat
        return None if key is None else bool(self.document.NumberFormats.getByKey(key).Type & DATE_OR_TIME)

    def named(self, name):
        """[title, row, column] of the single cell that a name points at, else null."""
        names = self.document.NamedRanges
        if not names.hasByName(name):
            return None
        cells = names.getByName(name).getReferredCells()
        if cells is None or cells.Columns.Count * cells.Rows.Count != 1:
            return None
        box = cells.RangeAddress
        return [self.document.Sheets.getByIndex(box.Sheet).Name, box.StartRow, box.StartColumn]

    def formulas(self, title):
        """[top, left, bottom, right] of the areas that hold formulas."""
        boxes = self.sheet(title).queryContentCells(FORMULA).RangeAddresses
        return [[box.StartRow, box.StartColumn, box.EndRow, box.EndColumn] for box in boxes]

    # Writing

    def begin(self, caption):
        """Everything until `finish` is one step for the user's Undo."""
        # A focused button would be drawn anew while cells change, and the view scroll to where the focus then falls.
        self.document.CurrentController.Frame.ComponentWindow.setFocus()
        self.document.UndoManager.enterUndoContext(caption)
        self.document.lockControllers()
        self.document.addActionLock()

    def finish(self, undo):
        self.document.removeActionLock()
        self.document.unlockControllers()
        self.document.UndoManager.leaveUndoContext()
        if undo and self.document.UndoManager.isUndoPossible():
            self.document.UndoManager.undo()

    def put(self, title, row, column, values):
        """A block of numbers and texts; texts stay texts whatever they begin with."""
        width = len(values[0])
        area = self.sheet(title).getCellRangeByPosition(column, row, column + width - 1, row + len(values) - 1)
        area.setDataArray(tuple(tuple(line) for line in values))

    def format(self, title, code, boxes):
        """Give cells the number format: those that show no date or time for such a one, else those that have none."""
        formats, local = self.document.NumberFormats, uno.createUnoStruct("com.sun.star.lang.Locale")
        key = formats.queryKey(code, local, False)
        key = formats.addNew(code, local) if key == -1 else key
        timed = bool(formats.getByKey(key).Type & DATE_OR_TIME)
        for box in boxes:
            for area in self._alike(self._area(title, box)):
                has = formats.getByKey(area.NumberFormat)
                if not (has.Type & DATE_OR_TIME if timed else has.FormatString not in ("General", "Standard")):
                    area.NumberFormat = key

    def _area(self, title, box):
        top, left, bottom, right = box
        return self.sheet(title).getCellRangeByPosition(left, top, right, bottom)

    @staticmethod
    def _alike(area):
        """Parts of the area that each have one look."""
        if area.NumberFormat is not None:
            return [area]
        groups = area.getUniqueCellFormatRanges()
        return [
            part
            for i in range(groups.Count)
            for part in map(groups.getByIndex(i).getByIndex, range(groups.getByIndex(i).Count))
        ]

    def link(self, title, cells):
        """`cells`: [row, column, text, title to jump to, address] each."""
        sheet = self.sheet(title)
        for row, column, text, target, address in cells:
            cell = sheet.getCellByPosition(column, row)
            field = self.document.createInstance("com.sun.star.text.TextField.URL")
            field.URL, field.Representation = "#" + self._quoted(target) + "." + address, text
            cell.String = ""
            cell.insertTextContent(cell.createTextCursor(), field, False)

    @staticmethod
    def _quoted(title):
        return title if title.isalnum() else "'" + title.replace("'", "''") + "'"

    def add_sheet(self, title):
        self.document.Sheets.insertNewByName(title, self.document.Sheets.Count)

    def add_column(self, title, column, width):
        """Make a column ready for a new header: it looks like its neighbour, else bold on grey."""
        sheet = self.sheet(title)
        header = sheet.getCellByPosition(column, 0)
        sheet.Columns.getByIndex(column).Width = width
        if column and sheet.getCellByPosition(column - 1, 0).String:
            neighbour = sheet.getCellByPosition(column - 1, 0).RangeAddress
            sheet.copyRange(header.CellAddress, neighbour)
        else:
            header.CharWeight, header.CellBackColor = 150.0, 0xE7E6E6

    def grow(self, title, old_last, new_last):
        """Tables that end with row `old_last` reach `new_last`."""
        ranges, number = self.document.DatabaseRanges, self.sheet(title).RangeAddress.Sheet
        for one in map(ranges.getByName, ranges.ElementNames):
            box = one.DataArea
            if box.Sheet == number and box.EndRow == old_last:
                box.EndRow = new_last
                one.DataArea = box

    def merged(self, title, boxes):
        """Those of the boxes that reach into a merged area."""
        return [box for box in boxes if self._reaches_into_merged(title, box)]

    def _reaches_into_merged(self, title, box):
        area = self._area(title, box)
        cursor = self.sheet(title).createCursorByRange(area)
        cursor.collapseToMergedArea()
        grown, address = cursor.RangeAddress, area.RangeAddress
        return area.getIsMerged() or (grown.StartRow, grown.StartColumn, grown.EndRow, grown.EndColumn) != (
            address.StartRow, address.StartColumn, address.EndRow, address.EndColumn
        )  # fmt: skip

    def right_edge(self, title, row, column):
        """The last column of the merged area that a cell begins, or its own."""
        cursor = self.sheet(title).createCursorByRange(self.sheet(title).getCellByPosition(column, row))
        cursor.collapseToMergedArea()
        return cursor.RangeAddress.EndColumn

    def marks(self, title, ours, wanted):
        agent_marks.marks(self.document, self.sheet(title), ours, wanted)

    def notes(self, title):
        return agent_marks.notes(self.sheet(title))

    def set_notes(self, title, wanted):
        agent_marks.set_notes(self.sheet(title), wanted)

    def save_copy(self, path, kind):
        """Write the document as it is, in Excel's format, somewhere else."""
        options = (PropertyValue("FilterName", 0, FILTERS[kind], 0), PropertyValue("Overwrite", 0, True, 0))
        self.document.storeToURL(uno.systemPathToFileUrl(path), options)

    # Another file in the document's place

    def unsaved(self):
        return bool(self.document.isModified())

    def try_open(self, path):
        return agent_exchange.try_open(self.service, path)

    def reload(self, url):
        return agent_exchange.reload(self, url)

    def stands(self):
        return self.document is not None and bool(self.document.URL)

    # Talking to the user

    def progress(self, text):
        if self.indicator is None:
            self.indicator = self.document.CurrentController.Frame.createStatusIndicator()
            self.indicator.start(text, 0)
        self.indicator.setText(text)

    def quiet(self):
        if self.indicator is not None:
            self.indicator.end()
            self.indicator = None

    def say(self, title, text, warning):
        """A message box over the document, else over whatever window there is; returns when it was closed."""
        window = None
        if self.document is not None:
            window = self.document.CurrentController.Frame.ContainerWindow
        else:
            frame = self.service("com.sun.star.frame.Desktop").CurrentFrame
            window = frame.ContainerWindow if frame is not None else None
        box = window.Toolkit if window is not None else self.service("com.sun.star.awt.Toolkit")
        made = box.createMessageBox(window, WARNINGBOX if warning else INFOBOX, 1, title, text)
        made.execute()
        made.dispose()

    def choose(self, title):
        """Paths of the files that the user picks; [] if cancelled."""
        picker = self.service("com.sun.star.ui.dialogs.FilePicker")
        picker.setTitle(title)
        picker.setMultiSelectionMode(True)
        picked = picker.getSelectedFiles() if picker.execute() == 1 else ()
        picker.dispose()
        return [uno.fileUrlToSystemPath(url) for url in picked]


def main():
    # Whatever else is printed must not stand between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    agent = Agent()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"ok": getattr(agent, request.pop("op"))(**request)}
        except DisposedException:
            answer = {"error": "", "gone": True}
        except UnoException as error:
            answer = {"error": type(error).__name__ + ": " + str(error.Message)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
