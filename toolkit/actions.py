"""Every button once: its command, caption, step, the sheets it reads and writes, and the options it takes.

The command line, the status panel on 首页 and the docs are derived from `ACTIONS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module

from toolkit.model import sheets as s
from toolkit.model.fields import Sheet
from toolkit.model.request import Request
from toolkit.model.tables import Outcome, Table

Step = Callable[[Mapping[str, Table], Request], Outcome]


class Option(StrEnum):
    """What a command takes beside the workbook and the options that all commands share."""

    FILES = "files"
    PATHS = "paths"  # files and folders of strangers
    SCHEDULE = "schedule"
    PREVIEW = "preview"
    RANGE = "range"  # --from, --to
    REARRANGE = "rearrange"
    PERIOD = "period"
    OUT = "out"
    TEMPLATE = "template"
    DEPARTMENT = "department"
    SEED = "seed"


@dataclass(frozen=True)
class Action:
    """One button and command.

    `step` is "module:function", imported when the button is pressed and not before. `purpose` is one Chinese line for
    help and 首页.
    """

    name: str
    caption: str
    purpose: str
    step: str
    reads: tuple[Sheet, ...]
    writes: tuple[Sheet, ...]
    options: tuple[Option, ...] = ()
    formats: tuple[str, ...] = ()  # what --format takes, the usual one first; () = no such option

    def load(self) -> Step:
        module, function = self.step.split(":")
        step: Step = getattr(import_module(module), function)
        return step


ACTIONS: tuple[Action, ...] = (
    Action(
        "ledger",
        "导入台账",
        "把核心系统导出的台账和还款计划并入工作簿，列明新增、变更和消失的贷款",
        "toolkit.steps.ledger:ledger",
        reads=(s.LOANS, s.SCHEDULE, s.FIELD_MAPPING),
        writes=(s.LOANS, s.SCHEDULE, s.FIELD_MAPPING),
        options=(Option.FILES, Option.SCHEDULE, Option.PREVIEW),
    ),
    Action(
        "plan",
        "生成回访清单",
        "按制度四、(二)从台账算出应做的回访，安排日期和人员",
        "toolkit.steps.plan:plan",
        reads=(s.LOANS, s.SCHEDULE, s.SPECIAL_VISITS, s.VISITORS, s.VISITS, s.RECORDS, s.ISSUES, s.FINDINGS),
        writes=(s.VISITS, s.FINDINGS, s.WEEK_PLAN, s.PLAN_PROGRESS, s.PLAN_APPROVAL),
        options=(Option.RANGE, Option.REARRANGE),
    ),
    Action(
        "collect",
        "收集记录",
        "把填好的记录表、登记簿和问卷导出收进回访记录，不同之处列入“记录冲突”由人决定",
        "toolkit.steps.collect:collect",
        reads=(
            s.RECORDS, s.VISITS, s.LOANS, s.CONFLICTS, s.FIELD_MAPPING, s.FIRST_SUBMISSIONS, s.FIRST_RECORDS,
            s.COLLECTED,
        ),
        writes=(s.RECORDS, s.CONFLICTS, s.COLLECTED, s.FIELD_MAPPING, s.FIRST_RECORDS),
        options=(Option.PATHS, Option.PREVIEW),
    ),
    Action(
        "check",
        "校验记录",
        "核对回访记录是否完整、真实、及时，标出有问题的单元格",
        "toolkit.steps.check:check",
        reads=(
            s.LOANS, s.SCHEDULE, s.SPECIAL_VISITS, s.VISITORS, s.VISITS, s.RECORDS, s.FINDINGS, s.ISSUES, s.HOLIDAYS,
            s.FIRST_SUBMISSIONS, s.FIRST_RECORDS, s.CONFLICTS,
        ),
        writes=(s.FINDINGS, s.RECORDS, s.FIRST_SUBMISSIONS, s.CONFLICTS),
    ),
    Action(
        "classify",
        "问题分类",
        "按制度六、(一)把回访发现的问题分级，写入问题台账并计算时限",
        "toolkit.steps.classify:classify",
        reads=(s.RECORDS, s.VISITS, s.LOANS, s.ISSUES, s.CLASSIFICATION_RULES),
        writes=(s.ISSUES,),
    ),
    Action(
        "kpi",
        "统计考核",
        "统计一个期间的四项考核指标",
        "toolkit.steps.kpi:kpi",
        reads=(
            s.VISITS, s.RECORDS, s.LOANS, s.SCHEDULE, s.VISITORS, s.ISSUES, s.SPOT_CHECKS, s.FIRST_SUBMISSIONS,
            s.FIRST_RECORDS, s.INDICATORS, s.SPECIAL_VISITS, s.FINDINGS, s.HOLIDAYS,
        ),
        writes=(s.INDICATORS,),
        options=(Option.PERIOD,),
    ),
    Action(
        "report",
        "生成报告",
        "生成给管理层的 Word 回访报告",
        "toolkit.steps.report:report",
        reads=(
            s.VISITS, s.RECORDS, s.LOANS, s.SCHEDULE, s.VISITORS, s.ISSUES, s.SPOT_CHECKS, s.FIRST_SUBMISSIONS,
            s.FIRST_RECORDS, s.INDICATORS, s.SPECIAL_VISITS, s.FINDINGS, s.HOLIDAYS,
        ),
        writes=(),
        options=(Option.PERIOD, Option.OUT, Option.TEMPLATE, Option.DEPARTMENT),
    ),
)  # fmt: skip
BY_NAME = {action.name: action for action in ACTIONS}
