"""Take out the readings that a mirror site wrote behind characters: 政務(wù) is 政務.

Only a bracket that holds a reading of the very character before it goes; every other bracket stays.
Readings are those of pypinyin's character table (MIT).
"""

import re
import unicodedata

from tongbao.restore.edits import Edit
from tongbao.restore.script import is_traditional

MIN_MARKED = 3
"""From this many annotations on a text counts as annotated throughout; below, a gloss on a character that
the mirror would not have converted is the author's own (for a rare character in a place name, say)."""

LETTERS = "a-zāáǎàōóǒòēéěèīíǐìūúǔùüǖǘǚǜḿńňǹê"
_BRACKET = re.compile(rf"[(（]([{LETTERS}\u0300-\u030c]{{1,8}}) ?[)）]")


def readings(character: str) -> frozenset[str]:
    """The readings of a character with tone marks; empty for what is no Chinese character."""
    from pypinyin.pinyin_dict import pinyin_dict

    return frozenset(pinyin_dict.get(ord(character), "").split(",")) - {""}


def fix(text: str) -> list[Edit]:
    """Return the deletions of all annotations in `text`."""
    found: list[tuple[int, int, bool]] = []
    for match in _BRACKET.finditer(text):
        at = match.start()
        if at == 0:
            continue
        before = text[at - 1]
        if unicodedata.normalize("NFC", match.group(1)) in readings(before):
            found.append((at, match.end(), is_traditional(before)))
    annotated = sum(traditional for *_, traditional in found) >= MIN_MARKED or len(found) >= 3 * MIN_MARKED
    return [
        Edit(start, end, "", "pinyin", note="reading of the character before it")
        for start, end, traditional in found
        if annotated or traditional
    ]
