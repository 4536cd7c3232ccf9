"""Writing into closed workbooks: only the cells of the edits change, all else stays byte for byte.

Requirements: contract section 1 (a command writes only its result sheets; a missing result sheet or column is added),
section 2 (own columns kept, dates real dates, codes text), section 4 (text is never a formula); brief of the host.
"""

import datetime as dt
import io
import time

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from closed_workbooks import (
    DAY,
    VISIT_FIELDS,
    cells,
    changed_parts,
    converted,
    frame,
    marks,
    parts,
    plain,
    render,
    rich,
    save,
    with_parts,
)
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.fresh.new_file import write_workbook
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.model.tables import SheetEdits

# openpyxl says of every workbook what it cannot keep.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

HOLIDAY_PART = "xl/worksheets/sheet2.xml"
NEW_HOLIDAY = {"date": DAY("2026-10-10"), "kind": "班", "note": "调休"}


@pytest.fixture
def book(tmp_path):
    return rich(tmp_path / "支行.xlsm")


def loaded(content):
    return openpyxl.load_workbook(
        io.BytesIO(content),
    )


def styles_of(page, skip=()):
    """Everything a cell shows, by address."""
    return {
        cell.coordinate: (cell.value, cell.number_format, cell.font.b, cell.fill.fgColor.rgb, cell.border.left.style)
        for row in page.iter_rows()
        for cell in row
        if cell.coordinate not in skip
    }


# One part changes


def test_a_cell_changes_one_part_and_nothing_else(book):
    before = loaded(book.read_bytes())
    content = render(book, SheetEdits(sheets.HOLIDAYS, cells=cells((3, "note", "改过"))))
    # 首页 counts the rows of 节假日, and XlsxWriter already asks for a recalculation.
    assert changed_parts(book, content) == [HOLIDAY_PART]
    after = loaded(content)
    assert after["节假日"]["C3"].value == "改过"
    assert after["节假日"]["C3"].font.u == before["节假日"]["C3"].font.u
    for name in before.sheetnames:
        assert styles_of(before[name], ("C3",)) == styles_of(after[name], ("C3",))
    assert list(parts(content)) == list(parts(book))


def test_the_sheet_part_differs_only_in_the_cell(book):
    content = render(book, SheetEdits(sheets.HOLIDAYS, cells=cells((3, "kind", "班"))))
    old, new = (parts(file)[HOLIDAY_PART].decode().partition("<worksheet")[2] for file in (book, content))
    cut = old.index('<c r="B3"'), old.index('<c r="C3"')
    assert new.startswith(old[: cut[0]])
    assert new.endswith(old[cut[1] :].rstrip())
    assert new[cut[0] : len(new) - len(old[cut[1] :].rstrip())] == '<c r="B3" t="inlineStr"><is><t>班</t></is></c>'


def test_output_is_deterministic(book):
    edit = SheetEdits(sheets.HOLIDAYS, append=frame(NEW_HOLIDAY))
    assert render(book, edit) == render(book, edit)


def test_rendering_does_not_touch_the_file_or_the_open_book(book):
    before = book.read_bytes()
    opened = open_closed(book)
    tables = {"节假日": opened.read(sheets.HOLIDAYS)}
    edit = SheetEdits(sheets.HOLIDAYS, cells=cells((3, "note", "改过")))
    assert opened.render([edit], tables) == opened.render([edit], tables)
    assert book.read_bytes() == before
    assert opened.read(sheets.HOLIDAYS).data.loc[1, "note"] == "国庆 <2> & 更多"


@pytest.mark.parametrize(
    "edit",
    [
        SheetEdits(sheets.HOLIDAYS),
        SheetEdits(sheets.HOLIDAYS, cells=cells((2, "date", DAY("2026-10-01")), (2, "kind", "休"))),
        SheetEdits(sheets.HOLIDAYS, cells=cells((2, "自有列", 1.5), (9, "note", None), (9, "date", pd.NaT))),
        SheetEdits(sheets.HOLIDAYS, append=frame()),
        SheetEdits(sheets.SCHEDULE),
    ],
    ids=["empty", "same values", "own column, blanks", "no rows", "optional sheet that is missing"],
)
def test_edits_that_change_nothing_give_none(book, edit):
    assert render(book, edit) is None


