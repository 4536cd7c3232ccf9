"""docs/问题流转.md: the table of moves drawn and listed."""

from toolkit.generate.docs_tables import NOTICE, markdown_table
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.rules.issues.moves import GRADES, MILESTONES, MOVES, Move

_INTRO = (
    "“问题台账”每个问题的状态怎样变化（制度六、(二)–(三)）。工作人员改“状态”等单元格，或在“问题事件”加一行；"
    "“跟踪督办”逐次登记事件，不允许的变更在“校验结果”按单元格指出，状态保持人工填写的原样，其余照常处理。"
)
_RULES = (
    "两次“跟踪督办”之间可以连走几步：途中每一步要求的列都已填好、日期先后相符，就补记全部事件；缺一样即不登记并指出该格。",
    "“暂停”不能只改状态：须在“问题事件”加一行，写明时间、批准人（不是经办人）和理由。暂停期间的工作日顺延尚未到期的时限；"
    "原时限和顺延后的时限保存在隐藏表“问题底稿”。暂停开始时已过的时限不顺延。",
    "“恢复”回到暂停前的状态；自己在“问题事件”登记恢复的时间，或只改状态（以当次基准日为恢复日）。",
    "升级由任何人在“人工认定”选定即可；降级须在“问题事件”加一行“降级”，写明经办人、批准人（另一人）和理由。",
    "完成日期不得早于反馈日期，验证日期不得早于完成日期，各日期不得晚于基准日；验证人不得是责任人。",
    "每条事件的“时间”是登记时的基准日，实际办理日期写在“理由”。“问题事件”按登记先后排列，请勿排序或删除。",
)


def moves_page() -> str:
    """The page as Markdown, from `rules.issues.moves`."""
    head = ("事件", "原状态", "新状态", "适用", "由谁", "须填（缺则不登记）", "应填（缺则提示）", "条件", "条款")
    rows = [_row(move) for move in MOVES]
    milestones = [(event, f"“{state}”及以后", s.ISSUES.header(field), word) for event, state, field, word in MILESTONES]
    parts = [
        NOTICE,
        "# 问题流转",
        _INTRO,
        "```mermaid\n" + _diagram() + "\n```",
        "## 每一步",
        markdown_table(head, rows),
        "表中没有的变更一律不允许。",
        "## 重大问题另须登记",
        "在“问题事件”加一行写明该事件，或在下列格内写到该词（六、(二)3.）。终止合同、追究责任等措施写在“处理结果”，"
        "向上级主管部门报告的日期写在“上报日期”。",
        markdown_table(("事件", "最迟在", "或写在", "词"), milestones),
        "## 说明",
        "\n".join(f"- {line}" for line in _RULES),
    ]
    return "\n\n".join(parts) + "\n"


def _row(move: Move) -> tuple[str, ...]:
    columns = ["、".join(s.ISSUES.header(name) for name in names) for names in (move.needs, move.wants)]
    needs = "问题事件：时间、批准人、理由" if move.registered else columns[0]
    grades = "各级" if move.grades == GRADES else "、".join(move.grades)
    sources = "、".join(move.sources)
    return (move.event, sources, move.target, grades, move.who, needs, columns[1], move.condition, move.clause)


def _diagram() -> str:
    """A mermaid state diagram; the states get plain names, since not every renderer takes Chinese ones."""
    names = {state: f"s{i}" for i, state in enumerate(v.ISSUE_STATES)}
    lines = ["stateDiagram-v2", *(f'    state "{state}" as {name}' for state, name in names.items())]
    lines += [f"    [*] --> {names[state]}: 登记" for state in (v.TO_GRADE, v.TO_REPORT, v.SOLVED_ON_THE_SPOT)]
    lines += [
        f"    {names[source]} --> {names[move.target]}: {move.event}" for move in MOVES for source in move.sources
    ]
    lines += [f"    {names[state]} --> [*]" for state in v.SETTLED_ISSUE_STATES]
    return "\n".join(lines)
