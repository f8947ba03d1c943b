"""Punctuation next to Chinese to full width, digits and Latin letters to half width; nothing else.

Collectors folded ， ： ； （ ） to ASCII. Marks inside numbers, times, addresses and Latin words stay.
"""

import re

from tongbao.restore.edits import Edit, Spans

_TO_WIDE = dict(zip(",;:!?", "，；：！？", strict=True))
_MARK = re.compile(r"[,;:!?]")
_CHINESE = re.compile(r"[\u3001-\u3020\u3400-\u9fff\uff00-\uff65“”‘’…—]")
_FULL = re.compile(r"[\uff05\uff0b\uff0e\uff10-\uff5a]")
_HALF = re.compile(
    r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff05\uff0b]+|(?<=[0-9\uff10-\uff19])\uff0e(?=[0-9\uff10-\uff19])"
)
_NEAR = 60
_ANNEX_NUMBER = re.compile(r"附(?:件|表|录|图)\s?\d{1,2}$")
_PROTECTED = re.compile(
    r"(?:https?|ftp)://[!-~]+|www\.[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)|(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)+",
    re.ASCII,
)


def fix(text: str, keep: Spans | None = None) -> list[Edit]:
    """Return the changes of width, each of one character (or one run of digits and letters).

    Args:
        text: the text.
        keep: spans that stay as they are (damaged places).
    """
    spans = keep or Spans()
    edits: list[Edit] = []
    for match in _MARK.finditer(text):
        at = match.start()
        if _faces_chinese(text, at) and not spans.overlaps(at, at + 1) and not _is_protected(text, at):
            edits.append(Edit(at, at + 1, _TO_WIDE[match.group()], "width"))
    edits += _parentheses(text, spans)
    for match in _HALF.finditer(text) if _FULL.search(text) else ():
        narrow = "".join(chr(ord(c) - 0xFEE0) for c in match.group())
        edits.append(Edit(match.start(), match.end(), narrow, "width"))
    edits.sort(key=lambda e: e.start)
    return edits


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


def _parentheses(text: str, spans: Spans) -> list[Edit]:
    edits: list[Edit] = []
    open_at: list[int] = []
    for match in re.finditer(r"[()\n]", text):
        at = match.start()
        if match.group() == "\n":
            edits += [e for o in open_at if (e := _single(text, o, spans))]
            open_at = []
        elif match.group() == "(":
            open_at.append(at)
        elif open_at:
            start = open_at.pop()
            near = text[max(0, start - 1) : start] + text[at + 1 : at + 2]
            if (
                (_CHINESE.search(near) or _CHINESE.search(text, start, at))
                and not spans.overlaps(start, start + 1)
                and not _is_protected(text, start)
            ):
                edits.append(Edit(start, start + 1, "（", "width"))
                edits.append(Edit(at, at + 1, "）", "width"))
        elif edit := _single(text, at, spans):
            edits.append(edit)
    edits += [e for o in open_at if (e := _single(text, o, spans))]
    return edits


def _single(text: str, at: int, spans: Spans) -> Edit | None:
    """A bracket without its partner: full width where Chinese stands right beside it."""
    near = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    if not _CHINESE.search(near) or spans.overlaps(at, at + 1):
        return None
    return Edit(at, at + 1, "（" if text[at] == "(" else "）", "width")


def _is_protected(text: str, at: int) -> bool:
    """Whether a mark is part of an address, a time or a number."""
    low, high = at, at + 1
    while low > max(0, at - _NEAR) and "!" <= text[low - 1] <= "~":
        low -= 1
    while high < min(len(text), at + _NEAR) and "!" <= text[high] <= "~":
        high += 1
    return high - low > 2 and any(m.start() <= at < m.end() for m in _PROTECTED.finditer(text, low, high))
