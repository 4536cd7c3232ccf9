"""What a reader of 考核指标 should know beside the figures: rows that count against someone for lack of a cell."""

from collections.abc import Callable

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.fields import Sheet
from toolkit.rules.indicators.rows import Books, due_visits

# So many cells are named on the screen; the rest are counted.
NAMED_CELLS = 5

Found = tuple[Sheet, str, pd.DataFrame, str]


def _cancelled_without_ground(books: Books) -> list[Found]:
    due = due_visits(books)
    bare = due[due["state"] == v.CANCELLED]
    return [(sheets.VISITS, "state", bare, "人工取消但缺批准人或备注事由，仍计入应访")]


def _done_without_record(books: Books) -> list[Found]:
    due = due_visits(books)
    typed = due[(due["state"] == v.DONE) & due["completed_on"].isna()]
    return [(sheets.VISITS, "state", typed, "状态为已完成但没有对应的成功记录，未计为完成")]


def _late_rescheduling(books: Books) -> list[Found]:
    due = due_visits(books)
    late = due[due["rescheduled_to"].notna() & (due["counts_on"] == due["due_on"]) & (due["state"] != v.DONE)]
    late = late[~(late["reschedule_approved_on"] <= late["due_on"])]
    return [(sheets.VISITS, "reschedule_approved_on", late, "改期未在原截止日期前批准，仍按原截止日期考核")]


def _without_limits(books: Books) -> list[Found]:
    serious = books.issues[books.issues["grade"].isin((v.MAJOR, v.CRITICAL))]
    bare = serious[serious["report_due_on"].isna() | serious["remedy_due_on"].isna()]
    return [(sheets.ISSUES, "report_due_on", bare, "重要或重大问题缺反馈时限或整改时限，未计入，请先“问题分类”")]


def _unreadable(books: Books) -> list[Found]:
    out: list[Found] = []
    for sheet, names in (
        (sheets.VISITS, ("due_on", "rescheduled_to", "reschedule_approved_on")),
        (sheets.RECORDS, ("visited_on", "submitted_on")),
        (sheets.ISSUES, ("report_due_on", "reported_on", "remedy_due_on", "verified_on")),
    ):
        table = books.tables[sheet.title]
        out += [(sheet, name, table.data[table.unreadable(name)], "日期无法识别，按空白处理") for name in names]
    return out


WARNINGS: tuple[Callable[[Books], list[Found]], ...] = (
    _cancelled_without_ground,
    _done_without_record,
    _late_rescheduling,
    _without_limits,
    _unreadable,
)


def warnings_of(books: Books) -> list[str]:
    """One sentence a kind of trouble, with the first cells; nothing of it is changed by the tool."""
    sentences = []
    for sheet, name, rows, what in (found for warning in WARNINGS for found in warning(books)):
        if rows.empty:
            continue
        table = books.tables[sheet.title]
        cells = [table.cell(row, name) for row in rows["row"].head(NAMED_CELLS)]
        more = f" 等 {len(rows)} 处" if len(rows) > NAMED_CELLS else ""
        sentences.append(f"{sheet.title} {'、'.join(cells)}{more}：{what}")
    return sentences
