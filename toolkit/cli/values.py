"""What was typed on the command line as values, or one sentence about what was wrong with it."""

import datetime as dt

from toolkit.model.errors import ToolkitError


def typed_date(text: str | None) -> dt.date | None:
    """The date as a person may write it; None if nothing was typed or it is no date."""
    if not text:
        return None
    from toolkit.model.reading import as_date

    return as_date(text)


def day(text: str | None, option: str) -> dt.date | None:
    """The date typed for `option`; None if it was not given. Raises `ToolkitError`."""
    if text is None:
        return None
    date = typed_date(text)
    if date is None:
        raise ToolkitError(f"日期“{text}”无法识别", where=f"选项 {option}", mend="请写成 2026-09-30 的样子")
    return date
