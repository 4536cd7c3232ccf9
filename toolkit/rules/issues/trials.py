"""Sheet 规则测试: example sentences with the grade they should get, tried against the rules in force."""

import pandas as pd

from toolkit.model import values as v
from toolkit.model.tables import Table
from toolkit.rules.words.judge import judge_notes
from toolkit.rules.words.matching import Matcher
from toolkit.rules.words.tables import rows_as_shipped, split_words

RESULTS = ("severity", "categories", "rule", "words", "verdict")


def shipped_trials() -> list[dict[str, str]]:
    """Rows of 规则测试 by field name as a fresh workbook holds them; the results are filled in by 问题分类."""
    names = {"text": "例句", "expected": "应为等级", "expected_category": "应有类别"}
    return [{name: row[header] for name, header in names.items()} for row in rows_as_shipped("word_trials")]


def tried(table: Table, words: Matcher) -> pd.DataFrame:
    """Columns `RESULTS` of every row of 规则测试, index of `table.data`; "" where nothing is asked."""
    data = table.data
    judged = judge_notes(data["text"].tolist(), words)
    judged.index = data.index
    asked = (data["text"] != "") & (data["expected"] != "")
    expected = data["expected"].map(lambda cell: set(split_words(cell.replace("，", "、").replace(",", "、"))))
    passed = [
        severity in grades and (not category or category in categories)
        for severity, grades, category, categories in zip(
            judged["severity"], expected, data["expected_category"], judged["categories"], strict=True
        )
    ]
    out = judged[["severity", "categories", "rule", "words"]].copy()
    out["categories"] = out["categories"].map("、".join).astype("object")
    out["verdict"] = pd.Series(passed, index=data.index, dtype=bool).map({True: v.PASSED, False: v.FAILED})
    return out.astype("object").where(asked, "")
