"""What is said on a visit: the questions of 三、(一)–(六) in the regulation's words and as one asks them, the greeting
and thanks of each stage, and what 三、(七) wants and forbids.

`{…}` are filled in per visit by `rules.forms.pages`.
"""

from typing import NamedTuple

from toolkit.model import sheets


class Question(NamedTuple):
    """One check column of 回访记录. `regulation`: the clause's full text; `asked`: the same as a polite question to the
    customer, to which 是 is the good answer."""

    field: str
    stage: str
    clause: str
    regulation: str
    asked: str


# (check, the regulation's words, what one asks)
_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "apply_1",
        "确认客户是否了解贷款产品的基本信息，包括贷款金额、期限、利率、还款方式等。",
        "您对这笔贷款的金额、期限、利率和还款方式都了解清楚了吗？",
    ),
    (
        "apply_2",
        "询问客户申请贷款的用途是否真实合理，是否存在虚假陈述或欺诈行为。",
        "您申请的用途和提交的资料是否都与实际情况一致？",
    ),
    (
        "apply_3",
        "了解客户对贷款申请流程的满意度，是否存在因流程复杂导致的不便。",
        "您对申请流程满意吗，办理起来方便吗？",
    ),
    (
        "approve_1",
        "核实客户是否知晓贷款审批结果及未通过审批的原因。",
        "您是否已经知道审批结果（未通过的，是否知道原因）？",
    ),
    (
        "approve_2",
        "询问客户在审批过程中是否遇到工作人员态度恶劣、故意刁难等情况。",
        "审批过程中，工作人员的态度是否良好，没有刁难您？",
    ),
    (
        "approve_3",
        "了解客户对审批时间的看法，是否认为审批时间过长影响其资金使用计划。",
        "您觉得审批时间合理吗，没有耽误您的资金安排吧？",
    ),
    (
        "disburse_1",
        "确认客户是否已收到贷款款项，金额是否与合同约定一致。",
        "贷款是否已经收到，金额与合同上的一致吗？",
    ),
    (
        "disburse_2",
        "询问客户是否清楚贷款资金的到账方式及相关手续。",
        "您清楚款项的到账方式和需要办理的手续吗？",
    ),
    (
        "disburse_3",
        "了解客户对贷款发放过程的满意度，是否存在未及时到账等问题。",
        "款项是否及时到账，您对发放过程满意吗？",
    ),
    (
        "use_1",
        "核实客户是否按照贷款合同约定的用途使用贷款资金，有无挪作他用的情况。",
        "贷款资金是否都用在合同约定的用途上，没有用到别处？",
    ),
    (
        "use_2",
        "询问客户在贷款使用过程中是否遇到困难，是否需要公司提供帮助。",
        "资金使用是否顺利，没有需要我们帮助解决的困难？",
    ),
    (
        "use_3",
        "了解客户对贷款资金使用效果的评价，是否达到预期目的。",
        "资金使用的效果达到您的预期了吗？",
    ),
    (
        "repay_1",
        "确认客户是否清楚还款计划，包括还款时间、金额、方式等。",
        "您清楚每期还款的时间、金额和方式吗？",
    ),
    (
        "repay_2",
        "询问客户近期还款能力是否发生变化，是否存在还款困难的迹象。",
        "您近期的收入或经营是否稳定，按时还款没有困难吧？",
    ),
    (
        "repay_3",
        "了解客户对还款提醒服务的需求及满意度，是否希望增加提醒方式或频率。",
        "您对我们的还款提醒满意吗？",
    ),
)
_CHECKS = {name: (stage, clause) for name, _, stage, _, clause in sheets.CHECKS}
QUESTIONS = tuple(Question(name, *_CHECKS[name], regulation, asked) for name, regulation, asked in _WORDS)
OTHER_QUESTIONS = (
    Question(
        "suggestion",
        "",
        "三、(六)1.",
        "收集客户对公司贷款业务及服务的意见和建议，以便不断改进工作。",
        "您对我们的贷款业务和服务有什么意见、建议？",
    ),
    Question(
        "other_needs",
        "",
        "三、(六)2.",
        "了解客户是否有其他金融需求，为进一步拓展业务提供参考。",
        "您还有其他金融方面的需求吗？",
    ),
)


