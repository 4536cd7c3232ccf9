"""Sentences of part 二、发现的问题: overall, each 重大, typical 重要, suggestions and other needs."""

import re

import pandas as pd

from toolkit.model import values as v
from toolkit.model.masking import mask_name
from toolkit.rules.report.basics import f_number
from toolkit.rules.report.figures import ReportFigures
from toolkit.rules.report.issues import GRADES
from toolkit.rules.report.wording import Quotes, compare, date_cn, listing, money

# Every 重大 is described up to here; beyond it and for the others the appendix has the rest.
MOST_CRITICAL = 30
MOST_LISTED = 10
_FRAGMENT = re.compile(r"(?:客户说)?“[^“”]{0,4}”")


def found(f: ReportFigures, refer) -> list[str]:
    issues = f.issues
    count = len(issues.found)
    if not count:
        return ["本期未发现问题。" if f.now.records else "本期没有回访记录，未发现问题。"]
    grades = listing(f"{grade}{n}项" for grade in GRADES if (n := issues.count(grade)))
    customers = issues.found["customer_no"].where(issues.found["customer_no"] != "", issues.found["customer_name"])
    settled = int(issues.grades["settled"].sum())
    out = [
        f"本期发现问题{count}项，涉及贷款{issues.found['key'].nunique()}笔、客户{customers.nunique()}户，"
        f"{compare(count, f.before.known('issues'), '项')}。"
        f"其中{grades}；已销号或当场解决{settled}项，未结{count - settled}项。"
    ]
    most = issues.by["category"]["total"].sort_values(ascending=False, kind="stable").head(3)
    out.append(
        f"数量居前的类别是{listing(f'{name}（{n}项）' for name, n in most.items())}。"
        f"按严重程度、类别、回访阶段、网点和月份统计见"
        f"{refer(('grades', 'categories', 'stages', 'issue_branches'), ('months',))}，"
        f"明细见附表{f_number(f, 'issue_list')}。"
    )
    if ungraded := issues.count(v.UNGRADED):
        out.append(
            f"待定级{ungraded}项，规则不能判定，须由风险管理部门人工认定后计入相应等级，"
            f"明细见附表{f_number(f, 'issue_list')}中等级为“{v.UNGRADED}”的各行。"
        )
    return out


def critical(f: ReportFigures, quotes: Quotes) -> list[str]:
    rows = f.issues.of(v.CRITICAL)
    return _described(f, rows, rows.head(MOST_CRITICAL), quotes, v.CRITICAL)


def major(f: ReportFigures, quotes: Quotes) -> list[str]:
    rows = f.issues.of(v.MAJOR)
    return _described(f, rows, typical(rows), quotes, v.MAJOR)


def typical(rows: pd.DataFrame) -> pd.DataFrame:
    """One of each category, open before settled, then the largest balance; the most frequent categories first."""
    frequency = rows["category"].map(rows["category"].value_counts())
    ranked = rows.assign(frequency=frequency, size=rows["balance"].fillna(0)).sort_values(
        ["settled", "size"], ascending=[True, False], kind="stable"
    )
    chosen = ranked.drop_duplicates("category")
    return chosen.sort_values(["frequency", "size"], ascending=False, kind="stable").head(MOST_LISTED)


def _described(f: ReportFigures, rows: pd.DataFrame, shown: pd.DataFrame, quotes: Quotes, grade: str) -> list[str]:
    if rows.empty:
        return [f"本期未发现{grade}问题。"]
    out = [f"{i}.{_description(row, quotes)}" for i, row in enumerate(shown.to_dict("records"), start=1)]
    if rest := len(rows) - len(shown):
        out.append(f"其余{grade}问题{rest}项见附表{f_number(f, 'issue_list')}。")
    return out


