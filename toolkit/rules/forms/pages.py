"""The texts that a visit's form shows: `model.form_layout.SLOTS` as columns, one row per open visit."""

import pandas as pd

from toolkit.model import conversation as say
from toolkit.model import values as v
from toolkit.model.form_layout import SLOTS
from toolkit.model.request import Request

_LONGEST_GREETED = 40
_LIMITS = {"phone_minutes": ("电话时长下限", "电话时长上限"), "meeting_minutes": ("面谈时长下限", "面谈时长上限")}


def open_visits(visits: pd.DataFrame) -> pd.DataFrame:
    """Rows of 回访清单 still to be made (待回访, 逾期未访, 已改期), in the list's order, with planned_on: the day it is
    now meant to be made."""
    still = visits[visits["state"].isin(v.OPEN_VISIT_STATES)].reset_index(drop=True)
    moved = (still["state"] == v.RESCHEDULED) & still["rescheduled_to"].notna()
    return still.assign(planned_on=still["scheduled_on"].where(~moved, still["rescheduled_to"]))


def form_texts(visits: pd.DataFrame, loans: pd.DataFrame, schedule: pd.DataFrame, request: Request) -> pd.DataFrame:
    """str columns `SLOTS` for `visits` (rows of `open_visits`); what is not known is blank."""
    loan = _loan_of(visits, loans)
    out = visits[
        ["visit_no", "customer_name", "contract_no", "drawdown_no", "phone", "visit_type", "visitor", "branch"]
    ].copy()
    out["greeted"] = visits["customer_name"].map(_greeted)
    out["institution"] = request.institution or "本机构"
    out["method"] = visits["method"].where(visits["method"].isin(v.METHOD_CHOICES), "")
    out["stage"] = stages(visits)
    out["product"], out["purpose"] = loan["product"], loan["purpose"]
    out["amount"] = _money(loan["amount"])
    out["terms"] = _joined(
        [_suffixed(loan["term_months"], " 个月"), _suffixed(loan["annual_rate"], "%"), loan["repayment_method"]]
    )
    out["window"] = _window(visits)
    out["scheduled"] = _day(visits["planned_on"]) + visits["state"].where(visits["state"] != v.TO_VISIT, "").map(
        lambda state: f"（{state}）" if state else ""
    )
    out["reason"] = visits["reason"].map(lambda text: text if not text or text.endswith("。") else f"{text}。")
    out["instalment"] = _instalment(visits, schedule)
    out["focus"] = visits["visit_type"].map(say.FOCUS).fillna("")
    out["together"] = _together(visits)
    for slot, (lowest, highest) in _LIMITS.items():
        out[slot] = f"{request.parameters[lowest]:g}–{request.parameters[highest]:g}"
    return out[list(SLOTS)].fillna("").astype("object")


def stages(visits: pd.DataFrame) -> pd.Series:
    """回访阶段 of each visit: as listed, else that of its 回访类型, else 使用."""
    listed = visits["stage"].where(visits["stage"].isin(v.STAGES))
    return listed.fillna(visits["visit_type"].map(v.STAGE_OF_TYPE)).fillna(v.STAGE_OF_TYPE[v.PERIODIC])


def _loan_of(visits: pd.DataFrame, loans: pd.DataFrame) -> pd.DataFrame:
    """The ledger's row of each visit by contract and 借据编号, blank where there is none."""
    keys = ["contract_no", "drawdown_no"]
    known = loans.drop_duplicates(keys).drop(columns="row", errors="ignore")
    found = visits[keys].merge(known, on=keys, how="left")
    found.index = visits.index
    return found


def _greeted(name: str) -> str:
    return (name if len(name) <= _LONGEST_GREETED else f"{name[:_LONGEST_GREETED]}…") or "客户本人"


def _day(dates: pd.Series) -> pd.Series:
    return dates.dt.strftime("%Y-%m-%d").fillna("").astype("object")


def _window(visits: pd.DataFrame) -> pd.Series:
    first, last = _day(visits["earliest_on"]), _day(visits["due_on"])
    both = (first != "") & (last != "")
    return (first + " 至 " + last).where(both, first + last)


def _money(amounts: pd.Series) -> pd.Series:
    return amounts.map(lambda amount: "" if pd.isna(amount) else f"{amount:,.2f} 元")


def _suffixed(numbers: pd.Series, unit: str) -> pd.Series:
    return numbers.map(lambda number: "" if pd.isna(number) else f"{number:.10g}{unit}")


def _joined(parts: list[pd.Series], by: str = "，") -> pd.Series:
    rows = zip(*parts, strict=True)
    return pd.Series([by.join(str(p) for p in row if isinstance(p, str) and p) for row in rows], index=parts[0].index)


def _instalment(visits: pd.DataFrame, schedule: pd.DataFrame) -> pd.Series:
    """For visits about repayment: how many instalments are unpaid up to 截止日期 of the reminder, and the oldest."""
    keys = ["contract_no", "drawdown_no"]
    paid = (schedule["paid_amount"] >= schedule["due_amount"]) | (
        schedule["paid_on"].notna() & schedule["paid_amount"].isna()
    )
    owed = schedule[~paid & schedule["due_on"].notna()].sort_values("due_on", kind="stable")
    owed = owed.assign(owing=owed["due_amount"] - owed["paid_amount"].fillna(0)).drop_duplicates(keys)
    found = visits[keys].merge(owed[[*keys, "due_on", "owing"]], on=keys, how="left")
    found.index = visits.index
    asked = stages(visits).str.contains("还款") & found["due_on"].notna()
    text = (
        "最近一期未还："
        + _day(found["due_on"])
        + found["owing"].map(lambda amount: "" if pd.isna(amount) else f"，{amount:,.2f} 元")
    )
    return (text + "。").where(asked, "")


def _together(visits: pd.DataFrame) -> pd.Series:
    """For visits of one 合并组: the others that the same contact covers, by 回访类型."""
    grouped = visits[visits["merge_group"] != ""]
    numbers = grouped["visit_no"].where(grouped["visit_no"] != "", grouped["contract_no"])
    contacts: dict[str, list[tuple[int, str, str]]] = {}
    for place, group, *about in zip(grouped.index, grouped["merge_group"], grouped["visit_type"], numbers, strict=True):
        contacts.setdefault(group, []).append((place, *about))
    texts = {place: _others(place, contact) for contact in contacts.values() for place, *_ in contact}
    return pd.Series([texts.get(place, "") for place in visits.index], index=visits.index, dtype="object")


def _others(own: int, contact: list[tuple[int, str, str]]) -> str:
    """(place, 回访类型, number) of the visits of one contact, told to the one in place `own`."""
    by_type: dict[str, list[str]] = {}
    for place, visit_type, number in contact:
        if place != own:
            by_type.setdefault(visit_type, []).append(number)
    if not by_type:
        return ""
    listed = "，".join(f"{visit_type} {'、'.join(numbers)}" for visit_type, numbers in by_type.items())
    return f"合并联系，共 {len(contact)} 份记录，逐份填写，另有：{listed}。"
