"""`python -m benchmarks.forms [--forms 1000] [--repeat 3]`: what `forms` costs, as a Markdown table.

The floor renders one compiled template per form and zips the same parts with the standard library: what a plain script
around Jinja would take, nothing read, nothing decided. Ours is the step and the writing, from tables to files.
"""

import argparse
import datetime as dt
import io
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import jinja2

from toolkit.actions import BY_NAME
from toolkit.hosts.fresh import form_book
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.calendar import WorkCalendar
from toolkit.model.form_package import Slots
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import Forms, Table, table_from
from toolkit.reports import form_document
from toolkit.run.order import Order
from toolkit.run.papers import rendered_all, written_all
from toolkit.steps.forms import forms

FORMATS = ("xlsx", "docx")
AS_OF = dt.date(2026, 7, 1)


def tables(count: int) -> dict[str, Table]:
    """`count` open visits of all kinds, each of a loan of its own."""
    loans, visits = [], []
    for number in range(count):
        visit_type = v.VISIT_TYPES[number % len(v.VISIT_TYPES)]
        key = {"contract_no": f"HT2026{number:06d}", "customer_name": f"客户{number}", "phone": f"199{number:08d}"}
        loans.append({**key, "product": "个人经营贷", "amount": 1000.0 * number, "purpose": "进货", "term_months": 12})
        visits.append(
            {
                **key,
                "visit_no": f"DQ20260930-{number:08d}",
                "visit_type": visit_type,
                "stage": v.STAGE_OF_TYPE[visit_type],
                "method": v.PHONE_CALL,
                "earliest_on": dt.date(2026, 7, 1),
                "due_on": dt.date(2026, 9, 30),
                "scheduled_on": dt.date(2026, 8, 3),
                "visitor": f"人员{number % 12}",
                "branch": "城东支行",
                "state": v.TO_VISIT,
                "reason": "2026年第3季度，季末 2026-09-30，最后工作日为 2026-09-30",
            }
        )
    rows = {s.VISITS: visits, s.LOANS: loans, s.SCHEDULE: []}
    return {sheet.title: table_from(sheet, body) for sheet, body in rows.items()}


def ours(given: dict[str, Table], kind: str, folder: Path) -> list[Forms]:
    """The step, rendering and writing."""
    request = Request(AS_OF, Parameters.defaults(), WorkCalendar(), file_format=kind, institution="示例银行江州分行")
    order = Order(BY_NAME["forms"], folder / "x.xlsx", AS_OF, dt.datetime(2026, 7, 1), "", out=folder)
    papers = [paper for paper in forms(given, request).papers if isinstance(paper, Forms)]
    written_all(rendered_all(papers, order), order)
    return papers


def floor(papers: list[Forms], kind: str) -> Callable[[Path], None]:
    """Everything is compiled before the clock starts; the call renders and zips each form."""
    module, body = (form_book, "xl/worksheets/sheet1.xml") if kind == "xlsx" else (form_document, "word/document.xml")
    write = form_book.form_book if kind == "xlsx" else form_document.form_document
    with zipfile.ZipFile(io.BytesIO(write(papers[0]))) as package:
        others = {name: package.read(name) for name in package.namelist() if name != body}
    environment = jinja2.Environment(autoescape=True)
    made = {}
    for version, stage in {(page.version, page.stage) for paper in papers for page in paper.pages}:
        slots = _slots(module, version, stage)
        made[version, stage] = environment.from_string(_as_jinja(slots))
    inputs = [
        (paper.file_name, made[page.version, page.stage], {_word(name): text for name, text in page.values.items()})
        for paper in papers
        for page in paper.pages
    ]

    def run(folder: Path) -> None:
        for name, template, values in inputs:
            with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as package:
                for part, content in others.items():
                    package.writestr(part, content)
                package.writestr(body, template.render(values))

    return run


def _slots(module: object, version: str, stage: str) -> Slots:
    if module is form_book:
        return form_book._compiled().templates[version, stage].sheet
    return form_document._template(version, stage).body


def _word(name: str) -> str:
    return f"slot_{name}"


def _as_jinja(slots: Slots) -> str:
    """The compiled form as a Jinja template; what varies with the layout alone stays blank there."""
    return slots.fill({name: "{{ " + _word(name) + " }}" for name in slots.names})


def timed(work: Callable[[], object], least: tuple[float, float]) -> tuple[float, float]:
    """Seconds by the clock and of the processor, each the less of this turn and `least`."""
    began, worked = time.perf_counter(), time.process_time()
    work()
    return min(least[0], time.perf_counter() - began), min(least[1], time.process_time() - worked)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forms", description="What making forms costs.")
    parser.add_argument("--forms", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    given = tables(options.forms)
    print("| forms | format | ours s (CPU) | floor s (CPU) | ours ÷ floor |\n| ---: | --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for kind in FORMATS:
            plain = floor(ours(given, kind, _fresh(folder / "warm")), kind)
            mine = least = (float("inf"), float("inf"))
            for turn in range(options.repeat):
                print(f"{turn + 1}/{options.repeat} {kind}", file=sys.stderr, flush=True)
                mine = timed(partial(ours, given, kind, _fresh(folder / "ours")), mine)
                least = timed(partial(plain, _fresh(folder / "floor")), least)
            costs = " | ".join(f"{seconds:.2f} ({cpu:.2f})" for seconds, cpu in (mine, least))
            ratio = f"{mine[0] / least[0]:.2f} ({mine[1] / least[1]:.2f})"
            print(f"| {options.forms:,} | {kind} | {costs} | {ratio} |")


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main()
