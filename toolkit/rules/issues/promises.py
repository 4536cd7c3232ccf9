"""承诺还款核对: what customers promised to repay against what the ledger says since (四、(二)4.).

A promise covers the instalments overdue on the day of the visit, else those falling due by the promised day, else the
last one that was paid on a day the ledger does not tell. It is broken only on the word of a ledger imported after the
promised day. What follows from it is proposed; a person decides.
"""

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.rules.planning.standing import is_paid

MANY = 6  # so many instalments are named one by one
_WORST_FIRST = (v.BROKEN, v.AWAITS_IMPORT, v.PROMISE_OPEN, v.NOT_COMPARABLE, v.KEPT)
_PLAN_COLUMNS = ["key", "instalment_no", "due_on", "due_amount", "paid_on", "paid_amount"]
_NO_PLAN = "还款计划中没有对应的期次"


def promises(
    records: pd.DataFrame, loans: pd.DataFrame, schedule: pd.DataFrame, today: pd.Timestamp, imported: pd.Timestamp
) -> pd.DataFrame:
    """Rows of 承诺还款核对, broken ones first. `records`, `loans`, `schedule` carry key (loan); `imported`: the day as
    of which the ledger was imported last (T if that is not known)."""
    made = records[records["promised_on"].notna() & records["visited_on"].notna()]
    data_day = min(today, imported)
    covered = _covered(made, schedule)
    tally = _tally(made, covered)
    loan = loans.set_index("key").reindex(made["key"]).set_axis(made.index)
    settled = loan["settled_on"] <= made["promised_on"]
    has_plan = made["key"].isin(schedule["key"])
    some = tally["count"] > 0
    paid = some & (tally["unpaid"] == 0)
    over = made["promised_on"] < data_day
    by_ledger = ~has_plan & loan["days_past_due"].notna()
    since = data_day - pd.to_timedelta(loan["days_past_due"].where(loan["days_past_due"] > 0), unit="D")
    in_arrears = since.notna() & (since <= made["promised_on"])
    comparable = some | settled | by_ledger
    chosen = np.select(
        [settled | paid, made["promised_on"] >= today, ~comparable, ~over, by_ledger & ~in_arrears],
        [v.KEPT, v.PROMISE_OPEN, v.NOT_COMPARABLE, v.AWAITS_IMPORT, v.KEPT],
        v.BROKEN,
    )
    verdict = pd.Series(chosen, index=made.index, dtype="object")
    out = made[["visit_no", "contract_no", "drawdown_no", "customer_name", "visited_on", "visitor", "promised_on"]]
    out = out.assign(
        instalments=tally["numbers"],
        due_amount=tally["due_amount"].where(some),
        paid_amount=tally["paid_amount"].where(some),
        verdict=verdict,
        evidence=_evidence(verdict, tally, loan.assign(settled=settled, by_ledger=by_ledger), data_day),
        proposal=_proposal(verdict, tally),
    )
    rank = out["verdict"].map({name: i for i, name in enumerate(_WORST_FIRST)})
    order = out.assign(rank=rank).sort_values(["rank", "promised_on", "visited_on"], kind="stable").index
    return out.loc[order, list(sheets.PROMISES.names)].reset_index(drop=True)


def _covered(made: pd.DataFrame, schedule: pd.DataFrame) -> pd.DataFrame:
    """The instalments that each promise (`record`) is about, each with paid_then (the money is there by the promised
    day) and late_on (the day it came after that)."""
    plan = schedule.loc[schedule["due_on"].notna(), _PLAN_COLUMNS]
    asked = made[["key", "visited_on", "promised_on"]].assign(record=made.index)
    pairs = asked.merge(plan, on="key")
    paid = is_paid(pairs)
    pairs = pairs[(pairs["due_on"] <= pairs["promised_on"]) & ~(paid & (pairs["paid_on"] < pairs["visited_on"]))]
    undated = is_paid(pairs) & pairs["paid_on"].isna()
    rank = np.select([pairs["due_on"] >= pairs["visited_on"], undated], [1, 2], 0)
    pairs = pairs.assign(rank=rank).sort_values(["record", "due_on"], kind="stable")
    pairs = pairs[pairs["rank"] == pairs.groupby("record")["rank"].transform("min")]
    # Paid some day, perhaps long before the visit: the last such instalment stands for what was promised.
    pairs = pairs[(pairs["rank"] < 2) | ~pairs.duplicated("record", keep="last")]
    paid = is_paid(pairs)
    return pairs.assign(
        paid_then=paid & ~(pairs["paid_on"] > pairs["promised_on"]),
        late_on=pairs["paid_on"].where(paid & (pairs["paid_on"] > pairs["promised_on"])),
    )


