"""Names of a workbook: those of the whole workbook, and those that belong to one sheet."""

import re

from lxml import etree

from toolkit.hosts.parts import ooxml
from toolkit.hosts.parts.package import Package


def listed(package: Package) -> list[etree._Element]:
    found = ooxml.child(package.workbook_xml, "definedNames")
    return [] if found is None else ooxml.children(found, "definedName")


def of_workbook(package: Package) -> dict[str, str]:
    """Name → what it refers to, for names of the whole workbook."""
    return {e.get("name", ""): e.text or "" for e in listed(package) if e.get("localSheetId") is None}


def of_sheet(package: Package, position: int) -> list[etree._Element]:
    return [element for element in listed(package) if element.get("localSheetId") == str(position)]


def print_down_to(package: Package, position: int, row: int) -> None:
    """Let the print area of a sheet reach down to a row; where none is set all is printed anyway."""
    for element in of_sheet(package, position):
        area = re.fullmatch(r"(.*!\$[A-Z]+\$\d+:\$[A-Z]+\$)(\d+)", element.text or "")
        if element.get("name") == "_xlnm.Print_Area" and area and int(area[2]) < row:
            element.text = f"{area[1]}{row}"


def define(package: Package, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    """Add a name; one of the whole workbook takes the place of another of the same name."""
    workbook = package.workbook_xml
    container = ooxml.child(workbook, "definedNames")
    if container is None:
        container = ooxml.new(workbook, "definedNames")
        ooxml.place(workbook, container, ooxml.WORKBOOK_ORDER)
    if not attributes:
        for element in listed(package):
            if element.get("localSheetId") is None and element.get("name", "").casefold() == name.casefold():
                container.remove(element)
    element = ooxml.new(container, "definedName", {"name": name, **(attributes or {})})
    element.text = text
    container.append(element)
