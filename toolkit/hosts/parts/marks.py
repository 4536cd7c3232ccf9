"""The look of marked cells: conditional formats of ours, one rule per level, so that no cell's own style is changed.

A rule of ours is known by its formula, which is always true: ``LEN("回访校验-错误")>0``.
"""

from collections.abc import Iterable, Mapping

from lxml import etree

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.sheet_xml import SheetPart
from toolkit.hosts.parts.styles import Styles
from toolkit.model import values as v

FILLS = {v.ERROR: "FFFFC7CE", v.WARNING: "FFFFE0B2", v.HINT: "FFFFF9C4"}
_SIGNATURE = "回访校验-"
_REFERENCES_PER_RULE = 200


def formula(level: str) -> str:
    return f'LEN("{_SIGNATURE}{level}")>0'


def level_of(element: etree._Element) -> str:
    """The level that a <conditionalFormatting> of ours marks; "" for all others."""
    if ooxml.local(element) != "conditionalFormatting":
        return ""
    texts = [inner.text or "" for inner in element.iter() if ooxml.local(inner) in ("formula", "f")]
    return level_of_formula(texts[0]) if len(texts) == 1 else ""


def level_of_formula(text: str) -> str:
    """The level that the formula of a rule of ours stands for; "" for any other formula."""
    return next((level for level in v.FINDING_LEVELS if f"{_SIGNATURE}{level}" in text), "")


def is_ours(element: etree._Element) -> bool:
    return bool(level_of(element))


def present(sheet: SheetPart) -> dict[tuple[int, int], str]:
    """Cells that our rules mark now, with their level."""
    cells: dict[tuple[int, int], str] = {}
    for element in ooxml.children(sheet.root, "conditionalFormatting"):
        level = level_of(element)
        for reference in element.get("sqref", "").split() if level else ():
            top, left, bottom, right = ooxml.box_of(reference) or (1, 1, 0, 0)
            cells |= {(row, column): level for row in range(top, bottom + 1) for column in range(left, right + 1)}
    return cells


def paint(sheet: SheetPart, wanted: Mapping[tuple[int, int], str], styles: Styles) -> None:
    """Make our rules mark exactly `wanted` ((row, column) → level); other rules keep their order behind ours."""
    if present(sheet) == dict(wanted):
        return
    sheet.changed = True
    for element in ooxml.children(sheet.root, "conditionalFormatting"):
        if is_ours(element):
            sheet.root.remove(element)
    chunks = []
    for level in v.FINDING_LEVELS:
        spelled = references(cell for cell, of in wanted.items() if of == level)
        for start in range(0, len(spelled), _REFERENCES_PER_RULE):
            chunks.append((level, spelled[start : start + _REFERENCES_PER_RULE]))
    _make_room(sheet, len(chunks))
    first = next(iter(ooxml.children(sheet.root, "conditionalFormatting")), None)
    for priority, (level, run) in enumerate(chunks, start=1):
        block = ooxml.new(sheet.root, "conditionalFormatting", {"sqref": " ".join(run)})
        rule = ooxml.new(
            block, "cfRule",
            {"type": "expression", "dxfId": str(styles.fill_rule(FILLS[level])), "priority": str(priority)},
        )  # fmt: skip
        text = ooxml.new(rule, "formula")
        text.text = formula(level)
        rule.append(text)
        block.append(rule)
        if first is not None:
            first.addprevious(block)
        else:
            ooxml.place(sheet.root, block, ooxml.WORKSHEET_ORDER)


def _make_room(sheet: SheetPart, count: int) -> None:
    """Lower the other rules so that the first `count` priorities are free; x14 rules count with them."""
    parts = [part for part in sheet.root if ooxml.local(part) in ("conditionalFormatting", "extLst")]
    inner = [element for part in parts for element in part.iter()]
    rules = [e for e in inner if ooxml.local(e) == "cfRule" and e.get("priority", "").isdigit()]
    lowest = min((ooxml.number(rule, "priority") for rule in rules), default=count + 1)
    if lowest <= count:
        for rule in rules:
            rule.set("priority", str(ooxml.number(rule, "priority") + count + 1 - lowest))


def references(cells: Iterable[tuple[int, int]]) -> list[str]:
    """Cells as references, runs down a column joined."""
    boxes: list[list[int]] = []
    for column, row in sorted((column, row) for row, column in cells):
        if boxes and boxes[-1][1] == column and boxes[-1][2] == row - 1:
            boxes[-1][2] = row
        else:
            boxes.append([row, column, row, column])
    return [ooxml.reference_of((top, left, bottom, right)) for top, left, bottom, right in boxes]
