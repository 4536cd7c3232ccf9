"""`python -m toolkit.cli.dropped ACTION [PATH…]`: what a launcher starts when files are dropped on it."""

import datetime as dt
import os
import re
import sys
from pathlib import Path

from toolkit.actions import BY_NAME, Action
from toolkit.cli.main import main as command_line
from toolkit.cli.printing import prepare_streams
from toolkit.model.errors import ToolkitError
from toolkit.run.home_options import is_branch_workbook, options_of_home
from toolkit.run.launchers import COMMAND_LINE
from toolkit.run.order import REFUSED, Result
from toolkit.run.trouble import guarded

_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')


def paths_of(line: str) -> list[str]:
    """Paths dropped on a .cmd, from the command line that Explorer made: ``cmd /c ""D:\\x.cmd" D:\\a&b.xlsm "D:\\c
    d.xlsm""``. [] if the .cmd was started in another way."""
    _, switch, rest = re.sub("(?i) /c ", " /c ", line, count=1).partition(" /c ")
    rest = rest.strip()
    if not switch or not rest:
        return []
    if rest.startswith('""') and rest.endswith('"'):
        rest = rest[1:-1]
    words = [quoted or bare for quoted, bare in _WORD.findall(rest)]
    return words[1:]


def command_lines(action: Action, paths: list[Path]) -> list[list[str]]:
    """The command lines that a drop stands for: one a workbook, or one with the files to be taken in.

    Raises `ToolkitError` if the workbook is missing or cannot be told from the other files.
    """
    if not action.takes_files:
        if not paths and action.only_looks:
            return [[action.name]]
        if not paths:
            raise ToolkitError("没有工作簿", where=action.caption, mend="请把工作簿拖到这个图标上松开")
        return [[action.name, str(path), *options_of_home(action, path)] for path in paths]
    workbooks = [path for path in paths if is_branch_workbook(path)]
    files = [path for path in paths if path not in workbooks]
    if len(workbooks) != 1 or not files:
        raise ToolkitError(
            f"须有一个工作簿和要导入的文件，现有工作簿 {len(workbooks)} 个、其他文件 {len(files)} 个",
            where=action.caption,
            mend="请把工作簿和要导入的文件一起选中，拖到这个图标上松开",
        )
    (workbook,) = workbooks
    return [[action.name, str(workbook), *map(str, files), *options_of_home(action, workbook)]]


def press(action: Action, paths: list[Path]) -> int:
    """Run what the drop stands for; returns the worst exit code."""
    lines: list[list[str]] = []
    today = dt.date.today()

    def work() -> Result:
        lines.extend(command_lines(action, paths))
        return Result(action.name, today)

    refused = guarded(action.name, today, work)
    if refused.exit_code == REFUSED:
        print(refused.error, file=sys.stderr)
        return REFUSED
    codes = []
    for line in lines:
        try:
            command_line(line)
        except SystemExit as ended:
            codes.append(int(ended.code or 0))
    return max(codes)


def main(arguments: list[str]) -> int:
    prepare_streams()
    name, *given = arguments
    dropped = paths_of(os.environ.get(COMMAND_LINE, "")) or given
    code = press(BY_NAME[name], [Path(path) for path in dropped])
    if sys.stdin is not None and sys.stdin.isatty():
        input("\n按回车键关闭本窗口。")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
