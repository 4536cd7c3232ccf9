"""问题台账: numbers of issues, finding them again, and what a new run may write (contract, section 4, fine print).

What staff entered is never changed and no row is ever deleted. On a row that the tool numbered it may correct its own
columns; on a row of staff's own (问题编号 blank or of another form) it fills blanks only.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import values as v
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.checks.answers import told_nothing
from toolkit.rules.issues.classification import LOST_CONTACT, SEVERITY_RANK
from toolkit.rules.issues.deadlines import FIELDS, GRADES, belongs_to_grade, deadlines
from toolkit.rules.planning.matching import loan_key
from toolkit.rules.planning.numbers import short_hash
from toolkit.rules.planning.standing import effective_severity, resolve_keys

FOUND, ADDED = "WT", "RG"  # found by the tool; 人工登记, added by staff
FOUND_NUMBER = rf"{FOUND}\d{{8}}-[A-Z2-7]{{8}}"
OWN_NUMBER = rf"(?:{FOUND}|{ADDED})\d{{8}}-[A-Z2-7]{{8}}"
# 命中规则 of a row that staff added: no rule fired.
ADDED_BY_STAFF = "人工登记"


@dataclass(frozen=True)
class Likeness:
    """A found issue is a listed one if they agree in `fields`. `blank_in`: 回访编号 must be blank there, so that it
    may be filled in (or removed) later. `category`: for this 问题类别 only, and no row that is settled."""

    fields: tuple[str, ...]
    blank_in: str = ""
    category: str = ""


# The first that holds decides; a corrected date, time or visitor still leads to the same row.
SAME_ISSUE: tuple[Likeness, ...] = (
    Likeness(("issue_no",)),
    Likeness(("visit_no", "category")),
    Likeness(("contract_no", "category", "found_on"), blank_in="listed"),
    Likeness(("contract_no", "category", "found_on"), blank_in="found"),
    # An attempt collected late moves the count to another record: it is still the same customer lost.
    Likeness(("contract_no", "drawdown_no", "category"), category=LOST_CONTACT),
)
TOOL_FIELDS = (
    "issue_no", "contract_no", "drawdown_no", "customer_name", "severity", "evidence", "rule", "found_on", *FIELDS,
    "state",
)  # fmt: skip
# Blanks of a row that staff added which are filled once, when it gets its number.
LEFT_TO_THE_TOOL = (
    "issue_no", "contract_no", "drawdown_no", "customer_name", "severity", "evidence", "rule", "state",
)  # fmt: skip


def record_identity(records: pd.DataFrame) -> pd.Series:
    """What makes a record itself: 回访编号, loan, date, start and visitor; equal = entered twice. object str."""
    clock = records["started_at"].map(lambda time: "" if time is None else time.isoformat()).astype("object")
    parts = [records["visit_no"], loan_key(records), _compact(records["visited_on"]), clock, records["visitor"]]
    out = parts[0].astype("object")
    for part in parts[1:]:
        out = out + "\x1e" + part
    return out


def _compact(days: pd.Series) -> pd.Series:
    return days.dt.strftime("%Y%m%d").fillna("00000000").astype("object")


def issue_numbers(identity: pd.Series, category: pd.Series, found_on: pd.Series, prefix: str = FOUND) -> np.ndarray:
    """object array like WT20260708-ABCDEFGH: a pure function of record identity × 问题类别."""
    rows = zip(identity + "\x1e" + category, _compact(found_on), strict=True)
    return np.array([f"{prefix}{day}-{short_hash(issue)}" for issue, day in rows], dtype=object)


def initial_state(severity: pd.Series, open_question: pd.Series) -> pd.Series:
    """一般 is explained on the spot (六、(二)1.) unless 待答复事项 is left; 重要 and 重大 must be reported."""
    state = pd.Series(v.TO_REPORT, index=severity.index, dtype="object")
    state = state.mask((severity == v.GENERAL) & told_nothing(open_question), v.SOLVED_ON_THE_SPOT)
    return state.mask(~severity.isin(v.SEVERITIES), v.TO_GRADE)


def described(found: pd.DataFrame, records: pd.DataFrame, loans: pd.DataFrame, request: Request) -> pd.DataFrame:
    """Rows of 问题台账 for found issues (record, category, severity, rule, evidence); index of `found`.

    A record without 客户姓名 takes the ledger's (`loans` by `key`).
    """
    record = records.reindex(found["record"])
    record.index = found.index
    names = loans.drop_duplicates("key").set_index("key")["customer_name"]
    known = names.reindex(record["key"]).fillna("").to_numpy()
    out = pd.DataFrame(
        {
            "issue_no": issue_numbers(record["identity"], found["category"], record["visited_on"]),
            "visit_no": record["visit_no"],
            "contract_no": record["contract_no"],
            "drawdown_no": record["drawdown_no"],
            "customer_name": record["customer_name"].where(record["customer_name"] != "", known),
            **{name: found[name] for name in ("category", "severity", "evidence", "rule")},
            "found_on": record["visited_on"].astype("datetime64[s]"),
            "state": initial_state(found["severity"], record["open_question"]),
        },
        index=found.index,
    )
    limits = deadlines(out["found_on"], out["severity"], request.parameters, request.calendar)
    return pd.concat([out, limits], axis=1)


def same_issue(found: pd.DataFrame, listed: pd.DataFrame) -> pd.Series:
    """Index in `listed` of the row that each row of `found` already has, -1 where none; each row once."""
    met = pd.Series(-1, index=found.index, dtype="int64")
    for likeness in SAME_ISSUE:
        keys = list(likeness.fields)
        rest, new = listed[~listed.index.isin(met)], found[met < 0]
        rest, new = rest[rest[keys[0]] != ""], new[new[keys[0]] != ""]
        if likeness.blank_in == "listed":
            rest = rest[rest["visit_no"] == ""]
        elif likeness.blank_in == "found":
            new = new[new["visit_no"] == ""]
        if likeness.category:
            rest = rest[(rest["category"] == likeness.category) & ~rest["state"].isin(v.SETTLED_ISSUE_STATES)]
        if "found_on" in keys:
            rest, new = rest[rest["found_on"].notna()], new[new["found_on"].notna()]
        if rest.empty or new.empty:
            continue
        left = new[keys].assign(turn=new.groupby(keys).cumcount(), new=new.index)
        right = rest[keys].assign(turn=rest.groupby(keys).cumcount(), old=rest.index)
        pairs = left.merge(right, on=[*keys, "turn"])
        met[pairs["new"]] = pairs["old"].to_numpy()
    return met


def added_by_staff(table: Table, records: pd.DataFrame, loans: pd.DataFrame) -> pd.DataFrame:
    """Rows that staff added with a category but no 问题编号, by the columns of `described`; index of `table.data`.

    What they lack comes from the record they stand on (`record_of`). A second row for the same gets no number ("").
    """
    listed = table.data
    added = listed[~_filled(table, "issue_no") & listed["category"].isin(v.ISSUE_CATEGORIES)]
    added = added[(added["visit_no"] != "") | (added["contract_no"] != "")]
    record = record_of(added.assign(key=resolve_keys(added, loans)), records)
    source = records.reindex(record)
    source.index = added.index
    names = loans.drop_duplicates("key").set_index("key")["customer_name"].reindex(loan_key(added)).to_numpy()
    out = added[["visit_no", "category", "evidence"]].copy()
    for name in ("contract_no", "drawdown_no", "customer_name"):
        out[name] = source[name]
    out["customer_name"] = out["customer_name"].fillna(pd.Series(names, index=added.index))
    out["found_on"] = added["found_on"].fillna(source["visited_on"]).astype("datetime64[s]")
    out["severity"], out["rule"] = v.UNGRADED, ADDED_BY_STAFF
    grade = effective_severity(added).replace("", v.UNGRADED)
    out["state"] = initial_state(grade, source["open_question"].fillna(""))
    identity = added["visit_no"] + "\x1e" + loan_key(added) + "\x1e" + _compact(out["found_on"])
    out["issue_no"] = issue_numbers(identity, out["category"], out["found_on"], ADDED)
    taken = out["issue_no"].duplicated() | out["issue_no"].isin(listed["issue_no"])
    out["issue_no"] = out["issue_no"].mask(taken, "")
    return out


def record_of(issues: pd.DataFrame, records: pd.DataFrame) -> pd.Series:
    """Index in `records` (-1 = none) of the record each issue came from: by 回访编号 and 发现日期, else 回访编号, else
    loan (`key` in both) and 发现日期; a 成功 record before others. Index of `issues`."""
    met = pd.Series(-1, index=issues.index, dtype="int64")
    source = records.assign(record=records.index, found_on=records["visited_on"], missed=records["result"] != v.SUCCESS)
    source = source.sort_values("missed", kind="stable")
    for names, filled in (
        (["visit_no", "found_on"], "visit_no"),
        (["visit_no"], "visit_no"),
        (["key", "found_on"], "contract_no"),
    ):
        rest, index = issues[(met < 0) & (issues[filled] != "")], source[source[filled] != ""]
        if "found_on" in names:
            rest, index = rest[rest["found_on"].notna()], index[index["found_on"].notna()]
        index = index.drop_duplicates(names)[[*names, "record"]]
        hit = rest[names].assign(at=rest.index).merge(index, on=names)
        met[hit["at"]] = hit["record"].to_numpy()
    return met


def corrected(table: Table, found: pd.DataFrame, met: pd.Series, added: pd.DataFrame, request: Request) -> pd.DataFrame:
    """`TOOL_FIELDS` of every listed row as they should be; index of `table.data`.

    `found` (columns of `described`) and `met`: issues of this run and the listed row each already has. `added`: rows of
    `added_by_staff`.
    """
    listed = table.data
    now = listed[list(TOOL_FIELDS)].copy()
    blank = pd.DataFrame({name: ~_filled(table, name) for name in TOOL_FIELDS})
    again = found[met >= 0].set_index(met[met >= 0].to_numpy())
    rest = added[~added.index.isin(again.index)]
    source = pd.concat([part for part in (again, rest) if not part.empty] or [again]).reindex(listed.index)
    source["found_on"] = source["found_on"].astype("datetime64[s]")
    numbered = pd.Series(listed.index.isin(added.index), index=listed.index)
    source["issue_no"] = added["issue_no"].reindex(listed.index)
    for name in LEFT_TO_THE_TOOL:
        _fill(now, source, name, blank[name] & numbered)
    ours = listed["issue_no"].str.fullmatch(OWN_NUMBER)
    _fill(now, source, "found_on", blank["found_on"] & ~ours)
    by_rule = listed["issue_no"].str.fullmatch(FOUND_NUMBER) & listed.index.isin(again.index)
    moved = _correct(now, source, by_rule & (listed["state"] != v.CLOSED))
    _set_limits(now, table, blank, ours, moved, request)
    return now


def _filled(table: Table, name: str) -> pd.Series:
    """Something is typed in the cell, readable or not."""
    value = table.data[name]
    read = value.notna() if value.dtype.kind == "M" else value != ""
    return read | table.unreadable(name)


def _fill(now: pd.DataFrame, source: pd.DataFrame, name: str, where: pd.Series) -> None:
    where = where & source[name].notna()
    now.loc[where, name] = source.loc[where, name]


def _correct(now: pd.DataFrame, again: pd.DataFrame, where: pd.Series) -> pd.Series:
    """Rows found by a rule: later evidence raises the grade or adds a rule; a run never lightens an issue.

    发现日期 follows a corrected 回访日期. Returns bool: 发现日期 moved. 已销号 rows are not among `where`.
    """
    heavier = again["severity"].map(SEVERITY_RANK) > now["severity"].map(SEVERITY_RANK).fillna(-1)
    old, new = now.loc[where, "rule"], again.loc[where, "rule"]
    known = [set(rules.split("；")) <= set(before.split("；")) for before, rules in zip(old, new, strict=True)]
    more = pd.Series(False, index=now.index)
    more[old.index] = ~np.array(known, dtype=bool)
    _fill(now, again, "severity", where & heavier)
    for name in ("evidence", "rule"):
        _fill(now, again, name, where & (heavier | more))
    moved = where & again["found_on"].notna() & (again["found_on"] != now["found_on"])
    _fill(now, again, "found_on", moved)
    return moved


def _set_limits(
    now: pd.DataFrame, table: Table, blank: pd.DataFrame, ours: pd.Series, moved: pd.Series, request: Request
) -> None:
    """Limits follow the effective grade when it changed; a limit that fits its grade is left as it is."""
    manual = table.data["manual_grading"]
    grade = effective_severity(now.assign(manual_grading=manual))
    limits = deadlines(now["found_on"], grade, request.parameters, request.calendar)
    countable = now["found_on"].notna() | ~grade.isin(v.SEVERITIES)
    settled_grade = grade.isin(GRADES) & countable
    fits = belongs_to_grade(~blank[list(FIELDS)], grade)
    anew = settled_grade & (ours | (manual != "")) & (moved | ~fits)
    for field in FIELDS:
        now[field] = now[field].mask(anew, limits[field])
        _fill(now, limits, field, settled_grade & ~anew & ~fits & blank[field])


def changed_cells(now: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Columns row, field, value of the cells in which `now` differs from the sheet, in sheet order."""
    parts = []
    for name in now.columns:
        was, will = listed[name], now[name]
        same = (was == will) | (was.isna() & will.isna())
        parts.append(pd.DataFrame({"row": listed["row"], "field": name, "value": will.astype("object")})[~same])
    cells = pd.concat([part for part in parts if not part.empty] or parts[:1], ignore_index=True)
    return cells.sort_values(["row", "field"], kind="stable").reset_index(drop=True)
