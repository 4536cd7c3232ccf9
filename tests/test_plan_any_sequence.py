"""What staff typed survives any sequence of edits, imports, records and planning runs (contract, sections 1 and 3).

- 备注 and 批准人 of a listed visit are staff's for good; 安排日期 and 回访人员 until `--rearrange` moves a passed day
  or a visitor who left; a 已取消 of staff stands; a 已改期 stands while its 安排日期 ≥ T;
- a listed visit is never deleted, and its 回访编号, 最早日期 and 截止日期 stay (暂定 ones apart);
- an import never touches 重要客户 and 备注 of a loan already there;
- planning twice in a row changes nothing, wherever the sequence has led.
"""

import datetime as dt
from collections import defaultdict

import pandas as pd
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from planning_tables import Workbook, instalment, loan, record, request, visitor

from toolkit.model import sheets as s
from toolkit.model import values as v
from toolkit.model.tables import Source, table_from
from toolkit.steps.ledger import ledger

FIRST = dt.date(2026, 1, 5)
CONTRACTS = [f"HT{n:03d}" for n in range(6)]
CREW = [visitor("何青", daily_limit=2), visitor("陆平"), visitor("韦琳", daily_limit=1)]
STAFF_OWN = ("remark", "approver")
contracts = st.sampled_from(CONTRACTS)
days_ahead = st.integers(0, 40)


