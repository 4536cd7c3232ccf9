"""Patterns across records that a single row does not show: copied words, one phone, one answer all day (一、(三)1.).

Each function is `(situation, rule) -> findings` on 回访记录 and marks every record concerned.
"""

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings, gather
from toolkit.rules.checks.answers import folded_text
from toolkit.rules.checks.situation import Situation, each_distinct, well_formed

TITLE = sheets.RECORDS.title
MANY_CUSTOMERS = 3
TELLING_CHARACTERS = 8
VISITS_OF_A_DAY = 3


def _shared(values: pd.Series, situation: Situation) -> pd.Series:
    """How many 客户编号 share each value, where that is three or more; index of `values`, may repeat."""
    customer = situation.loan["customer_no"].reindex(values.index)
    known = pd.DataFrame({"value": values, "customer": customer})
    known = known[known["customer"].notna() & (known["customer"] != "")]
    many = known.groupby("value")["customer"].nunique()
    many = many[many >= MANY_CUSTOMERS]
    return values.map(many).dropna()


def same_feedback(situation: Situation, rule: Rule) -> pd.DataFrame:
    """As said, whatever the punctuation; its length is that of the text as typed."""
    typed = situation.records["feedback"]
    typed = typed[typed.str.len() >= TELLING_CHARACTERS]
    said = each_distinct(typed, folded_text)
    shared = _shared(said[said != ""], situation)
    message = "与共 " + shared.astype("int64").astype(str).astype("object") + " 名客户的反馈文字相同"
    return findings(rule, TITLE, situation.records.loc[shared.index], "feedback", message)


def same_phone(situation: Situation, rule: Rule) -> pd.DataFrame:
    phones = situation.phones[well_formed(situation.phones)]["phone"]
    shared = _shared(phones.reset_index().drop_duplicates().set_index("index")["phone"], situation)
    shared = shared.groupby(level=0).max()
    message = "同一联系电话用于共 " + shared.astype("int64").astype(str).astype("object") + " 名客户"
    return findings(rule, TITLE, situation.records.loc[shared.index], "phone", message)


def all_alike(situation: Situation, rule: Rule) -> pd.DataFrame:
    """One value over every answered check of at least three 成功 visits of a visitor's day."""
    r = situation.records[situation.successful & (situation.records["visitor_key"] != "")]
    r = r[r["visited_on"].notna()]
    answers = r[list(sheets.CHECK_FIELDS)]
    given = pd.DataFrame({answer: (answers == answer).any(axis=1) for answer in v.CHECK_ANSWERS})
    given["visits"] = given.any(axis=1)
    if not given["visits"].any():
        return gather([])
    day = given.groupby([r["visitor_key"], r["visited_on"]]).transform("sum")
    one = (day[list(v.CHECK_ANSWERS)] > 0).sum(axis=1) == 1
    marked = answers[one & (day["visits"] >= VISITS_OF_A_DAY) & given["visits"]]
    first = marked.isin(v.CHECK_ANSWERS).idxmax(axis=1)
    parts = []
    for name, rows in first.groupby(first):
        message = "该回访人员当日全部核对项都答“" + marked.loc[rows.index, name] + "”"
        parts.append(findings(rule, TITLE, situation.records.loc[rows.index], str(name), message))
    return gather(parts)
