"""The group's figures as the context of the template 总行汇总报告: the four parts of 五、(二), then a page per 地区."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd

from toolkit.model import office_sheets as o
from toolkit.model import values as v
from toolkit.model.masking import mask_text
from toolkit.model.period import Period
from toolkit.rules.indicators.indicators import BRANCH
from toolkit.rules.report.tables import UNMET_MARK
from toolkit.rules.report.wording import date_cn

TEMPLATE = "总行汇总报告"
_GRADES = (v.CRITICAL, v.MAJOR, v.GENERAL, v.UNGRADED)
_KEYS = dict(zip(v.KPI_NAMES, ("completion", "accuracy", "timeliness", "resolution"), strict=True))
Row = dict[str, Any]
_MISSED = v.KPI_VERDICTS[1]
_NAMED = 10
_MOST_CLUES = 30


@dataclass(frozen=True)
class GroupFigures:
    """`collection`, `indicators`, `clues`, `conflicts`: rows of those sheets. `results`: result, count of the period's
    records. `issues`: region, branch, category, grade, count of those found in the period; `pending`: region, branch,
    grade, count, overdue of 重要 and 重大 ones open at T. `totals`: rows of loans, visits, records, issues. `regions`:
    网点 → 地区."""

    period: Period
    as_of: dt.date
    collection: pd.DataFrame
    indicators: pd.DataFrame
    clues: pd.DataFrame
    conflicts: pd.DataFrame
    results: pd.DataFrame
    issues: pd.DataFrame
    pending: pd.DataFrame
    totals: dict[str, int]
    regions: dict[str, str]

    @property
    def states(self) -> dict[str, int]:
        """情况 → workbooks, in the order of the list of 情况."""
        counts = self.collection["state"].value_counts()
        return {state: int(counts.get(state, 0)) for state in o.COLLECTION_STATES}

    def of(self, kind: str) -> pd.DataFrame:
        return self.indicators[self.indicators["object_kind"] == kind]


def group_context(f: GroupFigures) -> dict[str, Any]:
    """Every name the template may use."""
    title = f"{f.period.title}全行贷款回访情况报告"
    regions = _regions(f)
    return {
        "properties": {"title": title, "author": o.HEAD_OFFICE, "date": f.as_of},
        "title": title,
        "as_of": date_cn(f.as_of),
        "opening": [
            f"根据《贷款回访管理办法》五、(二)的规定，现将{f.period.title}"
            f"（{date_cn(f.period.start)}至{date_cn(f.period.end)}）全行贷款回访情况报告如下，数据截至{date_cn(f.as_of)}。"
        ],
        "texts": {
            "collected": _collected(f),
            "made": _made(f),
            "found": _found(f),
            "clues": _clue_texts(f),
            "pending": _pending(f),
            "advice": _advice(f),
        },
        "results": _results(f),
        "region_rows": _indicator_rows(f.of(o.REGION), f.of(o.HEAD_OFFICE)),
        "categories": _categories(f.issues),
        "clues": _clue_rows(f),
        "indicators": [_figure(row) for row in f.of(o.HEAD_OFFICE).to_dict("records")],
        "regions": regions,
    }


def _collected(f: GroupFigures) -> list[str]:
    states = f.states
    taken = states[o.TAKEN] + states[o.WARNED]
    lines = [
        f"本次汇总网点工作簿{taken}份，含贷款{f.totals['loans']}笔、回访{f.totals['visits']}笔、"
        f"回访记录{f.totals['records']}条、问题{f.totals['issues']}项。"
    ]
    absent = [
        (o.MISSING, "未交"), (o.NOT_TAKEN, "未能汇总"), (o.DUPLICATE, "重复而未计入"),
    ]  # fmt: skip
    for state, said in absent:
        rows = f.collection[f.collection["state"] == state]
        if len(rows):
            names = [branch or file for branch, file in zip(rows["branches"], rows["file"], strict=True)]
            lines.append(f"{said}{len(rows)}份：{_some(names)}。")
    return lines


def _made(f: GroupFigures) -> list[str]:
    figures = f.of(o.HEAD_OFFICE)
    completion = figures[figures["indicator"] == v.PLAN_COMPLETION]
    total = int(f.results["count"].sum())
    done = int(f.results.loc[f.results["result"] == v.SUCCESS, "count"].sum())
    lines = [f"本期回访记录{total}条，其中成功{done}条。"]
    for row in completion.to_dict("records"):
        lines.append(f"应完成的回访{row['denominator']}笔，按期完成{row['numerator']}笔，完成率{_rate(row)}。")
    return lines


def _found(f: GroupFigures) -> list[str]:
    total = int(f.issues["count"].sum())
    if not total:
        return ["本期没有发现问题。"]
    by_grade = f.issues.groupby("grade")["count"].sum()
    told = "、".join(f"{grade}{int(by_grade[grade])}项" for grade in _GRADES if grade in by_grade.index)
    by_region = f.issues.groupby("region")["count"].sum().sort_values(ascending=False, kind="stable")
    most = "、".join(f"{name}{int(count)}项" for name, count in by_region.head(_NAMED).items())
    return [f"本期发现问题{total}项：{told}。", f"按地区：{most}。"]


def _clue_texts(f: GroupFigures) -> list[str]:
    if f.clues.empty:
        return ["没有发现跨网点的共同线索。"]
    counts = f.clues["kind"].value_counts(sort=False)
    told = "；".join(f"{kind}{count}组" for kind, count in counts.items())
    shown = f"下表列前{_MOST_CLUES}组，全部见汇总工作簿的“{o.CLUES.title}”表。" if len(f.clues) > _MOST_CLUES else ""
    return [f"跨网点的共同线索{len(f.clues)}组：{told}。线索由风险管理部门核实，不等于存在问题。{shown}"]


def _pending(f: GroupFigures) -> list[str]:
    parts = []
    for grade in (v.CRITICAL, v.MAJOR):
        rows = f.pending[f.pending["grade"] == grade]
        if len(rows):
            parts.append(f"{grade}问题{rows['count'].sum()}项（超过整改时限{rows['overdue'].sum()}项）")
    return ["未结的" + "，".join(parts) + "。"] if parts else ["没有未结的重要、重大问题。"]


def _advice(f: GroupFigures) -> list[str]:
    lines = []
    unmet = f.of(BRANCH)
    unmet = unmet[unmet["verdict"] == _MISSED]
    for name in v.KPI_NAMES:
        rows = unmet[unmet["indicator"] == name]
        if len(rows):
            worst = rows.assign(part=rows["numerator"] / rows["denominator"]).sort_values("part", kind="stable")
            lines.append(
                f"{name}未达目标的网点{len(rows)}个，由低到高：{_some(worst['object_name'].tolist())}，请限期改进。"
            )
    overdue = f.pending[f.pending["overdue"] > 0]
    if len(overdue):
        late = overdue.groupby("branch")["overdue"].sum().sort_values(ascending=False, kind="stable")
        lines.append(
            f"请督办超过整改时限的重要、重大问题：{_some([f'{name}{int(n)}项' for name, n in late.items()])}。"
        )
    absent = f.collection[f.collection["state"].isin((o.MISSING, o.NOT_TAKEN))]
    if len(absent):
        lines.append(f"请未交或未能汇总的{len(absent)}份工作簿的网点补交，补交后重新汇总。")
    if len(f.clues):
        lines.append("请核实跨网点线索，属实的登记为问题。")
    return lines or ["各项指标均达到目标，没有需要整改的事项。"]


def _results(f: GroupFigures) -> list[Row]:
    total = int(f.results["count"].sum())
    return [
        {"name": name, "count": int(count), "share": f"{100 * count / total:.1f}%"}
        for name, count in zip(f.results["result"], f.results["count"], strict=True)
    ]


def _categories(issues: pd.DataFrame) -> list[Row]:
    if issues.empty:
        return []
    table = issues.pivot_table(index="category", columns="grade", values="count", aggfunc="sum", fill_value=0)
    table = table.reindex(columns=list(_GRADES), fill_value=0)
    table = table.assign(total=table.sum(axis=1)).sort_values("total", ascending=False, kind="stable")
    table.loc["合计"] = table.sum()
    return [
        {
            "name": name or "（未列类别）",
            **dict(zip(("critical", "major", "general", "ungraded", "total"), map(int, row), strict=True)),
        }
        for name, row in zip(table.index, table.to_numpy(), strict=True)
    ]


def _clue_rows(f: GroupFigures) -> list[Row]:
    return [
        {"kind": row["kind"], "what": _shown(row), "branches": row["branches"], "count": row["count"]}
        for row in f.clues.head(_MOST_CLUES).to_dict("records")
    ]


def _shown(row: dict[Any, Any]) -> str:
    """Quoted feedback stays in the workbook: it may hold customers' names."""
    if "文字" in row["kind"]:
        return str(row["what"]).partition("：")[0] if row["kind"].startswith("同一人员") else "文字见汇总工作簿"
    return mask_text(str(row["what"]))


