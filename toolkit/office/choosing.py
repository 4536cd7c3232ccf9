"""Which of the workbooks read count, and in which order: one per content, one per 网点, the newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from toolkit.model import office_sheets as o
from toolkit.office.store import Receipt
from toolkit.office.whole import Delivery, only_there, opened, overlap
from toolkit.rules.office.regions import region_of


@dataclass(frozen=True)
class Regions:
    """`listed`: 网点 → 地区, None if no list was given. `several`: more than one folder was given."""

    listed: Mapping[str, str] | None
    several: bool = False

    def of(self, receipt: Receipt, branch: str) -> str:
        parts = Path(receipt.file).parts
        folder = parts[1] if len(parts) > 2 else parts[0] if self.several else ""
        return region_of(branch, receipt.institution, folder, self.listed)


@dataclass
class Chosen:
    """`deliveries` count. `collection`: rows of 收集情况. `conflicts`: rows of 重复与冲突 about whole workbooks.
    `regions`: 网点 → 地区."""

    deliveries: list[Delivery] = field(default_factory=list)
    collection: list[dict[str, object]] = field(default_factory=list)
    conflicts: list[dict[str, object]] = field(default_factory=list)
    regions: dict[str, str] = field(default_factory=dict)


def chosen(receipts: Sequence[Receipt], store: Path, regions: Regions, scratch: Path) -> Chosen:
    """Of the receipts without error: equal contents once, of two workbooks of one 网点 with the same loans the one
    whose 操作日志 is newer; two with different loans both count."""
    newest_first = sorted(receipts, key=lambda receipt: receipt.file)
    newest_first.sort(key=lambda receipt: receipt.last_run, reverse=True)
    out = Chosen()
    once: dict[str, Receipt] = {}
    for receipt in newest_first:
        if receipt.delivery in once:
            first = once[receipt.delivery].file
            _listed(out, receipt, o.DUPLICATE, [f"与“{first}”内容完全相同，只计一次"], regions)
        else:
            once[receipt.delivery] = receipt
    candidates = list(once.values())
    replaced = _replaced(candidates, out, store, scratch)
    for receipt in candidates:
        region = regions.of(receipt, receipt.home)
        notes = list(receipt.notes)
        if receipt.delivery in replaced:
            _listed(out, receipt, o.DUPLICATE, [replaced[receipt.delivery], *notes], regions)
            continue
        for branch in receipt.branches:
            out.regions.setdefault(branch, regions.of(receipt, branch))
        rank = len(out.deliveries)
        out.deliveries.append(
            Delivery(
                receipt.delivery, receipt.folder, receipt.file, rank, receipt.institution or "（未填写机构）", region
            )
        )
        _listed(out, receipt, o.WARNED if notes else o.TAKEN, notes, regions)
    return out


def _replaced(candidates: Sequence[Receipt], out: Chosen, store: Path, scratch: Path) -> dict[str, str]:
    """delivery → why a newer workbook of its 网点 counts instead; other pairs of one 网点 get a note."""
    homes = pd.Series([receipt.home for receipt in candidates], dtype="object")
    shared_homes = set(homes[homes.duplicated() & (homes != "")])
    rivals = [receipt for receipt in candidates if receipt.home in shared_homes]
    if not rivals:
        return {}
    why: dict[str, str] = {}
    known = [Delivery(one.delivery, one.folder, one.file, rank, "", "") for rank, one in enumerate(rivals)]
    with opened(store, known, {}, scratch) as connection:
        for number, older in enumerate(rivals):
            for newer in rivals[:number]:
                if newer.home != older.home or newer.delivery in why:
                    continue
                shared, fewer = overlap(connection, older.delivery, newer.delivery)
                if fewer and 2 * shared >= fewer:
                    lost = only_there(connection, older.delivery, newer.delivery)
                    why[older.delivery] = f"与“{newer.file}”同属“{older.home}”，以操作日志较新的那份为准" + (
                        f"；只在本份中的回访记录 {lost} 条未计入，请网点合并后重交" if lost else ""
                    )
                    out.conflicts.append(
                        {
                            "kind": "同一网点有几份工作簿", "contract_no": "", "kept": newer.file,
                            "what": f"网点 {older.home}，相同合同 {shared} 份；以操作日志较新的为准",
                            "dropped": older.file, "rows": lost,
                        }
                    )  # fmt: skip
                    break
                older.notes.append(f"与“{newer.file}”同属“{older.home}”而贷款不同，两份都已汇总")
    return why


def not_taken(receipt: Receipt, state: str, note: str, regions: Regions) -> dict[str, object]:
    """A row of 收集情况 for what could not be used or did not come."""
    out = Chosen()
    _listed(out, receipt, state, [note], regions)
    return out.collection[0]


def _listed(out: Chosen, receipt: Receipt, state: str, notes: Sequence[str], regions: Regions) -> None:
    names = list(receipt.branches) or [receipt.home]
    out.collection.append(
        {
            "state": state,
            "file": receipt.file,
            "institution": receipt.institution,
            "branches": "、".join(names[:10]) + (f" 等 {len(names)} 个" if len(names) > 10 else ""),
            "region": regions.of(receipt, receipt.home) if receipt.home else "",
            "version": receipt.version,
            **{kind: receipt.counts.get(kind) for kind in ("loans", "visits", "records", "issues")},
            "note": "；".join(notes),
            "delivery": receipt.delivery.partition("_")[0],
        }
    )
