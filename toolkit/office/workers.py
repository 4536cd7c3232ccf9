"""Who does the batches: this computer's processes, or an existing Dask cluster; both as `concurrent.futures.Executor`.

A worker that dies takes no file with it: its batches are done again, file by file, and a file that kills every worker
it is given to is listed.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from toolkit.model.errors import ToolkitError
from toolkit.office.reading import Batch, read_batch
from toolkit.office.store import Receipt

_MOST_FILES = 50
_BATCHES_PER_WORKER = 4
_CLUSTER_WAIT = "10s"
Read = Callable[[Batch], list[Receipt]]
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
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The executor of the cluster at `address` and how many workers it has. Raises `ToolkitError` if it has none."""
    try:
        from distributed import Client
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
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        if not workers:
            raise ToolkitError("集群没有工作进程", where=f"--scheduler {address}", mend="请先启动 dask worker")
        # Never taken from a cache of results: whether a file was read is the store's to say.
        yield client.get_executor(pure=False), workers


def read_all(work: Sequence[Batch], done: Done, *, scheduler: str = "", workers: int = 0) -> list[Receipt]:
    """The receipts of all batches in their order; `done` is told how many files are through."""
    if scheduler:
        with cluster(scheduler) as (executor, _):
            return _gathered(executor, work, done)
    workers = workers or processors()
    if len(work) == 1 or workers == 1:
        out = []
        for batch in work:
            out += read_batch(batch)
            done(len(out))
        return out
    try:
        with local(workers) as executor:
            return _gathered(executor, work, done)
    except BrokenProcessPool:
        # What was finished is in the store and only looked up now.
        return [receipt for batch in work for file in batch.files for receipt in _alone(batch, file)]


def _gathered(executor: Executor, work: Sequence[Batch], done: Done) -> list[Receipt]:
    futures: dict[Future[list[Receipt]], int] = {executor.submit(read_batch, batch): i for i, batch in enumerate(work)}
    out: list[list[Receipt]] = [[] for _ in work]
    through = 0
    for future in as_completed(futures):
        out[futures[future]] = future.result()
        through += len(out[futures[future]])
        done(through)
    return [receipt for receipts in out for receipt in receipts]


def _alone(batch: Batch, file: tuple[str, str, str]) -> list[Receipt]:
    """One file in a process of its own."""
    one = Batch((file,), batch.store, batch.period, batch.as_of)
    try:
        with local(1) as executor:
            return executor.submit(read_batch, one).result()
    except BrokenProcessPool:
        return [Receipt(file[1], error="读取它的进程意外结束（可能是内存不足），请单独检查这个文件")]
