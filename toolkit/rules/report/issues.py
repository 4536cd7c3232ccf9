"""Figures of parts 二 and 五: issues found in the period, and what became of earlier ones (六、(三)2.)."""

from dataclasses import dataclass

import pandas as pd

from toolkit.model import values as v
from toolkit.model.request import Request
from toolkit.rules.issues.questions import answer_due
from toolkit.rules.report.scope import UNKNOWN_BRANCH, Scope

# Worst first: what management must see.
GRADES = (v.CRITICAL, v.MAJOR, v.GENERAL, v.UNGRADED)
FUNNEL = ("发现", "已反馈", "已完成整改", "已销号")
_MOST_MONTHS = 24
_RANK = {grade: i for i, grade in enumerate(GRADES)}
NOTHING_SAID = ("", "无", "没有", "暂无", "无意见", "无建议", "无需求", "没有意见", "没有建议", "没有需求")


@dataclass(frozen=True)
class IssueFigures:
    """`found`: issues with 发现日期 in [S, E′], worst first. `by`: dimension → counts (index = value; columns each
    grade and total). `grades`: grade → (total, settled, open). `recurred`: found ones with 关联问题. `months`: index =
    month (year, in a period of more than two years), a column per grade. `reached`: bool per issue found and
    step of `FUNNEL`, each within the one before: whoever is 已销号 or 当场解决 has passed them all."""

    found: pd.DataFrame
    by: dict[str, pd.DataFrame]
    grades: pd.DataFrame
    recurred: int
    months: pd.DataFrame
    reached: tuple[pd.Series, ...]

    @property
    def funnel(self) -> dict[str, int]:
        """Step of `FUNNEL` → how many of those found have reached it at E′."""
        return {step: int(reached.sum()) for step, reached in zip(FUNNEL, self.reached, strict=True)}

    def of(self, grade: str) -> pd.DataFrame:
        return self.found[self.found["grade"] == grade]

    def count(self, grade: str) -> int:
        return int(self.grades["total"][grade])

    @property
    def open(self) -> pd.DataFrame:
        return self.found[~self.found["settled"]]


@dataclass(frozen=True)
class EarlierFigures:
    """`carried`: issues found before the period and not settled before it, with closed (销号 in [S, E′]), remaining,
    overdue (remaining, 整改时限 before E′), reopened, paused. `counts`: index = grade, the sums; `undated`: earlier
    已销号 without 验证日期, which cannot be placed."""

    carried: pd.DataFrame
    counts: pd.DataFrame
    undated: int


@dataclass(frozen=True)
class VoiceFigures:
    """What customers said beyond issues (三、(六), 三、(七)3.) in the period: rows of 回访记录; suggestions and needs
    are those of 建议与需求 where it has any.

    `questions`: with 待答复事项; of them `answered`, and `late`: unanswered and past 答复时限 at E′. `wishes`: rows of
    建议与需求 of the period.
    """

    suggestions: pd.DataFrame
    needs: pd.DataFrame
    questions: pd.DataFrame
    answered: int
    late: int
    wishes: pd.DataFrame


def issue_figures(issues: pd.DataFrame, scope: Scope) -> IssueFigures:
    """Issues with 发现日期 in [S, E′] and what they add up to. `issues`: `Sources.issues`."""
    found = issues[scope.holds(issues["found_on"])]
    rank = found["grade"].map(_RANK)
    found = found.assign(rank=rank).sort_values(["rank", "found_on", "issue_no"], kind="stable").reset_index(drop=True)
    orders = {"category": v.ISSUE_CATEGORIES, "stage": v.STAGES, "branch": (), "product": ()}
    by = {name: _count(found, name, order) for name, order in orders.items()}
    total = found["grade"].value_counts().reindex(list(GRADES), fill_value=0)
    settled = found.loc[found["settled"], "grade"].value_counts().reindex(list(GRADES), fill_value=0)
    grades = pd.DataFrame({"total": total, "settled": settled, "open": total - settled}).astype("int64")
    recurred = int((found["related_issue"] != "").sum())
    return IssueFigures(found, by, grades, recurred, _months(found, scope), _reached(found, scope))


