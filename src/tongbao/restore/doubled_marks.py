"""Punctuation that a conversion doubled: 。。 ，， and ，、 between Chinese. An ellipsis and stressed marks stay.

Marks have their full width when this runs, see `width`.
"""

import re

from tongbao.restore.edits import Edit

KIND = "doubled_mark"
_DOUBLED = re.compile(r"(?<=[\u3400-\u9fff0-9%”’）》〉])(?:([，。、；：])\1|，、)(?![，。、；：…．.])")


def fix(text: str) -> list[Edit]:
    """Return the deletions of one of two marks: of two alike the second, of 、 behind a comma the comma."""
    edits = []
    for match in _DOUBLED.finditer(text):
        at = match.start()
        if match.group(1):
            edits.append(Edit(at + 1, at + 2, "", KIND, note="the mark before it again"))
        else:  # which of the two marks was meant is told only by the members of a list around it
            edits.append(Edit(at, at + 1, "", KIND, confidence=0.9, note="two marks where one can stand"))
    return edits
