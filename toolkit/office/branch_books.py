"""A branch's workbook at head office: the new one laid out from template and base, a password taken off."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from toolkit.hosts.closed_file import ClosedFile, closed_of, open_closed
from toolkit.hosts.protecting import unprotected
from toolkit.model import sheets as s
from toolkit.model.errors import ToolkitError
from toolkit.model.parameters import fold
from toolkit.model.shipped import shipped
from toolkit.model.tables import SheetEdits, Table
from toolkit.run.new import TEMPLATES
from toolkit.run.settings import calendar_of, parameters_of

SUFFIX = ".xlsm"
# Sheets a base workbook gives to every branch as they are; of 回访人员 a branch gets its own people.
_WHOLE = (s.HOLIDAYS, s.CLASSIFICATION_RULES, s.WORD_GROUPS, s.APPRAISAL)


@dataclass(frozen=True)
class Base:
    """What new workbooks begin with: `content` without people, `visitors` of all branches (None = none were given)."""

    content: bytes
    visitors: Table | None

    def book_of(self, branch: str, name: str) -> bytes:
        """The branch's workbook before its first ledger: 机构 = 网点, its own people."""
        book = closed_of(self.content, Path(name))
        edits, tables = [], {}
        if self.visitors is not None:
            mine = _as_typed(self.visitors)[self.visitors.data["branch"] == branch]
            edits.append(SheetEdits(s.VISITORS, append=mine))
            tables[s.VISITORS.title] = book.read(s.VISITORS)
        return book.render(edits, tables, {"首页_机构": branch}) or self.content


def read_base(path: Path | None) -> Base:
    """The shipped template, with what the workbook `path` holds of parameters, holidays, people and rule tables.

    Raises `ToolkitError` if `path` cannot be read, holds none of these, or its parameters or holidays are impossible.
    """
    content = shipped("workbook_templates", TEMPLATES[SUFFIX]).read_bytes()
    if path is None:
        return Base(content, None)
    given, target = open_closed(path), closed_of(content, Path(f"模板{SUFFIX}"))
    titles = {fold(title) for title in given.titles()}
    used = [sheet for sheet in (s.PARAMETERS, s.VISITORS, *_WHOLE) if fold(sheet.title) in titles]
    if not used:
        raise ToolkitError(
            "没有“参数”“节假日”“回访人员”等表", where=path.name, mend="请在 --base 中给出含有其中任何一张的工作簿"
        )
    edits, tables = [], {}
    for sheet in used:
        table = given.read(sheet)
        if sheet is s.PARAMETERS:
            edits.append(SheetEdits(sheet, cells=_parameter_cells(table, target.read(sheet))))
        elif sheet in _WHOLE and len(table.data):
            edits.append(SheetEdits(sheet, replace=_as_typed(table)))
        tables[sheet.title] = target.read(sheet)
    content = target.render(edits, tables, {}) or content
    laid_out = closed_of(content, path)  # parameters the base leaves out have the template's values
    parameters_of(laid_out.read(s.PARAMETERS))
    calendar_of(laid_out.read(s.HOLIDAYS))
    return Base(content, given.read(s.VISITORS) if s.VISITORS in used else None)


def _as_typed(table: Table) -> pd.DataFrame:
    """The raw cells of the model's columns that the sheet has."""
    return table.raw[[name for name in table.sheet.names if name in table.columns]]


def _parameter_cells(given: Table, target: Table) -> pd.DataFrame:
    values = pd.DataFrame({"key": given.data["parameter"].map(fold), "value": given.raw["value"]})
    rows = pd.DataFrame({"key": target.data["parameter"].map(fold), "row": target.data["row"]})
    return values.merge(rows, on="key")[["row", "value"]].assign(field="value")


def branches_of(book: ClosedFile) -> pd.Series:
    """How many loans of each 网点 a workbook holds, most first; blank 网点 left out."""
    branch = book.read(s.LOANS).data["branch"]
    return branch[branch != ""].value_counts()


def unlocked(content: bytes, password: str, where: str) -> bytes:
    """The workbook without its password; raises `ToolkitError` if it does not open with this one."""
    plain = unprotected(content, password, "--passwords")
    if plain is None:
        raise ToolkitError("打开密码不对，或文件已损坏", where=where, mend="请在密码表中写上该网点现在的打开密码")
    return plain


def read_pairs(path: Path, first: str, second: str) -> dict[str, str]:
    """A two-column list such as 网点, 密码 from any workbook or .csv whose first rows hold both headers.

    Raises `ToolkitError` if the headers are not there or one key stands twice with different values.
    """
    from toolkit.hosts.foreign.source_file import read_sources
    from toolkit.model.reading import as_text

    for source in read_sources(path):
        for top, row in enumerate(source.rows[:10]):
            folded = [fold(as_text(cell)) for cell in row]
            if first not in folded or second not in folded:
                continue
            at, to = folded.index(first), folded.index(second)
            pairs: dict[str, str] = {}
            for cells in source.rows[top + 1 :]:
                key, value = (as_text(cells[i]) if i < len(cells) else "" for i in (at, to))
                if key and value and pairs.setdefault(key, value) != value:
                    raise ToolkitError(f"“{key}”出现了两次且内容不同", where=path.name, mend="请只留一行")
            return pairs
    raise ToolkitError(f"没有找到列标题“{first}”和“{second}”", where=path.name, mend="请把这两个列标题写在同一行")
