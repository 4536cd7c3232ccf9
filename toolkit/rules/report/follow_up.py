"""Sentences of parts 三 to 六 and of the appendix: risk, remedies, earlier issues, indicators."""

from decimal import Decimal
from typing import Any

import pandas as pd

from toolkit.model import values as v
from toolkit.rules.report.basics import against_target
from toolkit.rules.report.early_warning import RULE
from toolkit.rules.report.figures import ReportFigures
from toolkit.rules.report.risks import HIGH, MEDIUM, OVERALL_RULE, UNRATED, overall
from toolkit.rules.report.tables import APPENDIX_ROWS
from toolkit.rules.report.wording import compare, date_cn, listing, money, percent, rate_of

MOST_LISTED = 10
MOVED = ("个百分点", "上升", "下降")


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
    return [text + f"按逾期天数统计见{refer(('buckets',))}。" + migration(f), _by_product(f, refer)]


def migration(f: ReportFigures) -> str:
    """How overdue loans have moved since the period began."""
    late = f.exposure.live[f.exposure.live["days_overdue"] > 0]
    if late.empty:
        return ""
    fresh = int((late["overdue_since"] >= f.scope.start).sum())
    old = len(late) - fresh
    parts = [f"本期新发生逾期{fresh}笔"] if fresh else ["本期没有新发生逾期的贷款"]
    parts.append(f"期初已逾期、至今未还清的{old}笔" if old else "没有期初逾期至今未还清的贷款")
    return "，".join(parts) + "。"


def warning(f: ReportFigures, refer) -> list[str]:
    loans = f.warning.loans
    if loans.empty:
        return ["按预警规则，没有需要列入预警名单的贷款。" if f.exposure.loans else "没有在用贷款，不列预警名单。"]
    return [
        f"列入预警名单的贷款{len(loans)}笔，余额{money(f.warning.balance)}万元（见{refer(('warnings',))}）。"
        f"列入条件：{RULE}。"
    ]


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


# Rating → what the business strategy should do about it, from 中 on (二、(一)2.).
_STRATEGIES: dict[str, str] = {
    "还款能力": "业务部门收紧相关行业和客群的额度审批，对有还款困难迹象的存量贷款提前安排还款方案",
    "资金挪用": "业务部门扩大受托支付范围，把用途凭证的核对提前到放款后首次回访",
    "欺诈与违规": "业务部门对中介推荐和材料异常的客户加强面签与资料核验",
    "贷款逾期": "业务部门对逾期集中的产品控制新增投放，先化解存量",
    "产品集中度": "业务部门复核该产品的准入条件、额度和贷后要求",
    "网点集中度": "业务部门检查该网点的办理流程，必要时上收审批权限",
    "人员集中度": "业务部门复查该客户经理经办的贷款，必要时调整其业务权限",
}


def strategy(f: ReportFigures, refer) -> list[str]:
    """Where the business strategy should change, by the ratings; nothing where none asks for it."""
    advised = []
    for r in f.ratings:
        if r.level in (HIGH, MEDIUM) and r.item in _STRATEGIES:
            of = f"（{r.subject}）" if r.subject else ""
            advised.append(f"{r.item}{of}评级为“{r.level}”，建议{_STRATEGIES[r.item]}。")
    if not advised:
        return ["按风险评级，本期没有需要调整业务策略的事项。"]
    if len(advised) == 1:
        return advised
    return [f"{i}.{text}" for i, text in enumerate(advised, start=1)]


def unmet(f: ReportFigures) -> list[dict]:
    """机构 rows whose target is not met."""
    rows = f.indicators
    rows = rows[(rows["object_kind"] == v.KPI_OBJECT_KINDS[0]) & (rows["verdict"] == v.KPI_VERDICTS[1])]
    return rows.to_dict("records")


def earlier(f: ReportFigures, refer) -> list[str]:
    e = f.earlier
    undated = f"另有{e.undated}项以往问题已销号但未填验证日期，未列入统计。" if e.undated else ""
    if e.carried.empty:
        return ["本期没有结转的以往问题。" + undated, *supervised(f), *recurred(f)]
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
    return [text + undated, *supervised(f), *recurred(f)]


def supervised(f: ReportFigures) -> list[str]:
    """催办, 督办 and 通报 among the issues that are still open, earlier and new (六、(三)1.)."""
    text = pd.concat(
        [f.issues.open["supervision"], f.earlier.carried.loc[f.earlier.carried["remaining"], "supervision"]]
    )
    counts = [(kind, int(text.str.startswith(kind).sum())) for kind in v.SUPERVISION]
    if said := listing(f"{kind}{count}项" for kind, count in counts if count):
        return [f"尚未结清的问题中，正在{said}（六、(三)1.）。"]
    return []


def recurred(f: ReportFigures) -> list[str]:
    """Issues that came again, with what is proposed (六、(三)3.)."""
    again = f.issues.found[f.issues.found["related_issue"] != ""]
    if again.empty:
        return ["本期没有再次出现的同类问题。"] if len(f.issues.found) else []
    proposed = int((again["accountability"] != "").sum())
    asked = f"，其中{proposed}项已提出问责建议，请按六、(三)3.审定" if proposed else ""
    most = again["category"].value_counts(sort=True).head(3)
    kinds = listing(f"{name}{n}项" for name, n in most.items())
    return [f"本期发现的问题中，{len(again)}项与以往同类问题关联，属再次出现，居前的是{kinds}{asked}。"]


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
        f"{row['indicator']}{percent(row['numerator'], row['denominator'])}，{against_target(row)}，{_moved(f, row)}。"
        for row in unmet(f)
    ]
    if not refer((), ("trend",)):
        out.append("以往各期没有考核数据，暂不列变化趋势图。")
    return out


def _moved(f: ReportFigures, row: dict) -> str:
    return compare(rate_of(row["numerator"], row["denominator"]), rate_before(f, row["indicator"]), *MOVED)


def rate_before(f: ReportFigures, indicator: str) -> Decimal | None:
    """The institution's indicator in the period before."""
    parts: Any = f.trend.loc[f.last_period.period.title, indicator]
    return None if parts is None else rate_of(*parts[:2])


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
