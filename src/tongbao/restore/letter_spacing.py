"""Letter-spaced words: a heading set as `通 报`, a title of single characters, a year written 2 0 1 8 年.

Blanks go only where no list of single characters can be meant: the whole line is spaced, or it is a known term.
All other blanks are looked at in `spacing`.
"""

import re

import numpy as np

from tongbao.restore.changes import Changes
from tongbao.restore.character_sets import members
from tongbao.restore.lexicon import Lexicon

_BLANK = " \t\xa0\u2002\u2003\u3000"
_HAN = re.compile(r"[\u3400-\u9fff]")
_SPACED = re.compile(rf"[{_BLANK}]*([^\s\0|](?:[{_BLANK}]{{1,6}}[^\s\0|])+)(?=[{_BLANK}]*[:：]?[{_BLANK}]*$)")
_GAPS = re.compile(rf"[{_BLANK}]+")
_YEAR = re.compile(rf"[12][{_BLANK}][09][{_BLANK}]\d[{_BLANK}]\d[{_BLANK}]?年")
_FIGURE_BEFORE = re.compile(rf"(?:[\d.]|\d[{_BLANK}])\Z")
MAX_LINE = 300
MIN_LETTERS = 6
"""A line of at least so many single characters, half of them Chinese, is letter-spaced; no list is like it."""


def fix(text: str, lexicon: Lexicon) -> Changes:
    """Return the deletions of blanks between the characters of words."""
    found: list[tuple[int, int, str]] = []
    seen = -1
    for hint in _single(text):
        if hint < seen:
            continue
        low = text.rfind("\n", 0, hint) + 1
        seen = text.find("\n", hint)
        seen = len(text) if seen < 0 else seen
        found += _years(text[low:seen], low)
        match = _SPACED.match(text[low:seen]) if seen - low <= MAX_LINE else None
        if not match:
            continue
        letters = _GAPS.sub("", match.group(1))
        n_han = len(_HAN.findall(letters))
        if len(letters) >= MIN_LETTERS and 2 * n_han >= len(letters):
            why = "a whole line of single characters"
        elif n_han == len(letters) and letters in lexicon.admin_words:
            why = "a known term"
        else:
            continue
        start = low + match.start(1)
        found += [(start + m.start(), start + m.end(), why) for m in _GAPS.finditer(match.group(1))]
    spans = sorted({(low, high): why for low, high, why in found}.items())
    return Changes(
        "spacing",
        [low for (low, _), _ in spans],
        [high for (_, high), _ in spans],
        note="letter-spaced",
        verified=[why for _, why in spans],
    )


def _single(text: str) -> list[int]:
    """Where single characters stand between two blanks, or between a blank and the end of a line."""
    if len(text) < 2:
        return []
    is_blank, is_end, is_none = members(text, _BLANK, _BLANK + "\n:：", _BLANK + "|\n")
    single = np.zeros(len(text), dtype=bool)
    single[1:] = is_blank[:-1] & ~is_none[1:] & np.append(is_end[2:], True)[: len(text) - 1]
    return np.flatnonzero(single).tolist()


def _years(line: str, offset: int) -> list[tuple[int, int, str]]:
    """The blanks in years of a line that begins at `offset`."""
    found = []
    for match in _YEAR.finditer(line):
        year = match.group().rstrip("年").rstrip(_BLANK)
        if year[:3:2] not in ("19", "20") or _FIGURE_BEFORE.search(line[max(0, match.start() - 2) : match.start()]):
            continue
        low = offset + match.start()
        found += [(low + gap.start(), low + gap.end(), "four figures of a year") for gap in _GAPS.finditer(year)]
    return found
