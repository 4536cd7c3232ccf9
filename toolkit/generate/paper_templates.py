"""workbook_templates/<文书>.docx: the wording and layout of the papers beside the report (GB/T 9704-2012).

The names in the tags are those of `toolkit.model.paper_kinds`; a test holds each template against them.
"""

from toolkit.generate.paper_blocks import (
    Block,
    built,
    each,
    gap,
    grid,
    heading,
    note,
    on_new_page,
    signed,
    subtitle,
    table,
    text,
    title,
    to,
    when,
)  # fmt: skip
from toolkit.model import paper_kinds as kinds

_RULES = "《贷款回访管理办法》"
_ISSUE_GRID = (
    ("问题编号", "{{ issue_no }}", "回访编号", "{{ visit_no }}"),
    ("客户姓名", "{{ customer }}", "合同编号", "{{ contract_no }}"),
    ("贷款产品", "{{ product }}", "贷款余额", "{{ balance }}"),
    ("网点", "{{ branch }}", "客户经理", "{{ officer }}"),
    ("问题类别", "{{ category }}", "严重程度", "{{ grade }}"),
    ("发现日期", "{{ found_on }}", "回访人员", "{{ visitor }}"),
)
_FACTS = (("判定依据", "{{ evidence }}"), ("客户反馈", "{{ feedback }}"))
_REPLY = (
    ("原因分析", "", 22),
    ("整改措施", "", 26),
    ("整改结果", "", 22),
    ("责任人", "", "完成日期", ""),
    ("部门负责人", "", "验证人", ""),
)


def _visit_grid(*more: tuple[str, str, str, str]) -> tuple[tuple[str, str, str, str], ...]:
    return (
        ("回访编号", "{{ visit_no }}", "合同编号", "{{ contract_no }}"),
        ("客户姓名", "{{ customer }}", "联系电话", "{{ phone }}"),
        *more,
    )


