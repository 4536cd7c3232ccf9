"""One contract for every place where a workbook can be: the same edits give the same workbook.

Requirements: contract section 1 and 2 (columns by header, own columns and formulas kept, result sheets added), section
4 (marks and notes go away once mended, the clerk's own stay); issue 5, item 4.

A further host joins by one class with the methods of `Closed` below and its name in `PLACES`: `book` to read from,
`write` to carry out edits, `saved` to get the workbook as a file that openpyxl can open. One that shows a dialog is
also named in `OPEN_PLACES` and has `notify`. A host that cannot run here calls `pytest.skip` when it is made. All is
looked at in the saved file, so no test knows how a host works.
"""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from closed_workbooks import DAY, cells, frame, marks, plain, rich
from excel_engine import App, excel  # noqa: F401  (a fixture)
from office_screen import Headless, office  # noqa: F401  (a fixture)
from workbooks import loan, record, small_branch

from toolkit.actions import BY_NAME
from toolkit.hosts import libreoffice
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.excel import attach
from toolkit.hosts.host import Readable
from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.model.fields import Sheet
from toolkit.model.tables import SheetEdits, Table
from toolkit.run.deciding import decide
from toolkit.run.order import Order

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


class Closed:
    """A file that no program has open."""

    def __init__(self, path: Path, request: pytest.FixtureRequest) -> None:
        self.path = path

    @property
    def book(self) -> Readable:
        return open_closed(self.path)

    def write(self, edits: list[SheetEdits], tables: dict[str, Table], named: dict[str, object] | None = None) -> None:
        content = open_closed(self.path).render(edits, tables, named)
        if content is not None:
            self.path.write_bytes(content)

    def saved(self) -> Path:
        return self.path


class InExcel:
    """The same file open in the imitated Excel; the host and xlwings are the real ones."""

    def __init__(self, path: Path, request: pytest.FixtureRequest) -> None:
        app: App = request.getfixturevalue("excel")
        self.path = path
        self.native = app.books.open(str(path))
        self.book = attach(str(path))

    def write(self, edits: list[SheetEdits], tables: dict[str, Table], named: dict[str, object] | None = None) -> None:
        self.book.prepare(edits, tables, named)()

    def notify(self, title: str, text: str, refused: bool) -> list[tuple[str, str]]:
        """Show the dialog; what the program showed."""
        self.book.notify(title, text, refused=refused)
        return [(title, text) for title, text, _ in self.native.app.told]

    def saved(self) -> Path:
        copy = self.path.with_name(f"另存 {self.path.name}")
        self.native.wb.save(copy)
        return copy


class InLibreOffice:
    """The same file open in a real LibreOffice."""

    def __init__(self, path: Path, request: pytest.FixtureRequest) -> None:
        running: Headless = request.getfixturevalue("office")
        request.getfixturevalue("monkeypatch").setenv("LOANVISIT_OFFICE", running.listens_at)
        self.path = path
        running.open(path)
        self.book = libreoffice.attach(path.as_uri())

    def write(self, edits: list[SheetEdits], tables: dict[str, Table], named: dict[str, object] | None = None) -> None:
        self.book.prepare(edits, tables, named)()

    def saved(self) -> Path:
        copy = self.path.with_name(f"另存 {self.path.name}")
        self.book.save_copy(copy)
        return copy


OPEN_PLACES = ["excel"]  # those whose dialog can be read back; LibreOffice's is clicked in test_libreoffice
PLACES = {"closed": Closed, "excel": InExcel, "libreoffice": InLibreOffice}
Open = Callable[[Path], "Closed | InExcel | InLibreOffice"]


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest) -> Open:
    return lambda path: PLACES[request.param](path, request)


def do(host, *edits, named=None):
    host.write(list(edits), {edit.sheet.title: host.book.read(edit.sheet) for edit in edits}, named)


def page(host, title="节假日"):
    return openpyxl.load_workbook(host.saved())[title]


def spelled(number_format: str) -> str:
    """A number format without quotation, which programs use differently."""
    return re.sub(r'[\\\\"]', "", number_format)


