"""The rules of `check` as a whole: complete and listed once; messages keep numbers to themselves.

Requirements: contract, sections 1 (no full phone or ID number) and 4; design (code, clause, message with remedy).
"""

import datetime as dt
import importlib
import pkgutil

from checking import branch, loan, record, request

from toolkit import rules
from toolkit.generate.docs_tables import check_rules
from toolkit.model import values as v
from toolkit.model.findings import Rule
from toolkit.model.masking import mask_text
from toolkit.rules import finding_lists
from toolkit.rules.checks.rule_table import CHECKS, findings_of, record_errors


def test_every_rule_is_complete_and_listed_once():
    page = check_rules()
    codes = [check.rule.code for check in CHECKS]
    assert len(set(codes)) == len(codes)
    for check in CHECKS:
        rule = check.rule
        assert "" not in (rule.title, rule.clause, rule.remedy, check.when)
        assert rule.level in v.FINDING_LEVELS
        assert f"| {rule.code} |" in page


def test_every_rule_of_the_other_steps_is_listed_once():
    page = check_rules()
    found = set()
    for module in pkgutil.walk_packages(rules.__path__, "toolkit.rules."):
        if module.name.split(".")[2] not in ("checks", "words"):
            declared = vars(importlib.import_module(module.name)).values()
            found |= {rule for rule in declared if isinstance(rule, Rule)}
    listed = (*finding_lists.PLAN, *finding_lists.TRACK, *finding_lists.SAMPLE)
    assert {rule.code[0] for rule in found} == {"P", "G", "S"}
    assert set(listed) == found
    assert [rule.code for rule in listed] == [
        f"{letter}{i:02d}" for letter, n in (("P", 13), ("G", 19), ("S", 10)) for i in range(1, n + 1)
    ]
    for rule in listed:
        assert page.count(f"| {rule.code} |") == 1


def test_errors_are_counted_by_record():
    tables = branch([record(), record("HT002", started_at=dt.time(10), customer_name="", satisfaction=9, minutes=99)])
    assert record_errors(tables, request()).tolist() == [0, 2]


def test_messages_name_no_phone_and_no_id_number():
    records = [
        record(phone="1990000001x", customer_name="李四"),
        record("HT002", phone="19911112222", visited_on="199 1111 2222", contract_no=3.30102199001011e17),
    ]
    wrong = findings_of(branch(records, loans=[loan(id_number=3.30102199001011e17), loan("HT002")]), request())
    assert len(wrong) >= 5
    assert all(text == mask_text(text) for text in wrong["message"])
