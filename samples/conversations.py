"""What was asked and answered on a visit: contents, feedback and the words that go with a 否."""

from collections import Counter
from random import Random

from samples.book import Loan
from toolkit.model import sheets
from toolkit.model import values as v

CONTENT = {
    v.APPLICATION: (
        "核对申请的{product}金额、期限和用途，客户答复与申请表一致",
        "电话核实申请用途为{purpose}，客户说明清楚",
    ),
    v.APPROVAL: ("告知审批结果并询问办理感受，客户已知晓", "核实客户是否知晓审批结果，说明后续手续"),
    v.FIRST: (
        "核对放款{wan}万元已到账，讲解还款方式为{method}",
        "确认{product}款项到账情况和用途，提示按期还款",
        "核实款项到账及支付对象，客户能说明用途为{purpose}",
    ),
    v.PERIODIC: (
        "了解{purpose}进展和经营情况，核对资金去向",
        "询问贷款使用情况及近期收支，查看进货单据",
        "了解资金使用效果，客户介绍近期{purpose}情况",
        "询问使用中有无困难，核对用途与合同约定是否一致",
    ),
    v.REMINDER: (
        "提醒本期还款时间和金额，确认扣款账户余额",
        "提示应还日期，核对还款账号",
        "提醒按期还款，了解近期收入情况",
    ),
    v.OVERDUE: (
        "了解未按期还款的原因，商定还款日期",
        "询问资金周转情况，告知逾期影响，约定还款计划",
        "核实回款安排，提示尽快归还欠款",
    ),
    v.SPECIAL: (
        "按专项要求了解经营和还款安排，核对资金使用",
        "现场了解经营状况、用途和还款来源",
        "重点了解近期收支和还款安排",
    ),
}
GOOD_START = {
    v.APPLICATION: ("手续清楚", "材料已经交齐", "客户经理讲得明白", "对流程没有意见"),
    v.APPROVAL: ("结果已经知道", "审批时间能接受", "工作人员态度好", "接到通知很及时"),
    v.FIRST: ("款已收到", "到账金额一致", "放款很快", "款项当天到账"),
    v.PERIODIC: ("资金用于{purpose}", "{purpose}已经办妥", "生意平稳", "今年订单还可以", "用款顺利", "门店客流正常"),
    v.REMINDER: ("钱已备好", "卡里余额够", "到期会按时还", "还款日记得", "已设自动扣款", "货款回来就存进卡里"),
    v.OVERDUE: ("货款月底回来", "下周能补上", "正在催收下游货款", "已凑了一部分", "家里正在想办法"),
    v.SPECIAL: ("经营照常", "正在压缩库存", "回款有安排", "资金按计划使用"),
}  # fmt: skip
GOOD_END = (
    "没有其他意见", "服务不错", "感谢提醒", "希望继续合作", "有事会联系客户经理", "近期收入稳定", "年底前有一笔回款",
    "家里人也知道这笔贷款", "{season}是旺季", "账上留着周转的钱", "对利率满意", "暂时不需要别的帮助", "材料都留着备查",
    "下个月打算再进一批货", "和往年差不多",
)  # fmt: skip
SEASONS = {7: "暑期", 8: "夏秋之交", 9: "中秋前后"}
SHORT = ("满意", "没有意见", "都清楚", "正常", "挺好的", "知道了，谢谢")
SUGGESTIONS = (
    "希望手机银行能直接查还款计划", "建议节假日也能咨询", "希望短信提醒早两天发", "建议网点多备一台自助机",
    "希望开通微信缴费", "材料清单能不能发电子版", "建议续贷手续再简化一些",
)  # fmt: skip
NEEDS = ("想了解大额存单", "咨询收款码", "想办一张公司卡", "了解保险产品", "明年想换一台设备，咨询设备贷", "咨询结售汇")
QUESTIONS = (
    ("提前还款是否收取费用", "个人金融部"), ("能否更换扣款账户", "运营管理部"), ("到期能否无还本续贷", "公司金融部"),
    ("发票抬头如何变更", "运营管理部"),
)  # fmt: skip

