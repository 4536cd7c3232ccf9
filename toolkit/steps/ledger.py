"""导入台账: a core-system export → 贷款台账 and 还款计划 (二、(二)1.; contract, section 1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.errors import ToolkitError
from toolkit.model.fields import Sheet
from toolkit.model.reading import as_text
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Source, Table
from toolkit.rules import ledger_sentences as say
from toolkit.rules.ledger_headers import HEADER_ROWS, Heading, Remembered, find_heading, header_key, remembered
from toolkit.rules.ledger_merge import KEY_MARK, Merge, instalment_keys, loan_keys, merge, one_row_per_key
from toolkit.rules.ledger_rows import Export, gather, label, read_rows
from toolkit.rules.matching import loan_key, split_keys
from toolkit.rules.standing import resolve_keys

ENDED = (*v.CLOSED_LOAN_STATUSES, v.REJECTED)
REASONS = 5  # sentences quoted in a refusal


@dataclass
class Reading:
    """What the files gave: `parts` by sheet title, why a source gave nothing, and what to tell the clerk."""

    parts: dict[str, list[tuple[Heading, Export]]] = field(default_factory=dict)
    refused: list[tuple[Source, str]] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)


def ledger(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 贷款台账, 还款计划 and 字段映射. Raises `ToolkitError` naming each file if none could be used."""
    mapping = tables[sheets.FIELD_MAPPING.title]
    found = _read(request, remembered(mapping))
    edits: list[SheetEdits] = []
    summary: list[str] = []
    ledger_table = tables[sheets.LOANS.title]
    loans = ledger_table.data[["contract_no", "drawdown_no"]]
    if sheets.LOANS.title in found.parts:
        edit, known, sentence = _loans(ledger_table, found)
        loans = pd.concat([loans, known], ignore_index=True)
        edits.append(edit)
        summary += sentence
    if sheets.SCHEDULE.title in found.parts:
        edit, sentence = _schedule(tables[sheets.SCHEDULE.title], loans, found)
        edits.append(edit)
        summary += sentence
    unused = _unused(request, found)
    if not found.taken:
        raise ToolkitError(
            "没有可以导入的数据：" + "；".join([*unused, *found.warnings[:REASONS]]),
            where="导入台账",
            mend="请核对后重新选择核心系统导出的文件",
        )
    edits.append(_edits(sheets.FIELD_MAPPING, pd.DataFrame(), _learned(mapping, found)))
    rejected = {f"{file}：{reason}" for file, reason in request.rejected}  # the caller names these itself
    warnings = found.warnings + [line for line in unused if line not in rejected]
    return Outcome(
        [edit for edit in edits if not edit.empty],
        found.counts,
        warnings,
        ("预览，未写入。" if request.preview else "") + "；".join(summary),
        details=found.details,
        preview=request.preview,
    )


def _read(request: Request, memory: Remembered) -> Reading:
    found = Reading()
    found.warnings += [
        f"“{sheets.FIELD_MAPPING.title}”表 {cell}：“{text}”不是贷款台账或还款计划的列，该行未采用"
        for cell, text in memory.unknown
    ]
    both: tuple[Sheet, ...] = (sheets.LOANS, sheets.SCHEDULE)
    offered = [(source, both) for source in request.sources]
    offered += [(source, (sheets.SCHEDULE,)) for source in request.schedule_sources]
    for source, choices in offered:
        heading = find_heading(source, memory, choices)
        reason = _objection(source, heading, choices)
        if heading is None or reason:
            found.refused.append((source, reason))
            continue
        other = sheets.LOANS if heading.sheet is sheets.SCHEDULE else sheets.SCHEDULE
        headers = [text for text, _ in heading.unknown if header_key(text) in {header_key(f.header) for f in other}]
        details, warnings = say.header_notes(heading, label(source), headers)
        export, notes = read_rows(source, heading)
        found.details += details
        found.warnings += warnings + notes
        if export.data.empty:
            found.refused.append((source, "表头以下没有可以导入的行"))
            continue
        found.parts.setdefault(heading.sheet.title, []).append((heading, export))
    return found


def _objection(source: Source, heading: Heading | None, choices: tuple[Sheet, ...]) -> str:
    """Why a source cannot be used; "" if it can."""
    if heading is None:
        if not any(as_text(cell) for cells in source.rows for cell in cells):
            return "没有内容"
        what = "、".join(sheet.title for sheet in choices)
        return f"前 {HEADER_ROWS} 行没有找到{what}的表头（至少要有贷款合同编号和另一列）"
    if heading.sheet is sheets.SCHEDULE and "instalment_no" not in heading.columns:
        return "还款计划缺少“期次”列，无法与工作簿对应"
    return ""


