"""Names, numbers and phones of nobody: composed at random, with a region code that no place has."""

import datetime as dt
from random import Random

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
SYLLABLES = "明秀建丽志强伟芳敏静磊洋勇艳杰娟涛超霞刚桂英文华玉兰军燕萍晓辉海波春梅永健立新亚东学成云龙雪慧宇晨思远"
COINED = (
    "禾润", "铭拓", "岚舟", "泽茂", "恒朴", "聚川", "启宁", "沐源", "合砺", "锦柏", "远筑", "盛澜", "嘉禾塬", "云栈",
    "松屿", "汇芯", "安棠", "百汀", "润砚", "捷梧", "同岫", "佳穗", "昌榆", "立衡",
)  # fmt: skip
TRADES = (
    "商贸", "机械制造", "建材", "食品", "物流", "电子科技", "农业发展", "纺织", "餐饮管理", "包装印刷", "汽车配件",
    "医疗器械", "环保工程", "家居",
)  # fmt: skip
REGION = "9901"  # 99 is no province
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGAN_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class People:
    """Draws names and numbers, none twice."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._used: set[str] = set()

    def _once(self, draw) -> str:
        while (text := draw()) in self._used:
            pass
        self._used.add(text)
        return text

    def name(self) -> str:
        rng = self.rng
        return self._once(lambda: rng.choice(SURNAMES) + "".join(rng.sample(SYLLABLES, 2 if rng.random() < 0.8 else 1)))

    def firm(self) -> str:
        rng = self.rng

        def draw() -> str:
            coined, trade = rng.choice(COINED), rng.choice(TRADES)
            place, form = ("江州" if rng.random() < 0.7 else ""), rng.choice(("有限公司", "有限公司", "有限责任公司"))
            return (
                f"{coined}（江州）{trade}{form}" if not place and rng.random() < 0.5 else place + coined + trade + form
            )

        return self._once(draw)

    def phone(self) -> str:
        return self._once(lambda: f"199{self.rng.randrange(10**8):08}")

    def id_number(self) -> str:
        rng = self.rng

        def draw() -> str:
            born = dt.date(1962, 1, 1) + dt.timedelta(days=rng.randrange(365 * 40))
            body = f"{REGION}{rng.randint(1, 8):02}{born:%Y%m%d}{rng.randrange(1, 1000):03}"
            return body + id_check_digit(body)

        return self._once(draw)

    def credit_code(self) -> str:
        rng = self.rng

        def draw() -> str:
            organ = f"{rng.randrange(10**8):08}"
            body = f"91{REGION}{rng.randint(1, 8):02}{organ}{_organ_check_digit(organ)}"
            return body + credit_check_letter(body)

        return self._once(draw)


def id_check_digit(body: str) -> str:
    """GB 11643: the last digit of an 18-digit ID number."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def _organ_check_digit(body: str) -> str:
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(body, _ORGAN_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def credit_check_letter(body: str) -> str:
    """GB 32100: the last letter of an 18-character credit code."""
    total = sum(_CODE_LETTERS.index(letter) * weight for letter, weight in zip(body, _CODE_WEIGHTS, strict=True))
    return _CODE_LETTERS[(31 - total % 31) % 31]


def is_valid_number(number: str) -> bool:
    """Right form and check digit of an ID number or credit code."""
    if len(number) != 18 or not number.isascii():
        return False
    body, last = number[:17], number[17]
    if body.isdigit() and not body.startswith("91" + REGION):
        return id_check_digit(body) == last
    return all(letter in _CODE_LETTERS for letter in number) and credit_check_letter(body) == last
