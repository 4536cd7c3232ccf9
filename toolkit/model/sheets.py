"""Every sheet and column of the branch workbook, once (contract, section 2).

Templates, readers, checks, masking and the data dictionary are derived from here. A new column is a new line.
"""

from dataclasses import replace

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Owner, Privacy, Sheet

TOOL = Owner.TOOL

_CONTRACT_NO = Field(
    "contract_no", "贷款合同编号", Kind.CODE, True, width=20, clause="五、(一)2.", help="与贷款台账一致，按文本录入"
)
_CONTRACT_NO_TOOL = Field("contract_no", "贷款合同编号", Kind.CODE, width=20, owner=TOOL, clause="五、(一)2.")
_DRAWDOWN_NO = Field("drawdown_no", "借据编号", Kind.CODE, width=16, help="一份合同分次放款时填写；否则留空")
_VISIT_NO = Field("visit_no", "回访编号", Kind.CODE, width=22, owner=TOOL)
_VISITOR = Field("visitor", "回访人员", width=10, help="填姓名，须在“回访人员”表中")
_BRANCH = Field("branch", "网点", width=14)
_CLAUSE = Field("clause", "制度条款", width=12, owner=TOOL)
_REMARK = Field("remark", "备注", width=24, privacy=Privacy.FREE_TEXT)

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

LOANS = Sheet(
    "贷款台账",
    (
        _CONTRACT_NO,
        Field("customer_no", "客户编号", Kind.CODE, True, width=14),
        Field("customer_name", "客户姓名", Kind.TEXT, True, width=18, privacy=Privacy.NAME, clause="三、(七)4."),
        Field("customer_type", "客户类型", Kind.CHOICE, True, v.CUSTOMER_TYPES, width=10, clause="一、(二)"),
        Field("id_number", "证件号码", Kind.ID_NUMBER, width=22, privacy=Privacy.ID_NUMBER),
        Field("phone", "联系电话", Kind.PHONE, True, width=15, privacy=Privacy.PHONE, clause="四、(一)1."),
        Field("product", "贷款产品", Kind.TEXT, True, width=16),
        Field("amount", "贷款金额", Kind.MONEY, True, width=14, lowest=0, help="单位：元"),
        Field("term_months", "期限(月)", Kind.INTEGER, width=9, lowest=1, highest=600),
        Field("annual_rate", "年利率(%)", Kind.NUMBER, width=10, lowest=0, highest=100),
        Field("repayment_method", "还款方式", width=18),
        Field("purpose", "贷款用途", Kind.TEXT, True, width=18, clause="三、(一)2."),
        Field("applied_on", "申请日期", Kind.DATE, width=12),
        Field("approved_on", "审批日期", Kind.DATE, width=12),
        Field("approval_result", "审批结果", Kind.CHOICE, choices=v.APPROVAL_RESULTS, width=10),
        Field("rejection_reason", "未通过原因", width=18, clause="三、(二)1."),
        Field("disbursed_on", "发放日期", Kind.DATE, width=12, clause="四、(二)1.", may_be_future=True),
        Field("matures_on", "到期日", Kind.DATE, width=12, may_be_future=True),
        Field("settled_on", "结清日期", Kind.DATE, width=12, clause="五、(一)3.", may_be_future=True),
        Field("balance", "贷款余额", Kind.MONEY, width=14, lowest=0),
        Field("status", "贷款状态", Kind.CHOICE, True, v.LOAN_STATUSES, width=10),
        Field("grade", "五级分类", Kind.CHOICE, choices=v.LOAN_GRADES, width=10),
        Field("days_past_due", "逾期天数", Kind.INTEGER, width=10, lowest=0, help="有还款计划时不采用本列"),
        Field("branch", "网点", Kind.TEXT, True, width=14),
        Field("loan_officer", "客户经理", Kind.TEXT, True, width=10, help="填姓名；回访不得由本人经办"),
        Field("key_customer", "重要客户", Kind.CHOICE, choices=v.YES_NO, width=10, clause="四、(一)2."),
        _DRAWDOWN_NO,
        _REMARK,
    ),
    key=("contract_no", "drawdown_no"),
    help="每笔贷款一行；“导入台账”只覆盖导出文件中有的列",
    clause="一、(二)",
)

SCHEDULE = Sheet(
    "还款计划",
    (
        _CONTRACT_NO,
        Field("instalment_no", "期次", Kind.INTEGER, True, width=8, lowest=0, highest=1200),
        Field("due_on", "应还日期", Kind.DATE, True, width=12, clause="四、(二)3.", may_be_future=True),
        Field("due_amount", "应还金额", Kind.MONEY, True, width=14, lowest=0),
        Field("paid_on", "实还日期", Kind.DATE, width=12, may_be_future=True),
        Field("paid_amount", "实还金额", Kind.MONEY, width=14, lowest=0),
        _DRAWDOWN_NO,
    ),
    key=("contract_no", "drawdown_no", "instalment_no"),
    optional=True,
)

SPECIAL_VISITS = Sheet(
    "专项回访",
    (
        _CONTRACT_NO,
        Field("reason", "原因", Kind.TEXT, True, width=36, clause="四、(二)5."),
        Field("due_on", "截止日期", Kind.DATE, True, width=12, may_be_future=True),
        Field("approver", "批准人", width=10),
        _DRAWDOWN_NO,
    ),
    optional=True,
    clause="四、(二)5.",
)

