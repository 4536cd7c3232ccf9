"""The management report, read back from the rendered .docx (tests/reporting.py counts the example by hand).

- 五、(二)2. and contract, section 6: the four mandated parts in order, then earlier issues, indicators, appendix.
- 五、(二)2.: every figure in sentences and tables is the one counted from the sheets; 考核指标 of the workbook wins.
- Sentences agree with numbers: 增加/减少/持平/上期无数据; an empty period gives a short, correct report.
- 一、(三)4.: names, phones and ID numbers masked everywhere, quoted feedback and document properties included.
- 六、(二): remedies come from the issues found and nothing else; 六、(三)2.: earlier issues.
"""

from decimal import Decimal

import pytest
import reporting as r

from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.period import parse_period, previous_period, year_before
from toolkit.rules.report.context import file_name
from toolkit.rules.report.wording import compare, money, percent, rate_of


@pytest.fixture(scope="module")
def outcome():
    return r.made(r.quarter())


@pytest.fixture(scope="module")
def read(outcome):
    return r.Read(outcome.papers[0])


@pytest.fixture(scope="module")
def empty():
    return r.Read(r.made({}).papers[0])


def test_one_paper_with_its_figures_and_no_edits(outcome):
    assert outcome.edits == []
    paper, book = outcome.papers
    assert (paper.template, paper.file_name) == ("管理报告", "贷款回访报告_江州农商行_2026Q3.docx")
    assert book.file_name == "报告数据_江州农商行_2026Q3.xlsx"
    assert outcome.counts == {"到期回访": 5, "回访记录": 3, "发现问题": 4, "结转的以往问题": 2}
    assert outcome.warnings == []


def test_parts_in_the_mandated_order(read):
    headings = [p.text for p in read.document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [
        "摘  要", "一、回访基本情况", "二、发现的问题", "三、风险评估", "四、整改建议", "五、以往问题处理情况",
        "六、考核指标", "报送签收", "附表",
    ]  # fmt: skip
    assert read.paragraphs[:3] == ["关于2026年第3季度贷款回访情况的报告", "江州农商行", "（2026年9月30日）"]
    assert "管理层及相关业务部门：" in read.paragraphs


SENTENCES = [
    # 摘要
    "1.本期发现问题4项（重大1项、重要1项、一般1项、待定级1项），较上期增加2项，重大问题涉及虚假资料/欺诈1项。",
    "2.截止日期已到的回访应完成4笔，按期完成1笔，回访计划完成率25.00%，低于95%的目标，较上期下降75.00个百分点，"
    "现有逾期未访1笔。",
    "3.总体风险评级为“高”（还款能力、欺诈与违规、贷款逾期为“高”），逾期贷款1笔、余额5.00万元，占在用贷款余额的11.11%。",
    "4.结转的以往问题2项，本期销号1项，未结1项，其中超过整改时限1项。",
    # 一
    "截止日期在本期的回访5笔，涉及贷款3笔、客户3户。截至2026年9月30日，已完成2笔、待回访1笔、逾期未访1笔、已取消1笔。",
    "逾期未访1笔，其中逾期回访1笔，明细见附表1。",
    "按回访类型、回访方式、网点和回访人员统计的执行情况见表1至表4和图1。",
    "本期登记回访记录3笔（电话2笔、面谈1笔），其中成功2笔，成功率66.67%；未接通1笔（见表5）。",
    "其中1笔记录尚未填写提交日期，视为未提交风险管理部门（五、(一)1.）。",
    "2笔成功回访给出了满意度评分，平均4.50分（满分5分），较上期上升0.50分。其中评5分的1笔、评4分的1笔。",
    # 二
    "本期发现问题4项，涉及贷款3笔、客户3户，较上期增加2项。其中重大1项、重要1项、一般1项、待定级1项；"
    "已销号或当场解决1项，未结3项。",
    "1.希望增加短信提醒（1条，城东支行）",
    "本期没有收集到其他金融需求。",
    "客户提出的待答复事项1条，已答复0条，未答复1条，其中1条已超过答复时限（三、(七)3.）。",
    # 三
    "评级为“高”的事项：还款能力、欺诈与违规、贷款逾期。",
    "评级为“中”的事项：客户失联。",
    # 四
    "本期发现的4项问题中，截至2026年9月30日已反馈2项、已完成整改1项、已销号1项（见图3）。",
    "针对本期发现、尚未结清的3项问题，按类别提出整改建议（见表16），由责任部门落实，"
    "风险管理部门跟踪督促（六、(二)2.）。",
    # 五
    "本期结转以往问题2项，本期销号1项，截至2026年9月30日未结1项（见表17）。未结的问题中，超过整改时限1项（见表18）。",
    "本期没有再次出现的同类问题。",
    # 六
    "四项考核指标中达标1项、未达标3项（见表19至表22和图4）。",
]


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda text: text[:12])
def test_sentences(read, sentence):
    assert sentence in read.paragraphs


