"""Sheets 分类规则 and 分类词组: the decision tables the risk department maintains, read or refused by cell (六、(一)).

A row of 分类规则 either reads a check answer (核对项, 答案) or words (词句). A sheet that is missing or empty, or one
of an older workbook without 词句, is judged by the shipped rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd

from toolkit.model import rule_tables
from toolkit.model import values as v
from toolkit.model.errors import ToolkitError
from toolkit.model.parameters import fold
from toolkit.model.rule_tables import CLAUSE_OF_SEVERITY
from toolkit.model.sheets import CHECK_FIELDS, RECORDS, WORD_GROUPS
from toolkit.model.sheets import CLASSIFICATION_RULES as SHEET
from toolkit.model.tables import Table
from toolkit.rules.words.matching import Matcher
from toolkit.rules.words.own import matcher_of
from toolkit.rules.words.scope import CUE_GROUPS
from toolkit.rules.words.tables import TYPOS, Where, build_tables, rows_as_shipped, shipped_tables, split_words

RULE_COLUMNS = ("code", "check", "answer", "category", "severity", "clause")
WORD_COLUMNS = ("code", "category", "severity", "phrases", "holds_when", "unless", "clause", "note")
# What is decided outside the sheet: 命中规则 → 说明.
BUILT_IN = {
    "L01": "连续多次未成功联系（失联判定次数）",
    "L02": "客户否认逾期而台账显示逾期",
    "W000": "没有词句命中，由字词统计模型判定",
}
_CHECK_OF_HEADER = {fold(RECORDS.header(name)): name for name in CHECK_FIELDS}


@dataclass(frozen=True)
class Rules:
    """Rules in force. `checks`: columns `RULE_COLUMNS`, `check` a field name. `words`: the word rules, ready to judge.
    `notes`: code → 说明 of every rule, those of the program too."""

    checks: pd.DataFrame
    words: Matcher
    notes: dict[str, str]


def shipped_rules() -> list[dict[str, str]]:
    """Rows of 分类规则 by field name as a fresh workbook holds them: check answers, then words."""
    words = [
        {"code": row["规则编号"], "enabled": v.YES, "check": "", "answer": ""}
        | {name: row[SHEET.header(name)] for name in WORD_COLUMNS[1:]}
        for row in rows_as_shipped("word_rules")
    ]
    checks = [{name: rule.get(name, "") for name in SHEET.names} for rule in rule_tables.CLASSIFICATION_RULES]
    return checks + [{name: row[name] or _clause_of(row, name) for name in SHEET.names} for row in words]


def _clause_of(row: dict[str, str], name: str) -> str:
    return CLAUSE_OF_SEVERITY.get(row["severity"], "三、(六)") if name == "clause" else ""


def shipped_groups() -> list[dict[str, str]]:
    """Rows of 分类词组 by field name as shipped; the last one holds the misspellings."""
    groups = [
        {name: row[WORD_GROUPS.header(name)] for name in WORD_GROUPS.names} for row in rows_as_shipped("word_groups")
    ]
    pairs = "、".join(f"{row['错写']}={row['正写']}" for row in rows_as_shipped("typos"))
    return [*groups, {"group": TYPOS, "words": pairs, "note": "错写=正写，两边字数相同；按正写判定，引用仍是原话"}]


def rules_in_force(rules: Table, groups: Table) -> Rules:
    """Enabled rows of the two sheets. Raises `ToolkitError` naming the cell of the first row that cannot be
    understood, enabled or not."""
    body = pd.DataFrame(shipped_rules()) if rules.data.empty else rules.data
    if not rules.data.empty:
        _refuse_broken(rules)
    by_check = body[(body["check"] != "") & (body["enabled"] == v.YES)]
    check = by_check["check"].map(lambda header: _CHECK_OF_HEADER[fold(header)])
    clause = by_check["clause"].where(by_check["clause"] != "", by_check["severity"].map(CLAUSE_OF_SEVERITY))
    checks = by_check.assign(check=check, clause=clause)[list(RULE_COLUMNS)].reset_index(drop=True)
    notes = dict(zip(body["code"], body["note"], strict=True))
    return Rules(checks, _words(rules, groups), BUILT_IN | notes)


def _words(rules: Table, groups: Table) -> Matcher:
    """The word rules: the sheets' own rows where they have some, else the shipped ones."""
    own_rules, own_groups = "phrases" in rules.columns and not rules.data.empty, not groups.data.empty
    if not own_rules and not own_groups:
        return matcher_of(shipped_tables())
    if own_groups:
        _refuse_missing_groups(groups)
        listed = groups.data[groups.data["group"] != TYPOS]
        group_rows = list(_rows(groups, listed, WORD_GROUPS.names))
        pairs = groups.data[groups.data["group"] == TYPOS]
        typos = [pair for row in pairs.to_dict("records") for pair in _pairs(groups, row)]
    else:
        group_rows = [(partial(_shipped_place, row["组名"]), row) for row in rows_as_shipped("word_groups")]
        typos = [("", row["错写"], row["正写"]) for row in rows_as_shipped("typos")]
    if own_rules:
        listed = rules.data[rules.data["check"] == ""]
        rule_rows = list(_rows(rules, listed, WORD_COLUMNS))
        enabled = set(listed.loc[listed["enabled"] == v.YES, "code"])
    else:
        rule_rows = [(partial(_shipped_place, row["规则编号"]), row) for row in rows_as_shipped("word_rules")]
        enabled = {row["规则编号"] for _, row in rule_rows}
    tables = build_tables(group_rows, rule_rows, typos)
    return matcher_of(replace(tables, rules=tuple(rule for rule in tables.rules if rule.code in enabled)))


