"""Messy export files through the command line, as a clerk would (contract, section 1: commands, files, exit codes).

Requirements
 1. Old, open-document, text, web-page and misnamed files say the same as the workbook they were made from; merged
    cells count in each format.
 2. Text files with Excel's guards, UTF-16, every delimiter, stray quotes lose no row.
 3. A preview writes nothing at all; importing again changes nothing.
 4. What cannot be used is refused with one sentence; nothing on screen shows a phone or ID number in full.
"""

import datetime as dt
import shutil

import pytest
from closed_workbooks import converted
from openpyxl import Workbook

from toolkit.cli import main
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.foreign.source_file import read_sources
from toolkit.model import sheets
from toolkit.model.shipped import shipped

PHONE, ID_NUMBER = "19900000001", "110101199001010018"


@pytest.fixture
def call(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in (*arguments, "--as-of", "2026-09-30")])
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


@pytest.fixture
def workbook(tmp_path):
    return shutil.copy(shipped("workbook_templates", "贷款回访工作簿.xlsx"), tmp_path / "工作簿.xlsx")


def messy(path):
    """Title, unit, two-row header, merged customers, subtotal, total, footer; a plan in parts on its own sheet."""
    book = Workbook()
    page = book.active
    page.title = "经营贷"
    for row in (
        ["江州分行贷款台账（2026年9月末）"],
        ["单位：万元"],
        ["合同号", "借据号", "客户信息", None, None, "柜面预留", "贷款信息", None, None, None, None, "经办机构"],
        [None, None, "客户号", "客户名称", "证件号", None, "金额", "执行利率", "放款日", "到期日期", "状态", None],
        ["JZ01", "J1", "C1", "周明德", ID_NUMBER, PHONE, 20, 0.0435, "20260105", "2027/1/5", "正常", "城东支行"],
        [None, "J2", None, None, None, None, 30, 0.05, dt.date(2026, 2, 3), "2027年2月3日", "逾期", "城东支行"],
        ["小计", None, None, None, None, None, 50],
        [
            "JZ02",
            "J3",
            "C2",
            "示例公司",
            None,
            "19900000003",
            "5",
            "5.2%",
            "2026-03-01",
            "2027-02-01",
            "结清",
            "城西支行",
        ],
        ["合计", None, None, None, None, None, 55],
        ["制表人：周立"],
    ):
        page.append(row)
    for merged in ("A1:L1", "A3:A4", "B3:B4", "C3:E3", "F3:F4", "G3:K3", "L3:L4", *(f"{c}5:{c}6" for c in "ACDEF")):
        page.merge_cells(merged)
    plan = book.create_sheet("还款明细")
    plan.append(["借款合同号", "借据号", "期号", "应还", None, None, "实还", None, None])
    plan.append([None, None, None, "日期", "本金", "利息", "日期", "本金", "利息"])
    for i in (1, 2):
        plan.append(["JZ01", "J1", f"第{i}期", f"2026-{i + 7:02}-05", 1000, 50.5, None, 0, 0])
    book.save(path)
    return path


def content(path):
    book = open_closed(path)
    out = []
    for sheet in (sheets.LOANS, sheets.SCHEDULE):
        data = book.read(sheet).data
        out.append(data.drop(columns="row").astype(str).to_dict("records"))
    return out


# 1, 3 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods", "renamed"])
def test_one_messy_book_in_every_format(tmp_path, call, workbook, suffix):
    export = messy(tmp_path / "导出 9月.xlsx")
    if suffix == "renamed":
        export = export.rename(tmp_path / "其实是新版.xls")
    elif suffix != "xlsx":
        export = converted(export, suffix)
    before = workbook.read_bytes()
    code, preview, _ = call("ledger", workbook, export, "--preview")
    assert code == 0
    assert "预览，未写入。" in preview
    assert workbook.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name in ("备份", ".工作簿.xlsx")] == []
    code, out, err = call("ledger", workbook, export)
    assert (code, err) == (0, "")
    assert "新增 3 笔" in out
    assert PHONE not in out
    assert ID_NUMBER not in out
    loans, plan = content(workbook)
    assert [(row["contract_no"], row["drawdown_no"], row["customer_name"], row["phone"]) for row in loans] == [
        ("JZ01", "J1", "周明德", PHONE),
        ("JZ01", "J2", "周明德", PHONE),
        ("JZ02", "J3", "示例公司", "19900000003"),
    ]
    assert [row["amount"] for row in loans] == ["200000.0", "300000.0", "50000.0"]
    assert [row["annual_rate"] for row in loans] == ["4.35", "5.0", "5.2"]
    assert [row["disbursed_on"] for row in loans] == ["2026-01-05", "2026-02-03", "2026-03-01"]
    assert [row["status"] for row in loans] == ["使用中", "使用中", "已结清"]
    assert [row["id_number"] for row in loans] == [ID_NUMBER, ID_NUMBER, ""]
    assert [(row["instalment_no"], row["due_amount"], row["paid_amount"]) for row in plan] == [
        ("1.0", "1050.5", "0.0"),
        ("2.0", "1050.5", "0.0"),
    ]
    code, again, _ = call("ledger", workbook, export)
    assert code == 0
    assert "贷款台账读入 3 笔，与台账一致；还款计划读入 2 期，与工作簿一致" in again
    assert content(workbook) == [loans, plan]


