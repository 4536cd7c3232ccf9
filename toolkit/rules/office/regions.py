"""Which 地区 a branch belongs to: by the list given, else by “…分行” in a name, else by folder."""

import re
from collections.abc import Mapping

NO_REGION = "（未列地区）"
_SUB_BANK = re.compile(r"^.+?分行")


def region_of(branch: str, institution: str, folder: str, listed: Mapping[str, str] | None) -> str:
    """`listed`: 网点 → 地区 of the list given, None if there is none; then `folder` (of the workbook) is the last
    resort."""
    if listed is not None:
        return listed.get(branch, NO_REGION)
    for name in (branch, institution):
        if found := _SUB_BANK.match(name):
            return found[0]
    return folder or NO_REGION
