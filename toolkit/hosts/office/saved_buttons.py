"""Buttons of a workbook that LibreOffice wrote, mended so that they are there when the file is opened again.

LibreOffice (seen in 7.4) ties a button's drawing to its control by an identifier that it writes as ``shape_0`` for
every one, leaves the caption without a font and names the macro with its module: opened again, by LibreOffice too, the
buttons are gone. Their places and the controls are written rightly.
"""

import re
from pathlib import Path

from toolkit.hosts.parts.package import Package, sheet_entries
from toolkit.hosts.parts.zip_parts import ZipParts

_CONTROL = re.compile(rb"<control\b[^>]*?\bshapeId=\"(\d+)\"[^>]*>\s*<controlPr\b[^>]*?\bmacro=\"([^\"]*)\"", re.DOTALL)
_SHAPE = re.compile(rb"<v:shape id=\"shape_\d+\"(?:(?!</v:shape>).)*?</v:shape>", re.DOTALL)
_IDENTIFIER = re.compile(rb"\bid=\"shape_\d+\"")
_MACRO = re.compile(rb"<x:FmlaMacro>([^<]*)</x:FmlaMacro>")
_CAPTION = re.compile(rb"<v:textbox><div>([^<]*)</div></v:textbox>")
_WITH_FONT = (
    rb'<v:textbox style="mso-direction-alt:auto" o:singleclick="f"><div style="text-align:center">'
    rb'<font face="Calibri" size="220" color="#000000">\1</font></div></v:textbox>'
)


def mended(content: bytes, path: Path) -> bytes:
    """The workbook with buttons that work; the same bytes if none needs it. `path` names it in errors.

    Raises `ToolkitError` if the file is damaged.
    """
    draft = Package(ZipParts(content, path.name), path.name).draft()
    for entry in sheet_entries(draft):
        drawings = [relation.target for relation in draft.relations(entry.part) if relation.kind == "vmlDrawing"]
        if not drawings or drawings[0] not in draft:
            continue
        sheet, drawing = draft.read(entry.part), draft.read(drawings[0])
        controls: dict[bytes, list[bytes]] = {}
        for number, macro in _CONTROL.findall(sheet):
            controls.setdefault(_sub_of(macro), []).append(number)
        whole = _SHAPE.sub(lambda found, known=controls: _shape(found[0], known), drawing)  # type: ignore[misc]
        if whole != drawing:
            draft.put(drawings[0], whole)
            draft.put(entry.part, _CONTROL.sub(_named_plainly, sheet))
    return draft.to_bytes() if draft.changed else content


def _sub_of(macro: bytes) -> bytes:
    """``LoanVisitButtons.Press_plan`` and ``[0]!Press_plan`` call the same."""
    return re.split(rb"[.!]", macro)[-1]


def _shape(shape: bytes, controls: dict[bytes, list[bytes]]) -> bytes:
    macro = _MACRO.search(shape)
    numbers = controls.get(_sub_of(macro[1]), []) if macro else []
    if not macro or not numbers:
        return shape
    shape = _IDENTIFIER.sub(b'id="_x0000_s' + numbers.pop(0) + b'"', shape, count=1)
    shape = _CAPTION.sub(_WITH_FONT, shape)
    return shape.replace(macro[0], b"<x:FmlaMacro>[0]!" + _sub_of(macro[1]) + b"</x:FmlaMacro>")


def _named_plainly(control: re.Match[bytes]) -> bytes:
    return control[0].replace(b'macro="' + control[2] + b'"', b'macro="[0]!' + _sub_of(control[2]) + b'"')
