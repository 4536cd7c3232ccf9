"""What each kind of paper holds: the kind and the rule that gives (key, context) for each of its papers."""

from collections.abc import Callable, Iterator
from typing import Any

from toolkit.model import paper_kinds as kinds
from toolkit.model.paper_kinds import PaperKind
from toolkit.rules.papers import issue_papers, review_papers, visit_papers
from toolkit.rules.papers.gathered import Gathered

Contents = Callable[[Gathered], Iterator[tuple[str, dict[str, Any]]]]

CONTENTS: tuple[tuple[PaperKind, Contents], ...] = (
    (kinds.NOTICE, issue_papers.notices),
    (kinds.URGING, issue_papers.urging_papers),
    (kinds.ESCALATION, issue_papers.escalations),
    (kinds.INVESTIGATION, issue_papers.investigations),
    (kinds.PLAN, visit_papers.plans),
    (kinds.INTERVIEW, visit_papers.interviews),
    (kinds.SPOT_CHECK, review_papers.spot_checks),
    (kinds.INDICATORS, review_papers.indicator_notices),
    (kinds.LETTER, visit_papers.letters),
)