def _months(found: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    if scope.cut < scope.start:
        return pd.DataFrame(columns=list(GRADES), dtype="int64")
    years = (scope.cut - scope.start).days > _MOST_MONTHS * 31
    spans = pd.period_range(scope.start, scope.cut, freq="Y" if years else "M")
    of = found["found_on"].dt.to_period("Y" if years else "M")
    counts = pd.crosstab(of, found["grade"]).reindex(index=spans, columns=list(GRADES), fill_value=0).astype("int64")
    several = years or spans[0].year != spans[-1].year
    titles = [f"{span.year}年" * several + f"{span.month}月" * (not years) for span in spans]
    return counts.set_axis(titles)


def _reached(found: pd.DataFrame, scope: Scope) -> tuple[pd.Series, ...]:
    closed = found["settled"]
    remedied = closed | (found["completed_on"] <= scope.cut)
    reported = remedied | (found["reported_on"] <= scope.cut)
    return pd.Series(True, index=found.index), reported, remedied, closed


def _count(found: pd.DataFrame, name: str, order: tuple[str, ...]) -> pd.DataFrame:
    counts = pd.crosstab(found[name], found["grade"]).reindex(columns=list(GRADES), fill_value=0).astype("int64")
    counts["total"] = counts.sum(axis=1)
    ranked = [value for value in order if value in counts.index]
    rest = counts.drop(index=ranked).sort_values(["total"], ascending=False, kind="stable").index
    return counts.reindex([*ranked, *rest])


def earlier_figures(issues: pd.DataFrame, scope: Scope) -> EarlierFigures:
    """The closing date is 验证日期 (contract, section 5); 当场解决 was never carried over."""
    earlier = issues[(issues["found_on"] < scope.start) & (issues["state"] != v.SOLVED_ON_THE_SPOT)]
    closed = earlier["state"] == v.CLOSED
    undated = closed & earlier["verified_on"].isna()
    carried = earlier[~undated & ~(closed & (earlier["verified_on"] < scope.start))].reset_index(drop=True)
    closed_by = (carried["state"] == v.CLOSED) & (carried["verified_on"] <= scope.cut)
    carried["closed"] = closed_by
    carried["remaining"] = ~closed_by
    carried["overdue"] = ~closed_by & (carried["remedy_due_on"] < scope.cut)
    carried["reopened"] = carried["state"] == v.REOPENED
    carried["paused"] = carried["state"] == v.PAUSED
    flags = ["closed", "remaining", "overdue", "reopened", "paused"]
    counts = carried.groupby("grade")[flags].sum().reindex(list(GRADES), fill_value=0)
    counts.insert(0, "carried", carried["grade"].value_counts().reindex(list(GRADES), fill_value=0))
    return EarlierFigures(carried, counts.astype("int64"), int(undated.sum()))


def voice_figures(made: pd.DataFrame, scope: Scope, request: Request, wishes: pd.DataFrame) -> VoiceFigures:
    """`made`: records of the period. A blank 答复时限 counts 待答复工作日数 from the visit."""

    def said(name: str) -> pd.DataFrame:
        words = made[name].str.strip(" 。.，,、；;")
        return made[~words.isin(NOTHING_SAID)].sort_values(["visited_on", "row"], kind="stable").reset_index(drop=True)

    questions = said("open_question")
    answered = questions["answered_on"] <= scope.cut
    due = answer_due(questions, request)
    late = ~answered & (due < scope.cut)
    listed = wishes[scope.holds(wishes["visited_on"]) & (wishes["text"] != "")]
    branch_of = made.drop_duplicates("met_no").set_index("met_no")["branch"]
    of_contract = made.drop_duplicates("contract_no").set_index("contract_no")["branch"]
    branch = listed["visit_no"].map(branch_of).fillna(listed["contract_no"].map(of_contract)).fillna(UNKNOWN_BRANCH)
    listed = listed.assign(branch=branch.astype("object"))

    def wished(name: str, kind: str) -> pd.DataFrame:
        """What `classify` has listed, in whatever words it was said; the records' own column before it has run."""
        return said(name) if listed.empty else listed[listed["kind"] == kind].rename(columns={"text": name})

    suggestions, needs = wished("suggestion", v.SUGGESTION), wished("other_needs", v.OTHER_NEED)
    return VoiceFigures(suggestions, needs, questions, int(answered.sum()), int(late.sum()), listed)
