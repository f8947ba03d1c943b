"""Units with their points one by one: 甲局（扣3分）、乙局（扣2分）, or as announced: 扣分情况：甲局3分、乙局2分."""

import re
from itertools import pairwise

from tongbao.extract.context import Context
from tongbao.extract.deduction_points import Points, exactly
from tongbao.extract.deduction_units import whole_units
from tongbao.extract.units import Unit

_BRACKETED = re.compile(
    r"(?P<name>[^、（）]{2,40})（(?:共|各|被)?(?:扣分|扣)?(?:为|：)?(?P<points>\d{1,4}(?:\.\d{1,3})?)分）"
)
_PAIR = re.compile(r"(?P<name>[^、（）\d]{2,40})(?:扣分|扣)?(?:为|：)?(?P<points>\d{1,4}(?:\.\d{1,3})?)分")
_TOLD_BEHIND = re.compile("）(?:的)?扣分(?:较|最|相对)")  # 甲局（14.2分）、乙办（11.5分）扣分较多
_NEXT_PAIR = re.compile("、|(?<=[）分])[和及与]")


def read_pairs(context: Context, sentence: int, s: int, e: int, goes_on: bool) -> list[tuple[list[Unit], Points]]:
    """Return the pairs that a clause of a sentence lists, none unless all of it is read.

    A number in brackets behind 得分 is a score; 扣 stands in the brackets, before or behind the list, or announces it.
    A clause that goes on with a list (甲区3.5分，乙县6分) is announced with it.
    """
    text = context.document.text
    words = text[s:e]
    listed = goes_on or _is_announced(text[sentence:s])
    if "分" not in words or not ("分）" in words or listed) or "扣" not in text[sentence:e]:
        return []
    head = re.search(r"(?:有|是|为|：)(?=[^，。；]{2,40}?（)", words)
    begin = s + head.end() if head else s
    if begin != s and "扣" not in text[s:begin]:
        return []
    pairs = []
    told_behind = _TOLD_BEHIND.search(words) is not None
    cuts = [begin, *(begin + m.end() for m in _NEXT_PAIR.finditer(text[begin:e])), e]
    for a, b in ((x, y - (y < e)) for x, y in pairwise(cuts)):
        m = _BRACKETED.match(text, a, b) or (_PAIR.fullmatch(text, a, b) if listed else None)
        if m and m.end() < b and (b < e or not ("扣" in m.group() or told_behind)):
            m = None  # only behind the last may the sentence go on: 甲局（扣2分）存在问题
        units = whole_units(context, *m.span("name")) if m else []
        if m is None or not units or ("扣" not in m.group() and begin == s and not (listed or told_behind)):
            return []
        pairs.append((units, exactly(m["points"], m.span("points"))))
    return pairs


def _is_announced(before: str) -> bool:
    """Say whether a list of units with their points was announced: 扣分最多的3个单位依次为：."""
    announced = re.search(r"[^，；：]{2,40}：$", before)
    return announced is not None and "扣" in announced.group() and not re.search("得分|加分", announced.group())
