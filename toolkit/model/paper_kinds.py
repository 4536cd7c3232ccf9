"""Every kind of paper that `papers` writes, once, with the names that its Word template may use.

The step, `--kind`, the shipped templates, their linter and docs/模板标签.md are derived from `KINDS`. A name is a path:
``issue_no``, or ``rows[].question`` for what `row` holds in ``{%tr for row in rows %}``; ``lines[]`` lists texts.
"""

from dataclasses import dataclass

Names = dict[str, str]  # path → what it shows


@dataclass(frozen=True)
class PaperKind:
    """`name`: what --kind takes, and the template's name. `rows`: which rows of which sheet; `per`: one paper for what.

    `full_names`: the paper is for work on that very customer, so his name is written out; everywhere else, and for all
    other customers, it is masked. Phones and ID numbers always are. `nothing`: said where there are no rows.
    """

    name: str
    rows: str
    per: str
    recipient: str
    clause: str
    nothing: str
    names: Names
    full_names: bool = False

    @property
    def documented(self) -> Names:
        return COMMON | self.names


COMMON: Names = {
    "institution": "机构（首页）",
    "recipient": "主送对象",
    "clause": "制度条款",
    "period": "期间，如 2026年第3季度",
    "as_of": "基准日，如 2026年9月30日",
    "signature": "落款，如 某支行风险管理部门",
}
_CUSTOMER = {"customer": "客户姓名"}
_LOAN = {
    "contract_no": "贷款合同编号",
    **_CUSTOMER,
    "product": "贷款产品",
    "amount": "贷款金额",
    "balance": "贷款余额",
    "branch": "网点",
    "officer": "客户经理",
}
_ISSUE: Names = {
    "issue_no": "问题编号",
    "visit_no": "回访编号",
    **_LOAN,
    "category": "问题类别",
    "grade": "严重程度，人工认定优先",
    "grade_reason": "认定理由",
    "evidence": "判定依据",
    "feedback": "客户反馈",
    "found_on": "发现日期",
    "visitor": "回访人员",
    "report_due": "反馈时限",
    "reported_on": "反馈日期",
    "department": "责任部门",
    "owner": "责任人",
    "remedy": "整改措施",
    "remedy_due": "整改时限",
    "state": "状态",
    "escalation_due": "上报时限",
    "escalated_on": "上报日期",
    "outcome": "处理结果",
    "related": "关联问题",
}
_QUESTIONS = {
    "questions[].no": "序号",
    "questions[].question": "制度规定的核对内容",
    "questions[].clause": "制度条款",
}
_VISIT: Names = {
    "visit_no": "回访编号",
    **_LOAN,
    "phone": "联系电话（遮盖）",
    "visit_type": "回访类型",
    "stage": "回访阶段",
    "window": "最早日期至截止日期",
    "scheduled": "安排日期",
    "reason": "事由",
    "visitor": "回访人员",
}

