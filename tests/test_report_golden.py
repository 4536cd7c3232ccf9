"""The whole text of the example's report, as its reader sees it: wording changes show as a difference to be read.

After a wanted change run `PYTHONPATH=. python tests/test_report_golden.py`, then read the difference.
"""

import difflib
from pathlib import Path

import pytest
import reporting as r

GOLDEN = Path(__file__).with_name("管理报告.golden.txt")


def text() -> str:
    read = r.Read(r.made(r.quarter()).papers[0])
    lines = []
    for element in read.document.element.body:
        if element.tag.endswith("}p"):
            lines.append("".join(t.text or "" for t in element.iter(f"{{{element.nsmap['w']}}}t")))
        elif element.tag.endswith("}tbl"):
            table = next(table for table in read.document.tables if table._tbl is element)
            lines += [" | ".join(cell.text.replace("\n", "/") for cell in row.cells) for row in table.rows]
    return "\n".join(line[:400] for line in lines if line) + "\n"


def test_the_text_is_the_one_that_was_read_and_approved():
    kept, now = GOLDEN.read_text(encoding="utf-8"), text()
    if now != kept:
        difference = difflib.unified_diff(
            kept.splitlines(), now.splitlines(), "read and approved", "now", lineterm="", n=0
        )
        pytest.fail("\n".join(difference))


def test_nobody_is_named_in_it():
    kept = GOLDEN.read_text(encoding="utf-8")
    for secret in (*r.NAMES, r.PHONE, r.ID_NUMBER):
        assert secret not in kept


if __name__ == "__main__":
    GOLDEN.write_text(text(), encoding="utf-8")
