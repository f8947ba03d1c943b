"""Symbols strewn into words against filters and searches: 网*站 and 政_府网站 are 网站 and 政府网站.

A symbol goes only where the word without it is known, as an official term or from the same text. A masked name
(李*明), a product, a foreign name with its point and a heading of two parts stay.
"""

import numpy as np

from tongbao.restore.changes import Changes
from tongbao.restore.character_sets import HAN, members
from tongbao.restore.lexicon import Lexicon
from tongbao.restore.parts import Parts

KIND = "strewn_symbol"
_SYMBOLS = "*＊~～^#＃·•・_＿|｜"
_MEANINGFUL = frozenset("·•・_＿|｜~～")
"""Symbols that part names and headings in sound text too: these need longer words as evidence."""
_NEVER_IN_CELLS = frozenset("|｜")
MAX_PLACES = 1000
"""A text with more such symbols is no document: nothing is tried on it."""
_REACH = 6  # characters on either side in which the neighbours are looked for, symbols skipped


def fix(text: str, lexicon: Lexicon, parts: Parts | None = None) -> Changes:
    """Return the deletions of symbols inside words.

    Args:
        text: the text in simplified characters, of one document or of several.
        lexicon: the word lists.
        parts: where in `text` the documents lie; by default it is one.
    """
    parts = parts or Parts.of(text)
    starts, verified = [], []
    is_symbol, is_han = members(text, _SYMBOLS, HAN)
    places = (np.flatnonzero(is_symbol[1:-1] & is_han[:-2] & is_han[2:]) + 1).tolist()
    for at in places if len(places) <= MAX_PLACES * len(parts) else ():
        if text[at] in _NEVER_IN_CELLS and _is_row(text, at):
            continue
        why = _evidence(text, at, lexicon, parts)
        if why:
            starts.append(at)
            verified.append(why)
    return Changes(KIND, starts, [at + 1 for at in starts], notes=["inside a word"] * len(starts), verified=verified)


def _evidence(text: str, at: int, lexicon: Lexicon, parts: Parts) -> str:
    """What shows that the characters beside the symbol are one word; "" where nothing does."""
    left = _letters(text[max(0, at - _REACH) : at][::-1])[::-1]
    right = _letters(text[at + 1 : at + 1 + _REACH])
    low, high = parts.around(at)
    whole = left + right
    if len(left) == len(right) == 2 and text.find(whole, low, high) >= 0:
        return "the same words without the symbol elsewhere"
    words = [whole, left + right[:1], left[-1:] + right]
    if text[at] not in _MEANINGFUL:
        words.append(left[-1:] + right[:1])
    known = (word for word in words if len(word) >= (3 if text[at] in _MEANINGFUL else 2))
    return "a known term" if any(word in term for word in known for term in lexicon.admin_words) else ""


def _letters(near: str) -> str:
    """The first two Chinese characters of `near`, symbols skipped; fewer where something else comes before."""
    found = ""
    for character in near:
        if "\u3400" <= character <= "\u9fff":
            found += character
            if len(found) == 2:
                break
        elif character not in _SYMBOLS:
            break
    return found


def _is_row(text: str, at: int) -> bool:
    """Whether the line of a bar is a table row: bars with blanks around them."""
    low, high = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    line = text[low : high if high >= 0 else len(text)]
    return " |" in line or "| " in line or line.count("|") > 2
