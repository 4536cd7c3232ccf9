"""A form as a reader sees it: each named cell of a worksheet, each content control of a document."""

import datetime as dt
import io
import zipfile
from typing import Any

import openpyxl
from lxml import etree

from toolkit.model import forms as f
from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.calendar import WorkCalendar
from toolkit.model.parameters import Parameters
from toolkit.model.request import Request
from toolkit.model.tables import FormPage, Forms, Table, table_from

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def visit(visit_no: str, **changes: Any) -> dict[str, Any]:
    """A periodic visit by phone, to be made on 2026-08-03."""
    return {
        "visit_no": visit_no,
        "contract_no": "HT001",
        "customer_name": "林晓舟",
        "phone": "19900000001",
        "visit_type": v.PERIODIC,
        "stage": v.STAGE_OF_TYPE.get(changes.get("visit_type", v.PERIODIC), ""),
        "method": v.PHONE_CALL,
        "earliest_on": day("2026-07-01"),
        "due_on": day("2026-09-30"),
        "scheduled_on": day("2026-08-03"),
        "visitor": "何青",
        "branch": "城东支行",
        "state": v.TO_VISIT,
        "reason": "2026年第3季度",
    } | changes


def tables(*visits: dict[str, Any], loans: list[dict[str, Any]] = (), schedule: list[dict[str, Any]] = ()):
    rows = {s.VISITS: list(visits), s.LOANS: list(loans), s.SCHEDULE: list(schedule)}
    found: dict[str, Table] = {sheet.title: table_from(sheet, body) for sheet, body in rows.items()}
    return found


def request(**changes: Any) -> Request:
    given = {"institution": "示例银行江州分行"} | changes
    return Request(day("2026-07-01"), Parameters.defaults(), WorkCalendar(), **given)


def one_page(version: str = f.FORM, stage: str = "使用", **values: str) -> Forms:
    """A file with one form whose texts are blank but for `values`."""
    from toolkit.model.form_layout import SLOTS

    page = FormPage(version, stage, "表", dict.fromkeys(SLOTS, "") | values)
    return Forms("x.xlsx", (page,), "题", "作者", "夹")


def named_cells(content: bytes) -> list[dict[str, Any]]:
    """Per worksheet: defined name → openpyxl cell."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    out = []
    for sheet in book:
        names = {name: target.attr_text for name, target in sheet.defined_names.items()}
        out.append(
            {name: sheet[text.rpartition("!")[2].replace("$", "")] for name, text in names.items() if ":" not in text}
        )
    return out


def validations(content: bytes) -> dict[str, Any]:
    """First worksheet: cell → validation."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}


def document(content: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return etree.fromstring(package.read("word/document.xml"))


def controls(content: bytes) -> list[dict[str, etree._Element]]:
    """Per form of a document: tag → content control."""
    out: list[dict[str, etree._Element]] = []
    for control in document(content).iter(f"{W}sdt"):
        tag = control.find(f"{W}sdtPr/{W}tag").get(f"{W}val")
        if tag == f.VERSION_KEY:
            out.append({})
        assert tag not in out[-1], "a tag twice in one form"
        out[-1][tag] = control
    return out


def said(control: etree._Element) -> str:
    """What a content control holds: "" while it shows its placeholder."""
    if control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
        return ""
    return "".join("\n" if e.tag == f"{W}br" else e.text or "" for e in control.iter(f"{W}t", f"{W}br"))


def document_text(content: bytes) -> str:
    return "".join(element.text or "" for element in document(content).iter(f"{W}t"))


def sheet_text(content: bytes) -> str:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
