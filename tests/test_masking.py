"""No full phone or ID number on the screen, in --json or logs; codes that staff need stay legible.

Requirements: contract, sections 1 and 6; 一、(三)4.
"""

import pytest

from toolkit.model.masking import mask_text

MASKED = [
    ("客户电话13812345678已停机", "客户电话138****5678已停机"),
    ("+86 138-1234-5678", "138****5678"),
    ("Tel13812345678", "Tel138****5678"),
    ("T13812345678；B13987654321", "T138****5678；B139****4321"),
    ("见0571-88881234", "见0571****1234"),
    ("330102199001011234", "330102********1234"),
    ("33010219900101123X。", "330102********123X。"),
    ("ID330102199001011234", "ID330102********1234"),
    ("91330100MA27XW0A1B", "913301********0A1B"),
]
# Contract and visit numbers, digests, amounts and dates.
KEPT = (
    "HT20260001234",
    "HT330102202601010001",
    "DK138123456789",
    "SD-L-20260930-7QK4IICP",
    "6b27f14ad13812345678f1",
    "x13812345678y",
    "2026-07-01..2026-09-30",
    "1,234,567.00",
)


@pytest.mark.parametrize(("text", "shown"), MASKED)
def test_numbers_of_people_are_masked(text, shown):
    assert mask_text(text) == shown


@pytest.mark.parametrize("text", KEPT)
def test_other_numbers_are_kept_whole(text):
    assert mask_text(text) == text
