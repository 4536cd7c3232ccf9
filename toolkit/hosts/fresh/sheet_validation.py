"""Dropdowns, limits and Chinese prompts in the cells, derived from the model's fields.

A value outside a list is stopped. Numbers and dates only warn: staff must be able to write down what a paper says, and
`check` looks again at whatever came in by pasting.
"""

import datetime as dt

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from toolkit.hosts.fresh.sheet_look import LAST_READY_ROW
from toolkit.model import sheets as s
from toolkit.model.fields import NUMBER_KINDS, Field, Kind, Owner, Sheet
from toolkit.model.parameters import Parameter
from toolkit.model.tables import column_letter

VISITOR_NAMES = s.VISITOR_NAMES
VISITOR_FIELDS = ("visitor", "signature")

FIRST_DATE, LAST_DATE = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
# Numbers without limits of their own still have to be numbers.
_BOUND = 1e15
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255


def define_visitor_names(workbook: Workbook) -> None:
    """The name behind the visitor dropdowns: it ends with the last name, so the list has no blank tail."""
    column = column_letter(s.VISITORS.names.index("name") + 1)
    title = s.VISITORS.title
    names = f"{title}!${column}$2:${column}${LAST_READY_ROW}"
    workbook.define_name(VISITOR_NAMES, f"=OFFSET({title}!${column}$2,0,0,MAX(1,COUNTA({names})),1)")


def set_up_validations(worksheet: Worksheet, sheet: Sheet, last_row: int, *, visitors: bool) -> None:
    """One validation per column over rows 2 to `last_row`; `visitors`: the workbook has the sheet 回访人员."""
    for column, field in enumerate(sheet):
        options = _rule(field, visitors and sheet is not s.VISITORS)
        if options:
            worksheet.data_validation(1, column, last_row - 1, column, options | _prompt(field.header, _hint(field)))


def entry_validation(field: Field, choices: tuple[str, ...] = ()) -> dict[str, object]:
    """The validation of the one cell of a form that holds `field`; `choices` narrow or suggest what it may hold."""
    if not choices:
        rule = _rule(field, visitors=False) or {"validate": "any"}
    elif field.choices:
        rule = _list(choices)
    else:  # suggestions
        remedy = f"可从下拉列表选择：{'、'.join(choices)}。确认无误可选“是”保留。"
        rule = _list(choices) | _warn("不在列表中", remedy)
    return rule | _prompt(field.header, _hint(field))


def parameter_validation(parameter: Parameter) -> dict[str, object]:
    """The validation of one cell of 参数."""
    note = parameter.note
    if parameter.kind == "choice":
        rule = _list(parameter.choices)
    elif parameter.kind == "date":
        rule = _dates(may_be_future=True)
    elif parameter.kind == "list":
        rule = {"validate": "any"}
    else:
        rule = _numbers("integer" if parameter.kind == "int" else "decimal", parameter.lowest, parameter.highest)
        note += f"。填 {_limits(parameter.lowest, parameter.highest)}"
    if not parameter.blank_ok:
        note += "。不可空白"
    return rule | _prompt(parameter.title, f"{note}。{_cite(parameter.clause)}")


def _rule(field: Field, visitors: bool) -> dict[str, object]:
    if field.choices:
        return _list(field.choices)
    if field.owner is Owner.TOOL:
        return {}  # nobody types there, and a prompt on every cell would be in the way
    if visitors and field.name in VISITOR_FIELDS:
        return _list(f"={VISITOR_NAMES}", "请从“回访人员”表的姓名中选择；新人请先登记到该表。")
    if field.kind in (Kind.DATE, Kind.TIMESTAMP):
        return _dates(field.may_be_future)
    if field.kind is Kind.TIME:
        rule = {"validate": "time", "criteria": "between", "minimum": dt.time(0, 0), "maximum": dt.time(23, 59, 59)}
        return rule | _warn("不像是时间", "请按 14:30 这样填写时间。确认无误可选“是”保留。")
    if field.kind in NUMBER_KINDS:
        return _numbers("integer" if field.kind is Kind.INTEGER else "decimal", field.lowest, field.highest)
    return {"validate": "any"} if field.help or field.required else {}


def _list(choices: tuple[str, ...] | str, remedy: str = "") -> dict[str, object]:
    source = choices if isinstance(choices, str) else list(choices)
    remedy = remedy or f"请从下拉列表选择：{'、'.join(choices)}。"
    return {
        "validate": "list",
        "source": source,
        "error_type": "stop",
        "error_title": "不在可选范围内",
        "error_message": _cut(remedy),
    }


def _dates(may_be_future: bool) -> dict[str, object]:
    rule = {
        "validate": "date",
        "criteria": "between",
        "minimum": FIRST_DATE,
        "maximum": LAST_DATE if may_be_future else "=TODAY()",
    }
    late = "" if may_be_future else "，且不晚于今天"
    return rule | _warn("请核对日期", f"应为 2026-03-05 这样的日期{late}。确认无误可选“是”保留。")


def _numbers(validate: str, lowest: float | None, highest: float | None) -> dict[str, object]:
    low, high = (-_BOUND if lowest is None else lowest), (_BOUND if highest is None else highest)
    rule = {"validate": validate, "criteria": "between", "minimum": low, "maximum": high}
    whole = "整数" if validate == "integer" else "数"
    return rule | _warn("请核对数值", f"应为{_limits(lowest, highest)}的{whole}。确认无误可选“是”保留。")


def _limits(lowest: float | None, highest: float | None) -> str:
    if lowest is None and highest is None:
        return "不带单位"
    if highest is None or highest >= _BOUND:
        return f"不小于 {lowest:g} "
    if lowest is None:
        return f"不大于 {highest:g} "
    return f"{lowest:.15g} 至 {highest:.15g} "


def _hint(field: Field) -> str:
    """What the prompt says: who fills the cell, the field's help, its clause."""
    parts = []
    if field.owner is Owner.TOOL:
        parts.append("由系统生成，一般不用改")
    elif field.required:
        parts.append("必填")
    if field.help:
        parts.append(field.help)
    if field.choices:
        parts.append("请从下拉列表选择")
    elif field.kind in (Kind.DATE, Kind.TIMESTAMP):
        parts.append("日期，如 2026-03-05" + ("" if field.may_be_future else "，不晚于今天"))
    elif field.kind is Kind.TIME:
        parts.append("时间，如 14:30")
    elif field.kind in NUMBER_KINDS and (field.lowest is not None or field.highest is not None):
        parts.append(f"填{_limits(field.lowest, field.highest).strip()}的数")
    text = "。".join(part.rstrip("。") for part in parts)
    return f"{text}。{_cite(field.clause)}"


def _cite(clause: str) -> str:
    return f"\n制度 {clause}" if clause else ""


def _prompt(title: str, message: str) -> dict[str, object]:
    return {"input_title": title[:_LONGEST_TITLE], "input_message": _cut(message)}


def _warn(title: str, message: str) -> dict[str, object]:
    return {"error_type": "warning", "error_title": title, "error_message": _cut(message)}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 1] + "…"