def rules(host, title="节假日"):
    """(cells, formula, fill) of our rules, in order of priority."""
    found = [
        (rule.priority, str(block.sqref), rule.formula[0], rule.dxf.fill.bgColor.rgb[-6:])
        for block in page(host, title).conditional_formatting
        for rule in block.rules
        if rule.type == "expression"
    ]
    return [rule[1:] for rule in sorted(found)]


def covered(boxes) -> list[tuple[int, int]]:
    """The cells of some ranges, however they are joined to boxes."""
    return sorted({cell for box in boxes.ranges for cell in box.cells})


def everything(host):
    """Values, notes, rules, links and tables of the whole workbook."""
    return content(openpyxl.load_workbook(host.saved()))


def content(book):
    return {
        ws.title: (
            {
                cell.coordinate: (
                    # openpyxl, which saves for the imitated Excel, spells 16 digits of a number.
                    round(cell.value, 12) if isinstance(cell.value, float) else getattr(cell.value, "text", cell.value),
                    cell.comment and cell.comment.text,
                    cell.hyperlink and (cell.hyperlink.location or "").replace("'", ""),
                )
                for row in ws.iter_rows()
                for cell in row
                if cell.value is not None or cell.comment or cell.hyperlink
            },
            sorted(covered(block.sqref) for block in ws.conditional_formatting),
            [table.ref for table in ws.tables.values()],
        )
        for ws in book
    }


# Reading


@pytest.mark.parametrize("sheet", [sheets.HOLIDAYS, sheets.VISITS], ids=lambda sheet: sheet.title)
@pytest.mark.parametrize("date_1904", [False, True])
def test_a_sheet_is_read_as_from_the_closed_file(place, tmp_path, sheet, date_1904):
    path = rich(tmp_path / "支行.xlsm", date_1904=date_1904)
    read, wanted = place(path).book.read(sheet), open_closed(path).read(sheet)
    pd.testing.assert_frame_equal(read.data, wanted.data)
    assert read.raw.to_dict("list") == wanted.raw.to_dict("list")
    assert (read.columns, read.extras, read.file, read.present) == (wanted.columns, wanted.extras, "支行.xlsm", True)


def test_kinds_of_cells_are_read_alike(place, tmp_path):
    path = plain(tmp_path / "a.xlsx", sheets.HOLIDAYS, [])
    book = openpyxl.load_workbook(path)
    page = book["节假日"]
    moments = [
        dt.datetime(2026, 3, 5),
        dt.datetime(2026, 3, 5, 14, 30),
        dt.time(14, 30),
        46000,
        0.25,
        True,
        "#N/A",
        " ",
    ]
    for row, value in enumerate([*moments, 1234.5, "２０２６年３月５日", 12345678901234567890], start=2):
        page.cell(row, 3).value = value
        page.cell(row, 2).value = "休"
    page["C10"].number_format = "¥#,##0.00"
    page["C8"].data_type = "e"
    book.save(path)
    read, wanted = place(path).book.read(sheets.HOLIDAYS), open_closed(path).read(sheets.HOLIDAYS)
    assert read.raw["note"].tolist() == wanted.raw["note"].tolist()
    assert read.data["note"].tolist() == wanted.data["note"].tolist()


def test_names_and_labels(place, tmp_path):
    book = place(rich(tmp_path / "支行.xlsm")).book
    assert book.named("公式格") == 4
    assert book.named("首页_基准日") is None
    assert book.named("区域") is None
    assert book.named("没有") is None
    assert book.find_right_of("首页", "没有") is None
    assert book.find_right_of("没有", "机构") is None


def test_missing_sheets_and_columns(place, tmp_path):
    book = place(plain(tmp_path / "a.xlsx", sheets.VISITORS, [["V01"]], ["工号", "姓名", "姓　名"])).book
    assert not book.read(sheets.HOLIDAYS).present
    with pytest.raises(ToolkitError, match=r"a\.xlsx：缺少“贷款台账”表"):
        book.read(sheets.LOANS)
    with pytest.raises(ToolkitError, match=r"a\.xlsx 的“回访人员”表：列标题“姓　名”出现了两次（B1 和 C1）"):
        book.read(sheets.VISITORS)


def test_a_missing_required_column_is_named(place, tmp_path):
    book = place(plain(tmp_path / "a.xlsx", sheets.VISITORS, [["V01", "何青"]], ["工号", "姓名"])).book
    with pytest.raises(ToolkitError, match="缺少必需的列“网点”、“部门”"):
        book.read(sheets.VISITORS)


