"""The headers that core systems use for our columns, as tables: synonyms, units, parts of a sum.

Texts are written as `header_words.header_key` folds them; within a field the likelier stands first.
"""

import re

from toolkit.model import sheets
from toolkit.rules.foreign.record_synonyms import RECORD_SYNONYMS

_KEYS = (
    (
        "contract_no",
        (
            "合同号", "合同编号", "贷款合同号", "借款合同编号", "借款合同号", "合同号码", "合同编码", "贷款合同号码",
            "合同流水号", "业务合同号", "业务合同编号", "信贷合同号", "信贷合同编号", "主合同编号", "主合同号",
        ),
    ),
    (
        "drawdown_no",
        (
            "借据号", "借据号码", "贷款借据编号", "贷款借据号", "借据编码", "借据流水号", "出账编号", "出账号",
            "放款编号", "放款流水号",
        ),
    ),
)  # fmt: skip
LOAN_SYNONYMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *_KEYS,
    ("customer_no", ("客户号", "客户代码", "客户编码", "核心客户号", "客户ID", "客户内码", "客户号码", "借款人编号")),
    (
        "customer_name",
        ("客户名称", "姓名", "借款人", "借款人姓名", "借款人名称", "户名", "客户名", "主借款人", "贷款人姓名"),
    ),
    ("customer_type", ("客户类别", "借款人类型", "借款人类别", "客户性质", "公私标志", "对公对私")),
    (
        "id_number",
        (
            "证件号", "身份证号", "身份证号码", "证件编号", "统一社会信用代码", "借款人证件号码", "身份证",
            "借款人证件号", "客户证件号码", "客户证件号", "社会信用代码", "证件代码",
        ),
    ),
    (
        "phone",
        (
            "手机号码", "手机号", "手机", "电话", "电话号码", "联系方式", "移动电话", "预留手机号", "客户电话",
            "联系手机", "客户手机号", "客户手机", "手机电话", "预留电话", "借款人电话", "借款人手机号",
            "客户联系电话", "联系电话1",
        ),
    ),
    (
        "product",
        (
            "产品名称", "产品", "贷款品种", "业务品种", "贷款种类", "贷款产品名称", "业务品种名称", "产品种类", "品种",
            "业务种类", "贷款类型",
        ),
    ),
    (
        "amount",
        (
            "放款金额", "发放金额", "借据金额", "贷款本金", "借款金额", "贷款发放金额", "出账金额", "贷款额",
            "合同金额", "借款合同金额", "贷款合同金额",
        ),
    ),
    ("term_months", ("期限", "贷款期限", "借款期限", "合同期限", "贷款月数", "期限月", "期数")),
    (
        "annual_rate",
        ("年利率", "执行年利率", "执行利率", "贷款利率", "合同利率", "贷款年利率", "合同年利率", "利率"),
    ),
    ("repayment_method", ("还款方法", "还本付息方式", "偿还方式", "还款方式名称", "还款类型")),
    ("purpose", ("用途", "资金用途", "借款用途", "贷款资金用途", "贷款投向用途", "借款用途描述")),
    ("applied_on", ("申请日", "申请时间", "进件日期", "受理日期")),
    ("approved_on", ("审批日", "审批时间", "批复日期", "审批完成日期", "批复日")),
    ("approval_result", ("审批结论", "批复结果", "审批意见")),
    ("rejection_reason", ("拒绝原因", "拒贷原因", "否决原因", "审批未通过原因")),
    (
        "disbursed_on",
        (
            "放款日", "放款日期", "放款时间", "发放日", "贷款发放日", "贷款发放日期", "发放时间", "实际放款日",
            "实际放款日期", "出账日期", "借据发放日", "借据起始日", "贷款起始日", "起息日", "起息日期", "起始日",
            "起始日期", "借款日期", "贷款日期",
        ),
    ),
    (
        "matures_on",
        (
            "到期日期", "贷款到期日", "贷款到期日期", "借据到期日", "借据到期日期", "借款到期日", "到期时间", "止息日",
            "终止日期", "合同到期日", "合同到期日期",
        ),
    ),
    ("settled_on", ("结清日", "结清时间", "还清日期", "结清日期(实际)", "贷款结清日期", "实际结清日期", "还清日")),
    (
        "balance",
        (
            "余额", "本金余额", "贷款本金余额", "剩余本金", "当前余额", "借据余额", "未还本金", "当前本金余额",
            "结欠本金",
        ),
    ),
    ("status", ("状态", "合同状态", "借据状态", "贷款状况", "业务状态", "账户状态", "当前状态")),
    (
        "grade",
        (
            "五级分类结果", "贷款五级分类", "风险分类", "资产分类", "五级形态", "风险分类结果", "五级分类名称",
            "资产质量分类", "贷款分类", "风险等级分类",
        ),
    ),
    ("days_past_due", ("逾期日数", "当前逾期天数", "拖欠天数", "本金逾期天数", "欠款天数", "贷款逾期天数")),
    (
        "branch",
        (
            "网点名称", "经办网点", "所属网点", "支行", "支行名称", "经办机构", "经办行", "所属机构", "经办机构名称",
            "所属支行", "管户机构", "贷款机构", "放款机构", "机构名称", "机构", "营业网点",
        ),
    ),
    (
        "loan_officer",
        (
            "客户经理姓名", "管户客户经理", "管户经理", "管户人", "管户员", "管户人员", "信贷员", "信贷员姓名",
            "主办客户经理", "客户经理名称", "管户经理姓名", "责任人", "经办客户经理",
        ),
    ),
    ("key_customer", ("是否重要客户", "重点客户", "是否重点客户")),
)  # fmt: skip
SCHEDULE_SYNONYMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *_KEYS,
    ("instalment_no", ("期数", "期号", "还款期次", "还款期数", "当前期次", "期序", "期次号", "还款期号")),
    (
        "due_on",
        (
            "应还日", "应还款日", "应还款日期", "计划还款日期", "计划还款日", "约定还款日", "约定还款日期", "还款日",
            "应还时间", "本期应还日期", "本期到期日", "还款到期日",
        ),
    ),
    (
        "due_amount",
        (
            "应还款额", "应还款金额", "应还本息", "应还总额", "应还总金额", "计划还款金额", "本期应还", "本期应还金额",
            "应还本息合计", "应还合计", "期供",
        ),
    ),
    (
        "paid_on",
        ("实还日", "实还款日", "实还款日期", "实际还款日期", "实际还款日", "还清日期", "实还时间", "最近还款日期"),
    ),
    (
        "paid_amount",
        (
            "实还款额", "实还款金额", "实还本息", "实还总额", "实还总金额", "实际还款金额", "已还金额", "本期实还",
            "本期实还金额", "实还本息合计", "实还合计", "已还总额",
        ),
    ),
)  # fmt: skip
SYNONYMS = {
    sheets.LOANS.title: LOAN_SYNONYMS,
    sheets.SCHEDULE.title: SCHEDULE_SYNONYMS,
    sheets.RECORDS.title: RECORD_SYNONYMS,
}