def _shipped_place(row: str, column: str) -> str:
    return f"内置规则 {row}“{column}”"


def _rows(table: Table, listed: pd.DataFrame, names: tuple[str, ...]) -> Iterator[tuple[Where, dict[str, str]]]:
    field_of = {table.sheet.header(name): name for name in names}
    for row in listed.to_dict("records"):
        values = {header: str(row[name]) for header, name in field_of.items()}
        yield partial(_place, table, int(row["row"]), field_of), values


def _place(table: Table, row: int, field_of: dict[str, str], column: str) -> str:
    return f"{table.file} 的“{table.sheet.title}”表 {table.cell(row, field_of[column])}".strip()


def _pairs(groups: Table, row: Mapping[Any, Any]) -> Iterator[tuple[str, str, str]]:
    place = _place(groups, int(row["row"]), {"词语": "words"}, "词语")
    for pair in split_words(row["words"]):
        wrong, equals, right = pair.replace("＝", "=").partition("=")
        if not equals:
            raise ToolkitError(f"“{pair}”不是一对错别字", where=place, mend="请写成 错写=正写，各对之间用、隔开")
        yield place, wrong.strip(), right.strip()


def _refuse_missing_groups(groups: Table) -> None:
    missing = [name for name in CUE_GROUPS if name not in set(groups.data["group"])]
    if missing:
        raise ToolkitError(
            f"缺词组“{missing[0]}”，无法判断否定、假设等场合",
            where=f"{groups.file} 的“{WORD_GROUPS.title}”表".strip(),
            mend="请补上这一行（可从新工作簿复制），词语可以自行增减",
        )


def _refuse_broken(table: Table) -> None:
    """The first cell, in sheet order, that breaks the decision table; the words themselves are read later."""
    data = table.data
    code = data["code"]
    by_words = data["phrases"] != ""
    by_check = ~by_words
    both = by_words & (data["check"] != "")
    answered = data["answer"].isin(v.CHECK_ANSWERS)
    categories = data["category"].isin(SHEET["category"].choices) & (
        by_words | data["category"].isin(v.ISSUE_CATEGORIES)
    )
    severities = data["severity"].isin(SHEET["severity"].choices) & (by_words | data["severity"].isin(v.SEVERITIES))
    unknown_check = by_check & ~data["check"].map(fold).isin(_CHECK_OF_HEADER)
    faults = [
        ("code", code == "", "请填写规则编号，如 C01"),
        ("code", code.duplicated() & (code != ""), "规则编号不得重复，请改用另一编号"),
        ("enabled", ~data["enabled"].isin(v.YES_NO), f"请填写{'、'.join(v.YES_NO)}之一"),
        ("check", unknown_check, "请照抄“回访记录”表的核对列表头，如 使用1_用途合规；按词句判定的规则填“词句”"),
        ("check", both, "一条规则只看核对项或词句之一，请分成两行"),
        ("answer", by_check & ~answered, f"请填写{'、'.join(v.CHECK_ANSWERS)}之一"),
        ("category", ~categories, f"请填写{'、'.join(v.ISSUE_CATEGORIES)}之一"),
        ("severity", ~severities, f"请填写{'、'.join(v.SEVERITIES)}之一"),
    ]
    broken = pd.DataFrame({name + str(i): mask for i, (name, mask, _) in enumerate(faults)})
    rows = data.index[broken.any(axis=1)]
    if rows.empty:
        return
    first = rows[0]
    name, mask, mend = next(fault for fault in faults if fault[1][first])
    value = data.loc[first, name]
    if not value:
        what = f"缺{SHEET.header(name)}"
    elif mask is both:
        what = f"{SHEET.header(name)}“{value}”与词句同时填写"
    else:
        what = f"{SHEET.header(name)}“{value}”" + ("重复" if name == "code" else "无法识别")
    raise ToolkitError(what, where=_place(table, int(data.loc[first, "row"]), {name: name}, name), mend=mend)
