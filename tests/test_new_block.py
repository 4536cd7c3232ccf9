"""Many new rows at once: the same XML as cell by cell, whatever the values; a cell that cannot hold its text is named.

Requirements: contract, section 1 (text letter for letter; a refusal leaves the workbook as it was) and section 2 (real
dates, identifiers as text), for rows that are written column by column.
"""

import datetime as dt
import io

import numpy as np
import openpyxl
import pandas as pd
import pytest

from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.fresh.new_file import write_workbook
from toolkit.hosts.parts.changes import Changes
from toolkit.hosts.parts.distinct import coded
from toolkit.hosts.parts.extent import refuse_far_cells
from toolkit.hosts.parts.package import Package
from toolkit.hosts.parts.sheet_xml import SheetPart
from toolkit.hosts.parts.styles import Styles
from toolkit.hosts.parts.zip_parts import ZipParts
from toolkit.model import sheets as s
from toolkit.model.errors import ToolkitError
from toolkit.model.tables import SheetEdits, table_from

MIXED = [1, 1.0, True, "1", None, float("nan"), "", dt.date(2026, 7, 1), pd.NaT, 0, False, 10**16, "1"]


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(MIXED, dtype="object"),
        pd.Series(["a", None, "a", ""], dtype="object"),
        pd.Series([1.5, np.nan, 1.5]),
        pd.Series([2, 1, 2]),
        pd.Series([True, False]),
        pd.Series(pd.to_datetime(["2026-07-01", None]).astype("datetime64[s]")),
        pd.Series([], dtype="object"),
    ],
    ids=str,
)
def test_coded_gives_every_value_back_as_its_own_type(values):
    codes, distinct = coded(values)
    assert distinct[-1] is None
    back = [distinct[code] for code in codes]
    for found, value in zip(back, values.tolist(), strict=True):
        if pd.isna(value):
            assert pd.isna(found)
        else:
            assert (found.__class__, found) == (value.__class__, value)


FRAME = pd.DataFrame(
    {
        "visit_no": ["N1", "N2", "N3", "N1"],
        "phone": [19900000001, "019900000002", None, 19900000001],
        "due_on": pd.to_datetime(["2026-09-30", None, "2026-09-30", "2026-10-08"]),
        "reason": ["短", "很长的事由" * 30, "", "第一行\n第二行"],
        "system_note": ["<&>", " 前后空格 ", "=1+1", ""],
        "remark": [1, True, 1.5, "_x0041_"],
    }
)


@pytest.fixture
def part():
    buffer = io.BytesIO()
    write_workbook(buffer, {s.VISITS.title: pd.DataFrame({"visit_no": ["OLD"]})}, sheets=[s.VISITS])
    package = Package(ZipParts(buffer.getvalue(), "支行.xlsx"), "支行.xlsx").draft()

    def make() -> tuple[SheetPart, Styles]:
        return SheetPart(package.read("xl/worksheets/sheet1.xml"), "支行.xlsx 的“回访清单”表", 0), Styles(package)

    return make


def changes_of(frame: pd.DataFrame, first_row: int = 3) -> Changes:
    table = table_from(s.VISITS, [{"visit_no": "OLD"}])
    changes = Changes(table, table.columns)
    changes.append(frame, first_row)
    return changes


def test_a_block_is_spelled_as_its_single_cells_are(part):
    (one, styles), (other, more_styles) = part(), part()
    block = changes_of(FRAME).block
    one.append(block, styles, 2)
    other.write(block.by_row(), more_styles, 2)
    assert one.to_bytes() == other.to_bytes()
    assert one.changed
    assert b'ref="A1:' in one.to_bytes()


def test_a_block_where_rows_stand_already_is_written_into_them(part):
    """Rows that only carry a style, as some programs leave them below the data."""
    sheet, styles = part()
    block = changes_of(FRAME, 2).block
    sheet.append(block, styles, 2)
    xml = sheet.to_bytes().decode()
    assert xml.count('<row r="2"') == 1
    assert "OLD" not in xml


def test_blank_rows_make_no_block():
    assert changes_of(pd.DataFrame({"visit_no": ["", None]}, dtype="object")).block is None


def test_a_text_too_long_is_refused_by_its_cell(part):
    sheet, styles = part()
    frame = pd.DataFrame({"visit_no": ["N1", "N2", "N3"], "reason": ["短", "短", "长" * 32_768]})
    with pytest.raises(ToolkitError) as refused:
        sheet.append(changes_of(frame).block, styles, 2)
    column = openpyxl.utils.get_column_letter(s.VISITS.names.index("reason") + 1)
    assert f"{column}5" in str(refused.value)


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_a_body_is_replaced_by_a_shorter_or_longer_one(tmp_path, count):
    path = tmp_path / "支行.xlsx"
    rows = pd.DataFrame({"source_header": ["合同号", "放款日"], "target_field": ["贷款合同编号", "发放日期"]})
    write_workbook(path, {s.FIELD_MAPPING.title: rows}, sheets=[s.FIELD_MAPPING])
    book = open_closed(path)
    wanted = pd.DataFrame(
        {"source_header": [f"列{n}" for n in range(count)]}, columns=["source_header"], dtype="object"
    )
    edit = SheetEdits(s.FIELD_MAPPING, replace=wanted)
    path.write_bytes(book.render([edit], {s.FIELD_MAPPING.title: book.read(s.FIELD_MAPPING)}))
    found = open_closed(path).read(s.FIELD_MAPPING).data
    assert found["source_header"].tolist() == wanted["source_header"].tolist()
    assert set(found["target_field"]) <= {""}


@pytest.mark.parametrize(
    ("last", "column", "refused"),
    [
        (120_001, "F", False),
        (1_048_576, "G", False),
        (1_048_576, "S", False),  # 19 columns: just below the bound
        (1_048_576, "T", True),
        (700_000, "AC", True),
        (99_999, "GR", False),
        (99_999, "GS", True),
    ],
)
def test_how_far_cells_may_reach(last, column, refused):
    xml = f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="{last}"><c r="{column}{last}"><v>1</v></c></row>'
    if refused:
        with pytest.raises(ToolkitError):
            refuse_far_cells(xml.encode(), "支行.xlsx")
    else:
        refuse_far_cells(xml.encode(), "支行.xlsx")
