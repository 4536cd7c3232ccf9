"""Filled .xlsx forms: the worksheets that carry the names of `model.forms`."""

from typing import Any

from toolkit.hosts.foreign.source_file import NewBook
from toolkit.hosts.parts import ooxml
from toolkit.model import forms
from toolkit.model.reading import as_text
from toolkit.model.tables import FilledForm, Source


def filled_sheets(book: NewBook) -> list[FilledForm]:
    """One per form of the workbook, in tab order; none if it holds no forms."""
    named = _local_names(book)
    entries = [entry for entry in book.entries if forms.VERSION_KEY in named.get(entry.index, {})]
    return [_form(book.source(entry), named[entry.index], several=len(entries) > 1) for entry in entries]


def _local_names(book: NewBook) -> dict[int, dict[str, tuple[int, int]]]:
    """Sheet index → name → (row, column) of the names that belong to one sheet and point at one of its cells."""
    out: dict[int, dict[str, tuple[int, int]]] = {}
    listed = ooxml.child(book.package.workbook_xml, "definedNames")
    for element in [] if listed is None else ooxml.children(listed, "definedName"):
        index = ooxml.number(element, "localSheetId", -1)
        # A name of a merged box may be written as the whole box.
        reference = (element.text or "").rpartition("!")[2].partition(":")[0]
        row, column = ooxml.cell_of(reference)
        if index >= 0 and row:
            out.setdefault(index, {})[element.get("name", "")] = (row, column)
    return out


def _form(source: Source, names: dict[str, tuple[int, int]], *, several: bool) -> FilledForm:
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for name, (row, column) in names.items():
        meant = forms.field_of(name)
        if meant and not meant[1]:
            values[meant[0].name] = _cell(source, row, column)
            places[meant[0].name] = ooxml.address(row, column)
    version = as_text(_cell(source, *names[forms.VERSION_KEY]))
    place = f"“{source.sheet}”表" if several else ""
    return FilledForm(source.file, version, values, places, place, days_1904=source.days_1904)


def _cell(source: Source, row: int, column: int) -> Any:
    if row > len(source.rows) or column > len(source.rows[row - 1]):
        return None
    return source.rows[row - 1][column - 1]
