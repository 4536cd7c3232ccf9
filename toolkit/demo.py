"""`loanvisit demo`: a branch's quarter over the sample data, every step the real one.

What staff would do by hand between the buttons (paste their records, fill in how an issue was handled) is copied from
`samples/` into the same cells they would use.
"""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from toolkit.actions import BY_NAME
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.replacing import exclusive, replace_file
from toolkit.model import sheets
from toolkit.model.fields import Sheet
from toolkit.model.period import parse_period
from toolkit.model.shipped import shipped
from toolkit.model.tables import SheetEdits, Table
from toolkit.run.closed import run
from toolkit.run.new import TEMPLATES
from toolkit.run.order import Order, Result

INSTITUTION = "示例银行江州分行"
QUARTER = "2026Q3"
QUARTER_START, QUARTER_END = dt.date(2026, 7, 1), dt.date(2026, 9, 30)
STAFF_SHEETS = (sheets.VISITORS, sheets.SPECIAL_VISITS, sheets.HOLIDAYS)
WORKBOOK = "示例支行_2026年三季度.xlsm"
# Of the nine kinds the few that a quarter has not many of: the demo is to be over soon.
PAPERS = ("整改通知书", "督办单", "重大问题专报", "考核指标告知书")
FORMS, LETTERS, AUDIT = "回访记录表", "文书", "审计底稿"
FOLDERS = (
    (FORMS, "每名回访人员一份可打印、可填写的《贷款回访记录》"),
    (LETTERS, "、".join(PAPERS)),
    (AUDIT, "给内部审计的底稿"),
)

Say = Callable[[str], None]


def demo(out: Path, say: Say, progress: Callable[[str], None]) -> Result:
    """Run the cycle into folder `out`; returns the workbook and the report as outputs."""
    began = time.perf_counter()
    out.mkdir(parents=True, exist_ok=True)
    workbook = out / WORKBOOK
    period = parse_period(QUARTER)

    def press(name: str, as_of: dt.date, **options: object) -> Result:
        action = BY_NAME[name]
        order = Order(action, workbook, as_of, dt.datetime.now(), "演示", **options)  # type: ignore[arg-type]
        result = run(order, progress)
        say(f"  【{action.caption}】（基准日 {as_of}）{result.summary}")
        return result

    say("一、季初：建立工作簿，导入台账，生成清单")
    with exclusive(workbook):
        replace_file(
            workbook, shipped("workbook_templates", TEMPLATES[workbook.suffix]).read_bytes(), backup=workbook.exists()
        )
    typed = _staff_types_base_data(workbook)
    say(f"  工作人员填写机构名称和基础资料：{typed}")
    press("ledger", QUARTER_START, files=(shipped("samples", "核心系统导出_2026-07-01.xlsx"),))
    press("plan", QUARTER_START, period=period)
    press("forms", QUARTER_START, by="visitor", out=out / FORMS)
    say("二、季末：再次导入台账，录入一季的回访记录")
    press("ledger", QUARTER_END, files=(shipped("samples", "核心系统导出_2026-09-30.xlsx"),))
    press("plan", QUARTER_END, period=period)
    say(f"  回访人员录入回访记录：{_staff_types_records(workbook)} 笔")
    press("plan", QUARTER_END, period=period)
    say("三、校验、分类、整改、督办")
    press("check", QUARTER_END)
    press("classify", QUARTER_END)
    say(f"  责任部门在问题台账填写处理情况：{_staff_types_handling(workbook)} 件")
    press("track", QUARTER_END)
    say("四、抽查、考核、报告、文书和审计底稿")
    press("sample", QUARTER_END, period=period)
    press("kpi", QUARTER_END, period=period)
    reports = [path for path in press("report", QUARTER_END, period=period).outputs if path.suffix == ".docx"]
    press("papers", QUARTER_END, period=period, kinds=PAPERS, out=out / LETTERS)
    press("audit", QUARTER_END, period=period, out=out / AUDIT)
    say("请先打开：")
    say(f"  1. {workbook}  首页有各步骤的状态；“校验结果”列出须改的单元格，“问题台账”列出问题和时限")
    for path in reports:
        say(f"  2. {path}  给管理层的报告")
    for number, (folder, what) in enumerate(FOLDERS, start=3):
        say(f"  {number}. {out / folder}  {what}")
    seconds = time.perf_counter() - began
    return Result(
        "demo",
        QUARTER_END,
        summary=f"{period.title}全过程完成，用时 {seconds:.1f} 秒",
        counts={"文件": 1 + len(reports)},
        outputs=[workbook, *reports],
    )


def _write(workbook: Path, edits: list[SheetEdits], tables: dict[str, Table], named: dict[str, object]) -> None:
    """What a person typing into the open workbook does, on the closed file."""
    with exclusive(workbook):
        content = open_closed(workbook).render(edits, tables, named)
        if content is not None:
            replace_file(workbook, content, backup=False)


def _as_typed(table: Table) -> pd.DataFrame:
    """The raw cells of a sample sheet, text dates and full-width digits included."""
    return table.raw[[name for name in table.sheet.names if name in table.columns]]


def _staff_types_base_data(workbook: Path) -> str:
    source, book = open_closed(shipped("samples", "示例支行_基础资料.xlsx")), open_closed(workbook)
    read = {sheet.title: (source.read(sheet), book.read(sheet)) for sheet in STAFF_SHEETS}
    edits = [SheetEdits(typed.sheet, append=_as_typed(typed)) for typed, _ in read.values() if len(typed.data)]
    target = book.read(sheets.PARAMETERS)
    edits.append(SheetEdits(sheets.PARAMETERS, cells=_own_parameters(source.read(sheets.PARAMETERS), target)))
    tables = {title: target for title, (_, target) in read.items()} | {sheets.PARAMETERS.title: target}
    _write(workbook, edits, tables, {"首页_机构": INSTITUTION})
    return "，".join(f"{title} {len(typed.data)} 行" for title, (typed, _) in read.items() if len(typed.data))


def _own_parameters(chosen: Table, target: Table) -> pd.DataFrame:
    """Cells of 参数 for the few parameters the branch sets differently (启用日期)."""
    rows = chosen.raw[["parameter", "value"]].merge(target.data[["parameter", "row"]], on="parameter")
    return rows[["row", "value"]].assign(field="value")


def _copied(file: str, sheet: Sheet, workbook: Path) -> tuple[Table, Table]:
    return open_closed(shipped("samples", file)).read(sheet), open_closed(workbook).read(sheet)


def _staff_types_records(workbook: Path) -> int:
    typed, target = _copied("回访记录_2026Q3.xlsx", sheets.RECORDS, workbook)
    _write(workbook, [SheetEdits(sheets.RECORDS, append=_as_typed(typed))], {sheets.RECORDS.title: target}, {})
    return len(typed.data)


def _staff_types_handling(workbook: Path) -> int:
    """Find each issue by 回访编号 and 问题类别 and fill the columns that are staff's own."""
    typed, target = _copied("问题处理_2026Q3.xlsx", sheets.ISSUES, workbook)
    identity = ["visit_no", "category"]
    filled = [name for name in typed.columns if name not in identity]
    rows = typed.raw[[*identity, *filled]].merge(target.data[[*identity, "row"]], on=identity)
    cells = rows.melt(id_vars=["row"], value_vars=filled, var_name="field", value_name="value").dropna(subset="value")
    _write(workbook, [SheetEdits(sheets.ISSUES, cells=cells)], {sheets.ISSUES.title: target}, {})
    return len(rows)
