"""Records for a planned workbook: most visits went well, a few found trouble."""

import numpy as np
import pandas as pd

from toolkit.hosts.closed_file import open_closed
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.tables import SheetEdits


def _stages(check: str) -> list[str]:
    """Stages of a visit in which the check is asked."""
    return [stage for stage, checks in s.CHECKS_OF_STAGE.items() if check in checks]


def write_records(planned, target, count: int) -> None:
    """Write `planned` to `target` with a successful record for each of its first `count` open visits."""
    book = open_closed(planned)
    visits = book.read(s.VISITS).data
    visits = visits[visits["state"] == v.TO_VISIT].sort_values("due_on").head(count).reset_index(drop=True)
    number = np.arange(len(visits))
    trouble = number % 40 == 0
    texts = np.char.add("客户说资金按计划使用，已购进第 ", np.char.add(number.astype(str), " 批货物"))
    records = visits[["visit_no", "contract_no", "customer_name", "phone", "method", "visitor", "drawdown_no"]].assign(
        visited_on=visits["scheduled_on"],
        minutes=12.0,
        result=v.SUCCESS,
        content="询问资金使用和还款安排",
        feedback=np.where(trouble, "资金转借给亲戚买房了，第 " + pd.Series(number).astype(str) + " 户", texts),
        signature=visits["visitor"],
        submitted_on=visits["scheduled_on"],
        **{name: np.where(visits["stage"].isin(_stages(name)), v.YES, "不适用") for name in s.CHECK_FIELDS},
    )
    records.loc[trouble, "use_1"] = v.NO
    content = book.render([SheetEdits(s.RECORDS, append=records)], {s.RECORDS.title: book.read(s.RECORDS)})
    target.write_bytes(content or b"")
