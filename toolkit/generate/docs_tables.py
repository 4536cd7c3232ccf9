"""docs/数据字典.md, docs/参数.md and docs/校验规则.md: the model and the rules of findings as tables to read."""

from collections.abc import Sequence

from toolkit.model import sheets as s
from toolkit.model.fields import NUMBER_KINDS, Field, Sheet
from toolkit.model.parameters import PARAMETERS, Parameter
from toolkit.rules import finding_lists
from toolkit.rules.checks.rule_table import CHECKS

NOTICE = "<!-- 由 python -m toolkit.generate 生成，请勿手工修改 -->"


def data_dictionary() -> str:
    """Every sheet and column: kind, required, choices, who fills it, privacy, help, clause."""
    parts = [
        NOTICE,
        "# 数据字典",
        "工作簿每张表的列。表头在第 1 行，数据从第 2 行起；列按表头文字识别，次序可以调整，也可以加自己的列。"
        f"条款指《贷款回访管理办法》。首张表“{s.HOME_TITLE}”没有表格，不在此列。",
    ]
    parts += [_sheet(sheet) for sheet in s.SHEETS]
    return "\n\n".join(parts) + "\n"


def parameter_table() -> str:
    """Every parameter: default, unit, permitted values, meaning, clause."""
    head = ("参数", "默认值", "单位", "可填", "说明", "条款")
    rows = [
        (p.title, _default(p), p.unit, _permitted(p), p.note, p.clause)
        for p in PARAMETERS
    ]  # fmt: skip
    return (
        "\n\n".join(
            (
                NOTICE,
                "# 参数",
                "“参数”表的每一行。条款指《贷款回访管理办法》。缺少、空白（注明可空白的除外）或不合理的取值会被拒绝，"
                "不会自动套用默认值。",
                markdown_table(head, rows),
            )
        )
        + "\n"
    )


_GROUPS = (
    ("R", "记录本身", "由数据字典的必填、类型、列表、范围得出，另有两条针对成功回访和提交日期。"),
    ("A", "与台账、清单、人员一致", "记录的合同、客户、人员、编号、签名和核对项。"),
    ("W", "回访是否合规", "时间、时长、方式、期间、人员回避。"),
    ("Q", "多条记录之间", "每一条有关的记录都会标出。"),
    ("F", "疑似编造", "只是提示，指向“回访人员”表或有关记录，说明里有证据；是否编造由人核实、抽查后认定。"),
    ("T", "其他表", "记录所比对的各表；除注明的以外为警告，不影响记录的对错。"),
)
_OTHER_STEPS = (
    ("P", "生成回访清单", "无法列入清单或须留意的台账、专项回访和清单的行。", finding_lists.PLAN),
    ("G", "跟踪督办", "问题台账、问题事件和待答复事项中不合办理步骤或缺内容的单元格。", finding_lists.TRACK),
    ("S", "抽查取样", "抽查和抽查整改的填写；复核答案与记录的出入。", finding_lists.SAMPLE),
)


def check_rules() -> str:
    """Every rule of `check`: code, level, title, when it is raised, clause, remedy, may its suggestion be adopted; then
    the rules of the other steps that write to 校验结果."""
    head = ("规则", "级别", "名称", "何时报告", "怎么办", "可采纳", "条款")
    intro = (
        "“校验记录”逐条检查的内容。发现写入“校验结果”，单元格列是链接；回访记录中有问题的单元格带底色和批注，改正后"
        "再次校验即消失，自己写的批注不动。有“错误”时命令的退出码为 1。",
        "处理列：选“采纳”，再次校验时把建议的值写入该单元格（只在建议就是一个值时可用，表中标“是”）；选“说明”并填"
        "处理理由，警告和提示不再计入、不再标色（错误不能说明）。没有填处理人、处理日期的，由系统填操作人和基准日。"
        "说明只对当时的情况有效：证据变了，须重新说明。",
        "合计行、空白行不检查。全角数字、空格、+86、15 位证件号码、2026年3月5日 或 20260305 这样的日期按原意读取，"
        "不改原文。",
    )
    parts = [NOTICE, "# 校验规则", *intro]
    for letter, title, about in _GROUPS:
        rows = [
            (
                check.rule.code,
                check.rule.level,
                check.rule.title,
                check.when,
                check.rule.remedy,
                "是" if check.adoptable else "",
                check.rule.clause,
            )
            for check in CHECKS
            if check.rule.code.startswith(letter)
        ]
        parts += [f"## {letter}　{title}", about, markdown_table(head, rows)]
    parts += [
        "# 其他步骤的发现",
        "下列各步也把发现写入“校验结果”，再次运行该步时更新；每一步只更新自己的各行。",
    ]
    for letter, caption, about, rules in _OTHER_STEPS:
        lines = [(rule.code, rule.level, rule.title, rule.remedy, rule.clause) for rule in rules]
        table = markdown_table(("规则", "级别", "名称", "怎么办", "条款"), lines)
        parts += [f"## {letter}　{caption}", about, table]
    return "\n\n".join(parts) + "\n"


def _sheet(sheet: Sheet) -> str:
    about = []
    if sheet.help:
        about.append(f"{sheet.help.rstrip('。')}。")
    if sheet.clause:
        about.append(f"条款：{sheet.clause}")
    traits = []
    if sheet.result:
        traits.append("结果表，由系统写入，缺少时自动添加")
    elif sheet.optional:
        traits.append("可以没有这张表，没有时视为空表")
    if sheet.hidden:
        traits.append("隐藏")
    if sheet.key:
        traits.append("一行由 " + "、".join(sheet.header(name) for name in sheet.key) + " 确定")
    if traits:
        about.append("；".join(traits) + "。")
    head = ("列", "类型", "必填", "填写", "可填", "保密", "说明", "条款")
    rows = [
        (
            field.header,
            field.kind.value,
            "是" if field.required else "",
            field.owner.value,
            _values(field),
            field.privacy.value,
            field.help,
            field.clause,
        )
        for field in sheet
    ]
    return "\n\n".join((f"## {sheet.title}", *([" ".join(about)] if about else []), markdown_table(head, rows)))


def _values(field: Field) -> str:
    if field.choices:
        return "、".join(field.choices)
    if field.kind in NUMBER_KINDS:
        return _range(field.lowest, field.highest)
    return ""


def _range(lowest: float | None, highest: float | None) -> str:
    if lowest is not None and highest is not None:
        return f"{lowest:.15g} 至 {highest:.15g}"
    if lowest is not None:
        return f"不小于 {lowest:.15g}"
    return f"不大于 {highest:.15g}" if highest is not None else ""


def _default(parameter: Parameter) -> str:
    if parameter.default in (None, "", ()):
        return "（空白）"
    return f"{parameter.default:,}" if parameter.unit == "元" else str(parameter.default)


def _permitted(parameter: Parameter) -> str:
    if parameter.kind == "choice":
        text = "、".join(parameter.choices)
    elif parameter.kind == "date":
        text = "日期"
    elif parameter.kind == "list":
        text = "文字，以“、”分隔"
    else:
        text = _range(parameter.lowest, parameter.highest) + ("，整数" if parameter.kind == "int" else "")
    return text + ("；可空白" if parameter.blank_ok else "")


def markdown_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").strip() for cell in line) + " |" for line in lines)
