"""consolidate counts the workbooks of a batch together (issue 10, 5.); each gives what it gives alone.

1. rows, parts and notes of ordinary and odd workbooks read in one batch are those of each read by itself.
2. equal contract, visit and issue numbers, names and sheet rows of several workbooks never meet.
3. a workbook on which the tool fails is listed; the others of its batch are counted.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.branch_deliveries import AS_OF, PERIOD, branch_rows, delivered, issue, visit
from tests.workbooks import DAY, loan, record, stranger
from toolkit.model import sheets as s
from toolkit.office import reading
from toolkit.office.reading import Batch, read_batch
from toolkit.office.store import Receipt

duckdb = pytest.importorskip("duckdb")
KINDS = ("loans", "visits", "records", "issues", "parts", "people")


def read(store: Path, *books: Path) -> list[Receipt]:
    store.mkdir(exist_ok=True)
    return read_batch(Batch(tuple((str(book), book.name, "") for book in books), str(store), PERIOD, AS_OF))


def stored_rows(store: Path, receipt: Receipt) -> dict[str, Any]:
    folder = store / receipt.folder
    return {kind: duckdb.sql(f"SELECT * FROM '{folder / kind}.parquet'").fetchall() for kind in KINDS}


def same_numbers(folder: Path) -> list[Path]:
    """Two branches with the same contracts, numbers, people and sheet rows, of which the second did nothing."""
    busy = delivered(folder / "甲.xlsx", "城东支行", "E")
    idle = delivered(
        folder / "乙.xlsx", "城东支行", "E", records=[record(contract_no="E2", result="未接通", feedback="")],
        loans=[one | {"branch": "城西支行"} for one in branch_rows("城东支行", "E")[s.LOANS]],
        issues=[issue("WT-E", "E1", visit_no="DQE1", state="已销号")],
    )  # fmt: skip
    return [busy, idle]


def odd_ones(folder: Path) -> list[Path]:
    """Rows without an identity, of unknown loans, twice in a sheet, unreadable, and records that nobody checked."""
    out = []
    rows = branch_rows("空一支行", "BA")
    out.append(
        delivered(
            folder / "无合同编号.xlsx", "空一支行", "BA",
            loans=[*rows[s.LOANS], loan("", customer_name="无号"), loan("", customer_name="又一")],
            visits=[*rows[s.VISITS], visit("", "", "空一支行"), visit("DQ20260930-ABCDEFGH", "BA1", "空一支行")],
            records=[*rows[s.RECORDS], record(contract_no="", visit_no=""), record(contract_no="", visit_no="DQBA2")],
            issues=[*rows[s.ISSUES], issue("", ""), issue("", "BA2", category="")],
        )
    )  # fmt: skip
    rows = branch_rows("重支行", "CA")
    out.append(
        delivered(
            folder / "重复.xlsx", "重支行", "CA",
            loans=[*rows[s.LOANS], rows[s.LOANS][0], loan("CA3", drawdown_no="1"), loan("CA3", drawdown_no="2")],
            visits=[
                *rows[s.VISITS], rows[s.VISITS][0], visit("DQCA3", "CA3", "", drawdown_no="2"),
                visit("TX20260915-ABCDEFGH", "CA2", "重支行", state="已取消", approver="甲", remark="乙"),
            ],
            records=[
                *rows[s.RECORDS], record(contract_no="CA3", visit_no="DQCA3", visitor="重支 何青"),
                record(contract_no="ZZ9", visitor="'重支何青"), record(visited_on="昨天", submitted_on="不知道"),
            ],
            issues=[
                *rows[s.ISSUES], rows[s.ISSUES][0], issue("WT-2", "ZZ9"),
                issue("WT-3", "CA1", visit_no="DQCA1", manual_grading="重大", remedy_due_on="坏日期"),
            ],
        )
    )  # fmt: skip
    for number in range(2):
        rows = branch_rows(f"未检{number}支行", f"U{number}")
        rows[s.FIRST_SUBMISSIONS] = rows[s.FIRST_SUBMISSIONS][:number]
        late = record(contract_no=f"U{number}1", content="", visitor="", signature="", visited_on=DAY(2026, 8, 9))
        rows[s.RECORDS] = [*rows[s.RECORDS], late]
        out.append(stranger(folder / f"未检{number}.xlsx", rows))
    rows = branch_rows("无名支行", "W0")
    rows[s.VISITORS] = [*rows[s.VISITORS], {"staff_no": "V9", "name": "", "branch": "幽灵支行", "department": "幽灵部"}]
    rows[s.RECORDS] = [*rows[s.RECORDS], record(contract_no="NO1", visitor="", signature="")]
    out.append(stranger(folder / "无名人员.xlsx", rows))
    rows = branch_rows("无序支行", "W1")
    rows[s.FIRST_SUBMISSIONS] = [
        *(row | {"record_row": None} for row in rows[s.FIRST_SUBMISSIONS]),
        {"submitted_on": DAY(2026, 7, 6), "visited_on": DAY(2026, 7, 6), "record_row": 2, "verdict": "准确"},
    ]
    out.append(stranger(folder / "无行号.xlsx", rows))
    # What lacks an identity here would find one in the workbooks above.
    rows = branch_rows("碰上支行", "W6")
    nobody = {"visit_no": "", "visitor": "", "signature": "", "customer_name": ""}
    rows[s.RECORDS] = [
        *rows[s.RECORDS],
        record(contract_no="", **nobody),
        record(contract_no="NO2", **nobody),
    ]
    rows[s.ISSUES] = [*rows[s.ISSUES], issue("", "", visit_no="")]
    out.append(stranger(folder / "碰上.xlsx", rows))
    rows = branch_rows("抽查支行", "W5")
    rows[s.SPOT_CHECKS] = [{"visit_no": "DQW51", "verdict": "失实"}, {"visit_no": "DQE1", "verdict": "失实"}]
    own = {"object_kind": "机构", "period": PERIOD, "indicator": "回访计划完成率", "numerator": 2, "denominator": 2}
    rows[s.INDICATORS] = [own]
    out.append(stranger(folder / "抽查.xlsx", rows))
    rows = branch_rows("少表支行", "W2")
    out.append(stranger(folder / "少表.xlsx", {sheet: rows[sheet] for sheet in (s.LOANS, s.VISITORS, s.RECORDS)}))
    out.append(delivered(folder / "启用.xlsx", "启用支行", "SE", {"启用日期": DAY(2026, 9, 30)}))
    return out


def test_each_gives_what_it_gives_alone(tmp_path):
    books = [*same_numbers(tmp_path), *odd_ones(tmp_path)]
    together, apart = tmp_path / "一起", tmp_path / "逐个"
    receipts = read(together, *books)
    alone = [read(apart, book)[0] for book in books]
    assert receipts == alone
    assert not any(receipt.error for receipt in receipts)
    for receipt in receipts:
        assert stored_rows(together, receipt) == stored_rows(apart, receipt), receipt.file
    assert any("明细不符" in note for receipt in receipts for note in receipt.notes)
    assert any("无法识别" in note for receipt in receipts for note in receipt.notes)


def test_equal_numbers_of_two_workbooks_never_meet(tmp_path):
    store = tmp_path / "库"
    busy, idle = read(store, *same_numbers(tmp_path))
    good = {}
    for receipt in (busy, idle):
        parts = f"'{store / receipt.folder}/parts.parquet'"
        rows = duckdb.sql(f"SELECT good FROM {parts} WHERE indicator = '回访计划完成率' ORDER BY key").fetchall()
        good[receipt.file] = [row[0] for row in rows]
    assert good == {"甲.xlsx": [True, False], "乙.xlsx": [False, False]}
    assert (busy.home, idle.home) == ("城东支行", "城西支行")


def test_a_workbook_the_tool_fails_on_is_listed_and_the_others_counted(tmp_path, monkeypatch):
    monkeypatch.setenv("LOANVISIT_LOG_DIR", str(tmp_path / "日志"))
    books = same_numbers(tmp_path)
    counted = reading.contributions

    def failing(given, period):
        if any("E2" not in book.cells[s.RECORDS.title].raw["contract_no"][:1] for book in given):
            raise KeyError("a fault of the tool")
        return counted(given, period)

    monkeypatch.setattr(reading, "contributions", failing)
    busy, idle = read(tmp_path / "库", *books)
    assert "工具内部出错" in busy.error
    assert (idle.error, idle.counts["loans"]) == ("", 2)
    assert "a fault of the tool" in "".join(log.read_text(encoding="utf-8") for log in (tmp_path / "日志").iterdir())
