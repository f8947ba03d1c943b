"""How many units reached a score: 90分以上的市州有12个, 12个市州得分在90分以上, 得满分的有3家, and their share."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tongbao.extract.facts import Span
from tongbao.extract.group_words import name_bracket
from tongbao.extract.mentions import find_numbers

_N = r"\d{1,4}(?:\.\d{1,2})?"
_BRACKET = r"（(?!含）)[^（）]{1,30}）"
_AT_LEAST = re.compile(
    rf"(?:(?:总|综合|考核|考评|评估|平均)?(?:得分|分数|成绩|总分|评分)(?:均)?(?:在|达到|达|为|超过（含）)?|超过（含）|达到|不低于)?"
    rf"(?P<t>{_N})分(?P<scale>{_BRACKET})?(?P<closed>（含）)?(?:及|（含）)?(?P<above>以上)?"
)
_COUNT_FIRST = re.compile(
    r"(?P<n>\d{1,6})(?:个|家|名)(?P<group>(?:[^，。；：\d（）、]|（[^（）\d]{1,12}）){0,20}?)(?:总|综合|考核|考评|评估)?(?:的)?"
    r"(?:得分|分数|成绩|总分|评分)?(?:均|都)?(?:在|达到|达|为|超过（含）|不低于)?"
    rf"(?P<t>{_N})分(?P<scale>{_BRACKET})?(?:（含）)?(?:及|（含）)?以上"
)
_BAND = re.compile(rf"[、，]?(?:不足|不满|低于|至|到|—|-)?(?:{_N})分(?:以下|以内)?")
_FULL_FIRST = re.compile(
    rf"满分(?:{_N}分)?(?:（[^（）]{{1,12}}）)?(?:的)?(?P<mid>[^，。；：\d]{{0,16}}?)(?:共有|共|有|为|达)?(?P<n>\d{{1,4}})(?:个|家|名)"
)
_FULL_LAST = re.compile(
    r"(?P<groups>\d{1,4}(?:个|家|名)[^，。；：]{0,60}?)(?:考核|考评|评估|测评)?(?:得分|成绩)?(?:均|都|全部)?(?:得分|成绩)?"
    rf"(?:为|获得|获|得|取得|达到|拿到)?(?:了)?(?:满分|{_N}分（满分）)"
)
_NOT_FULL = re.compile(r"(?:未|没有|接近|距|离|占)(?:[^，。；]{0,4})$")
_SHARE = re.compile(rf"[，、（]?(?:约)?占(?:比|到)?[^，。；\d％%]{{0,12}}?(?:为|达到|达|的|约)?(?P<v>{_N})[%％](?!以)")
_NO_UNITS = re.compile(r"指标|栏目|项|条|问题|方面|季度|等次|档|百分点|类")


@cache
def _count_behind() -> re.Pattern[str]:
    """的GROUP有N个; a bracket behind the group is a remark (含顺德区) unless it is part of its name (市、区)."""
    return re.compile(
        rf"(?:的)?(?P<group>[^，。；：\d＿％%]{{0,20}}?)(?:(?!{name_bracket()}){_BRACKET}|＿+)?(?:共有|共|有|为|达到|达)?"
        rf"(?P<n>\d{{1,6}})(?:个|家|名)(?P<after>(?:{name_bracket()}|[^，。；：、\d（）]){{0,12}})"
    )


@dataclass(frozen=True, slots=True)
class Reached:
    """A count of units at a threshold (None: full marks), with the words that may name the group and the scale."""

    threshold: str | None
    count: str
    words: tuple[str, ...]
    scale: str
    start: int
    end: int


def reached_in(text: str, s: int, e: int) -> list[Reached]:
    """Return the counts of units at a threshold in a clause; 80分以上90分以下, 3个指标 and 扣5分以上 are none."""
    if text.find("扣", s, e) >= 0:
        return []
    if m := _COUNT_FIRST.search(text, s, e):
        if _BAND.match(text, m.end(), e) or _NO_UNITS.search(m["group"]):
            return []
        return [Reached(m["t"], m["n"], (m["group"],), m["scale"] or "", m.start(), m.end())]
    for m in _AT_LEAST.finditer(text, s, e):
        said = next((n for n in find_numbers(text, s, e) if n.start == m.start("t")), None)
        is_bound = m["above"] or re.search(r"超过（含）|达到|不低于", m.group())
        is_closed_over = m["closed"] and said is not None and said.comparator == ">"  # 超过80分（含）
        if said is None or not (is_closed_over or (is_bound and said.comparator in (">=", "="))):
            continue
        if _BAND.match(text, m.end(), e):
            return []
        count = _count_behind().match(text, m.end(), e)
        if count is None or _NO_UNITS.search(count["group"]) or _NO_UNITS.match(count["after"]):
            continue
        words = (count["group"], "" if count["group"] else count["after"])
        return [Reached(m["t"], count["n"], words, m["scale"] or "", m.start(), count.end("n") + 1)]
    return []


def full_marks_in(text: str, s: int, e: int) -> tuple[re.Match[str], bool] | None:
    """Return the match that tells full marks and whether the count comes first; None where nobody is counted."""
    if text.find("满分", s, e) < 0:
        return None
    if (m := _FULL_LAST.search(text, s, e)) and not _NO_UNITS.match(m["groups"].lstrip("0123456789个家名")):
        return m, True
    m = _FULL_FIRST.search(text, s, e)
    if m is None or _NOT_FULL.search(text[s : m.start()]) or _NO_UNITS.search(m["mid"]):
        return None
    return m, False


def share_behind(text: str, at: int, stop: int) -> tuple[str, Span] | None:
    """Return the share printed right behind a count: ，占比22.7% or （占31.7%）; none with a bound (占比超过30%)."""
    m = _SHARE.match(text, at, stop)
    return (m["v"], m.span()) if m else None


def scale_in(words: str) -> str:
    """Return the full mark in a bracket behind a threshold (总分60分), '' without one."""
    m = re.search(rf"(?:满分|总分)(?:均)?(?:为|是)?(?P<v>{_N})分?", words)
    return m["v"] if m else ""


def counted_words(text: str, s: int, e: int) -> Iterator[tuple[str, int, int]]:
    """Yield the counts of a passage with the span of the words behind each: 4个市州和12个省政府部门."""
    for m in re.finditer(rf"(?P<n>\d{{1,4}})(?:个|家|名)(?P<words>(?:{name_bracket()}|[^\d，。；（）])*)", text[s:e]):
        words = re.sub(r"(?:和|以及|及|与|、)$", "", m["words"])
        yield m["n"], s + m.start("words"), s + m.start("words") + len(words)
