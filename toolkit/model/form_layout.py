"""How a form is laid out, once for Excel and Word: lines of cells over six columns of A4 upright.

`{name}` in a text is filled in per visit. What `rules.forms.pages` gives and what is used here is the same list of
names, `SLOTS`; a test holds it.
"""

from dataclasses import dataclass
from enum import StrEnum

from toolkit.model import conversation as say
from toolkit.model import forms, sheets
from toolkit.model import values as v

COLUMNS = 6
# Characters of the columns in turn: label, value, label, value, label, value.
WIDTHS = (10, 26, 10, 18, 10, 17)

SLOTS = (
    "institution", "visit_no", "customer_name", "greeted", "contract_no", "drawdown_no", "phone", "product", "amount",
    "terms", "purpose", "visit_type", "stage", "method", "scheduled", "window", "visitor", "branch", "reason",
    "instalment", "focus", "together", "phone_minutes", "meeting_minutes",
)  # fmt: skip


_SINGLE_STAGES = {question.stage for question in say.QUESTIONS}
# What says whose record it is.
_FIXED = ("visit_no", "contract_no", "drawdown_no")


class Look(StrEnum):
    TITLE = "title"
    PLAIN = "plain"  # no frame
    SECTION = "section"
    LABEL = "label"
    SHOWN = "shown"  # for reading
    HINT = "hint"
    ENTRY = "entry"  # for filling in


@dataclass(frozen=True)
class Cell:
    """`span` columns. `text` may hold `{slots}`; with `field` it is what the field is filled with at first. `note` is a
    second, smaller line. `choices`: what the field may be filled with; `fixed`: it is not to be changed."""

    span: int
    look: Look
    text: str = ""
    note: str = ""
    field: str = ""
    choices: tuple[str, ...] = ()
    fixed: bool = False


@dataclass(frozen=True)
class Line:
    """`height` in lines of text; the spans of the cells add up to `COLUMNS`. `grows`: higher where filled-in texts are
    long."""

    cells: tuple[Cell, ...]
    height: float = 1.0
    grows: bool = False


def _label(text: str) -> Cell:
    return Cell(1, Look.LABEL, text)


def _shown(label: str, text: str, span: int = 1) -> tuple[Cell, Cell]:
    return _label(label), Cell(span, Look.SHOWN, text)


def _entry(field: str, span: int = 1, text: str = "", label: str = "") -> tuple[Cell, Cell]:
    label = label or sheets.RECORDS.header(field).rpartition("_")[2]
    return _label(label), _asked(field, span, text)


def _asked(field: str, span: int, text: str = "", choices: tuple[str, ...] = ()) -> Cell:
    choices = choices or forms.ticks(field) or sheets.RECORDS[field].choices
    return Cell(span, Look.ENTRY, text, field=field, choices=choices, fixed=field in _FIXED)


def _section(text: str, note: str = "") -> Line:
    return Line((Cell(COLUMNS, Look.SECTION, text, note),))


def _wide(label: str, text: str, height: float) -> Line:
    return Line(_shown(label, text, COLUMNS - 1), height)


def _box(field: str, height: float, label: str = "") -> Line:
    return Line(_entry(field, COLUMNS - 1, label=label), height)


def _head(title: str, version: str) -> tuple[Line, ...]:
    return (
        Line((Cell(COLUMNS, Look.TITLE, title),), 2),
        Line(
            (
                Cell(4, Look.PLAIN, "{institution}"),
                Cell(1, Look.PLAIN, "表式"),
                Cell(1, Look.PLAIN, version, field=forms.VERSION_KEY, fixed=True),
            )
        ),
    )