def _loans(table: Table, found: Reading) -> tuple[SheetEdits, pd.DataFrame, list[str]]:
    """Edits of 贷款台账, keys of the loans it gains, and the summary."""
    headings, parts = zip(*found.parts[sheets.LOANS.title], strict=True)
    export = gather(parts)
    keys = loan_keys(export, table.data)
    vague = export.data.index[keys == ""]
    unresolved = export.data.loc[vague, "contract_no"]
    if not vague.empty:
        found.warnings.append(
            f"{export.cells(vague, 'contract_no')}：同一合同有几张借据，或导出与台账的借据编号、发放日期对不上，"
            "无法确定是哪一笔，未导入；请先在导出或台账中填明借据编号"
        )
    export, keys = export.select(keys != ""), keys[keys != ""].reset_index(drop=True)
    export, keys, clashed = _single(export, keys, say.loan_label, found)
    found.taken |= _files(export)
    found.warnings += say.unread(export) + say.unlisted(export)
    table_keys = loan_key(table.data)
    doubled = table_keys.duplicated() & (table.data["contract_no"] != "")
    if doubled.any():
        cells = say.listing([table.cell(row, "contract_no") for row in table.data.loc[doubled, "row"]], "处")
        found.warnings.append(f"贷款台账 {cells}：与前面的行是同一合同（及借据），只更新前面的一行")
    result = merge(table, export, keys, table_keys)
    gone = table.data.loc[result.gone]
    # What the export names but could not be matched is not gone.
    gone = gone[~doubled[gone.index] & ~table_keys[gone.index].isin(clashed) & ~gone["contract_no"].isin(unresolved)]
    if len(keys):
        _tell_loans(result, gone, headings, table, found)
    edit = _edits(sheets.LOANS, result.changes, result.new)
    changed = result.changes["key"].nunique()
    found.counts |= {"读入贷款": len(keys), "新增贷款": len(result.new), "变更贷款": changed}
    found.counts |= {"变更单元格": len(result.changes), "本次导出没有": len(gone)}
    done = f"新增 {len(result.new)} 笔，变更 {len(result.changes)} 格（{changed} 笔），本次导出没有的 {len(gone)} 笔"
    same = not len(result.new) and not changed and gone.empty
    summary = [f"贷款台账读入 {len(keys)} 笔，{'与台账一致' if same else done}"] if len(keys) else []
    return edit, split_keys(result.new_keys), summary


def _edits(sheet: Sheet, changes: pd.DataFrame, new: pd.DataFrame) -> SheetEdits:
    cells = None if changes.empty else changes[["row", "field", "value"]]
    return SheetEdits(sheet, cells=cells, append=None if new.empty else new)


def _files(export: Export) -> set[str]:
    return {export.sources[i].file for i in export.place["source"].unique()}


def _single(
    export: Export, keys: pd.Series, name: Callable[[str], str], found: Reading
) -> tuple[Export, pd.Series, set[str]]:
    """One row a key; keys whose rows contradict each other are named and left out."""
    single, single_keys, clashes, folded = one_row_per_key(export, keys)
    for rows in clashes[: say.LISTED]:
        found.warnings.append(
            f"{export.cells(rows, 'contract_no')}：{name(keys[rows[0]])} 出现了 {len(rows)} 行且内容不同，"
            "均未导入；请核对后只留一行"
        )
    if len(clashes) > say.LISTED:
        found.warnings.append(f"{export.sheet.title}另有 {len(clashes) - say.LISTED} 组重复的行内容不同，均未导入")
    if folded:
        found.warnings.append(f"{export.sheet.title}有 {folded} 行与前面的行重复且内容一致，按一行导入")
    return single, single_keys, {keys[rows[0]] for rows in clashes}


def _tell_loans(result: Merge, gone: pd.DataFrame, headings: tuple[Heading, ...], table: Table, found: Reading) -> None:
    if len(result.new):
        added = say.listing([say.loan_label(key) for key in result.new_keys], "笔")
        found.details.append(f"贷款台账 新增 {len(result.new)} 笔：{added}")
    found.details += say.change_lines(sheets.LOANS, result, say.loan_label, "笔")
    found.details += say.kept_line(sheets.LOANS, result)
    if len(gone):
        ended = gone["status"].where(gone["status"].isin(ENDED), "")
        names = [
            say.loan_label(key) + (f"（{status}）" if status else "")
            for key, status in zip(loan_key(gone), ended, strict=True)
        ]
        found.details.append(f"贷款台账 本次导出没有的 {len(gone)} 笔（仍保留）：{say.listing(names, '笔')}")
    present = set().union(*(heading.columns for heading in headings))
    lacking = "、".join(column.header for column in sheets.LOANS if column.required and column.name not in present)
    if len(result.new) and lacking:
        found.warnings.append(f"导出没有必填列 {lacking}，新增的 {len(result.new)} 笔这些列为空，请补填")
    if len(result.new) and len(table.data) and result.there == 0:
        found.warnings.append("导出与台账没有一笔合同相同，请核对是否选错了文件，或合同编号丢失了前面的 0")


