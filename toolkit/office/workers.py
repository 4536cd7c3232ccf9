"""Who does the batches: this computer's processes, or an existing Dask cluster; both as `concurrent.futures.Executor`.

A worker that dies takes no file with it: its batches are done again, file by file, and a file that kills every worker
it is given to is listed.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from toolkit.model.errors import ToolkitError
from toolkit.office.reading import Batch, read_batch
from toolkit.office.store import Receipt

_MOST_FILES = 50
_BATCHES_PER_WORKER = 4
_CLUSTER_WAIT = "10s"
_KILLS = "读取它的进程意外结束（可能是内存不足），请单独检查这个文件"
Done = Callable[[int], None]


def batches(files: Sequence[tuple[str, str, str]], store: str, period: str, as_of: str, workers: int) -> list[Batch]:
    """Enough batches to keep all workers busy to the end, and no more: a task of a cluster costs milliseconds."""
    size = max(1, min(_MOST_FILES, -(-len(files) // (workers * _BATCHES_PER_WORKER))))
    return [Batch(tuple(files[i : i + size]), store, period, as_of) for i in range(0, len(files), size)]


def processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def local(workers: int) -> Iterator[Executor]:
    """Fresh processes, alike on every system: a copy of this one would carry its threads' locks."""
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, type[Exception]]]:
    """The executor of the cluster at `address`, and what it raises where a batch killed several workers.

    Raises `ToolkitError` if it is out of reach, has no workers, or they lack this toolkit.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise ToolkitError(
            "没有安装使用集群的组件", mend="请运行 python -m pip install loanvisit[cluster]，或去掉 --scheduler"
        ) from None
    try:
        client = Client(address, timeout=_CLUSTER_WAIT, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        raise ToolkitError(
            "连不上调度器", where=f"--scheduler {address}", mend="请核对地址，形如 tcp://10.0.0.1:8786"
        ) from None
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise ToolkitError("集群没有工作进程", where=f"--scheduler {address}", mend="请先启动 dask worker")
        # Never taken from a cache of results: whether a file was read is the store's to say.
        try:
            yield client.get_executor(pure=False), KilledWorker
        except ModuleNotFoundError as error:
            raise ToolkitError(
                f"工作进程缺少“{error.name}”",
                where=f"--scheduler {address}",
                mend="请在每个工作进程上安装同一版本的本工具",
            ) from None


def read_all(work: Sequence[Batch], done: Done, *, scheduler: str = "", workers: int = 0) -> list[Receipt]:
    """The receipts of all batches in their order; `done` is told how many files are through."""
    out: dict[int, list[Receipt]] = {}
    if scheduler:
        with cluster(scheduler) as (executor, killed):
            _gather(executor, work, out, done, killed)
    elif len(work) == 1 or workers == 1:
        for number, batch in enumerate(work):
            out[number] = read_batch(batch)
            done(_through(out))
    else:
        _by_processes(work, out, done, workers or processors())
    return [receipt for number in range(len(work)) for receipt in out[number]]


def _by_processes(work: Sequence[Batch], out: dict[int, list[Receipt]], done: Done, workers: int) -> None:
    """With fresh processes as often as one dies, as long as anything gets done; what is left goes file by file."""
    while len(out) < len(work):
        before = len(out)
        try:
            with local(min(workers, len(work) - len(out))) as executor:
                _gather(executor, work, out, done)
        except BrokenProcessPool:
            if len(out) == before:
                break
    for number, batch in enumerate(work):
        if number not in out:
            out[number] = [_alone(batch, file) for file in batch.files]
            done(_through(out))


def _gather(
    executor: Executor,
    work: Sequence[Batch],
    out: dict[int, list[Receipt]],
    done: Done,
    killed: type[Exception] | tuple[()] = (),
) -> None:
    futures: dict[Future[list[Receipt]], int] = {
        executor.submit(read_batch, batch): number for number, batch in enumerate(work) if number not in out
    }
    for future in as_completed(futures):
        number = futures[future]
        try:
            out[number] = future.result()
        except killed:
            out[number] = [Receipt(name, error=_KILLS) for _, name, _ in work[number].files]
        done(_through(out))


def _through(out: Mapping[int, list[Receipt]]) -> int:
    return sum(map(len, out.values()))


def _alone(batch: Batch, file: tuple[str, str, str]) -> Receipt:
    """One file in a process of its own."""
    one = Batch((file,), batch.store, batch.period, batch.as_of)
    try:
        with local(1) as executor:
            return executor.submit(read_batch, one).result()[0]
    except BrokenProcessPool:
        return Receipt(file[1], error=_KILLS)
