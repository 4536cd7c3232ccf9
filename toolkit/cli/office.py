"""Head office's subcommands: no workbook at hand and no button."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from toolkit.cli.chinese import Command, RequiredOption
from toolkit.cli.printing import show, stages
from toolkit.cli.values import day
from toolkit.model.reading import as_date
from toolkit.run.order import Result
from toolkit.run.trouble import guarded


def commands(shared: list[click.Parameter]) -> list[Command]:
    """`dispatch` and `consolidate`; `shared` are --as-of, --json and --quiet."""
    return [
        Command(
            "dispatch",
            params=[
                click.Argument(["ledger"], metavar="台账"),
                RequiredOption(["--out"], metavar="文件夹", help="必填，各网点工作簿和分发清单放在这里"),
                click.Option(["--schedule"], metavar="文件", help="单独的还款计划导出文件"),
                click.Option(
                    ["--base", "--visitors"],
                    "base",
                    metavar="工作簿",
                    help="新工作簿采用其中的“参数”“节假日”“回访人员”等表",
                ),
                click.Option(["--passwords"], metavar="文件", help="“网点”“密码”两列的表，为各网点的文件加打开密码"),
                *shared,
            ],
            callback=_dispatch,
            help="总行分发：把核心系统导出的台账按网点拆开，为每个网点新建或更新一个工作簿，并列出分发清单。",
            short_help="总行分发：把台账按网点拆成各网点的工作簿",
        ),
    ]


def _dispatch(as_of: str | None, as_json: bool, quiet: bool, **typed: Any) -> int:
    def work(progress: Callable[..., None]) -> Result:
        from toolkit.office.dispatch import DispatchOrder, dispatch

        order = DispatchOrder(
            ledger=Path(typed["ledger"]),
            out=Path(typed["out"]),
            as_of=day(as_of, "--as-of") or dt.date.today(),
            now=dt.datetime.now(),
            schedule=_path(typed["schedule"]),
            base=_path(typed["base"]),
            passwords=_path(typed["passwords"]),
        )
        return dispatch(order, progress)

    return _carried_out("dispatch", "总行分发", as_of, as_json, quiet, work)


def _path(typed: str | None) -> Path | None:
    return Path(typed) if typed else None


def _carried_out(
    name: str, caption: str, as_of: str | None, as_json: bool, quiet: bool, work: Callable[..., Result]
) -> int:
    def worked() -> Result:
        with stages(as_json or quiet) as progress:
            return work(progress)

    result = guarded(name, as_date(as_of or "") or dt.date.today(), worked)
    return show(result, caption, as_json=as_json, quiet=quiet)