def test_a_second_rendering_of_the_same_edits_gives_none(book):
    edit = SheetEdits(
        sheets.HOLIDAYS,
        cells=cells(
            (2, "date", dt.date(2026, 10, 2)), (3, "note", " =1+1\n 二"), (4, "note", None), (5, "自有列", "甲")
        ),
    )
    save(book, render(book, edit))
    assert render(book, edit) is None


# What is stored


@pytest.mark.parametrize(
    ("field", "value", "stored", "number_format"),
    [
        ("contract_no", "0012", "0012", "@"),
        ("contract_no", 12.0, "12", "@"),
        ("contract_no", 123456789012345678, "123456789012345678", "@"),
        ("instalment_no", 3, 3, "General"),
        ("due_on", DAY("2026-03-05"), dt.datetime(2026, 3, 5), "yyyy-mm-dd"),
        ("due_on", dt.date(2026, 3, 5), dt.datetime(2026, 3, 5), "yyyy-mm-dd"),
        ("due_on", "2026年3月5日", "2026年3月5日", "General"),
        ("due_amount", 1234.5, 1234.5, "#,##0.00"),
        ("due_amount", "1,234元", "1,234元", "General"),
        ("drawdown_no", "=1+1", "=1+1", "@"),
    ],
)
def test_values_and_formats_of_new_cells(tmp_path, field, value, stored, number_format):
    path = plain(tmp_path / "a.xlsx", sheets.SCHEDULE, [["HT1"]])
    content = render(path, SheetEdits(sheets.SCHEDULE, append=frame({field: value})))
    cell = loaded(content)["还款计划"].cell(3, sheets.SCHEDULE.names.index(field) + 1)
    assert (cell.value, cell.number_format) == (stored, number_format)
    assert cell.data_type != "f"


@pytest.mark.parametrize("shipped", [True, False], ids=["1904", "1900"])
def test_times_fractions_and_time_stamps(tmp_path, shipped):
    path = rich(tmp_path / "a.xlsx", date_1904=shipped)
    content = render(
        path,
        SheetEdits(sheets.RECORDS, append=frame({"started_at": dt.time(14, 30), "visited_on": DAY("2026-07-06")})),
        SheetEdits(sheets.INDICATORS, append=frame({"rate": 0.955, "numerator": 21})),
        SheetEdits(sheets.LOG, append=frame({"at": DAY("2026-07-06 10:11:12"), "as_of": DAY("2026-07-06")})),
    )
    after = loaded(content)
    time_cell = after["回访记录"]["C2"]
    assert (time_cell.value, time_cell.number_format) == (dt.time(14, 30), "hh:mm")
    assert after["回访记录"]["B2"].value == dt.datetime(2026, 7, 6)
    rate = after["考核指标"]["G2"]
    assert (rate.value, rate.number_format) == (0.955, "0.0%")
    at = after["操作日志"]["A2"]
    assert (at.value, at.number_format) == (dt.datetime(2026, 7, 6, 10, 11, 12), "yyyy-mm-dd hh:mm:ss")
    back = open_closed(save(tmp_path / "b.xlsx", content))
    assert back.read(sheets.LOG).data.loc[0, "at"] == pd.Timestamp(2026, 7, 6, 10, 11, 12)
    assert back.read(sheets.RECORDS).data.loc[0, "started_at"] == dt.time(14, 30)


def test_an_emptied_cell_keeps_its_style(book):
    content = render(book, SheetEdits(sheets.HOLIDAYS, cells=cells((2, "date", pd.NaT))))
    before, after = loaded(book.read_bytes())["节假日"]["A2"], loaded(content)["节假日"]["A2"]
    assert after.value is None
    assert (after.number_format, after.fill.fgColor.rgb) == (before.number_format, before.fill.fgColor.rgb)


def test_new_cells_look_like_those_above_and_formats_are_cloned_once(book):
    content = render(book, SheetEdits(sheets.HOLIDAYS, append=frame(NEW_HOLIDAY, NEW_HOLIDAY)))
    page = loaded(content)["节假日"]
    assert page["A6"].number_format == page["A5"].number_format == page["A7"].number_format
    assert page["A7"].fill.fgColor.rgb == "FFFFF2CC"
    assert "xl/styles.xml" not in changed_parts(book, content)
    # scheduled_on has never held a date in 回访清单: its style is cloned with a date format, the second time reused.
    edit = SheetEdits(sheets.VISITS, cells=cells((2, "scheduled_on", DAY("2026-07-07"))))
    save(book, render(book, edit))
    styles = parts(book)["xl/styles.xml"]
    content = render(book, SheetEdits(sheets.VISITS, cells=cells((3, "scheduled_on", DAY("2026-07-07")))))
    assert parts(content)["xl/styles.xml"] == styles
    assert loaded(content)["回访清单"]["G3"].number_format == "yyyy-mm-dd"


