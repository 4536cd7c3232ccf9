"""`python -m benchmarks.plan [--loans 3000 10000 100000] [--repeat 3]`: what `plan` costs, as a Markdown table.

Every measurement is a process of its own, from its start to its end; of several runs in turn the least counts, since
other work on the computer only adds. Needs os.wait4 (Linux, macOS) for the peak memory, and openpyxl (extra `dev`).
This process imports next to nothing: a child's peak counts the memory of the parent it was forked from.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = "回访清单,校验结果,周安排,计划进度,计划审批表"
LAST_ROW = 1_048_576


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, seconds of processor, peak MB; of several runs the least of each."""

    seconds: float
    cpu: float
    peak: float

    def least(self, other: "Cost | None") -> "Cost":
        if other is None:
            return self
        return Cost(min(self.seconds, other.seconds), min(self.cpu, other.cpu), min(self.peak, other.peak))


def measure(module: str, *arguments: object) -> tuple[Cost, str]:
    """Run `python -m benchmarks.MODULE …` and give its cost and what it printed."""
    with tempfile.TemporaryFile("w+") as printed:
        began = time.perf_counter()
        command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=printed)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
        printed.seek(0)
        unit = 1024 if sys.platform == "linux" else 1024**2
        return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / unit), printed.read()


@dataclass
class Comparison:
    """One way of planning one ledger. `inputs`: the files that all three read."""

    way: str
    loans: int
    inputs: list[Path]
    ours: Cost | None = None
    floor: Cost | None = None
    plain: Cost | None = None
    cells: int = 0

    def run_once(self, folder: Path) -> None:
        result = folder / "ours.xlsx"
        ours, _ = measure("ours", self.way, *self.inputs, result)
        floor, printed = measure("floor", result, RESULTS, folder / "floor.xlsx", *self.inputs)
        told = json.loads(printed)
        floor = Cost(told["seconds"], told["cpu"], floor.peak)
        plain, _ = measure("plain", folder / "plain.xlsx", *self.inputs)
        self.ours, self.floor, self.plain = ours.least(self.ours), floor.least(self.floor), plain.least(self.plain)
        self.cells = told["cells"]

    def row(self) -> str:
        ours, *others = costs = [cost for cost in (self.ours, self.floor, self.plain) if cost]
        cells = [text for cost in costs for text in (f"{cost.seconds:.1f} ({cost.cpu:.1f})", f"{cost.peak:,.0f}")]
        ratios = [f"{ours.seconds / other.seconds:.2f} ({ours.cpu / other.cpu:.2f})" for other in others]
        return line([f"{self.loans:,}", self.way, f"{self.cells:,}", *cells, *ratios])


HEAD = (
    "loans", "run", "cells written", "plan s (CPU)", "MB", "floor s (CPU)", "MB", "plain s (CPU)", "MB",
    "plan ÷ floor", "plan ÷ plain",
)  # fmt: skip


def line(cells: list[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def comparisons(folder: Path, loans: int) -> list[Comparison]:
    """Write the ledger and say what is run on it."""
    measure("ledgers", folder, loans)
    found = [Comparison("library", loans, [folder / f"{loans}_bare.xlsx", folder / f"{loans}.csv"])]
    workbook = folder / f"{loans}.xlsx"
    return [Comparison("command", loans, [workbook]), *found] if workbook.exists() else found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plan", description="What planning costs.")
    parser.add_argument("--loans", type=int, nargs="+", default=[3_000, 10_000, 100_000])
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        found = [comparison for loans in options.loans for comparison in comparisons(folder, loans)]
        for turn in range(options.repeat):
            for comparison in found:
                print(f"{turn + 1}/{options.repeat} {comparison.loans} {comparison.way}", file=sys.stderr, flush=True)
                comparison.run_once(folder)
    print(line(HEAD))
    print(line(["---:", "---", *["---:"] * (len(HEAD) - 2)]))
    for comparison in found:
        print(comparison.row())
    print()
    growing = [(comparison.loans, comparison.ours) for comparison in found if comparison.way == "library"]
    for (few, less), (many, more) in itertools.pairwise(growing):
        if less and more:
            growth = f"×{more.seconds / less.seconds:.1f} (CPU ×{more.cpu / less.cpu:.1f})"
            print(f"library, from {few:,} to {many:,} loans (×{many / few:.1f}): {growth}.")
    print(measure("workdays")[1].strip())


if __name__ == "__main__":
    main()
