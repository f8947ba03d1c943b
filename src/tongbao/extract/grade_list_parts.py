"""What surrounds a graded list: the headings above it, its order, the score bounds and counts in its brackets."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.grade_words import grade_pattern
from tongbao.extract.group_headings import standing_group, wider_group
from tongbao.extract.group_phrases import group_in, group_kind_of, is_group
from tongbao.extract.mentions import find_numbers
from tongbao.extract.scopes import (
    NOTE,
    any_of,
    clean_group,
    group_kind,
    group_words,
    known_group,
    measure_at,
    names_group,
    words_of,
)
from tongbao.extract.units import Unit, UnitList

Bound = tuple[float, bool]
"""A score and whether it is itself included."""

_BY_SCORE = re.compile(
    r"(?:按|依)[^，。；）]{0,8}(?:得分|分数|成绩|分值|名次|排名)[^，。；）]{0,4}"
    r"(?:排序|排列|排名|为序|高低(?!依次分|分别分|分为|分成|划分|评定|评出|评为|确定|划为|设|将))|(?:得分|分数)由高到低|从高到低"
)
_NOT_BY_SCORE = re.compile(
    r"(?:按|以)[^，。；）]{0,8}(?:行政区划|部门|笔画|笔划|序列|拼音|机构)[^，。；）]{0,6}(?:排序|排列|为序|顺序)|排名不分先后|不分先后"
)
_ORDER_NOTE = re.compile(r"（[^（）]*(?:\d|按|排序)[^（）]*）$")
_EARLIER = re.compile(r"(?<![较比与])(?:去年|上年|上一年|往年)")
_YEAR = re.compile(r"(?<![较比与同])((?:19|20)\d\d)年")
_INCLUDING = re.compile(r"（含[^（）]{0,8}）")  # 85分（含85分）以上
_SIGNED = re.compile(r"(?P<sign>[≥≤＞＜><])\s*(?P<value>\d{1,3}(?:\.\d{1,2})?)分?")
_COUNT_NOTE = re.compile(r"(?<![前后\d])(?P<n>\d{1,3})(?:个|家|名)")


BAND = re.compile(
    r"(?:其中)?(?:综合|总|绩效|考核|考评|评估|测评)*(?:得分|总分|成绩|分数)?(?:在|达到|达)?"
    r"(?P<bound>(?:超过|高于|突破|低于|不足)?\d{1,4}(?:\.\d{1,2})?分?(?:（含）|（[^（）]{0,6}）)?"
    r"(?:(?:及)?(?:以上|以下)|[—至到~-]\d{1,4}(?:\.\d{1,2})?分(?:之间)?)?)(?:（含[^（）]{0,6}）)?的"
    rf"(?P<group>{group_words('1,16')}?){NOTE}(?:共)?(?:有|为|是|包括|如下|依次为|依次是|分别为|分别是)?"
)


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
    positions: tuple[int, ...] = ()  # ranks, where they are not the places in the list
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


@dataclass
class State:
    """What later lines inherit."""

    carried_order: bool | None = None
    introduced: str = ""  # the group that the sentence before the lists names: 评估8个市州，等次如下
    introduced_in: tuple[int, ...] = ()
    graded: "Frame | None" = None  # a line of its own that gives a grade to the lines below: 优秀（5个）：
    graded_in: tuple[int, ...] = ()


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
    bare = _ORDER_NOTE.sub("", words)
    m = _heading_grade().fullmatch(bare) or _heading_predicate().fullmatch(bare)
    if m and (
        m.re is _heading_grade() or known_group(m["group"]) or m["group"] in words_of("grade_phrases", role="tail")
    ):
        group = group_or_none(m["group"])
        return Frame(group or frame.group, frame.group_n, m["grade"], n, span[0], (*frame.uses, span))
    group = standing_group(words) or group_of_heading(bare)
    is_group = (
        n is not None
        or bool(standing_group(words))
        or bool(group_kind(group))
        or group_in(group, 0, len(group)) is not None
    )
    if frame.grade and is_group:
        # below a grade the number counts the group's units of that grade, not the group
        return Frame(group, None, frame.grade, n, span[0], (*frame.uses, span))
    if is_group:
        return Frame(group, n, frame.grade, frame.grade_n, frame.grade_at, (*frame.uses, span))
    return frame


def group_of_heading(words: str) -> str:
    """Return the group that a heading names, without its object: （一）县（市、区）政府网站 -> 县（市、区）.

    The words of the heading serve where they name one group, else all of them without object and remarks.
    """
    group = clean_group(words)
    found = group_in(words, 0, len(words))
    named = words[slice(*found)] if found else ""
    if not named or group_kind_of(named) == group_kind(group) != "":
        return group
    return named


@cache
def _heading_grade() -> re.Pattern[str]:
    lead = any_of(words_of("grade_phrases", role="lead"))
    return re.compile(rf"(?:{lead})?(?:为)?{grade_pattern()}(?:等次|等级|档次|档)?(?:的)?(?P<group>[^，。：]{{0,16}})")


@cache
def _heading_predicate() -> re.Pattern[str]:
    """进步明显单位, 得分靠前的县（市、区）: what the text applies to those below."""
    predicate = any_of(words_of("grade_phrases", role="predicate"))
    return re.compile(rf"(?P<grade>{predicate})的?(?P<group>{group_words('1,16')})")


def grade_of_title(words: str, span: Span) -> Frame | None:
    """Return the grade that the title of an annex or table gives to all that it lists, None where it gives none.

    Example: 抽查发现的不合格政府网站名单 -> 不合格. A title that names several grades gives none.
    """
    told = any_of(words_of("grade_phrases", role="predicate"))
    graded = rf"(?:{grade_pattern()}|(?P<told>{told}))"
    if len(re.findall(graded, words)) != 1:
        return None
    m = re.search(
        rf"(?:^|[的度份第次省市县区州查评考定现在]){graded}(?:等次|等级)?的?(?P<group>[^，。：（）]{{0,14}}?)"
        r"(?:（[^）]*）)?(?:名单|一览表|汇总表|情况表|目录)(?:（[^）]*）)?$",
        words,
    )
    if not m:
        return None
    return Frame(group_or_none(m["group"]), None, m["grade"] or m["told"], count_in(words), span[0], (span,))


def group_or_none(words: str) -> str:
    """Return the group if the words behind a grade name one; 单位, 网站 and 等次 do not."""
    group = clean_group(words)
    if group_kind(group):
        return group
    generic = {*words_of("grade_phrases", role="tail"), *words_of("site_words")}
    if words in generic or group in generic:
        return ""
    return group if is_group(group) else standing_group(group)


def count_in(note: str) -> int | None:
    """Return the count in the words attached to a list: （12个） -> 12."""
    count = _COUNT_NOTE.search(note)
    return int(count["n"]) if count else None


def bounds(note: str) -> tuple[tuple[float, bool] | None, tuple[float, bool] | None]:
    """Return the score bounds in the words attached to a list: 85分以上 -> ((85, True), None)."""
    low = high = None
    note = _INCLUDING.sub("", note)
    band = re.search(r"(\d+(?:\.\d+)?)\s*分?\s*(?:—|-|至|到|~)\s*(\d+(?:\.\d+)?)\s*分", note)
    if band:
        return (float(band[1]), True), (float(band[2]), True)
    if sign := _SIGNED.search(note):
        signed = (float(sign["value"]), sign["sign"] in "≥≤")
        return (signed, None) if sign["sign"] in "≥＞>" else (None, signed)
    for number in find_numbers(note):
        if number.unit != "分":
            continue
        value = float(number.value)
        if number.comparator in (">", ">="):
            low = (value, number.comparator == ">=")
        elif number.comparator in ("<", "<="):
            high = (value, number.comparator == "<=")
    return low, high


def another_year(context: Context, line: Line, start: int) -> bool:
    """Say whether the sentence up to here speaks of an earlier year (在2015年的考评中，甲、乙被评为优秀)."""
    text = context.document.text
    opening = max(text.rfind("。", line.start, start) + 1, line.start)
    if "年" not in text[opening:start]:
        return False
    is_before, years = _years(text[opening:start])
    own = context.period[:4]
    return is_before or bool(years and own and own not in years)


@lru_cache(maxsize=10_000)
def _years(words: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether words speak of an earlier year without its number, and the years that they print."""
    return _EARLIER.search(words) is not None, tuple(_YEAR.findall(words))