def test_the_first_data_row_takes_the_column_style_not_the_header(tmp_path):
    workbook = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = workbook.add_worksheet("节假日")
    page.write_row(0, 0, ["日期", "类型"], workbook.add_format({"bold": True}))
    page.set_column("A:A", 12, workbook.add_format({"num_format": "d/m/yyyy"}))
    workbook.close()
    content = render(tmp_path / "a.xlsx", SheetEdits(sheets.HOLIDAYS, append=frame(NEW_HOLIDAY)))
    page = loaded(content)["节假日"]
    assert (page["A2"].number_format, page["A2"].font.b) == ("d/m/yyyy", False)
    assert not page["B2"].font.b


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t"), max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXTS, min_size=1, max_size=6), st.booleans())
@example(
    ["=1+1", "+86", "-", "@x", " a ", "_x000D_", "_x005F_x000D_", "<&>\"'", "\n", "0012", "𠮷", "]]>", "\ufffe"], True
)
def test_text_is_kept_letter_for_letter(tmp_path, texts, appended):
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [[None, "休", "x"]] * (1 if appended else 20))
    if appended:
        edit = SheetEdits(sheets.HOLIDAYS, append=frame(*({"kind": "休", "note": text} for text in texts)))
    else:
        edit = SheetEdits(sheets.HOLIDAYS, cells=cells(*((i, "note", text) for i, text in enumerate(texts, start=2))))
    content = render(path, edit)
    table = open_closed(save(path, content)).read(sheets.HOLIDAYS)
    start = 3 if appended else 2
    raw = dict(zip(table.data["row"], table.raw["note"], strict=True))
    kept = [text.replace("\ufffe", "").replace("\uffff", "") for text in texts]
    assert [raw[i] or "" for i, _ in enumerate(kept, start=start)] == kept
    if not appended:
        assert render(path, edit) is None


def test_control_characters_go_and_line_breaks_are_one(tmp_path):
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [[None, "休"]])
    content = render(path, SheetEdits(sheets.HOLIDAYS, cells=cells((2, "note", "甲\x00\x0b乙\r\n丙\r丁\ud800"))))
    assert loaded(content)["节假日"]["C2"].value == "甲乙\n丙\n丁"


# Adding and replacing rows


def test_rows_are_added_below_the_last_value_whatever_column_it_is_in(book):
    content = render(book, SheetEdits(sheets.HOLIDAYS, cells=cells((8, "自有列", 9)), append=frame(NEW_HOLIDAY)))
    save(book, content)
    save(book, render(book, SheetEdits(sheets.HOLIDAYS, append=frame(NEW_HOLIDAY))))
    page = loaded(book.read_bytes())["节假日"]
    # The merged legend at G10:H11 stands beside the table and is in nobody's way.
    assert [page.cell(row, 2).value for row in range(5, 11)] == ["休", None, None, None, "班", "班"]
    assert page["G10"].value == "图例"


def test_two_edits_of_one_sheet_are_done_as_one(book):
    edits = [SheetEdits(sheets.HOLIDAYS, append=frame(NEW_HOLIDAY | {"note": note})) for note in "甲乙"]
    edits.append(SheetEdits(sheets.HOLIDAYS, cells=cells((2, "note", "丙"))))
    page = loaded(render(book, *edits))["节假日"]
    assert [page.cell(row, 3).value for row in (2, 6, 7, 8)] == ["丙", "甲", "乙", None]


