"""问题分类 by words: whose words count, what they add to the check answers, tables of the risk department.

Requirements
- contract, section 4: check answers and the words of 客户反馈/回访内容 both count; what cannot be told is 待定级
  with its candidates; satisfaction, suggestions and other needs are no issue.
- 标注说明 二: 逾期 also where the customer denies it and the ledger shows it; 三、(四)1.: the agreed
  use is no diversion.
- section 2: 分类规则 (and its 分类词组) is the risk department's: obeyed at once, a broken cell is refused by name.
- 六、(一): a sheet shows where people overrule rules; 三、(六): suggestions and needs apart, each with a receiver.
"""

import datetime as dt

import pandas as pd
import pytest
from test_classify import added, cells, record, register, run

from toolkit.model import sheets
from toolkit.model.errors import ToolkitError
from toolkit.rules.issues.heard import reported_part
from toolkit.rules.issues.overruled import overruled
from toolkit.rules.issues.rule_sheet import shipped_groups, shipped_rules
from toolkit.rules.issues.trials import shipped_trials

GAMBLED = "钱都拿去炒股了"


def told(**cells_of) -> list[tuple[str, str]]:
    issues = added(run(records=[record(**cells_of)]))
    return list(zip(issues["category"], issues["severity"], strict=True))


def edit(outcome, sheet):
    return next(edit for edit in outcome.edits if edit.sheet is sheet)


@pytest.mark.parametrize(
    ("cells_of", "expected"),
    [
        ({"feedback": GAMBLED}, [("挪用资金", "重大")]),
        ({"feedback": "贷款一直没到账。"}, [("资金未及时到账", "重要")]),
        ({"feedback": "客户对服务满意，没有意见"}, []),
        ({"feedback": "没有逾期，没有挪用"}, []),
        ({"feedback": "建议多开几个窗口"}, []),
        ({"feedback": "想办张信用卡"}, []),
        ({"feedback": "好的，知道了"}, []),
        ({"feedback": "已告知，已解释；详见备注"}, []),
        ({"feedback": "5"}, []),
        ({"feedback": "已解释，钱都拿去炒股了"}, [("挪用资金", "重大")]),
        # 回访内容: what was asked or explained is not what the customer said.
        ({"content": "询问是否挪用、是否炒股，提醒逾期后果，核对资金去向"}, []),
        ({"content": "告知逾期会上征信，讲解投诉渠道"}, []),
        ({"content": "询问用途，客户承认钱拿去炒股了"}, [("挪用资金", "重大")]),
        ({"content": "核对用途，客户称没有炒股"}, []),
        ({"remark": "已约下周面谈"}, []),
        ({"suggestion": "催收的半夜砸门，还骂老人"}, [("投诉/维权/媒体", "重大")]),
        ({"suggestion": "材料清单能不能发电子版"}, []),
        # Unsuccessful visits: only what is grave, and no 失联 from words.
        ({"result": "拒访", "feedback": "要去银保监局投诉你们"}, [("投诉/维权/媒体", "重大")]),
        ({"result": "拒访", "remark": "客户正忙，不便多谈"}, []),
        ({"result": "未接通", "remark": "响铃无人接听"}, []),
        ({"result": "未接通", "feedback": "打了五次电话都联系不上"}, []),
    ],
)
def test_whose_words_count(cells_of, expected):
    assert told(**cells_of) == expected


def test_words_raise_a_no_and_never_lighten_it():
    assert told(use_1="否", feedback=GAMBLED) == [("挪用资金", "重大")]
    assert told(apply_2="否", feedback="就是手续有点繁琐")[-1] == ("虚假资料/欺诈", "重大")
    issue = added(run(records=[record(use_1="否", feedback=GAMBLED)])).iloc[0]
    assert issue["rule"] == "C10（六、(一)2.）；W101（六、(一)3.）"
    assert issue["evidence"].startswith("使用1_用途合规=否；客户说“")


def test_what_cannot_be_told_waits_with_its_candidates():
    text = "第三方来的人说是经理亲戚，让再考虑考虑"
    issues = added(run(records=[record(feedback=text)]))
    for issue in issues.to_dict("records"):
        assert issue["severity"] != "待定级" or ("候选：" in issue["evidence"] and issue["state"] == "待定级")