class Branch(RuleBasedStateMachine):
    """A branch of six loans over some months of whatever people do."""

    @initialize()
    def open_the_workbook(self) -> None:
        self.today = FIRST
        loans = [
            loan(c, key_customer="是" if c == "HT001" else None, remark=f"备注{c}", status="使用中", balance=100000)
            for c in CONTRACTS[:4]
        ]
        schedule = [
            instalment((FIRST + dt.timedelta(days=20 + 30 * n)).isoformat(), n + 1, c)
            for c in CONTRACTS[:3]
            for n in range(4)
        ]
        self.workbook = Workbook({s.LOANS: loans, s.SCHEDULE: schedule, s.VISITORS: CREW})
        self.workbook.tables[s.FIELD_MAPPING.title] = table_from(s.FIELD_MAPPING, [])
        self.typed: dict[tuple[str, str], object] = {}
        self.new_loans = list(CONTRACTS[4:])
        # Visit type → loans that an import settled, or graded 正常 again.
        self.once_groundless: defaultdict[str, set[str]] = defaultdict(set)
        self.workbook.plan(self.asked())

    def asked(self, *, rearrange: bool = False):
        return request(self.today.isoformat(), rearrange=rearrange)

    @rule(days=days_ahead)
    def time_passes(self, days: int) -> None:
        self.today += dt.timedelta(days=days)

    @rule()
    def press_plan(self) -> None:
        before = self.workbook.visits
        self.workbook.plan(self.asked())
        self.nothing_is_lost(before, moved=False)
        self.workbook.plans_again_without_change(self.asked())

    @rule()
    def press_rearrange(self) -> None:
        before = self.workbook.visits
        self.workbook.plan(self.asked(rearrange=True))
        self.nothing_is_lost(before, moved=True)

    def nothing_is_lost(self, before: pd.DataFrame, *, moved: bool) -> None:
        after = self.workbook.visits.set_index("visit_no")
        assert after.index.is_unique
        assert set(before["visit_no"]) <= set(after.index)
        old = before.set_index("visit_no")
        now = after.loc[old.index]
        fixed = ~(old["system_note"].str.contains("暂定") | now["system_note"].str.contains("暂定"))
        for name in ("earliest_on", "due_on"):
            pd.testing.assert_series_equal(now.loc[fixed, name], old.loc[fixed, name])
        for (number, name), value in list(self.typed.items()):
            row = after.loc[number]
            if name in STAFF_OWN:
                assert row[name] == value
            elif name == "state":
                # Where the ground falls away, the tool cancels what staff had put off (fine print 7).
                grounded = row["contract_no"] not in self.once_groundless[row["visit_type"]]
                put_off = old.loc[number, "scheduled_on"] >= pd.Timestamp(self.today) and grounded
                if value == "已取消" or put_off:
                    assert row["state"] == value, (number, row["state"])
                else:
                    # Its day has passed: the state is the tool's again, also when the visit gets a later day.
                    del self.typed[number, name]
            elif row[name] != value:
                assert moved, (number, name)
                assert old.loc[number, "scheduled_on"] < pd.Timestamp(self.today), (number, name)
                del self.typed[number, name]

    @precondition(lambda self: len(self.workbook.visits))
    @rule(which=st.integers(0, 99), remark=st.sampled_from(["客户出差", "=1+1", "下周再联系"]))
    def staff_note(self, which: int, remark: str) -> None:
        self.type_in(which, remark=remark, approver="周主任")

    @precondition(lambda self: len(self.workbook.visits))
    @rule(which=st.integers(0, 99), days=st.integers(-3, 25), name=st.sampled_from([v["name"] for v in CREW]))
    def staff_arrange(self, which: int, days: int, name: str) -> None:
        self.type_in(which, scheduled_on=pd.Timestamp(self.today + dt.timedelta(days=days)), visitor=name)

    @precondition(lambda self: len(self.workbook.visits))
    @rule(which=st.integers(0, 99), state=st.sampled_from(["已取消", "已改期"]))
    def staff_decide(self, which: int, state: str) -> None:
        visits = self.workbook.visits
        number = visits["visit_no"].iloc[which % len(visits)]
        if visits["state"].iloc[which % len(visits)] in ("待回访", "逾期未访"):
            # A note of the tool would make the cancellation the tool's own (fine print 10).
            if state == "已取消":
                self.workbook.type_in(number, system_note=None)
            self.type_in(which, state=state)

    def type_in(self, which: int, **values: object) -> None:
        """Type, and plan at once: an edit that no run follows shows nothing."""
        visits = self.workbook.visits
        number = visits["visit_no"].iloc[which % len(visits)]
        self.workbook.type_in(number, **values)
        self.typed |= {(number, name): value for name, value in values.items()}
        self.press_plan()

    @rule(contract=contracts, result=st.sampled_from(["成功", "未接通", "改期"]))
    def staff_visit(self, contract: str, result: str) -> None:
        rows = self.workbook.tables[s.RECORDS.title].raw.to_dict("records")
        done = record(self.today.isoformat(), contract, result=result)
        self.workbook.put(s.RECORDS, [*rows, done])

    @rule(
        contract=contracts,
        balance=st.integers(0, 100000),
        status=st.sampled_from(["使用中", "使用中", "已结清"]),
        grade=st.sampled_from(["正常", "关注"]),
        more=st.booleans(),
    )
    def press_import(self, contract: str, balance: int, status: str, grade: str, more: bool) -> None:
        before = self.workbook.tables[s.LOANS.title].data
        header = [f.header for f in s.LOANS if f.required] + ["贷款余额", "五级分类", "发放日期"]
        wanted = [contract] if contract in set(before["contract_no"]) else []
        if more and self.new_loans:
            wanted.append(self.new_loans.pop())
        rows = [[self.exported(c, balance, status, grade)[h] for h in header] for c in wanted]
        source = Source("导出.xlsx", "Sheet1", [header, *rows])
        asked = self.asked().__class__(**{**vars(self.asked()), "sources": (source,)})
        for visit_type in v.VISIT_TYPES:
            if status == "已结清" or (visit_type == v.SPECIAL and grade == "正常"):
                self.once_groundless[visit_type].add(contract)
        if rows:
            for edits in ledger(self.workbook.tables, asked).edits:
                self.workbook.apply(edits)
        after = self.workbook.tables[s.LOANS.title].data.set_index("contract_no")
        old = before.set_index("contract_no")
        for name in ("key_customer", "remark"):
            pd.testing.assert_series_equal(after.loc[old.index, name], old[name])
        assert set(wanted) <= set(after.index)

    def exported(self, contract: str, balance: int, status: str, grade: str) -> dict[str, object]:
        one = loan(contract, balance=balance, status=status, grade=grade)
        return {s.LOANS.header(name): value for name, value in one.items()}

    @invariant()
    def days_of_the_plan_are_workdays(self) -> None:
        """安排日期 that the tool chose; what staff typed is theirs."""
        if not hasattr(self, "workbook"):
            return
        visits = self.workbook.visits
        chosen = visits[visits["scheduled_on"].notna()]
        own = {number for number, name in self.typed if name == "scheduled_on"}
        grouped = set(visits.loc[visits["visit_no"].isin(own), "merge_group"]) - {""}
        chosen = chosen[~chosen["visit_no"].isin(own) & ~chosen["merge_group"].isin(grouped)]
        calendar = self.asked().calendar
        assert all(calendar.is_workday(day.date()) for day in chosen["scheduled_on"])


# A sequence is short already; making a failing one shorter would take minutes.
Branch.TestCase.settings = settings(
    max_examples=8,
    stateful_step_count=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnySequence = Branch.TestCase