# Writing


def test_cells_are_set_and_nothing_else_changes(place, tmp_path):
    host = place(rich(tmp_path / "支行.xlsm"))
    before = everything(host)["节假日"][0]
    changes = cells((2, "date", DAY("2026-10-08")), (3, "kind", "班"), (4, "note", None), (5, "自有列", 7))
    do(host, SheetEdits(sheets.HOLIDAYS, cells=changes))
    after = everything(host)["节假日"][0]
    changed = {at: after.get(at, (None,))[0] for at in before if after.get(at) != before[at]}
    assert changed == {"A2": dt.datetime(2026, 10, 8), "B3": "班", "C4": None, "D5": 7}
    assert spelled(page(host)["A2"].number_format) == "yyyy年m月d日"
    assert page(host)["E2"].value == "=D2*2"


TEXTS = [
    "=1+1",
    "+86",
    "-",
    "@甲",
    "007",
    "2026-3-5",
    "3/5",
    "1e5",
    "TRUE",
    "50%",
    "#N/A",
    "(5)",
    "林晓舟",
    " 空格 ",
    "甲\n乙",
]


@pytest.mark.parametrize("name", ["note", "自有列"])
def test_text_stays_the_text_it_is(place, tmp_path, name):
    host = place(rich(tmp_path / "支行.xlsm"))
    rows = [
        {"date": DAY("2026-10-01") + pd.Timedelta(days=i), "kind": "休", name: text} for i, text in enumerate(TEXTS)
    ]
    do(host, SheetEdits(sheets.HOLIDAYS, append=frame(*rows)))
    column = {"note": 3, "自有列": 4}[name]
    found = [page(host).cell(row, column) for row in range(6, 6 + len(TEXTS))]
    assert [cell.value for cell in found] == TEXTS
    assert {cell.data_type for cell in found} == {"s"}


def test_identifiers_and_dates_get_the_format_they_need(place, tmp_path):
    host = place(plain(tmp_path / "a.xlsx", sheets.VISITS, []))
    row = {
        "visit_no": "007",
        "phone": "19900000001",
        "due_on": DAY("2026-07-06"),
        "contract_no": "12345678901234567890",
    }
    do(host, SheetEdits(sheets.VISITS, append=frame(row, row)))
    at = {field.name: number for number, field in enumerate(sheets.VISITS, start=1)}
    for number in (2, 3):
        found = {name: page(host, "回访清单").cell(number, at[name]) for name in row}
        assert {name: cell.value for name, cell in found.items()} == row | {"due_on": dt.datetime(2026, 7, 6)}
        assert found["visit_no"].number_format == "@"
        assert spelled(found["due_on"].number_format) == "yyyy-mm-dd"


def test_times_money_and_fractions(place, tmp_path):
    host = place(plain(tmp_path / "a.xlsx", sheets.RECORDS, []))
    do(host, SheetEdits(sheets.RECORDS, append=frame({"contract_no": "HT1", "started_at": dt.time(14, 30)})))
    other = host.book.read(sheets.RECORDS)
    assert other.data["started_at"].tolist() == [dt.time(14, 30)]


def test_rows_go_below_the_data_and_the_table_grows(place, tmp_path):
    host = place(rich(tmp_path / "支行.xlsm"))
    rows = [{"visit_no": f"V-{number:03}", "contract_no": "HT9", "due_on": DAY("2026-08-03")} for number in range(3, 6)]
    do(host, SheetEdits(sheets.VISITS, append=frame(*rows)))
    found = host.book.read(sheets.VISITS)
    assert found.data["visit_no"].tolist() == ["V-001", "V-002", "V-003", "V-004", "V-005"]
    assert found.data["row"].tolist() == [2, 3, 4, 5, 6]
    assert everything(host)["回访清单"][2][0].startswith("A1:")
    assert everything(host)["回访清单"][2][0].endswith("6")