def test_a_second_run_changes_nothing_and_staff_win():
    rows = [record(feedback=GAMBLED, visit_no="V1"), record("HT002", feedback="手头有点紧，怕还不上", visit_no="V2")]
    first = run(records=rows)
    again = run(records=rows, issues=register(first))
    assert (cells(again), added(again).empty) == ({}, True)
    judged = [row | {"manual_grading": "无问题", "manual_reason": "核实为玩笑"} for row in register(first)]
    outcome = run(records=rows, issues=judged)
    assert added(outcome).empty
    assert {field for _, field in cells(outcome)} == {"report_due_on", "remedy_due_on", "escalation_due_on"}
    mended = [row | {"feedback": "客户表示一切正常"} for row in rows]
    outcome = run(records=mended, issues=register(first))
    assert (cells(outcome), added(outcome).empty) == ({}, True)
    assert any("未删除" in warning for warning in outcome.warnings)


LOAN = {
    "contract_no": "HT001",
    "customer_name": "林晓舟",
    "status": "使用中",
    "purpose": "家庭装修",
    "disbursed_on": "2026-01-05",
    "grade": "关注",
}
OWED = [{"contract_no": "HT001", "term_no": 1, "due_on": "2026-06-20", "due_amount": 1000}]


def test_the_agreed_use_is_no_diversion():
    rows = [record(feedback="贷款拿去装修房子了")]
    assert added(run(records=rows, loans=[LOAN])).empty
    assert added(run(records=rows, loans=[LOAN | {"purpose": "购买原材料"}]))["category"].tolist() == ["挪用资金"]


@pytest.mark.parametrize(("due", "found"), [("2026-07-07", ["逾期"]), ("2026-07-08", [])])
def test_overdue_denied_by_the_customer_and_shown_by_the_ledger(due, found):
    schedule = [OWED[0] | {"due_on": due}]
    outcome = run(records=[record(feedback="没有逾期")], loans=[LOAN], schedule=schedule)
    issues = added(outcome)
    assert issues["category"].tolist() == found
    if found:
        assert issues["rule"].tolist() == ["L02（六、(一)2.）"]
        assert "台账：自 2026-07-07 起逾期，五级分类 关注" in issues["evidence"].iloc[0]


def test_visitors_sentences_are_cut():
    text = "询问用途，提醒按期还款。客户反映放款晚了三天，影响进货。核对资金去向。"
    assert reported_part(text) == "客户反映放款晚了三天，影响进货。"


# --- 分类规则, 分类词组, 规则测试 -----------------------------------------------------------------------------

RULES, GROUPS = shipped_rules(), shipped_groups()
OWN = {
    "code": "W901",
    "enabled": "是",
    "category": "挪用资金",
    "severity": "重大",
    "phrases": "养了一缸锦鲤",
    "note": "本行自定",
}


def test_the_shipped_sheets_judge_as_the_built_in_tables():
    rows = [record(f"A{i}", feedback=trial["text"]) for i, trial in enumerate(shipped_trials())]
    pd.testing.assert_frame_equal(added(run(records=rows)), added(run(records=rows, rules=RULES, groups=GROUPS)))


def test_a_new_rule_is_obeyed_at_once():
    rows = [record(feedback="养了一缸锦鲤"), record("HT002", feedback="鱼塘一切正常")]
    issues = added(run(records=rows, rules=[*RULES, OWN]))
    assert issues[["contract_no", "severity"]].values.tolist() == [["HT001", "重大"]]
    assert issues["rule"].tolist() == ["W901（六、(一)3.）"]
    assert "“养了一缸锦鲤”" in issues["evidence"].iloc[0]


def test_a_rule_switched_off_is_not_brought_back_by_the_model():
    off = [row | {"enabled": "否"} if row["code"] == "W101" else row for row in RULES]
    assert added(run(records=[record(feedback=GAMBLED)], rules=off)).empty


def test_a_word_added_to_a_group_counts():
    own = [row | {"words": row["words"] + "、龟背竹盘"} if row["group"] == "炒股" else row for row in GROUPS]
    issues = added(run(records=[record(feedback="贷款拿去买龟背竹盘了")], rules=RULES, groups=own))
    assert issues[["category", "severity"]].values.tolist() == [["挪用资金", "重大"]]


