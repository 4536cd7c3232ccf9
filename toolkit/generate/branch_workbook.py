"""The branch workbook: 首页, 参数, the rule tables and every register, built from the model."""

import datetime as dt
import io
from collections.abc import Mapping

import pandas as pd

from toolkit.generate import buttons
from toolkit.generate.home_sheet import HomeValues, draw_home
from toolkit.hosts.fresh.new_file import write_workbook
from toolkit.model import rule_tables
from toolkit.model import sheets as s
from toolkit.model.parameters import PARAMETERS
from toolkit.rules.issues.rule_sheet import shipped_groups, shipped_rules
from toolkit.rules.issues.trials import shipped_trials


def parameter_rows() -> pd.DataFrame:
    """Rows of 参数 as shipped: parameter, value (None = blank), unit, note, clause."""
    rows = [
        {
            "parameter": parameter.title,
            "value": parameter.default if parameter.default not in ("", ()) else None,
            "unit": parameter.unit,
            "note": parameter.note,
            "clause": parameter.clause,
        }
        for parameter in PARAMETERS
    ]
    return pd.DataFrame(rows, columns=list(s.PARAMETERS.names), dtype="object")


def shipped_rows() -> dict[str, pd.DataFrame]:
    """What a fresh workbook holds: sheet title → rows by field name."""
    return {
        s.PARAMETERS.title: parameter_rows(),
        s.CLASSIFICATION_RULES.title: pd.DataFrame(shipped_rules(), dtype="object"),
        s.WORD_GROUPS.title: pd.DataFrame(shipped_groups(), dtype="object"),
        s.RULE_TRIALS.title: pd.DataFrame(shipped_trials(), dtype="object"),
        s.APPRAISAL.title: pd.DataFrame(rule_tables.APPRAISAL, dtype="object"),
    }


def build_workbook(
    contents: Mapping[str, pd.DataFrame] | None = None,
    institution: str = "",
    *,
    as_of: dt.date | None = None,
    period: str = "",
    folder: str = "",
    with_buttons: bool = False,
) -> bytes:
    """A whole branch workbook (.xlsx, or .xlsm `with_buttons`) with 首页 and the rows of `contents`.

    `contents` is keyed by sheet title; its frames carry the model's field names; see `write_workbook`. The rule tables
    and 参数 are as shipped unless given.
    Raises `ToolkitError` where a text or a sheet exceeds what a workbook can hold.
    """
    home = HomeValues(institution, as_of, period, folder)
    buffer = io.BytesIO()
    presses = buttons.press_of() if with_buttons else None
    write_workbook(
        buffer,
        shipped_rows() | dict(contents or {}),
        front=lambda workbook, worksheet: draw_home(workbook, worksheet, home, presses),
        macros=buttons.macros() if with_buttons else None,
    )
    return buffer.getvalue()
