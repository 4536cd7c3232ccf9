"""A sheet in memory, and what a step wants done to it.

`Table` is what a host reads; `SheetEdits` is what a step returns. Both speak the model's English column names; only
hosts turn them into headers and cells.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pandas as pd

from toolkit.model import reading
from toolkit.model.fields import DATE_KINDS, NUMBER_KINDS, Kind, Sheet

READERS = {Kind.CODE: reading.as_code, Kind.ID_NUMBER: reading.as_code, Kind.PHONE: reading.as_phone}


@dataclass(frozen=True)
class Table:
    """A sheet as read.

    `data`: one row per non-blank sheet row, RangeIndex; column ``row`` (int, 1-based sheet row), then every field of
    `sheet` by name, typed: dates datetime64[s], numbers float64, times `datetime.time` or None, else str ("" = blank).
    `raw`: same index and columns, the cells as read (None = blank).
    `columns`: field name → 1-based sheet column; a field that the workbook lacks is absent.
    `extras`: headers of the user's own columns → sheet column, in sheet order.
    `present`: False if the workbook has no such sheet.
    """

    sheet: Sheet
    data: pd.DataFrame
    raw: pd.DataFrame
    columns: dict[str, int]
    extras: dict[str, int]
    file: str = ""
    present: bool = True

    def cell(self, row: int, name: str) -> str:
        """A1 address of a field in a sheet row; the row alone where the workbook lacks the column."""
        column = self.columns.get(name)
        return f"{column_letter(column)}{row}" if column else f"第{row}行"

    def unreadable(self, name: str) -> pd.Series:
        """bool per row: something is typed that its kind cannot be read from."""
        kind = self.sheet[name].kind
        value = self.data[name]
        typed_kind = kind in DATE_KINDS or kind in NUMBER_KINDS or kind is Kind.TIME
        lost = value.isna() if typed_kind else value == ""
        if not lost.any():
            return lost
        # Few cells are lost, so only those are asked what was typed.
        lost = lost & self.raw[name].notna()
        if not lost.any():
            return lost
        typed_text = self.raw.loc[lost, name].map(reading.as_text)
        out = pd.Series(False, index=value.index)
        out[typed_text.index] = typed_text != ""
        return out


def column_letter(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def typed(sheet: Sheet, raw: pd.DataFrame) -> pd.DataFrame:
    """The typed columns of `Table.data` from raw cells; a column that `raw` lacks is blank throughout."""
    columns: dict[str, pd.Series] = {}
    for column in sheet:
        if column.name not in raw:
            cells = pd.Series([None] * len(raw), index=raw.index, dtype="object")
        else:
            cells = raw[column.name]
        columns[column.name] = typed_column(column.kind, cells)
    return pd.DataFrame(columns, index=raw.index)


def typed_column(kind: Kind, cells: pd.Series) -> pd.Series:
    """Cells of one column as its kind is kept: datetime64[s], float64, dt.time or text.

    What is blank or cannot be read is NaT, NaN, None or "".
    """
    if kind is Kind.TIMESTAMP:
        return reading.timestamps(cells)
    if kind in DATE_KINDS:
        return reading.dates(cells)
    if kind in NUMBER_KINDS:
        return reading.numbers(cells)
    if kind is Kind.TIME:
        return pd.Series([reading.as_time(cell) for cell in cells], index=cells.index, dtype="object")
    if kind is Kind.CHOICE:
        return reading.texts(cells, lambda cell: reading.fold_width(reading.as_text(cell)).replace(" ", ""))
    return reading.texts(cells, READERS.get(kind, reading.as_text))


def is_blank(values: pd.Series) -> pd.Series:
    """bool per value of a typed column."""
    return values == "" if values.dtype == object else values.isna()


def table_from(sheet: Sheet, rows: list[dict[str, Any]] | pd.DataFrame, *, present: bool = True) -> Table:
    """A table from rows keyed by field name, as if read from row 2 on; for tests, samples and missing sheets."""
    raw = pd.DataFrame(rows, dtype="object") if not isinstance(rows, pd.DataFrame) else rows.astype("object")
    raw = raw.reindex(columns=list(sheet.names)).reset_index(drop=True)
    raw = raw.where(raw.notna(), None)
    data = typed(sheet, raw)
    data.insert(0, "row", range(2, len(raw) + 2))
    columns = {name: i + 1 for i, name in enumerate(sheet.names)} if present else {}
    return Table(sheet, data, raw, columns, {}, present=present)


@dataclass(frozen=True)
class Source:
    """One sheet of a stranger's file (or one .csv) as read: `rows[i][j]` is the raw cell of sheet row i+1, column j+1.

    Rows may differ in length; None = blank. `merged`: merged regions as 0-based (first row, first column, last row,
    last column); only the first cell of a region holds its value. `hidden`: how many rows with cells are hidden or
    filtered away; they are in `rows` like the others. `days_1904`: bare numbers count days from 1904.
    """

    file: str
    sheet: str
    rows: list[list[Any]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: int = 0
    days_1904: bool = False


@dataclass(frozen=True)
class FilledForm:
    """One form as filled in: field of 回访记录 → raw value (None = blank) for the fields that the form has.

    `place` names the form where a file holds several ("" otherwise), `places`: field → cell address or position.
    `version`: `forms.FORM` or `forms.QUESTIONNAIRE`. `doubts`: field → why its answer cannot be told.
    """

    file: str
    version: str
    values: dict[str, Any]
    places: dict[str, str]
    place: str = ""
    doubts: dict[str, str] = field(default_factory=dict)
    days_1904: bool = False


@dataclass(frozen=True)
class Paper:
    """A Word paper to render: `template` is the shipped template's name without suffix, `file_name` the output name
    (with suffix), `context` the names its tags may use. Without --out it goes into `folder` beside the workbook."""

    template: str
    file_name: str
    context: dict[str, Any]
    folder: str = ""


class ChartKind(Enum):
    COLUMNS = "柱形图"
    STACKED = "堆积柱形图"
    BARS = "条形图"
    LINES = "折线图"


@dataclass(frozen=True)
class Chart:
    """A chart as the value of a paper's tag. `series`: name and one value per category, None = no point. `highest`:
    where the axis of values ends. `alternative` says in words what it shows."""

    kind: ChartKind
    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    alternative: str
    number_format: str = "0"
    highest: float | None = None
    colours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """Rows of a new sheet that are too many to be held: `count` of them, in frames of the sheet's fields that `parts`
    gives one after the other, each with as many rows as its maker can hold."""

    count: int
    parts: Callable[[], Iterator[pd.DataFrame]]


@dataclass(frozen=True)
class Book:
    """A workbook to write anew: `file_name` (with .xlsx), `sheets` in tab order with the rows of each by field name;
    `title` goes into the file's properties."""

    file_name: str
    sheets: tuple[tuple[Sheet, pd.DataFrame | Rows], ...]
    title: str = ""


