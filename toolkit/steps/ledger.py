"""导入台账: a core-system export → 贷款台账 and 还款计划 (二、(二)1.; contract, section 1)."""

from collections.abc import Callable, Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.errors import ToolkitError
from toolkit.model.fields import Sheet
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table
from toolkit.rules.foreign.values import RESTRUCTURED
from toolkit.rules.ledger import sentences as say
from toolkit.rules.ledger.doubts import doubts
from toolkit.rules.ledger.events import event_lines, loan_events
from toolkit.rules.ledger.merge import Merge, instalment_keys, loan_keys, merge, one_row_per_key
from toolkit.rules.ledger.plan import nothing_due, stale_instalments, superseded
from toolkit.rules.ledger.rows import Export, gather
from toolkit.rules.ledger.sources import Part, Reading, learned, read_all, unused
from toolkit.rules.planning.matching import loan_key, split_keys
from toolkit.rules.planning.standing import resolve_keys

ENDED = (*v.CLOSED_LOAN_STATUSES, v.REJECTED)
REASONS = 5  # sentences quoted in a refusal

Events = dict[str, dict[str, str]]


def ledger(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 贷款台账, 还款计划 and 字段映射. Raises `ToolkitError` naming each file if none could be used.

    Every row below a header is imported, folded into an equal one, set aside as a total or footer by row number, or
    rejected by cell: 读入 + 重复行 + 未导入行 of the counts is the number of rows of data.
    """
    found = read_all(request, tables[sheets.FIELD_MAPPING.title], tables[sheets.LOANS.title])
    return taken_in(tables, request, found, lambda: unused(request, found))


def taken_in(
    tables: Mapping[str, Table], request: Request, found: Reading, unused_files: Callable[[], list[str]] = list
) -> Outcome:
    """The same for exports that are read already (head office reads one ledger for all branches).

    `unused_files` says, once all is merged, which files gave nothing and why.
    """
    mapping, ledger_table = tables[sheets.FIELD_MAPPING.title], tables[sheets.LOANS.title]
    edits: list[SheetEdits] = []
    summary: list[str] = []
    events: Events = {}
    # Loans as they will be: contract_no, drawdown_no, disbursed_on, matures_on, key; those of the export count.
    loans = ledger_table.data[["contract_no", "drawdown_no", "disbursed_on", "matures_on"]]
    loans = loans.assign(key=loan_key(loans))
    if sheets.LOANS.title in found.parts:
        edit, exported, events, sentence = _loans(ledger_table, loans, found, request)
        loans = pd.concat([exported, loans], ignore_index=True).drop_duplicates("key", ignore_index=True)
        edits.append(edit)
        summary += sentence
    if sheets.SCHEDULE.title in found.parts:
        edit, sentence = _schedule(tables[sheets.SCHEDULE.title], loans, found, events, request)
        edits.append(edit)
        summary += sentence
    idle = unused_files()
    if not found.taken:
        raise ToolkitError(
            "没有可以导入的数据：" + "；".join([*idle, *found.warnings[:REASONS]]),
            where="导入台账",
            mend="请核对后重新选择核心系统导出的文件",
        )
    found.details += event_lines(events)
    if found.folded:
        found.counts["重复行"] = found.folded
    if found.rejected:
        found.counts["未导入行"] = found.rejected
        summary.append(f"未导入 {found.rejected} 行（逐一列在“须留意”中）")
    rows = pd.DataFrame(learned(mapping, found), columns=["source_header", "target_field", "source"], dtype="object")
    edits.append(_edits(sheets.FIELD_MAPPING, pd.DataFrame(), rows))
    known_reasons = {f"{file}：{reason}" for file, reason in request.rejected}  # the caller names these itself
    return Outcome(
        [edit for edit in edits if not edit.empty],
        found.counts,
        found.warnings + [line for line in idle if line not in known_reasons],
        ("预览，未写入。" if request.preview else "") + "；".join(summary),
        details=found.details,
        preview=request.preview,
    )


def _loans(
    table: Table, loans: pd.DataFrame, found: Reading, request: Request
) -> tuple[SheetEdits, pd.DataFrame, Events, list[str]]:
    """Edits of 贷款台账, the exported loans (columns of `loans`, 到期日 as it will be), events, the summary."""
    parts = found.parts[sheets.LOANS.title]
    export = gather([part.export for part in parts])
    keys = loan_keys(export, table.data)
    vague = export.data.index[keys == ""]
    unresolved = export.data.loc[vague, "contract_no"]
    if not vague.empty:
        found.rejected += len(vague)
        found.warnings.append(
            f"{export.cells(vague, 'contract_no')}：同一合同有几张借据，或导出与台账的借据编号、发放日期对不上，"
            "无法确定是哪一笔，未导入；请先在导出或台账中填明借据编号"
        )
    export, keys = export.select(keys != ""), keys[keys != ""].reset_index(drop=True)
    export, keys, clashed = _single(export, keys, say.loan_label, found)
    found.taken |= _files(export)
    table_keys = loan_key(table.data)
    found.warnings += say.unread(export) + say.unlisted(export)
    found.warnings += doubts(export, keys, table, table_keys, pd.Timestamp(request.as_of))
    doubled = table_keys.duplicated() & (table.data["contract_no"] != "")
    if doubled.any():
        cells = say.listing([table.cell(row, "contract_no") for row in table.data.loc[doubled, "row"]], "处")
        found.warnings.append(f"贷款台账 {cells}：与前面的行是同一合同（及借据），只更新前面的一行")
    result = merge(table, export, keys, table_keys)
    gone = table.data.loc[result.gone]
    # What the export names but could not be matched is not gone.
    gone = gone[~doubled[gone.index] & ~table_keys[gone.index].isin(clashed) & ~gone["contract_no"].isin(unresolved)]
    if len(keys):
        _tell_loans(result, gone, parts, table, found)
    there = loans.drop_duplicates("key").set_index("key")["matures_on"]
    matures_on = export.data["matures_on"].fillna(pd.Series(there.reindex(keys).to_numpy(), index=keys.index))
    exported = split_keys(keys).assign(
        disbursed_on=export.data["disbursed_on"], matures_on=matures_on.astype("datetime64[s]"), key=keys
    )
    changed = result.changes["key"].nunique()
    found.counts |= {"读入贷款": len(keys), "新增贷款": len(result.new), "变更贷款": changed}
    found.counts |= {"变更单元格": len(result.changes), "本次导出没有": len(gone)}
    done = f"新增 {len(result.new)} 笔，变更 {len(result.changes)} 格（{changed} 笔），本次导出没有的 {len(gone)} 笔"
    same = not len(result.new) and not changed and gone.empty
    summary = [f"贷款台账读入 {len(keys)} 笔，{'与台账一致' if same else done}"] if len(keys) else []
    events = loan_events(result, export, keys, dict(zip(keys, matures_on, strict=True)))
    return _edits(sheets.LOANS, result.changes, result.new), exported, events, summary


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
    clashed = sum(len(rows) for rows in clashes)
    found.rejected += clashed
    found.folded += len(keys) - clashed - len(single_keys)
    return single, single_keys, {keys[rows[0]] for rows in clashes}


def _tell_loans(result: Merge, gone: pd.DataFrame, parts: list[Part], table: Table, found: Reading) -> None:
    if len(result.new):
        added = say.listing([say.loan_label(key) for key in result.new_keys], "笔")
        found.details.append(f"贷款台账 新增 {len(result.new)} 笔：{added}")
    found.details += say.change_lines(sheets.LOANS, result.changes, say.loan_label, "笔")
    found.details += say.kept_line(sheets.LOANS, result)
    if len(gone):
        ended = gone["status"].where(gone["status"].isin(ENDED), "")
        names = [
            say.loan_label(key) + (f"（{status}）" if status else "")
            for key, status in zip(loan_key(gone), ended, strict=True)
        ]
        found.details.append(f"贷款台账 本次导出没有的 {len(gone)} 笔（仍保留）：{say.listing(names, '笔')}")
    present = set().union(*(part.export.columns[0] for part in parts))
    lacking = "、".join(column.header for column in sheets.LOANS if column.required and column.name not in present)
    if len(result.new) and lacking:
        found.warnings.append(f"导出没有必填列 {lacking}，新增的 {len(result.new)} 笔这些列为空，请补填")
    if len(result.new) and len(table.data) and result.there == 0:
        found.warnings.append("导出与台账没有一笔合同相同，请核对是否选错了文件，或合同编号丢失了前面的 0")


def _schedule(
    table: Table, loans: pd.DataFrame, found: Reading, events: Events, request: Request
) -> tuple[SheetEdits, list[str]]:
    """Edits of 还款计划 and the summary; restructured loans join `events`. `loans`: the ledger as it will be."""
    export = gather([part.export for part in found.parts[sheets.SCHEDULE.title]])
    export, owners = _placed(export, loans, found)
    keys = instalment_keys(owners, export.data["instalment_no"])
    loan_of = dict(zip(keys, owners, strict=True))
    export, keys, clashed = _single(export, keys, say.instalment_label, found)
    owners = keys.map(loan_of).astype("object")
    found.taken |= _files(export)
    there = table.data.assign(key=resolve_keys(table.data, loans))
    table_keys = instalment_keys(there["key"], there["instalment_no"])
    found.warnings += say.unread(export)
    found.warnings += doubts(export, keys, table, table_keys, pd.Timestamp(request.as_of))
    result = merge(table, export, keys, table_keys)
    new = result.new
    new_loans = result.new_keys.map(loan_of).astype("object")
    own = split_keys(pd.Series(new_loans.unique(), dtype="object")).set_index(new_loans.unique())
    new["contract_no"] = new_loans.map(own["contract_no"])
    if (own["drawdown_no"] != "").any():
        new["drawdown_no"] = new_loans.map(own["drawdown_no"].where(own["drawdown_no"] != "", None))
    else:
        new = new.drop(columns="drawdown_no", errors="ignore")
    stale = stale_instalments(there, result.gone, owners, clashed)
    out = superseded(stale, export.data, owners, loans.set_index("key")["matures_on"])
    replaced = stale[out].assign(key=table_keys[stale.index[out]])
    changes = result.changes
    if len(replaced):
        changes = pd.concat([changes, nothing_due(replaced)], ignore_index=True)
        changes = changes.sort_values("row", kind="stable", ignore_index=True)
    changed = changes["key"].nunique()
    if len(new):
        per_loan = new_loans.value_counts(sort=False)
        names = [f"{say.loan_label(str(key))} {count} 期" for key, count in per_loan.items()]
        found.details.append(f"还款计划 新增 {len(new)} 期：{say.listing(names, '笔')}")
    found.details += say.change_lines(sheets.SCHEDULE, changes, say.instalment_label, "期")
    found.details += say.kept_line(sheets.SCHEDULE, result)
    _tell_stale(stale[~out], replaced, found)
    for loan, count in stale.loc[out, "key"].value_counts(sort=False).items():
        events.setdefault(RESTRUCTURED, {})[str(loan)] = f"还款计划重新约定，原 {count} 期不再应还"
    found.counts |= {"读入期次": len(keys), "新增期次": len(new), "变更期次": changed}
    if len(replaced):
        found.counts["不再应还期次"] = len(replaced)
    edit = _edits(sheets.SCHEDULE, changes, new)
    same = not len(new) and not changed
    done = "与工作簿一致" if same else f"新增 {len(new)} 期，变更 {changed} 期"
    return edit, [f"还款计划读入 {len(keys)} 期，{done}"] if len(keys) else []


def _placed(export: Export, loans: pd.DataFrame, found: Reading) -> tuple[Export, pd.Series]:
    """The instalments of known loans that have a number, and their loans' keys; the others are named."""
    owners = loan_keys(export, loans)
    known = owners.isin(loans["key"])
    unnumbered = known & export.data["instalment_no"].isna()
    if not known.all():
        rows = export.data.index[~known]
        contracts = export.data.loc[rows, "contract_no"].drop_duplicates().tolist()
        found.warnings.append(
            f"{export.cells(rows, 'contract_no')}：还款计划有 {len(rows)} 期未导入，"
            "因为合同不在贷款台账或无法确定是哪张借据：" + say.listing(contracts, "份")
        )
    if unnumbered.any():
        rows = export.data.index[unnumbered]
        found.warnings.append(f"{export.cells(rows, 'instalment_no')}：期次为空或无法识别，该行未导入")
    usable = known & ~unnumbered
    found.rejected += int((~usable).sum())
    return export.select(usable), owners[usable].reset_index(drop=True)


def _tell_stale(kept: pd.DataFrame, replaced: pd.DataFrame, found: Reading) -> None:
    if len(replaced):
        names = [say.instalment_label(key) for key in replaced["key"]]
        found.warnings.append(
            f"消失的期次 {len(replaced)} 期：导出的还款计划已没有这些未还期次，应还金额已改为已还的数额（未还的为 0），"
            "不再提醒：" + say.listing(names, "期")
        )
    if len(kept):
        names = [say.instalment_label(key) for key in instalment_keys(kept["key"], kept["instalment_no"])]
        found.warnings.append(
            f"还款计划中有 {len(kept)} 期本次导出没有，仍保留（已还，或导出只有部分期次）；如已重新约定，请删去："
            + say.listing(names, "期")
        )
