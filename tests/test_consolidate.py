"""consolidate (contract, section 1; issue 10, 2. and 3.): the branches' workbooks back into one.

1. the indicators are the sums of the branches' own; details hold every row with its source.
2. no file is passed over without a line: unreadable, absent, older, other parameters, locked, backups, changing.
3. nothing counts twice: copies, two workbooks of a branch, one loan at two branches; two loans of one number do.
4. what no branch sees alone is a clue: phone, ID, texts, recurrence.
5. the store is append-only; an interrupted run goes on; a past run is made again byte for byte.
6. details beyond a sheet go to Parquet, and the workbook says where.
7. dispatch → fill → consolidate on the samples agrees to the row.
"""

import datetime as dt
import json
import shutil
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from docx import Document

from tests.branch_deliveries import AS_OF, PERIOD, branch_rows, delivered, issue
from tests.workbooks import DAY, loan, record
from toolkit.actions import BY_NAME
from toolkit.cli import main
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.protecting import protected
from toolkit.model import office_sheets as o
from toolkit.model import sheets as s
from toolkit.model.errors import ToolkitError
from toolkit.model.period import parse_period
from toolkit.model.shipped import shipped
from toolkit.model.tables import SheetEdits
from toolkit.office import consolidate as consolidating
from toolkit.office import group_workbook, reading
from toolkit.office import whole as whole_module
from toolkit.office.consolidate import ConsolidateOrder, consolidate
from toolkit.office.reading import Batch, read_batch
from toolkit.run.closed import run
from toolkit.run.order import Order, Result

pytest.importorskip("duckdb")


def order(out: Path, *folders: Path, **options) -> ConsolidateOrder:
    options = {"period": parse_period(PERIOD), "workers": 1} | options
    return ConsolidateOrder(folders, out, dt.date.fromisoformat(AS_OF), **options)


def whole(tmp_path: Path, *folders: Path, **options) -> Result:
    return consolidate(order(tmp_path / "汇总.xlsx", *(folders or (tmp_path / "收",)), **options), lambda *_: None)


def sheet(tmp_path: Path, which, name: str = "汇总.xlsx") -> pd.DataFrame:
    return open_closed(tmp_path / name).read(which).data


def states(tmp_path: Path) -> dict[str, str]:
    rows = sheet(tmp_path, o.COLLECTION)
    return dict(zip(rows["file"], rows["state"], strict=True))


def note(tmp_path: Path, file: str) -> str:
    rows = sheet(tmp_path, o.COLLECTION)
    return "；".join(rows.loc[rows["file"] == file, "note"])


def two_branches(tmp_path: Path) -> Path:
    folder = tmp_path / "收"
    delivered(folder / "城东.xlsx", "城东支行", "E")
    delivered(folder / "城西.xlsx", "城西支行", "W")
    return folder


def test_indicators_are_the_sums_of_the_branches_own(tmp_path):
    folder = two_branches(tmp_path)
    own = []
    for book in sorted(folder.glob("*.xlsx")):
        asked = Order(
            BY_NAME["kpi"],
            book,
            dt.date.fromisoformat(AS_OF),
            dt.datetime(2026, 9, 30, 12),
            "",
            period=parse_period(PERIOD),
        )
        run(asked)
        own.append(open_closed(book).read(s.INDICATORS).data)
    own = pd.concat(own)
    whole(tmp_path)
    figures = sheet(tmp_path, o.OFFICE_INDICATORS)
    sums = own[own["object_kind"] == "机构"].groupby("indicator")[["numerator", "denominator"]].sum()
    total = figures[figures["object_kind"] == o.HEAD_OFFICE].set_index("indicator")[["numerator", "denominator"]]
    assert total.to_dict() == sums.to_dict()
    assert total["denominator"].tolist() == [4, 4, 2, 2]
    for kind in ("网点", "部门", "回访人员"):
        mine = own[own["object_kind"] == kind].groupby(["object_name", "indicator"])[["numerator", "denominator"]].sum()
        ours = figures[figures["object_kind"] == kind].set_index(["object_name", "indicator"]).sort_index()
        assert ours[["numerator", "denominator"]].to_dict() == mine.to_dict()
    assert all("明细不符" not in note(tmp_path, file) for file in states(tmp_path))


