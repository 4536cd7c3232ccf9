"""Workbooks as users have them, with everything that an edit must not harm; and eyes to compare two files by part."""

import datetime as dt
import io
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from toolkit.hosts.closed_file import open_closed
from toolkit.model import sheets
from toolkit.model.fields import Sheet
from toolkit.model.tables import SheetEdits

DAY = pd.Timestamp
VISIT_FIELDS = ("visit_no", "contract_no", "customer_name", "phone", "visit_type", "due_on", "scheduled_on", "state")


def rich(path: Path, *, date_1904: bool = False) -> Path:
    """首页 with button and names, a full 节假日, 回访清单 as a table, a sheet with a chart."""
    book = xlsxwriter.Workbook(str(path), {"date_1904": date_1904})
    if path.suffix == ".xlsm":
        macros = path.with_name("vbaProject.bin")
        macros.write_bytes(b"not a real project" * 40)
        book.add_vba_project(str(macros))
    day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"', "bg_color": "#FFF2CC"})
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})

    home = book.add_worksheet("首页")
    home.merge_range("A1:D1", "贷款回访", bold)
    home.write("A3", "机构：")
    home.merge_range("A4:B4", "基准日", bold)
    home.write_blank("C4", None, day)
    home.write("C3", "城东支行")
    home.write_formula("D3", "=COUNTA(节假日!A2:A100)", None, 4)
    home.insert_button("F3", {"caption": "生成回访清单", "macro": "RunPlan"})
    book.define_name("首页_基准日", "=首页!$C$4")
    book.define_name("状态_plan", "='首页'!$C$6")
    book.define_name("公式格", "=首页!$D$3")
    book.define_name("区域", "=首页!$A$1:$B$2")

    rows = book.add_worksheet("节假日")
    for column, header in enumerate(("日期", "类型", "说明", "自有列", "公式列")):
        rows.write(0, column, header, bold)
    for row in range(1, 5):
        rows.write_datetime(row, 0, dt.datetime(2026, 10, row), day)
        rows.write(row, 1, "休")
        rows.write(row, 2, f"国庆 <{row}> & 更多")
        rows.write_number(row, 3, row * 1.5)
        rows.write_formula(row, 4, f"=D{row + 1}*2", None, row * 3)
    rows.set_column("A:A", 14, day)
    rows.autofilter("A1:E5")
    rows.freeze_panes(1, 0)
    rows.data_validation("B2:B5", {"validate": "list", "source": ["休", "班"]})
    rows.data_validation("B20:B21", {"validate": "integer", "criteria": ">", "value": 3})
    rows.conditional_format("D2:D5", {"type": "data_bar", "data_bar_2010": True})
    rows.conditional_format("B2:B5", {"type": "cell", "criteria": "==", "value": '"班"', "format": bold})
    rows.write_comment("B2", "请核对通知原文", {"author": "张敏", "visible": True})
    rows.insert_button("G2", {"caption": "校验", "macro": "RunCheck"})
    rows.write_url("C3", "https://example.org/notice", string="国庆 <2> & 更多")
    rows.merge_range("G10:H11", "图例", bold)

    visits = book.add_worksheet("回访清单")
    headers = [sheets.VISITS[name].header for name in VISIT_FIELDS]
    visits.add_table(0, 0, 2, len(headers) - 1, {"name": "清单", "columns": [{"header": header} for header in headers]})
    for row, number in ((1, "V-001"), (2, "V-002")):
        visits.write_row(row, 0, [number, f"HT{row}", "林晓舟", "19900000001", "首次回访"])
        visits.write_datetime(row, 5, dt.datetime(2026, 7, 6), day)
        visits.write(row, 7, "待回访")

    own = book.add_worksheet("我的图表")
    own.write_column("A1", [3, 1, 2])
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=我的图表!$A$1:$A$3"})
    own.insert_chart("C2", chart)
    book.close()
    return path


def plain(path: Path, sheet: Sheet, rows: list[list[object]], headers: list[str] | None = None) -> Path:
    """One sheet, headers of the model (or others), cells as given."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet(sheet.title)
    page.write_row(0, 0, headers or [field.header for field in sheet])
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                page.write_string(row, column, cell)
            elif cell is not None:
                page.write(row, column, cell)
    book.close()
    return path


def parts(content: bytes | Path) -> dict[str, bytes]:
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    with zipfile.ZipFile(source) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def changed_parts(before: bytes | Path, after: bytes | Path) -> list[str]:
    """Parts that differ, were added or went, sorted."""
    old, new = parts(before), parts(after)
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def with_parts(path: Path, changes: dict[str, bytes], target: Path | None = None) -> Path:
    """The workbook with parts replaced or added."""
    kept = parts(path) | changes
    target = target or path
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in kept.items():
            file.writestr(name, content)
    return target


def render(path: Path, *edits: SheetEdits, named: dict[str, object] | None = None) -> bytes | None:
    """Render the edits with the tables as the file holds them."""
    book = open_closed(path)
    return book.render(edits, {edit.sheet.title: book.read(edit.sheet) for edit in edits}, named)


def save(path: Path, content: bytes | None) -> Path:
    assert content is not None
    path.write_bytes(content)
    return path


def cells(*triples: tuple[int, str, object]) -> pd.DataFrame:
    frame = pd.DataFrame(list(triples), columns=["row", "field", "value"])
    return frame.astype({"value": "object"})


def marks(*rows: tuple[int, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["row", "field", "level", "note"])


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), dtype="object")


def converted(path: Path, suffix: str) -> Path:
    """The file as LibreOffice saves it; without LibreOffice the test is skipped, except where CI is set."""
    office = shutil.which("soffice")
    if office is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("soffice is not on PATH")
    folder = path.parent / "converted"
    profile = (path.parent / "profile").as_uri()
    command = [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix]
    done = subprocess.run(
        [*command, "--outdir", str(folder), str(path)], capture_output=True, encoding="utf-8", timeout=180, check=False
    )
    made = folder / f"{path.stem}.{suffix}"
    assert made.exists(), done.stderr
    return made
