"""Personal data leaves the workbook masked only (一、(三)4.; contract, sections 1 and 6)."""

import re

_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{6})(?:\d{11}[\dXx]|\d{9})(?![0-9A-Za-z])")
_CREDIT_CODE = re.compile(
    r"(?<![0-9A-Za-z])([159Y][1239]\d{4})\d{2}[0-9A-HJ-NPQRTUWXY]{6}([0-9A-HJ-NPQRTUWXY]{4})(?![0-9A-Za-z])"
)
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
# Behind a letter (Tel13812345678) the run must be a number by itself, or parts of codes and digests would be masked; an
# ID number must hold a customer's birthday, since contract numbers are made of place, day and counter, too.
_GLUED_MOBILE = re.compile(r"(?<=[A-Za-z])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])")
_GLUED_ID_NUMBER = re.compile(
    r"(?<=[A-Za-z])\d{6}(?:19\d\d|200\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
_LANDLINE = re.compile(r"(?<![0-9A-Za-z])(0\d{2,3})[- ]?\d{3,4}[- ]?(\d{4})(?!\d)")


def mask_name(name: str) -> str:
    """张三 → 张*; a firm's name keeps its first two characters."""
    return name and (name[0] + "*" if len(name) <= 4 else name[:2] + "***")


def mask_phone(phone: str) -> str:
    """138****5678; shorter numbers keep their last four digits."""
    if len(phone) >= 11:
        return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
    return phone and "*" * max(len(phone) - 4, 0) + phone[-4:]


def mask_id(number: str) -> str:
    """First 6 and last 4."""
    return number[:6] + "*" * (len(number) - 10) + number[-4:] if len(number) > 10 else "*" * len(number)


def mask_text(text: str) -> str:
    """Free text with every phone and ID number in it masked; names the caller knows are masked by `mask_names`."""
    text = _CREDIT_CODE.sub(lambda m: mask_id(m[0]), text)
    text = _ID_NUMBER.sub(lambda m: mask_id(m[0]) if len(m[0]) in (15, 18) else m[0], text)
    text = _GLUED_ID_NUMBER.sub(lambda m: mask_id(m[0]), text)
    text = _MOBILE.sub(r"\1****\3", text)
    text = _GLUED_MOBILE.sub(r"\1****\2", text)
    return _LANDLINE.sub(r"\1****\2", text)


def mask_names(text: str, names: list[str]) -> str:
    """`text` with each of `names` (two characters or more) masked, longest first."""
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        text = text.replace(name, mask_name(name))
    return text
