"""The draw (七、(一)2.): at random by visitor and method, every 重大 issue, and more where there is a risk.

Chance comes from SHA-256 alone: a record's random number is the digest of "seed|k|identity", k = 0. In each stratum the
records with the smallest numbers are drawn, so any machine (or a few lines in any language) draws the same again, the
order of rows plays no part, and a record that comes later changes little. For the risk-weighted picks a record of
weight w has w numbers (k = 1 … w) and takes part with the smallest, which makes it w times as likely to be drawn.
"""

import math
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd

RANDOM, CRITICAL = "随机抽取", "重大问题"
BETWEEN_REASONS = "；"
WAY = (
    "每条记录的随机数＝SHA-256(“种子|0|记录标识”)，各层（回访人员×方式）取最小的若干条；"
    "每人抽取数＝记录数×抽查比例进位取整，且不少于每人最少抽查，按方式分配；另加全部重大问题、时间冲突的记录，"
    "以及每人按风险权重加抽“每人最少抽查”条（权重为 w 的取 w 个随机数中最小者）"
)


@dataclass(frozen=True)
class Drawn:
    """`reasons`: 抽查原因 per drawn record, index of the population. `random`, `critical`, `risky`: bool per record of
    the population; `quota`: number drawn at random by (visitor, method)."""

    reasons: pd.Series
    random: pd.Series
    critical: pd.Series
    risky: pd.Series
    quota: pd.Series


def random_numbers(identity: pd.Series, seed: int, turn: int = 0) -> pd.Series:
    """64 hexadecimal digits per record; compared as text they are compared as numbers."""
    return identity.map(lambda one: sha256(f"{seed}|{turn}|{one}".encode()).hexdigest())


def person_quota(records: int, share: float, minimum: int) -> int:
    """How many of a person's records are drawn at random."""
    wanted = math.ceil(round(records * share / 100, 9))
    return min(records, max(wanted, minimum))


def allotted(sizes: dict[str, int], quota: int) -> dict[str, int]:
    """`quota` over the methods of a person (sizes: records by method): one each as far as it goes, larger methods
    first, the rest in proportion (the next goes where records per draw are most)."""
    order = sorted(sizes, key=lambda method: (-sizes[method], method))
    out = {method: int(place < quota) for place, method in enumerate(order)}
    for _ in range(quota - sum(out.values())):
        free = [method for method in order if out[method] < sizes[method]]
        out[max(free, key=lambda method: sizes[method] / (out[method] + 0.5))] += 1
    return out


def draw(
    records: pd.DataFrame, seed: int, share: float, minimum: int, critical: pd.Series, risks: pd.DataFrame
) -> Drawn:
    """`records`: the population. `critical`: bool per record. `risks`: weight (int), reason, certain (bool) per record
    at risk."""
    sizes = records.groupby(["visitor", "method"]).size()
    quotas: dict[tuple[str, str], int] = {}
    for visitor, of_person in sizes.reset_index(name="size").groupby("visitor"):
        by_method = dict(zip(of_person["method"], of_person["size"].astype(int), strict=True))
        wanted = person_quota(sum(by_method.values()), share, minimum)
        quotas |= {(str(visitor), method): n for method, n in allotted(by_method, wanted).items()}
    quota = pd.Series(quotas, dtype="int64").reindex(sizes.index) if quotas else sizes.astype("int64")
    place = _places(records, random_numbers(records["identity"], seed), ["visitor", "method"])
    limit = pd.MultiIndex.from_frame(records[["visitor", "method"]])
    random = place < pd.Series(quota.reindex(limit).to_numpy(), index=records.index)

    at_risk = risks.reindex(records.index[records.index.isin(risks.index)])
    certain = pd.Series(records.index.isin(at_risk.index[at_risk["certain"]]), index=records.index)
    left = records.loc[at_risk.index][~(random | critical | certain)[at_risk.index]]
    lightest = _lightest(left["identity"], at_risk["weight"], seed)
    picked = _places(left, lightest, ["visitor"]) < minimum
    risky = certain | pd.Series(records.index.isin(picked.index[picked]), index=records.index)

    reasons = pd.Series("", index=records.index, dtype="object")
    for flag, text in ((random, RANDOM), (critical, CRITICAL)):
        reasons = joined(reasons, pd.Series(text, index=records.index, dtype="object").where(flag, ""))
    told = at_risk["reason"].reindex(records.index).fillna("").astype("object")
    drawn = random | critical | risky
    # A record drawn for another reason tells its risks too: the reviewer should know them.
    reasons = joined(reasons, told.where(drawn, ""))
    return Drawn(reasons[drawn], random, critical, risky, quota)


def _places(records: pd.DataFrame, number: pd.Series, by: list[str]) -> pd.Series:
    """0 for the smallest number within its group, and so on; index of `records`."""
    order = records[by].assign(number=number, identity=records["identity"])
    order = order.sort_values(["number", "identity"], kind="stable")
    return order.groupby(by, sort=False).cumcount().reindex(records.index)


def _lightest(identity: pd.Series, weight: pd.Series, seed: int) -> pd.Series:
    """The smallest of as many numbers as the record weighs."""
    weight = weight.reindex(identity.index)
    out = random_numbers(identity, seed, 1)
    for turn in range(2, int(weight.max()) + 1 if len(weight) else 0):
        again = random_numbers(identity[weight >= turn], seed, turn)
        out[again.index] = out[again.index].where(out[again.index] <= again, again)
    return out


def joined(before: pd.Series, more: pd.Series) -> pd.Series:
    """Reasons beside each other; either may be ""."""
    both = (before != "") & (more != "")
    return before + pd.Series(BETWEEN_REASONS, index=before.index, dtype="object").where(both, "") + more
