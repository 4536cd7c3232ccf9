"""The four indicators, the rows behind them, their analysis, and reward and penalty (七、(二)–(三))."""

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Sheet
from toolkit.model.sheets import recurring as r
from toolkit.model.sheets.recurring import TOOL

INDICATORS = Sheet(
    "考核指标",
    (
        r.OBJECT_KIND,
        r.OBJECT_NAME,
        r.PERIOD,
        r.INDICATOR,
        Field("numerator", "分子", Kind.INTEGER, width=8, owner=TOOL),
        Field(
            "denominator",
            "分母",
            Kind.INTEGER,
            width=8,
            owner=TOOL,
            help="期间内截至基准日的：完成率按截止日期，准确率按提交日期，及时率按反馈时限，解决率按整改时限",
        ),
        Field("rate", "指标值", Kind.FRACTION, width=10, owner=TOOL),
        Field("target", "目标值", Kind.NUMBER, width=10, owner=TOOL, help="单位：%"),
        Field("verdict", "结论", Kind.CHOICE, choices=v.KPI_VERDICTS, width=10, owner=TOOL),
    ),
    key=("object_kind", "object_name", "period", "indicator"),
    result=True,
    optional=True,
    clause="七、(二)",
)

INDICATOR_ANALYSIS = Sheet(
    "考核分析",
    (
        r.OBJECT_KIND,
        r.OBJECT_NAME,
        r.PERIOD,
        r.INDICATOR,
        Field("rate", "指标值", Kind.FRACTION, width=10, owner=TOOL, help="与“考核指标”相同"),
        Field("missed", "未达成", Kind.INTEGER, width=9, owner=TOOL, help="分母减分子"),
        Field(
            "diligent",
            "其中尽职",
            Kind.INTEGER,
            width=9,
            owner=TOOL,
            help=f"未完成的回访中，期限内 {v.DILIGENT_DAYS} 天以上共 {v.DILIGENT_ATTEMPTS} 次以上联系不上客户的",
        ),
        Field(
            "diligent_rate", "尽职率", Kind.FRACTION, width=10, owner=TOOL, help="（分子＋其中尽职）÷分母，不改变指标值"
        ),
        Field("earlier_period", "上期", Kind.CODE, width=24, owner=TOOL),
        Field("earlier_rate", "上期值", Kind.FRACTION, width=10, owner=TOOL),
        Field("change", "变化", width=16, owner=TOOL),
        Field("trend", "历期", width=50, owner=TOOL, help="“考核指标”中本期及以前同样长短的各期"),
        Field("sheet", "明细表", width=10, owner=TOOL),
        Field(
            "cell",
            "明细",
            Kind.LINK,
            width=9,
            owner=TOOL,
            link_sheet="sheet",
            help="跳到这个数字的第一行，未计入分子的在前；只有最近一次统计的期间有",
        ),
    ),
    key=("object_kind", "object_name", "period", "indicator"),
    result=True,
    optional=True,
    help="四项指标的尽职情况和变化；尽职只供参考，不改变“考核指标”",
    clause="七、(三)1.",
)

INDICATOR_ROWS = Sheet(
    "考核明细",
    (
        r.PERIOD,
        r.INDICATOR,
        Field("key", "回访或问题编号", Kind.CODE, width=24, owner=TOOL),
        Field("counted", "计入分子", Kind.CHOICE, choices=v.YES_NO, width=10, owner=TOOL),
        Field("ground", "未计入理由", width=44, owner=TOOL),
        r.BRANCH,
        r.VISITOR_TOOL,
        Field("department", "部门", width=16, owner=TOOL),
        Field("sheet", "工作表", width=12, owner=TOOL),
        Field("cell", "单元格", Kind.LINK, width=9, owner=TOOL, link_sheet="sheet"),
    ),
    result=True,
    optional=True,
    help="最近一次统计的每个数字由哪些行组成：按指标和网点、人员或部门筛选，行数＝分母，“计入分子”为是的＝分子",
    clause="七、(二)",
)

PROPOSALS = Sheet(
    "考核建议",
    (
        r.PERIOD,
        r.OBJECT_KIND,
        r.OBJECT_NAME,
        Field("indicator", "指标", Kind.CHOICE, choices=v.KPI_NAMES, width=18, owner=TOOL),
        Field("rate", "指标值", Kind.FRACTION, width=10, owner=TOOL),
        Field("action", "奖惩建议", width=12, owner=TOOL),
        Field("measure", "建议措施", width=40, owner=TOOL),
        Field("basis", "依据", width=44, owner=TOOL),
        Field("decision", "决定", width=20, help="由负责人决定，可与建议不同"),
        Field("decided_by", "决定人", width=10),
        Field("decided_on", "决定日期", Kind.DATE, width=12),
        Field("reason", "理由", width=30),
    ),
    key=("period", "object_kind", "object_name", "indicator"),
    result=True,
    optional=True,
    help="按“考核办法”对各网点、部门和回访人员的奖惩建议，由人决定；黄色列再次统计时不变",
    clause="七、(三)2.",
)

APPRAISAL = Sheet(
    "考核办法",
    (
        Field("indicator", "指标", Kind.CHOICE, choices=v.KPI_NAMES, width=18),
        Field("lowest", "下限(%)", Kind.NUMBER, width=10, help="含"),
        Field("highest", "上限(%)", Kind.NUMBER, width=10, help="不含；空白＝不封顶"),
        Field("action", "奖惩", width=12),
        Field("measure", "建议措施", width=44),
    ),
    optional=True,
    help="奖励与处罚的建议口径，由人决定",
    clause="七、(三)2.",
)
