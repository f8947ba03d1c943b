"""Letter-spaced words: a heading set as `通 报`, a title of single characters, a year written 2 0 1 8 年.

Blanks go only where no list of single characters can be meant: the whole line is spaced, or it is a known term.
All other blanks are looked at in `spacing`.
"""

import re

from tongbao.restore.edits import Changes
from tongbao.restore.lexicon import Lexicon

_BLANK = " \t\xa0\u2002\u2003\u3000"
_HAN = re.compile(r"[\u3400-\u9fff]")
_SPACED = re.compile(
    rf"^[{_BLANK}]*([^\s\0|](?:[{_BLANK}]{{1,6}}[^\s\0|])+)(?=[{_BLANK}]*[:：]?[{_BLANK}]*$)", re.MULTILINE
)
_GAPS = re.compile(rf"[{_BLANK}]+")
_YEAR = re.compile(rf"(?<![\d.])(?<!\d[{_BLANK}])((?:1[{_BLANK}]9|2[{_BLANK}]0)[{_BLANK}]\d[{_BLANK}]\d)[{_BLANK}]?年")
MIN_LETTERS = 6
"""A line of at least so many single characters, half of them Chinese, is letter-spaced; no list is like it."""


def fix(text: str, lexicon: Lexicon) -> Changes:
    """Return the deletions of blanks between the characters of words."""
    found: list[tuple[int, int, str]] = []
    for match in _SPACED.finditer(text):
        letters = _GAPS.sub("", match.group(1))
        n_han = len(_HAN.findall(letters))
        if len(letters) >= MIN_LETTERS and 2 * n_han >= len(letters):
            why = "a whole line of single characters"
        elif n_han == len(letters) and letters in lexicon.admin_words:
            why = "a known term"
        else:
            continue
        found += [(match.start(1) + m.start(), match.start(1) + m.end(), why) for m in _GAPS.finditer(match.group(1))]
    lines = {low for low, _, _ in found}
    for match in _YEAR.finditer(text):
        for gap in _GAPS.finditer(match.group(1)):
            low, high = match.start(1) + gap.start(), match.start(1) + gap.end()
            if low not in lines:
                found.append((low, high, "four figures of a year"))
    found.sort()
    return Changes(
        "spacing",
        [low for low, _, _ in found],
        [high for _, high, _ in found],
        note="letter-spaced",
        verified=[why for _, _, why in found],
    )
