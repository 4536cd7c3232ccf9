"""Do the records agree with ledger, list and staff? (错误 of the contract, section 4; 五、(一)2.)

Each function is `(situation, rule) -> findings` on 回访记录; a suggestion other than the rule's remedy is the bare
value that 采纳 writes into the cell.
"""

import re
from difflib import get_close_matches

import numpy as np
import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings, gather, no_findings
from toolkit.rules.checks.situation import Situation, each_distinct, first_reserved, well_formed

TITLE = sheets.RECORDS.title


def _point(rule: Rule, situation: Situation, where: pd.Series, field: str, message, suggestion=None) -> pd.DataFrame:
    """Findings on one column; a missing or empty suggestion becomes the remedy."""
    if not where.any():
        return no_findings()
    if isinstance(suggestion, pd.Series):
        suggestion = suggestion[where].astype("object")
        suggestion = suggestion.where(suggestion.notna() & (suggestion != ""), rule.remedy)
    if isinstance(message, pd.Series):
        message = message[where]
    return findings(rule, TITLE, situation.records[where], field, message, suggestion)


def unknown_contract(situation: Situation, rule: Rule) -> pd.DataFrame:
    """The contract, or its 借据编号 where one is given, is not in the ledger."""
    r = situation.records
    filled = r["contract_no"] != ""
    unknown = filled & ~situation.contract_known
    wrong_part = filled & situation.contract_known & situation.loan["key"].isna() & (r["drawdown_no"] != "")
    listed = situation.visit["contract_no"].where(r["named"])
    listed = listed.where(listed.isin(situation.table(sheets.LOANS).data["contract_no"]))
    contract = "合同“" + r["contract_no"] + "”"
    return gather(
        [
            _point(rule, situation, unknown, "contract_no", contract + "不在贷款台账",
                   listed.fillna(_contract_of_person(situation, unknown))),
            _point(rule, situation, wrong_part, "drawdown_no",
                   contract + "在台账中没有借据“" + r["drawdown_no"] + "”"),
        ]
    )  # fmt: skip


def _contract_of_person(situation: Situation, where: pd.Series) -> pd.Series:
    """The contract of the only loan with the record's name and phone."""
    if not where.any():
        return pd.Series(None, index=where.index, dtype="object")
    loans = situation.table(sheets.LOANS).data
    names, phones = each_distinct(loans["customer_name"], reading.name_key), loans["phone"]
    person = pd.Series(loans["contract_no"].to_numpy(), index=pd.MultiIndex.from_arrays([names, phones]))
    person = person[~person.index.duplicated(keep=False)]
    r = situation.records[where]
    asked = pd.MultiIndex.from_arrays([each_distinct(r["customer_name"], reading.name_key), r["phone"]])
    return pd.Series(person.reindex(asked).to_numpy(), index=r.index, dtype="object").reindex(where.index)


def other_name(situation: Situation, rule: Rule) -> pd.DataFrame:
    name = situation.records["customer_name"]
    ledger = situation.loan["customer_name"]
    filled = (name != "") & ledger.notna() & (ledger != "")
    bad = filled & (each_distinct(name, reading.name_key) != each_distinct(ledger, reading.name_key))
    return _point(rule, situation, bad, "customer_name", "客户姓名与台账不一致", ledger)


def unknown_visitor(situation: Situation, rule: Rule) -> pd.DataFrame:
    """回访人员 holds 姓名; a 工号 or a near miss gets the name as suggestion.

    Until it is mended 考核指标 has a line of its own for what was typed, so the message of a 工号 says that.
    """
    bad, meant = _visitors_meant(situation)
    typed = "“" + situation.records["visitor"] + "”"
    number = situation.records["visitor_key"].isin(situation.table(sheets.VISITORS).data["staff_no"])
    message = (typed + "不在“回访人员”表").mask(number, typed + "是工号，不是姓名；改正前“考核指标”把它单列为一人")
    return _point(rule, situation, bad, "visitor", message, meant)


