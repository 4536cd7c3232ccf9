"""Sheet 抽查整改: every spot check that failed is put right and verified by another person (七、(一)2.)."""

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings
from toolkit.model.reading import name_key
from toolkit.model.request import Request
from toolkit.model.tables import Table, typed
from toolkit.rules.renewal import with_staff_cells

OWN_VERIFICATION = Rule("S10", "抽查整改自己验证", v.ERROR, "七、(一)2.", "请由回访人员以外的人验证")
REMEDY_DAYS = "一般问题整改工作日数"
_STAFF = ("remedy", "remedied_by", "completed_on", "verifier", "verified_on")


def rectifications(
    listed: pd.DataFrame, difference: pd.Series, compared: pd.Series, table: Table, request: Request
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of 抽查整改, and findings on it.

    `listed`: 抽查 (with 抽查编号); `difference`: its 差异 today, `compared`: bool, something was asked again.
    整改时限 is counted from 复核日期. A row whose verdict was changed stays, as 已撤销, once staff wrote in it.
    """
    failed = listed["verdict"].isin(v.FAILED_SPOT_CHECKS) & (listed["sample_no"] != "")
    before = table.data
    touched = (before[list(_STAFF)].notna() & (before[list(_STAFF)] != "")).any(axis=1)
    kept = listed["sample_no"].isin(before.loc[touched, "sample_no"]) & (listed["sample_no"] != "")
    now = listed[failed | kept].drop_duplicates("sample_no")
    due = request.calendar.add_workdays(now["reviewed_on"].to_numpy(), request.parameters[REMEDY_DAYS])
    same = difference[now.index] == ""
    rows = pd.DataFrame(
        {
            "sample_no": now["sample_no"],
            "visit_no": now["visit_no"],
            "visitor": now["visitor"],
            "verdict": now["verdict"],
            "difference": difference[now.index],
            "due_on": pd.Series(due.astype("datetime64[s]"), index=now.index),
            "correction": pd.Series(np.where(same, v.CORRECTED, v.UNCORRECTED), now.index).where(
                compared[now.index], ""
            ),
        }
    )
    # What the record said when it was found wrong is kept: today it may be mended.
    earlier = before.drop_duplicates("sample_no").set_index("sample_no")["difference"]
    old = earlier.reindex(rows["sample_no"]).fillna("").set_axis(rows.index)
    rows["difference"] = rows["difference"].where(rows["difference"] != "", old).astype("object")
    rows = with_staff_cells(sheets.RECTIFICATIONS, rows, table)
    read = typed(sheets.RECTIFICATIONS, rows.reindex(columns=list(sheets.RECTIFICATIONS.names)).astype("object"))
    own = (read["verifier"] != "") & (read["verifier"].map(name_key) == read["visitor"].map(name_key))
    verified = read["verified_on"].notna() & (read["verifier"] != "") & ~own
    rows["state"] = np.select(
        [
            ~read["verdict"].isin(v.FAILED_SPOT_CHECKS),
            verified,
            read["completed_on"].notna(),
            read["due_on"] < pd.Timestamp(request.as_of),
        ],
        [v.RECTIFY_VOID, v.RECTIFIED, v.RECTIFIED_UNVERIFIED, v.RECTIFY_OVERDUE],
        v.TO_RECTIFY,
    )
    at = pd.Series(np.arange(2, len(rows) + 2), index=rows.index)
    bad = read[own].assign(row=at[own])
    found = findings(OWN_VERIFICATION, sheets.RECTIFICATIONS.title, bad, "verifier", "验证人就是回访人员本人")
    return rows[list(sheets.RECTIFICATIONS.names)], found
