"""Figures and ratings of part 三 (二、(一)2.): each rating comes from the rule that the report prints beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from toolkit.model import values as v
from toolkit.rules.report.issues import IssueFigures
from toolkit.rules.report.scope import Scope, Sources
from toolkit.rules.report.visits import RecordFigures
from toolkit.rules.report.wording import money, percent

HIGH, MEDIUM, LOW, UNRATED = "高", "中", "低", "—"
_ORDER = (UNRATED, LOW, MEDIUM, HIGH)

HARDSHIP = (v.HARDSHIP,)
DIVERSION = (v.DIVERSION,)
MISCONDUCT = (v.FRAUD, v.COLLUSION, v.ILLICIT_FEES, v.DATA_LEAK)
OUT_OF_REACH = (v.OUT_OF_REACH,)

# Days overdue: label, lowest, highest.
BUCKETS: tuple[tuple[str, int, float], ...] = (
    ("1至30天", 1, 30),
    ("31至60天", 31, 60),
    ("61至90天", 61, 90),
    ("90天以上", 91, float("inf")),
)


@dataclass(frozen=True)
class Exposure:
    """Loans in use at T (disbursed, not closed). Amounts in 元; a blank 贷款余额 adds nothing and is in `no_balance`.

    `buckets`: index = label of `BUCKETS`; columns loans, owed (unpaid past-due instalments), balance. `products`:
    index = 贷款产品 by balance; loans, balance, overdue_loans, overdue_balance, issues (重要 and 重大 of the period).
    `live`: the loans themselves, with owed.
    """

    loans: int
    balance: float
    no_balance: int
    overdue_loans: int
    overdue_balance: float
    buckets: pd.DataFrame
    products: pd.DataFrame
    live: pd.DataFrame

    @property
    def overdue_share(self) -> float:
        return self.overdue_balance / self.balance if self.balance else float("nan")


def exposure(sources: Sources, issues: IssueFigures, scope: Scope) -> Exposure:
    """Loans in use at T: what is overdue, by days and by product (`owed` and `balance` in 元)."""
    loans = sources.loans
    live = loans[loans["disbursed"] & ~loans["closed"]]
    schedule = sources.schedule
    owed = (schedule["due_amount"] - schedule["paid_amount"].fillna(0)).clip(lower=0)
    behind = ~schedule["paid"] & (schedule["due_on"] < scope.today)
    live = live.assign(owed=owed[behind].groupby(schedule["loan"]).sum().reindex(live.index).fillna(0))
    overdue = live[live["days_overdue"] > 0]
    rows = {}
    for label, low, high in BUCKETS:
        part = overdue[overdue["days_overdue"].between(low, high)]
        rows[label] = {"loans": len(part), "owed": part["owed"].sum(), "balance": part["balance"].sum()}
    serious = issues.found[issues.found["grade"].isin([v.CRITICAL, v.MAJOR])]
    late = live["days_overdue"] > 0
    grouped = live.assign(late=late, late_balance=live["balance"].where(late, 0)).groupby("product", sort=True)
    products = pd.DataFrame(
        {
            "loans": grouped.size(),
            "balance": grouped["balance"].sum(),
            "overdue_loans": grouped["late"].sum(),
            "overdue_balance": grouped["late_balance"].sum(),
        }
    )
    hits = serious["product"].value_counts()
    products = products.reindex(sorted(set(products.index) | set(hits.index))).fillna(0)
    products["issues"] = hits.reindex(products.index).fillna(0).astype("int64")
    products = products.sort_values(["balance", "issues"], ascending=False, kind="stable")
    return Exposure(
        len(live),
        float(live["balance"].sum()),
        int(live["balance"].isna().sum()),
        len(overdue),
        float(overdue["balance"].sum()),
        pd.DataFrame.from_dict(rows, orient="index").astype({"loans": "int64"}),
        products.astype({"loans": "int64", "overdue_loans": "int64"}),
        live,
    )


@dataclass(frozen=True)
class Rating:
    """One row of the rating table: what was looked at, the figures, the stated rule, 高/中/低 or — without data.

    `subject`: the product, branch or account manager that it is about.
    """

    item: str
    evidence: str
    rule: str
    level: str
    subject: str = ""


@dataclass(frozen=True)
class Situation:
    """What the risks are rated by."""

    issues: IssueFigures
    records: RecordFigures
    exposure: Exposure

    def of(self, categories: tuple[str, ...]) -> pd.DataFrame:
        return self.issues.found[self.issues.found["category"].isin(categories)]

    @property
    def contacted(self) -> int:
        """Loans with a 成功 record in the period."""
        return int(self.records.successful["key"].nunique())


def _level(high: Any, medium: Any) -> str:
    return HIGH if high else MEDIUM if medium else LOW


# Thresholds; the sentence of each rule is written from them.
HARDSHIP_HIGH, HARDSHIP_MEDIUM = 0.10, 0.03
DIVERSION_HIGH = 3
LOST_HIGH = 3
OVERDUE_HIGH, OVERDUE_MEDIUM = 0.05, 0.02
LONG_OVERDUE_DAYS = 90
CONCENTRATION_HIGH, CONCENTRATION_MEDIUM, CONCENTRATION_LEAST = 0.50, 0.30, 3


def _repayment(s: Situation) -> Rating:
    hit = s.of(HARDSHIP)
    loans = hit["key"].nunique()
    rule = f"有还款困难迹象的贷款占成功回访贷款的比例≥{HARDSHIP_HIGH:.0%}为高，≥{HARDSHIP_MEDIUM:.0%}为中，其余为低"
    if not s.contacted:
        return Rating("还款能力", "本期无成功回访", rule, UNRATED)
    share = loans / s.contacted
    said = int((s.records.successful["repay_2"] == v.NO).sum())
    evidence = f"{loans}笔贷款有还款困难迹象，占成功回访贷款{s.contacted}笔的{percent(loans, s.contacted)}"
    evidence += f"；“还款能力稳定”答“否”{said}笔次"
    return Rating("还款能力", evidence, rule, _level(share >= HARDSHIP_HIGH, share >= HARDSHIP_MEDIUM))


def _found(s: Situation, item: str, categories: tuple[str, ...], rule: str, judge: Callable[[pd.DataFrame], str]):
    if s.records.made.empty and s.issues.found.empty:
        return Rating(item, "本期无回访记录", rule, UNRATED)
    hit = s.of(categories)
    if hit.empty:
        return Rating(item, "本期未发现", rule, LOW)
    parts = [f"{grade}{count}项" for grade, count in hit["grade"].value_counts(sort=False).items()]
    return Rating(item, f"发现{len(hit)}项（{'、'.join(parts)}），涉及贷款{hit['key'].nunique()}笔", rule, judge(hit))


def _diversion(s: Situation) -> Rating:
    rule = f"有重大问题或涉及贷款≥{DIVERSION_HIGH}笔为高，发现1笔以上为中，未发现为低"
    return _found(
        s,
        "资金挪用",
        DIVERSION,
        rule,
        lambda hit: _level((hit["grade"] == v.CRITICAL).any() or hit["key"].nunique() >= DIVERSION_HIGH, True),
    )


def _misconduct(s: Situation) -> Rating:
    rule = "有未销号的重大问题为高，有其他此类问题为中，未发现为低"
    return _found(
        s,
        "欺诈与违规",
        MISCONDUCT,
        rule,
        lambda hit: _level(bool(((hit["grade"] == v.CRITICAL) & ~hit["settled"]).any()), True),
    )


def _out_of_reach(s: Situation) -> Rating:
    rule = f"失联贷款≥{LOST_HIGH}笔为高，1笔以上为中，未发现为低"
    return _found(s, "客户失联", OUT_OF_REACH, rule, lambda hit: _level(hit["key"].nunique() >= LOST_HIGH, True))


def _overdue(s: Situation) -> Rating:
    rule = (
        f"逾期贷款余额占在用贷款余额的比例≥{OVERDUE_HIGH:.0%}为高，≥{OVERDUE_MEDIUM:.0%}"
        f"或有逾期{LONG_OVERDUE_DAYS}天以上的为中，其余为低"
    )
    e = s.exposure
    if not e.loans:
        return Rating("贷款逾期", "台账无在用贷款", rule, UNRATED)
    long = int(e.buckets["loans"].iloc[-1])
    evidence = f"逾期贷款{e.overdue_loans}笔，余额{money(e.overdue_balance)}万元"
    if e.balance:
        evidence += f"，占在用贷款余额的{percent(e.overdue_balance, e.balance)}"
    evidence += f"；逾期{LONG_OVERDUE_DAYS}天以上{long}笔"
    share = e.overdue_share
    return Rating("贷款逾期", evidence, rule, _level(share >= OVERDUE_HIGH, share >= OVERDUE_MEDIUM or long > 0))


def _concentration(item: str, noun: str, column: str) -> Callable[[Situation], Rating]:
    """Rating of how far 重要 and 重大 issues gather on one product, branch or account manager."""
    rule = (
        f"某{noun}的重要、重大问题≥{CONCENTRATION_LEAST}项，且占全部重要、重大问题的比例≥{CONCENTRATION_HIGH:.0%}为高，"
        f"≥{CONCENTRATION_MEDIUM:.0%}为中，其余为低；在用贷款只有一个{noun}的不评"
    )

    def rate(s: Situation) -> Rating:
        found = s.issues.found
        serious = found[found["grade"].isin([v.CRITICAL, v.MAJOR])]
        hits = serious[column].value_counts(sort=False)
        total = int(hits.sum())
        if not total:
            empty = s.records.made.empty and found.empty
            return Rating(item, "本期无重要、重大问题", rule, UNRATED if empty else LOW)
        # Of equals the first by name, whatever the order of the sheet.
        top, most = sorted(hits.items(), key=lambda pair: (-pair[1], str(pair[0])))[0]
        evidence = f"“{top}”的重要、重大问题{most}项，占{total}项的{percent(most, total)}"
        if len({*s.exposure.live[_LOAN_COLUMNS[column]]} | {*hits.index}) < 2:
            return Rating(item, evidence, rule, UNRATED)
        enough = most >= CONCENTRATION_LEAST
        share = most / total
        return Rating(
            item,
            evidence,
            rule,
            _level(enough and share >= CONCENTRATION_HIGH, enough and share >= CONCENTRATION_MEDIUM),
            str(top),
        )

    return rate


_LOAN_COLUMNS = {"product": "product", "branch": "branch", "officer": "loan_officer"}

RATINGS: tuple[Callable[[Situation], Rating], ...] = (
    _repayment,
    _diversion,
    _misconduct,
    _out_of_reach,
    _overdue,
    _concentration("产品集中度", "产品", "product"),
    _concentration("网点集中度", "网点", "branch"),
    _concentration("人员集中度", "客户经理", "officer"),
)
OVERALL_RULE = "总体评级取各项评级中最高的一级"


def ratings(situation: Situation, *, extract: bool = False) -> list[Rating]:
    """`extract`: of a department, whose few issues always gather somewhere."""
    return [rate(situation) for rate in (RATINGS[: -len(_LOAN_COLUMNS)] if extract else RATINGS)]


def overall(rated: list[Rating]) -> str:
    return max((rating.level for rating in rated), key=_ORDER.index, default=UNRATED)
