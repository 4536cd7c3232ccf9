"""The figures that the report's sentences name, each with the rows it was counted from (五、(二)2., 七、(一)1.)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.rules.report.figures import Headline, ReportFigures
from toolkit.rules.report.issues import GRADES
from toolkit.rules.report.traced_tables import INDICATOR_SHEET, ISSUES, LOANS, RECORDS, VISITS, Traced, indicator_source
from toolkit.rules.report.visits import COUNTED, ON_TIME, OTHER_RESULT
from toolkit.rules.report.wording import money, percent, plain, rate_of, rounded

WISHES = sheets.WISHES.title
PLAN, CHECKED, CONTENT = "一、回访基本情况", "一、回访基本情况（记录）", "一、回访基本情况（满意度）"
COMPARED, FOUND, RISK = "一、回访基本情况（比较）", "二、发现的问题", "三、风险评估"
REMEDY, EARLIER, INDICATED = "四、整改建议", "五、以往问题处理情况", "六、考核指标"


class Named(NamedTuple):
    """A figure of a sentence: where it is said, what it is, as printed, its unit, the rows behind it."""

    place: str
    name: str
    value: str
    unit: str
    behind: list[Traced]


def named_figures(f: ReportFigures) -> list[Named]:
    """Every figure that stands in a sentence of the report, in its order, with the rows behind it."""
    out: list[Named] = []
    for part in (_plan, _records, _voice, _compared, _found, _risk, _remedy, _earlier, _indicators):
        out += part(f)
    return out


def _count(place: str, name: str, unit: str, sheet: str, frame: pd.DataFrame, mask=None) -> Named:
    rows = (frame if mask is None else frame[mask])["row"]
    return Named(place, name, str(len(rows)), unit, [Traced(sheet, rows)])


def _plan(f: ReportFigures) -> Iterator[Named]:
    due, rows, missed = f.visits.due, f.visits.rows, f.visits.missed
    all_due = [Traced(VISITS, due["row"])]
    yield _count(PLAN, "到期回访", "笔", VISITS, due)
    yield Named(PLAN, "到期回访涉及的贷款", str(f.visits.loans), "笔", all_due)
    yield Named(PLAN, "到期回访涉及的客户", str(f.visits.customers), "户", all_due)
    for state in v.VISIT_STATES:
        yield _count(PLAN, f"到期回访·{state}", "笔", VISITS, due, due["outcome"] == state)
    for kind, part in missed.groupby("visit_type", sort=False):
        yield _count(PLAN, f"逾期未访·{kind}", "笔", VISITS, part)
    for branch, part in missed.groupby("branch", sort=False):
        yield _count(REMEDY, f"逾期未访·{branch}", "笔", VISITS, part)
    yield from _indicator(f, PLAN, v.PLAN_COMPLETION, "笔")
    yield Named(PLAN, "按期完成（据清单和记录）", str(int(rows[ON_TIME].sum())), "笔",
                [Traced(VISITS, rows.loc[rows[COUNTED] & rows[ON_TIME], "row"])])  # fmt: skip


def _indicator(f: ReportFigures, place: str, indicator: str, unit: str) -> Iterator[Named]:
    rows = f.indicators[
        (f.indicators["object_kind"] == v.KPI_OBJECT_KINDS[0]) & (f.indicators["indicator"] == indicator)
    ]
    for row in rows.head(1).to_dict("records"):
        whole = indicator_source(f, v.KPI_OBJECT_KINDS[0], "", indicator)
        good = indicator_source(f, v.KPI_OBJECT_KINDS[0], "", indicator, good=True)
        yield Named(place, f"{indicator}·分子", f"{row['numerator']:.0f}", unit, good)
        yield Named(place, f"{indicator}·分母", f"{row['denominator']:.0f}", unit, whole)
        shown = percent(row["numerator"], row["denominator"])
        yield Named(place, indicator, shown.rstrip("%"), "%", whole)
        yield Named(place, f"{indicator}·目标", plain(row["target"]), "%", whole)


def _records(f: ReportFigures) -> Iterator[Named]:
    made = f.records.made
    yield _count(CHECKED, "回访记录", "笔", RECORDS, made)
    for result in v.RESULTS:
        yield _count(CHECKED, f"回访记录·{result}", "笔", RECORDS, made, made["result"] == result)
    yield _count(CHECKED, f"回访记录·{OTHER_RESULT}", "笔", RECORDS, made, ~made["result"].isin(v.RESULTS))
    share = percent(len(f.records.successful), len(made))
    yield Named(CHECKED, "回访成功率", share.rstrip("%"), "%", [Traced(RECORDS, made["row"])])
    for method in v.METHOD_CHOICES:
        yield _count(CHECKED, f"回访记录·{method}", "笔", RECORDS, made, made["method"] == method)
    yield _count(CHECKED, "未填提交日期的记录", "笔", RECORDS, made, made["submitted_on"].isna())
    rated = f.records.successful[f.records.successful["satisfaction"].between(1, 5)]
    yield _count(CONTENT, "满意度评分", "笔", RECORDS, rated)
    if len(rated):
        yield Named(CONTENT, "平均满意度", str(rounded(f.records.satisfaction)), "分", [Traced(RECORDS, rated["row"])])
    yield Named(CONTENT, "满意度满分", "5", "分", [])
    yield _count(CONTENT, "收到问卷", "份", RECORDS, made, made["method"] == v.QUESTIONNAIRE)
    for score, part in rated.groupby("satisfaction"):
        yield _count(CONTENT, f"满意度{score:.0f}分", "笔", RECORDS, part)


def _voice(f: ReportFigures) -> Iterator[Named]:
    for rows, column, title in (
        (f.voice.suggestions, "suggestion", "意见建议"),
        (f.voice.needs, "other_needs", v.OTHER_NEED),
    ):
        sheet = WISHES if len(f.voice.wishes) else RECORDS
        yield _count(FOUND, title, "条", sheet, rows)
        for number, (_, part) in enumerate(rows.groupby(column, sort=False), start=1):
            yield _count(FOUND, f"{title}·第{number}种", "条", sheet, part)
    wishes = f.voice.wishes
    for receiver, part in wishes[wishes["receiver"] != ""].groupby("receiver", sort=False):
        yield _count(FOUND, f"分送{receiver}·已处理", "条", WISHES, part, part["handled_on"].notna())
        for kind, of in part.groupby("kind", sort=False):
            yield _count(FOUND, f"分送{receiver}·{kind}", "条", WISHES, of)
    questions = f.voice.questions
    yield _count(FOUND, "待答复事项", "条", RECORDS, questions)
    for name, number in (
        ("已答复", f.voice.answered),
        ("未答复", len(questions) - f.voice.answered),
        ("超过答复时限", f.voice.late),
    ):
        yield Named(FOUND, f"待答复事项·{name}", str(number), "条", [Traced(RECORDS, questions["row"])])


def _compared(f: ReportFigures) -> Iterator[Named]:
    now = f.now
    for base, past in (("上期", f.last_period), ("去年同期", f.last_year)):
        then, counts = past.headline, past.counts
        behind = {
            "到期回访": ("due", "笔", [Traced(VISITS, f.visits.due["row"]), Traced(VISITS, counts.visits.due["row"])]),
            "回访记录": (
                "records", "笔", [Traced(RECORDS, f.records.made["row"]), Traced(RECORDS, counts.records.made["row"])],
            ),
            "发现问题": (
                "issues", "项", [Traced(ISSUES, f.issues.found["row"]), Traced(ISSUES, counts.issues.found["row"])],
            ),
        }  # fmt: skip
        for name, (key, unit, rows) in behind.items():
            earlier = then.known(key)
            if earlier is not None:
                yield Named(COMPARED, f"{name}·较{base}", str(abs(getattr(now, key) - earlier)), unit, rows)
        visits = [
            Traced(VISITS, f.visits.rows.loc[f.visits.rows[COUNTED], "row"]),
            *_visits_counted(counts.visits.rows),
        ]
        yield from _difference(COMPARED, f"{v.PLAN_COMPLETION}·较{base}", now.completion, then.completion, visits)
        rows = [Traced(RECORDS, f.records.successful["row"]), Traced(RECORDS, counts.records.successful["row"])]
        yield from _difference(CONTENT, f"平均满意度·较{base}", _score(now), _score(then), rows, "分")
    yield _count(COMPARED, "发现问题·本期", "项", ISSUES, f.issues.found)
    if now.completion is not None:
        whole = indicator_source(f, v.KPI_OBJECT_KINDS[0], "", v.PLAN_COMPLETION)
        yield Named(COMPARED, v.PLAN_COMPLETION, str(now.completion), "%", whole)


def _score(headline: Headline) -> Decimal | None:
    return rounded(headline.satisfaction) if headline.rated else None


def _visits_counted(rows: pd.DataFrame) -> list[Traced]:
    return [Traced(VISITS, rows.loc[rows[COUNTED], "row"])]


def _difference(
    place: str, name: str, now: Decimal | None, then: Decimal | None, behind: list[Traced], unit: str = "个百分点"
) -> Iterator[Named]:
    if now is not None and then is not None:
        yield Named(place, name, str(abs(now - then)), unit, behind)


def _found(f: ReportFigures) -> Iterator[Named]:
    found = f.issues.found
    every = [Traced(ISSUES, found["row"])]
    yield _count(FOUND, "发现问题", "项", ISSUES, found)
    yield Named(FOUND, "发现问题涉及的贷款", str(found["key"].nunique()), "笔", every)
    customers = found["customer_no"].where(found["customer_no"] != "", found["customer_name"])
    yield Named(FOUND, "发现问题涉及的客户", str(customers.nunique()), "户", every)
    for grade in GRADES:
        of = found["grade"] == grade
        yield _count(FOUND, f"发现问题·{grade}", "项", ISSUES, found, of)
        yield _count(FOUND, f"发现问题·{grade}·未结", "项", ISSUES, found, of & ~found["settled"])
    yield _count(FOUND, "发现问题·已销号或当场解决", "项", ISSUES, found, found["settled"])
    yield _count(FOUND, "发现问题·未结", "项", ISSUES, found, ~found["settled"])
    for category, part in found.groupby("category", sort=False):
        yield _count(FOUND, f"发现问题·{category}", "项", ISSUES, part)
        for of_grade, graded in part.groupby("grade", sort=False):
            yield _count(FOUND, f"发现问题·{category}·{of_grade}", "项", ISSUES, graded)
    yield _count(FOUND, "发现问题·与以往问题关联", "项", ISSUES, found, found["related_issue"] != "")
    waiting = f.issues.of(v.CRITICAL)
    waiting = waiting[~waiting["settled"]]
    yield _count(FOUND, "重大问题·未结且未填上报日期", "项", ISSUES, waiting, waiting["escalated_on"].isna())
    # Described one by one: their balance is the ledger's.
    described = found[found["grade"].isin([v.CRITICAL, v.MAJOR]) & found["balance"].notna()]
    for row in described.to_dict("records"):
        name = f"{row['issue_no']}·贷款余额"
        yield Named(FOUND, name, money(row["balance"]), "万元", [Traced(ISSUES, pd.Series([row["row"]]))])


def _risk(f: ReportFigures) -> Iterator[Named]:
    e = f.exposure
    late = e.live["days_overdue"] > 0
    yield _count(RISK, "在用贷款", "笔", LOANS, e.live)
    yield Named(RISK, "在用贷款余额", money(e.balance), "万元", [Traced(LOANS, e.live["row"])])
    yield _count(RISK, "未填贷款余额", "笔", LOANS, e.live, e.live["balance"].isna())
    behind = [Traced(LOANS, e.live.loc[late, "row"])]
    yield Named(RISK, "逾期贷款", str(e.overdue_loans), "笔", behind)
    yield Named(RISK, "逾期贷款余额", money(e.overdue_balance), "万元", behind)
    if e.balance:
        share = percent(e.overdue_balance, e.balance)
        yield Named(RISK, "逾期贷款余额占比", share.rstrip("%"), "%", behind)
    for product, row in e.products.head(1).iterrows():
        if e.balance:
            of = e.live.loc[e.live["product"] == product, "row"]
            yield Named(RISK, f"{product}·余额占比", str(rate_of(row["balance"], e.balance)), "%", [Traced(LOANS, of)])

    overdue = e.live[late]
    fresh = overdue["overdue_since"] >= f.scope.start
    yield _count(RISK, "本期新发生逾期", "笔", LOANS, overdue, fresh)
    yield _count(RISK, "期初已逾期、至今未还清", "笔", LOANS, overdue, ~fresh)
    yield _count(RISK, "预警名单", "笔", LOANS, f.warning.loans)
    behind = [Traced(LOANS, f.warning.loans["row"])]
    yield Named(RISK, "预警名单余额", money(f.warning.balance), "万元", behind)


def _remedy(f: ReportFigures) -> Iterator[Named]:
    found = f.issues.found
    for step, reached in zip(f.issues.funnel, f.issues.reached, strict=True):
        yield _count(REMEDY, f"处理进度·{step}", "项", ISSUES, found, reached)


def _earlier(f: ReportFigures) -> Iterator[Named]:
    carried = f.earlier.carried
    yield _count(EARLIER, "结转的以往问题", "项", ISSUES, carried)
    for column, name in (
        ("closed", "本期销号"),
        ("remaining", "期末未结"),
        ("overdue", "超过整改时限"),
        ("reopened", "重新打开"),
        ("paused", "暂停"),
    ):
        yield _count(EARLIER, f"以往问题·{name}", "项", ISSUES, carried, carried[column])
    waiting = pd.concat([f.issues.open, carried[carried["remaining"]]])
    for kind in v.SUPERVISION:
        yield _count(EARLIER, f"未结的问题·{kind}", "项", ISSUES, waiting, waiting["supervision"].str.startswith(kind))
    again = f.issues.found[f.issues.found["related_issue"] != ""]
    yield _count(EARLIER, "再次出现的问题", "项", ISSUES, again)
    yield _count(EARLIER, "再次出现的问题·已提出问责建议", "项", ISSUES, again, again["accountability"] != "")
    for category, part in again.groupby("category", sort=False):
        yield _count(EARLIER, f"再次出现的问题·{category}", "项", ISSUES, part)
    yield Named(EARLIER, "以往问题·已销号未填验证日期", str(f.earlier.undated), "项", [])


def _indicators(f: ReportFigures) -> Iterator[Named]:
    rows = f.indicators[f.indicators["object_kind"] == v.KPI_OBJECT_KINDS[0]]
    for verdict in v.KPI_VERDICTS:
        of = rows[rows["verdict"] == verdict]
        behind = [Traced(INDICATOR_SHEET, of["row"])] if "row" in of else []
        yield Named(INDICATED, f"考核指标·{verdict}", str(len(of)), "项", behind)
    for row in rows.to_dict("records"):
        indicator = row["indicator"]
        yield from _indicator(f, INDICATED, indicator, "")
        parts: Any = f.trend.loc[f.last_period.period.title, indicator]
        if parts is not None and row["denominator"]:
            now, then = rate_of(row["numerator"], row["denominator"]), rate_of(*parts[:2])
            behind = [
                *indicator_source(f, v.KPI_OBJECT_KINDS[0], "", indicator),
                Traced(parts.sheet, pd.Series(parts.rows)),
            ]
            yield from _difference(INDICATED, f"{indicator}·较上期", now, then, behind)
