"""`loanvisit restore`: the newest copy of 备份/ comes back byte for byte, today's state becomes a backup.

Requirements: contract section 1 (restore; refusals leave the workbook byte for byte; names of backups), issue 5.
"""

import re

import pytest
from workbooks import small_branch

from toolkit.cli import main
from toolkit.hosts.replacing import BACKUPS_KEPT, backups
from toolkit.run.restore import RECORD


@pytest.fixture
def call(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return run


@pytest.fixture
def planned(call, tmp_path):
    """(workbook after a run, its bytes before and after)."""
    path = small_branch(tmp_path / "支行 & 营业部.xlsx")
    before = path.read_bytes()
    assert call("plan", path, "--as-of", "2026-07-01", "--quiet")[0] == 0
    return path, before, path.read_bytes()


def test_the_newest_backup_comes_back_and_todays_state_is_kept(call, planned):
    path, before, after = planned
    code, out, _ = call("restore", path)
    assert code == 0
    assert path.read_bytes() == before
    newest, oldest = backups(path)
    assert (newest.read_bytes(), oldest.read_bytes()) == (after, before)
    assert newest.name in out


def test_restoring_again_undoes_it(call, planned):
    path, before, after = planned
    for expected in (before, after, before):
        assert call("restore", path, "--quiet")[0] == 0
        assert path.read_bytes() == expected


def test_who_restored_what_is_written_beside_the_copies(call, planned):
    path, _, _ = planned
    (source,) = backups(path)
    call("restore", path)
    call("restore", path)
    record = (path.parent / "备份" / RECORD).read_bytes()
    assert record.startswith(b"\xef\xbb\xbf")
    lines = record.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    at, _, what, version = lines[0].split("\t")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", at)
    assert what.startswith(f"{path.name} 恢复自 {source.name}，恢复前的内容另存为 {path.stem}_")
    assert version


def test_a_copy_that_equals_the_workbook_changes_nothing(call, planned):
    path, _, _ = planned
    backups(path)[0].write_bytes(path.read_bytes())
    code, out, _ = call("restore", path)
    assert code == 0
    assert "没有改动" in out
    assert len(backups(path)) == 1


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b""), lambda path: path.unlink()])
def test_a_damaged_or_lost_workbook_is_what_it_is_for(call, planned, spoil):
    path, before, _ = planned
    spoil(path)
    assert call("restore", path, "--quiet")[0] == 0
    assert path.read_bytes() == before


def test_output_leaves_the_workbook_alone(call, planned):
    path, before, after = planned
    other = path.with_name("另存.xlsx")
    assert call("restore", path, "--output", other, "--quiet")[0] == 0
    assert (path.read_bytes(), other.read_bytes()) == (after, before)


def test_no_more_copies_than_are_kept(call, planned):
    path, before, _ = planned
    for _ in range(BACKUPS_KEPT + 2):
        call("restore", path, "--quiet")
    assert len(backups(path)) == BACKUPS_KEPT
    assert path.read_bytes() in (before, planned[2])


def refused(call, path, *named):
    before = path.read_bytes() if path.exists() else None
    listed = sorted(path.parent.rglob("*"))
    code, out, err = call("restore", path)
    assert (code, out) == (2, "")
    assert err.strip().endswith("。")
    for word in named:
        assert word in err
    assert (path.read_bytes() if path.exists() else None) == before
    assert sorted(path.parent.rglob("*")) == listed


def test_refused_without_a_backup(call, tmp_path):
    refused(call, small_branch(tmp_path / "支行.xlsx"), "支行.xlsx", "没有这个工作簿的备份")
    refused(call, tmp_path / "没有.xlsx", "没有.xlsx", "找不到")


def test_a_backup_of_another_workbook_is_not_taken(call, planned):
    path, _, _ = planned
    other = small_branch(path.with_name("支行.xlsx"))
    refused(call, other, "没有这个工作簿的备份")


def test_a_damaged_newest_backup_is_refused_and_the_good_one_named(call, planned):
    path, _, _ = planned
    call("restore", path)
    newest, good = backups(path)
    # A damaged part that no command reads is damage too.
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 0xFF
    for damaged in (bytes(content), newest.read_bytes()[:3000], b""):
        newest.write_bytes(damaged)
        refused(call, path, newest.name, good.name, "完好")
    good.write_bytes(b"")
    refused(call, path, newest.name, "其余备份也不可用")


def test_refused_while_open_elsewhere(call, planned):
    path, _, _ = planned
    path.with_name(f".~lock.{path.name}#").write_text(",何青,branch-pc,x,y;", encoding="utf-8")
    refused(call, path, "何青", "锁文件")
