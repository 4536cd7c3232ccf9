"""Issues and the changes of their state; what customers were promised and promised themselves.

六, 三、(七)3., 四、(二)4.
"""

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Privacy, Sheet
from toolkit.model.sheets import recurring as r
from toolkit.model.sheets.recurring import TOOL

ISSUES = Sheet(
    "问题台账",
    (
        Field("issue_no", "问题编号", Kind.CODE, width=22, owner=TOOL),
        r.VISIT_NO,
        r.CONTRACT_NO_TOOL,
        r.CUSTOMER_NAME,
        Field("category", "问题类别", Kind.CHOICE, choices=v.ISSUE_CATEGORIES, width=20, owner=TOOL),
        Field("severity", "严重程度", Kind.CHOICE, choices=v.GRADINGS, width=10, owner=TOOL, clause="六、(一)"),
        Field("evidence", "判定依据", width=40, owner=TOOL, privacy=Privacy.FREE_TEXT),
        Field("rule", "命中规则", width=24, owner=TOOL),
        Field("manual_grading", "人工认定", Kind.CHOICE, choices=v.MANUAL_GRADINGS, width=10, clause="六、(一)"),
        Field("manual_reason", "认定理由", width=24),
        Field("found_on", "发现日期", Kind.DATE, width=12, owner=TOOL),
        Field("report_due_on", "反馈时限", Kind.DATE, width=12, owner=TOOL, clause="六、(二)2.", may_be_future=True),
        Field("reported_on", "反馈日期", Kind.DATE, width=12, clause="六、(二)2."),
        Field("department", "责任部门", width=14, clause="二、(二)2."),
        Field("owner", "责任人", width=10, clause="二、(二)2."),
        Field("remedy", "整改措施", width=30, clause="六、(二)2.", privacy=Privacy.FREE_TEXT),
        Field("remedy_due_on", "整改时限", Kind.DATE, width=12, owner=TOOL, clause="六、(三)1.", may_be_future=True),
        Field("state", "状态", Kind.CHOICE, choices=v.ISSUE_STATES, width=10),
        Field("completed_on", "完成日期", Kind.DATE, width=12),
        Field("verifier", "验证人", width=10, clause="六、(三)1."),
        Field("verified_on", "验证日期", Kind.DATE, width=12, clause="六、(三)1."),
        Field(
            "escalation_due_on", "上报时限", Kind.DATE, width=12, owner=TOOL, clause="六、(二)3.", may_be_future=True
        ),
        Field("escalated_on", "上报日期", Kind.DATE, width=12, clause="六、(二)3."),
        Field("outcome", "处理结果", width=30, clause="六、(三)2.", privacy=Privacy.FREE_TEXT),
        Field("related_issue", "关联问题", Kind.CODE, width=22, owner=TOOL, clause="六、(三)3."),
        Field("supervision", "督办", width=30, owner=TOOL, clause="六、(三)1."),
        Field("accountability", "问责建议", width=40, owner=TOOL, clause="六、(三)3."),
        r.DRAWDOWN_NO_TOOL,
    ),
    key=("issue_no",),
    result=True,
    optional=True,
    help="一次回访 × 一个问题类别为一行",
    clause="六、",
)

ISSUE_EVENTS = Sheet(
    "问题事件",
    (
        Field("at", "时间", Kind.TIMESTAMP, width=18),
        Field("issue_no", "问题编号", Kind.CODE, width=22),
        Field("event", "事件", width=16),
        Field("old_state", "原状态", Kind.CHOICE, choices=v.ISSUE_STATES, width=10),
        Field("new_state", "新状态", Kind.CHOICE, choices=v.ISSUE_STATES, width=10),
        Field("handler", "经办人", width=10),
        r.APPROVER,
        Field("reason", "理由", width=40),
    ),
    optional=True,
    help="问题台账的每次状态变更一行，“跟踪督办”自动补记；暂停、降级须在此登记批准人和理由。按登记先后排列，请勿排序",
    clause="六、(三)",
)

# Memory of `track`: what was agreed when it last ran, and limits before and after a pause.
ISSUE_MEMORY = Sheet(
    "问题底稿",
    (
        Field("issue_no", "问题编号", Kind.CODE, width=22, owner=TOOL),
        Field("state", "已登记状态", Kind.CHOICE, choices=v.ISSUE_STATES, width=12, owner=TOOL),
        Field("paused_workdays", "暂停工作日数", Kind.INTEGER, width=13, owner=TOOL),
        Field("report_due_on_original", "原反馈时限", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("report_due_on_extended", "顺延后反馈时限", Kind.DATE, width=15, owner=TOOL, may_be_future=True),
        Field("remedy_due_on_original", "原整改时限", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("remedy_due_on_extended", "顺延后整改时限", Kind.DATE, width=15, owner=TOOL, may_be_future=True),
        Field("escalation_due_on_original", "原上报时限", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("escalation_due_on_extended", "顺延后上报时限", Kind.DATE, width=15, owner=TOOL, may_be_future=True),
    ),
    key=("issue_no",),
    result=True,
    optional=True,
    hidden=True,
    help="“跟踪督办”上次认可的状态，以及暂停前后的时限",
    clause="六、(三)1.",
)

OPEN_QUESTIONS = Sheet(
    "待答复事项",
    (
        r.VISIT_NO,
        r.CONTRACT_NO_TOOL,
        r.CUSTOMER_NAME,
        r.VISITED_ON,
        r.VISITOR_TOOL,
        Field("open_question", "待答复事项", width=40, privacy=Privacy.FREE_TEXT, owner=TOOL, clause="三、(七)3."),
        Field("department", "答复部门", width=14, owner=TOOL, clause="三、(七)3."),
        Field("due_on", "答复时限", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("answered_on", "答复日期", Kind.DATE, width=12, owner=TOOL),
        Field("state", "状态", Kind.CHOICE, choices=v.QUESTION_STATES, width=12, owner=TOOL),
        Field("supervision", "督办", width=30, owner=TOOL, clause="六、(三)1."),
        r.DRAWDOWN_NO_TOOL,
    ),
    key=("visit_no", "contract_no", "drawdown_no", "visited_on", "open_question"),
    result=True,
    optional=True,
    help="回访中不能当场解决、须由部门答复的事项，未答复的在前；答复日期请填在“回访记录”表",
    clause="三、(七)3.",
)

PROMISES = Sheet(
    "承诺还款核对",
    (
        r.VISIT_NO,
        r.CONTRACT_NO_TOOL,
        r.CUSTOMER_NAME,
        r.VISITED_ON,
        r.VISITOR_TOOL,
        Field("promised_on", "承诺还款日期", Kind.DATE, width=13, owner=TOOL, may_be_future=True),
        Field("instalments", "核对期次", width=14, owner=TOOL),
        Field("due_amount", "应还金额", Kind.MONEY, width=14, owner=TOOL),
        Field("paid_amount", "承诺日前已还", Kind.MONEY, width=14, owner=TOOL),
        Field("verdict", "结论", Kind.CHOICE, choices=v.PROMISE_VERDICTS, width=10, owner=TOOL),
        Field("evidence", "依据", width=44, owner=TOOL),
        Field("proposal", "建议", width=44, owner=TOOL, clause="四、(二)4."),
        r.DRAWDOWN_NO_TOOL,
    ),
    key=("visit_no", "contract_no", "drawdown_no", "visited_on", "promised_on"),
    result=True,
    optional=True,
    help="客户在回访中承诺的还款，与最近一次导入的还款计划或台账核对；建议由人决定是否采纳",
    clause="四、(二)4.",
)