@pytest.mark.parametrize(
    ("change", "cell", "word"),
    [
        ({"phrases": "{没有这组}"}, "G2", "没有这组"),
        ({"phrases": "逾期…"}, "G2", "写法不对"),
        ({"holds_when": "平时"}, "H2", "仍适用"),
        ({"unless": "{没有这组}"}, "I2", "没有这组"),
        ({"check": "使用1_用途合规"}, "C2", "同时填写"),
        ({"severity": "严重"}, "F2", "严重"),
        ({"code": ""}, "A2", "缺规则编号"),
        ({"phrases": "{没有这组}", "enabled": "否"}, "G2", "没有这组"),
    ],
)
def test_a_broken_word_rule_is_refused_by_cell(change, cell, word):
    with pytest.raises(ToolkitError) as refusal:
        run(records=[record()], rules=[OWN | change])
    assert f"“分类规则”表 {cell}" in str(refusal.value)
    assert word in str(refusal.value)


@pytest.mark.parametrize(
    ("row", "place", "word"),
    [
        ({"group": "错别字", "words": "欲期了=逾期"}, "B2", "字数须相同"),
        ({"group": "错别字", "words": "欲期"}, "B2", "不是一对错别字"),
        ({"group": "新组", "words": ""}, "B2", "词组须有"),
    ],
)
def test_a_broken_word_group_is_refused_by_cell(row, place, word):
    rest = [group for group in GROUPS if group["group"] != row["group"]]
    with pytest.raises(ToolkitError) as refusal:
        run(records=[record()], groups=[row, *rest])
    assert f"“分类词组”表 {place}" in str(refusal.value)
    assert word in str(refusal.value)


def test_a_group_that_the_scope_needs_must_stay():
    with pytest.raises(ToolkitError, match="缺词组“否定词”"):
        run(records=[record()], groups=[group for group in GROUPS if group["group"] != "否定词"])


def test_trials_are_tried_and_failures_told():
    trials = [*shipped_trials(), {"text": "贷款一直没到账。", "expected": "一般、无问题"}, {"text": "随手记的一句"}]
    outcome = run(records=[], trials=trials)
    written = edit(outcome, sheets.RULE_TRIALS).cells
    verdicts = written[written["field"] == "verdict"].set_index("row")["value"]
    last = len(trials) + 1
    assert verdicts[last - 1] == "不通过"
    assert last not in verdicts.index
    assert set(verdicts.drop(last - 1)) == {"通过"}
    assert [warning for warning in outcome.warnings if f"规则测试 A{last - 1}：" in warning]


# --- 认定对照, 建议与需求 ---------------------------------------------------------------------------------


def test_overrules_are_counted_per_rule():
    issues = pd.DataFrame(
        [
            ("WT1", "重大", "W101、W110（六、(一)3.）", "重要", "已归还"),
            ("WT2", "重大", "W101（六、(一)3.）；C10（六、(一)2.）", "重大", ""),
            ("WT3", "待定级", "W101（六、(一)3.）", "无问题", ""),
            ("WT4", "重要", "C10（六、(一)2.）", "", ""),
        ],
        columns=["issue_no", "severity", "rule", "manual_grading", "manual_reason"],
    )
    table = overruled(issues, {"W101": "股票"}).set_index("rule")
    counts = ["found", "reviewed", "agreed", "raised", "lightened", "cleared", "graded"]
    assert table.loc["W101", counts].tolist() == [3, 3, 1, 0, 1, 0, 1]
    assert table.loc["C10", counts].tolist() == [2, 1, 1, 0, 0, 0, 0]
    assert table.loc["W101", "share"] == pytest.approx(1 / 3)
    assert table.loc["W101", "examples"] == "WT1 重大→重要：已归还"
    assert table.index[0] in ("W101", "W110")


def test_wishes_have_a_receiver_and_are_listed_once():
    rows = [
        record(suggestion="建议周末办理", other_needs="无", feedback="满意", visit_no="V1", customer_name="林晓舟"),
        record("HT002", feedback="想办张信用卡", visit_no="V2"),
        record("HT003", feedback="挺满意的", visit_no="V3"),
    ]
    outcome = run(records=rows)
    listed = edit(outcome, sheets.WISHES).append
    shown = listed[["visit_no", "kind", "text", "source", "receiver"]].values.tolist()
    assert shown == [
        ["V1", "建议", "建议周末办理", "其他1_意见建议", "风险管理部门"],
        ["V2", "其他金融需求", "想办张信用卡", "客户反馈", "业务部门"],
    ]
    staff = listed.assign(receiver="零售部", handling="已联系").to_dict("records")
    moved = [rows[0] | {"started_at": dt.time(9, 0)}, *rows[1:]]
    assert edit(run(records=moved, wishes=staff), sheets.WISHES).append.empty
