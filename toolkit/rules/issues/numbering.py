"""Rows of 问题台账 that are gone, numbered anew or numbered twice: known from 问题事件 (六、(三)1.)."""

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings, gather
from toolkit.model.tables import Table
from toolkit.rules.issues.moves import REGISTERED
from toolkit.rules.issues.register import issue_numbers

GONE = Rule("G07", "问题行被删除", v.ERROR, "六、(三)1.", "请从“备份”找回该行；确属误列的，请以人工认定“无问题”销号")
RENUMBERED = Rule("G08", "问题编号被改动", v.ERROR, "六、(三)1.", "请改回原编号")
TWICE = Rule("G09", "问题编号重复", v.ERROR, "六、(三)1.", "请删去多余的一行，或清空编号后“问题分类”")
_NO_DAY = "00000000"


def numbering(issues: pd.DataFrame, events: Table, records: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Findings, and bool per issue: its history can be told by its number.

    `issues`: rows of 问题台账 plus `record`, index in `records` (-1 none); `records` have `identity`.
    """
    log = events.data[events.data["issue_no"] != ""]
    twice = (issues["issue_no"] != "") & issues["issue_no"].duplicated()
    parts = [findings(TWICE, sheets.ISSUES.title, issues[twice], "issue_no", "问题编号与另一行重复，只按第一行跟踪")]
    lost = log.drop_duplicates("issue_no", keep="last")
    lost = lost[~lost["issue_no"].isin(issues["issue_no"])]
    usable = (issues["issue_no"] != "") & ~twice
    if lost.empty:
        return gather(parts), usable
    former = _former_numbers(issues[~issues["issue_no"].isin(log["issue_no"])], lost["issue_no"], records)
    changed = issues.loc[former.index]
    emptied = changed["issue_no"] == ""
    message = "问题编号已由“" + former + "”改为“" + changed["issue_no"] + "”，本行未登记事件"
    message = message.mask(emptied, "问题编号“" + former + "”被清空，本行未登记事件")
    parts.append(
        findings(RENUMBERED, sheets.ISSUES.title, changed, "issue_no", message, "请改回 " + former.astype("object"))
    )
    gone = lost[~lost["issue_no"].isin(former)]
    known = gone["issue_no"].isin(log.loc[log["event"] == REGISTERED, "issue_no"])
    message = "问题“" + gone["issue_no"] + "”有事件记录，"
    message += known.map({True: "但在问题台账中已被删除", False: "但问题台账没有这个编号"}).astype("object")
    parts.append(findings(GONE, events.sheet.title, gone, "issue_no", message))
    return gather(parts), usable & ~issues.index.isin(former.index)


def _former_numbers(unknown: pd.DataFrame, lost: pd.Series, records: pd.DataFrame) -> pd.Series:
    """Which of the `lost` numbers each row of `unknown` had; index: rows that surely had one.

    The number is a function of record and category, so it can be counted again. Where the record is gone, a single row
    without a proper number found on the day in a single lost number must be the one.
    """
    source = records.reindex(unknown["record"]).set_axis(unknown.index)
    identity = source["identity"].fillna("").astype("object")
    proper = pd.Series(
        issue_numbers(identity, unknown["category"], source["visited_on"]), index=unknown.index, dtype="object"
    )
    proper = proper.where(unknown["record"] >= 0, "")
    sure = proper[proper.isin(lost) & ~proper.duplicated()]
    rest = unknown[~unknown.index.isin(sure.index) & ((proper == "") | (proper != unknown["issue_no"]))]
    day = rest["found_on"].dt.strftime("%Y%m%d").fillna(_NO_DAY).astype("object")
    left = lost[~lost.isin(sure)]
    day_of_lost = left.str.extract(r"(\d{8})")[0].fillna("")
    by_day = pd.Series(left.to_numpy(), index=day_of_lost.to_numpy(), dtype="object")
    by_day = by_day[~by_day.index.duplicated(keep=False)]
    single = day[~day.duplicated(keep=False)]
    guess = pd.Series(by_day.reindex(single).to_numpy(), index=single.index, dtype="object").dropna()
    return pd.concat([part for part in (sure, guess) if not part.empty] or [sure]).astype("object")
