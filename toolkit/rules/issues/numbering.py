"""Rows of 问题台账 that are gone, numbered anew or numbered twice: known from 问题事件 (六、(三)1.)."""

import numpy as np
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
    former = _former_numbers(issues, log, lost, records)
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


def _former_numbers(issues: pd.DataFrame, log: pd.DataFrame, lost: pd.DataFrame, records: pd.DataFrame) -> pd.Series:
    """Which of the `lost` numbers (last rows of `log`) an issue surely had; index: those issues.

    The number is a function of record and category, so it can be counted again. Where the record is gone, the one row
    of that day whose number cannot be verified must be it, unless another such row has been registered since.
    """
    source = records.reindex(issues["record"]).set_axis(issues.index)
    identity = source["identity"].fillna("").astype("object")
    counted = issue_numbers(identity, issues["category"], source["visited_on"])
    proper = pd.Series(counted, index=issues.index, dtype="object").where(issues["record"] >= 0, "")
    since = issues["issue_no"].map(log.groupby("issue_no")["row"].min()).fillna(np.inf)
    unknown = np.isinf(since)
    named = proper[unknown & proper.isin(lost["issue_no"])]
    sure = named[~named.duplicated()]

    left = lost[~lost["issue_no"].isin(sure)]
    left = left.assign(day=left["issue_no"].str.extract(r"(\d{8})")[0])
    left = left[left["day"].notna() & ~left["day"].duplicated(keep=False)].set_index("day")
    doubtful = issues[((proper == "") | (proper != issues["issue_no"])) & ~issues.index.isin(sure.index)]
    day = doubtful["found_on"].dt.strftime("%Y%m%d").fillna("").astype("object")
    place = pd.Series(left["row"].reindex(day).to_numpy(), index=day.index)
    day = day[place.notna() & (since[day.index] > place)]
    day = day[~day.duplicated(keep=False) & unknown[day.index]]
    guess = pd.Series(left["issue_no"].reindex(day).to_numpy(), index=day.index, dtype="object")
    return pd.concat([part for part in (sure, guess) if not part.empty] or [sure]).astype("object")
