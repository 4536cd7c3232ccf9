"""From visit records to issues: which rule fired on which words (六、(一); contract, section 4).

Evidence functions look at the records and say record, category, severity, rule, clause and quote; `EVIDENCE` lists
them. An issue is one record × one category: several rules on one category make one issue of the highest severity.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from toolkit.model import values as v
from toolkit.model.errors import ToolkitError
from toolkit.model.parameters import Parameters, fold
from toolkit.model.rule_tables import CLASSIFICATION_RULES, CLAUSE_OF_SEVERITY
from toolkit.model.sheets import CHECK_FIELDS, RECORDS
from toolkit.model.sheets import CLASSIFICATION_RULES as SHEET
from toolkit.model.tables import Table
from toolkit.rules.checks.answers import told_nothing

# An attempt is unsuccessful unless the customer was reached: 改期 is an agreed new date and ends the row like 成功.
UNSUCCESSFUL = (v.NO_ANSWER, v.REFUSED, v.WRONG_NUMBER)
LOST_CONTACT_CODE, LOST_CONTACT = "L01", "失联"
# A cell holds 32,767 characters; the words themselves stay whole in 回访记录.
LONGEST_QUOTE = 4000
WORDS = ("feedback", "remark")

RULE_COLUMNS = ("code", "check", "answer", "category", "severity", "clause")
EVIDENCE_COLUMNS = ("record", "category", "severity", "rule", "clause", "quote")
SEVERITY_RANK = {severity: rank for rank, severity in enumerate((v.UNGRADED, *v.SEVERITIES))}
CATEGORY_RANK = {category: rank for rank, category in enumerate(v.ISSUE_CATEGORIES)}


@dataclass(frozen=True)
class Material:
    """What evidence is drawn from.

    `records`: rows of 回访记录 up to T in sheet order, index unique, plus `key` (loan). `rules`: `RULE_COLUMNS`, only
    rules in force; `check` is a field name.
    """

    records: pd.DataFrame
    rules: pd.DataFrame
    parameters: Parameters


def rules_in_force(table: Table) -> pd.DataFrame:
    """Enabled rows of sheet 分类规则, else of the shipped table if the sheet is missing or empty; `RULE_COLUMNS`.

    Raises `ToolkitError` naming the cell of the first row that cannot be understood, enabled or not.
    """
    if table.data.empty:
        body = pd.DataFrame(CLASSIFICATION_RULES)
    else:
        _refuse_broken(table)
        body = table.data
    body = body[body["enabled"] == v.YES]
    check = body["check"].map(lambda header: _CHECK_OF_HEADER[fold(header)])
    clause = body["clause"].where(body["clause"] != "", body["severity"].map(CLAUSE_OF_SEVERITY))
    return body.assign(check=check, clause=clause)[list(RULE_COLUMNS)].reset_index(drop=True)


_CHECK_OF_HEADER = {fold(RECORDS.header(name)): name for name in CHECK_FIELDS}


def _refuse_broken(table: Table) -> None:
    """The first cell, in sheet order, that breaks the decision table."""
    data = table.data
    code = data["code"]
    faults = [
        ("code", code == "", "请填写规则编号，如 C01"),
        ("code", code.duplicated() & (code != ""), "规则编号不得重复，请改用另一编号"),
        ("enabled", *_outside(data, "enabled")),
        ("check", ~data["check"].map(fold).isin(_CHECK_OF_HEADER), "请照抄“回访记录”表的核对列表头，如 使用1_用途合规"),
        *((name, *_outside(data, name)) for name in ("answer", "category", "severity")),
    ]
    broken = pd.DataFrame({name + str(i): mask for i, (name, mask, _) in enumerate(faults)})
    rows = data.index[broken.any(axis=1)]
    if rows.empty:
        return
    first = rows[0]
    name, _, mend = next(fault for fault in faults if fault[1][first])
    value = data.loc[first, name]
    doubled = name == "code" and value != ""
    what = (
        f"{SHEET.header(name)}“{value}”" + ("重复" if doubled else "无法识别") if value else f"缺{SHEET.header(name)}"
    )
    place = f"{table.file} 的“{SHEET.title}”表 {table.cell(int(data.loc[first, 'row']), name)}".strip()
    raise ToolkitError(what, where=place, mend=mend)


def _outside(data: pd.DataFrame, name: str) -> tuple[pd.Series, str]:
    choices = SHEET[name].choices
    return ~data[name].isin(choices), f"请填写{'、'.join(choices)}之一"


def check_answers(material: Material) -> pd.DataFrame:
    """The decision table over the check answers of 成功 records."""
    good = material.records[material.records["result"] == v.SUCCESS]
    parts = []
    for rule in material.rules.to_dict("records"):
        hit = good.index[good[rule["check"]] == rule["answer"]]
        quote = f"{RECORDS.header(rule['check'])}={rule['answer']}"
        parts.append(_evidence(hit, rule["category"], rule["severity"], rule["code"], rule["clause"], quote))
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
    return _evidence(reached["record"], LOST_CONTACT, v.MAJOR, LOST_CONTACT_CODE, clause, quote.to_numpy())


# The words of 客户反馈 will be one more function here.
EVIDENCE: tuple[Callable[[Material], pd.DataFrame], ...] = (check_answers, lost_contact)


def _evidence(record, category: str, severity: str, rule: str, clause: str, quote) -> pd.DataFrame:
    return pd.DataFrame(
        {"record": record, "category": category, "severity": severity, "rule": rule, "clause": clause, "quote": quote}
    )


def _together(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if not part.empty]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(EVIDENCE_COLUMNS))


def _clock(records: pd.DataFrame) -> pd.Series:
    """开始时间 as sortable text; a record without one comes last of its day."""
    return records["started_at"].map(lambda time: "99" if time is None else time.isoformat()).astype("object")


def find_issues(material: Material, identity: pd.Series) -> pd.DataFrame:
    """One row per issue, in record and category order: record (first index), category, severity, rule, evidence.

    `identity` (index of the records): records of equal identity were entered twice and make one issue.
    """
    pieces = _together([source(material) for source in EVIDENCE])
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
    out["evidence"] = _joined(pieces, "quote", out) + words
    out["severity"] = out["rank"].map({rank: severity for severity, rank in SEVERITY_RANK.items()})
    return out[["record", "category", "severity", "rule", "evidence"]]


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
