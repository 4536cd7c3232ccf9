"""生成文书: the papers that the regulation implies beside the report, from the same rows."""

from collections.abc import Mapping

from toolkit.model import paper_kinds
from toolkit.model.errors import ToolkitError
from toolkit.model.paper_kinds import KINDS
from toolkit.model.period import quarter_of
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, Paper, Table
from toolkit.rules.forms.names import distinct, file_part
from toolkit.rules.papers.contents import CONTENTS
from toolkit.rules.papers.gathered import gather
from toolkit.rules.papers.issue_papers import DEPARTMENT_BLANK
from toolkit.rules.papers.review_papers import strangers


def papers(tables: Mapping[str, Table], request: Request) -> Outcome:
    """No edits; the papers of `request.kinds` (all kinds if empty) for the period, in one folder.

    A kind without rows gives a sentence and no paper. `request.period` defaults to the calendar quarter that holds T.
    """
    wanted = _wanted(request.kinds)
    period = request.period or quarter_of(request.as_of)
    gathered = gather(tables, request, period)
    folder = f"文书_{file_part(period.label.replace('..', '至'))}"
    made: list[Paper] = []
    counts: dict[str, int] = {}
    details: list[str] = []
    warnings: list[str] = []
    for kind, contents in CONTENTS:
        if kind.name not in wanted:
            continue
        found = list(contents(gathered))
        counts[kind.name] = len(found)
        details.append(f"{kind.name} {len(found)} 份" if found else f"{kind.name}：{kind.nothing}")
        stems = distinct("_".join((kind.name, file_part(key))) for key, _ in found)
        for stem, (key, context) in zip(stems, found, strict=True):
            title = f"{kind.name}（{key}）"
            properties = {"title": title, "author": request.institution, "date": request.as_of}
            made.append(Paper(kind.name, f"{stem}.docx", {**context, "properties": properties}, folder))
        unknown = sum(context["recipient"] == DEPARTMENT_BLANK for _, context in found)
        if unknown:
            warnings.append(f"{unknown} 份{kind.name}的问题没有填写责任部门，主送栏写作“{DEPARTMENT_BLANK}”")
    if paper_kinds.INDICATORS.name in wanted and (unknown_names := strangers(gathered)):
        warnings.append(f"考核指标中的 {'、'.join(unknown_names)} 不在“回访人员”表中，没有生成考核指标告知书")
    if made and not request.institution:
        warnings.append("首页没有填写机构，文书中写作“本机构”，请填写后再运行")
    summary = f"{period.label}：{len(made)} 份文书" if made else f"{period.label}：没有可以生成的文书"
    return Outcome(counts=counts, warnings=warnings, summary=summary, details=details, papers=[*made])


def _wanted(names: tuple[str, ...]) -> set[str]:
    for name in names:
        if name not in paper_kinds.BY_NAME:
            raise ToolkitError(
                f"没有“{name}”这种文书",
                where="参数 --kind",
                mend=f"请写 {'、'.join(kind.name for kind in KINDS)} 之一",
            )
    return set(names) or set(paper_kinds.BY_NAME)
