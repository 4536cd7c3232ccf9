"""The sheets that papers are made from, joined once, and how values are said on paper."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.masking import mask_name, mask_phone
from toolkit.model.period import Period
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.indicators.rows import open_books
from toolkit.rules.issues.register import record_of
from toolkit.rules.planning.matching import loan_key
from toolkit.rules.planning.standing import by_key
from toolkit.rules.report.wording import Quotes, date_cn

RISK_DEPARTMENT = "风险管理部门"
_LOAN_FIELDS = ("customer_no", "customer_name", "phone", "product", "amount", "balance", "branch", "loan_officer")
_SAID = ("feedback", "content")
_WRITTEN = ("evidence", "remedy", "outcome", "manual_reason")


@dataclass(frozen=True)
class Gathered:
    """`visits`, `records` and `issues` as the indicators read them (`open_books`), each with loan_<field> of the
    ledger's row ("" or NaN where unknown); `records` has met_no besides, the 回访编号 it belongs to.

    `spot_checks` and `indicators`: the sheets' rows. `customers` masks what is quoted.
    """

    request: Request
    period: Period
    visits: pd.DataFrame
    records: pd.DataFrame
    issues: pd.DataFrame
    spot_checks: pd.DataFrame
    indicators: pd.DataFrame
    visitors: pd.DataFrame
    customers: Quotes

    @property
    def today(self) -> pd.Timestamp:
        return pd.Timestamp(self.request.as_of)

    def inside(self, days: pd.Series) -> pd.Series:
        """bool per day: in [S, E], blank days not."""
        return (days >= pd.Timestamp(self.period.start)) & (days <= pd.Timestamp(self.period.end))


def gather(tables: Mapping[str, Table], request: Request, period: Period) -> Gathered:
    """Join the sheets for `period` at T; rows of unknown loans stay."""
    books = open_books(tables, request, period)
    loans = tables[sheets.LOANS.title].data
    loans = loans.assign(key=loan_key(loans)).drop_duplicates("key").set_index("key")

    def known(frame: pd.DataFrame) -> pd.DataFrame:
        found = {f"loan_{name}": by_key(frame["key"], loans[name]) for name in _LOAN_FIELDS}
        texts = {name: cells if cells.dtype.kind == "f" else cells.fillna("") for name, cells in found.items()}
        return frame.assign(**texts)

    visits, records, issues = (known(frame) for frame in (books.visits, books.records, books.issues))
    spot_checks = tables[sheets.SPOT_CHECKS.title].data
    quoted = ((records, _SAID), (issues, _WRITTEN), (visits, ("reason",)), (spot_checks, ("note",)))
    customers = Quotes(
        pd.concat([loans["customer_name"], records["customer_name"], issues["customer_name"]]),
        (text for frame, fields in quoted for field in fields for text in frame[field] if text),
    )
    issues["feedback"] = records["feedback"].reindex(record_of(issues, records)).fillna("").to_numpy()
    staff = tables[sheets.VISITORS.title].data
    shown = tables[sheets.INDICATORS.title].data
    return Gathered(request, period, visits, records, issues, spot_checks, shown, staff, customers)


def day(value: Any) -> str:
    """2026年9月30日, "" for NaT."""
    return "" if pd.isna(value) else date_cn(value)


def money(value: Any) -> str:
    """12,345.60元; "" where there is none."""
    return "" if pd.isna(value) else f"{value:,.2f}元"


def number(value: Any) -> str:
    return "" if pd.isna(value) else f"{value:.10g}"


def first_filled(*texts: Any) -> str:
    return next((text for text in texts if isinstance(text, str) and text), "")


def common(g: Gathered, recipient: str, clause: str) -> dict[str, Any]:
    """The names of `paper_kinds.COMMON`."""
    institution = g.request.institution
    return {
        "institution": institution or "本机构",
        "recipient": recipient,
        "clause": clause,
        "period": g.period.title,
        "as_of": date_cn(g.request.as_of),
        "signature": f"{institution}{RISK_DEPARTMENT}",
    }


def loan_of(row: Mapping[str, Any], g: Gathered, *, full: bool) -> dict[str, str]:
    """Names of a paper about one loan, from a row of `Gathered`."""
    name = customer_of(row)
    return {
        "contract_no": row["contract_no"],
        "customer": name if full else mask_name(name),
        "product": row["loan_product"],
        "amount": money(row["loan_amount"]),
        "balance": money(row["loan_balance"]),
        "branch": first_filled(row["branch"], row["loan_branch"]),
        "officer": row["loan_loan_officer"],
    }


def customer_of(row: Mapping[str, Any]) -> str:
    """客户姓名 of the row, else of its loan."""
    return first_filled(row["customer_name"], row["loan_customer_name"])


def phone_of(row: Mapping[str, Any]) -> str:
    """联系电话 of the row, else of its loan, masked."""
    return mask_phone(first_filled(row.get("phone"), row["loan_phone"]))


def questions_of(stage: str) -> list[tuple[str, dict[str, Any]]]:
    """(field, what the paper says) of the check questions of a 回访阶段; of all stages where it names none."""
    asked = sheets.CHECKS_OF_STAGE.get(stage, sheets.CHECK_FIELDS)
    return [
        (name, {"no": no, "question": question, "clause": clause})
        for no, (name, _, _, question, clause) in enumerate((c for c in sheets.CHECKS if c[0] in asked), start=1)
    ]


def successes(records: pd.DataFrame) -> pd.DataFrame:
    """The first 成功 record of each visit, by 回访编号."""
    met = records[(records["result"] == v.SUCCESS) & (records["met_no"] != "")]
    return met.drop_duplicates("met_no").set_index("met_no")


_STAGE = re.compile(rf"^({v.URGE}|{v.NAME_PUBLICLY})：")


def urgings(text: str) -> list[str]:
    """The parts of 问题台账's 督办 that are 督办 or 通报, the gravest first as `track` writes them."""
    return [part for part in re.split("[；;\n]", text) if _STAGE.match(part.strip())]
