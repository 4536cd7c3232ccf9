"""What a reviewer found against what the record says; nothing here writes a verdict, that is for a person."""

from collections.abc import Mapping

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings, gather
from toolkit.model.reading import name_key
from toolkit.model.request import Request
from toolkit.model.tables import Table

AGREED, OMITTED, MISSTATED = v.SPOT_CHECK_VERDICTS[:3]
_CLAUSE = "七、(一)2."
_LOOK = "请核对“抽查”表的这一格"

DIFFERENT = Rule("S01", "复核答案与记录不同", v.WARNING, _CLAUSE, "请核实；属实的由回访人员更正记录")
NO_VERDICT = Rule("S02", "已复核未下结论", v.WARNING, _CLAUSE, "请复核人填写复核结论")
CONTRADICTION = Rule("S03", "结论与答案不符", v.WARNING, _CLAUSE, "请复核人核对结论")
NO_RECORD = Rule("S04", "抽查找不到回访记录", v.ERROR, _CLAUSE, _LOOK + "，编号不要改动")
BAD_VERDICT = Rule("S05", "复核结论不在列表", v.ERROR, _CLAUSE, f"请从 {'、'.join(v.SPOT_CHECK_VERDICTS)} 中选择")
BAD_DATE = Rule("S06", "复核日期不对", v.ERROR, _CLAUSE, "请填写实际复核的日期")
OWN_WORK = Rule("S07", "回访人员复核自己的记录", v.ERROR, _CLAUSE, "请换人复核")
NO_REVIEWER = Rule("S08", "缺复核人或复核日期", v.WARNING, _CLAUSE, "请补填复核人和复核日期")
TWICE = Rule("S09", "抽查编号重复", v.ERROR, _CLAUSE, "请删去多余的一行")
RULES = (DIFFERENT, NO_VERDICT, CONTRADICTION, NO_RECORD, BAD_VERDICT, BAD_DATE, OWN_WORK, NO_REVIEWER, TWICE)

_TOLD = {v.YES, v.NO, v.NOT_APPLICABLE}
_HEADERS = {name: header for name, header, *_ in sheets.CHECKS}


def compared(listed: pd.DataFrame, records: pd.DataFrame, met: pd.Series) -> pd.DataFrame:
    """One row per re-asked answer that can be compared: at (index of `listed`), name (check field), said (the record's
    answer), again, kind ("" same, else 漏记 or 错记).

    未问 and blank are no answer: the record leaving out what the customer tells is 漏记, telling another thing 错记.
    `records` carries stage (回访阶段, "" = not known): what was not to be asked on the visit was not left out.
    """
    parts = []
    found = listed[met >= 0]
    for name in sheets.CHECK_FIELDS:
        again = found[name]
        asked = again.isin(_TOLD)
        at = found.index[asked]
        said = records[name].reindex(met[at]).set_axis(at)
        stage = records["stage"].reindex(met[at]).set_axis(at)
        due = stage.isin(["", *(one for one, checks in sheets.CHECKS_OF_STAGE.items() if name in checks)])
        answers = pd.DataFrame({"at": at, "name": name, "said": said, "again": again[at]})
        parts.append(answers[due | said.isin(_TOLD)])
    out = pd.concat(parts, ignore_index=True)
    told = out["said"].isin(_TOLD)
    # That a question does not apply is nothing the record had to tell.
    out = out[told | (out["again"] != v.NOT_APPLICABLE)]
    told = told[out.index]
    kind = pd.Series(OMITTED, index=out.index, dtype="object").mask(told, MISSTATED)
    return out.assign(kind=kind.mask(out["said"] == out["again"], "")).reset_index(drop=True)


def proposals(listed: pd.DataFrame, answers: pd.DataFrame) -> pd.Series:
    """复核结论 that the answers suggest: 错记 before 漏记, 一致 if all are the same, "" without answers."""
    out = pd.Series("", index=listed.index, dtype="object")
    for verdict, kind in ((AGREED, ""), (OMITTED, OMITTED), (MISSTATED, MISSTATED)):
        out[answers.loc[answers["kind"] == kind, "at"].unique()] = verdict
    return out