def _schedule(table: Table, loans: pd.DataFrame, found: Reading) -> tuple[SheetEdits, list[str]]:
    """Edits of 还款计划 and the summary. `loans`: contract_no, drawdown_no of the ledger as it will be."""
    export = gather([part for _, part in found.parts[sheets.SCHEDULE.title]])
    owners = loan_keys(export, loans)
    known = owners.isin(loan_key(loans))
    unnumbered = known & export.data["instalment_no"].isna()
    if not known.all():
        contracts = export.data.loc[~known, "contract_no"].drop_duplicates().tolist()
        found.warnings.append(
            f"还款计划有 {int((~known).sum())} 期未导入，因为合同不在贷款台账或无法确定是哪张借据："
            + say.listing(contracts, "份")
        )
    if unnumbered.any():
        rows = export.data.index[unnumbered]
        found.warnings.append(f"{export.cells(rows, 'instalment_no')}：期次为空或无法识别，该行未导入")
    usable = known & ~unnumbered
    export, owners = export.select(usable), owners[usable].reset_index(drop=True)
    keys = instalment_keys(owners, export.data["instalment_no"])
    export, keys, clashed = _single(export, keys, say.instalment_label, found)
    found.taken |= _files(export)
    found.warnings += say.unread(export)
    there = table.data.assign(key=resolve_keys(table.data, loans.assign(key=loan_key(loans))))
    result = merge(table, export, keys, instalment_keys(there["key"], there["instalment_no"]))
    new = result.new
    own = split_keys(result.new_keys.str.rsplit(KEY_MARK, n=1).str[0])
    new["contract_no"] = own["contract_no"]
    if (own["drawdown_no"] != "").any():
        new["drawdown_no"] = own["drawdown_no"].where(own["drawdown_no"] != "", None)
    else:
        new = new.drop(columns="drawdown_no", errors="ignore")
    exported = keys.str.rsplit(KEY_MARK, n=1).str[0]
    stale = there.loc[result.gone]
    stale = stale[stale["key"].isin(exported) & stale["instalment_no"].notna()]
    stale = stale[~instalment_keys(stale["key"], stale["instalment_no"]).isin(clashed)]
    changed = result.changes["key"].nunique()
    if len(new):
        per_loan = result.new_keys.str.rsplit(KEY_MARK, n=1).str[0].value_counts(sort=False)
        names = [f"{say.loan_label(str(key))} {count} 期" for key, count in per_loan.items()]
        found.details.append(f"还款计划 新增 {len(new)} 期：{say.listing(names, '笔')}")
    found.details += say.change_lines(sheets.SCHEDULE, result, say.instalment_label, "期")
    found.details += say.kept_line(sheets.SCHEDULE, result)
    if len(stale):
        names = [say.instalment_label(key) for key in instalment_keys(stale["key"], stale["instalment_no"])]
        found.warnings.append(
            f"还款计划中有 {len(stale)} 期本次导出没有（贷款仍在导出中），仍保留；如还款计划已重新约定，请删去："
            + say.listing(names, "期")
        )
    found.counts |= {"读入期次": len(keys), "新增期次": len(new), "变更期次": changed}
    edit = _edits(sheets.SCHEDULE, result.changes, new)
    same = not len(new) and not changed
    done = "与工作簿一致" if same else f"新增 {len(new)} 期，变更 {changed} 期"
    return edit, [f"还款计划读入 {len(keys)} 期，{done}"] if len(keys) else []


def _unused(request: Request, found: Reading) -> list[str]:
    """Files and sheets that gave nothing, each with its reason."""
    lines = [f"{file}：{reason}" for file, reason in request.rejected]
    lines += [f"{label(source)}：{reason}" for source, reason in found.refused if reason != "没有内容"]
    known = {source.file for source, reason in found.refused if reason != "没有内容"}
    offered = dict.fromkeys(source.file for source in (*request.sources, *request.schedule_sources))
    lines += [f"{file}：没有一行可以导入" for file in offered if file not in found.taken and file not in known]
    if not lines and not offered:
        lines.append("没有给出文件")
    return lines


def _learned(table: Table, found: Reading) -> pd.DataFrame:
    """Rows of 字段映射 for headers recognised by synonym in the files that were used."""
    known = set(
        zip(table.data["source_header"].map(header_key), table.data["target_field"].map(header_key), strict=True)
    )
    rows = []
    for parts in found.parts.values():
        for heading, export in parts:
            source = export.sources[0]
            if source.file not in found.taken:
                continue
            for text, name in heading.learned:
                target = heading.sheet.header(name)
                pair = (header_key(text), header_key(target))
                if pair not in known:
                    known.add(pair)
                    place = f"{source.file} {source.sheet}".strip()
                    rows.append({"source_header": text, "target_field": target, "source": place})
    return pd.DataFrame(rows, columns=["source_header", "target_field", "source"], dtype="object")
