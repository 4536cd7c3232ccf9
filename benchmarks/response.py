"""`python -m benchmarks.response [--loans 3000] [--repeat 3] [--ledger bare full]`: how long one waits.

Plan, check, classify and kpi on a closed workbook, process start included, beside the floor: a process that imports the
libraries that a workbook cannot be read and written without, reads the same sheets and writes the same cells. Both are
measured in turn; of several turns the least counts. Needs os.wait4 (Linux, macOS).
"""

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ACTIONS = {
    "plan": ("--as-of", "2026-07-01"),
    "check": ("--as-of", "2026-09-30"),
    "classify": ("--as-of", "2026-09-30"),
    "kpi": ("--as-of", "2026-09-30", "--period", "2026Q3"),
}
LEDGERS = {"bare": "{}_bare.xlsx", "full": "{}.xlsx"}
RECORDS = 1500


def timed(*command: object) -> tuple[float, float]:
    """(seconds by the clock, of the processor) of a Python process from its start to its end."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *map(str, command)], cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {process.returncode}")
    return seconds, used.ru_utime + used.ru_stime


@dataclass
class Case:
    """One command on one workbook: `result` is what it made, `cells` a file with what of that is new."""

    action: str
    ledger: str
    workbook: Path
    result: Path
    cells: Path
    count: int = 0
    ours: tuple[float, float] = (1e9, 1e9)
    floor: tuple[float, float] = (1e9, 1e9)

    def run_ours(self) -> tuple[float, float]:
        return timed(
            "-m", "toolkit", self.action, self.workbook, *ACTIONS[self.action], "--output", self.result, "--quiet"
        )  # fmt: skip

    def run_floor(self) -> tuple[float, float]:
        output = self.result.with_suffix(".bare.xlsx")
        return timed("-m", "benchmarks.bare", self.workbook, self.cells, output, *sheets_of(self.action))

    def turn(self) -> None:
        ours, floor = self.run_ours(), self.run_floor()
        self.ours, self.floor = ((min(a, c), min(b, d)) for (a, b), (c, d) in ((self.ours, ours), (self.floor, floor)))

    def row(self) -> str:
        (seconds, cpu), (floor, floor_cpu) = self.ours, self.floor
        cells = (
            self.ledger, self.action, f"{self.count:,}", f"{seconds:.2f} ({cpu:.2f})", f"{floor:.2f} ({floor_cpu:.2f})",
            f"{seconds - floor:.2f} ({cpu - floor_cpu:.2f})", f"{seconds / floor:.2f} ({cpu / floor_cpu:.2f})",
        )  # fmt: skip
        return f"| {' | '.join(cells)} |"


def sheets_of(action: str) -> list[str]:
    """Titles of the sheets that a command reads."""
    from toolkit.actions import BY_NAME
    from toolkit.model import sheets as s

    read = (*BY_NAME[action].reads, *BY_NAME[action].writes, s.PARAMETERS, s.HOLIDAYS, s.LOG)
    return list(dict.fromkeys(sheet.title for sheet in read))


def prepared(folder: Path, ledger: str, loans: int) -> list[Case]:
    """As the work goes: each command on what the ones before it made, with the records filled in after planning."""
    from benchmarks.records import write_records

    workbook = folder / LEDGERS[ledger].format(loans)
    cases = []
    for action in ACTIONS:
        case = Case(action, ledger, workbook, folder / f"{ledger}_{action}.xlsx", folder / f"{ledger}_{action}.cells")
        case.run_ours()
        case.count = keep_new_cells(case)
        case.run_floor()
        workbook = folder / f"{ledger}_after_{action}.xlsx"
        if action == "plan":
            write_records(case.result, workbook, RECORDS)
        else:
            workbook.write_bytes(case.result.read_bytes())
        cases.append(case)
    return cases


def keep_new_cells(case: Case) -> int:
    """Save the cells that the command wrote, as (sheet, row, column, value); returns how many."""
    from python_calamine import CalamineWorkbook

    def cells(path: Path) -> dict[tuple[str, int, int], object]:
        book = CalamineWorkbook.from_path(path)
        return {
            (title, i, j): value
            for title in book.sheet_names
            for i, row in enumerate(book.get_sheet_by_name(title).to_python(skip_empty_area=False))
            for j, value in enumerate(row)
            if value != ""
        }

    before = cells(case.workbook)
    new = [(*place, value) for place, value in cells(case.result).items() if before.get(place) != value]
    case.cells.write_bytes(pickle.dumps(new))
    return len(new)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.response", description="How long a command takes.")
    parser.add_argument("--loans", type=int, default=3000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--ledger", nargs="+", choices=list(LEDGERS), default=list(LEDGERS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        # Modules compiled, as pip leaves them; all are once the cases are prepared.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
        timed("-m", "benchmarks.ledgers", folder, options.loans)
        cases = [case for ledger in options.ledger for case in prepared(folder, ledger, options.loans)]
        for _ in range(options.repeat):
            for case in cases:
                case.turn()
    print("| ledger | command | cells written | ours s (CPU) | floor s (CPU) | ours − floor | ours ÷ floor |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for case in cases:
        print(case.row())


if __name__ == "__main__":
    main()