VISITS = Sheet(
    "回访清单",
    (
        _VISIT_NO,
        _CONTRACT_NO_TOOL,
        Field("customer_name", "客户姓名", width=18, privacy=Privacy.NAME, owner=TOOL),
        Field("phone", "联系电话", Kind.PHONE, width=15, privacy=Privacy.PHONE, owner=TOOL, clause="四、(一)1."),
        Field("visit_type", "回访类型", Kind.CHOICE, choices=v.VISIT_TYPES, width=10, owner=TOOL, clause="四、(二)"),
        Field("stage", "回访阶段", Kind.CHOICE, choices=v.STAGES, width=10, owner=TOOL, clause="三"),
        Field("method", "回访方式", Kind.CHOICE, choices=v.METHOD_CHOICES, width=9, owner=TOOL, clause="四、(一)"),
        Field("earliest_on", "最早日期", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("due_on", "截止日期", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("scheduled_on", "安排日期", Kind.DATE, width=12, may_be_future=True, help="可改；改后再次生成清单时保留"),
        Field("priority", "优先级", Kind.CHOICE, choices=v.PRIORITIES, width=8, owner=TOOL),
        _VISITOR,
        Field("branch", "网点", width=14, owner=TOOL),
        Field("merge_group", "合并组", Kind.CODE, width=22, owner=TOOL, help="同组的回访一次联系完成"),
        Field("state", "状态", Kind.CHOICE, choices=v.VISIT_STATES, width=10),
        Field("rescheduled_to", "改期至", Kind.DATE, width=12, may_be_future=True),
        Field("reschedule_approved_on", "改期批准日期", Kind.DATE, width=13),
        Field("approver", "批准人", width=10),
        Field("reason", "事由", width=46, owner=TOOL, privacy=Privacy.FREE_TEXT),
        _CLAUSE,
        Field("system_note", "系统提示", width=36, owner=TOOL, privacy=Privacy.FREE_TEXT),
        _REMARK,
        Field("drawdown_no", "借据编号", Kind.CODE, width=16, owner=TOOL),
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
        Field("visitor", "回访人员", width=10, owner=TOOL),
        Field("branch", "网点", width=14, owner=TOOL),
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
        Field("period", "期间", Kind.CODE, width=24, owner=TOOL),
        Field("visitor", "回访人员", width=12, owner=TOOL),
        Field("branch", "网点", width=16, owner=TOOL),
        Field(
            "expected", "应访", Kind.INTEGER, width=8, owner=TOOL, help="本期到期和以前到期而未完成的回访，不含已取消"
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
    help="本次计划按人员的完成情况，与“回访清单”的状态一致",
    clause="二、(一)1.",
)

PLAN_APPROVAL = Sheet(
    "计划审批表",
    (
        Field("no", "序号", Kind.INTEGER, width=6, owner=TOOL),
        _CONTRACT_NO_TOOL,
        Field("customer_name", "客户姓名", width=16, privacy=Privacy.NAME, owner=TOOL),
        Field("visit_type", "回访类型", Kind.CHOICE, choices=v.VISIT_TYPES, width=10, owner=TOOL),
        Field("method", "回访方式", Kind.CHOICE, choices=v.METHOD_CHOICES, width=9, owner=TOOL),
        Field("scheduled_on", "安排日期", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("visitor", "回访人员", width=10, owner=TOOL),
        Field("branch", "网点", width=14, owner=TOOL),
        Field("due_on", "截止日期", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("priority", "优先级", Kind.CHOICE, choices=v.PRIORITIES, width=8, owner=TOOL),
        Field("state", "状态", Kind.CHOICE, choices=v.VISIT_STATES, width=10, owner=TOOL),
        _VISIT_NO,
    ),
    result=True,
    optional=True,
    help="供打印报批：先是期间、合计和签批栏，后为待执行的回访，按网点、人员、日期排列；不含电话",
    clause="二、(一)1.",
)

# (check, stage, the regulation's question); 是 is always the good answer.
CHECKS: tuple[tuple[str, str, str, str, str], ...] = (
    ("apply_1", "申请1_了解产品", "申请", "是否了解贷款金额、期限、利率、还款方式等基本信息", "三、(一)1."),
    ("apply_2", "申请2_用途真实", "申请", "贷款用途是否真实合理，无虚假陈述或欺诈", "三、(一)2."),
    ("apply_3", "申请3_流程满意", "申请", "对申请流程是否满意，无流程复杂之不便", "三、(一)3."),
    ("approve_1", "审批1_知晓结果", "审批", "是否知晓审批结果（未通过的是否知晓原因）", "三、(二)1."),
    ("approve_2", "审批2_态度良好", "审批", "工作人员态度是否良好，无刁难", "三、(二)2."),
    ("approve_3", "审批3_时间合理", "审批", "审批时间是否合理，未影响资金使用计划", "三、(二)3."),
    ("disburse_1", "发放1_足额到账", "发放", "款项是否收到且与合同金额一致", "三、(三)1."),
    ("disburse_2", "发放2_手续清楚", "发放", "是否清楚到账方式及相关手续", "三、(三)2."),
    ("disburse_3", "发放3_及时到账", "发放", "款项是否及时到账，对发放过程满意", "三、(三)3."),
    ("use_1", "使用1_用途合规", "使用", "是否按合同约定用途使用，未挪作他用", "三、(四)1."),
    ("use_2", "使用2_使用顺利", "使用", "使用过程是否顺利，无须公司帮助的困难", "三、(四)2."),
    ("use_3", "使用3_效果达标", "使用", "资金使用效果是否达到预期", "三、(四)3."),
    ("repay_1", "还款1_计划清楚", "还款", "是否清楚还款时间、金额、方式", "三、(五)1."),
    ("repay_2", "还款2_能力稳定", "还款", "近期还款能力是否稳定，无还款困难迹象", "三、(五)2."),
    ("repay_3", "还款3_提醒满意", "还款", "对还款提醒服务是否满意", "三、(五)3."),
)
CHECK_FIELDS = tuple(name for name, *_ in CHECKS)
CHECKS_OF_STAGE = {stage: tuple(name for name, _, of, *_ in CHECKS if of in stage.split("、")) for stage in v.STAGES}

RECORDS = Sheet(
    "回访记录",
    (
        Field("visit_no", "回访编号", Kind.CODE, width=22, help="照回访清单填写；空白时按合同编号和日期匹配"),
        Field("visited_on", "回访日期", Kind.DATE, True, width=12, clause="五、(一)2."),
        Field("started_at", "开始时间", Kind.TIME, width=10),
        Field("minutes", "时长(分钟)", Kind.NUMBER, width=10, lowest=0, highest=1440, clause="三、(七)2."),
        Field("customer_name", "客户姓名", Kind.TEXT, True, width=18, privacy=Privacy.NAME, clause="五、(一)2."),
        _CONTRACT_NO,
        Field("phone", "联系电话", Kind.PHONE, True, width=15, privacy=Privacy.PHONE, clause="三、(七)4."),
        Field("method", "回访方式", Kind.CHOICE, True, v.METHOD_CHOICES, width=9, clause="五、(一)2."),
        Field("result", "回访结果", Kind.CHOICE, True, v.RESULTS, width=10),
        *(
            Field(name, header, Kind.CHOICE, choices=v.CHECK_ANSWERS, width=13, clause=clause, help=question)
            for name, header, _, question, clause in CHECKS
        ),
        Field("suggestion", "其他1_意见建议", width=24, privacy=Privacy.FREE_TEXT, clause="三、(六)1."),
        Field("other_needs", "其他2_金融需求", width=24, privacy=Privacy.FREE_TEXT, clause="三、(六)2."),
        Field("content", "回访内容", width=40, privacy=Privacy.FREE_TEXT, clause="五、(一)2.", help="成功回访必填"),
        Field("feedback", "客户反馈", width=40, privacy=Privacy.FREE_TEXT, clause="五、(一)2.", help="成功回访必填"),
        Field("satisfaction", "满意度", Kind.INTEGER, width=8, lowest=1, highest=5, help="1–5 分"),
        Field("open_question", "待答复事项", width=24, privacy=Privacy.FREE_TEXT, clause="三、(七)3."),
        Field("answer_department", "答复部门", width=14, clause="三、(七)3."),
        Field("answer_due_on", "答复时限", Kind.DATE, width=12, clause="三、(七)3.", may_be_future=True),
        Field("answered_on", "答复日期", Kind.DATE, width=12, clause="三、(七)3."),
        Field("reminder_preference", "提醒偏好", width=14, clause="三、(五)3."),
        Field("promised_on", "承诺还款日期", Kind.DATE, width=13, clause="四、(二)4.", may_be_future=True),
        Field("visitor", "回访人员", Kind.TEXT, True, width=10, help="填姓名，须在“回访人员”表中"),
        Field("signature", "回访人员签名", Kind.TEXT, True, width=13, clause="五、(一)2."),
        Field("submitted_on", "提交日期", Kind.DATE, width=12, clause="五、(一)1.", help="提交风险管理部门的日期"),
        _REMARK,
        _DRAWDOWN_NO,
    ),
    optional=True,
    help="《贷款回访记录》，一次联系一行",
    clause="五、(一)",
)

CONFLICTS = Sheet(
    "记录冲突",
    (
        _VISIT_NO,
        _CONTRACT_NO_TOOL,
        Field("drawdown_no", "借据编号", Kind.CODE, width=16, owner=TOOL),
        Field("visited_on", "回访日期", Kind.DATE, width=12, owner=TOOL),
        Field("started_at", "开始时间", Kind.TIME, width=10, owner=TOOL),
        Field("visitor", "回访人员", width=10, owner=TOOL),
        Field("record_row", "记录行", Kind.INTEGER, width=8, owner=TOOL, help="登记冲突时记录在“回访记录”的行"),
        Field("field", "字段", width=14, owner=TOOL),
        Field("old_value", "原值", width=30, owner=TOOL, privacy=Privacy.FREE_TEXT),
        Field("new_value", "新值", width=30, owner=TOOL, privacy=Privacy.FREE_TEXT),
        Field("source_file", "来源文件", width=30, owner=TOOL),
        Field("source_cell", "来源单元格", width=18, owner=TOOL),
        Field("found_on", "登记日期", Kind.DATE, width=12, owner=TOOL),
        Field(
            "handling", "处理", Kind.CHOICE, choices=v.CONFLICT_HANDLING, width=11,
            help="选好后再点“收集记录”或“校验记录”即执行",
        ),
        Field("handled_by", "处理人", width=10),
        Field("handled_on", "处理日期", Kind.DATE, width=12),
        Field("result", "执行结果", width=34, owner=TOOL),
    ),
    result=True,
    optional=True,
    help="收到的内容与已有记录不同的单元格；未处理前保留原值",
    clause="五、(一)",
)  # fmt: skip

COLLECTED = Sheet(
    "收集情况",
    (
        Field("file", "文件", width=44, owner=TOOL),
        Field("fate", "结果", Kind.CHOICE, choices=v.FILE_FATES, width=9, owner=TOOL),
        Field("reason", "说明", width=70, owner=TOOL),
        Field("read", "读入记录", Kind.INTEGER, width=10, owner=TOOL),
        Field("new", "新增", Kind.INTEGER, width=8, owner=TOOL),
        Field("filled", "补填单元格", Kind.INTEGER, width=11, owner=TOOL),
        Field("same", "重复", Kind.INTEGER, width=8, owner=TOOL, help="与已有记录或前面的文件内容一致"),
        Field("conflicts", "冲突单元格", Kind.INTEGER, width=11, owner=TOOL, help="见“记录冲突”"),
    ),
    result=True,
    optional=True,
    help="最近一次“收集记录”逐个文件的结果",
    clause="五、(一)",
)

FINDINGS = Sheet(
    "校验结果",
    (
        Field("no", "序号", Kind.INTEGER, width=6, owner=TOOL),
        Field("level", "级别", Kind.CHOICE, choices=v.FINDING_LEVELS, width=8, owner=TOOL),
        Field("rule", "规则", width=10, owner=TOOL),
        Field("sheet", "工作表", width=12, owner=TOOL),
        Field("cell", "单元格", Kind.LINK, width=9, owner=TOOL, link_sheet="sheet"),
        _VISIT_NO,
        Field("message", "说明", width=52, owner=TOOL, privacy=Privacy.FREE_TEXT),
        Field("suggestion", "建议", width=36, owner=TOOL, privacy=Privacy.FREE_TEXT),
        _CLAUSE,
        Field("handling", "处理", Kind.CHOICE, choices=v.FINDING_HANDLING, width=8),
        Field("handling_reason", "处理理由", width=24),
        Field("handled_by", "处理人", width=10),
        Field("handled_on", "处理日期", Kind.DATE, width=12),
    ),
    result=True,
    optional=True,
    help="“校验记录”“生成回访清单”“跟踪督办”发现的问题，点击单元格可跳转",
    clause="三、(七)4.",
)

CHECK_SUMMARY = Sheet(
    "校验汇总",
    (
        Field("visitor", "回访人员", width=12, owner=TOOL),
        Field("branch", "网点", width=16, owner=TOOL),
        Field("records", "记录数", Kind.INTEGER, width=8, owner=TOOL),
        Field("successes", "成功", Kind.INTEGER, width=8, owner=TOOL),
        Field("errors", "错误", Kind.INTEGER, width=8, owner=TOOL, help="尚未改正的"),
        Field("faulty", "有错记录", Kind.INTEGER, width=10, owner=TOOL),
        Field("warnings", "警告", Kind.INTEGER, width=8, owner=TOOL, help="尚未改正或说明的"),
        Field("hints", "提示", Kind.INTEGER, width=8, owner=TOOL, help="疑似编造等须核实的，证据见“校验结果”"),
        Field("refused", "拒访", Kind.INTEGER, width=8, owner=TOOL),
        Field("refusal_rate", "拒访率", Kind.FRACTION, width=9, owner=TOOL, help="拒访÷记录数"),
        Field(
            "not_asked_rate", "未问率", Kind.FRACTION, width=9, owner=TOOL, help="成功回访已填的核对项中“未问”所占比例"
        ),
        Field("phone_minutes", "电话时长中位数", Kind.NUMBER, width=14, owner=TOOL, help="成功的电话回访，单位：分钟"),
        Field(
            "meeting_minutes", "面谈时长中位数", Kind.NUMBER, width=14, owner=TOOL, help="成功的面谈回访，单位：分钟"
        ),
        Field("late", "迟交", Kind.INTEGER, width=8, owner=TOOL, help="提交超时或到期未交的记录"),
        Field("late_rate", "迟交率", Kind.FRACTION, width=9, owner=TOOL, help="迟交÷记录数"),
    ),
    key=("visitor",),
    result=True,
    optional=True,
    help="由“校验记录”写入：每名回访人员的记录概况，与“校验结果”一致",
    clause="七、(一)2.",
)

ISSUES = Sheet(
    "问题台账",
    (
        Field("issue_no", "问题编号", Kind.CODE, width=22, owner=TOOL),
        _VISIT_NO,
        _CONTRACT_NO_TOOL,
        Field("customer_name", "客户姓名", width=18, privacy=Privacy.NAME, owner=TOOL),
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
        Field("drawdown_no", "借据编号", Kind.CODE, width=16, owner=TOOL),
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
        Field("approver", "批准人", width=10),
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
        _VISIT_NO,
        _CONTRACT_NO_TOOL,
        Field("customer_name", "客户姓名", width=18, privacy=Privacy.NAME, owner=TOOL),
        Field("visited_on", "回访日期", Kind.DATE, width=12, owner=TOOL),
        Field("visitor", "回访人员", width=10, owner=TOOL),
        Field("open_question", "待答复事项", width=40, privacy=Privacy.FREE_TEXT, owner=TOOL, clause="三、(七)3."),
        Field("department", "答复部门", width=14, owner=TOOL, clause="三、(七)3."),
        Field("due_on", "答复时限", Kind.DATE, width=12, owner=TOOL, may_be_future=True),
        Field("answered_on", "答复日期", Kind.DATE, width=12, owner=TOOL),
        Field("state", "状态", Kind.CHOICE, choices=v.QUESTION_STATES, width=12, owner=TOOL),
        Field("supervision", "督办", width=30, owner=TOOL, clause="六、(三)1."),
        Field("drawdown_no", "借据编号", Kind.CODE, width=16, owner=TOOL),
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
        _VISIT_NO,
        _CONTRACT_NO_TOOL,
        Field("customer_name", "客户姓名", width=18, privacy=Privacy.NAME, owner=TOOL),
        Field("visited_on", "回访日期", Kind.DATE, width=12, owner=TOOL),
        Field("visitor", "回访人员", width=10, owner=TOOL),
        Field("promised_on", "承诺还款日期", Kind.DATE, width=13, owner=TOOL, may_be_future=True),
        Field("instalments", "核对期次", width=14, owner=TOOL),
        Field("due_amount", "应还金额", Kind.MONEY, width=14, owner=TOOL),
        Field("paid_amount", "承诺日前已还", Kind.MONEY, width=14, owner=TOOL),
        Field("verdict", "结论", Kind.CHOICE, choices=v.PROMISE_VERDICTS, width=10, owner=TOOL),
        Field("evidence", "依据", width=44, owner=TOOL),
        Field("proposal", "建议", width=44, owner=TOOL, clause="四、(二)4."),
        Field("drawdown_no", "借据编号", Kind.CODE, width=16, owner=TOOL),
    ),
    key=("visit_no", "contract_no", "drawdown_no", "visited_on", "promised_on"),
    result=True,
    optional=True,
    help="客户在回访中承诺的还款，与最近一次导入的还款计划或台账核对；建议由人决定是否采纳",
    clause="四、(二)4.",
)

CLASSIFICATION_RULES = Sheet(
    "分类规则",
    (
        Field("code", "规则编号", Kind.CODE, True, width=12),
        Field("enabled", "启用", Kind.CHOICE, True, v.YES_NO, width=8),
        Field("check", "核对项", Kind.TEXT, width=18, help="按核对项判定时填回访记录中的核对列；按词句判定时留空"),
        Field("answer", "答案", Kind.CHOICE, choices=v.CHECK_ANSWERS, width=10),
        Field("category", "问题类别", Kind.CHOICE, True, (*v.ISSUE_CATEGORIES, *v.HARMLESS_CATEGORIES), width=22),
        Field("severity", "严重程度", Kind.CHOICE, True, (*v.SEVERITIES, v.NO_ISSUE), width=10),
        Field(
            "phrases",
            "词句",
            width=60,
            help="用、隔开；{组名}＝一组词，…＝隔几个字，……＝可跨小句",
        ),
        Field("holds_when", "仍适用", width=14, help="处在这些场合里也照样算：否定 询问 假设 传闻 已解决"),
        Field("unless", "例外词", width=30, help="话里有这些词句时本规则不用"),
        Field("clause", "制度条款", width=14),
        Field("note", "说明", width=44),
    ),
    key=("code",),
    optional=True,
    help="风险管理部门维护；某行写错时“问题分类”会指出单元格并拒绝运行",
    clause="六、(一)",
)

WORD_GROUPS = Sheet(
    "分类词组",
    (
        Field("group", "组名", Kind.TEXT, True, width=16, help="“错别字”一行写 错写=正写，字数相同"),
        Field("words", "词语", Kind.TEXT, True, width=100, help="用、隔开"),
        Field("note", "说明", width=40),
    ),
    key=("group",),
    optional=True,
    help="分类规则的词句里 {组名} 所指的词，由风险管理部门维护",
    clause="六、(一)",
)

RULE_TRIALS = Sheet(
    "规则测试",
    (
        Field("text", "例句", Kind.TEXT, width=50, privacy=Privacy.FREE_TEXT),
        Field("expected", "应为等级", width=14, help="无问题、一般、重要、重大、待定级；几个都对时用、隔开"),
        Field(
            "expected_category",
            "应有类别",
            Kind.CHOICE,
            choices=(*v.ISSUE_CATEGORIES, *v.HARMLESS_CATEGORIES),
            width=22,
            help="可不填",
        ),
        Field("severity", "判为等级", width=10, owner=TOOL),
        Field("categories", "判为类别", width=30, owner=TOOL),
        Field("rule", "命中规则", width=18, owner=TOOL),
        Field("words", "命中词语", width=30, owner=TOOL),
        Field("verdict", "结论", Kind.CHOICE, choices=v.TRIAL_VERDICTS, width=10, owner=TOOL),
    ),
    result=True,
    optional=True,
    help="改了分类规则后看这里：“问题分类”用例句试一遍规则，不符的标“不通过”",
    clause="六、(一)",
)

OVERRULED = Sheet(
    "认定对照",
    (
        Field("rule", "规则编号", Kind.CODE, width=12, owner=TOOL),
        Field("note", "说明", width=36, owner=TOOL),
        Field("found", "命中问题", Kind.INTEGER, width=10, owner=TOOL),
        Field("reviewed", "人工认定", Kind.INTEGER, width=10, owner=TOOL),
        Field("agreed", "一致", Kind.INTEGER, width=8, owner=TOOL),
        Field("raised", "改重", Kind.INTEGER, width=8, owner=TOOL),
        Field("lightened", "改轻", Kind.INTEGER, width=8, owner=TOOL),
        Field("cleared", "改为无问题", Kind.INTEGER, width=10, owner=TOOL),
        Field("graded", "待定级后认定", Kind.INTEGER, width=12, owner=TOOL),
        Field("share", "改判率", Kind.FRACTION, width=10, owner=TOOL, help="（改重＋改轻＋改为无问题）÷ 人工认定"),
        Field("examples", "改判的问题", width=60, owner=TOOL, privacy=Privacy.FREE_TEXT),
    ),
    key=("rule",),
    result=True,
    optional=True,
    help="每条规则命中的问题里，人工认定改判了多少；改判多的规则应当修改",
    clause="六、(一)",
)

WISHES = Sheet(
    "建议与需求",
    (
        Field("wish_no", "登记编号", Kind.CODE, width=22, owner=TOOL),
        _VISIT_NO,
        _CONTRACT_NO_TOOL,
        Field("customer_name", "客户姓名", width=18, privacy=Privacy.NAME, owner=TOOL),
        Field("visited_on", "回访日期", Kind.DATE, width=12, owner=TOOL),
        Field("kind", "类别", Kind.CHOICE, choices=(v.SUGGESTION, v.OTHER_NEED), width=14, owner=TOOL),
        Field("text", "内容", width=50, owner=TOOL, privacy=Privacy.FREE_TEXT, clause="三、(六)"),
        Field("source", "来源", width=16, owner=TOOL),
        Field("receiver", "接收部门", width=16, help="系统按类别填写，可以改"),
        Field("handling", "处理情况", width=30, privacy=Privacy.FREE_TEXT),
        Field("handled_by", "处理人", width=10),
        Field("handled_on", "处理日期", Kind.DATE, width=12),
    ),
    key=("wish_no",),
    result=True,
    optional=True,
    help="回访中收集的意见建议和其他金融需求，不算问题，分送接收部门",
    clause="三、(六)",
)

INDICATORS = Sheet(
    "考核指标",
    (
        Field("object_kind", "对象类型", Kind.CHOICE, choices=v.KPI_OBJECT_KINDS, width=10, owner=TOOL),
        Field("object_name", "对象", width=16, owner=TOOL),
        Field("period", "期间", Kind.CODE, width=24, owner=TOOL),
        Field("indicator", "指标", Kind.CHOICE, choices=v.KPI_NAMES, width=18, owner=TOOL, clause="七、(二)"),
        Field("numerator", "分子", Kind.INTEGER, width=8, owner=TOOL),
        Field("denominator", "分母", Kind.INTEGER, width=8, owner=TOOL),
        Field("rate", "指标值", Kind.FRACTION, width=10, owner=TOOL),
        Field("target", "目标值", Kind.NUMBER, width=10, owner=TOOL, help="单位：%"),
        Field("verdict", "结论", Kind.CHOICE, choices=v.KPI_VERDICTS, width=10, owner=TOOL),
    ),
    key=("object_kind", "object_name", "period", "indicator"),
    result=True,
    optional=True,
    clause="七、(二)",
)

INDICATOR_ANALYSIS = Sheet(
    "考核分析",
    (
        Field("object_kind", "对象类型", Kind.CHOICE, choices=v.KPI_OBJECT_KINDS, width=10, owner=TOOL),
        Field("object_name", "对象", width=16, owner=TOOL),
        Field("period", "期间", Kind.CODE, width=24, owner=TOOL),
        Field("indicator", "指标", Kind.CHOICE, choices=v.KPI_NAMES, width=18, owner=TOOL, clause="七、(二)"),
        Field("rate", "指标值", Kind.FRACTION, width=10, owner=TOOL, help="与“考核指标”相同"),
        Field("missed", "未达成", Kind.INTEGER, width=9, owner=TOOL, help="分母减分子"),
        Field(
            "diligent",
            "其中尽职",
            Kind.INTEGER,
            width=9,
            owner=TOOL,
            help=f"未完成的回访中，期限内 {v.DILIGENT_DAYS} 天以上共 {v.DILIGENT_ATTEMPTS} 次以上联系不上客户的",
        ),
        Field(
            "diligent_rate", "尽职率", Kind.FRACTION, width=10, owner=TOOL, help="（分子＋其中尽职）÷分母，不改变指标值"
        ),
        Field("earlier_period", "上期", Kind.CODE, width=24, owner=TOOL),
        Field("earlier_rate", "上期值", Kind.FRACTION, width=10, owner=TOOL),
        Field("change", "变化", width=16, owner=TOOL),
        Field("trend", "历期", width=50, owner=TOOL, help="“考核指标”中本期及以前同样长短的各期"),
        Field("sheet", "明细表", width=10, owner=TOOL),
        Field(
            "cell",
            "明细",
            Kind.LINK,
            width=9,
            owner=TOOL,
            link_sheet="sheet",
            help="跳到这个数字的第一行，未计入分子的在前；只有最近一次统计的期间有",
        ),
    ),
    key=("object_kind", "object_name", "period", "indicator"),
    result=True,
    optional=True,
    help="四项指标的尽职情况和变化；尽职只供参考，不改变“考核指标”",
    clause="七、(三)1.",
)

INDICATOR_ROWS = Sheet(
    "考核明细",
    (
        Field("period", "期间", Kind.CODE, width=24, owner=TOOL),
        Field("indicator", "指标", Kind.CHOICE, choices=v.KPI_NAMES, width=18, owner=TOOL, clause="七、(二)"),
        Field("key", "回访或问题编号", Kind.CODE, width=24, owner=TOOL),
        Field("counted", "计入分子", Kind.CHOICE, choices=v.YES_NO, width=10, owner=TOOL),
        Field("ground", "未计入理由", width=44, owner=TOOL),
        Field("branch", "网点", width=14, owner=TOOL),
        Field("visitor", "回访人员", width=10, owner=TOOL),
        Field("department", "部门", width=16, owner=TOOL),
        Field("sheet", "工作表", width=12, owner=TOOL),
        Field("cell", "单元格", Kind.LINK, width=9, owner=TOOL, link_sheet="sheet"),
    ),
    result=True,
    optional=True,
    help="最近一次统计的每个数字由哪些行组成：按指标和网点、人员或部门筛选，行数＝分母，“计入分子”为是的＝分子",
    clause="七、(二)",
)

PROPOSALS = Sheet(
    "考核建议",
    (
        Field("period", "期间", Kind.CODE, width=24, owner=TOOL),
        Field("object_kind", "对象类型", Kind.CHOICE, choices=v.KPI_OBJECT_KINDS, width=10, owner=TOOL),
        Field("object_name", "对象", width=16, owner=TOOL),
        Field("indicator", "指标", Kind.CHOICE, choices=v.KPI_NAMES, width=18, owner=TOOL),
        Field("rate", "指标值", Kind.FRACTION, width=10, owner=TOOL),
        Field("action", "奖惩建议", width=12, owner=TOOL),
        Field("measure", "建议措施", width=40, owner=TOOL),
        Field("basis", "依据", width=44, owner=TOOL),
        Field("decision", "决定", width=20, help="由负责人决定，可与建议不同"),
        Field("decided_by", "决定人", width=10),
        Field("decided_on", "决定日期", Kind.DATE, width=12),
        Field("reason", "理由", width=30),
    ),
    key=("period", "object_kind", "object_name", "indicator"),
    result=True,
    optional=True,
    help="按“考核办法”对各网点、部门和回访人员的奖惩建议，由人决定；黄色列再次统计时不变",
    clause="七、(三)2.",
)

SPOT_CHECKS = Sheet(
    "抽查",
    (
        Field("sample_no", "抽查编号", Kind.CODE, width=30, help="由“抽查取样”编号；自行加抽的可留空"),
        Field("visit_no", "回访编号", Kind.CODE, width=22),
        _VISITOR,
        Field("sample_reason", "抽查原因", width=30),
        Field("reviewer", "复核人", width=10),
        Field("reviewed_on", "复核日期", Kind.DATE, width=12),
        *(Field(name, f"复核_{header}", Kind.CHOICE, choices=v.CHECK_ANSWERS, width=16) for name, header, *_ in CHECKS),
        Field("verdict", "复核结论", Kind.CHOICE, choices=v.SPOT_CHECK_VERDICTS, width=10),
        Field("note", "说明", width=30, privacy=Privacy.FREE_TEXT),
    ),
    key=("sample_no",),
    optional=True,
    clause="七、(一)2.",
)

SAMPLE_LOG = Sheet(
    "抽样记录",
    (
        Field("period", "期间", Kind.CODE, width=24, owner=TOOL),
        Field("drawn_on", "基准日", Kind.DATE, width=12, owner=TOOL, help="重抽时用同一基准日"),
        Field("seed", "种子", Kind.CODE, width=14, owner=TOOL, help="同一总体、同一种子，在任何电脑上得到同一样本"),
        Field("population", "总体", Kind.INTEGER, width=8, owner=TOOL, help="本期回访记录条数，重复录入的算一条"),
        Field("digest", "总体摘要", Kind.CODE, width=66, owner=TOOL, help="总体各条标识的 SHA-256"),
        Field("share", "抽查比例(%)", Kind.NUMBER, width=10, owner=TOOL, clause="七、(一)2."),
        Field("minimum", "每人最少抽查", Kind.INTEGER, width=10, owner=TOOL, clause="七、(一)2."),
        Field("random", "随机抽取", Kind.INTEGER, width=9, owner=TOOL),
        Field("critical", "重大问题", Kind.INTEGER, width=9, owner=TOOL),
        Field("risky", "风险加抽", Kind.INTEGER, width=9, owner=TOOL),
        Field("drawn", "样本", Kind.INTEGER, width=8, owner=TOOL, help="一条因几个原因入选的算一条"),
        Field("strata", "分层", width=60, owner=TOOL, help="回访人员·方式 记录数/随机抽取数"),
        Field("way", "方法", width=60, owner=TOOL),
    ),
    key=("period", "seed", "digest", "share", "minimum"),
    result=True,
    optional=True,
    help="每次抽样的总体、种子、分层和方法，审计人员据此可重新抽出同一样本",
    clause="七、(一)2.",
)

SAMPLE_SUMMARY = Sheet(
    "抽查汇总",
    (
        Field("period", "期间", Kind.CODE, width=24, owner=TOOL),
        Field("visitor", "回访人员", width=12, owner=TOOL),
        Field("branch", "网点", width=16, owner=TOOL),
        Field("records", "记录数", Kind.INTEGER, width=8, owner=TOOL),
        Field("random", "随机抽取", Kind.INTEGER, width=9, owner=TOOL),
        Field("directed", "定向抽取", Kind.INTEGER, width=9, owner=TOOL, help="重大问题、风险加抽和自行加抽的"),
        Field("reviewed", "已复核", Kind.INTEGER, width=8, owner=TOOL),
        *(
            Field(name, verdict, Kind.INTEGER, width=8, owner=TOOL)
            for name, verdict in zip(
                ("agreed", "omitted", "misstated", "untrue", "unverifiable"), v.SPOT_CHECK_VERDICTS, strict=True
            )
        ),
        Field("counted", "推算样本", Kind.INTEGER, width=9, owner=TOOL, help="随机抽取中已有结论的，不含无法核实"),
        Field("failed", "其中不实", Kind.INTEGER, width=9, owner=TOOL, help="推算样本中漏记、错记、失实的"),
        Field(
            "rate",
            "差错率估计",
            Kind.FRACTION,
            width=11,
            owner=TOOL,
            help="按各层（人员·方式）记录数加权，只用随机抽取的；定向抽取的不代表总体，不参与推算",
        ),
        Field("low", "95%下限", Kind.FRACTION, width=10, owner=TOOL, help="威尔逊区间，按加权和抽样比修正有效样本量"),
        Field("high", "95%上限", Kind.FRACTION, width=10, owner=TOOL),
        Field("open", "未整改", Kind.INTEGER, width=8, owner=TOOL, help="见“抽查整改”"),
    ),
    key=("period", "visitor"),
    result=True,
    optional=True,
    help="抽查结果和差错率推算；填好“抽查”的复核结论后再次“抽查取样”即更新",
    clause="七、(一)2.",
)

RECTIFICATIONS = Sheet(
    "抽查整改",
    (
        Field("sample_no", "抽查编号", Kind.CODE, width=30, owner=TOOL),
        _VISIT_NO,
        Field("visitor", "回访人员", width=10, owner=TOOL),
        Field("verdict", "复核结论", Kind.CHOICE, choices=v.SPOT_CHECK_VERDICTS, width=10, owner=TOOL),
        Field("difference", "差异", width=44, owner=TOOL, privacy=Privacy.FREE_TEXT),
        Field("due_on", "整改时限", Kind.DATE, width=12, owner=TOOL, may_be_future=True, clause="六、(三)1."),
        Field("correction", "记录更正", Kind.CHOICE, choices=v.CORRECTION_STATES, width=10, owner=TOOL),
        Field("state", "状态", Kind.CHOICE, choices=v.RECTIFICATION_STATES, width=12, owner=TOOL),
        Field("remedy", "整改情况", width=34, privacy=Privacy.FREE_TEXT),
        Field("remedied_by", "整改人", width=10),
        Field("completed_on", "完成日期", Kind.DATE, width=12),
        Field("verifier", "验证人", width=10, help="不得是回访人员本人"),
        Field("verified_on", "验证日期", Kind.DATE, width=12),
    ),
    key=("sample_no",),
    result=True,
    optional=True,
    help="抽查发现漏记、错记、失实的，逐条整改并由他人验证；黄色列由人填写，再次“抽查取样”不会改动",
    clause="七、(一)2.",
)

RETENTION = Sheet(
    "保管到期",
    (
        Field("no", "序号", Kind.INTEGER, width=6, owner=TOOL),
        _CONTRACT_NO_TOOL,
        Field("drawdown_no", "借据编号", Kind.CODE, width=16, owner=TOOL),
        Field("customer_name", "客户姓名", width=16, privacy=Privacy.NAME, owner=TOOL),
        Field("basis", "起算依据", width=10, owner=TOOL, help="结清日期；从未发放的为审批日期"),
        Field("base_on", "起算日期", Kind.DATE, width=12, owner=TOOL),
        Field("keep_until", "保管至", Kind.DATE, width=12, owner=TOOL, clause="五、(一)3.", may_be_future=True),
        Field("records", "记录数", Kind.INTEGER, width=8, owner=TOOL, help="0＝本工作簿没有，请核对纸质记录"),
        Field("last_visit_on", "末次回访", Kind.DATE, width=12, owner=TOOL),
        Field("state", "状态", Kind.CHOICE, choices=v.RETENTION_STATES, width=12, owner=TOOL),
        Field("hold", "暂缓原因", width=36, owner=TOOL),
        Field("decision", "审批意见", Kind.CHOICE, choices=v.RETENTION_DECISIONS, width=12),
        Field("approver", "审批人", width=10),
        Field("approved_on", "审批日期", Kind.DATE, width=12),
        Field("disposal", "处理情况", width=24, privacy=Privacy.FREE_TEXT, help="销毁方式、监销人等"),
        Field("disposed_on", "处理日期", Kind.DATE, width=12),
    ),
    key=("contract_no", "drawdown_no"),
    result=True,
    optional=True,
    help="保管期限已满的回访记录，供打印报批；先是期间和签批栏。工具不删除任何记录",
    clause="五、(一)3.",
)

TRAINING = Sheet(
    "培训宣传",
    (
        Field("date", "日期", Kind.DATE, width=12),
        Field("kind", "类别", Kind.CHOICE, choices=v.TRAINING_KINDS, width=12, clause="八、(一)2."),
        Field("topic", "主题", width=36),
        Field("audience", "对象", width=18),
        Field("headcount", "人次", Kind.INTEGER, width=8, lowest=0),
        _REMARK,
    ),
    optional=True,
    clause="八、",
)

TRAINING_ANALYSIS = Sheet(
    "培训分析",
    (
        Field("period", "期间", Kind.CODE, width=24, owner=TOOL),
        Field("kind", "类别", width=12, owner=TOOL, clause="八、(一)2."),
        Field("sessions", "场次", Kind.INTEGER, width=8, owner=TOOL, help="“培训宣传”中本期的行数"),
        Field("headcount", "人次", Kind.INTEGER, width=8, owner=TOOL),
        Field(
            "errors", "相关问题", Kind.INTEGER, width=10, owner=TOOL, help="本期校验发现、问题和抽查不实中与此类有关的"
        ),
        Field("topics", "建议主题", width=50, owner=TOOL),
        Field("sources", "依据", width=50, owner=TOOL),
        Field("visitors", "主要涉及人员", width=30, owner=TOOL),
        Field("advice", "建议", width=30, owner=TOOL),
    ),
    key=("period", "kind"),
    result=True,
    optional=True,
    help="本期培训宣传的场次、人次，和记录中的问题说明应当培训什么",
    clause="八、(一)",
)

APPRAISAL = Sheet(
    "考核办法",
    (
        Field("indicator", "指标", Kind.CHOICE, choices=v.KPI_NAMES, width=18),
        Field("lowest", "下限(%)", Kind.NUMBER, width=10, help="含"),
        Field("highest", "上限(%)", Kind.NUMBER, width=10, help="不含；空白＝不封顶"),
        Field("action", "奖惩", width=12),
        Field("measure", "建议措施", width=44),
    ),
    optional=True,
    help="奖励与处罚的建议口径，由人决定",
    clause="七、(三)2.",
)

FIELD_MAPPING = Sheet(
    "字段映射",
    (
        Field("source_header", "来源表头", width=24),
        Field("target_field", "本表字段", width=20),
        Field("source", "来源", width=40),
    ),
    result=True,
    optional=True,
)

FIRST_SUBMISSIONS = Sheet(
    "首次提交",
    (
        Field("visit_no", "回访编号", Kind.CODE, width=22, owner=TOOL),
        Field("contract_no", "贷款合同编号", Kind.CODE, width=20, owner=TOOL),
        Field("drawdown_no", "借据编号", Kind.CODE, width=16, owner=TOOL),
        Field("visited_on", "回访日期", Kind.DATE, width=12, owner=TOOL),
        Field("started_at", "开始时间", Kind.TIME, width=10, owner=TOOL),
        Field("visitor", "回访人员", width=10, owner=TOOL),
        Field("submitted_on", "提交日期", Kind.DATE, width=12, owner=TOOL),
        Field("record_row", "记录行", Kind.INTEGER, width=8, owner=TOOL),
        Field("first_checked_on", "首次校验日期", Kind.DATE, width=13, owner=TOOL),
        Field("error_count", "错误数", Kind.INTEGER, width=8, owner=TOOL),
        Field("verdict", "首次结论", Kind.CHOICE, choices=v.FIRST_VERDICTS, width=10, owner=TOOL),
    ),
    result=True,
    optional=True,
    hidden=True,
    help="每条记录首次提交时是否有错，供准确率使用；改正后不变",
    clause="七、(二)2.",
)

FIRST_RECORDS = Sheet(
    "首次记录",
    (
        Field("record_row", "记录行", Kind.INTEGER, width=8, owner=TOOL),
        Field("saved_on", "保存日期", Kind.DATE, width=12, owner=TOOL),
        *(replace(column, required=False, owner=TOOL) for column in RECORDS),
    ),
    result=True,
    optional=True,
    hidden=True,
    help="尚未校验就被“收集记录”改动的记录首次提交时的内容，供准确率使用",
    clause="七、(二)2.",
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

HOME_TITLE = "首页"
VISITOR_NAMES = "回访人员姓名"  # workbook-level name: the filled names of sheet 回访人员, for dropdowns

# The order is the order of the tabs.
SHEETS: tuple[Sheet, ...] = (
    PARAMETERS,
    HOLIDAYS,
    VISITORS,
    LOANS,
    SCHEDULE,
    SPECIAL_VISITS,
    VISITS,
    WEEK_PLAN,
    PLAN_PROGRESS,
    PLAN_APPROVAL,
    RECORDS,
    CONFLICTS,
    COLLECTED,
    FINDINGS,
    CHECK_SUMMARY,
    ISSUES,
    ISSUE_EVENTS,
    OPEN_QUESTIONS,
    PROMISES,
    CLASSIFICATION_RULES,
    WORD_GROUPS,
    RULE_TRIALS,
    OVERRULED,
    WISHES,
    INDICATORS,
    INDICATOR_ANALYSIS,
    INDICATOR_ROWS,
    PROPOSALS,
    SPOT_CHECKS,
    SAMPLE_SUMMARY,
    RECTIFICATIONS,
    SAMPLE_LOG,
    RETENTION,
    TRAINING,
    TRAINING_ANALYSIS,
    APPRAISAL,
    FIELD_MAPPING,
    FIRST_SUBMISSIONS,
    ISSUE_MEMORY,
    FIRST_RECORDS,
    LOG,
)
BY_TITLE = {sheet.title: sheet for sheet in SHEETS}
