"""click in Chinese: headings of the help pages, and usage errors as one sentence a clerk understands."""

from collections.abc import Iterable
from typing import Any
from unicodedata import east_asian_width

import click

_HEADINGS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}


def cells(text: str) -> int:
    """Terminal columns of a text: Chinese characters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns; Chinese breaks anywhere, a closing mark never starts a line."""
    lines = [""]
    for letter in text:
        if cells(lines[-1] + letter) > width and letter not in "，。、；：）”":
            lines.append("")
        lines[-1] += letter
    return [line.strip() for line in lines]


class Formatter(click.HelpFormatter):
    def write_text(self, text: str) -> None:
        for line in _wrapped(text, self.width - self.current_indent):
            self.write(f"{'':>{self.current_indent}}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = min(max(cells(name) for name, _ in rows), col_max) + col_spacing
        for name, text in rows:
            self.write(f"{'':>{self.current_indent}}{name}{' ' * max(first - cells(name), col_spacing)}")
            lines = _wrapped(text, self.width - first - self.current_indent)
            self.write(f"\n{' ' * (first + self.current_indent)}".join(lines) + "\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix="用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))


class UnknownCommand(click.UsageError):
    """The first word names no command."""


class Context(click.Context):
    formatter_class = Formatter


class RequiredOption(click.Option):
    """Must be given; its help text says so in Chinese, instead of click's `[required]`."""

    def __init__(self, names: list[str], **attributes: Any) -> None:
        super().__init__(names, required=True, **attributes)

    def get_help_extra(self, ctx: click.Context) -> Any:
        extra = super().get_help_extra(ctx)
        extra.pop("required", None)
        return extra


class Command(click.Command):
    context_class = Context

    def __init__(self, name: str, **attributes: Any) -> None:
        super().__init__(name, options_metavar="[选项]", **attributes)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _in_chinese(super().get_help_option(ctx))


class Group(click.Group):
    context_class = Context
    command_class = Command

    def __init__(self, name: str, **attributes: Any) -> None:
        super().__init__(name, options_metavar="", subcommand_metavar="命令 [参数]…", **attributes)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _in_chinese(super().get_help_option(ctx))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            raise UnknownCommand(args[0], ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the work, not of the alphabet."""
        return list(self.commands)


def _in_chinese(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "显示本说明后退出"
    return option


def usage_sentence(error: click.ClickException) -> str:
    """One Chinese sentence: what is wrong with the command as typed, and where to look."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "loanvisit"
    look = f"请运行 {command} --help 查看写法。"
    if isinstance(error, click.NoSuchOption):
        near = "、".join(error.possibilities or ())
        return f"没有选项“{error.option_name}”" + (f"，是否想写 {near}？" if near else "，") + look
    if isinstance(error, click.MissingParameter):
        return f"缺少{_name(error.param)}，{look}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项“{error.option_name}”的写法不对（后面须跟一个值，或不应带值），{look}"
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param)}的取值不对，{look}"
    if isinstance(error, UnknownCommand):
        return f"没有命令“{error.message}”，{look}"
    return f"多写了无法识别的参数，{look}"


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return "参数"
    if isinstance(parameter, click.Option):
        return f"选项“{parameter.opts[0]}”"
    return f"参数“{parameter.metavar or parameter.name}”"
