"""From a step's edits to what an open sheet needs: added columns, cells, marks, notes, links. Knows no program."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.cell_values import Stored, same, stored
from toolkit.hosts.parts.cell_write import Write, refuse_long_text
from toolkit.hosts.parts.changes import Changes, Rows, merged, touched_columns
from toolkit.hosts.parts.new_block import NewBlock
from toolkit.hosts.parts.wishes import Cell, Target, link_targets, marks_and_notes, missing_fields
from toolkit.hosts.reading import Grid
from toolkit.model.errors import ToolkitError
from toolkit.model.fields import Field, Sheet
from toolkit.model.parameters import fold
from toolkit.model.tables import SheetEdits, Table


@dataclass
class SheetPlan:
    """What one sheet needs.

    `title` is the tab's own. `is_new`: the sheet has to be added. `headers`: column → field, for columns to add.
    `rows`: row → column → what, headers and new rows included; `before` holds the same cells as they are now.
    The data lay in rows 2 to `old_last` (1: none) and then reach `new_last`, in the columns `left` to `right`.
    `marks` and `notes` by cell are complete; None leaves those of the sheet alone. `links`: per column, complete.
    """

    title: str
    sheet: Sheet
    is_new: bool = False
    headers: dict[int, Field] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    before: Rows = field(default_factory=dict)
    old_last: int = 1
    new_last: int = 1
    left: int = 1
    right: int = 1
    marks: dict[Cell, str] | None = None
    notes: dict[Cell, str] | None = None
    links: list[tuple[int, list[Target]]] = field(default_factory=list)

    @property
    def touches(self) -> bool:
        """Does the plan do anything at all?"""
        return self.is_new or bool(self.rows) or self.marks is not None or bool(self.links)


def own_title(titles: Sequence[str], wanted: str) -> str | None:
    """The tab's own spelling of a title: exact, else the same when folded."""
    return wanted if wanted in titles else next((title for title in titles if fold(title) == fold(wanted)), None)


def sheet_plans(
    edits: Sequence[SheetEdits], tables: Mapping[str, Table], titles: Sequence[str], grid: Callable[[str], Grid]
) -> list[SheetPlan]:
    """One plan a sheet. `titles` are the workbook's tabs, `grid` gives a tab's cells as they are now."""
    plans = [_plan(edit, tables[edit.sheet.title], own_title(titles, edit.sheet.title), grid) for edit in merged(edits)]
    plans = [plan for plan in plans if plan.touches]
    known = {*titles, *(plan.title for plan in plans)}
    for plan in plans:
        plan.links = [(column, [target for target in targets if target[1] in known]) for column, targets in plan.links]
    return plans


def named_plans(values: Mapping[tuple[str, int, int] | None, object], grid: Callable[[str], Grid]) -> list[SheetPlan]:
    """Plans for cells outside the tables, by (title, row, column); None, a name that does not exist, is passed over."""
    plans: dict[str, SheetPlan] = {}
    for place, value in values.items():
        if place is None:
            continue
        title, row, column = place
        wanted, present = stored(value), stored(grid(title).value(row, column))
        if not same(wanted, present):
            plan = plans.setdefault(title, SheetPlan(title, Sheet(title, ())))
            plan.rows.setdefault(row, {})[column] = Write(wanted)
            plan.before.setdefault(row, {})[column] = Write(present)
    return list(plans.values())


def _plan(edit: SheetEdits, table: Table, title: str | None, grid: Callable[[str], Grid]) -> SheetPlan:
    sheet = edit.sheet
    wanted = touched_columns(edit)
    plan = SheetPlan(title or sheet.title, sheet, is_new=title is None)
    if title is None and not sheet.result and not wanted:
        plan.is_new = False
        return plan
    cells = Grid([]) if title is None else grid(title)
    columns = {**table.columns, **table.extras}
    if plan.is_new:
        plan.headers = dict(enumerate(sheet, start=1))
    else:
        for missing in missing_fields(sheet, columns, wanted):
            column = _free_column(cells, max([*columns.values(), *plan.headers], default=0))
            columns[missing.name] = column
            plan.headers[column] = missing
    columns |= {missing.name: column for column, missing in plan.headers.items()}
    plan.rows = {1: {column: Write(Stored("s", missing.header)) for column, missing in plan.headers.items()}}
    plan.left, plan.right = min(columns.values(), default=1), max(columns.values(), default=1)
    changes = Changes(table, columns)
    plan.old_last = max(_last_filled_row(cells, plan.right), 1)
    changes.take(edit, plan.old_last)
    for rows in (changes.rows, _full(changes.block) if changes.block else {}):
        for row, writes in rows.items():
            plan.rows.setdefault(row, {}).update(writes)
    plan.rows = {row: writes for row, writes in plan.rows.items() if writes}
    plan.before = {
        row: {column: Write(stored(cells.value(row, column)), write.kind) for column, write in writes.items()}
        for row, writes in plan.rows.items()
    }
    plan.new_last = max(changes.last_filled_row(), plan.old_last)
    if not edit.empty:
        plan.links = link_targets(sheet, changes, table, columns)
    if edit.marks is not None:
        plan.marks, plan.notes = marks_and_notes(edit.marks, columns)
    return plan


def _full(block: NewBlock) -> Rows:
    """New rows with their blank cells, so that they are one rectangle."""
    rows = block.by_row()
    filled = [column for column, values in block.columns.items() if values.last_filled() >= 0]
    blanks = dict.fromkeys(filled, FILLER)
    return {row: blanks | rows.get(row, {}) for row in range(block.first, block.last_filled_row() + 1)}


def refuse_shut(plan: SheetPlan, shut: Mapping[Cell, str], where: str) -> None:
    """Take out of the plan what yields to a formula; raise `ToolkitError` naming the cell if anything else is in the
    way. `shut`: cells that must not be written, with the reason."""
    for row, writes in plan.rows.items():
        for column in list(writes):
            write, why = writes[column], shut.get((row, column))
            if why is None:
                if write.value is not None:
                    refuse_long_text(row, column, write.value, where)
            elif write is FILLER or (write.yields and why == IS_FORMULA):
                del writes[column]
            else:
                raise ToolkitError(
                    f"要写入的单元格 {ooxml.address(row, column)} {why}", where=where, mend="请改用别的列，或取消后重试"
                )


FILLER = Write(None, yields=True)  # a blank cell among new ones: it makes way for whatever stands there
IS_FORMULA, IN_ARRAY, IN_MERGED = "是公式，不能覆盖", "属于数组公式", "在合并单元格之中"


def _last_filled_row(cells: Grid, last_column: int) -> int:
    width = max(last_column - cells.left + 1, 0)
    for i in range(len(cells.rows) - 1, -1, -1):
        if any(value != "" for value in cells.rows[i][:width]):
            return cells.top + i
    return 0


def _free_column(cells: Grid, after: int) -> int:
    """The first column right of `after` that no filled cell stands in."""
    columns: Iterable[tuple[object, ...]] = zip(*cells.rows, strict=True)
    taken = {column for column, values in enumerate(columns, start=cells.left) if any(value != "" for value in values)}
    return next(column for column in range(after + 1, ooxml.LAST_COLUMN) if column not in taken)