def test_blanks_of_new_rows_make_way_for_formulas_that_wait_there(place, tmp_path):
    path = rich(tmp_path / "支行.xlsm")
    book = openpyxl.load_workbook(path)
    book["节假日"]["C6"] = '=""'
    book.save(path)
    host = place(path)
    rows = frame({"date": DAY("2026-10-05"), "kind": "休"}, {"date": DAY("2026-10-06"), "kind": "休", "note": "甲"})
    do(host, SheetEdits(sheets.HOLIDAYS, append=rows))
    assert [page(host).cell(row, 3).value for row in (6, 7)] == ['=""', "甲"]
    assert [page(host).cell(row, 2).value for row in (6, 7)] == ["休", "休"]


def test_a_body_is_replaced_own_columns_and_their_formulas_stay(place, tmp_path):
    host = place(rich(tmp_path / "支行.xlsm"))
    body = frame({"date": DAY("2026-10-02"), "kind": "休", "note": "甲"}, {"date": DAY("2026-10-09"), "kind": "班"})
    do(host, SheetEdits(sheets.HOLIDAYS, replace=body))
    found = host.book.read(sheets.HOLIDAYS)
    assert found.data["date"].dropna().tolist() == [DAY("2026-10-02"), DAY("2026-10-09")]
    assert found.data["note"].tolist()[:2] == ["甲", ""]
    assert [page(host).cell(row, 4).value for row in range(2, 6)] == [1.5, 3, 4.5, 6]
    assert [page(host).cell(row, 5).value for row in range(2, 6)] == [f"=D{row}*2" for row in range(2, 6)]
    assert [page(host).cell(row, 2).value for row in (4, 5)] == [None, None]


def test_an_own_column_carried_along_yields_to_formulas(place, tmp_path):
    host = place(rich(tmp_path / "支行.xlsm"))
    table = host.book.read(sheets.HOLIDAYS)
    body = table.raw.iloc[::-1].reset_index(drop=True)
    do(host, SheetEdits(sheets.HOLIDAYS, replace=body))
    assert [page(host).cell(row, 4).value for row in range(2, 6)] == [6, 4.5, 3, 1.5]
    assert [page(host).cell(row, 5).value for row in range(2, 6)] == [f"=D{row}*2" for row in range(2, 6)]


def test_a_missing_result_sheet_and_its_columns_are_added(place, tmp_path):
    host = place(plain(tmp_path / "a.xlsx", sheets.VISITS, [["V-1", "HT1"]], ["回访编号", "贷款合同编号", "我的列"]))
    change = SheetEdits(sheets.VISITS, cells=cells((2, "state", "待回访")))
    do(host, change, SheetEdits(sheets.LOG, append=frame({"action": "生成回访清单", "operator": "何青"})))
    assert host.book.read(sheets.LOG).data["operator"].tolist() == ["何青"]
    found = host.book.read(sheets.VISITS)
    assert found.data["state"].tolist() == ["待回访"]
    assert list(found.extras) == ["我的列"]
    assert min(column for name, column in found.columns.items() if name not in ("visit_no", "contract_no")) == 4
    assert openpyxl.load_workbook(host.saved()).sheetnames == ["回访清单", "操作日志"]


def test_named_cells(place, tmp_path):
    host = place(rich(tmp_path / "支行.xlsm"))
    do(host, named={"首页_基准日": dt.date(2026, 7, 6), "状态_plan": "=完成 5 笔", "没有": 1, "区域": 2})
    assert host.book.find_right_of("首页", "基准日") == dt.date(2026, 7, 6)  # the label is merged over two columns
    home = page(host, "首页")
    assert home["C4"].value == dt.datetime(2026, 7, 6)
    assert (home["C6"].value, home["C6"].data_type) == ("=完成 5 笔", "s")


# Marks, notes, links


def test_marks_come_and_go(place, tmp_path):
    host = place(rich(tmp_path / "支行.xlsm"))
    theirs = rules(host)
    wanted = marks(
        (2, "date", "警告", "可疑"),
        (3, "date", "错误", "缺日期"),
        (4, "date", "错误", "缺日期"),
        (5, "note", "提示", ""),
    )
    do(host, SheetEdits(sheets.HOLIDAYS, marks=wanted))
    assert rules(host) == [
        ("A3:A4", 'LEN("回访校验-错误")>0', "FFC7CE"),
        ("A2", 'LEN("回访校验-警告")>0', "FFE0B2"),
        ("C5", 'LEN("回访校验-提示")>0', "FFF9C4"),
        *theirs,
    ]
    assert page(host)["A3"].comment.text == "【校验】缺日期"
    assert page(host)["C5"].comment is None
    do(host, SheetEdits(sheets.HOLIDAYS, marks=marks((3, "date", "警告", "甲"))))
    assert [rule[0] for rule in rules(host)] == ["A3", *(rule[0] for rule in theirs)]
    assert page(host)["A3"].comment.text == "【校验】甲"
    assert page(host)["A4"].comment is None
    do(host, SheetEdits(sheets.HOLIDAYS, marks=marks()))
    assert rules(host) == theirs
    assert page(host)["A3"].comment is None


