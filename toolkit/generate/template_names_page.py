"""docs/模板标签.md: the names that each Word template may use, and how a template is changed."""

from toolkit.generate.docs_tables import NOTICE, markdown_table
from toolkit.model.paper_kinds import COMMON, KINDS
from toolkit.model.template_names import NAMES, REPORT

_INTRO = """\
# 模板标签

报告和文书由 Word 模板生成。要改措辞、版式或加本单位的抬头：把 `workbook_templates` 中的模板复制到工作簿所在的文件夹，
文件名不变，在 Word 或 WPS 中修改；以后生成时就用这一份。也可以用 `--template 文件` 指定（文书须同时用一个 `--kind`）。
改完先运行 `loanvisit lint 模板.docx` 检查：错的标签会指出在第几段、怎样改，有错时退出码为 2。

- `{{ issue_no }}` 换成内容。内容原样照登：数据里的 `{{`、`<`、`&` 都不会被当作标签。
- `{%p if remedy %}` 与 `{%p endif %}` 之间的段落只在有内容时出现；
  `{%p for line in lines %}` … `{%p endfor %}` 每项一段。带 `p` 的标签须单独成段，段中其他文字会丢失。
- 表格中 `{%tr for row in rows %}` 与 `{%tr endfor %}` 各占一行，其间一行每项重复一次，如 `{{ row.name }}`。
- 括号须是半角；一个标签的各字格式须相同，中间不能换行。下表没有的名称会被拒绝。
"""


def template_names_page() -> str:
    """Common names once, then each template's own."""
    parts = [NOTICE, _INTRO.rstrip(), "## 各种文书共有", _table(COMMON)]
    for kind in KINDS:
        masked = "本件客户的姓名写全，其他人的遮盖" if kind.full_names else "客户姓名遮盖"
        about = (
            f"取自{kind.rows}；{kind.per}，送{kind.recipient}（制度{kind.clause}）。{masked}，电话、证件号码一律遮盖。"
        )
        parts += [f"## {kind.name}", about, _table(kind.names)]
    parts += [f"## {REPORT}", "`*` 处的名称见随附的模板。", _table(NAMES[REPORT])]
    return "\n\n".join(parts) + "\n"


def _table(names: dict[str, str]) -> str:
    return markdown_table(("名称", "内容"), [(f"`{name}`", about) for name, about in names.items()])
