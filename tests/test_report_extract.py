"""--department: a department's extract holds its own visits, customers and issues, and nobody else's (五、(二)3.)."""

import io
import zipfile
from dataclasses import replace

import pytest
import reporting as r

from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.errors import ToolkitError

LIN, FIRM, OU = r.NAMES
# 何青 of 风险管理部 visits HT001 and HT003; 陆平 of 公司业务部 visits HT002; W1 is put right by 公司业务部.
RISK, COMPANY = "风险管理部", "公司业务部"


def extract(department, rows=None):
    return r.made(rows or r.quarter(), replace(r.request(), department=department))


@pytest.fixture(scope="module")
def company():
    return extract(COMPANY)


def everything(outcome):
    """All text in the files, workbooks within the Word file included."""
    read = r.Read(outcome.papers[0])
    texts = list(read.parts().values())
    with zipfile.ZipFile(io.BytesIO(read.content)) as package:
        for name in package.namelist():
            if name.endswith(".xlsx"):
                with zipfile.ZipFile(io.BytesIO(package.read(name))) as inner:
                    texts += [inner.read(part).decode("utf-8", "replace") for part in inner.namelist()]
    return "\n".join([*texts, repr(outcome.papers[1:])])


def test_counts(company):
    # V2 and V6; R3 (未接通); W1 as 责任部门 and W7, of V2's visitor. W5 is nobody's: neither department nor visitor.
    assert company.counts == {"到期回访": 2, "回访记录": 1, "发现问题": 2, "结转的以往问题": 0}
    risk = extract(RISK)
    assert risk.counts == {"到期回访": 3, "回访记录": 2, "发现问题": 2, "结转的以往问题": 0}


def test_who_it_is_for(company):
    read = r.Read(company.papers[0])
    assert company.papers[0].file_name == "贷款回访报告_江州农商行_公司业务部_2026Q3.docx"
    assert read.paragraphs[0] == "关于2026年第3季度贷款回访情况的报告（公司业务部摘录）"
    assert "公司业务部：" in read.paragraphs
    assert read.tables["报送签收"][1:] == [["公司业务部", "", "", ""]]


def test_no_other_departments_customers_anywhere(company):
    text = everything(company)
    # 城东支行 and 欧* stay: W1, which it puts right, was found there.
    for strange in ("HT001", LIN, OU, ">W2<", ">W3<", ">W4<", "（W2）", ">风险管理部<", "何青"):
        assert strange not in text
    assert "HT002" in text
    risk = everything(extract(RISK))
    for strange in ("HT002", FIRM, ">W1<", "（W1）", ">W5<", ">W7<", "陆平", "城西支行"):
        assert strange not in risk
    assert "HT001" in risk


def test_its_row_of_the_indicators_stands_for_the_whole(company):
    rows = r.Read(company.papers[0]).tables["考核指标完成情况"]
    assert [row[:3] for row in rows[1:]] == [
        [v.PLAN_COMPLETION, "0", "1"],
        [v.RECORD_ACCURACY, "0", "0"],
        [v.FEEDBACK_TIMELINESS, "0", "0"],
        [v.RESOLUTION_RATE, "0", "1"],
    ]


def test_the_workbooks_own_row_wins():
    rows = r.quarter()
    common = {"period": "2026Q3", "indicator": v.PLAN_COMPLETION, "target": 95}
    rows[s.INDICATORS] = [
        common
        | {"object_kind": "机构", "object_name": "江州农商行", "numerator": 9, "denominator": 9, "verdict": "达标"},
        common | {"object_kind": "部门", "object_name": COMPANY, "numerator": 3, "denominator": 4, "verdict": "未达标"},
        common | {"object_kind": "部门", "object_name": RISK, "numerator": 8, "denominator": 8, "verdict": "达标"},
    ]
    read = r.Read(extract(COMPANY, rows).papers[0])
    assert read.tables["考核指标完成情况"][1][:4] == [v.PLAN_COMPLETION, "3", "4", "75.00%"]
    assert any("回访计划完成率75.00%" in line for line in read.paragraphs)


def test_an_unknown_department_is_refused_with_the_ones_there_are():
    with pytest.raises(ToolkitError, match=r"参数 --department：没有部门“信贷部”.*风险管理部、公司业务部、零售业务部"):
        extract("信贷部")
    with pytest.raises(ToolkitError, match="请先在回访人员表填写部门"):
        extract("信贷部", {s.VISITORS: []})


def test_what_it_is_asked_to_do(company):
    read = r.Read(company.papers[0])
    (asked,) = [line for line in read.paragraphs if line.startswith("5.")]
    assert asked.startswith("5.请公司业务部配合办理：")
    assert "管理层" not in asked
    assert not [row[0] for row in read.tables["风险评级"] if row[0].endswith("集中度")]


def test_a_department_with_issues_and_no_visitors():
    read = r.Read(extract("零售业务部").papers[0])
    assert "回访清单中没有截止日期在本期的回访。" in read.paragraphs
    assert "本期没有回访记录，未发现问题。" in read.paragraphs
    assert "各环节回访覆盖与核对情况" not in read.tables
    assert [row[0] for row in read.tables["超过整改时限的以往问题"][1:]] == ["W4"]
    assert "HT002" not in read.text