def _visitors_meant(situation: Situation) -> tuple[pd.Series, pd.Series]:
    """Which records name a visitor who is not on the staff, and the name likely meant (missing where unclear)."""
    staff = situation.table(sheets.VISITORS).data
    staff = staff[staff["name"] != ""]
    keys = each_distinct(staff["name"], reading.name_key)
    visitor = situation.records["visitor_key"]
    bad = (visitor != "") & ~visitor.isin(keys)
    by_number = dict(zip(staff["staff_no"], staff["name"], strict=True))
    by_key = dict(zip(keys, staff["name"], strict=True))

    def meant(key: str) -> str | None:
        near = get_close_matches(key, list(by_key), n=2, cutoff=0.5)
        return by_number.get(key) or (by_key[near[0]] if len(near) == 1 else None)

    return bad, each_distinct(visitor[bad], meant).reindex(bad.index)


def other_signature(situation: Situation, rule: Rule) -> pd.DataFrame:
    """Missing, or without the name of 回访人员; two who went together may both sign.

    Where 回访人员 holds a 工号 or a slip of the pen, the name it stands for may sign too.
    """
    r = situation.records
    signed = r["signature"]
    bad, meant = _visitors_meant(situation)
    person = meant.where(bad & meant.notna(), r["visitor"])
    missing = signed == ""
    own = _signed_by_all(signed, r["visitor_key"]) | _signed_by_all(signed, each_distinct(person, reading.name_key))
    other = ~missing & (r["visitor_key"] != "") & ~own
    return gather(
        [
            _point(rule, situation, missing, "signature", "缺回访人员签名", person),
            _point(rule, situation, other, "signature", "签名不是回访人员本人", person),
        ]
    )


def _signed_by_all(signatures: pd.Series, names: pd.Series) -> pd.Series:
    """bool per record: the (folded) name is among those who signed."""
    pairs = pd.Series(list(zip(signatures, names, strict=True)), index=signatures.index, dtype="object")
    return each_distinct(pairs, _signed_by).astype(bool)


def _signed_by(pair: tuple[str, str]) -> bool:
    signature, visitor = pair
    return visitor in (reading.name_key(part) for part in (signature, *re.split(r"[、,，;；/／]", signature)))


def unknown_visit(situation: Situation, rule: Rule) -> pd.DataFrame:
    number = situation.records["visit_no"]
    bad = (number != "") & ~number.isin(situation.listed["visit_no"])
    meant = _number_in_capitals(situation, bad)
    meant = meant.where(meant.notna(), situation.visit["visit_no"])
    return _point(rule, situation, bad, "visit_no", "回访编号不在回访清单", meant)


def _number_in_capitals(situation: Situation, where: pd.Series) -> pd.Series:
    """The listed visit that the number names but for its case, unless it is another contract's or already made."""
    upper = situation.records["visit_no"].str.upper()
    listed = situation.listed.set_index("visit_no")
    contract = upper.map(listed["contract_no"])
    fits = where & contract.notna() & (~situation.contract_known | (contract == situation.records["contract_no"]))
    by_another = upper.isin(situation.visit["visit_no"][situation.successful & ~where])
    return upper.where(fits & ~(by_another & situation.successful)).astype("object")


def other_visit(situation: Situation, rule: Rule) -> pd.DataFrame:
    """The listed visit belongs to another contract or 借据; silent where the record's contract is itself unknown."""
    r = situation.records
    bad = r["visit_no"].isin(situation.listed["visit_no"]) & situation.contract_known & ~r["named"]
    owner = r["visit_no"].map(situation.listed.set_index("visit_no")["contract_no"]).astype("object")
    message = "回访编号属于合同“" + owner.fillna("") + "”，与本行合同或借据不同"
    return _point(rule, situation, bad, "visit_no", message, situation.visit["visit_no"])


