"""The tables of the management report: captions, column titles and widths, and the tags of their cells."""

from toolkit.generate.official_document import Column
from toolkit.model import values as v

_PLAN_COLUMNS = (
    Column("到期", "{{ row.due }}", 13),
    Column("已完成", "{{ row.done }}", 15),
    Column("待回访", "{{ row.waiting }}", 15),
    Column("逾期未访", "{{ row.missed }}", 18),
    Column("已改期", "{{ row.rescheduled }}", 15),
    Column("已取消", "{{ row.cancelled }}", 15),
    Column("按期/应完成", "{{ row.on_time }}", 23),
    Column("完成率", "{{ row.rate }}", 18),
)
_GRADE_COLUMNS = (
    Column("重大", "{{ row.critical }}", 20),
    Column("重要", "{{ row.major }}", 20),
    Column("一般", "{{ row.general }}", 20),
    Column("待定级", "{{ row.ungraded }}", 20),
    Column("合计", "{{ row.total }}", 20),
)
_INDICATOR_COLUMNS = (
    Column("计划完成率", "{{ row.completion }}", 32),
    Column("记录准确率", "{{ row.accuracy }}", 32),
    Column("反馈及时率", "{{ row.timeliness }}", 32),
    Column("处理解决率", "{{ row.resolution }}", 32),
)


def _plan_columns(name: str) -> tuple[Column, ...]:
    return (Column(name, "{{ row.name }}", 24), *_PLAN_COLUMNS)


def grade_columns(name: str) -> tuple[Column, ...]:
    return (Column(name, "{{ row.name }}", 56), *_GRADE_COLUMNS)


def indicator_columns(name: str) -> tuple[Column, ...]:
    return (Column(name, "{{ row.name }}", 28), *_INDICATOR_COLUMNS)


