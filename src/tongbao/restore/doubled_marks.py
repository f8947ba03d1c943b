"""Punctuation that a conversion doubled: 。。 ，， and ，、 between Chinese. An ellipsis and stressed marks stay.

Marks have their full width when this runs, see `width`.
"""

import re

import numpy as np

from tongbao.restore.character_sets import members
from tongbao.restore.edits import Edit

_MARKS = "，。、；："
KIND = "doubled_mark"
_DOUBLED = re.compile(r"(?<=[\u3400-\u9fff0-9%”’）》〉])(?:([，。、；：])\1|，、)(?![，。、；：…．.])")


def fix(text: str) -> list[Edit]:
    """Return the deletions of one of two marks: of two alike the second, of 、 behind a comma the comma."""
    edits: list[Edit] = []
    (is_mark,) = members(text, _MARKS)
    for at in np.flatnonzero(is_mark[1:] & is_mark[:-1]).tolist():
        if at == 0 or not (match := _DOUBLED.match(text, at)):
            continue
        if match.group(1):
            edits.append(Edit(at + 1, at + 2, "", KIND, note="the mark before it again"))
        else:  # which of the two marks was meant is told only by the members of a list around it
            edits.append(Edit(at, at + 1, "", KIND, confidence=0.9, note="two marks where one can stand"))
    return edits
