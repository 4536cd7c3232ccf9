"""`python -m benchmarks.check [--records 10000 100000] [--repeat 2]`: what `check` costs beside reading the records.

Every measurement is a process of its own; of several runs the least counts, since other work on the computer only
adds. `python -m benchmarks.check --one FILE` is such a process.
"""

import argparse
import datetime as dt
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AS_OF = dt.date(2026, 9, 30)
HEAD = (
    "records",
    "findings",
    "reading 回访记录 s (CPU)",
    "reading all sheets s (CPU)",
    "check s (CPU)",
    "check ÷ reading 回访记录",
)


def measure_here(path: Path) -> dict[str, list[float]]:
    """Seconds by the clock and of the processor of each stage, and the number of findings."""
    from toolkit.actions import BY_NAME
    from toolkit.hosts.closed_file import open_closed
    from toolkit.model import sheets as s
    from toolkit.model.request import Request
    from toolkit.run.settings import calendar_of, parameters_of

    action = BY_NAME["check"]
    step = action.load()
    marks = [(time.perf_counter(), time.process_time())]

    def lap() -> list[float]:
        marks.append((time.perf_counter(), time.process_time()))
        return [now - before for now, before in zip(marks[-1], marks[-2], strict=True)]

    book = open_closed(path)
    tables = {s.RECORDS.title: book.read(s.RECORDS)}
    records = lap()
    tables |= {sheet.title: book.read(sheet) for sheet in (*action.reads, *action.writes) if sheet is not s.RECORDS}
    request = Request(AS_OF, parameters_of(book.read(s.PARAMETERS)), calendar_of(book.read(s.HOLIDAYS)))
    whole = [one + other for one, other in zip(records, lap(), strict=True)]
    outcome = step(tables, request)
    return {"records": records, "all": whole, "check": lap(), "findings": [sum(outcome.counts.values())]}


def least(path: Path, repeat: int) -> dict[str, list[float]]:
    runs = []
    for _ in range(repeat):
        command = [sys.executable, "-m", "benchmarks.check", "--one", str(path)]
        runs.append(json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout))
    return {name: [min(values) for values in zip(*(run[name] for run in runs), strict=True)] for name in runs[0]}


def row(count: int, cost: dict[str, list[float]]) -> str:
    stages = [f"{cost[name][0]:.1f} ({cost[name][1]:.1f})" for name in ("records", "all", "check")]
    ratio = [f"{check / read:.2f}" for check, read in zip(cost["check"], cost["records"], strict=True)]
    return line((f"{count:,}", f"{cost['findings'][0] - count:,.0f}", *stages, f"{ratio[0]} ({ratio[1]})"))


def line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check", description="What checking costs.")
    parser.add_argument("--records", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--one", type=Path)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure_here(options.one)))
        return
    print(line(HEAD))
    print(line(("---:",) * len(HEAD)))
    with tempfile.TemporaryDirectory() as made:
        for count in options.records:
            subprocess.run([sys.executable, "-m", "benchmarks.registers", made, str(count)], cwd=ROOT, check=True)
            print(row(count, least(Path(made) / f"{count}_register.xlsx", options.repeat)), flush=True)


if __name__ == "__main__":
    main()