def test_summary_has_five_sentences_and_says_what_to_decide(read):
    start = read.paragraphs.index("摘  要")
    lines = read.paragraphs[start + 1 : read.paragraphs.index("一、回访基本情况")]
    assert len(lines) == 5
    assert all(line.count("。") == 1 and line.endswith("。") for line in lines)
    assert lines[-1].startswith("5.请管理层决定：（1）就1项未结的重大问题成立专项调查组")


TABLES = {
    "按回访类型统计的计划执行情况（笔）": [
        ["回访类型", "到期", "已完成", "待回访", "逾期未访", "已改期", "已取消", "按期/应完成", "完成率"],
        ["定期回访", "2", "1", "1", "0", "0", "0", "1/2", "50.00%"],
        ["逾期回访", "2", "1", "0", "1", "0", "0", "0/2", "0.00%"],
        ["专项回访", "1", "0", "0", "0", "0", "1", "0/0", "—"],
        ["合计", "5", "2", "1", "1", "0", "1", "1/4", "25.00%"],
    ],
    "各环节回访覆盖与核对情况": [
        ["环节", "到期回访（笔）", "已完成（笔）", "有核对结果的成功回访（笔）", "是", "否", "不适用", "未问"],
        ["申请", "0", "0", "0", "0", "0", "0", "0"],
        ["审批", "0", "0", "0", "0", "0", "0", "0"],
        ["发放", "0", "0", "0", "0", "0", "0", "0"],
        ["使用", "3", "1", "1", "3", "0", "0", "0"],
        ["还款", "3", "1", "1", "2", "1", "0", "0"],
    ],
    "问题按类别统计（项）": [
        ["问题类别", "重大", "重要", "一般", "待定级", "合计"],
        ["政策流程不理解", "0", "0", "1", "0", "1"],
        ["还款困难", "0", "1", "0", "0", "1"],
        ["虚假资料/欺诈", "1", "0", "0", "0", "1"],
        ["失联", "0", "0", "0", "1", "1"],
        ["合计", "1", "1", "1", "1", "4"],
    ],
    "逾期贷款按逾期天数统计": [
        ["逾期天数", "贷款（笔）", "逾期未还（万元）", "贷款余额（万元）", "占在用余额"],
        ["1至30天", "0", "0.00", "0.00", "0.00%"],
        ["31至60天", "1", "0.25", "5.00", "11.11%"],
        ["61至90天", "0", "0.00", "0.00", "0.00%"],
        ["90天以上", "0", "0.00", "0.00", "0.00%"],
        ["合计", "1", "0.25", "5.00", "11.11%"],
    ],
    "超过整改时限的以往问题": [
        ["问题编号", "客户", "问题类别", "等级", "责任部门", "整改时限", "超期（天）", "状态"],
        ["W4", "林*", "金额不符", "重要", "零售业务部", "2026-06-01", "121", "待反馈"],
    ],
    "考核指标完成情况": [
        ["指标", "分子", "分母", "指标值", "目标值", "结论"],
        ["回访计划完成率", "1", "4", "25.00%", "95%", "未达标"],
        ["回访记录准确率", "2", "2", "100.00%", "98%", "达标"],
        ["问题反馈及时率", "1", "2", "50.00%", "100%", "未达标"],
        ["问题处理解决率", "0", "1", "0.00%", "90%", "未达标"],
    ],
    "各网点考核指标": [
        ["网点", "计划完成率", "记录准确率", "反馈及时率", "处理解决率"],
        ["城东支行", "33.33%＊\n1/3", "100.00%\n2/2", "50.00%＊\n1/2", "0.00%＊\n0/1"],
        ["城西支行", "0.00%＊\n0/1", "—", "—", "—"],
    ],
    "本期逾期未访的回访": [
        ["序号", "贷款合同编号", "客户", "回访类型", "截止日期", "网点", "回访人员"],
        ["1", "HT003", "欧*", "逾期回访", "2026-08-05", "城东支行", "何青"],
    ],
    "本期发现的问题": [
        ["序号", "问题编号", "贷款合同编号", "客户", "问题类别", "等级", "状态", "整改时限"],
        ["1", "W2", "HT003", "欧*", "虚假资料/欺诈", "重大", "待反馈", "2026-10-14"],
        ["2", "W1", "HT003", "欧*", "还款困难", "重要", "整改中", "2026-09-15"],
        ["3", "W3", "HT001", "林*", "政策流程不理解", "一般", "当场解决", "—"],
        ["4", "W7", "HT002", "江州***", "失联", "待定级", "待定级", "—"],
    ],
}


