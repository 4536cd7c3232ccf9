"""The one catch-all: a refusal becomes one Chinese sentence, a bug a traceback in the log and a sentence naming it."""

import datetime as dt
import os
import traceback
from collections.abc import Callable
from pathlib import Path

from toolkit.model.errors import ToolkitError
from toolkit.model.masking import mask_text
from toolkit.run.order import REFUSED, Result

LOG_NAME = "loanvisit-{day}.log"


def guarded(command: str, as_of: dt.date, work: Callable[[], Result]) -> Result:
    """`work()`, or the refusal with its sentence in `error` and exit code 2."""
    try:
        return work()
    except ToolkitError as error:
        return Result(command, as_of, REFUSED, error=str(error))
    except MemoryError:
        return Result(command, as_of, REFUSED, error="内存不足，请关闭其他程序后再试，或把文件拆小。")
    except Exception:
        log = _log(command, traceback.format_exc())
        where = f"详情已记入 {log}，请把该文件交给技术支持" if log else "详情无法写入日志，请联系技术支持"
        return Result(command, as_of, REFUSED, error=f"工具内部出错，工作簿未改动：{where}。")


def _log(command: str, text: str) -> Path | None:
    """Append to the per-user log, numbers masked; None if even that is not possible."""
    from platformdirs import user_log_path  # where all goes well nobody asks for it

    folder = Path(os.environ.get("LOANVISIT_LOG_DIR") or user_log_path("loanvisit", appauthor=False))
    path = folder / LOG_NAME.format(day=f"{dt.date.today():%Y-%m}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{dt.datetime.now():%Y-%m-%d %H:%M:%S} {command}\n{mask_text(text)}")
    except OSError:
        return None
    return path
