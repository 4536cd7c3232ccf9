"""What 校验记录 found, and what each record was like when it was first submitted (三、(七)4.; 七、(二)2.)."""

from dataclasses import replace

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Privacy, Sheet
from toolkit.model.sheets import recurring as r
from toolkit.model.sheets.records import RECORDS
from toolkit.model.sheets.recurring import TOOL

FINDINGS = Sheet(
    "校验结果",
    (
        r.NO,
        Field("level", "级别", Kind.CHOICE, choices=v.FINDING_LEVELS, width=8, owner=TOOL),
        Field("rule", "规则", width=10, owner=TOOL),
        Field("sheet", "工作表", width=12, owner=TOOL),
        Field("cell", "单元格", Kind.LINK, width=9, owner=TOOL, link_sheet="sheet"),
        r.VISIT_NO,
        Field("message", "说明", width=52, owner=TOOL, privacy=Privacy.FREE_TEXT),
        Field("suggestion", "建议", width=36, owner=TOOL, privacy=Privacy.FREE_TEXT),
        r.CLAUSE,
        Field("handling", "处理", Kind.CHOICE, choices=v.FINDING_HANDLING, width=8),
        Field("handling_reason", "处理理由", width=24),
        r.HANDLED_BY,
        r.HANDLED_ON,
    ),
    result=True,
    optional=True,
    help="“校验记录”“生成回访清单”“跟踪督办”“抽查取样”发现的问题，点击单元格可跳转",
    clause="三、(七)4.",
)

CHECK_SUMMARY = Sheet(
    "校验汇总",
    (
        Field("visitor", "回访人员", width=12, owner=TOOL),
        Field("branch", "网点", width=16, owner=TOOL),
        Field("records", "记录数", Kind.INTEGER, width=8, owner=TOOL),
        Field("successes", "成功", Kind.INTEGER, width=8, owner=TOOL),
        Field("errors", "错误", Kind.INTEGER, width=8, owner=TOOL, help="尚未改正的"),
        Field("faulty", "有错记录", Kind.INTEGER, width=10, owner=TOOL),
        Field("warnings", "警告", Kind.INTEGER, width=8, owner=TOOL, help="尚未改正或说明的"),
        Field("hints", "提示", Kind.INTEGER, width=8, owner=TOOL, help="疑似编造等须核实的，证据见“校验结果”"),
        Field("refused", "拒访", Kind.INTEGER, width=8, owner=TOOL),
        Field("refusal_rate", "拒访率", Kind.FRACTION, width=9, owner=TOOL, help="拒访÷记录数"),
        Field(
            "not_asked_rate", "未问率", Kind.FRACTION, width=9, owner=TOOL, help="成功回访已填的核对项中“未问”所占比例"
        ),
        Field("phone_minutes", "电话时长中位数", Kind.NUMBER, width=14, owner=TOOL, help="成功的电话回访，单位：分钟"),
        Field(
            "meeting_minutes", "面谈时长中位数", Kind.NUMBER, width=14, owner=TOOL, help="成功的面谈回访，单位：分钟"
        ),
        Field("late", "迟交", Kind.INTEGER, width=8, owner=TOOL, help="提交超时或到期未交的记录"),
        Field("late_rate", "迟交率", Kind.FRACTION, width=9, owner=TOOL, help="迟交÷记录数"),
    ),
    key=("visitor",),
    result=True,
    optional=True,
    help="由“校验记录”写入：每名回访人员的记录概况，与“校验结果”一致",
    clause="七、(一)2.",
)

FIRST_SUBMISSIONS = Sheet(
    "首次提交",
    (
        Field("visit_no", "回访编号", Kind.CODE, width=22, owner=TOOL),
        Field("contract_no", "贷款合同编号", Kind.CODE, width=20, owner=TOOL),
        r.DRAWDOWN_NO_TOOL,
        r.VISITED_ON,
        Field("started_at", "开始时间", Kind.TIME, width=10, owner=TOOL),
        r.VISITOR_TOOL,
        Field("submitted_on", "提交日期", Kind.DATE, width=12, owner=TOOL),
        Field("record_row", "记录行", Kind.INTEGER, width=8, owner=TOOL),
        Field("first_checked_on", "首次校验日期", Kind.DATE, width=13, owner=TOOL),
        Field("error_count", "错误数", Kind.INTEGER, width=8, owner=TOOL),
        Field("verdict", "首次结论", Kind.CHOICE, choices=v.FIRST_VERDICTS, width=10, owner=TOOL),
    ),
    result=True,
    optional=True,
    hidden=True,
    help="每条记录首次提交时是否有错，供准确率使用；改正后不变",
    clause="七、(二)2.",
)

FIRST_RECORDS = Sheet(
    "首次记录",
    (
        Field("record_row", "记录行", Kind.INTEGER, width=8, owner=TOOL),
        Field("saved_on", "保存日期", Kind.DATE, width=12, owner=TOOL),
        *(replace(column, required=False, owner=TOOL) for column in RECORDS),
    ),
    result=True,
    optional=True,
    hidden=True,
    help="尚未校验就被“收集记录”改动的记录首次提交时的内容，供准确率使用",
    clause="七、(二)2.",
)