TEMPLATES: dict[str, tuple[Block, ...]] = {
    kinds.NOTICE.name: (
        title("整改通知书"),
        subtitle("（{{ issue_no }}）"),
        gap(),
        to("{{ recipient }}"),
        text(
            "贷款回访中发现下列{{ grade }}问题。根据" + _RULES + "{{ clause }}，现通知你部门落实整改，并按期反馈结果。"
        ),
        grid(*_ISSUE_GRID, *_FACTS),
        note(""),
        heading("整改要求"),
        text(
            "一、请查明原因，制定整改措施，明确责任人。",
            "二、整改时限：{{ remedy_due or '另行通知' }}。整改完成后填写回执，连同佐证材料送风险管理部门，"
            "由责任人以外的人员验证后销号。",
        ),
        when("remedy", text("三、已登记的整改措施：{{ remedy }}")),
        signed(),
        on_new_page("整改回执"),
        grid(*_REPLY),
        note("回执由责任部门填写；本件涉及客户信息，仅限处理本问题使用。"),
    ),
    kinds.URGING.name: (
        title("{{ level }}单"),
        subtitle("（{{ issue_no }}）"),
        gap(),
        to("{{ recipient }}"),
        text("根据" + _RULES + "{{ clause }}，经跟踪检查，下列问题的处理已超过时限，现予{{ level }}："),
        each("lines"),
        grid(
            *_ISSUE_GRID,
            ("责任人", "{{ owner }}", "状态", "{{ state }}"),
            ("反馈时限", "{{ report_due }}", "反馈日期", "{{ reported_on }}"),
            ("整改时限", "{{ remedy_due }}", "上报时限", "{{ escalation_due }}"),
            ("整改措施", "{{ remedy }}"),
        ),
        note(""),
        text("请自收到本单之日起立即办理，书面说明超期原因和完成日期，并填写下表送风险管理部门。"),
        signed(),
        on_new_page("办理回执"),
        grid(("超期原因", "", 24), ("办理情况", "", 24), ("完成日期", "", "部门负责人", "")),
        note("本件涉及客户信息，仅限处理本问题使用。"),
    ),
    kinds.ESCALATION.name: (
        title("关于{{ category }}问题的专报"),
        subtitle("（{{ issue_no }}）"),
        gap(),
        to("{{ recipient }}"),
        text("根据" + _RULES + "{{ clause }}，现将贷款回访中发现的一项重大问题报告如下。"),
        heading("一、基本情况"),
        text(
            "{{ found_on }}，{{ branch }}在对客户{{ customer }}（贷款合同{{ contract_no }}）回访时发现{{ category }}"
            "问题。{% if product %}该笔贷款产品为{{ product }}{% if amount %}，金额{{ amount }}{% endif %}"
            "{% if balance %}，余额{{ balance }}{% endif %}。{% endif %}",
        ),
        heading("二、问题及依据"),
        text("{{ evidence or '判定依据见问题台账。' }}"),
        when("feedback and feedback not in evidence", text("客户反馈：“{{ feedback }}”")),
        when("grade_reason", text("认定理由：{{ grade_reason }}")),
        heading("三、处理情况"),
        text("{{ handled }}{{ deadline }}"),
        heading("四、下一步工作"),
        text("{{ next_step }}"),
        when("related", text("本问题与{{ related }}有关联，将一并调查。")),
        signed("{{ institution }}"),
        note("客户信息已作遮盖，需要时由上级主管部门凭问题编号调阅原件。"),
    ),
    kinds.INVESTIGATION.name: (
        gap(),
        title("重大问题专项调查卷宗"),
        subtitle("（{{ issue_no }}）"),
        gap(),
        grid(*_ISSUE_GRID, ("责任部门", "{{ department }}", "上报时限", "{{ escalation_due }}"), *_FACTS),
        gap(),
        grid(
            ("调查组组长", "", "组员", ""),
            ("成立日期", "", "批准人", ""),
            ("调查结论", "", 20),
            ("处理措施", "□终止贷款合同　□追究人员责任　□移送有关机关　□其他："),
            ("结案日期", "", "归档人", ""),
        ),
        note("依据" + _RULES + "{{ clause }}。办理本问题的人员不得参加调查；卷内涉及客户信息，仅限调查组使用。"),
        on_new_page("卷内目录"),
        table(
            "contents",
            ("序号", "no", 14),
            ("材料名称", "title", 66, True),
            ("来源", "origin", 36),
            ("页数", "", 16),
            ("收卷日期", "", 24),
        ),
        signed(),
    ),
    kinds.PLAN.name: (
        title("关于报批贷款回访计划的请示"),
        subtitle("（{{ branch }}，{{ period }}）"),
        gap(),
        to("{{ recipient }}"),
        text(
            "根据" + _RULES + "{{ clause }}，现将{{ branch }}截至期末的贷款回访计划报请审批。",
            "{{ summary }}",
        ),
        table(
            "totals",
            ("回访类型", "visit_type", 36),
            ("电话", "phone", 24),
            ("面谈", "meeting", 24),
            ("问卷", "questionnaire", 24),
            ("合计", "total", 24),
            ("已过期", "late", 24),
        ),
        note(""),
        text("妥否，请批示。"),
        signed(),
        note(""),
        grid(("审批意见", "", 24), ("审批人", "", "审批日期", "")),
        heading("附：回访明细"),
        table(
            "visits",
            ("序号", "no", 11), ("合同编号", "contract_no", 28), ("客户", "customer", 17),
            ("类型", "visit_type", 19), ("方式", "method", 12), ("安排日期", "scheduled", 26),
            ("截止日期", "due", 26), ("回访人员", "visitor", 17),
        ),
        note("客户姓名已作遮盖，依合同编号可在回访清单中查到。"),
    ),
    kinds.INTERVIEW.name: (
        title("面谈记录"),
        subtitle("（{{ visit_no }}）"),
        grid(
            *_visit_grid(
                ("回访类型", "{{ visit_type }}", "回访阶段", "{{ stage }}"),
                ("贷款产品", "{{ product }}", "贷款余额", "{{ balance }}"),
                ("应访期间", "{{ window }}", "安排日期", "{{ scheduled }}"),
                ("面谈日期", "{{ visited_on }}", "开始时间", "{{ started_at }}"),
                ("时长(分钟)", "{{ minutes }}", "面谈地点", ""),
                ("回访人员", "{{ visitor }}", "客户经理", "{{ officer }}"),
            ),
            ("面谈事由", "{{ reason }}"),
        ),
        note(
            "请先出示工作证件，说明来意；不得收取任何费用，不得索要密码和验证码；客户经理不得单独面谈自己的客户。"
            "依据" + _RULES + "{{ clause }}、五、(一)2.。",
        ),
        table(
            "questions",
            ("序号", "no", 12),
            ("核对内容", "question", 84, True),
            ("依据", "clause", 24),
            ("回答", "answer", 36),
        ),
        note(""),
        grid(
            ("面谈内容", "{{ content }}", 24),
            ("客户反馈", "{{ feedback }}", 24),
            ("承诺还款日期", "{{ promised_on }}", "待答复事项", ""),
            ("客户确认", "以上内容经本人过目，与所述一致。"),
            ("客户签名", "", "日期", ""),
            ("回访人员签名", "", "陪同人员签名", ""),
        ),
    ),
    kinds.SPOT_CHECK.name: (
        title("回访抽查核实单"),
        subtitle("（{{ sample_no or visit_no }}）"),
        grid(
            *_visit_grid(
                ("回访人员", "{{ visitor }}", "回访日期", "{{ visited_on }}"),
                ("回访方式", "{{ method }}", "回访结果", "{{ result }}"),
                ("复核人", "{{ reviewer }}", "复核日期", "{{ reviewed_on }}"),
            ),
            ("抽查原因", "{{ sample_reason }}"),
            ("原记录内容", "{{ content }}"),
            ("原客户反馈", "{{ feedback }}"),
        ),
        note("复核人不得是原回访人员或该笔贷款的客户经理；请重新询问客户，再比较。依据" + _RULES + "{{ clause }}。"),
        table(
            "questions",
            ("序号", "no", 12),
            ("核对内容", "question", 84, True),
            ("原记录", "recorded", 30),
            ("复核", "again", 30),
        ),
        gap(),
        grid(
            ("复核结论", "{{ verdict or '□一致　□漏记　□错记　□失实　□无法核实' }}"),
            ("说明", "{{ note }}", 26),
            ("复核人签名", "", "日期", ""),
            ("回访人员确认", "", "日期", ""),
        ),
    ),
    kinds.INDICATORS.name: (
        title("考核指标告知书"),
        subtitle("{{ period }}"),
        gap(),
        to("{{ recipient }}"),
        text(
            "根据" + _RULES + "{{ clause }}，现将你{{ period }}的回访考核指标告知如下"
            "{% if branch %}（{{ branch }}{{ department }}）{% endif %}。",
        ),
        table(
            "rows",
            ("指标", "name", 48), ("分子", "numerator", 20), ("分母", "denominator", 20),
            ("指标值", "rate", 24), ("目标值", "target", 22), ("结论", "verdict", 22),
        ),
        note(""),
        text(
            "{{ summary }}",
            "如对统计结果有异议，请书面提出，由风险管理部门核对原始记录后答复。",
        ),
        signed(),
        note(""),
        grid(("本人意见", "", 26), ("签收人", "", "签收日期", "")),
    ),
    kinds.LETTER.name: (
        title("致客户的一封信"),
        gap(),
        to("尊敬的{{ customer }}"),
        text(
            "您好！感谢您选择{{ institution }}的贷款服务。为了解贷款使用情况、听取您的意见，我们对贷款客户进行回访。",
        ),
        heading("一、为什么回访"),
        text(
            "回访是为了确认贷款手续办理得清楚、资金足额及时到账，了解您在用款和还款中有没有困难，"
            "收集您对我们服务的意见和建议，以便及时帮助您解决问题、保护您的权益。",
        ),
        heading("二、怎样回访"),
        text(
            "{{ branch }}的{{ visitor }}计划在{{ first_day }}{% if last_day != first_day %}至{{ last_day }}{% endif %}"
            "以{{ methods }}的方式与您联系。电话只拨打您预留的号码，面谈时出示工作证件。",
        ),
        heading("三、请您放心"),
        text(
            "回访不收取任何费用，不推销产品，不索要银行卡密码、短信验证码，不要求转账汇款。您提供的信息严格保密。"
            "对来电、来访人员的身份有疑问时，请先向网点核实。",
            "需要更改电话或另约时间，请与网点联系。感谢支持！",
        ),
        signed("{{ institution }}{% if branch != institution %}{{ branch }}{% endif %}"),
    ),
}  # fmt: skip


def build(name: str) -> bytes:
    """The template's .docx; the same bytes on every run."""
    return built(TEMPLATES[name])
