"""Every button once: its command, caption, step, the sheets it reads and writes, and the options it takes.

The command line, the buttons and status panel on 首页, their macros and the docs are derived from `ACTIONS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from toolkit.model import sheets as s
from toolkit.model.fields import Sheet

if TYPE_CHECKING:  # pandas stands behind them, which help and launchers do without
    from toolkit.model.request import Request
    from toolkit.model.tables import Outcome, Table

Step = Callable[["Mapping[str, Table]", "Request"], "Outcome"]
# (Order, progress) → Result of `toolkit.run`, which this module must not know; of an open workbook (Order, Host,
# progress) → Result.
Task = Callable[..., Any]


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
    BY = "by"
    KIND = "kind"
    PASSWORD = "password"


class Stage(StrEnum):
    """Where in the flow of work a button stands; the groups of 首页, in their order."""

    PLANNING = "台账与清单"
    RECORDS = "回访与记录"
    PROBLEMS = "问题处理"
    REPORTING = "考核与报告"
    UPKEEP = "保管与维护"


@dataclass(frozen=True)
class Action:
    """One button and command.

    `step` is "module:function", imported when the button is pressed and not before. `purpose` is one Chinese line for
    help and 首页. `beside`: sheets whose header carries the button too. `task` stands in the place of a step where no
    tables are decided upon but the file, or the computer, is treated as a whole; it is carried out by `toolkit.run` on
    the closed file. `task_when_open` does the same to a workbook that a program has open.
    """

    name: str
    caption: str
    purpose: str
    step: str = ""
    reads: tuple[Sheet, ...] = ()
    writes: tuple[Sheet, ...] = ()
    options: tuple[Option, ...] = ()
    formats: tuple[str, ...] = ()  # what --format takes, the usual one first; () = no such option
    stage: Stage = Stage.UPKEEP
    beside: tuple[Sheet, ...] = ()
    task: str = ""
    task_when_open: str = ""
    only_looks: bool = False  # writes nothing and does without a workbook, which then is a folder (the current one)

    @property
    def takes_files(self) -> bool:
        """Does it read files besides the workbook?"""
        return bool({Option.FILES, Option.PATHS} & set(self.options))

    def load(self) -> Step:
        step: Step = _named(self.step)
        return step

    def load_task(self) -> Task:
        task: Task = _named(self.task)
        return task

    def load_task_when_open(self) -> Task:
        task: Task = _named(self.task_when_open)
        return task


def _named(place: str) -> Any:
    module, function = place.split(":")
    return getattr(import_module(module), function)


ACTIONS: tuple[Action, ...] = (
    Action(
        "ledger",
        "导入台账",
        "把核心系统导出的台账和还款计划并入工作簿，列明新增、变更和消失的贷款",
        "toolkit.steps.ledger:ledger",
        reads=(s.LOANS, s.SCHEDULE, s.FIELD_MAPPING),
        writes=(s.LOANS, s.SCHEDULE, s.FIELD_MAPPING),
        options=(Option.FILES, Option.SCHEDULE, Option.PREVIEW),
        stage=Stage.PLANNING,
    ),
    Action(
        "plan",
        "生成回访清单",
        "按制度四、(二)从台账算出应做的回访，安排日期和人员",
        "toolkit.steps.plan:plan",
        reads=(s.LOANS, s.SCHEDULE, s.SPECIAL_VISITS, s.VISITORS, s.VISITS, s.RECORDS, s.ISSUES, s.FINDINGS),
        writes=(s.VISITS, s.FINDINGS, s.WEEK_PLAN, s.PLAN_PROGRESS, s.PLAN_APPROVAL),
        options=(Option.RANGE, Option.REARRANGE),
        stage=Stage.PLANNING,
    ),
    Action(
        "forms",
        "生成记录表",
        "为清单中待做的每笔回访生成可打印、可填写的《贷款回访记录》，问卷回访另附调查问卷",
        "toolkit.steps.forms:forms",
        reads=(s.VISITS, s.LOANS, s.SCHEDULE),
        writes=(),
        options=(Option.OUT, Option.BY),
        formats=("xlsx", "docx"),
        stage=Stage.RECORDS,
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
        stage=Stage.RECORDS,
    ),
    Action(
        "check",
        "校验记录",
        "核对回访记录是否完整、真实、及时，标出有问题的单元格",
        "toolkit.steps.check:check",
        reads=(
            s.LOANS, s.SCHEDULE, s.SPECIAL_VISITS, s.VISITORS, s.VISITS, s.RECORDS, s.FINDINGS, s.ISSUES, s.HOLIDAYS,
            s.FIRST_SUBMISSIONS, s.CHECK_SUMMARY, s.FIRST_RECORDS, s.CONFLICTS,
        ),
        writes=(s.FINDINGS, s.RECORDS, s.FIRST_SUBMISSIONS, s.CHECK_SUMMARY, s.CONFLICTS),
        stage=Stage.RECORDS,
        beside=(s.RECORDS,),
    ),
    Action(
        "classify",
        "问题分类",
        "按制度六、(一)把回访发现的问题分级，写入问题台账并计算时限",
        "toolkit.steps.classify:classify",
        reads=(s.RECORDS, s.VISITS, s.LOANS, s.SCHEDULE, s.ISSUES, s.CLASSIFICATION_RULES, s.WORD_GROUPS),
        writes=(s.ISSUES, s.WISHES, s.OVERRULED, s.RULE_TRIALS),
        stage=Stage.PROBLEMS,
    ),
    Action(
        "track",
        "跟踪督办",
        "按制度六、(二)–(三)登记问题的每次变更，催办、督办、通报，识别复发，核对待答复事项和承诺还款",
        "toolkit.steps.track:track",
        reads=(
            s.ISSUES, s.ISSUE_EVENTS, s.ISSUE_MEMORY, s.RECORDS, s.VISITS, s.LOANS, s.SCHEDULE, s.VISITORS, s.FINDINGS,
            s.OPEN_QUESTIONS, s.PROMISES, s.LOG,
        ),
        writes=(s.ISSUES, s.ISSUE_EVENTS, s.ISSUE_MEMORY, s.OPEN_QUESTIONS, s.PROMISES, s.FINDINGS),
        stage=Stage.PROBLEMS,
    ),
    Action(
        "sample",
        "抽查取样",
        "按制度七、(一)2.抽出本期要复核的回访记录，汇总复核结果并推算差错率，跟踪整改",
        "toolkit.steps.sample:sample",
        reads=(
            s.RECORDS, s.VISITS, s.LOANS, s.SCHEDULE, s.SPECIAL_VISITS, s.VISITORS, s.ISSUES, s.HOLIDAYS, s.FINDINGS,
            s.SPOT_CHECKS, s.SAMPLE_LOG, s.SAMPLE_SUMMARY, s.RECTIFICATIONS,
        ),
        writes=(s.SPOT_CHECKS, s.SAMPLE_LOG, s.SAMPLE_SUMMARY, s.RECTIFICATIONS, s.FINDINGS),
        options=(Option.PERIOD, Option.SEED),
        stage=Stage.REPORTING,
    ),
    Action(
        "kpi",
        "统计考核",
        "统计一个期间的四项考核指标，列出每个数字的明细、历期变化，按“考核办法”提出奖惩建议",
        "toolkit.steps.kpi:kpi",
        reads=(
            s.VISITS, s.RECORDS, s.LOANS, s.SCHEDULE, s.VISITORS, s.ISSUES, s.SPOT_CHECKS, s.FIRST_SUBMISSIONS,
            s.INDICATORS, s.SPECIAL_VISITS, s.FINDINGS, s.HOLIDAYS, s.APPRAISAL, s.INDICATOR_ANALYSIS, s.INDICATOR_ROWS,
            s.PROPOSALS, s.FIRST_RECORDS,
        ),
        writes=(s.INDICATORS, s.INDICATOR_ANALYSIS, s.INDICATOR_ROWS, s.PROPOSALS),
        options=(Option.PERIOD,),
        stage=Stage.REPORTING,
    ),
    Action(
        "report",
        "生成报告",
        "生成给管理层的 Word 回访报告",
        "toolkit.steps.report:report",
        reads=(
            s.VISITS, s.RECORDS, s.LOANS, s.SCHEDULE, s.VISITORS, s.ISSUES, s.SPOT_CHECKS, s.FIRST_SUBMISSIONS,
            s.FIRST_RECORDS, s.INDICATORS, s.SPECIAL_VISITS, s.FINDINGS, s.HOLIDAYS, s.WISHES,
        ),
        writes=(),
        options=(Option.PERIOD, Option.OUT, Option.TEMPLATE, Option.DEPARTMENT, Option.PASSWORD),
        formats=("docx", "pdf"),
        stage=Stage.REPORTING,
    ),
    Action(
        "papers",
        "生成文书",
        "成批生成整改通知书、督办单、重大问题专报、回访计划报批、面谈记录、抽查核实单、考核指标告知书、致客户的信等文书",
        "toolkit.steps.papers:papers",
        reads=(
            s.VISITS, s.RECORDS, s.LOANS, s.SCHEDULE, s.VISITORS, s.ISSUES, s.SPOT_CHECKS, s.INDICATORS,
        ),
        writes=(),
        options=(Option.PERIOD, Option.KIND, Option.OUT, Option.TEMPLATE, Option.PASSWORD),
        formats=("docx", "pdf"),
        stage=Stage.REPORTING,
    ),
    Action(
        "audit",
        "审计底稿",
        "为内部审计生成一个期间的底稿：计划执行、记录真实完整、问题处理、抽样、操作日志和参数",
        "toolkit.steps.audit:audit",
        reads=(
            s.VISITS, s.RECORDS, s.LOANS, s.VISITORS, s.SCHEDULE, s.SPECIAL_VISITS, s.HOLIDAYS, s.FINDINGS,
            s.FIRST_SUBMISSIONS, s.ISSUES, s.ISSUE_EVENTS, s.INDICATORS, s.SPOT_CHECKS, s.SAMPLE_LOG, s.SAMPLE_SUMMARY,
            s.RECTIFICATIONS, s.LOG,
        ),
        options=(Option.PERIOD, Option.OUT),
        stage=Stage.REPORTING,
    ),
    Action(
        "practice",
        "培训练习",
        "统计一个期间的培训宣传，按记录中的错误建议培训主题，并生成回访人员的练习题和答案",
        "toolkit.steps.practice:practice",
        reads=(
            s.VISITS, s.RECORDS, s.LOANS, s.VISITORS, s.ISSUES, s.FINDINGS, s.SPOT_CHECKS, s.TRAINING,
            s.TRAINING_ANALYSIS,
        ),
        writes=(s.TRAINING_ANALYSIS,),
        options=(Option.PERIOD, Option.SEED, Option.OUT),
        stage=Stage.REPORTING,
    ),
    Action(
        "retention",
        "保管到期",
        "按制度五、(一)3.列出保管期限已满的回访记录供审批，有未结问题的暂缓；不删除任何记录",
        "toolkit.steps.retention:retention",
        reads=(s.LOANS, s.RECORDS, s.VISITS, s.ISSUES, s.RETENTION),
        writes=(s.RETENTION,),
        stage=Stage.UPKEEP,
    ),
    Action(
        "restore",
        "恢复上次备份",
        "用“备份”文件夹中最新的一份换回工作簿，当前的内容也另存一份备份",
        task="toolkit.run.restore:restore",
        task_when_open="toolkit.run.restore:restore_open",
    ),
    Action(
        "upgrade",
        "升级工作簿",
        "为旧版本的工作簿补上本版本的表、列、参数和首页栏目，已有内容不变",
        task="toolkit.run.upgrade:upgrade",
        task_when_open="toolkit.run.upgrade:upgrade_open",
    ),
    Action(
        "doctor",
        "环境检查",
        "检查本机有什么会妨碍使用本工具，并说明怎样解决",
        task="toolkit.run.doctor:doctor",
        only_looks=True,
    ),
)  # fmt: skip
BY_NAME = {action.name: action for action in ACTIONS}


def files_label(action: Action) -> str:
    """Label of the input cell on 首页 that holds the files for a button which takes some."""
    return f"{action.caption}的文件"


def buttons() -> dict[Stage, tuple[Action, ...]]:
    """The actions that have a button, by stage in the order of the work; a stage without any is left out."""
    groups = {stage: tuple(a for a in ACTIONS if a.stage is stage and a.caption) for stage in Stage}
    return {stage: actions for stage, actions in groups.items() if actions}
