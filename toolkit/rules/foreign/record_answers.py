"""Single answers as they are meant: 非常满意 as 5, 132秒 as 2.2 minutes, the mark of an open question as blank."""

import re

import pandas as pd

from toolkit.model import reading
from toolkit.model.parameters import fold
from toolkit.rules.foreign import record_synonyms as syn

_SCORE = re.compile(r"([1-5])(?:\.0)?(?:分|星|颗星)?[-:、.(]*(.*?)\)?")
_OPTION = re.compile(r"^[A-Ea-e][.、:)]")
_LETTER = re.compile(r"^[A-Ea-e][-_.:|、)]*(?=[一-龥])")


def meant_answers(name: str, cells: pd.Series) -> pd.Series:
    """Cells of a column of 回访记录; whatever is not sure stays as it was written."""
    if name == "satisfaction":
        return _each(cells, _satisfaction)
    if name == "minutes":
        return _each(cells, _minutes)
    return _each(cells, lambda cell: None if isinstance(cell, str) and cell.strip() in syn.OPEN_ANSWERS else cell)


def _each(cells: pd.Series, meant) -> pd.Series:
    kept = cells.tolist()
    texts = {cell: meant(cell) for cell in dict.fromkeys(kept) if isinstance(cell, str)}
    if all(cell is value for cell, value in texts.items()):
        return cells
    return pd.Series([texts[c] if isinstance(c, str) else c for c in kept], index=cells.index, dtype="object")


def _satisfaction(cell: str) -> object:
    if cell.strip() in syn.OPEN_ANSWERS:
        return None
    text = fold(cell)
    stars = text.count("★") + text.count("⭐")
    if stars and not text.strip("★☆⭐"):
        return stars
    word = syn.SATISFACTION_WORDS.get(_LETTER.sub("", text))
    if word is not None:
        return word
    score = _SCORE.fullmatch(_OPTION.sub("", text))
    if score and score[2] in syn.SATISFACTION_WORDS:  # in 1.非常满意 the number only counts the options
        return syn.SATISFACTION_WORDS[score[2]]
    return int(score[1]) if score and not score[2] else cell


def _minutes(cell: str) -> object:
    if cell.strip() in syn.OPEN_ANSWERS:
        return None
    minutes = reading.as_minutes(cell)
    return cell if minutes is None else minutes
