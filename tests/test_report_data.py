"""Every number that the report prints can be retraced: 报告数据 names its rows, and they give the number (五、(二)2.).

Read back from the rendered .docx: sentences, table cells and chart points against 报告数据_….xlsx; and the rows of each
counted figure against its value.
"""

import io
import re

import pandas as pd
import pytest
import reporting as r
from python_calamine import CalamineWorkbook
from test_report_charts import drawn

from toolkit.generate.report_tables import APPENDICES, TABLES
from toolkit.hosts.fresh.new_file import book_bytes
from toolkit.model import sheets as s
from toolkit.rules.report.data_book import COLUMN_TITLES, _pieces, row_spans

NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)(个百分点|%|笔次|万元|笔|户|项|条|分|份)")
# What is a date, a clause, a contract, a quotation or the number of a table is no figure of the report.
NO_FIGURE = re.compile(
    r"“[^“”]*”|\d+年\d+月\d+日|[一二三四五六七八]、\([一二三四五六七八]\)\d*\.?|第\d+季度|（W\d+）|评\d分的"
)


def book_of(outcome):
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book_bytes(outcome.papers[1])))
    out = []
    for title in sheets.sheet_names:
        header, *rows = sheets.get_sheet_by_name(title).to_python()
        out.append(pd.DataFrame(rows, columns=header))
    return out


@pytest.fixture(scope="module", params=["quarter", "department", "empty"])
def made(request):
    from dataclasses import replace

    asked = replace(r.request(), department="公司业务部") if request.param == "department" else r.request()
    outcome = r.made({} if request.param == "empty" else r.quarter(), asked)
    figures, rows = book_of(outcome)
    return r.Read(outcome.papers[0]), figures, rows


def test_every_number_in_a_sentence_is_a_named_figure(made):
    read, figures, _ = made
    missing, part = [], ""
    for paragraph in read.document.paragraphs:
        if paragraph.style.name == "Heading 1":
            part = paragraph.text[:2]
            places = figures["位置"].str[:2].isin(TOLD_IN.get(part, [part])) | (part not in TOLD_IN)
            known = set(zip(figures.loc[places, "值"].astype(str), figures.loc[places, "单位"], strict=True))
        if not part or paragraph.style.name in ("表注", "caption"):
            continue
        for number, unit in NUMBER.findall(NO_FIGURE.sub("", paragraph.text)):
            if (number, unit) not in known and (number, "") not in known:
                missing.append((number, unit, paragraph.text[:60]))
    assert missing == []


def test_every_number_in_a_table_is_listed_at_its_place(made):
    read, figures, _ = made
    listed = {place: list(part["值"].astype(str)) for place, part in figures.groupby("位置")}
    printed = 0
    for caption in read.captions:
        place, _, title = caption.partition("  ")
        if place == "报送签收":
            continue
        for row in read.tables[title][1:]:
            for column, cell in zip(read.tables[title][0][1:], row[1:], strict=True):
                if re.search(r"\d", cell) and column not in ("问题", "序号"):
                    assert cell in listed[place], (place, column, cell)
                    printed += 1
    assert printed or not [place for place in listed if place.startswith("表")]


def test_every_point_of_a_chart_is_listed(made):
    read, figures, _ = made
    for chart in drawn(read).values():
        place = chart.caption.partition("  ")[0]
        part = figures[figures["位置"] == place]
        points = {
            f"{category}·{series}": value
            for series, values in chart.series.items()
            for category, value in values.items()
            if value is not None
        }
        names = part["名称"].str.partition("·")[2]
        assert {name: float(value) for name, value in zip(names, part["值"], strict=True)} == points


def spelled(text):
    out = []
    for span in filter(None, str(text).removesuffix(".0").split("、")):
        first, _, last = span.partition("-")
        out += range(int(first), int(last or first) + 1)
    return out


# A part speaks of its own figures; 摘要 of all, and these of others' besides.
TOLD_IN = {"一、": ["一、"], "二、": ["二、", "一、"], "三、": ["三、"], "四、": ["四、", "一、", "二、", "六、"]} | {
    part: [part] for part in ("五、", "六、")
}
COUNTS = ["到期回访", "发现问题", "回访记录", "结转的以往问题", "在用贷款", "逾期贷款", "满意度评分", "待答复事项"]


def test_the_rows_give_the_count(made):
    _, figures, _ = made
    for name in COUNTS:
        row = figures[figures["名称"] == name].iloc[0]
        assert int(row["值"]) == int(row["行数"]) == len(spelled(row["行"])), name
    counted = figures[figures["名称"].str.contains(r"·(?:重大|重要|一般|待定级|合计|已完成|待回访|逾期未访|已取消)$")]
    counted = counted[counted["位置"].str.startswith("表")]
    for _, row in counted.iterrows():
        assert str(row["值"]).split(".")[0] == str(int(row["行数"] or 0)), row["名称"]


def test_rows_are_the_sheets_own():
    outcome = r.made(r.quarter())
    figures, rows = book_of(outcome)
    major = figures[(figures["名称"] == "发现问题·重要")].iloc[0]
    assert (major["来源表"], spelled(major["行"])) == ("问题台账", [2])
    # Row 2 of 问题台账 is W1.
    numbers = rows.set_index(["来源表", "行"])["编号"]
    assert numbers["问题台账", 2] == "W1"
    assert numbers["回访清单", 4] == "V3"
    missed = figures[figures["名称"] == "到期回访·逾期未访"].iloc[0]
    assert spelled(missed["行"]) == [4]


def test_nobody_is_named():
    outcome = r.made(r.quarter())
    text = "\n".join(frame.to_string() for frame in book_of(outcome))
    for secret in (*r.NAMES, r.PHONE, r.ID_NUMBER):
        assert secret not in text


def test_same_report_same_bytes():
    one, two = (book_bytes(r.made(r.quarter()).papers[1]) for _ in range(2))
    assert one == two


@pytest.mark.parametrize(
    ("rows", "said"),
    [([], []), ([5], ["5"]), ([5, 4, 4, 7], ["4-5", "7"]), ([2, 3, 4], ["2-4"]), ([9, 2], ["2", "9"])],
)
def test_spans(rows, said):
    assert row_spans(pd.Series(rows, dtype="int64")) == said


def test_more_rows_than_a_cell_holds_go_on_in_the_next_line():
    spans = [str(number) for number in range(2, 40_000, 2)]
    pieces = _pieces(spans)
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= 32_767
    assert "、".join(pieces).split("、") == spans


def test_every_column_of_the_template_has_a_title():
    for _, columns in (*TABLES.values(), *APPENDICES.values()):
        for key in (column.tag.strip("{ }").removeprefix("row.") for column in columns):
            assert key in COLUMN_TITLES or key in ("no", "name"), key


def test_the_workbooks_own_indicators_are_the_source():
    rows = r.quarter()
    rows[s.INDICATORS] = [
        {"object_kind": "机构", "object_name": "江州农商行", "period": "2026Q3", "indicator": "回访计划完成率"}
        | {"numerator": 1, "denominator": 4, "rate": 0.25, "target": 95, "verdict": "未达标"}
    ]
    figures, _ = book_of(r.made(rows))
    row = figures[figures["名称"] == "回访计划完成率"].iloc[0]
    assert (row["值"], row["来源表"], spelled(row["行"])) == ("25.00", "考核指标", [2])
