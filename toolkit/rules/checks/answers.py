"""Is the record complete for what was asked and heard? (三、(一)–(五), 五、(一)2.)

Each function is `(situation, rule) -> findings` on 回访记录, one finding per cell.
"""

import re

import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings, gather
from toolkit.rules.checks.situation import Situation, each_distinct

TITLE = sheets.RECORDS.title
ANSWERED = (v.YES, v.NO)
# Words that are no reason for a 否 (contract, section 4, fine print).
SAYS_NOTHING = frozenset({"", "无", "没有", "没", "暂无"})


def _per_check(situation: Situation, rule: Rule, cells: pd.DataFrame, records: pd.Series, message: str) -> pd.DataFrame:
    """One finding per True cell (columns: check fields) of the True records; `message` names the column by {header}."""
    parts = []
    for name in cells:
        field = sheets.RECORDS[str(name)]
        where = cells[name] & records
        if not where.any():
            continue
        hit = situation.records[where]
        found = findings(rule, TITLE, hit, field.name, message.format(header=field.header))
        parts.append(found.assign(clause=field.clause or rule.clause))
    return gather(parts)


def told_nothing(texts: pd.Series) -> pd.Series:
    """bool: blank or only 无/没有, punctuation aside."""
    return each_distinct(texts, lambda text: re.sub(r"[\W_]+", "", text) in SAYS_NOTHING).astype(bool)


def missing_text(situation: Situation, rule: Rule) -> pd.DataFrame:
    """回访内容 and 客户反馈 of a successful visit."""
    table = situation.table(sheets.RECORDS)
    parts = []
    for name in ("content", "feedback"):
        blank = situation.records[situation.successful & (table.data[name] == "")]
        parts.append(findings(rule, TITLE, blank, name, f"成功回访缺{sheets.RECORDS.header(name)}"))
    return gather(parts)


def unanswered(situation: Situation, rule: Rule) -> pd.DataFrame:
    empty = situation.records[list(sheets.CHECK_FIELDS)] == ""
    wanted = empty & situation.asked
    return _per_check(situation, rule, wanted, situation.successful, "{header}未填，属本次回访阶段")


def not_asked(situation: Situation, rule: Rule) -> pd.DataFrame:
    left = situation.records[list(sheets.CHECK_FIELDS)] == v.NOT_ASKED
    wanted = left & situation.asked
    return _per_check(situation, rule, wanted, situation.successful, "{header}为“未问”，属本次回访阶段")


def unexplained_no(situation: Situation, rule: Rule) -> pd.DataFrame:
    r = situation.records
    silent = told_nothing(r["feedback"]) & told_nothing(r["remark"])
    no = r[list(sheets.CHECK_FIELDS)] == v.NO
    return _per_check(situation, rule, no, silent, "{header}答“否”，客户反馈和备注都没有写明原因")


def failed_but_answered(situation: Situation, rule: Rule) -> pd.DataFrame:
    r = situation.records
    failed = r["result"].isin(v.RESULTS) & ~situation.successful
    answered = r[list(sheets.CHECK_FIELDS)].isin(ANSWERED)
    return _per_check(situation, rule, answered, failed, "回访未成功，{header}却有答案")


def folded_text(text: str) -> str:
    """Feedback compared as said: width, spaces, punctuation and case folded."""
    return re.sub(r"[\W_]+", "", reading.fold_width(text)).casefold()
