"""Time limits of an issue: counted from 发现日期 in working days, by its grade (六、(二)2.–3., 六、(三)1.).

They follow 人工认定: a grade given by hand moves them, 无问题 clears them. A grade leaves its own pattern of filled and
blank limits, so the grade that the limits were last written for can be read off the row and needs no memory.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters

REPORT, REMEDY, ESCALATION = FIELDS = ("report_due_on", "remedy_due_on", "escalation_due_on")


@dataclass(frozen=True)
class Deadline:
    """The limit `field` of issues graded `severity`: 发现日期 + `parameter` working days."""

    field: str
    severity: str
    parameter: str
    clause: str


DEADLINES: tuple[Deadline, ...] = (
    Deadline(REPORT, v.MAJOR, "重要问题反馈工作日数", "六、(二)2."),
    Deadline(REPORT, v.CRITICAL, "重大问题反馈工作日数", "六、(二)2."),
    Deadline(REMEDY, v.GENERAL, "一般问题整改工作日数", "六、(三)1."),
    Deadline(REMEDY, v.MAJOR, "重要问题整改工作日数", "六、(三)1."),
    Deadline(REMEDY, v.CRITICAL, "重大问题整改工作日数", "六、(三)1."),
    Deadline(ESCALATION, v.CRITICAL, "重大问题上报工作日数", "六、(二)3."),
)
# Grades by which limits are written; any other text in the column is left for a person.
GRADES = (*v.GRADINGS, v.NO_ISSUE)


def deadlines(found_on: pd.Series, severity: pd.Series, parameters: Parameters, calendar: WorkCalendar) -> pd.DataFrame:
    """Columns `FIELDS` (datetime64[s], NaT = no such limit), aligned with `found_on` (datetime64[s]).

    `severity` is the effective grade (人工认定 wins): 待定级 and 无问题 have no limits.
    """
    days = found_on.to_numpy().astype("datetime64[D]")
    out = pd.DataFrame({field: pd.Series(pd.NaT, index=found_on.index, dtype="datetime64[s]") for field in FIELDS})
    for deadline in DEADLINES:
        due = calendar.add_workdays(days, parameters[deadline.parameter]).astype("datetime64[s]")
        out[deadline.field] = out[deadline.field].mask(severity == deadline.severity, pd.Series(due, found_on.index))
    return out


def belongs_to_grade(filled: pd.DataFrame, severity: pd.Series) -> pd.Series:
    """bool: the limits that are `filled` (bool columns `FIELDS`) are exactly those that the grade has."""
    fits = pd.Series(True, index=filled.index)
    for field in FIELDS:
        graded = [deadline.severity for deadline in DEADLINES if deadline.field == field]
        fits &= filled[field] == severity.isin(graded)
    return fits


def provisional(found_on: pd.Series, limits: pd.DataFrame, calendar: WorkCalendar) -> pd.Series:
    """bool: a limit was counted over a year whose arrangement is not published (contract, section 3)."""
    start = found_on.to_numpy().astype("datetime64[D]")
    out = np.zeros(len(limits), dtype=bool)
    for field in FIELDS:
        out |= calendar.is_provisional(start, limits[field].to_numpy().astype("datetime64[D]"))
    return pd.Series(out, index=limits.index)
