"""What a single text was likely meant as, a date or a word of a list; and why it can be no identity card's number."""

import datetime as dt
import re
from difflib import get_close_matches

from toolkit.model import reading

NEGATIONS = frozenset("不未没无非")
_ID_WEIGHTS = tuple(2 ** (17 - i) % 11 for i in range(17))


def likely_date(text: str, as_of: dt.date) -> str | None:
    """An ISO date not after T for 26.3.5 or 3月5日 (the year of T, or the year before), None for anything else."""
    numbers = re.fullmatch(r"(?:(\d\d)\D)?(\d{1,2})\D(\d{1,2})日?", re.sub(r"\s", "", reading.fold_width(text)))
    if not numbers:
        return None
    years = [2000 + int(numbers[1])] if numbers[1] else [as_of.year, as_of.year - 1]
    dates = [reading.as_date(f"{year}-{numbers[2]}-{numbers[3]}") for year in years]
    return next((date.isoformat() for date in dates if date and date <= as_of), None)


def nearest_choice(text: str, choices: tuple[str, ...]) -> str | None:
    """The one list value that `text` contains or resembles; a negation is never taken for its opposite."""
    fitting = [choice for choice in choices if NEGATIONS & set(text) <= set(choice)]
    contained = [choice for choice in fitting if len(choice) > 1 and choice in text]
    if len(contained) == 1:
        return contained[0]
    return next(iter(get_close_matches(text, fitting, n=1, cutoff=0.5)), None)


def identity_card_fault(number: str) -> str | None:
    """What is wrong with the number of an identity card (GB 11643); None if nothing, or if it is another document's."""
    if not re.fullmatch(r"\d{12,20}[Xx]?", number):
        return None
    if len(number) not in (15, 18) or not re.fullmatch(r"\d{15}|\d{17}[\dXx]", number):
        return "不是 15 位或 18 位"
    born = number[6:14] if len(number) == 18 else "19" + number[6:12]
    try:
        dt.date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return "中的出生日期不存在"
    if len(number) == 15:
        return None
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return None if "10X98765432"[total % 11] == number[17].upper() else "的校验位不对"
