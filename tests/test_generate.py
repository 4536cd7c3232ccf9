"""What is shipped is what the model says: the branch workbook, the Word template, the docs tables.

Requirements:
- contract, section 2: sheet names and headers to the letter; value lists as dropdowns; 参数 with the defaults.
- issue 3: 首页, Chinese prompts and error texts, conditional formats, print set-up, frozen panes.
- `new` copies the shipped template, so generated files must be reproducible and up to date.
"""

import datetime as dt
import io
import re
import subprocess
import sys
import zipfile

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries

from toolkit.actions import ACTIONS
from toolkit.generate.__main__ import GENERATED, ROOT, main, same
from toolkit.generate.branch_workbook import build_workbook
from toolkit.generate.docs_tables import data_dictionary, parameter_table
from toolkit.hosts.fresh.sheet_validation import VISITOR_FIELDS, VISITOR_NAMES
from toolkit.model import rule_tables
from toolkit.model import sheets as s
from toolkit.model.fields import NUMBER_KINDS, Kind, Owner
from toolkit.model.parameters import PARAMETERS, Parameters, read_parameters
from toolkit.rules.issues.rule_sheet import shipped_groups, shipped_rules
from toolkit.rules.issues.trials import shipped_trials

# The contract's section 2, to the letter; 借据编号 where a contract may be drawn in parts.
CHECKS = tuple(
    f"{stage}{number}_{topic}"
    for stage, topics in {
        "申请": ("了解产品", "用途真实", "流程满意"),
        "审批": ("知晓结果", "态度良好", "时间合理"),
        "发放": ("足额到账", "手续清楚", "及时到账"),
        "使用": ("用途合规", "使用顺利", "效果达标"),
        "还款": ("计划清楚", "能力稳定", "提醒满意"),
    }.items()
    for number, topic in enumerate(topics, start=1)
)
CONTRACT = {
    "参数": "参数 取值 单位 说明 制度条款",
    "节假日": "日期 类型 说明",
    "回访人员": "工号 姓名 网点 部门 每日上限 状态",
    "贷款台账": "贷款合同编号 客户编号 客户姓名 客户类型 证件号码 联系电话 贷款产品 贷款金额 期限(月) 年利率(%) "
    "还款方式 贷款用途 申请日期 审批日期 审批结果 未通过原因 发放日期 到期日 结清日期 贷款余额 贷款状态 五级分类 "
    "逾期天数 网点 客户经理 重要客户 借据编号 备注",
    "还款计划": "贷款合同编号 期次 应还日期 应还金额 实还日期 实还金额 +借据编号",
    "专项回访": "贷款合同编号 原因 截止日期 批准人 +借据编号",
    "回访清单": "回访编号 贷款合同编号 客户姓名 联系电话 回访类型 回访阶段 回访方式 最早日期 截止日期 安排日期 优先级 "
    "回访人员 网点 合并组 状态 改期至 改期批准日期 批准人 事由 制度条款 系统提示 备注 +借据编号",
    "回访记录": "回访编号 回访日期 开始时间 时长(分钟) 客户姓名 贷款合同编号 联系电话 回访方式 回访结果 "
    + " ".join(CHECKS)
    + " 其他1_意见建议 其他2_金融需求 回访内容 客户反馈 满意度 待答复事项 答复部门 答复时限 答复日期 提醒偏好 "
    "承诺还款日期 回访人员 回访人员签名 提交日期 备注 +借据编号",
    "校验结果": "序号 级别 规则 工作表 单元格 回访编号 说明 建议 制度条款 处理 处理理由 处理人 处理日期",
    "问题台账": "问题编号 回访编号 贷款合同编号 客户姓名 问题类别 严重程度 判定依据 命中规则 人工认定 认定理由 "
    "发现日期 反馈时限 反馈日期 责任部门 责任人 整改措施 整改时限 状态 完成日期 验证人 验证日期 上报时限 上报日期 "
    "处理结果 关联问题 督办 问责建议 +借据编号",
    "问题事件": "时间 问题编号 事件 原状态 新状态 经办人 批准人 理由",
    "考核指标": "对象类型 对象 期间 指标 分子 分母 指标值 目标值 结论",
    "培训宣传": "日期 类别 主题 对象 人次 备注",
    "字段映射": "来源表头 本表字段 来源",
    "操作日志": "时间 操作 操作人 基准日 摘要 工具版本",
}
# Layouts that the contract leaves to us, or gives in part.
OURS = (
    "周安排",
    "计划进度",
    "计划审批表",
    "校验汇总",
    "分类规则",
    "分类词组",
    "规则测试",
    "认定对照",
    "建议与需求",
    "考核办法",
    "首次提交",
    "首次记录",
    "记录冲突",
    "收集情况",
    "问题底稿",
    "待答复事项",
    "承诺还款核对",
    "抽查汇总",
    "抽查整改",
    "抽样记录",
    "保管到期",
    "考核分析",
    "考核明细",
    "考核建议",
    "培训分析",
)
SPOT_CHECK_HEAD, SPOT_CHECK_TAIL = "抽查编号 回访编号 回访人员 抽查原因 复核人 复核日期", "复核结论 说明"

