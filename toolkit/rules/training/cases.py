"""Cases to practise on: invented conversations, each with the answers, 问题类别 and 严重程度 it leads to (八、(一)3.).

`{…}` are filled in per pack. The key is held against the real classification by tests/test_practice.py: what a case
teaches is what 问题分类 does.
"""

from dataclasses import dataclass, field

from toolkit.model import sheets
from toolkit.model import values as v


@dataclass(frozen=True)
class Case:
    """`answers`: check field → 否 or 不适用, the other checks of the stage are 是. `said`: what the customer says,
    `feedback`: how it is rightly recorded. `category` "" = no issue. `point`: what to learn from it."""

    visit_type: str
    said: str
    feedback: str
    point: str
    category: str = ""
    severity: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    result: str = v.SUCCESS

    @property
    def stage(self) -> str:
        return v.STAGE_OF_TYPE[self.visit_type]

    def answer(self, name: str) -> str:
        """Right answer to a check of the stage; 未成功的回访没有答案."""
        return "" if self.result != v.SUCCESS else self.answers.get(name, v.YES)

    @property
    def checks(self) -> tuple[str, ...]:
        return sheets.CHECKS_OF_STAGE[self.stage]


CASES: tuple[Case, ...] = (
    Case(
        v.APPLICATION,
        "利率和还款方式客户经理都讲了，用途就是{purpose}，资料一次交齐的，挺方便。",
        "产品和用途都清楚，资料一次交齐，手续方便",
        "没有问题的回访也要逐项问、逐项记，并记下客户的原话。",
    ),
    Case(
        v.APPLICATION,
        "金额我知道是{amount}万，可利率怎么算、每月还多少，我没弄明白。用途是{purpose}，手续还行。",
        "不清楚利率和每月还款额怎么算",
        "一般问题当场解释清楚，解释后仍记“否”和客户的原话，不能因为已解释就改成“是”。",
        v.POLICY_UNCLEAR,
        v.GENERAL,
        {"apply_1": v.NO},
    ),
    Case(
        v.APPLICATION,
        "跟你说实话，店里没有这么多流水，账是中介帮我做的，说这样好批。",
        "承认经营流水是中介帮忙做的，不是本店的",
        "资料造假属重大问题：当日反馈风险管理部门，不要自行劝客户改口，也不要向客户透露后续调查。",
        v.FRAUD,
        v.CRITICAL,
        {"apply_2": v.NO},
    ),
    Case(
        v.APPROVAL,
        "结果早知道了，工作人员也客气，就是等了一个多月，我的货款都耽误了。",
        "审批等了一个多月，时间太长",
        "态度、时间、结果是三件事，分别问、分别记；这里只有时间一项为“否”。",
        v.SLOW_APPROVAL,
        v.GENERAL,
        {"approve_3": v.NO},
    ),
    Case(
        v.APPROVAL,
        "结果知道，时间也不算长。就是柜台那位说话爱理不理，问两句就不耐烦。",
        "办理人员不耐烦，态度不好",
        "客户对态度的不满如实记录，不替同事辩解，也不写“客户误会”。",
        v.ATTITUDE,
        v.GENERAL,
        {"approve_2": v.NO},
    ),
    Case(
        v.FIRST,
        "钱收到了，可合同上是{amount}万，到账少了两千，不知道扣的什么。",
        "到账金额比合同少两千元，不知道原因",
        "金额不符是重要问题，记下合同金额、到账金额和差额；不要当场猜测原因。",
        v.WRONG_AMOUNT,
        v.MAJOR,
        {"disburse_1": v.NO},
    ),
    Case(
        v.FIRST,
        "{amount}万一分不少到账了，就是说好周一放款，拖到第二个周三才到，差点违约。",
        "放款比约定晚了一个多星期才到账",
        "足额和及时是两项：金额对、时间晚，只有“及时到账”为“否”。",
        v.LATE_FUNDS,
        v.MAJOR,
        {"disburse_3": v.NO},
    ),
    Case(
        v.FIRST,
        "当天就到账了，金额也对，手续都清楚。",
        "款项当天到账，金额一致，手续清楚",
        "首次回访三项都要问到：金额、手续、时间，缺一项就是漏问。",
    ),
    Case(
        v.PERIODIC,
        "不瞒你说，这笔钱有八万块先拿去炒股了，过阵子就补回来。",
        "八万元先拿去炒股",
        "贷款进了股市是重大问题，说“过阵子补回来”也一样：记下金额、去向和原话，当日反馈，不要替客户想说法。",
        v.DIVERSION,
        v.CRITICAL,
        {"use_1": v.NO},
    ),
    Case(
        v.PERIODIC,
        "大部分是{purpose}用了，有三万块先拿去修自家的车了，不影响生意。",
        "有三万元用来修了自家的车",
        "部分挪作他用也是“用途合规”为“否”：问清金额和去向，重要问题按时限反馈。",
        v.DIVERSION,
        v.MAJOR,
        {"use_1": v.NO},
    ),
    Case(
        v.PERIODIC,
        "钱都按合同{purpose}用了，就是新店的客人比想的少，效果一般，还款倒不受影响。",
        "按合同使用，新店客流比预期少，效果未达预期",
        "效果不好但不影响还款，只记“效果达标”为“否”；要追问是否影响还款，答案也写下来。",
        v.HARDSHIP,
        v.GENERAL,
        {"use_3": v.NO},
    ),
    Case(
        v.PERIODIC,
        "{purpose}都办妥了，生意平稳，没什么困难。",
        "{purpose}已办妥，生意平稳，没有困难",
        "满意的回访同样要写具体内容，只写“正常”“满意”会被抽查。",
    ),
    Case(
        v.REMINDER,
        "还款日我记得，可上个月厂里停工，工资没发，这期恐怕要拖。",
        "厂里停工没发工资，这期还款有困难",
        "还款困难是重要问题；问明原因、缺口和能还的日期，承诺的日期填“承诺还款日期”，不得威胁、诱导。",
        v.HARDSHIP,
        v.MAJOR,
        {"repay_2": v.NO},
    ),
    Case(
        v.REMINDER,
        "还款没问题，就是一天三条短信还打电话，太烦人了，少提醒点。",
        "提醒太频繁，希望减少短信",
        "对提醒服务不满属一般问题；客户的偏好填“提醒偏好”，当场说明可以调整。",
        v.ATTITUDE,
        v.GENERAL,
        {"repay_3": v.NO},
    ),
    Case(
        v.REMINDER,
        "卡里钱备好了，日期金额都清楚，短信提醒就够了。",
        "日期和金额清楚，款项已备好，短信提醒即可",
        "提醒回访也要问还款能力有没有变化，不是念一遍还款日。",
    ),
    Case(
        v.PERIODIC,
        "（电话响了很久，无人接听）",
        "",
        "一次未接通不是问题，也不能填核对项；换时段再联系，至少两天、三次以上，每次都记一行。",
        result=v.NO_ANSWER,
    ),
    Case(
        v.PERIODIC,
        "我现在不方便，也不想回答这些，别再打了。（挂断）",
        "",
        "拒访如实记“拒访”，不能替客户作答；不追打，报告后另选方式或时间。",
        result=v.REFUSED,
    ),
)
