"""Tables the risk department maintains in the workbook, as shipped: 分类规则 and 考核办法.

The template is filled from here, and a workbook that lacks the sheet is judged by it.
"""

from toolkit.model import values as v
from toolkit.model.sheets import CHECKS

# What a 否 alone means (contract, section 4, fine print): check field → (category, severity).
_MEANING_OF_NO = {
    "apply_1": (v.POLICY_UNCLEAR, v.GENERAL),
    "apply_2": (v.FRAUD, v.CRITICAL),
    "apply_3": (v.POLICY_UNCLEAR, v.GENERAL),
    "approve_1": (v.POLICY_UNCLEAR, v.GENERAL),
    "approve_2": (v.ATTITUDE, v.GENERAL),
    "approve_3": (v.SLOW_APPROVAL, v.GENERAL),
    "disburse_1": (v.WRONG_AMOUNT, v.MAJOR),
    "disburse_2": (v.POLICY_UNCLEAR, v.GENERAL),
    "disburse_3": (v.LATE_FUNDS, v.MAJOR),
    "use_1": (v.DIVERSION, v.MAJOR),
    "use_2": (v.HARDSHIP, v.MAJOR),
    "use_3": (v.HARDSHIP, v.GENERAL),
    "repay_1": (v.POLICY_UNCLEAR, v.GENERAL),
    "repay_2": (v.HARDSHIP, v.MAJOR),
    "repay_3": (v.ATTITUDE, v.GENERAL),
}
CLAUSE_OF_SEVERITY = {v.GENERAL: "六、(一)1.", v.MAJOR: "六、(一)2.", v.CRITICAL: "六、(一)3."}

# Rows of 分类规则 by field name.
CLASSIFICATION_RULES: tuple[dict[str, str], ...] = tuple(
    {
        "code": f"C{i:02d}",
        "enabled": v.YES,
        "check": header,
        "answer": v.NO,
        "category": _MEANING_OF_NO[name][0],
        "severity": _MEANING_OF_NO[name][1],
        "clause": CLAUSE_OF_SEVERITY[_MEANING_OF_NO[name][1]],
        "note": question,
    }
    for i, (name, header, _, question, _) in enumerate(CHECKS, start=1)
)

# Rows of 考核办法 by field name: proposals of reward and penalty, a person decides (七、(三)2.).
APPRAISAL: tuple[dict[str, object], ...] = tuple(
    {"indicator": indicator, "lowest": low, "highest": high, "action": action, "measure": measure}
    for indicator in v.KPI_NAMES
    for low, high, action, measure in (
        (98, None, "奖励", "建议通报表扬，计入绩效加分"),
        (90, 98, "不奖不罚", "保持"),
        (80, 90, "提醒", "建议约谈提醒，限期改进"),
        (0, 80, "处罚", "建议扣减绩效，安排培训并加大抽查"),
    )
)
