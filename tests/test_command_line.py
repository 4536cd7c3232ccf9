"""The command line (contract, section 1).

- every action is a subcommand with Chinese help; commands of later issues do not appear
- a wrong command line or a refusal: exit 2, one Chinese sentence on stderr, never a traceback, workbook untouched
- --json: one object on stdout and nothing else; --quiet: nothing; --output leaves the workbook alone
- exit 1 only when check found errors; --as-of is the only clock; a run is logged and shown on 首页
- no full phone or ID number on stdout, stderr, in JSON or logs
"""

import json
import re
import subprocess
import sys

import pytest
from workbooks import VISITORS, column, loan, record, small_branch, stranger

from toolkit.actions import ACTIONS
from toolkit.cli import main
from toolkit.model import sheets as s


@pytest.fixture
def call(capsys):
    """Run the command line in process: (exit code, stdout, stderr)."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


def one_chinese_sentence(err: str) -> bool:
    text = err.strip()
    return "\n" not in text and text.endswith("。") and re.search("[一-鿿]", text) is not None


def test_help_lists_the_actions_in_the_order_of_the_work(call):
    code, out, _ = call("--help")
    listed = [
        line.split()[0] for line in out.split("命令:")[1].splitlines() if line.startswith("  ") and line[2] != " "
    ]
    assert code == 0
    assert listed[: 2 + len(ACTIONS)] == ["demo", "new", *(action.name for action in ACTIONS)]
    assert "Usage" not in out


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_command_explains_itself(call, action):
    code, out, _ = call(action.name, "--help")
    assert code == 0
    assert action.caption in out
    assert "--as-of" in out
    assert "Options" not in out
    assert "required" not in out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["plam"], "plam"),
        (["plan"], "工作簿"),
        (["plan", "a.xlsx", "--rearange"], "--rearange"),
        (["plan", "a.xlsx", "b.xlsx"], "多写"),
        (["kpi", "a.xlsx"], "--period"),
        (["kpi", "a.xlsx", "--period"], "--period"),
        (["kpi", "a.xlsx", "--period", "三季度"], "三季度"),
        (["kpi", "a.xlsx", "--period", ""], "--period"),
        (["plan", "a.xlsx", "--output", ""], "--output"),
        (["plan", "a.xlsx", "--as-of", "明天"], "明天"),
        (["plan", "a.xlsx", "--from", "2026-09-30", "--to", "2026-07-01"], "晚于"),
    ],
)
def test_a_wrong_command_line_is_one_sentence(call, arguments, named):
    code, out, err = call(*arguments)
    assert code == 2
    assert out == ""
    assert one_chinese_sentence(err)
    assert named in err


def _missing(path):
    return path.with_name("没有.xlsx"), "没有.xlsx"


def _folder(path):
    folder = path.with_name("文件夹.xlsx")
    folder.mkdir()
    return folder, "文件夹"


def _text_file(path):
    path.write_text("不是工作簿", encoding="utf-8")
    return path, path.name


def _encrypted(path):
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    return path, "加密"


def _truncated(path):
    small_branch(path)
    path.write_bytes(path.read_bytes()[:2000])
    return path, path.name


def _no_parameters(path):
    from openpyxl import load_workbook

    small_branch(path)
    book = load_workbook(path)
    del book["参数"]
    book.save(path)
    return path, "参数"


def _blank_parameter(path):
    stranger(path, {s.LOANS: [loan("HT001")], s.VISITORS: VISITORS}, {"首次回访工作日数": ""})
    return path, "首次回访工作日数"


def _no_ledger(path):
    stranger(path, {s.VISITORS: VISITORS})
    return path, "贷款台账"


def _no_header(path):
    from openpyxl import load_workbook

    small_branch(path)
    book = load_workbook(path)
    sheet = book["贷款台账"]
    next(cell for cell in sheet[1] if cell.value == "客户编号").value = None
    book.save(path)
    return path, "客户编号"


def _bad_holiday(path):
    stranger(
        path,
        {s.LOANS: [loan("HT001")], s.VISITORS: VISITORS, s.HOLIDAYS: [{"date": "国庆", "kind": "休"}]},
    )
    return path, "节假日"


def _open_elsewhere(path):
    small_branch(path)
    path.with_name(f".~lock.{path.name}#").write_text(",何青,branch-pc,24.11.2026 09:00,file:///x;", encoding="utf-8")
    return path, "何青"


@pytest.mark.parametrize(
    "spoil",
    [
        _missing, _folder, _text_file, _encrypted, _truncated, _no_parameters, _blank_parameter, _no_ledger, _no_header,
        _bad_holiday, _open_elsewhere,
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", [["plan"], ["check"], ["kpi", "--period", "2026Q3"]], ids=lambda c: c[0])
def test_a_refusal_names_the_place_and_leaves_the_workbook_alone(call, tmp_path, spoil, command):
    path, named = spoil(tmp_path / "支行.xlsx")
    if command[0] != "plan" and spoil in (_no_ledger,):
        command = ["plan"]
    before = path.read_bytes() if path.is_file() else None
    code, out, err = call(command[0], path, *command[1:], "--as-of", "2026-09-30")
    assert code == 2
    assert out == ""
    assert one_chinese_sentence(err)
    assert named in err
    assert (path.read_bytes() if path.is_file() else None) == before
    assert not (tmp_path / "备份").exists()
    assert not [item for item in tmp_path.iterdir() if item.name.startswith(".") and "~lock" not in item.name]


def test_json_is_one_object_and_nothing_else(call, tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")
    code, out, err = call("plan", path, "--as-of", "2026-07-01", "--json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    assert list(answer) == ["command", "ok", "as_of", "counts", "outputs", "warnings", "error"]
    assert (answer["command"], answer["ok"], answer["as_of"], answer["error"]) == ("plan", True, "2026-07-01", None)
    assert answer["outputs"] == [str(path)]
    assert answer["counts"]["清单合计"] == len(column(path, s.VISITS, "visit_no"))


def test_json_of_a_refusal(call, tmp_path):
    code, out, err = call("plan", tmp_path / "没有.xlsx", "--json")
    assert code == 2
    assert one_chinese_sentence(err)
    assert json.loads(out)["ok"] is False
    assert json.loads(out)["error"] == err.strip()


def test_quiet_says_nothing(call, tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")
    assert call("plan", path, "--as-of", "2026-07-01", "--quiet") == (0, "", "")


def test_output_leaves_the_workbook_alone(call, tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")
    before = path.read_bytes()
    other = tmp_path / "结果.xlsx"
    code, _, _ = call("plan", path, "--as-of", "2026-07-01", "--output", other)
    assert code == 0
    assert path.read_bytes() == before
    assert column(other, s.VISITS, "visit_no")
    assert call("plan", path, "--output", tmp_path / "结果.xlsm")[0] == 2
    assert call("plan", path, "--output", path)[0] == 2
    assert call("plan", path, "--output", tmp_path / "." / ".." / tmp_path.name / "支行.xlsx")[0] == 2
    assert path.read_bytes() == before
    assert call("plan", path, "--output", tmp_path / "无此文件夹" / "结果.xlsx")[0] == 2


def test_a_run_backs_up_and_logs(call, tmp_path):
    path = small_branch(tmp_path / "支行.xlsx")
    before = path.read_bytes()
    call("plan", path, "--as-of", "2026-07-01")
    backups = list((tmp_path / "备份").iterdir())
    assert [backup.read_bytes() for backup in backups] == [before]
    assert column(path, s.LOG, "action") == ["生成回访清单"]
    assert str(column(path, s.LOG, "as_of")[0])[:10] == "2026-07-01"


def test_planning_twice_changes_nothing_but_the_log(call, tmp_path):
    from openpyxl import load_workbook

    path = small_branch(tmp_path / "支行.xlsx")
    call("plan", path, "--as-of", "2026-07-01")
    first = [tuple(row) for row in load_workbook(path)[s.VISITS.title].iter_rows(values_only=True)]
    call("plan", path, "--as-of", "2026-07-01")
    second = [tuple(row) for row in load_workbook(path)[s.VISITS.title].iter_rows(values_only=True)]
    assert first == second
    assert len(column(path, s.LOG, "action")) == 2


def test_check_ends_with_1_only_when_it_found_errors(call, tmp_path):
    clean = small_branch(tmp_path / "好.xlsx", records=[record()])
    faulty = small_branch(tmp_path / "错.xlsx", records=[record(signature="")])
    call("plan", clean, "--as-of", "2026-07-01")
    call("plan", faulty, "--as-of", "2026-07-01")
    assert call("check", clean, "--as-of", "2026-07-10")[0] in (0, 1)
    code, out, _ = call("check", faulty, "--as-of", "2026-07-10")
    assert code == 1
    assert "错误" in out


def test_no_full_numbers_leave_the_workbook(call, tmp_path):
    bad_phone = "1990000001234"
    id_number = "999999199003071233"
    loans = [loan("HT001", id_number=id_number), loan("HT002", status="19912345678", phone="")]
    records = [record(phone=bad_phone), record(contract_no="HT002", phone="19955556666", customer_name="别人")]
    path = small_branch(tmp_path / "支行.xlsx", loans=loans, records=records)
    for command in (["plan"], ["check"], ["classify"], ["kpi", "--period", "2026Q3"]):
        for extra in ([], ["--json"]):
            _, out, err = call(command[0], path, *command[1:], "--as-of", "2026-09-30", *extra)
            assert not re.search(r"1[3-9]\d{9}", out + err)
            assert id_number not in out + err
    assert not re.search(r"1[3-9]\d{9}", "".join(column(path, s.LOG, "summary")))


def test_a_bug_goes_to_the_log_and_not_to_the_screen(call, tmp_path, monkeypatch):
    path = small_branch(tmp_path / "支行.xlsx")
    monkeypatch.setenv("LOANVISIT_LOG_DIR", str(tmp_path / "日志"))
    monkeypatch.setattr("toolkit.steps.plan.stand", lambda *_: 1 / 0)
    code, out, err = call("plan", path)
    assert code == 2
    assert out == ""
    assert one_chinese_sentence(err)
    (log,) = (tmp_path / "日志").iterdir()
    assert str(log) in err
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")


def test_new_gives_the_shipped_bytes_and_never_replaces(call, tmp_path):
    first, second = tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"
    assert call("new", first)[0] == 0
    assert call("new", second)[0] == 0
    assert first.read_bytes() == second.read_bytes()
    first.write_bytes(b"own")
    code, _, err = call("new", first)
    assert code == 2
    assert one_chinese_sentence(err)
    assert first.read_bytes() == b"own"
    assert call("new", tmp_path / "丙.docx")[0] == 2


def test_module_and_pipes(tmp_path):
    """As another program starts it: UTF-8 on the pipe whatever the locale."""
    path = small_branch(tmp_path / "支行.xlsx")
    answer = subprocess.run(
        [sys.executable, "-m", "toolkit", "plan", str(path), "--as-of", "2026-07-01", "--json"],
        capture_output=True,
        check=True,
        env={"PATH": "", "LC_ALL": "POSIX", "PYTHONPATH": ":".join(sys.path), "SYSTEMROOT": ""},
    )
    assert json.loads(answer.stdout.decode("utf-8"))["ok"] is True
