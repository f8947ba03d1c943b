"""Verdicts with a reason: 甲、乙长期不更新，被判定为不合格; 不合格账号：甲连续两周未更新；乙无有效互动功能.

Who is named first, why, and the grade in a clause of its own. Plain verbs (甲获得优秀) are read in `grade_prose`.
"""

import re
from dataclasses import replace
from functools import cache

from tongbao.extract.context import Context
from tongbao.extract.document import Line
from tongbao.extract.facts import Span
from tongbao.extract.grade_list_parts import Frame, GradeList, State, another_year, make_list, names_no_group
from tongbao.extract.grade_prose import lead_length, noun_group, said_of_all
from tongbao.extract.grade_words import grade_pattern
from tongbao.extract.scopes import any_of, words_of
from tongbao.extract.units import read_units

_CAUSE = re.compile(
    r"(?P<list>.{3,}?)(?:(?:综合)?(?:得分|得|总分|以)为?(?P<score>\d{1,3}(?:\.\d{1,2})?)分|因|由于|存在|长期|连续|超过|出现|首页|未能|发生)"
)
_CAUSE_OF_ALL = re.compile(
    r"(?P<list>[^，；：]{3,}?)(?:，?因|由于|存在|长期|连续|超过|超期|出现|首页|未|没有|不能|无法|无有效|半年|\d{1,3}(?:天|周|个月))"
)
_FAILED = frozenset({"不合格", "不达标", "单项否决", "一票否决"})


def read_caused(context: Context, line: Line, pieces: list[Span], frame: Frame, state: State) -> list[GradeList]:
    """Read 甲、乙2个账号长期不更新，被判定为不合格: who is named first, why, and the grade in a clause of its own."""
    text = context.document.text
    start = pieces[0][0]
    verdict = next((m for s, e in pieces[1:] if (m := _bare_verdict().fullmatch(text, s, e))), None)
    if verdict is None or another_year(context, line, start):
        return []
    cause, units = None, None
    for s, e in pieces:
        cause = _CAUSE.match(text, s + lead_length(text[s:e]), e) if e < verdict.start() else None
        units = read_units(context, *cause.span("list")) if cause else None
        if units:
            break
    if units is None or cause is None or not names_no_group(units) or not said_of_all([units]):
        return []
    group = noun_group(units, frame)
    made = make_list(
        context,
        line,
        units.start,
        units.end,
        units,
        verdict["grade"] or verdict["told"],
        group,
        "",
        frame,
        state,
        "grade_verb",
    )
    named = made.units
    if cause["score"] and len(named) == 1:
        named = (replace(named[0], score=cause.span("score")),)
    return [replace(made, units=named, uses=(*made.uses, verdict.span()))]


def read_going_on(
    context: Context, line: Line, span: Span, last: GradeList, frame: Frame, state: State
) -> list[GradeList]:
    """Read what goes on behind ； after a list with its reason: 不合格账号：甲长期未更新；乙、丙未提供互动功能.

    Only after a failing list of the same sentence that had a reason too.
    """
    text = context.document.text
    if last.rule != "grade_label" or not last.units or not last.grade:
        return []
    first = last.first_position + len(last.units)
    more = read_units(context, *span)
    if more and names_no_group(more) and "：" in text[last.start : last.units[0].start] and said_of_all([more]):
        made = make_list(context, line, more.start, more.end, more, last.grade, last.group, "", frame, state, last.rule)
        return [replace(made, n_stated=None, ordered=last.ordered, first_position=first)]
    if last.grade not in _FAILED:
        return []
    told = text[last.units[-1].end : span[0]]
    cause = _CAUSE_OF_ALL.match(text, *span)
    if cause is None or not _CAUSE_OF_ALL.search("甲乙丙" + told):
        return []
    units = read_units(context, *cause.span("list"))
    if units is None or not names_no_group(units) or not said_of_all([units]):
        return []
    made = make_list(context, line, units.start, units.end, units, last.grade, last.group, "", frame, state, last.rule)
    return [replace(made, n_stated=None, first_position=first)]


def graded_after(text: str, banded: GradeList, rest: Span) -> GradeList:
    """Give a list with a bound the grade of the clause behind it: 甲、乙等13家得分在60分以下，评为不合格."""
    m = _bare_verdict().fullmatch(text, *rest)
    if m is None or banded.grade:
        return banded
    counted = re.search(r"(\d{1,3})(?:个|家)", text[banded.units[-1].end : banded.end])
    n = int(counted[1]) if counted else None
    return replace(banded, grade=m["grade"] or m["told"], n_stated=n, rule="grade_verb", uses=(*banded.uses, rest))


@cache
def _bare_verdict() -> re.Pattern[str]:
    verb, tail = (any_of(words_of("grade_phrases", role=role)) for role in ("verb", "tail"))
    return re.compile(rf"(?:均|都|被|分别)*(?:{verb}{grade_pattern()}(?:{tail}){{0,2}}|(?P<told>单项否决|一票否决))")