def test_the_gravest_level_counts_and_notes_are_joined(place, tmp_path):
    host = place(rich(tmp_path / "支行.xlsm"))
    several = marks(
        (3, "date", "提示", "甲"), (3, "date", "错误", "乙"), (3, "date", "警告", "乙"), (3, "没有", "错误", "丙")
    )
    do(host, SheetEdits(sheets.HOLIDAYS, marks=several))
    assert rules(host)[0][:2] == ("A3", 'LEN("回访校验-错误")>0')
    assert page(host)["A3"].comment.text == "【校验】甲\n【校验】乙"


def test_the_clerks_own_note_stays(place, tmp_path):
    host = place(rich(tmp_path / "支行.xlsm"))
    theirs = page(host)["B2"].comment.text
    do(host, SheetEdits(sheets.HOLIDAYS, marks=marks((2, "kind", "错误", "不在列表内\n请选择"))))
    assert page(host)["B2"].comment.text == f"{theirs}\n【校验】不在列表内\n【校验】请选择"
    do(host, SheetEdits(sheets.HOLIDAYS, marks=marks((2, "kind", "错误", "另一句"))))
    assert page(host)["B2"].comment.text == f"{theirs}\n【校验】另一句"
    do(host, SheetEdits(sheets.HOLIDAYS, marks=marks()))
    assert page(host)["B2"].comment.text == theirs


def test_edits_without_marks_leave_them_alone(place, tmp_path):
    host = place(rich(tmp_path / "支行.xlsm"))
    do(host, SheetEdits(sheets.HOLIDAYS, marks=marks((3, "date", "错误", "缺日期"))))
    do(host, SheetEdits(sheets.HOLIDAYS, cells=cells((3, "note", "改过"))))
    assert rules(host)[0][0] == "A3"
    assert page(host)["A3"].comment.text == "【校验】缺日期"


def finding(cell, sheet="节假日"):
    return {"rule": "A01", "sheet": sheet, "cell": cell, "message": "缺日期"}


def test_findings_jump_to_their_cells(place, tmp_path):
    host = place(rich(tmp_path / "支行.xlsm"))
    rows = frame(finding("A3"), finding("第5行"), finding("A9", "没有这个表"))
    do(host, SheetEdits(sheets.FINDINGS, replace=rows))
    at = sheets.FINDINGS.names.index("cell") + 1

    def jumps():
        column = [page(host, "校验结果").cell(row, at) for row in range(2, 5)]
        return [(cell.value, cell.hyperlink and cell.hyperlink.location.replace("'", "")) for cell in column]

    assert jumps() == [("A3", "节假日!A3"), ("第5行", "节假日!A5"), ("A9", None)]
    do(host, SheetEdits(sheets.FINDINGS, replace=frame(finding("B2"))))
    assert jumps() == [("B2", "节假日!B2"), (None, None), (None, None)]


@pytest.mark.parametrize("name", OPEN_PLACES)
@pytest.mark.parametrize("refused", [False, True])
def test_one_dialog_says_it_letter_for_letter(tmp_path, request, name, refused):
    host = PLACES[name](rich(tmp_path / "支行.xlsm"), request)
    assert host.notify("生成回访清单", "第一行\n=第二行 <&>", refused) == [("生成回访清单", "第一行\n=第二行 <&>")]