def differences(listed: pd.DataFrame, answers: pd.DataFrame) -> pd.Series:
    """差异 in words per row of 抽查: 使用1_用途合规：记录“是”，复核“否”."""
    other = answers[answers["kind"] != ""]
    text = other["name"].map(_HEADERS) + "：记录" + _quoted(other["said"]) + "，复核" + _quoted(other["again"])
    return text.groupby(other["at"]).agg("；".join).reindex(listed.index).fillna("").astype("object")


def _quoted(answer: pd.Series) -> pd.Series:
    return ("“" + answer + "”").where(answer != "", "未填").astype("object")


def review_findings(
    table: Table, records: pd.DataFrame, met: pd.Series, answers: pd.DataFrame, request: Request
) -> pd.DataFrame:
    """Findings on 抽查, by cell: differences, missing and contradictory verdicts, rows and dates that cannot be."""
    listed, today = table.data, pd.Timestamp(request.as_of)
    title = sheets.SPOT_CHECKS.title
    proposed, difference = proposals(listed, answers), differences(listed, answers)
    verdict, filled = listed["verdict"], (listed[["sample_no", "visit_no"]] != "").any(axis=1)
    bad = (verdict != "") & ~verdict.isin(v.SPOT_CHECK_VERDICTS) | table.unreadable("verdict")
    lost_day = table.unreadable("reviewed_on")
    done = (listed["reviewer"] != "") | listed["reviewed_on"].notna() | lost_day | (proposed != "")
    visited = records["visited_on"].reindex(met).set_axis(listed.index)
    person = records["visitor"].reindex(met).set_axis(listed.index).fillna("")
    impossible = lost_day | (listed["reviewed_on"] > today) | (listed["reviewed_on"] < visited)
    own = (listed["reviewer"] != "") & (listed["reviewer"].map(name_key) == person.map(name_key))
    judged = verdict.isin(v.SPOT_CHECK_VERDICTS)
    contradiction = (verdict == AGREED) & (difference != "")
    number = listed["sample_no"]
    parts = [
        findings(
            NO_RECORD, title, listed[filled & (met < 0)], "visit_no", "“回访记录”中没有这条记录，可能已删除或改了编号"
        ),
        findings(TWICE, title, listed[(number != "") & number.duplicated()], "sample_no", "这个抽查编号在上面已有一行"),
        findings(BAD_VERDICT, title, listed[bad], "verdict", "复核结论“" + verdict[bad] + "”不在列表中"),
        findings(BAD_DATE, title, listed[impossible], "reviewed_on", "复核日期无法识别、早于回访日期或晚于基准日"),
        findings(OWN_WORK, title, listed[own], "reviewer", "复核人就是回访人员本人"),
        findings(
            NO_REVIEWER,
            title,
            listed[judged & ((listed["reviewer"] == "") | (listed["reviewed_on"].isna() & ~lost_day))],
            "reviewer",
            "有复核结论，没有复核人或复核日期",
        ),
        findings(
            NO_VERDICT,
            title,
            listed[filled & done & (verdict == "") & ~bad],
            "verdict",
            "已复核，复核结论空白",
            ("按复核答案建议填“" + proposed + "”，由复核人决定").where(proposed != "", NO_VERDICT.remedy)[
                filled & done & (verdict == "") & ~bad
            ],
        ),
        findings(
            CONTRADICTION, title, listed[contradiction], "verdict", "结论为“一致”，但 " + difference[contradiction]
        ),
    ]
    parts += _different_answers(listed, answers)
    return gather(parts)


def _different_answers(listed: pd.DataFrame, answers: pd.DataFrame) -> list[pd.DataFrame]:
    """One finding on each re-asked cell that says another thing than the record."""
    out = []
    for name, other in answers[answers["kind"] != ""].groupby("name"):
        rows = listed.loc[other["at"]]
        other = other.set_index("at")
        said = _quoted(other["said"])
        message = "复核答“" + other["again"] + "”，记录" + said + "（" + other["kind"] + "）"
        out.append(findings(DIFFERENT, sheets.SPOT_CHECKS.title, rows, str(name), message))
    return out


def failed_verdicts(tables: Mapping[str, Table]) -> pd.DataFrame:
    """Rows of 抽查 found 漏记, 错记 or 失实."""
    listed = tables[sheets.SPOT_CHECKS.title].data
    return listed[listed["verdict"].isin(v.FAILED_SPOT_CHECKS)]
