"""Every sheet and column of the branch workbook, once (contract, section 2); a module per subject.

Templates, readers, checks, masking and the data dictionary are derived from here. A new column is a new line.
"""

from toolkit.model.fields import Sheet
from toolkit.model.sheets.classification import CLASSIFICATION_RULES, OVERRULED, RULE_TRIALS, WISHES, WORD_GROUPS
from toolkit.model.sheets.findings import CHECK_SUMMARY, FINDINGS, FIRST_RECORDS, FIRST_SUBMISSIONS
from toolkit.model.sheets.indicators import APPRAISAL, INDICATOR_ANALYSIS, INDICATOR_ROWS, INDICATORS, PROPOSALS
from toolkit.model.sheets.issues import ISSUE_EVENTS, ISSUE_MEMORY, ISSUES, OPEN_QUESTIONS, PROMISES
from toolkit.model.sheets.ledger import FIELD_MAPPING, LOANS, SCHEDULE
from toolkit.model.sheets.plan import PLAN_APPROVAL, PLAN_PROGRESS, SPECIAL_VISITS, VISITS, WEEK_PLAN
from toolkit.model.sheets.plan import WEEKDAYS as WEEKDAYS
from toolkit.model.sheets.records import CHECK_FIELDS as CHECK_FIELDS
from toolkit.model.sheets.records import CHECKS as CHECKS
from toolkit.model.sheets.records import CHECKS_OF_STAGE as CHECKS_OF_STAGE
from toolkit.model.sheets.records import COLLECTED, CONFLICTS, RECORDS, RETENTION
from toolkit.model.sheets.settings import HOLIDAYS, LOG, PARAMETERS, VISITORS
from toolkit.model.sheets.spot_checks import RECTIFICATIONS, SAMPLE_LOG, SAMPLE_SUMMARY, SPOT_CHECKS
from toolkit.model.sheets.training import TRAINING, TRAINING_ANALYSIS

HOME_TITLE = "首页"
VISITOR_NAMES = "回访人员姓名"  # workbook-level name: the filled names of sheet 回访人员, for dropdowns

# The order is the order of the tabs.
SHEETS: tuple[Sheet, ...] = (
    PARAMETERS,
    HOLIDAYS,
    VISITORS,
    LOANS,
    SCHEDULE,
    SPECIAL_VISITS,
    VISITS,
    WEEK_PLAN,
    PLAN_PROGRESS,
    PLAN_APPROVAL,
    RECORDS,
    CONFLICTS,
    COLLECTED,
    FINDINGS,
    CHECK_SUMMARY,
    ISSUES,
    ISSUE_EVENTS,
    OPEN_QUESTIONS,
    PROMISES,
    CLASSIFICATION_RULES,
    WORD_GROUPS,
    RULE_TRIALS,
    OVERRULED,
    WISHES,
    INDICATORS,
    INDICATOR_ANALYSIS,
    INDICATOR_ROWS,
    PROPOSALS,
    SPOT_CHECKS,
    SAMPLE_SUMMARY,
    RECTIFICATIONS,
    SAMPLE_LOG,
    RETENTION,
    TRAINING,
    TRAINING_ANALYSIS,
    APPRAISAL,
    FIELD_MAPPING,
    FIRST_SUBMISSIONS,
    ISSUE_MEMORY,
    FIRST_RECORDS,
    LOG,
)
BY_TITLE = {sheet.title: sheet for sheet in SHEETS}
