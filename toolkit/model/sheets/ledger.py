"""The ledger: loans, their instalments, and which foreign header is which column."""

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Privacy, Sheet
from toolkit.model.sheets import recurring as r

LOANS = Sheet(
    "贷款台账",
    (
        r.CONTRACT_NO,
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
        r.DRAWDOWN_NO,
        r.REMARK,
    ),
    key=("contract_no", "drawdown_no"),
    help="每笔贷款一行；“导入台账”只覆盖导出文件中有的列",
    clause="一、(二)",
)

SCHEDULE = Sheet(
    "还款计划",
    (
        r.CONTRACT_NO,
        Field("instalment_no", "期次", Kind.INTEGER, True, width=8, lowest=0, highest=1200),
        Field("due_on", "应还日期", Kind.DATE, True, width=12, clause="四、(二)3.", may_be_future=True),
        Field("due_amount", "应还金额", Kind.MONEY, True, width=14, lowest=0),
        Field("paid_on", "实还日期", Kind.DATE, width=12, may_be_future=True),
        Field("paid_amount", "实还金额", Kind.MONEY, width=14, lowest=0),
        r.DRAWDOWN_NO,
    ),
    key=("contract_no", "drawdown_no", "instalment_no"),
    optional=True,
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
