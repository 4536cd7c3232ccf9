"""One worksheet part: cells are set in place, everything else of the XML stays as it was."""

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.cell_values import Stored, escaped, number_xml, outer_space
from toolkit.hosts.parts.cell_write import Write, look_of, refuse_long_text
from toolkit.hosts.parts.new_block import NewBlock
from toolkit.hosts.parts.new_rows import NewRows
from toolkit.hosts.parts.row_fit import RowFit, set_height
from toolkit.hosts.parts.styles import Styles
from toolkit.model.errors import ToolkitError


class SheetPart:
    """`where` names file and sheet in messages; `shift` is SHIFT_1904 in a 1904 workbook."""

    def __init__(self, xml: bytes, where: str, shift: int) -> None:
        self.root = ooxml.parse(xml, where)
        self.where, self._shift = where, shift
        self.prefix = f"{self.root.prefix}:" if self.root.prefix else ""
        data = ooxml.child(self.root, "sheetData")
        if data is None:
            data = ooxml.new(self.root, "sheetData")
            ooxml.place(self.root, data, ooxml.WORKSHEET_ORDER)
        self._data = data
        self._new_rows = NewRows(self.prefix, where, shift)
        self.changed = False
        self._rows: dict[int, etree._Element] = {}
        self._cells: dict[int, dict[int, etree._Element]] = {}
        number = 0
        for row in ooxml.children(data, "row"):
            number = ooxml.number(row, "r", number + 1)
            self._rows[number] = row

    # Looking

    def cells(self, row: int) -> dict[int, etree._Element]:
        """Column → cell element. Cells that leave out their address follow the one before."""
        if row in self._cells:
            return self._cells[row]
        found: dict[int, etree._Element] = {}
        column = 0
        for cell in self._rows.get(row, ()):
            if ooxml.local(cell) == "c":
                reference = cell.get("r")
                column = ooxml.cell_of(reference)[1] if reference else column + 1
                found[column] = cell
        if row in self._rows:
            self._cells[row] = found
        return found

    def last_filled_row(self, last_column: int) -> int:
        """The last row that holds a value in a column up to `last_column`.

        Formulas that show nothing do not count, nor does a legend right of the table.
        """
        for number in sorted(self._rows, reverse=True):
            if any(column <= last_column and _has_value(cell) for column, cell in self.cells(number).items()):
                return number
        return 0

    def free_column(self, after: int) -> int:
        """The first column right of `after` that no filled cell stands in."""
        taken = {c for row in self._rows for c, cell in self.cells(row).items() if c > after and _has_value(cell)}
        return next(column for column in range(after + 1, ooxml.LAST_COLUMN) if column not in taken)

    def style(self, row: int, column: int) -> int | None:
        cell = self.cells(row).get(column)
        return None if cell is None else ooxml.number(cell, "s")

    def column_style(self, column: int) -> int:
        listed = ooxml.child(self.root, "cols")
        for element in [] if listed is None else ooxml.children(listed, "col"):
            if ooxml.number(element, "min") <= column <= ooxml.number(element, "max"):
                return ooxml.number(element, "style")
        return 0

    def widen(self, column: int, width: float) -> None:
        """Give a column a width if the sheet says nothing about it."""
        listed = ooxml.child(self.root, "cols")
        if listed is None:
            listed = ooxml.new(self.root, "cols")
            ooxml.place(self.root, listed, ooxml.WORKSHEET_ORDER)
        spans = [(ooxml.number(e, "min"), ooxml.number(e, "max")) for e in listed]
        if not any(first <= column <= last for first, last in spans):
            attributes = {"min": str(column), "max": str(column), "width": f"{width}", "customWidth": "1"}
            listed.insert(sum(first < column for first, _ in spans), ooxml.new(listed, "col", attributes))

    def boxes(self, container: str, item: str) -> Iterator[ooxml.Box]:
        found = ooxml.child(self.root, container)
        for element in [] if found is None else ooxml.children(found, item):
            box = ooxml.box_of(element.get("ref", ""))
            if box:
                yield box

    def _shut(self, top: int, bottom: int) -> dict[tuple[int, int], str]:
        """Cells between two rows that must not be written, with the reason."""
        shut = {}
        for first, left, last, right in self.boxes("mergeCells", "mergeCell"):
            for row in range(max(first, top), min(last, bottom) + 1):
                for column in range(left, right + 1):
                    if (row, column) != (first, left):
                        shut[row, column] = "在合并单元格之中"
        for formula in self._data.iter(f"{{{ooxml.namespace(self.root)}}}f"):
            box = ooxml.box_of(formula.get("ref", "")) if formula.get("t") in ("array", "dataTable") else None
            if box:
                first, left, last, right = box
                for row in range(max(first, top), min(last, bottom) + 1):
                    shut |= {(row, column): "属于数组公式" for column in range(left, right + 1)}
        return shut

    # Writing

    def write(self, rows: Mapping[int, Mapping[int, Write]], styles: Styles, last_data_row: int) -> None:
        """Set cells, row → column → what.

        A new cell takes the look of the cell above it, else of the last row of the data, else of its row or column;
        never of the header. Raises `ToolkitError` naming the cell if a formula or a merged range is in the way.
        """
        if not rows:
            return
        shut = self._shut(min(rows), max(rows))
        bottom = max(self._rows, default=0)
        looks: dict[int, int] = {}
        fit = RowFit(self.root)

        def base(row: int, column: int) -> int:
            return self._base(row, column, bottom, last_data_row)

        for number in sorted(rows):
            for column in rows[number]:
                if (number, column) in shut:
                    raise self._refused(number, column, shut[number, column])
            if number in self._rows:
                self._write_row(number, rows[number], styles, base, fit)
            elif number < bottom:
                self._insert_row(number)
                self._write_row(number, rows[number], styles, base, fit)
            else:
                for column in rows[number]:
                    if column not in looks:
                        looks[column] = base(number, column)
                self.changed |= self._new_rows.add(number, rows[number], styles, looks, fit)
        self._correct_dimension()

    def append(self, block: NewBlock, styles: Styles, last_data_row: int) -> None:
        """Add rows below all others; as `write` does, only faster where nothing stands there."""
        bottom = max(self._rows, default=0)
        if block.first <= bottom or self._shut(block.first, block.first + block.count):
            self.write(block.by_row(), styles, last_data_row)
            return
        looks = {column: self._base(block.first, column, bottom, last_data_row) for column in block.columns}
        self.changed |= self._new_rows.add_block(block, styles, looks, RowFit(self.root))
        self._correct_dimension()

    def _base(self, row: int, column: int, bottom: int, last_data_row: int) -> int:
        """The look a new cell takes; `bottom`: the last row there is."""
        for above in (min(row - 1, bottom), last_data_row):
            style = self.style(above, column) if 2 <= above < row else None
            if style is not None:
                return style
        return self.column_style(column)

    def _refused(self, row: int, column: int, why: str) -> ToolkitError:
        cell = ooxml.address(row, column)
        return ToolkitError(f"要写入的单元格 {cell} {why}", where=self.where, mend="请改用别的列，或取消后重试")

    def _write_row(
        self, number: int, writes: Mapping[int, Write], styles: Styles, base: Callable[[int, int], int], fit: RowFit
    ) -> None:
        row = self._rows[number]
        present = self.cells(number)
        if any(cell.get("r") is None for cell in present.values()):
            for column, cell in present.items():
                cell.set("r", ooxml.address(number, column))
        row_style = ooxml.number(row, "s") if row.get("customFormat") in ("1", "true") else None
        for column in sorted(writes):
            write = writes[column]
            there = present.get(column)
            if there is not None:
                if ooxml.child(there, "f") is not None:
                    if write.yields:
                        continue
                    raise self._refused(number, column, "是公式，不能覆盖")
                cell, style = there, ooxml.number(there, "s")
            elif write.value is None:
                continue
            else:
                cell = ooxml.new(row, "c", {"r": ooxml.address(number, column)})
                style = row_style if row_style is not None else base(number, column)
                later = [c for c in present if c > column]
                if later:
                    present[min(later)].addprevious(cell)
                else:
                    self._append_cell(row, cell)
                present[column] = cell
                if "spans" in row.attrib:  # a hint that would now be wrong
                    del row.attrib["spans"]
            self._fill(cell, number, column, write, look_of(style, write, styles))
        self._fit_height(row, present, styles, fit)
        self.changed = True

    def put(self, row: int, column: int, cell: etree._Element) -> None:
        """Place a whole cell element where none, or a blank one, stands."""
        if row not in self._rows:
            later = [number for number in self._rows if number > row]
            if later:
                self._insert_row(row)
            else:
                self._rows[row] = ooxml.new(self._data, "row", {"r": str(row)})
                self._data.append(self._rows[row])
        present = self.cells(row)
        self._cells[row] = present
        cell.set("r", ooxml.address(row, column))
        right = min((c for c in present if c > column), default=None)
        if column in present:
            self._rows[row].replace(present[column], cell)
        elif right is not None:
            present[right].addprevious(cell)
        else:
            self._append_cell(self._rows[row], cell)
        present[column] = cell
        self._rows[row].attrib.pop("spans", "")
        self.changed = True
        self._correct_dimension()

    def set_row_height(self, row: int, points: str) -> None:
        if points:
            self._rows[row].set("ht", points)
            self._rows[row].set("customHeight", "1")

    @staticmethod
    def _fit_height(row: etree._Element, cells: Mapping[int, etree._Element], styles: Styles, fit: RowFit) -> None:
        """Room for the longest wrapped text; no less than before if a text stands elsewhere (shared strings)."""
        lines, all_known = 1, True
        for column, cell in cells.items():
            if cell.get("t") == "inlineStr":
                if styles.wraps(ooxml.number(cell, "s")):
                    text = "".join(part.text or "" for part in cell.iter() if ooxml.local(part) == "t")
                    lines = max(lines, fit.lines(column, Stored("s", text)))
            elif cell.get("t") == "s":
                all_known = False
        set_height(row, lines, may_lower=all_known)

    @staticmethod
    def _append_cell(row: etree._Element, cell: etree._Element) -> None:
        last = [i for i, element in enumerate(row) if ooxml.local(element) == "c"]
        row.insert(last[-1] + 1 if last else 0, cell)

    def _fill(self, cell: etree._Element, row: int, column: int, write: Write, style: int) -> None:
        for part in list(cell):
            if ooxml.local(part) != "extLst":
                cell.remove(part)
        cell.text = None
        for name in ("t", "vm", "cm"):
            if name in cell.attrib:
                del cell.attrib[name]
        if style or "s" in cell.attrib:
            cell.set("s", str(style))
        if write.value is None:
            return
        refuse_long_text(row, column, write.value, self.where)
        if write.value.type == "s":
            cell.set("t", "inlineStr")
            holder = ooxml.new(cell, "is")
            text = etree.SubElement(holder, f"{{{ooxml.namespace(cell)}}}t")
            text.text = escaped(write.value.value)
            if outer_space(write.value.value):
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        else:
            if write.value.type == "b":
                cell.set("t", "b")
            holder = ooxml.new(cell, "v")
            holder.text = number_xml(write.value, self._shift)
        cell.insert(0, holder)

    def _insert_row(self, number: int) -> None:
        row = ooxml.new(self._data, "row", {"r": str(number)})
        self._rows[min(n for n in self._rows if n > number)].addprevious(row)
        self._rows[number] = row

    def _correct_dimension(self) -> None:
        dimension = ooxml.child(self.root, "dimension")
        if dimension is None:
            return
        boxes = [self._new_rows.box] if self._new_rows.box else []
        for number, row in self._rows.items():
            if len(row):
                first, last = (ooxml.cell_of(cell.get("r", ""))[1] for cell in (row[0], row[-1]))
                if first and last:
                    boxes.append((number, first, number, last))
        if boxes:
            tops, lefts, bottoms, rights = zip(*boxes, strict=True)
            dimension.set("ref", ooxml.reference_of((min(tops), min(lefts), max(bottoms), max(rights))))

    def to_bytes(self) -> bytes:
        if self._new_rows.box is None:
            return ooxml.serialise(self.root)
        mark = etree.ProcessingInstruction("loanvisit-rows")
        spelled_mark = etree.tostring(mark)
        self._data.append(mark)
        return ooxml.serialise(self.root).replace(spelled_mark, self._new_rows.spelled(), 1)


def _has_value(cell: etree._Element) -> bool:
    for part in cell:
        name = ooxml.local(part)
        if (name == "v" and part.text) or (name == "is" and any(inner.text for inner in part.iter())):
            return True
    return False
