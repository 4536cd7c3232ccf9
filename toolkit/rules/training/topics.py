"""What the errors of a period suggest to train on (八、(一)2.): findings, issues and spot checks by 培训宣传's 类别."""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.period import Period
from toolkit.model.tables import Table
from toolkit.rules.indicators.rows import Books

LOAN_KNOWLEDGE, PROCESS, SPEAKING, LAW, PRACTICE, PUBLICITY = v.TRAINING_KINDS
TOTAL = "合计"

# Beginning of a rule's code → (类别, topic); the first that fits decides.
OF_RULES: tuple[tuple[str, str, str], ...] = (
    ("R08", SPEAKING, "记下谈话内容和客户的原话"),
    ("R", PROCESS, "《贷款回访记录》的必填项和写法"),
    ("A07", PROCESS, "一次回访只记一次"),
    ("A08", PROCESS, "一次回访只记一次"),
    ("A09", SPEAKING, "核对项逐项询问、逐项记录"),
    ("A10", SPEAKING, "答“否”追问并写明原因"),
    ("A", PROCESS, "照台账和清单填写编号、姓名、签名"),
    ("W02", SPEAKING, "回访的时长和时段"),
    ("W03", SPEAKING, "回访的时长和时段"),
    ("W04", PROCESS, "按时提交记录"),
    ("W09", LAW, "真实性原则：回避本人客户，不得编造"),
    ("W10", LAW, "真实性原则：回避本人客户，不得编造"),
    ("W11", PROCESS, "未成功的回访怎样记录"),
    ("W12", SPEAKING, "核对项逐项询问、逐项记录"),
    ("W", PROCESS, "回访的时机、方式和预留电话"),
    ("Q", LAW, "真实性原则：回避本人客户，不得编造"),
    ("F", LAW, "真实性原则：回避本人客户，不得编造"),
)
OF_ISSUES: Mapping[str, tuple[str, str]] = {
    v.POLICY_UNCLEAR: (LOAN_KNOWLEDGE, "产品、利率、还款方式和办理流程的讲解"),
    v.SLOW_APPROVAL: (LOAN_KNOWLEDGE, "审批、放款的环节和时限"),
    v.LATE_FUNDS: (LOAN_KNOWLEDGE, "审批、放款的环节和时限"),
    v.WRONG_AMOUNT: (LOAN_KNOWLEDGE, "审批、放款的环节和时限"),
    v.ATTITUDE: (SPEAKING, "礼貌用语和不满情绪的处理"),
    v.COMPLAINT: (SPEAKING, "礼貌用语和不满情绪的处理"),
    v.HARDSHIP: (SPEAKING, "还款困难客户的沟通和还款安排"),
    v.PAST_DUE: (SPEAKING, "还款困难客户的沟通和还款安排"),
    v.OUT_OF_REACH: (SPEAKING, "联系不上的客户怎样再联系"),
    v.DIVERSION: (LAW, "贷款用途管理"),
    v.FRAUD: (LAW, "识别虚假资料和欺诈"),
    v.COLLUSION: (LAW, "廉洁从业、收费规定和客户信息保密"),
    v.ILLICIT_FEES: (LAW, "廉洁从业、收费规定和客户信息保密"),
    v.DATA_LEAK: (LAW, "廉洁从业、收费规定和客户信息保密"),
}
# What customers do not understand is also a topic to tell them about.
TO_PUBLICISE = {v.POLICY_UNCLEAR: "贷款政策、利率和还款方式", v.OUT_OF_REACH: "回访的目的和方式、变更电话要告知"}
UNTRUE = (PRACTICE, "抽查不实记录的案例演练")


def _of_rule(code: str) -> tuple[str, str]:
    return next(((kind, topic) for begins, kind, topic in OF_RULES if code.startswith(begins)), ("", ""))