@dataclass(frozen=True)
class FormPage:
    """One fillable form: `version` is that of `model.forms`, `stage` the 回访阶段 whose layout it takes, `values` the
    texts of `model.form_layout.SLOTS`; `title` names its worksheet."""

    version: str
    stage: str
    title: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Forms:
    """A file of fillable forms to write, .xlsx or .docx by `file_name`. Without --out it goes into `folder` beside the
    workbook. One that somebody has filled in or changed since is left as it is."""

    file_name: str
    pages: tuple[FormPage, ...]
    title: str
    author: str
    folder: str


@dataclass
class SheetEdits:
    """What one sheet should become.

    `cells`: columns row, field, value: cells to set. `append`: rows by field name (or own header) to add below.
    `replace`: when not None the whole body, and `cells`/`append` are not used. `marks`: when not None the complete set
    of marks the sheet should carry, columns row, field, level, note; earlier marks that are not in it go away.
    A value of None or NaT or "" empties a cell.
    """

    sheet: Sheet
    cells: pd.DataFrame | None = None
    append: pd.DataFrame | None = None
    replace: pd.DataFrame | None = None
    marks: pd.DataFrame | None = None

    @property
    def empty(self) -> bool:
        parts = (self.cells, self.append)
        return self.replace is None and self.marks is None and all(part is None or part.empty for part in parts)


@dataclass
class Outcome:
    """What a step decided: edits, counts for the summary (Chinese label → number), warnings for the screen.

    `exit_code` is 1 when `check` found errors. `details` are lines for the screen beyond the summary (ledger: what is
    new, changed, gone); `papers` are rendered and written beside the workbook or into --out. `preview`: nothing is
    written, the edits only describe what would be. `rejected`: files that were not (or not wholly) taken, with reasons.
    """

    edits: list[SheetEdits] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    summary: str = ""
    exit_code: int = 0
    details: list[str] = field(default_factory=list)
    papers: list[Paper | Book | Forms] = field(default_factory=list)
    preview: bool = False
    rejected: list[str] = field(default_factory=list)
