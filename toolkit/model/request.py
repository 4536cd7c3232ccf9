"""What a button press asks for: the options of every action in one immutable noun."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.model.period import Period


@dataclass(frozen=True)
class Request:
    """`as_of` is T, the only clock. `parameters` and `calendar` are those of the workbook at hand."""

    as_of: dt.date
    parameters: Parameters
    calendar: WorkCalendar
    period: Period | None = None
    files: tuple[Path, ...] = ()
    schedule: Path | None = None
    preview: bool = False
    rearrange: bool = False
    department: str = ""
    template: Path | None = None
    workbook: Path | None = None
    institution: str = ""
    started_at: dt.datetime | None = None
