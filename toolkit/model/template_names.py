"""The names that each Word template's tags may use: of papers from their kinds, of the management report from here.

A name is a path: ``title``, ``receivers[].receiver`` (each item of a list), ``texts.plan[]`` (a list of texts). ``*``
stands for any one name.
"""

from collections.abc import Iterable, Mapping

from toolkit.model.paper_kinds import KINDS, Names

REPORT = "管理报告"
_REPORT_NAMES: Names = {
    "title": "标题",
    "institution": "机构（首页）",
    "as_of": "基准日，如 2026年9月30日",
    "period": "期间，如 2026年第3季度",
    "addressee": "主送",
    "opening[]": "开头",
    "summary[]": "摘要各句",
    "texts.*[]": "正文各节的段落",
    "tables.*.number": "表号",
    "tables.*.rows[].*": "正文各表的行",
    "tables.*.note": "表注",
    "appendices.*.number": "附表号",
    "appendices.*.rows[].*": "各附表的行",
    "appendices.*.note": "附表注",
    "charts.*": "图",
    "charts.*.*": "图及其图号",
    "receivers[].receiver": "报送对象",
    "signature": "落款",
}
NAMES: dict[str, Names] = {REPORT: _REPORT_NAMES} | {kind.name: kind.documented for kind in KINDS}


def template_of(file_stem: str) -> str | None:
    """Which template a file is a copy of, by the longest name of one in its own; None if there is none."""
    found = [name for name in NAMES if name in file_stem]
    return max(found, key=len, default=None)


def is_known(path: str, names: Iterable[str]) -> bool:
    """Is the path a documented name, or the beginning of one (a list, or what holds names)?"""
    parts = split(path)
    return any(_fits(parts, split(name)) for name in names)


def split(path: str) -> list[str]:
    """``rows[].name`` → rows, [], name."""
    return path.replace("[]", ".[]").split(".")


def _fits(parts: list[str], documented: list[str]) -> bool:
    return len(parts) <= len(documented) and all(
        wanted in (part, "*") and (part != "[]" or wanted == "[]")
        for part, wanted in zip(parts, documented, strict=False)
    )


def nearest(path: str, names: Mapping[str, str]) -> str:
    """The documented name most like a wrong one, "" if none is."""
    import difflib

    return next(iter(difflib.get_close_matches(path, [name for name in names if "*" not in name], 1, 0.6)), "")
