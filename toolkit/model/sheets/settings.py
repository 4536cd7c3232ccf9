"""What a branch sets: parameters, days off, who visits; and the log of what was run."""

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Sheet
from toolkit.model.sheets.recurring import TOOL

PARAMETERS = Sheet(
    "参数",
    (
        Field("parameter", "参数", Kind.TEXT, True, width=26, owner=TOOL),
        Field("value", "取值", width=18, help="空白或不合理的取值会被拒绝，不会自动套用默认值"),
        Field("unit", "单位", width=10, owner=TOOL),
        Field("note", "说明", width=60, owner=TOOL),
        Field("clause", "制度条款", width=14, owner=TOOL),
    ),
    key=("parameter",),
    help="各机构自定的 [X]，由风险管理部门维护",
)

HOLIDAYS = Sheet(
    "节假日",
    (
        Field("date", "日期", Kind.DATE, True, width=14, may_be_future=True),
        Field("kind", "类型", Kind.CHOICE, True, v.DAY_KINDS, width=8, help="休＝放假，班＝调休上班"),
        Field("note", "说明", width=30),
    ),
    key=("date",),
    optional=True,
    help="覆盖内置的国务院放假安排；未公布年度请在公布后补录",
)

VISITORS = Sheet(
    "回访人员",
    (
        Field("staff_no", "工号", Kind.CODE, True, width=12),
        Field("name", "姓名", Kind.TEXT, True, width=12),
        Field("branch", "网点", Kind.TEXT, True, width=14),
        Field("department", "部门", Kind.TEXT, True, width=16),
        Field(
            "daily_limit",
            "每日上限",
            Kind.INTEGER,
            width=10,
            lowest=1,
            highest=200,
            help="一天最多联系几次；空白＝不限",
        ),
        Field("status", "状态", Kind.CHOICE, choices=v.VISITOR_STATUSES, width=8, help="离岗人员不再分配；空白＝在岗"),
    ),
    key=("staff_no",),
    clause="二、(三)",
)

LOG = Sheet(
    "操作日志",
    (
        Field("at", "时间", Kind.TIMESTAMP, width=20, owner=TOOL),
        Field("action", "操作", width=14, owner=TOOL),
        Field("operator", "操作人", width=14, owner=TOOL),
        Field("as_of", "基准日", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("summary", "摘要", width=80, owner=TOOL),
        Field("version", "工具版本", width=10, owner=TOOL),
    ),
    result=True,
    optional=True,
)
