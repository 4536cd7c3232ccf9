"""Value lists of the workbook, each once (contract, section 2).

Lists are tuples of the exact Chinese text a cell may hold, in the order a dropdown shows them.
"""

YES, NO = "是", "否"
YES_NO = (YES, NO)

CUSTOMER_TYPES = ("个人", "企业")
PERSON, FIRM = CUSTOMER_TYPES

APPROVAL_RESULTS = ("通过", "拒绝")

LOAN_STATUSES = ("申请中", "审批中", "未通过", "待发放", "使用中", "已结清", "已核销")
APPLYING, APPROVING, REJECTED, AWAITING_DISBURSEMENT, IN_USE, SETTLED, WRITTEN_OFF = LOAN_STATUSES
CLOSED_LOAN_STATUSES = (SETTLED, WRITTEN_OFF)

LOAN_GRADES = ("正常", "关注", "次级", "可疑", "损失")
NORMAL_GRADE = LOAN_GRADES[0]
WATCHED_GRADES = LOAN_GRADES[1:]

REPAYMENT_METHODS = ("等额本息", "等额本金", "按月付息到期还本", "按季付息到期还本", "到期一次还本付息", "其他")

DAY_KINDS = ("休", "班")
DAY_OFF, MAKEUP_WORKDAY = DAY_KINDS

VISITOR_STATUSES = ("在岗", "离岗")
ON_DUTY, OFF_DUTY = VISITOR_STATUSES

# The order is the tie-break of the contract, section 3, fine print 6.
VISIT_TYPES = ("申请回访", "审批回访", "首次回访", "定期回访", "还款提醒", "逾期回访", "专项回访")
APPLICATION, APPROVAL, FIRST, PERIODIC, REMINDER, OVERDUE, SPECIAL = VISIT_TYPES

STAGES = ("申请", "审批", "发放", "使用", "还款", "使用、还款")
STAGE_OF_TYPE = {
    APPLICATION: "申请",
    APPROVAL: "审批",
    FIRST: "发放",
    PERIODIC: "使用",
    REMINDER: "还款",
    OVERDUE: "还款",
    SPECIAL: "使用、还款",
}

# From weakest to strictest (contract, section 3, fine print 8).
VISIT_METHODS = ("问卷", "电话", "面谈")
QUESTIONNAIRE, PHONE_CALL, FACE_TO_FACE = VISIT_METHODS
METHOD_CHOICES = (PHONE_CALL, FACE_TO_FACE, QUESTIONNAIRE)

PRIORITIES = ("高", "中", "低")
HIGH, MEDIUM, LOW = PRIORITIES

VISIT_STATES = ("待回访", "已完成", "逾期未访", "已改期", "已取消")
TO_VISIT, DONE, MISSED, RESCHEDULED, CANCELLED = VISIT_STATES
OPEN_VISIT_STATES = (TO_VISIT, MISSED, RESCHEDULED)
UNASSIGNED = "未分配"  # stands for 回访人员 in the views of the plan
OVER_LIMIT = "超上限"  # ends a day of 周安排 above 每日上限

RESULTS = ("成功", "未接通", "拒访", "号码有误", "改期")
SUCCESS, NO_ANSWER, REFUSED, WRONG_NUMBER, POSTPONED = RESULTS

CHECK_ANSWERS = ("是", "否", "不适用", "未问")
NOT_APPLICABLE, NOT_ASKED = CHECK_ANSWERS[2:]

REMINDER_PREFERENCES = ("短信", "电话", "微信", "不需要", "希望增加次数")

FINDING_LEVELS = ("错误", "警告", "提示")
ERROR, WARNING, HINT = FINDING_LEVELS
FINDING_HANDLING = ("采纳", "说明")
ACCEPT, EXPLAIN = FINDING_HANDLING

CONFLICT_HANDLING = ("采用新值", "保留原值")
TAKE_NEW, KEEP_OLD = CONFLICT_HANDLING
FILE_FATES = ("已收", "部分收", "未收")
TAKEN, PARTLY_TAKEN, NOT_TAKEN = FILE_FATES

SEVERITIES = ("一般", "重要", "重大")
GENERAL, MAJOR, CRITICAL = SEVERITIES
NO_ISSUE = "无问题"
UNGRADED = "待定级"
GRADINGS = (*SEVERITIES, UNGRADED)
MANUAL_GRADINGS = (*SEVERITIES, NO_ISSUE)

