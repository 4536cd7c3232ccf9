"""Where a spot check should look harder: hints at invented records, late submission, results too good (七、(一)2.).

A weight says how many times as likely a record is to be picked; hints at the very record are picked for certain.
"""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.reading import name_key
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.spotcheck.draw import joined

INVENTED, LATE, PERFECT = "疑似编造", "提交超时", "从无不良"
WEIGHTS = {INVENTED: 3, LATE: 2, PERFECT: 1}
# So many 成功 visits of a person in the period, not one 否 and not one 满意度 below 5, and it is looked at again.
PERFECT_VISITS = 10
COLUMNS = ("weight", "reason", "certain")


def risks(records: pd.DataFrame, tables: Mapping[str, Table], request: Request) -> pd.DataFrame:
    """weight, reason, certain of each record of the population (`records`) that is at risk; index of `records`."""
    of_person, of_record = _invented(tables, request)
    person, own = _looked_up(records["visitor"].map(name_key), of_person), _looked_up(records["row"], of_record)
    both = pd.Series("、", index=records.index, dtype="object").where((person != "") & (own != ""), "")
    hints = person + both + own
    told = {
        INVENTED: (INVENTED + "（" + hints + "）").where(hints != "", ""),
        LATE: pd.Series(LATE, index=records.index, dtype="object").where(_late(records, request), ""),
        PERFECT: pd.Series(PERFECT, index=records.index, dtype="object").where(_perfect(records), ""),
    }
    weight = pd.Series(0, index=records.index, dtype="int64")
    reason = pd.Series("", index=records.index, dtype="object")
    for kind, texts in told.items():
        weight = weight + WEIGHTS[kind] * (texts != "").astype("int64")
        reason = joined(reason, texts)
    out = pd.DataFrame({"weight": weight, "reason": reason, "certain": records["row"].isin(of_record.index)})
    return out[out["weight"] > 0]


def _looked_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """object str: `values` (indexed by key) for each key, "" where there is none."""
    return pd.Series(values.reindex(keys).fillna("").to_numpy(dtype=object), index=keys.index, dtype="object")


def _invented(tables: Mapping[str, Table], request: Request) -> tuple[pd.Series, pd.Series]:
    """Codes of the hints at invented records: by `name_key` of a person, and by row of 回访记录.

    Found anew rather than read from 校验结果, where a row may be explained away by the very person, or deleted.
    """
    from toolkit.rules.checks.rule_table import CHECKS
    from toolkit.rules.checks.situation import situation
    from toolkit.rules.checks.summary import INVENTED_RULES

    seen = situation(tables, request)
    checks = [check for check in CHECKS if check.rule.code.startswith(INVENTED_RULES)]
    found = [part for part in (check.find(seen, check.rule) for check in checks) if not part.empty]
    if not found:
        return pd.Series(dtype="object"), pd.Series(dtype="object")
    hints = pd.concat(found, ignore_index=True).sort_values(["rule", "row"], kind="stable")
    of_people = hints[hints["sheet"] == sheets.VISITORS.title]
    staff = tables[sheets.VISITORS.title].data.set_index("row")["name"]
    key = staff.reindex(of_people["row"]).fillna("").map(name_key)
    codes = of_people["rule"].set_axis(pd.Index(key)).groupby(level=0).agg("、".join)
    of_records = hints[hints["sheet"] == sheets.RECORDS.title]
    return codes, of_records.set_index("row")["rule"].groupby(level=0).agg("、".join)


def _late(records: pd.DataFrame, request: Request) -> pd.Series:
    """Submitted after 记录提交工作日数, or not at all though that is over."""
    days = request.calendar.add_workdays(records["visited_on"].to_numpy(), request.parameters["记录提交工作日数"])
    limit = pd.Series(days.astype("datetime64[s]"), index=records.index)
    return records["submitted_on"].fillna(pd.Timestamp(request.as_of)) > limit


def _perfect(records: pd.DataFrame) -> pd.Series:
    """成功 records of a visitor who met nothing bad all period, in `PERFECT_VISITS` visits or more."""
    made = records[records["result"] == v.SUCCESS]
    flaw = (made[list(sheets.CHECK_FIELDS)] == v.NO).any(axis=1) | (made["satisfaction"] < 5)
    tally = flaw.groupby(made["visitor"]).agg(["size", "sum"])
    people = tally.index[(tally["size"] >= PERFECT_VISITS) & (tally["sum"] == 0)]
    return (records["result"] == v.SUCCESS) & records["visitor"].isin(people)
