"""《贷款回访记录》 with its check questions, how records come in, and how long they are kept (三; 五、(一))."""

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Privacy, Sheet
from toolkit.model.sheets import recurring as r
from toolkit.model.sheets.recurring import TOOL

# (column, header, stage, question, clause) in the order of the regulation; 是 is always the good answer.
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
        r.CONTRACT_NO,
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
        r.REMARK,
        r.DRAWDOWN_NO,
    ),
    optional=True,
    help="《贷款回访记录》，一次联系一行",
    clause="五、(一)",
)

CONFLICTS = Sheet(
    "记录冲突",
    (
        r.VISIT_NO,
        r.CONTRACT_NO_TOOL,
        r.DRAWDOWN_NO_TOOL,
        r.VISITED_ON,
        Field("started_at", "开始时间", Kind.TIME, width=10, owner=TOOL),
        r.VISITOR_TOOL,
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
        r.HANDLED_BY,
        r.HANDLED_ON,
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

RETENTION = Sheet(
    "保管到期",
    (
        r.NO,
        r.CONTRACT_NO_TOOL,
        r.DRAWDOWN_NO_TOOL,
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