def _tally(made: pd.DataFrame, covered: pd.DataFrame) -> pd.DataFrame:
    """Per promise: count, unpaid, late (how many instalments), late_on (last), due_amount, paid_amount (by the promised
    day), numbers (期次 in words)."""
    in_time = ~(covered["paid_on"] > covered["promised_on"])
    whole = covered["due_amount"].where(covered["paid_then"], 0)
    money = covered["paid_amount"].fillna(whole).where(in_time, 0).fillna(0)
    rows = covered.assign(money=money, unpaid=~covered["paid_then"], late=covered["late_on"].notna())
    rows = rows.sort_values(["record", "due_on", "instalment_no"], kind="stable")
    groups = rows.groupby("record")
    out = groups.agg(
        count=("record", "size"), unpaid=("unpaid", "sum"), late=("late", "sum"), late_on=("late_on", "max"),
        due_amount=("due_amount", "sum"), paid_amount=("money", "sum"),
    ).reindex(made.index)  # fmt: skip
    numbers = rows["instalment_no"].map(lambda number: "" if pd.isna(number) else f"{number:g}")
    named = numbers[groups.cumcount() < MANY].groupby(rows["record"]).agg("、".join).reindex(made.index)
    more = " 等" + out["count"].fillna(0).astype(int).astype(str).astype("object") + " 期"
    out["numbers"] = (named.astype("object").fillna("") + more.where(out["count"] > MANY, "")).astype("object")
    for name in ("count", "unpaid", "late"):
        out[name] = out[name].fillna(0).astype("int64")
    return out


def _evidence(verdict: pd.Series, tally: pd.DataFrame, loan: pd.DataFrame, data_day: pd.Timestamp) -> pd.Series:
    """What the verdict rests on: the plan, a settled loan or the ledger's 逾期天数, and how fresh that is."""
    number = {name: tally[name].astype(str).astype("object") for name in ("count", "unpaid", "late")}
    short = "，承诺日前未还清 " + number["unpaid"] + " 期"
    plan = "还款计划：应还 " + number["count"] + " 期" + short.where(tally["unpaid"] > 0, "，均已在承诺日前还清")
    late = "，其中 " + number["late"] + " 期至 " + _day(tally["late_on"]) + " 才还清"
    plan = plan + late.where(tally["late"] > 0, "")
    days = loan["days_past_due"].fillna(0).astype(int).astype(str).astype("object")
    ledger = ("贷款台账：逾期天数 " + days).where(loan["by_ledger"], _NO_PLAN)
    out = plan.where(tally["count"] > 0, ledger)
    out = out.mask(loan["settled"], "贷款台账：" + _day(loan["settled_on"]) + " 已结清")
    return (out + f"（台账截至 {data_day:%Y-%m-%d}）").mask(verdict == v.PROMISE_OPEN, "承诺日期未到").astype("object")


def _day(days: pd.Series) -> pd.Series:
    return days.dt.strftime("%Y-%m-%d").fillna("").astype("object")


def _proposal(verdict: pd.Series, tally: pd.DataFrame) -> pd.Series:
    out = pd.Series("", index=verdict.index, dtype="object")
    broken = verdict == v.BROKEN
    repaid = broken & (tally["late"] == tally["unpaid"]) & (tally["count"] > 0)
    out = out.mask(broken, "建议再次逾期回访了解原因，并在问题台账登记“还款困难”由人定级")
    out = out.mask(repaid, "已迟还，建议了解原因，下次还款前提醒")
    return out.mask(verdict == v.AWAITS_IMPORT, "请导入承诺日期之后的台账再核对")
