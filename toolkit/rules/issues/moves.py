"""The states of an issue and how it moves between them: one table (六、(二), 六、(三)).

Everything else is read from `MOVES`: what `track` accepts and logs, what it asks for, and docs/问题流转.md. Staff may
take several steps between two runs of `track`, so a change is accepted if a way of moves leads there and everything
that the moves on it ask for stands in the row.
"""

from dataclasses import dataclass
from functools import cache

from toolkit.model import values as v

REGISTERED = "登记"
UNLOGGED = ""  # the state before the first event
GRADES = v.SEVERITIES
SERIOUS = (v.MAJOR, v.CRITICAL)
VISITOR, OWNER, VERIFIER = "visitor", "owner", "verifier"


@dataclass(frozen=True)
class Move:
    """One step from any of `sources` to `target`, open to issues graded `grades` (人工认定 before 严重程度).

    `needs`: columns of 问题台账 without which it is refused; `wants`: those that are asked for all the same.
    `registered`: only a row of 问题事件 with 时间, 批准人 and 理由 makes it. `tacit`: may have happened unseen between
    two runs. `by`: the column (or the record's visitor) that names who made it. `on`: the column of its date.
    """

    event: str
    sources: tuple[str, ...]
    target: str
    who: str
    clause: str
    needs: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    grades: tuple[str, ...] = GRADES
    registered: bool = False
    tacit: bool = False
    by: str = ""
    on: str = ""
    condition: str = ""


# A pause stops the clock of remedying; reporting an issue can wait for nothing.
_PAUSABLE = (v.REPORTED, v.REMEDYING, v.TO_VERIFY, v.REOPENED)
_OPEN = (v.TO_GRADE, v.TO_REPORT, v.REPORTED, v.REMEDYING, v.TO_VERIFY, v.REOPENED)
_RISK, _BUSINESS = "风险管理部门", "责任部门（业务部门）"
_PLAN = ("department", "owner", "remedy")

MOVES: tuple[Move, ...] = (
    Move("定级", (v.TO_GRADE,), v.TO_REPORT, _RISK, "六、(一)", tacit=True, condition="已有定级（人工认定）"),
    Move(
        "当场解决", (v.TO_GRADE, v.TO_REPORT), v.SOLVED_ON_THE_SPOT, "回访人员", "六、(二)1.",
        grades=(v.GENERAL,), by=VISITOR,
    ),
    Move(
        "转办", (v.SOLVED_ON_THE_SPOT,), v.TO_REPORT, "任何人", "六、(二)1.",
        tacit=True, condition="当场未能解决，或已升级",
    ),
    Move(
        "反馈", (v.TO_REPORT,), v.REPORTED, "回访人员", "六、(二)2.",
        needs=("reported_on",), tacit=True, by=VISITOR, on="reported_on",
    ),
    Move(
        "直接整改", (v.TO_REPORT,), v.REMEDYING, _BUSINESS, "六、(三)1.",
        wants=_PLAN, grades=(v.GENERAL,), tacit=True, by=OWNER,
    ),
    Move(
        "落实整改", (v.REPORTED,), v.REMEDYING, f"{_RISK}定方案，{_BUSINESS}落实", "六、(二)2.",
        wants=_PLAN, tacit=True, by=OWNER,
    ),
    Move(
        "完成整改", (v.REMEDYING,), v.TO_VERIFY, "责任人", "六、(三)1.",
        needs=("owner", "completed_on"), tacit=True, by=OWNER, on="completed_on",
    ),
    Move(
        "验证销号", (v.TO_VERIFY,), v.CLOSED, "验证人", "六、(三)1.",
        needs=("verifier", "verified_on"), wants=("outcome",), tacit=True, by=VERIFIER, on="verified_on",
        condition="验证人不是责任人",
    ),
    Move("退回整改", (v.TO_VERIFY,), v.REMEDYING, "验证人", "六、(三)1.", by=VERIFIER),
    Move(
        "暂停", _PAUSABLE, v.PAUSED, "责任部门申请，负责人批准", "六、(三)1.",
        registered=True, condition="批准人不是经办人",
    ),
    *(
        Move("恢复", (v.PAUSED,), state, _BUSINESS, "六、(三)1.", tacit=True, by=OWNER, condition="回到暂停前的状态")
        for state in _PAUSABLE
    ),
    Move("重开", v.SETTLED_ISSUE_STATES, v.REOPENED, "任何人", "六、(三)3.", tacit=True),
    Move("重新整改", (v.REOPENED,), v.REMEDYING, _BUSINESS, "六、(三)3.", wants=_PLAN, tacit=True, by=OWNER),
    Move(
        "撤销", _OPEN, v.CLOSED, _RISK, "六、(一)",
        needs=("manual_reason",), grades=(v.NO_ISSUE,), condition="人工认定为无问题",
    ),
)  # fmt: skip

# What a 重大 issue must show besides (六、(二)3.): event, by which state, column and word where it may stand instead.
MILESTONES: tuple[tuple[str, str, str, str], ...] = (
    ("成立专项调查组", v.REMEDYING, "remedy", "调查组"),
    ("调查结论", v.CLOSED, "outcome", "结论"),
)


def direct(source: str, target: str, grade: str) -> Move | None:
    """The move that leads from one state to the next in one step."""
    fits = (m for m in MOVES if source in m.sources and m.target == target and grade in m.grades)
    return next(fits, None)


@cache
def way(source: str, target: str, grade: str) -> tuple[Move, ...] | None:
    """The shortest way that may have been gone unseen; () if there is nothing to go, None if there is no way.

    Only its last move may be one that is not tacit, and none that needs a registered event of its own.
    """
    if source == target:
        return ()
    reached: dict[str, tuple[Move, ...]] = {source: ()}
    front = [source]
    while front:
        ahead: list[str] = []
        for state in front:
            for move in MOVES:
                if state not in move.sources or grade not in move.grades or move.registered or move.target in reached:
                    continue
                if move.target == target:
                    return (*reached[state], move)
                if move.tacit:
                    reached[move.target] = (*reached[state], move)
                    ahead.append(move.target)
        front = ahead
    return None


def first_state(severity: str, state: str) -> str:
    """Where an issue starts whose `state` is seen for the first time; `severity` is the tool's own."""
    if severity not in GRADES:
        return v.TO_GRADE
    return v.SOLVED_ON_THE_SPOT if severity == v.GENERAL and state == v.SOLVED_ON_THE_SPOT else v.TO_REPORT


def standing_needs(state: str, grade: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(needs, wants): columns that a row in `state` must show, however it came there.

    Nothing is asked of 已重开, 已暂停 and what is settled on the spot: the first round may have been cleared away.
    """
    if state in (v.REOPENED, v.PAUSED, v.SOLVED_ON_THE_SPOT):
        return (), ()
    start = v.TO_GRADE if grade == v.NO_ISSUE else v.TO_REPORT
    moves = way(start, state, grade) or ()
    needs = dict.fromkeys(name for move in moves for name in move.needs)
    wants = dict.fromkeys(name for move in moves for name in move.wants)
    return tuple(needs), tuple(wants)


def next_states(state: str, grade: str) -> tuple[str, ...]:
    """States that one step leads to, in the order of the value list."""
    return tuple(target for target in v.ISSUE_STATES if target != state and direct(state, target, grade))
