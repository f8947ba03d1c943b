"""How a score changed against the year before, in every order: 同比提高2分, 高于上年2分, 由61分提高到66分."""

import re
from dataclasses import dataclass
from decimal import Decimal

from tongbao.extract.context import Context

_N = r"\d{1,4}(?:\.\d{1,3})?"
_UP = "增加|增长|提高|提升|上升|上涨|高出|升高|高|增|升"
_DOWN = "减少|下降|降低|下滑|回落|低|减|降"
_YEAR = r"(?:上一?年度?|去年度?|前一年度?|(?P<{}>20\d\d)年度?)(?:同期)?"
_SCORE = r"(?:的)?(?:平均)?(?:得分|分数|成绩|总分|分)?"
_AGAINST = (
    rf"(?:同比|(?:相?[较比]|相比|对比|与|和|同)(?:于)?{_YEAR.format('year')}{_SCORE}"
    rf"(?:（?(?:为|的)?(?P<old>{_N})分）?)?(?:相比|比较|相较)?)(?:平均(?:得分)?(?:分别)?)?"
)
_HOW = r"(?:分别|略微|略|小幅|大幅|均|又|再|有所)*"
_UNIT = r"(?P<unit>个百分点|百分点|个|家|名|分)"
_CHANGE = re.compile(rf"[，、（]?(?:且|并|，)?{_AGAINST}{_HOW}(?P<verb>{_UP}|{_DOWN})(?:了)?(?P<v>{_N}){_UNIT}")
_THAN = re.compile(
    rf"[，、（]?(?P<verb>高于|高出|多于|低于|少于){_YEAR.format('year')}{_SCORE}(?:水平)?(?P<v>{_N}){_UNIT}"
)
_LEVEL = re.compile(rf"[，、（]?(?:与|同|和){_YEAR.format('year')}{_SCORE}(?<!基本)持平")
_WAS = re.compile(rf"[，、（]?{_YEAR.format('year')}{_SCORE}(?:为|是)(?P<old>{_N})(?P<unit>分|个|家)")
FROM_OLD = (
    rf"(?:由|从)(?P<from>[^，。；\d]{{0,10}}(?:20\d\d年(?:度)?(?:的)?)?)(?P<old>{_N})分?{_HOW}"
    rf"(?:{_UP}|{_DOWN})(?:到|至|为)(?:了)?"
)
"""What stands between a mean and its new value: 由上年的61.5分提高到."""
CHANGED_TO = rf"{_AGAINST}{_HOW}(?P<verb>{_UP}|{_DOWN})(?:了)?(?P<by>{_N})分[，、]?(?:达到|达|为|至)"
"""The same with the difference first: 较上年提高2.1分，达到."""

_LAST = re.compile(r"^(?:的)?$|上一?年|去年|前一年|同期")


@dataclass(frozen=True, slots=True)
class Change:
    """A difference from the year before and where it is printed."""

    value: int | float
    start: int
    end: int


def change_behind(context: Context, text: str, at: int, stop: int, value: str, units: tuple[str, ...]) -> Change | None:
    """Return the change printed right behind a figure, None where it is none from the year before.

    Examples: 88.6分，比2013年提高2.1分 -> 2.1; 与上年持平 -> 0; （上年为86.5分） -> the difference.
    """
    for pattern in (_CHANGE, _THAN):
        if m := pattern.match(text, at, stop):
            if not is_last_year(context, m["year"]) or m["unit"] not in units:
                return None
            return Change(_signed(m["verb"], m["v"]), m.start(), m.end())
    if (m := _LEVEL.match(text, at, stop)) and is_last_year(context, m["year"]):
        return Change(0, m.start(), m.end())
    if (m := _WAS.match(text, at, stop)) and m["unit"] in units and is_last_year(context, m["year"]):
        return Change(difference(value, m["old"]), m.start(), m.end())
    return None


def change_from(context: Context, m: re.Match[str]) -> int | float | None:
    """Return the change that `FROM_OLD` tells, None where its old value is of another time (由上半年的61.5分)."""
    words = m["from"]
    year = re.search(r"20\d\d", words)
    known = is_last_year(context, year[0]) if year else _LAST.search(words)
    return difference(m["v"], m["old"]) if known else None


def change_to(context: Context, m: re.Match[str]) -> int | float | None:
    """Return the change that `CHANGED_TO` tells."""
    return _signed(m["verb"], m["by"]) if is_last_year(context, m["year"]) else None


def is_last_year(context: Context, year: str | None) -> bool:
    """Say whether a printed year is the one before the circular's; one not printed is."""
    return year is None or not context.period[:4] or int(year) == int(context.period[:4]) - 1


def difference(new: str, old: str) -> int | float:
    """Return new - old with as many decimals as printed (66.2, 61.5 -> 4.7)."""
    found = Decimal(new) - Decimal(old)
    return int(found) if found == found.to_integral_value() else float(found)


def _signed(verb: str, digits: str) -> int | float:
    value = float(digits) if "." in digits else int(digits)
    return -value if re.fullmatch(f"(?:{_DOWN})于?|少于", verb) else value
