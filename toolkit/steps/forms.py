"""生成记录表: open visits of 回访清单 → fillable 《贷款回访记录》 (五、(一)) and questionnaires (四、(一)3.)."""

from collections.abc import Mapping, Sequence

import pandas as pd

from toolkit.model import forms as form
from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.request import Request
from toolkit.model.tables import FormPage, Forms, Outcome, Table
from toolkit.rules.forms.names import distinct, file_part, tab_titles
from toolkit.rules.forms.pages import form_texts, open_visits

FOLDER = "回访记录表"
BY_VISIT, BY_VISITOR = "visit", "visitor"
# More worksheets in a file than this are slow to open and to leaf through.
MOST_IN_A_FILE = 100
Texts = Mapping[str, str]
Batch = tuple[str, list[int]]  # file name without suffix, its visits
_TITLES = {form.FORM: "贷款回访记录", form.QUESTIONNAIRE: "贷款客户调查问卷"}
_PREFIXES = {form.FORM: "回访记录", form.QUESTIONNAIRE: "调查问卷"}


def forms(tables: Mapping[str, Table], request: Request) -> Outcome:
    """No edits; a file per open visit, or with `request.by` "visitor" per 回访人员, in the order of the planned days.

    Visits by 问卷 get a questionnaire besides. Rows of 回访清单 that have neither 回访编号 nor 贷款合同编号, and those
    with a 回访编号 that another has, are named and left out.
    """
    visits, warnings = _fit(open_visits(tables[sheets.VISITS.title].data))
    frame = form_texts(visits, tables[sheets.LOANS.title].data, tables[sheets.SCHEDULE.title].data, request)
    texts = [{str(slot): text for slot, text in page.items()} for page in frame.to_dict("records")]
    by_paper = visits[visits["method"] == v.QUESTIONNAIRE]
    papers = _files(form.FORM, visits, texts, request) + _files(form.QUESTIONNAIRE, by_paper, texts, request)
    questionnaires = len(by_paper)
    counts = {"待做回访": len(visits), "问卷": questionnaires, "文件": len(papers)}
    summary = f"{len(visits)} 份《贷款回访记录》" + (f"和 {questionnaires} 份调查问卷" if questionnaires else "")
    summary += f"，共 {len(papers)} 个文件"
    if not request.institution:
        warnings.append("首页没有填写机构，记录表和开场语中写作“本机构”，请填写后再运行")
    if visits.empty:
        summary = "回访清单中没有待做的回访，没有生成记录表；清单可用“生成回访清单”更新"
    return Outcome(counts=counts, warnings=warnings, summary=summary, papers=[*papers])


def _fit(visits: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Visits that a form can be told apart by, and a sentence for each of the others."""
    nameless = (visits["visit_no"] == "") & (visits["contract_no"] == "")
    again = (visits["visit_no"] != "") & visits["visit_no"].duplicated()
    title = sheets.VISITS.title
    warnings = [
        f"“{title}”第 {row} 行没有回访编号和贷款合同编号，没有生成记录表，请补填后再运行"
        for row in visits.loc[nameless, "row"]
    ]
    warnings += [
        f"“{title}”第 {row} 行的回访编号与前面重复，没有再生成记录表，请删去多余的一行"
        for row in visits.loc[again, "row"]
    ]
    return visits[~nameless & ~again].reset_index(drop=True), warnings


def _files(version: str, visits: pd.DataFrame, texts: Sequence[Texts], request: Request) -> list[Forms]:
    """The files of one kind of form for `visits`, whose labels are places in `texts`."""
    batches = _by_visitor(version, visits) if request.by == BY_VISITOR else _by_visit(version, visits)
    names = distinct(stem for stem, _ in batches)
    suffix = f".{request.file_format or 'xlsx'}"
    return [
        Forms(name + suffix, _pages(version, places, texts), _TITLES[version], request.institution, FOLDER)
        for name, (_, places) in zip(names, batches, strict=True)
    ]


def _by_visit(version: str, visits: pd.DataFrame) -> list[Batch]:
    stems = (
        _joined(_PREFIXES[version], visit_no, contract_no)
        for visit_no, contract_no in zip(visits["visit_no"], visits["contract_no"], strict=True)
    )
    return [(stem, [place]) for stem, place in zip(stems, visits.index.tolist(), strict=True)]


def _by_visitor(version: str, visits: pd.DataFrame) -> list[Batch]:
    """Visits of one 合并组 stay side by side, since their day is one."""
    ordered = visits.sort_values(["branch", "visitor", "planned_on", "merge_group", "visit_no"], kind="stable")
    out: list[Batch] = []
    for (branch, visitor), rows in ordered.groupby(["branch", "visitor"], sort=False):
        stem = _joined(_PREFIXES[version], str(visitor) or v.UNASSIGNED, str(branch))
        places = rows.index.tolist()
        volumes = [places[at : at + MOST_IN_A_FILE] for at in range(0, len(places), MOST_IN_A_FILE)]
        for volume, part in enumerate(volumes, start=1):
            out.append((f"{stem}_第{volume}册" if len(volumes) > 1 else stem, part))
    return out


def _joined(*parts: str) -> str:
    return "_".join(part for part in map(file_part, parts) if part)


def _pages(version: str, places: list[int], texts: Sequence[Texts]) -> tuple[FormPage, ...]:
    chosen = [texts[place] for place in places]
    titles = tab_titles([page["visit_no"] or page["contract_no"] for page in chosen])
    return tuple(FormPage(version, page["stage"], title, page) for title, page in zip(titles, chosen, strict=True))
