"""The benchmark compares like with like: the plain script lists the visits that planning lists.

It also is a second opinion on first, periodic, reminder and overdue visits, written by other means.
"""

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from benchmarks import check, floor, ledgers, ours, papers, plain, registers, shares
from toolkit.hosts.closed_file import open_closed
from toolkit.model import sheets as s
from toolkit.model import values as v

COMPARED = ["contract_no", "visit_type", "earliest_on", "due_on", "state"]
KINDS = [v.FIRST, v.PERIODIC, v.REMINDER, v.OVERDUE]


def listed(path) -> pd.DataFrame:
    data = open_closed(path).read(s.VISITS).data
    return data.loc[data["visit_type"].isin(KINDS), COMPARED].sort_values(COMPARED, ignore_index=True)


def test_both_ways_and_the_plain_script_list_the_same_visits(tmp_path):
    ledgers.write_ledger(tmp_path, 300)
    bare, schedule, whole = tmp_path / "300_bare.xlsx", tmp_path / "300.csv", tmp_path / "300.xlsx"
    ours.library(bare, schedule, tmp_path / "library.xlsx")
    with pytest.raises(SystemExit) as ended:
        ours.command(whole, tmp_path / "command.xlsx")
    assert not ended.value.code
    plain.main(str(tmp_path / "plain.xlsx"), str(whole))
    plain.main(str(tmp_path / "plain_csv.xlsx"), str(bare), str(schedule))
    expected = listed(tmp_path / "command.xlsx")
    assert set(expected["visit_type"]) == set(KINDS)
    for name in ("library", "plain", "plain_csv"):
        pd.testing.assert_frame_equal(listed(tmp_path / f"{name}.xlsx"), expected)

    cells = floor.cells_of(str(tmp_path / "command.xlsx"), [s.VISITS.title])
    floor.run([str(bare), str(schedule)], str(tmp_path / "floor.xlsx"), cells)
    written = CalamineWorkbook.from_path(tmp_path / "floor.xlsx").get_sheet_by_name(s.VISITS.title).to_python()
    assert sum(cell != "" for row in written for cell in row) == len(cells[s.VISITS.title])


def test_a_seed_gives_the_same_ledger(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        ledgers.write_ledger(tmp_path / folder, 40)
    for name in ("40.xlsx", "40_bare.xlsx", "40.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_registers_are_seeded_and_hold_the_faults_that_check_finds(tmp_path):
    path = registers.write_register(tmp_path, 500)
    first = path.read_bytes()
    assert registers.write_register(tmp_path, 500).read_bytes() == first
    cost = check.measure_here(path)
    # Five kinds of fault, five records each; a signature or content that is missing is one finding, and so on.
    assert cost["findings"][0] - 500 >= 25
    assert all(seconds >= 0 for name in ("records", "all", "check") for seconds in cost[name])


def test_the_benchmark_of_papers_makes_as_many_of_three_kinds(tmp_path):
    made = papers.decided(papers.tables(6), 6)
    assert sorted(paper.template for paper in made) == sorted(["整改通知书", "面谈记录", "致客户的信"] * 2)
    for folder in ("ours", "floor"):
        (tmp_path / folder).mkdir()
    papers.ours(made, tmp_path / "ours")
    papers.floor(made)(tmp_path / "floor")
    names = [sorted(path.name for path in (tmp_path / folder).iterdir()) for folder in ("ours", "floor")]
    assert names[0] == names[1] == sorted(paper.file_name for paper in made)


def test_shares_of_whole_branches_give_the_list_of_one_run(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    lists = []
    for name, most in (("shares", 2000), ("whole", 100_000)):
        shares.make(tmp_path / name, 2200)  # two branches
        shares.plan_shares(tmp_path / name, most)
        lists.append(duckdb.sql(f"SELECT * FROM '{tmp_path / name}/visits/*.parquet' ORDER BY visit_no").df())
    assert len(list((tmp_path / "shares" / "visits").iterdir())) == 2
    pd.testing.assert_frame_equal(*lists)
