"""Builds the subcommands from the actions and turns every ending into an exit code."""

import atexit
import datetime as dt
import gc
import sys
from pathlib import Path
from typing import Any

import click

from toolkit import __version__
from toolkit.actions import ACTIONS, Action, Option
from toolkit.cli.chinese import Command, Group, RequiredOption, usage_sentence
from toolkit.cli.office import commands as office_commands
from toolkit.cli.printing import prepare_streams, show, stages
from toolkit.cli.values import day, typed_date
from toolkit.model.errors import ToolkitError
from toolkit.model.period import Period, parse_period, quarter_of
from toolkit.model.sheets import FINDINGS
from toolkit.run.order import REFUSED, Order, Result, account
from toolkit.run.trouble import guarded

_BETWEEN_COLLECTIONS = 200_000
_COMMON = (
    click.Option(["--as-of"], metavar="日期", help="基准日，如 2026-09-30；不写为今天"),
    click.Option(["--output"], metavar="文件", help="不改动工作簿，结果另存为该文件"),
    click.Option(["--json", "as_json"], is_flag=True, help="只输出一个 JSON 对象，供其他程序读取"),
    click.Option(["--quiet"], is_flag=True, help="成功时不输出任何文字"),
)
_OUT = click.Option(["--out"], metavar="文件夹", help="输出文件夹；不写为工作簿所在文件夹")
_OWN: dict[Option, tuple[click.Parameter, ...]] = {
    Option.FILES: (click.Argument(["files"], nargs=-1, required=True, metavar="导出文件…"),),
    Option.PATHS: (click.Argument(["files"], nargs=-1, required=True, metavar="文件或文件夹…"),),
    Option.SCHEDULE: (click.Option(["--schedule"], metavar="文件", help="单独的还款计划导出文件"),),
    Option.PREVIEW: (click.Option(["--preview"], is_flag=True, help="只列出将有的变化，不写入"),),
    Option.RANGE: (
        click.Option(["--from", "from_"], metavar="日期", help="计划期第一天；不写为基准日所在季度的第一天"),
        click.Option(["--to"], metavar="日期", help="计划期最后一天；不写为该季度的最后一天"),
    ),
    Option.REARRANGE: (click.Option(["--rearrange"], is_flag=True, help="把安排日期已过或人员已离岗的回访重新安排"),),
    Option.PERIOD: (
        RequiredOption(["--period"], metavar="期间", help="必填，如 2026Q3、2026-09、2026 或 2026-07-01..2026-09-30"),
    ),
    Option.OUT: (_OUT,),
    Option.TEMPLATE: (click.Option(["--template"], metavar="文件", help="自备的 Word 模板（.docx）"),),
    Option.DEPARTMENT: (click.Option(["--department"], metavar="部门", help="只摘录这个部门的客户和问题"),),
    Option.SEED: (
        click.Option(["--seed"], metavar="整数", type=click.IntRange(0), help="随机种子；同一种子得到同一样本"),
    ),
    Option.KIND: (
        click.Option(["--kind"], metavar="种类", multiple=True, help="只生成这种文书，如 整改通知书；可写几次"),
    ),
    Option.PASSWORD: (
        click.Option(
            ["--password"],
            metavar="密码",
            envvar="LOANVISIT_PASSWORD",
            help="打开输出文件所需的密码；也可放在环境变量 LOANVISIT_PASSWORD 中，以免留在命令记录里",
        ),
    ),
    Option.BY: (
        click.Option(
            ["--by"],
            type=click.Choice(("visit", "visitor")),
            default="visit",
            help="visit：每笔回访一个文件；visitor：每位回访人员一个文件，便于成批打印",
        ),
    ),
}


def _period(options: dict[str, Any], as_of: dt.date) -> Period | None:
    if options.get("period") is not None:
        return parse_period(options["period"])
    first, last = day(options.get("from_"), "--from"), day(options.get("to"), "--to")
    if first is None and last is None:
        return None
    start = first or quarter_of(last or as_of).start
    end = last or quarter_of(start).end
    return parse_period(f"{start}..{end}")


