"""Bands of scores that follow each other: who has exactly 90 points, where one band ends there and the next begins.

良好（80分以上、90分以下） below 优秀（90分以上） ends before 90, since 90 is 优秀. Without a band that begins
with it, 以下 includes its number, and so does a wording that says so (90分及以下).
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from tongbao.extract.context import Context
from tongbao.extract.grade_list_parts import GradeList

_INCLUDED = re.compile(r"分(?:（含[^（）]{0,8}）|含|及)(?:及)?以下|[≤]")
_BELOW = re.compile("以下")


def parted_bands(context: Context, lists: Iterable[GradeList]) -> list[GradeList]:
    """Open the upper bound of a list at the number with which a better band of the same measure begins."""
    found = list(lists)
    begins = {(x.measure, x.low[0], group) for x in found if x.low and x.low[1] for group in (x.group, "")}
    text = context.document.text
    for index, item in enumerate(found):
        if item.high is None or not item.high[1] or (item.measure, item.high[0], item.group) not in begins:
            continue
        label = text[item.start : item.units[0].start if item.units else item.end]
        if _BELOW.search(label) and not _INCLUDED.search(label):
            found[index] = replace(item, high=(item.high[0], False))
    return found
