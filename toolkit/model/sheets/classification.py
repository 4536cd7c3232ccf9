"""By which words and answers issues are told and graded, and what is said that is no issue (六、(一); 三、(六))."""

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Privacy, Sheet
from toolkit.model.sheets import recurring as r
from toolkit.model.sheets.recurring import TOOL

CLASSIFICATION_RULES = Sheet(
    "分类规则",
    (
        Field("code", "规则编号", Kind.CODE, True, width=12),
        Field("enabled", "启用", Kind.CHOICE, True, v.YES_NO, width=8),
        Field("check", "核对项", Kind.TEXT, width=18, help="按核对项判定时填回访记录中的核对列；按词句判定时留空"),
        Field("answer", "答案", Kind.CHOICE, choices=v.CHECK_ANSWERS, width=10),
        Field("category", "问题类别", Kind.CHOICE, True, (*v.ISSUE_CATEGORIES, *v.HARMLESS_CATEGORIES), width=22),
        Field("severity", "严重程度", Kind.CHOICE, True, (*v.SEVERITIES, v.NO_ISSUE), width=10),
        Field(
            "phrases",
            "词句",
            width=60,
            help="用、隔开；{组名}＝一组词，…＝隔几个字，……＝可跨小句",
        ),
        Field("holds_when", "仍适用", width=14, help="处在这些场合里也照样算：否定 询问 假设 传闻 已解决"),
        Field("unless", "例外词", width=30, help="话里有这些词句时本规则不用"),
        Field("clause", "制度条款", width=14),
        Field("note", "说明", width=44),
    ),
    key=("code",),
    optional=True,
    help="风险管理部门维护；某行写错时“问题分类”会指出单元格并拒绝运行",
    clause="六、(一)",
)

WORD_GROUPS = Sheet(
    "分类词组",
    (
        Field("group", "组名", Kind.TEXT, True, width=16, help="“错别字”一行写 错写=正写，字数相同"),
        Field("words", "词语", Kind.TEXT, True, width=100, help="用、隔开"),
        Field("note", "说明", width=40),
    ),
    key=("group",),
    optional=True,
    help="分类规则的词句里 {组名} 所指的词，由风险管理部门维护",
    clause="六、(一)",
)

RULE_TRIALS = Sheet(
    "规则测试",
    (
        Field("text", "例句", Kind.TEXT, width=50, privacy=Privacy.FREE_TEXT),
        Field("expected", "应为等级", width=14, help="无问题、一般、重要、重大、待定级；几个都对时用、隔开"),
        Field(
            "expected_category",
            "应有类别",
            Kind.CHOICE,
            choices=(*v.ISSUE_CATEGORIES, *v.HARMLESS_CATEGORIES),
            width=22,
            help="可不填",
        ),
        Field("severity", "判为等级", width=10, owner=TOOL),
        Field("categories", "判为类别", width=30, owner=TOOL),
        Field("rule", "命中规则", width=18, owner=TOOL),
        Field("words", "命中词语", width=30, owner=TOOL),
        Field("verdict", "结论", Kind.CHOICE, choices=v.TRIAL_VERDICTS, width=10, owner=TOOL),
    ),
    result=True,
    optional=True,
    help="改了分类规则后看这里：“问题分类”用例句试一遍规则，不符的标“不通过”",
    clause="六、(一)",
)

OVERRULED = Sheet(
    "认定对照",
    (
        Field("rule", "规则编号", Kind.CODE, width=12, owner=TOOL),
        Field("note", "说明", width=36, owner=TOOL),
        Field("found", "命中问题", Kind.INTEGER, width=10, owner=TOOL),
        Field("reviewed", "人工认定", Kind.INTEGER, width=10, owner=TOOL),
        Field("agreed", "一致", Kind.INTEGER, width=8, owner=TOOL),
        Field("raised", "改重", Kind.INTEGER, width=8, owner=TOOL),
        Field("lightened", "改轻", Kind.INTEGER, width=8, owner=TOOL),
        Field("cleared", "改为无问题", Kind.INTEGER, width=10, owner=TOOL),
        Field("graded", "待定级后认定", Kind.INTEGER, width=12, owner=TOOL),
        Field("share", "改判率", Kind.FRACTION, width=10, owner=TOOL, help="（改重＋改轻＋改为无问题）÷ 人工认定"),
        Field("examples", "改判的问题", width=60, owner=TOOL, privacy=Privacy.FREE_TEXT),
    ),
    key=("rule",),
    result=True,
    optional=True,
    help="每条规则命中的问题里，人工认定改判了多少；改判多的规则应当修改",
    clause="六、(一)",
)

WISHES = Sheet(
    "建议与需求",
    (
        Field("wish_no", "登记编号", Kind.CODE, width=22, owner=TOOL),
        r.VISIT_NO,
        r.CONTRACT_NO_TOOL,
        r.CUSTOMER_NAME,
        r.VISITED_ON,
        Field("kind", "类别", Kind.CHOICE, choices=(v.SUGGESTION, v.OTHER_NEED), width=14, owner=TOOL),
        Field("text", "内容", width=50, owner=TOOL, privacy=Privacy.FREE_TEXT, clause="三、(六)"),
        Field("source", "来源", width=16, owner=TOOL),
        Field("receiver", "接收部门", width=16, help="系统按类别填写，可以改"),
        Field("handling", "处理情况", width=30, privacy=Privacy.FREE_TEXT),
        r.HANDLED_BY,
        r.HANDLED_ON,
    ),
    key=("wish_no",),
    result=True,
    optional=True,
    help="回访中收集的意见建议和其他金融需求，不算问题，分送接收部门",
    clause="三、(六)",
)