def test_prepared_blank_rows_are_used(tmp_path):
    workbook = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = workbook.add_worksheet("节假日")
    page.write_row(0, 0, ["日期", "类型", "说明"])
    look = workbook.add_format({"bg_color": "#FFF2CC"})
    for row in range(1, 4):
        page.set_row(row, 33)
        for column in range(3):
            page.write_blank(row, column, None, look)
        page.write_formula(row, 4, f'=IF(B{row + 1}="","",1)', None, "")
    workbook.close()
    rows = [NEW_HOLIDAY | {"note": f"第{i}天"} for i in range(5)]
    content = render(tmp_path / "a.xlsx", SheetEdits(sheets.HOLIDAYS, append=frame(*rows)))
    page = loaded(content)["节假日"]
    assert [page.cell(row, 3).value for row in range(2, 8)] == [*(f"第{i}天" for i in range(5)), None]
    assert {page.cell(row, 3).fill.fgColor.rgb for row in range(2, 7)} == {"FFFFF2CC"}
    assert page.row_dimensions[3].height == 33
    assert page["E3"].value.startswith("=IF")
    assert b'<dimension ref="A1:E6"/>' in parts(content)["xl/worksheets/sheet1.xml"]


def test_append_to_own_columns_by_header(book):
    content = render(book, SheetEdits(sheets.HOLIDAYS, append=frame(NEW_HOLIDAY | {"自有列": 7, "没有的列": 8})))
    assert open_closed(save(book, content)).read(sheets.HOLIDAYS).raw["自有列"].tolist() == [1.5, 3, 4.5, 6, 7]


def test_replace_moves_own_values_with_their_rows_and_empties_the_rest(book):
    table = open_closed(book).read(sheets.HOLIDAYS)
    body = table.data.drop(columns="row").assign(自有列=table.raw["自有列"])
    kept = body.iloc[[2, 0]].reset_index(drop=True)
    content = render(book, SheetEdits(sheets.HOLIDAYS, replace=kept))
    page = loaded(content)["节假日"]
    assert [[page.cell(r, c).value for c in (3, 4)] for r in range(2, 6)] == [
        ["国庆 <3> & 更多", 4.5], ["国庆 <1> & 更多", 1.5], [None, None], [None, None],
    ]  # fmt: skip
    assert page["E2"].value == "=D2*2"
    assert page["A5"].number_format == page["A2"].number_format
    again = open_closed(save(book, content))
    assert again.render([SheetEdits(sheets.HOLIDAYS, replace=kept)], {"节假日": again.read(sheets.HOLIDAYS)}) is None


def test_replace_leaves_own_columns_it_does_not_carry(book):
    body = open_closed(book).read(sheets.HOLIDAYS).data.drop(columns="row").iloc[:1]
    page = loaded(render(book, SheetEdits(sheets.HOLIDAYS, replace=body)))["节假日"]
    assert [page.cell(row, 4).value for row in range(2, 6)] == [1.5, 3, 4.5, 6]
    assert [page.cell(row, 2).value for row in range(2, 6)] == ["休", None, None, None]


def test_replace_by_what_was_read_changes_nothing_that_was_typed(tmp_path):
    path = plain(
        tmp_path / "a.xlsx",
        sheets.HOLIDAYS,
        [["2026年3月5日", " 休", "'甲"], [], ["下周", "班", 12], ["46000", None, "乙"]],
    )
    body = open_closed(path).read(sheets.HOLIDAYS).data.drop(columns="row")
    gap = pd.concat([body.iloc[:1], pd.DataFrame([{}]), body.iloc[1:]], ignore_index=True)
    gap["kind"] = gap["kind"].fillna("")
    assert render(path, SheetEdits(sheets.HOLIDAYS, replace=gap.astype("object"))) is None


def test_ten_thousand_rows_are_added_fast(tmp_path):
    path = rich(tmp_path / "a.xlsx")
    rows = pd.DataFrame(
        {
            field.name: [DAY("2026-03-05")] * 10_000
            if field.kind == "日期"
            else [f"{field.name}<{i}>" for i in range(10_000)]
            for field in sheets.VISITS.fields[:22]
        }
    )
    opened = open_closed(path)
    started = time.process_time()
    content = opened.render([SheetEdits(sheets.VISITS, append=rows)], {"回访清单": opened.read(sheets.VISITS)})
    assert time.process_time() - started < 5  # below a second on an idle machine
    assert len(open_closed(save(path, content)).read(sheets.VISITS).data) == 10_002


# Missing sheets and columns


def test_a_missing_result_sheet_is_added_at_the_end(book):
    content = render(
        book, SheetEdits(sheets.FINDINGS, append=frame({"no": 1, "level": "错误", "handled_on": DAY("2026-07-06")}))
    )
    assert changed_parts(book, content) == [
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet5.xml",
    ]
    after = loaded(content)
    assert after.sheetnames[-1] == "校验结果"
    page = after["校验结果"]
    assert [cell.value for cell in page[1]] == [field.header for field in sheets.FINDINGS]
    assert page["A1"].font.b
    assert page.freeze_panes == "A2"
    assert page.column_dimensions["G"].width == sheets.FINDINGS["message"].width + 0.7
    assert page["M2"].number_format == "yyyy-mm-dd"
    assert [str(v.sqref) for v in page.data_validations.dataValidation][:1] == ["B2:B1048576"]


