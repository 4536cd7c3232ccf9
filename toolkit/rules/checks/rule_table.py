"""Every rule of 校验记录, once and in order (contract, section 4): code, title, level, clause, remedy, when, function.

R: what the model implies of 回访记录. A: agreement with ledger, list and staff. W: conduct. Q: patterns across records.
F: hints at invented records. T: what the model implies of the sheets that records are compared with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from toolkit.model import sheets
from toolkit.model import values as v
from toolkit.model.findings import Rule, gather
from toolkit.model.request import Request
from toolkit.model.tables import Table
from toolkit.rules.checks import agreement, answers, conduct, fabrication, patterns, structure
from toolkit.rules.checks.situation import Situation, situation


@dataclass(frozen=True)
class Check:
    """A rule and the function that finds what breaks it.

    `when`: what raises it, with its thresholds, for the docs. `adoptable`: a suggestion other than the remedy is the
    value that 处理＝采纳 writes into the cell of 回访记录.
    """

    rule: Rule
    find: Callable[[Situation, Rule], pd.DataFrame]
    when: str
    adoptable: bool = False


def _on(of: tuple, find: structure.Finder) -> Callable[[Situation, Rule], pd.DataFrame]:
    return lambda situation, rule: find(situation, rule, of)


def _check(level: str):
    def check(code: str, title: str, clause: str, remedy: str, when: str, find, adoptable: bool = False) -> Check:
        return Check(Rule(code, title, level, clause, remedy), find, when, adoptable)

    return check


_error, _warning, _hint = _check(v.ERROR), _check(v.WARNING), _check(v.HINT)
_EXPLAIN = "请核实；情况属实的，在“校验结果”处理列选“说明”并写明理由"
_INVENTED = "请抽查核实，对照通话记录或请客户确认；属实的选“说明”"
_LOOK_AT_DATES = "请核对回访日期和台账"

# fmt: off
CHECKS: tuple[Check, ...] = (
    *(Check(rule, _on(structure.RECORDS_ONLY, find), when, adoptable)
      for rule, find, when, adoptable in structure.RECORD_RULES),
    _error("R08", "成功回访缺内容或反馈", "五、(一)2.", "请补记谈话内容和客户的原话",
           "回访结果为成功，回访内容或客户反馈空白", answers.missing_text),
    _error("R09", "提交日期早于回访日期", "五、(一)1.", "请核对两个日期",
           "提交日期早于回访日期", conduct.submitted_before_visit),
    _error("A01", "合同不在贷款台账", "五、(一)2.", "请核对合同编号，或先导入台账",
           "台账没有这个合同编号；或合同在、所填借据编号不在", agreement.unknown_contract, True),
    _error("A02", "客户姓名与台账不一致", "五、(一)2.", "请与贷款台账核对后改正",
           "姓名与台账不同（括号、中点、空格的写法不计）", agreement.other_name, True),
    _error("A03", "回访人员不在名单", "二、(三)1.", "请填“回访人员”表中的姓名，不填工号",
           "“回访人员”表没有这个姓名，如填了工号", agreement.unknown_visitor, True),
    _error("A04", "缺签名或签名不符", "五、(一)2.", "请由回访人员本人签名",
           "签名空白，或签名中没有回访人员（两人同去可并列）", agreement.other_signature, True),
    _error("A05", "回访编号不在清单", "二、(三)1.", "请照回访清单填写，清单没有的留空",
           "回访清单没有这个编号", agreement.unknown_visit, True),
    _error("A06", "回访编号属于其他合同", "二、(三)1.", "请核对回访编号和合同编号",
           "清单上这个编号是别的合同或借据的", agreement.other_visit, True),
    _error("A07", "同一回访有两条成功记录", "一、(三)1.", "请删去重复的，或填另一次的编号",
           "同一回访第二条及以后的成功记录（按日期、时间先后）", agreement.second_success),
    _error("A08", "同一回访录入两次", "一、(三)1.", "请删去重复的一行",
           "合同、日期、开始时间、回访人员都相同；没有开始时间的，方式、结果和文字也须相同", agreement.entered_twice),
    _error("A09", "应问的核对项未填", "一、(三)3.", "请补填；客户情况不涉及的填“不适用”",
           "成功回访中本次回访阶段的核对项空白", answers.unanswered),
    _error("A10", "答“否”未写原因", "三、(七)4.", "请在客户反馈或备注写明原因",
           "核对项答“否”，客户反馈和备注都空白或只写“无”“没有”", answers.unexplained_no),
    _warning("W01", "联系电话与预留不一致", "四、(一)1.", _EXPLAIN,
             "所填电话没有一个是台账预留的", agreement.other_phone, True),
    _warning("W02", "回访时长不合理", "三、(七)2.", _EXPLAIN,
             "时长在参数“电话（面谈）时长下限”“上限”之外；未成功的不计下限，问卷不计", conduct.duration),
    _warning("W03", "开始时间不合适", "三、(七)1.", _EXPLAIN,
             f"开始时间在 {conduct.LATEST_HOUR}:00 至次日 {conduct.EARLIEST_HOUR}:00 之间", conduct.at_night),
    _warning("W04", "记录提交超时", "五、(一)1.", "请尽快提交并填日期，超时说明原因",
             "提交日期迟于回访后参数“记录提交工作日数”，或到基准日已过而未提交", conduct.submitted_late),
    _warning("W05", "回访早于贷款发放", "三、(三)1.", _LOOK_AT_DATES + "发放日期",
             "发放、使用、还款阶段的回访（或核对项有答案）早于发放日期", conduct.before_disbursement),
    _warning("W06", "回访晚于贷款结清", "四、(二)2.", _LOOK_AT_DATES + "结清日期",
             "回访日期晚于结清日期", conduct.after_settlement),
    _warning("W07", "不在应访期间", "四、(二)", "请核对回访日期；确需改期的应在截止日期前批准",
             "回访日期在清单最早日期之前或截止日期（按时批准的为改期至）之后", conduct.outside_window),
    _warning("W08", "回访方式低于要求", "四、(一)2.", "请按清单的方式补访，或说明理由",
             "面谈＞电话＞问卷，实际方式低于清单要求", conduct.weaker_method),
    _warning("W09", "客户经理回访本人客户", "一、(三)1.", "请换人回访，或说明理由",
             "回访人员就是该笔贷款的客户经理", conduct.own_customer),
    _warning("W10", "同时回访两名客户", "一、(三)1.", "请核对开始时间和时长",
             "同一回访人员对不同客户的回访时间重叠", conduct.overlapping),
    _warning("W11", "未成功却有核对结果", "三、(七)4.", "请核对回访结果或清除答案",
             "回访结果不是成功，核对项却答“是”或“否”", answers.failed_but_answered),
    _warning("W12", "应问的核对项未问", "一、(三)3.", "请补问后改正，或说明理由",
             "成功回访中本次回访阶段的核对项为“未问”", answers.not_asked),
    _warning("W13", "未写明借据", "五、(一)2.", "请填写借据编号",
             "合同分次放款，记录和清单都看不出是哪张借据", agreement.missing_part),
    _warning("Q01", "多名客户反馈文字相同", "一、(三)1.", "请如实记录每名客户的原话",
             f"{patterns.MANY_CUSTOMERS} 名以上客户的反馈相同（标点、空格的差别不计）且不少于 "
             f"{patterns.TELLING_CHARACTERS} 字", patterns.same_feedback),
    _warning("Q02", "多名客户联系电话相同", "一、(三)1.", _EXPLAIN,
             f"{patterns.MANY_CUSTOMERS} 名以上客户的记录填了同一电话", patterns.same_phone),
    _warning("Q03", "当日核对项答案全部相同", "一、(三)1.", _EXPLAIN,
             f"一名回访人员一日 {patterns.VISITS_OF_A_DAY} 次以上成功回访的核对项只有一种答案", patterns.all_alike),
    _hint("F01", "疑似编造：内容一字不差", "一、(三)1.", _INVENTED,
          f"一名回访人员对 {fabrication.CONTENT_CUSTOMERS} 名以上客户的回访内容相同且不少于 "
          f"{fabrication.TELLING_CONTENT} 字（标点、空格不计）", fabrication.copied_content),
    _hint("F02", "疑似编造：从无一个“否”", "一、(三)1.", _INVENTED,
          f"{fabrication.ENOUGH_VISITS} 次以上成功回访没有一个“否”、没有一次满意度低于 5；按其他人员遇到的比例，"
          f"碰巧如此的可能不到 {fabrication.MOST_LIKELY:.1%}", fabrication.never_a_flaw),
    _hint("F03", "疑似编造：一日回访过多", "一、(三)1.", _INVENTED,
          f"一人一日成功的电话、面谈合计超过 {fabrication.MINUTES_OF_A_DAY} 分钟，或面谈超过 "
          f"{fabrication.MEETINGS_OF_A_DAY} 次，或共超过 {fabrication.CONTACTS_OF_A_DAY} 次（同一客户一次联系算一次）",
          fabrication.too_many_a_day),
    _hint("F04", "疑似编造：时长过于整齐", "一、(三)1.", _INVENTED,
          f"{fabrication.ENOUGH_VISITS} 次以上回访中 {fabrication.HABIT:.0%} 以上的时长是 {fabrication.ROUND_MINUTES} "
          f"分钟的整倍数，其他人员不超过 {fabrication.COMMON:.0%}", fabrication.round_minutes),
    _hint("F05", "疑似编造：开始时间过于整齐", "一、(三)1.", _INVENTED,
          f"{fabrication.ENOUGH_VISITS} 次以上回访中 {fabrication.HABIT:.0%} 以上的开始时间是整点或半点，"
          f"其他人员不超过 {fabrication.COMMON:.0%}", fabrication.round_start),
    _hint("F06", "疑似编造：集中补录", "一、(三)1.", _INVENTED,
          f"一人一天提交 {fabrication.BULK_RECORDS} 条以上，回访日期前后相差 {fabrication.BULK_DAYS} 天以上",
          fabrication.entered_in_bulk),
    _hint("F07", "疑似编造：同一客户同时由两人回访", "一、(三)1.", _INVENTED,
          "两名回访人员对同一客户的成功回访时间重叠，指后一行", fabrication.two_visitors_at_once),
    *(Check(rule, _on(of, find), when) for rule, find, of, when in structure.OTHER_RULES),
)
# fmt: on
BY_CODE = {check.rule.code: check for check in CHECKS}


def findings_of(tables: Mapping[str, Table], request: Request) -> pd.DataFrame:
    """All findings at `request.as_of`, in sheet and row order (columns: model.findings.COLUMNS)."""
    seen = situation(tables, request)
    return gather([check.find(seen, check.rule) for check in CHECKS])


def is_adoptable(found: pd.DataFrame) -> pd.Series:
    """bool per finding: 建议 holds the bare value that 处理＝采纳 writes into the cell of 回访记录."""
    codes = [check.rule.code for check in CHECKS if check.adoptable]
    remedy = found["rule"].map({code: check.rule.remedy for code, check in BY_CODE.items()})
    return found["rule"].isin(codes) & (found["suggestion"] != remedy) & (found["sheet"] == sheets.RECORDS.title)


def count_errors(found: pd.DataFrame, records: Table) -> pd.Series:
    """Number of 错误 per record (int64), index of the records' data."""
    errors = found[(found["level"] == v.ERROR) & (found["sheet"] == sheets.RECORDS.title)]
    counts = errors["row"].value_counts()
    return records.data["row"].map(counts).fillna(0).astype("int64")


def record_errors(tables: Mapping[str, Table], request: Request) -> pd.Series:
    """Number of 错误 that `check` would find today in each record, index of the data of 回访记录."""
    return count_errors(findings_of(tables, request), tables[sheets.RECORDS.title])
