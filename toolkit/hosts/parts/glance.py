"""What a large sheet's XML holds, told by comparing its bytes all at once: no search by expression comes near it."""

import re
from collections.abc import Iterator

import numpy as np

# Pieces that stay in the processor's cache, each with so much of the next that no tag's beginning is cut in two.
_PIECE, _AHEAD = 1 << 20, 32
_LONGEST_ROW_NUMBER = 7
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_PREFIX = re.compile(rb"<(\w+):sheetData[\s>]")
_ENDS_NAME = np.zeros(256, dtype=bool)
_ENDS_NAME[list(b" \t\n\r/>")] = True


def _pieces(xml: bytes, end: int | None = None) -> Iterator[np.ndarray]:
    end = len(xml) if end is None else end
    for start in range(0, end, _PIECE):
        size = min(_PIECE, end - start)
        yield np.frombuffer(xml[start : start + size + _AHEAD].ljust(size + _AHEAD, b"\0"), dtype=np.uint8)


def _after_names(piece: np.ndarray, letter: bytes) -> np.ndarray:
    """Where the name of a tag of one letter ends, with or without a prefix. May count a text that looks alike."""
    before, name = piece[:-_AHEAD], piece[1 : 1 - _AHEAD]
    found = np.flatnonzero((name == ord(letter)) & ((before == ord("<")) | (before == ord(":")))) + 2
    return found[_ENDS_NAME[piece[found]]]


def reach(xml: bytes) -> float:
    """Last row × last column by the addresses of all cells; cells that only carry a style count too, so a large number
    says nothing yet. Unbounded unless every cell begins with its address in the usual spelling (`<c r="AB12"`)."""
    last_row = last_column = closed = 0
    for piece in _pieces(xml):
        at = _after_names(piece, b"c")
        closing = (piece[at] == ord(">")) & (piece[at - 2] == ord(":"))
        closed += int(np.count_nonzero(closing))
        at = at[~closing]
        if not len(at):
            continue
        if not all((piece[at + i] == byte).all() for i, byte in enumerate(b' r="')):
            return float("inf")
        at += 4
        first, second = ((piece[at + i] & 0xDF) - np.uint8(64) for i in (0, 1))  # A is 1; digits lie far beyond Z
        two = (second - np.uint8(1)) < 26
        column = np.where(two, first * np.int32(26) + second, first)
        at += 1 + two
        row = np.zeros(len(at), dtype=np.int32)
        going = np.ones(len(at), dtype=bool)
        for _ in range(_LONGEST_ROW_NUMBER):
            digit = piece[at] - np.uint8(48)
            going &= digit < 10
            if not going.any():
                break
            row = np.where(going, row * 10 + digit, row)
            at += going
        if ((first - np.uint8(1)) >= 26).any() or (row == 0).any() or (piece[at] != ord('"')).any():
            return float("inf")
        last_row, last_column = max(last_row, int(row.max())), max(last_column, int(column.max()))
    # What ends in ":c>" must all be the ends of cells: a beginning that ends so has no address.
    prefix = _PREFIX.search(xml) if closed else None
    if closed and (prefix is None or xml.count(b"</%b:c>" % prefix[1]) != closed):
        return float("inf")
    return last_row * last_column


def has_formulas(xml: bytes) -> bool:
    """Does any cell hold a formula?"""
    end = xml.rfind(b"sheetData>")
    if not any(len(_after_names(piece, b"f")) for piece in _pieces(xml, max(end, 0))):
        return False
    return _FORMULA.search(xml, 0, end) is not None


def may_hold_errors(xml: bytes) -> bool:
    """False if surely no cell holds an error value (`t="e"`)."""
    for piece in _pieces(xml):
        inside = np.flatnonzero(piece[1 : 1 - _AHEAD] == ord("e")) + 1
        before, after = piece[inside - 1], piece[inside + 1]
        if ((before == after) & ((before == ord('"')) | (before == ord("'")))).any():
            return True
    return False
