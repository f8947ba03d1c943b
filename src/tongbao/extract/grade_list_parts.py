"""What surrounds a graded list: the headings above it, its order, the score bounds and counts in its brackets."""

import re
from dataclasses import dataclass

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.grade_words import grade_pattern
from tongbao.extract.mentions import find_numbers
from tongbao.extract.scopes import any_of, clean_group, group_kind, words_of
from tongbao.extract.units import Unit

Bound = tuple[float, bool]
"""A score and whether it is itself included."""

_BY_SCORE = re.compile(
    r"(?:按|依)[^，。；）]{0,8}(?:得分|分数|成绩|分值|名次|排名)[^，。；）]{0,4}(?:排序|排列|排名|为序|高低)|(?:得分|分数)由高到低|从高到低"
)
_NOT_BY_SCORE = re.compile(
    r"(?:按|以)[^，。；）]{0,8}(?:行政区划|部门|笔画|笔划|序列|拼音|机构)[^，。；）]{0,6}(?:排序|排列|为序|顺序)|排名不分先后|不分先后"
)
_COUNT_NOTE = re.compile(r"(?P<n>\d{1,3})(?:个|家|名)")


@dataclass(frozen=True, slots=True)
class GradeList:
    """Units that the text gives one grade (empty for a plain rank list)."""

    measure: str
    group: str
    group_n: int | None
    grade: str
    units: tuple[Unit, ...]
    start: int
    end: int
    rule: str
    line: Line
    n_stated: int | None = None
    is_open: bool = False
    ordered: bool = False
    low: tuple[float, bool] | None = None
    high: tuple[float, bool] | None = None
    first_position: int = 1
    uses: tuple[Span, ...] = ()
    heading_n: int | None = None  # count of a grade heading that may cover several groups
    heading_at: int = -1


@dataclass(frozen=True, slots=True)
class Frame:
    """Group and grade that the headings above a line give."""

    group: str = ""
    group_n: int | None = None
    grade: str = ""
    grade_n: int | None = None
    grade_at: int = -1
    uses: tuple[Span, ...] = ()


def ordering(words: str) -> bool | None:
    """Say whether the words put a list in score order (True), in another order (False), or neither (None)."""
    if _BY_SCORE.search(words):
        return True
    return False if _NOT_BY_SCORE.search(words) else None


def frame_above(context: Context, line: Line) -> Frame:
    """Read group and grade from the headings above a line."""
    frame = Frame()
    for heading in line.path:
        if heading.words:
            frame = _apply_heading(frame, heading.words, (heading.start, heading.end))
    return frame


def _apply_heading(frame: Frame, words: str, span: Span) -> Frame:
    count = _COUNT_NOTE.search(words)
    n = int(count["n"]) if count else None
    lead = any_of(words_of("grade_phrases", role="lead"))
    bare = re.sub(r"（[^（）]*(?:\d|按|排序)[^（）]*）$", "", words)
    m = re.fullmatch(
        rf"(?:{lead})?(?:为)?{grade_pattern()}(?:等次|等级|档次|档)?(?:的)?(?P<group>[^，。：]{{0,16}})", bare
    )
    if m:
        group = group_or_none(m["group"])
        return Frame(group or frame.group, frame.group_n, m["grade"], n, span[0], (*frame.uses, span))
    group = clean_group(bare)
    if frame.grade and (n is not None or group_kind(group)):
        # below a grade the number counts the group's units of that grade, not the group
        return Frame(group, None, frame.grade, n, span[0], (*frame.uses, span))
    if n is not None or group_kind(group):
        return Frame(group, n, frame.grade, frame.grade_n, frame.grade_at, (*frame.uses, span))
    return frame


def grade_of_title(words: str, span: Span) -> Frame | None:
    """Return the grade that the title of an annex or table gives to all that it lists, None where it gives none.

    Example: 抽查发现的不合格政府网站名单 -> 不合格. A title that names several grades gives none.
    """
    if len(re.findall(grade_pattern(), words)) != 1:
        return None
    m = re.search(
        rf"(?:^|[的度份第次省市县区州查评考定]){grade_pattern()}(?:等次|等级)?的?(?P<group>[^，。：（）]{{0,14}}?)"
        r"(?:（[^）]*）)?(?:名单|一览表|汇总表|情况表|目录)(?:（[^）]*）)?$",
        words,
    )
    if not m:
        return None
    return Frame(group_or_none(m["group"]), None, m["grade"], count_in(words), span[0], (span,))


def group_or_none(words: str) -> str:
    """Return the group if the words behind a grade name one; 单位, 网站 and 等次 do not."""
    group = clean_group(words)
    if group_kind(group):
        return group
    generic = {*words_of("grade_phrases", role="tail"), *words_of("site_words")}
    return "" if words in generic or group in generic else group


def count_in(note: str) -> int | None:
    """Return the count in the words attached to a list: （12个） -> 12."""
    count = _COUNT_NOTE.search(note)
    return int(count["n"]) if count else None


def bounds(note: str) -> tuple[tuple[float, bool] | None, tuple[float, bool] | None]:
    """Return the score bounds in the words attached to a list: 85分以上 -> ((85, True), None)."""
    low = high = None
    band = re.search(r"(\d+(?:\.\d+)?)\s*分?\s*(?:—|-|至|到|~)\s*(\d+(?:\.\d+)?)\s*分", note)
    if band:
        return (float(band[1]), True), (float(band[2]), True)
    for number in find_numbers(note):
        if number.unit != "分":
            continue
        value = float(number.value)
        if number.comparator in (">", ">="):
            low = (value, number.comparator == ">=")
        elif number.comparator in ("<", "<="):
            high = (value, number.comparator == "<=")
    return low, high
