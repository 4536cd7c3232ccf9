"""`papers` from the command to the files: one folder, own templates, PDF, passwords (issue 9, items 2, 4, 5).

- a refused command leaves the workbook byte for byte and makes no file
- running again makes nothing twice; what somebody changed is kept
- the password is in no output, log row or message; the files open with it and not without
"""

import io
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import msoffcrypto
import pytest
import reporting as r
from docx import Document
from python_calamine import CalamineWorkbook
from test_papers import rows
from workbooks import stranger

from toolkit.cli.main import main
from toolkit.hosts import protecting
from toolkit.hosts.office import to_pdf
from toolkit.model import paper_kinds as k
from toolkit.model import sheets as s
from toolkit.model.errors import ToolkitError
from toolkit.model.shipped import shipped

SECRET = "秘密-Abc 123"
FOLDER = "文书_2026Q3"


@pytest.fixture
def workbook(tmp_path) -> Path:
    given = rows()
    for record in given[s.RECORDS]:  # no cell can hold control characters
        record["feedback"] = re.sub("[\x00-\x1f]", "", record.get("feedback", ""))
    return stranger(tmp_path / "江州支行.xlsx", given)


@pytest.fixture
def run(workbook, capsys):
    def run(*arguments: str, name: str = "papers") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main([name, str(workbook), "--period", "2026Q3", "--as-of", "2026-09-30", *arguments])
        return ended.value.code, *capsys.readouterr()

    return run


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def first_line(content: bytes) -> str:
    return Document(io.BytesIO(content)).paragraphs[0].text


def test_one_folder_one_file_per_paper_and_nothing_twice(workbook, run):
    code, out, _ = run()
    made = files(workbook.parent / FOLDER)
    assert code == 0
    assert f"2026Q3：{len(made)} 份文书" in out
    assert "整改通知书_W1.docx" in made
    assert "面谈记录_V7.docx" in made
    assert run()[0] == 0
    assert files(workbook.parent / FOLDER) == made


def test_what_somebody_changed_is_kept_beside_the_new_one(workbook, run):
    run("--kind", "督办单")
    path = workbook.parent / FOLDER / "督办单_W1.docx"
    path.write_bytes(path.read_bytes() + b" ")
    run("--kind", "督办单")
    assert files(path.parent) == ["督办单_W1.docx", "督办单_W1（2）.docx"]


def test_no_rows_no_file_one_sentence(tmp_path, capsys):
    path = stranger(tmp_path / "空.xlsx", {s.LOANS: [], s.VISITORS: []})
    with pytest.raises(SystemExit) as ended:
        main(["papers", str(path), "--period", "2026Q3", "--as-of", "2026-09-30"])
    assert ended.value.code == 0
    assert "2026Q3：没有可以生成的文书" in capsys.readouterr().out
    assert files(tmp_path) == ["备份", "空.xlsx"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--kind", "奖状"), "参数 --kind：没有“奖状”这种文书，请写 整改通知书"),
        (("--template", "模板.docx"), "参数 --template：一个模板只能用于一种文书"),
        (("--kind", "督办单", "--template", "没有.docx"), "无法读取模板"),
        (("--password", "x" * 300), "参数 --password：密码太长"),
        (("--password", "x\ty"), "参数 --password：密码太长或含有不能输入的字符"),
        (("--format", "pdf", "--password", SECRET), "PDF 文件不能由本工具加密码，请改用 --format docx"),
    ],
)
def test_refusals_leave_everything_as_it_was(workbook, run, arguments, said):
    before = workbook.read_bytes()
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert SECRET not in err
    assert workbook.read_bytes() == before
    assert not (workbook.parent / FOLDER).exists()


def test_a_template_beside_the_workbook_stands_for_the_shipped_one(workbook, run):
    own = Document(shipped("workbook_templates", "督办单.docx"))
    own.paragraphs[0].runs[0].text = "{{ institution }}{{ level }}函"
    own.save(workbook.parent / "督办单.docx")
    run("--kind", "督办单")
    assert first_line((workbook.parent / FOLDER / "督办单_W1.docx").read_bytes()) == "本机构通报函"


def test_a_wrong_tag_in_it_refuses_the_command(workbook, run):
    own = Document(shipped("workbook_templates", "督办单.docx"))
    own.paragraphs[0].runs[0].text = "{{ levle }}"
    own.save(workbook.parent / "督办单.docx")
    before = workbook.read_bytes()
    code, _, err = run()
    assert code == 2
    assert err == "督办单.docx 第 1 段“{{ levle }}”：名称“levle”不在可用之列，是否应为 level。\n"
    assert workbook.read_bytes() == before


# Passwords ------------------------------------------------------------------------------------------------------------


