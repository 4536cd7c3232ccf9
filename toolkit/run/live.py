"""A button pressed in an open workbook: decide, copy into 备份/, write all or nothing, end with exactly one dialog."""

import datetime as dt
import sys
from collections.abc import Callable
from importlib import import_module

from toolkit.actions import BY_NAME, Action
from toolkit.hosts.host import Host
from toolkit.hosts.replacing import back_up_by, one_press
from toolkit.model.errors import ToolkitError
from toolkit.run.deciding import decide
from toolkit.run.home_inputs import order_of_press
from toolkit.run.order import REFUSED, Result
from toolkit.run.perform import perform
from toolkit.run.trouble import guarded

# "module:function" of what finds the open workbook, by the name a macro gives; imported when a button is pressed.
HOSTS = {"excel": "toolkit.hosts.excel:attach", "libreoffice": "toolkit.hosts.libreoffice:attach"}
MOST_LINES, MOST_FILES = 12, 20

Connect = Callable[[], Host]


def connect(host: str, workbook: str | None, window: int | None = None) -> Host:
    """The open workbook; raises `ToolkitError` if the program has none of that full path (or URL) open.

    `workbook` None: the one whose macro called. `window`: handle of the program's window, where several run.
    """
    module, function = HOSTS[host].split(":")
    found: Host = getattr(import_module(module), function)(workbook, window)
    return found


def press(
    name: str, attach: Connect, now: dt.datetime, operator: str, macro_ended: Callable[[], bool] = lambda: True
) -> Result:
    """Carry out the action `name` on the workbook that `attach` finds.

    `macro_ended`: waits a little for the macro that started us, for a workbook can be closed only when none of its
    macros runs, and says whether it has ended.
    Whatever happens the user sees one dialog, and a refusal leaves the workbook as it was.
    """
    action = BY_NAME.get(name)
    caption = action.caption if action else name
    attached: list[Host] = []

    def work() -> Result:
        attached.append(attach())
        if action is None:
            raise ToolkitError(
                f"没有“{name}”这个操作，工作簿可能是另一版本的", mend="请用“升级工作簿”或按说明重新建立工作簿"
            )
        return _carry_out(action, attached[0], now, operator, macro_ended)

    result = guarded(name, now.date(), work)

    # What a task writes it has saved.
    text = message(result, written=action is None or not action.task)

    def tell() -> Result:
        attached[0].notify(caption, text, refused=result.exit_code == REFUSED)
        return result

    if not attached or guarded(name, now.date(), tell) is not result:
        say_without_host(caption, text)
    return result


def _carry_out(action: Action, host: Host, now: dt.datetime, operator: str, macro_ended: Callable[[], bool]) -> Result:
    if action.task and not action.task_when_open:
        return perform(order_of_press(action, host, now, operator), host.progress)

    def progress(stage: str, done: int = 0, total: int = 0) -> None:
        # Twenty times is enough: every word in a status bar is a call into the program.
        if done % max(total // 20, 1) == 0:
            host.progress(f"{stage} {done}/{total}" if total else stage)

    with one_press(host.path):
        order = order_of_press(action, host, now, operator)
        with host.working():
            if action.task:
                _refuse_macro(action, host, macro_ended)
                result: Result = action.load_task_when_open()(order, host, host.progress)
                return result
            decision = decide(order, host, progress)
            if decision.preview:
                return decision.result
            write = host.prepare(decision.edits, decision.tables, decision.named)
            host.progress("保存备份")
            back_up_by(host.path, host.save_copy)
            decision.write_papers(order, progress)
            host.progress("写入结果")
            write()
    return decision.result


def _refuse_macro(action: Action, host: Host, ended: Callable[[], bool]) -> None:
    host.refuse_exchange()
    if not ended():
        raise ToolkitError(
            "启动这一步的宏还在运行，不能关闭工作簿",
            where=f"{host.path.name}：{action.caption}",
            mend=f"请按首页上的按钮，或保存并关闭工作簿后用命令 loanvisit {action.name}",
        )


def message(result: Result, *, written: bool = True) -> str:
    """What the dialog says: the summary, a few lines of detail and warning, files not taken, files made.

    `written`: and that the workbook has to be saved.
    """
    if result.exit_code == REFUSED:
        return result.error
    lines = [result.summary, *(f"· {line}" for line in result.details)]
    if result.warnings:
        lines += ["", f"须留意 {len(result.warnings)} 条：", *(f"· {line}" for line in result.warnings)]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], "……其余见工作簿中的结果表。"]
    if result.rejected:
        lines += [
            "",
            f"未收或未全收 {len(result.rejected)} 个文件：",
            *(f"· {line}" for line in result.rejected[:MOST_FILES]),
        ]
    if len(result.rejected) > MOST_FILES:
        lines.append(f"……另有 {len(result.rejected) - MOST_FILES} 个，用命令 loanvisit {result.command} 可列出全部。")
    files = [f"→ {path}" for path in result.outputs[:MOST_FILES]]
    if len(result.outputs) > MOST_FILES:
        files.append(f"→ 其余 {len(result.outputs) - MOST_FILES} 个文件在 {result.outputs[-1].parent}")
    if not written:
        return "\n".join([*lines, *files])
    return "\n".join([*lines, *files, "", "结果已写入工作簿，请检查后保存；运行前的工作簿已存入“备份”文件夹。"])


def say_without_host(title: str, text: str) -> None:
    """For a press whose workbook could not be reached: a system dialog where there is one, else the error stream."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, text, title, 0x10)
    else:
        print(f"{title}：{text}", file=sys.stderr)