def test_a_result_sheet_is_added_even_if_it_stays_empty_and_only_once(book):
    edit = SheetEdits(sheets.FIRST_SUBMISSIONS)
    content = render(book, edit, SheetEdits(sheets.SCHEDULE, append=frame()))
    after = loaded(content)
    assert after["首次提交"].sheet_state == "hidden"
    assert "还款计划" not in after.sheetnames
    save(book, content)
    assert render(book, edit) is None


def test_an_optional_sheet_is_added_when_rows_go_into_it(book):
    content = render(book, SheetEdits(sheets.RECORDS, append=frame({"visit_no": "V-001"})))
    assert open_closed(save(book, content)).read(sheets.RECORDS).data["visit_no"].tolist() == ["V-001"]


def test_missing_columns_of_a_result_sheet_are_added_right_of_the_last(book):
    content = render(book, SheetEdits(sheets.VISITS, cells=cells((2, "remark", "先打电话"))))
    page = loaded(content)["回访清单"]
    headers = [cell.value for cell in page[1]]
    added = [field.header for field in sheets.VISITS if field.name not in (*VISIT_FIELDS, "drawdown_no")]
    assert headers == [*(sheets.VISITS[name].header for name in VISIT_FIELDS), *added]
    assert page.cell(2, headers.index("备注") + 1).value == "先打电话"
    table = page.tables["清单"]
    assert table.ref == f"A1:{openpyxl.utils.get_column_letter(len(headers))}3"
    assert [column.name for column in table.tableColumns] == headers
    assert len({column.id for column in table.tableColumns}) == len(headers)
    assert table.autoFilter.ref == table.ref


def test_the_drawdown_column_is_added_only_when_needed(book):
    content = render(book, SheetEdits(sheets.VISITS, append=frame({"visit_no": "V-003", "drawdown_no": "D1"})))
    assert "借据编号" in [cell.value for cell in loaded(content)["回访清单"][1]]


def test_a_column_is_added_to_an_input_sheet_only_for_a_value(tmp_path):
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [[46000, "休"]], ["日期", "类型"])
    assert render(path, SheetEdits(sheets.HOLIDAYS, cells=cells((2, "note", "")))) is None
    page = loaded(render(path, SheetEdits(sheets.HOLIDAYS, cells=cells((2, "note", "国庆")))))["节假日"]
    assert (page["C1"].value, page["C2"].value) == ("说明", "国庆")


def test_a_new_column_does_not_cover_what_stands_beside_the_table(tmp_path):
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [[46000, "休", None], [None, None, "旁注"]], ["日期", "类型"])
    page = loaded(render(path, SheetEdits(sheets.HOLIDAYS, cells=cells((2, "note", "国庆")))))["节假日"]
    assert (page["C3"].value, page["D1"].value, page["D2"].value) == ("旁注", "说明", "国庆")


# Ranges that grow


def test_filter_validation_and_formats_grow_with_the_rows(tmp_path):
    path = rich(tmp_path / "a.xlsx")
    content = render(path, SheetEdits(sheets.HOLIDAYS, append=frame(*[NEW_HOLIDAY] * 3)))
    after = loaded(content)
    page = after["节假日"]
    assert page.auto_filter.ref == "A1:E8"
    assert [str(v.sqref) for v in page.data_validations.dataValidation] == ["B2:B8", "B20:B21"]
    assert sorted(str(f.sqref) for f in page.conditional_formatting) == ["B2:B8", "D2:D8"]
    assert "<xm:sqref>D2:D8</xm:sqref>" in parts(content)[HOLIDAY_PART].decode()
    assert "_FilterDatabase" in parts(content)["xl/workbook.xml"].decode()
    assert "节假日!$A$1:$E$8" in parts(content)["xl/workbook.xml"].decode()
    assert b'<dimension ref="A1:H11"/>' in parts(content)[HOLIDAY_PART]


