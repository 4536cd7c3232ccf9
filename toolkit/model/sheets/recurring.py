"""Columns that recur on several sheets. `…_TOOL`: the same column where the tool writes it and staff only read."""

from toolkit.model import values as v
from toolkit.model.fields import Field, Kind, Owner, Privacy

TOOL = Owner.TOOL

CONTRACT_NO = Field(
    "contract_no", "贷款合同编号", Kind.CODE, True, width=20, clause="五、(一)2.", help="与贷款台账一致，按文本录入"
)
CONTRACT_NO_TOOL = Field("contract_no", "贷款合同编号", Kind.CODE, width=20, owner=TOOL, clause="五、(一)2.")
DRAWDOWN_NO = Field("drawdown_no", "借据编号", Kind.CODE, width=16, help="一份合同分次放款时填写；否则留空")
DRAWDOWN_NO_TOOL = Field("drawdown_no", "借据编号", Kind.CODE, width=16, owner=TOOL)
CUSTOMER_NAME = Field("customer_name", "客户姓名", width=18, privacy=Privacy.NAME, owner=TOOL)
VISIT_NO = Field("visit_no", "回访编号", Kind.CODE, width=22, owner=TOOL)
VISITED_ON = Field("visited_on", "回访日期", Kind.DATE, width=12, owner=TOOL)
VISITOR = Field("visitor", "回访人员", width=10, help="填姓名，须在“回访人员”表中")
VISITOR_TOOL = Field("visitor", "回访人员", width=10, owner=TOOL)
BRANCH = Field("branch", "网点", width=14, owner=TOOL)

PERIOD = Field("period", "期间", Kind.CODE, width=24, owner=TOOL)
OBJECT_KIND = Field("object_kind", "对象类型", Kind.CHOICE, choices=v.KPI_OBJECT_KINDS, width=10, owner=TOOL)
OBJECT_NAME = Field("object_name", "对象", width=16, owner=TOOL)
INDICATOR = Field("indicator", "指标", Kind.CHOICE, choices=v.KPI_NAMES, width=18, owner=TOOL, clause="七、(二)")

NO = Field("no", "序号", Kind.INTEGER, width=6, owner=TOOL)
CLAUSE = Field("clause", "制度条款", width=12, owner=TOOL)
REMARK = Field("remark", "备注", width=24, privacy=Privacy.FREE_TEXT)
APPROVER = Field("approver", "批准人", width=10)
HANDLED_BY = Field("handled_by", "处理人", width=10)
HANDLED_ON = Field("handled_on", "处理日期", Kind.DATE, width=12)
