"""Whose points a sentence of deductions speaks of: the units a passage begins with, and what was taken off them."""

import re
from dataclasses import dataclass, field

from tongbao.extract.context import Context
from tongbao.extract.deduction_points import Points
from tongbao.extract.deduction_words import LEAD, RESULT_TAIL, actor_behind
from tongbao.extract.group_phrases import is_group
from tongbao.extract.scopes import names_group
from tongbao.extract.units import Unit, read_units

_NAME_LIMIT = 160  # characters of a list of names at the head of a clause
_NO_UNIT = re.compile(r"[全我本][省市区县州旗盟]|\d(?:处|个|条|项|次|件)|季度|年度|单位$")


@dataclass
class Subject:
    """The units that the sentence speaks of, and what was taken off them; parts stay apart from their sum."""

    units: list[Unit]
    taken: list[tuple[Points, bool]] = field(default_factory=list)
    is_blurred: bool = False

    def result(self) -> Points | None:
        """Return what the units lost: the one value, or the one printed sum of several."""
        sums = [points for points, is_sum in self.taken if is_sum]
        if len(self.taken) == 1 and not (self.is_blurred and not sums):
            return self.taken[0][0]
        return sums[0] if len(sums) == 1 else None


def leading_units(context: Context, s: int, e: int) -> tuple[list[Unit], str]:
    """Return the units that a passage begins with, and the words behind them.

    Examples: 市农业局因2个栏目超期未更新 -> 市农业局; 新市镇、钟管镇账号连续两周未更新 -> two towns;
    市政府办公室对全市网站 -> none, it inspects.
    """
    text = context.document.text
    while m := LEAD.match(text[s:e]):
        s += m.end()
    tail = RESULT_TAIL.search(text[s:e])
    stop = s + tail.start() if tail else e
    if units := whole_units(context, s, stop):
        return units, ""
    for cut in range(min(stop, s + _NAME_LIMIT), s + 1, -1):
        if cut < stop and text[cut] in "、和及与":
            continue
        units = whole_units(context, s, cut)
        if units and not any(u.is_site for u in units):
            return ([], "") if actor_behind().match(text, cut, e) else (units, text[cut:e])
    return [], ""


def whole_units(context: Context, s: int, e: int) -> list[Unit]:
    """Return the units that a whole passage lists; none where a group or a count of faults is among them."""
    listed = read_units(context, s, e) if e - s > 1 else None
    if listed is None:
        return []
    if any(_NO_UNIT.search(u.name) or (is_group(u.name) and names_group(u.name) and not u.code) for u in listed.units):
        return []
    return list(listed.units)
