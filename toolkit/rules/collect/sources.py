"""The sheets given to 收集记录 as registers or questionnaire exports of 回访记录, and what the clerk has to know."""

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from toolkit.model import sheets
from toolkit.model.parameters import fold
from toolkit.model.tables import Source, Table
from toolkit.rules.foreign import record_synonyms as syn
from toolkit.rules.foreign.content import Known, Proposal, by_content, nameless_columns, use
from toolkit.rules.foreign.header_words import Remembered, header_key, remembered
from toolkit.rules.foreign.headers import HEADER_ROWS, Heading, find_headings, size
from toolkit.rules.ledger import sentences as say
from toolkit.rules.ledger.rows import NAMED_BY, label, read_rows
from toolkit.rules.ledger.sources import NOTHING, Part, Reading

SHEET = sheets.RECORDS
NAMES = NAMED_BY[SHEET.title]
# What only a record of a visit has, not the list of visits or a ledger.
EVIDENCE = frozenset(
    {"visited_on", "result", "content", "feedback", "satisfaction", "minutes", "signature", *sheets.CHECK_FIELDS}
)
_OTHER_SHEETS = frozenset(fold(sheet.title) for sheet in sheets.SHEETS if sheet is not SHEET)
# Columns that a questionnaire service or a register counts with.
_NOISE = frozenset(
    {
        "序号",
        "编号",
        "来源",
        "来源详情",
        "来自ip",
        "ip",
        "ip地址",
        "总分",
        "得分",
        "用户id",
        "昵称",
        "答卷编号",
        "no",
        "no.",
    }
)
_SERVICE = frozenset({"提交答卷时间", "所用时间", "来源详情", "来自ip", "答题用时", "答卷时间"})
_AFTER_NUMBER = re.compile(r"^(?:第?\d+[题]?|q\d+)[、.:)]")


def read_registers(sources: Sequence[Source], mapping: Table) -> tuple[Reading, list[bool]]:
    """Every source as an export of 回访记录; for each part, whether it is a questionnaire."""
    memory = remembered(mapping)
    found = Reading()
    found.warnings += [
        f"“{sheets.FIELD_MAPPING.title}”表 {cell}：“{text}”不是贷款台账、还款计划或回访记录的列，该行未采用"
        for cell, text in memory.unknown
    ]
    questionnaires: list[bool] = []
    told: set[tuple[str, ...]] = set()
    for source in sources:
        before = len(found.parts.get(SHEET.title, ()))
        asked = _read(source, memory, found, told)
        if len(found.parts.get(SHEET.title, ())) > before:
            questionnaires.append(asked)
    return found, questionnaires


def _read(source: Source, memory: Remembered, found: Reading, told: set[tuple[str, ...]]) -> bool:
    if fold(source.sheet) in _OTHER_SHEETS:
        found.refused.append((source, f"是“{source.sheet}”，不是回访记录"))
        return False
    headings = find_headings(source, memory, (SHEET,), syn.spellings)
    heading, proposals = _best(headings, memory)
    if heading is None:
        found.refused.append((source, _objection(headings) if _holds_anything(source) else NOTHING))
        return False
    heading, more = by_content(source, heading, memory, Known())
    # A date could be any of them: only a column that nobody fills is worth a question.
    proposals += [one for one in more if header_key(one.header) not in _NOISE]
    headers = tuple(str(cell) for cell in source.rows[heading.row])
    asked = _is_questionnaire(headers)
    heading, idle = _without_noise(heading)
    export, notes = read_rows(source, heading, memory)
    if headers not in told:  # a thousand registers of one layout are told once
        told.add(headers)
        details, warnings = say.header_notes(
            heading, label(source), set(), proposals, nameless_columns(source, heading)
        )
        found.details += details
        found.warnings += warnings
        if idle:
            found.details.append(f"{label(source)} 未用到的列：{'、'.join(idle)}")
    if source.hidden:
        found.details.append(f"{label(source)} 有 {source.hidden} 行被隐藏或筛选掉，已一并读入")
    found.details += notes.details
    found.warnings += notes.warnings
    found.rejected += notes.rejected
    if export.data.empty:
        found.refused.append((source, "表头以下没有可以收集的行"))
        return False
    found.parts.setdefault(SHEET.title, []).append(Part(heading, export, tuple(proposals)))
    return asked


