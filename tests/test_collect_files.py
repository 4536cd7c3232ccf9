"""收集记录 on files: filled forms read back, folders, hostile files (issue 6, items 2 and 5; contract, section 1).

1. A filled .xlsx or .docx form is read by its names or tags; what stands in the cells arrives.
2. A folder is read to the last file: each is taken or named.
3. Hostile files are refused with one sentence within 5 s of processor time and 500 MB; a batch goes on without them,
   whatever they do to the reader.
"""

import datetime as dt
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from collecting import _RELATIONS, control, document, form_book, record, tick
from openpyxl import load_workbook
from workbooks import column, small_branch, stranger

from toolkit.hosts.foreign import batch_reader
from toolkit.hosts.foreign.batch_reader import read_batch, read_file
from toolkit.model import forms, sheets
from toolkit.model.errors import ToolkitError


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "toolkit", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)


ROOT = Path(__file__).resolve().parent.parent
VERSION = control(forms.VERSION_KEY, forms.FORM)
PLACEHOLDER = "<w:showingPlcHdr/>"

# 1 ----------------------------------------------------------------------------------------------------------------


def test_an_xlsx_form_per_sheet(tmp_path):
    path = form_book(tmp_path / "a.xlsx", record(visit_no="SC-1"), record(visit_no="SC-2", feedback=None))
    one, two = read_file(path)
    assert (one.version, one.place, one.places["visit_no"]) == (forms.FORM, "“表1”表", "B2")
    assert one.values["visited_on"] == dt.date(2026, 7, 6)
    assert one.values["minutes"] == 8
    assert two.values["visit_no"] == "SC-2"
    assert two.values["feedback"] is None
    assert "apply_1" not in one.values


def test_a_docx_form_by_its_tags(tmp_path):
    body = VERSION + "".join(
        (
            control(forms.key("visit_no"), "SC-1"),
            control(forms.key("feedback"), "第一行\n第二行"),
            control(forms.key("content"), "请填写", PLACEHOLDER),
            control(forms.key("visited_on"), "7月6日", '<w:date w:fullDate="2026-07-06T00:00:00Z"/>'),
            *(tick(forms.key("use_1", choice), on=choice == "否") for choice in ("是", "否")),
            *(tick(forms.key("use_2", choice), on=True) for choice in ("是", "否")),
            *(tick(forms.key("use_3", choice), on=False) for choice in ("是", "否")),
            control("别的标记", "不是我们的"),
        )
    )
    (form,) = read_file(document(tmp_path / "a.docx", body))
    assert form.values == {
        "visit_no": "SC-1", "feedback": "第一行\n第二行", "content": None, "visited_on": "2026-07-06", "use_1": "否",
        "use_2": "是、否", "use_3": None,
    }  # fmt: skip
    assert list(form.doubts) == ["use_2"]


def test_several_forms_in_one_document(tmp_path):
    body = "".join(VERSION + control(forms.key("visit_no"), number) for number in ("SC-1", "SC-2"))
    read = read_file(document(tmp_path / "a.docx", body))
    assert [(form.place, form.values["visit_no"]) for form in read] == [("第 1 份", "SC-1"), ("第 2 份", "SC-2")]


def test_a_letter_is_no_form(tmp_path):
    with pytest.raises(ToolkitError, match="不是本工具生成的记录表"):
        read_file(document(tmp_path / "信.docx", "<w:p><w:r><w:t>您好</w:t></w:r></w:p>"))


# 2 ----------------------------------------------------------------------------------------------------------------


