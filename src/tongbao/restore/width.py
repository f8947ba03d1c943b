"""Punctuation next to Chinese to full width, digits and Latin letters to half width; nothing else.

Collectors folded ， ： ； （ ） to ASCII. Marks inside numbers, times, addresses and Latin words stay.
"""

import re
from functools import cache

import numpy as np
import numpy.typing as npt

from tongbao.restore.changes import Changes, codes_of
from tongbao.restore.edits import Spans

_TO_WIDE = dict(zip(",;:!?()", "，；：！？（）", strict=True))
_MARK = re.compile(r"[,;:!?]")
_CHINESE = re.compile(r"[\u3001-\u3020\u3400-\u9fff\uff00-\uff65“”‘’…—]")
_FULL = re.compile(r"[\uff05\uff0b\uff0e\uff10-\uff5a]")
_HALF = re.compile(
    r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff05\uff0b]+|(?<=[0-9\uff10-\uff19])\uff0e(?=[0-9\uff10-\uff19])"
)
_NEAR = 60
_LAST = 0xFFFF  # no character of interest lies above
_IS_CHINESE, _IS_MARK, _IS_PAREN, _IS_PRINTED, _IS_FULL = 1, 2, 4, 8, 16
_ANNEX_NUMBER = re.compile(r"附(?:件|表|录|图)\s?\d{1,2}$")
_PROTECTED = re.compile(
    r"(?:https?|ftp)://[!-~]+|www\.[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)|(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)+",
    re.ASCII,
)
_PRINTED = re.compile(r"[!-~]+")
_ADDRESS = re.compile(r"[/@.]")


def fix(text: str, keep: Spans | None = None) -> Changes:
    """Return the changes of width, each of one character.

    Args:
        text: the text.
        keep: spans that stay as they are (damaged places).
    """
    codes = codes_of(text)
    classes = _classes()[np.minimum(codes, _LAST)]
    chosen = np.zeros(len(codes), dtype=bool)
    _marks(text, classes, chosen)
    _parentheses(text, classes, chosen)
    for match in _HALF.finditer(text) if (classes & _IS_FULL).any() else ():
        chosen[match.start() : match.end()] = True
    places = np.flatnonzero(chosen)
    found = Changes("width", places, places + 1, new=_table()[codes[places]])
    return found.outside(keep) if keep else found


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """For every code point up to `_LAST`, which of the classes below it belongs to, as bits."""
    classes = np.zeros(_LAST + 1, dtype=np.uint8)
    for at in range(_LAST + 1):
        character = chr(at)
        bits = (
            (_IS_CHINESE, bool(_CHINESE.match(character))),
            (_IS_MARK, bool(_MARK.match(character))),
            (_IS_PAREN, character in "()"),
            (_IS_PRINTED, "!" <= character <= "~"),
            (_IS_FULL, bool(_FULL.match(character))),
        )
        classes[at] = sum(bit for bit, holds in bits if holds)
    return classes


@cache
def _table() -> npt.NDArray[np.uint32]:
    """What each code point becomes where it is to change."""
    table = np.arange(_LAST + 1, dtype=np.uint32)
    for old, new in _TO_WIDE.items():
        table[ord(old)] = ord(new)
    table[0xFF01:0xFF5F] -= 0xFEE0
    return table


def _marks(text: str, classes: npt.NDArray[np.uint8], chosen: npt.NDArray[np.bool_]) -> None:
    """Choose the marks that face Chinese. Nearly all stand between two Chinese characters: no need to look far."""
    places = np.flatnonzero(classes & _IS_MARK)
    if not len(places):
        return
    framed = np.concatenate(([0], classes, [0]))
    before, after = framed[places], framed[places + 2]
    plain = ((before | after) & _IS_CHINESE > 0) & ((before | after) & _IS_PRINTED == 0)
    chosen[places[plain]] = True
    for at in places[~plain].tolist():
        chosen[at] = _faces_chinese(text, at) and not _is_protected(text, at)


def _neighbour(text: str, at: int, step: int) -> str:
    at += step
    while 0 <= at < len(text) and text[at] in " \u3000\xa0":
        at += step
    return text[at] if 0 <= at < len(text) else "\n"


def _faces_chinese(text: str, at: int) -> bool:
    """Whether the nearest character on either side is Chinese, looking through brackets, `%` and digits."""
    if text[at] == "?" and "?" in text[max(0, at - 1) : at] + text[at + 1 : at + 2]:
        return False
    before, after = _neighbour(text, at, -1), _neighbour(text, at, 1)
    if _CHINESE.match(before) or _CHINESE.match(after):
        return True
    if text[at] == ":" and _ANNEX_NUMBER.search(text, max(0, at - 8), at):
        return True
    if text[at] not in ",;:":
        return before in ")%" and after == "\n"
    # 100%,其中 ; (一)…: ; 附件1:2016年
    return bool((before in ")%" or before.isalnum()) and (after == "(" or after == "\n") and _chinese_line(text, at))


def _chinese_line(text: str, at: int) -> bool:
    """Whether the words around a mark are mostly Chinese."""
    start = max(text.rfind("\n", 0, at) + 1, at - _NEAR)
    end = text.find("\n", at, at + _NEAR)
    line = text[start : end if end >= 0 else at + _NEAR]
    return len(_CHINESE.findall(line)) > len(line) / 3


def _parentheses(text: str, classes: npt.NDArray[np.uint8], chosen: npt.NDArray[np.bool_]) -> None:
    """Choose the brackets with Chinese in them or beside them, both of a pair alike."""
    places = np.flatnonzero(classes & _IS_PAREN).tolist()
    if not places:
        return
    chinese, printed = (classes & _IS_CHINESE).tobytes(), (classes & _IS_PRINTED).tobytes()
    taken: list[int] = []
    open_at: list[int] = []
    line_end = -1
    for at in places:
        if at > line_end:
            taken += [start for start in open_at if _is_beside_chinese(text, start)]
            open_at = []
            line_end = text.find("\n", at)
            line_end = len(text) if line_end < 0 else line_end
        if text[at] == "(":
            open_at.append(at)
        elif open_at:
            start = open_at.pop()
            if chinese.find(_IS_CHINESE, max(0, start - 1), at + 2) >= 0 and (
                # alone between others, a bracket is no part of an address
                not (_is_printed(printed, start - 1) or _is_printed(printed, start + 1))
                or not _is_protected(text, start)
            ):
                taken += (start, at)
        elif _is_beside_chinese(text, at):
            taken.append(at)
    taken += [start for start in open_at if _is_beside_chinese(text, start)]
    chosen[taken] = True


def _is_printed(printed: bytes, at: int) -> bool:
    return 0 <= at < len(printed) and printed[at] > 0


def _is_beside_chinese(text: str, at: int) -> bool:
    """For a bracket without its partner."""
    return bool(_CHINESE.search(text[max(0, at - 1) : at] + text[at + 1 : at + 2]))


def _is_protected(text: str, at: int) -> bool:
    """Whether a mark is part of an address, a time or a number."""
    start = at
    while start > max(0, at - _NEAR) and "!" <= text[start - 1] <= "~":
        start -= 1
    found = _PRINTED.match(text, at, at + _NEAR)
    end = found.end() if found else at
    if end - start <= 2:
        return False
    if not (
        _ADDRESS.search(text, start, end) or (at > start and text[at - 1].isdigit() and text[at + 1 : at + 2].isdigit())
    ):
        return False
    return any(m.start() <= at < m.end() for m in _PROTECTED.finditer(text, start, end))