@pytest.mark.parametrize("name", TABLES)
def test_tables(read, name):
    assert read.tables[name] == TABLES[name]


def test_remedies_name_department_action_and_deadline(read):
    rows = {row[1]: row[3:] for row in read.tables["问题整改建议"][1:]}
    assert list(rows) == ["虚假资料/欺诈1项（最重：重大）", "还款困难1项（最重：重要）", "失联1项（最重：待定级）"]
    assert rows["还款困难1项（最重：重要）"][0] == "公司业务部"  # 问题台账's own
    assert rows["还款困难1项（最重：重要）"][2] == "2026-09-15"
    assert "专项调查组" in rows["虚假资料/欺诈1项（最重：重大）"][1]
    assert rows["失联1项（最重：待定级）"][2] == "定级后确定"


def test_blank_remedy_deadline_comes_from_the_parameter():
    rows = r.quarter()
    rows[s.ISSUES] = [
        r.issue("W1", "V4", "HT003", "欧阳明月", "还款困难", "重要", "2026-08-25"),
    ]
    usual = r.Read(r.made(rows).papers[0]).tables["问题整改建议"][1]
    assert usual[5] == "2026-09-15"  # 15 working days after 2026-08-25
    shorter = r.made(rows, r.request(重要问题整改工作日数=3))
    assert r.Read(shorter.papers[0]).tables["问题整改建议"][1][5] == "2026-08-28"


def test_captions_are_numbered_in_document_order(read):
    body = [caption for caption in read.captions if caption.startswith("表")]
    assert [caption.split("  ")[0] for caption in body] == [f"表{i}" for i in range(1, len(body) + 1)]
    assert len(body) == 22
    appendix = [caption.split("  ")[0] for caption in read.captions if caption.startswith("附表")]
    assert appendix == ["附表1", "附表2"]


def test_masking(read):
    for name, part in read.parts().items():
        for secret in (*r.NAMES, r.PHONE, r.ID_NUMBER):
            assert secret not in part, f"{secret} in {name}"
    assert "林*说打199****1234，证件330102********1234" in read.text
    assert "欧*用他人证件330102********1234" in read.text


def test_hostile_text_survives_literally(read):
    assert "A<B & C>D {{ secret }} {% raw %} {_{ x }_} ｛｛y｝｝" in read.text
    assert "1234尾" + "长" * 2000 in read.text


def _wish(number, contract_no, kind, text, receiver, **cells):
    return {"wish_no": f"JY{number}", "visit_no": f"V{number}", "contract_no": contract_no, "kind": kind} | {
        "customer_name": r.NAMES[0], "visited_on": r.day("2026-09-10"), "text": text, "receiver": receiver
    } | cells  # fmt: skip


def test_suggestions_and_needs_as_classified_with_their_receivers():
    rows = r.quarter()
    rows[s.WISHES] = [
        _wish(1, "HT001", v.SUGGESTION, "希望增加短信提醒", "风险管理部", handled_on=r.day("2026-09-20")),
        _wish(4, "HT003", v.SUGGESTION, "林晓舟说多开窗口", "风险管理部"),
        _wish(2, "HT002", v.OTHER_NEED, "咨询结售汇", "公司业务部"),
        _wish(5, "HT001", v.OTHER_NEED, "上季度的", "公司业务部", visited_on=r.day("2026-05-08")),
    ]
    read = r.Read(r.made(rows).papers[0])
    start = read.paragraphs.index("（四）意见建议与其他金融需求")
    assert read.paragraphs[start + 1 : start + 8] == [
        "收集到意见建议2条（三、(六)1.）：",
        "1.希望增加短信提醒（1条，城东支行）",
        "2.林*说多开窗口（1条，城东支行）",
        "收集到其他金融需求1条（三、(六)2.）：",
        "1.咨询结售汇（1条，城西支行）",
        "分送风险管理部意见建议2条，已处理1条（建议与需求表）。",
        "分送公司业务部其他金融需求1条，尚未登记处理情况（建议与需求表）。",
    ]


