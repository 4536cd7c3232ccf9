"""`python -m toolkit.generate [--check]`: write every generated file, or say which one differs from its source."""

import io
import sys
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from toolkit.model.paper_kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]


def _workbook() -> bytes:
    from toolkit.generate.branch_workbook import build_workbook

    return build_workbook()


def _workbook_with_buttons() -> bytes:
    from toolkit.generate.branch_workbook import build_workbook
    from toolkit.generate.buttons import faults

    package = build_workbook(with_buttons=True)
    if found := faults(package):
        raise SystemExit("按钮、宏和操作对不上：" + "；".join(found))
    return package


def _buttons_module() -> bytes:
    from toolkit.generate.buttons import buttons_module

    return buttons_module().encode("ascii")


def _sentences_module() -> bytes:
    from toolkit.generate.buttons import sentences_module

    return sentences_module().encode("ascii")


def _report_template() -> bytes:
    from toolkit.generate import report_template

    return report_template.build()


def _paper_template(name: str) -> bytes:
    from toolkit.generate import paper_templates

    return paper_templates.build(name)


def _group_report_template() -> bytes:
    from toolkit.generate import group_report_template

    return group_report_template.build()


def _data_dictionary() -> bytes:
    from toolkit.generate.docs_tables import data_dictionary

    return data_dictionary().encode()


def _parameter_table() -> bytes:
    from toolkit.generate.docs_tables import parameter_table

    return parameter_table().encode()


def _check_rules() -> bytes:
    from toolkit.generate.docs_tables import check_rules

    return check_rules().encode()


def _moves_page() -> bytes:
    from toolkit.generate.moves_page import moves_page

    return moves_page().encode()


def _template_names_page() -> bytes:
    from toolkit.generate.template_names_page import template_names_page

    return template_names_page().encode()


# Path from the top of the repository → what builds its content.
GENERATED: dict[str, Callable[[], bytes]] = {
    "macros/LoanVisitButtons.bas": _buttons_module,
    "macros/LoanVisitSentences.bas": _sentences_module,
    "workbook_templates/贷款回访工作簿.xlsx": _workbook,
    "workbook_templates/贷款回访工作簿.xlsm": _workbook_with_buttons,
    "workbook_templates/管理报告.docx": _report_template,
    **{f"workbook_templates/{kind.name}.docx": partial(_paper_template, kind.name) for kind in KINDS},
    "workbook_templates/总行汇总报告.docx": _group_report_template,
    "docs/数据字典.md": _data_dictionary,
    "docs/参数.md": _parameter_table,
    "docs/校验规则.md": _check_rules,
    "docs/问题流转.md": _moves_page,
    "docs/模板标签.md": _template_names_page,
}


def same(one: bytes, other: bytes) -> bool:
    """Equal content: texts up to line ends, Office packages part by part, since compression differs by machine."""
    if one[:2] == other[:2] == b"PK":
        return _parts(one) == _parts(other)
    return one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def _parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def main(arguments: list[str]) -> int:
    check = arguments == ["--check"]
    if arguments and not check:
        print("用法：python -m toolkit.generate [--check]", file=sys.stderr)
        return 2
    stale = []
    for name, build in GENERATED.items():
        path, content = ROOT / name, build()
        if path.is_file() and same(path.read_bytes(), content):
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"已生成 {name}")
    if check and stale:
        print(f"与来源不一致：{'、'.join(stale)}，请运行 python -m toolkit.generate", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
