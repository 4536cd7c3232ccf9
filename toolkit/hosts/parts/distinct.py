"""The distinct values of a column: what is made of a cell is made once however often the value repeats."""

from typing import Any

import numpy as np
import pandas as pd

# Equal values of these types are the same cell; 1, 1.0 and True are equal and are not.
_PLAIN_TYPES = frozenset({str, type(None)})


def coded(values: pd.Series) -> tuple[np.ndarray, list[Any]]:
    """(place of each value among the distinct ones, the distinct ones). The last is None, and -1 stands for it."""
    one_type = values.dtype.kind in "Mifub"
    if one_type or (values.dtype == object and set(map(type, values.tolist())) <= _PLAIN_TYPES):
        codes, distinct = pd.factorize(values)
        return codes, [*distinct.tolist(), None]
    places: dict[tuple[type, Any], int] = {}
    found = [places.setdefault((cell.__class__, cell), len(places)) for cell in values.tolist()]
    return np.array(found, dtype=np.int64), [*(value for _, value in places), None]
