"""What visitors' registers and questionnaires call our columns of 回访记录, and how their answers are spelled."""

import re

from toolkit.model import sheets
from toolkit.model import values as v

_OTHERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("visit_no", ("回访号", "回访单号", "回访序号", "任务编号", "回访任务编号", "记录编号", "您的回访编号", "回访码")),
    (
        "visited_on",
        (
            "日期", "回访时间", "访问日期", "走访日期", "联系日期", "拜访日期", "回访日", "实际回访日期",
            "提交答卷时间",
            "答卷时间", "答题时间", "填写日期", "填写时间", "结束答题时间", "提交时间",
        ),
    ),
    ("started_at", ("开始", "起始时间", "通话开始时间", "回访开始时间", "开始时刻", "拨打时间", "具体时间")),
    ("minutes", ("时长", "通话时长", "回访时长", "用时", "所用时间", "答题用时", "耗时", "访谈时长", "时长分钟")),
    (
        "customer_name",
        (
            "客户名称", "姓名", "借款人", "借款人姓名", "户名", "客户", "您的姓名", "请问您的姓名", "贷款人姓名",
            "被访人",
            "受访人", "借款人名称", "企业名称", "您的姓名或企业名称",
        ),
    ),
    (
        "contract_no",
        (
            "合同号", "合同编号", "贷款合同号", "借款合同编号", "借款合同号", "合同号码", "您的合同编号",
            "您的贷款合同编号",
            "贷款编号", "您的合同号", "您的贷款合同号",
        ),
    ),
    ("drawdown_no", ("借据号", "借据号码", "贷款借据号", "您的借据编号")),
    (
        "phone",
        (
            "电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "客户电话", "移动电话", "您的联系电话",
            "您的手机号",
            "您的手机号码", "您的电话", "您的联系方式", "受访电话", "联系人电话", "本次联系电话",
        ),
    ),
    ("method", ("方式", "访问方式", "联系方法", "回访形式", "回访渠道", "访谈方式")),
    ("result", ("结果", "访问结果", "联系结果", "接通情况", "回访状态", "回访是否成功", "是否成功", "通话结果")),
    (
        "suggestion",
        (
            "意见建议", "意见和建议", "意见与建议", "建议", "意见", "您的意见建议", "您有什么意见或建议",
            "您有何意见和建议",
            "您对我们的工作有什么意见或建议", "客户意见建议", "您的意见和建议", "您对我们的服务有什么意见或建议",
        ),
    ),
    (
        "other_needs",
        (
            "金融需求", "其他需求", "其他金融需求", "您还有哪些金融需求", "您还有其他金融需求吗", "客户需求",
            "您是否有其他金融需求",
            "您还有哪些其他金融服务需求",
        ),
    ),
    ("content", (
        "内容", "访问内容", "回访情况", "回访记录", "访谈内容", "沟通内容", "谈话内容", "回访要点", "主要内容",
    )),
    (
        "feedback",
        (
            "反馈", "客户反馈意见", "反馈内容", "客户意见", "客户反映", "客户反映情况", "客户回复", "客户答复",
            "您的反馈",
            "您想告诉我们的话", "客户反馈内容", "反馈情况",
        ),
    ),
    (
        "satisfaction",
        (
            "满意程度", "客户满意度", "总体满意度", "满意度评分", "满意度打分", "评分", "打分", "您的总体满意度",
            "综合满意度",
            "您对我们的服务是否满意", "您对我们的总体评价", "您对本次服务的满意度", "整体满意度",
            "您对我们服务的满意程度",
        ),
    ),
    ("open_question", ("待答复问题", "未答复问题", "待回复事项", "待答复", "待解决问题", "客户提问", "遗留问题")),
    ("answer_department", ("答复责任部门", "责任答复部门", "回复部门")),
    ("answer_due_on", ("答复期限", "应答复日期", "回复时限", "答复截止日期")),
    ("answered_on", ("回复日期", "已答复日期", "答复时间")),
    ("reminder_preference", (
        "还款提醒方式", "提醒方式", "还款提醒偏好", "您希望的还款提醒方式", "您希望以何种方式收到还款提醒",
    )),
    ("promised_on", ("承诺还款日", "承诺还款时间", "约定还款日期", "客户承诺还款日期", "承诺日期")),
    (
        "visitor",
        (
            "回访人", "访问人", "回访员", "经办人", "回访人姓名", "访问员", "走访人", "走访人员", "回访人员姓名",
            "回访专员",
        ),
    ),
    ("signature", ("签名", "回访人签名", "签字", "回访人签字", "回访人员签字", "经办人签名", "经办人签字")),
    ("submitted_on", ("提交日", "交表日期", "报送日期", "上交日期", "递交日期")),
    ("remark", ("说明", "备考", "其他说明", "附注")),
)  # fmt: skip


def _check_spellings(header: str, question: str) -> tuple[str, ...]:
    """发放1_足额到账 may be headed 足额到账, 发放1, 发放1足额到账, or with the regulation's whole question."""
    number, _, short = header.partition("_")
    plain = re.sub(r"[（(].*?[）)]", "", question)
    first = plain.split("，")[0]
    return tuple(dict.fromkeys((question, plain, first, f"{number}{short}", short, number, f"是否{short}")))