# An export that has no total: 应还金额 = 应还本金 + 应还利息 (+ 罚息, 复利). Principal and interest must both be there.
PRINCIPAL, INTEREST, PENALTY, COMPOUND = "本金", "利息", "罚息", "复利"
NEEDED_PARTS = (PRINCIPAL, INTEREST)
SUMS: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = (
    (
        "due_amount",
        (
            (PRINCIPAL, ("应还本金", "应收本金", "本期应还本金", "计划还款本金", "计划本金")),
            (INTEREST, ("应还利息", "应收利息", "本期应还利息", "计划还款利息", "计划利息")),
            (PENALTY, ("应还罚息", "应收罚息", "本期应还罚息")),
            (COMPOUND, ("应还复利", "应收复利", "应还复息", "本期应还复利")),
        ),
    ),
    (
        "paid_amount",
        (
            (PRINCIPAL, ("实还本金", "实收本金", "已还本金", "本期实还本金", "实际还款本金")),
            (INTEREST, ("实还利息", "实收利息", "已还利息", "本期实还利息", "实际还款利息")),
            (PENALTY, ("实还罚息", "实收罚息", "已还罚息", "本期实还罚息")),
            (COMPOUND, ("实还复利", "实收复利", "实还复息", "已还复利", "本期实还复利")),
        ),
    ),
)
PART_OF = {text: (name, part) for name, parts in SUMS for part, texts in parts for text in texts}

# Where filled, the later 到期日 of an extended loan.
EXTENDED_MATURITY = frozenset({"展期到期日", "展期到期日期", "展期后到期日", "展期后到期日期", "展期后的到期日"})
CURRENCY = frozenset({"币种", "币别", "货币", "币种名称", "币种代码", "货币代码"})
YUAN_WORDS = frozenset({"", "人民币", "人民币元", "CNY", "RMB", "156", "01", "1", "元"})

MONEY_UNITS: dict[str, float] = {
    "元": 1, "百元": 1e2, "千元": 1e3, "万元": 1e4, "万": 1e4, "百万元": 1e6, "千万元": 1e7, "亿元": 1e8, "亿": 1e8,
}  # fmt: skip
# Units other than money: field → unit in the header → multiplier to ours.
PLAIN_UNITS: dict[str, dict[str, float]] = {
    "term_months": {"月": 1, "个月": 1, "年": 12},
    "annual_rate": {"%": 1},
    "days_past_due": {"天": 1, "日": 1},
}
# A monthly rate, per unit in the header → 年利率(%).
MONTHLY_RATE = frozenset({"月利率", "执行月利率", "贷款月利率", "合同月利率"})
MONTHLY_UNITS = {"‰": 1.2, "%": 12.0}
UNIT = re.compile(
    r"^(.+?)[(\[:_/-]*(?:单位:?)?(?:人民币)?"
    r"(千万元|百万元|万元|千元|百元|亿元|元|万|亿|个月|月|年|%|‰|天|日)[)\]]*$"
)
TITLE_UNIT = re.compile(r"单位[:)]?(?:人民币)?(千万元|百万元|万元|千元|百元|亿元|元)(?![一-龥])")

GROUP_TAIL = re.compile(r"(?:基本|相关)?(?:信息|情况|资料|要素)$")
# Under such a group heading a column is about another person or another day than the loan's own.
OTHER_GROUPS = re.compile(
    r"担保|保证|抵押|质押|配偶|紧急|联系人|共同|共借|法人|法定|股东|推荐|介绍|上次|上期|上月|上年|年初|历史|原"
)
# A column whose header says so is not proposed by its values alone.
OTHERS = re.compile(
    OTHER_GROUPS.pattern + r"|录入|审批|审查|复核|登记|操作|柜员|单位|办公|家庭|父|母|子女|受托|收款|协办|经办"
)
