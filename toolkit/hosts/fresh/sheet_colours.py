"""Which words stand out: conditional formats by sheet and field. Status is always words plus colour."""

from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from toolkit.hosts.fresh.sheet_look import RULE
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.fields import Sheet
from toolkit.model.tables import column_letter


@dataclass(frozen=True)
class Tone:
    """Text and fill of a word that stands out, and the word for it in the legend."""

    ink: str
    fill: str
    meaning: str


RED = Tone("#9C0006", "#FFC7CE", "须马上处理")
ORANGE = Tone("#974706", "#FCD5B4", "重要")
AMBER = Tone("#7F6000", "#FFEB9C", "请留意")
GREEN = Tone("#006100", "#D5EDD8", "已完成")
BLUE = Tone("#1F4E79", "#DDEBF7", "已改期")
GREY = Tone("#7F7F7F", "#EDEDED", "不再办理")

# Sheet → field → word → tone.
WORDS: dict[Sheet, dict[str, dict[str, Tone]]] = {
    s.VISITORS: {"status": {v.OFF_DUTY: GREY}},
    s.VISITS: {
        "state": {v.MISSED: RED, v.DONE: GREEN, v.CANCELLED: GREY, v.RESCHEDULED: BLUE},
        "priority": {v.HIGH: RED, v.MEDIUM: AMBER},
    },
    s.RECORDS: {name: {v.NO: AMBER} for name in s.CHECK_FIELDS},
    s.FINDINGS: {"level": {v.ERROR: RED, v.WARNING: AMBER, v.HINT: BLUE}},
    s.ISSUES: {
        "severity": {v.CRITICAL: RED, v.MAJOR: ORANGE, v.UNGRADED: AMBER},
        "manual_grading": {v.CRITICAL: RED, v.MAJOR: ORANGE, v.NO_ISSUE: GREY},
        "state": {
            v.TO_GRADE: AMBER,
            v.CLOSED: GREEN,
            v.SOLVED_ON_THE_SPOT: GREEN,
            v.PAUSED: GREY,
            v.REOPENED: RED,
        },
    },
    s.OPEN_QUESTIONS: {
        "state": {v.ANSWER_OVERDUE: RED, v.TO_ANSWER: AMBER, v.ANSWERED: GREEN, v.ANSWERED_LATE: ORANGE},
    },
    s.PROMISES: {"verdict": {v.BROKEN: RED, v.KEPT: GREEN, v.AWAITS_IMPORT: AMBER, v.NOT_COMPARABLE: GREY}},
    s.WEEK_PLAN: {"visitor": {v.UNASSIGNED: AMBER}},
    s.PLAN_PROGRESS: {"visitor": {v.UNASSIGNED: AMBER}},
    s.PLAN_APPROVAL: {
        "state": {v.MISSED: RED, v.RESCHEDULED: BLUE},
        "priority": {v.HIGH: RED, v.MEDIUM: AMBER},
        "visitor": {v.UNASSIGNED: AMBER},
    },
    s.INDICATORS: {"verdict": {v.KPI_VERDICTS[0]: GREEN, v.KPI_VERDICTS[1]: RED}},
    s.SPOT_CHECKS: {"verdict": {verdict: RED for verdict in v.FAILED_SPOT_CHECKS}},
    s.RECTIFICATIONS: {
        "state": {v.RECTIFY_OVERDUE: RED, v.TO_RECTIFY: AMBER, v.RECTIFIED: GREEN, v.RECTIFY_VOID: GREY},
    },
    s.RETENTION: {"state": {v.EXPIRED: AMBER, v.HELD: GREY}},
}

# Sheet → field → (formula over {cell}, tone), for what is no single word.
FORMULAS: dict[Sheet, dict[str, tuple[str, Tone]]] = {
    s.LOANS: {
        "days_past_due": ("AND(ISNUMBER({cell}),{cell}>0)", RED),
        "grade": (f'AND({{cell}}<>"",{{cell}}<>"{v.NORMAL_GRADE}")', AMBER),
    },
    s.RECORDS: {"result": (f'AND({{cell}}<>"",{{cell}}<>"{v.SUCCESS}")', GREY)},
    s.WEEK_PLAN: {
        **{name: (f'ISNUMBER(SEARCH("{v.OVER_LIMIT}",{{cell}}))', RED) for name, _ in s.WEEKDAYS},
        "to_rearrange": ("ISNUMBER({cell})", AMBER),
    },
    s.ISSUES: {"supervision": (f'OR(LEFT({{cell}},2)="{v.URGE}",LEFT({{cell}},2)="{v.NAME_PUBLICLY}")', RED)},
    s.PLAN_PROGRESS: {"missed": ("AND(ISNUMBER({cell}),{cell}>0)", RED)},
}


# Where only some of the filled rows are rows of a table: their mark in column A.
RULED = {s.PLAN_APPROVAL: '$A2<>""', s.RETENTION: '$A2<>""'}


class Tones:
    """The conditional formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[Tone, Format] = {}
        self.ruled: Format = workbook.add_format({"border": 1, "border_color": RULE})

    def format(self, tone: Tone) -> Format:
        if tone not in self._made:
            # The border too: some programs apply the first matching format only.
            self._made[tone] = self._workbook.add_format(
                {"font_color": tone.ink, "bg_color": tone.fill, "border": 1, "border_color": RULE}
            )
        return self._made[tone]


def set_up_colours(worksheet: Worksheet, sheet: Sheet, columns: int, last_row: int, tones: Tones) -> None:
    """Conditional formats of a sheet over rows 2 to `last_row`; filled rows are ruled over all `columns`."""
    for name, words in WORDS.get(sheet, {}).items():
        for word, tone in words.items():
            options = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": tones.format(tone)}
            worksheet.conditional_format(_range(sheet, name, last_row), options)
    for name, (formula, tone) in FORMULAS.get(sheet, {}).items():
        cell = f"${_letter(sheet, name)}2"
        options = {"type": "formula", "criteria": "=" + formula.format(cell=cell), "format": tones.format(tone)}
        worksheet.conditional_format(_range(sheet, name, last_row), options)
    last = column_letter(columns)
    ruled = RULED.get(sheet, f"COUNTA($A2:${last}2)>0")
    # Borders in the column formats would run on to the last row of the sheet, in print too.
    filled = {"type": "formula", "criteria": f"={ruled}", "format": tones.ruled}
    worksheet.conditional_format(f"A2:{last}{last_row}", filled)


def _letter(sheet: Sheet, name: str) -> str:
    return column_letter(sheet.names.index(name) + 1)


def _range(sheet: Sheet, name: str, last_row: int) -> str:
    letter = _letter(sheet, name)
    return f"{letter}2:{letter}{last_row}"