def test_details_hold_every_row_and_where_it_came_from(tmp_path):
    two_branches(tmp_path)
    result = whole(tmp_path)
    assert {name: result.counts[name] for name in ("贷款", "回访", "记录", "问题")} == {
        "贷款": 4, "回访": 4, "记录": 4, "问题": 2,
    }  # fmt: skip
    issues = sheet(tmp_path, o.with_source(s.ISSUES))
    assert issues[["issue_no", "source_file", "source_row", "found_on"]].values.tolist() == [
        ["WT-E", "收/城东.xlsx", 2, pd.Timestamp("2026-07-06")],
        ["WT-W", "收/城西.xlsx", 2, pd.Timestamp("2026-07-06")],
    ]
    paper = Document(str(tmp_path / "汇总_报告.docx"))
    headings = [p.text for p in paper.paragraphs if p.text[:2] in ("一、", "二、", "三、", "四、")]
    assert headings == ["一、回访基本情况", "二、发现的问题", "三、风险评估", "四、整改建议"]


def test_no_file_is_passed_over_without_a_line(tmp_path):
    folder = two_branches(tmp_path)
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (folder / "空.xlsx").write_bytes(b"")
    (folder / "旧.xls").write_bytes(b"x")
    delivered(folder / "参数.xlsx", "城南支行", "S", {"失联判定次数": 7})
    delivered(folder / "参数坏.xlsx", "城北支行", "N", {"失联判定次数": None})
    (folder / "备份").mkdir()
    shutil.copy(folder / "城东.xlsx", folder / "备份" / "城东_1.xlsx")
    (folder / "~$城东.xlsx").write_bytes(b"\x02He")
    (folder / ".城东.xlsx.0a.tmp").write_bytes(b"")
    listing = pd.DataFrame({"branch": ["城东支行", "江口支行"], "file": ["城东.xlsx", "江口支行.xlsm"]})
    from toolkit.hosts.fresh.new_file import book_bytes
    from toolkit.model.tables import Book

    (folder / o.DISPATCH_LIST).write_bytes(book_bytes(Book(o.DISPATCH_LIST, ((o.DISPATCH, listing),))))
    result = whole(tmp_path, folder, tmp_path / "没有")
    assert states(tmp_path) == {
        "江口支行.xlsm": o.MISSING,
        str(tmp_path / "没有"): o.NOT_TAKEN,
        "收/坏.xlsx": o.NOT_TAKEN,
        "收/空.xlsx": o.NOT_TAKEN,
        "收/旧.xls": o.NOT_TAKEN,
        "收/参数坏.xlsx": o.NOT_TAKEN,
        "收/参数.xlsx": o.WARNED,
        "收/城东.xlsx": o.WARNED,
        "收/城西.xlsx": o.WARNED,
    }
    assert "失联判定次数 7（多数网点 3）" in note(tmp_path, "收/参数.xlsx")
    assert "版本 未知" in note(tmp_path, "收/城西.xlsx")
    assert "正被打开" in note(tmp_path, "收/城东.xlsx")
    assert "失联判定次数" in note(tmp_path, "收/参数坏.xlsx")
    assert any("锁文件 1 个" in line and "备份文件夹 1 个" in line for line in result.warnings)
    assert len(result.warnings) == 10


def test_a_file_that_changes_or_vanishes_while_read_is_listed(tmp_path, monkeypatch):
    book = delivered(tmp_path / "城东.xlsx", "城东支行", "E")
    batch = Batch(((str(book), "城东.xlsx", ""),), str(tmp_path / "库"), PERIOD, AS_OF)
    whole_read = reading.read_bytes

    def while_saved(path, *others):
        content = whole_read(path, *others)
        path.write_bytes(content + b" ")
        return content

    monkeypatch.setattr(reading, "read_bytes", while_saved)
    assert "正在变化" in read_batch(batch)[0].error
    monkeypatch.undo()
    book.unlink()
    assert "读不到" in read_batch(batch)[0].error
    assert not list((tmp_path / "库").rglob("*.parquet"))


