"""培训练习: what a period's errors suggest to train on, and a pack of exercises with its key (八、(一))."""

from collections.abc import Mapping
from random import Random

import pandas as pd

from toolkit.model import practice_sheets as p
from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period, quarter_of
from toolkit.model.request import Request
from toolkit.model.tables import Book, Outcome, Table
from toolkit.rules.indicators.rows import open_books
from toolkit.rules.renewal import of_other_periods, renewed
from toolkit.rules.spotcheck.population import population
from toolkit.rules.training.pack import case_pages, chosen_cases, fault_pages, seed_of
from toolkit.rules.training.topics import occasions, training_summary

_ISSUE = "问题 "


def practice(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 培训分析, and two workbooks: the exercises and their key.

    `request.period` defaults to the calendar quarter that holds T, `request.seed` to one that follows from the period.
    """
    period = request.period or quarter_of(request.as_of)
    books = open_books(tables, request, period)
    wrong = occasions(books, population(books), period)
    analysis = training_summary(tables, wrong, period, books.cut)
    table = tables[sheets.TRAINING_ANALYSIS.title]
    body = of_other_periods(sheets.TRAINING_ANALYSIS, analysis, table, period.label)

    seed = seed_of(period) if request.seed is None else request.seed
    dice = Random(seed)
    categories = {source.removeprefix(_ISSUE) for source in wrong["source"] if source.startswith(_ISSUE)}
    cases = chosen_cases(dice, categories)
    tasks, key = case_pages(cases, dice, request.parameters)
    faults, fault_key = fault_pages(dice, request, period)
    label = period.label.replace("..", "至")
    papers = [
        Book(
            f"练习题_{label}.xlsx",
            ((p.GUIDE, _guide(period, seed, len(tasks), len(faults))), (p.CASES, tasks), (p.FAULTS, faults)),
            title=f"回访练习题 {period.title}",
        ),
        Book(
            f"练习答案_{label}.xlsx",
            ((p.CASE_KEY, key), (p.FAULT_KEY, fault_key)),
            title=f"回访练习答案 {period.title}",
        ),
    ]
    total = analysis.iloc[-1]
    counts = {
        "培训宣传场次": int(total["sessions"]),
        "人次": int(total["headcount"]),
        "相关问题": int(total["errors"]),
        "案例题": len(tasks),
        "找错题": len(faults),
    }
    text = f"{period.label}：" + "，".join(f"{name} {count}" for name, count in counts.items()) + f"；种子 {seed}"
    return Outcome(
        [renewed(sheets.TRAINING_ANALYSIS, body, table, sheets.TRAINING_ANALYSIS.key)],
        counts,
        _warnings(tables[sheets.TRAINING.title]),
        text,
        details=_topics(wrong),
        papers=list(papers),
    )


def _topics(wrong: pd.DataFrame) -> list[str]:
    """The three topics that most errors point to."""
    tally = wrong.groupby(["kind", "topic"]).size().sort_values(ascending=False, kind="stable").head(3)
    rows = tally.reset_index(name="count").to_dict("records")
    return [f"建议培训（{row['kind']}）：{row['topic']}，相关问题 {row['count']} 处" for row in rows]


def _warnings(table: Table) -> list[str]:
    """Rows of 培训宣传 that cannot be counted, by cell."""
    rows, out = table.data, []
    strange = rows[(rows["kind"] != "") & ~rows["kind"].isin(v.TRAINING_KINDS)]
    filled = (rows[["kind", "topic", "audience"]] != "").any(axis=1) | rows["headcount"].notna()
    for name, bad, what in (
        ("kind", strange["row"], f"类别不在列表中，没有计入，请从 {'、'.join(v.TRAINING_KINDS)} 中选择"),
        (
            "date",
            rows.loc[rows["date"].isna() & (filled | table.unreadable("date")), "row"],
            "没有可读的日期，没有计入",
        ),
        ("headcount", rows.loc[table.unreadable("headcount"), "row"], "人次不是数，按 0 计"),
    ):
        out += [f"{sheets.TRAINING.title} {table.cell(row, name)}：{what}" for row in bad]
    return out


def _guide(period: Period, seed: int, cases: int, faults: int) -> pd.DataFrame:
    rows = [
        ("用途", f"{period.title}回访人员练习，制度八、(一)3.；客户、电话均为虚构"),
        (
            p.CASES.title,
            f"{cases} 题。读客户的话，填黄色各栏：回访结果、核对项、问题类别、严重程度、怎样记录、接下来怎样做",
        ),
        (p.FAULTS.title, f"{faults} 题。每条记录有一处错误，指出是哪一栏、应怎样改正"),
        ("答案", "另见“练习答案”文件，由培训人员保管"),
        ("题目编号", f"种子 {seed}；同一种子得到同一份题，换一个种子得到另一份"),
        ("姓名", "＿" * 12 + "　　日期：＿＿＿＿年＿＿月＿＿日　　得分：＿＿＿＿"),
    ]
    return pd.DataFrame(rows, columns=["item", "content"])
