"""What a column is: one `Field` carries everything that templates, readers, checks, masking and docs need."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What a cell of the column holds, and so how it is read, formatted and validated."""

    TEXT = "文本"
    CODE = "编号"  # identifiers: text, never a number
    PHONE = "电话"
    ID_NUMBER = "证件号码"
    DATE = "日期"
    TIMESTAMP = "日期时间"
    TIME = "时间"
    INTEGER = "整数"
    NUMBER = "数值"
    MONEY = "金额"
    FRACTION = "比率"  # stored as a fraction, shown as a percentage
    CHOICE = "选项"
    LINK = "链接"  # a cell address that jumps to the sheet named by `Field.link_sheet`


DATE_KINDS = frozenset({Kind.DATE, Kind.TIMESTAMP})
NUMBER_KINDS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.FRACTION})


class Privacy(StrEnum):
    """How a value may leave the workbook (一、(三)4.)."""

    OPEN = "公开"
    NAME = "姓名"  # 张*
    PHONE = "电话"  # 138****5678
    ID_NUMBER = "证件"  # first 6 + last 4
    FREE_TEXT = "自由文本"  # may quote any of the above


class Owner(StrEnum):
    """Who writes the column: shown as pale yellow (staff) or grey (tool) in the workbook."""

    STAFF = "人工填写"
    TOOL = "系统生成"


@dataclass(frozen=True)
class Field:
    """One column of one sheet.

    `name` is the DataFrame column, `header` the text in row 1. `required`: an empty cell is an error and a
    missing column is refused. `clause` cites the regulation, e.g. ``五、(一)2.``. `link_sheet`, for LINK: the field of
    the same row that holds the title of the sheet to jump to.
    """

    name: str
    header: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    width: int = 12
    privacy: Privacy = Privacy.OPEN
    owner: Owner = Owner.STAFF
    help: str = ""
    clause: str = ""
    lowest: float | None = None
    highest: float | None = None
    may_be_future: bool = False
    link_sheet: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet with a header in row 1 and data from row 2.

    `key` names the fields that identify a row. `result` sheets are written by the tool and added where missing.
    `optional` sheets may be missing and then count as empty. `hidden` keeps bookkeeping out of the staff's sight.
    """

    title: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    result: bool = False
    optional: bool = False
    hidden: bool = False
    help: str = ""
    clause: str = ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    def __getitem__(self, name: str) -> Field:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def header(self, name: str) -> str:
        """Header text of a field, for messages that point at a column."""
        return self._by_name[name].header if name in self._by_name else name