def test_copies_and_a_branchs_older_workbook_count_once(tmp_path):
    folder = two_branches(tmp_path)
    shutil.copy(folder / "城东.xlsx", folder / "城东 - 副本.xlsx")
    late = record(contract_no="W2", visitor="城西何青", signature="城西何青", visited_on=DAY(2026, 9, 1))
    delivered(
        folder / "城西旧.xlsx", "城西支行", "W", log=[{"at": dt.datetime(2026, 9, 1)}],
        records=[*branch_rows("城西支行", "W")[s.RECORDS], late],
    )  # fmt: skip
    result = whole(tmp_path)
    assert states(tmp_path)["收/城东.xlsx"] == o.DUPLICATE or states(tmp_path)["收/城东 - 副本.xlsx"] == o.DUPLICATE
    assert states(tmp_path)["收/城西旧.xlsx"] == o.DUPLICATE
    assert "只在本份中的回访记录 1 条" in note(tmp_path, "收/城西旧.xlsx")
    assert (result.counts["贷款"], result.counts["记录"], result.counts["回访计划完成率分母"]) == (4, 4, 4)
    clash = sheet(tmp_path, o.CONFLICTS)
    assert clash[["kind", "kept", "dropped"]].values.tolist() == [
        ["同一网点有几份工作簿", "收/城西.xlsx", "收/城西旧.xlsx"]
    ]


def test_two_workbooks_of_one_branch_with_other_loans_both_count(tmp_path):
    folder = two_branches(tmp_path)
    delivered(folder / "城西二.xlsx", "城西支行", "X")
    result = whole(tmp_path)
    assert result.counts["贷款"] == 6
    assert set(states(tmp_path).values()) == {o.WARNED}
    assert any("贷款不同，两份都已汇总" in note(tmp_path, file) for file in states(tmp_path))


def test_one_loan_at_two_branches_counts_once_and_two_of_one_number_twice(tmp_path):
    folder = two_branches(tmp_path)
    moved = branch_rows("城东支行", "E")
    clash = loan("W1", branch="江口支行", customer_no="别人", customer_name="江望", phone="19911112222")
    delivered(
        folder / "江口.xlsx", "江口支行", "K",
        loans=[*branch_rows("江口支行", "K")[s.LOANS], moved[s.LOANS][0] | {"branch": "江口支行"}, clash],
        visits=[*branch_rows("江口支行", "K")[s.VISITS], moved[s.VISITS][0]],
        records=[*branch_rows("江口支行", "K")[s.RECORDS], moved[s.RECORDS][0]],
        issues=[*branch_rows("江口支行", "K")[s.ISSUES], moved[s.ISSUES][0]],
    )  # fmt: skip
    result = whole(tmp_path)
    assert {name: result.counts[name] for name in ("贷款", "回访", "记录", "问题")} == {
        "贷款": 7, "回访": 6, "记录": 6, "问题": 3,
    }  # fmt: skip
    assert result.counts["回访计划完成率分母"] == 6
    rows = sheet(tmp_path, o.CONFLICTS).set_index("kind")
    assert rows["contract_no"].to_dict() == {"合同编号相同而客户不同": "W1", "同一笔贷款在几份工作簿": "E1"}
    assert rows.loc["同一笔贷款在几份工作簿", "rows"] == 4


def test_clues_no_branch_sees_alone(tmp_path):
    folder = tmp_path / "收"
    phone, number = "19987654321", "330102198801011234"
    words = "资金都用在进货上，一切顺利"
    for branch, mark, day in (("城东支行", "E", 6), ("城西支行", "W", 20)):
        rows = branch_rows(branch, mark)
        loans = [
            rows[s.LOANS][0] | {"phone": phone},
            rows[s.LOANS][1] | {"id_number": number},
        ]
        said = [
            record(
                contract_no=f"{mark}{i}",
                visitor="流动李",
                signature="流动李",
                feedback=words,
                phone=f"1990000{i}00{day:02}",
            )
            for i in (1, 2)
        ]
        problem = issue(f"WT-{mark}", f"{mark}2", found_on=DAY(2026, 7, day))
        delivered(folder / f"{branch}.xlsx", branch, mark, loans=loans, records=said, issues=[problem])
    whole(tmp_path)
    rows = sheet(tmp_path, o.CLUES)
    assert rows[["kind", "what", "branches", "count"]].values.tolist() == [
        ["几个网点的客户共用一个电话", "199****4321", "城东支行、城西支行", 2],
        ["同一证件在几个网点有贷款", "330102********1234", "城东支行、城西支行", 2],
        ["同一人员对多名客户的反馈文字相同", f"流动李：{words}", "城东支行、城西支行", 3],
        ["同一客户的同类问题在另一网点再次发生", "挪用资金：2026-07-06 至 2026-07-20", "城东支行、城西支行", 2],
    ]
    text = "\n".join(cell.text for table in Document(str(tmp_path / "汇总_报告.docx")).tables for cell in table._cells)
    assert "199****4321" in text
    assert "流动李" in text
    assert words not in text
    assert phone not in text
    assert number not in text


