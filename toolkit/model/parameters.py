"""Every [X] of the regulation and what practice needs beside it (contract, section 2, Parameters).

A parameter is one line of `PARAMETERS`; the 参数 sheet, its validation, the docs and `Parameters` derive from it.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.model import values as v
from toolkit.model.errors import ToolkitError


@dataclass(frozen=True)
class Parameter:
    """`kind` is one of int, number, date, choice, list. `blank_ok`: an empty cell has a meaning of its own."""

    title: str
    default: Any
    unit: str
    clause: str
    note: str
    kind: str = "int"
    choices: tuple[str, ...] = ()
    lowest: float = 0
    highest: float = 3660
    blank_ok: bool = False


def _days(title: str, default: int, clause: str, note: str, unit: str = "工作日", lowest: int = 0) -> Parameter:
    return Parameter(title, default, unit, clause, note, lowest=lowest)


def _percent(title: str, default: float, clause: str, note: str) -> Parameter:
    return Parameter(title, default, "%", clause, note, kind="number", highest=100)


PARAMETERS: tuple[Parameter, ...] = (
    Parameter(
        "启用日期", None, "", "四、(二)", "截止日期早于此日的回访不列入计划和考核；空白＝不限", "date", blank_ok=True
    ),
    _days("首次回访工作日数", 5, "四、(二)1.", "发放日期后第几个工作日为首次回访截止日期", lowest=1),
    Parameter(
        "定期回访口径",
        v.CALENDAR_QUARTER,
        "",
        "四、(二)2.",
        "自然季度：每季度一次；滚动：距上次回访满间隔天数",
        "choice",
        v.PERIODIC_BASES,
    ),
    _days("滚动回访间隔天数", 90, "四、(二)2.", "口径为“滚动”时采用", "天", 1),
    _days("定期回访起算天数", 30, "四、(二)2.", "季度末前发放满这些天的贷款，本季度才需定期回访", "天"),
    Parameter(
        "首次回访计入当季", v.YES, "", "四、(二)2.", "是：首次回访到期的季度不再要求定期回访", "choice", v.YES_NO
    ),
    _days("还款提醒提前天数", 5, "四、(二)3.", "应还日期前多少天开始提醒", "天", 1),
    Parameter(
        "还款提醒范围",
        v.ALL_INSTALMENTS,
        "",
        "四、(二)3.",
        "全部；曾逾期：只提醒有过逾期的贷款；末期：只提醒最后一期",
        "choice",
        v.REMINDER_SCOPES,
    ),
    _days("逾期首访工作日数", 2, "四、(二)4.", "逾期后第几个工作日为逾期回访截止日期"),
    _days("逾期复访间隔(30天内)", 7, "四、(二)4.", "上次逾期回访时逾期不超过 30 天", "天", 1),
    _days("逾期复访间隔(31至60天)", 15, "四、(二)4.", "上次逾期回访时逾期 31 至 60 天", "天", 1),
    _days("逾期复访间隔(60天以上)", 30, "四、(二)4.", "上次逾期回访时逾期超过 60 天", "天", 1),
    _days("逾期面谈起始天数", 31, "四、(一)2.", "逾期达到这些天须面谈", "天", 1),
    _days("申请回访工作日数", 3, "一、(三)3.", "申请日期后第几个工作日为截止日期"),
    _days("审批回访工作日数", 3, "一、(三)3.", "审批日期后第几个工作日为截止日期"),
    _days("重点关注回访间隔天数", 30, "四、(二)5.", "关注及以下分类或有未结重要、重大问题的贷款", "天", 1),
    Parameter("个人面谈金额起点", 1_000_000, "元", "四、(一)2.", "个人贷款金额达到即面谈", "number", highest=1e13),
    Parameter("企业面谈金额起点", 10_000_000, "元", "四、(一)2.", "企业贷款金额达到即面谈", "number", highest=1e13),
    Parameter(
        "问卷产品", "", "", "四、(一)3.", "定期回访可用问卷的贷款产品，以“、”分隔；空白＝无", "list", blank_ok=True
    ),
    _days("记录提交工作日数", 2, "五、(一)1.", "回访后第几个工作日内提交记录"),
    Parameter("记录保存年限", 10, "年", "五、(一)3.", "自贷款结清之日起", lowest=1, highest=100),
    Parameter("电话时长下限", 2, "分钟", "三、(七)2.", "低于此值提示警告", "number", highest=1440),
    Parameter("电话时长上限", 40, "分钟", "三、(七)2.", "高于此值提示警告", "number", highest=1440),
    Parameter("面谈时长下限", 10, "分钟", "三、(七)2.", "低于此值提示警告", "number", highest=1440),
    Parameter("面谈时长上限", 120, "分钟", "三、(七)2.", "高于此值提示警告", "number", highest=1440),
    _days("重要问题反馈工作日数", 1, "六、(二)2.", "自发现日期起；0＝当日"),
    _days("重大问题反馈工作日数", 0, "六、(二)2.", "自发现日期起；0＝当日"),
    _days("一般问题整改工作日数", 5, "六、(三)1.", "自发现日期起"),
    _days("重要问题整改工作日数", 15, "六、(三)1.", "自发现日期起"),
    _days("重大问题整改工作日数", 30, "六、(三)1.", "自发现日期起"),
    _days("重大问题上报工作日数", 1, "六、(二)3.", "自发现日期起向上级主管部门报告"),
    _days("失联判定次数", 3, "六、(一)2.", "连续未成功联系达到次数即列为失联", "次", 1),
    _days("待答复工作日数", 5, "三、(七)3.", "未填答复时限时，自回访日期起"),
    _days("催办提前工作日数", 2, "六、(三)1.", "时限前提醒"),
    _days("通报延后工作日数", 5, "六、(三)1.", "超过时限后通报"),
    _days("复发判定天数", 180, "六、(三)3.", "同类问题再次出现视为复发", "天", 1),
    _days("系统性问题天数", 90, "六、(三)3.", "与“系统性问题笔数”合用", "天", 1),
    _days("系统性问题笔数", 3, "六、(三)3.", "同网点同类问题达到笔数视为系统性问题", "笔", 1),
    _percent("抽查比例", 5, "七、(一)2.", "已提交记录的抽查比例"),
    _days("每人最少抽查", 3, "七、(一)2.", "每名回访人员至少抽查笔数", "笔"),
    _percent("回访计划完成率目标", 95, "七、(二)1.", "考核目标"),
    _percent("回访记录准确率目标", 98, "七、(二)2.", "考核目标"),
    _percent("问题反馈及时率目标", 100, "七、(二)3.", "考核目标"),
    _percent("问题处理解决率目标", 90, "七、(二)4.", "考核目标"),
)
BY_TITLE = {parameter.title: parameter for parameter in PARAMETERS}


class Parameters(Mapping[str, Any]):
    """Valid parameters by Chinese title: int, float, `date`, str, tuple of str; None where blank is allowed."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __getitem__(self, title: str) -> Any:
        return self._values[title]

    def __iter__(self):
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    @classmethod
    def defaults(cls, **changes: Any) -> "Parameters":
        """Shipped values, with `changes` by title; for tests and generators."""
        shipped = {p.title: () if p.kind == "list" else p.default for p in PARAMETERS}
        return cls(shipped | changes)