# Refusing


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((2, "公式列", 99), r"支行\.xlsm 的“节假日”表：要写入的单元格 E2 是公式，不能覆盖，"),
        ((11, "图例", "x"), r"支行\.xlsm 的“节假日”表：要写入的单元格 H11 在合并单元格之中，"),
        ((3, "note", "长" * 32768), r"支行\.xlsm 的“节假日”表：单元格 C3 的文字超过 32767 个字，"),
    ],
    ids=["formula", "merged", "too long"],
)
def test_what_is_in_the_way_is_named_and_nothing_is_written(place, tmp_path, change, message):
    path = rich(tmp_path / "支行.xlsm")
    book = openpyxl.load_workbook(path)
    if change[1] == "图例":  # a column of the user's own that ends in a merged range
        path = merged_column(tmp_path)
    book.close()
    host = place(path)
    before = everything(host)
    first = SheetEdits(sheets.LOG, append=frame({"action": "x"}))
    with pytest.raises(ToolkitError, match=message):
        do(host, first, SheetEdits(sheets.HOLIDAYS, cells=cells((3, "kind", "班"), change)))
    assert everything(host) == before


def merged_column(tmp_path):
    path = plain(
        tmp_path / "支行.xlsm", sheets.HOLIDAYS, [[46000, "休", "x"]], ["日期", "类型", "说明", "", "", "", "", "图例"]
    )
    book = openpyxl.load_workbook(path)
    book["节假日"].merge_cells("G10:H11")
    book.save(path)
    return path


# The same press, the same workbook


def branch(tmp_path: Path) -> Path:
    loans = [
        loan("HT001"),
        loan("HT002", customer_name="江望", phone="19900000002", disbursed_on=dt.date(2026, 3, 2)),
        loan("007", customer_name="=何青", phone="19900000003", grade="关注", disbursed_on=dt.date(2026, 1, 5)),
    ]
    records = [record(), record(customer_name="江 望", phone="0199-1"), record(visited_on="2026年7月9日", minutes="８")]
    path = small_branch(tmp_path / "支 行'1%&=.xlsx", loans=loans, records=records)
    book = openpyxl.load_workbook(path)
    next(cell for cell in book[sheets.LOANS.title][4] if cell.value == "=何青").data_type = "s"  # a text, no formula
    book.save(path)
    return path


def pressed(host, name: str, day: dt.date) -> None:
    order = Order(BY_NAME[name], host.path, day, dt.datetime(2026, 7, 6, 9, 30, 1), "何青")
    decision = decide(order, host.book, lambda stage: None)
    host.write(decision.edits, dict(decision.tables), dict(decision.named))


def assert_alike(found, expected, where):
    """Two sheets by `everything`: told cell by cell what differs."""
    (cells_, *rest), (wanted, *others) = found, expected
    differ = {at: (cells_.get(at), wanted.get(at)) for at in {*cells_, *wanted} if cells_.get(at) != wanted.get(at)}
    assert not differ, where
    assert rest == others, where


PRESSES = [("plan", dt.date(2026, 7, 6)), ("check", dt.date(2026, 7, 10)), ("plan", dt.date(2026, 9, 30))]
PRESSES += [("classify", dt.date(2026, 9, 30)), ("check", dt.date(2026, 9, 30))]


def test_plan_check_and_classify_give_the_same_cells_everywhere(place, tmp_path, request):
    (tmp_path / "closed").mkdir()
    (tmp_path / "open").mkdir()
    wanted, host = Closed(branch(tmp_path / "closed"), request), place(branch(tmp_path / "open"))
    for name, day in PRESSES:
        for one in (wanted, host):
            pressed(one, name, day)
        expected, found = everything(wanted), everything(host)
        assert found.keys() == expected.keys()
        for title in expected:
            assert_alike(found[title], expected[title], f"{name} {title}")


def test_a_second_press_changes_nothing_but_the_log(place, tmp_path):
    host = place(branch(tmp_path))
    for name in ("plan", "check"):
        pressed(host, name, dt.date(2026, 7, 10))
        before = everything(host)
        pressed(host, name, dt.date(2026, 7, 10))
        after = everything(host)
        for title in before:
            if title != sheets.LOG.title:
                assert after[title] == before[title], (name, title)


def test_every_sheet_of_the_model_reads_the_same(place, tmp_path):
    path = branch(tmp_path)
    book, wanted = place(path).book, open_closed(path)
    for sheet in vars(sheets).values():
        if isinstance(sheet, Sheet) and sheet.title in wanted.titles():
            assert book.read(sheet).raw.to_dict("list") == wanted.read(sheet).raw.to_dict("list"), sheet.title
