"""首页: the inputs of the buttons, one line per action with its last result, how to work, what the colours mean."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from toolkit import __version__
from toolkit.actions import ACTIONS, BY_NAME, Action, Option, Stage, buttons, files_label
from toolkit.hosts.fresh.macro_buttons import Press, put_button
from toolkit.hosts.fresh.sheet_colours import AMBER, BLUE, GREEN, GREY, ORANGE, RED
from toolkit.hosts.fresh.sheet_look import (
    DATE_FORMAT,
    INK,
    NAVY,
    REQUIRED_INK,
    RULE,
    STAFF_FILL,
    TOOL_FILL,
    TOOL_INK,
    Look,
    set_up_page,
)
from toolkit.hosts.parts.row_heights import display_width
from toolkit.model import sheets as s
from toolkit.model import values as v

TITLE = "贷款回访管理工具"
SUBTITLE = "按《贷款回访管理办法》办理贷款回访：从台账到回访清单、回访记录、问题台账和报告"
NOT_RUN = "尚未运行"
# The bridge looks this name up; macros are kept in ASCII.
PYTHON_CELL = "loanvisit_python"
PYTHON_LABEL = "Python 程序"

# Columns B to G; A is a margin.
_NUMBER, _STEP, _WIDE, _BUTTON, _STATE, _TIME = range(1, 7)
_WIDTHS = {0: 2, _NUMBER: 6, _STEP: 20, _WIDE: 48, _BUTTON: 20, _STATE: 66, _TIME: 18, 7: 2}
_TEXT_WIDTH = sum(_WIDTHS[column] for column in (_WIDE, _BUTTON, _STATE, _TIME)) - 4


@dataclass(frozen=True)
class HomeValues:
    """What the input cells hold at the start."""

    institution: str = ""
    as_of: dt.date | None = None
    period: str = ""
    folder: str = ""


def _caption(name: str) -> str:
    return f"“{BY_NAME[name].caption}”"


def how_to() -> tuple[tuple[str, str], ...]:
    """The flow of work: (what, how) in the order of a quarter."""
    return (
        (
            "按钮",
            "“操作步骤”中每个按钮运行一步，结束时弹出一条提示。首次打开请选择“启用内容”（允许宏）；"
            "不能用宏时，同一行的命令效果相同，写法见 loanvisit --help。",
        ),
        (
            "准备",
            "在“回访人员”表登记人员，在“参数”表核对取值（由风险管理部门确定）。"
            "国务院公布新一年放假安排前，可在“节假日”表补录。",
        ),
        (
            "台账",
            f"用{_caption('ledger')}并入核心系统导出的文件；只覆盖导出文件中有的列，“重要客户”“备注”和自加的列不变。",
        ),
        (
            "清单",
            f"用{_caption('plan')}得到本期应做的回访，安排日期和回访人员可以改，"
            "再次生成时保留。无法安排的列在“校验结果”。"
            f"“{s.PLAN_APPROVAL.title}”供打印报批，“{s.WEEK_PLAN.title}”供张贴，"
            f"“{s.PLAN_PROGRESS.title}”看各人完成情况，连同以前各期未完成的；考核和报告只数截止日期在本期的。",
        ),
        (
            "回访",
            f"用{_caption('forms')}得到每笔回访的《贷款回访记录》，可打印手填，也可在电脑上填；"
            f"填好的表用{_caption('collect')}收进“回访记录”，有出入的到“{s.CONFLICTS.title}”选定。"
            "也可以直接在“回访记录”表一次联系填一行。未接通、拒访也要记。带下拉箭头的单元格请从列表选择。",
        ),
        (
            "校验",
            f"用{_caption('check')}核对记录，到“校验结果”点击单元格地址跳到原处改正；核对无误的可在“处理”栏说明理由。",
        ),
        (
            "问题",
            f"用{_caption('classify')}把问题写入“问题台账”；"
            "“待定级”的请在“人工认定”栏确定。整改后由责任人以外的人验证销号。"
            f"平时用{_caption('track')}登记状态变更，看“督办”栏和“待答复事项”“承诺还款核对”。",
        ),
        (
            "抽查",
            f"期末先在上面填好“期间”。{_caption('sample')}列出要复核的记录，在“抽查”填写复核结果后再按一次，"
            f"得到“{s.SAMPLE_SUMMARY.title}”和“{s.RECTIFICATIONS.title}”。",
        ),
        (
            "考核报告",
            f"{_caption('kpi')}得到四项指标，“考核明细”列出各指标由哪些行组成，“{s.PROPOSALS.title}”由人决定。"
            f"{_caption('report')}得到给管理层的 Word 报告，{_caption('papers')}得到整改通知书、督办单等文书，"
            f"{_caption('audit')}供内部审计使用，{_caption('practice')}按本期的差错给出培训主题和练习题。",
        ),
        (
            "保管维护",
            f"每年用{_caption('retention')}列出可以销毁的记录，报批后由人处理。做错了一步用{_caption('restore')}；"
            f"换了新版本用{_caption('upgrade')}；按钮没有反应用{_caption('doctor')}。",
        ),
        (
            "放心",
            "每次运行前自动把工作簿复制到同一文件夹的“备份”中（保留最近 20 份）。"
            "按按钮时工作簿开着即可，结果检查后再保存；用命令运行时请先保存并关闭本工作簿。",
        ),
    )


def draw_home(
    workbook: Workbook, worksheet: Worksheet, values: HomeValues, presses: Mapping[str, Press] | None = None
) -> None:
    """Draw 首页 and give its cells their names: 首页_机构 …, 状态_<command>, 时间_<command>.

    `presses`: the button of each action, by the action's name; None = a workbook without macros.
    """
    look = Look(workbook)
    worksheet.hide_gridlines(2)
    worksheet.set_tab_color(NAVY)
    for column, width in _WIDTHS.items():
        worksheet.set_column(column, column, width, look.format())
    for column in range(max(_WIDTHS) + 1):
        worksheet.write_blank(0, column, None, look.format(bg_color=NAVY))
        worksheet.write_blank(1, column, None, look.format(bg_color=NAVY))
    worksheet.set_row(0, 40)
    worksheet.write_string(0, _NUMBER, TITLE, look.format(bg_color=NAVY, font_color="#FFFFFF", font_size=20, bold=True))
    worksheet.set_row(1, 24)
    worksheet.write_string(1, _NUMBER, SUBTITLE, look.format(bg_color=NAVY, font_color="#D9E2F3"))
    row = _inputs(workbook, worksheet, look, values, 3)
    row = _panel(workbook, worksheet, look, row + 1, presses or {})
    row = _how_to(worksheet, look, row + 1)
    row = _legend(worksheet, look, row + 1)
    set_up_page(worksheet, "")
    worksheet.set_portrait()  # the page is higher than wide
    worksheet.fit_to_pages(1, 1)
    worksheet.print_area(0, 0, row - 1, max(_WIDTHS))
    worksheet.set_first_sheet()
    worksheet.activate()
    worksheet.set_selection(5, _WIDE, 5, _WIDE)


def _section(worksheet: Worksheet, look: Look, row: int, title: str) -> int:
    line = {"bottom": 2, "bottom_color": NAVY, "bold": True, "font_color": NAVY, "font_size": 12}
    worksheet.set_row(row, 26)
    for column in range(_NUMBER, _TIME + 1):
        worksheet.write_blank(row, column, None, look.format(**line))
    worksheet.write_string(row, _NUMBER, title, look.format(**line))
    worksheet.set_row(row + 1, 6)
    return row + 2


def _inputs(workbook: Workbook, worksheet: Worksheet, look: Look, values: HomeValues, row: int) -> int:
    box = {"border": 1, "border_color": RULE, "align": "left", "indent": 1}
    staff = look.format(bg_color=STAFF_FILL, num_format="@", **box)
    tool = look.format(bg_color=TOOL_FILL, num_format=DATE_FORMAT, font_color=TOOL_INK, **box)
    row = _section(worksheet, look, row, "一、基本信息")
    for label, value, form, hint in (
        ("机构", values.institution, staff, "机构全称，写入报告的标题和考核指标"),
        ("基准日", values.as_of, tool, "上一次运行采用的基准日，由系统填写"),
        ("期间", values.period, staff, _period_hint()),
        ("文件夹", values.folder, staff, "按钮把生成的文件放在这里；空白＝本工作簿所在的文件夹"),
        *(
            (
                files_label(action),
                "",
                staff,
                f"{_caption(action.name)}按钮读取的文件，几个文件以“；”分隔；空白＝按下时再选择",
            )
            for action in ACTIONS
            if action.takes_files
        ),
        (PYTHON_LABEL, "", staff, "按钮用的 Python（完整路径）；空白＝用安装时登记的，一般不用填"),
        ("版本", __version__, tool, "建立或升级本工作簿的工具版本，由系统填写"),
    ):
        worksheet.set_row(row, 24)
        worksheet.write_string(row, _STEP, label, look.format(bold=True, font_color=NAVY))
        if value:
            write = worksheet.write_datetime if isinstance(value, dt.date) else worksheet.write_string
            write(row, _WIDE, value, form)
        else:
            worksheet.write_blank(row, _WIDE, None, form)
        worksheet.write_string(row, _BUTTON, hint, look.format(font_color=TOOL_INK, indent=1))
        worksheet.data_validation(row, _WIDE, row, _WIDE, _prompt(label, hint))
        name = PYTHON_CELL if label == PYTHON_LABEL else f"首页_{label}"
        workbook.define_name(name, f"={s.HOME_TITLE}!$D${row + 1}")
        row += 1
    return row


def _period_hint() -> str:
    wanted = "、".join(action.caption for action in ACTIONS if Option.PERIOD in action.options)
    return f"如 2026Q3、2026-09、2026；按{wanted}前填写，生成清单时空白＝本季度"


def _stage(worksheet: Worksheet, look: Look, row: int, stage: Stage) -> None:
    band = look.format(bg_color="#EEF3FA", font_color=NAVY, bold=True, indent=1, top=1, bottom=1, border_color=RULE)
    worksheet.set_row(row, 22)
    for column in range(_NUMBER, _TIME + 1):
        worksheet.write_blank(row, column, None, band)
    worksheet.write_string(row, _NUMBER, stage.value, band)


def _panel(workbook: Workbook, worksheet: Worksheet, look: Look, row: int, presses: Mapping[str, Press]) -> int:
    row = _section(worksheet, look, row, "二、操作步骤")
    head = look.format(bold=True, font_color=NAVY, bg_color="#D9E2F3", align="center", border=1, border_color=RULE)
    worksheet.set_row(row, 24)
    headers = ("序号", "步骤", "说明", "命令", "状态", "上次运行")
    for column, header in zip(range(_NUMBER, _TIME + 1), headers, strict=True):
        worksheet.write_string(row, column, header, head)
    cell = {"border": 1, "border_color": RULE}
    centred = look.format(align="center", **cell)
    wrapped = look.format(text_wrap=True, indent=1, **cell)
    state = look.format(text_wrap=True, indent=1, font_size=9, bg_color="#F7F7F7", font_color=TOOL_INK, **cell)
    time = look.format(align="center", num_format="yyyy-mm-dd hh:mm", bg_color="#F7F7F7", font_color=TOOL_INK, **cell)

    def line(number: int, action: Action) -> None:
        worksheet.set_row(row, 46)  # three lines of status
        worksheet.write_number(row, _NUMBER, number, centred)
        worksheet.write_string(row, _STEP, action.caption, look.format(bold=True, align="center", **cell))
        worksheet.write_string(row, _WIDE, action.purpose, wrapped)
        worksheet.write_string(row, _BUTTON, f"loanvisit {action.name}", look.format(
            align="center", font_color=TOOL_INK, font_size=9, **cell
        ))  # fmt: skip
        worksheet.write_string(row, _STATE, NOT_RUN, state)
        worksheet.write_blank(row, _TIME, None, time)
        workbook.define_name(f"状态_{action.name}", f"={s.HOME_TITLE}!$F${row + 1}")
        workbook.define_name(f"时间_{action.name}", f"={s.HOME_TITLE}!$G${row + 1}")
        if action.name in presses:  # the caption in the cell beneath stays for programs that show no buttons
            put_button(worksheet, row, _STEP, presses[action.name], x=8, y=10, width=129, height=40)

    number = 0
    for stage, actions in buttons().items():
        row += 1
        _stage(worksheet, look, row, stage)
        for action in actions:
            row, number = row + 1, number + 1
            line(number, action)
    return row + 1


def _how_to(worksheet: Worksheet, look: Look, row: int) -> int:
    row = _section(worksheet, look, row, "三、怎样使用")
    for number, (title, text) in enumerate(how_to(), start=1):
        lines = -(-display_width(text) // _TEXT_WIDTH)
        worksheet.set_row(row, 22 + 15 * (lines - 1))
        worksheet.write_number(row, _NUMBER, number, look.format(align="center", font_color=TOOL_INK))
        worksheet.write_string(row, _STEP, title, look.format(bold=True))
        worksheet.merge_range(row, _WIDE, row, _TIME, text, look.format(text_wrap=True))
        row += 1
    return row


def _legend(worksheet: Worksheet, look: Look, row: int) -> int:
    row = _section(worksheet, look, row, "四、颜色说明")
    box = {"border": 1, "border_color": RULE, "align": "center"}
    samples: tuple[tuple[str, Format, str], ...] = (
        ("列标题", look.format(bg_color=STAFF_FILL, font_color=NAVY, **box), "浅黄：由工作人员填写"),
        (
            "列标题",
            look.format(bg_color=STAFF_FILL, font_color=REQUIRED_INK, bold=True, **box),
            "浅黄、红色加粗：必填，空白会被校验指出",
        ),
        ("列标题", look.format(bg_color=TOOL_FILL, font_color=NAVY, **box), "灰色：由系统生成，一般不用改"),
        *(
            (word, look.format(bg_color=tone.fill, font_color=tone.ink, **box), meaning)
            for word, tone, meaning in (
                (v.MISSED, RED, "红：逾期未访、高优先级、重大问题、错误、未达标"),
                (v.MAJOR, ORANGE, "橙：重要问题"),
                (v.UNGRADED, AMBER, "黄：待定级、警告、核对项答“否”，请留意"),
                (v.DONE, GREEN, "绿：已完成、已销号、达标"),
                (v.RESCHEDULED, BLUE, "蓝：已改期、提示"),
                (v.CANCELLED, GREY, "灰：已取消、未成功的联系"),
            )
        ),
    )
    for word, form, meaning in samples:
        worksheet.set_row(row, 20)
        worksheet.write_string(row, _STEP, word, form)
        worksheet.write_string(row, _WIDE, meaning, look.format(font_color=INK, indent=1))
        row += 1
    return row


def _prompt(title: str, message: str) -> dict[str, object]:
    return {"validate": "any", "input_title": title, "input_message": message}
