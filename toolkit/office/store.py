"""What was delivered, kept for good: Parquet by period and branch, one folder a delivery, never changed.

``period=2026Q3/branch=城东支行/delivery=ID/*.parquet`` and a receipt ``receipts/ID.json``, written last: a delivery
counts once its receipt is there, so a killed run leaves nothing that a later one would take for whole, and the later
run goes on where it stopped. ID is made of the workbook's content, period, T and version: the same content gives the
same folder.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit import __version__
from toolkit.hosts.locking import locked
from toolkit.model.errors import ToolkitError
from toolkit.rules.forms.names import file_part

RECEIPTS, RUNS = "receipts", "runs"
_NO_ROWS = "none.parquet"
_TYPES = {"b": "BOOLEAN", "i": "BIGINT", "f": "DOUBLE", "M": "TIMESTAMP"}


@dataclass
class Receipt:
    """One workbook as read. `error` (then nothing was stored) or `folder` in the store.

    `file`: as a reader of the whole would look for it. `home`: its most frequent 网点, else 机构. `branches`: 网点 →
    loans. `parameters`: as text. `last_run`: the latest 时间 of 操作日志 (ISO, "" = none).
    """

    file: str
    delivery: str = ""
    folder: str = ""
    error: str = ""
    notes: list[str] = field(default_factory=list)
    version: str = ""
    institution: str = ""
    home: str = ""
    branches: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    last_run: str = ""


def fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def delivery_id(content: bytes, period: str, as_of: str) -> str:
    return f"{fingerprint(content)}_{period}_{as_of}_{__version__}"


def need_duckdb() -> None:
    """Raise `ToolkitError` if the extra is not installed."""
    from importlib.util import find_spec

    if find_spec("duckdb") is None:
        raise ToolkitError("没有安装总行汇总的组件", mend="请运行 python -m pip install loanvisit[head-office]")


def stored(store: Path, delivery: str) -> Receipt | None:
    """The receipt of a delivery that is in the store as a whole; None also if somebody took its files away."""
    path = store / RECEIPTS / f"{delivery}.json"
    if not path.is_file():
        return None
    receipt = Receipt(**json.loads(path.read_text(encoding="utf-8")))
    return receipt if (store / receipt.folder).is_dir() else None


class Shelf:
    """Puts deliveries into the store, many at once, since a file costs more than its rows. A delivery that is in the
    store already stays as it is."""

    def __init__(self, store: Path, period: str, connection: Any) -> None:
        self._store, self._period, self._connection = store, period, connection

    def put(self, receipts: Sequence[Receipt], frames: Mapping[str, pd.DataFrame]) -> None:
        """Write the rows (``place`` says whose of `receipts` each is) and the receipts, which get their folder.

        Raises OSError.
        """
        first: dict[str, int] = {}
        for place, receipt in enumerate(receipts):
            branch = Path(f"period={file_part(self._period)}") / f"branch={file_part(receipt.home) or '_'}"
            receipt.folder = (branch / f"delivery={receipt.delivery}").as_posix()
            first.setdefault(receipt.delivery, place)
        names = np.array([receipt.delivery for receipt in receipts], dtype=object)
        scratch = self._store / f".{secrets.token_hex(6)}.tmp"
        try:
            for kind, frame in frames.items():
                whose = frame["place"]
                rows = frame.drop(columns="place").assign(delivery=names[whose.to_numpy(dtype=int)], place=whose)
                self._write(rows, scratch / kind)
            for place in first.values():
                self._settle(scratch, place, receipts[place], list(frames))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def _write(self, frame: pd.DataFrame, folder: Path) -> None:
        """Every file of one kind has the same types, also where a column is blank throughout; one file a delivery, and
        one for those that have no such rows."""
        folder.mkdir(parents=True)
        self._connection.register("frame", frame)
        columns = ", ".join(
            f'CAST("{name}" AS {_TYPES.get(frame[name].dtype.kind, "VARCHAR")}) AS "{name}"' for name in frame
        )
        self._connection.execute(
            f"COPY (SELECT {columns} FROM frame) TO {quoted(folder)} "
            "(FORMAT parquet, COMPRESSION zstd, PARTITION_BY (place), OVERWRITE_OR_IGNORE)"
        )
        rest = columns.rpartition(", CAST(")[0]
        self._connection.execute(
            f"COPY (SELECT {rest} FROM frame WHERE false) TO {quoted(folder / _NO_ROWS)} (FORMAT parquet)"
        )
        self._connection.unregister("frame")

    def _settle(self, scratch: Path, place: int, receipt: Receipt, kinds: list[str]) -> None:
        """A delivery's files under its name, all at once, and then its receipt."""
        target = self._store / receipt.folder
        if not target.is_dir():
            whole = scratch / f"whole{place}"
            whole.mkdir()
            for kind in kinds:
                written = list((scratch / kind / f"place={place}").glob("*.parquet"))
                source = written[0] if written else scratch / kind / _NO_ROWS
                (os.replace if written else shutil.copyfile)(source, whole / f"{kind}.parquet")
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.replace(whole, target)
            except OSError:
                if not target.is_dir():  # else another worker was given the same file and was faster
                    raise
        _put_text(self._store / RECEIPTS / f"{receipt.delivery}.json", json.dumps(asdict(receipt), ensure_ascii=False))


@contextmanager
def shelf(store: Path, period: str) -> Iterator[Shelf]:
    """A shelf with a connection of its own."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        yield Shelf(store, period, connection)


def quoted(path: Path) -> str:
    """A path as a SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def held(store: Path, wait_seconds: float = 30) -> Iterator[None]:
    """The store is filled by one run at a time; what a killed one left half written is swept away.

    Raises `ToolkitError` if another run holds it for longer than `wait_seconds`.
    """

    def busy() -> ToolkitError:
        return ToolkitError("另一次汇总正在写入数据文件夹", where=str(store), mend="请等它结束后再试")

    with locked(store / ".lock", wait_seconds, busy):
        _sweep(store)
        yield
        _sweep(store)


def _sweep(store: Path) -> None:
    for leftover in (*store.glob(".*.tmp"), *store.glob("*/.*.tmp")):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def _put_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f".{secrets.token_hex(6)}.tmp"
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def keep_run(store: Path, name: str, content: dict[str, Any]) -> Path:
    """What a run was made of, so that it can be made again; the same run gives the same file."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    path = store / RUNS / f"{name}_{fingerprint(text.encode())[:8]}.json"
    if not path.is_file():
        _put_text(path, text)
    return path


def kept_run(path: Path) -> dict[str, Any]:
    """Raises `ToolkitError` if the file is no record of a run."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        content = None
    if not isinstance(content, dict) or "deliveries" not in content:
        raise ToolkitError("不是汇总批次的记录", where=path.name, mend=f"请选择数据文件夹中 {RUNS} 下的 .json 文件")
    return content