def record_form(stage: str) -> tuple[Line, ...]:
    """《贷款回访记录》 of a visit of 回访阶段 `stage`: a page; two stages take two, which leave more room to write."""
    room = 3.7 if stage in _SINGLE_STAGES else 6
    return (
        *_head("贷款回访记录", forms.FORM),
        _section("一、客户与贷款"),
        Line(
            (
                *_entry("visit_no", text="{visit_no}"),
                *_entry("customer_name", text="{customer_name}"),
                *_entry("phone", text="{phone}"),
            ),
            grows=True,
        ),
        Line(
            (
                *_entry("contract_no", text="{contract_no}", label="合同编号"),
                *_entry("drawdown_no", text="{drawdown_no}"),
                *_shown("贷款产品", "{product}"),
            ),
            grows=True,
        ),
        Line(
            (*_shown("贷款金额", "{amount}"), *_shown("期限利率", "{terms}"), *_shown("贷款用途", "{purpose}")),
            grows=True,
        ),
        _section("二、回访安排"),
        Line((*_shown("回访类型", "{visit_type}"), *_shown("回访阶段", "{stage}"), *_shown("计划方式", "{method}"))),
        Line(
            (*_shown("回访期限", "{window}"), *_shown("安排日期", "{scheduled}"), *_shown("网点", "{branch}")),
            grows=True,
        ),
        Line(_shown("事由", "{reason}{instalment}{focus}{together}", COLUMNS - 1), 1, grows=True),
        _section("三、怎样谈", "三、(七)"),
        Line(_shown("开场", say.OPENING[stage], COLUMNS - 1), 2, grows=True),
        _wide("应当", "\n".join(f"{number}. {text}" for number, text in enumerate(say.DO, start=1)), 4),
        _wide("不得", say.DO_NOT, 2),
        _wide("结束", say.CLOSING[stage], 2),
        _section("四、联系情况", "没有谈成的，只填本节、备注和签名"),
        Line((*_entry("visited_on"), *_entry("started_at"), *_entry("minutes")), 1.3),
        Line((*_entry("method", text="{method}"), *_entry("result", 3)), 1.3),
        _section("五、核实内容", "“是”为情况良好；答“否”的，请在客户反馈中写明"),
        *(_question(number, question) for number, question in enumerate(say.questions_of(stage), start=1)),
        *(_box(question.field, 1.7) for question in say.OTHER_QUESTIONS),
        _section("六、回访内容与客户反馈", "成功的回访必填"),
        _box("content", room),
        _box("feedback", room),
        Line((*_entry("satisfaction", label="满意度1–5"), *_entry("promised_on", 3, label="承诺还款日")), 1.3),
        Line(_entry("reminder_preference", COLUMNS - 1), 1.3),
        _box("open_question", 1.7),
        Line((*_entry("answer_department"), *_entry("answer_due_on", 3)), 1.3),
        _section("七、签名"),
        Line(
            (
                *_entry("visitor", text="{visitor}"),
                *_entry("signature", label="本人签名"),
                *_entry("submitted_on"),
            ),
            1.6,
        ),
        _box("remark", 1.3),
    )


def questionnaire(stage: str) -> tuple[Line, ...]:
    """The paper for the customer of a visit by 问卷: nothing on it says who the customer is."""
    other = (
        *say.OTHER_QUESTIONS,
        say.Question("feedback", "", "", "", "上面回答“否”的，请写明情况；还有什么想告诉我们？"),
    )
    return (
        *_head("贷款客户调查问卷", forms.QUESTIONNAIRE),
        Line(
            (*_entry("visit_no", 3, text="{visit_no}", label="问卷编号"), *_entry("visited_on", label="填写日期")), 1.3
        ),
        Line((Cell(COLUMNS, Look.SHOWN, say.QUESTIONNAIRE_OPENING),), 3),
        _section("请回答", "是、否、不适用"),
        *(
            _question(number, question._replace(regulation=""), 1.6, v.CHECK_ANSWERS[:3])
            for number, question in enumerate(say.questions_of(stage), start=1)
        ),
        _section("总的来说，您对我们的服务", "5 分为非常满意，1 分为很不满意"),
        Line(_entry("satisfaction", COLUMNS - 1, label="满意度"), 1.6),
        Line(_entry("reminder_preference", COLUMNS - 1, label="还款提醒"), 1.6),
        _section("您的意见和需求"),
        *(
            line
            for question in other
            for line in (
                Line((Cell(COLUMNS, Look.SHOWN, question.asked),), 1.3),
                Line((_asked(question.field, COLUMNS),), 5),
            )
        ),
        Line((Cell(COLUMNS, Look.SHOWN, say.QUESTIONNAIRE_CLOSING),), 2),
    )


def _question(
    number: int, question: say.Question, height: float = 2.1, answers: tuple[str, ...] = v.CHECK_ANSWERS
) -> Line:
    note = f"{question.regulation}（{question.clause}）" if question.regulation else ""
    return Line(
        (
            Cell(4, Look.SHOWN, f"{number}. {question.asked}", note),
            _asked(question.field, 2, choices=answers),
        ),
        height,
    )


LAYOUTS = {forms.FORM: record_form, forms.QUESTIONNAIRE: questionnaire}