def opened(content: bytes, password: str) -> bytes:
    out = io.BytesIO()
    file = msoffcrypto.OfficeFile(io.BytesIO(content))
    file.load_key(password=password, verify_password=True)
    file.decrypt(out)
    return out.getvalue()


@pytest.mark.parametrize("given", ["option", "environment"])
def test_files_open_with_the_password_only_and_it_is_told_nowhere(workbook, run, monkeypatch, given):
    if given == "environment":
        monkeypatch.setenv("LOANVISIT_PASSWORD", SECRET)
    more = ("--password", SECRET) if given == "option" else ()
    code, out, err = run("--kind", "重大问题专报", "--json", *more)
    path = workbook.parent / FOLDER / "重大问题专报_W2.docx"
    assert code == 0
    assert json.loads(out)["outputs"][-1] == str(path)
    assert SECRET not in out + err
    assert first_line(opened(path.read_bytes(), SECRET)) == "关于虚假资料/欺诈问题的专报"
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        opened(path.read_bytes(), "别的")
    log = CalamineWorkbook.from_path(workbook).get_sheet_by_name("操作日志").to_python()
    assert SECRET not in repr(log)
    run("--kind", "重大问题专报", *more)
    assert files(path.parent) == [path.name]  # the same paper, though no two encrypted files are alike


def test_the_report_takes_a_password_too(workbook, run):
    assert run("--password", SECRET, name="report")[0] == 0
    reports = [name for name in files(workbook.parent) if name.startswith("贷款回访报告")]
    assert [name.endswith(".docx") for name in reports] == [True]
    assert "报告" in first_line(opened((workbook.parent / reports[0]).read_bytes(), SECRET))


def test_the_order_does_not_show_it():
    from toolkit.actions import BY_NAME
    from toolkit.run.order import Order

    assert SECRET not in repr(Order(BY_NAME["papers"], Path("x"), r.day("2026-09-30"), None, "", password=SECRET))


def test_without_the_component_the_mend_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "msoffcrypto.format", None)
    with pytest.raises(ToolkitError, match=r"没有安装加密组件.*pip install loanvisit\[password\]"):
        protecting.refuse_unusable("abc")


# PDF ------------------------------------------------------------------------------------------------------------------


def test_without_libreoffice_one_sentence_with_the_mend(workbook, run, monkeypatch):
    monkeypatch.setattr(to_pdf, "office_program", lambda: None)
    code, _, err = run("--format", "pdf")
    assert code == 2
    assert err.startswith("参数 --format：没有找到 LibreOffice，无法生成 PDF，请安装 LibreOffice")
    assert not (workbook.parent / FOLDER).exists()


@pytest.mark.parametrize(("platform", "found"), [("linux", "/usr/bin/libreoffice"), ("win32", "/usr/bin/libreoffice")])
def test_the_program_is_looked_for(platform, found):
    there = {"libreoffice": "/usr/bin/libreoffice"}
    assert to_pdf.office_program(there.get, platform) == Path(found)
    assert to_pdf.office_program({}.get, platform) is None


def test_a_program_that_gives_nothing_is_told(tmp_path):
    with pytest.raises(ToolkitError, match="没有转换成功"):
        to_pdf.as_pdf([b"x"], Path(shutil.which("true") or "true"))
    with pytest.raises(ToolkitError, match="无法启动"):
        to_pdf.as_pdf([b"x"], tmp_path / "nothing")


def test_papers_as_pdf_by_one_process_and_again(workbook, run, monkeypatch):
    if shutil.which("soffice") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("soffice is not on PATH")
    calls, real = [], subprocess.run
    monkeypatch.setattr(to_pdf.subprocess, "run", lambda *args, **more: calls.append(1) or real(*args, **more))
    assert run("--kind", "整改通知书", "--kind", "督办单", "--format", "pdf")[0] == 0
    made = files(workbook.parent / FOLDER)
    assert made == ["整改通知书_W1.pdf", "整改通知书_W2.pdf", "督办单_W1.pdf"]
    assert len(calls) == 1
    content = (workbook.parent / FOLDER / made[0]).read_bytes()
    assert content.startswith(b"%PDF-")
    run("--kind", "督办单", "--format", "pdf")
    assert files(workbook.parent / FOLDER) == made
    assert to_pdf.same_source(content, content)
    assert not to_pdf.same_source(content, (workbook.parent / FOLDER / made[1]).read_bytes())
    assert not to_pdf.same_source(content, content + b"note of somebody")
    assert not to_pdf.same_source(b"", b"")


def test_kinds_are_listed_in_the_help(capsys):
    with pytest.raises(SystemExit):
        main(["papers", "--help"])
    out = "".join(capsys.readouterr().out.split())
    assert "--kind" in out
    assert "LOANVISIT_PASSWORD" in out
    assert k.NOTICE.name in out
