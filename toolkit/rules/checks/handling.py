"""处理 in 校验结果: what counts, who gave it and when, and what cannot take effect (contract, section 4)."""

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.finding_rows import FROM

FIRST_ROW = 2
MOST_NAMED = 10


def is_explained(found: pd.DataFrame) -> pd.Series:
    """bool per finding: 说明 with a reason on what is no 错误."""
    return (found["handling"] == v.EXPLAIN) & (found["handling_reason"] != "") & (found["level"] != v.ERROR)


def signed(found: pd.DataFrame, request: Request) -> pd.DataFrame:
    """处理人 and 处理日期 where the clerk left them blank: the operator and T."""
    by = found["handled_by"].where(found["handled_by"] != "", request.operator)
    on = found["handled_on"].astype("object")
    return found.assign(handled_by=by, handled_on=on.where(on.notna(), pd.Timestamp(request.as_of)))


def lapsed(found: pd.DataFrame, listed: pd.DataFrame) -> pd.Series:
    """bool per finding: 处理 was chosen at this cell, but for words or a value that have changed since."""
    chosen = listed[listed["handling"] != ""]
    chosen = chosen.drop(index=listed.index[found[FROM].dropna().to_numpy("int64")], errors="ignore")
    place = ["rule", "sheet", "cell"]
    at = pd.MultiIndex.from_frame(found[place]).isin(pd.MultiIndex.from_frame(chosen[place]))
    return (found["handling"] == "") & at


def refused(found: pd.DataFrame, findings_sheet: Table) -> list[str]:
    """Handling that cannot take effect, each case told once, by cell and without names or numbers.

    `found` as it will stand from the first row of 校验结果 on; its column `lapsed` (bool).
    """
    handling, no_error = found["handling"], found["level"] != v.ERROR
    explained = handling == v.EXPLAIN
    blank_reason = found["handling_reason"] == ""
    cases = (
        (
            (handling == v.ACCEPT) & ~found["adoptable"],
            "handling",
            "选了“采纳”但没有可采纳的值，请直接改正单元格",
        ),
        (explained & ~no_error, "handling", "错误不能以“说明”代替改正，请改正单元格"),
        (explained & no_error & blank_reason, "handling_reason", "选了“说明”但没有处理理由，请补填"),
        (
            (handling != "") & ~handling.isin(v.FINDING_HANDLING),
            "handling",
            f"处理只能是“{'”或“'.join(v.FINDING_HANDLING)}”，所填未生效，请从下拉列表选择",
        ),
        (
            (handling == "") & ~blank_reason & no_error & ~found["lapsed"],
            "handling",
            "写了处理理由但没有选处理，请选“说明”",
        ),
        (found["lapsed"], "handling", "情况已变，原来选的处理不再适用，请核对后重新选择"),
    )
    return [_told(found[where], findings_sheet, field, text) for where, field, text in cases if where.any()]


def _told(found: pd.DataFrame, findings_sheet: Table, field: str, text: str) -> str:
    named = found.head(MOST_NAMED)
    cells = [
        f"{findings_sheet.cell(FIRST_ROW + int(at), field)}（{sheet} {cell}）"
        for at, sheet, cell in zip(named.index, named["sheet"], named["cell"], strict=True)
    ]
    more = f" 等 {len(found)} 处" if len(found) > len(named) else ""
    return f"{sheets.FINDINGS.title} {'、'.join(cells)}{more}：{text}"
