"""dispatch (contract, section 1; issue 10, 1.): a ledger out to the branches.

1. each 网点 gets its loans and instalments; the sums read back from the files are those of the ledger.
2. no row is dropped: what nobody gets is listed with place and reason.
3. an existing workbook is updated by the rules of 导入台账: staff's columns stay, a backup is made.
4. file names are valid on Windows and never shared by two branches; a branch keeps its file.
5. a workbook that is open, a branch that has gone or was renamed: listed.
6. a password per branch.
"""

import csv
import json
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.workbooks import VISITORS, column, stranger
from toolkit.cli import main
from toolkit.hosts.closed_file import closed_of, open_closed
from toolkit.hosts.protecting import is_encrypted
from toolkit.model import office_sheets as o
from toolkit.model import sheets as s
from toolkit.office.branch_books import unlocked

HEAD = [
    "合同号",
    "客户号",
    "客户名称",
    "客户类型",
    "联系电话",
    "产品名称",
    "贷款金额",
    "贷款用途",
    "放款日",
    "贷款状态",
]
HEAD += ["网点", "客户经理"]
PLAN = ["合同号", "期次", "应还日期", "应还金额"]


def loan(number: str, branch: str, amount: float = 100000.5) -> list[object]:
    return [
        number, f"K{number}", "林晓舟", "个人", "19900000001", "经营贷", amount, "进货", "2026-06-15", "使用中", branch,
        "郑远",
    ]  # fmt: skip


