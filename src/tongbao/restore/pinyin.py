"""Take out the readings that a mirror site wrote behind characters: 政務(wù) is 政務.

Only a bracket that holds a reading of the very character before it goes; every other bracket stays.
Readings are those of pypinyin's character table (MIT).
"""

import re
import unicodedata
from functools import lru_cache
from itertools import compress

import numpy as np

from tongbao.restore.edits import Changes
from tongbao.restore.script import traditional_characters

MIN_MARKED = 3
"""From this many annotations on a text counts as annotated throughout; below, a gloss on a character that
the mirror would not have converted is the author's own (for a rare character in a place name, say)."""

LETTERS = "a-zāáǎàōóǒòēéěèīíǐìūúǔùüǖǘǚǜḿńňǹê"
# With the character before it, so that one pass of `split` brings all three pieces of every bracket.
_ANNOTATION = re.compile(rf"(.)([(（])([{LETTERS}\u0300-\u030c]{{1,8}})( ?[)）])")


def readings(character: str) -> frozenset[str]:
    """The readings of a character with tone marks; empty for what is no Chinese character."""
    from pypinyin.pinyin_dict import pinyin_dict

    return frozenset(pinyin_dict.get(ord(character), "").split(",")) - {""}


@lru_cache(maxsize=100_000)
def _is_reading(character: str, written: str) -> bool:
    return unicodedata.normalize("NFC", written) in readings(character)


def fix(text: str) -> Changes:
    """Return the deletions of all annotations in `text`."""
    pieces = _ANNOTATION.split(text)
    if len(pieces) == 1:
        return Changes("pinyin", [], [])
    before = pieces[1::5]
    found = list(map(_is_reading, before, pieces[3::5]))
    is_traditional = traditional_characters().__contains__
    n_traditional = sum(map(is_traditional, compress(before, found)))
    annotated = n_traditional >= MIN_MARKED or sum(found) >= 3 * MIN_MARKED
    if not annotated:
        found = [yes and is_traditional(character) for yes, character in zip(found, before, strict=True)]
    ends = np.cumsum(np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)))
    keep = np.array(found, dtype=bool)
    return Changes("pinyin", ends[1::5][keep], ends[4::5][keep], note="reading of the character before it")