def test_a_table_grows_with_its_rows_and_never_shrinks(book):
    row = {"visit_no": "V-003", "contract_no": "HT9", "due_on": DAY("2026-07-09")}
    save(book, render(book, SheetEdits(sheets.VISITS)))  # adds the missing columns
    assert loaded(book.read_bytes())["回访清单"].tables["清单"].ref == "A1:V3"
    save(book, render(book, SheetEdits(sheets.VISITS, append=frame(row, row))))
    body = open_closed(book).read(sheets.VISITS).data.drop(columns="row").iloc[:1]
    save(book, render(book, SheetEdits(sheets.VISITS, replace=body)))
    assert loaded(book.read_bytes())["回访清单"].tables["清单"].ref == "A1:V5"


def test_a_recalculation_is_asked_for_where_formulas_may_depend_on_it(tmp_path):
    path = rich(tmp_path / "a.xlsx")
    workbook = parts(path)["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    with_parts(path, {"xl/workbook.xml": workbook})
    content = render(path, SheetEdits(sheets.HOLIDAYS, cells=cells((3, "note", "改过"))))
    assert changed_parts(path, content) == ["xl/workbook.xml", HOLIDAY_PART]
    assert b'fullCalcOnLoad="1"' in parts(content)["xl/workbook.xml"]


# Links and names


def test_links_jump_to_the_cell_and_are_rebuilt(book):
    rows = frame(
        {"sheet": "节假日", "cell": "B3", "message": "x"},
        {"sheet": "回访清单", "cell": "第5行"},
        {"sheet": "没有", "cell": "A1"},
    )
    save(book, render(book, SheetEdits(sheets.FINDINGS, append=rows)))
    page = loaded(book.read_bytes())["校验结果"]
    links = {cell.coordinate: cell.hyperlink.location for row in page.iter_rows() for cell in row if cell.hyperlink}
    assert links == {"E2": "'节假日'!B3", "E3": "'回访清单'!A5"}
    assert page["E2"].font.u == "single"
    assert page["E2"].value == "B3"
    table = open_closed(book).read(sheets.FINDINGS)
    body = table.data.drop(columns="row").iloc[[1]]
    save(book, render(book, SheetEdits(sheets.FINDINGS, replace=body)))
    page = loaded(book.read_bytes())["校验结果"]
    assert {c.coordinate: c.hyperlink.location for row in page.iter_rows() for c in row if c.hyperlink} == {
        "E2": "'回访清单'!A5"
    }
    assert render(book, SheetEdits(sheets.FINDINGS, replace=body)) is None


def test_named_cells_are_set_and_unknown_names_passed_over(book):
    named = {"首页_基准日": dt.date(2026, 9, 30), "状态_plan": "已完成", "没有": 1, "区域": 2}
    content = render(book, named=named)
    page = loaded(content)["首页"]
    assert page["C4"].value == dt.datetime(2026, 9, 30)
    assert page["C4"].fill.fgColor.rgb == "FFFFF2CC"
    assert page["C6"].value == "已完成"
    assert changed_parts(book, content) == ["xl/worksheets/sheet1.xml"]
    opened = open_closed(save(book, content))
    assert opened.named("首页_基准日") == dt.date(2026, 9, 30)
    assert opened.render([], {}, named) is None


# Refusals


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            SheetEdits(sheets.HOLIDAYS, cells=cells((3, "公式列", 1))),
            r"支行\.xlsm 的“节假日”表：要写入的单元格 E3 是公式",
        ),
        (SheetEdits(sheets.HOLIDAYS, cells=cells((2, "note", "长" * 32_768))), "C2 的文字超过 32767 个字"),
        (SheetEdits(sheets.HOLIDAYS, append=frame(NEW_HOLIDAY | {"note": "😀" * 16_384})), "C6 的文字超过"),
    ],
    ids=["formula", "long text", "long new text"],
)
def test_cells_that_cannot_be_written_are_named(book, edit, message):
    with pytest.raises(ToolkitError, match=message):
        render(book, edit)


def test_merged_cells_are_refused_except_the_first(tmp_path):
    workbook = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = workbook.add_worksheet("节假日")
    page.write_row(0, 0, ["日期", "类型", "说明"])
    page.merge_range("B2:C3", "休")
    workbook.close()
    path = tmp_path / "a.xlsx"
    with pytest.raises(ToolkitError, match="“节假日”表：要写入的单元格 C2 在合并单元格之中"):
        render(path, SheetEdits(sheets.HOLIDAYS, cells=cells((2, "note", "x"))))
    assert render(path, SheetEdits(sheets.HOLIDAYS, cells=cells((2, "kind", "班")))) is not None


