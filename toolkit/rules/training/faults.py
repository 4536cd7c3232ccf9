"""Filled records with one fault each for the learner to find; the key is what 校验记录 says of them (八、(一)3.)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.model import values as v


@dataclass(frozen=True)
class Fault:
    """`rule`: code of the check that finds it, in field `field`; `changes`: what is wrong, by field."""

    rule: str
    field: str
    changes: Mapping[str, Any]


def _days(count: int) -> dt.timedelta:
    return dt.timedelta(days=count)


# Dates are counted from 回访日期.
FAULTS: tuple[Fault, ...] = (
    Fault("R08", "feedback", {"feedback": ""}),
    Fault("R09", "submitted_on", {"submitted_on": _days(-1)}),
    Fault("A02", "customer_name", {"customer_name": "赵甲乙"}),
    Fault("A04", "signature", {"signature": ""}),
    Fault("A09", "use_2", {"use_2": ""}),
    Fault("A10", "use_2", {"use_2": v.NO, "feedback": "无"}),
    Fault("W01", "phone", {"phone": "19900009999"}),
    Fault("W02", "minutes", {"minutes": 1}),
    Fault("W03", "started_at", {"started_at": dt.time(22, 30)}),
    Fault("W04", "submitted_on", {"submitted_on": _days(20)}),
    Fault("W11", "use_1", {"result": v.NO_ANSWER, "use_1": v.YES, "use_2": "", "use_3": ""}),
    Fault("W12", "use_3", {"use_3": v.NOT_ASKED}),
)
