"""`loanvisit lint`: what is wrong with Word templates that staff have edited, each with its paragraph."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from toolkit.model.errors import ToolkitError
from toolkit.model.template_names import NAMES, template_of
from toolkit.run.order import REFUSED, Result


def lint(templates: Sequence[Path], today: dt.date, kind: str = "") -> Result:
    """Look at every template; exit code 2 and a line for each fault if anything is wrong. Nothing is written.

    `kind`: the template that all of them are copies of; "" = told by their file names. Raises `ToolkitError` if a file
    cannot be read or no kind is told.
    """
    from toolkit.reports.lint import faults

    found = [f"{path.name} {fault}" for path in templates for fault in faults(path, NAMES[_kind(path, kind)])]
    counts = {"模板": len(templates), "错误": len(found)}
    if not found:
        return Result("lint", today, summary=f"{len(templates)} 个模板没有错误", counts=counts)
    told = "\n".join([f"模板有 {len(found)} 处错误，请改正后再用：", *(f"  {line}。" for line in found)])
    return Result("lint", today, REFUSED, counts=counts, details=found, error=told)


def _kind(path: Path, kind: str) -> str:
    told = kind or template_of(path.stem)
    if told in NAMES:
        return told
    raise ToolkitError(
        f"没有“{kind}”这种模板" if kind else "看不出是哪一种模板",
        where="参数 --kind" if kind else path.name,
        mend=f"请用 --kind 写明 {'、'.join(NAMES)} 之一",
    )
