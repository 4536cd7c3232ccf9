"""Sheet 建议与需求: suggestions and other financial needs, apart from issues, each with a receiver (三、(六))."""

import pandas as pd

from toolkit.model import values as v
from toolkit.model.sheets import RECORDS
from toolkit.rules.checks.answers import told_nothing
from toolkit.rules.planning.numbers import short_hash
from toolkit.rules.words.matching import Matcher

# 三、(六)1.: suggestions improve the work, the risk department sums them up for management (二、(一)3.); 三、(六)2.:
# needs are for the business department. A person may name another receiver.
RECEIVERS = {v.SUGGESTION: "风险管理部门", v.OTHER_NEED: "业务部门"}
OWN_COLUMN = {v.SUGGESTION: "suggestion", v.OTHER_NEED: "other_needs"}
COLUMNS = (
    "wish_no", "visit_no", "contract_no", "customer_name", "visited_on", "kind", "text", "source", "receiver",
)  # fmt: skip


def wishes(records: pd.DataFrame, heard: pd.DataFrame, words: Matcher) -> pd.DataFrame:
    """`COLUMNS`, one row per record and kind, in record order.

    `records`: of 回访记录 plus `identity` (equal = entered twice) and `customer` (name, the ledger's where blank). The
    visit's own column speaks first; else 客户反馈 (`heard`) in which a rule of 建议 or 其他金融需求 fired.
    """
    kind_of = {rule.code: rule.category for rule in words.tables.rules if rule.category in RECEIVERS}
    parts = []
    for kind, name in OWN_COLUMN.items():
        good = records[records["result"] == v.SUCCESS]
        text = good.loc[~told_nothing(good[name]), name]
        parts.append(pd.DataFrame({"record": text.index, "kind": kind, "text": text.to_numpy(), "field": name}))
        said = heard[heard["field"] == "feedback"]
        wished = [
            any(of == kind and set(codes.split("、")) & set(kind_of) for of, codes in zip(kinds, rules, strict=True))
            for kinds, rules in zip(said["categories"], said["rules_of"], strict=True)
        ]
        told = said[pd.Series(wished, index=said.index, dtype=bool)]
        parts.append(told[["record", "text", "field"]].assign(kind=kind))
    every = pd.concat([part for part in parts if not part.empty] or parts[:1], ignore_index=True)
    every = every.drop_duplicates(["record", "kind"]).sort_values("record", kind="stable")
    source = records.reindex(every["record"]).reset_index(drop=True)
    every = every.reset_index(drop=True)
    identity = source["identity"].astype("object") + "\x1e" + every["kind"]
    day = source["visited_on"].dt.strftime("%Y%m%d").fillna("00000000").astype("object")
    out = pd.DataFrame(
        {
            "wish_no": [f"JY{on}-{short_hash(text)}" for on, text in zip(day, identity, strict=True)],
            "visit_no": source["visit_no"],
            "contract_no": source["contract_no"],
            "customer_name": source["customer"],
            "visited_on": source["visited_on"].astype("datetime64[s]"),
            "kind": every["kind"],
            "text": every["text"],
            "source": every["field"].map(RECORDS.header),
            "receiver": every["kind"].map(RECEIVERS),
        },
        columns=list(COLUMNS),
    )
    return out.drop_duplicates("wish_no", ignore_index=True)


def not_yet_listed(found: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Rows of `found` that 建议与需求 lacks. Date, start or visitor may have been corrected since: the same visit (or
    contract and day) with the same kind is the same wish."""
    out = found[~found["wish_no"].isin(listed["wish_no"])]
    for keys in (["visit_no", "kind"], ["contract_no", "visited_on", "kind"]):
        known = listed[listed[keys[0]] != ""]
        taken = pd.MultiIndex.from_frame(known[keys])
        out = out[~(pd.MultiIndex.from_frame(out[keys]).isin(taken) & (out[keys[0]] != ""))]
    return out.reset_index(drop=True)