def test_early_warning_gives_the_reasons():
    read = r.Read(r.made(r.quarter()).papers[0])
    assert read.tables["预警名单"][1:] == [
        ["1", "HT003", "欧*", "城东支行", "5.00",
         "逾期60天；重大问题未结；涉嫌欺诈违规；还款困难；客户称还款能力不稳定"],
    ]  # fmt: skip
    assert any(line.startswith("列入预警名单的贷款1笔，余额5.00万元（见表15）。") for line in read.paragraphs)
    rows = r.quarter()
    rows[s.ISSUES], rows[s.SCHEDULE] = [], []
    assert "按预警规则，没有需要列入预警名单的贷款。" in r.Read(r.made(rows).papers[0]).paragraphs


@pytest.mark.parametrize(("due_on", "listed"), [("2026-08-31", False), ("2026-08-30", True)])
def test_overdue_by_more_than_thirty_days_is_a_warning(due_on, listed):
    rows = r.quarter()
    rows[s.ISSUES], rows[s.RECORDS] = [], []
    rows[s.SCHEDULE][0]["due_on"] = r.day(due_on)
    assert ("预警名单" in r.Read(r.made(rows).papers[0]).tables) is listed


def test_supervision_recurrence_and_accountability():
    rows = r.quarter()
    first, second, *_ = rows[s.ISSUES]
    first |= {"supervision": "通报：整改 2026-09-15 到期，逾期 10 个工作日", "related_issue": "W4"}
    second |= {"supervision": "督办：上报 2026-08-25 到期", "related_issue": "W4", "accountability": "建议追究责任人"}
    read = r.Read(r.made(rows).papers[0])
    assert "尚未结清的问题中，正在督办1项、通报1项（六、(三)1.）。" in read.paragraphs
    assert (
        "本期发现的问题中，2项与以往同类问题关联，属再次出现，居前的是虚假资料/欺诈1项、还款困难1项，"
        "其中1项已提出问责建议，请按六、(三)3.审定。"
    ) in read.paragraphs
    assert any("审定1项再次出现的问题的问责建议" in line for line in read.paragraphs if line.startswith("5."))


def test_strategy_follows_the_ratings_and_nothing_else(read, empty):
    start = read.paragraphs.index("（三）业务策略")
    advised = read.paragraphs[start + 1 : start + 4]
    assert [line.partition("评级")[0] for line in advised] == ["1.还款能力", "2.欺诈与违规", "3.贷款逾期"]
    assert "按风险评级，本期没有需要调整业务策略的事项。" in empty.paragraphs


def test_properties(read):
    core = read.parts()["docProps/core.xml"]
    assert "<dc:title>关于2026年第3季度贷款回访情况的报告</dc:title>" in core
    assert "<dc:creator>江州农商行</dc:creator><cp:lastModifiedBy>江州农商行</cp:lastModifiedBy>" in core
    assert core.count(">2026-09-30T00:00:00Z<") == 2
    assert "<Company>江州农商行</Company>" in read.parts()["docProps/app.xml"]


def test_empty_period(empty):
    assert "本期没有到期的回访计划，也没有回访记录和问题登记，无须管理层决定的事项。" in empty.paragraphs
    for sentence in (
        "回访清单中没有截止日期在本期的回访。",
        "本期没有回访记录。",
        "上期（2026年第2季度）无数据、去年同期（2025年第3季度）无数据，不作比较。",
        "本期未发现重大问题。",
        "台账和回访记录均无可供评估的数据，本期不作风险评级。",
        "本期未发现需要整改的问题。",
        "本期没有结转的以往问题。",
        "本期各项考核指标均没有应统计的数据。",
        "本期没有逾期未访的回访，也没有发现问题，无附表。",
    ):
        assert sentence in empty.paragraphs
    assert list(empty.tables) == ["报送签收"]
    assert "None" not in empty.text
    assert "nan" not in empty.text.lower()


