"""What a step's edits ask for beyond cell values: columns to add, marks with their notes, targets of links."""

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from toolkit.hosts.parts.changes import Changes
from toolkit.model import reading
from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Sheet
from toolkit.model.tables import Table

Cell = tuple[int, int]
# Row, title of the sheet to jump to, address in it.
Target = tuple[int, str, str]

# Optional everywhere (contract, section 2), so a result sheet gets the column only when there is something to hold.
_ONLY_IF_FILLED = "drawdown_no"
_ADDRESS = re.compile(r"[A-Z]{1,3}\d+")
_ROW_ONLY = re.compile(r"第(\d+)行")


def missing_fields(sheet: Sheet, columns: Mapping[str, int], wanted: set[str]) -> list[Field]:
    """The fields that need a column: those that get a value, and in a result sheet all."""
    return [
        field
        for field in sheet
        if field.name not in columns and (field.name in wanted or (sheet.result and field.name != _ONLY_IF_FILLED))
    ]


def marks_and_notes(frame: pd.DataFrame, columns: Mapping[str, int]) -> tuple[dict[Cell, str], dict[Cell, str]]:
    """(gravest level by cell, note by cell; "" where there is none); columns that the sheet lacks are passed over."""
    levels: dict[Cell, str] = {}
    texts: dict[Cell, list[str]] = {}
    for row, name, level, note in _rows_of(frame):
        if name not in columns:
            continue
        cell = (row, columns[name])
        worst = min(v.FINDING_LEVELS.index(level), v.FINDING_LEVELS.index(levels.get(cell, level)))
        levels[cell] = v.FINDING_LEVELS[worst]
        lines = texts.setdefault(cell, [])
        if note and note not in lines:
            lines.append(note)
    return levels, {cell: "\n".join(lines) for cell, lines in texts.items()}


def link_targets(
    sheet: Sheet, changes: Changes, table: Table, columns: Mapping[str, int]
) -> list[tuple[int, list[Target]]]:
    """Per link column of the sheet: what its cells should point at once the changes are done."""
    found = []
    for field in sheet:
        if field.kind is Kind.LINK and field.name in columns:
            rows = sorted({*(int(row) for row in table.data["row"]), *changes.touched_rows()})
            targets = [
                (row, _final(changes, columns, row, field.link_sheet), address)
                for row in rows
                if row > 1 and (address := _target(_final(changes, columns, row, field.name)))
            ]
            found.append((columns[field.name], targets))
    return found


def _final(changes: Changes, columns: Mapping[str, int], row: int, name: str) -> str:
    write = changes.written(row, columns.get(name, 0))
    if write is not None:
        return str(write.value.value) if write.value else ""
    return reading.as_text(changes.present(row, name))


def _target(text: str) -> str:
    """The address a link jumps to: A1 style, or the start of a row where the column is missing (第5行)."""
    row_only = _ROW_ONLY.fullmatch(text)
    if row_only:
        return f"A{row_only[1]}"
    return text if _ADDRESS.fullmatch(text) else ""


def _rows_of(frame: pd.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    columns = (frame[name].tolist() for name in ("row", "field", "level", "note"))
    for row, name, level, note in zip(*columns, strict=True):
        yield int(row), name, level, note or ""
