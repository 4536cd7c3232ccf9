"""Sentences of part 一、回访基本情况: the plan, the records, satisfaction, the period before."""

from toolkit.model import values as v
from toolkit.rules.report.figures import ReportFigures, institution_row
from toolkit.rules.report.visits import DUE, OTHER_RESULT
from toolkit.rules.report.wording import (
    LAST_PERIOD,
    LAST_YEAR,
    compare,
    date_cn,
    decimal,
    listing,
    percent,
    plain,
    rounded,
)

_STATES_TOLD = (v.DONE, v.TO_VISIT, v.MISSED, v.RESCHEDULED, v.CANCELLED)


def plan(f: ReportFigures, refer) -> list[str]:
    """`refer(names)` says 表1至表4 for the tables that are there, "" if none is."""
    total = f.visits.total
    if not total[DUE]:
        out = ["回访清单中没有截止日期在本期的回访。"]
        return [*out, completion(f)] if _row(f, v.PLAN_COMPLETION) is not None else out
    states = listing(f"{state}{total[state]}笔" for state in _STATES_TOLD if total[state])
    out = [
        f"截止日期在本期的回访{total[DUE]}笔，涉及贷款{f.visits.loans}笔、客户{f.visits.customers}户。"
        f"截至{date_cn(f.request.as_of)}，{states}。",
        completion(f),
    ]
    if len(f.visits.missed):
        kinds = f.visits.by["visit_type"][v.MISSED]
        parts = listing(f"{kind}{count}笔" for kind, count in kinds.items() if count)
        out.append(f"逾期未访{len(f.visits.missed)}笔，其中{parts}，明细见附表{f_number(f, 'missed')}。")
    tables = refer(("by_type", "by_method", "by_branch", "by_visitor"), ("completion",))
    return [*out, f"按回访类型、回访方式、网点和回访人员统计的执行情况见{tables}。"]


def f_number(f: ReportFigures, name: str) -> int:
    """附表 are numbered in their fixed order, those without rows left out."""
    present = [key for key, rows in (("missed", f.visits.missed), ("issue_list", f.issues.found)) if len(rows)]
    return present.index(name) + 1


def completion(f: ReportFigures) -> str:
    row = _row(f, v.PLAN_COMPLETION)
    if row is None or not row["denominator"]:
        return "截至基准日，本期没有已到期应完成的回访，不计算回访计划完成率。"
    return (
        f"按制度七、(二)1.的口径（不含已取消和到期前已结清的），截至{date_cn(f.scope.cut)}应完成"
        f"{row['denominator']:.0f}笔，按期完成{row['numerator']:.0f}笔，"
        f"回访计划完成率{percent(row['numerator'], row['denominator'])}，"
        f"{against_target(row)}。"
    )


def against_target(row) -> str:
    """达到95%的目标 or 低于95%的目标, by the workbook's own verdict."""
    return f"{'达到' if row['verdict'] == v.KPI_VERDICTS[0] else '低于'}{plain(row['target'])}%的目标"


def _row(f: ReportFigures, indicator: str):
    return institution_row(f.indicators, indicator)


def coverage(f: ReportFigures, refer) -> list[str]:
    made, good = len(f.records.made), len(f.records.successful)
    if not made:
        return ["本期没有回访记录。"]
    others = listing(
        f"{name}{count}笔"
        for name, count in f.records.results.items()
        if count and name not in (v.SUCCESS, OTHER_RESULT)
    )
    methods = f.records.made["method"].value_counts()
    by_method = listing(f"{method}{methods[method]}笔" for method in v.METHOD_CHOICES if method in methods)
    text = f"本期登记回访记录{made}笔"
    text += f"（{by_method}）" if by_method else ""
    text += f"，其中成功{good}笔，成功率{percent(good, made)}"
    text += f"；{others}" if others else ""
    blank = int(f.records.results.get(OTHER_RESULT, 0))
    out = [text + (f"；回访结果空白或无法识别{blank}笔" if blank else "") + f"（见{refer(('results',))}）。"]
    unsubmitted = int(f.records.made["submitted_on"].isna().sum())
    if unsubmitted:
        out.append(f"其中{unsubmitted}笔记录尚未填写提交日期，视为未提交风险管理部门（五、(一)1.）。")
    rows = f.records.coverage
    gaps = [stage for stage in rows.index if rows.loc[stage, DUE] and not rows.loc[stage, "recorded"]]
    idle = [stage for stage in rows.index if not rows.loc[stage, DUE] and not rows.loc[stage, "recorded"]]
    text = f"各环节的覆盖情况见{refer(('coverage',))}"
    if gaps:
        text += f"；{listing(gaps)}环节有到期回访，但没有成功回访的核对结果"
    if idle:
        text += f"；{listing(idle)}环节本期没有到期回访"
    return [*out, text + "。"]


def satisfaction(f: ReportFigures, refer) -> list[str]:
    surveys = int((f.records.made["method"] == v.QUESTIONNAIRE).sum())
    survey = f"本期收到问卷{surveys}份。" if surveys else ""
    if not f.records.rated:
        return [survey + "本期没有收集到满意度评分。"]
    before = rounded(f.before.satisfaction) if f.before.rated else None
    moved = compare(rounded(f.records.satisfaction), before, "分", "上升", "下降")
    score = decimal(f.records.satisfaction)
    scores = f.records.successful["satisfaction"]
    spread = scores[scores.between(1, 5)].astype("int64").value_counts().sort_index(ascending=False)
    by_score = listing(f"评{n}分的{count}笔" for n, count in spread.items())
    return [f"{survey}{f.records.rated}笔成功回访给出了满意度评分，平均{score}分（满分5分），{moved}。其中{by_score}。"]


def comparison(f: ReportFigures, refer) -> list[str]:
    now = f.now
    out, absent = [], []
    for base, past in ((LAST_PERIOD, f.last_period), (LAST_YEAR, f.last_year)):
        name, then = f"{base}（{past.period.title}）", past.headline
        if then.empty:
            absent.append(f"{name}无数据")
            continue
        sentences = [
            f"到期回访{now.due}笔，{compare(now.due, then.known('due'), '笔', base=base)}",
            f"回访计划完成率{percent_or_dash(now.completion)}，"
            + compare(now.completion, then.completion, "个百分点", "上升", "下降", base),
            f"回访记录{now.records}笔，{compare(now.records, then.known('records'), '笔', base=base)}",
            f"发现问题{now.issues}项，{compare(now.issues, then.known('issues'), '项', base=base)}",
        ]
        out.append(f"与{name}相比：" + "；".join(sentences) + f"（见{refer(('comparison',))}）。")
    if absent:
        out.append("、".join(absent) + "，不作比较。")
    if f.scope.running and len(absent) < 2:
        out.append("本期尚未结束，与完整期间比较时请留意。")
    return out


def percent_or_dash(rate) -> str:
    return v.NO_VALUE if rate is None else f"{rate}%"