def test_nothing_found_recommends_nothing():
    rows = r.quarter()
    rows[s.ISSUES] = []
    read = r.Read(r.made(rows).papers[0])
    assert "本期未发现问题。" in read.paragraphs
    assert "本期未发现需要整改的问题。" in read.paragraphs
    assert "问题整改建议" not in read.tables
    assert any(line.startswith("1.本期未发现问题。") for line in read.paragraphs)


def test_all_settled_recommends_nothing_either():
    rows = r.quarter()
    rows[s.ISSUES] = [row | {"state": "当场解决"} for row in rows[s.ISSUES][2:3]]
    read = r.Read(r.made(rows).papers[0])
    assert "本期发现的1项问题均已销号或当场解决，无须另行整改。" in read.paragraphs


def test_a_running_period_says_so():
    read = r.Read(r.made(r.quarter(), r.request(as_of="2026-09-01")).papers[0])
    assert any("本期尚未结束，数据截至基准日2026年9月1日。" in line for line in read.paragraphs)
    # V1, V2 are due after T; R1 and W3 lie after it.
    assert any(line.startswith("2.截止日期已到的回访应完成2笔，按期完成0笔") for line in read.paragraphs)
    assert any(line.startswith("本期发现问题2项，") for line in read.paragraphs)


def test_a_period_to_come():
    read = r.Read(r.made(r.quarter(), r.request(as_of="2026-06-30", period="2026Q3")).papers[0])
    assert any("本期尚未开始" in line for line in read.paragraphs)
    assert "本期没有回访记录。" in read.paragraphs


def _indicator(name, numerator, denominator, verdict, period="2026Q3"):
    rate = numerator / denominator
    return {"object_kind": "机构", "object_name": "江州农商行", "period": period, "indicator": name, "target": 95} | {
        "numerator": numerator, "denominator": denominator, "rate": rate, "verdict": verdict
    }  # fmt: skip


def test_the_workbooks_own_indicators_win_and_old_ones_are_named():
    rows = r.quarter()
    rows[s.INDICATORS] = [_indicator(v.PLAN_COMPLETION, 96, 100, "达标")]
    outcome = r.made(rows)
    read = r.Read(outcome.papers[0])
    assert read.tables["考核指标完成情况"][1] == ["回访计划完成率", "96", "100", "96.00%", "95%", "达标"]
    assert read.tables["按回访类型统计的计划执行情况（笔）"][-1][-2:] == ["96/100", "96.00%"]
    assert any("完成率96.00%，达到95%的目标，较上期下降4.00个百分点" in line for line in read.paragraphs)
    assert any("请先运行“统计考核”" in warning for warning in outcome.warnings)
    rows[s.INDICATORS] = [_indicator(v.PLAN_COMPLETION, 1, 4, "未达标")]
    assert r.made(rows).warnings == []


def test_nothing_recorded_before_is_no_zero_to_compare_with():
    rows = r.quarter()
    rows[s.RECORDS] = rows[s.RECORDS][:3]  # V5 of the second quarter was planned, but nobody wrote anything down
    rows[s.ISSUES] = rows[s.ISSUES][:3]
    read = r.Read(r.made(rows).papers[0])
    assert any(
        line.startswith("1.本期发现问题3项（重大1项、重要1项、一般1项），上期无数据") for line in read.paragraphs
    )
    table = {row[0]: row[1:] for row in read.tables["与上期、去年同期比较"]}
    assert table["到期回访（笔）"] == ["5", "1", "+4", "—", "—"]
    assert table["回访记录（笔）"] == ["3", "—", "—", "—", "—"]
    assert table["发现问题（项）"] == ["3", "—", "—", "—", "—"]


def test_last_year_is_compared_where_it_is_known():
    rows = r.quarter()
    rows[s.VISITS].append(r.visit("V9", "HT001", "定期回访", "使用", "2025-09-30", "已完成"))
    rows[s.RECORDS].append(r.record("V9", "HT001", r.NAMES[0], "2025-09-01", "成功", satisfaction=3))
    read = r.Read(r.made(rows).papers[0])
    table = {row[0]: row[1:] for row in read.tables["与上期、去年同期比较"]}
    assert table["回访计划完成率"] == ["25.00%", "100.00%", "-75.00个百分点", "100.00%", "-75.00个百分点"]
    assert table["平均满意度（分）"] == ["4.50", "4.00", "+0.50", "3.00", "+1.50"]
    assert table["发现问题（项）"][3:] == ["0", "+4"]
    assert any(
        line.startswith("与去年同期（2025年第3季度）相比：到期回访5笔，较去年同期增加4笔；") for line in read.paragraphs
    )