def test_a_folder_to_the_last_file(tmp_path):
    workbook = small_branch(tmp_path / "支行.xlsx", records=[])
    (tmp_path / "深" / "层").mkdir(parents=True)
    (tmp_path / "备份").mkdir()
    stranger(tmp_path / "备份" / "支行_1.xlsx", {sheets.RECORDS: [record(feedback="旧")]})
    stranger(tmp_path / "深" / "登记簿.xlsx", {sheets.RECORDS: [record()]})
    form_book(tmp_path / "深" / "层" / "表.xlsx", record(contract_no="HT002", visit_no="SC-2"))
    (tmp_path / "深" / "照片.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "深" / "~$登记簿.xlsx").write_bytes(b"x")
    (tmp_path / "深" / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    done = run("collect", workbook, tmp_path, "--as-of", "2026-09-30")
    assert done.returncode == 0
    for named in (
        "照片.jpg：不支持",
        "~$登记簿.xlsx：",
        "坏.docx：文件不完整或已损坏",
        "支行.xlsx（工作簿自己）",
        "备份 文件夹",
    ):
        assert named in done.stdout
    assert sorted(column(workbook, sheets.RECORDS, "contract_no")) == ["HT001", "HT002"]
    assert column(workbook, sheets.RECORDS, "feedback") == ["资金按计划使用"] * 2
    assert len(column(workbook, sheets.COLLECTED, "file")) == 5


def test_none_taken_leaves_the_workbook_byte_for_byte(tmp_path):
    workbook = small_branch(tmp_path / "支行.xlsx", records=[record()])
    before = workbook.read_bytes()
    (tmp_path / "坏.xlsx").write_bytes(b"not a book")
    done = run("collect", workbook, tmp_path / "坏.xlsx")
    assert done.returncode == 2
    assert "坏.xlsx：内容不是 Excel 工作簿" in done.stderr
    assert workbook.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["坏.xlsx", "支行.xlsx"]


def test_preview_writes_nothing(tmp_path):
    workbook = small_branch(tmp_path / "支行.xlsx", records=[])
    before = workbook.read_bytes()
    register = stranger(tmp_path / "登记簿.xlsx", {sheets.RECORDS: [record()]})
    done = run("collect", workbook, register, "--preview", "--json")
    assert json.loads(done.stdout)["counts"]["新增记录"] == 1
    assert workbook.read_bytes() == before


def test_check_carries_out_what_was_decided(tmp_path):
    workbook = small_branch(tmp_path / "支行.xlsx", records=[record()])
    register = stranger(tmp_path / "登记簿.xlsx", {sheets.RECORDS: [record(feedback="周转困难")]})
    # Untimed, the visitor's register and ours differ: one record all the same.
    assert run("collect", workbook, register, "--as-of", "2026-09-30").returncode == 0
    book = load_workbook(workbook)
    page = book[sheets.CONFLICTS.title]
    headers = [cell.value for cell in page[1]]
    page.cell(2, headers.index("处理") + 1).value = "采用新值"
    book.save(workbook)
    run("check", workbook, "--as-of", "2026-09-30")
    assert column(workbook, sheets.RECORDS, "feedback") == ["周转困难"]
    assert column(workbook, sheets.CONFLICTS, "result") == ["已采用新值"]


# 3 ----------------------------------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE x [<!ENTITY a "haha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def hostile_documents(folder: Path) -> dict[str, str]:
    """Name of each file and what its refusal says."""
    body = VERSION + control(forms.key("visit_no"), "SC-1")
    good = document(folder / "good.docx", body).read_bytes()
    document(folder / "xxe.docx", body.replace("SC-1", "&a;").replace("&amp;a;", "&a;"), OUTSIDE)
    document(folder / "laughs.docx", body + "<w:p>&j;</w:p>", LAUGHS)
    (folder / "cut.docx").write_bytes(good[: len(good) // 2])
    (folder / "picture.docx").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 1000)
    (folder / "locked.docx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    document(folder / "lost.docx", body, relations=_RELATIONS.replace("word/document.xml", "word/gone.xml"))
    with zipfile.ZipFile(folder / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", b" " * (60 << 20))
    with zipfile.ZipFile(folder / "utf16.docx", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("_rels/.rels", _RELATIONS)
        file.writestr(
            "word/document.xml", ('<?xml version="1.0" encoding="UTF-16"?>' + LAUGHS + "<x>&j;</x>").encode("utf-16")
        )
    (folder / "good.docx").unlink()
    return {
        "xxe.docx": "已损坏", "laughs.docx": "已损坏", "utf16.docx": "已损坏", "cut.docx": "不完整或已损坏",
        "picture.docx": "内容不是 Word 文档", "locked.docx": "已加密", "lost.docx": "已损坏", "bomb.docx": "异常庞大",
    }  # fmt: skip


def hostile_books(folder: Path) -> dict[str, str]:
    good = form_book(folder / "good.xlsx", record(visit_no="SC-1"))
    with zipfile.ZipFile(good) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    page, book = "xl/worksheets/sheet1.xml", "xl/workbook.xml"

    def made(name: str, changes: dict[str, str | bytes], drop: str = "") -> None:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as out:
            for part, content in (parts | changes).items():
                if part != drop:
                    out.writestr(part, content)

    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    made("xxe.xlsx", {book: parts[book].replace(head, head + OUTSIDE)})
    made("laughs.xlsx", {book: parts[book].replace(head, head + LAUGHS)})
    made(
        "far.xlsx",
        {
            page: parts[page].replace(
                "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            )
        },
    )
    made("lost.xlsx", {}, drop=page)
    made("bomb.xlsx", {page: b" " * (60 << 20)})
    (folder / "cut.xlsx").write_bytes(good.read_bytes()[:2000])
    (folder / "picture.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 1000)
    (folder / "locked.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    document(folder / "letter.xlsx", VERSION)
    good.unlink()
    return {
        "xxe.xlsx": "已损坏", "laughs.xlsx": "已损坏", "far.xlsx": "离数据区太远", "lost.xlsx": "没有数据",
        "bomb.xlsx": "异常庞大", "cut.xlsx": "不完整或已损坏", "picture.xlsx": "内容不是 Excel 工作簿",
        "locked.xlsx": "已加密", "letter.xlsx": "内容不是 Excel 工作簿",
    }  # fmt: skip


MEASURE = """
import json, resource, sys, time
from pathlib import Path
from toolkit.hosts.foreign.batch_reader import _answer
out = {}
for name in sys.argv[1:]:
    began = time.process_time()
    answer = _answer(Path(name))
    out[Path(name).name] = [answer if isinstance(answer, str) else "taken", time.process_time() - began]
print(json.dumps({"files": out, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="measured with the resource module")
@pytest.mark.parametrize("build", [hostile_documents, hostile_books])
def test_hostile_files_are_refused_quickly_and_cheaply(tmp_path, build):
    said = build(tmp_path)
    paths = [str(tmp_path / name) for name in said]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *paths], capture_output=True, encoding="utf-8", check=True, env=environment
    )
    measured = json.loads(done.stdout)
    assert set(measured["files"]) == set(said)
    for name, (answer, seconds) in measured["files"].items():
        assert said[name] in answer, name
        assert seconds < 5, name
    assert measured["peak_mb"] < 500


def test_a_batch_goes_on_without_them(tmp_path):
    said = hostile_documents(tmp_path) | hostile_books(tmp_path)
    form_book(tmp_path / "z.xlsx", record(visit_no="SC-9"))
    names = [*said, "z.xlsx"]
    answers = dict(read_batch([(tmp_path / name, f"夹/{name}") for name in names]))
    assert list(answers) == [f"夹/{name}" for name in names]
    (form,) = answers["夹/z.xlsx"]
    assert (form.file, form.values["visit_no"]) == ("夹/z.xlsx", "SC-9")
    assert all(isinstance(answers[f"夹/{name}"], str) for name in said)


@pytest.mark.skipif(sys.platform == "win32", reason="no processor clock there")
def test_a_file_that_takes_the_reader_down_is_named(tmp_path, monkeypatch):
    """The reader's process is ended by its clock in the middle of a file; the next file gets a new one."""
    form_book(tmp_path / "slow.xlsx", record(visit_no="SC-1"))
    form_book(tmp_path / "z.xlsx", record(visit_no="SC-9"))
    allowed = {"slow.xlsx": 1e-6, "z.xlsx": 4.0}
    monkeypatch.setattr(batch_reader, "_allowed", lambda path: allowed[path.name])
    answers = dict(read_batch([(tmp_path / name, name) for name in allowed]))
    assert "读取被中止" in answers["slow.xlsx"]
    assert answers["z.xlsx"][0].values["visit_no"] == "SC-9"