def fold(text: object) -> str:
    """Header and name folding: half width, no spaces; brackets of both widths alike (contract, section 2)."""
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).replace("–", "-").strip("'")


def read_parameters(rows: Iterable[tuple[str, object, str]], *, file: str) -> Parameters:
    """Check rows of sheet 参数, (parameter, raw value, cell address), and return typed values.

    Raises `ToolkitError` naming the first parameter that is missing, doubled, blank or impossible, with its clause.
    """
    found: dict[str, tuple[object, str]] = {}
    for title, value, cell in rows:
        key = fold(title)
        if not key:
            continue
        if key in found and fold(BY_FOLDED[key].title if key in BY_FOLDED else "") == key:
            raise ToolkitError(f"参数“{title}”出现了两次", where=f"{file} 的“参数”表 {cell}", mend="请删去多余的一行")
        found[key] = (value, cell)
    values: dict[str, Any] = {}
    for parameter in PARAMETERS:
        key = fold(parameter.title)
        if key not in found and not parameter.blank_ok:
            raise _refuse(parameter, "缺少这一行", file, "")
        value, cell = found.get(key, (None, ""))
        values[parameter.title] = _parse(parameter, value, file, cell)
    for low, high in (("电话时长下限", "电话时长上限"), ("面谈时长下限", "面谈时长上限")):
        if values[low] > values[high]:
            raise _refuse(BY_TITLE[low], f"大于“{high}”", file, found[fold(low)][1])
    return Parameters(values)


BY_FOLDED = {fold(parameter.title): parameter for parameter in PARAMETERS}


def _refuse(parameter: Parameter, what: str, file: str, cell: str) -> ToolkitError:
    if parameter.kind == "choice":
        wanted = "、".join(parameter.choices) + " 之一"
    elif parameter.kind == "date":
        wanted = "日期，如 2026-01-01"
    elif parameter.kind == "int":
        wanted = f" {parameter.lowest:,.0f} 至 {parameter.highest:,.0f} 的整数"
    else:
        wanted = f" {parameter.lowest:,g} 至 {parameter.highest:,.0f} 的数"
    place = f"{file} 的“参数”表" + (f" {cell}" if cell else "")
    return ToolkitError(
        f"参数“{parameter.title}”（制度 {parameter.clause}）{what}", where=place, mend=f"请填写{wanted}"
    )


def _parse(parameter: Parameter, value: object, file: str, cell: str) -> Any:
    from toolkit.model import reading

    text = reading.as_text(value)
    if not text:
        if parameter.blank_ok:
            return () if parameter.kind == "list" else None
        raise _refuse(parameter, "是空白的", file, cell)
    if parameter.kind == "choice":
        folded = fold(text)
        if folded not in parameter.choices:
            raise _refuse(parameter, f"的取值“{text}”不在可选范围内", file, cell)
        return folded
    if parameter.kind == "list":
        parts = (part.strip() for part in text.replace("，", "、").replace(",", "、").replace("；", "、").split("、"))
        return tuple(part for part in parts if part)
    if parameter.kind == "date":
        date: dt.date | None = reading.as_date(value)
        if date is None:
            raise _refuse(parameter, f"的取值“{text}”不是日期", file, cell)
        return date
    number = reading.as_number(value)
    if number is None or (parameter.kind == "int" and number != int(number)):
        raise _refuse(parameter, f"的取值“{text}”不是{'整数' if parameter.kind == 'int' else '数'}", file, cell)
    if not parameter.lowest <= number <= parameter.highest:
        raise _refuse(parameter, f"的取值“{text}”超出范围", file, cell)
    return int(number) if parameter.kind == "int" else float(number)