RECORD_SYNONYMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *_OTHERS,
    *((name, _check_spellings(header, question)) for name, header, _, question, _ in sheets.CHECKS),
)

# Question sentences that ask for a check in other words: (field, words that must all be there, one of each group).
# `turned`: the same words under which 是 would be the bad answer; such a column is never read unasked.
QUESTIONS: tuple[tuple[str, str, str], ...] = (
    ("apply_1", r"(了解|清楚|知道|知晓).*(金额|期限|利率|还款方式|基本信息|贷款条件)", ""),
    ("apply_2", r"(用途).*(真实|合理|属实)", r"虚假|不实|欺诈"),
    ("apply_3", r"申请.*(流程|过程|手续).*(满意|方便|简便|顺畅)|对申请.*满意", r"复杂|繁琐|不便"),
    ("approve_1", r"(了解|清楚|知道|知晓|告知).*审批.*结果|审批.*结果.*(了解|清楚|知道|知晓|告知)", ""),
    ("approve_2", r"(工作人员|客户经理|审批人员|员工).*(态度|服务).*(好|满意|热情|良好)?", r"刁难|冷漠|生硬|索要"),
    ("approve_3", r"审批.*(时间|速度|时效).*(合理|满意|及时|可以接受|接受)", r"影响|过长|太长|太慢"),
    ("disburse_1", r"(到账|收到|发放).*(金额).*(一致|相符|足额)|足额.*(到账|收到)|款项.*足额", r"不一致|不符|少"),
    ("disburse_2", r"(了解|清楚|知道).*(到账方式|到账|放款|发放).*手续|到账方式.*(了解|清楚|知道)", ""),
    ("disburse_3", r"及时.*到账|到账.*及时|发放过程.*满意|对.*放款.*满意", r"延迟|延误|不及时|拖"),
    (
        "use_1",
        r"按.*(合同|约定).*用途.*使用|(资金|贷款).*使用.*(符合|按).*(约定|合同)|挪作他用|挪用|改变.*用途",
        r"挪|改变.*用途|其他用途|股市|购房",
    ),
    ("use_2", r"使用.*(顺利|顺畅|正常|困难)", r"困难|问题|障碍"),
    ("use_3", r"(效果|效益|收益).*(预期|达到|满意)|达到.*预期", r"未达|没有达|低于"),
    (
        "repay_1",
        r"(了解|清楚|知道|知晓).*还款.*(时间|金额|方式|计划|日期)|还款.*(时间|计划|日期).*(了解|清楚|知道)",
        "",
    ),
    ("repay_2", r"还款.*(能力|来源|资金).*(稳定|充足|正常|有保障)|还款.*(困难|压力)", r"困难|压力|不稳|下降"),
    ("repay_3", r"还款提醒.*(满意|及时|合适)|对.*提醒.*满意", r"打扰|骚扰|过多"),
    ("satisfaction", r"(总体|整体|综合|服务).*(满意程度|满意度|评价|打分|评分)|满意(度|程度).*(打分|评分|评价)", ""),
    ("suggestion", r"(意见|建议).*(有|哪些|什么|何)?", r"^(?!.*(意见|建议))"),
    ("other_needs", r"(其他|还有|哪些).*(金融|贷款|理财)?.*需求", ""),
    ("reminder_preference", r"(提醒).*(方式|渠道)", r"满意"),
    ("customer_name", r"您的(姓名|名字|称呼)", r"经理|紧急|配偶|担保"),
    ("phone", r"您的.*(手机|电话|联系方式)", r"经理|紧急|配偶|担保|单位|家庭"),
    ("contract_no", r"合同.*(编号|号码|号)", ""),
    ("visit_no", r"回访.*(编号|号码|码)", ""),
)

# 1、 Q1. 第3题 （必填） [单选题] and what polite people put before a question.
_NUMBER = re.compile(
    r"^(?:第?\d+(?:\.\d+)*[题项]?|Q\d+|[一二三四五六七八九十]+)[、.:)\]]+|^\(\d+\)|^第\d+题", re.IGNORECASE
)
_KIND = re.compile(r"[\[(](?:单选题?|多选题?|填空题?|必填|选填|必答|选答|量表题?|打分题?|评分题?|简答题?|矩阵.*?)[\])]")
_POLITE = re.compile(r"^(?:请问|请您|请|麻烦您)?(?:填写|输入|选择|告知|留下)?")
_END = re.compile(r"[?:。.!*]+$")


def bare_question(key: str) -> str:
    """A folded header without number, kind of question, 请问 and closing marks."""
    text = _KIND.sub("", key).strip("*")
    text = _END.sub("", _NUMBER.sub("", text))
    return _END.sub("", _POLITE.sub("", text, count=1))