FIELDS = [(sheet, field) for sheet in s.SHEETS for field in sheet]


def named(sheet_field) -> str:
    sheet, field = sheet_field
    return f"{sheet.title}-{field.header}"


def part(package: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        return parts.read(name).decode()


@pytest.fixture(scope="module")
def package() -> bytes:
    return build_workbook()


@pytest.fixture(scope="module")
def book(package):
    return openpyxl.load_workbook(io.BytesIO(package))


@pytest.fixture(scope="module")
def validations(book):
    """(sheet title, column, row) of the first cell → validation."""
    found = {}
    for sheet in book:
        for validation in sheet.data_validations.dataValidation:
            for reference in str(validation.sqref).split():
                left, top, _, bottom = range_boundaries(reference)
                found[sheet.title, left, top] = (validation, bottom)
    return found


@pytest.mark.parametrize("name", GENERATED)
def test_generated_files_are_up_to_date(name):
    assert same((ROOT / name).read_bytes(), GENERATED[name]()), "run python -m toolkit.generate"


@pytest.mark.parametrize("name", GENERATED)
def test_two_builds_are_byte_identical(name):
    assert GENERATED[name]() == GENERATED[name]()


def test_builds_do_not_depend_on_the_process(package):
    script = (
        "import sys; from toolkit.generate import branch_workbook as b; sys.stdout.buffer.write(b.build_workbook())"
    )
    environment = {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, env=environment)
    assert run.stdout == package


def test_check_names_the_file_that_differs(monkeypatch, capsys):
    assert main(["--check"]) == 0
    monkeypatch.setitem(GENERATED, "docs/参数.md", lambda: b"else")
    assert main(["--check"]) == 1
    message = capsys.readouterr().err
    assert "docs/参数.md" in message
    assert "数据字典" not in message


def test_packages_are_the_same_by_part_however_compressed(package):
    stored, changed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as parts:
        for target, patch in ((stored, b""), (changed, b" ")):
            with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
                for name in parts.namelist():
                    out.writestr(name, parts.read(name) + (patch if name == "xl/workbook.xml" else b""))
    assert same(package, stored.getvalue())
    assert not same(package, changed.getvalue())


def test_tabs_are_the_contracts_in_the_models_order(book):
    assert book.sheetnames == ["首页", *(sheet.title for sheet in s.SHEETS)]
    assert set(book.sheetnames) == {"首页", "抽查", *CONTRACT, *OURS}
    assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == ["首次提交", "问题底稿", "首次记录"]


@pytest.mark.parametrize("title", CONTRACT)
def test_headers_are_the_contracts_to_the_letter(book, title):
    headers = [cell.value for cell in book[title][1]]
    assert headers == CONTRACT[title].replace("+", "").split(" ")


def test_headers_of_the_spot_check(book):
    headers = [cell.value for cell in book["抽查"][1]]
    again = [f"复核_{check}" for check in CHECKS]
    assert headers == [*SPOT_CHECK_HEAD.split(), *again, *SPOT_CHECK_TAIL.split()]


@pytest.mark.parametrize("sheet", s.SHEETS, ids=lambda sheet: sheet.title)
def test_nothing_stands_below_the_header_but_shipped_rows(book, package, sheet):
    rules = {"分类规则": shipped_rules(), "分类词组": shipped_groups(), "规则测试": shipped_trials()}
    shipped = {"参数": len(PARAMETERS), "考核办法": 16} | {title: len(rows) for title, rows in rules.items()}
    assert book[sheet.title].max_row == 1 + shipped.get(sheet.title, 0)
    xml = part(package, f"xl/worksheets/sheet{book.sheetnames.index(sheet.title) + 1}.xml")
    assert "<f>" not in xml.partition("<sheetData>")[2].partition("</sheetData>")[0]
    assert "<tablePart" not in xml


@pytest.mark.parametrize("sheet_field", FIELDS, ids=named)
def test_header_and_column_look(book, sheet_field):
    sheet, field = sheet_field
    worksheet = book[sheet.title]
    column = sheet.names.index(field.name) + 1
    header = worksheet.cell(1, column)
    assert header.fill.fgColor.rgb == ("FFFFF2CC" if field.owner is Owner.STAFF else "FFE7E6E6")
    assert (header.font.b, header.font.color.rgb == "FF9C0006") == (field.required, field.required)
    formats = {
        Kind.CODE: "@", Kind.PHONE: "@", Kind.ID_NUMBER: "@", Kind.DATE: "yyyy-mm-dd", Kind.TIME: "hh:mm",
        Kind.TIMESTAMP: "yyyy-mm-dd hh:mm", Kind.MONEY: "#,##0.00", Kind.FRACTION: "0.0%",
    }  # fmt: skip
    letter = header.column_letter
    dimension = next(d for d in worksheet.column_dimensions.values() if d.min <= column <= d.max)
    assert dimension.number_format == formats.get(field.kind, "0" if field.kind is Kind.INTEGER else "General"), letter
    assert dimension.width >= field.width


@pytest.mark.parametrize("sheet_field", [pair for pair in FIELDS if pair[1].choices], ids=named)
def test_every_choice_has_a_dropdown_with_a_chinese_prompt(validations, sheet_field):
    sheet, field = sheet_field
    validation, bottom = validations[sheet.title, sheet.names.index(field.name) + 1, 2]
    assert validation.type == "list"
    assert validation.formula1 == f'"{",".join(field.choices)}"'
    assert validation.errorStyle in (None, "stop")
    assert bottom >= 5000
    for text in (validation.prompt, validation.error, validation.errorTitle):
        assert re.search("[一-鿿]", text)
    assert field.clause in validation.prompt


@pytest.mark.parametrize(
    "sheet_field",
    [
        (sheet, field)
        for sheet, field in FIELDS
        if field.owner is Owner.STAFF and (field.kind is Kind.DATE or field.kind in NUMBER_KINDS)
    ],
    ids=named,
)
def test_dates_and_numbers_typed_by_staff_only_warn(validations, sheet_field):
    sheet, field = sheet_field
    validation, _ = validations[sheet.title, sheet.names.index(field.name) + 1, 2]
    assert validation.errorStyle == "warning"
    assert validation.type in ("date", "whole", "decimal")
    if field.kind is Kind.DATE:
        assert (validation.formula2 == "TODAY()") != field.may_be_future
    if field.lowest is not None:
        assert float(validation.formula1) == field.lowest
    if field.highest is not None:
        assert float(validation.formula2) == field.highest


def test_visitors_are_picked_from_their_sheet(book, validations):
    for sheet in (s.VISITS, s.RECORDS, s.SPOT_CHECKS):
        for name in {*VISITOR_FIELDS} & {*sheet.names}:
            validation, _ = validations[sheet.title, sheet.names.index(name) + 1, 2]
            assert (validation.type, validation.formula1) == ("list", VISITOR_NAMES)
    name_column = book["回访人员"]["B1"]
    assert name_column.value == "姓名"
    assert "回访人员!$B$2" in book.defined_names[VISITOR_NAMES].attr_text


def test_home_cells_are_named_and_stand_right_of_their_labels(book):
    home = book["首页"]
    assert home["B1"].value == "贷款回访管理工具"
    for label in ("机构", "基准日", "期间", "文件夹"):
        (title, address), *_ = book.defined_names[f"首页_{label}"].destinations
        cell = home[address]
        assert title == "首页"
        assert home.cell(cell.row, cell.column - 1).value == label
        assert cell.value is None
        assert cell.fill.fgColor.rgb == ("FFE7E6E6" if label == "基准日" else "FFFFF2CC")


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_every_action_has_its_line_on_the_home_sheet(book, action):
    home = book["首页"]
    (_, state), *_ = book.defined_names[f"状态_{action.name}"].destinations
    (_, time), *_ = book.defined_names[f"时间_{action.name}"].destinations
    line = [home.cell(home[state].row, column).value for column in range(2, 8)]
    assert line[1:] == [action.caption, action.purpose, f"loanvisit {action.name}", "尚未运行", None]
    assert home[time].row == home[state].row
    assert home[time].number_format == "yyyy-mm-dd hh:mm"


def test_parameters_read_back_as_the_defaults(book):
    sheet = book["参数"]
    rows = [(row[0].value, row[1].value, row[1].coordinate) for row in sheet.iter_rows(min_row=2)]
    assert dict(read_parameters(rows, file="模板")) == dict(Parameters.defaults())
    listed = [(row[0].value, row[2].value or "", row[4].value) for row in sheet.iter_rows(min_row=2)]
    assert listed == [(p.title, p.unit, p.clause) for p in PARAMETERS]


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.title)
def test_every_parameter_has_its_own_limits_and_prompt(book, validations, parameter):
    row = PARAMETERS.index(parameter) + 2
    validation, bottom = validations["参数", 2, row]
    assert bottom == row
    assert parameter.clause in validation.prompt
    assert ("不可空白" in validation.prompt) != parameter.blank_ok
    types = {"int": "whole", "number": "decimal", "date": "date", "choice": "list", "list": None}
    assert validation.type in (types[parameter.kind], "none" if parameter.kind == "list" else types[parameter.kind])
    if parameter.kind in ("int", "number"):
        assert (float(validation.formula1), float(validation.formula2)) == (parameter.lowest, parameter.highest)
    cell = book["参数"].cell(row, 2)
    assert cell.number_format == {"date": "yyyy-mm-dd", "list": "@", "int": "0"}.get(
        parameter.kind, "#,##0" if parameter.unit == "元" else "General"
    )


