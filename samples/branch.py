"""The branch: sub-branches, visitors, loan officers, products and what its departments do about issues."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from samples.people import People

INSTITUTION = "示例银行江州分行"
BRANCHES = ("城东支行", "城西支行", "临江支行")
RETAIL, CORPORATE = "个人金融部", "公司金融部"
OPERATIONS, RISK = "运营管理部", "风险管理部"


@dataclass(frozen=True)
class Product:
    """`amounts` in 10,000 yuan; `methods` with their weight; `terms` in months."""

    code: str
    name: str
    customer_type: str
    share: int
    amounts: tuple[int, int]
    terms: tuple[int, ...]
    rates: tuple[float, float]
    methods: tuple[str, ...]
    purposes: tuple[str, ...]


ANNUITY, LINEAR, MONTHLY_INTEREST, QUARTERLY_INTEREST, BULLET = (
    "等额本息", "等额本金", "按月付息到期还本", "按季付息到期还本", "到期一次还本付息",
)  # fmt: skip
PRODUCTS = (
    Product("JY", "个人经营贷", "个人", 24, (10, 160), (12, 24, 36), (3.9, 5.6), (ANNUITY, MONTHLY_INTEREST, LINEAR),
            ("采购货物", "店面装修", "支付货款", "添置设备", "扩大经营场所")),
    Product("XF", "个人消费贷", "个人", 18, (3, 30), (12, 24, 36), (3.6, 5.2), (ANNUITY,),
            ("家庭装修", "购置家电", "子女教育", "购置家用汽车")),
    Product("NH", "农户贷", "个人", 16, (3, 30), (6, 12), (3.8, 4.9), (BULLET, QUARTERLY_INTEREST),
            ("购买种苗化肥", "修建大棚", "购置农机", "水产养殖")),
    Product("GT", "个体工商户信用贷", "个人", 12, (5, 50), (12,), (4.2, 6.0), (MONTHLY_INTEREST, ANNUITY),
            ("支付货款", "备货周转", "门店租金", "更新设备")),
    Product("LD", "小微流动资金贷", "企业", 18, (50, 800), (6, 12), (3.5, 4.8), (MONTHLY_INTEREST, QUARTERLY_INTEREST),
            ("采购原材料", "支付货款", "日常经营周转", "支付工程材料款")),
    Product("GZ", "固定资产贷", "企业", 5, (300, 2500), (24, 36), (3.6, 4.5), (QUARTERLY_INTEREST, LINEAR),
            ("厂房改造", "购置生产线", "建设仓储设施")),
    Product("KJ", "科技信用贷", "企业", 7, (100, 1000), (12,), (3.4, 4.4), (QUARTERLY_INTEREST, MONTHLY_INTEREST),
            ("研发投入", "采购元器件", "设备升级")),
)  # fmt: skip


@dataclass(frozen=True)
class Visitor:
    staff_no: str
    name: str
    branch: str
    department: str
    daily_limit: int | None
    status: str


@dataclass(frozen=True)
class Staff:
    """`visitors`: 12, one off duty. `officers`: by sub-branch, two are visitors too. `owners`: by department."""

    visitors: tuple[Visitor, ...]
    officers: Mapping[str, tuple[str, ...]]
    owners: Mapping[str, tuple[str, ...]]
    verifiers: tuple[str, ...]

    def on_duty(self, branch: str) -> list[Visitor]:
        return [visitor for visitor in self.visitors if visitor.branch == branch and visitor.status != "离岗"]


def staff(people: People, rng: Random) -> Staff:
    visitors = []
    for i in range(12):
        branch = BRANCHES[i // 4]
        department = RETAIL if i % 4 < 2 else CORPORATE
        limit = None if i == 5 else rng.choice((8, 10, 12))
        status = "离岗" if i == 7 else ("" if i == 2 else "在岗")
        visitors.append(Visitor(f"JZ{101 + i}", people.name(), branch, department, limit, status))
    officers = {branch: tuple(people.name() for _ in range(3)) for branch in BRANCHES}
    for branch, place in ((BRANCHES[0], 0), (BRANCHES[2], 9)):
        officers[branch] = (*officers[branch][:2], visitors[place].name)
    owners = {department: (people.name(), people.name()) for department in (RETAIL, CORPORATE, OPERATIONS, RISK)}
    return Staff(tuple(visitors), officers, owners, (people.name(), people.name()))
