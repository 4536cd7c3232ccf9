"""One thing looked at on the computer."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    FINE = "正常"
    NOTE = "留意"  # something will be missing or look different
    STOPS = "妨碍"  # some button or command cannot run
    UNKNOWN = "无法判断"  # a person has to look


@dataclass(frozen=True)
class Found:
    """`mend` says what to do; "" where nothing has to be done."""

    subject: str
    state: State
    says: str
    mend: str = ""