def test_rule_tables_are_shipped(book):
    for title, rows in (("分类规则", shipped_rules()), ("分类词组", shipped_groups()), ("规则测试", shipped_trials())):
        names = s.BY_TITLE[title].names
        shown = [[cell.value or "" for cell in row] for row in book[title].iter_rows(min_row=2)]
        assert shown == [[row.get(name, "") for name in names] for row in rows]
    appraisal = [[cell.value for cell in row] for row in book["考核办法"].iter_rows(min_row=2)]
    assert appraisal == [list(row.values()) for row in rule_tables.APPRAISAL]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("回访清单", {"逾期未访", "已完成", "已取消", "已改期", "高"}),
        ("回访记录", {"否"}),
        ("校验结果", {"错误", "警告", "提示"}),
        ("问题台账", {"重大", "重要", "待定级", "已销号"}),
        ("考核指标", {"未达标"}),
    ],
)
def test_words_that_stand_out(book, title, words):
    coloured = {
        rule.formula[0].strip('"')
        for rules in book[title].conditional_formatting
        for rule in rules.rules
        if rule.type == "cellIs"
    }
    assert words <= coloured


@pytest.mark.parametrize("sheet", s.SHEETS, ids=lambda sheet: sheet.title)
def test_view_and_print(book, sheet):
    worksheet = book[sheet.title]
    assert worksheet.freeze_panes is not None
    assert worksheet.freeze_panes.endswith("2")
    left, top, right, bottom = range_boundaries(worksheet.auto_filter.ref)
    assert (left, top, right) == (1, 1, len(sheet.fields))
    assert bottom >= 5000
    assert worksheet.page_setup.orientation == "landscape"
    assert int(worksheet.page_setup.paperSize) == 9
    assert worksheet.page_setup.fitToHeight == 0
    assert worksheet.print_title_rows == "$1:$1"
    assert worksheet.oddFooter.center.text == "第&P页/共&N页"
    assert worksheet.oddHeader.center.text == sheet.title


