"""Means and extremes of scores in a clause: 平均得分88.6分, 最高91.3分, 得分平均仅8.4分, 由上年的61.5分提高到66.2分."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tongbao.extract.context import Context
from tongbao.extract.facts import Span
from tongbao.extract.score_changes import CHANGED_TO, FROM_OLD, change_from, change_to

_N = r"\d{1,6}(?:\.\d{1,4})?"
_NOUN = "得分|分数|成绩|总分|评分|绩效|指数|分"
_WHAT = (
    r"(?:(?P<head>得分|分数|成绩|总分|评分)(?:的)?)?(?P<word>平均|最高|最低|(?<!平)均(?=分))"
    rf"(?P<tail>{_NOUN})?(?:的)?(?:单位|部门|网站)?"
)
_VALUE = rf"(?P<v>{_N})(?P<mark>分)?(?![\d.个家名％%条项人])"
_PLAIN = re.compile(rf"{_WHAT}(?P<link>(?:仅|只|为|是|达到|达|：|有|高达|低至){{0,3}}){_VALUE}")
_FROM = re.compile(rf"{_WHAT}{FROM_OLD}{_VALUE}")
_TO = re.compile(rf"{_WHAT}{CHANGED_TO}{_VALUE}")
_SEVERAL = re.compile(rf"(?:分别|依次)(?:为|是|达到|达|：)?(?P<values>{_N}分?(?:[、，和及与]{_N}分?)+)")
_KINDS = re.compile("平均(?:得分|分)?|最高(?:得)?分|最低(?:得)?分")
_OTHER = re.compile(r"(?:扣|加|低于|高于|超过|达到|每.{0,3}|不少于|满分的)$")
_EARLIER_YEAR = re.compile(r"(?:较|比|与|由|于)[^，；。]{0,6}年(?:度)?(?:的)?(?:总体|综合|整体)?$|上年(?:度)?(?:的)?$")
_NEXT = re.compile(rf"(?:其中)?(?P<group>[^，。；\d]{{1,20}}?)(?:得分)?(?:为|是|达)?(?P<v>{_N})分")
_AHEAD = re.compile(
    r"(?:得分|总分|成绩)最(?P<side>[高低])$|(?:得分|总分|成绩)最(?P<named>[高低])的(?:是|为)[^，。；\d]{2,20}$"
)
_POINTS = re.compile(rf"(?:(?:得分|总分)?(?:仅为|只有|为|达到?|仅)|得(?:分)?)(?:了)?(?P<v>{_N})分")
_NAMED = re.compile(
    rf"(?:得分|总分|成绩)最(?P<side>[高低])的(?:是|为)[^，。；\d（]{{2,20}}?(?:（|得|为|，)(?:得分|得)?(?P<v>{_N})分"
)
STATISTIC = {"平均": "mean", "均": "mean", "最高": "max", "最低": "min"}


@dataclass(frozen=True, slots=True)
class Said:
    """A mean, highest or lowest score: its printed digits, where it stands, and a change told with it."""

    statistic: str
    digits: str
    start: int
    end: int
    change: int | float | None = None


def statistics_in(context: Context, text: str, s: int, e: int, reach: int, knows_scores: bool) -> Iterator[Said]:
    """Yield the means and extremes of a clause; `knows_scores` says that the sentence is about scores already.

    A new value may stand as far as `reach`: 平均得分较上年提高2.1分，达到88.6分.

    Examples: 平均得分85.3分 -> mean; 最高98分 -> max, if scores are spoken of; 平均扣分3分, 高于平均分80分 -> nothing.
    """
    taken: list[Span] = []
    for pattern, change in ((_FROM, change_from), (_TO, change_to), (_PLAIN, None)):
        for m in pattern.finditer(text, s, reach if pattern is _TO else e):
            if (
                m.start() >= e
                or any(a < m.end() and m.start() < b for a, b in taken)
                or not _is_score(text, s, m, knows_scores)
            ):
                continue
            taken.append(m.span())
            changed = change(context, m) if change else None
            yield Said(STATISTIC[m["word"]], m["v"], m.start(), m.end(), changed)


def _is_score(text: str, s: int, m: re.Match[str], knows_scores: bool) -> bool:
    before = text[s : m.start()]
    if _OTHER.search(before) or _EARLIER_YEAR.search(before):
        return False
    if m["head"] or m["tail"]:
        return True
    told = m["mark"] or m.groupdict().get("link")
    return bool(told) and knows_scores


def next_group(text: str, s: int, e: int) -> re.Match[str] | None:
    """Return the words and value of a clause that goes on with another group: 县（市、区）80.6分, behind a mean."""
    return _NEXT.fullmatch(text, s, e)


def several_in(text: str, s: int, e: int) -> tuple[str, list[str], list[Span]] | None:
    """Return the words before 分别为 and the values behind it: 市直部门、县区平均得分分别为88分、79分."""
    m = _SEVERAL.search(text, s, e) if "分别" in text[s:e] or "依次" in text[s:e] else None
    if m is None:
        return None
    found = list(re.finditer(_N, m["values"]))
    base = m.start("values")
    spans = [(base + v.start(), base + v.end() + (text[base + v.end()] == "分")) for v in found]
    return text[s : m.start()], [v.group() for v in found], spans


def kinds_named(words: str) -> list[str]:
    """Return the statistics that words list: 最高分、最低分 -> max, min."""
    return [STATISTIC[m.group()[:2]] for m in _KINDS.finditer(words)]


def extreme_next(text: str, s: int, e: int, following: Span | None) -> Said | None:
    """Read 甲市得分最高，得95分 and 得分最高的是甲市（95分）: a named unit's score is the extreme."""
    if m := _NAMED.search(text, s, e):
        return Said("max" if m["side"] == "高" else "min", m["v"], m.start(), m.end())
    m = _AHEAD.search(text[s:e])
    points = _POINTS.fullmatch(text, *following) if m and following else None
    if m is None or points is None:
        return None
    side = m["side"] or m["named"]
    return Said("max" if side == "高" else "min", points["v"], s + m.start(), points.end())
