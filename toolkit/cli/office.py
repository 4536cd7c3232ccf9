"""Head office's subcommands: no workbook at hand and no button."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from toolkit.cli.chinese import Command, RequiredOption
from toolkit.cli.printing import show, stages
from toolkit.cli.values import day, typed_date
from toolkit.model.errors import ToolkitError
from toolkit.model.period import parse_period
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
                    ["--base", "--visitors", "base"],
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
        Command(
            "consolidate",
            params=[
                click.Argument(["folders"], nargs=-1, metavar="[文件夹…]"),
                RequiredOption(
                    ["--out"], metavar="文件", help="必填，汇总工作簿，以 .xlsx 结尾；报告和数据文件夹放在旁边"
                ),
                click.Option(["--period"], metavar="期间", help="如 2026Q3；不写为基准日所在的季度"),
                click.Option(["--scheduler"], metavar="地址", help="用已有的 Dask 集群，如 tcp://10.0.0.1:8786"),
                click.Option(
                    ["--workers"], type=click.IntRange(1), metavar="个数", help="本机进程数；不写为处理器个数"
                ),
                click.Option(
                    ["--regions"], metavar="文件", help="“网点”“地区”两列的表；不写按网点名中的“…分行”或文件夹"
                ),
                click.Option(["--passwords"], metavar="文件", help="“网点”“密码”两列的表，用于有打开密码的工作簿"),
                click.Option(["--store"], metavar="文件夹", help="存放各次交来内容的文件夹；不写为汇总文件旁的 …_数据"),
                click.Option(
                    ["--again"], metavar="批次", help="照以前一次汇总的批次记录（runs 下的 .json）重做，不读网点文件"
                ),
                *shared,
            ],
            callback=_consolidate,
            help="总行汇总：读取文件夹中所有网点的工作簿，合并指标、问题和明细，列出跨网点线索，并写出 Word 报告。",
            short_help="总行汇总：把各网点的工作簿合成一份汇总和报告",
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


def _consolidate(as_of: str | None, as_json: bool, quiet: bool, **typed: Any) -> int:
    def work(progress: Callable[..., None]) -> Result:
        from toolkit.office.consolidate import ConsolidateOrder, consolidate

        again = _path(typed["again"])
        if bool(typed["folders"]) == bool(again):
            raise ToolkitError(
                "没有给出文件夹" if not again else "同时给出了文件夹和 --again",
                where="命令 consolidate",
                mend="请写上存放网点工作簿的文件夹，或只写 --again 和批次记录",
            )
        order = ConsolidateOrder(
            folders=tuple(Path(folder) for folder in typed["folders"]),
            out=Path(typed["out"]),
            as_of=day(as_of, "--as-of") or dt.date.today(),
            period=parse_period(typed["period"]) if typed["period"] else None,
            scheduler=typed["scheduler"] or "",
            store=_path(typed["store"]),
            regions=_path(typed["regions"]),
            passwords=_path(typed["passwords"]),
            again=again,
            workers=typed["workers"] or 0,
        )
        return consolidate(order, progress)

    return _carried_out("consolidate", "总行汇总", as_of, as_json, quiet, work)


def _path(typed: str | None) -> Path | None:
    return Path(typed) if typed else None


def _carried_out(
    name: str, caption: str, as_of: str | None, as_json: bool, quiet: bool, work: Callable[..., Result]
) -> int:
    def worked() -> Result:
        with stages(as_json or quiet) as progress:
            return work(progress)

    result = guarded(name, typed_date(as_of or "") or dt.date.today(), worked)
    return show(result, caption, as_json=as_json, quiet=quiet)
