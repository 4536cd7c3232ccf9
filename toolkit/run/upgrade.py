"""`loanvisit upgrade`: an older workbook, or one of another make, brought to this version; all that is there stays."""

from collections.abc import Callable

from toolkit import __version__
from toolkit.hosts.closed_file import SUFFIXES, closed_of, open_closed, read_bytes
from toolkit.hosts.host import Host
from toolkit.hosts.office.saved_buttons import mended
from toolkit.hosts.opened.exchange import exchange, present_state
from toolkit.hosts.replacing import BACKUP_FOLDER, replace_file
from toolkit.hosts.upgrading.bring_up import Additions, brought_up
from toolkit.model import sheets
from toolkit.model.shipped import shipped
from toolkit.run.new import TEMPLATES
from toolkit.run.order import Order, Result
from toolkit.run.target import held
from toolkit.run.traces import log_row, status
from toolkit.run.version import CELL, refuse_newer


def upgrade(order: Order, progress: Callable[[str], None]) -> Result:
    """Add the sheets, columns, parameters and cells of 首页 that the workbook lacks, and say which; mend buttons that
    LibreOffice saved badly.

    A workbook that lacks nothing stays byte for byte. Raises `ToolkitError` if it is of a newer version, if a header
    row cannot be told, or if the file cannot be read or written.
    """
    with held(order) as target:
        progress("读取工作簿")
        content, result = _upgraded(order, read_bytes(order.workbook, SUFFIXES, " .xlsx 或 .xlsm "), progress)
        if content is not None:
            progress("写入")
            replace_file(target, content, backup=True)
        elif order.output is not None:
            replace_file(target, order.workbook.read_bytes(), backup=True)
        result.outputs.append(target)
    return result


def upgrade_open(order: Order, host: Host, progress: Callable[[str], None]) -> Result:
    """The same to a workbook that a program has open: it is closed, exchanged and opened again.

    Unsaved changes are saved with it. Raises `ToolkitError` as `upgrade`, and if the program cannot let go of the
    file; the workbook is then open as it was.
    """
    progress("读取工作簿")
    unsaved = host.unsaved()
    present = present_state(host)
    content, result = _upgraded(order, present, progress)
    if content is None:
        return result
    progress("写入")
    kept = exchange(host, content, present)
    saved = "，未保存的修改已一并保存" if unsaved else ""
    result.summary += f"{saved}；工作簿已保存并重新打开，升级前的内容另存为 {BACKUP_FOLDER}/{kept.name}"
    return result


def _upgraded(order: Order, before: bytes, progress: Callable[[str], None]) -> tuple[bytes | None, Result]:
    """The upgraded workbook (None if it lacks nothing) and what was added."""
    book = closed_of(before, order.workbook)
    version = str(book.named(CELL) or "")
    refuse_newer(version, order.workbook.name)
    progress("补齐")
    pressable = mended(before, order.workbook)
    book = book if pressable == before else closed_of(pressable, order.workbook)
    content, added = brought_up(
        book, open_closed(shipped("workbook_templates", TEMPLATES[".xlsx"])), f"升级到 {__version__} 时补充"
    )
    if pressable == before and not added.count and version == __version__:
        summary = f"工作簿已是本版本（{__version__}），没有改动"
        return None, Result(order.action.name, order.as_of, summary=summary)
    summary = _summary(added, version) + ("" if pressable == before else "；修好了 LibreOffice 存坏的按钮")
    raised = closed_of(content, order.workbook)
    named = status(order, summary) | {CELL: __version__}
    tables = {sheets.LOG.title: raised.read(sheets.LOG)}
    result = Result(
        order.action.name,
        order.as_of,
        summary=summary,
        counts={
            "新增表": len(added.sheets),
            "新增列": sum(len(headers) for _, headers in added.columns),
            "新增参数": len(added.parameters),
            "新增首页单元格": len(added.cells),
        },
        details=_details(added),
        warnings=_warnings(added),
    )
    return raised.render([log_row(order, summary)], tables, named) or content, result


def _summary(added: Additions, version: str) -> str:
    before = f"从 {version} " if version else ""
    if not added.count:
        return f"已{before}升级到 {__version__}，没有需要补充的内容"
    columns = sum(len(headers) for _, headers in added.columns)
    parts = [
        f"{what} {number} {unit}"
        for what, number, unit in (
            ("表", len(added.sheets), "张"),
            ("列", columns, "列"),
            ("参数", len(added.parameters), "个"),
            ("首页单元格", len(added.cells), "个"),
        )
        if number
    ]
    return f"已{before}升级到 {__version__}，补充{'、'.join(parts)}；原有内容未改动"


def _details(added: Additions) -> list[str]:
    lines = [f"新增表：{'、'.join(added.sheets)}"] if added.sheets else []
    lines += [f"“{title}”表新增列：{'、'.join(headers)}" for title, headers in added.columns]
    if added.parameters:
        lines.append(f"“{sheets.PARAMETERS.title}”表新增（取默认值）：{'、'.join(added.parameters)}")
    if added.cells:
        lines.append(f"{sheets.HOME_TITLE}新增的栏目列在最下方：{'、'.join(added.cells)}")
    return lines


def _warnings(added: Additions) -> list[str]:
    warnings = [
        f"“{sheet.title}”表的必填列“{header}”是新增的，请补填"
        for sheet in sheets.SHEETS
        for title, headers in added.columns
        if title == sheet.title
        for header in headers
        if any(field.required and field.header == header for field in sheet)
    ]
    if added.parameters or sheets.PARAMETERS.title in added.sheets:
        warnings.append(f"新增的参数取的是默认值，请风险管理部门核对“{sheets.PARAMETERS.title}”表")
    return warnings