def test_visits_due_before_the_product_was_introduced_do_not_count():
    outcome = r.made(r.quarter(), r.request(启用日期=r.day("2026-08-10")))
    assert outcome.counts["到期回访"] == 3  # V3 and V6 were due before
    assert "逾期未访" not in outcome.papers[0].context["texts"]["plan"][0]


def test_records_ahead_of_the_list_are_named():
    rows = r.quarter()
    rows[s.VISITS][0]["state"] = "待回访"  # V1, which R1 completes
    outcome = r.made(rows)
    assert any("1 笔回访的状态落后于回访记录" in warning for warning in outcome.warnings)
    assert outcome.papers[0].context["texts"]["plan"][0].endswith("已完成2笔、待回访1笔、逾期未访1笔、已取消1笔。")


def test_long_lists_are_capped_and_say_where_the_rest_is():
    rows = r.quarter()
    name = r.NAMES[2]
    rows[s.ISSUES] = [
        r.issue(f"W{i:03d}", "V4", "HT003", name, "还款困难", "重要", "2026-08-25") for i in range(205)
    ] + [r.issue(f"C{i:03d}", "V4", "HT003", name, "虚假资料/欺诈", "重大", "2026-08-25") for i in range(32)]
    context = r.made(rows).papers[0].context
    assert len(context["texts"]["critical"]) == 31
    assert context["texts"]["critical"][-1] == "其余重大问题2项见附表2。"
    assert context["texts"]["major"][-1] == "其余重要问题204项见附表2。"
    assert len(context["appendices"]["issue_list"]["rows"]) == 200
    assert context["appendices"]["issue_list"]["note"] == "本表列前200行，其余37行见问题台账。"


def test_the_period_defaults_to_the_quarter_of_the_as_of_date():
    from dataclasses import replace

    assert "2026年第3季度" in r.made({}, replace(r.request(), period=None)).papers[0].context["title"]


@pytest.mark.parametrize(
    ("institution", "period", "expected"),
    [
        ("江州农商行", "2026Q3", "贷款回访报告_江州农商行_2026Q3.docx"),
        ("", "2026-09", "贷款回访报告_2026-09.docx"),
        ('甲/乙:丙*"丁"?. ', "2026", "贷款回访报告_甲_乙_丙__丁___2026.docx"),
        ("行" * 300, "2026-07-01..2026-09-30", f"贷款回访报告_{'行' * 120}_2026-07-01至2026-09-30.docx"),
    ],
)
def test_file_name(institution, period, expected):
    name = file_name(r.request(period=period, institution=institution), parse_period(period).label)
    assert name == expected
    assert len(name) <= 200


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026Q1", "2025Q4"),
        ("2026Q3", "2026Q2"),
        ("2026-01", "2025-12"),
        ("2024", "2023"),
        ("2026-07-01..2026-07-10", "2026-06-21..2026-06-30"),
    ],
)
def test_previous_period(period, before):
    assert previous_period(parse_period(period)) == parse_period(before)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2026Q3", "2025Q3"),
        ("2026-02", "2025-02"),
        ("2024", "2023"),
        ("2024-02-29..2024-03-01", "2023-02-28..2023-03-01"),
    ],
)
def test_the_same_period_a_year_before(period, before):
    assert year_before(parse_period(period)) == parse_period(before)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [(3, 1, "较上期增加2笔"), (1, 3, "较上期减少2笔"), (2, 2, "与上期持平"), (2, None, "上期无数据")],
)
def test_comparisons_agree_with_the_numbers(now, before, said):
    assert compare(now, before, "笔") == said


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(19, 20, "95.00%"), (1, 3, "33.33%"), (2, 3, "66.67%"), (0, 0, "—"), (20000, 20001, "99.99%"), (1, 1, "100.00%")],
)
def test_percentages(part, whole, shown):
    assert percent(part, whole) == shown


def test_rounding_is_half_up():
    assert rate_of(1, 800) == Decimal("0.13")  # 0.125
    assert money(1234567.5) == "123.46"
    assert money(123456789) == "12,345.68"