def questions_of(stage: str) -> tuple[Question, ...]:
    """The questions of 回访阶段; those of both stages for 使用、还款."""
    return tuple(question for question in QUESTIONS if question.stage in stage.split("、"))


_GREETING = "您好，请问是{greeted}吗？我是{institution}的回访人员{visitor}。"
_CONVENIENT = "大约需要几分钟，您现在方便吗？"
OPENING = {
    "申请": _GREETING + "感谢您向我们申请贷款，想听听您对产品和申请流程的感受，" + _CONVENIENT,
    "审批": _GREETING + "关于您的贷款审批，想核实几个情况，也听听您的意见，" + _CONVENIENT,
    "发放": _GREETING + "您的贷款已经发放，想和您核对到账情况，听听您的意见，" + _CONVENIENT,
    "使用": _GREETING + "想了解贷款资金的使用情况，看看有没有需要我们协助的地方，" + _CONVENIENT,
    "还款": _GREETING + "想和您核对近期的还款安排，看看有没有需要我们协助的地方，" + _CONVENIENT,
    "使用、还款": _GREETING + "想了解贷款资金的使用和近期的还款情况，看看有没有需要我们协助的地方，" + _CONVENIENT,
}
_RECORDED = "您反映的情况我都记下了，需要答复的事项，我们会在约定的时间内回复您。"
CLOSING = {
    "申请": f"感谢您的配合。{_RECORDED}申请中有不清楚的，请随时与我们联系。再见！",
    "审批": f"感谢您的配合。{_RECORDED}对审批结果有疑问，请随时与我们联系。再见！",
    "发放": f"感谢您的配合。{_RECORDED}请按合同约定的用途使用资金，并留意还款日期。再见！",
    "使用": f"感谢您的配合。{_RECORDED}请继续按合同约定使用资金，有困难请尽早告诉我们。再见！",
    "还款": f"感谢您的配合。{_RECORDED}请按时还款；如有困难，请尽早告诉我们，一起商量办法。再见！",
    "使用、还款": f"感谢您的配合。{_RECORDED}资金使用或还款如有困难，请尽早告诉我们。再见！",
}
# What else a kind of visit is for.
FOCUS = {
    "审批回访": "未通过的，核实客户是否知道原因。",
    "还款提醒": "提醒还款日期和金额，问明希望的提醒方式。",
    "逾期回访": "了解逾期原因及客户还款计划（四、(二)4.），记入“回访内容”和“承诺还款日期”。",
    "专项回访": "针对事由逐项核实。",
}

DO = (
    "用语礼貌、专业；先报单位和姓名，核对是客户本人后再谈贷款（三、(七)1.）。",
    "时间适当：电话 {phone_minutes} 分钟，面谈 {meeting_minutes} 分钟；22:00 至次日 8:00 不打扰（三、(七)2.）。",
    "耐心解答；不能当场解决的记入“待答复事项”，及时反馈给相关部门（三、(七)3.）。",
    "如实、详细记录回访时间、客户姓名、联系方式、回访内容、客户反馈（三、(七)4.）。",
)
DO_NOT = (
    "不得使用威胁、诱导等不当手段（三、(七)1.）；不得代客户作答；不得向他人透露客户信息；"
    "不索要密码、验证码；不作职权以外的承诺。"
)

QUESTIONNAIRE_OPENING = (
    "尊敬的客户：您好！为改进贷款服务，请您根据实际情况回答下列问题，大约需要 3 分钟。问卷只用于贷款回访，"
    "我们会对您的信息保密；请不要在问卷上填写密码、验证码。"
)
QUESTIONNAIRE_CLOSING = "感谢您的配合！填好后请交给发放问卷的工作人员，或按其告知的方式交回。祝您一切顺利！"
