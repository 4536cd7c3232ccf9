"""`python -m benchmarks.office [--branches 200 800 2000] [--loans 10000 100000 1000000] [--processes N]`.

What head office's commands cost.

**consolidate** – the command on workbooks of 300 loans, visits and records each (`branches.py`), from process start to
end with an empty store, beside bare calamine reading the same files with as many processes (`bare_folder.py`).
**plan in shares** – a ledger as Parquet, planned some branches at a time (`shares.py`).
Every measurement is a process of its own; MB are the peak of the largest process.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.plan import Cost, line, measure


def consolidate_rows(folder: Path, counts: list[int], processes: int) -> list[str]:
    rows, before = [], None
    for count in counts:
        books = folder / f"books{count}"
        measure("branches", books, count)
        ours = measure("consolidating", books, folder / f"{count}.xlsx", processes)[0]
        again = measure("consolidating", books, folder / f"{count}.xlsx", processes)[0]
        bare = measure("bare_folder", processes, books)[0]
        ratio = f"{ours.seconds / bare.seconds:.1f} ({ours.cpu / bare.cpu:.1f})"
        unit = f"{1000 * ours.cpu / count:.0f} ({1000 * bare.cpu / count:.0f})"
        growth = _growth(count, ours, before)
        repeated = f"{again.seconds:.1f} ({again.cpu:.1f})"
        rows.append(line([f"{count:,}", *_cells(ours), *_cells(bare), ratio, unit, repeated, growth]))
        before = (count, ours)
        shutil.rmtree(books)
    return rows


def plan_rows(folder: Path, counts: list[int]) -> list[str]:
    rows, before = [], None
    for count in counts:
        place = folder / f"ledger{count}"
        measure("shares", "make", place, count)
        cost, printed = measure("shares", "plan", place)
        rows.append(line([f"{count:,}", f"{int(printed):,}", *_cells(cost), _growth(count, cost, before)]))
        before = (count, cost)
        shutil.rmtree(place)
    return rows


def _growth(count: int, cost: Cost, before: tuple[int, Cost] | None) -> str:
    return f"×{cost.cpu / before[1].cpu:.1f} for ×{count / before[0]:.1f}" if before else ""


def _cells(cost: Cost) -> list[str]:
    return [f"{cost.seconds:.1f} ({cost.cpu:.1f})", f"{cost.peak:,.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.office", description="What head office's commands cost."
    )
    parser.add_argument("--branches", type=int, nargs="*", default=[200, 800, 2000])
    parser.add_argument("--loans", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        if options.branches:
            head = ["workbooks", "consolidate s (CPU)", "MB", "bare read s (CPU)", "MB", "ratio (CPU)"]
            head += ["ms of CPU a workbook (bare)", "again, from the store s (CPU)", "growth (CPU)"]
            print(line(head), line(["---:"] * len(head)), sep="\n")
            print(*consolidate_rows(Path(made), options.branches, options.processes), sep="\n", flush=True)
        if options.loans:
            head = ["loans", "visits", "plan in shares s (CPU)", "MB", "growth (CPU)"]
            print(line(head), line(["---:"] * len(head)), sep="\n")
            print(*plan_rows(Path(made), options.loans), sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
