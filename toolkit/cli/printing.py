"""What a finished or refused command shows: words on the screen, or one JSON object."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from toolkit.run.order import REFUSED, Result

MOST_WARNINGS = 20
MOST_OUTPUTS = 10

Progress = Callable[..., None]  # (stage), or (stage, done, total) of a long one


def prepare_streams() -> None:
    """Pipes get UTF-8 whatever the code page; a console that lacks a character shows ? instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def show(result: Result, caption: str, *, as_json: bool, quiet: bool, listed: bool = False) -> int:
    """Print the outcome and return the exit code. `listed`: the warnings also stand in 校验结果."""
    if as_json:
        print(json.dumps(result.as_json(), ensure_ascii=False))
    if result.exit_code == REFUSED:
        print(result.error, file=sys.stderr)
    elif not as_json and not quiet:
        print(f"{caption}（基准日 {result.as_of}）：{result.summary}")
        for line in result.details:
            print(f"  {line}")
        if result.rejected:  # each is named, however many
            print(f"未收或未全收 {len(result.rejected)} 个文件：")
        for line in result.rejected:
            print(f"  {line}")
        if result.warnings:
            print(f"须留意 {len(result.warnings)} 条：")
        for line in result.warnings[:MOST_WARNINGS]:
            print(f"  {line}")
        if len(result.warnings) > MOST_WARNINGS:
            place = "见工作簿的“校验结果”表，或加 --json 查看全部" if listed else "请加 --json 查看"
            print(f"  其余 {len(result.warnings) - MOST_WARNINGS} 条{place}。")
        for path in result.outputs[:MOST_OUTPUTS]:
            print(f"  → {path}")
        if len(result.outputs) > MOST_OUTPUTS:
            rest = result.outputs[MOST_OUTPUTS:]
            print(f"  → 其余 {len(rest)} 个文件在 {rest[-1].parent}")
    return result.exit_code


@contextmanager
def stages(quiet: bool) -> Iterator[Progress]:
    """A spinner with the current stage on a terminal, a bar where a stage is long; nothing in pipes, with --json or
    --quiet."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage, done=0, total=0: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("准备", total=None)

        def show(stage: str, done: int = 0, total: int = 0) -> None:
            label = f"{stage} {done}/{total}" if total else stage
            bar.update(task, description=label, completed=done, total=total or None)

        yield show
