"""摘要: at most five sentences, what matters first and what management must decide (五、(二)3.)."""

from toolkit.model import values as v
from toolkit.rules.report.basics import against_target
from toolkit.rules.report.figures import ReportFigures, institution_row
from toolkit.rules.report.follow_up import unmet
from toolkit.rules.report.issues import GRADES
from toolkit.rules.report.risks import HIGH, UNRATED, overall
from toolkit.rules.report.visits import DUE
from toolkit.rules.report.wording import compare, listing, money, percent


def summary(f: ReportFigures) -> list[str]:
    """One sentence per paragraph; the last one says what to decide."""
    if f.now.empty and f.earlier.carried.empty and not f.exposure.loans:
        return ["本期没有到期的回访计划，也没有回访记录和问题登记，无须管理层决定的事项。"]
    sentences = [_issues(f), _plan(f), _risk(f), _earlier(f), _decisions(f)]
    return [f"{i}.{sentence}" for i, sentence in enumerate(filter(None, sentences), start=1)]


def _issues(f: ReportFigures) -> str:
    count = len(f.issues.found)
    if not count:
        return "本期未发现问题。"
    grades = listing(f"{grade}{n}项" for grade in GRADES if (n := f.issues.count(grade)))
    text = f"本期发现问题{count}项（{grades}），{compare(count, f.before.known('issues'), '项')}"
    worst = f.issues.of(v.CRITICAL)["category"].value_counts()
    if len(worst):
        text += f"，重大问题涉及{listing(f'{name}{n}项' for name, n in worst.items())}"
    return text + "。"


def _plan(f: ReportFigures) -> str:
    row = institution_row(f.indicators, v.PLAN_COMPLETION)
    due, missed = f.visits.total[DUE], len(f.visits.missed)
    if row is None or not row["denominator"]:
        return f"截止日期在本期的回访{due}笔，均未到期。" if due else "回访清单中没有截止日期在本期的回访。"
    moved = compare(f.now.completion, f.before.completion, "个百分点", "上升", "下降")
    text = f"截止日期已到的回访应完成{row['denominator']:.0f}笔，按期完成{row['numerator']:.0f}笔，"
    text += f"回访计划完成率{percent(row['numerator'], row['denominator'])}，{against_target(row)}，{moved}"
    return text + (f"，现有逾期未访{missed}笔。" if missed else "。")


def _risk(f: ReportFigures) -> str:
    level = overall(f.ratings)
    if level == UNRATED:
        return "台账和回访记录无可供评估的数据，不作风险评级。"
    high = [r.item for r in f.ratings if r.level == HIGH]
    text = f"总体风险评级为“{level}”" + (f"（{listing(high)}为“{HIGH}”）" if high else "")
    e = f.exposure
    if not e.loans:
        return text + "。"
    if not e.overdue_loans:
        return text + "，在用贷款没有逾期。"
    share = f"，占在用贷款余额的{percent(e.overdue_balance, e.balance)}" if e.balance else ""
    return text + f"，逾期贷款{e.overdue_loans}笔、余额{money(e.overdue_balance)}万元{share}。"


def _earlier(f: ReportFigures) -> str:
    if f.earlier.carried.empty:
        return "没有结转的以往问题。"
    total = f.earlier.counts.sum()
    late = f"，其中超过整改时限{total['overdue']}项" if total["overdue"] else ""
    return f"结转的以往问题{total['carried']}项，本期销号{total['closed']}项，未结{total['remaining']}项{late}。"


def _decisions(f: ReportFigures) -> str:
    waiting = f.issues.open
    critical = waiting[waiting["grade"] == v.CRITICAL]
    asked = []
    if len(critical):
        unreported = int(critical["escalated_on"].isna().sum())
        report = f"，并审定其中{unreported}项尚未填写上报日期的上报事宜" if unreported else ""
        asked.append(f"就{len(critical)}项未结的重大问题成立专项调查组{report}（六、(二)3.）")
    if late := int(f.earlier.counts["overdue"].sum()):
        asked.append(f"对超过整改时限的{late}项以往问题督办问责（六、(三)3.）")
    if ungraded := f.issues.count(v.UNGRADED):
        asked.append(f"责成风险管理部门对{ungraded}项待定级问题尽快人工定级（六、(一)）")
    again = f.issues.found[f.issues.found["related_issue"] != ""]
    if proposed := int((again["accountability"] != "").sum()):
        asked.append(f"审定{proposed}项再次出现的问题的问责建议（六、(三)3.）")
    if high := [r.item for r in f.ratings if r.level == HIGH]:
        asked.append(f"确定{listing(high)}的风险防控措施（二、(一)2.）")
    if missed_targets := unmet(f):
        charged = "" if f.request.department else "责成"
        asked.append(f"{charged}限期改进未达标的{listing(row['indicator'] for row in missed_targets)}（七、(三)2.）")
    if not asked:
        whose = "本部门专门办理" if f.request.department else "管理层专门决定"
        return f"本期没有需要{whose}的事项。"
    numbered = asked if len(asked) == 1 else [f"（{i}）{text}" for i, text in enumerate(asked, start=1)]
    opening = f"请{f.request.department}配合办理" if f.request.department else "请管理层决定"
    return f"{opening}：" + "；".join(numbered) + "。"