def test_a_cell_inside_an_array_formula_is_refused(tmp_path):
    workbook = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = workbook.add_worksheet("节假日")
    page.write_row(0, 0, ["日期", "类型", "说明"])
    page.write_array_formula("C2:C4", "{=E2:E4}", None, 1)
    workbook.close()
    with pytest.raises(ToolkitError, match="C3 属于数组公式"):
        render(tmp_path / "a.xlsx", SheetEdits(sheets.HOLIDAYS, cells=cells((3, "note", "x"))))


def test_prefixed_and_strict_xml_is_written_in_kind(tmp_path):
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [[46000, "休", "x"]])
    name = "xl/worksheets/sheet1.xml"
    xml = parts(path)[name].decode()
    head, body = xml[: xml.index("<worksheet")], xml[xml.index("<worksheet") :]
    body = body.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:").replace("xmlns=", "xmlns:x=")
    with_parts(path, {name: (head + body).encode()})
    content = render(
        path, SheetEdits(sheets.HOLIDAYS, cells=cells((2, "note", "改过")), append=frame(NEW_HOLIDAY, NEW_HOLIDAY))
    )
    assert open_closed(save(path, content)).read(sheets.HOLIDAYS).data["note"].tolist() == ["改过", "调休", "调休"]
    assert loaded(content)["节假日"]["C4"].value == "调休"


def test_libreoffice_opens_what_was_written(book):
    """Rows, a new sheet, links, names and marks in one file: valid by schema, saved by LibreOffice, and printed."""
    content = render(
        book,
        SheetEdits(sheets.HOLIDAYS, append=frame(NEW_HOLIDAY), marks=marks((2, "kind", "错误", "请核对"))),
        SheetEdits(sheets.VISITS, append=frame({"visit_no": "V-003", "due_on": DAY("2026-07-09"), "remark": "=1+1"})),
        SheetEdits(sheets.FINDINGS, append=frame({"sheet": "节假日", "cell": "B2", "handled_on": DAY("2026-07-09")})),
        named={"首页_基准日": dt.date(2026, 9, 30)},
    )
    found = [error.description for error in OpenXmlValidator().validate(str(book)).errors]
    save(book, content)
    # The project of macros is a dummy: no more trouble than before.
    assert [error.description for error in OpenXmlValidator().validate(str(book)).errors] == found
    opened = open_closed(converted(book, "xlsx"))
    assert opened.titles() == ["首页", "节假日", "回访清单", "我的图表", "校验结果"]
    assert opened.read(sheets.HOLIDAYS).data["date"].iloc[-1] == pd.Timestamp(2026, 10, 10)
    visits = opened.read(sheets.VISITS).data
    assert visits["visit_no"].tolist() == ["V-001", "V-002", "V-003"]
    assert visits["remark"].iloc[-1] == "=1+1"
    assert opened.read(sheets.FINDINGS).data.loc[0, "handled_on"] == pd.Timestamp(2026, 7, 9)
    assert opened.named("首页_基准日") == dt.date(2026, 9, 30)
    assert converted(book, "pdf").read_bytes().startswith(b"%PDF")


def test_a_rewritten_row_is_as_high_as_its_texts_need(tmp_path):
    path = tmp_path / "a.xlsx"
    write_workbook(
        path, {"校验结果": pd.DataFrame([{"no": 1, "message": "很长的说明" * 30}])}, sheets=[sheets.FINDINGS]
    )

    def height_after(*edits):
        path.write_bytes(render(path, *edits))
        return loaded(path.read_bytes())["校验结果"].row_dimensions[2].height

    longer = frame({"no": 1, "message": "很长的说明" * 60})
    high = height_after(SheetEdits(sheets.FINDINGS, replace=longer))
    # Another text of the row needs the room: a change beside it takes nothing away.
    assert height_after(SheetEdits(sheets.FINDINGS, cells=cells((2, "handled_by", "何青")))) == high
    assert height_after(SheetEdits(sheets.FINDINGS, replace=frame({"no": 2, "message": "很长的说明" * 20}))) < high
    assert height_after(SheetEdits(sheets.FINDINGS, replace=frame({"no": 3, "message": "短"}))) is None
