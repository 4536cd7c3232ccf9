"""What a capable colleague would write in an afternoon: pandas reads, pandas decides, openpyxl writes.

`python -m benchmarks.plain OUT WORKBOOK [SCHEDULE.csv]`. It lists first, periodic, reminder and overdue visits with
their windows, method, visitor in turn, day and state in the columns of 回访清单. It does not merge contacts, keep daily
limits, match records, re-plan, explain, check the ledger or draw up the other sheets: it does less than `plan`.
"""

import sys

import numpy as np
import pandas as pd
from chinese_calendar import is_workday

T, START, END = pd.Timestamp("2026-07-01"), pd.Timestamp("2026-07-01"), pd.Timestamp("2026-09-30")


def read(workbook: str, schedule: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    text = {"贷款合同编号": str, "联系电话": str}
    sheets = pd.read_excel(workbook, sheet_name=None, dtype=text, engine="openpyxl")
    days = ["应还日期", "实还日期"]
    plan = pd.read_csv(schedule, dtype=text, parse_dates=days) if schedule else sheets["还款计划"]
    return sheets["贷款台账"], plan, sheets["回访人员"]


def workdays() -> np.ndarray:
    """Working days of 2025 and 2026 in order."""
    days = pd.date_range("2025-01-01", "2026-12-31")
    return days[[is_workday(day) for day in days]].to_numpy().astype("datetime64[D]")


def add(days: pd.Series, count: int, calendar: np.ndarray) -> np.ndarray:
    place = np.searchsorted(calendar, days.to_numpy().astype("datetime64[D]"), side="right") + count - 1
    return calendar[place].astype("datetime64[s]")


def on_or_before(days: pd.Series, calendar: np.ndarray) -> np.ndarray:
    place = np.searchsorted(calendar, days.to_numpy().astype("datetime64[D]"), side="right") - 1
    return calendar[place].astype("datetime64[s]")


def due_visits(loans: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    calendar = workdays()
    lent = loans[loans["发放日期"].notna() & (loans["贷款状态"] == "使用中")]
    first = lent.assign(
        回访类型="首次回访", 回访阶段="发放", 优先级="中", 最早日期=lent["发放日期"] + pd.Timedelta(days=1)
    )
    first["截止日期"] = add(first["发放日期"], 5, calendar)
    falls_due_here = first["截止日期"].between(START, END)
    old_enough = lent["发放日期"] <= END - pd.Timedelta(days=30)
    periodic = lent[old_enough & ~falls_due_here].assign(回访类型="定期回访", 回访阶段="使用", 优先级="低")
    periodic["最早日期"] = (periodic["发放日期"] + pd.Timedelta(days=1)).clip(lower=START)
    periodic["截止日期"] = on_or_before(pd.Series([END] * len(periodic)), calendar)
    paid = (plan["实还金额"] >= plan["应还金额"]) | (plan["实还金额"].isna() & plan["实还日期"].notna())
    owed = plan[~paid].merge(lent, on="贷款合同编号")
    coming = owed[owed["应还日期"] >= T].assign(回访类型="还款提醒", 回访阶段="还款", 优先级="中")
    coming["最早日期"] = on_or_before(coming["应还日期"] - pd.Timedelta(days=5), calendar)
    last_day = pd.Series(on_or_before(coming["应还日期"] - pd.Timedelta(days=1), calendar), index=coming.index)
    coming["截止日期"] = last_day.clip(lower=coming["最早日期"])
    late = owed[owed["应还日期"] < T].sort_values("应还日期").drop_duplicates("贷款合同编号")
    late = late.assign(
        回访类型="逾期回访", 回访阶段="还款", 优先级="高", 最早日期=late["应还日期"] + pd.Timedelta(days=1)
    )
    late["截止日期"] = add(late["应还日期"], 2, calendar)
    visits = pd.concat([first, periodic, coming, late], ignore_index=True)
    return visits[visits["截止日期"].between(START, END) | (visits["回访类型"] == "逾期回访")]


def listed(loans: pd.DataFrame, plan: pd.DataFrame, visitors: pd.DataFrame) -> pd.DataFrame:
    visits = due_visits(loans, plan).sort_values(["截止日期", "贷款合同编号"]).reset_index(drop=True)
    calendar = workdays()
    floor = np.where(visits["客户类型"] == "企业", 10_000_000, 1_000_000)
    in_person = (visits["重要客户"] == "是") | (visits["贷款金额"] >= floor)
    visits["回访方式"] = np.where(in_person, "面谈", "电话")
    visits["回访编号"] = (
        "V" + visits["贷款合同编号"] + "-" + visits["回访类型"] + visits["截止日期"].dt.strftime("%m%d")
    )
    first_day = visits["最早日期"].clip(lower=T)
    visits["安排日期"] = on_or_before(first_day, calendar)
    visits["状态"] = np.where(visits["截止日期"] < T, "逾期未访", "待回访")
    turn = visits.groupby("网点").cumcount()
    of_branch = visitors.groupby("网点")["姓名"].agg(list)
    names = visits["网点"].map(of_branch)
    visits["回访人员"] = [group[i % len(group)] for group, i in zip(names, turn, strict=True)]
    return visits[
        ["回访编号", "贷款合同编号", "客户姓名", "联系电话", "回访类型", "回访阶段", "回访方式", "最早日期", "截止日期",
         "安排日期", "优先级", "回访人员", "网点", "状态"]
    ]  # fmt: skip


def main(output: str, workbook: str, schedule: str = "") -> None:
    visits = listed(*read(workbook, schedule))
    with pd.ExcelWriter(output, engine="openpyxl", date_format="yyyy-mm-dd", datetime_format="yyyy-mm-dd") as writer:
        visits.to_excel(writer, sheet_name="回访清单", index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
