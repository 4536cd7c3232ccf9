"""Buttons in a workbook that LibreOffice saved: gone when it is opened again, unless they are mended.

- a copy of an open workbook (a backup, what 恢复上次备份 and 升级工作簿 put in its place) has buttons that work
- `upgrade` mends a file that a user saved there; a file in order stays byte for byte
"""

import datetime as dt

import pytest
from office_screen import office  # noqa: F401  (a fixture)

from toolkit.actions import BY_NAME
from toolkit.generate import buttons as made
from toolkit.generate.__main__ import ROOT
from toolkit.hosts.closed_file import open_closed
from toolkit.hosts.libreoffice import attach
from toolkit.hosts.office.saved_buttons import mended
from toolkit.hosts.replacing import backups
from toolkit.run.order import Order
from toolkit.run.perform import perform

SHIPPED = ROOT / "workbook_templates" / "贷款回访工作簿.xlsm"
NOW = dt.datetime(2026, 7, 6, 9, 30)


@pytest.fixture
def opened(tmp_path, office, monkeypatch):  # noqa: F811
    path = tmp_path / "支行.xlsm"
    path.write_bytes(SHIPPED.read_bytes())
    monkeypatch.setenv("LOANVISIT_OFFICE", office.listens_at)
    office.open(path)
    return path


def as_saved_there(path):
    """What LibreOffice itself writes."""
    host = attach(path.as_uri())
    copy = host.path.with_name("保存的.xlsm")
    host._office.ask("save_copy", path=str(copy), kind="xlsm")
    return copy


def buttons(office, path):  # noqa: F811
    """[caption, macro] of the buttons of 首页 as LibreOffice shows them when it opens the file."""
    office.open(path)
    return office.see("controls", path.as_uri())


def shown_there(office, path):  # noqa: F811
    return [(caption, macro.partition("?")[0].rpartition(".")[2]) for caption, macro in buttons(office, path)]


def test_a_copy_has_buttons_that_work(opened, office):  # noqa: F811
    wanted = shown_there(office, opened)
    assert ("恢复上次备份", "Press_restore") in wanted
    assert shown_there(office, as_saved_there(opened)) == [], "mended in vain: LibreOffice does it right by now"
    copy = opened.with_name("副本.xlsm")
    attach(opened.as_uri()).save_copy(copy)
    assert shown_there(office, copy) == wanted
    assert not [fault for fault in made.faults(copy.read_bytes()) if "macro" in fault]


def test_upgrade_mends_the_buttons(opened, office):  # noqa: F811
    wanted, saved = shown_there(office, opened), as_saved_there(opened)
    result = perform(Order(BY_NAME["upgrade"], saved, NOW.date(), NOW, "何青"), lambda stage: None)
    assert "修好了 LibreOffice 存坏的按钮" in result.summary
    assert shown_there(office, saved) == wanted
    open_closed(saved).verify()
    assert len(backups(saved)) == 1


def test_a_workbook_in_order_stays_byte_for_byte():
    assert mended(SHIPPED.read_bytes(), SHIPPED) == SHIPPED.read_bytes()
