"""Sheet 考核建议: what 考核办法 proposes for each figure; a person decides (七、(三)2.)."""

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.rule_tables import APPRAISAL
from toolkit.model.tables import Table, table_from
from toolkit.rules.indicators.indicators import INSTITUTION

# Of so few nothing can be concluded; the proposal says so.
FEW = 5
_BASIS = ("numerator", "denominator", "low", "high")


def appraisal_of(table: Table) -> tuple[pd.DataFrame, list[str]]:
    """The bands of 考核办法 (those shipped if the workbook has no such sheet), and a sentence per row that is none.

    A blank lower bound is 0, a blank upper one no bound.
    """
    if not table.present or not _filled(table.data).any():
        table = table_from(sheets.APPRAISAL, [dict(row) for row in APPRAISAL])
    bands = table.data[_filled(table.data)]
    bands = bands.assign(low=bands["lowest"].fillna(0.0), high=bands["highest"].fillna(float("inf")))
    trouble = {
        "indicator": (~bands["indicator"].isin(v.KPI_NAMES), "指标不是四项考核指标之一"),
        "lowest": (table.unreadable("lowest")[bands.index], "下限不是数"),
        "highest": (table.unreadable("highest")[bands.index] | (bands["high"] <= bands["low"]), "上限不大于下限"),
    }
    told, bad = [], pd.Series(False, index=bands.index)
    for name, (wrong, what) in trouble.items():
        told += [
            f"{sheets.APPRAISAL.title} {table.cell(row, name)}：{what}，这一行没有采用" for row in bands["row"][wrong]
        ]
        bad |= wrong
    return bands[~bad], told


def _filled(rows: pd.DataFrame) -> pd.Series:
    return (rows["indicator"] != "") | (rows["action"] != "") | (rows["measure"] != "") | rows["lowest"].notna()


def reward_proposals(figures: pd.DataFrame, bands: pd.DataFrame) -> pd.DataFrame:
    """Columns of 考核建议 that the tool writes: 网点, 部门 and 回访人员 with a figure, by the first band that holds it.

    A figure in no band gets none: the table does not speak of it.
    """
    judged = figures[(figures["denominator"] > 0) & (figures["object_kind"] != INSTITUTION)].reset_index(drop=True)
    pairs = judged.assign(figure=judged.index).merge(
        bands[["indicator", "low", "high", "action", "measure"]], on="indicator", how="inner"
    )
    top, bottom = pairs["numerator"] * 100, pairs["denominator"]
    # Compared without dividing, as 结论 is: 19 of 20 is in the band from 95 on.
    slack = 1e-9 * bottom
    inside = (top >= pairs["low"] * bottom - slack) & (top < pairs["high"] * bottom - slack)
    chosen = pairs[inside].drop_duplicates("figure")
    basis = [_basis(*parts) for parts in zip(*(chosen[name] for name in _BASIS), strict=True)]
    names = ["period", "object_kind", "object_name", "indicator", "rate", "action", "measure"]
    return chosen[names].assign(basis=basis).reset_index(drop=True)


def _basis(numerator: int, denominator: int, low: float, high: float) -> str:
    share = f"{100 * numerator / denominator:.1f}%（{numerator}/{denominator}），{_band(low, high)}"
    return share + (f"；不足 {FEW} 笔，仅供参考" if denominator < FEW else "")


def _band(low: float, high: float) -> str:
    return f"{low:g}% 及以上" if high == float("inf") else f"{low:g}% 至不足 {high:g}%"