@pytest.mark.parametrize(("days", "found"), [(180, 1), (181, 0)])
def test_recurrence_ends_with_the_parameter(tmp_path, days, found):
    folder = tmp_path / "收"
    same = {"id_number": "330102198801011234"}
    for branch, mark, when in (("城东支行", "E", 0), ("城西支行", "W", days)):
        rows = branch_rows(branch, mark)
        day = dt.date(2026, 3, 1) + dt.timedelta(days=when)
        delivered(
            folder / f"{branch}.xlsx", branch, mark, loans=[rows[s.LOANS][0] | same, rows[s.LOANS][1]],
            issues=[issue(f"WT-{mark}", f"{mark}1", found_on=day)],
        )  # fmt: skip
    whole(tmp_path)
    assert (sheet(tmp_path, o.CLUES)["clause"] == "六、(三)3.").sum() == found


def test_a_rerun_goes_on_and_a_past_run_is_made_again(tmp_path):
    folder = two_branches(tmp_path)
    first = whole(tmp_path)
    outputs = [path.read_bytes() for path in first.outputs[:2]]
    store = tmp_path / "汇总_数据"
    kept = {path: path.stat().st_mtime_ns for path in store.rglob("*") if path.is_file()}
    # As after a kill: one delivery without its receipt, one half written.
    lost = next((store / "receipts").glob("*.json"))
    lost.unlink()
    half = store / ".0a.tmp"
    half.mkdir()
    whole(tmp_path)
    assert [path.read_bytes() for path in first.outputs[:2]] == outputs
    now = {path: path.stat().st_mtime_ns for path in store.rglob("*") if path.is_file()}
    assert {path for path in kept if now[path] != kept[path]} == {lost}
    assert set(now) == set(kept)
    assert not half.exists()

    delivered(folder / "城东.xlsx", "城东支行", "E", issues=[])
    second = whole(tmp_path)
    assert second.counts["问题"] == 1
    shutil.rmtree(folder)
    again = ConsolidateOrder((), tmp_path / "汇总.xlsx", dt.date(2027, 1, 1), again=first.outputs[-1])
    assert consolidate(again, lambda *_: None).as_of == dt.date.fromisoformat(AS_OF)
    assert [path.read_bytes() for path in first.outputs[:2]] == outputs


def test_rows_taken_in_parts_are_the_same_rows_in_the_same_order(tmp_path, monkeypatch):
    import duckdb

    folder = two_branches(tmp_path)
    mixed = branch_rows("城南支行", "S")
    mixed[s.LOANS][1]["branch"] = "城东支行"  # a workbook with loans of two branches
    delivered(folder / "末.xlsx", "城南支行", "S", loans=mixed[s.LOANS])
    whole(tmp_path)
    sheets = (o.COLLECTION, o.OFFICE_INDICATORS, *(o.with_source(one) for one in (s.LOANS, s.VISITS, s.RECORDS)))
    at_once = [sheet(tmp_path, one) for one in sheets]
    assert at_once[2]["source_file"].tolist() != sorted(at_once[2]["source_file"])
    monkeypatch.setattr(group_workbook, "_AT_ONCE", 1)
    whole(tmp_path)
    for one, before in zip(sheets, at_once, strict=True):
        pd.testing.assert_frame_equal(sheet(tmp_path, one), before)
    whole(tmp_path, most_rows=3)
    listed = duckdb.sql(f"SELECT 来源, 来源行 FROM '{tmp_path}/汇总_明细/贷款台账.parquet'").fetchall()
    assert listed == list(zip(at_once[2]["source_file"], at_once[2]["source_row"], strict=True))


