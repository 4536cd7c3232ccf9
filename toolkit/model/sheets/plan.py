"""The plan: special visits asked for, 回访清单 and its three views (四、(二); 二、(一)1.)."""

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Privacy, Sheet
from toolkit.model.sheets import recurring as r
from toolkit.model.sheets.recurring import TOOL

SPECIAL_VISITS = Sheet(
    "专项回访",
    (
        r.CONTRACT_NO,
        Field("reason", "原因", Kind.TEXT, True, width=36, clause="四、(二)5."),
        Field("due_on", "截止日期", Kind.DATE, True, width=12, may_be_future=True),
        r.APPROVER,
        r.DRAWDOWN_NO,
    ),
    optional=True,
    clause="四、(二)5.",
)

VISITS = Sheet(
    "回访清单",
    (
        r.VISIT_NO,
        r.CONTRACT_NO_TOOL,
        r.CUSTOMER_NAME,
        Field("phone", "联系电话", Kind.PHONE, width=15, privacy=Privacy.PHONE, owner=TOOL, clause="四、(一)1."),
        Field("visit_type", "回访类型", Kind.CHOICE, choices=v.VISIT_TYPES, width=10, owner=TOOL, clause="四、(二)"),
        Field("stage", "回访阶段", Kind.CHOICE, choices=v.STAGES, width=10, owner=TOOL, clause="三"),
        Field("method", "回访方式", Kind.CHOICE, choices=v.METHOD_CHOICES, width=9, owner=TOOL, clause="四、(一)"),
        Field("earliest_on", "最早日期", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("due_on", "截止日期", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("scheduled_on", "安排日期", Kind.DATE, width=12, may_be_future=True, help="可改；改后再次生成清单时保留"),
        Field("priority", "优先级", Kind.CHOICE, choices=v.PRIORITIES, width=8, owner=TOOL),
        r.VISITOR,
        r.BRANCH,
        Field("merge_group", "合并组", Kind.CODE, width=22, owner=TOOL, help="同组的回访一次联系完成"),
        Field("state", "状态", Kind.CHOICE, choices=v.VISIT_STATES, width=10),
        Field("rescheduled_to", "改期至", Kind.DATE, width=12, may_be_future=True),
        Field("reschedule_approved_on", "改期批准日期", Kind.DATE, width=13),
        r.APPROVER,
        Field("reason", "事由", width=46, owner=TOOL, privacy=Privacy.FREE_TEXT),
        r.CLAUSE,
        Field("system_note", "系统提示", width=36, owner=TOOL, privacy=Privacy.FREE_TEXT),
        r.REMARK,
        r.DRAWDOWN_NO_TOOL,
    ),
    key=("visit_no",),
    result=True,
    optional=True,
    help="由“生成回访清单”写入；重新生成不会丢失人工填写的内容",
    clause="二、(一)1.",
)

# (field, header) by Python's weekday, Monday first.
WEEKDAYS = (
    ("monday", "周一"),
    ("tuesday", "周二"),
    ("wednesday", "周三"),
    ("thursday", "周四"),
    ("friday", "周五"),
    ("saturday", "周六"),
    ("sunday", "周日"),
)

WEEK_PLAN = Sheet(
    "周安排",
    (
        Field("week_on", "周一日期", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        r.VISITOR_TOOL,
        r.BRANCH,
        # Weekends hold contacts only where they are make-up workdays.
        *(Field(name, header, width=16 if i < 5 else 10, owner=TOOL) for i, (name, header) in enumerate(WEEKDAYS)),
        Field("contacts", "合计", Kind.INTEGER, width=8, owner=TOOL, help="本周联系次数，同组的回访算一次"),
        Field(
            "to_rearrange",
            "待重排",
            Kind.INTEGER,
            width=8,
            owner=TOOL,
            help="安排日期已过或未定、仍未回访的联系次数，列在基准日所在的一周",
        ),
    ),
    key=("week_on", "visitor", "branch"),
    result=True,
    optional=True,
    help="每人每天要做几次联系、各是什么回访；可张贴，所以不写客户姓名。客户见“计划审批表”，按人员和日期排列",
    clause="二、(三)1.",
)

PLAN_PROGRESS = Sheet(
    "计划进度",
    (
        r.PERIOD,
        Field("visitor", "回访人员", width=12, owner=TOOL),
        Field("branch", "网点", width=16, owner=TOOL),
        Field(
            "expected",
            "应访",
            Kind.INTEGER,
            width=8,
            owner=TOOL,
            help="截止日期在本期的，加上其他各期到期而未完成的，不含已取消；“考核指标”和报告只数截止日期在本期的",
        ),
        Field("done", "已完成", Kind.INTEGER, width=8, owner=TOOL),
        Field("to_visit", "待回访", Kind.INTEGER, width=8, owner=TOOL),
        Field("missed", "逾期未访", Kind.INTEGER, width=10, owner=TOOL),
        Field("rescheduled", "已改期", Kind.INTEGER, width=8, owner=TOOL),
        Field("cancelled", "已取消", Kind.INTEGER, width=8, owner=TOOL),
        Field(
            "rate",
            "完成率",
            Kind.FRACTION,
            width=10,
            owner=TOOL,
            help="已完成÷应访，是进度；按时与否见“考核指标”的回访计划完成率",
        ),
    ),
    key=("period", "visitor", "branch"),
    result=True,
    optional=True,
    help="本次计划按人员的完成情况，与“回访清单”的状态一致；连同其他各期未完成的，所以多于只数本期的“考核指标”和报告",
    clause="二、(一)1.",
)

PLAN_APPROVAL = Sheet(
    "计划审批表",
    (
        r.NO,
        r.CONTRACT_NO_TOOL,
        Field("customer_name", "客户姓名", width=16, privacy=Privacy.NAME, owner=TOOL),
        Field("visit_type", "回访类型", Kind.CHOICE, choices=v.VISIT_TYPES, width=10, owner=TOOL),
        Field("method", "回访方式", Kind.CHOICE, choices=v.METHOD_CHOICES, width=9, owner=TOOL),
        Field("scheduled_on", "安排日期", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        r.VISITOR_TOOL,
        r.BRANCH,
        Field("due_on", "截止日期", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("priority", "优先级", Kind.CHOICE, choices=v.PRIORITIES, width=8, owner=TOOL),
        Field("state", "状态", Kind.CHOICE, choices=v.VISIT_STATES, width=10, owner=TOOL),
        r.VISIT_NO,
    ),
    result=True,
    optional=True,
    help="供打印报批：先是期间、合计和签批栏，后为待执行的回访，按网点、人员、日期排列；不含电话",
    clause="二、(一)1.",
)
