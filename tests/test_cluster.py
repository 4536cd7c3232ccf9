"""consolidate on other workers (issue 10, 4.): same result, nothing lost or counted twice, whoever dies.

1. a real scheduler with two workers on the loopback, one of them killed in the middle.
2. this computer's processes, one of them killed in the middle.
3. no scheduler at the address: one sentence.
"""

import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.branch_deliveries import delivered
from tests.test_consolidate import order, whole
from toolkit.office.consolidate import consolidate

pytest.importorskip("duckdb")
pytest.importorskip("distributed")
ROOT = Path(__file__).resolve().parents[1]
BRANCHES = 12
no_sigkill = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("各网点") / "收"
    for number in range(BRANCHES):
        delivered(folder / f"支行{number:02}.xlsx", f"支行{number:02}", f"Z{number:02}")
    return folder


@pytest.fixture(scope="module")
def expected(deliveries, tmp_path_factory) -> list[bytes]:
    """Workbook and report of a run in this very process."""
    result = whole(tmp_path_factory.mktemp("单机"), deliveries)
    assert result.counts["贷款"] == 2 * BRANCHES
    return [path.read_bytes() for path in result.outputs[:2]]


@pytest.fixture
def start():
    """Starts `python -m …`, and ends what is still running afterwards."""
    started = []

    def begin(*arguments: str) -> subprocess.Popen:
        environment = os.environ | {"PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3"}
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        process.stderr.close()


def wait_for(process: subprocess.Popen, pattern: str) -> str:
    """The first group of `pattern` in what the process says; what it says later is thrown away."""
    for line in process.stderr:
        if found := re.search(pattern, line):
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return found[1]
    raise AssertionError(f"never said {pattern}")


def receipts(store: Path) -> list[Path]:
    return list((store / "receipts").glob("*.json"))


def kill_in_the_middle(store: Path, victim) -> int:
    """Once a few deliveries are stored; returns how many were."""
    for _ in range(2000):
        if len(receipts(store)) >= 3:
            break
        time.sleep(0.01)
    there = len(receipts(store))
    os.kill(victim(), signal.SIGKILL)
    return there


def run_beside(tmp_path: Path, deliveries: Path, **options):
    """The command in a thread; gives the thread and where its result comes."""
    done = []

    def work() -> None:
        done.append(consolidate(order(tmp_path / "汇总.xlsx", deliveries, **options), lambda *_: None))

    thread = threading.Thread(target=work)
    thread.start()
    return thread, done


def agrees(result, expected: list[bytes]) -> None:
    assert result.counts["贷款"] == 2 * BRANCHES
    assert result.counts["未汇总"] == 0
    assert [path.read_bytes() for path in result.outputs[:2]] == expected
    store = result.outputs[-1].parent.parent
    assert len(receipts(store)) == BRANCHES
    assert len(list(store.rglob("loans.parquet"))) == BRANCHES
    assert not list(store.rglob("*.tmp"))


@no_sigkill
def test_a_worker_of_a_cluster_dies(deliveries, expected, tmp_path, start):
    scheduler = start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = wait_for(scheduler, r"Scheduler at:\s+(tcp://\S+)")
    scratch = ("--local-directory", str(tmp_path / "scratch"), "--no-dashboard", "--no-nanny", "--nthreads", "1")
    workers = [start("distributed.cli.dask_worker", address, *scratch) for _ in range(2)]
    for worker in workers:
        wait_for(worker, r"(Registered to:)")
    thread, done = run_beside(tmp_path, deliveries, scheduler=address, workers=BRANCHES)
    there = kill_in_the_middle(tmp_path / "汇总_数据", lambda: workers[0].pid)
    thread.join(60)
    assert workers[0].poll() == -signal.SIGKILL
    assert there < BRANCHES, "the worker was killed too late to prove anything"
    agrees(done[0], expected)


@no_sigkill
def test_a_process_of_this_computer_dies(deliveries, expected, tmp_path):
    thread, done = run_beside(tmp_path, deliveries, workers=2)
    there = kill_in_the_middle(tmp_path / "汇总_数据", lambda: multiprocessing.active_children()[0].pid)
    thread.join(60)
    assert there < BRANCHES, "the process was killed too late to prove anything"
    agrees(done[0], expected)


def test_no_scheduler_is_one_sentence(deliveries, tmp_path, capsys, monkeypatch):
    from toolkit.cli import main
    from toolkit.office import workers

    monkeypatch.setattr(workers, "_CLUSTER_WAIT", "1s")
    nobody = ["--scheduler", "tcp://127.0.0.1:9", "--json"]
    with pytest.raises(SystemExit) as ended:
        main(["consolidate", str(deliveries), "--out", str(tmp_path / "汇总.xlsx"), *nobody])
    assert ended.value.code == 2
    assert "连不上调度器" in json.loads(capsys.readouterr().out)["error"]
    assert not (tmp_path / "汇总.xlsx").exists()
