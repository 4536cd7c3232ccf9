"""问题分类: 回访记录 → 问题台账 (六、(一); contract, section 4)."""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, SheetEdits, Table
from toolkit.rules.issues import register
from toolkit.rules.issues.classification import Evidence, Material, check_answers, find_issues, lost_contact
from toolkit.rules.issues.deadlines import FIELDS, GRADES, provisional
from toolkit.rules.issues.heard import denied_overdue, hear, said_words
from toolkit.rules.issues.overruled import overruled
from toolkit.rules.issues.rule_sheet import Rules, rules_in_force
from toolkit.rules.issues.trials import tried
from toolkit.rules.issues.wishes import not_yet_listed, wishes
from toolkit.rules.planning.matching import loan_key
from toolkit.rules.planning.standing import by_key, effective_severity, resolve_keys, stand

# So many cells are named on the screen; the rest are counted.
NAMED_CELLS = 5


EVIDENCE: tuple[Evidence, ...] = (check_answers, lost_contact, said_words, denied_overdue)


def classify(tables: Mapping[str, Table], request: Request) -> Outcome:
    """Edits of 问题台账, 建议与需求, 认定对照 and 规则测试. Records after T are left out.

    Raises `ToolkitError` if 分类规则 or 分类词组 holds a broken row."""
    rules = rules_in_force(tables[sheets.CLASSIFICATION_RULES.title], tables[sheets.WORD_GROUPS.title])
    loans = tables[sheets.LOANS.title].data
    loans = loans.assign(key=loan_key(loans)).drop_duplicates("key")
    visits = tables[sheets.VISITS.title].data
    records = tables[sheets.RECORDS.title].data
    records = records[~(records["visited_on"] > pd.Timestamp(request.as_of))]
    records = records.assign(key=resolve_keys(records, loans, visits), identity=register.record_identity(records))

    heard = hear(records, rules.words)
    material = Material(records, rules, heard, _of_loans(tables, records, loans, request), request.parameters)
    issues = find_issues(material, records["identity"], EVIDENCE)
    found = register.described(issues, records, loans, request)
    table = tables[sheets.ISSUES.title]
    met = register.same_issue(found, table.data)
    now = register.corrected(table, found, met, register.added_by_staff(table, records, loans), request)
    new = found[met < 0].reset_index(drop=True)
    cells = register.changed_cells(now, table.data)

    after = table.data.copy()
    after[now.columns] = now
    trials, failed = _trials(tables[sheets.RULE_TRIALS.title], rules)
    warnings = [
        *failed,
        *_unread_records(tables[sheets.RECORDS.title], records, rules.checks),
        *_register_warnings(table, after, found, met, request),
    ]
    outcome = _outcome(SheetEdits(sheets.ISSUES, cells=cells, append=new), after, new, warnings)
    outcome.edits += [_wishes(tables, records, heard, loans, rules), _overruled(after, new, rules), *trials]
    return outcome


def _of_loans(
    tables: Mapping[str, Table], records: pd.DataFrame, loans: pd.DataFrame, request: Request
) -> pd.DataFrame:
    """Ledger facts of each record's loan, index of the records: purpose, grade, overdue_since."""
    schedule, issues = tables[sheets.SCHEDULE.title].data, tables[sheets.ISSUES.title].data
    known = stand(loans, schedule, records, issues, request.as_of).loans.set_index("key")
    facts = known[["purpose", "grade", "overdue_since"]].reindex(records["key"])
    facts.index = records.index
    return facts


def _wishes(
    tables: Mapping[str, Table], records: pd.DataFrame, heard: pd.DataFrame, loans: pd.DataFrame, rules: Rules
) -> SheetEdits:
    names = by_key(records["key"], loans.set_index("key")["customer_name"]).fillna("")
    named = records.assign(customer=records["customer_name"].where(records["customer_name"] != "", names))
    found = wishes(named, heard, rules.words)
    return SheetEdits(sheets.WISHES, append=not_yet_listed(found, tables[sheets.WISHES.title].data))


def _overruled(after: pd.DataFrame, new: pd.DataFrame, rules: Rules) -> SheetEdits:
    names = ["issue_no", "severity", "rule", "manual_grading", "manual_reason"]
    listed = after[after["category"].isin(v.ISSUE_CATEGORIES)]
    every = pd.concat([listed[names], new.reindex(columns=names).astype("object").fillna("")], ignore_index=True)
    return SheetEdits(sheets.OVERRULED, replace=overruled(every, rules.notes))


def _trials(table: Table, rules: Rules) -> tuple[list[SheetEdits], list[str]]:
    """Results into 规则测试, and a sentence that names the examples that came out otherwise."""
    if table.data.empty:
        return [], []
    results = tried(table, rules.words)
    failed = table.data[results["verdict"] == v.FAILED]
    what = f"例句判定与“应为等级”不符（共 {len(results)} 句），请检查“分类规则”是否改错"
    edits = SheetEdits(sheets.RULE_TRIALS, cells=register.changed_cells(results, table.data))
    return [edits], _sentence(table.sheet.title, _cells(table, failed, "text"), what)