def test_contents_survive_with_home_values():
    visitors = pd.DataFrame(
        [
            {"staff_no": "0007", "name": "何青", "branch": "城东支行", "department": "风险管理部", "daily_limit": 6},
            {"staff_no": "0008", "name": "陆平", "branch": "城东支行", "department": "风险管理部", "daily_limit": None},
        ]
    )
    content = build_workbook({"回访人员": visitors}, "示例银行江州分行", as_of=dt.date(2026, 9, 30), period="2026Q3")
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = [[cell.value for cell in row] for row in book["回访人员"].iter_rows(min_row=2)]
    assert rows == [
        ["0007", "何青", "城东支行", "风险管理部", 6, None],
        ["0008", "陆平", "城东支行", "风险管理部", None, None],
    ]
    home = book["首页"]
    values = []
    for label in ("机构", "基准日", "期间"):
        (_, address), *_ = book.defined_names[f"首页_{label}"].destinations
        values.append(home[address].value)
    assert values == ["示例银行江州分行", dt.datetime(2026, 9, 30), "2026Q3"]
    assert book["参数"].max_row == 1 + len(PARAMETERS)


def test_no_machine_or_person_in_the_properties(package):
    core = part(package, "docProps/core.xml")
    assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core
    assert "2026-01-01T00:00:00Z" in core


def test_data_dictionary_has_every_column():
    text = data_dictionary()
    for sheet in s.SHEETS:
        section = text.partition(f"\n## {sheet.title}\n")[2].partition("\n## ")[0]
        listed = re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)
        assert listed == ["列", "---", *(field.header for field in sheet)]


def test_parameter_table_has_every_parameter():
    listed = re.findall(r"^\| ([^|]+) \|", parameter_table(), re.MULTILINE)
    assert listed == ["参数", "---", *(parameter.title for parameter in PARAMETERS)]