def table(path: Path, head: list[str], rows: list[list[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([head, *rows])
    return path


@pytest.fixture
def dispatch(tmp_path, capsys):
    """Runs the command on rows of a ledger; gives the exit code and the JSON or the sentence."""

    def run(loans, *more, schedule=None, out="网点"):
        arguments = [
            str(table(tmp_path / "台账.csv", HEAD, loans)),
            "--out",
            str(tmp_path / out),
            "--as-of",
            "2026-07-01",
        ]
        if schedule is not None:
            arguments += ["--schedule", str(table(tmp_path / "计划.csv", PLAN, schedule))]
        with pytest.raises(SystemExit) as ended:
            main(["dispatch", *arguments, "--json", *map(str, more)])
        printed = capsys.readouterr()
        return ended.value.code or 0, json.loads(printed.out), printed.err

    return run


def listed(folder: Path, sheet=o.DISPATCH) -> pd.DataFrame:
    return open_closed(folder / o.DISPATCH_LIST).read(sheet).data


def contracts(path: Path) -> list[str]:
    return open_closed(path).read(s.LOANS).data["contract_no"].tolist()


def test_every_branch_gets_its_own_and_the_sums_agree(dispatch, tmp_path):
    loans = [loan("A1", "城东支行"), loan("B1", "城西支行", 7.25), loan("A2", "城东支行", 30)]
    schedule = [["B1", 1, "2026-07-15", 5.5], ["A1", 1, "2026-07-15", 100], ["A1", 2, "2026-08-15", 100]]
    code, told, _ = dispatch(loans, schedule=schedule)
    folder = tmp_path / "网点"
    assert (code, told["counts"]["笔数"], told["counts"]["期数"], told["counts"]["未分发行"]) == (0, 3, 3, 0)
    assert contracts(folder / "城东支行.xlsm") == ["A1", "A2"]
    assert contracts(folder / "城西支行.xlsm") == ["B1"]
    rows = listed(folder).set_index("branch")
    assert rows.loc["城东支行", ["result", "loans", "instalments", "amount"]].tolist() == ["新建", 2, 2, 100030.5]
    sums = listed(folder, o.RECONCILIATION)
    assert sums["total"].tolist() == [3, 100037.75, 3, 205.5]
    assert sums["sent"].tolist() == sums["total"].tolist()
    assert set(sums["verdict"]) == {"相符"}
    book = open_closed(folder / "城东支行.xlsm")
    assert book.named("首页_机构") == "城东支行"
    assert book.read(s.LOG).data["action"].tolist() == ["导入台账"]


def test_nothing_is_dropped_without_a_word(dispatch, tmp_path):
    loans = [loan("A1", "城东支行"), loan("N1", "", 11), loan("X1", "城东支行", 5), loan("X1", "城西支行", 5)]
    schedule = [
        ["A1", 1, "2026-07-15", 1],
        ["N1", 1, "2026-07-15", 2],
        ["Z9", 1, "2026-07-15", 4],
        ["A1", "", "2026-07-15", 8],
    ]
    code, told, _ = dispatch(loans, schedule=schedule)
    left = listed(tmp_path / "网点", o.NOT_DISPATCHED)
    assert code == 0
    assert dict(zip(left["place"], left["reason"].str[:6], strict=True)) == {
        "台账.csv A4": "同一合同出现",
        "台账.csv A5": "同一合同出现",
        "台账.csv A3": "网点为空",
        "计划.csv A4": "合同不在本次",
        "计划.csv A5": "期次为空或无",
        "计划.csv A3": "贷款的网点为",
    }
    assert "城东支行、城西支行" in left["reason"].iloc[0]
    sums = listed(tmp_path / "网点", o.RECONCILIATION)
    assert sums["total"].tolist() == [4, 100021.5, 4, 15]
    assert sums["left"].tolist() == [3, 21, 3, 14]
    assert set(sums["verdict"]) == {"相符"}
    assert any("未分发 6 行" in line for line in told["warnings"])


def test_an_existing_workbook_is_updated_as_by_the_button(dispatch, tmp_path):
    folder = tmp_path / "网点"
    dispatch([loan("A1", "城东支行")])
    book = open_closed(folder / "城东支行.xlsm")
    from toolkit.model.tables import SheetEdits

    typed = SheetEdits(s.LOANS, cells=pd.DataFrame([{"row": 2, "field": "remark", "value": "每周三不便"}]))
    (folder / "城东支行.xlsm").write_bytes(book.render([typed], {}))
    _, told, _ = dispatch([loan("A1", "城东支行", 9), loan("A2", "城东支行")])
    data = open_closed(folder / "城东支行.xlsm").read(s.LOANS).data
    assert data[["contract_no", "amount", "remark"]].values.tolist() == [["A1", 9, "每周三不便"], ["A2", 100000.5, ""]]
    assert (told["counts"]["新建"], told["counts"]["更新"]) == (0, 1)
    assert list((folder / "备份").glob("城东支行_*.xlsm"))


def test_sums_of_a_contract_in_parts_count_the_parts_of_this_ledger(dispatch, tmp_path, monkeypatch):
    here = sys.modules[__name__]
    monkeypatch.setattr(here, "HEAD", [*HEAD, "借据编号"])
    monkeypatch.setattr(here, "PLAN", [*PLAN, "借据编号"])
    both = [[*loan("A1", "城东支行", 10 * part), f"J{part}"] for part in (1, 2)]
    plan = [["A1", 1, "2026-07-15", 5 * part, f"J{part}"] for part in (1, 2)]
    for rows in (slice(None), slice(1)):
        code, _, said = dispatch(both[rows], schedule=plan[rows])
        assert code == 0, said
        sums = listed(tmp_path / "网点", o.RECONCILIATION)
        assert sums["sent"].tolist() == sums["total"].tolist()
    assert sums["total"].tolist() == [1, 10, 1, 5]
    assert len(contracts(tmp_path / "网点" / "城东支行.xlsm")) == 2


def test_names_that_fold_alike_get_files_of_their_own_and_keep_them(dispatch, tmp_path):
    branches = ["A/支行", "A:支行", "a/支行", "CON", "第一支行."]
    loans = [loan(f"A{i}", branch) for i, branch in enumerate(branches)]
    dispatch(loans)
    files = listed(tmp_path / "网点").set_index("branch")["file"]
    assert files[["A/支行", "CON", "第一支行."]].tolist() == ["A_支行.xlsm", "_CON.xlsm", "第一支行.xlsm"]
    assert files.str.casefold().nunique() == len(branches)
    for i, branch in enumerate(branches):
        assert contracts(tmp_path / "网点" / files[branch]) == [f"A{i}"]
    dispatch(list(reversed(loans)))
    again = listed(tmp_path / "网点").set_index("branch")["file"]
    assert again.to_dict() == files.to_dict()


def test_a_foreign_workbook_in_the_way_is_left_alone(dispatch, tmp_path):
    folder = tmp_path / "网点"
    folder.mkdir()
    other = stranger(folder / "城东支行.xlsm", {s.LOANS: [{"contract_no": "Q1", "branch": "城南支行"}]})
    before = other.read_bytes()
    dispatch([loan("A1", "城东支行")])
    assert other.read_bytes() == before
    assert contracts(folder / listed(folder)["file"].iloc[0]) == ["A1"]


def test_an_open_workbook_is_listed_and_the_others_go_out(dispatch, tmp_path):
    folder = tmp_path / "网点"
    loans = [loan("A1", "城东支行"), loan("B1", "城西支行")]
    dispatch(loans)
    before = (folder / "城东支行.xlsm").read_bytes()
    (folder / "~$城东支行.xlsm").write_bytes(b"\x02He")
    code, _, _ = dispatch([loan("A1", "城东支行", 1), loan("B1", "城西支行", 2)])
    rows = listed(folder).set_index("branch")
    assert code == 0
    assert rows["result"].to_dict() == {"城东支行": "未成", "城西支行": "更新"}
    assert "正被" in rows.loc["城东支行", "note"]
    assert (folder / "城东支行.xlsm").read_bytes() == before
    assert listed(folder, o.RECONCILIATION)["left"].tolist()[:2] == [1, 1]
    (folder / "~$城西支行.xlsm").write_bytes(b"\x02He")
    code, _, said = dispatch(loans)
    assert code == 2
    assert "没有一个网点" in said


def test_a_branch_that_was_renamed_is_named(dispatch, tmp_path):
    dispatch([loan("A1", "城东支行"), loan("A2", "城东支行"), loan("B1", "城西支行")])
    code, told, _ = dispatch([loan("A1", "江东支行"), loan("A2", "江东支行"), loan("B1", "城西支行")])
    rows = listed(tmp_path / "网点").set_index("branch")
    assert code == 0
    assert rows["result"].to_dict() == {"江东支行": "新建", "城西支行": "更新", "城东支行": "本次没有"}
    assert "2 笔合同现在属“江东支行”" in rows.loc["城东支行", "note"]
    assert told["counts"]["本次没有的网点"] == 1


def test_base_gives_parameters_holidays_and_each_branch_its_people(dispatch, tmp_path):
    people = [*VISITORS, {"staff_no": "V9", "name": "石越", "branch": "城北支行", "department": "风险管理部"}]
    holidays = [{"date": "2027-01-04", "kind": "休"}]
    base = stranger(tmp_path / "底稿.xlsx", {s.VISITORS: people, s.HOLIDAYS: holidays}, {"失联判定次数": 5})
    _, told, _ = dispatch([loan("A1", "城东支行"), loan("B1", "城西支行")], "--base", base)
    east, west = (tmp_path / "网点" / f"{name}.xlsm" for name in ("城东支行", "城西支行"))
    parameters = dict(zip(column(east, s.PARAMETERS, "parameter"), column(east, s.PARAMETERS, "value"), strict=True))
    assert parameters["失联判定次数"] == 5
    assert open_closed(east).read(s.HOLIDAYS).data["kind"].tolist() == ["休"]
    assert open_closed(east).read(s.VISITORS).data["name"].tolist() == ["何青", "陆平"]
    assert open_closed(west).read(s.VISITORS).data.empty
    assert any("城北支行" in line for line in told["warnings"])
    bad = stranger(tmp_path / "坏.xlsx", {}, {"失联判定次数": "很多"})
    code, _, said = dispatch([loan("A1", "城东支行")], "--base", bad, out="另")
    assert code == 2
    assert "失联判定次数" in said
    assert not (tmp_path / "另").exists()


def test_a_password_per_branch(dispatch, tmp_path):
    pytest.importorskip("msoffcrypto")
    passwords = table(tmp_path / "密码.csv", ["网点", "密码"], [["城东支行", "江-7!"]])
    loans = [loan("A1", "城东支行"), loan("B1", "城西支行")]
    dispatch(loans, "--passwords", passwords)
    secret = tmp_path / "网点" / "城东支行.xlsm"
    assert is_encrypted(secret.read_bytes())
    assert contracts(tmp_path / "网点" / "城西支行.xlsm") == ["B1"]
    dispatch([*loans, loan("A2", "城东支行")], "--passwords", passwords)
    book = closed_of(unlocked(secret.read_bytes(), "江-7!", secret.name), secret)
    assert book.read(s.LOANS).data["contract_no"].tolist() == ["A1", "A2"]
    dispatch(loans)
    rows = listed(tmp_path / "网点").set_index("branch")
    assert rows["result"].to_dict() == {"城东支行": "未成", "城西支行": "更新"}
    assert "江-7!" not in json.dumps(dispatch(loans, "--passwords", passwords)[1], ensure_ascii=False)


def test_a_password_that_nobody_can_type_is_refused_for_its_branch_only(dispatch, tmp_path):
    pytest.importorskip("msoffcrypto")
    passwords = table(tmp_path / "密码.csv", ["网点", "密码"], [["城东支行", "长" * 256]])
    dispatch([loan("A1", "城东支行"), loan("B1", "城西支行")], "--passwords", passwords)
    assert not (tmp_path / "网点" / "城东支行.xlsm").exists()
    rows = listed(tmp_path / "网点").set_index("branch")
    assert rows["result"].to_dict() == {"城东支行": "未成", "城西支行": "新建"}


@pytest.mark.parametrize(
    ("loans", "why"),
    [([loan("A1", "")], "网点为空"), ([loan("A1", "城东支行", 1), loan("A1", "城东支行", 2)], "同一合同出现几行")],
)
def test_a_ledger_nobody_gets_is_refused_before_anything_is_written(dispatch, tmp_path, loans, why):
    code, _, said = dispatch(loans)
    assert code == 2
    assert why in said
    assert not (tmp_path / "网点").exists()
