"""Sheets of head office's own workbooks (分发清单, 汇总), which no branch has.

Detail sheets of 汇总 are the branch's with `SOURCE` columns behind: see `with_source`.
"""

from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Owner, Sheet

TOOL = Owner.TOOL

CREATED, UPDATED, NOT_DONE, NOT_IN_LEDGER = DISPATCH_RESULTS = ("新建", "更新", "未成", "本次没有")

DISPATCH = Sheet(
    "分发清单",
    (
        Field("branch", "网点", width=24, owner=TOOL),
        Field("file", "文件", width=36, owner=TOOL),
        Field("result", "新建/更新", Kind.CHOICE, choices=DISPATCH_RESULTS, width=12, owner=TOOL),
        Field("loans", "笔数", Kind.INTEGER, width=10, owner=TOOL),
        Field("instalments", "期数", Kind.INTEGER, width=10, owner=TOOL),
        Field("amount", "贷款金额", Kind.MONEY, width=18, owner=TOOL),
        Field("note", "说明", width=80, owner=TOOL),
    ),
    key=("branch",),
    result=True,
    optional=True,
    help="本次台账中每个网点的工作簿；再次分发时照此清单找到原文件",
)
NOT_DISPATCHED = Sheet(
    "未分发",
    (
        Field("sheet", "所属表", width=12, owner=TOOL),
        Field("place", "位置", width=44, owner=TOOL),
        Field("contract_no", "贷款合同编号", Kind.CODE, width=22, owner=TOOL),
        Field("reason", "原因", width=70, owner=TOOL),
    ),
    result=True,
    optional=True,
    help="没有分给任何网点的行，逐行列出",
)
RECONCILIATION = Sheet(
    "合计核对",
    (
        Field("item", "项目", width=20, owner=TOOL),
        Field("total", "导出合计", Kind.NUMBER, width=20, owner=TOOL),
        Field("sent", "已分发（从文件读回）", Kind.NUMBER, width=24, owner=TOOL),
        Field("left", "未分发", Kind.NUMBER, width=18, owner=TOOL),
        Field("difference", "差额", Kind.NUMBER, width=18, owner=TOOL),
        Field("verdict", "结论", Kind.CHOICE, choices=("相符", "不符"), width=10, owner=TOOL),
    ),
    result=True,
    optional=True,
    help="导出合计 = 已分发 + 未分发",
)
DISPATCH_LIST = "分发清单.xlsx"

TAKEN, WARNED, NOT_TAKEN, DUPLICATE, MISSING = COLLECTION_STATES = (
    "已汇总",
    "已汇总待核对",
    "未汇总",
    "重复",
    "未交",
)
COLLECTION = Sheet(
    "收集情况",
    (
        Field("state", "情况", Kind.CHOICE, choices=COLLECTION_STATES, width=16, owner=TOOL),
        Field("file", "文件", width=36, owner=TOOL),
        Field("institution", "机构", width=20, owner=TOOL),
        Field("branches", "网点", width=24, owner=TOOL),
        Field("region", "地区", width=16, owner=TOOL),
        Field("version", "版本", width=10, owner=TOOL),
        Field("loans", "贷款", Kind.INTEGER, width=10, owner=TOOL),
        Field("visits", "回访", Kind.INTEGER, width=10, owner=TOOL),
        Field("records", "记录", Kind.INTEGER, width=10, owner=TOOL),
        Field("issues", "问题", Kind.INTEGER, width=10, owner=TOOL),
        Field("note", "说明", width=60, owner=TOOL),
        Field("delivery", "内容指纹", Kind.CODE, width=20, owner=TOOL, help="文件内容的 SHA-256 前 16 位"),
    ),
    result=True,
    optional=True,
    help="每个文件一行，没有一个被悄悄略过；未交的是分发清单上有而没有找到文件的网点",
)
HEAD_OFFICE, REGION = "总行", "地区"
OFFICE_INDICATORS = Sheet(
    "考核指标",
    (
        Field(
            "object_kind", "对象类型", Kind.CHOICE,
            choices=(HEAD_OFFICE, REGION, *v.KPI_OBJECT_KINDS), width=10, owner=TOOL,
        ),
        Field("object_name", "对象", width=24, owner=TOOL),
        Field("branch", "所属网点", width=24, owner=TOOL, help="回访人员所在的网点"),
        *(field for field in s.INDICATORS if field.name not in ("object_kind", "object_name")),
    ),
    key=("object_kind", "object_name", "branch", "period", "indicator"),
    result=True,
    optional=True,
    help="由各网点的分子、分母相加而得",
    clause="七、(二)",
)  # fmt: skip
CLUES = Sheet(
    "跨网点线索",
    (
        Field("kind", "线索", width=24, owner=TOOL),
        Field("what", "共同之处", width=44, owner=TOOL),
        Field("branches", "涉及网点", width=36, owner=TOOL),
        Field("count", "笔数", Kind.INTEGER, width=8, owner=TOOL),
        Field("places", "位置", width=80, owner=TOOL),
        Field("clause", "制度条款", width=14, owner=TOOL),
    ),
    result=True,
    optional=True,
    help="单个网点看不到的共同之处，由人核实；不等于有问题",
)
CONFLICTS = Sheet(
    "重复与冲突",
    (
        Field("kind", "情况", width=24, owner=TOOL),
        Field("contract_no", "贷款合同编号", Kind.CODE, width=22, owner=TOOL),
        Field("what", "说明", width=70, owner=TOOL),
        Field("kept", "计入", width=40, owner=TOOL),
        Field("dropped", "未计入", width=40, owner=TOOL),
        Field("rows", "未计入行数", Kind.INTEGER, width=12, owner=TOOL),
    ),
    result=True,
    optional=True,
    help="同一网点的几份工作簿、同一笔贷款在几个网点：各以哪一份为准",
)
ABOUT = Sheet(
    "说明",
    (Field("item", "项目", width=24, owner=TOOL), Field("text", "内容", width=110, owner=TOOL)),
    result=True,
    optional=True,
)


def with_source(sheet: Sheet) -> Sheet:
    """A detail sheet of 汇总: the branch's columns and where each row came from."""
    return Sheet(
        sheet.title,
        (
            *sheet.fields,
            Field("source_file", "来源", width=40, owner=TOOL),
            Field("source_row", "来源行", Kind.INTEGER, width=8, owner=TOOL),
        ),
        key=sheet.key,
        result=True,
        optional=True,
    )
