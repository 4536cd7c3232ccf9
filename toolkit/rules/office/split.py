"""A ledger read once → each 网点's share of it, and every row that nobody gets, with its place and the reason.

The rows are read, matched and folded by the rules of 导入台账; a share is what that button would have read from an
export of the branch alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.model import sheets
from toolkit.model.tables import column_letter, table_from
from toolkit.rules.ledger.merge import instalment_keys, loan_keys, one_row_per_key
from toolkit.rules.ledger.rows import Export, gather, label
from toolkit.rules.ledger.sources import Part, Reading
from toolkit.rules.planning.matching import loan_key, split_keys

LEFT_COLUMNS = ("sheet", "place", "contract_no", "reason")


@dataclass(frozen=True)
class Sums:
    """Counts and money of some rows: loans with 贷款金额, instalments with 应还金额; money unreadable counts as 0."""

    loans: int = 0
    amount: float = 0.0
    instalments: int = 0
    due_amount: float = 0.0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.loans + other.loans,
            self.amount + other.amount,
            self.instalments + other.instalments,
            self.due_amount + other.due_amount,
        )


@dataclass(frozen=True)
class Share:
    """What one 网点 gets: `parts` as in `Reading`, by sheet title."""

    branch: str
    parts: dict[str, list[Part]]
    sums: Sums
    contracts: frozenset[str]

    def reading(self) -> Reading:
        """As if an export of this branch had been read."""
        return Reading(parts=dict(self.parts))


@dataclass(frozen=True)
class Split:
    """`left`: rows nobody gets, columns `LEFT_COLUMNS`; `total` = sum of the shares + `left_sums`."""

    shares: list[Share]
    left: pd.DataFrame
    total: Sums
    left_sums: Sums


def split(found: Reading) -> Split:
    """Shares in the order in which the branches appear in the ledger. `found` must hold loans with a column 网点."""
    loans, keys, left = _single_loans(found)
    branch = loans.data["branch"]
    left.append(_left(loans, loans.data.index[branch == ""], "网点为空"))
    kinds = [_Kind(loans, branch, found.parts[sheets.LOANS.title])]
    left_sums = Sums(loans=sum(map(len, left)), amount=_money(left))
    if sheets.SCHEDULE.title in found.parts:
        owned = split_keys(keys).assign(
            disbursed_on=loans.data["disbursed_on"], matures_on=loans.data["matures_on"], key=keys
        )
        schedule, owner_branch, more = _single_instalments(found, owned, pd.Series(branch.to_numpy(), index=keys))
        kinds.append(_Kind(schedule, owner_branch, found.parts[sheets.SCHEDULE.title]))
        left_sums += Sums(instalments=sum(map(len, more)), due_amount=_money(more))
        left += more
    shares = _shares(kinds)
    rows = pd.concat(left, ignore_index=True)
    return Split(shares, rows[list(LEFT_COLUMNS)], sum((share.sums for share in shares), left_sums), left_sums)


@dataclass(frozen=True)
class _Kind:
    """Rows of one sheet and the 网点 of each ("" = nobody's)."""

    export: Export
    branch: pd.Series
    parts: Sequence[Part]


def _single_loans(found: Reading) -> tuple[Export, pd.Series, list[pd.DataFrame]]:
    """One row a loan and its key; the rows that are no certain loan."""
    export = gather([part.export for part in found.parts[sheets.LOANS.title]])
    nothing_known = table_from(sheets.LOANS, [], present=False).data
    keys = loan_keys(export, nothing_known.assign(key=loan_key(nothing_known)))
    vague = keys == ""
    left = [_left(export, export.data.index[vague], "同一合同有几张借据而本行没有借据编号，无法确定是哪一笔")]
    export, keys = export.select(~vague), keys[~vague].reset_index(drop=True)
    single, single_keys, clashes, _ = one_row_per_key(export, keys)
    for rows in clashes:
        names = [name for name in export.data.loc[rows, "branch"].unique() if name]
        reason = "同一合同出现几行且内容不同" + (f"，分属{'、'.join(names)}" if len(names) > 1 else "")
        left.append(_left(export, rows, reason))
    return single, single_keys, left


def _single_instalments(
    found: Reading, loans: pd.DataFrame, branch_of: pd.Series
) -> tuple[Export, pd.Series, list[pd.DataFrame]]:
    """One row an instalment and its loan's 网点; the rows of no loan that is given out."""
    export = gather([part.export for part in found.parts[sheets.SCHEDULE.title]])
    owners = loan_keys(export, loans)
    known = owners.isin(loans["key"])
    numbered = export.data["instalment_no"].notna()
    left = [
        _left(export, export.data.index[~known], "合同不在本次台账的可分发贷款中，或无法确定是哪张借据"),
        _left(export, export.data.index[known & ~numbered], "期次为空或无法识别"),
    ]
    usable = known & numbered
    export, owners = export.select(usable), owners[usable].reset_index(drop=True)
    keys = instalment_keys(owners, export.data["instalment_no"])
    owner_of = dict(zip(keys, owners, strict=True))
    single, single_keys, clashes, _ = one_row_per_key(export, keys)
    left += [_left(export, rows, "同一期次出现几行且内容不同") for rows in clashes]
    branch = branch_of.reindex(single_keys.map(owner_of)).reset_index(drop=True).astype("object")
    left.append(_left(single, single.data.index[branch == ""], "贷款的网点为空"))
    return single, branch, left


def _left(export: Export, rows: pd.Index, reason: str) -> pd.DataFrame:
    """Columns `LEFT_COLUMNS` and money, a row each of `rows`."""
    place = export.place.loc[rows]
    files = [label(source) for source in export.sources]
    letters = [column_letter(columns["contract_no"]) for columns in export.columns]
    source = place["source"].to_numpy(dtype=int)
    name = np.array(files, dtype=object)[source] + " " + np.array(letters, dtype=object)[source]
    money = export.data.loc[rows, "amount" if export.sheet is sheets.LOANS else "due_amount"]
    return pd.DataFrame(
        {
            "sheet": export.sheet.title,
            "place": name + place["row"].astype(str).to_numpy(dtype=object),
            "contract_no": export.data.loc[rows, "contract_no"].to_numpy(),
            "reason": reason,
            "money": money.fillna(0).to_numpy(),
        }
    )


def _money(left: list[pd.DataFrame]) -> float:
    return float(sum(rows["money"].sum() for rows in left))


def _loan_sums(data: pd.DataFrame) -> Sums:
    return Sums(loans=len(data), amount=float(data["amount"].sum()))


def _sums(export: Export) -> Sums:
    if export.sheet is sheets.LOANS:
        return _loan_sums(export.data)
    return Sums(instalments=len(export.data), due_amount=float(export.data["due_amount"].sum()))


def _shares(kinds: Sequence[_Kind]) -> list[Share]:
    groups = [kind.branch.groupby(kind.branch, sort=False).indices for kind in kinds]
    out = []
    for branch in (name for name in kinds[0].branch.unique() if name):
        parts, sums, contracts = {}, Sums(), frozenset[str]()
        for kind, places in zip(kinds, groups, strict=True):
            if branch not in places:
                continue
            mine = np.zeros(len(kind.branch), dtype=bool)
            mine[places[branch]] = True
            export = kind.export.select(pd.Series(mine))
            parts[kind.export.sheet.title] = [Part(kind.parts[0].heading, export, kind.parts[0].proposals)]
            sums += _sums(export)
            if kind.export.sheet is sheets.LOANS:
                contracts = frozenset(export.data["contract_no"])
        out.append(Share(str(branch), parts, sums, contracts))
    return out
