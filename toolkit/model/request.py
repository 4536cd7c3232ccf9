"""What a button press asks for: the options of every action in one immutable noun."""

import datetime as dt
from dataclasses import dataclass

from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.model.period import Period
from toolkit.model.tables import FilledForm, Source


@dataclass(frozen=True)
class Request:
    """`as_of` is T, the only clock. `parameters` and `calendar` are those of the workbook at hand.

    `sources`: sheets of the files given to `ledger` (or `collect`); `schedule_sources`: those of --schedule; `forms`:
    the filled forms among the files given to `collect`.
    `department`: report for this 部门 only, "" = all. `seed`: chance of `sample`, None = derived from what is sampled.
    `file_format`: wanted kind of file ("xlsx", "docx", "pdf"), "" = the action's usual one.
    `kinds`: names of the papers wanted, () = all.
    `by`: what one file of `forms` is for, "visit" or "visitor", "" = visit.
    `rejected`: (file, reason) of files that could not be read. `institution`: 机构 on 首页, "" if not filled.
    `operator`: who presses the button, as in 操作日志.
    """

    as_of: dt.date
    parameters: Parameters
    calendar: WorkCalendar
    period: Period | None = None
    sources: tuple[Source, ...] = ()
    schedule_sources: tuple[Source, ...] = ()
    forms: tuple[FilledForm, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    passed: tuple[str, ...] = ()
    preview: bool = False
    rearrange: bool = False
    department: str = ""
    seed: int | None = None
    file_format: str = ""
    by: str = ""
    kinds: tuple[str, ...] = ()
    institution: str = ""
    operator: str = ""
