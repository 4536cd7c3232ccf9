"""Sentences of parts 三 to 六 and of the appendix: risk, remedies, earlier issues, indicators."""

import pandas as pd

from toolkit.model import values as v
from toolkit.rules.report.basics import against_target
from toolkit.rules.report.figures import ReportFigures
from toolkit.rules.report.risks import HIGH, MEDIUM, OVERALL_RULE, UNRATED, overall
from toolkit.rules.report.tables import APPENDIX_ROWS
from toolkit.rules.report.wording import date_cn, listing, money, percent

MOST_LISTED = 10


def rating(f: ReportFigures, refer) -> list[str]:
    level = overall(f.ratings)
    if level == UNRATED:
        return ["台账和回访记录均无可供评估的数据，本期不作风险评级。"]
    out = [f"按表中所列规则评定，总体风险评级为“{level}”（{OVERALL_RULE}），各项评级见{refer(('ratings',))}。"]
    for name in (HIGH, MEDIUM):
        if items := [r.item for r in f.ratings if r.level == name]:
            out.append(f"评级为“{name}”的事项：{listing(items)}。")
    return out


def exposure(f: ReportFigures, refer) -> list[str]:
    e = f.exposure
    if not e.loans:
        return ["贷款台账中没有在用贷款。"]
    day = date_cn(f.request.as_of)
    text = f"截至{day}，在用贷款{e.loans}笔，余额{money(e.balance)}万元"
    text += f"（{e.no_balance}笔未填贷款余额，未计入）" if e.no_balance else ""
    if not e.overdue_loans:
        return [text + "，没有逾期贷款。" + _by_product(f, refer)]
    share = f"，占在用贷款余额的{percent(e.overdue_balance, e.balance)}" if e.balance else ""
    text += f"；其中逾期贷款{e.overdue_loans}笔，余额{money(e.overdue_balance)}万元{share}，"
    return [text + f"按逾期天数统计见{refer(('buckets',))}。" + _by_product(f, refer)]


def _by_product(f: ReportFigures, refer) -> str:
    products = f.exposure.products
    if products.empty or not f.exposure.balance:
        return f"按产品统计见{refer(('products',))}。" if len(products) else ""
    top = products.iloc[0]
    return (
        f"余额最大的产品是“{products.index[0]}”，占{percent(top['balance'], f.exposure.balance)}，"
        f"按产品统计见{refer(('products',))}。"
    )


def remedy(f: ReportFigures, refer) -> list[str]:
    found, waiting = len(f.issues.found), len(f.issues.open)
    if not found:
        return ["本期未发现需要整改的问题。"]
    if not waiting:
        return [f"本期发现的{found}项问题均已销号或当场解决，无须另行整改。"]
    steps = listing(f"{name}{count}项" for name, count in list(f.issues.funnel.items())[1:])
    return [
        f"本期发现的{found}项问题中，截至{date_cn(f.scope.cut)}{steps}（见{refer((), ('funnel',))}）。",
        f"针对本期发现、尚未结清的{waiting}项问题，按类别提出整改建议（见{refer(('remedies',))}），"
        "由责任部门落实，风险管理部门跟踪督促（六、(二)2.）。",
    ]


def management(f: ReportFigures) -> list[str]:
    out = []
    if missed := len(f.visits.missed):
        by_branch = f.visits.by["branch"][v.MISSED].sort_values(ascending=False, kind="stable")
        worst = listing(f"{name}{n}笔" for name, n in by_branch.head(3).items() if n)
        out.append(f"逾期未访的{missed}笔回访应由各网点按回访清单补访，数量居前的是{worst}（四、(二)）。")
    for row in unmet(f):
        out.append(
            f"{row['indicator']}为{percent(row['numerator'], row['denominator'])}，{against_target(row)}，"
            "应由风险管理部门查明原因并督促改进（七、(三)1.）。"
        )
    if f.voice.late:
        out.append(f"超过答复时限仍未答复客户的{f.voice.late}条事项，应由答复部门尽快答复（三、(七)3.）。")
    if not out:
        return ["回访计划执行、考核指标和客户答复方面未发现需要改进的事项。"]
    return [f"{i}.{text}" for i, text in enumerate(out, start=1)] if len(out) > 1 else out


