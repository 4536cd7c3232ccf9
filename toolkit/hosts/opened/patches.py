"""Cells to write gathered into rectangles: an open program is asked once a rectangle, not once a cell."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from toolkit.hosts.parts.cell_write import Write

LONGEST_IN_BLOCK = 8_000  # characters; Excel refuses a whole block in which one text is longer than 8,203
Rows = Mapping[int, Mapping[int, Write]]


@dataclass(frozen=True)
class Patch:
    """A full rectangle of cells from (`row`, `column`) on."""

    row: int
    column: int
    cells: list[list[Write]]

    @property
    def box(self) -> tuple[int, int, int, int]:
        """First row, first column, last row, last column."""
        return self.row, self.column, self.row + len(self.cells) - 1, self.column + len(self.cells[0]) - 1


def patches(rows: Rows, alone: Container[int] = ()) -> list[Patch]:
    """The cells as few rectangles: runs along a row, joined with like runs above; a very long text stands alone.

    So does every cell of the rows `alone`.
    """
    done: list[Patch] = []
    open_: dict[tuple[int, int], Patch] = {}
    for number in sorted(rows):
        continued: dict[tuple[int, int], Patch] = {}
        for first, run in _runs(rows[number], apart=number in alone):
            key = (first, len(run))
            above = open_.pop(key, None)
            # Headers stay apart: their number format is not that of the cells below.
            joins = above is not None and above.row > 1 and above.row + len(above.cells) == number
            joins = joins and number not in alone and number - 1 not in alone
            if above is not None and joins and not _is_long(run, above.cells[-1]):
                above.cells.append(run)
                continued[key] = above
            else:
                done += [above] if above is not None else []
                continued[key] = Patch(number, first, [run])
        done += open_.values()
        open_ = continued
    return sorted([*done, *open_.values()], key=lambda patch: (patch.row, patch.column))


def _runs(cells: Mapping[int, Write], *, apart: bool) -> Iterator[tuple[int, list[Write]]]:
    first = 0
    run: list[Write] = []
    for column in sorted(cells):
        write = cells[column]
        if run and (apart or column != first + len(run) or _is_long([write], run)):
            yield first, run
            run = []
        if not run:
            first = column
        run.append(write)
    if run:
        yield first, run


def _is_long(*runs: list[Write]) -> bool:
    return any(
        write.value is not None and write.value.type == "s" and len(write.value.value) > LONGEST_IN_BLOCK
        for run in runs
        for write in run
    )