# Check field → words of the customer when the answer is 否; none says more than the answer itself.
WORDS_OF_NO: dict[str, tuple[str, ...]] = {
    "apply_2": ("申请表上的经营流水不是本店的，是中介帮忙做的",),
    "apply_3": ("资料交了两遍，手续有点繁琐", "要跑好几个窗口，流程不太方便"),
    "approve_1": ("没有接到审批结果的通知，不清楚为什么没通过",),
    "approve_3": ("批了快三个星期，比说好的慢", "等审批等得太久"),
    "disburse_1": ("到账金额比合同少了一些，想核对一下", "收到的款和合同金额对不上"),
    "disburse_2": ("不太清楚款打到哪个账户，受托支付不懂", "放款手续不明白，签了哪些字记不清"),
    "disburse_3": ("说好周一到账，拖了一个多星期才收到", "放款晚了好几天，耽误付货款", "合同签完十来天还没到账"),
    "use_1": ("其中一部分先拿去给家里看病用了", "有几万元用来修了自家的车", "部分款项先垫付了别处的租金",
              "先拿一部分还了以前欠亲戚的钱", "部分资金用在了家里办喜事上", "暂时把钱借用去交了孩子学费"),
    "use_2": ("原料涨价，周转有些困难，想问能否延期", "下游工程款没结，资金紧张", "店面停业整修，收入少了一半",
              "养殖受了灾，今年怕是还不上那么多", "订单减少，发工资都吃力", "主要客户拖欠货款，周转不开",
              "设备坏了停工半个月，手头紧", "家里老人住院，开支大了不少", "货压在手里卖不动，资金吃紧"),
    "use_3": ("新设备没达到预想的产量", "装修完客流没有明显增加", "大棚今年收成一般，效果不如预期", "备的货卖得慢",
              "扩店以后生意没起色", "研发进度比计划慢", "采购的机器还在调试"),
    "repay_1": ("不清楚每月几号扣款", "记不清这期要还多少", "不知道利息怎么算的", "不会用手机银行查还款计划",
                "以为是季度末才还", "还款方式没弄懂", "不知道扣款账户是哪张卡", "分不清本金和利息各多少"),
    "repay_2": ("工资降了，下个月还款有点难", "最近没活干，还款压力大", "生意不好，怕到期凑不齐",
                "收入比去年少了一半", "合伙人退出，资金周转困难", "货款没收回来，这期要晚几天",
                "家里出了变故，想申请展期", "淡季收入少，还款吃力", "厂里停工，暂时没收入",
                "外面欠账收不回来，还款困难", "身体不好住院，暂时没法干活", "市场行情差，入不敷出"),
    "repay_3": ("提醒短信收不到", "希望还款前打个电话，光发短信看不到", "提醒太晚，前一天才说",
                "一天打了三次提醒电话，有点烦", "提醒的人说话太急"),
}  # fmt: skip

# A firm does not say these.
PERSONAL = ("家", "亲戚", "孩子", "工资降", "身体", "没活干", "卡里", "大棚", "养殖", "合伙人")


def _fits(text: str, loan: Loan) -> bool:
    return loan.product.customer_type == v.PERSON or not any(word in text for word in PERSONAL)


class Conversations:
    """Draws texts; a longer feedback is heard from two customers at most."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._heard: Counter[str] = Counter()

    def _fill(self, text: str, loan: Loan, month: int) -> str:
        return text.format(
            product=loan.product.name,
            purpose=loan.purpose,
            wan=f"{loan.amount / 10000:g}",
            method=loan.method,
            season=SEASONS.get(month, "秋季"),
        )

    def content(self, visit_type: str, loan: Loan, month: int) -> str:
        return self._fill(self.rng.choice(CONTENT[visit_type]), loan, month) + "。"

    def feedback(self, visit_type: str, loan: Loan, month: int) -> str:
        if self.rng.random() < 0.12:
            return self.rng.choice(SHORT)
        while True:
            parts = [self.rng.choice(GOOD_START[visit_type]), *self.rng.sample(GOOD_END, self.rng.choice((1, 2)))]
            said = "，".join(parts)
            text = self._fill(said, loan, month) + "。"
            if self._heard[text] < 2 and _fits(said, loan):
                self._heard[text] += 1
                return text

    def words_of_no(self, check: str, loan: Loan) -> str:
        texts = [text for text in WORDS_OF_NO[check] if _fits(text, loan)]
        text = min(self.rng.sample(texts, len(texts)), key=lambda said: self._heard[said])
        self._heard[text] += 1
        return "客户说：" + text + "。" if self.rng.random() < 0.3 else text + "。"


def answers(stage: str, asks_all: bool) -> dict[str, str]:
    """是 for the checks of the stage; the others 不适用 or empty, as the visitor is used to."""
    asked = sheets.CHECKS_OF_STAGE.get(stage, ())
    rest = dict.fromkeys(sheets.CHECK_FIELDS, v.NOT_APPLICABLE) if asks_all else {}
    return rest | dict.fromkeys(asked, v.YES)
