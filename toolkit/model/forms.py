"""What a filled form says where: the words that `forms` writes into its papers and `collect` reads back.

A form is one visit's 《贷款回访记录》 (五、(一)); a questionnaire is what the customer fills in (四、(一)3.). Both hold
fields of 回访记录 only, each under its key, `record_` and the field's name, e.g. ``record_visited_on``.

.xlsx: one worksheet per form. Every key is a defined name of that worksheet (``localSheetId``) for one cell, the upper
left one of a merged box. The cells hold what the kind of the field asks for: dates, times and numbers where Excel made
them so, else text; a blank cell is a blank field.

.docx: one or more forms in one document. Every key is the ``w:tag`` of a content control (``w:sdt``): plain text, date
or dropdown; a control that shows its placeholder (``w:showingPlcHdr``) is a blank field. The fields of `ticks` are rows
of tick boxes (``w14:checkbox``), one per choice, tagged ``KEY=CHOICE``, e.g. ``record_use_1=是``: the ticked one is the
answer, none is a blank field, more than one is for the clerk to settle (but `SEVERAL` are joined with 、).

Each form also carries `VERSION_KEY`, an ordinary name or tag, that holds `FORM` or `QUESTIONNAIRE`. In a document it is
the first control of a form: what follows, up to the next one, belongs to it. Sheets and documents without it are no
forms.
"""

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.fields import Field

VERSION_KEY = "form_version"
FORM, QUESTIONNAIRE = "LHF-1", "LHQ-1"
VERSIONS = (FORM, QUESTIONNAIRE)

PREFIX = "record_"
TICK = "="

# Filled in by `forms` from 回访清单. A form in which nothing but these is filled was never used.
PREFILLED = ("visit_no", "customer_name", "contract_no", "drawdown_no", "phone", "method", "visitor")
PREFILLED_QUESTIONNAIRE = ("visit_no",)

# Beside the checks of the visit's stage. 答复日期 comes later and is filled in the register.
FORM_FIELDS = (
    "visit_no", "customer_name", "contract_no", "drawdown_no", "phone", "visited_on", "started_at", "minutes", "method",
    "result", "content", "feedback", "suggestion", "other_needs", "satisfaction", "open_question", "answer_department",
    "answer_due_on", "reminder_preference", "promised_on", "visitor", "signature", "submitted_on", "remark",
)  # fmt: skip
QUESTIONNAIRE_FIELDS = (
    "visit_no", "visited_on", "satisfaction", "reminder_preference", "feedback", "suggestion", "other_needs",
)  # fmt: skip
# Several boxes may be ticked.
SEVERAL = ("reminder_preference",)
SATISFACTION = ("5", "4", "3", "2", "1")


def ticks(field: str) -> tuple[str, ...]:
    """The choices of a field that a document asks for with tick boxes; () for other fields."""
    if field == "satisfaction":
        return SATISFACTION
    if field == "reminder_preference":
        return v.REMINDER_PREFERENCES
    return sheets.RECORDS[field].choices if field != "method" else ()


def key(field: str, choice: str = "") -> str:
    """The name or tag of a field of 回访记录, or of the tick box of one of its choices."""
    return PREFIX + field + (TICK + choice if choice else "")


def field_of(tag: str) -> tuple[Field, str] | None:
    """The field that a name or tag stands for, and its choice ("" unless a tick box); None if it is none of ours."""
    name, _, choice = tag.partition(TICK)
    name = name.removeprefix(PREFIX) if name.startswith(PREFIX) else ""
    return (sheets.RECORDS[name], choice) if name in sheets.RECORDS else None
