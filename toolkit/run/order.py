"""What a button or command asks for, and what it is answered."""

import datetime as dt
import getpass
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.actions import Action
from toolkit.model.masking import mask_text
from toolkit.model.period import Period

REFUSED = 2


def account() -> str:
    """The account that the computer was logged on with, for 操作日志; "" if it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user in this environment
        return ""


@dataclass(frozen=True)
class Order:
    """`as_of` is T; `now` and `operator` go into 操作日志 only. `output`: write there and leave `workbook` alone."""

    action: Action
    workbook: Path
    as_of: dt.date
    now: dt.datetime
    operator: str
    output: Path | None = None
    period: Period | None = None
    files: tuple[Path, ...] = ()
    schedule: Path | None = None
    preview: bool = False
    rearrange: bool = False
    out: Path | None = None
    template: Path | None = None
    department: str = ""
    seed: int | None = None
    file_format: str = ""
    by: str = ""
    kinds: tuple[str, ...] = ()
    password: str = field(default="", repr=False)  # of the files given; shown and logged nowhere


@dataclass
class Result:
    """`outputs`: files written. `rejected`: files that could not be read, each with its reason. `exit_code`:
    0 done, 1 `check` found errors, 2 refused (then `error` says why).

    Every text is masked: it leaves the workbook.
    """

    command: str
    as_of: dt.date
    exit_code: int = 0
    summary: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    outputs: list[Path] = field(default_factory=list)
    error: str = ""
    rejected: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.summary, self.error = mask_text(self.summary), mask_text(self.error)
        self.details = [mask_text(line) for line in self.details]
        self.warnings = [mask_text(line) for line in self.warnings]
        self.rejected = [mask_text(line) for line in self.rejected]

    def as_json(self) -> dict[str, Any]:
        """These keys and no others: other people's scripts rely on them. The summary and details are for the screen."""
        return {
            "command": self.command,
            "ok": self.exit_code != REFUSED,
            "as_of": self.as_of.isoformat(),
            "counts": self.counts,
            "outputs": [str(path) for path in self.outputs],
            "warnings": [*self.rejected, *self.warnings],
            "error": self.error or None,
        }
