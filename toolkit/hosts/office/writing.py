"""What sheets need, told to the agent: in rectangles, formats only where a value cannot do without, notes beside the
clerk's own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolkit.hosts.office.connection import Office
from toolkit.hosts.opened.notes_text import with_lines
from toolkit.hosts.opened.patches import patches
from toolkit.hosts.opened.sheet_plan import IN_MERGED, IS_FORMULA, SheetPlan, refuse_shut
from toolkit.hosts.parts import marks
from toolkit.hosts.parts.cell_values import SHIFT_1904, Stored
from toolkit.hosts.parts.styles import GENERAL, column_format, number_format_for
from toolkit.model.errors import ToolkitError

# A hundredth of a millimetre for each character of a column's width.
_WIDTH_OF_CHARACTER = 210
_READY_ROWS = 5000


def refuse_obstacles(
    office: Office, plans: Iterable[SheetPlan], more: Iterable[str], about: Mapping[str, Any], file: str
) -> None:
    """Raise `ToolkitError` before anything is written if a sheet is protected, or the tabs where one has to be added,
    or a formula or merged cell in the way.

    Cells that yield to a formula are taken out of the plans.
    """
    plans = list(plans)
    for title in (*(plan.title for plan in plans), *more):
        if title in about["protected"]:
            raise ToolkitError(
                "工作表受保护，不能写入", where=f"{file} 的“{title}”表", mend="请在“工具—保护工作表”中取消保护后重试"
            )
    for plan in plans:
        if plan.is_new and about["fixed"]:
            raise ToolkitError(
                f"工作簿的结构受保护，不能添加“{plan.title}”表",
                where=file,
                mend="请在“工具—保护表格结构”中取消保护后重试",
            )
        if plan.is_new:
            continue
        boxes = [patch.box for patch in patches(plan.rows)]
        shut = {
            cell: IN_MERGED
            for box in office.ask("merged", title=plan.title, boxes=_zero(boxes))
            for cell in _cells(box)
        }
        shut |= {cell: IS_FORMULA for box in office.ask("formulas", title=plan.title) for cell in _cells(box)}
        refuse_shut(plan, shut, f"{file} 的“{plan.title}”表")


def _zero(boxes: Iterable[tuple[int, int, int, int]]) -> list[list[int]]:
    return [[edge - 1 for edge in box] for box in boxes]


def _cells(box: Sequence[int]) -> Iterable[tuple[int, int]]:
    """1-based cells of a 0-based box."""
    top, left, bottom, right = box
    return ((row + 1, column + 1) for row in range(top, bottom + 1) for column in range(left, right + 1))


def carry_out(
    office: Office,
    plans: Sequence[SheetPlan],
    singles: Iterable[tuple[Sequence[Any], Stored | None]],
    *,
    from_1904: bool,
) -> None:
    """Write the plans and single cells ([title, row, column] 0-based, value)."""
    shift = SHIFT_1904 if from_1904 else 0
    for plan in plans:
        if plan.is_new:
            office.ask("add_sheet", title=plan.title)
        _columns(office, plan)
        for patch in patches(plan.rows):
            values = [[_value(write.value, shift) for write in line] for line in patch.cells]
            office.ask("put", title=plan.title, row=patch.row - 1, column=patch.column - 1, values=values)
        for code, boxes in _formats(plan).items():
            office.ask("format", title=plan.title, code=code, boxes=_zero(boxes))
        if plan.new_last > plan.old_last:
            office.ask("grow", title=plan.title, old_last=plan.old_last - 1, new_last=plan.new_last - 1)
    for (title, row, column), value in singles:
        office.ask("put", title=title, row=row, column=column, values=[[_value(value, shift)]])
    for plan in plans:
        _links(office, plan)
        if plan.marks is not None:
            _mark(office, plan.title, plan.marks, plan.notes or {})


def _value(value: Stored | None, shift: int) -> str | float:
    if value is None:
        return ""
    if value.type == "s":
        return str(value.value)
    return float(value.value) - (shift if value.type == "d" else 0)


def _columns(office: Office, plan: SheetPlan) -> None:
    for column, field in plan.headers.items():
        office.ask(
            "add_column", title=plan.title, column=column - 1, width=int((field.width + 2) * _WIDTH_OF_CHARACTER)
        )
        code = column_format(field.kind)
        if code != GENERAL:
            office.ask("format", title=plan.title, code=code, boxes=[[1, column - 1, _READY_ROWS - 1, column - 1]])


def _formats(plan: SheetPlan) -> dict[str, list[tuple[int, int, int, int]]]:
    """Number format → boxes of cells that may need it, runs down a column joined."""
    runs: dict[str, list[list[int]]] = {}
    for row, writes in sorted(plan.rows.items()):
        for column, write in writes.items():
            if write.value is None or row == 1:
                continue
            timed = write.value.type == "d" and not float(write.value.value).is_integer()
            code = number_format_for(GENERAL, write.kind, write.value.type, timed)
            if code:
                runs.setdefault(code, []).append([column, row])
    boxes: dict[str, list[tuple[int, int, int, int]]] = {}
    for code, cells in runs.items():
        joined: list[list[int]] = []
        for column, row in sorted(cells):
            if joined and joined[-1][1] == column and joined[-1][2] == row - 1:
                joined[-1][2] = row
            else:
                joined.append([row, column, row, column])
        boxes[code] = [(top, left, bottom, right) for top, left, bottom, right in joined]
    return boxes


def _links(office: Office, plan: SheetPlan) -> None:
    """Cells just written lost their link; the others still have it."""
    for column, targets in plan.links:
        texts = {row: writes[column].value for row, writes in plan.rows.items() if column in writes}
        cells = [
            [row - 1, column - 1, str(text.value), title, address]
            for row, title, address in targets
            if (text := texts.get(row)) is not None
        ]
        if cells:
            office.ask("link", title=plan.title, cells=cells)


def _mark(
    office: Office, title: str, levels: Mapping[tuple[int, int], str], texts: Mapping[tuple[int, int], str]
) -> None:
    wanted = []
    for level, fill in marks.FILLS.items():
        boxes = [[row - 1, column - 1, row - 1, column - 1] for (row, column), of in levels.items() if of == level]
        if boxes:
            wanted.append([marks.formula(level), int(fill[2:], 16), boxes])
    office.ask("marks", title=title, ours=[marks.formula(level) for level in marks.FILLS], wanted=wanted)
    standing = {(row + 1, column + 1): text for row, column, text in office.ask("notes", title=title)}
    after = {cell: with_lines(standing.get(cell, ""), texts.get(cell, "")) for cell in {*standing, *texts}}
    changed = [[row - 1, column - 1, text] for (row, column), text in sorted(after.items())]
    changed = [note for note in changed if note[2] != standing.get((note[0] + 1, note[1] + 1), "")]
    if changed:
        office.ask("set_notes", title=title, wanted=changed)
