"""Hints at invented records: what one person's records show together, each with its evidence (一、(三)1.; 七、(一)2.).

Each function is `(situation, rule) -> findings`. What concerns a person's work as a whole points at the name in
回访人员, so that no single record is called false; only a person can find that out. Where colleagues are the measure a
habit of the whole branch is no hint. The thresholds are printed in docs/校验规则.md.
"""

import pandas as pd

from toolkit.model import reading, sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, findings, no_findings
from toolkit.rules.checks.answers import ANSWERED, folded_text
from toolkit.rules.checks.overlaps import partners
from toolkit.rules.checks.situation import Situation, each_distinct

TITLE = sheets.RECORDS.title
SPOKEN = (v.PHONE_CALL, v.FACE_TO_FACE)

ENOUGH_VISITS = 30  # fewer of one person, or of all others, say nothing of habits
MOST_LIKELY = 0.001  # a spotless row that luck would give less often than this is no luck
HABIT, COMMON = 0.9, 0.5  # so much of one person's, so much at most of the others'
TELLING_CONTENT, CONTENT_CUSTOMERS = 30, 10
MINUTES_OF_A_DAY, MEETINGS_OF_A_DAY, CONTACTS_OF_A_DAY = 600, 20, 100
BULK_RECORDS, BULK_DAYS = 20, 10
ROUND_MINUTES, ROUND_START = 5, 30
_NAMED_DAYS, _NAMED_ROWS = 3, 5


def _of_people(situation: Situation, rule: Rule, evidence: pd.Series) -> pd.DataFrame:
    """One finding on 姓名 in 回访人员 for each visitor key of `evidence`; who is not on the staff is told elsewhere."""
    staff = situation.table(sheets.VISITORS).data
    keys = each_distinct(staff["name"], reading.name_key)
    keys = keys[~keys.duplicated() & keys.isin(evidence.index)]
    if keys.empty:
        return no_findings()
    message = staff.loc[keys.index, "name"] + "：" + keys.map(evidence)
    return findings(rule, sheets.VISITORS.title, staff.loc[keys.index], "name", message)


def _places(rows: pd.Series) -> str:
    """第 3、5、9 行, the first few only."""
    named = "、".join(str(int(row)) for row in sorted(rows)[:_NAMED_ROWS])
    return f"回访记录第 {named} 行" + (" 等" if len(rows) > _NAMED_ROWS else "")


def _against_others(people: pd.Series, trait: pd.Series) -> pd.DataFrame:
    """By visitor key: n, share with the trait, and the same of all others; those with too few visits left out."""
    own = trait.astype("float64").groupby(people).agg(n="size", hits="sum")
    own["others"] = own["n"].sum() - own["n"]
    own["others_share"] = (own["hits"].sum() - own["hits"]) / own["others"].where(own["others"] > 0)
    own["share"] = own["hits"] / own["n"]
    return own[(own["n"] >= ENOUGH_VISITS) & (own["others"] >= ENOUGH_VISITS)]


def copied_content(situation: Situation, rule: Rule) -> pd.DataFrame:
    """One long 回访内容 for many customers of one visitor."""
    made = situation.made
    said = each_distinct(made["content"], folded_text)
    made = made.assign(said=said)[said.str.len() >= TELLING_CONTENT]
    made = made.assign(customers=made.groupby(["visitor_key", "said"])["customer"].transform("nunique"))
    made = made[made["customers"] >= CONTENT_CUSTOMERS].sort_values("customers", ascending=False, kind="stable")
    evidence = {
        who: f"{same['customers'].iloc[0]} 名客户的回访内容一字不差（{_places(same['row'])}）"
        for who, own in made.groupby("visitor_key", sort=False)
        for same in [own[own["said"] == own["said"].iloc[0]]]
    }
    return _of_people(situation, rule, pd.Series(evidence, dtype="object"))


def never_a_flaw(situation: Situation, rule: Rule) -> pd.DataFrame:
    """Not one 否 and not one 满意度 below 5, where colleagues meet them too often for that to be luck."""
    made = situation.made
    answers = made[list(sheets.CHECK_FIELDS)]
    made, answers = made[answers.isin(ANSWERED).any(axis=1)], answers[answers.isin(ANSWERED).any(axis=1)]
    flaw = (answers == v.NO).any(axis=1) | (made["satisfaction"] < 5)
    seen = _against_others(made["visitor_key"], flaw)
    seen = seen[(seen["hits"] == 0) & ((1 - seen["others_share"]) ** seen["n"] < MOST_LIKELY)]
    text = [
        f"{row.n} 次成功回访没有一个“否”、没有一次满意度低于 5，其他人员有 {row.others_share:.0%} 的回访遇到"
        for row in seen.itertuples()
    ]
    return _of_people(situation, rule, pd.Series(text, index=seen.index, dtype="object"))


