"""回访编号: a pure function of contract, type and anchor date, readable back into type and anchor."""

from base64 import b32encode
from hashlib import blake2b

import numpy as np
import pandas as pd

from toolkit.model import values as v

# Pinyin initials, so that staff recognise the type in the number.
CODES = {
    v.APPLICATION: "SQ",
    v.APPROVAL: "SP",
    v.FIRST: "SC",
    v.PERIODIC: "DQ",
    v.REMINDER: "TX",
    v.OVERDUE: "YQ",
    v.SPECIAL: "ZX",
}
TYPE_OF_CODE = {code: visit_type for visit_type, code in CODES.items()}
PATTERN = r"^(SQ|SP|SC|DQ|TX|YQ|ZX)(\d{8})-[A-Z2-7]{8}$"


def short_hash(text: str) -> str:
    """Eight base-32 letters (40 bits) of BLAKE2b: stable across machines and Python versions."""
    return b32encode(blake2b(text.encode(), digest_size=5).digest()).decode()


def visit_numbers(keys: pd.Series, types: pd.Series, anchors: pd.Series) -> np.ndarray:
    """object array like DQ20260930-ABCDEFGH from loan keys, 回访类型 and anchor dates."""
    days = anchors.dt.strftime("%Y%m%d")
    codes = types.map(CODES)
    parts = zip(keys, codes, days, strict=True)
    return np.array([f"{code}{day}-{short_hash(f'{key}{code}{day}')}" for key, code, day in parts], dtype=object)


def base_of_listed(visits: pd.DataFrame) -> pd.Series:
    """Day up to which records do not complete a listed visit, NaT where there is none (contract, section 3, fine
    print 4). Needs visit_type, anchor_on and due_on: rolling and graded visits alone start from their anchor."""
    from_base = visits["visit_type"].isin([v.PERIODIC, v.SPECIAL]) & (visits["anchor_on"] < visits["due_on"])
    return visits["anchor_on"].where(from_base)


def read_numbers(numbers: pd.Series) -> pd.DataFrame:
    """Columns visit_type (NaN where not one of ours) and anchor_on (datetime64[s]) of 回访编号."""
    parts = numbers.astype("object").str.extract(PATTERN)
    anchor = pd.to_datetime(parts[1], format="%Y%m%d", errors="coerce").astype("datetime64[s]")
    return pd.DataFrame({"visit_type": parts[0].map(TYPE_OF_CODE), "anchor_on": anchor}, index=numbers.index)
