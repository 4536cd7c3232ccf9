"""保管到期: records whose keeping period is over, for approval; nothing is deleted (五、(一)3.)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.fields import Owner
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, Table
from toolkit.rules.planning.matching import loan_key
from toolkit.rules.planning.standing import resolve_keys
from toolkit.rules.renewal import renewed, with_staff_cells
from toolkit.rules.retention.keeping import expired

YEARS = "记录保存年限"
_STAFF = [field.name for field in sheets.RETENTION if field.owner is Owner.STAFF]


def retention(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 保管到期 alone: what is signed on top (texts in contract_no), then the loans by the end of the period.

    Decisions that staff entered stay with their loan, also once it has left the ledger.
    """
    today, years = pd.Timestamp(request.as_of), request.parameters[YEARS]
    loans, records = tables[sheets.LOANS.title].data, tables[sheets.RECORDS.title].data
    visits, issues = tables[sheets.VISITS.title].data, tables[sheets.ISSUES.title].data
    due = expired(loans, records, issues, visits, years, today)
    table = tables[sheets.RETENTION.title]
    rows = pd.concat([part for part in (due, _left(due, loans, table)) if not part.empty] or [due], ignore_index=True)
    rows["no"] = np.arange(1, len(rows) + 1)
    names = list(sheets.RETENTION.names)
    rows = with_staff_cells(sheets.RETENTION, rows, table).reindex(columns=names)
    held, ready = int((due["state"] == v.HELD).sum()), int((due["state"] == v.EXPIRED).sum())
    top = pd.DataFrame({"contract_no": _lines(request, years, ready, held)}).reindex(columns=names)
    body = pd.concat([top.astype("object"), rows.astype("object")], ignore_index=True)
    counts = {"到期待审批": ready, "暂缓": held, "涉及记录": int(due["records"].sum())}
    with_records = int((due["records"] > 0).sum())
    text = (
        f"保管期限已满 {len(due)} 笔（保存 {years} 年，其中本工作簿有记录的 {with_records} 笔），"
        f"待审批 {ready} 笔，暂缓 {held} 笔；没有删除任何记录"
    )
    return Outcome(
        [renewed(sheets.RETENTION, body, table, sheets.RETENTION.key)], counts, _warnings(loans, records, visits), text
    )


def _left(due: pd.DataFrame, loans: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Rows in which staff wrote and whose loan is no longer due: nothing of theirs goes away."""
    cells = table.data[_STAFF]
    touched = table.data[(cells.notna() & (cells != "")).any(axis=1)]
    gone = touched[~loan_key(touched).isin(loan_key(due))]
    known = loan_key(gone).isin(loan_key(loans))
    names = [name for name in table.sheet.names if name not in _STAFF]
    return gone[names].assign(state=np.where(known, v.NOT_EXPIRED, v.LEFT_LEDGER))


def _lines(request: Request, years: int, ready: int, held: int) -> list[str]:
    return [
        f"{request.institution}　回访记录保管到期清单　基准日 {request.as_of:%Y-%m-%d}".strip("　"),
        f"保管期限：自贷款结清之日起 {years} 年（从未发放的自审批日期起）；保管至当日仍须保管",
        f"到期待审批 {ready} 笔，因未结问题等暂缓 {held} 笔",
        "",
        "风险管理部门意见：□ 同意销毁　　□ 继续保管：" + "＿" * 20,
        "",
        "编制：＿＿＿＿＿　　复核：＿＿＿＿＿　　审批：＿＿＿＿＿　　监销：＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日",
        "",
    ]


def _warnings(loans: pd.DataFrame, records: pd.DataFrame, visits: pd.DataFrame) -> list[str]:
    out = []
    undated = loans[loans["status"].isin(v.CLOSED_LOAN_STATUSES) & loans["settled_on"].isna()]
    if len(undated):
        rows = "、".join(str(row) for row in undated["row"].head(5))
        out.append(
            f"“{sheets.LOANS.title}”第 {rows} 行{'等' if len(undated) > 5 else ''}共 {len(undated)} 笔已结清或已核销的"
            "贷款没有结清日期，无法计算保管期限，请补填"
        )
    keyed = loans.assign(key=loan_key(loans)).drop_duplicates("key")
    unknown = ~resolve_keys(records, keyed, visits).isin(keyed["key"])
    if unknown.any():
        out.append(f"{int(unknown.sum())} 条回访记录的合同不在“{sheets.LOANS.title}”，无法计算保管期限，请继续保管")
    return out
