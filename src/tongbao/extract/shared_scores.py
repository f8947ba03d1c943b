"""Scores that several names of a list share or take in turn: 甲和乙（均为90.6分）; 甲、乙（分别为97分、95分）.

The remark stands behind the last of the names it speaks of. A remark that fits no number of names gives no score.
"""

import re
from functools import lru_cache

from tongbao.extract.facts import Span

_POINTS = r"\d{1,4}(?:\.\d{1,3})?"
_LEAD = "(?:综合|总|考核|考评|评估|测评)?(?:得分|总分|成绩|分数)?"
_SHARED = re.compile(
    rf"(?P<name>[^（）]+)（(?P<tie>并列)?{_LEAD}(?:均|都|同|皆|各)(?:为|是|得|获|以)?{_LEAD}(?P<score>{_POINTS})分）"
    rf"|(?P<who>[^（）]+)（并列，?{_LEAD}(?P<points>{_POINTS})分）"
)
_IN_TURN = re.compile(
    rf"(?P<name>[^（）]+)（{_LEAD}(?:分别|依次)(?:为|是|得)?{_LEAD}(?P<scores>{_POINTS}分?(?:(?:、|，|和){_POINTS}分?)+)）"
)
TOLD = re.compile(
    rf"{_LEAD}(?:分别|依次)(?:为|是|得|获得?)?{_LEAD}(?P<scores>{_POINTS}分?(?:、{_POINTS}分?)*(?:、|和|及){_POINTS}分)"
)
"""The clause behind a list: 得分分别为97.5分、95.2分和93.8分."""
SAME = re.compile(rf"{_LEAD}(?:均|都|同)(?:为|是|得|获得?){_LEAD}(?P<score>{_POINTS})分")
"""The clause behind a list: 得分均为90分."""

ONE = re.compile(rf"(?:(?:综合|总|考核|考评|评估|测评)?(?:得分|总分|成绩)(?:为|是|达)?|得)(?P<score>{_POINTS})分")
"""The clause behind one name: 得97分."""


def may_share(words: str) -> bool:
    """Say cheaply whether a list may hold scores that several names share or take in turn."""
    return "分）" in words and any(w in words for w in "均都同皆各别次列")


@lru_cache(maxsize=10_000)
def remark_of(piece: str) -> tuple[str, tuple[Span, ...]]:
    """Return the name before a remark with scores, and their spans; one span means that all share it.

    Examples: 乙（均为90.6分） -> 乙, one span; 丙（分别为97分、95分、93分） -> 丙, three; 丁（93分） -> '' and none.
    """
    if m := _SHARED.fullmatch(piece):
        return m["name"] or m["who"], (m.span("score") if m["score"] else m.span("points"),)
    if m := _IN_TURN.fullmatch(piece):
        return m["name"], tuple(n.span() for n in re.compile(_POINTS).finditer(piece, *m.span("scores")))
    return "", ()


def scores_in(text: str, start: int, end: int, n: int) -> tuple[Span, ...]:
    """Return the spans of `n` scores that a clause gives the names before it; () where the numbers differ."""
    if m := TOLD.fullmatch(text, start, end):
        found = tuple(x.span() for x in re.compile(_POINTS).finditer(text, *m.span("scores")))
        return found if len(found) == n else ()
    m = (SAME if n > 1 else ONE).fullmatch(text, start, end)
    return (m.span("score"),) * n if m else ()


def spread(scores: list[Span | None], at: int, found: tuple[Span, ...]) -> list[Span | None]:
    """Give the names up to `at` that have no score yet what a remark behind the last of them says.

    One score is shared by all of them, at least two; several are taken in turn, if they are as many as the names.
    """
    first = at
    while first > 0 and scores[first - 1] is None:
        first -= 1
    if len(found) == 1 and at > first:
        found = found * (at - first + 1)
    if len(found) != at - first + 1 or at == first:
        return scores
    return [*scores[:first], *found, *scores[at + 1 :]]
