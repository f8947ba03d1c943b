"""Counts of grades stated in prose: 评定为优秀的有7个, 无不合格, 12个区获得优秀.

One result is one group and grade with its count. Names are read in `grade_lists`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tongbao.extract.chinese_numbers import parse_count
from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.grade_list_parts import frame_above
from tongbao.extract.grade_words import grade_pattern
from tongbao.extract.scopes import (
    any_of,
    clean_group,
    group_kind,
    group_words,
    is_demand,
    known_group,
    measure_at,
    words_of,
)
from tongbao.extract.spans import clauses, sentences

_N = r"(?P<n>\d{1,4}|[一二两三四五六七八九十]{1,3})"
_OPENING = re.compile(
    r"^(?:在|其中|经[^，]{0,12}，)?(?P<role>被?(?:考评|考核|评估|测评|检查|抽查|参评|参加[^，的]{0,8})的?)?"
    r"(?P<group_n>\d{1,4})(?:个|家)(?P<group>[^，。；：\d被评为得]{1,24}?)(?P<within>中|里)?$"
)
_EVALUATED = re.compile(
    rf"(?:[^，]{{0,14}}(?:考评|考核|评估|测评|评价|参评|参考)(?:的)?(?:对象|范围|单位)(?:共有|共|为|是|包括)+"
    rf"(?P<named_n>\d{{1,4}})(?:个|家)(?P<named>{group_words('1,24')})"
    r"|[^，。；：]{0,30}?对(?:全[省市县区州])?(?:的)?(?P<done_n>\d{1,4})(?:个|家)"
    rf"(?P<done>{group_words('1,24', '和及与')}?)"
    r"(?:进行|开展|实施)了?[^，]{0,14})"
)
_WITHIN = re.compile(rf"(?:其中|在)?(?P<group>{group_words('2,20')})(?:中|里|方面)")
_NOUN = rf"(?P<noun>{group_words('0,14', '的')}?)"
_UNIT_WORD = r"(?:个|家|所)"
_REST = "其余的?|其他|其它|余下的?|剩余的?"


@dataclass
class _Carried:
    """The group that an earlier sentence of the paragraph says was evaluated."""

    group: str = ""
    group_n: int | None = None
    opening: tuple[Span, ...] = ()
    section: str = ""  # the group of the headings


@dataclass(frozen=True, slots=True)
class GradeCount:
    """N units of a group have a grade; `group` is empty where the sentence names none."""

    measure: str
    group: str
    group_n: int | None
    grade: str
    n: int
    start: int
    end: int
    uses: tuple[Span, ...]
    line: Line


def read_counts(context: Context) -> Iterator[GradeCount]:
    """Yield the stated counts of the body, sentence by sentence.

    Example: 被考评的22个地级以上市（含顺德区）中，评定为优秀的有7个，无不合格 -> (地级以上市, 优秀, 7), (…, 不合格, 0).
    """
    text = context.document.text
    for line in context.document.body():
        if is_demand(context, line) or not _grade().search(text, line.content, line.end):
            continue
        carried = _Carried(section=frame_above(context, line).group)
        for s, e in sentences(text, line.content, line.end):
            yield from _read_sentence(context, line, s, e, carried)


def _read_sentence(context: Context, line: Line, start: int, end: int, carried: _Carried) -> Iterator[GradeCount]:
    text = context.document.text
    measure = measure_at(context, line, text[start:end])
    group, group_n, opening = carried.group, carried.group_n, carried.opening
    for s, e in clauses(text, start, end):
        told = _EVALUATED.fullmatch(text, s, e)
        if told:
            group = known_group(told["named"] or told["done"])
            group_n = int(told["named_n"] or told["done_n"]) if group else None
            opening = ((s, e),) if group else ()
            carried.group, carried.group_n, carried.opening = group, group_n, opening
            continue
        m = _OPENING.match(text[s:e])
        if goes_on := m and _counted_with_next(text, m, s, e, end):
            yield GradeCount(measure, clean_group(m["group"]), None, goes_on, int(m["group_n"]), s, e, (), line)
            continue
        if m and (m["role"] or m["within"] or group_kind(clean_group(m["group"]))):
            group, group_n = clean_group(m["group"]), int(m["group_n"])
            opening = ((s, e),)
            continue
        within = _WITHIN.fullmatch(text, s, e)
        if within and known_group(within["group"]):
            if known_group(within["group"]) != group:
                group, group_n, opening = known_group(within["group"]), None, ()
            continue
        listed = _named_before().search(text, s, e)
        named = known_group(listed["noun"]) if listed else ""
        named = carried.section if named and named in carried.section else named
        if named not in ("", group):
            group, group_n, opening = named, None, ()
        for a, b, grade, n, noun in _read_clause(text, s, e):
            own = clean_group(noun) if noun else ""
            own = carried.section if own and own in carried.section else own  # 3个市 below 市州政府网站
            yield GradeCount(
                measure, own or group, None if own else group_n, grade, n, a, b, () if own else opening, line
            )


def _counted_with_next(text: str, m: re.Match[str], start: int, end: int, stop: int) -> str:
    """Return the grade of 6个市州，12个部门被评为优秀 for the group of the first clause, empty where it gives none."""
    if m["role"] or m["within"] or not group_kind(clean_group(m["group"])):
        return ""
    found = _graded_next().match(text, end, stop)
    return found["grade"] if found else ""


@cache
def _graded_next() -> re.Pattern[str]:
    verb = any_of(words_of("grade_phrases", role="verb"))
    return re.compile(rf"，\d{{1,4}}{_UNIT_WORD}{group_words('1,14')}?(?:被|均|都)*{verb}{grade_pattern()}")


def _read_clause(text: str, start: int, end: int) -> Iterator[tuple[int, int, str, int, str]]:
    """Yield (start, end, grade, n, group noun) of the first form that a clause has."""
    words = text[start:end]
    if not _grade().search(words):
        return
    for pattern in _forms():
        m = pattern.search(words)
        if not m:
            continue
        fields = m.groupdict()
        if "parts" in fields:
            for part in re.finditer(r"(\d{1,4})(?:个|家)([^\d、，和及]{1,14}?)(?=、|和|及|以及|$)", m["parts"]):
                at = start + m.start("parts")
                yield at + part.start(), start + m.end(), m["grade"], int(part[1]), part[2]
            return
        n = parse_count(fields["n"]) if fields.get("n") else 0
        noun = (fields.get("noun") or "").strip()
        yield start + m.start(), start + m.end(), m["grade"], n, noun
        return


@cache
def _grade() -> re.Pattern[str]:
    return re.compile(grade_pattern())


@cache
def _named_before() -> re.Pattern[str]:
    """Match the end of 甲、乙2个区（市、县）被评为优秀等次: the rest of the sentence speaks of that group."""
    verb = any_of(words_of("grade_phrases", role="verb"))
    return re.compile(
        rf"\d{{1,3}}{_UNIT_WORD}(?P<noun>{group_words('1,14')}?)(?:被|均|都)*{verb}{grade_pattern()}(?:等次|等级|档次|档)?$"
    )


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    grade = grade_pattern()
    verb = any_of(words_of("grade_phrases", role="verb"))
    lead = any_of(words_of("grade_phrases", role="lead"))
    level = "(?:等次|等级|档次|档)?"
    return (
        # 2个区、3个部门和1个管委会获得优秀
        re.compile(
            rf"^(?:共|有|其中)?(?P<parts>\d+{_UNIT_WORD}[^，\d]{{1,14}}(?:(?:、|和|以及|及)\d+{_UNIT_WORD}[^，\d]{{1,14}})+?)(?:被|均)?{verb}{grade}{level}$"
        ),
        # 没有出现“不合格”等次; 无不合格
        re.compile(
            rf"^(?:其中)?(?:没有|未|无)(?:出现|单位|网站|被)?(?:{verb})?{grade}(?:等次|等级|档次|单位|网站|的|的单位|的网站)?$"
        ),
        # 评定为优秀的有7个; 良好的有11个; 优秀等次的7家
        re.compile(rf"^(?:其中)?(?:{lead})?{grade}{level}的{_NOUN}(?:共有|共|有|为|是)?{_N}{_UNIT_WORD}$"),
        # 有5家被评为优秀; 7个县区获得优秀等次
        re.compile(
            rf"^(?:其中|共有|共|有|另有|{_REST})*{_N}{_UNIT_WORD}{_NOUN}(?:被|均|都|考核|考评|评估)*{verb}{grade}{level}$"
        ),
        # 优秀7个; 优秀单位7家; 优秀等次有7个
        re.compile(rf"^(?:其中)?(?:{lead})?{grade}(?:等次|等级|档次|档|单位|网站)?(?:共有|共|有|为)?{_N}{_UNIT_WORD}$"),
    )