def spellings(key: str) -> tuple[str, ...]:
    """What a folded header of a register or questionnaire may be looked up as, the fullest first."""
    bare = bare_question(key)
    out = [key, bare]
    for start in ("您对", "您是否", "您的", "您"):
        if bare.startswith(start):
            out.append(bare.removeprefix("您"))
            break
    last = out[-1]
    out += [
        last.removesuffix("吗"),
        last.removesuffix("了吗"),
        last.removeprefix("是否"),
        f"是否{last.removesuffix('吗')}",
    ]
    return tuple(dict.fromkeys(text for text in out if text))


YES_ANSWERS = (
    "是的", "对", "对的", "有", "满意", "非常满意", "很满意", "比较满意", "基本满意", "十分满意", "了解", "非常了解",
    "很了解",
    "基本了解", "比较了解", "清楚", "非常清楚", "很清楚", "基本清楚", "比较清楚", "知道", "知晓", "已知晓", "合理",
    "比较合理", "非常合理",
    "基本合理", "真实", "良好", "很好", "好", "非常好", "较好", "比较好", "及时", "很及时", "非常及时", "比较及时",
    "一致", "足额", "已足额到账",
    "合规", "按约定用途使用", "顺利", "很顺利", "非常顺利", "比较顺利", "基本顺利", "达到", "达标", "已达到",
    "达到预期", "基本达到", "超出预期",
    "稳定", "比较稳定", "基本稳定", "非常稳定", "符合", "完全符合", "基本符合", "同意", "非常同意", "Y", "y", "YES",
    "Yes", "yes",
    "√", "✓", "✔", "☑", "TRUE", "True",
)  # fmt: skip
NO_ANSWERS = (
    "不是", "否定", "不对", "没有", "没", "不满意", "非常不满意", "很不满意", "不太满意", "比较不满意", "不了解",
    "不太了解", "完全不了解",
    "不清楚", "不太清楚", "完全不清楚", "不知道", "不知晓", "不合理", "不太合理", "不真实", "不好", "较差", "差",
    "很差", "非常差", "不及时", "不太及时",
    "不一致", "不足额", "未足额到账", "不合规", "不顺利", "不太顺利", "未达到", "没有达到", "未达标", "没达到",
    "未达到预期", "不稳定", "不太稳定",
    "不符合", "不同意", "未按约定用途使用", "N", "n", "NO", "No", "no", "×", "✗", "✘", "X", "x", "FALSE", "False",
)  # fmt: skip
_NONE_ANSWERS = ("不涉及", "未涉及", "无关", "N/A", "NA", "n/a", "/", "—", "-", "不适合")
_UNASKED_ANSWERS = ("(跳过)", "跳过", "未询问", "没问", "没有问", "未回答", "未答", "未作答", "(空)", "未填")
_CHECK_WORDS = {
    v.YES: YES_ANSWERS,
    v.NO: NO_ANSWERS,
    v.NOT_APPLICABLE: _NONE_ANSWERS,
    v.NOT_ASKED: _UNASKED_ANSWERS,
}
_METHOD_WORDS = {
    v.PHONE_CALL: ("电话回访", "电话访问", "打电话", "致电", "去电", "语音", "电访", "电话联系"),
    v.FACE_TO_FACE: (
        "面访",
        "上门",
        "上门回访",
        "上门走访",
        "现场",
        "实地",
        "实地走访",
        "面谈回访",
        "走访",
        "见面",
        "现场回访",
    ),
    v.QUESTIONNAIRE: ("问卷调查", "网络问卷", "在线问卷", "问卷星", "问卷回访", "调查问卷"),
}
_RESULT_WORDS = {
    v.SUCCESS: ("已成功", "回访成功", "完成", "已完成", "接通", "已接通", "已回访", "成功回访", "是", "√"),
    v.NO_ANSWER: (
        "无人接听", "无人应答", "没接通", "未接", "占线", "关机", "停机", "暂时无法接通", "无法接通", "没人接",
        "未接听",
    ),
    v.REFUSED: ("拒绝", "拒绝回访", "客户拒访", "拒接", "拒绝受访", "不配合", "挂断"),
    v.WRONG_NUMBER: ("空号", "错号", "号码错误", "打错", "非本人", "号码不对", "不是本人"),
    v.POSTPONED: ("已改期", "改约", "另约", "约定改期", "改日", "延期"),
}  # fmt: skip
RECORD_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "method": _METHOD_WORDS,
    "result": _RESULT_WORDS,
    **dict.fromkeys(sheets.CHECK_FIELDS, _CHECK_WORDS),
}
# 满意度 in words: 1 to 5.
SATISFACTION_WORDS: dict[str, int] = {
    "非常不满意": 1, "很不满意": 1, "不满意": 2, "不太满意": 2, "比较不满意": 2, "一般": 3, "基本满意": 3, "满意": 4,
    "比较满意": 4,
    "很满意": 5, "非常满意": 5, "十分满意": 5,
}  # fmt: skip
# A spreadsheet's mark that a questionnaire left a question open.
OPEN_ANSWERS = frozenset({"(空)", "(跳过)", "（空）", "（跳过）"})
