"""Training of visitors and publicity for customers (八)."""

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Sheet
from toolkit.model.sheets import recurring as r
from toolkit.model.sheets.recurring import TOOL

TRAINING = Sheet(
    "培训宣传",
    (
        Field("date", "日期", Kind.DATE, width=12),
        Field("kind", "类别", Kind.CHOICE, choices=v.TRAINING_KINDS, width=12, clause="八、(一)2."),
        Field("topic", "主题", width=36),
        Field("audience", "对象", width=18),
        Field("headcount", "人次", Kind.INTEGER, width=8, lowest=0),
        r.REMARK,
    ),
    optional=True,
    clause="八、",
)

TRAINING_ANALYSIS = Sheet(
    "培训分析",
    (
        r.PERIOD,
        Field("kind", "类别", width=12, owner=TOOL, clause="八、(一)2."),
        Field("sessions", "场次", Kind.INTEGER, width=8, owner=TOOL, help="“培训宣传”中本期的行数"),
        Field("headcount", "人次", Kind.INTEGER, width=8, owner=TOOL),
        Field(
            "errors", "相关问题", Kind.INTEGER, width=10, owner=TOOL, help="本期校验发现、问题和抽查不实中与此类有关的"
        ),
        Field("topics", "建议主题", width=50, owner=TOOL),
        Field("sources", "依据", width=50, owner=TOOL),
        Field("visitors", "主要涉及人员", width=30, owner=TOOL),
        Field("advice", "建议", width=30, owner=TOOL),
    ),
    key=("period", "kind"),
    result=True,
    optional=True,
    help="本期培训宣传的场次、人次，和记录中的问题说明应当培训什么",
    clause="八、(一)",
)