def occasions(books: Books, records: pd.DataFrame, period: Period) -> pd.DataFrame:
    """kind, topic, source, visitor of everything that went wrong in the period. `records`: the population."""
    found = books.tables[sheets.FINDINGS.title].data
    row = pd.to_numeric(found["cell"].str.extract(r"(\d+)$")[0], errors="coerce")
    on_record = (found["sheet"] == sheets.RECORDS.title) & row.isin(records["row"])
    on_person = (found["sheet"] == sheets.VISITORS.title) & found["rule"].str.startswith("F").astype(bool)
    found = found.assign(at=row)[on_record | on_person]
    who = records.drop_duplicates("row").set_index("row")["visitor"].reindex(found["at"]).set_axis(found.index)
    person = found["message"].str.split("：").str[0].astype("object")
    ruled = pd.DataFrame(
        [(*_of_rule(code), f"校验 {code}") for code in found["rule"]], columns=["kind", "topic", "source"]
    ).assign(visitor=who.where(found["sheet"] == sheets.RECORDS.title, person).fillna("").to_numpy())

    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    issues = books.issues
    issues = issues[(issues["found_on"] >= start) & (issues["found_on"] <= end) & (issues["grade"] != v.NO_ISSUE)]
    parts = [ruled[ruled["kind"] != ""]]
    for of_category in (OF_ISSUES, {name: (PUBLICITY, topic) for name, topic in TO_PUBLICISE.items()}):
        mine = issues[issues["category"].isin(list(of_category))]
        pairs = [of_category[name] for name in mine["category"]]
        parts.append(
            pd.DataFrame(pairs, columns=["kind", "topic"]).assign(
                source=("问题 " + mine["category"]).to_numpy(), visitor=mine["visitor"].to_numpy()
            )
        )
    spot = books.tables[sheets.SPOT_CHECKS.title].data
    failed = spot[spot["verdict"].isin(v.FAILED_SPOT_CHECKS) & spot["visit_no"].isin(records["met_no"])]
    parts.append(
        pd.DataFrame(
            {"kind": UNTRUE[0], "topic": UNTRUE[1], "source": "抽查" + failed["verdict"], "visitor": failed["visitor"]}
        )
    )
    filled = [part for part in parts if not part.empty]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def training_summary(
    tables: Mapping[str, Table], wrong: pd.DataFrame, period: Period, cut: pd.Timestamp
) -> pd.DataFrame:
    """Rows of 培训分析: per 类别 what was held in the period (up to `cut`) and what `wrong` suggests; 合计 last."""
    held = tables[sheets.TRAINING.title].data
    held = held[(held["date"] >= pd.Timestamp(period.start)) & (held["date"] <= cut)]
    rows = []
    for kind in v.TRAINING_KINDS:
        mine, log = wrong[wrong["kind"] == kind], held[held["kind"] == kind]
        topics, sources = mine["topic"].value_counts(), mine["source"].value_counts()
        people = mine.loc[mine["visitor"] != "", "visitor"].value_counts()
        rows.append(
            {
                "kind": kind,
                "sessions": len(log),
                "headcount": int(log["headcount"].fillna(0).sum()),
                "errors": len(mine),
                "topics": "；".join(f"{topic}（{count} 处）" for topic, count in topics.items()),
                "sources": "、".join(f"{source} {count} 处" for source, count in sources.items()),
                "visitors": "、".join(f"{name} {count}" for name, count in people.head(_MOST_PEOPLE).items()),
                "advice": _advice(len(mine), len(log)),
            }
        )
    out = pd.DataFrame(rows)
    total = {name: int(out[name].sum()) for name in ("sessions", "headcount", "errors")}
    out = pd.concat([out, pd.DataFrame([{"kind": TOTAL, **total}])], ignore_index=True)
    return out.assign(period=period.label).reindex(columns=list(sheets.TRAINING_ANALYSIS.names))


_MOST_PEOPLE = 5


def _advice(errors: int, sessions: int) -> str:
    if not errors:
        return "本期没有发现相关问题"
    return "本期已有培训，请看下期是否减少" if sessions else "本期没有安排，建议安排"