def _order(action: Action, options: dict[str, Any], as_of: dt.date) -> Order:
    def path(name: str) -> Path | None:
        typed = options.get(name)
        if typed is not None and not typed.strip():
            raise ToolkitError("后面是空的", where=f"选项 --{name}", mend="请写上文件或文件夹，或去掉这个选项")
        return Path(typed) if typed else None

    return Order(
        action=action,
        workbook=Path(options["workbook"] or "."),
        as_of=as_of,
        now=dt.datetime.now(),
        operator=account(),
        output=path("output"),
        period=_period(options, as_of),
        files=tuple(Path(file) for file in options.get("files", ())),
        schedule=path("schedule"),
        preview=options.get("preview", False),
        rearrange=options.get("rearrange", False),
        out=path("out"),
        template=path("template"),
        department=(options.get("department") or "").strip(),
        seed=options.get("seed"),
        file_format=options.get("file_format") or "",
        by=options.get("by") or "",
        kinds=tuple(name.strip() for name in options.get("kind", ())),
        password=options.get("password") or "",
    )


def _perform(action: Action, options: dict[str, Any]) -> int:
    today = dt.date.today()
    silent = options["quiet"] or options["as_json"]

    def work() -> Result:
        from toolkit.run.perform import perform

        order = _order(action, options, day(options["as_of"], "--as-of") or today)
        with stages(silent) as progress:
            return perform(order, progress)

    result = guarded(action.name, typed_date(options["as_of"]) or today, work)
    listed = FINDINGS in action.writes
    return show(result, action.caption, as_json=options["as_json"], quiet=options["quiet"], listed=listed)


def _format(action: Action) -> click.Parameter:
    usual, *_ = action.formats
    wanted = click.Choice(action.formats)
    return click.Option(["--format", "file_format"], type=wanted, help=f"输出文件的类型；不写为 {usual}")


def _subcommand(action: Action) -> Command:
    own = [parameter for option in action.options for parameter in _OWN[option]]
    own += [_format(action)] if action.formats else []
    arguments = [parameter for parameter in own if isinstance(parameter, click.Argument)]
    flags = [parameter for parameter in own if not isinstance(parameter, click.Argument)]
    named = "[工作簿]" if action.only_looks else "工作簿"
    workbook = click.Argument(["workbook"], metavar=named, required=not action.only_looks)
    shared = [option for option in _COMMON if option.name != "output" or not action.only_looks]
    return Command(
        action.name,
        params=[workbook, *arguments, *flags, *shared],
        callback=lambda **options: _perform(action, options),
        help=f"{action.caption}：{action.purpose}。",
        short_help=f"{action.caption}：{action.purpose}",
    )


def _make_new(file: str, as_json: bool, quiet: bool) -> int:
    def work() -> Result:
        from toolkit.run.new import new_workbook

        return new_workbook(Path(file), dt.date.today())

    return show(guarded("new", dt.date.today(), work), "新建工作簿", as_json=as_json, quiet=quiet)


def _make_launchers(folder: str | None, as_json: bool, quiet: bool) -> int:
    def work() -> Result:
        from toolkit.run.launchers import FOLDER, write_launchers

        return write_launchers(Path(folder or FOLDER), dt.date.today())

    result = guarded("launchers", dt.date.today(), work)
    return show(result, "生成拖放程序", as_json=as_json, quiet=quiet)


def _lint(templates: tuple[str, ...], kind: str | None, as_json: bool, quiet: bool) -> int:
    def work() -> Result:
        from toolkit.run.lint import lint

        return lint([Path(file) for file in templates], dt.date.today(), kind or "")

    return show(guarded("lint", dt.date.today(), work), "检查模板", as_json=as_json, quiet=quiet)


def _demonstrate(out: str | None, as_json: bool, quiet: bool) -> int:
    def work() -> Result:
        from toolkit.demo import demo

        say = (lambda line: None) if as_json or quiet else (lambda line: print(line, flush=True))
        with stages(quiet or as_json) as progress:
            return demo(Path(out or "演示"), say, progress)

    return show(guarded("demo", dt.date.today(), work), "演示", as_json=as_json, quiet=quiet)