def _description(row: dict, quotes: Quotes) -> str:
    size = "" if pd.isna(row["balance"]) else f"，贷款余额{money(row['balance'])}万元"
    parts = [
        f"{row['category']}。客户{mask_name(row['customer_name'])}，合同编号{row['contract_no']}，{row['branch']}，"
        f"{row['product']}{size}，{date_cn(row['found_on'])}回访发现。"
    ]
    if row["feedback"] and row["feedback"] not in row["evidence"]:
        parts.append(f"客户反馈：“{quotes(row['feedback'])}”。")
    if row["evidence"]:
        parts.append(f"判定依据：{quotes(_plain_evidence(row['evidence'])).rstrip('。')}。")
    if row["manual_grading"]:
        reason = f"，理由：{quotes(row['manual_reason']).rstrip('。')}" if row["manual_reason"] else ""
        parts.append(f"人工认定为{row['manual_grading']}{reason}。")
    state = [f"责任部门{row['department']}"] if row["department"] else []
    if row["remedy"]:
        state.append(f"整改措施：{quotes(row['remedy']).rstrip('。')}")
    if not pd.isna(row["remedy_due_on"]):
        state.append(f"整改时限{date_cn(row['remedy_due_on'])}")
    state.append(f"现状态为{row['state'] or '未填'}")
    if row["grade"] == v.CRITICAL:
        reported = not pd.isna(row["escalated_on"])
        state.append(f"已于{date_cn(row['escalated_on'])}上报" if reported else "尚未填写上报日期")
    return "".join(parts) + "，".join(state) + f"（{row['issue_no']}）。"


def _plain_evidence(text: str) -> str:
    """判定依据 without the single words that its rule matched (“差不”；“多。”): their sentence says more."""
    told = [part for part in text.split("；") if not _FRAGMENT.fullmatch(part)]
    return "；".join(told) or text


def voice(f: ReportFigures, quotes: Quotes) -> list[str]:
    out = []
    for rows, name, title, clause in (
        (f.voice.suggestions, "suggestion", "意见建议", "三、(六)1."),
        (f.voice.needs, "other_needs", v.OTHER_NEED, "三、(六)2."),
    ):
        if rows.empty:
            out.append(f"本期没有收集到{title}。")
            continue
        alike = same_words(rows, name)
        out.append(f"收集到{title}{len(rows)}条（{clause}）：")
        out += [
            f"{i}.{quotes(str(words))}（{row['count']}条，{row['branches']}）"
            for i, (words, row) in enumerate(alike.head(MOST_LISTED).iterrows(), start=1)
        ]
        if rest := int(alike["count"].iloc[MOST_LISTED:].sum()):
            out.append(f"其余{rest}条见回访记录。")
    for receiver, part in f.voice.wishes[f.voice.wishes["receiver"] != ""].groupby("receiver", sort=False):
        names = part["kind"].replace(v.SUGGESTION, "意见建议")
        kinds = listing(f"{kind}{n}条" for kind, n in names.value_counts(sort=False).items())
        handled = int(part["handled_on"].notna().sum())
        state = "均已处理" if handled == len(part) else f"已处理{handled}条" if handled else "尚未登记处理情况"
        out.append(f"分送{receiver}{kinds}，{state}（建议与需求表）。")
    asked = len(f.voice.questions)
    if asked:
        late = f"，其中{f.voice.late}条已超过答复时限" if f.voice.late else ""
        waiting = asked - f.voice.answered
        state = f"已答复{f.voice.answered}条，未答复{waiting}条{late}" if waiting else "均已答复"
        out.append(f"客户提出的待答复事项{asked}条，{state}（三、(七)3.）。")
    return out


def same_words(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Index = what was said, most frequent first; count, branches."""
    grouped = rows.groupby(name, sort=False)
    alike = pd.DataFrame(
        {"count": grouped.size(), "branches": grouped["branch"].agg(lambda names: listing(dict.fromkeys(names)))}
    )
    return alike.sort_values("count", ascending=False, kind="stable")


def quoted_texts(f: ReportFigures) -> list[str]:
    """Everything that these sentences quote."""
    issues = pd.concat([f.issues.of(v.CRITICAL), typical(f.issues.of(v.MAJOR))], ignore_index=True)
    columns = [issues[name] for name in ("feedback", "evidence", "manual_reason", "remedy")]
    voices = [f.voice.suggestions["suggestion"], f.voice.needs["other_needs"]]
    return [text for column in [*columns, *voices] for text in column if text]