def second_success(situation: Situation, rule: Rule) -> pd.DataFrame:
    """Two 成功 records for one visit: all but the earliest."""
    r = situation.records[situation.successful & (situation.records["visited_on"] <= situation.today)]
    place = situation.visit["position"].reindex(r.index)
    place = place.where(place.notna(), _visit_already_made(situation, place))
    made = r.assign(place=place)[place.notna()]
    made = made.sort_values(["visited_on", "seconds", "row"], kind="stable")
    first = made.groupby("place")["row"].transform("first")
    where = pd.Series(False, index=situation.records.index)
    where[made.index[first != made["row"]]] = True
    number = situation.listed["visit_no"].reindex(made["place"])
    message = "回访“" + pd.Series(number.to_numpy(), index=made.index, dtype="object")
    message = message + "”已有成功记录（第 " + first.astype(str).astype("object") + " 行）"
    return _point(rule, situation, where, "visit_no", message.reindex(where.index))


def _visit_already_made(situation: Situation, place: pd.Series) -> pd.Series:
    """For 成功 records without a visit: the earliest due one whose window holds the date, made by another record."""
    left = situation.records.loc[place.index[place.isna()], ["key", "visited_on"]]
    listed = situation.listed.assign(position=range(len(situation.listed)))
    listed = listed[listed["position"].isin(place.dropna()) & (listed["state"] != v.CANCELLED)]
    pairs = left.reset_index(names="label").merge(listed[["key", "earliest_on", "due_on", "position"]], on="key")
    pairs = pairs[(pairs["earliest_on"] <= pairs["visited_on"]) & (pairs["visited_on"] <= pairs["due_on"])]
    nearest = pairs.sort_values(["due_on", "position"], kind="stable").drop_duplicates("label")
    return nearest.set_index("label")["position"].astype("float64").reindex(place.index)


def entered_twice(situation: Situation, rule: Rule) -> pd.DataFrame:
    """Same contract, date, start and visitor; without a 开始时间 the other answers must be the same too."""
    r = situation.records
    r = r[(r["contract_no"] != "") & r["visited_on"].notna() & (r["visitor_key"] != "")]
    same = ["key", "visited_on", "seconds", "visitor_key"]
    timed = r["seconds"].notna()
    parts = []
    for group, columns in ((r[timed], same), (r[~timed], [*same, "method", "result", "content", "feedback", "remark"])):
        first = group.groupby(columns, dropna=False)["row"].transform("min")
        parts.append(first[first != group["row"]])
    first = pd.concat(parts)
    where = pd.Series(False, index=situation.records.index)
    where[first.index] = True
    message = "与第 " + first.astype("int64").astype(str).astype("object") + " 行是同一次回访"
    return _point(rule, situation, where, "visited_on", message.reindex(where.index))


def missing_part(situation: Situation, rule: Rule) -> pd.DataFrame:
    """A contract drawn in several parts, and the record does not say which."""
    r = situation.records
    bad = situation.contract_known & situation.loan["key"].isna() & (r["drawdown_no"] == "")
    return _point(rule, situation, bad, "drawdown_no", "该合同有多张借据，无法确定是哪一笔")


def other_phone(situation: Situation, rule: Rule) -> pd.DataFrame:
    """None of the record's phones is one of the loan's; malformed ones are told as such."""
    noted, reserved = situation.phones, situation.reserved
    pairs = noted.merge(reserved, left_index=True, right_index=True, suffixes=("", "_reserved"))
    agreeing = pairs.index[pairs["phone"] == pairs["phone_reserved"]]
    fine = well_formed(noted)
    index = situation.records.index
    bad = index.isin(noted.index) & index.isin(reserved.index)
    bad &= ~index.isin(agreeing) & ~index.isin(noted.index[~fine])
    return _point(
        rule,
        situation,
        pd.Series(np.asarray(bad), index),
        "phone",
        "联系电话不是客户预留的号码",
        first_reserved(situation),
    )
