"""Notes as one long array of characters, so that every later look at them is a handful of numpy passes.

Each character keeps its place: folding never changes a length, and evidence is cut from the original text.
`pinyin.txt` (syllable, characters) was drawn once from pypinyin (MIT) for the common characters, tones dropped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_PLANES = 0x10000
_PINYIN = Path(__file__).with_name("pinyin.txt")
# What parts a sentence, and how much of a long part is quoted on either side of the words that tell.
_BETWEEN = re.compile(r"[，。；！？、,;!?\n\r]")
_NEAR = 12

_BEYOND = re.compile("[\U00010000-\U0010ffff]")

# Punctuation that means the same to a reader.
_SAME = {"﹐": ",", "､": "、", "﹒": ".", "｡": "。", "﹔": ";", "﹕": ":", "﹖": "?", "﹗": "!", "\t": " ", "\r": "\n"}
_SAME |= {
    "，": ",",
    "；": ";",
    "：": ":",
    "？": "?",
    "！": "!",
    "“": '"',
    "”": '"',
    "「": '"',
    "」": '"',
    "‘": '"',
    "’": '"',
}
# Traditional and dialect variants that visitors type now and then.
_SAME |= dict(
    zip(
        "貸還錢員應該說話沒無過問題為麼會開關門電號碼時間騙賬帳戶個們來對買賣東車廠業務態險費違規訴",
        "贷还钱员应该说话没无过问题为么会开关门电号码时间骗账账户个们来对买卖东车厂业务态险费违规诉",
        strict=True,
    )
)


@cache
def _folding() -> NDArray[np.uint16]:
    table = np.arange(_PLANES, dtype=np.uint16)
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)
    table[0x3000] = table[0x00A0] = 0x20
    for code in range(0x41, 0x5B):
        table[code] = code + 0x20
        table[code + 0xFEE0] = code + 0x20
    for odd, plain in _SAME.items():
        table[ord(odd)] = ord(plain)
    return table


@cache
def syllables() -> NDArray[np.uint16]:
    """Code of a character → number of its syllable (tones dropped), 0 for what is not in `pinyin.txt`."""
    table = np.zeros(_PLANES, dtype=np.uint16)
    for number, line in enumerate(_PINYIN.read_text(encoding="utf-8").splitlines(), start=1):
        _, characters = line.split(" ")
        for character in characters:
            table[ord(character)] = number
    return table


@cache
def _character_folding() -> str:
    """The same by character, for single texts: the place of a character is its code."""
    return "".join(map(chr, _folding().tolist()))


def folded(text: str) -> str:
    """`text` as the rules read it: half width, lower case, simplified, one kind of quotation mark."""
    plain = text.translate(_character_folding())
    return _BEYOND.sub("\uffff", plain) if _BEYOND.search(plain) else plain


def _folded_codes(text: str) -> NDArray[np.uint16]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return _folding()[np.where(codes < _PLANES, codes, 0xFFFF)]


@dataclass(frozen=True)
class Notes:
    """Many notes in one array, a line break behind each.

    `codes` uint16 per character; `note` int32 per character: the number of its note;
    `starts` int64 per note: where it begins in `codes`; `texts`: the originals.
    """

    texts: tuple[str, ...]
    codes: NDArray[np.uint16]
    note: NDArray[np.int32]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.texts)

    def words(self, note: int, start: int, end: int) -> str:
        """The original words of `note` between two places of `codes`."""
        begin = int(self.starts[note])
        return self.texts[note][start - begin : end - begin]

    def around(self, note: int, start: int, end: int) -> str:
        """The part of the sentence that `start` to `end` lies in, of a long one what is near: to be read by people."""
        begin = int(self.starts[note])
        first, last, at = start - begin, end - begin, 0
        for part in _BETWEEN.split(self.texts[note]):
            if at + len(part) > first and part.strip():
                return part[max(0, first - at - _NEAR) : max(0, last - at) + _NEAR].strip()
            at += len(part) + 1
        return ""


def read_notes(texts: Sequence[str]) -> Notes:
    """Lay `texts` end to end; O(characters)."""
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)[:-1]]) if len(texts) else lengths
    codes = _folded_codes("\n".join(texts) + "\n") if len(texts) else np.zeros(0, dtype=np.uint16)
    note = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
    return Notes(tuple(texts), codes, note, starts)