ISSUE_CATEGORIES = (
    "政策流程不理解",
    "服务态度",
    "审批时间过长",
    "资金未及时到账",
    "金额不符",
    "挪用资金",
    "还款困难",
    "逾期",
    "虚假资料/欺诈",
    "内外勾结/收取好处费",
    "违规收费",
    "投诉/维权/媒体",
    "信息泄露",
    "失联",
)
(
    POLICY_UNCLEAR,
    ATTITUDE,
    SLOW_APPROVAL,
    LATE_FUNDS,
    WRONG_AMOUNT,
    DIVERSION,
    HARDSHIP,
    PAST_DUE,
    FRAUD,
    COLLUSION,
    ILLICIT_FEES,
    COMPLAINT,
    DATA_LEAK,
    OUT_OF_REACH,
) = ISSUE_CATEGORIES

# Heard on visits and collected (三、(六)), but no issue.
SATISFIED, SUGGESTION, OTHER_NEED = HARMLESS_CATEGORIES = ("满意", "建议", "其他金融需求")

ISSUE_STATES = ("待定级", "待反馈", "已反馈", "整改中", "待验证", "已销号", "已暂停", "已重开", "当场解决")
(
    TO_GRADE,
    TO_REPORT,
    REPORTED,
    REMEDYING,
    TO_VERIFY,
    CLOSED,
    PAUSED,
    REOPENED,
    SOLVED_ON_THE_SPOT,
) = ISSUE_STATES
SETTLED_ISSUE_STATES = (CLOSED, SOLVED_ON_THE_SPOT)

# From gentle to grave (六、(三)1.).
SUPERVISION = ("催办", "督办", "通报")
REMIND, URGE, NAME_PUBLICLY = SUPERVISION

QUESTION_STATES = ("待答复", "逾期未答复", "已答复", "逾期答复")
TO_ANSWER, ANSWER_OVERDUE, ANSWERED, ANSWERED_LATE = QUESTION_STATES

PROMISE_VERDICTS = ("已履行", "未履行", "未到期", "待核对", "无法核对")
KEPT, BROKEN, PROMISE_OPEN, AWAITS_IMPORT, NOT_COMPARABLE = PROMISE_VERDICTS

KPI_OBJECT_KINDS = ("机构", "网点", "回访人员", "部门")
KPI_NAMES = ("回访计划完成率", "回访记录准确率", "问题反馈及时率", "问题处理解决率")
PLAN_COMPLETION, RECORD_ACCURACY, FEEDBACK_TIMELINESS, RESOLUTION_RATE = KPI_NAMES
KPI_VERDICTS = ("达标", "未达标", "—")
NO_VALUE = "—"

# So many attempts on so many days to reach a customer, and the visitor has done what can be asked for.
DILIGENT_ATTEMPTS, DILIGENT_DAYS = 3, 2
UNREACHED = (NO_ANSWER, WRONG_NUMBER)

SPOT_CHECK_VERDICTS = ("一致", "漏记", "错记", "失实", "无法核实")
FAILED_SPOT_CHECKS = ("漏记", "错记", "失实")

RECTIFICATION_STATES = ("待整改", "逾期未整改", "待验证", "已整改", "已撤销")
TO_RECTIFY, RECTIFY_OVERDUE, RECTIFIED_UNVERIFIED, RECTIFIED, RECTIFY_VOID = RECTIFICATION_STATES
CORRECTION_STATES = ("已更正", "未更正")
CORRECTED, UNCORRECTED = CORRECTION_STATES

RETENTION_STATES = ("到期待审批", "暂缓", "未到期", "已不在台账")
EXPIRED, HELD, NOT_EXPIRED, LEFT_LEDGER = RETENTION_STATES
RETENTION_DECISIONS = ("同意销毁", "继续保管")

TRAINING_KINDS = ("贷款知识", "流程技巧", "沟通技巧", "法律法规", "案例演练", "客户宣传")

PERIODIC_BASES = ("自然季度", "滚动")
CALENDAR_QUARTER, ROLLING = PERIODIC_BASES
REMINDER_SCOPES = ("全部", "曾逾期", "末期")
ALL_INSTALMENTS, ONCE_OVERDUE, LAST_INSTALMENT = REMINDER_SCOPES

FIRST_VERDICTS = ("准确", "有错")

TRIAL_VERDICTS = ("通过", "不通过")
PASSED, FAILED = TRIAL_VERDICTS
