"""Calls into a running Excel: how long to wait while it is busy, and what its refusals mean."""

import importlib.util
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from toolkit.model.errors import ToolkitError

PATIENCE_SECONDS = 15.0
_PAUSE = 0.05
# HRESULTs: the call was rejected because a cell is being edited or a dialog is open; Excel is gone.
_REJECTED = {-2147418111, -2146777998}
_GONE = {-2147023174, -2147417848, -2147023170}
_UNKNOWN_NAME = {-2147352570, -2147352573}
_OTHER = -2147352567  # "exception occurred": the reason is the last part of the details


class Patience(int):
    """Stands in for xlwings' count of attempts: a rejected call is repeated for so many seconds, not for ever.

    xlwings asks ``attempt < N_COM_ATTEMPTS`` after each rejection, `attempt` counting from 1 for each call.
    """

    _since = 0.0

    def __new__(cls, seconds: float) -> "Patience":
        made = super().__new__(cls, 1_000_000)
        made.seconds = seconds
        return made

    seconds: float

    def __gt__(self, attempt: int) -> bool:
        now = time.monotonic()
        if attempt <= 1:
            self._since = now
        if now - self._since >= self.seconds:
            return False
        time.sleep(_PAUSE)
        return True


def wait_at_most(seconds: float = PATIENCE_SECONDS) -> None:
    """From now on no call waits longer for Excel."""
    if sys.platform == "win32" and importlib.util.find_spec("win32api"):
        import xlwings._xlwindows as windows

        windows.N_COM_ATTEMPTS = Patience(seconds)


def call_errors() -> tuple[type[BaseException], ...]:
    """What a failed call may raise; () where Excel cannot run."""
    names = (("pywintypes", "com_error"), ("xlwings._xlwindows", "ExcelBusyError"))
    return tuple(getattr(sys.modules[module], name) for module, name in names if module in sys.modules)


@contextmanager
def spoken(file: str) -> Iterator[None]:
    """Turn what Excel answers while it cannot be worked with into a sentence; other errors are bugs and pass."""
    try:
        yield
    except call_errors() as error:
        numbers = _numbers(error)
        if numbers & _REJECTED or type(error).__name__ == "ExcelBusyError":
            raise ToolkitError(
                "Excel 正在编辑单元格或打开着对话框",
                where=file,
                mend="请先按 Enter 或 Esc 结束单元格编辑、关闭对话框，再按一次按钮",
            ) from None
        if numbers & _GONE:
            raise ToolkitError("Excel 已关闭", where=file, mend="请重新打开工作簿后再按按钮") from None
        raise


def is_unknown_name(error: BaseException) -> bool:
    """Is the error that this version of Excel has no such property?"""
    return bool(_numbers(error) & _UNKNOWN_NAME)


def _numbers(error: BaseException) -> set[int]:
    number = getattr(error, "hresult", None)
    details = getattr(error, "excepinfo", None) or ()
    return {n for n in (number, details[-1] if details and number == _OTHER else None) if isinstance(n, int)}