NOTICE = PaperKind(
    "整改通知书",
    "问题台账：期间内发现、尚未销号的重要、重大问题",
    "一项问题一份",
    "责任部门",
    "六、(二)2.",
    "没有期间内发现、尚未销号的重要、重大问题",
    _ISSUE,
    full_names=True,
)
URGING = PaperKind(
    "督办单",
    "问题台账：“督办”列为督办或通报的问题（以最近一次“跟踪督办”为准，不分期间）",
    "一项问题一份",
    "责任部门",
    "六、(三)1.",
    "问题台账的“督办”列没有督办或通报；平时请先运行“跟踪督办”",
    _ISSUE | {"lines[]": "督办、通报的各条时限", "level": "督办 或 通报"},
    full_names=True,
)
ESCALATION = PaperKind(
    "重大问题专报",
    "问题台账：期间内发现的重大问题",
    "一项问题一份",
    "上级主管部门",
    "六、(二)3.",
    "没有期间内发现的重大问题",
    _ISSUE | {"handled": "处理情况一句话", "deadline": "上报时限和上报情况一句话", "next_step": "下一步工作一句话"},
)
INVESTIGATION = PaperKind(
    "专项调查封面",
    "问题台账：期间内发现的重大问题",
    "一项问题一份",
    "专项调查组",
    "六、(二)3.",
    "没有期间内发现的重大问题",
    _ISSUE
    | {
        "contents[].no": "序号",
        "contents[].title": "卷内材料名称",
        "contents[].origin": "材料来源",
    },
    full_names=True,
)
PLAN = PaperKind(
    "回访计划报批",
    "回访清单：截止日期不晚于期末、尚未完成的回访",
    "一个网点一份",
    "风险管理部门负责人",
    "二、(一)1.",
    "回访清单中没有截止日期不晚于期末的待办回访",
    {
        "branch": "网点",
        "count": "回访笔数",
        "summary": "笔数、方式和起止日期一段话",
        "totals[].visit_type": "回访类型",
        "totals[].phone": "电话笔数",
        "totals[].meeting": "面谈笔数",
        "totals[].questionnaire": "问卷笔数",
        "totals[].total": "合计",
        "totals[].late": "其中已过截止日期",
        "visits[].no": "序号",
        "visits[].visit_no": "回访编号",
        "visits[].contract_no": "贷款合同编号",
        "visits[].customer": "客户姓名（遮盖）",
        "visits[].visit_type": "回访类型",
        "visits[].method": "回访方式",
        "visits[].scheduled": "安排日期",
        "visits[].due": "截止日期",
        "visits[].visitor": "回访人员",
        "visits[].priority": "优先级",
    },
)
INTERVIEW = PaperKind(
    "面谈记录",
    "回访清单：方式为面谈、截止日期在期间内的回访；已有成功记录的填好答案供签字",
    "一笔回访一份",
    "回访人员",
    "四、(一)2.",
    "回访清单中没有截止日期在期间内的面谈",
    _VISIT
    | _QUESTIONS
    | {
        "questions[].answer": "答案；未做的回访为空白",
        "visited_on": "回访日期",
        "started_at": "开始时间",
        "minutes": "时长(分钟)",
        "content": "回访内容",
        "feedback": "客户反馈",
        "promised_on": "承诺还款日期",
    },
    full_names=True,
)
SPOT_CHECK = PaperKind(
    "抽查核实单",
    "抽查：所抽记录的回访日期在期间内，或找不到记录的行",
    "一笔抽查一份",
    "复核人",
    "七、(一)2.",
    "“抽查”表中没有期间内的抽查",
    {
        "sample_no": "抽查编号",
        "sample_reason": "抽查原因",
        "reviewer": "复核人",
        "reviewed_on": "复核日期",
        "verdict": "复核结论",
        "note": "说明",
        "visit_no": "回访编号",
        "contract_no": "贷款合同编号",
        **_CUSTOMER,
        "phone": "联系电话（遮盖）",
        "visitor": "回访人员",
        "visited_on": "回访日期",
        "method": "回访方式",
        "result": "回访结果",
        "content": "回访内容",
        "feedback": "客户反馈",
    }
    | _QUESTIONS
    | {"questions[].recorded": "原记录的答案", "questions[].again": "复核的答案"},
    full_names=True,
)
INDICATORS = PaperKind(
    "考核指标告知书",
    "考核指标：对象类型为回访人员、期间相同的行",
    "一名回访人员一份",
    "回访人员本人",
    "七、(三)1.",
    "考核指标表中没有这一期间回访人员的指标，请先运行“统计考核”",
    {
        "visitor": "回访人员",
        "branch": "网点",
        "department": "部门",
        "summary": "达标情况一段话",
        "rows[].name": "指标",
        "rows[].numerator": "分子",
        "rows[].denominator": "分母",
        "rows[].rate": "指标值",
        "rows[].target": "目标值",
        "rows[].verdict": "结论",
    },
)
LETTER = PaperKind(
    "致客户的信",
    "回访清单：截止日期在期间内、尚未完成的回访",
    "一位客户一份",
    "客户本人",
    "八、(二)1.",
    "回访清单中没有截止日期在期间内的待办回访",
    {
        **_CUSTOMER,
        "branch": "网点",
        "visitor": "回访人员",
        "methods": "回访方式，如 电话或面谈",
        "first_day": "最早日期",
        "last_day": "截止日期",
    },
    full_names=True,
)

# In the order in which they are listed and written.
KINDS: tuple[PaperKind, ...] = (
    NOTICE, URGING, ESCALATION, INVESTIGATION, PLAN, INTERVIEW, SPOT_CHECK, INDICATORS, LETTER,
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}
