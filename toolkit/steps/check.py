"""校验记录: 回访记录 → 校验结果, marked cells, 校验汇总, 首次提交 (五、(一); contract, section 4)."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model import values as v
from toolkit.model.fields import DATE_KINDS, NUMBER_KINDS, Field
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table, typed_column
from toolkit.rules import finding_rows
from toolkit.rules.checks import first_submission, handling, summary
from toolkit.rules.checks.first_records import errors_at_first
from toolkit.rules.checks.rule_table import BY_CODE, count_errors, findings_of, is_adoptable
from toolkit.rules.checks.totals import entries
from toolkit.rules.collect.decisions import decided

# What an adopted suggestion leaves behind in 校验结果: no finding any more, but who accepted it and when.
ADOPTED_NOTE = "已采纳："
_PLACE = ["rule", "sheet", "row", "field"]
_STAFF = ["handling", "handling_reason", "handled_by", "handled_on"]


def check(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 校验结果, 回访记录 (adopted cells, marks), 校验汇总 and 首次提交; exit code 1 while an 错误 is open."""
    settled = decided(tables, pd.Timestamp(request.as_of))
    tables = entries({**tables, sheets.RECORDS.title: settled.records})
    listed = finding_rows.body(tables)
    ours = listed[finding_rows.of_owner(listed, finding_rows.CHECK)]
    # What was adopted before, and rows of the clerk's own, stay below.
    history = ours[ours["message"].str.startswith(ADOPTED_NOTE).astype(bool) | (ours["rule"] == "")]
    waiting = ours.drop(index=history.index)
    found, adopted, tables_after = _adopt(tables, request, waiting)
    records = tables_after[sheets.RECORDS.title]

    explained = handling.is_explained(found)
    found[explained] = handling.signed(found[explained], request)
    found["lapsed"] = handling.lapsed(found, waiting) | found["stale"]
    is_open = found[~explained]
    rows = pd.concat([part for part in (found, adopted, history) if not part.empty] or [found], ignore_index=True)
    stood = settled.before if len(settled.cells) else None
    errors = errors_at_first(tables, request, count_errors(found, records), stood)
    judged = first_submission.judge_first_submissions(
        records, errors, tables[sheets.FIRST_SUBMISSIONS.title].data, request.as_of
    )
    edits = [
        finding_rows.renewed(rows.reindex(columns=listed.columns), tables, finding_rows.CHECK),
        first_submission.edits(judged, tables[sheets.FIRST_SUBMISSIONS.title]),
        summary.edits(
            summary.visitor_summary(records, tables[sheets.VISITORS.title], found, explained),
            tables[sheets.CHECK_SUMMARY.title],
        ),
    ]
    if records.present:
        edits.append(
            SheetEdits(sheets.RECORDS, cells=_after(settled.cells, _cells(adopted)), marks=_marks(is_open, records))
        )
    if not settled.edits.empty:
        edits.append(settled.edits)
    tally = is_open["level"].value_counts()
    counts = {level: int(tally.get(level, 0)) for level in v.FINDING_LEVELS} | {"记录": len(records.data)}
    said = f"校验 {len(records.data)} 条记录：" + "，".join(f"{level} {counts[level]} 处" for level in v.FINDING_LEVELS)
    if settled.adopted:
        said += f"；按“{sheets.CONFLICTS.title}”采用新值 {settled.adopted} 处"
    if len(adopted):
        said += f"；采纳建议 {len(adopted)} 处"
    if explained.any():
        said += f"；已说明 {int(explained.sum())} 处"
    return Outcome(
        edits,
        counts,
        [*settled.warnings, *handling.refused(found, tables[sheets.FINDINGS.title])],
        said,
        exit_code=1 if counts[v.ERROR] else 0,
        details=_per_rule(is_open),
    )


