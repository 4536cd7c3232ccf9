"""Which 地区 a branch belongs to: by the list given, else by “…分行” in a name, else by folder."""

import re
from collections.abc import Mapping

NO_REGION, ALL = "（未列地区）", "全部网点"
_SUB_BANK = re.compile(r"^.+?分行")


def region_of(branch: str, institution: str, folder: str, listed: Mapping[str, str] | None) -> str:
    """`listed`: 网点 → 地区 of the list given, None if there is none. `folder`: that of the workbook, "" if all lie in
    one."""
    if listed is not None:
        return listed.get(branch, NO_REGION)
    for name in (branch, institution):
        if found := _SUB_BANK.match(name):
            return found[0]
    return folder or ALL
