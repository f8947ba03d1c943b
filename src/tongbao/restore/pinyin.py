"""Take out the readings that a mirror site wrote behind characters: 政務(wù) is 政務.

Only a bracket that holds a reading of the very character before it goes; every other bracket stays.
Readings are those of pypinyin's character table (MIT).
"""

import re
import unicodedata
from functools import lru_cache

import numpy as np

from tongbao.restore.changes import Changes
from tongbao.restore.parts import Parts
from tongbao.restore.script import traditional_characters

MIN_MARKED = 3
"""From this many annotations on a text counts as annotated throughout; below, a gloss on a character that
the mirror would not have converted is the author's own (for a rare character in a place name, say)."""

LETTERS = "a-zāáǎàōóǒòēéěèīíǐìūúǔùüǖǘǚǜḿńňǹê"
# With the character before it, so that one pass of `split` brings all three pieces of every bracket.
_ANNOTATION = re.compile(rf"(.)([(（])([{LETTERS}\u0300-\u030c]{{1,8}})( ?[)）])")


@lru_cache(maxsize=30_000)
def readings(character: str) -> frozenset[str]:
    """The readings of a character with tone marks; empty for what is no Chinese character."""
    from pypinyin.pinyin_dict import pinyin_dict

    return frozenset(pinyin_dict.get(ord(character), "").split(",")) - {""}


@lru_cache(maxsize=100_000)
def _is_reading(character: str, written: str) -> bool:
    return unicodedata.normalize("NFC", written) in readings(character)


def fix(text: str, parts: Parts | None = None) -> Changes:
    """Return the deletions of all annotations in `text`.

    Args:
        text: the text, of one document or of several.
        parts: where in `text` the documents lie; by default it is one.
    """
    pieces = _ANNOTATION.split(text)
    if len(pieces) == 1:
        return Changes("pinyin", [], [])
    before = pieces[1::5]
    ends = np.cumsum(np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)))
    starts, ends = ends[1::5], ends[4::5]
    found = np.fromiter(map(_is_reading, before, pieces[3::5]), dtype=bool, count=len(before))
    traditional = np.fromiter(map(traditional_characters().__contains__, before), dtype=bool, count=len(before)) & found
    own = (parts or Parts.of(text)).index(starts)
    annotated = (np.bincount(own, traditional) >= MIN_MARKED) | (np.bincount(own, found) >= 3 * MIN_MARKED)
    keep = found & annotated[own] | traditional
    return Changes("pinyin", starts[keep], ends[keep], note="reading of the character before it")
