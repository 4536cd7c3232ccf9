"""What was typed on the command line as values, or one sentence about what was wrong with it."""

import datetime as dt

from toolkit.model.errors import ToolkitError
from toolkit.model.reading import as_date


def day(text: str | None, option: str) -> dt.date | None:
    """The date typed for `option`; None if it was not given. Raises `ToolkitError`."""
    if text is None:
        return None
    date = as_date(text)
    if date is None:
        raise ToolkitError(f"日期“{text}”无法识别", where=f"选项 {option}", mend="请写成 2026-09-30 的样子")
    return date