def too_many_a_day(situation: Situation, rule: Rule) -> pd.DataFrame:
    """More contacts, meetings or minutes on one day than a day holds; one contact over several loans counts once."""
    made = situation.made
    made = made[made["method"].isin(SPOKEN)].drop_duplicates(["visitor_key", "visited_on", "customer", "seconds"])
    made = made.assign(meeting=made["method"] == v.FACE_TO_FACE)
    day = made.groupby(["visitor_key", "visited_on"]).agg(
        contacts=("row", "size"), minutes=("minutes", "sum"), meetings=("meeting", "sum")
    )
    over = (day["minutes"] > MINUTES_OF_A_DAY) | (day["meetings"] > MEETINGS_OF_A_DAY)
    day = day[over | (day["contacts"] > CONTACTS_OF_A_DAY)].reset_index()
    day["text"] = [
        f"{row.visited_on:%Y-%m-%d} 成功回访 {row.contacts} 次（其中面谈 {row.meetings} 次）合计 {row.minutes:g} 分钟"
        for row in day.itertuples()
    ]
    return _of_people(situation, rule, _joined(day, "text"))


def _joined(frame: pd.DataFrame, name: str) -> pd.Series:
    """The first few texts of each visitor key, in one."""
    parts = {
        who: "；".join(texts[:_NAMED_DAYS]) + (f"；等 {len(texts)} 日" if len(texts) > _NAMED_DAYS else "")
        for who, texts in frame.groupby("visitor_key", sort=False)[name].agg(list).items()
    }
    return pd.Series(parts, dtype="object")


def round_minutes(situation: Situation, rule: Rule) -> pd.DataFrame:
    """Nearly every 时长 a multiple of five, unlike the colleagues'."""
    made = situation.made
    made = made[made["method"].isin(SPOKEN) & (made["minutes"] > 0)]
    return _habit(situation, rule, made, made["minutes"] % ROUND_MINUTES == 0, f"时长是 {ROUND_MINUTES} 分钟的整倍数")


def round_start(situation: Situation, rule: Rule) -> pd.DataFrame:
    """Nearly every 开始时间 on the hour or half hour, unlike the colleagues'."""
    made = situation.made
    made = made[made["method"].isin(SPOKEN) & made["seconds"].notna()]
    return _habit(situation, rule, made, made["seconds"] % (ROUND_START * 60) == 0, "开始时间是整点或半点")


def _habit(situation: Situation, rule: Rule, made: pd.DataFrame, trait: pd.Series, what: str) -> pd.DataFrame:
    seen = _against_others(made["visitor_key"], trait)
    seen = seen[(seen["share"] >= HABIT) & (seen["others_share"] <= COMMON)]
    text = [
        f"{row.n} 次回访中 {row.share:.0%} 的{what}，其他人员为 {row.others_share:.0%}" for row in seen.itertuples()
    ]
    return _of_people(situation, rule, pd.Series(text, index=seen.index, dtype="object"))


def entered_in_bulk(situation: Situation, rule: Rule) -> pd.DataFrame:
    """Records of many days submitted on one."""
    made = situation.made
    by_day = made[made["submitted_on"].notna()].groupby(["visitor_key", "submitted_on"])
    day = by_day.agg(records=("row", "size"), begin=("visited_on", "min"), end=("visited_on", "max")).reset_index()
    span = (day["end"] - day["begin"]).dt.days
    day = day[(day["records"] >= BULK_RECORDS) & (span >= BULK_DAYS)]
    day = day.assign(
        text=[
            f"{row.submitted_on:%Y-%m-%d} 提交 {row.records} 条，回访日期为 {row.begin:%Y-%m-%d} 至 {row.end:%Y-%m-%d}"
            for row in day.itertuples()
        ]
    )
    return _of_people(situation, rule, _joined(day, "text"))


def two_visitors_at_once(situation: Situation, rule: Rule) -> pd.DataFrame:
    """One customer with two visitors at one time; the later record is marked."""
    made = situation.made
    # A 工号 or a slip of the pen is no second person.
    staff = each_distinct(situation.table(sheets.VISITORS).data["name"], reading.name_key)
    made = made[made["visitor_key"].isin(staff)]
    partner = partners(made, "customer", "visitor_key")
    later = partner[(partner > 0) & (partner < made["row"].reindex(partner.index))].sort_index()
    message = "同一客户同时由两人回访，另见第 " + later.astype(str).astype("object") + " 行"
    return findings(rule, TITLE, situation.records.loc[later.index], "started_at", message)
