"""Characters that an annotation was written into the middle of: 分?jǐn)?shù) is 分数.

A mirror's tool took the second byte of one character and the first of the next for a character read `jǐn`,
and wrote that reading between the two bytes of the next one, whose own reading follows.
"""

import re
from functools import lru_cache

from tongbao.restore.edits import Edit
from tongbao.restore.gbk import characters, decode
from tongbao.restore.pinyin import LETTERS, readings
from tongbao.restore.script import is_traditional

_SPLIT = re.compile(rf"([\u4e00-\u9fff])[?\ufffd]([{LETTERS}]{{1,6}})[)）][?\ufffd]([{LETTERS}]{{1,6}})[)）]")


def fix(text: str) -> list[Edit]:
    """Return the repairs of split characters.

    Both readings together leave one character; where they leave several or none, nothing is done.
    """
    edits: list[Edit] = []
    if "?" not in text and "\ufffd" not in text:
        return edits
    for match in _SPLIT.finditer(text):
        found = _between(match.group(1), match.group(2), match.group(3))
        if len(found) == 1:
            edits.append(
                Edit(
                    match.start() + 1,
                    match.end(),
                    next(iter(found)),
                    "shifted_bytes",
                    verified_by="two readings fit only this character",
                    note="annotation written into a character",
                )
            )
    return edits


@lru_cache(maxsize=1024)
def _between(before: str, outer: str, inner: str) -> frozenset[str]:
    """The traditional characters read `inner` whose first byte, after the last byte of `before`, gives one
    read `outer`."""
    encoded = before.encode("gb18030")
    if len(encoded) != 2:
        return frozenset()
    found = set()
    for lead in range(0x81, 0xFF):
        wrong = decode(bytes((encoded[1], lead)))
        if wrong is None or outer not in readings(wrong) or not is_traditional(wrong):
            continue
        for right in characters((lead, trail) for trail in range(0x40, 0xFF)):
            if inner in readings(right) and is_traditional(right):
                found.add(right)
    return frozenset(found)