# Table name in the context → caption and columns (mm, 156 in all).
TABLES: dict[str, tuple[str, tuple[Column, ...]]] = {
    "by_type": ("按回访类型统计的计划执行情况（笔）", _plan_columns("回访类型")),
    "by_method": ("按计划回访方式统计的计划执行情况（笔）", _plan_columns("回访方式")),
    "by_branch": ("按网点统计的计划执行情况（笔）", _plan_columns("网点")),
    "by_visitor": ("按回访人员统计的计划执行情况（笔）", _plan_columns("回访人员")),
    "results": (
        "回访结果",
        (
            Column("回访结果", "{{ row.name }}", 50),
            Column("笔数", "{{ row.count }}", 40),
            Column("占比", "{{ row.share }}", 40),
        ),
    ),
    "coverage": (
        "各环节回访覆盖与核对情况",
        (
            Column("环节", "{{ row.name }}", 18),
            Column("到期回访（笔）", "{{ row.due }}", 22),
            Column("已完成（笔）", "{{ row.done }}", 20),
            Column("有核对结果的成功回访（笔）", "{{ row.recorded }}", 32),
            *(
                Column(answer, "{{ row." + key + " }}", 16)
                for answer, key in zip(v.CHECK_ANSWERS, ("yes", "no", "not_applicable", "not_asked"), strict=True)
            ),
        ),
    ),
    "comparison": (
        "与上期、去年同期比较",
        (
            Column("项目", "{{ row.name }}", 38),
            Column("本期", "{{ row.now }}", 20),
            Column("上期", "{{ row.before }}", 20),
            Column("较上期", "{{ row.before_change }}", 29),
            Column("去年同期", "{{ row.last_year }}", 20),
            Column("较去年同期", "{{ row.last_year_change }}", 29),
        ),
    ),
    "grades": (
        "问题按严重程度统计（项）",
        (
            Column("严重程度", "{{ row.name }}", 36),
            Column("项数", "{{ row.count }}", 30),
            Column("占比", "{{ row.share }}", 30),
            Column("已销号或当场解决", "{{ row.settled }}", 34),
            Column("未结", "{{ row.open }}", 26),
        ),
    ),
    "categories": ("问题按类别统计（项）", grade_columns("问题类别")),
    "stages": ("问题按回访阶段统计（项）", grade_columns("回访阶段")),
    "issue_branches": ("问题按网点统计（项）", grade_columns("网点")),
    "ratings": (
        "风险评级",
        (
            Column("评估事项", "{{ row.name }}", 24),
            Column("依据", "{{ row.evidence }}", 60, left=True),
            Column("评级规则", "{{ row.rule }}", 58, left=True),
            Column("评级", "{{ row.level }}", 14),
        ),
    ),
    "buckets": (
        "逾期贷款按逾期天数统计",
        (
            Column("逾期天数", "{{ row.name }}", 34),
            Column("贷款（笔）", "{{ row.loans }}", 24),
            Column("逾期未还（万元）", "{{ row.owed }}", 34),
            Column("贷款余额（万元）", "{{ row.balance }}", 34),
            Column("占在用余额", "{{ row.share }}", 30),
        ),
    ),
    "products": (
        "在用贷款与重要、重大问题按产品统计",
        (
            Column("贷款产品", "{{ row.name }}", 32),
            Column("贷款（笔）", "{{ row.loans }}", 18),
            Column("余额（万元）", "{{ row.balance }}", 26),
            Column("占比", "{{ row.share }}", 20),
            Column("逾期（笔）", "{{ row.overdue_loans }}", 18),
            Column("逾期贷款余额（万元）", "{{ row.overdue_balance }}", 24),
            Column("问题（项）", "{{ row.issues }}", 18),
        ),
    ),
    "warnings": (
        "预警名单",
        (
            Column("序号", "{{ row.no }}", 10),
            Column("贷款合同编号", "{{ row.contract_no }}", 36),
            Column("客户", "{{ row.customer }}", 18),
            Column("网点", "{{ row.branch }}", 24),
            Column("余额（万元）", "{{ row.balance }}", 24),
            Column("预警理由", "{{ row.reason }}", 44, left=True),
        ),
    ),
    "remedies": (
        "问题整改建议",
        (
            Column("序号", "{{ row.no }}", 10),
            Column("问题", "{{ row.name }}", 28, left=True),
            Column("涉及网点", "{{ row.branches }}", 24, left=True),
            Column("责任部门", "{{ row.department }}", 20),
            Column("整改措施", "{{ row.action }}", 45, left=True),
            Column("整改时限", "{{ row.due }}", 29),
        ),
    ),
    "earlier": (
        "以往问题处理情况（项）",
        (
            Column("严重程度", "{{ row.name }}", 30),
            Column("期初结转", "{{ row.carried }}", 21),
            Column("本期销号", "{{ row.closed }}", 21),
            Column("期末未结", "{{ row.remaining }}", 21),
            Column("其中超期", "{{ row.overdue }}", 21),
            Column("其中重开", "{{ row.reopened }}", 21),
            Column("其中暂停", "{{ row.paused }}", 21),
        ),
    ),
    "earlier_overdue": (
        "超过整改时限的以往问题",
        (
            Column("问题编号", "{{ row.issue_no }}", 28),
            Column("客户", "{{ row.customer }}", 17),
            Column("问题类别", "{{ row.category }}", 20),
            Column("等级", "{{ row.grade }}", 12),
            Column("责任部门", "{{ row.department }}", 21),
            Column("整改时限", "{{ row.due }}", 26),
            Column("超期（天）", "{{ row.days }}", 15),
            Column("状态", "{{ row.state }}", 17),
        ),
    ),
    "indicators": (
        "考核指标完成情况",
        (
            Column("指标", "{{ row.name }}", 46),
            Column("分子", "{{ row.numerator }}", 20),
            Column("分母", "{{ row.denominator }}", 20),
            Column("指标值", "{{ row.rate }}", 25),
            Column("目标值", "{{ row.target }}", 22),
            Column("结论", "{{ row.verdict }}", 23),
        ),
    ),
    "branch_indicators": ("各网点考核指标", indicator_columns("网点")),
    "visitor_indicators": ("各回访人员考核指标", indicator_columns("回访人员")),
    "department_indicators": ("各部门考核指标", indicator_columns("部门")),
}
APPENDICES: dict[str, tuple[str, tuple[Column, ...]]] = {
    "missed": (
        "本期逾期未访的回访",
        (
            Column("序号", "{{ row.no }}", 10),
            Column("贷款合同编号", "{{ row.contract_no }}", 38),
            Column("客户", "{{ row.customer }}", 19),
            Column("回访类型", "{{ row.visit_type }}", 19),
            Column("截止日期", "{{ row.due }}", 26),
            Column("网点", "{{ row.branch }}", 26),
            Column("回访人员", "{{ row.visitor }}", 18),
        ),
    ),
    "issue_list": (
        "本期发现的问题",
        (
            Column("序号", "{{ row.no }}", 10),
            Column("问题编号", "{{ row.issue_no }}", 27),
            Column("贷款合同编号", "{{ row.contract_no }}", 31),
            Column("客户", "{{ row.customer }}", 17),
            Column("问题类别", "{{ row.category }}", 17),
            Column("等级", "{{ row.grade }}", 11),
            Column("状态", "{{ row.state }}", 17),
            Column("整改时限", "{{ row.due }}", 26),
        ),
    ),
}
