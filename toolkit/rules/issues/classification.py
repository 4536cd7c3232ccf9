"""From visit records to issues: which rule fired on which words (六、(一); contract, section 4).

Evidence functions look at the material and say record, category, severity, rule, clause and quote. An issue is one
record × one category: several rules on one category make one issue of the highest severity.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from toolkit.model import values as v
from toolkit.model.parameters import Parameters
from toolkit.model.rule_tables import CLAUSE_OF_SEVERITY
from toolkit.model.sheets import RECORDS
from toolkit.rules.checks.answers import told_nothing
from toolkit.rules.issues.rule_sheet import Rules

# An attempt is unsuccessful unless the customer was reached: 改期 is an agreed new date and ends the row like 成功.
UNSUCCESSFUL = (v.NO_ANSWER, v.REFUSED, v.WRONG_NUMBER)
LOST_CONTACT_CODE, LOST_CONTACT = "L01", v.OUT_OF_REACH
# A cell holds 32,767 characters; the words themselves stay whole in 回访记录.
LONGEST_QUOTE = 4000
WORDS = ("feedback", "remark")

EVIDENCE_COLUMNS = ("record", "category", "severity", "rule", "clause", "quote")
SEVERITY_RANK = {severity: rank for rank, severity in enumerate((v.UNGRADED, *v.SEVERITIES))}
CATEGORY_RANK = {category: rank for rank, category in enumerate(v.ISSUE_CATEGORIES)}


@dataclass(frozen=True)
class Material:
    """What evidence is drawn from.

    `records`: rows of 回访记录 up to T in sheet order, index unique, plus `key` (loan). `rules`: those in force.
    `heard`: what customers said there, judged (`heard.hear`). `loans`: index of the records, columns purpose,
    grade (五级分类), overdue_since of each record's loan (blank where unknown).
    """

    records: pd.DataFrame
    rules: Rules
    heard: pd.DataFrame
    loans: pd.DataFrame
    parameters: Parameters


Evidence = Callable[[Material], pd.DataFrame]


def check_answers(material: Material) -> pd.DataFrame:
    """The decision table over the check answers of 成功 records."""
    good = material.records[material.records["result"] == v.SUCCESS]
    parts = []
    for rule in material.rules.checks.to_dict("records"):
        hit = good.index[good[rule["check"]] == rule["answer"]]
        quote = f"{RECORDS.header(rule['check'])}={rule['answer']}"
        parts.append(evidence_rows(hit, rule["category"], rule["severity"], rule["code"], rule["clause"], quote))
    return _together(parts)


def lost_contact(material: Material) -> pd.DataFrame:
    """失联判定次数 unsuccessful attempts in a row of one contract: 失联 on the attempt that reaches the count.

    Records entered twice (same contract, date, start and visitor) are one attempt.
    """
    records = material.records
    limit = material.parameters["失联判定次数"]
    tried = records[records["result"].isin(v.RESULTS) & records["visited_on"].notna() & (records["contract_no"] != "")]
    tried = tried.assign(clock=_clock(tried), record=tried.index)
    tried = tried.drop_duplicates(["key", "visited_on", "clock", "visitor"])
    tried = tried.sort_values(["key", "visited_on", "clock", "row"], kind="stable")
    missed = tried["result"].isin(UNSUCCESSFUL)
    run = (~missed).groupby(tried["key"]).cumsum()
    tried = tried.assign(missed=missed, run=run)
    tried["count"] = tried["missed"].groupby([tried["key"], tried["run"]]).cumsum()
    reached = tried[tried["missed"] & (tried["count"] == limit)]
    told = tried[tried["missed"] & (tried["count"] <= limit)].merge(
        reached[["key", "run", "record"]], on=["key", "run"], suffixes=("", "_reached")
    )
    told["attempt"] = told["visited_on"].dt.strftime("%Y-%m-%d ").astype("object") + told["result"]
    attempts = told.groupby("record_reached")["attempt"].agg("、".join)
    quote = f"连续{limit}次未成功联系：" + attempts.reindex(reached["record"]).astype("object")
    clause = CLAUSE_OF_SEVERITY[v.MAJOR]
    return evidence_rows(reached["record"], LOST_CONTACT, v.MAJOR, LOST_CONTACT_CODE, clause, quote.to_numpy())


def evidence_rows(record, category, severity, rule, clause, quote) -> pd.DataFrame:
    """`EVIDENCE_COLUMNS`; `record`: index of the records, the others one value or one per record."""
    return pd.DataFrame(
        {"record": record, "category": category, "severity": severity, "rule": rule, "clause": clause, "quote": quote}
    )


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if not part.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(EVIDENCE_COLUMNS))


def _clock(records: pd.DataFrame) -> pd.Series:
    """开始时间 as sortable text; a record without one comes last of its day."""
    return records["started_at"].map(lambda time: "99" if time is None else time.isoformat()).astype("object")


def find_issues(material: Material, identity: pd.Series, evidence: Sequence[Evidence]) -> pd.DataFrame:
    """One row per issue, in record and category order: record (first index), category, severity, rule, evidence.

    `identity` (index of the records): records of equal identity were entered twice and make one issue.
    """
    pieces = _together([source(material) for source in evidence])
    if pieces.empty:
        return pd.DataFrame(columns=["record", "category", "severity", "rule", "evidence"])
    pieces["identity"] = identity.reindex(pieces["record"]).to_numpy()
    pieces["rank"] = pieces["severity"].map(SEVERITY_RANK)
    pieces["order"] = pieces["category"].map(CATEGORY_RANK)
    pieces["rule"] = pieces["rule"] + "（" + pieces["clause"] + "）"
    pieces["place"] = range(len(pieces))
    pieces = pieces.sort_values(["record", "order", "place"], kind="stable")
    groups = pieces.groupby(["identity", "category"], sort=False)
    out = groups.agg(record=("record", "first"), rank=("rank", "max")).reset_index()
    out["rule"] = _joined(pieces, "rule", out)
    words = quoted_words(material.records).reindex(out["record"]).to_numpy()
    out["evidence"] = _joined(pieces, "quote", out) + words + _ledger_words(out, material).to_numpy()
    out["severity"] = out["rank"].map({rank: severity for severity, rank in SEVERITY_RANK.items()})
    return out[["record", "category", "severity", "rule", "evidence"]]


# Problems of which the ledger tells more.
_IN_THE_LEDGER = (v.DIVERSION, v.HARDSHIP, v.PAST_DUE, LOST_CONTACT)


def _ledger_words(issues: pd.DataFrame, material: Material) -> pd.Series:
    """``；台账：自 2026-07-01 起逾期，五级分类 次级``, "" where the ledger shows nothing of the kind at the visit."""
    loan = material.loans.reindex(issues["record"])
    visited = material.records["visited_on"].reindex(issues["record"])
    owed = (loan["overdue_since"] < visited).to_numpy()
    since = "自 " + loan["overdue_since"].dt.strftime("%Y-%m-%d").astype("object") + " 起逾期"
    graded = loan["grade"].isin(v.LOAN_GRADES[1:])
    told = since.where(owed, "") + pd.Series("，", index=loan.index).where(owed & graded, "")
    told = told + ("五级分类 " + loan["grade"]).where(graded, "")
    told = told.where((told != "") & issues["category"].isin(_IN_THE_LEDGER).to_numpy(), "")
    return ("；台账：" + told).where(told != "", "")


def _joined(pieces: pd.DataFrame, name: str, issues: pd.DataFrame) -> pd.Series:
    once = pieces.drop_duplicates(["identity", "category", name])
    text = once.groupby(["identity", "category"], sort=False)[name].agg("；".join)
    wanted = pd.MultiIndex.from_frame(issues[["identity", "category"]])
    return pd.Series(text.reindex(wanted).to_numpy(), index=issues.index, dtype="object")


def quoted_words(records: pd.DataFrame) -> pd.Series:
    """``；客户反馈“…”；备注“…”`` letter for letter; "" where the record says nothing."""
    out = pd.Series("", index=records.index, dtype="object")
    for name in WORDS:
        said = records[name]
        long = said.str.len() > LONGEST_QUOTE
        quote = said.where(~long, said.str.slice(0, LONGEST_QUOTE) + "……（全文见回访记录）")
        out += ("；" + RECORDS.header(name) + "“" + quote + "”").where(~told_nothing(said), "")
    return out
