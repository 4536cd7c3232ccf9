"""The files given to 导入台账 as exports of our sheets, and whatever the clerk has to know about how they were read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from toolkit.model import sheets
from toolkit.model.fields import Sheet
from toolkit.model.reading import as_text
from toolkit.model.request import Request
from toolkit.model.tables import Source, Table
from toolkit.rules.foreign.content import (
    Known,
    Proposal,
    by_content,
    known_values,
    nameless_columns,
    with_contract_by_content,
)
from toolkit.rules.foreign.header_words import Remembered, header_key, remembered
from toolkit.rules.foreign.headers import HEADER_ROWS, Heading, best_heading, find_headings
from toolkit.rules.ledger import sentences as say
from toolkit.rules.ledger.rows import Export, label, read_rows

BOTH: tuple[Sheet, ...] = (sheets.LOANS, sheets.SCHEDULE)
NOTHING = "没有内容"


@dataclass(frozen=True)
class Part:
    """One source that could be read, as an export of `heading.sheet`."""

    heading: Heading
    export: Export
    proposals: tuple[Proposal, ...]


@dataclass
class Reading:
    """What the files gave: `parts` by sheet title, why a source gave nothing, and what to tell the clerk.

    `counts` are those of the outcome; `rejected` = rows that are neither imported nor totals; `taken` = files used.
    """

    parts: dict[str, list[Part]] = field(default_factory=dict)
    refused: list[tuple[Source, str]] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    folded: int = 0
    taken: set[str] = field(default_factory=set)


def read_all(request: Request, mapping: Table, ledger: Table) -> Reading:
    """Every source of the request; `mapping` is sheet 字段映射, `ledger` 贷款台账 as it stands."""
    memory, known = remembered(mapping), known_values(ledger)
    found = Reading()
    found.warnings += [
        f"“{sheets.FIELD_MAPPING.title}”表 {cell}：“{text}”不是贷款台账、还款计划或回访记录的列，该行未采用"
        for cell, text in memory.unknown
    ]
    for source in _of_ledger(request.sources):
        _read(source, BOTH, memory, known, found)
    for source in _of_ledger(request.schedule_sources):
        _read(source, (sheets.SCHEDULE,), memory, known, found)
    return found


def _of_ledger(sources: Sequence[Source]) -> list[Source]:
    """Without the other sheets of a branch workbook: 回访清单 or 专项回访 also name contracts, but list no loans."""
    ledgers = {sheet.title for sheet in BOTH}
    workbooks = {source.file for source in sources if source.sheet in ledgers}
    others = sheets.BY_TITLE.keys() - ledgers
    return [source for source in sources if source.file not in workbooks or source.sheet not in others]


def _read(source: Source, choices: tuple[Sheet, ...], memory: Remembered, known: Known, found: Reading) -> None:
    headings = find_headings(source, memory, choices)
    heading, proposals = best_heading(headings), []
    if heading is None:
        by_values = with_contract_by_content(source, headings, memory, known)
        if by_values:
            heading, proposal = by_values
            proposals.append(proposal)
    reason = _objection(source, heading, headings, choices)
    if heading is None or reason:
        found.refused.append((source, reason))
        return
    heading, more = by_content(source, heading, memory, known)
    proposals += more
    export, notes = read_rows(source, heading, memory)
    other = sheets.LOANS if heading.sheet is sheets.SCHEDULE else sheets.SCHEDULE
    of_other = {header_key(column.header) for column in other}
    details, warnings = say.header_notes(heading, label(source), of_other, proposals, nameless_columns(source, heading))
    found.details += details + notes.details
    found.warnings += warnings + notes.warnings
    found.rejected += notes.rejected
    if export.data.empty:
        found.refused.append((source, "表头以下没有可以导入的行"))
        return
    found.parts.setdefault(heading.sheet.title, []).append(Part(heading, export, tuple(proposals)))


def _objection(source: Source, heading: Heading | None, headings: Sequence[Heading], choices: tuple[Sheet, ...]) -> str:
    """Why a source cannot be used; "" if it can."""
    if heading is None:
        if not any(as_text(cell) for cells in source.rows for cell in cells):
            return NOTHING
        what = "、".join(sheet.title for sheet in choices)
        fullest = max(headings, key=lambda h: len(h.columns), default=None)
        if fullest is not None and len(fullest.columns) > 2 and "contract_no" not in fullest.columns:
            return (
                f"第 {fullest.row + 1} 行像是{fullest.sheet.title}的表头，但没有合同编号列；"
                "请在导出中加上该列，或在“字段映射”表写明哪一列是贷款合同编号"
            )
        return f"前 {HEADER_ROWS} 行没有找到{what}的表头（至少要有贷款合同编号和另一列）"
    if heading.sheet is sheets.SCHEDULE and "instalment_no" not in heading.columns:
        return "还款计划缺少“期次”列，无法与工作簿对应"
    return ""


def unused(request: Request, found: Reading) -> list[str]:
    """Files and sheets that gave nothing, each with its reason."""
    lines = [f"{file}：{reason}" for file, reason in request.rejected]
    lines += [f"{label(source)}：{reason}" for source, reason in found.refused if reason != NOTHING]
    known = {source.file for source, reason in found.refused if reason != NOTHING}
    offered = dict.fromkeys(source.file for source in (*request.sources, *request.schedule_sources))
    lines += [f"{file}：没有一行可以导入" for file in offered if file not in found.taken and file not in known]
    if not lines and not offered:
        lines.append("没有给出文件")
    return lines


def learned(table: Table, found: Reading) -> list[dict[str, str]]:
    """New rows of 字段映射: headers recognised by synonym or by content in the files that were used, and those that
    are proposed and wait for the clerk (本表字段 blank)."""
    known = set(
        zip(table.data["source_header"].map(header_key), table.data["target_field"].map(header_key), strict=True)
    )
    asked = {source for source, _ in known}
    rows: list[dict[str, str]] = []

    def add(text: str, target: str, source: str) -> None:
        pair = (header_key(text), header_key(target))
        if pair not in known and (target or pair[0] not in asked):
            known.add(pair)
            asked.add(pair[0])
            rows.append({"source_header": text, "target_field": target, "source": source})

    for part in (part for parts in found.parts.values() for part in parts):
        source, sheet = part.export.sources[0], part.heading.sheet
        if source.file not in found.taken:
            continue
        place = f"{source.file} {source.sheet}".strip()
        for text, name in part.heading.learned:
            add(text, sheet.header(name), place)
        for proposal in part.proposals:
            names = say.either(sheet, proposal.names)
            if proposal.used:
                add(proposal.header, sheet.header(proposal.names[0]), f"提议（按内容，已采用）：{place}")
            elif proposal.header:
                add(proposal.header, "", f"提议：可能是{names}；确认后请填写“本表字段”，不需要则填“不导入”：{place}")
    return rows