def _indicator_rows(units: pd.DataFrame, whole: pd.DataFrame | None = None) -> list[Row]:
    rows: list[Row] = []
    for name, group in units.groupby("object_name", sort=False):
        rows.append({"name": name} | _cells(group))
    if whole is not None and rows:
        rows.append({"name": "合计"} | _cells(whole))
    return rows


def _cells(group: pd.DataFrame) -> Row:
    """The rate, marked if it misses the target, with its parts below."""
    cells: Row = dict.fromkeys(_KEYS.values(), v.NO_VALUE)
    for row in group[group["denominator"] > 0].to_dict("records"):
        mark = UNMET_MARK if row["verdict"] == _MISSED else ""
        cells[_KEYS[row["indicator"]]] = f"{_rate(row)}{mark}\n{row['numerator']}/{row['denominator']}"
    return cells


def _figure(row: dict[Any, Any]) -> Row:
    return {
        "name": row["indicator"],
        "numerator": row["numerator"],
        "denominator": row["denominator"],
        "rate": _rate(row),
        "target": f"{row['target']:g}%",
        "verdict": row["verdict"],
    }


def _rate(row: dict[Any, Any]) -> str:
    return f"{100 * row['numerator'] / row['denominator']:.1f}%" if row["denominator"] else v.NO_VALUE


def _regions(f: GroupFigures) -> list[Row]:
    """A page each: how its workbooks came in, its branches' indicators, its issues."""
    counted = f.collection[f.collection["state"].isin((o.TAKEN, o.WARNED))]
    pages = []
    for figures in _indicator_rows(f.of(o.REGION)):
        name = str(figures["name"])
        issues = f.issues[f.issues["region"] == name]
        books = counted[counted["region"] == name]
        branches = f.of(BRANCH)
        branches = branches[branches["object_name"].map(f.regions) == name]
        rates = f.of(o.REGION)
        rates = rates[rates["object_name"] == name]
        total = int(issues["count"].sum())
        pages.append(
            {
                "name": name,
                "texts": [
                    f"本地区汇总工作簿{len(books)}份，本期发现问题{total}项；"
                    + "，".join(f"{row['indicator']}{_rate(row)}" for row in rates.to_dict("records"))
                    + "。"
                ],
                "branches": _indicator_rows(branches),
                "categories": _categories(issues),
            }
        )
    return pages


def _some(names: list[str]) -> str:
    rest = len(names) - _NAMED
    return "、".join(names[:_NAMED]) + (f"等{len(names)}个" if rest > 0 else "")
