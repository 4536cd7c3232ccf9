"""The rules of the findings that other steps than `check` write to 校验结果, by step and code.

Those of `check` are `rules.checks.rule_table.CHECKS`.
"""

from toolkit.model.findings import Rule
from toolkit.rules.issues import changes, faults, grades, history, numbering, questions
from toolkit.rules.planning import unplanned
from toolkit.rules.spotcheck import rectify, review

PLAN: tuple[Rule, ...] = (
    unplanned.NO_CONTRACT,
    unplanned.DUPLICATE_LOAN,
    unplanned.UNKNOWN_STATUS,
    unplanned.NO_DISBURSEMENT,
    unplanned.BAD_DATE,
    unplanned.NO_PHONE,
    unplanned.NO_VISITOR,
    unplanned.UNKNOWN_CONTRACT,
    unplanned.NO_DATE,
    unplanned.CROWDED,
    unplanned.UNKNOWN_VALUE,
    unplanned.OWN_OFFICER,
    unplanned.UNKNOWN_STATE,
)
TRACK: tuple[Rule, ...] = (
    changes.UNKNOWN_STATE,
    changes.NOT_ALLOWED,
    changes.NOT_SHOWN,
    faults.SELF_VERIFIED,
    faults.DATE_ORDER,
    faults.BAD_DATE,
    numbering.GONE,
    numbering.RENUMBERED,
    numbering.TWICE,
    history.INCOMPLETE,
    history.OUT_OF_TURN,
    grades.DOWNGRADE,
    changes.STALE,
    changes.NOT_TOLD,
    changes.NO_MILESTONE,
    questions.NOBODY,
    questions.TOO_EARLY,
    questions.UNDATED,
    faults.NOT_ANEW,
)
SAMPLE: tuple[Rule, ...] = (*review.RULES, rectify.OWN_VERIFICATION)