def unmet(f: ReportFigures) -> list[dict]:
    """机构 rows whose target is not met."""
    rows = f.indicators
    rows = rows[(rows["object_kind"] == v.KPI_OBJECT_KINDS[0]) & (rows["verdict"] == v.KPI_VERDICTS[1])]
    return rows.to_dict("records")


def earlier(f: ReportFigures, refer) -> list[str]:
    e = f.earlier
    undated = f"另有{e.undated}项以往问题已销号但未填验证日期，未列入统计。" if e.undated else ""
    if e.carried.empty:
        return ["本期没有结转的以往问题。" + undated]
    total = e.counts.sum()
    text = (
        f"本期结转以往问题{total['carried']}项，本期销号{total['closed']}项，"
        f"截至{date_cn(f.scope.cut)}未结{total['remaining']}项（见{refer(('earlier',))}）。"
    )
    late = f"{total['overdue']}项（见{refer(('earlier_overdue',))}）"
    parts = [
        f"{name}{count}"
        for name, number, count in (
            ("超过整改时限", total["overdue"], late),
            ("重新打开", total["reopened"], f"{total['reopened']}项"),
            ("暂停", total["paused"], f"{total['paused']}项"),
        )
        if number
    ]
    if parts:
        text += f"未结的问题中，{listing(parts)}。"
    elif total["remaining"]:
        text += "未结的问题均未超过整改时限。"
    return [text + undated]


def indicators(f: ReportFigures, refer) -> list[str]:
    rows = f.indicators[f.indicators["object_kind"] == v.KPI_OBJECT_KINDS[0]]
    tally = rows["verdict"].value_counts()
    met, failed, none = (int(tally.get(verdict, 0)) for verdict in v.KPI_VERDICTS)
    if not met and not failed:
        return ["本期各项考核指标均没有应统计的数据。"]
    text = f"四项考核指标中达标{met}项、未达标{failed}项" + (f"、无应统计数据{none}项" if none else "")
    tables = refer(("indicators", "branch_indicators", "visitor_indicators", "department_indicators"), ("trend",))
    out = [f"{text}（见{tables}）。"]
    out += [
        f"{row['indicator']}{percent(row['numerator'], row['denominator'])}，{against_target(row)}。"
        for row in unmet(f)
    ]
    if not refer((), ("trend",)):
        out.append("以往各期没有考核数据，暂不列变化趋势图。")
    return out


def chart_notes(f: ReportFigures) -> dict[str, str]:
    return {
        "months": "按发现日期统计。",
        "funnel": "后一环节包含在前一环节之内；当场解决的问题计入各环节。",
        "trend": "没有数据的期间不列；以往期间的记录准确率以考核指标表所存为准。",
    }


def appendix(f: ReportFigures) -> list[str]:
    if f.visits.missed.empty and f.issues.found.empty:
        return ["本期没有逾期未访的回访，也没有发现问题，无附表。"]
    return []


def appendix_notes(f: ReportFigures) -> dict[str, str]:
    notes = {}
    for name, rows, place in (("missed", f.visits.missed, "回访清单"), ("issue_list", f.issues.found, "问题台账")):
        rest = len(rows) - APPENDIX_ROWS
        notes[name] = f"本表列前{APPENDIX_ROWS}行，其余{rest}行见{place}。" if rest > 0 else ""
    return notes


def receivers(f: ReportFigures) -> list[dict[str, str]]:
    """Who signs for the report: management and the business departments concerned (五、(二)3.)."""
    if f.request.department:
        return [{"receiver": f.request.department}]
    named = [name for name in dict.fromkeys(f.issues.open["department"]) if name]
    staff = [name for name in dict.fromkeys(f.sources.visitors["department"]) if name]
    concerned = [name for name in dict.fromkeys([*named, *staff]) if not pd.isna(name)][:MOST_LISTED]
    return [{"receiver": name} for name in ("管理层", *(concerned or ["相关业务部门"]))]
