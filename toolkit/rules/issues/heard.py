"""What customers said on visits, as the sheet holds it: whose words they are, and how they are judged (六、(一)).

客户反馈 of a 成功 visit is the customer speaking. 回访内容 and 备注 are the visitor's: what was asked, reminded or
explained there is no statement of the customer, only sentences that report one (客户称……, 现场发现……) count.
"""

import re
from dataclasses import dataclass

import pandas as pd

from toolkit.model import values as v
from toolkit.model.rule_tables import CLAUSE_OF_SEVERITY
from toolkit.rules.checks.answers import told_nothing
from toolkit.rules.checks.situation import each_distinct
from toolkit.rules.issues.classification import LOST_CONTACT, Material, evidence_rows
from toolkit.rules.words.judge import COLUMNS, judge_notes, judge_reported
from toolkit.rules.words.matching import Matcher
from toolkit.rules.words.text import folded

DENIED_OVERDUE_CODE, OVERDUE, DIVERTED = "L02", v.PAST_DUE, v.DIVERSION
# The word group of 分类词组 that says so in other words.
DENIALS = "否认逾期"
_NOT_SUCCESSFUL = tuple(result for result in v.RESULTS if result != v.SUCCESS)
_SERIOUS = (v.MAJOR, v.CRITICAL)


@dataclass(frozen=True)
class Spoken:
    """Words of column `field` in records with one of `results`. `reported`: in the visitor's words, so a rule must
    speak. `cut`: only the sentences that report something. `serious`: only 重要 and 重大, and no 失联: that is counted
    from the attempts themselves."""

    field: str
    results: tuple[str, ...]
    said: str
    reported: bool = False
    cut: bool = False
    serious: bool = False


SPOKEN: tuple[Spoken, ...] = (
    Spoken("feedback", (v.SUCCESS,), "客户说"),
    Spoken("feedback", _NOT_SUCCESSFUL, "客户说", reported=True, serious=True),
    Spoken("suggestion", (v.SUCCESS,), "意见建议中说", reported=True),
    Spoken("content", (v.SUCCESS,), "回访内容记", reported=True, cut=True),
    Spoken("remark", (v.SUCCESS,), "备注记", reported=True, cut=True),
    Spoken("remark", _NOT_SUCCESSFUL, "备注记", reported=True, cut=True, serious=True),
)
HEARD_COLUMNS = ("record", "field", "said", "text", *COLUMNS)

_SENTENCES = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_REPORT = re.compile(
    r"[^，,。]*?(?:(?:客户|借款人|对方|家属|配偶|老板|负责人|经营者|店主|邻居|担保人|本人|其)[^，,。]{0,6}?"
    r"(?:反映|反馈|称|表示|说|提出|提到|抱怨|承认|坦言|坦白|透露|投诉|扬言|威胁|认为|质疑|声称|要求|不满|哭诉|介绍|情绪)"
    r"|扬言|自称|自述|据悉|据了解|得知|获悉|查实|发现|据[^，,。]{1,6}(?:说|称|反映))"
)


def reported_part(text: str) -> str:
    """The sentences of a visitor's note that report what somebody said or what was found, from there to their ends."""
    kept = []
    for sentence in _SENTENCES.findall(text):
        for clause in re.finditer(r"[^，,]+[，,]?", sentence):
            if _REPORT.match(clause[0]):
                kept.append(sentence[clause.start() :])
                break
    return "".join(kept)


def hear(records: pd.DataFrame, words: Matcher) -> pd.DataFrame:
    """`HEARD_COLUMNS`, one row per record and column that says something."""
    parts = []
    for spoken in SPOKEN:
        some = records[records["result"].isin(spoken.results)]
        text = some[spoken.field]
        text = text[~told_nothing(text)].astype("object")
        if spoken.cut:
            distinct = {whole: reported_part(whole) for whole in text.unique()}
            text = text.map(distinct)
            text = text[text != ""]
        if text.empty:
            continue
        judge = judge_reported if spoken.reported else judge_notes
        judged = judge(text.tolist(), words)
        front = {"record": text.index, "field": spoken.field, "said": spoken.said, "text": text.to_numpy()}
        heard = pd.DataFrame(front).join(judged)
        parts.append(heard[heard["severity"].isin(_SERIOUS)] if spoken.serious else heard)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(HEARD_COLUMNS))


def said_words(material: Material) -> pd.DataFrame:
    """Problems that customers' words tell: one row per record, column and 问题类别."""
    heard = material.heard
    each = heard.explode(["categories", "grades", "rules_of", "words_of"])
    each = each[each["categories"].isin(v.ISSUE_CATEGORIES) & each["grades"].isin(v.GRADINGS)]
    attempt = each["record"].map(material.records["result"]) != v.SUCCESS
    each = each[~(attempt & ((each["categories"] == LOST_CONTACT) | ~each["grades"].isin(_SERIOUS)))]
    each = each[~((each["categories"] == DIVERTED) & _as_agreed(each, material.loans))]
    unsure = each["grades"] == v.UNGRADED
    candidates = each["candidates"].map("、".join).astype("object")
    quote = each["said"] + each["words_of"] + ("，拿不准，候选：" + candidates).where(unsure, "")
    clause = each["grades"].map(CLAUSE_OF_SEVERITY).fillna(each["clause"])
    return evidence_rows(
        each["record"].to_numpy(),
        each["categories"].to_numpy(),
        each["grades"].to_numpy(),
        each["rules_of"].to_numpy(),
        clause.to_numpy(),
        quote.to_numpy(),
    )


def _as_agreed(each: pd.DataFrame, loans: pd.DataFrame) -> pd.Series:
    """bool: the use that is told is the 贷款用途 of the contract, so that it is none of 挪用资金."""
    purpose = loans["purpose"].reindex(each["record"]).fillna("").astype("object")
    pairs = zip(purpose, each["words_of"], strict=True)
    return pd.Series([_share_a_word(agreed, told) for agreed, told in pairs], index=each.index, dtype=bool)


_NO_PURPOSE = frozenset(("资金", "贷款", "用于", "经营", "周转", "购买", "支付", "款项"))


def _share_a_word(agreed: str, told: str) -> bool:
    pairs = {agreed[i : i + 2] for i in range(len(agreed) - 1)} - _NO_PURPOSE
    return any(pair in told for pair in pairs)


def _says_any(text: str, phrases: tuple[str, ...]) -> bool:
    return any(phrase in text for phrase in phrases)


def denied_overdue(material: Material) -> pd.DataFrame:
    """The customer denies being overdue, the ledger shows it on the day of the visit (标注说明 二: 逾期)."""
    heard = material.heard
    phrases = material.rules.words.tables.groups.get(DENIALS, ())
    in_words = each_distinct(heard["text"], lambda text: _says_any(folded(text), phrases)).astype(bool)
    denied = heard[in_words | heard["denied"].map(lambda categories: OVERDUE in categories).astype(bool)]
    denied = denied.drop_duplicates("record")
    since = material.loans["overdue_since"].reindex(denied["record"])
    visited = material.records["visited_on"].reindex(denied["record"])
    owed = (since < visited).to_numpy()
    since = since[owed].dt.strftime("%Y-%m-%d").astype("object")
    quote = "客户称未逾期，台账显示自 " + since + " 起逾期"
    clause = CLAUSE_OF_SEVERITY[v.MAJOR]
    return evidence_rows(since.index.to_numpy(), OVERDUE, v.MAJOR, DENIED_OVERDUE_CODE, clause, quote.to_numpy())
