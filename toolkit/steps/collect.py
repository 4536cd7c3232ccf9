"""收集记录: filled forms, registers and questionnaire exports → 回访记录 (五、(一); contract, section 1)."""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model import values as v
from toolkit.model.errors import ToolkitError
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table, typed
from toolkit.rules.checks.first_records import is_judged, to_keep
from toolkit.rules.collect import identity
from toolkit.rules.collect import incoming as inc
from toolkit.rules.collect import sentences as say
from toolkit.rules.collect.decisions import Decided, decided, new_conflicts
from toolkit.rules.collect.merge import Merged, merge
from toolkit.rules.collect.sources import SHEET, read_registers
from toolkit.rules.ledger.sources import NOTHING, Reading, learned

REASONS = 8  # sentences quoted in a refusal


def collect(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 回访记录, 记录冲突, 收集情况, 首次记录 and 字段映射.

    First what was decided in 记录冲突 is carried out. Then every incoming record is new, says the same as one there,
    fills blanks of it, or differs from it: nothing that stands in a cell is overwritten, the difference goes to
    记录冲突. Raises `ToolkitError` naming each file if none could be taken.
    """
    today = pd.Timestamp(request.as_of)
    done = decided(tables, today)
    tables = {**tables, SHEET.title: done.records}
    records = done.records
    found, notes, arrived = _gathered(tables, request)
    fates = say.Fates(request.rejected)
    for source, reason in found.refused:
        if reason != NOTHING:
            fates.refuse(source.file, f"“{source.sheet}”表{reason}" if source.sheet else reason)
    for file, place, reason in notes.refused:
        fates.refuse(file, f"{place}{reason}")
    if arrived is None:
        raise _nothing(fates)
    loans = identity.with_key(tables[sheets.LOANS.title].data)
    visits = tables[sheets.VISITS.title].data
    arrived, warnings = _identified(arrived, tables, loans, visits, fates)
    found.warnings += notes.warnings + warnings
    if not len(arrived):
        raise _nothing(fates)
    result = merge(arrived, records, loans, visits)
    conflicts = new_conflicts(result, arrived, tables[sheets.CONFLICTS.title], today)
    fates.count(arrived, result.rows)
    found.taken = set(arrived.files())
    edits = [
        _record_edits(done, result, records),
        _conflict_edits(done, conflicts),
        SheetEdits(sheets.COLLECTED, replace=fates.table()),
        _kept(result, done, tables, today),
        _mapping(tables[sheets.FIELD_MAPPING.title], found),
    ]
    return _told(request, done, found, fates, result, arrived, conflicts, [edit for edit in edits if not edit.empty])


def _gathered(tables: Mapping[str, Table], request: Request) -> tuple[Reading, inc.Notes, inc.Incoming | None]:
    found, questionnaires = read_registers(request.sources, tables[sheets.FIELD_MAPPING.title])
    notes = inc.Notes()
    exports = [part.export for part in found.parts.get(SHEET.title, [])]
    parts = inc.from_exports(list(zip(exports, questionnaires, strict=True)))
    filled = inc.from_forms(request.forms, notes)
    parts += [filled] if filled else []
    if not parts:
        return found, notes, None
    arrived, lost = inc.without_lost(inc.together(parts))
    found.warnings += lost + inc.spoilt(arrived)
    arrived, completed = inc.completed(arrived, tables[sheets.VISITS.title].data)
    found.details += completed
    return found, notes, arrived


def _identified(
    arrived: inc.Incoming, tables: Mapping[str, Table], loans: pd.DataFrame, visits: pd.DataFrame, fates: say.Fates
) -> tuple[inc.Incoming, list[str]]:
    """The rows that name a visit or a contract, else the only loan under their name and phone; the others are named."""
    nameless = (arrived.data["visit_no"] == "") & (arrived.data["contract_no"] == "")
    if not nameless.any():
        return arrived, []
    rows = arrived.data[nameless]
    # Text that is no number any more (1.1E+17) stands in the cell: then nobody is looked up.
    spoilt = arrived.raw.loc[nameless, ["visit_no", "contract_no"]].notna().any(axis=1)
    asked = pd.DataFrame({"name_key": rows["customer_name"].map(reading.name_key), "phone": rows["phone"]})
    ledger = loans.assign(name_key=loans["customer_name"].map(reading.name_key))
    contract, drawdown = identity.contracts_of_people(asked, ledger)
    known = contract.notna() & ~spoilt
    raw, has = arrived.raw.copy(), arrived.has.copy()
    at = known.index[known]
    raw.loc[at, "contract_no"], has.loc[at, "contract_no"] = contract[at], True
    drawn = at[(drawdown[at] != "").to_numpy()]
    raw.loc[drawn, "drawdown_no"], has.loc[drawn, "drawdown_no"] = drawdown[drawn], True
    told = []
    if len(at):
        told.append(f"{say.places(arrived, at)}：没有回访编号和合同编号，已按姓名和电话找到唯一的合同")
    out = known.index[~known]
    if len(out):
        reason = "没有可用的回访编号和合同编号，姓名和电话也不能确定是哪笔贷款，未收；请补填回访编号或贷款合同编号"
        told.append(f"{say.places(arrived, out)}：{reason}")
        for i in out:
            fates.refuse(arrived.file(i), f"{arrived.address(i, '') or arrived.cell(i)}：{reason}")
    keep = pd.Series(True, index=arrived.data.index)
    keep[out] = False
    return inc.Incoming(arrived.origins, typed(SHEET, raw), raw, has, arrived.place).select(keep), told


def _nothing(fates: say.Fates) -> ToolkitError:
    lines = fates.reasons() or ["没有给出文件"]
    more = f"；其余 {len(lines) - REASONS} 个略" if len(lines) > REASONS else ""
    return ToolkitError(
        "没有可以收集的记录：" + "；".join(lines[:REASONS]) + more, where="收集记录", mend="请核对后重新选择文件"
    )


def _record_edits(done: Decided, result: Merged, records: Table) -> SheetEdits:
    cells = pd.concat([done.cells, result.cells[["row", "field", "value"]]], ignore_index=True)
    new = result.values[result.sheet_row.isna()]
    # A column that nothing fills need not be added to a sheet that lacks it.
    names = [name for name in SHEET.names if name in records.columns or not records.present or new[name].notna().any()]
    return SheetEdits(
        SHEET,
        cells=None if cells.empty else cells,
        append=None if new.empty else new[names].reset_index(drop=True),
    )


def _conflict_edits(done: Decided, conflicts: pd.DataFrame) -> SheetEdits:
    return SheetEdits(sheets.CONFLICTS, cells=done.edits.cells, append=None if conflicts.empty else conflicts)


def _kept(result: Merged, done: Decided, tables: Mapping[str, Table], today: pd.Timestamp) -> SheetEdits:
    """首次记录: what stood in records that are changed before any check judged them."""
    judged = is_judged(done.before, tables[sheets.FIRST_SUBMISSIONS.title].data)
    kept = tables[sheets.FIRST_RECORDS.title]
    first, rows = result.first, result.sheet_row
    changed = set(result.cells["base"]) | result.filled_new
    if len(done.cells):
        before = done.before
        decided_rows = before.data.index[before.data["row"].isin(done.cells["row"])]
        names = list(SHEET.names)
        first = pd.concat([before.raw.loc[decided_rows, names], first[~first.index.isin(decided_rows)]])
        rows = pd.concat([before.data.loc[decided_rows, "row"].astype("float64"), rows[~rows.index.isin(decided_rows)]])
        changed |= set(decided_rows)
    append = to_keep(first, rows, changed, judged, kept, today)
    return SheetEdits(sheets.FIRST_RECORDS, append=None if append.empty else append)


def _mapping(table: Table, found: Reading) -> SheetEdits:
    rows = pd.DataFrame(learned(table, found), columns=["source_header", "target_field", "source"], dtype="object")
    return SheetEdits(sheets.FIELD_MAPPING, append=None if rows.empty else rows)


def _told(
    request: Request, done: Decided, found: Reading, fates: say.Fates, result: Merged, arrived: inc.Incoming,
    conflicts: pd.DataFrame, edits: list[SheetEdits],
) -> Outcome:  # fmt: skip
    rows = result.rows
    new, filled = int(rows["is_new"].sum()), int(rows["filled"].sum())
    same = int((~rows["is_new"] & (rows["filled"] == 0) & (rows["differs"] == 0)).sum())
    open_conflicts = len(conflicts) + done.open
    counts = {
        "文件": len(fates.files),
        "未收文件": fates.number(v.NOT_TAKEN),
        "读入记录": len(rows),
        "新增记录": new,
        "补填记录": int((rows["filled"] > 0).sum()),
        "补填单元格": filled,
        "重复记录": same,
        "新增冲突": len(conflicts),
        "待处理冲突": open_conflicts,
        "未收行": found.rejected + fates.rows_refused,
    }
    summary = [f"读入 {len(rows)} 条记录，新增 {new} 条，补填 {filled} 格，与已有一致 {same} 条"]
    if open_conflicts:
        summary.append(f"{open_conflicts} 处与已有记录不同，已有内容未改，请在“{sheets.CONFLICTS.title}”选择采用哪个")
    if done.adopted or done.kept:
        summary.append(f"按“{sheets.CONFLICTS.title}”的处理采用新值 {done.adopted} 处，保留原值 {done.kept} 处")
        counts |= {"采用新值": done.adopted, "保留原值": done.kept}
    if counts["未收文件"]:
        summary.append(f"未收 {counts['未收文件']} 个文件（逐一列出）")
    refused = [line for line in fates.reasons() if line not in fates.known]
    passed = [f"略过（不是要收集的记录）：{'、'.join(request.passed)}"] if request.passed else []
    details = passed + found.details + say.new_lines(result, arrived) + say.conflict_lines(conflicts)
    return Outcome(
        edits,
        counts,
        [*done.warnings, *found.warnings],
        ("预览，未写入。" if request.preview else "") + "；".join(summary),
        details=details,
        preview=request.preview,
        rejected=refused,
    )