def test_rows_that_a_killed_run_left_outside_are_swept_away(tmp_path, monkeypatch):
    outside = tmp_path / "临时"
    outside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(outside))
    two_branches(tmp_path)

    def killed(*_):
        (next(outside.iterdir()) / "rows.duckdb").write_bytes(b"x")
        shutil.copytree(next(outside.iterdir()), outside / f"{next(outside.iterdir()).name}left")
        raise ToolkitError("结束", mend="无")

    with monkeypatch.context() as patched:
        patched.setattr(consolidating, "written", killed)
        with pytest.raises(ToolkitError):
            whole(tmp_path)
    assert len(list(outside.iterdir())) == 1
    (outside / "别的").mkdir()
    whole(tmp_path)
    assert [path.name for path in outside.iterdir()] == ["别的"]


def test_what_little_memory_cannot_do_is_done_with_more(tmp_path, monkeypatch):
    two_branches(tmp_path)
    first = [path.read_bytes() for path in whole(tmp_path).outputs[:2]]
    asked = []

    def noted(*given):
        asked.append(given[-1])
        return opened(*given)

    opened = group_workbook.opened
    monkeypatch.setattr(group_workbook, "opened", noted)
    monkeypatch.setattr(whole_module, "MEMORY", ("1MB", ""))
    assert [path.read_bytes() for path in whole(tmp_path).outputs[:2]] == first
    assert asked == ["1MB", ""]
    monkeypatch.setattr(whole_module, "MEMORY", ("1MB",))
    with pytest.raises(MemoryError):
        whole(tmp_path)


def test_details_beyond_a_sheet_go_to_parquet(tmp_path):
    import duckdb

    two_branches(tmp_path)
    result = whole(tmp_path, most_rows=3)
    path = tmp_path / "汇总_明细" / "回访记录.parquet"
    assert path in result.outputs
    rows = duckdb.sql(f"SELECT 贷款合同编号, 来源 FROM '{path}' ORDER BY ALL").fetchall()
    assert rows == [("E1", "收/城东.xlsx"), ("E2", "收/城东.xlsx"), ("W1", "收/城西.xlsx"), ("W2", "收/城西.xlsx")]
    said = sheet(tmp_path, o.ABOUT)
    assert any("“回访记录”共 4 行" in text and "汇总_明细/回访记录.parquet" in text for text in said["text"])
    assert s.RECORDS.title not in open_closed(tmp_path / "汇总.xlsx").titles()
    assert s.ISSUES.title in open_closed(tmp_path / "汇总.xlsx").titles()


def test_regions_by_list_by_name_and_by_folder(tmp_path):
    for place, branch, mark in (("东区", "城东支行", "E"), ("西区", "江州分行城西支行", "W")):
        delivered(tmp_path / "收" / place / f"{branch}.xlsx", branch, mark)
    whole(tmp_path)
    figures = sheet(tmp_path, o.OFFICE_INDICATORS)
    assert figures.loc[figures["object_kind"] == o.REGION, "object_name"].unique().tolist() == ["东区", "江州分行"]
    (tmp_path / "地区.csv").write_text("网点,地区\n城东支行,一区\n", encoding="utf-8")
    whole(tmp_path, regions=tmp_path / "地区.csv")
    figures = sheet(tmp_path, o.OFFICE_INDICATORS)
    assert set(figures.loc[figures["object_kind"] == o.REGION, "object_name"]) == {"一区", "（未列地区）"}


