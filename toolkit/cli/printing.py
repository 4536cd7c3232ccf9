"""What a finished or refused command shows: words on the screen, or one JSON object."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from toolkit.run.order import REFUSED, Result

MOST_WARNINGS = 20


def prepare_streams() -> None:
    """Pipes get UTF-8 whatever the code page; a console that lacks a character shows ? instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def show(result: Result, caption: str, *, as_json: bool, quiet: bool) -> int:
    """Print the outcome and return the exit code."""
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
            print(f"  其余 {len(result.warnings) - MOST_WARNINGS} 条加 --json 查看全部。")
        for path in result.outputs:
            print(f"  → {path}")
    return result.exit_code


@contextmanager
def stages(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A spinner with the current stage on a terminal; nothing in pipes, with --json or --quiet."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status("准备") as status:
        yield lambda stage: status.update(stage)
