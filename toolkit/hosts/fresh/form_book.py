"""Fillable forms as .xlsx: XlsxWriter lays out each kind of form once, each form then is that sheet with its texts."""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from toolkit.hosts.fresh.form_sheet import FormLook, Placed, draw_form, row_points
from toolkit.hosts.fresh.new_file import CREATED
from toolkit.hosts.fresh.sheet_look import new_workbook_options
from toolkit.hosts.parts.cell_values import MOST_TEXT, clean
from toolkit.hosts.parts.row_heights import lines_needed
from toolkit.model import values as v
from toolkit.model.form_layout import COLUMNS, LAYOUTS
from toolkit.model.form_package import (
    PACKAGE,
    SEAL_CONTENT_TYPE,
    SEAL_RELATION,
    XML_HEAD,
    Part,
    Slots,
    mark,
    part,
    relationships,
    sealed,
)
from toolkit.model.forms import VERSIONS
from toolkit.model.office_package import core_properties, extended_properties
from toolkit.model.tables import FormPage, Forms, column_letter

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Office reads _x000D_ in a string as the character; a literal one has its underscore written that way.
_ESCAPE_ALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SELECTED, _PAGES = "selected", "pages"
_HIGHEST = 409.0  # points; a row cannot be higher
# A page of A4 holds 760 points; letters may shrink to four fifths, not further.
_MOST_ON_A_PAGE = 950.0


@dataclass(frozen=True)
class _Template:
    """One kind of form. `names`: defined name → cell. `growing`: height mark → its lines at least and what may need
    more: (text with slots, characters a line holds)."""

    sheet: Slots
    names: Mapping[str, str]
    growing: Mapping[str, tuple[float, tuple[tuple[Slots, float], ...]]]
    fixed_points: float
    print_area: str


@dataclass(frozen=True)
class _Compiled:
    templates: Mapping[tuple[str, str], _Template]
    shared: tuple[Part, ...]


def form_book(forms: Forms) -> bytes:
    """The .xlsx of `forms`, a worksheet for each page; the same forms give the same bytes."""
    compiled = _compiled()
    templates = [compiled.templates[page.version, page.stage] for page in forms.pages]
    sheets = [
        part(f"xl/worksheets/sheet{number}.xml", _sheet_xml(template, page, number == 1))
        for number, (template, page) in enumerate(zip(templates, forms.pages, strict=True), start=1)
    ]
    return sealed(
        [
            _content_types(len(sheets)),
            *compiled.shared,
            part("docProps/core.xml", core_properties(clean(forms.title), clean(forms.author), CREATED)),
            part("xl/workbook.xml", _workbook_xml(forms.pages, templates)),
            _workbook_relations(len(sheets)),
            *sheets,
        ]
    )


def _sheet_xml(template: _Template, page: FormPage, first: bool) -> str:
    texts = {name: clean(text)[:MOST_TEXT] for name, text in page.values.items()}
    heights = {
        name: min(_HIGHEST, row_points(_lines(least, cells, texts)))
        for name, (least, cells) in template.growing.items()
    }
    spelled = {name: _spelled(text) for name, text in texts.items()}
    spelled |= {name: f"{height:g}" for name, height in heights.items()}
    pages = "1" if template.fixed_points + sum(heights.values()) <= _MOST_ON_A_PAGE else "2"
    return template.sheet.fill(spelled | {_PAGES: pages, _SELECTED: "1" if first else "0"})


def _lines(least: float, cells: tuple[tuple[Slots, float], ...], texts: Mapping[str, str]) -> float:
    needed = max(lines_needed(slots.fill(texts), width) for slots, width in cells)
    return max(least, needed)


def _spelled(text: str) -> str:
    return escape(_ESCAPE_ALIKE.sub("_x005F_", text))


@cache
def _compiled() -> _Compiled:
    """Every kind of form drawn into one workbook, so that they share their styles."""
    buffer = io.BytesIO()
    workbook = Workbook(buffer, new_workbook_options())
    look = FormLook(workbook)
    drawn: dict[tuple[str, str], tuple[Worksheet, Placed]] = {}
    for version in VERSIONS:
        for stage in v.STAGES:
            worksheet = workbook.add_worksheet()
            drawn[version, stage] = worksheet, draw_form(worksheet, LAYOUTS[version](stage), look)
    workbook.close()
    with zipfile.ZipFile(buffer) as package:
        strings = re.findall(r"<si>(.*?)</si>", package.read("xl/sharedStrings.xml").decode(), re.DOTALL)
        templates = {
            kind: _template(package.read(f"xl/worksheets/sheet{worksheet.index + 1}.xml").decode(), strings, placed)
            for kind, (worksheet, placed) in drawn.items()
        }
        shared = [part(name, package.read(name)) for name in ("xl/theme/theme1.xml", "xl/styles.xml")]
    shared += [
        part("_rels/.rels", _package_relations()),
        part("docProps/app.xml", extended_properties("")),
    ]
    return _Compiled(templates, tuple(shared))