def _press(name: str, workbook: str, host: str, hwnd: int | None, answer: str | None) -> int:
    from toolkit.buttons import run

    return run(name, workbook, host, hwnd, Path(answer) if answer else None)


def build() -> Group:
    """The whole command tree."""
    shared = list(_COMMON[2:])
    group = Group(
        "loanvisit",
        help="贷款回访管理工具：从贷款台账到回访清单、记录校验、问题台账、考核指标和回访报告。",
        epilog="退出码：0 完成；1 完成但“校验记录”发现错误；2 未执行（工作簿未改动）。",
    )
    group.params.append(
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            help="显示版本后退出",
            callback=lambda ctx, _, wanted: (print(__version__), ctx.exit()) if wanted else None,
        )
    )
    group.add_command(
        Command(
            "demo",
            params=[click.Option(["--out"], metavar="文件夹", help="演示文件放在哪里；不写为 演示"), *shared],
            callback=_demonstrate,
            help="演示：用示例数据走完从台账到报告的全过程。",
            short_help="演示：用示例数据走完从台账到报告的全过程",
        )
    )
    group.add_command(
        Command(
            "new",
            params=[click.Argument(["file"], metavar="文件"), *shared],
            callback=_make_new,
            help="新建工作簿：生成一个空白的网点工作簿（.xlsm 带按钮，.xlsx 不带宏）。",
            short_help="新建工作簿：生成一个空白的网点工作簿",
        )
    )
    group.add_command(
        Command(
            "press",
            params=[
                click.Argument(["name"]),
                click.Option(["--workbook"], required=True, help="打开着的工作簿的完整路径"),
                click.Option(["--host"], type=click.Choice(["excel", "libreoffice"]), required=True),
                click.Option(["--hwnd"], type=int, help="程序窗口的句柄"),
                click.Option(["--answer"], help="按钮等待的文件：已启动时写入"),
            ],
            callback=_press,
            hidden=True,
            help="由工作簿中的按钮启动：在打开着的工作簿上执行一个操作。",
        )
    )
    for action in ACTIONS:
        group.add_command(_subcommand(action))
    for command in office_commands([_COMMON[0], *shared]):
        group.add_command(command)
    group.add_command(
        Command(
            "launchers",
            params=[click.Argument(["folder"], metavar="[文件夹]", required=False), *shared],
            callback=_make_launchers,
            help="生成拖放程序：在文件夹（不写为 快捷操作）中为每个按钮生成一个图标，把工作簿拖上去即可运行。",
            short_help="生成拖放程序：没有按钮（WPS、宏被禁用）时，把工作簿拖到图标上运行",
        )
    )
    group.add_command(
        Command(
            "lint",
            params=[
                click.Argument(["templates"], nargs=-1, required=True, metavar="模板…"),
                click.Option(["--kind"], metavar="种类", help="是哪一种模板，如 整改通知书；不写时看文件名"),
                *shared,
            ],
            callback=_lint,
            help="检查模板：指出改过的 Word 模板（.docx）哪一段的标签有错、怎样改；有错时退出码为 2。",
            short_help="检查模板：指出改过的 Word 模板哪一段的标签有错",
        )
    )
    return group


def main(arguments: list[str] | None = None) -> None:
    """Entry point of `loanvisit`; always ends in SystemExit with the exit code."""
    prepare_streams()
    # The cells of a workbook live to the end of the process; to look through them for garbage every few hundred
    # objects, and once more at the end, takes a twelfth of a command's time and finds none.
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    atexit.register(gc.freeze)
    typed = sys.argv[1:] if arguments is None else arguments
    group = build()
    try:
        code = group.main(typed or ["--help"], prog_name="loanvisit", standalone_mode=False)
    except click.ClickException as error:
        refused = Result(typed[0] if typed else "", dt.date.today(), REFUSED, error=usage_sentence(error))
        code = show(refused, "", as_json="--json" in typed, quiet=False)
    except (click.Abort, KeyboardInterrupt):
        print("已中止，工作簿未改动。", file=sys.stderr)
        code = REFUSED
    sys.exit(code if isinstance(code, int) else 0)
