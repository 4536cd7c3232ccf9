"""Never a silent drop (issue: every row of a messy file is imported or named).

Requirements
 1. Rows of data = 读入 + 重复行 + 未导入行, over random messy grids; a file with rows never gives "0 笔" with exit 0.
 2. Every rejected row is named by its cell while there are few.
 3. Importing the same grid twice changes nothing.
"""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from importing import LOAN, OTHER, after, press, source, world

from toolkit.model.errors import ToolkitError

CONTRACTS = st.sampled_from(
    ["HT001", "HT002", "HT003", "ＨＴ001", "HT004 ", 20260001, 1.2345678901234568e17, "1.1E+17", "#N/A", None, "", " "]
)
DRAWDOWNS = st.sampled_from(["J1", "J2", None])
CELLS = st.sampled_from([None, "", 5, 5.0, "5", "12.5万", "2026-01-05", 20260105, "待定", "#N/A", "正常", "结清", "-"])
WHOLE = st.sampled_from([None, [None], ["合计", None, None, 9], ["制表人：周立"], ["合同号", "借据号", "余额"]])
ROWS = st.lists(
    st.one_of(st.tuples(CONTRACTS, DRAWDOWNS, CELLS, CELLS, CELLS).map(list), WHOLE), min_size=1, max_size=7
)
HEADERS = st.permutations(["合同号", "借据号", "余额", "放款日", "状态"])


def is_data(row):
    words = [str(cell).strip() for cell in row or [] if cell is not None and str(cell).strip()]
    return bool(words) and words[0] not in ("合计", "制表人：周立") and words[:1] != ["合同号"]


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, headers=HEADERS, titled=st.booleans(), known=st.booleans())
def test_every_row_is_imported_or_named(rows, headers, titled, known):
    names = ["合同号", "借据号", "余额", "放款日", "状态"]
    whole = [row if row is None or len(row) != 5 else [row[names.index(name)] for name in headers] for row in rows]
    # Totals, footers and repeated headers stand as core systems print them: in the first columns.
    grid = ([["江州分行"]] if titled else []) + [list(headers)] + [row or [] for row in whole]
    count = sum(is_data(row) for row in rows)
    tables = world([LOAN, OTHER] if known else [])
    try:
        outcome = press(tables, source(*grid))
    except ToolkitError as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert refusal.startswith("导入台账：没有可以导入的数据：")
        return
    counts = outcome.counts
    assert counts["读入贷款"] > 0
    assert counts["读入贷款"] + counts.get("重复行", 0) + counts.get("未导入行", 0) == count
    named = set()
    for line in outcome.warnings:
        if "未导入" in line and "合计、表尾" not in line:
            named |= set(re.findall(r"[A-Z](\d+)", line.split("：")[0]))
    assert len(named) == counts.get("未导入行", 0)
    assert press(after(tables, outcome), source(*grid)).edits == []