def _after(first: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Cells to write; of two values for one cell the later."""
    if first.empty:
        return then
    return pd.concat([first, then], ignore_index=True).drop_duplicates(["row", "field"], keep="last", ignore_index=True)


def _adopt(
    tables: Mapping[str, Table], request: Request, listed: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, Mapping[str, Table]]:
    """Findings with their handling, what was adopted, and the tables after it.

    An adopted cell can bring new findings to light, some already marked 采纳: repeated until nothing is adopted.
    """
    found = _handled(findings_of(tables, request), tables, listed)
    adopted: list[pd.DataFrame] = []
    while True:
        taken = found[(found["handling"] == v.ACCEPT) & found["adoptable"]].drop_duplicates(["row", "field"])
        if taken.empty:
            break
        adopted.append(taken)
        tables = {**tables, sheets.RECORDS.title: _with_values(tables[sheets.RECORDS.title], taken)}
        again = _handled(findings_of(tables, request), tables, listed)
        # 回访编号 may be the very cell that changed: handling stays with the place it was given for.
        before = found.drop_duplicates(_PLACE).set_index(_PLACE)[_STAFF]
        kept = before.reindex(pd.MultiIndex.from_frame(again[_PLACE]))
        kept.index = again.index
        missing = (again["handling"] == "") & (kept["handling"].fillna("") != "")
        again.loc[missing, _STAFF] = kept[missing]
        settled = pd.concat(adopted)[["rule", "row", "field", "suggestion"]].drop_duplicates()
        repeated = again.merge(settled.assign(_done=True), how="left")["_done"].notna().to_numpy()
        again.loc[repeated, "adoptable"] = False
        found = again
    done = pd.concat(adopted, ignore_index=True) if adopted else found.iloc[:0]
    done = handling.signed(done, request)
    return found, done.assign(level=v.HINT, message=ADOPTED_NOTE + done["message"]), tables


def _handled(found: pd.DataFrame, tables: Mapping[str, Table], listed: pd.DataFrame) -> pd.DataFrame:
    """Findings by the fields of 校验结果 with handling, plus row, field, adoptable and stale.

    采纳 was given for the value then suggested; where another is suggested now it does not count (stale).
    """
    rows = finding_rows.as_rows(found, tables)
    out = finding_rows.with_handling(rows, listed.assign(_accepted=listed["suggestion"]))
    for name in ("handling", "handling_reason", "handled_by"):
        out[name] = out[name].fillna("").astype("object")
    stale = (out["handling"] == v.ACCEPT) & (out["_accepted"].fillna("") != out["suggestion"].map(reading.as_text))
    out.loc[stale, ["handling", "handling_reason", "handled_by"]] = ""
    out.loc[stale, "handled_on"] = None
    columns = tables[sheets.RECORDS.title].columns
    adoptable = is_adoptable(found) & found["field"].isin(columns)
    return out.drop(columns="_accepted").assign(
        row=found["row"], field=found["field"], adoptable=adoptable, stale=stale
    )


def _value(field: Field, text: str) -> object:
    if field.kind in DATE_KINDS:
        return pd.Timestamp(text)
    return reading.as_number(text) if field.kind in NUMBER_KINDS else text


def _with_values(records: Table, taken: pd.DataFrame) -> Table:
    """The records as they will be once the adopted suggestions stand in their cells."""
    raw, data = records.raw.copy(), records.data.copy()
    place = pd.Series(data.index, index=data["row"])
    for name, group in taken.groupby("field"):
        field = records.sheet[str(name)]
        values = [_value(field, text) for text in group["suggestion"]]
        fresh = pd.Series(values, index=place[group["row"]].to_numpy(), dtype="object")
        raw[field.name] = raw[field.name].astype("object").where(~raw.index.isin(fresh.index), fresh)
        data[field.name] = typed_column(field.kind, raw[field.name])
    return replace(records, raw=raw, data=data)


def _cells(adopted: pd.DataFrame) -> pd.DataFrame:
    cells = adopted[["row", "field"]].copy()
    fields = adopted["field"].map(sheets.RECORDS.__getitem__)
    values = [_value(field, text) for field, text in zip(fields, adopted["suggestion"], strict=True)]
    return cells.assign(value=pd.Series(values, index=cells.index, dtype="object")).reset_index(drop=True)


def _marks(is_open: pd.DataFrame, records: Table) -> pd.DataFrame:
    """One mark per cell of 回访记录: the gravest level, and every finding on it with what to do."""
    here = is_open[(is_open["sheet"] == sheets.RECORDS.title) & is_open["field"].isin(records.columns)]
    remedy = here["rule"].map({code: one.rule.remedy for code, one in BY_CODE.items()})
    remedy = remedy + pd.Series(
        np.where(here["adoptable"], "；也可在“校验结果”选“采纳”", ""), here.index, dtype="object"
    )
    notes = here[["row", "field", "level"]].assign(note=here["message"] + "。" + remedy + "。")
    cell = ["row", "field"]
    # Findings come with the gravest first within a cell; few cells have more than one.
    out = notes.drop_duplicates(cell).set_index(cell)
    several = notes[notes.duplicated(cell, keep=False)].groupby(cell, sort=False)["note"].agg("\n".join)
    out.loc[several.index, "note"] = several
    return out.reset_index()


def _per_rule(is_open: pd.DataFrame) -> list[str]:
    """Lines for the screen: each rule that fired, how often."""
    tally = is_open["rule"].value_counts()
    return [
        f"{code} {one.rule.title}（{one.rule.level}）{tally[code]} 处" for code, one in BY_CODE.items() if code in tally
    ]