def _holds_anything(source: Source) -> bool:
    return any(cell is not None and str(cell).strip() for cells in source.rows for cell in cells)


def _best(headings: Sequence[Heading], memory: Remembered) -> tuple[Heading | None, list[Proposal]]:
    """The likeliest header, questions in other words included."""
    best: tuple[Heading | None, list[Proposal]] = (None, [])
    for heading in headings:
        whole, proposals = by_question(heading, memory)
        if not (set(whole.columns) & set(NAMES) and set(whole.columns) & EVIDENCE):
            continue
        if best[0] is None or size(whole) > size(best[0]):
            best = (whole, proposals)
    return best


def _objection(headings: Sequence[Heading]) -> str:
    fullest = max(headings, key=size, default=None)
    if fullest is not None and len(fullest.columns) > 2:
        lacking = "、".join(SHEET.header(name) for name in NAMES)
        if not set(fullest.columns) & set(NAMES):
            return f"第 {fullest.row + 1} 行像是表头，但没有{lacking}中的任何一列；请补上，或在“字段映射”表写明对应的列"
        return f"第 {fullest.row + 1} 行像是表头，但没有回访日期、回访结果、核对项等列，不是回访记录"
    return f"前 {HEADER_ROWS} 行没有找到回访记录的表头；请核对文件，或在“字段映射”表写明各列对应的本表字段"


def by_question(heading: Heading, memory: Remembered) -> tuple[Heading, list[Proposal]]:
    """The heading with the questions that ask for one of our fields in other words, and every proposal.

    One that could mean two fields, that is asked twice, or whose 是 would be the bad answer is proposed, not used.
    """
    candidates: list[tuple[int, tuple[str, ...], bool]] = []
    for at, column in enumerate(heading.unknown):
        names, turned = _meanings(syn.bare_question(header_key(column.header)), set(heading.columns))
        if names:
            candidates.append((at, names, turned))
    claimed = [names[0] for _, names, _ in candidates if len(names) == 1]
    proposals = []
    columns = heading.unknown
    for at, names, turned in candidates:
        column = columns[at]
        sure = not turned and len(names) == 1 and claimed.count(names[0]) == 1
        sure = sure and header_key(column.header) not in memory.asked
        if sure:
            heading = use(heading, column, names[0])
        why = "是这一项的问法" if not turned else "像是反着问的，答“是”表示不好"
        proposals.append(Proposal(column.header, column.cell, names, sure, why))
    return heading, proposals


def _meanings(question: str, taken: Set[str]) -> tuple[tuple[str, ...], bool]:
    """Fields that a question may ask for, and whether it asks the other way round."""
    straight: list[str] = []
    turned: list[str] = []
    for name, pattern, other_way in syn.QUESTIONS:
        if name in taken or not re.search(pattern, question):
            continue
        (turned if other_way and re.search(other_way, question) else straight).append(name)
    return (tuple(straight), False) if straight else (tuple(turned), bool(turned))


def _is_questionnaire(headers: Sequence[str]) -> bool:
    keys = [fold(header).casefold() for header in headers]
    return bool(_SERVICE & set(keys)) or sum(bool(_AFTER_NUMBER.match(k)) or k.endswith("?") for k in keys) >= 3


def _without_noise(heading: Heading) -> tuple[Heading, list[str]]:
    idle = [column for column in heading.unknown if header_key(column.header).casefold() in _NOISE]
    kept = tuple(column for column in heading.unknown if column not in idle)
    return replace(heading, unknown=kept), [column.header for column in idle]
