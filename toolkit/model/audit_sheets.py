"""Sheets of internal audit's evidence pack (七、(一)1.): a workbook of its own, not part of the branch workbook.

Personal data is masked by the privacy class of each column. 原表行 is the row of the sheet that a line was taken from.
"""

from dataclasses import dataclass, replace

from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Owner, Privacy, Sheet

TIMELINESS = ("按时", "超时", "逾期未办", "未到期", v.NO_VALUE)
IN_TIME, LATE, OVERDUE, NOT_DUE, NOT_ASKED_FOR = TIMELINESS
EXECUTION_OUTCOMES = ("按期完成", "逾期完成", "未完成", "未到期", "不计入")
DONE_IN_TIME, DONE_LATE, NOT_DONE, STILL_OPEN, LEFT_OUT = EXECUTION_OUTCOMES


def _column(name: str, header: str, kind: Kind = Kind.TEXT, width: int = 12, **more) -> Field:
    return Field(name, header, kind, width=width, owner=Owner.TOOL, may_be_future=kind is Kind.DATE, **more)


_VISIT_NO = _column("visit_no", "回访编号", Kind.CODE, 22)
_CONTRACT_NO = _column("contract_no", "贷款合同编号", Kind.CODE, 20)
_CUSTOMER = _column("customer_name", "客户姓名", width=12, privacy=Privacy.NAME)
_VISITOR = _column("visitor", "回访人员", width=10)
_ROW = _column("row", "原表行", Kind.INTEGER, 8)


def _text(name: str, header: str, width: int) -> Field:
    return _column(name, header, width=width, privacy=Privacy.FREE_TEXT)


CONTENTS = Sheet(
    "目录",
    (
        _column("no", "序号", Kind.INTEGER, 6),
        _column("title", "底稿", width=16),
        _column("cell", "打开", Kind.LINK, 8, link_sheet="title"),
        _column("proves", "证明什么", width=70),
        _column("clause", "制度条款", width=24),
        _column("rows", "行数", Kind.INTEGER, 8),
    ),
)
ABOUT = Sheet("说明", (_column("item", "项目", width=22), _column("content", "内容", width=110)))
EXECUTION = Sheet(
    "计划执行",
    (
        _VISIT_NO,
        _CONTRACT_NO,
        _CUSTOMER,
        _column("visit_type", "回访类型", width=10),
        _column("method", "回访方式", width=9),
        _column("branch", "网点", width=14),
        _VISITOR,
        _column("earliest_on", "最早日期", Kind.DATE),
        _column("due_on", "截止日期", Kind.DATE),
        _column("counts_on", "考核日期", Kind.DATE, help="改期按时批准的为改期至，否则为截止日期"),
        _column("state", "清单状态", width=10),
        _column("completed_on", "完成日期", Kind.DATE, help="成功记录的回访日期"),
        _column("outcome", "执行结果", Kind.CHOICE, 10, choices=EXECUTION_OUTCOMES),
        _column("days_late", "迟延天数", Kind.INTEGER, 9, help="完成日期或基准日晚于考核日期的天数"),
        _text("ground", "不计入理由", 34),
        _ROW,
    ),
)
TRUTH = Sheet(
    "记录核查",
    (
        _VISIT_NO,
        _CONTRACT_NO,
        _CUSTOMER,
        _VISITOR,
        _column("branch", "网点", width=14),
        _column("visited_on", "回访日期", Kind.DATE),
        _column("started_at", "开始时间", Kind.TIME, 10),
        _column("minutes", "时长(分钟)", Kind.NUMBER, 10),
        _column("method", "回访方式", width=9),
        _column("result", "回访结果", width=10),
        _column("submitted_on", "提交日期", Kind.DATE),
        _column("days_late", "迟交工作日", Kind.INTEGER, 10),
        _column("first_verdict", "首次结论", width=10, help="首次提交时是否有错；—＝还没有校验过"),
        _column("errors", "未改错误", Kind.INTEGER, 9),
        _column("warnings", "警告提示", Kind.INTEGER, 9, help="校验结果中指向这条记录的警告和提示，含已说明的"),
        _column("spot_check", "复核结论", width=10),
        _ROW,
    ),
)
FOUND = Sheet(
    "校验发现",
    (
        _column("level", "级别", width=8),
        _column("rule", "规则", width=8),
        _column("sheet", "工作表", width=12),
        _column("cell", "单元格", width=9),
        _VISIT_NO,
        _text("message", "说明", 60),
        _column("clause", "制度条款", width=12),
        _column("handling", "处理", width=8),
        _text("handling_reason", "处理理由", 30),
        _column("handled_by", "处理人", width=10),
        _column("handled_on", "处理日期", Kind.DATE),
    ),
)
HANDLING = Sheet(
    "问题处理",
    (
        _column("issue_no", "问题编号", Kind.CODE, 22),
        _VISIT_NO,
        _CONTRACT_NO,
        _CUSTOMER,
        _column("category", "问题类别", width=18),
        _column("grade", "严重程度", width=10, help="人工认定优先"),
        _column("found_on", "发现日期", Kind.DATE),
        _column("report_due_on", "反馈时限", Kind.DATE),
        _column("reported_on", "反馈日期", Kind.DATE),
        _column("reporting", "反馈", Kind.CHOICE, 10, choices=TIMELINESS),
        _column("remedy_due_on", "整改时限", Kind.DATE),
        _column("completed_on", "完成日期", Kind.DATE),
        _column("verified_on", "验证日期", Kind.DATE),
        _column("remedying", "销号", Kind.CHOICE, 10, choices=TIMELINESS),
        _column("escalation_due_on", "上报时限", Kind.DATE),
        _column("escalated_on", "上报日期", Kind.DATE),
        _column("escalating", "上报", Kind.CHOICE, 10, choices=TIMELINESS),
        _column("state", "状态", width=10),
        _column("department", "责任部门", width=14),
        _column("owner", "责任人", width=10),
        _column("verifier", "验证人", width=10),
        _text("effect", "有效性", 34),
        _text("remedy", "整改措施", 34),
        _text("outcome", "处理结果", 34),
        _text("supervision", "督办", 28),
        _text("accountability", "问责建议", 34),
        _ROW,
    ),
)
EVENTS = Sheet(
    "问题事件",
    (
        _column("at", "时间", Kind.TIMESTAMP, 18),
        _column("issue_no", "问题编号", Kind.CODE, 22),
        _column("event", "事件", width=16),
        _column("old_state", "原状态", width=10),
        _column("new_state", "新状态", width=10),
        _column("handler", "经办人", width=10),
        _column("approver", "批准人", width=10),
        _text("reason", "理由", 50),
        _ROW,
    ),
)
SAMPLING = replace(s.SAMPLE_LOG, title="抽样底稿")
REVIEWS = Sheet(
    "抽查明细",
    (
        _column("sample_no", "抽查编号", Kind.CODE, 30),
        _VISIT_NO,
        _CONTRACT_NO,
        _CUSTOMER,
        _VISITOR,
        _column("visited_on", "回访日期", Kind.DATE),
        _column("sample_reason", "抽查原因", width=30),
        _column("reviewer", "复核人", width=10),
        _column("reviewed_on", "复核日期", Kind.DATE),
        _column("verdict", "复核结论", width=10),
        _text("difference", "差异", 44),
        _text("note", "说明", 30),
        _column("rectification", "整改状态", width=12),
        _ROW,
    ),
)
SUMMARY = replace(s.SAMPLE_SUMMARY, title="抽查推算")
INTEGRITY = Sheet(
    "完整性核对",
    (
        _column("no", "序号", Kind.INTEGER, 6),
        _column("check", "核对事项", width=44),
        _column("clause", "制度条款", width=12),
        _column("count", "例外数", Kind.INTEGER, 8),
        _text("places", "所在位置", 70),
    ),
)
RECOUNT = Sheet(
    "指标复算",
    (
        _column("object_kind", "对象类型", width=10),
        _column("object_name", "对象", width=16),
        _column("indicator", "指标", width=18),
        _column("numerator", "复算分子", Kind.INTEGER, 9),
        _column("denominator", "复算分母", Kind.INTEGER, 9),
        _column("rate", "复算指标值", Kind.FRACTION, 11),
        _column("listed_numerator", "表列分子", Kind.INTEGER, 9),
        _column("listed_denominator", "表列分母", Kind.INTEGER, 9),
        _column("agrees", "是否一致", width=10, help="与“考核指标”表比较；未统计＝表中没有本期这一行"),
    ),
)
LOG = replace(s.LOG, title="操作日志")
PARAMETERS = Sheet(
    "参数取值",
    (
        _column("parameter", "参数", width=26),
        _column("value", "取值", width=16),
        _column("default", "出厂值", width=16),
        _column("unit", "单位", width=8),
        _column("changed", "是否改动", width=10),
        _column("clause", "制度条款", width=14),
        _column("note", "说明", width=50),
    ),
)