def _outcome(edits: SheetEdits, after: pd.DataFrame, new: pd.DataFrame, warnings: list[str]) -> Outcome:
    grade = pd.concat([effective_severity(after), new["severity"]]).astype("object")
    tally = grade.value_counts()
    counts = {"新增": len(new), "合计": len(grade)}
    counts |= {name: int(tally.get(name, 0)) for name in GRADES}
    assert edits.cells is not None
    moved = edits.cells[edits.cells["field"].isin(FIELDS)]
    counts["时限更新"] = moved["row"].nunique()
    by_grade = "，".join(f"{name} {counts[name]}" for name in GRADES)
    summary = f"问题台账共 {counts['合计']} 项，新增 {counts['新增']} 项；{by_grade}"
    return Outcome([edits], counts, warnings, summary)


def _unread_records(table: Table, records: pd.DataFrame, rules: pd.DataFrame) -> list[str]:
    """What could not take part: dates, results and answers that are not understood (`check` says more of each)."""
    title = table.sheet.title
    undated = records["visited_on"].isna()
    unclear = ~records["result"].isin(v.RESULTS)
    good = records[records["result"] == v.SUCCESS]
    answers = []
    for name in dict.fromkeys(rules["check"]):
        odd = good[(good[name] != "") & ~good[name].isin(v.CHECK_ANSWERS)]
        answers += [table.cell(row, name) for row in odd["row"]]
    return [
        *_sentence(title, _cells(table, records[undated], "visited_on"), "缺少可识别的回访日期，无法计算问题时限"),
        *_sentence(title, _cells(table, records[unclear], "result"), "回访结果空白或不在列表内，该记录未参与分类"),
        *_sentence(title, answers, "答案不在列表内，未参与分类，请先“校验记录”并改正"),
    ]


def _register_warnings(
    table: Table, after: pd.DataFrame, found: pd.DataFrame, met: pd.Series, request: Request
) -> list[str]:
    """What a person should look at in 问题台账; nothing of it is changed by the tool."""
    title = table.sheet.title
    grade = effective_severity(after)
    mine = after["issue_no"].str.fullmatch(register.FOUND_NUMBER)
    past = ~(after["found_on"] > pd.Timestamp(request.as_of))
    gone = mine & past & ~after.index.isin(met) & (after["state"] != v.CLOSED)
    serious = grade.isin((v.MAJOR, v.CRITICAL)) & after["state"].isin((v.SOLVED_ON_THE_SPOT, v.TO_GRADE))
    ungraded = (grade == v.GENERAL) & (after["state"] == v.TO_GRADE)
    unknown = (grade != "") & ~grade.isin(GRADES)
    unnumbered = after["category"].isin(v.ISSUE_CATEGORIES) & (after["issue_no"] == "")
    undated = grade.isin(v.SEVERITIES) & after["found_on"].isna() & ~table.unreadable("found_on")
    uncertain = provisional(found["found_on"], found[list(FIELDS)], request.calendar) & (met < 0)
    unreadable = [cell for name in ("found_on", *FIELDS) for cell in _cells(table, after[table.unreadable(name)], name)]
    out = [
        *_sentence(
            title,
            _cells(table, after[gone], "evidence"),
            "判定依据已不在回访记录中（记录被更正或删除）；问题未删除，请核实并在“处理结果”或“认定理由”中说明",
        ),
        *_sentence(title, _cells(table, after[serious], "state"), "已定为重要或重大，请把状态改为“待反馈”"),
        *_sentence(title, _cells(table, after[ungraded], "state"), "已定为一般，请把状态改为“待反馈”或“当场解决”"),
        *_sentence(title, _cells(table, after[unknown], "manual_grading"), "定级不在列表内，未计算时限"),
        *_sentence(title, _cells(table, after[unnumbered], "issue_no"), "未编号：缺回访编号和合同编号，或与另一行重复"),
        *_sentence(title, _cells(table, after[undated], "found_on"), "缺发现日期，未计算时限"),
        *_sentence(title, unreadable, "日期无法识别，保留原样"),
    ]
    if uncertain.any():
        out.append(f"{int(uncertain.sum())} 项新问题的时限为暂定：跨入放假安排未公布的年度")
    return out


def _cells(table: Table, rows: pd.DataFrame, name: str) -> list[str]:
    return [table.cell(row, name) for row in rows["row"]]


def _sentence(title: str, cells: list[str], what: str) -> list[str]:
    """No sentence for no cells; a long list is cut and counted."""
    if not cells:
        return []
    named = "、".join(cells[:NAMED_CELLS]) + (f" 等 {len(cells)} 处" if len(cells) > NAMED_CELLS else "")
    return [f"{title} {named}：{what}"]