def names_no_group(units: UnitList) -> bool:
    """Refuse lists whose single member is a group (各市州, 省直部门): a group is not a unit."""
    return not any(names_group(u.name) and not u.code for u in units.units)


def make_list(
    context: Context,
    line: Line,
    start: int,
    label_end: int,
    units: UnitList,
    grade: str,
    group: str,
    note: str,
    frame: Frame,
    state: State,
    rule: str,
) -> GradeList:
    """Build the list from its label, its note and the frame above it."""
    text = context.document.text
    counted = count_in(note)
    own_n = counted if counted is not None else units.count
    order = ordering(text[start : units.units[0].start])
    if order is None:
        order = state.carried_order
    low, high = bounds(note)
    uses = [*frame.uses]
    if label_end > start:
        uses.append((start, label_end))
    if units.count_span:
        uses.append(units.count_span)
    group = wider_group(group, frame.group)
    same_group = not group or group == frame.group
    return GradeList(
        measure=measure_at(context, line, text[start:label_end]),
        group=group or frame.group,
        group_n=frame.group_n if same_group else None,
        grade=grade,
        units=units.units,
        start=start,
        end=label_end if label_end > start else units.end,
        rule=rule,
        line=line,
        n_stated=own_n,
        is_open=units.is_open,
        ordered=bool(order),
        low=low,
        high=high,
        uses=tuple(uses),
        heading_n=frame.grade_n if grade == frame.grade else None,
        heading_at=frame.grade_at if grade == frame.grade else -1,
    )
