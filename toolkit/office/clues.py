"""What no branch can see alone: each clue one question to the store, in the order of 跨网点线索.

A clue is for a person to look into; phone and ID numbers are masked, contract numbers lead to the rows.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from toolkit.model import office_sheets as o
from toolkit.model.masking import mask_id, mask_phone, mask_text

MANY_CUSTOMERS = 3  # as the check of one branch has it (contract, section 4)
_NAMED = 8


@dataclass(frozen=True)
class Clue:
    """`query` gives what, branches, count, places (contract numbers with their files, a list). Each first finds what
    several share by counting alone, since lists of places of every phone and text would not fit into memory."""

    kind: str
    clause: str
    query: str
    masked: str = ""  # phone, id


_PLACE = "at_contract || '（' || source_file || '）'"
_PLACES = f"list(DISTINCT {_PLACE} ORDER BY {_PLACE}) AS places"
_BRANCHES = "string_agg(DISTINCT at_branch, '、' ORDER BY at_branch) AS branches"
# By hash, since numbers are what an aggregate can put on the disk.
_SEVERAL = "min(hash(at_branch)) < max(hash(at_branch))"

CLUES: tuple[Clue, ...] = (
    Clue(
        "几个网点的客户共用一个电话",
        "一、(三)1.",
        f"""WITH said AS (SELECT * FROM (
            SELECT phone, at_person, at_branch, at_contract, source_file FROM loans WHERE kept
            UNION ALL SELECT phone, at_person, at_branch, at_contract, source_file FROM records WHERE kept)
            WHERE length(phone) >= 7 AND at_person <> '' AND at_branch <> '')
        SELECT phone AS what, {_BRANCHES}, count(DISTINCT at_person) AS count, {_PLACES}
        FROM said SEMI JOIN (SELECT phone FROM said GROUP BY phone HAVING {_SEVERAL}) USING (phone)
        GROUP BY phone HAVING count(DISTINCT at_person) > 1 AND count(DISTINCT at_branch) > 1""",
        "phone",
    ),
    Clue(
        "同一证件在几个网点有贷款",
        "六、(一)2.",
        f"""WITH said AS (SELECT * FROM loans WHERE kept AND length(id_number) >= 8 AND at_branch <> '')
        SELECT id_number AS what, {_BRANCHES}, count(*) AS count, {_PLACES}
        FROM said SEMI JOIN (SELECT id_number FROM said GROUP BY ALL HAVING {_SEVERAL})
            USING (id_number)
        GROUP BY id_number HAVING count(DISTINCT at_branch) > 1""",
        "id",
    ),
    Clue(
        "同一人员对多名客户的反馈文字相同",
        "一、(三)1.",
        f"""WITH said AS (SELECT * FROM records WHERE kept AND at_text <> '' AND at_visitor <> '' AND at_person <> '')
        SELECT at_visitor || '：' || min(feedback) AS what, {_BRANCHES}, count(DISTINCT at_person) AS count, {_PLACES}
        FROM said SEMI JOIN (SELECT at_visitor, at_text FROM said GROUP BY ALL HAVING count(*) >= {MANY_CUSTOMERS})
            USING (at_visitor, at_text)
        GROUP BY at_visitor, at_text HAVING count(DISTINCT at_person) >= {MANY_CUSTOMERS}""",
    ),
    Clue(
        "不同网点的反馈文字相同",
        "一、(三)1.",
        f"""WITH said AS (SELECT * FROM records WHERE kept AND at_text <> '' AND at_person <> '' AND at_branch <> '')
        SELECT min(feedback) AS what, {_BRANCHES}, count(DISTINCT at_person) AS count, {_PLACES}
        FROM said SEMI JOIN (SELECT at_text FROM said GROUP BY ALL
                             HAVING count(*) >= {MANY_CUSTOMERS} AND {_SEVERAL}) USING (at_text)
        GROUP BY at_text
        HAVING count(DISTINCT at_person) >= {MANY_CUSTOMERS} AND count(DISTINCT at_branch) > 1
           AND count(DISTINCT at_visitor) > 1""",
    ),
    Clue(
        "同一客户的同类问题在另一网点再次发生",
        "六、(三)3.",
        f"""SELECT category || '：' || strftime(min(found_on), '%Y-%m-%d') || ' 至 '
               || strftime(max(found_on), '%Y-%m-%d') AS what, {_BRANCHES}, count(*) AS count, {_PLACES}
        FROM (SELECT *, lag(found_on) OVER w AS earlier, lead(found_on) OVER w AS later,
                     count(DISTINCT at_branch) OVER (PARTITION BY at_person, category) AS many
              FROM issues WHERE kept AND at_person <> '' AND category <> '' AND at_grade <> '无问题'
                AND found_on IS NOT NULL
              WINDOW w AS (PARTITION BY at_person, category ORDER BY found_on, at_branch))
        WHERE many > 1 AND (date_diff('day', earlier, found_on) <= $days OR date_diff('day', found_on, later) <= $days)
        GROUP BY at_person, category HAVING count(DISTINCT at_branch) > 1""",
    ),
)


def clues(connection: Any, recurrence_days: int) -> pd.DataFrame:
    """Rows of 跨网点线索."""
    parts = []
    for clue in CLUES:
        given = {"days": recurrence_days} if "$days" in clue.query else None
        rows = connection.execute(f"SELECT * FROM ({clue.query}) ORDER BY count DESC, what, branches", given).df()
        mask = {"phone": mask_phone, "id": mask_id}.get(clue.masked, mask_text)
        rows["what"] = [mask(text) for text in rows["what"]]
        rows["places"] = [_some(places) for places in rows["places"]]
        parts.append(rows.assign(kind=clue.kind, clause=clue.clause))
    return pd.concat(parts, ignore_index=True)[list(o.CLUES.names)]


def _some(places: Any) -> str:
    rest = len(places) - _NAMED
    return "、".join(places[:_NAMED]) + (f" 等 {len(places)} 处" if rest > 0 else "")
