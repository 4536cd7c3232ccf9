"""Spot checks: the sample, how it was drawn, what it says, and rectification (七、(一)2.)."""

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Privacy, Sheet
from toolkit.model.sheets import recurring as r
from toolkit.model.sheets.records import CHECKS
from toolkit.model.sheets.recurring import TOOL

SPOT_CHECKS = Sheet(
    "抽查",
    (
        Field("sample_no", "抽查编号", Kind.CODE, width=30, help="由“抽查取样”编号；自行加抽的可留空"),
        Field("visit_no", "回访编号", Kind.CODE, width=22),
        r.VISITOR,
        Field("sample_reason", "抽查原因", width=30),
        Field("reviewer", "复核人", width=10),
        Field("reviewed_on", "复核日期", Kind.DATE, width=12),
        *(Field(name, f"复核_{header}", Kind.CHOICE, choices=v.CHECK_ANSWERS, width=16) for name, header, *_ in CHECKS),
        Field("verdict", "复核结论", Kind.CHOICE, choices=v.SPOT_CHECK_VERDICTS, width=10),
        Field("note", "说明", width=30, privacy=Privacy.FREE_TEXT),
    ),
    key=("sample_no",),
    optional=True,
    clause="七、(一)2.",
)

SAMPLE_LOG = Sheet(
    "抽样记录",
    (
        r.PERIOD,
        Field("drawn_on", "基准日", Kind.DATE, width=12, owner=TOOL, help="重抽时用同一基准日"),
        Field("seed", "种子", Kind.CODE, width=14, owner=TOOL, help="同一总体、同一种子，在任何电脑上得到同一样本"),
        Field("population", "总体", Kind.INTEGER, width=8, owner=TOOL, help="本期回访记录条数，重复录入的算一条"),
        Field("digest", "总体摘要", Kind.CODE, width=66, owner=TOOL, help="总体各条标识的 SHA-256"),
        Field("share", "抽查比例(%)", Kind.NUMBER, width=10, owner=TOOL, clause="七、(一)2."),
        Field("minimum", "每人最少抽查", Kind.INTEGER, width=10, owner=TOOL, clause="七、(一)2."),
        Field("random", "随机抽取", Kind.INTEGER, width=9, owner=TOOL),
        Field("critical", "重大问题", Kind.INTEGER, width=9, owner=TOOL),
        Field("risky", "风险加抽", Kind.INTEGER, width=9, owner=TOOL),
        Field("drawn", "样本", Kind.INTEGER, width=8, owner=TOOL, help="一条因几个原因入选的算一条"),
        Field("strata", "分层", width=60, owner=TOOL, help="回访人员·方式 记录数/随机抽取数"),
        Field("way", "方法", width=60, owner=TOOL),
    ),
    key=("period", "seed", "digest", "share", "minimum"),
    result=True,
    optional=True,
    help="每次抽样的总体、种子、分层和方法，审计人员据此可重新抽出同一样本",
    clause="七、(一)2.",
)

SAMPLE_SUMMARY = Sheet(
    "抽查汇总",
    (
        r.PERIOD,
        Field("visitor", "回访人员", width=12, owner=TOOL),
        Field("branch", "网点", width=16, owner=TOOL),
        Field("records", "记录数", Kind.INTEGER, width=8, owner=TOOL),
        Field("random", "随机抽取", Kind.INTEGER, width=9, owner=TOOL),
        Field("directed", "定向抽取", Kind.INTEGER, width=9, owner=TOOL, help="重大问题、风险加抽和自行加抽的"),
        Field("reviewed", "已复核", Kind.INTEGER, width=8, owner=TOOL),
        *(
            Field(name, verdict, Kind.INTEGER, width=8, owner=TOOL)
            for name, verdict in zip(
                ("agreed", "omitted", "misstated", "untrue", "unverifiable"), v.SPOT_CHECK_VERDICTS, strict=True
            )
        ),
        Field("counted", "推算样本", Kind.INTEGER, width=9, owner=TOOL, help="随机抽取中已有结论的，不含无法核实"),
        Field("failed", "其中不实", Kind.INTEGER, width=9, owner=TOOL, help="推算样本中漏记、错记、失实的"),
        Field(
            "rate",
            "差错率估计",
            Kind.FRACTION,
            width=11,
            owner=TOOL,
            help="按各层（人员·方式）记录数加权，只用随机抽取的；定向抽取的不代表总体，不参与推算",
        ),
        Field("low", "95%下限", Kind.FRACTION, width=10, owner=TOOL, help="威尔逊区间，按加权和抽样比修正有效样本量"),
        Field("high", "95%上限", Kind.FRACTION, width=10, owner=TOOL),
        Field("open", "未整改", Kind.INTEGER, width=8, owner=TOOL, help="见“抽查整改”"),
    ),
    key=("period", "visitor"),
    result=True,
    optional=True,
    help="抽查结果和差错率推算；填好“抽查”的复核结论后再次“抽查取样”即更新",
    clause="七、(一)2.",
)

RECTIFICATIONS = Sheet(
    "抽查整改",
    (
        Field("sample_no", "抽查编号", Kind.CODE, width=30, owner=TOOL),
        r.VISIT_NO,
        r.VISITOR_TOOL,
        Field("verdict", "复核结论", Kind.CHOICE, choices=v.SPOT_CHECK_VERDICTS, width=10, owner=TOOL),
        Field("difference", "差异", width=44, owner=TOOL, privacy=Privacy.FREE_TEXT),
        Field("due_on", "整改时限", Kind.DATE, width=12, owner=TOOL, may_be_future=True, clause="六、(三)1."),
        Field("correction", "记录更正", Kind.CHOICE, choices=v.CORRECTION_STATES, width=10, owner=TOOL),
        Field("state", "状态", Kind.CHOICE, choices=v.RECTIFICATION_STATES, width=12, owner=TOOL),
        Field("remedy", "整改情况", width=34, privacy=Privacy.FREE_TEXT),
        Field("remedied_by", "整改人", width=10),
        Field("completed_on", "完成日期", Kind.DATE, width=12),
        Field("verifier", "验证人", width=10, help="不得是回访人员本人"),
        Field("verified_on", "验证日期", Kind.DATE, width=12),
    ),
    key=("sample_no",),
    result=True,
    optional=True,
    help="抽查发现漏记、错记、失实的，逐条整改并由他人验证；黄色列由人填写，再次“抽查取样”不会改动",
    clause="七、(一)2.",
)
