"""Sheets of the practice pack and of its answer key (八、(一)3.): workbooks of their own, with invented people only."""

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Owner, Sheet

NO_PROBLEM = "无"
CHECKS_OF_A_CASE = 3


def _given(name: str, header: str, kind: Kind = Kind.TEXT, width: int = 12) -> Field:
    return Field(name, header, kind, width=width, owner=Owner.TOOL, may_be_future=kind is Kind.DATE)


def _asked(name: str, header: str, kind: Kind = Kind.TEXT, width: int = 12, choices: tuple[str, ...] = ()) -> Field:
    return Field(name, header, Kind.CHOICE if choices else kind, width=width, choices=choices)


_NO = _given("no", "题号", Kind.INTEGER, 6)

GUIDE = Sheet("说明", (_given("item", "项目", width=16), _given("content", "内容", width=100)))
CASES = Sheet(
    "案例题",
    (
        _NO,
        _given("visit_type", "回访类型", width=10),
        _given("loan", "贷款情况", width=30),
        _given("said", "客户怎样说", width=56),
        _given("checks", "本次核对项", width=26),
        _asked("result", "回访结果", width=10, choices=v.RESULTS),
        *(_asked(f"answer_{n}", f"核对项{n}", width=9, choices=v.CHECK_ANSWERS) for n in (1, 2, 3)),
        _asked("category", "问题类别", width=18, choices=(NO_PROBLEM, *v.ISSUE_CATEGORIES)),
        _asked("severity", "严重程度", width=10, choices=(NO_PROBLEM, *v.SEVERITIES)),
        _asked("feedback", "客户反馈怎样写", width=36),
        _asked("next_step", "接下来怎样做", width=36),
    ),
)
FAULTS = Sheet(
    "找错题",
    (
        _NO,
        _given("ledger_name", "台账姓名", width=10),
        _given("ledger_phone", "台账电话", Kind.PHONE, 14),
        _given("visited_on", "回访日期", Kind.DATE),
        _given("started_at", "开始时间", Kind.TIME, 9),
        _given("minutes", "时长(分钟)", Kind.NUMBER, 9),
        _given("customer_name", "客户姓名", width=10),
        _given("phone", "联系电话", Kind.PHONE, 14),
        _given("method", "回访方式", width=9),
        _given("result", "回访结果", width=9),
        _given("use_1", "使用1_用途合规", width=15),
        _given("use_2", "使用2_使用顺利", width=15),
        _given("use_3", "使用3_效果达标", width=15),
        _given("content", "回访内容", width=24),
        _given("feedback", "客户反馈", width=28),
        _given("visitor", "回访人员", width=9),
        _given("signature", "回访人员签名", width=9),
        _given("submitted_on", "提交日期", Kind.DATE),
        _asked("wrong", "哪一栏有错", width=16),
        _asked("mend", "应怎样改正", width=30),
    ),
)
CASE_KEY = Sheet(
    "案例答案",
    (
        _NO,
        _given("result", "回访结果", width=10),
        *(_given(f"answer_{n}", f"核对项{n}", width=9) for n in (1, 2, 3)),
        _given("category", "问题类别", width=18),
        _given("severity", "严重程度", width=10),
        _given("feedback", "客户反馈可以这样写", width=40),
        _given("limits", "时限", width=44),
        _given("clause", "制度条款", width=16),
        _given("point", "要点", width=60),
    ),
)
FAULT_KEY = Sheet(
    "找错答案",
    (
        _NO,
        _given("wrong", "有错的一栏", width=16),
        _given("rule", "校验规则", width=8),
        _given("message", "错在哪里", width=44),
        _given("mend", "怎样改正", width=50),
        _given("clause", "制度条款", width=14),
    ),
)