def _template(xml: str, strings: list[str], placed: Placed) -> _Template:
    """The sheet with its texts in the cells, where they can be filled in, and with marks for heights that vary."""
    xml = re.sub(
        r'(<c r="[A-Z]+\d+"[^>]*?) t="s"><v>(\d+)</v></c>',
        lambda found: f'{found[1]} t="inlineStr"><is>{strings[int(found[2])]}</is></c>',
        xml,
    )
    # A filled-in text may end with a space, which XlsxWriter cannot know.
    xml = re.sub("<t>(?=[^<]*\ue000)", '<t xml:space="preserve">', xml)
    growing = {}
    for row, (least, cells) in placed.growing.items():
        name = f"height_{row}"
        xml = re.sub(rf'(<row r="{row}"[^>]*? ht=")[^"]*', rf"\g<1>{mark(name)}", xml)
        growing[name] = (least, tuple((Slots(text), width) for text, width in cells))
    xml = re.sub(
        r'(<sheetView[^>]*?)( tabSelected="1")?(?= workbookViewId)', rf'\1 tabSelected="{mark(_SELECTED)}"', xml
    )
    xml = xml.replace("<pageSetup ", f'<pageSetup fitToHeight="{mark(_PAGES)}" ', 1)
    area = f"$A$1:${column_letter(COLUMNS)}${placed.rows}"
    return _Template(Slots(xml), placed.names, growing, placed.fixed_points, area)


@cache
def _content_types(sheets: int) -> Part:
    overrides = {
        "xl/workbook.xml": f"{_TYPE}.sheet.main+xml",
        "xl/styles.xml": f"{_TYPE}.styles+xml",
        "xl/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "docProps/custom.xml": SEAL_CONTENT_TYPE,
    }
    overrides |= {f"xl/worksheets/sheet{number}.xml": f"{_TYPE}.worksheet+xml" for number in range(1, sheets + 1)}
    return part(
        "[Content_Types].xml",
        f'{XML_HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
        + "</Types>",
    )


def _package_relations() -> str:
    targets = (
        (f"{_RELATIONS}/officeDocument", "xl/workbook.xml"),
        (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        (f"{_RELATIONS}/extended-properties", "docProps/app.xml"),
        (SEAL_RELATION, "docProps/custom.xml"),
    )
    return relationships(targets)


@cache
def _workbook_relations(sheets: int) -> Part:
    targets = [(f"{_RELATIONS}/worksheet", f"worksheets/sheet{number}.xml") for number in range(1, sheets + 1)]
    targets += [(f"{_RELATIONS}/theme", "theme/theme1.xml"), (f"{_RELATIONS}/styles", "styles.xml")]
    return part("xl/_rels/workbook.xml.rels", relationships(targets))


def _workbook_xml(pages: tuple[FormPage, ...], templates: list[_Template]) -> str:
    tabs, names = [], []
    for number, (page, template) in enumerate(zip(pages, templates, strict=True)):
        tabs.append(f'<sheet name={quoteattr(page.title)} sheetId="{number + 1}" r:id="rId{number + 1}"/>')
        place = "'" + escape(page.title).replace("'", "''") + "'!"
        cells = {"_xlnm.Print_Area": template.print_area, **template.names}
        names += [
            f'<definedName name="{name}" localSheetId="{number}">{place}{cell}</definedName>'
            for name, cell in sorted(cells.items())
        ]
    return (
        f'{XML_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><workbookPr defaultThemeVersion="124226"/>'
        '<bookViews><workbookView xWindow="240" yWindow="15" windowWidth="16095" windowHeight="12000"/></bookViews>'
        f"<sheets>{''.join(tabs)}</sheets><definedNames>{''.join(names)}</definedNames>"
        '<calcPr calcId="124519" fullCalcOnLoad="1"/></workbook>'
    )