# 2 ---------------------------------------------------------------------------------------------------------------

HEADERS = ["合同编号", "客户名称", "证件号", "放款金额", "放款日"]
LOANS = [["0012", "周“明”德", ID_NUMBER, "1,000.50", "20260105"], ["0013", "甲 公司", "", "2000", "2026-1-6"]]


def as_text(delimiter, guard="{}"):
    rows = [[guard.format(cell) if i in (0, 2) and cell else cell for i, cell in enumerate(row)] for row in LOANS]
    return "\r\n".join(
        delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in [HEADERS, *rows]
    )


def web_page():
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEADERS, *LOANS])
    return f"<html><body><p>江州分行</p><table><tr><th colspan=5>台账</th></tr>{rows}</table></body></html>"


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("台账.csv", as_text(","), "utf-8"),
        ("台账.csv", as_text(",", '="{}"'), "gbk"),
        ("台账.csv", as_text(",", "'{}"), "gb18030"),
        ("台账.csv", as_text("\t"), "utf-16"),
        ("台账.csv", as_text("\t"), "utf-16-le"),
        ("台账.csv", as_text("|"), "utf-8-sig"),
        ("台账.csv", "sep=;\r\n" + as_text(";"), "utf-8"),
        ("台账.csv", "江州分行\r\n\r\n" + as_text(";"), "gbk"),
        ("台账.xls", as_text("\t"), "gbk"),
        ("台账.xls", web_page(), "gbk"),
        ("台账.xls", web_page(), "utf-8-sig"),
    ],
)
def test_text_files(tmp_path, call, workbook, name, text, encoding):
    (tmp_path / name).write_bytes(text.encode(encoding))
    code, out, _ = call("ledger", workbook, tmp_path / name)
    assert code == 0
    assert f"{name} 表头对应" in out
    found = [
        (row["contract_no"], row["customer_name"], row["id_number"], row["amount"], row["disbursed_on"])
        for row in content(workbook)[0]
    ]
    assert found == [
        ("0012", "周“明”德", ID_NUMBER, "1000.5", "2026-01-05"),
        ("0013", "甲 公司", "", "2000.0", "2026-01-06"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '合同号,客户名称,余额\nH1,"甲公司,5\nH2,乙,6\n',
        '合同号,客户名称,余额\nH1,"甲公司,5\nH2,乙,6\nH3,"丙公司,7\n',
        '合同号,客户名称,余额\nH1,"甲"公司,5\nH2,乙,6\n',
    ],
)
def test_a_stray_quote_swallows_no_row(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    (source,) = read_sources(path)
    assert [row[0] for row in source.rows] == [line.split(",")[0] for line in text.split()]
    assert {len(row) for row in source.rows} == {3}


# 4 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("空.csv", "", "文件里没有数据"),
        ("登录页.xls", "<html><body>会话已过期</body></html>", "内容却是没有表格的网页"),
        ("表.xls", '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML 表格"),
        ("汇总.csv", "支行,笔数\n城东,3\n", "没有找到贷款台账、还款计划的表头"),
        ("无合同号.csv", "客户名称,余额,状态\n周明,5,正常\n", "没有合同编号列"),
        ("全坏.csv", "合同号,余额\n,5\n,6\n", "A2、A3：缺贷款合同编号"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(tmp_path, call, workbook, name, text, said):
    (tmp_path / name).write_text(text, encoding="utf-8")
    before = workbook.read_bytes()
    code, out, err = call("ledger", workbook, tmp_path / name)
    assert (code, out) == (2, "")
    assert said in err
    assert name in err
    assert err.strip().endswith("。")
    assert "\n" not in err.strip()
    assert workbook.read_bytes() == before