@dataclass(frozen=True)
class Evidence:
    """A sheet of the pack, what it proves and by which clause."""

    sheet: Sheet
    proves: str
    clause: str


PACK: tuple[Evidence, ...] = (
    Evidence(
        EXECUTION,
        "计划执行情况：本期每笔应做的回访何时到期、何时完成、是否迟延，不计入考核的写明理由",
        "七、(一)1.；四、(二)",
    ),
    Evidence(RECOUNT, "四项考核指标按工作簿现有数据复算，与“考核指标”表逐行比较", "七、(二)"),
    Evidence(TRUTH, "记录的真实性、完整性：本期每条记录首次提交是否有错、是否迟交、抽查结论", "七、(一)1.；五、(一)"),
    Evidence(FOUND, "校验发现的问题和工作人员的处理、理由", "七、(一)1.；三、(七)4."),
    Evidence(INTEGRITY, "各表是否对得上：缺记录、删记录、改编号、自行验证等例外", "七、(一)1."),
    Evidence(SAMPLING, "抽样的总体、种子、分层和方法，可据此在任何电脑上重新抽出同一样本", "七、(一)2."),
    Evidence(REVIEWS, "每条抽查的复核结论、与原记录的差异和整改状态", "七、(一)2."),
    Evidence(SUMMARY, "由随机样本推算的差错率和 95% 区间", "七、(一)2."),
    Evidence(
        HANDLING, "问题处理的及时性和有效性：反馈、整改、上报是否按时，是否他人验证，是否复发", "七、(一)1.；六、"
    ),
    Evidence(EVENTS, "上述问题的每次状态变更、经办人、批准人和理由", "六、(三)"),
    Evidence(LOG, "工具的每次运行：时间、操作人、基准日和结果", "七、(一)1."),
    Evidence(PARAMETERS, "制度中各 [X] 的现行取值，与出厂值不同的已标明", "各条"),
)