def test_a_workbook_with_a_password_counts_once_the_password_is_given(tmp_path):
    pytest.importorskip("msoffcrypto")
    folder = two_branches(tmp_path)
    secret = folder / "城东.xlsx"
    secret.write_bytes(protected(secret.read_bytes(), "江-7!"))
    whole(tmp_path)
    assert states(tmp_path)["收/城东.xlsx"] == o.NOT_TAKEN
    assert "打开密码" in note(tmp_path, "收/城东.xlsx")
    passwords = tmp_path / "密码.csv"
    passwords.write_text("网点,密码\n城东,江-7!\n", encoding="utf-8")
    assert whole(tmp_path, passwords=passwords).counts["贷款"] == 4
    stored = [path.read_bytes() for path in (tmp_path / "汇总_数据").rglob("*") if path.is_file()]
    assert not any("江-7!".encode() in content for content in stored)


def test_files_taken_from_the_store_are_read_again_or_named(tmp_path):
    two_branches(tmp_path)
    first = whole(tmp_path)
    record = first.outputs[-1]
    shutil.rmtree(next((tmp_path / "汇总_数据").glob("period=*/branch=*/delivery=*")))
    again = ConsolidateOrder((), tmp_path / "汇总.xlsx", dt.date.fromisoformat(AS_OF), again=record)
    with pytest.raises(ToolkitError, match="缺少 1 份"):
        consolidate(again, lambda *_: None)
    assert whole(tmp_path).counts == first.counts


def test_nothing_readable_is_refused_and_the_old_result_stays(tmp_path, capsys):
    folder = tmp_path / "收"
    folder.mkdir()
    (folder / "坏.xlsx").write_bytes(b"x")
    out = tmp_path / "汇总.xlsx"
    out.write_bytes(b"before")
    for arguments in (
        [str(folder), "--out", str(out)],
        [str(tmp_path / "没有"), "--out", str(out)],
        ["--out", str(out)],
        [str(folder), "--out", str(tmp_path / "汇总.csv")],
    ):
        with pytest.raises(SystemExit) as ended:
            main(["consolidate", *arguments, "--json"])
        printed = capsys.readouterr()
        assert ended.value.code == 2
        assert json.loads(printed.out)["error"]
        assert printed.err.count("\n") == 1
    assert out.read_bytes() == b"before"


def test_a_branch_workbook_is_not_replaced_by_the_whole(tmp_path, capsys):
    folder = two_branches(tmp_path)
    out = folder / "城东.xlsx"
    before = out.read_bytes()
    with pytest.raises(SystemExit) as ended:
        main(["consolidate", str(folder), "--out", str(out), "--period", PERIOD, "--as-of", AS_OF])
    assert ended.value.code == 2
    assert out.name in capsys.readouterr().err
    assert out.read_bytes() == before
    whole(tmp_path, folder)
    assert whole(tmp_path, folder).exit_code == 0  # its own earlier result is replaced


def test_dispatch_fill_consolidate_agree_to_the_row(tmp_path, capsys):
    export, base = (shipped("samples", name) for name in ("核心系统导出_2026-07-01.xlsx", "示例支行_基础资料.xlsx"))
    folder = tmp_path / "收"
    with pytest.raises(SystemExit) as ended:
        main(["dispatch", str(export), "--out", str(folder), "--base", str(base), "--as-of", "2026-07-01", "--json"])
    sent = json.loads(capsys.readouterr().out)["counts"]
    assert not ended.value.code
    typed = open_closed(shipped("samples", "回访记录_2026Q3.xlsx")).read(s.RECORDS)
    filled = 0
    for path in sorted(folder.glob("*.xlsm")):
        book = open_closed(path)
        mine = typed.data["contract_no"].isin(book.read(s.LOANS).data["contract_no"])
        rows = typed.raw[mine][[name for name in s.RECORDS.names if name in typed.columns]]
        filled += len(rows)
        path.write_bytes(book.render([SheetEdits(s.RECORDS, append=rows)], {}))
    result = whole(tmp_path)
    assert (result.counts["贷款"], result.counts["记录"]) == (sent["笔数"], filled)
    loans = sheet(tmp_path, o.with_source(s.LOANS))
    exported = open_closed(folder / o.DISPATCH_LIST).read(o.DISPATCH).data
    assert loans.groupby("branch")["amount"].sum().to_dict() == exported.set_index("branch")["amount"].to_dict()
    assert len(set(loans["contract_no"] + loans["drawdown_no"])) == len(loans)
    assert set(states(tmp_path).values()) == {o.WARNED}  # 考核指标 was not counted at the branches
